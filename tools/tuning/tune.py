"""Search declared numbers until the table of balance holds: ``python -m tools.tuning.tune``.

``par`` fits the scenarios' par, spread and early lead to play of mixed doctrines. ``doctrines`` climbs hills in one
doctrine at a time. ``even`` makes the doctrines of a seat different good answers (see ``tools/tuning/even.py``).
``moves`` tells what using a move as often as may be is worth to whoever has it, which says where a rule is at fault
and not its users. Nothing is written without ``--write``.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt
import typer

from game import Results
from game.engine.results import win_shares
from rules import load_rulebook
from rules.model.rulebook import Doctrine, Rulebook
from tools.tuning.arena import (
    APART,
    MOST,
    PASSES,
    Arena,
    Floats,
    draft_of,
    habits,
    part,
    player_of,
    read_kept,
    variants,
    write_draft,
    write_kept,
)
from tools.tuning.even import SOFT, Evening
from tournament.discovery.draft import Draft
from tournament.hindcast.rows import file_of, load_hindcast

SCENARIOS = Path(__file__).parents[2] / "rules" / "standard" / "scenarios"
TUNED = ("rivals_2025", "summit_2025", "duel_2025", "controls_2022", "first_game")
TARGET_SD = 10.0
"""Final points that one standard deviation of a seat's raw points is worth."""
WIN = 20.0
"""A sure win counts as much as so many points: doctrines should seek both."""


# ------------------------------------------------------------------------------------- par and spread


def fit_par(arena: Arena, games: int, seed: int, trend: float) -> tuple[dict[str, dict[str, int]], str]:
    """Fit par and spread at which one standard deviation of a seat's play is worth ten points and wins are even; and
    the usual early lead of a seat, the part ``trend`` of it.

    Returns:
        By kind of number its value for every seat; what the wins are then, in words.
    """
    _, played = arena.field(games, seed)
    start = arena.book.scenarios[arena.scenario].start
    seats = arena.seats
    par, spread = _numbers(start["par"], seats), _numbers(start["spread"], seats)
    kept = played.winner.sum(axis=1) > 0
    raw = played.parts.sum(axis=2)[kept].astype(np.float64)
    agendas = played.scores[kept] - 50 - np.floor(10 * (raw - par) / spread)
    for _ in range(60):
        final = 50 + 10 * (raw - par) / spread + agendas
        spread = np.maximum(spread * final.std(axis=0) / TARGET_SD, 40)
        par += (final.mean(axis=0) - 50) * spread / 10
    spread = np.round(spread, -1)
    for step in range(600):
        par += (_wins(raw, par, spread, agendas) - 1 / len(seats)) * spread * (0.3 if step < 300 else 0.05)
    final = 50 + 10 * (raw - par) / spread + agendas
    par = np.round(par + (final.mean() - 50) * spread / 10)
    share = _wins(raw, par, spread, agendas)
    wins = ", ".join(f"{seat} {value:.2f}" for seat, value in zip(seats, share, strict=True))
    lead = trend * _early(arena, part(played, kept))
    kinds = {"par": par, "head_start": np.round(lead, -1), "spread": spread}
    return {k: {seat: int(v) for seat, v in zip(seats, found, strict=True)} for k, found in kinds.items()}, wins


def _early(arena: Arena, played: Results) -> Floats:
    """Return the raw points, counted over a whole game, by which each seat is ahead of its end at its first rounds:
    the slope of its standing over the part of the game that is left.
    """
    start, rounds = arena.book.scenarios[arena.scenario].start, played.by_round.shape[1]
    old, spread = _numbers(start["head_start"], arena.seats), _numbers(start["spread"], arena.seats)
    left = 1 - np.arange(1, rounds) / (rounds + 2)
    ahead = (played.by_round[:, :-1] - played.scores[:, None, :]).mean(axis=0) * spread / 10 + old * left[:, None]
    slope: Floats = (ahead * left[:, None]).sum(axis=0) / (left**2).sum()
    return slope


def _numbers(values: object, seats: Sequence[str]) -> Floats:
    assert isinstance(values, Mapping)
    return np.array([values[seat] for seat in seats], dtype=np.float64)


def _wins(raw: Floats, par: Floats, spread: Floats, agendas: Floats) -> Floats:
    final = (np.floor(10 * (raw - par) / spread) + agendas).astype(np.int64)
    share: Floats = win_shares(final, np.zeros(len(final), dtype=np.int64)).mean(axis=0)
    return share


