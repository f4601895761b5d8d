"""Run claims: each is a tournament in a folder of its own, several at a time in processes; and what each comes to."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing.queues import SimpleQueue
from pathlib import Path

from game.errors import ChokepointError, UsageError
from rules import RuleErrors
from rules.model.rulebook import KnobDef, Rulebook
from rules.source.loader import CLAIMS
from tournament.analysis.uncertainty import shared_level
from tournament.claims.effects import Effect, effects
from tournament.claims.experiment import drawn_knobs, draws_of, games_of, plan_of, settings
from tournament.claims.read import Loaded, check_claim
from tournament.claims.replies import strategies
from tournament.claims.shapes import Claim
from tournament.claims.strength import SEARCH_GAMES, SEARCH_PLAYER, Strength, Strong, pool, stronger
from tournament.claims.verdict import Judgement, judge
from tournament.design.plan import looks
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
        knobs: the knobs that it names, by name.
        stronger: what it came to at stronger play, if that was asked for.
        players: who played as scripts, seat by seat.
        games: games played in all arms and settings together.
        per_arm: games in each arm under each setting.
        asked: the same as asked for: with best replies, of each strategy.
        level: how often a range holds the true number: more than 95 times of 100 where games were added until the
            verdict was decided, so that 95 is true of all looks together.
        folder: where they are stored.
    """

    claim: Claim
    judgement: Judgement
    effects: tuple[Effect, ...]
    knobs: Mapping[str, KnobDef]
    stronger: tuple[Strong, ...]
    players: Mapping[str, tuple[str, ...]]
    games: int
    per_arm: int
    asked: int
    level: float
    folder: Path

    @property
    def titles(self) -> dict[str, str]:
        """Titles of the knobs that the claim names."""
        return {name: knob.title for name, knob in self.knobs.items()}


@dataclass(frozen=True)
class Trial:
    """One claim to be tested.

    Attributes:
        loaded: the claim with its file.
        book: the rulebook with the claim's measures in it, as ``check_claim`` returns it.
        rules: what the plan calls the rulebook.
        out: the folder that holds the claims' folders.
        games, seed: see ``plan_of``.
        most: while the verdict is undecided games are doubled, up to so many.
        strengths: stronger play that it is tried at as well.
        players: the folders of found strategies.
    """

    loaded: Loaded
    book: Rulebook
    rules: str
    out: Path
    games: int
    seed: int
    most: int = 0
    strengths: tuple[Strength, ...] = ()
    players: tuple[Path, ...] = ()

    @property
    def looks(self) -> tuple[int, ...]:
        """How many games each look at the verdict rests on, fixed before anything is played."""
        return looks(self.games, self.most)


def folder_of(out: Path, claim: Claim) -> Path:
    """Return the folder of a claim's games."""
    return out / f"claim-{claim.claim:02d}"


def try_claim(trial: Trial, on_progress: OnProgress) -> Result:
    """Play what is missing of a claim's games, in this process, and judge it.

    Raises:
        ChokepointError: the folder cannot be used, or a part of the claim no plan can have.
        RuleErrors: the rulebook refuses a setting.
    """
    level = shared_level(len(trial.looks))
    for games in trial.looks:
        result = _look(trial, games, level, on_progress)
        if result.judgement.verdict != "undecided":
            break
    tried = [_stronger(trial, strength, level, on_progress) for strength in trial.strengths]
    played = sum(each.games for each in tried)
    return replace(result, stronger=tuple(tried), games=result.games + played)


def _look(trial: Trial, games: int, level: float, on_progress: OnProgress) -> Result:
    """Play what is missing of a number of games, and judge the claim by all of them."""
    claim, book = trial.loaded.claim, trial.book
    folder = folder_of(trial.out, claim)
    free: list[str] = []
    if claim.best_replies is not None:
        free = strategies(claim.best_replies, claim.scenario, book, folder / "players")

    def on_games(progress: Progress) -> None:
        on_progress(progress.done, progress.total)

    found: list[Effect] = []
    tournaments = []
    for draws in (False, True) if drawn_knobs(claim, book) else (False,):
        plan = plan_of(claim, book, games, trial.seed, free=free, rules=trial.rules, home=_home(trial), draws=draws)
        where = folder.with_name(f"{folder.name}-draws") if draws else folder
        tournament = run(plan, where, book=book, backend="local", on_progress=on_games)
        played = games_of(tournament, claim, draws_of(tournament) if draws else settings(claim, book))
        found += effects(claim, played, level)
        tournaments.append(tournament)
    per_arm = len(played.block)
    return Result(
        claim, judge(found, len(claim.predicts)), tuple(found), {name: book.knobs[name] for name in claim.knobs}, (),
        {seat: tuple(entrant.name for entrant in found) for seat, found in tournaments[0].field.seats.items()},
        sum(each.field.games for each in tournaments), per_arm, per_arm // (len(free) or 1), level, folder,
    )  # fmt: skip


def _stronger(trial: Trial, strength: Strength, level: float, on_progress: OnProgress) -> Strong:
    """Play a claim at a strength and say what it comes to there."""
    claim, book = trial.loaded.claim, trial.book
    folder = folder_of(trial.out, claim)
    seats = [seat.name for seat in book.scenarios[claim.scenario].seats]
    players: Mapping[str, Sequence[str]] = {seat: [SEARCH_PLAYER] for seat in seats}
    if strength == Strength.FOUND:
        if not trial.players:
            raise UsageError("found strategies come from a folder", "give --players DIR")
        players = pool(trial.players, claim.scenario, book, folder / "found")
    games = SEARCH_GAMES if strength == Strength.SEARCH else trial.games
    plan = plan_of(claim, book, games, trial.seed, rules=trial.rules, home=_home(trial), players=players)
    where = folder.with_name(f"{folder.name}-{strength}")
    return stronger(claim, plan, where, book, strength, level, on_progress)


def _home(trial: Trial) -> Path:
    """Return the folder in which a claim's own files of players are looked for first."""
    return Path(trial.loaded.file).parent if Path(trial.loaded.file).is_file() else CLAIMS


def run_claims(
    loaded: Sequence[Loaded],
    book: Rulebook,
    out: Path,
    games: int,
    *,
    seed: int = 1,
    rules: str = "standard",
    most: int = 0,
    strengths: Sequence[Strength] = (),
    players: Sequence[Path] = (),
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
        most: while a verdict is undecided its games are doubled, up to so many in each arm under each setting.
        strengths: stronger play that the claims are tried at as well: ``found``, ``search``.
        players: the folders of found strategies, which ``found`` needs.
        workers: processes; one for each processor when left out.
        on_progress: called now and then.

    Raises:
        RuleErrors: faults in a claim, before anything is played.
        ChokepointError: what went wrong with a claim, and which.
        KeyboardInterrupt: stopped by the user; what was played is stored, and running again does the rest.
    """
    # Those with best replies play the most, so they come first and nobody waits for them at the end.
    order = sorted(loaded, key=lambda each: (each.claim.best_replies is None, each.claim.claim))
    trials = [
        Trial(each, check_claim(each, book), rules, out.resolve(), games, seed, most, tuple(strengths), tuple(players))
        for each in order
    ]
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
