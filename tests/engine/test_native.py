"""Native programs do to the memory what the interpreter does; they are kept on disk, and rubbish there is never run."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import ai_players
from game.engine import kernel as k
from game.engine.compiler import Cast, Compiled, compile_game
from game.engine.engine import Engine
from game.engine.jit import jit_wanted
from game.engine.llvm import Objects, available
from game.engine.tiers import INTERPRETED, OPTIMISED, QUICK, Tiers
from game.simulation import batch
from rules.model.rulebook import Doctrine
from tests.laws.worlds import ROOT, World, book, spell, worlds

pytestmark = pytest.mark.skipif(not (jit_wanted() and available()), reason="needs numba and llvmlite")

MOVES = 400


def seated(world: World) -> Cast:
    """A doctrine in every seat that has one."""
    rules = book(world[0])
    cast: list[tuple[str, Doctrine]] = []
    for seat in rules.scenarios[world[1]].seats:
        for name in ai_players.for_seat(rules, world[1], seat.name)[:1]:
            doctrine = ai_players.load(name, rules)
            assert isinstance(doctrine, Doctrine)
            cast.append((seat.name, doctrine))
    return tuple(cast)


def compiled(world: World) -> Compiled:
    return compile_game(book(world[0]), book(world[0]).scenarios[world[1]], seated(world))


class Pair:
    """The same game twice: on the interpreter and on native programs. Whatever is asked of one is asked of both."""

    def __init__(self, world: World, tmp_path: Path, tier: int, seed: int) -> None:
        found = compiled(world)
        seats = [seat for seat, _ in seated(world)]
        self.seated = {found.layout.seats.index(seat): (number,) for number, seat in enumerate(seats)}
        self.engines = [Engine(found, True), Engine(found, True)]
        tiers = Tiers(found, self.engines[1].tables.data, Objects(tmp_path))
        tiers.reach(tier)
        self.memories = [engine.memory() for engine in self.engines]
        self.both("begin", seed & k.MASK32, seed >> 32)

    def both(self, name: str, *args: int) -> int:
        """Call a function of the kernel on both memories; what comes back and what is left behind must be equal."""
        found = []
        for engine, memory in zip(self.engines, self.memories, strict=True):
            extra = (engine.zeros(1), 0) if name == "decide" else ()
            found.append(getattr(engine.kernel, name)(engine.tables, memory, engine.silent, *args, *extra))
        assert found[0] == found[1], name
        layout = self.engines[0].layout  # the window on weights is the interpreter's alone
        first, second = (np.delete(memory, np.s_[layout.weights : layout.offers])[k.ROW :] for memory in self.memories)
        assert np.array_equal(first, second), (name, np.flatnonzero(first != second))
        return int(found[0] or 0)

    def play(self, rng: random.Random) -> None:
        """Play at random to the end, trying every player and every question on the way."""
        engine, memory = self.engines[0], self.memories[0]
        seats = len(engine.layout.seats)
        for _ in range(MOVES):
            self.both("advance", 0)
            if memory[k.ROW + k.H_OVER]:
                break
            seat = int(memory[k.ROW + k.H_SEAT])
            for other in range(seats):
                self.both("score", other)
            for player in (k.P_GREEDY, k.P_RANDOM, *self.seated.get(seat, ())):
                self.both("decide", seat, player)
            count = self.both("offers", seat)
            if not count:
                for each in self.memories:
                    engine.kernel.next_turn(each)
                continue
            at = engine.layout.offers + 1
            action = int(memory[at + 2 * rng.randrange(count)])
            self.both("play", action)
        for number in range(engine.compiled.tables.data[k.M_MEASURES]):
            self.both("run", engine.kernel.item(engine.tables, k.X_MEASURE_PC, number))


@pytest.mark.parametrize("world", worlds(), ids=spell)
def test_native_programs_leave_the_same_memory_as_the_interpreter(world: World, tmp_path: Path) -> None:
    for seed in (1, 2):
        Pair(world, tmp_path, QUICK, seed).play(random.Random(seed))


@pytest.mark.parametrize("world", worlds("standard", "secretive", "repeated_pd")[-3:], ids=spell)
def test_optimised_programs_do_too(world: World, tmp_path: Path) -> None:
    Pair(world, tmp_path, OPTIMISED, 3).play(random.Random(3))


def played(world: World, tier: int, tmp_path: Path) -> np.ndarray:
    """Results of games between a scenario's doctrines, or random players, on an engine of one tier."""
    engine = Engine(compiled(world), True)
    engine.tiers = Tiers(engine.compiled, engine.tables.data, Objects(tmp_path))
    if tier != INTERPRETED:
        engine.tiers.reach(tier)
    cast = [seat for seat, _ in seated(world)]
    players = [cast.index(seat) if seat in cast else k.P_RANDOM for seat in engine.layout.seats]
    return batch._inside(engine, [players] * 20, range(20))


