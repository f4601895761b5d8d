"""The parts of the account of a game, as values: results, decisions, turning points, other lines, cards, takeaways."""

from __future__ import annotations

from dataclasses import dataclass

from game.narrative.board import Board
from game.narrative.history import Series
from game.prose.numbers import counted


@dataclass(frozen=True, slots=True)
class Place:
    """A seat's result. ``agendas`` are (title, text, points), told at the end only; ``aims`` (title, met)."""

    seat: str
    title: str
    team: str
    player: str
    score: int | None
    won: bool
    parts: tuple[tuple[str, int], ...]
    aims: tuple[tuple[str, bool], ...]
    agendas: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that was done: a move, a card, or a facilitator's act, with what was said about it."""

    round: int
    kind: str
    seat: str | None
    title: str
    mark: str
    note: str
    node: int


@dataclass(frozen=True, slots=True)
class Turning:
    """A turning point: when, what, and who or what brought it about (seat or nothing, title, by how much)."""

    round: int
    title: str
    before: int
    after: int
    good: str
    causes: tuple[tuple[str | None, str, int], ...]


@dataclass(frozen=True, slots=True)
class Other:
    """A line that is not the played game: its name and kind, where it parts, and points then and there."""

    name: str
    kind: str
    parts: str
    moves: int
    upto: int
    points: tuple[tuple[str, int, int], ...]
    note: str


@dataclass(frozen=True, slots=True)
class Card:
    """A news card that came, with what is known of it in the real world."""

    round: int
    title: str
    text: str
    note: str
    contrary: str
    source: str
    grade: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """An assumption that this game rested on: in how many moves, whether the world turn reads it, its value, and why it
    was challenged, if it was.
    """

    name: str
    title: str
    meaning: str
    value: str
    source: str
    used: int
    world: bool
    challenged: str


@dataclass(frozen=True)
class Account:
    """Everything about a game that is worth discussing; see the class of each part."""

    title: str
    subtitle: str
    verdict: str
    over: bool
    round: int
    places: tuple[Place, ...]
    points: Series | None
    series: tuple[Series, ...]
    adoption: tuple[tuple[str, tuple[tuple[str, int, int], ...]], ...]
    decisions: tuple[Decision, ...]
    lead: tuple[tuple[int, str], ...]
    turning: tuple[Turning, ...]
    others: tuple[Other, ...]
    cards: tuple[Card, ...]
    assumptions: tuple[Assumption, ...]
    measures: tuple[tuple[str, int], ...]
    takeaways: tuple[tuple[str, str], ...]
    objectives: str
    rules: str
    board: Board


def used_words(each: Assumption) -> str:
    """Where an assumption played a part."""
    parts = [f"in {counted(each.used, 'move')}"] if each.used else []
    return " and ".join([*parts, *(["in every world turn"] if each.world else [])]) or "in no move"
