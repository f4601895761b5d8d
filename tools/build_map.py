"""Bakes the schematic map: Natural Earth's public-domain shapes, merged into the game's regions, as one small SVG.

``python -m tools.build_map [COUNTRIES.json] [--out FILE]`` writes ``assets/map/world.svg`` again, byte for byte.
Without a file it fetches the npm package ``world-atlas`` (``npm pack world-atlas@2.0.2``), which carries Natural Earth
4.1 as TopoJSON; with one, give its ``countries-50m.json``.

The map is schematic and takes no position: regions are wide areas of the earth, lines between countries are dissolved,
ground that is contested between two areas is drawn with neither or with the area around it, and whatever is in no
region of the game is neutral. Projection: Equal Earth (Savric, Patterson and Jenny 2018), centred on 11° east so that
no land is cut; areas are true, so that no region looks larger than it is.
"""

from __future__ import annotations

import itertools
import json
import math
import subprocess
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

PACKAGE, MEMBER = "world-atlas@2.0.2", "package/countries-50m.json"
OUT = Path(__file__).resolve().parents[1] / "assets" / "map" / "world.svg"

Point = tuple[float, float]
Ring = list[Point]

WIDTH = 2000
"""Width of the drawing in its own units."""
SOUTH, NORTH, CENTRE = -55.5, 80.0, 11.0
"""Parallels between which the map is drawn, and its central meridian, in degrees."""
EDGES = (0.86, 0.92)
"""How much of the earth's half-width is drawn to the west and to the east; beyond is open sea."""
TOLERANCE = 1.1
"""How far a simplified line may lie from the true one, in units of the drawing."""
SMALLEST = 14.0
"""Area in square units below which an island is left out."""

REGIONS: Mapping[str, str] = {
    "north_america": "124 840",
    "europe": "008 020 040 056 070 100 112 191 196 203 208 233 246 250 276 300 348 352 372 380 428 438 440 442 470 492"
    " 498 499 528 578 616 620 642 674 688 703 705 724 752 756 804 807 826 234 248 831 832 833 336",
    "northeast_asia": "392 410",
    "china_market": "156 344 446",
    "southeast_asia": "096 104 116 360 418 458 608 626 702 704 764",
    "south_asia": "050 064 144 356 462 524 586",
    "gulf": "048 414 512 634 682 784 887",
    "africa": "012 024 072 086 108 120 132 140 148 174 175 178 180 204 226 231 232 262 266 270 288 324 384 404 426 430"
    " 434 450 454 466 478 480 504 508 516 562 566 624 638 646 654 678 686 690 694 706 710 716 728 729 732 748 768 788"
    " 800 818 834 854 894",
    "latin_america": "028 032 044 052 068 076 084 092 136 152 170 188 192 212 214 218 222 254 308 312 320 328 332 340"
    " 388 474 484 500 531 533 534 558 591 600 604 630 652 659 660 662 663 670 740 780 796 850 858 862",
}
"""The rulebook's regions by ISO 3166-1 numeric codes. All land in none of them is neutral ground (``rest``)."""

NAMELESS = {"Somaliland": "africa", "Kosovo": "europe", "N. Cyprus": "europe", "Siachen Glacier": "south_asia"}
"""Shapes without a code, by the name that Natural Earth gives them."""

ANCHORS: Mapping[str, tuple[int, int]] = {
    "north_america": (268, 278),
    "latin_america": (439, 627),
    "europe": (870, 246),
    "africa": (975, 628),
    "south_asia": (1341, 467),
    "gulf": (1182, 429),
    "northeast_asia": (1644, 280),
    "china_market": (1550, 330),
    "southeast_asia": (1613, 479),
}
"""Where the line from a region's name ends, on the coast towards the name, in units of the drawing."""


LABELS: Mapping[str, tuple[int, int]] = {
    "north_america": (56, 458),
    "latin_america": (142, 669),
    "europe": (560, 282),
    "africa": (706, 634),
    "south_asia": (1264, 577),
    "gulf": (1252, 726),
    "northeast_asia": (1713, 238),
    "china_market": (1713, 389),
    "southeast_asia": (1713, 540),
}
"""Where the ring at a region's name has its middle, in units of the drawing: on sea, the name at its right."""


