"""How fast we are beside others: engines, matches and environments in one table, measured by turns in one run."""

from __future__ import annotations

import importlib
import importlib.metadata
import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

import ai_players
from game.engine.engine import engine_for
from game.simulation.batch import play_games
from game.simulation.bench import figure, machine, open_spiel_game, usual
from game.simulation.players import Casting, Spec
from rules.model.rulebook import Rulebook

REPEATS = 5
DECISION, STEP = "decision", "step"

SPIELS = ("connect_four", "hex(board_size=9)", "go(board_size=9)", "kuhn_poker", "chess", "backgammon")
MATCHES = (("TitForTat", "Random"), ("Cooperator", "Defector"), ("Grudger", "GTFT"))
TURNS = 200
CLASSICS = ("connect_four_v3", "tictactoe_v3", "go_v5")
GYMS = ("CartPole-v1", "Acrobot-v1", "Blackjack-v1", "FrozenLake-v1")
GAMES = 512
"""Games of a vector environment."""

ABOUT = (
    "Processor time on one core, medians of the repeats with the lowest and the highest; all rows take turns, so that"
    " each repeat sees the same machine. Whole games and loops, choosing at random included; chance and the world's"
    " turns are within the decisions. OpenSpiel in C++: whole games by its own loop with its uniform bots"
    " (evaluate_bots), one call a game; and the random playouts of its tree search, one call for all, the tightest loop"
    " that it has."
)

Once = Callable[[float], tuple[int, float]]
"""Plays for about so many seconds; returns how many decisions or steps that were, and how long it took."""


@dataclass(frozen=True)
class Entry:
    """What is measured.

    Attributes:
        what: the game or the environment.
        how: who plays it, and on what.
        unit: ``decision`` or ``step``.
        once: plays it.
    """

    what: str
    how: str
    unit: str
    once: Once


@dataclass(frozen=True)
class Row:
    """One row of the table: microseconds each, repeat by repeat."""

    what: str
    how: str
    unit: str
    times: tuple[float, ...]

    @property
    def median(self) -> float:
        """Microseconds a decision or a step."""
        return statistics.median(self.times)

    def data(self) -> dict[str, Any]:
        """Return the row as plain data."""
        return {
            "what": self.what, "how": self.how, "unit": self.unit, "us": self.median, "us_repeats": list(self.times),
            "per_second": 1e6 / self.median,
        }  # fmt: skip


@dataclass(frozen=True)
class Peers:
    """A run: where, its rows, what is installed in which version, and what is missing."""

    machine: str
    rows: tuple[Row, ...]
    versions: Mapping[str, str]
    missing: tuple[str, ...]

    def data(self) -> dict[str, Any]:
        """Return the run as plain data."""
        return {
            "machine": self.machine, "rows": [row.data() for row in self.rows], "versions": dict(self.versions),
            "missing": list(self.missing),
        }  # fmt: skip

    def show(self, console: Console) -> None:
        """Print the table."""
        console.print(self.machine, style="dim", markup=False)
        table = Table(box=None, padding=(0, 1), header_style="bold")
        for title in ("game", "how"):
            table.add_column(title, overflow="fold")
        for title in ("µs", "range", "a second"):
            table.add_column(title, justify="right", no_wrap=True)
        for unit, title in ((DECISION, "A decision"), (STEP, "A step of an environment")):
            table.add_row(f"[bold]{title}[/bold]")
            for row in (row for row in self.rows if row.unit == unit):
                spread = f"{figure(min(row.times))}–{figure(max(row.times))}"
                table.add_row(row.what, row.how, figure(row.median), spread, figure(1e6 / row.median))
        console.print(table)
        console.print(ABOUT, style="dim", markup=False)
        others = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        console.print(f"Beside us: {others or 'nobody'}.", style="dim", markup=False)
        for sentence in self.missing:
            console.print(sentence, markup=False)


@dataclass
class _Missing:
    """Collects whom we cannot be compared with."""

    sentences: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)

    def module(self, name: str, package: str, what: str) -> Any:
        """Return a module of a peer, or None and note that it is missing."""
        try:
            found = importlib.import_module(name)
        except ImportError as error:
            wanted = "" if error.name in (None, name.split(".")[0]) else f" (it needs {error.name})"
            self.sentences.append(f'{what} is missing{wanted}: pip install "chokepoint[test]"')
            return None
        self.versions[package] = importlib.metadata.version(package)
        return found


def measure(book: Rulebook, seconds: float = 1.0, repeats: int = REPEATS) -> Peers:
    """Measure everything.

    Args:
        book: the rulebook whose scenarios are played.
        seconds: how long a row plays in each repeat.
        repeats: how often all rows are gone through.
    """
    missing = _Missing()
    entries = [*_ours(book), *_open_spiel(missing), *_axelrod(missing), *_environments(book, missing)]
    times: list[list[float]] = [[] for _ in entries]
    for entry in entries:
        entry.once(0.0)  # warms up
    for _ in range(repeats):
        for entry, found in zip(entries, times, strict=True):
            count, spent = entry.once(seconds)
            found.append(1e6 * spent / count)
    rows = (Row(e.what, e.how, e.unit, tuple(found)) for e, found in zip(entries, times, strict=True))
    return Peers(machine(), tuple(rows), missing.versions, tuple(missing.sentences))


