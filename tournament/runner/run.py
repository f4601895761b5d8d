"""Runs a plan: plays what its folder does not hold yet, in this process or on Ray, and leaves sorted results."""

from __future__ import annotations

import contextlib
import datetime
import importlib.metadata
import json
import platform
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Literal

import numpy as np
import polars as pl

from ai_players.external.bots import is_text
from rules import RuleErrors
from rules.model.faults import Faults
from rules.model.rulebook import Rulebook
from rules.source.yaml import read_yaml
from tournament.design.field import Field, enter, player_files
from tournament.design.plan import Plan, load_plan, plan_from
from tournament.errors import StoreError
from tournament.runner.audit import audit
from tournament.runner.cores import usable_cores
from tournament.runner.executor import Done, Executor, InProcess, Queue
from tournament.runner.job import TOKEN, GameJob
from tournament.runner.ray_pool import RayPool
from tournament.runner.referee import OK, Referee, close_processes
from tournament.storage.results import Tournament
from tournament.storage.store import DAMAGED, FORMAT, Store, plain_yaml, put

Backend = Literal["auto", "local", "ray"]

RAY_PAYS = 20.0
"""Seconds of work from which ``auto`` uses Ray, which takes seconds and 700 MiB to start (docs/clusters.md)."""

PILOT = 1.0
"""For so long ``auto`` plays here before it decides."""

SLICE = 1 << 17


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Attributes:
        done: games of the plan that are stored, those of earlier runs included.
        total: games of the plan.
        played: games played by this run.
        start: seconds until the first game began.
        seconds: seconds since then.
        place: where it plays, and why there.
        faults: games, and seats in them, in which a custom player failed in this run.
        notes: what else the user should know, such as damaged files.
    """

    done: int
    total: int
    played: int
    start: float
    seconds: float
    place: str
    faults: int = 0
    notes: tuple[str, ...] = ()


OnProgress = Callable[[Progress], None]


def run(
    plan: Plan | str | Path | Mapping[str, Any] | None = None,
    out: str | Path | None = None,
    *,
    book: Rulebook | None = None,
    backend: Backend | Executor = "auto",
    address: str | None = None,
    on_progress: OnProgress | None = None,
    **changes: Any,
) -> Tournament:
    """Play the games of a plan that its folder lacks, and return its results; see ``tournament.run``, which plays on
    until the answer of an adaptive plan is decided.
    """
    field = enter(planned(plan, changes), book)
    folder = Path(out) if out is not None else Path("results") / field.plan.plan
    store = Store(folder)
    store.check_usable()
    with store.locked():
        field = _settle(store, field)
        damaged = store.mend()
        queue, done = _missing(store, field)
        if damaged and on_progress is not None:
            note = f"{store.folder / DAMAGED} holds what was damaged, to be played again: {', '.join(damaged)}"
            on_progress(Progress(done, field.games, 0, 0.0, 0.0, "checking the results", 0, (note,)))
        referee = _referee(store, field)
        if queue.left:
            _play(store, field, queue, referee, done, backend, address, on_progress or (lambda _: None))
        store.compact()
        _audit(store, folder, field)
        _finish(store, complete=not queue.dropped, stopped=referee.stopped if queue.dropped else {})
    return Tournament(folder, field)


def _audit(store: Store, folder: Path, field: Field) -> None:
    """Play a part of the games again and note in the manifest what came of it, unless that was done with as many."""
    manifest = store.manifest()
    stored = len(store.frame("games", ["id"])) if store.files("games") else 0
    if not stored or manifest.get("audit", {}).get("stored") == stored:
        return
    found = audit(Tournament(folder, field))
    _write_manifest(store, {**manifest, "audit": {**found.data(), "stored": stored}})


def planned(plan: Plan | str | Path | Mapping[str, Any] | None, changes: Mapping[str, Any]) -> Plan:
    """Return a plan, however it was given, with some of its values changed."""
    if not isinstance(plan, Plan):
        plan = plan_from(plan) if isinstance(plan, Mapping) else load_plan(plan)
    return plan.changed(**changes) if changes else plan


# ------------------------------------------------------------------------------------------ the folder


def _rulebook_text(book: Rulebook) -> str:
    """Return the rulebook as the folder keeps it, in one file.

    Raises:
        StoreError: A rulebook of several files is too large for one: its results could not be opened again.
    """
    text = plain_yaml(dict(book.source))
    faults = Faults()
    read_yaml(text, "rulebook.yaml", faults)
    try:
        faults.stop()
    except RuleErrors as errors:
        why = f"the rulebook {book.name} cannot be kept with its results: in one file {errors.faults[0].message}"
        raise StoreError(why, "shorten its texts, or leave out what is not played") from None
    return text


def _settle(store: Store, field: Field) -> Field:
    """Make the folder this field's, or make sure that it is; return the wider of the two fields."""
    resampled = False
    if store.exists():
        old = Tournament(store.folder)
        if not _grows(store.folder, old.field, field):
            return old.field
        resampled = old.manifest["resampled"] or (field.schedule.sampled and old.field.codes != field.codes)
    store.write_text("rulebook.yaml", _rulebook_text(field.base))
    for name, data in player_files(field).items():
        store.write(f"players/{name}", data)
    bots = sorted({f"players/{bot.file}" for bot in field.bots.values()})
    # The folder keeps its own rulebook; what the plan called it is a note, which YAML cannot hold if it is no text.
    rules = field.plan.rules if is_text(field.plan.rules) else field.base.name
    store.write_text("plan.yaml", field.plan.changed(bots=bots, rules=rules).yaml())
    manifest = {
        "format": FORMAT,
        "rules": {"name": field.base.name, "version": field.base.version, "sha256": field.base.sha256},
        "players": field.codes,
        "arms": {arm.key: {"name": arm.name, "scenario": arm.scenario, "values": arm.values} for arm in field.arms},
        "games": field.games,
        "resampled": resampled,
        "complete": False,
        "stopped": {},
        "versions": _versions(),
        "machine": {"system": platform.platform(), "cpus": usable_cores()},
        "runs": store.manifest()["runs"] if store.exists() else [],
        "said": store.manifest().get("said", {}) if store.exists() else {},
    }
    _write_manifest(store, manifest)
    return field


