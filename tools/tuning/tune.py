"""A developer's tool: searches declared numbers until the table holds. Run as ``python -m tools.tuning.tune``.

``par`` fits the scenarios' par, spread and early lead to play of mixed doctrines. ``doctrines`` climbs hills in the
whole numbers of doctrines' scores. ``even`` makes the doctrines of a seat different good answers (see
``tools/tuning/even.py``). ``moves`` tells what using a move as often as may be is worth to whoever has it,
which says where a rule is at fault and not its users. Nothing is written without ``--write``.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from game import Results
from game.records.files import write_atomic
from rules import load_rulebook
from rules.model.rulebook import Doctrine, Rulebook
from tools.tuning.arena import APART, MOST, PASSES, Arena, Floats, file_of, habits, part, read
from tools.tuning.change import mutated
from tools.tuning.even import SOFT, Evening

SCENARIOS = Path(__file__).parents[2] / "rules" / "standard" / "scenarios"
TUNED = ("rivals_2025", "summit_2025", "duel_2025", "controls_2022", "first_game")
TARGET_SD = 10.0
"""Final points that one standard deviation of a seat's raw points is worth."""
WIN = 20.0
"""A sure win counts as much as so many points: doctrines should seek both."""


# ------------------------------------------------------------------------------------- par and spread


def fit_par(arena: Arena, games: int, seed: int, trend: float) -> tuple[dict[str, dict[str, int]], str]:
    """Par and spread at which one standard deviation of a seat's play is worth ten points and wins are even; and the
    usual early lead of a seat, the part ``trend`` of it.

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
    told = ", ".join(f"{seat} {value:.2f}" for seat, value in zip(seats, share, strict=True))
    lead = trend * _early(arena, part(played, kept))
    kinds = {"par": par, "head_start": np.round(lead, -1), "spread": spread}
    return {k: {seat: int(v) for seat, v in zip(seats, found, strict=True)} for k, found in kinds.items()}, told


def _early(arena: Arena, played: Results) -> Floats:
    """Raw points, counted over a whole game, by which each seat is ahead of its end at its first rounds: the slope of
    its standing over the part of the game that is left.
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
    final = np.floor(10 * (raw - par) / spread) + agendas
    top = final == final.max(axis=1, keepdims=True)
    share: Floats = (top / top.sum(axis=1, keepdims=True)).mean(axis=0)
    return share


def write_par(scenario: str, kinds: Mapping[str, Mapping[str, int]]) -> None:
    """Puts par, early lead and spread into the scenario's file."""
    path = SCENARIOS / f"{scenario}.yaml"
    text = path.read_text(encoding="utf-8")
    for key, values in kinds.items():
        line = ", ".join(f"{seat}: {value}" for seat, value in values.items())
        text = re.sub(rf"^  {key}: \{{.*\}}", f"  {key}: {{{line}}}", text, flags=re.M)
    write_atomic(path, text.encode())


# ---------------------------------------------------------------------------------------- doctrines


def worth(results: Results, seat: int) -> Floats:
    """What every game is worth to a seat."""
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
        """Worth of each of some doctrines, shape (doctrines, games over all scenarios), and whether it is allowed."""
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

    def run(self, steps: int, tries: int, games: int, seed: int) -> tuple[str, float]:
        """The best text found, and by how much it is better than the old one."""
        dice = random.Random(seed)
        book = self.arenas[0][0].book
        text = file_of(self.name).read_text(encoding="utf-8")
        gained = 0.0
        for step in range(steps):
            texts = [text, *(mutated(text, dice, self.weak) for _ in range(tries))]
            first, allowed = self.value([read(self.name, book, t) for t in texts], games, seed + step)
            mean = np.where(allowed, first.mean(axis=1), -np.inf)
            mean[0] = first[0].mean()
            few = [k for k in np.argsort(-mean)[:4] if k and np.isfinite(mean[k])]
            if not few:
                continue
            again, ok = self.value([read(self.name, book, texts[k]) for k in [0, *few]], 3 * games, seed + step + 500)
            gains = again - again[0]
            sure = gains.mean(axis=1) - gains.std(axis=1) / gains.shape[1] ** 0.5
            sure[~ok] = -np.inf
            best = int(sure[1:].argmax()) + 1
            if sure[best] > 0 or (not allowed[0] and ok[best]):
                text, gained = texts[few[best - 1]], gained + float(gains[best].mean())
        return text, gained


