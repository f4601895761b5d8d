"""The end: who won and how, from par by play and agenda to the final score; the world, aims and secrets, told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pygame
from pygame import Rect

from game import theme
from game.core.game import Game
from game.narrative.aims import aims_of
from game.narrative.chronicle import ChronicleLine
from game.narrative.history import History, ranks
from game.narrative.ledger import Words
from game.narrative.score import score_change
from game.narrative.viewers import whole_sight
from game.prose.lexicon import titled
from game.prose.numbers import joined, number, signed
from game.table.sitting import Sitting
from game.ui.board.map_painter import MapPainter
from game.ui.board.map_pieces import fields_of
from game.ui.board.standing import TITLE, par
from game.ui.replay.replay_model import Replay
from game.ui.screens.score_fall import Fall, draw_falls
from game.ui.toolkit.charts import line_chart, part_mark
from game.ui.toolkit.layout import columns, from_bottom, from_left, from_top, inset
from game.ui.toolkit.page import Key, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Piece, Scroll, running_text, stack
from game.ui.toolkit.widgets import button, heading, tabs

WINNER, TALKED = 36, 6
"""Size of the winner's name; moves to talk about at most."""


class EndingScreen(Screen):
    """Rank, the bloc's result, the world's, and each seat's aims, side by side: a single winner is not all."""

    name = "ending"
    keeps_time = False

    def __init__(
        self,
        app: Window,
        sitting: Sitting,
        leave: Callable[..., None],
        *,
        why: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        """Tell how a sitting has ended.

        Args:
            app: The window.
            sitting: The game.
            leave: Leaves the game for other screens.
            why: What a coach says of it can be opened again: the button's title, and what opens it.
        """
        super().__init__(app)
        self.sitting, self.why = sitting, why
        self.leave = leave
        game = sitting.game
        self.scores = game.scores()
        self.parts = {seat: game.parts(seat) for seat in game.seats}
        self.before = Game(game.book, game.scenario.name, game.seed).measures()
        self.order = sorted(game.seats, key=lambda seat: -self.scores[seat])
        history = History(game, sitting.board, sitting.chronicle)
        rounds = [history.scores(round_) for round_ in range(1, game.round + 1)]
        self.shown = rounds[-1]
        marks = sitting.board.marks
        self.lines = [(marks[seat], tuple(scores[seat] for scores in rounds)) for seat in game.seats]
        # The game is over: nothing is a secret any more.
        self.everything = whole_sight(game, sitting.chronicle).values
        self.aims = {
            seat: aims_of(game, sitting.board, sitting.offers.said, seat, self.everything) for seat in game.seats
        }
        self.falls = [self._fall(seat, history, tuple(scores[seat] for scores in rounds)) for seat in self.order]
        self.tab = self.left = 0
        self.scrolls = [Scroll() for _ in range(5)]
        self.painter = MapPainter()
        self.talked = self._to_talk_about()

    def _fall(self, seat: str, history: History, path: tuple[int, ...]) -> Fall:
        """Return a seat's way to its final score."""
        game, board, score = self.sitting.game, self.sitting.board, self.scores[seat]
        agenda, won = joined([agenda.title for agenda in game.agendas(seat)]), seat in game.winners
        return Fall(
            board.marks[seat], board.seat_title(seat), path, score,
            agenda=f"{signed(score - path[-1])} {agenda}" if agenda else "",
            points=sum(self.parts[seat].values()), expected=score_change(history, seat, game.round).par,
            place="winner" if won else ranks(self.scores)[seat], won=won, aims=tuple(self.aims[seat]),
        )  # fmt: skip

    def _to_talk_about(self) -> list[ChronicleLine]:
        """Return the moves that changed most at once, in the order of play."""
        chronicle, weigh = self.sitting.chronicle, self.sitting.chronicle.relevance.of
        lines = [line for line in self.sitting.sight(None).lines if line.kind == "move" and line.seat is not None]
        weights = [
            (sum(weigh(shift) for shift in chronicle.weighty(line.shifts, 3)), n) for n, line in enumerate(lines)
        ]
        best = sorted(weights, reverse=True)[:TALKED]
        return [lines[n] for weight, n in sorted(best, key=lambda pair: pair[1]) if weight > 0]

    def build(self, page: Page) -> None:
        """Who won and how the scores came about; the world, the map and the moves to talk about beside and below."""
        body = inset(page.rect, page.u(12), page.u(10))
        head, body = from_top(body, self._head_tall(page, body.width), page.u(8))
        self._head(page, head)
        foot, body = from_bottom(body, page.u(62), page.u(10))
        self._buttons(page, foot)
        wide, high = page.room
        panels = [("Scores", self._waterfall), ("The world", self._world), ("Points by part", self._scores),
                  ("Aims", self._aims), ("Moves to talk about", self._moves)]  # fmt: skip
        gap = page.u(10)
        if wide >= 1180 and high >= 740:
            low, body = from_bottom(body, page.u(158), gap)
            left, right = columns(body, (70, 30), gap)
            strip, left = from_top(left, page.target, page.u(4))
            tabs(
                page, "ending.left", strip, ["How the scores came about", "Points by part"], self.left, self._turn_left
            )
            page.panel(left, radius=10)
            (self._waterfall, self._scores)[self.left](page, inset(left, page.u(14), page.u(8)))
            small, moves = columns(low, (34, 66), gap)
            self._map(page, small)
            page.panel(moves, radius=10)
            self._moves(page, inset(moves, page.u(14), page.u(8)))
            panels = [panels[1], panels[3]]
        else:
            right = body
        self.tab = min(self.tab, len(panels) - 1)
        strip, right = from_top(right, page.target, page.u(4))
        tabs(page, "ending", strip, [name for name, _ in panels], self.tab, self._turn_to)
        page.panel(right, radius=10)
        panels[self.tab][1](page, inset(right, page.u(14), page.u(8)))

    def _head_tall(self, page: Page, width: int) -> int:
        title, why = self.verdict()
        room = width - page.width(title, WINNER, serif=True) - page.u(80)
        beside = room > page.u(260)
        return max(page.line(WINNER), page.tall(why, room, theme.BODY)) if beside else (
            page.line(WINNER) + page.tall(why, width, theme.BODY)
        )  # fmt: skip

    def _head(self, page: Page, rect: Rect) -> None:
        title, why = self.verdict()
        game, high = self.sitting.game, page.line(WINNER)
        x = rect.x
        if len(game.winners) == 1:
            page.shape(self.sitting.board.marks[game.winners[0]], (x + page.u(20), rect.y + high // 2), 34)
            x += page.u(52)
        used = page.text(Rect(x, rect.y, rect.right - x, high), title, WINNER, serif=True)
        room = Rect(used.right + page.u(24), rect.y, rect.right - used.right - page.u(24), rect.height)
        if rect.height > high + page.u(4) and room.width <= page.u(260):
            room = Rect(rect.x, rect.y + high, rect.width, rect.height - high)
        tall = page.tall(why, room.width, theme.BODY)
        page.words(Rect(room.x, room.y + max(0, (min(room.height, high) - tall) // 2), room.width, room.height), why,
                   theme.BODY, theme.SOFT)  # fmt: skip

    def verdict(self) -> tuple[str, str]:
        game, board = self.sitting.game, self.sitting.board
        names = [board.seat_title(seat) for seat in game.winners]
        best = number(max(self.scores.values()))
        title = "Nobody wins" if not names else f"{joined(names)} share the win, {best} each"
        title = f"Winner: {names[0]}, with {best}" if len(names) == 1 else title
        if game.ending == "final":
            return title, f"{self.sitting.title}: the last of {game.scenario.rounds} rounds is over."
        found = game.book.endings[str(game.ending)]
        return title, f"{found.title}, in round {game.round}. {found.text}"

    def _turn_left(self, tab: int) -> None:
        self.left = tab

    def _turn_to(self, tab: int) -> None:
        self.tab = tab

    def _buttons(self, page: Page, rect: Rect) -> None:
        if self.why is not None:
            place, rect = from_left(rect, round(rect.width * 0.2), page.u(10))
            button(page, "ending.why", place, self.why[0], self.why[1], hotkey="W")
        board, again, start, debrief = columns(rect, (21, 17, 17, 45), page.u(10))
        button(page, "ending.board", board, "Look at the board", self.back, hotkey="Esc")
        button(page, "ending.new", again, "New game", lambda: self.leave("start", "setup"), hotkey="N")
        button(page, "ending.start", start, "Start screen", lambda: self.leave("start"), hotkey="S")
        button(page, "ending.debrief", debrief, "Open the debrief", self.debrief, size=theme.BUTTON, kind="go",
               hotkey="what happened, why, what if · Enter")  # fmt: skip

    def debrief(self) -> None:
        path = self.sitting.journal.path if self.sitting.journal is not None else None
        replay = Replay(self.sitting.record, path)
        self.app.go("debrief", replay, self.sitting.keep_in_header)

    def key(self, key: Key) -> bool:
        """D: the debrief; N: a new game; S: the start screen; W: what the coach says of it."""
        if key.ctrl:
            return False
        if key.code == pygame.K_d:
            self.debrief()
        elif key.code == pygame.K_n:
            self.leave("start", "setup")
        elif key.code == pygame.K_w and self.why is not None:
            self.why[1]()
        elif key.code == pygame.K_s:
            self.leave("start")
        else:
            return False
        return True

    # --------------------------------------------------------------------------------------- panels

    def _waterfall(self, page: Page, rect: Rect) -> None:
        draw_falls(page, rect, self.scrolls[3], self.falls, par(self.sitting), self.sitting.game.book.goals.about)

    def _map(self, page: Page, rect: Rect) -> None:
        """The map as it became."""
        board = self.sitting.board
        if board.places is None:
            page.panel(rect, radius=10)
            return
        page.picture(self.painter.picture(rect.size, fields_of(board, self.everything)), rect.topleft)
        measures = [(board.side_mark(side), side) for side in board.layout.elements(board.sides or "")]
        first = History(self.sitting.game, board, self.sitting.chronicle).after[0]
        x, line = rect.x + page.u(12), page.line(theme.SMALL)
        low = Rect(rect.x, rect.bottom - line - page.u(8), rect.width, line + page.u(8))
        page.fill(low, theme.SEA)
        places = board.layout.elements(board.places)
        for mark, side in measures:
            before, after = (
                round(sum(values.get((board.shares or "", (side, p)), 0) for p in places) / len(places))
                for values in (first, self.everything)
            )
            page.shape(mark, (x + page.u(7), low.centery), 13)
            said = f"{number(before)} → {number(after)} %"
            x = page.text(Rect(x + page.u(20), low.y, rect.right - x, low.height), said, theme.SMALL, mark.colour,
                          bold=True).right + page.u(16)  # fmt: skip
        page.text(Rect(x, low.y, rect.right - x, low.height), "mean of the regions", theme.SMALL, theme.SOFT)

    def _moves(self, page: Page, rect: Rect) -> None:
        """The moves that changed most, for the discussion."""
        body = heading(page, rect, "Moves to talk about", "those that changed most at once")
        board, words = self.sitting.board, Words(self.sitting.game.book, self.sitting.game.scenario)
        high = page.line(theme.BODY) + page.u(8)

        def draw(n: int, place: Rect) -> None:
            line = self.talked[n]
            page.fill(Rect(place.x, place.y, place.width, 1), theme.EDGE)
            page.text(Rect(place.x, place.y, page.u(36), place.height), f"R{line.round}", theme.BODY, theme.SOFT)
            x, mark = place.x + page.u(40), board.marks[str(line.seat)]
            page.shape(mark, (x + page.u(7), place.centery), 14)
            room = round(place.width * 0.18)
            page.text(Rect(x + page.u(20), place.y, room, place.height), board.seat_title(str(line.seat)), theme.BODY,
                      mark.colour, bold=True)  # fmt: skip
            x += page.u(26) + room
            room = round((place.right - x) * 0.48)
            page.text(Rect(x, place.y, room, place.height), line.title, theme.BODY, bold=True)
            shift = line.telling or self.sitting.chronicle.weighty(line.shifts, 1)[0]
            said = f"{words.cell(shift.cell)} {number(shift.before)} → {number(shift.after)}"
            page.text(Rect(x + room + page.u(10), place.y, place.right - x - room - page.u(10), place.height), said,
                      theme.BODY, theme.SOFT)  # fmt: skip

        stack(page, body, self.scrolls[4], [high] * len(self.talked), draw, 0, passive=True)

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
            final, shown = self.scores[seat], self.shown[seat]
            points = {
                "sum": sum(self.parts[seat].values()), "score": final, "shown": shown, "agendas": final - shown,
            }.get(kind, self.parts[seat].get(kind, 0))  # fmt: skip
            star = "★ " if kind == "score" and seat in game.winners else ""
            text = signed(points) if kind == "agendas" else f"{star}{number(points)}"
            page.text(cell, text, size, bold=kind in ("sum", "score"), align="centre")

    def _world(self, page: Page, rect: Rect) -> None:
        """How the sides did, and the rulebook's measures from the first round to the end."""
        rect, game = self._sides(page, rect), self.sitting.game
        measures = game.measures()
        if not measures:
            page.words(rect, "This rulebook names no results for the world.", theme.BODY, theme.SOFT)
            return
        rect = heading(page, rect, "What became of the world", "beginning → end")
        items = [(name, amount, self.before.get(name, 0)) for name, amount in measures.items()]
        titles = [game.book.measures[name].title or titled(name) for name, _, _ in items]
        wide = max(page.width(number(amount), theme.BODY, True) for _, amount, _ in items) + page.u(10)
        value = wide + max(page.width(f"{number(before)} → ") for _, _, before in items)
        heights = [page.tall(title, rect.width - value - page.u(24)) + page.u(5) for title in titles]

        def draw(n: int, place: Rect) -> None:
            page.words(Rect(place.x, place.y, place.width - value, place.height), titles[n])
            line = Rect(place.x, place.y, place.width, page.line())
            used = page.text(line, number(items[n][1]), theme.BODY, bold=True, align="right")
            if items[n][2] not in (0, items[n][1]):
                room = Rect(line.x, line.y, used.x - line.x, line.height)
                page.text(room, f"{number(items[n][2])} → ", theme.BODY, theme.SOFT, align="right")
            if game.book.measures[items[n][0]].about:
                page.tip(place, game.book.measures[items[n][0]].about)

        stack(page, rect, self.scrolls[1], heights, draw, page.u(1), passive=True)

    def _sides(self, page: Page, rect: Rect) -> Rect:
        """The points of each side's seats together: a seat can win while its side comes second. Returns what is left
        below.
        """
        board = self.sitting.board
        sides = board.layout.elements(board.sides) if board.sides is not None else ()
        sums = {
            side: sum(sum(self.parts[s].values()) for s in self.order if board.side_of_seat[s] == side)
            for side in sides
        }
        most, line = max(sums.values(), default=0), page.line(theme.BODY)
        if most <= 0:
            return rect
        rect = heading(page, rect, "Points of each side", "all its seats, all rounds")
        for side, amount in sums.items():
            row, rect = from_top(rect, line, page.u(3))
            mark, name = board.side_mark(side), board.element_title(board.sides or "", side)
            page.shape(mark, (row.x + page.u(7), row.centery), 13)
            page.text(Rect(row.x + page.u(20), row.y, row.width // 2, row.height), name, theme.BODY)
            end = page.text(row, number(amount), theme.BODY, bold=True, align="right").x
            bar = Rect(row.x + row.width // 2, row.centery - page.u(7), 0, page.u(14))
            bar.width = end - page.u(8) - bar.x
            page.bar(bar, mark, amount / most)
        return from_top(rect, 0, page.u(10))[1]

    def _aims(self, page: Page, rect: Rect) -> None:
        """Each seat's aims, met or not, and its secret agenda with what it brought."""
        game, board = self.sitting.game, self.sitting.board
        pieces: list[Piece] = []
        for seat in self.order:
            mark = board.marks[seat]
            colour = theme.readable(mark.colour, theme.PANEL)
            pieces.append(Piece(f"{mark.glyph} {self.sitting.who(seat)}", theme.STRONG, colour, True, gap=12))
            for aim in self.aims[seat]:
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
