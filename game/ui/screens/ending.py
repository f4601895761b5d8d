"""The end: who won and how, from par by play and agenda to the final score; the world, aims and secrets, told."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pygame
from pygame import Rect

from game import theme
from game.core.game import Game
from game.narrative.aims import Aim, aims_of
from game.narrative.chronicle import ChronicleLine
from game.narrative.history import History, ranks
from game.narrative.ledger import Words
from game.narrative.score import score_change
from game.narrative.viewers import whole_sight
from game.prose.lexicon import titled
from game.prose.numbers import joined, number, signed
from game.table.sitting import Sitting
from game.ui.board.map_painter import MapPainter
from game.ui.board.map_view import fields_of
from game.ui.board.standing import TITLE, aim_mark, par
from game.ui.replay.replay_model import Replay
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
        self.shown = rounds[-1] if rounds else {}
        self.paths = {seat: [scores[seat] for scores in rounds] for seat in game.seats}
        self.changes = {seat: score_change(history, seat, game.round) for seat in game.seats if rounds}
        marks = sitting.board.marks
        self.lines = [(marks[seat], tuple(scores[seat] for scores in rounds)) for seat in game.seats if rounds]
        # The game is over: nothing is a secret any more.
        self.everything = whole_sight(game, sitting.chronicle).values
        self.tab = self.left = 0
        self.scrolls = [Scroll() for _ in range(5)]
        self.painter = MapPainter()
        self.talked = self._to_talk_about()

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
        title = f"The win goes to {names[0]} with {best}" if len(names) == 1 else title
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
        """From par by what play brought, and on by the secret agenda, to the final score; aims beside it."""
        level = par(self.sitting)
        base = level if level is not None else 0
        line = page.line(theme.BODY)
        narrow = rect.width < page.u(760)
        name = min(page.u(200), round(rect.width * 0.26))
        final = page.width("000", theme.TITLE, True) + page.u(26)
        aims = 0 if narrow else page.u(216)
        most_aims = max(len(self._aims_of(seat)) for seat in self.order)
        lane = Rect(rect.x + name, rect.y + line, rect.width - name - final - aims - page.u(16), rect.height - line)
        told = [self._agenda(seat) for seat in self.order]
        widest = max(page.width(text, theme.SMALL, True) for text in told) + page.u(12)
        beside = widest <= lane.width * 0.45
        lane.width -= max(widest if beside else page.u(44), page.width("R0 +00", theme.SMALL, True) + page.u(12))
        values = [base, *self.scores.values(), *(value for path in self.paths.values() for value in path)]
        low, high = min(values) - 2, max(values) + 2

        def x(value: float) -> int:
            return lane.x + round((value - low) / max(1, high - low) * lane.width)

        page.text(Rect(rect.x, rect.y, name, line), "Score from play", theme.SMALL, theme.SOFT)
        step = 5 if high - low <= 40 else 20
        marks = [value for value in range(-(-low // step) * step, high, step) if value != base]
        beside_par = page.width(f"par {base}", theme.SMALL, True) // 2 + page.u(14)
        for value in marks:
            place = Rect(x(value) - page.u(20), rect.y, page.u(40), line)
            if abs(x(value) - x(base)) > beside_par:
                page.text(place, number(value), theme.SMALL, theme.SOFT, align="centre")
        said = f"par {base}" if level is not None else number(base)
        where = Rect(x(base) - page.u(34), rect.y, page.u(68), line)
        page.text(where, said, theme.SMALL, bold=True, align="centre")
        page.tip(where, self.sitting.game.book.goals.about)
        page.text(
            Rect(rect.right - aims - final, rect.y, final, line), "Final", theme.SMALL, theme.SOFT, align="centre"
        )
        if aims:
            page.text(Rect(rect.right - aims, rect.y, aims, line), "Aims met", theme.SMALL, theme.SOFT)
        body = Rect(rect.x, rect.y + line + page.u(4), rect.width, rect.height - line - page.u(4))
        small, rounds = page.line(theme.SMALL), max(len(path) for path in self.paths.values())
        least, whole = 3 * small + page.u(10), (rounds + 1) * (small + page.u(3)) + page.u(16)
        whole = max(whole, most_aims * small + page.u(10)) if aims else whole
        each = max(least, min(max(page.u(92), whole), (body.height - page.u(4) * len(self.order)) // len(self.order)))

        def draw(n: int, place: Rect) -> None:
            self._fall(page, place, self.order[n], x, base, marks, name, rect.right - aims - final, final, aims, beside)

        stack(page, body, self.scrolls[3], [each] * len(self.order), draw, page.u(4), passive=True)

    def _fall(
        self, page: Page, rect: Rect, seat: str, x: Callable[[float], int], base: int, marks: list[int], name: int,
        end: int, final: int, aims: int, beside: bool,
    ) -> None:  # fmt: skip
        game, board = self.sitting.game, self.sitting.board
        mark, score = board.marks[seat], self.scores[seat]
        shown = self.shown.get(seat, score)
        won = seat in game.winners
        ground = theme.RAISED if won else theme.PANEL
        page.fill(rect, ground, 8)
        for value in marks:
            page.fill(Rect(x(value), rect.y, 1, rect.height), theme.EDGE)
        page.fill(Rect(x(base), rect.y, page.u(2), rect.height), theme.TEXT)
        small = page.line(theme.SMALL)
        top = rect.y + page.u(6)
        page.shape(mark, (rect.x + page.u(14), top + page.line(theme.HEAD) // 2), 16)
        text = Rect(rect.x + page.u(28), top, name - page.u(34), page.line(theme.HEAD))
        size = theme.HEAD if page.width(board.seat_title(seat), theme.HEAD, True) <= text.width else theme.SMALL
        page.text(text, board.seat_title(seat), size, mark.colour, bold=True)
        points, change = sum(self.parts[seat].values()), self.changes.get(seat)
        if points:
            below = Rect(text.x, text.bottom, text.width, small)
            page.text(below, f"{number(points)} points", theme.SMALL, theme.SOFT)
            if change is not None and change.par is not None and text.bottom + 2 * small <= rect.bottom:
                page.text(below.move(0, small), f"strong play: {number(change.par)}", theme.SMALL, theme.SOFT)
        plain, hatched = (theme.Mark(mark.colour, mark.shape, hatch, mark.paper) for hatch in ("solid", "diagonal"))
        levels = [base, *self.paths[seat]]
        high = (rect.height - page.u(14)) // (len(levels) - 1 + bool(game.agendas(seat))) - page.u(3)
        if high < small:  # no room for a bar a round
            levels, high = [base, shown], min(page.u(20), (rect.height - page.u(14)) // 2)
        high, first = min(page.u(20), high), Rect(0, 0, 0, 0)
        for n, (old, new) in enumerate(itertools.pairwise(levels)):
            first = Rect(min(x(old), x(new)), top + n * (high + page.u(3)), abs(x(new) - x(old)), high)
            page.bar(Rect(first.x, first.y, max(2, first.width), high), plain, 1.0, None)
            said = f"R{n + 1} {signed(new - old)}" if len(levels) > 2 else signed(new - old)
            self._amount(page, first, said, new >= old, ground)
        agendas = game.agendas(seat)
        if agendas:
            extra = score - shown
            second = Rect(min(x(shown), x(score)), first.bottom + page.u(4), abs(x(score) - x(shown)), high)
            if second.width:
                page.bar(second, hatched, 1.0, None)
            self._amount(page, second, self._agenda(seat) if beside else signed(extra), extra >= 0, ground)
            if not beside:
                page.tip(rect, f"Secret agenda: {self._agenda(seat)}")
        big = Rect(end, rect.y + page.u(4), final, page.line(theme.TITLE))
        page.text(big, number(score), theme.TITLE, mark.colour, bold=True, align="centre")
        place = "winner" if won else ranks(self.scores)[seat]
        tone = theme.TEXT if won else theme.SOFT
        page.text(Rect(end, big.bottom - page.u(2), final, small), place, theme.SMALL, tone, align="centre")
        if aims:
            found = self._aims_of(seat)
            step = max(small, min(small + page.u(2), (rect.height - page.u(6)) // max(1, len(found))))
            for n, aim in enumerate(found[: max(1, (rect.height - page.u(4)) // step)]):
                row = Rect(rect.right - aims, rect.y + page.u(3) + n * step, aims, small)
                aim_mark(page, (row.x + page.u(8), row.centery), aim.met)
                text = Rect(row.x + page.u(22), row.y, row.width - page.u(24), row.height)
                page.text(text, aim.title, theme.SMALL, theme.TEXT if aim.met else theme.SOFT, bold=aim.met)
                page.tip(row, aim.words)

    def _aims_of(self, seat: str) -> list[Aim]:
        return aims_of(self.sitting.game, self.sitting.board, self.sitting.offers.said, seat, self.everything)

    def _agenda(self, seat: str) -> str:
        """Return what a seat's secret agenda brought, and its name."""
        found = self.sitting.game.agendas(seat)
        extra = signed(self.scores[seat] - self.shown.get(seat, self.scores[seat]))
        return f"{extra} {joined([agenda.title for agenda in found])}" if found else extra

    def _amount(self, page: Page, bar: Rect, text: str, up: bool, ground: theme.Colour) -> None:
        """Tell an amount at the open end of its bar, at the other end where there is no room."""
        wide, edge = page.width(text, theme.SMALL, True), page.rect.right
        right = Rect(bar.right + page.u(6), bar.y, wide, bar.height)
        left = Rect(bar.x - page.u(6) - wide, bar.y, wide, bar.height)
        place = right if (up or left.x < 0) and right.right < edge else left
        page.fill(place.inflate(page.u(6), 0), ground)  # the line of par may pass here
        page.text(place, text, theme.SMALL, bold=True)

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
            final, shown = self.scores[seat], self.shown.get(seat, 0)
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
            for aim in self._aims_of(seat):
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
