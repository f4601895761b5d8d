"""Draws the play screen: bar, running strip, map with what is beside it, hand and buttons, each in its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pygame import Rect

from game import theme
from game.prose.lexicon import spaced
from game.prose.numbers import counted, month
from game.rulebook.icons import shade
from game.table.clock import GRACE, clock_words
from game.ui.board.hand import draw_hand, hand_places, picked_at
from game.ui.board.map_view import draw_map, land_of, map_body
from game.ui.board.played import STRIP as STRIP_PLAYED
from game.ui.board.played import draw_played
from game.ui.board.side import draw_offer, draw_side, offer_box
from game.ui.board.standing import draw_standing, strip_tall
from game.ui.board.table_view import TableView
from game.ui.board.tracks import draw_tracks
from game.ui.toolkit.layout import from_bottom, from_right, from_top, inset, rows
from game.ui.toolkit.motion import ease_in_out, ease_out
from game.ui.toolkit.page import Page
from game.ui.toolkit.widgets import button, heading

if TYPE_CHECKING:
    from game.ui.play.play_screen import PlayScreen

GAP = 12
BAR, STRIP, HAND, SIDE = 48, 58, 226, 318
"""Heights of the bar and the running strip, of the hand, and the width of what is beside the map."""
BUTTONS = 126
"""Width of the buttons at the hand."""
LOWEST = 290
"""With a lower map than this there is no row of played cards: the log has them."""
NARROW = 1000
"""With less width than this nothing is beside the map: the tracks are behind a key."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The rectangles of the table. ``side`` and what was ``played`` are missing where there is little room."""

    bar: Rect
    strip: Rect
    played: Rect | None
    map: Rect
    side: Rect | None
    hand: Rect
    buttons: Rect


def arrange(page: Page) -> Arrangement:
    """Where everything is: the bar and the strip above, the map with what is beside it, the hand below."""
    wide, high = page.room
    gap = page.u(GAP)
    bar, rest = from_top(page.rect, page.u(BAR))
    strip, rest = from_top(rest, strip_tall(page), page.u(6))
    low = page.u(HAND if high >= 620 else 208)
    lower, place = from_bottom(rest, low)
    played = side = None
    if place.height >= page.u(LOWEST + STRIP_PLAYED):
        played, place = from_top(place, page.u(STRIP_PLAYED), page.u(6))
        played = inset(played, gap, 0)
    if wide >= NARROW:
        side, place = from_right(place, max(page.u(SIDE if wide >= 1200 else 270), round(rest.width * 0.24)))
        side = inset(side, page.u(6), page.u(4))
    lower = Rect(lower.x + gap, lower.y + page.u(6), lower.width - 2 * gap, lower.height - page.u(14))
    buttons, hand = from_right(lower, page.u(BUTTONS if wide >= NARROW else 104), gap)
    return Arrangement(bar, inset(strip, gap, 0), played, place, side, hand, buttons)


def draw_table(page: Page, play: PlayScreen) -> None:
    table, sitting = play.table, play.sitting
    place = arrange(page)
    draw_bar(page, place.bar, play)
    offer = offer_box(page, place.strip, place.map, table)
    above = offer is not None and offer.colliderect(place.strip)
    plates = dict.fromkeys(sitting.game.seats, place.strip)
    if not above:
        plates = draw_standing(
            page, place.strip, sitting, table.standing, table.aims_met, table.viewer, play.open_score
        )
    if place.played is not None:
        draw_played(page, place.played, table, plates)
    hand = hand_places(page, place.hand, table)
    page.fill(Rect(0, place.map.bottom, page.rect.width, page.rect.height), theme.DECK)
    over = [*hand.over, *([offer] if offer is not None else [])]
    if sitting.board.places is not None:
        draw_map(page, place.map, table, keep_off=over)
    else:
        _plain(page, place.map, table)
    if offer is not None:
        _offer(page, offer, offer if above else place.map, table)
    if place.side is not None:
        draw_side(page, place.side, table)
    draw_hand(page, place.hand, table, hand)
    _buttons(page, place.buttons, play, beside=place.side is not None or sitting.board.places is None)
    if table.played is not None and page.part("travel") < 1.0:
        own = table.played.seat == table.viewer
        _travel(page, place.map, table, picked_at(page, place.hand) if own else plates[table.played.seat].center)


