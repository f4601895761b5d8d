"""What lies beside the map and on it: tracks, aims and log behind tabs, the world's dials, the news, offers made."""

from __future__ import annotations

from functools import partial

from pygame import Rect

from game import theme
from game.moves import Move
from game.prose.numbers import joined, number, signed
from game.table.offers import Made
from game.ui.board.log import draw_log
from game.ui.board.sheets import aim_pieces, coming_pieces
from game.ui.board.standing import change_tone
from game.ui.board.table_view import TableView
from game.ui.board.tracks import MANY, draw_tracks, track_rows
from game.ui.toolkit.layout import columns, from_bottom, from_right, from_top, inset
from game.ui.toolkit.page import Control, Page
from game.ui.toolkit.scroll import Piece, running_text
from game.ui.toolkit.widgets import button, tabs

TABS = ("Tracks", "Aims", "Log")
BANNER = 0.76
"""Part of the map's width that a banner may take: at its right are names."""
ROOM_FOR_BANNER, ROOMY = 600, 740
"""In a lower window than this no banner lies on the map; in a higher one than the second it may take all its width."""
ROOM_FOR_OWN = 400
"""With a lower map than this there is no banner for an offer of one's own."""
LONGEST = 400
"""Tracks of seats with a wider range than this are figures of a business, not of a board: they stand under All."""


def seat_tracks(table: TableView) -> tuple[str, ...]:
    """Return the seats' tracks that are always in view: quantities that moves and cards change.

    Among many seats those that they can be compared by come first.
    """
    board, values = table.sitting.board, table.sight.values
    names = [
        name for name in board.of_seat
        if name in board.moved and not board.is_level(name) and board.book.tracks[name].high <= LONGEST
    ]  # fmt: skip
    if len(table.sitting.game.seats) > MANY:
        names.sort(key=lambda name: sum(bool(values.get((name, index))) for _, index in board.layout.cells(name)) < 2)
    return tuple(names)


def draw_side(page: Page, rect: Rect, table: TableView) -> None:
    gap = page.u(8)
    news, rest = from_bottom(rect, _news_tall(page, table, rect.width), gap)
    dials, rest = from_bottom(rest, page.line(theme.SMALL) + page.line(theme.STRONG) + page.u(14), gap)
    _news(page, news, table)
    _dials(page, dials, table)
    page.panel(rest, radius=10)
    inner = inset(rest, page.u(10), page.u(6))
    head, inner = from_top(inner, page.target, page.u(2))
    if table.picked:
        page.text(head, "Tracks this move touches", theme.BODY, theme.SOFT, bold=True)
        _touched(page, inner, table)
        return
    every, head = from_right(head, page.u(58), page.u(4))
    button(page, "tracks.all", every, "All", table.open_tracks, hotkey="T", kind="quiet", size=theme.BODY,
           tip="Every track that may be seen (T)")  # fmt: skip
    at = min(table.tab, len(TABS) - 1)
    tabs(page, "below", head, TABS, at, table.turn_to)
    if TABS[at] == "Tracks":
        draw_tracks(page, inner, table, seat_tracks(table), table.scrolls["seats"], "seats")
    elif TABS[at] == "Aims":
        pieces = aim_pieces(table, table.viewer)[1:] if table.viewer is not None else []
        pieces = pieces or [Piece("Aims are shown to whoever sits here.", theme.BODY, theme.SOFT)]
        running_text(page, inner, table.scrolls["news"], [*pieces, *coming_pieces(table)])
    else:
        draw_log(page, inner, table, table.scrolls["log"])


def _touched(page: Page, rect: Rect, table: TableView) -> None:
    names = tuple(dict.fromkeys(row.cell[0] for row in table.forecast if not row.ordered))
    touched = {row.track for row in track_rows(table, names) if row.touched}
    if not touched:
        said = "Make its choices, and what it changes is shown here." if table.move is None else "None at once."
        page.words(rect, said, theme.BODY, theme.SOFT)
        return
    draw_tracks(page, rect, table, tuple(name for name in names if name in touched), table.scrolls["seats"], "seats",
                only_touched=True)  # fmt: skip


