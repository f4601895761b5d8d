"""A game or a lesson as one page that plays by itself: no engine, no network, worked out for one pair of eyes.

Everything in it comes from what these eyes may know (``Game.view``, or what is public), so worlds that they cannot tell
apart give the same bytes: no seed, no hashes, no rulebook, no other seat's player, nobody's secret move.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from game import theme
from game.core.game import Game
from game.errors import RecordError, UnknownName
from game.narrative.answers import criterion_words
from game.narrative.board import Board
from game.narrative.chronicle import Chronicle, ChronicleLine
from game.narrative.history import History
from game.narrative.ledger import Causes, Words
from game.narrative.sight import Sight, board_of, public_sight, seat_sight
from game.narrative.viewers import PUBLIC, hides, node_title, viewer_title
from game.prose.numbers import month
from game.records.lessons import Answer, Lesson, Question
from game.records.node import Node
from game.records.positions import Positions
from game.records.receipts import assignment_of
from game.records.record import Record
from game.records.results import key_of
from game.templates import LOOK, WHITE, render

MAX_BYTES = 1_500_000
FOLDER = "player"
SHIFTS = 3
"""Changes that are told of a line."""
COLOURS: dict[str, tuple[theme.Colour, theme.Colour]] = {
    "ground": (LOOK["card"], theme.NIGHT), "panel": (WHITE, theme.PANEL), "ink": (theme.PAPER_TEXT, theme.TEXT),
    "soft": (theme.PAPER_SOFT, theme.SOFT), "rule": (theme.PAPER_RULE, theme.EDGE),
    "now": (theme.FAMILIES[1], theme.NOW), "good": (theme.BETTER_ON_PAPER, theme.BETTER),
    "bad": (theme.WORSE_ON_PAPER, theme.WORSE),
}  # fmt: skip
"""What the page's style calls its colours: on paper, and on ink. Yellow on paper could not be read."""


def page(record: Record, eyes: str, lesson: Lesson | None = None) -> str:
    """Return the page of a record.

    Args:
        record: A game that replays.
        eyes: A seat, or ``public``.
        lesson: The lesson in the record, whose questions are asked on the way.

    Raises:
        UnknownName: There is no such seat.
        RecordError: The game does not replay, or the page would be too long.
    """
    data = _Told(record, eyes, lesson).data()
    # What would end the block of data early cannot stand in it.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    folder = files("assets") / FOLDER
    script, style = ((folder / f"player.{kind}").read_text(encoding="utf-8") for kind in ("js", "css"))
    style = f"{colours()}\n{style}"
    found = render(
        "player/page.html", title=data["title"], data=Markup(text), script=Markup(script), style=Markup(style),
        script_hash=_hash(script), style_hash=_hash(style),
    )  # fmt: skip
    if len(found.encode()) > MAX_BYTES:
        raise RecordError(f"the page would be longer than {MAX_BYTES / 1e6:g} MB", "take a shorter game")
    return found


def colours() -> str:
    """Return the page's colours as its style names them: on paper, and on ink for readers who like it dark."""
    light, dark = (" ".join(f"--{name}: {theme.as_hex(pair[n])};" for name, pair in COLOURS.items()) for n in (0, 1))
    return f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"


