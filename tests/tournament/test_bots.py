"""Players of one's own: found without being run, played where they can be killed, judged, and harmless to others."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import tournament
from ai_players import read_bots
from game.errors import UnknownName, UsageError
from rules.model.rulebook import Rulebook
from tests.tournament.conftest import HERE, fingerprint
from tournament.design.field import enter
from tournament.design.plan import Plan, plan_from
from tournament.errors import PlanError, StoreError
from tournament.report.standings import table
from tournament.runner.replay import replay
from tournament.runner.run import run
from tournament.storage.results import Tournament

BOTS = str(HERE / "bots.py")
ONE = {"south": ["random"], "west": ["greedy"]}


def plan(north: list[str], blocks: int = 2, **values: object) -> Plan:
    return plan_from(
        {"plan": "p", "scenario": "fair", "rules": str(HERE / "market.yaml"), "design": "full", "blocks": blocks,
         "seats": {**ONE, "north": north}, "bots": [BOTS], "faults": {"seconds": 2, "stop_after": 50}, **values}
    )  # fmt: skip


@pytest.fixture(autouse=True)
def only_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests name the players that they want."""
    import tournament.design.field

    found = tournament.design.field._own

    def named(plan: Plan, book: Rulebook, seats: list[str]):
        listed = {entry.player for entries in plan.seats.values() for entry in entries}
        return {name: bot for name, bot in found(plan, book, seats).items() if name in listed}

    monkeypatch.setattr(tournament.design.field, "_own", named)


def statuses(found: Tournament, player: str) -> set[str]:
    return set(found.seats.filter(pl.col("player") == player)["status"])


def test_a_player_plays_and_the_same_seed_gives_the_same_game(tmp_path: Path) -> None:
    first, second = (run(plan(["trader"], 5), tmp_path / name, backend="local") for name in "ab")
    assert statuses(first, "trader") == {"ok"}
    assert fingerprint(tmp_path / "a") == fingerprint(tmp_path / "b")
    game = first.games["id"][0]
    assert replay(tournament.open(tmp_path / "a"), game).row["id"] == game
    assert second.faults.is_empty()


