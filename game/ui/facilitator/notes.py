"""The notes tab: what the facilitator wants to remember, and what is to be discussed in the debrief."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pygame import Rect

from game import theme
from game.core.facilitator import TEXT
from game.prose.numbers import counted, joined
from game.ui.facilitator.cells import form, text_blocks
from game.ui.toolkit.layout import columns, from_top
from game.ui.toolkit.page import Page
from game.ui.toolkit.scroll import Piece, Scroll
from game.ui.toolkit.widgets import Entry, button, field, heading

if TYPE_CHECKING:
    from game.ui.facilitator.facilitator_screen import FacilitatorScreen

KINDS = {"note": "Note", "bookmark": "Discuss later"}


class NotesTab:
    """A line to type, two buttons, and all that was noted."""

    def __init__(self, screen: FacilitatorScreen) -> None:
        self.screen, self.sitting = screen, screen.sitting
        self.text, self.scroll = Entry(limit=TEXT), Scroll()

    def build(self, page: Page, rect: Rect) -> None:
        inner = heading(page, rect, "A note on this moment of the game", "it stands here only while you type")
        line, inner = from_top(inner, page.line() + page.u(16), page.u(8))
        field(page, "notes.text", line, self.text, "Note", "What happened? What should be asked later?",
              submit=lambda: self._add("note"))  # fmt: skip
        strip, inner = from_top(inner, page.line(theme.STRONG) + page.line(theme.SMALL) + page.u(12), page.u(12))
        note, mark = columns(strip, (1, 1), page.u(8))
        good, why = bool(self.text.value), "type something first"
        button(
            page,
            "notes.note",
            note,
            "Keep as a note",
            lambda: self._add("note"),
            hotkey="Enter",
            enabled=good,
            reason=why,
        )
        button(
            page, "notes.bookmark", mark, "Bookmark: discuss later", lambda: self._add("bookmark"), kind="go",
            hotkey="with or without words",
        )  # fmt: skip
        inner = heading(page, inner, "Notes and bookmarks so far")
        form(page, inner, self.scroll, text_blocks(page, inner.width, self._kept()), 3)

    def _kept(self) -> list[Piece]:
        """All that was noted, the latest first; how much alone, unless secrets are shown."""
        remarks = self.sitting.facilitation.remarks()
        if not remarks:
            return [Piece("Nothing yet. They are kept in the saved game, for the debrief.", theme.BODY, theme.SOFT)]
        if not self.screen.secrets:
            marks = sum(remark.kind == "bookmark" for remark in remarks)
            said = joined([counted(n, word) for n, word in ((len(remarks) - marks, "note"), (marks, "bookmark")) if n])
            return [Piece(f"{said} kept. Show secrets to read them.", theme.BODY, theme.SOFT)]
        pieces = []
        for remark in reversed(remarks):
            colour = theme.TEXT if remark.kind == "bookmark" else theme.SOFT
            pieces.append(Piece(f"Round {remark.round} · {KINDS[remark.kind]}", theme.SMALL, colour, True))
            pieces.append(Piece(remark.text or "(no words)", theme.BODY, indent=12))
        return pieces

    def _add(self, kind: str) -> None:
        text = self.text.value
        if not text and kind == "note":
            return
        if self.screen.order("note", kind=kind, text=text):
            self.text.put("")
            self.screen.did(f"{KINDS[kind]}: kept.")
