"""Two lines of a replay side by side: where they part, and their tracks laid over each other."""

from __future__ import annotations

from functools import partial

from pygame import Rect

from game import theme
from game.narrative.board import Board
from game.narrative.chronicle import Chronicle
from game.narrative.history import History
from game.narrative.sight import board_of
from game.narrative.viewers import EVERYTHING, node_title
from game.prose.numbers import counted
from game.records.node import ROOT, Node
from game.records.tree import Variation, parting, path
from game.ui.board.standing import TITLE
from game.ui.replay.replay_model import Replay
from game.ui.screens.picker import Picker
from game.ui.toolkit.charts import Curve, overlay
from game.ui.toolkit.layout import columns, from_bottom, from_top, inset
from game.ui.toolkit.page import Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Scroll, stack
from game.ui.toolkit.widgets import button

CHARTS = 8
"""How many tracks are compared, besides the points."""


class CompareScreen(Screen):
    """Line A drawn through, line B dashed."""

    name = "compare"

    def __init__(self, app: Window, replay: Replay) -> None:
        super().__init__(app)
        self.replay = replay
        other = replay.line.number or len(replay.lines) - 1
        self.chosen = [0, other]
        self.scroll = Scroll()
        self._charts: tuple[tuple[int, int], list[tuple[str, list[Curve]]], int] | None = None

    @property
    def lines(self) -> tuple[Variation, Variation]:
        return self.replay.lines[self.chosen[0]], self.replay.lines[self.chosen[1]]

    def build(self, page: Page) -> None:
        body = inset(page.rect, page.u(16), page.u(12))
        head, body = from_top(body, page.line(theme.TITLE), page.u(8))
        page.text(head, "Two lines compared", theme.TITLE, bold=True)
        foot, body = from_bottom(body, page.u(50), page.u(10))
        button(page, "compare.back", foot, "Back to the replay", self.app.pop, hotkey="Esc", kind="go")
        strip, body = from_top(body, page.line(theme.STRONG) + page.line(theme.SMALL) + page.u(10), page.u(8))
        for n, place in enumerate(columns(strip, (1, 1), page.u(10))):
            line = self.lines[n]
            note = f"line {'AB'[n]}, {'drawn through' if n == 0 else 'dashed'} · {counted(len(line.nodes), 'move')}"
            button(page, f"compare.{n}", place, line.name, partial(self._pick, n), hotkey=note)
        said = self.sentence()
        told, body = from_top(body, page.tall(said, body.width, theme.BODY), page.u(8))
        page.words(told, said, theme.BODY, theme.WARN)
        board = board_of(self.replay.game)
        key, body = from_top(body, page.line(theme.SMALL), page.u(8))
        draw_key(page, key, board, list(board.layout.seats))
        charts, rounds = self._worked_out()
        across = 3 if page.room[0] >= 1180 else 2 if page.room[0] >= 800 else 1
        count = -(-len(charts) // across)
        gap, least = page.u(10), max(page.u(150), page.line(theme.BODY) * 6)
        shown = max(1, min(count, (body.height + gap) // (least + gap)))
        high = max(least, min(page.u(260), (body.height + gap) // shown - gap))

        def draw(n: int, place: Rect) -> None:
            for (title, curves), cell in zip(
                charts[n * across : (n + 1) * across], columns(place, [1] * across, page.u(16)), strict=False
            ):
                overlay(page, cell, title, curves, rounds)

        stack(page, body, self.scroll, [high] * count, draw, gap, passive=True)

    def sentence(self) -> str:
        first, second = self.lines
        found = parting(self.replay.record, first, second)
        if found.first is None and found.second is None:
            return "The two lines are the same."
        after = "from the start" if not found.shared else f"after move {found.shared}"
        return f"They part {after}: in A {self._told(found.first)}; in B {self._told(found.second)}."

    def _told(self, node: Node | None) -> str:
        if node is None:
            return "the line ends"
        game = self.replay.positions.game(node.parent)
        who = board_of(game).seat_title(node.seat) if node.seat is not None else "the facilitator"
        return f"{who}, round {game.round}: {node_title(game, node, self.replay.viewer)}"

    def _worked_out(self) -> tuple[list[tuple[str, list[Curve]]], int]:
        key = (self.chosen[0], self.chosen[1])
        if self._charts is None or self._charts[0] != key:
            self._charts = (key, *charts_of(self.replay, *self.lines))
        return self._charts[1], self._charts[2]

    def _pick(self, n: int) -> None:
        def done(at: int) -> None:
            self.chosen[n] = at
            self.scroll.first = 0

        items = [(line.name, f"{line.kind}, {counted(len(line.nodes), 'move')}") for line in self.replay.lines]
        self.app.push(Picker(self.app, f"Line {'AB'[n]}", items, self.chosen[n], done))

    def first_focus(self) -> str | None:
        return "compare.back"


def charts_of(replay: Replay, first: Variation, second: Variation) -> tuple[list[tuple[str, list[Curve]]], int]:
    """Of two lines: points, the liveliest public tracks and what secrets the viewer may see, as curves; and the
    last round of either.
    """
    found: list[tuple[History, int, Board]] = []
    for line in (first, second):
        game = replay.positions.game(line.last)
        board = board_of(game)
        found.append((History(game, board, Chronicle(game)), game.round, board))
    board = found[0][2]
    charts: list[tuple[str, list[Curve]]] = []
    curves: list[Curve] = []
    for n, (history, upto, _) in enumerate(found):
        over = upto if history.game.over else upto - 1
        scores = [history.scores(round_) for round_ in range(1, over + 1)]
        for seat in board.layout.seats if scores else ():
            curves.append(Curve(board.marks[seat], tuple(each[seat] for each in scores), 1, n == 1))
    if curves:
        charts.append((TITLE, curves))
    names = [series.track for history, upto, _ in found for series in history.liveliest(upto, CHARTS)]
    for name in list(dict.fromkeys(names))[:CHARTS]:
        of = board.book.tracks[name].scope
        curves = []
        for n, (history, upto, _) in enumerate(found):
            series = history.series(name, upto)
            for element, values in series.lines:
                mark = board.mark_of(of[0], element) if of else theme.NEUTRAL
                curves.append(Curve(mark, values, 0, n == 1))
        charts.append((board.book.tracks[name].title, curves))
    upto = max(upto for _, upto, __ in found)
    return charts + _secret_charts(replay, board, (first, second)), upto


def _secret_charts(replay: Replay, board: Board, both: tuple[Variation, Variation]) -> list[tuple[str, list[Curve]]]:
    """The seats' own secret tracks, marked as such: what moved of all that the viewer may see."""
    seats = [seat for seat in board.layout.seats if replay.viewer in (EVERYTHING, seat)]
    tracks = [t for t in board.book.tracks.values() if t.visibility == "owner" and t.scope == ("seat",) and not t.drawn]
    charts = []
    for track in tracks if seats else []:
        curves = [
            Curve(board.marks[seat], _by_round(replay, line, track.name, seat), 0, n == 1)
            for n, line in enumerate(both)
            for seat in seats
        ]
        if any(len(set(curve.values)) > 1 for curve in curves):
            charts.append((f"{track.title} (secret)", curves))
    return charts


def _by_round(replay: Replay, line: Variation, track: str, seat: str) -> tuple[int, ...]:
    """A seat's track at the start and after each round of a line."""
    replay.positions.reach(line.last)
    games = [replay.positions.game(each) for each in (ROOT, *path(replay.record, line))]
    after = [next((g for g in games if g.round > round_), games[-1]) for round_ in range(1, games[-1].round + 1)]
    return tuple(game.value(track, seat) for game in (games[0], *after))


def draw_key(page: Page, rect: Rect, board: Board, seats: list[str]) -> None:
    """Whose curve is whose: each seat's shape and name, as many as fit."""
    x = rect.x
    for seat in seats:
        title = board.seat_title(seat)
        width = page.width(title, theme.SMALL) + page.u(18)
        if x + width > rect.right:
            break
        page.shape(board.marks[seat], (x + page.u(6), rect.centery), 11)
        page.text(Rect(x + page.u(15), rect.y, width, rect.height), title, theme.SMALL, theme.SOFT)
        x += width + page.u(14)
