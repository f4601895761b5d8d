"""What a seat's score is made of: how many points it has, how many strong play has by then, and what moved the score.

Nothing here knows how a rulebook reckons: what a point is worth is found by asking its score what more would bring.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from game.narrative.history import History, par_of
from game.prose.numbers import counted, number, signed
from rules.model.rulebook import Rulebook

MANY = 100_000
"""Points that a score is asked about, so many that what it rounds off does not count."""
LATER = "More expected by now"
SOONER = "Less expected by now"
"""What a score loses or gains because strong play has more or less than at the same pace, the later it is."""
OTHER = "By the rules of the score"
"""What moves a score that knows no par, besides points by parts."""
APART = "how the game ended"
"""What is left of a difference between two games that no part of the points makes."""
Amounts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """How a seat's score went in a round.

    Attributes:
        before: The score a round earlier; nothing after the first.
        points: What the seat has gathered.
        par: What strong play has gathered by then, about; nothing where the rulebook has no par.
        parts: What moved the score, titled, the largest first: together the whole change, none of them 0.
    """

    seat: str
    before: int | None
    after: int
    points: int
    par: int | None
    parts: Amounts

    @property
    def amount(self) -> int:
        """What the score changed by."""
        return 0 if self.before is None else self.after - self.before

    @property
    def short(self) -> str:
        """The two largest amounts that moved it; after the first round the points beside those of strong play."""
        if self.before is None:
            return self.gathered
        said = [f"{title} {signed(amount)}" for title, amount in self.parts[:2]]
        return ", ".join([*said[:1], *(each[:1].lower() + each[1:] for each in said[1:])])

    @property
    def gathered(self) -> str:
        """Points beside those of strong play, "525 points; strong play has 538 by now"; empty where none are kept."""
        if not self.points and self.par is None:
            return ""
        beside = f"; strong play has {number(self.par, grouped=True)} by now" if self.par is not None else ""
        return f"{counted(self.points, 'point')}{beside}"


def part_titles(book: Rulebook) -> Mapping[str, str]:
    """Return the titles of the parts that points are gathered in."""
    track = book.goals.parts
    return book.sets[book.tracks[track].scope[1]].elements if track is not None else {}


def rate(history: History, seat: str, round_: int) -> float:
    """Return what one point more would have brought a seat's score after a round; 0 where points bring nothing."""
    track = history.game.book.goals.parts
    if track is None:
        return 0.0
    part = next(iter(part_titles(history.game.book)))
    more = history.scores(round_, {(track, (seat, part)): MANY})[seat]
    return (more - history.scores(round_)[seat]) / MANY


def score_change(history: History, seat: str, round_: int) -> ScoreChange:
    """Return how a seat's score went in a round that is over."""
    book, after = history.game.book, history.scores(round_)[seat]
    level, each = par_of(book.goals.score), rate(history, seat, round_)
    points = sum(history.points(round_).get(seat, {}).values())
    known = level is not None and each > 0 and bool(history.points(round_))
    par = round(points - (after - level) / each) if known and level is not None else None
    if round_ < 2:
        return ScoreChange(seat, None, after, points, par, ())
    before = history.scores(round_ - 1)[seat]
    moved = _by_part((history, round_), (history, round_ - 1), seat)
    rest = after - before - sum(amount for _, amount in moved)
    parts = closed([*moved, (_rest(history, round_, rest), rest)], after - before)
    return ScoreChange(seat, before, after, points, par, parts)


def score_difference(game: History, other: History, seat: str) -> Amounts:
    """Return by how much each part made a seat's last score in one game higher than in another: together all of it."""
    ends = (game, game.game.round), (other, other.game.round)
    mine, theirs = (history.scores(round_)[seat] for history, round_ in ends)
    moved = _by_part(*ends, seat)
    return closed([*moved, (APART, mine - theirs - sum(amount for _, amount in moved))], mine - theirs)


def _by_part(now: tuple[History, int], then: tuple[History, int], seat: str) -> list[tuple[str, float]]:
    """Return what each part counts in a seat's score at one point, less what it counts at another."""
    (each, points), (each_then, points_then) = (
        (rate(history, seat, round_), history.points(round_).get(seat, {})) for history, round_ in (now, then)
    )
    return [
        (title, each * points.get(part, 0) - each_then * points_then.get(part, 0))
        for part, title in part_titles(now[0].game.book).items()
    ]


def _rest(history: History, round_: int, amount: float) -> str:
    """Return what moved a score besides points: par by then, and the price of a game that broke off."""
    game = history.game
    ending = game.book.endings.get(str(game.ending)) if game.over and round_ == game.round else None
    if ending is not None and ending.crisis:
        return ending.title
    if par_of(game.book.goals.score) is None:
        return OTHER
    return LATER if amount < 0 else SOONER


def closed(amounts: Sequence[tuple[str, float]], whole: int) -> Amounts:
    """Return amounts in whole numbers that add up to the whole, each rounded up or down; the largest first, no 0."""
    floors = [math.floor(amount) for _, amount in amounts]
    left = whole - sum(floors)
    by_rest = sorted(range(len(amounts)), key=lambda n: floors[n] - amounts[n][1])
    for n in by_rest[:left]:
        floors[n] += 1
    found = [(title, floor) for (title, _), floor in zip(amounts, floors, strict=True) if floor]
    return tuple(sorted(found, key=lambda each: -abs(each[1])))
