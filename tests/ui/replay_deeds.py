"""Whole deeds in a replay, by posted events alone: scrub, branch, compare, export. Also for longer tests."""

from __future__ import annotations

from pathlib import Path

import pygame

from game import Record
from game.records.tree import WHAT_IF
from game.ui.debrief.debrief_screen import DebriefScreen
from game.ui.replay.compare import CompareScreen
from game.ui.replay.replay_model import Replay
from game.ui.replay.replay_screen import ReplayScreen
from tests.ui.hands import Hands


def replay_of(hands: Hands) -> Replay:
    """The replay on the window."""
    found = [screen for screen in hands.app.screens if isinstance(screen, ReplayScreen)]
    assert found, [screen.name for screen in hands.app.screens]
    return found[-1].replay


def open_by_name(hands: Hands, path: Path) -> Replay:
    """From the start screen to a file's replay."""
    hands.settle()
    hands.click("start.replay")
    hands.click("shelf.file")
    hands.type(str(path))
    hands.press(pygame.K_RETURN)
    hands.settle()
    return replay_of(hands)


def letter(hands: Hands, char: str) -> None:
    """A letter's key as a keyboard sends it: the key goes down, its text comes, the key goes up."""
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=ord(char), mod=0))
    pygame.event.post(pygame.event.Event(pygame.TEXTINPUT, text=char))
    pygame.event.post(pygame.event.Event(pygame.KEYUP, key=ord(char), mod=0))
    hands.frame()


def scrub(hands: Hands) -> None:
    """To the end and back, by moves, by rounds, by the lane; every position is the one that was recorded."""
    replay = replay_of(hands)

    def right() -> None:
        node = replay.node
        assert node is None or not node.check or replay.game.state_hash == node.check

    hands.press(pygame.K_HOME)
    assert replay.at == 0
    for at in range(1, 4):
        hands.press(pygame.K_RIGHT)
        assert replay.at == at
        right()
    hands.press(pygame.K_RIGHT, pygame.KMOD_CTRL)
    assert replay.at in replay.starts() or replay.at == replay.last
    right()
    hands.press(pygame.K_END)
    assert replay.at == replay.last
    right()
    hands.press(pygame.K_LEFT)
    assert replay.at == replay.last - 1
    hands.press(pygame.K_LEFT, pygame.KMOD_CTRL)
    assert replay.at in replay.starts()
    right()


def try_a_move(hands: Hands, nth: int = 0) -> int:
    """Tries a move that was not played from the position in view; gives its node."""
    replay = replay_of(hands)
    screen = hands.app.top
    assert isinstance(screen, ReplayScreen)
    here, known = replay.here, {(node.do, tuple(node.args.items())) for node in replay.record.children(replay.here)}
    main = [node.id for node in replay.record.main_line()]
    letter(hands, "t")
    choosing = screen.table.choosing
    assert choosing is not None
    names = {name for name, _ in known}
    others = [option for option in choosing.options if option.open and option.name not in names]
    option = others[nth % len(others)]
    hands.click(f"family.{option.family}")
    hands.click(f"move.{option.name}")
    while screen.table.choosing is not None and screen.table.choosing.choice is not None:
        pick = next(pick for pick in screen.table.choosing.picks if pick.open)
        hands.click(f"pick.{pick.value}")
    hands.press(pygame.K_RETURN)
    node = replay.node
    assert node is not None and node.parent == here and node.do == option.name
    assert replay.kind == WHAT_IF
    assert any("WHAT IF" in seen.text for seen in hands.app.page.texts)
    assert [each.id for each in replay.record.main_line()] == main
    return node.id


def compare(hands: Hands) -> str:
    """Two lines compared; gives the sentence that says where they part."""
    letter(hands, "k")
    screen = hands.app.top
    assert isinstance(screen, CompareScreen)
    hands.frame()
    said = screen.sentence()
    assert said.startswith("They part")
    hands.press(pygame.K_ESCAPE)
    return said


def export(hands: Hands, kind: str, path: Path, *, names: bool = True) -> Path:
    """From a replay or the end of a game to a file, by way of the debrief."""
    if not isinstance(hands.app.top, DebriefScreen):
        letter(hands, "d")
    screen = hands.app.top
    assert isinstance(screen, DebriefScreen)
    if screen.names != names:
        hands.click("debrief.names")
    hands.click(f"debrief.{kind}")
    hands.press(pygame.K_BACKSPACE, pygame.KMOD_CTRL)
    hands.type(str(path))
    hands.press(pygame.K_RETURN)
    hands.settle()
    assert path.is_file()
    if hands.app.top.name == "sheet":  # where it was written
        hands.click("sheet.close")
    return path


def scrub_branch_compare_export(hands: Hands, folder: Path) -> None:
    """All of it, with a replay on top of the window; the record's main line is never touched."""
    replay = replay_of(hands)
    before = [(node.id, node.check) for node in replay.record.main_line()]
    scrub(hands)
    hands.press(pygame.K_HOME)
    hands.press(pygame.K_RIGHT)
    hands.press(pygame.K_RIGHT)
    try_a_move(hands)
    assert "after move 2" in compare(hands)
    page = export(hands, "page", folder / "debrief.html").read_text(encoding="utf-8")
    assert "<svg" in page and "What if" in page
    rows = export(hands, "table", folder / "changes.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) > 2 and all(row.split(",")[0].isdigit() for row in rows[1:])
    kept = Record.load(export(hands, "record", folder / "kept.yaml"))
    assert [(node.id, node.check) for node in kept.main_line()] == before
    assert len(kept.nodes) > len(before)
    hands.press(pygame.K_ESCAPE)
