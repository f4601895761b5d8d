"""The last pass: rules that are well formed but divide by zero, can never happen, or do nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rules.checking.value_ranges import NO, Analysis, Bounds, Locals, Ranges
from rules.checking.visibility import check_moves
from rules.checking.work import Work
from rules.language.symbols import Symbols
from rules.model import terms as m
from rules.model.faults import Faults
from rules.model.rulebook import Ending, Event, Move, Rule, Rulebook, Scenario
from rules.model.terms import Expr, Local, Statement, Where
from rules.model.visit import every, statements, written_out
from rules.source.yaml import Document

MAX_DRAW = 1_000_000
"""How many numbers a draw may choose from."""
WHO_PLAYS = ("roles", "scenarios", "groups", "maps")
"""Sections that say who may play a move."""

_NOT = {"<": ">=", "<=": ">", "==": "!=", "!=": "==", ">": "<=", ">=": "<"}
_TURNED = {"<": ">", "<=": ">=", "==": "==", "!=": "!=", ">": "<", ">=": "<="}


def ranges_of(book: Rulebook) -> Ranges:
    """Return what values can be in a rulebook, over all its scenarios."""
    scenarios = list(book.scenarios.values())
    seats = [len(scenario.seats) for scenario in scenarios] or [1]
    rounds = [scenario.rounds for scenario in scenarios] or [1]
    played = [{role for seat in scenario.seats for role in seat.roles} for scenario in scenarios]
    return Ranges(
        tracks=book.tracks,
        tables=book.tables,
        maps=book.maps,
        sets=book.sets,
        roles=tuple(book.roles),
        knobs=book.knobs,
        seats=(min(seats), max(seats)),
        rounds=(min(rounds), max(rounds)),
        always_played=frozenset(set.intersection(*played)) if played else frozenset(),
    )


def check_meaning(book: Rulebook, names: Symbols, document: Document, faults: Faults, *, scored: bool) -> None:
    """Note what is wrong with the meaning of a rulebook, as far as its parts are well formed.

    Args:
        book: The rulebook, from which parts at fault are left out.
        names: Its names.
        document: The rules as read.
        faults: What is wrong already, to be added to.
        scored: Whether the score is known.
    """
    checker = _Checker(book, document, faults)
    checker.defines(names)
    for move in book.moves.values():
        checker.move(move)
    for reaction in book.reactions.values():
        checker.reaction(reaction)
    for event in book.events.values():
        checker.event(event)
    for ending in book.endings.values():
        checker.ending(ending)
    for rule in (*book.setup, *(rule for step in book.world_turn for rule in step.rules)):
        checker.body(rule.body, Locals())
    checker.goals(scored)
    for measure in book.measures.values():
        checker.bounds(measure.value, measure.where, Locals())
    for scenario in book.scenarios.values():
        checker.scenario(scenario)
    checker.deliveries()
    if not len(faults):
        work = Work(book, faults)
        work.check()
        work.goals(document.where(("goals", "score")))
    if not len(faults):
        check_moves(book, faults)


class _Checker:
    """Checks the parts of one rulebook. What is at fault already gives no second fault here."""

    def __init__(self, book: Rulebook, document: Document, faults: Faults) -> None:
        self.book = book
        self.where = document.where
        self.faults = faults
        self.analysis = Analysis(ranges_of(book), faults)
        self.at_fault = {fault.where.path for fault in faults.all()}

    def sound(self, *paths: str) -> bool:
        """Return whether nothing at or below some paths is at fault."""
        return not any(fault == path or fault.startswith(f"{path}.") for fault in self.at_fault for path in paths)

    def bounds(self, expr: Expr, where: Where, names: Locals) -> Bounds | None:
        """Return the bounds of an expression at a place."""
        self.analysis.where = where
        self.analysis.locals = names
        return self.analysis.of(expr)

    def defines(self, names: Symbols) -> None:
        """Defines on their own; a faulty one is not told again where it is used."""
        for name in names.checked:
            define = names.defines[name]
            before = len(self.faults)
            if define.generic is not None:
                self.bounds(define.generic, define.where, Locals())
            if len(self.faults) > before:
                self.analysis.skip.add(name)

    # ------------------------------------------------------------------------------ statements

    def body(self, body: Iterable[Statement], names: Locals) -> None:
        """Statements one after the other; each is told at its own place."""
        names = Locals(dict(names.bounds), set(names.maybe_none))
        for statement in body:
            self.statement(statement, names)

    def statement(self, statement: Statement, names: Locals) -> None:
        where = statement.where
        match statement:
            case m.Assign(index=index, value=value):
                for part in index:
                    self.bounds(part, where, names)
                self.bounds(value, where, names)
            case m.Let(name=name, value=value):
                self.remember(name, value, where, names)
            case m.Draw(name=name, low=low, high=high):
                self.draw(name, low, high, where, names)
            case m.DrawFrom(name=name, cond=only):
                if only is not None:
                    self.bounds(only, where, names)
                    names.maybe_none.add(name)
            case m.If(cond=cond, then=then, other=other) | m.Chance(percent=cond, then=then, other=other):
                self.bounds(cond, where, names)
                self.body(then, names)
                self.body(other, names)
            case m.Each(cond=only, body=inner):
                if only is not None:
                    self.bounds(only, where, names)
                self.body(inner, names)
            case m.In(body=inner):
                self.body(inner, names)
            case _:
                pass

    def remember(self, name: str, value: Expr, where: Where, names: Locals) -> None:
        found = self.bounds(value, where, names)
        if found is not None:
            names.bounds[name] = found
        if value.type.kind == "elem" and self.analysis.may_be_none(value):
            names.maybe_none.add(name)

    def draw(self, name: str, low: Expr, high: Expr, where: Where, names: Locals) -> None:
        least, most = self.bounds(low, where, names), self.bounds(high, where, names)
        if least is None or most is None:
            return
        if least[1] > most[0]:
            said = f"the draw may be empty: it begins at up to {least[1]} and ends at {most[0]} or more"
            self.faults.add(where, said, "bound it with max(…)")
        elif most[1] - least[0] >= MAX_DRAW:
            self.faults.add(where, f"the draw may have {most[1] - least[0] + 1} numbers, {MAX_DRAW} are allowed")
        names.bounds[name] = least[0], max(least[0], most[1])

    # ----------------------------------------------------------------------------------- parts

    def choices(self, move: Move) -> Locals:
        """Return the bounds of a move's choices."""
        return Locals({each.name: (each.low, each.high) for each in move.choices if each.set is None})

    def move(self, move: Move) -> None:
        """A move that can be played: by somebody, at a price that can be paid, when its requirements hold."""
        names = self.choices(move)
        self.bounds(move.seats, move.where, names)
        for choice in move.choices:
            if choice.cond is not None and self.bounds(choice.cond, choice.where, names) == NO:
                self.faults.add(choice.where, f"'{choice.domain}' can never hold anything to choose")
        for track, amount in move.cost:
            self.cost(track, amount, self.where(("moves", move.name, "cost", track)), names)
        conditions = Conjunction(self.analysis)
        for requirement in move.requires:
            before = len(self.faults)
            found = self.bounds(requirement.rule, requirement.where, names)
            if len(self.faults) > before:
                continue
            if found == NO:
                self.faults.add(requirement.where, "this requirement can never hold")
            elif not conditions.add(written_out(requirement.rule)):
                self.faults.add(requirement.where, "this requirement can never hold together with those before it")
                break
        for part in (part for each in move.requires for part in each.sentence.parts):
            if not isinstance(part, str):
                self.bounds(part, move.where, names)
        self.effects(move, names)
        if self.sound(*WHO_PLAYS, f"moves.{move.name}"):
            self.playable(move)

    def effects(self, move: Move, names: Locals) -> None:
        """The effects as written; reactions are looked at once for all the moves that they follow."""
        self.body([each for each in move.effects if not each.where.path.startswith("reactions.")], names)

    def playable(self, move: Move) -> None:
        """Somebody may play the move, in some scenario."""
        seatings: list[tuple[str, ...]] = [(role,) for role in self.book.roles]
        seatings += [seat.roles for scenario in self.book.scenarios.values() for seat in scenario.seats]
        seats = written_out(move.seats)
        if all(may_play(seats, roles, self.book) is False for roles in seatings):
            self.faults.add(move.where, f"nobody may ever play '{move.name}'", f"it is for {move.seats_text}")
        elif not any(move.name in scenario.moves for scenario in self.book.scenarios.values()):
            self.faults.add(move.where, f"'{move.name}' is played in no scenario")

    def cost(self, track: str, amount: Expr, where: Where, names: Locals) -> None:
        found = self.bounds(amount, where, names)
        if found is None:
            return
        most = self.book.tracks[track].high
        if found[0] > most:
            self.faults.add(where, f"nobody can ever pay this: at least {found[0]}, and '{track}' is {most} at most")
        elif found[0] < 0:
            self.faults.add(where, f"the cost may be negative ({found[0]})", "use max(0, …)")

    def reaction(self, rule: Rule) -> None:
        """A reaction for any move that it follows; numbers that are chosen have the widest bounds of all moves."""
        names = Locals()
        for move in self.book.moves.values():
            for name, (low, high) in self.choices(move).bounds.items():
                known = names.bounds.get(name, (low, high))
                names.bounds[name] = min(low, known[0]), max(high, known[1])
        self.body(rule.body, names)
        for statement in rule.body:
            if isinstance(statement, m.If) and self.bounds(statement.cond, rule.where, names) == NO:
                self.faults.add(rule.where, f"the condition of '{rule.name}' can never hold")

    def event(self, event: Event) -> None:
        """A card that can be drawn."""
        where = self.where(("events", event.name, "when"))
        if event.when is not None and self.bounds(event.when, where, Locals()) == NO:
            self.faults.add(where, f"'{event.name}' is never drawn: its 'when' can never hold")
        elif self.sound("scenarios", "calendar") and not any(
            event.name in (*each.deck, *each.dated) for each in self.book.scenarios.values()
        ):
            self.faults.add(event.where, f"'{event.name}' is never drawn: no scenario has it in its deck or its time")
        self.body(event.effects, Locals())

    def ending(self, ending: Ending) -> None:
        """An ending that can come."""
        names = Locals(maybe_none={"me"})
        where = self.where(("endings", ending.name, "when"))
        if self.bounds(ending.when, where, names) == NO:
            self.faults.add(where, f"'{ending.name}' can never come: its 'when' can never hold")
        self.body(ending.effects, names)

    def goals(self, scored: bool) -> None:
        """A score that can differ, and that something in the game can change."""
        goals, where = self.book.goals, self.where(("goals", "score"))
        score = self.bounds(goals.score, where, Locals())
        if goals.estimate is not goals.score:
            self.bounds(goals.estimate, self.where(("goals", "estimate")), Locals())
        for ambition in goals.ambitions:
            self.bounds(ambition.rule, ambition.where, Locals())
        if score is None or not scored:
            return
        if score[0] == score[1]:
            self.faults.add(where, f"nobody can score: the score is always {score[0]}")
            return
        if self.at_fault:
            return
        read = {part.track for part in every(goals.score) if isinstance(part, m.Read)}
        written = {each.track for body in self.bodies() for each in statements(body) if isinstance(each, m.Assign)}
        written |= {track for move in self.book.moves.values() for track, _ in move.cost}
        written |= {track.name for track in self.book.tracks.values() if track.drawn is not None}
        if not read & written:
            self.faults.add(where, "nobody can score: no rule changes anything that the score reads")

    def bodies(self) -> Iterator[tuple[Statement, ...]]:
        """Return the statements of every rule."""
        book = self.book
        for move in book.moves.values():
            yield move.effects
        yield from (event.effects for event in book.events.values())
        yield from (ending.effects for ending in book.endings.values())
        for rule in (*book.setup, *book.reactions.values(), *(rule for step in book.world_turn for rule in step.rules)):
            yield rule.body

    def scenario(self, scenario: Scenario) -> None:
        """Every seat has a move that it may play."""
        if not self.sound(*WHO_PLAYS, "moves"):
            return
        for seat in scenario.seats:
            moves = [written_out(self.book.moves[name].seats) for name in scenario.moves]
            if all(may_play(cond, seat.roles, self.book) is False for cond in moves):
                self.faults.add(seat.where, f"'{seat.name}' has no move that it may play")

    def deliveries(self) -> None:
        """Orders need a rule that delivers them."""
        delivers = any(isinstance(each, m.Deliver) for body in self.bodies() for each in statements(body))
        if delivers or not self.sound("world_turn"):
            return
        for body in self.bodies():
            for each in statements(body):
                if isinstance(each, m.In):
                    self.faults.add(each.where, "nothing ordered with 'in' ever arrives",
                                    "some rule of the world turn must say 'deliver'")  # fmt: skip


