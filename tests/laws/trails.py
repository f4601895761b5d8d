"""Plays scripted-by-seed games and prints every state hash: ``python -m tests.laws.trails BOOK:SCENARIO@SEED…``.

``… goldens`` writes ``golden_hashes.json`` anew, after a deliberate change of the engine;
``… check`` prints it as the engine is now.
Run with ``CHOKEPOINT_JIT=0`` it uses the plain kernel, with ``NUMBA_BOUNDSCHECK=1`` the checked one.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from typing import Any

from game import Game, Move
from game.engine.kernel import ROW
from tests.laws.worlds import LAWS, ROOT, World, choose, fresh, spell, worlds

GOLDENS = LAWS / "golden_hashes.json"
GOLDEN_SEEDS = (0, 1, 2**62 + 1)
GOLDEN_BOOKS = ("nim", "pig", "kuhn_poker", "repeated_pd", "symmetric")

Trail = dict[str, Any]


def trail(world: World, seed: int) -> Trail:
    """A random game: its moves, the state's hash at the start and after each move, and how it ended."""
    game = fresh(world, seed)
    hashes, moves = [game.state_hash], []
    rng = random.Random(seed)
    while not game.over:
        move = choose(game, rng)
        game.play(move)
        moves.append(str(move))
        hashes.append(game.state_hash)
    return summary(game, moves, hashes)


def retrace(world: World, seed: int, moves: list[str]) -> Trail:
    """The same of a game whose moves are given."""
    game = fresh(world, seed)
    hashes = [game.state_hash]
    for move in moves:
        game.play(Move.parse(move))
        hashes.append(game.state_hash)
    return summary(game, moves, hashes)


def summary(game: Game, moves: list[str], hashes: list[str]) -> Trail:
    """What two runs of a game must agree on."""
    return {"moves": moves, "hashes": hashes, "scores": game.scores(), "ending": game.ending, "round": game.round}


def trails(jobs: list[tuple[str, int]]) -> list[Trail]:
    """The random games of these worlds (as spelt) and seeds."""
    return [trail(parse(name), seed) for name, seed in jobs]


def parse(name: str) -> World:
    """The world that is spelt so."""
    book, _, scenario = name.partition(":")
    return book, scenario


def settings(**changes: str) -> dict[str, str]:
    """The environment for a process of its own: the engine exports the cache folder it has chosen for this one."""
    return {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"} | changes


def in_another_process(arguments: list[str], **environment: str) -> Any:
    """The answer of this program run elsewhere, under other settings."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.laws.trails", *arguments],
        cwd=ROOT,
        env=settings(**environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout)


def goldens_now() -> dict[str, list[Trail]]:
    """The stored games, replayed from their stored moves on the engine as it is."""
    stored = json.loads(GOLDENS.read_text())
    return {
        name: [{"seed": game["seed"]} | retrace(parse(name), game["seed"], game["moves"]) for game in games]
        for name, games in stored.items()
    }


def new_goldens() -> dict[str, list[Trail]]:
    """Random games of the rulebooks that never change."""
    return {
        spell(world): [{"seed": seed} | trail(world, seed) for seed in GOLDEN_SEEDS] for world in worlds(*GOLDEN_BOOKS)
    }


def reads_past_the_end() -> str:
    """What happens when the jitted kernel is handed a memory that is too short."""
    game = fresh(worlds("nim")[0], 0)
    kernel, tables = game.engine.kernel, game.engine.tables
    try:
        kernel.row_hash(tables, game.memory[:ROW], 1)
    except IndexError:
        return "IndexError"
    return "nothing"


def main(arguments: list[str]) -> None:
    """See the top of this file."""
    if arguments == ["goldens"]:
        GOLDENS.write_text(json.dumps(new_goldens(), indent=1) + "\n")
    elif arguments == ["check"]:
        print(json.dumps(goldens_now()))
    elif arguments == ["past_the_end"]:
        print(json.dumps(reads_past_the_end()))
    else:
        jobs = [job.rsplit("@", 1) for job in arguments]
        print(json.dumps(trails([(name, int(seed)) for name, seed in jobs])))


if __name__ == "__main__":
    main(sys.argv[1:])
