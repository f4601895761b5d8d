"""Intervals cover the truth as often as they say, on simulated tournaments whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from tournament.analysis.means import paired_mean, share_mean
from tournament.analysis.uncertainty import SeatGames, means, paired_half, shares, variance, wilson
from tournament.design.profiles import FEW_WORLDS

PLAYERS = 4
TOURNAMENTS = 200


def crossed(profiles: int, blocks: int, possible: int = 10**9) -> SeatGames:
    """Every player has its own profiles, some of many possible ones, all of them played in every block."""
    rows = PLAYERS * profiles
    return SeatGames(
        player=np.repeat(np.arange(PLAYERS), profiles * blocks),
        block=np.tile(np.arange(blocks), rows),
        profile=np.repeat(np.arange(rows), blocks),
        possible=np.full(PLAYERS, possible),
    )


@pytest.mark.parametrize(
    ("profiles", "blocks", "of_profile", "of_block"), [(17, 20, 1.0, 0.7), (30, 10, 0.7, 1.0), (8, 20, 1.0, 0.3)]
)
def test_95_in_100_intervals_of_a_sampled_field_hold_the_truth(profiles, blocks, of_profile, of_block) -> None:
    rng = np.random.default_rng(1)
    games, held = crossed(profiles, blocks), 0
    for _ in range(TOURNAMENTS):
        truth = rng.normal(size=PLAYERS)
        values = (
            truth[games.player]
            + of_profile * rng.normal(size=PLAYERS * profiles)[games.profile]
            + of_block * rng.normal(size=blocks)[games.block]
            + rng.normal(size=len(games.player))
        )
        found = means(games, values, replicates=300)
        held += int(((found.low <= truth) & (truth <= found.high)).sum())
    assert 0.93 <= held / (TOURNAMENTS * PLAYERS) <= 0.97


def test_95_in_100_intervals_hold_the_truth_when_all_profiles_are_played() -> None:
    rng = np.random.default_rng(2)
    games, held = crossed(3, 15, possible=3), 0
    for _ in range(TOURNAMENTS):
        own = rng.normal(size=PLAYERS * 3)
        truth = own.reshape(PLAYERS, 3).mean(axis=1)
        values = own[games.profile] + rng.normal(size=15)[games.block] + rng.normal(size=len(games.player))
        found = means(games, values, replicates=300)
        held += int(((found.low <= truth) & (truth <= found.high)).sum())
    assert 0.93 <= held / (TOURNAMENTS * PLAYERS) <= 0.97


def test_95_in_100_intervals_hold_the_truth_when_a_good_part_of_all_profiles_is_played() -> None:
    rng = np.random.default_rng(8)
    games, held, width = crossed(30, 10, possible=45), 0, 0.0
    for _ in range(TOURNAMENTS):
        every = rng.normal(size=(PLAYERS, 45))
        truth = every.mean(axis=1)
        noise = 0.3 * rng.normal(size=10)[games.block] + rng.normal(size=len(games.player))
        found = means(games, every[:, :30].reshape(-1)[games.profile] + noise, replicates=300)
        held += int(((found.low <= truth) & (truth <= found.high)).sum())
        width += float((found.high - found.low).mean()) / TOURNAMENTS
    assert 0.93 <= held / (TOURNAMENTS * PLAYERS) <= 0.97
    assert width < 0.65  # 0.85 if the field were endless


def test_intervals_of_win_shares_hold_the_truth_even_near_zero() -> None:
    rng = np.random.default_rng(3)
    games, held, width = crossed(17, 20), 0, np.zeros(PLAYERS)
    levels = np.array([0.0, -1.0, -2.5, -4.0])
    noise = rng.normal(size=200_000) * np.hypot(1.0, 0.5)
    truth = np.array([(1 / (1 + np.exp(-(level + noise)))).mean() for level in levels])
    for _ in range(TOURNAMENTS):
        odds = (
            levels[games.player] + rng.normal(size=PLAYERS * 17)[games.profile] + 0.5 * rng.normal(size=20)[games.block]
        )
        low, high = shares(games, (rng.random(len(odds)) < 1 / (1 + np.exp(-odds))).astype(float))
        held += int(((low <= truth) & (truth <= high)).sum())
        width += high - low
    assert 0.93 <= held / (TOURNAMENTS * PLAYERS) <= 0.98
    assert (width / TOURNAMENTS < [0.30, 0.28, 0.16, 0.08]).all()


def test_a_player_that_never_won_may_yet_win() -> None:
    games = crossed(10, 10)
    low, high = shares(games, (games.player == 0).astype(float))
    assert (low[1:] == 0).all()
    assert (high[1:] > 0.1).all()
    assert low[0] < 0.9


def test_games_of_a_player_that_never_won_count_as_much_as_those_of_the_others() -> None:
    rng = np.random.default_rng(9)
    games = crossed(40, 10)
    low, high = shares(games, ((games.player > 0) & (rng.random(1600) < 0.3)).astype(float))
    assert low[0] == pytest.approx(0)
    assert 0.005 < high[0] < 0.03


@pytest.mark.parametrize(("worlds", "known"), [(2, False), (FEW_WORLDS - 1, False), (FEW_WORLDS, True)])
def test_a_few_worlds_that_agree_exactly_give_no_range_rather_than_one_without_width(worlds: int, known: bool) -> None:
    games = crossed(10, worlds, possible=10)
    found = means(games, 0.1 * games.profile)  # the same in every world, but for rounding
    assert np.isfinite(found.low).all() == np.isfinite(found.high).all() == known
    mine = games.player == 0
    paired = paired_mean("what", np.full(mine.sum(), 0.1), games.profile[mine], games.block[mine], 10)
    assert np.isfinite(paired.low) == np.isfinite(paired.high) == known
    assert paired.value == pytest.approx(0.1)


def test_two_worlds_that_differ_give_a_wide_range() -> None:
    games = crossed(10, 2, possible=10)
    found = means(games, 1.0 * games.block)
    assert ((found.low < 0) & (found.high > 1)).all()


def test_one_world_or_one_profile_tells_nothing_about_others() -> None:
    rng = np.random.default_rng(4)
    for games in (crossed(10, 1), crossed(1, 10)):
        found = means(games, rng.normal(size=len(games.player)))
        assert np.isnan(found.low).all()
        assert not np.isnan(found.mean).any()


def test_places_are_certain_when_the_gap_is_wide_and_open_when_there_is_none() -> None:
    rng = np.random.default_rng(5)
    games = crossed(20, 10)
    best, worst = means(games, np.array([30.0, 20.0, 0.0, 0.0])[games.player] + rng.normal(size=800)).places()
    assert best.tolist()[:2] == worst.tolist()[:2] == [1, 2]
    assert best.tolist()[2:] == [3, 3]
    assert worst.tolist()[2:] == [4, 4]


def test_the_variance_counts_a_shared_world_once_for_all_its_games() -> None:
    blocks = np.repeat(np.arange(10), 100)
    values = np.random.default_rng(6).normal(size=10)[blocks]
    found = variance(values, np.tile(np.arange(100), 10), blocks, possible=10**9)
    assert found.value == pytest.approx(values.reshape(10, 100)[:, 0].var(ddof=1) / 10, rel=0.02)


def test_intervals_do_not_depend_on_the_order_of_games() -> None:
    rng = np.random.default_rng(7)
    games, values = crossed(6, 6), rng.normal(size=PLAYERS * 36)
    order = rng.permutation(len(values))
    turned = SeatGames(games.player[order], games.block[order], games.profile[order], games.possible)
    first, second = means(games, values), means(turned, values[order])
    assert np.allclose(first.low, second.low)
    assert np.allclose(first.high, second.high)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.05, 0.3, 1.0])
def test_wilsons_interval_holds_the_truth_and_none_of_many_is_no_proof(share: float) -> None:
    rng = np.random.default_rng(17)
    low, high = wilson(rng.binomial(48, share, size=4_000) / 48, 48)
    assert ((low <= share + 1e-12) & (share - 1e-12 <= high)).mean() >= 0.91  # one lump of 1 in 48 is 8 in 100
    assert (high - low > 0.05).all()


@pytest.mark.parametrize(
    ("count", "better", "worse"), [(48, 0.0, 0.0), (16, 0.02, 0.0), (48, 0.05, 0.02), (48, 0.4, 0.2)]
)
def test_a_mean_of_paired_wins_has_a_range_even_where_all_pairs_agree(count: int, better: float, worse: float) -> None:
    rng, held = np.random.default_rng(18), 0
    for _ in range(2_000):
        gains = rng.choice([1.0, -1.0, 0.0], size=count, p=[better, worse, 1 - better - worse])
        half = paired_half(gains, 1.0)
        assert half > 0
        held += abs(gains.mean() - (better - worse)) <= half
    assert held >= 0.93 * 2_000


@pytest.mark.parametrize("share", [0.004, 0.03, 0.5])
def test_a_share_of_games_in_shared_worlds_has_a_true_range_and_never_one_without_width(share: float) -> None:
    """Ruptures, say: 40 worlds, 10 games in each, in some of which it is likelier than in others."""
    rng, held = np.random.default_rng(21), 0
    block = np.repeat(np.arange(40), 10)
    for _ in range(1_000):
        likely = share * rng.gamma(2.0, 0.5, size=40)[block] if share < 0.1 else np.full(400, share)
        found = share_mean("x", (rng.random(400) < likely).astype(float), np.zeros(400, dtype=np.int64), block, 1)
        assert found.low < found.high
        held += found.low <= share <= found.high
    assert held >= 930
