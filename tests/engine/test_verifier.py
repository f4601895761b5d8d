"""The verifier refuses bytecode that could reach outside its game; what it lets through stays inside."""

import contextlib
import random
from pathlib import Path

import pytest

from game.engine import kernel as k
from game.engine.compiler import compile_game
from game.engine.engine import Engine
from game.engine.kernel import Tables
from game.engine.verifier import Entry, verify
from game.errors import ProgramError
from rules import load_rulebook

SMALL = load_rulebook(str(Path(__file__).parent / "small.yaml"))
COMPILED = compile_game(SMALL, SMALL.scenarios["three"])
DATA = COMPILED.tables.data
MEMORY = len(COMPILED.blank)
TRACK = k.ROW + DATA[k.M_TRACKS]
CONSTANT = COMPILED.layout.memory


def program(*instructions):
    """Tables with one program after the empty one."""
    code = [k.OP_RETURN, CONSTANT, 0, 0, 0, 0]
    for instruction in instructions:
        code += [*instruction, *[0] * (6 - len(instruction))]
    return Tables(code, DATA), [Entry(6, ((-1, 2),))]


@pytest.mark.parametrize(
    ("instructions", "why"),
    [
        ([(k.OP_ADD, 10, 9, 0), (k.OP_RETURN, 10)], "before it is written"),
        ([(k.OP_MOVE, TRACK, 0), (k.OP_RETURN, 0)], "no temporary"),
        ([(k.OP_SET, k.ROW + k.H_SEAT, 0), (k.OP_RETURN, 0)], "no track"),
        ([(k.OP_SET, MEMORY + 5, 0), (k.OP_RETURN, 0)], "no track"),
        ([(k.OP_MOVE, 10, MEMORY), (k.OP_RETURN, 10)], "outside the row and the constants"),
        ([(k.OP_ADD, 10, 0, 0), (k.OP_LOAD1, 11, TRACK, 10), (k.OP_RETURN, 11)], "less than none"),
        ([(k.OP_ADD, 10, 0, 0), (k.OP_LOOKUP, 11, CONSTANT, 10), (k.OP_RETURN, 11)], "less than none"),
        ([(k.OP_LOAD1, 10, MEMORY - 1, 0), (k.OP_RETURN, 10)], "beyond its track or table"),
        ([(k.OP_ADD, 10, 0, 0), (k.OP_PLUS_AT, 10, 0), (k.OP_RETURN, 0)], "no track"),
        ([(k.OP_PENDING, 10, 0, 1, TRACK, 0), (k.OP_RETURN, 0)], "before it is written"),
        ([(k.OP_LAND, TRACK, 10_000), (k.OP_RETURN, 0)], "no tracks"),
        ([(k.OP_JUMP, 6)], "without a count"),
        ([(k.OP_JUMP, 600)], "outside its program"),
        ([(k.OP_JUMP, 13)], "outside its program"),
        ([(k.OP_UNLESS, 0, 0), (k.OP_RETURN, 0)], "without a count"),
        ([(k.OP_ADD, 10, 0, 0)], "past the end"),
        ([(99, 0, 0, 0)], "unknown operation"),
        ([(k.OP_MOVE, 10, CONSTANT), (k.OP_MOVE, 10, CONSTANT), (k.OP_LOOP, 10, 3, 12), (k.OP_RETURN, 0)], "counter"),
        ([(k.OP_LOOP, 10, 3, 6), (k.OP_RETURN, 0)], "before it is written"),
        ([(k.OP_OFFER, 10_000, 0, CONSTANT, CONSTANT, 1), (k.OP_RETURN, 0)], "no action"),
    ],
)  # fmt: skip
def test_broken_bytecode_is_refused(instructions, why):
    tables, entries = program(*instructions)
    with pytest.raises(ProgramError, match=why):
        verify(tables, COMPILED.blank, entries)


class Guarded(list):
    """A memory that is touched only where it exists."""

    def __getitem__(self, i):
        assert isinstance(i, slice) or 0 <= i < len(self), i
        return super().__getitem__(i)

    def __setitem__(self, i, value):
        assert isinstance(i, slice) or 0 <= i < CONSTANT, i
        super().__setitem__(i, value)


def test_mutants_that_pass_never_leave_their_memory(monkeypatch):
    """Real programs, one operand changed: either the verifier refuses, or running them stays inside."""
    entries = []
    monkeypatch.setattr("game.engine.compiler.verify", lambda tables, blank, found: entries.extend(found))
    compile_game(SMALL, SMALL.scenarios["three"])
    rng = random.Random(1)
    refused = ran = 0
    kernel = Engine(COMPILED, jit=False).kernel
    starts = sorted(entries)
    for _ in range(2000):
        number = rng.randrange(1, len(starts))
        entry = starts[number]
        end = starts[number + 1].pc if number + 1 < len(starts) else len(COMPILED.tables.code)
        code = COMPILED.tables.code[:end]
        at = rng.randrange(entry.pc, end)
        code[at] = rng.choice([0, 1, 9, 40, TRACK, TRACK + 3, CONSTANT, MEMORY, rng.randrange(len(code)), code[at] + 1])
        tables = Tables(code, DATA)
        try:
            verify(tables, COMPILED.blank, [entry])
        except ProgramError:
            refused += 1
            continue
        ran += 1
        mem = Guarded(COMPILED.blank)
        mem[k.ROW + k.H_ACTOR] = -1
        for n, (low, high) in enumerate(entry.preset):
            mem[n] = rng.randint(low, high)
        with contextlib.suppress(
            ZeroDivisionError
        ):  # harmless: the front end proves divisors, the verifier guards memory
            kernel.run(tables, mem, [0], entry.pc)
    assert refused > 400
    assert ran > 200
