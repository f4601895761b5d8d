"""One game: whose turn it is, what is legal and why not, play, undo, branch; everything else goes through this."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from game.core.legality import judge
from game.core.preview import Change, preview
from game.core.view import View, view_of
from game.engine import kernel as k
from game.engine.engine import Engine, engine_for
from game.engine.interpreter import Evaluator
from game.engine.log import LogEntry, draws, peeks
from game.errors import GameOver, IllegalMove, UnknownName, UsageError
from game.moves import LegalMoves, Move, Value, Verdict
from rules.model.rulebook import Doctrine, Rulebook, Scenario, Sentence
from rules.model.terms import Expr

MAX_SEED = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Act:
    """Something done in a game, for its record: a move of a seat, or (no seat) a facilitator's act with ``details``."""

    seat: str | None
    move: Move
    state_hash: str
    steps: tuple[tuple[str, str], ...]
    details: Mapping[str, Any] = field(default_factory=dict)


class Game:
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
        self.book = book
        self.seed = seed
        self._engine = engine_for(book, scenario, jit=jit)
        self._mem: Any = self._engine.memory()
        self._log: Any = self._engine.log()
        self.log: list[LogEntry] = []
        self.acts: list[Act] = []
        self.last_steps: tuple[tuple[str, str], ...] = ()
        self._past: list[tuple[Any, int]] = []
        engine = self._engine
        engine.kernel.begin(engine.tables, self._mem, self._log, seed & k.MASK32, seed >> 32)
        self._go_on()

    # ------------------------------------------------------------------------------- position

    @property
    def scenario(self) -> Scenario:
        """The scenario being played."""
        return self._engine.layout.scenario

    @property
    def seats(self) -> tuple[str, ...]:
        """Names of the seats in the scenario's order."""
        return self._engine.layout.seats

    @property
    def actions(self) -> tuple[Move, ...]:
        """Every action of the scenario by id, legal or not; 0 is passing."""
        return self._engine.actions

    def action_id(self, move: Move) -> int:
        """The id of an action; raises UnknownName for what is no move of the scenario or no choice of the move."""
        if move not in self._engine.action_ids:
            raise UnknownName("move", str(move), [*dict.fromkeys(a.name for a in self.actions)])
        return self._engine.action_ids[move]

    @property
    def round(self) -> int:
        """The round being played, from 1."""
        return self._header(k.H_ROUND)

    @property
    def date(self) -> tuple[int, int]:
        """Year and month in which the round begins."""
        year, month = self.scenario.begins
        months = year * 12 + month - 1 + (self.round - 1) * self.scenario.months
        return months // 12, months % 12 + 1

    @property
    def over(self) -> bool:
        """Whether the game has ended."""
        return bool(self._header(k.H_OVER))

    @property
    def ending(self) -> str | None:
        """``None`` before the end, ``final`` after the last round, else the ending's name."""
        if not self.over:
            return None
        number = self._header(k.H_ENDING)
        return self._engine.layout.endings[number - 1].name if number else "final"

    @property
    def seat(self) -> str | None:
        """The seat that must move; ``None`` after the end."""
        return None if self.over else self.seats[self._header(k.H_SEAT)]

    @property
    def actions_left(self) -> int:
        """Actions that the acting seat may still take this turn."""
        return self.scenario.turns.actions - self._header(k.H_USED)

    @property
    def news(self) -> str | None:
        """The card of the round (the last one if several arrived)."""
        number = self._header(k.H_NEWS)
        return self._engine.layout.events[number].name if number >= 0 else None

    def value(self, track: str, *index: str) -> int:
        """A track's value, whoever may see it; indices are element, seat or role names.

        Raises UnknownName for a track or element that does not exist. A role nobody plays reads 0.
        """
        layout = self._engine.layout
        if track not in layout.places:
            raise UnknownName("track", track, layout.places)
        place = layout.places[track]
        if len(index) != len(place.dims):
            raise UsageError(f"{track} has {len(place.dims)} indices, not {len(index)}", "name one element of each set")
        at = 0
        for of, dim, name in zip(place.track.scope, place.dims, index, strict=True):
            names = layout.elements(of)
            roles = layout.book.roles if of == "seat" else {}
            if name not in names and name not in roles:
                raise UnknownName(of, name, [*names, *roles])
            number = layout.element(of, name)
            if number < 0:
                return 0
            at = at * dim + number
        return int(self._mem[k.ROW + place.base + at])

    def evaluate(self, e: Expr, me: str | None = None, **names: Value) -> int:
        """An expression of the rules on this position (for cards, sentences and reports)."""
        return Evaluator(self._engine.layout, self._mem).value(e, self.numbers(me, names))

    def numbers(self, me: str | None, names: Mapping[str, Value]) -> dict[str, int]:
        """Locals for the evaluator: seats and elements as numbers."""
        layout = self._engine.layout
        found = {"me": layout.element("seat", me) if me is not None else -1}
        for name, value in names.items():
            found[name] = value if isinstance(value, int) else self._number(value)
        return found

    def _number(self, element: str) -> int:
        layout = self._engine.layout
        if element in layout.seats:
            return layout.seats.index(element)
        for each in layout.book.sets.values():
            if element in each.elements:
                return list(each.elements).index(element)
        raise UnknownName(
            "element", element, [*layout.seats, *(e for s in layout.book.sets.values() for e in s.elements)]
        )

    def sentence(self, text: Sentence, me: str | None = None, **names: Value) -> str:
        """A sentence of the rules with its values filled in: titles for elements, digits for numbers."""
        locals_ = self.numbers(me, names)
        evaluator = Evaluator(self._engine.layout, self._mem)
        return "".join(
            part if isinstance(part, str) else self._shown(part, evaluator.value(part, locals_)) for part in text.parts
        )

    def _shown(self, e: Expr, value: int) -> str:
        if e.type.kind != "elem":
            return str(value)
        if value < 0:
            return "nobody"
        if e.type.of == "seat":
            return self.scenario.seats[value].title
        assert e.type.of is not None
        return list(self.book.sets[e.type.of].elements.values())[value]

    def describe(self, move: Move, seat: str | None = None) -> str:
        """A move as a sentence: its title with the choices filled in."""
        if move.name not in self.book.moves:
            return "Pass" if move.name == "pass" else str(move)
        return self.sentence(self.book.moves[move.name].title, seat or self.seat, **move.arguments)

    # -------------------------------------------------------------------------------- legality

    def legal(self) -> LegalMoves:
        """The legal moves of the acting seat; empty after the end."""
        out = self._engine.zeros(len(self.actions))
        if not self.over:
            engine = self._engine
            engine.kernel.legal(engine.tables, self._mem, engine.silent, self._header(k.H_SEAT), out)
        return LegalMoves(self.actions, self._engine.action_ids, np.asarray(out, dtype=np.bool_))

    def check(self, move: Move, seat: str | None = None) -> Verdict:
        """Whether the acting seat (``seat``, if given, must be acting) may play a move; if not, why.

        The first fault in the rulebook's order is told. Never raises for a bad move.
        """
        return judge(self, self._in_order(move), seat)

    def preview(self, move: Move) -> list[Change]:
        """What a legal move would change of what the acting seat sees, before → lowest … highest over chance and the
        unknown; orders included. Raises IllegalMove. Nothing of the real dice or of hidden tracks is used.
        """
        verdict = self.check(move)
        if not verdict:
            raise IllegalMove(verdict)
        return preview(self, self.action_id(self._in_order(move))) if move.name != "pass" else []

    # ------------------------------------------------------------------------------------ play

    def play(self, move: Move | str, **args: Value) -> list[LogEntry]:
        """Play a move of the acting seat and go on to the next decision; returns what changed on the way.

        Raises IllegalMove (the game is then unchanged) or GameOver.
        """
        move = self._in_order(Move.of(move, **args) if isinstance(move, str) else move)
        if self.over:
            raise GameOver("the game is over", "undo, branch from an earlier position, or start a new game")
        verdict = self.check(move)
        if not verdict:
            raise IllegalMove(verdict)
        engine = self._engine
        seat = self.seat
        self._past.append((self._row(), len(self.log)))
        self._log[0] = 0
        kind = LogEntry(self.round, "move", str(move), seat, f"moves.{move.name}")
        engine.kernel.play(engine.tables, self._mem, self._log, engine.action_ids[move])
        return self._go_on([kind], seat, move)

    def inject(self, event: str) -> list[LogEntry]:
        """Play a news card now (a facilitator's act); raises UnknownName, GameOver."""
        names = [e.name for e in self._engine.layout.events]
        if event not in names:
            raise UnknownName("event", event, names, f"scenario {self.scenario.name}")
        if self.over:
            raise GameOver("the game is over", "a card can be injected only into a running game")
        return self.act("inject", {"event": event})

    def act(self, name: str, details: Mapping[str, Any]) -> list[LogEntry]:
        """A facilitator's act; raises IllegalMove, with the verdict, when it may not be."""
        from game.core.facilitator import check_act, perform

        verdict = check_act(self, name, details)
        if not verdict:
            raise IllegalMove(verdict)
        self._past.append((self._row(), len(self.log)))
        self._log[0] = 0
        said: dict[str, Value] = {key: details[key] for key in ("event", "track", "to", "draw") if key in details}
        return self._go_on(perform(self, name, details), None, Move.of(name, **said), details)

    def _go_on(
        self,
        first: Sequence[LogEntry] = (),
        seat: str | None = None,
        move: Move | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> list[LogEntry]:
        """Advance to the next decision, take in the log, and remember the act."""
        engine = self._engine
        engine.kernel.advance(engine.tables, self._mem, self._log, 1)
        new, steps = self._engine.reader.entries(self._log)
        self.last_steps = tuple(steps)
        new[:0] = first
        self.log.extend(new)
        if move is not None:
            self.acts.append(Act(seat, move, self.state_hash, self.last_steps, details or {}))
        return new

    # ------------------------------------------------------------------------- back and sideways

    def can_undo(self) -> Verdict:
        """Whether the last move may be taken back by its player: nobody else acted, no dice, nothing revealed."""
        if not self._past:
            return Verdict(False, "undo", "", "there is nothing to undo")
        act, (row, _) = self.acts[-1], self._past[-1]
        if act.seat is None:
            return Verdict(False, "undo", "", "only a facilitator takes back what a facilitator did")
        if act.seat != self.seat or int(row[k.H_ROUND]) != self.round or act.move.name == "pass":
            return Verdict(False, "undo", "", "the turn has passed on")
        move = self.book.moves[act.move.name]
        if draws(move.effects):
            return Verdict(False, "undo", f"moves.{move.name}", "the move called on chance")
        if peeks(move, self._engine.layout):
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
            row, entries = self._past.pop()
            self._mem[k.ROW : k.ROW + len(row)] = row
            del self.log[entries:]
            self.acts.pop()
        self.last_steps = self.acts[-1].steps if self.acts else ()

    @property
    def rounds_of_acts(self) -> list[int]:
        """The round in which each act was done."""
        return [int(row[k.H_ROUND]) for row, _ in self._past]

    def branch(self) -> Game:
        """An independent game that stands where this one stands."""
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        twin._mem = self._mem.copy()
        twin._log = self._engine.log()
        twin.log, twin.acts, twin._past = self.log.copy(), self.acts.copy(), self._past.copy()
        return twin

    copy = branch

    def with_hidden(self, seat: str, salt: int) -> Game:
        """Another world that ``seat`` cannot tell from this one: what it cannot see redrawn, another seed and deck.

        For tests that nobody peeks and for players that imagine.
        """
        twin = self.branch()
        engine, me = self._engine, self.seats.index(seat)
        kernel, mem = engine.kernel, twin._mem
        for at, owner, low, high, _ in engine.layout.hidden():
            if owner != me:
                mem[k.ROW + at] = low + ((kernel.mix(kernel.mix(salt & k.MASK32, 3), at) * (high - low + 1)) >> 32)
        mem[k.ROW + k.H_SEED_LOW] = kernel.mix(salt & k.MASK32, 1)
        mem[k.ROW + k.H_SEED_HIGH] = kernel.mix(salt & k.MASK32, 2) >> 1
        kernel.redraw(engine.tables, mem, me, salt & k.MASK32)
        kernel.shuffle(engine.tables, mem, k.ROW + engine.layout.order, len(engine.layout.events))
        return twin

    # ---------------------------------------------------------------------------- what it tells

    def view(self, seat: str) -> View:
        """All that a seat may know, and nothing else; raises UnknownName."""
        if seat not in self.seats:
            raise UnknownName("seat", seat, self.seats)
        return view_of(self, seat)

    def scores(self) -> dict[str, int]:
        """Points by seat, final after the end, else as if the game ended now (not for players' eyes)."""
        engine = self._engine
        return {
            seat: int(engine.kernel.score(engine.tables, self._mem, engine.silent, i))
            for i, seat in enumerate(self.seats)
        }

    @property
    def winners(self) -> tuple[str, ...]:
        """The seats with the highest score; none before the end or after a crisis."""
        if not self.over or self._header(k.H_CRISIS):
            return ()
        scores = self.scores()
        best = max(scores.values())
        return tuple(seat for seat, points in scores.items() if points == best)

    def parts(self, seat: str) -> dict[str, int]:
        """Points so far by part of the score, zero parts left out; empty when the rulebook names no parts."""
        track = self.book.goals.parts
        if track is None:
            return {}
        cells = {index[1]: at for at, index in self._engine.layout.cells(track) if index[0] == seat}
        return {part: int(self._mem[k.ROW + at]) for part, at in cells.items() if self._mem[k.ROW + at]}

    def measures(self) -> dict[str, int]:
        """The rulebook's measures as they stand."""
        return {name: self.evaluate(measure.value) for name, measure in self.book.measures.items()}

    def estimate(self, seat: str) -> int:
        """What the rulebook lets a one-step player maximise, as it stands for a seat."""
        return self.evaluate(self.book.goals.estimate, seat)

    def choose(self, player: Doctrine | str) -> Move:
        """What a kernel player (a doctrine, ``random`` or ``greedy``) would play now; raises GameOver."""
        if self.over:
            raise GameOver("the game is over", "nobody has a choice to make")
        seat = self.seat
        assert seat is not None
        cast = () if isinstance(player, str) else ((seat, player),)
        engine = engine_for(self.book, self.scenario.name, cast, jit=self._engine.jit)
        number = {"random": k.P_RANDOM, "greedy": k.P_GREEDY}.get(player) if isinstance(player, str) else 0
        if number is None:
            raise UnknownName("player", str(player), ["random", "greedy"])
        mem = engine.memory()
        mem[k.ROW : k.ROW + engine.layout.size] = self._row()
        at = self._header(k.H_SEAT)
        action = engine.kernel.decide(engine.tables, mem, engine.silent, at, number, engine.zeros(1), 0)
        return self.actions[int(action)]

    @property
    def state_hash(self) -> str:
        """Sixteen hex digits over the whole row: equal for equal positions of equal rulebooks."""
        row = self._row()
        plain = row.tobytes() if self._engine.jit else array("q", row).tobytes()
        return hashlib.blake2b(plain, digest_size=8).hexdigest()

    # ----------------------------------------------------------------------------------- inside

    def _in_order(self, move: Move) -> Move:
        """The move with its choices in the rulebook's order, if they are its choices."""
        rule = self.book.moves.get(move.name)
        given = move.arguments
        if rule is None or set(given) != {choice.name for choice in rule.choices}:
            return move
        return Move(move.name, tuple((choice.name, given[choice.name]) for choice in rule.choices))

    def _header(self, field: int) -> int:
        return int(self._mem[k.ROW + field])

    def _row(self) -> Any:
        return self._mem[k.ROW : k.ROW + self._engine.layout.size].copy()

    @property
    def engine(self) -> Engine:
        """The compiled scenario (for adapters and tests)."""
        return self._engine

    @property
    def kernel_log(self) -> Any:
        """What the kernel logs into until the next decision (for ``game.core.facilitator``)."""
        return self._log

    @property
    def memory(self) -> Any:
        """The kernel's memory of this game (for adapters and tests; nobody but ``game.core.facilitator`` writes)."""
        return self._mem
