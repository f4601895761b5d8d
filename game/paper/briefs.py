"""Briefs: a page a seat to print, with goals, moves and start, and the secret agenda on a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

from game.console.narrator import agendas_of
from game.core.game import Game
from game.core.view import View
from game.errors import RecordError
from game.narrative.board import Board
from game.narrative.sight import board_of
from game.paper.svg import badge
from game.prose.lexicon import plain, sentence, titled
from game.prose.numbers import counted, joined, number
from game.prose.statements import Sentences
from game.records.files import write_atomic
from game.records.record import Record
from game.records.replay import start
from game.rulebook.html import asset, colour, document, icon, icon_name, symbols
from game.rulebook.seats import turns
from rules.model.rulebook import Move

LINES = 4
"""Empty lines to plan on."""
MANY, CROWD = 34, 44
"""From this many moves on they are printed smaller, so that a brief stays on one sheet."""


def briefs(game: Game, teams: Mapping[str, str] | None = None) -> dict[str, str]:
    """The brief of every seat as an HTML page, by seat name.

    Args:
        game: A game that has just begun: what is drawn at its start (secret agendas) depends on its seed.
        teams: Names of teams by seat.
    """
    board, said = board_of(game), Sentences(game.book)
    return {seat: _Brief(game, board, said, seat, (teams or {}).get(seat, "")).html() for seat in game.seats}


def briefs_of(record: Record) -> dict[str, str]:
    """The briefs of a record's game, as it began, with its teams; raises RecordError when it cannot be set up."""
    teams = {
        seat: who["team"] for seat, who in record.seats.items()
        if isinstance(who, Mapping) and isinstance(who.get("team"), str)
    }  # fmt: skip
    return briefs(start(record), teams)


def write(pages: Mapping[str, str], folder: Path) -> list[Path]:
    """Writes the pages, one file a seat in the order of play; gives the files.

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


class _Brief:
    """One seat's pages, from what the seat may know alone."""

    def __init__(self, game: Game, board: Board, said: Sentences, seat: str, team: str) -> None:
        self.game, self.board, self.said, self.seat, self.team = game, board, said, seat, team
        self.book = game.book
        self.view: View = game.view(seat)

    def html(self) -> str:
        game, book = self.game, self.book
        scenario = game.scenario
        moves = self._own()
        families = list(dict.fromkeys(move.family for move in moves))
        minutes = f" · about {scenario.minutes} minutes" if scenario.minutes else ""
        length = f"{counted(scenario.rounds, 'round')} · {sentence('; '.join(turns(scenario))).rstrip('.')}{minutes}"
        return document(
            "briefs", f"{escape(self.board.seat_title(self.seat))}: brief", asset("briefs", "briefs.css"),
            title=escape(self.board.seat_title(self.seat)),
            team=f'<span class="team">{escape(self.team)}</span>' if self.team else "",
            badge=badge(self.board.marks[self.seat]), summary=escape(scenario.summary),
            scenario=escape(titled(scenario.name, scenario.title)),
            length=escape(length), roles=self._roles(), ambitions=self._ambitions(), start=self._start(),
            score=f"<p>{escape(book.goals.about)}</p>" if book.goals.about else "",
            moves="".join(self._family(family, [m for m in moves if m.family == family]) for family in families),
            count=counted(len(moves), "move"), symbols=symbols(icon_name(book, family) for family in families),
            plan='<div class="line"></div>' * LINES, sealed=self._sealed(),
            fit="crowd" if len(moves) >= CROWD else "many" if len(moves) >= MANY else "",
            rules=escape(f"{book.title}, version {book.version}"),
        )  # fmt: skip

    def _own(self) -> list[Move]:
        """The moves that the seat's roles could ever play."""
        return [move for move in self.game.engine.layout.moves if self.game.evaluate(move.seats, self.seat)]

    def _roles(self) -> str:
        text = ""
        for role in self.board.roles_of(self.seat):
            found = self.book.roles[role]
            text += f"<h3>{escape(found.title)}</h3>"
            text += f"<p>{escape(found.about)}</p>" if found.about else ""
            text += f"<p><b>Wants:</b> {escape(found.wants)}</p>" if found.wants else ""
            text += f"<p><b>Sharpest tools:</b> {escape(found.tools)}</p>" if found.tools else ""
        return text

    def _ambitions(self) -> str:
        roles = self.board.roles_of(self.seat)
        titles = [escape(a.title) for a in self.book.goals.ambitions if a.role in roles]
        return f"<p><b>Ambitions:</b> {joined(titles)}. Shown at the end, worth no points.</p>" if titles else ""

    def _start(self) -> str:
        """What the seat has and the others have, of tracks that seats have; its own secret tracks apart."""
        seats = self.game.seats
        head = "".join(f"<th>{badge(self.board.marks[s])}{escape(self.board.seat_title(s))}</th>" for s in seats)
        rows = ""
        for name in self.board.of_seat:
            values = [self.view.value(name, seat) for seat in seats]
            if not any(values):
                continue
            cells = "".join(
                f"<td{' class=mine' if seat == self.seat else ''}>{number(value) if value else '·'}</td>"
                for seat, value in zip(seats, values, strict=True)
            )
            rows += f"<tr><th>{escape(self.book.tracks[name].title)}</th>{cells}</tr>"
        world = [(self.book.tracks[name].title, self.view.value(name)) for name in self.board.of_world]
        told = " · ".join(f"{escape(title)} {number(value)}" for title, value in world if value)
        return f"<table><tr><th></th>{head}</tr>{rows}</table><p class='world'>{told}</p>"

    def _family(self, family: str, moves: list[Move]) -> str:
        title = titled(family, self.book.families.get(family, "")) if family else "Moves"
        items = "".join(self._move(move) for move in moves)
        head = f"{icon(icon_name(self.book, family))}{escape(title)}"
        return f'<div class="family f{colour(self.book, family)}"><h3>{head}</h3><ul>{items}</ul></div>'

    def _move(self, move: Move) -> str:
        about = plain(move.about) or plain(move.why)
        tags = [*(["secret"] if move.secret else []), *([] if move.takes else ["takes no action"])]
        tag = f" <i>({', '.join(tags)})</i>" if tags else ""
        cost = escape(plain(self.said.cost(move.name)))
        return f"<li><b>{escape(plain(self.said.title(move.name)))}</b> <span>{cost}</span>{tag} {escape(about)}</li>"

    def _sealed(self) -> str:
        """The secret agendas, and the seat's own secret tracks, on the page that is folded and handed over closed."""
        parts = [
            f"<h3>{escape(agenda.title)}</h3><p>{escape(agenda.text)}</p>"
            for agenda in agendas_of(self.game, self.seat)
        ]
        layout = self.game.engine.layout
        me = self.game.seats.index(self.seat)
        own = []
        for name, place in layout.places.items():
            if place.track.visibility == "public" or place.track.drawn is not None:
                continue
            for _, index in layout.cells(name):
                value = self.view.value(name, *index)
                if layout.owner(name, index) == me and value:
                    own.append(
                        f"<li>{escape(place.track.title)}: <b>{number(value)}</b> {escape(place.track.about)}</li>"
                    )
        if own:
            parts.append(f"<h3>What only you know at the start</h3><ul>{''.join(own)}</ul>")
        if not parts:
            return ""
        title = escape(self.board.seat_title(self.seat))
        return (
            f'<section class="page sealed"><p class="seal">Sealed</p><h1>For {title} alone</h1><p>Fold here. Open it by'
            f" yourself, and keep it until the debrief.</p><div class='secret'>{''.join(parts)}</div></section>"
        )
