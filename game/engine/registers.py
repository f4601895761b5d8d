"""Puts more temporaries than the memory has room for into the room that there is: each place is used again and again.

A program's temporaries are written once, so a long program has many; those beyond the room have negative addresses
until here. Two share a place when neither is needed while the other is, and both hold values of the same span, for the
verifier takes what a place can hold as the span of all that is ever written there.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence

from game.engine import kernel as k
from game.engine.assembler import FIRST_TEMPORARY, ROOM
from game.engine.verifier import AT, COMPARING, READS, Range

JUMPS = {k.OP_JUMP: 1, k.OP_UNLESS: 2} | dict.fromkeys(COMPARING, 3)
"""Which operand of a jump says where it leads; loops apart."""


def _fields() -> dict[int, tuple[int, ...]]:
    """Return which operands of an operation are addresses, counted from 1."""
    found: dict[int, tuple[int, ...]] = {op: (1, *range(2, 2 + count)) for op, count in READS.items()}
    found |= {k.OP_DRAW: (1, 2, 3, 4, 5), k.OP_LOAD1: (1, 3), k.OP_LOOKUP: (1, 3), k.OP_ADDRESS1: (1, 3)}
    found |= {k.OP_LOAD2: (1, 3, 4), k.OP_ADDRESS2: (1, 3, 4), k.OP_PENDING: (1, 2), k.OP_OFFER: (2, 3, 4)}
    found |= dict.fromkeys(COMPARING | AT, (1, 2)) | dict.fromkeys((k.OP_UNLESS, k.OP_RETURN, k.OP_LOOP), (1,))
    return found | dict.fromkeys((k.OP_SET, k.OP_PLUS, k.OP_MINUS), (2,))


FIELDS = _fields()


def allot(code: list[int], start: int, end: int, spans: Mapping[int, Range]) -> bool:
    """Give every temporary of the program from ``start`` to before ``end`` a place, in ``code`` itself.

    Args:
        code: All programs.
        start: Where this one begins.
        end: Where the next one begins.
        spans: What each of its temporaries can hold.

    Returns:
        Whether there is room; if not, nothing is changed.
    """
    lives = _lives(code, start, end)
    stuck = _unreached_counters(code, start, end)
    places: dict[int, int] = {}
    free: dict[object, list[int]] = {}
    ending: list[tuple[int, int, object]] = []
    room = FIRST_TEMPORARY
    counters = {code[pc + 1] for pc in range(start, end, 6) if code[pc] == k.OP_LOOP}
    for at, (first, last) in sorted(lives.items(), key=lambda each: each[1]):
        while ending and ending[0][0] < first:
            _, place, former = heapq.heappop(ending)
            free.setdefault(former, []).append(place)
        kind: object = (spans.get(at), at in counters, at if at in stuck else None)
        waiting = free.get(kind)
        if waiting:
            places[at] = waiting.pop()
        elif room < ROOM:
            places[at] = room
            room += 1
        else:
            return False
        heapq.heappush(ending, (last, places[at], kind))
    for pc in range(start, end, 6):
        for field in FIELDS.get(code[pc], ()):
            code[pc + field] = places.get(code[pc + field], code[pc + field])
    return True


def _lives(code: Sequence[int], start: int, end: int) -> dict[int, tuple[int, int]]:
    """Return from where to where each temporary is needed; what a loop finds it keeps to its end."""
    backs: dict[int, list[int]] = {}
    for pc in range(start, end, 6):
        if code[pc] == k.OP_LOOP:
            backs.setdefault(code[pc + 3], []).append(pc)
    lives: dict[int, tuple[int, int]] = {}
    around: list[tuple[int, int]] = []  # head and back of the loops around an instruction, the outermost first
    for pc in range(start, end, 6):
        around = [loop for loop in around if loop[1] >= pc]
        around += [(pc, back) for back in sorted(backs.get(pc, ()), reverse=True)]
        for field in FIELDS.get(code[pc], ()):
            at = code[pc + field]
            if at < 0 or FIRST_TEMPORARY <= at < ROOM:
                first, last = lives.get(at, (pc, pc))
                lives[at] = first, max([last, pc, *(back for head, back in around if first < head)])
    return lives


def _unreached_counters(code: Sequence[int], start: int, end: int) -> set[int]:
    """Return counters of loops that are always left early: they stay written, so nothing may share their place."""
    targets = {code[pc + JUMPS[code[pc]]] for pc in range(start, end, 6) if code[pc] in JUMPS}
    return {
        code[pc + 1]
        for pc in range(start + 6, end, 6)
        if code[pc] == k.OP_LOOP and code[pc - 6] in (k.OP_JUMP, k.OP_RETURN) and pc not in targets
    }
