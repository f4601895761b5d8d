"""The balance table in the terminal: what must hold, what was measured, and whether it holds."""

from __future__ import annotations

import math

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tournament.balance.bars import Check
from tournament.balance.findings import Finding, Part
from tournament.balance.report import Report

SHOWN = 4
"""Parts of a failing check that are named; the others are counted."""

STYLES = {"holds": "green", "fails": "bold red", "not measured": "dim"}


def show(terminal: Console, report: Report) -> None:
    """Prints the table of a scenario and how to read it."""
    terminal.print()
    what = f": {report.games:,} games in {report.seconds:,.0f} s, rules {report.rules[:8]}."
    terminal.print(Text.assemble((report.title, "bold"), what), soft_wrap=True)
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    shown.add_column("what must hold", ratio=5)
    shown.add_column("bar", justify="right", no_wrap=True)
    shown.add_column("measured", ratio=4)
    shown.add_column("games", justify="right", no_wrap=True)
    shown.add_column("verdict", no_wrap=True)
    quality = ""
    for found in report.findings:
        if found.check.quality != quality:
            quality = found.check.quality
            shown.add_row()
            shown.add_row(Text(quality, "bold"))
        shown.add_row(*_cells(found))
    terminal.print(shown)
    terminal.print()
    terminal.print(Text(READ), style="dim")
    terminal.print()


READ = (
    "How to read it: the number is the part that is nearest to failing, with the range in which it would most likely"
    " (19 times in 20) lie had other worlds been played. The verdict goes by the number; '?' marks one whose range"
    " reaches across the bar, so that more games (--games) could turn it. Bars are in tournament/balance/bars.yaml."
)


def _cells(found: Finding) -> list[Text]:
    verdict = Text(found.verdict + ("" if not found.parts or found.sure else " ?"), STYLES[found.verdict])
    games = Text(f"{found.games:,}" if found.games else "", "dim")
    return [Text(f"  {found.check.says}"), Text(bar(found.check)), _measured(found), games, verdict]


def bar(check: Check) -> str:
    """The bar in words."""
    if check.low is None and check.high is None:
        return "measurable"
    if check.low is None or check.high is None:
        return f"≥ {number(check, check.low)}" if check.low is not None else f"≤ {number(check, check.high or 0)}"
    return f"{number(check, check.low)} – {number(check, check.high)}"


def _measured(found: Finding) -> Text:
    """The part nearest to failing, and of many parts how many fail and which."""
    if not found.parts:
        return Text(found.why, "dim")
    text = Text(_part(found.check, found.worst))
    failing = [part for part in found.parts if not part.holds]
    if len(found.parts) > 1:
        text.append(f"; {len(found.parts) - len(failing)} of {len(found.parts)} hold", "dim")
    others = [part.of for part in failing if part is not found.worst]
    if others:
        more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
        text.append(f"; fail too: {', '.join(others[:SHOWN])}{more}", "dim")
    if found.why:
        text.append(f"; {found.why}", "dim")
    return text


def _part(check: Check, part: Part) -> str:
    found = part.number
    ends = f" ({number(check, found.low)} – {number(check, found.high)})" if math.isfinite(found.low) else ""
    of = f"{part.of} " if part.of else ""
    return f"{of}{number(check, found.value)}{ends}" + (f", {part.note}" if part.note else "")


def number(check: Check, value: float) -> str:
    """A number as its check prints it."""
    if check.unit == "share":
        return f"{value:.1%}" if abs(value) < 0.2 else f"{value:.0%}"
    if check.unit == "times":
        return f"×{value:.2f}"
    if check.unit == "count":
        return f"{value:.0f}" if float(value).is_integer() else f"{value:.2f}"
    return f"{value:.1f}"
