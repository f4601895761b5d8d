"""Measures the whole table: plays the runs and asks every check what they show."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rules.model.rulebook import Rulebook
from tournament.analysis.means import standings
from tournament.balance import changes, contests, mixed
from tournament.balance.bars import Check, checks
from tournament.balance.findings import Finding, unmeasured
from tournament.balance.runs import PASSING, Bench
from tournament.balance.sample import sample_of
from tournament.runner.run import Backend
from tournament.runner.run import Report as Progress

SEARCH_LEFT_OUT = "needs search players, which take an hour: add --search"
LEFT_OUT = "left out by --quick"
NO_SEARCH = "this version has no search players"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Report:
    """The table of a scenario.

    Attributes:
        scenario: its name.
        title: its title.
        rules: hash of the rules, every change in them.
        games: games of all runs together.
        seconds: how long it took.
        findings: every check that applies, in the order of the table.
    """

    scenario: str
    title: str
    rules: str
    games: int
    seconds: float
    findings: tuple[Finding, ...]

    def __getitem__(self, check: str) -> Finding:
        """A finding by the name of its check."""
        return next(found for found in self.findings if found.check.name == check)

    @property
    def failed(self) -> list[Finding]:
        """The findings that fail."""
        return [found for found in self.findings if found.verdict == "fails"]

    def data(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "scenario": self.scenario, "title": self.title, "rules": self.rules, "games": self.games,
            "seconds": round(self.seconds, 1), "holds": not self.failed,
            "checks": [found.data() for found in self.findings],
        }  # fmt: skip


def measure(
    book: Rulebook,
    scenario: str,
    games: int,
    *,
    rules: str = "standard",
    overrides: Mapping[str, str] | None = None,
    folder: Path | None = None,
    search: bool = False,
    quick: bool = False,
    backend: Backend = "auto",
    progress: Progress | None = None,
    say: Say = lambda _: None,
) -> Report:
    """Measures every check of a scenario.

    Args:
        book: the rules, with ``overrides`` in them.
        scenario: its name.
        games: games of the mixed field; the other runs grow and shrink with it.
        rules: how plans name the rules.
        overrides: what was changed in them.
        folder: where to keep the results; nothing keeps none.
        search: whether to measure search players too.
        quick: whether to leave out the longest runs: without each move, and with each knob turned.
        backend: where to play.
        progress: is told how far a run is.
        say: is told what is measured next.

    Raises:
        game.ChokepointError: too few games, or a folder that holds other results.
    """
    with ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chokepoint-balance-")))
        bench = Bench(book, rules, overrides or {}, scenario, games, folder, backend, progress)
        began = time.perf_counter()
        found, played = _measured(bench, search, quick, say)
        seconds = time.perf_counter() - began
    title = book.scenarios[scenario].title
    order = {name: place for place, name in enumerate(checks())}
    found.sort(key=lambda finding: order[finding.check.name])
    return Report(scenario, title, book.sha256, played, seconds, tuple(found))


def _measured(bench: Bench, search: bool, quick: bool, say: Say) -> tuple[list[Finding], int]:
    found = checks()
    say("a mixed field of doctrines")
    field = sample_of(bench.field())
    made = [
        mixed.seats_even(found["seats_even"], field),
        mixed.others_explain(found["others_explain"], field),
        *mixed.drama(found, field),
        *mixed.tension(found, field),
        mixed.choice(found["choice"], field),
        mixed.moves_used(found["moves_used"], bench.book, {"field": field}),
        mixed.family_used(found["sanctions_used"], bench.book, field),
    ]
    played = len(field.table)
    best = {line.seat: line.player for line in standings(field.table) if line.place == 1}
    rivals = []
    for seat in bench.seats:
        say(f"the players of {seat}")
        sample = sample_of(bench.contest(seat))
        rivals.append(contests.Contest(seat, sample, tuple(bench.doctrines(seat)), best[seat]))
        played += len(sample.table)
    made += contests.ladder(found, rivals, PASSING)
    made += contests.unsolved(found, rivals)
    if found["equilibrium_support"].applies(len(bench.seats)):
        game = field.table.game("win")
        made.append(
            contests.equilibrium(found["equilibrium_support"], game)
            if game.complete
            else unmeasured(found["equilibrium_support"], "too few games: some pairs of doctrines never met")
        )
    if quick:
        made += [unmeasured(found[name], LEFT_OUT) for name in ("moves_matter", "assumptions")]
    else:
        changed, more = _changed(bench, found, say)
        made, played = made + changed, played + more
    searched, more = _searched(bench, found, best, search, say)
    return made + searched, played + more


def _changed(bench: Bench, found: Mapping[str, Check], say: Say) -> tuple[list[Finding], int]:
    """The checks that play under changed rules: without each move, and with each knob turned."""
    say("each move left out in turn")
    levers = bench.levers()
    base = sample_of(levers, "base").table
    without = {move: sample_of(levers, f"without_{move}").table for move in bench.book.scenarios[bench.scenario].moves}
    made = [changes.moves_matter(found["moves_matter"], base, without)]
    played = levers.games.height
    turns = bench.turns()
    if turns:
        say("each knob turned to none and to twice")
        knobs = bench.knobs()
        turned = {path.rpartition(".")[2]: tuple(sample_of(knobs, f"{path}={end}").table for end in ends)
                  for path, ends in turns.items()}  # fmt: skip
        made.append(changes.assumptions(found["assumptions"], turned))
        played += knobs.games.height
    else:
        made.append(unmeasured(found["assumptions"], "these rules have no knobs"))
    return made, played


def _searched(
    bench: Bench, found: Mapping[str, Check], best: Mapping[str, str], search: bool, say: Say
) -> tuple[list[Finding], int]:
    """The checks about search players, or why they were not measured."""
    wanted = [check for check in found.values() if check.search and check.applies(len(bench.seats))]
    if not search or not bench.can_search():
        return [unmeasured(check, NO_SEARCH if not bench.can_search() else SEARCH_LEFT_OUT) for check in wanted], 0
    say(f"{bench.searcher} in every seat")
    between = sample_of(bench.search())
    played, met = len(between.table), []
    for seat in bench.seats:
        say(f"search players against the best doctrine of {seat}")
        sample = sample_of(bench.search_contest(seat, best[seat]))
        met.append(contests.Contest(seat, sample, (best[seat],), best[seat]))
        played += len(sample.table)
    return [
        mixed.seats_even(found["seats_even_search"], between),
        *contests.search_ladder(found, met, bench.searcher, bench.searchers),
        mixed.family_used(found["sanctions_searched"], bench.book, between),
    ], played
