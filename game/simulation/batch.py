"""Many games of bots: wholly inside the kernel when every player is one of its own, else move by move."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt

from game.core.game import MAX_SEED, Game
from game.core.view import View
from game.engine import kernel as k
from game.engine.engine import Engine, doctrine_key, engine_for, scenario_of
from game.errors import UnknownName, UsageError
from game.moves import LegalMoves, Move
from rules.model.rulebook import Doctrine, Rulebook

KERNEL_PLAYERS = {"random": k.P_RANDOM, "greedy": k.P_GREEDY}


class Chooser(Protocol):
    """A player written in Python."""

    def choose(self, view: View, legal: LegalMoves, rng: random.Random) -> Move:
        """One of the legal moves."""
        ...


Player = Doctrine | str | Chooser | Callable[[], Chooser]
"""A doctrine, ``random``, ``greedy``, or a Python player, best as its class: each game then has a fresh one."""


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
    players: Mapping[str, Player] | Sequence[Mapping[str, Player]],
    seeds: Sequence[int],
    *,
    roster: Mapping[str, Sequence[Player]] | None = None,
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
    distinct = list(different.values())  # many games share one mapping, which is looked at once
    _seated(distinct, seats)
    for seed in seeds:
        if not 0 <= int(seed) <= MAX_SEED:
            raise UsageError(f"{seed} is no seed", f"give whole numbers from 0 to {MAX_SEED}")
    cast = _cast([*((seat, p) for seat, found in (roster or {}).items() for p in found)], distinct)
    numbers = {key: n for n, key in enumerate(cast)}
    engine = engine_for(book, scenario, tuple(cast.values()), jit=jit)
    width = engine.compiled.results_width
    if all(isinstance(p, Doctrine | str) for profile in distinct for p in profile.values()):
        seated = {key: [_number(seat, p[seat], numbers) for seat in seats] for key, p in different.items()}
        rows = _inside(engine, [seated[id(profile)] for profile in profiles], seeds)
    else:
        pairs = zip(profiles, seeds, strict=True)
        rows = np.array([_one(book, scenario, p, int(s), engine, jit) for p, s in pairs], dtype=np.int64)
    return _results(engine, rows.reshape(len(seeds), width), np.array([int(s) for s in seeds], dtype=np.int64))


def _seated(profiles: Sequence[Mapping[str, Player]], seats: Sequence[str]) -> None:
    """Every seat has a player, and no other."""
    for profile in profiles:
        for seat in profile:
            if seat not in seats:
                raise UnknownName("seat", seat, seats)
        missing = [seat for seat in seats if seat not in profile]
        if missing:
            raise UsageError(f"nobody plays {', '.join(missing)}", "name a player for every seat")


def _cast(
    roster: Sequence[tuple[str, Player]], profiles: Sequence[Mapping[str, Player]]
) -> dict[tuple[str, object], tuple[str, Doctrine]]:
    """The doctrines in their seats, each once, those of the roster first."""
    cast: dict[tuple[str, object], tuple[str, Doctrine]] = {}
    for seat, player in (*roster, *(pair for profile in profiles for pair in profile.items())):
        if isinstance(player, Doctrine):
            cast.setdefault((seat, doctrine_key(player)), (seat, player))
        elif isinstance(player, str) and player not in KERNEL_PLAYERS:
            raise UnknownName("player", player, [*KERNEL_PLAYERS, "or a doctrine loaded by ai_players.load"])
    return cast


def _inside(engine: Engine, players: Sequence[Sequence[int]], seeds: Sequence[int]) -> npt.NDArray[np.int64]:
    """Whole games inside the kernel."""
    width = engine.compiled.results_width
    halves = engine.ints([half for seed in seeds for half in (int(seed) & k.MASK32, int(seed) >> 32)])
    seated = engine.ints([number for profile in players for number in profile])
    out = engine.zeros(width * len(seeds))
    blank, mem = engine.memory(), engine.memory()
    engine.kernel.play_many(engine.tables, blank, mem, engine.silent, halves, seated, out, width)
    return np.asarray(out, dtype=np.int64)


def _number(seat: str, player: Player, numbers: Mapping[tuple[str, object], int]) -> int:
    if isinstance(player, Doctrine):
        return numbers[seat, doctrine_key(player)]
    assert isinstance(player, str)
    return KERNEL_PLAYERS[player]


def _one(
    book: Rulebook, scenario: str | None, profile: Mapping[str, Player], seed: int, engine: Engine, jit: bool
) -> list[int]:
    """One game move by move, with the same results row as ``kernel.playout`` writes."""
    game = Game(book, scenario, seed, jit=jit)
    seats, moves = game.seats, [move.name for move in engine.layout.moves]
    playing = {seat: fresh(player) for seat, player in profile.items()}
    dice = {seat: random.Random(f"{seed} {seat}") for seat in seats}
    legal_seen, decided = dict.fromkeys(seats, 0), dict.fromkeys(seats, 0)
    used = {seat: [0] * (len(moves) + 1) for seat in seats}
    by_round: list[list[int]] = []
    series: list[list[int]] = []
    each_round = [name for name, measure in book.measures.items() if measure.each_round]

    def taken() -> list[int]:
        return [game.evaluate(book.measures[name].value) for name in each_round]

    while not game.over:
        seat, before = game.seat, game.round
        assert seat is not None
        player, legal = playing[seat], game.legal()
        legal_seen[seat] += len(legal)
        decided[seat] += 1
        move = chosen(game, player, dice[seat], legal)
        used[seat][moves.index(move.name) if move.name != "pass" else len(moves)] += 1
        game.play(move)
        if game.round != before and not game.over:
            by_round += [[game.scores()[seat] for seat in seats]] * (game.round - before)
            series += [taken()] * (game.round - before)
    scores = [game.scores()[seat] for seat in seats]
    by_round += [scores] * (game.round - len(by_round))
    by_round += [[0] * len(seats)] * (game.scenario.rounds - len(by_round))
    series += [taken()] * (game.round - len(series))
    series += [[0] * len(each_round)] * (game.scenario.rounds - len(series))
    parts = [value for seat in seats for value in _parts(game, seat)]
    return [
        game._header(k.H_ENDING), game.round, game._header(k.H_PLIES), game._header(k.H_CRISIS), *scores,
        *legal_seen.values(), *decided.values(), *(n for seat in seats for n in used[seat]), *parts,
        *game.measures().values(), *(v for row in (*by_round, *series) for v in row),
    ]  # fmt: skip


def fresh(player: Player) -> Doctrine | str | Chooser:
    """The player for one game: a class or factory makes one."""
    if isinstance(player, Doctrine | str):
        return player
    if isinstance(player, type) or not hasattr(player, "choose"):
        made: Chooser = cast(Callable[[], Chooser], player)()
        return made
    return cast(Chooser, player)


def chosen(game: Game, player: Doctrine | str | Chooser, dice: random.Random, legal: LegalMoves | None = None) -> Move:
    """What a player does for the acting seat: in the kernel if it is one of the kernel's, else from its view alone."""
    if isinstance(player, Doctrine | str):
        return game.choose(player)
    seat = game.seat
    assert seat is not None
    return player.choose(game.view(seat), game.legal() if legal is None else legal, dice)


