"""The printed rulebook: one self-contained HTML page, written from the rules alone.

Example:
    ``chokepoint rules book --out rulebook.html``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sized
from functools import cached_property
from itertools import groupby

from markupsafe import Markup, escape

from game.prose.citations import footnotes
from game.prose.lexicon import plain, ref, references, rendered, sentence, spaced, titled
from game.prose.numbers import counted, hundredths, joined, month
from game.rulebook.entries import GRADES, ORIGINS, REPORTED, Entries, Entry, Key, families
from game.rulebook.icons import colour, drawings, icon_name
from game.rulebook.trust import Trust, trust_in, trust_table
from game.templates import render
from rules.model.rulebook import RoleDef, Rulebook, Scenario, SeatDef
from rules.model.terms import In
from rules.model.visit import statements

LINKS = {
    "track": "t", "knob": "k", "role": "k", "move": "k", "event": "k", "define": "d", "table": "d", "group": "d",
    "map": "d",
}  # fmt: skip
"""The kinds of references that are links, each with its style."""
FORMULAS = {
    "used": "Formulas",
    "define": "Formulas by which computer players judge a position",
    "table": "Tables of numbers",
    "group": "Groups",
    "map": "Who and what belongs to what",
    "set": "What there is",
    "measure": "What is measured at the end",
}
"""Headings of the chapter on formulas and words."""


MANY = 8
"""More cards than this that refer to a thing are folded away."""


def html(book: Rulebook) -> str:
    """Return the whole rulebook as one HTML page with its styles and drawings inside; it needs no network to be read.

    Example:
        >>> from rules import load_rulebook
        >>> page = html(load_rulebook("standard"))
    """
    page = _Page(book)
    icons = [*(page.icon(name) for name in families(book)), "secret"]
    title = titled(book.name, book.title)
    return render(
        "book/page.html", book=book, page=page, entries=page.entries, said=page.entries.said, title=title,
        css_title=_css_text(title), drawings=drawings(icons), grades=GRADES, many=MANY, formulas=FORMULAS,
        origins=ORIGINS, trust_table=trust_table, linked=linked, plain=plain, sentence=sentence, spaced=spaced,
        titled=titled, month=month, hundredths=hundredths,
    )  # fmt: skip


def linked(text: str) -> Markup:
    """Return a marked text as HTML; names of one rule's own values are only set apart."""
    return rendered(text, _link)


def _link(kind: str, name: str, label: str) -> Markup:
    if kind == "name":
        return Markup('<i class="n">{}</i>').format(label)
    if kind not in LINKS:
        return escape(label)
    return Markup('<a class="{}" href="#{}-{}">{}</a>').format(LINKS[kind], kind, name, label)


def _css_text(title: str) -> str:
    """Return text for a CSS string: anything but letters, digits and plain punctuation as an escape."""
    return "".join(c if c.isalnum() or c in " .,:-" else f"\\{ord(c):x} " for c in title)


