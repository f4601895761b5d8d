"""``chokepoint train``: from nothing to a policy that sits down like any player, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import chokepoint

FIRST = ("train", "--scenario", "first_game", "--seat", "china")


def test_a_policy_is_learnt_judged_saved_and_played(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason='learning needs torch, of the extra "rl"')
    outcome = chokepoint(*FIRST, "--steps", "1", "--out", "mine.npz", cwd=tmp_path)
    assert (outcome.status, outcome.err) == (0, "")
    assert "mine wins" in outcome.out and "random play wins" in outcome.out and "saved as mine.npz" in outcome.out
    play = outcome.out.splitlines()[-1].split()[1:]
    played = chokepoint(*play, "--seed", "1", cwd=tmp_path)
    assert played.status == 0 and "mine.npz" in played.out


def test_as_data(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason='learning needs torch, of the extra "rl"')
    against = ("--against", "united_states=greedy", "--against", "united_states=random")
    outcome = chokepoint(*FIRST, *against, "--steps", "0", "--out", tmp_path / "a.npz", "--name", "b", "--json")
    data = json.loads(outcome.out)
    assert (data["name"], data["steps"], data["games"]) == ("b", 0, 2000)
    assert 0 <= data["random"]["win"] <= 1 and 0 <= data["win"] <= 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--out", "a.pt"), ["a.pt is no name for a policy's file", "end it in .npz"]),
        (("--out", "2nd.npz"), ["'2nd' is no name for a player"]),
        (("--out", "no/a.npz"), ["there is no folder"]),
        (("--out", "a.npz", "--against", "china=random"), ["china is the learner's own seat"]),
        (("--out", "a.npz", "--against", "india=random"), ["unknown seat 'india'"]),
        (("--out", "a.npz", "--against", "united_states"), ["is not of the form SEAT=PLAYER"]),
        (("--out", "a.npz", "--against", "united_states=search:1"), ["search:1 plays move by move"]),
        (("--out", "a.npz", "--against", "united_states=fortress"), ["fortress is a doctrine for"]),
    ],
)
def test_what_makes_no_sense_is_refused_before_the_work(
    tmp_path: Path, arguments: tuple[str, ...], words: list[str]
) -> None:
    chokepoint(*FIRST, *arguments, cwd=tmp_path).refuses(2, *words)
    assert not list(tmp_path.iterdir())
