"""How sure it is that nothing beats a mixture: restarts of the whole search, and proof that the search is no weakling.

A seat is *settled within the class at ε* only if two rounds of restarts in a row find nothing, and if the same search,
given a weakness that was planted on purpose and is worth twice ε, finds four fifths of it in nine seeds of ten. Beside
that stands what players outside the class gain.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import special

from tournament.design.ids import digest
from tournament.discovery.arena import half_width, playable, seed_of
from tournament.discovery.draft import Draft, Variation, distinct, draft_of
from tournament.discovery.ledger import Ledger
from tournament.discovery.rivals import Rival, Rivals
from tournament.discovery.steps import WORLDS_AT_ONCE, AttackStep, JudgeStep, LearnStep, SearchStep

Data = dict[str, Any]
Plant = tuple[Rivals, Draft, Draft]
"""Rivals with a weakness, the best reply to them that is known, and a better one."""

LEVEL = 0.05
PLANTED = 2.0
"""A planted weakness is worth so many ε."""

ENOUGH = 0.8
"""Part of it that has to be found."""

OF_TEN = 0.9
"""Part of the seeds in which it has to be."""

LARGER = (2, 4)
"""So many times as large are the weaknesses that are planted where the first is missed: what would have been found?"""

SURE = 20_000
"""A final judgement needs no more worlds: they tell two wins of a hundred from none three times over."""

FOREMOST = 6
"""Of the strategies that are known so many are judged closely."""

SOWN = 12
"""Weaknesses that are tried before none can be planted."""

LEARNED = "learned"
ATTACKERS: Mapping[str, int] = {"search:4": 48, "search:5": 16}
"""Players outside the class, and in how many worlds each attacks a seat; ``learned``: a policy, and from how many games
it learns first.
"""


@dataclass(frozen=True)
class Searching:
    """How a discovery searches and judges.

    Attributes:
        oracles: names of the portfolio.
        budget: games of every oracle's search.
        judged: worlds in which candidates are compared.
        epsilon: what does not count, in units of the payoff.
        seed: of all.
    """

    oracles: tuple[str, ...]
    budget: int
    judged: int
    epsilon: float
    seed: int

    def searches(self, rivals: Rivals, seat: str, *key: object) -> list[SearchStep]:
        """Return the searches of the whole portfolio for a seat."""
        return [
            SearchStep(rivals, seat, oracle, self.budget, seed_of("search", self.seed, seat, oracle, *key))
            for oracle in self.oracles
        ]

    def judging(self, rivals: Rivals, seat: str, drafts: Sequence[Draft], worlds: int, *key: object) -> JudgeStep:
        """Return the judgement of some drafts in worlds that are the key's own."""
        return JudgeStep(rivals, seat, tuple(drafts), worlds, seed_of("judge", self.seed, seat, *key))

    @property
    def planted(self) -> float:
        """What a weakness is worth that is planted."""
        return PLANTED * self.epsilon

    @property
    def surely(self) -> int:
        """Worlds of a final judgement: as many as a search has games, up to what shows a gain of epsilon anyway."""
        return max(self.judged, min(self.budget, SURE))


