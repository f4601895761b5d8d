"""What can go wrong around a run: damage, kills at any moment, a full disk, a read-only folder, a lost machine."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import tournament
from tests.tournament.conftest import HERE, fingerprint
from tests.tournament.test_run import Scrambled
from tournament.design.plan import Plan, load_plan
from tournament.errors import StoreError
from tournament.runner.run import Progress, run
from tournament.storage import store as store_module

PLAN = str(HERE / "plan.yaml")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    run(PLAN, folder, backend="local")
    return folder


@pytest.mark.parametrize("moment", ["halfway", "at the end"])
@pytest.mark.parametrize("part", ["games", "seats"])
def test_damaged_results_are_set_aside_told_and_played_again(
    whole: Path, market: Plan, tmp_path: Path, part: str, moment: str
) -> None:
    if moment == "halfway":
        with pytest.raises(KeyboardInterrupt):
            run(market, tmp_path, backend=Scrambled(3, 2))
    else:
        run(market, tmp_path, backend="local")
    path = sorted((tmp_path / part).glob("*.parquet"))[0]
    path.write_bytes(path.read_bytes()[:-100])
    seen: list[Progress] = []
    run(market, tmp_path, backend="local", on_progress=seen.append)
    assert f"{part}/{path.name}" in seen[0].notes[0]
    assert fingerprint(tmp_path) == fingerprint(whole)
    assert (tmp_path / "damaged" / f"{part}-{path.name}").is_file()


def test_a_lost_manifest_loses_no_game(whole: Path, market: Plan, tmp_path: Path) -> None:
    run(market, tmp_path, backend="local")
    (tmp_path / "manifest.json").unlink()
    run(market, tmp_path, on_progress=lambda _: pytest.fail("nothing is left to play"))
    assert fingerprint(tmp_path) == fingerprint(whole)


def test_a_full_disk_ends_the_run_with_a_sentence_and_the_next_one_finishes(
    whole: Path, market: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync, calls = os.fsync, iter(range(10_000))

    def fill(descriptor: int) -> None:
        if next(calls) >= 18:
            raise OSError(28, "No space left on device")
        sync(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fill)
        with pytest.raises(StoreError, match=r"cannot be written: No space left on device; once it can be, run"):
            run(market, tmp_path, backend=Scrambled(5))
    assert not list(tmp_path.glob("**/*.tmp"))
    run(market, tmp_path, backend="local")
    assert fingerprint(tmp_path) == fingerprint(whole)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 400 kB, where this system lets one be made."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "none", str(place)], capture_output=True)
    if made.returncode:
        pytest.skip("cannot mount a small disk here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_disk_that_is_full_indeed_is_told_and_what_is_there_stays_whole(small_disk: Path, market: Plan) -> None:
    with pytest.raises(StoreError, match="No space left on device"):
        run(market.changed(games=60_000), small_disk / "out", backend="local")
    assert store_module.Store(small_disk / "out").mend() == []
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    before = fingerprint(small_disk / "out")
    with pytest.raises(StoreError, match=r"cannot write in .*: Read-only file system; choose another folder"):
        run(market, small_disk / "out", backend="local")
    assert fingerprint(small_disk / "out") == before


def test_a_read_only_folder_is_told_and_left_alone(whole: Path, market: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    before = fingerprint(whole), (whole / "manifest.json").read_bytes()
    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(StoreError, match=r"cannot write in .*: Read-only file system; choose another folder"):
        run(market.changed(games=5000), whole, backend="local")
    assert (fingerprint(whole), (whole / "manifest.json").read_bytes()) == before
    assert tournament.open(whole).games.height == 200


# ------------------------------------------------------------------------------------------------ kills

KILLER = """
import os, random, signal, sys, time
from pathlib import Path
import tournament
from tournament.design.plan import load_plan

