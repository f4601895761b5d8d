"""The search for strong strategies: round after round replies join a population, until a certificate says that nothing
more is found, and how strong the search was that found nothing.

A regularised double oracle (policy-space response oracles, Lanctot et al. 2017) with a portfolio of oracles. Every step
is kept as it is done, so that a search can be stopped at any moment and goes on to the same bytes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ai_players import search_names
from ai_players.ppo import check_installed
from game.errors import UsageError
from game.prose.numbers import counted
from game.records.files import is_there
from rules.model.faults import listed
from tournament.design.field import Field, enter
from tournament.design.ids import digest
from tournament.design.plan import Plan, load_plan
from tournament.discovery.arena import PAYOFFS
from tournament.discovery.certificate import ATTACKERS, LEARNED, PLANTED, Searching, attacked, power, restarted
from tournament.discovery.draft import BY_CALENDAR, CLASS, Draft, distinct, draft_of
from tournament.discovery.ledger import Ledger, OnStep, OutOfTime, executor_for, keep
from tournament.discovery.oracles import EDITION, LEAST_GAMES, LEAST_LEARNED, PORTFOLIO, USUAL
from tournament.discovery.rivals import Rival, Rivals, evenly
from tournament.discovery.steps import SLIGHT, CarveStep, DescribeStep, JudgeStep, PolishStep
from tournament.discovery.styles import StylesStep
from tournament.discovery.tables import frames
from tournament.discovery.targets import SolveStep, equilibrium_of, rivals_of
from tournament.discovery.words import sentence
from tournament.discovery.write import write_discovery
from tournament.errors import StoreError
from tournament.report.titles import Titles
from tournament.runner.executor import Executor
from tournament.storage.results import Tournament

Data = dict[str, Any]

STEEP, FLAT = 4.0, 1.0
"""The regret at which a target's path ends, in ε: in the first round, and from ``CALM`` on."""

CALM = 6
JUDGED, MOST_JUDGED = 4, 5_000
"""A search's games by this are the worlds in which candidates are compared, and so many are enough."""

CARVED = 2.0
"""Games for carving a doctrine of the class from one that is none, in searches."""

POLISHED = 1.0
"""Games for polishing a reply, in searches."""

CHOSEN = 3
"""So many replies of a seat are polished in a round, and may all join."""

STYLED = 4
"""Games for a seat's ways to play, in searches."""

OPENED = 4
"""Doctrines of a seat that are carved, about."""

EARLIER = 6
"""Against so many earlier targets a reply is judged, the latest ones, each in a part of the worlds."""

WORLDS = (1_000, 400)
"""Worlds in which profiles are played for equilibria: with two seats, where all that the mixture needs is known in each
of them; with more, where every world draws its own line-up and every strategy takes its place in that.
"""

SETTINGS = "discovery.settings.json"
STEPS = "steps"
"""What a folder holds from the beginning: what is searched, and every step that was done."""


