"""The vector environment plays the games of the single-seat environment, many at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv, VectorEnv

import ai_players
from game import IllegalMove, UnknownName, UsageError
from game.env import single_seat_env, vector_env
from rules import load_rulebook
from rules.model.rulebook import Doctrine

BOOK = load_rulebook("standard")
SEATS = [(s.name, seat.name) for s in BOOK.scenarios.values() for seat in (s.seats[0], s.seats[-1])]

OTHERWISE = {"rewards": "round", "payoff": "margin", "values": "raw"}


def opponents(scenario: str, seat: str) -> dict[str, Doctrine | str]:
    """A doctrine, greedy and random in turn for the other seats."""
    found: dict[str, Doctrine | str] = {}
    for number, other in enumerate(s.name for s in BOOK.scenarios[scenario].seats if s.name != seat):
        names = ai_players.for_seat(BOOK, scenario, other)
        doctrine = ai_players.load(names[0], BOOK)
        assert isinstance(doctrine, Doctrine)
        found[other] = (doctrine, "greedy", "random")[number % 3]
    return found


def pick(masks: Any, rng: np.random.Generator) -> Any:
    return np.array([rng.choice(np.flatnonzero(mask)) if mask.any() else 0 for mask in masks])


def same(one: dict[str, Any], many: dict[str, Any], game: int = 0) -> bool:
    return all(np.array_equal(one[key], many[key][game]) for key in one)


@pytest.mark.parametrize(("scenario", "seat"), SEATS)
@pytest.mark.parametrize(
    "options", [{}, {"rewards": "round", "payoff": "margin", "values": "raw"}], ids=["end", "round"]
)
def test_each_game_is_that_of_the_single_seat_environment(scenario: str, seat: str, options: Any) -> None:
    against = opponents(scenario, seat)
    many = vector_env(scenario, seat, 3, against, BOOK, **options)
    alone = [single_seat_env(scenario, seat, against, BOOK, **options) for _ in range(3)]
    seen, _ = many.reset(seed=40)
    one = [env.reset(seed=40 + game)[0] for game, env in enumerate(alone)]
    rng, over = np.random.default_rng(5), np.zeros(3, bool)
    while not over.all():
        for game in np.flatnonzero(~over):
            assert same(one[game], seen, game)
            assert np.array_equal(alone[game].action_masks(), many.action_masks()[game])
        actions = pick(seen["action_mask"], rng)
        seen, rewards, ended, truncated, info = many.step(actions)
        assert not truncated.any()
        for game in np.flatnonzero(~over):
            one[game], reward, finished, _, _ = alone[game].step(actions[game])
            assert rewards[game] == pytest.approx(reward)
            assert ended[game] == finished
            if finished:
                assert same(one[game], seen, game)
                scores, winners = alone[game].match.game.scores(), alone[game].match.game.winners
                best = max(points for name, points in scores.items() if name != seat)
                assert info["_win"][game] and info["margin"][game] == scores[seat] - best
                assert info["win"][game] == (1 / len(winners) if seat in winners else 0)
        over |= ended


def test_it_is_one_game_plain_and_compiled_and_native() -> None:
    trails = []
    for jit in (False, True, True):
        env = vector_env("first_game", "china", 2, {"united_states": "greedy"}, BOOK, jit=jit)
        if trails and jit and env._engine.tiers is not None:
            env._engine.tiers.reach()
        seen, _ = env.reset(seed=3)
        rng, trail = np.random.default_rng(1), []
        for _ in range(40):
            trail.append((seen["observation"].tobytes(), seen["action_mask"].tobytes()))
            seen, rewards, *_ = env.step(pick(seen["action_mask"], rng))
            trail.append((rewards.tolist(), None))
        trails.append(trail)
    assert trails[0] == trails[1] == trails[2]


def test_the_next_game_begins_a_step_after_the_last_one_ended() -> None:
    env = vector_env("first_game", "china", 1, None, BOOK)
    assert env.metadata["autoreset_mode"] is AutoresetMode.NEXT_STEP
    seen, _ = env.reset(seed=3)
    rng, ended = np.random.default_rng(1), [False]
    while not ended[0]:
        seen, rewards, ended, _, _ = env.step(pick(seen["action_mask"], rng))
    assert not seen["action_mask"].any()
    seen, rewards, ended, _, info = env.step(np.array([0]))
    assert (rewards[0], ended[0], info) == (0, False, {}) and seen["action_mask"].any()
    following = single_seat_env("first_game", "china", None, BOOK)
    assert not same(following.reset(seed=3)[0], seen)  # it is another game


def test_with_same_step_the_last_sight_is_handed_over_with_the_next_games_first() -> None:
    plain = vector_env("first_game", "china", 2, None, BOOK)
    env = vector_env("first_game", "china", 2, None, BOOK, autoreset="same_step")
    seen, _ = env.reset(seed=3)
    other, _ = plain.reset(seed=3)
    rng, ended = np.random.default_rng(1), np.zeros(2, bool)
    while not ended.any():
        actions = pick(seen["action_mask"], rng)
        seen, rewards, ended, _, info = env.step(actions)
        other, expected, *_ = plain.step(actions)
        assert np.array_equal(rewards, expected)
    game = int(np.flatnonzero(ended)[0])
    assert same({key: value[game] for key, value in other.items()}, info["final_obs"], game)
    assert seen["action_mask"][game].any()
    begun, *_ = plain.step(pick(np.where(ended[:, None], 0, other["action_mask"]), rng))
    assert same({key: value[game] for key, value in begun.items()}, seen, game)


def test_games_follow_one_another_as_the_first_seed_says() -> None:
    def trail(seed: int) -> list[bytes]:
        env = vector_env("first_game", "china", 2, None, BOOK, autoreset="same_step")
        seen, _ = env.reset(seed=seed)
        rng, found = np.random.default_rng(1), []
        for _ in range(60):
            found.append(seen["observation"].tobytes())
            seen, *_ = env.step(pick(seen["action_mask"], rng))
        return found

    assert trail(7) == trail(7)
    assert trail(7) != trail(8)


def test_opponents_are_drawn_anew_for_every_game() -> None:
    names = ai_players.for_seat(BOOK, "duel_2025", "united_states")[:3]
    field = [{"united_states": ai_players.load(name, BOOK)} for name in names]
    env = vector_env("duel_2025", "china", 200, field, BOOK)  # type: ignore[arg-type]
    env.reset(seed=1)
    seated = np.asarray(env._seated[1]).reshape(200, 2)[:, env._match.seats.index("united_states")]
    assert len(set(seated.tolist())) == 3
    assert np.bincount(seated, minlength=3).min() > 30


def test_an_illegal_action_ends_its_game_alone_or_raises_and_changes_nothing() -> None:
    env = vector_env("first_game", "china", 3, None, BOOK)
    seen, _ = env.reset(seed=3)
    actions = pick(seen["action_mask"], np.random.default_rng(1))
    actions[1] = np.flatnonzero(seen["action_mask"][1] == 0)[0]
    after, rewards, ended, _, info = env.step(actions)
    assert rewards.tolist() == [0, -1, 0] and ended.tolist() == [False, True, False]
    assert info["_illegal"].tolist() == [False, True, False]
    assert not after["action_mask"][1].any() and after["action_mask"][0].any()
    strict = vector_env("first_game", "china", 3, None, BOOK, illegal="raise")
    strict.reset(seed=3)
    rows = np.array(strict._rows)
    with pytest.raises(IllegalMove, match="game 1"):
        strict.step(actions)
    assert np.array_equal(rows, strict._rows)


def test_some_games_can_be_begun_again() -> None:
    env = vector_env("first_game", "china", 3, None, BOOK)
    first, _ = env.reset(seed=3)
    moved, *_ = env.step(pick(first["action_mask"], np.random.default_rng(1)))
    again, _ = env.reset(seed=[3, None, 9], options={"reset_mask": np.array([True, False, False])})
    assert same({key: value[0] for key, value in first.items()}, again, 0)
    assert same({key: value[1] for key, value in moved.items()}, again, 1)
    assert same({key: value[2] for key, value in moved.items()}, again, 2)


def test_it_is_gymnasiums_vector_environment_with_the_spaces_of_the_single_one() -> None:
    env = vector_env("duel_2025", "china", 4, opponents("duel_2025", "china"), BOOK)
    sync = SyncVectorEnv([lambda: single_seat_env("duel_2025", "china", opponents("duel_2025", "china"), BOOK)] * 4)
    assert isinstance(env, VectorEnv)
    assert env.observation_space == sync.observation_space and env.action_space == sync.action_space
    seen, expected = env.reset(seed=11)[0], sync.reset(seed=11)[0]
    assert seen in env.observation_space
    assert all(np.array_equal(seen[key], expected[key]) for key in seen)
    for action in (np.array([0] * 4, np.int8), np.array([0] * 4, np.uint16)):
        assert env.step(action)[1].shape == (4,)
    env.close()


def test_observations_are_the_callers_to_keep_unless_told_otherwise() -> None:
    for copy in (True, False):
        env = vector_env("first_game", "china", 2, None, BOOK, copy=copy)
        seen, _ = env.reset(seed=3)
        kept = seen["observation"].copy()
        env.step(pick(seen["action_mask"], np.random.default_rng(1)))
        assert np.array_equal(kept, seen["observation"]) == copy


def test_misuse_is_told() -> None:
    class Mine:
        def choose(self, view: Any, legal: Any, rng: Any) -> Any:
            return next(iter(legal))

    def made(**changes: Any) -> Any:
        return vector_env("duel_2025", "china", **{"num_envs": 2, "book": BOOK, **changes})

    for changes, error, words in (
        ({"num_envs": 0}, UsageError, "no number of games"),
        ({"autoreset": "never"}, UsageError, "'next_step', 'same_step'"),
        ({"opponents": []}, UsageError, "no opponents"),
        ({"opponents": {"united_states": Mine}}, UsageError, "single_seat_env"),
        ({"opponents": {"china": "random"}}, UsageError, "learner"),
        ({"opponents": [{"united_stats": "random"}]}, UnknownName, "united_states"),
        ({"opponents": {"united_states": "randon"}}, UnknownName, "random"),
        ({"payoff": "money"}, UsageError, "'margin'"),
        ({"colour": "red"}, UsageError, "rewards"),
    ):
        with pytest.raises(error, match=words):  # type: ignore[arg-type]
            made(**changes)  # type: ignore[arg-type]
    env = made()
    with pytest.raises(UsageError, match="reset"):
        env.step(np.zeros(2, np.int64))
    env.reset(seed=1)
    for nonsense in (np.zeros(3, np.int64), np.zeros(2), [0, -1], [0, 10**6], ["pass", "pass"]):
        with pytest.raises(UsageError, match="whole numbers"):
            env.step(nonsense)
    with pytest.raises(UsageError, match="one a game"):
        env.reset(seed=[1])
    with pytest.raises(UsageError, match="seed"):
        env.reset(seed=-1)
