"""Replay and lessons: the shipped lessons, the latest games, and any file by its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

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
from game.table.background import Reader
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

STILL_READING = "still reading it"
"""Why a row cannot be opened yet."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A lesson or game in a list. ``press`` opens it, once it has been read; ``fault`` says why it cannot be opened."""

    identity: str
    title: str
    detail: str = "reading …"
    press: Callable[[], None] | None = None
    fault: str = ""


def _lesson(name: str) -> Lesson | str:
    """Return a shipped lesson, or what is wrong with it."""
    try:
        return lessons.load(name)
    except (ChokepointError, OSError) as error:
        return str(error)


class ShelfScreen(Screen):
    """What there is to learn from. Files are read beside the list."""

    name = "shelf"

    def __init__(self, app: Window) -> None:
        super().__init__(app)
        self.names = lessons.names()
        self.paths = saved_games.autosaves(app.folder)
        self.taken = taken_lessons(app.folder)
        self.file = Entry(limit=400)
        self.scrolls = (Scroll(), Scroll())
        self.tab = 0
        self.lessons = Reader(self.names, _lesson)
        self.games = Reader(self.paths, saved_games.describe)

    @property
    def reading(self) -> bool:
        """Whether something on it has not been read yet."""
        return self.lessons.reading or self.games.reading

    def tick(self, now: float) -> None:
        fresh = [self.lessons.fetch(), self.games.fetch()]
        if any(fresh):
            self.app.redraw()

    def back(self) -> None:
        self.close()
        self.app.pop()

    def close(self) -> None:
        self.lessons.stop()
        self.games.stop()

    def build(self, page: Page) -> None:
        """Lessons at the left, games at the right; behind tabs where there is little room."""
        body = inset(page.rect, page.u(24), page.u(16))
        head, body = from_top(body, page.line(theme.TITLE), page.u(10))
        page.text(head, "Replay and lessons", theme.TITLE, bold=True)
        foot, body = from_bottom(body, page.u(50), page.u(10))
        button(page, "shelf.back", Rect(foot.x, foot.y, page.u(180), foot.height), "Back", self.back, hotkey="Esc")
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
        rows = [self._lesson_row(name) for name in self.names]
        self._list(page, rect, self.scrolls[0], rows)

    def _lesson_row(self, name: str) -> _Row:
        found, identity = self.lessons.found.get(name), f"shelf.lesson.{name}"
        if found is None:
            return _Row(identity, titled(name))
        if isinstance(found, str):
            return _Row(identity, titled(name), "", None, found)
        time = f"{found.minutes} minutes · " if found.minutes else ""
        done = " · ✓ taken" if found.fingerprint in self.taken else ""
        detail = f"{found.about}\n{time}{counted(len(found.questions), 'question')}{done}"
        return _Row(identity, found.title, detail, partial(open_lesson, self.app, found))

    def _games(self, page: Page, rect: Rect) -> None:
        if not self.paths:
            page.words(rect, "No game has been saved on this computer yet.", theme.BODY, theme.SOFT)
            return
        self._list(page, rect, self.scrolls[1], [self._game_row(path) for path in self.paths])

    def _game_row(self, path: Path) -> _Row:
        saved, identity = self.games.found.get(path), f"shelf.game.{path.name}"
        if saved is None:
            return _Row(identity, saved_games.unread_title(path))
        return _Row(identity, saved.title, saved.detail, partial(open_any, self.app, path), saved.fault)

    def _list(self, page: Page, rect: Rect, scroll: Scroll, rows: Sequence[_Row]) -> None:
        def tall(width: int) -> list[int]:
            inner = width - page.u(28)
            return [
                page.line(theme.HEAD) + page.tall(row.detail, inner, theme.BODY)
                + page.tall(row.fault, inner, theme.SMALL) + page.u(18)
                for row in rows
            ]  # fmt: skip

        def draw(n: int, place: Rect) -> None:
            row = rows[n]
            enabled = row.press is not None and not row.fault
            page.control(Control(row.identity, place, f"{row.title}. {row.detail}", row.press, enabled,
                                 row.fault or STILL_READING))  # fmt: skip
            page.fill(place, page.warm(place, theme.PANEL, theme.HOVER) if enabled else theme.PANEL, 8, theme.EDGE)
            page.ring(row.identity, place, 8)
            inner = inset(place, page.u(14), page.u(8))
            line = Rect(inner.x, inner.y, inner.width, page.line(theme.HEAD))
            page.text(line, row.title, theme.HEAD, theme.TEXT if enabled else theme.SOFT, bold=True)
            y = line.bottom
            if row.detail:
                y += page.words(Rect(inner.x, y, inner.width, inner.height), row.detail, theme.BODY, theme.SOFT)
            if row.fault:
                page.words(Rect(inner.x, y, inner.width, inner.height), row.fault, theme.SMALL, theme.WORSE)

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
