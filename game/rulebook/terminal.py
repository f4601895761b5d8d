"""One entry of the rulebook as text for the terminal: a move, track, news card, step, assumption, role and so on."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from game.errors import UnknownName
from game.prose.lexicon import clean, plain, spaced, titled
from game.prose.numbers import hundredths, joined, number
from game.prose.sources import WHERE, names_facts
from game.prose.statements import SECRET, Line, Sentences, plain_lines
from rules.model.rulebook import Rulebook
from rules.model.terms import Where


def show(book: Rulebook, name: str) -> str:
    """The cards of everything that has this name, each under its kind and title.

    Example:
        >>> from rules import load_rulebook
        >>> text = show(load_rulebook("standard"), "tension")

    Raises:
        UnknownName: nothing in the rulebook has the name; the error gives the nearest that is.
    """
    shower = _Shower(book)
    cards = [card(name) for names, card in shower.kinds() if name in names]
    if not cards:
        choices = [entry for names, _ in shower.kinds() for entry in names]
        raise UnknownName("entry of the rulebook", name, list(dict.fromkeys(choices)))
    return "\n\n".join(cards)


def _text(value: object) -> str:
    """A value on one line, without marks."""
    return clean(plain("" if value is None else str(value)))


class _Shower:
    """Cards of one rulebook as plain text."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.said = Sentences(book)

    def kinds(self) -> list[tuple[Iterable[str], Callable[[str], str]]]:
        """For every kind of entry its names and how one is shown."""
        book = self.book
        steps = {step.name for step in book.world_turn}
        rules = {rule.name for step in book.world_turn for rule in step.rules} | {rule.name for rule in book.setup}
        return [
            (book.moves, self.move), (book.families, self.family), (book.tracks, self.track),
            (book.events, self.event), (book.knobs, self.knob), (book.roles, self.role),
            (book.scenarios, self.scenario), (steps, self.step), (rules, self.rule), (book.endings, self.ending),
            (self.said.words.defines, self.formula), (self.said.words.groups, self.group), (book.maps, self.map),
            (book.sets, self.set), (book.measures, self.measure), (book.reactions, self.reaction),
            ({agenda.name for drawn in book.agendas.values() for agenda in drawn}, self.agenda),
        ]  # fmt: skip

    def card(self, kind: str, title: str, where: Where | None, *parts: object, lines: Iterable[Line] = ()) -> str:
        """A heading, then labelled parts (pairs) and sentences, the effects, and where it is written."""
        rows = [f"{plain(title)}  ({kind})"]
        pairs = [(part[0], _text(part[1])) for part in parts if isinstance(part, tuple)]
        rows += [plain(str(part)) for part in parts if not isinstance(part, tuple) and part]
        rows += [f"  {label + ':':<10} {text}" for label, text in pairs if text]
        if any(label == "Source" and names_facts(text) for label, text in pairs):
            rows.append(f"  {'Facts:':<10} {WHERE}")
        body = plain_lines(lines, 4)
        if body:
            rows += ["  Effects:", *body]
        if where is not None:
            rows.append(f"  Written in {where}")
        return "\n".join(rows)

    def move(self, name: str) -> str:
        """A move."""
        found, said = self.book.moves[name], self.said
        lines = list(said.effects(name))
        for title, body, _ in said.reactions(found):
            lines.append(Line(f"In answer, {title}:", body))
        family = self.book.families.get(found.family, "")
        return self.card(
            f"move, {titled(found.family, family)}" if found.family else "move", said.title(name), found.where,
            found.about, SECRET if found.secret else "", "" if found.takes else "Takes no action.",
            ("Who", said.who(name)), ("Choose", "; ".join(said.choices(name))), ("Cost", said.cost(name)),
            ("Needs", "; ".join(said.requirements(name))), ("Limit", "; ".join(said.limits(found))),
            ("Why", found.why), ("Answer", found.counter), ("Disputed", found.disputed), ("Source", found.source),
            lines=lines,
        )  # fmt: skip

    def family(self, name: str) -> str:
        """A family: its moves."""
        moves = [f"{m.name}: {plain(self.said.title(m.name))}" for m in self.book.moves.values() if m.family == name]
        return self.card("family", titled(name, self.book.families[name]), None, *(f"  {text}" for text in moves))

    def track(self, name: str) -> str:
        """A track."""
        found = self.book.tracks[name]
        scope = " and ".join(spaced(part) for part in found.scope)
        unit = f" {found.unit}" if found.unit else ""
        seen = {"public": "by everybody", "owner": "only by its owner", "hidden": "by nobody"}[found.visibility]
        start = found.start if isinstance(found.start, int) else "differs; see the rulebook"
        return self.card(
            "track", titled(name, found.title), found.where, found.about,
            ("One for", f"each {scope}" if scope else "the world"),
            ("Range", f"{number(found.low)} to {number(found.high)}{unit}"), ("Start", start), ("Seen", seen),
            ("Good", {"up": "more", "down": "less", "neutral": ""}[found.good]), ("Source", found.source),
        )  # fmt: skip

    def event(self, name: str) -> str:
        """A news card."""
        found, entry = self.book.events[name], self.said.entry("events", name)
        when = entry.get("when", True)
        date = f"{found.date[0]}-{found.date[1]:02d}" if found.date else ""
        reported = f"reported ({found.grade})" if set("CU") & set(found.grade) else found.grade
        return self.card(
            "news", titled(name, found.title), found.where, found.text, ("Date", date),
            ("Only if", "" if when is True else self.said.prose.expr(when)), ("In fact", found.note),
            ("But", found.contrary), ("Evidence", reported), ("Source", found.source),
            lines=self.said.lines(entry.get("effects") or [], {}),
        )  # fmt: skip

    def knob(self, name: str) -> str:
        """An assumption."""
        found = self.book.knobs[name]
        span = f"{hundredths(found.low)} to {hundredths(found.high)}"
        return self.card(
            "assumption", titled(name, found.title), found.where, found.meaning,
            ("Value", f"{hundredths(found.value)}  (written {found.value}, in hundredths)"), ("Range", span),
            ("Claims", ", ".join(map(str, found.claims))), ("Source", found.source),
        )  # fmt: skip

    def role(self, name: str) -> str:
        """A role."""
        found = self.book.roles[name]
        agendas = ", ".join(titled(a.name, a.title) for a in self.book.agendas.get(name, ()))
        seats = [f"{titled(seat.name, seat.title)} in {titled(s.name, s.title)}"
                 for s in self.book.scenarios.values() for seat in s.seats if name in seat.roles]  # fmt: skip
        return self.card(
            "role", titled(name, found.title), found.where, found.about, ("Wants", found.wants),
            ("Tools", found.tools), ("Kind", ", ".join(spaced(trait) for trait in found.traits)),
            ("Agendas", agendas), ("Played by", ", ".join(seats)),
        )  # fmt: skip

    def scenario(self, name: str) -> str:
        """A scenario."""
        found = self.book.scenarios[name]
        roles = {seat.name: [titled(role, self.book.roles[role].title) for role in seat.roles] for seat in found.seats}
        seats = [f"{titled(seat.name, seat.title)} ({joined(roles[seat.name])})" for seat in found.seats]
        return self.card(
            "scenario", titled(name, found.title), found.where, found.summary, ("For", found.purpose),
            ("Seats", ", ".join(seats)), ("Length", f"{found.rounds} rounds of {found.months} months"),
            ("Begins", f"{found.begins[0]}-{found.begins[1]:02d}"), ("Actions", f"{found.turns.actions} a turn"),
            ("Minutes", found.minutes or ""), ("Moves", f"{len(found.moves)} of {len(self.book.moves)}"),
            ("News", f"{len(found.deck)} in the deck, {len(found.dated)} dated" if self.book.events else ""),
        )  # fmt: skip

    def step(self, name: str) -> str:
        """A step of the world turn."""
        at = next(i for i, step in enumerate(self.book.world_turn) if step.name == name)
        step, entries = self.book.world_turn[at], self.book.source["world_turn"][at]["rules"]
        lines = [Line(f"{titled(rule.name, rule.title)}. {clean(rule.why)}", self.said.lines(entry["do"], {}))
                 for rule, entry in zip(step.rules, entries, strict=True)]  # fmt: skip
        return self.card(
            f"step {at + 1} of the world turn", titled(name, step.title), step.where, step.about, lines=lines
        )

    def rule(self, name: str) -> str:
        """A rule of the set-up or of the world turn."""
        source = self.book.source
        pairs = list(zip(self.book.setup, source.get("setup") or [], strict=True))
        for step, entry in zip(self.book.world_turn, source.get("world_turn") or [], strict=True):
            pairs += zip(step.rules, entry["rules"], strict=True)
        rule, entry = next(pair for pair in pairs if pair[0].name == name)
        lines = self.said.lines(entry["do"], {})
        return self.card("rule", titled(name, rule.title), rule.where, rule.why, ("Source", rule.source), lines=lines)

    def reaction(self, name: str) -> str:
        """A reaction to moves."""
        rule, entry = self.book.reactions[name], self.said.entry("reactions", name)
        after = ", ".join(
            spaced(str(x)) for value in entry["after"].values() for x in (value if isinstance(value, list) else [value])
        )
        when = entry.get("if", True)
        return self.card(
            "reaction", titled(name, rule.title), rule.where, rule.why, ("After", after),
            ("If", "" if when is True else self.said.prose.expr(when)), ("Source", rule.source),
            lines=self.said.lines(entry["do"], {}),
        )  # fmt: skip

    def ending(self, name: str) -> str:
        """An early ending."""
        found, entry = self.book.endings[name], self.said.entry("endings", name)
        winner = "nobody wins" if found.crisis else "the highest score wins"
        return self.card(
            "ending", titled(name, found.title), found.where, found.text, ("When", self.said.prose.expr(entry["when"])),
            ("Then", winner + (", scores are halved" if found.halve else "")), ("Source", found.source),
            lines=self.said.lines(entry.get("effects") or [], {}),
        )  # fmt: skip

    def formula(self, name: str) -> str:
        """A named formula."""
        found = self.said.words.defines[name]
        names = {parameter: f"the {spaced(kind or parameter)}" for parameter, kind in found.parameters}
        return self.card("formula", spaced(name), None, self.said.prose.expr(found.formula, names))

    def group(self, name: str) -> str:
        """A group."""
        var, domain, cond = self.said.words.groups[name]
        noun = spaced(self.said.words.set_of(domain))
        where = f" where {self.said.prose.expr(cond, {var: f'that {noun}'})}" if cond else ""
        return self.card("group", spaced(name), None, f"the {self.said.prose.domain(domain, {})}{where}")

    def map(self, name: str) -> str:
        """A map."""
        found = self.book.maps[name]
        pairs = [(plain(self.said.prose.expr(a)), self.said.prose.expr(b)) for a, b in found.values.items()]
        return self.card("map", spaced(name), found.where, *(f"  {a} → {plain(b)}" for a, b in pairs))

    def set(self, name: str) -> str:
        """A set."""
        found = self.book.sets[name]
        return self.card("set", spaced(found.plural), found.where, ", ".join(found.elements.values()))

    def measure(self, name: str) -> str:
        """A measure."""
        found, written = self.book.measures[name], self.book.source["measures"][name]
        value = written["value"] if isinstance(written, dict) else written
        return self.card(
            "measure", titled(name, found.title), found.where, found.about, ("Is", self.said.prose.expr(value))
        )

    def agenda(self, name: str) -> str:
        """A secret agenda."""
        for role, drawn in self.book.agendas.items():
            for agenda, entry in zip(drawn, self.book.source["agendas"][role], strict=True):
                if agenda.name == name:
                    points = ("Points", self.said.prose.expr(entry["points"]))
                    whose = titled(role, self.book.roles[role].title)
                    return self.card(f"agenda, {whose}", titled(name, agenda.title), agenda.where, agenda.text, points)
        raise AssertionError(name)
