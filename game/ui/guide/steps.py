"""The ten steps of the first game: what the coach says, what it points at, and what it waits for.

Everything that belongs to the game is named from the rulebook in play; a step that cannot be done there is passed over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from game.engine.log import draws, peeks
from game.prose.lexicon import titled
from game.prose.numbers import joined
from game.table.offers import Option

if TYPE_CHECKING:
    from game.ui.guide.guided_screen import GuidedScreen


@dataclass
class Memory:
    """What the coach remembers of a step: how things stood when it began, and what was done since."""

    acts: int = 0
    family: int = 0
    round: int = 0
    seen: set[str] = field(default_factory=set)


def _always(play: GuidedScreen) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        title: What it is about.
        text: What the coach says.
        points: Beginnings of the ids of controls that it points at.
        done: Whether it has been done.
        possible: Whether it can be done at all now; if not it is passed over.
    """

    title: str
    text: Callable[[GuidedScreen], str]
    points: tuple[str, ...]
    done: Callable[[GuidedScreen, Memory], bool]
    possible: Callable[[GuidedScreen], bool] = _always


ROWS = 3
"""Moves of a family that are in view without scrolling in the smallest window with the largest text."""


def suggestion(play: GuidedScreen) -> Option | None:
    """A move to begin with: of the family in view if any can be played there, where no scrolling is needed, without
    dice, so that it can be taken back, and with something to choose.
    """
    choosing = play.table.choosing
    if choosing is None:
        return None
    layout, moves = play.sitting.game.engine.layout, play.sitting.game.book.moves
    shown = [option.name for option in choosing.rows]

    def fit(option: Option) -> tuple[bool, ...]:
        rule = moves[option.name]
        calm = not draws(rule.effects) and not peeks(rule, layout)
        seen = option.name in shown[:ROWS]
        return option.name in shown, seen, not option.secret, calm, len(option.legal) > 1

    return max((option for option in choosing.options if option.open), key=fit, default=None)


def _who(play: GuidedScreen) -> str:
    board = play.sitting.board
    seat = play.guided
    roles = [play.sitting.game.book.roles[role] for role in board.roles_of(seat)]
    wants = " ".join(role.wants for role in roles if role.wants)
    others = joined([board.seat_title(other) for other in play.sitting.game.seats if other != seat])
    rounds = play.sitting.game.scenario.rounds
    return f"You are {board.seat_title(seat)}, against {others}, for {rounds} rounds. What you want: {wants}"


def _map(play: GuidedScreen) -> str:
    board = play.sitting.board
    shares = board.book.tracks[board.shares].title.lower() if board.shares else "what is there"
    sides = (
        joined([board.element_title(board.sides, s) for s in board.layout.elements(board.sides)]) if board.sides else ""
    )
    of = f" of {sides}" if sides else ""
    return f"Every region shows the {shares}{of}. Press a region to see all that is known of it, then close the sheet."


def _track(play: GuidedScreen) -> str:
    board = play.sitting.board
    name = next(iter(board.of_seat), "")
    title = board.book.tracks[name].title if name else "the first one"
    return f"Below are the tracks: a bar a side, and its last change. Press \u201c{title}\u201d to read what it is."


def _family(play: GuidedScreen) -> str:
    choosing, book = play.table.choosing, play.sitting.game.book
    names = choosing.families if choosing is not None else list(book.families)
    told = joined([f"\u201c{titled(name, book.families.get(name, ''))}\u201d" for name in names])
    return f"Moves come in families: {told}. The number says how many can be played. Turn to another family (→)."


def _pick(play: GuidedScreen) -> str:
    option, choosing = suggestion(play), play.table.choosing
    named = ""
    if option is not None and choosing is not None:
        named = f", for example \u201c{option.title}\u201d ({option.cost})"
        if option.name not in [row.name for row in choosing.rows]:
            named += (
                f" under \u201c{titled(option.family, play.sitting.game.book.families.get(option.family, ''))}\u201d"
            )
    return f"Pick a move by pressing it or its digit{named}. A move that is closed says why in its row."


def _aim(play: GuidedScreen) -> str:
    choosing = play.table.choosing
    if choosing is not None and choosing.choice is not None:
        return (
            f"Now its choices: which {choosing.choice.name.replace('_', ' ')}? Press one, or a lit region on the map."
        )
    return "Make the choices of your move. Where a region is asked for, the map lights up."


def _confirm(play: GuidedScreen) -> str:
    return (
        "Nothing has happened yet. The preview tells before → after, a range where chance enters, and why. Enter, or"
        " Confirm, plays the move."
    )


def _undo(play: GuidedScreen) -> str:
    return "Done, and saved. You may still change your mind: press Undo (Ctrl+Z), as long as no dice have been thrown."


def _end(play: GuidedScreen) -> str:
    actions = play.sitting.game.scenario.turns.actions
    last = play.sitting.game.book.world_turn
    first = titled(last[0].name, last[0].title) if last else ""
    world = f" Then the others move, and the world turns, from \u201c{first}\u201d on" if first else ""
    return f"You have {actions} moves a turn. Play what you like, then end the turn (Space).{world}."


def _finish(play: GuidedScreen) -> str:
    about = play.sitting.game.book.goals.about
    return f"Now it is your game. Press L for the log: a line tells what caused each change. At the end: {about}"


def _next(play: GuidedScreen, m: Memory) -> bool:
    return "next" in m.seen


def _place_closed(play: GuidedScreen, m: Memory) -> bool:
    return "place" in m.seen and play.in_front


def _rules_closed(play: GuidedScreen, m: Memory) -> bool:
    return "track" in m.seen and play.in_front


def _other_family(play: GuidedScreen, m: Memory) -> bool:
    return play.table.choosing is not None and play.table.choosing.family != m.family


def _picked(play: GuidedScreen, m: Memory) -> bool:
    return play.table.choosing is not None and play.table.choosing.option is not None


def _played(play: GuidedScreen, m: Memory) -> bool:
    return len(play.sitting.game.acts) > m.acts


def _aimed(play: GuidedScreen, m: Memory) -> bool:
    return _played(play, m) or (play.table.choosing is not None and play.table.choosing.move is not None)


def _taken_back(play: GuidedScreen, m: Memory) -> bool:
    return len(play.sitting.game.acts) < m.acts


def _turn_over(play: GuidedScreen, m: Memory) -> bool:
    return play.sitting.game.round > m.round or not play.turns.acting


def _over(play: GuidedScreen, m: Memory) -> bool:
    return play.sitting.game.over


def _has_places(play: GuidedScreen) -> bool:
    return play.sitting.board.places is not None


def _has_families(play: GuidedScreen) -> bool:
    return play.table.choosing is None or len(play.table.choosing.families) > 1


def _may_undo(play: GuidedScreen) -> bool:
    return play.turns.acting and bool(play.sitting.game.can_undo())


STEPS: tuple[Step, ...] = (
    Step("Who you are", _who, (), _next),
    Step("The map", _map, ("map.",), _place_closed, _has_places),
    Step("The tracks", _track, ("seats.",), _rules_closed),
    Step("Families of moves", _family, ("family.",), _other_family, _has_families),
    Step("Pick a move", _pick, ("move.",), _picked),
    Step("Its choices", _aim, ("pick.",), _aimed),
    Step("The preview", _confirm, ("confirm",), _played),
    Step("Taking back", _undo, ("undo",), _taken_back, _may_undo),
    Step("The turn", _end, ("end",), _turn_over),
    Step("To the end", _finish, (), _over),
)
"""In the order in which they are taught."""
