"""``chokepoint train``: a policy that learns to play a seat."""

from __future__ import annotations

import itertools
import random
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.status import Status

import ai_players
from ai_players import Progress, Rivals, Shares
from game.console.commands import CommandGroup
from game.console.match import terminal_player
from game.console.options import (
    JsonOption,
    RulesOption,
    ScenarioOption,
    SetOption,
    check_new_file,
    load_book,
    pick_scenario,
)
from game.console.streams import console, error_console, print_json
from game.errors import UnknownName, UsageError
from game.simulation.batch import play_games
from game.simulation.players import KernelPlayer
from rules.model.rulebook import Doctrine, Rulebook

MOST = 512
"""So many line-ups of rivals at most are learnt against; of more, so many are drawn."""
JUDGED = 2000
"""Games that say how good the policy is; it has not learnt in them."""
APART = 1 << 40
"""From the seed of the first game learnt in to that of the first game judged in."""

app = CommandGroup()


@app.command(
    epilog="Example: chokepoint train --scenario duel_2025 --seat china --against united_states=open_america"
    " --minutes 10 --out china.npz"
)
def train(
    seat: Annotated[str, typer.Option("--seat", metavar="SEAT", help="Whom to learn to play.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.npz", help="Where to write the policy.")],
    scenario: ScenarioOption = None,
    against: Annotated[
        list[str] | None,
        typer.Option(
            "--against",
            metavar="SEAT=PLAYER",
            help="Who may hold another seat: a doctrine, random or greedy. Repeatable, also for one seat: each game"
            " draws. Every doctrine written for the seat when left out.",
        ),
    ] = None,
    minutes: Annotated[float, typer.Option("--minutes", metavar="M", min=0.01, help="How long to learn.")] = 10.0,
    steps: Annotated[
        int | None, typer.Option("--steps", metavar="N", min=0, help="For so many decisions instead: repeatable.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, max=APART, help="Other games to learn in.")] = 0,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="What results call it.", show_default="the file's")
    ] = None,
    rules: RulesOption = "standard",
    set_: SetOption = None,
    json: JsonOption = False,
) -> None:
    """Learns to play a seat against doctrines, by playing millions of games; writes a policy that plays like any
    player.

    Needs what the extra rl installs; the policy plays without.
    """
    called = ai_players.policy_name(out, name)
    check_new_file(out)
    book = load_book(rules, set_)
    played = pick_scenario(book, scenario)
    rivals = _rivals(book, played, seat, against or (), seed)
    with Status("making the games ready …", console=error_console()) as status:

        def on_progress(now: Progress) -> None:
            status.update(
                f"{now.seconds / 60:.1f} minutes, {now.steps:,} decisions, {now.games:,} games;"
                f" wins {now.win:.1%} of the latest, trying things out"
            )

        policy = ai_players.train(
            book, played, seat, rivals, seed=seed, name=called, on_progress=on_progress,
            **({"seconds": 60 * minutes} if steps is None else {"steps": steps}),
        )  # fmt: skip
        status.update("judging it …")
        shares = ai_players.win_share(policy, rivals, JUDGED, seed + APART)
    out.write_bytes(policy.data)
    first = _random(book, played, seat, rivals, seed + APART)
    play = shlex.join(["chokepoint", "simulate", "--scenario", played, "--seat", f"{seat}={out}"])
    if json:
        print_json(
            {
                "policy": str(out), "name": policy.name, "scenario": played, "seat": seat, "games": JUDGED,
                "steps": policy.learnt["steps"], "win": shares.win, "lead": shares.lead,
                "random": {"win": first.win, "lead": first.lead},
            }
        )  # fmt: skip
        return
    terminal = console()
    terminal.print(
        f"{policy.name} wins {shares.win:.1%} of {JUDGED:,} games that it has not learnt in, {shares.lead:+.1f} points"
        f" on the best of the others; random play wins {first.win:.1%}, {first.lead:+.1f}.",
        markup=False,
    )
    terminal.print(f"Learnt in {policy.learnt['steps']:,} decisions; saved as {out}. See it play:", markup=False)
    terminal.print(play, markup=False, soft_wrap=True)


def _rivals(book: Rulebook, scenario: str, seat: str, against: Sequence[str], seed: int) -> Rivals:
    """Return who holds the other seats: every line-up of those asked for, or of all doctrines.

    Raises:
        UnknownName: no such seat or player.
        UsageError: a rival in the learner's seat, one for other roles, or one who plays outside the kernel.
    """
    seats = [entry.name for entry in book.scenarios[scenario].seats]
    if seat not in seats:
        raise UnknownName("seat", seat, seats, scenario)
    asked: dict[str, list[str]] = {}
    for pair in against:
        place, equals, player = (part.strip() for part in pair.partition("="))
        if not (place and equals and player):
            raise UsageError(f"--against {pair} is not of the form SEAT=PLAYER", "write --against SEAT=PLAYER")
        if place not in seats:
            raise UnknownName("seat", place, seats, scenario)
        if place == seat:
            raise UsageError(f"{seat} is the learner's own seat", "name rivals of the other seats")
        asked.setdefault(place, []).append(player)
    listed = {
        other: [
            _kernel_player(book, scenario, other, player)
            for player in asked.get(other) or ai_players.for_seat(book, scenario, other) or ["greedy", "random"]
        ]
        for other in seats
        if other != seat
    }
    every = list(itertools.islice(itertools.product(*listed.values()), MOST + 1))
    if len(every) > MOST:
        dice = random.Random(seed)
        every = [tuple(dice.choice(players) for players in listed.values()) for _ in range(MOST)]
    return [dict(zip(listed, players, strict=True)) for players in every]


def _kernel_player(book: Rulebook, scenario: str, seat: str, name: str) -> KernelPlayer:
    found = terminal_player(book, scenario, seat, name)
    if not isinstance(found, Doctrine | str):
        raise UsageError(
            f"{name} plays move by move, and learning needs millions of games", "take doctrines, random and greedy"
        )
    return found


def _random(book: Rulebook, scenario: str, seat: str, rivals: Rivals, seed: int) -> Shares:
    """How random play does in the seat."""
    players: list[Mapping[str, Any]] = [{**rivals[n % len(rivals)], seat: "random"} for n in range(JUDGED)]
    found = play_games(book, scenario, players, range(seed, seed + JUDGED))
    place = found.seats.index(seat)
    others = [n for n in range(len(found.seats)) if n != place]
    lead = found.scores[:, place] - found.scores[:, others].max(axis=1) if others else found.scores[:, place]
    return Shares(JUDGED, float(found.winner[:, place].mean()), float(lead.mean()))
