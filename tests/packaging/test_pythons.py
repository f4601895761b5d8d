"""The built wheel on every Python that is found here, in a folder with spaces: installed, checked, played, reported.

Slow by nature: each Python gets an environment of its own from the package index.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUPPORTED = ("3.11", "3.12", "3.13", "3.14")
PACKAGES = ("rules", "game", "ai_players", "tournament", "assets")
GAMES = ("tournament", "run", "duel_full", "--games", "64", "--no-ray")


def pythons() -> list[str]:
    """Every supported Python on the path or among pyenv's, one a version."""
    found = {}
    for version in SUPPORTED:
        kept = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
        path = shutil.which(f"python{version}") or (str(kept[-1]) if kept else "")
        # Pyenv's own command is on the path for versions that are not switched on, and fails.
        for each in (path, *map(str, kept)):
            if each and subprocess.run([each, "-c", "import venv"], capture_output=True, check=False).returncode == 0:
                found[version] = each
                break
    return list(found.values())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the source tree."""
    source = tmp_path_factory.mktemp("source tree")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.nb*"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "THIRD_PARTY.md"):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(source), str(source)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if run.returncode:
        pytest.skip(f"building a wheel needs setuptools from a package index: {run.stderr[-200:]}")
    (built,) = source.glob("*.whl")
    return built


@pytest.mark.slow
@pytest.mark.parametrize("python", pythons())
def test_the_wheel_plays_the_same_games_on_every_python(python: str, wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "a home with spaces"
    home.mkdir()
    subprocess.run([python, "-m", "venv", str(home / "env")], check=True, timeout=300)
    binary = home / "env" / ("Scripts" if os.name == "nt" else "bin")
    install = subprocess.run(
        [str(binary / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)],
        capture_output=True, text=True, timeout=1800, check=False,
    )  # fmt: skip
    assert install.returncode == 0, install.stderr

    def chokepoint(*words: str, command: Path = binary / "chokepoint", **settings: str) -> str:
        environ = {**os.environ, "XDG_CACHE_HOME": str(home / "cache"), **settings}
        environ.pop("PYTHONPATH", None)
        run = subprocess.run(
            [str(command), *words], cwd=home, env=environ, capture_output=True, text=True, timeout=900, check=False
        )
        assert run.returncode == 0, f"{words}: {run.stdout}{run.stderr}"
        return run.stdout

    assert chokepoint("rules", "check", "standard").startswith("ok: ")
    game = ("simulate", "--scenario", "first_game", "--seed", "3")
    here = Path(sys.executable).parent / "chokepoint"
    assert chokepoint(*game) == chokepoint(*game, command=here), "another game than the one this Python plays"
    chokepoint(*GAMES, "--out", "by the interpreter", CHOKEPOINT_NATIVE="0")
    chokepoint(*GAMES, "--out", "by native programs", CHOKEPOINT_NATIVE="at-once")
    stored = {path.name: path.read_bytes() for path in (home / "by the interpreter").rglob("*.parquet")}
    assert stored
    assert stored == {path.name: path.read_bytes() for path in (home / "by native programs").rglob("*.parquet")}
    chokepoint("tournament", "report", "by native programs", "--out", "a page")
    assert "<html" in (home / "a page" / "index.html").read_text(encoding="utf-8")