def _offer(page: Page, box: Rect, map_: Rect, table: TableView) -> None:
    """The banner of an offer: it comes down from the strip, then its edge lights up once."""
    part = page.part("offer")
    left = 1 - ease_out(min(1.0, part * 2))
    with page.away(box, (0, -left * (box.bottom - map_.y)), within=map_):
        draw_offer(page, box, table)
    if 0.5 < part < 1.0:
        page.outline(box, theme.mix(theme.PAPER, theme.NOW, 1 - abs(part * 4 - 3)), 10, 3)


def _travel(page: Page, map_: Rect, table: TableView, start: tuple[int, int]) -> None:
    """A card that has been played, on its way from whoever played it to the land it is about, where it drops."""
    played, board = table.played, table.sitting.board
    land = land_of(table, played.seat, played.move.arguments.values()) if played is not None else None
    if played is None or land is None or page.muted:
        return
    rule = board.book.moves.get(played.move.name)
    part = ease_in_out(page.part("travel"))
    (ax, ay), (bx, by) = start, table.painter.middle(map_body(page, map_), land)
    size = page.u(44 - 22 * part)
    card = Rect(0, 0, size, round(size * 1.3))
    card.center = (round(ax + (bx - ax) * part), round(ay + (by - ay) * part))
    page.fill(card, theme.PAPER, 5, theme.NIGHT)
    band = Rect(card.x, card.y, card.width, round(card.height * 0.42))
    page.fill(band, shade(board.book, rule.family if rule is not None else "") or theme.EDGE, 5)
    page.shape(board.marks[played.seat], (card.centerx, card.y + round(card.height * 0.7)), 12,
               board.marks[played.seat].paper)  # fmt: skip


def _plain(page: Page, rect: Rect, table: TableView) -> None:
    """In place of the map where the rulebook has no regions: every track that may be seen."""
    page.panel(rect)
    game = table.sitting.game
    inner = heading(page, inset(rect, page.u(10), page.u(6)), table.sitting.title, game.book.title)
    names = tuple(track.name for track in game.book.tracks.values() if len(track.scope) < 3)
    draw_tracks(page, inner, table, names, table.scrolls["plain"], "plain", zeros=True)


def _buttons(page: Page, rect: Rect, play: PlayScreen, *, beside: bool) -> None:
    """Undo, confirm, end the turn; each says why it cannot be pressed. Where nothing stands ``beside`` the map, also
    the way to it.
    """
    if beside:
        undo, confirm, end = rows(rect, (1, 1.25, 1), page.u(7))
    else:
        tracks, undo, confirm, end = rows(rect, (1, 1, 1.1, 1), page.u(6))
        button(page, "tracks.all", tracks, "Tracks", play.table.open_tracks, hotkey="T: news, aims")
    game, choosing, acting = play.sitting.game, play.table.choosing, play.turns.acting
    verdict = game.can_undo()
    mine = bool(game.acts) and game.acts[-1].seat == game.seat and game.rounds_of_acts[-1] == game.round
    why = play.turns.waiting_for() if not acting else verdict.sentence if mine else "nothing to undo yet"
    button(page, "undo", undo, "Undo", play.undo, hotkey="Ctrl+Z", enabled=acting and bool(verdict), reason=why)
    move = choosing.move if choosing is not None else None
    if choosing is None:
        why = play.turns.waiting_for()
    elif choosing.option is None:
        why = "pick a card first"
    else:
        why = f"choose the {spaced(choosing.choice.name)}" if choosing.choice is not None else "it cannot be played"
    last = game.actions_left == 1 and move is not None and game.book.moves[move.name].takes > 0
    price = choosing.price if choosing is not None else ""
    hotkey = "Enter · ends the turn" if last else f"{price} · Enter" if price else "Enter"
    good = move is not None
    size = theme.BUTTON if good and page.room[0] >= NARROW else theme.STRONG
    button(page, "confirm", confirm, "Confirm", play.table.confirm, hotkey=hotkey, kind="go", enabled=good, reason=why,
           size=size)  # fmt: skip
    if game.over:
        button(page, "end", end, "Results", play.results, hotkey="Enter", kind="go")
        return
    left = game.actions_left
    why = f"nobody passes here: play {left} more" if acting else play.turns.waiting_for()
    note = f"Space · {left} unused" if acting and left else "Space"
    passing = acting and game.scenario.turns.passing
    kind = "go" if passing and not left and not good else "plain"
    button(page, "end", end, "End turn", play.end_turn, hotkey=note, kind=kind, enabled=passing, reason=why)


