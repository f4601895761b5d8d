"""The keys of the window on one sheet, to lie beside the screen."""

from __future__ import annotations

from game.rulebook.entries import KEYS
from game.templates import render

GROUPS = {
    "Your turn": KEYS,
    "Between turns": (
        ("Space, held", "take the screen at a handover"), ("Space", "the world's turn: pause, and go on"),
        ("→", "the next step"), ("S", "another speed"), ("Esc", "skip to the result"),
        ("Enter", "on from the round's page"),
    ),
    "For the facilitator": (
        ("F9", "projector's view, and back"), ("F10", "the facilitator's screen, and back"),
        ("Ctrl+1 to Ctrl+5", "News, Control, Adjust, Notes, Room"),
    ),
}  # fmt: skip
"""What each key does, by when."""


def html() -> str:
    """Return the card as one page that needs nothing from elsewhere."""
    return render("keys/page.html", groups=GROUPS)
