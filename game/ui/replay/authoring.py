"""A lesson made while looking at a game: questions and their measure, what is told before and after, a check."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pygame

from game import theme
from game.errors import ChokepointError
from game.moves import Move
from game.narrative.answers import criteria, criterion_title
from game.narrative.lesson_check import LessonReport, check_lesson, question_faults
from game.narrative.viewers import EVERYTHING
from game.prose.numbers import counted
from game.records.lesson_source import Chapter, Place
from game.records.lessons import Criterion, Question, is_lesson, lesson_of
from game.table.bots import SeatBot, answered
from game.table.lesson_building import question_at
from game.ui.replay.ahead import usual_names
from game.ui.replay.replay_model import Replay
from game.ui.replay.saving import open_save
from game.ui.screens.busy import Busy
from game.ui.screens.form import Blank, FormSheet, Texts
from game.ui.screens.picker import Picker
from game.ui.screens.sheet import Choice, Sheet
from game.ui.toolkit.screen import Window
from game.ui.toolkit.scroll import Piece

PROMPT_LIMIT, TEXT_LIMIT, TITLE_LIMIT = 280, 600, 80
BY_HAND = (
    "The marks here",
    "Right and wrong are as you marked the moves that were played and tried. Nothing is measured.",
)

ABOUT: tuple[tuple[str, tuple[tuple[str, str, str, int], ...]], ...] = (
    ("About the lesson", (
        ("title", "Title", "what the shelf calls it", TITLE_LIMIT),
        ("about", "About", "one or two sentences for the shelf", TEXT_LIMIT),
        ("minutes", "Minutes", "how long it takes, such as 15", 3),
        ("objective", "Objective", "what whoever took it can do afterwards", TEXT_LIMIT),
    )),
    ("The goal card", (
        ("goal.0", "Who one is", "You are …", TEXT_LIMIT),
        ("goal.1", "What one wants", "You want …", TEXT_LIMIT),
        ("goal.2", "How it is scored", "You score for …", TEXT_LIMIT),
    )),
    ("What is told at the end", (
        ("misconception.claim", "What many believe", "a belief that the lesson meets", TEXT_LIMIT),
        ("misconception.met", "What speaks against it", "", TEXT_LIMIT),
        ("learned", "What was learned", "the idea", TEXT_LIMIT),
        ("limits", "Where the model may be wrong", "", TEXT_LIMIT),
    )),
)  # fmt: skip
"""What the header of a lesson says, a form each: key, label, what to write, longest text."""


# --------------------------------------------------------------------------------------------- a question


def open_ask(app: Window, replay: Replay) -> None:
    """Ask about the move after the one in view, or say why that cannot be."""
    why = replay.why_no_question()
    if why:
        app.tell(why[:1].upper() + why[1:] + ".")
    else:
        app.push(ask_form(app, replay))


def ask_form(app: Window, replay: Replay) -> FormSheet:
    """Return the form of a question; what it is measured by is picked after it."""
    node, game = replay.node, replay.game
    known = node.ask if node is not None and node.ask is not None else {}
    right, wrong = replay.answers()
    pieces = [
        Piece(f"{kind}: {game.describe(Move.parse(text), game.seat)}{f'. {said}' if said else ''}", theme.BODY, colour,
              gap=2)
        for kind, colour, found in (("Right", theme.BETTER, right), ("Wrong", theme.WORSE, wrong))
        for text, said in found.items()
    ]  # fmt: skip
    more = "By the marks: ! right, ? wrong. A comment on a move is what the class is told, also where all is measured."
    pieces.append(Piece(more, theme.SMALL, theme.SOFT, gap=4))

    def done(texts: Texts) -> None:
        if texts[0]:
            _pick_criterion(app, replay, texts)
        else:
            replay.ask(None)

    blanks = [
        Blank(key, label, hint, limit, str(known.get(key) or ""))
        for key, label, hint, limit in (
            ("prompt", "The question", "What would you play here, and why?", PROMPT_LIMIT),
            ("hint", "A hint", "something to look at", PROMPT_LIMIT),
            ("chapter", "The chapter's title", "three or four words", TITLE_LIMIT),
            ("recap", "What went before (if anything)", "what the class has to remember", TEXT_LIMIT),
        )
    ]
    return FormSheet(
        app, "ask", "Ask about the next move", blanks, done, pieces=pieces, width=680,
        go=lambda texts: "Measured by …" if texts[0] or not known else "Ask no more",
        why_not=lambda texts: "" if texts[0] or known else "write the question first",
    )  # fmt: skip


def _pick_criterion(app: Window, replay: Replay, texts: Texts) -> None:
    """Let the author say what the moves are measured by, then measure them."""
    game = replay.game
    found = criteria(game)
    tracks = game.book.tracks
    items = [BY_HAND, *((criterion_title(game, one), tracks[one.track].about if one.track else "") for one in found)]

    def done(n: int) -> None:
        why = "" if n else replay.why_not_by_hand()
        if n and replay.viewer != EVERYTHING:
            why = "measuring plays on with every seat's secrets: switch to everything first"
        if why:
            app.tell(why[:1].upper() + why[1:] + ".")
        elif not n:
            _by_hand(replay, texts)
        elif found[n - 1].track:
            _pick_aim(app, found[n - 1], partial(_measure, app, replay, texts))
        else:
            _measure(app, replay, texts, found[n - 1])

    app.push(Picker(app, "What is it measured by?", items, _known_criterion(replay, found), done))


def _known_criterion(replay: Replay, found: list[Criterion]) -> int:
    """Return the number in the list of what the question was measured by before."""
    node = replay.node
    known = node.ask.get("criterion") if node is not None and node.ask is not None else None
    if not isinstance(known, dict):
        return 0
    cell = (known.get("by"), known.get("track", ""), tuple(known.get("of", ())))
    return next((n for n, one in enumerate(found, 1) if (one.by, one.track, one.of) == cell), 0)


def _pick_aim(app: Window, criterion: Criterion, done: Callable[[Criterion], None]) -> None:
    aims = ("up", "down")
    items = [("More is better", ""), ("Less is better", "")]
    app.push(Picker(app, "More or less of it?", items, aims.index(criterion.aim),
                    lambda n: done(criterion.model_copy(update={"aim": aims[n]}))))  # fmt: skip


def _by_hand(replay: Replay, texts: Texts) -> None:
    """Ask with the answers that are marked, and with what the seat's bot does."""
    game = replay.game
    seat = str(game.seat)
    name = usual_names(replay)[seat]
    answer = answered(SeatBot(name, game.book, seat, game.seed), game, game.state_hash)
    right, wrong = replay.answers()
    strong = {} if answer.trouble else {"player": name, "move": str(answer.move)}
    replay.ask({**_written(texts), "accept": list(right), "right": right, "wrong": wrong, "strong": strong})


