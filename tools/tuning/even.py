"""Make doctrines different good answers: the search behind ``python -m tools.tuning.tune even``.

A seat is solved when one doctrine is the best against nearly every field. Here every doctrine of a seat is varied in
turn, by its own preferences and by those of its siblings, and a change stays when the seat as a whole is better
for it: the best answers score more, and more doctrines are the best answer somewhere. What a doctrine is must stay:
its habits may not drift far from those it began with, nor come near a sibling's.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np

from game import Results, play_games
from rules.model.rulebook import Doctrine, Rulebook
from tools.tuning.arena import APART, MOST, PASSES, Arena, Floats, draft_of, habits, part, player_of, variants
from tournament.balance.bars import checks
from tournament.discovery.draft import Draft
from tournament.hindcast.measure import lines_of
from tournament.hindcast.rows import Hindcast

SOFT, COOLING, FIRM = 6.0, 0.75, 1.5
"""Points within which two doctrines count as about equally good in a field: in the first round, by how much less in
each that follows, and in the end. A doctrine that is far behind is pulled up while much counts as equal.
"""
WIN_SOFT = 0.05
"""Shares of the win within which two answers of a duel count as about equally good."""
STRENGTH, PULL, VARIETY = 0.4, 0.6, 8.0
"""What a point more of the best answers counts, a point more of all of them, since one that is far behind is a best
answer nowhere, and one nat more of variety among them.
"""
ENOUGH = 0.93
"""Part of the largest possible variety beyond which more is worth nothing: what is left is noise."""
FAR = 0.4
"""How far the habits of a doctrine may drift from those it began with, as total variation."""
SPARE = 1.15
"""A bar on habits is aimed at with so much to spare."""
STRICT = 150.0
"""Points lost for each unit by which a share misses what is aimed at."""
RANDOM, GREEDY = "random", "greedy"
FACTS, NARROW = 300, 0.03
"""Games of each scenario in which the hindcast is looked at, and the part of a row's range at either end that counts as
nearly missed.
"""
SMALL, LARGE = (20, 8), (36, 14)
"""Fields and worlds of the first look at many changes, and of the second at the best few."""


@dataclass(frozen=True)
class Look:
    """What games of one seat's players against the same fields in the same worlds show.

    Attributes:
        points: mean final points, shape (players, fields); in duels shares of the win on a scale like points', and the
            fields are the doctrines of the other seat and mixes of them.
        wins: mean shares of the win by the other seats' doctrine, shape (players, doctrines); duels only.
        broken: shares of games that end in a rupture, shape (players, line-ups of the others).
        beaten: share of games lost to random play, by player; duels only.
        changes: how often the lead changes in a game, by player.
        held: share of decided games that the leader at half time wins, by player.
        moments: mean and mean square of every other seat's points, shape (players, other seats, 2).
        habits: shares of moves, shape (players, moves and passing).
        greedy: share of the games in which a player scores more than greedy play in the same place.
        moves: their names, passing left out.
    """

    points: Floats
    wins: Floats | None
    broken: Floats
    beaten: Floats
    changes: Floats
    held: Floats
    moments: Floats
    habits: Floats
    greedy: Floats
    moves: tuple[str, ...]

    def of(self, rows: Sequence[int]) -> Look:
        """Return some of the players."""
        at = list(rows)
        wins = None if self.wins is None else self.wins[at]
        kept = {
            name: getattr(self, name)[at]
            for name in ("points", "broken", "beaten", "changes", "held", "moments", "habits", "greedy")
        }
        return replace(self, wins=wins, **kept)

    @property
    def explained(self) -> float:
        """The largest part of another seat's variance that this seat's player explains."""
        between = self.moments[:, :, 0].var(axis=0)
        whole = self.moments[:, :, 1].mean(axis=0) - self.moments[:, :, 0].mean(axis=0) ** 2
        return float((between / np.maximum(whole, 1e-9)).max())


@dataclass
class Evening:
    """A search over the doctrines of some scenarios together.

    Attributes:
        book: the rules.
        arenas: the scenarios, by name.
        rng: the source of chance.
        drafts: every doctrine as it is now.
        first: the habits every doctrine began with, by scenario and name.
        shift: by scenario, points added to the second seat of a duel so that wins are even.
        used: by scenario and seat, the largest share of each move in any doctrine's choices.
        soft: points within which two doctrines count as about equally good now.
        facts: the rows that doctrines must keep, if they are to be kept.
    """

    book: Rulebook
    arenas: dict[str, Arena]
    rng: random.Random
    drafts: dict[str, Draft]
    first: dict[tuple[str, str], Floats] = field(default_factory=dict)
    shift: dict[str, float] = field(default_factory=dict)
    used: dict[str, dict[str, Floats]] = field(default_factory=dict)
    soft: float = SOFT
    facts: Hindcast | None = None

    @classmethod
    def of(
        cls, book: Rulebook, scenarios: Sequence[str], seed: int, soft: float = SOFT, facts: Hindcast | None = None
    ) -> Evening:
        """Return the shipped doctrines of some scenarios."""
        arenas = {name: Arena.of(book, name) for name in scenarios}
        found = {d.name for arena in arenas.values() for listed in arena.doctrines.values() for d in listed}
        made = cls(
            book, arenas, random.Random(seed), {name: draft_of(name) for name in sorted(found)}, soft=soft, facts=facts
        )
        made.settle()
        for name, arena in arenas.items():
            for seat, listed in arena.doctrines.items():
                look = made.look(name, seat, listed, *LARGE)
                made.used.setdefault(name, {})[seat] = look.habits.max(axis=0)
                made.first |= {(name, d.name): mine for d, mine in zip(listed, look.habits, strict=True)}
        return made

    def settle(self, games: int = 3000) -> None:
        """Find by how much the second seat of each duel must be helped for wins to be even."""
        for name, arena in self.arenas.items():
            if len(arena.seats) == 2:
                _, played = arena.field(games, self.rng.randrange(1, 2000))
                kept = played.winner.sum(axis=1) > 0
                self.shift[name] = float(np.median(played.scores[kept, 0] - played.scores[kept, 1]))

    def places(self, name: str) -> list[tuple[str, str]]:
        """Return scenario and seat of everywhere that a doctrine plays."""
        return [
            (scenario, seat)
            for scenario, arena in self.arenas.items()
            for seat, listed in arena.doctrines.items()
            if name in [doctrine.name for doctrine in listed]
        ]

    def look(self, scenario: str, seat: str, players: Sequence[Doctrine], fields: int, worlds: int) -> Look:
        """Play each player against the same fields in the same worlds; in a duel against every doctrine."""
        arena = self.arenas[scenario]
        place, other = arena.seats.index(seat), arena.seats.index(seat) ^ 1
        duel = len(arena.seats) == 2
        base = self.rng.randrange(1, 10**6) * 1000
        if duel:
            foes = arena.doctrines[arena.seats[other]]
            met = [{arena.seats[other]: foe} for foe in foes]
            worlds = max(worlds, fields * worlds // len(foes))
        else:
            met = arena.line_ups(fields, base)
        everybody: list[Doctrine | str] = [*players, GREEDY]
        profiles = [{**line, seat: player} for player in everybody for line in met for _ in range(worlds)]
        seeds = [base + world for _ in everybody for _ in met for world in range(worlds)]
        whole = play_games(self.book, scenario, profiles, seeds, roster=arena.doctrines)
        size = len(met) * worlds
        played = part(whole, slice(0, len(players) * size))
        ahead = played.scores[:, place].reshape(len(players), size) - whole.scores[-size:, place]
        shape = (len(players), len(met), worlds)
        points = played.scores[:, place].reshape(shape).mean(axis=2)
        decided = played.winner.sum(axis=1) > 0
        wins = None
        if duel:
            help_now = self.shift[scenario] if place else -self.shift[scenario]
            lead = played.scores[:, place] - played.scores[:, other] + help_now
            won = np.where(decided, 0.5 + 0.5 * np.sign(lead), 0.5)
            wins = won.reshape(shape).mean(axis=2)
            mixes = np.random.default_rng(1).dirichlet(np.ones(len(met)), 200)
            points = FIRM / WIN_SOFT * np.hstack([wins, wins @ mixes.T])
        moves = np.array([habits(part(played, slice(k * size, (k + 1) * size)), place) for k in range(len(players))])
        beaten = np.zeros(len(players))
        if duel:
            chance: list[dict[str, Doctrine | str]] = [
                {arena.seats[other]: RANDOM, seat: player} for player in players for _ in range(size // 4)
            ]
            drawn = list(range(base, base + size // 4)) * len(players)
            lost = play_games(self.book, scenario, chance, drawn, roster=arena.doctrines)
            beaten = lost.winner[:, other].reshape(len(players), -1).mean(axis=1)
        rest = np.delete(played.scores, place, axis=1).reshape(len(players), size, -1)
        changes, held = self._drama(scenario, played)
        return Look(
            points=points,
            wins=wins,
            broken=1 - decided.reshape(shape).mean(axis=2),
            beaten=beaten,
            changes=changes.reshape(len(players), -1).mean(axis=1),
            held=held.reshape(len(players), -1).mean(axis=1),
            moments=np.stack([rest.mean(axis=1), (rest**2).mean(axis=1)], axis=2),
            habits=moves,
            greedy=(0.5 + 0.5 * np.sign(ahead)).mean(axis=1),
            moves=tuple(played.moves),
        )

    def _drama(self, scenario: str, played: Results) -> tuple[Floats, Floats]:
        """Return how often the lead passes from one seat to another in each game, being level is no change; and
        whether the leader at half time is first at the end, a half where nobody is.
        """
        scores = played.by_round.astype(np.float64)
        scores[:, :, 1:] += self.shift.get(scenario, 0.0)
        first = scores == scores.max(axis=2, keepdims=True)
        leader = np.where(first.sum(axis=2) == 1, first.argmax(axis=2), -1)
        last, changes = leader[:, 0].copy(), np.zeros(len(leader))
        for now in leader.T[1:]:
            changes += (now >= 0) & (last >= 0) & (now != last)
            last = np.where(now >= 0, now, last)
        half, end = leader[:, leader.shape[1] // 2 - 1], leader[:, -1]
        return changes, np.where((half < 0) | (end < 0), 0.5, half == end)

    def value(self, scenario: str, seat: str, look: Look) -> float:
        """Return what a seat's doctrines are worth together, in points."""
        soft = look.points / self.soft
        top = soft.max(axis=0)
        best = self.soft * (top + np.log(np.exp(soft - top).mean(axis=0)))
        found = STRENGTH * float(best.mean()) + PULL * float(look.points.mean())
        found += VARIETY * _variety(self.shares(look))
        if look.wins is not None:
            scale = WIN_SOFT * self.soft / FIRM
            found += VARIETY * sum(_variety(mix) for mix in soft_equilibrium(look.wins, scale)) / 2
        return found - STRICT * self._misses(scenario, seat, look)

    def shares(self, look: Look) -> Floats:
        """Return in what share of the fields each doctrine is the best, softly."""
        share = np.exp((look.points - look.points.max(axis=0)) / self.soft)
        found: Floats = (share / share.sum(axis=0)).mean(axis=1)
        return found

    def _misses(self, scenario: str, seat: str, look: Look) -> float:
        """Return by how much habits, strength, ruptures, drama and power over others miss what is aimed at."""
        found = checks()
        family = found["sanctions_used"].family
        inside = [k for k, name in enumerate(look.moves) if self.book.moves[name].family == family]
        mean = look.habits.mean(axis=0)
        part = float(mean[inside].sum())
        missed = max(0.0, (found["sanctions_used"].low or 0) * SPARE - part) if part > 0 else 0.0
        least = (found["moves_used"].low or 0) * SPARE
        most = look.habits.max(axis=0)
        for other, used in self.used.get(scenario, {}).items():
            most = most if other == seat else np.maximum(most, used)
        missed += sum(max(0.0, least - float(share)) for share in most[: len(look.moves)])
        best = int(look.points.mean(axis=1).argmax())
        missed += max(0.0, (found["doctrine_over_greedy"].low or 0) * SPARE - float(look.greedy[best])) / 3
        missed += max(0.0, float(look.broken.mean()) - (found["rupture"].high or 1) / SPARE) / 3
        missed += max(0.0, float(look.beaten.mean()) - (found["random_wins"].high or 1) / SPARE)
        missed += max(0.0, look.explained - (found["others_explain"].high or 1) / SPARE) / 3
        missed += max(0.0, float(look.held.mean()) - (found["half_time"].high or 1) / SPARE) / 3
        return missed + max(0.0, (found["lead_changes"].low or 0) * SPARE - float(look.changes.mean())) / 10

    def allowed(self, scenario: str, name: str, look: Look, row: int, others: Sequence[int]) -> bool:
        """Return whether a player is still what it was, unlike its siblings, and no rider of one move."""
        mine = look.habits[row]
        near = min((abs(mine - look.habits[k]).sum() / 2 for k in others), default=1.0)
        drift = abs(mine - self.first[scenario, name]).sum() / 2
        short = self.book.scenarios[scenario].rounds < 6
        return bool(near >= APART and drift <= FAR and mine[-1] <= PASSES and (short or mine.max() <= MOST))

    def step(self, name: str, tries: int) -> float:
        """Try some variants of a doctrine, keep the best if it is better in new games, and return by how much."""
        arenas = [self.arenas[scenario] for scenario, _ in self.places(name)]
        siblings = {d.name for scenario, seat in self.places(name) for d in self.arenas[scenario].doctrines[seat]}
        others = [self.drafts[other] for other in sorted(siblings - {name})]
        made = list(islice(variants(self.drafts[name], others, arenas, self.rng, self._weak(name)), tries))
        gains = self._gains(name, [player for _, player in made], SMALL)
        few = [k for k in np.argsort(-gains)[:4] if np.isfinite(gains[k]) and gains[k] > 0]
        if not few:
            return 0.0
        again = self._gains(name, [made[k][1] for k in few], LARGE)
        now = self._told(name, self.drafts[name]) if again.max() > 0.1 else 0.0
        for best in np.argsort(-again):
            if not again[best] > 0.1:
                break
            if self._told(name, made[few[best]][0]) <= now:
                self.take(*made[few[best]])
                return float(again[best])
        return 0.0

    def _told(self, name: str, draft: Draft) -> float:
        """Return by how much the rows of the hindcast are missed with a doctrine as drafted: one for every row that
        must hold and does not, and for each the part of its range by which it comes too near an end.
        """
        total = 0.0
        for scenario in [found for found, _ in self.places(name) if self.facts and found in self.facts.scenarios]:
            assert self.facts is not None
            field = {
                seat: [player_of(draft if d.name == name else self.drafts[d.name], self.facts.book) for d in listed]
                for seat, listed in self.arenas[scenario].doctrines.items()
            }
            for line in lines_of(self.facts, scenario, field, FACTS, 1):
                low, high = line.row.range
                inner = NARROW * (high - low)
                total += max(0.0, low + inner - line.middle, line.middle - high + inner) / max(high - low, 1e-9)
                total += line.row.weight == "must" and not line.holds
        return total

    def _weak(self, name: str) -> list[str]:
        """Move that nobody uses enough where a doctrine plays."""
        least = (checks()["moves_used"].low or 0) * SPARE
        found = []
        for scenario in {scenario for scenario, _ in self.places(name)}:
            most = np.max(list(self.used[scenario].values()), axis=0)
            found += [
                move for move, share in zip(self.book.scenarios[scenario].moves, most, strict=False) if share < least
            ]
        return found

    def take(self, draft: Draft, player: Doctrine) -> None:
        """Put a new draft of a doctrine into every arena."""
        self.drafts[player.name] = draft
        for scenario, seat in self.places(player.name):
            listed = self.arenas[scenario].doctrines
            new = [player if d.name == player.name else d for d in listed[seat]]
            self.arenas[scenario] = replace(self.arenas[scenario], doctrines={**listed, seat: new})

    def _gains(self, name: str, players: Sequence[Doctrine], size: tuple[int, int]) -> Floats:
        """Return what each player adds to the worth of the seats that it plays; minus infinity if not allowed."""
        total = np.zeros(len(players))
        for scenario, seat in self.places(name):
            listed = list(self.arenas[scenario].doctrines[seat])
            look = self.look(scenario, seat, [*listed, *players], *size)
            own = [d.name for d in listed].index(name)
            others = [k for k in range(len(listed)) if k != own]
            now = self.value(scenario, seat, look.of(range(len(listed))))
            fine = self.allowed(scenario, name, look, own, others)
            for k in range(len(players)):
                row = len(listed) + k
                value = self.value(scenario, seat, look.of([*others, row]))
                if fine and not self.allowed(scenario, name, look, row, others):
                    value = -np.inf
                total[k] += value - now
        return total

    def round(self, names: Sequence[str], tries: int) -> str:
        """Go once round the doctrines, in an order of chance; what came of it, in words."""
        self.settle()
        order = list(names)
        self.rng.shuffle(order)
        gains = {name: self.step(name, tries) for name in order}
        changed = ", ".join(f"{name} {gain:+.1f}" for name, gain in gains.items() if gain)
        self.soft = max(FIRM, COOLING * self.soft)
        return f"changed: {changed or 'nothing'}\n{self.report()}"

    def report(self) -> str:
        """Return who is best how often, in words."""
        lines = []
        for scenario, arena in self.arenas.items():
            for seat, listed in arena.doctrines.items():
                look = self.look(scenario, seat, listed, 40, 20)
                self.used[scenario][seat] = look.habits.max(axis=0)
                first = np.bincount(look.points.argmax(axis=0), minlength=len(listed)) / look.points.shape[1]
                ranks = ", ".join(
                    f"{d.name} {mean:.1f} {part:.0%}"
                    for d, mean, part in zip(listed, look.points.mean(axis=1), first, strict=True)
                )
                mixed = ""
                if look.wins is not None:
                    mixes = [" ".join(f"{part:.0%}" for part in mix) for mix in soft_equilibrium(look.wins, 0.01)]
                    mixed = f"; equilibrium {' | '.join(mixes)}"
                rest = f"missed {self._misses(scenario, seat, look):.3f}; broken {look.broken.mean():.0%}"
                rest += f"; over greedy {look.greedy.max():.0%}; explains {look.explained:.0%}"
                rest += f"; lead changes {look.changes.mean():.2f}"
                lines.append(f"  {scenario} {seat}: {ranks}; {rest}{mixed}")
        return "\n".join(lines)


def _variety(share: Floats) -> float:
    """Return the entropy in nats, of which the part above ``ENOUGH`` of the most possible counts nothing."""
    part = share[share > 0]
    return min(float(-(part * np.log(part)).sum()), ENOUGH * float(np.log(len(share))))


def soft_equilibrium(wins: Floats, soft: float = WIN_SOFT) -> tuple[Floats, Floats]:
    """Return the logit equilibrium of a duel: each side answers the other's mix, the better the oftener (McKelvey and
    Palfrey's quantal response), by damped steps with falling softness.

    Args:
        wins: shares of the win of the row player, shape (rows, columns).
        soft: how much worse an answer may be and still be played e times less.
    """
    row = np.full(wins.shape[0], 1 / wins.shape[0])
    column = np.full(wins.shape[1], 1 / wins.shape[1])
    for scale in np.geomspace(max(soft, 0.3), soft, 400):
        up, down = wins @ column / scale, -(row @ wins) / scale
        answer, reply = np.exp(up - up.max()), np.exp(down - down.max())
        row = 0.93 * row + 0.07 * answer / answer.sum()
        column = 0.93 * column + 0.07 * reply / reply.sum()
    return row, column
