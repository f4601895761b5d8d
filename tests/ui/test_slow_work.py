"""While something is read or worked out beside the window, and when that fails: every frame is whole and says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pygame
import pytest

from game.narrative import swings
from game.records import lessons
from game.simulation.continuations import play_on
from game.table import library, saved_games
from game.table.background import Background, Reader
from game.table.bots import SeatBot
from game.table.coach import Coach, script_for
from game.table.library import Library
from game.table.sitting import Sitting
from game.ui import run
from game.ui.debrief.debrief_screen import DebriefScreen
from game.ui.guide.guided_screen import GuidedScreen
from game.ui.lessons.shelf import ShelfScreen
from game.ui.replay import ahead
from game.ui.replay.replay_model import Replay
from game.ui.screens import opening
from game.ui.screens.load import LoadScreen
from game.ui.screens.opening import take_up
from rules import load_rulebook
from rules.model.rulebook import Rulebook
from tests.ui.hands import Clock, Hands
from tests.ui.stage.checks import faults
from tests.ui.stage.stage import at_the_table, sitting

Open = Callable[..., Hands]
SIZES = [((1280, 800), 100), ((1024, 640), 150)]


class Gate:
    """Holds work up until it is opened."""

    def __init__(self) -> None:
        self.opened = Event()

    def before(self, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same work, begun once the gate is open."""

        def held(*args: Any, **more: Any) -> Any:
            assert self.opened.wait(60)
            return work(*args, **more)

        return held


@pytest.fixture
def gate() -> Iterator[Gate]:
    """Opened at the end, so that no thread outlives its test."""
    found = Gate()
    yield found
    found.opened.set()


def said(hands: Hands) -> str:
    hands.app.redraw()
    hands.frame()
    return "\n".join(seen.whole or seen.text for seen in hands.app.page.texts)


def failing(*args: Any, **more: Any) -> Any:
    raise ZeroDivisionError("it broke")


@pytest.mark.parametrize(("size", "text"), SIZES)
def test_the_latest_game_is_looked_for_in_words(
    book: Rulebook, tmp_path: Path, open_window: Open, monkeypatch: pytest.MonkeyPatch, gate: Gate,
    size: tuple[int, int], text: int,
) -> None:  # fmt: skip
    sitting(book, "rivals_2025", (0,), 0, path=saved_games.new_path(tmp_path, "rivals_2025", 7)).close()
    monkeypatch.setattr(saved_games, "describe", gate.before(saved_games.describe))
    hands = open_window(size=size, text=text)
    assert "Looking at the latest game" in hands.control("start.continue").reason
    assert faults(hands.app) == []
    gate.opened.set()
    hands.settle()
    assert hands.control("start.continue").enabled and faults(hands.app) == []


@pytest.mark.parametrize("broken", [False, True])
def test_what_needs_the_rules_says_that_they_are_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gate: Gate, broken: bool
) -> None:
    monkeypatch.setattr(library, "load_rulebook", gate.before(failing if broken else load_rulebook))
    clock = Clock()
    app = run.open_window(tmp_path, size=(1280, 800), clock=clock, audit=True, library=Library())
    hands = Hands(app, clock)
    hands.click("start.new")
    assert "Reading the rules" in said(hands) and "still being read" in app.notice and faults(app) == []
    hands.click("start.settings")
    hands.press(pygame.K_ESCAPE)
    gate.opened.set()
    hands.wait(lambda: app.library.ready)
    hands.frame(7.0)
    assert app.top.name == "start"  # what was asked for before the settings does not open over whatever is there
    hands.click("start.new")
    assert app.top.name == ("start" if broken else "setup")
    assert ("The rules cannot be read" in app.notice) is broken
    assert faults(app) == []
    app.close()


