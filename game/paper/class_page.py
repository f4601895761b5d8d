"""What a class did, side by side: a table for a gradebook, and a page for the debrief of all groups at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from game import theme
from game.core.game import Game
from game.moves import Move
from game.narrative.shapes import corners
from game.paper import spreadsheet
from game.paper.drawing import Curve, LineChart
from game.prose.numbers import counted
from game.records.lessons import Lesson, Question
from game.records.positions import Positions
from game.records.results import Result, grade
from game.simulation.continuations import LABEL
from game.table.collecting import GameRow, Returned
from game.templates import render

INKS = tuple(theme.readable(colour, theme.PAPER) for colour in theme.PARTS)
"""Colours of games that are laid over each other."""
PARTINGS = 6
"""How many places are told at which games part."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A first answer to a question: how many gave it, whether it was right, and what is said to it."""

    title: str
    count: int
    good: bool | None
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a class answered it: first answers, most chosen first, and reasons that were given."""

    chapter: str
    prompt: str
    right: int
    answered: int
    choices: tuple[Choice, ...]
    missed: Choice | None
    whys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parting:
    """A move at which games that were the same up to it part: its number, who moved, and what was played by which."""

    number: int
    seat: str
    played: tuple[tuple[str, tuple[str, ...]], ...]


def table(found: Sequence[Returned], lessons: Sequence[Lesson]) -> list[dict[str, object]]:
    """Return a row for each game's seat of people and each result: what a gradebook needs."""
    rows: list[dict[str, object]] = []
    for one in found:
        start: dict[str, object] = {"file": one.file, "kind": one.kind, "who": one.who}
        end: dict[str, object] = {"faults": "; ".join(one.faults), "notes": "; ".join(one.notes)}
        if one.game is not None:
            rows += [{**start, **_of_seat(one.game, seat), **end} for seat in _seats(one.game)]
        elif one.result is not None:
            lesson = next(each for each in lessons if each.fingerprint == one.result.fingerprint)
            rows.append({**start, **_of_result(one.result, lesson), **end})
        else:
            rows.append({**start, **end})
    return rows


def csv_text(found: Sequence[Returned], lessons: Sequence[Lesson]) -> str:
    """Return the table as CSV, with every column that some row has."""
    rows = table(found, lessons)
    last = ("faults", "notes")
    names = [name for name in dict.fromkeys(name for row in rows for name in row) if name not in last]
    return spreadsheet.csv_text([*names, *last], [[row.get(name, "") for name in [*names, *last]] for row in rows])


def html(found: Sequence[Returned], lessons: Sequence[Lesson], title: str = "The class") -> str:
    """Return the page: who came, games over each other, where they part, and each question with its answers."""
    games = [one for one in found if one.game is not None]
    taken = [(lesson, asked) for lesson in lessons if (asked := questions(found, lesson))]
    families = _families(games)
    return render(
        "class/page.html", title=title, found=found, games=games, seats=_seats, families=families,
        charts=_charts(games), partings=partings(games), taken=taken, caution=LABEL, corners=corners,
        graded=[(one, *_summary(one, lessons)) for one in found if one.result is not None],
        troubled=[one for one in found if one.faults], scored=_scored, team=_team,
    )  # fmt: skip


def _seats(game: GameRow) -> list[str]:
    """Return the seats of people; all where there are none."""
    people = [seat for seat in game.game.seats if game.record.seats.get(seat, {}).get("player", "human") == "human"]
    return people or list(game.game.seats)


def _team(game: GameRow, seat: str) -> str:
    return str(game.record.seats.get(seat, {}).get("team", ""))


def _scored(game: GameRow, seat: str) -> int | None:
    return game.scores.get(seat)


def _of_seat(game: GameRow, seat: str) -> dict[str, object]:
    families = {f"moves_{name}": game.families[seat].get(name, 0) for name in game.game.book.families}
    return {
        "team": _team(game, seat), "seat": seat, "score": game.scores.get(seat, ""),
        "won": seat in game.game.winners if game.game.over else "", "ending": game.game.ending or "",
        "aims_met": game.aims[seat], "rounds": game.game.round, "moves": sum(game.families[seat].values()), **families,
    }  # fmt: skip


def _of_result(result: Result, lesson: Lesson) -> dict[str, object]:
    row: dict[str, object] = {"lesson": lesson.name}
    first, ever = 0, 0
    for n, reply in enumerate(result.replies[: len(lesson.questions)]):
        at_once, found = grade(reply, lesson, n)
        first += bool(at_once) and not reply.hinted
        ever += found
        row[f"q{n + 1}_first"] = reply.tries[0] if reply.tries else ""
        row[f"q{n + 1}_right"] = "" if at_once is None else int(at_once)
        row[f"q{n + 1}_tries"] = len(reply.tries)
        row[f"q{n + 1}_hint"] = int(reply.hinted)
        row[f"q{n + 1}_why"] = reply.why
    seconds = sum(reply.seconds for reply in result.replies)
    return {"right_at_once": first, "right_in_the_end": ever, "seconds": seconds, **row}


