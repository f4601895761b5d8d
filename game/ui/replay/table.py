"""The board of a replay: the panels of the play screen on a position that nobody plays at, unless a move is tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from game.moves import Move
from game.narrative.eyes import EVERYTHING, PUBLIC, whole_sight
from game.narrative.sight import Sight
from game.table.choosing import Choosing
from game.table.sitting import Sitting
from game.ui.play.play_screen import PlayScreen
from game.ui.toolkit.screen import Window

if TYPE_CHECKING:
    from game.core.game import Game
    from game.records.record import Record


class Table(PlayScreen):
    """Draws a position; it is never on the window's stack. ``trying`` lets the seat whose turn it is pick a move."""

    def __init__(self, app: Window, game: Game, record: Record, played: Callable[[Move], None]) -> None:
        """``played`` is told of the move that was tried."""
        super().__init__(app, Sitting(game, record, None))
        self.viewer = None
        self.eyes, self.trying, self._played = EVERYTHING, False, played
        self._whole: tuple[int, Sight] | None = None

    def show(self, game: Game, eyes: str) -> None:
        if game is not self.sitting.game:
            self.sitting.game = self.sitting.chronicle.game = game
            self.sitting.version += 1
            self._choosing = None
        self.eyes = eyes
        self.viewer = None if eyes in (EVERYTHING, PUBLIC) else eyes

    @property
    def sight(self) -> Sight:
        if self.eyes != EVERYTHING:
            return super().sight
        if self._whole is None or self._whole[0] != self.sitting.version:
            self._whole = (self.sitting.version, whole_sight(self.sitting.game, self.sitting.chronicle))
        return self._whole[1]

    @property
    def acting(self) -> bool:
        return self.trying and self.sitting.seat is not None

    @property
    def choosing(self) -> Choosing | None:
        seat = self.sitting.seat
        if not self.acting or seat is None:
            return None
        if self._choosing is None or self._choosing.seat != seat:
            self._choosing = Choosing(self.sitting, seat)
        return self._choosing

    def waiting_for(self) -> str:
        return "Nobody moves in a replay."

    def settle(self) -> None:
        """Nothing comes before the next decision."""

    def _play(self, move: Move) -> None:
        if self._choosing is not None:
            self._choosing.clear()
        self.app.focus = None
        self._played(move)
