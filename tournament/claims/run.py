"""Run claims: each is a tournament in a folder of its own, several at a time in processes; and what each comes to."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.queues import SimpleQueue
from pathlib import Path

from game.errors import ChokepointError
from rules import RuleErrors
from rules.model.rulebook import Rulebook
from rules.source.loader import CLAIMS
from tournament.claims.effects import Effect, effects
from tournament.claims.experiment import games_of, plan_of
from tournament.claims.read import Loaded, check_claim
from tournament.claims.replies import strategies
from tournament.claims.shapes import Claim
from tournament.claims.verdict import Judgement, judge
from tournament.runner.cores import usable_cores
from tournament.runner.run import Progress, run

POLL = 0.2
"""Seconds between looks at how far the processes are."""

_news: SimpleQueue[tuple[int, int, int]]
"""In a process of the pool: where it puts the number of its claim, games done and games in all."""

OnProgress = Callable[[int, int], None]
"""Takes now and then how many games are done, and of how many."""


@dataclass(frozen=True)
class Result:
    """What a claim's experiment came to.

    Attributes:
        claim: the claim.
        judgement: its verdict.
        effects: every prediction under every setting.
        titles: titles of the knobs that it names, by name.
        games: games played in all arms and settings together.
        per_arm: games in each arm under each setting.
        asked: the same as asked for: with best replies, of each strategy.
        folder: where they are stored.
    """

    claim: Claim
    judgement: Judgement
    effects: tuple[Effect, ...]
    titles: Mapping[str, str]
    games: int
    per_arm: int
    asked: int
    folder: Path


@dataclass(frozen=True)
class Trial:
    """One claim to be tested.

    Attributes:
        loaded: the claim with its file.
        book: the rulebook with the claim's measures in it, as ``check_claim`` returns it.
        rules: what the plan calls the rulebook.
        out: the folder that holds the claims' folders.
        games, seed: see ``plan_of``.
    """

    loaded: Loaded
    book: Rulebook
    rules: str
    out: Path
    games: int
    seed: int


def folder_of(out: Path, claim: Claim) -> Path:
    """Return the folder of a claim's games."""
    return out / f"claim-{claim.claim:02d}"


def try_claim(trial: Trial, on_progress: OnProgress) -> Result:
    """Play what is missing of a claim's games, in this process, and judge it.

    Raises:
        ChokepointError: the folder cannot be used, or a part of the claim no plan can have.
        RuleErrors: the rulebook refuses a setting.
    """
    claim, book = trial.loaded.claim, trial.book
    folder = folder_of(trial.out, claim)
    home = Path(trial.loaded.file).parent if Path(trial.loaded.file).is_file() else CLAIMS
    free: list[str] = []
    if claim.best_replies is not None:
        free = strategies(claim.best_replies, claim.scenario, book, folder / "players")
    plan = plan_of(claim, book, trial.games, trial.seed, free=free, rules=trial.rules, home=home)

    def on_games(progress: Progress) -> None:
        on_progress(progress.done, progress.total)

    tournament = run(plan, folder, book=book, backend="local", on_progress=on_games)
    games = games_of(tournament, claim, book)
    found = tuple(effects(claim, games))
    titles = {name: book.knobs[name].title for name in claim.knobs}
    per_arm = len(games.block)
    return Result(
        claim, judge(found), found, titles, tournament.field.games, per_arm, per_arm // (len(free) or 1), folder
    )


def run_claims(
    loaded: Sequence[Loaded],
    book: Rulebook,
    out: Path,
    games: int,
    *,
    seed: int = 1,
    rules: str = "standard",
    workers: int | None = None,
    on_progress: OnProgress = lambda done, total: None,
) -> list[Result]:
    """Test claims, as many at a time as there are processors, and return their results by number.

    Args:
        loaded: the claims.
        book: the rulebook that they are tested on.
        out: the folder for their games; what it holds of the same experiments is kept.
        games: about how many in each arm under each setting.
        seed: other worlds.
        rules: what stored plans call the rulebook.
        workers: processes; one for each processor when left out.
        on_progress: called now and then.

    Raises:
        RuleErrors: faults in a claim, before anything is played.
        ChokepointError: what went wrong with a claim, and which.
        KeyboardInterrupt: stopped by the user; what was played is stored, and running again does the rest.
    """
    # Those with best replies play the most, so they come first and nobody waits for them at the end.
    order = sorted(loaded, key=lambda each: (each.claim.best_replies is None, each.claim.claim))
    trials = [Trial(each, check_claim(each, book), rules, out.resolve(), games, seed) for each in order]
    out.mkdir(parents=True, exist_ok=True)
    count = min(workers or usable_cores(), len(trials))
    found = _here(trials, on_progress) if count < 2 else _together(trials, count, on_progress)
    return sorted(found, key=lambda result: result.claim.claim)


def _here(trials: Sequence[Trial], on_progress: OnProgress) -> list[Result]:
    found = []
    for number, trial in enumerate(trials):

        def on_games(done: int, total: int, before: int = number) -> None:
            on_progress(before * total + done, len(trials) * total)

        found.append(try_claim(trial, on_games))
    return found


def _together(trials: Sequence[Trial], count: int, on_progress: OnProgress) -> list[Result]:
    """Test claims in processes, which end with this one."""
    context = multiprocessing.get_context("spawn")  # a fork would copy locks that threads of polars and numba hold
    news: SimpleQueue[tuple[int, int, int]] = context.SimpleQueue()
    seen = [(0, trial.games) for trial in trials]
    before = set(multiprocessing.active_children())
    with ProcessPoolExecutor(count, context, _begin, (news,)) as pool:
        waiting = [pool.submit(_test, number, trial) for number, trial in enumerate(trials)]
        try:
            while wait(waiting, POLL, FIRST_EXCEPTION).not_done:
                while not news.empty():
                    number, done, total = news.get()
                    seen[number] = done, total
                on_progress(sum(done for done, _ in seen), sum(total for _, total in seen))
                if failed := next((each for each in waiting if each.done() and each.exception()), None):
                    failed.result()
            return [each.result() for each in waiting]
        except BaseException as error:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in set(multiprocessing.active_children()) - before:  # the pool itself would let them play on
                process.terminate()
            if isinstance(error, BrokenProcessPool):
                hint = "run the same command again: what was played is kept"
                raise ChokepointError("a process that tests claims was killed", hint) from error
            raise


def _begin(news: SimpleQueue[tuple[int, int, int]]) -> None:
    """Make a process of the pool ready: Ctrl-C is its parent's business, and it ends with its parent."""
    global _news
    _news = news
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _test(number: int, trial: Trial) -> Result:
    """Test a claim in a process of the pool.

    Raises:
        ChokepointError: what went wrong with it; errors of other classes cannot all be sent from process to process.
    """
    try:
        return try_claim(trial, lambda done, total: _news.put((number, done, total)))
    except (ChokepointError, RuleErrors) as error:
        raise ChokepointError(f"claim {trial.loaded.claim.claim}: {error}") from None
