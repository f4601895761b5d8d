"""Games made by hand, so that what a check finds can be worked out on paper."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import polars as pl

from tournament.analysis.tables import PayoffTable
from tournament.balance.sample import Sample

Score = Callable[[tuple[str, ...], int], Sequence[float]]
"""Points of every seat, from the line-up and the world."""


def made(
    players: Mapping[str, Sequence[str]],
    worlds: int,
    points: Score,
    crisis: Callable[[tuple[str, ...], int], bool] = lambda line_up, world: False,
    moves: Callable[[str, str], Mapping[str, int]] = lambda seat, player: {"build": 1},
) -> Sample:
    """Every line-up in every world.

    Args:
        players: of each seat.
        worlds: how many.
        points: what a game gives.
        crisis: which games end with nobody winning.
        moves: how often a player of a seat plays each move in a game.
    """
    seats = list(players)
    line_ups = list(itertools.product(*players.values()))
    games = [(line_up, world) for world in range(worlds) for line_up in line_ups]
    scores = np.array([points(line_up, world) for line_up, world in games], dtype=np.float64)
    broken = np.array([crisis(line_up, world) for line_up, world in games])
    top = scores == scores.max(axis=1, keepdims=True)
    win = top / top.sum(axis=1, keepdims=True) * ~broken[:, None]
    profile = np.array([[players[seat].index(name) for seat, name in zip(seats, line_up, strict=True)]
                        for line_up, _ in games])  # fmt: skip
    block = np.array([world for _, world in games])
    table = PayoffTable(
        tuple(seats), tuple(tuple(found) for found in players.values()), profile, block,
        {"points": scores, "win": win}, np.zeros(len(games), dtype=np.int64),
    )  # fmt: skip
    rows = [
        {"seat": seat, "player": name, "decisions": 4, "legal": 60,
         **{f"move_{move}": times for move, times in moves(seat, name).items()}}
        for line_up, _ in games
        for seat, name in zip(seats, line_up, strict=True)
    ]  # fmt: skip
    whole = pl.DataFrame({"rounds": [2] * len(games), "end": ["final"] * len(games)})
    by_round = pl.Series("by_round", [[list(row), list(row)] for row in scores.tolist()])
    return Sample(table, whole.with_columns(by_round), pl.DataFrame(rows))
