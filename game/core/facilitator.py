"""What a facilitator does to a game in play: news, adjusted tracks, new luck. Checked, bounded, logged, replayed.

An act is a name with plain details, as it stands in a saved game (``game.records.node``):

    inject   {event: NAME}, or {title, text, changes: [{track, at, by}, …]} for news of one's own
    adjust   {track, at, to, reason}: a cell set to another value of its range
    luck     {draw: N}: other dice and another order of the cards that are still to come

``at`` names the cell's indices and is left out where the track has none. All other acts of a facilitator (rewinds,
notes, pauses …) leave the position as it is: ``game.records.node.ASIDE`` lists them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from game.core.position import Position
from game.core.preview import Change, changed, imagined, scripted
from game.engine import kernel as k
from game.engine.log import LogEntry, hides
from game.moves import Verdict

TITLE, TEXT, REASON, CHANGES, DRAWS = 80, 600, 200, 12, 10**9
"""Longest title, text and reason, most changes of one news, highest number of a draw of luck."""

PLAYED = ("inject", "adjust", "luck")
"""Acts that change the position."""

GOOD = Verdict(True)
LUCK_SALT = 5


@dataclass(frozen=True, slots=True)
class Effect:
    """A cell that an act names: where it is in the row, its range, its value and what the act makes of it."""

    track: str
    index: tuple[str, ...]
    at: int
    low: int
    high: int
    before: int
    after: int
    asked: int


def check_act(position: Position, name: str, details: Mapping[str, Any]) -> Verdict:
    """Whether a facilitator may do this now; if not, why, for the facilitator. Never raises."""
    if position.over:
        return _no("over", "the game is over; rewind to an earlier move first")
    match name:
        case "inject" if "event" in details:
            names = [event.name for event in position.engine.layout.events]
            if details["event"] not in names:
                return _no("event", f"'{details['event']!s:.60}' is no news card of this scenario")
            return GOOD
        case "inject":
            return _news(position, details)
        case "adjust":
            return _adjusted(position, details)
        case "luck":
            draw = details.get("draw")
            good = isinstance(draw, int) and not isinstance(draw, bool) and 1 <= draw <= DRAWS
            return GOOD if good else _no("draw", f"a draw of luck is a number from 1 to {DRAWS}")
    return _no("unknown", f"there is no act of a facilitator called '{name}'")


def perform(position: Position, log: Any, name: str, details: Mapping[str, Any]) -> list[LogEntry]:
    """Do an act that ``check_act`` allows on the position's memory; returns what to log first.

    What the rules make of it (a card's effects, an ending) goes to ``log``, the kernel's. ``advance`` comes next.
    """
    engine, mem = position.engine, position.memory
    found: list[LogEntry] = []
    actor = int(mem[k.ROW + k.H_ACTOR])
    if name == "luck":
        _new_luck(position, int(details["draw"]))
        return found
    if "event" in details:
        event = str(details["event"])
        found.append(LogEntry(position.round, "event", event, None, f"events.{event}"))
        number = [each.name for each in engine.layout.events].index(event)
        engine.kernel.apply_event(engine.tables, mem, log, number)
    else:
        kind, cause = (name, str(details["title"])) if name == "inject" else (name, str(details["reason"]))
        if name == "inject":
            found.append(LogEntry(position.round, kind, cause, None, "", text=str(details.get("text", ""))))
        for effect in effects(position, name, details):
            landed = effect.after - effect.before
            mem[k.ROW + effect.at] = effect.after
            cell = effect.track, effect.index
            found.append(LogEntry(position.round, kind, cause, None, "", *cell, effect.asked, landed))
    mem[k.ROW + k.H_ACTOR] = actor
    engine.kernel.check_endings(engine.tables, mem, log, -1)
    return found


def effects(position: Position, name: str, details: Mapping[str, Any]) -> list[Effect]:
    """The cells that an act of one's own names, with what becomes of them; several changes of one add up."""
    values: dict[int, int] = {}
    found = []
    for change in details.get("changes", ()) if name == "inject" else (details,):
        cell = _cell(position, change)
        assert not isinstance(cell, str)
        track, index, at = cell
        before = values.get(at, int(position.memory[k.ROW + at]))
        low, high = position.book.tracks[track].low, position.book.tracks[track].high
        asked = int(change["by"]) if name == "inject" else int(change["to"]) - before
        values[at] = min(max(before + asked, low), high)
        found.append(Effect(track, index, at, low, high, before, values[at], asked))
    return found


def preview_act(position: Position, name: str, details: Mapping[str, Any]) -> list[Change]:
    """What an act would change of what everybody sees. Neither the real dice nor hidden tracks show through.

    A card's effects are worked out as those of a move are (``game.core.preview``): lowest to highest over chance and
    the unknown. What one of the facilitator's own acts would do to a hidden track is not told.
    """
    if not check_act(position, name, details) or name == "luck":
        return []
    if "event" not in details:
        public = position.engine.layout.public
        return [
            Change(e.track, e.index, e.before, e.after, e.after, False)
            for e in effects(position, name, details)
            if public(e.track)
        ]
    engine = position.engine
    number = [event.name for event in engine.layout.events].index(str(details["event"]))

    def run(mem: Any) -> None:
        engine.kernel.apply_event(engine.tables, mem, engine.silent, number)

    rows = [
        row
        for start in imagined(position, None, worlds=hides(engine.layout.events[number].effects, engine.layout))
        for row in scripted(start, run)
    ]
    return changed(position, None, rows)


def ends(position: Position, name: str, details: Mapping[str, Any]) -> bool:
    """Whether one of the facilitator's own acts would end the game at once."""
    if "event" in details or not check_act(position, name, details):
        return False
    engine = position.engine
    twin = Position(engine, position.memory.copy())
    perform(twin, engine.silent, name, details)
    engine.kernel.advance(engine.tables, twin.memory, engine.silent, 1)
    return twin.over


def _new_luck(position: Position, draw: int) -> None:
    """Another seed from here on, worked out from the old one; the cards that have not come are shuffled anew."""
    engine, mem, mix = position.engine, position.memory, position.engine.kernel.mix
    low = mix(mix(int(mem[k.ROW + k.H_SEED_LOW]), draw), LUCK_SALT)
    high = mix(mix(int(mem[k.ROW + k.H_SEED_HIGH]), draw), low) >> 1
    mem[k.ROW + k.H_SEED_LOW], mem[k.ROW + k.H_SEED_HIGH] = low, high
    engine.kernel.shuffle(engine.tables, mem, k.ROW + engine.layout.order, len(engine.layout.events))


# ------------------------------------------------------------------------------------------ checks


def _no(code: str, sentence: str) -> Verdict:
    return Verdict(False, code, "", sentence)


def _news(position: Position, details: Mapping[str, Any]) -> Verdict:
    wrong = _text(details.get("title"), "title", TITLE, needed=True)
    wrong = wrong if wrong is not None else _text(details.get("text", ""), "text", TEXT)
    if wrong is not None:
        return wrong
    changes = details.get("changes", ())
    if not isinstance(changes, Sequence) or isinstance(changes, str) or len(changes) > CHANGES:
        return _no("changes", f"news has at most {CHANGES} changes")
    for change in changes:
        cell = _cell(position, change)
        if isinstance(cell, str):
            return _no("track", cell)
        track, by = position.book.tracks[cell[0]], change.get("by")
        span = track.high - track.low
        if not isinstance(by, int) or isinstance(by, bool) or not 1 <= abs(by) <= span:
            return _no("range", f"{track.title} can change by 1 to {span} either way, not by {by!s:.20}")
    return GOOD


def _adjusted(position: Position, details: Mapping[str, Any]) -> Verdict:
    cell = _cell(position, details)
    if isinstance(cell, str):
        return _no("track", cell)
    track, to = position.book.tracks[cell[0]], details.get("to")
    if not isinstance(to, int) or isinstance(to, bool) or not track.low <= to <= track.high:
        return _no("range", f"{track.title} goes from {track.low} to {track.high}, not to {to!s:.20}")
    wrong = _text(details.get("reason"), "reason", REASON, needed=True)
    if wrong is not None:
        return wrong
    public = position.engine.layout.public(cell[0])  # of a secret, "it is so already" would tell
    if public and to == int(position.memory[k.ROW + cell[2]]):
        return _no("same", f"{track.title} is {to} already")
    return GOOD


def _text(text: Any, what: str, most: int, needed: bool = False) -> Verdict | None:
    if not isinstance(text, str) or not text.isprintable() or len(text) > most:
        return _no(what, f"the {what} is a line of at most {most} letters")
    return _no(what, f"give a {what}") if needed and not text.strip() else None


def _cell(position: Position, details: Any) -> tuple[str, tuple[str, ...], int] | str:
    """The cell that details name and its place in the row, or what is wrong."""
    if not isinstance(details, Mapping):
        return "a change names a track"
    name, at = details.get("track"), details.get("at", [])
    if not isinstance(name, str) or name not in position.engine.layout.places:
        return f"there is no track '{name!s:.60}'"
    index = tuple(at) if isinstance(at, list | tuple) else (at,)
    for offset, names in position.engine.layout.cells(name):
        if names == index:
            return name, index, offset
    track = position.book.tracks[name]
    wanted = " and ".join(track.scope) or "nothing"
    return f"{track.title} is kept by {wanted}: '{', '.join(map(str, index))[:60]}' names no part of it"


def adjustments(position: Position) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every cell that may be adjusted, in the rulebook's order."""
    for name in position.engine.layout.places:
        for _, index in position.engine.layout.cells(name):
            yield name, index
