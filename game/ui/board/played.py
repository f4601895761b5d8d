"""Played cards: a strip each with its family's band and its title, under the seat that played it."""

from __future__ import annotations

from collections.abc import Mapping

from pygame import Rect

from game import theme
from game.moves import PASS, Move
from game.narrative.chronicle import ACTED_UNSEEN, ChronicleLine
from game.narrative.ledger import Words
from game.prose.numbers import number
from game.rulebook.icons import icon_name, shade
from game.ui.board.table_view import TableView
from game.ui.toolkit.page import Page
from rules.model.rulebook import Rulebook

STRIP, BAND, NARROWEST = 24, 24, 110
"""Height of a strip at the table, width of its band, and of a strip that has room for its title."""


def played_strip(page: Page, rect: Rect, book: Rulebook, line: ChronicleLine, note: str = "") -> None:
    """Draw a played card: its family's band with its icon, its title, and a note below where the strip is high."""
    rule = book.moves.get(Move.parse(line.cause).name) if line.title != ACTED_UNSEEN else None
    family = rule.family if rule is not None else ""
    ground = shade(book, family)
    page.fill(rect, theme.PAPER, 6)
    band = Rect(rect.x, rect.y, min(rect.width, page.u(BAND) + rect.height // 8), rect.height)
    page.fill(band, ground or theme.EDGE, 6)
    if rect.width > band.width:
        page.fill(Rect(band.centerx, band.y, band.width - band.width // 2, band.height), ground or theme.EDGE)
    side = min(page.u(18), band.height - page.u(6))
    other = "dot" if line.cause == PASS.name else "lock"
    icon = Rect(band.centerx - side // 2, band.centery - side // 2, side, side)
    page.icon(icon_name(book, family) if ground is not None else other, icon, theme.WHITE)
    text = Rect(band.right + page.u(7), rect.y, rect.right - band.right - page.u(11), rect.height)
    if text.width < page.u(24):
        return
    if not note:
        page.text(text, line.title, theme.SMALL, theme.PAPER_TEXT, bold=True)
        return
    text = Rect(text.x, text.y + page.u(4), text.width, page.line())
    page.text(text, line.title, theme.BODY, theme.PAPER_TEXT, bold=True)
    below = Rect(text.x, text.bottom, text.width, page.line(theme.SMALL))
    page.text(below, note, theme.SMALL, theme.PAPER_SOFT)


def draw_played(page: Page, row: Rect, table: TableView, plates: Mapping[str, Rect]) -> None:
    """Draw what every seat has played in this round under its plate, as far as whoever looks may know; what it may
    still play is left open.

    Where there is no room for all titles the last one keeps its own; the tooltips have the others.
    """
    game, sight = table.sitting.game, table.sight
    first = min(plate.x for plate in plates.values())
    label = Rect(row.x, row.y, first - row.x - page.u(4), row.height)
    if label.width > page.width("This round", theme.SMALL):
        page.text(label, "This round", theme.SMALL, theme.SOFT)
    words = Words(game.book, game.scenario)
    for seat, plate in plates.items():
        lines = [line for line in sight.lines if line.seat == seat and line.kind == "move" and line.round == game.round]
        gap, band, x = page.u(4), page.u(BAND + 3), plate.x
        open_ = max(0, game.scenario.turns.actions - len(lines))
        for n, line in enumerate([*lines, *[None] * open_]):
            left, room = len(lines) + open_ - n, plate.right - x
            each = (room - gap * (left - 1)) // left
            wide = each if each >= page.u(NARROWEST) or left == 1 else band
            place = Rect(x, row.y, min(wide, room), row.height)
            x = place.right + gap
            if line is None or place.width < band:
                page.outline(place, theme.PANEL, 6, 1)
                continue
            played_strip(page, place, game.book, line)
            told = table.sitting.chronicle.weighty(line.shifts, 3)
            changes = [f"{words.cell(s.cell)} {number(s.before)} → {number(s.after)}" for s in told]
            page.tip(place, "\n".join([line.title, *changes]))