def _hash(text: str) -> str:
    """Return what a policy calls a script or style that it allows."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def scorm(html: str, title: str, identifier: str) -> bytes:
    """Return a page as a SCORM 1.2 package of a single unit; the same input gives the same bytes."""
    manifest = render("player/imsmanifest.xml", title=title, identifier=identifier)
    return _zipped({"imsmanifest.xml": manifest, "index.html": html})


def _zipped(pages: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in pages.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), text.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def moodle(lesson: Lesson) -> str:
    """Return a lesson's questions as Moodle XML: one choice for each legal move, each with its answer.

    Raises:
        RecordError: The answers were taken out of the lesson.
    """
    return render("player/moodle.xml", lesson=lesson, asked=_asked(lesson))


def qti(lesson: Lesson) -> bytes:
    """Return a lesson's questions as a package of IMS QTI 2.1, a test with an item for each question.

    Every legal move is a choice with its answer as feedback; the same lesson gives the same bytes.

    Raises:
        RecordError: The answers were taken out of the lesson.
    """
    asked = _asked(lesson)
    known = {"lesson": lesson, "asked": asked, "identifier": f"chokepoint-{lesson.fingerprint}"}
    pages = {"imsmanifest.xml": render("player/qti_manifest.xml", **known)}
    pages["test.xml"] = render("player/qti_test.xml", **known)
    for number, (question, moves) in enumerate(asked, 1):
        name = f"question_{number}"
        right = [n for n, (_, answer) in enumerate(moves, 1) if answer.good]
        pages[f"{name}.xml"] = render(
            "player/qti_item.xml", identifier=name, question=question, moves=moves, right=right
        )
    return _zipped(pages)


def _asked(lesson: Lesson) -> list[tuple[Question, list[tuple[str, Answer]]]]:
    """Return each question with the titles of all legal moves and what it says to them."""
    if any(question.sealed for question in lesson.questions):
        raise RecordError(f"{lesson.record.file} has no answers", "give the lesson that it was made from")
    positions = Positions(lesson.record)
    found = []
    for question in lesson.questions:
        game = positions.game(question.node)
        found.append((question, [(game.describe(move), question.answer(move)) for move in game.legal()]))
    return found


class _Told:
    """A record put into what the page shows, for one pair of eyes."""

    def __init__(self, record: Record, eyes: str, lesson: Lesson | None) -> None:
        self.record, self.lesson = record, lesson
        self.positions = Positions(record)
        start = self.positions.game(0)
        if eyes != "public" and eyes not in start.seats:
            raise UnknownName("seat", eyes, [*start.seats, "public"], record.file)
        if self.positions.reach(record.head) != record.head:
            raise RecordError(f"{record.file} does not replay", "'chokepoint save verify' tells more about the file")
        self.eyes = PUBLIC if eyes == "public" else eyes
        self.board: Board = board_of(start)
        self.words = Words(start.book, start.scenario)
        self.chronicle, self.causes = Chronicle(start), Causes(start.book)
        tracks = [*self.board.of_seat, *self.board.of_world, *self.board.of_side]
        if self.board.shares:
            tracks.append(self.board.shares)
        mine = [name for name, track in start.book.tracks.items() if track.visibility == "owner" and track.title]
        self.tracks = list(dict.fromkeys([*tracks, *(mine if self.eyes != PUBLIC else [])]))

    def sight(self, game: Game) -> Sight:
        """Return a position as the eyes see it."""
        if self.eyes == PUBLIC:
            return public_sight(game, self.chronicle)
        return seat_sight(game, self.chronicle, self.eyes)

    def data(self) -> dict[str, Any]:
        """Return everything that the page holds."""
        start = self.positions.game(0)
        first = self.sight(start)
        cells = [cell for cell in first.values if cell[0] in self.tracks]
        numbers = {cell: n for n, cell in enumerate(cells)}
        values = [first.values[cell] for cell in cells]
        steps: list[dict[str, Any]] = [self._step(start, None, first, 0)]
        at = {0: 0}
        told = len(first.lines)
        line = self.record.main_line()
        if self.lesson is not None and any(question.sealed for question in self.lesson.questions):
            # What comes after the last question would tell something of the answers that were taken out.
            last = self.lesson.questions[-1].node
            line = line[: next(n for n, node in enumerate(line, 1) if node.id == last)]
        for node in line:
            game = self.positions.game(node.id)
            if node.facilitator is not None and hides(game, node, self.eyes):
                at[node.id] = len(steps) - 1
                continue
            sight = self.sight(game)
            step = self._step(game, node, sight, told)
            now = [sight.values.get(cell, 0) for cell in cells]
            step["v"] = [
                [numbers[cell], now[numbers[cell]]] for cell in cells if now[numbers[cell]] != values[numbers[cell]]
            ]
            values, told = now, len(sight.lines)
            steps.append(step)
            at[node.id] = len(steps) - 1
        game = self.positions.game(line[-1].id if line else 0)
        return {
            "title": self._title,
            "eyes": self._eyes_title,
            "rounds": start.scenario.rounds,
            "seats": [self._seat(seat) for seat in start.seats],
            "tracks": [self._track(name, numbers) for name in self.tracks if any(cell[0] == name for cell in cells)],
            "start": [first.values[cell] for cell in cells],
            "steps": steps,
            "points": self._points(game),
            "lesson": self._lesson(at) if self.lesson else None,
            "caution": "Behaviour of the model, not a forecast",
        }

    @property
    def _title(self) -> str:
        if self.lesson is not None:
            return self.lesson.title
        title = self.record.header.get("title")
        return title if isinstance(title, str) and title else self.board.scenario.title

    @property
    def _eyes_title(self) -> str:
        return viewer_title(self.board, self.eyes)[0]

    def _seat(self, seat: str) -> dict[str, Any]:
        mark = self.board.marks[seat]
        return {"id": seat, "title": self.board.seat_title(seat), "glyph": mark.glyph, "ink": theme.as_hex(mark.paper)}

    def _track(self, name: str, numbers: dict[tuple[str, tuple[str, ...]], int]) -> dict[str, Any]:
        track = self.board.book.tracks[name]
        cells = [[self.words.cell(cell), n] for cell, n in numbers.items() if cell[0] == name]
        return {"title": track.title, "unit": track.unit, "about": track.about, "good": track.good, "cells": cells}

    def _step(self, game: Game, node: Node | None, sight: Sight, told: int) -> dict[str, Any]:
        before = self.positions.game(node.parent) if node is not None else game
        hidden = node is not None and hides(before, node, self.eyes)
        step: dict[str, Any] = {
            "r": game.round,
            "d": month(game.date),
            "t": "The game begins" if node is None else node_title(before, node, self.eyes),
            "l": [self._line(line) for line in sight.lines[told:] if line.kind != "setup"],
        }
        if node is not None and node.seat:
            step["s"] = game.seats.index(node.seat)
        if node is not None and not hidden and (node.note or node.mark):
            step["c"] = f"{node.mark} {node.note}".strip()
        if game.over:
            step["end"] = self._end(game)
        return step

    def _line(self, line: ChronicleLine) -> list[Any]:
        shown = []
        for shift in self.chronicle.weighty(line.shifts, SHIFTS):
            why = ". ".join(text for text in (self.causes.title(shift.rule), self.causes.why(shift.rule)) if text)
            shown.append([self.words.cell(shift.cell), shift.before, shift.after, why])
        return [line.title, line.text, shown]

    def _end(self, game: Game) -> dict[str, Any]:
        ending = game.book.endings.get(game.ending or "")
        scores = game.scores()
        return {
            "how": f"{ending.title}. {ending.text}" if ending is not None else "The last round is over.",
            "scores": [scores[seat] for seat in game.seats],
            "winners": [game.seats.index(seat) for seat in game.winners],
        }

    def _points(self, game: Game) -> list[list[int]]:
        """Return each seat's points after each round, as everybody could know them."""
        history = History(game, self.board, Chronicle(game))
        rounds = range(1, game.round + 1) if game.over else range(1, game.round)
        return [[history.scores(round_)[seat] for round_ in rounds] for seat in game.seats]

    def _lesson(self, at: dict[int, int]) -> dict[str, Any]:
        lesson = self.lesson
        assert lesson is not None
        header = lesson.header
        return {
            "name": lesson.name, "fingerprint": lesson.fingerprint, "key": key_of(lesson),
            "assignment": assignment_of(lesson.record.header).get("id", ""), "minutes": header.minutes,
            "objective": header.objective, "goal": list(header.goal), "learned": header.learned,
            "limits": header.limits, "claim": header.misconception.claim, "met": header.misconception.met,
            "sources": list(header.sources),
            "questions": [self._question(question, at[question.node]) for question in lesson.questions],
        }  # fmt: skip

    def _question(self, question: Question, step: int) -> dict[str, Any]:
        game = self.positions.game(question.node)
        games = self.lesson.header.measured.get("games", 0) if self.lesson else 0
        moves = []
        for move in game.legal():
            answer = question.answer(move)
            family = game.book.moves[move.name].family if move.name in game.book.moves else ""
            moves.append([
                str(move), game.describe(move), game.book.families.get(family, ""),
                {True: 1, False: 0, None: -1}[answer.good], list(answer.texts),
            ])  # fmt: skip
        return {
            "step": step, "chapter": question.chapter, "prompt": question.prompt, "hint": question.hint,
            "recap": question.recap, "since": list(question.since), "sealed": question.sealed, "moves": moves,
            "by": criterion_words(game, question.criterion, games) if question.criterion else "",
            "luck": question.luck, "played": "" if question.sealed else question.played,
        }  # fmt: skip
