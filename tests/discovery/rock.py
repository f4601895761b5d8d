"""Rock, paper and scissors to search on, and what its tests look at."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import ai_players
from game import Game
from rules.model.rulebook import Rulebook
from tests.tournament.test_exploit import HANDS
from tournament.design.ids import digest
from tournament.discovery import DiscoverySettings
from tournament.discovery.draft import Draft
from tournament.discovery.ledger import StepsJob
from tournament.runner.executor import Done, Numbers

# Rock that wins counts double: a mixture that is not a third each.
HEAVY_ROCK = HANDS.replace("range: [-1, 1]", "range: [-2, 2]").replace(
    "won[s] = 1 if ahead == 1 else -1 if ahead == 2 else 0",
    "won[s] = (2 if hand[s] == 0 else 1) if ahead == 1 else -(2 if other == 0 else 1) if ahead == 2 else 0",
)

QUICK = DiscoverySettings(
    payoff="points", games=500_000, epsilon=0.2, rounds=5, restarts=1, power=2, worlds=4, oracles=("evolution",),
    attackers={"search:1": 2},
)  # fmt: skip


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


def looked_up(folder: Path) -> Callable[[StepsJob, Numbers], Done]:
    """A search's steps from its folder instead of played: for what is tested of stopping and going on."""
    results = {path.stem: json.loads(path.read_text()) for path in (folder / "steps").iterdir()}

    def play(job: StepsJob, games: Numbers) -> Done:
        found = [results[digest(job.steps[n].key)] for n in games.tolist()]
        return Done(len(games), 0.0, "", (json.dumps(found).encode(), games.tobytes()))

    return play
