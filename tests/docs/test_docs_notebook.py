"""The notebook of the examples runs from its first cell to its last, and what its cells end with can be shown."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT

NOTEBOOKS = sorted((ROOT / "docs" / "examples").glob("*.ipynb"))


def script(notebook: Path) -> str:
    """The cells as a program that shows each cell's last value as a notebook would."""
    lines = [
        "def show(value):",
        "    html = getattr(value, '_repr_html_', None)",
        "    print(html() if html else repr(value))",
    ]
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        assert cell["outputs"] == [] and cell["execution_count"] is None, "a notebook is kept without its results"
        tree = ast.parse("".join(cell["source"]))
        last = tree.body[-1]
        if isinstance(last, ast.Expr):
            tree.body[-1] = ast.parse(f"show({ast.unparse(last.value)})").body[0]
        lines.append(ast.unparse(tree))
    return "\n".join(lines)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_runs(notebook: Path, tmp_path: Path) -> None:
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    run = subprocess.run(
        [sys.executable, "-c", script(notebook)], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("<table") >= 6 and "The Chokepoint authors" in run.stdout
    assert "knob.spillover" in run.stdout
