"""One table with many clients: every command through one door and one lock, every client its own frozen view."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from game.core.game import Game
from game.errors import ChokepointError, GameOver, RecordError, UsageError
from game.moves import PASS, IllegalMove, Move
from game.records.node import ROOT
from game.table import documents
from game.table.bots import SUBSTITUTE, Thinker
from game.table.clock import GONE, TurnClock
from game.table.commands import Command, Receipt
from game.table.desk import Desk
from game.table.facilitation import BY, TIME
from game.table.library import player_names
from game.table.plans import Plan, Slot, imagined, parse_move, parse_slots
from game.table.rights import (
    FACILITATOR,
    OBSERVER,
    OVER,
    PLAN,
    READER,
    RESOLVE,
    SEAT,
    TURNS,
    refusal,
)
from game.table.room import Room
from game.table.sitting import Sitting
from game.table.talk import AGREED, ALL, DECLINED, OFFERED, TEXT, WITHDRAWN, Talk, parse_terms

LIVE, SEALED, MIXED = "live", "sealed", "mixed"
MODES = (LIVE, SEALED, MIXED)
"""Turn by turn; all plan at once, sealed, then played; the same with each seat's last action left open."""
MODE_KEY = "mode"
"""Key of a record's header that says so."""

ASKED = 30.0
"""Seconds that a team has when a move of its plan can be played neither as planned nor as its alternate."""
KNOWN, KEPT = 20_000, 200
"""Receipts that are remembered, and those of them that outlive the host."""
IN_RECORD, ASKING = "play", "ask"
"""The command whose receipt is the record's own node, and the one that changes nothing."""
TEAM, MINUTES = 40, 60
"""Longest name of a team, and most minutes given at once."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Those who are shown the same: a seat's devices, or everybody."""

    seat: str | None = None
    host: bool = False

    @classmethod
    def of(cls, role: str, seat: str | None) -> Audience:
        """Return whom a role belongs to."""
        return cls(seat if role in (SEAT, READER, OBSERVER) else None, role == FACILITATOR)


