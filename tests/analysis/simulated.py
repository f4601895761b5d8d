"""Simulated tournaments whose truth is known: payoffs of profiles, worlds that all share, luck of single games."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tournament.analysis.tables import PayoffTable


def truth(sizes: Sequence[int], seed: int) -> np.ndarray:
    """Mean payoffs, shape (seats, players of seat 1, …): of players, and of whom they meet."""
    rng = np.random.default_rng(seed)
    seats = len(sizes)
    found = np.zeros((seats, *sizes))
    for seat in range(seats):
        found[seat] = rng.normal(size=sizes) * 0.5
        found[seat] += rng.normal(size=sizes[seat]).reshape([-1 if k == seat else 1 for k in range(seats)])
    return found


def simulated(
    sizes: Sequence[int] = (3, 3),
    blocks: int = 20,
    seed: int = 0,
    mean: np.ndarray | None = None,
    profiles: np.ndarray | None = None,
    noise: float = 1.0,
    world: float = 0.7,
    own: float = 0.5,
) -> PayoffTable:
    """Every profile (or those given) in every world.

    Args:
        sizes: players of each seat.
        blocks: how many worlds.
        seed: of the luck.
        mean: true payoffs; drawn when left out.
        profiles: rows of player numbers; all when left out.
        noise: luck of a game.
        world: what a world does to all games alike.
        own: what a world does to a player of a seat.
    """
    rng = np.random.default_rng(seed + 1000)
    payoffs = truth(sizes, seed) if mean is None else mean
    seats = len(sizes)
    rows = np.stack(np.unravel_index(np.arange(int(np.prod(sizes))), sizes), axis=1) if profiles is None else profiles
    profile = np.tile(rows, (blocks, 1))
    block = np.repeat(np.arange(blocks), len(rows))
    points = np.stack([payoffs[seat][tuple(profile.T)] for seat in range(seats)], axis=1)
    points = points + world * rng.normal(size=(blocks, seats))[block]
    for seat, size in enumerate(sizes):
        points[:, seat] += own * rng.normal(size=(blocks, size))[block, profile[:, seat]]
    points = points + noise * rng.normal(size=points.shape)
    top = points == points.max(axis=1, keepdims=True)
    return PayoffTable(
        tuple(f"seat{k}" for k in range(seats)),
        tuple(tuple(f"p{j}" for j in range(size)) for size in sizes),
        profile.astype(np.int64),
        block.astype(np.int64),
        {"points": points, "win": top / top.sum(axis=1, keepdims=True)},
        np.zeros(len(block), dtype=np.int64),
    )


def table_of_games(
    profile: np.ndarray, points: np.ndarray, names: list[list[str]], block: np.ndarray | None = None,
    scenario: np.ndarray | None = None, scenarios: tuple[str, ...] = ("",), crisis: np.ndarray | None = None,
) -> PayoffTable:  # fmt: skip
    """Games with given points; the most points win, ties in equal parts, games of a crisis nobody."""
    top = points == points.max(axis=1, keepdims=True)
    win = top / top.sum(axis=1, keepdims=True)
    if crisis is not None:
        win[crisis] = 0.0
    games = len(points)
    return PayoffTable(
        tuple(f"seat{k}" for k in range(points.shape[1])),
        tuple(map(tuple, names)),
        profile.astype(np.int64),
        np.arange(games) if block is None else block,
        {"points": points.astype(float), "win": win},
        np.zeros(games, dtype=np.int64) if scenario is None else scenario,
        scenarios,
    )
