"""The frozen tables that the kernel reads: a rulebook compiled for one scenario and a list of doctrines."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64] | list[int]


class Tables(NamedTuple):
    """Flat integer tables; program counters are indices into ``code``, 0 meaning "no program".

    ``sites``: for each instruction the number of the rule it belongs to. ``low``/``high``: ranges of the row's cells.
    ``seat_moves``: seats + 1 offsets, then move numbers. ``taste…``: doctrines x moves, the constant score and the
    programs for what depends on no choice, on the first, on the second.
    """

    code: Any
    sites: Any
    low: Any
    high: Any
    meta: Any
    moves: Any
    seat_moves: Any
    action_move: Any
    action_first: Any
    action_second: Any
    event_key: Any
    event_round: Any
    event_when: Any
    event_effects: Any
    step_pc: Any
    ending_when: Any
    ending_effects: Any
    ending_crisis: Any
    ending_halve: Any
    ring: Any
    measure_pc: Any
    hidden_slot: Any
    hidden_owner: Any
    hidden_low: Any
    hidden_high: Any
    hidden_guess: Any
    taste: Any
    taste0: Any
    taste1: Any
    taste2: Any
    temperature: Any
    passing: Any
    gumbel: Any


def arrays(lists: Tables) -> Tables:
    """The same tables as numpy arrays, for the compiled kernel (code unsigned, so that no index can be negative)."""
    return Tables(*(np.array(v, dtype=np.uint32 if k == "code" else np.int64) for k, v in lists._asdict().items()))
