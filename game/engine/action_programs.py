"""Builds the program that lists a seat's legal actions and what a doctrine thinks of each, in one run.

What depends on no choice is tested and worked out once a move, what depends on the first choice once for each of its
values; ``me`` is known, so that maps, groups and most addresses are settled when the program is built.
"""

from __future__ import annotations

from collections.abc import Sequence

from game.engine import kernel as k
from game.engine.assembler import Label
from game.engine.codegen import Program
from game.engine.weights import OTHERWISE, Structure
from rules.model import terms as m
from rules.model.rulebook import Choice, Move, Turns
from rules.model.visit import every, unnamed

FREE_MOVES_A_TURN = 20
"""Moves that take no action are capped, so that a turn always ends (language.md)."""


def level(e: m.Expr, choices: Sequence[Choice]) -> int:
    """0 when no choice matters to the expression, else the number of the last choice that does."""
    last = 0
    for x in every(e):
        if isinstance(x, m.Local):
            last = max([last, *(n for n, choice in enumerate(choices, 1) if choice.name == x.name)])
    return last


def conjuncts(e: m.Expr) -> list[m.Expr]:
    """The parts of a conjunction."""
    e = unnamed(e)
    if isinstance(e, m.Binary) and e.op == "and":
        return conjuncts(e.left) + conjuncts(e.right)
    return [e]


def terms(e: m.Expr) -> list[m.Expr]:
    """The parts of a sum."""
    e = unnamed(e)
    if isinstance(e, m.Binary) and e.op == "+":
        return terms(e.left) + terms(e.right)
    if isinstance(e, m.Binary) and e.op == "-":
        return terms(e.left) + [m.Unary("-", part, m.INT) for part in terms(e.right)]
    return [e]


def round_limit(move: Move, turns: Turns) -> int:
    """How often a seat may play a move in a round; 0: as often as it likes."""
    return move.limit_round or (0 if turns.repeat or not move.takes else 1)


def offering_program(program: Program, seat: int, structure: Structure | None) -> int:
    """Build the program for a seat; without a doctrine every action is worth 0. Returns its start."""
    scores: dict[str, list[m.Expr]] = {}
    otherwise: list[m.Expr] = []
    if structure is not None:
        program.names |= structure.names(program.layout.weights)
        otherwise = [m.Local(OTHERWISE, m.INT)]
        for move_name, score in structure.preferences:
            scores.setdefault(move_name, []).extend(terms(score))
    first = 1
    for number, move in enumerate(program.layout.moves):
        if program.fixed(move.seats):
            _Offer(program, seat, number, move, scores.get(move.name, otherwise), first).build()
        count = 1
        for choice in move.choices:
            count *= program.layout.range_of(choice)[1]
        first += count
    return program.finish()


class _Offer:
    """The part of the program for one move."""

    def __init__(
        self, program: Program, seat: int, number: int, move: Move, score: Sequence[m.Expr], first: int
    ) -> None:
        self.program, self.seat, self.number, self.move, self.first = program, seat, number, move, first
        self.counts = [program.layout.range_of(choice)[1] for choice in move.choices]
        self.tests: list[list[m.Expr]] = [[] for _ in range(len(self.counts) + 1)]
        self.terms: list[list[m.Expr]] = [[] for _ in range(len(self.counts) + 1)]
        for choice in move.choices:
            if choice.cond is not None:
                for part in conjuncts(choice.cond):
                    self.tests[level(part, move.choices)].append(part)
        for track, cost in move.cost:
            holding = m.Read(track, (m.Local("me", m.SEAT),))
            self.tests[level(cost, move.choices)].append(m.Compare("<=", cost, holding))
        for requirement in move.requires:
            for part in conjuncts(requirement.rule):
                self.tests[level(part, move.choices)].append(part)
        for part in score:
            self.terms[level(part, move.choices)].append(part)

    def build(self) -> None:
        """Limits, then tests, values and choices level by level."""
        program, layout = self.program, self.program.layout
        program.where = self.move.where
        skip = Label()
        program.known.append({})
        counter = self.seat * len(layout.moves) + self.number
        for limit, at in (
            (round_limit(self.move, layout.scenario.turns), layout.used_round + counter),
            (self.move.limit_game or 0, layout.used_game + counter),
            (0 if self.move.takes else FREE_MOVES_A_TURN, k.H_FREE),
        ):
            if limit:
                program.jump(k.OP_UNLESS_LT, skip, k.ROW + at, program.constant(limit))
        self.level(0, skip, program.constant(0), [])
        program.known.pop()
        program.place(skip)

    def level(self, depth: int, skip: Label, value: int, picked: list[int]) -> None:
        """What depends on the first ``depth`` choices, then the next choice, or the offer."""
        program = self.program
        for test in self.tests[depth]:
            if not program.unless(test, skip):
                return
        for term in self.terms[depth]:
            if isinstance(term, m.Unary) and term.op == "-":
                value = program.pure(k.OP_SUB, value, program.expr(term.value))
            else:
                value = program.pure(k.OP_ADD, value, program.expr(term))
        if depth < len(self.counts):
            self.choose(depth, value, picked)
            return
        *outer, last = picked or [program.constant(0)]
        places = self.number_of(outer), last
        stride = self.counts[-1] if len(self.counts) > 1 else 1
        known = [program.out.known.get(at) for at in places]
        if known[0] is not None and known[1] is not None:
            zero = program.constant(0)
            program.emit(k.OP_OFFER, self.first + known[0] * stride + known[1], value, zero, zero, stride)
        elif len(picked) == 1:
            program.emit(k.OP_OFFER, self.first, value, last, program.constant(0), stride)
        else:
            program.emit(k.OP_OFFER, self.first, value, *places, stride)

    def number_of(self, picked: Sequence[int]) -> int:
        """Where the number is that some choices have among all that could be made for them.

        It is looked up in a table of the numbers from 0: of what is looked up the verifier knows the bounds.
        """
        program = self.program
        number, size = program.constant(0), 1
        for depth, at in enumerate(picked):
            count = self.counts[depth]
            size *= count
            before, this = program.out.known.get(number), program.out.known.get(at)
            if depth == 0:
                number = at
            elif before is not None and this is not None:
                number = program.constant(before * count + this)
            else:
                table = program.out.table(f"numbers below {size}", list(range(size)))
                number = program.pure(k.OP_LOAD2, table, number, at, count)
        return number

    def choose(self, depth: int, value: int, picked: list[int]) -> None:
        """Every value of the next choice: written out when there are few."""
        program, choice, count = self.program, self.move.choices[depth], self.counts[depth]
        low = program.layout.range_of(choice)[0]
        deeper = [part for at in (*self.tests[depth + 1 :], *self.terms[depth + 1 :]) for part in at]
        if program.writes_out(count, 1 + sum(map(program.out.weight, deeper))):
            program.copies *= count
            for n in range(count):
                go_on = Label()
                program.known.append({})
                program.names[choice.name] = program.constant(low + n)
                self.level(depth + 1, go_on, value, [*picked, program.constant(n)])
                program.known.pop()
                program.place(go_on)
            program.copies //= count
            return
        variable, go_on = program.temporary(), Label()
        program.emit(k.OP_MOVE, variable, program.constant(0))
        head = len(program.out.code)
        program.known.append({})
        program.names[choice.name] = program.pure(k.OP_ADD, variable, program.constant(low))
        self.level(depth + 1, go_on, value, [*picked, variable])
        program.known.pop()
        program.place(go_on)
        program.repeat(variable, count, head)
