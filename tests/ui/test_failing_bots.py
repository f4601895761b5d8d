"""Players of one's own that fail, hang or answer nonsense are told, replaced, and harm nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ai_players import read_bots
from game import Game, Record
from game.moves import PASS, Move
from game.records.replay import game_of
from game.records.verify import verify
from game.table import bots
from game.table.bots import PATIENCE, SUBSTITUTE, SeatBot
from game.table.sitting import Chair, Setup, Sitting
from rules.model.rulebook import Rulebook
from tests.ui.hands import Hands
from tests.ui.stage.stage import at_the_table, sitting

Open = Callable[..., Hands]


PLAYERS = """
class Raises:
    def choose(self, view, legal, rng):
        raise ZeroDivisionError("oh")

class Nonsense:
    def choose(self, view, legal, rng):
        return {"what": 1}

class Breaks:
    turns = 0
    def choose(self, view, legal, rng):
        self.turns += 1
        if self.turns > 1:
            raise RuntimeError("in mid-game")
        return legal[0]
"""


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="players of one's own need fork")
@pytest.mark.parametrize("name", ["Raises", "Nonsense", "Breaks"])
def test_a_bots_file_that_fails_in_mid_game_is_told_once_replaced_and_nothing_is_lost(
    open_window: Open, book: Rulebook, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "players.py"
    file.write_text(PLAYERS, encoding="utf-8")
    hands = open_window()
    hands.app.settings.show_rounds = False
    hands.app.library.players = {bot.name: bot for bot in read_bots(file)}
    chairs = {seat.name: Chair("greedy") for seat in book.scenarios["duel_2025"].seats}
    chairs["united_states"] = Chair(name)
    path = tmp_path / "a.yaml"
    table = Sitting.begin(Setup(book, "duel_2025", 4, chairs), path)
    table.players = hands.app.library.players
    at_the_table(hands.app, table)
    told: set[str] = set()

    def replaced() -> bool:
        told.add(hands.app.notice)
        return table.chairs["united_states"].player == SUBSTITUTE

    hands.wait(replaced, 60)
    told.add(hands.app.notice)
    hands.wait(lambda: table.game.round >= 3, 60)
    said = [sentence for sentence in told if name in sentence]
    assert len(said) == 1 and "played by chance from now on" in said[0]
    record = Record.load(path)
    assert game_of(record).state_hash == table.game.state_hash and verify(path).ok
    assert sum(name in node.by for node in record.nodes.values()) == 1
    assert record.seats["united_states"]["player"] == SUBSTITUTE


def test_a_bot_that_hangs_is_given_up_after_a_while_and_the_window_answers_meanwhile(
    open_window: Open, book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()

    def hang(self: SeatBot, game: Game) -> Move:
        release.wait()
        return PASS

    monkeypatch.setattr(bots.SeatBot, "choose", hang)
    hands = open_window()
    table = sitting(book, "rivals_2025", (1, 2, 3), 0)
    table.chairs["washington"].player = "greedy"
    play = at_the_table(hands.app, table)
    table.rewind(0)
    play.taken_back()
    hands.frame()
    assert play.turns.thinker.busy
    hands.frame(PATIENCE - 1)
    assert table.chairs["washington"].player == "greedy"
    hands.frame(2)
    assert table.chairs["washington"].player == SUBSTITUTE
    hands.until_somebody_moves()
    assert "did not answer" in hands.app.notice, "it is told when somebody sits at the screen again"
    assert table.record.node(table.record.head).seat == "washington"
    release.set()


def test_a_file_of_players_is_offered_at_its_seats(open_window: Open, tmp_path: Path) -> None:
    file = tmp_path / "players.py"
    file.write_text(PLAYERS, encoding="utf-8")
    hands = open_window()
    hands.app.library.players = {bot.name: bot for bot in read_bots(file)}
    hands.click("start.new")
    seat = next(c.id for c in hands.frame() if c.id.startswith("setup.player."))
    hands.click(seat)
    hands.pick("Raises")
    assert hands.control(seat).label == "Raises"
