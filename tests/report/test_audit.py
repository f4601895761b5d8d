"""The audit: chosen by content, agrees with an honest run, names the game or the player that does not play again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import tournament
from game.cli.app import run
from tests.tournament.conftest import HERE
from tournament.design.plan import load_plan
from tournament.runner.audit import MOST, audit, chosen
from tournament.storage.store import encode

FICKLE = Path(__file__).with_name("fickle.py")


def market(folder: Path, **changes: object) -> tournament.Tournament:
    return tournament.run({**load_plan(HERE / "plan.yaml").plain(), **changes}, folder, backend="local")


def test_one_game_in_a_hundred_is_chosen_at_least_one_and_never_too_many() -> None:
    ids = np.random.default_rng(1).integers(0, 2**64, 1_000_000, dtype=np.uint64)
    assert [len(chosen(ids[:n])) for n in (1, 40, 400, 5_000, 1_000_000)] == [1, 1, 4, 50, MOST]
    assert len(chosen(ids[:0])) == 0


def test_the_choice_depends_on_what_is_played_and_not_on_its_order() -> None:
    ids = np.random.default_rng(2).integers(0, 2**64, 3_000, dtype=np.uint64)
    assert ids[chosen(ids)].tolist() == ids[::-1][chosen(ids[::-1])].tolist()
    more = np.concatenate([ids, np.random.default_rng(3).integers(0, 2**64, 300, dtype=np.uint64)])
    kept = set(ids[chosen(ids)].tolist()) & set(more[chosen(more)].tolist())
    assert len(kept) >= 25, "a larger run mostly audits the same games again"


def test_a_run_is_audited_once_and_says_so(tmp_path: Path, capfd) -> None:
    found = market(tmp_path / "x")
    assert (found.audit["games"], found.audit["of"], found.audit["disagree"]) == (2, 200, [])
    before = (tmp_path / "x" / "manifest.json").read_bytes()
    market(tmp_path / "x")
    assert (tmp_path / "x" / "manifest.json").read_bytes() == before
    assert run(["tournament", "run", str(HERE / "plan.yaml"), "--out", str(tmp_path / "x"), "--no-ray"]) == 0
    assert "Audit: 2 games of 200 played again in another way, all the same." in capfd.readouterr().out


@pytest.mark.parametrize("part, column", [("games", "rounds"), ("games", "measure_last_price"), ("seats", "move_sell"),
                                          ("seats", "legal"), ("seats", "part_stores")])  # fmt: skip
def test_a_stored_game_that_was_never_played_so_is_named_and_ends_the_command_with_1(
    tmp_path: Path, capfd, part: str, column: str
) -> None:
    found = market(tmp_path / "x")
    path = next((tmp_path / "x" / part).glob("*.parquet"))
    frame = pl.read_parquet(path)
    ids = found.games["id"].to_numpy()
    game = str(ids[chosen(np.array([int(name, 16) for name in ids], dtype=np.uint64))[0]])
    path.write_bytes(encode(frame.with_columns(pl.col(column) + (pl.col("id") == game).cast(frame[column].dtype))))
    (tmp_path / "x" / "sums.json").unlink()
    again = audit(tournament.open(tmp_path / "x"))
    assert again.disagree == (game,) and not again.agrees
    manifest = tmp_path / "x" / "manifest.json"
    data = json.loads(manifest.read_text(encoding="utf-8"))
    del data["audit"]
    manifest.write_text(json.dumps(data), encoding="utf-8")
    assert run(["tournament", "run", str(HERE / "plan.yaml"), "--out", str(tmp_path / "x"), "--no-ray"]) == 1
    captured = capfd.readouterr()
    assert f"game {game} came out otherwise when it was played again" in captured.err
    assert "1 of them came out otherwise" in captured.out


def test_a_player_whose_chance_comes_from_elsewhere_is_told_by_name(tmp_path: Path, capfd) -> None:
    seats = {"north": ["random"], "south": ["fickle"], "west": ["greedy"]}
    found = market(tmp_path / "x", seats=seats, bots=[str(FICKLE)], games=10)
    assert set(found.audit["players"]) == {"fickle"}
    assert "when two fresh instances saw the same" in found.audit["players"]["fickle"]


def test_an_honest_player_is_not_suspected(tmp_path: Path) -> None:
    seats = {"north": ["random"], "south": ["greedy"], "west": ["steady"]}
    steady = tmp_path / "steady.py"
    steady.write_text("class Steady:\n    name = 'steady'\n    def choose(self, view, legal, rng):\n"
                      "        return rng.choice(list(legal))\n")  # fmt: skip
    found = market(tmp_path / "x", seats=seats, bots=[str(steady)], games=10)
    assert found.audit["games"] >= 1 and not found.audit["players"] and not found.audit["disagree"]


def test_arms_are_audited_under_their_own_rules(tmp_path: Path) -> None:
    arms = {"quiet": {"without": ["hoard"]}, "rich": {"overrides": {"tracks.coin.start": 30}}}
    found = market(tmp_path / "x", arms=arms, games=200)
    assert found.audit["games"] == 6 and not found.audit["disagree"]
