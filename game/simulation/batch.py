"""Many games of bots: wholly inside the kernel when every player is one of its own, else move by move."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from game.core.game import MAX_SEED, Game
from game.engine import kernel as k
from game.engine.engine import Engine, engine_for, scenario_of
from game.engine.results import win_shares
from game.errors import UsageError
from game.simulation.players import Casting, Spec, check_seating, choose, instance
from rules.model.rulebook import Doctrine, Rulebook

CHUNK = 0.2
"""Seconds that the kernel is left to itself: programs become native between two chunks."""


@dataclass(frozen=True)
class Results:
    """Results of n games, one row a game, in the order of the seeds.

    ``scores`` (n, seats); ``winner`` (n, seats) share of the win: 1, a part of a tie, all 0 after a crisis; ``rounds``
    and ``plies`` (n,); ``end`` (n,) ``final`` or the ending's name; ``parts`` (n, seats, parts); ``used`` (n, seats,
    moves + 1) how often each seat played each move, passing last; ``legal`` (n, seats) legal actions seen in
    ``decisions`` (n, seats); ``measures`` (n, measures); ``by_round`` (n, rounds, seats) score when the next round
    begins, after its news; from the end on the final one; ``series`` (n, rounds, those measures) the same for the
    measures that are taken each round.
    """

    seats: tuple[str, ...]
    moves: tuple[str, ...]
    part_names: tuple[str, ...]
    measure_names: tuple[str, ...]
    seeds: npt.NDArray[np.int64]
    scores: npt.NDArray[np.int64]
    winner: npt.NDArray[np.float64]
    rounds: npt.NDArray[np.int64]
    plies: npt.NDArray[np.int64]
    end: npt.NDArray[np.str_]
    parts: npt.NDArray[np.int64]
    used: npt.NDArray[np.int64]
    legal: npt.NDArray[np.int64]
    decisions: npt.NDArray[np.int64]
    measures: npt.NDArray[np.int64]
    by_round: npt.NDArray[np.int64]
    series_names: tuple[str, ...]
    series: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rounds)


def play_games(
    book: Rulebook,
    scenario: str | None,
    players: Mapping[str, Spec] | Sequence[Mapping[str, Spec]],
    seeds: Sequence[int],
    *,
    roster: Mapping[str, Sequence[Spec]] | None = None,
    jit: bool = True,
) -> Results:
    """Play one game a seed. ``players``: seat to player, the same for all games or one mapping a game.

    ``roster``: everybody who may yet sit in each seat. Doctrines are compiled with the rules; whoever plays many small
    batches names them all here, so that every batch finds the same compiled engine.

    Raises UnknownName and UsageError for seats that do not fit. A Python player's exceptions and illegal moves pass
    through: judging players is the tournament's business.
    """
    profiles = [players] * len(seeds) if isinstance(players, Mapping) else list(players)
    if len(profiles) != len(seeds):
        raise UsageError(f"{len(profiles)} sets of players for {len(seeds)} seeds", "give one for all, or one a seed")
    seats = tuple(seat.name for seat in scenario_of(book, scenario).seats)
    different = {id(profile): profile for profile in (players, *profiles) if isinstance(profile, Mapping)}
    for profile in different.values():  # many games share one mapping, which is looked at once
        check_seating(seats, profile)
    rostered = [(seat, player) for seat, found in (roster or {}).items() for player in found]
    for seat, player in rostered:
        check_seating(seats, {seat: player}, everybody=False)
    for seed in seeds:
        if not 0 <= int(seed) <= MAX_SEED:
            raise UsageError(f"{seed} is no seed", f"give whole numbers from 0 to {MAX_SEED}")
    casting = Casting([*rostered, *(pair for profile in different.values() for pair in profile.items())])
    engine = engine_for(book, scenario, casting.cast, jit=jit)
    seated: dict[int, list[int]] = {}
    for key, profile in different.items():
        inside = [(seat, profile[seat]) for seat in seats]
        numbers = [casting.number(seat, player) for seat, player in inside if isinstance(player, Doctrine | str)]
        if len(numbers) == len(seats):
            seated[key] = numbers
    if len(seated) == len(different):
        rows = _inside(engine, [seated[id(profile)] for profile in profiles], seeds)
    else:
        pairs = zip(profiles, seeds, strict=True)
        rows = np.array([_one(book, scenario, p, int(s), engine, jit) for p, s in pairs], dtype=np.int64)
    width = engine.compiled.results.width
    return _results(engine, rows.reshape(len(seeds), width), np.array([int(s) for s in seeds], dtype=np.int64))


def _inside(engine: Engine, players: Sequence[Sequence[int]], seeds: Sequence[int]) -> npt.NDArray[np.int64]:
    """Whole games inside the kernel."""
    width = engine.compiled.results.width
    halves = engine.ints([half for seed in seeds for half in (int(seed) & k.MASK32, int(seed) >> 32)])
    seated = engine.ints([number for profile in players for number in profile])
    out = engine.zeros(width * len(seeds))
    blank, mem = engine.memory(), engine.memory()
    first, size = 0, 1
    while first < len(seeds):
        began, end = time.perf_counter(), min(first + size, len(seeds))
        engine.call(
            engine.kernel.play_many, engine.tables, blank, mem, engine.silent, halves, seated, first, end, out,
            width,
        )  # fmt: skip
        spent = time.perf_counter() - began
        engine.played(engine.kernel.play_many, spent)
        first, size = end, max(1, min(4 * size, int(size * CHUNK / max(spent, 1e-9))))
    return np.asarray(out, dtype=np.int64)


def _one(
    book: Rulebook, scenario: str | None, profile: Mapping[str, Spec], seed: int, engine: Engine, jit: bool
) -> list[int]:
    """One game move by move, with the same results row as ``kernel.playout`` writes."""
    game = Game(book, scenario, seed, jit=jit)
    seats = game.seats
    moves = {name: number for number, name in enumerate([*(move.name for move in engine.layout.moves), "pass"])}
    playing = {seat: instance(player) for seat, player in profile.items()}
    rngs = {seat: random.Random(f"{seed} {seat}") for seat in seats}
    legal_seen, decided = dict.fromkeys(seats, 0), dict.fromkeys(seats, 0)
    used = {seat: [0] * len(moves) for seat in seats}
    by_round: list[list[int]] = []
    series: list[list[int]] = []
    each_round = engine.compiled.results.series_names

    def points() -> list[int]:
        return list(game.scores().values())

    before = game.round
    while (seat := game.seat) is not None:
        legal = game.legal()
        legal_seen[seat] += len(legal)
        decided[seat] += 1
        move = choose(game, playing[seat], rngs[seat], legal)
        used[seat][moves[move.name]] += 1
        game.push(move, legal)
        if (now := game.round) != before and not game.over:
            by_round += [points()] * (now - before)
            series += [game.series()] * (now - before)
            before = now
    unplayed = game.scenario.rounds - game.round
    by_round += [points()] * (game.round - len(by_round)) + [[0] * len(seats)] * unplayed
    series += [game.series()] * (game.round - len(series)) + [[0] * len(each_round)] * unplayed
    return engine.compiled.results.row(
        ending=[engine.compiled.results.end_names.index(game.ending or "final")],
        rounds=[game.round],
        plies=[game.plies],
        crisis=[int(game.crisis)],
        scores=points(),
        legal=legal_seen.values(),
        decisions=decided.values(),
        used=(n for seat in seats for n in used[seat]),
        parts=(value for seat in seats for value in _parts(game, seat)),
        measures=game.measures().values(),
        by_round=(value for row in by_round for value in row),
        series=(value for row in series for value in row),
    )


def _parts(game: Game, seat: str) -> list[int]:
    track = game.book.goals.parts
    if track is None:
        return []
    cells = game.engine.layout.cells(track)
    return [int(game.memory[k.ROW + at]) for at, index in cells if index[0] == seat]


def _results(engine: Engine, rows: npt.NDArray[np.int64], seeds: npt.NDArray[np.int64]) -> Results:
    """Give the kernel's rows their names."""
    layout, results = engine.layout, engine.compiled.results
    found = results.cut(rows)
    return Results(
        seats=layout.seats,
        moves=tuple(move.name for move in layout.moves),
        part_names=results.part_names,
        measure_names=results.measure_names,
        seeds=seeds,
        scores=found.scores,
        winner=win_shares(found.scores, found.crisis),
        rounds=found.rounds,
        plies=found.plies,
        end=results.ends(found),
        parts=found.parts,
        used=found.used,
        legal=found.legal,
        decisions=found.decisions,
        measures=found.measures,
        by_round=found.by_round,
        series_names=results.series_names,
        series=found.series,
    )
