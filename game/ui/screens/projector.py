"""The view for a projector: what everybody may see, in type that is read from the back of a room."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pygame
from pygame import Rect

from game import theme
from game.narrative.chronicle import ChronicleLine
from game.prose.numbers import month, number
from game.table.clock import clock_words
from game.theme import Scale
from game.ui.board.log import NEWS, WHO
from game.ui.board.map_painter import MapPainter
from game.ui.board.map_pieces import Label, draw_names, drawn_places, fields_of, shares_at
from game.ui.board.standing import change_tone, turn_order
from game.ui.toolkit.layout import columns, from_bottom, from_right, from_top, inset
from game.ui.toolkit.page import Key, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.widgets import button

if TYPE_CHECKING:
    from game.ui.play.play_screen import PlayScreen

HUGE, BIG, LARGE = 36, 26, 21
"""Text sizes in a window of the usual size: the smallest that carries anything is 21."""
FULL, LEAST = 760, 0.7
"""With less height than this (which larger text brings) the sizes shrink, but no further than to this part."""
NAMES = 1.15
"""How much larger the names on the map are than at the table."""
TOLD = 2
"""Lines of what happened last."""
PAGE_SECONDS, RESULT_SECONDS = 8.0, 15.0
"""How long a page of the world's tracks is shown, and the page of a round that is over."""


