"""Reads scenarios: seats and roles, starting values, knobs, which moves and events are in play, dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rules.checking.declarations import Declarations, one_key, titled
from rules.language.symbols import SEAT_SET
from rules.model.rulebook import Event, Move, Scenario, SeatDef, Turns
from rules.source.schema_models import CalendarShape, PickShape, ScenarioShape, TurnsShape
from rules.source.yaml import KeyPath


def month(text: str) -> tuple[int, int]:
    """``2025-01`` as year and month."""
    year, number = text.split("-")
    return int(year), int(number)


def turns_of(shape: TurnsShape, base: Turns) -> Turns:
    """Return the shape of a turn, with what is not given taken from ``base``."""
    return Turns(
        base.actions if shape.actions is None else shape.actions,
        base.rotate if shape.rotate is None else shape.rotate,
        base.passing if shape.passing is None else shape.passing,
        base.repeat if shape.repeat is None else shape.repeat,
    )


class Scenarios:
    """Reads the scenarios of one rulebook."""

    def __init__(
        self,
        declared: Declarations,
        moves: Mapping[str, Move],
        events: Mapping[str, Event],
        families: Mapping[str, str],
        calendar: CalendarShape,
        turns: Turns,
    ) -> None:
        self.declared = declared
        self.names = declared.names
        self.faults = declared.faults
        self.where = declared.document.where
        self.moves = moves
        self.events = events
        self.families = families
        self.calendar = calendar
        self.turns = turns

    def scenario(self, name: str, shape: ScenarioShape) -> Scenario:
        path: KeyPath = ("scenarios", name)
        begins = month(shape.begins or self.calendar.begins)
        months = shape.months or self.calendar.months
        seats = self.seats(shape, path)
        self.start(shape, path, seats)
        self.knobs(shape, path)
        moves = self.moves_in_play(shape, path)
        events = self.events_in_play(shape, path)
        dated = {}
        if shape.dated:
            dated = {
                event: arrives
                for event in events
                if (arrives := round_of(self.events[event], begins, months)) and arrives <= shape.rounds
            }
        deck = [event for event in events if not shape.dated or self.events[event].date is None]
        return Scenario(
            name=name,
            title=shape.title or titled(name),
            summary=shape.summary,
            purpose=shape.for_,
            minutes=shape.minutes,
            rounds=shape.rounds,
            begins=begins,
            months=months,
            turns=turns_of(shape.turns, self.turns),
            seats=seats,
            start=shape.start,
            knobs=shape.knobs,
            moves=tuple(moves),
            deck=tuple(deck),
            dated=dated,
            agendas=shape.agendas,
            where=self.where(path),
        )

    def seats(self, shape: ScenarioShape, path: KeyPath) -> tuple[SeatDef, ...]:
        """Return the seats; a role is bound once, and the roles of one seat agree on what maps say."""
        bound: dict[str, str] = {}
        found = []
        for seat, each in shape.seats.items():
            spot: KeyPath = (*path, "seats", seat)
            for role in each.roles:
                where = self.where((*spot, "roles"))
                if role not in self.names.roles:
                    if role not in self.names.silent:
                        self.faults.unknown(where, "role", role, self.names.roles)
                elif role in bound:
                    self.faults.add(where, f"role '{role}' is played by '{bound[role]}' already")
                else:
                    bound[role] = seat
            self.agree([role for role in each.roles if bound.get(role) == seat], spot)
            found.append(SeatDef(seat, each.title or titled(seat), tuple(each.roles), self.where(spot)))
        for seat in shape.seats:
            if seat in bound and bound[seat] != seat:
                where = self.where((*path, "seats", seat))
                self.faults.add(where, f"seat '{seat}' is called like a role that '{bound[seat]}' plays")
        return tuple(found)

    def agree(self, roles: Sequence[str], spot: KeyPath) -> None:
        """Note roles of one seat about which a map of seats says different things."""
        for each in self.names.maps.values():
            if each.from_set != SEAT_SET:
                continue
            values = {role: each.values[role] for role in roles if role in each.values}
            if len(set(values.values())) > 1:
                said = ", ".join(f"{role} {value}" for role, value in values.items())
                self.faults.add(self.where((*spot, "roles")), f"its roles disagree about '{each.name}': {said}")

    def start(self, shape: ScenarioShape, path: KeyPath, seats: Sequence[SeatDef]) -> None:
        """Starting values of known tracks, for seats or roles of this scenario, in range."""
        by_name = {seat.name: seat for seat in seats}
        played = {role for seat in seats for role in seat.roles}
        for track, start in shape.start.items():
            spot: KeyPath = (*path, "start", track)
            declared = self.names.tracks.get(track)
            if declared is None:
                if track not in self.names.silent:
                    self.faults.unknown(self.where(spot), "track", track, self.names.tracks)
                continue
            if declared.drawn is not None:
                self.faults.add(self.where(spot), "secret aims are dealt, they have no starting value")
                continue
            self.declared.start(start, declared.scope, (declared.low, declared.high), spot, by_name)
            if declared.scope[:1] == (SEAT_SET,) and isinstance(start, dict) and played <= set(self.names.roles):
                for key in start:
                    if key in self.names.roles and key not in by_name and key not in played:
                        self.faults.add(self.where((*spot, key)), f"nobody plays the role '{key}' in this scenario")

    def knobs(self, shape: ScenarioShape, path: KeyPath) -> None:
        """Settings of known knobs, in range."""
        for knob, value in shape.knobs.items():
            where = self.where((*path, "knobs", knob))
            declared = self.names.knobs.get(knob)
            if declared is None:
                if f"knob.{knob}" not in self.names.silent:
                    self.faults.unknown(where, "knob", knob, self.names.knobs)
            elif not declared.low <= value <= declared.high:
                self.faults.add(where, f"{value} is outside the range {declared.low}..{declared.high}")

    def moves_in_play(self, shape: ScenarioShape, path: KeyPath) -> list[str]:
        """Return the names of the moves of a scenario, in the order of the rulebook."""
        if not isinstance(shape.moves, PickShape):
            return list(self.moves)
        key, wanted = self.picked(shape.moves, (*path, "moves"))
        for name in wanted:
            if name not in self.moves and name not in self.families and f"moves.{name}" not in self.names.silent:
                where = self.where((*path, "moves", key))
                self.faults.unknown(where, "move or family", name, [*self.moves, *self.families])
        chosen = {move.name for move in self.moves.values() if move.name in wanted or move.family in wanted}
        return [name for name in self.moves if (name in chosen) == (key == "only")]

    def events_in_play(self, shape: ScenarioShape, path: KeyPath) -> list[str]:
        """Return the names of the events of a scenario, in the order of the rulebook."""
        if not isinstance(shape.events, PickShape):
            return list(self.events) if shape.events == "all" else []
        key, wanted = self.picked(shape.events, (*path, "events"))
        for name in wanted:
            if name not in self.events and f"events.{name}" not in self.names.silent:
                where = self.where((*path, "events", key))
                self.faults.unknown(where, "event", name, self.events)
        return [name for name in self.events if (name in wanted) == (key == "only")]

    def picked(self, shape: PickShape, path: KeyPath) -> tuple[str, list[str]]:
        """Return which key of ``only`` and ``without`` is given, and its names."""
        key = one_key(shape.model_dump(), self.where(path), self.faults)
        if key is None:
            return "without", []
        return key, (shape.only if shape.only is not None else shape.without) or []


def round_of(event: Event, begins: tuple[int, int], months: int) -> int | None:
    """Return the round whose months hold an event's date; none before the first round or without a date."""
    if event.date is None:
        return None
    passed = (event.date[0] - begins[0]) * 12 + event.date[1] - begins[1]
    return passed // months + 1 if passed >= 0 else None