def region_of(code: str, name: str, outline: Ring) -> str:
    """Return the region of one polygon of a country: by its code, but far parts of a country go where they lie."""
    longitude = sum(x for x, _ in outline) / len(outline)
    latitude = sum(y for _, y in outline) / len(outline)
    home = next((region for region, codes in REGIONS.items() if code in codes.split()), NAMELESS.get(name, "rest"))
    if home == "europe" and longitude < -40:
        return "latin_america"
    if home == "europe" and latitude < 30:
        return "africa"
    if 32 < longitude < 37 and 44 < latitude < 46.5:  # the peninsula lies in Europe, whoever holds it
        return "europe"
    return home


# ------------------------------------------------------------------------------------------------ geometry


def project(point: Point) -> Point:
    """Project by Equal Earth, in units of the sphere's radius; north is down."""
    longitude = math.radians((point[0] - CENTRE + 180) % 360 - 180)
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    root = math.sqrt(3) / 2
    theta = math.asin(root * math.sin(math.radians(point[1])))
    square, sixth = theta**2, theta**6
    x = longitude * math.cos(theta) / (root * (a1 + 3 * a2 * square + sixth * (7 * a3 + 9 * a4 * square)))
    return x, -theta * (a1 + a2 * square + sixth * (a3 + a4 * square))


def frame() -> tuple[float, float, float]:
    """Return the left and top edge of the drawing and its scale."""
    reach = max(project((CENTRE + 179.99, latitude))[0] for latitude in (SOUTH, 0, NORTH))
    left, right = EDGES
    return -reach * left, project((CENTRE, NORTH))[1], WIDTH / (reach * (left + right))


def placed(point: Point, box: tuple[float, float, float]) -> Point:
    """Return a place on earth as a place in the drawing."""
    x, y = project(point)
    left, top, scale = box
    return (x - left) * scale, (y - top) * scale


def area(ring: Sequence[Point]) -> float:
    """Return the area inside a ring, whichever way it runs."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def simplified(line: Sequence[Point], tolerance: float) -> list[Point]:
    """Simplify by Dougla and Peucker's line: its ends stay, what lies closer than the tolerance to it goes."""
    if len(line) < 3:
        return list(line)
    keep = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        far, at = 0.0, first
        for i in range(first + 1, last):
            distance = _away(line[i], line[first], line[last])
            if distance > far:
                far, at = distance, i
        if far > tolerance:
            keep.add(at)
            spans += [(first, at), (at, last)]
    return [line[i] for i in sorted(keep)]


