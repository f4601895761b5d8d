"""Loading: the latest autosaves, any file by its name, or one dropped on the window."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from pygame import Rect

from game import theme
from game.table import saved_games
from game.table.background import Reader
from game.table.settings import typed_path
from game.ui.screens.opening import take_up
from game.ui.toolkit.layout import from_bottom, from_right, from_top, inset
from game.ui.toolkit.page import Control, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Scroll, stack
from game.ui.toolkit.widgets import Entry, button, field


class LoadScreen(Screen):
    """What the files hold is read beside the list."""

    name = "load"

    def __init__(self, app: Window) -> None:
        super().__init__(app)
        self.paths = saved_games.autosaves(app.folder)
        self.file = Entry(limit=400)
        self.scroll = Scroll()
        self.files = Reader(self.paths, saved_games.describe)

    def tick(self, now: float) -> None:
        if self.files.fetch():
            self.app.redraw()

    def back(self) -> None:
        self.close()
        self.app.pop()

    def close(self) -> None:
        self.files.stop()

    def build(self, page: Page) -> None:
        body = inset(page.rect, page.u(28), page.u(20))
        width = min(body.width, page.u(980))
        body = Rect(body.x + (body.width - width) // 2, body.y, width, body.height)
        head, body = from_top(body, page.line(theme.TITLE), page.u(12))
        page.text(head, "Load a game", theme.TITLE, bold=True)
        foot, body = from_bottom(body, page.u(52), page.u(12))
        button(page, "load.back", Rect(foot.x, foot.y, page.u(180), foot.height), "Back", self.back, hotkey="Esc")
        line, body = from_bottom(body, page.line() + page.u(16), page.u(12))
        label, body = from_bottom(body, page.line(theme.BODY), page.u(4))
        page.text(label, "Another file: type its name, or drop it on the window", theme.BODY, theme.SOFT)
        go, line = from_right(line, page.u(120), page.u(8))
        field(
            page, "load.file", line, self.file, "The file's name", "for example games/session.yaml", submit=self._open
        )
        named = bool(self.file.value)
        button(page, "load.open", go, "Open", self._open, enabled=named, reason="type a file's name first")
        if not self.paths:
            page.words(
                body,
                f"No game has been saved yet. Autosaves go to {saved_games.folder(self.app.folder)}.",
                theme.STRONG,
                theme.SOFT,
            )
            return

        def tall(width: int) -> list[int]:
            return [self._tall(page, path, width) for path in self.paths]

        stack(page, body, self.scroll, tall, lambda n, place: self._row(page, place, self.paths[n]), page.u(8))

    def _told(self, path: Path) -> tuple[str, str, str]:
        saved = self.files.found.get(path)
        if saved is None:
            return saved_games.unread_title(path), "reading …", ""
        return saved.title, saved.detail, saved.fault or saved.note

    def _tall(self, page: Page, path: Path, width: int) -> int:
        _, detail, fault = self._told(path)
        inner = width - page.u(40)
        high = page.line(theme.HEAD) + page.tall(detail, inner, theme.BODY) + page.u(18)
        return high + (page.tall(fault, inner, theme.SMALL) if fault else 0)

    def _row(self, page: Page, rect: Rect, path: Path) -> None:
        title, detail, trouble = self._told(path)
        saved = self.files.found.get(path)
        enabled = saved is not None and not saved.fault
        reason = "still reading it" if saved is None else saved.fault
        identity = f"load.{path.name}"
        page.control(
            Control(identity, rect, f"{title}, {detail}", partial(take_up, self.app, path), enabled, reason, str(path))
        )
        page.fill(rect, page.warm(rect, theme.PANEL, theme.HOVER) if enabled else theme.PANEL, 8, theme.EDGE)
        page.ring(identity, rect, 8)
        inner = inset(rect, page.u(16), page.u(9))
        page.text(
            Rect(inner.x, inner.y, inner.width, page.line(theme.HEAD)),
            title,
            theme.HEAD,
            theme.TEXT if enabled else theme.SOFT,
            bold=True,
        )
        y = inner.y + page.line(theme.HEAD)
        y += page.words(Rect(inner.x, y, inner.width, inner.height), detail, theme.BODY, theme.SOFT)
        if trouble:
            page.words(Rect(inner.x, y, inner.width, inner.height), trouble, theme.SMALL, theme.WORSE)

    def _open(self) -> None:
        name = self.file.text.strip().strip('"')
        if name:
            take_up(self.app, typed_path(name))

    def dropped(self, path: Path) -> None:
        take_up(self.app, path)
