"""Replay and lessons: the shipped lessons, the latest games, and any file by its name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from pygame import Rect

from game import theme
from game.errors import ChokepointError
from game.prose.lexicon import titled
from game.prose.numbers import counted
from game.records import lessons
from game.records.lessons import Lesson
from game.records.record import Record
from game.records.replay import rulebook_of
from game.table import saved_games
from game.table.background import Background
from game.table.pins import Lock
from game.table.settings import typed_path
from game.table.sitting import kept_in
from game.ui.lessons.results import taken_lessons
from game.ui.replay.replay_model import Replay
from game.ui.screens.busy import Busy
from game.ui.screens.pin import PinScreen
from game.ui.toolkit.layout import columns, from_bottom, from_right, from_top, inset
from game.ui.toolkit.page import Control, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Scroll, stack
from game.ui.toolkit.widgets import Entry, button, field, heading, tabs


class ShelfScreen(Screen):
    """What there is to learn from. Files are read beside the list."""

    name = "shelf"

    def __init__(self, app: Window) -> None:
        super().__init__(app)
        self.names = lessons.names()
        self.lessons: dict[str, Lesson | str] = {}
        self.paths = saved_games.autosaves(app.folder)
        self.games: dict[Path, saved_games.Saved] = {}
        self.taken = taken_lessons(app.folder)
        self.file = Entry(limit=400)
        self.scrolls = (Scroll(), Scroll())
        self.tab = 0
        self._reader: Background[None] = Background(lambda _: self._read())

    @property
    def reading(self) -> bool:
        return self._reader.running

    def _read(self) -> None:
        for name in self.names:
            try:
                self.lessons[name] = lessons.load(name)
            except (ChokepointError, OSError) as error:
                self.lessons[name] = str(error)
            self.app.redraw()
        for path in self.paths:
            self.games[path] = saved_games.describe(path)
            self.app.redraw()

    def build(self, page: Page) -> None:
        """Lessons at the left, games at the right; behind tabs where there is little room."""
        body = inset(page.rect, page.u(24), page.u(16))
        head, body = from_top(body, page.line(theme.TITLE), page.u(10))
        page.text(head, "Replay and lessons", theme.TITLE, bold=True)
        foot, body = from_bottom(body, page.u(50), page.u(10))
        button(page, "shelf.back", Rect(foot.x, foot.y, page.u(180), foot.height), "Back", self.app.pop, hotkey="Esc")
        line, body = from_bottom(body, page.line() + page.u(16), page.u(10))
        label, body = from_bottom(body, page.line(theme.BODY), page.u(4))
        page.text(label, "Any record: type its file's name, or drop it on the window", theme.BODY, theme.SOFT)
        go, line = from_right(line, page.u(120), page.u(8))
        field(page, "shelf.file", line, self.file, "The file's name", "for example games/session.yaml",
              submit=self._open)  # fmt: skip
        button(page, "shelf.open", go, "Open", self._open, enabled=bool(self.file.value),
               reason="type a file's name first")  # fmt: skip
        if page.room[0] >= 900:
            left, right = columns(body, (1, 1), page.u(14))
            self._lessons(page, heading(page, left, "Lessons", "play, be asked, find out"))
            self._games(page, heading(page, right, "Latest games", "as a replay"))
            return
        strip, body = from_top(body, page.target, page.u(6))
        tabs(page, "shelf", strip, ["Lessons", "Latest games"], self.tab, self._turn)
        (self._lessons if self.tab == 0 else self._games)(page, body)

    def _turn(self, tab: int) -> None:
        self.tab = tab

    def _lessons(self, page: Page, rect: Rect) -> None:
        rows = [self._lesson_words(name) for name in self.names]
        self._list(page, rect, self.scrolls[0], rows)

    def _lesson_words(self, name: str) -> tuple[str, str, str, str, Any]:
        """Id, title, detail, fault, what a press does."""
        found = self.lessons.get(name)
        identity = f"shelf.lesson.{name}"
        if found is None:
            return identity, titled(name), "reading …", "still reading it", None
        if isinstance(found, str):
            return identity, titled(name), "", found, None
        time = f"{found.minutes} minutes · " if found.minutes else ""
        done = " · ✓ taken" if found.fingerprint in self.taken else ""
        detail = f"{found.about}\n{time}{counted(len(found.questions), 'question')}{done}"
        return identity, found.title, detail, "", partial(open_lesson, self.app, found)

    def _games(self, page: Page, rect: Rect) -> None:
        if not self.paths:
            page.words(rect, "No game has been saved on this computer yet.", theme.BODY, theme.SOFT)
            return
        self._list(page, rect, self.scrolls[1], [self._game_words(path) for path in self.paths])

    def _game_words(self, path: Path) -> tuple[str, str, str, str, Any]:
        saved = self.games.get(path)
        identity = f"shelf.game.{path.name}"
        if saved is None:
            return identity, saved_games.unread_title(path), "reading …", "still reading it", None
        return identity, saved.title, saved.detail, saved.fault, partial(open_any, self.app, path)

    def _list(self, page: Page, rect: Rect, scroll: Scroll, rows: list[tuple[str, str, str, str, Any]]) -> None:
        def tall(width: int) -> list[int]:
            inner = width - page.u(28)
            return [
                page.line(theme.HEAD) + page.tall(detail, inner, theme.BODY)
                + (page.tall(fault, inner, theme.SMALL) if fault else 0) + page.u(18)
                for _, __, detail, fault, ___ in rows
            ]  # fmt: skip

        def draw(n: int, place: Rect) -> None:
            identity, title, detail, fault, press = rows[n]
            enabled = press is not None and not fault
            page.control(Control(identity, place, f"{title}. {detail}", press, enabled, fault))
            page.fill(place, theme.HOVER if page.pointed(place) and enabled else theme.PANEL, 8, theme.EDGE)
            page.ring(identity, place, 8)
            inner = inset(place, page.u(14), page.u(8))
            line = Rect(inner.x, inner.y, inner.width, page.line(theme.HEAD))
            page.text(line, title, theme.HEAD, theme.TEXT if enabled else theme.SOFT, bold=True)
            y = line.bottom
            if detail:
                y += page.words(Rect(inner.x, y, inner.width, inner.height), detail, theme.BODY, theme.SOFT)
            if fault:
                page.words(Rect(inner.x, y, inner.width, inner.height), fault, theme.SMALL, theme.WORSE)

        stack(page, rect, scroll, tall, draw, page.u(8))

    def _open(self) -> None:
        name = self.file.text.strip().strip('"')
        if name:
            open_any(self.app, typed_path(name))

    def dropped(self, path: Path) -> None:
        open_any(self.app, path)

    def first_focus(self) -> str | None:
        return f"shelf.lesson.{self.names[0]}" if self.names else None


def open_lesson(app: Window, lesson: Lesson) -> None:
    app.push(Busy(app, "Opening the lesson", lambda: _warm(lesson), lambda _: app.go("lesson", lesson),
                  "This lesson cannot be taken"))  # fmt: skip


def _warm(lesson: Lesson) -> bool:
    """Reads the rulebook that is inside, which takes the time."""
    return rulebook_of(lesson.record) is not None


def open_any(app: Window, path: Path) -> None:
    """Open a file: as a lesson if it asks anything, else as a replay."""
    _open(app, path, lessons.is_lesson)


def open_replay(app: Window, path: Path) -> None:
    """Open a file as a replay, also a lesson, to go on writing it; not one whose answers were taken out."""
    _open(app, path, lambda record: any(node.ask is not None and node.ask.get("sealed") for node in record.main_line()))


def _open(app: Window, path: Path, asks: Callable[[Record], bool]) -> None:
    def work() -> Lesson | Replay:
        record = Record.load(path)
        if record.kind == "game" and asks(record):
            lesson = lessons.lesson_of(record)
            _warm(lesson)
            return lesson
        return Replay(record, path)

    def done(found: Lesson | Replay) -> None:
        if isinstance(found, Lesson):
            app.go("lesson", found)
            return
        # A replay shows every hand, so a game that teams still play opens to whoever may see them all.
        lock = Lock.of() if found.over else Lock.of(kept_in(found.record).get("pin"))
        if lock:
            title = "This game is not over: the facilitator's PIN"
            app.push(PinScreen(app, title, lock, lambda: app.replace(app.make("replay", found))))
        else:
            app.go("replay", found)

    app.push(Busy(app, "Opening the record", work, done, "This file cannot be replayed"))
