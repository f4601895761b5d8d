"""The debrief by posted events: takeaways with owners, challenged assumptions, exports with and without names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from game import Game, Record
from game.narrative import swings
from game.paper.account import account
from game.records.replay import game_of, load_game
from game.table import saved_games
from game.table.library import player_words
from game.table.sitting import Chair, Setup, Sitting
from game.ui.debrief.debrief_screen import DebriefScreen
from game.ui.replay.replay_model import Replay
from game.ui.screens.ending import EndingScreen
from rules.model.rulebook import Rulebook
from tests.ui import replay_deeds as deeds
from tests.ui.hands import Hands
from tests.ui.stage.checks import faults

Open = Callable[..., Hands]
TEAM = "Zweite Gruppe"


@pytest.fixture
def hands(open_window: Open, tmp_path: Path, book: Rulebook) -> Hands:
    """A game that has just ended, with its end on the screen."""
    hands = open_window()
    seats = [seat.name for seat in book.scenarios["first_game"].seats]
    chairs = {seat: Chair("human", TEAM if n == 0 else "") for n, seat in enumerate(seats)}
    plan = Setup(book, "first_game", 5, chairs, more={"objectives": f"{TEAM} learns what a release costs"})
    sitting = Sitting.begin(plan, saved_games.new_path(tmp_path, "first_game", 5))
    while not sitting.game.over:
        sitting.play(sitting.game.choose("greedy"))
    hands.app.push(EndingScreen(hands.app, sitting, hands.app.reset))
    deeds.letter(hands, "d")
    assert isinstance(hands.app.top, DebriefScreen)
    return hands


def add_takeaway(hands: Hands, text: str, owner: str) -> None:
    hands.click("debrief.tab.4")
    hands.click("debrief.add")
    hands.type(text)
    hands.click("takeaway.owner")
    hands.type(owner)
    hands.press(pygame.K_RETURN)


def test_all_five_tabs_tell_something(hands: Hands) -> None:
    for tab, word in enumerate(("Round 1", "Turning points", "Nothing else", "In the real world", "release costs")):
        hands.click(f"debrief.tab.{tab}")
        assert word in " ".join(seen.text for seen in hands.app.page.texts), tab


def test_takeaways_have_owners_are_kept_on_disk_and_can_be_changed_and_taken_away(hands: Hands, tmp_path: Path) -> None:
    add_takeaway(hands, "Ask the labs first", "Ann")
    (path,) = saved_games.autosaves(tmp_path)
    assert Record.load(path).header["takeaways"] == [{"text": "Ask the labs first", "owner": "Ann"}]
    hands.click("debrief.takeaway.0")
    hands.type(", then act")
    hands.press(pygame.K_RETURN)
    assert Record.load(path).header["takeaways"][0]["text"] == "Ask the labs first, then act"
    hands.click("debrief.takeaway.0")
    hands.press(pygame.K_BACKSPACE, pygame.KMOD_CTRL)
    hands.press(pygame.K_RETURN)
    assert Record.load(path).header["takeaways"] == []
    assert load_game(path).over


def test_an_assumption_is_challenged_and_the_page_says_so(hands: Hands, tmp_path: Path) -> None:
    hands.click("debrief.tab.3")
    row = next(c.id for c in hands.frame() if c.id.startswith("debrief.assumption."))
    hands.click(row)
    hands.type("Nobody has measured it")
    hands.press(pygame.K_RETURN)
    page = deeds.export(hands, "page", tmp_path / "a.html").read_text(encoding="utf-8")
    assert "Nobody has measured it" in page


def test_exports_without_names_hold_none(hands: Hands, tmp_path: Path) -> None:
    add_takeaway(hands, f"As {TEAM} and Annabel said", "Annabel")
    for kind in ("page", "table", "record"):
        told = deeds.export(hands, kind, tmp_path / f"with.{kind}").read_text(encoding="utf-8")
        assert TEAM in told, kind
    for kind in ("page", "table", "record"):
        left_out = deeds.export(hands, kind, tmp_path / f"without.{kind}", names=False).read_text(encoding="utf-8")
        assert TEAM not in left_out and "Annabel" not in left_out, kind
    again, before = Record.load(tmp_path / "without.record"), Record.load(tmp_path / "with.record")
    assert game_of(again).state_hash == game_of(before).state_hash


def test_an_export_over_a_file_asks_first(hands: Hands, tmp_path: Path) -> None:
    path = tmp_path / "there.html"
    path.write_text("something of mine", encoding="utf-8")
    hands.click("debrief.page")
    hands.press(pygame.K_BACKSPACE, pygame.KMOD_CTRL)
    hands.type(str(path))
    hands.press(pygame.K_RETURN)
    assert hands.app.top.name == "sheet"
    assert path.read_text(encoding="utf-8") == "something of mine"
    hands.click("sheet.replace")
    hands.settle()
    assert "<svg" in path.read_text(encoding="utf-8")


def test_the_replay_is_one_press_away_and_what_is_tried_there_is_told(hands: Hands) -> None:
    hands.click("debrief.tab.2")
    hands.click("debrief.replay")
    hands.press(pygame.K_RIGHT)
    deeds.try_a_move(hands)
    deeds.letter(hands, "d")
    hands.click("debrief.tab.2")
    assert any("Line 1" in seen.text for seen in hands.app.page.texts)


def test_briefs_are_printed_from_the_set_up_for_the_game_that_will_be_played(
    open_window: Open, tmp_path: Path, book: Rulebook
) -> None:
    hands = open_window()
    hands.click("start.new")
    hands.click("setup.scenario.summit_2025")
    hands.click("setup.seed")
    for _ in range(10):
        hands.press(pygame.K_BACKSPACE)
    assert not {c.id: c for c in hands.frame()}["setup.briefs"].enabled
    hands.type("77")
    hands.click("setup.team.washington")
    hands.type(TEAM)
    hands.click("setup.briefs")
    hands.settle()
    files = sorted((tmp_path / "briefs" / "summit_2025 77").glob("*.html"))
    assert len(files) == 6 and str(files[0].parent) in hands.app.notice
    game = Game(book, "summit_2025", 77)
    for seat, file in zip(game.seats, files, strict=True):
        page = file.read_text(encoding="utf-8")
        assert (TEAM in page) == (seat == "washington")
        assert all(agenda.text in page for agenda in game.agendas(seat))


def test_the_chance_to_win_is_measured_when_asked_and_says_who_played_on_and_how_often(
    hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swings, "PICK", 4)
    monkeypatch.setattr(swings, "MEASURE", 12)
    hands.click("debrief.tab.1")
    hands.click("debrief.measure")
    screen = hands.app.top
    assert isinstance(screen, DebriefScreen)
    hands.wait(lambda: screen.measuring is not None and not screen.measuring.running)
    assert screen.measuring is not None and screen.measuring.fault == ""
    hands.frame()
    told = " ".join(seen.text for seen in hands.app.page.texts)
    assert "Moves that swung the chance to win" in told and "At the start" in told
    assert "12 games each" in told and "not a forecast" in told
    for player in screen.measuring.names.values():
        assert player_words(screen.replay.game.book, player)[0] in told
    assert "debrief.measure" not in hands.ids() and faults(hands.app) == []


def test_measuring_can_be_stopped_and_begun_again(hands: Hands) -> None:
    hands.click("debrief.tab.1")
    hands.click("debrief.measure")
    screen = hands.app.top
    assert isinstance(screen, DebriefScreen)
    run = screen.measuring
    assert run is not None
    hands.click("debrief.stop")
    run.thread.join(60)
    assert not run.thread.is_alive() and run.result is None
    assert hands.control("debrief.measure").enabled


def test_of_a_game_that_is_not_over_no_chance_is_measured_for_it_rests_on_secrets(
    open_window: Open, book: Rulebook
) -> None:
    hands = open_window()
    game = Game(book, "first_game", 5)
    game.play(game.choose("greedy"))
    hands.app.push(DebriefScreen(hands.app, Replay(Record.of(game, {}))))
    hands.click("debrief.tab.1")
    found = hands.control("debrief.measure")
    assert not found.enabled and "secrets" in found.reason


def test_a_tried_line_is_compared_only_after_rounds_that_it_has_finished(book: Rulebook) -> None:
    game = Game(book, "first_game", 5)
    while not game.over:
        game.play(game.choose("greedy"))
    replay = Replay(Record.of(game, {}))
    replay.go(1)
    played = str(replay.record.nodes[replay.ids[1]].do)
    replay.try_move(next(move for move in replay.game.legal() if move.name != played))
    (other,) = account(replay.record).others
    assert other.points == ()
    replay.play_on(lambda at: at.choose("greedy"))
    (other,) = account(replay.record).others
    assert other.upto == game.round and len(other.points) == len(game.seats)
