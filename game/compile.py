"""Compiles a rulebook, for one scenario and a list of doctrines, into the kernel's tables."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from game import kernel as k
from game.build import Code, Program, inside
from game.layout import Layout, key32
from game.tables import Tables, tabulate
from game.verify import Entry, verify
from rules import model as m

FREE_MOVES_A_TURN = 20
"""Moves that take no action are capped, so that a turn always ends (language.md)."""


@dataclass(frozen=True)
class Compiled:
    """Tables ready to run, the memory a game starts from, and the names behind the numbers."""

    layout: Layout
    tables: Tables
    blank: list[int]
    rules: tuple[str, ...]
    doctrines: tuple[m.Doctrine, ...]

    @functools.cached_property
    def results_width(self) -> int:
        """Integers that ``kernel.playout`` writes for one game."""
        data = self.tables.data
        seats, moves, parts = data[k.M_SEATS], data[k.M_MOVES], data[k.M_PARTS]
        fixed = 4 + 3 * seats + seats * (moves + 1) + seats * parts
        return int(fixed + data[k.M_MEASURES] + data[k.M_ROUNDS] * seats)


def level(e: m.Expr, choices: Sequence[m.Choice]) -> int:
    """0 when no choice matters to the expression, else the number of the last choice that does."""
    last = 0
    for x in inside(e):
        if isinstance(x, m.Local):
            last = max([last, *(n for n, choice in enumerate(choices, 1) if choice.name == x.name)])
    return last


def conjuncts(e: m.Expr) -> list[m.Expr]:
    """The parts of a conjunction."""
    if isinstance(e, m.Binary) and e.op == "and":
        return conjuncts(e.left) + conjuncts(e.right)
    return [e]


def terms(e: m.Expr) -> list[m.Expr]:
    """The parts of a sum."""
    if isinstance(e, m.Binary) and e.op == "+":
        return terms(e.left) + terms(e.right)
    if isinstance(e, m.Binary) and e.op == "-":
        return terms(e.left) + [m.Unary("-", part, m.INT) for part in terms(e.right)]
    return [e]


def compile_game(book: m.Rulebook, scenario: m.Scenario, doctrines: Sequence[m.Doctrine] = ()) -> Compiled:
    """Compile and verify; every program has passed the verifier when this returns."""
    return _Compiler(Layout(book, scenario), tuple(doctrines)).compile()


class _Compiler:
    """Collects programs and tables."""

    def __init__(self, layout: Layout, doctrines: tuple[m.Doctrine, ...]) -> None:
        self.layout, self.doctrines = layout, doctrines
        self.code = Code(layout)
        self.entries: list[Entry] = [Entry(0, ())]

    def program(self, *choices: tuple[int, int]) -> Program:
        """A fresh program whose ``me`` is a seat or none, with the ranges of its choices."""
        names = {"me": 0}
        seats = len(self.layout.seats)
        self.entries.append(Entry(len(self.code.code), ((-1, seats - 1), *choices)))
        return Program(self.code, names)

    def body(self, statements: Sequence[m.Statement]) -> int:
        """A program of statements without choices."""
        program = self.program()
        for statement in statements:
            program.statement(statement)
        return program.finish()

    def value(self, e: m.Expr | None) -> int:
        """A program that returns a value; 0 for ``None``."""
        if e is None:
            return 0
        program = self.program()
        return program.finish(program.expr(e))

    def compile(self) -> Compiled:
        layout, book = self.layout, self.layout.book
        seats = layout.seats
        setup = self.body([s for rule in layout.setup for s in rule.body])
        score, estimate = self.value(book.goals.score), self.value(book.goals.estimate)
        moves, action_move, first, second = self.moves()
        event_when = [self.value(e.when) for e in layout.events]
        event_effects = [self.body(e.effects) for e in layout.events]
        step_pc = [self.body([s for rule in step.rules for s in rule.body]) for step in layout.steps]
        ending_when = [self.value(e.when) for e in layout.endings]
        ending_effects = [self.body(e.effects) for e in layout.endings]
        measure_pc = [self.value(measure.value) for measure in book.measures.values()]
        hidden = list(layout.hidden())
        hidden_guess = [self.value(track.guess) for *_, track in hidden]
        taste = self.tastes()
        seat_moves = self.seat_moves()
        seat_keys = self.code.keys("seat")
        low, high = [0] * layout.size, [0] * layout.size
        for place in layout.places.values():
            for slot in range(place.base, place.base + place.size):
                low[slot], high[slot] = place.track.low, place.track.high
        parts = layout.places[book.goals.parts] if book.goals.parts else None
        turns = layout.scenario.turns
        scalars = {
            k.M_SEATS: len(seats), k.M_MOVES: len(layout.moves), k.M_ACTIONS: len(action_move),
            k.M_EVENTS: len(layout.events), k.M_STEPS: len(layout.steps), k.M_ENDINGS: len(layout.endings),
            k.M_SIZE: layout.size, k.M_ROUNDS: layout.scenario.rounds, k.M_ACTIONS_A_TURN: turns.actions,
            k.M_ROTATE: int(turns.rotate), k.M_PASSING: int(turns.passing), k.M_USED_ROUND: layout.used_round,
            k.M_USED_GAME: layout.used_game, k.M_DRAWN: layout.drawn, k.M_ORDER: layout.order,
            k.M_TRACKS: layout.tracks_at, k.M_RING: layout.ring_at, k.M_RING_SLOTS: len(layout.ring_slots),
            k.M_RING_DEPTH: layout.depth, k.M_SETUP: setup, k.M_SCORE: score, k.M_ESTIMATE: estimate,
            k.M_SEAT_KEYS: seat_keys, k.M_FREE_CAP: FREE_MOVES_A_TURN, k.M_MEASURES: len(measure_pc),
            k.M_HIDDEN: len(hidden), k.M_PARTS: parts.dims[1] if parts else 0,
            k.M_PART_BASE: parts.base if parts else 0,
        }  # fmt: skip
        tables = tabulate(self.code.code, scalars, {
            k.X_LOW: low, k.X_HIGH: high, k.X_MOVES: moves, k.X_SEAT_MOVES: seat_moves,
            k.X_ACTION_MOVE: action_move, k.X_ACTION_FIRST: first, k.X_ACTION_SECOND: second,
            k.X_EVENT_KEY: [key32(e.name) for e in layout.events], k.X_EVENT_ROUND: layout.event_rounds,
            k.X_EVENT_WHEN: event_when, k.X_EVENT_EFFECTS: event_effects, k.X_STEP_PC: step_pc,
            k.X_ENDING_WHEN: ending_when, k.X_ENDING_EFFECTS: ending_effects,
            k.X_ENDING_CRISIS: [int(e.crisis) for e in layout.endings],
            k.X_ENDING_HALVE: [int(e.halve) for e in layout.endings],
            k.X_RING: layout.ring_slots, k.X_MEASURE_PC: measure_pc, k.X_HIDDEN_SLOT: [h[0] for h in hidden],
            k.X_HIDDEN_OWNER: [h[1] for h in hidden], k.X_HIDDEN_LOW: [h[2] for h in hidden],
            k.X_HIDDEN_HIGH: [h[3] for h in hidden], k.X_HIDDEN_GUESS: hidden_guess, k.X_TASTE: taste[0],
            k.X_TASTE0: taste[1], k.X_TASTE1: taste[2], k.X_TASTE2: taste[3],
            k.X_TEMPERATURE: [d.temperature for d in self.doctrines],
            k.X_PASSING: [d.passing for d in self.doctrines],
            k.X_GUMBEL: gumbel() if any(d.temperature for d in self.doctrines) else (),
        })  # fmt: skip
        blank = [0] * layout.memory + self.code.memory
        for slot, value in layout.starts().items():
            blank[k.ROW + slot] = value
        verify(tables, blank, self.entries)
        return Compiled(layout, tables, blank, tuple(self.code.rules), self.doctrines)

    def seat_moves(self) -> list[int]:
        """Which moves each seat may play: offsets, then numbers of moves."""
        from game.evaluate import Evaluator

        evaluator = Evaluator(self.layout, [0] * self.layout.memory)
        lists = [
            [n for n, move in enumerate(self.layout.moves) if evaluator.value(move.seats, {"me": seat})]
            for seat in range(len(self.layout.seats))
        ]
        offsets, at = [], len(lists) + 1
        for mine in lists:
            offsets.append(at)
            at += len(mine)
        return [*offsets, at, *(n for mine in lists for n in mine)]

    def moves(self) -> tuple[list[int], list[int], list[int], list[int]]:
        """The table of moves and, for each action, its move and choices; action 0 is passing."""
        table: list[int] = []
        action_move, first, second = [0], [0], [0]
        for number, move in enumerate(self.layout.moves):
            ranges = [self.range_of(choice) for choice in move.choices]
            (low1, count1), (low2, count2) = [*ranges, (0, 1), (0, 1)][:2]
            tests: list[list[m.Expr]] = [[], [], []]
            for choice in move.choices:
                if choice.cond is not None:
                    tests[level(choice.cond, move.choices)] += conjuncts(choice.cond)
            for track, cost in move.cost:
                holding = m.Read(track, (m.Local("me", m.SEAT),))
                tests[level(cost, move.choices)].append(m.Compare("<=", cost, holding))
            for requirement in move.requires:
                for part in conjuncts(requirement.rule):
                    tests[level(part, move.choices)].append(part)
            row = [0] * k.MOVE_WIDTH
            row[k.V_FIRST], row[k.V_CHOICES] = len(action_move), len(move.choices)
            row[k.V_COUNT1], row[k.V_COUNT2], row[k.V_LOW1], row[k.V_LOW2] = count1, count2, low1, low2
            row[k.V_TAKES], row[k.V_LIMIT_GAME] = move.takes, move.limit_game or 0
            row[k.V_LIMIT_ROUND] = move.limit_round or (0 if self.layout.scenario.turns.repeat or not move.takes else 1)
            row[k.V_KEY] = key32(move.name)
            for depth, place in enumerate((k.V_REQUIRE0, k.V_REQUIRE1, k.V_REQUIRE2)):
                if tests[depth]:
                    row[place] = self.move_program(move).finish_test(tests[depth])
            row[k.V_EFFECTS] = self.effects(move)
            table += row
            for i in range(count1):
                for j in range(count2):
                    action_move.append(number)
                    first.append(low1 + i)
                    second.append(low2 + j)
        return table, action_move, first, second

    def range_of(self, choice: m.Choice) -> tuple[int, int]:
        """Lowest value and number of values of a choice."""
        if choice.set is None:
            return choice.low, choice.high - choice.low + 1
        return 0, len(self.layout.elements(choice.set))

    def move_program(self, move: m.Move) -> Program:
        """A program that knows the move's choices."""
        ranges = [self.range_of(choice) for choice in move.choices]
        program = self.program(*((low, low + count - 1) for low, count in ranges))
        program.names |= {choice.name: n for n, choice in enumerate(move.choices, 1)}
        return program

    def effects(self, move: m.Move) -> int:
        """Pay (every cost is worked out before the first is paid), then the effects."""
        program = self.move_program(move)
        me = m.Local("me", m.SEAT)
        costs = []
        for track, cost in move.cost:
            at = program.temporary()
            program.emit(k.OP_MOVE, at, program.expr(cost))
            program.names[f"cost of {track}"] = at
            costs.append((track, m.Local(f"cost of {track}", m.INT)))
        for track, amount in costs:
            where = m.Where(move.where.file, move.where.line, f"{move.where.path}.cost.{track}")
            program.statement(m.Assign(track, (me,), "-=", amount, where))
        for statement in move.effects:
            program.statement(statement)
        return program.finish()

    def tastes(self) -> tuple[list[int], list[int], list[int], list[int]]:
        """What each doctrine thinks of each move: constant part and the programs by depth of choice."""
        constant: list[int] = []
        programs: tuple[list[int], list[int], list[int]] = ([], [], [])
        for doctrine in self.doctrines:
            self.code.doctrine_knobs = {name: knob.value for name, knob in doctrine.knobs.items()}
            scores: dict[str, list[m.Expr]] = {}
            for preference in doctrine.preferences:
                scores.setdefault(preference.move, []).append(preference.score)
            for move in self.layout.moves:
                parts = [part for score in scores.get(move.name, ()) for part in terms(score)]
                known, depths = 0 if parts else doctrine.otherwise, [[], [], []]  # type: tuple[int, list[list[m.Expr]]]
                for part in parts:
                    if isinstance(part, m.Const):
                        known += part.value
                    else:
                        depths[level(part, move.choices)].append(part)
                constant.append(known)
                for depth, found in enumerate(depths):
                    pc = 0
                    if found:
                        program = self.move_program(move)
                        total = found[0]
                        for part in found[1:]:
                            total = m.Binary("+", total, part, m.INT)
                        pc = program.finish(program.expr(total))
                    programs[depth].append(pc)
        return constant, *programs


@functools.cache
def gumbel() -> list[int]:
    """1,024 evenly spaced quantiles of the standard Gumbel law in thousandths, the same on every machine."""
    n = 1024
    return [int((-(-(Decimal(2 * i + 1) / (2 * n)).ln()).ln() * 1000).to_integral_value()) for i in range(n)]
