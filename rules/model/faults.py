"""What is wrong with a rule file: one fault, all faults of a run, and the nearest right name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches

from rules.model.terms import Where


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, where it stands, and what would put it right (``hint`` may be empty)."""

    where: Where
    message: str
    hint: str = ""

    @property
    def sentence(self) -> str:
        """Path, message and hint, without file and line."""
        path = f"{self.where.path}: " if self.where.path else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{path}{self.message}{hint}"

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}"


class RuleErrors(Exception):
    """Every fault found in a rulebook or doctrine; ``str()`` prints one a line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: list[Fault] = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Faults:
    """Collects faults; the same words about the same place are kept once."""

    def __init__(self) -> None:
        self._faults: dict[tuple[str, int, str, str], Fault] = {}

    def add(self, where: Where, message: str, hint: str = "") -> None:
        """Note a fault."""
        key = (where.file, where.line, where.path, message)
        self._faults.setdefault(key, Fault(where, message, hint))

    def unknown(self, where: Where, kind: str, name: str, choices: Iterable[str]) -> None:
        """Note a name that nothing of its kind has, with the nearest that there is."""
        self.add(where, f"unknown {kind} '{name}'", did_you_mean(name, choices))

    def __len__(self) -> int:
        return len(self._faults)

    def all(self) -> list[Fault]:
        """Return the faults in the order of files and lines.

        A name that is unknown in many places, because its declaration is misspelt, is one fault that lists them.
        """
        ordered = sorted(self._faults.values(), key=lambda fault: (fault.where.file, fault.where.line))
        alike: dict[tuple[str, object], list[Fault]] = {}
        for position, fault in enumerate(ordered):
            key = (fault.message, fault.hint if fault.message.startswith("unknown ") else position)
            alike.setdefault(key, []).append(fault)
        return [_joined(faults) for faults in alike.values()]

    def stop(self) -> None:
        """Raise ``RuleErrors`` if anything was noted."""
        if self._faults:
            raise RuleErrors(self.all())


def _joined(faults: list[Fault]) -> Fault:
    """Faults that say the same, as one that lists their places."""
    first, *others = faults
    if not others:
        return first
    places = listed(dict.fromkeys(str(fault.where) for fault in others if str(fault.where) != str(first.where)), 8)
    also = f"also in {places}" if places else ""
    return replace(first, hint=" ".join(part for part in (first.hint, also) if part))


def nearest(name: str, choices: Iterable[str]) -> str | None:
    """Return the likeliest intended name, or none when none is near."""
    options = list(choices)
    if found := get_close_matches(name, options, n=1, cutoff=0.6):
        return found[0]
    folded = name.lower().replace("-", "_").replace(" ", "_")
    return folded if folded in options else None


def did_you_mean(name: str, choices: Iterable[str]) -> str:
    """Return the hint at the likeliest intended name; empty when none is near."""
    near = nearest(name, choices)
    return f"did you mean '{near}'?" if near is not None else ""


def listed(names: Iterable[str], limit: int = 12) -> str:
    """Return names in one line of text, cut short after ``limit``."""
    every = list(names)
    text = ", ".join(every[:limit])
    return f"{text}, …" if len(every) > limit else text
