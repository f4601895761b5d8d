"""The environments play the engine's game: same moves, same seeds, payoffs as the rules say, and no secrets."""

from __future__ import annotations

import builtins
import importlib
import sys
from typing import Any

import numpy as np
import pytest

import ai_players
from game import Game, IllegalMove, Move, UnknownName, UsageError, View
from game.env import aec_env, parallel_env, single_seat_env
from game.env.match import Match
from rules import load_rulebook

BOOK = load_rulebook("standard")
SCENARIOS = tuple(BOOK.scenarios)
PLAIN: dict[str, Any] = {"book": BOOK, "jit": False}


def play_at_random(env: Any, seed: int) -> tuple[list[str], dict[str, float]]:
    """Plays an AEC environment with its own samples; the moves in words and what each seat was paid in all."""
    env.reset(seed=seed)
    paid = dict.fromkeys(env.agents, 0.0)
    moves = []
    for number, seat in enumerate(env.possible_agents):
        env.action_space(seat).seed(seed + number)
    for seat in env.agent_iter():
        observation, reward, terminated, _, _ = env.last()
        paid[seat] += reward
        action = None if terminated else env.action_space(seat).sample(observation["action_mask"])
        if action is not None:
            moves.append(env.actions[action])
        env.step(action)
    return moves, paid


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_it_is_the_game_of_the_same_seed(scenario: str) -> None:
    env = aec_env(scenario, **PLAIN)
    moves, paid = play_at_random(env, seed=5)
    game = Game(BOOK, scenario, seed=5)
    for move in moves:
        game.play(Move.parse(move))
    assert game.over
    assert game.state_hash == env.match.game.state_hash
    assert paid == {seat: (1 / len(game.winners) if seat in game.winners else 0) for seat in game.seats}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_masks_are_the_engines_legal_moves_and_empty_off_turn(scenario: str) -> None:
    env = aec_env(scenario, **PLAIN)
    env.reset(seed=2)
    for _ in range(12):
        game = env.match.game
        for seat in env.agents:
            mask = env.observe(seat)["action_mask"]
            assert mask.dtype == np.int8
            assert (mask.astype(bool) == (game.legal().mask() if seat == game.seat else False)).all()
        env.step(int(env.action_space(game.seat).sample(env.observe(game.seat)["action_mask"])))


def seen_by(view: View, names: tuple[str, ...], widths: dict[str, int]) -> list[int]:
    """The numbers that an observation must have, worked out from the view and the names alone."""

    def cell(name: str) -> int | None:
        track, _, index = name.partition("[")
        return view.value(track, *(part.strip() for part in index.rstrip("]").split(",")) if index else ())

    arriving = {(_name(a.track, a.index), a.deliveries): a.amount for a in view.arriving}
    numbers = []
    for name in names:
        word, _, rest = name.partition(" ")
        match word:
            case "round":
                numbers.append(view.round)
            case "me":
                numbers.append(int(view.seat == rest))
            case "turn":
                numbers.append(int(view.turn == rest))
            case "known":
                numbers.append(int(cell(rest) is not None))
            case "arriving":
                what, _, wait = rest.rpartition(" +")
                width = widths[what.partition("[")[0]]
                numbers.append(max(-width, min(width, arriving.pop((what, int(wait)), 0))))
            case _:
                numbers.append(cell(name) or 0)
    assert not arriving
    return numbers


def _name(track: str, index: tuple[str, ...]) -> str:
    return f"{track}[{', '.join(index)}]" if index else track


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("jit", [False, True])
def test_observations_are_what_the_view_shows_and_nothing_else(scenario: str, jit: bool) -> None:
    env = aec_env(scenario, BOOK, values="raw", jit=jit)
    widths = {track.name: track.high - track.low for track in BOOK.tracks.values()}
    env.reset(seed=3)
    steps = 0
    while True:
        if steps % 5 == 0 or env.match.over:
            for seat in env.possible_agents:
                observed = env.observe(seat)["observation"].tolist()
                expected = seen_by(env.match.game.view(seat), env.names, widths)
                assert dict(zip(env.names, observed, strict=True)) == dict(zip(env.names, expected, strict=True))
        if env.match.over:
            break
        env.step(int(env.action_space(env.agent_selection).sample(env.observe(env.agent_selection)["action_mask"])))
        steps += 1


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("payoff", ["win", "score"])
def test_worlds_that_a_seat_cannot_tell_apart_look_and_pay_the_same(scenario: str, payoff: Any) -> None:
    env = aec_env(scenario, payoff=payoff, rewards="round", **PLAIN)
    env.reset(seed=9)
    while env.match.game.round < 3 and not env.match.over:
        env.step(int(env.action_space(env.agent_selection).sample(env.observe(env.agent_selection)["action_mask"])))
    match: Match = env.match
    game = match.game
    for seat in game.seats:
        match.game = game
        seen, paid = match.observe(seat), match.payoffs()[seat]
        match.game = game.with_hidden(seat, 77)
        assert all((match.observe(seat)[key] == seen[key]).all() for key in seen)
        assert match.payoffs()[seat] == paid


