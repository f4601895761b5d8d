"""The rulebook as entries to look up: what there is, and each entry's card in words with the entries it refers to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from game.prose.lexicon import clean, plain, references, spaced, titled
from game.prose.numbers import hundredths, joined, month, number
from game.prose.sources import explained, source_label
from game.prose.statements import SECRET, Line, Sentences
from game.rulebook.cards import GRADES
from rules.model.rulebook import Rulebook

KEYS = (
    ("1 to 9, 0", "take a move, or make its choice"), ("← →", "another family of moves"),
    ("Enter", "play the move, press what has the focus"), ("Esc", "put the move back, close, menu"),
    ("Ctrl+Z", "undo, within the turn until chance or a secret is revealed"), ("Space", "end the turn"),
    ("Tab, arrows", "move the focus"), ("L", "the whole log"), ("F1", "the rulebook, at the move in hand"),
    ("F11", "full screen"),
)  # fmt: skip

KINDS = {
    "overview": "Start here",
    "move": "Moves", "track": "Tracks", "event": "News", "assumption": "Assumptions", "step": "The round",
    "role": "Roles", "scenario": "Scenarios", "ending": "Endings", "formula": "Formulas", "group": "Groups",
}  # fmt: skip
"""Kinds of entries, in the order of the list."""

_OF_MARK = {
    "track": "track",
    "knob": "assumption",
    "role": "role",
    "define": "formula",
    "group": "group",
    "move": "move",
}
"""The kind of entry that a reference in a text leads to."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the list. ``under`` is its heading."""

    kind: str
    name: str
    title: str
    under: str


