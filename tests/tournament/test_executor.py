"""Chunks: their sizes, their return when a worker dies, and the same outcome in process and on Ray."""

from __future__ import annotations

import math
import os
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tournament.errors import ClusterError, GameFailed
from tournament.runner.cores import usable_cores
from tournament.runner.executor import MAX_CHUNK, Done, InProcess, Numbers, Queue
from tournament.runner.pool import Events, Pool, Worker, WorkerLost


@dataclass(frozen=True)
class Touch:
    """Pretends to play: leaves a file for each game. Some games are unlucky."""

    folder: str
    fatal: int = -1
    """This game kills its worker, always."""
    once: int = -1
    """This one kills its worker the first time."""
    raises: int = -1

    def prepare(self) -> None:
        pass

    def play(self, games: Numbers) -> Done:
        for game in games.tolist():
            if game == self.raises:
                raise GameFailed(f"game {game} cannot be played")
            again = Path(self.folder, "killed")
            if game == self.fatal or (game == self.once and not again.exists()):
                again.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            Path(self.folder, f"game-{game}").touch()
        return Done(len(games), len(games) / 1000, str(games[0]))


def played(folder: Path) -> set[int]:
    return {int(path.name.removeprefix("game-")) for path in folder.glob("game-*")}


def test_chunks_take_as_long_as_they_should() -> None:
    queue = Queue(np.arange(10_000), seconds=0.2, first=4)
    first = queue.take()
    assert first is not None
    queue.learn(Done(len(first), 0.01, ""), first)
    second = queue.take()
    assert (len(first), len(second)) == (4, 80)


def test_slow_and_quick_games_have_chunks_of_their_own() -> None:
    slow = 1_000 / 7  # every seventh game takes a second, the others a millisecond
    queue = Queue(range(1_000), seconds=0.2, first=4, slow=lambda games: games % 7 == 0)
    sizes: dict[bool, list[int]] = {True: [], False: []}
    order = []
    while (games := queue.take()) is not None:
        kinds = set((games % 7 == 0).tolist())
        assert len(kinds) == 1
        kind = kinds.pop()
        order.append(kind)
        sizes[kind].append(len(games))
        queue.learn(Done(len(games), len(games) * (1.0 if kind else 0.001), ""), games)
    assert order == sorted(order, reverse=True), "the slow ones come first"
    assert sum(sizes[True]) == math.ceil(slow) and sum(sizes[False]) == 1_000 - math.ceil(slow)
    assert set(sizes[True][1:]) == {1}
    assert sizes[False][1] == 200


def test_the_time_left_adds_up_both_kinds() -> None:
    queue = Queue(range(100), seconds=100.0, first=10, slow=lambda games: games < 20)
    assert queue.seconds_left == 0
    late = queue.take()
    queue.learn(Done(10, 10.0, ""), late)
    assert queue.seconds_left == pytest.approx(10)
    queue.take()
    quick = queue.take()
    queue.learn(Done(10, 1.0, ""), quick)
    assert queue.seconds_left == pytest.approx(7)
    queue.give_back(late)
    assert queue.seconds_left == pytest.approx(17)


def test_chunks_get_longer_with_the_workers_so_that_their_number_a_second_is_bounded() -> None:
    for workers, seconds in ((2, 0.3), (12, 0.3), (100, 2.5), (1000, 25.0)):
        queue = Queue(range(10**9), first=4)
        queue.learn(Done(4, 0.001, ""), queue.take(workers))
        assert len(queue.take(workers)) == min(MAX_CHUNK, round(4_000 * seconds))


@dataclass
class Flaky(Pool):
    """Workers in this process, some of which are lost at a game."""

    played: list[int]
    deadly: int
    lives: int

    def __post_init__(self) -> None:
        Pool.__init__(self, 3)

    def start(self, worker: Worker, events: Events) -> None:
        events.put((worker, 0, 1))

    def send(self, worker: Worker, number: int, games: Numbers, events: Events) -> None:
        if worker.handle == "dead":
            return
        if self.deadly in games.tolist() and self.lives:
            self.lives -= 1
            worker.handle = "dead"
            events.put((worker, number, WorkerLost("killed")))
            return
        self.played += games.tolist()
        events.put((worker, number, Done(len(games), 0.0, "")))


def test_the_chunks_of_lost_workers_are_played_by_others() -> None:
    pool = Flaky([], deadly=17, lives=1)
    assert sum(done.games for done in pool.run(Touch(""), Queue(range(50), first=4))) == 50
    assert sorted(pool.played) == list(range(50))


def test_the_game_that_loses_workers_is_found_and_the_others_of_its_chunk_are_played() -> None:
    pool = Flaky([], deadly=17, lives=100)
    with pytest.raises(GameFailed, match="game number 17 killed its worker twice"):
        list(pool.run(Touch(""), Queue(range(50), first=4)))
    assert 17 not in pool.played and pool.lives == 96


CGROUPS = {
    "no_quota": ({"proc/self/cgroup": "0::/app", "sys/fs/cgroup/app/cpu.max": "max 100000"}, 64),
    "version_two": ({"proc/self/cgroup": "0::/app", "sys/fs/cgroup/app/cpu.max": "150000 100000"}, 2),
    "of_a_group_around": (
        {"proc/self/cgroup": "0::/pod/app", "sys/fs/cgroup/pod/cpu.max": "300000 100000",
         "sys/fs/cgroup/pod/app/cpu.max": "max 100000"},
        3,
    ),
    "version_one": (
        {"proc/self/cgroup": "4:memory:/x\n3:cpu,cpuacct:/app",
         "sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_quota_us": "400000",
         "sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_period_us": "100000"},
        4,
    ),
    "version_one_without_quota": (
        {"proc/self/cgroup": "1:cpu:/", "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1",
         "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000"},
        64,
    ),
    "less_than_a_core": ({"proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": "20000 100000"}, 1),
    "no_control_groups": ({}, 64),
}  # fmt: skip


