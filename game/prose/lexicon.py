"""Words for what a rulebook names: titles, links, singular and plural, for every text that a person reads.

A text is an ordinary string in which references to rule things are marked, so that one text serves the printed
rulebook (links), the terminal (styles) and the window (plain words).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from markupsafe import Markup, escape

from game.prose.numbers import hundredths
from rules.model.rulebook import DefineDef, Rulebook

_OPEN, _SPLIT, _CLOSE = "\ue000", "\ue001", "\ue002"
_REFERENCE = re.compile(f"{_OPEN}([a-z]+):([^{_SPLIT}]*){_SPLIT}([^{_CLOSE}]*){_CLOSE}")

_DONE = re.compile(r"\w+(?:ed|ing)|bought|built|held|kept|lost|made|paid|sent|sold|won")
"""What a thing has undergone: it follows the noun that it belongs to."""

MARKS = re.compile(f"[{_OPEN}{_SPLIT}{_CLOSE}]")

PLACES = frozenset({"region", "country", "market", "place", "board", "area", "city"})
"""Sets of places: one is *in* them; of anything else a thing is *for* or *of*."""


def ref(kind: str, name: str, label: str) -> str:
    """Return a marked reference to a thing of the rulebook; kinds are those of entries, and name for a rule's own."""
    return f"{_OPEN}{kind}:{name}{_SPLIT}{label}{_CLOSE}"


def plain(text: str) -> str:
    """Return the text without marks."""
    return _REFERENCE.sub(r"\3", text).replace("\u00a0", " ")


def rendered(text: str, show: Callable[[str, str, str], Markup]) -> Markup:
    """Return the text as HTML, each reference shown by ``show(kind, name, label)`` and all else escaped."""
    pieces, last = [], 0
    for match in _REFERENCE.finditer(text):
        pieces += [escape(text[last : match.start()]), show(match[1], match[2], match[3])]
        last = match.end()
    return Markup("").join([*pieces, escape(text[last:])])


def references(text: str) -> set[tuple[str, str]]:
    """Return the (kind, name) of everything that a text refers to."""
    return {(match[1], match[2]) for match in _REFERENCE.finditer(text)}


def clean(text: object) -> str:
    """Return text from a rule file as one line, without characters that would be taken for marks."""
    return "" if text is None else MARKS.sub("", " ".join(str(text).split()))


def spaced(name: str) -> str:
    """Return a name as words: ``net_controls`` is "net controls"."""
    return name.replace("_", " ").strip()


def titled(name: str, title: object = "") -> str:
    """Return the title, or the name as one, with a capital."""
    text = clean(title) or spaced(name)
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Return the text with its first letter a capital, also when that letter is inside a reference."""
    at = text.index(_SPLIT) + 1 if text.startswith(_OPEN) else 0
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]


def singular(word: str) -> str:
    """Return one of what a word names: region, ally and base of regions, allies and bases."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    if re.search(r"(ss|sh|ch|x)es$", word):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def is_plural(title: str) -> bool:
    """Whether a title takes a plural verb, judged by its head noun: "Chips bought openly" does.

    What somebody does is one thing, whatever is done with: "Refusing foreign chips" does not.
    """
    head = re.split(r" (?:of|in|on|for|to|from|that|under|a|,)\b", title, maxsplit=1)[0].split()
    if not head or (len(head) > 2 and head[0].endswith("ing")):
        return False
    noun = next((word for word, after in pairwise(head) if _many(word) and _DONE.fullmatch(after)), head[-1])
    return _many(noun)


def _many(word: str) -> bool:
    return word.endswith("s") and not word.endswith(("ss", "us", "is", "'s"))


class Lexicon:
    """What the names of a rulebook are called."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.elements = {
            element: (found.name, title) for found in book.sets.values() for element, title in found.elements.items()
        }

    def named(self, name: str) -> str:
        """Return a reference to an element or a role; of anything else its name as words."""
        if name in self.elements:
            return ref("set", self.elements[name][0], clean(self.elements[name][1]))
        return self.role(name) if name in self.book.roles else spaced(name)

    def track(self, name: str) -> str:
        """Return a reference to a track by its title."""
        return ref("track", name, titled(name, self.book.tracks[name].title))

    def table(self, name: str) -> str:
        """Return a reference to a table by its title."""
        return ref("table", name, titled(name, self.book.tables[name].title))

    def role(self, name: str) -> str:
        """Return a reference to a role by its title."""
        return ref("role", name, titled(name, self.book.roles[name].title))

    def with_trait(self, trait: str) -> list[str]:
        """Return references to the roles that have a trait."""
        return [self.role(name) for name, found in self.book.roles.items() if trait in found.traits]

    def knob(self, name: str) -> str:
        """Return a reference to an assumption with its value in the rulebook."""
        found = self.book.knobs.get(name)
        if found is None:  # a doctrine's own
            return ref("name", name, spaced(name))
        return ref("knob", name, f"{titled(name, found.title)} [{hundredths(found.value)}]")

    def domain(self, name: str, *, one: bool = False) -> str:
        """Return a set (by its name or its plural) or a group as words; ``one`` for a single member."""
        if name in self.book.groups:
            return ref("group", name, spaced(singular(name) if one else name))
        plural = self.book.sets[name].plural if name in self.book.sets else "seats" if name == "seat" else name
        return spaced(singular(plural) if one else plural)

    def parameters(self, define: DefineDef) -> dict[str, str]:
        """Return what a formula's parameters are called: "the region"."""
        return {name: f"the {spaced(kind.of or name)}" for name, kind in define.params}


# --------------------------------------------------------------------------------- sources of rules

FACTS = "docs/facts.md"
"""The page of facts, as it is found in the project."""
WHERE_FACTS_ARE = f"the page {FACTS}, with sources and grades"


def names_facts(text: str) -> bool:
    """Whether a source, or a text with sources in it, leads to the page of facts."""
    return "facts, section" in text


def source_label(source: str) -> str:
    """Return what is printed before a source, with the page where its facts are.

    Example:
        >>> source_label("facts, section 3: Gulf Deals")
        'Source (facts: docs/facts.md)'
        >>> source_label("designer's assumption")
        'Source'
    """
    return f"Source (facts: {FACTS})" if names_facts(source) else "Source"


def explained(*sources: str) -> str:
    """Return a sentence on how to look up the facts, where a source names them; empty where none does."""
    if not any(map(names_facts, sources)):
        return ""
    fitted = " Fitted to: the rows of what was observed that the number was moved for."
    return (
        f"Where a source says facts, it means {WHERE_FACTS_ARE}: look up the section there, and in it the name that "
        "follows. A designer's assumption is a number that somebody had to choose."
        f"{fitted if any('fitted to' in source for source in sources) else ''}"
    )
