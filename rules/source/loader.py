"""Finds the files of a rulebook and merges them, with the rulebook that it extends, into one document."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rules.model.faults import Faults, did_you_mean, listed
from rules.model.terms import Where
from rules.source.yaml import MAX_BYTES, RULES, Document, Mark, marks_of, read_yaml, too_deep

HOME = Path(__file__).resolve().parents[1]
"""The folder whose sub-folders with YAML files are the shipped rulebooks."""

CLAIMS = HOME / "claims"
"""The folder of the claims, experiments on rulebooks."""

HINDCAST = "hindcast.yaml"
"""The file in a rulebook's folder that is no part of the rules: facts that the model is held against."""

MEASURED = "hindcast.json"
"""The file beside it: what came of it when the rules were last measured (``chokepoint hindcast --json``)."""

SHIPPED: tuple[str, ...] = tuple(
    sorted(path.name for path in HOME.iterdir() if path.is_dir() and path != CLAIMS and any(path.glob("*.yaml")))
)
"""Names of the rulebooks that come with the program."""

MAX_FILES = 200
MAX_ENTRIES = 5_000
"""Files and folders that are looked through for rule files."""
MAX_EXTENDS = 5

NAMED = (
    "families", "sets", "roles", "maps", "groups", "tracks", "tables", "knobs", "defines", "measures", "moves",
    "reactions", "events", "agendas", "endings", "scenarios",
)  # fmt: skip
"""Sections that map names to entries; every file may add some."""
LISTED = ("setup", "world_turn")
"""Sections that are lists; the parts of several files follow one another in the order of the files."""
SINGLE = ("rulebook", "calendar", "turns", "goals")
"""Sections that one file holds."""
SECTIONS = (*SINGLE[:3], *NAMED[:10], "setup", *NAMED[10:13], "world_turn", "agendas", "goals", "endings", "scenarios")
"""Every section, in the order in which the merged data keeps them."""


def is_there(path: Path) -> bool:
    """Return whether anything is at a path; a name that no file can have is nobody's."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def find_rulebook(name_or_path: str | Path, faults: Faults) -> Path | None:
    """Return the folder or file of a shipped rulebook's name or of a path."""
    if str(name_or_path) in SHIPPED:
        return HOME / str(name_or_path)
    path = Path(name_or_path)
    if is_there(path):
        return path
    hint = (
        did_you_mean(str(name_or_path), SHIPPED) or f"shipped rulebooks: {listed(SHIPPED)}; or give a folder or a file"
    )
    faults.add(Where(str(name_or_path), 1, ""), "no such rulebook", hint)
    return None


def load_document(path: Path, faults: Faults, depth: int = 0) -> Document | None:
    """Read a rulebook's folder or file and what it extends; none when a file could not be read."""
    prefix = f"{path.name}/" if depth else ""
    documents = [_read(file, prefix + name, faults) for file, name in _files(path, faults)]
    if not documents or None in documents:
        return None
    merged = Document({}, Mark(path.name, 1))
    extends: tuple[str, Where] | None = None
    for document in documents:
        assert document is not None
        if not isinstance(document.data, dict):
            faults.add(document.where(()), "a rule file is a mapping of sections", f"sections: {listed(SECTIONS, 30)}")
            return None
        if "extends" in document.data:
            extends = _extends(document, extends, faults)
        _add_file(merged, document, faults)
    if extends is None:
        return _ordered(merged)
    base = _base(path, *extends, faults, depth)
    return _ordered(overlay(base, merged, faults)) if base is not None else None


