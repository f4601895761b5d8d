"""Turns LLVM modules into functions in this process, and keeps optimised ones on disk for the next.

A file of the cache is named by a hash of what it was made from: the module or what determines it, the processor, LLVM's
version. It begins with the hash of the rest: a file that is cut, empty or another's counts as missing.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import os
import platform
import tempfile
from pathlib import Path
from typing import Any

from game.engine.jit import cache_folder

KEPT = 2048
"""Files in the cache at most; the oldest go first."""
_HASH = 32

_alive: list[Any] = []
"""LLVM's engines, which own the code of the functions that they link."""


def available() -> bool:
    """Whether native programs can be made here."""
    return importlib.util.find_spec("llvmlite") is not None and platform.machine() in (
        "x86_64",
        "AMD64",
        "arm64",
        "aarch64",
    )


class Objects:
    """Makes object code, and finds what was made before."""

    def __init__(self, folder: Path | None = None) -> None:
        """``folder`` keeps optimised objects; the user's cache when left out."""
        self.folder = cache_folder("native") if folder is None else folder

    def find(self, key: bytes) -> bytes | None:
        """Return the optimised object of a key, if it is there and whole."""
        try:
            data = self._path(key).read_bytes()
        except OSError:
            return None
        whole = len(data) > _HASH and hashlib.sha256(data[_HASH:]).digest() == data[:_HASH]
        return data[_HASH:] if whole else None

    def make(self, module: str, key: bytes | None, *, optimised: bool) -> bytes:
        """Compile a module; keep it under its key, if it has one, when it is optimised."""
        machine = _machine(1 if optimised else 0)
        parsed = _llvm().parse_assembly(module)
        if optimised:
            tuning = _llvm().create_pipeline_tuning_options(speed_level=1)
            tuning.loop_vectorization = tuning.slp_vectorization = False
            builder = _llvm().create_pass_builder(machine, tuning)
            builder.getModulePassManager().run(parsed, builder)
        made: bytes = machine.emit_object(parsed)
        if optimised and key is not None:
            self._keep(key, made)
        return made

    def _path(self, key: bytes) -> Path:
        return self.folder / f"{hashlib.sha256(_target() + key).hexdigest()[:40]}.o"

    def _keep(self, key: bytes, made: bytes) -> None:
        """Write whole or not at all: another process may read at any moment, and this one may be killed."""
        with contextlib.suppress(OSError):  # a full or read-only disk: the next process compiles anew
            descriptor, name = tempfile.mkstemp(dir=self.folder)
            with os.fdopen(descriptor, "wb") as file:
                file.write(hashlib.sha256(made).digest() + made)
            Path(name).replace(self._path(key))
            found = sorted(self.folder.glob("*.o"), key=lambda path: path.stat().st_mtime)
            for path in found[: max(0, len(found) - KEPT)]:
                path.unlink(missing_ok=True)


def link(made: bytes, names: list[str]) -> list[int]:
    """Load an object into this process; returns the addresses of its functions."""
    engine = _llvm().create_mcjit_compiler(_llvm().parse_assembly(""), _machine(0))
    engine.add_object_file(_llvm().ObjectFileRef.from_data(made))
    engine.finalize_object()
    _alive.append(engine)
    return [engine.get_function_address(name) for name in names]


@functools.cache
def _llvm() -> Any:
    import llvmlite.binding as llvm  # loads 100 MB, which only processes that play in bulk need

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm


@functools.cache
def _target() -> bytes:
    """What object code depends on besides its module."""
    llvm = _llvm()
    features = llvm.get_host_cpu_features().flatten()
    return repr((llvm.get_process_triple(), llvm.get_host_cpu_name(), features, llvm.llvm_version_info)).encode()


@functools.cache
def _machine(level: int) -> Any:
    llvm = _llvm()
    return llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=level, jit=True
    )
