"""The room tab: the time that each team has used, and whether the game ends before the debrief must start."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from game.ui import theme
from game.ui.facilitator.cells import Block, form, labelled, text_blocks
from game.ui.layout import columns, from_right
from game.ui.page import Page, Rect
from game.ui.scroll import Piece, Scroll
from game.ui.timing import clock_words
from game.ui.widgets import Entry, button, field, heading

if TYPE_CHECKING:
    from game.ui.facilitator.screen import FacilitatorScreen

DAY = 24 * 60
LATE = 12 * 60
"""A time of day that lies so many minutes back is taken for tomorrow's."""


class RoomTab:
    """The clock at the left, the teams at the right."""

    def __init__(self, screen: FacilitatorScreen) -> None:
        """Of the facilitator's screen."""
        self.screen, self.sitting = screen, screen.sitting
        self.entry = Entry(limit=5)
        self.scroll, self.teams = Scroll(), Scroll()

    def build(self, page: Page, rect: Any) -> None:
        """Both columns."""
        left, right = columns(rect, (52, 48), page.u(16))
        inner = heading(page, left, "The clock", "time of day " + _words(self._now()))
        form(page, inner, self.scroll, self._blocks(page, inner.width), 8)
        inner = heading(page, right, "Time used by each team")
        used = self.sitting.facilitation.time_used()
        now = self.sitting.seat
        if now is not None and self.sitting.chairs[now].human:
            used[now] += int(self.screen.play.clock.spent)
        most = max(1, *used.values())
        seats = list(used)
        high = page.line(theme.BODY) + page.u(26)

        def row(seat: str) -> Block:
            def draw(place: Any) -> None:
                mark = self.sitting.board.marks[seat]
                page.shape(mark, (place.x + page.u(8), place.y + page.line() // 2), 14)
                text = Rect(place.x + page.u(22), place.y, place.width - page.u(22), page.line())
                end = page.text(text, clock_words(used[seat]), theme.BODY, bold=True, align="right")
                name = Rect(text.x, text.y, end.x - text.x - page.u(8), text.height)
                page.text(name, self.sitting.who(seat), theme.BODY, theme.readable(mark.colour, theme.PANEL), bold=True)
                bar = Rect(place.x, place.y + page.line() + page.u(4), place.width, page.u(12))
                page.bar(bar, mark, used[seat] / most)

            return Block(high, draw)

        form(page, inner, self.teams, [row(seat) for seat in seats], 4)

    def _blocks(self, page: Page, width: int) -> list[Block]:
        game = self.sitting.game
        said = self.sitting.facilitation.deadline()
        pieces = [Piece(f"Round {game.round} of {game.scenario.rounds}", theme.HEAD, theme.INK, True)]
        pieces += self._forecast(said)
        objectives = self.sitting.record.header.get("objectives")
        if isinstance(objectives, str) and objectives:
            pieces.append(Piece("Learning objectives", theme.SMALL, theme.SOFT, True))
            pieces.append(Piece(objectives))
        minutes = _minutes(self.entry.text)

        def line(place: Any) -> None:
            go, rest = from_right(place, page.u(110), page.u(8))
            field(page, "room.clock", rest, self.entry, "Debrief must start by", said or "15:30", submit=self._set)
            button(page, "room.set", go, "Set", self._set, size=theme.BODY, enabled=minutes is not None,
                   reason="type a time of day such as 15:30")  # fmt: skip

        label = f"Debrief must start by {said}; another time" if said else "Debrief must start by"
        return [*text_blocks(page, width, pieces), labelled(page, label, line)]

    def _forecast(self, said: str) -> list[Piece]:
        """When the game ends if it goes on like this, against when the debrief must start."""
        game = self.sitting.game
        until = _minutes(said)
        pieces = []
        left: int | None = None
        if until is not None:
            left = (until - self._now() + LATE) % DAY - LATE
            text = (
                f"{left} minutes until the debrief must start."
                if left >= 0
                else f"The debrief is {-left} minutes late."
            )
            colour = theme.BAD if left < 0 else theme.WARN if left <= 10 else theme.INK
            pieces.append(Piece(text, theme.STRONG, colour, True))
        finished = game.round - 1
        used = sum(self.sitting.facilitation.time_used().values())
        if game.over:
            return [*pieces, Piece("The game is over.", theme.BODY, theme.SOFT)]
        if not finished or not used:
            return [*pieces, Piece("After the first round this says when the game will end.", theme.BODY, theme.SOFT)]
        pace = used / 60 / finished
        rest = round(pace * (game.scenario.rounds - finished))
        text = f"A round takes the teams {pace:.0f} minutes; at this pace the game ends in about {rest} minutes"
        if left is None:
            return [*pieces, Piece(f"{text}.")]
        spare = left - rest
        how = f"{spare} minutes before the debrief" if spare >= 0 else f"{-spare} minutes too late for the debrief"
        return [*pieces, Piece(f"{text}, {how}.", theme.BODY, theme.INK if spare >= 0 else theme.BAD)]

    def _now(self) -> int:
        """Minutes since midnight."""
        found = time.localtime(self.screen.app.wall())
        return found.tm_hour * 60 + found.tm_min

    def _set(self) -> None:
        minutes = _minutes(self.entry.text)
        if minutes is None:
            self.screen.app.tell("Type a time of day such as 15:30.")
            return
        self.entry.put("")
        self.sitting.facilitation.say("deadline", clock=_words(minutes))
        self.screen.did(f"The debrief must start by {_words(minutes)}.")


def _minutes(text: str) -> int | None:
    """Minutes since midnight of a time of day, ``None`` for what is none."""
    found = re.fullmatch(r"\s*(\d{1,2})[:.](\d\d)\s*", text)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return int(found[1]) * 60 + int(found[2])


def _words(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
