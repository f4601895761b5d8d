"""What stands between the markers of the docs, made of measured parts in the words of the product."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from game.prose.numbers import joined
from tools.measured.parts import (
    BALANCE,
    FACTS,
    FOUND,
    HINDCAST,
    SCRIPTS,
    SEARCH,
    THESIS,
    World,
    balance_part,
)
from tournament.analysis.tidy import Estimate
from tournament.balance.bars import Check, checks
from tournament.balance.findings import Finding, Part
from tournament.claims.experiment import CALIBRATED
from tournament.claims.read import load_claims
from tournament.claims.shapes import Claim
from tournament.claims.strength import Strength
from tournament.claims.words import PLAYERS, READING_TITLES, VERDICTS, range_words
from tournament.cli.balance import bar, number
from tournament.report import numbers as report

Data = dict[str, Any]
Found = Mapping[str, Data]
"""Answers of the parts that were measured, by part."""

UNKNOWN = "not measured"


@dataclass(frozen=True)
class Block:
    """What stands between two markers.

    Attributes:
        page: the page in ``docs/``.
        parts: what it is made of.
        make: takes the parts that there are, and what stands there now; returns what shall.
        whole: whether it is made of all parts or not at all; else what is missing stays as it stands.
    """

    page: str
    parts: tuple[str, ...]
    make: Callable[[Found, str], str]
    whole: bool = True


# ------------------------------------------------------------------------------------------- tables


def table(head: Sequence[str], rows: Sequence[Sequence[str | None]], old: str) -> str:
    """Return a table; a cell that is None is what the old one has in the row and the column of the same names."""
    old_head, *old_rows = cells(old)
    before = {(row[0], title): cell for row in old_rows for title, cell in zip(old_head, row, strict=True)}
    lines: list[list[str]] = [list(head)]
    for row in rows:
        now = zip(head, row, strict=True)
        lines.append([before.get((str(row[0]), title), UNKNOWN) if cell is None else cell for title, cell in now])
    shown = ["|" + "|".join(f" {cell} " if cell else " " for cell in line) + "|" for line in lines]
    return "\n".join([shown[0], "|" + "---|" * len(head), *shown[1:]])


def cells(text: str) -> list[list[str]]:
    """Return the rows of the table in a text, its head first; one empty row where there is no table."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line[1:].rstrip().removesuffix("|").split("|")] for line in lines]
    return [*rows[:1], *rows[2:]] if rows else [[]]


def estimate(row: Mapping[str, Any], prefix: str = "") -> Estimate:
    """Return a number as it was before it was written as JSON."""
    value, low, high = (
        math.nan if row[prefix + end] is None else row[prefix + end] for end in ("value", "low", "high")
    )
    return Estimate(row[f"{prefix}estimand"], value, low, high, row[f"{prefix}n"])


# ------------------------------------------------------------------------------------------ balance

BARS = {
    "seats_even": "each seat’s wins, of its fair share",
    "doctrine_over_greedy": "best doctrine beats greedy",
    "greedy_over_random": "greedy beats random",
    "random_wins": "random play wins",
    "passing_wins": "passing wins",
    "worth_of_play": "best doctrine over passing, points",
    "others_explain": "variance explained by another seat",
    "best_somewhere": "doctrines best against some field",
    "best_everywhere": "fields of the most frequent best",
    "equilibrium_support": "doctrines in the duel’s equilibrium",
    "moves_used": "part of the least used move",
    "moves_matter": "moves whose absence some seat feels",
    "sanctions_used": "sanctions of their owners’ actions",
    "lead_changes": "lead changes a game",
    "half_time": "leader at half time wins",
    "rupture": "games that end in a rupture",
    "assumptions": "knobs that change who is best",
    "choice": "legal actions a decision",
}
"""Checks in a few words; those of search players are told in prose."""

FINE = 0.05
"""Shares below this have a decimal."""


def balance_table(found: Found, old: str) -> str:
    rows: list[list[str | None]] = []
    measured = {scenario: _findings(found.get(balance_part(scenario))) for scenario in BALANCE}
    for name, label in BARS.items():
        check = checks()[name]
        shown = [None if told is None else _finding(told.get(name)) for told in measured.values()]
        rows.append([label, bar(check) if _bounded(check) else "all", *shown])
    return table(["what must hold", "bar", *(f"`{scenario}`" for scenario in BALANCE)], rows, old)


