"""Best replies of several seats, once or round after round: what is found joins the field until nobody gains."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from game.errors import UnknownName
from tournament.design.field import Entrant, Field, enter
from tournament.design.ids import digest
from tournament.design.plan import Plan, plan_from
from tournament.discovery.ledger import OnStep, executor_for, keep, read_step
from tournament.discovery.reply import FIELDS, Reply, SearchSettings, best_reply, reply_of
from tournament.discovery.rivals import Rivals, evenly, in_equilibrium
from tournament.runner.executor import Done, Executor, Numbers, Queue
from tournament.runner.run import run
from tournament.storage.results import Tournament

WORLDS = 40
"""Worlds in which every profile of the field is played for an equilibrium, when nothing else is said."""

KEPT = ("plan", "rules", "scenario", "seed", "overrides", "without", "inject")
"""What of a plan the games for an equilibrium have too."""

LONGEST = 3_000
"""Characters of a doctrine's summary at most."""

WINS = "games won of a hundred"
"""What gains are counted in where wins are sought; a shared win counts in parts."""


@dataclass(frozen=True)
class Found:
    """A best reply that gains, as a file.

    Attributes:
        round: in which round it was found, from 1.
        reply: the reply and its judgement.
        name: the doctrine's name.
        file: where it is written.
        joined: whether it gains more than epsilon, and something for sure (its whole range is above 0), and so joins
            the field.
    """

    round: int
    reply: Reply
    name: str
    file: str
    joined: bool


@dataclass(frozen=True)
class Outcome:
    """What a search found.

    Attributes:
        scenario: name of the scenario.
        payoff: what was sought.
        against: the field of each round, in words.
        found: the best reply of each seat, round by round.
        mixtures: for each round the shares of each seat's players, then those after the last one.
        settled: whether the last round found nothing that gains.
        folder: where everything is.
    """

    scenario: str
    payoff: str
    against: tuple[str, ...]
    found: tuple[Found, ...]
    mixtures: tuple[dict[str, dict[str, float]], ...]
    settled: bool
    folder: str

    def data(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "scenario": self.scenario, "payoff": self.payoff, "against": list(self.against), "settled": self.settled,
            "found": [
                {"round": each.round, "name": each.name, "file": each.file, "joined": each.joined, **each.reply.plain()}
                for each in self.found
            ],
            "mixtures": [
                {seat: {name: round(share, 4) for name, share in found.items()} for seat, found in mixture.items()}
                for mixture in self.mixtures
            ],
            "folder": self.folder,
        }  # fmt: skip


@dataclass(frozen=True)
class ReplyJob:
    """Searches best replies, one a seat; workers get the seats by number."""

    rivals: Rivals
    seats: tuple[str, ...]
    settings: SearchSettings

    def prepare(self) -> None:
        """Do nothing: every search compiles the rules with its own doctrines."""

    def play(self, games: Numbers) -> Done:
        """Search for the seats of these numbers."""
        found = [best_reply(self.rivals, self.seats[n], self.settings).plain() for n in games.tolist()]
        return Done(len(games), 0.0, "", (json.dumps(found).encode(), games.tobytes()))


