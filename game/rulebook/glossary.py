"""The printed rulebook's glossaries: tracks, formulas and other words, assumptions, and the index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from game.prose.lexicon import Signature, plain, sentence, spaced, titled
from game.prose.numbers import hundredths, joined, number
from game.prose.statements import Sentences
from game.rulebook.html import Writer, anchor, esc, facts
from game.rulebook.seats import cells
from rules.model.rulebook import KnobDef, Rulebook, TrackDef

VISIBILITY = {
    "public": "",
    "owner": "secret: only its owner sees it",
    "hidden": "hidden from everybody",
}
GOOD = {"up": "more is better", "down": "less is better", "neutral": ""}

JUDGING = "Formulas by which computer players judge a position"


class Glossary:
    """Glossaries of one rulebook as HTML; written last, so that they know who refers to what."""

    def __init__(self, book: Rulebook, writer: Writer, said: Sentences) -> None:
        """Glossaries that are written by ``writer`` in the words of ``said``."""
        self.book, self.writer, self.said = book, writer, said

    def tracks(self) -> str:
        """Every track, by what it belongs to."""
        groups: dict[str, list[str]] = {}
        for track in self.book.tracks.values():
            groups.setdefault(self.owner(track), []).append(self.track(track))
        return "".join(section(title, items) for title, items in groups.items())

    def owner(self, track: TrackDef) -> str:
        """What has a value of a track."""
        if not track.scope:
            return "One for the world"
        names = [spaced(self.book.sets[name].name if name in self.book.sets else name) for name in track.scope]
        if len(names) == 2 and names[0] == names[1]:
            return f"One for each {names[0]} towards each other {names[1]}"
        return f"One for each {' and '.join(names)}"

    def track(self, track: TrackDef) -> str:
        """One track: meaning, range, start, who sees it, who uses it."""
        unit = f" {esc(track.unit)}" if track.unit else ""
        known = facts({
            "Range": f"{number(track.low)} to {number(track.high)}{unit}",
            "Start": cells(self.said, track.start) if track.drawn is None else "drawn",
            "Seen": VISIBILITY[track.visibility],
            "Good": GOOD[track.good],
            "Used by": self.writer.used_by("track", track.name),
            "Source": esc(track.source),
        })  # fmt: skip
        title = esc(titled(track.name, track.title))
        return f'<div id="{anchor("track", track.name)}"><dt>{title}</dt><dd>{esc(track.about)}{known}</dd></div>'

    def formulas(self) -> str:
        """Named formulas, groups, maps, sets and measures."""
        words = self.said.words
        measures = [self.measure(name) for name in self.book.measures]
        bodies = {name: self.formula(name) for name in words.defines}  # all before any says who uses it
        entries = {name: self.formula_entry(name, bodies[name]) for name in words.defines}
        used = self.used_formulas()
        sections = (
            ("Formulas", [entries[name] for name in entries if name in used]),
            (JUDGING, [entries[name] for name in entries if name not in used]),
            ("Groups", [self.group(name) for name in words.groups]),
            ("Who and what belongs to what", [self.map(name) for name in self.book.maps]),
            ("What there is", [self.set(name) for name in self.book.sets if name != "seat"]),
            ("What is measured at the end", measures),
        )
        return "".join(section(title, items) for title, items in sections if items)

    def used_formulas(self) -> set[str]:
        """The formulas that a card, rule or measure refers to, itself or through other formulas."""
        names = self.said.words.defines
        users = {name: self.writer.users.get(("define", name), {}) for name in names}
        inner = {anchor("define", name): name for name in names}
        used = {name for name in names if any(user not in inner for user in users[name])}
        while True:
            more = {name for name in names if any(inner.get(user) in used for user in users[name])} - used
            if not more:
                return used
            used |= more

    def entry(self, kind: str, name: str, title: str, body: str, more: str = "") -> str:
        """One entry of a glossary."""
        return f'<div id="{anchor(kind, name)}"><dt>{esc(title)}</dt><dd>{body}{more}</dd></div>'

    def formula(self, name: str) -> str:
        """A named formula in words."""
        found = self.said.words.defines[name]
        self.writer.user(anchor("define", name), spaced(name))
        words = self.writer.html(sentence(self.said.prose.expr(found.formula, dict(parameters(found)))))
        self.writer.nobody()
        return words

    def formula_entry(self, name: str, words: str) -> str:
        """A named formula's entry: what it is of, its words, who uses it."""
        title = sentence(spaced(name))
        called = [text for _, text in parameters(self.said.words.defines[name])]
        if called:
            title += f" of {joined(called)}"
        return self.entry("define", name, title, f"{words}.", facts({"Used by": self.writer.used_by("define", name)}))

    def group(self, name: str) -> str:
        """A group in words."""
        var, domain, cond = self.said.words.groups[name]
        noun = spaced(self.said.words.set_of(domain))
        where = self.writer.html(self.said.prose.expr(cond, {var: f"that {noun}"})) if cond else ""
        every = self.writer.html(self.said.prose.domain(domain, {}))
        body = f"The {every} where {where}." if where else f"All {every}."
        return self.entry("group", name, sentence(spaced(name)), body)

    def map(self, name: str) -> str:
        """A map as pairs."""
        found = self.book.maps[name]
        pairs = [
            f"{esc(plain(self.said.prose.expr(a)))} → {esc(plain(self.said.prose.expr(b)))}"
            for a, b in found.values.items()
        ]
        return self.entry("map", name, sentence(spaced(name.removesuffix("_of"))), "<br>".join(pairs))

    def set(self, name: str) -> str:
        """A set's elements."""
        found = self.book.sets[name]
        return self.entry("set", name, sentence(spaced(found.plural)), esc(", ".join(found.elements.values())))

    def measure(self, name: str) -> str:
        """A measure in words."""
        found = self.book.measures[name]
        written = self.book.source["measures"][name]
        value = written["value"] if isinstance(written, Mapping) else written
        self.writer.user(anchor("measure", name), titled(name, found.title))
        words = self.writer.html(sentence(self.said.prose.expr(value)))
        self.writer.nobody()
        return self.entry("measure", name, titled(name, found.title), f"{esc(found.about)} {words}.")

    def assumptions(self) -> str:
        """Every knob with its meaning and the claims that hang on it."""
        rows = "".join(self.knob(found) for found in self.book.knobs.values())
        if not rows:
            return ""
        return (
            "<p>Nobody knows these numbers. Each can be changed before a game, and a tournament shows which "
            "results hang on which.</p>"
            '<div class="scroll"><table><thead><tr><th>Assumption</th><th>Value</th><th>Range</th><th>Meaning</th>'
            f"<th>Claims</th></tr></thead><tbody>{rows}</tbody></table></div>"
        )

    def knob(self, found: KnobDef) -> str:
        """One row of the assumptions."""
        used = self.writer.used_by("knob", found.name)
        used = f'<div class="small">Used by {used}</div>' if used else ""
        source = f'<div class="small">Source: {esc(found.source)}</div>' if found.source else ""
        return (
            f'<tr id="{anchor("knob", found.name)}"><td><b>{esc(titled(found.name, found.title))}</b></td>'
            f"<td>{hundredths(found.value)}</td><td>{hundredths(found.low)}–{hundredths(found.high)}</td>"
            f"<td>{esc(found.meaning)}{used}{source}</td><td>{', '.join(map(str, found.claims))}</td></tr>"
        )


def parameters(found: Signature) -> list[tuple[str, str]]:
    """A formula's parameters and what each is called: "the region"."""
    return [(name, f"the {spaced(kind or name)}") for name, kind in found.parameters]


def section(title: str, items: Iterable[str]) -> str:
    """Entries of a glossary under a heading."""
    return f'<h3>{esc(title)}</h3><dl class="glossary">{"".join(items)}</dl>'


def index(entries: Iterable[tuple[str, str, str]]) -> str:
    """An alphabetical index of (title, kind, anchor)."""
    items, letter = [], ""
    for title, kind, to in sorted(entries, key=lambda entry: (entry[0].casefold(), entry[1])):
        first = title[:1].upper() if title[:1].isalpha() else "#"
        if first != letter:
            letter = first
            items.append(f'<li class="letter">{esc(letter)}</li>')
        items.append(f'<li><a class="k" href="#{to}">{esc(title)}</a> <span>{kind}</span></li>')
    return f'<ul class="index">{"".join(items)}</ul>'