def test_games_have_the_same_results_on_every_tier(tmp_path: Path) -> None:
    world = ("standard", "first_game")
    interpreted, quick, optimised = (played(world, tier, tmp_path) for tier in (INTERPRETED, QUICK, OPTIMISED))
    assert np.array_equal(interpreted, quick)
    assert np.array_equal(interpreted, optimised)


def addresses(engine: Engine) -> np.ndarray:
    at = int(engine.tables.data[k.X_NATIVE])
    return np.array(engine.tables.data[at : at + len(engine.tables.code) // 6])


def test_what_is_played_for_long_becomes_native_and_then_optimised(tmp_path: Path) -> None:
    engine = Engine(compiled(("nim", worlds("nim")[0][1])), True)
    tiers = Tiers(engine.compiled, engine.tables.data, Objects(tmp_path))
    tiers.played(1e-6)
    assert not addresses(engine).any()
    tiers.played(0.02)
    quick = addresses(engine)
    assert np.count_nonzero(quick) == len(engine.compiled.programs.checked) - 1  # all but the one that stands for none
    assert not list(tmp_path.iterdir())
    tiers.played(1.0)
    assert (addresses(engine) != quick)[quick != 0].all()
    assert list(tmp_path.iterdir())


def test_a_new_process_takes_optimised_programs_from_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = worlds("pig")[0]
    first = played(world, OPTIMISED, tmp_path)
    monkeypatch.setattr(Objects, "make", None)  # nothing may be compiled again
    assert np.array_equal(played(world, OPTIMISED, tmp_path), first)


@pytest.mark.parametrize("damage", ["cut", "emptied", "changed", "another's", "a folder"])
def test_a_damaged_object_counts_as_missing(damage: str, tmp_path: Path) -> None:
    world = worlds("pig")[0]
    whole = played(world, OPTIMISED, tmp_path)
    files = sorted(tmp_path.iterdir())
    for file in files:
        data = bytearray(file.read_bytes())
        match damage:
            case "cut":
                file.write_bytes(data[: len(data) // 2])
            case "emptied":
                file.write_bytes(b"")
            case "changed":
                data[-100] ^= 255
                file.write_bytes(data)
            case "another's":
                file.write_bytes(b"\x7fELF" + bytes(500))
            case "a folder":
                file.unlink()
                file.mkdir()
    assert np.array_equal(played(world, OPTIMISED, tmp_path), whole)
    if damage != "a folder":
        assert [Objects(tmp_path).find(b"") for _ in files] == [None] * len(files)
        assert all(len(file.read_bytes()) > 600 for file in files)  # made anew


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    world = worlds("pig")[0]
    whole = played(world, OPTIMISED, tmp_path / "there is none")
    assert np.array_equal(played(world, INTERPRETED, tmp_path), whole)


def test_a_doctrine_is_the_same_module_whoever_else_sits_there() -> None:
    rules, scenario = book("standard"), book("standard").scenarios["first_game"]
    cast = seated(("standard", "first_game"))
    alone = Tiers(compile_game(rules, scenario, cast[-1:]), np.zeros(10**6, np.int64))
    together = Tiers(compile_game(rules, scenario, cast), np.zeros(10**6, np.int64))
    assert {module.key for module in alone._modules} < {module.key for module in together._modules}


def test_bounds_are_checked_when_asked_for() -> None:
    """The kernel presets ``me``; were it wrong, a checked program ends the process before it reads elsewhere."""
    done = subprocess.run([sys.executable, "-c", OUT_OF_BOUNDS], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (-signal.SIGILL, -signal.SIGTRAP), done.stderr
    assert done.stdout == "inside\n"


OUT_OF_BOUNDS = """
from game.engine import kernel as k
from game.engine.engine import Engine
from game.engine.tiers import INTERPRETED, OPTIMISED, QUICK, Tiers
from tests.engine.test_native import compiled
engine = Engine(compiled(("standard", "first_game")), True)
Tiers(engine.compiled, engine.tables.data, checks=True).reach(QUICK)
mem = engine.memory()
engine.kernel.begin(engine.tables, mem, engine.silent, 1, 0)
print("inside", flush=True)
for action in range(1, engine.layout.actions):
    mem[0], mem[1], mem[2] = 10**8, 10**8, 10**8
    move = engine.kernel.item(engine.tables, k.X_ACTION_MOVE, action)
    pc = int(engine.tables.data[int(engine.tables.data[k.X_MOVES]) + move * k.MOVE_WIDTH + k.V_EFFECTS])
    engine.kernel.run(engine.tables, mem, engine.silent, pc)
"""
