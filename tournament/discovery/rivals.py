"""Against whom a best reply is searched: for each seat its players and how often each of them sits there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ai_players import Bot, Policy, Search
from game.errors import UsageError
from rules.model.rulebook import Doctrine, Rulebook
from tournament.analysis import EmpiricalGame, eliminate, equilibria, table_of
from tournament.design.field import Entrant, Field
from tournament.design.ids import digest, keyed, world_seed
from tournament.discovery.draft import Base, Draft, dates_of
from tournament.storage.results import Tournament

ONE = 1 << 32

STARTS = 8
"""Doctrines from which a search starts."""


@dataclass(frozen=True)
class Rival:
    """A player that others meet.

    Attributes:
        name: what results call it; that of a player of the engine is what ``play_games`` takes.
        share: how often it plays its seat, 0 to 1.
        code: hash of what it does.
        draft: what it plays as a draft; ``None`` for the players that are part of the engine.
    """

    name: str
    share: float
    code: str
    draft: Draft | None


@dataclass(frozen=True)
class Rivals:
    """A field with its mixture.

    Attributes:
        book: the rules.
        scenario: name of the scenario.
        seats: the players of each seat, in the scenario's order.
        title: what it is, for people: ``the equilibrium of results/duel``.
        mixed: whether it is an equilibrium, in which a seat's players are worth the same.
        payoff: what all seek: ``win``, ``points`` or ``margin``.
        calendar: whether searched strategies may play by the calendar.
    """

    book: Rulebook
    scenario: str
    seats: Mapping[str, tuple[Rival, ...]]
    title: str
    mixed: bool = False
    payoff: str = "win"
    calendar: bool = False

    @property
    def dates(self) -> tuple[int, ...]:
        """The rounds up to which, or after which, a plain score of a draft may count."""
        return dates_of(self.book.scenarios[self.scenario].rounds) if self.calendar else ()

    @property
    def key(self) -> str:
        """Hash of all that a search's outcome depends on beside its settings."""
        mix = {seat: [[r.name, r.code, round(r.share, 9)] for r in found] for seat, found in self.seats.items()}
        calendar = ["calendar"] if self.calendar else []
        return digest([self.book.sha256, self.scenario, self.mixed, self.payoff, mix, *calendar])

    def drawn(self, seat: str, *key: object) -> int:
        """Return the number of who sits in a seat, drawn by the shares and keyed."""
        at = (keyed(*key, seat) >> 32) / ONE
        for number, rival in enumerate(self.seats[seat]):
            at -= rival.share
            if at < 0:
                return number
        shares = [rival.share for rival in self.seats[seat]]
        return shares.index(max(shares))

    def line_up(self, seed: int, world: int) -> tuple[int, dict[str, int]]:
        """Return the seed of a world and the numbers of who plays in it."""
        return world_seed(seed, world), {seat: self.drawn(seat, "exploit", seed, world) for seat in self.seats}

    def drafts(self, seat: str) -> list[Draft]:
        """Return the doctrines of a seat as they are, to start from."""
        return [rival.draft for rival in self.seats[seat] if rival.draft is not None]

    def starts(self, seat: str) -> list[Draft]:
        """Return where a search for a seat starts: doctrines of the class, those that play most often first, and of
        those that play as often the latest; of every base the foremost at least.
        """
        found = [(rival.share, n, rival.draft) for n, rival in enumerate(self.seats[seat]) if rival.draft is not None]
        ranked = sorted((each for each in found if each[2].in_class), key=lambda each: each[:2], reverse=True)
        drafts = [draft for *_, draft in ranked]
        # Else what was found last crowds out the bases that nothing was found from, which may be worth most by now.
        foremost = {draft.base: draft for draft in reversed(drafts)}
        others = [draft for draft in drafts if draft not in foremost.values()]
        kept = [*foremost.values(), *others[: max(0, STARTS - len(foremost))]]
        return sorted(kept, key=drafts.index)

    def joined(self, seat: str, rival: Rival) -> Rivals:
        """Return the same players and one more in a seat."""
        return replace(self, seats={**self.seats, seat: (*self.seats[seat], rival)})

    def shared(self, shares: Mapping[str, Sequence[float]], title: str) -> Rivals:
        """Return the same players with other shares."""
        seats = {
            seat: tuple(replace(rival, share=float(share)) for rival, share in zip(found, shares[seat], strict=True))
            for seat, found in self.seats.items()
        }
        return replace(self, seats=seats, title=title, mixed=True)


def evenly(field: Field, title: str) -> Rivals:
    """Return every player of a field equally often.

    Raises:
        UsageError: some of them do not play inside the kernel.
    """
    shares = {seat: {player.name: 1 / len(found) for player in found} for seat, found in field.seats.items()}
    return _mixed(field, shares, title)


def in_equilibrium(found: Tournament, payoff: str, seed: int, title: str) -> Rivals:
    """Return the equilibrium of a tournament in which every profile was played: of several the one with the least
    regret.

    Raises:
        UsageError: some profiles were not played, or some players do not play inside the kernel.
    """
    game = table_of(found).game(payoff)
    if not game.complete:
        raise UsageError(
            f"{found.folder} has no games of {game.possible - len(game.profiles):,} of its {game.possible:,} profiles",
            "an equilibrium needs a plan of the design 'full'; or reply to the field as it is, with --against field",
        )
    return replace(_mixed(found.field, shares_in_equilibrium(game, seed), title), mixed=True)


def shares_in_equilibrium(game: EmpiricalGame, seed: int) -> dict[str, dict[str, float]]:
    """Return for each seat how often each of its players plays."""
    left = eliminate(game).numbers
    best = min(
        equilibria(game.keep(left), replicates=0, seed=seed),
        key=lambda each: (round(each.regret.value, 9), -each.found),
    )
    shares = {}
    for place, seat in enumerate(game.seats):
        shares[seat] = dict.fromkeys(game.players[place], 0.0)
        for number, share in zip(left[place], best.mix[place], strict=True):
            shares[seat][game.players[place][number]] = float(share)
    return shares


def _mixed(field: Field, shares: Mapping[str, Mapping[str, float]], title: str) -> Rivals:
    seats = {
        seat: tuple(_rival(player, shares[seat].get(player.name, 0.0)) for player in found)
        for seat, found in field.seats.items()
    }
    return Rivals(field.book, field.plan.scenario, seats, title)


def _rival(player: Entrant, share: float) -> Rival:
    if isinstance(player.spec, Bot | Policy | Search) or not isinstance(player.spec, Doctrine | str):
        raise UsageError(
            f"{player.name} does not play inside the kernel, and a search needs tens of thousands of games",
            "take a plan of doctrines, random and greedy only",
        )
    pairs = (pair.split("=") for pair in player.name.partition("?")[2].split("&") if pair)
    knobs = {name: int(value) for name, value in pairs}
    draft = Draft(Base.of(player.text), knobs=knobs) if player.text else None
    return Rival(player.name, share, player.code, draft)