@pytest.mark.parametrize(("files", "cores"), CGROUPS.values(), ids=CGROUPS)
def test_a_containers_quota_bounds_the_workers(
    files: dict[str, str], cores: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(64)), raising=False)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{text}\n")
    assert usable_cores(tmp_path) == cores


def test_affinity_bounds_the_workers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 64)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {5}, raising=False)
    assert usable_cores(tmp_path) == 1


def test_the_last_chunks_are_shared_evenly() -> None:
    queue = Queue(np.arange(100), first=80)
    assert [len(queue.take(workers=2)) for _ in range(3)] == [50, 25, 13]


def test_every_game_is_handed_out_once_and_comes_back_when_lost() -> None:
    queue = Queue(np.arange(10), first=4)
    lost = queue.take()
    rest = [queue.take() for _ in range(2)]
    assert queue.take() is None
    queue.give_back(lost)
    assert queue.left == 4
    assert sorted(np.concatenate([queue.take(), *rest]).tolist()) == list(range(10))


def test_unwanted_games_are_skipped_and_counted() -> None:
    queue = Queue(np.arange(12), first=4)
    first = queue.take()
    lost = queue.take()
    queue.give_back(lost)
    queue.only(lambda games: games % 2 == 0)
    rest = []
    while (games := queue.take()) is not None:
        rest += games.tolist()
    assert first.tolist() == [0, 1, 2, 3]
    assert sorted(rest) == [4, 6, 8, 10]
    assert (queue.left, queue.dropped) == (0, 4)


def test_in_process_plays_everything(tmp_path: Path) -> None:
    done = list(InProcess().run(Touch(str(tmp_path)), Queue(range(50))))
    assert sum(chunk.games for chunk in done) == 50
    assert played(tmp_path) == set(range(50))


def test_ray_plays_everything(ray_session, tmp_path: Path) -> None:
    done = list(ray_session.run(Touch(str(tmp_path)), Queue(range(500))))
    assert sum(chunk.games for chunk in done) == 500
    assert played(tmp_path) == set(range(500))


def test_a_chunk_whose_worker_dies_is_played_again(ray_session, tmp_path: Path) -> None:
    done = list(ray_session.run(Touch(str(tmp_path), once=77), Queue(range(300))))
    assert sum(chunk.games for chunk in done) == 300
    assert played(tmp_path) == set(range(300))


def test_a_game_that_always_kills_its_worker_is_found(ray_session, tmp_path: Path) -> None:
    with pytest.raises(GameFailed, match="game number 33 killed its worker twice"):
        list(ray_session.run(Touch(str(tmp_path), fatal=33), Queue(range(60), first=2)))
    assert played(tmp_path)
    assert 33 not in played(tmp_path)


def test_what_a_worker_raises_arrives_as_it_was(ray_session, tmp_path: Path) -> None:
    with pytest.raises(GameFailed, match=r"^game 5 cannot be played$"):
        list(ray_session.run(Touch(str(tmp_path), raises=5), Queue(range(10))))


def test_workers_that_cannot_start_end_the_run(ray_session, tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Broken(Touch):
        def prepare(self) -> None:
            raise ValueError("no rules here")

    with pytest.raises(ClusterError, match="the workers cannot start: ValueError: no rules here"):
        list(ray_session.run(Broken(str(tmp_path)), Queue(range(10))))


def test_an_address_that_does_not_answer_is_told_at_once() -> None:
    from tournament.runner.ray_pool import RayPool

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.monotonic()
    with pytest.raises(ClusterError, match=f"nothing answers at 127.0.0.1:{port}"):
        RayPool(f"127.0.0.1:{port}")
    assert time.monotonic() - began < 5


def test_the_users_settings_neither_reach_ray_nor_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    from tournament.runner.ray_pool import _environment

    for name, value in {"RAY_ADDRESS": "10.0.0.1:6379", "PYTHONHASHSEED": "7", "PYTHONOPTIMIZE": "2"}.items():
        monkeypatch.setenv(name, value)
    before = dict(os.environ)
    with _environment(None):
        assert "RAY_ADDRESS" not in os.environ and "PYTHONOPTIMIZE" not in os.environ
        assert os.environ["PYTHONHASHSEED"] == "0" and os.environ["RAY_USAGE_STATS_ENABLED"] == "0"
    assert dict(os.environ) == before


def test_auto_is_the_cluster_of_a_job_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    from tournament.runner.ray_pool import RayPool

    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    with pytest.raises(ClusterError, match="RAY_ADDRESS names none"):
        RayPool("auto")
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    with pytest.raises(ClusterError, match=r"nothing answers at 127\.0\.0\.1:1"):
        RayPool("auto")


@pytest.mark.parametrize("address", ["nonsense", "host:", ":6379", "host:port", "host:99999"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    from tournament.runner.ray_pool import check_address

    with pytest.raises(ClusterError, match="is no address of a Ray cluster"):
        check_address(address)
