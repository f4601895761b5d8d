"""What each audience of a table is shown: put together from the sitting, worked out once for each state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from game.core.game import Game
from game.table import documents
from game.table.course import Course
from game.table.desk import Desk
from game.table.offers import Option
from game.table.plans import Plan, imagined
from game.table.rights import FACILITATOR, OBSERVER, OVER, PLAN, READER, SEAT
from game.table.talk import Negotiation


@dataclass(frozen=True, slots=True)
class Audience:
    """Those who are shown the same: a seat's devices, or everybody."""

    seat: str | None = None
    host: bool = False

    @classmethod
    def of(cls, role: str, seat: str | None) -> Audience:
        """Return whom a role belongs to."""
        return cls(seat if role in (SEAT, READER, OBSERVER) else None, role == FACILITATOR)


class Showing:
    """The documents of a table's audiences. To be asked under the table's lock."""

    def __init__(self, course: Course, negotiation: Negotiation, desk: Desk) -> None:
        """Of a table's parts."""
        self.course, self.negotiation, self.desk, self.sitting = course, negotiation, desk, course.sitting
        self._made: dict[tuple[str, Any], tuple[Any, Any]] = {}
        self._tellers: dict[str | None, documents.LogTeller] = {}

    def _once(self, what: str, whose: Any, state: Any, make: Callable[[], Any]) -> Any:
        """Return what was made of a state, as long as the state is that one.

        A round of ten minutes has many stamps (a device comes, a plan changes, a message) and few positions: nothing
        that turns on the position alone is worked out at every stamp, nor for every device of an audience.
        """
        found = self._made.get((what, whose))
        if found is None or found[0] != state:
            found = self._made[what, whose] = (state, make())
        return found[1]

    def world_of(self, seat: str) -> Game:
        """Return the game that a seat plans in: the real one on its turn, else one made of its view alone."""
        game = self.sitting.game
        return game if game.over or (game.seat == seat and self.course.phase != PLAN) else self._imagined(seat)

    def _imagined(self, seat: str) -> Game:
        """Return the game in which a seat's plan is tried: moves played in the real one would tell what is hidden."""
        game = self.sitting.game
        world: Game = self._once("world", seat, self.sitting.version, lambda: imagined(game, seat))
        return world

    def options(self, seat: str) -> list[Option]:
        """Return every move of a seat as things stand in its world; not to be changed."""
        world = self.world_of(seat)
        found: list[Option] = self._once(
            "options", seat, (self.sitting.version, world is self.sitting.game),
            lambda: self.sitting.offers.options(world, seat),
        )  # fmt: skip
        return found

    def static(self, audience: Audience) -> dict[str, Any]:
        """Return what never changes in this game for an audience; not to be changed."""
        found: dict[str, Any] = self._once("static", audience, None, lambda: self._static(audience))
        return found

    def _static(self, audience: Audience) -> dict[str, Any]:
        found = documents.static(self.sitting, audience.seat)
        found["moves"] = self.sitting.offers.promised
        if audience.host:
            found["players"] = {seat: self.desk.players(seat) for seat in self.sitting.game.seats}
            found["desk"] = self.desk.choices()
        return found

    def document(self, audience: Audience, *, at_once: bool = False) -> dict[str, Any]:
        """Return what an audience is shown now; not to be changed. Worked out once for each stamp.

        What a seat could do when it has the turn takes longest of all, and longer the more seats there are. With
        ``at_once`` a seat that has not is left with what it was told of that before.
        """
        what = "at once" if at_once else "document"
        found: dict[str, Any] = self._once(
            what, audience, self.course.stamp, lambda: self._document(audience, at_once=at_once)
        )
        return found

    def _document(self, audience: Audience, *, at_once: bool) -> dict[str, Any]:
        course, sitting, seat = self.course, self.sitting, audience.seat
        seats = documents.seats(sitting, documents.turn_order(sitting.game))
        for name, told in seats.items():
            told["sealed"] = course.phase == PLAN and course.plan(name).sealed
        talk, said = self.negotiation.talk, (self.negotiation.changes, sitting.version)
        found: dict[str, Any] = {
            "phase": course.phase, "mode": course.mode, "at": course.at, "waiting": course.waiting_for(),
            "clock": self._clock(), "seats": seats,
            "talk": self._once("talk", audience, said, lambda: talk.document(sitting, seat, host=audience.host)),
            **self._once("position", seat, sitting.version, lambda: self._position(seat)),
        }  # fmt: skip
        if seat is not None:
            found |= self._of_seat(seat, at_once=at_once)
        if audience.host:
            found["desk"] = self.desk.document()
        return found

    def _position(self, seat: str | None) -> dict[str, Any]:
        sitting = self.sitting
        sight = sitting.sight(seat)
        return {
            "head": documents.head(sitting), "values": documents.values(sight),
            "log": self._tellers.setdefault(seat, documents.LogTeller(sitting)).lines(sight),
            "arriving": documents.arriving(sitting, sight),
        }  # fmt: skip

    def _of_seat(self, seat: str, *, at_once: bool) -> dict[str, Any]:
        game, course = self.sitting.game, self.course
        mine = course.may_play(seat)
        if game.over:
            return {"mine": False, "left": 0, "options": {}, "plan": {}, "undo": ""}
        plan = course.plan(seat)
        undo = game.can_undo() if mine else None
        return {
            "mine": mine, "left": game.actions_left if game.seat == seat else course.slots, "slots": course.slots,
            **self._choices(seat, plan, at_once=at_once and not mine),
            "undo": undo.ok if undo is not None else False,
            "asked": course.asked is not None and course.asked[0] == seat,
        }  # fmt: skip

    def _choices(self, seat: str, plan: Plan, *, at_once: bool) -> dict[str, Any]:
        """Return what a seat can do, and what its plan would; with ``at_once`` as they were told last."""
        sitting, game = self.sitting, self.sitting.game
        told, planned = self._made.get(("told", seat)), self._made.get(("plan", seat))
        if at_once and told is not None and planned is not None and planned[0][1] == plan:
            return {"options": told[1], "plan": planned[1]}
        world = self.world_of(seat)
        trial = self._imagined(seat) if plan.slots else world
        return {
            "options": self._once("told", seat, (sitting.version, world is game),
                                  lambda: documents.options(self.options(seat))),
            "plan": self._once("plan", seat, (sitting.version, plan),
                               lambda: documents.plan(sitting, plan, trial, seat)),
        }  # fmt: skip

    def _clock(self) -> dict[str, Any]:
        """Return when the time is up, by the table's own clock; devices are told what it shows with every message."""
        course, clock = self.course, self.course.turn_clock
        if course.asked is not None:
            return {"until": round(course.asked[1], 1)}
        if not clock.minutes or course.phase == OVER:
            return {}
        if not course.time_runs:
            return {"left": round(clock.remaining, 1)}
        return {"until": round(course.ticked + clock.remaining, 1)}
