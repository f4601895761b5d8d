"""The arms of a plan: under which rules its games are played. Which games there are in each is ``design``'s business.

An arm is known by its content: scenario, changed values, what is left out and which news is injected. Its name is a
label.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from game.errors import UnknownName
from rules import RuleErrors, rulebook_from
from rules.model.rulebook import SEMANTICS, Rulebook
from tournament.design.ids import digest, keyed
from tournament.design.plan import Changes, Injection, Override, Plan, Range, Sweep, Value
from tournament.errors import PlanError

BASE = "base"
"""Name of the arm with the plan's own settings and no others; it is always there."""

MAX_ARMS = 2_000
KEPT_BOOKS = 12


@dataclass(frozen=True, eq=False)
class Arm:
    """One set of rules that a plan plays. Arms of equal content are equal: two runs of one process find each other's
    compiled rules and doctrines by it, and to compare whole rulebooks would take longer than to play.

    Attributes:
        name: what the plan calls it; a point of a sweep is called by its values.
        scenario: the scenario.
        base: the rulebook as the plan names it.
        settings: what is changed in it, as cells name it.
        values: the point of the sweep: path to value.
    """

    name: str
    scenario: str
    base: Rulebook
    settings: Mapping[str, Any]
    values: Mapping[str, Value]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Arm) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @cached_property
    def key(self) -> str:
        """Hash of the arm's content: everything about a cell but the players."""
        return digest([self.base.sha256, self.scenario, self.settings])

    @property
    def book(self) -> Rulebook:
        """The rulebook with the arm's settings, checked like any other. The latest few are kept.

        Raises:
            PlanError: a setting that the rules do not allow.
        """
        if not any(self.settings.get(kind) for kind in ("overrides", "without", "inject", "no_news")):
            return self.base
        return _changed(self)


def arms(plan: Plan, base: Rulebook) -> tuple[Arm, ...]:
    """Return every arm of a plan: each scenario, as the plan has it and with each of ``arms``, at each point of
    ``sweep``.

    Raises:
        UnknownName: no such scenario, move, family or event.
        PlanError: arms that are the same, or too many; a sweep that makes no sense; what the rules do not allow.
    """
    scenarios = plan.scenarios or (plan.scenario,)
    for name in scenarios:
        if name not in base.scenarios:
            raise UnknownName("scenario", name, base.scenarios, where=f"the rulebook {base.name}")
    _mirrored(base, scenarios)
    points = [{}, *_points(plan.sweep, plan.seed)] if plan.sweep else [{}]
    count = len(scenarios) * (1 + len(plan.arms)) * len(points)
    if count > MAX_ARMS:
        raise PlanError(
            [f"the plan has {count:,} arms; at most {MAX_ARMS:,} are allowed"], "use fewer values or points"
        )
    found: dict[str, Arm] = {}
    for scenario, (name, changes), values in itertools.product(
        scenarios, [(BASE, Changes()), *plan.arms.items()], points
    ):
        _unfixed(base, scenario, values)
        given = {**plan.overrides, **changes.overrides}
        plain = {p: v for p, v in values.items() if given.get(p, _value(base.source, p)) != v}
        settings = _settings(plan, changes, plain, base, scenario)
        arm = Arm(label(name, values), scenario, base, settings, values or _here(plan.sweep, base, given))
        twin = found.setdefault(arm.key, arm)
        if twin is not arm and not values:
            raise PlanError([f"the arms {twin.name} and {arm.name} are the same"], "leave one of them out")
    _check(tuple(found.values()), plan)
    return tuple(found.values())


def label(name: str, values: Mapping[str, Value]) -> str:
    """Return what an arm is called: the name that the plan gives it and the point of the sweep."""
    point = ", ".join(f"{path}={value}" for path, value in values.items())
    return ", ".join(part for part in (name if name != BASE or not point else "", point) if part)


def called(arm: Arm, arms: Sequence[Arm]) -> str:
    """Return the plan's name for one of its arms, with the scenario where the plan has several."""
    if len({found.scenario for found in arms}) == 1:
        return arm.name
    return arm.scenario if arm.name == arms[0].name else f"{arm.scenario}, {arm.name}"


