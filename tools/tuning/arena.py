"""Scenarios with their shipped doctrines, ready to play many games: what the developer's tools of balance look at."""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

import ai_players
from game import Results, play_games
from game.records.files import write_atomic
from rules import RuleErrors, parse_doctrine
from rules.model.rulebook import Doctrine, Rulebook
from tournament.discovery.arena import playable
from tournament.discovery.draft import MOST as LARGEST
from tournament.discovery.draft import SPREAD, Base, Draft, Variation, names_of, scaled

DOCTRINES = Path(ai_players.__file__).parent / "doctrines"
SCALED = re.compile(r"(\d+) \* \((.*)\) // 100")
"""A score with a factor in hundredths, as drafts write it."""
CONDITIONED = 0.3
"""Part of the variants in which a preference holds in some situations only, so that siblings fit different fields."""
CONDITIONS = {
    "tension": (30, 40, 50, 60), "controls[us_state]": (2, 3), "limits[cn_state]": (1, 2), "gap": (8, 14, 20),
    "me.capital": (3, 5, 8), "round": (2, 4, 6), "cohesion": (45, 60), "commodity_price": (8, 12),
    "open_frontier": (60, 80), "frontier": (70, 90),
}  # fmt: skip
"""What everybody sees, and where a preference may begin or end."""
APART, MOST, PASSES = 0.27, 0.42, 0.008
"""Bounds on a doctrine's habits, a little inside those that tests/players asks for."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Arena:
    """A scenario with its doctrines, ready to play many games.

    Attributes:
        book: the rules.
        scenario: the scenario.
        doctrines: by seat.
    """

    book: Rulebook
    scenario: str
    doctrines: Mapping[str, Sequence[Doctrine]]

    @classmethod
    def of(cls, book: Rulebook, scenario: str) -> Arena:
        """Return the arena of the shipped doctrines, read afresh."""
        found: dict[str, list[Doctrine]] = {}
        for seat in book.scenarios[scenario].seats:
            names = ai_players.for_seat(book, scenario, seat.name)
            found[seat.name] = [player_of(draft_of(name), book) for name in names]
        return cls(book, scenario, found)

    @property
    def seats(self) -> list[str]:
        return list(self.doctrines)

    def line_ups(self, count: int, seed: int) -> list[dict[str, Doctrine]]:
        """Return line-ups drawn evenly."""
        rng = random.Random(seed)
        return [{seat: rng.choice(found) for seat, found in self.doctrines.items()} for _ in range(count)]

    def field(self, games: int, seed: int) -> tuple[list[dict[str, Doctrine]], Results]:
        """Play games of a mixed field."""
        line_ups = self.line_ups(games, seed)
        return line_ups, play_games(
            self.book, self.scenario, line_ups, range(seed * 10**6, seed * 10**6 + games), roster=self.doctrines
        )

    def trials(self, seat: str, players: Sequence[Doctrine | str], games: int, seed: int) -> list[Results]:
        """Play each player in a seat against the same line-ups in the same worlds."""
        line_ups = self.line_ups(games, seed)
        profiles = [{**line_up, seat: player} for player in players for line_up in line_ups]
        seeds = list(range(seed * 10**6, seed * 10**6 + games)) * len(players)
        whole = play_games(self.book, self.scenario, profiles, seeds, roster=self.doctrines)
        return [part(whole, slice(k * games, (k + 1) * games)) for k in range(len(players))]


def part(results: Results, rows: slice) -> Results:
    """Return some of the games."""
    every = {entry.name: getattr(results, entry.name) for entry in fields(results)}
    cut: dict[str, Any] = {name: value[rows] for name, value in every.items() if isinstance(value, np.ndarray)}
    return replace(results, **cut)


def habits(results: Results, seat: int) -> Floats:
    """Return the shares of a seat's moves, passing last."""
    used = results.used[:, seat].sum(axis=0)
    shares: Floats = used / max(1, used.sum())
    return shares


# ----------------------------------------------------------------------------------------- doctrines


def file_of(name: str) -> Path:
    return DOCTRINES / f"{name}.yaml"


def draft_of(name: str) -> Draft:
    """Return a shipped doctrine as it is, to be varied."""
    return Draft(Base.of(file_of(name).read_text(encoding="utf-8")))


