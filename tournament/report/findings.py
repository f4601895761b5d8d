"""Everything that a report tells of a run: about the plan's own rules, and compared with its other arms."""

from __future__ import annotations

import dataclasses
import functools
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import polars as pl

from game.errors import ChokepointError, UsageError
from tournament import analysis
from tournament.analysis import Analysis, StoredArms
from tournament.analysis.answers import Answer, answers_of
from tournament.analysis.arms import SettingValue
from tournament.analysis.levers import LeverWorth
from tournament.analysis.linear import Slope
from tournament.analysis.matchups import Matchup
from tournament.analysis.means import Difference, Standing, difference, standings
from tournament.analysis.pairing import Saving
from tournament.analysis.sweeps import Bar, BestPlayer, SettingEffect, Validity
from tournament.report.examples import Example, Finder
from tournament.report.titles import Titles
from tournament.runner.referee import OK
from tournament.storage.results import Tournament

T = TypeVar("T")

FILLED = 0.75
"""If more of the line-ups were not played, equilibria and evolution would be about the model that fills them in."""

EXPLAINED = 0.3
"""That model must explain so much of the differences between line-ups that it has not seen."""

VALIDITY = 60
"""At most so many arms are asked whether the best player stays best."""

PAYOFF_WORDS = {
    "points": "points",
    "win": "share of the wins",
    "margin": "points ahead of the best other seat",
    "welfare": "points of all seats together",
}
"""What the payoffs are called."""


@dataclass(frozen=True)
class Findings:
    """What a report tells.

    Attributes:
        tournament: the run.
        titles: of seats, players and rules.
        payoff: what "best" means.
        arms: the run's arms.
        analysis: of the plan's own rules.
        answers: the numbers that the plan says answer its question.
        leads: for each seat the best player less every other, paired, the nearest rival first.
        matchups: every player of a seat against every opponent of another.
        clean: standings by payoff without the games in which a player of one's own failed.
        levers: what each lever is worth, under the plan's own rules.
        savings: what comparing them in the same worlds saves.
        levers_at: the same at other points of the sweep, with the settings there.
        effects: what each point of the sweep and each other arm changes, for each seat and player.
        bars: of the tornado chart, a seat's all players together.
        slopes: of a Latin hypercube.
        best: who is best in each seat in every arm.
        validity: for each seat where its best player stays best.
        examples: games worth opening, by the finding that they belong to.
        notes: what could not be worked out and why.
        seconds: what each part took.
    """

    tournament: Tournament
    titles: Titles
    payoff: str
    arms: StoredArms
    analysis: Analysis
    answers: list[Answer]
    leads: dict[str, list[Difference]]
    matchups: list[Matchup]
    clean: dict[str, list[Standing]]
    levers: list[LeverWorth]
    savings: list[Saving]
    levers_at: list[tuple[Mapping[str, SettingValue], LeverWorth]]
    effects: list[SettingEffect]
    bars: list[Bar]
    slopes: list[Slope]
    best: list[tuple[str, BestPlayer]]
    validity: dict[str, Validity]
    examples: dict[str, list[Example]]
    notes: tuple[str, ...]
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def seats(self) -> tuple[str, ...]:
        """The seats in the scenario's order."""
        return self.analysis.table.seats

    def standing(self, seat: str, payoff: str = "") -> list[Standing]:
        """Return a seat's players, best first."""
        found = self.analysis.standings.get(payoff or self.payoff, [])
        return [standing for standing in found if standing.seat == seat]

    @property
    def payoff_words(self) -> str:
        """What the payoff is called."""
        return PAYOFF_WORDS.get(self.payoff) or self.titles.measure(self.payoff)

    @cached_property
    def stored(self) -> int:
        """How many games are there."""
        return self.tournament.games.height

    @property
    def around(self) -> dict[str, str]:
        """The line-up that ``deviations`` are from; empty in other designs."""
        return self.tournament.plan.around

    def frames(self) -> dict[str, pl.DataFrame]:
        """Return everything as tidy dataframes by name; empty ones are left out."""
        found = self.analysis.frames()
        leads = [entry for entries in self.leads.values() for entry in entries]
        parts: dict[str, Any] = {
            "answers": analysis.frame(self.answers),
            "leads": analysis.frame(leads),
            "matchups": analysis.frame(self.matchups),
            **{f"standings_{name}_without_faults": analysis.frame(entries) for name, entries in self.clean.items()},
            "levers": analysis.frame(self.levers),
            "pairing": analysis.frame(self.savings),
            "levers_in_sweep": pl.DataFrame(
                [
                    {"at": analysis.ArmGames(at, self.analysis.table).name, **row}
                    for at, worth in self.levers_at
                    for row in worth.rows()
                ],
                infer_schema_length=None,
            ),
            "effects": analysis.frame(self.effects),
            "tornado": analysis.frame(self.bars),
            "slopes": analysis.frame(self.slopes),
            "best_by_rules": pl.DataFrame(
                [{"arm": arm, **row} for arm, best in self.best for row in best.rows()], infer_schema_length=None
            ),
            "validity": pl.DataFrame(
                [{"seat": seat, **row} for seat, found in self.validity.items() for row in found.rows()],
                infer_schema_length=None,
            ),
            "faults": self.tournament.faults,
            "games_to_open": pl.DataFrame(
                [
                    {"finding": finding, **dataclasses.asdict(example)}
                    for finding, examples in self.examples.items()
                    for example in examples
                ],
                infer_schema_length=None,
            ),
        }
        return {name: frame for name, frame in {**found, **parts}.items() if frame.height}