@dataclass(slots=True)
class Card:
    """An entry's text: labelled facts, effects with their indents, and where it leads."""

    title: str
    kind: str
    about: list[str] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    effects: list[tuple[int, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of it, for searching."""
        facts = [f"{label} {text}" for label, text in self.facts]
        return "\n".join([self.title, *self.about, *facts, *(text for _, text in self.effects)])


class Manual:
    """The entries of one rulebook."""

    def __init__(self, book: Rulebook) -> None:
        """Collects titles; cards are written when they are asked for."""
        self.book = book
        self.said = Sentences(book)
        self.entries = self._entries()
        self._cards: dict[tuple[str, str], Card] = {}

    def _entries(self) -> list[Entry]:
        book, words = self.book, self.said.words
        found = [Entry("overview", "overview", "The game in one page", KINDS["overview"])]
        families = dict.fromkeys([*book.families, *(move.family for move in book.moves.values())])
        for family in families:
            under = f"Moves: {titled(family, book.families.get(family, ''))}" if family else "Moves"
            moves = [move for move in book.moves.values() if move.family == family]
            found += [Entry("move", move.name, plain(self.said.title(move.name)), under) for move in moves]
        kinds: dict[str, Mapping[str, Any]] = {
            "track": book.tracks, "event": book.events, "assumption": book.knobs,
            "step": {step.name: step for step in book.world_turn}, "role": book.roles, "scenario": book.scenarios,
            "ending": book.endings,
        }  # fmt: skip
        for kind, things in kinds.items():
            found += [Entry(kind, name, titled(name, thing.title), KINDS[kind]) for name, thing in things.items()]
        found += [Entry("formula", name, titled(name), KINDS["formula"]) for name in words.defines]
        found += [Entry("group", name, titled(name), KINDS["group"]) for name in words.groups]
        return found

    def search(self, text: str) -> list[Entry]:
        """Entries that have every word of a text: in the title first, then anywhere in the card."""
        wanted = text.lower().split()
        if not wanted:
            return self.entries
        titles = [e for e in self.entries if all(word in e.title.lower() for word in wanted)]
        phrase = " ".join(wanted)
        titles.sort(key=lambda e: (e.title.lower() != phrase, not e.title.lower().startswith(phrase)))
        inside = [
            e for e in self.entries if e not in titles and all(word in self._searched(e).lower() for word in wanted)
        ]
        return [*titles, *inside]

    def _searched(self, entry: Entry) -> str:
        return self.card(entry.kind, entry.name).text

    def title(self, kind: str, name: str) -> str:
        """An entry's title."""
        return next((e.title for e in self.entries if (e.kind, e.name) == (kind, name)), titled(name))

    def card(self, kind: str, name: str) -> Card:
        """An entry's card."""
        key = (kind, name)
        if key not in self._cards:
            self._cards[key] = getattr(self, f"_{kind}")(name)
        return self._cards[key]

    # ---------------------------------------------------------------------------------------- cards

    def _make(
        self,
        kind: str,
        title: str,
        about: Iterable[str],
        facts: Iterable[tuple[str, object]],
        lines: Iterable[Line] = (),
    ) -> Card:
        marked = [title, *about, *(str(text) for _, text in facts)]
        card = Card(plain(title), kind)
        card.about = [plain(clean_marks(text)) for text in about if text]
        card.facts = [(label, plain(clean_marks(str(text)))) for label, text in facts if text]
        card.effects = list(_flat(lines))
        marked += [text for _, text in card.effects]
        card.effects = [(depth, plain(text)) for depth, text in card.effects]
        links = {(_OF_MARK[k], n): None for text in marked for k, n in sorted(references(text)) if k in _OF_MARK}
        known = {(e.kind, e.name) for e in self.entries}
        card.links = [link for link in links if link in known]
        return card

    def _overview(self, _: str) -> Card:
        book = self.book
        first = next(iter(book.scenarios.values()))
        turn = f"{first.turns.actions} moves a turn" + ("" if first.turns.repeat else ", no move twice in a round")
        steps = joined([titled(step.name, step.title) for step in book.world_turn])
        ends = joined([titled(ending.name, ending.title) for ending in book.endings.values()], "or")
        facts = [
            ("A round", "News comes, each seat takes its turn, then the world turns." if book.world_turn else ""),
            ("A turn", turn), ("The world turn", steps),
            ("The end", f"After the last round, or by: {ends}." if ends else "After the last round."),
            ("Sources", explained(str(book.source))), *((f"Key {key}", what) for key, what in KEYS),
        ]  # fmt: skip
        return self._make("Start here", book.title or titled(book.name), [book.summary, book.goals.about], facts)

    def _move(self, name: str) -> Card:
        found, said = self.book.moves[name], self.said
        lines = list(said.effects(name))
        lines += [Line(f"In answer, {title}:", body) for title, body, _ in said.reactions(found)]
        facts = [
            ("Cost", said.cost(name)), ("Who", said.who(name)), ("Choose", "; ".join(said.choices(name))),
            ("Needs", "; ".join(said.requirements(name))), ("Limit", "; ".join(said.limits(found))),
            ("Why", found.why), ("Answer", found.counter), ("Disputed", found.disputed),
            (source_label(found.source), found.source),
        ]  # fmt: skip
        about = [found.about, SECRET if found.secret else "", "" if found.takes else "Takes no move of the turn."]
        family = titled(found.family, self.book.families.get(found.family, "")) if found.family else ""
        return self._make(f"Move · {family}" if family else "Move", said.title(name), about, facts, lines)

    def _track(self, name: str) -> Card:
        found = self.book.tracks[name]
        scope = " and ".join(spaced(part) for part in found.scope)
        seen = {"public": "by everybody", "owner": "only by its owner", "hidden": "by nobody"}[found.visibility]
        facts = [
            ("One for", f"each {scope}" if scope else "the world"),
            ("Range", f"{number(found.low)} to {number(found.high)} {found.unit}".strip()), ("Seen", seen),
            ("Good", {"up": "more", "down": "less", "neutral": ""}[found.good]),
            (source_label(found.source), found.source),
        ]  # fmt: skip
        card = self._make("Track", titled(name, found.title), [found.about], facts)
        used = [m.name for m in self.book.moves.values() if name in str(self.said.entry("moves", m.name))]
        card.links = [("move", move) for move in used][:24]
        return card

    def _event(self, name: str) -> Card:
        found, entry = self.book.events[name], self.said.entry("events", name)
        when = entry.get("when", True)
        grades = "; ".join(GRADES.get(letter, letter) for letter in found.grade if letter.isalpha())
        facts = [
            ("Date", month(found.date) if found.date else ""),
            ("Only if", "" if when is True else self.said.prose.expr(when)), ("In the real world", found.note),
            ("On the other hand", found.contrary), ("Evidence", f"{found.grade}: {grades}" if grades else found.grade),
            (source_label(found.source), found.source),
        ]  # fmt: skip
        lines = self.said.lines(entry.get("effects") or [], {})
        return self._make("News", titled(name, found.title), [found.text], facts, lines)

    def _assumption(self, name: str) -> Card:
        found = self.book.knobs[name]
        facts = [
            ("Value", hundredths(found.value)), ("Range", f"{hundredths(found.low)} to {hundredths(found.high)}"),
            ("Claims", ", ".join(map(str, found.claims))), (source_label(found.source), found.source),
        ]  # fmt: skip
        card = self._make("Assumption", titled(name, found.title), [found.meaning], facts)
        used = [m.name for m in self.book.moves.values() if f"knob.{name}" in str(self.said.entry("moves", m.name))]
        card.links = [("move", move) for move in used]
        return card

    def _step(self, name: str) -> Card:
        at = next(i for i, step in enumerate(self.book.world_turn) if step.name == name)
        step, entries = self.book.world_turn[at], self.book.source["world_turn"][at]["rules"]
        lines = [
            Line(f"{titled(rule.name, rule.title)}. {clean(rule.why)}", self.said.lines(entry["do"], {}))
            for rule, entry in zip(step.rules, entries, strict=True)
        ]
        return self._make(f"Step {at + 1} of the world turn", titled(name, step.title), [step.about], [], lines)

    def _role(self, name: str) -> Card:
        found = self.book.roles[name]
        seats = [
            f"{titled(seat.name, seat.title)} in {titled(s.name, s.title)}"
            for s in self.book.scenarios.values()
            for seat in s.seats
            if name in seat.roles
        ]
        facts = [
            ("Wants", found.wants), ("Tools", found.tools), ("Kind", joined([spaced(t) for t in found.traits])),
            ("Played by", "; ".join(seats)),
        ]  # fmt: skip
        return self._make("Role", titled(name, found.title), [found.about], facts)

    def _scenario(self, name: str) -> Card:
        found = self.book.scenarios[name]
        seats = [
            f"{titled(seat.name, seat.title)} ({joined([titled(r, self.book.roles[r].title) for r in seat.roles])})"
            for seat in found.seats
        ]
        facts = [
            ("For", found.purpose), ("Seats", "; ".join(seats)),
            ("Length", f"{found.rounds} rounds of {found.months} months, from {month(found.begins)}"),
            ("Turn", f"{found.turns.actions} moves"), ("Minutes", found.minutes or ""),
        ]  # fmt: skip
        return self._make("Scenario", titled(name, found.title), [found.summary], facts)

    def _ending(self, name: str) -> Card:
        found, entry = self.book.endings[name], self.said.entry("endings", name)
        then = "nobody wins" if found.crisis else "the highest score wins"
        facts = [
            ("When", self.said.prose.expr(entry["when"])),
            ("Then", then + (", scores are halved" if found.halve else "")), (source_label(found.source), found.source),
        ]  # fmt: skip
        lines = self.said.lines(entry.get("effects") or [], {})
        return self._make("Ending", titled(name, found.title), [found.text], facts, lines)

    def _formula(self, name: str) -> Card:
        found = self.said.words.defines[name]
        names = {parameter: f"the {spaced(kind or parameter)}" for parameter, kind in found.parameters}
        return self._make("Formula", titled(name), [self.said.prose.expr(found.formula, names)], [])

    def _group(self, name: str) -> Card:
        var, domain, cond = self.said.words.groups[name]
        noun = spaced(self.said.words.set_of(domain))
        where = f" where {self.said.prose.expr(cond, {var: f'that {noun}'})}" if cond else ""
        return self._make("Group", titled(name), [f"The {self.said.prose.domain(domain, {})}{where}."], [])


def clean_marks(text: str) -> str:
    """One line of text, references kept."""
    return " ".join(text.split())


def _flat(lines: Iterable[Line], depth: int = 0) -> Iterator[tuple[int, str]]:
    for line in lines:
        yield depth, line.text
        yield from _flat(line.inner, depth + 1)


@lru_cache(maxsize=4)
def _manual(_: str, holder: _Holder) -> Manual:
    return Manual(holder.book)


class _Holder:
    """A rulebook as a key: two with the same hash are the same."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book

    def __hash__(self) -> int:
        return hash(self.book.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder) and self.book.sha256 == other.book.sha256


def manual_of(book: Rulebook) -> Manual:
    """The manual of a rulebook, made once."""
    return _manual(book.sha256, _Holder(book))
