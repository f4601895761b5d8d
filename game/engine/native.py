"""Native programs: a verified bytecode program as one LLVM function over the memory, which the kernel calls by address.

The interpreter spends most of its time finding out what to do next; a program compiled once does not. A function takes
the memory and returns what the program returns. Temporaries become values in registers, constants and the bounds of
cells literals. It does to the memory exactly what the interpreter does without a log; with one, the interpreter runs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from game.engine import kernel as k
from game.engine.kernel import Tables
from game.engine.verifier import ANY, WRITES, Checked

Cell = tuple[str | int, str | None, int, int]
"""An address, when there is one (``None``: always), and the least and greatest that it can be."""
PRESETS = 1 + k.CHOICES
"""Addresses from 0 on that the kernel sets before a program runs: ``me`` and the choices."""
WRITTEN_OUT = 8
"""Landings of at most this many cells are written out one by one."""

ARITHMETIC = {k.OP_ADD: "add", k.OP_SUB: "sub", k.OP_MUL: "mul"}
COMPARISON = {k.OP_LT: "slt", k.OP_LE: "sle", k.OP_EQ: "eq", k.OP_NE: "ne"}
UNLESS = {k.OP_UNLESS_LT: "slt", k.OP_UNLESS_LE: "sle", k.OP_UNLESS_EQ: "eq", k.OP_UNLESS_NE: "ne"}
WRITE_AT = {k.OP_SET_AT: "", k.OP_PLUS_AT: "add", k.OP_MINUS_AT: "sub"}
WRITE_AT |= {k.OP_SET: "", k.OP_PLUS: "add", k.OP_MINUS: "sub"}
SUM_AT = {k.OP_SUM_SET: "", k.OP_SUM_PLUS: "add", k.OP_SUM_MINUS: "sub"}
TARGET = {k.OP_JUMP: 1, k.OP_UNLESS: 2, k.OP_LOOP: 3} | dict.fromkeys(UNLESS, 3)
"""Which operand of a jump says where it leads."""

# !1 marks the row, !2 the list of legal actions, !5 a doctrine's numbers: they never overlap, so that listing an action
# does not make LLVM read the others again.
PRELUDE = """\
declare i64 @llvm.smin.i64(i64, i64)
declare i64 @llvm.smax.i64(i64, i64)
declare i64 @llvm.abs.i64(i64, i1)
declare void @llvm.trap()
define internal i64 @mix(i64 %h, i64 %x) alwaysinline {
  %a = and i64 %x, 4294967295
  %b = xor i64 %h, %a
  %c = add i64 %b, 2654435769
  %d = and i64 %c, 4294967295
  %e = lshr i64 %d, 16
  %f = xor i64 %d, %e
  %g = mul i64 %f, 2146121005
  %i = and i64 %g, 4294967295
  %j = lshr i64 %i, 15
  %l = xor i64 %i, %j
  %m = mul i64 %l, 1540483477
  %n = and i64 %m, 4294967295
  %o = lshr i64 %n, 14
  %p = xor i64 %n, %o
  ret i64 %p
}
define internal i64 @divide(i64 %a, i64 %b) alwaysinline {
  %zero = icmp eq i64 %b, 0
  %by = select i1 %zero, i64 1, i64 %b
  %q = sdiv i64 %a, %by
  %back = mul i64 %q, %by
  %rest = sub i64 %a, %back
  %signs = xor i64 %rest, %by
  %apart = icmp slt i64 %signs, 0
  %uneven = icmp ne i64 %rest, 0
  %down = and i1 %apart, %uneven
  %one = zext i1 %down to i64
  %floor = sub i64 %q, %one
  %value = select i1 %zero, i64 0, i64 %floor
  ret i64 %value
}
define internal i64 @modulo(i64 %a, i64 %b) alwaysinline {
  %q = call i64 @divide(i64 %a, i64 %b)
  %back = mul i64 %q, %b
  %rest = sub i64 %a, %back
  %zero = icmp eq i64 %b, 0
  %value = select i1 %zero, i64 0, i64 %rest
  ret i64 %value
}
!0 = !{!"memory"}
!1 = !{!3, !3, i64 0}
!2 = !{!4, !4, i64 0}
!5 = !{!6, !6, i64 0}
!6 = !{!"weights", !0, i64 0}
!3 = !{!"row", !0, i64 0}
!4 = !{!"offers", !0, i64 0}
"""
"""The kernel's ``mix``, and ``//`` and ``%`` as the kernel has them: they floor, and anything by nothing is 0."""


