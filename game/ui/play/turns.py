"""TurnKeeper in time: the acting seat's clock, bots that think, turns that pass, seats that change hands, PINs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from game.moves import PASS
from game.table import settings as prefs
from game.table.bots import SUBSTITUTE, Thinker
from game.table.clock import GONE, GRACE, UP, WARNED, TurnClock
from game.table.facilitation import BY, TIME
from game.table.pins import Lock
from game.ui.board.table_view import TableView
from game.ui.toolkit.screen import Screen


class TurnKeeper:
    """What of a game at the table goes on by itself. The play screen says who sits there and what comes next.

    Attributes:
        helped: The person's seat for which a bot takes this turn.
        unsaid: A sentence that a handover may have hidden.
    """

    def __init__(self, screen: Screen, table: TableView, after: Callable[[], None]) -> None:
        """Begin a turn.

        Args:
            screen: The one that the game is played on; what lies over it closes when a turn is ended from outside.
            table: The board on it; its viewer is who sits there.
            after: Is told when something was played.
        """
        self.screen, self.app, self.table, self.after = screen, screen.app, table, after
        self.sitting = table.sitting
        self.helped: str | None = None
        self.unsaid = ""
        self.thinker = Thinker()
        self.clock = TurnClock(self.sitting.timer)
        self.locks: dict[str | None, Lock] = {}
        self.ticked = self.app.clock()
        self._wait_until = 0.0

    @property
    def by_person(self) -> bool:
        """Whether a person takes this turn."""
        seat = self.sitting.seat
        return seat is not None and self.sitting.chairs[seat].human and seat != self.helped

    @property
    def acting(self) -> bool:
        """Whether the viewer may move now."""
        return self.by_person and self.sitting.seat == self.table.viewer

    def waiting_for(self) -> str:
        """Return what the table waits for when nobody at the screen may move."""
        seat = self.sitting.seat
        if seat is None:
            return "The game is over."
        if self.by_person:
            return f"It is the turn of {self.sitting.who(seat)}."
        return f"{self.sitting.board.seat_title(seat)} is thinking."

    def say(self, sentence: str) -> None:
        """Tell everybody something; told again to the next person if a handover comes in between."""
        self.unsaid = sentence
        self.app.tell(sentence)

    # ------------------------------------------------------------------------------------ time goes by

    def tick(self, now: float) -> None:
        passed, self.ticked = now - self.ticked, now
        self._run_clock(passed)
        if not self.clock.paused:
            self._let_think(now)

    def below(self, now: float) -> None:
        """Run the timer while its seat reads the rules; bots go on behind the projector's view."""
        passed, self.ticked = now - self.ticked, now
        above = self.app.screens[self.app.screens.index(self.screen) + 1 :]
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
            self.app.cue("one_minute")
            self.app.tell("One minute left.")
        elif says == UP:
            self.app.tell(f"Time is up: the turn ends in {GRACE:.0f} seconds. F10: the facilitator can give more time.")
        elif says == GONE:
            self.force(TIME)

    def force(self, by: str) -> None:
        """End the acting seat's turn for it, whatever lies over the table."""
        seat = self.sitting.seat
        if seat is None:
            return
        told = self.sitting.board.seat_title(seat)
        self.app.drop_above(self.screen)
        move = self.sitting.stand_in(by, self.clock.took())
        done = "passes" if move == PASS else "had a move drawn for it"
        self.say(f"{told} {done}: {by}." if by == TIME else f"{told} {done}.")
        self.table.forget()
        self.after()

    def _let_think(self, now: float) -> None:
        """Let the acting seat's bot think; its answer is played once the last move has been seen for a while."""
        seat = self.sitting.seat
        if seat is None or self.by_person:
            return
        if not self.thinker.busy:
            self._wait_until = now + prefs.PAUSES[self.app.settings.pace]
            bot = self.sitting.helper(seat) if seat == self.helped else self.sitting.bot(seat)
            self.thinker.ask(bot, self.sitting.game, now)
            self.app.redraw()
        elif now >= self._wait_until:
            answer = self.thinker.answer(now)
            # An answer to a position that was taken back meanwhile is not played.
            if answer is not None and answer.state == self.sitting.game.state_hash and answer.seat == seat:
                by = answer.trouble or (BY if seat == self.helped else "")
                if answer.trouble:
                    self.say(answer.trouble)
                if answer.trouble and seat != self.helped:
                    self.sitting.swap(seat, SUBSTITUTE)
                self.sitting.play(answer.move, by=by)
                self.after()

    # ------------------------------------------------------------------------------- what is done to them

    def help_out(self) -> None:
        """Let a bot take what is left of the acting person's turn."""
        self.helped, self.table.viewer = self.sitting.seat, None

    def lock_of(self, seat: str | None) -> Lock:
        """Return what a seat's player must know to sit down, or (``None``) the facilitator, whose PIN opens all."""
        kept, pins = self.sitting.kept, self.sitting.kept.get("pins")
        if seat is None:
            lock = Lock.of(kept.get("pin"))
        else:
            mine = pins.get(seat) if isinstance(pins, Mapping) else None
            lock = Lock.of(mine, kept.get("pin")) if mine else Lock.of()
        return self.locks.setdefault(seat, lock)

    def swapped(self, seat: str) -> None:
        """Take note that a seat has another player: whoever sat there stands up, what was being thought is moot."""
        self.thinker.forget()
        if self.table.viewer == seat and not self.sitting.chairs[seat].human:
            self.table.viewer = None
            self.table.forget(family=True)
        self.app.redraw()

    def fresh_clock(self) -> None:
        self.clock.minutes = self.sitting.timer
        self.clock.reset()
        self.clock.paused = False

    def pause(self) -> None:
        """Stop the timer and the bots, or let them go on."""
        self.clock.paused = not self.clock.paused
        self.sitting.say("pause" if self.clock.paused else "resume")

    def extend(self, minutes: int) -> None:
        """Give the acting seat more time, or less."""
        self.clock.extend(minutes)
        self.sitting.say("extend", minutes=minutes)
