"""One game at the table: who plays what, every move written down at once, taken up again where it stood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ai_players import Bot, Policy, usual_players
from game.core.game import Game
from game.engine.log import LogEntry
from game.errors import ChokepointError, RecordError
from game.moves import PASS, Move
from game.narrative.board import Board
from game.narrative.chronicle import Chronicle
from game.narrative.sight import Onlooker, Sight, board_of
from game.records.journal import Journal
from game.records.node import Node
from game.records.record import Record
from game.records.replay import play_node, replay
from game.table.bots import SeatBot
from game.table.facilitation import Facilitation
from game.table.offers import Offers
from rules import RuleErrors
from rules.model.rulebook import Rulebook

HUMAN = "human"
KEY = "window"
"""Key of a record's header under which the window keeps what only it needs (timer, PINs)."""
RESULT = "result"
"""Key of the final scores in what the window keeps, by the seats' titles."""


def kept_in(record: Record) -> Mapping[str, Any]:
    """Return what the window keeps in a record's header: the timer, PINs, the result."""
    kept = record.header.get(KEY)
    return kept if isinstance(kept, Mapping) else {}


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
class Setup:
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
        self.facilitation = Facilitation(record, self.chronicle)
        self.players: Mapping[str, Bot | Policy] = {}
        self._bots: dict[str, SeatBot] = {}
        self._onlookers: dict[str | None, Onlooker] = {}
        self._sights: dict[str | None, tuple[int, Sight]] = {}

    @classmethod
    def begin(cls, setup: Setup, path: Path | None) -> Sitting:
        """Start a game; ``path`` is where it is autosaved.

        Raises:
            ChokepointError: The scenario or the seed is none. A journal that cannot be opened is told in ``trouble``.
        """
        game = Game(setup.book, setup.scenario, setup.seed)
        seats = {seat: {"team": chair.team, "player": chair.player} for seat, chair in setup.chairs.items()}
        header = {KEY: {"timer": setup.timer, **setup.kept}, **setup.more}
        record = Record.new(setup.book, setup.scenario, setup.seed, seats, setup.overrides, **header)
        sitting = cls(game, record, None, setup.timer)
        sitting.save_to(path)
        return sitting

    @classmethod
    def resume(cls, record: Record, path: Path | None) -> Sitting:
        """Take a record up at its head.

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
        sitting.due()
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
        """Return a seat with its team: "Beijing, Team B"."""
        team = self.chairs[seat].team
        return f"{self.board.seat_title(seat)}, {team}" if team else self.board.seat_title(seat)

    def sight(self, seat: str | None) -> Sight:
        """Return what a seat sees, or everybody; worked out once for each position."""
        found = self._sights.get(seat)
        if found is None or found[0] != self.version:
            onlooker = self._onlookers.setdefault(seat, Onlooker(self.game, self.chronicle, seat))
            found = self._sights[seat] = (self.version, onlooker.sight())
        return found[1]

    def bot(self, seat: str) -> SeatBot:
        """Return the seat's bot; greedy where its player cannot be loaded."""
        chair = self.chairs[seat]
        found = self._bots.get(seat)
        if found is None or found.name != chair.player:
            try:
                found = SeatBot(chair.player, self.game.book, seat, self.game.seed, self.players.get(chair.player))
            except (ChokepointError, RuleErrors) as error:
                self.trouble = f"{chair.player} cannot play ({str(error).splitlines()[0]}); greedy plays instead."
                found = SeatBot("greedy", self.game.book, seat, self.game.seed)
                found.name = chair.player
            self._bots[seat] = found
        return found

    def helper(self, seat: str) -> SeatBot:
        """Return a bot that takes a turn for a person: the seat's usual one."""
        usual = usual_players(self.game.book, self.game.scenario.name, self.game.seed)[seat]
        return SeatBot(usual, self.game.book, seat, self.game.seed)

    # ------------------------------------------------------------------- what changes the position

    def play(self, move: Move, by: str = "", took: int = 0, command: str = "") -> list[LogEntry]:
        """Play a move of the acting seat, then what the facilitator had scheduled for now.

        Args:
            move: The move.
            by: Who played it, where that was not the seat's player.
            took: Seconds that the seat had the screen for it.
            command: What the device that asked for it called its command.

        Raises:
            IllegalMove: It is not legal; nothing has changed.
        """
        entries = self.game.play(move)
        self.record.append(self.game.acts[-1], took, command, by=by)
        self._changed()
        return [*entries, *self.due()]

    def stand_in(self, by: str, took: int = 0) -> Move:
        """End the acting seat's turn for it: it passes, or where nobody may pass a move is drawn for it."""
        move = PASS if self.game.scenario.turns.passing else self.game.choose("random")
        self.play(move, by=by, took=took)
        return move

    def undo(self) -> None:
        """Take the acting seat's last move back; raises IllegalMove when that may not be."""
        self.game.undo()
        self.record.head = self.record.node(self.record.head).parent
        self._changed()

    def act(self, name: str, details: Mapping[str, Any]) -> list[LogEntry]:
        """Do the facilitator's ``inject``, ``adjust`` or ``luck``; raises IllegalMove when it may not be."""
        entries = self.game.act(name, details)
        self.record.append(self.game.acts[-1])
        self._changed()
        return entries

    def due(self) -> list[LogEntry]:
        """Bring the news that were scheduled for now; what cannot come any more is left out."""
        entries: list[LogEntry] = []
        for planned in self.facilitation.planned():
            details = {**planned.details, "planned": planned.id}
            if planned.round <= self.game.round and self.facilitation.check("inject", details):
                entries += self.act("inject", details)
        return entries

    def rewind(self, to: int, luck: str = "same") -> None:
        """Take the game to another node of its record, with the same dice to come or with new ones.

        The line that is left stays as a branch.

        Raises:
            RecordError: The way there does not replay; the game stands where it stood.
        """
        here, there = self.record.main_line(), self.record.line_to(to)
        shared = sum(1 for a, b in zip(here, there, strict=False) if a.id == b.id)
        twin = self.game.branch()  # tried on a twin first, so that a way that does not replay changes nothing
        for game in (twin, self.game):
            game.rewind(len(here) - shared)
            for node in there[shared:]:
                if divergence := play_node(game, node):
                    raise RecordError(str(divergence))
        node = self.record.rewind(to, luck=luck)
        self._changed()
        if luck == "new" and not self.game.over:
            self.act("luck", {"draw": node.id})
        self.due()

    # ------------------------------------------------------------------------ what leaves it as it is

    def say(self, name: str, **details: Any) -> Node:
        """Write down an act that changes nothing: a note, a pause, a deadline …."""
        details.setdefault("round", self.game.round)
        node = self.record.act(name, details)
        self._changed()
        return node

    def schedule(self, round_: int, details: Mapping[str, Any]) -> Node:
        """Plan news for a later round."""
        return self.say("schedule", **{**details, "round": round_})

    def cancel(self, planned: int) -> None:
        """Plan them no longer."""
        self.say("cancel", of=planned)

    def swap(self, seat: str, player: str) -> None:
        """Give a seat another player, in mid-game too."""
        before, self.chairs[seat].player = self.chairs[seat].player, player
        seats = self.record.seats
        self.record.header["setup"]["seats"] = {**seats, seat: {**seats.get(seat, {}), "player": player}}
        self.record.act("swap", {"chair": seat, "player": player, "before": before})
        self._changed(header=True)

    def rename(self, seat: str, team: str) -> None:
        """Give a seat's team another name."""
        self.chairs[seat].team = team
        seats = self.record.header["setup"].setdefault("seats", {})
        seats[seat] = {**seats.get(seat, {}), "team": team}
        self._changed(header=True)

    @property
    def kept(self) -> Mapping[str, Any]:
        """What the window keeps in the record's header."""
        return kept_in(self.record)

    def remember(self, **what: Any) -> None:
        """Keep something more there, for the next time that the game is taken up."""
        self.keep_in_header(KEY, {**self.kept, **what})

    def keep_in_header(self, key: str, value: Any) -> None:
        """Keep something in the record's header itself (takeaways, challenged assumptions), on disk too."""
        self.record.header[key] = value
        self._save(header=True)

    # ------------------------------------------------------------------------------------- the disk

    def save_to(self, path: Path | None) -> None:
        """Autosave to a file from now on; what goes wrong is told in ``trouble``."""
        self.close()
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.journal = Journal.open(path, self.record)
        except (RecordError, OSError) as error:
            self.trouble = f"This game is not being saved: {error}."

    def _changed(self, header: bool = False) -> None:
        """Let what was worked out from the position be worked out anew, and bring the disk up to the record."""
        self.version += 1
        self._save(header)

    def _save(self, header: bool) -> None:
        if self.journal is None:
            return
        try:
            if header:
                self.journal.rewrite()
            else:
                self.journal.sync()
        except (RecordError, OSError) as error:
            self.trouble = f"The last move is not saved: {error}."

    def close(self) -> None:
        """Close the journal; everything is on disk already."""
        if self.journal is not None:
            self.journal.close()
            self.journal = None


def _chair(data: Mapping[str, Any]) -> Chair:
    player, team = data.get("player"), data.get("team")
    return Chair(str(player) if player else HUMAN, str(team) if team else "")
