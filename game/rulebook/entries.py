"""The rulebook as entries to look up, each written once for the printed page, the terminal and the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from game.prose.lexicon import clean, explained, plain, references, spaced, titled
from game.prose.numbers import hundredths, joined, month, number
from game.prose.statements import SECRET, Answer, Line, Sentences
from rules.model.rulebook import Ending, Event, KnobDef, Move, Rule, Rulebook, TableDef, TrackDef
from rules.model.terms import Where

KEYS = (
    ("1 to 9, 0", "take a move, or make its choice"), ("← →", "another family of moves"),
    ("Enter", "play the move, press what has the focus"), ("Esc", "put the move back, close, menu"),
    ("Ctrl+Z", "undo, within the turn until chance or a secret is revealed"), ("Space", "end the turn"),
    ("Tab, arrows", "move the focus"), ("L", "the whole log"), ("T", "all tracks"),
    ("F1", "the rulebook, at the move in hand"), ("F11", "full screen"),
)  # fmt: skip
"""Keys of the window, and what they do."""

KINDS = {
    "overview": "Start here",
    "move": "Moves", "track": "Tracks", "event": "News", "knob": "Assumptions", "step": "The round",
    "role": "Roles", "scenario": "Scenarios", "ending": "Endings", "define": "Formulas", "table": "Tables",
    "group": "Groups",
}  # fmt: skip
"""The kinds of entries that the window lists, in its order, with their headings."""

GRADES = {
    "A": "primary or original research",
    "B": "press",
    "C": "reported: from an aggregator or a blog",
    "U": "reported: commonly cited, unverified",
}
"""What the letters of a grade of evidence mean."""
REPORTED = frozenset("CU")

Key = tuple[str, str]
"""Kind and name of an entry; kinds are those of references in texts (see ``game.prose.lexicon.ref``)."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled fact of one or more parts. ``short`` is how the terminal puts it, where it differs: as files do."""

    label: str
    parts: tuple[str, ...]
    short: str = ""

    @property
    def text(self) -> str:
        """All of it."""
        return "; ".join(self.parts)


def _fact(label: str, *parts: str, short: str = "") -> Fact:
    return Fact(label, tuple(filter(None, parts)), short)


ORIGINS = {
    "evidence": "evidence: a range that was observed",
    "assumption": "assumption: nobody knows",
    "play": "play: set so that there is a game",
}


def _source(found: Any) -> Fact:
    return _fact("Source", clean(found.source))


def _origin(found: TrackDef | TableDef | KnobDef | Move | Event | Ending | Rule) -> Fact:
    return _fact("Origin", ORIGINS.get(found.origin, ""), short=found.origin)


def _for_play(found: Move | Rule | KnobDef) -> Fact:
    return _fact("Set for play", clean(found.for_play))


@dataclass(frozen=True)
class Entry:
    """One entry. Its texts may have references marked in them.

    Attributes:
        kind, name: Its key.
        title: Its title.
        label: What the reader calls its kind: "Move", "Step 3 of the world turn".
        part_of: The title of what it belongs to: a move's family, an agenda's role.
        about: What is said of it in general.
        facts: What is known of it, none empty.
        rows: What it lists: a family's moves, a map's pairs.
        lines: Its effects.
        answers: What the rules add to a move on their own.
        where: Where it is written.
        source: The value of the model that it is about.
    """

    kind: str
    name: str
    title: str
    label: str
    part_of: str
    about: tuple[str, ...]
    facts: tuple[Fact, ...]
    rows: tuple[str, ...]
    lines: tuple[Line, ...]
    answers: tuple[Answer, ...]
    where: Where | None
    source: Any

    @cached_property
    def outline(self) -> tuple[tuple[int, str], ...]:
        """All effects, those in answer last, each with its depth."""
        added = (Line(f"In answer, {answer.title}:", answer.lines) for answer in self.answers)
        return tuple(_flat((*self.lines, *added)))

    @property
    def texts(self) -> Iterator[str]:
        """Every text of it."""
        yield from (self.title, *self.about, *self.rows)
        yield from (f"{fact.label} {fact.text}" for fact in self.facts)
        yield from (text for _, text in self.outline)

    @cached_property
    def references(self) -> dict[Key, None]:
        """The keys of what its texts refer to, in the order of the texts."""
        return {key: None for text in self.texts for key in sorted(references(text))}

    def fact(self, label: str) -> str:
        """Return the text of a fact, empty if there is none."""
        return "; ".join(self.parts(label))

    def parts(self, label: str) -> tuple[str, ...]:
        """Return the parts of a fact."""
        return next((fact.parts for fact in self.facts if fact.label == label), ())