def restarted(ledger: Ledger, how: Searching, rivals: Rivals, seats: Sequence[str], restarts: int, number: int) -> Data:
    """Return what restarts of the portfolio gain against a mixture, by seat: the best draft of each, judged in worlds
    that chose nothing.
    """
    wanted = [(seat, restart) for seat in seats for restart in range(restarts)]
    title = f"certificate, round {number}"
    steps = [step for seat, k in wanted for step in how.searches(rivals, seat, "certificate", number, k)]
    drafts = [draft_of(each["draft"]) for each in ledger.take(steps, f"{title}: {len(steps)} searches")]
    size = len(how.oracles)
    groups = [distinct(drafts[n * size : (n + 1) * size]) for n in range(len(wanted))]
    judging = [
        how.judging(rivals, seat, group, how.judged, "restart", number, k)
        for (seat, k), group in zip(wanted, groups, strict=True)
    ]
    best = []
    for group, judged in zip(groups, ledger.take(judging, f"{title}: comparing"), strict=True):
        gains = [each["gain"] for each in judged["judged"]]
        best.append(group[int(np.argmax(gains))])
    finals = []
    for place, seat in enumerate(seats):
        mine = best[place * restarts : (place + 1) * restarts]
        finals.append(how.judging(rivals, seat, mine, how.surely, "final", number))
    found = dict(zip(seats, ledger.take(finals, f"{title}: judging"), strict=True))
    chance = holm([_tail(each) for seat in seats for each in found[seat]["judged"]])
    result: Data = {}
    for place, seat in enumerate(seats):
        judged = found[seat]["judged"]
        likely = chance[place * restarts : (place + 1) * restarts]
        top = int(np.argmax([each["gain"] for each in judged]))
        values = [each["value"] for each in judged]
        better = [k for k in range(restarts) if judged[k]["gain"] > how.epsilon and likely[k] < LEVEL]
        result[seat] = {
            **judged[top], "chance": likely[top], "found": bool(better), "mixture": found[seat]["value"],
            "drafts": [best[place * restarts + k].plain() for k in better],
            "gains": [each["gain"] for each in judged], "spread": max(values) - min(values),
        }  # fmt: skip
    return result


def _tail(judged: Data) -> float:
    """Return the probability of a gain like this where there is none."""
    if judged["error"] <= 0:
        return 0.0 if judged["gain"] > 0 else 1.0
    return float(special.ndtr(-judged["gain"] / judged["error"]))


def holm(chances: Sequence[float]) -> list[float]:
    """Return probabilities that take each other into account (Holm 1979)."""
    order = sorted(range(len(chances)), key=lambda n: chances[n])
    found = [0.0] * len(chances)
    most = 0.0
    for rank, n in enumerate(order):
        most = max(most, min(1.0, (len(chances) - rank) * chances[n]))
        found[n] = most
    return found


# ------------------------------------------------------------------------------------------- power


def power(ledger: Ledger, how: Searching, rivals: Rivals, seat: str, first: int, seeds: int) -> Data:
    """Return whether the search finds a weakness that is planted in a seat's rivals; if it misses it, which larger one
    it finds.

    Args:
        ledger: of the discovery.
        how: it searches.
        rivals: the final mixture.
        seat: whose replies are searched.
        first: how many strategies the seat had before any was found.
        seeds: how often the weakness is searched for.

    Returns:
        ``planted``: whether one could be; ``hidden``: whether only by hiding from the search what the seat had found,
        where whoever is spoilt is answered well by what is known, as in a small game; ``worth`` of it; ``found`` in how
        many of ``seeds``; ``gains``; ``passed``; ``larger``: the same of the larger ones that were planted because it
        was missed, up to the first that is found.
    """
    told = _tested(ledger, how, rivals, seat, first, seeds, how.planted)
    larger: list[Data] = []
    for times in LARGER if told["planted"] and not told["passed"] else ():
        again = _tested(ledger, how, rivals, seat, first, seeds, times * how.planted)
        if not again["planted"]:
            break
        larger.append(again)
        if again["passed"]:
            break
    return {**told, "larger": larger}


def _tested(
    ledger: Ledger, how: Searching, rivals: Rivals, seat: str, first: int, seeds: int, worth: float
) -> Data:  # fmt: skip
    """Return what the search finds of a weakness that is worth so much."""
    ways: list[tuple[bool, Callable[[], Plant | None]]] = [
        (False, lambda: _planted(ledger, how, rivals, seat, worth)),
        (True, lambda: _hidden(ledger, how, rivals, seat, first, worth)),
        (True, lambda: _planted(ledger, how, _knowing(rivals, seat, first), seat, worth)),
    ]
    for hidden, way in ways:
        plant = way()
        if plant is not None:
            return {"hidden": hidden, **_sought(ledger, how, *plant, seat, seeds)}
    return {"planted": False, "hidden": False, "worth": 0.0, "found": 0, "seeds": seeds, "gains": [], "passed": False}


