"""Everything that expressions can name, and the scope in which one expression is read."""

from __future__ import annotations

import ast
import keyword
from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.model.rulebook import (
    DefineDef,
    GroupDef,
    KnobDef,
    MapDef,
    RoleDef,
    Rulebook,
    SetDef,
    TableDef,
    TrackDef,
)
from rules.model.terms import Expr, Local, Type, Where

SEAT_SET = "seat"
FUNCTIONS = (
    "min", "max", "abs", "clamp", "toward", "sum", "count", "any", "all", "best", "worst", "trait",
)  # fmt: skip
WORDS = ("me", "none", "round", "rounds", "world", "knob", "seat", "seats", "true", "false")
RESERVED = frozenset((*WORDS, *FUNCTIONS, *keyword.kwlist))
"""Names that cannot be declared."""


@dataclass(slots=True)
class Define:
    """A named formula on its way to a ``DefineDef``; what follows ``where`` is filled in when it is first looked at."""

    name: str
    params: tuple[tuple[str, Type], ...]
    text: str
    where: Where
    tree: ast.expr | None = None
    state: str = "new"
    sound: bool = True
    uses_me: bool = False
    secret: bool = False
    type: Type | None = None
    generic: Expr | None = None

    @classmethod
    def of(cls, found: DefineDef) -> Define:
        """Return one that has been looked at before."""
        return cls(
            found.name, found.params, found.text, found.where, found.tree, "done", True, found.uses_me, found.secret,
            found.value.type, found.value,
        )  # fmt: skip

    def checked(self) -> DefineDef | None:
        """Return the define for the rulebook; none when it is at fault."""
        if self.generic is None or self.tree is None or not self.sound:
            return None
        return DefineDef(
            self.name, self.params, self.generic, self.uses_me, self.secret, self.text, self.where, self.tree
        )


@dataclass(slots=True)
class Group:
    """A named part of a set, ``var in domain if tree``, on its way to a ``GroupDef``."""

    name: str
    text: str
    where: Where
    var: str = ""
    domain: str = ""
    tree: ast.expr | None = None
    state: str = "new"
    sound: bool = True
    set: str = ""
    uses_me: bool = False
    cond: Expr | None = None

    @classmethod
    def of(cls, found: GroupDef) -> Group:
        """Return one that has been looked at before."""
        return cls(
            found.name, found.text, found.where, found.var, found.domain, found.tree, "done", True, found.set,
            found.uses_me, found.cond,
        )  # fmt: skip

    def checked(self) -> GroupDef | None:
        """Return the group for the rulebook; none when it is at fault."""
        if not self.sound:
            return None
        return GroupDef(
            self.name, self.var, self.domain, self.set, self.cond, self.uses_me, self.text, self.where, self.tree
        )


