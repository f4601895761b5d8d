"""Runs claims: each is a tournament in a folder of its own, several at a time in processes; and what each comes to."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from game.errors import ChokepointError
from rules.model.rulebook import Rulebook
from rules.source.loader import CLAIMS
from tournament.analysis.tidy import Estimate
from tournament.claims.effects import Effect, effects
from tournament.claims.experiment import Setting, games_of, plan_of
from tournament.claims.read import Loaded, check_claim, read_claim
from tournament.claims.replies import strategies
from tournament.claims.shapes import Claim
from tournament.claims.verdict import Judgement, judge
from tournament.runner.run import Progress, run

POLL = 0.2
"""Seconds between looks at how far the processes are."""

Report = Callable[[int, int], None]
"""Is told now and then how many games are done, and of how many."""


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

    @staticmethod
    def of(claim: Claim, book: Rulebook, folder: Path, said: Mapping[str, Any]) -> Result:
        """A result from the plain data of ``data``."""
        found = tuple(
            Effect(**{**each, "setting": Setting(**each["setting"]), "estimate": Estimate(**each["estimate"])})
            for each in said["effects"]
        )
        titles = {name: book.knobs[name].title for name in claim.knobs}
        return Result(claim, judge(found), found, titles, said["games"], said["per_arm"], said["asked"], folder)

    def data(self) -> dict[str, Any]:
        """What another process needs to build the same result, as plain data."""
        counts = {"games": self.games, "per_arm": self.per_arm, "asked": self.asked}
        return {"effects": [asdict(each) for each in self.effects], **counts}


@dataclass(frozen=True)
class Job:
    """One claim to be tested, as another process gets it.

    Attributes:
        loaded: the claim with its text.
        source: the rulebook as plain data.
        rules: what the plan calls the rulebook.
        out: the folder that holds the claims' folders.
        games, seed: see ``plan_of``.
    """

    loaded: Loaded
    source: Mapping[str, Any]
    rules: str
    out: Path
    games: int
    seed: int

    def text(self) -> str:
        """The job as JSON."""
        plain = {"claim": self.loaded.text, "file": self.loaded.file, "source": self.source, "rules": self.rules}
        return json.dumps({**plain, "out": str(self.out.resolve()), "games": self.games, "seed": self.seed})

    @staticmethod
    def read(text: str) -> Job:
        """The job that ``text`` wrote."""
        said = json.loads(text)
        loaded = read_claim(said["claim"], said["file"])
        return Job(loaded, said["source"], said["rules"], Path(said["out"]), said["games"], said["seed"])


def folder_of(out: Path, claim: Claim) -> Path:
    """The folder of a claim's games."""
    return out / f"claim-{claim.claim:02d}"


def try_claim(job: Job, book: Rulebook, report: Report) -> Result:
    """Plays what is missing of a claim's games, in this process, and judges it.

    Raises:
        ChokepointError: the folder cannot be used, or a part of the claim no plan can have.
        RuleErrors: faults in the claim.
    """
    claim = job.loaded.claim
    measured = check_claim(job.loaded, book)
    folder = folder_of(job.out, claim)
    home = Path(job.loaded.file).parent if Path(job.loaded.file).is_file() else CLAIMS
    free: list[str] = []
    if claim.best_replies is not None:
        free = strategies(claim.best_replies, claim.scenario, measured, folder / "players")
    plan = plan_of(claim, measured, job.games, job.seed, free=free, rules=job.rules, home=home)

    def tell(progress: Progress) -> None:
        report(progress.done, progress.total)

    tournament = run(plan, folder, book=measured, backend="local", progress=tell)
    games = games_of(tournament, claim, measured)
    found = effects(claim, games)
    counts = {
        "games": tournament.field.games,
        "per_arm": len(games.block),
        "asked": len(games.block) // (len(free) or 1),
    }
    return Result.of(claim, measured, folder, {"effects": [asdict(each) for each in found], **counts})