class Conjunction:
    """Conditions that must all hold; only comparisons joined by ``and`` are looked into."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._bounds: dict[Expr, Bounds] = {}
        self._same: dict[Expr, Expr] = {}
        self._other: set[tuple[Expr, Expr]] = set()

    def add(self, cond: Expr) -> bool:
        """Add a condition; false when it contradicts those before it."""
        match cond:
            case m.Binary(op="and", left=left, right=right):
                return self.add(left) and self.add(right)
            case m.Unary(op="not", value=m.Compare(op=op, left=left, right=right)):
                return self._compare(_NOT[op], left, right)
            case m.Compare(op=op, left=left, right=right):
                return self._compare(op, left, right)
            case _:
                return True

    def _compare(self, op: str, left: Expr, right: Expr) -> bool:
        if left.type.kind == "elem":
            return self._elements(op, left, right)
        return self._narrow(op, left, right) and self._narrow(_TURNED[op], right, left)

    def _narrow(self, op: str, value: Expr, limit: Expr) -> bool:
        """Cut the bounds of ``value`` by those of ``limit``."""
        known = self._bounds.get(value) or self._analysis.of(value)
        bound = self._bounds.get(limit) or self._analysis.of(limit)
        if known is None or bound is None:
            return True
        low, high = known
        if op in ("<", "<=", "=="):
            high = min(high, bound[1] - (op == "<"))
        if op in (">", ">=", "=="):
            low = max(low, bound[0] + (op == ">"))
        if op == "!=" and bound[0] == bound[1]:
            low += low == bound[0]
            high -= high == bound[0]
        self._bounds[value] = low, high
        return low <= high

    def _elements(self, op: str, left: Expr, right: Expr) -> bool:
        for value, fixed in ((left, right), (right, left)):
            if not isinstance(fixed, (m.Element, m.Role)):
                continue
            if op == "!=":
                self._other.add((value, fixed))
            else:
                known = self._same.setdefault(value, fixed)
                if isinstance(known, m.Element) and isinstance(fixed, m.Element) and known != fixed:
                    return False
            if value in self._same and (value, self._same[value]) in self._other:
                return False
        return True


def may_play(cond: Expr, roles: Sequence[str], book: Rulebook) -> bool | None:
    """Return whether a seat that plays these roles fulfils a condition on ``me``; none when the roles do not tell."""
    match cond:
        case m.HasTrait(seat=Local(name="me"), trait=trait):
            return any(trait in book.roles[role].traits for role in roles if role in book.roles)
        case m.Unary(op="not", value=value):
            found = may_play(value, roles, book)
            return None if found is None else not found
        case m.Binary(op=op, left=left, right=right):
            sides = may_play(left, roles, book), may_play(right, roles, book)
            decisive = op == "or"
            if decisive in sides:
                return decisive
            return None if None in sides else not decisive
        case m.Compare(op=op, left=left, right=right):
            return _plays(op, left, right, roles, book)
        case _:
            return None


def _plays(op: str, left: Expr, right: Expr, roles: Sequence[str], book: Rulebook) -> bool | None:
    same: bool | None = None
    if left == right:
        same = True
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Local) and one.name == "me":
            if isinstance(other, m.Role):
                same = other.name in roles
            elif isinstance(other, m.Nothing):
                same = False
        if isinstance(one, m.MapRead) and one.index == Local("me", one.index.type):
            values = book.maps[one.map].values
            value = next((values[role] for role in roles if role in values), None)
            if isinstance(other, m.Nothing):
                same = value is None
            elif isinstance(other, m.Element):
                same = value == other.name
    return same if same is None or op == "==" else not same
