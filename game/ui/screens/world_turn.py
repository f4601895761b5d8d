"""The world turn played out on the map: step by step, who gained where and why; paused, stepped, hurried or skipped."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import pygame
from pygame import Rect

from game import theme
from game.narrative.history import History
from game.narrative.ledger import Causes, Shift, Words
from game.narrative.score import ScoreChange
from game.narrative.world_turn import WorldStep, world_turn
from game.prose.numbers import month, number
from game.rulebook.icons import track_icon
from game.table.settings import WORLD_SPEEDS
from game.table.sitting import Sitting
from game.ui.board.map_painter import Field, MapPainter
from game.ui.board.map_pieces import Label, arc, draw_flips, draw_names, drawn_places, shares_at
from game.ui.board.standing import standing
from game.ui.toolkit.layout import from_right, from_top, inset
from game.ui.toolkit.motion import COUNT, counting
from game.ui.toolkit.page import Key, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.widgets import button

STEP, QUIET, WHOLE = 1.8, 0.4, 14.0
"""Seconds of a step in which something changes, of one in which nothing does, and of the turn at most."""
FLOW = 0.5
"""Part of a step in which counters travel; then the marks they reach change hands."""
ROOM_FOR_CHANGES = 620
"""With a lower window than this the names on the map have no line for what changed."""
MOST_COUNTERS = 8
"""Counters on one arc at most: more would hide each other."""


class WorldTurnScreen(Screen):
    """Between the last move of a round and its page. ``at`` is the step in view, ``part`` how far it has gone."""

    name = "world-turn"
    keeps_time = False

    def __init__(
        self,
        app: Window,
        sitting: Sitting,
        round_: int,
        *,
        then: Callable[[], None] | None = None,
        stops: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        """Show the turn of a round that is over.

        Args:
            app: The window.
            sitting: The game.
            round_: The round.
            then: What is done at its end, if not opening the round's page.
            stops: Steps by name that wait until somebody goes on, with a title and what is said there.
        """
        super().__init__(app)
        self.then, self.stops = then, dict(stops or {})
        self.sitting, self.round = sitting, round_
        history = History(sitting.game, sitting.board, sitting.chronicle)
        self.turn = world_turn(history, sitting.board, sitting.sight(None).lines, round_)
        self.painter = MapPainter()
        self.causes = Causes(sitting.game.book)
        self.words = Words(sitting.game.book, sitting.game.scenario)
        self.standing = standing(sitting, round_ - 1) if round_ > 1 else []
        self.after = standing(sitting, round_)
        whole = sum(QUIET if step.quiet else STEP for step in self.turn.steps)
        self.hurry = max(1.0, whole / WHOLE)
        self.at, self.part = 0, 0.0
        self.paused, self.speed = False, app.settings.world_turn
        self._ticked: float | None = None

    # ------------------------------------------------------------------------------------------ time

    @property
    def step(self) -> WorldStep:
        return self.turn.steps[min(self.at, len(self.turn.steps) - 1)]

    @property
    def waiting(self) -> bool:
        """Whether the step in view has been played out and waits until it was read."""
        return self.part >= 1.0 and self.step.name in self.stops

    def tick(self, now: float) -> None:
        passed = now - self._ticked if self._ticked is not None else 0.0
        self._ticked = now
        if self.paused or not passed or self.waiting:
            return
        seconds = (QUIET if self.step.quiet else STEP) / self.hurry
        before, self.part = self.part, self.part + passed * WORLD_SPEEDS[self.speed] / seconds
        if self.waiting:
            self._wait()
        elif self.part >= 1.0:
            self._next()
        elif self.app.moving or before == 0.0:
            self.app.redraw()

    def _wait(self) -> None:
        """Stay at a step that is to be read: the button that goes on is the default now."""
        self.part, self.app.focus = 1.0, "world.on"
        self.app.redraw()

    def go_on(self) -> None:
        """Leave a step that has been read."""
        self.stops.pop(self.step.name, None)
        self.app.focus = self.first_focus()
        self._next()

    def _next(self) -> None:
        """Go on to the next step, or to the round's page after the last one."""
        self.at, self.part = self.at + 1, 0.0
        self.app.cue("step")
        if self.at >= len(self.turn.steps):
            self.finish()
        else:
            self.app.redraw()

    def finish(self) -> None:
        """Show the result: the round's page."""
        if self.then is not None:
            self.then()
        else:
            self.app.replace(self.app.make("interlude", self.sitting, self.round))

    def back(self) -> None:
        self.finish()

    def pause(self) -> None:
        self.paused = not self.paused

    def next_step(self) -> None:
        """End the motion in view; when it has ended, go on to the next step, and stay there."""
        if self.waiting:
            self.go_on()
            return
        self.paused = True
        if self.part < 1.0 and not self.step.quiet:
            self.part = 1.0
        else:
            self._next()

    def faster(self) -> None:
        speeds = [speed for speed in WORLD_SPEEDS if WORLD_SPEEDS[speed]]
        self.speed = speeds[(speeds.index(self.speed) + 1) % len(speeds)]
        self.app.settings.world_turn = self.speed
        self.app.keep_settings()

    def key(self, key: Key) -> bool:
        """Space pauses, the right arrow steps, Escape skips, S changes the speed; others end the motion in view."""
        if self.waiting and key.code in (pygame.K_SPACE, pygame.K_RETURN, pygame.K_KP_ENTER):
            self.go_on()
        elif key.code == pygame.K_SPACE:
            self.pause()
        elif key.code == pygame.K_RIGHT:
            self.next_step()
        elif key.code == pygame.K_s:
            self.faster()
        elif key.code in (pygame.K_ESCAPE, pygame.K_F9, pygame.K_F10):
            return False
        elif self.part < 1.0:
            self.part = 1.0 if self.paused else 0.999
        self.app.redraw()
        return True

    def first_focus(self) -> str | None:
        return None if self.stops else "world.skip"  # Enter must not skip what is to be read

    # --------------------------------------------------------------------------------------- drawing

    def build(self, page: Page) -> None:
        gap = page.u(12)
        bar, rest = from_top(page.rect, page.u(50))
        self._bar(page, inset(bar, gap, page.u(6)))
        ribbon, rest = from_top(rest, page.line(theme.BODY) + page.line(theme.SMALL) + page.u(16), page.u(8))
        self._ribbon(page, inset(ribbon, gap, 0))
        page.fill(rest, theme.SEA)
        boxes = self._boxes(page, rest)
        stop = self._stop_box(page, rest) if self.waiting else Rect(0, 0, 0, 0)
        if self.sitting.board.places is not None:  # a rulebook without a map has only the caption and the scores
            self._map(page, rest, (*boxes, stop))
        caption, figures, scores = boxes
        self._caption(page, caption)
        if figures.width:
            self._figures(page, figures)
        self._scores(page, scores)
        if stop.width:
            self._stop(page, stop)

    def _stop_box(self, page: Page, rect: Rect) -> Rect:
        """Where it is said what a step that waits has to show: at the map's upper edge."""
        pad = page.u(14)
        width = min(rect.width - 2 * pad, page.u(900))
        text = page.tall(self.stops[self.step.name][1], width - page.u(200), theme.BODY)
        return Rect(rect.x + pad, rect.y + pad, width, page.line(theme.HEAD) + text + page.u(24))

    def _stop(self, page: Page, rect: Rect) -> None:
        page.fill(rect, theme.PAPER, 10)
        inner = inset(rect, page.u(16), page.u(10))
        title, said = self.stops[self.step.name]
        go, inner = from_right(inner, page.u(150), page.u(18))
        head, inner = from_top(inner, page.line(theme.HEAD), page.u(2))
        page.text(head, title, theme.HEAD, theme.PAPER_TEXT, serif=True)
        page.words(inner, said, theme.BODY, theme.PAPER_TEXT)
        high = min(go.height, page.u(52))
        button(page, "world.on", Rect(go.x, go.centery - high // 2, go.width, high), "Go on", self.go_on,
               hotkey="Enter", kind="go")  # fmt: skip

    def _bar(self, page: Page, rect: Rect) -> None:
        game = self.sitting.game
        controls = (
            ("world.skip", "Skip to the result", "Esc", self.finish, "plain" if self.stops else "go"),
            ("world.speed", f"Speed {self.speed}", "S", self.faster, "plain"),
            ("world.step", "Next step", "→", self.next_step, "plain"),
            ("world.pause", "Go on" if self.paused else "Pause", "Space", self.pause, "plain"),
        )[: 1 if self.waiting else None]
        for identity, label, hotkey, press, kind in controls:
            wide = page.width(label, theme.STRONG, True) + page.width(hotkey, theme.SMALL) + page.u(40)
            place, rect = from_right(rect, wide, page.u(8))
            button(page, identity, place, label, press, hotkey=hotkey, kind=kind)
        used = page.text(rect, "World turn", theme.BUTTON, bold=True)
        note = f"after round {self.round} of {game.scenario.rounds}, before {month(game.date)}"
        room = Rect(used.right + page.u(12), rect.y, rect.right - used.right - page.u(12), rect.height)
        if page.width(note, theme.BODY) <= room.width:
            page.text(room, note, theme.BODY, theme.SOFT)

    def _ribbon(self, page: Page, rect: Rect) -> None:
        """A plate a step: those that are done, the one in view with how far it is, those to come."""
        gap, steps = page.u(5), self.turn.steps
        now = max(page.u(120), page.width(self.step.title, theme.STRONG, True) + page.u(96))
        each = (rect.width - now - gap * (len(steps) - 1)) // max(1, len(steps) - 1)
        x = rect.x
        for n, step in enumerate(steps):
            wide = now if n == self.at else each
            place = Rect(x, rect.y, wide, rect.height)
            x += wide + gap
            inner = place.inflate(-page.u(12), -page.u(8))
            upper = Rect(inner.x, inner.y, inner.width, page.line(theme.BODY))
            lower = Rect(inner.x, inner.bottom - page.line(theme.SMALL), inner.width, page.line(theme.SMALL))
            if n == self.at:
                page.fill(place, theme.PAPER, 8)
                page.text(upper, step.title, theme.STRONG, theme.PAPER_TEXT, bold=True)
                count = f"step {n + 1} of {len(steps)}"
                page.text(upper, count, theme.SMALL, theme.PAPER_SOFT, align="right")
                lane = Rect(inner.x, lower.centery - page.u(3), inner.width, page.u(6))
                page.fill(lane, theme.PAPER_RULE, 3)
                done = Rect(lane.x, lane.y, round(lane.width * min(1.0, self.part)), lane.height)
                page.fill(done, theme.PAPER_TEXT, 3)
                continue
            page.fill(place, theme.RAISED if n < self.at else theme.NIGHT, 8, theme.EDGE)
            page.tip(place, step.title + (f"\n{step.headline}" if n < self.at and step.headline else ""))
            tone = theme.TEXT if n < self.at else theme.SOFT
            bold, lines = n < self.at, page.lines(step.title, inner.width, theme.SMALL, n < self.at)
            whole = all(page.width(word, theme.SMALL, bold) <= inner.width for word in step.title.split())
            two = len(lines) == 2 and inner.height >= 2 * page.line(theme.SMALL)
            if whole and (len(lines) == 1 or two):
                page.words(upper, step.title, theme.SMALL, tone, bold=bold)
            else:
                page.text(upper, str(n + 1), theme.SMALL, tone, bold=bold, align="centre")

    def _boxes(self, page: Page, rect: Rect) -> tuple[Rect, Rect, Rect]:
        """Where the caption, the figures and the scores lie on the map."""
        pad = page.u(14)
        rows = len(self.sitting.game.seats)
        high = max(page.u(146), (rows + 2) * page.line(theme.BODY) + page.u(22))
        top = rect.bottom - pad - high
        wide = page.u(300) if page.room[0] >= 1000 else page.u(230)
        scores = Rect(rect.right - pad - wide, top, wide, high)
        room = scores.x - rect.x - 2 * pad
        caption = Rect(rect.x + pad, top, min(page.u(560), room), high)
        spare = scores.x - caption.right - 2 * pad
        figures = Rect(caption.right + pad, rect.bottom - pad - page.u(90), spare, page.u(90))
        return caption, figures if spare >= page.u(260) else Rect(0, 0, 0, 0), scores

    def _map(self, page: Page, rect: Rect, boxes: Sequence[Rect]) -> None:
        board, motion = self.sitting.board, self.app.moving
        part = 1.0 if not motion else max(0.0, min(1.0, (self.part - FLOW) / (1 - FLOW)))
        old, new = self.turn.values(self.at, 0.0), self.turn.values(self.at, 1.0)
        fields, labels = {}, {}
        for place in board.layout.elements(board.places or ""):
            shares, was = shares_at(board, new, place), shares_at(board, old, place)
            moved = self.step.flows and shares != was
            lit = 2 if place == self.step.place else 0
            fields[place] = Field(shares, lit, tuple(share for _, share in was) if moved else (), held=motion)
        for place in drawn_places(board):
            title, was = board.element_title(board.places or "", place), shares_at(board, old, place)
            shares = tuple(
                (mark, counting(before, share, part))
                for (mark, share), (_, before) in zip(fields[place].shares, was, strict=True)
            )
            changes = tuple(share - before for (_, share), (_, before) in zip(shares, was, strict=True))
            labels[place] = Label(title, shares, changes=changes if page.room[1] >= ROOM_FOR_CHANGES else None)
        page.picture(self.painter.picture(rect.size, fields), rect.topleft)
        if motion:
            draw_flips(page, rect, self.painter, fields, max(0.0, self.part - FLOW) * STEP, STEP * (1 - FLOW))
        self._flows(page, rect, motion)
        draw_names(page, rect, self.painter, labels, keep_off=[box for box in boxes if box.width])

    def _flows(self, page: Page, rect: Rect, motion: bool) -> None:
        """An arc from a side's home to where it gains, a counter on it for each point."""
        board = self.sitting.board
        if page.muted:
            return
        drawn = set(drawn_places(board))
        for flow in self.step.flows:
            home = board.homes.get(flow.side)
            if home not in drawn or flow.place not in drawn or home == flow.place:
                continue
            mark = board.side_mark(flow.side)
            assert home is not None
            points = arc(self.painter.middle(rect, home), self.painter.middle(rect, flow.place))
            pygame.draw.lines(page.surface, theme.mix(mark.colour, theme.NIGHT, 0.25), False, points, page.u(3))
            travelled = min(1.0, self.part / FLOW) if motion else 1.0
            count = min(flow.points, MOST_COUNTERS)
            for n in range(count):
                along = travelled * (len(points) - 1) * (n + 1) / count
                low = min(int(along), len(points) - 2)
                (ax, ay), (bx, by) = points[low], points[low + 1]
                x, y = ax + (bx - ax) * (along - low), ay + (by - ay) * (along - low)
                side = page.u(13)
                pygame.draw.circle(page.surface, theme.TEXT, (x, y), side * 0.62)
                page.shape(mark, (math.floor(x), math.floor(y)), 12)

    def _caption(self, page: Page, rect: Rect) -> None:
        """What happens in this step, why, and its weightiest changes."""
        page.fill(rect, theme.PAPER, 10)
        inner = inset(rect, page.u(16), page.u(10))
        step = self.step
        headline = step.headline or f"{step.title}: nothing that can be seen changes"
        y = inner.y + page.words(inner, headline, theme.BUTTON, theme.PAPER_TEXT, serif=True, most=2)
        line = page.line(theme.BODY) + page.u(3)
        why = self.causes.why(step.told[0].rule) if step.told else step.about if step.scores else ""
        rows = len(step.told) + len(step.scores)
        if why and page.tall(why, inner.width, theme.SMALL) + rows * line <= inner.bottom - y:
            y += page.words(Rect(inner.x, y, inner.width, inner.height), why, theme.SMALL, theme.PAPER_SOFT)
        for shift in step.told:
            if y + line > inner.bottom + page.u(4):
                break
            self._shift(page, Rect(inner.x, y, inner.width, line), shift)
            y += line
        line = min(line, (inner.bottom + page.u(4) - y) // max(1, len(step.scores)))
        for change in step.scores:
            self._score(page, Rect(inner.x, y, inner.width, line), change)
            y += line

    def _score(self, page: Page, rect: Rect, change: ScoreChange) -> None:
        """A seat's score before and after, and what moved it most."""
        mark, title = self.sitting.board.marks[change.seat], self.sitting.board.seat_title(change.seat)
        page.shape(mark, (rect.x + page.u(8), rect.centery), 14, mark.paper)
        said = number(change.after) if change.before is None else f"{number(change.before)} → {number(change.after)}"
        end = page.text(rect, said, theme.BODY, theme.PAPER_TEXT, bold=True, align="right").x - page.u(10)
        x = rect.x + page.u(22)
        used = page.text(Rect(x, rect.y, end - x, rect.height), title, theme.BODY, theme.PAPER_TEXT, bold=True)
        rest = Rect(used.right + page.u(10), rect.y, end - used.right - page.u(10), rect.height)
        if page.width(change.short, theme.SMALL) <= rest.width:
            page.text(rest, change.short, theme.SMALL, theme.PAPER_SOFT)

    def _shift(self, page: Page, rect: Rect, shift: Shift) -> None:
        track, index = shift.cell
        scope = self.sitting.game.book.tracks[track].scope
        mark = self.sitting.board.mark_of(scope[0], index[0]) if scope else theme.NEUTRAL
        if mark is theme.NEUTRAL:
            page.icon(track_icon(track), Rect(rect.x, rect.centery - page.u(8), page.u(16), page.u(16)),
                      theme.PAPER_SOFT)  # fmt: skip
        else:
            page.shape(mark, (rect.x + page.u(8), rect.centery), 14, mark.paper)
        said = f"{number(shift.before)} → {number(shift.after)}"
        end = page.text(rect, said, theme.BODY, theme.PAPER_TEXT, bold=True, align="right").x - page.u(10)
        x = rect.x + page.u(22)
        used = page.text(Rect(x, rect.y, end - x, rect.height), self.words.cell(shift.cell), theme.BODY,
                         theme.PAPER_TEXT)  # fmt: skip
        rule = self.causes.title(shift.rule)
        rest = Rect(used.right + page.u(10), rect.y, end - used.right - page.u(10), rect.height)
        if rule and page.width(rule, theme.SMALL) <= rest.width:
            page.text(rest, rule, theme.SMALL, theme.PAPER_SOFT)

    def _figures(self, page: Page, rect: Rect) -> None:
        """The numbers of the place where most went, counting."""
        place, board = self.step.place, self.sitting.board
        if place is None:
            return
        page.panel(rect, theme.NIGHT, radius=10)
        inner = inset(rect, page.u(14), page.u(10))
        now, old = (shares_at(board, self.turn.values(self.at, part), place) for part in (1.0, 0.0))
        part = max(0.0, min(1.0, (self.part - FLOW) / (1 - FLOW))) if self.app.moving else 1.0
        title = board.element_title(board.places or "", place)
        page.text(Rect(inner.x, inner.y, inner.width, page.line()), title, theme.BODY, theme.SOFT)
        y, x = inner.y + page.line(), inner.x
        for (mark, share), (_, before) in zip(now, old, strict=True):
            big = Rect(x, y, inner.right - x, page.line(theme.TITLE))
            page.shape(mark, (x + page.u(9), big.centery), 18)
            said = number(counting(before, share, part))
            used = page.text(Rect(x + page.u(24), y, big.width, big.height), said, theme.TITLE, mark.colour,
                             bold=True)  # fmt: skip
            note = f"was {number(before)}"
            end = page.text(Rect(used.right + page.u(8), y, big.width, big.height), note, theme.SMALL, theme.SOFT)
            x = end.right + page.u(18)

    def _scores(self, page: Page, rect: Rect) -> None:
        """The score before the turn; the new one once the last step has counted it."""
        page.panel(rect, theme.NIGHT, radius=10)
        inner = inset(rect, page.u(14), page.u(10))
        line = page.line(theme.BODY)
        counted_ = self.at >= len(self.turn.steps) - 1
        page.text(Rect(inner.x, inner.y, inner.width, line), "Score so far", theme.BODY, theme.SOFT)
        if not counted_:
            page.text(Rect(inner.x, inner.y, inner.width, line), f"counts at step {len(self.turn.steps)}",
                      theme.SMALL, theme.SOFT, align="right")  # fmt: skip
        before = {each.seat: each.score for each in self.standing}
        part = min(1.0, self.part * (QUIET if self.step.quiet else STEP) / COUNT) if self.app.moving else 1.0
        after = {each.seat: each.score for each in self.after}
        order = [each.seat for each in (self.after if counted_ else self.standing)] or list(self.sitting.game.seats)
        for n, seat in enumerate(order):
            row = Rect(inner.x, inner.y + (n + 1) * line + page.u(2), inner.width, line)
            if row.bottom > rect.bottom:
                break
            mark = self.sitting.board.marks[seat]
            page.shape(mark, (row.x + page.u(8), row.centery), 14)
            was = number(before[seat]) if seat in before else "–"
            now = number(counting(before.get(seat, after[seat]), after[seat], part)) if counted_ else "?"
            said = now if counted_ and seat not in before else f"{was} → {now}"
            end = page.text(row, said, theme.BODY, bold=True, align="right").x
            name = Rect(row.x + page.u(20), row.y, end - row.x - page.u(26), row.height)
            page.text(name, self.sitting.board.seat_title(seat), theme.BODY, mark.colour, bold=True)
