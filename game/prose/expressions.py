"""Put expressions of the rule language into words: exact, but nothing in them looks like a program.

``÷`` rounds down and a number in brackets after an assumption is its value, as the rulebook's legend says.
"""

from __future__ import annotations

from collections.abc import Mapping

from game.prose.lexicon import PLACES, Lexicon, is_plural, ref, spaced
from game.prose.numbers import fraction, joined, number
from rules.model.terms import (
    Aggregate,
    Binary,
    Call,
    Clock,
    Compare,
    Const,
    DrawFrom,
    Each,
    Element,
    Expr,
    HasTrait,
    IfElse,
    Knob,
    Local,
    MapRead,
    Named,
    Nothing,
    Read,
    Role,
    TableRead,
    Unary,
)

# How tightly a piece of prose holds together; a looser piece inside a tighter one gets brackets.
PHRASE, OR, AND, TEST, SUM, PRODUCT, ATOM = range(7)

_COMPARE = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "==": "", "!=": "not"}
_INVERSE = {"<": ">=", ">=": "<", "<=": ">", ">": "<=", "==": "!=", "!=": "=="}
_MIRROR = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
_SIGNS = {"+": (" + ", SUM), "-": (" − ", SUM), "*": (" × ", PRODUCT), "//": (" ÷ ", PRODUCT)}
_QUANTIFIERS = {"any": "for at least one", "all": "for every"}
_HEADS = {"sum": "the sum", "max": "the highest", "min": "the lowest"}


