"""Puts a rulebook's statements and cards into sentences: effects, costs, requirements, limits, who may play."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from game.prose.expressions import loop_noun, loop_word
from game.prose.lexicon import clean, plain, ref, sentence, spaced, titled
from game.prose.numbers import signed, times
from game.prose.prose import Prose
from rules.model.rulebook import Agenda, Ending, Event, Move, RoleDef, Rule, Rulebook
from rules.model.terms import Where

_ASSIGN = re.compile(r"^(.*?)\s*(\+=|-=|=)(?!=)\s*(.*)$", re.DOTALL)
_HOLE = re.compile(r"\{([^{}]*)\}")


NO_BREAK = "\u00a0"
SECRET = "Secret: the others see only that you acted."


@dataclass(frozen=True)
class Line:
    """A sentence with what hangs under it (the branches of a condition, the body of a loop)."""

    text: str
    inner: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What a reaction adds to a move: its title, what it does, and why."""

    title: str
    lines: tuple[Line, ...]
    why: str


class Sentences:
    """Statements and move cards of one rulebook in words, with references marked (see ``game.prose.lexicon``)."""

    def __init__(self, book: Rulebook) -> None:
        """Sentences for this rulebook."""
        self.book = book
        self.prose = Prose(book)
        self.words = self.prose.words

    # ----------------------------------------------------------------------------------- statements

    def lines(self, statements: object, names: Mapping[str, str]) -> tuple[Line, ...]:
        """Statements in order, each a line; ``let`` and ``draw`` name values for those after them."""
        known = dict(names)
        if not isinstance(statements, list):
            statements = [statements]
        return tuple(self.line(statement, known) for statement in statements)

    def line(self, statement: object, names: dict[str, str]) -> Line:
        """One statement; adds to ``names`` what it declares."""
        if isinstance(statement, str):
            return self.simple(clean(statement), names)
        assert isinstance(statement, Mapping)
        if "let" in statement:
            return self.let(clean(statement["let"]), names)
        if "draw" in statement:
            return self.draw(clean(statement["draw"]), names)
        if "each" in statement:
            return self.each(statement, names)
        if "in" in statement:
            rounds = int(statement["in"])
            return self.headed(f"In {rounds} round{'s' if rounds > 1 else ''}:", statement["do"], names)
        if "chance" in statement:
            percent = self.prose.value(statement["chance"], names)
            return self.branches(f"With a chance of {percent} per cent:", statement, names)
        return self.branches(f"If {self.prose.expr(statement['if'], names)}:", statement, names)

    def simple(self, text: str, names: Mapping[str, str]) -> Line:
        """An assignment, ``end turn`` or ``deliver``."""
        if text == "end turn":
            return Line("Your turn ends.")
        if text == "deliver":
            return Line("Everything ordered for now arrives.")
        found = _ASSIGN.match(text)
        assert found is not None, text
        target, op, value = found[1], found[2], found[3]
        only_if = self.prose.only_if(value) if op != "=" else None
        if only_if is not None:  # x += 2 if c else 0
            change = self.change(target, op, only_if[0], names)
            return Line(f"If {self.prose.expr(only_if[1], names)}:", (Line(sentence(change)),))
        return Line(sentence(self.change(target, op, value, names)))

    def change(self, target: str, op: str, value: object, names: Mapping[str, str]) -> str:
        """A change of one track: "your Capital −1", "Tension becomes 30"."""
        what = self.prose.expr(target, names)
        many = self.prose.is_plural(target, names)
        if op == "=":
            return self.becomes(what, value, many, names)
        amount = self.prose.constant(value)
        if amount is not None:
            return f"{what}{NO_BREAK}{signed(amount if op == '+=' else -amount)}"
        verb = ("go" if many else "goes") + (" up" if op == "+=" else " down")
        return f"{what} {verb} by {self.prose.amount(value, names)}"

    def becomes(self, what: str, value: object, many: bool, names: Mapping[str, str]) -> str:
        """``=``: with a shorter word where the new value is made from the old one."""
        call = self.prose.own_call(what, value, names)
        end = "" if many else "s"
        if call is not None and call[0] == "toward":
            return f"{what} move{end} {self.prose.part(call[1][1], names)} to {self.prose.value(call[1][0], names)}"
        if call is not None and call[0] in ("max", "min") and len(call[1]) == 1:
            verb, when = ("rise", "lower") if call[0] == "max" else ("fall", "higher")
            return f"{what} {verb}{end} to {self.prose.value(call[1][0], names)} if {when}"
        return f"{what} become{end} {self.prose.expr(value, names)}"

    def let(self, text: str, names: dict[str, str]) -> Line:
        """A named value; from here on its name stands for it."""
        name, _, value = text.partition("=")
        label = ref("name", name.strip(), spaced(name.strip()))
        whether = "whether " if self.prose.is_test(value.strip(), names) else ""
        line = Line(f"Let {label} be {whether}{self.prose.expr(value.strip(), names)}.")
        names[name.strip()] = label
        return line

    def draw(self, text: str, names: dict[str, str]) -> Line:
        """A number drawn evenly."""
        name, _, bounds = text.partition(" in ")
        low, _, high = bounds.partition("..")
        label = ref("name", name.strip(), spaced(name.strip()))
        limits = f"{self.prose.value(low.strip(), names)} to {self.prose.value(high.strip(), names)}"
        names[name.strip()] = label
        return Line(f"Draw {label} from {limits}, each equally likely.")

    def each(self, statement: Mapping[str, Any], names: Mapping[str, str]) -> Line:
        """A loop over a set or group."""
        head, _, cond = clean(statement["each"]).partition(" if ")
        var, _, domain = (part.strip() for part in head.partition(" in "))
        called = loop_word(self.words, var, domain, names)
        inner = {**names, var: called}
        where = f" where {self.prose.expr(cond, inner)}" if cond else ""
        return self.headed(f"For every {loop_noun(self.words, domain, called)}{where}:", statement["do"], inner)

    def headed(self, head: str, body: object, names: Mapping[str, str]) -> Line:
        """A head with its body under it."""
        return Line(head, self.lines(body, names))

    def branches(self, head: str, statement: Mapping[str, Any], names: Mapping[str, str]) -> Line:
        """A condition or chance with what follows either way."""
        then = self.lines(statement["then"], names)
        other = statement.get("else")
        if other is None:
            return Line(head, then)
        return Line(head, (*then, Line("Otherwise:", self.lines(other, names))))

    # ----------------------------------------------------------------------------------------- cards

    def names_of(self, move: str) -> dict[str, str]:
        """The words for a move's choices: "the target"."""
        chosen = self.entry("moves", move).get("choose") or {}
        return {name: f"the {ref('name', name, spaced(name))}" for name in chosen}

    def entry(self, section: str, name: str) -> Mapping[str, Any]:
        """An entry of the rulebook as it was written."""
        found = (self.book.source.get(section) or {})[name]
        assert isinstance(found, Mapping)
        return found

    def written(self, where: Where) -> Any:
        """What stands at a place of the rules."""
        found: Any = self.book.source
        for part in where.path.split("."):
            if isinstance(found, Mapping) and part not in found:
                found = found["rules"]
            if isinstance(found, list):
                found = next(each for each in found if part in (each.get("step"), each.get("rule"), each.get("agenda")))
            else:
                found = found[part]
        return found

    def text(self, source: object, names: Mapping[str, str]) -> str:
        """Text with ``{values}`` in it, each in words."""
        return _HOLE.sub(lambda hole: self.hole(hole[1], names), clean(source))

    def hole(self, source: str, names: Mapping[str, str]) -> str:
        """A value inside a text; a choice without its article."""
        text = names.get(source.strip())
        return text.removeprefix("the ") if text else self.prose.expr(source, names)

    def title(self, move: str) -> str:
        """A move's title with its choices named."""
        return self.text(self.entry("moves", move).get("title") or titled(move), self.names_of(move))

    def who(self, move: str) -> str:
        """Who may play a move."""
        return sentence(self.words.seats(self.entry("moves", move).get("seats", "all")))

    def names_role(self, move: str, role: RoleDef) -> bool:
        """Whether a move names a role, or a trait of it, as the one that may play it."""
        seats = self.entry("moves", move).get("seats", "all")
        if not isinstance(seats, Mapping):
            return False
        return role.name in (seats.get("role"), *(seats.get("roles") or [])) or seats.get("trait") in role.traits

    def choices(self, move: str) -> list[str]:
        """What the mover chooses: "target: a rival"."""
        names = self.names_of(move)
        found = []
        for name, domain in (self.entry("moves", move).get("choose") or {}).items():
            article = "" if ".." in str(domain) else "one of the "
            found.append(f"{names[name].removeprefix('the ')}: {article}{self.prose.domain(str(domain), names)}")
        return found

    def cost(self, move: str) -> str:
        """What a move costs: "2 Capital and 3 Compute"; "free" for nothing."""
        names = self.names_of(move)
        parts = []
        for track, value in (self.entry("moves", move).get("cost") or {}).items():
            parts.append(f"{self.prose.value(value, names)} {self.words.track(track)}")
        return " and ".join(parts) or "free"

    def requirements(self, move: str) -> list[str]:
        """The conditions of a move, each in words."""
        names = self.names_of(move)
        return [
            sentence(self.prose.expr(need["rule"], names)) for need in self.entry("moves", move).get("requires") or []
        ]

    def effects(self, move: str) -> tuple[Line, ...]:
        """What a move does, without the reactions of others."""
        return self.lines(self.entry("moves", move).get("effects") or [], self.names_of(move))

    def limits(self, move: Move) -> list[str]:
        """How often a seat may play a move: "once a round"."""
        limits = ((move.limit_round, "round"), (move.limit_game, "game"))
        return [times(count, span) for count, span in limits if count]

    def answers(self, move: Move) -> tuple[Answer, ...]:
        """Return what the rules add to a move on their own."""
        found = []
        for name, rule in self.book.reactions.items():
            if move.name in self.follows(name) or move.family in self.follows(name):
                names = self.names_of(move.name)
                entry = self.written(rule.where)
                lines = self.lines(entry["do"], names)
                when = entry.get("if", True)
                if when is not True:
                    lines = (Line(f"If {self.prose.expr(when, names)}:", lines),)
                found.append(Answer(titled(name, rule.title), lines, clean(rule.why)))
        return tuple(found)

    # ----------------------------------------------------------------------------- everything else

    def follows(self, reaction: str) -> list[str]:
        """Return the moves or the family that a reaction follows."""
        after = self.written(self.book.reactions[reaction].where)["after"].values()
        return [str(name) for value in after for name in (value if isinstance(value, list) else [value])]

    def body(self, found: Event | Rule | Ending) -> tuple[Line, ...]:
        """Return what a card, rule or ending does."""
        entry = self.written(found.where)
        return self.lines(entry.get("effects") or entry.get("do") or [], {})

    def condition(self, found: Event | Rule | Ending) -> str:
        """Return when a card may come, a reaction follows or an ending comes; empty for always."""
        entry = self.written(found.where)
        when = entry.get("when", entry.get("if", True))
        return "" if when is True else self.prose.expr(when)

    def formula(self, name: str) -> str:
        """Return a named formula in words."""
        found = self.words.defines[name]
        return self.prose.expr(found.formula, dict(found.called))

    def group(self, name: str) -> str:
        """Return whom a group holds: "the seats where …"."""
        var, domain, cond = self.words.groups[name]
        noun = spaced(self.words.set_of(domain))
        where = f" where {self.prose.expr(cond, {var: f'that {noun}'})}" if cond else ""
        return f"the {self.prose.domain(domain, {})}{where}"

    def measure(self, name: str) -> str:
        """Return what a measure is."""
        written = self.book.source["measures"][name]
        return self.prose.expr(written["value"] if isinstance(written, Mapping) else written)

    def points(self, agenda: Agenda) -> str:
        """Return what an agenda scores."""
        return self.prose.expr(self.written(agenda.where)["points"])

    def score(self) -> str:
        """Return how a seat scores."""
        return self.prose.expr(self.book.source["goals"]["score"])

    def ambitions(self, role: str) -> list[tuple[str, str]]:
        """Return what a role hopes for in public: titles and conditions."""
        written = self.book.source["goals"].get("ambitions") or []
        return [(entry["title"], self.prose.expr(entry["rule"])) for entry in written if entry["role"] == role]


def plain_lines(lines: Iterable[Line], indent: int = 0) -> list[str]:
    """Lines as plain text, what hangs under one indented by two."""
    found = []
    for line in lines:
        found.append(" " * indent + plain(line.text))
        found += plain_lines(line.inner, indent + 2)
    return found
