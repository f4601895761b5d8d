"""What lies over every screen: the tooltip and the notice."""

from __future__ import annotations

from pygame import Rect

from game import theme
from game.ui.toolkit.layout import within
from game.ui.toolkit.page import Page

LAYER = 99
"""Above all screens."""


def draw_tip(page: Page, told: tuple[Rect, str] | None) -> None:
    """A tooltip under what it tells about, or above where there is no room below."""
    if told is None:
        return
    about, text = told
    page.layer = LAYER
    pad, most = page.u(10), min(page.u(380), page.rect.width - page.u(40))
    lines = [line for part in text.split("\n") for line in page.lines(part, most - 2 * pad, theme.SMALL)]
    wide = max(page.width(line, theme.SMALL) for line in lines) + 2 * pad
    high = len(lines) * page.line(theme.SMALL) + pad
    box = Rect(about.centerx - wide // 2, about.bottom + page.u(6), wide, high)
    if box.bottom > page.rect.bottom:
        box.bottom = about.y - page.u(6)
    box = within(box, page.rect.inflate(-page.u(8), -page.u(8)))
    page.fill(box, theme.NIGHT, 6, theme.SOFT)
    for number, line in enumerate(lines):
        place = Rect(
            box.x + pad, box.y + pad // 2 + number * page.line(theme.SMALL), wide - 2 * pad, page.line(theme.SMALL)
        )
        page.text(place, line, theme.SMALL, tip=False)


def draw_notice(page: Page, sentence: str) -> None:
    page.layer = LAYER
    pad, most = page.u(14), min(page.u(720), page.rect.width - page.u(60))
    lines = page.lines(sentence, most - 2 * pad, theme.BODY)
    wide = max(page.width(line) for line in lines) + 2 * pad
    high = len(lines) * page.line() + pad
    box = Rect(page.rect.centerx - wide // 2, page.rect.bottom - high - page.u(16), wide, high)
    page.fill(box, theme.NIGHT, 8, theme.WARN, 2)
    for number, line in enumerate(lines):
        page.text(
            Rect(box.x + pad, box.y + pad // 2 + number * page.line(), wide - 2 * pad, page.line()), line, tip=False
        )