def run_claims(
    loaded: Sequence[Loaded],
    book: Rulebook,
    out: Path,
    games: int,
    *,
    seed: int = 1,
    rules: str = "standard",
    workers: int | None = None,
    report: Report = lambda done, total: None,
) -> list[Result]:
    """Tests claims, as many at a time as there are processors, and returns their results by number.

    Args:
        loaded: the claims.
        book: the rulebook that they are tested on.
        out: the folder for their games; what it holds of the same experiments is kept.
        games: about how many in each arm under each setting.
        seed: other worlds.
        rules: what stored plans call the rulebook.
        workers: processes; one for each processor when left out.
        report: is told how far it is.

    Raises:
        RuleErrors: faults in a claim, before anything is played.
        ChokepointError: what went wrong with a claim, and which.
        KeyboardInterrupt: stopped by the user; what was played is stored, and running again does the rest.
    """
    for each in loaded:
        check_claim(each, book)
    # Those with best replies play the most, so they come first and nobody waits for them at the end.
    order = sorted(loaded, key=lambda each: (each.claim.best_replies is None, each.claim.claim))
    jobs = [Job(each, book.source, rules, out, games, seed) for each in order]
    out.mkdir(parents=True, exist_ok=True)
    count = min(workers or os.cpu_count() or 1, len(jobs))
    found = _here(jobs, book, report) if count < 2 else _together(jobs, book, count, report)
    return sorted(found, key=lambda result: result.claim.claim)


def _here(jobs: Sequence[Job], book: Rulebook, report: Report) -> list[Result]:
    found = []
    for number, job in enumerate(jobs):

        def tell(done: int, total: int, before: int = number) -> None:
            report(before * total + done, len(jobs) * total)

        found.append(try_claim(job, book, tell))
    return found


def _together(jobs: Sequence[Job], book: Rulebook, count: int, report: Report) -> list[Result]:
    """Tests claims in processes, which this one ends if it is itself stopped."""
    team = Team()
    with ThreadPoolExecutor(count) as pool:
        waiting = [pool.submit(team.test, job, book) for job in jobs]
        try:
            while not all(each.done() for each in waiting):
                if any(each.done() and each.exception() for each in waiting):
                    break
                report(*team.progress(jobs))
                time.sleep(POLL)
            return [each.result() for each in waiting if each.done()]
        finally:
            for each in waiting:
                each.cancel()
            team.close()


class Team:
    """Processes of ``worker.py``, each of which plays one claim's games and sends back what they come to."""

    def __init__(self) -> None:
        self._processes: list[subprocess.Popen[str]] = []
        self._seen: dict[int, tuple[int, int]] = {}
        self._closed = False

    def progress(self, jobs: Sequence[Job]) -> tuple[int, int]:
        """Games done and games in all, as far as is known."""
        found = [self._seen.get(job.loaded.claim.claim, (0, job.games)) for job in jobs]
        return sum(done for done, _ in found), sum(total for _, total in found)

    def test(self, job: Job, book: Rulebook) -> Result:
        """Tests a claim in a process of its own.

        Raises:
            ChokepointError: what went wrong with it.
        """
        claim = job.loaded.claim
        root = str(Path(__file__).resolve().parents[2])
        paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))
        if self._closed:
            raise ChokepointError("stopped")
        process = subprocess.Popen(
            [sys.executable, "-m", "tournament.claims.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": paths},
            start_new_session=True,  # Ctrl-C is this process's business
        )
        self._processes.append(process)
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(job.text())
            process.stdin.close()
        for line in process.stdout:
            said = json.loads(line)
            if "done" in said:
                self._seen[claim.claim] = said["done"], said["total"]
            elif "error" in said:
                raise ChokepointError(f"claim {claim.claim}: {said['error']}")
            else:
                return Result.of(claim, book, folder_of(job.out, claim), said)
        last = (process.stderr.read().strip().splitlines() or ["it said nothing"])[-1]
        raise ChokepointError(f"claim {claim.claim}: its process ended: {last}", "run the same command again")

    def close(self) -> None:
        """Ends every process that still runs; what they played is stored."""
        self._closed = True
        for process in self._processes:
            if process.poll() is None:
                process.terminate()
            process.wait()
            for stream in (process.stdout, process.stderr):
                if stream is not None:
                    stream.close()
