"""The game at every node of a record, played when it is asked for and kept; where it no longer replays, why."""

from __future__ import annotations

from game.core.game import Game
from game.records.node import ROOT
from game.records.record import Record
from game.records.replay import Divergence, play_node, start


class Positions:
    """Games by node. ``diverged`` holds the nodes that do not replay; what follows them has no position."""

    def __init__(self, record: Record) -> None:
        """Set the game up.

        Raises:
            RecordError: There is nothing to play (see ``game.records.replay.start``).
        """
        self.record = record
        self._games: dict[int, Game] = {ROOT: start(record)}
        self.diverged: dict[int, Divergence] = {}

    def known(self, identity: int) -> bool:
        """Return whether a node's position is there without playing."""
        return identity in self._games

    def reach(self, identity: int) -> int:
        """Play up to a node; return the last node on the way that has a position, which is the node if all is well.

        A rewind stands where it went to.
        """
        at = ROOT
        for node in self.record.line_to(identity):
            if node.rewinds_to is not None:
                at = self.reach(node.rewinds_to)
                self._games[node.id] = self._games[at]
                continue
            if node.id in self.diverged:
                return at
            if node.id not in self._games:
                game = self._games[at].branch()
                if divergence := play_node(game, node):
                    self.diverged[node.id] = divergence
                    return at
                self._games[node.id] = game
            at = node.id
        return at

    def game(self, identity: int) -> Game:
        """Return the game at a node, or at the last node before it that replays. Not to be played on: ``branch`` it."""
        return self._games[self.reach(identity)]

    def keep(self, identity: int, game: Game) -> None:
        """The position of a node that has just been played."""
        self._games[identity] = game