def _grows(folder: Path, old: Field, new: Field) -> bool:
    """Return whether the new field has games that the old one lacks.

    Raises:
        StoreError: the folder belongs to another plan: neither field contains the other.
    """
    differences = [
        f"{what} {before}, now {after}"
        for what, before, after in (
            ("the rulebook was", f"{old.base.name} {old.base.sha256[:8]}", f"{new.base.name} {new.base.sha256[:8]}"),
            ("the scenario was", old.plan.scenario, new.plan.scenario),
            ("the design was", _design(old.plan), _design(new.plan)),
            ("the seed was", old.plan.seed, new.plan.seed),
            ("the settings were", _settings(old.settings), _settings(new.settings)),
        )
        if before != after
    ]
    for seat, players in () if differences else old.codes.items():
        changed = [name for name, code in players.items() if new.codes[seat].get(name, code) != code]
        if changed:
            kind = "player" if changed[0] in new.thinkers else "doctrine"
            differences.append(f"the {kind} {changed[0]} has changed since")
    if not differences:
        arms = {arm.key for arm in old.arms}, {arm.key for arm in new.arms}
        sizes = [(old.schedule.profiles.count, new.schedule.profiles.count), (old.schedule.blocks, new.schedule.blocks)]
        seats = [(set(old.codes[seat]), set(new.codes[seat])) for seat in old.codes]
        sets = [*seats, arms]
        if all(a <= b for a, b in sizes) and all(a <= b for a, b in sets):
            same = (old.codes, old.plan.faults) == (new.codes, new.plan.faults) and {
                a.key: a.name for a in old.arms
            } == {a.key: a.name for a in new.arms}
            return not same or any(a < b for a, b in sizes)
        if all(a >= b for a, b in sizes) and all(a >= b for a, b in sets):
            return False
        differences = [
            f"the players of {seat} were {', '.join(sorted(a))}, now {', '.join(sorted(b))}"
            for (seat, _), (a, b) in zip(old.codes.items(), seats, strict=True)
            if not a <= b
        ]
        lost = [arm.name for arm in old.arms if arm.key not in arms[1]]
        differences += [f"it has no arm '{lost[0]}' any more"] if lost else []
        differences = differences or [
            f"it was {sizes[0][0]} profiles in {sizes[1][0]} worlds, now {sizes[0][1]} in {sizes[1][1]}"
        ]
    raise StoreError(
        f"{folder} holds the results of another plan: {'; '.join(differences)}", "choose another folder with --out"
    )


