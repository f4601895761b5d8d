"""Learning a seat: what is learnt wins, the same seed learns the same, and what is missing is told."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

from ai_players import Progress, load, train, win_share
from ai_players.ppo import Settings
from game import UsageError, play_games
from tests.players.contract import BOOK

SCENARIO, SEAT, OTHER = "first_game", "china", "united_states"
RIVALS: Any = [{OTHER: load("contain_and_race", BOOK)}, {OTHER: load("stack_for_friends", BOOK)}]
SMALL = Settings(games=64, length=16, hidden=(32,), batch=256)


@pytest.fixture
def torch() -> None:
    pytest.importorskip("torch", reason='learning needs torch, of the extra "rl"')


def test_what_has_learnt_wins_more_than_what_has_not(torch: None) -> None:
    told: list[Progress] = []
    learnt = train(BOOK, SCENARIO, SEAT, RIVALS, steps=40_000, settings=SMALL, on_progress=told.append)
    chance = play_games(BOOK, SCENARIO, [{**RIVALS[n % 2], SEAT: "random"} for n in range(500)], range(500))
    random_play = chance.winner[:, chance.seats.index(SEAT)].mean()
    assert win_share(learnt, RIVALS, 500, seed=1 << 40).win > random_play + 0.2
    assert learnt.learnt["steps"] == told[-1].steps >= 40_000 and told[-1].games > 1000
    assert learnt.learnt["against"] == [{OTHER: "contain_and_race"}, {OTHER: "stack_for_friends"}]
    assert 0 < told[0].win < told[-1].win <= 1


def test_a_share_of_the_win_is_that_of_whole_games(torch: None) -> None:
    policy = train(BOOK, SCENARIO, SEAT, RIVALS[:1], steps=2_000, settings=SMALL)
    shares = win_share(policy, RIVALS[:1], 30, seed=9)
    games = play_games(BOOK, SCENARIO, {**RIVALS[0], SEAT: policy}, range(9, 39))
    mine = games.seats.index(SEAT)
    assert shares.win == games.winner[:, mine].mean()
    assert shares.lead == pytest.approx((games.scores[:, mine] - games.scores[:, 1 - mine]).mean())


def test_who_loses_every_game_by_far_is_paid_for_losing_by_less(torch: None) -> None:
    """A seat whose every game was lost by more than some points was once paid the same for all of them, and learned
    nothing.
    """
    from ai_players.ppo import _Learner

    def paid(lead: float) -> float:
        learner = _Learner(BOOK, SCENARIO, SEAT, RIVALS, 1, Settings(games=8, length=40, hidden=(8,)))
        step = learner._env.step

        def losing(actions: Any) -> Any:
            seen, reward, over, cut, info = step(actions)
            return seen, 0 * reward, over, cut, info | {"margin": np.full(8, lead), "win": np.zeros(8)}

        learner._env.step = losing
        return float(learner._play()["paid"].min())

    far, farther = paid(-120.0), paid(-130.0)
    assert -0.5 < farther < far < paid(-30.0) == pytest.approx(-0.25)


def test_the_same_seed_learns_the_same_whatever_torch_did_before(torch: None) -> None:
    import torch as library

    def learnt(seed: int) -> bytes:
        return train(BOOK, SCENARIO, SEAT, RIVALS, steps=3_000, seed=seed, settings=SMALL).data

    threads = library.get_num_threads()
    library.manual_seed(1)
    first = learnt(5)
    drawn = library.rand(1)
    library.manual_seed(1)
    assert drawn == library.rand(1) and library.get_num_threads() == threads
    assert learnt(5) == first != learnt(6)


def test_it_stops_when_the_time_is_over(torch: None) -> None:
    policy = train(BOOK, SCENARIO, SEAT, RIVALS, seconds=0.01, settings=SMALL)
    assert policy.learnt["steps"] == SMALL.games * SMALL.length


def test_learning_needs_one_end() -> None:
    for ends in ({}, {"seconds": 1.0, "steps": 1}):
        with pytest.raises(UsageError, match="give either seconds or steps"):
            train(BOOK, SCENARIO, SEAT, RIVALS, **ends)


@pytest.mark.parametrize("missing", ["torch", "gymnasium"])
def test_without_the_extra_it_says_what_to_install(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if missing != "torch":
        pytest.importorskip("torch", reason='learning needs torch, of the extra "rl"')
    monkeypatch.setitem(sys.modules, missing, None)
    for module in [name for name in sys.modules if name.startswith("game.env")]:
        monkeypatch.delitem(sys.modules, module)
    with pytest.raises(UsageError, match=rf"{missing} is not installed.*chokepoint\[rl\]"):
        train(BOOK, SCENARIO, SEAT, RIVALS, steps=1)


def test_what_is_paid_is_handed_back_to_earlier_decisions(torch: None) -> None:
    """Advantages by the definition: the sum of (γλ)^k times the surprises to come, up to the game's end."""
    import torch as library

    from ai_players.ppo import _Learner

    learner = _Learner(BOOK, SCENARIO, SEAT, RIVALS, 1, Settings(games=8, length=12, hidden=(8,)))
    played = learner._play()
    found, returns = learner._advantages(played)
    paid, over, value = (played[name].numpy().astype(float) for name in ("paid", "over", "value"))
    seen, mask = (library.from_numpy(learner._seen[name]) for name in ("observation", "action_mask"))
    last = learner._rated(seen, mask)[1].detach().numpy()
    settings, values = learner.settings, np.vstack([value, last])
    for game in range(8):
        for at in range(12):
            total, weight = 0.0, 1.0
            for later in range(at, 12):
                goes_on = settings.discount * (1 - over[later, game])
                total += weight * (paid[later, game] + goes_on * values[later + 1, game] - values[later, game])
                weight *= goes_on * settings.trace
            assert found[at, game] == pytest.approx(total, abs=1e-4)
            assert returns[at, game] == pytest.approx(total + value[at, game], abs=1e-4)