def plays(
    book: Rulebook, name: str, scenarios: Sequence[str] = TUNED, against: Sequence[str] = ()
) -> list[tuple[Arena, str]]:
    """The scenarios and seats of a doctrine; with ``against`` only those of the other seats' doctrines are met, where a
    seat has any of them, so that the doctrine becomes an answer to them.
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
    """For every move: seat, doctrine, share of choices when it is always preferred, change of points and its error;
    of each seat's doctrines the one that profits most.
    """
    found = []
    for seat in arena.seats:
        place = arena.seats.index(seat)
        moves = arena.book.scenarios[arena.scenario].moves
        for doctrine in arena.doctrines[seat]:
            text = file_of(doctrine.name).read_text(encoding="utf-8")
            texts = [f"{text.rstrip()}\n  - {{move: {move}, score: 200}}\n" for move in moves]
            players = [doctrine, *(read(doctrine.name, arena.book, t) for t in texts)]
            results = arena.trials(seat, players, games, seed)
            base = results[0].scores[:, place]
            for move, result in zip(moves, results[1:], strict=True):
                share = habits(result, place)[result.moves.index(move)]
                gain = result.scores[:, place] - base
                if share > 0:
                    found.append((move, seat, doctrine.name, float(share), float(gain.mean()),
                                  float(gain.std() / games**0.5)))  # fmt: skip
    return found


# --------------------------------------------------------------------------------------------- tool


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tools.tuning.tune", description=__doc__)
    parser.add_argument("what", choices=("par", "doctrines", "even", "moves"))
    parser.add_argument("names", nargs="*", help="scenarios; for 'doctrines' the names of doctrines")
    parser.add_argument("--games", type=int, default=3000)
    parser.add_argument("--only", nargs="*", default=TUNED, help="for 'doctrines': the scenarios that count")
    parser.add_argument("--against", nargs="*", default=(), help="for 'doctrines': whom to be an answer to")
    parser.add_argument("--fixed", nargs="*", default=(), help="for 'even': doctrines that stay as they are")
    parser.add_argument(
        "--soft", type=float, default=SOFT, help="for 'even': points that count as about equal at first"
    )
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--tries", type=int, default=16)
    parser.add_argument("--trend", type=float, default=1.0, help="how much of a seat's early lead is allowed for")
    parser.add_argument("--weak", default="", help="moves that should be tried more, by commas")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args(arguments)
    book = load_rulebook("standard")
    if asked.what == "par":
        for scenario in asked.names or TUNED:
            kinds, told = fit_par(Arena.of(book, scenario), asked.games, asked.seed, asked.trend)
            print(f"{scenario}: {kinds}; wins {told}", flush=True)
            if asked.write:
                write_par(scenario, kinds)
    elif asked.what == "moves":
        for scenario in asked.names or TUNED[:1]:
            rows = forced(Arena.of(book, scenario), asked.games, asked.seed)
            for move, seat, doctrine, share, gain, error in sorted(rows, key=lambda row: (row[0], -row[4])):
                print(f"{scenario} {move:22s} {seat:14s} {doctrine:22s} {share:6.1%} {gain:+6.1f} ± {2 * error:.1f}")
    elif asked.what == "even":
        evening = Evening.of(book, asked.names or TUNED[:2], asked.seed, asked.soft)
        print(evening.report(), flush=True)
        names = [name for name in evening.texts if name not in asked.fixed]
        for _ in range(asked.steps):
            print(evening.round(names, asked.tries), flush=True)
            if asked.write:
                for name in names:
                    write_atomic(file_of(name), evening.texts[name].encode())
    else:
        weak = [move for move in asked.weak.split(",") if move]
        for name in asked.names:
            began = time.monotonic()
            climb = Climb(plays(book, name, asked.only, asked.against), name, weak)
            text, gained = climb.run(asked.steps, asked.tries, asked.games, asked.seed)
            print(f"{name}: {gained:+.1f} points ({time.monotonic() - began:.0f} s)", flush=True)
            if asked.write and gained:
                write_atomic(file_of(name), text.encode())


if __name__ == "__main__":
    main()
