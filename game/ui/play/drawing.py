"""Draws the play screen: header, map or plain tracks, tracks and log, moves, preview, buttons, each in its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pygame import Rect

from game import theme
from game.prose.lexicon import spaced
from game.prose.numbers import month
from game.table.clock import GRACE, clock_words
from game.ui.board.actions import draw_actions
from game.ui.board.log import draw_log
from game.ui.board.map_view import draw_map
from game.ui.board.panels import TABS, draw_tabs
from game.ui.board.preview import draw_preview
from game.ui.board.standing import draw_standing, strip_tall
from game.ui.board.table_view import TableView
from game.ui.board.tracks import draw_tracks
from game.ui.toolkit.layout import columns, from_bottom, from_right, from_top, inset, rows
from game.ui.toolkit.page import Page
from game.ui.toolkit.widgets import button, heading

if TYPE_CHECKING:
    from game.ui.play.play_screen import PlayScreen

GAP = 8


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The panels' rectangles. ``log`` and ``preview`` are missing where they share a panel (tabs, or in turn)."""

    form: str
    header: Rect
    standing: Rect
    map: Rect
    tracks: Rect
    log: Rect | None
    actions: Rect
    preview: Rect | None
    buttons: Rect


def arrange(page: Page, *, picked: bool) -> Arrangement:
    """Where everything is; the preview has more room while a move is in hand.

    Wide: everything side by side. Split: tracks and log share a panel. Tight: moves and preview share one too.
    """
    wide, high = page.room
    gap = page.u(GAP)
    header, rest = from_top(page.rect, max(page.u(52), page.line(15) + page.line(12) + page.u(8)))
    strip, rest = from_top(inset(rest, gap + page.u(2), page.u(6)), strip_tall(page))
    body = Rect(rest.x, rest.y + page.u(6), rest.width, rest.height - page.u(8))
    if wide >= 1180 and high >= 740:
        left, right, form = *_sides(body, page.u(408), gap), "wide"
    elif high >= 600:
        left, right, form = *_sides(body, page.u(366), gap), "split"
    else:
        left, right, form = *_sides(body, page.u(360), gap), "tight"
    buttons, column = from_bottom(right, page.u({"wide": 66, "split": 58, "tight": 52}[form]), gap)
    if form == "tight":
        place, panel = rows(left, (57, 43), gap)
        return Arrangement(form, header, strip, place, panel, None, column, None, buttons)
    actions, preview = rows(column, (54, 46) if picked else (72, 28), gap)
    if form == "split":
        place, panel = rows(left, (55, 45), gap)
        return Arrangement(form, header, strip, place, panel, None, actions, preview, buttons)
    place, below = from_top(left, round(left.height * 0.54), gap)
    tracks, log = rows(below, (55, 45), gap)
    return Arrangement(form, header, strip, place, tracks, log, actions, preview, buttons)


def _sides(body: Rect, right: int, gap: int) -> tuple[Rect, Rect]:
    side, left = from_right(body, right, gap)
    return left, side


def draw_table(page: Page, play: PlayScreen) -> None:
    table = play.table
    place = arrange(page, picked=table.picked)
    draw_header(page, place.header, play)
    draw_standing(page, place.standing, play.sitting, table.standing)
    if play.sitting.board.places is not None:
        draw_map(page, place.map, table)
    else:
        _plain(page, place.map, table)
    _below(page, place, play)
    if place.preview is not None:
        draw_actions(page, place.actions, table)
        draw_preview(page, place.preview, table)
    elif table.picked:
        draw_preview(page, place.actions, table)
    else:
        draw_actions(page, place.actions, table)
    _buttons(page, place.buttons, play)


def _plain(page: Page, rect: Rect, table: TableView) -> None:
    """In place of the map where the rulebook has no regions: every track that may be seen."""
    page.panel(rect)
    game = table.sitting.game
    inner = heading(page, inset(rect, page.u(10), page.u(6)), table.sitting.title, game.book.title)
    names = tuple(track.name for track in game.book.tracks.values() if len(track.scope) < 3)
    draw_tracks(page, inner, table, names, table.scrolls["plain"], "plain", zeros=True)


