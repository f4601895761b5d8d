"""The view for a projector: what everybody may see, in type that is read from the back of a room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame
from pygame import Rect

from game import theme
from game.narrative.chronicle import ChronicleLine
from game.prose.numbers import month, number, signed
from game.table.clock import clock_words
from game.ui.board.log import NEWS, WHO
from game.ui.board.map_painter import MapPainter
from game.ui.board.map_view import fields_of
from game.ui.board.standing import TITLE, Score, change_words
from game.ui.board.tracks import change_colour
from game.ui.toolkit.layout import columns, from_bottom, from_left, from_right, from_top, inset
from game.ui.toolkit.page import Key, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Scroll, stack
from game.ui.toolkit.widgets import button

if TYPE_CHECKING:
    from game.ui.play.play_screen import PlayScreen

HUGE, BIG, LARGE = 36, 25, 20
"""Text sizes in a window of the usual size: the smallest that carries anything is 20."""
FULL, LEAST = 760, 0.7
"""With less height than this (which larger text brings) the sizes shrink, but no further than to this part."""
ROOM_FOR_MAP = 470
"""With less height than this between head and foot there is no map."""
TOLD = 3
"""Lines of what happened last."""


class ProjectorScreen(Screen):
    """Draws from everybody's sight alone. The game goes on behind it as far as bots can take it."""

    name = "projector"
    lets_through = False
    keeps_time = True

    def __init__(self, app: Window, play: PlayScreen) -> None:
        super().__init__(app)
        self.play, self.sitting = play, play.sitting
        self.painter = MapPainter()
        self.scrolls = {name: Scroll() for name in ("places", "world", "seats")}
        self.part = 1.0
        self.huge, self.big, self.large = float(HUGE), float(BIG), float(LARGE)

    # -------------------------------------------------------------------------------------- drawing

    def build(self, page: Page) -> None:
        self.part = max(LEAST, min(1.0, page.room[1] / FULL))
        self.huge, self.big, self.large = (size * self.part for size in (HUGE, BIG, LARGE))
        body = inset(page.rect, page.u(18), page.u(12))
        head, body = from_top(body, page.line(self.huge) + page.line(self.big), page.u(10))
        self._head(page, head)
        lines = self._latest()
        if lines:
            tall = page.line(self.large) + page.u(4)
            foot, body = from_bottom(body, min(len(lines), TOLD) * tall + page.u(14), page.u(10))
            self._foot(page, foot, lines, tall)
        left, right = columns(body, (63, 37), page.u(12))
        if self.sitting.board.places is None or self.sitting.board.shares is None:
            right = body
        else:
            self._places(page, left)
        self._tracks(page, right)

    def _head(self, page: Page, rect: Rect) -> None:
        game, seat = self.sitting.game, self.sitting.seat
        back, rest = from_right(rect, page.u(96), page.u(12))
        button(page, "projector.back", Rect(back.x, back.y, back.width, page.line(self.huge)), "Back", self.app.pop,
               hotkey="F9", kind="quiet", size=theme.BODY)  # fmt: skip
        if self.sitting.timer and seat is not None and self.sitting.chairs[seat].human:
            clock = self.play.turns.clock
            label = "Time is up" if clock.remaining <= 0 else clock_words(clock.remaining)
            width = page.width("00:00", self.huge, True) + page.u(30)
            spot, rest = from_right(rest, max(width, page.width(label, self.huge, True) + page.u(20)), page.u(12))
            colour = theme.WARN if clock.remaining <= 60 else theme.TEXT
            page.text(
                Rect(spot.x, spot.y, spot.width, page.line(self.huge)),
                label,
                self.huge,
                colour,
                bold=True,
                align="right",
            )
            if clock.paused:
                under = Rect(spot.x, spot.bottom - page.line(self.big), spot.width, page.line(self.big))
                page.text(under, "paused", self.big, theme.SOFT, align="right")
        upper = Rect(rest.x, rest.y, rest.width, page.line(self.huge))
        page.text(upper, f"Round {game.round} of {game.scenario.rounds}  ·  {month(game.date)}", self.huge, bold=True)
        lower = Rect(rest.x, upper.bottom, rest.width, page.line(self.big))
        if seat is None:
            page.text(lower, "The game is over", self.big, theme.NOW, bold=True)
            return
        mark = self.sitting.board.marks[seat]
        page.shape(mark, (lower.x + page.u(12), lower.centery), 22)
        text = Rect(lower.x + page.u(32), lower.y, lower.width - page.u(32), lower.height)
        colour = theme.readable(mark.colour, theme.NIGHT)
        page.text(text, f"To move: {self.sitting.who(seat)}", self.big, colour, bold=True)

    def _places(self, page: Page, rect: Rect) -> None:
        """Each region: its name, its shares as a bar and as numbers; the map above where there is room."""
        board, sight = self.sitting.board, self.sitting.sight(None)
        page.panel(rect, theme.SEA)
        inner = inset(rect, page.u(12), page.u(8))
        places, sides = board.layout.elements(board.places or ""), board.layout.elements(board.sides or "")
        across = 2 if rect.height > page.u(ROOM_FOR_MAP * self.part) else 1
        rows = -(-len(places) // across)
        each = page.line(self.large) + page.u(12)
        key, inner = from_top(inner, page.line(self.large), page.u(4))
        self._key(page, key, sides)
        if across == 2:
            table, picture = from_bottom(inner, rows * (each + page.u(4)), page.u(8))
            fields = fields_of(board, sight.values)
            page.picture(self.painter.picture(picture.size, fields), picture.topleft)
        else:
            table = inner

        def row(n: int, place: Rect) -> None:
            for cell, at in zip(columns(place, [1] * across, page.u(18)), range(n, len(places), rows), strict=False):
                self._place(page, cell, places[at], sides)

        stack(page, table, self.scrolls["places"], [each] * rows, row, page.u(4), passive=True)

    def _key(self, page: Page, rect: Rect, sides: tuple[str, ...]) -> None:
        board = self.sitting.board
        track = board.book.tracks[board.shares or ""]
        unit = f", {track.unit}" if track.unit else ""
        x = page.text(rect, f"{track.title}{unit}:", self.large, theme.SOFT).right + page.u(16)
        for side in sides:
            title = board.element_title(board.sides or "", side)
            width = page.width(title, self.large)
            if x + width + page.u(24) > rect.right:
                break
            page.shape(board.side_mark(side), (x + page.u(9), rect.centery), 17)
            page.text(Rect(x + page.u(22), rect.y, width, rect.height), title, self.large)
            x += width + page.u(40)

    def _place(self, page: Page, rect: Rect, place: str, sides: tuple[str, ...]) -> None:
        board, sight = self.sitting.board, self.sitting.sight(None)
        values = [(side, sight.value(board.shares or "", side, place) or 0) for side in sides]
        titles = [board.element_title(board.places or "", each) for each in board.layout.elements(board.places or "")]
        chip = page.width("00", self.large, True) + page.u(28)
        numbers, rest = from_right(rect, chip * len(sides), page.u(6))
        longest = max(page.width(title, self.large, True) for title in titles)
        name, lane = from_left(rest, longest + page.u(4), page.u(8))
        page.text(name, board.element_title(board.places or "", place), self.large, bold=True)
        if lane.width >= page.u(60):
            bar = Rect(lane.x, lane.centery - page.u(9), lane.width, page.u(18))
            page.fill(bar, theme.BAR)
            left, right = bar.x, bar.right
            for n, (side, value) in enumerate(values):
                width = round(bar.width * value / 100)
                last = n == len(values) - 1 and n > 0
                piece = Rect(right - width if last else left, bar.y, width, bar.height)
                page.bar(piece, board.side_mark(side), 1.0, None)
                left += 0 if last else width
        for n, (side, value) in enumerate(values):
            spot = Rect(numbers.x + n * chip, numbers.y, chip, numbers.height)
            page.shape(board.side_mark(side), (spot.x + page.u(8), spot.centery), 15)
            colour = theme.readable(board.side_mark(side).colour, theme.SEA)
            text = Rect(spot.x + page.u(18), spot.y, spot.width - page.u(18), spot.height)
            page.text(text, number(value), self.large, colour, bold=True)

    def _tracks(self, page: Page, rect: Rect) -> None:
        """The world's tracks in large numbers, then the seats with their points."""
        page.panel(rect)
        inner = inset(rect, page.u(16), page.u(8))
        found = self.play.table.standing
        seats = self.sitting.game.seats
        each = page.line(self.large) + page.u(8)
        if found:
            table, inner = from_bottom(
                inner, min(len(seats) * each + page.line(self.large), round(inner.height * 0.55)), page.u(6)
            )
            head, table = from_top(table, page.line(self.large))
            page.fill(Rect(head.x, head.y - page.u(4), head.width, 1), theme.EDGE)
            page.text(head, TITLE, self.large, theme.SOFT)
            stack(page, table, self.scrolls["seats"], [each] * len(found),
                  lambda n, place: self._seat(page, place, found[n]), passive=True)  # fmt: skip
        sight, board = self.sitting.sight(None), self.sitting.board
        names = [t for t in self.play.table.world_names() if t in board.told_aloud and sight.value(t) is not None]
        # The largest type in which all of them fit: what is not shown from afar is not known to the room.
        for size in (self.big, self.large, theme.BODY, theme.SMALL):
            high = page.line(size) + page.u(2 if size < self.big else 6)
            if high * len(names) <= inner.height:
                break
        label = min(size, self.large)

        def row(n: int, place: Rect) -> None:
            track = board.book.tracks[names[n]]
            value, changed = sight.value(names[n]) or 0, sight.changed.get((names[n], ()), 0)
            change = f"{'▲' if changed > 0 else '▼'} {signed(changed)}" if changed else ""
            spot, rest = from_right(place, page.width("▲ +00", label) + page.u(8))
            page.text(spot, change, label, change_colour(changed, track.good), align="right")
            said = ("no", "yes")[value] if (track.low, track.high) == (0, 1) else number(value)
            spot, rest = from_right(rest, page.width(said, size, True), page.u(6))
            page.text(spot, said, size, bold=True, align="right")
            page.text(rest, track.title, label, theme.SOFT)

        stack(page, inner, self.scrolls["world"], [high] * len(names), row, passive=True)

    def _seat(self, page: Page, rect: Rect, stand: Score) -> None:
        mark, title = self.sitting.board.marks[stand.seat], self.sitting.board.seat_title(stand.seat)
        place, rest = from_left(rect, page.width("=2nd", self.large) + page.u(6), page.u(6))
        page.text(place, stand.rank, self.large, theme.SOFT)
        page.shape(mark, (rest.x + page.u(10), rest.centery), 18)
        spot, rest = from_right(rest, page.width("▲ +00", self.large) + page.u(4))
        page.text(spot, change_words(stand.change), self.large, change_colour(stand.change or 0, "up"), align="right")
        spot, rest = from_right(rest, page.width("000", self.large, True), page.u(6))
        page.text(spot, number(stand.score), self.large, bold=True, align="right")
        name = Rect(rest.x + page.u(28), rest.y, rest.width - page.u(28), rest.height)
        page.text(name, title, self.large, theme.readable(mark.colour, theme.PANEL), bold=True)

    def _latest(self) -> list[ChronicleLine]:
        lines = [line for line in self.sitting.sight(None).lines if line.kind in ("move", *NEWS)]
        return lines[: -TOLD - 1 : -1]

    def _foot(self, page: Page, rect: Rect, lines: list[ChronicleLine], tall: int) -> None:
        page.panel(rect)
        inner = inset(rect, page.u(14), page.u(7))
        for n, line in enumerate(lines):
            place = Rect(inner.x, inner.y + n * tall, inner.width, tall)
            board = self.sitting.board
            colour: theme.Colour = theme.WARN
            who = WHO.get(line.kind, "")
            x = place.x
            if line.seat is not None:
                mark = board.marks[line.seat]
                page.shape(mark, (x + page.u(9), place.centery), 17)
                x += page.u(26)
                colour, who = theme.readable(mark.colour, theme.PANEL), board.seat_title(line.seat)
            used = page.text(Rect(x, place.y, place.width // 2, place.height), f"{who}:", self.large, colour, bold=True)
            x = used.right + page.u(10)
            page.text(Rect(x, place.y, place.right - x, place.height), line.title, self.large)

    # ----------------------------------------------------------------------------------------- keys

    def key(self, key: Key) -> bool:
        """F9 goes back, F10 to the facilitator's screen."""
        if key.code == pygame.K_F9:
            self.app.pop()
        elif key.code == pygame.K_F10:
            self.app.pop()
            self.play.under(key)
        else:
            return False
        return True

    def first_focus(self) -> str | None:
        """Nothing: there is nothing to press but the way back."""
        return None
