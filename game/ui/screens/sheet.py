"""A sheet over the screen: a title, running text and buttons. For questions, explanations and details."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import pygame
from pygame import Rect

from game import theme
from game.ui.toolkit.layout import centred, from_bottom, from_top, inset
from game.ui.toolkit.page import Key, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import BAR_WIDTH, Piece, Scroll, move, running_text
from game.ui.toolkit.widgets import button


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of a sheet. It closes the sheet first, then does its thing."""

    id: str
    label: str
    press: Callable[[], None] | None = None
    kind: str = "plain"
    hotkey: str = ""
    key: int = 0
    enabled: bool = True
    reason: str = ""


class Sheet(Screen):
    """A sheet as tall as its text, at most as tall as the window. Escape closes it."""

    name = "sheet"
    over = True

    def __init__(
        self, app: Window, title: str, pieces: Sequence[Piece], choices: Sequence[Choice] = (), width: float = 620
    ) -> None:
        super().__init__(app)
        self.title, self.pieces, self.width = title, list(pieces), width
        self.choices = list(choices) or [Choice("close", "Close", kind="go", hotkey="Esc")]
        self.scroll = Scroll()

    def build(self, page: Page) -> None:
        pad, gap = page.u(22), page.u(8)
        width = min(page.u(self.width), page.rect.width - page.u(48))
        inner = width - 2 * pad
        head = page.tall(self.title, inner, theme.HEAD, True)
        text = self._tall(page, inner)
        rows = self._rows(page, inner)
        high = page.line(theme.STRONG) + page.line(theme.SMALL) + page.u(14)
        foot = len(rows) * (high + gap) - gap
        whole = pad * 2 + head + page.u(10) + text + page.u(16) + foot
        box = centred(page.rect, width, min(whole, page.rect.height - page.u(24)))
        page.fill(box, theme.PANEL, 10, theme.SOFT)
        body = inset(box, pad, pad)
        top, body = from_top(body, head, page.u(10))
        page.words(top, self.title, theme.HEAD, bold=True)
        bottom, body = from_bottom(body, foot, page.u(16))
        running_text(page, body, self.scroll, self.pieces)
        y = bottom.y
        for row in rows:
            each = (inner - gap * (len(row) - 1)) // len(row)
            for n, choice in enumerate(row):
                place = Rect(bottom.x + n * (each + gap), y, each, high)
                button(
                    page, f"sheet.{choice.id}", place, choice.label, partial(self._do, choice), kind=choice.kind,
                    hotkey=choice.hotkey, enabled=choice.enabled, reason=choice.reason,
                )  # fmt: skip
            y += high + gap

    def _tall(self, page: Page, width: int) -> int:
        room = width - page.u(BAR_WIDTH) - page.u(8)
        found = 0
        for n, piece in enumerate(self.pieces):
            found += page.u(piece.gap) if n and piece.gap else 0
            found += len(page.lines(piece.text, room - page.u(piece.indent), piece.size, piece.bold)) * page.line(
                piece.size
            )
        return found

    def _rows(self, page: Page, width: int) -> list[list[Choice]]:
        """The buttons in as few rows as their labels allow."""
        widest = max(
            max(page.width(c.label, theme.STRONG, True), page.width(c.hotkey or c.reason, theme.SMALL))
            for c in self.choices
        )
        across = max(1, min(len(self.choices), width // (widest + page.u(32))))
        return [self.choices[n : n + across] for n in range(0, len(self.choices), across)]

    def _do(self, choice: Choice) -> None:
        if choice.enabled:
            self.app.pop()
            if choice.press is not None:
                choice.press()

    def key(self, key: Key) -> bool:
        for choice in self.choices:
            if choice.key and key.code == choice.key:
                self._do(choice)
                return True
        step = {pygame.K_PAGEUP: -10, pygame.K_PAGEDOWN: 10}.get(key.code, 0)
        if step:
            move(self.scroll, step)
        return bool(step)

    def first_focus(self) -> str | None:
        """The last button: the one that goes on."""
        enabled = [choice for choice in self.choices if choice.enabled]
        return f"sheet.{enabled[-1].id}" if enabled else None
