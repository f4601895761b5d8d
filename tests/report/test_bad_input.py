"""Reports on runs with little or nothing to say, and folders that no report can be made of: words, never a crash."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest

import tournament
from game.cli.app import run
from tests.tournament.conftest import HERE
from tournament.design.plan import load_plan
from tournament.report.write import write_report

ALONE = {"north": ["random"], "south": ["random"], "west": ["random"]}

SMALL = {"north": ["random", "greedy"], "south": ["greedy"], "west": ["greedy"]}


def market(folder: Path, **changes: object) -> tournament.Tournament:
    whole = {**load_plan(HERE / "plan.yaml").plain(), **changes}
    return tournament.run({key: value for key, value in whole.items() if value is not None}, folder, backend="local")


def report(folder: Path) -> str:
    return write_report(tournament.open(folder)).page.read_text(encoding="utf-8")


def test_what_a_plan_says_is_text_and_never_markup(tmp_path: Path) -> None:
    market(tmp_path / "x", seats=ALONE, games=10, title="<b>bold</b> & brave", question="<script>alert(1)</script>?")
    page = report(tmp_path / "x")
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; brave" in page and "&lt;script&gt;alert(1)" in page
    assert "<b>bold" not in page and "<script" not in page


def test_the_users_matplotlib_changes_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    market(tmp_path / "x", seats={**ALONE, "north": ["random", "greedy"]}, games=10)
    first = report(tmp_path / "x")
    for setting, value in (("text.usetex", True), ("savefig.bbox", "tight"), ("axes.grid", True), ("font.size", 30)):
        monkeypatch.setitem(mpl.rcParams, setting, value)
    assert report(tmp_path / "x") == first


@pytest.mark.parametrize("first", ["tournament.claims.claims_page", "tournament.report.write"])
def test_a_notebooks_backend_that_is_not_installed_is_no_matter(first: str) -> None:
    code = f"import os, {first}, matplotlib; print(os.environ['MPLBACKEND'])"
    environment = {**os.environ, "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "module://matplotlib_inline.backend_inline\n", "")


def test_one_player_a_seat_leaves_nothing_to_compare(tmp_path: Path) -> None:
    market(tmp_path / "x", seats=ALONE, games=10)
    assert report(tmp_path / "x").count("Nothing to compare") == 3


def test_one_world_says_that_luck_cannot_be_told(tmp_path: Path) -> None:
    market(tmp_path / "x", seats={**ALONE, "north": ["random", "greedy"]}, design="full", blocks=1, games=None)
    page = report(tmp_path / "x")
    assert "All games were played in one world, so nobody can say what luck did" in page
    assert "too few to tell luck from skill" in page


def test_players_that_met_no_opponents_in_common_are_not_told_apart(tmp_path: Path) -> None:
    seats = {"north": ["random", "greedy"], "south": ["random", "greedy"], "west": ["random", "greedy"]}
    market(tmp_path / "x", seats=seats, design="sampled", games=20, blocks=10)
    page = report(tmp_path / "x")
    assert "As North, South or West no two strategies met the same opponents, so nothing is known of that." in page
    assert "each is better" not in page and "is shown to beat another" not in page


def test_one_game_is_reported(tmp_path: Path) -> None:
    market(tmp_path / "x", games=1, blocks=1)
    assert "1 game in 1 world" in report(tmp_path / "x")


def test_one_seat_alone_is_reported(tmp_path: Path) -> None:
    rules = (HERE / "market.yaml").read_text(encoding="utf-8")
    rules = "".join(
        line + "\n"
        for line in rules.splitlines()
        if not line.strip().startswith(("south:", "west:", "miller:", "baker:"))
    )
    (tmp_path / "solo.yaml").write_text(rules, encoding="utf-8")
    market(
        tmp_path / "x", rules=str(tmp_path / "solo.yaml"), seats={"north": ["random", "greedy"]}, design="full",
        games=40, blocks=None,
    )  # fmt: skip
    page = report(tmp_path / "x")
    assert page.count('class="who"') == 1 and "Clearly ahead" in page


def test_games_that_all_end_in_a_crisis_are_told_as_such(tmp_path: Path) -> None:
    rules = (HERE / "market.yaml").read_text(encoding="utf-8").replace("unrest >= 60", "unrest >= 0")
    (tmp_path / "riot.yaml").write_text(rules, encoding="utf-8")
    market(tmp_path / "x", rules=str(tmp_path / "riot.yaml"), seats=SMALL, games=20)
    page = report(tmp_path / "x")
    assert "Every game ended in a crisis, so nobody won any" in page
    assert "Nobody won a game in this seat" in page


def test_a_player_that_fails_in_every_game_leaves_no_table_without_faults(tmp_path: Path) -> None:
    seats = {"north": ["raises"], "south": ["random", "greedy"], "west": ["greedy"]}
    only = tmp_path / "only.py"
    only.write_text(
        "class Raises:\n    name = 'raises'\n    def choose(self, view, legal, rng):\n        raise ValueError\n"
    )
    market(tmp_path / "x", seats=seats, bots=[str(only)], games=8, blocks=2)
    page = report(tmp_path / "x")
    assert "A player failed in every game, so nothing is left without those" in page
    assert not (tmp_path / "x" / "report" / "standings_points_without_faults.csv").exists()


def test_an_unfinished_run_is_reported_with_a_warning(tmp_path: Path) -> None:
    market(tmp_path / "x", seats=SMALL, design="full", games=None)
    plan, manifest = tmp_path / "x" / "plan.yaml", tmp_path / "x" / "manifest.json"
    plan.write_text(plan.read_text(encoding="utf-8").replace("blocks: 10", "blocks: 20"), encoding="utf-8")
    data = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**data, "complete": False}), encoding="utf-8")
    assert "The run is not finished: 20 games of 40 are missing" in report(tmp_path / "x")


@pytest.mark.parametrize(
    "harm, says, status",
    [
        (lambda folder: (folder / "manifest.json").unlink(), "holds no tournament", 1),
        (lambda folder: (folder / "manifest.json").write_text("{"), "is damaged", 1),
        (
            lambda folder: next(folder.glob("games/*.parquet")).write_bytes(b"PAR1 no more"),
            "x/games/sorted-001-of-001.parquet is damaged",
            1,
        ),
        (
            lambda folder: next(folder.glob("seats/*.parquet")).write_bytes(b""),
            "play their games again: chokepoint tournament run {folder}/plan.yaml --out {folder}",
            1,
        ),
        (
            lambda folder: next(folder.glob("games/*.parquet")).unlink(),
            "x/games/sorted-001-of-001.parquet is missing",
            1,
        ),
        (
            lambda folder: (folder / "rulebook.yaml").write_text("rulebook: {}"),
            "{folder}/rulebook.yaml is missing or damaged",
            1,
        ),
        (lambda folder: (folder / "plan.yaml").write_text("plan: {"), "{folder}/plan.yaml is missing or damaged", 1),
        (lambda folder: (folder / "plan.yaml").unlink(), "{folder}/plan.yaml is missing or damaged", 1),
        (lambda folder: (folder / "report").write_text("mine"), "is a file, not a folder", 1),
        (lambda folder: ((folder / "report").mkdir(), (folder / "report" / "thesis.tex").touch()), "other things", 1),
    ],
)
def test_a_folder_that_no_report_can_be_made_of_is_told_in_one_sentence(
    tmp_path: Path, capfd, harm, says: str, status: int
) -> None:
    market(tmp_path / "x", seats=SMALL, games=20)
    harm(tmp_path / "x")
    before = sorted(path.name for path in (tmp_path / "x").iterdir())
    assert run(["tournament", "report", str(tmp_path / "x")]) == status
    out, err = capfd.readouterr()
    assert says.format(folder=tmp_path / "x") in err and "Traceback" not in err and not out
    assert len(err.splitlines()) == 1
    assert sorted(path.name for path in (tmp_path / "x").iterdir()) == before


def test_an_unknown_payoff_is_told_with_those_there_are(tmp_path: Path, capfd) -> None:
    market(tmp_path / "x", seats=SMALL, games=20)
    assert run(["tournament", "report", str(tmp_path / "x"), "--by", "glory"]) == 2
    assert "no payoff 'glory'; choose from points, win, last_price, margin, welfare" in capfd.readouterr().err
    assert not (tmp_path / "x" / "report").exists()


def test_the_command_tells_the_verdicts_and_as_json_all_of_them(tmp_path: Path, capfd) -> None:
    market(tmp_path / "x", seats=SMALL, games=20)
    out = tmp_path / "elsewhere"
    assert run(["tournament", "report", str(tmp_path / "x"), "--out", str(out), "--json"]) == 0
    data = json.loads(capfd.readouterr().out)
    assert [seat["seat"] for seat in data["seats"]] == ["north", "south", "west"]
    assert all(Path(path).is_file() for path in [data["page"], *data["tables"]])
    assert data["audit"]["games"] == 1 and data["audit"]["disagree"] == []
    assert run(["tournament", "report", str(tmp_path / "x"), "--out", str(out), "--by", "win"]) == 0
    assert "Report: " in capfd.readouterr().out
    assert "share of the wins" in (out / "index.html").read_text(encoding="utf-8")