class ProjectorScreen(Screen):
    """Draws from everybody's sight alone. The game goes on behind it as far as bots can take it.

    A round that ends is played out here too, and its page shown for a while.
    """

    name = "projector"
    lets_through = False
    keeps_time = True

    def __init__(self, app: Window, play: PlayScreen, *, alone: bool = False, round_page: bool = False) -> None:
        """Show a game.

        Args:
            app: The window.
            play: The game's screen.
            alone: In a window of its own, where nothing can be pressed.
            round_page: The last round's page comes first.
        """
        super().__init__(app)
        self.play, self.sitting, self.alone = play, play.sitting, alone
        self.painter = MapPainter()
        self.part = 1.0
        self.huge, self.big, self.large = float(HUGE), float(BIG), float(LARGE)
        self.page = 0
        self._turned = app.clock()
        self._round = self.sitting.game.round
        self._inner: Screen | None = None
        self._until = 0.0
        if round_page:
            self._result()

    # ------------------------------------------------------------------------------------------ time

    def tick(self, now: float) -> None:
        """Turn the pages of the world's tracks; play out a round that has ended, then show its page for a while."""
        round_, settings = self.sitting.game.round, self.app.settings
        if round_ != self._round:
            passed, self._round = round_ == self._round + 1, round_
            self._inner = self.app.make("interlude", self.sitting, round_ - 1) if passed else None
            if passed and self.sitting.board.places is not None and settings.world_turn != "off":
                self._inner = self.app.make("world-turn", self.sitting, round_ - 1, then=self._result)
            self._until = now + RESULT_SECONDS
            self.app.redraw()
        if self._inner is not None:
            self._inner.tick(now)
            if self._inner is not None and self._inner.name == "interlude" and now >= self._until:
                self._inner = None
                self.app.redraw()
        elif now - self._turned >= PAGE_SECONDS:
            self._turned, self.page = now, self.page + 1
            self.app.redraw()

    def _result(self) -> None:
        """Show the page of the round whose turn has been played out."""
        self._inner = self.app.make("interlude", self.sitting, self.sitting.game.round - 1)
        self._until = self.app.clock() + RESULT_SECONDS
        self.app.redraw()

    # -------------------------------------------------------------------------------------- drawing

    def build(self, page: Page) -> None:
        if self._inner is not None:
            self._inner.build(page)
            return
        self.part = max(LEAST, min(1.0, page.room[1] / FULL))
        self.huge, self.big, self.large = (size * self.part for size in (HUGE, BIG, LARGE))
        body = inset(page.rect, page.u(14), page.u(8))
        head, body = from_top(body, page.line(self.huge), page.u(8))
        self._head(page, head)
        strip, body = from_top(body, page.line(self.big) + page.line(self.large) + page.u(10), page.u(8))
        self._seats(page, strip)
        lines = self._latest()
        if lines:
            tall = page.line(self.large) + page.u(4)
            foot, body = from_bottom(body, min(len(lines), TOLD) * tall + page.u(10), page.u(8))
            self._foot(page, foot, lines, tall)
        if self.sitting.board.places is None or self.sitting.board.shares is None:
            self._tracks(page, body)
            return
        left, right = columns(body, (76, 24), page.u(10))
        self._map(page, left)
        self._tracks(page, right)

    def _head(self, page: Page, rect: Rect) -> None:
        game, seat, rest = self.sitting.game, self.sitting.seat, rect
        if not self.alone:
            back, rest = from_right(rect, page.u(96), page.u(12))
            button(page, "projector.back", back, "Back", self.app.pop, hotkey="F9", kind="quiet", size=theme.BODY)
        if self.sitting.timer and seat is not None and self.sitting.chairs[seat].human:
            clock = self.play.turns.clock
            label = "Time is up" if clock.remaining <= 0 else clock_words(clock.remaining)
            label = f"{label} · paused" if clock.paused else label
            spot, rest = from_right(rest, page.width(label, self.huge, True) + page.u(8), page.u(12))
            tone = theme.WARN if clock.remaining <= 60 else theme.TEXT
            page.text(spot, label, self.huge, tone, bold=True, align="right")
        used = page.text(rest, f"Round {game.round} of {game.scenario.rounds}", self.huge, bold=True)
        rest = Rect(used.right + page.u(18), rest.y, rest.right - used.right - page.u(18), rest.height)
        if seat is None:
            page.text(rest, "The game is over", self.big, theme.TEXT, bold=True)
            return
        used = page.text(rest, month(game.date), self.big, theme.SOFT)
        rest = Rect(used.right + page.u(24), rest.y, rest.right - used.right - page.u(24), rest.height)
        mark = self.sitting.board.marks[seat]
        page.shape(mark, (rest.x + page.u(12), rest.centery), 22)
        text = Rect(rest.x + page.u(32), rest.y, rest.width - page.u(32), rest.height)
        page.text(text, self.sitting.who(seat), self.big, mark.colour, bold=True)

    def _seats(self, page: Page, rect: Rect) -> None:
        """A plate a seat in the order of this round's turns: name, score, rank, change."""
        board, stands = self.sitting.board, {each.seat: each for each in self.play.table.standing}
        order = turn_order(self.sitting)
        for seat, plate in zip(order, columns(rect, [1] * len(order), page.u(8)), strict=True):
            mark, stand, now = board.marks[seat], stands.get(seat), seat == self.sitting.seat
            page.fill(
                plate, theme.RAISED if now else theme.PANEL, 8, mark.colour if now else theme.EDGE, 3 if now else 1
            )
            inner = inset(plate, page.u(12), page.u(5))
            upper, lower = from_top(inner, page.line(self.large))
            page.shape(mark, (upper.x + page.u(9), upper.centery), 18)
            name = Rect(upper.x + page.u(24), upper.y, upper.width - page.u(24), upper.height)
            page.text(name, board.seat_title(seat), self.large, mark.colour, bold=True)
            used = page.text(lower, number(stand.score) if stand else "–", self.big, bold=True)
            if stand is None:
                continue
            said = f"{stand.rank} {_arrow(stand.change or 0)}".strip()
            rest = Rect(used.right + page.u(8), lower.y, lower.right - used.right - page.u(8), lower.height)
            size = self.large if page.width(said, self.large) <= rest.width else self.large * 0.8
            page.text(rest, said, size, change_tone(stand.change), align="right")

    def _map(self, page: Page, rect: Rect) -> None:
        """The map as at the table, its names in larger type."""
        board, values = self.sitting.board, self.sitting.sight(None).values
        page.picture(self.painter.picture(rect.size, fields_of(board, values)), rect.topleft)
        labels = {
            place: Label(board.element_title(board.places or "", place), shares_at(board, values, place))
            for place in drawn_places(board)
        }
        larger = replace(page, scale=Scale(page.scale.size, page.scale.text * NAMES * self.part))
        draw_names(larger, rect, self.painter, labels)

    def _tracks(self, page: Page, rect: Rect) -> None:
        """The world's tracks in large type, what moved most first; further ones on pages that turn by themselves."""
        page.panel(rect, radius=10)
        inner = inset(rect, page.u(14), page.u(8))
        sight, board = self.sitting.sight(None), self.sitting.board
        weigh = self.sitting.chronicle.relevance.weigh
        names = [t for t in self.play.table.world_names() if t in board.told_aloud and sight.value(t) is not None]
        names.sort(key=lambda name: -weigh(name, abs(sight.changed.get((name, ()), 0))))
        high = page.line(self.large) + page.line(self.big) + page.u(8)
        each = max(1, (inner.height - page.line(self.large)) // high)
        pages = max(1, -(-len(names) // each))
        at = self.page % pages
        for n, name in enumerate(names[at * each : (at + 1) * each]):
            place = Rect(inner.x, inner.y + n * high, inner.width, high)
            self._track(page, place, name)
        if pages > 1:
            foot, _ = from_bottom(inner, page.line(self.large))
            page.text(foot, f"page {at + 1} of {pages}", self.large * 0.8, theme.SOFT, align="right")

    def _track(self, page: Page, rect: Rect, name: str) -> None:
        sight, track = self.sitting.sight(None), self.sitting.board.book.tracks[name]
        value, changed = sight.value(name) or 0, sight.changed.get((name, ()), 0)
        upper, lower = from_top(rect, page.line(self.large))
        fits = page.width(track.title, self.large) <= upper.width
        page.text(upper, track.title, self.large if fits else self.large * 0.8, theme.SOFT)
        said = ("no", "yes")[value] if (track.low, track.high) == (0, 1) else number(value)
        used = page.text(lower, said, self.big, bold=True, middle=False)
        rest = Rect(used.right + page.u(10), lower.y, lower.right - used.right - page.u(10), page.line(self.big))
        good = {"up": changed, "down": -changed}.get(track.good, 0)
        page.text(rest, _arrow(changed), self.large, change_tone(good), bold=True)

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
        """F9 goes back, F10 to the facilitator's screen; any key ends what is shown of a round."""
        if self._inner is not None and key.code not in (pygame.K_F9, pygame.K_F10):
            self._inner = None
            self.app.redraw()
        elif key.code == pygame.K_F9:
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


def _arrow(change: int) -> str:
    """Return a change as an arrow and how much; nothing for none."""
    return f"{'▲' if change > 0 else '▼'}{abs(change)}" if change else ""