def _dials(page: Page, rect: Rect, table: TableView) -> None:
    """The world's own tracks in numbers, as many as fit; all of them are a key away."""
    page.panel(rect, radius=10)
    inner = inset(rect, page.u(10), page.u(6))
    x, line = inner.x, page.line(theme.SMALL)
    pending, sight = {row.cell: row for row in table.forecast if not row.ordered}, table.shown
    for name in table.world_names():
        track, value = table.sitting.board.book.tracks[name], sight.value(name)
        if value is None:
            continue
        title = track.title.partition(" of ")[0].removesuffix(" price")
        changed, row = sight.changed.get((name, ()), 0), pending.get((name, ()))
        note = f"→ {row.after}" if row else signed(changed) if changed else ""
        wide = page.width(number(value), theme.STRONG, True) + page.u(4) + page.width(note, theme.SMALL, bool(row))
        width = max(page.width(title, theme.SMALL), wide)
        if x + width > inner.right:
            break
        identity = f"world.{name}"
        box = Rect(x - page.u(4), inner.y, width + page.u(8), inner.height)
        said = f"{track.title} {number(value)}{f', {note}' if note else ''}"
        page.control(Control(identity, box, said, partial(table.open_rules, "track", name),
                             tip=f"{said}\n{track.about}"))  # fmt: skip
        page.light(box)
        page.ring(identity, box, 4)
        page.text(Rect(x, inner.y, width, line), title, theme.SMALL, theme.SOFT, tip=False)
        lower = Rect(x, inner.y + line, width, inner.height - line)
        used = page.text(lower, number(value), theme.STRONG, bold=True)
        good = {"up": changed, "down": -changed}.get(track.good, 0)
        rest = Rect(used.right + page.u(4), lower.y, box.right - used.right - page.u(4), lower.height)
        if note:
            page.text(rest, note, theme.SMALL, theme.NOW if row else change_tone(good), bold=bool(row))
        x += width + page.u(16)


def _news_lines(table: TableView) -> tuple[str, str, str]:
    """Return this round's news as headline, text and effects; the last thing that happened where there are none."""
    game = table.sitting.game
    event = game.book.events.get(game.news or "")
    if event is None:
        lines = [line for line in table.sight.lines if line.kind == "move" and line.round == game.round]
        if not lines:
            return "", "No news this round.", ""
        last = lines[-1]
        who = table.sitting.board.seat_title(last.seat) if last.seat is not None else ""
        changes = table.change_words(table.sitting.chronicle.weighty(last.shifts, 2))
        return "", f"{who}: {last.title}", "\n".join(changes)
    line = next((x for x in reversed(table.sight.lines) if x.kind == "event" and x.cause == event.name), None)
    told = table.sitting.chronicle.weighty(line.shifts, 3) if line is not None else []
    return event.title, event.text, "\n".join(table.change_words(told))


def _news_tall(page: Page, table: TableView, width: int) -> int:
    title, text, effects = _news_lines(table)
    if len(table.sitting.game.seats) > MANY:
        return 2 * page.line(theme.STRONG) + page.u(8)
    room = width - 2 * page.u(14)
    high = page.tall(title, room, theme.HEAD, serif=True) + page.tall(text, room, theme.SMALL)
    high += page.tall(effects, room, theme.SMALL, True)
    short = page.tall(title, room, theme.HEAD, serif=True)
    return (high if page.room[1] > 700 or not title else short) + 2 * page.u(10)


def _news(page: Page, rect: Rect, table: TableView) -> None:
    title, text, effects = _news_lines(table)
    page.fill(rect, theme.PAPER, 10)
    inner = inset(rect, page.u(14), page.u(10))
    page.tip(rect, "\n".join(filter(None, (title, text, effects))))
    if len(table.sitting.game.seats) > MANY:  # their tracks need the room: what, and beside it what it changed
        left, right = columns(inset(rect, page.u(12), page.u(4)), (42, 58) if title else (1, 0), page.u(10))
        said = title or text
        page.words(left, said, theme.STRONG if title else theme.SMALL, theme.PAPER_TEXT, serif=bool(title), most=2)
        if title:
            page.words(right, effects.replace("\n", " · ") or text, theme.SMALL, theme.PAPER_SOFT, most=2)
        return
    y = inner.y + page.words(inner, title, theme.HEAD, theme.PAPER_TEXT, serif=True)
    for said, bold, tone in ((text, False, theme.PAPER_SOFT), (effects, True, theme.PAPER_TEXT)):
        rest = Rect(inner.x, y, inner.width, inner.bottom - y)
        if said and page.tall(said, rest.width, theme.SMALL, bold) <= rest.height:
            y += page.words(rest, said, theme.SMALL, tone, bold=bold)


# ------------------------------------------------------------------------------------------------ offers


def offers_to(table: TableView) -> list[tuple[Move, str]]:
    """Return the answers that the viewer could give to what others have put to it, each with what it does."""
    choosing, found = table.choosing, []
    for option in choosing.options if choosing is not None else ():
        rule = table.sitting.game.book.moves[option.name]
        if option.free and any(choice.set == "seat" for choice in rule.choices):
            found += [(move, option.about) for move in option.legal]
    return [(move, about) for move, about in found if (table.sitting.game.round, move) not in table.declined]


def own_offers(table: TableView) -> list[Made]:
    """Return what the viewer has put on the table, while its turn lasts and nobody has answered."""
    if table.choosing is None or table.viewer is None:
        return []
    return table.sitting.offers.made(table.viewer, table.sight.value)


