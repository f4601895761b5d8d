"""Claims under stronger play than scripts: by strategies that were found, which adapt, and by search players.

With found strategies every arm has its own equilibria: mixtures from which no seat gains by changing alone, over the
same pool of strategies in every arm. Three effects come of it:

- **direct**: everybody plays as in the arm that changes nothing, and only the rules differ (others stand still);
- **total**: everybody plays the equilibrium of the arm they are in;
- **adaptation**: total less direct.

An arm may have several equilibria, and what a claim says may depend on which is played. So each effect has the least
and the greatest value over them, and its range covers both: worlds are drawn anew, payoffs and equilibria with them.
Search players adapt by themselves, so theirs is a total effect, over worlds alone.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

import ai_players
from game.errors import UsageError
from game.prose.numbers import joined
from game.records.files import write_atomic
from rules.model.rulebook import Rulebook
from tournament.analysis.means import paired_mean
from tournament.analysis.payoffs import Floats
from tournament.analysis.solver import Mix, settled
from tournament.analysis.tidy import Estimate
from tournament.analysis.uncertainty import LEVEL
from tournament.claims.effects import Answer, answer, contrast
from tournament.claims.experiment import CALIBRATED, ClaimGames, games_of
from tournament.claims.read import REPLIES
from tournament.claims.shapes import Claim, PredictionPart
from tournament.design.plan import Plan
from tournament.runner.run import Progress, run

Reading = Literal["holds", "holds only while others stand still", "depends on which equilibrium", "fails", "undecided"]


class Strength(StrEnum):
    """How strong the players are: doctrines as they ship, doctrines that were found, search players."""

    SCRIPTS = "scripts"
    FOUND = "found"
    SEARCH = "search"


STARTS = 20
"""Starts of the search for equilibria, in the games as played and in every replicate."""

REPLICATES = 60
LARGEST = 1_500
"""At most so many line-ups of found strategies; beyond it those that play least are dropped, and the result says so."""

MIXTURE = "mixture.csv"
"""In a discovery's folder: how often each of its strategies plays."""

SEARCH_PLAYER = "search:1"


@dataclass(frozen=True)
class Spread:
    """An effect over worlds and over equilibria.

    Attributes:
        estimate: its value at the equilibria that most starts lead to, with the range over worlds and equilibria.
        least, greatest: the effect at the equilibria where it is least and where it is greatest, each with its range.
    """

    estimate: Estimate
    least: Estimate
    greatest: Estimate


@dataclass(frozen=True)
class Adapted:
    """A prediction under stronger play.

    Attributes:
        number: which of the claim's predictions; one more than there are is whether it pays.
        direct, total, adaptation: see above; search players have a total effect only.
        answer: what the total effect says.
        standing: what the direct effect says; None for search players.
        turns: equilibria disagree: the effect is surely on one side of the limit at one, and on the other at another.
    """

    number: int
    direct: Spread | None
    total: Spread
    adaptation: Spread | None
    answer: Answer
    standing: Answer | None
    turns: bool


@dataclass(frozen=True)
class Dropped:
    """A found strategy that did not play, since there were too many line-ups.

    Attributes:
        seat: the seat.
        player: the strategy, under the name that it would have played under.
        share: how often it plays in the mixture that its discovery ended with; of several, where it plays most.
    """

    seat: str
    player: str
    share: float


@dataclass(frozen=True)
class Strong:
    """What a claim came to at one strength of play.

    Attributes:
        strength: ``found`` or ``search``.
        players: who played, seat by seat.
        games: games played.
        equilibria: how many equilibria each arm has, by arm; empty for search players.
        effects: every prediction that can be measured there.
        left_out: numbers of predictions that have no value at this strength.
        reading: what they say together.
        folder: where the games are stored.
        dropped: found strategies that did not play.
    """

    strength: Strength
    players: Mapping[str, tuple[str, ...]]
    games: int
    equilibria: Mapping[str, int]
    effects: tuple[Adapted, ...]
    left_out: tuple[int, ...]
    reading: Reading
    folder: Path
    dropped: tuple[Dropped, ...] = ()


