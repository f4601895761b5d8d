"""One game: whose turn it is, what is legal and why not, play, undo, branch; everything else goes through this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from game.core.facilitator import check_act, perform
from game.core.position import Position, hash_of
from game.core.preview import Change, preview
from game.core.verdict import judge
from game.core.view import Later, View, view_of
from game.engine import kernel as k
from game.engine.engine import BUILT_IN, engine_for
from game.engine.log import LogEntry, Page, draws, peeks
from game.errors import GameOver, UnknownName, UsageError
from game.moves import IllegalMove, LegalMoves, Move, Value, Verdict
from rules.model.rulebook import Doctrine, Rulebook

MAX_SEED = 2**63 - 1


@dataclass(frozen=True)
class Act:
    """Something done in a game, for its record: a move of a seat, or (no seat) a facilitator's act with ``details``."""

    seat: str | None
    move: Move
    row: Any = field(repr=False, compare=False)
    steps: Sequence[tuple[str, str]]
    details: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def state_hash(self) -> str:
        """The hash of the state after it. Made when asked for: it takes longer than all else that a move takes."""
        return hash_of(self.row)


class Game(Position):
    """A game in progress.

    >>> game = Game(load_rulebook("standard"), scenario="duel_2025", seed=7)
    >>> move = next(iter(game.legal()))
    >>> game.play(move)

    With ``jit`` the compiled kernel runs it (worth its start for thousands of moves); the moves, states and hashes are
    the same either way. Copying costs a few microseconds.
    """

    def __init__(self, book: Rulebook, scenario: str | None = None, seed: int = 0, *, jit: bool = False) -> None:
        """Start a game; raises UnknownName for an unknown scenario, UsageError for a seed out of range."""
        if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= MAX_SEED:
            raise UsageError(f"{seed!r} is no seed", f"give a whole number from 0 to {MAX_SEED}")
        super().__init__(engine := engine_for(book, scenario, jit=jit), engine.memory())
        self.seed = seed
        self._log: Any = engine.log()
        self._pages: list[Page] = []
        self.acts: list[Act] = []
        self._past: list[Any] = []
        engine.kernel.begin(engine.tables, self.memory, self._log, seed & k.MASK32, seed >> 32)
        self._go_on()

    # -------------------------------------------------------------------------------- legality

    def check(self, move: Move, seat: str | None = None) -> Verdict:
        """Whether the acting seat (``seat``, if given, must be acting) may play a move; if not, why.

        The first fault in the rulebook's order is told. Never raises for a bad move.
        """
        return judge(self, self.in_order(move), seat)

    def preview(self, move: Move) -> list[Change]:
        """What a legal move would change of what the acting seat sees, before → lowest … highest over chance and the
        unknown; orders included. Raises IllegalMove. Nothing of the real dice or of hidden tracks is used.
        """
        verdict = self.check(move)
        if not verdict:
            raise IllegalMove(verdict)
        return preview(self, self.action_id(self.in_order(move))) if move.name != "pass" else []

    # ------------------------------------------------------------------------------------ play

    @property
    def log(self) -> list[LogEntry]:
        """Everything that has happened, oldest first."""
        return [entry for page in self._pages for entry in page.entries]

    @log.setter
    def log(self, entries: list[LogEntry]) -> None:
        self._pages = [Page.of(entries), *(Page.of([]) for _ in self._past)]

    def play(self, move: Move | str, **args: Value) -> list[LogEntry]:
        """Play a move of the acting seat and go on to the next decision; returns what changed on the way.

        Raises IllegalMove (the game is then unchanged) or GameOver.
        """
        self.push(Move.of(move, **args) if isinstance(move, str) else move)
        return self._pages[-1].entries.copy()

    def push(self, move: Move, legal: LegalMoves | None = None) -> None:
        """Play a move like ``play`` without a word on what changed; ``legal`` are the legal moves where they are known,
        which saves looking for them again.
        """
        seat = self.seat
        if seat is None:
            raise GameOver("the game is over", "undo, branch from an earlier position, or start a new game")
        if legal is None or move not in legal:
            move = self.in_order(move)
            verdict = self.check(move)
            if not verdict:
                raise IllegalMove(verdict)
        engine, played, round_ = self.engine, move, self.round
        self._past.append(self.row())
        self._log[0] = 0
        engine.kernel.play(engine.tables, self.memory, self._log, engine.action_ids[move])
        told = Later(lambda: (LogEntry(round_, "move", str(played), seat, f"moves.{played.name}"),))
        self._go_on(told, seat, move)

    def inject(self, event: str) -> list[LogEntry]:
        """Play a news card now (a facilitator's act); raises UnknownName, GameOver."""
        names = [e.name for e in self.engine.layout.events]
        if event not in names:
            raise UnknownName("event", event, names, f"scenario {self.scenario.name}")
        if self.over:
            raise GameOver("the game is over", "a card can be injected only into a running game")
        return self.act("inject", {"event": event})

    def act(self, name: str, details: Mapping[str, Any]) -> list[LogEntry]:
        """A facilitator's act; raises IllegalMove, with the verdict, when it may not be."""
        verdict = check_act(self, name, details)
        if not verdict:
            raise IllegalMove(verdict)
        self._past.append(self.row())
        self._log[0] = 0
        said: dict[str, Value] = {key: details[key] for key in ("event", "track", "to", "draw") if key in details}
        self._go_on(perform(self, self._log, name, details), None, Move.of(name, **said), details)
        return self._pages[-1].entries.copy()

    def _go_on(
        self,
        first: Sequence[LogEntry] = (),
        seat: str | None = None,
        move: Move | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Advance to the next decision, take in the log, and remember the act."""
        engine = self.engine
        engine.kernel.advance(engine.tables, self.memory, self._log, 1)
        page = Page(engine.reader, first, self._log)
        self._pages.append(page)
        if move is not None:
            self.acts.append(Act(seat, move, self.row(), Later(page.steps), details or {}))

    @property
    def last_steps(self) -> Sequence[tuple[str, str]]:
        """The world steps that the last act brought about, each with the hash of the state after it."""
        return self.acts[-1].steps if self.acts else ()

    # ------------------------------------------------------------------------- back and sideways

    def can_undo(self) -> Verdict:
        """Whether the last move may be taken back by its player: nobody else acted, no dice, nothing revealed."""
        if not self._past:
            return Verdict(False, "undo", "", "there is nothing to undo")
        act, row = self.acts[-1], self._past[-1]
        if act.seat is None:
            return Verdict(False, "undo", "", "only a facilitator takes back what a facilitator did")
        if act.seat != self.seat or int(row[k.H_ROUND]) != self.round or act.move.name == "pass":
            return Verdict(False, "undo", "", "the turn has passed on")
        move = self.book.moves[act.move.name]
        if draws(move.effects):
            return Verdict(False, "undo", f"moves.{move.name}", "the move called on chance")
        if peeks(move, self.engine.layout):
            return Verdict(False, "undo", f"moves.{move.name}", "the move revealed something hidden")
        return Verdict(True)

    def undo(self) -> None:
        """Take back the acting seat's last move; raises IllegalMove when ``can_undo`` says no."""
        verdict = self.can_undo()
        if not verdict:
            raise IllegalMove(verdict)
        self.rewind()

    def rewind(self, acts: int = 1) -> None:
        """Take back the last acts whatever they were (a facilitator's right; also what search and tests use)."""
        if not 0 <= acts <= len(self._past):
            raise UsageError(f"cannot go back {acts} acts", f"there are {len(self._past)}")
        for _ in range(acts):
            row = self._past.pop()
            self.memory[k.ROW : k.ROW + len(row)] = row
            self._pages.pop()
            self.acts.pop()

    @property
    def rounds_of_acts(self) -> list[int]:
        """The round in which each act was done."""
        return [int(row[k.H_ROUND]) for row in self._past]

    def branch(self) -> Game:
        """An independent game that stands where this one stands."""
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        twin.memory = self.memory.copy()
        twin._log = self.engine.log()
        twin._pages, twin.acts, twin._past = self._pages.copy(), self.acts.copy(), self._past.copy()
        return twin

    copy = branch

    def with_hidden(self, seat: str, salt: int) -> Game:
        """Another world that ``seat`` cannot tell from this one: what it cannot see redrawn, another seed and deck.

        For tests that nobody peeks and for players that imagine.
        """
        twin = self.branch()
        engine = self.engine
        engine.kernel.redraw_hidden(engine.tables, twin.memory, self.seats.index(seat), salt & k.MASK32)
        return twin

    # ---------------------------------------------------------------------------- what it tells

    def view(self, seat: str, legal: LegalMoves | None = None) -> View:
        """All that a seat may know, and nothing else; raises UnknownName. ``legal`` are the legal moves where known."""
        if seat not in self.seats:
            raise UnknownName("seat", seat, self.seats)
        pages = tuple(self._pages)
        return view_of(self, seat, lambda: [entry for page in pages for entry in page.entries], legal)

    def choose(self, player: Doctrine | str) -> Move:
        """What a kernel player (a doctrine, ``random`` or ``greedy``) would play now; raises GameOver."""
        if self.over:
            raise GameOver("the game is over", "nobody has a choice to make")
        seat = self.seat
        assert seat is not None
        cast = () if isinstance(player, str) else ((seat, player),)
        engine = engine_for(self.book, self.scenario.name, cast, jit=self.engine.jit)
        number = BUILT_IN.get(player) if isinstance(player, str) else 0
        if number is None:
            raise UnknownName("player", str(player), BUILT_IN)
        mem = engine.memory()
        mem[k.ROW : k.ROW + engine.layout.size] = self.row()
        at = self.header(k.H_SEAT)
        action = engine.kernel.decide(engine.tables, mem, engine.silent, at, number, engine.zeros(1), 0)
        return self.actions[int(action)]
