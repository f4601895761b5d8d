"""The room tab: the time that each team has used, and whether the game ends before the debrief must start."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from pygame import Rect

from game import theme
from game.table.clock import clock_words
from game.ui.facilitator.cells import Block, form, labelled, text_blocks
from game.ui.toolkit.layout import columns, from_right, from_top, inset
from game.ui.toolkit.page import Page
from game.ui.toolkit.scroll import Piece, Scroll
from game.ui.toolkit.widgets import Entry, button, field, heading

if TYPE_CHECKING:
    from game.ui.facilitator.facilitator_screen import FacilitatorScreen

DAY = 24 * 60
LATE = 12 * 60
"""A time of day that lies so many minutes back is taken for tomorrow's."""


class RoomTab:
    """The clock at the left, the teams at the right."""

    def __init__(self, screen: FacilitatorScreen) -> None:
        self.screen, self.sitting = screen, screen.sitting
        self.entry = Entry(limit=5)
        self.scroll, self.teams = Scroll(), Scroll()

    def build(self, page: Page, rect: Rect) -> None:
        """Three numbers on top; objectives and the debrief's time at the left, the teams at the right."""
        high = page.line(theme.TITLE) + 2 * page.line(theme.SMALL) + page.u(22)
        strip, rect = from_top(rect, high, page.u(14))
        for (number, words, colour), place in zip(self._tiles(), columns(strip, (1, 1, 1), page.u(10)), strict=True):
            page.fill(place, theme.RAISED, 8, theme.EDGE)
            inner = inset(place, page.u(12), page.u(8))
            line = Rect(inner.x, inner.y, inner.width, page.line(theme.TITLE))
            page.text(line, number, theme.TITLE, colour, bold=True)
            page.words(Rect(inner.x, line.bottom, inner.width, inner.bottom - line.bottom), words, theme.SMALL,
                       theme.SOFT, most=2)  # fmt: skip
        left, right = columns(rect, (1, 1), page.u(16))
        form(page, left, self.scroll, self._blocks(page, left.width), 8)
        self._teams(page, heading(page, right, "Time used by each team"))

    def _teams(self, page: Page, rect: Rect) -> None:
        used = self.sitting.facilitation.time_used()
        now = self.sitting.seat
        if now is not None and self.sitting.chairs[now].human:
            used[now] += int(self.screen.play.turns.clock.spent)
        most, seats = max(1, *used.values()), list(used)
        high = max(page.line(theme.BODY) + page.u(24), min(page.u(64), rect.height // len(seats) - page.u(4)))

        def row(seat: str) -> Block:
            def draw(place: Rect) -> None:
                mark = self.sitting.board.marks[seat]
                page.shape(mark, (place.x + page.u(8), place.y + page.line() // 2), 14)
                text = Rect(place.x + page.u(22), place.y, place.width - page.u(22), page.line())
                end = page.text(text, clock_words(used[seat]), theme.BODY, bold=True, align="right")
                name = Rect(text.x, text.y, end.x - text.x - page.u(8), text.height)
                page.text(name, self.sitting.who(seat), theme.BODY, theme.readable(mark.colour, theme.PANEL), bold=True)
                bar = Rect(
                    place.x, place.y + page.line() + page.u(4), place.width, place.height - page.line() - page.u(12)
                )
                page.bar(bar, mark, used[seat] / most)

            return Block(high, draw)

        form(page, rect, self.teams, [row(seat) for seat in seats], 4)

    def _blocks(self, page: Page, width: int) -> list[Block]:
        said = self.sitting.facilitation.deadline()
        minutes = minutes_of(self.entry.text)

        def line(place: Rect) -> None:
            go, rest = from_right(place, page.u(110), page.u(8))
            field(page, "room.clock", rest, self.entry, "Debrief must start by", said or "15:30", submit=self._set)
            button(page, "room.set", go, "Set", self._set, size=theme.BODY, enabled=minutes is not None,
                   reason="type a time of day such as 15:30")  # fmt: skip

        label = f"The debrief must start by {said}. Another time" if said else "The debrief must start by"
        blocks = [labelled(page, label, line)]
        if self.screen.secrets:
            blocks += text_blocks(page, width, self._agendas())
        objectives = self.sitting.record.header.get("objectives")
        if isinstance(objectives, str) and objectives:
            pieces = [Piece("Learning objectives", theme.SMALL, theme.SOFT, True, gap=6), Piece(objectives)]
            blocks += text_blocks(page, width, pieces)
        return blocks

    def _agendas(self) -> list[Piece]:
        """Each team's secret agendas."""
        game = self.sitting.game
        pieces = [Piece("Secret agendas", theme.SMALL, theme.SOFT, True, gap=6)]
        for seat in game.seats:
            for agenda in game.agendas(seat):
                pieces.append(Piece(f"{self.sitting.who(seat)}: {agenda.title}", theme.BODY, theme.TEXT, True))
                pieces.append(Piece(agenda.text, theme.BODY, indent=12))
        none = Piece("No team has a secret agenda in this game.", theme.BODY, theme.SOFT)
        return pieces if len(pieces) > 1 else [none]

    def _tiles(self) -> list[tuple[str, str, theme.Colour]]:
        """The time of day, what is left until the debrief, and what the game still needs: number, words, colour."""
        game, left, rest = self.sitting.game, self.left(), self.rest()
        tiles = [(time_words(self._now()), f"time of day, round {game.round} of {game.scenario.rounds}", theme.TEXT)]
        if left is None:
            tiles.append(("–", "until the debrief: say below when it must start", theme.SOFT))
        elif left < 0:
            tiles.append((f"{-left} min", "late for the debrief", theme.WORSE))
        else:
            colour = theme.WARN if left <= 10 else theme.TEXT
            tiles.append((f"{left} min", f"until the debrief at {self.sitting.facilitation.deadline()}", colour))
        if game.over:
            tiles.append(("over", "the game has ended", theme.SOFT))
        elif rest is None:
            tiles.append(("–", "for the rest of the game: told after the first round", theme.SOFT))
        else:
            spare = None if left is None else left - rest
            words = "for the rest of the game at this pace"
            if spare is not None:
                words += f": {spare} min to spare" if spare >= 0 else f": {-spare} min too many"
            tiles.append((f"{rest} min", words, theme.WORSE if spare is not None and spare < 0 else theme.TEXT))
        return tiles

    def left(self) -> int | None:
        """Minutes until the debrief must start, if that has been said; below 0 when it is late."""
        until = minutes_of(self.sitting.facilitation.deadline())
        return None if until is None else (until - self._now() + LATE) % DAY - LATE

    def rest(self) -> int | None:
        """Minutes that the rounds to come will take the teams, by those that are over; nothing to go by at first."""
        game = self.sitting.game
        finished, used = game.round - 1, sum(self.sitting.facilitation.time_used().values())
        return round(used / 60 / finished * (game.scenario.rounds - finished)) if finished and used else None

    def _now(self) -> int:
        found = time.localtime(self.screen.app.wall())
        return found.tm_hour * 60 + found.tm_min

    def _set(self) -> None:
        minutes = minutes_of(self.entry.text)
        if minutes is None:
            self.screen.app.tell("Type a time of day such as 15:30.")
            return
        self.entry.put("")
        if self.screen.order("deadline", clock=time_words(minutes)):
            self.screen.did(f"The debrief must start by {time_words(minutes)}.")


def minutes_of(text: str) -> int | None:
    """Minutes since midnight of a time of day, ``None`` for what is none."""
    found = re.fullmatch(r"\s*(\d{1,2})[:.](\d\d)\s*", text)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return int(found[1]) * 60 + int(found[2])


def time_words(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
