"""What a seat can do: every move that its roles could ever play, with price, effect in a line, and why not if not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from game.core.game import Game
from game.engine.layout import interpreter_of
from game.moves import Move, Value
from game.narrative.board import Board
from game.prose.expressions import base_name, is_me
from game.prose.lexicon import clean, plain
from game.prose.numbers import signed
from game.prose.statements import Sentences, open_choice
from rules.model.rulebook import Choice
from rules.model.rulebook import Move as Rule
from rules.model.terms import Assign, Chance, Compare, Const, Each, Expr, If, In, Local, Read, Statement
from rules.model.visit import every, unnamed

ANY = "…"
"""Ends the title of a move that has a choice to be made."""


CLAUSES = re.compile(r"(?<=[.;]) +|, (?=(?!else)[a-z][a-z ]* [+−]\d)")
"""Where a card's text falls into lines: after sentences, and before a further change."""
ON_A_CARD = 3
"""Lines of a card."""


@dataclass(frozen=True, slots=True)
class CardLine:
    """A line on a move's card: a few words, and the track that they are about, if any."""

    text: str
    track: str


@dataclass(frozen=True, slots=True)
class Option:
    """One row of the list of moves.

    Attributes:
        actions: All ways to play it, legal ones and others.
        legal: Those that may be played now.
        reason: Why none may be.
        about: What it does, in the rulebook's own words, if it has any.
        effects: What it does, in short phrases.
        lines: What stands on its card.
    """

    name: str
    family: str
    title: str
    cost: str
    about: str
    effects: tuple[str, ...]
    lines: tuple[CardLine, ...]
    actions: tuple[Move, ...]
    legal: tuple[Move, ...]
    reason: str
    secret: bool
    free: bool

    @property
    def open(self) -> bool:
        """Whether it can be played."""
        return bool(self.legal)


@dataclass(frozen=True, slots=True)
class Made:
    """What a seat has put on the table and nobody has answered: the track that says so, to whom, what a yes does."""

    track: str
    to: str | None
    about: str


@dataclass(frozen=True, slots=True)
class Pick:
    """One value of a choice: what it is called, whether some legal move has it, and why not."""

    value: Value
    title: str
    reason: str

    @property
    def open(self) -> bool:
        """Whether it can be chosen."""
        return not self.reason


def _clauses(about: str) -> list[str]:
    """Return what a card's text says, a clause a line; a condition stays with what it is for."""
    found: list[str] = []
    for part in filter(None, CLAUSES.split(about)):
        if found and found[-1].startswith("If ") and not re.search(r"\d", found[-1]):
            found[-1] = f"{found[-1]}, {part}"
        else:
            found.append(part)
    return [_short(part) for part in found]


def _short(clause: str) -> str:
    """Return a clause without what a colon explains, unless the numbers stand there."""
    head, _, rest = clause.rstrip(".;").partition(":")
    return head if not re.search(r"\d", rest) else f"{head}:{rest}"


