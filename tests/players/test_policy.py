"""Learned players: what they see, that they play alike everywhere, and what a file must be to be one."""

from __future__ import annotations

import io
import itertools
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ai_players
from ai_players import Player, Policy, make_policy, read_policy
from ai_players.policy import HIGHEST, MAX_BYTES, UNIT
from game import Game, UsageError, play_games
from game.core.observation import Observer
from game.engine.engine import engine_for
from game.table.bots import SeatBot
from game.table.library import player_words
from rules import load_rulebook
from tests.players.contract import BOOK, EVERYWHERE, Place, PlayerContract

SCENARIO, SEAT, OTHER = "first_game", "china", "united_states"


def network(place: Place = (SCENARIO, SEAT), seed: int = 0, name: str = "drawn", wide: float = 1.0) -> Policy:
    """A policy that has learnt nothing: its weights are drawn."""
    rng = np.random.default_rng(seed)
    engine = engine_for(BOOK, place[0])
    widths = [len(Observer(engine).names), 24, 12, len(engine.actions)]
    layers = [
        (rng.normal(0, wide, (after, before)), rng.normal(0, wide, after))
        for before, after in itertools.pairwise(widths)
    ]
    return make_policy(name, BOOK, *place, layers, {"steps": 0})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "drawn.npz"
    path.write_bytes(network().data)
    return path


class TestPolicy(PlayerContract):
    @pytest.fixture(params=[("duel_2025", "united_states"), ("rivals_2025", "open_labs")], ids="/".join)
    def places(self, request: pytest.FixtureRequest) -> list[Place]:
        return [request.param]

    @pytest.fixture
    def new(self, places: list[Place]) -> Callable[[], Player]:
        return network(places[0])


@pytest.mark.parametrize("scenario", BOOK.scenarios)
def test_a_view_holds_the_numbers_that_environments_hand_out(scenario: str) -> None:
    game, rng = Game(BOOK, scenario, 5), random.Random(5)
    observer = Observer(game.engine)
    while not game.over:
        for seat in game.seats:
            seen = observer.observe(game, seat, np.zeros(0, np.int8))["observation"]
            assert np.array_equal(observer.of_view(game.view(seat)), seen)
        game.play(rng.choice(list(game.legal())))