def exploit(
    source: Plan | Tournament,
    out: Path,
    settings: SearchSettings,
    *,
    seats: Sequence[str] = (),
    rounds: int = 0,
    epsilon: float = 0.0,
    equilibrium: bool = False,
    worlds: int = WORLDS,
    ray: bool = False,
    address: str | None = None,
    command: str = "tournament.exploit",
    on_step: OnStep = lambda _: None,
    on_note: OnStep = lambda _: None,
) -> Outcome:
    """Search doctrines that do better than a field's own against that field.

    Args:
        source: a plan, for its players; or the results of a tournament.
        out: folder for what is found; a search that was done there before is not done again.
        settings: of each seat's search.
        seats: for which to search; when empty all that doctrines play.
        rounds: 0: once, against the source as it is. Else at most so many times against the equilibrium of the
            field, which what was found joins (double oracle, McMahan, Gordon & Blum 2003).
        epsilon: what gains no more than this does not join.
        equilibrium: with 0 rounds, reply to the source's equilibrium instead of to its players evenly.
        worlds: in how many worlds every profile is played for an equilibrium.
        ray: search the seats on Ray; with ``address`` on that cluster.
        address: ``HOST:PORT`` of a running Ray cluster.
        command: what was typed, for the notes in the files.
        on_step: called with what is being done next.
        on_note: called with what else is to be known: a damaged search that is done again.

    Raises:
        game.ChokepointError: anything wrong with the source, the folder, the cluster or the settings.
    """
    field = source.field if isinstance(source, Tournament) else enter(source)
    for seat in seats:
        if seat not in field.seats:
            raise UnknownName("seat", seat, list(field.seats), where=field.plan.scenario)
    scripted = [seat for seat, players in field.seats.items() if any(player.text for player in players)]
    played = tuple(seats or scripted or field.seats)
    folder = source.folder / "players" if isinstance(source, Tournament) else None
    loop = _Loop(field, out, settings, played, worlds, command, on_step, on_note, folder)
    with executor_for(ray, address, on_step) as executor:
        if rounds:
            return loop.rounds(rounds, epsilon, executor)
        return loop.once(source, equilibrium, epsilon, executor)


