"""A discovery that was stopped, damaged or asked again goes on in its folder to the same bytes."""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from game.errors import UsageError
from tests.discovery.rock import QUICK, files, looked_up
from tournament.design.field import enter
from tournament.design.plan import Plan
from tournament.discovery import Discovery, discover
from tournament.discovery.ledger import Ledger, OutOfTime, StepsJob
from tournament.discovery.oracles import LEAST_GAMES, PORTFOLIO
from tournament.discovery.rivals import evenly


@pytest.mark.parametrize("every", [7, 30])
def test_stopped_at_any_moment_it_goes_on_to_the_same_bytes(
    hands: tuple[Plan, Discovery], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    plan, whole = hands
    out, left = tmp_path / "out", [0]

    def check(_: Ledger) -> None:
        left[0] += 1
        if left[0] % (every + 1) == 0:
            raise OutOfTime

    monkeypatch.setattr(StepsJob, "play", looked_up(whole.folder))
    monkeypatch.setattr(Ledger, "_check", check)
    stops = 0
    while (made := discover(plan, out, QUICK)).status == "stopped":
        stops += 1
        assert "nothing is certified" in made.sentence
        torn = random.Random(stops).choice(sorted((out / "steps").iterdir())) if (out / "steps").is_dir() else None
        if torn is not None:  # killed while writing elsewhere, or by a full disk
            torn.write_bytes(torn.read_bytes()[:7])
    assert stops >= 2
    assert files(out) == files(whole.folder)


def test_the_same_seed_gives_the_same_bytes_and_steps_are_functions_of_their_keys(
    hands: tuple[Plan, Discovery], tmp_path: Path
) -> None:
    """Three steps of three kinds, done again."""
    plan, whole = hands
    field = enter(plan)
    rivals = replace(evenly(field, "plan p"), payoff="points")
    for oracle in ("sweep", "evolution", "covariance", "bases"):
        found = [PORTFOLIO[oracle](rivals, "one", LEAST_GAMES, 7) for _ in range(2)]
        assert found[0] == found[1]
    again = discover(plan, whole.folder, QUICK)
    assert again.data == whole.data


def test_a_folder_of_another_search_is_refused(hands: tuple[Plan, Discovery], tmp_path: Path) -> None:
    plan, made = hands
    with pytest.raises(
        UsageError, match=r"holds a search with other settings \(seed: 1, not 2; calendar: no, not yes\)"
    ):
        discover(plan, made.folder, replace(QUICK, seed=2, calendar=True))
    with pytest.raises(UsageError, match="holds a search with another rulebook"):
        discover(plan.changed(overrides={"tracks.won.title": "Gained"}), made.folder, QUICK)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "manifest.json").touch()
    with pytest.raises(UsageError, match=r"holds something else \(manifest.json\); choose another folder with --out"):
        discover(plan, tmp_path / "other", QUICK)
    with pytest.raises(UsageError, match=r"manifest.json is a file, not a folder; choose another with --out"):
        discover(plan, tmp_path / "other" / "manifest.json", QUICK)
    old = tmp_path / "old"
    shutil.copytree(made.folder, old)
    settings = old / "discovery.settings.json"
    told = json.loads(settings.read_text())
    del told["edition"]  # as versions wrote it that did not know of editions
    settings.write_text(json.dumps(told))
    with pytest.raises(UsageError, match="by another version of Chokepoint, whose oracles search otherwise"):
        discover(plan, old, QUICK)


def test_a_damaged_file_is_named_and_nothing_is_lost(
    hands: tuple[Plan, Discovery], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, whole = hands
    folder = Path(shutil.copytree(whole.folder, tmp_path / "out"))
    steps = sorted((folder / "steps").iterdir())
    damages = (b"", b"[]", b"{}", b"\xff\x00", steps[4].read_bytes()[:-9])
    torn = dict(zip(steps[:5], damages, strict=True))
    for path, text in torn.items():
        path.write_bytes(text)
    monkeypatch.setattr(StepsJob, "play", looked_up(whole.folder))
    settings, notes = folder / "discovery.settings.json", list[str]()
    was = settings.read_bytes()
    for damage in (was[:40], b"[]", b"\xff"):
        settings.write_bytes(damage)
        with pytest.raises(UsageError, match=r"discovery.settings.json is damaged; delete that file and give the"):
            discover(plan, folder, QUICK)
    settings.unlink()
    discover(plan, folder, QUICK, on_note=notes.append)
    assert sorted(notes) == [f"{path} is damaged: that step is done again" for path in torn]
    assert files(folder) == files(whole.folder)


def test_others_may_attack_what_a_finished_search_found(hands: tuple[Plan, Discovery], tmp_path: Path) -> None:
    plan, made = hands
    folder = Path(shutil.copytree(made.folder, tmp_path / "again"))
    done = []
    again = discover(plan, folder, replace(QUICK, attackers={"search:1": 3}), on_step=done.append)
    assert {**again.data, "attackers": 0, "settings": 0, "games": 0, "sentence": 0} == {
        **made.data, "attackers": 0, "settings": 0, "games": 0, "sentence": 0,
    }  # fmt: skip
    assert again.data["attackers"] != made.data["attackers"]
    assert done and all("attack" in each for each in done), "nothing is searched again"
