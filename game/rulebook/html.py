"""Pages of the tournament: escaping, the head that all pages have, folded parts."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from string import Template

from game.prose.lexicon import clean


def esc(text: object) -> str:
    """Text from the rules, safe inside HTML."""
    return escape(clean(text))


def asset(folder: str, name: str) -> str:
    """The text of a shipped asset."""
    return files("assets").joinpath(folder, name).read_text(encoding="utf-8").strip()


def document(kind: str, title: str, style: str, /, **parts: str) -> str:
    """A page that needs nothing else: the head that all pages have, and the body of a kind of page.

    Args:
        kind: the folder of its body among the assets.
        title: what the browser calls it, safe inside HTML.
        style: its styles.
        parts: what is put into the body.
    """
    body = Template(asset(kind, "page.html")).substitute(parts)
    return Template(asset("page", "page.html")).substitute(title=title, style=style, body=body)


def fold(summary: str, body: str, style: str = "") -> str:
    """Something that is shown on request, and in print unless its style is ``screen``."""
    start = f'<details class="{style}">' if style else "<details>"
    return f"{start}<summary>{esc(summary)}</summary><div>{body}</div></details>" if body else ""
