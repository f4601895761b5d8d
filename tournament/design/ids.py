"""Names by content: the hash of a cell, the seed of a block's world, the id of a game. Order never matters."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

HASH_BYTES = 8
"""Cells and games are named by 64 bits: among ten million games two collide once in 400,000 tournaments."""

HEX = 2 * HASH_BYTES
"""Length of an id as people see and type it."""


def canonical(value: Any) -> bytes:
    """Return the one spelling of plain data: JSON with sorted keys and no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(value: Any) -> str:
    """Return the hash of plain data, as hexadecimal text."""
    return hashlib.blake2b(canonical(value), digest_size=HASH_BYTES).hexdigest()


def cell_hash(rules: str, scenario: str, settings: Mapping[str, Any], seats: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Return the hash of everything about a game but its luck.

    Args:
        rules: hash of the rulebook as the plan names it, before any settings.
        scenario: name of the scenario.
        settings: what the plan changes in the rules (``overrides``, ``without``).
        seats: for each seat its player: name, knobs and hash of its code.
    """
    cell = {"rules": rules, "scenario": scenario, "settings": settings, "seats": seats}
    return hashlib.blake2b(canonical(cell), digest_size=HASH_BYTES).digest()


def world_seed(seed: int, block: int) -> int:
    """Return the seed of the world that every cell meets in a block: from 0 to 2**63 - 1.

    It depends on the plan's seed and the block's number only, so that another player, rule or scenario changes
    no world, and all arms of a comparison meet the same one.
    """
    found = hashlib.blake2b(canonical(["world", seed, block]), digest_size=8).digest()
    return int.from_bytes(found, "big") >> 1


def game_id(cell: bytes, world: int) -> bytes:
    """Return the name of one game: its cell and its world."""
    return hashlib.blake2b(cell + world.to_bytes(8, "big"), digest_size=HASH_BYTES).digest()


def numbers(ids: Iterable[bytes]) -> npt.NDArray[np.uint64]:
    """Return ids as an array of whole numbers, for sets of them; their order is that of the hexadecimal texts."""
    return np.frombuffer(b"".join(ids), dtype=">u8").astype(np.uint64)


def texts(ids: npt.NDArray[np.uint64]) -> npt.NDArray[np.str_]:
    """Return ids as the hexadecimal texts that the store holds."""
    packed = ids.astype(">u8").tobytes().hex().encode("ascii")
    return np.frombuffer(packed, dtype=f"S{HEX}").astype(f"U{HEX}")


def keyed(*key: Any) -> int:
    """Return a 64-bit number that depends on the key and nothing else: for sorting into a repeatable random order."""
    return int.from_bytes(hashlib.blake2b(canonical(key), digest_size=8).digest(), "big")
