"""Changes of a doctrine's text: its numbers shaken, habits borrowed from another."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

NUMBER = re.compile(r"(?<![\w.-])\d+(?![\w.])")
SCORE = re.compile(r"score: (.*)\}\s*$")
LINE = re.compile(r"^  - \{move: (\w+), .*\}$", re.M)
KNOB = re.compile(r" \* knob\.\w+|knob\.\w+ \* ")


def spots(text: str) -> list[tuple[int, int]]:
    """Where a doctrine's tunable numbers are: the whole numbers in its scores."""
    found = []
    start = 0
    for line in text.splitlines(keepends=True):
        score = SCORE.search(line)
        if score:
            found += [(start + score.start(1) + hit.start(), start + score.start(1) + hit.end())
                      for hit in NUMBER.finditer(score.group(1))]  # fmt: skip
        start += len(line)
    return found


def mutated(text: str, dice: random.Random, weak: Sequence[str] = ()) -> str:
    """The text with a few of its numbers changed; those of the moves ``weak`` more often, and upwards."""
    places = spots(text)
    chosen = set(dice.sample(range(len(places)), dice.choice([1, 1, 2, 3])))
    wanted = [k for k, (at, _) in enumerate(places) if any(f"move: {move}," in _line(text, at) for move in weak)]
    raised = {dice.choice(wanted)} if wanted and dice.random() < 0.5 else set()
    for k in sorted(chosen | raised, reverse=True):
        at, end = places[k]
        old = int(text[at:end])
        shift = abs(dice.gauss(0, 14)) if k in raised else dice.gauss(0, max(3.0, 0.35 * old))
        least = 1 if text[:at].rstrip().endswith("//") else 0
        text = f"{text[:at]}{max(least, min(99, round(old + shift)))}{text[end:]}"
    return text


def _line(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, at) + 1 : text.find("\n", at)]


def borrowed(text: str, other: str, dice: random.Random) -> str:
    """The text with one of another doctrine's habits, in place of its own way with that move or at the end; knobs of
    the other, which this one does not have, are left out.
    """
    found = dice.choice(list(LINE.finditer(other)))
    line = KNOB.sub("", found[0])
    if "knob." in line:
        return text
    own = [hit for hit in LINE.finditer(text) if hit[1] == found[1]]
    if own:
        hit = dice.choice(own)
        return f"{text[: hit.start()]}{line}{text[hit.end() :]}" if "knob." not in hit[0] else text
    return f"{text.rstrip()}\n{line}\n"
