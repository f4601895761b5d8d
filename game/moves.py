"""The small vocabulary of play: a move, the legal moves of a position, the verdict on a move, and its refusal."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from game.errors import ChokepointError, UsageError

Value = str | int


@dataclass(frozen=True, slots=True, order=True)
class Move:
    """A move by name, with its choices by name: element names or whole numbers. ``pass`` is ``Move("pass")``.

    >>> str(Move.of("tighten_controls", target="beijing"))
    'tighten_controls target=beijing'
    """

    name: str
    args: tuple[tuple[str, Value], ...] = ()

    @classmethod
    def of(cls, name: str, **args: Value) -> Move:
        """A move from its name and choices."""
        return cls(name, tuple(args.items()))

    @classmethod
    def parse(cls, text: str) -> Move:
        """Read back what ``str`` gives; raises UsageError when a choice is not ``name=value``."""
        name, *rest = text.split() or [""]
        args: list[tuple[str, Value]] = []
        for part in rest:
            key, equals, value = part.partition("=")
            if not equals or not key or not value:
                raise UsageError(
                    f"'{part}' is no choice of a move", "write the move's name, then choice=value for each"
                )
            args.append((key, int(value) if value.lstrip("-").isdigit() else value))
        return cls(name, tuple(args))

    @property
    def arguments(self) -> dict[str, Value]:
        """The choices as a mapping."""
        return dict(self.args)

    def __str__(self) -> str:
        return " ".join([self.name, *(f"{key}={value}" for key, value in self.args)])


PASS = Move("pass")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a move may be played; if not, a code, the rule that says so (path and place) and why, for the player.

    Codes: ``over`` ``turn`` ``unknown`` ``choice`` ``seat`` ``pass`` ``cost`` ``limit`` ``free`` ``requires``.
    Truthy when the move is legal.
    """

    ok: bool
    code: str = "ok"
    rule: str = ""
    sentence: str = ""

    def __bool__(self) -> bool:
        return self.ok


class IllegalMove(ChokepointError):
    """A move that the rules refuse; ``verdict`` says why. The game is unchanged."""

    def __init__(self, verdict: Verdict) -> None:
        """Wrap the refusal."""
        super().__init__(verdict.sentence)
        self.verdict = verdict


class LegalMoves(Collection[Move]):
    """The legal moves of the acting seat: iterate, ``len``, ``in``; the same object answers as a mask.

    Order is the rulebook's. ``mask()`` has one cell for each of the game's actions (``Game.actions``).
    """

    def __init__(self, actions: tuple[Move, ...], ids: Mapping[Move, int], mask: npt.NDArray[np.bool_]) -> None:
        """Wrap a mask; worked out by the engine."""
        self._actions, self._ids, self._mask = actions, ids, mask

    @cached_property
    def _moves(self) -> tuple[Move, ...]:
        actions = self._actions
        return tuple([actions[i] for i in np.flatnonzero(self._mask).tolist()])

    def __iter__(self) -> Iterator[Move]:
        return iter(self._moves)

    def __len__(self) -> int:
        return len(self._moves)

    def __contains__(self, move: object) -> bool:
        return isinstance(move, Move) and move in self._ids and bool(self._mask[self._ids[move]])

    def mask(self) -> npt.NDArray[np.bool_]:
        """A copy of the mask, shape (actions,)."""
        return self._mask.copy()

    def names(self) -> list[str]:
        """Names of the moves that have a legal choice, each once, in rulebook order."""
        return list(dict.fromkeys(move.name for move in self))
