"""The start screen: go on with the latest game, a new one, load, the rulebook, settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pygame import Rect

from game import theme
from game.table import saved_games
from game.table.background import Background
from game.table.coach import script_for
from game.ui.board.map_painter import MapPainter
from game.ui.screens.opening import begin, take_up
from game.ui.toolkit.layout import from_left, from_top, inset
from game.ui.toolkit.page import Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.widgets import button
from rules import RuleErrors

TITLE, SUBTITLE = "Commons & Chokepoints", "What is given away, and what is held back"


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of the menu."""

    id: str
    label: str
    note: str
    press: Callable[[], None]
    kind: str = "plain"
    enabled: bool = True
    reason: str = ""


def _latest(paths: list[Path]) -> saved_games.Saved:
    """Return the latest game that can be played; only where there is none, what is wrong with the latest of all."""
    found = [saved_games.describe(paths[0])]
    for path in paths[1:]:
        if found[-1].fault:
            found.append(saved_games.describe(path))
    return found[-1] if not found[-1].fault else found[0]


class StartScreen(Screen):
    """The first thing to be seen. The rules are read beside it."""

    name = "start"

    def __init__(self, app: Window) -> None:
        super().__init__(app)
        self.painter = MapPainter()
        self.waiting: Callable[[], None] | None = None
        app.library.start()
        paths = saved_games.autosaves(app.folder)
        self._look: Background[saved_games.Saved] | None = Background(lambda _: _latest(paths)) if paths else None
        self._seen = (False, False)

    @property
    def looking(self) -> bool:
        """Whether the latest game is still being read."""
        return self._look is not None and self._look.running

    # ----------------------------------------------------------------------------------------- menu

    def items(self) -> list[MenuItem]:
        looking = self.looking  # asked first: what ends in between has its result below
        latest = self._look.result if self._look is not None else None
        found = []
        if looking:
            found.append(
                MenuItem(
                    "continue",
                    "Continue",
                    "Looking at the latest game …",
                    self._nothing,
                    enabled=False,
                    reason="Looking at the latest game …",
                )
            )
        elif latest is not None:
            good = not latest.fault
            found.append(
                MenuItem(
                    "continue",
                    "Look at the last game" if latest.over else "Continue",
                    f"{latest.title} · {latest.detail}",
                    self._continue,
                    "plain" if latest.over else "go",
                    good,
                    latest.fault,
                )
            )
        return [
            *found,
            MenuItem(
                "new",
                "New game",
                "Seats for people and bots",
                lambda: self._with_rules(self._new),
                "go" if found and not looking and (found[0].kind != "go" or not found[0].enabled) else "plain",
            ),
            MenuItem(
                "first",
                "First game",
                "Give or hold? With a coach beside you",
                lambda: self._with_rules(self._first),
                "plain" if found else "go",  # whoever has never played begins here
            ),
            MenuItem("load", "Load a game", "Those of this computer, or any file", self._load),
            MenuItem("replay", "Replay and lessons", "Step through games, be asked, try what if", self._replay),
            MenuItem(
                "rules",
                "Rulebook",
                "Moves, tracks, news, assumptions and their sources",
                lambda: self._with_rules(self._rules),
            ),
            MenuItem("settings", "Settings", "Text size, full screen, pace", self._settings),
            MenuItem("quit", "Quit", "Everything is saved", self.app.quit),
        ]

    def build(self, page: Page) -> None:
        items = self.items()
        width = min(page.u(430), page.rect.width // 2)
        self._picture(page, Rect(width + page.u(56), 0, page.rect.width - width - page.u(56), page.rect.height))
        column, _ = from_left(inset(page.rect, page.u(28), page.u(26)), width)
        title = page.tall(TITLE, column.width, theme.TITLE, True)
        head, rest = from_top(column, title + page.line(theme.BODY) + page.u(6), page.u(18))
        page.words(head, TITLE, theme.TITLE, theme.TEXT, bold=True)
        page.text(
            Rect(head.x, head.y + title + page.u(2), head.width, page.line(theme.BODY)),
            SUBTITLE,
            theme.BODY,
            theme.SOFT,
        )
        gap = page.u(9)
        note_line = page.line(theme.SMALL)
        rest, foot = (
            Rect(rest.x, rest.y, rest.width, rest.height - note_line - page.u(10)),
            Rect(rest.x, rest.bottom - note_line, rest.width, note_line),
        )
        each = min(page.u(74), (rest.height - gap * (len(items) - 1)) // len(items))
        low = each < page.line(theme.STRONG) + page.line(theme.SMALL) + page.u(4)
        for n, item in enumerate(items):
            place = Rect(rest.x, rest.y + n * (each + gap), rest.width, each)
            button(
                page, f"start.{item.id}", place, item.label, item.press, hotkey=item.note, kind=item.kind,
                enabled=item.enabled, reason=item.reason, align="left", tip=item.note if low else "",
            )  # fmt: skip
        state = (
            "Reading the rules …"
            if not self.app.library.ready
            else self.app.library.fault or "The rules are ready. F11: full screen"
        )
        page.text(foot, state, theme.SMALL, theme.SOFT)

    def _picture(self, page: Page, rect: Rect) -> None:
        """The map, and what the rulebook says of itself."""
        page.fill(rect, theme.SEA)
        page.fill(Rect(rect.x, rect.y, 1, rect.height), theme.EDGE)
        summary = self.app.library.book.summary if self.app.library.ready and not self.app.library.fault else ""
        width = min(rect.width - page.u(80), page.u(640))
        high = page.tall(summary, width, theme.STRONG) if summary else 0
        size = (rect.width - page.u(20), min(round(rect.width * 0.48), rect.height - high - page.u(60)))
        top = rect.y + (rect.height - size[1] - high - page.u(24)) // 2
        page.picture(self.painter.picture(size, {}), (rect.x + page.u(10), top))
        text = Rect(rect.x + (rect.width - width) // 2, top + size[1] + page.u(24), width, high)
        page.words(text, summary, theme.STRONG, theme.SOFT, align="centre")

    def tick(self, now: float) -> None:
        if self.waiting is not None and self.app.library.ready:
            waiting, self.waiting = self.waiting, None
            waiting()
        seen = (self.app.library.ready, self.looking)
        if seen != self._seen:
            self._seen = seen
            self.app.redraw()

    # ---------------------------------------------------------------------------------------- doings

    def _with_rules(self, what: Callable[[], None]) -> None:
        """Does something that needs the rules, now or as soon as they are there."""
        if self.app.library.fault:
            self.app.tell(self.app.library.fault)
        elif self.app.library.ready:
            what()
        else:
            self.waiting = what
            self.app.tell("The rules are still being read. This opens as soon as they are there.")

    def opened(self) -> None:
        """Forget what was asked for before another screen was opened."""
        self.waiting = None

    def _nothing(self) -> None:
        """Not yet."""

    def _continue(self) -> None:
        if self._look is not None and self._look.result is not None:
            take_up(self.app, self._look.result.path)

    def _new(self) -> None:
        self.app.go("setup")

    def _first(self) -> None:
        book = self.app.library.book
        try:
            script = script_for(book)
        except RuleErrors:
            self.app.tell("The coach knows the standard rulebook only. Set up a game of your own.")
            self._new()
            return
        begin(self.app, script.setup(book, self.app.library.overrides))

    def _load(self) -> None:
        self.app.go("load")

    def _replay(self) -> None:
        self.app.go("shelf")

    def _rules(self) -> None:
        self.app.go("rulebook", self.app.library.book)

    def _settings(self) -> None:
        self.app.go("settings")

    def dropped(self, path: Path) -> None:
        take_up(self.app, path)

    def back(self) -> None:
        """Escape does nothing here: quitting is a button."""

    def first_focus(self) -> str | None:
        return None
