"""Where to take the game back to: every move of the line by rounds, and the ends of lines that were left."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pygame
from pygame import Rect

from game import theme
from game.ui.screens.sheet import Choice, Sheet
from game.ui.toolkit.layout import centred, from_bottom, from_top, inset
from game.ui.toolkit.page import Control, Key, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Piece, Scroll, move, stack
from game.ui.toolkit.widgets import button

if TYPE_CHECKING:
    from game.ui.facilitator.facilitator_screen import FacilitatorScreen


class RewindScreen(Screen):
    """A list, the latest move first; what is chosen is asked about once."""

    name = "rewind"
    over = True
    lets_through = False
    keeps_time = False

    def __init__(self, app: Window, screen: FacilitatorScreen) -> None:
        super().__init__(app)
        self.screen, self.sitting = screen, screen.sitting
        self.scroll = Scroll()

    def build(self, page: Page) -> None:
        box = centred(page.rect, page.u(760), page.rect.height - page.u(40))
        page.fill(box, theme.PANEL, 10, theme.SOFT)
        inner = inset(box, page.u(20), page.u(16))
        top, inner = from_top(inner, page.line(theme.HEAD) + page.line(theme.SMALL), page.u(8))
        page.text(Rect(top.x, top.y, top.width, page.line(theme.HEAD)), "Take the game back", theme.HEAD, bold=True)
        note = "Press a move to stand right before it. What is left behind stays in the record."
        page.text(Rect(top.x, top.bottom - page.line(theme.SMALL), top.width, page.line(theme.SMALL)), note,
                  theme.SMALL, theme.SOFT)  # fmt: skip
        bottom, inner = from_bottom(inner, page.u(48), page.u(10))
        button(page, "rewind.cancel", bottom, "Cancel", self.app.pop, hotkey="Esc")
        rows = self._rows()
        line, gap = page.target, page.u(4)
        heights = [page.line(theme.SMALL) + page.u(4) if not identity else line for identity, *_ in rows]
        stack(page, inner, self.scroll, heights, lambda n, place: self._row(page, place, *rows[n]), gap)

    def _rows(self) -> list[tuple[str, str, str | None, int]]:
        """Identity, text, seat and goal of each row; headings have no identity."""
        hand = self.sitting.facilitation
        rows: list[tuple[str, str, str | None, int]] = []
        left = hand.given_up()
        if left:
            rows.append(("", "Lines that were left", None, 0))
        for end, moves in left:
            last = hand.title(self.sitting.record.node(end), secrets=self.screen.secrets)
            rows.append((f"rewind.line.{end}", f"{moves} moves, the last: {last}", None, end))
        shown = 0
        for stop in hand.stops(secrets=self.screen.secrets):
            if stop.round != shown:
                shown = stop.round
                rows.append(("", f"Round {shown}", None, 0))
            who = self.sitting.board.seat_title(stop.seat) if stop.seat is not None else "Facilitator"
            rows.append((f"rewind.to.{stop.to}", f"{who}: {stop.title}", stop.seat, stop.to))
        return rows

    def _row(self, page: Page, rect: Rect, identity: str, text: str, seat: str | None, to: int) -> None:
        if not identity:
            page.text(rect, text, theme.SMALL, theme.SOFT, bold=True)
            return
        page.control(Control(identity, rect, text, partial(self._ask, text, to)))
        page.fill(rect, page.warm(rect, theme.RAISED, theme.HOVER), 5, theme.EDGE)
        page.ring(identity, rect)
        x = rect.x + page.u(10)
        if seat is not None:
            page.shape(self.sitting.board.marks[seat], (x + page.u(7), rect.centery), 13)
        page.text(Rect(x + page.u(22), rect.y, rect.right - x - page.u(30), rect.height), text, theme.BODY)

    def _ask(self, text: str, to: int) -> None:
        pieces = [
            Piece(text, theme.BODY, theme.TEXT, True),
            Piece("Same luck: the same moves bring the same dice and the same news again.", gap=8),
            Piece("New luck: other dice, and the cards that have not come are shuffled.", gap=4),
        ]
        choices = [
            Choice("stay", "Cancel", hotkey="Esc"),
            Choice("new", "New luck", partial(self._go, to, "new"), "danger"),
            Choice("same", "Same luck", partial(self._go, to, "same"), "danger"),
        ]
        self.app.push(Sheet(self.app, "Take the game back to here?", pieces, choices, 560))

    def _go(self, to: int, luck: str) -> None:
        receipt = self.screen.play.turns.order("rewind", to=to, luck=luck)
        if not receipt.ok:
            self.app.tell(f"The game cannot be taken there: {receipt.sentence}")
            return
        self.app.pop()
        self.screen.taken_back()
        self.screen.did(f"The game stands in round {self.sitting.game.round}, as chosen.")

    def key(self, key: Key) -> bool:
        step = {pygame.K_PAGEUP: -8, pygame.K_PAGEDOWN: 8}.get(key.code, 0)
        if step:
            move(self.scroll, step)
        return bool(step)
