"""Games and equilibria of pygambit."""

from __future__ import annotations

import numpy as np
import pygambit


def gambit_game(arrays: list[np.ndarray]) -> pygambit.StrategicGame:
    return pygambit.StrategicGame.from_arrays(*arrays)


def gambit_equilibria(arrays: list[np.ndarray]) -> list[list[np.ndarray]]:
    """All equilibria that pygambit finds."""
    game = gambit_game(arrays)
    if len(arrays) == 2:
        found = pygambit.nash.enummixed_solve(game, rational=False).equilibria
    else:
        found = pygambit.nash.enumpoly_solve(game).equilibria
    return [
        [np.array([float(profile[seat][name]) for name in game.get_strategies(seat)]) for seat in game.players]
        for profile in found
    ]
