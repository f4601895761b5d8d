"""A position on the board as somebody sees it, with the move that may be in hand: what all panels draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pygame

from game.moves import Move, Value
from game.narrative.aims import Aim, aims_of
from game.narrative.chronicle import ACTED_UNSEEN, ChronicleLine
from game.narrative.ledger import Cell, Shift, Words
from game.narrative.sight import Sight
from game.narrative.thresholds import Thresholds
from game.narrative.viewers import EVERYTHING, PUBLIC, whole_sight
from game.prose.numbers import number
from game.table.choosing import Choosing
from game.table.forecast import Row
from game.table.offers import Option
from game.table.sitting import Sitting
from game.ui.board.map_painter import MapPainter
from game.ui.board.standing import Score, standing
from game.ui.toolkit.motion import COUNT, FLIPS, GHOST, LIFT, SLIDE, TRAVEL, counting
from game.ui.toolkit.page import Key
from game.ui.toolkit.screen import Window
from game.ui.toolkit.scroll import Scroll

SCROLLS = ("moves", "closed", "picks", "preview", "news", "plain", "seats", "world", "log", "beside")
DIGITS = "1234567890"


@dataclass(frozen=True, slots=True)
class Played:
    """A card that has just been played, as far as whoever looks may know."""

    seat: str
    move: Move


class TableView:
    """What a screen with a board on it has, and its panels read.

    Attributes:
        sitting: The position; where nobody plays (replay, lesson) a sitting without a journal.
        viewer: The seat that it is seen by, ``None`` for everybody.
        whole: Seen with every seat's secrets.
        tab: Which of the tabs beside the map is in view.
        declined: Offers that were left for later, with the round.
        noticed: Is told what has been looked at: ``place``, or the kind of an entry of the rulebook.
        ticks: What ``tracks`` has worked out of the thresholds of each row.
        played: The card that is on its way to what it was played on, while the motion "travel" lasts.
        turned: Shares of use that have changed last, as they were: their marks change hands on the map.
    """

    def __init__(
        self,
        app: Window,
        sitting: Sitting,
        *,
        mover: Callable[[], str | None],
        on_move: Callable[[Move], None],
        waiting: Callable[[], str] = lambda: "Nobody moves in a replay.",
    ) -> None:
        """Show a sitting.

        Args:
            app: The window.
            sitting: The position.
            mover: Returns the seat that may pick a move here and now, if any.
            on_move: Is told of the move that was confirmed.
            waiting: Says what is waited for while nobody may pick.
        """
        self.app, self.sitting = app, sitting
        self.mover, self.on_move, self.waiting = mover, on_move, waiting
        self.viewer: str | None = None
        self.whole = False
        self.tab = 0
        self.noticed: Callable[[str], None] = lambda what: None
        self.painter = MapPainter()
        self.scrolls = {name: Scroll() for name in SCROLLS}
        self.declined: set[tuple[int, Move]] = set()
        self.played: Played | None = None
        self.turned: dict[Cell, int] = {}
        self._watched: tuple[Sitting, int, str | None, bool] | None = None
        self._before: Sight | None = None
        self._was: dict[Cell, int] = {}
        self._offered: set[tuple[int, Move]] = set()
        self.ticks: dict[tuple[object, ...], tuple[Any, ...]] = {}
        self._thresholds: tuple[Sitting, Thresholds] | None = None
        self._choosing: Choosing | None = None
        self._sight: tuple[Sitting, int, Sight] | None = None
        self._standing: tuple[Sitting, int, list[Score]] | None = None
        self._aims: tuple[tuple[object, ...], dict[str, list[bool]]] | None = None

    def look_as(self, viewer: str) -> None:
        """See as a seat, or with one of the stand-ins of ``narrative.viewers``."""
        self.whole = viewer == EVERYTHING
        self.viewer = None if viewer in (EVERYTHING, PUBLIC) else viewer

    @property
    def sight(self) -> Sight:
        if not self.whole:
            return self.sitting.sight(self.viewer)
        found, sitting = self._sight, self.sitting
        if found is None or found[0] is not sitting or found[1] != sitting.version:
            sight = whole_sight(sitting.game, sitting.chronicle)
            found = self._sight = (sitting, sitting.version, sight)
        return found[2]

    @property
    def shown(self) -> Sight:
        """What is seen, with numbers that have just changed still on their way."""
        part = self.app.motions.part("count") if self._was else 1.0
        if part >= 1.0:
            return self.sight
        now = self.sight.values
        moving = {cell: counting(was, now[cell], part) for cell, was in self._was.items() if cell in now}
        return replace(self.sight, values=now | moving)

    def watch(self) -> bool:
        """Let what has changed since the last time be seen changing: a card goes where it was played, then numbers
        count. Nothing moves when somebody else looks, or after a world turn, which has been played out.

        Returns:
            Whether something else is in view than the last time.
        """
        key = (self.sitting, self.sitting.version, self.viewer, self.whole)
        if key == self._watched:
            return False
        (last, before), (self._watched, self._before) = (self._watched, self._before), (key, self.sight)
        self._was, self.played, self.turned = {}, None, {}
        if last is None or before is None or last[0] is not self.sitting or last[2:] != key[2:]:
            return True
        now = self._before
        if now.values.keys() != before.values.keys():
            return True
        passed = now.round != before.round
        if not passed or not self._played_out:
            self._turn_marks(before, after=0.0 if passed else TRAVEL)
        if passed:
            return True
        self._was = {cell: was for cell, was in before.values.items() if now.values[cell] != was}
        new = [line for line in now.lines[len(before.lines) :] if line.kind == "move" and line.seat is not None]
        if new and new[-1].title != ACTED_UNSEEN:
            self.played = Played(str(new[-1].seat), Move.parse(new[-1].cause))
            self.app.motions.begin("travel", TRAVEL)
        if self._was:
            self.app.motions.begin("count", COUNT, after=TRAVEL if self.played else 0.0)
        return True

    @property
    def _played_out(self) -> bool:
        """Whether world turns are shown on the map, step by step."""
        settings = self.app.settings
        return settings.show_rounds and settings.world_turn != "off" and self.sitting.board.places is not None

    def _turn_marks(self, before: Sight, *, after: float) -> None:
        """Let the marks of what has changed hands since turn over on the map."""
        now, shares = self.sight.values, self.sitting.board.shares
        self.turned = {cell: was for cell, was in before.values.items() if cell[0] == shares}
        if any(now[cell] != was for cell, was in self.turned.items()):
            self.app.motions.begin("flips", FLIPS, after=after)
        else:
            self.turned = {}

    def offered(self, moves: Sequence[Move]) -> None:
        """Let an offer that has not been seen yet come down on the map."""
        fresh = {(self.sitting.game.round, move) for move in moves} - self._offered
        if fresh:
            self._offered |= fresh
            self.app.motions.begin("offer", 2 * SLIDE)

    @property
    def standing(self) -> list[Score]:
        """How the seats stand, worked out once for each position."""
        found, sitting = self._standing, self.sitting
        if found is None or found[0] is not sitting or found[1] != sitting.version:
            found = self._standing = (sitting, sitting.version, standing(sitting))
        return found[2]

    def aims(self, seat: str) -> list[Aim]:
        """Return a seat's aims as the viewer can judge them."""
        sitting = self.sitting
        return aims_of(sitting.game, sitting.board, sitting.offers.said, seat, self.sight.values)

    @property
    def aims_met(self) -> dict[str, list[bool]]:
        """Which aims each seat has met, as far as the viewer may know; worked out once for each position."""
        key = (self.sitting, self.sitting.version, self.viewer, self.whole)
        if self._aims is None or self._aims[0] != key:
            self._aims = (key, {seat: [aim.met for aim in self.aims(seat)] for seat in self.sitting.game.seats})
        return self._aims[1]

    @property
    def thresholds(self) -> Thresholds:
        """Where on the tracks something begins or ends."""
        if self._thresholds is None or self._thresholds[0] is not self.sitting:
            sitting = self.sitting
            self._thresholds = sitting, Thresholds(sitting.game, sitting.board, sitting.offers.said)
        return self._thresholds[1]

    def world_names(self) -> tuple[str, ...]:
        """Return the world's tracks: quantities first, then levels and countdowns."""
        board = self.sitting.board
        return tuple(sorted(board.of_world, key=board.is_level))

    def change_words(self, shifts: Sequence[Shift]) -> list[str]:
        words = Words(self.sitting.game.book, self.sitting.game.scenario)
        return [
            f"{'▲' if s.amount > 0 else '▼'} {words.cell(s.cell)} {number(s.before)} → {number(s.after)}"
            for s in shifts
        ]

    def turn_to(self, tab: int) -> None:
        self.tab = tab

    # ---------------------------------------------------------------------------------- the move in hand

    @property
    def choosing(self) -> Choosing | None:
        """The turn in the making, while somebody may move here."""
        seat = self.mover()
        if seat is None:
            return None
        found = self._choosing
        if found is None or found.seat != seat or found.sitting is not self.sitting:
            found = self._choosing = Choosing(self.sitting, seat)
        return found

    def forget(self, *, family: bool = False) -> None:
        """Put back whatever is in hand; with ``family`` also forget which family was in view."""
        if family:
            self._choosing = None
        elif self._choosing is not None:
            self._choosing.clear()

    @property
    def picked(self) -> bool:
        """Whether a move is in hand."""
        choosing = self.choosing
        return choosing is not None and choosing.option is not None

    @property
    def move(self) -> Move | None:
        """The move in hand, once all its choices are made."""
        choosing = self.choosing
        return choosing.move if choosing is not None else None

    @property
    def forecast(self) -> list[Row]:
        """What the move in hand would change."""
        choosing = self.choosing
        return choosing.forecast if choosing is not None else []

    def pick(self, option: Option) -> None:
        """Take a move in hand, or say why not."""
        choosing = self.choosing
        if choosing is None:
            return
        if not option.open:
            self.app.cue("why_not")
            self.app.tell(option.reason[:1].upper() + option.reason[1:])
            return
        if choosing.option is None or choosing.option.name != option.name:
            self.app.motions.begin("lift", LIFT)
        choosing.pick(option)
        self.app.cue("picked")
        self._chosen(choosing)

    def choose(self, value: Value) -> None:
        """Make a choice of the move in hand."""
        choosing = self.choosing
        if choosing is not None:
            choosing.choose(value)
            self._chosen(choosing)

    def _chosen(self, choosing: Choosing) -> None:
        for name in ("preview", "picks", "seats", "world"):
            self.scrolls[name].first = 0
        # The list of moves is shorter once a move is in hand: the picked one stays in view.
        names = [option.name for option in choosing.rows]
        if choosing.option is not None and choosing.option.name in names:
            self.scrolls["moves"].show = names.index(choosing.option.name)
        self.app.motions.begin("ghost", GHOST)
        first = next((pick for pick in choosing.picks if pick.open), None)
        self.app.focus = f"pick.{first.value}" if first is not None else "confirm"
        self.app.redraw()

    def drop(self) -> None:
        """Put the move in hand back."""
        choosing = self.choosing
        if choosing is not None and choosing.option is not None:
            self.app.focus = f"move.{choosing.option.name}"
            choosing.clear()
            self.app.redraw()

    def confirm(self) -> None:
        """Play the move in hand."""
        move = self.move
        if move is not None:
            self.on_move(move)

    # -------------------------------------------------------------------------------------------- the map

    def place_picks(self) -> dict[str, str] | None:
        """Return, while a place is to be chosen, each place with why it cannot be, empty when it can."""
        choosing = self.choosing
        if choosing is None or choosing.choice is None or choosing.choice.set != self.sitting.board.places:
            return None
        return {str(pick.value): pick.reason for pick in choosing.picks}

    def chosen_place(self) -> str | None:
        """Return the place that the move in hand is about."""
        choosing, places = self.choosing, self.sitting.board.places
        if choosing is None or choosing.option is None or places is None:
            return None
        known = self.sitting.board.layout.elements(places)
        return next((str(value) for value in choosing.chosen.values() if value in known), None)

    def press_place(self, place: str) -> None:
        """Choose a place on the map, or open its sheet."""
        picks = self.place_picks()
        if picks is None:
            self.app.go("place", self, place)
        elif picks.get(place) == "":
            self.choose(place)
        else:
            self.app.tell(picks.get(place) or "That is not among the choices of this move.")
        self.noticed("place")

    # --------------------------------------------------------------------------------------------- opening

    def open_rules(self, kind: str = "", name: str = "") -> None:
        """Open the rulebook at an entry."""
        self.app.go("rulebook", self.sitting.game.book, (kind, name) if name else None)
        self.noticed(kind)

    def help(self) -> None:
        """Open the rulebook at the move in hand."""
        choosing = self.choosing
        if choosing is not None and choosing.option is not None:
            self.open_rules("move", choosing.option.name)
        else:
            self.open_rules()

    def open_tracks(self) -> None:
        """Open every track that may be seen."""
        self.app.go("tracks", self)

    def decline(self, move: Move) -> None:
        """Leave an offer for later: it is not put to the seat again this round, and can be answered by its card."""
        self.declined.add((self.sitting.game.round, move))
        self.app.redraw()

    def open_line(self, line: ChronicleLine) -> None:
        """Open what caused each change of a line of the log."""
        self.app.go("line", self, line)

    # ------------------------------------------------------------------------------------------------ keys

    def key(self, key: Key) -> bool:
        """Take the keys that pick a move and make its choices; return whether it was one of them."""
        choosing = self.choosing
        if choosing is None or key.ctrl or key.alt:
            return False
        if key.code in (pygame.K_RETURN, pygame.K_KP_ENTER):
            self.confirm()
        elif key.code == pygame.K_ESCAPE and choosing.option is not None:
            if choosing.step_back():
                self.app.focus = None
        elif key.code < 128 and chr(key.code) in DIGITS:
            self._digit(choosing, DIGITS.index(chr(key.code)))
        elif key.code == pygame.K_t:
            self.open_tracks()
        elif self.app.focus is None and key.code in (pygame.K_UP, pygame.K_DOWN):
            self.app.focus = next((f"move.{option.name}" for option in choosing.rows), None)
        elif key.code in (pygame.K_LEFT, pygame.K_RIGHT) and self._on_moves():
            choosing.turn_to(choosing.family + (1 if key.code == pygame.K_RIGHT else -1))
            self.scrolls["moves"].first = 0
            self.app.focus = None
        else:
            return False
        return True

    def _on_moves(self) -> bool:
        """Return whether left and right turn to another family: nothing else has the focus."""
        return self.app.focus is None or self.app.focus.startswith(("move.", "family."))

    def _digit(self, choosing: Choosing, n: int) -> None:
        if choosing.choice is not None:
            picks = choosing.picks
            if n < len(picks):
                if picks[n].open:
                    self.choose(picks[n].value)
                else:
                    self.app.tell(picks[n].reason)
        elif n < len(choosing.rows):
            self.pick(choosing.rows[n])
