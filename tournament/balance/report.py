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
from tournament.balance.runs import PASSING, Runs
from tournament.balance.sample import sample_of
from tournament.runner.run import Backend, OnProgress

SEARCH_LEFT_OUT = "needs search players, which take an hour: add --search"
LEFT_OUT = "left out by --quick"
NO_SEARCH = "this version has no search players"
OnStep = Callable[[str], None]


@dataclass(frozen=True)
class BalanceTable:
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
        """Return a finding by the name of its check."""
        return next(found for found in self.findings if found.check.name == check)

    @property
    def failed(self) -> list[Finding]:
        """The findings that fail."""
        return [found for found in self.findings if found.verdict == "fails"]

    def data(self) -> dict[str, Any]:
        """Return it as plain data."""
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
    on_progress: OnProgress | None = None,
    on_step: OnStep = lambda _: None,
) -> BalanceTable:
    """Measure every check of a scenario.

    Args:
        book: the rules, with ``overrides`` in them.
        scenario: its name.
        games: games of the mixed field; the other runs grow and shrink with it.
        rules: how plans name the rules.
        overrides: what was changed in them.
        folder: where to keep the results; None keeps none.
        search: whether to measure search players too.
        quick: whether to leave out the longest runs: without each move, and with each knob turned.
        backend: where to play.
        on_progress: called with how far a run is.
        on_step: called with what is measured next.

    Raises:
        game.ChokepointError: too few games, or a folder that holds other results.
    """
    with ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chokepoint-balance-")))
        runs = Runs(book, rules, overrides or {}, scenario, games, folder, backend, on_progress)
        began = time.perf_counter()
        found, played = _measured(runs, search, quick, on_step)
        seconds = time.perf_counter() - began
    title = book.scenarios[scenario].title
    order = {name: place for place, name in enumerate(checks())}
    found.sort(key=lambda finding: order[finding.check.name])
    return BalanceTable(scenario, title, book.sha256, played, seconds, tuple(found))


def _measured(runs: Runs, search: bool, quick: bool, on_step: OnStep) -> tuple[list[Finding], int]:
    found = checks()
    on_step("a mixed field of doctrines")
    field = sample_of(runs.field())
    made = [
        mixed.seats_even(found["seats_even"], field),
        mixed.others_explain(found["others_explain"], field),
        *mixed.drama(found, field),
        mixed.tension(found["rupture"], field),
        mixed.choice(found["choice"], field),
        mixed.moves_used(found["moves_used"], runs.book, {"field": field}),
        mixed.family_used(found["sanctions_used"], runs.book, field),
    ]
    played = len(field.table)
    best = {line.seat: line.player for line in standings(field.table) if line.place == 1}
    rivals = []
    for seat in runs.seats:
        on_step(f"the players of {seat}")
        sample = sample_of(runs.contest(seat))
        rivals.append(contests.Contest(seat, sample, tuple(runs.doctrines(seat)), best[seat]))
        played += len(sample.table)
    made += contests.ladder(found, rivals, PASSING)
    made += contests.unsolved(found, rivals)
    if found["equilibrium_support"].applies(len(runs.seats)):
        game = field.table.game("win")
        made.append(
            contests.equilibrium(found["equilibrium_support"], game)
            if game.complete
            else unmeasured(found["equilibrium_support"], "too few games: some pairs of doctrines never met")
        )
    if quick:
        made += [unmeasured(found[name], LEFT_OUT) for name in ("moves_matter", "assumptions")]
    else:
        changed, more = _changed(runs, found, on_step)
        made, played = made + changed, played + more
    searched, more = _searched(runs, found, best, search, on_step)
    return made + searched, played + more


def _changed(runs: Runs, found: Mapping[str, Check], on_step: OnStep) -> tuple[list[Finding], int]:
    """Return the checks that play under changed rules: without each move, and with each knob turned."""
    on_step("each move left out in turn")
    levers = runs.levers()
    base = sample_of(levers, "base").table
    without = {move: sample_of(levers, f"without_{move}").table for move in runs.book.scenarios[runs.scenario].moves}
    made = [changes.moves_matter(found["moves_matter"], base, without)]
    played = levers.games.height
    turns = runs.turns()
    if turns:
        on_step("each knob turned to none and to twice")
        knobs = {seat: runs.knobs(seat) for seat in runs.seats}
        turned = {
            path.rpartition(".")[2]: {
                seat: (sample_of(games, f"{path}={none}").table, sample_of(games, f"{path}={double}").table)
                for seat, games in knobs.items()
            }
            for path, (none, double) in turns.items()
        }
        made.append(changes.assumptions(found["assumptions"], turned))
        played += sum(games.games.height for games in knobs.values())
    else:
        made.append(unmeasured(found["assumptions"], "these rules have no knobs"))
    return made, played


def _searched(
    runs: Runs, found: Mapping[str, Check], best: Mapping[str, str], search: bool, on_step: OnStep
) -> tuple[list[Finding], int]:
    """Return the checks about search players, or why they were not measured."""
    wanted = [check for check in found.values() if check.search and check.applies(len(runs.seats))]
    if not search or not runs.can_search():
        return [unmeasured(check, NO_SEARCH if not runs.can_search() else SEARCH_LEFT_OUT) for check in wanted], 0
    on_step(f"{runs.searcher} in every seat")
    between = sample_of(runs.search())
    played, met = len(between.table), []
    for seat in runs.seats:
        on_step(f"search players against the best doctrine of {seat}")
        sample = sample_of(runs.search_contest(seat, best[seat]))
        met.append(contests.Contest(seat, sample, (best[seat],), best[seat]))
        played += len(sample.table)
    return [
        mixed.seats_even(found["seats_even_search"], between),
        *contests.search_ladder(found, met, runs.searcher, runs.searchers),
        mixed.family_used(found["sanctions_searched"], runs.book, between),
    ], played
