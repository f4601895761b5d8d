"""TurnKeeper in time: what the screen makes of a table that goes on, on its own and from elsewhere; seats, PINs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice

from game.moves import PASS
from game.records.node import Node
from game.table import settings as prefs
from game.table.bots import Thinker
from game.table.clock import GRACE, UP, WARNED, TurnClock
from game.table.commands import Command, Receipt
from game.table.facilitation import BY, TIME
from game.table.pins import Lock
from game.table.rights import FACILITATOR, SEAT
from game.table.table import Table
from game.ui.board.table_view import TableView
from game.ui.toolkit.screen import Screen


class TurnKeeper:
    """The play screen as a client of the table. The screen says who sits there and what comes next.

    Attributes:
        owner: The table; whatever is done to the game is asked of it.
        unsaid: A sentence that a handover may have hidden.
    """

    def __init__(
        self,
        screen: Screen,
        owner: Table,
        table: TableView,
        *,
        after: Callable[[], None],
        taken_back: Callable[[], None],
        hosted: bool = False,
    ) -> None:
        """Begin a turn.

        Args:
            screen: The one that the game is played on; what lies over it closes when time has run out here.
            owner: The table that it shows.
            table: The board on it; its viewer is who sits there.
            after: Is told when the game has gone on.
            taken_back: Is told when it was taken back.
            hosted: Devices are at the table too: its time goes by whatever this screen shows.
        """
        self.screen, self.app, self.owner, self.table, self.hosted = screen, screen.app, owner, table, hosted
        self.after, self.taken_back = after, taken_back
        self.sitting = owner.sitting
        self.unsaid = ""
        self.locks: dict[str | None, Lock] = {}
        self._told, self._shown = self.clock.told, round(self.clock.remaining)
        self._epoch, self._version, self._stamp = owner.epoch, self.sitting.version, owner.stamp
        self._nodes = len(self.sitting.record.nodes)
        owner.stand_still()

    @property
    def clock(self) -> TurnClock:
        """The clock of the turn."""
        return self.owner.turn_clock

    @property
    def thinker(self) -> Thinker:
        """The bot that thinks."""
        return self.owner.thinker

    @property
    def helped(self) -> str | None:
        """The person's seat for which a bot takes this turn."""
        return self.owner.helped

    @property
    def shared(self) -> bool:
        """Whether the screen is not one team's alone, so that it shows a seat's secrets in its turn only."""
        return sum(seat in self.owner.here for seat in self.sitting.humans) != 1

    @property
    def by_person(self) -> bool:
        """Whether a person takes this turn."""
        seat = self.sitting.seat
        return seat is not None and self.owner.by_person(seat)

    @property
    def at_this_screen(self) -> bool:
        """Whether this turn is played here by hand."""
        seat = self.sitting.seat
        return seat is not None and seat in self.owner.here and self.owner.may_play(seat)

    @property
    def acting(self) -> bool:
        """Whether the viewer may move now."""
        return self.at_this_screen and self.sitting.seat == self.table.viewer

    def waiting_for(self) -> str:
        """Return what the table waits for when nobody at the screen may move."""
        return self.owner.waiting_for()

    def say(self, sentence: str) -> None:
        """Tell everybody something; told again to the next person if a handover comes in between."""
        self.unsaid = sentence
        self.app.tell(sentence)

    # ------------------------------------------------------------------------------------ time goes by

    def tick(self, now: float) -> None:
        """Let time go by while the screen is on top."""
        self._go_on(runs=True)

    def below(self, now: float) -> None:
        """Run the timer while its seat reads the rules; bots go on behind the projector's view."""
        above = self.app.screens[self.app.screens.index(self.screen) + 1 :]
        if self.acting:
            self._go_on(runs=all(screen.keeps_time for screen in above))
        else:
            self._go_on(runs=self.app.top.name == "projector")

    def _go_on(self, *, runs: bool) -> None:
        owner = self.owner
        owner.sit_down(self.table.viewer if self.acting and runs else None)
        owner.pause = prefs.PAUSES[self.app.settings.pace]
        if runs or self.hosted:
            owner.tick()
        else:
            owner.stand_still()
        self.follow()

    def follow(self) -> None:
        """Show what has happened at the table meanwhile, from here or elsewhere."""
        owner, viewer = self.owner, self.table.viewer
        if owner.epoch != self._epoch:
            self._epoch = owner.epoch
            self.taken_back()
        if viewer is not None and not self.sitting.chairs[viewer].human:
            self.table.viewer = None
            self.table.forget(family=True)
        self._tell_the_time()
        if owner.stamp != self._stamp:
            self._stamp = owner.stamp
            self.app.redraw()
        if self.sitting.version != self._version:
            self._version = self.sitting.version
            nodes = self.sitting.record.nodes
            for node in [*islice(nodes.values(), self._nodes, None)]:
                self._tell(node)
            self._nodes = len(nodes)
            self.after()

    def _tell(self, node: Node) -> None:
        """Say what was played in the place of a seat's player, and why."""
        if node.by == TIME:
            done = "passes" if node.do == PASS.name else "had a move drawn for it"
            if node.seat == self.table.viewer:
                self.app.drop_above(self.screen)
                self.table.forget()
            self.say(f"{self.sitting.board.seat_title(str(node.seat))} {done}: {TIME}.")
        elif node.by and node.by != BY:
            self.say(node.by)

    def _tell_the_time(self) -> None:
        told, left = self.clock.told, round(self.clock.remaining)
        if self.sitting.timer and left != self._shown:
            self._shown = left
            self.app.redraw()
        if told == self._told:
            return
        self._told = told
        if not self.acting:
            return
        if told == WARNED:
            self.app.cue("one_minute")
            self.app.tell("One minute left.")
        elif told == UP:
            self.app.tell(f"Time is up: the turn ends in {GRACE:.0f} seconds. F10: the facilitator can give more time.")

    # ------------------------------------------------------------------------------------- what is asked

    def order(self, name: str, /, **details: object) -> Receipt:
        """Ask the table for something, as the facilitator."""
        return self.owner.submit(Command("", name, FACILITATOR, details={"at": self.owner.at, **details}))

    def move(self, name: str, /, **details: object) -> Receipt:
        """Ask it for something for whoever sits here."""
        seat = self.table.viewer
        return self.owner.submit(Command("", name, SEAT, seat=seat, details={"at": self.owner.at, **details}))

    def help_out(self) -> None:
        """Let a bot take what is left of the acting person's turn."""
        if self.order("help").ok:
            self.table.viewer = None

    def give(self, seat: str, player: str) -> None:
        """Give a seat another player: whoever sat there stands up, what was being thought is moot."""
        receipt = self.order("give", seat=seat, player=player)
        if not receipt.ok:
            self.app.tell(receipt.sentence)
        self.follow()

    def pause(self) -> None:
        """Stop the timer and the bots, or let them go on."""
        self.order("resume" if self.clock.paused else "pause")

    def lock_of(self, seat: str | None) -> Lock:
        """Return what a seat's player must know to sit down, or (``None``) the facilitator, whose PIN opens all."""
        kept, pins = self.sitting.kept, self.sitting.kept.get("pins")
        if seat is None:
            lock = Lock.of(kept.get("pin"))
        else:
            mine = pins.get(seat) if isinstance(pins, Mapping) else None
            lock = Lock.of(mine, kept.get("pin")) if mine else Lock.of()
        return self.locks.setdefault(seat, lock)
