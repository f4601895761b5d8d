"""Whether several conditions can hold together: what each comparison leaves of a value's bounds."""

from __future__ import annotations

from rules.checking.intervals import Analysis, Bounds
from rules.model.terms import Binary, Compare, Element, Expr, Role, Unary

_NOT = {"<": ">=", "<=": ">", "==": "!=", "!=": "==", ">": "<=", ">=": "<"}
_TURNED = {"<": ">", "<=": ">=", "==": "==", "!=": "!=", ">": "<", ">=": "<="}


class Conjunction:
    """Conditions that must all hold; only comparisons joined by ``and`` are looked into."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._bounds: dict[Expr, Bounds] = {}
        self._same: dict[Expr, Expr] = {}
        self._other: set[tuple[Expr, Expr]] = set()

    def add(self, cond: Expr) -> bool:
        """Adds a condition; false when it contradicts those before it."""
        match cond:
            case Binary(op="and", left=left, right=right):
                return self.add(left) and self.add(right)
            case Unary(op="not", value=Compare(op=op, left=left, right=right)):
                return self._compare(_NOT[op], left, right)
            case Compare(op=op, left=left, right=right):
                return self._compare(op, left, right)
            case _:
                return True

    def _compare(self, op: str, left: Expr, right: Expr) -> bool:
        if left.type.kind == "elem":
            return self._elements(op, left, right)
        return self._narrow(op, left, right) and self._narrow(_TURNED[op], right, left)

    def _narrow(self, op: str, value: Expr, limit: Expr) -> bool:
        """Cuts the bounds of ``value`` by those of ``limit``."""
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
            if not isinstance(fixed, (Element, Role)):
                continue
            if op == "!=":
                self._other.add((value, fixed))
            else:
                known = self._same.setdefault(value, fixed)
                if isinstance(known, Element) and isinstance(fixed, Element) and known != fixed:
                    return False
            if value in self._same and (value, self._same[value]) in self._other:
                return False
        return True
