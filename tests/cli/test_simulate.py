"""``chokepoint simulate``: a whole game that a person can read, the same for the same seed."""

from __future__ import annotations

import io
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from ai_players import usual_players
from game import Game, Record
from game.console.match import TerminalMatch, show_record
from game.console.narrator import print_title
from game.narrative.ledger import Causes, Ledger
from rules import load_rulebook
from tests.cli.command import ROOT, chokepoint

BOOK = load_rulebook("standard")


@pytest.mark.parametrize("scenario", BOOK.scenarios)
def test_a_game_tells_rounds_seats_moves_causes_and_scores(scenario: str) -> None:
    outcome = chokepoint("simulate", "--scenario", scenario, "--seed", "11")
    assert (outcome.status, outcome.err) == (0, "")
    text, setting = outcome.out, BOOK.scenarios[scenario]
    for seat in setting.seats:
        assert text.count(seat.title) > 2
    assert "Round 1 of" in text and "News" in text and "World turn" in text
    assert re.search(r"[▲▼] .+ \d+ → \d+ \([+-]\d+\)", text)
    reasons = {rule.why for step in BOOK.world_turn for rule in step.rules} | {m.why for m in BOOK.moves.values()}
    flat = " ".join(text.split())
    assert sum(" ".join(why.split()) in flat for why in reasons if why) >= 5
    assert "Final score" in text and "The end" in text
    assert "Winner: " in text or "share the win" in text or "Nobody wins" in text
    assert f"--scenario {scenario} --seed 11" in text


def test_what_is_told_adds_up_to_what_happened() -> None:
    book = BOOK
    game = Game(book, "rivals_2025", seed=21)
    causes = Causes(book)
    ledger = Ledger(game, causes, [entry for entry in game.log if entry.kind == "event"])
    told = ledger.enter([entry for entry in game.log if entry.kind == "event"])
    start = {shift.cell: shift.before for shift in reversed(told)}
    while not game.over:
        told += ledger.enter(game.play(game.choose("random")))
    for (track, index), value in ledger.values.items():
        assert game.value(track, *index) == value
        changes = [shift for shift in told if shift.cell == (track, index)]
        if changes:
            assert start.get((track, index), changes[0].before) + sum(shift.amount for shift in changes) == value


def told(show: Callable[[Console], None], width: int = 80) -> str:
    text = io.StringIO()
    show(Console(file=text, width=width, highlight=False, emoji=False))
    return text.getvalue()


def test_a_played_game_and_its_record_are_shown_as_they_were_told_live_with_what_agendas_count() -> None:
    players = usual_players(BOOK, "duel_2025", 3)
    match = TerminalMatch(BOOK, "duel_2025", 3, players)
    title = told(lambda console: print_title(console, BOOK, BOOK.scenarios["duel_2025"]))
    live = title + told(match.show)
    assert told(lambda console: show_record(match.game, console, players)) == live
    assert told(lambda console: show_record(Record.of(match.game), console, players)) == live
    for seat in match.game.seats:  # with two roles and two agendas, each of which counts two thirds
        points = sum(match.game.evaluate(agenda.points, seat) for agenda in match.game.agendas(seat))
        assert not points or f"Counted in the final score: {points * 2 // 3:+d}." in live


def test_an_injected_card_and_an_unfinished_game_are_told() -> None:
    game = Game(BOOK, "rivals_2025", 3)
    game.play(game.choose("random"))
    card = next(name for name in BOOK.scenarios["rivals_2025"].deck if name != game.news)
    game.inject(card)
    text = told(lambda console: show_record(game, console))
    assert BOOK.events[card].title in text and "injected" in text
    assert "Not finished: round 1" in text and "Score if it ended now" in text


def test_a_card_says_what_it_brings_later() -> None:
    game = Game(BOOK, "rivals_2025", 1)
    game.inject("stargate")
    assert "later: Compute, Valley +24 in 2 rounds" in told(lambda console: show_record(game, console))


def test_the_world_turn_that_ends_a_game_says_by_what() -> None:
    crisis = ("tracks.tension.start=100", "tracks.alarm.start=4", "tracks.provoked.start=2", "knob.brink=0")
    setting = [word for one in crisis for word in ("--set", one)]
    players = ("--seat", "united_states=random", "--seat", "china=random")
    text = chokepoint("simulate", "--scenario", "first_game", "--seed", "3", *players, *setting).out
    last = text.rpartition("World turn")[2]
    assert "Rupture 0 → 1 (+1) · Risk of a rupture" in last and "Why: A break comes in stages." in last
    assert "Economic rupture." in last and "Nobody wins." in last


