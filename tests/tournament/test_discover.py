"""Discovery: the mixture is the equilibrium, a stop costs nothing, and no more is certified than was shown."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import random
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import nashpy
import numpy as np
import polars as pl
import pyspiel
import pytest
import yaml
from open_spiel.python import policy as spiel_policy
from open_spiel.python.algorithms import exploitability

import ai_players
from ai_players.scripted import ScriptedPlayer
from game import Game, Move
from game.cli.app import run as chokepoint
from game.errors import UsageError
from rules import RuleErrors, load_rulebook
from rules.model.rulebook import Doctrine, Rulebook
from tests.oracles.side_by_side import oracle_book
from tests.oracles.test_oracle_kuhn_value import BET, CHECK, FIRST_KNOWS, SECOND_KNOWS, expected, game_of_deal, pure
from tests.tournament.test_exploit import HANDS, plan_of
from tournament.cli.exploit import mixture_words
from tournament.design.field import enter
from tournament.design.ids import digest
from tournament.design.plan import Plan, load_plan, plan_from
from tournament.discovery import Discovery, DiscoverySettings, certificate, discover, ledger, targets
from tournament.discovery.arena import Arena, Halves
from tournament.discovery.certificate import Searching, holm, power
from tournament.discovery.draft import GRID, LINES, PREFERENCES, Base, Draft, Variation, dated, distinct
from tournament.discovery.ledger import Ledger, OutOfTime
from tournament.discovery.oracles import LEAST_GAMES, LEAST_LEARNED, PORTFOLIO, Scale, _Sweep
from tournament.discovery.page import ORACLES, brief, page
from tournament.discovery.payoffs import Payoffs
from tournament.discovery.reply import variation_of
from tournament.discovery.rivals import STARTS, Rival, Rivals, evenly
from tournament.discovery.steps import deeds
from tournament.discovery.targets import duel, replicated
from tournament.discovery.words import attack_words, line_words, missed, missed_words, outside, power_words, sentence
from tournament.report.titles import Titles

# Rock that wins counts double: a mixture that is not a third each.
HEAVY_ROCK = HANDS.replace("range: [-1, 1]", "range: [-2, 2]").replace(
    "won[s] = 1 if ahead == 1 else -1 if ahead == 2 else 0",
    "won[s] = (2 if hand[s] == 0 else 1) if ahead == 1 else -(2 if other == 0 else 1) if ahead == 2 else 0",
)
PAYS = np.array([[0, -1, 2], [1, 0, -1], [-2, 1, 0]])
"""What the row gets: rock, paper, scissors."""

QUICK = DiscoverySettings(
    payoff="points", games=500_000, epsilon=0.2, rounds=5, restarts=1, power=2, worlds=4, oracles=("evolution",),
    attackers={"search:1": 2},
)  # fmt: skip


@pytest.fixture(scope="module")
def hands(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Discovery]:
    folder = tmp_path_factory.mktemp("hands")
    plan = plan_of(folder, HEAVY_ROCK, "rock")
    return plan, discover(plan, folder / "out", QUICK)


def files(folder: Path) -> dict[str, str]:
    """Names and hashes of everything in a folder."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def hand_of(draft: Draft, book: Rulebook, seat: str) -> int:
    """Which of rock, paper and scissors a draft plays."""
    player = ai_players.load_text(draft.text("it"), "it", book)
    game = Game(book, "once", 1)
    if seat == "two":
        game.play("rock")
    return ("rock", "paper", "scissors").index(game.choose(player).name)


# ------------------------------------------------------------------------------------------- equilibria


def test_the_mixture_of_a_matrix_game_is_nashpys(hands: tuple[Plan, Discovery]) -> None:
    _, made = hands
    (row, column), *_ = nashpy.Game(PAYS, -PAYS).support_enumeration()
    for seat, wanted in (("one", row), ("two", column)):
        shares = np.zeros(3)
        for rival in made.mixture.seats[seat]:
            assert rival.draft is not None
            shares[hand_of(rival.draft, made.mixture.book, seat)] += rival.share
        assert shares == pytest.approx(wanted, abs=1e-6)
        assert (PAYS @ shares).max() <= 1e-6  # exact regret: no hand gains


@pytest.mark.slow
def test_a_small_poker_written_as_rules_is_solved_within_epsilon_and_openspiel_agrees(tmp_path: Path) -> None:
    """Kuhn poker: every strategy of the class is pure, the mixture is not; its exact regret against all strategies."""
    made = discover(kuhn_plan(tmp_path), tmp_path / "out", KUHN)
    first, second = (behaviour(made.mixture, seat) for seat in ("one", "two"))
    value = expected(first, second)
    gains = [
        max(expected(answer, second) for answer in pure(FIRST_KNOWS)) - value,
        value - min(expected(first, answer) for answer in pure(SECOND_KNOWS)),
    ]
    assert max(gains) <= KUHN.epsilon
    assert abs(value - Fraction(-1, 18)) <= KUHN.epsilon
    game = pyspiel.load_game("kuhn_poker")
    theirs = spiel_policy.TabularPolicy(game)
    for (card, moves), bets in (first | second).items():
        told = "".join("b" if move == BET else "p" for move in moves)
        theirs.policy_for_key(f"{card}{told}")[:] = [1 - float(bets), float(bets)]
    assert exploitability.nash_conv(game, theirs) == pytest.approx(float(sum(gains)), abs=1e-9)


KUHN = DiscoverySettings(
    payoff="points", games=1_200_000, epsilon=0.15, rounds=10, restarts=1, power=1, worlds=3_000,
    oracles=("evolution",), attackers={},
)  # fmt: skip