@dataclass(frozen=True)
class DiscoverySettings:
    """How strong strategies are searched.

    Attributes:
        payoff: ``win``, ``points`` or ``margin``.
        games: about how many games in all, at most, larger planted weaknesses and attackers aside; each search gets its
            part of them.
        epsilon: what does not count, in units of the payoff: 0.02 are two wins of a hundred.
        rounds: how many rounds at most.
        restarts: of the whole portfolio in a certificate's round.
        power: seeds of the power test.
        worlds: in which profiles are played for equilibria; when ``None`` as many as ``WORLDS`` says.
        oracles: the portfolio.
        attackers: players outside the class, and in how many worlds each attacks a seat; ``learned``, a policy that
            learns against the mixture from so many games (wins only; extra ``rl``).
        seed: another search.
        calendar: whether strategies may play by the calendar: a wider class.
    """

    payoff: str = "win"
    games: int = 20_000_000
    epsilon: float = 0.02
    rounds: int = 12
    restarts: int = 5
    power: int = 10
    worlds: int | None = None
    oracles: tuple[str, ...] = USUAL
    attackers: Mapping[str, int] = field(default_factory=lambda: dict(ATTACKERS))
    seed: int = 1
    calendar: bool = False

    @property
    def learns(self) -> bool:
        """Whether some policy is learned, which needs the extra ``rl``."""
        return LEARNED in self.attackers or "pupil" in self.oracles

    def searches(self, seats: int) -> float:
        """Return how many searches' games all that is to be done takes at most, with so many seats to search for."""
        size = len(self.oracles)
        replies = CARVED * OPENED + self.rounds * (2 * size + 6)
        certificate = 2 * (self.restarts * (1.3 * size + 1.3) + 1)
        planted = self.power * (1.3 * size + 2.3) + 20 + STYLED
        return seats * (replies + certificate + planted)

    def least(self, seats: int) -> int:
        """Return how many games in all are enough, in thousands, with so many seats to search for."""
        return math.ceil(LEAST_GAMES * self.searches(seats) / 1000) * 1000

    def budget(self, seats: int) -> int:
        """Return the games of one search.

        Raises:
            UsageError: they are too few; what would be enough is said. Or another setting cannot be kept to.
        """
        self._check()
        found = int(self.games / self.searches(seats))
        if found < LEAST_GAMES:
            raise UsageError(
                f"{counted(self.games, 'game')} {'is' if self.games == 1 else 'are'} too few to search for"
                f" {counted(seats, 'seat')} in"
                f" {f'up to {self.rounds} rounds' if self.rounds > 1 else 'one round'} and to certify what is found",
                f"allow at least {self.least(seats):,}{', or fewer rounds' * (self.rounds > 1)}",
            )
        return found

    def _check(self) -> None:
        """Refuse what no search can keep to.

        Raises:
            UsageError: an unknown name, one that stands twice, or a number out of range.
        """
        for name in self.oracles:
            if name not in PORTFOLIO:
                raise UsageError(f"there is no oracle '{name}'", f"choose from {', '.join(PORTFOLIO)}")
            if self.oracles.count(name) > 1:
                raise UsageError(f"the oracle '{name}' is named twice", "name it once: it would find the same again")
        least_of = {"rounds": 1, "restarts": 1, "power": 1, "worlds": 2, "oracles": 1}
        for name, least in least_of.items():
            value = getattr(self, name)
            if value is not None and (len(value) if isinstance(value, tuple) else value) < least:
                raise UsageError(f"{name} cannot be {value}", f"allow at least {least}")
        if self.learns and self.payoff != "win":
            raise UsageError("a policy learns to win", f"search for wins, not {self.payoff}, or leave it out")
        if self.payoff not in PAYOFFS:
            raise UsageError(f"there is no payoff '{self.payoff}'", f"choose from {', '.join(PAYOFFS)}")
        # A certificate plants weaknesses worth so many epsilons, and nobody can win more than every game.
        most = 1 / PLANTED if self.payoff == "win" else math.inf
        if not 0 < self.epsilon < most:
            less = f" and below {most:g}: 0.02 are two wins of a hundred" if self.payoff == "win" else ""
            raise UsageError(f"epsilon cannot be {self.epsilon:g}", f"give a number above 0{less}")
        for name, worlds in self.attackers.items():
            if name not in (LEARNED, *search_names()):
                raise UsageError(f"there is no search player '{name}'", f"choose from {', '.join(search_names())}")
            least, of = (LEAST_LEARNED, "game") if name == LEARNED else (2, "world")
            if worlds < least:
                what = "a policy learns nothing from" if name == LEARNED else f"{name} cannot attack in"
                raise UsageError(f"{what} {counted(worlds, of)}", f"allow at least {least}")

    def plain(self) -> Data:
        """Return the settings as plain data."""
        return {
            "payoff": self.payoff, "games": self.games, "epsilon": self.epsilon, "rounds": self.rounds,
            "restarts": self.restarts, "power": self.power, "worlds": self.worlds, "oracles": list(self.oracles),
            "attackers": dict(self.attackers), "seed": self.seed, **({"calendar": True} if self.calendar else {}),
        }  # fmt: skip