def test_its_arithmetic_is_that_of_whole_numbers() -> None:
    """However a machine adds up: Python's integers say the same, with weights that reach every limit."""
    policy, rng = network(wide=30.0), np.random.default_rng(1)
    numbers = rng.uniform(-1, 1, (20, len(policy.inputs))).astype(np.float32)
    legal = rng.random((20, len(policy.actions))) < 0.3
    for row, allowed, chosen in zip(numbers, legal, policy.best(numbers, legal), strict=True):
        found = [round(float(value) * UNIT) for value in row]
        for number, (weights, biases) in enumerate(policy.layers):
            if number:
                found = [min(max(value, 0) // UNIT, HIGHEST) for value in found]
            pairs = zip(weights.tolist(), biases.tolist(), strict=True)
            found = [sum(w * x for w, x in zip(each, found, strict=True)) + bias for each, bias in pairs]
        best = max(value for value, may in zip(found, allowed, strict=True) if may)
        assert chosen == next(n for n, value in enumerate(found) if allowed[n] and value == best)


def test_the_same_network_makes_the_same_file_and_plays_the_same_games(file: Path) -> None:
    assert network().data == network().data
    read = ai_players.load(str(file), BOOK)
    assert isinstance(read, Policy) and read.sha256 == network().sha256
    first, second = (play_games(BOOK, SCENARIO, {SEAT: spec, OTHER: "greedy"}, range(3)) for spec in (read, network()))
    assert np.array_equal(first.used, second.used) and np.array_equal(first.scores, second.scores)


def test_it_takes_a_seat_at_the_table_by_the_path_of_its_file(file: Path) -> None:
    game = Game(BOOK, SCENARIO, 3)
    while game.seat != SEAT:
        game.play(next(iter(game.legal())))
    bot = SeatBot(str(file), BOOK, SEAT, 3)
    assert game.check(bot.choose(game))
    assert player_words(BOOK, str(file)) == ("drawn", f"A policy that has learnt {SEAT} in {SCENARIO}.")


def test_other_numbers_of_the_rules_are_played_as_well(file: Path) -> None:
    book = load_rulebook("standard", {"knob.spillover": 300})
    play_games(book, SCENARIO, {SEAT: read_policy(file, book), OTHER: "random"}, [1])
    assert "under rules that were others" in player_words(book, str(file))[1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scenarios.first_game.rounds": 3}, "'round' from 0 to 4, china in first_game has 'round' from 0 to 3"),
        ({"tracks.compute.range": [0, 777]}, r"'compute\[united_states\]' from 0 to \d+, .* from 0 to 777"),
    ],
)
def test_rules_in_which_it_would_see_something_else_are_refused(file: Path, change: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read_policy(file, load_rulebook("standard", change))


def test_a_rulebook_without_its_scenario_is_refused(file: Path) -> None:
    with pytest.raises(UsageError, match="unknown scenario 'first_game'; choose from fair"):
        read_policy(file, load_rulebook(str(Path(__file__).parents[1] / "tournament" / "market.yaml")))


@pytest.mark.parametrize(("scenario", "seat"), [("first_game", "united_states"), ("duel_2025", "china")])
def test_it_plays_no_seat_that_it_has_not_learnt(scenario: str, seat: str) -> None:
    players = dict.fromkeys((name for place, name in EVERYWHERE if place == scenario), "random")
    with pytest.raises(UsageError, match=rf"drawn has learnt china in first_game, not {seat} in {scenario}"):
        play_games(BOOK, scenario, {**players, seat: network()}, [1])


def test_it_has_no_knobs(file: Path) -> None:
    with pytest.raises(UsageError, match="has no knobs"):
        ai_players.load(f"{file}?openness=100", BOOK)


def arrays_of(file: Path) -> dict[str, Any]:
    with np.load(file) as found:
        return {name: found[name] for name in found.files}


def written(file: Path, header: dict[str, Any], arrays: dict[str, Any]) -> None:
    """The file with another header and other arrays; None leaves one out."""
    found = arrays_of(file)
    told = {**json.loads(found["header"].tobytes()), **header}
    found["header"] = np.frombuffer(json.dumps(told).encode(), np.uint8)
    found = {name: value for name, value in {**found, **arrays}.items() if value is not None}
    np.savez(file, allow_pickle=True, **found)


LARGE = np.full((12, 24), 2**31 - 1, np.int32)


@pytest.mark.parametrize(
    ("header", "arrays", "words"),
    [
        ({"format": "chokepoint policy 2"}, {}, "its header does not say 'chokepoint policy 1'"),
        ({}, {"header": None}, "its header does not say"),
        ({"seat": "../china"}, {}, "its 'seat' is no name"),
        ({"name": 7}, {}, "its 'name' is no name"),
        ({"inputs": [["round", 0.0, 4]]}, {}, "'inputs' must list"),
        ({"actions": "pass"}, {}, "'actions' must list"),
        ({"learnt": []}, {}, "'learnt' must say"),
        ({}, {"weights1": None}, "it must hold weights0, biases0"),
        ({}, {"more": np.zeros(1)}, "it must hold weights0, biases0"),
        ({}, {"weights0": np.zeros((24, 3), np.int32)}, "weights0 must be int32 of the shape"),
        ({}, {"weights0": np.zeros((24, 3))}, "weights0 must be int32 of the shape"),
        ({}, {"biases0": np.zeros(3, np.int64)}, "biases0 must be int64 of the shape"),
        ({}, {"weights1": LARGE}, "the weights of layer 1 are too large"),
        ({"actions": ["pass"]}, {}, "its last layer must have 1 outputs"),
        ({}, {"weights0": np.array([{}], object)}, "it cannot be read as an archive of numpy arrays"),
        ({}, {"header": np.frombuffer(b"[" * 100_000, np.uint8)}, "its header does not say"),
        ({}, {"weights0": np.zeros((24, MAX_BYTES // 24), np.int32)}, "is larger than"),
    ],
)
def test_a_file_that_is_no_policy_is_told_in_a_sentence(
    file: Path, header: dict[str, Any], arrays: dict[str, Any], words: str
) -> None:
    written(file, header, arrays)
    with pytest.raises(UsageError, match=words):
        read_policy(file, BOOK)


def test_an_archive_that_unpacks_to_too_much_is_not_unpacked(file: Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.npy", bytes(MAX_BYTES + 1))
    assert file.stat().st_size < MAX_BYTES // 100
    with pytest.raises(UsageError, match="unpacked it is larger than"):
        read_policy(file, BOOK)


def test_damaged_files_are_refused_or_still_policies(file: Path) -> None:
    whole, dice = file.read_bytes(), random.Random(3)
    refused = 0
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(dice.randrange(1, 4)):
            at = dice.randrange(len(data))
            data[at : at + dice.randrange(3)] = dice.randbytes(dice.randrange(3))
        file.write_bytes(data)
        try:
            read_policy(file, BOOK)
        except UsageError:
            refused += 1
    assert refused > 75


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read the policy .*gone\.npz"):
        ai_players.load(str(tmp_path / "gone.npz"), BOOK)


def test_nothing_is_made_of_a_name_that_no_player_can_have() -> None:
    with pytest.raises(UsageError, match="its 'name' is no name"):
        network(name="a/b")


def test_pickled_data_is_never_loaded(file: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (file.with_suffix(".sprung"),))

    stream = io.BytesIO()
    np.savez(stream, allow_pickle=True, header=np.array([Trap()], object))
    file.write_bytes(stream.getvalue())
    with pytest.raises(UsageError, match="it cannot be read as an archive"):
        read_policy(file, BOOK)
    assert not file.with_suffix(".sprung").exists()
