"""Asks for a PIN: digits on the screen to click, or on the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pygame

from game import theme
from game.table.pins import LONGEST, Lock
from game.ui.toolkit.layout import centred, columns, from_bottom, from_top, inset, rows
from game.ui.toolkit.page import Key, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.widgets import Entry, button, field

PAD = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "⌫", "0", "OK")


class PinScreen(Screen):
    """Opaque, with nothing of the game on it. ``opened_lock`` is called when the PIN is right."""

    name = "pin"
    lets_through = False
    keeps_time = False

    def __init__(self, app: Window, title: str, lock: Lock, opened_lock: Callable[[], None]) -> None:
        """``title`` says whose PIN."""
        super().__init__(app)
        self.title, self.lock, self.opened_lock = title, lock, opened_lock
        self.entry = Entry(limit=LONGEST, digits=True, secret=True)
        self.told = ""
        self._second = 0

    def build(self, page: Page) -> None:
        box = centred(page.rect, page.u(420), page.u(500))
        page.panel(box, theme.PANEL, theme.SOFT, 12)
        inner = inset(box, page.u(36), page.u(24))
        high = page.tall(self.title, inner.width, theme.HEAD, True)
        head, inner = from_top(inner, high, page.u(10))
        page.words(head, self.title, theme.HEAD, bold=True, align="centre")
        line, inner = from_top(inner, page.line() + page.u(18), page.u(4))
        field(page, "pin.entry", line, self.entry, "PIN", "digits", submit=self._try)
        said, inner = from_top(inner, page.line(theme.BODY), page.u(8))
        page.text(said, self._said(), theme.BODY, theme.WORSE, align="centre")
        foot, inner = from_bottom(inner, page.line() + page.u(20), page.u(10))
        button(page, "pin.back", centred(foot, page.u(160), foot.height), "Back", self.app.pop, hotkey="Esc",
               size=theme.BODY)  # fmt: skip
        for n, row in enumerate(rows(inner, (1, 1, 1, 1), page.u(8))):
            for m, place in enumerate(columns(row, (1, 1, 1), page.u(8))):
                label = PAD[3 * n + m]
                good = label != "OK" or bool(self.entry.text)
                name = {"⌫": "delete", "OK": "ok"}.get(label, label)
                tip = "Take the last digit back" if label == "⌫" else ""
                button(
                    page, f"pin.{name}", place, label, partial(self._pad, label), size=theme.HEAD, tip=tip,
                    kind="go" if label == "OK" else "plain", enabled=good, reason="type the PIN first",
                )  # fmt: skip

    def _said(self) -> str:
        waits = self.lock.waits(self.app.clock())
        return f"Wrong three times: wait {waits} s" if waits else self.told

    def _pad(self, label: str) -> None:
        self.told = ""
        if label == "OK":
            self._try()
        elif label == "⌫":
            self.entry.key(Key(pygame.K_BACKSPACE))
        else:
            self.entry.type(label)

    def _try(self) -> None:
        if not self.entry.text:
            return
        good = self.lock.opens(self.entry.text, self.app.clock())
        self.entry.put("")
        self.told = "" if good else "That is not the PIN."
        if good:
            self.opened_lock()

    def tick(self, now: float) -> None:
        if self.lock.waits(now) != self._second:
            self._second = self.lock.waits(now)
            self.app.redraw()

    def first_focus(self) -> str | None:
        return "pin.entry"
