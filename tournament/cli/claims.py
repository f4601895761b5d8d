"""The command ``chokepoint claims``: tests the claims and says what came of them."""

from __future__ import annotations

import shlex
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from game.console.commands import CommandGroup
from game.console.options import JsonOption, RulesOption, SetOption, load_book
from game.console.streams import complain, console, error_console, print_json
from game.errors import UsageError
from game.theme import TERMINAL
from tournament.claims.read import load_claims
from tournament.claims.run import GAMES, Result, run_claims
from tournament.claims.strength import Strength
from tournament.claims.words import (
    STRENGTHS,
    adapted_words,
    effect_words,
    reason,
    setting_words,
    strength_words,
    survives,
    usual,
    verdict_class,
    verdict_title,
)
from tournament.cli.running import INTERRUPTED

STYLES = {
    "holds": f"bold {TERMINAL['better']}",
    "built in": "bold",
    "depends": f"bold {TERMINAL['turns']}",
    "fails": f"bold {TERMINAL['worse']}",
    "undecided": "dim",
}

app = CommandGroup()


@app.command("claims", epilog="Example: chokepoint claims 1 5 --games 1000 --out results/claims")
def claims_command(
    wanted: Annotated[
        list[str] | None,
        typer.Argument(metavar="[N…]", help="Numbers of claims, or YAML files of your own; all when left out."),
    ] = None,
    games: Annotated[
        int | None,
        typer.Option(
            "--games",
            metavar="N",
            min=1,
            help=f"About how many games in each arm under each setting: {GAMES[Strength.SCRIPTS]} when left out, "
            f"{GAMES[Strength.SEARCH]} of search players.",
        ),
    ] = None,
    most: Annotated[
        int,
        typer.Option(
            "--most", metavar="N", min=0, help="Double doctrines' games while a verdict is open, up to so many."
        ),
    ] = 0,
    strength: Annotated[
        list[Strength] | None,
        typer.Option(
            help="Play only this: doctrines (when left out), found strategies, search players; can be given several "
            "times."
        ),
    ] = None,
    players: Annotated[
        list[Path] | None,
        typer.Option(
            "--players",
            metavar="DIR",
            help="Found strategies, as 'tournament discover' wrote them; can be given several times.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Where games and report go; a temporary folder when left out."),
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", min=0, max=2**63 - 1, help="Other worlds, other line-ups.")
    ] = 1,
    rules: RulesOption = "standard",
    set_: SetOption = None,
    json: JsonOption = False,
) -> None:
    """Tests the claims that the game is about: which hold, which fail, and which depend on an assumption.

    Each plays the same line-ups in the same worlds with one thing changed: as calibrated, with each of its named
    assumptions at the ends of its plausible range and off, and with all of them drawn together. Doctrines play; with
    --strength stronger players, as calibrated only. A folder that holds a part of it keeps its games, at all strengths;
    only the missing ones are played.
    """
    from tournament.claims.claims_page import write_report  # matplotlib takes a second to start, and help needs none

    loaded = load_claims(wanted or [])
    book = load_book(rules, set_)
    if out is not None and out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file, not a folder", "choose another with --out")
    folder = out or Path(tempfile.mkdtemp(prefix="chokepoint-claims-"))
    strengths = [each for each in Strength if each in (strength or [Strength.SCRIPTS])]
    played = {each: games or GAMES[each] for each in strengths}
    said = [] if strengths == [Strength.SCRIPTS] else [f"--strength={each}" for each in strengths]
    more = [*(["--most", str(most)] if most else []), *said, *(f"--players={each}" for each in players or ())]
    # Where strengths differ in what is played when nothing is said, the command says nothing either.
    number = next(iter(played.values())) if len(set(played.values())) == 1 else None
    command = _command(wanted, number, out, seed, rules, set_, more)
    with _Watch() as (bar, task):

        def on_progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        try:
            results = run_claims(
                loaded, book, folder, games, seed=seed, rules=rules, most=most, strengths=strengths,
                players=players or (), on_progress=on_progress,
            )  # fmt: skip
        except KeyboardInterrupt:
            bar.stop()
            again = command if out is not None else f"{command} --out {shlex.quote(str(folder))}"
            complain(f"stopped; {folder} keeps what was played, and this plays the rest: {again}")
            raise typer.Exit(INTERRUPTED) from None
    page = write_report(results, folder, command, book)
    if json:
        told = {"games": played[strengths[0]], "played": played, "seed": seed, "report": str(page)}
        print_json({**told, "claims": [_data(each) for each in results]})
        return
    _show(results, page)


