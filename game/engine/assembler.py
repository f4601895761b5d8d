"""Assembles bytecode: constants, labels, temporaries, and never working the same value out twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from game.engine import kernel as k
from game.engine.layout import Layout, key32
from rules.model import terms as m
from rules.model.interpreter import OPERATORS, Interpreter
from rules.model.visit import every

FIRST_TEMPORARY = 8
"""Below are ``me`` (0), the choices (1 to 4) and room for later."""
ROOM = k.ROW
"""Temporaries that a program may have at the same time, with those below the first."""

MEANING = {
    k.OP_ADD: "+", k.OP_SUB: "-", k.OP_MUL: "*", k.OP_DIV: "//", k.OP_MOD: "%", k.OP_AND: "and", k.OP_OR: "or",
    k.OP_LT: "<", k.OP_LE: "<=", k.OP_EQ: "==", k.OP_NE: "!=", k.OP_MIN: "min", k.OP_MAX: "max", k.OP_ABS: "abs",
    k.OP_CLAMP: "clamp", k.OP_TOWARD: "toward",
}  # fmt: skip
"""The operator or function that an operation stands for."""
OPERATION = {name: op for op, name in MEANING.items()}
OPERANDS = dict.fromkeys(MEANING, 2) | {k.OP_ABS: 1, k.OP_CLAMP: 3, k.OP_TOWARD: 3}


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
        self.static = Interpreter(layout)
        self.code: list[int] = [k.OP_RETURN, layout.memory, 0, 0, 0, 0]
        self.rules: list[str] = [""]
        self.memory: list[int] = [0]  # constants, from address layout.memory on
        self.known: dict[int, int] = {layout.memory: 0}
        self._constants: dict[int, int] = {0: layout.memory}
        self._tables: dict[str, int] = {}
        self._rule_ids: dict[str, int] = {"": 0}
        self.long: dict[int, m.Where | None] = {}
        """Programs with more temporaries than there is room for, and where in the rules they ran out of it."""
        self._weights: dict[int, tuple[m.Expr, int]] = {}

    def constant(self, value: int) -> int:
        """Address of a number."""
        if value not in self._constants:
            self._constants[value] = self.layout.memory + len(self.memory)
            self.known[self._constants[value]] = value
            self.memory.append(value)
        return self._constants[value]

    def table(self, name: str, values: list[int]) -> int:
        """Address of the first number of a constant table (kept by name)."""
        if name not in self._tables:
            self._tables[name] = self.layout.memory + len(self.memory)
            self.memory.extend(values)
        return self._tables[name]

    def keys(self, of: str) -> int:
        """Table of what chance is keyed by for the elements of a set."""
        return self.table(f"keys of {of}", [key32(e) for e in self.layout.elements(of)])

    def weight(self, e: m.Expr | None) -> int:
        """How many parts an expression has, defines written out."""
        if e is None:
            return 0
        if id(e) not in self._weights:  # with the expression itself: another may not get its id
            self._weights[id(e)] = e, sum(1 for _ in every(e))
        return self._weights[id(e)][1]

    def rule(self, path: str) -> int:
        """Number of a rule path, for the log."""
        if path not in self._rule_ids:
            self._rule_ids[path] = len(self.rules)
            self.rules.append(path)
        return self._rule_ids[path]


class Assembler:
    """One program under construction.

    Temporaries are written once (loop variables and sums apart), so a value computed before is used again as long as
    no track it was read from has been written: ``known`` maps what was computed to where, innermost scope last.
    """

    def __init__(self, code: Code, names: Mapping[str, int]) -> None:
        """``names``: addresses of the locals (``me`` and choices that the kernel presets, or constants)."""
        self.out = code
        self.layout = code.layout
        self.start = len(code.code)
        self.names = dict(names)
        self.site = 0
        self.where: m.Where | None = None
        self.temporaries = FIRST_TEMPORARY
        self.copies = 1  # how often the enclosing loops are written out
        self.known: list[dict[tuple[object, ...], int]] = [{}]
        self.reads: dict[int, frozenset[str]] = {}

    def emit(self, op: int, a: int = 0, b: int = 0, c: int = 0, d: int = 0, e: int = 0) -> None:
        """Append an instruction."""
        self.out.code.extend((op, a, b, c, d, e))

    def temporary(self) -> int:
        """A fresh address; a negative one where the memory's room is used up, for ``game.engine.registers`` to mend."""
        self.temporaries += 1
        if self.temporaries <= ROOM:
            return self.temporaries - 1
        self.out.long.setdefault(self.start, self.where)
        return ROOM - 1 - self.temporaries

    def constant(self, value: int) -> int:
        """Address of a number."""
        return self.out.constant(value)

    def jump(self, op: int, label: Label, a: int = 0, b: int = 0) -> None:
        """Append a jump to a label."""
        self.emit(op, a, b)
        place = {k.OP_JUMP: 1, k.OP_UNLESS: 2}.get(op, 3)
        label.patches.append(len(self.out.code) - 6 + place)

    def place(self, label: Label) -> None:
        """The label is here; the jumps to it so far are filled in."""
        label.at = len(self.out.code)
        for at in label.patches:
            self.out.code[at] = label.at

    def repeat(self, variable: int, count: int, head: int) -> None:
        """End a loop: back to ``head`` with the variable's next value; a loop that does nothing is none."""
        if len(self.out.code) > head:
            self.emit(k.OP_LOOP, variable, count, head)

    def lookup(self, key: tuple[object, ...]) -> int | None:
        """Where a value is that was computed before and still holds."""
        for scope in reversed(self.known):
            if key in scope:
                return scope[key]
        return None

    def pure(self, op: int, b: int, c: int = 0, d: int = 0, e: int = 0, reads: frozenset[str] = frozenset()) -> int:
        """Address of a computed value: a constant where it is known, the earlier result where it was computed."""
        folded = self.fold(op, b, c, d)
        if folded is not None:
            return folded
        key = (op, b, c, d, e)
        found = self.lookup(key)
        if found is not None:
            return found
        a = self.temporary()
        self.emit(op, a, b, c, d, e)
        for operand in (b, c, d):
            reads |= self.reads.get(operand, frozenset())
        self.reads[a] = reads
        self.known[-1][key] = a
        return a

    def fold(self, op: int, b: int, c: int, d: int) -> int | None:
        """The address of what needs no instruction: all operands known, or a neutral one."""
        x, y, z = (self.out.known.get(at) for at in (b, c, d))
        if op in MEANING:
            args = (x, y, z)[: OPERANDS[op]]
            if None not in args and not (y == 0 and op in (k.OP_DIV, k.OP_MOD)):
                return self.constant(OPERATORS[MEANING[op]](*args))
            if (y == 0 and op in (k.OP_ADD, k.OP_SUB)) or (y == 1 and op in (k.OP_MUL, k.OP_DIV, k.OP_AND)):
                return b
            if (x == 0 and op == k.OP_ADD) or (x == 1 and op in (k.OP_MUL, k.OP_AND)):
                return c
            if 0 in (x, y) and op in (k.OP_MUL, k.OP_AND):
                return self.constant(0)
        elif op == k.OP_SELECT:
            if x is not None:
                return c if x else d
        elif op == k.OP_MIX and x is not None and y is not None:
            return self.constant(k.mix(x, y))
        return None

    def forget(self, track: str) -> None:
        """A track was written: nothing computed from it is known any more."""
        for scope in self.known:
            for key in [key for key, at in scope.items() if track in self.reads.get(at, ())]:
                del scope[key]

    def finish(self, value: int | None = None) -> int:
        """Return a value (0 by default); gives the program's start."""
        self.emit(k.OP_RETURN, self.constant(0) if value is None else value)
        return self.start