@dataclass(frozen=True)
class Discovery:
    """What a search found, and how sure it is.

    Attributes:
        data: everything as plain data, as ``discovery.json`` holds it.
        mixture: the strategies of each seat with their shares, as rivals of whoever comes next.
        folder: where everything is.
    """

    data: Data
    mixture: Rivals
    folder: Path

    @property
    def status(self) -> str:
        """``settled``, ``still moving``, ``search too weak`` or ``stopped``."""
        return str(self.data["status"])

    @property
    def sentence(self) -> str:
        """What the search says about its mixture."""
        return str(self.data["sentence"])

    def frames(self) -> dict[str, Any]:
        """Return the tables: ``mixture``, ``rounds``, ``certificate``, ``attackers``, ``strategies``, ``styles``."""
        return frames(self.data)


def discover(
    source: Plan | Tournament | str | Path,
    out: str | Path,
    settings: DiscoverySettings = DiscoverySettings(),
    *,
    hours: float | None = None,
    ray: bool = False,
    address: str | None = None,
    command: str = "tournament.discover",
    on_step: OnStep = lambda _: None,
    on_note: OnStep = lambda _: None,
) -> Discovery:
    """Search strong strategies of every seat of a plan, and say how sure it is that nothing beats their mixture.

    Args:
        source: a plan, its file or its name among the ready ones, for its players; or the results of a tournament.
        out: folder for everything; a search that was begun there goes on.
        settings: of the search; two searches with equal settings but for ``seed`` have equal budgets.
        hours: after so long no further step begins; the same call goes on.
        ray: search on Ray; with ``address`` on that cluster.
        address: ``HOST:PORT`` of a running Ray cluster.
        command: what was typed, for the notes in the files.
        on_step: called with what is being done next.
        on_note: called with what else is to be known: a damaged step that is done again.

    Returns:
        The discovery; ``mixture`` is what the strategies' equilibrium is. To compare two rulebooks by what is found
        under each, call this once for each arm with the same settings: the budgets are equal, and
        ``mixture.drafts(seat)`` are the strategies to be replayed in both.

    Raises:
        game.ChokepointError: anything wrong with the source, the folder, the cluster or the settings.
    """
    if hours is not None and not hours >= 0:
        raise UsageError(f"hours cannot be {hours:g}", "give 0 or more")
    plan = load_plan(source) if isinstance(source, str | Path) else source
    found = plan.field if isinstance(plan, Tournament) else enter(plan)
    search = _Discovery(found, Path(out), settings, command, on_step, on_note)
    search.own()
    with executor_for(ray, address, on_step) as executor:
        return search.run(executor, hours)


