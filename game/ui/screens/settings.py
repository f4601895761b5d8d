"""Settings: text size, full screen, how fast bots move, what is asked and shown."""

from __future__ import annotations

from typing import Any

from pygame import Rect

from game import theme
from game.table.saved_games import KEPT, folder
from game.table.settings import PACES, TEXT_SCALES, WORLD_SPEEDS
from game.ui.toolkit.layout import centred, from_bottom, from_top, inset
from game.ui.toolkit.motion import system_asks
from game.ui.toolkit.page import Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.widgets import button, checkbox, stepper


class SettingsScreen(Screen):
    """Every change takes effect, and is kept, at once; the size of text when the screen is left, since what one presses
    must not move away under the hand.
    """

    name = "settings"
    over = True

    def __init__(self, app: Window) -> None:
        super().__init__(app)
        self.text = app.settings.text

    def build(self, page: Page) -> None:
        settings = self.app.settings
        row, gap = page.target, page.u(5)
        note = (
            f"Games are saved after every move in {folder(self.app.folder)}. The {KEPT} latest are kept; copy a file to"
            " keep it for good. Seats differ by shape as well as by colour: colour-blindness needs no setting."
        )
        width = min(page.u(640), page.rect.width - page.u(40))
        pad = page.u(24)
        high = pad * 2 + page.line(theme.HEAD) + page.u(12) + 8 * (row + gap) + page.u(60) + page.u(16)
        high += page.tall(note, width - 2 * pad, theme.SMALL)
        box = centred(page.rect, width, high)
        page.fill(box, theme.PANEL, 10, theme.SOFT)
        inner = inset(box, pad, pad)
        head, inner = from_top(inner, page.line(theme.HEAD), page.u(12))
        page.text(head, "Settings", theme.HEAD, bold=True)
        foot, inner = from_bottom(inner, page.u(52), page.u(8))
        button(page, "settings.close", foot, "Done", self.back, hotkey="Esc", kind="go")
        place, inner = from_top(inner, row, gap)
        sizes = [f"{scale} %" for scale in TEXT_SCALES]
        self._labelled(page, place, "settings.text", "Text size", sizes, TEXT_SCALES.index(self.text), self._text,
                       theme.STRONG * self.text / settings.text)  # fmt: skip
        place, inner = from_top(inner, row, gap)
        paces = ["at once", "steadily", "slowly"]
        self._labelled(page, place, "settings.pace", "Bots move", paces, PACES.index(settings.pace), self._pace)
        place, inner = from_top(inner, row, gap)
        speeds = list(WORLD_SPEEDS)
        self._labelled(page, place, "settings.world", "World turn on the map", speeds,
                       speeds.index(settings.world_turn), self._world)  # fmt: skip
        place, inner = from_top(inner, row, gap)
        asked = system_asks()
        checkbox(page, "settings.motion", place, "Reduced motion: nothing travels or counts", not self.app.moving,
                 self._still, enabled=not asked, reason=f"the system asks for it: {asked}")  # fmt: skip
        place, inner = from_top(inner, row, gap)
        checkbox(page, "settings.sound", place, "Sounds, short and quiet", settings.sound, self._sound)
        place, inner = from_top(inner, row, gap)
        checkbox(
            page, "settings.full", place, "Full screen (F11)", settings.full_screen, lambda _: self.app.full_screen()
        )
        place, inner = from_top(inner, row, gap)
        checkbox(
            page, "settings.ask", place, "Ask before ending a turn with moves left", settings.ask_end_turn, self._ask
        )
        place, inner = from_top(inner, row, gap)
        checkbox(
            page, "settings.rounds", place, "Show what happened after every round", settings.show_rounds, self._rounds
        )
        page.words(inner, note, theme.SMALL, theme.SOFT)

    def _labelled(
        self, page: Page, rect: Rect, identity: str, label: str, values: list[str], chosen: int, change: Any,
        size: float = theme.STRONG,
    ) -> None:  # fmt: skip
        page.text(Rect(rect.x + page.u(6), rect.y, rect.width // 2, rect.height), label, size)
        stepper(page, identity, Rect(rect.centerx, rect.y, rect.width // 2, rect.height), label, values, chosen, change)

    def _text(self, chosen: int) -> None:
        self.text = TEXT_SCALES[chosen]

    def back(self) -> None:
        self.close()
        self.app.pop()

    def close(self) -> None:
        if self.text != self.app.settings.text:
            self.app.settings.text = self.text
            self.app.keep_settings()

    def _pace(self, chosen: int) -> None:
        self.app.settings.pace = PACES[chosen]
        self.app.keep_settings()

    def _world(self, chosen: int) -> None:
        self.app.settings.world_turn = list(WORLD_SPEEDS)[chosen]
        self.app.keep_settings()

    def _still(self, value: bool) -> None:
        self.app.settings.motion = not value
        self.app.keep_settings()

    def _sound(self, value: bool) -> None:
        self.app.settings.sound = value
        self.app.cue("your_turn")
        self.app.keep_settings()

    def _ask(self, value: bool) -> None:
        self.app.settings.ask_end_turn = value
        self.app.keep_settings()

    def _rounds(self, value: bool) -> None:
        self.app.settings.show_rounds = value
        self.app.keep_settings()

    def first_focus(self) -> str | None:
        return "settings.text"
