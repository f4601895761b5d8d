"""The commands that a report names: those that open a game, and the one that makes the whole run again."""

from __future__ import annotations

import shlex
from pathlib import Path

from tournament.report.examples import Example, likeliest, widest_dominance
from tournament.report.findings import Findings
from tournament.report.numbers import number
from tournament.report.words import rule_title
from tournament.runner.referee import FAULTS


def open_game(folder: Path, game: str) -> str:
    """Return the command that shows a game move by move."""
    return shlex.join(["chokepoint", "tournament", "game", str(folder), game])


def run_again(folder: Path) -> str:
    """Return the command that plays the whole run again, elsewhere, from what the folder holds."""
    again = folder.with_name(f"{folder.name or 'run'}-again")
    return shlex.join(["chokepoint", "tournament", "run", str(folder / "plan.yaml"), "--out", str(again)])


def report_again(folder: Path, payoff: str) -> str:
    """Return the command that writes the report."""
    words = ["chokepoint", "tournament", "report", str(folder)]
    return shlex.join(words if payoff == "points" else [*words, "--by", payoff])


def heading(found: Findings, finding: str) -> str:
    """Return what the games of a finding are about, and its mean."""
    kind, _, rest = finding.partition(" ")
    titles = found.titles
    example = found.examples[finding][0]
    mean = "" if example.mean is None else number(found.payoff, example.mean, signed=True)
    if kind == "best":
        lead = found.leads[rest][0]
        mine, other = (titles.player(rest, name) for name in (lead.player, lead.other))
        return f"{titles.seat(rest)}: {mine} in place of {other}, {mean} {found.payoff_words} on average"
    if kind == "dominates":
        pair = widest_dominance(found.analysis, rest)
        assert pair is not None
        mine, other = (titles.player(rest, name) for name in (pair.player, pair.other))
        return f"{titles.seat(rest)}: {mine} in place of {other}, {mean} {found.payoff_words} on average"
    if kind == "longrun":
        line_up = " · ".join(titles.player(seat, name) for seat, name in likeliest(found.analysis).items())
        return f"The line-up that evolution comes back to most: {line_up}"
    if kind == "lever":
        worths = [w for w in found.levers if w.lever == rest and w.player is None]
        seat = max(worths, key=lambda worth: abs(worth.worth.value)).seat
        return f"{titles.lever(rest)}: worth {mean} {found.payoff_words} to {titles.seat(seat)} on average"
    if kind == "knob":
        bar = max((bar for bar in found.bars if bar.knob == rest), key=lambda bar: bar.width)
        return f"{titles.knob(rest)}: {mean} {found.payoff_words} for {titles.seat(bar.seat)} on average"
    if kind == "rules":
        setting = found.arms.others[rest].name
        changes = [e for e in found.effects if e.setting == setting and e.player is None]
        seat = max(changes, key=lambda effect: abs(effect.change.value)).seat
        return f"{rule_title(found, rest)}: {mean} {found.payoff_words} for {titles.seat(seat)} on average"
    if kind == "game":
        usual = "" if example.mean is None else number("points", example.mean)
        return f"The lead at the end: {usual} points on average"
    return f"{titles.player('', rest)} failed"


def told(found: Findings, finding: str, example: Example) -> str:
    """Return what one game of a finding shows."""
    kind = finding.partition(" ")[0]
    if kind == "game":
        return f"{number('points', example.value or 0.0)} points between first and second."
    if kind == "longrun":
        usual = "Every seat gets about what it usually does" if example.kind == "typical" else "Furthest from the usual"
        return f"{usual}."
    if example.value is None:
        return f"{FAULTS.get(example.kind, example.kind)}.".capitalize()
    change = number(found.payoff, example.value, signed=True)
    return {
        "best": f"{change}, in the same world against the same others.",
        "dominates": f"{change}, in the same world against the same others.",
        "lever": f"{change} with it, compared with the same game without it.",
    }.get(kind, f"{change}, compared with the same game under the plan's own rules.")


KINDS = {"typical": "Most typical. ", "surprising": "Most surprising. ", "closest": "Closest. "}
"""What the kinds of games are called."""
