"""Writes THIRD_PARTY.md from the metadata of what is installed: `.venv/bin/python .ci/third_party.py`."""

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = {  # metadata too vague to print
    "pygame": "LGPL-2.1-or-later",
    "pygame-ce": "LGPL-2.1-or-later",
    "kiwisolver": "BSD-3-Clause",
    "matplotlib": "matplotlib licence (PSF style)",
}
HEAD = """# Third-party notices

Chokepoint is under the MIT licence (see `LICENSE`). It ships no code of others: `pip` installs the packages below
from their own distributions, each under its own licence, whose full text is in the package.

Of what is in `assets/`, three things come from others:

- `assets/fonts/IBMPlex*.ttf`: IBM Plex Sans Condensed and IBM Plex Serif 2.0, https://github.com/IBM/plex, under the
  SIL Open Font License 1.1 (`assets/fonts/OFL.txt`), unpacked from the WOFF files of the npm packages
  @ibm/plex-sans-condensed and @ibm/plex-serif.
- `assets/fonts/DejaVuSans.ttf`, for what those lack: DejaVu Sans 2.37, https://dejavu-fonts.github.io, under the
  Bitstream Vera and Arev licences, its own changes in the public domain (`assets/fonts/LICENSE.txt`).
- `assets/map/`: outlines of Natural Earth, https://www.naturalearthdata.com, in the public domain, by way of the npm
  package world-atlas, https://github.com/topojson/world-atlas, under the ISC licence (`assets/map/CREDITS.txt`).

The icons in `assets/icons/` were drawn for this project and are under its licence.

Written by `.ci/third_party.py` from the installed packages' metadata.
"""


def licence(dist: Distribution) -> str:
    """The licence as the package names it: SPDX expression, a one-line licence field, or classifier."""
    data = dist.metadata
    if data["Name"].lower() in NAMES:
        return NAMES[data["Name"].lower()]
    field = (data["License"] or "").strip().split("\n")[0]
    if field.startswith("Copyright"):
        field = ""
    classifiers = [line.rpartition(" :: ")[2] for line in data.get_all("Classifier") or [] if "License ::" in line]
    return str(data["License-Expression"] or field or " and ".join(classifiers))


def home(dist: Distribution) -> str:
    """The project's page."""
    urls = [url.split(",", 1) for url in dist.metadata.get_all("Project-URL") or []]
    best = {name.strip().lower(): url.strip() for name, url in urls}
    for key in ("homepage", "home", "source", "source code", "repository", "github", "documentation"):
        if best.get(key):
            return best[key]
    return str(dist.metadata["Home-page"] or "")


def needs(dist: Distribution, extra: str = "") -> list[str]:
    """The packages it requires, ``name`` or ``name[extra]``, those of an extra only when it is asked for."""
    found = []
    for line in dist.requires or []:
        name = re.match(r"[A-Za-z0-9._-]+(\[[a-z]+\])?", line)
        wanted = re.search(r"extra\s*==\s*['\"]([^'\"]+)", line)
        if name and (wanted.group(1) if wanted else "") == extra:
            found.append(name.group())
    return found


def closure(first: list[str]) -> dict[str, Distribution]:
    """Every installed package reached from these."""
    found: dict[str, Distribution] = {}
    todo = list(first)
    seen: set[str] = set()
    while todo:
        entry = todo.pop()
        if entry in seen:
            continue
        seen.add(entry)
        name, _, extra = entry.rstrip("]").partition("[")
        key = re.sub(r"[-_.]+", "-", name).lower()
        try:
            found[key] = distribution(name)
        except PackageNotFoundError:  # for another platform or Python
            continue
        todo += needs(found[key]) + (needs(found[key], extra) if extra else [])
    return found


def table(dists: dict[str, Distribution]) -> list[str]:
    """One line a package."""
    lines = ["| package | licence | project |", "|---|---|---|"]
    for key in sorted(dists):
        lines.append(f"| {dists[key].metadata['Name']} | {licence(dists[key])} | {home(dists[key])} |")
    return lines


def main() -> None:
    """Writes the file."""
    us = distribution("chokepoint")
    play = closure(needs(us))
    test = {key: dist for key, dist in closure(needs(us, "rl") + needs(us, "test")).items() if key not in play}
    text = [HEAD, "## Installed with the program", "", *table(play), ""]
    text += ["On Pythons for which pygame has no wheel, pygame-ce (LGPL-2.1-or-later) takes its place.", ""]
    text += ["## Installed only with the extras `rl` and `test`", "", *table(test), ""]
    (ROOT / "THIRD_PARTY.md").write_text("\n".join(text), encoding="utf-8")


if __name__ == "__main__":
    main()
