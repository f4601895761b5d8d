"""A desktop that nobody sees, a person's hands on it, and what is on its screen: Xvfb, a window manager, xdotool."""

from __future__ import annotations

import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import ImageGrab

from game import Record, load_game
from game.table import saved_games
from game.ui.toolkit.display import TITLE

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("Xvfb", "openbox", "xdotool", "setxkbmap")
SCREEN, PROJECTOR = (1400, 900), (1280, 720)
DRIVER = Path("/usr/lib/xorg/modules/drivers/dummy_drv.so")
"""The graphics card that is none, with as many outputs as one likes: Xvfb has one."""
PATIENCE = 60.0
"""Seconds that anything may take; the machines of continuous integration are slow."""

Picture = npt.NDArray[np.uint8]


def missing() -> list[str]:
    """The programs that are not installed here."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


def missing_for_two() -> list[str]:
    """What is not installed here for a desktop of two screens, or may not be used."""
    lacking = missing() + [name for name in ("Xorg", "xrandr") if shutil.which(name) is None]
    return (
        lacking
        + ([] if DRIVER.is_file() else [DRIVER.name])
        + ([] if os.getuid() == 0 else ["the right to start Xorg"])
    )


class Desktop:
    """A screen with at most one game on it. ``picture`` returns what is on it, as rows of red, green and blue."""

    def __init__(self, home: Path, name: str, picture: Callable[[], Picture]) -> None:
        self.home, self.picture = home, picture
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith("SDL_")},
            "DISPLAY": name, "CHOKEPOINT_HOME": str(home), "PYTHONPATH": str(ROOT), "SDL_AUDIODRIVER": "dummy",
        }  # fmt: skip
        self.game: subprocess.Popen[bytes] | None = None

    # ------------------------------------------------------------------------------------------ the window

    def open(self, *arguments: str) -> None:
        """Starts the program and waits until its window is there and has drawn something."""
        command = [sys.executable, "-m", "game", *arguments]
        self.game = subprocess.Popen(command, env=self.env, cwd=ROOT, stderr=subprocess.PIPE)
        self.until(lambda: TITLE in self._active(), "the window")
        self.until(lambda: len(np.unique(self.picture().reshape(-1, 3), axis=0)) > 20, "the first frame")
        self.still()

    def _active(self) -> str:
        """The title of the window that has the keyboard."""
        done = subprocess.run(
            ["xdotool", "getactivewindow", "getwindowname"], env=self.env, capture_output=True, text=True
        )
        return done.stdout

    def kill(self) -> None:
        """As a power cut does."""
        assert self.game is not None
        self.game.send_signal(signal.SIGKILL)
        self.game.wait(PATIENCE)

    def close(self) -> None:
        if self.game is not None and self.game.poll() is None:
            self.kill()

    @property
    def alive(self) -> bool:
        return self.game is not None and self.game.poll() is None

    # ------------------------------------------------------------------------------------------- the hands

    def xdotool(self, *arguments: str) -> str:
        done = subprocess.run(
            ["xdotool", *arguments], env=self.env, capture_output=True, text=True, timeout=PATIENCE, check=True
        )
        return done.stdout

    def key(self, *names: str) -> None:
        """Presses and lets go of keys, one after the other, and waits for what comes of it."""
        for name in names:
            self.xdotool("key", name)
            time.sleep(0.1)
        self.still()

    def hold(self, name: str, seconds: float) -> None:
        """Holds a key down; the server repeats it, as a keyboard does."""
        self.xdotool("keydown", name)
        time.sleep(seconds)
        self.xdotool("keyup", name)
        self.still()

    def click(self, x: int, y: int) -> None:
        """Clicks a place of the window, and leaves the mouse there."""
        window = self.xdotool("getactivewindow").strip()
        self.xdotool("mousemove", "--window", window, str(x), str(y))
        time.sleep(0.1)
        self.xdotool("click", "1")
        self.still()

    def type(self, text: str) -> None:
        self.xdotool("type", "--delay", "40", text)
        self.still()

    def layout(self, name: str) -> None:
        """Another keyboard."""
        subprocess.run(["setxkbmap", name], env=self.env, check=True, timeout=PATIENCE)
        time.sleep(0.3)

    # ------------------------------------------------------------------------------------------- the screen

    def still(self, seconds: float = 0.4) -> Picture:
        """Waits until the screen has not changed for a while; what moves all the time is waited for no longer."""
        end = time.monotonic() + PATIENCE / 6
        before, since = self.picture(), time.monotonic()
        while time.monotonic() - since < seconds and time.monotonic() < end:
            time.sleep(0.05)
            now = self.picture()
            if not np.array_equal(now, before):
                before, since = now, time.monotonic()
        return before

    def until(self, holds: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, f"still waiting for {what}"
            assert self.game is None or self.alive, f"the window has ended: {self.last_words()}"
            time.sleep(0.1)

    def last_words(self) -> str:
        return self.game.stderr.read().decode() if self.game is not None and self.game.stderr is not None else ""

    # ------------------------------------------------------------------------------------------- the record

    @property
    def record(self) -> Record:
        """The game that was saved last."""
        return Record.load(saved_games.autosaves(self.home)[0])

    @property
    def moves(self) -> list[str]:
        """What people and bots have played in it, passes too."""
        return [f"{node.seat}: {node.do}" for node in self.record.main_line() if node.do is not None]

    @property
    def round(self) -> int:
        """The round that the saved game stands in."""
        return load_game(saved_games.autosaves(self.home)[0]).round

    def play_a_move(self, digit: str = "{}") -> bool:
        """Plays the first move that takes no more than two choices; returns whether one was played."""
        before = len(self.moves)
        for _ in range(4):
            for number in (1, 2, 3, 4):
                self.key("Escape") if number > 1 else None
                self.key(*(digit.format(n) for n in (number, 1, 1)), "Return")
                if len(self.moves) > before:
                    return True
            self.key("Right")
        return False

    def table_is_set(self) -> None:
        self.until(lambda: bool(saved_games.autosaves(self.home)), "the game's file")
        self.still(1.0)


def _shown(data: bytes) -> Picture:
    """Return the picture in a file of Xvfb's."""
    (header,) = struct.unpack_from(">I", data)
    wide, high = struct.unpack_from(">II", data, 16)
    (stride,) = struct.unpack_from(">I", data, 48)
    (colours,) = struct.unpack_from(">I", data, 76)
    pixels = np.frombuffer(data, np.uint8, high * stride, header + colours * 12)
    return pixels.reshape(high, stride // 4, 4)[:, :wide, 2::-1]


@contextmanager
def desktop(folder: Path) -> Iterator[Desktop]:
    """A screen of its own, with a window manager."""
    frame = folder / "frame"
    frame.mkdir()
    read, write = os.pipe()
    wide, high = SCREEN
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{wide}x{high}x24", "-fbdir", str(frame), "-noreset"],
        pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as number:
        name = f":{number.readline().strip()}"
    with _managed(server, folder, name, lambda: _shown((frame / "Xvfb_screen0").read_bytes())) as found:
        yield found


@contextmanager
def two_screens(folder: Path) -> Iterator[Desktop]:
    """A laptop with a projector at its right: one desktop on two outputs, a window manager on both."""
    read, write = os.pipe()
    config = folder / "xorg.conf"
    config.write_text(TWO_OUTPUTS, encoding="utf-8")
    server = subprocess.Popen(
        ["Xorg", "-displayfd", str(write), "-config", str(config), "-logfile", str(folder / "xorg.log"), "-noreset"],
        pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as number:
        name = f":{number.readline().strip()}"
    env = {**os.environ, "DISPLAY": name}
    modes = ["x".join(map(str, size)) for size in (SCREEN, PROJECTOR)]
    subprocess.run(["xrandr", "--addmode", "DUMMY1", modes[1]], env=env, check=True, timeout=PATIENCE)
    outputs = ["--output", "DUMMY0", "--mode", modes[0], "--pos", "0x0",
               "--output", "DUMMY1", "--mode", modes[1], "--pos", f"{SCREEN[0]}x0"]  # fmt: skip
    subprocess.run(["xrandr", *outputs], env=env, check=True, timeout=PATIENCE)
    # Asked once for all outputs, the server finds that the second has a screen now; SDL reads what it found last.
    subprocess.run(["xrandr", "--query"], env=env, check=True, timeout=PATIENCE, stdout=subprocess.DEVNULL)

    with _managed(server, folder, name, lambda: np.asarray(ImageGrab.grab(xdisplay=name))) as found:
        yield found


TWO_OUTPUTS = """
Section "Device"
  Identifier "card"
  Driver "dummy"
  VideoRam 64000
EndSection
Section "Monitor"
  Identifier "any"
  HorizSync 5.0-1000.0
  VertRefresh 5.0-200.0
EndSection
Section "Screen"
  Identifier "screen"
  Device "card"
  Monitor "any"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Virtual 3000 1000
  EndSubSection
EndSection
"""


@contextmanager
def _managed(
    server: subprocess.Popen[bytes], folder: Path, name: str, picture: Callable[[], Picture]
) -> Iterator[Desktop]:
    """A window manager on a display, and the end of both."""
    found = Desktop(folder / "home", name, picture)
    found.home.mkdir()
    manager = subprocess.Popen(["openbox"], env=found.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield found
    finally:
        found.close()
        for process in (manager, server):
            process.terminate()
            process.wait(PATIENCE)