class _Loop:
    """The rounds of a search in one folder."""

    def __init__(
        self, field: Field, out: Path, settings: SearchSettings, seats: tuple[str, ...], worlds: int, command: str,
        on_step: OnStep, on_note: OnStep, players: Path | None,
    ) -> None:  # fmt: skip
        self.field, self.out, self.settings, self.seats = field, out, settings, seats
        self.worlds, self.command, self.players = worlds, command, players
        self.on_step, self.on_note = on_step, on_note
        self.found: list[Found] = []
        self.against: list[str] = []
        self.mixtures: list[dict[str, dict[str, float]]] = []

    def once(self, source: Plan | Tournament, equilibrium: bool, epsilon: float, executor: Executor) -> Outcome:
        """Return the best replies to one field."""
        if not equilibrium:
            where = source.folder if isinstance(source, Tournament) else f"the plan {source.plan}"
            rivals = evenly(self.field, f"field of {where}, all its players equally often")
        elif isinstance(source, Tournament):
            rivals = in_equilibrium(source, self.settings.payoff, self.settings.seed, f"equilibrium of {source.folder}")
        else:
            rivals = self.solved(self.plan())
        self.replies(1, rivals, epsilon, executor)
        return self.outcome(settled=not any(each.joined for each in self.found))

    def rounds(self, most: int, epsilon: float, executor: Executor) -> Outcome:
        """Return the double oracle."""
        plan = self.plan()
        settled = False
        for number in range(1, most + 1):
            rivals = self.solved(plan)
            joined = self.replies(number, rivals, epsilon, executor)
            if not joined:
                settled = True
                break
            listed = {seat: [entry.texts[0] for entry in found] for seat, found in plan.seats.items()}
            for each in joined:
                listed[each.reply.seat].append(each.file)
            plan = plan.changed(seats=listed)
        if not settled:
            self.note(self.solved(plan))
        return self.outcome(settled)

    def plan(self) -> Plan:
        """Return the plan in which every profile of the field plays; its players by their files."""
        listed = {seat: [self.entry(player) for player in found] for seat, found in self.field.seats.items()}
        data = {key: value for key, value in self.field.plan.plain().items() if key in KEPT}
        return plan_from({**data, "design": "full", "blocks": self.worlds, "seats": listed})

    def entry(self, player: Entrant) -> str:
        """Return how a plan in another folder names a player: the results that it comes from keep its file."""
        name, mark, query = player.name.partition("?")
        kept = self.players / f"{name}.yaml" if self.players else None
        return f"{kept}{mark}{query}" if kept and kept.is_file() else player.entry

    def solved(self, plan: Plan) -> Rivals:
        """Return the equilibrium of a plan's players; what the folder holds of their games is not played again."""
        self.on_step("playing every profile of the field")
        found = run(plan, self.out / "field", backend="local")
        return in_equilibrium(found, self.settings.payoff, self.settings.seed, "equilibrium of the field")

    def note(self, rivals: Rivals) -> None:
        """Take down a field's mixture."""
        self.mixtures.append({s: {r.name: r.share for r in found if r.share > 0} for s, found in rivals.seats.items()})

    def replies(self, number: int, rivals: Rivals, epsilon: float, executor: Executor) -> list[Found]:
        """Return the best reply of every seat; those that join."""
        self.note(rivals)
        self.against.append(rivals.title)
        paths = {seat: self.out / "replies" / f"{self.key(rivals, seat)}.json" for seat in self.seats}
        known = {seat: read_step(path, FIELDS, self.on_note) for seat, path in paths.items()}
        missing = tuple(seat for seat, found in known.items() if found is None)
        self.on_step(f"round {number}: searching for {', '.join(missing)}" if missing else f"round {number}")
        queue = Queue(range(len(missing)), seconds=0.0, first=1)
        for done in executor.run(ReplyJob(rivals, missing, self.settings), queue) if missing else ():
            assert done.payload is not None
            numbers = np.frombuffer(done.payload[1], dtype=np.int64).tolist()
            for place, each in zip(numbers, json.loads(done.payload[0]), strict=True):
                keep(paths[missing[place]], json.dumps(each, indent=1))
                known[missing[place]] = each
                self.on_step(f"round {number}: {missing[place]} is done")
        made = [self.written(number, reply_of(found), rivals, epsilon) for found in known.values() if found]
        self.found += made
        return [each for each in made if each.joined]

    def key(self, rivals: Rivals, seat: str) -> str:
        """Return what a seat's search depends on."""
        drafts = [draft.plain() for draft in rivals.drafts(seat)]
        return digest([rivals.key, seat, self.settings.payoff, self.settings.games, self.settings.seed, drafts])

    def written(self, number: int, reply: Reply, rivals: Rivals, epsilon: float) -> Found:
        """Return a reply as a doctrine's file, if it is new."""
        if not reply.changes:
            return Found(number, reply, reply.base, "", False)
        name = f"{reply.seat}_reply_{number}"
        path = self.out / "found" / f"{name}.yaml"
        title = str(reply.draft.base.data.get("title") or reply.base).partition(" (reply")[0]
        source = (
            f"{self.command}; {reply.seat}'s best reply to the {rivals.title}. Beside {reply.instead} it gains "
            f"{figures(reply, self.settings.payoff)} in {reply.worlds:,} worlds that chose nothing"
        )
        summary = f"Found by search. {title} with changes: {'; '.join(reply.changes)}."
        head = {"title": f"{title} (reply, round {number})", "summary": summary[:LONGEST], "source": source}
        keep(path, reply.draft.text(name, **head))
        return Found(number, reply, name, str(path), reply.gain > epsilon and reply.low > 0)

    def outcome(self, settled: bool) -> Outcome:
        """Return everything, also written down."""
        plan = self.field.plan
        found = Outcome(
            plan.scenario, self.settings.payoff, tuple(self.against), tuple(self.found), tuple(self.mixtures), settled,
            str(self.out),
        )  # fmt: skip
        keep(self.out / "exploit.json", json.dumps(found.data(), indent=1, ensure_ascii=False))
        return found


def figures(reply: Reply, payoff: str) -> str:
    """Return a gain with its interval, in words."""
    scale, unit = (100, f" {WINS}") if payoff == "win" else (1, " " + payoff.replace("margin", "points of lead"))
    return f"{reply.gain * scale:+.1f}{unit} ({reply.low * scale:+.1f} to {reply.high * scale:+.1f})"
