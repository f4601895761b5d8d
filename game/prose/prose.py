"""Puts the rule language's expressions into words: exact, but nothing in them looks like a program.

``÷`` rounds down and a number in brackets after an assumption is its value, as the rulebook's legend says.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from game.prose.expressions import ATOM, SUM, Phrases, tree_of
from game.prose.lexicon import Lexicon
from rules.model.rulebook import Rulebook


class Prose:
    """Expressions of one rulebook in words. ``names`` gives the words for names declared around an expression."""

    def __init__(self, book: Rulebook) -> None:
        """Words for this rulebook."""
        self.book = book
        self.words = Lexicon(book)

    def expr(self, source: object, names: Mapping[str, str] | None = None) -> str:
        """An expression (its text, a number, or a checked ``Expr``) in words, with references marked.

        Example:
            ``expr("me.capital - 2")`` reads "your Capital − 2".
        """
        return Phrases(self.words, names or {}).say(tree_of(source))[0]

    def value(self, source: object, names: Mapping[str, str] | None = None) -> str:
        """The same, in brackets unless it is a single thing; for use inside a sentence."""
        return Phrases(self.words, names or {}).within(tree_of(source), ATOM)

    def amount(self, source: object, names: Mapping[str, str]) -> str:
        """An amount after "by": brackets only where a comma would run on into the sentence."""
        return Phrases(self.words, names).within(tree_of(source), SUM)

    def constant(self, source: object) -> int | None:
        """The whole number that an expression is, if it is one."""
        tree = tree_of(source)
        if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub) and isinstance(tree.operand, ast.Constant):
            return -int(tree.operand.value)  # type: ignore[arg-type]
        return int(tree.value) if isinstance(tree, ast.Constant) else None  # type: ignore[arg-type]

    def own_call(self, what: str, value: object, names: Mapping[str, str]) -> tuple[str, list[ast.expr]] | None:
        """Name and other arguments when a value is a function of the track it is written to: ``t = max(t, 3)``."""
        tree = tree_of(value)
        if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name) or not tree.args:
            return None
        own = [isinstance(part, ast.AST) and self.expr(part, names) == what for part in tree.args]
        if sum(own) != 1 or (tree.func.id == "toward" and not own[0]):
            return None
        return tree.func.id, [part for part, same in zip(tree.args, own, strict=True) if not same]

    def only_if(self, value: object) -> tuple[ast.expr, ast.expr] | None:
        """Amount and condition of ``a if c else 0``."""
        tree = tree_of(value)
        if not isinstance(tree, ast.IfExp) or self.constant(tree.orelse) != 0:
            return None
        return tree.body, tree.test

    def is_test(self, source: object, names: Mapping[str, str]) -> bool:
        """Whether an expression says yes or no."""
        return Phrases(self.words, names).is_test(tree_of(source))

    def part(self, source: ast.expr, names: Mapping[str, str]) -> str:
        """The share of the way that ``toward`` goes."""
        return Phrases(self.words, names).part(source)

    def is_plural(self, target: str, names: Mapping[str, str]) -> bool:
        """Whether the words for a track take a plural verb."""
        return Phrases(self.words, names).plural(tree_of(target))

    def domain(self, source: str, names: Mapping[str, str], *, one: bool = False) -> str:
        """A loop's or choice's domain (``regions``, ``rivals``, ``1..7``) in words."""
        low, dots, high = source.partition("..")
        if dots:
            return f"{self.expr(low, names)} to {self.expr(high, names)}"
        return self.words.domain(source.strip(), one=one)