def _parts(game: Game, seat: str) -> list[int]:
    track = game.book.goals.parts
    if track is None:
        return []
    cells = game.engine.layout.cells(track)
    return [int(game.memory[k.ROW + at]) for at, index in cells if index[0] == seat]


def _results(engine: Engine, rows: npt.NDArray[np.int64], seeds: npt.NDArray[np.int64]) -> Results:
    """Cut the kernel's rows into named arrays."""
    layout = engine.layout
    book = layout.book
    n, seats, moves = len(rows), len(layout.seats), len(layout.moves)
    part_set = layout.places[book.goals.parts].track.scope[1] if book.goals.parts else None
    part_names = layout.elements(part_set) if part_set else ()
    rounds = layout.scenario.rounds
    sizes = [seats, seats, seats, seats * (moves + 1), seats * len(part_names), len(book.measures), rounds * seats]
    series_names = tuple(name for name, measure in book.measures.items() if measure.each_round)
    sizes.append(rounds * len(series_names))
    cuts = np.cumsum([4, *sizes])
    scores, legal, decisions, used, parts, measures, by_round, series = (
        rows[:, a:b] for a, b in itertools.pairwise(cuts)
    )
    played = rows[:, 1]
    by_round = by_round.reshape(n, rounds, seats).copy()
    late = np.arange(rounds)[None, :] >= played[:, None]
    by_round[late] = np.repeat(scores[:, None, :], rounds, axis=1)[late]
    series = series.reshape(n, rounds, len(series_names)).copy()
    last = series[np.arange(n), played - 1]
    series[late] = np.repeat(last[:, None, :], rounds, axis=1)[late]
    top = scores == scores.max(axis=1, keepdims=True)
    winner = top / top.sum(axis=1, keepdims=True) * (rows[:, 3] == 0)[:, None]
    names = np.array(["final", *(e.name for e in layout.endings)])
    return Results(
        seats=layout.seats,
        moves=tuple(move.name for move in layout.moves),
        part_names=tuple(part_names),
        measure_names=tuple(book.measures),
        seeds=seeds,
        scores=scores,
        winner=winner,
        rounds=played,
        plies=rows[:, 2],
        end=names[rows[:, 0]],
        parts=parts.reshape(n, seats, len(part_names)),
        used=used.reshape(n, seats, moves + 1),
        legal=legal,
        decisions=decisions,
        measures=measures,
        by_round=by_round,
        series_names=series_names,
        series=series,
    )
