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
from tournament.claims.strength import SEARCH_PLAYER, Dropped, Strength, Strong, pool, stronger
from tournament.claims.verdict import Judgement, judge
from tournament.design.plan import looks
from tournament.runner.cores import usable_cores
from tournament.runner.run import Progress, run

GAMES: Mapping[Strength, int] = {Strength.SCRIPTS: 400, Strength.FOUND: 400, Strength.SEARCH: 64}
"""Games in each arm under each setting when nothing is said: a search player takes a thousand times as long for a move
as a doctrine."""

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
        judged: its verdict, by doctrines' games; None where they did not play.
        effects: every prediction under every setting, by doctrines' games.
        knobs: the knobs that it names, by name.
        stronger: what it came to at stronger play, if that was asked for.
        players: who played as scripts, seat by seat.
        games: games played in all arms and settings, at all strengths together.
        per_arm: doctrines' games in each arm under each setting.
        asked: the same as asked for: with best replies, of each strategy.
        level: how often a range holds the true number: more than 95 times of 100 where games were added until the
            verdict was decided, so that 95 is true of all looks together.
        folder: where they are stored.
    """

    claim: Claim
    judged: Judgement | None
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
    def judgement(self) -> Judgement:
        """The verdict, by doctrines' games.

        Raises:
            UsageError: doctrines did not play.
        """
        if self.judged is None:
            hint = f"add --strength {Strength.SCRIPTS}"
            raise UsageError(f"doctrines did not play claim {self.claim.claim}, so it has no verdict", hint)
        return self.judged

    @property
    def played(self) -> tuple[Strength, ...]:
        """The strengths of play that it was tried at."""
        scripts = (Strength.SCRIPTS,) if self.judged is not None else ()
        return (*scripts, *(strong.strength for strong in self.stronger))

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
        games, seed: see ``plan_of``; games as many as ``GAMES`` says when None.
        most: while the verdict is undecided doctrines' games are doubled, up to so many.
        strengths: the strengths of play that it is tried at.
        players: the folders of found strategies.
    """

    loaded: Loaded
    book: Rulebook
    rules: str
    out: Path
    games: int | None
    seed: int
    most: int = 0
    strengths: tuple[Strength, ...] = (Strength.SCRIPTS,)
    players: tuple[Path, ...] = ()

    @property
    def looks(self) -> tuple[int, ...]:
        """How many games each look at the verdict rests on, fixed before anything is played."""
        return looks(self.games_of(Strength.SCRIPTS), self.most)

    def games_of(self, strength: Strength) -> int:
        """Return about how many games are played in each arm at a strength."""
        return GAMES[strength] if self.games is None else self.games


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
    level = shared_level(len(trial.looks))
    knobs = {name: book.knobs[name] for name in claim.knobs}
    result = Result(claim, None, (), knobs, (), {}, 0, 0, 0, level, folder_of(trial.out, claim))
    for games in trial.looks if Strength.SCRIPTS in trial.strengths else ():
        result = _look(trial, result, games, on_progress)
        if result.judgement.verdict != "undecided":
            break
    tried = [_stronger(trial, each, level, on_progress) for each in trial.strengths if each != Strength.SCRIPTS]
    return replace(result, stronger=tuple(tried), games=result.games + sum(each.games for each in tried))


def _look(trial: Trial, result: Result, games: int, on_progress: OnProgress) -> Result:
    """Play what is missing of a number of doctrines' games, and judge the claim by all of them."""
    claim, book, folder = trial.loaded.claim, trial.book, result.folder
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
        found += effects(claim, played, result.level)
        tournaments.append(tournament)
    per_arm = len(played.block)
    return replace(
        result,
        judged=judge(found, len(claim.predicts)),
        effects=tuple(found),
        players={seat: tuple(each.name for each in who) for seat, who in tournaments[0].field.seats.items()},
        games=sum(each.field.games for each in tournaments),
        per_arm=per_arm,
        asked=per_arm // (len(free) or 1),
    )


def _stronger(trial: Trial, strength: Strength, level: float, on_progress: OnProgress) -> Strong:
    """Play a claim at a strength and say what it comes to there."""
    claim, book = trial.loaded.claim, trial.book
    folder = folder_of(trial.out, claim)
    where = folder.with_name(f"{folder.name}-{strength}")
    seats = [seat.name for seat in book.scenarios[claim.scenario].seats]
    players: Mapping[str, Sequence[str]] = {seat: [SEARCH_PLAYER] for seat in seats}
    dropped: Sequence[Dropped] = ()
    if strength == Strength.FOUND:
        players, dropped = pool(trial.players, claim.scenario, book, where / "players")
    games = trial.games_of(strength)
    plan = plan_of(claim, book, games, trial.seed, rules=trial.rules, home=_home(trial), players=players)
    return replace(stronger(claim, plan, where, book, strength, level, on_progress), dropped=tuple(dropped))


def _home(trial: Trial) -> Path:
    """Return the folder in which a claim's own files of players are looked for first."""
    return Path(trial.loaded.file).parent if Path(trial.loaded.file).is_file() else CLAIMS


def run_claims(
    loaded: Sequence[Loaded],
    book: Rulebook,
    out: Path,
    games: int | None = None,
    *,
    seed: int = 1,
    rules: str = "standard",
    most: int = 0,
    strengths: Sequence[Strength] = (Strength.SCRIPTS,),
    players: Sequence[Path] = (),
    workers: int | None = None,
    on_progress: OnProgress = lambda done, total: None,
) -> list[Result]:
    """Test claims, as many at a time as there are processors, and return their results by number.

    Args:
        loaded: the claims.
        book: the rulebook that they are tested on.
        out: the folder for their games; what it holds of the same experiments is kept.
        games: about how many in each arm under each setting, at every strength; as ``GAMES`` says when None.
        seed: other worlds.
        rules: what stored plans call the rulebook.
        most: while a verdict is undecided doctrines' games are doubled, up to so many in each arm under each setting.
        strengths: the strengths of play that the claims are tried at, and no other.
        players: the folders of found strategies, which ``found`` needs.
        workers: processes; one for each processor when left out.
        on_progress: called now and then.

    Raises:
        RuleErrors: faults in a claim, before anything is played.
        UsageError: what is asked for does not go with the strengths.
        ChokepointError: what went wrong with a claim, and which.
        KeyboardInterrupt: stopped by the user; what was played is stored, and running again does the rest.
    """
    if not strengths:
        raise UsageError("nobody would play the claims", f"name a strength: {', '.join(Strength)}")
    if Strength.FOUND in strengths and not players:
        raise UsageError("found strategies come from a folder", "give --players DIR, as 'tournament discover' wrote it")
    if players and Strength.FOUND not in strengths:
        raise UsageError("--players is for found strategies", "add --strength found")
    if most and Strength.SCRIPTS not in strengths:
        raise UsageError("--most is for doctrines' games", "give a larger --games, or add --strength scripts")
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
    seen = [(0, trial.games_of(trial.strengths[0])) for trial in trials]
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
