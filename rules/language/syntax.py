"""The syntax of expressions, groups and signatures: text in, Python syntax trees out, nothing is run."""

from __future__ import annotations

import ast
import re

from rules.model.faults import Faults
from rules.model.terms import Where

MAX_CHARACTERS = 500
MAX_DEPTH = 30


def parse(text: object, where: Where, faults: Faults) -> ast.expr | None:
    """The syntax tree of an expression; notes a fault and returns nothing when it is not one."""
    if isinstance(text, (bool, int)):
        return ast.Constant(text)
    if not isinstance(text, str) or not text.strip():
        faults.add(where, "an expression is expected")
        return None
    if len(text) > MAX_CHARACTERS:
        faults.add(
            where,
            f"the expression has {len(text)} characters, at most {MAX_CHARACTERS} are allowed",
            "split it with 'defines'",
        )
        return None
    for sign in ("\\", "#"):
        if sign in text:
            faults.add(where, f"'{sign}' is not part of the language")
            return None
    try:
        return ast.parse(" ".join(text.split()), mode="eval").body
    except SyntaxError as error:
        faults.add(where, f"not an expression: {text.strip()!r}", _hint(text, error))
    except (RecursionError, MemoryError, ValueError):
        faults.add(where, f"the expression is nested deeper than {MAX_DEPTH} levels", "split it with 'defines'")
    return None


def parse_group(text: str, where: Where, faults: Faults) -> tuple[str, str, ast.expr | None] | None:
    """The variable, domain and condition of ``VAR in DOMAIN if COND``."""
    match = re.match(r"\s*([A-Za-z_]\w*)\s+in\s+([A-Za-z_]\w*)\s*(?:\bif\b(.*))?\Z", text, re.DOTALL)
    if match is None:
        faults.add(where, f"'{text.strip()}' is not a part of a set", "write VAR in SET if CONDITION")
        return None
    var, domain, cond = match.groups()
    tree = None
    if cond is not None:
        tree = parse(cond, where, faults)
        if tree is None:
            return None
    return var, domain, tree


def _hint(text: str, error: SyntaxError) -> str:
    if re.search(r"&&|\|\||!(?!=)", text):
        return "write 'and', 'or', 'not'"
    if re.search(r"(?<![=<>!:])=(?!=)", text):
        return "equality is written '=='"
    if "too many nested" in (error.msg or ""):
        return f"nested deeper than {MAX_DEPTH} levels"
    return f"{error.msg}, at character {error.offset}" if error.offset else str(error.msg)
