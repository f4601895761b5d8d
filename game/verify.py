"""Refuses bytecode that could touch anything it should not: unverified code never runs.

An abstract run of every program over ranges of values shows that every operand is a defined temporary, a cell of the
row or a constant; every index stays inside its track or table; every write lands on a track; jumps stay inside; the
only way back is a counted loop whose counter nothing else writes; every path ends in a return.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from game import kernel as k
from game.errors import ProgramError
from game.tables import Tables

Range = tuple[int, int]
ANY: Range = (-(2**62), 2**62)

THREE = {
    k.OP_LT, k.OP_LE, k.OP_EQ, k.OP_NE, k.OP_ADD, k.OP_SUB, k.OP_MUL, k.OP_DIV, k.OP_MOD, k.OP_MIN, k.OP_MAX, k.OP_AND,
    k.OP_OR, k.OP_KNOB, k.OP_MIX,
}  # fmt: skip
TWO = {k.OP_NOT, k.OP_NEG, k.OP_ABS}
FOUR = {k.OP_CLAMP, k.OP_TOWARD}
COMPARING = {k.OP_UNLESS_LT, k.OP_UNLESS_LE, k.OP_UNLESS_EQ, k.OP_UNLESS_NE}
AT = {k.OP_SET_AT, k.OP_PLUS_AT, k.OP_MINUS_AT, k.OP_SUM_SET, k.OP_SUM_PLUS, k.OP_SUM_MINUS}


class Entry(NamedTuple):
    """Where a program begins and the ranges of what the kernel presets from address 0 on."""

    pc: int
    preset: tuple[Range, ...]


def verify(tables: Tables, blank: Sequence[int], entries: Sequence[Entry]) -> None:
    """Check every program; raises ProgramError naming the instruction."""
    for entry in entries:
        _Walk(tables, blank, entry).walk()


class _Walk:
    """The abstract run of one program."""

    def __init__(self, tables: Tables, blank: Sequence[int], entry: Entry) -> None:
        self.t, self.blank, self.entry = tables, blank, entry
        data = tables.data
        self.row = (k.ROW, k.ROW + data[k.M_SIZE])
        self.tracks = (k.ROW + data[k.M_TRACKS], k.ROW + data[k.M_RING])
        self.constants = (data[k.M_OFFERS] + 1 + 2 * data[k.M_ACTIONS], len(blank))
        self.states: dict[int, dict[int, Range]] = {}
        self.pending: list[int] = []
        self.counters: list[tuple[int, int, int]] = []
        self.writes: list[tuple[int, int]] = []
        self.pc = entry.pc

    def fail(self, why: str) -> ProgramError:
        """The refusal."""
        return ProgramError(f"instruction {self.pc // 6} {why}", "the compiler is at fault: please report it")

    def ask(self, condition: bool, why: str) -> None:
        """Refuse unless the condition holds."""
        if not condition:
            raise self.fail(why)

    def get(self, state: dict[int, Range], at: int) -> Range:
        """What an operand can be."""
        if at < k.ROW:
            self.ask(at in state, f"reads temporary {at} before it is written")
            return state[at]
        if self.constants[0] <= at < self.constants[1]:
            return self.blank[at], self.blank[at]
        self.ask(self.row[0] <= at < self.row[1], f"reads address {at}, outside the row and the constants")
        return ANY

    def put(self, state: dict[int, Range], at: int, value: Range) -> None:
        """Write a temporary."""
        self.ask(0 <= at < k.ROW, f"writes address {at}, which is no temporary")
        self.writes.append((self.pc, at))
        state[at] = value

    def flow(self, state: dict[int, Range], target: int) -> None:
        """Control may go to ``target`` with this state."""
        self.ask(self.entry.pc <= target < len(self.t.code) and target % 6 == 0, f"jumps to {target}, outside the code")
        known = self.states.get(target)
        if known is None:
            self.states[target] = dict(state)
            self.pending.append(target)
            return
        merged = {at: (min(v[0], state[at][0]), max(v[1], state[at][1])) for at, v in known.items() if at in state}
        if merged != known:
            self.states[target] = merged
            self.pending.append(target)

    def walk(self) -> None:
        """Run until nothing new can happen."""
        self.flow(dict(enumerate(self.entry.preset)), self.entry.pc)
        steps = 0
        while self.pending:
            self.pc = self.pending.pop()
            state = dict(self.states[self.pc])
            while True:
                steps += 1
                self.ask(steps < 200_000, "belongs to a program that does not settle")
                self.ask(self.pc + 6 <= len(self.t.code), "runs past the end of the code")
                following = self.step(state)
                if following is None:
                    break
                self.pc = following
                if self.pc in self.states:
                    self.flow(state, self.pc)
                    break
        for head, back, counter in self.counters:
            self.pc = head
            clean = not any(head <= pc <= back and at == counter for pc, at in self.writes)
            self.ask(clean, f"heads a loop whose counter {counter} is written inside it")

    def step(self, state: dict[int, Range]) -> int | None:
        """One instruction; gives the next, or ``None`` after a return or jump."""
        op, a, b, c, d, e = self.t.code[self.pc : self.pc + 6]
        if op in THREE:
            self.get(state, b), self.get(state, c)
            self.put(state, a, ANY if op > k.OP_NE else (0, 1))
        elif op in TWO:
            self.get(state, b)
            self.put(state, a, ANY)
        elif op in FOUR:
            self.get(state, b), self.get(state, c), self.get(state, d)
            self.put(state, a, ANY)
        elif op == k.OP_MOVE:
            self.put(state, a, self.get(state, b))
        elif op == k.OP_SELECT:
            self.get(state, b)
            one, other = self.get(state, c), self.get(state, d)
            self.put(state, a, (min(one[0], other[0]), max(one[1], other[1])))
        elif op in (k.OP_LOAD1, k.OP_ADDRESS1):
            low, high = self.get(state, c)
            self.ask(low >= -1, "indexes with what may be less than none")
            self.cell(op, state, a, b, high)
        elif op in (k.OP_LOAD2, k.OP_ADDRESS2):
            (low1, high1), (low2, high2) = self.get(state, c), self.get(state, d)
            self.ask(low1 >= -1 and low2 >= -1 and high2 < e, "indexes with what may be out of its set")
            self.cell(op, state, a, b, high1 * e + high2)
        elif op == k.OP_LOOKUP:
            low, high = self.get(state, c)
            inside = low >= -1 and self.constants[0] <= b + low and b + high < self.constants[1]
            self.ask(inside, "looks up outside the constants")
            found = self.blank[b + low : b + high + 1]
            self.put(state, a, (min(found), max(found)))
        elif op == k.OP_ORDER:
            self.get(state, b)
            self.put(state, a, (0, self.t.data[k.M_SEATS] - 1))
        elif op == k.OP_DRAW:
            for at in (b, c, d, e):
                self.get(state, at)
            self.put(state, a, ANY)
        elif op == k.OP_CHANCE:
            for at in (b, c, d):
                self.get(state, at)
            self.put(state, a, (0, 1))
        elif op in (k.OP_SET, k.OP_PLUS, k.OP_MINUS):
            self.get(state, b)
            self.ask(self.tracks[0] <= a < self.tracks[1], f"writes address {a}, which is no track")
        elif op in AT:
            self.get(state, b)
            self.on_track(self.get(state, a))
        elif op == k.OP_PENDING:
            self.get(state, b)
            low, high = self.on_track(self.get(state, a))
            ring = self.t.data[k.M_RING_SLOTS]
            self.ask(low >= d and e >= 0 and e + high - d < ring, "orders for a cell that has no place among orders")
            self.ask(0 < c < self.t.data[k.M_RING_DEPTH], "orders later than orders are kept")
        elif op == k.OP_LAND:
            self.ask(self.tracks[0] <= a and a + b <= self.tracks[1], "ends a loop over cells that are no tracks")
        elif op == k.OP_OFFER:
            self.get(state, b)
            (low1, high1), (low2, high2) = self.get(state, c), self.get(state, d)
            inside = low1 >= 0 and low2 >= 0 and a + high1 * e + high2 < self.t.data[k.M_ACTIONS]
            self.ask(inside, "offers what may be no action")
        elif op == k.OP_LOOP:
            self.get(state, a)
            self.ask(c < self.pc, "loops forwards")
            self.counters.append((c, self.pc, a))
            self.flow(state | {a: (0, b - 1)}, c)
        elif op in COMPARING:
            self.get(state, a), self.get(state, b)
            self.ask(c > self.pc, "jumps back without a count")
            self.flow(state, c)
        elif op == k.OP_UNLESS:
            self.get(state, a)
            self.ask(b > self.pc, "jumps back without a count")
            self.flow(state, b)
        elif op == k.OP_JUMP:
            self.ask(a > self.pc, "jumps back without a count")
            self.flow(state, a)
            return None
        elif op == k.OP_RETURN:
            self.get(state, a)
            return None
        elif op not in (k.OP_DELIVER, k.OP_END_TURN):
            raise self.fail(f"has the unknown operation {op}")
        return self.pc + 6

    def cell(self, op: int, state: dict[int, Range], a: int, base: int, high: int) -> None:
        """An indexed load, or the address of an indexed cell."""
        where = [self.tracks] if op in (k.OP_ADDRESS1, k.OP_ADDRESS2) else [self.tracks, self.constants]
        inside = any(low <= base and base + high < end for low, end in where)
        self.ask(inside, f"indexes beyond its track or table (from {base} to {base + high})")
        self.put(state, a, (base, base + high) if op in (k.OP_ADDRESS1, k.OP_ADDRESS2) else ANY)

    def on_track(self, at: Range) -> Range:
        """A held address must be a track's cell."""
        self.ask(self.tracks[0] <= at[0] and at[1] < self.tracks[1], f"writes {at[0]}..{at[1]}, which is no track")
        return at
