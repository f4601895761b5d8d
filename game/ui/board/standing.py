"""The running score, the same on every screen: what the rules say decides the game, with secret agendas left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pygame
from pygame import Rect

from game import theme
from game.narrative.history import History, par_of, ranks
from game.prose.numbers import number
from game.table.sitting import Sitting
from game.theme import Mark
from game.ui.toolkit.layout import columns
from game.ui.toolkit.page import Control, Page

TITLE = "Score so far"
NOTE = "What decides the game; secret agendas are added at the end. Press to see what it is made of."


@dataclass(frozen=True, slots=True)
class Score:
    """How a seat stands after the last round that is over.

    Attributes:
        change: Against the round before it.
        path: The score after each round.
    """

    seat: str
    score: int
    rank: str
    change: int | None
    path: tuple[int, ...] = ()


def standing(sitting: Sitting, round_: int | None = None) -> list[Score]:
    """Return how the seats stand after a round, the first first; nobody stands anywhere before the first is over."""
    game = sitting.game
    upto = round_ if round_ is not None else game.round if game.over else game.round - 1
    history = History(game, sitting.board, sitting.chronicle)
    paths = [history.scores(each) for each in range(1, upto + 1)]
    if not paths:
        return []
    scores, before = paths[-1], paths[-2] if len(paths) > 1 else {}
    places = ranks(scores)
    found = [
        Score(seat, scores[seat], places[seat], scores[seat] - before[seat] if before else None,
              tuple(path[seat] for path in paths))
        for seat in scores
    ]  # fmt: skip
    return sorted(found, key=lambda each: -each.score)


def turn_order(sitting: Sitting) -> list[str]:
    """Return the seats in the order in which they move this round."""
    game = sitting.game
    seats = list(game.seats)
    shift = (game.round - 1) % len(seats) if game.scenario.turns.rotate and game.round > 0 else 0
    return [*seats[shift:], *seats[:shift]]


def change_tone(change: int | None) -> theme.Colour:
    return theme.SOFT if not change else theme.BETTER if change > 0 else theme.WORSE


def strip_tall(page: Page) -> int:
    """Return the strip's height: two lines where there is room for them."""
    return page.u(58) if page.room[1] >= 600 else page.target


def par(sitting: Sitting) -> int | None:
    """Return the score of a seat that has gathered what is par for it, if the rulebook has one."""
    return par_of(sitting.game.book.goals.score)


def spark(page: Page, rect: Rect, mark: Mark, path: Sequence[int], level: int | None) -> None:
    """Draw a score over the rounds, its last value as a dot; the level of par dashed."""
    if page.muted or not path:
        return
    known = [*path, *([level] if level is not None else [])]
    low, high = min(known), max(known)
    span = max(8, high - low)

    def y(value: float) -> int:
        return round(rect.bottom - 1 - (value - low + (span - high + low) / 2) / span * (rect.height - 2))

    if level is not None:
        for x in range(rect.x, rect.right, page.u(5)):
            pygame.draw.line(page.surface, theme.SOFT, (x, y(level)), (min(x + page.u(2), rect.right), y(level)))
    step = rect.width / max(1, len(path) - 1)
    points = [(rect.x + n * step, y(value)) for n, value in enumerate(path)]
    if len(points) > 1:
        pygame.draw.lines(page.surface, mark.colour, False, points, max(2, page.u(2)))
    last = points[-1] if len(points) > 1 else (rect.right, points[0][1])
    pygame.draw.circle(page.surface, mark.colour, last, page.u(3))


def draw_standing(
    page: Page,
    rect: Rect,
    sitting: Sitting,
    found: list[Score],
    aims: dict[str, list[bool]],
    viewer: str | None,
    press: Callable[[str], None],
) -> dict[str, Rect]:
    """Draw a plate a seat in the order of this round's turns, and return where each is.

    Args:
        page: The frame.
        rect: Where the strip is.
        sitting: The game.
        found: How the seats stand.
        aims: For each seat, which of its aims are met, as far as whoever looks may know.
        viewer: Who looks.
        press: Is given the seat whose plate is pressed.
    """
    game, stands = sitting.game, {each.seat: each for each in found}
    order = turn_order(sitting)
    at = order.index(sitting.seat) if sitting.seat in order else len(order) if game.over else -1
    tall = rect.height >= page.u(50)
    if tall and page.room[0] > 1100:
        words, level = Rect(rect.x, rect.y, page.u(84), rect.height), par(sitting)
        page.words(
            words,
            f"Turn order, score so far{'' if level is None else f' (par is {level})'}",
            theme.SMALL,
            theme.SOFT,
            most=3,
        )
        rect = Rect(words.right + page.u(4), rect.y, rect.right - words.right - page.u(4), rect.height)
    plates = dict(zip(order, columns(rect, [1] * len(order), page.u(6)), strict=True))
    for n, (seat, plate) in enumerate(plates.items()):
        state = "done" if n < at else "now" if n == at else "next"
        _plate(page, plate, sitting, seat, stands.get(seat), aims.get(seat, []), (n + 1, state), viewer, press, tall)
    return plates


