"""The rule language's front end: reads rule files, checks them, and returns a rulebook as frozen values.

What needs pydantic is imported inside the functions that need it: it takes a quarter of a second, for which ``--help``
and the first frame of the window need not wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rules.model.faults import Fault, Faults, RuleErrors
from rules.model.rulebook import Doctrine, Rulebook
from rules.model.terms import Where
from rules.source.loader import SHIPPED, embedded, read_rulebook
from rules.source.overrides import apply_overrides

__all__ = [
    "SHIPPED", "Doctrine", "Fault", "RuleErrors", "Rulebook", "Where", "json_schema", "load_rulebook", "parse_doctrine",
    "raw_rulebook", "rulebook_from",
]  # fmt: skip


def load_rulebook(name_or_path: str | Path = "standard", overrides: Mapping[str, object] | None = None) -> Rulebook:
    """Read and check a rulebook.

    Args:
        name_or_path: A shipped rulebook's name (see ``SHIPPED``), a folder of YAML files, or one file.
        overrides: Dotted path to value, as in ``--set``: ``{"knob.spillover": 300}``.

    Raises:
        RuleErrors: With every fault of the files and overrides.
    """
    from rules.checking.builder import check  # here, as below: it brings pydantic, which help pages do without

    faults = Faults()
    document = read_rulebook(name_or_path, faults)
    return check(apply_overrides(document, overrides or {}, faults), faults)


def rulebook_from(source: Mapping[str, Any], overrides: Mapping[str, object] | None = None) -> Rulebook:
    """Check a rulebook that is plain data already, such as ``Rulebook.source`` or a record's embedded rules.

    Raises:
        RuleErrors: With every fault.
    """
    from rules.checking.builder import check

    faults = Faults()
    return check(apply_overrides(embedded(source, faults), overrides or {}, faults), faults)


def raw_rulebook(name_or_path: str | Path) -> dict[str, Any]:
    """Return the merged files of a rulebook as plain data, unchecked.

    Raises:
        RuleErrors: When files are missing or are not the kind of YAML that rule files are written in.
    """
    faults = Faults()
    document = read_rulebook(name_or_path, faults)
    faults.stop()
    data: dict[str, Any] = document.data
    return data


def parse_doctrine(text: str, file: str, book: Rulebook) -> Doctrine:
    """Read and check a doctrine, a scripted player, against the rulebook that it plays.

    Args:
        text: The whole YAML file.
        file: Its name, for faults.
        book: The rulebook whose moves and tracks it names.

    Raises:
        RuleErrors: With every fault.
    """
    from rules.checking.doctrines import read_doctrine

    return read_doctrine(text, file, book)


def json_schema(kind: str = "rulebook") -> dict[str, Any]:
    """Return the JSON Schema of rule files (``rulebook``, ``overlay``) or of a ``doctrine``, for editors."""
    from rules.checking.doctrines import DoctrineShape
    from rules.source import json_schema as schemas

    if kind == "doctrine":
        return schemas.schema_of(DoctrineShape, "Commons & Chokepoints doctrine")
    return schemas.overlay_schema() if kind == "overlay" else schemas.json_schema()
