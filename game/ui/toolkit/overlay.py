"""What lies over every screen: the tooltip and the notice."""

from __future__ import annotations

from pygame import Rect

from game import theme
from game.ui.toolkit.layout import within
from game.ui.toolkit.page import Page

LAYER = 99
"""Above all screens."""


def draw_tip(page: Page, told: tuple[Rect, str] | None) -> None:
    """A tooltip beside what it tells about: under it, over it, right or left, wherever it hides the least."""
    if told is None:
        return
    about, text = told
    page.layer = LAYER
    pad, most = page.u(10), min(page.u(380), page.rect.width - page.u(40))
    lines = [line for part in text.split("\n") for line in page.lines(part, most - 2 * pad, theme.SMALL)]
    wide = max(page.width(line, theme.SMALL) for line in lines) + 2 * pad
    high = len(lines) * page.line(theme.SMALL) + pad
    box = _clearest(page, about, wide, high)
    page.fill(box, theme.NIGHT, 6, theme.SOFT)
    for number, line in enumerate(lines):
        place = Rect(
            box.x + pad, box.y + pad // 2 + number * page.line(theme.SMALL), wide - 2 * pad, page.line(theme.SMALL)
        )
        page.text(place, line, theme.SMALL, tip=False)


def _clearest(page: Page, about: Rect, wide: int, high: int) -> Rect:
    gap, bounds = page.u(6), page.rect.inflate(-page.u(8), -page.u(8))
    spots = (
        (about.centerx - wide // 2, about.bottom + gap), (about.centerx - wide // 2, about.y - gap - high),
        (about.right + gap, about.centery - high // 2), (about.x - gap - wide, about.centery - high // 2),
    )  # fmt: skip
    boxes = [within(Rect(x, y, wide, high), bounds) for x, y in spots]
    others = [control.rect for control in page.controls if control.shown and not control.rect.contains(about)]
    others += page.written

    def hidden(box: Rect) -> int:
        """What a box would cover: first what it tells about, then the area of other controls and of words."""
        over = [box.clip(other) for other in others]
        return 10**9 * bool(box.colliderect(about)) + sum(each.width * each.height for each in over)

    return min(boxes, key=hidden)


def draw_notice(page: Page, sentence: str) -> None:
    page.layer = LAYER
    pad, most = page.u(14), min(page.u(720), page.rect.width - page.u(60))
    lines = page.lines(sentence, most - 2 * pad, theme.BODY)
    wide = max(page.width(line) for line in lines) + 2 * pad
    high = len(lines) * page.line() + pad
    box = Rect(page.rect.centerx - wide // 2, page.rect.bottom - high - page.u(16), wide, high)
    page.fill(box, theme.NIGHT, 8, theme.SOFT, 2)
    for number, line in enumerate(lines):
        page.text(
            Rect(box.x + pad, box.y + pad // 2 + number * page.line(), wide - 2 * pad, page.line()), line, tip=False
        )
