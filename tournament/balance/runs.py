"""The runs that a balance table rests on, as plans of the tournament, each with a folder of its own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

import ai_players
from game.errors import ChokepointError, UsageError
from game.records.files import write_atomic
from rules.model.rulebook import Rulebook
from tournament.design.plan import Plan, plan_from
from tournament.runner.run import Backend, OnProgress, run
from tournament.storage.results import Tournament

PASSING = "passing"
"""The player that passes at every turn, written for the seat at hand."""

PAIRS = 20
"""So few line-ups are all played, even when games are few."""

LEAST = 40
"""Fewer games of the mixed field tell nothing."""


@cache
def sizes() -> Mapping[str, Any]:
    """Return how large each run is at the usual number of games."""
    text = (files("tournament.balance") / "runs.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


@dataclass(frozen=True)
class Runs:
    """Where and how the runs of one table are played.

    Attributes:
        book: the rules, with every change already in them.
        rules: how plans name them.
        overrides: what was changed in them, as plans name it.
        scenario: the scenario.
        games: games of the mixed field.
        folder: where results are kept, a folder a run.
        backend: where to play.
        on_progress: called with how far a run is.
    """

    book: Rulebook
    rules: str
    overrides: Mapping[str, str]
    scenario: str
    games: int
    folder: Path
    backend: Backend = "auto"
    on_progress: OnProgress | None = None

    def __post_init__(self) -> None:
        if self.games < LEAST:
            raise UsageError(f"--games {self.games} is too few", f"give {LEAST} or more")
        alone = [seat for seat in self.seats if not self.doctrines(seat)]
        if alone:
            raise UsageError(
                f"no doctrine is written for {alone[0]} of {self.scenario}, so there is no competent play to measure",
                "choose another scenario",
            )

    @property
    def seats(self) -> tuple[str, ...]:
        """The scenario's seats."""
        return tuple(seat.name for seat in self.book.scenarios[self.scenario].seats)

    @property
    def factor(self) -> float:
        """How much larger than usual the runs are."""
        return self.games / float(sizes()["field"]["games"])

    def doctrines(self, seat: str) -> list[str]:
        """Return the doctrines written for a seat."""
        return ai_players.for_seat(self.book, self.scenario, seat)

    def field(self) -> Tournament:
        """Play a mixed field: doctrines in every seat, drawn evenly."""
        every = math.prod(len(self.doctrines(seat)) for seat in self.seats)
        worlds = max(2, min(sizes()["field"]["worlds"], self.games // min(every, PAIRS)))
        return self._run("field", {"design": "sampled", "games": self.games, "blocks": worlds})

    def contest(self, seat: str) -> Tournament:
        """Play every doctrine of a seat, greedy, random play and passing against the same line-ups of doctrines."""
        size = sizes()["contests"]
        worlds = size["worlds"] * (sizes()["duel_worlds"] if len(self.seats) == 2 else 1)
        worlds = max(2, round(worlds * self.factor**0.5))
        path = self.folder / "players" / seat / f"{PASSING}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, _passing(self.book, self.scenario, seat).encode())
        players = [*self.doctrines(seat), "greedy", "random", str(path)]
        games = max(1, round(size["lineups"] * self.factor**0.5)) * worlds * len(players)
        return self._run(
            f"contest_{seat}",
            {"design": "one_vs_field", "one": seat, "games": games, "blocks": worlds, "seats": {seat: players}},
        )

    def levers(self) -> Tournament:
        """Play the mixed field with each move left out in turn, in the same worlds."""
        moves = self.book.scenarios[self.scenario].moves
        changes = {"arms": {f"without_{move}": {"without": [move]} for move in moves}}
        return self._run("levers", {**self._sampled("levers"), **changes})

    def knobs(self, seat: str) -> Tournament:
        """Play every doctrine of a seat at none and at twice of each knob, against the same others in the same worlds:
        which of two is better is told by games that differ in nothing else.
        """
        size = sizes()["knobs"]
        games = round(size["games"] * self.factor**0.5)
        met = math.prod(len(self.doctrines(other)) for other in self.seats if other != seat)
        worlds = max(size["worlds"], games // met)
        over = {path: [low, high] for path, (low, high) in self.turns().items()}
        return self._run(
            f"knobs_{seat}",
            {
                "design": "one_vs_field", "one": seat, "blocks": worlds,
                "games": max(1, games // worlds) * worlds * len(self.doctrines(seat)),
                "sweep": {"design": "one_at_a_time", "over": over},
            },
        )  # fmt: skip

    def turns(self) -> dict[str, tuple[int, int]]:
        """Return each knob's path with none of it and twice its value; a scenario's own knobs have paths in it."""
        own = self.book.scenarios[self.scenario].knobs
        found = {}
        for name, knob in self.book.knobs.items():
            path = f"scenarios.{self.scenario}.knobs.{name}" if name in own else f"knob.{name}"
            found[path] = (max(0, knob.low), min(2 * own.get(name, knob.value), knob.high))
        return {path: ends for path, ends in found.items() if ends[0] != ends[1]}

    def search(self) -> Tournament:
        """Play search players in every seat."""
        games = max(4, round(sizes()["search"]["games"] * self.factor))
        seats = {seat: [self.searcher] for seat in self.seats}
        return self._run("search", {"design": "full", "blocks": games, "seats": seats})

    def search_contest(self, seat: str, best: str) -> Tournament:
        """Return every level of search and a seat's best doctrine against the same line-ups of doctrines."""
        lineups, worlds = max(2, round(sizes()["search"]["lineups"] * self.factor)), sizes()["search"]["worlds"]
        players = [*self.searchers, best]
        plan = {"design": "one_vs_field", "one": seat, "games": len(players) * lineups * worlds, "blocks": worlds}
        return self._run(f"search_{seat}", {**plan, "seats": {seat: players}})

    @property
    def searcher(self) -> str:
        """The search player that is compared with doctrines."""
        return f"search:{sizes()['search']['level']}"

    @property
    def searchers(self) -> list[str]:
        """Search players from the weakest level to the strongest."""
        return [f"search:{level}" for level in sizes()["search"]["levels"]]

    def can_search(self) -> bool:
        """Return whether this version has search players."""
        try:
            ai_players.load(self.searcher, self.book)
        except ChokepointError:
            return False
        return True

    def _sampled(self, what: str) -> dict[str, Any]:
        """Return a sample of line-ups in enough worlds to tell them from luck; every line-up where they are few."""
        size = sizes()[what]
        games = max(2 * size["worlds"], round(size["games"] * self.factor**0.5))
        return {"design": "sampled", "games": games, "blocks": size["worlds"]}

    def _run(self, name: str, changes: Mapping[str, Any]) -> Tournament:
        seats = {seat: ["doctrines"] for seat in self.seats} | dict(changes.get("seats", {}))
        plan: Plan = plan_from(
            {
                "plan": f"balance-{self.scenario}-{name}", "scenario": self.scenario, "seed": sizes()["seed"],
                "rules": self.rules, "overrides": dict(self.overrides), **changes, "seats": seats,
            }
        )  # fmt: skip
        return run(plan, self.folder / name, backend=self.backend, on_progress=self.on_progress)


def _passing(book: Rulebook, scenario: str, seat: str) -> str:
    """Return a doctrine that passes whenever it may, for the roles of a seat."""
    roles = next(entry.roles for entry in book.scenarios[scenario].seats if entry.name == seat)
    plain = {"doctrine": PASSING, "title": "Passing", "roles": list(roles), "summary": "Passes at every turn.",
             "source": "designer's assumption", "otherwise": -1, "pass": 0}  # fmt: skip
    return yaml.safe_dump(plain, sort_keys=False)
