"""The adjust tab: any track set to another value of its range, with the reason, which everybody who sees it is told."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pygame import Rect

from game import theme
from game.core.facilitator import REASON
from game.narrative.ledger import Cell
from game.table.plans import cell_key
from game.ui.facilitator.cells import (
    Block,
    ask_before_the_end,
    cell_details,
    cell_title,
    form,
    gauge,
    is_public,
    labelled,
    number_field,
    pick_cell,
    preview_pieces,
    text_blocks,
    value_words,
    whole_number,
)  # fmt: skip
from game.ui.toolkit.layout import columns, from_bottom
from game.ui.toolkit.page import Page
from game.ui.toolkit.scroll import Piece, Scroll
from game.ui.toolkit.widgets import Entry, button, field, heading

if TYPE_CHECKING:
    from game.ui.facilitator.facilitator_screen import FacilitatorScreen


class AdjustTab:
    """A cell, its new value, the reason."""

    def __init__(self, screen: FacilitatorScreen) -> None:
        """Of the facilitator's screen; nothing is chosen yet."""
        self.screen, self.sitting = screen, screen.sitting
        self.cell: Cell | None = None
        self.to, self.reason = Entry(limit=5), Entry(limit=REASON)
        self.scroll, self.done = Scroll(), Scroll()

    def build(self, page: Page, rect: Rect) -> None:
        left, right = columns(rect, (58, 42), page.u(16))
        foot, body = from_bottom(left, page.u(52), page.u(10))
        inner = heading(page, body, "Adjust a track")
        form(page, inner, self.scroll, self._blocks(page, inner.width))
        verdict = self.sitting.facilitation.check("adjust", self.details()) if self.cell else None
        reason = verdict.sentence if verdict is not None else "choose a track first"
        if self.cell is not None and whole_number(self.to) is None:
            reason = "type the new value"
        good = verdict is not None and bool(verdict)
        button(page, "adjust.do", foot, "Adjust it", self._adjust, kind="go", enabled=good, reason=reason)
        inner = heading(page, right, "Adjusted so far")
        pieces = self._past() or [Piece("Nothing yet.", theme.BODY, theme.SOFT)]
        form(page, inner, self.done, text_blocks(page, inner.width, pieces))

    def _blocks(self, page: Page, width: int) -> list[Block]:
        label = cell_title(self.sitting, self.cell) if self.cell is not None else "Choose a track …"

        def track(place: Rect) -> None:
            button(page, "adjust.track", place, label, partial(pick_cell, self.screen.app, self.sitting, self._picked),
                   size=theme.BODY, align="left")  # fmt: skip

        blocks = [labelled(page, "Track", track)]
        if self.cell is None:
            return blocks
        rule = self.sitting.game.book.tracks[self.cell[0]]
        said = f"New value, {rule.low} to {rule.high} (now {value_words(self.screen, self.cell)})"

        def to(place: Rect) -> None:
            number_field(page, "adjust.to", place, self.to, said, "a number")

        def reason(place: Rect) -> None:
            field(page, "adjust.reason", place, self.reason, "Reason", "Why? Everybody who sees the track reads it")

        cell, goal = self.cell, whole_number(self.to)
        tall = page.line(theme.SMALL) + page.u(30)
        blocks += [labelled(page, said, to), Block(tall, lambda place: gauge(page, place, self.screen, cell, goal))]
        blocks.append(labelled(page, "Reason (needed)", reason))
        pieces = [Piece("What it does", theme.BODY, theme.SOFT, True, gap=8)]
        pieces += preview_pieces(self.screen, "adjust", self.details()) if whole_number(self.to) is not None else []
        if rule.about:
            pieces.append(Piece(f"{rule.title}: {rule.about}", theme.SMALL, theme.SOFT, gap=8))
        return blocks + text_blocks(page, width, pieces)

    def _past(self) -> list[Piece]:
        """The adjustments of the line being played, the latest first."""
        pieces = []
        for entry in reversed(self.sitting.game.log):
            if entry.kind != "adjust":
                continue
            cell = (entry.track, entry.index)
            shown = self.screen.secrets or is_public(self.sitting, cell)
            amount = f"{entry.landed:+d}".replace("-", "−") if shown else "a secret track"
            said = f"Round {entry.round} · {cell_title(self.sitting, cell) + ' ' if shown else ''}{amount}"
            pieces.append(Piece(said, theme.BODY, theme.TEXT))
            pieces.append(Piece(entry.cause, theme.SMALL, theme.SOFT, indent=12))
        return pieces

    def details(self) -> dict[str, Any]:
        assert self.cell is not None
        return {**cell_details(self.cell), "to": whole_number(self.to), "reason": self.reason.value}

    def _picked(self, cell: Cell) -> None:
        self.cell = cell
        shown = self.screen.secrets or is_public(self.sitting, cell)
        self.to.put(str(self.sitting.game.value(cell[0], *cell[1])) if shown else "")
        self.screen.app.focus = "adjust.to"

    def _adjust(self) -> None:
        ask_before_the_end(self.screen, "adjust", self.details(), self._set)

    def _set(self) -> None:
        assert self.cell is not None
        title, to = cell_title(self.sitting, self.cell), whole_number(self.to)
        if not self.screen.order("adjust", cell=cell_key(self.cell), to=to, reason=self.reason.value):
            return
        shown = is_public(self.sitting, self.cell)
        self.reason.put("")
        self.screen.did(f"{title} is now {to}." if shown else f"{title} is adjusted; only its owner sees it.")
