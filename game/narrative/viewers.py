"""Who a replay is seen by: everything, what everybody may know, or one seat's view; and what each may read."""

from __future__ import annotations

from game.core.game import Game
from game.core.view import arriving
from game.moves import Move
from game.narrative.board import Board
from game.narrative.chronicle import ACTED_UNSEEN, Chronicle
from game.narrative.sight import Sight, sight_of
from game.prose.lexicon import titled
from game.prose.numbers import signed
from game.records.node import Node

EVERYTHING, PUBLIC = "", "*"
"""Stand-ins for a seat's name: all seats' secrets, and nobody's."""
OPEN_ACTS = ("inject", "rewind", "luck", "pause", "resume", "extend", "swap")
"""Acts of a facilitator that the whole table sees; what is noted or planned is the facilitator's own."""


def viewers_of(game: Game) -> list[str]:
    """Everything that can be chosen, everything first."""
    return [EVERYTHING, PUBLIC, *game.seats]


def viewer_title(board: Board, viewer: str) -> tuple[str, str]:
    """Return what a viewer is called, and what it sees."""
    if viewer == EVERYTHING:
        return "Everything", "All seats' secrets too: for whoever leads the discussion."
    if viewer == PUBLIC:
        return "Public", "What everybody at the table knew."
    return board.seat_title(viewer), "What this seat knew at the time, and nothing else."


def whole_sight(game: Game, chronicle: Chronicle) -> Sight:
    """Return a position with every secret in it."""
    layout = game.engine.layout
    values = {(name, index): game.value(name, *index) for name in layout.places for _, index in layout.cells(name)}
    return sight_of(game, chronicle, None, values, game.log, tuple(arriving(game)))


def hides(game: Game, node: Node, viewer: str) -> bool:
    """Return whether a node is a secret of somebody else's: a secret move, or an act that may touch what is hidden."""
    if viewer == EVERYTHING:
        return False
    if node.facilitator == "adjust":
        track = str(node.more.get("track"))
        return track not in game.book.tracks or game.book.tracks[track].visibility != "public"
    if node.facilitator is not None:
        return node.facilitator not in OPEN_ACTS
    rule = game.book.moves.get(str(node.do))
    return rule is not None and rule.secret and node.seat != viewer


def node_title(game: Game, node: Node, viewer: str) -> str:
    """Return a node in a few words, as the viewer may read it."""
    if node.facilitator is not None:
        return _act_title(game, node, hides(game, node, viewer))
    if hides(game, node, viewer):
        return ACTED_UNSEEN
    return game.describe(Move(str(node.do), tuple(node.args.items())), node.seat)


def _act_title(game: Game, node: Node, hidden: bool) -> str:
    """Return a facilitator's act: its name, and the card or reason that it gives."""
    name = "News" if node.facilitator == "inject" else titled(str(node.facilitator))
    if hidden:
        return name
    event = game.book.events.get(str(node.more.get("event", "")))
    if event is not None:
        return f"{name}: {titled(event.name, event.title)}"
    if node.facilitator == "swap":
        return f"{name}: {_swapped(game, node)}"
    said = next((str(node.more[key]) for key in ("title", "text", "reason", "note") if node.more.get(key)), "")
    if node.facilitator == "rewind":
        said = node.note or "the game was taken back"
    if node.facilitator == "extend" and isinstance(node.more.get("minutes"), int):
        said = f"{signed(node.more['minutes'])} min"
    return f"{name}: {said}" if said else name


def _swapped(game: Game, node: Node) -> str:
    """Return who plays a seat from now on."""
    seat, player = str(node.more.get("chair")), str(node.more.get("player"))
    title = next((found.title for found in game.scenario.seats if found.name == seat), "")
    who = "a person" if player == "human" else titled(player)
    return f"{titled(seat, title)} is played by {who} from now on"