def _repeated(game: Callable[[], int]) -> Once:
    """Play game after game; ``game`` returns its decisions or steps."""

    def once(seconds: float) -> tuple[int, float]:
        began, count = time.process_time(), game()
        while (spent := time.process_time() - began) < seconds:
            count += game()
        return count, spent

    return once


# ------------------------------------------------------------------------------------------------ ours


def _ours(book: Rulebook) -> Iterator[Entry]:
    for scenario in book.scenarios:
        doctrines = usual(book, scenario, ai_players)
        anybody: dict[str, Spec] = dict.fromkeys(doctrines, "random")
        for who, players in (("doctrines", doctrines), ("random", anybody)):
            engine = engine_for(book, scenario, Casting(players.items()).cast, jit=True)
            if engine.tiers is not None:  # made before the clock starts
                engine.tiers.reach()
                yield Entry(scenario, f"{who}, native", DECISION, _batches(book, scenario, players))
            yield Entry(scenario, f"{who}, interpreted", DECISION, _batches(book, scenario, players, interpreted=True))


def _batches(book: Rulebook, scenario: str, players: Mapping[str, Spec], *, interpreted: bool = False) -> Once:
    """Play batches of games, of a size that takes about a tenth of the time."""
    engine = engine_for(book, scenario, Casting(players.items()).cast, jit=True)
    size, first = 1, 0

    def played(seconds: float) -> tuple[int, float]:
        nonlocal size, first
        began, decisions, spent = time.process_time(), 0, 0.0
        while not decisions or spent < seconds:
            results = play_games(book, scenario, players, range(first, first + size))
            first += size
            decisions += int(results.decisions.sum())
            before, spent = spent, time.process_time() - began
            size = max(1, min(4 * size, int(size * seconds / 10 / max(spent - before, 1e-6))))
        return decisions, spent

    def once(seconds: float) -> tuple[int, float]:
        if not interpreted or engine.tiers is None:
            return played(seconds)
        with engine.interpreted():
            return played(seconds)

    return once


# ---------------------------------------------------------------------------------------------- others


def _open_spiel(missing: _Missing) -> Iterator[Entry]:
    """Random games of OpenSpiel: from Python, by its own loop with its own bots, and as its tree search's playouts."""
    spiel = missing.module("pyspiel", "open_spiel", "OpenSpiel")
    for name in SPIELS if spiel else ():
        game, dice = spiel.load_game(name), random.Random(0)
        what = name.partition("(")[0]
        yield Entry(what, "OpenSpiel, Python", DECISION, _repeated(partial(open_spiel_game, game, dice)))
        yield Entry(what, "OpenSpiel, C++", DECISION, _bots(spiel, game))
        yield Entry(what, "OpenSpiel, C++ playouts", DECISION, _playouts(spiel, game))


def _bots(spiel: Any, game: Any) -> Once:
    """Whole games by OpenSpiel's own loop; making states and counting decisions is not in the time."""
    seed = 0

    def once(seconds: float) -> tuple[int, float]:
        nonlocal seed
        bots = [spiel.make_uniform_random_bot(player, player + 1) for player in range(game.num_players())]
        decisions, spent, size = 0, 0.0, 1
        while not decisions or spent < seconds:
            states = [game.new_initial_state() for _ in range(size)]
            began = time.process_time()
            for state in states:
                spiel.evaluate_bots(state, bots, seed)
                seed += 1
            part = time.process_time() - began
            spent += part
            decisions += sum(entry.player >= 0 for state in states for entry in state.full_history())
            size = max(1, min(1000, 2 * size, int(size * seconds / 10 / max(part, 1e-6))))
        return decisions, spent

    return once


def _playouts(spiel: Any, game: Any) -> Once:
    """Random playouts in one call: of a tree search that tries a single node. How many decisions they take is not told
    there, and worked out from the mean of as many games as tell it well.
    """
    state, dice = game.new_initial_state(), random.Random(1)
    while state.is_chance_node():
        state.apply_action(dice.choice(state.legal_actions()))
    mean = statistics.fmean(open_spiel_game(game, dice) for _ in range(300))
    rate = 1000.0

    def once(seconds: float) -> tuple[int, float]:
        nonlocal rate
        count = max(1, int(rate * seconds))
        evaluator = spiel.RandomRolloutEvaluator(count, 1)
        bot = spiel.MCTSBot(game, evaluator, 1.0, 1, 1000, False, 1, False)
        began = time.process_time()
        bot.step(state)
        spent = time.process_time() - began
        rate = count / max(spent, 1e-6)
        return max(1, round(count * mean)), spent

    return once


