"""Builds one bytecode program after another from typed expressions and statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from game import kernel as k
from game.errors import ProgramError
from game.layout import Layout, key32
from rules import model as m

FIRST_TEMPORARY = 8
"""Below are ``me`` (0), the choices (1, 2) and room for later."""

BINARY = {
    "+": k.OP_ADD, "-": k.OP_SUB, "*": k.OP_MUL, "//": k.OP_DIV, "%": k.OP_MOD, "and": k.OP_AND, "or": k.OP_OR,
}  # fmt: skip
COMPARE = {"<": (k.OP_LT, False), "<=": (k.OP_LE, False), "==": (k.OP_EQ, False), "!=": (k.OP_NE, False)}
COMPARE |= {">": (k.OP_LT, True), ">=": (k.OP_LE, True)}  # with the sides exchanged
UNLESS = {k.OP_LT: k.OP_UNLESS_LT, k.OP_LE: k.OP_UNLESS_LE, k.OP_EQ: k.OP_UNLESS_EQ, k.OP_NE: k.OP_UNLESS_NE}
WRITE = {"=": k.OP_SET, "+=": k.OP_PLUS, "-=": k.OP_MINUS}
WRITE_AT = {"=": k.OP_SET_AT, "+=": k.OP_PLUS_AT, "-=": k.OP_MINUS_AT}
SUM_AT = {"=": k.OP_SUM_SET, "+=": k.OP_SUM_PLUS, "-=": k.OP_SUM_MINUS}


def children(e: m.Expr) -> Iterator[m.Expr]:
    """The expressions directly inside one."""
    match e:
        case m.Read():
            yield from e.index
        case m.MapRead():
            yield e.index
        case m.Knob():
            yield e.factor
        case m.Unary():
            yield e.value
        case m.Binary() | m.Compare():
            yield e.left
            yield e.right
        case m.IfElse():
            yield e.cond
            yield e.then
            yield e.other
        case m.Call():
            yield from e.args
        case m.HasTrait():
            yield e.seat
        case m.Aggregate():
            yield e.value
            if e.cond is not None:
                yield e.cond


def inside(e: m.Expr) -> Iterator[m.Expr]:
    """An expression and everything in it."""
    yield e
    for child in children(e):
        yield from inside(child)


def tracks_read(e: m.Expr) -> frozenset[str]:
    """Names of the tracks that an expression reads."""
    return frozenset(x.track for x in inside(e) if isinstance(x, m.Read))


@dataclass
class Label:
    """A place to jump to: the operands to fill in once it is known."""

    at: int = -1
    patches: list[int] = field(default_factory=list)


class Code:
    """Everything compiled so far: instructions, rules by number, constants and constant tables."""

    def __init__(self, layout: Layout) -> None:
        """Start with one empty program at 0, which stands for "none"."""
        self.layout = layout
        self.code: list[int] = [k.OP_RETURN, layout.memory, 0, 0, 0, 0]
        self.rules: list[str] = [""]
        self.memory: list[int] = [0]  # constants, from address layout.memory on
        self._constants: dict[int, int] = {0: layout.memory}
        self._tables: dict[str, int] = {}
        self._rule_ids: dict[str, int] = {"": 0}
        self._knobs = {name: knob.value for name, knob in layout.book.knobs.items()} | dict(layout.scenario.knobs)
        self.doctrine_knobs: Mapping[str, int] = {}
        self._static: dict[str, list[int]] = {}

    def constant(self, value: int) -> int:
        """Address of a number."""
        if value not in self._constants:
            self._constants[value] = self.layout.memory + len(self.memory)
            self.memory.append(value)
        return self._constants[value]

    def table(self, name: str, values: list[int]) -> int:
        """Address of the first number of a constant table (kept by name)."""
        if name not in self._tables:
            self._tables[name] = self.layout.memory + len(self.memory)
            self.memory.extend(values)
        return self._tables[name]

    def map_values(self, name: str) -> list[int]:
        """A map's numbers, worked out once."""
        if name not in self._static:
            self._static[name] = self.layout.map_values(name)
        return self._static[name]

    def keys(self, of: str) -> int:
        """Table of what chance is keyed by for the elements of a set."""
        return self.table(f"keys of {of}", [key32(e) for e in self.layout.elements(of)])

    def rule(self, path: str) -> int:
        """Number of a rule path, for the log."""
        if path not in self._rule_ids:
            self._rule_ids[path] = len(self.rules)
            self.rules.append(path)
        return self._rule_ids[path]

    def knob(self, knob: m.Knob) -> int:
        """A knob's value in hundredths."""
        return self.doctrine_knobs[knob.name] if knob.owner == "doctrine" else self._knobs[knob.name]


