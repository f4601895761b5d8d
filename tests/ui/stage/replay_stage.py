"""The states of replay, lessons, debrief and first game that have a picture of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from game.records import lessons
from game.records.record import Record
from game.table.coach import Coach, script_for
from game.table.sitting import Sitting
from game.ui.debrief.chances import Measuring
from game.ui.debrief.debrief_screen import TABS, DebriefScreen, takeaway_form
from game.ui.guide.guided_screen import GuidedScreen, why_sheet
from game.ui.lessons.lesson_screen import LessonScreen
from game.ui.lessons.shelf import ShelfScreen
from game.ui.replay import dialogs
from game.ui.replay.ahead import AheadScreen
from game.ui.replay.authoring import about_form, ask_form, lesson_sheet, measured_sheet
from game.ui.replay.compare import CompareScreen
from game.ui.replay.replay_model import Replay
from game.ui.replay.replay_screen import ReplayScreen
from game.ui.replay.saving import open_save
from game.ui.screens.opening import show
from game.ui.toolkit.app import App
from game.ui.toolkit.screen import Screen
from rules.model.rulebook import Rulebook

NOTE = "Why so early? Nobody at the table had asked what it would cost in trust, and two rounds later it was dear."


def replay_scenes(
    book: Rulebook, rivals: Sitting, long: Sitting, first: Sequence[Sitting], over: Sitting
) -> Iterator[tuple[str, Callable[[App], None]]]:
    """Every state by name, as in ``stage.scenes``."""

    def replay(table: Sitting, then: Callable[[ReplayScreen], object] = lambda _: None) -> Callable[[App], None]:
        def go(app: App) -> None:
            screen = ReplayScreen(app, _replay(table))
            app.push(screen)
            then(screen)
            if app.top is screen:
                screen._sync()

        return go

    def main(screen: ReplayScreen) -> None:
        screen.to_node(screen.replay.lines[0].nodes[6])

    def trying(picked: bool) -> Callable[[ReplayScreen], None]:
        def go(screen: ReplayScreen) -> None:
            main(screen)
            screen.try_other()
            choosing = screen.table.choosing
            assert choosing is not None
            if picked:
                choosing.pick(next(option for option in choosing.options if option.open and len(option.legal) > 3))
                while choosing.choice is not None:
                    choosing.choose(next(pick.value for pick in choosing.picks if pick.open))
            screen.app.redraw()

        return go

    def authoring(sheet: Callable[[App, Replay], Screen]) -> Callable[[App], None]:
        def go(app: App) -> None:
            lesson = lessons.load(lessons.names()[0])
            found = Replay(lesson.record, Path("lesson.yaml"))
            found.to_node(lesson.questions[0].node)
            app.push(ReplayScreen(app, found))
            app.push(sheet(app, found))

        return go

    def stuck(app: App) -> None:
        record = Record.of(rivals.game)
        node = record.main_line()[4]
        broken = Record.parse(record.text().replace(node.check, "0" * 16), "session.yaml")
        replay = Replay(broken, Path("session.yaml"))
        replay.go(99)
        app.push(ReplayScreen(app, replay))

    def ahead(ran: bool) -> Callable[[ReplayScreen], None]:
        def go(screen: ReplayScreen) -> None:
            main(screen)
            found = AheadScreen(screen.app, screen.replay)
            screen.app.push(found)
            if ran:
                found.run = _ran(found)

        return go

    def lesson(then: Callable[[LessonScreen], object], *, begun: bool = True) -> Callable[[App], None]:
        def go(app: App) -> None:
            screen = LessonScreen(app, lessons.load(lessons.names()[0]))
            app.push(screen)
            if begun:
                screen.course.begin()
            then(screen)
            app.redraw()

        return go

    def answered(screen: LessonScreen) -> None:
        question = screen.course.question
        screen._answered(next(m for m in screen.course.game.legal() if not question.answer(m).good))
        screen._hint()

    def revealed(screen: LessonScreen) -> None:
        answered(screen)
        screen._reveal()

    def done(screen: LessonScreen) -> None:
        for _ in screen.course.lesson.questions:
            revealed(screen)
            screen._next()

    def debrief(tab: int) -> Callable[[App], None]:
        def go(app: App) -> None:
            screen = DebriefScreen(app, _replay(long))
            app.push(screen)
            screen._turn(tab)

        return go

    def measured(app: App) -> None:
        screen = DebriefScreen(app, Replay(over.record))
        app.push(screen)
        screen._turn(1)
        if not _MEASURED:
            _MEASURED.append(Measuring(screen.replay))
            _MEASURED[0].thread.join()
        screen.measuring = _MEASURED[0]
        app.redraw()

    def coached(coach: int, picked: bool = False) -> Callable[[App], None]:
        def go(app: App) -> None:
            show(app, first[coach])
            screen = app.top
            assert isinstance(screen, GuidedScreen)
            if picked:
                screen.show_how()

        return go

    def why(app: App) -> None:
        coach = Coach.of(first[-1])
        assert coach is not None
        app.push(why_sheet(app, coach))

    yield "shelf", _shelf
    yield "replay", replay(rivals, main)
    yield "replay-what-if", replay(rivals)
    yield "replay-seat", replay(rivals, lambda s: (main(s), s.look_as("valley")))
    yield "replay-long-names", replay(long, main)
    yield "replay-comment", replay(long, lambda s: (main(s), setattr(s, "right", 1)))
    yield "replay-trying", replay(rivals, trying(False))
    yield "replay-preview", replay(long, trying(True))
    yield "replay-read-only", stuck
    yield "replay-menu", replay(rivals, lambda s: s.menu())
    yield "replay-note", replay(rivals, lambda s: (main(s), dialogs.open_note(s)))
    yield "replay-save", replay(rivals, lambda s: open_save(s.app, s.replay))
    yield "replay-unsaved", replay(rivals, lambda s: s.leave())
    yield "replay-eyes", replay(long, lambda s: s.choose_viewer())
    yield "replay-ask", replay(rivals, lambda s: (main(s), s.app.push(ask_form(s.app, s.replay))))
    yield "author-measured", authoring(lambda app, found: measured_sheet(app, found))
    yield "author-lesson", authoring(lambda app, found: lesson_sheet(app, found))
    for n in range(3):
        yield f"author-about-{n + 1}", authoring(lambda app, found, n=n: about_form(app, found, n))
    yield "compare", replay(rivals, lambda s: s.app.push(CompareScreen(s.app, s.replay)))
    yield "compare-long-names", replay(long, lambda s: s.app.push(CompareScreen(s.app, s.replay)))
    yield "ahead", replay(long, ahead(False))
    yield "ahead-band", replay(rivals, ahead(True))
    yield "ahead-long-names", replay(long, ahead(True))
    yield "lesson-goal", lesson(lambda s: None, begun=False)
    yield "lesson", lesson(lambda s: None)
    yield "lesson-choosing", lesson(lambda s: s.pick())
    yield "lesson-answered", lesson(answered)
    yield "lesson-revealed", lesson(revealed)
    yield "lesson-done", lesson(done)
    for n in range(len(TABS)):
        yield f"debrief-{n + 1}", debrief(n)
    yield "debrief-measured", measured
    yield "takeaway", lambda app: app.push(takeaway_form(app, NOTE, "The ministry of trade", lambda texts: None))
    for n in range(len(first) - 1):
        yield f"first-game-{n + 1}", coached(n)
    yield "first-game-in-hand", coached(1, picked=True)
    yield "first-game-why", why


def coached_games(book: Rulebook) -> list[Sitting]:
    """First games as the coach would play them, each a few of its moves on, the last one to its end."""
    script, found = script_for(book), []
    for most in (0, 1, 3, 5, 99):
        table = Sitting.begin(script.setup(book), None)
        coach = Coach(script, table)
        while not table.game.over:
            if table.seat != coach.seat:
                table.play(table.bot(str(table.seat)).choose(table.game))
            elif coach.suggestion is None:
                coach.go_on()
            elif most:
                table.play(coach.suggestion)
                most -= 1
            else:
                break
        found.append(table)
    return found


def _shelf(app: App) -> None:
    screen = ShelfScreen(app)
    app.push(screen)
    while screen.reading:
        app.frame()
    app.redraw()


_KEPT: dict[int, Replay] = {}


def _replay(table: Sitting) -> Replay:
    """A replay of a table, with comments, a mark and a line that was tried; played once, copied for each scene."""
    key = id(table)
    if key not in _KEPT:
        record = table.record.branch_at(table.record.head)
        record.header = {
            **record.header,
            "takeaways": [{"text": NOTE, "owner": "The ministry of trade"}, {"text": "B", "owner": ""}],
            "objectives": "What a release costs, and whom",
        }  # fmt: skip
        kept = Replay(record, Path("games") / "A workshop with a rather long name, second session.yaml")
        kept.remark(kept.ids[6], note=NOTE, mark="?!")
        kept.go(3)
        move = next(m for m in kept.game.legal() if m.name not in ("pass", str(kept.record.nodes[kept.ids[3]].do)))
        kept.try_move(move, "What if they had talked first, before anything else")
        for _ in range(6):
            kept.try_move(kept.game.choose("greedy"))
        _KEPT[key] = kept
    kept = _KEPT[key]
    copy = Replay.__new__(Replay)
    copy.__dict__.update(kept.__dict__)
    copy.record = kept.record.branch_at(kept.record.head)
    return copy


_MEASURED: list[Measuring] = []
"""The chances of the game that is over, measured once."""

_RAN: dict[tuple[str, ...], object] = {}


def _ran(screen: AheadScreen):  # type: ignore[no-untyped-def]
    """A run of a position, played once."""
    key = (screen.game.state_hash,)
    if key not in _RAN:
        screen.players = dict.fromkeys(screen.players, "random")  # quick to play on
        screen.start()
        assert screen.run is not None
        screen.run.thread.join()
        _RAN[key] = screen.run
    return _RAN[key]
