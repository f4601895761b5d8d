"""What a results folder must look like: folders are copied, cut short and edited, and what is wrong is to be named."""

from __future__ import annotations

from typing import Any

import polars as pl
from pydantic import BaseModel, ValidationError

LARGEST = 1 << 30
"""Bytes that a file of games may always take in memory; more only if it is no more than ``FOLD`` times as large as the
file. Real ones take 50 to 100 times as much."""

FOLD = 1000


class _Rules(BaseModel):
    name: str
    version: int
    sha256: str


class _Arm(BaseModel):
    name: str
    scenario: str
    values: dict[str, int | str | bool]


class _Audit(BaseModel):
    games: int
    of: int
    share: float
    disagree: list[str]
    differences: dict[str, str]
    players: dict[str, str]
    seconds: float


class _Run(BaseModel):
    ended: str
    games: int
    seconds: float
    where: str


class _Manifest(BaseModel):
    rules: _Rules
    players: dict[str, dict[str, str]]
    arms: dict[str, _Arm]
    games: int
    resampled: bool
    complete: bool
    runs: list[_Run]
    versions: dict[str, str]
    stopped: dict[str, str]
    said: dict[str, dict[str, str]] = {}
    audit: _Audit | None = None


def manifest_fault(data: Any) -> str:
    """Return what is wrong with a manifest, or an empty text."""
    try:
        _Manifest.model_validate(data, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg'][0].lower()}{first['msg'][1:]}"
    return ""


# ------------------------------------------------------------------------------------------- columns

COLUMNS: dict[str, dict[str, Any]] = {
    "games": {
        "id": pl.String, "block": pl.Int32, "cell": pl.String, "arm": pl.String, "scenario": pl.String,
        "profile": pl.List(pl.String), "scores": pl.List(pl.Int32), "win": pl.List(pl.Float64), "rounds": pl.Int16,
        "end": pl.String, "by_round": pl.List(pl.List(pl.Int32)),
    },
    "seats": {
        "id": pl.String, "seat": pl.String, "player": pl.String, "score": pl.Int32, "win": pl.Float64,
        "status": pl.String, "decisions": pl.UInt16, "legal": pl.UInt32,
    },
}  # fmt: skip
"""The columns that every file has, by part."""

PREFIXES: dict[str, dict[str, Any]] = {
    "games": {"measure_": pl.Int64, "series_": pl.List(pl.Int32)},
    "seats": {"part_": pl.Int32, "family_": pl.UInt16, "move_": pl.UInt16},
}


def column_fault(frame: pl.DataFrame, part: str, wanted: tuple[str, ...] | None = None) -> str:
    """Return what is wrong with the columns of a part, or with those of them that are wanted, or an empty text."""
    schema = frame.schema
    for name in COLUMNS[part] if wanted is None else wanted:
        if name not in schema:
            return f"there is no column {name}"
    for name, found in schema.items():
        kinds = [kind for prefix, kind in PREFIXES[part].items() if name.startswith(prefix)]
        kind = COLUMNS[part].get(name, kinds[0] if kinds else None)
        if kind is not None and found != kind:
            return f"the column {name} is {found}, not {kind}"
        if kind is not None and frame[name].has_nulls():
            return f"the column {name} has gaps"
    return ""


def row_fault(frame: pl.DataFrame, part: str, manifest: dict[str, Any]) -> str:
    """Return which name in the rows of a part the manifest does not know, or an empty text."""
    players: dict[str, dict[str, str]] = manifest["players"]
    if part == "seats":
        for seat, player in frame.select("seat", "player").unique().iter_rows():
            if player not in players.get(seat, ()):
                return f"{player} did not play {seat}"
        return ""
    if "arm" in frame.columns:
        for arm, scenario in frame.select("arm", "scenario").unique().iter_rows():
            if manifest["arms"].get(arm, {}).get("scenario") != scenario:
                return f"there is no arm {arm} of {scenario}"
    for column in ("profile", "scores", "win"):
        if column in frame.columns and not (frame[column].list.len() == len(players)).all():
            return f"the column {column} has not one entry for each of {len(players)} seats"
    for place, (seat, known) in enumerate(players.items()) if "profile" in frame.columns else ():
        if strange := set(frame["profile"].list.get(place).unique()) - set(known):
            return f"{min(strange)} did not play {seat}"
    return ""


# ------------------------------------------------------------------------------------------- size


def expands(data: bytes) -> int:
    """Return about how many bytes a Parquet file takes in memory, at least.

    The list of contents at its end says so, and so does the head of every page, to which a reader unpacks it; of what
    they say the larger counts, since either may lie.

    Raises:
        ValueError: that cannot be read.
    """
    if len(data) < 12 or data[-4:] != b"PAR1":
        raise ValueError("it is no Parquet file")
    size = int.from_bytes(data[-8:-4], "little")
    groups = _Thrift(data[max(0, len(data) - 8 - size) : -8]).struct().get(4, [])
    return sum(_column(data, column[3]) for group in groups for column in group[1])


def _column(data: bytes, contents: dict[int, Any]) -> int:
    """Return about how many bytes the pages of a column of a group of rows take in memory."""
    values, unpacked = contents[5], contents[6]
    paged_values = paged = 0
    at = min(place for place in (contents[9], contents.get(11)) if place)  # a dictionary, if any, comes first
    end = at + contents[7]
    if not 0 < at <= end <= len(data):
        raise ValueError("a column lies outside the file")
    while at < end:
        head = _Thrift(data, at)
        page = head.struct()
        paged += page[2]
        paged_values += sum(page.get(kind, {}).get(1, 0) for kind in (5, 7, 8))  # data, dictionary, data of version 2
        if page[2] < 0 or page[3] < 0:
            raise ValueError("a page has less than nothing in it")
        at = head.at + page[3]
    return int(max(8 * max(values, paged_values), unpacked, paged))


class _Thrift:
    """Reads the compact protocol of Apache Thrift: structures as mappings from the numbers of their fields."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def byte(self) -> int:
        if self.at >= len(self.data):
            raise ValueError("its list of contents is cut")
        self.at += 1
        return self.data[self.at - 1]

    def number(self) -> int:
        found = shift = 0
        while True:
            byte = self.byte()
            found |= (byte & 0x7F) << shift
            if byte < 0x80:
                return found
            shift += 7
            if shift > 63:  # more would be worked out for hours
                raise ValueError("it has a number of more than 64 bits")

    def struct(self) -> dict[int, Any]:
        found: dict[int, Any] = {}
        field = 0
        while head := self.byte():
            field = field + (head >> 4) if head >> 4 else self.signed()
            found[field] = self.value(head & 15)
        return found

    def signed(self) -> int:
        number = self.number()
        return (number >> 1) ^ -(number & 1)

    def value(self, kind: int) -> Any:
        match kind:
            case 1 | 2:  # in a structure the kind is the value
                return kind == 1
            case 3:
                return self.byte()
            case 4 | 5 | 6:
                return self.signed()
            case 7:
                self.at += 8
                return None
            case 8:
                length = self.number()
                self.at += length
                return None
            case 9 | 10:
                head = self.byte()
                count = self.number() if head >> 4 == 15 else head >> 4
                return [self.byte() if head & 15 in (1, 2) else self.value(head & 15) for _ in range(count)]
            case 12:
                return self.struct()
        raise ValueError(f"its list of contents has a value of kind {kind}")
