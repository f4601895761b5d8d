"""Worlds that a seat takes for possible: all that it can see as it is, the rest drawn anew (determinization).

Whoever looks ahead runs the kernel on such a world, so that nothing hidden decides: previews, greedy play, search.
"""

from __future__ import annotations

from typing import Any

from game.core.position import Position
from game.core.view import View
from game.engine import kernel as k
from game.engine.engine import Engine
from game.engine.log import UNSEEN

NOBODY = -2
"""The number of a seat that sees what everybody sees; not the owner of what nobody sees either."""


def determinize(position: Position, seat: int, salt: int) -> Any:
    """Return a memory as a seat by number (or ``NOBODY``) may imagine it; another salt imagines another world."""
    mem = position.memory.copy()
    position.engine.kernel.determinize(position.engine.tables, mem, position.engine.silent, seat, salt)
    return mem


def determinize_view(engine: Engine, view: View, salt: int) -> Any:
    """Return a memory that agrees with a view wherever its seat can see, made from nothing else.

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
        k.H_NEWS: -1,
    }
    for field, value in header.items():
        mem[k.ROW + field] = value
    for name in layout.places:
        for at, index in layout.cells(name):
            seen = view.value(name, *index)
            if seen is not None:
                mem[k.ROW + at] = seen
    _lay_orders(engine, view, mem)
    _lay_used(engine, view, mem)
    engine.kernel.determinize(engine.tables, mem, engine.silent, me, salt)
    engine.kernel.shuffle(engine.tables, mem, k.ROW + layout.order, len(layout.events))
    return mem


def _lay_orders(engine: Engine, view: View, mem: Any) -> None:
    """What has been ordered and has not arrived, as far as the seat knows."""
    layout = engine.layout
    slots = {slot: n for n, slot in enumerate(layout.ring_slots)}
    cells = {(name, index): at for name in layout.places for at, index in layout.cells(name)}
    for order in view.arriving:
        turn = order.deliveries % layout.depth
        slot = slots[cells[order.track, order.index]]
        mem[k.ROW + layout.ring_at + turn * len(layout.ring_slots) + slot] += order.amount


def _lay_used(engine: Engine, view: View, mem: Any) -> None:
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
        unseen = secret[seat][0] if secret[seat] else None  # any of them: determinizing draws which it was
        move = moves.get(name, unseen if entry.cause == UNSEEN else None)
        if move is not None:
            counter = seat * len(moves) + move
            mem[k.ROW + layout.used_game + counter] += 1
            if entry.round == view.round:
                mem[k.ROW + layout.used_round + counter] += 1
