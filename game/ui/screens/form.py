"""A sheet with lines to fill in: what each is for above it, what follows from them below, two buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from game import theme
from game.ui.toolkit.layout import centred, columns, from_bottom, from_top, inset
from game.ui.toolkit.page import Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Piece, Scroll, running_text
from game.ui.toolkit.widgets import Entry, button, field

Texts = Sequence[str]


@dataclass(frozen=True, slots=True)
class Blank:
    """A line to fill in. ``text`` is what is there already."""

    id: str
    label: str
    hint: str
    limit: int
    text: str = ""


class FormSheet(Screen):
    """Some lines; ``done`` takes their texts in order. Enter in any of them is as good as the button."""

    over = True

    def __init__(
        self,
        app: Window,
        name: str,
        title: str,
        blanks: Sequence[Blank],
        done: Callable[[Texts], None],
        *,
        go: Callable[[Texts], str] = lambda texts: "Done",
        why_not: Callable[[Texts], str] = lambda texts: "",
        pieces: Sequence[Piece] = (),
        width: float = 640,
    ) -> None:
        """Open a form.

        Args:
            app: The window.
            name: What the ids of its controls begin with.
            title: Its heading.
            blanks: The lines.
            done: Takes what was filled in.
            go: Returns what the button says.
            why_not: Returns why it cannot be pressed yet, empty when it can.
            pieces: What else there is to read.
            width: Of the sheet, in logical units.
        """
        super().__init__(app)
        self.name, self.title, self.blanks, self.pieces, self.width = name, title, blanks, pieces, width
        self.done, self.go, self.why_not = done, go, why_not
        self.entries = [Entry(limit=blank.limit) for blank in blanks]
        for entry, blank in zip(self.entries, blanks, strict=True):
            entry.put(blank.text)
        self.scroll = Scroll()

    @property
    def texts(self) -> list[str]:
        return [entry.value for entry in self.entries]

    def build(self, page: Page) -> None:
        line = page.target
        width = min(page.u(self.width), page.rect.width - page.u(40))
        read = sum(page.tall(piece.text, width - page.u(70)) for piece in self.pieces)
        high = page.line(theme.HEAD) + len(self.blanks) * (page.line(theme.SMALL) + line) + page.u(48) + page.u(84)
        high += read + page.u(28) if self.pieces else 0
        box = centred(page.rect, width, min(high, page.rect.height - page.u(16)))
        page.fill(box, theme.PANEL, 10, theme.SOFT)
        body = inset(box, page.u(22), page.u(18))
        head, body = from_top(body, page.line(theme.HEAD), page.u(8))
        page.text(head, self.title, theme.HEAD, bold=True)
        for blank, entry in zip(self.blanks, self.entries, strict=True):
            place, body = from_top(body, page.line(theme.SMALL), page.u(2))
            page.text(place, blank.label, theme.SMALL, theme.SOFT)
            place, body = from_top(body, line, page.u(8))
            field(page, f"{self.name}.{blank.id}", place, entry, blank.label, blank.hint, submit=self._finish)
        foot, body = from_bottom(body, page.u(48), page.u(8))
        running_text(page, body, self.scroll, self.pieces)
        cancel, go = columns(foot, (1, 1), page.u(10))
        button(page, f"{self.name}.cancel", cancel, "Cancel", self.app.pop, hotkey="Esc")
        why = self.why_not(self.texts)
        button(page, f"{self.name}.done", go, self.go(self.texts), self._finish, hotkey="Enter", kind="go",
               enabled=not why, reason=why)  # fmt: skip

    def _finish(self) -> None:
        if not self.why_not(self.texts):
            self.app.pop()
            self.done(self.texts)

    def first_focus(self) -> str | None:
        return f"{self.name}.{self.blanks[0].id}"


class LineSheet(Screen):
    """A sheet with one line to type in, and all of it wrapped above where it is long."""

    name = "line"
    over = True
    SHOWN = 6
    """Lines of a long text that are shown whole."""

    def __init__(
        self, app: Window, title: str, label: str, text: str, done: Callable[[str], None], *, limit: int = 200,
        empty: bool = False, about: str = "",
    ) -> None:  # fmt: skip
        """Open with the text that is there already; ``empty``: nothing typed will do too."""
        super().__init__(app)
        self.title, self.label, self.done, self.empty, self.about = title, label, done, empty, about
        self.entry = Entry(limit=limit)
        self.entry.put(text)

    def build(self, page: Page) -> None:
        width = min(page.u(660), page.rect.width - page.u(40))
        inner = width - page.u(44)
        text = self.entry.text if page.width(self.entry.text) > inner - page.u(20) else ""
        lines = min(self.SHOWN, len(page.lines(text, inner))) if text else 0
        high = page.line(theme.HEAD) + page.u(10) + page.target + page.u(2) + page.u(14) + page.u(48) + page.u(44)
        high += page.tall(self.about, inner, theme.SMALL) + (page.u(6) if self.about else 0)
        high += lines * page.line() + page.u(8) if lines else 0
        box = centred(page.rect, width, min(high, page.rect.height - page.u(20)))
        page.fill(box, theme.PANEL, 10, theme.SOFT)
        body = inset(box, page.u(22), page.u(22))
        head, body = from_top(body, page.line(theme.HEAD), page.u(10))
        page.text(head, self.title, theme.HEAD, bold=True)
        if self.about:
            said, body = from_top(body, page.tall(self.about, inner, theme.SMALL), page.u(6))
            page.words(said, self.about, theme.SMALL, theme.SOFT)
        if lines:
            whole, body = from_top(body, lines * page.line(), page.u(8))
            page.words(whole, text, theme.BODY, theme.SOFT, most=self.SHOWN)
        foot, body = from_bottom(body, page.u(48), page.u(10))
        field(page, "line.text", from_top(body, page.target)[0], self.entry, self.label, self.label,
              submit=self._finish)  # fmt: skip
        cancel, go = columns(foot, (1, 1), page.u(10))
        button(page, "line.cancel", cancel, "Cancel", self.app.pop, hotkey="Esc")
        good = self.empty or bool(self.entry.value)
        button(page, "line.done", go, "Done", self._finish, hotkey="Enter", kind="go", enabled=good,
               reason="type something first")  # fmt: skip

    def _finish(self) -> None:
        if self.empty or self.entry.value:
            self.app.pop()
            self.done(self.entry.value)

    def first_focus(self) -> str | None:
        return "line.text"