def _mirrored(base: Rulebook, scenarios: Sequence[str]) -> None:
    """Make sure that the scenarios of one plan have the same seats, so that their games can be compared."""
    first = {seat.name: seat.roles for seat in base.scenarios[scenarios[0]].seats}
    for name in scenarios[1:]:
        if {seat.name: seat.roles for seat in base.scenarios[name].seats} != first:
            raise PlanError(
                [f"the scenarios {scenarios[0]} and {name} have different seats"], "give each a plan of its own"
            )


def _settings(
    plan: Plan, changes: Changes, values: Mapping[str, Value], base: Rulebook, scenario: str
) -> dict[str, Any]:
    names = (*plan.without, *changes.without)
    news = sorted({name for name in names if name in base.events})
    settings: dict[str, Any] = {
        "semantics": SEMANTICS,
        "overrides": {**plan.overrides, **changes.overrides, **values},
        "without": _left_out([name for name in names if name not in news], base, scenario),
    }
    inject = _injected((*plan.inject, *changes.inject), base, scenario)
    inject = {event: number for event, number in inject.items() if event not in news}
    # Left out where there is nothing to say, so that plans without news keep their games' names.
    return {**settings, **({"inject": inject} if inject else {}), **({"no_news": news} if news else {})}


def _left_out(names: Sequence[str], book: Rulebook, scenario: str) -> list[str]:
    """Return the moves that ``without`` takes out of a scenario, sorted."""
    inside = book.scenarios[scenario].moves
    found: set[str] = set()
    for name in names:
        moves = {move for move in inside if name in (move, book.moves[move].family)}
        if not moves:
            if name in (*book.families, *book.moves):
                raise PlanError([f"without: the scenario {scenario} has no '{name}' anyway"], "leave it out")
            choices = [*book.families, *inside, *book.events]
            raise UnknownName("move, family or event", name, choices, where="'without'")
        found |= moves
    return sorted(found)


def _injected(cards: Sequence[Injection], book: Rulebook, scenario: str) -> dict[str, int]:
    """Return the round of each injected card."""
    found: dict[str, int] = {}
    rounds = book.scenarios[scenario].rounds
    for card in cards:
        if card.event not in book.events:
            raise UnknownName("event", card.event, book.events, where="'inject'")
        if card.event in found:
            raise PlanError([f"inject: {card.event} is injected twice"], "a card is played once a game")
        if card.round > rounds:
            raise PlanError([f"inject: {card.event} in round {card.round}, but {scenario} has {rounds} rounds"])
        found[card.event] = card.round
    return found


@lru_cache(KEPT_BOOKS)
def _changed(arm: Arm) -> Rulebook:
    """Return the rulebook of an arm. The scenario as it was stays in it under another name where moves are left out,
    because a move that no scenario plays would be a fault.
    """
    base, scenario, settings = arm.base, arm.scenario, arm.settings
    source = dict(base.source)
    if settings["without"]:
        left = [move for move in base.scenarios[scenario].moves if move not in settings["without"]]
        whole = source["scenarios"][scenario]
        some = {**whole, "moves": {"only": left}}
        source["scenarios"] = {**source["scenarios"], scenario: some, f"{scenario}_whole": whole}
    if settings.get("inject"):
        source = _with_cards(source, base, scenario, settings["inject"])
    if settings.get("no_news"):
        source = _without_cards(source, base, scenario, settings)
    try:
        return rulebook_from(source, dict(settings["overrides"]))
    except RuleErrors as errors:
        # Nobody who typed --set knows of an arm "base".
        whose = "" if arm.name == BASE else f"the arm {arm.name}: "
        found = [f"{whose}{fault.sentence}" for fault in errors.faults]
        raise PlanError(found, "the rules do not allow what it sets") from None


def _with_cards(source: dict[str, Any], base: Rulebook, scenario: str, cards: Mapping[str, int]) -> dict[str, Any]:
    """Return the rules with cards that arrive in a set round, whatever their condition. They become dated cards; the
    dates of the others go where the scenario deals them from its deck, so that they stay in it.
    """
    found = base.scenarios[scenario]
    inside = {*found.deck, *found.dated}
    events = {}
    for name, event in source["events"].items():
        kept = dict(event)
        if name in cards:
            kept.pop("when", None)
            kept["date"] = "{:04d}-{:02d}".format(*found.month((cards[name] - 1) * found.months))
        elif name in found.deck:
            kept.pop("date", None)
        events[name] = kept
    in_play = [name for name in base.events if name in inside or name in cards]
    changed = {**source["scenarios"][scenario], "dated": True, "events": {"only": in_play}}
    return {**source, "events": events, "scenarios": {**source["scenarios"], scenario: changed}}