def _away(p: Point, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else max(0.0, min(1.0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length))
    return math.hypot(p[0] - a[0] - along * dx, p[1] - a[1] - along * dy)


# ------------------------------------------------------------------------------------------------ topology


class Topology:
    """Countries as rings of shared lines (TopoJSON)."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Unpack the lines to longitude and latitude."""
        (sx, sy), (tx, ty) = data["transform"]["scale"], data["transform"]["translate"]
        self.arcs: list[Ring] = []
        for packed in data["arcs"]:
            x = y = 0
            line: Ring = []
            for dx, dy in packed:
                x, y = x + dx, y + dy
                line.append((x * sx + tx, y * sy + ty))
            self.arcs.append(line)
        self.countries = data["objects"]["countries"]["geometries"]

    def line(self, arc: int) -> Ring:
        """Return a line; a negative number is one run backwards."""
        return self.arcs[arc] if arc >= 0 else self.arcs[~arc][::-1]

    def ring(self, arcs: Iterable[int]) -> Ring:
        """Return lines joined end to end."""
        points: Ring = []
        for arc in arcs:
            points += self.line(arc)[1 if points else 0 :]
        return points

    def polygons(self) -> Iterable[tuple[str, str, list[list[int]]]]:
        """Return code, name and rings of every polygon of every country."""
        for country in self.countries:
            parts = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
            for rings in parts:
                yield str(country.get("id", "")), country["properties"]["name"], rings

    def merged(self, polygons: Iterable[list[list[int]]]) -> list[list[int]]:
        """Return the outlines of polygons taken together: a line that two of them share is inside, and goes."""
        used: dict[int, int] = {}
        for rings in polygons:
            for ring in rings:
                for arc in ring:
                    key = arc if arc >= 0 else ~arc
                    if key in used:
                        del used[key]
                    else:
                        used[key] = arc
        starts: dict[Point, list[int]] = defaultdict(list)
        for arc in used.values():
            starts[self.line(arc)[0]].append(arc)
        outlines = []
        left = set(used.values())
        for first in used.values():
            if first not in left:
                continue
            outline, arc = [], first
            while arc in left:
                left.discard(arc)
                outline.append(arc)
                onward = [a for a in starts[self.line(arc)[-1]] if a in left]
                if not onward:
                    break
                arc = onward[0]
            outlines.append(outline)
        return outlines


def bake(data: Mapping[str, Any]) -> str:
    """Return the map as the text of an SVG file."""
    world = Topology(data)
    members: dict[str, list[list[list[int]]]] = {region: [] for region in (*REGIONS, "rest")}
    for code, name, rings in world.polygons():
        if code != "010":  # Antarctica
            members[region_of(code, name, world.ring(rings[0]))].append(rings)
    box = frame()
    lines = [simplified([placed(p, box) for p in arc], TOLERANCE) for arc in world.arcs]
    drawn = Topology({"transform": {"scale": (1, 1), "translate": (0, 0)}, "arcs": [], "objects": data["objects"]})
    drawn.arcs = lines
    height = placed((CENTRE, SOUTH), box)[1]
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {round(height)}">',
        "<!-- Schematic regions of the game. Borders are not drawn and no position is taken."
        " Made by tools/build_map.py from Natural Earth (public domain). -->",
    ]
    for region, polygons in members.items():
        outlines = [drawn.ring(outline) for outline in world.merged(polygons)]
        kept = [ring for ring in outlines if area(ring) >= SMALLEST and not _crosses(ring) and _inside(ring, height)]
        kept.sort(key=area, reverse=True)
        path = "".join(f"M{' '.join(f'{round(x)} {round(y)}' for x, y in ring[:-1])}Z" for ring in kept)
        anchor = ""
        if region in ANCHORS:
            (x, y), (u, v) = ANCHORS[region], LABELS[region]
            anchor = f' data-x="{x}" data-y="{y}" data-u="{u}" data-v="{v}"'
        rows.append(f'<path id="{region}"{anchor} fill="#888" d="{path}"/>')
    return "\n".join([*rows, "</svg>", ""])


def _crosses(ring: Ring) -> bool:
    """Return whether a ring was torn by the edge of the map."""
    return any(abs(a[0] - b[0]) > WIDTH / 2 for a, b in itertools.pairwise(ring))


def _inside(ring: Ring, height: float) -> bool:
    """Return whether most of a ring is in the drawing."""
    x, y = sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
    return -20 < x < WIDTH + 20 and y < height


def fetched() -> bytes:
    """Return the countries from npm.

    Raises:
        SystemExit: npm is not there or has no network.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            subprocess.run(["npm", "pack", PACKAGE, "--silent"], cwd=folder, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise SystemExit(f"npm pack {PACKAGE} failed ({error}); give the path of countries-50m.json") from None
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as tar:
            member = tar.extractfile(MEMBER)
            assert member is not None
            return member.read()


def main(
    countries: Annotated[Path | None, typer.Argument(help="countries-50m.json of world-atlas 2.0.2.")] = None,
    out: Annotated[Path, typer.Option(help="The map's file.")] = OUT,
) -> None:
    """Bake the schematic map from Natural Earth."""
    data = countries.read_bytes() if countries else fetched()
    out.write_text(bake(json.loads(data)), encoding="utf-8")
    print(f"{out}: {out.stat().st_size // 1024} kB")


if __name__ == "__main__":
    typer.run(main)
