"""The course of a game at a table: whose turn it is, plans, the clock, bots that think; what goes on by itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from game.errors import RecordError, UsageError
from game.moves import PASS
from game.prose.numbers import joined
from game.records.node import ROOT
from game.table.bots import SUBSTITUTE, Thinker
from game.table.clock import GONE, TurnClock
from game.table.facilitation import BY, TIME
from game.table.plans import Plan, Slot
from game.table.rights import LOBBY, OVER, PLAN, RESOLVE, TURNS
from game.table.room import Room
from game.table.sitting import Sitting

LIVE, SEALED, MIXED = "live", "sealed", "mixed"
MODES = (LIVE, SEALED, MIXED)
"""Turn by turn; all plan at once, sealed, then played; the same with each seat's last action left open."""
MODE_KEY = "mode"
"""Key of a record's header that says so."""

ASKED = 30.0
"""Seconds that a team has when a move of its plan can be played neither as planned nor as its alternate."""


class Course:
    """A sitting that goes on. ``Table`` is the door through which people change it.

    Attributes:
        epoch: Grows with every break in the course (a game taken back or taken up again), after which nothing that a
            client remembers holds.
        lobby: The game waits for the facilitator to begin it.
        started: The facilitator has let time run, for whoever has come and whoever has not.
        has_come: Says of a seat whether its team has ever come; whoever lets devices in replaces it.
        here: Seats whose teams play at the host's own screen; their time runs only while they sit at it.
        seated: Who sits there.
        helped: The person's seat for which a bot takes this turn.
        asked: The seat that is asked for another move than it planned, and until when.
    """

    def __init__(
        self,
        sitting: Sitting,
        room: Room | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: float = 1.2,
    ) -> None:
        """Go on where the sitting stands.

        Args:
            sitting: The game.
            room: What was kept beside its journal.
            clock: Seconds, from any start.
            pause: Seconds that what happens by itself stays in sight before the next.

        Raises:
            RecordError: The room holds plans that are none of this game.
        """
        self.sitting, self.room, self.clock, self.pause = sitting, room or Room(), clock, pause
        self.lock = threading.RLock()
        self._changes = 0
        kept = self.room.part("table")
        self.epoch = int(kept.get("epoch", 0)) + 1
        self.resolving = int(kept.get("resolving", 0))
        self.lobby, self.started = bool(kept.get("lobby")), bool(kept.get("started"))
        self.has_come: Callable[[str], bool] = lambda seat: True
        here = kept.get("here")
        self.here = {seat for seat in here if seat in sitting.chairs} if isinstance(here, list) else set[str]()
        self.seated: str | None = None
        self.helped: str | None = None
        self.asked: tuple[str, float] | None = None
        try:
            self._plans = self._kept_plans(kept.get("plans", {}))
        except UsageError as error:
            raise unreadable(self.room, error) from None
        self.turn_clock = TurnClock(sitting.timer)
        self.turn_clock.paused = bool(kept.get("paused"))
        self.thinker = Thinker()
        self.ticked = clock()
        self._wait_until = self.ticked
        self._turn = self._turn_now

    def _kept_plans(self, plans: Any) -> dict[str, Plan]:
        """Return every seat's plan as the room has it."""
        game = self.sitting.game
        if not isinstance(plans, dict) or not all(isinstance(plan, dict) for plan in plans.values()):
            raise UsageError("plans are kept by seat")
        return {seat: Plan.of(plans[seat], game, seat) if seat in plans else Plan() for seat in game.seats}

    # ----------------------------------------------------------------------------------- how it stands

    @property
    def stamp(self) -> int:
        """A number that grows with everything that some client could see."""
        return self._changes + self.sitting.version

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
        if self.lobby:
            return LOBBY
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

    def by_person(self, seat: str) -> bool:
        """Return whether a person takes a seat's turn."""
        return self.sitting.chairs[seat].human and seat != self.helped

    def may_play(self, seat: str) -> bool:
        """Return whether a seat's team may play a move by hand now."""
        if self.sitting.seat != seat or not self.by_person(seat):
            return False
        if self.phase == TURNS:
            return True
        if self.phase != RESOLVE:
            return False
        if self.asked is not None and self.asked[0] == seat:
            return True
        return self.mode == MIXED and self.next_slot(seat) is None and self.sitting.game.actions_left > 0

    def waiting_for(self) -> str:
        """Return what the table waits for, in a sentence."""
        sitting, phase = self.sitting, self.phase
        if phase == OVER:
            won = [sitting.board.seat_title(seat) for seat in sitting.game.winners]
            one = f"the winner is {won[0]}" if won else "nobody wins"
            return f"The game is over: {f'{joined(won)} share the win' if len(won) > 1 else one}."
        if phase == LOBBY:
            return "The game has not begun: the facilitator begins it."
        if self.turn_clock.paused:
            return "The facilitator has stopped the clock."
        awaited = [sitting.board.seat_title(seat) for seat in self.awaited()] if self.turn_clock.minutes else []
        comes = f" Time runs once somebody has come to {joined(awaited)}." if awaited else ""
        if phase == PLAN:
            missing = [sitting.board.seat_title(seat) for seat in sitting.humans if not self.plan(seat).sealed]
            return f"All seats plan at once. Not sealed yet: {', '.join(missing)}.{comes}"
        seat = sitting.seat or ""
        if not self.by_person(seat):
            return f"{sitting.board.seat_title(seat)} is thinking."
        if phase == RESOLVE and not self.may_play(seat):
            return f"The plan of {sitting.board.seat_title(seat)} is played."
        return f"It is the turn of {sitting.who(seat)}.{comes}"

    def awaited(self) -> list[str]:
        """Return the seats without whose teams no time runs: it is theirs, and nobody has ever come to them."""
        if self.started:
            return []
        whose = self.sitting.humans if self.phase == PLAN else [self.sitting.seat or ""]
        return [seat for seat in whose if seat and seat not in self.here and not self.has_come(seat)]

    # ------------------------------------------------------------------------------------------- plans

    def change_plan(self, seat: str, slots: Iterable[Slot], *, sealed: bool) -> Plan:
        """Replace a seat's plan for this round; once all are sealed they are played."""
        self._plans[seat] = self.plan(seat).changed(self.sitting.game.round, tuple(slots), sealed=sealed)
        self.resolve_if_all_sealed()
        self.keep()
        return self._plans[seat]

    def resolve_if_all_sealed(self) -> None:
        """Begin to play the plans when nobody is left to be waited for."""
        if self.phase == PLAN and all(self.plan(seat).sealed for seat in self.sitting.humans):
            self._resolve()

    def _resolve(self) -> None:
        """Begin to play the plans; they are looked at no more until the round is over."""
        self.resolving = self.sitting.game.round
        for seat in self.sitting.humans:
            self.sitting.say("plan", chair=seat, slots=self.plan(seat).plain()["slots"])
        self.went_on()

    def next_slot(self, seat: str) -> tuple[int, Slot] | None:
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
        round_, done = game.round, self.next_slot(seat)
        if self.asked is not None and now < self.asked[1]:
            return
        failed = self.asked is not None
        self.asked = None
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
                self.asked = (seat, now + ASKED)
                self.changed()
                return
            if len(self.plan(seat).slots) > number:
                self.drop_slot(seat, number)
                return
        if self.mode == MIXED and game.actions_left > 0 and not failed:
            return
        self.end_turn(TIME if failed else "")

    def drop_slot(self, seat: str, number: int) -> None:
        """Let a move of the plan go that could not be played: the team gave another one, or none in time."""
        plan = self.plan(seat)
        slots = (*plan.slots[: number - 1], *plan.slots[number:])
        self._plans[seat] = plan.changed(plan.round, slots, sealed=True)
        self.keep()

    # ------------------------------------------------------------------------ what changes whose turn it is

    def end_turn(self, by: str) -> None:
        """End the acting seat's turn; ``by`` says who or what ended it, where that was not its plan."""
        if self.sitting.game.scenario.turns.passing and not by:
            self.sitting.play(PASS)
        else:
            self.sitting.stand_in(by, self.turn_clock.took())
        self.went_on()

    def end_phase(self) -> None:
        """End the planning, or the acting seat's turn, because the facilitator says so."""
        if self.phase == PLAN:
            self._resolve()
            self.keep()
        elif self.sitting.seat is not None:
            self.thinker.forget()
            self.end_turn(BY)

    @property
    def time_runs(self) -> bool:
        """Whether the time that is on the clock goes by: not while it is stopped, nor before the team is there."""
        seat = self.sitting.seat
        away = self.phase == TURNS and seat in self.here and seat != self.seated
        return not (self.turn_clock.paused or away or self.awaited())

    def sit_down(self, seat: str | None) -> None:
        """Take note of who sits at the host's own screen now."""
        if seat != self.seated:
            self.seated = seat
            self.changed()

    def help_out(self) -> None:
        """Let a bot take what is left of the acting person's turn."""
        self.helped, self.asked = self.sitting.seat, None
        self.changed()

    def give(self, seat: str, player: str) -> None:
        """Give a seat to a person or a bot."""
        self.sitting.swap(seat, player)
        self.thinker.forget()
        self.asked = None
        self.resolve_if_all_sealed()
        self.went_on()
        self.keep()

    def rewind(self, to: int, luck: str) -> None:
        """Take the game back to a node of its record; plans are drafts again.

        Raises:
            RecordError: The way there does not replay; the game stands where it stood.
        """
        self.sitting.rewind(to, luck)
        self.thinker.forget()
        self.epoch += 1
        self.resolving = 0
        self.asked = self.helped = None
        self._plans = {seat: plan.changed(plan.round, plan.slots) for seat, plan in self._plans.items()}
        self.went_on()
        self.keep()

    def open_lobby(self) -> None:
        """Let the game wait for the facilitator to begin it, with ``set_paused``."""
        self.lobby = True
        self.set_paused(True)

    def set_paused(self, paused: bool) -> None:
        """Let time stand still for everybody, or go on: that begins the game, too, where it has not begun."""
        if self.turn_clock.paused != paused:
            self.turn_clock.paused = paused
            self.sitting.say("pause" if paused else "resume")
            if not paused:
                self.lobby, self.started = False, True
            self.keep()

    # --------------------------------------------------------------------------------- what goes on by itself

    def tick(self) -> None:
        """Let time go by: the clock runs, bots think, plans are played. Called a few times a second."""
        with self.lock:
            now = self.clock()
            passed, self.ticked = now - self.ticked, now
            if self._turn_now != self._turn:
                self.went_on()
            if self.turn_clock.paused or self.phase == OVER:
                return
            seat = self.sitting.seat or ""
            if self.phase == PLAN:
                if self.time_runs:
                    self._run_clock(passed, now)
            elif not self.by_person(seat):
                self._let_think(seat, now)
            elif self.may_play(seat):
                if self.time_runs or self.asked is not None:
                    self._run_clock(passed, now)
            elif now >= self._wait_until:
                self._play_planned(now)

    def stand_still(self) -> None:
        """Let time go by that is nobody's."""
        with self.lock:
            now = self.clock()
            self._wait_until += now - self.ticked
            self.ticked = now

    def _run_clock(self, passed: float, now: float) -> None:
        if self.asked is not None:
            if now >= self.asked[1]:
                self._play_planned(now)
            return
        if self.turn_clock.run(passed) != GONE:
            return
        if self.phase == PLAN:
            self._resolve()
            self.keep()
        else:
            self.end_turn(TIME)

    def _let_think(self, seat: str, now: float) -> None:
        """Let a bot think; its answer is played once the last move has been seen for a while."""
        sitting, helped = self.sitting, seat == self.helped
        if not self.thinker.busy:
            self.thinker.ask(sitting.helper(seat) if helped else sitting.bot(seat), sitting.game, now)
            return
        if now < self._wait_until:
            return
        answer = self.thinker.answer(now)
        # An answer to a position that was taken back meanwhile is not played.
        if answer is None or answer.state != sitting.game.state_hash or answer.seat != seat:
            return
        if answer.trouble and not helped:
            sitting.swap(seat, SUBSTITUTE)
        sitting.play(answer.move, by=answer.trouble or (BY if helped else ""))
        self.went_on()

    def went_on(self) -> None:
        """Take note that the position is another one."""
        self._wait_until = self.clock() + self.pause
        if self._turn_now != self._turn:
            self._turn = self._turn_now
            self.asked = self.helped = None
            self.turn_clock.minutes = self.sitting.timer
            self.turn_clock.reset()
        self.changed()

    def changed(self) -> None:
        """Take note that somebody is shown something else than before."""
        self._changes += 1

    def keep(self) -> None:
        """Write down what the record does not hold."""
        plans = {seat: plan.plain() for seat, plan in self._plans.items()}
        here = [seat for seat in self.sitting.game.seats if seat in self.here]
        self.room.put(
            "table",
            {
                "epoch": self.epoch, "resolving": self.resolving, "plans": plans, "here": here,
                "paused": self.turn_clock.paused, "lobby": self.lobby, "started": self.started,
            },
        )  # fmt: skip
        self.changed()

    def known(self, to: object) -> bool:
        """Return whether a node of the record is a position that the game can be taken to."""
        node = self.sitting.record.nodes.get(to) if isinstance(to, int) else None
        return to == ROOT or (node is not None and not node.aside)

    def close(self) -> None:
        """Close the journal; everything is on disk already."""
        with self.lock:
            self.thinker.forget()
            self.sitting.close()


def unreadable(room: Room, error: Exception) -> RecordError:
    """Return the error of a room that makes no sense: nothing that a team planned or said is dropped without a word."""
    return RecordError(
        f"{room.path} cannot be read: {error}",
        "move that file away to go on without it; links are made anew then and devices come in again",
    )
