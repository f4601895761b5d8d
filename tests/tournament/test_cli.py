"""The commands ``chokepoint tournament``: what they print, what they refuse, their exit statuses."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from game.cli.app import run
from tests.tournament.conftest import HERE, fingerprint

PLAN = str(HERE / "plan.yaml")


def command(*words: str) -> list[str]:
    return ["tournament", *words]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results") / "market"
    assert run(command("run", PLAN, "--out", str(folder), "--no-ray")) == 0
    return folder


def test_run_prints_the_table_where_the_results_are_and_how_to_open_a_game(folder: Path, capfd) -> None:
    assert run(command("run", PLAN, "--out", str(folder))) == 0
    out, err = capfd.readouterr()
    assert "All 200 games were there already; nothing was played." in out
    for text in ("mean score", "north_hoarder", "How to read it", f"Results: {folder}", "the most surprising one:"):
        assert text in out
    assert err == ""
    opening = next(line for line in out.splitlines() if line.startswith("  chokepoint tournament game"))
    assert run(opening.split()[1:]) == 0
    assert "Round 1 of 6" in capfd.readouterr().out


def test_a_pipe_gets_no_progress_and_json_nothing_else(tmp_path: Path, capfd) -> None:
    assert run(command("run", PLAN, "--out", str(tmp_path / "x"), "--games", "100", "--no-ray", "--json")) == 0
    out, err = capfd.readouterr()
    data = json.loads(out)
    assert err == ""
    assert (data["games"], data["played"], data["where"]) == (100, 100, "in this process, as asked")
    assert data["table"][0].keys() >= {"seat", "player", "score", "score_low", "score_high", "win", "place"}
    assert run(data["typical"]["command"].split()[1:]) == 0


def test_json_stays_clean_when_ray_starts_and_stops(tmp_path: Path) -> None:
    words = command("run", PLAN, "--out", str(tmp_path / "x"), "--games", "50", "--ray", "--json")
    found = subprocess.run(
        [sys.executable, "-m", "game", *words], capture_output=True, text=True, timeout=120, check=True
    )
    assert json.loads(found.stdout)["where"].startswith("on Ray (")


def test_a_dry_run_says_games_in_all_time_and_size_and_plays_nothing(tmp_path: Path, capfd) -> None:
    out = tmp_path / "r"
    assert run(["tournament", "run", "duel_levers", "--dry-run", "--out", str(out)]) == 0
    said = capfd.readouterr().out
    assert "16 line-ups in 10 worlds, under 6 sets of rules: 960 games in all." in said
    assert "games a second" in said and "MB" in said and not out.exists()
    assert run(["tournament", "run", "duel_levers", "--games", "32", "--dry-run", "--json", "--out", str(out)]) == 0
    found = json.loads(capfd.readouterr().out)
    assert (found["games"], found["arms"], found["stored"]) == (192, 6, 0)
    assert found["seconds"] > 0 and not out.exists()


def test_results_go_under_results_by_the_plans_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(command("run", PLAN, "--games", "50", "--no-ray")) == 0
    assert (tmp_path / "results" / "market" / "plan.yaml").is_file()


def test_a_game_is_saved_as_a_record_and_told_as_data(folder: Path, tmp_path: Path, capfd) -> None:
    from tournament.storage.results import Tournament

    game = Tournament(folder).games["id"][3]
    saved = tmp_path / "game.yaml"
    assert run(command("game", str(folder), game, "--json", "--out", str(saved))) == 0
    data = json.loads(capfd.readouterr().out)
    assert data["id"] == game
    assert len(data["moves"]) > 10
    assert run(["save", "verify", str(saved)]) == 0


def test_players_of_ones_own_join_and_one_that_fails_is_named(tmp_path: Path, capfd) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text(
        "class Mine:\n    seats = ('west',)\n\n"
        "    def choose(self, view, legal, rng):\n        return legal[view.round > 1]\n"
    )
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        f"plan: mine\nrules: {HERE / 'market.yaml'}\nscenario: fair\ndesign: full\nblocks: 2\n"
        "faults: {stop_after: 9}\n"
        "seats: {north: greedy, south: random, west: random}\n"
    )
    words = command("run", str(plan), "--bots", str(mine), "--out", str(tmp_path / "out"), "--no-ray")
    assert run(words) == 0
    out, err = capfd.readouterr()
    assert "Mine" in out
    assert "failed" not in out + err
    mine.write_text(mine.read_text().replace("legal[view.round > 1]", "legal[7000]"))
    assert run(words) == 1
    assert "the player Mine has changed since" in capfd.readouterr().err
    assert run([*words[:-2], str(tmp_path / "two"), "--no-ray"]) == 0
    out = capfd.readouterr().out
    assert "Mine stopped with an error in 2 games: IndexError: " in out
    assert "Without those games:" in out
    plan.write_text(plan.read_text().replace("stop_after: 9", "stop_after: 1"))
    assert run([*words[:-2], str(tmp_path / "three"), "--no-ray", "--games", "40"]) == 1
    err = capfd.readouterr().err
    assert "Mine was stopped: it failed in 4 games, last by exception: IndexError" in err  # the first chunk
    assert "its other games were not played" in err


def test_a_bots_file_that_cannot_be_used_is_one_sentence(tmp_path: Path, capfd) -> None:
    mine = tmp_path / "mine.py"
    for text, message in (("def f(:\n", "mine.py:1: invalid syntax"), ("x = 1\n", "mine.py has no player")):
        mine.write_text(text)
        assert run(command("run", PLAN, "--bots", str(mine), "--out", str(tmp_path / "x"))) == 2
        err = capfd.readouterr().err
        assert message in " ".join(err.split())
        assert "Traceback" not in err
        assert not (tmp_path / "x").exists()


def test_other_rules_are_shown_below_the_table(tmp_path: Path, capfd) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        f"plan: arms\nrules: {HERE / 'market.yaml'}\nscenario: fair\ndesign: full\nblocks: 2\n"
        "seats: {north: greedy, south: random, west: random}\narms: {calm: {without: [hoard]}}\n"
        "sweep: {over: {tracks.price.start: [5, 8]}}\n"
    )
    assert run(command("run", str(plan), "--out", str(tmp_path / "out"), "--no-ray")) == 0
    out = capfd.readouterr().out
    assert "8 games in this process" in out
    for name in ("best in each seat by mean score", "tracks.price.start=5", "calm, tracks.price.start=5"):
        assert name in out


def test_plans_are_listed_with_their_questions(capfd) -> None:
    assert run(command("plans")) == 0
    out = capfd.readouterr().out
    assert "rivals_mixed  (the one that runs when none is named)" in out
    assert out.count("?") >= 2
    questions = [line for line in out.splitlines() if line and "_" not in line.split()[0] and "Run one" not in line]
    assert any("?" not in line for line in questions)  # some are longer than a line
    assert all(line.startswith("    ") and len(line) <= 80 for line in questions)
    assert run(command("plans", "--json")) == 0
    assert json.loads(capfd.readouterr().out)[0].keys() == {"plan", "title", "question"}


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["run", "nowhere.yaml"], 2, "unknown plan 'nowhere.yaml' in the ready plans, nor a file"),
        (["run", "rivals_mixde"], 2, "did you mean 'rivals_mixed'?"),
        (["run", PLAN, "--scenario", "fiar"], 2, "unknown scenario 'fiar'"),
        (["run", PLAN, "--games", "3"], 2, "3 games are too few"),
        (["run", PLAN, "--set", "tracks.price.strat=9"], 2, "did you mean 'start'?"),
        (["run", PLAN, "--set", "tracks.price.start"], 2, "is not of the form PATH=VALUE"),
        (["run", PLAN, "--rules", "nowhere"], 2, "there is no rulebook 'nowhere'"),
        (["run", PLAN, "--no-ray", "--address", "localhost:6379"], 2, "contradict"),
        (["run", PLAN, "--ray", "--no-ray"], 2, "--ray and --no-ray contradict each other; give one of them"),
        (["exploit", PLAN, "--no-ray", "--ray"], 2, "--ray and --no-ray contradict each other; give one of them"),
        (["run", PLAN, "--address", "nonsense"], 1, "is no address of a Ray cluster"),
        (["run", PLAN, "--out", "/proc/nowhere"], 1, "cannot write in /proc/nowhere"),
        (["run", PLAN, "--game", "3"], 2, "--game"),
        (["game", "nowhere", "12"], 1, "nowhere holds no tournament"),
    ],
)
def test_a_users_mistake_is_one_sentence_and_leaves_nothing_behind(
    words: list[str], status: int, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(command(*words)) == status
    out, err = capfd.readouterr()
    assert out == ""
    assert message in err
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1
    assert not list((tmp_path / "results").glob("**/*.parquet"))


def test_an_unknown_game_and_a_foreign_folder_are_told(folder: Path, capfd) -> None:
    assert run(command("game", str(folder), "zzz")) == 2
    assert "unknown game 'zzz'" in capfd.readouterr().err
    before = fingerprint(folder)
    assert run(command("run", PLAN, "--seed", "9", "--out", str(folder))) == 1
    assert "holds the results of another plan: the seed was 1, now 9" in capfd.readouterr().err
    assert fingerprint(folder) == before


def test_a_cluster_that_does_not_answer_is_told_within_seconds(tmp_path: Path, capfd) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    assert run(command("run", PLAN, "--out", str(tmp_path / "x"), "--address", address)) == 1
    assert f"nothing answers at {address}" in capfd.readouterr().err


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The bytes of 10,000 games, never stopped."""
    folder = tmp_path_factory.mktemp("undisturbed")
    assert run(command("run", PLAN, "--games", "10000", "--no-ray", "--out", str(folder), "--json")) == 0
    return fingerprint(folder)


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_stopped_by_a_signal_is_finished_by_the_same_command(
    kind: signal.Signals, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    words = command("run", PLAN, "--games", "10000", "--no-ray", "--out", str(tmp_path))
    process = subprocess.Popen([sys.executable, "-c", ORDINARY + "main()", *words], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while len(list(tmp_path.glob("games/*.parquet"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(process.pid, kind)
    _, err = process.communicate(timeout=60)
    if kind == signal.SIGKILL:
        assert process.returncode == -signal.SIGKILL
    else:
        assert process.returncode == 130
        assert "of 9,984 games, and the same command plays the rest" in " ".join(err.split())
        assert "Traceback" not in err
    assert len(list(tmp_path.glob("games/*.parquet"))) >= 3
    assert run([*words, "--json"]) == 0
    assert fingerprint(tmp_path) == undisturbed
    assert not list(tmp_path.glob("**/*.tmp"))


ORDINARY = "import signal; from game.cli.app import main; signal.signal(signal.SIGINT, signal.default_int_handler); "
"""Ctrl-C as in a shell: a test that runs in the background may have it switched off."""
