"""The commands of a class: ``assign`` work, ``collect`` what comes back, lay a ``class`` side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from game.cli.lessons import found as lesson_named
from game.console import match
from game.console.commands import CommandGroup
from game.console.options import (
    JsonOption,
    RulesOption,
    ScenarioOption,
    SetOption,
    check_files,
    check_new_file,
    load_book,
    pick_players,
    pick_scenario,
    pick_seed,
    split_pairs,
)
from game.console.streams import busy, console, print_json
from game.errors import RecordError, UsageError
from game.paper.class_page import csv_text, html, table, told
from game.paper.spreadsheet import encoded
from game.records import lessons
from game.records.files import write_atomic
from game.records.lessons import Lesson, is_lesson, lesson_of, without_answers
from game.records.receipts import assignment_of
from game.records.record import Record
from game.table.collecting import HUMAN, Returned, assigned, collect, game_to_play, gather

MOST_GROUPS = 200

app = CommandGroup()

LessonOption = Annotated[
    list[str] | None,
    typer.Option("--lesson", metavar="NAME|FILE", help="A lesson whose results are among the files. Repeatable."),
]
AssignmentOption = Annotated[
    Path | None, typer.Option("--assignment", metavar="FILE", help="What was given out, as 'assign' wrote it.")
]


@app.command(
    epilog="Example: chokepoint assign --scenario first_game --seat united_states=contain_and_race --out tuesday.yaml"
)
def assign(
    out: Annotated[Path, typer.Option("--out", metavar="FILE|DIR", help="Where to write it; a folder with --groups.")],
    scenario: ScenarioOption = None,
    seat: Annotated[
        list[str] | None,
        typer.Option("--seat", metavar="SEAT=PLAYER", help="Who plays a seat; human unless said otherwise."),
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help="Same seed, same game.")] = None,
    lesson: Annotated[
        str | None, typer.Option("--lesson", metavar="NAME|FILE", help="Give out a lesson instead of a game.")
    ] = None,
    with_answers: Annotated[
        bool, typer.Option("--with-answers", help="Leave the answers in the lesson: whoever takes it is told at once.")
    ] = False,
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="What the assignment is called.")] = "",
    groups: Annotated[int, typer.Option("--groups", metavar="N", help="A file for each of N groups.")] = 0,
    rules: RulesOption = "standard",
    set_: SetOption = None,
) -> None:
    """Writes an assignment: a game to play (scenario, seed, rules and opponents fixed) or a lesson to take."""
    if lesson is not None and (scenario or seat or seed is not None or set_):
        raise UsageError("a lesson brings its own game", "leave out --scenario, --seat, --seed and --set")
    if with_answers and lesson is None:
        raise UsageError("--with-answers is for a lesson", "name one with --lesson")
    if not 0 <= groups <= MOST_GROUPS:
        raise UsageError(f"--groups cannot be {groups}", f"give a number from 1 to {MOST_GROUPS}")
    if groups and lesson is not None:
        raise UsageError("a lesson is the same for everybody", "leave out --groups")
    if lesson is not None:
        whole = lesson_named(lesson).record
        given = [assigned(whole if with_answers else without_answers(whole), name or str(whole.header.get("title")))]
    else:
        book = load_book(rules, set_)
        scenario = pick_scenario(book, scenario)
        asked = pick_players(book, scenario, seat)
        players = {each.name: asked.get(each.name, HUMAN) for each in book.scenarios[scenario].seats}
        for place, player in players.items():
            if player != HUMAN:
                match.terminal_player(book, scenario, place, player)
        if HUMAN not in players.values():
            raise UsageError("nobody is left to play it", "leave a seat to a person")
        overrides = split_pairs("--set", "PATH=VALUE", set_)
        first = assigned(game_to_play(book, scenario, pick_seed(seed), players, overrides), name or scenario)
        given = [first]
        for number in range(1, groups + 1):
            one = game_to_play(book, scenario, first.seed, players, overrides, team=f"Group {number}")
            one.header["assignment"] = first.header["assignment"]
            given.append(one)
    files = _places(out, groups)
    for record, path in zip(given, files, strict=True):
        record.save(path)
        console().print(f"Written to {path}", markup=False, soft_wrap=True)


def _places(out: Path, groups: int) -> list[Path]:
    """Return the files of an assignment: one, or for groups that of the teacher and one for each."""
    if not groups:
        check_new_file(out)
        return [out]
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file", "name a folder")
    out.mkdir(parents=True, exist_ok=True)
    return [out / "assignment.yaml", *(out / f"group_{number:02}.yaml" for number in range(1, groups + 1))]


@app.command("collect", epilog="Example: chokepoint collect homework --assignment tuesday.yaml")
def collect_command(
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER…", help="Folders or files that came back.")],
    assignment: AssignmentOption = None,
    lesson: LessonOption = None,
    json: JsonOption = False,
) -> None:
    """Looks through what came back and names what is not as it should be. Status 1 when there is something.

    Other seeds, rules or opponents, acts of a facilitator, moves taken back, bots in the place of people, doubles,
    lines changed by hand, damaged and foreign files.
    """
    found, _ = _returned(folders, assignment, lesson)
    if json:
        print_json([one.data() for one in found])
    else:
        for line in told(found):
            console().print(line, markup=False, soft_wrap=True)
    if any(one.faults for one in found):
        raise typer.Exit(1)


@app.command("class", epilog="Example: chokepoint class homework --lesson 1_give_or_hold --out class.html")
def class_command(
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER…", help="Folders or files that came back.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A page (.html) or a table for a gradebook (.csv).")
    ] = None,
    assignment: AssignmentOption = None,
    lesson: LessonOption = None,
    json: JsonOption = False,
) -> None:
    """Lays games and results of a class side by side: as a page to talk about, or a table for a gradebook."""
    if out is None and not json:
        raise UsageError("--out is missing", "name a page (class.html) or a table (class.csv)")
    if out is not None and out.suffix.lower() not in (".html", ".csv"):
        raise UsageError(f"{out} is neither a page nor a table", "end its name in .html or .csv")
    check_new_file(out)
    found, known = _returned(folders, assignment, lesson)
    if json:
        print_json(table(found, known))
    if out is None:
        return
    page = out.suffix.lower() == ".html"
    write_atomic(out, html(found, known).encode() if page else encoded(csv_text(found, known)))
    if not json:
        console().print(f"Written to {out}", markup=False, soft_wrap=True)


def _returned(
    folders: Sequence[Path], assignment: Path | None, named: Sequence[str] | None
) -> tuple[list[Returned], list[Lesson]]:
    """Return what came back, and the lessons that it may be of: those named, the assignment's, and all shipped."""
    for path in folders:
        if not path.exists():
            raise UsageError(f"there is no folder {path}", "check the path")
    given = None
    if assignment is not None:
        check_files([assignment])
        given = Record.load(assignment)
        if not assignment_of(given.header):
            raise RecordError(f"{assignment} is no assignment", "give the file that 'chokepoint assign' wrote")
    known = [lesson_named(each) for each in named or ()]
    paths = [path for path in gather(folders) if assignment is None or path.resolve() != assignment.resolve()]
    with busy("reading …"):
        if given is not None and is_lesson(given):
            known = [_keyed(given, lesson) for lesson in [*known, *map(lessons.load, lessons.names())]]
            mine = lesson_of(given)
            known = [lesson for lesson in known if lesson.fingerprint == mine.fingerprint] or [mine]
        elif not known:
            known = [lessons.load(name) for name in lessons.names()]
        return collect(paths, given, known), known


def _keyed(given: Record, lesson: Lesson) -> Lesson:
    """Return a lesson with the answers of its own and the key of an assignment."""
    record = lesson.record.branch_at(lesson.record.head)
    record.header = {**record.header, "assignment": given.header["assignment"]}
    return lesson_of(record)
