"""A takeaway: what somebody will do differently, and who sees to it."""

from __future__ import annotations

from collections.abc import Callable

from game import theme
from game.ui.toolkit.layout import centred, columns, from_bottom, from_top, inset
from game.ui.toolkit.page import Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.widgets import Entry, button, field

TEXT, OWNER = 300, 40


class TakeawayScreen(Screen):
    """Two fields; an empty text takes the takeaway away."""

    name = "takeaway"
    over = True

    def __init__(self, app: Window, text: str, owner: str, done: Callable[[str, str], None]) -> None:
        super().__init__(app)
        self.done, self.known = done, bool(text)
        self.text, self.owner = Entry(limit=TEXT), Entry(limit=OWNER)
        self.text.put(text)
        self.owner.put(owner)

    def build(self, page: Page) -> None:
        line = page.line() + page.u(14)
        high = page.line(theme.HEAD) + 2 * (page.line(theme.SMALL) + line) + page.u(48) + page.u(84)
        box = centred(
            page.rect, min(page.u(640), page.rect.width - page.u(40)), min(high, page.rect.height - page.u(16))
        )
        page.fill(box, theme.PANEL, 10, theme.SOFT)
        body = inset(box, page.u(22), page.u(18))
        head, body = from_top(body, page.line(theme.HEAD), page.u(8))
        page.text(head, "Takeaway", theme.HEAD, bold=True)
        for name, label, hint, entry in (
            ("text", "What will be done, or what was learnt", "a sentence", self.text),
            ("owner", "Who sees to it", "a name or an office", self.owner),
        ):
            place, body = from_top(body, page.line(theme.SMALL), page.u(2))
            page.text(place, label, theme.SMALL, theme.SOFT)
            place, body = from_top(body, line, page.u(8))
            field(page, f"takeaway.{name}", place, entry, label, hint, submit=self._finish)
        foot, _ = from_bottom(body, page.u(48))
        cancel, go = columns(foot, (1, 1), page.u(10))
        button(page, "takeaway.cancel", cancel, "Cancel", self.app.pop, hotkey="Esc")
        good = bool(self.text.value) or self.known
        label = "Done" if self.text.value or not self.known else "Take it away"
        button(page, "takeaway.done", go, label, self._finish, hotkey="Enter", kind="go", enabled=good,
               reason="write something first")  # fmt: skip

    def _finish(self) -> None:
        if self.text.value or self.known:
            self.app.pop()
            self.done(self.text.value, self.owner.value)

    def first_focus(self) -> str | None:
        return "takeaway.text"
