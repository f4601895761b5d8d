"""Measure what the docs tell of the world, and write it there: ``python -m tools.measured``.

``run`` calls the product's own commands, one after the other, for hours, and keeps what each answers. ``write`` fills
the tables of the docs between their markers, and ``rules/standard/hindcast.json``, with it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from game.records.files import write_atomic
from rules.source.loader import HOME, MEASURED
from tools.measured.pages import DOCS, figures, filled
from tools.measured.parts import FOUND, HINDCAST, Measured, World, measure, parts, read
from tools.measured.tables import Found, blocks

WRONG = 1
REFUSED = 2
INTERRUPTED = 130

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)


@app.command("run")
def run_command(
    wanted: Annotated[list[str] | None, typer.Argument(metavar="[PART…]", help="Parts; all when left out.")] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where they are kept.")] = Path("results/measured"),
    players: Annotated[
        list[Path] | None, typer.Option(metavar="DIR", help="Found strategies; can be given several times.")
    ] = None,
) -> None:
    """Measure what is not there yet; what was stopped goes on."""
    known = parts(out, players or ())
    names = wanted or list(known)
    if unknown := [name for name in names if name not in known]:
        raise typer.BadParameter(f"no part {unknown[0]}; there are {', '.join(known)}")
    if not players and any(name in FOUND for name in wanted or ()):
        raise typer.BadParameter("found strategies are wanted: --players DIR")
    world = World.now()
    there = {name: kept for name in names if (kept := read(out, name)) is not None}
    if _strange(there, world):
        print(f"give another folder with --out, or empty {out}")
        raise typer.Exit(REFUSED)
    failed = []
    for name in names:
        if name in there:
            print(f"{name}: is there", flush=True)
        elif name in FOUND and not players:
            print(f"{name}: left out, it wants found strategies (--players DIR)", flush=True)
        else:
            print(f"{name}: {known[name].shown}", flush=True)
            try:
                wrong = measure(known[name], out)
            except KeyboardInterrupt:
                print("stopped; the same command goes on")
                raise typer.Exit(INTERRUPTED) from None
            if wrong:
                print(f"{name}: {wrong}", flush=True)
                failed.append(name)
    if failed:
        print(f"not measured: {', '.join(failed)}")
        raise typer.Exit(WRONG)


@app.command("write")
def write_command(
    source: Annotated[Path, typer.Option("--from", metavar="DIR", help="What 'run' kept.")] = Path("results/measured"),
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; status 1 when something would change.")
    ] = False,
) -> None:
    """Fill the docs with what is there, and say what is not, and which prose to read again."""
    world = World.now()
    there = {name: kept for name in parts(source) if (kept := read(source, name)) is not None}
    strange = _strange(there, world)
    found = {name: kept.data for name, kept in there.items() if name not in strange}
    if missing := [name for name in parts(source) if name not in found]:
        print(f"missing, so that it stays as it is: {', '.join(missing)}")
    changed = [edit for edit in edits(world, found) if edit.old != edit.new]
    for edit in changed:
        print(f"{edit.path.name}: {'would change' if check else 'written'}")
        if not check:
            write_atomic(edit.path, edit.new.encode())
    if told := [edit for edit in changed if edit.path.suffix == ".md"]:
        print("read again what people wrote, and its figures, in these lines:")
        for edit in told:
            for heading, places in figures(edit.new):
                lines = ", ".join(f"{first}-{last}" if last > first else str(first) for first, last in places)
                print(f"  {edit.path.name}, {heading}: {lines}")
    if check and changed:
        raise typer.Exit(WRONG)


@dataclass(frozen=True)
class Edit:
    """A file as it is and as it shall be."""

    path: Path
    old: str
    new: str


def edits(world: World, found: Found) -> list[Edit]:
    """Return every file that is filled, changed or not."""
    every = blocks(world)
    made = []
    for page in dict.fromkeys(block.page for block in every.values()):
        text = (DOCS / page).read_text(encoding="utf-8")
        mine = {name: block for name, block in every.items() if block.page == page}
        made.append(Edit(DOCS / page, text, filled(text, mine, found)))
    if HINDCAST in found:
        path = HOME / "standard" / MEASURED
        new = json.dumps({**found[HINDCAST], "rules": world.rules}, indent=2, ensure_ascii=False) + "\n"
        made.append(Edit(path, path.read_text(encoding="utf-8"), new))
    return made


def _strange(there: dict[str, Measured], world: World) -> list[str]:
    """Say which parts were measured on another world, and return them."""
    strange = {name: said for name, kept in there.items() if (said := world.differs(kept.world))}
    for name, said in strange.items():
        print(f"{name} was measured with {said}")
    return list(strange)


if __name__ == "__main__":
    app()
