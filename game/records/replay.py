"""Plays a saved game again: chance is worked out anew, and every recorded hash must be met.

Where the engine or the rules no longer give the recorded state, the replay stops before that move and says at which
world step the two part.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from game.core.facilitator import PLAYED as PLAYED_ACTS
from game.core.facilitator import check_act
from game.core.game import Game
from game.errors import ChokepointError, RecordError
from game.moves import Move
from game.records.node import Node
from game.records.record import Record
from rules import SHIPPED, Rulebook, RuleErrors, load_rulebook, rulebook_from
from rules.model.rulebook import SEMANTICS

OTHERWISE = "gives another state than recorded"
"""How the reason begins where a move leads elsewhere than it did."""


@dataclass(frozen=True, slots=True)
class Divergence:
    """The first node that does not replay: which, from which world step on (if it got that far), and why."""

    node: Node
    step: str | None
    reason: str

    def __str__(self) -> str:
        return f"move {self.node.id} ({self.node.title}) {self.reason}"


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of replaying a line: the game where it stopped, how many nodes it played, and what went wrong.

    When ``ok`` is false the game stands before ``divergence.node``: show it, but do not play on.
    """

    game: Game
    played: int
    divergence: Divergence | None

    @property
    def ok(self) -> bool:
        """Whether the whole line was played."""
        return self.divergence is None

    @property
    def at_node(self) -> int | None:
        """Id of the node that does not replay."""
        return self.divergence.node.id if self.divergence else None

    @property
    def step(self) -> str | None:
        """The world step from which on the states differ, when the world turn ran that far."""
        return self.divergence.step if self.divergence else None

    @property
    def reason(self) -> str:
        """Why the replay stopped, as a sentence; empty when it did not."""
        return str(self.divergence) if self.divergence else ""


def replay(record: Record, upto: int | None = None, *, jit: bool = False) -> Replayed:
    """Play a record's line from the start to its head, or to the node ``upto``.

    Raises:
        RecordError: There is nothing to play: a view, no rulebook, rules with faults or of a newer program.
        UnknownName: There is no node ``upto``, or no such scenario in the rulebook.
    """
    line = record.line_to(record.head if upto is None else upto)
    game = start(record, jit=jit)
    for played, node in enumerate(line):
        if divergence := play_node(game, node):
            return Replayed(game, played, divergence)
    return Replayed(game, len(line), None)


def game_of(record: Record) -> Game:
    """Return the game of a record, played to its head.

    Raises:
        RecordError: It does not replay.
    """
    result = replay(record)
    if not result.ok:
        raise RecordError(
            f"{record.file} does not replay: {result.reason}", "'chokepoint save verify' tells more about the file"
        )
    return result.game


def load_game(path: str | Path) -> Game:
    """Return the game of a saved record, played to its head.

    The branches of its tree and what was said in it stay behind; ``Record.load`` reads those.

    Raises:
        RecordError: The file cannot be read, or does not replay.
    """
    return game_of(Record.load(path))


def start(record: Record, *, jit: bool = False) -> Game:
    """Return the game of a record before its first move.

    Raises:
        RecordError: There is nothing to play (see ``replay``).
    """
    try:
        return Game(rulebook_of(record), record.scenario, record.seed, jit=jit)
    except RecordError:
        raise
    except ChokepointError as error:
        raise RecordError(f"{record.file} cannot be set up: {error.message}", error.hint) from None


def play_node(game: Game, node: Node) -> Divergence | None:
    """Play one node; on a divergence the game stands before it."""
    acts = len(game.acts)
    try:
        refusal = _refused(game, node)
        divergence = _differs(game, node) if refusal is None else Divergence(node, None, refusal)
    except ChokepointError as error:
        divergence = Divergence(node, None, f"cannot be replayed: {error.message}")
    if divergence is not None:
        game.rewind(len(game.acts) - acts)
    return divergence


def _refused(game: Game, node: Node) -> str | None:
    """Play the move or act, or return why it cannot be."""
    if node.facilitator == "inject" and "event" in node.more:
        game.inject(str(node.more["event"]))
        return None
    if node.facilitator in PLAYED_ACTS:
        verdict = check_act(game, node.facilitator, node.more)
        if not verdict:
            return f"cannot be done here: {verdict.sentence}"
        game.act(node.facilitator, node.more)
        return None
    if node.facilitator is not None:
        return f"is an act that this program does not know: '{node.facilitator}'; install a newer chokepoint"
    if game.over:
        return "comes after the end of the game"
    if node.seat != game.seat:
        return f"is out of turn: it is {game.seat}'s"
    move = Move(str(node.do), tuple(node.args.items()))
    verdict = game.check(move)
    if not verdict:
        return f"is not legal here: {verdict.sentence}"
    game.play(move)
    return None


def _differs(game: Game, node: Node) -> Divergence | None:
    """Compare the hashes; return from which world step on, if the move itself still agrees."""
    if node.world:
        for (name, now), then in zip(game.last_steps, node.world, strict=False):
            if now != then:
                return Divergence(node, name, f"{OTHERWISE}, from the world step '{name}' on")
        if len(game.last_steps) != len(node.world):
            ran = f"ran {len(game.last_steps)} world steps, {len(node.world)} are recorded"
            return Divergence(node, None, ran)
    if node.check and node.check != game.state_hash:
        return Divergence(node, None, OTHERWISE)
    return None


def rulebook_of(record: Record) -> Rulebook:
    """Return the rulebook that a record was played with: the one inside, or the shipped one if that is the same.

    Raises:
        RecordError: There is neither, it has faults, or it needs a newer program.
    """
    if record.kind != "game":
        raise RecordError(
            f"{record.file} holds what one seat saw of a game, not the game", "replay the record that it came from"
        )
    semantics = record.header.get("semantics", 1)
    if not isinstance(semantics, int) or not 1 <= semantics <= SEMANTICS:
        raise RecordError(
            f"{record.file} was played on a newer engine (semantics {semantics!r:.40}, this one knows {SEMANTICS})",
            "install a newer chokepoint to replay it; the file is untouched",
        )
    book = _inside(record)
    if book is None or altered(record, book):
        return _shipped(record) or book or _missing(record)
    return book


def altered(record: Record, book: Rulebook) -> bool:
    """Return whether a rulebook is not the one whose hash the record carries."""
    return record.rules.get("sha256") != book.sha256


def _inside(record: Record) -> Rulebook | None:
    inside = record.rules.get("embedded")
    if not isinstance(inside, dict) or not inside:
        return None
    try:
        return _checked(json.dumps(inside))
    except RuleErrors as errors:
        if _shipped(record) is not None:
            return None
        more = f" (and {len(errors.faults) - 1} more)" if len(errors.faults) > 1 else ""
        raise RecordError(
            f"the rulebook inside {record.file} has faults: {errors.faults[0]}{more}",
            "it was damaged or needs a newer chokepoint",
        ) from None


@lru_cache(maxsize=8)
def _checked(text: str) -> Rulebook:
    """Checking a rulebook takes longer than reading a record, and many records share one."""
    source: dict[str, Any] = json.loads(text)
    return rulebook_from(source)


def _shipped(record: Record) -> Rulebook | None:
    """Return the shipped rulebook that has the record's name and hash."""
    name = record.rules.get("name")
    if name not in SHIPPED:
        return None
    book = load_rulebook(str(name))
    return None if altered(record, book) else book


def _missing(record: Record) -> Rulebook:
    raise RecordError(
        f"the rulebook '{record.rules.get('name')}' that {record.file} was played with is not inside it",
        "and no shipped rulebook is the same; restore the file from a copy",
    )