def pool(
    folders: Sequence[Path], scenario: str, book: Rulebook, kept: Path
) -> tuple[dict[str, list[str]], list[Dropped]]:
    """Return the found doctrines in some folders by seat, every doctrine file below them that is written for the seat,
    and those that were dropped: where there are too many line-ups, and discoveries say how often each strategy plays,
    those go that play least.

    Args:
        folders: what ``tournament discover`` wrote, for each arm by itself, say; or any folders of doctrine files.
        scenario: the scenario.
        book: the rulebook.
        kept: where they are copied to, under names that say which folder they are from.

    Raises:
        UsageError: no such folder, a seat without a doctrine, or more line-ups than can be played and a strategy of
            which nobody knows how often it plays.
        RuleErrors: a file that does not fit the rulebook.
    """
    roles: dict[str, frozenset[str]] = {}
    copies: dict[str, Path] = {}
    shares: dict[tuple[str, str], float] = {}
    unknown: list[Path] = []
    for number, folder in enumerate(folders, 1):
        if not folder.is_dir():
            raise UsageError(f"there is no folder {folder}", "give one that 'chokepoint tournament discover' wrote")
        played = _shares(folder)
        unknown += [folder] if played is None else []
        for path in sorted(folder.rglob("*.yaml")):
            text = path.read_text(encoding="utf-8", errors="replace")
            if not re.search(r"^doctrine:", text, re.MULTILINE):
                continue
            found = ai_players.load_text(text, str(path), book)
            copy = copies.setdefault(text, kept / f"{found.name}_{number}.yaml")
            if str(copy) not in roles:
                copy.parent.mkdir(parents=True, exist_ok=True)
                named = re.sub(r"^doctrine:.*$", f"doctrine: {copy.stem}", text, count=1, flags=re.M)
                write_atomic(copy, named.encode())
                roles[str(copy)] = frozenset(found.roles)
            for (name, strategy), share in (played or {}).items():
                if strategy == found.name:  # the same doctrine may play seldom in one arm and often in another
                    shares[name, str(copy)] = max(share, shares.get((name, str(copy)), 0.0))
    seats: dict[str, list[str]] = {}
    for seat in book.scenarios[scenario].seats:
        seats[seat.name] = [file for file, written_for in roles.items() if written_for == frozenset(seat.roles)]
        if not seats[seat.name]:
            hint = f"run 'chokepoint tournament discover' for {scenario}, or add a file"
            raise UsageError(f"{_listed(folders)} no doctrine for {seat.name} of {scenario}", hint)
    count = math.prod(map(len, seats.values()))
    if count > LARGEST and unknown:
        why = f"nobody knows which of {joined([str(folder) for folder in unknown])} play least: there is no {MIXTURE}"
        hint = f"leave files out until at most {LARGEST:,} line-ups are left"
        raise UsageError(f"{count:,} line-ups of found strategies are too many, and {why}", hint)
    dropped: list[Dropped] = []
    while math.prod(map(len, seats.values())) > LARGEST:
        name, files = max(seats.items(), key=lambda entry: len(entry[1]))
        played_by = {file: shares.get((name, file), 0.0) for file in files}
        least = min(reversed(files), key=played_by.__getitem__)
        files.remove(least)
        dropped.append(Dropped(name, Path(least).stem, played_by[least]))
    return seats, dropped


def _shares(folder: Path) -> dict[tuple[str, str], float] | None:
    """Return how often each strategy plays in a discovery's mixture, by seat and strategy; None where a folder holds no
    discovery.
    """
    path = folder / MIXTURE
    if not path.is_file():
        return None
    try:
        found = pl.read_csv(path)
        names = zip(found["seat"], found["strategy"], strict=True)
        return dict(zip(names, found["share"].cast(pl.Float64), strict=True))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UsageError(f"cannot read {path}: {error}", "run 'chokepoint tournament discover' again") from error


def _listed(folders: Sequence[Path]) -> str:
    return f"{joined([str(folder) for folder in folders])} {'holds' if len(folders) == 1 else 'hold'}"


