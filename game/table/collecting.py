"""What comes back from a class: assignments given out, files collected, and what about each is not as it should be.

A fault of one file never keeps the others from being read, and nothing is ever written over.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ai_players
from game.core.game import Game
from game.errors import ChokepointError, RecordError
from game.moves import Move
from game.narrative.aims import aims_of
from game.narrative.board import Board
from game.narrative.chronicle import Chronicle
from game.narrative.history import History
from game.narrative.sight import board_of
from game.prose.numbers import counted, joined
from game.prose.statements import Sentences
from game.records import format as saved
from game.records.files import read_bounded
from game.records.lessons import Lesson, is_lesson
from game.records.node import Node
from game.records.positions import Positions
from game.records.receipts import ASSIGNMENT, assignment_of, broken
from game.records.record import Record
from game.records.replay import altered, rulebook_of
from game.records.results import NAME, Result, key_of, result_of_code
from rules import RuleErrors
from rules.model.rulebook import Doctrine, Rulebook

HUMAN = "human"
SUFFIXES = (".yaml", ".yml", ".txt")
ENOUGH = 6
"""Moves of a person that must all be a doctrine's before it is said that they are."""


def assigned(record: Record, name: str) -> Record:
    """Return a record as an assignment of its own, with an id and a key that no other has."""
    found = record.branch_at(record.head)
    found.header = {
        **record.header,
        ASSIGNMENT: {"name": name, "id": secrets.token_hex(4), "key": secrets.token_hex(16)},
    }
    return found


def game_to_play(
    book: Rulebook, scenario: str, seed: int, players: Mapping[str, str], overrides: Mapping[str, Any], team: str = ""
) -> Record:
    """Return the record of a game that is to be played, with a team's name on the seats of people."""
    seats = {
        seat: {"player": player, **({"team": team} if team and player == HUMAN else {})}
        for seat, player in players.items()
    }
    return Record.new(book, scenario, seed, seats, overrides, title=book.scenarios[scenario].title)


@dataclass(frozen=True)
class GameRow:
    """A game that came back.

    Attributes:
        scores, aims: By seat: final points (nothing before the end), aims met.
        families: By seat: how many moves of each lever family.
        moves: Who did what, in order, as text.
        series: Points of each seat after each round, as everybody could know them.
    """

    record: Record
    game: Game
    board: Board
    scores: Mapping[str, int]
    aims: Mapping[str, int]
    families: Mapping[str, Mapping[str, int]]
    moves: tuple[tuple[str, str], ...]
    series: Mapping[str, tuple[int, ...]]

    @property
    def team(self) -> str:
        """The people's teams, or who plays."""
        people = [str(who.get("team", "")) for who in self.record.seats.values() if who.get("player") == HUMAN]
        return joined([team for team in dict.fromkeys(people) if team])


@dataclass
class Returned:
    """A file that came back, and what there is to say of it: ``faults`` count against it, ``notes`` do not."""

    file: str
    kind: str
    who: str = ""
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    game: GameRow | None = None
    result: Result | None = None

    def data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"file": self.file, "kind": self.kind, "who": self.who, "faults": self.faults, "notes": self.notes}