def balance_games(found: Found, old: str) -> str:
    return joined([f"{found[balance_part(scenario)]['games']:,}" for scenario in BALANCE])


def _bounded(check: Check) -> bool:
    return (check.low, check.high) != (None, None)


def _findings(data: Data | None) -> dict[str, Finding] | None:
    if data is None:
        return None
    return {
        entry["check"]: Finding(
            checks()[entry["check"]],
            tuple(Part(part["of"], estimate(part), part["holds"], part["note"]) for part in entry["parts"]),
            entry["why"],
        )
        for entry in data["checks"]
    }


def _finding(found: Finding | None) -> str:
    """Return the part nearest to failing; in bold what fails, and how many of the parts do."""
    if found is None:
        return "does not apply"
    if not found.parts:
        return UNKNOWN
    worst, failing = found.worst, sum(not part.holds for part in found.parts)
    if not _bounded(found.check):
        said, more = f"{len(found.parts) - failing} of {len(found.parts)}", ""
    else:
        said = f"{_number(found.check, worst.number.value)} {worst.of}".strip()
        more = f" ({failing} of {len(found.parts)})" if failing and len(found.parts) > 1 else ""
        if found.check.name == "assumptions" and worst.number.high > worst.number.value:
            more += f" (perhaps {worst.number.high:.0f})"
    return (f"**{said}**" if failing else said) + more + ("" if found.sure else " ?")


def _number(check: Check, value: float) -> str:
    return f"{value:.0%}" if check.unit == "share" and abs(value) >= FINE else number(check, value)


# ------------------------------------------------------------------------------------------- claims

STRENGTHS = {Strength.SCRIPTS: SCRIPTS, Strength.FOUND: FOUND, Strength.SEARCH: SEARCH}
PAYS = {"met": "pays", "refuted": "does not pay", "open": "whether it pays is open"}
ANSWERS = {"met": "came true", "refuted": "did not", "open": "not decided"}


def claims_table(found: Found, old: str) -> str:
    results = {strength: _results(found, strength) for strength in STRENGTHS}
    rows: list[list[str | None]] = []
    for loaded in load_claims():
        claim = loaded.claim
        told = [_verdict(claim, strength, results[strength].get(claim.claim)) for strength in STRENGTHS]
        rows.append([f"{claim.claim}. {claim.sentence}", *told, claim.pays.unit if claim.pays else "–"])
    return table(["claim", *(PLAYERS[each] for each in STRENGTHS), "what pays is counted in"], rows, old)


def effects_table(found: Found, old: str) -> str:
    results = _results(found, Strength.SCRIPTS)
    rows: list[list[str | None]] = []
    for loaded in load_claims():
        claim = loaded.claim
        result = results.get(claim.claim)
        if result is None:
            rows.append([str(claim.claim), None, None])
            continue
        effects = _usual(result)[: len(claim.predicts)]
        told = [
            f"{effect['says'].rstrip('.')}: {range_words(estimate(effect))} {effect['unit']},"
            f" *{ANSWERS[effect['answer']]}*"
            for effect in effects
        ]
        rows.append([str(claim.claim), "<br>".join(told), result["why"]])
    return table(["claim", f"effects as calibrated, played by {PLAYERS[Strength.SCRIPTS]}", "why"], rows, old)


def claims_games(found: Found, old: str) -> str:
    return f"{sum(result['games'] for result in _results(found, Strength.SCRIPTS).values()):,}"


def _results(found: Found, strength: Strength) -> dict[int, Data]:
    """Return the results at a strength by claim; what was measured of one claim alone counts before what was of all."""
    names = [name for name in STRENGTHS[strength] if name in found]
    return {result["claim"]: result for name in names for result in found[name]["claims"]}


def _usual(result: Data) -> list[Data]:
    return [effect for effect in result["effects"] if effect["setting"] == CALIBRATED.kind]


