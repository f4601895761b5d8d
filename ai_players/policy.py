"""Learned players: a network in a file, which answers what a seat sees with one of its legal moves.

A file is an archive of numpy arrays, read without pickle, and nothing in it is run. It says which seat of which
scenario was learnt, and what each number that goes in and each action that comes out is; a rulebook in which any of
these is another is refused. Numbers of rules may differ: like a doctrine, a policy plays under other rules as well.

All arithmetic is in whole numbers (weights and activations are counts of 1/4096, which floats hold exactly as long as
no sum passes 2^53), so that a policy plays the same game on every machine, whatever multiplies its matrices.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import re
import zipfile
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from game import Move, View
from game.core.observation import Observer
from game.engine.engine import Engine, engine_for
from game.errors import UnknownName, UsageError
from game.moves import LegalMoves
from rules.model.rulebook import Rulebook

SUFFIX = ".npz"
FORMAT = "chokepoint policy 1"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")
MAX_BYTES = 16 << 20
MAX_LAYERS = 8
UNIT = 4096
"""Weights and activations are whole numbers of 1/UNIT, biases of 1/UNIT²."""
HIGHEST = 1 << 24
"""What an activation is cut to, in 1/UNIT."""
EXACT = 1 << 53
"""Whole numbers below are exact as floats."""

Layer = tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]
"""Weights, shape (out, in), and biases, shape (out,)."""


@dataclass(frozen=True, eq=False)
class Policy:
    """A learned player; calling it makes one for a game.

    Attributes:
        name: what results call it.
        scenario: the scenario that it plays.
        seat: the seat that it plays.
        inputs: what each number that it is fed is, with the lowest and the highest it can be on the board.
        actions: the actions that it chooses from, in words, in their order.
        layers: the network: each but the last is followed by max(0, x).
        learnt: how it came about, for whoever reads it: ``rules`` is the hash of the rulebook.
        data: its file.
        book: the rulebook that it plays.
    """

    name: str
    scenario: str
    seat: str
    inputs: tuple[tuple[str, int, int], ...] = field(repr=False)
    actions: tuple[str, ...] = field(repr=False)
    layers: tuple[Layer, ...] = field(repr=False)
    learnt: Mapping[str, Any]
    data: bytes = field(repr=False)
    book: Rulebook = field(repr=False)

    @property
    def seats(self) -> tuple[str, ...]:
        """The seats that it plays."""
        return (self.seat,)

    @property
    def file(self) -> str:
        """What its file is called where it is kept."""
        return f"{self.name}{SUFFIX}"

    @property
    def sha256(self) -> str:
        """Hash of what it does."""
        return hashlib.sha256(self.data).hexdigest()

    def under(self, book: Rulebook) -> Policy:
        """Return the same player for another rulebook.

        Raises:
            UsageError: what it sees or does is otherwise there.
        """
        return _fitting(replace(self, book=book))

    def __call__(self) -> PolicyPlayer:
        """A player for one game."""
        return PolicyPlayer(self)

    def best(self, numbers: npt.NDArray[Any], legal: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        """Return the action that it plays for each of n observations, the first of the best legal ones.

        Args:
            numbers: scaled observations as environments hand them out, shape (n, inputs).
            legal: which actions are legal, shape (n, actions); something must be.
        """
        found = np.rint(numbers.astype(np.float64) * UNIT)
        for number, (weights, biases) in enumerate(self._floats):
            if number:
                found = np.minimum(np.floor(np.maximum(found, 0) / UNIT), HIGHEST)
            found = found @ weights + biases
        chosen: npt.NDArray[np.int64] = np.where(legal.astype(bool), found, -np.inf).argmax(axis=1)
        return chosen

    @cached_property
    def _floats(self) -> tuple[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]], ...]:
        """The layers as the processor multiplies them fastest; weights have shape (in, out)."""
        return tuple((weights.T.astype(np.float64), biases.astype(np.float64)) for weights, biases in self.layers)


class PolicyPlayer:
    """A learned player in one game: a function of the view, without memory and without chance."""

    def __init__(self, policy: Policy) -> None:
        """Take the network; what it plays is in its file."""
        self._policy = policy
        self._observer, self._engine = _observing(policy.book, policy.scenario)

    def choose(self, view: View, legal: Collection[Move], rng: random.Random) -> Move:
        """Return the move that the network rates highest.

        Raises:
            UsageError: the view is of a seat or a scenario that was not learnt.
        """
        policy = self._policy
        if (view.scenario, view.seat) != (policy.scenario, policy.seat):
            raise UsageError(
                f"{policy.name} has learnt {policy.seat} in {policy.scenario}, not {view.seat} in {view.scenario}",
                "give it the seat that it has learnt",
            )
        if isinstance(legal, LegalMoves):
            mask = legal.mask()
        else:
            mask = np.zeros(len(policy.actions), np.bool_)
            mask[[self._engine.action_ids[move] for move in legal]] = True
        return self._engine.actions[int(policy.best(self._observer.of_view(view)[None], mask[None])[0])]


@lru_cache(maxsize=16)
def _observing(book: Rulebook, scenario: str) -> tuple[Observer, Engine]:
    engine = engine_for(book, scenario)
    return Observer(engine), engine


def inputs_of(observer: Observer) -> tuple[tuple[str, int, int], ...]:
    """Return what a policy's file says of the numbers that go in."""
    return tuple(zip(observer.names, observer.low.tolist(), observer.high.tolist(), strict=True))


