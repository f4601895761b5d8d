"""Results that somebody altered, cut or copied in half: what is wrong is named, with what to do; no traceback."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import tournament
from tests.tournament.conftest import HERE, fingerprint
from tournament.design.plan import load_plan
from tournament.errors import StoreError
from tournament.report.standings import table
from tournament.report.write import write_report
from tournament.runner.replay import replay
from tournament.runner.run import run
from tournament.storage import checks
from tournament.storage.checks import expands
from tournament.storage.store import Store, checksum, encode

PLAN = HERE / "plan.yaml"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results") / "whole"
    run(PLAN, folder, backend="local")
    return folder


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "copy"))


def set_in(folder: Path, keys: tuple[str, ...], value: Any) -> None:
    """Change one value of the manifest; ``None`` takes the key away."""
    path = folder / "manifest.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    inner = data
    for key in keys[:-1]:
        inner = inner[key]
    if value is None:
        del inner[keys[-1]]
    else:
        inner[keys[-1]] = value
    path.write_text(json.dumps(data), encoding="utf-8")


def rewrite(folder: Path, part: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    """Change a sorted file and the note of its hash too."""
    (path,) = (folder / part).glob("*.parquet")
    contents = encode(change(pl.read_parquet(path.read_bytes())))
    path.write_bytes(contents)
    sums = json.loads((folder / "sums.json").read_text())
    (folder / "sums.json").write_text(json.dumps({**sums, f"{part}/{path.name}": [checksum(contents)]}))


def everything(folder: Path) -> None:
    """All that reads results."""
    run(PLAN, folder, backend="local")
    found = tournament.open(folder)
    found.verify()
    table(found)
    replay(found, found.games["id"][0])
    write_report(found, folder / "again")


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (("format",), "two"), (("players",), ["north"]), (("players",), None), (("players", "north"), 3),
        (("arms",), None), (("arms",), {"x": {}}), (("games",), "many"), (("complete",), "perhaps"), (("runs",), {}),
        (("runs",), [3]), (("resampled",), None), (("rules",), "standard"), (("rules", "sha256"), 1), (("said",), []),
        (("stopped",), ["nobody"]), (("audit",), 7), (("audit", "differences"), ["x"]), (("audit", "games"), None),
        (("versions",), None),
    ],
)  # fmt: skip
def test_an_altered_manifest_is_named_with_its_part(keys: tuple[str, ...], value: Any, copy: Path) -> None:
    set_in(copy, keys, value)
    with pytest.raises(StoreError, match=r"manifest\.json is damaged: .*; delete it and run again: the games are kept"):
        tournament.open(copy)
    with pytest.raises(StoreError, match="manifest\\.json is damaged"):
        run(PLAN, copy, backend="local")


@pytest.mark.parametrize("text", ["", "[]", "7", "null", '{"format": 2}', "[" * 100_000, "{"])
def test_what_is_no_manifest_is_told(text: str, copy: Path) -> None:
    (copy / "manifest.json").write_text(text)
    with pytest.raises(StoreError, match=r"manifest\.json is damaged|older version"):
        tournament.open(copy)


def test_a_deleted_manifest_is_made_again_and_the_games_are_kept(copy: Path, whole: Path) -> None:
    (copy / "manifest.json").unlink()
    found = run(PLAN, copy, backend="local", on_progress=lambda p: pytest.fail("nothing is to be played"))
    assert found.complete and fingerprint(copy) == fingerprint(whole)


def cast(name: str, kind: Any) -> Callable[[pl.DataFrame], pl.DataFrame]:
    return lambda frame: frame.with_columns(pl.col(name).cast(kind))


ALTERED = {
    "no_scores": ("games", lambda f: f.drop("scores"), "there is no column scores|unable to find column"),
    "scores_as_text": ("games", cast("scores", pl.List(pl.String)), r"the column scores is List\(String\)"),
    "block_as_text": ("games", cast("block", pl.String), "the column block is String, not Int32"),
    "a_gap": ("games", lambda f: f.with_columns(rounds=pl.lit(None, pl.Int16)), "the column rounds has gaps"),
    "unknown_arm": ("games", lambda f: f.with_columns(arm=pl.lit("ffff")), "there is no arm ffff of fair"),
    "another_scenario": ("games", lambda f: f.with_columns(scenario=pl.lit("war")), "there is no arm .* of war"),
    "unknown_player": (
        "games", lambda f: f.with_columns(profile=pl.lit(["a", "b", "c"], pl.List(pl.String))), "a did not play north",
    ),
    "short_profile": ("games", lambda f: f.with_columns(pl.col("profile").list.head(1)), "not one entry for each of 3"),
    "short_scores": ("games", lambda f: f.with_columns(pl.col("scores").list.head(2)), "not one entry for each of 3"),
    "strange_measure": ("games", lambda f: f.with_columns(measure_x=pl.lit("x")), "measure_x is String, not Int64"),
    "unknown_seat": ("seats", lambda f: f.with_columns(seat=pl.lit("east")), "did not play east"),
    "no_player": ("seats", lambda f: f.drop("player"), "there is no column player|unable to find column"),
    "moves_as_text": ("seats", lambda f: f.with_columns(move_sell=pl.lit("x")), "move_sell is String, not UInt16"),
}  # fmt: skip


@pytest.mark.parametrize(("part", "change", "words"), ALTERED.values(), ids=ALTERED)
def test_altered_columns_and_rows_are_named_with_their_part(part: str, change: Any, words: str, copy: Path) -> None:
    rewrite(copy, part, change)
    found = tournament.open(copy)
    with pytest.raises(StoreError, match=rf"copy.*({words})"):
        getattr(found, part)
    with pytest.raises(StoreError, match="copy"):
        everything(copy)


@pytest.mark.parametrize("part", ["games", "seats"])
def test_a_report_looks_as_closely_as_a_run_does(part: str, copy: Path) -> None:
    (path,) = (copy / part).glob("*.parquet")
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 3] ^= 1
    path.write_bytes(raw)
    again = f"tournament run {copy}/plan.yaml --out {copy}"
    with pytest.raises(StoreError, match=rf"{part}/{path.name} is damaged; .*{again}"):
        tournament.open(copy).verify()
    path.unlink()
    with pytest.raises(StoreError, match=rf"{part}/{path.name} is missing"):
        tournament.open(copy).verify()


def test_a_small_file_that_would_fill_the_memory_is_damaged(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def blow_up(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.head(1).select(pl.all().repeat_by(3_000_000).list.explode())

    monkeypatch.setattr(checks, "LARGEST", 1 << 24)
    monkeypatch.setattr("tournament.storage.store.LARGEST", 1 << 24)
    rewrite(copy, "seats", blow_up)
    (path,) = (copy / "seats").glob("*.parquet")
    assert expands(path.read_bytes()) > 1000 * path.stat().st_size
    with pytest.raises(StoreError, match=r"seats/.* is damaged"):
        tournament.open(copy).verify()
    assert Store(copy).mend() == [f"seats/{path.name}"]


def varint(number: int, length: int = 0) -> bytes:
    """A number as Thrift writes it, stretched to a length with bits that say nothing."""
    found, number = [], number << 1
    while number or not found or len(found) < length:
        found.append(0x80 | number & 0x7F)
        number >>= 7
    found[-1] &= 0x7F
    return bytes(found)


@pytest.mark.parametrize("frame", [
    pl.DataFrame({"id": ["0" * 2_000_000]}), pl.DataFrame({"id": ["a"]}).select(pl.all().repeat_by(100_000).explode()),
], ids=["one long text", "many short ones"])  # fmt: skip
def test_what_a_file_says_at_its_end_about_its_size_is_not_trusted(frame: pl.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "bomb.parquet"
    frame.write_parquet(path, compression="zstd", statistics=False)
    data = path.read_bytes()
    end = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    contents = data[end:]
    for told in (frame.height, *range(2_000_000, 2_000_100)):  # rows, and bytes with what a page begins with
        if told > 1_000:
            contents = contents.replace(varint(told), varint(1, len(varint(told))))
    assert contents != data[end:]
    assert expands(data[:end] + contents) == pytest.approx(expands(data), rel=0.01)
    assert expands(data) > 100 * len(data)


def test_a_number_without_end_is_no_number() -> None:
    contents = b"\x19" + b"\xff" * 500_000
    with pytest.raises(ValueError, match=r"64 bits|cut"):
        expands(b"PAR1" + contents + len(contents).to_bytes(4, "little") + b"PAR1")


def test_real_files_expand_a_hundred_times_at_most(whole: Path) -> None:
    for path in whole.glob("*/*.parquet"):
        assert 0 < expands(path.read_bytes()) < 100 * path.stat().st_size


KILLED = """
import os, sys, time, tournament
from tournament.design.plan import load_plan
from tournament.runner.executor import InProcess

