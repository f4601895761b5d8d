"""What would have happened: many games played on from a position by bots, in a thread, shown as bands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from pygame import Rect

import ai_players
from ai_players import usual_players
from game import theme
from game.core.game import Game
from game.engine.engine import BUILT_IN
from game.errors import ChokepointError
from game.narrative.sight import board_of
from game.prose.numbers import counted, number
from game.simulation.continuations import LABEL, Continuations, play_on
from game.table.background import Background
from game.table.library import player_words
from game.ui.replay.replay_model import Replay
from game.ui.screens.picker import Picker
from game.ui.toolkit.charts import Band, Curve, bands
from game.ui.toolkit.layout import columns, from_bottom, from_left, from_top, inset
from game.ui.toolkit.page import Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Scroll, stack
from game.ui.toolkit.widgets import button, stepper
from rules import RuleErrors
from rules.model.rulebook import Doctrine

COUNTS = (32, 128, 512)
JIT_FROM = 128
"""From this many games on the compiled kernel is worth its start; for a player that tries every move, always."""


class Ahead(Background[Continuations]):
    """Games being played on; ``done`` counts those that are over, of ``count``."""

    def __init__(self, game: Game, players: dict[str, Doctrine | str], count: int, *, jit: bool) -> None:
        self.count = count
        start = game.branch()
        super().__init__(
            lambda told: play_on(start, players, range(count), jit=None if jit else False, on_progress=told)
        )


def fitting_names(game: Game, seat: str) -> list[str]:
    """The players of the kernel that can play a seat."""
    return [*ai_players.for_seat(game.book, game.scenario.name, seat), *BUILT_IN]


def usual_names(replay: Replay) -> dict[str, str]:
    """Who plays on: the seats' own players where they are bots of the kernel, else the usual ones."""
    game = replay.game
    found = usual_players(game.book, game.scenario.name, game.seed)
    for seat, who in replay.record.seats.items():
        name = str(who.get("player", "")) if isinstance(who, Mapping) else ""
        if seat in found and name in fitting_names(game, seat):
            found[seat] = name
    return found