def _sought(
    ledger: Ledger, how: Searching, weak: Rivals, known: Draft, better: Draft, seat: str, seeds: int
) -> Data:  # fmt: skip
    """Return in how many seeds the search finds enough of a weakness: of what the better reply gains beside the best
    known one in the same worlds.
    """
    steps = [step for k in range(seeds) for step in how.searches(weak, seat, "power", k)]
    drafts = [draft_of(each["draft"]) for each in ledger.take(steps, f"power of the search for {seat}")]
    size = len(how.oracles)
    groups = [distinct(drafts[k * size : (k + 1) * size]) for k in range(seeds)]
    judging = [how.judging(weak, seat, group, how.judged, "power", k) for k, group in enumerate(groups)]
    best = [
        group[int(np.argmax([each["gain"] for each in judged["judged"]]))]
        for group, judged in zip(groups, ledger.take(judging, f"power for {seat}: comparing"), strict=True)
    ]
    step = how.judging(weak, seat, [known, better, *best], how.surely, "power, final")
    (judged,) = ledger.take([step], f"power for {seat}: judging")
    values = [each["value"] for each in judged["judged"]]
    worth, *gains = (value - values[0] for value in values[1:])
    found = sum(gain >= ENOUGH * worth for gain in gains)
    return {"planted": True, "worth": worth, "found": found, "seeds": seeds, "gains": gains,
            "passed": found >= OF_TEN * seeds}  # fmt: skip


def _knowing(rivals: Rivals, seat: str, count: int) -> Rivals:
    """Return rivals of whom a seat's first few are all that it has."""
    field = tuple(replace(rival, share=1 / count) for rival in rivals.seats[seat][:count])
    return replace(rivals, seats={**rivals.seats, seat: field})


def _hidden(
    ledger: Ledger, how: Searching, rivals: Rivals, seat: str, first: int, worth: float
) -> Plant | None:  # fmt: skip
    """Return rivals from whom the seat's latest strategies are hidden, as few as are worth so much: what was found once
    has to be found again. Since these are often worth far more, the rivals are blended with one of the next seat's
    strategies, that against which they are worth least, until they are worth that and no more.
    """
    drafts = rivals.drafts(seat)
    judging = how.judging(rivals, seat, drafts, how.surely, "hidden")
    (judged,) = ledger.take([judging], f"weighing what {seat} found")
    values = np.array([each["value"] for each in judged["judged"]])
    places = [place for place, rival in enumerate(rivals.seats[seat]) if rival.draft is not None]
    apart = (
        count
        for count in range(len(drafts) - 1, 0, -1)
        if places[count] >= first and values.max() - values[:count].max() >= worth
    )
    count = next(apart, None)
    if count is None:
        return None
    weak = _knowing(rivals, seat, places[count])
    other = _next(rivals, seat)
    numbers = [n for n, rival in enumerate(weak.seats[other]) if rival.draft is not None and rival.draft.in_class]
    pure = [_alone(weak, other, number) for number in numbers]
    each_alone = [how.judging(each, seat, drafts, how.judged, "blended") for each in pure]
    told = ledger.take(each_alone, f"weighing what {seat} found against each strategy of {other}")
    paid = np.array([[each["value"] for each in judged["judged"]] for judged in told])
    usual = pure[int(np.argmin(paid.max(axis=1) - paid[:, :count].max(axis=1)))]
    return _blended(ledger, how, (usual, weak), other, seat, drafts[:count], drafts[count:], worth)


