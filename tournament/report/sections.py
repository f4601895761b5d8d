"""The sections of a report after its first screen: a question each, the answer in words, figures, games to open."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from game.prose.numbers import counted
from tournament.analysis.quality import Quality
from tournament.report import words
from tournament.report.figures import changes, dynamics, maps, quality, ranks
from tournament.report.figures.style import MOST, Panel
from tournament.report.findings import Findings
from tournament.report.numbers import listed, number, share


@dataclass(frozen=True)
class Tile:
    """A number with what it is."""

    value: str
    label: str


@dataclass(frozen=True)
class Figure:
    """Drawings of one kind, a panel a seat.

    Attributes:
        panels: the drawings.
        how: how to read them.
        title: what they show, where a section has several figures.
    """

    panels: Sequence[Panel]
    how: str
    title: str = ""


@dataclass(frozen=True)
class Section:
    """A section.

    Attributes:
        key: its place in the page.
        title: a question.
        said: the answer, a paragraph each.
        figures: those that have a panel are shown.
        findings: the findings whose games it names.
        tiles: numbers.
    """

    key: str
    title: str
    said: tuple[str, ...]
    figures: tuple[Figure, ...] = ()
    findings: tuple[str, ...] = ()
    tiles: tuple[Tile, ...] = ()


def sections(found: Findings) -> list[Section]:
    """Return the sections that this run has something to say in."""
    made: Sequence[Callable[[Findings], Section | None]] = (
        _best, _against, _dominance, _field, _levers, _assumptions, _rules, _adaptation, _quality,
    )  # fmt: skip
    return [section for section in (make(found) for make in made) if section is not None]


def _best(found: Findings) -> Section:
    said = ["Every strategy of every seat, the best on top."]
    if (largest := max(len(found.standing(seat)) for seat in found.seats)) > MOST:
        said[0] = f"The {MOST} best strategies of every seat, of up to {largest}; all are in the tables."
    if found.around:
        said = [words.nobody_leaves(found), "Every seat's strategies while all others stay in the line-up."]
    return Section(
        "best",
        "Who does best?",
        tuple(said),
        (
            Figure(
                ranks.ranks(found),
                "The dot is the mean; the line is the range in which it would most likely (19 times in 20) lie with "
                f"{words.luck(found)}. Filled: may be the best of its seat. Hollow: is not. Two whose lines "
                "overlap much cannot be told apart.",
            ),
        ),
        tuple(key for key in found.examples if key.startswith("best ")),
    )


def _against(found: Findings) -> Section | None:
    panels = maps.payoff_maps(found)
    if not panels:
        return None
    return Section(
        "against",
        "Who does well against whom?",
        (f"Mean {found.payoff_words} of each seat's strategies (across) against each opponent (down).",),
        (
            Figure(
                panels,
                "Slate: more than the seat's strategies usually get against this opponent. Rust: less. Bold: the best "
                "answer to this opponent. Hatched: the difference may be chance. Where the columns have numbers, those "
                "are the places in “Who does best?”.",
            ),
        ),
    )


def _dominance(found: Findings) -> Section | None:
    panels = maps.dominance_graphs(found)
    if not panels:
        return None
    said = [words.dominance(found)]
    steps = found.analysis.survivors.steps
    if steps and not found.around:
        gone = [
            f"{found.titles.player(s.seat, s.player)} ({found.titles.seat(s.seat)}, round {s.round})" for s in steps
        ]  # fmt: skip
        said.append(f"Leaving out what is dominated, again and again, takes out {listed(gone)}.")
    return Section(
        "dominance",
        "Does one strategy beat another whatever the others do?",
        tuple(said),
        (
            Figure(
                panels,
                "An arrow runs from a strategy to one that it beats against every line-up of opponents that both met; "
                "all arrows "
                "of a seat hold together 19 times in 20. Dashed: ahead everywhere so far, but not yet for sure. "
                "Squares are beaten. No arrow between two: neither is shown to be the better one everywhere.",
            ),
        ),
        tuple(key for key in found.examples if key.startswith("dominates ")),
    )


SHOWN_TWINS = 3
"""Groups of strategies that cannot be told apart, in the text; the others are in the table."""


def _field(found: Findings) -> Section | None:
    if not found.analysis.random_fields:
        return None
    panels = ranks.stability(found)
    if not panels:
        return None
    said = []
    for seat in found.seats:
        standings = found.standing(seat)
        mine = [f for f in found.analysis.random_fields if f.seat == seat and f.player == standings[0].player]
        if mine and len(standings) > 1:
            said.append(
                f"{found.titles.player(seat, standings[0].player)} stays the best {found.titles.seat(seat)} in "
                f"{share(mine[0].best)} of fields with other shares of opponents."
            )
    twins = [
        f"{listed([found.titles.player(c.seat, p) for p in c.players])} ({found.titles.seat(c.seat)})"
        for c in found.analysis.clones
    ]  # fmt: skip
    if twins:
        more = f"; and {counted(len(twins) - SHOWN_TWINS, 'more group')}" if len(twins) > SHOWN_TWINS else ""
        said.append(
            f"Nobody can tell apart {'; '.join(twins[:SHOWN_TWINS])}{more}: they count as one strategy entered more "
            "than once."
        )
    return Section(
        "field",
        "Would the ranking be the same against other opponents?",
        (" ".join(said),),
        (
            Figure(
                panels,
                "Filled: the places that other worlds leave open. Hatched: the places in 19 of 20 fields in which each "
                "opponent is more or less common than here. The diamond is the place as played.",
            ),
        ),
    )


def _levers(found: Findings) -> Section | None:
    if not found.levers:
        return None
    said = []
    for lever in found.arms.levers:
        mine = [w for w in found.levers if w.lever == lever and w.player is None]
        sure = [w for w in mine if w.worth.low > 0 or w.worth.high < 0]
        parts = [
            f"{found.titles.seat(w.seat)} {number(found.payoff, w.worth.value, signed=True)}"
            for w in sorted(sure, key=lambda w: -abs(w.worth.value))
        ]  # fmt: skip
        said.append(f"{found.titles.lever(lever)}: {listed(parts) if parts else 'no effect that is sure'}.")
    how = "Right of the line: the seat gains from the lever being there. Left: it loses. Hollow: may be chance."
    return Section(
        "levers",
        "What is each lever worth?",
        ("The same games with and without it, in the same worlds: what its being in the game, for whoever uses it, "
         f"adds to a seat's {found.payoff_words}.", " ".join(said), *_pairing(found)),
        (
            Figure(changes.levers(found), how),
            Figure(changes.levers_in_sweep(found), how, "Does that depend on the assumptions?"),
        ),
        tuple(key for key in found.examples if key.startswith("lever ")),
    )  # fmt: skip


def _pairing(found: Findings) -> tuple[str, ...]:
    """Return what the same worlds saved, in a sentence."""
    ratios = [saving.ratio.value for saving in found.savings if math.isfinite(saving.ratio.value)]
    if not ratios:
        return ()
    low, high = f"{min(ratios):.1f}", f"{max(ratios):.1f}"
    times = low if low == high else f"{low} to {high}"
    return (f"With other worlds in each run the same ranges would have taken {times} times as many games.",)


def _assumptions(found: Findings) -> Section | None:
    if not found.arms.sweep:
        return None
    said = []
    for seat in found.seats:
        bars = [bar for bar in found.bars if bar.seat == seat and bar.width > 0]
        slopes = [slope for slope in found.slopes if slope.seat == seat]
        if bars:
            said.append(
                f"{found.titles.seat(seat)} depends most on {found.titles.knob(bars[0].knob)}, which alone moves it by "
                f"{number(found.payoff, bars[0].width)} {found.payoff_words}."
            )
        elif slopes:
            said.append(
                f"{found.titles.seat(seat)} depends most on {found.titles.knob(slopes[0].knob)}: "
                f"{number(found.payoff, slopes[0].change.value, signed=True)} {found.payoff_words} from its lowest to "
                f"its highest value (straight lines explain {share(slopes[0].explained)} of what differs between the "
                "points)."
            )
    changed = {(best.seat, best.player) for label, best in found.best if label.startswith("point ") and best.changed}
    for seat in found.seats:
        tried = sum(label.startswith("point ") and best.seat == seat for label, best in found.best)
        others = [found.titles.player(*pair) for pair in sorted(changed) if pair[0] == seat]
        best = found.titles.player(seat, found.standing(seat)[0].player)
        if others:
            verb = "leads" if len(others) == 1 else "lead"
            said.append(
                f"Somewhere in the sweep {listed(others)} {verb} as {found.titles.seat(seat)} instead of {best}."
            )
        elif len(found.standing(seat)) > 1 and tried:
            said.append(
                f"{best} leads as {found.titles.seat(seat)} at every one of the {counted(tried, 'point')} tried."
                if tried > 1
                else f"{best} leads as {found.titles.seat(seat)} at the one point tried, too."
            )
    return Section(
        "assumptions",
        "Which assumptions matter, and where does the answer hold?",
        (f"{counted(len(found.arms.sweep), 'other setting')} of "
         f"{counted(len(found.arms.knobs), 'assumption')}, every one played in the same worlds.", " ".join(said)),
        (
            Figure(
                changes.tornado(found),
                "How far an assumption alone moves the seat's mean, and at which value; the thin line is the 95% "
                "range. Filled: a higher value than the rulebook's. Hatched: a lower one.",
                "How far each assumption moves a seat",
            ),
            Figure(
                changes.slopes(found),
                "What the assumption changes from its lowest to its highest value while all others vary too. Hollow: "
                "may be chance.",
                "How far each assumption moves a seat, all others varied too",
            ),
            Figure(
                changes.where_best(found),
                "At which values the best strategy stays the best: for sure (filled), perhaps (hollow), or not "
                "(cross).",
                "Where the answer holds",
            ),
        ),
        tuple(key for key in found.examples if key.startswith("knob ")),
    )  # fmt: skip


STAY = "The best of every seat stay the best."


def _rules(found: Findings) -> Section | None:
    if not found.arms.others:
        return None
    said = []
    known = [(label, best) for label, best in found.best if label in found.arms.others]
    for label, best in known:
        if best.changed:
            said.append(
                f"{words.rule_title(found, label)}: {found.titles.player(best.seat, best.player)} leads as "
                f"{found.titles.seat(best.seat)}."
            )
    return Section(
        "rules",
        "What changes under the plan's other rules?",
        (
            "The same line-ups in the same worlds, other rules.",
            " ".join(said) or (STAY if known else "Who is best under them is not known."),
        ),
        (
            Figure(
                changes.other_rules(found), "Right of the line: the seat gains. Left: it loses. Hollow: may be chance."
            ),
        ),
        tuple(key for key in found.examples if key.startswith("rules ")),
    )


def _adaptation(found: Findings) -> Section | None:
    paths, shares = dynamics.paths(found), dynamics.long_run(found)
    text = words.adaptation(found)
    if not paths and not shares and not text:
        return None
    said = [text]
    if found.analysis.completed and found.analysis.completed.filled:
        said.append(
            f"{share(found.analysis.completed.filled)} of these line-ups were not played. A model fills them in; it "
            f"explains {share(max(found.analysis.completed.explained, 0.0))} of what differs between line-ups that it "
            "has not seen. Take this section as a pointer."
        )
    return Section(
        "adaptation",
        "What if everybody learns?",
        tuple(text for text in said if text),
        (
            Figure(
                paths,
                "Strategies that do better than others of their seat spread by imitation, all equally common at first.",
                "If success is imitated",
            ),
            Figure(
                shares,
                "Bars: how much of the long run evolution with rare experiments spends with each strategy. Diamonds: "
                "its part in the equilibrium that most starts lead to, where nobody gains by choosing otherwise.",
                "In the long run",
            ),
        ),
        tuple(key for key in found.examples if key == "longrun" and shares),
    )


def _quality(found: Findings) -> Section | None:
    measured = found.analysis.quality
    if measured is None:
        return None
    return Section(
        "quality",
        "Is the game any good?",
        ("How the games went, whoever played: a lopsided or a foregone game teaches little.",),
        (
            Figure(
                quality.quality(found),
                "Dots with 95% ranges, and the share of each ending. In the course of the scores, lines are means and "
                "bands hold the middle half of the games.",
            ),
        ),
        tuple(key for key in found.examples if key == "game"),
        tuple(_tiles(measured)),
    )


TILES: tuple[tuple[str, str, str], ...] = (
    ("margin", "number", "points between first and second at the end"),
    ("lead_changes", "number", "changes of the leader in a game"),
    ("half_time_holds", "share", "of won games are won by the leader at half time"),
    ("comeback", "number", "points that the winner was behind at half time"),
    ("decisive", "share", "of games have one winner"),
    ("length", "number", "rounds played"),
    ("legal", "number", "legal actions at a decision"),
    ("moves_used", "share", "of the moves were used at all"),
)


def _tiles(measured: Quality) -> list[Tile]:
    made = []
    for name, kind, label in TILES:
        try:
            value = measured[name].value
        except KeyError:
            continue
        made.append(Tile(share(value) if kind == "share" else number("points", value), label))
    return made
