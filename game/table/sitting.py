"""One game at the table: who plays what, every move written down at once, taken up again where it stood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ai_players import Spec
from game.console.match import usual_players
from game.core.game import Game
from game.engine.log import LogEntry
from game.errors import ChokepointError, RecordError
from game.moves import Move
from game.narrative.board import Board
from game.narrative.chronicle import Chronicle
from game.narrative.sight import Sight, board_of, public_sight, seat_sight
from game.records.journal import Journal
from game.records.node import Node
from game.records.record import Record
from game.records.replay import replay
from game.table.bots import Bot
from game.table.facilitation import Facilitation
from game.table.offers import Offers
from rules import RuleErrors
from rules.model.rulebook import Rulebook

HUMAN = "human"
KEY = "window"
"""Key of a record's header under which the window keeps what only it needs (timer, PINs)."""


@dataclass(slots=True)
class Chair:
    """Who plays a seat: a team's name, and ``human`` or a player's name."""

    player: str = HUMAN
    team: str = ""

    @property
    def human(self) -> bool:
        """Whether a person plays it."""
        return self.player == HUMAN


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new game is made of. ``timer`` is minutes a turn, 0 for none; ``kept`` is what the window keeps besides it
    (PINs), ``more`` goes into the record's header.
    """

    book: Rulebook
    scenario: str
    seed: int
    chairs: Mapping[str, Chair]
    timer: int = 0
    overrides: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    kept: Mapping[str, Any] = field(default_factory=dict)


LONGEST_TIMER = 600
"""Minutes that a turn can have at most; a file that says more is not believed."""


class Sitting:
    """A game with its record, its journal on disk and its players.

    ``version`` grows whenever the position changes: what is worked out from a position is kept under it. ``players``
    are those that no name finds (from ``--bots``).
    """

    def __init__(self, game: Game, record: Record, journal: Journal | None, timer: int = 0) -> None:
        """Use ``begin`` or ``resume``."""
        self.game, self.record, self.journal, self.timer = game, record, journal, timer
        self.trouble = ""
        self.version = 0
        self.chairs = {seat: _chair(record.seats.get(seat, {})) for seat in game.seats}
        self.board: Board = board_of(game)
        self.chronicle = Chronicle(game)
        self.offers = Offers(game, self.board)
        self.facilitation = Facilitation(self)
        self.players: Mapping[str, Spec] = {}
        self._bots: dict[str, Bot] = {}
        self._sights: dict[tuple[str | None, int], Sight] = {}

    @classmethod
    def begin(cls, plan: Plan, path: Path | None) -> Sitting:
        """Starts a game; ``path`` is where it is autosaved.

        Raises:
            ChokepointError: The scenario or the seed is none. A journal that cannot be opened is told in ``trouble``.
        """
        game = Game(plan.book, plan.scenario, plan.seed)
        seats = {seat: {"team": chair.team, "player": chair.player} for seat, chair in plan.chairs.items()}
        header = {KEY: {"timer": plan.timer, **plan.kept}, **plan.more}
        record = Record.new(plan.book, plan.scenario, plan.seed, seats, plan.overrides, **header)
        game.origin = record
        sitting = cls(game, record, None, plan.timer)
        sitting.save_to(path)
        return sitting

    @classmethod
    def resume(cls, record: Record, path: Path | None) -> Sitting:
        """Takes a record up at its head.

        Raises:
            RecordError: It cannot be played on: a seat's view, rules with faults, or a move that replays otherwise.
        """
        try:
            result = replay(record)
        except RuleErrors as errors:
            raise RecordError(f"{record.file}: {errors.faults[0]}") from None
        if not result.ok:
            raise RecordError(
                f"{record.file} does not replay: {result.reason}", "'chokepoint save verify' tells more about the file"
            )
        sitting = cls(result.game, record, None)
        timer = sitting.kept.get("timer", 0)
        sitting.timer = timer if isinstance(timer, int) and 0 <= timer <= LONGEST_TIMER else 0
        sitting.save_to(path)
        sitting.facilitation.due()
        return sitting

    # ------------------------------------------------------------------------------------ the table

    @property
    def seat(self) -> str | None:
        """Whose turn it is."""
        return self.game.seat

    @property
    def humans(self) -> list[str]:
        """The seats that people play, in the scenario's order."""
        return [seat for seat in self.game.seats if self.chairs[seat].human]

    @property
    def title(self) -> str:
        """The scenario's title."""
        return self.game.scenario.title or self.game.scenario.name

    def who(self, seat: str) -> str:
        """A seat with its team: "Beijing, Team B"."""
        team = self.chairs[seat].team
        return f"{self.board.seat_title(seat)}, {team}" if team else self.board.seat_title(seat)

    def sight(self, seat: str | None) -> Sight:
        """What a seat sees, or everybody; worked out once for each position."""
        key = (seat, self.version)
        if key not in self._sights:
            if len(self._sights) > 12:
                self._sights.clear()
            make = public_sight(self.game, self.chronicle) if seat is None else None
            self._sights[key] = make or seat_sight(self.game, self.chronicle, seat or "")
        return self._sights[key]

    def bot(self, seat: str) -> Bot:
        """The seat's bot; greedy where its player cannot be loaded."""
        chair = self.chairs[seat]
        found = self._bots.get(seat)
        if found is None or found.name != chair.player:
            try:
                found = Bot(chair.player, self.game.book, seat, self.game.seed, self.players.get(chair.player))
            except (ChokepointError, RuleErrors) as error:
                self.trouble = f"{chair.player} cannot play ({str(error).splitlines()[0]}); greedy plays instead."
                found = Bot("greedy", self.game.book, seat, self.game.seed)
                found.name = chair.player
            self._bots[seat] = found
        return found

    def helper(self, seat: str) -> Bot:
        """A bot that takes a turn for a person: the seat's usual one."""
        usual = usual_players(self.game.book, self.game.scenario.name, self.game.seed)[seat]
        return Bot(usual, self.game.book, seat, self.game.seed)

    @property
    def kept(self) -> Mapping[str, Any]:
        """What the window keeps in the record's header."""
        kept = self.record.header.get(KEY)
        return kept if isinstance(kept, Mapping) else {}

    def remember(self, **what: Any) -> None:
        """Keeps something more there, for the next time that the game is taken up."""
        self.record.header[KEY] = {**self.kept, **what}
        self.write(lambda journal: journal.rewrite(self.record))

    def swap(self, seat: str, player: str) -> None:
        """Gives a seat another player, in mid-game too."""
        before, self.chairs[seat].player = self.chairs[seat].player, player
        seats = self.record.header["setup"].setdefault("seats", {})
        seats[seat] = {**seats.get(seat, {}), "player": player}
        self.record.act("swap", {"chair": seat, "player": player, "before": before})
        self.version += 1
        self.write(lambda journal: journal.rewrite(self.record))

    def keep_in_header(self, key: str, value: Any) -> None:
        """Keeps something in the record's header itself (takeaways, challenged assumptions), on disk too."""
        self.record.header[key] = value
        self.write(lambda journal: journal.rewrite(self.record))

    # ---------------------------------------------------------------------------------------- moves

    def play(self, move: Move, by: str = "", took: int = 0) -> list[LogEntry]:
        """Plays a move of the acting seat and writes it down, then what the facilitator had scheduled for now.

        Args:
            move: The move.
            by: Who played it, where that was not the seat's player.
            took: Seconds that the seat had the screen for it.

        Raises:
            IllegalMove: It is not legal; nothing has changed.
        """
        seat = self.game.seat
        entries = self.game.play(move)
        self.version += 1
        act = self.game.acts[-1]
        assert seat is not None
        world = tuple(value for _, value in act.steps)
        more = {"took": took} if took else {}
        node = self.record.add(act.move.name, act.move.arguments, seat, act.state_hash, world, more, by=by)
        self.append(node)
        return [*entries, *self.facilitation.due()]

    def undo(self) -> None:
        """Takes the acting seat's last move back; raises IllegalMove when that may not be."""
        self.game.undo()
        self.version += 1
        self.record.head = self.record.node(self.record.head).parent
        self.write(lambda journal: journal.head(self.record.head))

    # ------------------------------------------------------------------------------------- the disk

    def save_to(self, path: Path | None) -> None:
        """Autosaves to a file from now on; what goes wrong is told in ``trouble``."""
        self.close()
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.journal = Journal.open(path, self.record)
        except (RecordError, OSError) as error:
            self.trouble = f"This game is not being saved: {error}."

    def append(self, node: Node) -> None:
        """Writes a node of the record to disk; what goes wrong is told in ``trouble``."""
        self.write(lambda journal: journal.append(node))

    def write(self, what: Callable[[Journal], None]) -> None:
        """Does something with the journal; what goes wrong is told in ``trouble``."""
        if self.journal is None:
            return
        try:
            what(self.journal)
        except (RecordError, OSError) as error:
            self.trouble = f"The last move is not saved: {error}."

    def close(self) -> None:
        """Closes the journal; everything is on disk already."""
        if self.journal is not None:
            self.journal.close()
            self.journal = None


def _chair(data: Mapping[str, Any]) -> Chair:
    player, team = data.get("player"), data.get("team")
    return Chair(str(player) if player else HUMAN, str(team) if team else "")
