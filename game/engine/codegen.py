"""Builds programs from typed expressions and statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from game.engine import kernel as k
from game.engine.assembler import OPERATION, Assembler, Code, Label
from game.engine.layout import key32
from rules.model import terms as m
from rules.model.visit import every, expressions, parts, statements, unnamed

UNROLL = 12
"""Loops over sets of at most this many elements are written out: every address in them is then known."""
LOOP_WRITTEN_OUT = 4_000
"""Instructions, about, that a loop and those inside it may become by being written out."""
WRITTEN_OUT = 50_000
"""Instructions of a scenario, about, beyond which no more loops are written out."""

COMPARE = {"<": (k.OP_LT, False), "<=": (k.OP_LE, False), "==": (k.OP_EQ, False), "!=": (k.OP_NE, False)}
COMPARE |= {">": (k.OP_LT, True), ">=": (k.OP_LE, True)}  # with the sides exchanged
UNLESS = {k.OP_LT: k.OP_UNLESS_LT, k.OP_LE: k.OP_UNLESS_LE, k.OP_EQ: k.OP_UNLESS_EQ, k.OP_NE: k.OP_UNLESS_NE}
WRITE = {"=": k.OP_SET, "+=": k.OP_PLUS, "-=": k.OP_MINUS}
WRITE_AT = {"=": k.OP_SET_AT, "+=": k.OP_PLUS_AT, "-=": k.OP_MINUS_AT}
SUM_AT = {"=": k.OP_SUM_SET, "+=": k.OP_SUM_PLUS, "-=": k.OP_SUM_MINUS}


def heavy(e: m.Expr) -> bool:
    """Whether an expression is worth a jump around it."""
    return any(isinstance(x, m.Aggregate) or n > 6 for n, x in enumerate(every(e)))


class Program(Assembler):
    """A program of expressions and statements."""

    def __init__(self, code: Code, names: Mapping[str, int]) -> None:
        """``names``: addresses of the locals (``me`` and choices that the kernel presets, or constants)."""
        super().__init__(code, names)
        self.loops: list[tuple[str, int]] = []  # set and variable of every enclosing `each`

    # --------------------------------------------------------------------------- expressions

    def fixed(self, e: m.Expr) -> int | None:
        """The expression's value when it is known now: names, maps, assumptions, and what follows from them."""
        return self.out.static.value(e, _Known(self))

    def expr(self, e: m.Expr) -> int:
        """Address where the expression's value is, once the code so far has run."""
        known = self.fixed(e)
        if known is not None:
            return self.constant(known)
        match e:
            case m.Local():
                return self.names[e.name]
            case m.Read():
                return self.read(e)
            case m.TableRead():
                return self.table_read(e)
            case m.MapRead():
                base = self.out.table(f"map {e.map}", [-1, *self.out.static.map_values(e.map)]) + 1
                return self.pure(k.OP_LOOKUP, base, self.expr(e.index))
            case m.Knob():
                at = (
                    self.names[f"knob {e.name}"]
                    if e.owner == "doctrine"
                    else self.constant(self.out.static.knobs[e.name])
                )
                return self.pure(k.OP_KNOB, self.expr(e.factor), at)
            case m.Clock():
                return k.ROW + k.H_ROUND
            case m.Unary():
                return self.pure(k.OP_NEG if e.op == "-" else k.OP_NOT, self.expr(e.value))
            case m.Binary():
                left, right = self.expr(e.left), self.expr(e.right)
                return self.pure(OPERATION[e.op], left, right)
            case m.Compare():
                op, swap = COMPARE[e.op]
                left, right = self.expr(e.left), self.expr(e.right)
                return self.pure(op, right, left) if swap else self.pure(op, left, right)
            case m.IfElse():
                return self.either(e)
            case m.Call():
                return self.call(e)
            case m.HasTrait():
                table = self.out.table(f"trait {e.trait}", self.out.static.traits(e.trait))
                return self.pure(k.OP_LOAD1, table, self.expr(e.seat))
            case m.Aggregate():
                return self.aggregate(e)
            case m.Named():
                return self.expr(e.value)
        raise AssertionError(e)

    def read(self, e: m.Read) -> int:
        """A track's cell: its own address where that is known now."""
        place = self.layout.places[e.track]
        at = [self.fixed(i) for i in e.index]
        if any(i == -1 for i in at):
            return self.constant(0)
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

    def table_read(self, e: m.TableRead) -> int:
        """A number of a constant table, which lies among the constants as a track lies in the row."""
        base = self.out.table(f"table {e.table}", self.out.static.table_values(e.table))
        first, *rest = [self.expr(i) for i in e.index]
        if not rest:
            return self.pure(k.OP_LOAD1, base, first)
        wide = len(self.layout.elements(self.layout.book.tables[e.table].scope[1]))
        return self.pure(k.OP_LOAD2, base, first, rest[0], wide)

    def either(self, e: m.IfElse) -> int:
        """A choice of two values; what is costly is worked out only when it is the one."""
        cond = self.fixed(e.cond)
        if cond is not None:
            return self.expr(e.then if cond else e.other)
        if not heavy(e.then) and not heavy(e.other):
            return self.pure(k.OP_SELECT, self.expr(e.cond), self.expr(e.then), self.expr(e.other))
        key = ("either", self.canonical(e, ()))
        found = self.lookup(key)
        if found is not None:
            return found
        result, other, done = self.temporary(), Label(), Label()
        self.known.append({})
        self.unless(e.cond, other)
        self.emit(k.OP_MOVE, result, self.expr(e.then))
        self.known.pop()
        self.jump(k.OP_JUMP, done)
        self.place(other)
        self.known.append({})
        self.emit(k.OP_MOVE, result, self.expr(e.other))
        self.known.pop()
        self.place(done)
        return self.keep(key, result, e)

    def call(self, e: m.Call) -> int:
        """A function's value."""
        args = [self.expr(a) for a in e.args]
        if e.fn not in ("min", "max"):
            b, c, d = (*args, 0, 0)[:3]
            return self.pure(OPERATION[e.fn], b, c, d)
        value = args[0]
        for other in args[1:]:
            value = self.pure(OPERATION[e.fn], value, other)
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
            case m.Named():
                return self.canonical(e.value, bound)
        fields = ("op", "fn", "track", "table", "map", "name", "owner", "trait")
        own = tuple(getattr(e, f) for f in fields if hasattr(e, f))
        return (type(e).__name__, own, tuple(self.canonical(c, bound) for c in parts(e)))

    def keep(self, key: tuple[object, ...], result: int, e: m.Expr) -> int:
        """Remember where the value of a whole expression is, until a track behind it is written."""
        reads: frozenset[str] = frozenset()
        bound = {x.var for x in every(e) if isinstance(x, m.Aggregate)}
        for x in every(e):
            if isinstance(x, m.Read):
                reads |= {x.track}
            elif isinstance(x, m.Local) and x.name not in bound:
                reads |= self.reads.get(self.names[x.name], frozenset())
        self.reads[result] = reads
        self.known[-1][key] = result
        return result

    def writes_out(self, count: int, weight: int) -> bool:
        """Whether a loop of so many turns is written out, whose body has about so many instructions."""
        size = self.copies * count * weight
        return count <= UNROLL and size <= LOOP_WRITTEN_OUT and len(self.out.code) // 6 + size <= WRITTEN_OUT

    def loop(self, of: str, var: str, body: Callable[[Label], None], leave: Label, weight: int) -> None:
        """Run ``body`` for every element, written out for small sets; its label leads to the next."""
        size = len(self.layout.elements(of))
        if self.writes_out(size, weight):
            self.copies *= size
            for element in range(size):
                after = Label()
                self.names[var] = self.constant(element)
                self.known.append({})
                body(after)
                self.known.pop()
                self.place(after)
            self.copies //= size
        else:
            variable, after = self.temporary(), Label()
            self.emit(k.OP_MOVE, variable, self.constant(0))
            head = len(self.out.code)
            self.names[var] = variable
            self.known.append({})
            body(after)
            self.known.pop()
            self.place(after)
            self.repeat(variable, size, head)
        self.place(leave)

    def aggregate(self, e: m.Aggregate) -> int:
        """A value over a set."""
        key = ("aggregate", self.canonical(e, ()))
        found = self.lookup(key)
        if found is not None:
            return found
        zero, one, none = (self.constant(v) for v in (0, 1, -1))
        result, leave = self.temporary(), Label()
        so_far = seen = result
        self.emit(k.OP_MOVE, result, {"all": one, "best": none, "worst": none}.get(e.kind, zero))
        if e.kind in ("best", "worst"):
            so_far = self.temporary()
            self.emit(k.OP_MOVE, so_far, zero)
        elif e.kind in ("min", "max"):
            seen = self.temporary()
            self.emit(k.OP_MOVE, seen, zero)
        in_turn_order = e.set == "seat" and e.kind in ("best", "worst")

        def body(go_on: Label) -> None:
            if in_turn_order:
                self.names[e.var] = self.pure(k.OP_ORDER, self.names[e.var])
            if e.cond is not None and not self.unless(e.cond, go_on):
                return
            if e.kind == "count":
                if self.unless(e.value, go_on):
                    self.emit(k.OP_ADD, result, result, one)
            elif e.kind == "any":
                if self.unless(e.value, go_on):
                    self.emit(k.OP_MOVE, result, one)
                    self.jump(k.OP_JUMP, leave)
            elif e.kind == "all":
                broken = Label()
                if self.unless(e.value, broken):
                    self.jump(k.OP_JUMP, go_on)
                self.place(broken)
                self.emit(k.OP_MOVE, result, zero)
                self.jump(k.OP_JUMP, leave)
            elif e.kind == "sum":
                value = self.expr(e.value)
                if self.out.known.get(value) != 0:
                    self.emit(k.OP_ADD, result, result, value)
            else:
                self.extreme(e, result, so_far, seen, go_on)

        self.loop(e.set, e.var, body, leave, self.out.weight(e.value) + self.out.weight(e.cond))
        return self.keep(key, result, e)

    def extreme(self, e: m.Aggregate, result: int, so_far: int, seen: int, go_on: Label) -> None:
        """One candidate of ``min max best worst``: take it if it is the first or better than the best so far."""
        value, take = self.expr(e.value), Label()
        if e.kind in ("best", "worst"):
            self.jump(k.OP_UNLESS_LE, take, self.constant(0), result)
        else:
            self.jump(k.OP_UNLESS, take, seen)
        low, high = (so_far, value) if e.kind in ("max", "best") else (value, so_far)
        self.jump(k.OP_UNLESS_LT, go_on, low, high)
        self.place(take)
        self.emit(k.OP_MOVE, so_far, value)
        if e.kind in ("best", "worst"):
            self.emit(k.OP_MOVE, result, self.names[e.var])
        else:
            self.emit(k.OP_MOVE, seen, self.constant(1))

    def unless(self, e: m.Expr, label: Label) -> bool:
        """Jump to the label when the condition does not hold.

        False, and nothing emitted, when it is known never to hold: the caller then goes on at the label at once.
        """
        known = self.fixed(e)
        if known is not None:
            return known != 0
        e = unnamed(e)
        if isinstance(e, m.Binary) and e.op == "and":
            return self.unless(e.left, label) and self.unless(e.right, label)
        if isinstance(e, m.Compare):
            op, swap = COMPARE[e.op]
            left, right = self.expr(e.left), self.expr(e.right)
            self.jump(UNLESS[op], label, *((right, left) if swap else (left, right)))
        else:
            self.jump(k.OP_UNLESS, label, self.expr(e))
        return True

    # ---------------------------------------------------------------------------- statements

    def block(self, statements: tuple[m.Statement, ...]) -> None:
        """Statements of a branch or body: what is computed in it is known in it only."""
        self.known.append({})
        for statement in statements:
            self.statement(statement)
        self.known.pop()

    def statement(self, s: m.Statement) -> None:
        """One statement."""
        self.site, self.where = self.out.rule(s.where.path), s.where
        match s:
            case m.Assign():
                self.assign(s)
            case m.Let():
                at = self.expr(s.value)
                if not k.ROW <= at < self.layout.memory:
                    self.names[s.name] = at
                else:  # a cell's own address: its value now, whatever is written later
                    self.names[s.name] = self.temporary()
                    self.emit(k.OP_MOVE, self.names[s.name], at)
            case m.Draw():
                low, high = self.expr(s.low), self.expr(s.high)
                self.names[s.name] = self.temporary()
                self.emit(k.OP_DRAW, self.names[s.name], low, high, self.site_key(s), self.loop_key())
            case m.DrawFrom():
                self.draw_from(s)
            case m.If():
                other = Label()
                self.known.append({})  # what a later part of the condition works out is known only where all hold
                if self.unless(s.cond, other):
                    self.branch(s.then, s.other, other)
                else:
                    self.known.pop()
                    self.place(other)
                    self.block(s.other)
            case m.Chance():
                chance, other = self.temporary(), Label()
                percent = self.expr(s.percent)
                self.emit(k.OP_CHANCE, chance, percent, self.site_key(s), self.loop_key())
                self.jump(k.OP_UNLESS, other, chance)
                self.known.append({})
                self.branch(s.then, s.other, other)
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

    def draw_from(self, s: m.DrawFrom) -> None:
        """Count the elements that could be drawn, draw a place among them, and walk to it."""
        one, found, at = self.constant(1), self.temporary(), self.temporary()
        count = self.aggregate(m.Aggregate("count", m.Const(1, m.BOOL), s.name, s.set, s.cond, m.INT))
        self.emit(k.OP_MOVE, found, self.constant(-1))
        self.emit(k.OP_DRAW, at, one, self.pure(k.OP_MAX, count, one), self.site_key(s), self.loop_key())
        leave = Label()

        def body(go_on: Label) -> None:
            if s.cond is None or self.unless(s.cond, go_on):
                self.emit(k.OP_SUB, at, at, one)
                self.jump(k.OP_UNLESS_EQ, go_on, at, self.constant(0))
                self.emit(k.OP_MOVE, found, self.names[s.name])
                self.jump(k.OP_JUMP, leave)

        self.loop(s.set, s.name, body, leave, 4 + self.out.weight(s.cond))
        self.names[s.name] = found

    def branch(self, then: tuple[m.Statement, ...], other: tuple[m.Statement, ...], label: Label) -> None:
        """Both branches of a condition whose failing jumps to ``label``; ends the scope that the condition opened."""
        done = Label()
        self.block(then)
        self.known.pop()
        if other:
            self.jump(k.OP_JUMP, done)
        self.place(label)
        self.block(other)
        self.place(done)

    def site_key(self, s: m.Draw | m.DrawFrom | m.Chance) -> int:
        """What a draw is keyed by: its rule path."""
        return self.constant(key32(s.where.path))

    def loop_key(self) -> int:
        """What a draw is keyed by inside loops: the enclosing elements."""
        key = self.constant(0)
        for of, variable in self.loops:
            known = self.out.known.get(variable)
            if known is not None:
                element = self.constant(key32(self.layout.elements(of)[known]))
            else:
                element = self.pure(k.OP_LOAD1, self.out.keys(of), variable)
            key = self.pure(k.OP_MIX, key, element)
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
            held = None if at[0] is not None else self.pure(k.OP_ADDRESS1, base, self.expr(s.index[0]))
            return (None, held) if held is not None else (base + (at[0] or 0), 0)
        if at[0] is not None and at[1] is not None:
            return base + at[0] * place.dims[1] + at[1], 0
        if at[0] is not None:
            return None, self.pure(k.OP_ADDRESS1, base + at[0] * place.dims[1], self.expr(s.index[1]))
        return None, self.pure(k.OP_ADDRESS2, base, self.expr(s.index[0]), self.expr(s.index[1]), place.dims[1])

    def assign(self, s: m.Assign) -> None:
        """A write: at once, or into the sums of a simultaneous loop."""
        value = self.expr(s.value)
        cell, held = self.address(s)
        if cell == -1 or (s.op != "=" and self.out.known.get(value) == 0):
            return
        if self.loops:
            self.emit(SUM_AT[s.op], self.constant(cell) if cell is not None else held, value, self.site)
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
            at = self.constant(cell) if cell is not None else held
            self.emit(k.OP_PENDING, at, value, delay, k.ROW + place.base, place.ring)

    def each(self, s: m.Each) -> None:
        """A simultaneous loop: the row stays as it is, writes are summed beside it and land after the outermost."""

        def body(go_on: Label) -> None:
            self.loops.append((s.set, self.names[s.var]))
            if s.cond is None or self.unless(s.cond, go_on):
                self.block(s.body)
            self.loops.pop()

        inside = (self.out.weight(part) for each in statements((s,)) for part in expressions(each))
        self.loop(s.set, s.var, body, Label(), sum(inside))
        if not self.loops:
            for track in sorted({w.track for w in _writes(s.body)}):
                place = self.layout.places[track]
                self.emit(k.OP_LAND, k.ROW + place.base, place.size)
                self.forget(track)


class _Known(Mapping[str, int | None]):
    """What is known of a program's locals."""

    def __init__(self, program: Program) -> None:
        self.names, self.known = program.names, program.out.known

    def get(self, name: str, default: object = None) -> int | None:
        return self.known.get(self.names.get(name, -1))

    def __getitem__(self, name: str) -> int | None:
        return self.known.get(self.names[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


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
