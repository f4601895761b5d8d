"""The frozen tables that the kernel reads: a rulebook compiled for one scenario and a list of doctrines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from game.engine import kernel as k


class Tables(NamedTuple):
    """Two flat tables: ``code`` (instructions) and ``data`` (scalars ``M_…``, where each table ``X_…`` begins, then
    the tables). Two, since every array handed from function to function costs time. Program counters are indices into
    ``code``, 0 meaning "no program".
    """

    code: Any
    data: Any


def tabulate(code: list[int], scalars: Mapping[int, int], tables: Mapping[int, Sequence[int]]) -> Tables:
    """Lay scalars and tables out in one list."""
    data = [0] * k.DATA_HEADER
    for index, value in scalars.items():
        data[index] = value
    for index, table in tables.items():
        data[index] = len(data)
        data.extend(table)
    return Tables(code, data)


def arrays(tables: Tables) -> Tables:
    """The same tables as numpy arrays, for the compiled kernel (code unsigned, so that no index can be negative)."""
    return Tables(np.array(tables.code, dtype=np.uint32), np.array(tables.data, dtype=np.int64))