def gather(tournament: Tournament, payoff: str = "points", seed: int = 1) -> Findings:
    """Work out everything about a run.

    Args:
        tournament: a run with at least one game.
        payoff: what "best" means: ``points``, ``win``, ``margin``, ``welfare`` or a measure of the rulebook.
        seed: of all resampling.

    Raises:
        StoreError: the folder's files cannot be read, or hold no games.
        UsageError: there is no such payoff, or no game under the plan's own rules.
    """
    seconds: dict[str, float] = {}
    notes: list[str] = []

    def tried(name: str, work: Callable[[], T]) -> T | None:
        """Return what the work returns; where it cannot be done, note why and return None."""
        began = time.perf_counter()
        try:
            return work()
        except ChokepointError as error:
            notes.append(f"{name}: {error}")
            return None
        finally:
            seconds[name] = time.perf_counter() - began

    arms = analysis.stored_arms(tournament)
    base = arms.base
    if not len(base.table):
        raise UsageError("no game under the plan's own rules is stored yet", "run the tournament again to go on")
    base.table.payoff(payoff)
    found = _analysis(tournament, base.table, payoff, seed)
    seconds |= found.seconds
    notes += found.notes
    answers = tried("the plan's question", lambda: answers_of(tournament, arms, payoff)) or []
    leads: dict[str, list[Difference]] = {}
    for seat in base.table.seats:
        leads[seat] = tried("leads", functools.partial(_leads, found, seat)) or []
    others = {**{f"point {k + 1}": arm for k, arm in enumerate(arms.sweep)}, **arms.others}
    everything = [*arms.sweep, *arms.others.values()]
    by_player = len(everything) <= VALIDITY
    effects = tried("effects", lambda: analysis.effects(base, everything, payoff, by_player)) or []
    sweep = tournament.plan.sweep
    bars = analysis.tornado([effect for effect in effects if effect.player is None and effect.knob in arms.knobs])
    best = tried("best by rules", lambda: _best(base, arms, others, payoff)) or []
    matchups = tried("matchups", lambda: [] if tournament.plan.around else analysis.matchups(base.table, payoff)) or []
    clean = tried("without faults", lambda: _clean(tournament, base.table, payoff, seed)) or {}
    levers = tried("levers", lambda: analysis.lever_worths(base.table, arms.levers, payoff)) or []
    savings = tried("pairing", lambda: _savings(base.table, arms, payoff, seed)) or []
    levers_at = tried("levers in the sweep", lambda: _levers_at(arms, payoff)) or []
    swept = arms.sweep if sweep is not None and sweep.design == "latin" else ()
    slopes = tried("slopes", lambda: analysis.slopes(base, swept, payoff, arms.usual) if swept else []) or []
    validity = tried("validity", lambda: _validity(found, arms, payoff)) or {}
    finder = Finder(tournament, payoff)
    examples = tried("games to open", lambda: finder.all(found, arms, leads, levers, effects, bars)) or {}
    return Findings(
        tournament=tournament,
        titles=Titles(tournament.field),
        payoff=payoff,
        arms=arms,
        analysis=found,
        answers=answers,
        leads=leads,
        matchups=matchups,
        clean=clean,
        levers=levers,
        savings=savings,
        levers_at=levers_at,
        effects=effects,
        bars=bars,
        slopes=slopes,
        best=best,
        validity=validity,
        examples=examples,
        notes=tuple(dict.fromkeys(notes)),
        seconds=seconds,
    )