def kuhn_plan(folder: Path) -> Plan:
    """Both seats check and fold, with a line for every situation in which they could bet."""
    seats = {}
    for seat, role, plies in (("one", "first", (0, 2)), ("two", "second", (1,))):
        lines = [{"move": "check_or_fold", "score": 10}]
        for card in range(3):
            for ply in plies:
                tests = ["bet[first] == 0", "bet[first] == 1"] if seat == "two" else ["plies >= 0"]
                lines += [
                    {"move": "put_in", "score": f"5 if card[me] == {card} and plies == {ply} and {test} else 0"}
                    for test in tests
                ]
        path = folder / f"{seat}_folds.yaml"
        path.write_text(yaml.safe_dump({"doctrine": f"{seat}_folds", "roles": [role], "prefer": lines}))
        seats[seat] = [str(path)]
    rules = str(Path(__file__).parents[1] / "oracles" / "kuhn_poker.yaml")
    return plan_from({"plan": "kuhn", "rules": rules, "scenario": "heads_up", "seats": seats})


def bets_of(player: Doctrine, book: Rulebook, seat: str) -> dict[tuple[int, tuple[str, ...]], Fraction]:
    """How likely a doctrine bets or calls in every situation: the higher score, or either of two."""
    found = {}
    for card, moves in FIRST_KNOWS if seat == "one" else SECOND_KNOWS:
        deal = (card, (card + 1) % 3) if seat == "one" else ((card + 1) % 3, card)
        game = game_of_deal(deal).branch()
        for move in moves:
            game.play(move)
        folds, bets = ScriptedPlayer(player, book).scores(game.view(seat), [Move(CHECK), Move(BET)])
        found[card, moves] = Fraction(1, 2) if bets == folds else Fraction(int(bets > folds))
    return found


def behaviour(mixture: Rivals, seat: str) -> dict[tuple[int, tuple[str, ...]], Fraction]:
    """How likely a mixture bets in every situation, given that it gets there."""
    book = oracle_book("kuhn_poker")
    parts = [
        (Fraction(rival.share), bets_of(ai_players.load_text(rival.draft.text("it"), "it", book), book, seat))
        for rival in mixture.seats[seat]
        if rival.draft is not None and rival.share > 0
    ]
    found = {}
    for card, moves in FIRST_KNOWS if seat == "one" else SECOND_KNOWS:
        there = [share * (1 - bets[card, ()] if len(moves) == 2 else 1) for share, bets in parts]
        went = sum(share * bets[card, moves] for share, (_, bets) in zip(there, parts, strict=True))
        found[card, moves] = Fraction(went) / sum(there) if sum(there) else Fraction(0)
    return found


def test_payoffs_are_played_by_need_never_all_of_them(hands: tuple[Plan, Discovery]) -> None:
    """Twelve strategies a seat, of which three matter: 63 profiles of 144 at most lie within one deviation."""
    made = hands[1]
    rivals = made.mixture
    for seat in rivals.seats:
        for n in range(12 - len(rivals.seats[seat])):
            draft = Draft(rivals.drafts(seat)[0].base, otherwise=n - 10)
            rivals = rivals.joined(seat, Rival(f"{seat}_more_{n}", 0.0, str(n), draft))
    payoffs = Payoffs(rivals, 2, 5)
    _, value, regret, even = duel(payoffs)
    assert even and regret < 1e-9
    assert value == pytest.approx([0, 0], abs=1e-9)
    assert payoffs.profiles <= 144 - 81
    assert payoffs.games == 2 * payoffs.profiles


def test_replicator_steps_end_where_nobody_gains_more_than_the_threshold(hands: tuple[Plan, Discovery]) -> None:
    payoffs = Payoffs(hands[1].mixture, 200, 5)
    for threshold in (0.6, 0.3):
        near, _, left = replicated(payoffs, [np.zeros(size) for size in payoffs.sizes], threshold)
        assert left <= threshold
        assert all(share.sum() == pytest.approx(1) for share in near)


@pytest.mark.parametrize(("regret", "taken"), [(0.0, "programme"), (0.3, "steps"), (0.5, "programme")])
def test_where_sums_differ_the_mixture_with_the_least_regret_is_taken(
    hands: tuple[Plan, Discovery], monkeypatch: pytest.MonkeyPatch, regret: float, taken: str
) -> None:
    """Of the linear programmes' and the replicator's, which runs in circles where many strategies are nearly even."""
    population = hands[1].mixture
    mixes = {
        name: [np.eye(len(found))[place] for found in population.seats.values()]
        for place, name in enumerate(("programme", "steps"))
    }
    of_steps = 0.6 if regret == 0.5 else 0.1
    monkeypatch.setattr(targets, "duel", lambda _: (mixes["programme"], np.zeros(2), regret, False))
    monkeypatch.setattr(targets, "replicated", lambda *_: (mixes["steps"], np.zeros(2), of_steps))
    told = targets.SolveStep(population, 4, 1, 0.2, 0.05).run()
    assert told["equilibrium"] == targets.by_name(population, mixes[taken])
    assert told["regret"] == min(regret, of_steps)


# ------------------------------------------------------------------------------------------- stopping and going on