def _summary(one: Returned, lessons: Sequence[Lesson]) -> tuple[Lesson, int, int, int]:
    """Return a result's lesson, and how many answers were right at once and in the end, and its minutes."""
    assert one.result is not None
    lesson = next(each for each in lessons if each.fingerprint == one.result.fingerprint)
    row = _of_result(one.result, lesson)
    return lesson, int(str(row["right_at_once"])), int(str(row["right_in_the_end"])), int(str(row["seconds"])) // 60


def questions(found: Sequence[Returned], lesson: Lesson) -> list[Asked]:
    """Return how a class answered a lesson's questions; nothing when nobody took it."""
    results = [one.result for one in found if one.result is not None and one.result.fingerprint == lesson.fingerprint]
    if not results:
        return []
    positions = Positions(lesson.record)
    asked = []
    for n, question in enumerate(lesson.questions):
        replies = [result.replies[n] for result in results if n < len(result.replies)]
        counts = Counter(reply.tries[0] for reply in replies if reply.tries)
        game = positions.game(question.node)
        choices = tuple(_choice(question, game, text, count) for text, count in counts.most_common())
        missed = next((choice for choice in choices if choice.good is False), None)
        whys = tuple(dict.fromkeys(reply.why for reply in replies if reply.why))
        right = sum(choice.count for choice in choices if choice.good)
        asked.append(Asked(question.chapter, question.prompt, right, sum(counts.values()), choices, missed, whys))
    return asked


def _choice(question: Question, game: Game, text: str, count: int) -> Choice:
    answer = question.answer(Move.parse(text))
    return Choice(game.describe(Move.parse(text)), count, answer.good, answer.texts)


def _families(games: Sequence[Returned]) -> dict[str, str]:
    """Return the lever families of the games' rulebooks, and their titles."""
    return {name: title for one in games if one.game is not None for name, title in one.game.game.book.families.items()}


def _mark(number: int) -> theme.Mark:
    """Return how a game is drawn among others."""
    ink = INKS[number % len(INKS)]
    return theme.Mark(ink, theme.SHAPES[number % len(theme.SHAPES)], theme.HATCHES[number % len(theme.HATCHES)], ink)


def _charts(games: Sequence[Returned]) -> list[LineChart]:
    """Return a chart for each seat: its points after each round, a line for each game."""
    charts = []
    whole = [(one, one.game) for one in games if one.game is not None]
    for seat in dict.fromkeys(seat for _, game in whole for seat in game.game.seats):
        curves = [
            Curve(
                (one.who or f"Game {n}")[:18],
                _mark(n),
                game.series[seat],
            )
            for n, (one, game) in enumerate(whole, 1)
            if game.series.get(seat)
        ]
        if curves:
            title = next(game.board.seat_title(seat) for _, game in whole if seat in game.game.seats)
            charts.append(LineChart(f"Points of {title}", curves, first=1, height=max(210, 16 * len(curves) + 50)))
    return charts


def partings(games: Sequence[Returned]) -> list[Parting]:
    """Return where games of one start part, first places first."""
    groups: list[tuple[int, list[Returned]]] = []
    starts: dict[tuple[str, int, str], list[Returned]] = {}
    for one in games:
        if one.game is not None:
            record = one.game.record
            starts.setdefault((record.scenario, record.seed, str(record.rules.get("sha256"))), []).append(one)
    groups = [(0, group) for group in starts.values() if len(group) > 1]
    found: list[Parting] = []
    while groups and len(found) < PARTINGS:
        groups.sort(key=lambda pair: pair[0])
        at, group = groups.pop(0)
        by: dict[tuple[str, str], list[Returned]] = {}
        for one in group:
            if one.game is not None and at < len(one.game.moves):
                by.setdefault(one.game.moves[at], []).append(one)
        if len(by) > 1:
            first = next(iter(by.values()))[0].game
            assert first is not None
            seat = next(iter(by))[0]
            played = sorted(by.items(), key=lambda pair: -len(pair[1]))
            told = tuple(
                (first.game.describe(Move.parse(text), who), tuple(one.who or one.file for one in ones))
                for (who, text), ones in played
            )
            found.append(Parting(at + 1, first.board.seat_title(seat), told))
        groups += [(at + 1, ones) for ones in by.values() if len(ones) > 1]
    return found


def told(found: Sequence[Returned]) -> list[str]:
    """Return what there is to say of files that came back, a line each."""
    lines = []
    for one in found:
        said = [*one.faults, *one.notes]
        who = f" ({one.who})" if one.who else ""
        lines.append(f"{one.file}{who}: {'; '.join(said) if said else 'as it should be'}")
    bad = sum(bool(one.faults) for one in found)
    return [*lines, f"{counted(len(found), 'thing')} came back, {bad} with something to look at"]
