"""The slip of the move in hand: its choices, then before and after, later, why, and assumptions; else the news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from pygame import Rect

from game import theme
from game.narrative.assumptions import assumptions
from game.prose.lexicon import spaced
from game.prose.numbers import counted, hundredths
from game.rulebook.icons import track_icon
from game.table.choosing import Choosing
from game.table.forecast import Row
from game.ui.board.sheets import news_pieces
from game.ui.board.table_view import DIGITS, TableView
from game.ui.toolkit.layout import columns, from_bottom, from_top, inset
from game.ui.toolkit.page import Page
from game.ui.toolkit.scroll import running_text, stack
from game.ui.toolkit.widgets import button

SLIP = "If you play it"
MANY = 3
"""So many rows that differ in their place alone are told as one."""


def draw_preview(page: Page, rect: Rect, table: TableView) -> None:
    """The slip of the move in hand, on paper; else the round's news."""
    choosing = table.choosing
    if choosing is None or choosing.option is None:
        page.panel(rect)
        running_text(page, inset(rect, page.u(10), page.u(8)), table.scrolls["news"], news_pieces(table))
        return
    draw_slip(page, rect, table, choosing, titled=True)


def draw_slip(page: Page, rect: Rect, table: TableView, choosing: Choosing, *, titled: bool = False) -> None:
    """What the move in hand asks, or what it would change; ``titled``: the move's card is not beside it."""
    assert choosing.option is not None
    page.fill(rect, theme.PAPER, 10)
    page.area(rect, click=lambda _: None)
    inner = inset(rect, page.u(14), page.u(10))
    side = page.target
    place = Rect(inner.right - side + page.u(6), inner.y - page.u(4), side, side)
    button(page, "preview.close", place, "×", table.drop, tip="Put the move back (Esc)", kind="paper", size=theme.BODY)
    move = choosing.move
    if titled:
        title = table.sitting.game.describe(move, choosing.seat) if move is not None else choosing.option.title
        head = Rect(inner.x, inner.y, inner.width - side - page.u(6), inner.height)
        used = page.words(head, title, theme.STRONG, theme.PAPER_TEXT, bold=True, most=2)
        _, inner = from_top(inner, max(used, side), page.u(2))
        side = 0
    if choosing.choice is not None:
        _choices(page, inner, table, choosing, side)
    elif move is None:
        page.words(inner, "This cannot be played any more.", theme.BODY, theme.PAPER_SOFT)
    else:
        _changes(page, inner, table, choosing, side)


def _choices(page: Page, rect: Rect, table: TableView, choosing: Choosing, side: int) -> None:
    assert choosing.choice is not None
    asked = f"Choose the {spaced(choosing.choice.name)}"
    on_map = choosing.choice.set is not None and choosing.choice.set == table.sitting.board.places
    head = Rect(rect.x, rect.y, rect.width - side - (page.u(6) if side else 0), rect.height)
    said = f"{asked}, here or on the map" if on_map else asked
    used = page.words(head, said, theme.BODY, theme.PAPER_TEXT, bold=True)
    _, area = from_top(rect, max(used, side), page.u(4))
    picks = choosing.picks
    across = 1 if rect.width < page.u(300) or len(picks) < 4 else 2
    cells = [picks[n : n + across] for n in range(0, len(picks), across)]
    high = page.target

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
    """What it sets off, such as a broken truce; before and after, largest first; what comes later, what answers it,
    why, and on which assumptions.
    """
    assert choosing.option is not None
    rule = table.sitting.game.book.moves[choosing.option.name]
    rows = choosing.forecast
    odds = any(row.low != row.high for row in rows)
    line = page.line(theme.BODY)
    head, rest = from_top(rect, max(line, side), page.u(3))
    room = Rect(head.x, head.y, head.width - side - (page.u(6) if side else 0), head.height)
    note = "with odds" if odds else "certain, no dice"
    used = page.text(room, SLIP, theme.BODY, theme.PAPER_TEXT, bold=True)
    if used.width + page.width(note, theme.SMALL) + page.u(10) < room.width:
        page.text(room, note, theme.SMALL, theme.PAPER_SOFT, align="right")
    foot, rest = from_bottom(rest, page.target, page.u(4))
    _foot(page, foot, table, choosing)
    now = [row for row in rows if not row.ordered]
    later = [f"{_title(table, choosing, row)} {row.after} {row.ordered}" for row in rows if row.ordered]
    notes = [] if now else [("", "Nothing that you can see changes at once.")]
    notes += [("Later ", ", ".join(later) + ".")] if later else []
    notes += [("Answered by ", rule.counter)] if rule.counter else []
    notes += [("Why ", rule.why)] if rule.why else []
    notes += [("", "Ranges go from the lowest to the highest that chance may bring.")] if odds else []

    shown, first = _grouped(table, now), [(f"{rule.title} ", rule.why) for rule in choosing.reactions]

    def wrapped(found: Sequence[tuple[str, str]], width: int) -> list[tuple[str, str]]:
        lines = []
        for name, text in found:
            for n, part in enumerate(page.lines(name + text, width, theme.SMALL)):
                bold = name if n == 0 and part.startswith(name.strip()) else ""
                lines.append((bold, part.removeprefix(bold)))
        return lines

    def lines_of(width: int) -> list[Row | _Many | tuple[str, str]]:
        return [*wrapped(first, width), *shown, *wrapped(notes, width)]

    def tall(width: int) -> list[int]:
        return [_line_tall(page, table, choosing, item, width) for item in lines_of(rect.width - page.u(18))]

    lines = lines_of(rect.width - page.u(18))

    def draw(n: int, place: Rect) -> None:
        item = lines[n]
        if isinstance(item, tuple):
            used = page.text(place, item[0], theme.SMALL, theme.PAPER_TEXT, bold=True) if item[0] else place
            x = used.right if item[0] else place.x
            page.text(Rect(x, place.y, place.right - x, place.height), item[1], theme.SMALL, theme.PAPER_SOFT)
        elif isinstance(item, _Many):
            _changes_alike(page, place, table, item)
        else:
            _change(page, place, table, choosing, item)

    stack(page, rest, table.scrolls["preview"], tall, draw, page.u(1), passive=True)


