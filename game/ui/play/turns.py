"""Turns in time: the acting seat's clock, bots that think, turns that pass, seats that change hands, PINs."""

from __future__ import annotations

from collections.abc import Mapping

from game.moves import PASS
from game.table import settings as prefs
from game.table.bots import SUBSTITUTE, Thinker
from game.table.choosing import Choosing
from game.table.clock import GONE, GRACE, UP, WARNED, TurnClock
from game.table.facilitation import BY, TIME
from game.table.pins import Lock
from game.table.sitting import Sitting
from game.ui.toolkit.screen import Screen, Window


class Turns(Screen):
    """What of the play screen goes on by itself. The play screen says who sits there and what comes next.

    Attributes:
        viewer: The seat whose eyes the screen is drawn for, ``None`` for everybody's.
        helped: The person's seat for which a bot takes this turn.
        unsaid: A sentence that a handover may have hidden.
    """

    def __init__(self, app: Window, sitting: Sitting) -> None:
        """Of a sitting; a turn begins."""
        super().__init__(app)
        self.sitting = sitting
        self.viewer: str | None = None
        self.helped: str | None = None
        self.unsaid = ""
        self.thinker = Thinker()
        self.clock = TurnClock(sitting.timer)
        self.locks: dict[str | None, Lock] = {}
        self.shown_round = sitting.game.round
        self.greeted: set[tuple[str, int]] = set()
        self._choosing: Choosing | None = None
        self._ticked = app.clock()
        self._wait_until = 0.0
        self._turn: tuple[int, str | None] = (sitting.game.round, sitting.seat)
        self._over_shown = False

    @property
    def acting(self) -> bool:
        seat = self.sitting.seat
        mine = seat is not None and seat == self.viewer and seat != self.helped
        return mine and self.sitting.chairs[str(seat)].human

    def after(self) -> None:
        raise NotImplementedError

    def say(self, sentence: str) -> None:
        """Something for everybody to know; told again to the next person if a handover comes in between."""
        self.unsaid = sentence
        self.app.tell(sentence)

    def tick(self, now: float) -> None:
        passed, self._ticked = now - self._ticked, now
        self._run_clock(passed)
        if not self.clock.paused:
            self._let_think(now)

    def below(self, now: float) -> None:
        """The timer runs while its seat reads the rules; bots go on behind the projector's view."""
        passed, self._ticked = now - self._ticked, now
        above = self.app.screens[self.app.screens.index(self) + 1 :]
        if all(screen.keeps_time for screen in above):
            self._run_clock(passed)
        if self.app.top.name == "projector" and not self.clock.paused:
            self._let_think(now)

    def _run_clock(self, passed: float) -> None:
        if not self.acting:
            return
        before = self.clock.remaining
        says = self.clock.run(passed)
        if self.sitting.timer and round(before) != round(self.clock.remaining):
            self.app.redraw()
        if says == WARNED:
            self.app.tell("One minute left.")
        elif says == UP:
            self.app.tell(f"Time is up: the turn ends in {GRACE:.0f} seconds. F10: the facilitator can give more time.")
        elif says == GONE:
            self.force(TIME)

    def force(self, by: str) -> None:
        """Ends the acting seat's turn for it, whatever lies over the table."""
        seat = self.sitting.seat
        if seat is None:
            return
        told = self.sitting.board.seat_title(seat)
        self.app.drop_above(self)
        move = self.sitting.stand_in(by, self.clock.took())
        done = "passes" if move == PASS else "had a move drawn for it"
        self.say(f"{told} {done}: {by}." if by == TIME else f"{told} {done}.")
        if self._choosing is not None:
            self._choosing.clear()
        self.after()

    def _let_think(self, now: float) -> None:
        """The acting seat's bot thinks; its answer is played once the last move has been seen for a while."""
        seat = self.sitting.seat
        if seat is None or (self.sitting.chairs[seat].human and seat != self.helped):
            return
        if not self.thinker.busy:
            self._wait_until = now + prefs.PAUSES[self.app.settings.pace]
            bot = self.sitting.helper(seat) if seat == self.helped else self.sitting.bot(seat)
            self.thinker.ask(bot, self.sitting.game, now)
            self.app.redraw()
        elif now >= self._wait_until:
            answer = self.thinker.answer(now)
            if answer is not None and answer.state == self.sitting.game.state_hash and answer.seat == seat:
                by = answer.trouble or (BY if seat == self.helped else "")
                if answer.trouble:
                    self.say(answer.trouble)
                if answer.trouble and seat != self.helped:
                    self.sitting.swap(seat, SUBSTITUTE)
                self.sitting.play(answer.move, by=by)
                self.after()

    def help_out(self) -> None:
        """A bot takes what is left of the acting person's turn."""
        self.helped, self.viewer = self.sitting.seat, None

    def lock_of(self, seat: str | None) -> Lock:
        """What a seat's player must know to sit down, or (``None``) the facilitator; whose PIN opens every seat."""
        kept, pins = self.sitting.kept, self.sitting.kept.get("pins")
        if seat is None:
            lock = Lock.of(kept.get("pin"))
        else:
            mine = pins.get(seat) if isinstance(pins, Mapping) else None
            lock = Lock.of(mine, kept.get("pin")) if mine else Lock.of()
        return self.locks.setdefault(seat, lock)

    def swapped(self, seat: str) -> None:
        """A seat has another player: whoever sat there stands up, whatever was being thought is moot."""
        self.thinker.forget()
        if self.viewer == seat and not self.sitting.chairs[seat].human:
            self.viewer = self._choosing = None
        self.app.redraw()

    def fresh_clock(self) -> None:
        self.clock.minutes = self.sitting.timer
        self.clock.reset()
        self.clock.paused = False

    def taken_back(self) -> None:
        """The game stands somewhere else than before: nobody is at the screen."""
        round_ = self.sitting.game.round
        self.thinker.forget()
        self.viewer = self.helped = self._choosing = None
        self.shown_round, self._over_shown = round_, False
        self.greeted = {(seat, seen) for seat, seen in self.greeted if seen < round_}
        self._turn = (0, None)

    def pause(self) -> None:
        """Stops the timer and the bots, or lets them go on."""
        self.clock.paused = not self.clock.paused
        self.sitting.say("pause" if self.clock.paused else "resume")

    def extend(self, minutes: int) -> None:
        self.clock.extend(minutes)
        self.sitting.say("extend", minutes=minutes)
