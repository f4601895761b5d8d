"""Words for what a rulebook names: titles, links, singular and plural, for every text that a person reads.

A text is an ordinary string in which references to rule things are marked, so that one text serves the printed
rulebook (links), the terminal (styles) and the window (plain words).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from game.prose.numbers import hundredths, joined
from rules.model.rulebook import Rulebook

_OPEN, _SPLIT, _CLOSE = "\ue000", "\ue001", "\ue002"
_REFERENCE = re.compile(f"{_OPEN}([a-z]+):([^{_SPLIT}]*){_SPLIT}([^{_CLOSE}]*){_CLOSE}")

_MARKS = re.compile(f"[{_OPEN}{_SPLIT}{_CLOSE}]")

PLACES = frozenset({"region", "country", "market", "place", "board", "area", "city"})
"""Sets of places: one is *in* them; of anything else a thing is *for* or *of*."""


def ref(kind: str, name: str, label: str) -> str:
    """A marked reference to a thing of the rulebook (kind: track, knob, define, map, group, role, move, name …)."""
    return f"{_OPEN}{kind}:{name}{_SPLIT}{label}{_CLOSE}"


def plain(text: str) -> str:
    """The text without marks."""
    return _REFERENCE.sub(r"\3", text).replace("\u00a0", " ")


def rendered(text: str, show: Callable[[str, str, str], Markup]) -> Markup:
    """Return the text as HTML, each reference shown by ``show(kind, name, label)`` and all else escaped."""
    pieces, last = [], 0
    for match in _REFERENCE.finditer(text):
        pieces += [escape(text[last : match.start()]), show(match[1], match[2], match[3])]
        last = match.end()
    return Markup("").join([*pieces, escape(text[last:])])


def references(text: str) -> set[tuple[str, str]]:
    """The (kind, name) of everything that a text refers to."""
    return {(match[1], match[2]) for match in _REFERENCE.finditer(text)}


def clean(text: object) -> str:
    """Text from a rule file as one line, without characters that would be taken for marks."""
    return "" if text is None else _MARKS.sub("", " ".join(str(text).split()))


def spaced(name: str) -> str:
    """A name as words: ``net_controls`` is "net controls"."""
    return name.replace("_", " ").strip()


def titled(name: str, title: object = "") -> str:
    """The title, or the name as one."""
    text = clean(title) or spaced(name)
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """The text with its first letter a capital, also when that letter is inside a reference."""
    at = text.index(_SPLIT) + 1 if text.startswith(_OPEN) else 0
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]


def singular(word: str) -> str:
    """One of what the word names: regions, allies, bases give region, ally, base."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    if re.search(r"(ss|sh|ch|x)es$", word):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def is_plural(title: str) -> bool:
    """Whether a title takes a plural verb, judged by its head noun: "Chip plants under construction" does."""
    head = re.split(r" (?:of|in|on|for|to|from|that|under|a|,)\b", title, maxsplit=1)[0].split()
    while len(head) > 1 and head[-1].endswith(("ed", "ing")):
        head.pop()
    last = head[-1] if head else ""
    return last.endswith("s") and not last.endswith(("ss", "us", "is", "'s"))


@dataclass(frozen=True)
class Signature:
    """A define as it is declared: its name, its parameters with their sets (none for an integer), its formula."""

    name: str
    parameters: tuple[tuple[str, str | None], ...]
    formula: str

    @property
    def called(self) -> list[tuple[str, str]]:
        """The parameters and what each is called: "the region"."""
        return [(name, f"the {spaced(kind or name)}") for name, kind in self.parameters]


class Lexicon:
    """What every name of a rulebook means and how it is called, resolved in the order of the rule language."""

    def __init__(self, book: Rulebook) -> None:
        """Tables of all names."""
        self.book = book
        self.plurals = {found.plural: name for name, found in book.sets.items()} | {"seats": "seat"}
        self.elements = {
            e: (s, title) for s, found in book.sets.items() if s != "seat" for e, title in found.elements.items()
        }
        self.groups = {name: _group(clean(text)) for name, text in (book.source.get("groups") or {}).items()}
        formulas: Mapping[str, Any] = book.source.get("defines") or {}
        self.defines = {found.name: found for found in (_signature(head, clean(formulas[head])) for head in formulas)}
        self.personal = self._personal()

    def _personal(self) -> frozenset[str]:
        """The defines and groups that depend on who asks: they read ``me``, themselves or through others."""
        texts = {name: found.formula for name, found in self.defines.items()}
        texts |= {name: " ".join(parts[1:]) for name, parts in self.groups.items()}
        names = {"me"}
        while True:
            found = names | {name for name, text in texts.items() if names & set(re.findall(r"\w+", text))}
            if found == names:
                return frozenset(names - {"me"})
            names = found

    def set_of(self, domain: str) -> str:
        """The set that a plural or a group draws from."""
        seen = 0
        while domain in self.groups and seen < 20:
            domain, seen = self.groups[domain][1], seen + 1
        return self.plurals.get(domain, domain)

    def track(self, name: str) -> str:
        """A reference to a track by its title."""
        found = self.book.tracks.get(name)
        return ref("track", name, titled(name, found.title if found else ""))

    def element(self, name: str) -> str:
        """An element's title."""
        return ref("set", self.elements[name][0], clean(self.elements[name][1]))

    def role(self, name: str) -> str:
        """A reference to a role by its title."""
        return ref("role", name, titled(name, self.book.roles[name].title))

    def knob(self, name: str) -> str:
        """A reference to an assumption with its value in the rulebook."""
        found = self.book.knobs.get(name)
        if found is None:  # a doctrine's own
            return ref("name", name, spaced(name))
        return ref("knob", name, f"{titled(name, found.title)} [{hundredths(found.value)}]")

    def domain(self, name: str, *, one: bool = False) -> str:
        """A set's plural or a group, as words; ``one`` for a single member."""
        if name in self.book.sets or name == "seat":  # a checked expression loops over the set itself
            name = self.book.sets[name].plural if name in self.book.sets else "seats"
        words = spaced(singular(name) if one else name)
        return ref("group", name, words) if name in self.groups else words

    def seats(self, source: object) -> str:
        """Who may play a move, from its ``seats`` entry."""
        if not isinstance(source, Mapping):
            return "everybody"
        if "trait" in source:
            trait = str(source["trait"])
            roles = [self.role(name) for name, found in self.book.roles.items() if trait in found.traits]
            return joined(roles) if roles else f"seats with the trait {spaced(trait)}"
        if "group" in source:
            return self.domain(str(source["group"]))
        names = source.get("roles") or [source.get("role")]
        return joined([self.role(str(name)) for name in names if name in self.book.roles])


def _group(text: str) -> tuple[str, str, str]:
    """Variable, set and condition of a group (``s in seats if …``)."""
    head, _, cond = text.partition(" if ")
    var, _, domain = head.partition(" in ")
    return var.strip(), domain.strip(), cond.strip()


def _signature(head: str, formula: str) -> Signature:
    """A define's parts from its key (``pull(stack k, region r)``) and its formula."""
    name, _, inside = head.partition("(")
    parameters = []
    for part in filter(None, (text.split() for text in inside.rstrip(") ").split(","))):
        parameters.append((part[-1], part[0] if len(part) == 2 else None))
    return Signature(name.strip(), tuple(parameters), formula)