@dataclass(frozen=True, slots=True)
class _Many:
    """Rows that differ in their place alone: the same track changes by as much in many."""

    rows: tuple[Row, ...]


def _grouped(table: TableView, rows: Sequence[Row]) -> list[Row | _Many]:
    """Return rows with those of many places put together, where the first of them was."""
    board = table.sitting.board
    places = board.layout.elements(board.places or "") if board.places is not None else ()
    alike: dict[tuple[object, ...], list[Row]] = {}
    keys = []
    for row in rows:
        track, index = row.cell
        of = tuple(each for each in index if each not in places)
        key: tuple[object, ...] = (track, of, row.high - row.was) if row.low == row.high else ()
        keys.append(key if len(of) < len(index) and key else row.cell)
        alike.setdefault(keys[-1], []).append(row)
    found: list[Row | _Many] = []
    for row, key in zip(rows, keys, strict=True):
        many = alike[key]
        if len(many) < MANY:
            found.append(row)
        elif row is many[0]:
            found.append(_Many(tuple(many)))
    return found


def _changes_alike(page: Page, rect: Rect, table: TableView, item: _Many) -> None:
    board, first = table.sitting.board, item.rows[0]
    track, index = first.cell
    places = board.layout.elements(board.places or "")
    scope = board.book.tracks[track].scope
    of = [board.element_title(s, e) for s, e in zip(scope, index, strict=True) if e not in places]
    line = Rect(rect.x, rect.y + page.u(2), rect.width, page.line())
    icon = Rect(rect.x, line.centery - page.u(8), page.u(16), page.u(16))
    page.icon(track_icon(track), icon, theme.PAPER_TEXT)
    x = page.text(line, _values(first)[2].strip(), theme.SMALL, theme.PAPER_TEXT, bold=True, align="right").x
    said = ", ".join([board.book.tracks[track].title, *of, f"in {counted(len(item.rows), spaced(board.places or ''))}"])
    text = Rect(rect.x + page.u(22), line.y, x - rect.x - page.u(28), line.height)
    page.text(text, said, colour=theme.PAPER_TEXT)
    page.tip(rect, "\n".join(row.spoken for row in item.rows))
    page.fill(Rect(rect.x, rect.bottom - 1, rect.width, 1), theme.PAPER_RULE)


