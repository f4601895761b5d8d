"""A claim as a tournament: its plan, the settings of its knobs, and the paired games of each arm under each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl

from game.errors import UsageError
from rules.model.rulebook import Rulebook
from rules.source.loader import CLAIMS, is_there
from tournament.analysis.payoffs import Floats, Ints
from tournament.claims.shapes import ArmPart, Claim, PredictionPart, RepliesPart
from tournament.design.arms import BASE, label
from tournament.design.plan import Plan, plan_from
from tournament.storage.results import Tournament

DOUBLED = 2
DRAWS = 8
"""Points at which all named knobs are drawn together from their plausible ranges."""

LEAST_GAMES = 16
"""Fewer games an arm give too few worlds for an interval to mean anything."""

Kind = Literal["calibrated", "low", "high", "doubled", "off", "draw"]


@dataclass(frozen=True)
class Setting:
    """The rules as calibrated, or with some knobs at other values.

    Attributes:
        kind: ``calibrated``; one knob at the ``low`` or ``high`` end of its plausible range, or ``doubled`` where the
            rulebook names none; ``off``, one knob at 0, which asks whether the claim is built in; or ``draw``, all
            named knobs at once at a point of a Latin hypercube over their plausible ranges.
        values: the knobs' values, by name; empty as calibrated.
        capped: the doubled value would be out of the knob's range, and the range's end is taken instead.
    """

    kind: Kind = "calibrated"
    values: tuple[tuple[str, int], ...] = ()
    capped: bool = False

    @property
    def knob(self) -> str:
        """The one knob that it changes; empty as calibrated and in a draw."""
        return self.values[0][0] if self.kind not in ("calibrated", "draw") else ""

    @property
    def point(self) -> dict[str, int]:
        """The point of the sweep that it is."""
        return {f"knob.{name}": value for name, value in self.values}


CALIBRATED = Setting()


def settings(claim: Claim, book: Rulebook) -> list[Setting]:
    """Return the rules as calibrated, then every named knob at the ends of its plausible range and off. A value that is
    the calibrated one is left out; a plausible range that begins at 0 has "off" as its low end.
    """
    found = [CALIBRATED]
    for name in claim.knobs:
        knob = book.knobs[name]
        if knob.low <= 0 != knob.value:
            found.append(Setting("off", ((name, 0),)))
        if knob.plausible is None:
            value = min(DOUBLED * knob.value, knob.high)
            ends: list[Setting] = [Setting("doubled", ((name, value),), value != DOUBLED * knob.value)]
        else:
            low, high = knob.plausible
            ends = [Setting("low", ((name, low),)), Setting("high", ((name, high),))]
        # A knob at 0 has no double; one at the end of its range has no further setting that way.
        found += [setting for setting in ends if setting.values[0][1] not in (knob.value, 0)]
    return found


def drawn_knobs(claim: Claim, book: Rulebook) -> dict[str, dict[str, int]]:
    """Return the plausible ranges of the named knobs, as a sweep takes them; empty if fewer than two have one."""
    ranges = {name: book.knobs[name].plausible for name in claim.knobs}
    ends = {name: both for name, both in ranges.items() if both is not None and both[0] < both[1]}
    wide = {f"knob.{name}": {"low": low, "high": high} for name, (low, high) in ends.items()}
    return wide if len(wide) > 1 else {}


def plan_of(
    claim: Claim,
    book: Rulebook,
    games: int,
    seed: int,
    *,
    free: Sequence[str] = (),
    rules: str = "standard",
    home: Path = CLAIMS,
    draws: bool = False,
    players: Mapping[str, Sequence[str]] | None = None,
) -> Plan:
    """Return the plan that tests a claim: the same line-ups in the same worlds in every arm under every setting.

    Args:
        claim: the claim.
        book: the rulebook with its measures in it.
        games: about how many in each arm under each setting; with best replies, for each strategy.
        seed: other worlds, another sample of line-ups.
        free: the strategies of the seat whose best replies are looked for.
        rules: what the plan calls the rulebook.
        home: the folder of the claim's file, where players' files are looked for first.
        draws: the settings are draws of all named knobs together, instead of one knob at a time.
        players: who plays every seat instead of the claim's own players: every line-up of theirs, as calibrated only.

    Raises:
        UsageError: too few games.
        PlanError: a part of the claim that no plan can have.
    """
    if games < LEAST_GAMES:
        raise UsageError(f"{games} games are too few to tell anything", f"give --games {LEAST_GAMES} or more")
    blocks = math.isqrt(games)
    swept: dict[str, list[int]] = {}
    for setting in settings(claim, book)[1:]:
        for path, value in setting.point.items():
            swept.setdefault(path, []).append(value)
    data: dict[str, Any] = {
        "plan": f"claim-{claim.claim}",
        "title": claim.title,
        "question": claim.sentence,
        "rules": rules,
        "scenario": claim.scenario,
        "seats": {seat: _beside(players, home) for seat, players in claim.seats.items()},
        "design": "sampled",
        "games": games,
        "blocks": blocks,
        "seed": seed,
        **_changes(ArmPart(title="all", overrides=claim.overrides, without=claim.without, inject=claim.inject)),
        "arms": {name: _changes(arm) for name, arm in claim.arms.items() if arm.changes},
    }
    if players is not None:
        line_ups = math.prod(map(len, players.values()))
        data |= {"design": "full", "games": None, "blocks": max(LEAST_GAMES, math.ceil(games / line_ups))}
        return plan_from({**data, "seats": {seat: list(found) for seat, found in players.items()}})
    if draws:
        data["sweep"] = {"design": "latin", "points": DRAWS, "over": drawn_knobs(claim, book)}
    elif swept:
        data["sweep"] = {"design": "one_at_a_time", "over": swept}
    if claim.best_replies is not None:
        data |= {"design": "one_vs_field", "one": claim.best_replies.seat, "games": games * len(free)}
        data["seats"] = {**data["seats"], claim.best_replies.seat: list(free)}
    return plan_from(data)


def _beside(players: Any, home: Path) -> Any:
    """Return players as a plan lists them, doctrine files beside the claim by their whole path."""
    if isinstance(players, list):
        return [_beside(player, home) for player in players]
    if isinstance(players, dict):
        return {key: _beside(value, home) if key == "player" else value for key, value in players.items()}
    is_file = isinstance(players, str) and players.endswith((".yaml", ".yml")) and is_there(home / players)
    return str(home / players) if is_file else players


def _changes(arm: ArmPart) -> dict[str, object]:
    """Return the part of a plan that an arm's changes are."""
    cards = [{"event": card.event, "round": card.round} for card in arm.inject]
    found = {"overrides": dict(arm.overrides), "without": list(arm.without), "inject": cards}
    return {key: value for key, value in found.items() if value}