def offer_box(page: Page, strip: Rect, map_: Rect, table: TableView) -> Rect | None:
    """Return where the banner of an offer lies, if there is one: on the map, one put to the viewer before one of its
    own. Where the map is low it would hide names: there it takes the place of the strip until it is answered, and none
    of one's own is shown.
    """
    theirs = offers_to(table)
    if page.room[1] < ROOM_FOR_BANNER:
        return strip.inflate(0, page.u(5)) if theirs else None
    if not theirs and not (own_offers(table) and map_.height >= page.u(ROOM_FOR_OWN)):
        return None
    side = page.u(22 + 12 + 32)
    if theirs:
        move, about = theirs[0]
        seat = table.choosing.seat if table.choosing is not None else ""
        title = page.u(20) + page.width(_asked(table, move, seat), theme.BODY, True)
        side += _answers_wide(page) + page.u(10)
        wide, lines = max(title, page.width(_terms(about), theme.SMALL)), 2
    else:
        wide, lines = page.width(_on_the_table(table), theme.BODY, True), 1
    most = map_.width - page.u(24) if page.room[1] > ROOMY else round(map_.width * BANNER)
    box = Rect(map_.x + page.u(12), map_.y + page.u(6), min(wide + side + page.u(12), most), 0)
    box.height = lines * page.line(theme.BODY) + page.u(18)
    return box


def _asked(table: TableView, move: Move, seat: str) -> str:
    more = len(offers_to(table))
    return f"{table.sitting.game.describe(move, seat)}?{f' (1 of {more})' if more > 1 else ''}"


def _terms(about: str) -> str:
    return f"It takes no move. {about}"


def _on_the_table(table: TableView) -> str:
    """Return what the viewer has offered, in a sentence."""
    board = table.sitting.board
    titles = [
        board.book.tracks[each.track].title + (f" to {board.seat_title(each.to)}" if each.to is not None else "")
        for each in own_offers(table)
    ]
    return f"You have on the table: {joined(titles)}. No answer yet."


def _answers_wide(page: Page) -> int:
    """Return the width of both answers with the gap between them."""
    return page.width("Not now", theme.BODY, True) + page.width("Accept", theme.BODY, True) + page.u(26 + 28 + 8)


def draw_offer(page: Page, box: Rect, table: TableView) -> None:
    """Draw what has been put to the viewer as a banner: it takes no move, and may be left for later. Without any, what
    the viewer has offered itself.
    """
    game, board, choosing = table.sitting.game, table.sitting.board, table.choosing
    offers = offers_to(table)
    if choosing is None or not offers:
        _own_offer(page, box, table)
        return
    move, about = offers[0]
    seat = next((str(value) for value in move.arguments.values() if value in game.seats), "")
    page.fill(box, theme.PAPER, 10)
    page.area(box, click=lambda _: None)
    edge = board.marks[seat].paper if seat else theme.PAPER_TEXT
    page.fill(Rect(box.x, box.y + page.u(8), page.u(5), box.height - page.u(16)), edge)
    low = box.height < 2 * page.line(theme.BODY) + page.u(10)
    inner = inset(box, page.u(16), page.u(2 if low else 8))
    side = page.u(22)
    page.icon("envelope", Rect(inner.x, inner.centery - side // 2, side, side), theme.PAPER_TEXT)
    wide = page.width("Not now", theme.BODY, True) + page.u(26)
    later, rest = from_right(inner, wide, page.u(8))
    accept, rest = from_right(rest, page.width("Accept", theme.BODY, True) + page.u(28), page.u(10))
    button(page, "offer.accept", accept, "Accept", partial(table.on_move, move), kind="answer", size=theme.BODY)
    button(page, "offer.later", later, "Not now", partial(table.decline, move), kind="paper", size=theme.BODY)
    text = Rect(inner.x + side + page.u(12), inner.y, rest.right - inner.x - side - page.u(12), page.line(theme.BODY))
    if low:
        text.y = inner.centery - text.height // 2
    if seat:
        page.shape(board.marks[seat], (text.x + page.u(7), text.centery), 14, edge)
        text = Rect(text.x + page.u(20), text.y, text.width - page.u(20), text.height)
    used = page.text(text, _asked(table, move, choosing.seat), theme.BODY, theme.PAPER_TEXT, bold=True)
    under = Rect(inner.x + side + page.u(12), text.bottom, rest.right - inner.x - side - page.u(12), text.height)
    if low:
        under = Rect(used.right + page.u(10), text.y, rest.right - used.right - page.u(10), text.height)
    page.text(under, _terms(about), theme.SMALL, theme.PAPER_SOFT)


def _own_offer(page: Page, box: Rect, table: TableView) -> None:
    """Draw the banner of what the viewer has put on the table and nobody has answered."""
    board, made = table.sitting.board, own_offers(table)
    if not made or table.viewer is None:
        return
    page.fill(box, theme.PAPER, 10)
    page.area(box, click=lambda _: None)
    page.fill(Rect(box.x, box.y + page.u(8), page.u(5), box.height - page.u(16)), board.marks[table.viewer].paper)
    inner, side = inset(box, page.u(16), page.u(8)), page.u(22)
    page.icon("envelope", Rect(inner.x, inner.centery - side // 2, side, side), theme.PAPER_TEXT)
    text = Rect(inner.x + side + page.u(12), inner.y, inner.width - side - page.u(12), inner.height)
    page.text(text, _on_the_table(table), theme.BODY, theme.PAPER_TEXT, bold=True)
    page.tip(box, "\n".join(board.book.tracks[each.track].about for each in made))
