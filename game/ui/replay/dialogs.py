"""What opens over a replay: menu, comment, who looks, and the screens that look ahead and compare."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pygame

from game import theme
from game.narrative.viewers import EVERYTHING, viewer_title, viewers_of
from game.prose.numbers import joined
from game.records.lessons import is_lesson
from game.records.node import ROOT
from game.records.tree import WHAT_IF
from game.table.bots import SeatBot, answered
from game.table.library import player_words
from game.ui.board.sheets import LogScreen
from game.ui.replay.ahead import usual_names
from game.ui.replay.authoring import open_ask, open_lesson
from game.ui.replay.saving import open_save
from game.ui.screens.busy import Busy
from game.ui.screens.form import LineSheet
from game.ui.screens.picker import Picker
from game.ui.screens.sheet import Choice, Sheet
from game.ui.toolkit.scroll import Piece

if TYPE_CHECKING:
    from game.ui.replay.replay_screen import ReplayScreen

NOTE_LIMIT, NAME_LIMIT = 500, 60


# ------------------------------------------------------------------------------------------- small things


def pick_viewer(screen: ReplayScreen) -> None:
    board = screen.table.sitting.board
    found = viewers_of(screen.replay.game)
    items = [viewer_title(board, viewer) for viewer in found]
    chosen = found.index(screen.replay.viewer)
    screen.app.push(Picker(screen.app, "Seen by", items, chosen, lambda n: screen.look_as(found[n])))


def mark(screen: ReplayScreen, text: str) -> None:
    """Marks the move in view, or takes the mark off."""
    about = screen.note_at()
    if about != ROOT:
        node = screen.replay.record.nodes[about]
        screen.replay.remark(about, mark="" if node.mark == text else text)
        screen.app.redraw()


def open_note(screen: ReplayScreen) -> None:
    about = screen.note_at()
    if about == ROOT:
        screen.app.tell("Step to a move that this viewer may read, then comment on it.")
        return
    node = screen.replay.record.nodes[about]

    def done(text: str) -> None:
        screen.replay.remark(about, note=text)

    screen.app.push(
        LineSheet(screen.app, "Comment on this move", "Comment", node.note, done, limit=NOTE_LIMIT, empty=True)
    )


def open_name(screen: ReplayScreen) -> None:
    line = screen.replay.line
    done = partial(screen.replay.rename, line)
    screen.app.push(LineSheet(screen.app, "Name of this line", "Name", line.name, done, limit=NAME_LIMIT))


def open_log(screen: ReplayScreen) -> None:
    """The whole log, as the viewer may read it."""
    screen.app.push(LogScreen(screen.app, screen.table))


def open_compare(screen: ReplayScreen) -> None:
    if len(screen.replay.lines) < 2:
        screen.app.tell("There is only one line. Try another move first.")
    else:
        screen.app.go("compare", screen.replay)


def why_no_ahead(screen: ReplayScreen) -> str:
    """Why nothing can be played on from here by bots."""
    replay = screen.replay
    if replay.viewer != EVERYTHING:
        return "scores hold every seat's secrets: switch to everything first"
    return "the game is over here" if replay.game.over else ""


def open_ahead(screen: ReplayScreen) -> None:
    why = why_no_ahead(screen)
    if why:
        screen.app.tell(why[:1].upper() + why[1:] + ".")
    else:
        screen.app.go("ahead", screen.replay)


def open_debrief(screen: ReplayScreen) -> None:
    screen.app.go("debrief", screen.replay)


def bots_play(screen: ReplayScreen) -> None:
    """Bots play the line in view to its end: the seats' own where they are bots, else the usual ones."""
    replay = screen.replay
    if replay.line.kind != WHAT_IF:
        screen.app.tell("Try a move first: bots play a line on that is not the played game.")
        return
    game = replay.game
    names = usual_names(replay)

    def work() -> int:
        bots = {seat: SeatBot(name, game.book, seat, game.seed) for seat, name in names.items()}
        return replay.play_on(lambda at: answered(bots[at.seat or ""], at, at.state_hash).move)

    def done(count: int) -> None:
        screen.go(replay.at)
        screen.app.tell(
            f"{count} moves were played by {joined([player_words(game.book, n)[0] for n in names.values()])}."
        )

    screen.app.push(Busy(screen.app, "Bots play this line on", work, done))


def menu_sheet(screen: ReplayScreen) -> Sheet:
    replay, app = screen.replay, screen.app
    where = f"From {replay.file}." if replay.file is not None else "From the game in this window."
    pieces = [Piece(where, theme.SMALL, theme.SOFT)]
    if replay.record.damaged:
        pieces.append(Piece(f"The file is damaged: {replay.record.faults[0]}.", theme.SMALL, theme.WORSE, gap=4))
    if replay.stuck:
        pieces.append(Piece(replay.stuck, theme.SMALL, theme.WORSE, gap=4))
    keys = (
        "← → a move · Ctrl+← → a round · Space plays · C comment · T try a move · W look ahead · K compare"
        " · E whose view"
    )
    pieces.append(Piece(keys, theme.SMALL, theme.SOFT, gap=6))
    what_if = replay.line.kind == WHAT_IF
    choices = [
        Choice("debrief", "Debrief", lambda: open_debrief(screen), hotkey="D", key=pygame.K_d),
        Choice("log", "Log", lambda: open_log(screen), hotkey="L", key=pygame.K_l),
        Choice("rules", "Rulebook", screen.table.open_rules, hotkey="F1", key=pygame.K_F1),
        Choice("bots", "Bots play it on", lambda: bots_play(screen), enabled=what_if and not replay.read_only,
               reason="try a move first"),
        Choice("name", "Name this line", lambda: open_name(screen), enabled=what_if,
               reason="only a line that was tried has a name"),
        Choice("ask", "Ask the class", lambda: open_ask(app, replay), hotkey="Q", key=pygame.K_q),
        Choice("lesson", "Lesson", lambda: open_lesson(app, replay), enabled=is_lesson(replay.record),
               reason="nothing is asked yet"),
        Choice("save", "Save as", lambda: open_save(app, replay), hotkey="Ctrl+S"),
        Choice("leave", "Leave", screen.leave, "danger"),
        Choice("back", "Back", None, "go", "Esc"),
    ]  # fmt: skip
    return Sheet(app, screen.table.sitting.title, pieces, choices, 640)


def unsaved_sheet(screen: ReplayScreen) -> Sheet:
    text = "Comments, marks or lines that you tried are in no file yet. The file that was opened is as it was."
    choices = [
        Choice("lose", "Leave without them", screen.app.pop, "danger"),
        Choice("save", "Save first", lambda: open_save(screen.app, screen.replay), "go"),
    ]
    return Sheet(screen.app, "Leave without saving?", [Piece(text)], choices, 520)