class Phrases:
    """Words for expressions in one place of a rule; ``names`` says what its local names are called there."""

    def __init__(self, words: Lexicon, names: Mapping[str, str] | None = None) -> None:
        self.words = words
        self.names = dict(names or {})

    def expr(self, node: Expr) -> str:
        """Return an expression in words, with references marked."""
        return self.say(node)[0]

    def say(self, node: Expr) -> tuple[str, int]:
        """Return a node's words and how tightly they hold together."""
        words = self.words
        match node:
            case Const(value=value) if node.type.kind == "bool":
                return ("always" if value else "never"), ATOM
            case Const(value=value):
                return number(value), PRODUCT if value < 0 else ATOM
            case Local(name=name):
                return self.local(name), ATOM
            case Element() | Role():
                return words.named(node.name), ATOM
            case Nothing():
                return "nobody", ATOM
            case Clock(name=name):
                return ("the round's number" if name == "round" else "the number of rounds"), ATOM
            case Read(track=name, index=index):
                return self.placed(words.track(name), words.book.tracks[name].scope, index), ATOM
            case TableRead(table=name, index=index):
                return self.placed(words.table(name), words.book.tables[name].scope, index), ATOM
            case MapRead(map=name, index=index):
                head = ref("map", name, spaced(name.removesuffix("_of")))
                return self.placed(head, (), (index,), article="the "), ATOM
            case Named():
                return self.define(node), ATOM
            case Knob(factor=Const(value=1)):
                return words.knob(node.name), ATOM
            case Knob(factor=factor):
                return f"{self.within(factor, PRODUCT)} × {words.knob(node.name)}", PRODUCT
            case Unary(op="-", value=value):
                return f"−{self.within(value, ATOM)}", PRODUCT
            case Unary(value=value):
                return self.negated(value)
            case Binary(op="and" | "or" as op):
                level = AND if op == "and" else OR
                return f" {op} ".join(self.within(part, level + 1) for part in _operands(node)), level
            case Binary():
                return self.arithmetic(node)
            case Compare():
                return self.compare(node, node.op), TEST
            case IfElse():
                return self.conditional(node), PHRASE
            case HasTrait():
                return self.trait(node), TEST
            case Call():
                return self.call(node.fn, node.args), PHRASE
            case Aggregate():
                return self.aggregate(node), PHRASE
        raise TypeError(f"not an expression: {node!r}")

    def within(self, node: Expr, level: int) -> str:
        """Return a node's words for a place that asks for this tightness."""
        text, own = self.say(node)
        if level >= SUM and is_test(node):
            return f"(1 if {text}, otherwise 0)"
        return text if own >= level else f"({text})"

    # ---------------------------------------------------------------------------------------- names

    def local(self, name: str) -> str:
        """Return what a local name is called: a choice, a loop's variable, a named value."""
        base = base_name(name)
        return self.names.get(name) or ("you" if base == "me" else ref("name", base, spaced(base)))

    def define(self, node: Named) -> str:
        """Return a named formula with its arguments."""
        found = self.words.book.defines.get(node.name)
        if found is None:  # the agendas' points, which the checker defines itself
            return "the points of your secret agenda"
        head = ref("define", node.name, spaced(node.name))
        if found.uses_me and not (node.args and is_me(node.args[0])):
            head = f"your {head}"
        return self.placed(head, tuple(kind.of or "" for _, kind in found.params), node.args)

    def placed(self, head: str, scope: tuple[str, ...], index: tuple[Expr, ...], article: str = "") -> str:
        """Return a head with what it belongs to: "your X", "the target's X", "X of Y in Z"."""
        if not index:
            return head
        owner, rest = index[0], index[1:]
        tail = "".join(_preposition(scope[1 + n : 2 + n]) + self.within(part, ATOM) for n, part in enumerate(rest))
        if is_me(owner):
            return f"your {head}{tail}"
        text = self.within(owner, ATOM)
        if isinstance(owner, Local) and owner.name in self.names:
            return f"{text}{'’' if text.endswith('s') else '’s'} {head}{tail}"
        joint = " in " if scope[:1] and scope[0] in PLACES and not rest else " of "
        return f"{article}{head}{joint}{text}{tail}"

    # ----------------------------------------------------------------------------------- arithmetic

    def arithmetic(self, node: Binary) -> tuple[str, int]:
        """Return one of the four operations or the remainder in words."""
        if node.op == "%":
            return f"the remainder of {self.within(node.left, ATOM)} ÷ {self.within(node.right, ATOM)}", PHRASE
        sign, level = _SIGNS[node.op]
        # "a + (b + c)" needs no brackets; to the right of any other sign they matter.
        right = level if node.op == "+" else level + 1
        return f"{self.within(node.left, level)}{sign}{self.within(node.right, right)}", level

    def conditional(self, node: IfElse) -> str:
        """Return ``a if c else b`` in words, chains of them in one go."""
        parts = []
        rest: Expr = node
        while isinstance(rest, IfElse):
            parts.append(f"{self.within(rest.then, OR)} if {self.within(rest.cond, OR)}")
            rest = rest.other
        return f"{', '.join(parts)}, otherwise {self.within(rest, OR)}"

    def call(self, fn: str, args: tuple[Expr, ...]) -> str:
        """Return a function of numbers in words."""
        if fn == "abs":
            return f"the size of {self.within(args[0], ATOM)} without its sign"
        if fn == "clamp":
            said, low, high = (self.within(part, SUM) for part in args)
            return f"{said}, kept within {low} to {high}"
        if fn == "toward":
            return f"{self.within(args[0], SUM)} moved {self.part(args[2])} to {self.within(args[1], SUM)}"
        other, bound = _bounded(args)
        if bound is None:
            words = {"max": ("larger", "largest"), "min": ("smaller", "smallest")}[fn]
            return f"the {words[len(args) > 2]} of {joined([self.within(part, SUM) for part in args])}"
        if isinstance(other, Call) and other.fn == {"min": "max", "max": "min"}[fn]:
            value, second = _bounded(other.args)
            if second is not None:  # max(0, min(3, x))
                return self.call("clamp", (value, bound, second) if fn == "max" else (value, second, bound))
        return f"{self.within(other, SUM)}, {'at least' if fn == 'max' else 'at most'} {self.expr(bound)}"

    def part(self, node: Expr) -> str:
        """Return the share of the way that ``toward`` goes."""
        if isinstance(node, Const) and node.value > 1:
            return "half-way" if node.value == 2 else f"{fraction(node.value)} of the way"
        return f"the way divided by {self.within(node, ATOM)}"

    # ----------------------------------------------------------------------------------------- tests

    def negated(self, node: Expr) -> tuple[str, int]:
        """Return the opposite of a test in words."""
        match node:
            case Compare(op=op):
                return self.compare(node, _INVERSE[op]), TEST
            case Aggregate(kind="any"):
                return self.quantified("for no", node), PHRASE
            case HasTrait():
                return self.trait(node, lacks=True), TEST
        return f"not ({self.expr(node)})", TEST

    def compare(self, node: Compare, op: str) -> str:
        """Return a comparison, by this operator, as a sentence with a verb."""
        left, right = node.left, node.right
        if isinstance(left, Const | Nothing) or is_me(left):
            left, right, op = right, left, _MIRROR[op]
        if isinstance(right, Nothing) and op in ("==", "!="):
            return self.vacancy(left, op == "==")
        match left, right:
            case Binary(op="%", left=counted, right=Const(value=2)), Const(value=0 | 1 as rest) if op in ("==", "!="):
                return f"{self.within(counted, ATOM)} is {'odd' if (rest == 1) == (op == '==') else 'even'}"
        text, level = self.say(left)
        if is_test(left) or (level < SUM and not text.startswith(("the larger ", "the smaller ", "the number "))):
            text = self.within(left, SUM)
        verb = "are" if text == "you" or self.is_plural(left) else "is"
        return f"{text} {f'{verb} {_COMPARE[op]}'.rstrip()} {self.within(right, SUM)}"

    def vacancy(self, node: Expr, empty: bool) -> str:
        """Return whether a role is played, or a map leads anywhere, in words."""
        if isinstance(node, Role):
            return f"{'nobody' if empty else 'somebody'} plays {self.words.role(node.name)}"
        if isinstance(node, MapRead):
            owner = self.within(node.index, ATOM)
            noun = spaced(node.map.removesuffix("_of"))
            article = "no " if empty else "" if is_plural(noun) else "an " if noun[0] in "aeiou" else "a "
            return f"{owner} {'have' if owner == 'you' else 'has'} {article}{ref('map', node.map, noun)}"
        return f"{self.within(node, SUM)} is {'nobody' if empty else 'somebody'}"

    def is_plural(self, node: Expr) -> bool:
        """Whether the words for a node take "are"."""
        match node:
            case Read(track=name):
                return is_plural(self.words.book.tracks[name].title)
            case TableRead(table=name):
                return is_plural(self.words.book.tables[name].title)
        return False

    def trait(self, node: HasTrait, *, lacks: bool = False) -> str:
        """Return whether a seat has a trait: by its roles when few have it, else by the trait."""
        owner = self.within(node.seat, ATOM)
        roles = self.words.with_trait(node.trait)
        if 0 < len(roles) < 3:
            play = ("do not play" if lacks else "play") if owner == "you" else "does not play" if lacks else "plays"
            return f"{owner} {play} {joined(roles, 'or')}"
        have = "have" if owner == "you" else "has"
        return f"{owner} {have}{' not' if lacks else ''} the trait “{spaced(node.trait)}”"

    # ----------------------------------------------------------------------------------------- loops

    def loop(self, loop: Aggregate | Each | DrawFrom) -> tuple[Phrases, str, str]:
        """Return phrases that know a loop's variable, its noun ("rival"), and " where …"."""
        group, conditions = self.domain_of(loop)
        noun = spaced(loop.set)
        var = loop.name if isinstance(loop, DrawFrom) else loop.var
        # Where another region is spoken of already, this one goes by its letter.
        letter = base_name(var) if f"that {noun}" in self.names.values() else ""
        called = f"{noun} {ref('name', letter, letter)}" if letter else f"that {noun}"
        inner = Phrases(self.words, self.names | {var: called})
        noun = self.words.domain(group or loop.set, one=True)
        where = " and ".join(inner.within(cond, AND) for cond in conditions)
        return inner, f"{noun} {called.rpartition(' ')[2]}" if letter else noun, f" where {where}" if where else ""

    def domain_of(self, loop: Aggregate | Each | DrawFrom) -> tuple[str, list[Expr]]:
        """Return the group that a loop runs over, if any, and its conditions besides."""
        cond = loop.cond
        if isinstance(cond, Named) and cond.name in self.words.book.groups:
            return cond.name, []
        if isinstance(cond, Binary) and isinstance(cond.left, Named) and cond.left.name in self.words.book.groups:
            return cond.left.name, [cond.right]
        return "", [] if cond is None else [cond]

    def quantified(self, head: str, node: Aggregate) -> str:
        """Return ``any`` and ``all`` in words: "for every region where …, …"."""
        inner, noun, where = self.loop(node)
        return f"{head} {noun}{where}, {inner.within(node.value, OR)}"

    def aggregate(self, node: Aggregate) -> str:
        """Return ``sum(x for r in regions if c)`` and its kin in words."""
        if node.kind in _QUANTIFIERS:
            return self.quantified(_QUANTIFIERS[node.kind], node)
        inner, noun, where = self.loop(node)
        group, conditions = self.domain_of(node)
        many = self.words.domain(group or node.set)
        if node.kind == "count":
            both = " and ".join(inner.within(cond, AND) for cond in (*conditions, node.value))
            return f"the number of {many} where {both}"
        called = inner.names[node.var]
        if node.kind in ("best", "worst"):
            value = inner.within(node.value, SUM).removeprefix(f"{called}’s ")
            among = f" among those{where}" if where else ""
            return f"the {noun} with the {'highest' if node.kind == 'best' else 'lowest'} {value}{among}"
        many = many if called.startswith("that ") else f"every {noun}"
        over = f", over {many}{where}," if where else f" over {many}"
        return f"{_HEADS[node.kind]}{over} of {inner.within(node.value, PRODUCT)}"


