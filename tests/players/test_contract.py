"""The shipped players keep the contract."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import ai_players
from ai_players import Player
from rules.model.rulebook import Doctrine
from tests.players.contract import BOOK, EVERYWHERE, Place, PlayerContract

DOCTRINES = [name for name in ai_players.names() if isinstance(ai_players.load(name, BOOK), Doctrine)]


def made(name: str) -> Callable[[], Player]:
    spec = ai_players.load(name, BOOK)
    return lambda: ai_players.fresh(spec, BOOK)


class TestRandom(PlayerContract):
    @pytest.fixture
    def new(self) -> Callable[[], Player]:
        return made("random")


class TestGreedy(PlayerContract):
    @pytest.fixture
    def new(self) -> Callable[[], Player]:
        return made("greedy")


class TestDoctrine(PlayerContract):
    @pytest.fixture(params=DOCTRINES)
    def name(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    @pytest.fixture
    def new(self, name: str) -> Callable[[], Player]:
        return made(name)

    @pytest.fixture
    def places(self, name: str) -> list[Place]:
        return [place for place in EVERYWHERE if name in ai_players.for_seat(BOOK, *place)]