def _files(path: Path, faults: Faults) -> list[tuple[Path, str]]:
    """Return the files of a rulebook with the names that faults use, none of them outside the folder."""
    if path.is_file():
        return [(path, path.name)]
    root = path.resolve()
    found = []
    inside = list(itertools.islice(_walked(path), MAX_ENTRIES + 1))
    if len(inside) > MAX_ENTRIES:
        said = f"more than {MAX_ENTRIES} files and folders, so this is no rulebook's folder"
        faults.add(Where(path.name or str(path), 1, ""), said, "name the folder that holds its *.yaml files")
        return []
    for file in sorted(file for file in inside if file.name.endswith(".yaml") and file.name != HINDCAST):
        name = file.relative_to(path).as_posix()
        if not file.resolve().is_relative_to(root):
            faults.add(Where(name, 1, ""), "the file leads outside the rulebook's folder")
        else:
            found.append((file, name))
    if not found and not len(faults):
        faults.add(Where(path.name, 1, ""), "no *.yaml files in this folder")
    if len(found) > MAX_FILES:
        faults.add(Where(path.name, 1, ""), f"more than {MAX_FILES} files")
        return []
    return found


def _walked(folder: Path) -> Iterator[Path]:
    """Return what is in a folder and its sub-folders, as it is met; links to folders are not followed."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:  # one that may not be read, or that went meanwhile
        return
    for entry in entries:
        yield folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _walked(folder / entry.name)


def _read(file: Path, name: str, faults: Faults) -> Document | None:
    try:
        if file.stat().st_size > MAX_BYTES:
            faults.add(Where(name, 1, ""), f"the file is larger than {MAX_BYTES} bytes")
            return None
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        faults.add(Where(name, 1, ""), f"cannot be read: {error}")
        return None
    document = read_yaml(text, name, faults)
    if document is not None and document.data is None:
        document.data = {}
    return document


def _extends(document: Document, known: tuple[str, Where] | None, faults: Faults) -> tuple[str, Where] | None:
    where = document.where(("extends",))
    value = document.data["extends"]
    if known is not None:
        faults.add(where, "a second 'extends'", f"the first is in {known[1]}")
        return known
    if not isinstance(value, str):
        faults.add(where, "'extends' is the name of a rulebook or a folder")
        return None
    return value, where


def _base(path: Path, name: str, where: Where, faults: Faults, depth: int) -> Document | None:
    """Return the document of the rulebook that ``path`` extends."""
    if depth >= MAX_EXTENDS:
        faults.add(where, f"'extends' goes on for more than {MAX_EXTENDS} rulebooks", "does it run in a circle?")
        return None
    if name in SHIPPED:
        return load_document(HOME / name, faults, depth + 1)
    home = path.resolve().parent
    base = (home / name).resolve()
    if not base.is_relative_to(home):
        faults.add(where, f"'{name}' is outside the folder that holds this rulebook", "put both side by side")
        return None
    if not is_there(base):
        near = did_you_mean(name, [*SHIPPED, *(other.name for other in home.iterdir())])
        faults.add(where, f"no rulebook '{name}'", near or f"shipped rulebooks: {listed(SHIPPED)}")
        return None
    return load_document(base, faults, depth + 1)


def _add_file(merged: Document, document: Document, faults: Faults) -> None:
    """Add one file's sections to those of the files before it."""
    data, mark = document.data, document.mark
    if "scenario" in data:
        _add_scenario(merged, document, faults)
        return
    family = data.get("family")
    if family is not None and not isinstance(family, str):
        faults.add(document.where(("family",)), "expected the name of a family")
        family = None
    for section, value in data.items():
        if section in ("extends", "family"):
            continue
        inner = mark.inner[section]
        if section == "moves" and family is not None and isinstance(value, dict):
            for move in value:
                if isinstance(value[move], dict) and "family" not in value[move]:
                    value[move]["family"] = family
                    inner.inner[move].inner["family"] = mark.inner["family"]
        if section not in merged.data:
            merged.data[section] = value
            merged.mark.inner[section] = inner
        elif section in LISTED and isinstance(value, list) and isinstance(merged.data[section], list):
            start = len(merged.data[section])
            merged.data[section].extend(value)
            merged.mark.inner[section].inner.update({start + i: inner.inner[i] for i in range(len(value))})
        elif section in NAMED and isinstance(value, dict) and isinstance(merged.data[section], dict):
            for name in value:
                _add_entry(merged, document, section, name, faults)
        elif section in (*LISTED, *NAMED):
            faults.add(
                document.where((section,)), "expected a list" if section in LISTED else "expected a mapping of names"
            )
        else:
            first = merged.mark.inner[section]
            faults.add(document.where((section,)), f"'{section}' is given twice (first in {first})")


