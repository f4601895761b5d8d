"""While something takes a second or two: says what, beside the work in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pygame import Rect

from game import theme
from game.table.background import Background
from game.ui.screens.sheet import Sheet
from game.ui.toolkit.page import Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Piece


class Busy(Screen):
    """Runs ``work``; gives what it returned to ``done``, or shows the sentence of its error on a sheet."""

    name = "busy"
    lets_through = False
    keeps_time = False

    def __init__(
        self,
        app: Window,
        sentence: str,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        trouble: str = "That failed",
    ) -> None:
        super().__init__(app)
        self.sentence, self.trouble, self.done = sentence, trouble, done
        self.began = app.clock()
        self.work: Background[Any] = Background(lambda _: work())

    def build(self, page: Page) -> None:
        dots = "." * (1 + int((self.app.clock() - self.began) * 3) % 3)
        line = Rect(page.rect.x, page.rect.centery - page.line(theme.HEAD), page.rect.width, page.line(theme.HEAD))
        page.text(line, self.sentence, theme.HEAD, align="centre")
        page.text(line.move(0, line.height), dots, theme.HEAD, theme.SOFT, align="centre")

    def tick(self, now: float) -> None:
        self.app.redraw()
        if self.work.running:
            return
        self.app.pop()
        if self.work.fault:
            self.app.push(Sheet(self.app, self.trouble, [Piece(self.work.fault)]))
        else:
            self.done(self.work.result)

    def back(self) -> None:
        """It cannot be stopped half-way."""
