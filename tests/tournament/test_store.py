"""The results folder: whole files, sorted bytes, locks, and what it refuses."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

from tests.tournament.conftest import fingerprint
from tournament.errors import StoreError
from tournament.storage import store as store_module
from tournament.storage.store import Store, encode, put


def rows(*ids: int) -> tuple[bytes, bytes]:
    names = [f"{k:016x}" for k in ids]
    games = pl.DataFrame({"id": names, "score": [k * 7 % 11 for k in ids]})
    seats = pl.DataFrame({"id": [n for n in names for _ in "ab"], "seat": ["a", "b"] * len(ids)})
    return encode(games), encode(seats)


def made(folder: Path, *shards: tuple[int, ...]) -> Store:
    store = Store(folder)
    store.check_usable()
    for number, ids in enumerate(shards):
        put(folder, f"shard-{number}", *rows(*ids))
    return store


def test_sorted_files_depend_on_the_games_alone(tmp_path: Path) -> None:
    for name, shards in {
        "a": [(5, 1, 9), (2, 7)],
        "b": [(7,), (9, 5), (1, 2)],
        "twice": [(9, 5, 1), (1, 2, 7), (5,)],
    }.items():
        made(tmp_path / name, *shards).compact()
    assert fingerprint(tmp_path / "a") == fingerprint(tmp_path / "b") == fingerprint(tmp_path / "twice")


def test_more_games_are_merged_into_what_is_sorted_already(tmp_path: Path) -> None:
    grown = made(tmp_path / "grown", (5, 1))
    grown.compact()
    put(grown.folder, "shard-later", *rows(3, 8))
    grown.compact()
    made(tmp_path / "whole", (8, 5, 3, 1)).compact()
    assert fingerprint(tmp_path / "grown") == fingerprint(tmp_path / "whole")


def test_many_games_go_into_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "GAMES_A_FILE", 3)
    store = made(tmp_path, tuple(k * (1 << 60) for k in range(8)), (1, 2, 3))
    store.compact()
    assert [path.name for path in store.files("games")] == [f"sorted-00{k}-of-004.parquet" for k in (1, 2, 3, 4)]
    assert store.frame("games")["id"].is_sorted()
    assert store.frame("games").height == 11
    assert store.frame("seats").height == 22


def test_sorting_reads_every_shard_once_however_many_files_come_of_it_and_pieces_leave_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "GAMES_A_FILE", 5)
    ids = [k * 0x9E3779B97F4A7C15 % 2**64 for k in range(90)]
    shards = [tuple(ids[k : k + 7]) for k in range(0, 90, 7)]
    made(tmp_path / "whole", *shards).compact()
    store = made(tmp_path / "pieces", *shards)
    read: list[Path] = []
    scan = store_module.scan
    with monkeypatch.context() as patch:
        patch.setattr(store_module, "GAMES_AT_ONCE", 12)
        patch.setattr(store_module, "scan", lambda files: read.extend(files) or scan(files))
        store.compact()
    assert len(store.files("games")) == 32
    assert fingerprint(tmp_path / "pieces") == fingerprint(tmp_path / "whole")
    assert not list(tmp_path.glob("pieces/**/.*"))
    assert {read.count(path) for path in read} == {2}  # to see which games are there, and to sort them


ODD = ["[a-z]", "*", "?", "~", "http:", "s3:", "{a,b}", "%41", "a b", "two\nlines", "ü", os.fsdecode(b"latin-\xfc")]


@pytest.mark.parametrize("name", ODD)
def test_a_path_is_a_path_whatever_it_looks_like(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made(Path("plain"), (3, 1), (2,)).compact()
    store = made(Path(name), (3, 1), (2,))
    assert store.frame("games")["id"].len() == 3
    store.compact()
    assert fingerprint(Path(name)) == fingerprint(Path("plain"))
    assert store.rows("seats", [f"{2:016x}"]).height == 2
    assert store.done().tolist() == [1, 2, 3]
    assert store.mend() == []


def test_compacting_twice_changes_nothing(tmp_path: Path) -> None:
    store = made(tmp_path, (3, 1), (2,))
    store.compact()
    before = fingerprint(tmp_path)
    store.compact()
    assert fingerprint(tmp_path) == before


def test_a_run_killed_while_compacting_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path / "whole", (4, 2), (1, 3)).compact()
    store = made(tmp_path / "cut", (4, 2), (1, 3))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            store.compact()
    assert store.frame("games").height == 4
    store.compact()
    assert fingerprint(tmp_path / "cut") == fingerprint(tmp_path / "whole")


def test_games_without_seats_do_not_exist_but_seats_without_games_do_no_harm(tmp_path: Path) -> None:
    store = made(tmp_path, (1, 2))
    store.files("games")[0].unlink()
    assert len(store.done()) == 0


def test_nothing_half_written_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made(tmp_path)
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(StoreError, match="No space left on device"):
        put(tmp_path, "shard-0", *rows(1))
    assert [path for part in ("games", "seats") for path in (tmp_path / part).iterdir()] == []
    assert len(store.done()) == 0


def test_two_runs_cannot_work_in_one_folder(tmp_path: Path) -> None:
    store = made(tmp_path)
    with store.locked(), pytest.raises(StoreError, match="another run is at work"), Store(tmp_path).locked():
        pass


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("precious")
    with pytest.raises(StoreError, match=r"holds other things \(thesis.doc\)"):
        Store(tmp_path).check_usable()
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.doc"]


@pytest.mark.parametrize("place", ["a_file", "a_file/below", "/proc/nowhere"])
def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "a_file").touch()
    with pytest.raises(StoreError):
        Store(tmp_path / place).check_usable()


def test_a_damaged_file_is_named_not_dumped(tmp_path: Path) -> None:
    store = made(tmp_path, (1, 2))
    store.files("games")[0].write_bytes(b"PAR1 nonsense")
    with pytest.raises(StoreError, match=r"games/shard-0-\w+\.parquet is damaged.*play their games again: chokepoint"):
        store.done()


def test_a_game_whose_seats_are_lost_is_not_done(tmp_path: Path) -> None:
    store = made(tmp_path, (1, 2), (3,))
    store.files("seats")[0].unlink()
    assert store.done().tolist() in ([1, 2], [3])


@pytest.mark.parametrize("compacted", [False, True])
@pytest.mark.parametrize("part", ["games", "seats"])
@pytest.mark.parametrize(
    "damage", [lambda b: b[: len(b) // 2], lambda b: b[:40] + bytes([b[40] ^ 1]) + b[41:], lambda b: b""]
)
def test_a_damaged_file_is_set_aside_and_the_others_are_kept(tmp_path: Path, part, damage, compacted: bool) -> None:
    store = made(tmp_path, (1, 2), (3, 4))
    if compacted:
        store.compact()
    path = store.files(part)[0]
    path.write_bytes(damage(path.read_bytes()))
    assert store.mend() == [f"{part}/{path.name}"]
    assert (tmp_path / "damaged" / f"{part}-{path.name}").is_file()
    assert store.mend() == []
    assert len(store.done()) == (0 if compacted else 2)


def test_a_damaged_manifest_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(StoreError, match=r"is damaged.*delete it and run again: the games are kept"):
        Store(tmp_path).manifest()
