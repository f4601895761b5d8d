"""The page about clusters: its own commands start one on this machine, join it, play on it, and submit a job to it."""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.docs.blocks import ROOT, blocks
from tests.docs.test_docs_commands import parsed
from tests.tournament.conftest import fingerprint
from tournament.runner.run import run

PAGE = ROOT / "docs" / "clusters.md"
JOB = ROOT / "docs" / "examples" / "kuberay_job.yaml"
BIN = Path(sys.executable).parent
GAMES = 600
NOT_YET = ("No available agent", "Timed out", "timed out", "UNAVAILABLE", "DEADLINE_EXCEEDED", "Failed to connect")
"""What Ray says while it starts."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Ray's command line is for Unix")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def command(starts: str) -> list[str]:
    """The page's command that starts so, in words."""
    lines = [line for block in blocks(PAGE, "bash") for line in block.splitlines()]
    return shlex.split(next(line for line in lines if line.startswith(starts)))


class Cluster:
    """Two machines' worth of Ray on this one, by the page's commands; only ports and sizes are this test's."""

    def __init__(self, folder: Path) -> None:
        self.port, self.dashboard = free_port(), free_port()
        exported = dict(word.split("=", 1) for word in command("export RAY_AUTH_MODE")[1:])
        self.environment = {**os.environ, **exported, "RAY_USAGE_STATS_ENABLED": "0", "RAY_TMPDIR": str(folder)}
        self.environment.pop("RAY_ADDRESS", None)
        self.environment["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
        self.started: list[subprocess.Popen[bytes]] = []

    def begin(self) -> None:
        self.start(command("ray start --head"), "--num-cpus=1", f"--dashboard-port={self.dashboard}")
        self.wait(self.port)
        self.start(command("ray start --address"), "--num-cpus=1")
        until = time.monotonic() + 120
        while self.call(["ray", "status", "--address", "HEAD:6379"], patience=120).count("node_") < 2:
            assert time.monotonic() < until, "the second machine did not join"
            time.sleep(0.5)

    def here(self, words: list[str]) -> list[str]:
        ports = {"HEAD:6379": f"127.0.0.1:{self.port}", "HEAD:8265": f"127.0.0.1:{self.dashboard}"}
        words = [word.replace("--port=6379", f"--port={self.port}") for word in words]
        for there, here in ports.items():
            words = [word.replace(there, here) for word in words]
        return words

    def start(self, words: list[str], *more: str) -> None:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen([*self.here(words), *more], env=self.environment, start_new_session=True, **quiet)
        self.started.append(process)

    def wait(self, port: int) -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.2)
        raise AssertionError(f"nothing answers at port {port}")

    def call(self, words: list[str], patience: float = 0) -> str:
        """Call a command of the page.

        On a busy machine Ray's own processes come long after its port: what they refuse is asked again for so long.
        """
        until = time.monotonic() + patience
        while True:
            done = subprocess.run(
                self.here(words), env=self.environment, capture_output=True, text=True, timeout=240, cwd=ROOT
            )
            if done.returncode == 0:
                return done.stdout + done.stderr
            said = done.stdout[-3000:] + done.stderr[-3000:]
            assert time.monotonic() < until and any(words in said for words in NOT_YET), said
            time.sleep(1)

    def stop(self) -> None:
        for process in reversed(self.started):
            process.send_signal(signal.SIGTERM)
        for process in self.started:
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="r", dir="/tmp") as folder:  # Ray's sockets need short paths
        found = Cluster(Path(folder))
        try:
            found.begin()
            yield found
        finally:
            found.stop()


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The same tournament in this process."""
    folder = tmp_path_factory.mktemp("alone") / "duel"
    run("duel_full", folder, games=GAMES, backend="local")
    return fingerprint(folder)


def smaller(words: list[str], folder: Path) -> list[str]:
    """The command for fewer games, with its results in a folder of the test's."""
    games, out = words.index("--games") + 1, words.index("--out") + 1
    return [*words[:games], str(GAMES), *words[games + 1 : out], str(folder), *words[out + 1 :]]


@pytest.mark.slow
def test_a_cluster_of_ones_own_gives_the_bytes_of_one_process(
    cluster: Cluster, alone: dict[str, str], tmp_path: Path
) -> None:
    told = cluster.call(smaller(command("chokepoint tournament run"), tmp_path / "duel"))
    assert "2 workers of the cluster" in told
    assert fingerprint(tmp_path / "duel") == alone


@pytest.mark.slow
def test_a_submitted_job_gives_the_bytes_of_one_process(
    cluster: Cluster, alone: dict[str, str], tmp_path: Path
) -> None:
    cluster.wait(cluster.dashboard)
    told = cluster.call(smaller(command("ray job submit"), tmp_path / "duel"), patience=120)
    assert "2 workers of the cluster" in told
    assert fingerprint(tmp_path / "duel") == alone


def test_the_kubernetes_job_runs_a_command_that_exists_on_the_volume_it_mounts() -> None:
    job = yaml.safe_load(JOB.read_text(encoding="utf-8"))
    assert (job["apiVersion"], job["kind"]) == ("ray.io/v1", "RayJob")
    program, *words = shlex.split(job["spec"]["entrypoint"])
    assert program == "chokepoint"
    found = parsed(words)
    assert found["address"] == "auto"
    (head,) = job["spec"]["rayClusterSpec"]["headGroupSpec"]["template"]["spec"]["containers"]
    assert any(str(found["out"]).startswith(mount["mountPath"] + "/") for mount in head["volumeMounts"])
    images = {head["image"]} | {
        container["image"]
        for group in job["spec"]["rayClusterSpec"]["workerGroupSpecs"]
        for container in group["template"]["spec"]["containers"]
    }
    assert len(images) == 1, "head and workers must be of one version"
