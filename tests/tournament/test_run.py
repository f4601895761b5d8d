"""Running a plan: the same bytes everywhere, resuming and growing, and folders that belong to another plan."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import tournament
from rules import load_rulebook
from tests.tournament.conftest import HERE, fingerprint
from tournament.design.plan import Plan, as_played, load_plan, plan_from
from tournament.errors import StoreError
from tournament.report.write import write_report
from tournament.runner.executor import Done, InProcess, Queue
from tournament.runner.replay import replay
from tournament.runner.run import Progress, run


class Scrambled(InProcess):
    """Plays in chunks of odd sizes and odd order, and stops after some of them if asked to."""

    def __init__(self, seed: int, stop_after: int = 10_000) -> None:
        self._rng = np.random.default_rng(seed)
        self._stop_after = stop_after

    def run(self, job, queue: Queue) -> Iterator[Done]:
        games = []
        while (chunk := queue.take()) is not None:
            games += chunk.tolist()
        self._rng.shuffle(games)
        for count, part in enumerate(np.array_split(np.array(games), self._rng.integers(3, 12))):
            if count == self._stop_after:
                raise KeyboardInterrupt
            if len(part):
                yield job.play(part)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The market plan, played in process without disturbance."""
    folder = tmp_path_factory.mktemp("whole")
    run(HERE / "plan.yaml", folder, backend="local")
    return folder


def test_order_and_size_of_chunks_leave_no_trace(whole: Path, market: Plan, tmp_path: Path) -> None:
    run(market, tmp_path, backend=Scrambled(1))
    assert fingerprint(tmp_path) == fingerprint(whole)


def test_ray_leaves_the_same_bytes(whole: Path, market: Plan, tmp_path: Path, ray_session) -> None:
    run(market, tmp_path, backend="ray")
    assert fingerprint(tmp_path) == fingerprint(whole)