def _without_cards(
    source: dict[str, Any], base: Rulebook, scenario: str, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the rules without some news cards in a scenario. Like moves, they stay in the scenario as it was."""
    found = base.scenarios[scenario]
    inside = {*found.deck, *found.dated, *settings.get("inject", ())}
    left = [name for name in base.events if name in inside and name not in settings["no_news"]]
    whole = base.source["scenarios"][scenario]
    changed = {**source["scenarios"][scenario], "events": {"only": left} if left else "none"}
    return {**source, "scenarios": {**source["scenarios"], scenario: changed, f"{scenario}_whole": whole}}


# ---------------------------------------------------------------------------------------------- sweeps


def _points(sweep: Sweep, seed: int) -> Iterator[dict[str, Value]]:
    """Yield the points of a sweep."""
    if sweep.design == "latin":
        count = sweep.points or 0
        columns = {path: _latin(path, values, count, seed) for path, values in sweep.over.items()}
        for number in range(count):
            yield {path: column[number] for path, column in columns.items()}
        return
    lists = {path: _list(values) for path, values in sweep.over.items()}
    if sweep.design == "one_at_a_time":
        for path, values in lists.items():
            yield from ({path: value} for value in values)
        return
    for point in itertools.product(*lists.values()):
        yield dict(zip(lists, point, strict=True))


def _list(values: Range | tuple[Value, ...]) -> list[Value]:
    if isinstance(values, tuple):
        return list(values)
    steps = values.steps or 2
    return list(dict.fromkeys(round(values.low + k * (values.high - values.low) / (steps - 1)) for k in range(steps)))


def _latin(path: str, values: Range | tuple[Value, ...], count: int, seed: int) -> list[Value]:
    """Return one value in each of ``count`` equal parts of the range, in an order that depends on the path and the
    seed.
    """
    order = sorted(range(count), key=lambda k: keyed("latin", seed, path, k))
    if isinstance(values, tuple):
        return [values[place * len(values) // count] for place in order]
    return [round(values.low + (place + 0.5) * (values.high - values.low) / count) for place in order]


def _here(sweep: Sweep | None, base: Rulebook, given: Mapping[str, Override]) -> dict[str, Value]:
    """Return the values that the rules themselves have at the paths of a sweep, for the arm at none of its points."""
    found = {path: given.get(path, _value(base.source, path)) for path in sweep.over} if sweep else {}
    return {path: value for path, value in found.items() if isinstance(value, int | str)}


def _value(source: Any, path: str) -> Value | None:
    """Return the number, text or truth at a path of the rules; None where there is none."""
    steps = path.split(".")
    if len(steps) == 2 and steps[0] == "knob":
        steps = ["knobs", steps[1], "value"]
    for step in steps:
        if isinstance(source, Mapping):
            source = source.get(step)
        elif isinstance(source, list):
            named = [
                v for v in source if isinstance(v, dict) and step in (v.get("rule"), v.get("step"), v.get("agenda"))
            ]
            source = source[int(step)] if step.isdigit() and int(step) < len(source) else next(iter(named), None)
        else:
            return None
    return source if isinstance(source, int | str) else None


def _unfixed(base: Rulebook, scenario: str, values: Mapping[str, Value]) -> None:
    """Refuse to sweep a knob that the scenario sets itself: the sweep would change nothing."""
    for path in values:
        kind, _, knob = path.partition(".")
        if kind == "knob" and knob in base.scenarios[scenario].knobs:
            raise PlanError(
                [f"sweep: the scenario {scenario} sets {path} itself"], f"sweep scenarios.{scenario}.knobs.{knob}"
            )


def _check(found: Sequence[Arm], plan: Plan) -> None:
    """Read the rulebooks of the arms: all of a few; of a long sweep those at the ends of each range."""
    if len(found) <= KEPT_BOOKS or plan.sweep is None:
        for arm in found:
            _ = arm.book
        return
    for path in plan.sweep.over:
        at = [arm for arm in found if path in arm.values]
        ends = (min, max) if all(isinstance(arm.values[path], int) for arm in at) else ()
        for end in ends:
            _ = end(at, key=lambda arm: arm.values[path]).book
    for arm in found[:1]:
        _ = arm.book