class AheadScreen(Screen):
    """Players a seat at the left, the bands at the right."""

    name = "ahead"

    def __init__(self, app: Window, replay: Replay) -> None:
        super().__init__(app)
        self.replay, self.game = replay, replay.game
        self.board = board_of(self.game)
        self.players = usual_names(replay)
        self.count = 0
        self.run: Ahead | None = None
        self.ran: tuple[dict[str, str], int] | None = None
        self.scroll = Scroll()
        self._shown = -1.0

    def _fitting(self, seat: str) -> list[str]:
        return fitting_names(self.game, seat)

    def build(self, page: Page) -> None:
        body = inset(page.rect, page.u(16), page.u(12))
        head, body = from_top(body, page.line(theme.TITLE), page.u(4))
        at = f"round {self.game.round}, move {self.replay.at}" if self.replay.at else "the start"
        page.text(head, "What would have happened", theme.TITLE, bold=True)
        label, body = from_top(body, page.line(theme.STRONG), page.u(8))
        page.text(label, f"From {at}. {LABEL}.", theme.STRONG, theme.WARN, bold=True)
        foot, body = from_bottom(body, page.u(50), page.u(10))
        button(page, "ahead.back", foot, "Back to the replay", self.back, hotkey="Esc")
        if page.room[0] >= 800:
            left, right = from_left(body, page.u(330), page.u(12))
        else:
            left, right = columns(body, (42, 58), page.u(8))
        page.panel(left)
        self._asked(page, inset(left, page.u(12), page.u(10)))
        page.panel(right)
        self._answer(page, inset(right, page.u(12), page.u(10)))

    def _asked(self, page: Page, rect: Rect) -> None:
        high = page.line(theme.STRONG) + page.u(16)
        go, rest = from_bottom(rect, high, page.u(6))
        running = self.run is not None and self.run.running
        if running:
            button(page, "ahead.stop", go, "Stop", self._stop, kind="danger")
        else:
            button(page, "ahead.go", go, "Play on", self.start, kind="go")
        line, rest = from_bottom(rest, high, page.u(8))
        words = [counted(count, "game") for count in COUNTS]
        stepper(page, "ahead.count", line, "Games", words, self.count, self._count)
        seats = list(self.game.seats)
        each = page.line(theme.SMALL) + page.u(2) + page.target

        def draw(n: int, place: Rect) -> None:
            seat = seats[n]
            top = Rect(place.x, place.y, place.width, page.line(theme.SMALL))
            page.shape(self.board.marks[seat], (top.x + page.u(7), top.centery), 12)
            text = Rect(top.x + page.u(18), top.y, top.width - page.u(18), top.height)
            page.text(text, self.board.seat_title(seat), theme.SMALL, theme.SOFT)
            title, about = player_words(self.game.book, self.players[seat])
            box = Rect(place.x, top.bottom + page.u(2), place.width, place.height - top.height - page.u(2))
            button(page, f"ahead.player.{seat}", box, title, partial(self._pick, seat), size=theme.BODY, tip=about)

        stack(page, rest, self.scroll, [each] * len(seats), draw, page.u(6))

    def _answer(self, page: Page, rect: Rect) -> None:
        run = self.run
        if run is None:
            text = (
                "Bots play the game on from here, again and again, each time with other dice and cards. The band holds"
                " eight of ten games, the line is the middle one; what was played is dashed."
            )
            page.words(rect, text, theme.BODY, theme.SOFT)
            return
        running = run.running  # asked first: what ends in between has its result below
        if run.fault:
            page.words(rect, run.fault, theme.BODY, theme.WORSE)
            return
        if run.result is None:
            done = f"{run.done:.0f} of {counted(run.count, 'game')} played" if running else "Stopped."
            strip, _ = from_top(rect, page.line(theme.STRONG), page.u(6))
            page.text(strip, done, theme.STRONG)
            page.bar(Rect(rect.x, strip.bottom + page.u(6), rect.width, page.u(10)), theme.NEUTRAL,
                     run.done / max(1, run.count))  # fmt: skip
            return
        self._result(page, rect, run.result)

    def _result(self, page: Page, rect: Rect, result: Continuations) -> None:
        line = page.line(theme.BODY)
        seats = sorted(self.game.seats, key=lambda seat: -result.mean_score(seat))
        table, rest = from_bottom(rect, (line + page.u(3)) * (len(seats) + 1), page.u(10))
        head, rest = from_top(rest, page.line(theme.BODY), page.u(4))
        count = counted(len(result), "game")
        page.text(head, f"Score round by round, if the game ended there · {count}", theme.BODY, bold=True)
        played = self.played()
        found = [Band(self.board.marks[seat], tuple(result.band(seat)), result.begins) for seat in self.game.seats]
        bands(page, rest, found, played, self.game.scenario.rounds, result.begins)
        wide = max(page.width(text, theme.SMALL) for text in ("won", "score, middle", "10th to 90th")) + page.u(16)
        y = table.y
        for n, seat in enumerate(["", *seats]):
            row = Rect(table.x, y + n * (line + page.u(3)), table.width, line)
            cells: list[str] = ["won", "score, middle", "10th to 90th"]
            if seat:
                low, middle, high = result.band(seat)[-1]
                cells = [f"{result.win_share(seat):.0%}", number(middle), f"{number(low)} to {number(high)}"]
                page.shape(self.board.marks[seat], (row.x + page.u(8), row.centery), 13)
                name = Rect(row.x + page.u(22), row.y, row.width - page.u(22) - 3 * wide, row.height)
                page.text(name, self.board.seat_title(seat), theme.BODY)
            for at, text in enumerate(reversed(cells)):
                place = Rect(row.right - (at + 1) * wide, row.y, wide, row.height)
                page.text(place, text, theme.BODY if seat else theme.SMALL, theme.TEXT if seat else theme.SOFT,
                          bold=bool(seat), align="right")  # fmt: skip

    def played(self) -> list[Curve]:
        """What was played from here on, as scores at the end of each round."""
        replay = self.replay
        values: dict[str, list[int]] = {seat: [] for seat in self.game.seats}
        ids = replay.ids[replay.at : replay.last]
        before = self.game
        for identity in ids:
            game = replay.positions.game(identity)
            if game.round != before.round or game.over:
                scores = game.scores()
                for seat in values:
                    values[seat] += [scores[seat]] * max(1, game.round - before.round)
            before = game
        first = self.game.round
        return [Curve(self.board.marks[seat], tuple(each), first, True) for seat, each in values.items() if each]

    # ------------------------------------------------------------------------------------------- doings

    def start(self) -> None:
        book = self.game.book
        try:
            specs = {seat: ai_players.load(name, book) for seat, name in self.players.items()}
        except (ChokepointError, RuleErrors) as error:
            self.app.tell(str(error).splitlines()[0])
            return
        players = {seat: spec for seat, spec in specs.items() if isinstance(spec, Doctrine | str)}
        self.ran = (dict(self.players), COUNTS[self.count])
        count = COUNTS[self.count]
        self.run = Ahead(self.game, players, count, jit=count >= JIT_FROM or "greedy" in players.values())
        self.app.focus = None

    def _stop(self) -> None:
        if self.run is not None:
            self.run.stop()

    def _count(self, n: int) -> None:
        self.count = n

    def _pick(self, seat: str) -> None:
        names = self._fitting(seat)

        def done(n: int) -> None:
            self.players[seat] = names[n]

        items = [player_words(self.game.book, name) for name in names]
        title = f"Who plays {self.board.seat_title(seat)} from here on?"
        self.app.push(Picker(self.app, title, items, names.index(self.players[seat]), done))

    def tick(self, now: float) -> None:
        run = self.run
        if run is not None and (run.running or self._shown != run.done):
            self._shown = run.done if not run.running else -1.0
            self.app.redraw()

    def back(self) -> None:
        self._stop()
        self.app.pop()

    def close(self) -> None:
        self._stop()

    def first_focus(self) -> str | None:
        return "ahead.go"
