"""The move in hand: its choices, then before and after, why, and the assumptions behind it; else the round's news."""

from __future__ import annotations

from functools import partial

from pygame import Rect

from game import theme
from game.narrative.assumptions import assumptions
from game.narrative.ledger import Words
from game.prose.lexicon import spaced
from game.prose.numbers import hundredths, signed
from game.table.choosing import Choosing
from game.table.forecast import Row
from game.table.offers import delay_words
from game.ui.board.sheets import aim_pieces, offer_pieces
from game.ui.board.table_view import DIGITS, TableView
from game.ui.toolkit.layout import columns, from_bottom, from_top, inset
from game.ui.toolkit.page import Page
from game.ui.toolkit.scroll import Piece, running_text, stack
from game.ui.toolkit.widgets import button

GROUND = (21, 38, 36)
"""The panel of a move in hand is greenish, so that it is not mistaken for how things stand."""


def draw_preview(page: Page, rect: Rect, table: TableView) -> None:
    choosing = table.choosing
    if choosing is None or choosing.option is None:
        page.panel(rect)
        _news(page, inset(rect, page.u(10), page.u(8)), table)
        return
    page.panel(rect, GROUND, theme.NOW)
    inner = inset(rect, page.u(10), page.u(8))
    close, _ = from_top(inner, page.line(theme.STRONG) + page.u(4))
    side = close.height
    place = Rect(close.right - side, close.y, side, side)
    button(page, "preview.close", place, "✕", table.drop, tip="Put the move back (Esc)", kind="quiet", size=theme.BODY)
    if choosing.choice is not None:
        _choices(page, inner, table, choosing, side)
    else:
        _changes(page, inner, table, choosing, side)


def _choices(page: Page, rect: Rect, table: TableView, choosing: Choosing, side: int) -> None:
    assert choosing.option is not None and choosing.choice is not None
    title = Rect(rect.x, rect.y, rect.width - side - page.u(6), rect.height)
    used = page.words(title, choosing.option.title, theme.STRONG, bold=True, most=2)
    asked = f"Choose the {spaced(choosing.choice.name)}"
    on_map = choosing.choice.set is not None and choosing.choice.set == table.sitting.board.places
    hint = Rect(rect.x, rect.y + used, rect.width, page.line(theme.SMALL) + page.u(4))
    page.text(hint, f"{asked}, here or on the map." if on_map else f"{asked}.", theme.SMALL, theme.SOFT)
    picks = choosing.picks
    across = 1 if rect.width < page.u(300) or len(picks) < 4 else 2
    cells = [picks[n : n + across] for n in range(0, len(picks), across)]
    area = Rect(rect.x, hint.bottom + page.u(2), rect.width, rect.bottom - hint.bottom - page.u(2))
    high = page.line(theme.BODY) + page.u(8)

    def draw(n: int, place: Rect) -> None:
        for m, (pick, box) in enumerate(zip(cells[n], columns(place, [1] * across, page.u(5)), strict=False)):
            number = n * across + m
            digit = DIGITS[number] if number < len(DIGITS) else ""
            button(
                page, f"pick.{pick.value}", box, pick.title, partial(table.choose, pick.value), hotkey=digit,
                enabled=pick.open, reason=pick.reason, size=theme.BODY, align="left",
            )  # fmt: skip

    stack(page, area, table.scrolls["picks"], [high] * len(cells), draw, page.u(4))


def _changes(page: Page, rect: Rect, table: TableView, choosing: Choosing, side: int) -> None:
    """Before and after, then why and on which assumptions."""
    game, move = table.sitting.game, choosing.move
    assert choosing.option is not None
    if move is None:
        page.words(rect, "This cannot be played any more.", theme.BODY, theme.SOFT)
        return
    title = Rect(rect.x, rect.y, rect.width - side - page.u(6), rect.height)
    used = page.words(title, game.describe(move, choosing.seat), theme.STRONG, bold=True, most=2)
    rest = Rect(rect.x, rect.y + max(used, side) + page.u(2), rect.width, rect.height - max(used, side) - page.u(2))
    rule = game.book.moves[choosing.option.name]
    foot, rest = from_bottom(rest, page.line(theme.BODY) + page.u(8), page.u(4))
    _foot(page, foot, table, choosing)
    rows = choosing.forecast
    lines: list[Row | str] = list(rows) or ["Nothing that you can see changes at once."]
    why = [f"Why: {rule.why}"] if rule.why else []
    why += (
        ["Ranges go from the lowest to the highest that chance may bring."]
        if any(r.low != r.high for r in rows)
        else []
    )
    for text in why:
        lines += page.lines(text, rest.width - page.u(16), theme.SMALL)

    def tall(width: int) -> list[int]:
        return [page.line(theme.SMALL) if isinstance(item, str) else _tall(page, item, width) for item in lines]

    def draw(n: int, place: Rect) -> None:
        item = lines[n]
        if isinstance(item, str):
            page.text(place, item, theme.SMALL, theme.SOFT)
        else:
            _change(page, place, item)

    stack(page, rest, table.scrolls["preview"], tall, draw, page.u(1), passive=True)


