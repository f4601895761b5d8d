"""Between rounds: the three largest changes and who caused them, five tracks over time, points by part. Public only."""

from __future__ import annotations

from typing import Any

import pygame
from pygame import Rect

from game import theme
from game.narrative.chronicle import ChronicleLine
from game.narrative.history import Big, History
from game.prose.numbers import month, number, signed
from game.table.sitting import Sitting
from game.ui.board.log import NEWS, WHO
from game.ui.board.standing import NOTE, TITLE, change_words, standing
from game.ui.board.tracks import change_colour
from game.ui.toolkit.charts import part_mark, sparkline, stacked_points
from game.ui.toolkit.layout import columns, from_bottom, from_top, inset, rows
from game.ui.toolkit.page import Key, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Scroll, stack
from game.ui.toolkit.widgets import button, heading, tabs

LARGEST, SPARKS = 3, 5


class InterludeScreen(Screen):
    """What a round has brought, for everybody."""

    name = "interlude"
    keeps_time = False

    def __init__(self, app: Window, sitting: Sitting, round_: int) -> None:
        super().__init__(app)
        self.sitting, self.round = sitting, round_
        self.history = History(sitting.game, sitting.board, sitting.chronicle)
        self.largest = self.history.largest(round_, LARGEST)
        self.series = self.history.liveliest(round_, SPARKS)
        self.points = self.history.points(round_)
        self.standing = standing(sitting, round_)
        sight = sitting.sight(None)
        self.done = [line for line in sight.lines if line.round == round_ and line.kind in ("move", *NEWS)]
        self.tab = 0
        self.scrolls = [Scroll(), Scroll(), Scroll()]

    def build(self, page: Page) -> None:
        game = self.sitting.game
        body = inset(page.rect, page.u(16), page.u(12))
        head, body = from_top(body, page.line(theme.TITLE) + page.line(theme.BODY), page.u(8))
        page.text(
            Rect(head.x, head.y, head.width, page.line(theme.TITLE)),
            f"Round {self.round} is over",
            theme.TITLE,
            bold=True,
        )
        note = f"{self.sitting.title} · round {game.round} of {game.scenario.rounds} begins in {month(game.date)}"
        page.text(
            Rect(head.x, head.bottom - page.line(theme.BODY), head.width, page.line(theme.BODY)),
            note,
            theme.BODY,
            theme.SOFT,
        )
        foot, body = from_bottom(body, page.u(56), page.u(10))
        place = Rect(foot.right - page.u(300), foot.y, page.u(300), foot.height)
        button(page, "interlude.go", place, f"On to round {game.round}", self.back, hotkey="Enter or Space", kind="go")
        wide, high = page.room
        parts = [self._changes, self._tracks, *([self._points] if self.points else [])]
        if wide >= 1180 and high >= 700:
            for panel, part in zip(columns(body, [1] * len(parts), page.u(10)), parts, strict=True):
                page.panel(panel)
                part(page, inset(panel, page.u(14), page.u(10)))
            return
        strip, body = from_top(body, page.line(theme.BODY) + page.u(10), page.u(6))
        names = ["Largest changes", "Tracks", "Score"][: len(parts)]
        tabs(page, "interlude", strip, names, self.tab, self._turn_to)
        page.panel(body)
        parts[self.tab](page, inset(body, page.u(14), page.u(10)))

    def _turn_to(self, tab: int) -> None:
        self.tab = tab

    # --------------------------------------------------------------------------------------- panels

    def _changes(self, page: Page, rect: Rect) -> None:
        body = heading(page, rect, "The largest changes")
        items: list[tuple[int, Big | ChronicleLine | str]] = [
            (self._change_height(page, big, body.width), big) for big in self.largest
        ]
        if not self.largest:
            items.append((page.line(theme.BODY), "Nothing public has changed."))
        if self.done:
            items.append((page.line(theme.SMALL) + page.u(4), "WHAT WAS DONE"))
            room = body.width - page.u(32)
            items += [(page.tall(self._deed(line), room, theme.BODY), line) for line in self.done]

        def draw(n: int, place: Rect) -> None:
            item = items[n][1]
            if isinstance(item, Big):
                self._change(page, place, item)
            elif isinstance(item, str):
                page.text(place, item, theme.SMALL, theme.SOFT, bold=True)
            else:
                colour = theme.WARN if item.kind in NEWS else theme.SOFT
                if item.seat is not None:
                    page.shape(
                        self.sitting.board.marks[item.seat], (place.x + page.u(6), place.y + page.line() // 2), 11
                    )
                page.words(
                    Rect(place.x + page.u(16), place.y, place.width - page.u(16), place.height),
                    self._deed(item),
                    theme.BODY,
                    colour,
                )

        stack(page, body, self.scrolls[0], [height for height, _ in items], draw, page.u(7), passive=True)

    def _deed(self, line: ChronicleLine) -> str:
        who = self.sitting.board.seat_title(line.seat) if line.seat is not None else WHO[line.kind]
        return f"{who}: {line.title}"

    def _change_height(self, page: Page, big: Big, width: int) -> int:
        inner = width - page.u(40)
        text = page.tall(big.title, inner, theme.STRONG, True) + page.line(theme.HEAD)
        causes = sum(page.tall(self._cause(c), inner - page.u(16), theme.BODY) + page.u(3) for c in big.causes)
        return text + causes + page.u(22)

    def _cause(self, cause: Any) -> str:
        who = f"{self.sitting.board.seat_title(cause.seat)}: " if cause.seat is not None else ""
        return f"{signed(cause.amount)}  {who}{cause.title}"

    def _change(self, page: Page, rect: Rect, big: Big) -> None:
        page.fill(rect, theme.RAISED, 8, theme.EDGE)
        inner = inset(rect, page.u(12), page.u(8))
        y = inner.y + page.words(inner, big.title, theme.STRONG, bold=True)
        colour = change_colour(big.after - big.before, big.good)
        arrow = "▲" if big.after > big.before else "▼"
        text = f"{number(big.before)} → {number(big.after)}  {arrow} {signed(big.after - big.before)}"
        page.text(Rect(inner.x, y, inner.width, page.line(theme.HEAD)), text, theme.HEAD, colour, bold=True)
        y += page.line(theme.HEAD) + page.u(2)
        for cause in big.causes:
            x = inner.x
            if cause.seat is not None:
                page.shape(self.sitting.board.marks[cause.seat], (x + page.u(6), y + page.line() // 2), 11)
            box = Rect(x + page.u(16), y, inner.width - page.u(16), inner.bottom - y)
            y += page.words(box, self._cause(cause), theme.BODY, theme.SOFT) + page.u(3)

    def _tracks(self, page: Page, rect: Rect) -> None:
        body = heading(page, rect, "Tracks so far", "start → now")
        if not self.series:
            page.words(body, "Nothing has moved yet.", theme.BODY, theme.SOFT)
            return
        each = max(page.u(80), (body.height - page.u(10) * (len(self.series) - 1)) // max(1, len(self.series)))
        if each * len(self.series) <= body.height + page.u(40):
            for place, series in zip(rows(body, [1] * len(self.series), page.u(12)), self.series, strict=True):
                sparkline(page, place, self.sitting.board, series)
            return

        def draw(n: int, place: Rect) -> None:
            sparkline(page, place, self.sitting.board, self.series[n])

        stack(page, body, self.scrolls[1], [each] * len(self.series), draw, page.u(10), passive=True)

    def _points(self, page: Page, rect: Rect) -> None:
        body = heading(page, rect, TITLE, "bars: points by part")
        said = f"{NOTE[:1].upper()}{NOTE[1:]}."
        told, body = from_top(body, page.tall(said, body.width, theme.SMALL), page.u(8))
        page.words(told, said, theme.SMALL, theme.SOFT)
        track = self.sitting.game.book.goals.parts
        assert track is not None
        titles = self.sitting.game.book.sets[self.sitting.game.book.tracks[track].scope[1]].elements
        order = list(titles)
        board, stands = self.sitting.board, {each.seat: each for each in self.standing}
        seats = list(stands)
        most = max(max(sum(parts.values()) for parts in self.points.values()), 1)
        used = [part for part in order if any(parts.get(part) for parts in self.points.values())]
        head, line = page.line(theme.BODY), page.line(theme.SMALL)
        items: list[tuple[int, Any]] = [(head + page.u(26), seat) for seat in seats]
        items += [(line + page.u(3), order.index(part)) for part in used]

        def draw(n: int, place: Rect) -> None:
            item = items[n][1]
            if isinstance(item, int):
                swatch = Rect(place.x, place.y + page.u(2), page.u(18), line - page.u(2))
                page.bar(swatch, part_mark(item), 1.0)
                name = Rect(swatch.right + page.u(8), place.y, place.width - page.u(30), line)
                page.text(name, titles[order[item]], theme.SMALL, theme.SOFT)
                return
            mark = board.marks[item]
            stand = stands[item]
            page.shape(mark, (place.x + page.u(7), place.y + head // 2), 13)
            text = Rect(place.x + page.u(20), place.y, place.width - page.u(20), head)
            end = page.text(
                text,
                " ".join(filter(None, (number(stand.score), change_words(stand.change), f"· {stand.rank}"))),
                theme.BODY,
                bold=True,
                align="right",
            )
            name = Rect(text.x, text.y, end.x - text.x - page.u(8), text.height)
            page.text(name, board.seat_title(item), theme.BODY, theme.readable(mark.colour, theme.PANEL), bold=True)
            stacked_points(
                page, Rect(place.x, place.y + head + page.u(2), place.width, page.u(16)), self.points[item], order, most
            )

        stack(page, body, self.scrolls[2], [height for height, _ in items], draw, page.u(6), passive=True)

    def key(self, key: Key) -> bool:
        """Enter or Space goes on; left and right turn the tabs."""
        if key.code in (pygame.K_SPACE, pygame.K_RETURN, pygame.K_KP_ENTER):
            self.back()
            return True
        return False

    def first_focus(self) -> str | None:
        return "interlude.go"