@dataclass(slots=True)
class Symbols:
    """The declarations of a rulebook, and what readers share about its defines.

    Attributes:
        silent: names whose own declaration is at fault, so that nothing is said where they are used.
        nodes: parts of all expressions that were read, defines written out.
        variants: formulas of defines that were written out, with how deep their loops go and how large they are.
        checked: the defines in an order in which each comes after those that it uses.
    """

    sets: dict[str, SetDef] = field(default_factory=dict)
    plurals: dict[str, str] = field(default_factory=lambda: {"seats": SEAT_SET})
    elements: dict[str, str] = field(default_factory=dict)
    roles: dict[str, RoleDef] = field(default_factory=dict)
    maps: dict[str, MapDef] = field(default_factory=dict)
    tracks: dict[str, TrackDef] = field(default_factory=dict)
    tables: dict[str, TableDef] = field(default_factory=dict)
    knobs: dict[str, KnobDef] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    defines: dict[str, Define] = field(default_factory=dict)
    traits: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    counter: int = 0
    nodes: int = 0
    variants: dict[object, list[tuple[Expr, int, int]]] = field(default_factory=dict)
    checked: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, book: Rulebook) -> Symbols:
        """Return the names of a checked rulebook, for expressions that are written against it."""
        sets = book.sets.values()
        return cls(
            sets=dict(book.sets),
            plurals={"seats": SEAT_SET, **{each.plural: each.name for each in sets}},
            elements={element: each.name for each in sets for element in each.elements},
            roles=dict(book.roles),
            maps=dict(book.maps),
            tracks=dict(book.tracks),
            tables=dict(book.tables),
            knobs=dict(book.knobs),
            groups={name: Group.of(found) for name, found in book.groups.items()},
            defines={name: Define.of(found) for name, found in (*book.defines.items(), *book.aims.items())},
            traits={trait for role in book.roles.values() for trait in role.traits},
        )

    def domains(self) -> list[str]:
        """Return what a loop can run over."""
        return [*self.plurals, *self.groups]

    def knows_set(self, name: str) -> bool:
        """Return whether a set of that (singular) name exists."""
        return name == SEAT_SET or name in self.sets

    def size(self, name: str) -> int:
        """Return the largest number of elements of a set; seats are at most as many as roles."""
        return max(1, len(self.roles)) if name == SEAT_SET else len(self.sets[name].elements)

    def plain(self) -> list[str]:
        """Return the names that may stand alone in an expression."""
        world = [track.name for track in self.tracks.values() if not track.scope]
        defines = [name for name in self.defines if "." not in name]
        return [*self.elements, *self.roles, *world, *defines, *FUNCTIONS, *WORDS]

    def of_set(self, name: str) -> list[str]:
        """Return the names that may follow a dot after an element of a set."""
        tracks = [track.name for track in self.tracks.values() if track.scope == (name,)]
        tables = [table.name for table in self.tables.values() if table.scope == (name,)]
        maps = [a_map.name for a_map in self.maps.values() if a_map.from_set == name]
        kind = Type("elem", name)
        defines = [d.name for d in self.defines.values() if len(d.params) == 1 and d.params[0][1] == kind]
        return [*tracks, *tables, *maps, *defines]


@dataclass(slots=True)
class RuleNames:
    """The local names that one rule has used so far, so that each stays unique."""

    used: dict[str, int] = field(default_factory=dict)
    variants: dict[object, int] = field(default_factory=dict)

    def fresh(self, name: str) -> str:
        """Return a name unique within the rule: ``name`` itself the first time, then ``name.2`` and so on."""
        count = self.used.get(name, 0) + 1
        self.used[name] = count
        return name if count == 1 else f"{name}.{count}"


@dataclass(slots=True)
class Scope:
    """What one expression may use.

    ``viewer``: it may read only what ``me`` may see. ``titles``: choices and ``me`` only. ``no_me`` says why
    ``me`` is missing. ``knobs`` are a doctrine's own, ``unknown`` are locals whose own
    formula is at fault, ``refused`` are names that could be meant, with the reason why they cannot be used.
    """

    locals: dict[str, Expr] = field(default_factory=dict)
    rule: RuleNames = field(default_factory=RuleNames)
    no_me: str = "there is no 'me' here"
    viewer: bool = False
    titles: bool = False
    knobs: Mapping[str, KnobDef] = field(default_factory=dict)
    loops: tuple[Local, ...] = ()
    unknown: set[str] = field(default_factory=set)
    refused: Mapping[str, str] = field(default_factory=dict)

    def child(self) -> Scope:
        """Return a scope for an inner block: its own names, the same rule."""
        return Scope(
            dict(self.locals), self.rule, self.no_me, self.viewer, self.titles, self.knobs, self.loops,
            set(self.unknown), self.refused,
        )  # fmt: skip

    def viewing(self) -> Scope:
        """Return the same scope for an expression that only reads what ``me`` may see."""
        scope = self.child()
        scope.viewer = True
        return scope

    def bind(self, name: str, kind: Type) -> Local:
        local = Local(self.rule.fresh(name), kind)
        self.locals[name] = local
        return local