@pytest.mark.parametrize(("size", "text"), SIZES)
def test_lists_grow_while_their_files_are_read(
    book: Rulebook, tmp_path: Path, open_window: Open, monkeypatch: pytest.MonkeyPatch, gate: Gate,
    size: tuple[int, int], text: int,
) -> None:  # fmt: skip
    for n in range(3):
        path = tmp_path / "games" / f"2026-11-30 20.15.0{n} rivals_2025 7.yaml"
        sitting(book, "rivals_2025", (0,), 0, path=path).close()
    (tmp_path / "games" / "broken_one.yaml").write_text("format: {name: chess}\n", encoding="utf-8")
    hands = open_window(folder=tmp_path, size=size, text=text)
    hands.settle()
    monkeypatch.setattr(saved_games, "describe", gate.before(saved_games.describe))
    monkeypatch.setattr(lessons, "load", gate.before(lessons.load))
    shelves = [LoadScreen(hands.app), ShelfScreen(hands.app)]
    for screen in shelves:
        hands.app.push(screen)
        row = next(c for c in hands.frame() if c.id.endswith("7.yaml") or c.id.startswith("shelf.lesson"))
        assert not row.enabled and row.reason == "still reading it" and "reading …" in said(hands)
        assert "still reading it" not in said(hands)  # a row that is read is no row that is broken
        assert faults(hands.app) == []
    gate.opened.set()
    for _ in shelves:
        hands.wait(lambda: "reading …" not in said(hands))
        assert faults(hands.app) == []
        hands.press(pygame.K_ESCAPE)


def test_what_has_been_read_is_there_once_it_is_fetched() -> None:
    reader = Reader(range(5), lambda n: n * n)
    while reader._work.running:
        pass
    assert reader.found == {} and reader.reading
    assert reader.fetch() and reader.found == {0: 0, 1: 1, 2: 4, 3: 9, 4: 16}
    assert not reader.fetch() and not reader.reading


def test_a_reader_that_is_stopped_leaves_the_rest(gate: Gate) -> None:
    reader = Reader(range(5), gate.before(lambda n: n))
    reader.stop()
    gate.opened.set()
    while reader._work.running:
        pass
    reader.fetch()
    assert len(reader.found) <= 1


@pytest.mark.parametrize("list_of_games", [LoadScreen, ShelfScreen])
def test_a_list_whose_game_was_opened_reads_no_further(
    book: Rulebook, tmp_path: Path, open_window: Open, monkeypatch: pytest.MonkeyPatch, gate: Gate,
    list_of_games: type[LoadScreen | ShelfScreen],
) -> None:  # fmt: skip
    paths = [tmp_path / "games" / f"2026-11-30 20.15.0{n} rivals_2025 7.yaml" for n in range(4)]
    for path in paths:
        sitting(book, "rivals_2025", (0,), 0, path=path).close()
    hands = open_window(folder=tmp_path)
    hands.settle()
    monkeypatch.setattr(saved_games, "describe", gate.before(saved_games.describe))
    shown = list_of_games(hands.app)
    files = shown.files if isinstance(shown, LoadScreen) else shown.games
    hands.app.push(shown)
    take_up(hands.app, paths[0])
    hands.wait(lambda: shown not in hands.app.screens)
    gate.opened.set()
    hands.wait(lambda: not files._work.running)
    files.fetch()
    assert len(files.found) == 1  # the one in hand


def test_whatever_goes_wrong_beside_the_window_is_told() -> None:
    work: Background[None] = Background(failing)
    work.wait()
    assert work.fault == "ZeroDivisionError: it broke" and work.result is None


@pytest.mark.parametrize(("size", "text"), SIZES)
def test_a_bot_that_thinks_long_is_waited_for_in_words(
    book: Rulebook, open_window: Open, monkeypatch: pytest.MonkeyPatch, gate: Gate, size: tuple[int, int], text: int
) -> None:
    monkeypatch.setattr(SeatBot, "choose", gate.before(SeatBot.choose))
    hands = open_window(size=size, text=text)
    table = sitting(book, "rivals_2025", (0,), 0)
    play = at_the_table(hands.app, table)
    hands.click("end")
    if hands.app.top.name == "sheet":
        hands.press(pygame.K_SPACE)
    hands.frame(2.0)
    hands.frame(2.0)
    assert play.turns.thinker.working and "is thinking" in said(hands)
    for identity in ("undo", "confirm", "end"):
        control = hands.control(identity)
        assert not control.enabled and "thinking" in control.reason
    assert faults(hands.app) == []
    hands.app.resize((1024, 640))
    hands.press(pygame.K_F11)
    hands.press(pygame.K_F9)
    assert faults(hands.app) == []


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize(("size", "text"), SIZES)
def test_opening_a_file_says_what_it_waits_for(
    book: Rulebook, tmp_path: Path, open_window: Open, monkeypatch: pytest.MonkeyPatch, gate: Gate,
    size: tuple[int, int], text: int, fails: bool,
) -> None:  # fmt: skip
    path = saved_games.new_path(tmp_path, "rivals_2025", 7)
    sitting(book, "rivals_2025", (0,), 0, path=path).close()
    hands = open_window(folder=tmp_path, size=size, text=text)
    hands.settle()
    monkeypatch.setattr(opening, "opened", gate.before(failing if fails else opening.opened))
    hands.click("start.continue")
    assert "Opening the game" in said(hands) and faults(hands.app) == []
    for code in (pygame.K_ESCAPE, pygame.K_RETURN, pygame.K_F9, pygame.K_F10, pygame.K_F1):
        hands.press(code)
    pygame.event.post(pygame.event.Event(pygame.DROPFILE, file=str(path)))
    hands.app.resize((1100, 700))
    assert "Opening the game" in said(hands) and faults(hands.app) == []
    gate.opened.set()
    hands.settle()
    assert faults(hands.app) == []
    assert ("ZeroDivisionError: it broke" in said(hands)) is fails