def _written(texts: Texts) -> dict[str, str]:
    return {key: text for key, text in zip(("prompt", "hint", "chapter", "recap"), texts, strict=True) if text}


def _measure(app: Window, replay: Replay, texts: Texts, criterion: Criterion) -> None:
    """Measure every legal move, keep the question, and tell what came of it."""
    prompt, hint, title, recap = texts
    here, game = replay.here, replay.game
    place = Place(round=game.round, action=1, criterion=criterion)
    chapter = Chapter(title or f"Round {game.round}", place, prompt, hint, recap, replay.comments())
    record = replay.record.branch_at(replay.record.head)

    def done(found: tuple[dict[str, object], dict[str, object]]) -> None:
        asked, about = found
        replay.to_node(here)
        replay.ask(asked, about)
        app.push(measured_sheet(app, replay))

    app.push(Busy(app, "Playing every move on", lambda: question_at(record, here, chapter), done,
                  "This cannot be measured"))  # fmt: skip


def measured_sheet(app: Window, replay: Replay) -> Sheet:
    """Return what came of measuring the question in view: right moves, likely wrong ones, and what is not well yet."""
    question, game = _question(replay), replay.game
    pieces = []
    for text in (*question.accept, *question.likely):
        move = Move.parse(text)
        answer = question.answer(move)
        colour, sign = (theme.BETTER, "✓") if answer.good else (theme.WORSE, "✗")
        pieces.append(Piece(game.describe(move, game.seat), theme.STRONG, colour, True, indent=18, gap=8, bullet=sign))
        pieces += [Piece(said, theme.BODY, theme.TEXT, indent=18, gap=1) for said in answer.texts]
    others = len(question.answers) - len(question.accept) - len(question.likely)
    pieces.append(Piece(f"{counted(others, 'more move')} measured, none of them right.", theme.BODY, theme.SOFT, gap=8))
    for what, hint in question_faults(question, game):
        said = f"{what[:1].upper()}{what[1:]}{f'; {hint}' if hint else ''}."
        pieces.append(Piece(said, theme.BODY, theme.WARN, indent=18, gap=4, bullet="!"))
    choices = [
        Choice("otherwise", "Ask otherwise", lambda: open_ask(app, replay)),
        Choice("lesson", "Lesson", lambda: open_lesson(app, replay)),
        Choice("keep", "Keep it", None, "go", "Esc"),
    ]
    return Sheet(app, "What came of every move", pieces, choices, 720)


