"""The first game: the real play screen with the coach's words along its foot, and why it came out so at its end."""

from __future__ import annotations

from collections.abc import Mapping

import pygame
from pygame import Rect

from game import theme
from game.prose.numbers import counted, joined, number
from game.table.coach import Coach, Number, StepShape
from game.table.sitting import Sitting
from game.theme import Scale
from game.ui.play.drawing import draw_table
from game.ui.play.play_screen import PlayScreen
from game.ui.screens.busy import Busy
from game.ui.screens.sheet import Choice, Sheet
from game.ui.toolkit.layout import columns, from_right, from_top, inset
from game.ui.toolkit.page import Key, Page
from game.ui.toolkit.screen import Window
from game.ui.toolkit.scroll import Piece
from game.ui.toolkit.widgets import button

POINTS = {"map": ("map.",), "aims": ("below.1", "standing.{seat}")}
"""What the coach may speak of, and the controls that show it."""
TIGHT = 640
"""Height of the window in logical units below which the coach is brief."""
AWAY = "Send away"
WAITING = "The others move, then the world does. The coach is back with the next round."


class GuidedScreen(PlayScreen):
    """A game with a coach, who can be sent away."""

    def __init__(self, app: Window, sitting: Sitting, coach: Coach, *, taken_up: bool = False) -> None:
        super().__init__(app, sitting, taken_up=taken_up)
        self.coach: Coach | None = coach
        """Who speaks now; nobody while the coach is sent away."""
        self._coach = coach
        self.greeted.add((coach.seat, sitting.game.round))
        self.table.noticed = self._looked
        self._seen: list[str] = []

    def settle(self) -> None:
        """Greet nobody: the coach says what has happened."""
        if self.coach is not None:
            self.greeted.add((self.coach.seat, self.sitting.game.round))
        super().settle()

    def opened(self) -> None:
        """Turn the coach's page once what it sent to look at has been looked at and closed again."""
        if self.coach is not None:
            for what in self._seen:
                self.coach.looked(what)
        self._seen.clear()
        super().opened()

    def _looked(self, what: str) -> None:
        self._seen.append(what)
        if self.app.top is self:
            self.opened()

    def stops(self, round_: int) -> Mapping[str, tuple[str, str]]:
        return self.coach.stops(round_) if self.coach is not None else {}

    def go_on(self) -> None:
        if self.coach is not None:
            self.coach.go_on()

    def go_back(self) -> None:
        if self.coach is not None:
            self.coach.go_back()

    def send_away(self) -> None:
        self.coach = None
        self.app.tell("The coach is gone. The menu (Esc) brings the coach back.")

    def call_back(self) -> None:
        self.coach = self._coach
        self.settle()

    def menu_sheet(self) -> Sheet:
        sheet = super().menu_sheet()
        if self.coach is None and not self.sitting.game.over:
            sheet.choices.insert(0, Choice("coach", "Call the coach back", self.call_back))
        return sheet

    def show_how(self) -> None:
        """Take the suggested card in hand, its choices made; nothing is played."""
        choosing = self.table.choosing
        move = self.coach.suggestion if self.coach is not None else None
        if choosing is None or move is None:
            return
        option = next(option for option in choosing.options if option.name == move.name)
        self.table.pick(option)
        for name, value in move.args:
            if choosing.choice is not None and choosing.choice.name == name:
                self.table.choose(value)

    def key(self, key: Key) -> bool:
        """Enter, while no card is in hand: on, or the card that the coach suggests."""
        step = self.coach.step if self.coach is not None else None
        choosing = self.table.choosing
        free = choosing is None or choosing.option is None
        if key.code not in (pygame.K_RETURN, pygame.K_KP_ENTER) or step is None or not free:
            return super().key(key)
        if step.play:
            self.show_how()
        else:
            self.go_on()
        return True

    def results(self) -> None:
        """The end, and over it why it came out so."""
        coach = self._coach  # also of a coach who was sent away: it is the best of the game

        def why() -> None:
            self.app.push(why_sheet(self.app, coach))

        def done(_: object = None) -> None:
            coach.keep()
            self.app.go("ending", self.sitting, self.leave, why=(coach.script.shape.end.title, why))
            why()

        if coach.has_tried:
            done()
        else:
            self.app.push(Busy(self.app, "Playing the game again, without certain moves", coach.all_tried, done))

    # --------------------------------------------------------------------------------------- drawing

    def build(self, page: Page) -> None:
        if self.coach is None or self.sitting.game.over:
            super().build(page)
            return
        whole, scale = page.surface, page.scale
        high = self._tall(page, self.coach)
        above = Rect(0, 0, whole.get_width(), whole.get_height() - high)
        page.surface = whole.subsurface(above)
        page.scale = Scale(scale.size, scale.text)
        page.scale.size = above.size
        draw_table(page, self)
        page.surface, page.scale = whole, scale
        step = self.coach.step
        if step is not None:
            self._point(page, step)
        self._say(page, Rect(0, above.height, above.width, high), self.coach)

    def _words(self, coach: Coach) -> tuple[str, str, str]:
        """Return title, text and numbers."""
        step, game = coach.step, self.sitting.game
        if step is None:
            own = self.turns.acting and game.actions_left
            left = f"You have {counted(game.actions_left, 'move')} left: pick a card, or end the turn."
            return f"Round {game.round}", left if own else WAITING, ""
        at, of = coach.place
        title = f"{step.title}  ·  round {game.round}, {at} of {of}"
        return title, coach.text, "   ".join(map(number_words, coach.numbers))

    def _sides(self, page: Page) -> int:
        return sum(page.width(each, theme.BODY, True) + page.u(22) for each in ("Back", "Skip", AWAY)) + page.u(12)

    def _tall(self, page: Page, coach: Coach) -> int:
        """Three lines, so that the table stays where it is from step to step; more where they are needed."""
        width = page.rect.width - self._sides(page) - page.u(52)
        _, text, numbers = self._words(coach)
        if self._tight(page):
            lines = sum(len(page.lines(each, width)) for each in (text, numbers) if each)
            return max(lines * page.line(), 2 * (page.line() + page.u(10)) + page.u(6)) + page.u(16)
        lines = sum(len(page.lines(each, width, theme.STRONG)) for each in (text, numbers) if each)
        return page.line(theme.HEAD) + max(3, lines) * page.line(theme.STRONG) + page.u(24)

    def _tight(self, page: Page) -> bool:
        """Whether the coach has to do without a title, so that the map keeps its room."""
        return page.room[1] < TIGHT

    def _point(self, page: Page, step: StepShape) -> None:
        """Outlines what the step is about."""
        for control in page.controls:
            if control.shown and any(control.id.startswith(point) for point in self._points(step)):
                page.outline(control.rect.inflate(page.u(4), page.u(4)), theme.NOW, 7, 2)

    def _points(self, step: StepShape) -> tuple[str, ...]:
        """The beginnings of the ids of what is to be pressed next."""
        move = self.coach.suggestion if self.coach is not None else None
        choosing = self.table.choosing
        if move is None or choosing is None:
            meant = [f"map.{step.place}"] * bool(step.place) + [f"seats.{step.track}"] * bool(step.track)
            seat = self.coach.seat if self.coach is not None else ""
            return tuple(meant) or tuple(point.format(seat=seat) for point in POINTS.get(step.at, ()))
        if choosing.option is None or choosing.option.name != move.name:
            option = next(option for option in choosing.options if option.name == move.name)
            return (f"move.{move.name}",) if option in choosing.rows else (f"family.{option.family}",)
        if choosing.choice is not None:
            return (f"pick.{dict(move.args).get(choosing.choice.name)}",)
        return ("confirm",)

    def _say(self, page: Page, rect: Rect, coach: Coach) -> None:
        page.fill(rect, theme.PAPER)
        tight = self._tight(page)
        inner = inset(rect, page.u(16), page.u(8 if tight else 10))
        side, inner = from_right(inner, self._sides(page), page.u(16))
        title, text, numbers = self._words(coach)
        size = theme.BODY if tight else theme.STRONG
        if not tight:
            head, inner = from_top(inner, page.line(theme.HEAD), page.u(2))
            page.text(head, title, theme.HEAD, theme.PAPER_TEXT, bold=True, serif=True)
        used = page.words(inner, text, size, theme.PAPER_TEXT)
        if numbers:
            below = Rect(inner.x, inner.y + used, inner.width, inner.height - used)
            page.words(below, numbers, size, theme.PAPER_TEXT)
        step, in_hand = coach.step, self.table.picked
        each = min(page.u(46), (side.height - page.u(6)) // 2)
        upper = Rect(side.x, side.y, side.width, each)
        away, rest = from_right(Rect(side.x, side.y + each + page.u(6), side.width, each),
                                page.width(AWAY, theme.BODY, True) + page.u(22), page.u(6))  # fmt: skip
        back, skip = columns(rest, (1, 1), page.u(6))
        if step is not None and step.play:
            button(page, "coach.show", upper, "Show me", self.show_how, kind="paper", hotkey="Enter",
                   tip="Takes the card in hand; nothing is played yet",
                   enabled=coach.suggestion is not None and not in_hand,
                   reason="a card is in hand" if in_hand else "not possible now")  # fmt: skip
            button(page, "coach.skip", skip, "Skip", self.go_on, size=theme.BODY, kind="paper",
                   tip="To the next step; you may play something else")  # fmt: skip
        elif step is not None:
            kind, hotkey = ("paper", "") if in_hand else ("go", "Enter")  # with a card in hand Enter confirms it
            button(page, "coach.next", upper, "Go on", self.go_on, kind=kind, hotkey=hotkey)
        if coach.before:
            button(page, "coach.back", back, "Back", self.go_back, size=theme.BODY, kind="paper",
                   tip="To what was said before")  # fmt: skip
        button(page, "coach.away", away, AWAY, self.send_away, size=theme.BODY, kind="paper",
               tip="Play on without the coach")  # fmt: skip


def number_words(found: Number) -> str:
    """A number before and now, in words."""
    if found.before == found.now:
        return f"{found.title}: still {number(found.now)}."
    return f"{found.title}: {number(found.before)} → {number(found.now)}."


def why_sheet(app: Window, coach: Coach) -> Sheet:
    """Return what the coach says at the end: what certain moves were worth in this very game, and what it means."""
    end, game, board = coach.script.shape.end, coach.sitting.game, coach.sitting.board
    scores = game.scores()
    result = joined([f"{board.seat_title(seat)} {number(scores[seat])}" for seat in game.seats])
    pieces = [Piece(f"{result}. {end.text}")]
    for trial in coach.all_tried():
        pieces.append(Piece(trial.title, theme.STRONG, theme.TEXT, True, gap=12))
        pieces += [Piece(trial.result, theme.BODY, theme.TEXT, True, gap=2)] if trial.result else []
        pieces.append(Piece(trial.words, gap=2))
    pieces.append(Piece(end.lesson, gap=12))
    return Sheet(app, end.title, pieces, width=760)
