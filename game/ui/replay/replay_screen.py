"""The replay: board and tracks at the left, tree and comment at the right, the scrubber at the foot."""

from __future__ import annotations

from typing import Any

import pygame

from game.moves import IllegalMove, Move
from game.prose.numbers import counted
from game.records.node import ROOT
from game.records.tree import PLAYED, WHAT_IF
from game.table.sitting import Sitting
from game.ui.board.table_view import TableView
from game.ui.replay import dialogs
from game.ui.replay.authoring import open_ask
from game.ui.replay.drawing import draw_replay
from game.ui.replay.replay_model import Replay
from game.ui.replay.saving import open_save
from game.ui.replay.scrubber import SPEEDS, STEP_SECONDS, LaneMark, signs
from game.ui.replay.tree import TreeRow, tree_rows
from game.ui.toolkit.page import Key, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Scroll


class ReplayScreen(Screen):
    """A replay in the window. ``right`` is the tab in view where there is little room."""

    name = "replay"

    def __init__(self, app: Window, replay: Replay) -> None:
        super().__init__(app)
        self.replay = replay
        self.trying = False
        self.table = TableView(
            app, Sitting(replay.game, replay.record, None), on_move=self._tried,
            mover=lambda: self.table.sitting.seat if self.trying else None,
        )  # fmt: skip
        self.scrolls = {name: Scroll() for name in ("tree", "comment")}
        self.right = 0
        self.playing, self.speed = False, 1
        self._next = 0.0
        self._rows: tuple[Any, list[TreeRow]] | None = None
        self._signs: tuple[Any, list[LaneMark]] | None = None
        self._follow = True
        self._sync()
        if replay.record.damaged:
            lost = counted(replay.record.lost, "line")
            app.tell(f"The file is damaged: {lost} could not be read. It stays untouched.")
        elif replay.read_only:
            app.tell(replay.stuck or "This record does not replay to its end: it can be read, not changed.")

    # ------------------------------------------------------------------------------------ what is drawn

    def build(self, page: Page) -> None:
        draw_replay(page, self)

    @property
    def rows(self) -> list[TreeRow]:
        """The tree's rows, worked out when something has changed."""
        key = (self.replay.version, self.replay.viewer, self.replay.line.number, len(self.replay.record.nodes))
        if self._rows is None or self._rows[0] != key:
            self._rows = (key, tree_rows(self.replay))
        return self._rows[1]

    @property
    def signs(self) -> list[LaneMark]:
        key = (self.replay.version, self.replay.viewer, tuple(self.replay.ids))
        if self._signs is None or self._signs[0] != key:
            self._signs = (key, signs(self.replay))
        return self._signs[1]

    def banner(self) -> str:
        """What the frame around everything says; empty where the game is as it was played."""
        if self.trying:
            return "WHAT IF: choose another move. It is not part of the played game"
        kind = self.replay.kind
        if kind == PLAYED:
            return ""
        name = self.replay.line.name
        if kind == WHAT_IF:
            return f"WHAT IF: not the played game · {name}"
        return f"TAKEN BACK: played, then rewound; not how the game went on · {name}"

    # ------------------------------------------------------------------------------------------ moving

    def _sync(self) -> None:
        if self.replay.game is not self.table.sitting.game:
            self.table.sitting = Sitting(self.replay.game, self.replay.record, None)
        self.table.look_as(self.replay.viewer)
        self._follow = True
        self.app.redraw()

    def follow(self) -> None:
        """Scrolls the tree to the move in view, once after each step."""
        if not self._follow:
            return
        self._follow = False
        at = next((n for n, row in enumerate(self.rows) if row.kind == "node" and row.identity == self.replay.here), 0)
        self.scrolls["tree"].first = max(0, at - 5)

    def go(self, at: int) -> None:
        self.trying = False
        self.replay.go(at)
        self._sync()

    def by_round(self, by: int) -> None:
        self.trying = False
        self.replay.by_round(by)
        self._sync()

    def to_node(self, identity: int) -> None:
        self.trying = False
        node = self.replay.record.nodes[identity]
        self.replay.to_node(identity if node.rewinds_to is None else node.rewinds_to)
        self._sync()

    def play(self) -> None:
        self.playing = not self.playing and self.replay.at < self.replay.last
        self._next = self.app.clock() + STEP_SECONDS / SPEEDS[self.speed]

    def change_speed(self, speed: int) -> None:
        self.speed = speed

    def tick(self, now: float) -> None:
        if not self.playing or now < self._next:
            return
        self._next = now + STEP_SECONDS / SPEEDS[self.speed]
        self.go(self.replay.at + 1)
        self.playing = self.replay.at < self.replay.last

    def look_as(self, viewer: str) -> None:
        self.replay.viewer = viewer
        self.replay.version += 1
        self.trying = False
        self._sync()

    # ---------------------------------------------------------------------------------- another move

    def try_other(self) -> None:
        """Lets the seat whose turn it is pick a move, in a line of its own."""
        why = self.replay.why_not()
        if why:
            self.app.tell(why[:1].upper() + why[1:])
            return
        self.playing = False
        self.trying = True
        self.app.focus = None
        self.app.redraw()

    def leave_trying(self) -> None:
        self.table.drop()
        self.trying = False
        self.app.focus = "replay.try"
        self.app.redraw()

    def _tried(self, move: Move) -> None:
        self.table.forget()
        self.app.focus = None
        try:
            self.replay.try_move(move)
        except IllegalMove as error:
            self.app.tell(error.verdict.sentence)
        self.trying = False
        self._sync()

    # -------------------------------------------------------------------------------------------- keys

    def key(self, key: Key) -> bool:
        """The replay's hotkeys; while a move is being picked, those of the table."""
        if self.trying:
            return self._trying_key(key)
        code = key.code
        if code in (pygame.K_LEFT, pygame.K_RIGHT):
            by = -1 if code == pygame.K_LEFT else 1
            (self.by_round if key.ctrl else lambda n: self.go(self.replay.at + n))(by)
        elif code == pygame.K_s and key.ctrl:
            open_save(self.app, self.replay)
        elif key.ctrl or key.alt:
            return False
        elif code in (pygame.K_HOME, pygame.K_END):
            self.go(0 if code == pygame.K_HOME else self.replay.last)
        elif code == pygame.K_SPACE:
            self.play()
        elif code == pygame.K_ESCAPE:
            self.menu()
        elif code == pygame.K_F1:
            self.table.open_rules()
        elif (found := self._letters().get(code)) is not None:
            found()
        else:
            return False
        return True

    def _letters(self) -> dict[int, Any]:
        return {
            pygame.K_c: lambda: dialogs.open_note(self), pygame.K_t: self.try_other, pygame.K_e: self.choose_viewer,
            pygame.K_w: lambda: dialogs.open_ahead(self), pygame.K_k: lambda: dialogs.open_compare(self),
            pygame.K_b: lambda: dialogs.bots_play(self), pygame.K_q: lambda: open_ask(self.app, self.replay),
            pygame.K_d: lambda: dialogs.open_debrief(self), pygame.K_l: lambda: dialogs.open_log(self),
        }  # fmt: skip

    def _trying_key(self, key: Key) -> bool:
        choosing = self.table.choosing
        if key.code == pygame.K_ESCAPE and (choosing is None or choosing.option is None):
            self.leave_trying()
            return True
        return self.table.key(key)

    def menu(self) -> None:
        self.app.push(dialogs.menu_sheet(self))

    def choose_viewer(self) -> None:
        dialogs.pick_viewer(self)

    def back(self) -> None:
        self.menu()

    def leave(self) -> None:
        """Out; asks first when something would be lost."""
        if self.replay.edited:
            self.app.push(dialogs.unsaved_sheet(self))
        else:
            self.app.pop()

    def note_at(self) -> int:
        """The node that a comment would be about, ``ROOT`` for none."""
        node = self.replay.node
        return ROOT if node is None or self.replay.hidden(node) else node.id

    def first_focus(self) -> str | None:
        """Nothing: the arrows step."""
        return None
