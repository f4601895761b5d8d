"""The debrief in the window: five tabs over the account of a game, and what is exported of it."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pygame import Rect

from game import theme
from game.narrative.history import Series
from game.narrative.sight import board_of
from game.paper.account import CHALLENGED, TAKEAWAYS, Account, account, takeaways_of
from game.paper.debrief_page import html
from game.paper.redaction import without_names
from game.paper.spreadsheet import encoded
from game.paper.table import csv_text
from game.records.files import write_atomic
from game.records.record import Record
from game.records.replay import start
from game.table.settings import typed_path
from game.ui.debrief import pieces as say
from game.ui.debrief.chances import Measuring, measured_pieces
from game.ui.replay.compare import draw_key
from game.ui.replay.dialogs import NOTE_LIMIT
from game.ui.replay.replay_model import Replay
from game.ui.screens.busy import Busy
from game.ui.screens.form import Blank, FormSheet, LineSheet, Texts
from game.ui.screens.sheet import Choice, Sheet
from game.ui.toolkit.charts import line_chart
from game.ui.toolkit.layout import columns, from_bottom, from_left, from_right, from_top, inset
from game.ui.toolkit.page import Control, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Piece, Scroll, running_text, stack
from game.ui.toolkit.widgets import button, checkbox, tabs

TABS = ("What happened", "Why", "What if", "The real world", "Takeaways")
SHORT_TABS = ("Happened", "Why", "What if", "Real world", "Takeaways")
TAKEAWAY_LIMIT, OWNER_LIMIT = 300, 40
Keep = Callable[[str, Any], None]


class DebriefScreen(Screen):
    """Of a replay. ``keep`` is told of what is added to the record's header, so that a game in play keeps it too."""

    name = "debrief"

    def __init__(self, app: Window, replay: Replay, keep: Keep | None = None) -> None:
        super().__init__(app)
        self.replay, self._keep = replay, keep
        self.tab, self.part = 0, 0
        self.names = True
        self.scrolls = {name: Scroll() for name in ("charts", "text", "side", "rows")}
        self._told: Account | None = None
        self.measuring: Measuring | None = None
        self._shown = -1.0

    @property
    def told(self) -> Account:
        """The account, worked out when something has changed."""
        if self._told is None:
            self._told = account(self.replay.record, positions=self.replay.positions)
        return self._told

    # --------------------------------------------------------------------------------------- drawing

    def build(self, page: Page) -> None:
        found = self.told
        body = inset(page.rect, page.u(16), page.u(12))
        head, body = from_top(body, page.line(theme.TITLE), page.u(2))
        page.text(head, f"Debrief: {found.title}", theme.TITLE, bold=True)
        said, body = from_top(body, min(2, len(page.lines(found.verdict, body.width))) * page.line(), page.u(6))
        page.words(said, found.verdict, theme.BODY, theme.TEXT, most=2)
        foot, body = from_bottom(body, page.line(theme.STRONG) + page.u(18), page.u(8))
        self._buttons(page, foot)
        strip, body = from_top(body, page.target, page.u(4))
        room = sum(page.width(title, theme.BODY, True) + page.u(20) for title in TABS)
        tabs(page, "debrief.tab", strip, TABS if room <= strip.width else SHORT_TABS, self.tab, self._turn)
        page.panel(body)
        inner = inset(body, page.u(14), page.u(10))
        (self._happened, self._why, self._what_if, self._world, self._takeaways)[self.tab](page, inner)

    def _turn(self, tab: int) -> None:
        self.tab = tab
        for scroll in self.scrolls.values():
            scroll.first = 0

    def _part(self, part: int) -> None:
        self.part = part
        self.scrolls["text"].first = 0

    def _buttons(self, page: Page, rect: Rect) -> None:
        names, row = from_left(rect, page.width("Names in exports", theme.BODY) + page.u(52), page.u(8))
        checkbox(page, "debrief.names", names, "Names in exports", self.names, self._names,
                 "Teams, authors and owners in what is exported; without them every text is searched too")  # fmt: skip
        four = columns(row, (1, 1, 1, 1), page.u(8))
        for place, (kind, label, tip) in zip(four, (
            ("page", "Web page", "One file with charts, to hand out or print"),
            ("table", "Table", "CSV: a row for every change, the round on every row"),
            ("record", "Record", "The saved game itself, with all lines and comments"),
        ), strict=False):  # fmt: skip
            button(page, f"debrief.{kind}", place, label, partial(self.export, kind), size=theme.BODY, tip=tip)
        kind = "plain" if TABS[self.tab] == "Takeaways" else "go"  # there the default adds one
        button(page, "debrief.back", four[3], "Back", self.back, hotkey="Esc", kind=kind, size=theme.BODY)

    def _happened(self, page: Page, rect: Rect) -> None:
        parts = ["Tracks", "Round by round", "Adoption"]
        if page.room[0] >= 1000:
            right, left = from_right(rect, round(rect.width * 0.38), page.u(16))
            self._charts(page, left)
            parts = parts[1:]
            rect = right
        strip, rect = from_top(rect, page.target, page.u(6))
        at = min(self.part, len(parts) - 1)
        tabs(page, "debrief.part", strip, parts, at, self._part)
        if parts[at] == "Tracks":
            self._charts(page, rect)
        else:
            told = say.rounds_pieces if parts[at] == "Round by round" else say.adoption_pieces
            running_text(page, rect, self.scrolls["text"], told(self.told))

    def _charts(self, page: Page, rect: Rect) -> None:
        found = self.told
        key, rect = from_top(rect, page.line(theme.SMALL), page.u(8))
        draw_key(page, key, found.board, list(found.board.layout.seats))
        charts: list[Series] = [*([found.points] if found.points else []), *found.series]
        across = 2 if rect.width >= page.u(520) else 1
        count = -(-len(charts) // across)
        high = max(page.u(118), page.line(theme.SMALL) * 7)

        def draw(n: int, place: Rect) -> None:
            pairs = zip(charts[n * across : (n + 1) * across], columns(place, [1] * across, page.u(16)), strict=False)
            for series, cell in pairs:
                self._chart(page, cell, series)

        stack(page, rect, self.scrolls["charts"], [high] * count, draw, page.u(10), passive=True)

    def _chart(self, page: Page, rect: Rect, series: Series) -> None:
        board = self.told.board
        scope = board.book.tracks[series.track].scope if series.track else ("seat",)
        labels = [(board.mark_of(scope[0], e) if scope else theme.NEUTRAL, values) for e, values in series.lines]
        line_chart(page, rect, series.title, labels)

    def _why(self, page: Page, rect: Rect) -> None:
        run = self.measuring
        if run is None or (run.result is None and not run.fault):
            high = page.line(theme.BODY) + page.line(theme.SMALL) + page.u(12)
            go, rect = from_bottom(rect, high, page.u(8))
            self._measure_button(page, go)
        measured = measured_pieces(self.told, run) if run is not None else []
        running_text(page, rect, self.scrolls["text"], [*measured, *say.why_pieces(self.told)])

    def _measure_button(self, page: Page, rect: Rect) -> None:
        run = self.measuring
        if run is not None and run.running:
            label = f"Stop measuring ({round(100 * run.done)} % done)"
            button(page, "debrief.stop", rect, label, self._stop, kind="danger", size=theme.BODY,
                   hotkey="what was measured so far is lost")  # fmt: skip
            return
        good = self.told.over and bool(self.replay.record.main_line())
        reason = "" if good else "told at the end of the game: it would give secrets away"
        reason = self.replay.stuck or reason
        button(page, "debrief.measure", rect, "Measure which moves swung the chance to win", self._measure,
               size=theme.BODY, enabled=not reason, reason=reason,
               hotkey="bots play on from before and after every move; from seconds to a minute")  # fmt: skip

    def _what_if(self, page: Page, rect: Rect) -> None:
        go, rect = from_bottom(rect, page.line(theme.STRONG) + page.u(16), page.u(8))
        label = "Open the replay" if not self._in_replay() else "Back to the replay"
        button(page, "debrief.replay", go, label, self.open_replay, size=theme.BODY)
        running_text(page, rect, self.scrolls["text"], say.what_if_pieces(self.told))

    def _world(self, page: Page, rect: Rect) -> None:
        if page.room[0] >= 900:
            left, right = columns(rect, (1, 1), page.u(20))
            running_text(page, left, self.scrolls["text"], say.card_pieces(self.told))
            self._assumptions(page, right)
            return
        strip, rect = from_top(rect, page.target, page.u(6))
        tabs(page, "debrief.part", strip, ["News cards", "Assumptions"], min(self.part, 1), self._part)
        if self.part == 0:
            running_text(page, rect, self.scrolls["text"], say.card_pieces(self.told))
        else:
            self._assumptions(page, rect)

    def _assumptions(self, page: Page, rect: Rect) -> None:
        found = self.told.assumptions
        text = "What the game rested on. Press one to challenge it."
        line, rect = from_top(rect, page.tall(text, rect.width), page.u(6))
        page.words(line, text, theme.BODY, theme.SOFT)
        words = [say.assumption_words(each) for each in found]
        rows = [(f"debrief.assumption.{each.name}", *told, partial(self._challenge, each.name))
                for each, told in zip(found, words, strict=True)]  # fmt: skip
        self._rows(page, rect, rows)

    def _takeaways(self, page: Page, rect: Rect) -> None:
        go, rect = from_bottom(rect, page.line(theme.STRONG) + page.u(16), page.u(8))
        button(page, "debrief.add", go, "Add a takeaway", partial(self._edit, None), kind="go", size=theme.BODY)
        found = takeaways_of(self.replay.record)
        if self.told.objectives:
            text = f"To be learnt: {self.told.objectives}"
            line, rect = from_top(rect, page.tall(text, rect.width), page.u(8))
            page.words(line, text, theme.BODY, theme.WARN)
        if not found:
            text = "Nothing is written down yet. What will somebody do differently, and who sees to it?"
            page.words(rect, text, theme.STRONG, theme.SOFT)
            return
        rows = []
        for n, (text, owner) in enumerate(found):
            who = f"Owner: {owner}" if owner else "No owner yet"
            rows.append((f"debrief.takeaway.{n}", text, who, "", partial(self._edit, n)))
        self._rows(page, rect, rows)

    def _rows(self, page: Page, rect: Rect, rows: Sequence[tuple[str, str, str, str, Callable[[], None]]]) -> None:
        """Rows that can be pressed: a title, a line about it, and something in a warning's colour."""

        def tall(width: int) -> list[int]:
            inner = width - page.u(20)
            return [
                page.tall(title, inner, theme.BODY, True) + page.tall(about, inner, theme.SMALL)
                + page.tall(more, inner, theme.BODY) + page.u(12)
                for _, title, about, more, __ in rows
            ]  # fmt: skip

        def draw(n: int, place: Rect) -> None:
            identity, title, about, more, press = rows[n]
            page.control(Control(identity, place, f"{title}. {about} {more}", press))
            page.fill(place, page.warm(place, theme.RAISED, theme.HOVER), 6, theme.EDGE)
            page.ring(identity, place)
            inner = inset(place, page.u(10), page.u(5))
            y = inner.y + page.words(inner, title, theme.BODY, bold=True)
            y += page.words(Rect(inner.x, y, inner.width, inner.height), about, theme.SMALL, theme.SOFT)
            if more:
                page.words(Rect(inner.x, y, inner.width, inner.height), more, theme.BODY, theme.WARN)

        stack(page, rect, self.scrolls["rows"], tall, draw, page.u(6))

    # ---------------------------------------------------------------------------------------- doings

    def _measure(self) -> None:
        self.measuring = Measuring(self.replay)
        self.scrolls["text"].first = 0
        self.app.focus = "debrief.stop"

    def _stop(self) -> None:
        if self.measuring is not None:
            self.measuring.stop()
            self.measuring = None
            self.app.focus = "debrief.measure"

    def tick(self, now: float) -> None:
        run = self.measuring
        if run is not None and (run.running or self._shown != run.done):
            self._shown = run.done if not run.running else -1.0
            self.app.redraw()

    def back(self) -> None:
        self.close()
        self.app.pop()

    def close(self) -> None:
        if self.measuring is not None:
            self.measuring.stop()

    def _names(self, value: bool) -> None:
        self.names = value

    def _in_replay(self) -> bool:
        return any(screen.name == "replay" for screen in self.app.screens)

    def open_replay(self) -> None:
        if self._in_replay():
            self.app.pop()
        else:
            self.app.go("replay", self.replay)

    def opened(self) -> None:
        """Back from the replay: lines and comments may be new."""
        self._told = None

    def _header(self, key: str, value: Any) -> None:
        self.replay.record.header[key] = value
        self.replay.edited = True
        if self._keep is not None:
            self._keep(key, value)
        self._told = None

    def _challenge(self, name: str) -> None:
        known = self.replay.record.header.get(CHALLENGED)
        known = dict(known) if isinstance(known, dict) else {}

        def done(text: str) -> None:
            kept = {**known, name: text}
            self._header(CHALLENGED, {key: value for key, value in kept.items() if value})

        knob = self.replay.game.book.knobs[name]
        title, text = f"Why is it challenged: {knob.title}", str(known.get(name) or "")
        sheet = LineSheet(self.app, title, "Why", text, done, limit=NOTE_LIMIT, empty=True, about=knob.meaning)
        self.app.push(sheet)

    def _edit(self, at: int | None) -> None:
        found = takeaways_of(self.replay.record)
        text, owner = found[at] if at is not None else ("", "")

        def done(texts: Texts) -> None:
            text, owner = texts
            entries = [{"text": t, "owner": o} for t, o in found]
            if at is None:
                entries += [{"text": text, "owner": owner}] if text else []
            elif text:
                entries[at] = {"text": text, "owner": owner}
            else:
                del entries[at]
            self._header(TAKEAWAYS, entries)

        self.app.push(takeaway_form(self.app, text, owner, done))

    def export(self, kind: str) -> None:
        base = self.replay.file or self.app.folder / "games" / "game.yaml"
        ending = {"page": "debrief.html", "table": "changes.csv", "record": "record.yaml"}[kind]
        title = {"page": "Web page", "table": "Table", "record": "Record"}[kind]
        about = "With the names of teams and owners." if self.names else "Without anybody's name."

        def done(text: str) -> None:
            self._ask(kind, typed_path(text))

        suggested = str(base.with_name(f"{base.stem} {ending}"))
        self.app.push(LineSheet(self.app, f"{title}: save as", "File", suggested, done, limit=400, about=about))

    def _ask(self, kind: str, path: Path) -> None:
        if not path.exists():
            self.write(kind, path)
            return
        choices = [
            Choice("another", "Another name", lambda: self.export(kind), hotkey="Esc"),
            Choice("replace", "Replace it", lambda: self.write(kind, path), "danger"),
        ]
        self.app.push(Sheet(self.app, "Replace the file?", [Piece(f"{path} is there already.")], choices, 520))

    def write(self, kind: str, path: Path) -> None:
        """Writes an export, beside the window; a record never over a damaged or another game's file."""
        record, names = self.replay.record, self.names

        def work() -> Path:
            export(record, kind, path, names)
            return path

        def done(where: Path) -> None:
            self.app.push(written_sheet(self.app, where))

        self.app.push(Busy(self.app, "Writing", work, done, "Not written"))

    def first_focus(self) -> str | None:
        return "debrief.tab.0"


def takeaway_form(app: Window, text: str, owner: str, done: Callable[[Texts], None]) -> FormSheet:
    """Return the form of what somebody will do differently; an empty text takes a takeaway away."""
    blanks = (
        Blank("text", "What will be done, or what was learnt", "a sentence", TAKEAWAY_LIMIT, text),
        Blank("owner", "Who sees to it", "a name or an office", OWNER_LIMIT, owner),
    )
    return FormSheet(
        app, "takeaway", "Takeaway", blanks, done,
        go=lambda texts: "Done" if texts[0] or not text else "Take it away",
        why_not=lambda texts: "" if texts[0] or text else "write something first",
    )  # fmt: skip


def written_sheet(app: Window, path: Path) -> Sheet:
    """Return where a file was written, with the ways to it."""
    choices = [
        Choice("open", "Open it", lambda: _open(app, path)),
        Choice("folder", "Open the folder", lambda: _open(app, path.parent)),
        Choice("close", "Done", None, "go", "Esc"),
    ]
    return Sheet(app, "Written", [Piece(path.name, theme.STRONG), Piece(f"in {path.parent}", gap=4)], choices, 620)


def _open(app: Window, path: Path) -> None:
    if not webbrowser.open(path.resolve().as_uri()):
        app.tell(f"Nothing here opens it. It is in {path}.")


def export(record: Record, kind: str, path: Path, names: bool) -> None:
    """Writes the page, the table or the record of a game.

    Raises:
        ChokepointError: It cannot be written there.
    """
    if kind == "record":
        copy = record if names else without_names(record, board_of(start(record)))
        copy.save(path)
    else:
        page = kind == "page"
        write_atomic(path, html(record, names=names).encode() if page else encoded(csv_text(record, names=names)))
