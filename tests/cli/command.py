"""Runs the command as a user does, in a process of its own, and holds what came of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Outcome:
    """Exit status and both streams of one run."""

    status: int
    out: str
    err: str

    def refuses(self, status: int, *words: str) -> None:
        """Asserts one clear sentence on standard error with these words in it, and nothing else."""
        assert self.status == status, (self.status, self.out, self.err)
        assert "Traceback" not in self.err + self.out
        assert self.out == ""
        assert len(self.err.strip().splitlines()) == 1, self.err
        assert self.err.startswith("chokepoint: ")
        for word in words:
            assert word in self.err, self.err


def chokepoint(
    *arguments: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None, encoding: str = "utf-8"
) -> Outcome:
    """Runs ``python -m game`` with these arguments and no terminal."""
    left_out = ("NO_COLOR", "FORCE_COLOR", "SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY")
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding, "COLUMNS": "80", **(env or {})}
    done = subprocess.run(
        [sys.executable, "-m", "game", *map(str, arguments)],
        capture_output=True, encoding=encoding, cwd=cwd or ROOT, env=environment, timeout=300, check=False,
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout, done.stderr)
