"""Reading and writing whole files safely: bounded reads, and writes that happen entirely or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from game.errors import RecordError


def is_there(path: Path) -> bool:
    """Return whether anything has this name; raises RecordError for a name that no file can have."""
    try:
        return path.exists()
    except (OSError, ValueError) as error:
        raise RecordError(f"{path} is no name for a file: {getattr(error, 'strerror', None) or error}") from None


def read_bounded(path: Path, most: int) -> bytes:
    """Return a file's bytes, at most ``most`` and one more, so that the caller can tell that there are too many.

    Raises:
        RecordError: The file is not there or cannot be read.
    """
    there = is_there(path)
    try:
        if not path.is_file():
            raise RecordError(f"{path} is {'not a file' if there else 'not there'}", "check the name")
        with path.open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        raise RecordError(f"{path} cannot be read: {error.strerror or error}") from None


def write_atomic(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write a file so that after a crash at any moment either the old or the new content is there, whole.

    A symbolic link is followed; an existing file keeps its permissions, a new one gets ``mode`` less the umask.

    Raises:
        RecordError: The place does not exist, is full, or may not be written. The old file is untouched.
    """
    try:
        _replace(path.resolve(), data, mode)
    except (OSError, ValueError) as error:
        raise _not_written(path, error) from None


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder so that it has all its files or, after an error, none of them.

    Args:
        path: The folder: a new one, or one that is there and empty.
        files: Contents by path inside the folder, with ``/`` between its parts.

    Raises:
        RecordError: The place is full, or may not be written; the error names the file.
    """
    place, new = path, not is_there(path)
    moved: list[Path] = []
    try:
        path.mkdir(parents=True, exist_ok=True)
        # Inside the folder, not beside it: somebody may stand in it, and it may be all that may be written.
        part = Path(tempfile.mkdtemp(prefix=".", suffix=".tmp", dir=path))
        try:
            for name, data in files.items():
                place = path / name
                (part / name).parent.mkdir(parents=True, exist_ok=True)
                _replace(part / name, data)
            for each in sorted(part.iterdir()):
                place = path / each.name
                each.rename(place)
                moved.append(place)
        except BaseException:
            for each in moved:
                shutil.rmtree(each) if each.is_dir() else each.unlink()
            raise
        finally:
            shutil.rmtree(part, ignore_errors=True)
            if new and not any(path.iterdir()):
                path.rmdir()
        sync_folder(path)
    except (OSError, ValueError) as error:
        raise _not_written(place, error) from None


def _replace(target: Path, data: bytes, mode: int = 0o666) -> None:
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        # "x": never through a file, or a link, that somebody else has put there
        with open(part, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            part.chmod(target.stat().st_mode & 0o777)
        part.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def _not_written(path: Path, error: Exception) -> RecordError:
    why = getattr(error, "strerror", None) or error
    return RecordError(f"{path} cannot be written: {why}", "choose another place")


def sync_folder(folder: Path) -> None:
    """Make a new or renamed file's name safe against a crash, where the system lets a folder be synced."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
