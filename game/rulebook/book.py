"""Prints a rulebook, from the rules alone: one self-contained HTML page, or one entry of it for the terminal.

Example:
    ``chokepoint rules book --out rulebook.html`` and ``chokepoint rules show tighten_controls``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sized
from string import Template
from typing import Any

from game.prose.lexicon import clean, plain, spaced, titled
from game.prose.numbers import counted
from game.prose.prose import describe_expr
from game.prose.statements import Sentences, describe_cost, describe_effects
from game.rulebook.cards import Cards
from game.rulebook.chapters import Chapters
from game.rulebook.glossary import Glossary, index
from game.rulebook.html import Writer, anchor, asset, chapter, colour, document, esc, icon, icon_name, symbols
from game.rulebook.seats import Seats
from game.rulebook.terminal import show
from rules.model.rulebook import Rulebook

__all__ = ["describe_cost", "describe_effects", "describe_expr", "html", "show"]


def html(book: Rulebook) -> str:
    """The whole rulebook as one HTML page with its styles and drawings inside; needs no network to be read.

    Example:
        >>> from rules import load_rulebook
        >>> page = html(load_rulebook("standard"))
    """
    said, writer = Sentences(book), Writer(book)
    cards, seats = Cards(book, writer, said), Seats(book, writer, said)
    chapters, glossary = Chapters(book, writer, said), Glossary(book, writer, said)
    # Cards come first, then formulas, so that the glossaries know who refers to what.
    moves, events, rounds, winning = cards.moves(), cards.events(), chapters.round(), chapters.winning()
    roles, formulas = seats.roles(), glossary.formulas()
    parts = [
        ("overview", "The game in one page", chapters.overview(), ""),
        ("roles", "Seats and roles", roles, _size(book.roles, "role")),
        ("scenarios", "Scenarios", seats.scenarios(), _size(book.scenarios, "scenario")),
        ("round", "The round, step by step", rounds, _size(book.world_turn, "step")),
        ("moves", "Moves", moves, _size(book.moves, "move")),
        ("events", "News", events, _size(book.events, "card")),
        ("winning", "How to win, and how it ends", winning, ""),
        ("tracks", "Tracks", glossary.tracks(), _size(book.tracks, "track")),
        ("formulas", "Formulas and words", formulas, ""),
        ("assumptions", "Assumptions", glossary.assumptions(), _size(book.knobs, "assumption")),
        ("index", "Index", index(_entries(book, said)), ""),
    ]
    parts = [part for part in parts if part[2]]
    title = clean(book.title) or titled(book.name)
    style = Template(asset("book", "book.css")).substitute(title=_css_text(title))
    families = list(book.families)
    icons = [icon_name(book, family) for family in families]
    discs = [f'<span class="disc f{colour(book, f)}">{icon(icon_name(book, f))}</span>' for f in families]
    return document(
        "book",
        f"{esc(title)}: rulebook",
        style,
        title=esc(title),
        summary=esc(book.summary),
        meta=f"Rulebook, version {book.version} · printed from the rules themselves, {book.sha256[:12]}",
        symbols=symbols([*icons, *(icon_name(book, move.family) for move in book.moves.values()), "secret"]),
        icons="".join(discs[:12]),
        contents="\n".join(_contents(book, identity, heading) for identity, heading, _, __ in parts),
        chapters="".join(chapter(i, h, body, count, fresh=i in ("moves", "events")) for i, h, body, count in parts),
    )


def _size(things: Sized, noun: str) -> str:
    """How many there are, nothing for none."""
    return counted(len(things), noun) if things else ""


def _css_text(title: str) -> str:
    """Text inside a CSS string: anything but letters, digits and plain punctuation as an escape."""
    return "".join(c if c.isalnum() or c in " .,:-" else f"\\{ord(c):x} " for c in title)


def _contents(book: Rulebook, identity: str, heading: str) -> str:
    """A chapter's line in the contents, the families of moves under it."""
    inner = ""
    if identity == "moves" and len(book.families) > 1:
        used = [name for name in book.families if any(move.family == name for move in book.moves.values())]
        lines = (
            f'<li><a href="#{anchor("family", name)}">{esc(titled(name, book.families[name]))}</a></li>'
            for name in used
        )
        inner = f"<ol>{''.join(lines)}</ol>"
    return f'<li><a href="#{identity}">{esc(heading)}</a>{inner}</li>'


def _entries(book: Rulebook, said: Sentences) -> list[tuple[str, str, str]]:
    """Everything that the index lists: title, kind, anchor."""
    found = [(plain(said.title(name)), "move", anchor("move", name)) for name in book.moves]
    kinds: list[tuple[str, str, Mapping[str, Any]]] = [
        ("track", "track", book.tracks), ("news", "event", book.events), ("role", "role", book.roles),
        ("scenario", "scenario", book.scenarios), ("assumption", "knob", book.knobs),
        ("ending", "ending", book.endings), ("step", "step", {step.name: step for step in book.world_turn}),
    ]  # fmt: skip
    for kind, place, things in kinds:
        found += [(titled(name, thing.title), kind, anchor(place, name)) for name, thing in things.items()]
    found += [(spaced(name), "formula", anchor("define", name)) for name in said.words.defines]
    found += [(spaced(name), "group", anchor("group", name)) for name in said.words.groups]
    return found
