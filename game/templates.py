"""Fill in the page templates among the assets: every value in them is escaped, and one that is missing is an error.

A template lies in ``assets/<kind>/``, extends ``page/frame.html`` (the head, colours and fonts that all pages share)
and fills its blocks ``title``, ``style`` and ``body``. What is HTML already, such as a drawing, is handed over as
``markupsafe.Markup``.
"""

from __future__ import annotations

import base64
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from game import theme
from game.prose.lexicon import clean
from game.prose.numbers import counted, joined, number, signed
from game.prose.visible import visible


def _shown(value: object) -> object:
    """Return a value for a page: text from strangers steers neither the page nor the reader's eyes."""
    if isinstance(value, Markup):
        return Markup(visible(value))
    return visible(value) if isinstance(value, str) else value


WHITE: theme.Colour = (255, 255, 255)
LOOK = {
    "paper": theme.PAPER, "card": theme.mix(theme.PAPER, WHITE, 0.6),
    "tint": theme.mix(theme.PAPER, theme.PAPER_RULE, 0.3), "rule": theme.PAPER_RULE, "ink": theme.PAPER_TEXT,
    "soft": theme.PAPER_SOFT, "deck": theme.NIGHT, "on-deck": theme.TEXT, "soft-on-deck": theme.SOFT, "now": theme.NOW,
    "better": theme.BETTER_ON_PAPER, "worse": theme.WORSE_ON_PAPER,
    **{f"f{n}": colour for n, colour in enumerate((*theme.FAMILIES, theme.RAISED), 1)},
}  # fmt: skip
"""Colours of pages by the name that their styles give them."""


DASHES = {hatch: " ".join(f"{2 * part:g}" for part in parts) for hatch, parts in theme.DASHES.items()}
"""How the lines of pages, two units wide, are dashed."""


@cache
def face(name: str) -> str:
    """Return one of the fonts that pages carry (``text``, ``bold``, ``serif``) as base64."""
    return base64.b64encode(files("assets").joinpath("fonts", "page", f"{name}.woff").read_bytes()).decode()


_templates = Environment(
    loader=PackageLoader("assets", ""),
    finalize=_shown,
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals |= {
    "look": {name: theme.as_hex(colour) for name, colour in LOOK.items()},
    "face": face,
    "dashes": DASHES,
}
_templates.filters |= {
    "hex": theme.as_hex,
    "clean": clean,
    "number": number,
    "signed": signed,
    "counted": counted,
    "joined": joined,
}


def render(template: str, /, **values: object) -> str:
    """Return a template filled in.

    Args:
        template: Its path among the assets, such as ``debrief/page.html``.
        values: What the template names; text is escaped, ``Markup`` is taken as it is.

    Raises:
        jinja2.UndefinedError: A value that the template names was not given.
    """
    return _templates.get_template(template).render(values)