def write_par(scenario: str, kinds: Mapping[str, Mapping[str, int]]) -> None:
    """Put par, early lead and spread into the scenario's file."""
    path = SCENARIOS / f"{scenario}.yaml"
    data = read_kept(path)
    for kind, values in kinds.items():
        data["start"][kind].update(values)
    write_kept(path, data)


# ---------------------------------------------------------------------------------------- doctrines


def worth(results: Results, seat: int) -> Floats:
    """Return what every game is worth to a seat."""
    value: Floats = results.scores[:, seat] + WIN * results.winner[:, seat]
    return value


@dataclass
class Climb:
    """Climbs hills in one doctrine, in all the scenarios that it plays.

    Attributes:
        arenas: the scenarios, each with the seat.
        name: the doctrine.
        weak: moves that nobody uses enough; this doctrine is nudged to try them.
    """

    arenas: Sequence[tuple[Arena, str]]
    name: str
    weak: Sequence[str] = ()

    def value(self, doctrines: Sequence[Doctrine], games: int, seed: int) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """Return the worth of each of some doctrines, shape (doctrines, games over all scenarios), and whether it is
        allowed.
        """
        columns, allowed = [], np.ones(len(doctrines), dtype=bool)
        for arena, seat in self.arenas:
            place = arena.seats.index(seat)
            others = [found for found in arena.doctrines[seat] if found.name != self.name]
            results = arena.trials(seat, [*doctrines, *others], games, seed)
            theirs = [habits(found, place) for found in results[len(doctrines) :]]
            rows = []
            for k, found in enumerate(results[: len(doctrines)]):
                mine = habits(found, place)
                near = min((abs(mine - other).sum() / 2 for other in theirs), default=1.0)
                short = arena.book.scenarios[arena.scenario].rounds < 6
                allowed[k] &= near >= APART and mine[-1] <= PASSES and (short or mine.max() <= MOST)
                bonus = sum(min(0.015, mine[j]) for j, move in enumerate(found.moves) if move in self.weak)
                rows.append(worth(found, place) + 60 * bonus)
            columns.append(np.array(rows))
        return np.concatenate(columns, axis=1), allowed

    def run(self, steps: int, tries: int, games: int, seed: int) -> tuple[Draft, float]:
        """Return the best draft found, and by how much it is better than the doctrine as it is."""
        rng = random.Random(seed)
        arenas = [arena for arena, _ in self.arenas]
        names = {doctrine.name for arena, seat in self.arenas for doctrine in arena.doctrines[seat]}
        siblings = [draft_of(name) for name in sorted(names - {self.name})]
        draft, gained = draft_of(self.name), 0.0
        for step in range(steps):
            made = [(draft, player_of(draft, arenas[0].book))]
            made += islice(variants(draft, siblings, arenas, rng, self.weak), tries)
            first, allowed = self.value([player for _, player in made], games, seed + step)
            mean = np.where(allowed, first.mean(axis=1), -np.inf)
            mean[0] = first[0].mean()
            few = [k for k in np.argsort(-mean)[:4] if k and np.isfinite(mean[k])]
            if not few:
                continue
            again, ok = self.value([made[k][1] for k in [0, *few]], 3 * games, seed + step + 500)
            gains = again - again[0]
            sure = gains.mean(axis=1) - gains.std(axis=1) / gains.shape[1] ** 0.5
            sure[~ok] = -np.inf
            best = int(sure[1:].argmax()) + 1
            if sure[best] > 0 or (not allowed[0] and ok[best]):
                draft, gained = made[few[best - 1]][0], gained + float(gains[best].mean())
        return draft, gained


def plays(
    book: Rulebook, name: str, scenarios: Sequence[str] = TUNED, against: Sequence[str] = ()
) -> list[tuple[Arena, str]]:
    """Return the scenarios and seats of a doctrine; with ``against`` only those of the other seats' doctrines are
    met, where a seat has any of them, so that the doctrine becomes an answer to them.
    """
    found = []
    for scenario in scenarios:
        arena = Arena.of(book, scenario)
        for seat, listed in arena.doctrines.items():
            if name in [doctrine.name for doctrine in listed]:
                met = {other: [d for d in mine if d.name in against] or mine for other, mine in arena.doctrines.items()}
                found.append((replace(arena, doctrines={**met, seat: listed}), seat))
    return found


# -------------------------------------------------------------------------------------------- moves