def base_name(name: str) -> str:
    """Return a local name as it is written, without what keeps it apart in its rule."""
    return name.partition("~")[0].partition(".")[0]


def is_me(node: Expr) -> bool:
    """Whether a node is the seat that acts."""
    return isinstance(node, Local) and node.name == "me"


def is_test(node: Expr) -> bool:
    """Whether a node says yes or no as a sentence, rather than a number or a name."""
    match node:
        case Unary(op="not") | Compare() | HasTrait() | Binary(op="and" | "or") | Aggregate(kind="any" | "all"):
            return True
    return False


def constant(node: Expr) -> int | None:
    """Return the whole number that an expression is, if it is one."""
    match node:
        case Const(value=value):
            return value
        case Unary(op="-", value=Const(value=value)):
            return -value
    return None


def _operands(node: Binary) -> list[Expr]:
    """Return what a chain of the same word joins: a, b and c of ``a and b and c``."""
    left = node.left
    first = _operands(left) if isinstance(left, Binary) and left.op == node.op else [left]
    return [*first, node.right]


def _preposition(scope: tuple[str, ...]) -> str:
    """Return how a second index hangs on the first."""
    if scope and scope[0] in PLACES:
        return " in "
    return " towards " if scope == ("seat",) else " for "


def _bounded(args: tuple[Expr, ...]) -> tuple[Expr, Expr | None]:
    """Return the other argument and the constant of ``max(2, x)``; no constant for anything else."""
    if len(args) == 2:
        for other, bound in ((args[1], args[0]), (args[0], args[1])):
            if isinstance(bound, Const) and not isinstance(other, Const):
                return other, bound
    return args[0], None
