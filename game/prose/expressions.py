"""Puts one expression of the rule language into words; see ``game.prose.prose``, which others use."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from game.prose.lexicon import PLACES, Lexicon, clean, is_plural, ref, spaced
from game.prose.numbers import joined, number
from game.prose.syntax import expression_tree

# How tightly a piece of prose holds together; a looser piece inside a tighter one gets brackets.
PHRASE, OR, AND, TEST, SUM, PRODUCT, ATOM = range(7)

_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Lt: "below",
    ast.LtE: "at most",
    ast.Gt: "above",
    ast.GtE: "at least",
    ast.Eq: "",
    ast.NotEq: "not",
}
_INVERSE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
}  # fmt: skip
_MIRROR: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE, ast.Eq: ast.Eq, ast.NotEq: ast.NotEq,
}  # fmt: skip
_PARTS = {2: "half-way", 3: "a third of the way", 4: "a quarter of the way"}


def tree_of(source: object) -> ast.expr:
    """The syntax tree of an expression's text, number, checked form, or itself."""
    if isinstance(source, ast.expr):
        return source
    if isinstance(source, bool | int):
        return ast.Constant(source)
    if isinstance(source, str):
        return ast.parse(clean(source), mode="eval").body
    return expression_tree(source)  # type: ignore[arg-type]


def loop_word(words: Lexicon, var: str, domain: str, names: Mapping[str, str]) -> str:
    """What to call a loop's variable: "that region", or "region r" when another region is spoken of already."""
    noun = spaced(words.set_of(domain))
    plain_word = f"that {noun}"
    letter = var.partition("~")[0]
    return f"{noun} {ref('name', letter, letter)}" if plain_word in names.values() else plain_word


def loop_noun(words: Lexicon, domain: str, called: str) -> str:
    """The noun that introduces a loop's variable ("rival", or "rival r" when it is called by its letter)."""
    noun = words.domain(domain, one=True)
    return noun if called.startswith("that ") else f"{noun} {called.rpartition(' ')[2]}"


