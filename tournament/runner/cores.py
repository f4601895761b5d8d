"""How many cores this process may use: what affinity and a container's quota leave of the host's."""

from __future__ import annotations

import math
import os
from pathlib import Path

ROOT = Path("/")


def usable_cores(root: Path = ROOT) -> int:
    """Return how many cores this process can keep busy, at least 1.

    Args:
        root: where ``/proc`` and ``/sys`` are.
    """
    try:
        count = len(os.sched_getaffinity(0))
    except AttributeError:  # neither macOS nor Windows has affinity of this kind, nor control groups
        count = os.cpu_count() or 1
    return max(1, min([count, *(math.ceil(quota) for quota in _quotas(root))]))


def _quotas(root: Path) -> list[float]:
    """Return the quotas, in cores, of the control groups that this process is in and of all groups around them."""
    found = []
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, controllers, group = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        top = root / "sys/fs/cgroup" / ("cpu" if controllers else "")
        if controllers and not top.is_dir():
            top = root / "sys/fs/cgroup" / controllers
        inner = top / group.lstrip("/")
        for folder in (inner, *inner.parents):
            if not folder.is_relative_to(top):
                break
            if controllers:
                found.append((_text(folder / "cpu.cfs_quota_us"), _text(folder / "cpu.cfs_period_us")))
            else:
                quota, _, period = _text(folder / "cpu.max").partition(" ")
                found.append((quota, period))
    numbers = [(int(quota), int(period)) for quota, period in found if quota.strip().isdigit()]
    return [quota / period for quota, period in numbers if quota and period]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