class Slow(InProcess):
    def run(self, job, queue):
        for number, done in enumerate(super().run(job, queue)):
            yield done
            if number == 0:
                print("begun", flush=True)
                time.sleep(600)

tournament.run(load_plan(sys.argv[1]), sys.argv[2], backend=Slow())
"""


def test_a_running_run_and_a_killed_one_are_reported_as_what_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "cut"
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(PLAN), str(folder)], stdout=subprocess.PIPE, text=True, cwd=HERE.parents[1]
    )
    try:
        assert process.stdout is not None and process.stdout.readline() == "begun\n"
        there = len(Store(folder).done())
        found = tournament.open(folder)
        assert found.unfinished == f"a run is at work in {folder}: {there} of 200 games are there"
        page = write_report(found, tmp_path / "early").page.read_text(encoding="utf-8")
        assert f"A run is at work in this folder: {200 - there} games of 200 are missing" in page
    finally:
        process.kill()
        process.wait()
    found = tournament.open(folder)
    assert found.stopped == {} and not found.complete
    assert found.unfinished.startswith(f"{folder} holds a run that was stopped: {there} of 200 games are there; this")
    page = write_report(found, tmp_path / "report").page.read_text(encoding="utf-8")
    assert f"The run is not finished: {200 - there} games of 200 are missing" in page
    run(load_plan(PLAN), folder, backend="local")
    assert tournament.open(folder).unfinished == ""
