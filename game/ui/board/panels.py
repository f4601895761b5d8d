"""What screens with a board have in common: the map, the tabs beside it, and the moves with the one in hand."""

from __future__ import annotations

from collections.abc import Sequence

from pygame import Rect

from game import theme
from game.ui.board.actions import draw_actions
from game.ui.board.log import draw_log
from game.ui.board.map_view import draw_map
from game.ui.board.preview import draw_preview
from game.ui.board.table_view import TableView
from game.ui.board.tracks import draw_tracks
from game.ui.toolkit.layout import from_top, inset, rows
from game.ui.toolkit.page import Page
from game.ui.toolkit.widgets import tabs

TABS = ("Seats", "World", "Log")


def draw_board(page: Page, rect: Rect, table: TableView, identity: str, *, roomy: bool) -> None:
    """Draw map above and tabs below; where there is little room the map is behind a tab too."""
    mapped = table.sitting.board.places is not None
    if roomy and mapped:
        place, rect = rows(rect, (58, 42), page.u(8))
        draw_map(page, place, table)
    draw_tabs(page, rect, table, identity, TABS if roomy or not mapped else ("Map", *TABS))


def draw_tabs(
    page: Page, rect: Rect, table: TableView, identity: str, names: Sequence[str] = TABS, note: str = ""
) -> None:
    """Draw one of the panels of a board under its tab; the note stands beside the tabs where there is room."""
    page.panel(rect)
    inner = inset(rect, page.u(8), page.u(4))
    strip, inner = from_top(inner, page.target, page.u(4))
    at = min(table.tab, len(names) - 1)
    wide = sum(page.width(name, theme.BODY, True) + page.u(34) for name in names)
    tabs(page, identity, Rect(strip.x, strip.y, min(strip.width, wide), strip.height), names, at, table.turn_to)
    if note and strip.width - wide > page.width(note, theme.SMALL):
        rest = Rect(strip.x + wide, strip.y, strip.width - wide, strip.height)
        page.text(rest, note, theme.SMALL, theme.SOFT, align="right")
    board, shown = table.sitting.board, names[at]
    if shown == "Map":
        draw_map(page, inner, table)
    elif shown == "Seats":
        draw_tracks(page, inner, table, board.of_seat, table.scrolls["seats"], "seats")
    elif shown == "World":
        draw_tracks(page, inner, table, (*table.world_names(), *board.of_side), table.scrolls["world"], "tracks")
    else:
        draw_log(page, inner, table, table.scrolls["log"])


def draw_moves(page: Page, rect: Rect, table: TableView) -> None:
    """Draw the moves, and the one in hand below them; with little height one in place of the other."""
    if not table.picked:
        draw_actions(page, rect, table)
    elif page.room[1] < 600:
        draw_preview(page, rect, table)
    else:
        upper, lower = rows(rect, (52, 48), page.u(8))
        draw_actions(page, upper, table)
        draw_preview(page, lower, table)
