"""Who does best: means with their ranges, and the places that chance and the field leave open."""

from __future__ import annotations

import math

from tournament.report.figures.style import (
    INK,
    LESS,
    LINE,
    MORE,
    MOST,
    SOFT,
    Panel,
    figure,
    name_rows,
    panel,
    rows_height,
    wrapped,
)
from tournament.report.findings import Findings
from tournament.report.numbers import number, share, span


def ranks(found: Findings) -> list[Panel]:
    """Return a panel a seat: every player's mean with its 95% range; those that may be first are filled."""
    shown = {seat: found.standing(seat)[:MOST] for seat in found.seats}
    ends = [e for standings in shown.values() for s in standings for e in (s.payoff.low, s.payoff.high, s.payoff.value)]
    known = [end for end in ends if math.isfinite(end)]
    low, high = min(known), max(known)
    room = (high - low) * 0.04 or 1.0
    made = []
    for seat, standings in shown.items():
        labels = [wrapped(found.titles.player(seat, s.player)) for s in standings]
        wins = {s.player: s.payoff.value for s in found.standing(seat, "win")}
        with figure(rows_height(labels)) as (drawn, axes):
            places = name_rows(axes, labels)
            for at, s in zip(places, standings, strict=True):
                first = s.place_best == 1
                colour = MORE if first else SOFT
                if math.isfinite(s.payoff.low):
                    axes.plot([s.payoff.low, s.payoff.high], [at, at], color=colour, lw=2.2, solid_capstyle="round")
                axes.plot(s.payoff.value, at, "o", ms=7, color=colour, mfc=colour if first else "white", mew=1.6)
                if s.player in wins and found.payoff != "win":
                    axes.text(
                        1.02, at, f"wins {share(wins[s.player])}", transform=axes.get_yaxis_transform(), va="center",
                        color=SOFT, fontsize=9.5,
                    )  # fmt: skip
            axes.set_xlim(low - room, high + room)
            axes.set_xlabel(f"mean {found.payoff_words}")
            said = "; ".join(
                f"{found.titles.player(seat, s.player)} {number(found.payoff, s.payoff.value)}"
                f" ({span(found.payoff, s.payoff)})"
                for s in standings
            )
            title = found.titles.seat(seat)
            made.append(
                panel(
                    drawn,
                    f"rank-{seat}",
                    title,
                    f"{title}: mean {found.payoff_words}. {said}.",
                    found.titles.mark(seat),
                )
            )
    return made


def stability(found: Findings) -> list[Panel]:
    """Return a panel a seat: the places that other worlds leave open, and those in fields with other shares of
    opponents.
    """
    fields = {(f.seat, f.player): f for f in found.analysis.random_fields}
    made = []
    for seat in found.seats:
        standings = found.standing(seat)[:MOST]
        if len(standings) < 2:
            continue
        labels = [wrapped(found.titles.player(seat, s.player)) for s in standings]
        said = []
        with figure(rows_height(labels, 0.42, 1.0)) as (drawn, axes):
            places = name_rows(axes, labels)
            for at, s in zip(places, standings, strict=True):
                axes.barh(
                    at - 0.17, s.place_worst - s.place_best + 0.7, left=s.place_best - 0.35, height=0.3, color=MORE,
                    label="in other worlds" if at == places[0] else None,
                )  # fmt: skip
                text = f"{found.titles.player(seat, s.player)}: place {_places(s.place_best, s.place_worst)}"
                other = fields.get((seat, s.player))
                if other is not None:
                    axes.barh(
                        at + 0.17, other.place_high - other.place_low + 0.7, left=other.place_low - 0.35, height=0.3,
                        color="white", edgecolor=LESS, hatch="////", lw=1,
                        label="in other fields" if at == places[0] else None,
                    )  # fmt: skip
                    text += f", in other fields {_places(other.place_low, other.place_high)}"
                axes.plot(s.place, at, "D", ms=5, color=INK, mfc="white", mew=1.2)
                said.append(text)
            count = len(found.standing(seat))
            axes.set_xlim(0.5, count + 0.5)
            step = -(-count // MOST)
            axes.set_xticks(range(1, count + 1) if step == 1 else [1, *range(step, count + 1, step)])
            axes.xaxis.grid(visible=False)
            for line in range(1, count):
                axes.axvline(line + 0.5, color=LINE, lw=0.6, zorder=0)
            axes.set_xlabel("place (1 is best)")
            axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
            title = found.titles.seat(seat)
            made.append(panel(drawn, f"stable-{seat}", title, f"{title}: {'; '.join(said)}.", found.titles.mark(seat)))
    return made


def _places(best: int, worst: int) -> str:
    return f"{best}" if best == worst else f"{best} to {worst}"
