"""What a wheel ships: every package with its data, nothing of the tests; and the frame's files agree."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = (".py", ".typed", ".yaml", ".svg", ".ttf", ".txt", ".html", ".css", ".js", ".md", ".xml")
PACKAGES = ("rules", "game", "ai_players", "tournament", "assets")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of a wheel built from a copy of the source tree."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in (*PACKAGES, "tests"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.nb*"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "THIRD_PARTY.md"):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", str(source), "--no-deps", "-w", str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if run.returncode and re.search(r"Could not find a version|connection|Network", run.stderr):
        pytest.skip("building a wheel needs setuptools from a package index")
    assert run.returncode == 0, run.stderr
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


@pytest.mark.slow
def test_wheel_has_every_module_and_data_file_and_no_tests(wheel: set[str]) -> None:
    wanted = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in SHIPPED and "__pycache__" not in path.parts
    }
    assert wanted - wheel == set()
    for needed in ("rules/standard/world.yaml", "rules/standard/scenarios/rivals_2025.yaml",
                   "ai_players/doctrines/flood_the_commons.yaml", "tournament/plans/rivals_mixed.yaml",
                   "assets/icons/sanctions.svg", "assets/book/book.css"):  # fmt: skip
        assert needed in wheel
    assert {name.split("/")[0] for name in wheel if ".dist-info/" not in name} == set(PACKAGES)
    assert any(name.endswith("licenses/LICENSE") for name in wheel)


def test_third_party_notices_name_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    notices = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8").lower().replace("-", "_")
    extras = project["optional-dependencies"]
    for line in (*project["dependencies"], *extras["rl"], *extras["test"]):
        name = re.match(r"[A-Za-z0-9_.-]+", line)
        assert name and name.group().lower().replace("-", "_") in notices


def test_every_package_says_what_it_is_for() -> None:
    for package in PACKAGES:
        assert (ROOT / package / "__init__.py").read_text(encoding="utf-8").startswith('"""')
