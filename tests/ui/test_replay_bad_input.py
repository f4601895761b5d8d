"""Records that cannot be replayed, or not to their end: a sentence, read-only where it must be, files untouched."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from game import Record
from game.records.seat_view import export_view
from tests.ui import replay_deeds as deeds
from tests.ui.hands import Hands
from tests.ui.stage.checks import faults
from tests.ui.test_replay_by_events import game_text

Open = Callable[..., Hands]


def opened(open_window: Open, path: Path) -> Hands:
    hands = open_window()
    hands.click("start.replay")
    hands.click("shelf.file")
    hands.type(str(path))
    hands.press(pygame.K_RETURN)
    hands.settle()
    return hands


def told(hands: Hands) -> str:
    hands.frame()
    return " ".join(seen.text for seen in hands.app.page.texts) + hands.app.notice


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("format: {name: chess}\n", "not a saved game"),
        ("{{{{", "cannot be replayed"),
        (game_text().replace("reader: 1", "reader: 9"), "newer"),
        (game_text().replace("semantics: 1", "semantics: 99"), "newer engine"),
        (export_view(Record.parse(game_text()), "china").text(), "what one seat saw"),
    ],
    ids=["foreign", "no YAML", "newer format", "newer engine", "a seat's view"],
)
def test_what_cannot_be_replayed_is_told_in_a_sentence(
    open_window: Open, tmp_path: Path, text: str, words: str
) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(text, encoding="utf-8")
    hands = opened(open_window, path)
    assert hands.app.top.name == "sheet"
    assert words in told(hands)
    assert path.read_text(encoding="utf-8") == text
    hands.press(pygame.K_ESCAPE)
    assert hands.app.top.name == "shelf"


def test_a_file_that_is_not_there(open_window: Open, tmp_path: Path) -> None:
    assert "is not there" in told(opened(open_window, tmp_path / "nothing.yaml"))


def test_where_a_hash_differs_the_replay_stops_says_so_and_is_read_only(open_window: Open, tmp_path: Path) -> None:
    record = Record.parse(game_text())
    node = record.main_line()[5]
    path = tmp_path / "diverges.yaml"
    path.write_text(game_text().replace(node.check, "0123456789abcdef"), encoding="utf-8")
    before = path.read_bytes()
    hands = opened(open_window, path)
    replay = deeds.replay_of(hands)
    assert "Read-only" in told(hands)
    hands.press(pygame.K_END)
    assert replay.at == 5
    assert "another state than recorded" in replay.stuck
    controls = {control.id: control for control in hands.frame()}
    assert not controls["replay.on"].enabled
    assert not controls["replay.try"].enabled and controls["replay.try"].reason
    deeds.letter(hands, "t")
    assert replay.kind == "played" and not any(c.id == "confirm" for c in hands.frame())
    assert path.read_bytes() == before


def test_a_damaged_file_is_shown_as_far_as_it_is_whole_and_never_saved_over(open_window: Open, tmp_path: Path) -> None:
    lines = game_text().splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("- {id: 6"))
    lines[at] = lines[at][:20]
    path = tmp_path / "damaged.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    before = path.read_bytes()
    hands = opened(open_window, path)
    assert "damaged" in told(hands)
    hands.press(pygame.K_RIGHT)
    hands.click("replay.mark.!")
    hands.press(pygame.K_s, pygame.KMOD_CTRL)
    hands.press(pygame.K_BACKSPACE, pygame.KMOD_CTRL)
    hands.type(str(path))
    hands.press(pygame.K_RETURN)
    assert "never overwritten" in hands.app.notice
    assert path.read_bytes() == before


def test_saving_where_nothing_can_be_written_is_told(open_window: Open, tmp_path: Path) -> None:
    path = tmp_path / "session.yaml"
    path.write_text(game_text(), encoding="utf-8")
    hands = opened(open_window, path)
    hands.press(pygame.K_RIGHT)
    hands.click("replay.mark.!")
    hands.press(pygame.K_s, pygame.KMOD_CTRL)
    hands.press(pygame.K_BACKSPACE, pygame.KMOD_CTRL)
    hands.type(str(tmp_path / "no such folder" / "x.yaml"))
    hands.press(pygame.K_RETURN)
    assert hands.app.notice.startswith("Not saved")
    assert deeds.replay_of(hands).edited


@pytest.mark.parametrize("seed", [1, 2])
def test_hammered_at_random_nothing_breaks_and_nothing_is_out_of_place(
    open_window: Open, tmp_path: Path, seed: int
) -> None:
    path = tmp_path / "session.yaml"
    path.write_text(game_text(), encoding="utf-8")
    hands = opened(open_window, path)
    dice = random.Random(seed)
    names = "LEFT RIGHT HOME END SPACE RETURN ESCAPE TAB UP DOWN F1"
    keys = [getattr(pygame, f"K_{name}") for name in names.split(" ")]
    keys += [ord(letter) for letter in "tckweldbq1235"]
    for n in range(220):
        if dice.random() < 0.5:
            hands.press(dice.choice(keys), dice.choice([0, 0, 0, pygame.KMOD_CTRL]))
        else:
            shown = [c for c in hands.frame() if c.shown and c.id not in ("line.done", "debrief.page")]
            if shown:
                hands.click_at(dice.choice(shown).rect.center)
        hands.frame(dice.choice([0.01, 0.5, 2]))
        hands.settle()
        if n % 20 == 0:
            assert faults(hands.app) == []
    assert path.read_text(encoding="utf-8") == game_text()
