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
from game.ui.toolkit.widgets import Entry, button, field

LONG = 12
"""A list of more than so many has a search."""


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
        self.query = Entry(limit=60)

    @property
    def found(self) -> list[int]:
        """The numbers of the items that hold every word of the search."""
        words = self.query.value.lower().split()
        return [n for n, item in enumerate(self.items) if all(word in " ".join(item).lower() for word in words)]

    def _searched(self) -> None:
        self.scroll.first = 0

    def build(self, page: Page) -> None:
        pad = page.u(20)
        width = min(page.u(640), page.rect.width - page.u(40))
        found = self.found
        heights = [self._tall(page, self.items[n][1], width - 2 * pad) for n in found]
        every = heights if len(found) == len(self.items) else [page.rect.height]  # a search leaves the sheet as it is
        search = page.target + page.u(4) if len(self.items) > LONG else 0
        head, foot, gap = page.line(theme.HEAD), page.u(50), page.u(6)
        whole = 2 * pad + head + page.u(10) + sum(every) + gap * len(every) + page.u(12) + foot + search
        box = centred(page.rect, width, min(whole, page.rect.height - page.u(30)))
        page.fill(box, theme.PANEL, 10, theme.SOFT)
        inner = inset(box, pad, pad)
        top, inner = from_top(inner, head, page.u(10))
        page.text(top, self.title, theme.HEAD, bold=True)
        if search:
            line, inner = from_top(inner, search - page.u(4), page.u(8))
            field(page, "picker.search", line, self.query, "Search", "type to search", changed=self._searched)
        bottom, inner = from_bottom(inner, foot, page.u(12))
        button(page, "picker.cancel", bottom, "Cancel", self.app.pop, hotkey="Esc")
        stack(page, inner, self.scroll, heights, lambda n, place: self._row(page, place, found[n]), gap)

    def _tall(self, page: Page, text: str, width: int) -> int:
        words = page.line(theme.STRONG) + page.tall(text, width - page.u(40), theme.SMALL) + page.u(10)
        return max(page.target, words)

    def _row(self, page: Page, rect: Rect, n: int) -> None:
        title, text = self.items[n]
        identity = f"picker.{n}"
        page.control(Control(identity, rect, f"{title}. {text}", partial(self._pick, n)))
        chosen = n == self.chosen
        page.fill(
            rect,
            page.warm(rect, theme.RAISED, theme.HOVER),
            6,
            theme.NOW if chosen else theme.EDGE,
            2 if chosen else 1,
        )
        page.ring(identity, rect)
        inner = inset(rect, page.u(12), page.u(5))
        upper = Rect(inner.x, inner.y, inner.width, page.line(theme.STRONG) if text else inner.height)
        page.text(upper, title, theme.STRONG, bold=True)
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
        return "picker.search" if len(self.items) > LONG else f"picker.{self.chosen}"