def make_policy(
    name: str, book: Rulebook, scenario: str, seat: str, layers: Sequence[tuple[Any, Any]], learnt: Mapping[str, Any]
) -> Policy:
    """Return the policy of a network.

    Args:
        name: what results call it: letters, digits, ``_`` and ``-``.
        book: the rulebook.
        scenario: what it has learnt.
        seat: whom it has learnt to play.
        layers: weights of shape (out, in) and biases of shape (out,), in floats, from the first layer to the last.
        learnt: how it came about, as JSON has it.

    Raises:
        UsageError: the name cannot be one, or weights are too large to count in 1/4096.
    """
    observer, engine = _observing(book, scenario)
    header = {
        "format": FORMAT,
        "name": name,
        "scenario": scenario,
        "seat": seat,
        "inputs": inputs_of(observer),
        "actions": [str(move) for move in engine.actions],
        "learnt": {**learnt, "rules": book.sha256},
    }
    arrays = {"header": np.frombuffer(json.dumps(header).encode(), np.uint8)}
    for number, (weights, biases) in enumerate(layers):
        arrays[f"weights{number}"] = np.rint(np.asarray(weights, np.float64) * UNIT).astype(np.int32)
        arrays[f"biases{number}"] = np.rint(np.asarray(biases, np.float64) * UNIT * UNIT).astype(np.int64)
    stream = io.BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]
    return _fitting(_read(stream.getvalue(), name, book))


def policy_name(path: Path, name: str | None = None) -> str:
    """Return what the policy that is to be written to a file is called: what is asked for, else the file's own name.

    Raises:
        UsageError: the file does not end in ``.npz``, or the name can be no player's.
    """
    called = path.stem if name is None else name
    if path.suffix != SUFFIX:
        raise UsageError(f"{path} is no name for a policy's file", f"end it in {SUFFIX}")
    if not NAME.fullmatch(called):
        raise UsageError(f"'{called}' is no name for a player", "use letters, digits, '_' and '-', a letter first")
    return called


def read_policy(path: str | Path, book: Rulebook) -> Policy:
    """Return the learned player in a file.

    Raises:
        UsageError: the file cannot be read, is no policy, or has learnt what the rulebook has otherwise.
    """
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read the policy {path}: {error.strerror}", "give the path of a file") from error
    return _fitting(_read(data, str(path), book))


def _read(data: bytes, path: str, book: Rulebook) -> Policy:
    if len(data) > MAX_BYTES:
        raise UsageError(f"{path} is larger than {MAX_BYTES:,} bytes", "a policy is one small network")
    try:
        arrays = _arrays(data)
        return _policy(_header(arrays.pop("header", None)), arrays, data, book)
    except _Wrong as wrong:
        raise UsageError(f"{path} is no policy: {wrong}", "chokepoint train makes one") from wrong


class _Wrong(Exception):
    """What is wrong with a file, in words."""


def _arrays(data: bytes) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of an archive, none of them larger than a policy's file may be."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
                raise _Wrong(f"unpacked it is larger than {MAX_BYTES:,} bytes")
        with np.load(io.BytesIO(data), allow_pickle=False) as found:
            return {name: found[name] for name in found.files}
    except (
        OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError,
        MemoryError, OverflowError,
    ) as error:  # fmt: skip
        raise _Wrong("it cannot be read as an archive of numpy arrays") from error


