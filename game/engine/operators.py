"""What the operators and functions of the language mean, on plain integers (the kernel has its own, held to these)."""

from __future__ import annotations

from collections.abc import Sequence


def binary(op: str, left: int, right: int) -> int:
    """Arithmetic (``//`` and ``%`` floor) and logic on 0 and 1."""
    match op:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "//":
            return left // right
        case "%":
            return left % right
        case "and":
            return int(left != 0 and right != 0)
    return int(left != 0 or right != 0)


def compare(op: str, left: int, right: int) -> int:
    """A comparison as 0 or 1."""
    match op:
        case "<":
            return int(left < right)
        case "<=":
            return int(left <= right)
        case "==":
            return int(left == right)
        case "!=":
            return int(left != right)
        case ">":
            return int(left > right)
    return int(left >= right)


def call(fn: str, args: Sequence[int]) -> int:
    """A function; ``toward(x, target, n)`` is x moved one n-th of the way, the step rounded away from zero."""
    match fn:
        case "min":
            return min(args)
        case "max":
            return max(args)
        case "abs":
            return abs(args[0])
        case "clamp":
            return min(max(args[0], args[1]), args[2])
    x, target, n = args
    return x + ((target - x + n - 1) // n if target > x else -((x - target + n - 1) // n))


def times_knob(factor: int, hundredths: int) -> int:
    """``factor * hundredths / 100`` rounded half up."""
    return (factor * hundredths + 50) // 100
