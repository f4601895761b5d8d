"""Every mistake of a user is one clear sentence with the nearest right name or the valid choices, never a traceback."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.command import chokepoint

DUEL = ("simulate", "--scenario", "duel_2025")

MISTAKES: dict[str, tuple[Sequence[str], int, Sequence[str]]] = {
    "unknown command": (["simulat"], 2, ["simulat", "simulate"]),
    "unknown command of a group": (["rules", "chek"], 2, ["chek", "check"]),
    "command without its group": (["discover"], 2, ["'discover'", "'chokepoint tournament discover'?"]),
    "command of another group": (["rules", "verify"], 2, ["'verify'", "'chokepoint save verify'?"]),
    "command of two groups": (["check"], 2, ["'chokepoint lesson check' or 'chokepoint rules check'?"]),
    "unknown command near one of a group": (["explot"], 2, ["'explot'", "'chokepoint tournament exploit'?"]),
    "unknown option": ([*DUEL, "--sed", "3"], 2, ["--sed", "--seed"]),
    "option without its value": ([*DUEL, "--seed"], 2, ["--seed"]),
    "seed that is no number": ([*DUEL, "--seed", "lucky"], 2, ["--seed", "integer"]),
    "seed out of range": ([*DUEL, "--seed", "-1"], 2, ["-1", "seed"]),
    "unknown scenario": (["simulate", "--scenario", "duel_2052"], 2, ["duel_2052", "duel_2025"]),
    "scenario like no other": (["simulate", "--scenario", "chess"], 2, ["chess", "rivals_2025"]),
    "unknown seat": ([*DUEL, "--seat", "chima=random"], 2, ["chima", "china"]),
    "seat doubled": ([*DUEL, "--seat", "china=random", "--seat", "china=greedy"], 2, ["china", "twice"]),
    "seat without a player": ([*DUEL, "--seat", "china"], 2, ["SEAT=PLAYER"]),
    "unknown player": ([*DUEL, "--seat", "china=randon"], 2, ["randon", "random"]),
    "player like no other": ([*DUEL, "--seat", "china=zzz"], 2, ["zzz", "greedy"]),
    "person in the terminal": ([*DUEL, "--seat", "china=human"], 2, ["human", "terminal"]),
    "search player of no level": ([*DUEL, "--seat", "china=search:9"], 2, ["search:9", "search:"]),
    "doctrine file that is not there": ([*DUEL, "--seat", "china=mine.yaml"], 2, ["mine.yaml"]),
    "rulebook that is not there": ([*DUEL, "--rules", "no_such_rules"], 2, ["no_such_rules", "standard"]),
    "override without a value": ([*DUEL, "--set", "knob.spillover"], 2, ["PATH=VALUE"]),
    "override twice": ([*DUEL, "--set", "knob.leak=1", "--set", "knob.leak=2"], 2, ["knob.leak", "twice"]),
    "override of an unknown path": ([*DUEL, "--set", "knob.spilover=100"], 2, ["spilover", "spillover"]),
    "override of a path below a number": ([*DUEL, "--set", "tracks.tension.start.x=1"], 2, ["tension"]),
    "override out of range": ([*DUEL, "--set", "knob.spillover=99999"], 2, ["spillover", "99999"]),
    "override of the wrong type": ([*DUEL, "--set", "tracks.tension.start=warm"], 2, ["tension", "warm"]),
    "record in no folder": ([*DUEL, "--out", "no/such/folder/game.yaml"], 2, ["folder"]),
    "players that are not there": (["play", "--bots", "no_such_bots.py"], 2, ["no_such_bots.py", "file"]),
    "player that no file has": (["play", "--scenario", "duel_2025", "--seat", "china=Nobody"], 2, ["Nobody", "greedy"]),
    "rules that are not there": (["rules", "check", "no_such_rules"], 2, ["no_such_rules"]),
    "unknown entry of the rules": (["rules", "show", "tighten_control"], 2, ["tighten_control", "tighten_controls"]),
    "book in no folder": (["rules", "book", "--out", "no/such/folder/book.html"], 2, ["folder"]),
    "saved game that is not there": (["save", "verify", "no_such_game.yaml"], 2, ["no_such_game.yaml"]),
    "export of nothing": (["save", "export", "no.yaml", "--seat", "china", "--out", "x.yaml"], 2, ["no.yaml"]),
    "export without a seat": (["save", "export", "no.yaml", "--out", "x.yaml"], 2, ["--seat"]),
    "nothing to verify": (["save", "verify"], 2, ["FILE"]),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_sentence(mistake: str, tmp_path: Path) -> None:
    arguments, status, words = MISTAKES[mistake]
    chokepoint(*arguments, cwd=tmp_path).refuses(status, *words)


def test_a_doctrine_for_other_roles_names_those_that_fit() -> None:
    import ai_players
    from rules import load_rulebook

    book = load_rulebook("standard")
    valley, beijing = (ai_players.for_seat(book, "rivals_2025", seat) for seat in ("valley", "beijing"))
    outcome = chokepoint("simulate", "--scenario", "rivals_2025", "--seat", f"valley={beijing[0]}")
    outcome.refuses(2, beijing[0], "valley", valley[0])


def test_a_foreign_file_is_no_saved_game(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.yaml"
    foreign.write_text("shopping: [milk, bread]\n")
    verified = chokepoint("save", "verify", foreign)
    assert (verified.status, verified.err) == (1, "")
    assert verified.out.startswith("fails ") and "foreign.yaml" in verified.out
    chokepoint("save", "export", foreign, "--seat", "china", "--out", tmp_path / "x.yaml").refuses(1, "foreign.yaml")


def test_a_damaged_save_is_told_and_never_overwritten(tmp_path: Path) -> None:
    saved = tmp_path / "game.yaml"
    assert chokepoint("simulate", "--scenario", "first_game", "--seed", "5", "--out", saved).status == 0
    lines = saved.read_text().splitlines(keepends=True)
    damaged = "".join([*lines[:-5], lines[-5][: len(lines[-5]) // 2] + "\x00\n", *lines[-4:]])
    saved.write_text(damaged)
    verified = chokepoint("save", "verify", saved)
    assert verified.status == 1 and "Traceback" not in verified.err
    assert "game.yaml" in verified.out
    again = chokepoint("simulate", "--scenario", "first_game", "--seed", "5", "--out", saved)
    assert again.status == 1 and "overwritten" in again.err
    assert saved.read_text() == damaged


def test_another_game_is_not_overwritten(tmp_path: Path) -> None:
    saved = tmp_path / "game.yaml"
    assert chokepoint("simulate", "--scenario", "first_game", "--seed", "5", "--out", saved).status == 0
    before = saved.read_bytes()
    assert chokepoint("simulate", "--scenario", "first_game", "--seed", "6", "--out", saved).status == 1
    assert saved.read_bytes() == before


def test_a_rulebook_newer_than_the_program_is_refused(tmp_path: Path) -> None:
    assert chokepoint("rules", "copy", tmp_path / "mine").status == 0
    world = tmp_path / "mine" / "world.yaml"
    world.write_text(world.read_text().replace("semantics: 1", "semantics: 99", 1))
    outcome = chokepoint("simulate", "--rules", tmp_path / "mine", "--scenario", "first_game")
    outcome.refuses(1, "99")


def test_faults_of_a_rulebook_stop_a_game_and_are_all_told(tmp_path: Path) -> None:
    assert chokepoint("rules", "copy", tmp_path / "mine").status == 0
    goals = tmp_path / "mine" / "goals.yaml"
    goals.write_text(goals.read_text() + "\nsurprise: 1\n")
    outcome = chokepoint("simulate", "--rules", tmp_path / "mine", "--scenario", "first_game")
    outcome.refuses(1, "goals.yaml", "surprise")