def test_workers_that_do_not_see_the_folder_send_their_results(
    whole: Path, market: Plan, tmp_path: Path, ray_session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tournament.runner.job.GameJob._sees_folder", lambda self: False)
    run(market, tmp_path, backend="local")
    assert fingerprint(tmp_path) == fingerprint(whole)


def test_a_killed_ray_worker_leaves_the_same_bytes(whole: Path, market: Plan, tmp_path: Path, ray_session) -> None:
    killed: list[int] = []

    def kill_one(progress: Progress) -> None:
        if progress.played > 20 and not killed:
            killed.append(ray_session.pids[0])
            os.kill(killed[0], signal.SIGKILL)

    run(market, tmp_path, backend=Borrowed(ray_session), on_progress=kill_one)
    assert killed
    assert fingerprint(tmp_path) == fingerprint(whole)


class Borrowed:
    """An executor that stays open."""

    def __init__(self, pool) -> None:
        self.name, self.workers, self.run = pool.name, pool.workers, pool.run

    def close(self) -> None:
        pass


def test_an_interrupted_run_keeps_what_is_done_and_ends_with_the_same_bytes(
    whole: Path, market: Plan, tmp_path: Path
) -> None:
    for seed, stop in ((1, 2), (2, 1), (3, 3)):
        with pytest.raises(KeyboardInterrupt):
            run(market, tmp_path, backend=Scrambled(seed, stop))
        found = tournament.open(tmp_path)
        assert not found.complete
        assert found.games["id"].is_unique().all()
    before = tournament.open(tmp_path).games.height
    seen: list[Progress] = []
    run(market, tmp_path, backend="local", on_progress=seen.append)
    assert seen[-1].played == 200 - before
    assert (seen[-1].done, seen[-1].total) == (200, 200)
    assert fingerprint(tmp_path) == fingerprint(whole)
    assert tournament.open(tmp_path).complete


def test_running_again_plays_nothing(whole: Path, market: Plan) -> None:
    before = fingerprint(whole)
    run(market, whole, on_progress=lambda _: pytest.fail("nothing is left to play"))
    assert fingerprint(whole) == before


def test_one_ctrl_c_from_another_thread_ends_cleanly(market: Plan, tmp_path: Path, ray_session, ordinary) -> None:
    pressed: list[None] = []

    def interrupt(progress: Progress) -> None:
        if progress.played and not pressed:
            pressed.append(threading.Timer(0.0, signal.raise_signal, [signal.SIGINT]).start())

    with pytest.raises(KeyboardInterrupt):
        run(market.changed(games=3_000_000), tmp_path, backend=Borrowed(ray_session), on_progress=interrupt)
    kept = tournament.open(tmp_path).games.height
    assert 0 < kept < 3_000_000
    assert ray_session.pids == ()


class Pressed(InProcess):
    """Plays four games a chunk; during the second Ctrl-C is pressed, and a library drops what that raises."""

    def __init__(self, again: bool = False) -> None:
        self._again = again
        self.after = False

    def run(self, job, queue: Queue) -> Iterator[Done]:
        for count in range(50):
            if count == 1:
                with contextlib.suppress(KeyboardInterrupt):
                    signal.raise_signal(signal.SIGINT)
                if self._again:
                    signal.raise_signal(signal.SIGINT)
                self.after = True
            yield job.play(np.arange(4 * count, 4 * count + 4))


@pytest.fixture
def ordinary() -> Iterator[None]:
    """Ctrl-C as in a shell: a test that runs in the background may have it switched off."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_that_a_library_drops_ends_the_run_with_that_chunk(market: Plan, tmp_path: Path, ordinary) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(market, tmp_path, backend=Pressed())
    assert tournament.open(tmp_path).games.height == 8


def test_a_second_ctrl_c_does_not_wait_for_the_chunk(market: Plan, tmp_path: Path, ordinary) -> None:
    pressed = Pressed(again=True)
    with pytest.raises(KeyboardInterrupt):
        run(market, tmp_path, backend=pressed)
    assert not pressed.after
    assert tournament.open(tmp_path).games.height == 4


def test_a_handler_of_somebody_else_keeps_its_meaning(market: Plan, tmp_path: Path, ordinary) -> None:
    heard: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    run(market, tmp_path, backend=Pressed())
    signal.signal(signal.SIGINT, signal.default_int_handler)
    assert heard == [signal.SIGINT]
    assert tournament.open(tmp_path).complete


def test_a_run_in_another_thread_sets_no_handler(whole: Path, market: Plan, tmp_path: Path, ordinary) -> None:
    handlers: set[object] = set()

    def look(_: Progress) -> None:
        handlers.add(signal.getsignal(signal.SIGINT))

    words = {"backend": "local", "on_progress": look}
    thread = threading.Thread(target=run, args=(market, tmp_path), kwargs=words)
    thread.start()
    thread.join()
    assert fingerprint(tmp_path) == fingerprint(whole)
    assert handlers == {signal.default_int_handler}


def rows(folder: Path) -> pl.DataFrame:
    return tournament.open(folder).games


def test_more_games_change_no_existing_one(market: Plan, tmp_path: Path) -> None:
    plan = market.changed(games=100)
    run(plan, tmp_path, backend="local")
    before = rows(tmp_path)
    run(market, tmp_path, backend="local")
    after = rows(tmp_path)
    assert (before.height, after.height) == (100, 200)
    assert after.filter(pl.col("id").is_in(before["id"].implode())).equals(before)


def test_growing_ends_with_the_bytes_of_a_run_from_scratch(whole: Path, market: Plan, tmp_path: Path) -> None:
    run(market.changed(games=100), tmp_path, backend="local")
    run(market, tmp_path, backend=Scrambled(4))
    assert fingerprint(tmp_path) == fingerprint(whole)


def test_another_player_adds_its_games_to_a_full_plan(market: Plan, tmp_path: Path) -> None:
    few = {"north": ["random"], "south": ["random", "greedy"], "west": ["random"]}
    full = plan_from({**market.plain(), "design": "full", "games": None, "blocks": 5, "seats": few})
    run(full, tmp_path, backend="local")
    before = rows(tmp_path)
    run(full.changed(seats={**few, "north": ["greedy", "random"]}), tmp_path, backend="local")
    after = rows(tmp_path)
    assert (before.height, after.height) == (10, 20)
    assert after.filter(pl.col("id").is_in(before["id"].implode())).equals(before)


def test_another_player_in_a_sample_gives_a_table_of_the_new_sample_only(market: Plan, tmp_path: Path) -> None:
    plan = market.changed(games=100)
    run(plan, tmp_path, backend="local")
    grown = plan.changed(seats={**plan.plain()["seats"], "west": [*plan.plain()["seats"]["west"], "greedy"]})
    found = run(grown, tmp_path, backend="local")
    assert found.games.height == 100
    assert found.seats.height == 300
    assert found.store.frame("games").height > 100


def test_a_smaller_plan_finds_everything_there(whole: Path, market: Plan) -> None:
    before = fingerprint(whole)
    found = run(market.changed(games=50), whole)
    assert found.games.height == 200
    assert fingerprint(whole) == before


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seed": 2}, "the seed was 1, now 2"),
        ({"overrides": {"tracks.price.start": 9}}, "the settings were none, now tracks.price.start=9"),
        ({"without": ["hoard"]}, "now without hoard"),
        ({"design": "one_vs_field", "one": "west"}, "the design was sampled, now one_vs_field for west"),
        ({"seats": {"north": ["random", "greedy"]}}, "the players of north were north_hoarder, .* now greedy, random"),
        ({"games": 66, "blocks": 3}, "20 profiles in 10 worlds, now 22 in 3"),
    ],
)
def test_a_folder_of_another_plan_is_refused_and_left_alone(whole: Path, market: Plan, change, message: str) -> None:
    before = fingerprint(whole), (whole / "plan.yaml").read_bytes()
    with pytest.raises(StoreError, match=f"holds the results of another plan: .*{message}.*--out"):
        run(market.changed(**change), whole, backend="local")
    assert (fingerprint(whole), (whole / "plan.yaml").read_bytes()) == before


def test_a_folder_of_another_rulebook_is_refused(whole: Path, market: Plan, tmp_path: Path) -> None:
    other = tmp_path / "market.yaml"
    other.write_text((HERE / "market.yaml").read_text().replace("start: 8", "start: 9"))
    with pytest.raises(StoreError, match="the rulebook was market"):
        run(market.changed(rules=str(other)), whole, backend="local")


def test_a_folder_whose_doctrine_has_changed_since_is_refused(whole: Path, market: Plan, tmp_path: Path) -> None:
    other = tmp_path / "north_seller.yaml"
    other.write_text((HERE / "players" / "north_seller.yaml").read_text().replace("temperature: 4", "temperature: 5"))
    seats = {**market.plain()["seats"], "north": [str(other), str(HERE / "players/north_hoarder.yaml"), "random"]}
    with pytest.raises(StoreError, match="the doctrine north_seller has changed since"):
        run(market.changed(seats=seats), whole, backend="local")


def test_a_folder_whose_players_were_tampered_with_is_refused(market: Plan, tmp_path: Path) -> None:
    run(market, tmp_path, backend="local")
    kept = tmp_path / "players" / "north_seller.yaml"
    kept.write_text(kept.read_text().replace("temperature: 4", "temperature: 5"))
    with pytest.raises(StoreError, match="are not those that played"):
        _ = tournament.open(tmp_path).field


def test_a_run_says_where_it_plays_and_why(market: Plan, tmp_path: Path) -> None:
    seen: list[Progress] = []
    run(market, tmp_path, on_progress=seen.append)
    assert seen[-1].place == "in this process, as Ray would take longer to start than it saves (--ray forces it)"
    assert tournament.open(tmp_path).manifest["runs"][0]["games"] == 200


def test_long_runs_go_over_to_ray(market: Plan, tmp_path: Path, ray_session, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    module = sys.modules["tournament.runner.run"]
    monkeypatch.setattr(module, "PILOT", 0.0)
    monkeypatch.setattr(module, "RAY_PAYS", 0.0)
    seen: list[Progress] = []
    found = run(market.changed(games=2000), tmp_path, on_progress=seen.append)
    assert seen[-1].place.startswith("on Ray (2 workers on this machine), as one core alone would have taken")
    assert found.games.height == found.field.schedule.games


def test_dataframes_hold_what_the_engine_reports(whole: Path) -> None:
    found = tournament.open(whole)
    assert found.games.columns == [
        "id", "block", "cell", "arm", "scenario", "profile", "scores", "win", "rounds", "end", "by_round",
        "measure_last_price",
    ]  # fmt: skip
    assert [name for name in found.seats.columns if name.startswith(("part_", "family_", "move_"))] == [
        "part_trade", "part_stores", "family_open", "family_closed",
        "move_sell", "move_buy", "move_hoard", "move_pass",
    ]  # fmt: skip
    joined = found.seats.group_by("id").agg(pl.col("score").sum()).sort("id")
    assert joined["score"].to_list() == found.games["scores"].list.sum().to_list()
    assert (found.seats["family_open"] == found.seats["move_sell"] + found.seats["move_buy"]).all()


@pytest.mark.parametrize("name", ["results?b=1[*]", "http:", os.fsdecode(b"latin-\xfc")])
def test_a_results_folder_may_be_called_anything_and_be_run_again_from(name: str, tmp_path: Path) -> None:
    odd = tmp_path / name
    plan = plan_from(
        {"plan": "p", "scenario": "fair", "rules": str(HERE / "market.yaml"), "design": "full", "blocks": 2,
         "seats": {"south": ["random"], "west": ["greedy"], "north": [f"{HERE}/players/north_hoarder.yaml"]}}
    )  # fmt: skip
    run(plan, odd / "first", backend="local")
    run(as_played(odd / "first" / "plan.yaml"), odd / "second", backend="local")
    assert fingerprint(odd / "first") == fingerprint(odd / "second")
    opened = tournament.open(odd / "second")
    assert replay(opened, opened.games["id"][0]).game.over
    write_report(opened, odd / "report")
    assert (odd / "report" / "index.html").is_file()


def test_a_rulebook_that_could_not_be_read_back_is_refused_before_anything_is_played(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "rulebook.yaml").write_text("extends: standard\n")
    card = {"title": "Rumour", "text": "y" * 3_900, "note": "z" * 3_900, "effects": ["tension += 1"], "source": "x"}
    for part in range(3):
        cards = {f"rumour_{part}_{number}": card for number in range(60)}
        (rules / f"events_{part}.yaml").write_text(json.dumps({"events": cards}))
    load_rulebook(rules)
    with pytest.raises(StoreError, match="cannot be kept with its results: in one file the file is larger"):
        run(load_plan("duel_full").changed(rules=str(rules)), tmp_path / "out", games=16, backend="local")
    assert not list(tmp_path.glob("out/**/*.parquet"))


SETTINGS = {
    "optimised": {"PYTHONOPTIMIZE": "2"},
    "old_locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "polars": {"POLARS_MAX_THREADS": "1", "POLARS_STREAMING_CHUNK_SIZE": "7"},
    "hash_seed": {"PYTHONHASHSEED": "9"},
}


@pytest.mark.slow
@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_the_users_settings_change_no_byte(settings: dict[str, str], whole: Path, tmp_path: Path) -> None:
    code = "import sys, tournament; tournament.run(sys.argv[1], sys.argv[2], backend='local')"
    command = [sys.executable, "-c", code, str(HERE / "plan.yaml"), str(tmp_path / "out")]
    subprocess.run(command, env={**os.environ, **settings}, cwd=HERE.parents[1], check=True, timeout=300)
    assert fingerprint(tmp_path / "out") == fingerprint(whole)