def _planted(ledger: Ledger, how: Searching, rivals: Rivals, seat: str, worth: float) -> Plant | None:
    """Return rivals with a weakness, the best known reply to them, and a better one.

    One opponent is spoilt at random and plays so often that the best reply which a long search finds to it gains
    so much more than anything known. Nobody who searches later knows that reply.
    """
    other = _next(rivals, seat)
    victims = rivals.starts(other)
    if not victims:
        return None
    bases = list(dict.fromkeys(draft.base for draft in rivals.drafts(other)))
    variation = Variation(bases, playable(rivals.book, rivals.scenario, other), dates=rivals.dates)
    everybody = distinct(rivals.drafts(seat))
    (usual,) = ledger.take([how.judging(rivals, seat, everybody, how.judged, "known")], f"weighing what {seat} knows")
    usually = np.array([each["value"] for each in usual["judged"]])
    for number in range(SOWN):
        rng = random.Random(f"weakness {digest([rivals.key, seat, how.seed, number])}")
        draft = victims[number % len(victims)]
        for _ in range(3):
            draft = variation.vary(draft, rng)
        spoilt = rivals.joined(other, Rival("spoilt", 0.0, draft.code, draft))
        pure = _alone(spoilt, other, len(spoilt.seats[other]) - 1)
        what = f"planting a weakness for {seat}"
        (judged,) = ledger.take([how.judging(pure, seat, everybody, how.judged, "known", number)], what)
        known = np.array([each["value"] for each in judged["judged"]])
        if rivals.payoff == "win" and 1 - known.max() < worth:
            continue  # even always meeting that opponent, nobody could win so much more
        search = SearchStep(pure, seat, how.oracles[0], 2 * how.budget, seed_of("weakness", how.seed, seat, number))
        (found,) = ledger.take([search], what)
        better = draft_of(found["draft"])
        order = [row[:FOREMOST].tolist() for row in np.argsort(-np.array([known, usually]), kind="stable")]
        foremost = distinct([everybody[n] for row in order for n in row])
        plant = _blended(ledger, how, (spoilt, pure), other, seat, foremost, [better], worth)
        if plant is not None:
            return plant
    return None


def _blended(
    ledger: Ledger, how: Searching, ends: tuple[Rivals, Rivals], other: str, seat: str, known: Sequence[Draft],
    better: Sequence[Draft], worth: float,
) -> Plant | None:  # fmt: skip
    """Return rivals between two fields that differ in one seat's shares, by as few hundredths towards the second as
    make the best of some replies worth so much more than the best known one; ``None`` if it is nowhere worth so much.
    """
    judging = [how.judging(rivals, seat, [*known, *better], how.surely, "blended, surely") for rivals in ends]
    told = ledger.take(judging, f"weighing the weakness for {seat}")
    first, second = (np.array([each["value"] for each in judged["judged"]]) for judged in told)
    for percent in range(1, 101):
        values = (1 - percent / 100) * first + percent / 100 * second
        mine, theirs = values[: len(known)], values[len(known) :]
        if theirs.max() - mine.max() >= worth:
            shares = {
                name: [
                    (1 - percent / 100) * a.share + percent / 100 * b.share if name == other else a.share
                    for a, b in zip(found, ends[1].seats[name], strict=True)
                ]
                for name, found in ends[0].seats.items()
            }
            weak = ends[0].shared(shares, f"{ends[0].title} with a weakness")
            return weak, known[int(mine.argmax())], better[int(theirs.argmax())]
    return None


def _next(rivals: Rivals, seat: str) -> str:
    """Return the seat after another one, whose strategies are spoilt or blended."""
    names = list(rivals.seats)
    return names[(names.index(seat) + 1) % len(names)]


def _alone(rivals: Rivals, seat: str, number: int) -> Rivals:
    """Return rivals one of whom has a seat to itself."""
    shares = {
        name: [float(n == number) if name == seat else rival.share for n, rival in enumerate(found)]
        for name, found in rivals.seats.items()
    }
    return rivals.shared(shares, rivals.title)


# ------------------------------------------------------------------------------------------- attackers


def attacked(ledger: Ledger, how: Searching, rivals: Rivals, seat: str, attackers: Mapping[str, int]) -> list[Data]:
    """Return what players outside the class gain in a seat against a mixture, with 95% intervals."""
    found = []
    for player, worlds in attackers.items():
        if player == LEARNED:
            step = LearnStep(rivals, seat, worlds, seed_of("learn", how.seed, seat))
            (told,) = ledger.take([step], f"a policy learns to play {seat}")
            found.append({"player": player, **{name: told[name] for name in ("value", "gain", "half", "worlds")}})
            continue
        steps = [
            AttackStep(rivals, seat, player, first, min(WORLDS_AT_ONCE, worlds - first), seed_of("attack", how.seed))
            for first in range(0, worlds, WORLDS_AT_ONCE)
        ]
        parts = ledger.take(steps, f"{player} attacks {seat}")
        before, after = (np.array([v for part in parts for v in part[key]]) for key in ("before", "after"))
        gains = after - before
        found.append({"player": player, "value": float(after.mean()), "gain": float(gains.mean()),
                      "half": half_width(gains, rivals.payoff), "worlds": len(gains)})  # fmt: skip
    return found
