"""Measure with doctrines what sealed play does to who wins: the same games turn by turn, and planned all at once.

``python -m tools.sealed_play summit_2025 --games 100``: each world and line-up is played both ways. A seat plans its
moves in the world that it imagines at the start of the round; where one can no longer be played, its doctrine is
asked, as a team is.
"""

from __future__ import annotations

import argparse
import random
import statistics
from collections import defaultdict
from collections.abc import Mapping

from ai_players import load
from ai_players.shipped import for_seat
from game import Game
from game.moves import PASS, Move
from game.table.plans import imagined
from rules import load_rulebook
from rules.model.rulebook import Doctrine

FIRST_SEED = 1000
LONGEST = 20
"""Moves of a plan, free ones too."""


def planned(game: Game, seat: str, player: Doctrine) -> list[Move]:
    """Return what a doctrine would play in the world that its seat imagines."""
    world, found = imagined(game, seat), list[Move]()
    while not world.over and world.seat == seat and len(found) < LONGEST:
        move = world.choose(player)
        found.append(move)
        if move == PASS:
            break
        world.play(move)
    return found


def sealed_round(game: Game, players: Mapping[str, Doctrine]) -> tuple[int, int]:
    """Play a round of sealed plans; return how many moves were planned, and how many of them could not be played."""
    plans = {seat: planned(game, seat, player) for seat, player in players.items()}
    moves, failed, round_ = 0, 0, game.round
    while not game.over and game.round == round_:
        seat = game.seat or ""
        move = plans[seat].pop(0) if plans[seat] else None
        if move is not None:
            moves += move != PASS
            failed += not game.check(move)
        game.play(move if move is not None and game.check(move) else game.choose(players[seat]))
    return moves, failed


def main() -> None:
    """Play and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    book = load_rulebook("standard")
    parser.add_argument("scenario", choices=list(book.scenarios))
    parser.add_argument("--games", type=int, default=100)
    asked = parser.parse_args()
    if asked.games < 2:
        parser.error("--games must be 2 or more: a single one has no range")
    seats = [seat.name for seat in book.scenarios[asked.scenario].seats]
    wins: dict[str, defaultdict[str, float]] = {"live": defaultdict(float), "sealed": defaultdict(float)}
    points: defaultdict[str, list[int]] = defaultdict(list)
    moves, failed, same = 0, 0, 0
    for number in range(asked.games):
        rng = random.Random(number)
        players: dict[str, Doctrine] = {}
        for seat in seats:
            player = load(rng.choice(for_seat(book, asked.scenario, seat)), book)
            assert isinstance(player, Doctrine)
            players[seat] = player
        live, sealed = (Game(book, asked.scenario, FIRST_SEED + number) for _ in range(2))
        while not live.over:
            live.play(live.choose(players[live.seat or ""]))
        while not sealed.over:
            planned_, failed_ = sealed_round(sealed, players)
            moves, failed = moves + planned_, failed + failed_
        same += live.winners == sealed.winners
        for mode, game in (("live", live), ("sealed", sealed)):
            for seat in game.winners:
                wins[mode][seat] += 1 / len(game.winners)
        for seat in seats:
            points[seat].append(sealed.scores()[seat] - live.scores()[seat])
    print(f"{asked.games} games, the same winners in {same}; {failed} of {moves} planned moves could not be played")
    for seat in seats:
        spread = 1.96 * statistics.stdev(points[seat]) / asked.games**0.5
        won = [f"{100 * wins[mode][seat] / asked.games:.0f} %" for mode in wins]
        print(
            f"{seat}: wins live {won[0]}, sealed {won[1]}; points {statistics.mean(points[seat]):+.1f} ± {spread:.1f}"
        )


if __name__ == "__main__":
    main()