class _Page:
    """What the templates ask for besides entries."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.entries = Entries(book)
        self.said = self.entries.said

    @cached_property
    def families(self) -> list[tuple[str, str, list[Entry]]]:
        """Families with moves in order: name, title, moves."""
        moves = self.entries.of("move")
        return [
            (family, titled(family, self.book.families.get(family, "")) if family else "Moves", found)
            for family in families(self.book)
            if (found := [move for move in moves if move.source.family == family])
        ]

    def icon(self, family: str) -> str:
        """Return the icon of a family."""
        return icon_name(self.book, family)

    def colour(self, family: str) -> int:
        """Return the number of a family's colour."""
        return colour(self.book, family)

    @property
    def chapters(self) -> list[tuple[str, str, str]]:
        """Chapters that have something in them: template, heading, size."""
        book = self.book
        words = [name for name in FORMULAS if self.words(name)]
        found: list[tuple[str, str, Sized, str]] = [
            ("overview", "The game in one page", "yes", ""), ("roles", "Seats and roles", book.roles, "role"),
            ("scenarios", "Scenarios", book.scenarios, "scenario"),
            ("round", "The round, step by step", book.world_turn, "step"), ("moves", "Moves", book.moves, "move"),
            ("events", "News", book.events, "card"), ("winning", "How to win, and how it ends", "yes", ""),
            ("tracks", "Tracks", book.tracks, "track"), ("formulas", "Formulas and words", words, ""),
            ("assumptions", "Assumptions", book.knobs, "assumption"),
            ("trust", "How far to trust this world", "yes" if self.trust else "", ""), ("index", "Index", "yes", ""),
        ]  # fmt: skip
        return [
            (name, heading, counted(len(things), noun) if noun and things else "")
            for name, heading, things, noun in found
            if things or name == "round"
        ]

    # ------------------------------------------------------------------------------ who refers to what

    @cached_property
    def trust(self) -> Trust | None:
        """How the model was held against what was observed."""
        return trust_in(self.entries.book)

    @property
    def footnotes(self) -> list[str]:
        """Who stands behind the facts that the rules name."""
        return footnotes(self.entries.every_source)

    @property
    def has_origins(self) -> bool:
        """Whether the rulebook says where its numbers come from."""
        book = self.entries.book
        return any(track.origin for track in book.tracks.values()) or any(knob.origin for knob in book.knobs.values())

    @cached_property
    def users(self) -> dict[Key, dict[str, str]]:
        """For each thing that texts refer to, the cards that do: anchors with titles."""
        entries, found = self.entries, defaultdict[Key, dict[str, str]](dict)

        def note(anchor: str, title: str, texts: Iterable[str]) -> None:
            for key in {key for text in texts for key in references(text)}:
                found[key][anchor] = title

        def note_all(kind: str) -> None:
            for entry in entries.of(kind):
                note(f"{kind}-{entry.name}", plain(entry.title), entry.texts)

        for _, _, moves in self.families:
            for move in moves:
                note(f"move-{move.name}", plain(move.title), move.texts)
        note_all("event")
        note_all("step")
        endings = (text for ending in entries.of("ending") for text in ending.texts)
        note("winning", "How to win", (self.score, *endings))
        for role in entries.of("role"):
            hopes = [text for _, text in self.ambitions(role.name)]
            points = [self.said.points(agenda) for agenda in self.book.agendas.get(role.name, ())]
            note(f"role-{role.name}", role.title, (*hopes, *points))
        note_all("measure")
        note_all("define")
        return found

    @cached_property
    def used_formulas(self) -> set[str]:
        """The formulas that a card, rule or measure refers to, itself or through other formulas."""
        users = {name: self.users.get(("define", name), {}) for name in self.book.defines}
        used = {name for name in users if any(not user.startswith("define-") for user in users[name])}
        while more := {name for name in users if any(f"define-{other}" in users[name] for other in used)} - used:
            used |= more
        return used

    def used_by(self, kind: str, name: str) -> dict[str, str]:
        """Return what refers to a thing, anchors with titles: no formula that only computer players judge by.

        Those refer to nearly everything, and no rule asks them. Among themselves they are told.
        """
        found = self.users.get((kind, name), {})
        judged_by = {f"define-{define}" for define in self.book.defines if define not in self.used_formulas}
        if kind == "define" and f"define-{name}" in judged_by:
            return found
        return {anchor: title for anchor, title in found.items() if anchor not in judged_by}

    def words(self, kind: str) -> list[Entry]:
        """Return the entries of one part of the chapter on formulas."""
        if kind == "used":
            return [entry for entry in self.entries.of("define") if entry.name in self.used_formulas]
        found = self.entries.of(kind)
        if kind == "define":
            return [entry for entry in found if entry.name not in self.used_formulas]
        return [entry for entry in found if entry.name != "seat"] if kind == "set" else found

    def called(self, define: str) -> str:
        """Return a formula's title with its parameters: "Pull of the stack and the region"."""
        parameters = list(self.said.words.parameters(self.book.defines[define]).values())
        return sentence(spaced(define)) + (f" of {joined(parameters)}" if parameters else "")

    # ---------------------------------------------------------------------------- moves, roles, scenarios

    @property
    def score(self) -> str:
        """How a seat scores."""
        return self.said.expr(self.book.goals.score)

    def ambitions(self, role: str) -> list[tuple[str, str]]:
        """Return what a role hopes for in public: titles and conditions."""
        return [(each.title, self.said.expr(each.rule)) for each in self.book.goals.ambitions if each.role == role]

    @staticmethod
    def title(entry: Entry) -> Markup:
        """Return a move's title, its choices set apart."""
        return rendered(entry.title, lambda _, __, label: Markup('<span class="hole">{}</span>').format(label))

    def absent(self, move: str) -> str:
        """Return the scenarios that leave a move out."""
        scenarios = self.book.scenarios
        found = [titled(name, scenario.title) for name, scenario in scenarios.items() if move not in scenario.moves]
        return joined(found) if len(found) < len(scenarios) else "any scenario" if found else ""

    @staticmethod
    def is_reported(grade: str) -> bool:
        """Whether evidence of a grade is only reported."""
        return bool(REPORTED & set(grade))

    @staticmethod
    def letters(grade: str) -> list[str]:
        """Return the letters of a grade such as "A/C"."""
        return re.findall("[A-Z]", grade)

    def seats(self, role: str) -> list[str]:
        """Return the titles of the seats that play a role in some scenario."""
        seats = [seat for scenario in self.book.scenarios.values() for seat in scenario.seats]
        return list(dict.fromkeys(titled(seat.name, seat.title) for seat in seats if role in seat.roles))

    def own_moves(self, role: RoleDef) -> list[str]:
        """Return the moves that name a role, or a trait of it."""
        return [move.name for move in self.book.moves.values() if self.said.names_role(move, role)]

    def left_out(self, found: Scenario) -> list[str]:
        """Return the moves that are not in a scenario."""
        return [name for name in self.book.moves if name not in found.moves]

    def roles(self, seat: SeatDef) -> str:
        """Return the roles that a seat plays."""
        return joined([self.said.words.role(role) for role in seat.roles])

    def references(self, moves: Iterable[str]) -> Markup:
        """Return links to moves."""
        return Markup(", ").join(linked(ref("move", name, self.entries.title("move", name))) for name in moves)

    def owners(self) -> list[tuple[str, list[Entry]]]:
        """Return the tracks by what has a value of them."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries.of("track"):
            scope = [spaced(name) for name in entry.source.scope]
            if len(scope) == 2 and scope[0] == scope[1]:
                owner = f"One for each {scope[0]} towards each other {scope[1]}"
            else:
                owner = f"One for each {' and '.join(scope)}" if scope else "One for the world"
            found.setdefault(owner, []).append(entry)
        return list(found.items())

    def has_dates(self, found: Scenario) -> bool:
        """Whether the rulebook places a scenario in time at all."""
        return "calendar" in self.book.source or "begins" in self.book.source["scenarios"][found.name]

    def news(self, found: Scenario) -> str:
        """Return where a scenario's news comes from."""
        dated = f"{len(found.dated)} dated cards, each in its round" if found.dated else ""
        deck = f"one card a round from a shuffled deck of {len(found.deck)}" if found.deck else ""
        return sentence("; otherwise ".join(filter(None, (dated, deck)))) or "None"

    def knobs(self, found: Scenario) -> Markup:
        """Return the assumptions that a scenario sets."""
        items = (
            Markup("{} {}").format(linked(ref("knob", name, self.entries.title("knob", name))), hundredths(value))
            for name, value in found.knobs.items()
        )
        return Markup("; ").join(items)

    @staticmethod
    def turns(found: Scenario) -> str:
        """Return the shape of a scenario's turns."""
        return sentence("; ".join(turns(found)))

    @staticmethod
    def last_month(found: Scenario) -> tuple[int, int]:
        """Return the month with which a scenario's last round closes."""
        return found.month(found.months * found.rounds - 1)

    @property
    def dated(self) -> bool:
        """Whether some scenario has dated news."""
        return any(scenario.dated for scenario in self.book.scenarios.values())

    @property
    def orders(self) -> bool:
        """Whether some rule orders something for later."""
        book = self.book
        rules = (*book.setup, *book.reactions.values(), *(rule for step in book.world_turn for rule in step.rules))
        bodies = [rule.body for rule in rules]
        bodies += [move.effects for move in book.moves.values()]
        bodies += [event.effects for event in book.events.values()]
        bodies += [ending.effects for ending in book.endings.values()]
        return any(isinstance(each, In) for body in bodies for each in statements(body))

    def index(self) -> list[tuple[str, list[tuple[str, str, str]]]]:
        """Return everything by its first letter: title, what it is, anchor."""
        kinds = {
            "move": "move", "track": "track", "event": "news", "role": "role", "scenario": "scenario",
            "knob": "assumption", "ending": "ending", "step": "step", "define": "formula", "table": "table",
            "group": "group",
        }  # fmt: skip
        found = [
            (plain(entry.title), what, f"{kind}-{entry.name}")
            for kind, what in kinds.items()
            for entry in self.entries.of(kind)
        ]
        found.sort(key=lambda item: (item[0].casefold(), item[1]))
        letters = groupby(found, key=lambda item: item[0][:1].upper() if item[0][:1].isalpha() else "#")
        return [(letter, list(items)) for letter, items in letters]


def turns(found: Scenario) -> list[str]:
    """Return the shape of a scenario's turns."""
    shape = found.turns
    items = [
        f"{counted(shape.actions, 'action')} a turn",
        "the seat that begins changes each round" if shape.rotate else "always in this order",
        "a turn may be passed" if shape.passing else "no passing",
        "" if shape.repeat else "no move twice in a round by one seat",
    ]
    return [item for item in items if item]
