"""What the facilitator's tabs share: choosing a track's cell, numbers to type or step, previews, forms that scroll."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pygame
from pygame import Rect

from game import theme
from game.core.facilitator import ends, preview_act
from game.narrative.ledger import Cell, Words
from game.prose.numbers import number, signed
from game.table.offers import delay_words
from game.ui.board.tracks import change_colour
from game.ui.screens.picker import Picker
from game.ui.screens.sheet import Choice, Sheet
from game.ui.toolkit.layout import from_left, from_right
from game.ui.toolkit.page import Key, Page
from game.ui.toolkit.screen import Window
from game.ui.toolkit.scroll import Piece, Scroll, stack
from game.ui.toolkit.widgets import Entry, button, field

if TYPE_CHECKING:
    from game.table.sitting import Sitting
    from game.ui.facilitator.facilitator_screen import FacilitatorScreen

SECRET = "secret"
"""Shown in place of a value that not everybody may see."""


# -------------------------------------------------------------------------------------------- cells


def pick_cell(app: Window, sitting: Sitting, done: Callable[[Cell], None]) -> None:
    """Opens the list of tracks, then one for each thing that the track is kept for."""
    book = sitting.game.book
    tracks = list(sitting.game.engine.layout.places)

    def chosen(n: int) -> None:
        _pick_index(app, sitting, tracks[n], (), done)

    items = [(book.tracks[name].title, book.tracks[name].about) for name in tracks]
    app.push(Picker(app, "Which track?", items, 0, chosen))


def _pick_index(
    app: Window, sitting: Sitting, track: str, index: tuple[str, ...], done: Callable[[Cell], None]
) -> None:
    scope = sitting.game.book.tracks[track].scope
    if len(index) == len(scope):
        done((track, index))
        return
    of = scope[len(index)]
    names = sitting.board.layout.elements(of)

    def chosen(n: int) -> None:
        _pick_index(app, sitting, track, (*index, names[n]), done)

    items = [(sitting.board.element_title(of, name), "") for name in names]
    app.push(Picker(app, f"{sitting.game.book.tracks[track].title}: which?", items, 0, chosen))


def cell_title(sitting: Sitting, cell: Cell) -> str:
    return Words(sitting.game.book, sitting.game.scenario).cell(cell)


def is_public(sitting: Sitting, cell: Cell) -> bool:
    return sitting.board.layout.public(cell[0])


def value_words(screen: FacilitatorScreen, cell: Cell) -> str:
    """A cell's value, unless it is a secret and secrets are not shown."""
    if not screen.secrets and not is_public(screen.sitting, cell):
        return SECRET
    return number(screen.sitting.game.value(cell[0], *cell[1]))


def cell_details(cell: Cell) -> dict[str, Any]:
    return {"track": cell[0], **({"at": list(cell[1])} if cell[1] else {})}


# ----------------------------------------------------------------------------------------- previews


def preview_pieces(screen: FacilitatorScreen, name: str, details: Mapping[str, Any]) -> list[Piece]:
    """What an act would change of what everybody sees, a line a change; that there is more, if there is."""
    sitting = screen.sitting
    verdict = sitting.facilitation.check(name, details)
    if not verdict:
        return [Piece(_capital(verdict.sentence) + ".", theme.BODY, theme.SOFT)]
    words, tracks = Words(sitting.game.book, sitting.game.scenario), sitting.game.book.tracks
    pieces = []
    for change in preview_act(sitting.game, name, details):
        title, good = words.cell((change.track, change.index)), tracks[change.track].good
        low, high = change.low - change.before, change.high - change.before
        if change.arrives:
            amount = signed(low) if low == high else f"{signed(low)} … {signed(high)}"
            text = f"{title}: {amount} {delay_words(change.arrives)}"
        else:
            after = number(change.low) if low == high else f"{number(change.low)} … {number(change.high)}"
            arrow = "▲" if low >= 0 and high > 0 else "▼" if high <= 0 and low < 0 else "◆"
            text = f"{arrow} {title}  {number(change.before)} → {after}"
        sign = 1 if low >= 0 and high > 0 else -1 if high <= 0 and low < 0 else 0
        pieces.append(Piece(text, theme.BODY, change_colour(sign, good), gap=2))
    hidden = [cell for cell in named_cells(details) if not is_public(sitting, cell)]
    for cell in hidden:
        pieces.append(Piece(f"◆ {words.cell(cell)}: only its owner will see this.", theme.BODY, theme.SOFT, gap=2))
    if ends(sitting.game, name, details):
        pieces.append(Piece("This ends the game at once.", theme.BODY, theme.WORSE, True, gap=4))
    return pieces or [Piece("It changes nothing that everybody sees.", theme.BODY, theme.SOFT)]


def ask_before_the_end(
    screen: FacilitatorScreen, name: str, details: Mapping[str, Any], do: Callable[[], None]
) -> None:
    """Does an act; first asks about one that would end the game."""
    if not ends(screen.sitting.game, name, details):
        do()
        return
    text = "The rules end the game at once when this is done. Only taking the game back brings it on again."
    choices = [Choice("stay", "Cancel", hotkey="Esc"), Choice("end", "Do it and end the game", do, "danger")]
    screen.app.push(Sheet(screen.app, "End the game?", [Piece(text)], choices, 560))