class _Discovery:
    """One search in one folder."""

    def __init__(
        self, field: Field, out: Path, settings: DiscoverySettings, command: str, on_step: OnStep, on_note: OnStep
    ) -> None:  # fmt: skip
        self.field, self.out, self.settings, self.command = field, out, settings, command
        self.on_step, self.on_note = on_step, on_note
        everybody = evenly(field, f"plan {field.plan.plan}")
        self.population = replace(everybody, payoff=settings.payoff, calendar=settings.calendar)
        self.seats = [seat for seat in self.population.seats if self.population.drafts(seat)]
        if not self.seats:
            raise UsageError(f"no doctrine plays a seat of {field.plan.scenario}", "a search starts from doctrines")
        budget = settings.budget(len(self.seats))
        judged = min(budget // JUDGED, MOST_JUDGED)
        self.how = Searching(settings.oracles, budget, judged, settings.epsilon, settings.seed)
        if settings.learns:
            check_installed()
        self.slight = settings.epsilon / SLIGHT
        self.first = {seat: len(found) for seat, found in self.population.seats.items()}
        self.rounds: list[Data] = []
        self.strategies: dict[str, Data] = {}
        self.targets: list[Rivals] = []
        self.certificate: list[Data] = []
        self.power: Data = {}
        self.attacks: Data = {}
        self.styles: Data = {}
        self.solved: Data = {}
        self.final = self.population
        self.settled = False
        self._solved_size = 0
        self.opened = self.first
        self._made_by: dict[str, str] = {}

    def run(self, executor: Executor, hours: float | None) -> Discovery:
        """Search until the certificate, the last round or the clock; write what there is then."""
        seconds = None if hours is None else 3600 * hours
        self.ledger = Ledger(self.out / STEPS, executor, seconds, self.on_step, self.on_note)
        try:
            self._search()
        except OutOfTime:
            return self._outcome("stopped")
        if not self.settled:
            return self._outcome("still moving")
        return self._outcome("settled" if all(each["passed"] for each in self.power.values()) else "search too weak")

    def own(self) -> None:
        """Make sure that the folder is this search's. Attackers come after all else and change nothing of it, so others
        may attack what a finished search found.

        Raises:
            UsageError: it holds another one, or something else, or cannot be written.
        """
        if is_there(self.out) and not self.out.is_dir():
            raise UsageError(f"{self.out} is a file, not a folder", "choose another with --out")
        players = replace(self.population, calendar=False).key  # that they may play by it is a setting
        mine: Data = {
            "scenario": self.field.plan.scenario, "rules": self.field.book.sha256, "players": players,
            "settings": self.settings.plain(), "edition": EDITION,
        }  # fmt: skip
        path = self.out / SETTINGS
        if not path.is_file():
            held = sorted(item.name for item in self.out.iterdir()) if self.out.is_dir() else []
            # Steps are known by what they depend on: those of a search whose settings were lost are still good.
            if held and STEPS not in held:
                raise UsageError(
                    f"{self.out} holds something else ({listed(held, 3)})", "choose another folder with --out"
                )
            try:
                keep(path, json.dumps(mine, indent=1))
            except StoreError as error:
                raise UsageError(error.message, "choose another folder with --out") from error
            return
        try:
            theirs: Data = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise UsageError(f"cannot read {path}: {error.strerror}", "choose another folder with --out") from error
        except ValueError:
            theirs = {}
        settings = theirs.get("settings") if isinstance(theirs, dict) else None
        if not isinstance(settings, dict):
            raise UsageError(
                f"{path} is damaged",
                "delete that file and give the command that the search was begun with: its steps are kept",
            )
        theirs["settings"] = {**settings, "attackers": dict(self.settings.attackers)}
        differs = [name for name in mine if theirs.get(name) != mine[name]]
        if differs == ["edition"]:
            raise UsageError(
                f"{self.out} holds a search by another version of Chokepoint, whose oracles search otherwise",
                "choose another folder with --out; a plan may name what was found there as its players",
            )
        if differs:
            names = {"players": "other players", "rules": "another rulebook", "scenario": "another scenario"}
            what = names.get(differs[0]) or f"other settings ({_differences(theirs['settings'], mine['settings'])})"
            raise UsageError(
                f"{self.out} holds a search with {what}", "choose another folder with --out, or ask for the same"
            )

    # --------------------------------------------------------------------------------------- rounds

    def _search(self) -> None:
        self._open()
        quiet = 0
        for number in range(1, self.settings.rounds + 1):
            self._solve(number)
            if not self._replies(number):
                quiet = self._certify(number)
                if quiet == 2:
                    break
        else:
            self._solve(self.settings.rounds + 1)
            self._certify(self.settings.rounds + 1)
        if self._size != self._solved_size:
            self._solve(len(self.targets) + 1)
        final = self.final
        if self.settled:
            self.power = {
                seat: power(self.ledger, self.how, final, seat, self.opened[seat], self.settings.power)
                for seat in self.seats
            }
        inside = [name for name, each in self.strategies.items() if name in _shares(final)[each["seat"]]]
        self._describe(final, inside)
        for name in inside:
            self.strategies[name]["beside"] = "the final mixture"
        styles = [
            StylesStep(final, seat, STYLED * self.how.budget, self.how.surely // 2, self.how.seed)
            for seat in self.seats
        ]
        told = self.ledger.take(styles, "ways to play that differ in kind")
        self.styles = dict(zip(self.seats, told, strict=True))
        self.attacks = {
            seat: attacked(self.ledger, self.how, final, seat, self.settings.attackers) for seat in self.seats
        }

    def _open(self) -> None:
        """Carve a doctrine of the class from each that is none, against everybody evenly; all of them join."""
        field = self.population
        carving = [
            CarveStep(field, seat, draft, int(CARVED * self.how.budget), self.how.seed, self.slight)
            for seat in self.seats
            for draft in field.drafts(seat)
            if not draft.in_class
        ]
        carved = self.ledger.take(carving, "leaving out lines until doctrines are of the class")
        for seat in self.seats:
            mine = [each for step, each in zip(carving, carved, strict=True) if step.seat == seat]
            if not mine:
                continue
            judging = self.how.judging(field, seat, [draft_of(each["draft"]) for each in mine], self.how.judged, "open")
            (judged,) = self.ledger.take([judging], f"judging what was carved for {seat}")
            for each, told in zip(mine, judged["judged"], strict=True):
                self._add(seat, draft_of(each["draft"]), 0, told, "carving", each["worth"])
        self.opened = {seat: len(found) for seat, found in self.population.seats.items()}

    @property
    def _size(self) -> int:
        """How many strategies there are."""
        return sum(map(len, self.population.seats.values()))

    def _solve(self, number: int) -> None:
        """Work out the equilibrium and the next target."""
        part = min((number - 1) / (CALM - 1), 1.0)
        threshold = self.settings.epsilon * (STEEP + (FLAT - STEEP) * part)
        worlds = self.settings.worlds or WORLDS[len(self.population.seats) > 2]
        step = SolveStep(self.population, worlds, self.settings.seed, threshold, self.slight)
        (self.solved,) = self.ledger.take([step], f"round {number}: playing what the equilibrium needs")
        self._solved_size = self._size
        self.final = equilibrium_of(self.population, self.solved, "mixture of the strategies so far")
        # Newcomers enter the replicator's next start beside those that are there.
        self.population = self.population.shared(
            {seat: [rival.share for rival in found] for seat, found in self.final.seats.items()}, self.population.title
        )

    def _replies(self, number: int) -> bool:
        """Search every seat's replies to the target; whether any joins."""
        final = self.final
        targets = {seat: rivals_of(self.population, self.solved, seat, number) for seat in self.seats}
        steps = [step for seat in self.seats for step in self.how.searches(targets[seat], seat, "round", number)]
        found = self.ledger.take(steps, f"round {number}: {len(steps)} searches")
        size = len(self.how.oracles)
        groups = {
            seat: [draft_of(each["draft"]) for each in found[n * size : (n + 1) * size]]
            for n, seat in enumerate(self.seats)
        }
        for group in groups.values():
            for oracle, draft in zip(self.how.oracles, group, strict=True):
                self._made_by.setdefault(draft.code, oracle)
        chosen = {seat: self._chosen(number, seat, distinct(group), final) for seat, group in groups.items()}
        joined = self._taken_in(number, chosen, "round")
        self.targets.append(final)
        self.rounds.append(
            {
                "round": number, "regret": self.solved["regret"], "value": self.solved["value"],
                "profiles": self.solved["profiles"], "seats": joined, "mixture": _shares(final),
            }
        )  # fmt: skip
        return any(each["joined"] for each in joined.values())

    def _taken_in(self, number: int, chosen: Mapping[str, Sequence[Draft]], when: str) -> dict[str, Data]:
        """Polish drafts, judge them beside what plays their seat, and let those that gain join; by seat what came of
        it.
        """
        final, what = self.final, f"round {number}" if when == "round" else f"certificate of round {number}"
        polishing = [
            PolishStep(final, seat, draft, int(POLISHED * self.how.budget), self.how.seed + number, self.slight)
            for seat, drafts in chosen.items()
            for draft in drafts
        ]  # fmt: skip
        polished = self.ledger.take(polishing, f"{what}: polishing")
        pairs: dict[str, list[tuple[Draft, Draft]]] = {seat: [] for seat in chosen}
        worth: dict[str, list[Data]] = {}
        for step, each in zip(polishing, polished, strict=True):
            shorter = draft_of(each["draft"])
            pairs[step.seat].append((step.draft, shorter))
            worth[digest(each["draft"])] = each["worth"]
            self._made_by.setdefault(digest(each["draft"]), self._made_by.get(step.draft.code, "restart"))
        judging = [
            self.how.judging(
                final, seat, distinct([d for pair in found for d in pair]), self.how.surely // 2, "joining", when,
                number, len(self.certificate),
            )
            for seat, found in pairs.items()
        ]  # fmt: skip
        taken = self.ledger.take(judging, f"{what}: judging")
        joined = {
            step.seat: self._join(number, step, judged, pairs[step.seat], worth)
            for step, judged in zip(judging, taken, strict=True)
        }
        self._describe(
            final, [n for each in joined.values() for n in each["joined"] if not self.strategies[n]["worth"]]
        )
        return joined

    def _chosen(self, number: int, seat: str, drafts: Sequence[Draft], final: Rivals) -> list[Draft]:
        """Return the drafts that do best against the equilibrium, and the one that does best against all targets."""
        against = [final, *self.targets[-EARLIER:]]
        steps = [
            self.how.judging(
                _with(self.population, rivals), seat, drafts, self.how.judged // (4 if n else 1), "round", number, n
            )
            for n, rivals in enumerate(against)
        ]
        judged = self.ledger.take(steps, f"round {number}: comparing")
        gains = np.array([[each["gain"] for each in found["judged"]] for found in judged])
        best = np.argsort(-gains[0], kind="stable")[: CHOSEN - 1].tolist()
        return distinct([*(drafts[n] for n in best), drafts[int(gains.mean(axis=0).argmax())]])

    def _join(
        self, number: int, step: JudgeStep, judged: Data, pairs: Sequence[tuple[Draft, Draft]],
        worth: Mapping[str, list[Data]],
    ) -> Data:  # fmt: skip
        """Let those replies of a seat join that gain, the best first; each as it was polished, unless that loses half
        of epsilon.
        """
        told = {draft.code: each for draft, each in zip(step.drafts, judged["judged"], strict=True)}
        taken: dict[str, Draft] = {}
        for raw, shorter in pairs:
            was, made = (told[draft.code]["gain"] for draft in (raw, shorter))
            draft = shorter if made >= was - self.settings.epsilon / 2 else raw
            taken[draft.code] = draft
        ranked = sorted(taken, key=lambda key: -told[key]["gain"])
        said = {**told[ranked[0]], "oracle": self._made_by.get(ranked[0], "restart"), "joined": [],
                "mixture": judged["value"]}  # fmt: skip
        known = {rival.code for rival in self.population.seats[step.seat]}
        for key in ranked:
            each = told[key]
            if key not in known and each["gain"] > self.settings.epsilon / 2 and each["gain"] > each["half"]:
                oracle = self._made_by.get(key, "restart")
                said["joined"].append(self._add(step.seat, taken[key], number, each, oracle, worth.get(key, [])))
        return said

    def _add(self, seat: str, draft: Draft, number: int, judged: Data, oracle: str, worth: list[Data]) -> str:
        """Add a strategy to the population; return its name."""
        name = f"{seat}_{len(self.population.seats[seat]) - self.first[seat] + 1}"
        self.population = self.population.joined(seat, Rival(name, 0.0, draft.code, draft))
        self.strategies[name] = {
            "seat": seat, "round": number, "base": draft.base.name, "oracle": oracle, "gain": judged["gain"],
            "half": judged["half"], "draft": draft.plain(), "worth": worth, "beside": f"the mixture of round {number}",
        }  # fmt: skip
        return name

    def _certify(self, number: int) -> int:
        """Restart everything against the final mixture, at most twice; return how many rounds found nothing."""
        for quiet in range(2):
            found = restarted(
                self.ledger, self.how, self.final, self.seats, self.settings.restarts, len(self.certificate) + 1
            )
            self.certificate.append({"after": number, "seats": found})
            better = {seat: list(map(draft_of, found[seat]["drafts"])) for seat in self.seats if found[seat]["found"]}
            if better:
                self._taken_in(number, better, "certificate")
                return quiet
        self.settled = True
        return 2

    def _describe(self, final: Rivals, named: Sequence[str]) -> None:
        """Tell what strategies do beside a mixture, and what their lines are worth there."""
        steps = [
            DescribeStep(final, each["seat"], draft_of(each["draft"]), self.how.judged, self.how.seed)
            for each in (self.strategies[name] for name in named)
        ]
        for name, told in zip(named, self.ledger.take(steps, "describing what was found"), strict=True):
            self.strategies[name] |= {"does": told["does"], "worth": told["worth"]}

    # --------------------------------------------------------------------------------------- outcome

    def _outcome(self, status: str) -> Discovery:
        mixture = _with(self.population, self.final)
        data = {
            "scenario": self.field.plan.scenario, "plan": self.field.plan.plan, "rules": self.field.book.sha256,
            "class": CLASS + (BY_CALENDAR if self.settings.calendar else ""),
            "settings": self.settings.plain(), "budget": self.how.budget, "status": status,
            "seats": self.seats, "first": self.first,
            "mixture": _shares(mixture), "value": self.solved.get("value", {}),
            "regret": self.solved.get("regret"), "rounds": self.rounds, "certificate": self.certificate,
            "power": self.power, "attackers": self.attacks, "strategies": self.strategies, "styles": self.styles,
            "games": self.ledger.games, "command": self.command,
        }  # fmt: skip
        titles = Titles(self.field)
        data["sentence"] = sentence(data, titles.seat)
        found = Discovery(data, mixture, self.out)
        write_discovery(data, self.out, titles)
        return found


def _differences(theirs: Data, mine: Data) -> str:
    """Return in which settings a folder's search differs from the one that is asked for."""

    def said(value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(map(str, value))
        if value is None or isinstance(value, bool):
            return "yes" if value else "no"
        return f"{value:,}" if isinstance(value, int) else str(value)

    differs = [name for name in {**mine, **theirs} if theirs.get(name) != mine.get(name)]
    return "; ".join(f"{name}: {said(theirs.get(name))}, not {said(mine.get(name))}" for name in differs)


def _shares(rivals: Rivals) -> dict[str, dict[str, float]]:
    """Return by seat who plays how often, the most frequent first."""
    return {
        seat: {r.name: round(r.share, 4) for r in sorted(found, key=lambda r: -r.share) if r.share >= 0.0005}
        for seat, found in rivals.seats.items()
    }


def _with(population: Rivals, rivals: Rivals) -> Rivals:
    """Return an earlier mixture among the players that there are now, so that all share one engine."""
    shares = {}
    for seat, found in population.seats.items():
        known = {rival.name: rival.share for rival in rivals.seats[seat]}
        shares[seat] = [known.get(rival.name, 0.0) for rival in found]
    return population.shared(shares, rivals.title)
