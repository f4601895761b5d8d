"""Put a rulebook's statements and cards into sentences: effects, costs, requirements, limits, who may play."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from game.prose.expressions import ATOM, SUM, Phrases, base_name, constant, is_test
from game.prose.lexicon import MARKS, Lexicon, clean, ref, sentence, spaced, titled
from game.prose.numbers import counted, joined, number, signed, times
from rules.model.rulebook import Agenda, Choice, Ending, Event, Move, RoleDef, Rule, Rulebook
from rules.model.terms import (
    Assign,
    Call,
    Chance,
    Const,
    Deliver,
    Draw,
    DrawFrom,
    Each,
    EndTurn,
    Expr,
    HasTrait,
    If,
    IfElse,
    In,
    Let,
    Named,
    Read,
    Role,
    Statement,
)
from rules.model.visit import every

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


def open_choice(rule: Move, choice: Choice) -> str:
    """Return what a title says where a choice has not been made: "a region", and "banned" in "Bar the {banned}"."""
    word = spaced(choice.name)
    if f"the {{{choice.name}}}" in rule.title.source:
        return word
    return f"{'an' if word[:1] in 'aeiou' else 'a'} {word}"


class Sentences:
    """Statements and move cards of one rulebook in words, with references marked (see ``game.prose.lexicon``)."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.words = Lexicon(book)

    def expr(self, expression: Expr, names: Mapping[str, str] | None = None) -> str:
        """Return an expression in words; ``names`` says what its local names are called."""
        return Phrases(self.words, names).expr(expression)

    # ----------------------------------------------------------------------------------- statements

    def lines(self, statements: Iterable[Statement], names: Mapping[str, str] | None = None) -> tuple[Line, ...]:
        """Return statements in order, each a line; ``let`` and ``draw`` name values for those after them."""
        known = dict(names or {})
        return tuple(self.line(statement, known) for statement in statements)

    def line(self, statement: Statement, names: dict[str, str]) -> Line:
        """Return one statement; add to ``names`` what it declares."""
        phrases = Phrases(self.words, names)
        match statement:
            case Assign():
                return self.assignment(statement, phrases)
            case EndTurn():
                return Line("Your turn ends.")
            case Deliver():
                return Line("Everything ordered for now arrives.")
            case Let(name=name, value=value):
                names[name] = _label(name)
                return Line(f"Let {names[name]} be {'whether ' if is_test(value) else ''}{phrases.expr(value)}.")
            case Draw(name=name, low=low, high=high):
                names[name] = _label(name)
                bounds = f"{phrases.within(low, ATOM)} to {phrases.within(high, ATOM)}"
                return Line(f"Draw {names[name]} from {bounds}, each equally likely.")
            case DrawFrom(name=name, cond=cond):
                _, noun, where = phrases.loop(statement)
                names[name] = _label(name)
                otherwise = ", or none where there is none" if cond else ""
                return Line(f"Draw {names[name]}, any {noun}{where}, each equally likely{otherwise}.")
            case Each(body=body):
                inner, noun, where = phrases.loop(statement)
                return Line(f"For every {noun}{where}:", self.lines(body, inner.names))
            case In(delay=delay, body=orders):
                return Line(f"In {counted(delay, 'round')}:", self.lines(orders, names))
            case Chance(percent=percent):
                return self.branches(f"With a chance of {phrases.within(percent, ATOM)} per cent:", statement, names)
            case If(cond=cond):
                return self.branches(f"If {phrases.expr(cond)}:", statement, names)
        raise TypeError(f"not a statement: {statement!r}")

    def branches(self, head: str, statement: If | Chance, names: Mapping[str, str]) -> Line:
        """Return a condition or chance with what follows either way."""
        then = self.lines(statement.then, names)
        other = (Line("Otherwise:", self.lines(statement.other, names)),) if statement.other else ()
        return Line(head, (*then, *other))

    def assignment(self, statement: Assign, phrases: Phrases) -> Line:
        """Return a change of one track: "Your Capital −1", "Tension becomes 30"."""
        match statement.value:
            case IfElse(cond=cond, then=then, other=Const(value=0)) if statement.op != "=":  # x += 2 if c else 0
                return Line(f"If {phrases.expr(cond)}:", (Line(self.change(statement, then, phrases)),))
        return Line(self.change(statement, statement.value, phrases))

    def change(self, statement: Assign, value: Expr, phrases: Phrases) -> str:
        """Return what is done to a track."""
        target = Read(statement.track, statement.index)
        what, many = phrases.expr(target), phrases.is_plural(target)
        if statement.op == "=":
            return sentence(self.becomes(what, target, value, "" if many else "s", phrases))
        amount = constant(value)
        if amount is not None:
            return sentence(f"{what}{NO_BREAK}{signed(amount if statement.op == '+=' else -amount)}")
        verb = ("go" if many else "goes") + (" up" if statement.op == "+=" else " down")
        return sentence(f"{what} {verb} by {phrases.within(value, SUM)}")

    @staticmethod
    def becomes(what: str, target: Read, value: Expr, end: str, phrases: Phrases) -> str:
        """Return ``=`` in words, with a shorter one where the new value is made from the old one."""
        match value:
            case Call(fn="toward", args=(old, goal, part)) if old == target and goal != target:
                return f"{what} move{end} {phrases.part(part)} to {phrases.within(goal, ATOM)}"
            case Call(fn="max" | "min" as fn, args=(one, two)) if (one == target) != (two == target):
                verb, when = ("rise", "lower") if fn == "max" else ("fall", "higher")
                return f"{what} {verb}{end} to {phrases.within(two if one == target else one, ATOM)} if {when}"
        return f"{what} become{end} {phrases.expr(value)}"

    # ----------------------------------------------------------------------------------------- moves

    def names_of(self, move: Move) -> dict[str, str]:
        """Return the words for a move's choices: "the target"."""
        return {choice.name: f"the {_label(choice.name)}" for choice in move.choices}

    def title(self, move: Move, values: Mapping[str, str] | None = None) -> str:
        """Return a move's title; its choices are named, or have these values."""
        names = self.names_of(move) if values is None else values
        phrases, parts = Phrases(self.words, names), []
        for part in move.title.parts:
            if isinstance(part, str):
                parts.append(MARKS.sub("", re.sub(r"\s+", " ", part)))
            else:
                parts.append(phrases.expr(part).removeprefix("the "))
        return "".join(parts).strip()

    def who(self, move: Move) -> str:
        """Return who may play a move."""
        match move.seats:
            case Named(name=name) if name in self.book.groups:
                return sentence(self.words.domain(name))
            case HasTrait(trait=trait):
                roles = self.words.with_trait(trait)
                return sentence(joined(roles) if roles else f"seats with the trait {spaced(trait)}")
        roles = [self.words.role(part.name) for part in every(move.seats) if isinstance(part, Role)]
        return sentence(joined(roles) or "everybody")

    @staticmethod
    def names_role(move: Move, role: RoleDef) -> bool:
        """Whether a move names a role, or a trait of it, as the one that may play it."""
        match move.seats:
            case Named():  # a group of seats
                return False
            case HasTrait(trait=trait):
                return trait in role.traits
        return any(isinstance(part, Role) and part.name == role.name for part in every(move.seats))

    def choices(self, move: Move) -> list[str]:
        """Return what the mover chooses: "target: one of the rivals"."""
        return [
            f"{_label(choice.name)}: one of the {self.words.domain(choice.domain)}"
            if choice.set is not None
            else f"{_label(choice.name)}: {number(choice.low)} to {number(choice.high)}"
            for choice in move.choices
        ]

    def cost(self, move: Move) -> str:
        """Return what a move costs: "2 Capital and 3 Compute"; "free" for nothing."""
        phrases = Phrases(self.words, self.names_of(move))
        parts = [f"{phrases.within(amount, ATOM)} {self.words.track(track)}" for track, amount in move.cost]
        return " and ".join(parts) or "free"

    def requirements(self, move: Move) -> list[str]:
        """Return the conditions of a move, each in words."""
        return [sentence(self.expr(need.rule, self.names_of(move))) for need in move.requires]

    def limits(self, move: Move) -> list[str]:
        """Return how often a seat may play a move: "once a round"."""
        limits = ((move.limit_round, "round"), (move.limit_game, "game"))
        return [times(count, span) for count, span in limits if count]

    def effects(self, move: Move) -> tuple[Line, ...]:
        """Return what a move does, without what reactions add."""
        return self.lines((each for each in move.effects if _reaction(each) is None), self.names_of(move))

    def answers(self, move: Move) -> tuple[Answer, ...]:
        """Return what reactions add to a move."""
        found = []
        for each in move.effects:
            name = _reaction(each)
            if name is not None and isinstance(each, If):
                rule = self.book.reactions[name]
                lines = self.lines(each.then if _always(each.cond) else (each,), self.names_of(move))
                found.append(Answer(titled(name, rule.title), lines, clean(rule.why)))
        return tuple(found)

    # ------------------------------------------------------------------------------ everything else

    def body(self, found: Event | Rule | Ending) -> tuple[Line, ...]:
        """Return what a card, rule or ending does."""
        if not isinstance(found, Rule):
            return self.lines(found.effects)
        match found.body:
            case (If(then=then) as only,) if _reaction(only) == found.name:
                return self.lines(then)
        return self.lines(found.body)

    def condition(self, found: Event | Rule | Ending) -> str:
        """Return when a card may come, a reaction follows or an ending comes; empty for always."""
        if isinstance(found, Rule):
            when = found.body[0].cond if isinstance(found.body[0], If) else None
        else:
            when = found.when
        return "" if when is None or _always(when) else self.expr(when)

    def formula(self, name: str) -> str:
        """Return a named formula in words."""
        found = self.book.defines[name]
        return self.expr(found.value, self.words.parameters(found))

    def group(self, name: str) -> str:
        """Return whom a group holds: "the seats where …"."""
        found = self.book.groups[name]
        where = f" where {self.expr(found.cond, {found.var: f'that {spaced(found.set)}'})}" if found.cond else ""
        return f"the {self.words.domain(found.domain)}{where}"

    def points(self, agenda: Agenda) -> str:
        """Return what an agenda scores."""
        return self.expr(agenda.points.value if isinstance(agenda.points, Named) else agenda.points)


def _label(name: str) -> str:
    return ref("name", base_name(name), spaced(base_name(name)))


def _reaction(statement: Statement) -> str | None:
    """Return the reaction that a statement of a move was woven in by."""
    section, _, name = statement.where.path.partition(".")
    return name if section == "reactions" else None


def _always(cond: Expr) -> bool:
    return isinstance(cond, Const) and bool(cond.value)
