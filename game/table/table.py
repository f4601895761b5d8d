"""One table with many clients: every command through one door and one lock, every client its own frozen view."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from game.core.game import Game
from game.errors import ChokepointError, GameOver, UsageError
from game.moves import IllegalMove, Move
from game.table import documents
from game.table.commands import Command, Receipt
from game.table.course import Course
from game.table.desk import Desk
from game.table.plans import Slot, parse_move, parse_slots
from game.table.rights import refusal
from game.table.room import Room
from game.table.showing import Audience, Showing
from game.table.sitting import Sitting
from game.table.talk import Negotiation, Talk

KNOWN, KEPT = 20_000, 200
"""Receipts that are remembered, and those of them that outlive the host."""
IN_RECORD, ASKING = "play", "ask"
"""The command whose receipt is the record's own node, and the one that changes nothing."""


class Table(Course):
    """A sitting that people play at. Whoever holds a sitting changes it through its table only."""

    def __init__(
        self,
        sitting: Sitting,
        room: Room | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: float = 1.2,
    ) -> None:
        """Open the table where the sitting stands; the arguments are those of ``Course``.

        Raises:
            RecordError: The room holds plans or talk that make no sense.
        """
        super().__init__(sitting, room, clock=clock, pause=pause)
        self.negotiation = Negotiation(self)
        self.desk = Desk(self, self.negotiation)
        self.showing = Showing(self, self.negotiation, self.desk)
        self.handlers: dict[str, Callable[[Command], Receipt]] = {
            "ask": self._ask, "play": self._play, "undo": self._undo,
            "plan": self._plan, "seal": self._seal, "unseal": self._unseal,
            **self.negotiation.handlers, **self.desk.handlers,
        }  # fmt: skip
        """What does each command; whoever opens the table to devices adds its own."""
        self._receipts: OrderedDict[str, Receipt] = OrderedDict()
        for node in sitting.record.nodes.values():
            if isinstance(key := node.more.get("command"), str):
                self._receipts[key] = Receipt(True, data={"at": node.id})
        self._kept = {key: kept for key, kept in self.room.part("receipts").items() if isinstance(kept, dict)}
        for key, kept in self._kept.items():
            self._receipts[key] = Receipt(True, sentence=str(kept.get("sentence", "")), data=kept.get("data", {}))
        self.keep()

    @property
    def talk(self) -> Talk:
        """What was said and offered."""
        return self.negotiation.talk

    # ------------------------------------------------------------------------------------- the one door

    def submit(self, command: Command) -> Receipt:
        """Check, journal, acknowledge. The same command again is answered the same, and done once."""
        with self.lock:
            if (known := self._receipts.get(command.key)) is not None:
                return known
            code, sentence = refusal(command.name, command.role, self.phase)
            if code:
                receipt = Receipt(False, code, sentence)
            else:
                try:
                    receipt = self._obey(command)
                except IllegalMove as error:
                    receipt = Receipt(False, "illegal", error.verdict.sentence)
                except (UsageError, GameOver) as error:
                    receipt = Receipt(False, "usage", f"{str(error)[:1].upper()}{str(error)[1:]}.")
                except ChokepointError as error:
                    receipt = Receipt(False, "illegal", f"{error}.")
            if command.key and command.name != ASKING:
                self._receipts[command.key] = receipt
                while len(self._receipts) > KNOWN:
                    self._receipts.popitem(last=False)
            return receipt

    def _obey(self, command: Command) -> Receipt:
        """Do a command; what it changed and its receipt are written together, so that a retry finds both or neither."""
        with self.room.together():
            receipt = self.handlers[command.name](command)
            if receipt.ok and command.key and command.name not in (IN_RECORD, ASKING):
                self._kept[command.key] = {"sentence": receipt.sentence, "data": dict(receipt.data)}
                while len(self._kept) > KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self.room.put("receipts", self._kept)
        return receipt

    def _ask(self, command: Command) -> Receipt:
        seat, details = command.of_seat(), command.details
        chosen = details.get("chosen", {})
        if not isinstance(chosen, dict) or len(chosen) > 4:
            raise UsageError("the choices are written {choice: value}")
        values = {str(key): value for key, value in chosen.items() if isinstance(value, str | int)}
        name = command.text("move", 100)
        option = next((each for each in self.showing.options(seat) if each.name == name), None)
        return Receipt(True, data=documents.choice(self.sitting, self.world_of(seat), seat, option, values))

    def _play(self, command: Command) -> Receipt:
        seat = command.of_seat()
        move = parse_move(command.details.get("move"), self.sitting.game)
        if command.details.get("at") != self.at:
            if self._was_played(command.details.get("at"), seat, move):
                return Receipt(True, sentence="That move was played already.", data={"at": self.at})
            return Receipt(False, "stale", "The game has gone on meanwhile; look again, then play.")
        if not self.may_play(seat):
            return Receipt(False, "turn", f"It is not your turn to play. {self.waiting_for()}")
        instead = self.next_slot(seat) if self.asked is not None else None
        self.sitting.play(move, took=self.turn_clock.took(), command=command.key)
        self.asked = None
        if instead is not None:
            self.drop_slot(seat, instead[0])
        self.went_on()
        return Receipt(True, sentence=self.trouble(), data={"at": self.at})

    def _was_played(self, at: object, seat: str, move: Move) -> bool:
        """Return whether the seat's next move after a position is this very one: two devices pressed, or one twice."""
        line = self.sitting.record.main_line()
        node = next((n for n in line if n.parent == at), None)
        return node is not None and (node.seat, node.do, dict(node.args)) == (seat, move.name, move.arguments)

    def trouble(self) -> str:
        """Return what went wrong beside the game (the disk is full, a player is none), once."""
        trouble, self.sitting.trouble = self.sitting.trouble, ""
        return trouble

    def _undo(self, command: Command) -> Receipt:
        seat = command.of_seat()
        if not self.may_play(seat):
            return Receipt(False, "turn", f"It is not your turn to play. {self.waiting_for()}")
        if command.details.get("at") != self.at:
            return Receipt(False, "stale", "The game has gone on meanwhile; look again.")
        self.sitting.undo()
        self.went_on()
        return Receipt(True, data={"at": self.at})

    def _plan(self, command: Command) -> Receipt:
        seat = command.of_seat()
        slots = parse_slots(command.details.get("slots"), self.sitting.game, seat)
        return self._change_plan(command, slots, sealed=False)

    def _seal(self, command: Command) -> Receipt:
        return self._change_plan(command, self.plan(command.of_seat()).slots, sealed=True)

    def _unseal(self, command: Command) -> Receipt:
        return self._change_plan(command, self.plan(command.of_seat()).slots, sealed=False, opened=True)

    def _change_plan(self, command: Command, slots: tuple[Slot, ...], *, sealed: bool, opened: bool = False) -> Receipt:
        seat = command.of_seat()
        if not self.sitting.chairs[seat].human:
            return Receipt(False, "role", "A bot plays this seat now.")
        plan = self.plan(seat)
        if command.details.get("rev") != plan.rev:
            return Receipt(
                False, "stale", "Somebody of your team has changed the plan meanwhile; this is how it is now."
            )
        if plan.sealed and not opened:
            return Receipt(False, "phase", "The plan is sealed. Open it again to change it.")
        return Receipt(True, data={"rev": self.change_plan(seat, slots, sealed=sealed).rev})

    # ------------------------------------------------------------------------------------- what is shown

    def world_of(self, seat: str) -> Game:
        """Return the game that a seat plans in: the real one on its turn, else one made of its view alone."""
        return self.showing.world_of(seat)

    def static(self, audience: Audience) -> dict[str, Any]:
        """Return what never changes in this game for an audience; not to be changed."""
        with self.lock:
            return self.showing.static(audience)

    def document(self, audience: Audience, *, at_once: bool = False) -> dict[str, Any]:
        """Return what an audience is shown now (``Showing.document``); not to be changed."""
        with self.lock:
            return self.showing.document(audience, at_once=at_once)
