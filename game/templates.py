"""Fill in the page templates among the assets: every value in them is escaped, and one that is missing is an error.

A template lies in ``assets/<kind>/``, extends ``page/frame.html`` (the head that all pages share) and fills its blocks
``title``, ``style`` and ``body``. What is HTML already, such as a drawing, is handed over as ``markupsafe.Markup``.
"""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from game.prose.lexicon import clean
from game.prose.numbers import counted, joined, number, signed
from game.prose.visible import visible


def _shown(value: object) -> object:
    """Return a value for a page: text from strangers steers neither the page nor the reader's eyes."""
    if isinstance(value, Markup):
        return Markup(visible(value))
    return visible(value) if isinstance(value, str) else value


_templates = Environment(
    loader=PackageLoader("assets", ""),
    finalize=_shown,
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {"clean": clean, "number": number, "signed": signed, "counted": counted, "joined": joined}


def render(template: str, /, **values: object) -> str:
    """Return a template filled in.

    Args:
        template: Its path among the assets, such as ``debrief/page.html``.
        values: What the template names; text is escaped, ``Markup`` is taken as it is.

    Raises:
        jinja2.UndefinedError: A value that the template names was not given.
    """
    return _templates.get_template(template).render(values)