def _question(replay: Replay) -> Question:
    return next(one for one in lesson_of(replay.record).questions if one.node == replay.here)


# --------------------------------------------------------------------------------------------- the lesson


def open_lesson(app: Window, replay: Replay) -> None:
    """Show what is asked so far, and what can be done with it."""
    if not is_lesson(replay.record):
        app.tell("Nothing is asked yet.")
        return
    try:
        app.push(lesson_sheet(app, replay))
    except ChokepointError as error:
        app.tell(f"{error}.")


def lesson_sheet(app: Window, replay: Replay) -> Sheet:
    """Return the chapters, and the buttons of a lesson.

    Raises:
        RecordError: The record holds a question that is none.
    """
    lesson = lesson_of(replay.record)
    pieces = []
    for number, question in enumerate(lesson.questions, 1):
        replay.positions.reach(question.node)
        game = replay.positions.game(question.node)
        by = criterion_title(game, question.criterion) if question.criterion is not None else "marked by hand"
        title = f"{number}. {question.chapter} (round {game.round}; {by[:1].lower()}{by[1:]})"
        pieces.append(Piece(title, theme.STRONG, theme.TEXT, True, gap=8))
        pieces.append(Piece(question.prompt, theme.BODY, theme.SOFT, gap=1))
    choices = [
        Choice("about", "What is told", lambda: _open_about(app, replay, 0)),
        Choice("check", "Check it", lambda: _check(app, replay)),
        Choice("take", "Take it", lambda: app.go("lesson", lesson_of(replay.record))),
        Choice("save", "Save as", lambda: open_save(app, replay), hotkey="Ctrl+S"),
        Choice("back", "Back", None, "go", "Esc", pygame.K_ESCAPE),
    ]
    return Sheet(app, lesson.title, pieces, choices, 640)


def _open_about(app: Window, replay: Replay, n: int) -> None:
    app.push(about_form(app, replay, n))


def about_form(app: Window, replay: Replay, n: int) -> FormSheet:
    """Return one of the forms of what a lesson says about itself; the next follows it."""
    title, rows = ABOUT[n]
    known = replay.about()
    blanks = [Blank(key, label, hint, limit, known.get(key, "")) for key, label, hint, limit in rows]

    def done(texts: Texts) -> None:
        replay.tell_about({key: text for (key, *_), text in zip(rows, texts, strict=True)})
        if n + 1 < len(ABOUT):
            _open_about(app, replay, n + 1)
        else:
            open_lesson(app, replay)

    return FormSheet(
        app, "about", f"{title} ({n + 1} of {len(ABOUT)})", blanks, done, width=720,
        go=lambda texts: "Next" if n + 1 < len(ABOUT) else "Keep it",
        why_not=lambda texts: "minutes are a number" if n == 0 and texts[2] and not texts[2].isdecimal() else "",
    )  # fmt: skip


def _check(app: Window, replay: Replay) -> None:
    record = replay.record.branch_at(replay.record.head)
    app.push(Busy(app, "Checking the lesson", lambda: check_lesson(lesson_of(record)),
                  lambda report: app.push(report_sheet(app, replay, report)), "This is no lesson"))  # fmt: skip


def report_sheet(app: Window, replay: Replay, report: LessonReport) -> Sheet:
    """Return what a check found."""
    pieces = [Piece(str(report), theme.STRONG, theme.BETTER if report.ok else theme.WARN)]
    pieces += [Piece(str(fault), theme.BODY, theme.TEXT, indent=18, gap=4, bullet="!") for fault in report.faults]
    choices = [
        Choice("save", "Save as", lambda: open_save(app, replay)),
        Choice("back", "Back to the lesson", lambda: open_lesson(app, replay), "go", "Esc", pygame.K_ESCAPE),
    ]
    return Sheet(app, "The lesson, checked", pieces, choices, 720)
