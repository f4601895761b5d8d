"""The top of the play screen: whose seat, round and date, what to do now, the timer, menu and help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pygame import Rect

from game import theme
from game.prose.numbers import month
from game.table.clock import GRACE, clock_words
from game.ui.toolkit.layout import from_right, inset
from game.ui.toolkit.page import Page
from game.ui.toolkit.widgets import button

if TYPE_CHECKING:
    from game.ui.play.play_screen import PlayScreen


def draw_header(page: Page, rect: Rect, play: PlayScreen) -> None:
    """Seat at the left, round and sentence in the middle, timer and buttons at the right."""
    page.fill(rect, theme.PANEL)
    page.fill(Rect(rect.x, rect.bottom - 1, rect.width, 1), theme.EDGE)
    inner = inset(rect, page.u(10), page.u(5))
    side, inner = from_right(inner, page.u(84), page.u(8))
    button(page, "help", side, "Help", play.help, hotkey="F1")
    side, inner = from_right(inner, page.u(84), page.u(8))
    button(page, "menu", side, "Menu", play.menu, hotkey="Esc")
    if play.sitting.timer:
        side, inner = from_right(inner, page.u(112), page.u(8))
        _timer(page, side, play)
    room = max(page.u(190), round(inner.width * 0.34))
    _seat(page, Rect(inner.x, inner.y, room, inner.height), play)
    _sentence(page, Rect(inner.x + room, inner.y, inner.width - room, inner.height), play)


def _seat(page: Page, rect: Rect, play: PlayScreen) -> None:
    sitting, seat = play.sitting, play.viewer
    upper, lower = _halves(page, rect)
    if seat is None:
        page.text(upper, sitting.title, theme.HEAD, bold=True)
        page.text(lower, "Everybody's view", theme.SMALL, theme.SOFT)
        return
    mark = sitting.board.marks[seat]
    side = page.u(20)
    page.shape(mark, (upper.x + side // 2, upper.centery), 18)
    name = Rect(upper.x + side + page.u(6), upper.y, upper.width - side - page.u(6), upper.height)
    colour = theme.readable(mark.colour, theme.PANEL)
    title = sitting.board.seat_title(seat)
    size = theme.HEAD if page.width(title, theme.HEAD, True) <= name.width else theme.BODY
    page.text(name, title, size, colour, bold=True)
    number = sitting.game.seats.index(seat) + 1
    team = sitting.chairs[seat].team
    place = f"seat {number} of {len(sitting.game.seats)}"
    if not team:
        page.text(lower, place, theme.SMALL, theme.SOFT)
        return
    kept = page.width(f" · {place}", theme.SMALL)  # a long team name is shortened, never the seat's
    used = page.text(Rect(lower.x, lower.y, lower.width - kept, lower.height), team, theme.SMALL, theme.SOFT)
    page.text(Rect(used.right, lower.y, kept, lower.height), f" · {place}", theme.SMALL, theme.SOFT)


def _sentence(page: Page, rect: Rect, play: PlayScreen) -> None:
    game = play.sitting.game
    upper, lower = _halves(page, rect)
    title = f"Round {game.round} of {game.scenario.rounds}  ·  {month(game.date)}"
    page.text(upper, title, theme.STRONG, bold=True, align="centre")
    page.text(lower, play.sentence(), theme.SMALL, theme.SOFT, align="centre")


def _timer(page: Page, rect: Rect, play: PlayScreen) -> None:
    clock = play.clock
    late = clock.remaining <= 0
    label = "Time is up" if late else clock_words(clock.remaining)
    if clock.paused:
        note = "paused"
    else:
        note = f"ends in {max(0, round(GRACE + clock.remaining))} s" if late and play.acting else "running"
    button(
        page, "timer", rect, label, play.pause, kind="danger" if late else "plain", hotkey=note,
        tip="Pause the game, or let it go on", size=theme.STRONG if late else theme.HEAD,
    )  # fmt: skip


def _halves(page: Page, rect: Rect) -> tuple[Rect, Rect]:
    upper = round(rect.height * 0.56)
    return Rect(rect.x, rect.y, rect.width, upper), Rect(rect.x, rect.y + upper, rect.width, rect.height - upper)
