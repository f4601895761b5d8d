"""Checks a merged rulebook in passes and builds the model: shape, references, types, secrecy, meaning."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rules.checking.agendas import agenda_track, aim_name, dealing_rule, declare_agendas, track_name
from rules.checking.declarations import AGENDA_POINTS, Declarations, titled
from rules.checking.moves import ME, Moves
from rules.checking.scenarios import Scenarios, month, turns_of
from rules.checking.semantics import check_meaning
from rules.language.expressions import Expressions, Reader
from rules.language.statements import Permissions, Statements
from rules.language.symbols import SEAT_SET, Scope
from rules.model.faults import Faults, did_you_mean
from rules.model.rulebook import (
    SEMANTICS,
    Agenda,
    Ambition,
    Ending,
    Event,
    Goals,
    Measure,
    Move,
    Rule,
    Rulebook,
    Scenario,
    Step,
    Turns,
)
from rules.model.terms import BOOL, INT, SEAT, Aggregate, Clock, Const, Expr, Local, Read, Where
from rules.model.visit import every
from rules.source.repair import LeftOut, shaped
from rules.source.schema_models import BookShape, FamilyShape, GoalsShape, MeasureShape, RuleShape
from rules.source.yaml import Document, KeyPath

NO_ME = "there is no 'me' {}"


def check(document: Document, faults: Faults) -> Rulebook:
    """Return the rulebook that a document describes.

    Raises:
        RuleErrors: With every fault that was found.
    """
    source = document.data
    _semantics(document, faults)
    shape, left_out = shaped(document, faults)
    builder = _Builder(document, shape, left_out, faults)
    book = builder.build(source)
    if book is not None:
        check_meaning(book, builder.names, document, faults, scored=builder.scored)
    faults.stop()
    assert book is not None
    return book


def digest(source: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a rulebook's data as JSON, its keys in the order of the files."""
    text = json.dumps(source, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _semantics(document: Document, faults: Faults) -> None:
    """Refuse at once a rulebook that is written for a later version of the language."""
    head = document.data.get("rulebook")
    asked = head.get("semantics") if isinstance(head, dict) else None
    if isinstance(asked, int) and asked > SEMANTICS:
        where = document.where(("rulebook", "semantics"))
        knows = f"this one knows {SEMANTICS}"
        faults.add(where, f"this rulebook has semantics {asked} and needs a newer program", knows)
        faults.stop()


class _Builder:
    """Builds the parts of a rulebook one after the other; a part at fault is left out."""

    def __init__(self, document: Document, shape: BookShape, left_out: LeftOut, faults: Faults) -> None:
        self.document = document
        self.shape = shape
        self.left_out = left_out
        self.faults = faults
        self.where = document.where
        self.scored = True
        """Whether the score is known; in its place stands 0 after a fault."""
        self.name_rules()
        self.declared = Declarations(document, shape, left_out, faults)
        self.names = self.declared.names
        self.expressions = Expressions(self.names, faults)
        self.statements = Statements(self.names, faults, document, self.expressions)

    def build(self, source: Mapping[str, Any]) -> Rulebook | None:
        """Return the whole rulebook, or none when a section that it cannot be without is missing."""
        shape, faults = self.shape, self.faults
        for section, name in self.left_out:
            self.names.silent.add(f"{section}.{name}")
        self.declared.run()
        agendas = self.agendas()
        self.definitions()
        self.seers()
        self.guesses()
        families = {
            name: family.title if isinstance(family, FamilyShape) else family for name, family in shape.families.items()
        }
        moves, reactions = self.moves(families)
        events = {name: self.event(name) for name in shape.events}
        setup = self.rules(shape.setup, ("setup",), "in the set-up", Permissions())
        world_turn = self.world_turn()
        measures = {name: self.measure(name, each) for name, each in shape.measures.items()}
        goals = self.goals()
        endings = {name: self.ending(name) for name in shape.endings}
        base = turns_of(shape.turns, Turns())
        reader = Scenarios(self.declared, moves, events, families, shape.calendar, base)
        scenarios = {name: reader.scenario(name, each) for name, each in shape.scenarios.items()}
        self.needed(scenarios)
        head = shape.rulebook
        if head is None or goals is None:
            return None
        defines = {name: found for name, each in self.names.defines.items() if (found := each.checked())}
        aims = {AGENDA_POINTS, *(aim_name(role, at) for role in agendas for at in range(1, len(agendas[role]) + 1))}
        return Rulebook(
            name=head.name,
            title=head.title or titled(head.name),
            version=head.version,
            semantics=head.semantics,
            summary=head.summary,
            about=head.about,
            sets=self.names.sets,
            roles=self.names.roles,
            maps=self.names.maps,
            groups={name: group for name, each in self.names.groups.items() if (group := each.checked())},
            tracks=self.names.tracks,
            tables=self.names.tables,
            knobs=self.names.knobs,
            defines={name: found for name, found in defines.items() if name not in aims},
            aims={name: found for name, found in defines.items() if name in aims},
            measures={name: measure for name, measure in measures.items() if measure is not None},
            families=families,
            moves=moves,
            reactions=reactions,
            events=events,
            setup=setup,
            agenda_setup=tuple(
                dealing_rule(role, len(aims), self.where(("agendas", role))) for role, aims in agendas.items() if aims
            ),
            world_turn=world_turn,
            agendas=agendas,
            goals=goals,
            endings=endings,
            scenarios=scenarios,
            sha256="" if len(faults) else digest(source),
            source=source,
        )

    def needed(self, scenarios: Mapping[str, Scenario]) -> None:
        """Note sections that every rulebook has."""
        present = {
            "rulebook": self.shape.rulebook is not None,
            "roles": bool(self.shape.roles),
            "moves": bool(self.shape.moves),
            "goals": self.shape.goals is not None,
            "scenarios": bool(scenarios),
        }
        gone = {section for section, _ in self.left_out}
        for section, there in present.items():
            if not there and section not in gone:
                self.faults.add(Where(self.document.mark.file, 1, section), f"missing section '{section}'")

    def name_rules(self) -> None:
        """Give the rules in lists their names as places, and note names that repeat."""
        shown = self.document.shown
        lists: list[tuple[KeyPath, KeyPath, Sequence[Any], str]] = [(("setup",), ("setup",), self.shape.setup, "rule")]
        lists.append((("world_turn",), ("world_turn",), self.shape.world_turn, "step"))
        for position, step in enumerate(self.shape.world_turn):
            raw: KeyPath = ("world_turn", position, "rules")
            lists.append((raw, ("world_turn", step.step), step.rules, "rule"))
        for role, aims in self.shape.agendas.items():
            lists.append((("agendas", role), ("agendas", role), aims, "agenda"))
        for raw, named, entries, key in lists:
            seen: set[str] = set()
            for position, entry in enumerate(entries):
                name: str = getattr(entry, key)
                if name in seen:
                    where = self.document.where((*raw, position))
                    self.faults.add(where, f"a second {key} is called '{name}'", "names of rules are told apart")
                seen.add(name)
                shown[(*raw, position)] = (*named, name)

    # ------------------------------------------------------------------------------ declarations

    def agendas(self) -> dict[str, tuple[Agenda, ...]]:
        """Declare the secret aims, and return them with their points."""
        aims: dict[str, list[tuple[str, Where]]] = {}
        for role, shapes in self.shape.agendas.items():
            path: KeyPath = ("agendas", role)
            if not self.declared.member(role, SEAT_SET, path) or not shapes:
                continue
            name = track_name(role)
            if self.declared.declare(name, path):
                title = self.names.roles[role].title
                self.names.tracks[name] = agenda_track(role, title, len(shapes), self.where(path))
                aims[role] = [(str(each.points), self.where((*path, at))) for at, each in enumerate(shapes)]
        declare_agendas(self.names, aims)
        found: dict[str, tuple[Agenda, ...]] = {}
        for role in aims:
            made = []
            for at, each in enumerate(self.shape.agendas[role], 1):
                where = self.where(("agendas", role, at - 1))
                points = self.expressions.read_define(aim_name(role, at), where, Scope({"me": ME}), INT) or Const(0)
                made.append(Agenda(each.agenda, each.title or titled(each.agenda), each.text, points, where))
            found[role] = tuple(made)
        return found

    def definitions(self) -> None:
        """Read every define and group once for itself."""
        for name in self.names.defines:
            self.expressions.check_define(name)
        for name in self.names.groups:
            self.expressions.check_group(name)

    def seers(self) -> None:
        """Read which seats see the tracks that a group sees; that is settled for a whole game."""
        for name, track in self.names.tracks.items():
            if not track.group:
                continue
            where = self.where(("tracks", name, "visibility", "group"))
            reader = Reader(self.names, self.faults, where, Scope({"me": ME}))
            owner = reader.domain(track.group)
            if owner is None:
                continue
            if owner != SEAT_SET:
                self.faults.add(where, f"'{track.group}' is a group of {owner}, not of seats")
                continue
            seers = reader.member_of(track.group, Local("seer", SEAT)) or Const(1, BOOL)
            if any(isinstance(part, (Read, Clock)) or _by_turn_order(part) for part in every(seers)):
                self.faults.add(
                    where, f"who belongs to '{track.group}' can change in a game",
                    "who sees a track turns on roles, traits, maps and tables only",
                )  # fmt: skip
            elif reader.uses_me and track.scope[:1] != (SEAT_SET,):
                self.faults.add(
                    where, f"'{track.group}' uses 'me', which is the seat that a cell belongs to",
                    "the first scope must be seat",
                )  # fmt: skip
            else:
                self.names.tracks[name] = replace(track, seers=seers)

    def guesses(self) -> None:
        """Read how hidden values are imagined; a guess reads public tracks only."""
        for name, shape in self.shape.tracks.items():
            if shape.guess in (None, "uniform") or name not in self.names.tracks:
                continue
            where = self.where(("tracks", name, "guess"))
            scope = Scope(no_me=NO_ME.format("in a guess"), viewer=True)
            guess = self.expressions.read(shape.guess, where, scope, INT)
            self.names.tracks[name] = replace(self.names.tracks[name], guess=guess)

    # ------------------------------------------------------------------------------------- parts

    def moves(self, families: Mapping[str, str]) -> tuple[dict[str, Move], dict[str, Rule]]:
        reader = Moves(self.names, self.faults, self.document, self.expressions, families)
        moves = {name: reader.move(name, shape) for name, shape in self.shape.moves.items()}
        reactions, woven = reader.react(self.shape.reactions, moves, self.shape.moves)
        return woven, reactions

    def event(self, name: str) -> Event:
        shape, path = self.shape.events[name], ("events", name)
        scope = Scope(no_me=NO_ME.format("in events"))
        when: Expr | None = None
        if shape.when is not True:
            when = self.expressions.read(shape.when, self.where((*path, "when")), scope, BOOL)
        effects = self.statements.body(shape.effects, (*path, "effects"), scope, Permissions())
        return Event(
            name, shape.title or titled(name), shape.text, month(shape.date) if shape.date else None, when,
            effects, shape.source, shape.grade or "", shape.note, shape.contrary, self.where(path),
            shape.origin or "",
        )  # fmt: skip

    def rules(self, shapes: Sequence[RuleShape], path: KeyPath, place: str, may: Permissions) -> tuple[Rule, ...]:
        found = []
        for position, shape in enumerate(shapes):
            spot = (*path, position)
            body = self.statements.body(shape.do, (*spot, "do"), Scope(no_me=NO_ME.format(place)), may)
            title = shape.title or titled(shape.rule)
            where, origin = self.where(spot), shape.origin or ""
            found.append(Rule(shape.rule, title, body, shape.why, shape.source, where, origin, shape.for_play))
        return tuple(found)

    def world_turn(self) -> tuple[Step, ...]:
        found = []
        for position, shape in enumerate(self.shape.world_turn):
            path: KeyPath = ("world_turn", position)
            rules = self.rules(shape.rules, (*path, "rules"), "in the world turn", Permissions(delivers=True))
            found.append(Step(shape.step, shape.title or titled(shape.step), shape.about, rules, self.where(path)))
        return tuple(found)

    def measure(self, name: str, shape: MeasureShape | str | int) -> Measure | None:
        path: KeyPath = ("measures", name)
        long = isinstance(shape, MeasureShape)
        where = self.where((*path, "value") if long else path)
        text = shape.value if isinstance(shape, MeasureShape) else shape
        value = self.expressions.read(text, where, Scope(no_me=NO_ME.format("in measures")), INT)
        if value is None:
            return None
        if not isinstance(shape, MeasureShape):
            return Measure(name, titled(name), value, "", self.where(path))
        return Measure(name, shape.title or titled(name), value, shape.about, self.where(path), shape.each_round)

    def goals(self) -> Goals | None:
        shape = self.shape.goals
        if shape is None:
            return None
        score = self.points(shape.score, "score")
        estimate = score if shape.estimate is None else self.points(shape.estimate, "estimate")
        if shape.parts is not None:
            self.parts(shape.parts)
        ambitions = self.ambitions(shape)
        if score is None or estimate is None:
            self.scored = False
            return Goals(Const(0), Const(0), None, shape.about, ambitions)
        return Goals(score, estimate, shape.parts, shape.about, ambitions)

    def points(self, text: object, key: str) -> Expr | None:
        return self.expressions.read(text, self.where(("goals", key)), Scope({"me": ME}), INT)

    def parts(self, name: str) -> None:
        where = self.where(("goals", "parts"))
        fitting = [track.name for track in self.names.tracks.values() if _is_parts(track.scope)]
        if name not in self.names.tracks:
            if name not in self.names.silent:
                self.faults.add(
                    where,
                    f"unknown track '{name}'",
                    did_you_mean(name, fitting) or did_you_mean(name, self.names.tracks),
                )
        elif name not in fitting:
            self.faults.add(where, f"'{name}' is not kept for each seat and part", "its scope must be [seat, SET]")

    def ambitions(self, shape: GoalsShape) -> tuple[Ambition, ...]:
        found = []
        for position, each in enumerate(shape.ambitions):
            path: KeyPath = ("goals", "ambitions", position)
            self.declared.member(each.role, SEAT_SET, (*path, "role"))
            rule = self.expressions.read(each.rule, self.where((*path, "rule")), Scope({"me": ME}), BOOL)
            if rule is not None:
                found.append(Ambition(each.role, each.title, rule, self.where(path)))
        return tuple(found)

    def ending(self, name: str) -> Ending:
        shape, path = self.shape.endings[name], ("endings", name)
        scope = Scope({"me": ME})
        scope.rule.fresh("me")
        when = self.expressions.read(shape.when, self.where((*path, "when")), scope, BOOL)
        effects = self.statements.body(shape.effects, (*path, "effects"), scope, Permissions())
        halve = shape.points == "halve" if shape.points is not None else shape.crisis
        return Ending(
            name, shape.title or titled(name), shape.text, when or Const(1, BOOL), effects, shape.crisis, halve,
            shape.source, self.where(path), shape.origin or "",
        )  # fmt: skip


def _by_turn_order(expr: Expr) -> bool:
    """Return whether ties in an expression go by the turn order, which changes from round to round."""
    return isinstance(expr, Aggregate) and expr.set == SEAT_SET and expr.kind in ("best", "worst")


def _is_parts(scope: tuple[str, ...]) -> bool:
    return len(scope) == 2 and scope[0] == SEAT_SET and scope[1] != SEAT_SET
