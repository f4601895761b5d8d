"""Buttons, tabs, check boxes, steppers and text fields. Each is drawn by one call and is reached by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import pygame
from pygame import Rect

from game import theme
from game.theme import Colour
from game.ui.toolkit.page import Control, Key, Page
from game.ui.toolkit.text import tidy

KEYCAP = 6
"""A hotkey beside its label is drawn as a key if it has no more letters than this; longer ones are words."""
KINDS: dict[str, tuple[Colour, Colour, Colour]] = {
    "plain": (theme.RAISED, theme.EDGE, theme.TEXT),
    "go": (theme.NOW, theme.NOW, theme.ON_NOW),
    "on": (theme.HOVER, theme.TEXT, theme.TEXT),
    "danger": (theme.FAMILIES[0], theme.WORSE, theme.TEXT),
    "quiet": (theme.PANEL, theme.PANEL, theme.TEXT),
    "paper": (theme.PAPER, theme.PAPER_TEXT, theme.PAPER_TEXT),
    "answer": (theme.PAPER_TEXT, theme.PAPER_TEXT, theme.TEXT),
}
"""Ground, outline and text by the kind of a button: ``go`` is a screen's default, the last two lie on paper."""


def button(
    page: Page,
    identity: str,
    rect: Rect,
    label: str,
    press: Callable[[], None],
    *,
    hotkey: str = "",
    kind: str = "plain",
    enabled: bool = True,
    reason: str = "",
    tip: str = "",
    size: float = theme.STRONG,
    selected: bool = False,
    align: str = "centre",
    hold: Callable[[bool], None] | None = None,
) -> None:
    """A button; ``hotkey`` is told under the label, or beside it where the button is low. A disabled one says why."""
    page.control(Control(identity, Rect(rect), label, press, enabled, reason, tip, hold=hold if enabled else None))
    ground = _ground(page, identity, rect, kind, enabled)
    page.fill(
        rect, ground, 6, theme.NOW if selected else KINDS[kind][1] if enabled else theme.EDGE, 2 if selected else 1
    )
    if kind == "go" and enabled and rect.height >= page.u(40):
        page.fill(Rect(rect.x, rect.bottom - page.u(10), rect.width, page.u(10)), theme.mix(ground, (0, 0, 0), 0.25), 6)
        page.fill(Rect(rect.x, rect.y, rect.width, rect.height - page.u(4)), ground, 6)
    page.ring(identity, rect)
    colour, soft = (KINDS[kind][2] if enabled else theme.SOFT), theme.SOFT
    if not enabled and kind == "paper":
        colour = soft = theme.PAPER_SOFT
    elif enabled and kind in ("go", "paper"):
        soft = theme.ON_NOW if kind == "go" else theme.PAPER_SOFT
    inner = rect.inflate(-page.u(28 if align == "left" and rect.height > page.u(40) else 12), 0)
    if rect.width < page.u(44):
        inner = Rect(rect)
    note = hotkey if enabled else reason or hotkey
    if note and rect.height >= page.line(size) + page.line(theme.SMALL) + page.u(4):
        most = max(1, (rect.height - page.line(size) - page.u(4)) // page.line(theme.SMALL))
        lines = min(most, len(page.lines(note, inner.width, theme.SMALL)))
        top = rect.y + (rect.height - page.line(size) - lines * page.line(theme.SMALL)) // 2
        _label(page, Rect(inner.x, top, inner.width, page.line(size)), label, size, colour, align)
        under = Rect(inner.x, top + page.line(size), inner.width, lines * page.line(theme.SMALL))
        page.words(under, note, theme.SMALL, soft, align=align, most=most)
        return
    room = page.width(hotkey, theme.SMALL) + page.u(8) if hotkey and enabled else 0
    if room and page.width(label, size, True) + room <= inner.width:
        used = page.text(inner, hotkey, theme.SMALL, soft, align="right")
        if len(hotkey) <= KEYCAP and rect.width >= page.u(44):
            page.outline(used.inflate(page.u(8), page.u(2)), soft if kind in ("go", "paper") else theme.EDGE, 4, 1)
        inner = Rect(inner.x, inner.y, inner.width - room, inner.height)
    _label(page, inner, label, size, colour, align)


def _label(page: Page, rect: Rect, label: str, size: float, colour: Colour, align: str) -> None:
    """A label that becomes two lines before it is shortened."""
    if page.width(label, size, True) <= rect.width or rect.height < 2 * page.line(theme.SMALL):
        page.text(rect, label, size, colour, bold=True, align=align)
        return
    smaller = size if 2 * page.line(size) <= rect.height else theme.SMALL
    most = max(1, rect.height // page.line(smaller))
    height = min(most, len(page.lines(label, rect.width, smaller, True))) * page.line(smaller)
    box = Rect(rect.x, rect.y + (rect.height - height) // 2, rect.width, height)
    page.words(box, label, smaller, colour, bold=True, align=align, most=most)


def _ground(page: Page, identity: str, rect: Rect, kind: str, enabled: bool) -> Colour:
    ground = KINDS[kind][0]
    if not enabled:
        return theme.PAPER if kind == "paper" else theme.PANEL
    if page.pressed == identity:
        return theme.mix(ground, (0, 0, 0), 0.25)
    lit = theme.HOVER if theme.luminance(ground) < 0.25 else theme.TEXT
    return page.warm(rect, ground, theme.mix(ground, lit, 0.5))


def tabs(
    page: Page,
    identity: str,
    rect: Rect,
    titles: Sequence[str],
    chosen: int,
    choose: Callable[[int], None],
    tip: str = "",
) -> None:
    """Tabs side by side; with the focus on one, left and right go to the next."""
    widths = [page.width(title, theme.BODY, True) + page.u(20) for title in titles]
    spare = max(0, rect.width - sum(widths))
    if sum(widths) > rect.width:
        widths = [rect.width // len(titles)] * len(titles)
        spare = 0
    x = rect.x
    for number, (title, width) in enumerate(zip(titles, widths, strict=True)):
        place = Rect(x, rect.y, width + min(spare // len(titles), page.u(12)), rect.height)
        x = place.right
        name = f"{identity}.{number}"
        page.control(Control(name, place, title, partial(choose, number), tip=tip))
        active = number == chosen
        if not active:
            page.light(place, 5)
        if active:
            page.fill(
                Rect(place.x + page.u(4), place.bottom - page.u(3), place.width - page.u(8), page.u(3)), theme.NOW
            )
        page.ring(name, place)
        page.text(
            place.inflate(-page.u(6), 0),
            title,
            theme.BODY,
            theme.TEXT if active else theme.SOFT,
            bold=active,
            align="centre",
        )


def checkbox(
    page: Page, identity: str, rect: Rect, label: str, value: bool, change: Callable[[bool], None], tip: str = "", *,
    enabled: bool = True, reason: str = "",
) -> None:  # fmt: skip
    page.control(Control(identity, Rect(rect), label, lambda: change(not value), enabled, reason, tip=tip))
    if enabled:
        page.light(rect, 5)
    side = page.line(theme.BODY)
    box = Rect(rect.x + page.u(6), rect.centery - side // 2, side, side)
    page.fill(box, theme.PAPER if value else theme.NIGHT, 3, theme.PAPER if value else theme.SOFT)
    if value:
        page.text(box, "✓", theme.BODY, theme.PAPER_TEXT, bold=True, align="centre")
    page.ring(identity, rect)
    page.text(Rect(box.right + page.u(8), rect.y, rect.right - box.right - page.u(8), rect.height), label)


def stepper(
    page: Page, identity: str, rect: Rect, label: str, values: Sequence[str], chosen: int, change: Callable[[int], None]
) -> None:
    """One of a few values: click or Enter goes on, the arrow keys go either way."""

    def keys(key: Key) -> bool:
        step = {pygame.K_LEFT: -1, pygame.K_RIGHT: 1}.get(key.code, 0)
        if step:
            change((chosen + step) % len(values))
        return bool(step)

    text = values[chosen]
    page.control(
        Control(identity, Rect(rect), f"{label}: {text}", lambda: change((chosen + 1) % len(values)), keys=keys)
    )
    page.fill(rect, page.warm(rect, theme.RAISED, theme.HOVER), 6, theme.EDGE)
    page.ring(identity, rect)
    side = page.u(20)
    page.text(Rect(rect.x, rect.y, side, rect.height), "◂", theme.SMALL, theme.SOFT, align="centre")
    page.text(Rect(rect.right - side, rect.y, side, rect.height), "▸", theme.SMALL, theme.SOFT, align="centre")
    page.text(rect.inflate(-2 * side, 0), text, theme.BODY, bold=True, align="centre")


@dataclass(slots=True)
class Entry:
    """What is typed into a text field; ``whole`` after Ctrl+A: what is typed next takes the place of all."""

    text: str = ""
    limit: int = 40
    at: int = 0
    secret: bool = False
    digits: bool = False
    whole: bool = False

    @property
    def value(self) -> str:
        """The text, tidied: single spaces, none at the ends."""
        return tidy(self.text, self.limit)

    def put(self, text: str) -> None:
        self.text = text[: self.limit]
        self.at = len(self.text)
        self.whole = False

    def type(self, text: str) -> None:
        """Inserts what was typed; what does not fit or does not belong is left out."""
        text = "".join(" " if c.isspace() else c for c in text)  # keyboards of other countries type spaces of their own
        if self.whole:
            self.put("")
        kept = "".join(c for c in text if c.isprintable() and ((c.isdigit() and c.isascii()) or not self.digits))
        kept = kept[: max(0, self.limit - len(self.text))]
        self.text = self.text[: self.at] + kept + self.text[self.at :]
        self.at += len(kept)

    def key(self, key: Key) -> bool:
        """Editing keys; answers whether it used one. Plain letters come as text, and are used up here."""
        if key.code == pygame.K_a and key.ctrl:
            self.whole = bool(self.text)
            return True
        whole, self.whole = self.whole, False
        if whole and key.code in (pygame.K_BACKSPACE, pygame.K_DELETE):
            self.put("")
        elif key.code == pygame.K_BACKSPACE and self.at:
            start = 0 if key.ctrl else self.at - 1
            self.text, self.at = self.text[:start] + self.text[self.at :], start
        elif key.code == pygame.K_DELETE:
            self.text = self.text[: self.at] + self.text[self.at + 1 :]
        elif key.code in (pygame.K_LEFT, pygame.K_RIGHT):
            step = -1 if key.code == pygame.K_LEFT else 1
            self.at = max(0, min(len(self.text), self.at + step))
        elif key.code == pygame.K_HOME:
            self.at = 0
        elif key.code == pygame.K_END:
            self.at = len(self.text)
        else:
            return key.code == pygame.K_BACKSPACE or (32 <= key.code < 127 and not key.ctrl)
        return True


def field(
    page: Page,
    identity: str,
    rect: Rect,
    entry: Entry,
    label: str,
    hint: str = "",
    *,
    changed: Callable[[], None] | None = None,
    submit: Callable[[], None] | None = None,
) -> None:
    """A line to type in; ``submit`` is what Enter does. Its label is for tests; the caller draws it beside."""

    def keys(key: Key) -> bool:
        if submit is not None and key.code in (pygame.K_RETURN, pygame.K_KP_ENTER):
            submit()
            return True
        before = entry.text
        used = entry.key(key)
        if changed is not None and entry.text != before:
            changed()
        return used

    def typed(text: str) -> None:
        entry.type(text)
        if changed is not None:
            changed()

    lacking = page.fonts.lacks(entry.text)
    told = f"No font here can draw {' '.join(lacking[:8])}. It is kept as typed and shown as □." if lacking else ""
    page.control(Control(identity, Rect(rect), label, keys=keys, type=typed, tip=told))
    page.fill(rect, theme.NIGHT, 5, theme.WARN if lacking else page.warm(rect, theme.EDGE, theme.SOFT))
    page.ring(identity, rect)
    inner = rect.inflate(-page.u(16), 0)
    if not entry.text and not (page.composing and page.focused(identity)):
        page.text(inner, hint, theme.BODY, theme.SOFT)
    entry.at = min(entry.at, len(entry.text))
    focused = page.focused(identity)
    composing = page.composing if focused and not entry.secret else ""
    shown, at = "•" * len(entry.text) if entry.secret else entry.text, entry.at + len(composing)
    shown = shown[: entry.at] + composing + shown[entry.at :]
    start = 0
    while start < at and page.width(shown[start:at]) > inner.width - page.u(4):
        start += 1
    end = len(shown)
    while end > at and page.width(shown[start:end]) > inner.width:
        end -= 1
    if end - start < len(shown) and not entry.secret:
        page.tip(rect, entry.text)
    if shown[start:end]:
        if entry.whole and focused:
            marked = Rect(inner.x, rect.centery - page.line() // 2, page.width(shown[start:end]), page.line())
            page.fill(marked, theme.EDGE)
        page.text(inner, shown[start:end], tip=False)
    if focused:
        x = inner.x + (page.width(shown[start:at]) if at > start else 0)
        height = page.line()
        page.caret = Rect(x, rect.centery - height // 2, page.u(2), height)
        page.fill(page.caret, theme.NOW)
        if composing:
            wide = page.width(composing)
            page.fill(Rect(x - wide, page.caret.bottom - page.u(2), wide, page.u(1)), theme.NOW)


def heading(page: Page, rect: Rect, title: str, note: str = "") -> Rect:
    """A panel's heading with a note at its right; gives the rectangle below it."""
    height = page.line(theme.SMALL) + page.u(6)
    place = Rect(rect.x, rect.y, rect.width, height)
    used = page.text(place, title, theme.SMALL, theme.SOFT, bold=True).width
    if note:
        page.text(
            Rect(rect.x + used + page.u(12), rect.y, rect.width - used - page.u(12), height),
            note,
            theme.SMALL,
            theme.SOFT,
            align="right",
        )
    return Rect(rect.x, rect.y + height, rect.width, max(0, rect.height - height))
