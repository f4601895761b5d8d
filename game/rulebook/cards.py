"""The printed rulebook's cards: moves by family, and news."""

from __future__ import annotations

import re
from html import escape

from game.prose.lexicon import plain, rendered, sentence, titled
from game.prose.numbers import counted, joined, month
from game.prose.statements import SECRET, Line, Sentences
from game.rulebook.html import (
    Writer,
    anchor,
    card,
    cards,
    colour,
    esc,
    facts,
    icon,
    icon_name,
    needs,
    paragraph,
    tags,
)
from rules.model.rulebook import Event, Move, Rulebook

GRADES = {
    "A": "primary or original research",
    "B": "press",
    "C": "reported: from an aggregator or a blog",
    "U": "reported: commonly cited, unverified",
}
REPORTED = ("C", "U")


class Cards:
    """Cards of one rulebook as HTML."""

    def __init__(self, book: Rulebook, writer: Writer, said: Sentences) -> None:
        """Cards that are written by ``writer`` in the words of ``said``."""
        self.book, self.writer, self.said = book, writer, said

    # ----------------------------------------------------------------------------------------- moves

    def moves(self) -> str:
        """All moves, family by family; those of no family come last."""
        families = dict.fromkeys([*self.book.families, *(move.family for move in self.book.moves.values())])
        return "\n".join(self.family(family) for family in families)

    def family(self, family: str) -> str:
        """The moves of one family."""
        moves = [move for move in self.book.moves.values() if move.family == family]
        if not moves:
            return ""
        title = titled(family, self.book.families.get(family, "")) if family else "Moves"
        style = f'class="family f{colour(self.book, family)}" id="{anchor("family", family)}"'
        size = f'<span class="tag">{counted(len(moves), "move")}</span>'
        head = f"<h3 {style}>{icon(icon_name(self.book, family))}{esc(title)} {size}</h3>"
        return f"{head}{cards(self.move(move) for move in moves)}"

    def move(self, move: Move) -> str:
        """One move as a card."""
        said, writer = self.said, self.writer
        writer.user(anchor("move", move.name), said.title(move.name))
        price = said.cost(move.name)
        style = "cost long" if len(plain(price)) > 24 else "cost"
        head = f'{icon(icon_name(self.book, move.family))}<h4>{self.title(move)}</h4><span class="{style}">'
        known = facts({
            "Who": writer.html(said.who(move.name)),
            "Choose": needs([writer.html(text) for text in said.choices(move.name)]),
            "Needs": needs([writer.html(text) for text in said.requirements(move.name)]),
            "Limit": esc(sentence("; ".join(said.limits(move)))),
            "Not in": self.absent(move.name),
        })  # fmt: skip
        effects = writer.lines(said.effects(move.name))
        for title, body, why in said.reactions(move):
            label = f'<span class="label">In answer: {esc(title)}</span>'
            effects += f"{label}{writer.lines(body)}{paragraph(why, 'small')}"
        found = card(
            "move", move.name, f"{head}{writer.html(price)}</span>",
            tags("" if move.takes else '<span class="tag">no action</span>'),
            f'<p class="secret">{icon("secret")} {SECRET}</p>' if move.secret else "",
            paragraph(move.about), known, f'<div class="effects">{effects}</div>',
            paragraph(move.why, "why"), paragraph(move.counter, "", "Answer:"),
            paragraph(move.disputed, "disputed", "Disputed:"), paragraph(move.source, "small", "Source:"),
            style=f"f{colour(self.book, move.family)}",
        )  # fmt: skip
        writer.nobody()
        return found

    def title(self, move: Move) -> str:
        """The title, its choices set apart."""
        return rendered(self.said.title(move.name), lambda _, __, label: f'<span class="hole">{label}</span>', escape)

    def absent(self, move: str) -> str:
        """The scenarios that leave a move out."""
        found = [esc(titled(s.name, s.title)) for s in self.book.scenarios.values() if move not in s.moves]
        return joined(found) if 0 < len(found) < len(self.book.scenarios) else "any scenario" if found else ""

    # ---------------------------------------------------------------------------------------- events

    def events(self) -> str:
        """All news cards."""
        return cards(self.event(event) for event in self.book.events.values())

    def event(self, event: Event) -> str:
        """One news card, with what is known of it in the real world."""
        writer = self.writer
        title = titled(event.name, event.title)
        writer.user(anchor("event", event.name), title)
        entry = self.said.entry("events", event.name)
        when = entry.get("when", True)
        condition = () if when is True else (Line(f"Comes only if {self.said.prose.expr(when)}."),)
        effects = writer.lines([*condition, *self.said.lines(entry.get("effects") or [], {})])
        found = card(
            "event", event.name, f"<h4>{esc(title)}</h4>",
            tags(f'<span class="tag">{month(event.date)}</span>' if event.date else "", self.grade(event.grade)),
            paragraph(event.text),
            f'<div class="effects">{effects or "No effect but the news."}</div>',
            paragraph(event.note, "", "In the real world:"),
            paragraph(event.contrary, "contrary", "On the other hand:"),
            paragraph(event.source, "small", "Source:"),
        )  # fmt: skip
        writer.nobody()
        return found

    def grade(self, grade: str) -> str:
        """How good the evidence is."""
        letters = re.findall(r"[A-Z]", grade)
        if not letters:
            return ""
        said = f"reported ({esc(grade)})" if set(letters) & set(REPORTED) else f"evidence {esc(grade)}"
        style = "tag reported" if set(letters) & set(REPORTED) else "tag"
        title = "; ".join(GRADES.get(letter, letter) for letter in letters)
        return f'<span class="{style}" title="{esc(title)}">{said}</span>'
