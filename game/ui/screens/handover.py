"""Between two players: an opaque screen with nothing of the game on it, until the next one holds it down."""

from __future__ import annotations

from collections.abc import Callable

import pygame
from pygame import Rect

from game import theme
from game.ui.toolkit.layout import centred
from game.ui.toolkit.page import Key, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.widgets import button

HOLD_SECONDS = 0.7


class HandoverScreen(Screen):
    """Knows a seat's title and its team, and nothing else, so that nothing else can be on it."""

    name = "handover"
    keeps_time = False

    def __init__(
        self, app: Window, seat: str, team: str, ready: Callable[[], None], leave: Callable[[], None] | None = None
    ) -> None:
        """``ready`` is called when the seat's player has held on long enough; it closes the screen or opens another in
        its place. ``leave`` leaves the game.
        """
        super().__init__(app)
        self.seat, self.team, self.ready, self.leave = seat, team, ready, leave or app.pop
        self._since: float | None = None
        self._now = app.clock()

    def build(self, page: Page) -> None:
        box = centred(page.rect, page.u(640), page.u(330))
        page.panel(box, theme.PANEL, theme.SOFT, 12)
        inner = box.inflate(-page.u(60), -page.u(50))
        y = inner.y
        page.text(
            Rect(inner.x, y, inner.width, page.line(theme.HEAD)),
            "Pass the screen to",
            theme.HEAD,
            theme.SOFT,
            align="centre",
        )
        y += page.line(theme.HEAD) + page.u(8)
        name = Rect(inner.x, y, inner.width, page.line(theme.TITLE) * 2)
        y += page.words(name, self.seat, theme.TITLE, bold=True, align="centre", most=2)
        if self.team:
            team = Rect(inner.x, y, inner.width, page.line(theme.HEAD) * 2)
            page.words(team, self.team, theme.HEAD, theme.TEXT, align="centre", most=2)
        high = page.u(64)
        place = Rect(inner.x, inner.bottom - high, inner.width, high)
        button(
            page, "handover.hold", place, "Hold when ready", self._nothing, hotkey="Space", kind="go", hold=self._hold
        )
        out = Rect(page.rect.centerx - page.u(130), box.bottom + page.u(16), page.u(260), page.target)
        button(page, "handover.leave", out, "Leave the game (it is saved)", self.leave, kind="quiet", size=theme.BODY)
        part = self._part()
        if part > 0:
            page.fill(Rect(place.x, place.bottom + page.u(8), round(place.width * part), page.u(6)), theme.NOW, 3)

    def _nothing(self) -> None:
        """A click is not enough: it must be held."""

    def _part(self) -> float:
        return 0.0 if self._since is None else min(1.0, (self._now - self._since) / HOLD_SECONDS)

    def _hold(self, down: bool) -> None:
        self._since = (self._since if self._since is not None else self.app.clock()) if down else None
        self._now = self.app.clock()
        self.app.redraw()

    def key(self, key: Key) -> bool:
        """Space or Enter, held; nothing else does anything."""
        if key.code in (pygame.K_SPACE, pygame.K_RETURN, pygame.K_KP_ENTER):
            self._hold(True)
        return key.code not in (pygame.K_TAB, pygame.K_F9, pygame.K_F10)

    def released(self, key: Key) -> None:
        """Let go too early: from the start again."""
        if key.code in (pygame.K_SPACE, pygame.K_RETURN, pygame.K_KP_ENTER):
            self._hold(False)

    def tick(self, now: float) -> None:
        self._now = now
        if self._since is None:
            return
        self.app.redraw()
        if self._part() >= 1.0:
            self._since = None
            self.ready()

    def back(self) -> None:
        """There is no way back: whoever had the screen has given it away."""
