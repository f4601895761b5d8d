"""Discovery's mixtures are equilibria: nashpy, OpenSpiel and exact regret agree."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import nashpy
import numpy as np
import pyspiel
import pytest
import yaml
from open_spiel.python import policy as spiel_policy
from open_spiel.python.algorithms import exploitability

import ai_players
from ai_players.scripted import ScriptedPlayer
from game import Move
from rules.model.rulebook import Doctrine, Rulebook
from tests.discovery.rock import hand_of
from tests.oracles.side_by_side import oracle_book
from tests.oracles.test_oracle_kuhn_value import BET, CHECK, FIRST_KNOWS, SECOND_KNOWS, expected, game_of_deal, pure
from tournament.design.plan import Plan, plan_from
from tournament.discovery import Discovery, DiscoverySettings, discover, targets
from tournament.discovery.draft import Draft
from tournament.discovery.payoffs import Payoffs
from tournament.discovery.rivals import Rival, Rivals
from tournament.discovery.targets import duel, replicated

PAYS = np.array([[0, -1, 2], [1, 0, -1], [-2, 1, 0]])
"""What the row gets: rock, paper, scissors."""


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


KUHN = DiscoverySettings(
    payoff="points", games=1_200_000, epsilon=0.15, rounds=10, restarts=1, power=1, worlds=3_000,
    oracles=("evolution",), attackers={},
)  # fmt: skip


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