def module(tables: Tables, blank: Sequence[int], programs: Iterable[Checked], *, checks: bool = False) -> str:
    """Return the LLVM module of programs; ``f0``, ``f1`` … are their functions in order.

    It depends on nothing but what the programs do, so that equal programs of different casts have equal modules.

    Args:
        tables: of the compiled scenario.
        blank: its memory, whose constants become literals.
        programs: what the verifier returned; nothing else may be compiled.
        checks: let every address that is not known end the process when it lies outside the memory.
    """
    found = [_Function(tables, blank, program, checks) for program in programs]
    bodies = [function.text(f"f{number}") for number, function in enumerate(found)]
    tables_used = {name: line for function in found for name, line in function.arrays.items()}
    return "\n".join([PRELUDE, *tables_used.values(), *bodies])


class _Function:
    """One program being written down, an instruction at a time."""

    def __init__(self, tables: Tables, blank: Sequence[int], program: Checked, checks: bool) -> None:
        self.code, self.data = tables.code, tables.data
        self.blank, self.program, self.checks = blank, program, checks
        self.size = self.data[k.M_SIZE]
        self.memory = self.data[k.M_OFFERS] + 1 + 2 * self.data[k.M_ACTIONS]  # where constants begin
        low, high = self.data[k.X_LOW], self.data[k.X_HIGH]
        self.low, self.high = self.data[low : low + self.size], self.data[high : high + self.size]
        self.lines: list[str] = []
        self.arrays: dict[str, str] = {}
        self.temporaries: set[int] = set()
        self.slots: list[str] = []
        self.count = 0
        self.window = self.data[k.M_WEIGHTS]
        self.listing = self.weighing = False

    def text(self, name: str) -> str:
        """Write the function down."""
        targets = set()
        for pc in self.program.reached:
            where = TARGET.get(self.code[pc])
            if where is not None:
                targets |= {self.code[pc + where], pc + 6}
        ended = False
        for pc in self.program.reached:
            if pc in targets:
                if not ended:
                    self.add(f"br label %{self.at(pc)}")
                self.lines.append(f"{self.at(pc)}:")
            ended = self.instruction(pc, *self.code[pc : pc + 6])
        begin = [f"define i64 @{name}(ptr noalias %mem) nounwind {{"]
        begin += [f"  %{slot} = alloca i64" for slot in (*(f"t{at}" for at in sorted(self.temporaries)), *self.slots)]
        for at in sorted(self.temporaries & set(range(PRESETS))):
            begin += [f"  %q{at} = getelementptr i64, ptr %mem, i64 {at}", f"  %i{at} = load i64, ptr %q{at}"]
            begin += [f"  store i64 %i{at}, ptr %t{at}"]
        if self.listing:  # how many are listed stays in a register until the end
            begin += [f"  %list = getelementptr i64, ptr %mem, i64 {self.data[k.M_OFFERS]}", "  %listed = alloca i64"]
            begin += ["  %before = load i64, ptr %list, !tbaa !2", "  store i64 %before, ptr %listed"]
        if self.weighing:  # the numbers of the doctrine at work, wherever they lie
            begin += [f"  %window = getelementptr i64, ptr %mem, i64 {self.window - 1}"]
            begin += ["  %lie = load i64, ptr %window, !tbaa !5", "  %weights = getelementptr i64, ptr %mem, i64 %lie"]
        return "\n".join([*begin, *self.lines, "}"])

    # -------------------------------------------------------------------------------------- text

    def add(self, line: str) -> None:
        """Append an instruction without a value."""
        self.lines.append("  " + line)

    def new(self, instruction: str) -> str:
        """Append an instruction; returns its value."""
        self.count += 1
        self.lines.append(f"  %v{self.count} = {instruction}")
        return f"%v{self.count}"

    def at(self, pc: int) -> str:
        """Return the label of an instruction: counted from the program's start, wherever that lies."""
        return f"p{pc - self.program.start}"

    def label(self) -> str:
        """Return a new label."""
        self.count += 1
        return f"x{self.count}"

    def branch(self, condition: str, then: str, other: str) -> None:
        """End a block with a choice, and begin the block of ``then``."""
        self.add(f"br i1 {condition}, label %{then}, label %{other}")
        self.lines.append(f"{then}:")

    @contextmanager
    def when(self, condition: str | None) -> Iterator[None]:
        """Run what follows only under a condition; always, for ``None``."""
        if condition is None:
            yield
            return
        inside, after = self.label(), self.label()
        self.branch(condition, inside, after)
        yield
        self.add(f"br label %{after}")
        self.lines.append(f"{after}:")

    @contextmanager
    def loop(self, first: int, end: int) -> Iterator[str]:
        """Run what follows for every number from ``first`` below ``end``."""
        head, body, after, counter = self.label(), self.label(), self.label(), self.label()
        self.slots.append(counter)
        self.add(f"store i64 {first}, ptr %{counter}")
        self.add(f"br label %{head}")
        self.lines.append(f"{head}:")
        number = self.new(f"load i64, ptr %{counter}")
        self.branch(self.new(f"icmp slt i64 {number}, {end}"), body, after)
        yield number
        self.add(f"store i64 {self.new(f'add i64 {number}, 1')}, ptr %{counter}")
        self.add(f"br label %{head}")
        self.lines.append(f"{after}:")

    # ------------------------------------------------------------------------------------ memory

    def pointer(self, at: str | int) -> str:
        """Return a pointer to a cell of the memory by its address."""
        if self.checks and not isinstance(at, int):
            good, bad = self.label(), self.label()
            inside = self.new(f"icmp ult i64 {at}, {len(self.blank)}")
            self.add(f"br i1 {inside}, label %{good}, label %{bad}")
            self.lines += [f"{bad}:", "  call void @llvm.trap()", "  unreachable", f"{good}:"]
        return self.new(f"getelementptr i64, ptr %mem, i64 {at}")

    def load(self, at: str | int) -> str:
        """Return the value of a cell of the row by its address."""
        return self.new(f"load i64, ptr {self.pointer(at)}, !tbaa !1")

    def store(self, value: str | int, at: str | int) -> None:
        """Set a cell of the row by its address."""
        self.add(f"store i64 {value}, ptr {self.pointer(at)}, !tbaa !1")

    def read(self, at: int) -> str:
        """Return the value of an operand: a temporary, a cell or a constant."""
        if at >= self.memory:
            return str(self.blank[at])
        if at >= self.window:
            self.weighing = True
            place = self.new(f"getelementptr i64, ptr %weights, i64 {at - self.window}")
            return self.new(f"load i64, ptr {place}, !tbaa !5")
        if at >= k.ROW:
            return self.load(at)
        self.temporaries.add(at)
        return self.new(f"load i64, ptr %t{at}")

    def write(self, at: int, value: str) -> None:
        """Set a temporary."""
        self.temporaries.add(at)
        self.add(f"store i64 {value}, ptr %t{at}")

    def lookup(self, values: Sequence[int], at: str) -> str:
        """Return an entry of a table that is known now."""
        if len(set(values)) == 1:
            return str(values[0])
        listed = ", ".join(f"i64 {value}" for value in values)
        name = f"@c{hashlib.blake2b(listed.encode(), digest_size=8).hexdigest()}"
        self.arrays[name] = f"{name} = internal constant [{len(values)} x i64] [{listed}]"
        return self.new(f"load i64, ptr {self.new(f'getelementptr i64, ptr {name}, i64 {at}')}")

    # ----------------------------------------------------------------------------------- numbers

    def smallest(self, a: str | int, b: str | int) -> str:
        """Return the smaller of two."""
        return self.new(f"call i64 @llvm.smin.i64(i64 {a}, i64 {b})")

    def largest(self, a: str | int, b: str | int) -> str:
        """Return the larger of two."""
        return self.new(f"call i64 @llvm.smax.i64(i64 {a}, i64 {b})")

    def number(self, condition: str) -> str:
        """Return a condition as 0 or 1."""
        return self.new(f"zext i1 {condition} to i64")

    def holds(self, value: str) -> str:
        """Return whether a number is not 0."""
        return self.new(f"icmp ne i64 {value}, 0")

    def shifted(self, a: str, by: str | int) -> str:
        """Return a sum."""
        return self.new(f"add i64 {a}, {by}") if by != 0 else a

    def mixed(self, *values: str | int) -> str:
        """Return the hash of values, mixed in one after another."""
        first, *rest = values
        h = str(first)
        for value in rest:
            h = self.new(f"call i64 @mix(i64 {h}, i64 {value})")
        return h

    def clamped(self, value: str, at: str | int, first: int, last: int) -> str:
        """Return a value within the range of the cell at an address from ``first`` to ``last``."""
        bounds = []
        for table in (self.low, self.high):
            values = table[first - k.ROW : last - k.ROW + 1]
            index = str(at - first) if isinstance(at, int) else at
            if not isinstance(at, int) and len(set(values)) > 1:
                index = self.shifted(at, -first)
            bounds.append(self.lookup(values, index))
        return self.smallest(self.largest(value, bounds[0]), bounds[1])

    def keyed(self, site: str, loop: str) -> str:
        """Return what ``kernel.keyed`` does."""
        seed = [self.load(k.ROW + field) for field in (k.H_SEED_LOW, k.H_SEED_HIGH, k.H_SALT)]
        h = self.mixed(*seed, site, self.load(k.ROW + k.H_ROUND))
        actor = self.load(k.ROW + k.H_ACTOR)
        keys = self.data[k.M_SEAT_KEYS]
        key = self.lookup(self.blank[keys : keys + self.data[k.M_SEATS]], self.largest(actor, 0))
        acted = self.mixed(h, key, self.load(k.ROW + k.H_ACTION))
        somebody = self.new(f"icmp sge i64 {actor}, 0")
        return self.mixed(self.new(f"select i1 {somebody}, i64 {acted}, i64 {h}"), loop)

    def address(self, base: int, *index: int, stride: int = 1) -> tuple[str, str | None]:
        """Return the address of a cell of a track or table, and when there is one (``None``: always)."""
        values = [self.read(at) for at in index]
        unsure = [value for value, at in zip(values, index, strict=True) if self.span(at)[0] < 0]
        values = [self.largest(value, 0) if value in unsure else value for value in values]
        at = values[0]
        if len(values) == 2:
            at = self.shifted(self.new(f"mul i64 {at}, {stride}"), values[1])
        least = unsure[0] if len(unsure) == 1 else self.smallest(*unsure) if unsure else None
        return self.shifted(at, base), None if least is None else self.new(f"icmp sge i64 {least}, 0")

    def span(self, at: int) -> tuple[int, int]:
        """Return the least and the greatest value that an operand can have, as the verifier found."""
        return (self.blank[at], self.blank[at]) if at >= self.memory else self.program.spans.get(at, ANY)

    # ------------------------------------------------------------------------------ instructions

    def instruction(self, pc: int, op: int, a: int, b: int, c: int, d: int, e: int) -> bool:
        """Write down one instruction; returns whether it ends its block."""
        following = self.at(pc + 6)
        if op in UNLESS:
            goes_on = self.new(f"icmp {UNLESS[op]} i64 {self.read(a)}, {self.read(b)}")
            self.add(f"br i1 {goes_on}, label %{following}, label %{self.at(c)}")
            return True
        if op == k.OP_UNLESS:
            self.add(f"br i1 {self.holds(self.read(a))}, label %{following}, label %{self.at(b)}")
            return True
        if op == k.OP_JUMP:
            self.add(f"br label %{self.at(a)}")
            return True
        if op == k.OP_LOOP:
            counter = self.shifted(self.read(a), 1)
            self.write(a, counter)
            self.add(f"br i1 {self.new(f'icmp slt i64 {counter}, {b}')}, label %{self.at(c)}, label %{following}")
            return True
        if op == k.OP_RETURN:
            value = self.read(a)
            if self.listing:
                self.add(f"store i64 {self.new('load i64, ptr %listed')}, ptr %list, !tbaa !2")
            self.add(f"ret i64 {value}")
            return True
        if op in WRITES:
            self.write(a, self.value(op, b, c, d, e))
        elif op in WRITE_AT:
            self.change(op, a, b)
        elif op in SUM_AT:
            self.add_up(op, a, b)
        elif op == k.OP_LAND:
            self.land(a, b)
        elif op == k.OP_PENDING:
            self.order(a, b, c, d, e)
        elif op == k.OP_DELIVER:
            self.deliver()
        elif op == k.OP_OFFER:
            self.offer(a, b, c, d, e)
        else:
            assert op == k.OP_END_TURN, op
            self.store(1, k.ROW + k.H_END_TURN)
        return False

    def value(self, op: int, b: int, c: int, d: int, e: int) -> str:
        """Work out what an instruction writes into a temporary."""
        if op in ARITHMETIC:
            return self.new(f"{ARITHMETIC[op]} i64 {self.read(b)}, {self.read(c)}")
        if op in COMPARISON:
            return self.number(self.new(f"icmp {COMPARISON[op]} i64 {self.read(b)}, {self.read(c)}"))
        if op in (k.OP_AND, k.OP_OR):
            both = self.holds(self.read(b)), self.holds(self.read(c))
            return self.number(self.new(f"{'and' if op == k.OP_AND else 'or'} i1 {both[0]}, {both[1]}"))
        match op:
            case k.OP_DIV | k.OP_MOD:
                name = "divide" if op == k.OP_DIV else "modulo"
                return self.new(f"call i64 @{name}(i64 {self.read(b)}, i64 {self.read(c)})")
            case k.OP_KNOB:
                hundredfold = self.new(f"mul i64 {self.read(b)}, {self.read(c)}")
                return self.new(f"call i64 @divide(i64 {self.shifted(hundredfold, 50)}, i64 100)")
            case k.OP_MIN:
                return self.smallest(self.read(b), self.read(c))
            case k.OP_MAX:
                return self.largest(self.read(b), self.read(c))
            case k.OP_CLAMP:
                return self.smallest(self.largest(self.read(b), self.read(c)), self.read(d))
            case k.OP_TOWARD:
                return self.toward(self.read(b), self.read(c), self.read(d))
            case k.OP_SELECT:
                return self.new(f"select i1 {self.holds(self.read(b))}, i64 {self.read(c)}, i64 {self.read(d)}")
            case k.OP_NOT:
                return self.number(self.new(f"icmp eq i64 {self.read(b)}, 0"))
            case k.OP_NEG:
                return self.new(f"sub i64 0, {self.read(b)}")
            case k.OP_ABS:
                return self.new(f"call i64 @llvm.abs.i64(i64 {self.read(b)}, i1 false)")
            case k.OP_MOVE:
                return self.read(b)
            case k.OP_MIX:
                return self.mixed(self.read(b), self.read(c))
            case k.OP_ORDER:
                return self.in_turn(self.read(b))
            case k.OP_LOOKUP:
                low, high = self.span(c)
                return self.lookup(self.blank[b + low : b + high + 1], self.shifted(self.read(c), -low))
            case k.OP_LOAD1 | k.OP_LOAD2 if b >= self.memory:
                at, exists = self.address(0, *((c,) if op == k.OP_LOAD1 else (c, d)), stride=e)
                rows = 0 if op == k.OP_LOAD1 else max(self.span(c)[1], 0) * e
                last = max(self.span(c if op == k.OP_LOAD1 else d)[1], 0)
                value = self.lookup(self.blank[b : b + rows + last + 1], at)
                return value if exists is None else self.new(f"select i1 {exists}, i64 {value}, i64 0")
            case k.OP_LOAD1 | k.OP_LOAD2:
                at, exists = self.address(b, *((c,) if op == k.OP_LOAD1 else (c, d)), stride=e)
                value = self.load(at)
                return value if exists is None else self.new(f"select i1 {exists}, i64 {value}, i64 0")
            case k.OP_ADDRESS1 | k.OP_ADDRESS2:
                at, exists = self.address(b, *((c,) if op == k.OP_ADDRESS1 else (c, d)), stride=e)
                return at if exists is None else self.new(f"select i1 {exists}, i64 {at}, i64 -1")
            case k.OP_DRAW:
                return self.draw(self.read(b), self.read(c), self.read(d), self.read(e))
        assert op == k.OP_CHANCE, op
        return self.chance(self.read(b), self.read(c), self.read(d))

    def toward(self, value: str, target: str, parts: str) -> str:
        """Move a value one of so many parts of the way, the step rounded away from zero."""
        gap = self.new(f"sub i64 {target}, {value}")
        less_one = self.shifted(parts, -1)
        up = self.new(f"call i64 @divide(i64 {self.shifted(gap, less_one)}, i64 {parts})")
        back = self.new(f"sub i64 {less_one}, {gap}")
        down = self.new(f"sub i64 0, {self.new(f'call i64 @divide(i64 {back}, i64 {parts})')}")
        rises = self.new(f"icmp sgt i64 {gap}, 0")
        return self.shifted(value, self.new(f"select i1 {rises}, i64 {up}, i64 {down}"))

    def in_turn(self, turn: str) -> str:
        """Return the seat that comes so many-th in this round."""
        if self.data[k.M_ROTATE]:
            turn = self.shifted(turn, self.largest(self.shifted(self.load(k.ROW + k.H_ROUND), -1), 0))
        return self.new(f"srem i64 {turn}, {self.data[k.M_SEATS]}")

    def scripted(self, drawn: str, script: Callable[[str], str], span: str) -> str:
        """Return an outcome: ``drawn`` by chance, or in a preview what the script makes of its next number."""
        slot, read, after = self.label(), self.label(), self.label()
        self.slots.append(slot)
        mode, cursor = self.load(k.ROW + k.H_MODE), self.load(k.ROW + k.H_CURSOR)
        asked = self.new(f"icmp eq i64 {mode}, {k.SCRIPTED}")
        left = self.new(f"icmp slt i64 {cursor}, {k.SCRIPT}")
        self.add(f"store i64 {drawn}, ptr %{slot}")
        self.branch(self.new(f"and i1 {asked}, {left}"), read, after)
        at = self.shifted(cursor, k.ROW + k.H_SCRIPT)
        self.store(span, self.shifted(at, k.SCRIPT))
        self.store(self.shifted(cursor, 1), k.ROW + k.H_CURSOR)
        self.add(f"store i64 {script(self.load(at))}, ptr %{slot}")
        self.add(f"br label %{after}")
        self.lines.append(f"{after}:")
        return self.new(f"load i64, ptr %{slot}")

    def draw(self, low: str, high: str, site: str, loop: str) -> str:
        """Draw from ``low`` to ``high``."""
        span = self.shifted(self.new(f"sub i64 {high}, {low}"), 1)
        part = self.new(f"mul i64 {self.keyed(site, loop)}, {span}")
        drawn = self.shifted(low, self.new(f"ashr i64 {part}, 32"))
        return self.scripted(drawn, lambda n: self.shifted(low, self.smallest(n, self.shifted(span, -1))), span)

    def chance(self, percent: str, site: str, loop: str) -> str:
        """Return 1 with so many per cent."""
        percent = self.smallest(self.largest(percent, 0), 100)
        part = self.new(f"mul i64 {self.keyed(site, loop)}, 100")
        drawn = self.number(self.new(f"icmp slt i64 {self.new(f'ashr i64 {part}, 32')}, {percent}"))
        possible, sure = self.new(f"icmp sgt i64 {percent}, 0"), self.new(f"icmp sge i64 {percent}, 100")
        open_ = self.new(f"and i1 {possible}, {self.new(f'xor i1 {sure}, true')}")
        span = self.new(f"select i1 {open_}, i64 2, i64 1")
        return self.scripted(
            drawn, lambda n: self.number(self.new(f"and i1 {possible}, {self.new(f'icmp eq i64 {n}, 0')}")), span
        )

    def cell(self, a: int) -> Cell:
        """Return the cell whose address an operand holds."""
        low, high = self.span(a)
        if a >= self.memory:
            return low, None, low, high
        at = self.read(a)
        return at, self.new(f"icmp sge i64 {at}, 0"), low, high

    def change(self, op: int, a: int, b: int) -> None:
        """Write to a cell within its range."""
        if op in (k.OP_SET, k.OP_PLUS, k.OP_MINUS):
            cell: Cell = a, None, a, a
        else:
            cell = self.cell(a)
        at, exists, low, high = cell
        with self.when(exists):
            value = self.read(b)
            if WRITE_AT[op]:
                value = self.new(f"{WRITE_AT[op]} i64 {self.load(at)}, {value}")
            self.store(self.clamped(value, at, low, high), at)

    def add_up(self, op: int, a: int, b: int) -> None:
        """Add to the sums of a simultaneous loop."""
        at, exists, _, _ = self.cell(a)
        with self.when(exists):
            beside = at + self.size if isinstance(at, int) else self.shifted(at, self.size)
            if op == k.OP_SUM_SET:
                value = self.new(f"sub i64 {self.read(b)}, {self.load(at)}")
            else:
                value = self.new(f"{SUM_AT[op]} i64 {self.load(beside)}, {self.read(b)}")
            self.store(value, beside)

    def land(self, first: int, count: int) -> None:
        """End a simultaneous loop: what was summed for the cells from ``first`` on lands."""

        def one(at: str | int) -> None:
            beside = at + self.size if isinstance(at, int) else self.shifted(at, self.size)
            by = self.load(beside)
            with self.when(self.holds(by)):
                self.store(0, beside)
                self.store(self.clamped(self.shifted(self.load(at), by), at, first, first + count - 1), at)

        if count <= WRITTEN_OUT:
            for cell in range(first, first + count):
                one(cell)
            return
        with self.loop(first, first + count) as number:
            one(number)

    def order(self, a: int, amount: int, delay: int, first: int, place: int) -> None:
        """Add to what lands at a cell after some deliveries."""
        at, exists, _, _ = self.cell(a)
        with self.when(exists):
            turn = self.new(
                f"srem i64 {self.shifted(self.load(k.ROW + k.H_DELIVERIES), delay)}, {self.data[k.M_RING_DEPTH]}"
            )
            begin = self.new(f"mul i64 {turn}, {self.data[k.M_RING_SLOTS]}")
            slot = self.shifted(self.shifted(begin, k.ROW + self.data[k.M_RING] + place - first), at)
            self.store(self.shifted(self.load(slot), self.read(amount)), slot)

    def deliver(self) -> None:
        """Let what was ordered for now land."""
        landed = self.shifted(self.load(k.ROW + k.H_DELIVERIES), 1)
        self.store(landed, k.ROW + k.H_DELIVERIES)
        slots = self.data[k.M_RING_SLOTS]
        turn = self.new(f"srem i64 {landed}, {self.data[k.M_RING_DEPTH]}")
        begin = self.shifted(self.new(f"mul i64 {turn}, {slots}"), k.ROW + self.data[k.M_RING])
        ring = self.data[k.X_RING]
        cells = self.data[ring : ring + slots]
        with self.loop(0, slots) as number:
            slot = self.shifted(begin, number)
            by = self.load(slot)
            with self.when(self.holds(by)):
                self.store(0, slot)
                at = self.shifted(self.lookup(cells, number), k.ROW)
                low, high = (self.lookup([table[cell] for cell in cells], number) for table in (self.low, self.high))
                value = self.shifted(self.load(at), by)
                self.store(self.smallest(self.largest(value, low), high), at)

    def offer(self, first: int, value: int, c: int, d: int, stride: int) -> None:
        """List a legal action with its value, while there is room."""
        self.listing = True
        count = self.new("load i64, ptr %listed")
        with self.when(self.new(f"icmp slt i64 {count}, {self.data[k.M_ACTIONS]}")):
            action = self.shifted(self.new(f"mul i64 {self.read(c)}, {stride}"), self.read(d))
            twice = self.shifted(self.new(f"shl i64 {count}, 1"), self.data[k.M_OFFERS])
            for number, offset in ((self.shifted(action, first), 1), (self.read(value), 2)):
                self.add(f"store i64 {number}, ptr {self.pointer(self.shifted(twice, offset))}, !tbaa !2")
            self.add(f"store i64 {self.shifted(count, 1)}, ptr %listed")
