"""Briefs: a page a seat to print, with goals, moves and start, and the secret agenda on a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from game.core.game import Game
from game.core.view import View
from game.errors import RecordError
from game.narrative.board import Board
from game.narrative.shapes import corners
from game.narrative.sight import board_of
from game.prose.lexicon import plain, sentence, titled
from game.prose.numbers import counted
from game.prose.statements import Sentences
from game.records.files import write_atomic
from game.records.record import Record
from game.records.replay import start
from game.rulebook.book import turns
from game.rulebook.icons import colour, drawings, icon_name
from game.templates import render
from rules.model.rulebook import Move, Rulebook, TrackDef

MANY, CROWD = 34, 44
"""From this many moves on they are printed smaller, so that a brief stays on one sheet."""


def briefs(game: Game, teams: Mapping[str, str] | None = None, part: str = "") -> dict[str, str]:
    """Return the brief of every seat as an HTML page, by seat name.

    Args:
        game: A game that has just begun: what is drawn at its start (secret agendas) depends on its seed.
        teams: Names of teams by seat.
        part: ``brief`` or ``sealed`` for one of the two alone, so that neither is printed on the other's back.
    """
    board, said = board_of(game), Sentences(game.book)
    return {seat: _brief(game, board, said, seat, (teams or {}).get(seat, ""), part) for seat in game.seats}


def briefs_of(record: Record) -> dict[str, str]:
    """Return the briefs of a record's game as it began, with its teams.

    Raises:
        RecordError: The game cannot be set up.
    """
    teams = {
        seat: who["team"] for seat, who in record.seats.items()
        if isinstance(who, Mapping) and isinstance(who.get("team"), str)
    }  # fmt: skip
    return briefs(start(record), teams)


def write(pages: Mapping[str, str], folder: Path) -> list[Path]:
    """Write the pages, one file a seat in the order of play; return the files.

    Raises:
        RecordError: The folder cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordError(f"{folder} cannot be made: {error.strerror or error}", "choose another place") from None
    found = []
    for at, (seat, page) in enumerate(pages.items(), 1):
        path = folder / f"{at}_{seat}.html"
        write_atomic(path, page.encode())
        found.append(path)
    return found


def _brief(game: Game, board: Board, said: Sentences, seat: str, team: str, part: str) -> str:
    """Return one seat's pages, from what the seat may know alone."""
    book, scenario, view = game.book, game.scenario, game.view(seat)
    roles = board.roles_of(seat)
    moves = [move for move in game.engine.layout.moves if game.evaluate(move.seats, seat)]
    families = {family: [move for move in moves if move.family == family] for family in (m.family for m in moves)}
    start = [(book.tracks[name].title, [view.value(name, each) for each in game.seats]) for name in board.of_seat]
    world = [(book.tracks[name].title, view.value(name)) for name in board.of_world]
    minutes = f" · about {scenario.minutes} minutes" if scenario.minutes else ""
    return render(
        "briefs/page.html", title=board.seat_title(seat), seat=seat, seats=scenario.seats, marks=board.marks,
        team=team, scenario=scenario, rules=f"{book.title}, version {book.version}",
        length=f"{counted(scenario.rounds, 'round')} · {sentence('; '.join(turns(scenario)))}{minutes}",
        roles=[book.roles[role] for role in roles], scoring=book.goals.about,
        ambitions=[ambition.title for ambition in book.goals.ambitions if ambition.role in roles],
        start=[(track, values) for track, values in start if any(values)],
        world=[(track, value) for track, value in world if value],
        families=[_Family(book, said, family, found) for family, found in families.items()], count=len(moves),
        fit="crowd" if len(moves) >= CROWD else "many" if len(moves) >= MANY else "",
        drawings=drawings(icon_name(book, family) for family in families), agendas=game.agendas(seat),
        secrets=_secrets(game, view, seat), corners=corners, part=part,
    )  # fmt: skip


class _Family:
    """A family of moves as its part of the page shows it."""

    def __init__(self, book: Rulebook, said: Sentences, family: str, moves: list[Move]) -> None:
        self.title = titled(family, book.families.get(family, "")) if family else "Moves"
        self.icon, self.colour = icon_name(book, family), colour(book, family)
        self.moves = [
            {
                "title": plain(said.title(move)),
                "cost": plain(said.cost(move)),
                "tags": [*(["secret"] if move.secret else []), *([] if move.takes else ["takes no action"])],
                "about": move.about or move.why,
            }
            for move in moves
        ]


def _secrets(game: Game, view: View, seat: str) -> list[tuple[TrackDef, int]]:
    """Return the seat's own secret tracks with what is on them; drawn agendas are shown in full instead."""
    layout, me = game.engine.layout, game.seats.index(seat)
    own = (
        (place.track, view.value(name, *index))
        for name, place in layout.places.items()
        if place.track.visibility != "public" and place.track.drawn is None
        for _, index in layout.cells(name)
        if layout.sees(me, name, index) and (place.track.scope[:1] != ("seat",) or index[0] == seat)
    )
    return [(track, value) for track, value in own if value]
