"""Pieces of HTML for the printed rulebook: escaping, links to rule things, icons, lists, and who refers to what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from importlib.resources import files
from string import Template

from game.prose.lexicon import clean, plain, references, rendered
from game.prose.statements import Line
from rules.model.rulebook import Rulebook

_STYLE = {"track": "t", "knob": "k", "role": "k", "move": "k", "event": "k", "define": "d", "group": "d", "map": "d"}
"""The kinds of references that are links, each with its style."""
MANY = 8
"""More cards than this that refer to a thing are folded away."""
SHAPES = 6
"""How many colours and shapes there are for families that have no icon of their own."""


def esc(text: object) -> str:
    """Text from the rules, safe inside HTML."""
    return escape(clean(text))


def anchor(kind: str, name: str) -> str:
    """The id of a thing's place in the page."""
    return f"{kind}-{name}"


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


def icon_name(book: Rulebook, family: str) -> str:
    """The icon of a family: its own, or a shape by its place among the families."""
    if files("assets").joinpath("icons", f"{family}.svg").is_file():
        return family
    return f"family_{colour(book, family)}"


def colour(book: Rulebook, family: str) -> int:
    """The number of a family's colour, from one."""
    families = list(book.families)
    return (families.index(family) % SHAPES if family in families else 0) + 1


def icon(name: str) -> str:
    """An icon where it is used; its drawing is once in the page, as a symbol."""
    return f'<svg class="icon" aria-hidden="true"><use href="#icon-{name}"/></svg>'


def symbols(names: Iterable[str]) -> str:
    """The drawings of icons as symbols."""
    found = []
    for name in sorted(set(names)):
        drawing = asset("icons", f"{name}.svg")
        body = drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")]
        found.append(f'<symbol id="icon-{name}" viewBox="0 0 24 24">{body}</symbol>')
    return "".join(found)


class Writer:
    """Turns marked text into HTML, and remembers which cards refer to which thing."""

    def __init__(self, book: Rulebook) -> None:
        """A writer for this rulebook's page."""
        self.book = book
        self.users: dict[tuple[str, str], dict[str, str]] = {}
        self._user: tuple[str, str] | None = None

    def user(self, identity: str, title: str) -> None:
        """From here on, what is referred to is referred to by this card."""
        self._user = (identity, title)

    def nobody(self) -> None:
        """From here on nobody is noted as referring."""
        self._user = None

    def html(self, text: str) -> str:
        """Marked text as HTML."""
        if self._user is not None:
            for thing in references(text):
                self.users.setdefault(thing, {})[self._user[0]] = self._user[1]
        return rendered(text, self.link, escape)

    def link(self, kind: str, name: str, label: str) -> str:
        """A reference as a link; names of one rule's own values are only set apart."""
        if kind == "name":
            return f'<i class="n">{label}</i>'
        style = _STYLE.get(kind)
        return f'<a class="{style}" href="#{anchor(kind, name)}">{label}</a>' if style else label

    def lines(self, lines: Iterable[Line]) -> str:
        """Lines as a list, with what hangs under a line inside it."""
        items = []
        for line in lines:
            inner = self.lines(line.inner) if line.inner else ""
            kind = "" if line.inner else ' class="plain"'
            items.append(f"<li{kind}>{self.html(line.text)}{inner}</li>")
        return f'<ul class="lines">{"".join(items)}</ul>' if items else ""

    def used_by(self, kind: str, name: str) -> str:
        """Links to the cards that refer to a thing; many are folded away."""
        found = self.users.get((kind, name), {})
        links = ", ".join(f'<a class="k" href="#{to}">{esc(plain(title))}</a>' for to, title in found.items())
        if len(found) <= MANY:
            return links
        return f'<details class="quiet"><summary>{len(found)} cards and rules</summary><div>{links}</div></details>'


def facts(entries: Mapping[str, str]) -> str:
    """Labelled facts in two columns; empty ones are left out. Values are HTML."""
    found = "".join(f"<dt>{esc(label)}</dt><dd>{value}</dd>" for label, value in entries.items() if value)
    return f'<dl class="facts">{found}</dl>' if found else ""


def paragraph(text: object, style: str = "", label: str = "") -> str:
    """A paragraph of plain text, left out when there is none."""
    if not clean(text):
        return ""
    head = f"<b>{esc(label)}</b> " if label else ""
    return f"<p{f' class={chr(34)}{style}{chr(34)}' if style else ''}>{head}{esc(text)}</p>"


def needs(items: list[str]) -> str:
    """Several conditions (HTML) as a list, one alone as it is."""
    return (
        f'<ul class="needs">{"".join(f"<li>{item}</li>" for item in items)}</ul>' if len(items) > 1 else "".join(items)
    )


def card(kind: str, name: str, title: str, *body: str, style: str = "") -> str:
    """A card: its heading (HTML) and what is on it, empty parts left out."""
    classes = f"card {style}".strip()
    return f'<article class="{classes}" id="{anchor(kind, name)}"><header>{title}</header>{"".join(body)}</article>\n'


def cards(items: Iterable[str]) -> str:
    """Cards in columns."""
    found = "".join(items)
    return f'<div class="cards">{found}</div>' if found else ""


def tags(*items: str) -> str:
    """Small labels in a row."""
    found = "".join(filter(None, items))
    return f'<div class="tags">{found}</div>' if found else ""


def fold(summary: str, body: str, style: str = "") -> str:
    """Something that is shown on request, and in print unless its style is ``screen``."""
    start = f'<details class="{style}">' if style else "<details>"
    return f"{start}<summary>{esc(summary)}</summary><div>{body}</div></details>" if body else ""


def chapter(identity: str, title: str, body: str, count: str = "", *, fresh: bool = False) -> str:
    """A chapter with its heading; ``fresh`` starts on a new page in print."""
    note = f'<span class="count">{esc(count)}</span>' if count else ""
    style = "chapter fresh" if fresh else "chapter"
    return f'<section class="{style}" id="{identity}"><h2>{esc(title)}{note}</h2>\n{body}\n</section>\n'