def _verdict(claim: Claim, strength: Strength, result: Data | None) -> str | None:
    """Return a claim's verdict or reading, and whether it pays."""
    if result is None:
        return None
    if strength == Strength.SCRIPTS:
        title = VERDICTS[result["verdict"]]
        numbers = [(row["prediction"] - 1, row["answer"], estimate(row)) for row in _usual(result)]
    else:
        strong = next(each for each in result["strengths"] if each["strength"] == strength)
        title = READING_TITLES[strong["reading"]]
        numbers = [(row["number"], row["answer"], estimate(row["total"]["estimate"])) for row in strong["effects"]]
    pays = [f"; {PAYS[answer]}, {range_words(found)}" for place, answer, found in numbers
            if place == len(claim.predicts)]  # fmt: skip
    return f"**{title.lower()}**{''.join(pays)}"


# ------------------------------------------------------------------------------- thesis and hindcast


def thesis_table(found: Found, old: str) -> str:
    head, *rows = cells(old)
    numbers = [estimate(row, "number_") for row in found[THESIS]["contrasts"]]
    told = [f"{report.number('points', each.value)} [{report.span('points', each)}]" for each in numbers]
    return table(head, [[row[0], text] for row, text in zip(rows, told, strict=True)], old)


def thesis_games(found: Found, old: str) -> str:
    return f"{found[THESIS]['contrasts'][0]['number_n']:,}"


def hindcast_table(scenario: str) -> Callable[[Found, str], str]:
    """Return what writes the rows of a scenario."""

    def make(found: Found, old: str) -> str:
        data = found[HINDCAST]
        lines = sorted((line for line in data["lines"] if line["scenario"] == scenario), key=lambda line: line["at"])
        held = {weight: [line["holds"] for line in lines if line["weight"] == weight] for weight in ("must", "should")}
        must, should = (f"{sum(each)} of {len(each)}" for each in held.values())
        rows = [_line(line) for line in lines]
        head = ["at", "row", "what is compared", "facts", "model", "p10 to p90", "inside", ""]
        said = f"{data['games']:,} games; {must} rows that must hold do, {should} that should."
        return f"{said}\n\n{table(head, rows, old)}"

    return make


def _line(line: Data) -> list[str]:
    words, must = line["in_words"], line["weight"] == "must"
    verdict = "holds" if line["holds"] else "**misses**" if must else "misses"
    return [
        line["at"], f"{line['row']} **must**" if must else line["row"], f"{line['says']} ({line['grade']})",
        words["range"], words["middle"], words["p10_to_p90"], f"{line['inside']:.0f}%", verdict,
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------- blocks


def blocks(world: World) -> dict[str, Block]:
    """Return every block of the docs by name; all that name a rulebook name that of ``world``."""

    def rulebook(found: Found, old: str) -> str:
        return f"`{world.rules[:8]}`"

    balance = tuple(balance_part(scenario) for scenario in BALANCE)
    strengths = {"claims": SCRIPTS, "claims-found": FOUND, "claims-search": SEARCH}
    return {
        "balance-rulebook": Block("balance.md", balance, rulebook),
        "balance-games": Block("balance.md", balance, balance_games),
        "balance": Block("balance.md", balance, balance_table, whole=False),
        # Stronger players take hours: their columns may be of older rules for a while, and say so.
        **{f"{name}-rulebook": Block("claims.md", tuple(each), rulebook) for name, each in strengths.items()},
        "claims-games": Block("claims.md", tuple(SCRIPTS), claims_games),
        "claims": Block("claims.md", tuple(itertools.chain(*strengths.values())), claims_table, whole=False),
        "claims-effects": Block("claims.md", tuple(SCRIPTS), effects_table, whole=False),
        "thesis": Block("claims.md", (THESIS,), thesis_table),
        "thesis-games": Block("claims.md", (THESIS,), thesis_games),
        "thesis-rulebook": Block("claims.md", (THESIS,), rulebook),
        "hindcast-rulebook": Block("hindcast.md", (HINDCAST,), rulebook),
        **{f"hindcast-{name}": Block("hindcast.md", (HINDCAST,), hindcast_table(name)) for name in FACTS},
    }