@dataclass(frozen=True)
class ClaimGames:
    """The games of a claim, in every arm under every setting in the same order of line-ups and worlds.

    Attributes:
        frames: the games by arm and setting, each sorted by line-up and world.
        profile: number of the drawn line-up of each game: those whose replies are looked for all met it.
        block: number of its world.
        possible: how many drawn line-ups there could be.
        seats: names of the seats.
        seat_of_replies: place of the seat whose best replies are looked for, if any.
    """

    frames: Mapping[tuple[str, Setting], pl.DataFrame]
    profile: Ints
    block: Ints
    possible: int
    seats: tuple[str, ...]
    seat_of_replies: int = 0

    def outcome(self, arm: str, setting: Setting, prediction: PredictionPart) -> Floats:
        """Return the outcome of a prediction in every game of an arm under a setting."""
        frame = self.frames[arm, setting]
        kind, colon, seat = prediction.outcome.partition(":")
        when = prediction.when
        if not colon:
            name = prediction.outcome
            column = frame[f"measure_{name}" if when == "end" else f"series_{name}"]
            if when != "end":
                column = column.list.mean() if when == "mean" else column.list.get(int(when) - 1)
            return column.to_numpy().astype(np.float64)
        place = self.seats.index(seat)
        if kind == "win" or when == "end":
            return frame["win" if kind == "win" else "scores"].list.get(place).to_numpy().astype(np.float64)
        rounds = np.stack([np.array(each) for each in frame["by_round"].to_list()])[:, :, place].astype(np.float64)
        return rounds.mean(axis=1) if when == "mean" else rounds[:, int(when) - 1]


def draws_of(tournament: Tournament) -> list[Setting]:
    """Return the settings of a claim's tournament in which all named knobs are drawn together."""
    at_base = [arm for arm in tournament.field.arms if arm.name == label(BASE, arm.values)]
    return [
        Setting("draw", tuple((path.removeprefix("knob."), int(value)) for path, value in arm.values.items()))
        for arm in at_base
    ]


def games_of(tournament: Tournament, claim: Claim, wanted: Sequence[Setting]) -> ClaimGames:
    """Return the games of a claim's tournament under some settings, sorted so that those of all arms are paired."""
    extra = ["id", "block", "profile", "scores", "win", "by_round", "arm"]
    outcomes = [prediction.outcome for prediction in claim.measured]
    columns = [name for name in tournament.games.columns if name.partition("_")[2] in outcomes or name in extra]
    games = tournament.games.select(columns).with_columns(pl.col("profile").list.join("|").alias("line_up"))
    if claim.best_replies is not None:
        games = games.join(_uses(tournament, claim.best_replies), on="id")
    games = games.sort("line_up", "block")
    frames = {}
    for name in claim.arms:
        for setting in wanted:
            called = label(BASE if name == claim.base else name, setting.point)
            frames[name, setting] = games.filter(pl.col("arm") == called)
    first = frames[claim.base, wanted[0]]
    for frame in frames.values():
        assert frame["line_up"].equals(first["line_up"]) and frame["block"].equals(first["block"])
    drawn = first["profile"].to_list()
    possible = math.prod(len(players) for players in tournament.field.seats.values())
    if claim.best_replies is not None:
        place = list(tournament.field.seats).index(claim.best_replies.seat)
        drawn = [[*names[:place], *names[place + 1 :]] for names in drawn]
        possible //= len(tournament.field.seats[claim.best_replies.seat])
    profile = np.unique(["|".join(names) for names in drawn], return_inverse=True)[1].reshape(-1).astype(np.int64)
    seats = tuple(tournament.field.seats)
    place = seats.index(claim.best_replies.seat) if claim.best_replies is not None else 0
    return ClaimGames(frames, profile, first["block"].to_numpy().astype(np.int64), possible, seats, place)


def _uses(tournament: Tournament, replies: RepliesPart) -> pl.DataFrame:
    """Return how often the seat whose replies are looked for played the counted moves, by game."""
    counted = [f"move_{move}" for move in replies.moves]
    mine = tournament.seats.filter(pl.col("seat") == replies.seat)
    return mine.select("id", pl.sum_horizontal(counted).cast(pl.Float64).alias("uses"))