@pytest.mark.parametrize("every", [7, 30])
def test_stopped_at_any_moment_it_goes_on_to_the_same_bytes(
    hands: tuple[Plan, Discovery], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    plan, whole = hands
    out, left = tmp_path / "out", [0]

    def check(_: Ledger) -> None:
        left[0] += 1
        if left[0] % (every + 1) == 0:
            raise OutOfTime

    # A step that was done before is looked up: what is tested here is stopping, not playing.
    results = {path.stem: json.loads(path.read_text()) for path in (whole.folder / "steps").iterdir()}

    def known(job: Any, games: Any) -> Any:
        found = [results[digest_of(job.steps[n])] for n in games.tolist()]
        return ledger.Done(len(games), 0.0, "", (json.dumps(found).encode(), games.tobytes()))

    monkeypatch.setattr(ledger.StepsJob, "play", known)
    monkeypatch.setattr(Ledger, "_check", check)
    stops = 0
    while (made := discover(plan, out, QUICK)).status == "stopped":
        stops += 1
        assert "nothing is certified" in made.sentence
        torn = random.Random(stops).choice(sorted((out / "steps").iterdir())) if (out / "steps").is_dir() else None
        if torn is not None:  # killed while writing elsewhere, or by a full disk
            torn.write_bytes(torn.read_bytes()[:7])
    assert stops >= 2
    assert files(out) == files(whole.folder)


def digest_of(step: ledger.Step) -> str:
    return digest(step.key)


def test_the_same_seed_gives_the_same_bytes_and_steps_are_functions_of_their_keys(
    hands: tuple[Plan, Discovery], tmp_path: Path
) -> None:
    """Three steps of three kinds, done again."""
    plan, whole = hands
    field = enter(plan)
    rivals = replace(evenly(field, "plan p"), payoff="points")
    for oracle in ("sweep", "evolution", "covariance", "bases"):
        found = [PORTFOLIO[oracle](rivals, "one", LEAST_GAMES, 7) for _ in range(2)]
        assert found[0] == found[1]
    again = discover(plan, whole.folder, QUICK)
    assert again.data == whole.data


# ------------------------------------------------------------------------------------------- the class


def test_what_is_found_is_within_the_class_and_its_file_says_what_each_line_is_worth(
    hands: tuple[Plan, Discovery],
) -> None:
    plan, made = hands
    titles = Titles(enter(plan))
    assert "at most 12 preferences" in made.data["class"] and "at most 8 of them changed" in made.data["class"]
    assert made.data["strategies"]
    for name, each in made.data["strategies"].items():
        draft = next(r.draft for r in made.mixture.seats[each["seat"]] if r.name == name)
        assert draft is not None and 0 < draft.lines <= LINES
        assert all(factor == 0 or factor in GRID for factor in draft.factors.values())
        written = yaml.safe_load((made.folder / "found" / f"{name}.yaml").read_text())
        assert written["doctrine"] == name
        assert len(written["prefer"]) == draft.size <= PREFERENCES
        assert [line["change"] for line in each["worth"]] == [words for words, _ in draft.parts]
        lines = [line_words(words, titles) for words, _ in draft.parts]
        assert all(re.search(rf"{re.escape(line)} [+−]?\d", written["summary"]) for line in lines)
        if name in made.data["mixture"][each["seat"]]:
            assert re.match(r"In a game it plays on average “\w+” \d\.\d times", written["summary"])
            assert "beside the final mixture" in written["summary"]
        assert "worlds that chose nothing" in written["source"]
        assert isinstance(ai_players.load(str(made.folder / "found" / f"{name}.yaml"), made.mixture.book), Doctrine)


def test_points_of_adaptation_are_drafts_of_the_class() -> None:
    data = {"doctrine": "x", "knobs": {"zeal": {"value": 100, "range": [0, 300]}}, "otherwise": 1}
    base = Base("x", {**data, "prefer": [{"move": f"m{n}", "score": n} for n in range(12)]})
    start = Draft(base, {0: 0, 1: 200}, {"zeal": 150}, ({"move": "m20", "score": 5},))
    scale = Scale(start)
    assert scale.draft(scale.centre) == start
    rng = np.random.default_rng(1)
    for _ in range(200):
        draft = scale.draft(rng.normal(0, 2, len(scale.centre)))
        assert draft.lines <= LINES and draft.added == start.added
        assert all(factor == 0 or factor in GRID for factor in draft.factors.values())
        assert all(0 <= value <= 300 and value % 10 == 0 for value in draft.knobs.values())
    assert scale.draft(np.zeros(len(scale.centre))).lines == 1


def test_single_edits_are_one_step_away_and_two_of_them_merge() -> None:
    data = {"doctrine": "x", "knobs": {"zeal": {"value": 100, "range": [0, 300]}}, "otherwise": 1}
    base = Base("x", {**data, "prefer": [{"move": f"m{n}", "score": n} for n in range(6)]})
    lender = Base("y", {"doctrine": "y", "prefer": [{"move": "m7", "score": "3 + round"}]})
    start = Draft(base, {0: 0, 1: 200}, {"zeal": 150}, ({"move": "m8", "score": 5},))
    edits = Variation([base, lender], ["m7", "m8", "m9"]).edits(start)
    assert len(edits) == len(distinct(edits)) and start not in edits
    assert all(_steps(start, edit) == 1 for edit in edits)
    assert {"move": "m7", "score": "3 + round"} in [entry for edit in edits for entry in edit.added]
    assert any(not edit.added for edit in edits) and any(
        edit.factors.get(0) == 100 or 0 not in edit.factors for edit in edits
    )
    for one, other in itertools.combinations(random.Random(1).sample(edits, 20), 2):
        both = one.merged(other, start)
        same_place = _steps(one, other) == 1
        assert _steps(one, both) == (0 if same_place else 1)
        assert _steps(other, both) == 1


SEASONS = """
rulebook: {name: seasons, title: Seasons, version: 1, semantics: 1, summary: "Who sows first reaps."}
turns: {actions: 1, rotate: false, pass: false}
roles: {row: {title: Row}, column: {title: Column}}
tracks:
  sown: {title: Sown, scope: seat, range: [0, 9]}
  reaped: {title: Reaped, scope: seat, range: [0, 99]}
families: {work: Work}
moves:
  sow: {title: Sow, family: work, effects: ["sown[me] += 1"]}
  reap: {title: Reap, family: work, effects: ["reaped[me] += sown[me]"]}
goals: {score: "reaped[me]"}
scenarios:
  once: {title: Once, rounds: 8, seats: {one: {title: One, roles: [row]}, two: {title: Two, roles: [column]}}}
"""


def test_by_the_calendar_a_sweep_finds_what_changes_with_the_round(tmp_path: Path) -> None:
    rivals = replace(evenly(enter(plan_of(tmp_path, SEASONS, "sow")), "the field"), payoff="points")
    worth = {}
    for calendar in (False, True):
        known = replace(rivals, calendar=calendar)
        found = PORTFOLIO["sweep"](known, "one", 6_000, 1)
        assert isinstance(found, Draft) and found.in_class
        arena = Arena(known, "one", 2)
        worth[calendar] = arena.payoffs([found], arena.fresh(10))[0, :, 0].mean()
    # Always the same, or chance among equals; half of the year to sow and half to reap.
    assert worth[False] < 13 and worth[True] == 16
    assert any(map(dated, found.added)) and "round" in found.changes[0]
    assert rivals.key != known.key
    with pytest.raises(UsageError, match="plays by a calendar that its rivals have not"):
        Arena(rivals, "one", 2).payoffs([found], range(1))


def test_what_a_search_with_a_calendar_may_find_is_said_and_a_folder_is_its_own(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, HANDS, "rock")
    made = discover(plan, tmp_path / "out", replace(QUICK, calendar=True, attackers={}), hours=0)
    assert str(made.data["class"]).endswith("for any move") and made.data["settings"]["calendar"] is True
    assert "calendar" not in QUICK.plain()
    with pytest.raises(UsageError, match=r"holds a search with other settings \(calendar: yes, not no\)"):
        discover(plan, tmp_path / "out", replace(QUICK, attackers={}), hours=0)


def _steps(one: Draft, other: Draft) -> int:
    """In how many places two drafts of a base differ."""
    lines = sum(one.factors.get(n, 100) != other.factors.get(n, 100) for n in range(len(one.base.prefer)))
    names = {*one.knobs, *other.knobs}
    knobs = sum(one.knobs.get(name) != other.knobs.get(name) for name in names)
    added = {e["move"] for each, rest in ((one, other), (other, one)) for e in each.added if e not in rest.added}
    return lines + knobs + len(added) + (one.otherwise != other.otherwise)


def test_the_best_of_many_is_found_by_halving(hands: tuple[Plan, Discovery]) -> None:
    rivals = hands[1].mixture
    only = {seat: [1.0] + [0.0] * (len(found) - 1) for seat, found in rivals.seats.items()}
    arena = Arena(rivals.shared(only, "rock"), "one", 3)
    hands_of = [Draft(rivals.drafts("one")[0].base, {}, {}, ({"move": move, "score": 80},)) for move in
                ("rock", "scissors", "rock", "paper", "scissors")]  # fmt: skip
    assert arena.best(hands_of, 60)[0] == hands_of[3]


def test_weighed_halves_pay_what_worlds_as_they_come_pay(hands: tuple[Plan, Discovery]) -> None:
    """Over whole turns of both halves exactly, though one is larger: nothing is moved but the noise."""
    rivals = replace(hands[1].mixture, payoff="win")
    arena = Arena(rivals, "one", 3)
    rock, scissors = (
        Draft(rivals.drafts("one")[0].base, {}, {}, ({"move": move, "score": 80},)) for move in ("rock", "scissors")
    )
    halves = Halves(arena, rock, 13)
    plain = arena.payoffs([rock, scissors], range(13))
    worse = int((plain[0, :, 0] < plain[0, :, 0].mean()).sum())
    assert 0 < worse < 13
    weighed = halves.payoffs([rock, scissors], 2 * math.lcm(worse, 13 - worse))
    assert weighed.mean(axis=1) == pytest.approx(plain[:, :, 1].mean(axis=1))


class Planned(Arena):
    """An arena in which it is given what each draft is paid in each world."""

    def payoffs(self, players: Any, worlds: Any) -> Any:
        self.games += len(players) * len(worlds)
        paid = [[self._paid(player.otherwise, world) for world in worlds] for player in players]
        return np.repeat(np.array(paid, dtype=float)[:, :, None], 2, axis=2)

    def _paid(self, edit: int | None, world: int) -> bool:
        luck = random.Random(f"{self.seed} {world}").random()
        if edit == 0:
            return luck > 0.05  # wins half of the games that the origin loses
        changes = edit is not None and random.Random(f"{self.seed} {world} {edit}").random() < 0.1
        return (luck > 0.1) != changes  # the others change one game of ten, mostly for the worse


def test_an_edit_that_wins_only_where_its_origin_loses_survives_a_sweep(hands: tuple[Plan, Discovery]) -> None:
    """One game of ten is lost, half of those the edit wins: of four worlds as they come it changes none mostly."""
    rivals = hands[1].mixture
    origin = Draft(rivals.drafts("one")[0].base)
    edits = [replace(origin, otherwise=n) for n in range(100)]
    kept = 0
    for seed in range(20):
        arena = Planned(rivals, "one", seed)
        sweep = _Sweep(arena, variation_of(arena, [origin]), 4 * len(edits), random.Random(seed))
        kept += edits[0] in sweep._front(origin, edits)
    assert kept >= 15


def two_bases(rivals: Rivals) -> Rivals:
    """The same, and in seat one a doctrine of another base, found first, then many of the usual one."""
    usual = rivals.drafts("one")[0].base
    text = "doctrine: other\nroles: [row]\nprefer: [{move: paper, score: 3}]\n"
    drafts = [Draft(Base.of(text)), *(Draft(usual, otherwise=n) for n in range(2 * STARTS))]
    found = tuple(Rival(f"r{n}", float(n > 0), draft.code, draft) for n, draft in enumerate(drafts))
    return replace(rivals, seats={**rivals.seats, "one": found})


def test_a_search_starts_from_every_base_however_much_was_found_later(hands: tuple[Plan, Discovery]) -> None:
    rivals = two_bases(hands[1].mixture)
    starts = rivals.starts("one")
    assert len(starts) == STARTS
    assert {draft.base for draft in starts} == {draft.base for draft in rivals.drafts("one")}
    assert starts[0] == rivals.drafts("one")[-1]


def test_every_base_is_swept_by_itself_with_as_many_games(
    hands: tuple[Plan, Discovery], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A base far behind the best is not left for it."""
    swept = []

    def first(arena: Arena, start: list[Draft], budget: int, rng: random.Random) -> Draft:
        swept.append(({draft.base.name for draft in start}, budget))
        return start[0]

    monkeypatch.setattr("tournament.discovery.oracles.swept", first)
    found = PORTFOLIO["bases"](two_bases(hands[1].mixture), "one", LEAST_GAMES, 1)
    (one, other), (games, as_many) = zip(*swept, strict=True)
    assert len(one) == len(other) == 1
    assert one != other
    assert games == as_many > 0
    assert isinstance(found, Draft)


# ------------------------------------------------------------------------------------------- the certificate


def test_a_search_that_misses_what_was_planted_certifies_nothing(
    hands: tuple[Plan, Discovery], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing more was found, and what was planted is found for one seat, not for the other."""
    plan, made = hands
    assert not any(each["found"] for told in made.data["certificate"][-2:] for each in told["seats"].values())
    for told in made.data["power"].values():
        assert told["planted"] and told["worth"] == pytest.approx(2 * QUICK.epsilon, rel=0.5)
        assert told["found"] == sum(gain >= 0.8 * told["worth"] for gain in told["gains"])
        assert told["passed"] == (told["found"] >= 0.9 * told["seeds"])
    missed = {**made.data["power"]["one"], "found": 1, "passed": False}
    monkeypatch.setattr(
        import_module("tournament.discovery.discover"),
        "power",
        lambda *how: missed if how[3] == "one" else made.data["power"]["two"],
    )
    again = discover(plan, Path(shutil.copytree(made.folder, tmp_path / "out")), QUICK)
    assert again.status == "search too weak"
    assert "too weak to say that nothing does: for One 1 of 2 searches found four fifths of" in again.sentence
    assert "search:1" in again.sentence


def test_a_search_with_games_enough_finds_what_was_planted_in_nine_seeds_of_ten(
    hands: tuple[Plan, Discovery], tmp_path: Path
) -> None:
    how = Searching(("evolution", "covariance"), 6_000, 1_500, QUICK.epsilon, seed=3)
    with ledger.executor_for(False, None, lambda _: None) as executor:
        steps = Ledger(tmp_path / "steps", executor, None, lambda _: None)
        told = [power(steps, how, hands[1].mixture, seat, 1, 10) for seat in ("one", "two")]
    for each in told:
        assert each["worth"] == pytest.approx(2 * QUICK.epsilon, rel=0.25)
        assert each["found"] >= 9
        assert each["passed"]


def test_where_a_weakness_is_missed_larger_ones_tell_what_would_have_been_found(
    hands: tuple[Plan, Discovery], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def tested(*how: Any) -> dict[str, Any]:
        tried.append(how[-1])
        found = 10 if how[-1] >= 4 * QUICK.epsilon else 3
        return {"hidden": False, "planted": True, "worth": how[-1], "found": found, "seeds": 10, "passed": found >= 9}

    monkeypatch.setattr(certificate, "_tested", tested)
    how = Searching(("evolution",), LEAST_GAMES, 500, QUICK.epsilon, seed=3)
    with ledger.executor_for(False, None, lambda _: None) as executor:
        steps = Ledger(tmp_path / "steps", executor, None, lambda _: None)
        told = power(steps, how, hands[1].mixture, "one", 1, 10)
    assert tried == [2 * QUICK.epsilon, 4 * QUICK.epsilon]
    assert not told["passed"]
    assert power_words(told, "points") == (
        "3 of 10 searches found four fifths of a weakness planted on purpose (0.4), 10 of one worth 0.8"
    )


def test_where_nothing_can_be_planted_what_was_found_last_is_hidden_and_found_again(
    hands: tuple[Plan, Discovery], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against one who always shows rock paper is worth one point more than rock, and was found after it: too easy to
    tell what a search is worth, so that rock is shown less often.
    """
    monkeypatch.setattr(certificate, "_planted", lambda *_: None)
    mixture = hands[1].mixture
    only = {seat: [1.0] + [0.0] * (len(found) - 1) for seat, found in mixture.seats.items()}
    how = Searching(("evolution",), LEAST_GAMES, 500, QUICK.epsilon, seed=3)
    with ledger.executor_for(False, None, lambda _: None) as executor:
        steps = Ledger(tmp_path / "steps", executor, None, lambda _: None)
        told = power(steps, how, mixture.shared(only, "rock"), "one", 1, 2)
    assert told["hidden"] and told["worth"] == pytest.approx(2 * QUICK.epsilon, rel=0.25)
    assert told["found"] == 2 and told["passed"]


def test_settled_is_said_with_how_strong_the_search_was(hands: tuple[Plan, Discovery]) -> None:
    data = hands[1].data
    power = {seat: {**each, "found": 2, "passed": True} for seat, each in data["power"].items()}
    said = sentence({**data, "status": "settled", "power": power}, str.upper)
    assert said.startswith(
        "Survives within the class at 0.2 points: two rounds of restarts in a row found nothing more"
    )
    assert "for ONE 2 of 2 searches found four fifths of" in said and "search:1" in said


def test_rounds_that_run_out_leave_it_moving(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, HEAVY_ROCK, "rock")
    made = discover(plan, tmp_path / "out", replace(QUICK, rounds=1, attackers={}))
    assert made.status == "still moving"
    assert "holds among these" in made.sentence
    assert not made.data["power"]


def test_holms_correction() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


# ------------------------------------------------------------------------------------------- what it says, and errors


def test_the_sentence_is_the_same_everywhere(hands: tuple[Plan, Discovery]) -> None:
    made = hands[1]
    data = json.loads((made.folder / "discovery.json").read_text())
    assert data["sentence"] == made.sentence
    page = (made.folder / "report.html").read_text()
    assert made.sentence.replace("'", "&#39;") in page
    assert set(pl.read_csv(made.folder / "certificate.csv")["status"]) == {made.status}
    assert {"mixture", "rounds", "certificate", "attackers", "strategies", "lines"} <= set(made.frames())
    assert math.isclose(sum(made.frames()["mixture"].filter(pl.col("seat") == "one")["share"]), 1, abs_tol=1e-3)


def test_what_a_reader_asks_first_is_answered_whatever_came_of_it() -> None:
    """For somebody who never heard of a certificate: does anything dominate, how sure is that, who played what."""
    titles = Titles(enter(load_plan("duel_full")))
    test = {"hidden": True, "planted": True, "worth": 0.035, "found": 10, "seeds": 10, "passed": True, "larger": []}
    failed = {**test, "found": 3, "passed": False, "larger": [{**test, "worth": 0.079}]}
    data = {
        "settings": {"payoff": "win", "epsilon": 0.02, "attackers": {"search:4": 4}}, "scenario": "duel_2025",
        "first": {"united_states": 4, "china": 5}, "strategies": {"china_1": {}}, "rules": "18c8bbd740a4",
        "rounds": [{}, {}], "games": 38_443, "budget": 500, "status": "search too weak",
        "power": {"united_states": test, "china": failed},
    }  # fmt: skip
    weak = brief(data, titles)
    assert "That is no proof" in weak["Does anything dominate?"]
    assert "United States passed (10 of 10); China did not (3 of 10)." in weak["How sure is that?"]
    assert "As China, 10 of 10 found one of 7.9: so large a gain would hardly be missed" in weak["How sure is that?"]
    assert weak["Who played?"] == (
        "Doctrines: 4 as United States and 5 as China to begin with, and 1 that the search found."
        " From outside the class search:4 attacked."
    )
    assert "(18c8bbd7), scenario Duel 2025: 38,443 games in 2 rounds, 500 in each" in weak["Under which rules?"]
    settled = brief({**data, "status": "settled", "power": {"china": test}}, titles)
    assert settled["Does anything dominate?"].startswith("Within the class, as far as")
    assert "More games" not in settled["How sure is that?"]
    for status, said in (("still moving", "Not yet"), ("stopped", "Nobody can say yet")):
        told = brief({**data, "status": status, "power": {}}, titles)
        assert told["Does anything dominate?"].startswith(said)
        assert told["How sure is that?"].startswith("Not at all")


def test_the_page_has_words_for_every_oracle() -> None:
    assert list(ORACLES) == list(PORTFOLIO)


def test_the_page_says_titles_not_names(hands: tuple[Plan, Discovery]) -> None:
    page = (hands[1].folder / "report.html").read_text()
    names = [*hands[1].data["strategies"], *hands[1].data["mixture"]["one"], *hands[1].data["mixture"]["two"]]
    assert names
    for name in names:
        assert name not in page.replace(f"found/{name}.yaml", ""), name


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("fund_fabs times 0.3", "Fund chip plants\u00a0×\u00a00.3"),
        ("distil", "Distil the models of …"),
        ("court_developers and distil added", "“Court developers” and “Distil the models of …” added"),
        ("family sanctions times 3", "Family Sanctions\u00a0×\u00a03"),
        ("any other move at -1", "Any other move at −1"),
        ("knob appetite_for_fees at 70", "Knob appetite for fees at 70"),
        ("24 lines left out", "24 lines left out"),
    ],
)
def test_a_change_is_told_in_words(change: str, said: str) -> None:
    assert line_words(change, Titles(enter(load_plan("duel_full")))) == said


def test_what_a_strategy_does_is_told_in_the_rulebooks_titles() -> None:
    """A summary names moves as every other page does, and what its base never plays or it never plays without a
    number.
    """
    field = enter(load_plan("duel_full"))
    rivals = evenly(field, "plan p")
    ours = rivals.drafts("china")
    arena = Arena(rivals, "china", 1)
    told = deeds(arena, arena.played([ours[0], ours[1]], arena.fresh(12)), 12)
    names = {name for name in field.base.moves if "_" in name}
    assert not [name for name in names if name in told or name.replace("_", " ") in told]
    known = {Titles(field).move(name) for name in (*field.base.moves, "pass")}
    assert known.issuperset(re.findall("“(.+?)”", told)) and " times, “" in told
    assert "Compared with the doctrine it comes from" in told and " instead of 0.0" not in told
    same = deeds(arena, arena.played([ours[0], ours[0]], arena.fresh(4)), 4)
    assert "Compared" not in same and same.endswith(".")


def test_weaker_ways_to_play_are_folded(hands: tuple[Plan, Discovery]) -> None:
    plan, made = hands
    style = {"first": 0.5, "second": 0.1, "base": "rocks", "changes": "as it is", "value": 1.0, "half": 0.1}
    far = [0.0, 0.29, 0.31, 1.5]  # epsilon is 0.2, and three halves of it are close
    styles = {"axes": ["Rock", "Paper"], "cells": 9, "styles": [{**style, "behind": behind} for behind in far]}
    text = page({**made.data, "styles": {"one": styles}}, Titles(enter(plan)))
    ways = text.split('id="styles"')[1].split("</section>")[0]
    assert "Within 0.3 points of the best: 2 ways to play as One." in ways
    open_, _, folded = ways.partition("<details>")
    assert "2 weaker ways, 0.3 to 1.5 behind the best" in folded
    assert [part.count("Rocks: As it is") for part in (open_, folded)] == [2, 2]


def test_the_chance_that_a_certificate_misses_a_weakness_lies_in_its_range() -> None:
    """Whatever part of all searches finds the weakness: ten searches tell how often ten restarts together miss it."""
    rng, inside, share = np.random.default_rng(5), [], np.linspace(0.02, 0.98, 25)
    for each in share:
        misses = (rng.binomial(10, each, size=4_000) == 0).mean()
        assert misses == pytest.approx((1 - each) ** 10, abs=0.03)
        ranges = [missed(found, 10, 10) for found in range(11)]
        drawn = rng.binomial(10, each, size=2_000)
        inside.append(np.mean([ranges[k][1] <= (1 - each) ** 10 <= ranges[k][2] for k in drawn]))
    assert np.mean(inside) >= 0.945 and min(inside) >= 0.8
    said = {"planted": True, "worth": 0.035, "found": 2, "seeds": 10}
    data = {"settings": {"payoff": "win", "restarts": 5}}
    assert missed_words(said, data) == (
        "The certificate’s 10 restarts together would miss one like this, worth 3.5,"
        " in 11 of 100 certificates (0 to 56)."
    )
    assert missed(0, 10, 10)[0] == 1 and missed(10, 10, 10)[0] == 0
    assert missed_words({"planted": False}, data) == ""


def test_few_worlds_are_said_to_tell_nothing_and_a_sure_gain_is_told_with_its_range() -> None:
    few = {"player": "search:4", "value": 0.5, "gain": 0.0, "half": 0.413, "worlds": 8}
    sure = {"player": "learned", "value": 0.592, "gain": 0.138, "half": 0.03, "worlds": 2048}
    assert (
        attack_words(few, "win")
        == "wins 50.0 of a hundred, which 8 worlds cannot tell from the mixture (−41.3 to +41.3)"
    )
    assert attack_words(sure, "win") == "wins 59.2 of a hundred, +13.8 (+10.8 to +16.8) beside the mixture"
    data = {"settings": {"payoff": "win"}, "attackers": {"china": [few, sure]}}
    assert "a learned policy as China wins 59.2" in outside(data, str.capitalize)
    assert "nothing that search:4 gains is sure" in outside({**data, "attackers": {"china": [few]}}, str.capitalize)
    assert mixture_words({"china_2": 0.004, "china_1": 0.8, "china_3": 0.006}) == "china_1 80%, china_3 under 1%"


def test_the_command_goes_on_in_its_folder_and_prints_the_sentence(
    hands: tuple[Plan, Discovery], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(hands[0].yaml())
    words = ["tournament", "discover", str(plan), "--payoff", "points", "--epsilon", "0.1", "--rounds", "1"]
    words += ["--games", "900000", "--oracle", "evolution", "--attack", "search:1=3", "--hours", "0"]
    words += ["--out", str(tmp_path / "out")]
    assert chokepoint(words) == 0
    out, err = capfd.readouterr()
    assert err == ""
    assert "Stopped before the certificate" in out
    assert "at most 8 of them changed" in " ".join(out.split())
    assert chokepoint([*words, "--json"]) == 0
    data = json.loads(capfd.readouterr().out)
    assert data["status"] == "stopped"
    assert data["settings"]["attackers"] == {"search:1": 3}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--games", "1000", "--scenario", "first_game"],
            "1,000 games are too few to search for 2 seats in up to 12 rounds",
        ),
        (["--games", "1000", "--scenario", "first_game"], "allow at least "),
        (["--games", "1000", "--rounds", "1"], "in one round and to certify what is found"),
        (["--games", "1"], "1 game is too few to search for 4 seats"),
        (
            ["--epsilon", "5"],
            "epsilon cannot be 5; give a number above 0 and below 0.5: 0.02 are two",
        ),
        (["--epsilon", "0"], "epsilon cannot be 0; give a number above 0"),
        (["--epsilon", "nan"], "--epsilon"),
        (["--epsilon", "inf", "--payoff", "points"], "epsilon cannot be inf; give a number above 0"),
        (["--oracle", "sweep", "--oracle", "sweep"], "the oracle 'sweep' is named twice; name it once"),
        (["--learn", "5"], "a policy learns nothing from 5 games; allow at least 683"),
        (["--set", "knob.nonsense=1"], "knob.nonsense: no 'nonsense' in 'knobs'"),
        (["--scenario", "nonsense"], "unknown scenario 'nonsense'"),
        (["--oracle", "delphi"], "there is no oracle 'delphi'; choose from sweep, evolution"),
        (["--payoff", "points"], "say with --epsilon"),
        (["--payoff", "glory", "--epsilon", "1"], "there is no payoff 'glory'"),
        (["--rounds", "0"], "--rounds"),
        (["--attack", "search:9=4"], "--attack search:9: there is no such search player; choose from search"),
        (["--attack", "search:4=many"], "--attack search:4=many: that is no number of worlds"),
    ],
)
def test_a_mistake_is_one_sentence(
    words: list[str], said: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert chokepoint(["tournament", "discover", *words, "--out", str(tmp_path / "out")]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert said in " ".join(err.split())
    assert "Traceback" not in err


def test_the_docs_and_the_help_say_how_many_games_are_enough(capfd: pytest.CaptureFixture[str]) -> None:
    usual, docs = DiscoverySettings(), (Path(__file__).parents[2] / "docs" / "tournaments.md").read_text()
    assert chokepoint(["tournament", "discover", "--help"]) == 0
    told = " ".join(re.sub("[│╭╮╰╯─]", " ", capfd.readouterr().out).split())
    for book, scenario in (("the duel", "duel_2025"), ("the standard game", "rivals_2025")):
        least = usual.least(len(load_rulebook("standard").scenarios[scenario].seats))
        assert f"{least:,} for {book}" in docs
        assert f"{least:,}" in told
        assert replace(usual, games=least).budget(2 if "duel" in scenario else 4) >= LEAST_GAMES
    assert f"{usual.games:,} when left out" in docs and f"[default: {usual.games}]" in told
    assert f"{LEAST_LEARNED} at least" in docs


def test_a_folder_of_another_search_is_refused(hands: tuple[Plan, Discovery], tmp_path: Path) -> None:
    plan, made = hands
    with pytest.raises(
        UsageError, match=r"holds a search with other settings \(seed: 1, not 2; calendar: no, not yes\)"
    ):
        discover(plan, made.folder, replace(QUICK, seed=2, calendar=True))
    with pytest.raises(UsageError, match="holds a search with another rulebook"):
        discover(plan.changed(overrides={"tracks.won.title": "Gained"}), made.folder, QUICK)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "manifest.json").touch()
    with pytest.raises(UsageError, match=r"holds something else \(manifest.json\); choose another folder with --out"):
        discover(plan, tmp_path / "other", QUICK)
    with pytest.raises(UsageError, match=r"manifest.json is a file, not a folder; choose another with --out"):
        discover(plan, tmp_path / "other" / "manifest.json", QUICK)
    old = tmp_path / "old"
    shutil.copytree(made.folder, old)
    settings = old / "discovery.settings.json"
    told = json.loads(settings.read_text())
    del told["edition"]  # as versions wrote it that did not know of editions
    settings.write_text(json.dumps(told))
    with pytest.raises(UsageError, match="by another version of Chokepoint, whose oracles search otherwise"):
        discover(plan, old, QUICK)


@pytest.mark.parametrize("attackers", [{"search:9": 3}, {"search:1": 1}, {"learned": 0}])
def test_who_cannot_attack_is_said_before_anything_is_searched(
    hands: tuple[Plan, Discovery], tmp_path: Path, attackers: dict[str, int]
) -> None:
    with pytest.raises(UsageError, match=r"search:9|at least"):
        discover(hands[0], tmp_path / "out", replace(QUICK, payoff="win", attackers=attackers))
    assert not (tmp_path / "out").exists()


def test_a_damaged_file_is_named_and_nothing_is_lost(
    hands: tuple[Plan, Discovery], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, whole = hands
    folder = Path(shutil.copytree(whole.folder, tmp_path / "out"))
    steps = sorted((folder / "steps").iterdir())
    results = {path.stem: json.loads(path.read_text()) for path in steps}
    damages = (b"", b"[]", b"{}", b"\xff\x00", steps[4].read_bytes()[:-9])
    torn = dict(zip(steps[:5], damages, strict=True))
    for path, text in torn.items():
        path.write_bytes(text)

    def known(job: Any, games: Any) -> Any:
        found = [results[digest_of(job.steps[n])] for n in games.tolist()]
        return ledger.Done(len(games), 0.0, "", (json.dumps(found).encode(), games.tobytes()))

    monkeypatch.setattr(ledger.StepsJob, "play", known)
    settings, notes = folder / "discovery.settings.json", list[str]()
    was = settings.read_bytes()
    for damage in (was[:40], b"[]", b"\xff"):
        settings.write_bytes(damage)
        with pytest.raises(UsageError, match=r"discovery.settings.json is damaged; delete that file and give the"):
            discover(plan, folder, QUICK)
    settings.unlink()
    discover(plan, folder, QUICK, on_note=notes.append)
    assert sorted(notes) == [f"{path} is damaged: that step is done again" for path in torn]
    assert files(folder) == files(whole.folder)


def test_others_may_attack_what_a_finished_search_found(hands: tuple[Plan, Discovery], tmp_path: Path) -> None:
    plan, made = hands
    folder = Path(shutil.copytree(made.folder, tmp_path / "again"))
    done = []
    again = discover(plan, folder, replace(QUICK, attackers={"search:1": 3}), on_step=done.append)
    assert {**again.data, "attackers": 0, "settings": 0, "games": 0, "sentence": 0} == {
        **made.data, "attackers": 0, "settings": 0, "games": 0, "sentence": 0,
    }  # fmt: skip
    assert again.data["attackers"] != made.data["attackers"]
    assert done and all("attack" in each for each in done), "nothing is searched again"


def test_strategies_of_another_rulebook_are_named(hands: tuple[Plan, Discovery]) -> None:
    found = sorted((hands[1].folder / "found").glob("one_*.yaml"))[0]
    seats: Mapping[str, list[str]] = {"united_states": [str(found)], "china": ["fortress"]}
    with pytest.raises(RuleErrors, match=r"one_1\.yaml:2: roles: unknown role 'row'"):
        discover(plan_from({"plan": "p", "scenario": "duel_2025", "seats": seats}), found.parent / "no", QUICK)


def test_what_learning_needs_is_said_before_anything_is_searched(
    hands: tuple[Plan, Discovery], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(module: str) -> Any:
        raise ImportError(name=module)

    monkeypatch.setattr("ai_players.ppo.importlib.import_module", missing)
    settings = replace(QUICK, payoff="win", attackers={"learned": 1_000})
    with pytest.raises(UsageError, match="learning needs the extra 'rl'"):
        discover(hands[0], tmp_path / "out", settings)
