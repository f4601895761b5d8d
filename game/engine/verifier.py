"""Refuses bytecode that could touch anything it should not: unverified code never runs.

For every program it is shown that each operand is a temporary written on every path before, a cell of the row or a
constant; that each index stays inside its track or table; that each write lands on a track; that jumps go forward and
stay inside the program; that the only way back is a counted loop whose counter nothing else writes; and that every path
ends in a return. What a temporary can hold is taken as the span of all that the program ever writes into it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from game.engine import kernel as k
from game.engine.kernel import Tables
from game.errors import ProgramError

Range = tuple[int, int]
ANY: Range = (-(2**62), 2**62)
BIT = (0, 1)

# How many operands (b, c, d) of an operation that writes the temporary `a` are addresses to read.
READS = dict.fromkeys(
    (
        k.OP_LT, k.OP_LE, k.OP_EQ, k.OP_NE, k.OP_ADD, k.OP_SUB, k.OP_MUL, k.OP_DIV, k.OP_MOD, k.OP_MIN, k.OP_MAX,
        k.OP_AND, k.OP_OR, k.OP_KNOB, k.OP_MIX,
    ),
    2,
) | dict.fromkeys((k.OP_NOT, k.OP_NEG, k.OP_ABS, k.OP_MOVE, k.OP_ORDER), 1)  # fmt: skip
READS |= dict.fromkeys((k.OP_CLAMP, k.OP_TOWARD, k.OP_SELECT, k.OP_CHANCE), 3)
WRITES = {*READS, k.OP_LOAD1, k.OP_LOAD2, k.OP_LOOKUP, k.OP_ADDRESS1, k.OP_ADDRESS2, k.OP_DRAW}
BOOLEAN = {k.OP_LT, k.OP_LE, k.OP_EQ, k.OP_NE, k.OP_AND, k.OP_OR, k.OP_NOT, k.OP_CHANCE}
COMPARING = {k.OP_UNLESS_LT, k.OP_UNLESS_LE, k.OP_UNLESS_EQ, k.OP_UNLESS_NE}
AT = {k.OP_SET_AT, k.OP_PLUS_AT, k.OP_MINUS_AT, k.OP_SUM_SET, k.OP_SUM_PLUS, k.OP_SUM_MINUS}


class Entry(NamedTuple):
    """Where a program begins and the ranges of what the kernel presets from address 0 on."""

    pc: int
    preset: tuple[Range, ...]


def spans_of(tables: Tables, blank: Sequence[int], entry: Entry, end: int) -> Mapping[int, Range]:
    """Return the span of all that the program from ``entry`` to before ``end`` writes into each temporary."""
    check = _Check(tables, blank, entry, end)
    check.widen()
    return check.spans


class Checked(NamedTuple):
    """A program that has passed: where it begins, which instructions can be reached, what each temporary can hold."""

    start: int
    reached: tuple[int, ...]
    spans: Mapping[int, Range]


def verify(tables: Tables, blank: Sequence[int], entries: Sequence[Entry]) -> tuple[Checked, ...]:
    """Check every program; they lie one after another. Raises ProgramError naming the instruction."""
    ordered = sorted(entries)
    ends = [*(entry.pc for entry in ordered[1:]), len(tables.code)]
    return tuple(_Check(tables, blank, entry, end).run() for entry, end in zip(ordered, ends, strict=True))


class _Check:
    """The check of one program, ``entry.pc <= pc < end``."""

    def __init__(self, tables: Tables, blank: Sequence[int], entry: Entry, end: int) -> None:
        self.blank, self.entry, self.end = blank, entry, end
        self.data = data = tables.data
        self.pc = entry.pc
        self.row = (k.ROW, k.ROW + data[k.M_SIZE])
        self.tracks = (k.ROW + data[k.M_TRACKS], k.ROW + data[k.M_RING])
        self.constants = (data[k.M_OFFERS] + 1 + 2 * data[k.M_ACTIONS], len(blank))
        self.window = (data[k.M_WEIGHTS], data[k.M_OFFERS])
        self.ask(entry.pc % 6 == 0 and end % 6 == 0 and entry.pc < end, "begins no program")
        code = tables.code
        self.instructions = {pc: tuple(code[pc : pc + 6]) for pc in range(entry.pc, end, 6)}
        self.spans: dict[int, Range] = dict(enumerate(entry.preset))
        self.defined: dict[int, int] = {entry.pc: (1 << len(entry.preset)) - 1}

    def ask(self, condition: bool, why: str) -> None:
        """Refuse unless the condition holds."""
        if not condition:
            raise ProgramError(f"instruction {self.pc // 6} {why}", "the compiler is at fault: please report it")

    # ------------------------------------------------------------------- what temporaries hold

    def widen(self) -> None:
        """Span of all values written into each temporary, until nothing grows."""
        grew = True
        while grew:
            grew = False
            for op, a, b, c, d, e in self.instructions.values():
                if op in WRITES:
                    span = self.written(op, b, c, d, e)
                elif op == k.OP_LOOP:
                    span = (0, max(b - 1, 0))
                else:
                    continue
                old = self.spans.get(a)
                new = span if old is None else (min(old[0], span[0]), max(old[1], span[1]))
                if new != old:
                    self.spans[a] = new
                    grew = True

    def written(self, op: int, b: int, c: int, d: int, e: int) -> Range:
        """What an operation can write."""
        if op == k.OP_MOVE:
            return self.span(b)
        if op == k.OP_SELECT:
            one, other = self.span(c), self.span(d)
            return min(one[0], other[0]), max(one[1], other[1])
        if op == k.OP_LOOKUP:
            low, high = self.span(c)
            if low < -1 or b + low < self.constants[0] or b + high >= self.constants[1]:
                return ANY
            found = self.blank[b + low : b + high + 1]
            return min(found), max(found)
        if op == k.OP_LOAD2 and b >= self.constants[0]:
            last = b + max(self.span(c)[1], 0) * e + max(self.span(d)[1], 0)
            if last >= self.constants[1]:
                return ANY
            found = self.blank[b : last + 1]
            return min(0, *found), max(0, *found)  # 0 at none
        if op == k.OP_ADDRESS1:
            return b, b + max(self.span(c)[1], 0)
        if op == k.OP_ADDRESS2:
            return b, b + max(self.span(c)[1], 0) * e + max(self.span(d)[1], 0)
        if op == k.OP_ORDER:
            return 0, self.data[k.M_SEATS] - 1
        return BIT if op in BOOLEAN else ANY

    def span(self, at: int) -> Range:
        """What an operand can be."""
        if at < k.ROW:
            return self.spans.get(at, (0, 0))
        if self.constants[0] <= at < self.constants[1]:
            return self.blank[at], self.blank[at]
        return ANY

    # ------------------------------------------------------------------------------- the check

    def run(self) -> Checked:
        """One pass in order: jumps go forward, so whatever can reach an instruction has been seen before it."""
        self.widen()
        loops: list[tuple[int, int, int]] = []
        for pc, (op, a, b, c, d, e) in self.instructions.items():
            self.pc = pc
            known = self.defined.get(self.pc)
            if known is None:
                continue  # nothing leads here
            following = self.step(known, op, a, b, c, d, e)
            if op == k.OP_LOOP:
                loops.append((c, self.pc, a))
            if following is not None:
                self.ask(self.pc + 6 < self.end, "runs past the end of its program")
                self.flow(following, self.pc + 6)
        for head, back, counter in loops:
            self.pc = head
            inside = (self.instructions[pc] for pc in range(head, back, 6))
            touched = any(op in WRITES | {k.OP_LOOP} and a == counter for op, a, *_ in inside)
            self.ask(not touched, f"is in a loop whose counter {counter} is written inside it")
        reached = tuple(pc for pc in self.instructions if pc in self.defined)
        return Checked(self.entry.pc, reached, self.spans)

    def flow(self, known: int, target: int) -> None:
        """Control may go forward to ``target`` with these temporaries written."""
        self.ask(target in self.instructions, f"jumps to {target}, outside its program")
        self.defined[target] = self.defined.get(target, known) & known

    def jump(self, known: int, target: int) -> None:
        """A jump: forward only."""
        self.ask(target > self.pc, "jumps back without a count")
        self.flow(known, target)

    def read(self, known: int, *operands: int) -> None:
        """Operands must exist."""
        for at in operands:
            if at < k.ROW:
                self.ask(known >> at & 1 == 1, f"reads temporary {at} before it is written")
            else:
                held = any(first <= at < end for first, end in (self.row, self.window, self.constants))
                self.ask(held, f"reads address {at}, outside the row and the constants")

    def step(self, known: int, op: int, a: int, b: int, c: int, d: int, e: int) -> int | None:
        """One instruction; returns what is written after it, ``None`` after a return or jump."""
        if op in WRITES:
            self.reading(known, op, b, c, d, e)
            self.ask(0 <= a < k.ROW, f"writes address {a}, which is no temporary")
            return known | 1 << a
        if op in COMPARING:
            self.read(known, a, b)
            self.jump(known, c)
        elif op == k.OP_UNLESS:
            self.read(known, a)
            self.jump(known, b)
        elif op == k.OP_JUMP:
            self.jump(known, a)
            return None
        elif op == k.OP_RETURN:
            self.read(known, a)
            return None
        elif op == k.OP_LOOP:
            self.read(known, a)
            self.ask(a < k.ROW and c < self.pc and c in self.instructions, "loops to what is not before it")
            at_head = self.defined.get(c)
            self.ask(at_head is not None and at_head & known == at_head, "loops with less than it began with")
            return known & ~(1 << a)  # the counter has run out of its range
        elif op in (k.OP_SET, k.OP_PLUS, k.OP_MINUS):
            self.read(known, b)
            self.on_track((a, a))
        elif op in AT:
            self.read(known, a, b)
            self.on_track(self.span(a))
        elif op == k.OP_PENDING:
            self.read(known, a, b)
            low, high = self.on_track(self.span(a))
            ring = self.data[k.M_RING_SLOTS]
            self.ask(low >= d and e >= 0 and e + high - d < ring, "orders for a cell that has no place among orders")
            self.ask(0 < c < self.data[k.M_RING_DEPTH], "orders later than orders are kept")
        elif op == k.OP_LAND:
            self.ask(self.tracks[0] <= a and a + b <= self.tracks[1], "ends a loop over cells that are no tracks")
        elif op == k.OP_OFFER:
            self.read(known, b, c, d)
            (low1, high1), (low2, high2) = self.span(c), self.span(d)
            inside = low1 >= 0 and low2 >= 0 and a + high1 * e + high2 < self.data[k.M_ACTIONS]
            self.ask(inside, "offers what may be no action")
        else:
            self.ask(op in (k.OP_DELIVER, k.OP_END_TURN), f"has the unknown operation {op}")
        return known

    def reading(self, known: int, op: int, b: int, c: int, d: int, e: int) -> None:
        """The operands of an operation that writes a temporary."""
        if op in READS:
            self.read(known, *(b, c, d)[: READS[op]])
        elif op == k.OP_DRAW:
            self.read(known, b, c, d, e)
        elif op in (k.OP_LOAD2, k.OP_ADDRESS2):
            self.read(known, c, d)
            (low1, high1), (low2, high2) = self.span(c), self.span(d)
            self.ask(low1 >= -1 and low2 >= -1 and high2 < e, "indexes with what may be out of its set")
            self.cells(op, b, b + max(high1, 0) * e + max(high2, 0))
        else:
            self.read(known, c)
            low, high = self.span(c)
            self.ask(low >= -1, "indexes with what may be less than none")
            self.cells(op, b + min(low, 0) if op == k.OP_LOOKUP else b, b + max(high, 0))

    def cells(self, op: int, first: int, last: int) -> None:
        """Where an indexed operation may look."""
        either = self.tracks, self.constants
        where = {k.OP_LOOKUP: (self.constants,), k.OP_LOAD1: either, k.OP_LOAD2: either}.get(op, (self.tracks,))
        inside = any(low <= first and last < end for low, end in where)
        self.ask(inside, f"indexes from {first} to {last}, beyond its track or table")

    def on_track(self, at: Range) -> Range:
        """A written address must be a track's cell."""
        self.ask(self.tracks[0] <= at[0] and at[1] < self.tracks[1], f"writes {at[0]}..{at[1]}, which is no track")
        return at
