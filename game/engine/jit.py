"""Binds the kernel's functions: as they stand, or compiled by numba, which only this module imports."""

from __future__ import annotations

import atexit
import contextlib
import functools
import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
import types
import warnings
from pathlib import Path
from typing import Any

from game.engine import kernel, rollouts, vector
from game.engine.interruptible import interruptible

FUNCTIONS = (*kernel.FUNCTIONS, *rollouts.FUNCTIONS, *vector.FUNCTIONS)
"""In an order in which each needs only earlier ones."""


def plain() -> types.SimpleNamespace:
    """Return the functions as they stand."""
    return types.SimpleNamespace(**{f.__name__: f for f in FUNCTIONS}, jit=False)


def jit_wanted() -> bool:
    """Whether compiled code may be used: not with ``CHOKEPOINT_JIT=0`` or numba's own switch, nor without numba."""
    if os.environ.get("CHOKEPOINT_JIT", "1") == "0" or os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        return False
    return importlib.util.find_spec("numba") is not None


@functools.cache
def cache_folder(name: str) -> Path:
    """Return a folder of that name in the user's cache; where nothing can be kept, a temporary one, and say so."""
    place = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    try:
        home = Path(place) if place else Path.home() / ".cache"
    except RuntimeError:  # a user without a home
        home = None
    if home is not None:
        folder = (home if os.environ.get("NUMBA_CACHE_DIR") else home / "chokepoint") / name
        if usable(folder):
            return folder
    _say_once(f"compiled code cannot be kept in {home or 'a home folder'}: it is made anew in every process")
    made = Path(tempfile.mkdtemp(prefix="chokepoint-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@functools.cache
def _say_once(sentence: str) -> None:
    warnings.warn(sentence, RuntimeWarning, stacklevel=3)


def usable(folder: Path) -> bool:
    """Whether a cache can be kept there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.R_OK | os.W_OK | os.X_OK)


class Seals:
    """Sums of numba's cache files: numba runs whatever lies in its cache, so what is not whole is taken away before.

    A file that is empty, cut, changed or another's has no seal that fits. numba writes files whole, so the only files
    without one belong to a process that was killed, or is about to seal them and will compile them once more.
    """

    def __init__(self, folder: Path) -> None:
        """Look through the cache in ``folder``."""
        self._folder = folder
        for file in self._files():
            try:
                fits = file.is_file() and _seal(file).read_text() == _sum(file)
            except (OSError, UnicodeDecodeError):
                fits = False
            if not fits:
                _remove(file)

    def seal(self) -> None:
        """Seal what has been written since."""
        with contextlib.suppress(OSError):  # a full disk: the next process compiles anew
            for file in self._files():
                if not _seal(file).exists() or _seal(file).stat().st_mtime_ns < file.stat().st_mtime_ns:
                    _seal(file).write_text(_sum(file))

    def _files(self) -> list[Path]:
        return [*self._folder.rglob("*.nbi"), *self._folder.rglob("*.nbc")]


def _seal(file: Path) -> Path:
    return file.with_name(file.name + ".sum")


def _sum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _remove(file: Path) -> None:
    with contextlib.suppress(OSError):
        if file.is_dir():
            shutil.rmtree(file)
        else:
            file.unlink()


def _copy() -> Any:
    """Return what compiled code has in the place of ``kernel.copy``: numba's own loop looks at the sign of every index,
    and takes four times as long.
    """
    from numba import types as kinds
    from numba.core import cgutils
    from numba.extending import intrinsic

    @intrinsic
    def copy(typing: Any, to: Any, at: Any, source: Any, first: Any, count: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            pointers = []
            for array, offset in ((0, 1), (2, 3)):
                data = context.make_array(signature.args[array])(context, builder, args[array]).data
                pointers.append(builder.gep(data, [args[offset]]))
            size = context.get_abi_sizeof(context.get_data_type(to.dtype))
            cgutils.raw_memmove(builder, *pointers, args[4], context.get_constant(kinds.intp, size))
            return context.get_dummy_value()

        whole = kinds.int64
        return kinds.none(to, whole, source, whole, whole), generate

    return copy


def _plain_types(found: Any, plain_type: Any, args: Any, kws: Any) -> Any:
    """Find a function for a call in another by the types of the arguments. numba's own way compiles a function anew for
    every constant that it is called with, which made the first start half as long again.
    """
    return found(tuple(map(plain_type, args)), kws)


def _saved(save: Any, seals: Seals, *args: Any) -> None:
    """Save what numba has compiled, as it would itself, and seal it."""
    save(*args)
    seals.seal()


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


def _numba_without_blas() -> None:
    """Load numba's arrays without their look for scipy's linear algebra, which takes a fifth of a second and is nothing
    to us. scipy is there, and functions that need it look for themselves when they are compiled.
    """
    from numba.np import linalg

    look, linalg.ensure_blas = linalg.ensure_blas, lambda: None
    try:
        from numba.np import arraymath

        arraymath.ensure_blas = look
    finally:
        linalg.ensure_blas = look


@functools.cache
def jitted() -> types.SimpleNamespace:
    """Return the same functions compiled by numba; without numba, or with ``CHOKEPOINT_JIT=0``, the plain ones.

    numba's cache goes stale in silence when a module that a function reads changes, so its folder is named by a hash of
    those sources and of numba's version. It is set on numba, not in the environment, which other processes inherit.
    """
    if not jit_wanted():
        return plain()
    import numba  # takes half a second, which commands that play nothing save

    _numba_without_blas()
    # The place is a part of it, as it is of the names of numba's files: else every copy would look through all of them.
    stamp = hashlib.sha256(f"{importlib.metadata.version('numba')} {__file__}".encode())
    for source in (kernel.__file__, rollouts.__file__, vector.__file__, __file__):
        stamp.update(Path(source).read_bytes())
    bounds = os.environ.get("NUMBA_BOUNDSCHECK", "0")
    folder = cache_folder(f"{stamp.hexdigest()[:16]}-{bounds}")
    numba.config.CACHE_DIR = str(folder)
    seals = Seals(folder)
    names: dict[str, Any] = {}
    for module in (kernel, rollouts, vector):  # compiled, they share one set of names
        for name, value in vars(module).items():
            if name.isupper():
                assert names.get(name, value) == value or name == "FUNCTIONS", name
            names[name] = value
    names["call_native"] = _call_native()
    made_here: list[Any] = [kernel.call_native]
    if bounds == "0":
        names["copy"] = _copy()
        made_here.append(kernel.copy)
    for function in FUNCTIONS:
        if function in made_here:
            continue
        twin = types.FunctionType(function.__code__, names, function.__name__, function.__defaults__)
        twin.__module__ = function.__module__
        twin.__qualname__ = function.__name__
        # Nothing in the kernel allocates; counting references to its arrays, an atomic operation at every call, was a
        # third of the time of a native game.
        made = numba.njit(cache=True, error_model="numpy", nogil=True, _nrt=False)(twin)
        made.get_call_template = functools.partial(_plain_types, made.get_call_template, numba.types.unliteral)
        made._cache.save_overload = functools.partial(_saved, made._cache.save_overload, seals)
        # LLVM calls back into Python while it compiles, where Ctrl-C would be lost and leave half of a function.
        made.compile = functools.partial(interruptible, made.compile)
        names[function.__name__] = made
    return types.SimpleNamespace(**{f.__name__: names[f.__name__] for f in FUNCTIONS}, jit=True)