def _plate(
    page: Page, plate: Rect, sitting: Sitting, seat: str, stand: Score | None, aims: list[bool],
    turn: tuple[int, str], viewer: str | None, press: Callable[[str], None], tall: bool,
) -> None:  # fmt: skip
    mark, name = sitting.board.marks[seat], sitting.board.seat_title(seat)
    now = turn[1] == "now"
    page.fill(plate, theme.RAISED if now else theme.PANEL, 8, mark.colour if now else theme.EDGE, 2 if now else 1)
    inner = plate.inflate(-page.u(18), -page.u(8))
    value = number(stand.score) if stand else "–"
    change = stand.change if stand else None
    moved = [] if change is None else [f"{'▲' if change > 0 else '▼'}{abs(change)}" if change else "±0"]
    notes = [stand.rank, *moved] if stand else []
    said = f"{name}, {TITLE.lower()}: {' '.join([value, *notes])}"
    told = {"done": "has moved", "now": "moves now", "next": "moves later"}[turn[1]]
    met = f"\nAims met: {sum(aims)} of {len(aims)}." if aims else ""
    identity = f"standing.{seat}"
    page.control(Control(identity, plate, said, lambda: press(seat)))
    page.ring(identity, plate, 8)
    page.tip(plate, f"{said}\n{name} {told}.{met}\n{NOTE}")
    line = page.line(theme.HEAD)
    x = inner.x
    if inner.width > page.u(170):
        x = _turn(page, inner, mark, turn) + page.u(8)
    if not tall:
        end = page.text(inner, value, theme.STRONG, bold=True, align="right").x - page.u(6)
        _name(page, Rect(x, inner.y, end - x, inner.height), mark, name, theme.BODY, "")
        return
    big = page.width(value, theme.SCORE, True)
    score = Rect(inner.right - big, inner.y, big, page.line(theme.SCORE))
    page.text(score, value, theme.SCORE, bold=True, align="right")
    you = " · you" if seat == viewer else ""
    _name(page, Rect(x, inner.y, score.x - x - page.u(4), line), mark, name, theme.HEAD, you)
    low = Rect(x, inner.bottom - page.line(theme.SMALL), inner.right - x, page.line(theme.SMALL))
    right = low.right
    for note in reversed(notes):
        tone = theme.SOFT if note == notes[0] else change_tone(change)
        right = page.text(Rect(low.x, low.y, right - low.x, low.height), note, theme.SMALL, tone, align="right").x
        right -= page.u(5)
    at = low.x
    if aims and right - at > page.u(40 + 18 * len(aims)):
        at = page.text(low, "aims", theme.SMALL, theme.SOFT).right + page.u(5)
    if aims and right - at > page.u(16 * len(aims)):
        for done in aims:
            aim_mark(page, (at + page.u(7), low.centery), done)
            at += page.u(17)
    room = right - at - page.u(14)
    if stand and room > page.u(24):
        wide = min(room, page.u(64))
        spark(page, Rect(right - wide - page.u(6), low.y, wide, low.height), mark, stand.path, par(sitting))


def _turn(page: Page, inner: Rect, mark: Mark, turn: tuple[int, str]) -> int:
    """Draw where in the turn order a seat is, and return the right edge."""
    radius = page.u(12)
    centre = (inner.x + radius, inner.centery)
    box = Rect(centre[0] - radius, centre[1] - radius, 2 * radius, 2 * radius)
    if not page.muted:
        if turn[1] == "now":
            pygame.draw.circle(page.surface, mark.colour, centre, radius)
        else:
            pygame.draw.circle(page.surface, theme.EDGE, centre, radius, max(1, page.u(1.5)))
    tone = theme.NIGHT if turn[1] == "now" else theme.SOFT
    page.text(box, "✓" if turn[1] == "done" else str(turn[0]), theme.SMALL, tone, bold=True, align="centre")
    return box.right


def _name(page: Page, rect: Rect, mark: Mark, name: str, size: float, note: str) -> None:
    page.shape(mark, (rect.x + page.u(7), rect.centery), 14)
    text = Rect(rect.x + page.u(19), rect.y, max(1, rect.width - page.u(19)), rect.height)
    fits = page.width(name, size, True) <= text.width
    used = page.text(text, name, size if fits else theme.SMALL, mark.colour, bold=True, tip=False)
    if note and used.right + page.width(note, theme.SMALL) < rect.right:
        page.text(Rect(used.right, rect.y, rect.right - used.right, rect.height), note, theme.SMALL, theme.SOFT)


def aim_mark(page: Page, centre: tuple[int, int], done: bool) -> None:
    """Draw a ring for an aim, filled with a tick once it is met."""
    if page.muted:
        return
    if done:
        side = page.u(14)
        page.icon("check", Rect(centre[0] - side // 2, centre[1] - side // 2, side, side), theme.TEXT)
    else:
        pygame.draw.circle(page.surface, theme.TEXT, centre, page.u(6), max(1, page.u(1.5)))