@pytest.mark.parametrize("payoff", ["win", "score"])
def test_rewards_by_round_add_up_to_the_payoff_less_what_it_was_at_the_start(payoff: Any) -> None:
    once = aec_env("rivals_2025", payoff=payoff, **PLAIN)
    often = aec_env("rivals_2025", payoff=payoff, rewards="round", **PLAIN)
    often.reset(seed=4)
    start = often.match.payoffs()
    moves, at_once = play_at_random(once, seed=4)
    same, by_round = play_at_random(often, seed=4)
    assert moves == same
    assert by_round == pytest.approx({seat: at_once[seat] - start[seat] for seat in start})


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_in_the_parallel_environment_others_wait_and_actions_are_one_higher(scenario: str) -> None:
    turns, together = aec_env(scenario, **PLAIN), parallel_env(scenario, **PLAIN)
    turns.reset(seed=6)
    observations, _ = together.reset(seed=6)
    while together.agents:
        seat = turns.agent_selection
        for name, observation in observations.items():
            mask = observation["action_mask"]
            assert mask[0] == (name != seat)
            assert (mask[1:] == turns.observe(name)["action_mask"]).all()
            assert (observation["observation"] == turns.observe(name)["observation"]).all()
        action = int(turns.action_space(seat).sample(turns.observe(seat)["action_mask"]))
        turns.step(action)
        observations, rewards, _, _, _ = together.step(
            {name: action + 1 if name == seat else 0 for name in observations}
        )
    assert rewards == turns.rewards


def illegal_action(env: Any) -> int:
    return int(np.flatnonzero(env.observe(env.agent_selection)["action_mask"] == 0)[0])


def test_an_illegal_action_ends_the_game_with_minus_one_and_the_reason() -> None:
    env = aec_env("duel_2025", **PLAIN)
    env.reset(seed=1)
    seat = env.agent_selection
    env.step(illegal_action(env))
    assert all(env.terminations.values())
    assert env.rewards == {name: (-1.0 if name == seat else 0.0) for name in env.agents}
    assert env.infos[seat]["illegal"]
    assert not any(env.observe(name)["action_mask"].any() for name in env.agents)


def test_an_illegal_action_can_raise_instead_and_changes_nothing() -> None:
    env = aec_env("duel_2025", illegal="raise", **PLAIN)
    env.reset(seed=1)
    before = env.match.game.state_hash
    with pytest.raises(IllegalMove):
        env.step(illegal_action(env))
    assert env.match.game.state_hash == before and not any(env.terminations.values())


def test_acting_out_of_turn_and_waiting_on_turn_are_illegal() -> None:
    for answers, offenders in (
        ({"united_states": 0, "china": 0}, {"united_states"}),
        ({"united_states": 1, "china": 1}, {"china"}),
    ):
        env = parallel_env("duel_2025", **PLAIN)
        env.reset(seed=1)
        assert env.match.game.seat == "united_states"
        _, rewards, over, _, infos = env.step(answers)
        assert {seat for seat, reward in rewards.items() if reward == -1} == offenders
        assert all(over.values()) and env.agents == []
        assert {seat for seat, info in infos.items() if "illegal" in info} == offenders


def test_one_seat_learns_against_doctrines_and_python_players() -> None:
    class Passer:
        def choose(self, view: Any, legal: Any, rng: Any) -> Move:
            return next(iter(legal))

    doctrine = ai_players.load(ai_players.for_seat(BOOK, "rivals_2025", "valley")[0], BOOK)
    env = single_seat_env(
        "rivals_2025", "beijing", {"valley": doctrine, "washington": Passer, "open_labs": "greedy"}, **PLAIN
    )
    games = []
    for _ in range(2):
        observation, _ = env.reset(seed=3)
        env.action_space.seed(1)
        over, rewards = False, []
        while not over:
            assert env.match.game.seat == "beijing"
            observation, reward, over, truncated, info = env.step(env.action_space.sample(observation["action_mask"]))
            rewards.append(reward)
            assert not truncated and info == {}
        games.append((env.match.game.state_hash, tuple(rewards)))
    assert games[0] == games[1]
    winners = env.match.game.winners
    assert sum(games[0][1]) == (1 / len(winners) if "beijing" in winners else 0)