def forced(arena: Arena, games: int, seed: int) -> list[tuple[str, str, str, float, float, float]]:
    """Return for every move: seat, doctrine, share of choices when it is always preferred, change of points and its
    error; of each seat's doctrines the one that profits most.
    """
    found = []
    for seat in arena.seats:
        place = arena.seats.index(seat)
        moves = arena.book.scenarios[arena.scenario].moves
        for doctrine in arena.doctrines[seat]:
            draft = draft_of(doctrine.name)
            drafts = [replace(draft, added=({"move": move, "score": 200},)) for move in moves]
            players = [doctrine, *(player_of(each, arena.book) for each in drafts)]
            results = arena.trials(seat, players, games, seed)
            base = results[0].scores[:, place]
            for move, result in zip(moves, results[1:], strict=True):
                share = habits(result, place)[result.moves.index(move)]
                gain = result.scores[:, place] - base
                if share > 0:
                    found.append((move, seat, doctrine.name, float(share), float(gain.mean()),
                                  float(gain.std() / games**0.5)))  # fmt: skip
    return found


# ------------------------------------------------------------------------------------------ commands

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)

Names = Annotated[list[str] | None, typer.Argument(help="Scenarios; some or all when none is named.")]
Games = Annotated[int, typer.Option(help="Games of each look.")]
Seed = Annotated[int, typer.Option(help="Another search.")]
Steps = Annotated[int, typer.Option(help="How often to go on from the best that was found.")]
Tries = Annotated[int, typer.Option(help="Variants in each step.")]
Write = Annotated[bool, typer.Option("--write", help="Write what is found into the shipped files.")]


@app.command("par")
def par_command(
    scenarios: Names = None,
    games: Games = 3000,
    trend: Annotated[float, typer.Option(help="How much of a seat's early lead is allowed for.")] = 1.0,
    seed: Seed = 11,
    write: Write = False,
) -> None:
    """Fit par, spread and early lead to play of mixed doctrines."""
    book = load_rulebook("standard")
    for scenario in scenarios or TUNED:
        kinds, wins = fit_par(Arena.of(book, scenario), games, seed, trend)
        print(f"{scenario}: {kinds}; wins {wins}", flush=True)
        if write:
            write_par(scenario, kinds)


@app.command("moves")
def moves_command(scenarios: Names = None, games: Games = 3000, seed: Seed = 11) -> None:
    """Tell what using each move as often as may be is worth."""
    book = load_rulebook("standard")
    for scenario in scenarios or TUNED[:1]:
        rows = forced(Arena.of(book, scenario), games, seed)
        for move, seat, doctrine, share, gain, error in sorted(rows, key=lambda row: (row[0], -row[4])):
            print(f"{scenario} {move:22s} {seat:14s} {doctrine:22s} {share:6.1%} {gain:+6.1f} ± {2 * error:.1f}")


@app.command("even")
def even_command(
    scenarios: Names = None,
    vary: Annotated[list[str] | None, typer.Option(help="A doctrine that may change; all when left out.")] = None,
    soft: Annotated[float, typer.Option(help="Points that count as about equal at first.")] = SOFT,
    steps: Steps = 3,
    tries: Tries = 16,
    seed: Seed = 11,
    write: Write = False,
) -> None:
    """Make the doctrines of each seat different good answers."""
    book = load_rulebook("standard")
    facts = load_hindcast(book, file_of("standard"))
    evening = Evening.of(book, scenarios or TUNED[:2], seed, soft, facts)
    print(evening.report(), flush=True)
    names = vary or list(evening.drafts)
    for _ in range(steps):
        print(evening.round(names, tries), flush=True)
        for name in names if write else ():
            write_draft(evening.drafts[name])
            evening.drafts[name] = draft_of(name)  # the next round may change as many lines again


@app.command("doctrines")
def doctrines_command(
    names: Annotated[list[str], typer.Argument(help="Doctrines.")],
    only: Annotated[list[str] | None, typer.Option(help="A scenario that counts; all when left out.")] = None,
    against: Annotated[list[str] | None, typer.Option(help="A doctrine to be an answer to.")] = None,
    weak: Annotated[list[str] | None, typer.Option(help="A move that should be tried more.")] = None,
    steps: Steps = 3,
    tries: Tries = 16,
    games: Games = 3000,
    seed: Seed = 11,
    write: Write = False,
) -> None:
    """Climb hills in one doctrine at a time, in all the scenarios that it plays."""
    book = load_rulebook("standard")
    for name in names:
        began = time.monotonic()
        climb = Climb(plays(book, name, only or TUNED, against or ()), name, weak or ())
        draft, gained = climb.run(steps, tries, games, seed)
        print(f"{name}: {gained:+.1f} points ({time.monotonic() - began:.0f} s)", flush=True)
        if write and gained:
            write_draft(draft)


if __name__ == "__main__":
    app()
