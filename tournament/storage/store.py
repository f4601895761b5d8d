"""The results folder: its plan, rulebook and players, and the games as Parquet files that sort to the same bytes."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import shlex
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl
import yaml

from game.errors import RecordError
from game.records.files import write_atomic
from rules.source.yaml import PlainDumper
from tournament.design.ids import HEX
from tournament.errors import StoreError
from tournament.storage.checks import FOLD, LARGEST, expands, manifest_fault

try:
    import fcntl
except ImportError:  # not on Windows, where two runs in one folder are left to the user's care
    fcntl = None  # type: ignore[assignment]

Part = Literal["games", "seats"]
PARTS: tuple[Part, ...] = ("seats", "games")
"""In the order of writing: a chunk is done once its games are there."""

FORMAT = 2
MOST_MANIFEST = 1 << 26
SORTED = "sorted"
SUMS = "sums.json"
"""Hashes of the sorted files; two of one that was about to be replaced when a run was killed."""

DAMAGED = "damaged"
ROW_GROUP = 1 << 17
GAMES_A_FILE = 1 << 16
"""About how many games a sorted file holds at most."""

GAMES_AT_ONCE = 1 << 18
"""So many games are sorted in memory at once; more go through pieces on disk, each written and read once."""

FILES_AT_ONCE = 16
"""So many files are read at once where only a number is kept of every row."""

MOST_BUCKETS = 64
AGAIN = "once it can be, run the same command again: what was played is kept"
SORTING = ".sorting"
"""The folder of those pieces, inside that of their part."""


def encode(frame: pl.DataFrame) -> bytes:
    """Return a table as the bytes of a Parquet file; equal tables give equal bytes."""
    out = io.BytesIO()
    frame.rechunk().write_parquet(out, compression="zstd", compression_level=3, row_group_size=ROW_GROUP)
    return out.getvalue()


def write_whole(path: Path, contents: bytes) -> None:
    """Write a file so that it is either there whole or not at all.

    Raises:
        StoreError: the disk is full, or the folder cannot be written.
    """
    try:
        write_atomic(path, contents)
    except RecordError as error:
        raise StoreError(error.message, AGAIN) from None


def put(folder: Path, shard: str, games: bytes, seats: bytes) -> None:
    """Store a chunk. The same chunk played twice lands in the same files, with the same contents. The end of a
    file's name is the hash of its bytes.
    """
    for part, contents in (("seats", seats), ("games", games)):
        write_whole(folder / part / f"{shard}-{checksum(contents)}.parquet", contents)


def checksum(contents: bytes) -> str:
    """Return the hash of a file's bytes."""
    return hashlib.blake2b(contents, digest_size=8).hexdigest()


