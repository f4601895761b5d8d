"""When programs become native: found compiled by an earlier process at once, else when so much is played that it pays.

The interpreter plays first. What has been played for as long as a tier takes to make is likely to be played on for as
long again, so at most half of the time is ever wasted. Which tier runs shows in nothing but time.
"""

from __future__ import annotations

import hashlib
import os
import weakref
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from game.engine import kernel as k
from game.engine import llvm, native
from game.engine.compiler import Compiled
from game.engine.verifier import Checked

INTERPRETED, QUICK, OPTIMISED = range(3)
WHOLE_MODULE = 1200
"""Instructions after which a new module begins: one compiles in a fraction of a second, and Ctrl-C waits for one."""
LARGEST = 6000
"""Instructions of a program beyond which it stays with the interpreter: LLVM takes minutes for what is much longer."""
QUICK_PAYS = 25e-6
OPTIMISED_PAYS = 250e-6
"""Seconds that a tier takes to make for each instruction, about."""


@dataclass(frozen=True)
class Module:
    """Programs that are compiled together, and what names their object in the cache."""

    programs: tuple[Checked, ...]
    key: bytes

    def __len__(self) -> int:
        return sum(len(program.reached) for program in self.programs)


class Tiers:
    """The native programs of engines that share their programs, whatever numbers their players have.

    It fills the tables of addresses that the kernel reads.
    """

    def __init__(
        self, compiled: Compiled, data: Any, objects: llvm.Objects | None = None, checks: bool = False
    ) -> None:
        """``data`` is the first engine's own table; ``checks`` as for ``native.module``: such modules are not kept."""
        self.compiled, self.checks = compiled, checks
        self._addresses: dict[int, int] = {}
        self._served: list[weakref.ref[Any]] = []
        self.serve(data)
        self._objects = objects
        self._modules = list(_modules(compiled))
        self._tier = dict.fromkeys(range(len(self._modules)), INTERPRETED)
        self._played = 0.0
        self._looked = False

    def serve(self, data: Any) -> None:
        """Fill one more engine's table, now and whenever programs become native."""
        self._served = [each for each in self._served if each() is not None]
        self._served.append(weakref.ref(data))
        self._fill(data, self._addresses)

    @staticmethod
    def _fill(data: Any, addresses: Mapping[int, int]) -> None:
        for start, address in addresses.items():
            data[int(data[k.X_NATIVE]) + start // 6] = address

    def played(self, seconds: float) -> None:
        """Take note of time spent in the kernel; make native programs when it has come to pay."""
        self._played += seconds
        if not self._looked:
            self._look()
        for tier, costs in ((OPTIMISED, OPTIMISED_PAYS), (QUICK, QUICK_PAYS)):
            left = [number for number, reached in self._tier.items() if reached < tier]
            size = sum(len(self._modules[number]) for number in left)
            if left and self._played >= size * costs:
                self._make(left, tier)
                self._played = 0.0

    def reach(self, tier: int = OPTIMISED) -> None:
        """Make every program native now, at least of this tier."""
        self._look()
        self._make([number for number, reached in self._tier.items() if reached < tier], tier)

    @property
    def objects(self) -> llvm.Objects:
        """Where objects are made and found."""
        if self._objects is None:
            self._objects = llvm.Objects()
        return self._objects

    def _look(self) -> None:
        """Take what the cache holds."""
        self._looked = True
        for number, module in enumerate(self._modules):
            made = None if self.checks else self.objects.find(module.key)
            if made is not None:
                self._link(number, made, OPTIMISED)

    def _make(self, numbers: Sequence[int], tier: int) -> None:
        for number in numbers:
            module = self._modules[number]
            text = native.module(self.compiled.tables, self.compiled.blank, module.programs, checks=self.checks)
            made = self.objects.make(text, None if self.checks else module.key, optimised=tier == OPTIMISED)
            self._link(number, made, tier)

    def _link(self, number: int, made: bytes, tier: int) -> None:
        programs = self._modules[number].programs
        addresses = llvm.link(made, [f"f{n}" for n in range(len(programs))])
        found = {program.start: address for program, address in zip(programs, addresses, strict=True)}
        self._addresses |= found
        for data in (each() for each in self._served):
            if data is not None:
                self._fill(data, found)
        self._tier[number] = tier


def tiers_of(compiled: Compiled, data: Any, shared: list[Tiers] | None = None) -> Tiers | None:
    """Return the native programs of an engine as the process wishes: ``CHOKEPOINT_NATIVE=0`` for none, ``at-once`` for
    every program from the start; with numba's bounds checks they have their own. ``None`` where there can be none.
    ``shared`` holds them once they are made.
    """
    wish = os.environ.get("CHOKEPOINT_NATIVE", "1")
    if wish == "0" or not llvm.available():
        return None
    if shared:
        shared[0].serve(data)
        return shared[0]
    tiers = Tiers(compiled, data, checks=os.environ.get("NUMBA_BOUNDSCHECK", "0") == "1")
    if shared is not None:
        shared.append(tiers)
    if wish == "at-once":
        tiers.reach(QUICK)
    return tiers


def _modules(compiled: Compiled) -> Iterator[Module]:
    """The rules' programs in modules of some size, then each doctrine's program in one of its own.

    The rules' are the same whoever sits in the seats, and so is a doctrine's whoever else does: nothing of them is
    compiled twice. Program 0 stands for "none" and is never run.
    """
    programs = [program for program in compiled.programs.checked[1:] if len(program.reached) <= LARGEST]
    rules = [program for program in programs if program.start < compiled.programs.cast_at[0]]
    stamp = _stamp(compiled)
    part: list[Checked] = []
    for number, program in enumerate(rules):
        part.append(program)
        if sum(len(each.reached) for each in part) >= WHOLE_MODULE or number == len(rules) - 1:
            yield Module(tuple(part), stamp + part[0].start.to_bytes(4, "little"))
            part = []
    for program in programs[len(rules) :]:
        text = native.module(compiled.tables, compiled.blank, [program])
        yield Module((program,), text.encode())


def _stamp(compiled: Compiled) -> bytes:
    """What the modules of the rules are made from."""
    code, data = compiled.tables
    end, constants = compiled.programs.cast_at
    memory = compiled.layout.memory
    size = data[k.M_SIZE]
    known = array("q", [*code[:end], *compiled.blank[memory : memory + constants], *data[: k.M_END]])
    for table, length in ((k.X_LOW, size), (k.X_HIGH, size), (k.X_RING, data[k.M_RING_SLOTS])):
        known.extend(data[data[table] : data[table] + length])
    stamp = hashlib.sha256(known.tobytes())
    for source in (native.__file__, k.__file__):
        stamp.update(Path(source).read_bytes())
    return stamp.digest()
