"""Numbers, dates, plurals and lists as people write them: a true minus, "1 move" and "2 moves", "a, b and c"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence

MINUS = "−"
ONE = re.compile(rf"(?<![\d.,{MINUS}-])1 (more )?([a-z]*[a-rt-z])s\b")
TIMES = {1: "once", 2: "twice"}
FRACTIONS = (
    "half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
    "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth",
)  # fmt: skip


def number(value: float, places: int = 0, *, plus: bool = False, grouped: bool = False) -> str:
    """Return a number with a true minus; what rounds to zero has no sign.

    Args:
        value: A finite number.
        places: Digits after the point.
        plus: Whether a positive number shows its sign.
        grouped: Whether thousands are set apart by commas.

    Example:
        >>> number(-3), number(1234.56, 1, plus=True, grouped=True)
        ('−3', '+1,234.6')
    """
    text = f"{abs(value):{',' if grouped else ''}.{places}f}"
    if not text.strip("0.,"):
        return text
    return f"{MINUS if value < 0 else '+' if plus else ''}{text}"


def rounded(value: float) -> str:
    """Return a number with no more decimals than its size deserves.

    Example:
        >>> rounded(0.254), rounded(0.5), rounded(12.34), rounded(-1234.0)
        ('0.25', '0.5', '12.3', '−1234')
    """
    places = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    text = number(value, places)
    return text[:-1] if places == 2 and text.endswith("0") else text


def signed(value: int) -> str:
    """Return a change as people write it: +3, −2, ±0."""
    return number(value, plus=True) if value else "±0"


def agreed(text: str) -> str:
    """Return a text in which what is counted agrees with a single one: "1 months ahead" becomes "1 month ahead".

    Example:
        >>> agreed("You have closed up for 1 more rounds, 21 months ahead.")
        'You have closed up for 1 more round, 21 months ahead.'
    """
    return ONE.sub(r"1 \1\2", text)


def hundredths(value: int) -> str:
    """Return a value that is kept in hundredths as a decimal number: 250 is "2.5"."""
    whole, rest = divmod(abs(value), 100)
    text = f"{whole}.{rest:02d}".rstrip("0").rstrip(".")
    return f"{MINUS}{text}" if value < 0 else text


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a number of things: "1 seat", "1,204 seats"."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def ordinal(place: int) -> str:
    """Return a place in a ranking: "1st", "2nd", "11th"."""
    ending = "th" if 10 < place % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def fraction(parts: int) -> str:
    """Return one of so many equal parts, two at least.

    Example:
        >>> fraction(3), fraction(8), fraction(25)
        ('a third', 'an eighth', 'one 25th')
    """
    if parts - 2 >= len(FRACTIONS):
        return f"one {ordinal(parts)}"
    word = FRACTIONS[parts - 2]
    return f"{'an' if word[0] == 'e' else 'a'} {word}"


def times(count: int, span: str) -> str:
    """Return how often something may happen: "once a round"."""
    return f"{TIMES.get(count, f'{count} times')} a {span}"


def joined(parts: Sequence[str], last: str = "and", *, quoted: bool = False) -> str:
    """Return parts as a list in prose.

    Args:
        parts: Any number of texts.
        last: The word before the last of them.
        quoted: Whether all are put in quotation marks when one of several has a comma or that word inside.

    Example:
        >>> joined(["chips", "bans", "fees"]), joined(["a and b", "c"], quoted=True)
        ('chips, bans and fees', '“a and b” and “c”')
    """
    if len(parts) < 2:
        return "".join(parts)
    if quoted and any(f" {last} " in part or "," in part for part in parts):
        parts = [f"“{part}”" for part in parts]
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def month(date: tuple[int, int]) -> str:
    """Return a year and month as printed: January 2025."""
    return f"{calendar.month_name[date[1]]} {date[0]}"