def _below(page: Page, place: Arrangement, play: PlayScreen) -> None:
    """Draw tracks of seats and of the world behind tabs; the log beside them or as a third tab."""
    table = play.table
    note = "changes since your last turn" if table.viewer else "changes since the round began"
    draw_tabs(page, place.tracks, table, "below", TABS if place.log is None else TABS[:2], note)
    if place.log is not None:
        page.panel(place.log)
        inner = heading(page, inset(place.log, page.u(8), page.u(4)), "Log", "L: the whole log")
        draw_log(page, inner, table, table.scrolls["log"])


def _buttons(page: Page, rect: Rect, play: PlayScreen) -> None:
    """Undo, confirm, end the turn; each says why it cannot be pressed."""
    undo, confirm, end = columns(rect, (1, 1.1, 1.1), page.u(8))
    game, choosing, acting = play.sitting.game, play.table.choosing, play.turns.acting
    verdict = game.can_undo()
    why = verdict.sentence if acting else play.turns.waiting_for()
    button(page, "undo", undo, "Undo", play.undo, hotkey="Ctrl+Z", enabled=acting and bool(verdict), reason=why)
    move = choosing.move if choosing is not None else None
    if choosing is None:
        why = play.turns.waiting_for()
    elif choosing.option is None:
        why = "pick a move first"
    else:
        why = f"choose the {spaced(choosing.choice.name)}" if choosing.choice is not None else "it cannot be played"
    last = game.actions_left == 1 and move is not None and game.book.moves[move.name].takes > 0
    hotkey = "Enter · ends the turn" if last else "Enter"
    good = move is not None
    button(page, "confirm", confirm, "Confirm", play.table.confirm, hotkey=hotkey, kind="go", enabled=good, reason=why)
    if game.over:
        button(page, "end", end, "Results", play.results, hotkey="Enter", kind="go")
        return
    left = game.actions_left
    why = f"nobody passes here: play {left} more" if acting else play.turns.waiting_for()
    note = f"Space · {left} unused" if acting and left else "Space"
    good = acting and game.scenario.turns.passing
    button(page, "end", end, "End turn", play.end_turn, hotkey=note, kind="go", enabled=good, reason=why)


# ------------------------------------------------------------------------------------------- header


def draw_header(page: Page, rect: Rect, play: PlayScreen) -> None:
    """Seat at the left, round and sentence in the middle, timer and buttons at the right."""
    page.fill(rect, theme.PANEL)
    page.fill(Rect(rect.x, rect.bottom - 1, rect.width, 1), theme.EDGE)
    inner = inset(rect, page.u(10), page.u(5))
    side, inner = from_right(inner, page.u(84), page.u(8))
    button(page, "help", side, "Help", play.table.help, hotkey="F1")
    side, inner = from_right(inner, page.u(84), page.u(8))
    button(page, "menu", side, "Menu", play.menu, hotkey="Esc")
    if play.sitting.timer:
        side, inner = from_right(inner, page.u(112), page.u(8))
        _timer(page, side, play)
    room = max(page.u(190), round(inner.width * 0.34))
    _seat(page, Rect(inner.x, inner.y, room, inner.height), play)
    _sentence(page, Rect(inner.x + room, inner.y, inner.width - room, inner.height), play)


def _seat(page: Page, rect: Rect, play: PlayScreen) -> None:
    sitting, seat = play.sitting, play.table.viewer
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
    clock = play.turns.clock
    late = clock.remaining <= 0
    label = "Time is up" if late else clock_words(clock.remaining)
    if clock.paused:
        note = "paused"
    else:
        note = f"ends in {max(0, round(GRACE + clock.remaining))} s" if late and play.turns.acting else "running"
    button(
        page, "timer", rect, label, play.turns.pause, kind="danger" if late else "plain", hotkey=note,
        tip="Pause the game, or let it go on", size=theme.STRONG if late else theme.HEAD,
    )  # fmt: skip


def _halves(page: Page, rect: Rect) -> tuple[Rect, Rect]:
    upper = round(rect.height * 0.56)
    return Rect(rect.x, rect.y, rect.width, upper), Rect(rect.x, rect.y + upper, rect.width, rect.height - upper)
