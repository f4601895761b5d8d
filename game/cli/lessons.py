"""``chokepoint lesson``: take a lesson in the window, build one from its source, check it."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from game.cli.window import open_window
from game.console.commands import CommandGroup
from game.console.options import JsonOption, RulesOption, SetOption, check_files, check_new_file, load_book
from game.console.streams import busy, complain, console, print_json, print_text
from game.errors import ChokepointError, UnknownName, UsageError
from game.narrative.lesson_check import LessonReport, check_lesson, measured_faults
from game.prose.numbers import counted
from game.records import lessons
from game.records.lesson_source import load_source
from game.records.lessons import Lesson, lesson_of
from game.table.lesson_building import GAMES, build, measured_anew
from game.ui.toolkit.display import NoDisplay

WIDTH = 79
"""Columns of a terminal that lines keep to."""
TAKE = "take"


class LessonCommands(TyperGroup):
    """The commands; anything else is the lesson to be taken, so that ``chokepoint lesson NAME`` needs no verb."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the verb before an option of its own, and where there is nothing at all."""
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = [TAKE, *args]
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is meant: to take the lesson, where no command is named."""
        return super().resolve_command(ctx, args if args[0] in self.commands else [TAKE, *args])


app = CommandGroup(
    cls=LessonCommands,
    help="Opens the window at a lesson: a game that asks what you would play, and tells what came of it.",
    epilog="Example: chokepoint lesson 1_give_or_hold",
)


@app.command(TAKE, epilog="Example: chokepoint lesson 1_give_or_hold")
def take(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME|FILE]", help="A lesson; the shelf of lessons if left out.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="Tell the lessons here, in the terminal.")] = False,
) -> None:
    """Opens the window at a lesson, shipped or from a file; ``chokepoint lesson NAME`` is short for it.

    Without a display the lessons are listed.
    """
    lesson = None if name is None else found(name)
    if list_:
        print_text(lesson_table())
        return
    try:
        open_window(lesson=lesson or "")
    except NoDisplay as error:
        if name is not None:
            raise
        print_text(f"{error.message[:1].upper()}{error.message[1:]}. There are these lessons:\n\n{lesson_table()}")


@app.command("build", epilog="Example: chokepoint lesson build my_lesson.md --out my_lesson.yaml")
def build_lesson(
    file: Annotated[Path, typer.Argument(metavar="SOURCE.md", help="The source: position, criterion, prose.")],
    out: Annotated[Path, typer.Option("--out", metavar="LESSON.yaml", help="Where to write the lesson.")],
    games: Annotated[int, typer.Option("--games", metavar="N", help="Games played on after each move.")] = GAMES,
    rules: RulesOption = "standard",
    set_: SetOption = None,
) -> None:
    """Builds a lesson from its source: plays the game, measures every legal move that is asked about."""
    check_files([file])
    check_new_file(out)
    check_games(games)
    source = load_source(file)
    with busy("measuring …"):
        record = build(source, load_book(rules, set_), games)
    record.save(out, replace=True)
    report = check_lesson(lesson_of(record))
    console().print(f"Written to {out}", markup=False, soft_wrap=True)
    _tell(report)


@app.command(epilog="Example: chokepoint lesson check my_lesson.yaml --measure 400")
def check(
    names: Annotated[list[str], typer.Argument(metavar="FILE|NAME…", help="Lessons, shipped or from files.")],
    measure: Annotated[
        int, typer.Option("--measure", metavar="N", help="Measure the answers again, with N other games a move.")
    ] = 0,
    json: JsonOption = False,
) -> None:
    """Checks lessons: legal moves, right answers better by their criterion, hints, prose. Status 1 on a fault."""
    if measure:
        check_games(measure)
    reports: list[LessonReport] = []
    failed = False
    for name in names:
        try:
            reports.append(_checked(found(name), measure))
        except ChokepointError as error:
            if len(names) == 1:
                raise
            complain(f"{name}: {error}")
            failed = True
    if json:
        print_json([_data(report) for report in reports])
    else:
        for report in reports:
            _tell(report)
    if failed or not all(report.ok for report in reports):
        raise typer.Exit(1)


def _checked(lesson: Lesson, measure: int) -> LessonReport:
    report = check_lesson(lesson)
    if not measure:
        return report
    with busy(f"measuring {lesson.name} …"):
        again = tuple(measured_faults(lesson, measured_anew(lesson, measure)))
    return replace(report, faults=(*report.faults, *again))


def found(name: str) -> Lesson:
    """Return the lesson that was named: a file, or a shipped one.

    Raises:
        UsageError: There is neither.
        RecordError: The file is no lesson.
    """
    if not name.strip():
        raise UsageError("the lesson's name is empty", f"there are {', '.join(lessons.names())}")
    try:
        return lessons.load_any(name)
    except UnknownName as error:
        if Path(name).suffix:
            raise UsageError(f"there is no file {name}", "check the path") from None
        raise UsageError(str(error), "'chokepoint lesson --list' tells what each is about") from None


def check_games(games: int) -> None:
    """Refuse numbers of games that no range comes of."""
    if not 8 <= games <= 100_000:
        raise UsageError(f"{games} games cannot be played on", "give a number from 8 to 100,000")


def _data(report: LessonReport) -> dict[str, Any]:
    faults = [{"where": each.where, "what": each.what, "hint": each.hint} for each in report.faults]
    return {
        "lesson": report.lesson, "ok": report.ok, "questions": report.questions,
        "reading_level": round(report.grade, 1), "faults": faults,
    }  # fmt: skip


def _tell(report: LessonReport) -> None:
    console().print(str(report), markup=False, soft_wrap=True)
    for fault in report.faults:
        console().print(f"  {fault}", markup=False, soft_wrap=True)


def lesson_table() -> str:
    """Return the shipped lessons: name, title, minutes, questions and what each is about; then how to take one."""
    parts = []
    for name in lessons.names():
        lesson = lessons.load(name)
        head = f"{name}  {lesson.title} ({lesson.minutes} minutes, {counted(len(lesson.questions), 'question')})"
        about = textwrap.fill(lesson.about, WIDTH, initial_indent="    ", subsequent_indent="    ")
        parts.append(f"{head}\n{about}")
    return "\n".join([*parts, "", "Take one on a machine with a display: chokepoint lesson NAME"])
