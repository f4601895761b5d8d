"""Compiles a rulebook, for one scenario and the doctrines that sit in it, into the kernel's tables."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from game.engine import kernel as k
from game.engine.action_programs import offering_program
from game.engine.assembler import Code
from game.engine.codegen import Program
from game.engine.kernel import Tables
from game.engine.layout import Layout, key32
from game.engine.registers import allot
from game.engine.results import ResultsLayout
from game.engine.verifier import Checked, Entry, spans_of, verify
from game.engine.weights import Structure, taken_apart
from game.errors import RuleTooLong
from rules.model import terms as m
from rules.model.rulebook import Doctrine, Move, Rulebook, Scenario

Cast = tuple[tuple[str, Doctrine], ...]
"""Doctrines with the seats they sit in; kernel player n is the n-th."""


Seated = tuple[tuple[str, Structure], ...]
"""Structures of doctrines with the seats they sit in."""


@dataclass(frozen=True)
class Programs:
    """Everything compiled from the rules and from the structures of doctrines; whose numbers they have is still open.

    ``cast_at`` is where the doctrines' programs begin, and how many constants there are up to them: all before is the
    same whoever sits in the seats.
    """

    layout: Layout
    code: list[int]
    scalars: Mapping[int, int]
    tables: Mapping[int, Sequence[int]]
    blank: list[int]
    rules: tuple[str, ...]
    results: ResultsLayout
    checked: tuple[Checked, ...]
    cast_at: tuple[int, int]
    offers: Mapping[tuple[str, Structure], int]


@dataclass(frozen=True)
class Compiled:
    """Tables ready to run, the memory a game starts from, and the names behind the numbers."""

    layout: Layout
    tables: Tables
    blank: list[int]
    rules: tuple[str, ...]
    results: ResultsLayout
    programs: Programs

    def secrets(self, seat: int) -> list[int]:
        """The secret moves that a seat may ever make, by number."""
        data = self.tables.data
        first, last = (data[data[k.X_SECRETS_FROM] + place] for place in (seat, seat + 1))
        return list(data[data[k.X_SECRETS] + first : data[k.X_SECRETS] + last])


def compile_game(book: Rulebook, scenario: Scenario, cast: Cast = ()) -> Compiled:
    """Compile and verify; every program has passed the verifier when this returns."""
    return seat_players(compile_programs(book, scenario, structures_of(cast)), cast)


def structures_of(cast: Cast) -> Seated:
    """Return the structures of a cast, each once in a seat."""
    return tuple(dict.fromkeys((seat, taken_apart(doctrine)[0]) for seat, doctrine in cast))


def compile_programs(book: Rulebook, scenario: Scenario, seated: Seated = ()) -> Programs:
    """Compile and verify what does not turn on any doctrine's numbers."""
    return _Compiler(Layout(book, scenario), seated).compile()


