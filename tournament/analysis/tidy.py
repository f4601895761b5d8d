"""Results as tidy rows: every result of the analysis is a frozen dataclass that can be written as lines of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import polars as pl

Row = dict[str, Any]


class Tidy:
    """Base of the results, which are frozen dataclasses: written as one row, unless a result says otherwise."""

    def rows(self) -> list[Row]:
        """Return one row a finding, plain values only."""
        return [row_of(self)]

    def _repr_html_(self) -> str:
        """Return the rows as a table, for notebooks."""
        return frame([self])._repr_html_()


@dataclass(frozen=True)
class Estimate:
    """A number with its 95% interval.

    Attributes:
        estimand: what the number is an estimate of, in words.
        value: the estimate.
        low, high: ends of the interval; not a number where there are too few worlds to tell.
        n: how many games it rests on.
    """

    estimand: str
    value: float
    low: float
    high: float
    n: int

    def row(self, prefix: str = "") -> Row:
        """Return the estimate as columns, their names beginning with ``prefix``."""
        return {f"{prefix}{entry.name}": plain(getattr(self, entry.name)) for entry in fields(self)}


def plain(value: Any) -> Any:
    """Return a value as plain data: numpy's numbers as Python's, not-a-numbers as None, tuples and mappings as text."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return " ".join(f"{key}={plain(entry)}" for key, entry in value.items())
    if isinstance(value, tuple | list):
        return " ".join(str(plain(entry)) for entry in value)
    return value


def row_of(result: Any, leave_out: Iterable[str] = ()) -> Row:
    """Return a dataclass as one row; estimates in it become several columns."""
    row: Row = {}
    hidden = set(leave_out)
    for entry in fields(result):
        value = getattr(result, entry.name)
        if entry.name in hidden:
            continue
        row.update(value.row(f"{entry.name}_") if isinstance(value, Estimate) else {entry.name: plain(value)})
    return row


def frame(results: Iterable[Tidy]) -> pl.DataFrame:
    """Return the rows of some results as one dataframe, ready for ``write_csv``."""
    return pl.DataFrame([row for result in results for row in result.rows()], infer_schema_length=None)
