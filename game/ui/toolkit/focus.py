"""Where the keyboard focus goes: on with Tab, by the arrows to the nearest control that way."""

from __future__ import annotations

from collections.abc import Sequence

from game.ui.toolkit.page import Control

ARROWS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


def onward(controls: Sequence[Control], focus: str | None, step: int) -> str | None:
    """The control after (1) or before (-1) the focused one, round and round; ``None`` when there is none."""
    names = [control.id for control in controls]
    if not names:
        return None
    if focus not in names:
        return names[0 if step > 0 else -1]
    return names[(names.index(focus) + step) % len(names)]


def towards(controls: Sequence[Control], focus: str | None, direction: str) -> str | None:
    """The nearest control in a direction; the next in a list that scrolls when it is out of view; else the same."""
    at = next((n for n, control in enumerate(controls) if control.id == focus), None)
    if at is None:
        return controls[0].id if controls else None
    here = controls[at]
    dx, dy = ARROWS[direction]
    neighbour = at + (dy or dx)
    if dy and 0 <= neighbour < len(controls) and not controls[neighbour].shown:
        return controls[neighbour].id
    best, score = here.id, float("inf")
    for control in controls:
        if control is here or not control.shown:
            continue
        x = control.rect.centerx - here.rect.centerx
        y = control.rect.centery - here.rect.centery
        ahead, aside = (x * dx, abs(y)) if dx else (y * dy, abs(x))
        beyond = {
            "left": control.rect.left < here.rect.left,
            "right": control.rect.right > here.rect.right,
            "up": control.rect.top < here.rect.top,
            "down": control.rect.bottom > here.rect.bottom,
        }[direction]
        if not beyond:
            continue
        if ahead > 0 and ahead + 2.5 * aside < score:
            best, score = control.id, ahead + 2.5 * aside
    return best