class _Watch:
    """A progress bar on a terminal, nothing in a pipe."""

    def __init__(self) -> None:
        stderr = error_console()
        self._bar = Progress(
            TextColumn("[bold]{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("games"),
            TimeRemainingColumn(),
            console=stderr,
            transient=True,
            disable=not stderr.is_terminal,
        )

    def __enter__(self) -> tuple[Progress, Any]:
        self._bar.start()
        return self._bar, self._bar.add_task("claims", total=None)

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


def _command(
    wanted: list[str] | None,
    games: int | None,
    out: Path | None,
    seed: int,
    rules: str,
    set_: list[str] | None,
    more: list[str],
) -> str:
    """The command that gives these results again."""
    words = ["chokepoint", "claims", *(wanted or []), *(["--games", str(games)] if games is not None else []), *more]
    words += ["--seed", str(seed)] if seed != 1 else []
    words += ["--rules", rules] if rules != "standard" else []
    for each in set_ or ():
        words += ["--set", each]
    return shlex.join([*words, *(["--out", str(out)] if out is not None else [])])


def _show(results: list[Result], page: Path) -> None:
    """Print each claim: verdict, effects, what it survives, caveat; and where the report is."""
    terminal = console()
    width = max(10, *(len(verdict_title(result)) + 2 for result in results))
    for result in results:
        claim = result.claim
        title = Text(f"{verdict_title(result):<{width}}", style=STYLES[verdict_class(result)])
        terminal.print(Text.assemble((f"{claim.claim:>2}  ", "dim"), title, claim.sentence), soft_wrap=True)
        if result.judged:
            terminal.print(Text(f"    {reason(result)}"), soft_wrap=True)
            for effect in usual(result):
                prediction = claim.measured[effect.number]
                said = f"    {effect_words(effect)} {prediction.unit}: {prediction.says}"
                terminal.print(Text(said, style="dim"), soft_wrap=True)
            terminal.print(Text(f"    {survives(result)}", style="dim"), soft_wrap=True)
        for strong in result.stronger:
            terminal.print(Text(f"    {STRENGTHS[strong.strength]}: {strength_words(strong, result)}"), soft_wrap=True)
            for adapted in strong.effects:
                prediction = claim.measured[adapted.number]
                said = f"      {adapted_words(adapted)} {prediction.unit}: {prediction.says}"
                terminal.print(Text(said, style="dim"), soft_wrap=True)
        terminal.print(Text(f"    But: {claim.caveat}", style="dim"), soft_wrap=True)
    terminal.print("\nVerdicts are about the model, not about the world.", style="dim")
    terminal.print(f"Report: {page}", markup=False, soft_wrap=True)


def _data(result: Result) -> dict[str, Any]:
    """Return a result as plain data."""
    claim, judged = result.claim, result.judged
    return {
        "claim": claim.claim,
        "title": claim.title,
        "sentence": claim.sentence,
        "played": list(result.played),
        "verdict": judged.verdict if judged else None,
        "why": reason(result) if judged else None,
        "depends_on": list(judged.knobs) if judged else [],
        "moves_nothing": list(judged.idle) if judged else [],
        "settings": {setting_words(s, result): answer for s, answer in judged.answers.items()} if judged else {},
        "strengths": [{**asdict(strong), "folder": str(strong.folder)} for strong in result.stronger],
        "players": dict(result.players),
        "more_games_factor": judged.factor if judged else None,
        "effects": [effect.row(claim, result.titles.get(effect.setting.knob, "")) for effect in result.effects],
        "caveat": claim.caveat,
        "games": result.games,
        "folder": str(result.folder),
    }