def _analysis(tournament: Tournament, table: analysis.PayoffTable, payoff: str, seed: int) -> Analysis:
    """Return the analysis of the plan's own rules; of ``deviations`` a seat's players are compared where nobody else
    moves.
    """
    games = tournament.games
    seats: Iterable[pl.DataFrame] = tournament.seat_pieces()
    if len(tournament.arms) > 1:
        first = tournament.field.arms[0]
        games = games.filter((pl.col("arm") == first.name) & (pl.col("scenario") == first.scenario))
        seats = (piece.join(games.select("id"), on="id", how="semi") for piece in seats)
    found = analysis.analyse(table, payoff, games=games, seats=seats, seed=seed)
    around = tournament.plan.around
    if around:
        found = dataclasses.replace(
            found,
            standings={name: standings(table, name, seed=seed, around=around) for name in found.standings},
            left_out=[],
            clones=[],
            without_clones=[],
            overturns=[],
            random_fields=[],
            ratings=None,
        )
    completed = found.completed
    if completed and completed.filled and (completed.filled > FILLED or completed.explained < EXPLAINED):
        why = (
            f"{1 - completed.filled:.0%} of the line-ups were played, too few to say what happens when every seat "
            "chooses as well as it can"
        )
        found = dataclasses.replace(found, equilibria=[], basins=[], alpha_rank=None, completed=None, notes=(why,))
    return found


def _leads(found: Analysis, seat: str) -> list[Difference]:
    """Return the best player of a seat less every other, paired, the one that is nearest or better first."""
    table = found.table
    place = table.seats.index(seat)
    best = table.players[place].index(found.best(seat).player)
    rivals = [s.player for s in found.standings[found.payoff] if s.seat == seat and s.place > 1]
    made = [difference(table, place, best, table.players[place].index(name), found.payoff) for name in rivals]
    return sorted((lead for lead in made if lead.difference.n), key=lambda lead: lead.difference.value)


def _clean(tournament: Tournament, table: analysis.PayoffTable, payoff: str, seed: int) -> dict[str, list[Standing]]:
    """Return standings without the games in which a player of one's own failed; nothing if none did, or in all."""
    if not tournament.faults.height:
        return {}
    failed = tournament.seats.filter(pl.col("status") != OK)["id"].unique()
    assert table.row is not None
    ids = tournament.games["id"].gather(table.row)
    left = table.where(~ids.is_in(failed.implode()).to_numpy())
    if not len(left):
        return {}
    names, around = dict.fromkeys(("points", "win", payoff)), tournament.plan.around
    return {name: standings(left, name, seed=seed, around=around) for name in names}


def _savings(base: analysis.PayoffTable, arms: StoredArms, payoff: str, seed: int) -> list[Saving]:
    found = [analysis.savings(base, other, f"without {lever}", payoff, seed) for lever, other in arms.levers.items()]
    return [saving for each in found for saving in each]


def _levers_at(arms: StoredArms, payoff: str) -> list[tuple[Mapping[str, SettingValue], LeverWorth]]:
    """Return what levers are worth at points of the sweep, for whole seats."""
    made: list[tuple[Mapping[str, SettingValue], LeverWorth]] = []
    for found in arms.ablations:
        if found.at:
            worths = analysis.lever_worths(found.base, {found.lever: found.without}, payoff, opponents=False)
            made += [(found.at, worth) for worth in worths if worth.player is None]
    return made


def _best(
    base: analysis.ArmGames, arms: StoredArms, others: dict[str, analysis.ArmGames], payoff: str
) -> list[tuple[str, BestPlayer]]:
    """Return who is best in each seat in every arm, with what the arm is called: the base first."""
    labels = ["base"] + [f"without {lever}" for lever in arms.levers] + list(others)
    gone = [analysis.ArmGames({"without": lever}, table) for lever, table in arms.levers.items()]
    every = [base, *gone, *others.values()]
    if len(every) == 1:
        return []
    seats = len(base.table.seats)
    found = analysis.best_players(every, payoff)
    return [(labels[k // seats], best) for k, best in enumerate(found)]


def _validity(found: Analysis, arms: StoredArms, payoff: str) -> dict[str, Validity]:
    """Return for each seat with a choice, where its best player stays best along the sweep."""
    if not arms.sweep or len(arms.sweep) > VALIDITY:
        return {}
    points = [arms.base, *arms.sweep]
    return {
        seat: analysis.stays_best(points, seat, found.best(seat).player, payoff)
        for seat, players in zip(found.table.seats, found.table.players, strict=True)
        if len(players) > 1
    }