@pytest.mark.parametrize(
    ("name", "status", "message"),
    [
        ("raises", "exception", "exception: ValueError: not my day in line "),
        ("Nonsense", "illegal", "illegal: answered"),
        ("Hungry", "exception", "exception: MemoryError"),
        ("Slow", "budget", "budget: more than 1,000,000 function calls for one move"),
        ("Dies", "exception", "exception: its process ended (signal 9)"),
        ("Leaves", "exception", "exception: its process ended (status 0)"),
        ("Endless", "hang", "hang: no answer within 2 s"),
        ("Peeks", "ok", ""),
    ],
)
def test_a_fault_is_recorded_by_its_kind_and_the_game_is_played_on(
    name: str, status: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tournament.runner.referee import Referee

    heard: list[str] = []
    learn = Referee.learn
    monkeypatch.setattr(
        Referee, "learn", lambda self, faults: heard.extend(f"{f[1]}: {f[2]}" for f in faults) or learn(self, faults)
    )
    found = run(plan([name]), tmp_path, backend="local")
    assert found.complete
    assert statuses(found, name) == {status}
    assert (found.games["rounds"] == 6).all() or found.games["end"].is_in(["riot"]).any()
    assert all(text.startswith(message) for text in heard)
    assert bool(heard) == (status != "ok")  # how often depends on how the games fall into chunks
    assert statuses(found, "greedy") == {"ok"}


def test_the_words_of_a_fault_are_kept_in_one_line_also_by_a_run_that_finds_nothing_left_to_play(
    tmp_path: Path,
) -> None:
    wanted = plan(["raises"])
    first = run(wanted, tmp_path, backend="local").faults
    assert first["says"][0].startswith("ValueError: not my day in line ")
    assert run(wanted, tmp_path, backend="local").faults.equals(first)
    assert run(wanted.changed(blocks=3), tmp_path, backend="local").faults["says"].equals(first["says"])


PLAIN = """class Plain:
    word = "é"

    def choose(self, view, legal, rng):
        assert self.word == chr(233)
        return legal[0]
"""


@pytest.mark.parametrize(
    "raw",
    [
        PLAIN.encode("utf-8-sig"),
        f"# -*- coding: latin-1 -*-\n{PLAIN}".encode("latin-1"),
        f"#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\n{PLAIN}".encode("cp1252"),
        PLAIN.replace("\n", "\r\n").encode(),
    ],
    ids=["byte_order_mark", "coding_line", "coding_in_line_two", "windows_lines"],
)
def test_a_file_of_players_is_read_as_python_reads_it_and_kept_so(raw: bytes, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_bytes(raw)
    values = {"bots": [str(file)], "seats": {**ONE, "north": ["Plain"]}}
    found = run(plan([], **values), tmp_path / "out", backend="local")
    assert statuses(found, "Plain") == {"ok"}
    assert (tmp_path / "out" / "players" / "mine.py").read_bytes() == raw
    assert tournament.open(tmp_path / "out").field.bots["Plain"].sha256 == read_bots(file)[0].sha256


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"# coding: klingon\n", "unknown encoding"),
        (b"x = '\xe9'\n", "mine.py: invalid or missing encoding declaration"),
    ],
)
def test_a_file_whose_coding_is_wrong_is_refused_with_its_name(raw: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_bytes(raw)
    with pytest.raises(UsageError, match=words):
        read_bots(tmp_path / "mine.py")


def test_the_words_of_a_fault_are_bounded_and_cannot_steer_a_terminal() -> None:
    from tournament.runner.referee import LONGEST, one_line

    assert one_line("one\n\x1b[2Jtwo\t three") == "one [2Jtwo three"
    assert len(one_line("x" * 999)) == LONGEST


def test_a_killed_run_keeps_the_words_of_the_faults_that_it_has_stored(tmp_path: Path) -> None:
    def stop(progress: object) -> None:
        if progress.faults:  # type: ignore[attr-defined]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(plan(["raises"], 9), tmp_path, backend="local", on_progress=stop)
    found = tournament.open(tmp_path)
    assert not found.complete
    assert found.faults["says"][0].startswith("ValueError: not my day")


def test_a_player_that_fails_changes_no_other_game(tmp_path: Path) -> None:
    run(plan(["random", "greedy"], bots=[]), tmp_path / "without", backend="local")
    run(plan(["random", "greedy", "raises", "Dies"]), tmp_path / "with", backend="local")
    for part in ("games", "seats"):
        without, with_ = (tournament.open(tmp_path / name).store.frame(part) for name in ("without", "with"))
        assert with_.filter(pl.col("id").is_in(without["id"].unique().implode())).equals(without)


def test_ray_and_this_process_judge_alike(tmp_path: Path, ray_session) -> None:
    wanted = plan(["raises", "trader", "greedy"], 4)
    run(wanted, tmp_path / "here", backend="local")
    run(wanted, tmp_path / "ray", backend="ray")
    assert fingerprint(tmp_path / "here") == fingerprint(tmp_path / "ray")


def test_who_forfeits_cannot_win_and_the_table_is_shown_without_its_games_too(tmp_path: Path) -> None:
    faults = {"policy": "forfeit", "seconds": 2, "stop_after": 50}
    found = run(plan(["raises", "greedy"], 4, faults=faults), tmp_path, backend="local")
    failed = found.seats.filter(pl.col("player") == "raises")
    assert failed["win"].sum() == 0
    won = found.games.with_columns(pl.col("win").list.sum().alias("sum"), pl.col("end").alias("e"))
    assert won.filter(pl.col("e") == "final")["sum"].to_list() == [1.0] * won.filter(pl.col("e") == "final").height
    assert found.faults.drop("says").to_dicts() == [{"player": "raises", "status": "exception", "games": 4}]
    assert {line.player for line in table(found) if line.seat == "north"} == {"raises", "greedy"}
    assert {line.player for line in table(found, faults=False) if line.seat == "north"} == {"greedy"}


def test_a_player_that_fails_too_often_is_stopped_named_and_not_tried_again(tmp_path: Path) -> None:
    wanted = plan(["raises", "greedy"], 30, faults={"seconds": 2, "stop_after": 3})
    found = run(wanted, tmp_path, backend="local")
    assert not found.complete
    assert found.stopped["raises"].startswith("it failed in ")
    assert "ValueError: not my day" in found.stopped["raises"]
    played = found.games.with_columns(pl.col("profile").list.get(0).alias("north"))["north"].value_counts()
    counts = dict(played.iter_rows())
    assert counts["greedy"] == 30
    assert 3 <= counts["raises"] < 30
    before = fingerprint(tmp_path)
    again = run(wanted, tmp_path, backend="local")
    assert fingerprint(tmp_path) == before
    assert "raises" in again.stopped


def test_a_changed_player_is_refused_in_its_old_folder(tmp_path: Path) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text("class Mine:\n    def choose(self, view, legal, rng):\n        return legal[0]\n")
    run(plan(["Mine"], bots=[str(mine)]), tmp_path / "out", backend="local")
    assert (tmp_path / "out" / "players" / "mine.py").read_text() == mine.read_text()
    mine.write_text(mine.read_text().replace("[0]", "[-1]"))
    with pytest.raises(StoreError, match="the player Mine has changed since"):
        run(plan(["Mine"], bots=[str(mine)]), tmp_path / "out", backend="local")
    assert tournament.open(tmp_path / "out").field.bots["Mine"].source.endswith("[0]\n")


def test_who_is_in_no_list_joins_the_seats_it_plays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()
    file = tmp_path / "two.py"
    file.write_text(
        "class Any:\n    def choose(self, view, legal, rng): ...\n\n\n"
        "class West(Any):\n    seats = ('west',)\n\n\nclass _Hidden(Any):\n    pass\n\n\nclass Helper:\n    pass\n"
    )
    found = enter(plan(["greedy"], bots=[str(file)]))
    listed = {seat: [player.name for player in players] for seat, players in found.seats.items()}
    assert listed == {"north": ["greedy", "Any"], "south": ["random", "Any"], "west": ["greedy", "Any", "West"]}


CHOOSE = "    def choose(self, view, legal, rng): ...\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("class A:\n  def choose(self:\n", r"mine.py:2: .*never closed"),
        ("x = 1\n", "mine.py has no player; write a class with a method 'choose"),
        (f"class greedy:\n{CHOOSE}", "there is a player 'greedy' among the shipped ones already"),
        (f"class A:\n    name = 'b'\n{CHOOSE}\nclass b:\n{CHOOSE}", "mine.py:5: a second player called 'b'"),
        (f"class A:\n    name = 'a b'\n{CHOOSE}", "mine.py:1: 'a b' is no name for a player"),
        ("\0", "mine.py"),
        (f"class A:\n    seats = ['nroth']\n{CHOOSE}", "unknown seat 'nroth' in 'seats' of A"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_one_sentence(
    text: str, message: str, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.undo()
    mine = tmp_path / "mine.py"
    mine.write_text(text)
    with pytest.raises((UsageError, UnknownName), match=message) as caught:
        enter(plan(["greedy"], bots=[str(mine)]))
    assert len(str(caught.value).splitlines()) == 1


def test_names_that_clash_between_files_and_missing_files_are_told(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.undo()
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(f"class Same:\n{CHOOSE}")
    with pytest.raises(UsageError, match=r"b.py: there is a player 'Same' in a.py already"):
        enter(plan(["greedy"], bots=[str(tmp_path / "a.py"), str(tmp_path / "b.py")]))
    with pytest.raises(UsageError, match=r"cannot read the players in nowhere.py: No such file"):
        enter(plan(["greedy"], bots=["nowhere.py"]))
    with pytest.raises(PlanError, match="raises does not play west; it plays north"):
        enter(plan(["greedy"], seats={**ONE, "west": ["raises"]}))
    with pytest.raises(UnknownName, match="did you mean 'trader'"):
        enter(plan(["tradr"]))


def test_nothing_of_a_file_is_run_to_find_its_players(tmp_path: Path) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text(f"open({str(tmp_path / 'trace')!r}, 'w')\nclass Mine:\n{CHOOSE}")
    assert [bot.name for bot in read_bots(mine)] == ["Mine"]
    assert not (tmp_path / "trace").exists()
