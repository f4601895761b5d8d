"""``chokepoint save``: check saved games, hand a seat the part that it may see, and put games on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from game.cli.lessons import found as lesson_named
from game.console.commands import CommandGroup
from game.console.options import (
    JsonOption,
    RulesOption,
    ScenarioOption,
    SetOption,
    check_files,
    check_new_file,
    load_book,
    pick_scenario,
    pick_seed,
)
from game.console.streams import busy, complain, console, print_json
from game.core.game import Game
from game.errors import RecordError, UsageError
from game.paper import briefs as paper
from game.paper import view_page
from game.paper.debrief_page import html
from game.paper.pack import pack as class_pack
from game.paper.player import moodle, qti, scorm
from game.paper.player import page as player_page
from game.paper.spreadsheet import encoded
from game.paper.table import csv_text
from game.records import lessons
from game.records.files import write_atomic
from game.records.lessons import Lesson, is_lesson, lesson_of
from game.records.positions import Positions
from game.records.record import Record
from game.records.seat_view import export_view
from game.records.verify import verify as verified

app = CommandGroup(
    no_args_is_help=True, help="Saved games: check them, export what one seat may see, and put them on paper."
)

QTI = ".qti.zip"
STYLES = {"ok": "bold green", "torn": "bold yellow", "fails": "bold red"}


@app.command(epilog="Example: chokepoint save verify game.yaml lesson.yaml")
def verify(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Saved games.")], json: JsonOption = False
) -> None:
    """Replays saved games move for move and says where a file is damaged or a game no longer comes out the same."""
    check_files(files)
    reports = [verified(path) for path in files]
    if json:
        print_json([report.data() for report in reports])
    else:
        terminal = console()
        for report in reports:
            terminal.print(f"{report.word:<5}", style=STYLES[report.word], end=" ")
            terminal.print(str(report), markup=False, soft_wrap=True)
    if not all(report.ok for report in reports):
        raise typer.Exit(1)


@app.command(epilog="Example: chokepoint save export game.yaml --seat valley --out valley.yaml")
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A saved game.")],
    seat: Annotated[str, typer.Option("--seat", metavar="S", help="The seat whose view is written.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it.")],
) -> None:
    """Writes what one seat saw of a game: snapshots and a filtered log, without seed, hashes or others' secrets."""
    check_files([file])
    check_new_file(out)
    export_view(Record.load(file), seat).save(out)
    console().print(f"Written to {out}", markup=False, soft_wrap=True)


def _warn(record: Record, file: Path) -> None:
    """Say where a game that was put on paper is not what was played; status 1 if it does not replay."""
    for fault in record.faults:
        if fault.torn:
            complain(f"{file}: {fault}")
    report = verified(file)
    if not report.ok:
        complain(f"only what replays was written; {report.problems[0]}")
        raise typer.Exit(1)


NoNames = Annotated[bool, typer.Option("--no-names", help="Leave out teams, authors and owners, in every text.")]


@app.command(epilog="Example: chokepoint save render game.yaml --out debrief.html --no-names")
def render(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A saved game.")],
    out: Annotated[Path, typer.Option("--out", metavar="PAGE.html", help="Where to write the page.")],
    no_names: NoNames = False,
) -> None:
    """Writes the debrief of a game as one self-contained web page with charts.

    A game that is not over is told as everybody at the table knows it.
    """
    record = _record(file, out)
    with busy("telling the game …"):
        page = view_page.html(record) if record.kind == "view" else html(record, names=not no_names)
    write_atomic(out, page.encode())
    console().print(f"Written to {out}", markup=False, soft_wrap=True)
    _warn(record, file)


@app.command(epilog="Example: chokepoint save table game.yaml --out game.csv")
def table(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A saved game.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.csv", help="Where to write the table.")],
    no_names: NoNames = False,
) -> None:
    """Writes a game as a table (CSV): a row for every change, with its round, who did what, and by which rule."""
    record = _record(file, out)
    with busy("telling the game …"):
        text = view_page.csv_text(record) if record.kind == "view" else csv_text(record, names=not no_names)
    write_atomic(out, encoded(text))
    console().print(f"Written to {out}", markup=False, soft_wrap=True)
    _warn(record, file)


