"""Builds a lesson from its source: plays or reads the game, measures every legal move asked about, writes the record.

What is written by hand is taken as it stands; what is right, by how much, and what differs is measured anew each time.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ai_players
from game.core.game import Game
from game.errors import RecordError, UnknownName
from game.moves import Move
from game.narrative.answers import Measurement, Outcome, likeliest
from game.narrative.chronicle import Chronicle
from game.narrative.ledger import Words
from game.narrative.sight import seat_sight
from game.prose.numbers import counted
from game.records.lesson_source import Chapter, Source
from game.records.lessons import KEY, About, Lesson
from game.records.node import ROOT
from game.records.positions import Positions
from game.records.record import Record
from game.simulation.continuations import play_on
from rules.model.rulebook import Doctrine, Rulebook

GAMES = 400
"""Games played on after each move."""
AGAIN = 1_000_000
"""First seed of games that measure again what was measured with seeds from 0."""
LIKELY = 3
SINCE = 5
"""How many wrong moves are told as the likeliest; how many lines tell what happened since the last chapter."""

OnProgress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of the pupil's: the node after which it comes, and the game there."""

    node: int
    game: Game


def build(source: Source, book: Rulebook, games: int = GAMES, on_progress: OnProgress | None = None) -> Record:
    """Return the lesson that a source describes.

    Args:
        source: The source.
        book: The rules of a game that is played for it; a saved game brings its own.
        games: Games played on after each move.
        on_progress: Is told of each chapter as it is measured.

    Raises:
        RecordError: The source asks for what the game does not have.
        UnknownName, UsageError: It names a scenario, seat, player, move or track that does not exist.
    """
    head = source.head
    record = Record.load(source.folder / head.record) if head.record else _played(source, book)
    game = Positions(record).game(ROOT)
    if head.pupil not in game.seats:
        raise UnknownName("seat", head.pupil, game.seats, source.file)
    names = players_of(record, game)
    names[head.pupil] = head.strong or strongest(game, head.pupil, names)
    turns = _turns(record, head.pupil)
    about = {
        key: value
        for key, value in head.model_dump(mode="json").items()
        if key in About.model_fields and key != "measured"
    }
    about["pupil"] = head.pupil
    about["measured"] = {"games": games, "players": names, "rules": game.book.sha256}
    record.header["title"] = head.title
    record.header[KEY] = about
    before = None
    for chapter in source.chapters:
        if on_progress is not None:
            on_progress(f"{head.name}: {chapter.title}")
        turn = _turn(turns, chapter, source, head.pupil)
        record.remark(turn.node, ask=measured_question(turn, before, chapter, names, games))
        before = turn
    return record


def question_at(record: Record, node: int, chapter: Chapter) -> tuple[dict[str, Any], dict[str, Any]]:
    """Measure a question that somebody writes while looking at a game.

    Args:
        record: The game; what its header says of the lesson so far is kept to (whose it is, who plays on, how often).
        node: The node of the main line after which is asked.
        chapter: The question; its place says what is measured, and not where.

    Returns:
        The question as ``ask`` holds it, and what the header has to say of the lesson.

    Raises:
        RecordError: The lesson asks another seat, or the question stands before the first move.
    """
    positions = Positions(record)
    start, game = positions.game(ROOT), positions.game(node)
    known = record.header.get(KEY)
    about: dict[str, Any] = dict(known) if isinstance(known, Mapping) else {}
    pupil = about.setdefault("pupil", str(game.seat))
    if pupil != game.seat:
        raise RecordError(f"this lesson asks {pupil}, and here {game.seat} moves", f"measure a move of {pupil}'s")
    measured = about.get("measured")
    if not isinstance(measured, Mapping) or "players" not in measured:
        names = players_of(record, start)
        names[pupil] = strongest(start, pupil, names)
        measured = {"games": GAMES, "players": names, "rules": game.book.sha256}
    about["measured"] = dict(measured)
    asked = [each.id for each in itertools.takewhile(lambda each: each.id != node, record.main_line()) if each.ask]
    before = Turn(asked[-1], positions.game(asked[-1])) if asked else None
    return measured_question(Turn(node, game), before, chapter, measured["players"], measured["games"]), about


def players_of(record: Record, game: Game) -> dict[str, str]:
    """Return a player of the kernel for each seat of a record: who played it, else the usual one."""
    return {seat: _known(game, seat, str(record.seats.get(seat, {}).get("player", ""))) for seat in game.seats}


def specs_of(names: Mapping[str, str], book: Rulebook) -> dict[str, Doctrine | str]:
    """Return the players of names that play inside the kernel."""
    found = {seat: ai_players.load(name, book) for seat, name in names.items()}
    return {seat: spec for seat, spec in found.items() if isinstance(spec, Doctrine | str)}


def measured_anew(lesson: Lesson, games: int) -> list[Measurement]:
    """Return every question of a measured lesson, measured again by its own criterion with other dice."""
    positions, names = Positions(lesson.record), lesson.header.measured.get("players", {})
    found = []
    for question in lesson.questions:
        game = positions.game(question.node)
        if question.criterion is not None:
            players = specs_of(names, game.book)
            found.append(Measurement(game, question.criterion, players, range(AGAIN, AGAIN + games)))
    return found


def strongest(game: Game, seat: str, names: Mapping[str, str], games: int = 48) -> str:
    """Return the doctrine that scores most in a seat against the others of a game."""
    scored = {}
    for name in [*ai_players.for_seat(game.book, game.scenario.name, seat), "greedy"]:
        players = specs_of({**names, seat: name}, game.book)
        scored[name] = play_on(game, players, range(games)).mean_score(seat)
    return max(scored, key=lambda name: scored[name])


