"""Changes between two documents (RFC 7386): what is new or another, and ``None`` for what is gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def merge_patch(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return what makes ``new`` of ``old``; empty when nothing does. Neither may hold ``None``."""
    patch: dict[str, Any] = {}
    for key, value in new.items():
        before = old.get(key)
        if before is value or before == value:
            continue
        nested = isinstance(before, Mapping) and isinstance(value, Mapping)
        patch[key] = merge_patch(before, value) if nested else value  # type: ignore[arg-type]
    patch.update(dict.fromkeys(old.keys() - new.keys()))
    return patch
