"""A list to pick one thing from, each with a sentence about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from pygame import Rect

from game import theme
from game.ui.toolkit.layout import centred, from_bottom, from_top, inset
from game.ui.toolkit.page import Control, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Scroll, stack
from game.ui.toolkit.widgets import button


class Picker(Screen):
    """``items`` are titles with sentences; the number of the one picked goes to ``done``."""

    name = "picker"
    over = True

    def __init__(
        self, app: Window, title: str, items: Sequence[tuple[str, str]], chosen: int, done: Callable[[int], None]
    ) -> None:
        super().__init__(app)
        self.title, self.items, self.chosen, self.done = title, list(items), chosen, done
        self.scroll = Scroll(max(0, chosen - 2))

    def build(self, page: Page) -> None:
        pad = page.u(20)
        width = min(page.u(640), page.rect.width - page.u(40))
        heights = [self._tall(page, text, width - 2 * pad) for _, text in self.items]
        head, foot, gap = page.line(theme.HEAD), page.u(50), page.u(6)
        whole = 2 * pad + head + page.u(10) + sum(heights) + gap * len(heights) + page.u(12) + foot
        box = centred(page.rect, width, min(whole, page.rect.height - page.u(30)))
        page.fill(box, theme.PANEL, 10, theme.SOFT)
        inner = inset(box, pad, pad)
        top, inner = from_top(inner, head, page.u(10))
        page.text(top, self.title, theme.HEAD, bold=True)
        bottom, inner = from_bottom(inner, foot, page.u(12))
        button(page, "picker.cancel", bottom, "Cancel", self.app.pop, hotkey="Esc")
        stack(page, inner, self.scroll, heights, lambda n, place: self._row(page, place, n), gap)

    def _tall(self, page: Page, text: str, width: int) -> int:
        return page.line(theme.STRONG) + page.tall(text, width - page.u(40), theme.SMALL) + page.u(10)

    def _row(self, page: Page, rect: Rect, n: int) -> None:
        title, text = self.items[n]
        identity = f"picker.{n}"
        page.control(Control(identity, rect, f"{title}. {text}", partial(self._pick, n)))
        chosen = n == self.chosen
        page.fill(
            rect,
            theme.HOVER if page.pointed(rect) else theme.RAISED,
            6,
            theme.ACCENT if chosen else theme.EDGE,
            2 if chosen else 1,
        )
        page.ring(identity, rect)
        inner = inset(rect, page.u(12), page.u(5))
        page.text(Rect(inner.x, inner.y, inner.width, page.line(theme.STRONG)), title, theme.STRONG, bold=True)
        if text:
            page.words(
                Rect(inner.x, inner.y + page.line(theme.STRONG), inner.width, inner.height),
                text,
                theme.SMALL,
                theme.SOFT,
            )

    def _pick(self, n: int) -> None:
        self.app.pop()
        self.done(n)

    def first_focus(self) -> str | None:
        return f"picker.{self.chosen}"
