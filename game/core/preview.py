"""What a move would do, for its player: every outcome of its dice, on worlds imagined from the player's view."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from game.core.determinize import NOBODY, determinize
from game.core.position import Position
from game.engine import kernel as k
from game.engine.log import peeks

OUTCOMES = 64
"""At most this many outcomes are worked out; a move with more is sampled this often."""
WORLDS = 8
"""How many worlds are imagined for a move that reads what its player cannot see."""


@dataclass(frozen=True, slots=True)
class Change:
    """A visible cell that a move would change: before, lowest and highest after; ``arrives`` counts Deliveries for
    what is only ordered (then ``before`` is what was on the way). ``chance``: the outcome is uncertain.
    """

    track: str
    index: tuple[str, ...]
    before: int
    low: int
    high: int
    chance: bool
    arrives: int = 0


def preview(position: Position, action: int) -> list[Change]:
    """The changes of a legal action (not passing) to what the acting seat sees."""
    seat = int(position.memory[k.ROW + k.H_SEAT])
    return changed(position, seat, outcomes(position, seat, action))


def changed(position: Position, seat: int | None, rows: Iterable[Any]) -> list[Change]:
    """How outcomes differ from the position, in what a seat sees (``None``: everybody); orders included."""
    layout = position.engine.layout
    names = layout.cell_names
    visible = {
        at: name for at, name in names.items() if (layout.public(name[0]) if seat is None else layout.sees(seat, *name))
    }
    places: dict[int, tuple[str, tuple[str, ...], int]] = {at: (*name, 0) for at, name in visible.items()}
    landed = int(position.memory[k.ROW + k.H_DELIVERIES])
    for wait in range(1, layout.depth):
        start = layout.ring_at + ((landed + wait) % layout.depth) * len(layout.ring_slots)
        for n, slot in enumerate(layout.ring_slots):
            if slot in visible:
                places[start + n] = (*visible[slot], wait)
    before = position.memory
    lowest: dict[int, int] = {}
    highest: dict[int, int] = {}
    for row in rows:
        for at in places:
            value = int(row[k.ROW + at])
            lowest[at] = min(lowest.get(at, value), value)
            highest[at] = max(highest.get(at, value), value)
    changes = []
    for at, (track, index, wait) in places.items():
        was = int(before[k.ROW + at])
        low, high = lowest.get(at, was), highest.get(at, was)
        if low != was or high != was:
            changes.append(Change(track, index, was, low, high, low != high, wait))
    return changes


def outcomes(position: Position, seat: int, action: int) -> Iterator[Any]:
    """Memories after the action, one for each outcome looked at. None knows the game's seed or hidden cells."""
    engine, layout = position.engine, position.engine.layout
    move = layout.moves[engine.kernel.item(engine.tables, k.X_ACTION_MOVE, action)]

    def run(mem: Any) -> None:
        engine.kernel.effects(engine.tables, mem, engine.silent, action)

    for start in imagined(position, seat, worlds=peeks(move, layout)):
        yield from scripted(start, run)


def imagined(position: Position, seat: int | None, *, worlds: bool) -> Iterator[Any]:
    """Memories of worlds that a seat (``None``: everybody) takes for possible; one only unless ``worlds``."""
    for world in range(WORLDS if worlds else 1):
        start = determinize(position, NOBODY if seat is None else seat, world)
        start[k.ROW + k.H_MODE] = k.SCRIPTED
        yield start


def scripted(start: Any, run: Callable[[Any], None]) -> Iterator[Any]:
    """Run something for every script of outcomes in turn; beyond OUTCOMES, sample."""
    script = [0] * k.SCRIPT
    at = k.ROW + k.H_SCRIPT
    found = []
    while True:
        mem = start.copy()
        for n, value in enumerate(script):
            mem[at + n] = value
        run(mem)
        found.append(mem)
        used = min(int(mem[k.ROW + k.H_CURSOR]), k.SCRIPT)
        ranges = [int(mem[at + k.SCRIPT + n]) for n in range(used)]
        last = next((n for n in reversed(range(used)) if script[n] + 1 < ranges[n]), None)
        if last is None:
            yield from found
            return
        if len(found) == OUTCOMES:
            break
        script = [*script[:last], script[last] + 1, *[0] * (k.SCRIPT - last - 1)]
    for sample in range(OUTCOMES):
        mem = start.copy()
        mem[k.ROW + k.H_MODE] = k.LIVE
        mem[k.ROW + k.H_SEED_HIGH] = sample + 1
        run(mem)
        yield mem
