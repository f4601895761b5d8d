"""Lays out a position as a seat sees it in the kernel's memory, with a guess at everything it cannot see.

For players that think ahead from nothing but their view: the kernel's own functions then run on the result.
"""

from __future__ import annotations

from typing import Any

from game import View
from game.engine import kernel as k
from game.engine.engine import Engine
from game.engine.log import UNSEEN


def imagined(engine: Engine, view: View, salt: int) -> Any:
    """A memory that agrees with the view wherever the seat can see.

    Args:
        engine: of the view's rulebook and scenario.
        view: of the seat that is to move.
        salt: 32 bits; another salt imagines other hidden values, another deck and other luck.
    """
    layout, mem = engine.layout, engine.memory()
    me = layout.seats.index(view.seat)
    header = {
        k.H_ROUND: view.round,
        k.H_PHASE: k.TURNS,
        k.H_TURN: (me - (view.round - 1)) % len(layout.seats) if layout.scenario.turns.rotate else me,
        k.H_SEAT: me,
        k.H_ACTOR: me,
        k.H_USED: layout.scenario.turns.actions - view.actions_left,
        k.H_SEED_LOW: salt,
        k.H_SALT: k.SALT_TRIAL,
        k.H_NEWS: -1,
    }
    for field, value in header.items():
        mem[k.ROW + field] = value
    for name in layout.places:
        for at, index in layout.cells(name):
            seen = view.value(name, *index)
            if seen is not None:
                mem[k.ROW + at] = seen
    _orders(engine, view, mem)
    _used(engine, view, mem)
    engine.kernel.imagine(engine.tables, mem, engine.silent, me, salt)
    return mem


def _orders(engine: Engine, view: View, mem: Any) -> None:
    """What has been ordered and has not arrived, as far as the seat knows."""
    layout = engine.layout
    slots = {slot: n for n, slot in enumerate(layout.ring_slots)}
    cells = {(name, index): at for name in layout.places for at, index in layout.cells(name)}
    for order in view.arriving:
        turn = order.deliveries % layout.depth
        slot = slots[cells[order.track, order.index]]
        mem[k.ROW + layout.ring_at + turn * len(layout.ring_slots) + slot] += order.amount


def _used(engine: Engine, view: View, mem: Any) -> None:
    """Which moves and cards have been used, as far as the log tells the seat."""
    layout = engine.layout
    moves = {move.name: n for n, move in enumerate(layout.moves)}
    cards = {event.name: n for n, event in enumerate(layout.events)}
    secret = [engine.compiled.secrets(seat) for seat in range(len(layout.seats))]
    for entry in view.log:
        if entry.kind == "event" and entry.cause in cards:
            mem[k.ROW + layout.drawn + cards[entry.cause]] = 1
        if entry.kind != "move" or entry.track or entry.seat not in layout.seats:
            continue
        seat, name = layout.seats.index(entry.seat), entry.cause.partition(" ")[0]
        unseen = secret[seat][0] if secret[seat] else None  # any of them: imagining draws which it was
        move = moves.get(name, unseen if entry.cause == UNSEEN else None)
        if move is not None:
            counter = seat * len(moves) + move
            mem[k.ROW + layout.used_game + counter] += 1
            if entry.round == view.round:
                mem[k.ROW + layout.used_round + counter] += 1
    order = k.ROW + layout.order
    engine.kernel.shuffle(engine.tables, mem, order, len(layout.events))
