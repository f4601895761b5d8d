"""Real hands need a real display: without the programs for one these tests skip, in continuous integration none may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hands.desktop import Desktop, desktop, missing


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Desktop]:
    lacking = missing()
    if lacking:
        pytest.skip(f"not installed: {', '.join(lacking)} (.ci/apt installs them)")
    with desktop(tmp_path) as found:
        yield found
