"""The control tab: pause, time, a turn ended or played for its seat, people and bots swapped, the game taken back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from pygame import Rect

from game import theme
from game.prose.numbers import counted, number
from game.table.clock import clock_words
from game.ui.facilitator.cells import Block, form
from game.ui.facilitator.rewind import RewindScreen
from game.ui.screens.seats import draw_seats
from game.ui.screens.sheet import Choice, Sheet
from game.ui.toolkit.layout import columns
from game.ui.toolkit.page import Page
from game.ui.toolkit.scroll import Piece, Scroll
from game.ui.toolkit.widgets import button, heading, stepper

if TYPE_CHECKING:
    from game.ui.facilitator.facilitator_screen import FacilitatorScreen

TIMERS = (0, 3, 5, 8)


class ControlTab:
    """Buttons for the turn at the left, the seats at the right."""

    def __init__(self, screen: FacilitatorScreen) -> None:
        self.screen, self.sitting, self.play = screen, screen.sitting, screen.play
        self.scroll, self.seats = Scroll(), Scroll()

    def build(self, page: Page, rect: Rect) -> None:
        left, right = columns(rect, (54, 46), page.u(16))
        form(page, left, self.scroll, self._blocks(page, left.height), 6)
        inner = heading(page, right, "Who plays (press to change)")
        draw_seats(page, inner, self.seats, self.screen.app, self.sitting, self._give)

    def _clock(self) -> str:
        clock = self.play.turns.clock
        if not self.sitting.timer:
            return "paused" if clock.paused else "no timer"
        left = f"{clock_words(clock.remaining)} left" if clock.remaining > 0 else "time is up"
        return f"{left}, paused" if clock.paused else left

    def _blocks(self, page: Page, room: int) -> list[Block]:
        seat, timed = self.sitting.seat, bool(self.sitting.timer)
        over = "the game is over"
        who = self.sitting.board.seat_title(seat) if seat is not None else ""
        person = seat is not None and self.sitting.chairs[seat].human and seat != self.play.turns.helped
        low = page.target
        least = page.line(theme.STRONG) + page.line(theme.SMALL) + page.u(14)
        line = page.line(theme.SMALL) + page.u(6)
        high = max(least, min(page.u(64), (room - low - 3 * line) // 5 - page.u(10)))

        def title(text: str, note: str = "") -> Block:
            return Block(line, lambda place: heading(page, place, text, note) and None)

        def wide(*buttons: Callable[[Rect], None]) -> Block:
            def draw(place: Rect) -> None:
                for each, cell in zip(buttons, columns(place, [1] * len(buttons), page.u(8)), strict=True):
                    each(cell)

            return Block(high, draw)

        def press(
            name: str, label: str, note: str, do: Callable[[], None], good: bool, reason: str, kind: str = "plain"
        ) -> Callable[[Rect], None]:
            return lambda place: button(
                page, f"control.{name}", place, label, do, hotkey=note, enabled=good, reason=reason, kind=kind
            )

        paused = self.play.turns.clock.paused
        pause = press(
            "pause", "Go on" if paused else "Pause", "timer and bots go on" if paused else "timer and bots stop",
            self._pause, True, "", "go" if paused else "plain",
        )  # fmt: skip
        no_timer = "this game has no timer" if seat is not None else over
        more = press(
            "more", "+1 minute", "for this turn", partial(self._extend, 1), timed and seat is not None, no_timer
        )
        less = press(
            "less", "−1 minute", "for this turn", partial(self._extend, -1), timed and seat is not None, no_timer
        )
        why = over if seat is None else f"{who} is played by a bot"
        skip = press("skip", "A bot takes this turn", f"in place of {who}", self._skip, person, why)
        end = press("pass", f"⚠ End the turn of {who}" if who else "End the turn", f"{self._lost()}; asks first",
                    self._ask_pass, seat is not None, over, "danger")  # fmt: skip
        back = press("rewind", "⚠ Take the game back …", "to any earlier move; asks first", self._rewind,
                     bool(self.sitting.record.main_line()), "nothing has been played yet", "danger")  # fmt: skip

        def timer(place: Rect) -> None:
            line = Rect(place.x, place.y, round(place.width * 0.45), place.height)
            page.text(line, "Minutes a turn", theme.BODY, theme.SOFT)
            values = sorted({*TIMERS, self.sitting.timer})
            words = ["no timer" if not each else f"{number(each)} minutes" for each in values]
            step = Rect(line.right, place.y, place.right - line.right, place.height)
            stepper(page, "control.timer", step, "Timer", words, values.index(self.sitting.timer),
                    lambda n: self._timer(values[n]))  # fmt: skip

        return [
            title("Time", self._clock()), wide(pause), wide(less, more), Block(low, timer),
            title("This turn"), wide(skip), wide(end), title("The whole game"), wide(back),
        ]  # fmt: skip

    def _lost(self) -> str:
        """What becomes of a turn that is ended for its seat."""
        return "unused moves are lost" if self.sitting.game.scenario.turns.passing else "a move is drawn for it"

    # --------------------------------------------------------------------------------------- doings

    def _pause(self) -> None:
        self.play.turns.pause()
        self.screen.did("The game stands still." if self.play.turns.clock.paused else "The game goes on.")

    def _extend(self, minutes: int) -> None:
        if self.screen.order("extend", minutes=minutes):
            self.screen.did(f"{clock_words(self.play.turns.clock.remaining)} left in this turn.")

    def _timer(self, minutes: int) -> None:
        self.screen.order("timer", minutes=minutes)

    def _ask_pass(self) -> None:
        title = self.sitting.board.seat_title(str(self.sitting.seat))
        said = f"{counted(self.sitting.game.actions_left, 'move')} left in this turn: {self._lost()}."
        undone = "The team cannot undo it. Only taking the game back brings the turn again."
        choices = [Choice("stay", "Cancel", hotkey="Esc"), Choice("end", "End the turn", self._pass, "danger")]
        pieces = [Piece(said, theme.BODY, theme.TEXT, True), Piece(undone, gap=6)]
        self.screen.app.push(Sheet(self.screen.app, f"End the turn of {title}?", pieces, choices, 560))

    def _pass(self) -> None:
        title = self.sitting.board.seat_title(str(self.sitting.seat))
        if self.screen.order("end_turn", phase=self.play.turns.owner.phase):
            self.screen.did(f"The turn of {title} is over.")

    def _skip(self) -> None:
        title = self.sitting.board.seat_title(str(self.sitting.seat))
        self.play.turns.help_out()
        self.screen.did(f"A bot takes this turn of {title} when you go back to the table.")

    def _give(self, seat: str, player: str) -> None:
        self.play.turns.give(seat, player)
        self.screen.did(f"{self.sitting.board.seat_title(seat)} has another player.")

    def _rewind(self) -> None:
        self.screen.app.push(RewindScreen(self.screen.app, self.screen))
