"""Declarations: sets, roles, maps, groups, tracks, knobs and defines; all but sets share one name space."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rules.language.symbols import RESERVED, SEAT_SET, Define, Group, Symbols
from rules.model.faults import Faults, did_you_mean, listed
from rules.model.rulebook import KnobDef, MapDef, RoleDef, SetDef, TableDef, TrackDef
from rules.model.terms import INT, Type, Where
from rules.source.repair import LeftOut
from rules.source.schema_models import BookShape, KnobShape, SetShape, TableShape, TrackShape
from rules.source.yaml import Document, KeyPath

_SIGNATURE = re.compile(r"([a-z][a-z0-9_]*)\s*(?:\(([^()]*)\))?\s*\Z")
AGENDA_POINTS = "agenda_points"


def titled(name: str) -> str:
    """Return a title made from a name: ``hbm_stock`` becomes ``Hbm stock``."""
    return name.replace("_", " ").capitalize()


def claims(value: int | list[int] | None) -> tuple[int, ...]:
    """Return a knob's claims as a tuple."""
    return () if value is None else (value,) if isinstance(value, int) else tuple(value)


class Declarations:
    """Fills the symbols from the shapes and notes what is wrong with declarations."""

    def __init__(self, document: Document, shape: BookShape, left_out: LeftOut, faults: Faults) -> None:
        self.document = document
        self.shape = shape
        self.faults = faults
        self.names = Symbols()
        self.taken: dict[str, Where] = {}
        for (section, name), raw in left_out.items():
            self.silence(section, name, raw)

    def silence(self, section: str, name: str, raw: Any) -> None:
        """Keep quiet about a name whose own declaration is at fault."""
        silent = self.names.silent
        if section == "knobs":
            silent.add(f"knob.{name}")
        else:
            silent.add(name.split("(")[0].strip())
        if section == "sets":
            long = raw if isinstance(raw, dict) else {"elements": raw}
            elements = long.get("elements")
            silent.update((f"{name}s", str(long.get("plural"))))
            silent.update(str(element) for element in (elements if isinstance(elements, (dict, list)) else ()))

    def run(self) -> Symbols:
        """Declare everything, in an order in which later ones can use earlier ones."""
        self.roles()
        self.sets()
        self.maps()
        self.tracks()
        self.tables()
        self.knobs()
        for name, text in self.shape.groups.items():
            if self.declare(name, ("groups", name)):
                self.names.groups[name] = Group(name, text, self.document.where(("groups", name)))
        self.defines()
        return self.names

    def declare(self, name: str, path: KeyPath) -> bool:
        """Take a name; a clash or a reserved word is a fault."""
        where = self.document.where(path)
        if name in RESERVED:
            self.faults.add(where, f"'{name}' is a word of the language and cannot be declared")
            return False
        if name in self.taken:
            first = self.taken[name]
            self.faults.add(where, f"'{name}' is already declared in {first} ({first.path})")
            return False
        self.taken[name] = where
        return True

    def roles(self) -> None:
        for name, shape in self.shape.roles.items():
            if self.declare(name, ("roles", name)):
                traits = tuple(shape.traits)
                where = self.document.where(("roles", name))
                self.names.traits.update(traits)
                self.names.roles[name] = RoleDef(
                    name, shape.title or titled(name), traits, shape.about, shape.wants, shape.tools, where
                )

    def sets(self) -> None:
        """Declare the sets, their plurals and elements."""
        for name, shape in self.shape.sets.items():
            # A set's own name stands only in scopes and signatures, never in an expression: a map may share it.
            if name in RESERVED:
                where = self.document.where(("sets", name))
                self.faults.add(where, f"'{name}' is a word of the language and cannot be declared")
                self.names.silent.update((name, f"{name}s"))
                continue
            elements: dict[str, str] = {}
            base: tuple[str, ...] = ("sets", name)
            plural, title = f"{name}s", titled(name)
            if isinstance(shape, SetShape):
                given = shape.elements
                base = ("sets", name, "elements")
                plural, title = shape.plural or plural, shape.title or title
            else:
                given = {element: titled(element) for element in shape}
                if len(given) < len(shape):
                    twice = next(element for element in shape if shape.count(element) > 1)
                    self.faults.add(self.document.where(base), f"'{twice}' is listed twice")
            for position, (element, element_title) in enumerate(given.items()):
                step = element if isinstance(shape, SetShape) else position
                if self.declare(element, (*base, step)):
                    elements[element] = element_title
                    self.names.elements[element] = name
            if plural == name:
                self.faults.add(self.document.where(base), f"the plural of '{name}' must differ from its name")
            elif self.declare(plural, ("sets", name)):
                self.names.plurals[plural] = name
            self.names.sets[name] = SetDef(name, plural, elements, title, self.document.where(("sets", name)))

    def set_name(self, name: str, path: KeyPath) -> bool:
        """Return whether a set exists; a fault if not."""
        if self.names.knows_set(name):
            return True
        if name not in self.names.silent:
            hint = did_you_mean(name, [*self.names.sets, SEAT_SET])
            if name in self.names.plurals:
                hint = f"did you mean '{self.names.plurals[name]}'?"
            self.faults.add(self.document.where(path), f"unknown set '{name}'", hint)
        return False

    def members(self, name: str) -> list[str]:
        """Return what may stand for an element of a set: its elements, or roles for seats."""
        return list(self.names.roles if name == SEAT_SET else self.names.sets[name].elements)

    def member(self, value: str, owner: str, path: KeyPath, seats: Mapping[str, object] | None = None) -> bool:
        """Return whether an element or role exists; a fault if not. ``seats`` are names that could also be meant."""
        known = self.members(owner)
        if value in known:
            return True
        if value not in self.names.silent:
            kind = owner if owner != SEAT_SET else "role" if seats is None else "seat or role"
            near = did_you_mean(value, [*known, *(seats or ())])
            self.faults.add(self.document.where(path), f"unknown {kind} '{value}'", near)
        return False

    def maps(self) -> None:
        for name, shape in self.shape.maps.items():
            path = ("maps", name)
            if name not in self.names.sets and not self.declare(name, path):
                continue
            known_from = self.set_name(shape.from_, (*path, "from"))
            known_to = self.set_name(shape.to, (*path, "to"))
            if not (known_from and known_to):
                self.names.silent.add(name)
                continue
            values = {}
            for key, value in shape.is_.items():
                known_key = self.member(key, shape.from_, (*path, "is", key))
                if value != "none" and self.member(value, shape.to, (*path, "is", key)) and known_key:
                    values[key] = value
            self.names.maps[name] = MapDef(name, shape.from_, shape.to, values, self.document.where(path))

    def tracks(self) -> None:
        for name, shape in self.shape.tracks.items():
            if self.declare(name, ("tracks", name)):
                track = self.track(name, shape)
                if track is None:
                    self.names.silent.add(name)
                else:
                    self.names.tracks[name] = track

    def track(self, name: str, shape: TrackShape) -> TrackDef | None:
        """Return one track, or none after a fault."""
        path = ("tracks", name)
        where = self.document.where(path)
        given = [shape.scope] if isinstance(shape.scope, str) else shape.scope
        scope = () if given == ["world"] else tuple(given)
        known = [self.set_name(each, (*path, "scope")) for each in scope]
        low, high = shape.range
        if low > high:
            self.faults.add(self.document.where((*path, "range")), f"the range ends ({high}) before it begins ({low})")
            return None
        if not all(known):
            return None
        if shape.visibility == "owner" and scope[:1] != (SEAT_SET,):
            self.faults.add(
                self.document.where((*path, "visibility")), "only a track of seats can be seen by its owner",
                "the first scope must be seat",
            )  # fmt: skip
        self.start(shape.start, scope, (low, high), (*path, "start"))
        seen = shape.visibility
        return TrackDef(
            name, shape.title or titled(name), scope, low, high, shape.start,
            seen if isinstance(seen, str) else "group", None, shape.good, shape.unit, shape.about, shape.source, where,
            origin=shape.origin or "", group="" if isinstance(seen, str) else seen.group,
        )  # fmt: skip

    def tables(self) -> None:
        for name, shape in self.shape.tables.items():
            if self.declare(name, ("tables", name)):
                table = self.table(name, shape)
                if table is None:
                    self.names.silent.add(name)
                else:
                    self.names.tables[name] = table

    def table(self, name: str, shape: TableShape) -> TableDef | None:
        """Return one table, or none after a fault."""
        path = ("tables", name)
        scope = (shape.scope,) if isinstance(shape.scope, str) else tuple(shape.scope)
        if scope == ("world",):
            place = self.document.where((*path, "scope"))
            self.faults.add(place, "a table is for a set or two", "a number for the world is a define or a knob")
            return None
        known = [self.set_name(each, (*path, "scope")) for each in scope]
        if not all(known):
            return None
        numbers = [*_numbers(shape.values), *(() if self.covers(shape.values, scope) else (0,))]
        bounds = min(numbers), max(numbers)
        self.start(shape.values, scope, bounds, (*path, "values"))
        return TableDef(
            name, shape.title or titled(name), scope, *bounds, shape.values, shape.unit, shape.about, shape.source,
            self.document.where(path), shape.origin or "",
        )  # fmt: skip

    def covers(self, values: int | Mapping[str, Any], scope: tuple[str, ...]) -> bool:
        """Return whether a table says something about every element."""
        if isinstance(values, int) or not scope:
            return True
        known = "others" in values or all(member in values for member in self.members(scope[0]))
        return known and all(self.covers(inner, scope[1:]) for inner in values.values())

    def start(
        self, start: Any, scope: tuple[str, ...], bounds: tuple[int, int], path: KeyPath,
        seats: Mapping[str, object] | None = None,
    ) -> None:  # fmt: skip
        """Check starting values: known elements or roles (or seats), all within the track's range."""
        low, high = bounds
        if isinstance(start, int):
            if not low <= start <= high:
                self.faults.add(self.document.where(path), f"{start} is outside the range {low}..{high}")
            return
        if not scope:
            self.faults.add(self.document.where(path), "a track of the world has one starting value")
            return
        for key, value in start.items():
            if key != "others" and not (scope[0] == SEAT_SET and seats and key in seats):
                self.member(key, scope[0], (*path, key), seats if scope[0] == SEAT_SET else None)
            if isinstance(value, dict) and len(scope) == 1:
                self.faults.add(self.document.where((*path, key)), "expected a number", "there is only one scope")
            else:
                self.start(value, scope[1:], bounds, (*path, key), seats)

    def knobs(self) -> None:
        for name, shape in self.shape.knobs.items():
            self.names.knobs[name] = knob_def(name, shape, self.document, ("knobs", name), self.faults)

    def defines(self) -> None:
        """Declare the defines; their formulas are read later."""
        for signature, text in self.shape.defines.items():
            path = ("defines", signature)
            where = self.document.where(path)
            match = _SIGNATURE.match(signature)
            if match is None:
                self.faults.add(where, f"'{signature}' is not a define", "write NAME or NAME(SET NAME, NAME)")
                self.names.silent.add(signature.split("(")[0].strip())
                continue
            name = match.group(1)
            if not self.declare(name, path):
                continue
            params = self.params(match.group(2), where)
            if params is None:
                self.names.silent.add(name)
                continue
            self.names.defines[name] = Define(name, params, str(text), where)

    def params(self, text: str | None, where: Where) -> tuple[tuple[str, Type], ...] | None:
        """Return the parameters of a define: ``SET NAME`` for an element, ``NAME`` for a number."""
        found: list[tuple[str, Type]] = []
        for part in text.split(",") if text and text.strip() else []:
            words = part.split()
            if not 1 <= len(words) <= 2 or not all(re.fullmatch(r"[a-z][a-z0-9_]*", word) for word in words):
                self.faults.add(where, f"'{part.strip()}' is not a parameter", "write SET NAME or NAME")
                return None
            if words[-1] in RESERVED:
                self.faults.add(where, f"'{words[-1]}' is a word of the language and cannot be a parameter")
                return None
            if len(words) == 2 and not self.names.knows_set(words[0]):
                if words[0] not in self.names.silent:
                    near = did_you_mean(words[0], [*self.names.sets, SEAT_SET])
                    self.faults.add(where, f"unknown set '{words[0]}'", near)
                return None
            if words[-1] in [name for name, _ in found]:
                self.faults.add(where, f"two parameters are called '{words[-1]}'")
                return None
            found.append((words[-1], INT if len(words) == 1 else Type("elem", words[0])))
        return tuple(found)