def stronger(
    claim: Claim,
    plan: Plan,
    folder: Path,
    book: Rulebook,
    strength: Strength,
    level: float = LEVEL,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Strong:
    """Play a claim at a strength and return what it came to there.

    Args:
        claim: the claim.
        plan: its arms with the players of that strength, as ``plan_of`` returns it.
        folder: where its games are stored; what it holds of the same plan is kept.
        book: the rulebook with the claim's measures in it.
        strength: ``found`` or ``search``.
        level: how often ranges hold the true number.
        on_progress: takes games done and games in all.
    """

    def on_games(progress: Progress) -> None:
        on_progress(progress.done, progress.total)

    tournament = run(plan, folder, book=book, backend="local", on_progress=on_games)
    games = games_of(tournament, claim, [CALIBRATED])
    asked = list(enumerate(claim.measured))
    known = [(number, prediction) for number, prediction in asked if _has_value(prediction)]
    left_out = tuple(number for number, prediction in asked if not _has_value(prediction))
    equilibria: dict[str, int] = {}
    if strength == Strength.SEARCH:
        effects = tuple(_plain(number, prediction, games, level) for number, prediction in known)
    else:
        cubes = {arm: _payoffs(games, arm) for arm in claim.arms}
        play = Equilibria(cubes, claim.base)
        equilibria = {arm: len(found) for arm, found in play.usual.items()}
        effects = tuple(
            play.adapted(number, prediction, {arm: _cube(games, arm, prediction) for arm in prediction.contrast}, level)
            for number, prediction in known
        )
    players = {seat: tuple(e.name for e in found) for seat, found in tournament.field.seats.items()}
    mine = [effect for effect in effects if effect.number < len(claim.predicts)]
    return Strong(strength, players, tournament.field.games, equilibria, effects, left_out, _reading(mine), folder)


class Equilibria:
    """The equilibria of every arm over one pool of strategies, as played and in worlds drawn anew.

    Attributes:
        usual: the equilibria of each arm's mean payoffs, those of most starts first.
    """

    def __init__(self, payoffs: Mapping[str, Floats], base: str, seed: int = 1) -> None:
        """Solve the arms.

        Args:
            payoffs: points in every arm, shape (seats, players of seat 1, …, worlds), the same worlds in every arm.
            base: the arm that changes nothing.
            seed: of the starts and of the worlds drawn anew.
        """
        worlds = next(iter(payoffs.values())).shape[-1]
        rng = np.random.default_rng(seed)
        self.base = base
        self._draws = rng.multinomial(worlds, np.full(worlds, 1 / worlds), size=REPLICATES) / worlds
        self.usual = {arm: settled(cube.mean(axis=-1), STARTS, seed) for arm, cube in payoffs.items()}
        self._drawn = [
            {arm: settled(cube @ weights, STARTS, seed) for arm, cube in payoffs.items()} for weights in self._draws
        ]
        self._wider = math.sqrt(worlds / (worlds - 1)) if worlds > 1 else math.nan

    def adapted(self, number: int, prediction: PredictionPart, outcomes: Mapping[str, Floats], level: float) -> Adapted:
        """Return a prediction's direct and total effects and the adaptation.

        Args:
            number: the prediction's number.
            prediction: the prediction.
            outcomes: its outcome in every arm, shape (players of seat 1, …, worlds).
            level: of the ranges.
        """
        worlds = next(iter(outcomes.values())).shape[-1]
        usual = self._effects(prediction, outcomes, np.full(worlds, 1 / worlds), self.usual)
        drawn = [
            self._effects(prediction, outcomes, weights, mixes)
            for weights, mixes in zip(self._draws, self._drawn, strict=True)
        ]
        direct, total, adaptation = (
            self._spread(name, [each[k] for each in (usual, *drawn)], level, outcomes)
            for k, name in enumerate(("direct", "total", "adaptation"))
        )
        ends = {answer(end, prediction.limit, prediction.upward) for end in (total.least, total.greatest)}
        return Adapted(
            number, direct, total, adaptation,
            answer(total.estimate, prediction.limit, prediction.upward),
            answer(direct.estimate, prediction.limit, prediction.upward),
            ends == {"met", "refuted"},
        )  # fmt: skip

    def _effects(
        self,
        prediction: PredictionPart,
        outcomes: Mapping[str, Floats],
        weights: Floats,
        mixes: Mapping[str, list[Mix]],
    ) -> tuple[tuple[float, float, float], ...]:
        """Return direct effect, total effect and adaptation, each as value at the likeliest equilibria, least and
        greatest over all.
        """
        means = {arm: cube @ weights for arm, cube in outcomes.items()}
        own = {arm: [_expected(means[arm], mix) for mix in mixes[arm]] for arm in means}
        still = {arm: [_expected(means[arm], mix) for mix in mixes[self.base]] for arm in means}
        direct = [
            _number(prediction, {arm: values[k] for arm, values in still.items()}) for k in range(len(mixes[self.base]))
        ]
        # Every arm settles by itself, so any equilibrium of one may meet any of another.
        total = [
            _number(prediction, dict(zip(own, values, strict=True))) for values in itertools.product(*own.values())
        ]
        apart = [t - d for t in total for d in direct]
        return tuple((found[0], min(found), max(found)) for found in (direct, total, apart))

    def _spread(
        self, name: str, found: Sequence[tuple[float, float, float]], level: float, outcomes: Mapping[str, Floats]
    ) -> Spread:
        games = sum(cube.size for cube in outcomes.values())
        (value, least, greatest), drawn = found[0], np.array(found[1:])
        tails = [(1 - level) / 2, (1 + level) / 2]

        def around(centre: float, column: int) -> tuple[float, float]:
            low, high = np.quantile(drawn[:, column], tails)
            return centre - (centre - low) * self._wider, centre + (high - centre) * self._wider

        ends = [around(least, 1), around(greatest, 2)]
        low, high = min(ends[0][0], least), max(ends[1][1], greatest)
        return Spread(
            Estimate(f"{name} effect, all worlds and equilibria", value, low, high, games),
            Estimate(f"{name} effect at the equilibria where it is least, all worlds", least, *ends[0], games),
            Estimate(f"{name} effect at the equilibria where it is greatest, all worlds", greatest, *ends[1], games),
        )


def _expected(mean: Floats, mix: Mix) -> float:
    for share in mix:
        mean = share @ mean.reshape(len(share), -1)
    return float(mean[0])


def _number(prediction: PredictionPart, values: Mapping[str, float]) -> float:
    plain = sum(weight * values[arm] for arm, weight in prediction.contrast.items())
    if prediction.kind == "difference":
        return plain
    against = -sum(weight for weight in prediction.contrast.values() if weight < 0)
    below = -sum(weight * values[arm] for arm, weight in prediction.contrast.items() if weight < 0) / against
    return 100 * plain / below if below else math.nan


def _has_value(prediction: PredictionPart) -> bool:
    """Return whether a prediction can be measured where everybody adapts: a share of paired games has no pairs there,
    and what a strategy gains that nobody would play is no effect.
    """
    return prediction.kind != "share" and prediction.outcome != f"{REPLIES}_gain"


def _plain(number: int, prediction: PredictionPart, games: ClaimGames, level: float) -> Adapted:
    arms = {arm: _outcome(games, arm, prediction) for arm in prediction.contrast}
    values = contrast(arms, prediction)
    found = paired_mean("total effect, all worlds", values, games.profile, games.block, games.possible, level)
    spread = Spread(found, found, found)
    return Adapted(number, None, spread, None, answer(found, prediction.limit, prediction.upward), None, turns=False)


def _outcome(games: ClaimGames, arm: str, prediction: PredictionPart) -> Floats:
    """Return a prediction's outcome in every game of an arm; what best replies do is what the seat does here."""
    if prediction.outcome == REPLIES:
        return games.frames[arm, CALIBRATED]["uses"].to_numpy().astype(np.float64)
    return games.outcome(arm, CALIBRATED, prediction)


def _cube(games: ClaimGames, arm: str, prediction: PredictionPart) -> Floats:
    """Return a prediction's outcome in an arm, shape (players of seat 1, …, worlds)."""
    return _arranged(games, arm, _outcome(games, arm, prediction))


def _payoffs(games: ClaimGames, arm: str) -> Floats:
    """Return final points in an arm, shape (seats, players of seat 1, …, worlds)."""
    scores = games.frames[arm, CALIBRATED]["scores"]
    return np.stack(
        [_arranged(games, arm, scores.list.get(k).to_numpy().astype(np.float64)) for k in range(len(games.seats))]
    )


def _arranged(games: ClaimGames, arm: str, values: Floats) -> Floats:
    names = np.array(games.frames[arm, CALIBRATED]["profile"].to_list())
    places = [np.unique(column, return_inverse=True)[1].reshape(-1) for column in names.T]
    world = np.unique(games.block, return_inverse=True)[1].reshape(-1)
    cube = np.full((*(int(place.max()) + 1 for place in places), int(world.max()) + 1), np.nan)
    cube[(*places, world)] = values
    assert not np.isnan(cube).any()  # the design is full: every line-up met every world
    return cube


def _reading(effects: Sequence[Adapted]) -> Reading:
    """Return what all predictions together say at a strength."""
    answers = {effect.answer for effect in effects}
    if any(effect.turns for effect in effects):
        return "depends on which equilibrium"
    if not effects or ("open" in answers and "refuted" not in answers):
        return "undecided"
    if answers == {"met"}:
        return "holds"
    standing = {effect.standing for effect in effects}
    return "holds only while others stand still" if standing == {"met"} else "fails"
