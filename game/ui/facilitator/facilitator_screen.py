"""The facilitator's screen: tabs, whose turn it is, and whether secrets are shown. The game stands still meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pygame
from pygame import Rect

from game import theme
from game.narrative.chronicle import ChronicleLine
from game.prose.numbers import month
from game.ui.board.log import NEWS
from game.ui.board.sheets import since_pieces
from game.ui.facilitator.adjust import AdjustTab
from game.ui.facilitator.control import ControlTab
from game.ui.facilitator.devices import DevicesTab
from game.ui.facilitator.news import NewsTab
from game.ui.facilitator.notes import NotesTab
from game.ui.facilitator.room import RoomTab
from game.ui.screens.sheet import Choice, Sheet
from game.ui.toolkit.layout import from_right, from_top, inset
from game.ui.toolkit.page import Key, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.widgets import button, tabs

if TYPE_CHECKING:
    from game.ui.play.play_screen import PlayScreen


class Tab(Protocol):
    """A page of the facilitator's screen."""

    def build(self, page: Page, rect: Rect) -> None:
        """Draw it."""


TITLES = ("News", "Control", "Adjust", "Notes", "Room")
WHERE = "Secret tracks, notes, agendas and what is scheduled then stand in News, Adjust, Notes and Room."


class FacilitatorScreen(Screen):
    """Everything on it is public until ``secrets`` is switched on: the room may be looking."""

    name = "facilitator"
    lets_through = False
    keeps_time = False

    def __init__(self, app: Window, play: PlayScreen) -> None:
        super().__init__(app)
        self.play, self.sitting = play, play.sitting
        self.secrets = False
        self.tab = 0
        self.moved = False
        self.known = len(self._lines())
        self.titles: tuple[str, ...] = TITLES
        self.tabs: list[Tab] = [NewsTab(self), ControlTab(self), AdjustTab(self), NotesTab(self), RoomTab(self)]
        if play.serving is not None:
            self.titles = (*TITLES, "Devices")
            self.tabs.append(DevicesTab(play, play.serving))
        self._second = 0

    def build(self, page: Page) -> None:
        body = inset(page.rect, page.u(14), page.u(10))
        head, body = from_top(body, page.line(theme.HEAD) + page.line(theme.SMALL) + page.u(4), page.u(6))
        self._head(page, head)
        strip, body = from_top(body, page.target, page.u(6))
        tabs(page, "facilitator.tab", strip, self.titles, self.tab, self.turn_to,
             tip=f"Ctrl with 1 to {len(self.titles)} turns the tabs")  # fmt: skip
        page.panel(body)
        self.tabs[self.tab].build(page, inset(body, page.u(14), page.u(10)))

    def _head(self, page: Page, rect: Rect) -> None:
        back, rest = from_right(rect, page.u(118), page.u(8))
        button(page, "facilitator.back", back, "Back", self.back, hotkey="Esc")
        shown, rest = from_right(rest, page.u(178), page.u(8))
        show = ("Show secrets", f"Look who can see the screen first. {WHERE}")
        label, tip = ("Hide secrets", "") if self.secrets else show
        button(page, "facilitator.secrets", shown, label, self._secrets, selected=self.secrets, tip=tip)
        game, seat = self.sitting.game, self.sitting.seat
        upper = Rect(rest.x, rest.y, rest.width, page.line(theme.HEAD))
        page.text(upper, "Facilitator", theme.HEAD, bold=True)
        turn = f"{self.sitting.who(seat)} to move" if seat is not None else "the game is over"
        said = f"Round {game.round} of {game.scenario.rounds} · {month(game.date)} · {turn}"
        page.text(Rect(rest.x, upper.bottom, rest.width, page.line(theme.SMALL)), said, theme.SMALL, theme.SOFT)

    def turn_to(self, tab: int) -> None:
        self.tab = tab

    def _secrets(self) -> None:
        self.secrets = not self.secrets

    # ----------------------------------------------------------------------------------- for the tabs

    def order(self, name: str, /, **details: object) -> bool:
        """Ask the table for something; says why not, where it is refused."""
        receipt = self.play.turns.order(name, **details)
        if not receipt.ok:
            self.app.tell(receipt.sentence)
        return receipt.ok

    def did(self, sentence: str) -> None:
        """An act is done: says so, and what could not be saved."""
        trouble, self.sitting.trouble = self.sitting.trouble, ""
        self.app.tell(f"{sentence} {trouble}" if trouble else sentence)

    def taken_back(self) -> None:
        self.moved = True
        self.play.turns.follow()

    # ------------------------------------------------------------------------------------------ leaving

    def back(self) -> None:
        """To the table; whoever sits there is told what has come meanwhile."""
        app, play = self.app, self.play
        app.pop()
        if app.top is not play or play.table.viewer is None or self.moved:
            return
        pieces = [piece for line in self._lines()[self.known :] for piece in since_pieces(play.table, line)]
        if pieces:
            app.push(Sheet(app, "News", pieces, [Choice("go", "To the table", None, "go", "Enter")], 640))

    def _lines(self) -> list[ChronicleLine]:
        """What came from outside the game, as the viewer sees it; nothing while nobody sits there."""
        lines = self.play.table.sight.lines if self.play.table.viewer is not None else []
        return [line for line in lines if line.kind in NEWS]

    def key(self, key: Key) -> bool:
        """F10 leaves again, F9 goes to the projector's view, Ctrl with a digit turns the tabs."""
        if key.code == pygame.K_F10:
            self.back()
        elif key.code == pygame.K_F9:
            self.app.pop()
            self.play.open_projector()
        elif key.ctrl and pygame.K_1 <= key.code < pygame.K_1 + len(self.titles):
            self.turn_to(key.code - pygame.K_1)
        else:
            return False
        return True

    def tick(self, now: float) -> None:
        minute = int(self.app.wall()) // 60
        if minute != self._second:
            self._second = minute
            self.app.redraw()

    def first_focus(self) -> str | None:
        return f"facilitator.tab.{self.tab}"
