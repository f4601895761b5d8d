"""How often a seat's best replies play some moves: for each way of playing, whether more or less of them pays better.

The seat's strategies are the doctrines written for it, each as it is, and made to play the counted moves whenever it
may, and never. Against every line-up of the others the best reply of a doctrine is that of the three with the largest
mean of points over the worlds (equal ones in equal parts). Two numbers come of it, means over doctrines and line-ups:
how often best replies play the moves in a game, and what playing them always gains over playing them never.

The interval is Student's with the variances of two bootstraps, of line-ups and of worlds, which look for the best
replies again in every draw, the same draws in all arms; that of line-ups counts by the part that was not played.
Together they count the games' own noise twice, so the interval is on the wide side; noise in who is best pulls the
first number towards the average over the three, so an effect on it is, if anything, understated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from scipy import special

import ai_players
from game.errors import UsageError
from game.records.files import write_atomic
from rules.model.faults import Faults
from rules.model.rulebook import Rulebook
from rules.source.yaml import read_yaml
from tournament.analysis.payoffs import Floats, Ints
from tournament.analysis.tidy import Estimate
from tournament.analysis.uncertainty import LEVEL
from tournament.claims.experiment import ClaimGames, Setting
from tournament.claims.read import REPLIES
from tournament.claims.shapes import PredictionPart, RepliesPart
from tournament.storage.store import plain_yaml

REPLICATES = 300
ALWAYS, NEVER = "always", "never"
SCORES = {ALWAYS: 1_000_000, NEVER: -1_000_000}
"""Scores of a move above and below anything that a doctrine gives; what is below passing is never played."""

WAYS = ("", ALWAYS, NEVER)


def strategies(replies: RepliesPart, scenario: str, book: Rulebook, folder: Path) -> list[str]:
    """Return the players of the seat whose strategy is free: doctrines by name and, written to ``folder``, their
    variants.

    Raises:
        UsageError: no doctrine is written for the seat.
    """
    names = ai_players.for_seat(book, scenario, replies.seat)
    if not names:
        raise UsageError(f"no doctrine is written for {replies.seat} of {scenario}", "choose another seat")
    folder.mkdir(parents=True, exist_ok=True)
    found = list(names)
    for name in names:
        for way in SCORES:
            path = folder / f"{name}_{way}.yaml"
            write_atomic(path, variant(ai_players.doctrine_text(name), name, way, replies.moves).encode())
            found.append(str(path))
    return found


def variant(text: str, name: str, way: str, moves: list[str]) -> str:
    """Return a doctrine's file, made to play some moves always or never."""
    document = read_yaml(text, name, Faults())
    assert document is not None  # it is a shipped one, which has been read before
    data = document.data
    kept = [each for each in data.get("prefer", []) if each.get("move") not in moves]
    forced = [{"move": move, "score": SCORES[way]} for move in moves]
    return plain_yaml({**data, "doctrine": f"{name}_{way}", "prefer": [*forced, *kept]})


def best_replies(prediction: PredictionPart, games: ClaimGames, setting: Setting, level: float = LEVEL) -> Estimate:
    """Return the contrast of the arms in one of the two numbers, with its interval at a level."""
    arms = {arm: cubes(games, arm, setting) for arm in prediction.contrast}
    points = next(iter(arms.values()))[0]
    line_ups, worlds = np.arange(points.shape[2]), np.arange(points.shape[3])
    number = frequency if prediction.outcome == REPLIES else gain
    rng = np.random.default_rng(1)

    def at(rows: Ints, columns: Ints) -> float:
        return _contrast(arms, prediction, number, rows, columns)

    doubt = 1 - len(line_ups) / games.possible
    value = at(line_ups, worlds)
    by_line_up = [at(rng.choice(line_ups, len(line_ups)), worlds) for _ in range(REPLICATES if doubt else 0)]
    by_world = [at(line_ups, rng.choice(worlds, len(worlds))) for _ in range(REPLICATES)]
    terms = [
        (share * float(np.var(drawn)) * pieces / (pieces - 1), pieces - 1)
        for drawn, pieces, share in ((by_line_up, len(line_ups), doubt), (by_world, len(worlds), 1.0))
        if drawn
    ]
    total = sum(term for term, _ in terms)
    freedom = total**2 / sum(term**2 / free for term, free in terms) if total else 1.0
    half = float(special.stdtrit(max(freedom, 1.0), (1 + level) / 2)) * total**0.5
    what = f"{prediction.outcome}, contrast of {', '.join(arms)}, all doctrines, all line-ups, all worlds"
    return Estimate(what, value, value - half, value + half, int(points.size))


def cubes(games: ClaimGames, arm: str, setting: Setting) -> tuple[Floats, Floats]:
    """Return points and uses of the moves, each of shape (ways, doctrines, line-ups of the others, worlds)."""
    frame = games.frames[arm, setting]
    place = games.seat_of_replies
    profiles = frame["profile"].to_list()
    split = [_split(each[place]) for each in profiles]
    way = np.array([WAYS.index(found) for _, found in split])
    style = np.unique([found for found, _ in split], return_inverse=True)[1].reshape(-1)
    others = ["|".join(each[:place] + each[place + 1 :]) for each in profiles]
    line_up = np.unique(others, return_inverse=True)[1].reshape(-1)
    world = np.unique(games.block, return_inverse=True)[1].reshape(-1)
    shape = (len(WAYS), int(style.max()) + 1, int(line_up.max()) + 1, int(world.max()) + 1)
    points, uses = np.full(shape, np.nan), np.full(shape, np.nan)
    points[way, style, line_up, world] = frame["scores"].list.get(place).to_numpy()
    uses[way, style, line_up, world] = frame["uses"].to_numpy()
    return points, uses


def _split(name: str) -> tuple[str, str]:
    """Return a strategy's doctrine and its way with the counted moves."""
    style, _, way = name.rpartition("_")
    return (style, way) if way in SCORES else (name, "")


def frequency(points: Floats, uses: Floats) -> float:
    """Return how often best replies play the moves in a game.

    Args:
        points: shape (ways, doctrines, line-ups, worlds).
        uses: the same shape.
    """
    mean = points.mean(axis=3)
    best = mean == mean.max(axis=0)
    share = best / best.sum(axis=0)
    return float((share * uses.mean(axis=3)).sum(axis=0).mean())


def gain(points: Floats, _uses: Floats) -> float:
    """Return points that playing the moves always gains over playing them never."""
    return float((points[WAYS.index(ALWAYS)] - points[WAYS.index(NEVER)]).mean())


def _contrast(
    arms: Mapping[str, tuple[Floats, Floats]],
    prediction: PredictionPart,
    number: Callable[[Floats, Floats], float],
    line_ups: Ints,
    worlds: Ints,
) -> float:
    rows = np.ix_(line_ups, worlds)
    return sum(
        prediction.contrast[arm] * number(points[:, :, rows[0], rows[1]], uses[:, :, rows[0], rows[1]])
        for arm, (points, uses) in arms.items()
    )