class Program:
    """One program under construction.

    Temporaries are written once (loop variables and sums apart), so a value computed before is used again as long as
    no track it was read from has been written: ``known`` maps what was computed to where, innermost scope last.
    """

    def __init__(self, code: Code, names: Mapping[str, int]) -> None:
        """``names``: addresses of the locals that the kernel presets (``me`` and the choices)."""
        self.out = code
        self.layout = code.layout
        self.start = len(code.code)
        self.names = dict(names)
        self.site = 0
        self.temporaries = FIRST_TEMPORARY
        self.known: list[dict[tuple[object, ...], int]] = [{}]
        self.reads: dict[int, frozenset[str]] = {}
        self.loops: list[tuple[str, int]] = []  # set and variable of every enclosing `each`

    # ------------------------------------------------------------------------------ plumbing

    def emit(self, op: int, a: int = 0, b: int = 0, c: int = 0, d: int = 0, e: int = 0) -> None:
        """Append an instruction."""
        self.out.code.extend((op, a, b, c, d, e))

    def temporary(self) -> int:
        """A fresh address."""
        self.temporaries += 1
        if self.temporaries > k.ROW:
            raise ProgramError("a rule needs more than a thousand intermediate values", "split it into several rules")
        return self.temporaries - 1

    def jump(self, op: int, label: Label, a: int = 0, b: int = 0) -> None:
        """Append a jump to a label."""
        self.emit(op, a, b)
        place = {k.OP_JUMP: 1, k.OP_UNLESS: 2}.get(op, 3)
        label.patches.append(len(self.out.code) - 6 + place)

    def place(self, label: Label) -> None:
        """The label is here."""
        label.at = len(self.out.code)

    def settle(self, label: Label) -> None:
        """Fill in the jumps to a placed label."""
        for at in label.patches:
            self.out.code[at] = label.at

    def pure(self, op: int, b: int, c: int = 0, d: int = 0, e: int = 0, reads: frozenset[str] = frozenset()) -> int:
        """A computed value, looked up if it is known."""
        key = (op, b, c, d, e)
        for scope in reversed(self.known):
            if key in scope:
                return scope[key]
        a = self.temporary()
        self.emit(op, a, b, c, d, e)
        for operand in (b, c, d):
            reads |= self.reads.get(operand, frozenset())
        self.reads[a] = reads
        self.known[-1][key] = a
        return a

    def forget(self, track: str) -> None:
        """A track was written: nothing computed from it is known any more."""
        for scope in self.known:
            for key in [key for key, at in scope.items() if track in self.reads.get(at, ())]:
                del scope[key]

    # --------------------------------------------------------------------------- expressions

    def fixed(self, e: m.Expr) -> int | None:
        """An element's number when it is known now."""
        match e:
            case m.Element():
                return self.layout.element(e.set, e.name)
            case m.Role():
                return self.layout.element("seat", e.name)
            case m.Nothing():
                return -1
            case m.Const():
                return e.value
            case m.MapRead():
                i = self.fixed(e.index)
                return None if i is None else -1 if i < 0 else self.out.map_values(e.map)[i]
        return None

    def expr(self, e: m.Expr) -> int:
        """Address where the expression's value is, once the code so far has run."""
        known = self.fixed(e)
        if known is not None:
            return self.out.constant(known)
        match e:
            case m.Local():
                return self.names[e.name]
            case m.Read():
                return self.read(e)
            case m.MapRead():
                base = self.out.table(f"map {e.map}", [-1, *self.out.map_values(e.map)]) + 1
                return self.pure(k.OP_LOOKUP, base, self.expr(e.index))
            case m.Knob():
                factor = self.fixed(e.factor)
                value = self.out.knob(e)
                if factor is not None:
                    return self.out.constant((factor * value + 50) // 100)
                return self.pure(k.OP_KNOB, self.expr(e.factor), self.out.constant(value))
            case m.Clock():
                if e.name == "rounds":
                    return self.out.constant(self.layout.scenario.rounds)
                return k.ROW + k.H_ROUND
            case m.Unary():
                return self.pure(k.OP_NEG if e.op == "-" else k.OP_NOT, self.expr(e.value))
            case m.Binary():
                left, right = self.expr(e.left), self.expr(e.right)
                return self.pure(BINARY[e.op], left, right)
            case m.Compare():
                op, swap = COMPARE[e.op]
                left, right = self.expr(e.left), self.expr(e.right)
                return self.pure(op, right, left) if swap else self.pure(op, left, right)
            case m.IfElse():
                return self.pure(k.OP_SELECT, self.expr(e.cond), self.expr(e.then), self.expr(e.other))
            case m.Call():
                return self.call(e)
            case m.HasTrait():
                roles = self.layout.book.roles
                traits = [int(any(e.trait in roles[r].traits for r in s.roles)) for s in self.layout.scenario.seats]
                return self.pure(k.OP_LOAD1, self.out.table(f"trait {e.trait}", traits), self.expr(e.seat))
            case m.Aggregate():
                return self.aggregate(e)
        raise AssertionError(e)

    def read(self, e: m.Read) -> int:
        """A track's cell: its own address where that is known now."""
        place = self.layout.places[e.track]
        at = [self.fixed(i) for i in e.index]
        if any(i == -1 for i in at):
            return self.out.constant(0)
        base = k.ROW + place.base
        if all(i is not None for i in at):
            address = base
            for i, dim in zip(at, (*place.dims[1:], 1), strict=True) if at else ():
                address += (i or 0) * dim
            self.reads[address] = frozenset((e.track,))
            return address
        reads = frozenset((e.track,))
        if len(at) == 1:
            return self.pure(k.OP_LOAD1, base, self.expr(e.index[0]), reads=reads)
        if at[0] is not None:
            return self.pure(k.OP_LOAD1, base + at[0] * place.dims[1], self.expr(e.index[1]), reads=reads)
        return self.pure(k.OP_LOAD2, base, self.expr(e.index[0]), self.expr(e.index[1]), place.dims[1], reads=reads)

    def call(self, e: m.Call) -> int:
        """A function's value."""
        args = [self.expr(a) for a in e.args]
        if e.fn == "abs":
            return self.pure(k.OP_ABS, args[0])
        if e.fn in ("clamp", "toward"):
            return self.pure(k.OP_CLAMP if e.fn == "clamp" else k.OP_TOWARD, args[0], args[1], args[2])
        value = args[0]
        for other in args[1:]:
            value = self.pure(k.OP_MIN if e.fn == "min" else k.OP_MAX, value, other)
        return value

    def canonical(self, e: m.Expr, bound: tuple[str, ...]) -> object:
        """The same for two expressions that differ only in names of loop variables: what sums are known by."""
        match e:
            case m.Local():
                return ("bound", bound.index(e.name)) if e.name in bound else ("at", self.names[e.name])
            case m.Aggregate():
                inner = (*bound, e.var)
                cond = None if e.cond is None else self.canonical(e.cond, inner)
                return (e.kind, e.set, self.canonical(e.value, inner), cond)
            case m.Const() | m.Element() | m.Role() | m.Nothing() | m.Clock():
                return e
        own = tuple(getattr(e, f) for f in ("op", "fn", "track", "map", "name", "owner", "trait") if hasattr(e, f))
        return (type(e).__name__, own, tuple(self.canonical(c, bound) for c in children(e)))

    def aggregate(self, e: m.Aggregate) -> int:
        """A loop over a set."""
        key = ("aggregate", self.canonical(e, ()))
        for scope in reversed(self.known):
            if key in scope:
                return scope[key]
        zero, one, none = (self.out.constant(v) for v in (0, 1, -1))
        result, variable = self.temporary(), self.temporary()
        first = {"all": one, "best": none, "worst": none}.get(e.kind, zero)
        again, done = Label(), Label()
        self.emit(k.OP_MOVE, result, first)
        value_so_far = seen = result
        if e.kind in ("best", "worst"):
            value_so_far = self.temporary()
            self.emit(k.OP_MOVE, value_so_far, zero)
        elif e.kind in ("min", "max"):
            seen = self.temporary()
            self.emit(k.OP_MOVE, seen, zero)
        self.emit(k.OP_MOVE, variable, none)
        self.place(again)
        self.jump(k.OP_NEXT, done, variable, len(self.layout.elements(e.set)))
        element = variable
        if e.set == "seat" and e.kind in ("best", "worst"):
            element = self.temporary()
            self.emit(k.OP_ORDER, element, variable)
        self.names[e.var] = element
        self.known.append({})
        if e.cond is not None:
            self.unless(e.cond, again)
        if e.kind == "count":
            self.unless(e.value, again)
            self.emit(k.OP_ADD, result, result, one)
        elif e.kind == "any":
            self.unless(e.value, again)
            self.emit(k.OP_MOVE, result, one)
            self.jump(k.OP_JUMP, done)
        elif e.kind == "all":
            broken = Label()
            self.unless(e.value, broken)
            self.jump(k.OP_JUMP, again)
            self.place(broken)
            self.settle(broken)
            self.emit(k.OP_MOVE, result, zero)
            self.jump(k.OP_JUMP, done)
        elif e.kind == "sum":
            self.emit(k.OP_ADD, result, result, self.expr(e.value))
        else:
            value, take = self.expr(e.value), Label()
            if e.kind in ("best", "worst"):
                self.jump(k.OP_UNLESS_LE, take, zero, result)  # nothing found yet: take it
            else:
                self.jump(k.OP_UNLESS, take, seen)
            low, high = (value_so_far, value) if e.kind in ("max", "best") else (value, value_so_far)
            self.jump(k.OP_UNLESS_LT, again, low, high)
            self.place(take)
            self.settle(take)
            self.emit(k.OP_MOVE, value_so_far, value)
            if e.kind in ("best", "worst"):
                self.emit(k.OP_MOVE, result, element)
            else:
                self.emit(k.OP_MOVE, seen, one)
        self.known.pop()
        self.jump(k.OP_JUMP, again)
        self.place(done)
        self.settle(again)
        self.settle(done)
        self.reads[result] = self.sources(e)
        self.known[-1][key] = result
        return result

    def sources(self, e: m.Expr) -> frozenset[str]:
        """The tracks behind an expression, those behind its locals included."""
        reads = tracks_read(e)
        for x in inside(e):
            if isinstance(x, m.Local):
                reads |= self.reads.get(self.names[x.name], frozenset())
        return reads

    def unless(self, e: m.Expr, label: Label) -> None:
        """Jump to the label when the condition does not hold."""
        if isinstance(e, m.Binary) and e.op == "and":
            self.unless(e.left, label)
            self.unless(e.right, label)
        elif isinstance(e, m.Compare):
            op, swap = COMPARE[e.op]
            left, right = self.expr(e.left), self.expr(e.right)
            self.jump(UNLESS[op], label, *((right, left) if swap else (left, right)))
        else:
            self.jump(k.OP_UNLESS, label, self.expr(e))

    # ---------------------------------------------------------------------------- statements

    def block(self, statements: tuple[m.Statement, ...]) -> None:
        """Statements of a branch or body: what is computed in it is known in it only."""
        self.known.append({})
        for statement in statements:
            self.statement(statement)
        self.known.pop()

    def statement(self, s: m.Statement) -> None:
        """One statement."""
        self.site = self.out.rule(s.where.path)
        match s:
            case m.Assign():
                self.assign(s)
            case m.Let():
                at = self.expr(s.value)
                if at < k.ROW:
                    self.names[s.name] = at
                else:  # a cell's own address: its value now, whatever is written later
                    self.names[s.name] = self.temporary()
                    self.emit(k.OP_MOVE, self.names[s.name], at)
            case m.Draw():
                low, high = self.expr(s.low), self.expr(s.high)
                self.names[s.name] = self.temporary()
                self.emit(k.OP_DRAW, self.names[s.name], low, high, self.site_key(s), self.loop_key())
            case m.If():
                other, done = Label(), Label()
                self.unless(s.cond, other)
                self.branch(s.then, s.other, other, done)
            case m.Chance():
                chance, other, done = self.temporary(), Label(), Label()
                percent = self.expr(s.percent)
                self.emit(k.OP_CHANCE, chance, percent, self.site_key(s), self.loop_key())
                self.jump(k.OP_UNLESS, other, chance)
                self.branch(s.then, s.other, other, done)
            case m.Each():
                self.each(s)
            case m.In():
                for write in s.body:
                    self.order(write, s.delay)
            case m.EndTurn():
                self.emit(k.OP_END_TURN)
            case m.Deliver():
                self.emit(k.OP_DELIVER)
                for slots in self.layout.places.values():
                    if slots.ring >= 0:
                        self.forget(slots.track.name)

    def branch(self, then: tuple[m.Statement, ...], other: tuple[m.Statement, ...], label: Label, done: Label) -> None:
        """Both branches of a condition whose failing jumps to ``label``."""
        self.block(then)
        if other:
            self.jump(k.OP_JUMP, done)
        self.place(label)
        self.settle(label)
        self.block(other)
        self.place(done)
        self.settle(done)

    def site_key(self, s: m.Draw | m.Chance) -> int:
        """What a draw is keyed by: its rule path."""
        return self.out.constant(key32(s.where.path))

    def loop_key(self) -> int:
        """What a draw is keyed by inside loops: the enclosing elements."""
        key = self.out.constant(0)
        for of, variable in self.loops:
            key = self.pure(k.OP_MIX, key, self.pure(k.OP_LOAD1, self.out.keys(of), variable))
        return key

    def address(self, s: m.Assign) -> tuple[int | None, int]:
        """The target cell: its address if known now (-1: nobody's), else ``None`` and where it will be held."""
        place = self.layout.places[s.track]
        at = [self.fixed(i) for i in s.index]
        base = k.ROW + place.base
        if any(i == -1 for i in at):
            return -1, 0
        if len(at) == 0:
            return base, 0
        if len(at) == 1:
            return (
                (base + at[0], 0)
                if at[0] is not None
                else (None, self.pure(k.OP_ADDRESS1, base, self.expr(s.index[0])))
            )
        if at[0] is not None and at[1] is not None:
            return base + at[0] * place.dims[1] + at[1], 0
        if at[0] is not None:
            return None, self.pure(k.OP_ADDRESS1, base + at[0] * place.dims[1], self.expr(s.index[1]))
        return None, self.pure(k.OP_ADDRESS2, base, self.expr(s.index[0]), self.expr(s.index[1]), place.dims[1])

    def assign(self, s: m.Assign) -> None:
        """A write: at once, or into the sums of a simultaneous loop."""
        value = self.expr(s.value)
        cell, held = self.address(s)
        if cell == -1:
            return
        if self.loops:
            self.emit(SUM_AT[s.op], self.out.constant(cell) if cell is not None else held, value, self.site)
            return
        if cell is not None:
            self.emit(WRITE[s.op], cell, value, self.site)
        else:
            self.emit(WRITE_AT[s.op], held, value, self.site)
        self.forget(s.track)

    def order(self, s: m.Assign, delay: int) -> None:
        """A write that lands later."""
        place = self.layout.places[s.track]
        value = self.expr(s.value)
        if s.op == "-=":
            value = self.pure(k.OP_NEG, value)
        cell, held = self.address(s)
        if cell != -1:
            at = self.out.constant(cell) if cell is not None else held
            self.emit(k.OP_PENDING, at, value, delay, k.ROW + place.base, place.ring)

    def each(self, s: m.Each) -> None:
        """A simultaneous loop: the row stays as it is, writes are summed beside it and land after the outermost."""
        again, done = Label(), Label()
        variable = self.temporary()
        self.emit(k.OP_MOVE, variable, self.out.constant(-1))
        self.place(again)
        self.jump(k.OP_NEXT, done, variable, len(self.layout.elements(s.set)))
        self.names[s.var] = variable
        self.loops.append((s.set, variable))
        self.known.append({})
        if s.cond is not None:
            self.unless(s.cond, again)
        self.block(s.body)
        self.known.pop()
        self.loops.pop()
        self.jump(k.OP_JUMP, again)
        self.place(done)
        self.settle(again)
        self.settle(done)
        if not self.loops:
            written = {w.track for w in _writes(s.body)}
            for track in sorted(written):
                place = self.layout.places[track]
                self.emit(k.OP_LAND, k.ROW + place.base, place.size)
                self.forget(track)

    # ------------------------------------------------------------------------------- endings

    def finish(self, value: int | None = None) -> int:
        """Return a value (0 by default); gives the program's start."""
        self.emit(k.OP_RETURN, self.out.constant(0) if value is None else value)
        return self.start

    def finish_test(self, conditions: list[m.Expr]) -> int:
        """A program that returns whether all conditions hold."""
        fail = Label()
        for condition in conditions:
            self.unless(condition, fail)
        self.emit(k.OP_RETURN, self.out.constant(1))
        self.place(fail)
        self.settle(fail)
        self.emit(k.OP_RETURN, self.out.constant(0))
        return self.start


def _writes(body: tuple[m.Statement, ...]) -> Iterator[m.Assign]:
    """Writes of a loop's body that land with it (orders do not)."""
    for s in body:
        if isinstance(s, m.Assign):
            yield s
        elif isinstance(s, m.If | m.Chance):
            yield from _writes(s.then)
            yield from _writes(s.other)
        elif isinstance(s, m.Each):
            yield from _writes(s.body)
