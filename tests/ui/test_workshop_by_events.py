"""A whole workshop by posted events: set up, play, facilitate, die, resume, finish; the hashes agree at every step."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from game import Record
from game.records.replay import replay
from game.records.seat_view import export_view
from game.records.verify import verify
from game.table import saved_games
from game.table.pins import Lock
from tests.ui import replay_deeds as deeds
from tests.ui.workshop import OBJECTIVES, OWN, OWN_TEXT, PEOPLE, PIN, REASON, SEAT_PIN, Workshop, first_part, opened

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """The workshop, played to its end once; the tests look at what is left of it, in order."""
    home = tmp_path_factory.mktemp("workshop")
    told = killed(home)
    found = resumed(home, told)
    finish(found)
    yield found
    found.hands.app.close()


def killed(home: Path) -> list[str]:
    """Plays the first part in a process that is killed then; gives the hashes that it told."""
    env = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    env |= {"PYTHONPATH": str(ROOT), "SDL_VIDEODRIVER": "dummy"}
    command = [sys.executable, "-m", "tests.ui.workshop", str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env, cwd=ROOT) as process:
        assert process.stdout is not None
        told: list[str] = []
        for line in process.stdout:
            if line.strip() == "ready":
                break
            told.append(line.strip())
        process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    return [line for line in told if len(line) == 16]


def resumed(home: Path, told: list[str]) -> Workshop:
    """Takes the game up in another window; the handover comes first."""
    found = opened(home)
    found.hashes += told
    assert len(told) > 20
    hands = found.hands
    hands.settle()
    hands.click("start.continue")
    hands.settle()
    assert found.game.state_hash == told[-1], "it stands where it stood"
    assert hands.play.table.viewer is None and hands.app.top.name == "handover"
    return found


def finish(workshop: Workshop) -> None:
    """People play the fourth round; then a bot takes each seat over and plays to the end."""
    hands = workshop.hands
    workshop.play_to_round(5)
    workshop.step("the fifth round", changes=None)
    seats = list(PEOPLE)
    workshop.facilitator()
    workshop.tab(1)
    for seat in seats:
        hands.click(f"seats.{seat}")
        hands.pick("Greedy")
        workshop.step(f"gave {seat} to a bot", changes=False)
    workshop.back()
    assert workshop.sit_down() == "ending"
    workshop.step("bots finished the game")
    hands.press(pygame.K_ESCAPE)


def test_it_ends_and_everything_done_was_hashed(workshop: Workshop) -> None:
    assert workshop.game.over
    assert {"gave washington to a bot", "bots finished the game"} <= set(workshop.done)


def test_the_file_replays_on_every_line_with_nothing_left_unchecked(workshop: Workshop) -> None:
    report = verify(workshop.path)
    assert report.ok and report.branches >= 1 and report.unchecked == 0, str(report)


def test_every_state_that_was_told_is_in_the_file(workshop: Workshop) -> None:
    record = Record.load(workshop.path)
    states = {node.check for node in record.nodes.values()}
    start = replay(record, 0).game.state_hash
    assert set(workshop.hashes) <= states | {start}


def test_every_act_of_the_facilitator_is_a_node(workshop: Workshop) -> None:
    record = Record.load(workshop.path)
    acts = [node.facilitator for node in record.nodes.values() if node.facilitator]
    assert set(acts) == {"inject", "adjust", "luck", "rewind", "note", "bookmark", "schedule", "deadline", "swap"}
    assert acts.count("swap") == len(PEOPLE)
    adjusted = next(node for node in record.nodes.values() if node.facilitator == "adjust")
    assert (adjusted.more["track"], adjusted.more["to"], adjusted.more["reason"]) == ("tension", 47, REASON)


def test_the_scheduled_news_came_in_their_round_and_once(workshop: Workshop) -> None:
    entries = [entry for entry in workshop.game.log if entry.kind == "inject"]
    assert [(entry.round, entry.cause, entry.text) for entry in entries if not entry.track] == [(2, OWN, OWN_TEXT)]
    assert [(entry.track, entry.landed) for entry in entries if entry.track] == [("tension", 5)]


def test_what_was_typed_at_the_start_is_kept(workshop: Workshop) -> None:
    record = Record.load(workshop.path)
    assert record.header["objectives"] == OBJECTIVES
    assert {seat: record.seats[seat]["team"] for seat in PEOPLE} == PEOPLE
    assert {record.seats[seat]["player"] for seat in PEOPLE} == {"greedy"}
    kept = record.header["window"]
    assert kept["timer"] == 5 and set(kept["pins"]) == {"washington"}
    assert Lock.of(kept["pin"]).opens(PIN, 0.0) and not Lock.of(kept["pin"]).opens(SEAT_PIN, 0.0)
    assert Lock.of(kept["pins"]["washington"]).opens(SEAT_PIN, 0.0)


def test_no_export_of_a_seat_tells_what_only_the_facilitator_said(workshop: Workshop) -> None:
    record = Record.load(workshop.path)
    for seat in workshop.game.seats:
        text = export_view(record, seat).text()
        assert "never looked at prices" not in text and "Discuss the slip" not in text and "window" not in text
        assert REASON in text, "tension is public, and so is why it was adjusted"


def test_there_is_one_autosave_and_nothing_beside_it(workshop: Workshop) -> None:
    folder = saved_games.folder(workshop.home)
    assert [path.name for path in folder.iterdir()] == [workshop.path.name]


def test_its_replay_is_scrubbed_branched_compared_and_exported(workshop: Workshop, tmp_path: Path) -> None:
    before = workshop.path.read_bytes()
    later = opened(tmp_path / "another day")
    later.hands.app.audit = True
    deeds.open_by_name(later.hands, workshop.path)
    deeds.scrub_branch_compare_export(later.hands, tmp_path)
    later.hands.app.close()
    assert verify(tmp_path / "kept.yaml").ok
    assert workshop.path.read_bytes() == before


def test_the_first_part_in_this_process_gives_the_same_hashes(workshop: Workshop, tmp_path: Path) -> None:
    again = opened(tmp_path)
    first_part(again)
    assert again.hashes == workshop.hashes[: len(again.hashes)]
    again.hands.app.close()
