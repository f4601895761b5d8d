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
from rules.model.rulebook import Move, Rulebook

_ASSIGN = re.compile(r"^(.*?)\s*(\+=|-=|=)(?!=)\s*(.*)$", re.DOTALL)
_HOLE = re.compile(r"\{([^{}]*)\}")


NO_BREAK = "\u00a0"
SECRET = "Secret: the others see only that you acted."


@dataclass(frozen=True)
class Line:
    """A sentence with what hangs under it (the branches of a condition, the body of a loop)."""

    text: str
    inner: tuple[Line, ...] = ()

    def flat(self) -> str:
        """The line and all under it as one line of text."""
        if not self.inner:
            return self.text
        return f"{self.text} {'; '.join(line.flat() for line in self.inner)}"


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

    def reactions(self, move: Move) -> list[tuple[str, tuple[Line, ...], str]]:
        """What the rules add to a move on their own: title, lines and reason of each reaction."""
        found = []
        for name in self.book.reactions:
            entry = self.entry("reactions", name)
            after = entry["after"]
            if move.name in (after.get("move"), *(after.get("moves") or [])) or move.family == after.get("family"):
                names = self.names_of(move.name)
                body = self.lines(entry["do"], names)
                if "if" in entry and entry["if"] is not True:
                    body = (Line(f"If {self.prose.expr(entry['if'], names)}:", body),)
                found.append((titled(name, entry.get("title")), body, clean(entry.get("why", ""))))
        return found


def describe_effects(book: Rulebook, move: Move | str) -> list[str]:
    """A move's effects, reactions included, as plain sentences."""
    said = Sentences(book)
    found = book.moves[move] if isinstance(move, str) else move
    lines = [line.flat() for line in said.effects(found.name)]
    for title, body, _ in said.reactions(found):
        lines.append(f"{title}: {'; '.join(line.flat() for line in body)}")
    return [plain(line) for line in lines]


def describe_cost(book: Rulebook, move: Move | str) -> str:
    """A move's cost as plain words ("2 Capital")."""
    return plain(Sentences(book).cost(move if isinstance(move, str) else move.name))


def plain_lines(lines: Iterable[Line], indent: int = 0) -> list[str]:
    """Lines as plain text, what hangs under one indented by two."""
    found = []
    for line in lines:
        found.append(" " * indent + plain(line.text))
        found += plain_lines(line.inner, indent + 2)
    return found
