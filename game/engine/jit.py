"""Binds the kernel's functions: as they stand, or compiled by numba, which only this module imports."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import importlib.util
import os
import tempfile
import types
from pathlib import Path
from typing import Any

from game.engine import kernel, rollouts

FUNCTIONS = (*kernel.FUNCTIONS, *rollouts.FUNCTIONS)
"""In an order in which each needs only earlier ones."""


def plain() -> types.SimpleNamespace:
    """Return the functions as they stand."""
    return types.SimpleNamespace(**{f.__name__: f for f in FUNCTIONS}, jit=False)


def jit_wanted() -> bool:
    """Whether compiled code may be used: not with ``CHOKEPOINT_JIT=0``, nor where numba is missing."""
    return os.environ.get("CHOKEPOINT_JIT", "1") != "0" and importlib.util.find_spec("numba") is not None


def cache_folder(name: str) -> Path:
    """Return a folder of that name in the user's cache; a temporary one where nothing can be kept."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "chokepoint"
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or home) / name
    return folder if usable(folder) else Path(tempfile.mkdtemp(prefix="chokepoint-"))


def usable(folder: Path) -> bool:
    """Whether a cache can be kept there; a user without a home of its own compiles anew in every process."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def _plain_types(found: Any, plain_type: Any, args: Any, kws: Any) -> Any:
    """Find a function for a call in another by the types of the arguments. numba's own way compiles a function anew for
    every constant that it is called with, which made the first start half as long again.
    """
    return found(tuple(map(plain_type, args)), kws)


def _call_native() -> Any:
    """Return what compiled code has in the place of ``kernel.call_native``: a call of a function by its address."""
    from llvmlite import ir
    from numba import types as kinds
    from numba.extending import intrinsic

    @intrinsic
    def call_native(typing: Any, function: Any, mem: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            data = context.make_array(signature.args[1])(context, builder, args[1]).data
            kind = ir.FunctionType(ir.IntType(64), [data.type])
            return builder.call(builder.inttoptr(args[0], kind.as_pointer()), [data])

        return kinds.int64(kinds.int64, mem), generate

    return call_native


@functools.cache
def jitted() -> types.SimpleNamespace:
    """Return the same functions compiled by numba; without numba, or with ``CHOKEPOINT_JIT=0``, the plain ones.

    numba's cache goes stale in silence when a module that a function reads changes, so its folder is named by a hash of
    those sources and of numba's version. It is set on numba, not in the environment, which other processes inherit.
    """
    if not jit_wanted():
        return plain()
    import numba  # takes half a second, which commands that play nothing save

    stamp = hashlib.sha256(importlib.metadata.version("numba").encode())
    for source in (kernel.__file__, rollouts.__file__, __file__):
        stamp.update(Path(source).read_bytes())
    bounds = os.environ.get("NUMBA_BOUNDSCHECK", "0")
    numba.config.CACHE_DIR = str(cache_folder(f"{stamp.hexdigest()[:16]}-{bounds}"))
    names = {name: value for function in FUNCTIONS for name, value in function.__globals__.items()}
    names["call_native"] = _call_native()
    for function in FUNCTIONS:
        if function is kernel.call_native:
            continue
        twin = types.FunctionType(function.__code__, names, function.__name__, function.__defaults__)
        twin.__module__ = function.__module__
        twin.__qualname__ = function.__name__
        # Nothing in the kernel allocates; counting references to its arrays, an atomic operation at every call, was a
        # third of the time of a native game.
        made = numba.njit(cache=True, error_model="numpy", nogil=True, _nrt=False)(twin)
        made.get_call_template = functools.partial(_plain_types, made.get_call_template, numba.types.unliteral)
        names[function.__name__] = made
    return types.SimpleNamespace(**{f.__name__: names[f.__name__] for f in FUNCTIONS}, jit=True)