def _known(game: Game, seat: str, name: str) -> str:
    """Return a player of the kernel for a seat: who played it, else the usual one."""
    if name in (*ai_players.for_seat(game.book, game.scenario.name, seat), "greedy", "random"):
        return name
    return ai_players.usual_players(game.book, game.scenario.name, game.seed)[seat]


def _played(source: Source, book: Rulebook) -> Record:
    """Play the game of a source: every seat by its doctrine, but for the moves that chapters ask for."""
    head = source.head
    if head.scenario not in book.scenarios:
        raise UnknownName("scenario", head.scenario, book.scenarios, source.file)
    game = Game(book, head.scenario, head.seed, jit=True)
    for seat in head.players:
        if seat not in game.seats:
            raise UnknownName("seat", seat, game.seats, source.file)
    names = {**ai_players.usual_players(book, head.scenario, head.seed), **head.players}
    specs = specs_of(names, book)
    forced = {(one.place.round, one.place.action): one.place.played for one in source.chapters if one.place.played}
    turn = (0, 0)
    while game.seat is not None:
        move = game.choose(specs[game.seat])
        if game.seat == head.pupil:
            turn = (game.round, turn[1] + 1 if turn[0] == game.round else 1)
            move = Move.parse(forced[turn]) if turn in forced else move
        game.play(move)
    return Record.of(game, {seat: {"player": name} for seat, name in names.items()}, title=head.title)


def _turns(record: Record, pupil: str) -> dict[tuple[int, int], Turn]:
    """Return the pupil's turns by round and action."""
    positions, found = Positions(record), dict[tuple[int, int], Turn]()
    for node in record.main_line():
        if node.seat == pupil and node.do is not None:
            game = positions.game(node.parent)
            number = 1 + sum(round_ == game.round for round_, _ in found)
            found[game.round, number] = Turn(node.parent, game)
    return found


def _turn(turns: Mapping[tuple[int, int], Turn], chapter: Chapter, source: Source, pupil: str) -> Turn:
    key = (chapter.place.round, chapter.place.action)
    where = f"{source.file}, chapter “{chapter.title}”"
    if key not in turns:
        known = ", ".join(f"{round_}.{action}" for round_, action in turns)
        raise RecordError(
            f"{where}: {pupil} has no action {key[1]} in round {key[0]}", f"it has (round.action) {known}"
        )
    if turns[key].node == ROOT:
        raise RecordError(f"{where} asks about the first move of the game", "ask about a later one")
    return turns[key]


def measured_question(
    turn: Turn, before: Turn | None, chapter: Chapter, names: Mapping[str, str], games: int
) -> dict[str, Any]:
    """Return the question of a chapter, measured."""
    game, seat = turn.game, str(turn.game.seat)
    found = Measurement(game, chapter.place.criterion, specs_of(names, game.book), range(games))
    accepted, refused = found.accepted, found.refused
    fitting = [*ai_players.for_seat(game.book, game.scenario.name, seat), "greedy"]
    players = list(specs_of({name: name for name in fitting}, game.book).values())
    strong = specs_of({seat: names[seat]}, game.book)[seat]
    return {
        "chapter": chapter.title,
        "recap": chapter.recap,
        "since": _since(turn, before),
        "prompt": chapter.prompt,
        "criterion": chapter.place.criterion.model_dump(mode="json"),
        "hint": chapter.hint,
        "accept": [str(one.move) for one in accepted],
        "likely": [str(move) for move in likeliest(game, players, refused, LIKELY)],
        "luck": found.luck(),
        "answers": {
            str(one.move): {
                "right": one in accepted,
                "value": round(found.shown(one.mean), 2),
                **dict(zip(("low", "high"), _range(found, one), strict=True)),
                "says": chapter.sentence(str(one.move)),
                "result": found.result(one),
                "reasons": found.reasons(one),
            }
            for one in found.outcomes
        },
        "strong": {
            "player": names[seat],
            "move": str(game.choose(strong)),
            "why": "Of all bots this one scores most in this seat. It plays for the score, whatever the question.",
        },
        "games": games,
    }


def _range(found: Measurement, one: Outcome) -> tuple[float, float]:
    """Return the criterion's range beside the best move's mean, as people read it, lower end first."""
    if one is found.best:
        return (round(found.shown(one.mean), 2),) * 2
    gap = found.gap(one)
    ends = sorted(found.shown(found.best.mean - each) for each in (gap.low, gap.high))
    return round(ends[0], 2), round(ends[1], 2)


def _since(turn: Turn, before: Turn | None) -> list[str]:
    """Return what the pupil's seat knows of what happened since the last chapter: others' moves and the news."""
    game, seat = turn.game, str(turn.game.seat)
    chronicle = Chronicle(game)
    lines = seat_sight(game, chronicle, seat).lines
    past = len(seat_sight(before.game, Chronicle(before.game), seat).lines) if before is not None else 0
    words = Words(game.book, game.scenario)
    told = []
    for line in lines[past:]:
        if line.kind not in ("move", "event") or line.seat == seat:
            continue
        shifts = chronicle.weighty(line.shifts, 1)
        what = f" ({words.cell(shifts[0].cell)} {shifts[0].before} → {shifts[0].after})" if shifts else ""
        who = f"{words.seat(line.seat)}: " if line.seat else "News: "
        told.append(f"{who}{line.title}{what}")
    more = len(told) - SINCE
    return told if more <= 0 else [f"{counted(more, 'thing')} earlier.", *told[-SINCE:]]
