"""The window as a process: without a display, quit at once, killed in mid-game."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from game import Record
from game.table import saved_games
from tests.ui.hands import Hands

ROOT = Path(__file__).resolve().parents[2]

PLAYS_ON = """
import os, sys, time
from pathlib import Path
from rules import load_rulebook
from tests.ui.stage.stage import at_the_table, open_app, sitting
from game.table import saved_games
book = load_rulebook("standard")
home = Path(sys.argv[1])
app, clock = open_app(home, (1280, 800), 100, book)
table = sitting(book, "rivals_2025", (0, 1), 0, path=saved_games.new_path(home, "rivals_2025", 11))
while True:
    table.play(table.game.choose("greedy"))
    print(table.game.state_hash, flush=True)
    app.frame()
    time.sleep(0.01)
"""


def environment(**more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key != "DISPLAY" and key != "WAYLAND_DISPLAY"}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def test_without_a_display_it_says_so_and_what_else_can_be_done(tmp_path: Path) -> None:
    code = "from game.ui.run import run\nrun()"
    env = environment(SDL_VIDEODRIVER="x11", CHOKEPOINT_HOME=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, cwd=ROOT, timeout=60)
    assert done.returncode == 1
    assert "NoDisplay: there is no display" in done.stderr and "chokepoint simulate" in done.stderr


def test_it_starts_without_sound_and_quits_cleanly(tmp_path: Path) -> None:
    code = (
        "import pygame\nfrom game.ui.run import run\nfrom game.ui.toolkit import display\nstart = display.start\n"
        "def begin():\n    start()\n    pygame.event.post(pygame.event.Event(pygame.QUIT))\n"
        "display.start = begin\nassert run(seed=3) == 0\n"
        "assert not pygame.mixer.get_init()\nassert not pygame.display.get_init()"
    )
    env = environment(SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="none such", CHOKEPOINT_HOME=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, cwd=ROOT, timeout=60)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_killed_in_mid_game_it_resumes_at_the_last_move(tmp_path: Path, open_window: Callable[..., Hands]) -> None:
    env = environment(SDL_VIDEODRIVER="dummy")
    with subprocess.Popen(
        [sys.executable, "-c", PLAYS_ON, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=env, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        hashes = [process.stdout.readline().strip() for _ in range(9)]
        time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split()
    told = [*hashes, *rest]
    (path,) = saved_games.autosaves(tmp_path)
    record = Record.load(path)
    assert not record.damaged
    kept = [node.check for node in record.main_line()]
    assert kept[: len(told)] == told and len(kept) <= len(told) + 1
    hands = open_window(folder=tmp_path)
    hands.settle()
    hands.click("start.continue")
    hands.settle()
    assert hands.play.sitting.game.state_hash == kept[-1]
    assert hands.play.table.viewer is None


def test_only_the_latest_autosaves_are_kept(tmp_path: Path) -> None:
    folder = saved_games.folder(tmp_path)
    folder.mkdir()
    for n in range(saved_games.KEPT + 3):
        path = folder / f"game {n}.yaml"
        path.write_text("x", encoding="utf-8")
        os.utime(path, (1000 + n, 1000 + n))
    saved_games.tidy_up(tmp_path)
    kept = {f"game {n}.yaml" for n in range(3, saved_games.KEPT + 3)}
    assert {path.name for path in folder.iterdir()} == kept
