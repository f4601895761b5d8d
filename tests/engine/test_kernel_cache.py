"""The compiled kernel is kept where it can be; what cannot be written, or is not whole, is done without."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from game.engine.jit import Seals, jit_wanted, usable
from tests.laws.worlds import ROOT

GAME = """
from game import play_games
from rules import load_rulebook
from game.engine import jit
print(jit.jitted().jit, play_games(load_rulebook("tests/oracles/nim.yaml"), None, PLAYERS, [7, 8]).scores.tolist())
"""


def play(**environment: str) -> tuple[str, str]:
    """Two games of nim in a new process: whether compiled, their scores, and what it says."""
    program = GAME.replace("PLAYERS", '{"one": "random", "two": "random"}')
    kept = {name: value for name, value in os.environ.items() if name not in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME")}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def test_a_folder_that_can_be_made_is_used(tmp_path: Path) -> None:
    assert usable(tmp_path / "not" / "there yet")
    assert (tmp_path / "not" / "there yet").is_dir()


def test_a_home_that_cannot_be_made_is_not(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert not usable(tmp_path / "file" / "cache")


@pytest.mark.parametrize("name", ["f.nbi", "f.nbc"])
@pytest.mark.parametrize("damage", ["unsealed", "emptied", "cut", "changed", "not text", "a folder"])
def test_what_is_not_whole_is_taken_away_before_numba_reads_it(damage: str, name: str, tmp_path: Path) -> None:
    folder = tmp_path / "deep"
    folder.mkdir()
    file, other = folder / name, folder / "other.nbi"
    file.write_bytes(b"compiled code")
    other.write_bytes(b"index")
    seals = Seals.__new__(Seals)  # as of a process that found nothing and wrote these
    seals._folder = tmp_path
    seals.seal()
    match damage:
        case "unsealed":
            (folder / f"{name}.sum").unlink()
        case "emptied":
            file.write_bytes(b"")
        case "cut":
            file.write_bytes(b"compiled")
        case "changed":
            file.write_bytes(b"compiled c0de")
        case "not text":
            (folder / f"{name}.sum").write_bytes(b"\xff\xfe")
        case "a folder":
            file.unlink()
            file.mkdir()
    Seals(tmp_path)
    assert not file.exists()
    assert other.exists()


@pytest.mark.slow
@pytest.mark.skipif(not jit_wanted(), reason="needs numba")
def test_rubbish_in_the_cache_counts_as_missing(tmp_path: Path) -> None:
    whole, _ = play(XDG_CACHE_HOME=str(tmp_path))
    files = [file for file in tmp_path.rglob("*") if file.suffix in (".nbi", ".nbc", ".o")]
    assert whole.startswith("True") and files
    for number, file in enumerate(files):
        data = file.read_bytes()
        file.write_bytes([b"", data[: len(data) // 2], b"rubbish" + data, data[:-9] + b"\0" * 9][number % 4])
    assert play(XDG_CACHE_HOME=str(tmp_path)) == (whole, "")
    assert play(XDG_CACHE_HOME=str(tmp_path)) == (whole, "")  # and it has been mended


@pytest.mark.slow
@pytest.mark.skipif(not jit_wanted(), reason="needs numba")
def test_without_a_place_for_the_cache_it_says_so_once_and_plays(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    usual, _ = play()
    answer, said = play(XDG_CACHE_HOME=str(tmp_path / "file"))
    assert answer == usual
    assert said.count("cannot be kept") == 1


def test_numbas_own_switch_means_the_plain_kernel() -> None:
    answer, said = play(NUMBA_DISABLE_JIT="1")
    assert answer.startswith("False") and said == ""
    assert answer.split(" ", 1)[1] == play()[0].split(" ", 1)[1]


COMPILING = """
import threading
from numba.core import event
from game.engine import jit

class Listener(event.Listener):
    def on_start(self, event):
        print(threading.current_thread() is threading.main_thread())

    def on_end(self, event):
        pass

event.register("numba:compile", Listener())
print(jit.jitted().mix(1, 2))
"""


@pytest.mark.skipif(not jit_wanted(), reason="without numba nothing is compiled")
def test_the_kernel_is_compiled_beside_the_main_thread_in_which_llvm_would_swallow_ctrl_c(tmp_path: Path) -> None:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", COMPILING], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    in_main, (result,) = done.stdout.split()[:-1], done.stdout.split()[-1:]
    assert in_main and set(in_main) == {"False"} and result.isdigit()
