"""The running score: the number that decides the game, secret agendas left out, the same on every screen."""

from __future__ import annotations

from dataclasses import dataclass

from pygame import Rect

from game import theme
from game.narrative.history import History, ranks
from game.prose.numbers import number, signed
from game.table.sitting import Sitting
from game.ui.toolkit.layout import columns
from game.ui.toolkit.page import Page

TITLE = "Score so far"
NOTE = "what decides the game; secret agendas are added at the end"


@dataclass(frozen=True, slots=True)
class Score:
    """How a seat stands after the last round that is over. ``change`` is against the round before it."""

    seat: str
    score: int
    rank: str
    change: int | None


def standing(sitting: Sitting, round_: int | None = None) -> list[Score]:
    """Return how the seats stand after a round, the first first; nobody stands anywhere before the first is over."""
    game = sitting.game
    upto = round_ if round_ is not None else game.round if game.over else game.round - 1
    history = History(game, sitting.board, sitting.chronicle)
    scores, before = history.scores(upto), history.scores(upto - 1)
    places = ranks(scores)
    found = [
        Score(seat, scores[seat], places[seat], scores[seat] - before[seat] if before else None) for seat in scores
    ]
    return sorted(found, key=lambda each: -each.score)


def change_words(change: int | None) -> str:
    return f"{'▲' if change > 0 else '▼'} {signed(change)}" if change else ""


def strip_tall(page: Page) -> int:
    return page.line(theme.BODY) + page.u(8)


def draw_standing(page: Page, rect: Rect, sitting: Sitting, found: list[Score]) -> None:
    """Draw a plate a seat: shape, name, score, rank and change; what there is no room for is in the tooltip."""
    board, stands = sitting.board, {each.seat: each for each in found}
    seats = sitting.game.seats
    for seat, plate in zip(seats, columns(rect, [1] * len(seats), page.u(6)), strict=True):
        mark, stand = board.marks[seat], stands.get(seat)
        mine = seat == sitting.seat
        page.fill(plate, theme.RAISED if mine else theme.PANEL, 5, theme.SOFT if mine else theme.EDGE)
        inner = plate.inflate(-page.u(16), 0)
        page.shape(mark, (inner.x + page.u(6), inner.centery), 12)
        value = number(stand.score) if stand else "–"
        notes = [stand.rank, change_words(stand.change)] if stand else []
        side = page.width(value, theme.STRONG, True)
        end = page.text(inner, value, theme.STRONG, bold=True, align="right").x - page.u(6)
        colour = theme.readable(mark.colour, theme.RAISED)
        name = board.seat_title(seat)
        room = end - inner.x - page.u(18)
        for note in filter(None, notes):
            wide = page.width(note, theme.SMALL) + page.u(8)
            if room - wide < page.width(name, theme.BODY, True):
                break
            end -= wide
            room -= wide
            tone = theme.BETTER if note.startswith("▲") else theme.WORSE if note.startswith("▼") else theme.SOFT
            page.text(Rect(end, inner.y, wide - page.u(6), inner.height), note, theme.SMALL, tone, align="right")
        if room > page.u(40):
            text = Rect(inner.x + page.u(18), inner.y, room, inner.height)
            size = theme.BODY if page.width(name, theme.BODY, True) <= room else theme.SMALL
            page.text(text, name, size, colour, bold=True, tip=False)
        said = f"{name}, {TITLE.lower()}: {' · '.join(filter(None, [value, *notes]))}" if side else name
        page.tip(plate, f"{said}\n{NOTE[:1].upper()}{NOTE[1:]}.")
