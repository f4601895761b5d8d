"""The moves: a tab a lever family, a row a move with hotkey, name, price and effect; what cannot be played says why."""

from __future__ import annotations

from functools import partial

from pygame import Rect

from game import theme
from game.prose.lexicon import titled
from game.prose.numbers import counted
from game.rulebook.icons import icon_name, shade
from game.table.choosing import Choosing
from game.table.offers import Option
from game.ui.board.table_view import DIGITS, TableView
from game.ui.toolkit.layout import columns, from_top, inset
from game.ui.toolkit.page import Control, Page
from game.ui.toolkit.scroll import stack


def draw_actions(page: Page, rect: Rect, table: TableView) -> None:
    """The panel; when nobody here may move, what is going on instead."""
    page.panel(rect)
    inner = inset(rect, page.u(8), page.u(6))
    choosing = table.choosing
    head, inner = from_top(inner, page.line(theme.STRONG) + page.u(4), page.u(2))
    if choosing is None:
        page.text(head, "Moves", theme.STRONG, bold=True)
        page.words(inset(inner, page.u(4), page.u(6)), table.waiting(), theme.BODY, theme.SOFT)
        return
    _head(page, head, table, choosing)
    families = choosing.families
    if len(families) > 1:
        strip, inner = from_top(inner, page.u(34), page.u(4))
        _tabs(page, strip, choosing, families)
    rows = choosing.rows
    stack(
        page, inner, table.scrolls["moves"], lambda width: [_row_height(page, option, width) for option in rows],
        lambda n, place: _row(page, place, table, choosing, rows[n], DIGITS[n] if n < len(DIGITS) else ""), page.u(5),
    )  # fmt: skip


def _head(page: Page, rect: Rect, table: TableView, choosing: Choosing) -> None:
    """The family in view, what there is to spend, and the moves left."""
    board, families = table.sitting.board, choosing.families
    family = families[choosing.family % len(families)] if families else ""
    title = titled(family, board.book.families.get(family, "")) if family else "Moves"
    left = table.sitting.game.actions_left
    purse = [(board.book.tracks[t].title, table.sight.value(t, choosing.seat)) for t in board.purse]
    parts = [f"{name} {value}" for name, value in purse if value is not None]
    said = "   ".join([*parts, f"{counted(left, 'move')} left"])
    used = page.text(rect, said, theme.BODY, theme.TEXT, bold=True, align="right")
    page.text(
        Rect(rect.x, rect.y, used.x - rect.x - page.u(8), rect.height), title, theme.STRONG, theme.SOFT, bold=True
    )


def _tabs(page: Page, rect: Rect, choosing: Choosing, families: list[str]) -> None:
    book = choosing.sitting.game.book
    for n, (family, place) in enumerate(zip(families, columns(rect, [1] * len(families), page.u(4)), strict=True)):
        identity = f"family.{family or n}"
        title = titled(family, book.families.get(family, "")) if family else "Moves"
        options = [option for option in choosing.options if option.family == family]
        open_ = sum(option.open for option in options)
        said = f"{title}: {open_} of {len(options)} can be played"
        page.control(Control(identity, place, said, partial(choosing.turn_to, n), tip=said))
        active = n == choosing.family % len(families)
        family_ground = shade(book, family) or theme.RAISED
        ground = family_ground if active else page.warm(place, theme.PANEL, theme.HOVER)
        page.fill(place, ground, 5, ground if active else theme.EDGE)
        page.ring(identity, place, 5)
        side = min(place.height - page.u(10), page.u(22))
        note = str(open_)
        wide = side + page.u(6) + page.width(note, theme.SMALL, True)
        x = place.x + (place.width - wide) // 2
        if family:
            page.icon(icon_name(book, family), Rect(x, place.y + (place.height - side) // 2, side, side), theme.TEXT)
        text = Rect(x + side + page.u(6), place.y, place.right - x - side - page.u(6), place.height)
        page.text(text, note, theme.SMALL, theme.TEXT if open_ or active else theme.SOFT, bold=True)


def _under(page: Page, option: Option, width: int) -> tuple[str, ...]:
    """The lines under a move's name: why it cannot be played, told whole, or what it does."""
    if not option.open:
        return page.lines(option.reason, width, theme.SMALL)
    tags = [*(["Secret."] if option.secret else []), *(["Takes no move."] if option.free else [])]
    if option.about:
        return page.lines(" ".join([*tags, option.about]), width, theme.SMALL)
    shown, effects = [tag.rstrip(".") for tag in tags], list(option.effects)
    while effects:
        left = len(effects) - 1
        text = " · ".join([*shown, effects[0]]) + (f" · +{left} more" if left else "")
        if shown and page.width(text, theme.SMALL) > width:
            break
        shown.append(effects.pop(0))
    return page.lines(" · ".join([*shown, *([f"+{len(effects)} more"] if effects else [])]), width, theme.SMALL)


def _row_height(page: Page, option: Option, width: int) -> int:
    inner = width - page.u(36)
    title = _title(page, option, inner)
    return len(title) * page.line(theme.STRONG) + len(_under(page, option, inner)) * page.line(theme.SMALL) + page.u(7)


def _title(page: Page, option: Option, width: int) -> tuple[str, ...]:
    return page.lines(option.title, width - page.width(option.cost, theme.BODY, True) - page.u(8), theme.STRONG, True)


def _row(page: Page, rect: Rect, table: TableView, choosing: Choosing, option: Option, digit: str) -> None:
    identity = f"move.{option.name}"
    chosen = choosing.option is not None and choosing.option.name == option.name
    tip = "" if option.open else option.reason
    effects = "\n".join(option.effects)
    page.control(
        Control(
            identity, rect, f"{option.title} ({option.cost})", lambda: table.pick(option), option.open, option.reason,
            f"{option.title}\n{effects}" if option.open else tip,
        )
    )  # fmt: skip
    if page.muted:
        return
    ground = theme.RAISED if option.open else theme.PANEL
    if page.pressed == identity:
        ground = theme.PRESSED
    elif option.open:
        ground = page.warm(rect, ground, theme.HOVER)
    page.fill(rect, ground, 6, theme.NOW if chosen else theme.EDGE, 2 if chosen else 1)
    page.ring(identity, rect)
    key = Rect(rect.x + page.u(4), rect.y, page.u(22), rect.height)
    page.text(key, digit, theme.BODY, theme.SOFT, bold=True, align="centre")
    inner = Rect(rect.x + page.u(28), rect.y + page.u(3), rect.width - page.u(36), rect.height - page.u(6))
    colour = theme.TEXT if option.open else theme.SOFT
    line = Rect(inner.x, inner.y, inner.width, page.line(theme.STRONG))
    page.text(line, option.cost, theme.BODY, colour, bold=True, align="right")
    room = inner.width - page.width(option.cost, theme.BODY, True) - page.u(8)
    used = page.words(Rect(inner.x, inner.y, room, inner.height), option.title, theme.STRONG, colour, bold=True)
    below = Rect(inner.x, inner.y + used, inner.width, inner.height - used)
    for n, text in enumerate(_under(page, option, inner.width)):
        place = Rect(below.x, below.y + n * page.line(theme.SMALL), below.width, page.line(theme.SMALL))
        page.text(place, text, theme.SMALL, theme.SOFT if option.open else theme.WORSE)