def _axelrod(missing: _Missing) -> Iterator[Entry]:
    axelrod = missing.module("axelrod", "axelrod", "Axelrod")
    for names in MATCHES if axelrod else ():
        players = [getattr(axelrod, name) for name in names]

        def match(players: list[Any] = players) -> int:
            # A new one each time: of two players without chance it would remember the moves.
            axelrod.Match([player() for player in players], turns=TURNS, seed=1).play()
            return 2 * TURNS

        yield Entry(" – ".join(names), "Axelrod match", DECISION, _repeated(match))


def _environments(book: Rulebook, missing: _Missing) -> Iterator[Entry]:
    """Steps of environments in which everybody acts at random; ours are the duel's."""
    if missing.module("gymnasium", "gymnasium", "Gymnasium") and missing.module(
        "pettingzoo", "pettingzoo", "PettingZoo"
    ):
        yield from _ours_to_learn_in(book)
        yield from _classics(missing)
        yield from _gyms()


def _ours_to_learn_in(book: Rulebook) -> Iterator[Entry]:
    from game.env import aec_env, parallel_env, single_seat_env, vector_env  # here: its extra may be missing

    name = "duel_2025" if "duel_2025" in book.scenarios else next(iter(book.scenarios))
    players = usual(book, name, ai_players)
    seat, rivals = next(iter(players)), dict(list(players.items())[1:])
    kernel: Any = rivals
    for batch in (GAMES, 1):
        games = vector_env(name, seat, batch, kernel, book, seed=1, autoreset="same_step", copy=False)
        games.reset(seed=1)
        yield Entry(name, f"vector_env, {batch} game{'s' * (batch > 1)}", STEP, _vector(games))
    single = single_seat_env(name, seat, rivals, book, seed=1)
    yield Entry(name, "single_seat_env", STEP, _repeated(partial(_single, single)))
    turns = aec_env(name, book, seed=1)
    yield Entry(name, "aec_env", STEP, _repeated(partial(_turns, turns)))
    together = parallel_env(name, book, seed=1)
    yield Entry(name, "parallel_env", STEP, _repeated(partial(_together, together)))


def _classics(missing: _Missing) -> Iterator[Entry]:
    for name in CLASSICS:
        module = missing.module(f"pettingzoo.classic.{name}", "pettingzoo", f"PettingZoo {name}")
        if module:
            yield Entry(name, "PettingZoo", STEP, _repeated(partial(_turns, module.env())))


def _gyms() -> Iterator[Entry]:
    import gymnasium  # here: it may be missing

    for name in GYMS:
        yield Entry(name, "Gymnasium", STEP, _repeated(partial(_single, gymnasium.make(name))))
    many = gymnasium.make_vec("CartPole-v1", num_envs=GAMES, vectorization_mode="vector_entry_point")
    many.reset(seed=1)
    yield Entry("CartPole-v1", f"Gymnasium, {GAMES} games", STEP, _repeated(partial(_acts, many)))


def _vector(games: Any) -> Once:
    """Step a vector environment of ours; legal actions are drawn with a table of random numbers."""
    noise = np.random.default_rng(1).random((64, *games.action_masks().shape), dtype=np.float32) + 1e-6
    masks, turn = games.action_masks(), 0

    def step() -> int:
        nonlocal masks, turn
        turn += 1
        seen, *_ = games.step((noise[turn % len(noise)] * masks).argmax(axis=1))
        masks = seen["action_mask"]
        return int(games.num_envs)

    return _repeated(step)


def _acts(games: Any) -> int:
    games.step(games.action_space.sample())
    return int(games.num_envs)


def _single(env: Any) -> int:
    """One game of a Gymnasium environment; how many steps it took."""
    seen, _ = env.reset()
    steps, over = 0, False
    while not over:
        mask = seen.get("action_mask") if isinstance(seen, dict) else None
        seen, _, terminated, truncated, _ = env.step(env.action_space.sample(mask))
        steps, over = steps + 1, terminated or truncated
    return steps


def _turns(env: Any) -> int:
    """One game of a PettingZoo environment in which agents act one at a time; how many steps it took."""
    env.reset()
    steps = 0
    for agent in env.agent_iter():
        seen, _, terminated, truncated, _ = env.last()
        over = terminated or truncated
        env.step(None if over else env.action_space(agent).sample(seen["action_mask"]))
        steps += not over
    return steps


def _together(env: Any) -> int:
    """One game of a PettingZoo environment in which agents act at the same time; the steps of all of them."""
    seen, _ = env.reset()
    steps = 0
    while env.agents:
        actions = {agent: env.action_space(agent).sample(seen[agent]["action_mask"]) for agent in env.agents}
        seen, *_ = env.step(actions)
        steps += len(actions)
    return steps