def _title(table: TableView, choosing: Choosing, row: Row) -> str:
    """Return whose what, as one says it: "Your capital", "Open labs' compute"."""
    board, (track, index) = table.sitting.board, row.cell
    found = board.book.tracks[track]
    if "seat" not in found.scope[:1]:
        return row.title
    who = board.seat_title(index[0])
    owner = "Your" if index[0] == choosing.seat else f"{who}’" if who.endswith("s") else f"{who}’s"
    what = found.title if found.title[:2].isupper() else found.title[:1].lower() + found.title[1:]
    rest = [board.element_title(of, e) for of, e in zip(found.scope[1:], index[1:], strict=True)]
    return ", ".join([f"{owner} {what}", *rest])


def _values(row: Row) -> tuple[str, str, str]:
    """Return before, after and the change with its arrow."""
    middle = row.low + row.high - 2 * row.was
    arrow = "▲" if middle > 0 else "▼" if middle < 0 else "◆"
    sure = row.low == row.high
    return f"{row.before} → ", row.after, f" {arrow}{abs(row.high - row.was)}" if sure else f" {arrow}"


def _room(page: Page, row: Row) -> int:
    before, after, change = _values(row)
    return page.width(before) + page.width(after, bold=True) + page.width(change, theme.SMALL, True)


def _line_tall(
    page: Page, table: TableView, choosing: Choosing, item: Row | _Many | tuple[str, str], width: int
) -> int:
    if isinstance(item, tuple):
        return page.line(theme.SMALL)
    return page.line() + page.u(5) if isinstance(item, _Many) else _tall(page, table, choosing, item, width)


def _tall(page: Page, table: TableView, choosing: Choosing, row: Row, width: int) -> int:
    room = max(page.u(70), width - page.u(30) - _room(page, row))
    return page.tall(_title(table, choosing, row), room) + page.u(5)


def _change(page: Page, rect: Rect, table: TableView, choosing: Choosing, row: Row) -> None:
    board, (track, index) = table.sitting.board, row.cell
    line = Rect(rect.x, rect.y + page.u(2), rect.width, page.line())
    scope = board.book.tracks[track].scope
    if scope[:1] == ("seat",) and index[0] != choosing.seat:
        page.shape(board.marks[index[0]], (rect.x + page.u(8), line.centery), 13, board.marks[index[0]].paper)
    else:
        icon = Rect(rect.x, line.centery - page.u(8), page.u(16), page.u(16))
        page.icon(track_icon(track), icon, theme.PAPER_TEXT)
    before, after, change = _values(row)
    own = {choosing.seat, board.side_of_seat[choosing.seat]}
    tone = theme.WORSE_ON_PAPER if row.good < 0 and (not index or own & set(index)) else theme.PAPER_TEXT
    x = page.text(line, change, theme.SMALL, tone, bold=True, align="right").x
    x = page.text(Rect(line.x, line.y, x - line.x, line.height), after, bold=True, colour=theme.PAPER_TEXT,
                  align="right").x  # fmt: skip
    page.text(Rect(line.x, line.y, x - line.x, line.height), before, colour=theme.PAPER_SOFT, align="right")
    room = max(page.u(70), rect.width - page.u(30) - _room(page, row))
    page.words(Rect(rect.x + page.u(22), line.y, room, rect.height), _title(table, choosing, row),
               colour=theme.PAPER_TEXT)  # fmt: skip
    page.fill(Rect(rect.x, rect.bottom - 1, rect.width, 1), theme.PAPER_RULE)


def _foot(page: Page, rect: Rect, table: TableView, choosing: Choosing) -> None:
    """The card in the rulebook, and the assumptions."""
    assert choosing.option is not None
    rule = table.sitting.game.book.moves[choosing.option.name]
    knobs = assumptions(table.sitting.game.book, rule)
    name = choosing.option.name
    width = page.width("Card", theme.BODY, True) + page.u(20)
    x = rect.x
    button(page, "preview.card", Rect(x, rect.y, width, rect.height), "Card", lambda: table.open_rules("move", name),
           size=theme.BODY, tip="The move's card in the rulebook, with its source", kind="paper")  # fmt: skip
    x += width + page.u(6)
    for knob in knobs:
        label = f"Assumes: {knob.title} {hundredths(table.sitting.game.scenario.knobs.get(knob.name, knob.value))}"
        width = min(page.width(label, theme.SMALL, True) + page.u(20), rect.right - x)
        if width < page.u(90):
            break
        place = Rect(x, rect.y, width, rect.height)
        press = partial(table.open_rules, "assumption", knob.name)
        button(page, f"preview.assumption.{knob.name}", place, label, press, size=theme.SMALL, kind="paper",
               tip=f"{knob.title}: {knob.meaning}")  # fmt: skip
        x += width + page.u(6)