def gather(paths: Iterable[Path]) -> list[Path]:
    """Return the files to look at: those named, and all in the folders named, by name; hidden ones aside."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
        found += [each for each in inside if not any(part.startswith(".") for part in each.parts)]
    return found


def collect(paths: Sequence[Path], assignment: Record | None = None, lessons: Sequence[Lesson] = ()) -> list[Returned]:
    """Read what came back.

    Args:
        paths: Files.
        assignment: What was given out, a game or a lesson; without it games are held against each other alone.
        lessons: Lessons whose results may be among the files, the assignment's (with its key) among them.

    Returns:
        One entry for each file, and one for each line of a list of codes, in order.
    """
    found: list[Returned] = []
    for path in paths:
        found += _read(path, assignment, lessons)
    _find_doubles(found)
    return found


def _read(path: Path, assignment: Record | None, lessons: Sequence[Lesson]) -> list[Returned]:
    name = str(path)
    try:
        if path.suffix.lower() not in SUFFIXES:
            raise RecordError("is neither a saved game nor a result", "it was left out")
        data = read_bounded(path, saved.MAX_BYTES)
        if path.suffix.lower() == ".txt":
            return _codes(name, data, lessons)
        if NAME.encode() in data[:200]:
            return [_result(name, Result.parse(data, name), lessons, assignment)]
        record = Record.parse(data, name)
        return [_game(name, record, assignment)]
    except (ChokepointError, RuleErrors, OSError) as error:
        said = str(error).splitlines()[0].removeprefix(f"{name} ").removeprefix(f"{name}: ")
        return [Returned(name, "unread", faults=[said])]


# ------------------------------------------------------------------------------------------- results


def _codes(file: str, data: bytes, lessons: Sequence[Lesson]) -> list[Returned]:
    """Read a list of codes: a pseudonym and a code on each line."""
    found = []
    for line in data.decode("utf-8", "replace").splitlines():
        who, _, code = line.strip().rpartition(" ")
        if not line.strip():
            continue
        one = Returned(file, "code", who.strip(" ,:;\t") or "?")
        faults = []
        for lesson in lessons:
            try:
                one.result = result_of_code(code, one.who, lesson)
                break
            except RecordError as error:
                faults.append(str(error))
        if one.result is None:
            one.faults.append(faults[0] if faults else "a list of codes can be read with its lesson only")
        found.append(one)
    return found


def _result(file: str, result: Result, lessons: Sequence[Lesson], assignment: Record | None) -> Returned:
    one = Returned(file, "result", result.pseudonym, result=result)
    lesson = next((each for each in lessons if each.fingerprint == result.fingerprint), None)
    if lesson is None:
        one.faults.append(f"of another lesson, or another version of it: {result.lesson}")
        one.result = None
        return one
    given = assignment_of(assignment.header) if assignment is not None else {}
    if assignment is not None and is_lesson(assignment) and result.assignment != given.get("id"):
        one.faults.append("not taken from this assignment's file")
    elif result.seal != result.sealed_with(key_of(lesson)):
        one.faults.append("changed by hand: its seal does not fit")
    positions = Positions(lesson.record)
    if len(result.replies) != len(lesson.questions):
        one.faults.append(f"answers {counted(len(result.replies), 'question')}, not {len(lesson.questions)}")
    for number, (question, reply) in enumerate(zip(lesson.questions, result.replies, strict=False), 1):
        legal = {str(move) for move in positions.game(question.node).legal()}
        if odd := [text for text in reply.tries if text not in legal]:
            one.faults.append(f"answers question {number} with a move that is not legal there: {odd[0]:.60}")
    unanswered = sum(not reply.tries for reply in result.replies)
    if unanswered:
        one.notes.append(f"{counted(unanswered, 'question')} not answered")
    return one


# --------------------------------------------------------------------------------------------- games


def _game(file: str, record: Record, assignment: Record | None) -> Returned:
    if record.kind != "game":
        raise RecordError("holds what one seat saw of a game, not the game", "ask for the record")
    one = Returned(file, "game")
    one.faults += [f"damaged, {fault}" for fault in record.faults if not fault.torn]
    one.notes += [str(fault) for fault in record.faults if fault.torn]
    book = rulebook_of(record)
    positions = Positions(record)
    reached = positions.reach(record.head)
    if reached != record.head:
        reason = next(iter(positions.diverged.values()), None)
        one.faults.append(f"does not replay: {reason}")
    game = positions.game(reached)
    one.game = _row(record, game)
    one.who = one.game.team
    if assignment is not None:
        one.faults += _not_as_assigned(record, book, assignment)
    elif overrides := record.header["setup"].get("overrides"):
        one.notes.append(f"played with {_settings(overrides)}")
    one.faults += _helped(record)
    one.faults += [text for seat in game.seats if (text := _doctrine_like(record, positions, seat))]
    if not game.over:
        one.notes.append(f"not over: round {game.round} of {game.scenario.rounds}")
    return one


def _settings(overrides: Mapping[str, Any]) -> str:
    return joined([f"{key}={value}" for key, value in overrides.items()])


def _not_as_assigned(record: Record, book: Rulebook, assignment: Record) -> Iterator[str]:
    """Find where a game's set-up is not the one that was given out, and moves without their receipt."""
    given = assignment_of(assignment.header)
    setup = assignment.header["setup"]
    if record.scenario != assignment.scenario:
        yield f"another scenario: {record.scenario}, not {assignment.scenario}"
    if record.seed != assignment.seed:
        yield f"another seed: {record.seed}, not {assignment.seed}"
    mine, theirs = record.header["setup"].get("overrides") or {}, setup.get("overrides") or {}
    if mine != theirs:
        yield f"other settings: {_settings(mine) or 'none'}, not {_settings(theirs) or 'none'}"
    elif record.rules != assignment.rules or altered(record, book):
        yield "other rules than those that were given out"
    for seat, who in assignment.seats.items():
        asked, played = who.get("player", HUMAN), record.seats.get(seat, {}).get("player", HUMAN)
        if asked != played:
            yield f"{seat} was played by {played}, not by {asked}"
    if assignment_of(record.header).get("id") != given.get("id"):
        yield "not played from this assignment's file"
        return
    if odd := list(broken({**record.header, ASSIGNMENT: given}, record.nodes.values())):
        yield f"changed by hand: the receipt of move {odd[0].id} ({odd[0].title:.60}) does not fit"


