"""Reads moves and reactions, and weaves reactions into the moves that they follow."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from rules.checking.declarations import one_key, titled
from rules.language.expressions import Expressions, Reader
from rules.language.statements import Permissions, Statements
from rules.language.symbols import RESERVED, SEAT_SET, RuleNames, Scope, Symbols
from rules.model import terms as m
from rules.model.faults import Faults, did_you_mean
from rules.model.rulebook import Choice, Move, Requirement, Rule
from rules.model.terms import BOOL, INT, SEAT, Expr, Local, Statement, Type, Where
from rules.model.visit import statements
from rules.source.schema_models import MoveShape, ReactionShape, SeatsShape
from rules.source.yaml import Document, KeyPath

MAX_CHOICE = 1000

_RANGE = re.compile(r"\s*(-?\d{1,9})\s*\.\.\s*(-?\d{1,9})\s*\Z")
_ACTOR = Permissions(ends_turn=True)
ME = Local("me", SEAT)


class Moves:
    """Reads the moves and reactions of one rulebook."""

    def __init__(
        self, names: Symbols, faults: Faults, document: Document, expressions: Expressions, families: Mapping[str, str]
    ) -> None:
        self.names = names
        self.faults = faults
        self.where: Callable[[KeyPath], Where] = document.where
        self.expressions = expressions
        self.statements = Statements(names, faults, document, expressions)
        self.families = families
        self.rules: dict[str, RuleNames] = {}

    # ---------------------------------------------------------------------------------- moves

    def move(self, name: str, shape: MoveShape) -> Move:
        """Return one move, without reactions."""
        path: KeyPath = ("moves", name)
        if name in RESERVED:
            self.faults.add(self.where(path), f"'{name}' is a word of the language and cannot be declared")
        if shape.family not in self.families:
            self.family(shape.family, path)
        scope = Scope({"me": ME})
        scope.rule.fresh("me")
        self.rules[name] = scope.rule
        seats, seats_text = self.seats(shape.seats, (*path, "seats"), scope)
        choices = tuple(
            choice
            for choice_name, domain in shape.choose.items()
            if (choice := self.choice(choice_name, domain, (*path, "choose", choice_name), scope))
        )
        for choice_name in shape.choose:
            if choice_name not in scope.locals:
                scope.unknown.add(choice_name)
        seeing = scope.viewing()
        titles = replace(seeing, titles=True)
        cost = self.cost(shape, path, seeing)
        requires = self.requires(shape, path, seeing)
        limit = shape.limit
        if limit is not None and limit.round is None and limit.game is None:
            self.faults.add(self.where((*path, "limit")), "a limit is for a round, a game or both", "write {round: 1}")
        effects = self.statements.body(shape.effects, (*path, "effects"), scope, _ACTOR)
        if shape.secret:
            self.unseen(effects, f"secret move '{name}'")
        return Move(
            name=name,
            title=self.expressions.sentence(shape.title or titled(name), self.where((*path, "title")), titles),
            family=shape.family,
            seats=seats,
            seats_text=seats_text,
            choices=choices,
            cost=cost,
            requires=requires,
            limit_round=limit.round if limit else None,
            limit_game=limit.game if limit else None,
            takes=shape.takes,
            effects=effects,
            secret=shape.secret,
            about=shape.about,
            why=shape.why,
            source=shape.source,
            counter=shape.counter,
            disputed=shape.disputed,
            where=self.where(path),
            origin=shape.origin or "",
            for_play=shape.for_play,
        )

    def family(self, family: str, path: KeyPath) -> None:
        """Note a family that is missing or unknown; a rulebook without families needs none."""
        if not family:
            if self.families:
                self.faults.add(self.where(path), "missing key 'family'", "or put 'family:' at the top of the file")
            return
        if family not in self.names.silent:
            hint = did_you_mean(family, self.families) or "declare it in 'families'"
            self.faults.add(self.where((*path, "family")), f"unknown family '{family}'", hint)

    def seats(self, shape: SeatsShape | str, path: KeyPath, scope: Scope) -> tuple[Expr, str]:
        """Return who may play: a condition on ``me`` and the words for it."""
        everybody = m.Compare("==", ME, ME)
        if not isinstance(shape, SeatsShape):
            return everybody, "every seat"
        where = self.where(path)
        key = one_key(shape.model_dump(), where, self.faults)
        if key == "trait" and shape.trait is not None:
            if shape.trait not in self.names.traits:
                place = self.where((*path, "trait"))
                self.faults.unknown(place, "trait", shape.trait, self.names.traits)
            return m.HasTrait(ME, shape.trait), f"seats with the trait {shape.trait}"
        if key == "group" and shape.group is not None:
            return self.seat_group(shape.group, (*path, "group"), scope) or everybody, f"seats in {shape.group}"
        roles = [shape.role] if shape.role is not None else shape.roles or []
        found: Expr | None = None
        for role in roles:
            if role not in self.names.roles and role not in self.names.silent and key is not None:
                self.faults.unknown(self.where((*path, key)), "role", role, self.names.roles)
            test = m.Compare("==", ME, m.Role(role))
            found = test if found is None else m.Binary("or", found, test, BOOL)
        return found or everybody, ", ".join(roles)

    def seat_group(self, name: str, path: KeyPath, scope: Scope) -> Expr | None:
        """Return the condition that ``me`` is in a group of seats."""
        reader = Reader(self.names, self.faults, self.where(path), scope.viewing())
        owner = reader.domain(name)
        if owner is not None and owner != SEAT_SET:
            self.faults.add(self.where(path), f"'{name}' is a group of {owner}, not of seats")
            return None
        return reader.member_of(name, ME)

    def choice(self, name: str, domain: str, path: KeyPath, scope: Scope) -> Choice | None:
        """Return one choice: an element of a set or group, or a whole number."""
        where = self.where(path)
        if name in RESERVED:
            self.faults.add(where, f"'{name}' is a word of the language and cannot be declared")
            return None
        match = _RANGE.match(domain)
        if match is not None:
            low, high = int(match.group(1)), int(match.group(2))
            if not 0 <= high - low < MAX_CHOICE:
                self.faults.add(where, f"the range {domain} is empty or has more than {MAX_CHOICE} numbers")
                return None
            scope.bind(name, INT)
            return Choice(name, None, None, low, high, domain.strip(), where)
        seeing = scope.viewing()
        reader = Reader(self.names, self.faults, where, seeing)
        owner = reader.domain(domain)
        if owner is None:
            return None
        cond = reader.member_of(domain, Local(name, Type("elem", owner)))
        scope.bind(name, Type("elem", owner))
        return Choice(name, owner, cond, 0, 0, domain, where)

    def cost(self, shape: MoveShape, path: KeyPath, scope: Scope) -> tuple[tuple[str, Expr], ...]:
        """Return what a move is paid with: tracks of the seat and amounts."""
        found: list[tuple[str, Expr]] = []
        for track, raw in shape.cost.items():
            where = self.where((*path, "cost", track))
            amount = self.expressions.read(raw, where, scope, INT)
            declared = self.names.tracks.get(track)
            if declared is None:
                if track not in self.names.silent:
                    seat_tracks = [each.name for each in self.names.tracks.values() if each.scope == (SEAT_SET,)]
                    self.faults.unknown(where, "track", track, seat_tracks)
                continue
            if declared.scope != (SEAT_SET,):
                self.faults.add(where, f"'{track}' is not kept for each seat, so nobody can pay with it")
            elif declared.visibility == "hidden":
                self.faults.add(where, f"'{track}' is hidden from everybody, so nobody can pay with it")
            elif shape.secret and declared.visibility == "public":
                self.faults.add(where, f"a secret move cannot be paid with '{track}', which everybody sees",
                                "pay with a track of visibility owner")  # fmt: skip
            elif amount is not None:
                found.append((track, amount))
        return tuple(found)

    def requires(self, shape: MoveShape, path: KeyPath, scope: Scope) -> tuple[Requirement, ...]:
        """Return the conditions of a move; a fault in one is told at the line of its rule."""
        found = []
        for position, each in enumerate(shape.requires):
            spot = (*path, "requires", position)
            line = self.where((*spot, "rule")).line
            where = replace(self.where(spot), line=line)
            rule = self.expressions.read(each.rule, where, scope, BOOL)
            sentence = self.expressions.sentence(each.else_, self.where((*spot, "else")), scope)
            if rule is not None:
                found.append(Requirement(rule, sentence, where))
        return tuple(found)

    def unseen(self, body: tuple[Statement, ...], what: str) -> None:
        """Note writes of a secret move to tracks that everybody sees."""
        for statement in statements(body):
            if isinstance(statement, m.Assign) and self.names.tracks[statement.track].visibility == "public":
                self.faults.add(
                    statement.where, f"{what} writes '{statement.track}', which everybody sees",
                    "write only tracks of visibility owner or hidden",
                )  # fmt: skip

    # ------------------------------------------------------------------------------ reactions

    def react(
        self, reactions: Mapping[str, ReactionShape], moves: Mapping[str, Move], shapes: Mapping[str, MoveShape]
    ) -> tuple[dict[str, Rule], dict[str, Move]]:
        """Return the reactions as rules, and the moves with the reactions woven into their effects."""
        rules: dict[str, Rule] = {}
        woven = dict(moves)
        for name, shape in reactions.items():
            path: KeyPath = ("reactions", name)
            matching = self.matching(shape, path, moves)
            if not matching:
                continue
            common = self.common([moves[move] for move in matching])
            before = len(self.faults)
            general = self.reaction(shape, path, common, self.refused([moves[move] for move in matching], common))
            title = shape.title or titled(name)
            body = () if general is None else (general,)
            where, origin = self.where(path), shape.origin or ""
            rules[name] = Rule(name, title, body, shape.why, shape.source, where, origin, shape.for_play)
            if len(self.faults) > before or general is None:
                continue
            for move in matching:
                woven[move] = self.weave(woven[move], shapes[move], name, shape)
        return rules, woven

    def matching(self, shape: ReactionShape, path: KeyPath, moves: Mapping[str, Move]) -> list[str]:
        """Return the moves that a reaction follows."""
        spot: KeyPath = (*path, "after")
        key = one_key(shape.after.model_dump(), self.where(spot), self.faults)
        if key is None:
            return []
        where = self.where((*spot, key))
        if key == "family":
            family = shape.after.family or ""
            found = [move.name for move in moves.values() if move.family == family]
            if not found and family not in self.names.silent and not self.some_at_fault(moves):
                known = family in self.families
                text = f"no move is in the family '{family}'" if known else f"unknown family '{family}'"
                self.faults.add(where, text, "" if known else did_you_mean(family, self.families))
            return found
        wanted = [shape.after.move] if shape.after.move is not None else shape.after.moves or []
        for move in wanted:
            if move not in moves and f"moves.{move}" not in self.names.silent:
                self.faults.unknown(where, "move", move, moves)
        return [move for move in moves if move in wanted]

    def some_at_fault(self, moves: Mapping[str, Move]) -> bool:
        """Return whether a move is missing, or its family unknown, because of its own fault."""
        left_out = any(name.startswith("moves.") for name in self.names.silent)
        return left_out or any(move.family not in self.families for move in moves.values())

    @staticmethod
    def common(moves: list[Move]) -> dict[str, Type]:
        """Return the choices that all of some moves have, of one kind."""
        kinds = [
            {choice.name: INT if choice.set is None else Type("elem", choice.set) for choice in move.choices}
            for move in moves
        ]
        return {name: kind for name, kind in kinds[0].items() if all(other.get(name) == kind for other in kinds)}

    @staticmethod
    def refused(moves: list[Move], common: Mapping[str, Type]) -> dict[str, str]:
        """Return the choices that only some of the moves have, with what is wrong about using them."""
        found = {}
        for name in {choice.name: None for move in moves for choice in move.choices if choice.name not in common}:
            without = [move.name for move in moves if name not in [choice.name for choice in move.choices]]
            found[name] = (
                f"'{name}' is not chosen in every move that this follows: not in '{without[0]}'"
                if without
                else f"'{name}' is not of one kind in the moves that this follows"
            )
        return found

    def reaction(
        self, shape: ReactionShape, path: KeyPath, choices: Mapping[str, Type], refused: Mapping[str, str]
    ) -> m.If | None:
        """Return a reaction for moves that have these choices."""
        scope = Scope({"me": ME}, refused=refused)
        scope.rule.fresh("me")
        for choice, kind in choices.items():
            scope.bind(choice, kind)
        return self.reaction_in(shape, path, scope)

    def reaction_in(self, shape: ReactionShape, path: KeyPath, scope: Scope) -> m.If | None:
        """Return a reaction's condition and statements in a scope of its own."""
        cond = self.expressions.read(shape.if_, self.where((*path, "if")), scope, BOOL)
        body = self.statements.body(shape.do, (*path, "do"), scope, _ACTOR)
        return None if cond is None else m.If(cond, body, (), self.where(path))

    def weave(self, move: Move, shape: MoveShape, name: str, reaction: ReactionShape) -> Move:
        """Return a move with one reaction added after its effects, its local names kept apart."""
        scope = Scope({"me": ME}, self.rules[move.name])
        for choice in move.choices:
            scope.locals[choice.name] = Local(choice.name, INT if choice.set is None else Type("elem", choice.set))
        added = self.reaction_in(reaction, ("reactions", name), scope)
        if added is None:
            return move
        if shape.secret:
            self.unseen((added,), f"secret move '{move.name}' with reaction '{name}'")
        return replace(move, effects=(*move.effects, added))
