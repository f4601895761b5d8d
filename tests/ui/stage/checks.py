"""What must hold on every frame: nothing outside, nothing over another, nothing cut, a reason, contrast, glyphs."""

from __future__ import annotations

import itertools
import re

from game import theme
from game.theme import contrast
from game.ui.toolkit.app import App
from game.ui.toolkit.overlay import LAYER
from game.ui.toolkit.page import TARGET, Seen

CONTRAST = 4.5


def faults(app: App) -> list[str]:
    """All that is wrong with the frame that is on the screen, as sentences."""
    found = [*outside(app), *overlaps(app), *cut(app), *reasons(app), *faint(app), *glyphs(app), *ids(app), *small(app)]
    return [*found, *raw(app), *defaults(app)]


def outside(app: App) -> list[str]:
    """Controls and texts that leave the window."""
    window = app.canvas.get_rect()
    found = [
        f"control {c.id} lies outside: {c.rect}" for c in app.page.controls if c.shown and not window.contains(c.rect)
    ]
    return found + [f"text {t.text!r} lies outside: {t.rect}" for t in app.page.texts if not window.contains(t.rect)]


def overlaps(app: App) -> list[str]:
    """Texts on texts, and controls on controls, of one layer."""
    found = []
    layers = {t.layer for t in app.page.texts}
    for layer in layers - {LAYER}:
        texts = sorted((t for t in app.page.texts if t.layer == layer), key=lambda t: t.rect.y)
        for n, a in enumerate(texts):
            for b in texts[n + 1 :]:
                if b.rect.y >= a.rect.bottom:
                    break
                if _ink(a).colliderect(_ink(b)):
                    found.append(f"texts {a.text!r} and {b.text!r} overlap")
    for a, b in itertools.combinations([c for c in app.page.controls if c.shown], 2):
        if a.layer == b.layer and a.rect.colliderect(b.rect):
            found.append(f"controls {a.id} and {b.id} overlap")
    return found


def _ink(seen: Seen):  # type: ignore[no-untyped-def]
    """Where the letters are: a line's box has room above and below them."""
    return seen.rect.inflate(0, -round(seen.rect.height * 0.3))


def cut(app: App) -> list[str]:
    """Texts that were shortened and whose whole is told nowhere."""
    told = [text for _, text, _ in app.page.tips]
    labels = [c.label for c in app.page.controls]
    return [
        f"{t.text!r} hides {t.whole!r}"
        for t in app.page.texts
        if t.whole and not any(t.whole in text for text in told) and not any(t.whole in label for label in labels)
    ]


LISTED = ("seats.", "interlude.score.")
"""Rows that may be lower than a target, close to each other as they are: what they open is opened in full size by T, or
by the seat's plate at the table.
"""


def small(app: App) -> list[str]:
    """Controls that are hard to hit. In a window that large text makes small the map's room comes first."""
    if app.scale.room[1] < 620:
        return []
    return [
        f"{c.id} is only {c.rect.height} pixels high"
        for c in app.page.controls
        if c.shown and c.rect.height < app.scale.u(18 if c.id.startswith(LISTED) else TARGET)
    ]


def reasons(app: App) -> list[str]:
    """Disabled controls that do not say why."""
    return [f"{c.id} is disabled without a reason" for c in app.page.controls if not c.enabled and not c.reason]


def faint(app: App) -> list[str]:
    """Texts that are hard to read on what they lie on, and texts that are too small."""
    found = []
    for t in app.page.texts:
        if t.size < theme.SMALLEST_TEXT:
            found.append(f"{t.text!r} is only {t.size} pixels high")
        worst = min((contrast(t.colour, ground) for ground in t.grounds), default=21.0)
        if worst < CONTRAST:
            ground = min(t.grounds, key=lambda g: contrast(t.colour, g))
            found.append(f"{t.text!r} has contrast {worst:.1f}: {t.colour} on {ground}")
    return found


def glyphs(app: App) -> list[str]:
    """Characters that the fonts lack."""
    lacking = {c for t in app.page.texts for c in app.fonts.lacks(t.text)}
    return [f"no glyph for {c!r}" for c in sorted(lacking)]


def ids(app: App) -> list[str]:
    """Controls that share an id, or have no label."""
    seen: set[tuple[int, str]] = set()
    found = []
    for control in app.page.controls:
        key = (control.layer, control.id)
        if key in seen:
            found.append(f"two controls are called {control.id}")
        seen.add(key)
        if not control.label.strip():
            found.append(f"control {control.id} has no label")
    return found


ID = re.compile(r"[A-Za-z0-9]+(_[A-Za-z0-9]+)+|[a-z][a-z0-9]*=[a-z0-9]+")
"""A name as rule files write it, or a choice as records do."""


FILE = re.compile(r"\.(yaml|html|csv|py)\b|(^|\s)(/|[A-Za-z]:[/\\\\])\w")
"""What tells of a file or a folder, on one of several lines; its name may be anything."""


def raw(app: App) -> list[str]:
    """Names that only rule files and records know, in texts, tooltips, labels and reasons."""
    said = [t.text for t in app.page.texts] + [text for _, text, _ in app.page.tips]
    said += [each for c in app.page.controls for each in (c.label, c.reason)]
    words = {word.strip("()[].,:;“”\"'…") for text in said if not FILE.search(text) for word in text.split()}
    return [f"raw id {word!r}" for word in sorted(words) if ID.fullmatch(word)]


def defaults(app: App) -> list[str]:
    """More than one large yellow button on the screen on top."""
    top = len(app.screens) - 1
    least = app.scale.u(34)
    yellow = [
        c.id
        for c in app.page.controls
        if c.layer == top and c.shown and c.rect.height >= least
        if all(
            app.canvas.get_at(place)[:3] == theme.NOW
            for place in (
                (c.rect.x + 7, c.rect.y + 7),
                (c.rect.right - 8, c.rect.y + 7),
                (c.rect.x + 7, c.rect.centery),
            )
        )
    ]
    return [f"two defaults: {', '.join(yellow)}"] if len(yellow) > 1 else []