def _design(plan: Plan) -> str:
    if plan.around:
        return f"{plan.design} around {', '.join(plan.around.values())}"
    return f"{plan.design} for {plan.one}" if plan.one else plan.design


def _settings(settings: Mapping[str, Any]) -> str:
    changed = [f"{path}={value}" for path, value in sorted(settings["overrides"].items())]
    changed += [f"without {name}" for name in (*settings["without"], *settings.get("no_news", ()))]
    changed += [f"{event} in round {number}" for event, number in settings.get("inject", {}).items()]
    return ", ".join(changed) or "none"


def _referee(store: Store, field: Field) -> Referee:
    """Return a referee who knows the faults that are stored."""
    found = Referee(field.plan.faults)
    if field.bots and store.files("seats"):
        found.said = {player: dict(words) for player, words in store.manifest().get("said", {}).items()}
        seats = store.frame("seats", ["player", "status"])
        failed = seats.filter((pl.col("status") != OK) & pl.col("player").is_in(list(field.bots)))
        found.learn([(player, kind, "") for player, kind in failed.select("player", "status").iter_rows()])
    return found


def _missing(store: Store, field: Field) -> tuple[Queue, int]:
    """Return the games that are not there yet, and how many are."""
    total = field.games
    there = store.done()
    late = field.thinkers
    slow = (lambda games: field.seating(games, late)) if late else None
    if not len(there):
        return Queue(range(total), slow=slow), 0
    missing = []
    for start in range(0, total, SLICE):
        games = np.arange(start, min(start + SLICE, total))
        missing.append(games[~np.isin(field.ids(games), there)])
    left = np.concatenate(missing)
    return Queue(left, slow=slow), total - len(left)


# --------------------------------------------------------------------------------------------- playing


def _play(
    store: Store,
    field: Field,
    queue: Queue,
    referee: Referee,
    done: int,
    backend: Backend | Executor,
    address: str | None,
    on_progress: OnProgress,
) -> None:
    """Play everything in the queue; whatever ends it, what was done is stored and noted."""
    before, began = done, time.perf_counter()
    first = began
    job = GameJob.of(field, store.folder)
    place, faults = "", 0
    if referee.stopped:
        queue.only(lambda games: ~field.seating(games, referee.stopped))

    def announce(where: str) -> None:
        seconds = time.perf_counter() - first if done > before else 0.0
        on_progress(Progress(done, field.games, done - before, first - began, seconds, where, faults))

    try:
        with _ctrl_c() as end_if_pressed, contextlib.closing(_stages(job, queue, backend, address, announce)) as stages:
            for place, chunk in stages:
                if done == before:
                    first = time.perf_counter() - chunk.seconds
                if chunk.payload is not None:
                    put(store.folder, chunk.shard, *chunk.payload)
                done += chunk.games
                faults += len(chunk.faults)
                if referee.learn(chunk.faults):
                    queue.only(lambda games: ~field.seating(games, referee.stopped))
                if chunk.faults and store.manifest().get("said") != referee.said:  # now: a killed run forgets nothing
                    _write_manifest(store, {**store.manifest(), "said": referee.said})
                announce(place)
                end_if_pressed()
    finally:
        close_processes()
        (store.folder / TOKEN).unlink(missing_ok=True)
        _finish(store, complete=False, games=done - before, seconds=time.perf_counter() - first, place=place)