def _add_entry(merged: Document, document: Document, section: str, name: str, faults: Faults) -> None:
    entries, marks = merged.data[section], merged.mark.inner[section].inner
    if name in entries:
        first = marks[name]
        faults.add(document.where((section, name)), f"'{name}' is given twice (first in {first})")
        return
    entries[name] = document.data[section][name]
    marks[name] = document.mark.inner[section].inner[name]


def _add_scenario(merged: Document, document: Document, faults: Faults) -> None:
    """Add a file that is one scenario."""
    name = document.data.pop("scenario")
    mark = document.mark.inner.pop("scenario")
    extends = document.data.pop("extends", None)
    if not isinstance(name, str):
        faults.add(Where(mark.file, mark.line, "scenario"), "the scenario's name is a word")
        return
    entries = merged.data.setdefault("scenarios", {})
    marks = merged.mark.inner.setdefault("scenarios", Mark(mark.file, mark.line)).inner
    if name in entries:
        first = marks[name]
        faults.add(
            Where(mark.file, mark.line, f"scenarios.{name}"),
            f"'{name}' is given twice (first in {first})",
        )
        return
    entries[name] = document.data
    marks[name] = Mark(mark.file, mark.line, document.mark.inner)
    if extends is not None:
        document.mark.inner.pop("extends", None)


def overlay(base: Document, change: Document, faults: Faults) -> Document:
    """Return the base with a change laid over it: mappings merge, anything else replaces, ``null`` removes."""
    data, mark = _overlay((base.data, base.mark), (change.data, change.mark), (), faults)
    return Document(data, mark)


def _overlay(
    base: tuple[Any, Mark], change: tuple[Any, Mark], path: tuple[str, ...], faults: Faults
) -> tuple[Any, Mark]:
    if not isinstance(base[0], dict) or not isinstance(change[0], dict):
        return change
    data, mark = dict(base[0]), Mark(change[1].file, change[1].line, dict(base[1].inner))
    for key, value in change[0].items():
        new = change[1].inner[key]
        if value is None:
            if key not in data:
                where = Where(new.file, new.line, ".".join((*path, key)))
                faults.add(where, f"there is no '{key}' to remove", did_you_mean(key, data))
            data.pop(key, None)
            mark.inner.pop(key, None)
        elif key in data:
            old = (data[key], base[1].inner[key])
            data[key], mark.inner[key] = _overlay(old, (value, new), (*path, key), faults)
        else:
            data[key], mark.inner[key] = value, new
    return data, mark


def _ordered(document: Document) -> Document:
    """Return the sections in their usual order, so that the order of files does not change the rulebook's hash."""
    data = {section: document.data[section] for section in SECTIONS if section in document.data}
    data.update(document.data)
    return Document(data, document.mark)


def read_rulebook(name_or_path: str | Path, faults: Faults) -> Document:
    """Return the merged document of a rulebook.

    Raises:
        RuleErrors: When files are missing or cannot be read to their end; other faults are only noted.
    """
    path = find_rulebook(name_or_path, faults)
    document = load_document(path, faults) if path is not None else None
    if document is None:
        faults.stop()
    assert document is not None
    return document


def embedded(source: Mapping[str, Any], faults: Faults) -> Document:
    """Return the document of a rulebook that is plain data already; all its places are the line 1 of ``embedded``."""
    if not isinstance(source, Mapping) or too_deep(source):
        faults.add(
            Where("embedded", 1, ""), f"a rulebook is a mapping of sections, at most {RULES.max_depth} levels deep"
        )
        faults.stop()
    data = {key: source[key] for key in source}
    for section in [key for key in data if key in ("extends", "family", "scenario")]:
        faults.add(Where("embedded", 1, section), f"'{section}' is for files only")
        del data[section]
    return _ordered(Document(data, marks_of(data, "embedded")))
