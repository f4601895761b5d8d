"""The end: who won, points by part, what became of the blocs and of the world, ambitions, and the secrets, told."""

from __future__ import annotations

from typing import Any

import pygame
from pygame import Rect

from game import theme
from game.narrative.aims import aims_of
from game.narrative.history import History
from game.narrative.viewers import whole_sight
from game.prose.lexicon import titled
from game.prose.numbers import joined, number, signed
from game.table.sitting import Sitting
from game.ui.board.standing import TITLE
from game.ui.replay.replay_model import Replay
from game.ui.toolkit.charts import line_chart, part_mark
from game.ui.toolkit.layout import columns, from_bottom, from_top, inset
from game.ui.toolkit.page import Key, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Piece, Scroll, running_text, stack
from game.ui.toolkit.widgets import button, heading, tabs


class EndingScreen(Screen):
    """Rank, the bloc's result, the world's, and each seat's ambitions, side by side: a single winner is not all."""

    name = "ending"
    keeps_time = False

    def __init__(self, app: Window, sitting: Sitting) -> None:
        super().__init__(app)
        self.sitting = sitting
        game = sitting.game
        self.scores = game.scores()
        self.parts = {seat: game.parts(seat) for seat in game.seats}
        self.order = sorted(game.seats, key=lambda seat: -self.scores[seat])
        history = History(game, sitting.board, sitting.chronicle)
        rounds = [history.scores(round_) for round_ in range(1, game.round + 1)]
        self.shown = rounds[-1] if rounds else {}
        marks = sitting.board.marks
        self.lines = [(marks[seat], tuple(scores[seat] for scores in rounds)) for seat in game.seats if rounds]
        # The game is over: nothing is a secret any more.
        self.everything = whole_sight(game, sitting.chronicle).values
        self.tab = 0
        self.scrolls = [Scroll(), Scroll(), Scroll()]

    def build(self, page: Page) -> None:
        """The result at the left, world and aims at the right; behind tabs where there is little room."""
        body = inset(page.rect, page.u(16), page.u(12))
        title, why = self.verdict()
        high = page.line(theme.TITLE) + page.tall(why, body.width, theme.BODY)
        head, body = from_top(body, high, page.u(10))
        page.text(Rect(head.x, head.y, head.width, page.line(theme.TITLE)), title, theme.TITLE, theme.NOW, bold=True)
        page.words(Rect(head.x, head.y + page.line(theme.TITLE), head.width, head.height), why, theme.BODY, theme.SOFT)
        foot, body = from_bottom(body, page.u(52), page.u(10))
        self._buttons(page, foot)
        wide, high_room = page.room
        panels = [("Scores", self._scores), ("The world", self._world), ("Aims", self._aims)]
        if wide >= 1180 and high_room >= 700:
            left, right = columns(body, (70, 30) if len(self.order) > 4 else (58, 42), page.u(10))
            page.panel(left)
            self._scores(page, inset(left, page.u(14), page.u(10)))
            panels = panels[1:]
        else:
            right = body
        self.tab = min(self.tab, len(panels) - 1)
        strip, right = from_top(right, page.line(theme.BODY) + page.u(10), page.u(4))
        tabs(page, "ending", strip, [name for name, _ in panels], self.tab, self._turn_to)
        page.panel(right)
        panels[self.tab][1](page, inset(right, page.u(14), page.u(10)))

    def verdict(self) -> tuple[str, str]:
        game, board = self.sitting.game, self.sitting.board
        names = [board.seat_title(seat) for seat in game.winners]
        title = (
            "Nobody wins" if not names else f"{names[0]} wins" if len(names) == 1 else f"{joined(names)} share the win"
        )
        if game.ending == "final":
            return title, f"{self.sitting.title}: the last of {game.scenario.rounds} rounds is over."
        found = game.book.endings[str(game.ending)]
        return title, f"{found.title}, in round {game.round}. {found.text}"

    def _turn_to(self, tab: int) -> None:
        self.tab = tab

    def _buttons(self, page: Page, rect: Rect) -> None:
        board, debrief, again, start = columns(rect, (1, 1, 1, 1), page.u(10))
        button(page, "ending.debrief", debrief, "Debrief", self.debrief, hotkey="Enter or D", kind="go")
        button(page, "ending.board", board, "Look at the board", self.back, hotkey="Esc")
        button(page, "ending.new", again, "New game", lambda: self._leave("start", "setup"))
        button(page, "ending.start", start, "Start screen", lambda: self._leave("start"))

    def debrief(self) -> None:
        path = self.sitting.journal.path if self.sitting.journal is not None else None
        replay = Replay(self.sitting.record, path)
        self.app.go("debrief", replay, self.sitting.keep_in_header)

    def key(self, key: Key) -> bool:
        """D: the debrief."""
        if key.code == pygame.K_d and not key.ctrl:
            self.debrief()
            return True
        return False

    def _leave(self, *routes: str) -> None:
        self.sitting.close()
        self.app.reset(*map(self.app.make, routes))

    # --------------------------------------------------------------------------------------- panels

    def _scores(self, page: Page, rect: Rect) -> None:
        """A column a seat: final score on top, then points by part."""
        game, board = self.sitting.game, self.sitting.board
        body = heading(page, rect, "Scores", "below: points by part")
        track = game.book.goals.parts
        titles = game.book.sets[game.book.tracks[track].scope[1]].elements if track is not None else {}
        used = [part for part in titles if any(part in parts for parts in self.parts.values())]
        wanted = max([page.width(titles[part]) for part in used] + [page.width("Points gathered", theme.BODY, True)])
        label = min(wanted + page.u(34), round(body.width * 0.25))
        each = (body.width - label - page.u(16)) // len(self.order)
        titles_ = [board.seat_title(seat) for seat in self.order]
        words = [word for title in titles_ for word in title.split()]
        fits = all(page.width(word, theme.BODY, True) <= each - page.u(4) for word in words)
        size = theme.BODY if fits else theme.SMALL
        names = [page.lines(title, each - page.u(4), size, True) for title in titles_]
        high = max(len(lines) for lines in names) * page.line(size) + page.u(20)
        row = page.line(theme.BODY) + page.u(5)
        items: list[tuple[int, str]] = [(high, "head"), (page.line(theme.HEAD) + page.u(8), "score")]
        if any(game.agendas(seat) for seat in self.order):
            items += [(row, "shown"), (row, "agendas")]
        items += [(row, part) for part in used]
        items += [(row, "sum")] if used else []

        def draw(n: int, place: Rect) -> None:
            kind = items[n][1]
            self._score_row(page, place, kind, label, each, titles, size)

        table = sum(height + page.u(2) for height, _ in items)
        if body.height - table > page.u(130) and len(self.lines) > 1:
            chart, body = from_bottom(body, min(page.u(220), body.height - table - page.u(14)), page.u(12))
            line_chart(page, chart, "Score, round by round, secret agendas left out", self.lines)
        stack(page, body, self.scrolls[0], [height for height, _ in items], draw, page.u(2), passive=True)

    def _score_row(
        self, page: Page, rect: Rect, kind: str, label: int, each: int, titles: Any, name_size: float
    ) -> None:
        game, board = self.sitting.game, self.sitting.board
        if kind == "score":
            page.fill(rect, theme.RAISED, 5)
        title = {
            "head": "", "sum": "Points gathered", "score": "Final score", "shown": TITLE, "agendas": "Secret agenda",
        }.get(kind)  # fmt: skip
        size = theme.HEAD if kind == "score" else theme.BODY
        name = Rect(rect.x + page.u(8), rect.y, label - page.u(10), rect.height)
        if title is None:
            swatch = Rect(name.x, rect.y + page.u(4), page.u(14), rect.height - page.u(8))
            page.bar(swatch, part_mark(list(titles).index(kind)), 1.0)
            box = Rect(swatch.right + page.u(6), rect.y, name.right - swatch.right - page.u(6), rect.height)
            fits = page.width(titles[kind]) <= box.width
            page.text(box, titles[kind], theme.BODY if fits else theme.SMALL)
        elif title:
            page.text(name, title, theme.STRONG if kind == "score" else theme.BODY, bold=True)
        for n, seat in enumerate(self.order):
            cell = Rect(rect.x + label + n * each, rect.y, each, rect.height)
            if kind == "head":
                mark = board.marks[seat]
                page.shape(mark, (cell.centerx, cell.y + page.u(8)), 15)
                box = Rect(cell.x + page.u(2), cell.y + page.u(18), each - page.u(4), cell.height - page.u(18))
                colour = theme.readable(mark.colour, theme.PANEL)
                page.words(box, board.seat_title(seat), name_size, colour, bold=True, align="centre")
                continue
            final, shown = self.scores[seat], self.shown.get(seat, 0)
            points = {
                "sum": sum(self.parts[seat].values()), "score": final, "shown": shown, "agendas": final - shown,
            }.get(kind, self.parts[seat].get(kind, 0))  # fmt: skip
            star = "★ " if kind == "score" and seat in game.winners else ""
            text = signed(points) if kind == "agendas" else f"{star}{number(points)}"
            colour = theme.NOW if star else theme.TEXT
            page.text(cell, text, size, colour, bold=kind in ("sum", "score"), align="centre")

    def _world(self, page: Page, rect: Rect) -> None:
        """The rulebook's measures: the blocs' results and the world's."""
        game = self.sitting.game
        measures = game.measures()
        if not measures:
            page.words(rect, "This rulebook names no results for the world.", theme.BODY, theme.SOFT)
            return
        items = list(measures.items())
        titles = [game.book.measures[name].title or titled(name) for name, _ in items]
        value = max(page.width(number(amount), theme.BODY, True) for _, amount in items) + page.u(10)
        heights = [page.tall(title, rect.width - value - page.u(24)) + page.u(5) for title in titles]

        def draw(n: int, place: Rect) -> None:
            page.words(Rect(place.x, place.y, place.width - value, place.height), titles[n])
            line = Rect(place.x, place.y, place.width, page.line())
            page.text(line, number(items[n][1]), theme.BODY, bold=True, align="right")
            if game.book.measures[items[n][0]].about:
                page.tip(place, game.book.measures[items[n][0]].about)

        stack(page, rect, self.scrolls[1], heights, draw, page.u(1), passive=True)

    def _aims(self, page: Page, rect: Rect) -> None:
        """Each seat's ambitions, met or not, and its secret agenda with what it brought."""
        game, board = self.sitting.game, self.sitting.board
        pieces: list[Piece] = []
        for seat in self.order:
            mark = board.marks[seat]
            colour = theme.readable(mark.colour, theme.PANEL)
            pieces.append(Piece(f"{mark.glyph} {self.sitting.who(seat)}", theme.STRONG, colour, True, gap=12))
            for aim in aims_of(game, board, self.sitting.offers.said, seat, self.everything):
                colour, sign = (theme.BETTER, "✓") if aim.met else (theme.WORSE, "✗")
                text = f"{aim.words}: {'met' if aim.met else 'not met'}"
                pieces.append(Piece(text, theme.BODY, colour, indent=18, gap=2, bullet=sign))
            for agenda in game.agendas(seat):
                points = game.evaluate(agenda.points, seat)
                pieces.append(
                    Piece(
                        f"Secret agenda: {agenda.title} ({signed(points)} points). {agenda.text}",
                        theme.BODY,
                        theme.TEXT,
                        indent=18,
                        gap=3,
                    )
                )
        running_text(page, rect, self.scrolls[2], pieces or [Piece("This rulebook names no aims.")])

    def first_focus(self) -> str | None:
        return "ending.debrief"