plan, folder, kills, step = load_plan(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
rng = random.Random(7)
for number in range(kills):
    child = os.fork()
    if not child:
        tournament.run(plan.changed(games=step * (number + 1)), folder, backend="local")
        os._exit(0)
    before = set(folder.glob("games/*"))
    until = time.monotonic() + 20 if number % 4 else 0
    while set(folder.glob("games/*")) <= before and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(rng.uniform(0.0, 0.8))
    try:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        print("killed", len(list(folder.glob("games/*"))), flush=True)
    except (ProcessLookupError, ChildProcessError):
        print("done", flush=True)
"""


@pytest.mark.slow
def test_a_run_killed_at_twenty_moments_ends_with_the_bytes_of_one_never_killed(market: Plan, tmp_path: Path) -> None:
    step, kills = 3000, 22
    found = subprocess.run(
        [sys.executable, "-c", KILLER, PLAN, str(tmp_path / "killed"), str(kills), str(step)],
        capture_output=True, text=True, timeout=500, check=True, cwd=HERE.parents[1],
    )  # fmt: skip
    assert found.stdout.count("killed") >= 20, found.stdout
    last = market.changed(games=step * kills)
    kept = len(store_module.Store(tmp_path / "killed").done())
    assert kept > 0
    seen: list[Progress] = []
    run(last, tmp_path / "killed", backend="local", on_progress=seen.append)
    run(last, tmp_path / "whole", backend="local")
    assert fingerprint(tmp_path / "killed") == fingerprint(tmp_path / "whole")
    assert not (tmp_path / "killed" / "damaged").exists()
    assert not list(tmp_path.glob("killed/**/*.tmp"))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_driver_of_ray_that_is_killed_loses_nothing(seed: int, market: Plan, tmp_path: Path) -> None:
    plan = market.changed(games=30_000)
    words = ["tournament", "run", PLAN, "--games", "30000", "--ray", "--out", str(tmp_path / "killed")]
    process = subprocess.Popen([sys.executable, "-m", "game", *words], stderr=subprocess.DEVNULL, cwd=HERE.parents[1])
    until = time.monotonic() + 90
    while not list((tmp_path / "killed").glob("games/*.parquet")) and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(random.Random(seed).uniform(0.0, 0.8))
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    run(plan, tmp_path / "killed", backend="local")
    run(plan, tmp_path / "whole", backend="local")
    assert fingerprint(tmp_path / "killed") == fingerprint(tmp_path / "whole")


CLUSTER = """
import json, os, sys
from ray.cluster_utils import Cluster
import tournament.runner.ray_pool as pool

os.environ.update(pool.ENVIRONMENT)
cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
second = cluster.add_node(num_cpus=1)
import ray
ray.init(address=cluster.address, log_to_driver=False, logging_level="ERROR")
from tournament.design.plan import load_plan
from tournament.runner.run import run

lost = []
def lose(progress):
    if progress.played > 300 and not lost:
        lost.append(progress.played)
        cluster.remove_node(second, allow_graceful=False)

executor = pool.RayPool(workers=2)
run(load_plan(sys.argv[1]).changed(games=20000), sys.argv[2], backend=executor, on_progress=lose)
print(json.dumps({"lost": lost}), flush=True)
os._exit(0)
"""


@pytest.mark.slow
def test_a_machine_lost_halfway_leaves_the_same_bytes(market: Plan, tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", CLUSTER, PLAN, str(tmp_path / "lost")],
        capture_output=True, text=True, timeout=240, cwd=HERE.parents[1],
    )  # fmt: skip
    assert found.returncode == 0, found.stderr[-2000:]
    assert json.loads(found.stdout.splitlines()[-1])["lost"]
    run(market.changed(games=20_000), tmp_path / "whole", backend="local")
    assert fingerprint(tmp_path / "lost") == fingerprint(tmp_path / "whole")


def test_the_plan_of_these_tests_is_what_they_think_it_is() -> None:
    assert load_plan(PLAN).games == 200