class Store:
    """A results folder. ``games/`` and ``seats/`` hold shards as they come and, once compacted, sorted files."""

    def __init__(self, folder: Path) -> None:
        """Only names the folder; nothing is read or made."""
        self.folder = folder

    def exists(self) -> bool:
        """Return whether the folder holds a tournament."""
        return (self.folder / "manifest.json").is_file()

    def check_usable(self) -> None:
        """Make sure that the folder can be made or written.

        Raises:
            StoreError: it is a file, holds something else, or is read-only.
        """
        if self.folder.exists() and not self.folder.is_dir():
            raise StoreError(f"{self.folder} is a file, not a folder for results", "choose another with --out")
        known = {"plan.yaml", "rulebook.yaml", "manifest.json", "players", "report", SUMS, DAMAGED, *PARTS}
        if self.folder.is_dir() and not self.exists():
            strange = sorted(
                item.name for item in self.folder.iterdir() if item.name not in known and item.name[0] != "."
            )
            if strange:
                raise StoreError(
                    f"{self.folder} holds other things ({', '.join(strange[:3])}) and no tournament",
                    "choose an empty or a new folder with --out",
                )
        try:
            for part in PARTS:
                (self.folder / part).mkdir(parents=True, exist_ok=True)
            probe = self.folder / ".probe"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise StoreError(
                f"cannot write in {self.folder}: {error.strerror or error}", "choose another folder with --out"
            ) from error

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other runs out of the folder; the lock ends with the process, however it ends.

        Raises:
            StoreError: another run has it.
        """
        if fcntl is None:
            yield
            return
        with (self.folder / ".lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise StoreError(
                    f"another run is at work in {self.folder}", "wait for it or choose another --out"
                ) from error
            yield

    def write(self, name: str, data: bytes) -> None:
        """Write one of the folder's small files whole, if it differs from what is there."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != data:
            write_whole(path, data)

    def write_text(self, name: str, text: str) -> None:
        """Write one of the folder's text files whole, if it differs from what is there."""
        self.write(name, text.encode())

    def manifest(self) -> dict[str, Any]:
        """Return what ``manifest.json`` says.

        Raises:
            StoreError: there is none, it is damaged, or a newer program wrote it.
        """
        path, again = self.folder / "manifest.json", "delete it and run again: the games are kept"
        try:
            if path.stat().st_size > MOST_MANIFEST:
                raise StoreError(f"{path} is damaged: it has more than {MOST_MANIFEST:,} bytes", again)
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise StoreError(f"{self.folder} holds no tournament", "give the folder of a 'tournament run'") from error
        except (ValueError, RecursionError) as error:
            raise StoreError(f"{path} is damaged: {error}", again) from error
        if not isinstance(found, dict) or not isinstance(found.get("format", 0), int):
            raise StoreError(f"{path} is damaged: it is no manifest", again)
        if found.get("format", 0) > FORMAT:
            raise StoreError(f"{self.folder} was written by a newer version of this program", "update chokepoint")
        if found.get("format", 0) < FORMAT:
            raise StoreError(
                f"{self.folder} was written by an older version of this program", "run into another folder"
            )
        if fault := manifest_fault(found):
            raise StoreError(f"{path} is damaged: {fault}", again)
        return found

    def files(self, part: Part) -> list[Path]:
        """Return the Parquet files of a part, in a fixed order."""
        return sorted((self.folder / part).glob("[!.]*.parquet"))

    def mend(self) -> list[str]:
        """Set damaged files aside, in ``damaged/``, so that their games are played again; returns their names.

        Raises:
            StoreError: a file cannot be moved.
        """
        found = self.damaged()
        for name in found:
            path, aside = self.folder / name, self.folder / DAMAGED / name.replace("/", "-", 1)
            try:
                aside.parent.mkdir(exist_ok=True)
                path.replace(aside)
            except OSError as error:
                raise StoreError(f"{path} is damaged and cannot be moved: {error.strerror or error}") from error
        return found

    def damaged(self) -> list[str]:
        """Return the files of games that are not as they were written, as ``PART/NAME``."""
        sums = self._sums()
        found = []
        for part in PARTS:
            for path in self.files(part):
                name = f"{part}/{path.name}"
                known = sums.get(name) if path.stem.startswith(SORTED) else [path.stem.rpartition("-")[2]]
                if not _whole(path, known):
                    found.append(name)
        return found

    def missing(self) -> list[str]:
        """Return the sorted files that were written and are gone, as ``PART/NAME``."""
        names = [name for name in self._sums() if not (self.folder / name).exists()]
        return [name for name in names if not (self.folder / f"{name}.new").exists()]  # else a run was killed

    def verify(self) -> None:
        """Make sure that all files of games are as they were written, as a run does before it goes on.

        Raises:
            StoreError: some are not; names them.
        """
        if found := self.damaged():
            raise self._unreadable(found, "is damaged", "are damaged")
        if found := self.missing():
            raise self._unreadable(found, "is missing", "are missing")

    def busy(self) -> bool:
        """Return whether a run is at work in the folder."""
        lock = self.folder / ".lock"
        if fcntl is None or not lock.is_file():
            return False
        with lock.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return True
        return False

    def run_again(self) -> str:
        """Return the command that plays what is missing."""
        plan, out = str(self.folder / "plan.yaml"), str(self.folder)
        return shlex.join(["chokepoint", "tournament", "run", plan, "--out", out])

    def _unreadable(self, names: Sequence[str], one: str, several: str, why: str = "") -> StoreError:
        listed = ", ".join(str(self.folder / name) for name in names)
        return StoreError(
            f"{listed} {one if len(names) == 1 else several}{why}",
            f"to set damaged files aside and play their games again: {self.run_again()}",
        )

    def _sums(self) -> dict[str, list[str]]:
        try:
            found = json.loads((self.folder / SUMS).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        sound = isinstance(found, dict) and all(isinstance(sums, list) for sums in found.values())
        return found if sound else {}

    def digest(self) -> str:
        """Return a short hash of the files of games: equal for two runs exactly if they hold the same bytes."""
        return hashlib.blake2b(json.dumps(self._sums(), sort_keys=True).encode(), digest_size=HEX // 2).hexdigest()

    def _write_sums(self, sums: Mapping[str, list[str]]) -> None:
        self.write_text(SUMS, json.dumps(sums, indent=1, sort_keys=True) + "\n")

    def done(self) -> npt.NDArray[np.uint64]:
        """Return the ids of all games that are there, sorted: with their own row and those of their seats."""
        found = []
        for part in PARTS:
            if not (files := self.files(part)):
                return np.empty(0, dtype=np.uint64)
            some = [files[start : start + FILES_AT_ONCE] for start in range(0, len(files), FILES_AT_ONCE)]
            pieces = [id_numbers(self._reading(scan(each).select("id").collect)["id"]) for each in some]
            found.append(np.unique(np.concatenate(pieces)))
        seats, games = found
        return np.intersect1d(seats, games, assume_unique=True)

    def frame(self, part: Part, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Return a part as one table sorted by id (and seat), every game once.

        Args:
            part: ``games`` or ``seats``.
            columns: the columns wanted; all when left out.
        """
        files = self.files(part)
        if not files:
            raise StoreError(f"{self.folder} holds no games yet", "run the tournament")
        keys = ["id"] if part == "games" else ["id", "seat"]

        def read() -> pl.DataFrame:
            wanted = None if columns is None else list(dict.fromkeys([*keys, *columns]))
            frame = scan(files)
            found = (frame if wanted is None else frame.select(wanted)).collect()
            return found if self.compacted(part) else _sorted(found, part)

        found = self._reading(read)
        return found if columns is None else found.select(columns)

    def pieces(self, part: Part) -> Iterator[pl.DataFrame]:
        """Yield what ``frame`` returns, piece by piece where the files are sorted: a part may be larger than memory."""
        if not self.compacted(part):
            yield self.frame(part)
            return
        for path in self.files(part):
            yield self._reading(scan([path]).collect)

    def rows(self, part: Part, ids: Sequence[str]) -> pl.DataFrame:
        """Return the rows of some games, sorted as in ``frame``; nothing else is read into memory."""
        wanted = pl.Series(ids, dtype=pl.String).implode()
        lazy = scan(self.files(part)).filter(pl.col("id").is_in(wanted))
        return _sorted(self._reading(lazy.collect), part)

    def compacted(self, part: Part) -> bool:
        """Return whether the files of a part are one complete set of sorted ones."""
        names = [path.stem for path in self.files(part)]
        return bool(names) and names == [_name(k, len(names)) for k in range(len(names))]

    def compact(self) -> None:
        """Merge shards into files sorted by id, whose bytes depend on the games alone.

        Every shard is read once. Its rows go straight into the sorted files where they fit into memory together, else
        by way of pieces: each holds what some shards have of one range of ids.
        """
        self._tidy()
        ids = self.done()
        sums = self._sums()
        for part in ("games", "seats") if len(ids) else ():
            old = self.files(part)
            count = 1
            while len(ids) > count * GAMES_A_FILE:
                count *= 2
            names = [_name(k, count) for k in range(count)]
            if [path.stem for path in old] == names:
                continue
            for number, frame in enumerate(self._ranges(part, old, len(ids), count)):
                contents = encode(frame)
                write_whole(self.folder / part / f"{names[number]}.parquet.new", contents)
                name = f"{part}/{names[number]}.parquet"
                sums[name] = list(dict.fromkeys([*sums.get(name, []), checksum(contents)]))
            self._write_sums(sums)
            for name in names:
                path = self.folder / part / f"{name}.parquet"
                path.with_name(path.name + ".new").replace(path)
            for path in old:
                if path.stem not in names:
                    path.unlink()
        self._tidy()
        kept = [f"{part}/{path.name}" for part in PARTS for path in self.files(part)]
        self._write_sums({name: sums[name][-1:] for name in kept if name in sums})

    def _tidy(self) -> None:
        """Remove what killed runs have left half done."""
        for part in PARTS:
            shutil.rmtree(self.folder / part / SORTING, ignore_errors=True)
        for place in (self.folder, *(self.folder / part for part in PARTS)):
            for path in (*place.glob(".*.tmp"), *place.glob("*.new")):
                path.unlink(missing_ok=True)

    def _ranges(self, part: Part, files: Sequence[Path], games: int, count: int) -> Iterator[pl.DataFrame]:
        """Yield the rows of each of ``count`` equal ranges of ids, sorted, every one once."""
        buckets = min(count, MOST_BUCKETS, 1 << ((games - 1) // GAMES_AT_ONCE).bit_length())
        frames: Iterable[pl.DataFrame] = [self._reading(scan(files).collect)] if buckets == 1 else ()
        width = count // buckets
        for number, frame in enumerate(frames or self._buckets(part, files, games, buckets)):
            yield from _split(_sorted(frame, part), range(number * width, (number + 1) * width), count)

    def _buckets(self, part: Part, files: Sequence[Path], games: int, buckets: int) -> Iterator[pl.DataFrame]:
        """Yield the rows of each of some equal ranges of ids, in any order, by way of pieces on disk."""
        folder = self.folder / part / SORTING
        folder.mkdir()
        sizes = np.cumsum([path.stat().st_size for path in files])
        batches = (sizes * games - 1) // (int(sizes[-1]) * GAMES_AT_ONCE)  # the games in a file go by its size
        for batch in np.unique(batches).tolist():
            some = [path for path, of in zip(files, batches.tolist(), strict=True) if of == batch]
            frame = self._reading(scan(some).collect).sort("id")
            for number, piece in enumerate(_split(frame, range(buckets), buckets)):
                out = io.BytesIO()
                piece.write_parquet(out, compression="lz4")
                try:  # no file to be kept: it need not be safe from a crash
                    (folder / f"{number:02d}-{batch:06d}").write_bytes(out.getvalue())
                except OSError as error:
                    raise StoreError(f"{folder} cannot be written: {error.strerror or error}", AGAIN) from error
        for number in range(buckets):
            pieces = sorted(folder.glob(f"{number:02d}-*"))
            yield pl.concat([pl.read_parquet(path.read_bytes()) for path in pieces])
            for path in pieces:
                path.unlink()

    def _reading(self, read: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        try:
            return read()
        except (pl.exceptions.PolarsError, OSError) as error:
            if self.busy():
                raise StoreError(f"a run is at work in {self.folder}", "wait for its end") from error
            why = f" ({str(error).splitlines()[0]})"
            if damaged := self.damaged():
                raise self._unreadable(damaged, "is damaged", "are damaged", why) from error
            raise self._unreadable([""], "cannot be read", "", why) from error


def _whole(path: Path, known: Sequence[str] | None) -> bool:
    """Return whether a file has one of some hashes; where none is known, whether it can be read."""
    try:
        contents = path.read_bytes()
    except OSError:
        return False
    if known is not None and checksum(contents) not in known:
        return False
    try:
        size = expands(contents)
        if size > LARGEST and size > FOLD * len(contents):  # a bomb, or damaged where nobody has noted a hash
            return False
        return known is not None or pl.read_parquet(io.BytesIO(contents)).height > 0
    except (pl.exceptions.PolarsError, OSError, ValueError, KeyError, TypeError, IndexError, RecursionError):
        return False


def _name(number: int, count: int) -> str:
    return f"{SORTED}-{number + 1:03d}-of-{count:03d}"


def id_numbers(ids: pl.Series) -> npt.NDArray[np.uint64]:
    """Return ids as the whole numbers that they are the hexadecimal texts of."""
    return ids.str.to_integer(base=16, dtype=pl.UInt64).to_numpy()


def _sorted(frame: pl.DataFrame, part: Part) -> pl.DataFrame:
    keys = ["id"] if part == "games" else ["id", "seat"]
    return frame.unique(keys, keep="any").sort(keys)


def scan(files: Sequence[Path]) -> pl.LazyFrame:
    """Return the rows of some Parquet files, whatever their paths are: no pattern, no address, no text at all."""
    try:
        names = [str(path.absolute()) for path in files]
        for name in names:
            name.encode()
        return pl.scan_parquet(names, glob=False)
    except UnicodeEncodeError:  # polars takes paths as text; a name that is not UTF-8 is opened here
        opened: list[IO[bytes]] = [path.open("rb") for path in files]
        return pl.scan_parquet(opened, glob=False)


def _split(frame: pl.DataFrame, ranges: range, count: int) -> Iterator[pl.DataFrame]:
    """Cut a frame that is sorted by id and holds some of ``count`` equal ranges of ids at the ends of the ranges."""
    width = 16**HEX // count
    ends = [frame["id"].search_sorted(f"{number * width:0{HEX}x}") for number in ranges[1:]]
    for start, end in pairwise([0, *ends, frame.height]):
        yield frame[start:end]


def plain_yaml(data: Any) -> str:
    """Return plain data as YAML that the rule reader accepts."""
    return yaml.dump(data, Dumper=PlainDumper, sort_keys=False, allow_unicode=True, width=110)
