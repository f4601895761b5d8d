"""Between rounds: the map with what changed on it, the scores, the three stories that mattered, what every team did."""

from __future__ import annotations

import pygame
from pygame import Rect

from game import theme
from game.moves import Move
from game.narrative.chronicle import ACTED_UNSEEN, ChronicleLine
from game.narrative.history import Big, Cause, History, told_causes
from game.narrative.score import ScoreChange, score_change
from game.prose.lexicon import clean
from game.prose.numbers import counted, month, number, signed
from game.table.sitting import Sitting
from game.ui.board.map_painter import MapPainter
from game.ui.board.map_pieces import Label, draw_names, drawn_places, fields_of, shares_at
from game.ui.board.played import played_strip
from game.ui.board.standing import NOTE, TITLE, par, standing
from game.ui.screens.score_sheet import score_sheet
from game.ui.screens.sheet import Sheet
from game.ui.toolkit.charts import score_lines, waterfall
from game.ui.toolkit.layout import columns, from_bottom, from_left, from_right, from_top, inset, rows
from game.ui.toolkit.page import Control, Key, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Piece, Scroll, stack
from game.ui.toolkit.widgets import button, tabs

STORIES, CONSIDERED = 3, 12
SCORE = ""
"""In place of a track in the story of a seat's score."""