def test_what_became_of_the_world_says_in_what_it_is_counted() -> None:
    text = told(lambda console: show_record(Game(BOOK, "first_game", 3), console), width=300)
    for measure in BOOK.measures.values():
        assert re.search(rf"{re.escape(measure.title)} +−?\d+ +{re.escape(measure.about)}", text), measure.name


def test_no_word_is_broken_in_a_table_of_six_seats() -> None:
    text = told(lambda console: show_record(Game(BOOK, "summit_2025", 2), console))
    assert re.search(r"Washington +● Valley +■ Beijing +labs +Toolmakers +states\n", text)


def test_a_record_that_no_longer_replays_is_shown_up_to_there_and_says_so() -> None:
    game = Game(BOOK, "first_game", 3)
    for _ in range(4):
        game.play(game.choose("random"))
    record = Record.of(game)
    changed = record.text().replace(game.acts[2].state_hash, "0" * 16)
    text = told(lambda console: show_record(Record.parse(changed), console))
    assert "gives another state than recorded" in text and "Not finished" in text


def test_no_line_is_wider_than_the_terminal() -> None:
    for width in (80, 120):
        out = chokepoint("simulate", "--scenario", "summit_2025", "--seed", "2", env={"COLUMNS": str(width)}).out
        told = [line for line in out.splitlines() if not line.startswith("Again:")]
        assert max(map(len, told)) <= width


def test_the_same_seed_gives_the_same_game_and_the_printed_command_repeats_it() -> None:
    first = chokepoint("simulate", "--scenario", "first_game", "--seat", "china=random")
    again = first.out.splitlines()[-1].removeprefix("Again: ")
    words = shlex.split(again)
    assert words[0] == "chokepoint"
    assert chokepoint(*words[1:]).out == first.out


def test_a_setting_changes_the_game_and_is_in_the_command_that_repeats_it() -> None:
    plain, set_ = (
        json.loads(chokepoint("simulate", "--scenario", "duel_2025", "--seed", "4", "--json", *extra).out)
        for extra in ([], ["--set", "tracks.tension.start=90"])
    )
    assert plain["state_hash"] != set_["state_hash"]
    assert "--set tracks.tension.start=90" in set_["command"]


def test_data_holds_every_seat_score_and_move() -> None:
    data = json.loads(chokepoint("simulate", "--scenario", "rivals_2025", "--seed", "8", "--json").out)
    assert [seat["seat"] for seat in data["seats"]] == [seat.name for seat in BOOK.scenarios["rivals_2025"].seats]
    assert all(isinstance(seat["score"], int) and seat["player"] for seat in data["seats"])
    assert {move["seat"] for move in data["moves"]} == {seat["seat"] for seat in data["seats"]}
    best = max(seat["score"] for seat in data["seats"])
    assert data["ending"] != "final" or data["winners"] == [s["seat"] for s in data["seats"] if s["score"] == best]


def test_a_saved_game_verifies_and_exports_one_seat(tmp_path: Path) -> None:
    saved, view = tmp_path / "game.yaml", tmp_path / "view.yaml"
    outcome = chokepoint("simulate", "--scenario", "rivals_2025", "--seed", "8", "--out", saved)
    assert (outcome.status, outcome.err) == (0, "") and f"Saved as {saved}" in outcome.out
    verified = chokepoint("save", "verify", saved)
    assert (verified.status, verified.err) == (0, "") and verified.out.startswith("ok")
    assert json.loads(chokepoint("save", "verify", saved, "--json").out)[0]["ok"] is True
    exported = chokepoint("save", "export", saved, "--seat", "valley", "--out", view)
    assert (exported.status, exported.err) == (0, "")
    assert "kind: view" in view.read_text() and "seed:" not in view.read_text()
    chokepoint("save", "export", saved, "--seat", "vally", "--out", view).refuses(2, "vally", "valley")


def test_a_pipe_gets_no_colours_and_a_forced_terminal_does() -> None:
    arguments = ("simulate", "--scenario", "first_game", "--seed", "1")
    assert "\x1b[" not in chokepoint(*arguments).out
    assert "\x1b[" in chokepoint(*arguments, env={"FORCE_COLOR": "1"}).out
    coloured = chokepoint(*arguments, env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).out
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", coloured)


def test_a_terminal_that_knows_no_unicode_gets_stand_ins() -> None:
    outcome = chokepoint("simulate", "--scenario", "first_game", "--seed", "1", encoding="ascii")
    assert (outcome.status, outcome.err) == (0, "")
    assert "->" in outcome.out and "Round 1 of" in outcome.out


def test_a_reader_that_stops_reading_is_no_error() -> None:
    command = f"{shlex.quote(sys.executable)} -m game simulate --scenario first_game --seed 1 | head -2"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stderr == ""