def named_cells(details: Mapping[str, Any]) -> list[Cell]:
    """The cells that one of the facilitator's own acts names, each once."""
    found = [d for d in (*details.get("changes", ()), details) if isinstance(d.get("track"), str)]
    return list(dict.fromkeys((str(d["track"]), tuple(d.get("at", ()))) for d in found))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --------------------------------------------------------------------------------------------- forms


@dataclass(frozen=True, slots=True)
class Block:
    """A row of a form: its height and what draws it."""

    height: int
    draw: Callable[[Rect], None]


def form(page: Page, rect: Rect, scroll: Scroll, blocks: Sequence[Block], gap: float = 6) -> None:
    """Rows one under the other; they scroll where there is no room for all."""
    heights = [block.height for block in blocks]
    stack(page, rect, scroll, heights, lambda n, place: blocks[n].draw(place), page.u(gap))


def text_blocks(page: Page, width: int, pieces: Sequence[Piece]) -> list[Block]:
    """Running text as rows, so that a form can hold it."""

    def block(piece: Piece) -> Block:
        above = page.u(piece.gap) if piece.gap else 0
        high = page.tall(piece.text, width - page.u(16) - page.u(piece.indent), piece.size, piece.bold)

        def draw(place: Rect) -> None:
            left = page.u(piece.indent)
            at = Rect(place.x + left, place.y + above, place.width - left, place.height - above)
            page.words(at, piece.text, piece.size, piece.colour, bold=piece.bold)

        return Block(high + above, draw)

    return [block(piece) for piece in pieces]


def labelled(page: Page, label: str, draw: Callable[[Rect], None], height: int = 0) -> Block:
    """A row with a small label above what it holds."""
    line = page.line(theme.SMALL)
    high = height or page.target

    def both(place: Rect) -> None:
        page.text(Rect(place.x, place.y, place.width, line), label, theme.SMALL, theme.SOFT)
        draw(Rect(place.x, place.y + line + page.u(2), place.width, place.height - line - page.u(2)))

    return Block(line + page.u(2) + high, both)


def gauge(page: Page, rect: Rect, screen: FacilitatorScreen, cell: Cell, to: int | None) -> None:
    """A track's range as a bar: where it stands, and outlined where it would go."""
    rule = screen.sitting.game.book.tracks[cell[0]]
    of = rule.scope[0] if rule.scope else ""
    mark = screen.sitting.board.mark_of(of, cell[1][0]) if of else theme.NEUTRAL
    span = max(1, rule.high - rule.low)
    line = page.line(theme.SMALL)
    bar = Rect(rect.x, rect.y + page.u(2), rect.width, rect.height - line - page.u(6))

    def at(value: int) -> int:
        return int(bar.x + round(bar.width * max(0.0, min(1.0, (value - rule.low) / span))))

    known = screen.secrets or is_public(screen.sitting, cell)
    now = screen.sitting.game.value(cell[0], *cell[1]) if known else rule.low
    page.bar(bar, mark, (now - rule.low) / span)
    if to is not None and rule.low <= to <= rule.high:
        left, right = sorted((at(now), at(to)))
        page.outline(Rect(left - 2, bar.y - 2, max(page.u(4), right - left) + 4, bar.height + 4), theme.NOW, 0, 2)
    under = Rect(rect.x, rect.bottom - line, rect.width, line)
    page.text(under, number(rule.low), theme.SMALL, theme.SOFT)
    page.text(under, number(rule.high), theme.SMALL, theme.SOFT, align="right")


def whole_number(entry: Entry) -> int | None:
    """What is typed into a field for a number, ``None`` for what is none."""
    text = entry.text.strip().replace("−", "-")
    return int(text) if text.lstrip("+-").isdecimal() and len(text) < 7 and text.lstrip("+-") else None


def number_field(page: Page, identity: str, rect: Rect, entry: Entry, label: str, hint: str = "") -> None:
    """A number to type, with steps of one and of ten at its sides; up and down step too."""

    def step(by: int) -> Callable[[], None]:
        return lambda: entry.put(str((whole_number(entry) or 0) + by))

    def keys(key: Key) -> bool:
        by = {pygame.K_UP: 1, pygame.K_DOWN: -1, pygame.K_PAGEUP: 10, pygame.K_PAGEDOWN: -10}.get(key.code, 0)
        if by:
            step(by)()
            return True
        return entry.key(key)

    side, gap = page.u(40), page.u(4)
    for by, name in ((-10, "less10"), (-1, "less")):
        place, rect = from_left(rect, side, gap)
        button(page, f"{identity}.{name}", place, f"−{-by}", step(by), size=theme.BODY)
    for by, name in ((10, "more10"), (1, "more")):
        place, rect = from_right(rect, side, gap)
        button(page, f"{identity}.{name}", place, f"+{by}", step(by), size=theme.BODY)
    field(page, identity, rect, entry, label, hint)
    page.controls[-1].keys = keys