def player_of(draft: Draft, book: Rulebook) -> Doctrine:
    """Return a draft as a doctrine.

    Raises:
        RuleErrors: a score that would overflow or divide by zero.
    """
    name = draft.base.name
    data = draft.data(name)
    data["prefer"] = [{**entry, "score": plain(entry["score"])} for entry in data.get("prefer", [])]
    return parse_doctrine(json.dumps(data), str(file_of(name)), book)  # JSON is YAML, and quick to write


def variants(draft: Draft, siblings: Sequence[Draft], arenas: Sequence[Arena], rng: random.Random,
             weak: Sequence[str] = ()) -> Iterator[tuple[Draft, Doctrine]]:  # fmt: skip
    """Vary a draft without end, by habits of its siblings too; what is no sound doctrine is left out.

    Args:
        draft: where every variant starts.
        siblings: the other doctrines of its seats.
        arenas: where it plays.
        rng: the source of chance.
        weak: moves that nobody uses enough: half of the variants lean towards one of them.
    """
    name = draft.base.name
    seats = [(arena, seat) for arena in arenas for seat, found in arena.doctrines.items()
             if name in [doctrine.name for doctrine in found]]  # fmt: skip
    moves = dict.fromkeys(move for arena, seat in seats for move in playable(arena.book, arena.scenario, seat))
    variation = Variation([draft.base, *(sibling.base for sibling in siblings)], list(moves), math.inf)
    while True:
        made = replace(variation.vary(draft, rng), knobs={})  # the usual value of a shipped doctrine's knob is 100
        if rng.random() < CONDITIONED:
            made = conditioned(made, rng)
        if weak and rng.random() < 0.5:
            made = leaning(made, weak, rng)
        try:
            player = player_of(made, arenas[0].book)
        except RuleErrors:
            continue
        if made != draft:
            yield made, player


def leaning(draft: Draft, moves: Sequence[str], rng: random.Random) -> Draft:
    """Return the draft with one of its preferences for some moves raised."""
    named = [n for n, entry in enumerate(draft.base.prefer) if set(names_of(entry)) & set(moves)]
    if not named:
        return draft
    number = rng.choice(named)
    factor = round((draft.factors.get(number) or 100) * math.exp(abs(rng.gauss(0, SPREAD))))
    return replace(draft, factors={**draft.factors, number: min(factor, LARGEST)})


def conditioned(draft: Draft, rng: random.Random) -> Draft:
    """Return the draft with one of its preferences in force on one side of a threshold only."""
    number = rng.choice(draft.kept)
    entry, name = draft.base.prefer[number], rng.choice(sorted(CONDITIONS))
    if " if " in str(entry["score"]):  # a condition in a condition is hard to read
        return draft
    test = f"{name} {rng.choice(('<', '>='))} {rng.choice(CONDITIONS[name])}"
    score = scaled(entry, draft.factors.get(number) or 100)["score"]
    added = {**entry, "score": f"{score} if {test} else {rng.choice((0, 6, 12))}"}
    return replace(draft, factors={**draft.factors, number: 0}, added=(*draft.added, added))


def plain(score: Any) -> Any:
    """Return a score with factors of factors multiplied out."""
    while isinstance(score, str) and (found := SCALED.fullmatch(score)) and (inner := SCALED.fullmatch(found[2])):
        score = f"{round(int(found[1]) * int(inner[1]) / 100)} * ({inner[2]}) // 100"
    return score


def write_draft(draft: Draft) -> None:
    """Write a draft's changes into its doctrine's file; everything else in it stays as it is, comments too."""
    path = file_of(draft.base.name)
    data = read_kept(path)
    if draft.otherwise is not None:
        data["otherwise"] = draft.otherwise
    for number, factor in sorted(draft.factors.items(), reverse=True):
        if factor:
            data["prefer"][number]["score"] = plain(scaled(data["prefer"][number], factor)["score"])
        else:
            del data["prefer"][number]
    for entry in draft.added:
        added = CommentedMap({**entry, "score": plain(entry["score"])})
        added.fa.set_flow_style()
        data.setdefault("prefer", []).append(added)
    write_kept(path, data)


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 100_000  # lines are never broken
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def read_kept(path: Path) -> Any:
    """Read a rule file so that ``write_kept`` writes everything that is not changed as it was."""
    return _yaml().load(path.read_text(encoding="utf-8"))


def write_kept(path: Path, data: Any) -> None:
    """Write what ``read_kept`` read."""
    out = BytesIO()
    _yaml().dump(data, out)
    write_atomic(path, out.getvalue())