def seat_players(programs: Programs, cast: Cast) -> Compiled:
    """Give the players of a cast, whose structures have been compiled, their numbers."""
    apart = [(seat, *taken_apart(doctrine)) for seat, doctrine in cast]
    weights = [numbers for *_, numbers in apart]
    first = len(programs.blank)
    bare = list(programs.tables[k.X_OFFERS])
    tables = tabulate(programs.code, programs.scalars, {
        **programs.tables,
        k.X_OFFERS: bare + [programs.offers[seat, structure] for seat, structure, _ in apart],
        k.X_TEMPERATURE: [doctrine.temperature for _, doctrine in cast],
        k.X_PASSING: [doctrine.passing for _, doctrine in cast],
        k.X_GUMBEL: gumbel() if any(doctrine.temperature for _, doctrine in cast) else (),
        k.X_WEIGHTS_FROM: list(itertools.accumulate(map(len, weights), initial=first)),
        k.X_NATIVE: [0] * (len(programs.code) // 6),
    })  # fmt: skip
    blank = [*programs.blank, *(number for numbers in weights for number in numbers)]
    return Compiled(programs.layout, tables, blank, programs.rules, programs.results, programs)


class _Compiler:
    """Collects programs and tables."""

    def __init__(self, layout: Layout, seated: Seated) -> None:
        self.layout, self.seated = layout, seated
        self.code = Code(layout)
        self.entries: list[Entry] = [Entry(0, ())]

    def program(self, *choices: tuple[int, int], me: int | None = None) -> Program:
        """A fresh program whose ``me`` is a seat known now, or preset (a seat or none) with the choices' ranges."""
        presets = () if me is not None else ((-1, len(self.layout.seats) - 1), *choices)
        self.entries.append(Entry(len(self.code.code), presets))
        return Program(self.code, {"me": 0 if me is None else self.code.constant(me)})

    def body(self, statements: Sequence[m.Statement]) -> int:
        """A program of statements without choices."""
        program = self.program()
        for statement in statements:
            program.statement(statement)
        return program.finish()

    def value(self, e: m.Expr | None, me: int | None = None) -> int:
        """A program that returns a value; 0 for ``None``."""
        if e is None:
            return 0
        program = self.program(me=me)
        return program.finish(program.expr(e))

    def compile(self) -> Programs:
        layout, book = self.layout, self.layout.book
        seats = layout.seats
        setup = self.body([s for rule in layout.setup for s in rule.body])
        moves, action_move, action_choices = self.moves()
        event_when = [self.value(e.when) for e in layout.events]
        event_effects = [self.body(e.effects) for e in layout.events]
        step_pc = [self.body([s for rule in step.rules for s in rule.body]) for step in layout.steps]
        ending_when = [self.value(e.when) for e in layout.endings]
        ending_effects = [self.body(e.effects) for e in layout.endings]
        measure_pc = [self.value(measure.value) for measure in book.measures.values()]
        each_round = [pc for pc, m in zip(measure_pc, book.measures.values(), strict=True) if m.each_round]
        hidden = list(layout.hidden())
        hidden_guess = [self.value(track.guess) for *_, track in hidden]
        seat_keys = self.code.keys("seat")
        ringed = [layout.cell_names[slot] for slot in layout.ring_slots]
        ring_seers = [layout.seers(layout.places[track].track, index) for track, index in ringed]
        secrets = [self.secrets(seat) for seat in range(len(seats))]
        low, high = [0] * layout.size, [0] * layout.size
        for place in layout.places.values():
            for slot in range(place.base, place.base + place.size):
                low[slot], high[slot] = place.track.low, place.track.high
        parts = layout.places[book.goals.parts] if book.goals.parts else None
        turns = layout.scenario.turns
        results = ResultsLayout(layout)
        scalars = {
            k.M_SEATS: len(seats), k.M_MOVES: len(layout.moves), k.M_ACTIONS: len(action_move),
            k.M_EVENTS: len(layout.events), k.M_STEPS: len(layout.steps), k.M_ENDINGS: len(layout.endings),
            k.M_SIZE: layout.size, k.M_ROUNDS: layout.scenario.rounds, k.M_ACTIONS_A_TURN: turns.actions,
            k.M_ROTATE: int(turns.rotate), k.M_PASSING: int(turns.passing), k.M_USED_ROUND: layout.used_round,
            k.M_USED_GAME: layout.used_game, k.M_DRAWN: layout.drawn, k.M_ORDER: layout.order,
            k.M_TRACKS: layout.tracks_at, k.M_RING: layout.ring_at, k.M_RING_SLOTS: len(layout.ring_slots),
            k.M_RING_DEPTH: layout.depth, k.M_SETUP: setup, k.M_OFFERS: layout.offers, k.M_WEIGHTS: layout.weights,
            k.M_SEAT_KEYS: seat_keys, k.M_MEASURES: len(measure_pc),
            k.M_HIDDEN: len(hidden), k.M_PARTS: parts.dims[1] if parts else 0,
            k.M_PART_BASE: parts.base if parts else 0, k.M_SERIES: len(each_round),
            k.M_OUT_SCORES: results.starts["scores"], k.M_OUT_LEGAL: results.starts["legal"],
            k.M_OUT_DECISIONS: results.starts["decisions"], k.M_OUT_USED: results.starts["used"],
            k.M_OUT_PARTS: results.starts["parts"], k.M_OUT_MEASURES: results.starts["measures"],
            k.M_OUT_BY_ROUND: results.starts["by_round"], k.M_OUT_SERIES: results.starts["series"],
        }  # fmt: skip
        tables = {
            k.X_LOW: low, k.X_HIGH: high, k.X_MOVES: moves,
            k.X_SCORE: [self.value(book.goals.score, seat) for seat in range(len(seats))],
            k.X_ESTIMATE: [self.value(book.goals.estimate, seat) for seat in range(len(seats))],
            k.X_ACTION_MOVE: action_move, k.X_ACTION_CHOICES: action_choices,
            k.X_EVENT_KEY: [key32(e.name) for e in layout.events], k.X_EVENT_ROUND: layout.event_rounds,
            k.X_EVENT_WHEN: event_when, k.X_EVENT_EFFECTS: event_effects, k.X_STEP_PC: step_pc,
            k.X_ENDING_WHEN: ending_when, k.X_ENDING_EFFECTS: ending_effects,
            k.X_ENDING_CRISIS: [int(e.crisis) for e in layout.endings],
            k.X_ENDING_HALVE: [int(e.halve) for e in layout.endings],
            k.X_RING: layout.ring_slots, k.X_MEASURE_PC: measure_pc, k.X_HIDDEN_SLOT: [h[0] for h in hidden],
            k.X_HIDDEN_SEERS: [h[1] for h in hidden], k.X_HIDDEN_LOW: [h[2] for h in hidden],
            k.X_HIDDEN_HIGH: [h[3] for h in hidden], k.X_HIDDEN_GUESS: hidden_guess,
            k.X_OFFERS: [offering_program(self.program(me=seat), seat, None) for seat in range(len(seats))],
            k.X_RING_SEERS: ring_seers,
            k.X_SECRETS_FROM: [0, *itertools.accumulate(map(len, secrets))],
            k.X_SECRETS: [move for found in secrets for move in found],
            k.X_SERIES_PC: each_round,
        }  # fmt: skip
        cast_at = len(self.code.code), len(self.code.memory)
        offers = {
            (seat, structure): offering_program(self.program(me=seats.index(seat)), seats.index(seat), structure)
            for seat, structure in self.seated
        }
        blank = [0] * layout.memory + self.code.memory
        for slot, value in layout.starts().items():
            blank[k.ROW + slot] = value
        tabulated = tabulate(self.code.code, scalars, tables)
        self.fit(tabulated, blank)
        checked = verify(tabulated, blank, self.entries)
        rules = tuple(self.code.rules)
        return Programs(layout, self.code.code, scalars, tables, blank, rules, results, checked, cast_at, offers)

    def fit(self, tables: Tables, blank: Sequence[int]) -> None:
        """Make room for the temporaries of long programs."""
        ends = [*(entry.pc for entry in self.entries[1:]), len(tables.code)]
        for entry, end in zip(self.entries, ends, strict=True):
            if entry.pc not in self.code.long:
                continue
            if not allot(tables.code, entry.pc, end, spans_of(tables, blank, entry, end)):
                where = self.code.long[entry.pc]
                place = f"{where}: {where.path}: " if where else ""
                raise RuleTooLong(f"{place}too many values are needed at the same time", "split it into several steps")

    def secrets(self, seat: int) -> list[int]:
        """The secret moves that a seat may ever make, by number."""
        known, static = {"me": seat}, self.code.static
        return [n for n, move in enumerate(self.layout.moves) if move.secret and static.value(move.seats, known) != 0]

    def moves(self) -> tuple[list[int], list[int], list[int]]:
        """The table of moves and, for each action, its move and choices; action 0 is passing."""
        table: list[int] = []
        action_move, action_choices = [0], [0] * k.CHOICES
        for number, move in enumerate(self.layout.moves):
            ranges = [self.layout.range_of(choice) for choice in move.choices]
            # V_TAKES, V_EFFECTS, V_KEY, V_CHOICES
            table += [move.takes, self.effects(move), key32(move.name), len(ranges)]
            for chosen in itertools.product(*(range(low, low + count) for low, count in ranges)):
                action_move.append(number)
                action_choices += [*chosen, *[0] * (k.CHOICES - len(chosen))]
        return table, action_move, action_choices

    def effects(self, move: Move) -> int:
        """Pay (every cost is worked out before the first is paid), then the effects."""
        ranges = [self.layout.range_of(choice) for choice in move.choices]
        program = self.program(*((low, low + count - 1) for low, count in ranges))
        program.names |= {choice.name: n for n, choice in enumerate(move.choices, 1)}
        costs = []
        for track, cost in move.cost:
            at = program.temporary()
            program.emit(k.OP_MOVE, at, program.expr(cost))
            program.names[f"cost of {track}"] = at
            costs.append((track, m.Local(f"cost of {track}", m.INT)))
        for track, amount in costs:
            where = m.Where(move.where.file, move.where.line, f"{move.where.path}.cost.{track}")
            program.statement(m.Assign(track, (m.Local("me", m.SEAT),), "-=", amount, where))
        for statement in move.effects:
            program.statement(statement)
        return program.finish()


def tabulate(code: list[int], scalars: Mapping[int, int], tables: Mapping[int, Sequence[int]]) -> Tables:
    """Lay scalars and tables out in one list."""
    data = [0] * k.DATA_HEADER
    for index, value in scalars.items():
        data[index] = value
    for index, table in tables.items():
        data[index] = len(data)
        data.extend(table)
    return Tables(code, data)


@functools.cache
def gumbel() -> list[int]:
    """1,024 evenly spaced quantiles of the standard Gumbel law in thousandths, the same on every machine."""
    n = 1024
    return [int((-(-(Decimal(2 * i + 1) / (2 * n)).ln()).ln() * 1000).to_integral_value()) for i in range(n)]
