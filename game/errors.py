"""The engine's errors: one small family; a message says what, where, what was expected, and what to do."""

from __future__ import annotations

from collections.abc import Iterable

from rules.model.faults import did_you_mean


class ChokepointError(Exception):
    """Base of every error that a user can cause; ``str()`` is a sentence fit to print as it is."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep the sentence and, apart from it, what to do about it."""
        joint = " " if message.endswith("?") else "; "
        super().__init__(f"{message}{joint}{hint}" if hint else message)
        self.message = message
        self.hint = hint


class UsageError(ChokepointError):
    """The call itself is off (exit status 2): doubled seats, missing parts, contradictory options."""


class UnknownName(ChokepointError):
    """A name that nothing has; the hint gives the nearest one, or all when they are few."""

    def __init__(self, kind: str, name: str, choices: Iterable[str], where: str = "") -> None:
        """``kind`` is the word for the thing (scenario, seat, move …), ``choices`` the valid names."""
        self.kind, self.name, self.choices = kind, name, tuple(choices)
        if near := did_you_mean(name, self.choices):
            hint = near
        elif len(self.choices) <= 16:
            hint = f"choose from {', '.join(self.choices)}" if self.choices else "there is none to choose from"
        else:
            hint = f"there are {len(self.choices)} to choose from, such as {', '.join(self.choices[:5])}"
        super().__init__(f"unknown {kind} '{name}'{' in ' + where if where else ''}", hint)


class GameOver(ChokepointError):
    """A move, or a question about whose turn it is, after the end."""


class RecordError(ChokepointError):
    """A saved game that cannot be read, or not beyond a point."""


class RuleTooLong(ChokepointError):
    """A rule that needs more values at the same time than the engine holds."""


class ProgramError(ChokepointError):
    """Bytecode that the verifier refuses. Never a user's fault: report it."""