# ---------------------------------------------------------------------------------------------- bar


def draw_bar(page: Page, rect: Rect, play: PlayScreen) -> None:
    """Round and date at the left, the seat and what it has to spend in the middle, timer and buttons at the right."""
    inner = inset(rect, page.u(GAP), page.u(6))
    side, inner = from_right(inner, page.u(84), page.u(6))
    button(page, "help", side, "Help", play.table.help, hotkey="F1")
    side, inner = from_right(inner, page.u(90), page.u(6))
    button(page, "menu", side, "Menu", play.menu, hotkey="Esc")
    if play.sitting.timer:
        side, inner = from_right(inner, page.u(112), page.u(8))
        _timer(page, side, play)
    game = play.sitting.game
    title = f"Round {game.round} of {game.scenario.rounds}"
    used = page.text(inner, title, theme.HEAD, bold=True)
    x, wide = used.right + page.u(14), page.u(13)
    date = month(game.date)
    if inner.width > page.u(640):
        for n in range(game.scenario.rounds):
            pip = Rect(x + n * (wide + page.u(3)), inner.centery - page.u(3), wide, page.u(7))
            tone = theme.NOW if n == game.round - 1 else theme.TEXT
            page.fill(pip, tone if n < game.round else theme.DECK, 2, None if n < game.round else theme.EDGE)
        x += game.scenario.rounds * (wide + page.u(3)) + page.u(10)
        used = page.text(Rect(x, inner.y, inner.right - x, inner.height), date, theme.STRONG, theme.SOFT)
    x = used.right + page.u(20)
    _seat(page, Rect(x, inner.y, inner.right - x, inner.height), play)


def _seat(page: Page, rect: Rect, play: PlayScreen) -> None:
    """Who sits here, with moves and money left; who is waited for where nobody does."""
    sitting, seat = play.sitting, play.table.viewer
    if seat is None:
        page.text(rect, play.turns.waiting_for(), theme.STRONG, theme.SOFT, align="centre")
        return
    mark, board, table = sitting.board.marks[seat], sitting.board, play.table
    team = sitting.chairs[seat].team
    left = counted(sitting.game.actions_left, "move")
    parts: list[tuple[str, theme.Colour, bool]] = [(board.seat_title(seat), mark.colour, True)]
    parts += [(team, theme.SOFT, False)] if team else []
    parts += [(f"{left} left" if play.turns.acting else "waiting", theme.TEXT, True)]
    for track in board.purse:
        value = table.shown.value(track, seat)
        if value is not None:
            parts.append((f"{value} {board.book.tracks[track].title.lower()}", theme.TEXT, False))
    gap, size = page.u(14), page.u(20)

    def whole(letters: float) -> int:
        return size + page.u(6) + sum(page.width(text, letters, bold) + gap for text, _, bold in parts)

    if whole(theme.HEAD) > rect.width and team:  # a long team name goes first, the seat's stays
        del parts[1]
        page.tip(rect, team)
    letters = theme.HEAD if whole(theme.HEAD) <= rect.width else theme.SMALL
    shift = max(0, (rect.width - whole(letters)) // 2)
    x = rect.x + shift
    page.shape(mark, (x + size // 2, rect.centery), 18)
    x += size + page.u(6)
    for text, tone, bold in parts:
        room = rect.right - x
        if room < page.u(24):
            break
        x = page.text(Rect(x, rect.y, room, rect.height), text, letters, tone, bold=bold).right + gap


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