def _parts(page: Page, row: Row, width: int) -> tuple[int, int]:
    values = page.width(_values(row), theme.BODY, True) + page.u(10)
    return max(page.u(80), width - page.u(16) - values), values


def _values(row: Row) -> str:
    return f"{row.after} {row.ordered}" if row.ordered else f"{row.before}  →  {row.after}"


def _tall(page: Page, row: Row, width: int) -> int:
    room, _ = _parts(page, row, width)
    return page.tall(row.title, room, theme.BODY)


def _change(page: Page, rect: Rect, row: Row) -> None:
    room, _ = _parts(page, row, rect.width)
    page.words(Rect(rect.x, rect.y, room, rect.height), row.title, theme.BODY)
    colour = theme.BETTER if row.good > 0 else theme.WORSE if row.good < 0 else theme.TEXT
    arrow = {1: "▲", -1: "▼", 0: "◆"}[(row.high + row.low > 2 * row.was) - (row.high + row.low < 2 * row.was)]
    line = Rect(rect.x, rect.y, rect.width - page.u(16), page.line(theme.BODY))
    if row.ordered:
        used = page.text(line, f"{row.after} {row.ordered}", theme.BODY, colour, bold=True, align="right")
    else:
        used = page.text(line, row.after, theme.BODY, colour, bold=True, align="right")
        before = f"{row.before}  →"
        page.text(
            Rect(line.x, line.y, used.x - line.x - page.u(8), line.height),
            before,
            theme.BODY,
            theme.SOFT,
            align="right",
        )
    page.text(Rect(rect.right - page.u(13), rect.y, page.u(13), line.height), arrow, theme.SMALL, colour, align="right")


def _foot(page: Page, rect: Rect, table: TableView, choosing: Choosing) -> None:
    """The card in the rulebook, and the assumptions."""
    assert choosing.option is not None
    rule = table.sitting.game.book.moves[choosing.option.name]
    knobs = assumptions(table.sitting.game.book, rule)
    name = choosing.option.name
    width = page.width("Card", theme.BODY, True) + page.u(20)
    x = rect.x
    button(page, "preview.card", Rect(x, rect.y, width, rect.height), "Card", lambda: table.open_rules("move", name),
           size=theme.BODY, tip="The move's card in the rulebook, with its source")  # fmt: skip
    x += width + page.u(6)
    for knob in knobs:
        label = f"Assumes: {knob.title} {hundredths(table.sitting.game.scenario.knobs.get(knob.name, knob.value))}"
        width = min(page.width(label, theme.SMALL, True) + page.u(20), rect.right - x)
        if width < page.u(90):
            break
        place = Rect(x, rect.y, width, rect.height)
        press = partial(table.open_rules, "assumption", knob.name)
        button(page, f"preview.assumption.{knob.name}", place, label, press, size=theme.SMALL,
               tip=f"{knob.title}: {knob.meaning}")  # fmt: skip
        x += width + page.u(6)


def _news(page: Page, rect: Rect, table: TableView) -> None:
    game = table.sitting.game
    pieces = offer_pieces(table)
    event = game.book.events.get(game.news or "")
    if event is not None:
        pieces.append(Piece(f"News: {event.title}", theme.STRONG, theme.WARN, True))
        pieces.append(Piece(event.text, gap=3))
        line = next((x for x in reversed(table.sight.lines) if x.kind == "event" and x.cause == event.name), None)
        if line is not None and line.shifts:
            pieces += [
                Piece(text, theme.SMALL, theme.SOFT, bullet="", gap=2) for text in table.change_words(line.shifts[:6])
            ]
    elif table.choosing is not None:
        pieces.append(Piece("Pick a move", theme.STRONG, theme.TEXT, True))
        pieces.append(Piece("Its effects are shown here before you play it.", theme.BODY, theme.SOFT, gap=3))
    else:
        pieces.append(Piece("No news this round.", theme.BODY, theme.SOFT))
    pieces += _coming(table)
    if table.viewer is not None:
        pieces += aim_pieces(table, table.viewer)
    running_text(page, rect, table.scrolls["news"], pieces)


def _coming(table: TableView) -> list[Piece]:
    """The viewer's orders on their way, soonest first; everybody's where nobody in particular looks."""
    words = Words(table.sitting.game.book, table.sitting.game.scenario)
    mine = {table.viewer, table.sitting.board.side_of_seat.get(table.viewer or "")}
    orders = [o for o in table.sight.arriving if o.amount > 0 and (table.viewer is None or mine & set(o.index))]
    if not orders:
        return []
    texts = [f"{words.cell((o.track, o.index))} {signed(o.amount)} {delay_words(o.deliveries)}" for o in orders]
    return [
        Piece("On its way", theme.BODY, theme.TEXT, True, gap=10),
        *(Piece(t, theme.BODY, theme.SOFT, gap=1) for t in texts),
    ]