def test_wrong_settings_are_told_at_once() -> None:
    with pytest.raises(UnknownName, match="duel_2025"):
        aec_env("duel_2052", **PLAIN)
    with pytest.raises(UnknownName, match="china"):
        single_seat_env("duel_2025", "chima", **PLAIN)
    with pytest.raises(UnknownName, match="united_states"):
        single_seat_env("duel_2025", "china", {"united_stats": "random"}, **PLAIN)
    with pytest.raises(UnknownName, match="random"):
        single_seat_env("duel_2025", "china", {"united_states": "randon"}, **PLAIN)
    with pytest.raises(UsageError, match="learner"):
        single_seat_env("duel_2025", "china", {"china": "random"}, **PLAIN)
    with pytest.raises(UsageError, match="'end', 'round'"):
        aec_env("duel_2025", rewards="daily", **PLAIN)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="'ansi'"):
        aec_env("duel_2025", render_mode="human", **PLAIN)
    with pytest.raises(UsageError, match="no option 'colour'"):
        aec_env("duel_2025", colour="red", **PLAIN)  # type: ignore[call-arg]


@pytest.mark.parametrize("kind", [int, np.int64, np.uint8, np.array])
def test_every_number_that_the_space_contains_is_an_action(kind: Any) -> None:
    env = single_seat_env("duel_2025", "china", **PLAIN)
    observation, _ = env.reset(seed=2)
    action = kind(int(np.flatnonzero(observation["action_mask"])[0]))
    _, _, over, _, info = env.step(action)
    assert not over and info == {}
    turns, together = aec_env("duel_2025", **PLAIN), parallel_env("duel_2025", **PLAIN)
    turns.reset(seed=2)
    turns.step(kind(0))
    together.reset(seed=2)
    together.step({"united_states": kind(1), "china": kind(0)})
    assert turns.match.game.state_hash == together.match.game.state_hash


def test_action_masks_are_those_of_the_observation() -> None:
    env = single_seat_env("duel_2025", "china", **PLAIN)
    observation, _ = env.reset(seed=2)
    assert env.action_masks().dtype == np.bool_
    assert np.array_equal(env.action_masks(), observation["action_mask"].astype(bool))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_margin_is_the_lead_over_the_best_of_the_others(scenario: str) -> None:
    env = aec_env(scenario, payoff="margin", **PLAIN)
    _, paid = play_at_random(env, seed=5)
    scores = env.match.game.scores()
    assert paid == {s: scores[s] - max(points for o, points in scores.items() if o != s) for s in scores}


def test_wrong_calls_are_told() -> None:
    env = aec_env("duel_2025", **PLAIN)
    with pytest.raises(UsageError, match="reset"):
        env.step(0)
    env.reset(seed=1)
    for nonsense in (-1, 10**6, "pass", None, 1.5, True, np.array([1])):
        with pytest.raises(UsageError, match="no action"):
            env.step(nonsense)
    both = parallel_env("duel_2025", **PLAIN)
    both.reset(seed=1)
    with pytest.raises(UsageError, match="china"):
        both.step({"united_states": 1})
    one = single_seat_env("duel_2025", "china", **PLAIN)
    with pytest.raises(UsageError, match="reset"):
        one.step(0)


def test_resets_without_a_seed_differ_and_follow_from_the_last_seed() -> None:
    env = aec_env("duel_2025", seed=8, **PLAIN)
    seeds = []
    for _ in range(2):
        env.reset(seed=8)
        env.reset()
        seeds.append(env.match.game.seed)
        env.reset()
        seeds.append(env.match.game.seed)
    assert seeds[:2] == seeds[2:] and seeds[0] != seeds[1]


def test_ansi_rendering_is_a_few_lines_of_what_all_may_know() -> None:
    env = aec_env("duel_2025", render_mode="ansi", **PLAIN)
    env.reset(seed=1)
    assert env.render().splitlines() == ["duel_2025, round 1 of 8", "united_states to act"]


@pytest.mark.parametrize("missing", ["pettingzoo", "gymnasium"])
def test_without_the_extra_it_says_what_to_install(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == missing:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *rest, **more)

    for name in [name for name in sys.modules if name.startswith("game.env")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ImportError, match=r'pip install "chokepoint\[rl\]"'):
        importlib.import_module("game.env")