class Offers:
    """The moves of one scenario in words; the words are worked out once."""

    def __init__(self, game: Game, board: Board) -> None:
        """Collect the moves' words."""
        self.board = board
        self.said = Sentences(game.book)
        self._by_name: dict[str, list[Move]] = {}
        for action in game.actions:
            self._by_name.setdefault(action.name, []).append(action)
        self._effects: dict[tuple[object, ...], tuple[str, ...]] = {}
        self._lines: dict[tuple[str, tuple[str, ...]], tuple[CardLine, ...]] = {}
        self.promised = {
            m.name: plain(self.said.title(m, {choice.name: open_choice(m, choice) for choice in m.choices}))
            for m in game.engine.layout.moves
            if not m.secret
        }
        """The moves that can be promised to another seat, by title: those that everybody sees when they are played."""

    def options(self, game: Game, seat: str) -> list[Option]:
        """Return every move that the roles of the acting seat could ever play, in the rulebook's order."""
        legal: dict[str, list[Move]] = {}
        for move in game.legal():
            legal.setdefault(move.name, []).append(move)
        found = []
        for rule in game.engine.layout.moves:
            if not game.evaluate(rule.seats, seat):
                continue
            actions = self._by_name[rule.name]
            open_ = tuple(legal.get(rule.name, ()))
            reason = "" if open_ else self.refusal(game, actions)
            title, cost = (made(game, rule, seat, open_ or tuple(actions)) for made in (self.title, self.cost))
            known = (tuple(actions), open_, reason, rule.secret, rule.takes == 0)
            effects = self.effects(game, rule, seat, open_ or tuple(actions))
            found.append(Option(rule.name, rule.family, title, cost, clean(rule.about), effects,
                                self.card_lines(rule, effects), *known))  # fmt: skip
        return found

    def refusal(self, game: Game, actions: list[Move]) -> str:
        """Return why none of some actions may be played: what the rule says that refuses most of them."""
        verdicts = [game.check(action) for action in actions]
        verdicts = [v for v in verdicts if v.code != "choice"] or verdicts
        if not verdicts:
            return "there is nothing to choose"
        usual = Counter(v.rule for v in verdicts).most_common(1)[0][0]
        return next(v.sentence for v in verdicts if v.rule == usual)

    def made(self, seat: str, value: Callable[..., int | None]) -> list[Made]:
        """Return what a seat has offered and nobody has answered yet; ``value`` reads a track as whoever looks may.

        An answer takes no move and needs a track of the seat that it names, or of that seat and the one that answers.
        """
        found, seats = [], self.board.layout.seats
        for rule in self.board.layout.moves:
            names = {choice.name for choice in rule.choices if choice.set == "seat"}
            for needed in rule.requires if rule.takes == 0 else ():
                match unnamed(needed.rule):
                    case Compare(
                        op=">", left=Read(track=track, index=(Local(name=giver), *rest)), right=Const(value=0)
                    ):
                        if base_name(giver) not in names or not all(map(is_me, rest)):
                            continue
                        for to in [other for other in seats if other != seat] if rest else [None]:
                            if value(track, seat, *([to] if to is not None else [])):
                                found.append(Made(track, to, clean(rule.about)))
        return found

    def title(self, game: Game, rule: Rule, seat: str, actions: tuple[Move, ...]) -> str:
        """Return the title, with the choices that are settled filled in; what is still to be chosen is named."""
        values = {choice.name: {move.arguments[choice.name] for move in actions} for choice in rule.choices}
        names = {
            choice.name: self.value_title(choice, next(iter(values[choice.name])))
            if len(values[choice.name]) == 1
            else open_choice(rule, choice)
            for choice in rule.choices
        }
        open_ = any(len(found) != 1 for found in values.values())
        return plain(self.said.title(rule, names)) + (ANY if open_ else "")

    def value_title(self, choice: Choice, value: Value) -> str:
        """Return what a value of a choice is called."""
        return self.board.element_title(choice.set, str(value)) if choice.set is not None else str(value)

    def cost(self, game: Game, rule: Rule, seat: str, actions: tuple[Move, ...]) -> str:
        """Return the price, as "4 capital" or "2–3 capital"; "free" for nothing."""
        parts = []
        for track, cost in rule.cost:
            values = {game.evaluate(cost, seat, **move.arguments) for move in actions}
            low, high = min(values), max(values)
            if high:
                amount = str(low) if low == high else f"{low}–{high}"
                parts.append(f"{amount} {clean(game.book.tracks[track].title).lower()}")
        return " · ".join(parts) or "free"

    # -------------------------------------------------------------------------------------- choices

    def picks(self, game: Game, option: Option, rule: Rule, chosen: dict[str, Value]) -> list[Pick]:
        """Return the values of the next choice to be made, given those made before."""
        choice = rule.choices[len(chosen)]
        fitting = [a for a in option.actions if all(a.arguments[name] == v for name, v in chosen.items())]
        open_ = {m.arguments[choice.name] for m in option.legal if m in fitting}
        found = []
        for value in dict.fromkeys(action.arguments[choice.name] for action in fitting):
            reason = ""
            if value not in open_:
                verdicts = [game.check(a) for a in fitting if a.arguments[choice.name] == value]
                if all(v.code == "choice" for v in verdicts):
                    continue
                reason = next(v.sentence for v in verdicts if v.code != "choice")
            found.append(Pick(value, self.value_title(choice, value), reason))
        return found

    def settled(self, option: Option, rule: Rule, chosen: dict[str, Value]) -> dict[str, Value]:
        """Return the choices made, with those added that leave no choice."""
        chosen = dict(chosen)
        for choice in rule.choices[len(chosen) :]:
            values = {
                m.arguments[choice.name]
                for m in option.legal
                if all(m.arguments[name] == value for name, value in chosen.items())
            }
            if len(values) != 1:
                break
            chosen[choice.name] = values.pop()
        return chosen

    # -------------------------------------------------------------------------------------- effects

    def effects(self, game: Game, rule: Rule, seat: str, actions: tuple[Move, ...]) -> tuple[str, ...]:
        """Return what a move does in short phrases: "Tension +8", "Compute, Valley −4", "Chip plants ↑ in 3 rounds"."""
        settled = {
            name: values.pop()
            for name in (choice.name for choice in rule.choices)
            if len(values := {move.arguments[name] for move in actions}) == 1
        }
        key = (rule.name, seat, tuple(settled.items()))
        if key not in self._effects:
            names = game.numbers(seat, settled)
            writes = list(_writes(rule.effects, ""))
            raised = {(w.track, w.index) for w, when in writes if w.op == "+=" and not when}
            kept = [(w, when) for w, when in writes if not (when and w.op == "-=" and (w.track, w.index) in raised)]
            level = self.board.is_level
            kept.sort(key=lambda pair: ("(" in pair[1], level(pair[0].track), pair[0].op == "="))
            self._effects[key] = tuple(dict.fromkeys(self.phrase(game, w, seat, names, when) for w, when in kept))
        return self._effects[key]

    def card_lines(self, rule: Rule, effects: tuple[str, ...]) -> tuple[CardLine, ...]:
        """Return a card's lines: the rulebook's own words cut short, else the effects, each with its track."""
        key = (rule.name, effects)
        if key not in self._lines:
            said = _clauses(clean(rule.about))
            written = list(dict.fromkeys(write.track for write, _ in _writes(rule.effects, "")))
            known = [t.name for t in self.board.book.tracks.values() if t.visibility == "public"]
            tracks = [*written, *(track for track in known if track not in written)]
            self._lines[key] = tuple(
                CardLine(text[:1].upper() + text[1:], self._track_of(text, tracks)) for text in (said or effects)
            )[:ON_A_CARD]
        return self._lines[key]

    def _track_of(self, text: str, tracks: Sequence[str]) -> str:
        """Return the first track that shares a long word with a text; empty for none."""
        words = [word.lower() for word in re.findall(r"[A-Za-z]{4,}", text)]
        for track in tracks:
            for word in re.findall(r"[A-Za-z]{4,}", self.board.book.tracks[track].title):
                stem = word.lower().removesuffix("ies").rstrip("s")
                if any(found.startswith(stem) for found in words):
                    return track
        return ""

    def phrase(self, game: Game, write: Assign, seat: str, names: Mapping[str, int], when: str) -> str:
        """Return one change of one track; whose it is, unless it is the mover's own or still to be chosen."""
        track = self.board.book.tracks[write.track]
        own = {seat, self.board.side_of_seat[seat]}
        what = [clean(track.title)]
        for of, e in zip(track.scope, write.index, strict=True):
            element = self._element(game, of, e, names)
            if element is not None and element not in own:
                what.append(self.board.element_title(of, element))
        value = unnamed(write.value)
        amount = value.value if isinstance(value, Const) else None
        if write.op == "=":
            change = "is set" if amount is None else f"→ {amount}"
        elif amount is None:
            change = "↑" if write.op == "+=" else "↓"
        else:
            change = signed(amount if write.op == "+=" else -amount)
        return f"{', '.join(what)} {change}{when}"

    def _element(self, game: Game, of: str, e: Expr, names: Mapping[str, int]) -> str | None:
        """Return the element that an index comes to, where the position does not matter."""
        if any(isinstance(x, Local) and x.name not in names for x in every(e)):
            return None
        number = interpreter_of(game.engine.layout, game.memory).number(e, names)
        elements = self.board.layout.elements(of)
        return elements[number] if 0 <= number < len(elements) else None


def _writes(statements: tuple[Statement, ...], when: str) -> Iterator[tuple[Assign, str]]:
    """Return every change with the words for when and how surely it comes."""
    for s in statements:
        match s:
            case Assign():
                yield s, when
            case In():
                for write in s.body:
                    yield write, f" {delay_words(s.delay)}"
            case If():
                yield from _writes(s.then, when or " (if)")
                yield from _writes(s.other, when or " (if)")
            case Chance():
                yield from _writes(s.then, when or " (chance)")
                yield from _writes(s.other, when or " (chance)")
            case Each():
                yield from _writes(s.body, when)


def delay_words(deliveries: int) -> str:
    """Return when an order arrives."""
    return "next round" if deliveries == 1 else f"in {deliveries} rounds"