class Phrases:
    """One expression on its way into words."""

    def __init__(self, words: Lexicon, names: Mapping[str, str]) -> None:
        self.words = words
        self.names = dict(names)

    # ------------------------------------------------------------------------------------- dispatch

    def say(self, node: ast.expr) -> tuple[str, int]:
        """A node's words and how tightly they hold together."""
        if isinstance(node, ast.Constant):
            if isinstance(node.value, bool):
                return ("always" if node.value else "never"), ATOM
            assert isinstance(node.value, int)
            return number(node.value), ATOM
        if isinstance(node, ast.Name):
            return self.name(node.id), ATOM
        if isinstance(node, ast.Attribute):
            return self.attribute(node)
        if isinstance(node, ast.Subscript):
            index = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            assert isinstance(node.value, ast.Name)
            return self.cell(node.value.id, index), ATOM
        if isinstance(node, ast.UnaryOp):
            return self.unary(node)
        if isinstance(node, ast.BinOp):
            return self.arithmetic(node)
        if isinstance(node, ast.BoolOp):
            level, word = (AND, " and ") if isinstance(node.op, ast.And) else (OR, " or ")
            return word.join(self.within(part, level + 1) for part in node.values), level
        if isinstance(node, ast.Compare):
            return self.comparison(node)
        if isinstance(node, ast.IfExp):
            return self.conditional(node)
        assert isinstance(node, ast.Call) and isinstance(node.func, ast.Name), ast.dump(node)
        return self.call(node.func.id, node.args)

    def within(self, node: ast.expr, level: int) -> str:
        """A node's words for a place that asks for this tightness."""
        text, own = self.say(node)
        if level >= SUM and self.is_test(node):
            return f"(1 if {text}, otherwise 0)"
        return text if own >= level else f"({text})"

    def is_test(self, node: ast.expr) -> bool:
        """Whether a node says yes or no rather than a number."""
        if isinstance(node, ast.UnaryOp):
            return isinstance(node.op, ast.Not)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return node.func.id in ("any", "all", "trait")
        return isinstance(node, ast.Compare | ast.BoolOp)

    # ---------------------------------------------------------------------------------------- names

    def name(self, name: str) -> str:
        """A name alone, resolved in the language's order."""
        words = self.words
        if name in self.names:
            return self.names[name]
        if name in ("true", "false"):
            return "always" if name == "true" else "never"
        if name == "round":
            return "the round's number"
        if name == "rounds":
            return "the number of rounds"
        if name == "none":
            return "nobody"
        if name in words.elements:
            return words.element(name)
        if name in words.book.roles:
            return words.role(name)
        if name in words.book.tracks:
            return words.track(name)
        if name in words.defines:
            return self.define(name, [])
        if name in words.plurals or name in words.groups:
            return words.domain(name)
        if name == "agenda_points":
            return "the points of your secret agenda"
        return {"me": "you"}.get(name, ref("name", name, spaced(name)))

    def attribute(self, node: ast.Attribute) -> tuple[str, int]:
        """``knob.k``, ``world.t`` and ``x.name``."""
        if isinstance(node.value, ast.Name) and node.value.id not in self.names:
            if node.value.id == "knob":
                return self.words.knob(node.attr), ATOM
            if node.value.id == "world":
                return self.words.track(node.attr), ATOM
        return self.cell(node.attr, [node.value]), ATOM

    def cell(self, name: str, index: list[ast.expr]) -> str:
        """A track, map or define at its indices: "your Reach in Africa"."""
        if name in self.words.book.tracks:
            return self.placed(self.words.track(name), self.words.book.tracks[name].scope, index)
        if name in self.words.book.maps:
            head = name.removesuffix("_of")
            return self.placed(ref("map", name, spaced(head)), (), index, article="the ")
        if name in self.words.defines:
            return self.define(name, index)
        return self.placed(ref("name", name, spaced(name)), (), index)

    def define(self, name: str, index: list[ast.expr]) -> str:
        """A named formula with its arguments."""
        head = ref("define", name, spaced(name))
        if name in self.words.personal and not (index and self.is_name(index[0], "me")):
            head = f"your {head}"
        scope = tuple(kind or "" for _, kind in self.words.defines[name].parameters)
        return self.placed(head, scope, index)

    def placed(self, head: str, scope: tuple[str, ...], index: list[ast.expr], article: str = "") -> str:
        """A head with what it belongs to: "your X", "the target's X", "X of Y in Z"."""
        if not index:
            return head
        owner, rest = index[0], index[1:]
        tail = "".join(self.preposition(scope[1 + i : 2 + i]) + self.within(part, ATOM) for i, part in enumerate(rest))
        if isinstance(owner, ast.Name) and owner.id == "me":
            return f"your {head}{tail}"
        text = self.within(owner, ATOM)
        if isinstance(owner, ast.Name) and owner.id in self.names:
            return f"{text}{'’' if text.endswith('s') else '’s'} {head}{tail}"
        joint = " in " if scope[:1] and scope[0] in PLACES and not rest else " of "
        return f"{article}{head}{joint}{text}{tail}"

    @staticmethod
    def preposition(scope: tuple[str, ...]) -> str:
        """How a second index hangs on the first."""
        if scope and scope[0] in PLACES:
            return " in "
        return " towards " if scope == ("seat",) else " for "

    # ----------------------------------------------------------------------------------- arithmetic

    def unary(self, node: ast.UnaryOp) -> tuple[str, int]:
        """Minus and not."""
        if isinstance(node.op, ast.USub):
            return f"−{self.within(node.operand, ATOM)}", PRODUCT
        inner = node.operand
        if isinstance(inner, ast.Compare) and len(inner.ops) == 1:
            return self.comparison(ast.Compare(inner.left, [_INVERSE[type(inner.ops[0])]()], inner.comparators))
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "any":
            return self.quantified("for no", inner.args[0]), PHRASE
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "trait":
            return self.trait(inner.args, lacks=True), TEST
        return f"not ({self.say(inner)[0]})", TEST

    def arithmetic(self, node: ast.BinOp) -> tuple[str, int]:
        """The four operations and the remainder."""
        if isinstance(node.op, ast.Mod):
            left, right = self.within(node.left, ATOM), self.within(node.right, ATOM)
            return f"the remainder of {left} ÷ {right}", PHRASE
        if isinstance(node.op, ast.Mult) and isinstance(node.left, ast.Constant) and node.left.value == 1:
            return self.say(node.right)
        if isinstance(node.op, ast.Add | ast.Sub):
            sign, level = (" + " if isinstance(node.op, ast.Add) else " − "), SUM
        else:
            sign, level = (" × " if isinstance(node.op, ast.Mult) else " ÷ "), PRODUCT
        same = level + (0 if isinstance(node.op, ast.Add) else 1)
        return f"{self.within(node.left, level)}{sign}{self.within(node.right, same)}", level

    def conditional(self, node: ast.IfExp) -> tuple[str, int]:
        """``a if c else b``, chains of them in one go."""
        parts = []
        rest: ast.expr = node
        while isinstance(rest, ast.IfExp):
            parts.append(f"{self.within(rest.body, OR)} if {self.within(rest.test, OR)}")
            rest = rest.orelse
        return f"{', '.join(parts)}, otherwise {self.within(rest, OR)}", PHRASE

    # -------------------------------------------------------------------------------------- tests

    def comparison(self, node: ast.Compare) -> tuple[str, int]:
        """One comparison, or a chain as one sentence."""
        sides = [node.left, *node.comparators]
        pairs = [self.compare(sides[i], op, sides[i + 1]) for i, op in enumerate(node.ops)]
        return " and ".join(pairs), TEST if len(pairs) == 1 else AND

    def compare(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> str:
        """``left op right`` as a sentence with a verb."""
        kind = type(op)
        if isinstance(left, ast.Constant) or self.is_name(left, "none") or self.is_name(left, "me"):
            left, right, kind = right, left, _MIRROR[kind]
        if self.is_name(right, "none") and kind in (ast.Eq, ast.NotEq):
            return self.vacancy(left, kind is ast.Eq)
        text, level = self.say(left)
        if self.is_test(left) or (level < SUM and not text.startswith(("the larger ", "the smaller ", "the number "))):
            text = self.within(left, SUM)
        verb = "are" if text == "you" or self.plural(left) else "is"
        middle = f"{verb} {_COMPARE[kind]}".rstrip()
        return f"{text} {middle} {self.within(right, SUM)}"

    def vacancy(self, node: ast.expr, empty: bool) -> str:
        """Whether a role is played, or a map leads anywhere."""
        if isinstance(node, ast.Name) and node.id in self.words.book.roles and node.id not in self.names:
            return f"{'nobody' if empty else 'somebody'} plays {self.words.role(node.id)}"
        name, index = _indexed(node)
        if name in self.words.book.maps:
            owner = self.within(index[0], ATOM)
            have = "have" if owner == "you" else "has"
            noun = spaced(name.removesuffix("_of"))
            article = "no " if empty else "" if is_plural(noun) else "an " if noun[0] in "aeiou" else "a "
            return f"{owner} {have} {article}{ref('map', name, noun)}"
        return f"{self.within(node, SUM)} is {'nobody' if empty else 'somebody'}"

    def plural(self, node: ast.expr) -> bool:
        """Whether the words for a node take "are"."""
        name = _indexed(node)[0]
        if isinstance(node, ast.Name) and node.id not in self.names:
            name = node.id
        found = self.words.book.tracks.get(name)
        return found is not None and is_plural(found.title or spaced(name))

    @staticmethod
    def is_name(node: ast.expr, name: str) -> bool:
        """Whether a node is this bare name."""
        return isinstance(node, ast.Name) and node.id == name

    def trait(self, args: list[ast.expr], *, lacks: bool = False) -> str:
        """``trait(s, state)``: the roles that have it when they are few, else the trait."""
        owner = self.within(args[0], ATOM)
        assert isinstance(args[1], ast.Name)
        trait = args[1].id
        roles = [self.words.role(name) for name, found in self.words.book.roles.items() if trait in found.traits]
        if 0 < len(roles) < 3:
            play = ("do not play" if lacks else "play") if owner == "you" else "does not play" if lacks else "plays"
            return f"{owner} {play} {joined(roles, 'or')}"
        have = "have" if owner == "you" else "has"
        return f"{owner} {have}{' not' if lacks else ''} the trait “{spaced(trait)}”"

    # -------------------------------------------------------------------------------------- calls

    def call(self, name: str, args: list[ast.expr]) -> tuple[str, int]:
        """A function, an aggregate or a named formula."""
        if args and isinstance(args[0], ast.GeneratorExp):
            return self.aggregate(name, args[0])
        if name == "trait":
            return self.trait(args), TEST
        if name == "abs":
            return f"the size of {self.within(args[0], ATOM)} without its sign", PHRASE
        if name == "clamp":
            value, low, high = args
            return f"{self.bounded(value)}, kept within {self.within(low, SUM)} to {self.within(high, SUM)}", PHRASE
        if name == "toward":
            value, target, part = args
            return f"{self.bounded(value)} moved {self.part(part)} to {self.within(target, SUM)}", PHRASE
        if name in ("min", "max"):
            return self.extreme(name, args)
        return self.cell(name, args), ATOM

    def bounded(self, node: ast.expr) -> str:
        """The first argument of clamp and the like."""
        return self.within(node, SUM)

    def part(self, node: ast.expr) -> str:
        """The share of the way that ``toward`` goes."""
        if isinstance(node, ast.Constant) and isinstance(node.value, int):
            return _PARTS.get(node.value, f"one {node.value}th of the way")
        return f"the way divided by {self.within(node, ATOM)}"

    def extreme(self, name: str, args: list[ast.expr]) -> tuple[str, int]:
        """``min`` and ``max`` of numbers: with a constant, a bound."""
        other, bound_by = _bounded(args)
        if bound_by is not None:
            inner = other if isinstance(other, ast.Call) and isinstance(other.func, ast.Name) else None
            if inner is not None and inner.func.id == {"min": "max", "max": "min"}[name]:  # type: ignore[attr-defined]
                value, second = _bounded(inner.args)
                if second is not None:  # max(0, min(3, x))
                    low, high = (bound_by, second) if name == "max" else (second, bound_by)
                    return self.call("clamp", [value, low, high])
            bound = "at least" if name == "max" else "at most"
            return f"{self.bounded(other)}, {bound} {self.say(bound_by)[0]}", PHRASE
        word = (
            ("larger" if name == "max" else "smaller")
            if len(args) == 2
            else ("largest" if name == "max" else "smallest")
        )
        return f"the {word} of {joined([self.within(a, SUM) for a in args])}", PHRASE

    def aggregate(self, kind: str, node: ast.GeneratorExp) -> tuple[str, int]:
        """``sum(x for r in regions if c)`` and its kin."""
        if kind in ("any", "all"):
            return self.quantified({"any": "for at least one", "all": "for every"}[kind], node), PHRASE
        inner, loop = self.loop(node)
        domain, called = _domain(loop), inner.names[_variable(loop)]
        many = (
            self.words.domain(domain)
            if called.startswith("that ")
            else f"every {loop_noun(self.words, domain, called)}"
        )
        where = f" where {' and '.join(inner.within(c, AND) for c in loop.ifs)}" if loop.ifs else ""
        if kind == "count":
            both = " and ".join([inner.within(c, AND) for c in [*loop.ifs, node.elt]])
            return f"the number of {self.words.domain(domain)} where {both}", PHRASE
        if kind in ("best", "worst"):
            value = inner.within(node.elt, SUM).removeprefix(f"{called}’s ")
            noun = loop_noun(self.words, domain, called)
            among = f" among those{where}" if where else ""
            return f"the {noun} with the {'highest' if kind == 'best' else 'lowest'} {value}{among}", PHRASE
        head = {"sum": "the sum", "max": "the highest", "min": "the lowest"}[kind]
        over = f", over {many}{where}," if where else f" over {many}"
        return f"{head}{over} of {inner.within(node.elt, PRODUCT)}", PHRASE

    def quantified(self, head: str, node: ast.expr) -> str:
        """``any`` and ``all``: "for every region where …: …"."""
        assert isinstance(node, ast.GeneratorExp)
        inner, loop = self.loop(node)
        noun = loop_noun(self.words, _domain(loop), inner.names[_variable(loop)])
        where = f" where {' and '.join(inner.within(c, AND) for c in loop.ifs)}" if loop.ifs else ""
        return f"{head} {noun}{where}, {inner.within(node.elt, OR)}"

    def loop(self, node: ast.GeneratorExp) -> tuple[Phrases, ast.comprehension]:
        """A speaker that knows the loop's variable."""
        (loop,) = node.generators
        called = loop_word(self.words, _variable(loop), _domain(loop), self.names)
        return Phrases(self.words, self.names | {_variable(loop): called}), loop


def _variable(loop: ast.comprehension) -> str:
    assert isinstance(loop.target, ast.Name)
    return loop.target.id


def _domain(loop: ast.comprehension) -> str:
    assert isinstance(loop.iter, ast.Name)
    return loop.iter.id


def _bounded(args: list[ast.expr]) -> tuple[ast.expr, ast.expr | None]:
    """The other argument and the constant of ``max(2, x)``; no constant for anything else."""
    if len(args) == 2:
        for other, constant in ((args[1], args[0]), (args[0], args[1])):
            if isinstance(constant, ast.Constant) and not isinstance(other, ast.Constant):
                return other, constant
    return args[0], None


def _indexed(node: ast.expr) -> tuple[str, list[ast.expr]]:
    """Name and indices of ``t[x]``, ``x.t`` and ``t(x)``; no name for anything else."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        return node.value.id, [node.slice]
    if isinstance(node, ast.Attribute):
        return node.attr, [node.value]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id, node.args
    return "", []