def _helped(record: Record) -> Iterator[str]:
    """Find what a facilitator did, moves that were taken back, and moves that somebody else made for a person."""
    acts = Counter(str(node.facilitator) for node in record.nodes.values() if node.facilitator is not None)
    quiet = {"note", "bookmark", "pause", "resume", "extend", "deadline"}
    if told := [f"{name} ({count})" for name, count in acts.items() if name not in quiet]:
        yield f"acts of a facilitator: {joined(told)}"
    line = {node.id for node in record.main_line()}
    if back := sum(node.do is not None and node.id not in line for node in record.nodes.values()):
        yield f"{counted(back, 'move')} taken back"
    others = Counter(node.by for node in record.main_line() if node.do is not None and node.by)
    yield from (f"{counted(count, 'move')} made by {who}, not by the team" for who, count in others.items())


def _doctrine_like(record: Record, positions: Positions, seat: str) -> str:
    """Return that all moves of a person's seat are those of a bot, if they are."""
    if record.seats.get(seat, {}).get("player", HUMAN) != HUMAN:
        return ""
    mine: list[tuple[Node, Game]] = [
        (node, positions.game(node.parent)) for node in record.main_line() if node.seat == seat and node.do is not None
    ]
    if len(mine) < ENOUGH:
        return ""
    game = mine[0][1]
    for name in [*ai_players.for_seat(game.book, game.scenario.name, seat), "greedy"]:
        spec = ai_players.load(name, game.book)
        if isinstance(spec, Doctrine | str) and all(
            before.choose(spec) == Move(str(node.do), tuple(node.args.items())) for node, before in mine
        ):
            return f"all {len(mine)} moves of {seat}, said to be a person's, are those of the bot {name}"
    return ""


def _row(record: Record, game: Game) -> GameRow:
    board, chronicle = board_of(game), Chronicle(game)
    history = History(game, board, chronicle)
    values = history.after[game.round]
    said = Sentences(game.book)
    aims = {seat: sum(aim.met for aim in aims_of(game, board, said, seat, values)) for seat in game.seats}
    families: dict[str, Counter[str]] = {seat: Counter() for seat in game.seats}
    moves = []
    for act in game.acts:
        if act.seat is None:
            continue
        moves.append((act.seat, str(act.move)))
        if act.move.name in game.book.moves:
            families[act.seat][game.book.moves[act.move.name].family] += 1
    rounds = range(1, game.round + 1) if game.over else range(1, game.round)
    series = {seat: tuple(history.scores(round_)[seat] for round_ in rounds) for seat in game.seats}
    scores = game.scores() if game.over else {}
    return GameRow(record, game, board, scores, aims, families, tuple(moves), series)


# ------------------------------------------------------------------------------------------- doubles


def _find_doubles(found: Sequence[Returned]) -> None:
    """Tell of files that say the same, and of authors with several: of each such file, since any may be the copy."""
    games: dict[Hashable, list[Returned]] = {}
    answers: dict[Hashable, list[Returned]] = {}
    authors: dict[Hashable, list[Returned]] = {}
    for one in found:
        if one.game is not None and one.game.moves:
            games.setdefault((one.game.record.scenario, one.game.record.seed, one.game.moves), []).append(one)
        if one.kind == "result" and one.result is not None and any(reply.tries for reply in one.result.replies):
            said = (one.result.fingerprint, *(reply.model_dump_json() for reply in one.result.replies))
            answers.setdefault(said, []).append(one)
        if one.who and one.kind in ("result", "code", "game"):
            lesson = one.result.fingerprint if one.result is not None else one.kind
            authors.setdefault((one.who.casefold(), lesson), []).append(one)
    for same in games.values():
        for one, others in _each_and_others(same):
            one.faults.append(f"the same game, move for move, as {joined([other.file for other in others])}")
    for same in answers.values():
        for one, others in _each_and_others(same):
            if names := dict.fromkeys(other.who for other in others if other.who != one.who):
                one.faults.append(f"word for word and second for second the answers of {joined(list(names))}")
    for same in authors.values():
        for one, others in _each_and_others(same):
            files = joined(list(dict.fromkeys(other.file for other in others)))
            one.faults.append(f"one of {len(same)} from {one.who}, besides {files}")


def _each_and_others(same: Sequence[Returned]) -> Iterator[tuple[Returned, list[Returned]]]:
    """Yield every entry with those that are like it; nothing where there is one alone."""
    if len(same) > 1:
        yield from ((one, [other for other in same if other is not one]) for one in same)
