"""What one seat saw of a game, as a page: how things stood at its first turn and at its last, and what it heard of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from game.errors import RecordError
from game.paper import spreadsheet
from game.prose.lexicon import spaced, titled
from game.records.record import Record
from game.templates import render

COLUMNS = ("round", "kind", "seat", "what", "track", "of", "change", "rule")


def html(record: Record) -> str:
    """Return the page of a seat's export.

    Raises:
        RecordError: It holds no position.
    """
    positions = [each for each in _list(record, "positions") if isinstance(each.get("tracks"), Mapping)]
    if not positions:
        raise RecordError(f"{record.file} holds no position", "export it again")
    first, last = dict(_cells(positions[0]["tracks"])), dict(_cells(positions[-1]["tracks"]))
    seat = str(record.header["setup"].get("seat", ""))
    scores = positions[-1].get("scores")
    rounds: dict[object, list[dict[str, Any]]] = {}
    for entry in _list(record, "log"):
        rounds.setdefault(entry.get("round", 0), []).append(_line(entry))
    return render(
        "view/page.html", title=f"What {spaced(seat)} saw", subtitle=str(record.header.get("title") or record.scenario),
        rows=[(name, first.get(name), value) for name, value in last.items() if value or first.get(name)],
        rounds=rounds, scores=dict(scores) if isinstance(scores, Mapping) else {},
    )  # fmt: skip


def csv_text(record: Record) -> str:
    """Return the log of a seat's export as a table: a row for each thing that it heard of."""
    lines = [_line(entry) for entry in _list(record, "log")]
    return spreadsheet.csv_text(COLUMNS, [[line[name] for name in COLUMNS] for line in lines])


def _list(record: Record, key: str) -> list[dict[str, Any]]:
    found = record.header.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _line(entry: Mapping[str, Any]) -> dict[str, Any]:
    index = entry.get("index")
    of = ", ".join(spaced(str(name)) for name in index) if isinstance(index, list) else ""
    name, _, choices = str(entry.get("cause", "")).partition(" ")
    what = " ".join([titled(name), *(spaced(part.partition("=")[2]) for part in choices.split())])
    return {
        "round": entry.get("round", ""), "kind": str(entry.get("kind", "")),
        "seat": spaced(str(entry.get("seat") or "")),
        "what": str(entry.get("text") or what), "track": titled(str(entry["track"])) if entry.get("track") else "",
        "of": of, "change": entry.get("landed", "") if entry.get("track") else "", "rule": str(entry.get("rule", "")),
    }  # fmt: skip


def _cells(tracks: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Return each track's cells by what they are called."""
    for name, found in tracks.items():
        for index, value in _leaves(found):
            yield ", ".join([titled(str(name)), *map(spaced, index)]), value


def _leaves(found: Any, index: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], int]]:
    if isinstance(found, Mapping):
        for name, inner in found.items():
            yield from _leaves(inner, (*index, str(name)))
    elif isinstance(found, int):
        yield index, found