@contextlib.contextmanager
def _ctrl_c() -> Generator[Callable[[], None]]:
    """Give a function that raises KeyboardInterrupt if Ctrl-C was pressed and is still unanswered.

    It is raised at once, as ever; but where Python cannot pass an exception on, in a finaliser or a callback from
    compiled code such as Ray's, that is dropped with a line on standard error and the run would play on. Only the main
    thread hears signals, and a handler that somebody else has set keeps its meaning.
    """
    pressed = threading.Event()
    before = signal.getsignal(signal.SIGINT)

    def note(number: int, frame: FrameType | None) -> None:
        assert callable(before)
        try:
            before(number, frame)
        except KeyboardInterrupt:
            pressed.set()
            raise

    def end_if_pressed() -> None:
        if pressed.is_set():
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield end_if_pressed
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield end_if_pressed
        end_if_pressed()  # the workers' ending may have dropped it
    finally:
        signal.signal(signal.SIGINT, before)


def _stages(
    job: GameJob, queue: Queue, backend: Backend | Executor, address: str | None, announce: Callable[[str], None]
) -> Generator[tuple[str, Done]]:
    """Yield every chunk with where it was played: all of them in one place, or ``auto``'s pilot here and the rest on
    Ray.
    """
    reason = ", as asked"
    if backend == "auto" and address is None:
        here, spent = InProcess(), 0.0
        announce("getting the rules ready")
        with contextlib.closing(here.run(job, queue)) as chunks:
            for chunk in chunks:
                yield f"{here.name}, as Ray would take longer to start than it saves (--ray forces it)", chunk
                spent += chunk.seconds
                if spent > PILOT and _ray_pays(queue):
                    break
            else:
                return
        reason = f", as one core alone would have taken another {queue.seconds_left:,.0f} s"
        backend = "ray"
    if backend == "ray" or address is not None:
        announce("getting the rules ready")
        job.prepare()  # fills the kernel's cache before several workers want it
        announce("starting Ray" if address is None else f"joining the Ray cluster at {address}")
        backend = RayPool(address)
    executor = InProcess() if isinstance(backend, str) else backend
    announce("getting the rules ready" if isinstance(executor, InProcess) else f"{executor.name}: starting workers")
    try:
        with contextlib.closing(executor.run(job, queue)) as chunks:
            for chunk in chunks:
                yield executor.name + reason, chunk
    finally:
        executor.close()


def _ray_pays(queue: Queue) -> bool:
    return usable_cores() > 1 and queue.seconds_left > RAY_PAYS


# -------------------------------------------------------------------------------------------- manifest


def _write_manifest(store: Store, manifest: Mapping[str, Any]) -> None:
    store.write_text("manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")


def _finish(
    store: Store,
    *,
    complete: bool,
    stopped: Mapping[str, str] | None = None,
    games: int = 0,
    seconds: float = 0.0,
    place: str = "",
) -> None:
    """Note in the manifest what a run did and whether all games are there."""
    manifest = store.manifest()
    manifest["complete"] = complete
    manifest["stopped"] = dict(stopped or {})
    if games:
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        manifest["runs"].append({"ended": now, "games": games, "seconds": round(seconds, 2), "where": place})
    _write_manifest(store, manifest)


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version(), "commit": _commit()}
    for name in ("chokepoint", "numpy", "numba", "polars", "ray"):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def _commit() -> str:
    """Return the commit of the source tree that runs, or an empty text outside of one."""
    try:
        home = Path(__file__).resolve().parents[2]
        if not (home / ".git").exists():
            return ""
        command = ["git", "-C", str(home), "rev-parse", "HEAD"]
        return subprocess.run(command, capture_output=True, text=True, timeout=5).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""
