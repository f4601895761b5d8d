"""The limits that docs/language.md states: they may be met, and what is beyond is told, in saves too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from game import Game
from game.records.record import Record
from game.records.verify import verify
from rules import RuleErrors, load_rulebook, rulebook_from

ROOT = Path(__file__).parents[2]


def book(
    elements: int = 2, seats: int = 2, rounds: int = 2, choice: str = "1..2", draw: str = "1..2", delay: int = 1,
    more: str = "0", actions: int = 1,
) -> dict[str, Any]:  # fmt: skip
    roles = [f"r{n}" for n in range(seats)]
    return {
        "rulebook": {"name": "limits"},
        "turns": {"actions": actions},
        "sets": {"cell": [f"c{n}" for n in range(elements)]},
        "roles": {role: {} for role in roles},
        "tracks": {
            "points": {"scope": "seat", "range": [0, 10_000_000]},
            "grid": {"scope": ["cell", "cell"], "range": [0, 9], "start": 1},
        },
        "moves": {"go": {"choose": {"much": choice}, "effects": ["me.points += much"]}},
        "world_turn": [
            {
                "step": "turn",
                "rules": [
                    {
                        "rule": "all",
                        "do": [
                            "deliver",
                            {"draw": f"n in {draw}"},
                            {"in": delay, "do": ["points[r0] += n"]},
                            f"points[r0] += {more}",
                        ],
                    }
                ],
            }
        ],
        "goals": {"score": "me.points"},
        "scenarios": {"s": {"rounds": rounds, "seats": {f"s{n}": {"roles": [role]} for n, role in enumerate(roles)}}},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("met", "beyond", "told"),
    [
        ({"elements": 256}, {"elements": 257}, "at most 256 allowed"),
        ({"seats": 16}, {"seats": 17}, "at most 16 allowed"),
        ({"rounds": 1000}, {"rounds": 1001}, "expected at most 1000, not 1001"),
        ({"actions": 20}, {"actions": 21}, "expected at most 20, not 21"),
        ({"choice": "1..1000"}, {"choice": "1..1001"}, "is empty or has more than 1000 numbers"),
        ({"draw": "1..1000000"}, {"draw": "0..1000000"}, "the draw may have 1000001 numbers, 1000000 are allowed"),
        ({"delay": 12}, {"delay": 13}, "'in' takes a whole number from 1 to 12, not 13"),
        (
            {"elements": 256, "more": "sum(sum(grid[a, b] for b in cells) for a in cells)"},
            {"elements": 256, "more": "sum(sum(grid[a, b] * 2 + grid[b, a] * 3 for b in cells) for a in cells) + "
                                      "sum(sum(grid[a, b] * grid[b, a] for b in cells) for a in cells)"},
            "too much work: the world turn can take",
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)  # fmt: skip
def test_a_limit_may_be_met_and_is_told_beyond(
    met: dict[str, Any], beyond: dict[str, Any], told: str, tmp_path: Path
) -> None:
    assert Game(rulebook_from(book(**met)), None, 1, jit=False).round == 1
    file = tmp_path / "limits.yaml"
    file.write_text(yaml.safe_dump(book(**beyond), sort_keys=False, width=10_000), encoding="utf-8")
    with pytest.raises(RuleErrors) as caught:
        load_rulebook(file)
    (fault,) = caught.value.faults
    assert told in fault.message and fault.where.line > 1 and fault.where.path


def test_save_verify_says_that_the_rulebook_inside_is_too_much_work(tmp_path: Path) -> None:
    game = Game(rulebook_from(book(elements=256)), None, 1, jit=False)
    file = tmp_path / "game.yaml"
    Record.of(game).save(file)
    text = file.read_text(encoding="utf-8")
    heavy = "sum(sum(heavy(a, b) for b in cells) for a in cells)"
    assert "points[r0] += 0" in text
    file.write_text(
        text.replace("points[r0] += 0", f"points[r0] += {heavy}").replace(
            "  tracks:", '  defines: {"heavy(cell a, cell b)": "sum(grid[a, c] for c in cells)"}\n    tracks:', 1
        ),
        encoding="utf-8",
    )
    report = verify(file)
    assert not report.ok and "world_turn.turn.all.do.3: too much work: the world turn can take" in str(report)


PLAYING = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test that runs in the background may have it switched off
from rules import load_rulebook
from game import play_games
print("plays", flush=True)
play_games(load_rulebook(sys.argv[1]), None, dict.fromkeys(("s0", "s1"), "random"), range(1000))
"""


@pytest.mark.slow
def test_ctrl_c_ends_a_game_that_takes_minutes(tmp_path: Path) -> None:
    file = tmp_path / "long.yaml"
    heavy = book(elements=256, rounds=1000, more="sum(sum(grid[a, b] for b in cells) for a in cells) % 7")
    file.write_text(yaml.safe_dump(heavy, sort_keys=False, width=10_000), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-c", PLAYING, str(file)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=dict(os.environ),
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline() == "plays\n"
    time.sleep(6)
    assert process.poll() is None
    sent = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert err.rstrip().endswith("KeyboardInterrupt") and process.returncode != 0
    assert time.monotonic() - sent < 5  # within a second, but for a busy machine