@pytest.mark.parametrize("fails", [False, True])
def test_measuring_in_the_debrief_says_how_far_it_is(
    book: Rulebook, open_window: Open, monkeypatch: pytest.MonkeyPatch, gate: Gate, fails: bool
) -> None:
    hands = open_window()
    table = sitting(book, "duel_2025", (0,), 99)
    monkeypatch.setattr(swings, "measure", gate.before(failing if fails else lambda *args, **more: None))
    screen = DebriefScreen(hands.app, Replay(table.record, None))
    hands.app.push(screen)
    hands.click("debrief.tab.1")
    hands.click("debrief.measure")
    assert hands.control("debrief.stop").label == "Stop measuring (0 % done)" and faults(hands.app) == []
    for tab in range(5):
        hands.click(f"debrief.tab.{tab}")
        assert faults(hands.app) == []
    hands.click("debrief.tab.1")
    gate.opened.set()
    assert screen.measuring is not None
    hands.wait(lambda: screen.measuring is None or not screen.measuring.running)
    hands.frame()
    assert ("ZeroDivisionError: it broke" in said(hands)) is fails
    assert faults(hands.app) == []


@pytest.mark.parametrize("fails", [False, True])
def test_playing_ahead_says_how_far_it_is(
    book: Rulebook, open_window: Open, monkeypatch: pytest.MonkeyPatch, gate: Gate, fails: bool
) -> None:
    hands = open_window()
    replay = Replay(sitting(book, "duel_2025", (0,), 2).record, None)
    monkeypatch.setattr(ahead, "play_on", gate.before(failing if fails else play_on))
    hands.app.go("ahead", replay)
    hands.click("ahead.go")
    assert "0 of 32 games played" in said(hands) and faults(hands.app) == []
    gate.opened.set()
    hands.wait(lambda: not hands.app.top.run.running)  # type: ignore[attr-defined]
    hands.frame()
    assert ("ZeroDivisionError: it broke" in said(hands)) is fails and "Stopped" not in said(hands)
    assert faults(hands.app) == []


def test_settings_that_cannot_be_kept_are_told_wherever_they_change(
    book: Rulebook, open_window: Open, tmp_path: Path
) -> None:
    hands = open_window()
    (tmp_path / "file").write_text("", encoding="utf-8")
    hands.app.settings.path = tmp_path / "file" / "settings.json"
    hands.press(pygame.K_F11)
    assert "could not be kept" in hands.app.notice and faults(hands.app) == []
    hands.app.notice = ""
    hands.click("start.settings")
    hands.click("settings.pace")
    assert "could not be kept" in hands.app.notice and faults(hands.app) == []


def test_the_end_of_the_first_game_says_that_it_is_played_again(
    book: Rulebook, open_window: Open, monkeypatch: pytest.MonkeyPatch, gate: Gate
) -> None:
    hands = open_window()
    opening.show(hands.app, Sitting.begin(script_for(book).setup(book, {}), None))
    play = hands.play
    assert isinstance(play, GuidedScreen)
    while not play.sitting.game.over:
        play.sitting.play(play.sitting.game.choose("random"))
    monkeypatch.setattr(Coach, "trials", gate.before(Coach.trials))
    hands.frame(1.0)
    hands.wait(lambda: hands.app.top.name == "busy")
    assert "Playing the game again" in said(hands) and faults(hands.app) == []
    gate.opened.set()
    hands.settle()
    assert [screen.name for screen in hands.app.screens[-2:]] == ["ending", "sheet"] and faults(hands.app) == []
    hands.press(pygame.K_ESCAPE)
    hands.press(pygame.K_ESCAPE)
    hands.click("end")
    assert hands.app.top.name == "sheet"  # it is there at once the next time