def _flat(lines: tuple[Line, ...], depth: int = 0) -> Iterator[tuple[int, str]]:
    for line in lines:
        yield depth, line.text
        yield from _flat(line.inner, depth + 1)


@lru_cache(maxsize=4)
def entries_of(book: Rulebook) -> Entries:
    """Return the entries of a rulebook, which keep what was written once."""
    return Entries(book)


class Entries:
    """The entries of one rulebook; each is written when it is asked for."""

    def __init__(self, book: Rulebook) -> None:
        """Collect the names of all kinds, in the order in which ``rules show`` looks for a name."""
        self.book = book
        self.said = Sentences(book)
        self._made: dict[Key, Entry] = {}
        self._titles: dict[Key, str] = {}
        steps = book.world_turn
        rules = {rule.name: rule for step in steps for rule in step.rules} | {rule.name: rule for rule in book.setup}
        agendas = {agenda.name: agenda for drawn in book.agendas.values() for agenda in drawn}
        self.kinds: dict[str, tuple[Mapping[str, Any], Callable[[str], Entry]]] = {
            "move": (book.moves, self._move), "family": (book.families, self._family),
            "track": (book.tracks, self._track), "event": (book.events, self._event), "knob": (book.knobs, self._knob),
            "role": (book.roles, self._role), "scenario": (book.scenarios, self._scenario),
            "step": ({step.name: step for step in steps}, self._step), "rule": (rules, self._rule),
            "ending": (book.endings, self._ending), "define": (book.defines, self._define),
            "table": (book.tables, self._table), "group": (book.groups, self._group), "map": (book.maps, self._map),
            "set": (book.sets, self._set),
            "measure": (book.measures, self._measure), "reaction": (book.reactions, self._reaction),
            "agenda": (agendas, self._agenda), "overview": ({"overview": book}, self._overview),
        }  # fmt: skip

    def __call__(self, kind: str, name: str) -> Entry:
        """Return an entry by its key.

        Raises:
            KeyError: There is none.
        """
        key = (kind, name)
        if key not in self._made:
            names, write = self.kinds[kind]
            if name not in names:
                raise KeyError(key)
            self._made[key] = write(name)
        return self._made[key]

    def of(self, kind: str) -> list[Entry]:
        """Return all entries of a kind, in the rulebook's order."""
        return [self(kind, name) for name in self.kinds[kind][0]]

    def title(self, kind: str, name: str) -> str:
        """Return an entry's title as plain text with a capital."""
        key = (kind, name)
        if key not in self._titles:  # the entry itself need not be written for it
            found = getattr(self.kinds[kind][0][name], "title", "")
            self._titles[key] = plain(self.said.title(self.book.moves[name])) if kind == "move" else titled(name, found)
        return self._titles[key]

    def links(self, entry: Entry) -> list[Key]:
        """Return the listed entries that one leads to: those it names, or the moves that use a track or knob."""
        key = (entry.kind, entry.name)
        if entry.kind in ("track", "knob"):
            return [("move", name) for name in self.book.moves if key in self("move", name).references]
        return [(kind, name) for kind, name in entry.references if kind in KINDS and name in self.kinds[kind][0]]

    # --------------------------------------------------------------------------------- the window's list

    @cached_property
    def listed(self) -> list[tuple[str, Key]]:
        """The keys of the window's list, each with its heading; moves by family."""
        book = self.book
        found = [(KINDS["overview"], ("overview", "overview"))]
        for family in families(book):
            heading = f"Moves: {titled(family, book.families.get(family, ''))}" if family else "Moves"
            found += [(heading, ("move", move.name)) for move in book.moves.values() if move.family == family]
        kinds = [kind for kind in KINDS if kind not in ("overview", "move")]
        return found + [(KINDS[kind], (kind, name)) for kind in kinds for name in self.kinds[kind][0]]

    def search(self, text: str) -> list[tuple[str, Key]]:
        """Return what of the list has every word of a text: in the title first, then anywhere in the entry."""
        phrase = " ".join(text.lower().split())
        titles = {key: self.title(*key).lower() for _, key in self.listed}

        def found(inside: str) -> bool:
            return all(word in inside for word in phrase.split())

        first = [item for item in self.listed if found(titles[item[1]])]
        if phrase:  # the title itself, then what begins with it
            first.sort(key=lambda item: (titles[item[1]] != phrase, not titles[item[1]].startswith(phrase)))
        rest = (item for item in self.listed if item not in first)
        return first + [item for item in rest if found(plain("\n".join(self(*item[1]).texts)).lower())]

    # -------------------------------------------------------------------------------------- each kind

    def _entry(
        self, kind: str, name: str, label: str, *about: str, title: str = "", part_of: str = "",
        facts: tuple[Fact, ...] = (), rows: tuple[str, ...] = (), lines: tuple[Line, ...] = (),
        answers: tuple[Answer, ...] = (),
    ) -> Entry:  # fmt: skip
        """Return an entry, empty texts and facts left out."""
        source = self.kinds[kind][0][name]
        facts = tuple(fact for fact in facts if fact.parts)
        title = title or titled(name, getattr(source, "title", ""))
        where = getattr(source, "where", None)
        return Entry(
            kind, name, title, label, part_of, tuple(filter(None, about)), facts, rows, lines, answers, where, source
        )

    def _overview(self, name: str) -> Entry:
        book = self.book
        first = next(iter(book.scenarios.values()))
        turn = f"{first.turns.actions} moves a turn" + ("" if first.turns.repeat else ", no move twice in a round")
        ends = joined([titled(ending.name, ending.title) for ending in book.endings.values()], "or")
        facts = (
            _fact("A round", "News comes, each seat takes its turn, then the world turns." if book.world_turn else ""),
            _fact("A turn", turn),
            _fact("The world turn", joined([titled(step.name, step.title) for step in book.world_turn])),
            _fact("The end", f"After the last round, or by: {ends}." if ends else "After the last round."),
            _fact("Sources", self.sources), *(_fact(f"Key {key}", what) for key, what in KEYS),
        )  # fmt: skip
        title = titled(book.name, book.title)
        return self._entry(
            "overview", name, "Start here", clean(book.about or book.summary), clean(book.goals.about), title=title,
            facts=facts,
        )  # fmt: skip

    @property
    def sources(self) -> str:
        """How to look up the facts that sources name, empty where none does."""
        return explained(*self.every_source)

    @property
    def every_source(self) -> list[str]:
        """The sources that rules, tracks, assumptions, moves, cards and endings give."""
        book = self.book
        rules = (*book.setup, *book.reactions.values(), *(rule for step in book.world_turn for rule in step.rules))
        sections = (book.tracks, book.knobs, book.moves, book.events, book.endings)
        return [each.source for each in (*rules, *(each for found in sections for each in found.values()))]

    def _move(self, name: str) -> Entry:
        found, said = self.book.moves[name], self.said
        facts = (
            _fact("Who", said.who(found)), _fact("Choose", *said.choices(found)), _fact("Cost", said.cost(found)),
            _fact("Needs", *said.requirements(found)), _fact("Limit", *said.limits(found)),
            _fact("Why", clean(found.why)), _fact("Answer", clean(found.counter)),
            _fact("Disputed", clean(found.disputed)), _source(found), _origin(found), _for_play(found),
        )  # fmt: skip
        return self._entry(
            "move", name, "Move", clean(found.about), SECRET if found.secret else "",
            "" if found.takes else "Takes no action.", title=said.title(found), facts=facts, lines=said.effects(found),
            answers=said.answers(found),
            part_of=titled(found.family, self.book.families.get(found.family, "")) if found.family else "",
        )  # fmt: skip

    def _family(self, name: str) -> Entry:
        moves = (move.name for move in self.book.moves.values() if move.family == name)
        rows = tuple(f"{move}: {self.title('move', move)}" for move in moves)
        return self._entry("family", name, "Family", title=titled(name, self.book.families[name]), rows=rows)

    def _track(self, name: str) -> Entry:
        found = self.book.tracks[name]
        scope = " and ".join(spaced(part) for part in found.scope)
        seen = {"public": "by everybody", "owner": "only by its owner", "hidden": "by nobody"}.get(found.visibility)
        if seen is None:
            whose = " of its seat" if self.book.groups[found.group].uses_me else ""
            seen = f"only by {self.said.words.domain(found.group)}{whose}"
        several = "" if isinstance(found.start, int) else "differs; see the rulebook"
        facts = (
            _fact("One for", f"each {scope}" if scope else "the world"),
            _fact("Range", f"{number(found.low)} to {number(found.high)} {clean(found.unit)}".strip()),
            _fact("Start", self.starts(found.start), short=several),
            _fact("Seen", seen),
            _fact("Good", {"up": "more", "down": "less", "neutral": ""}[found.good]), _source(found), _origin(found),
        )  # fmt: skip
        return self._entry("track", name, "Track", clean(found.about), facts=facts)

    def starts(self, value: object) -> str:
        """Return a starting value in words: a number, or numbers by element, seat or role."""
        if not isinstance(value, Mapping):
            return number(int(str(value)))
        parts = []
        for name, inner in value.items():
            text = self.starts(inner)
            parts.append(f"{self._called(name)} {f'({text})' if isinstance(inner, Mapping) else text}")
        return ", ".join(parts)

    def _called(self, name: str) -> str:
        """Return the title of a seat, role or element that a starting value is given for."""
        seats = (seat for scenario in self.book.scenarios.values() for seat in scenario.seats if seat.name == name)
        seat = next(seats, None)
        return titled(name, seat.title) if seat is not None else name if name == "others" else self.named(name)

    def named(self, name: str) -> str:
        """Return the title of an element, a role or a seat."""
        return plain(self.said.words.named(name))

    def _event(self, name: str) -> Entry:
        found = self.book.events[name]
        grades = "; ".join(GRADES.get(letter, letter) for letter in found.grade if letter.isalpha())
        reported = f"reported ({found.grade})" if REPORTED & set(found.grade) else found.grade
        date = _fact("Date", month(found.date), short=_digits(found.date)) if found.date else _fact("Date")
        facts = (
            date,
            _fact("Only if", self.said.condition(found)), _fact("In the real world", clean(found.note)),
            _fact("On the other hand", clean(found.contrary)),
            _fact("Evidence", f"{found.grade}: {grades}" if grades else found.grade, short=reported),
            _source(found), _origin(found),
        )  # fmt: skip
        return self._entry("event", name, "News", clean(found.text), facts=facts, lines=self.said.body(found))

    def _knob(self, name: str) -> Entry:
        found = self.book.knobs[name]
        value = hundredths(found.value)
        facts = (
            _fact("Value", value, short=f"{value} (written {found.value}, in hundredths)"),
            _fact("Range", f"{hundredths(found.low)} to {hundredths(found.high)}"),
            _fact("Plausible", *(" to ".join(map(hundredths, pair)) for pair in (found.plausible,) if pair)),
            _fact("Claims", ", ".join(map(str, found.claims))), _source(found), _origin(found), _for_play(found),
        )  # fmt: skip
        return self._entry("knob", name, "Assumption", clean(found.meaning), facts=facts)

    def _role(self, name: str) -> Entry:
        found = self.book.roles[name]
        seats = (
            f"{titled(seat.name, seat.title)} in {titled(scenario.name, scenario.title)}"
            for scenario in self.book.scenarios.values() for seat in scenario.seats if name in seat.roles
        )  # fmt: skip
        facts = (
            _fact("Wants", clean(found.wants)), _fact("Tools", clean(found.tools)),
            _fact("Kind", ", ".join(spaced(trait) for trait in found.traits)),
            _fact("Agendas", ", ".join(titled(a.name, a.title) for a in self.book.agendas.get(name, ()))),
            _fact("Played by", ", ".join(seats)),
        )  # fmt: skip
        return self._entry("role", name, "Role", clean(found.about), facts=facts)

    def _scenario(self, name: str) -> Entry:
        found = self.book.scenarios[name]
        seats = (
            f"{titled(seat.name, seat.title)} ({joined([self.title('role', role) for role in seat.roles])})"
            for seat in found.seats
        )
        facts = (
            _fact("For", clean(found.purpose)), _fact("Seats", ", ".join(seats)),
            _fact("Length", f"{found.rounds} rounds of {found.months} months"),
            _fact("Begins", month(found.begins), short=_digits(found.begins)),
            _fact("Actions", f"{found.turns.actions} a turn"), _fact("Minutes", str(found.minutes or "")),
            _fact("Moves", f"{len(found.moves)} of {len(self.book.moves)}"),
            _fact("News", f"{len(found.deck)} in the deck, {len(found.dated)} dated" if self.book.events else ""),
        )  # fmt: skip
        return self._entry("scenario", name, "Scenario", clean(found.summary), facts=facts)

    def _step(self, name: str) -> Entry:
        at, step = next((n, step) for n, step in enumerate(self.book.world_turn, 1) if step.name == name)
        lines = tuple(
            Line(f"{titled(rule.name, rule.title)}. {clean(rule.why)}", self.said.body(rule)) for rule in step.rules
        )
        return self._entry("step", name, f"Step {at} of the world turn", clean(step.about), lines=lines)

    def _rule(self, name: str) -> Entry:
        rule = self.kinds["rule"][0][name]
        facts = (_source(rule), _origin(rule), _for_play(rule))
        return self._entry("rule", name, "Rule", clean(rule.why), facts=facts, lines=self.said.body(rule))

    def _followed(self, reaction: str) -> list[str]:
        """Return the moves or the family that a reaction follows; the model does not keep which of them was written."""
        after = self.book.source["reactions"][reaction]["after"].values()
        return [str(name) for value in after for name in (value if isinstance(value, list) else [value])]

    def _reaction(self, name: str) -> Entry:
        rule = self.book.reactions[name]
        facts = (
            _fact("After", ", ".join(map(spaced, self._followed(name)))), _fact("If", self.said.condition(rule)),
            _source(rule), _origin(rule), _for_play(rule),
        )  # fmt: skip
        return self._entry("reaction", name, "Reaction", clean(rule.why), facts=facts, lines=self.said.body(rule))

    def _ending(self, name: str) -> Entry:
        found = self.book.endings[name]
        winner = "nobody wins" if found.crisis else "the highest score wins"
        facts = (
            _fact("When", self.said.condition(found)),
            _fact("Then", winner + (", scores are halved" if found.halve else "")), _source(found), _origin(found),
        )  # fmt: skip
        return self._entry("ending", name, "Ending", clean(found.text), facts=facts, lines=self.said.body(found))

    def _define(self, name: str) -> Entry:
        return self._entry("define", name, "Formula", self.said.formula(name), title=spaced(name))

    def _group(self, name: str) -> Entry:
        return self._entry("group", name, "Group", self.said.group(name), title=spaced(name))

    def _table(self, name: str) -> Entry:
        found = self.book.tables[name]
        facts = (
            _fact("One for", f"each {' and '.join(map(spaced, found.scope))}"), _fact("Unit", clean(found.unit)),
            _source(found), _origin(found),
        )  # fmt: skip
        values = found.values if isinstance(found.values, Mapping) else {"each": found.values}
        rows = tuple(
            f"{self._called(key) if isinstance(found.values, Mapping) else key} → {self.starts(inner)}"
            for key, inner in values.items()
        )
        return self._entry("table", name, "Table", clean(found.about), facts=facts, rows=rows)

    def _map(self, name: str) -> Entry:
        rows = tuple(f"{self.named(a)} → {self.named(b)}" for a, b in self.book.maps[name].values.items())
        return self._entry("map", name, "Map", title=spaced(name), rows=rows)

    def _set(self, name: str) -> Entry:
        found = self.book.sets[name]
        return self._entry("set", name, "Set", clean(", ".join(found.elements.values())), title=spaced(found.plural))

    def _measure(self, name: str) -> Entry:
        return self._entry(
            "measure",
            name,
            "Measure",
            clean(self.book.measures[name].about),
            facts=(_fact("Is", self.said.expr(self.book.measures[name].value)),),
        )

    def _agenda(self, name: str) -> Entry:
        role = next(role for role, drawn in self.book.agendas.items() if name in [agenda.name for agenda in drawn])
        agenda = self.kinds["agenda"][0][name]
        facts = (_fact("Points", self.said.points(agenda)),)
        return self._entry("agenda", name, "Agenda", clean(agenda.text), part_of=self.title("role", role), facts=facts)


def _digits(date: tuple[int, int]) -> str:
    return f"{date[0]}-{date[1]:02d}"


def families(book: Rulebook) -> list[str]:
    """Return the families of moves in order, those that no file declares last."""
    return list(dict.fromkeys([*book.families, *(move.family for move in book.moves.values())]))