@app.command(epilog="Example: chokepoint save player 1_give_or_hold --out lesson.html")
def player(
    name: Annotated[str, typer.Argument(metavar="GAME|LESSON", help="A saved game, a lesson's file or its name.")],
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help="A page (.html), SCORM (.zip), QTI (.qti.zip), Moodle XML (.xml)."),
    ],
    eyes: Annotated[
        str | None,
        typer.Option("--eyes", metavar="SEAT|public", help="Whose view is shown; of a lesson, the seat it asks."),
    ] = None,
) -> None:
    """Writes a game or a lesson as one page that plays in any browser: no network, no engine, one pair of eyes.

    A name ending in .zip makes a SCORM 1.2 package of it for a learning platform. One ending in .xml makes a lesson's
    questions as Moodle XML, one ending in .qti.zip as a package of IMS QTI 2.1.
    """
    kind = next((each for each in (".html", ".xml", QTI, ".zip") if out.name.lower().endswith(each)), "")
    if not kind:
        raise UsageError(f"{out} is neither a page nor a package", f"end its name in .html, .zip, .xml or {QTI}")
    check_new_file(out)
    path = Path(name)
    record = Record.load(path) if path.is_file() else lesson_named(name).record
    if record.kind != "game":
        raise RecordError(f"{name} holds what one seat saw of a game, not the game", "give the record it came from")
    lesson = lesson_of(record) if is_lesson(record) else None
    if kind in (".xml", QTI) and lesson is None:
        raise UsageError(f"{name} asks nothing", "questions can be taken from lessons")
    with busy("working it out …"):
        if lesson is not None and kind == ".xml":
            data = moodle(lesson).encode()
        elif lesson is not None and kind == QTI:
            data = qti(lesson)
        else:
            page = player_page(record, eyes or _asked_seat(lesson), lesson)
            title = lesson.title if lesson is not None else str(record.header.get("title") or path.stem)
            mark = lesson.fingerprint if lesson is not None else "game"
            data = page.encode() if kind == ".html" else scorm(page, title, f"chokepoint-{mark}")
    write_atomic(out, data)
    console().print(f"Written to {out}", markup=False, soft_wrap=True)


@app.command(epilog="Example: chokepoint save briefs --scenario rivals_2025 --seed 7 --out briefs")
def briefs(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write to, one page a seat.")],
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A saved game; its start is told.")] = None,
    scenario: Annotated[
        str | None, typer.Option("--scenario", metavar="S", help="A game that is yet to begin, instead of FILE.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", help="Its seed: secret agendas are drawn by it.")
    ] = None,
    rules: RulesOption = "standard",
    set_: SetOption = None,
) -> None:
    """Writes a page a seat to print: goals, moves, start; its secret agenda is sealed on a page of its own."""
    if (file is None) == (scenario is None and seed is None):
        raise UsageError("briefs are for a saved game or for a game to come", "give FILE, or --scenario and --seed")
    if file is not None:
        pages = paper.briefs_of(_record(file, None))
    else:
        if seed is None:
            raise UsageError("--seed is missing", "secret agendas are drawn by it: give the seed that will be played")
        book = load_book(rules, set_)
        pages = paper.briefs(Game(book, pick_scenario(book, scenario), pick_seed(seed)))
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file", "name a folder")
    for path in paper.write(pages, out):
        console().print(f"Written to {path}", markup=False, soft_wrap=True)


@app.command(epilog="Example: chokepoint save pack --scenario first_game --minutes 75 --groups 10 --out pack")
def pack(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write to.")],
    scenario: ScenarioOption = None,
    minutes: Annotated[int, typer.Option("--minutes", metavar="M", help="How long the class is.")] = 75,
    groups: Annotated[int, typer.Option("--groups", metavar="G", help="How many groups play.")] = 4,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The game's seed: agendas are drawn by it.")] = 1,
    paper_: Annotated[str, typer.Option("--paper", metavar="A4|letter", help="What it is printed on.")] = "A4",
    lesson: Annotated[
        str | None,
        typer.Option("--lesson", metavar="NAME|FILE", help="Whose questions are asked; one that fits if left out."),
    ] = None,
    rules: RulesOption = "standard",
    set_: SetOption = None,
) -> None:
    """Writes all that a class needs on paper: plan, teaching note, role sheets, log, quiz with key, rubric, slides.

    Where there is time for less than half of the game, the plan is to take the lesson together.
    """
    book = load_book(rules, set_)
    asked = None if lesson is None else lesson_named(lesson)
    name = pick_scenario(book, asked.record.scenario if asked is not None and scenario is None else scenario)
    if asked is None:
        found = map(lessons.load, lessons.names())
        asked = next((each for each in found if each.record.scenario == name), None)
    made = class_pack(Game(book, name, pick_seed(seed)), minutes, groups, paper_, asked)
    for path in made.write(out):
        console().print(f"Written to {path}", markup=False, soft_wrap=True)


def _asked_seat(lesson: Lesson | None) -> str:
    """Return whose eyes a page has where nobody said: the seat that a lesson asks."""
    if lesson is None:
        raise UsageError("--eyes is missing", "name a seat whose view is shown, or public")
    return str(Positions(lesson.record).game(lesson.questions[0].node).seat)


def _record(file: Path, out: Path | None) -> Record:
    """Return a saved game that is to be put on paper, read; the new file's place is checked first."""
    check_files([file])
    check_new_file(out)
    return Record.load(file)