class Table:
    """A sitting that devices play at. Whoever holds a sitting changes it through its table only.

    ``stamp`` grows with everything that some client could see; ``epoch`` with every break in the course of the game
    (a game taken back or taken up again), after which nothing a client remembers holds.
    """

    def __init__(
        self,
        sitting: Sitting,
        room: Room | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: float = 1.2,
    ) -> None:
        """Open the table where the sitting stands.

        Args:
            sitting: The game.
            room: What was kept beside its journal.
            clock: Seconds, from any start.
            pause: Seconds that what happens by itself stays in sight before the next.
        """
        self.sitting, self.room, self.clock, self.pause = sitting, room or Room(), clock, pause
        self.lock = threading.RLock()
        self.stamp = 0
        kept = self.room.part("table")
        self.epoch = int(kept.get("epoch", 0)) + 1
        self.resolving = int(kept.get("resolving", 0))
        try:
            self._plans = self._kept_plans(kept.get("plans", {}))
            self.talk = Talk(self.room.part("talk"))
        except UsageError as error:  # nothing that a team has planned or said is dropped without a word
            raise RecordError(
                f"{self.room.path} cannot be read: {error}",
                "move that file away to go on without it; links are made anew then and devices come in again",
            ) from None
        self._talked = 0
        self.turn_clock = TurnClock(sitting.timer)
        self.turn_clock.paused = bool(kept.get("paused"))
        self._asked: tuple[str, float] | None = None
        self._thinker = Thinker()
        self._ticked = clock()
        self._wait_until = self._ticked
        self._turn = self._turn_now
        self.handlers: dict[str, Callable[[Command], Receipt]] = {
            name.removeprefix("_do_"): getattr(self, name) for name in dir(self) if name.startswith("_do_")
        }
        """What does each command; whoever opens the table adds its own."""
        self.desk = Desk(sitting, self.changed, self.went_on)
        self.handlers |= self.desk.handlers
        self._receipts: OrderedDict[str, Receipt] = OrderedDict()
        for node in sitting.record.nodes.values():
            if isinstance(key := node.more.get("command"), str):
                self._receipts[key] = Receipt(True, data={"at": node.id})
        self._kept = {key: kept for key, kept in self.room.part("receipts").items() if isinstance(kept, dict)}
        for key, kept in self._kept.items():
            self._receipts[key] = Receipt(True, sentence=str(kept.get("sentence", "")), data=kept.get("data", {}))
        self._made: dict[tuple[str, Any], tuple[Any, Any]] = {}
        self._tellers: dict[str | None, documents.LogTeller] = {}
        self._keep()

    def _kept_plans(self, plans: Any) -> dict[str, Plan]:
        """Return every seat's plan as the room has it."""
        game = self.sitting.game
        if not isinstance(plans, dict) or not all(isinstance(plan, dict) for plan in plans.values()):
            raise UsageError("plans are kept by seat")
        return {seat: Plan.of(plans[seat], game, seat) if seat in plans else Plan() for seat in game.seats}

    # ----------------------------------------------------------------------------------- how it stands

    @property
    def mode(self) -> str:
        """``live``, ``sealed`` or ``mixed``."""
        mode = self.sitting.record.header.get(MODE_KEY)
        return mode if mode in MODES else LIVE

    @property
    def phase(self) -> str:
        """What the table is doing."""
        game = self.sitting.game
        if game.over:
            return OVER
        if self.mode == LIVE:
            return TURNS
        return RESOLVE if self.resolving == game.round or not self.sitting.humans else PLAN

    @property
    def at(self) -> int:
        """The position, by the record's node: a move says which one it was meant for."""
        return self.sitting.record.head

    @property
    def _turn_now(self) -> tuple[object, ...]:
        game = self.sitting.game
        return (self.phase, game.round, self.sitting.seat if self.phase != PLAN else None)

    def plan(self, seat: str) -> Plan:
        """Return a seat's plan for this round."""
        return self._plans[seat].of_round(self.sitting.game.round)

    @property
    def slots(self) -> int:
        """How many actions a plan is for."""
        return self.sitting.game.scenario.turns.actions - (1 if self.mode == MIXED else 0)

    def may_play(self, seat: str) -> bool:
        """Return whether a seat's team may play a move by hand now."""
        if self.sitting.seat != seat or not self.sitting.chairs[seat].human:
            return False
        if self.phase == TURNS:
            return True
        if self.phase != RESOLVE:
            return False
        if self._asked is not None and self._asked[0] == seat:
            return True
        return self.mode == MIXED and self._next_slot(seat) is None and self.sitting.game.actions_left > 0

    def waiting_for(self) -> str:
        """Return what the table waits for, in a sentence."""
        sitting, phase = self.sitting, self.phase
        if phase == OVER:
            return "The game is over."
        if self.turn_clock.paused:
            return "The facilitator has stopped the clock."
        if phase == PLAN:
            missing = [sitting.board.seat_title(seat) for seat in sitting.humans if not self.plan(seat).sealed]
            return f"All seats plan at once. Not sealed yet: {', '.join(missing)}."
        seat = sitting.seat or ""
        if not sitting.chairs[seat].human:
            return f"{sitting.board.seat_title(seat)} is thinking."
        if phase == RESOLVE and not self.may_play(seat):
            return f"The plan of {sitting.board.seat_title(seat)} is played."
        return f"It is the turn of {sitting.who(seat)}."

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
            if command.name != ASKING:
                self._receipts[command.key] = receipt
                while len(self._receipts) > KNOWN:
                    self._receipts.popitem(last=False)
            return receipt

    def _obey(self, command: Command) -> Receipt:
        """Do a command; what it changed and its receipt are written together, so that a retry finds both or neither."""
        with self.room.together():
            receipt = self.handlers[command.name](command)
            if receipt.ok and command.name not in (IN_RECORD, ASKING):
                self._kept[command.key] = {"sentence": receipt.sentence, "data": dict(receipt.data)}
                while len(self._kept) > KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self.room.put("receipts", self._kept)
        return receipt

    def _do_ask(self, command: Command) -> Receipt:
        seat, details = _seat_of(command), command.details
        chosen = details.get("chosen", {})
        if not isinstance(chosen, dict) or len(chosen) > 4:
            raise UsageError("the choices are written {choice: value}")
        values = {str(key): value for key, value in chosen.items() if isinstance(value, str | int)}
        name = text_of(details, "move", 100)
        return Receipt(True, data=documents.choice(self.sitting, self.world_of(seat), seat, name, values))

    def _do_play(self, command: Command) -> Receipt:
        seat = _seat_of(command)
        move = parse_move(command.details.get("move"), self.sitting.game)
        if command.details.get("at") != self.at:
            if self._was_played(command.details.get("at"), seat, move):
                return Receipt(True, sentence="That move was played already.", data={"at": self.at})
            return Receipt(False, "stale", "The game has gone on meanwhile; look again, then play.")
        if not self.may_play(seat):
            return Receipt(False, "turn", f"It is not your turn to play. {self.waiting_for()}")
        instead = self._next_slot(seat) if self._asked is not None else None
        self.sitting.play(move, took=self.turn_clock.took(), command=command.key)
        self._asked = None
        if instead is not None:
            self._drop_slot(seat, instead[0])
        self.went_on()
        return Receipt(True, sentence=self._trouble(), data={"at": self.at})

    def _was_played(self, at: object, seat: str, move: Move) -> bool:
        """Return whether the seat's next move after a position is this very one: two devices pressed, or one twice."""
        line = self.sitting.record.main_line()
        node = next((n for n in line if n.parent == at), None)
        return node is not None and (node.seat, node.do, dict(node.args)) == (seat, move.name, move.arguments)

    def _do_undo(self, command: Command) -> Receipt:
        seat = _seat_of(command)
        if not self.may_play(seat):
            return Receipt(False, "turn", f"It is not your turn to play. {self.waiting_for()}")
        if command.details.get("at") != self.at:
            return Receipt(False, "stale", "The game has gone on meanwhile; look again.")
        self.sitting.undo()
        self.went_on()
        return Receipt(True, data={"at": self.at})

    # ------------------------------------------------------------------------------------------- plans

    def _do_plan(self, command: Command) -> Receipt:
        seat = _seat_of(command)
        slots = parse_slots(command.details.get("slots"), self.sitting.game, seat)
        return self._change_plan(command, slots, sealed=False)

    def _do_seal(self, command: Command) -> Receipt:
        return self._change_plan(command, self.plan(_seat_of(command)).slots, sealed=True)

    def _do_unseal(self, command: Command) -> Receipt:
        return self._change_plan(command, self.plan(_seat_of(command)).slots, sealed=False, opened=True)

    def _change_plan(self, command: Command, slots: tuple[Slot, ...], *, sealed: bool, opened: bool = False) -> Receipt:
        seat = _seat_of(command)
        if not self.sitting.chairs[seat].human:
            return Receipt(False, "role", "A bot plays this seat now.")
        plan = self.plan(seat)
        if command.details.get("rev") != plan.rev:
            return Receipt(
                False, "stale", "Somebody of your team has changed the plan meanwhile; this is how it is now."
            )
        if plan.sealed and not opened:
            return Receipt(False, "phase", "The plan is sealed. Open it again to change it.")
        self._plans[seat] = plan.changed(self.sitting.game.round, slots, sealed=sealed)
        self._resolve_if_all_sealed()
        self._keep()
        return Receipt(True, data={"rev": self._plans[seat].rev})

    def _resolve_if_all_sealed(self) -> None:
        if self.phase == PLAN and all(self.plan(seat).sealed for seat in self.sitting.humans):
            self._resolve()

    def _resolve(self) -> None:
        """Begin to play the plans; they are looked at no more until the round is over."""
        self.resolving = self.sitting.game.round
        for seat in self.sitting.humans:
            self.sitting.say("plan", chair=seat, slots=self.plan(seat).plain()["slots"])
        self.went_on()

    def _next_slot(self, seat: str) -> tuple[int, Slot] | None:
        """Return the next move of a seat's plan; which were played says the record, so that a restart knows too."""
        done = 0
        for node in self.sitting.record.main_line():
            words = str(node.more.get("command", "")).split()
            if node.seat == seat and words[:2] == ["plan", str(self.sitting.game.round)]:
                done = max(done, int(words[2]))
        left = list(enumerate(self.plan(seat).slots, 1))[done:]
        return left[0] if left else None

    def _play_planned(self, now: float) -> None:
        """Play the next deed of the acting seat's plan: as planned, its alternate, or what the mode says."""
        game, seat = self.sitting.game, self.sitting.seat or ""
        round_, done = game.round, self._next_slot(seat)
        if self._asked is not None and now < self._asked[1]:
            return
        failed = self._asked is not None
        self._asked = None
        if done is not None:
            number, slot = done
            holds = slot.only_if is None or slot.only_if.holds(game)
            wanted = [slot.move] if holds else []
            wanted += [slot.alternate] if slot.alternate is not None else []
            move = next((move for move in wanted if game.check(move)), None)
            key = f"plan {round_} {number}"
            if move is not None:
                self.sitting.play(move, command=key)
                self.went_on()
                return
            if not failed:
                self._asked = (seat, now + ASKED)
                self.changed()
                return
            if len(self.plan(seat).slots) > number:
                self._drop_slot(seat, number)
                return
        if self.mode == MIXED and game.actions_left > 0 and not failed:
            return
        self._end_turn(TIME if failed else "")

    def _drop_slot(self, seat: str, number: int) -> None:
        """Let a move of the plan go that could not be played: the team gave another one, or none in time."""
        plan = self.plan(seat)
        slots = (*plan.slots[: number - 1], *plan.slots[number:])
        self._plans[seat] = plan.changed(plan.round, slots, sealed=True)
        self._keep()

    def _end_turn(self, by: str) -> None:
        game = self.sitting.game
        if game.scenario.turns.passing and not by:
            self.sitting.play(PASS)
        else:
            self.sitting.stand_in(by, self.turn_clock.took())
        self.went_on()

    # -------------------------------------------------------------------------------- messages and deals

    def _do_say(self, command: Command) -> Receipt:
        maker, to = command.seat or "", command.details.get("to")
        if to != ALL and (to not in self.sitting.chairs or to == maker):
            raise UsageError("a message goes to another seat, or to all")
        text = command.details.get("text")
        if not isinstance(text, str) or not text.strip() or len(text) > TEXT:
            raise UsageError(f"a message is text of at most {TEXT:,} characters")
        if maker and not self.talk.open:
            return Receipt(False, "phase", "The facilitator has not opened the seats' messages.")
        self.talk.say(maker, str(to), text.strip(), self.sitting.game.round)
        self._keep_talk()
        return Receipt(True)

    def _do_talk(self, command: Command) -> Receipt:
        opened = command.details.get("open")
        if not isinstance(opened, bool):
            raise UsageError("'open' must be true or false")
        self.talk.open = opened
        self._keep_talk()
        return Receipt(True)

    def _do_offer(self, command: Command) -> Receipt:
        maker, taker = _seat_of(command), self._named_seat(command)
        if taker == maker:
            raise UsageError("a deal is offered to another seat")
        terms = parse_terms(command.details.get("terms"), self.sitting, (maker, taker))
        deal = self.talk.offer(maker, taker, terms)
        self._keep_talk()
        return Receipt(True, data={"offer": deal.id, "rev": deal.rev})

    def _do_answer(self, command: Command) -> Receipt:
        """Agree to an offer or decline it; whoever made it withdraws it."""
        seat, details = _seat_of(command), command.details
        number, accept = details.get("offer"), details.get("accept")
        deal = self.talk.deals.get(number) if isinstance(number, int) else None
        if deal is None or seat not in (deal.maker, deal.taker):
            raise UsageError("there is no such offer to your seat")
        if not isinstance(accept, bool):
            raise UsageError("'accept' must be true or false")
        if deal.state != OFFERED or details.get("rev") != deal.rev:
            return Receipt(False, "stale", f"This offer is {deal.state} by now.")
        if seat == deal.maker and accept:
            return Receipt(False, "turn", "Your own offer is the other seat's to agree to.")
        state = WITHDRAWN if seat == deal.maker else AGREED if accept else DECLINED
        self.talk.settle(deal, state, len(self.sitting.sight(None).lines))
        if state == AGREED:
            terms = [term.plain() for term in deal.terms]
            self.sitting.say("deal", deal=deal.id, maker=deal.maker, taker=deal.taker, terms=terms)
        self._keep_talk()
        return Receipt(True)

    def _keep_talk(self) -> None:
        self.room.put("talk", self.talk.plain())
        self._talked += 1
        self.changed()

    # ---------------------------------------------------------------------------- the facilitator's part

    def _do_pause(self, command: Command) -> Receipt:
        return self._set_paused(True)

    def _do_resume(self, command: Command) -> Receipt:
        return self._set_paused(False)

    def _set_paused(self, paused: bool) -> Receipt:
        if self.turn_clock.paused != paused:
            self.turn_clock.paused = paused
            self.sitting.say("pause" if paused else "resume")
            self._keep()
        return Receipt(True)

    def _do_extend(self, command: Command) -> Receipt:
        minutes = _whole(command.details, "minutes", -MINUTES, MINUTES)
        self.turn_clock.extend(minutes)
        self.sitting.say("extend", minutes=minutes)
        self.changed()
        return Receipt(True)

    def _do_rewind(self, command: Command) -> Receipt:
        if command.details.get("at") != self.at:
            return Receipt(False, "stale", "The game has gone on meanwhile; look again.")
        line = self.sitting.record.main_line()
        if not line:
            return Receipt(False, "illegal", "The game stands at its beginning.")
        to = command.details.get("to", line[-1].parent)
        if to not in {ROOT, *(node.id for node in line)}:
            raise UsageError("the game can only be taken back to a position of its own line")
        self.sitting.rewind(to)
        self._thinker.forget()
        self.epoch += 1
        self.resolving = 0
        self._plans = {seat: plan.changed(plan.round, plan.slots) for seat, plan in self._plans.items()}
        self.talk.reopen(len(self.sitting.sight(None).lines))
        self._keep_talk()
        self.went_on()
        self._keep()
        return Receipt(True, data={"at": self.at})

    def _do_end_turn(self, command: Command) -> Receipt:
        if (command.details.get("at"), command.details.get("phase")) != (self.at, self.phase):
            return Receipt(False, "stale", "The game has gone on meanwhile; look again.")
        if self.phase == PLAN:
            self._resolve()
            self._keep()
        elif self.sitting.seat is not None:
            self._end_turn(BY)
        return Receipt(True, data={"at": self.at})

    def _do_rename(self, command: Command) -> Receipt:
        self.sitting.rename(self._named_seat(command), text_of(command.details, "team", TEAM, empty=True))
        self.changed()
        return Receipt(True)

    def _do_give(self, command: Command) -> Receipt:
        seat, player = self._named_seat(command), text_of(command.details, "player", 100)
        if player not in self.players(seat):
            raise UsageError(f"nothing called '{player}' can play {self.sitting.board.seat_title(seat)}")
        self.sitting.swap(seat, player)
        self._thinker.forget()
        self._asked = None
        self._resolve_if_all_sealed()
        self.went_on()
        self._keep()
        return Receipt(True)

    def _named_seat(self, command: Command) -> str:
        seat = command.details.get("seat")
        if seat not in self.sitting.chairs:
            raise UsageError("there is no such seat")
        return str(seat)

    def players(self, seat: str) -> list[str]:
        """Return who can play a seat."""
        game = self.sitting.game
        return player_names(game.book, game.scenario.name, seat)

    # --------------------------------------------------------------------------------- what goes on by itself

    def tick(self) -> None:
        """Let time go by: the clock runs, bots think, plans are played. Called a few times a second."""
        with self.lock:
            now = self.clock()
            passed, self._ticked = now - self._ticked, now
            if self.turn_clock.paused or self.phase == OVER:
                return
            seat = self.sitting.seat or ""
            human = self.sitting.chairs[seat].human
            if self.phase == PLAN or (human and self.may_play(seat)):
                self._run_clock(passed, now)
            elif now < self._wait_until:
                return
            elif human:
                self._play_planned(now)
            else:
                self._let_think(seat, now)

    def _run_clock(self, passed: float, now: float) -> None:
        if self._asked is not None:
            if now >= self._asked[1]:
                self._play_planned(now)
            return
        if self.turn_clock.run(passed) != GONE:
            return
        if self.phase == PLAN:
            self._resolve()
            self._keep()
        else:
            self._end_turn(TIME)

    def _let_think(self, seat: str, now: float) -> None:
        sitting = self.sitting
        if not self._thinker.busy:
            self._thinker.ask(sitting.bot(seat), sitting.game, now)
            return
        answer = self._thinker.answer(now)
        if answer is None or answer.state != sitting.game.state_hash or answer.seat != seat:
            return
        if answer.trouble:
            sitting.swap(seat, SUBSTITUTE)
        sitting.play(answer.move, by=answer.trouble)
        self.went_on()

    def went_on(self) -> None:
        """Take note that the position is another one."""
        now = self.clock()
        self._wait_until = now + self.pause
        if self._turn_now != self._turn:
            self._turn = self._turn_now
            self._asked = None
            paused = self.turn_clock.paused
            self.turn_clock.reset()
            self.turn_clock.paused = paused
        self.changed()

    def changed(self) -> None:
        """Take note that somebody is shown something else than before."""
        self.stamp += 1

    def _keep(self) -> None:
        """Write down what the record does not hold."""
        plans = {seat: plan.plain() for seat, plan in self._plans.items()}
        paused = self.turn_clock.paused
        self.room.put("table", {"epoch": self.epoch, "resolving": self.resolving, "plans": plans, "paused": paused})
        self.changed()

    def _trouble(self) -> str:
        trouble, self.sitting.trouble = self.sitting.trouble, ""
        return trouble

    # ------------------------------------------------------------------------------------- what is shown

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
        return game if game.over or (game.seat == seat and self.phase != PLAN) else self._imagined(seat)

    def _imagined(self, seat: str) -> Game:
        """Return the game in which a seat's plan is tried: moves played in the real one would tell what is hidden."""
        game = self.sitting.game
        world: Game = self._once("world", seat, self.sitting.version, lambda: imagined(game, seat))
        return world

    def static(self, audience: Audience) -> dict[str, Any]:
        """Return what never changes in this game for an audience; not to be changed."""
        with self.lock:
            found: dict[str, Any] = self._once("static", audience, None, lambda: self._static(audience))
            return found

    def _static(self, audience: Audience) -> dict[str, Any]:
        found = documents.static(self.sitting, audience.seat)
        found["moves"] = self.sitting.offers.promised
        if audience.host:
            found["players"] = {seat: self.players(seat) for seat in self.sitting.game.seats}
            found["desk"] = self.desk.choices()
        return found

    def document(self, audience: Audience) -> dict[str, Any]:
        """Return what an audience is shown now; not to be changed. Worked out once for each stamp."""
        with self.lock:
            found: dict[str, Any] = self._once("document", audience, self.stamp, lambda: self._document(audience))
            return found

    def _document(self, audience: Audience) -> dict[str, Any]:
        sitting, seat = self.sitting, audience.seat
        seats = documents.seats(sitting, documents.turn_order(sitting.game))
        for name, told in seats.items():
            told["sealed"] = self.phase == PLAN and self.plan(name).sealed
        found: dict[str, Any] = {
            "phase": self.phase, "mode": self.mode, "at": self.at, "waiting": self.waiting_for(),
            "clock": self._clock(), "seats": seats,
            "talk": self._once("talk", audience, (self._talked, sitting.version),
                               lambda: self.talk.document(sitting, seat, host=audience.host)),
            **self._once("position", seat, sitting.version, lambda: self._position(seat)),
        }  # fmt: skip
        if seat is not None:
            found |= self._of_seat(seat)
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

    def _of_seat(self, seat: str) -> dict[str, Any]:
        game, sitting = self.sitting.game, self.sitting
        mine = self.may_play(seat)
        if game.over:
            return {"mine": False, "left": 0, "options": {}, "plan": {}, "undo": ""}
        world, plan = self.world_of(seat), self.plan(seat)
        trial = self._imagined(seat) if plan.slots else world
        stands = (sitting.version, world is game)
        undo = game.can_undo() if mine else None
        return {
            "mine": mine, "left": game.actions_left if game.seat == seat else self.slots, "slots": self.slots,
            "options": self._once("options", seat, stands,
                                  lambda: documents.options(sitting.offers.options(world, seat))),
            "plan": self._once("plan", seat, (sitting.version, plan),
                               lambda: documents.plan(sitting, plan, trial, seat)),
            "undo": undo.ok if undo is not None else False,
            "asked": self._asked is not None and self._asked[0] == seat,
        }  # fmt: skip

    def _clock(self) -> dict[str, Any]:
        """Return when the time is up, by the table's own clock; devices are told what it shows with every message."""
        clock = self.turn_clock
        if self._asked is not None:
            return {"until": round(self._asked[1], 1)}
        if not clock.minutes or self.phase == OVER:
            return {}
        if clock.paused:
            return {"left": round(clock.remaining, 1)}
        return {"until": round(self._ticked + clock.remaining, 1)}

    def close(self) -> None:
        """Close the journal; everything is on disk already."""
        with self.lock:
            self._thinker.forget()
            self.sitting.close()


def _seat_of(command: Command) -> str:
    if command.seat is None:
        raise UsageError("this command needs a seat")
    return command.seat


def text_of(details: Mapping[str, Any], key: str, limit: int, *, empty: bool = False) -> str:
    """Return a text among a command's details; raises UsageError when there is none, or too long a one."""
    found = details.get(key)
    if not isinstance(found, str) or len(found) > limit or not (found.strip() or empty):
        raise UsageError(f"'{key}' must be text of at most {limit} characters")
    return " ".join(found.split())


def _whole(details: Mapping[str, Any], key: str, low: int, high: int) -> int:
    found = details.get(key)
    if isinstance(found, bool) or not isinstance(found, int) or not low <= found <= high:
        raise UsageError(f"'{key}' must be a whole number from {low} to {high}")
    return found
