"""Counts what rules can ask of the engine: sets are finite, so the steps of every program have a known bound.

A step is about one instruction. The counts are upper bounds: both branches of a condition, every element of a loop.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from rules.language.symbols import SEAT_SET
from rules.model import terms as m
from rules.model.faults import Faults
from rules.model.rulebook import Choice, Move, Preference, Rulebook
from rules.model.terms import Expr, Statement, Where
from rules.model.visit import parts, statements, unnamed

MAX_STEPS = 1_000_000
"""Steps between two decisions of one kind: of the world turn, of a move's effects, of finding the legal moves …"""
MAX_TRIALS = 100_000_000
"""Steps of trying out every action and estimating what comes of it, which is what a greedy player does."""
MAX_ACTIONS = 100_000
"""Moves with all their choices."""
MAX_CELLS = 250_000
"""Numbers in a game: cells of tracks, and for tracks that something is ordered for one for each delay."""

_SMALLER = "loop over smaller sets, or put fewer loops inside one another"


@dataclass(frozen=True, slots=True)
class _Cost:
    """The steps of something, and the place of the part of it that takes most."""

    steps: int
    where: Where
    most: int


class Work:
    """Counts the steps of one rulebook's parts, for the scenario with the most seats."""

    def __init__(self, book: Rulebook, faults: Faults) -> None:
        self.book = book
        self.faults = faults
        self.seats = max((len(scenario.seats) for scenario in book.scenarios.values()), default=1)
        self._known: dict[int, int] = {}
        delays = [each.delay for body in self._bodies() for each in statements(body) if isinstance(each, m.In)]
        self.depth = max(delays, default=0) + 1
        self.ordered = {
            write.track
            for body in self._bodies()
            for each in statements(body)
            if isinstance(each, m.In)
            for write in each.body
        }

    def check(self) -> None:
        """Note what is too much."""
        book = self.book
        self._sizes()
        rules = [rule for step in book.world_turn for rule in step.rules]
        self._limit("the world turn", [self._body(rule.body, rule.where) for rule in rules])
        self._limit("the set-up", [self._body(rule.body, rule.where) for rule in book.setup])
        for move in book.moves.values():
            self._limit(f"'{move.name}'", [self._body(move.effects, move.where)])
        self._limit("finding the legal moves", [self._offer(move) for move in book.moves.values()])
        estimate = self.steps(book.goals.estimate)
        trials = [
            _cost(self._actions(move) * (self._body(move.effects, move.where).steps + estimate), move.where)
            for move in book.moves.values()
        ]
        self._limit("trying out every action once", trials, MAX_TRIALS)
        self._limit(
            "drawing news", [_cost(self.steps(event.when), event.where) for event in book.events.values() if event.when]
        )
        for event in book.events.values():
            self._limit(f"'{event.name}'", [self._body(event.effects, event.where)])
        endings = book.endings.values()
        self._limit("looking for endings", [_cost(self.steps(ending.when), ending.where) for ending in endings])
        for ending in endings:
            self._limit(f"'{ending.name}'", [self._body(ending.effects, ending.where)])
        self._limit("the measures", [_cost(self.steps(each.value), each.where) for each in book.measures.values()])
        self._limit(
            "imagining what is hidden",
            [_cost(self.cells(each.scope) * self.steps(each.guess), each.where)
             for each in book.tracks.values() if each.guess is not None],
        )  # fmt: skip

    def goals(self, where: Where) -> None:
        """Note a score that is too much work, told at one place."""
        goals = self.book.goals
        for name, value in (("the score", goals.score), ("the estimate", goals.estimate)):
            self._limit(f"{name} of every seat", [_cost(self.seats * self.steps(value), where)])

    def scores(self, preferences: Iterable[Preference], where: Where) -> None:
        """Note a doctrine whose scores are too much work."""
        found = []
        for each in preferences:
            move = self.book.moves[each.move]
            found.append(_cost(self._actions(move) * (1 + self.steps(each.score)), each.where))
        self._limit("scoring every move", found or [_cost(0, where)])

    # ------------------------------------------------------------------------------- counting

    def size(self, name: str) -> int:
        """Return how many elements a set has."""
        return self.seats if name == SEAT_SET else len(self.book.sets[name].elements)

    def cells(self, scope: Iterable[str]) -> int:
        """Return how many cells a track of that scope has."""
        return math.prod(map(self.size, scope))

    def steps(self, expr: Expr | None) -> int:
        """Return the most steps that working an expression out can take."""
        if expr is None:
            return 0
        expr = unnamed(expr)
        if id(expr) not in self._known:
            inner = sum(map(self.steps, parts(expr)))
            times = self.size(expr.set) if isinstance(expr, m.Aggregate) else 0
            self._known[id(expr)] = 1 + (times * (2 + inner) if times else inner)
        return self._known[id(expr)]

    def _body(self, body: Iterable[Statement], where: Where) -> _Cost:
        found = [self._statement(each) for each in body]
        heaviest = max(found, key=lambda cost: cost.most, default=_Cost(0, where, 0))
        return _Cost(sum(cost.steps for cost in found), heaviest.where, heaviest.most)

    def _statement(self, statement: Statement) -> _Cost:
        """Return what a statement costs; of one that holds others, the place of the heaviest inside."""
        where = statement.where
        match statement:
            case m.Assign(index=index, value=value):
                return _cost(2 + sum(map(self.steps, index)) + self.steps(value), where)
            case m.Let(value=value):
                return _cost(1 + self.steps(value), where)
            case m.Draw(low=low, high=high):
                return _cost(2 + self.steps(low) + self.steps(high), where)
            case m.DrawFrom(set=of, cond=cond):  # once to count what there is, once to find what was drawn
                return _cost(4 + 2 * self.size(of) * (3 + self.steps(cond)), where)
            case m.If(cond=cond, then=then, other=other) | m.Chance(percent=cond, then=then, other=other):
                return self._around((*then, *other), where, 2 + self.steps(cond))
            case m.Each(set=of, cond=cond, body=body):
                inner = self._around(body, where, 2 + self.steps(cond))
                landing = {each.track for each in statements(body) if isinstance(each, m.Assign)}
                lands = sum(self.cells(self.book.tracks[track].scope) for track in landing)
                return _Cost(self.size(of) * inner.steps + lands, inner.where, self.size(of) * inner.most)
            case m.In(body=body):
                return self._around(body, where, 1)
            case m.Deliver():
                return _cost(sum(self.cells(self.book.tracks[track].scope) for track in self.ordered), where)
        return _cost(1, where)

    def _around(self, body: Iterable[Statement], where: Where, own: int) -> _Cost:
        inner = self._body(body, where)
        if inner.most > own:
            return _Cost(own + inner.steps, inner.where, inner.most)
        return _Cost(own + inner.steps, where, own)

    def _offer(self, move: Move) -> _Cost:
        """Return what finding out costs which actions of a move are legal."""
        tests = [choice.cond for choice in move.choices] + [amount for _, amount in move.cost]
        tests += [requirement.rule for requirement in move.requires]
        actions = self._actions(move)
        each = [_cost(actions * self.steps(req.rule), req.where) for req in move.requires]
        heaviest = max(each, key=lambda cost: cost.most, default=_cost(0, move.where))
        steps = actions * (3 + sum(map(self.steps, tests)))
        return _Cost(steps, heaviest.where if 2 * heaviest.most > steps else move.where, steps)

    def _actions(self, move: Move) -> int:
        return math.prod(map(self._choice, move.choices))

    def _choice(self, choice: Choice) -> int:
        return choice.high - choice.low + 1 if choice.set is None else self.size(choice.set)

    # ------------------------------------------------------------------------------- the limits

    def _limit(self, what: str, costs: Iterable[_Cost], most: int = MAX_STEPS) -> None:
        """Note work beyond the limit at the place that takes most of it."""
        found = list(costs)
        total = sum(cost.steps for cost in found)
        if total > most:
            where = max(found, key=lambda cost: cost.most).where
            self.faults.add(where, f"too much work: {what} can take {total} steps, {most} are allowed", _SMALLER)

    def _sizes(self) -> None:
        """Note more actions or cells than there may be, at the move or track that has most."""
        moves = list(self.book.moves.values())
        actions = sum(map(self._actions, moves))
        if actions > MAX_ACTIONS:
            where = max(moves, key=self._actions).where
            self.faults.add(
                where, f"the moves have {actions} actions with all their choices, {MAX_ACTIONS} are allowed"
            )
        tracks = {each.name: self._numbers(each.name) for each in self.book.tracks.values()}
        if sum(tracks.values()) > MAX_CELLS:
            largest = self.book.tracks[max(tracks, key=lambda name: tracks[name])]
            self.faults.add(
                largest.where, f"the tracks have {sum(tracks.values())} cells, {MAX_CELLS} are allowed",
                f"'{largest.name}' has {tracks[largest.name]} of them",
            )  # fmt: skip

    def _numbers(self, track: str) -> int:
        """Return how many numbers a game keeps for a track."""
        return self.cells(self.book.tracks[track].scope) * (1 + self.depth * (track in self.ordered))

    def _bodies(self) -> Iterable[tuple[Statement, ...]]:
        book = self.book
        yield from (move.effects for move in book.moves.values())
        yield from (event.effects for event in book.events.values())
        yield from (ending.effects for ending in book.endings.values())
        yield from (rule.body for rule in book.setup)
        yield from (rule.body for step in book.world_turn for rule in step.rules)


def _cost(steps: int, where: Where) -> _Cost:
    return _Cost(steps, where, steps)