def _header(found: npt.NDArray[Any] | None) -> dict[str, Any]:
    try:
        header = json.loads(found.tobytes()) if found is not None else None
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise _Wrong(f"its header does not say '{FORMAT}'")
    return header


def _policy(header: dict[str, Any], arrays: dict[str, npt.NDArray[Any]], data: bytes, book: Rulebook) -> Policy:
    for key in ("name", "scenario", "seat"):
        if not isinstance(header.get(key), str) or not NAME.fullmatch(header[key]):
            raise _Wrong(f"its '{key}' is no name")
    inputs, actions, learnt = header.get("inputs"), header.get("actions"), header.get("learnt")
    if not isinstance(inputs, list) or not all(_is_input(each) for each in inputs):
        raise _Wrong("'inputs' must list a name, a lowest and a highest number each")
    if not isinstance(actions, list) or not all(isinstance(each, str) for each in actions):
        raise _Wrong("'actions' must list actions in words")
    if not isinstance(learnt, dict):
        raise _Wrong("'learnt' must say how it came about")
    layers = _layers(arrays, len(inputs), len(actions))
    named = tuple((str(name), int(low), int(high)) for name, low, high in inputs)
    return Policy(
        header["name"], header["scenario"], header["seat"], named, tuple(actions), layers, learnt, data, book
    )  # fmt: skip


def _is_input(each: Any) -> bool:
    return isinstance(each, list) and [type(value) for value in each] == [str, int, int]


def _layers(arrays: dict[str, npt.NDArray[Any]], inputs: int, actions: int) -> tuple[Layer, ...]:
    count = len(arrays) // 2
    if set(arrays) != {f"{kind}{n}" for n in range(count) for kind in ("weights", "biases")} or count > MAX_LAYERS:
        raise _Wrong(f"it must hold weights0, biases0 and so on, for at most {MAX_LAYERS} layers")
    width, largest, found = inputs, UNIT, []
    for number in range(count):
        weights, biases = arrays[f"weights{number}"], arrays[f"biases{number}"]
        if weights.dtype != np.int32 or weights.ndim != 2 or weights.shape[1] != width:
            raise _Wrong(f"weights{number} must be int32 of the shape (out, {width})")
        width = weights.shape[0]
        if biases.dtype != np.int64 or biases.shape != (width,):
            raise _Wrong(f"biases{number} must be int64 of the shape ({width},)")
        sums = np.abs(weights.astype(np.float64)).sum(axis=1) * largest + np.abs(biases.astype(np.float64))
        if (sums >= EXACT).any():
            raise _Wrong(f"the weights of layer {number} are too large")
        largest = HIGHEST
        found.append((weights, biases))
    if not found or width != actions:
        raise _Wrong(f"its last layer must have {actions} outputs, one for each action")
    return tuple(found)


def _fitting(policy: Policy) -> Policy:
    """Return the policy if its rulebook has what it has learnt.

    Raises:
        UsageError: it has not, and what is the first thing that differs.
    """
    book = policy.book

    def refuse(what: str) -> UsageError:
        return UsageError(
            f"the policy {policy.name} does not fit these rules: {what}",
            f"it was learnt under the rulebook {str(policy.learnt.get('rules'))[:8]}; learn it anew: chokepoint train",
        )

    if policy.scenario not in book.scenarios:
        raise refuse(str(UnknownName("scenario", policy.scenario, book.scenarios)))
    seats = [seat.name for seat in book.scenarios[policy.scenario].seats]
    if policy.seat not in seats:
        raise refuse(str(UnknownName("seat", policy.seat, seats, policy.scenario)))
    observer, engine = _observing(book, policy.scenario)
    for what, mine, theirs in (
        ("sees", policy.inputs, inputs_of(observer)),
        ("can do", policy.actions, tuple(str(move) for move in engine.actions)),
    ):
        if mine != theirs:
            pairs = zip((*mine, *["nothing"] * len(theirs)), (*theirs, *["nothing"] * len(mine)), strict=True)
            first = next((own, other) for own, other in pairs if own != other)
            raise refuse(
                f"where it {what} {_words(first[0])}, {policy.seat} in {policy.scenario} has {_words(first[1])}"
            )
    return policy


def _words(each: tuple[str, int, int] | str) -> str:
    return f"'{each}'" if isinstance(each, str) else f"'{each[0]}' from {each[1]} to {each[2]}"
