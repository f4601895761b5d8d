"""A position as it stands: whose turn it is, what is legal, every value. It knows no past and changes nothing."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Mapping
from typing import Any

import numpy as np

from game.engine import kernel as k
from game.engine.engine import Engine
from game.engine.layout import interpreter_of
from game.errors import UnknownName, UsageError
from game.moves import LegalMoves, Move, Value
from game.prose.numbers import agreed
from rules.model.rulebook import Agenda, Rulebook, Scenario, Sentence
from rules.model.terms import Expr


class Position:
    """A position of a game: a compiled scenario and the kernel's memory.

    Verdicts, previews, views and a facilitator's acts are worked out from it; ``Game`` is a position with a past.
    """

    def __init__(self, engine: Engine, memory: Any) -> None:
        """``memory`` is read, never written, by what is asked of a position."""
        self.engine = engine
        self.memory = memory

    @property
    def book(self) -> Rulebook:
        """The rulebook being played."""
        return self.engine.layout.book

    @property
    def scenario(self) -> Scenario:
        """The scenario being played."""
        return self.engine.layout.scenario

    @property
    def seats(self) -> tuple[str, ...]:
        """Names of the seats in the scenario's order."""
        return self.engine.layout.seats

    @property
    def actions(self) -> tuple[Move, ...]:
        """Every action of the scenario by id, legal or not; 0 is passing."""
        return self.engine.actions

    def action_id(self, move: Move) -> int:
        """The id of an action; raises UnknownName for what is no move of the scenario or no choice of the move."""
        if move not in self.engine.action_ids:
            raise UnknownName("move", str(move), [*dict.fromkeys(a.name for a in self.actions)])
        return self.engine.action_ids[move]

    @property
    def round(self) -> int:
        """The round being played, from 1."""
        return self.header(k.H_ROUND)

    @property
    def date(self) -> tuple[int, int]:
        """Year and month in which the round begins."""
        return self.scenario.month((self.round - 1) * self.scenario.months)

    @property
    def over(self) -> bool:
        """Whether the game has ended."""
        return bool(self.header(k.H_OVER))

    @property
    def ending(self) -> str | None:
        """``None`` before the end, ``final`` after the last round, else the ending's name."""
        if not self.over:
            return None
        number = self.header(k.H_ENDING)
        return self.engine.layout.endings[number - 1].name if number else "final"

    @property
    def seat(self) -> str | None:
        """The seat that must move; ``None`` after the end."""
        return None if self.over else self.seats[self.header(k.H_SEAT)]

    @property
    def plies(self) -> int:
        """How many actions have been played, passes included."""
        return self.header(k.H_PLIES)

    @property
    def crisis(self) -> bool:
        """Whether an ending came in which nobody wins."""
        return bool(self.header(k.H_CRISIS))

    @property
    def actions_left(self) -> int:
        """Actions that the acting seat may still take this turn."""
        return self.scenario.turns.actions - self.header(k.H_USED)

    @property
    def news(self) -> str | None:
        """The card of the round (the last one if several arrived)."""
        number = self.header(k.H_NEWS)
        return self.engine.layout.events[number].name if number >= 0 else None

    def value(self, track: str, *index: str) -> int:
        """A track's value, whoever may see it; indices are element, seat or role names.

        Raises UnknownName for a track or element that does not exist. A role nobody plays reads 0.
        """
        layout = self.engine.layout
        if track not in layout.places:
            raise UnknownName("track", track, layout.places)
        place = layout.places[track]
        if len(index) != len(place.dims):
            raise UsageError(f"{track} has {len(place.dims)} indices, not {len(index)}", "name one element of each set")
        at = 0
        for of, dim, name in zip(place.track.scope, place.dims, index, strict=True):
            names = layout.elements(of)
            roles = layout.book.roles if of == "seat" else {}
            if name not in names and name not in roles:
                raise UnknownName(of, name, [*names, *roles])
            number = layout.element(of, name)
            if number < 0:
                return 0
            at = at * dim + number
        return int(self.memory[k.ROW + place.base + at])

    def evaluate(self, e: Expr, me: str | None = None, **names: Value) -> int:
        """An expression of the rules on this position (for cards, sentences and reports)."""
        return interpreter_of(self.engine.layout, self.memory).number(e, self.numbers(me, names))

    def numbers(self, me: str | None, names: Mapping[str, Value]) -> dict[str, int]:
        """Return locals for the interpreter: seats and elements as numbers."""
        layout = self.engine.layout
        found = {"me": layout.element("seat", me) if me is not None else -1}
        for name, value in names.items():
            found[name] = value if isinstance(value, int) else self._number(value)
        return found

    def _number(self, element: str) -> int:
        layout = self.engine.layout
        if element in layout.seats:
            return layout.seats.index(element)
        for each in layout.book.sets.values():
            if element in each.elements:
                return list(each.elements).index(element)
        raise UnknownName(
            "element", element, [*layout.seats, *(e for s in layout.book.sets.values() for e in s.elements)]
        )

    def sentence(self, text: Sentence, me: str | None = None, **names: Value) -> str:
        """A sentence of the rules with its values filled in: titles for elements, digits for numbers."""
        locals_ = self.numbers(me, names)
        interpreter = interpreter_of(self.engine.layout, self.memory)
        return agreed(
            "".join(
                part if isinstance(part, str) else self._shown(part, interpreter.number(part, locals_))
                for part in text.parts
            )
        )

    def _shown(self, e: Expr, value: int) -> str:
        if e.type.kind != "elem":
            return str(value)
        if value < 0:
            return "nobody"
        if e.type.of == "seat":
            return self.scenario.seats[value].title
        assert e.type.of is not None
        return list(self.book.sets[e.type.of].elements.values())[value]

    def describe(self, move: Move, seat: str | None = None) -> str:
        """A move as a sentence: its title with the choices filled in."""
        if move.name not in self.book.moves:
            return "Pass" if move.name == "pass" else str(move)
        return self.sentence(self.book.moves[move.name].title, seat or self.seat, **move.arguments)

    def legal(self) -> LegalMoves:
        """The legal moves of the acting seat; empty after the end."""
        out = self.engine.zeros(len(self.actions))
        if not self.over:
            engine = self.engine
            engine.kernel.legal(engine.tables, self.memory, engine.silent, self.header(k.H_SEAT), out)
        return LegalMoves(self.actions, self.engine.action_ids, np.asarray(out, dtype=np.bool_))

    def scores(self) -> dict[str, int]:
        """Points by seat, final after the end, else as if the game ended now (not for players' eyes)."""
        engine = self.engine
        return {
            seat: int(engine.kernel.score(engine.tables, self.memory, engine.silent, i))
            for i, seat in enumerate(self.seats)
        }

    @property
    def winners(self) -> tuple[str, ...]:
        """The seats with the highest score; none before the end or after a crisis."""
        if not self.over or self.crisis:
            return ()
        scores = self.scores()
        best = max(scores.values())
        return tuple(seat for seat, points in scores.items() if points == best)

    def parts(self, seat: str) -> dict[str, int]:
        """Points so far by part of the score, zero parts left out; empty when the rulebook names no parts."""
        track = self.book.goals.parts
        if track is None:
            return {}
        cells = {index[1]: at for at, index in self.engine.layout.cells(track) if index[0] == seat}
        return {part: int(self.memory[k.ROW + at]) for part, at in cells.items() if self.memory[k.ROW + at]}

    def agendas(self, seat: str) -> list[Agenda]:
        """Return the secret agendas that a seat drew, one for each of its roles that has any (for no other's eyes)."""
        if not self.scenario.agendas:
            return []
        roles = next(entry.roles for entry in self.scenario.seats if entry.name == seat)
        drawn = {role: self.value(f"agenda_{role}", seat) for role in roles if role in self.book.agendas}
        return [self.book.agendas[role][number - 1] for role, number in drawn.items() if number]

    def measures(self) -> dict[str, int]:
        """The rulebook's measures as they stand."""
        return {name: self.evaluate(measure.value) for name, measure in self.book.measures.items()}

    def series(self) -> list[int]:
        """The measures that results keep of every round, as they stand; worked out by the kernel."""
        engine, data = self.engine, self.engine.tables.data
        found = []
        for number in range(int(data[k.M_SERIES])):
            self.memory[0] = -1  # nobody's: what stands for a seat in a measure is none
            found.append(
                int(
                    engine.kernel.run(
                        engine.tables,
                        self.memory,
                        engine.silent,
                        engine.kernel.item(engine.tables, k.X_SERIES_PC, number),
                    )
                )
            )
        return found

    def estimate(self, seat: str) -> int:
        """What the rulebook lets a one-step player maximise, as it stands for a seat."""
        return self.evaluate(self.book.goals.estimate, seat)

    @property
    def state_hash(self) -> str:
        """Sixteen hex digits over the whole row: equal for equal positions of equal rulebooks."""
        return hash_of(self.memory[k.ROW : k.ROW + self.engine.layout.size])

    def in_order(self, move: Move) -> Move:
        """The move with its choices in the rulebook's order, if they are its choices."""
        rule = self.book.moves.get(move.name)
        given = move.arguments
        if rule is None or set(given) != {choice.name for choice in rule.choices}:
            return move
        return Move(move.name, tuple((choice.name, given[choice.name]) for choice in rule.choices))

    def header(self, field: int) -> int:
        """Return a field of the row's header (``kernel.H_…``)."""
        return int(self.memory[k.ROW + field])

    def numbers_of_row(self) -> list[int]:
        """Return the row as Python's own numbers, which are read ten times as fast as numpy's."""
        row = self.memory[k.ROW : k.ROW + self.engine.layout.size]
        return row if isinstance(row, list) else row.tolist()

    def row(self) -> Any:
        """Return a copy of the row: the whole game."""
        return self.memory[k.ROW : k.ROW + self.engine.layout.size].copy()


def hash_of(row: Any) -> str:
    """Return sixteen hex digits over a whole row, the same for the plain kernel's list and the compiled one's array."""
    return hashlib.blake2b(array("q", row) if isinstance(row, list) else row, digest_size=8).hexdigest()
