"""A doctrine that plays as much like a teacher as a few of its factors allow.

The teacher plays some games against the rivals. What it chose, and what every line of the doctrine thought of every
legal move then, fit the factors of a logit: the probability of a move grows with the sum of the lines' scores, each
times its factor. A penalty keeps most factors at 1; the few that move the fit most become the draft.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from ai_players import load_text
from ai_players.scripted import ScriptedPlayer
from game import Move, View, play_games
from game.simulation.players import Player, Spec, instance
from rules.model.rulebook import Rulebook
from tournament.analysis.payoffs import Floats
from tournament.discovery.arena import Casting, seed_of
from tournament.discovery.draft import LINES, MOST, PREFERENCES, Base, Draft, snapped

TEACHER = "search:4"
LESSONS = 3
"""Games of the teacher; its own games within a decision are not counted in any budget."""

PENALTY = 0.004
SHARPNESS = 3.0
"""How surely the highest score is played, in standard deviations of the scores at a decision."""

KEPT = 8
UNSAID = 0.02
"""A line with a smaller factor is left out."""


@dataclass(frozen=True)
class Decision:
    """What a teacher saw, might do, and did."""

    view: View
    moves: tuple[Move, ...]
    chosen: int


_lessons: dict[tuple[str, str, str], list[Decision]] = {}
"""Decisions of teachers by rivals, seat and name: restarts of a search listen to the same lessons."""


def imitated(cast: Casting, seat: str, base: Base, name: str, teacher: Spec) -> Draft:
    """Return the draft of a base that plays most like a teacher in a seat against the rivals.

    Args:
        cast: who plays there.
        seat: the teacher's.
        base: the doctrine whose factors are fitted.
        name: of the teacher; the same name is the same player.
        teacher: plays from its view.
    """
    rivals = cast.rivals
    key = (rivals.key, seat, name)
    if key not in _lessons:
        if len(_lessons) >= KEPT:
            _lessons.clear()
        _lessons[key] = lessons(cast, seat, teacher)
    return fitted(_lessons[key], base, rivals.book)


def lessons(cast: Casting, seat: str, teacher: Spec) -> list[Decision]:
    """Return a teacher's decisions in some games."""
    rivals = cast.rivals
    found: list[Decision] = []
    seed = seed_of("lessons", rivals.key, seat)
    for world in range(LESSONS):
        luck, drawn = rivals.line_up(seed, world)
        others = {name: cast.usual(name, number) for name, number in drawn.items()}
        pupil = _Listening(instance(teacher), found)
        play_games(rivals.book, rivals.scenario, {**others, seat: pupil}, [luck])
    return found


class _Listening:
    """Plays as the teacher does and takes notes."""

    def __init__(self, teacher: Any, found: list[Decision]) -> None:
        self._teacher: Player = teacher
        self._found = found

    def choose(self, view: View, legal: Collection[Move], rng: random.Random) -> Move:
        move = self._teacher.choose(view, legal, rng)
        moves = tuple(legal)
        if len(moves) > 1:
            self._found.append(Decision(view, moves, moves.index(move)))
        return move


def fitted(decisions: Sequence[Decision], base: Base, book: Rulebook) -> Draft:
    """Return the draft of a base whose factors fit some decisions best."""
    lines = [_line(base, n, book) for n in range(len(base.prefer))]
    seen: list[tuple[Floats, int]] = []
    for decision in decisions:
        scores = np.array([line.scores(decision.view, decision.moves) for line in lines], dtype=np.float64).T
        if scores.size and np.ptp(scores, axis=0).any():
            seen.append((scores, decision.chosen))
    if not seen:
        return Draft(base)
    spread = float(np.mean([scores.sum(axis=1).std() for scores, _ in seen])) or 1.0
    factors = _fit([(scores * (SHARPNESS / spread), chosen) for scores, chosen in seen], len(lines))
    spreads = np.mean([scores.std(axis=0) for scores, _ in seen], axis=0)
    said = [n for n in np.argsort(-spreads * factors, kind="stable").tolist() if factors[n] >= UNSAID][:PREFERENCES]
    found = {n: 0 for n in range(len(lines)) if n not in said}
    for n in sorted(said, key=lambda n: -spreads[n] * abs(factors[n] - 1))[:LINES]:
        factor = snapped(100 * float(factors[n]))
        found |= {n: factor} if factor != 100 else {}
    return Draft(base, found)


def _line(base: Base, number: int, book: Rulebook) -> ScriptedPlayer:
    """Return the player that scores moves by one line of a base alone."""
    data = {**base.data, "prefer": [dict(base.prefer[number])], "otherwise": 0, "pass": 0, "temperature": 0}
    return ScriptedPlayer(load_text(json.dumps(data), base.name, book), book)


def _fit(seen: Sequence[tuple[Floats, int]], lines: int) -> Floats:
    """Return factors of a penalised logit, shape (lines,)."""
    rows = np.concatenate([scores for scores, _ in seen])
    sizes = [len(scores) for scores, _ in seen]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    chosen = starts + np.array([at for _, at in seen])
    owner: npt.NDArray[np.int64] = np.repeat(np.arange(len(sizes)), sizes)

    def loss(factors: Floats) -> tuple[float, Floats]:
        worth = rows @ factors
        top = np.maximum.reduceat(worth, starts)
        grown = np.exp(worth - top[owner])
        total = np.add.reduceat(grown, starts)
        likely = grown / total[owner]
        fit = float((worth[chosen] - top - np.log(total)).mean())
        slope = (rows[chosen].sum(axis=0) - likely @ rows) / len(sizes)
        away = np.sqrt((factors - 1) ** 2 + 1e-4)
        return PENALTY * float(away.sum()) - fit, PENALTY * (factors - 1) / away - slope

    found = minimize(
        loss, np.ones(lines), jac=True, method="L-BFGS-B", bounds=[(0.0, MOST / 100)] * lines,
        options={"maxiter": 200},
    )  # fmt: skip
    best: Floats = np.asarray(found.x, dtype=np.float64)
    return best if math.isfinite(float(found.fun)) else np.ones(lines)