class InterludeScreen(Screen):
    """What a round has brought, for everybody."""

    name = "interlude"
    keeps_time = False

    def __init__(self, app: Window, sitting: Sitting, round_: int) -> None:
        super().__init__(app)
        self.sitting, self.round = sitting, round_
        self.history = History(sitting.game, sitting.board, sitting.chronicle)
        self.standing = standing(sitting, round_)
        self.changes = [score_change(self.history, each.seat, round_) for each in self.standing]
        stories = self._chosen(self.history.largest(round_, CONSIDERED))
        self.stories = [*self._score_story(), *stories][:STORIES]
        lines = [line for line in sitting.sight(None).lines if line.round == round_ and line.kind == "move"]
        self.deeds = {seat: [line for line in lines if line.seat == seat] for seat in sitting.game.seats}
        self.painter = MapPainter()
        self.tab = 0
        self.talked = False
        self.scrolls = {name: Scroll() for name in ("stories", "deeds", *sitting.game.seats)}

    def _chosen(self, found: list[Big]) -> list[Big]:
        """Return the stories to tell: what somebody did before what merely happened, no deed twice."""
        ranked = sorted(found, key=lambda story: not (story.causes and story.causes[0].seat is not None))
        return list({self._headline(story): story for story in reversed(ranked)}.values())[::-1][:STORIES]

    def _score_story(self) -> list[Big]:
        """Return why a score changed: that of the one person who plays, else the one that changed most."""
        humans = self.sitting.humans
        mine = [each for each in self.changes if humans == [each.seat]] or self.changes
        most = max(mine, key=lambda each: abs(each.amount), default=None)
        if most is None or most.before is None or not most.parts:
            return []
        causes = told_causes([Cause(None, title, amount) for title, amount in most.parts])
        return [
            Big((SCORE, (most.seat,)), self.sitting.board.seat_title(most.seat), most.before, most.after, "up", causes)
        ]

    def opened(self) -> None:
        self.app.cue("round_over")

    def build(self, page: Page) -> None:
        game = self.sitting.game
        body = inset(page.rect, page.u(12), page.u(10))
        head, body = from_top(body, page.line(theme.TITLE) + page.u(6), page.u(6))
        used = page.text(head, f"Round {self.round} is over", theme.TITLE, serif=True)
        left = game.scenario.rounds - self.round
        note = f"{self.sitting.title} · {month(game.date)} comes next · {counted(left, 'round')} to go"
        page.text(Rect(used.right + page.u(16), head.y, head.right - used.right - page.u(16), head.height), note,
                  theme.STRONG, theme.SOFT)  # fmt: skip
        wide, high = page.room
        if wide >= 1180 and high >= 740:
            self._roomy(page, body)
            return
        foot, body = from_bottom(body, page.u(52), page.u(8))
        talk, go = from_left(foot, foot.width // 3, page.u(8))
        self._buttons(page, talk, go)
        strip, body = from_top(body, page.target, page.u(6))
        names = ["Stories", "Map", "Score", "Moves"]
        parts = [self._story_list, self._map, self._scores, self._deeds]
        if self.sitting.board.places is None:
            del names[1], parts[1]
        self.tab = min(self.tab, len(names) - 1)
        tabs(page, "interlude", strip, names, self.tab, self._turn_to)
        parts[self.tab](page, body)

    def _roomy(self, page: Page, body: Rect) -> None:
        gap = page.u(10)
        deeds, body = from_bottom(body, page.u(172), gap)
        stories, upper = from_bottom(body, page.u(184), gap)
        if self.sitting.board.places is not None:
            place, chart = columns(upper, (64, 36), gap)
            self._map(page, place)
        else:
            chart = upper
        self._scores(page, chart)
        for story, box in zip(self.stories, columns(stories, [1] * max(1, len(self.stories)), gap), strict=False):
            self._story(page, box, story)
        if not self.stories:
            page.words(stories, "Nothing public has changed.", theme.BODY, theme.SOFT)
        side, deeds = from_right(deeds, page.u(272), gap)
        talk, go = rows(side, (0.42, 1), gap)
        self._buttons(page, talk, go)
        self._deeds(page, deeds)

    def _turn_to(self, tab: int) -> None:
        self.tab = tab

    def _buttons(self, page: Page, talk: Rect, go: Rect) -> None:
        game = self.sitting.game
        button(page, "interlude.talk", talk, "Talk about it", self.talk, hotkey="bookmarks this round",
               enabled=not self.talked, reason="it is bookmarked")  # fmt: skip
        button(page, "interlude.go", go, f"On to round {game.round}", self.back, size=theme.BUTTON,
               hotkey=f"{month(game.date)} · Enter", kind="go")  # fmt: skip

    def talk(self) -> None:
        """Bookmark the round, for the debrief."""
        self.sitting.say("bookmark", text=f"Round {self.round}")
        self.talked = True

    # --------------------------------------------------------------------------------------- panels

    def _map(self, page: Page, rect: Rect) -> None:
        """The map after the round, with what changed at each name."""
        board, after, before = self.sitting.board, self.history.after[self.round], self.history.after[self.round - 1]
        page.picture(self.painter.picture(rect.size, fields_of(board, after, before)), rect.topleft)
        labels = {}
        for place in drawn_places(board):
            now, was = shares_at(board, after, place), shares_at(board, before, place)
            notes = [(mark, signed(a - b)) for (mark, a), (_, b) in zip(now, was, strict=True) if a != b]
            told = tuple(notes) if notes else ((None, "no change"),)
            labels[place] = Label(board.element_title(board.places or "", place), now, notes=told)
        draw_names(page, rect, self.painter, labels)
        title = Rect(rect.x + page.u(14), rect.y + page.u(6), rect.width, page.line(theme.BODY))
        track = board.book.tracks[board.shares].title if board.shares is not None else ""
        if track:
            said = f"{track}, change over the round"
            page.fill(Rect(title.x - page.u(4), title.y, page.width(said, theme.BODY, True) + page.u(8), title.height),
                      theme.SEA, 4)  # fmt: skip
            page.text(title, said, theme.BODY, bold=True)

    def _scores(self, page: Page, rect: Rect) -> None:
        page.panel(rect, radius=10)
        inner = inset(rect, page.u(14), page.u(10))
        head, inner = from_top(inner, page.line(theme.BODY), page.u(6))
        page.text(head, f"{TITLE}, secret agendas left out", theme.BODY, bold=True)
        page.tip(head, NOTE)
        board = self.sitting.board
        notes, inner = from_bottom(inner, len(self.changes) * page.line(theme.BODY), page.u(6))
        for change, place in zip(self.changes, rows(notes, [1] * len(self.changes)), strict=True):
            self._note(page, place, change)
        found = [(board.marks[s.seat], board.seat_title(s.seat), s.path, s.change) for s in self.standing]
        score_lines(page, inner, found, par(self.sitting))

    def _note(self, page: Page, rect: Rect, change: ScoreChange) -> None:
        """What moved a score most, or how many points made the first one; a press tells all of it."""
        mark, title = self.sitting.board.marks[change.seat], self.sitting.board.seat_title(change.seat)
        identity = f"interlude.score.{change.seat}"
        label = f"{title}: {change.short or 'nothing moved it'}"
        page.control(Control(identity, rect, label, lambda: self._open_score(change.seat), tip=NOTE))
        page.light(rect, 5)
        page.ring(identity, rect)
        page.shape(mark, (rect.x + page.u(7), rect.centery), 12)
        said = (
            f"{signed(change.amount)}: {change.short}" if change.before is not None and change.parts else change.short
        )
        text = Rect(rect.x + page.u(19), rect.y, rect.width - page.u(19), rect.height)
        fits = page.width(said, theme.BODY) <= text.width
        page.text(text, said or "nothing moved it", theme.BODY if fits else theme.SMALL)

    def _open_score(self, seat: str) -> None:
        self.app.push(score_sheet(self.app, self.sitting, seat, self.round))

    def _headline(self, story: Big) -> str:
        """Who or what did most of it, else that it happened."""
        if story.cell[0] == SCORE:
            amount = story.after - story.before
            moved = "rises" if amount > 0 else "falls"
            return f"{story.title}: score {f'{moved} by {abs(amount)}' if amount else 'as before'}"
        cause = story.causes[0] if story.causes else None
        if cause is not None and cause.seat is not None:
            return f"{self.sitting.board.seat_title(cause.seat)}: {cause.title}"
        return f"{story.title} {'rises' if story.after > story.before else 'falls'}"

    def _causes(self, story: Big) -> list[tuple[str, int, theme.Colour, theme.Mark | None, str]]:
        """Each cause with its amount, colour, shape and reason."""
        board, found = self.sitting.board, []
        for cause in story.causes:
            mark = board.marks[cause.seat] if cause.seat is not None else None
            found.append((cause.title, cause.amount, mark.paper if mark else theme.PAPER_SOFT, mark, cause.why))
        return found

    def _story(self, page: Page, rect: Rect, story: Big) -> None:
        """A story: its headline, what it changed, by whom, and that as a small waterfall; a press tells the reasons."""
        count = self.stories.index(story) + 1
        identity, headline = f"interlude.story.{count}", self._headline(story)
        page.control(Control(identity, rect, headline, lambda: self._open_story(story)))
        page.fill(rect, page.warm(rect, theme.PAPER, theme.TEXT), 10)
        page.ring(identity, rect, 10)
        inner = inset(rect, page.u(14), page.u(10))
        badge = Rect(inner.x, inner.y, page.u(24), page.line(theme.BUTTON))
        page.text(badge, str(count), theme.BUTTON, theme.WORSE_ON_PAPER, serif=True)
        head = Rect(badge.right, inner.y, inner.right - badge.right, inner.height)
        tall = page.words(head, headline, theme.HEAD, theme.PAPER_TEXT, serif=True, most=2)
        _, rest = from_top(inner, max(tall, badge.height), page.u(4))
        picture, text = from_right(rest, round(rest.width * 0.36), page.u(12))
        causes = self._causes(story)
        line = page.line(theme.SMALL) + page.u(4)
        title = TITLE if story.cell[0] == SCORE else story.title
        said = f"{title} {number(story.before)} → {number(story.after)} over the round"
        y = text.y + page.words(text, said, theme.SMALL, theme.PAPER_TEXT, bold=True, most=2)
        for title, amount, _, mark, why in causes:
            if y + line > rect.bottom - page.u(4):
                break
            page.fill(Rect(text.x, y, text.width, 1), theme.PAPER_RULE)
            row = Rect(text.x, y, text.width, line)
            end = page.text(row, signed(amount), theme.SMALL, theme.PAPER_TEXT, bold=True, align="right").x
            x = row.x
            if mark is not None:
                page.shape(mark, (x + page.u(7), row.centery), 12, mark.paper)
                x += page.u(19)
            page.text(Rect(x, row.y, end - x - page.u(6), row.height), title, theme.SMALL, theme.PAPER_TEXT)
            if why:
                page.tip(row, why)
            y += line
        why = next((why for _, _, _, _, why in causes if why), "")
        below = Rect(text.x, y + page.u(2), text.width, rect.bottom - page.u(6) - y)
        if why and page.tall(why, below.width, theme.SMALL) <= below.height:
            page.words(below, why, theme.SMALL, theme.PAPER_SOFT)
        waterfall(page, picture, story.before, [(amount, tone) for _, amount, tone, _, _ in causes], story.after)

    def _open_story(self, story: Big) -> None:
        """Open every cause of a story with its reason."""
        if story.cell[0] == SCORE:
            self._open_score(story.cell[1][0])
            return
        track, board = self.sitting.game.book.tracks[story.cell[0]], self.sitting.board
        pieces = [Piece(text) for text in (track.about,) if text]
        unit = f" {track.unit}" if track.unit else ""
        pieces.append(
            Piece(
                f"{story.title}: {number(story.before)} → {number(story.after)}{unit}", theme.STRONG, bold=True, gap=10
            )
        )
        for cause in story.causes:
            who = f"{board.seat_title(cause.seat)}: " if cause.seat is not None else ""
            pieces.append(Piece(f"{signed(cause.amount)}  {who}{cause.title}", theme.BODY, bold=True, gap=7))
            pieces += [Piece(cause.why, theme.BODY, theme.SOFT, indent=18, gap=1)] if cause.why else []
        self.app.push(Sheet(self.app, self._headline(story), pieces, (), 680))

    def _story_list(self, page: Page, rect: Rect) -> None:
        if not self.stories:
            page.words(rect, "Nothing public has changed.", theme.BODY, theme.SOFT)
            return
        high = min(page.u(170), rect.height)
        stack(page, rect, self.scrolls["stories"], [high] * len(self.stories),
              lambda n, place: self._story(page, place, self.stories[n]), page.u(8))  # fmt: skip

    def _deeds(self, page: Page, rect: Rect) -> None:
        """A panel a seat with what it did; what nobody saw is told as that."""
        seats = list(self.deeds)
        each = page.u(150)
        if rect.width >= len(seats) * each:
            for seat, box in zip(seats, columns(rect, [1] * len(seats), page.u(8)), strict=True):
                self._seat(page, box, seat)
            return
        across = max(1, rect.width // page.u(240))
        groups = [seats[n : n + across] for n in range(0, len(seats), across)]
        high = page.line(theme.STRONG) + page.u(20) + 2 * (self._deed_tall(page) + page.u(6))

        def draw(n: int, place: Rect) -> None:
            for seat, box in zip(groups[n], columns(place, [1] * across, page.u(8)), strict=False):
                self._seat(page, box, seat)

        stack(page, rect, self.scrolls["deeds"], [min(high, rect.height)] * len(groups), draw, page.u(8), passive=True)

    def _seat(self, page: Page, rect: Rect, seat: str) -> None:
        board, sight = self.sitting.board, self.sitting.sight(None)
        mark = board.marks[seat]
        page.panel(rect, radius=10)
        inner = inset(rect, page.u(10), page.u(8))
        head, inner = from_top(inner, page.line(theme.STRONG), page.u(6))
        purse = [(board.book.tracks[t].title.lower(), sight.value(t, seat)) for t in board.purse]
        money = ", ".join(f"{value} {name}" for name, value in purse if value is not None)
        page.shape(mark, (head.x + page.u(7), head.centery), 14)
        name = Rect(head.x + page.u(20), head.y, head.width - page.u(20), head.height)
        used = page.text(name, board.seat_title(seat), theme.STRONG, mark.colour, bold=True)
        room = Rect(used.right + page.u(6), head.y, head.right - used.right - page.u(6), head.height)
        if page.width(money, theme.SMALL) <= room.width:
            page.text(room, money, theme.SMALL, theme.SOFT, align="right")
        lines = self.deeds[seat]
        if not lines:
            page.text(Rect(inner.x, inner.y, inner.width, page.line()), "passed", theme.BODY, theme.SOFT)
            return
        high, gap = self._deed_tall(page), page.u(5)
        if len(lines) * (high + gap) - gap > inner.height:  # many: their titles alone, so that all are seen
            high = page.line() + page.u(6)
        stack(page, inner, self.scrolls[seat], [high] * len(lines),
              lambda n, place: self._deed(page, place, lines[n]), gap, passive=True)  # fmt: skip

    def _deed_tall(self, page: Page) -> int:
        return page.line(theme.BODY) + page.line(theme.SMALL) + page.u(10)

    def _deed(self, page: Page, rect: Rect, line: ChronicleLine) -> None:
        """A played card, and what it changed most of what nobody has told yet."""
        note = self._effect(line)
        played_strip(page, rect, self.sitting.game.book, line, note if rect.height >= self._deed_tall(page) else "")
        page.tip(rect, "\n".join(filter(None, (line.title, note))))

    def _effect(self, line: ChronicleLine) -> str:
        """Return what says best what a card changed at once, else what it says that it will bring."""
        book = self.sitting.game.book
        if line.telling is not None:
            return f"{book.tracks[line.telling.cell[0]].title} {signed(line.telling.amount)}"
        rule = book.moves.get(Move.parse(line.cause).name) if line.title != ACTED_UNSEEN else None
        return clean(rule.about) if rule is not None else ""

    def key(self, key: Key) -> bool:
        """Enter or Space goes on."""
        if key.code in (pygame.K_SPACE, pygame.K_RETURN, pygame.K_KP_ENTER):
            self.back()
            return True
        return False

    def first_focus(self) -> str | None:
        return "interlude.go"