def _numbers(values: int | Mapping[str, Any]) -> Iterator[int]:
    """Return all numbers of starting values or of a table."""
    if isinstance(values, int):
        yield values
    else:
        for inner in values.values():
            yield from _numbers(inner)


def knob_def(name: str, shape: KnobShape, document: Document, path: KeyPath, faults: Faults) -> KnobDef:
    """Return a knob, its value checked against its range."""
    low, high = shape.range
    where = document.where((*path, "value"))
    if low > high:
        place = document.where((*path, "range"))
        faults.add(place, f"the range ends ({high}) before it begins ({low})")
    elif not low <= shape.value <= high:
        faults.add(where, f"{shape.value} is outside the range {low}..{high}")
    plausible = None if shape.plausible is None else (shape.plausible[0], shape.plausible[1])
    # The value itself may lie outside: an experiment may set what nobody would defend.
    if plausible is not None and not low <= plausible[0] <= plausible[1] <= high:
        place = document.where((*path, "plausible"))
        faults.add(place, f"{plausible[0]} to {plausible[1]} does not lie within {low}..{high}",
                   "give the lowest and the highest value that somebody could defend")  # fmt: skip
    return KnobDef(
        name, shape.title or titled(name), shape.value, low, high, shape.meaning, claims(shape.claim),
        shape.source, document.where(path), shape.origin or "", plausible, shape.for_play,
    )  # fmt: skip


def one_key(values: Mapping[str, object], where: Where, faults: Faults) -> str | None:
    """Return the only key that is given; a fault when there is none or more than one."""
    given = [key for key, value in values.items() if value is not None]
    if len(given) != 1:
        faults.add(where, f"exactly one of {listed(values)} is expected, not {len(given)}")
        return None
    return given[0]
