"""Who plays each seat of a game that is being played; people and bots change places in mid-game."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pygame import Rect

from game import theme
from game.table.library import player_names, player_words
from game.table.sitting import Sitting
from game.ui.screens.picker import Picker
from game.ui.toolkit.layout import centred, columns, from_bottom, from_top, inset
from game.ui.toolkit.page import Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Scroll, stack
from game.ui.toolkit.widgets import button


class SeatsScreen(Screen):
    """The seats in a sheet of their own. ``give`` gives a seat another player."""

    name = "seats"
    over = True

    def __init__(self, app: Window, sitting: Sitting, give: Callable[[str, str], None]) -> None:
        super().__init__(app)
        self.sitting, self.give = sitting, give
        self.scroll = Scroll()

    def build(self, page: Page) -> None:
        pad, high, gap = page.u(20), seat_row_height(page), page.u(6)
        count = len(self.sitting.game.seats)
        head, foot = page.line(theme.HEAD), page.u(50)
        whole = 2 * pad + head + page.u(10) + count * (high + gap) + page.u(12) + foot
        box = centred(
            page.rect, min(page.u(680), page.rect.width - page.u(40)), min(whole, page.rect.height - page.u(30))
        )
        page.fill(box, theme.PANEL, 10, theme.SOFT)
        inner = inset(box, pad, pad)
        top, inner = from_top(inner, head, page.u(10))
        page.text(top, "Who plays", theme.HEAD, bold=True)
        bottom, inner = from_bottom(inner, foot, page.u(12))
        button(page, "seats.close", bottom, "Done", self.app.pop, hotkey="Esc", kind="go")
        draw_seats(page, inner, self.scroll, self.app, self.sitting, self.give)

    def first_focus(self) -> str | None:
        return f"seats.{self.sitting.game.seats[0]}"


def seat_row_height(page: Page) -> int:
    return max(page.line(theme.STRONG) + page.line(theme.SMALL) + page.u(12), page.u(46))


def draw_seats(
    page: Page, rect: Rect, scroll: Scroll, app: Window, sitting: Sitting, give: Callable[[str, str], None]
) -> None:
    """The rows: seat and team, and who plays it as a button."""
    seats = sitting.game.seats

    def draw(n: int, place: Rect) -> None:
        seat = seats[n]
        chair, mark = sitting.chairs[seat], sitting.board.marks[seat]
        page.fill(place, theme.RAISED, 6, theme.EDGE)
        name, player = columns(inset(place, page.u(10), page.u(4)), (55, 45), page.u(10))
        page.shape(mark, (name.x + page.u(9), name.centery), 16)
        text = Rect(name.x + page.u(24), name.y, name.width - page.u(24), name.height)
        title = sitting.board.seat_title(seat)
        colour = theme.readable(mark.colour, theme.RAISED)
        if chair.team:
            both = page.line(theme.STRONG) + page.line(theme.SMALL)
            upper = Rect(text.x, text.y + (text.height - both) // 2, text.width, page.line(theme.STRONG))
            page.text(upper, title, theme.STRONG, colour, bold=True)
            page.text(
                Rect(text.x, upper.bottom, text.width, page.line(theme.SMALL)), chair.team, theme.SMALL, theme.SOFT
            )
        else:
            page.text(text, title, theme.STRONG, colour, bold=True)
        label, about = player_words(sitting.game.book, chair.player, app.library.players)
        button(
            page, f"seats.{seat}", player, label, partial(pick_player, app, sitting, seat, give), size=theme.BODY,
            tip=about, kind="on" if chair.human else "plain",
        )  # fmt: skip

    stack(page, rect, scroll, [seat_row_height(page)] * len(seats), draw, page.u(6))


def pick_player(app: Window, sitting: Sitting, seat: str, give: Callable[[str, str], None]) -> None:
    chair, book = sitting.chairs[seat], sitting.game.book
    names = player_names(book, sitting.game.scenario.name, seat, app.library.players)
    if chair.player not in names:
        names.append(chair.player)

    def done(n: int) -> None:
        if names[n] != chair.player:
            give(seat, names[n])

    items = [player_words(book, name, app.library.players) for name in names]
    app.push(Picker(app, f"Who plays {sitting.board.seat_title(seat)}?", items, names.index(chair.player), done))
