"""The first game: the real play screen with the coach's panel along its foot."""

from __future__ import annotations

from pygame import Rect

from game import theme
from game.table.sitting import Sitting
from game.theme import Scale
from game.ui.guide.steps import STEPS, Memory, Step
from game.ui.play.drawing import draw_table
from game.ui.play.play_screen import PlayScreen
from game.ui.toolkit.layout import from_right, inset
from game.ui.toolkit.page import Page
from game.ui.toolkit.screen import Window
from game.ui.toolkit.widgets import button

GROUND = (58, 44, 12)
"""The coach's panel is warm, so that it is not mistaken for part of the game."""


class GuidedScreen(PlayScreen):
    """A game with a coach. It waits for what is really done, and can be sent away."""

    def __init__(self, app: Window, sitting: Sitting) -> None:
        super().__init__(app, sitting)
        self.guided = sitting.humans[0] if sitting.humans else sitting.game.seats[0]
        self.greeted.add((self.guided, sitting.game.round))
        self.step = 0
        self.memory = Memory()
        self.table.noticed = lambda what: self.memory.seen.add(what)
        self._begin(0)

    @property
    def current(self) -> Step | None:
        """The step in hand; none when all are done or the coach was sent away."""
        return STEPS[self.step] if self.step < len(STEPS) else None

    @property
    def in_front(self) -> bool:
        return self.app.top is self

    def _begin(self, step: int) -> None:
        self.step = step
        choosing = self.table.choosing
        family = choosing.family if choosing is not None else 0
        self.memory = Memory(len(self.sitting.game.acts), family, self.sitting.game.round)
        self.app.redraw()

    # ---------------------------------------------------------------------------------- what is done

    def tick(self, now: float) -> None:
        super().tick(now)
        self.look()

    def look(self) -> None:
        """Goes on when the step in hand is done, and past what cannot be done now."""
        step = self.current
        while step is not None and (step.done(self, self.memory) or not step.possible(self)):
            self._begin(self.step + 1)
            step = self.current

    def settle(self) -> None:
        """Also looks at the step before anything is opened over the table."""
        self.look()
        super().settle()

    def go_on(self) -> None:
        """The coach's button: on, or past a step that somebody does not want to do."""
        self.memory.seen.add("next")
        if self.step:
            self._begin(self.step + 1)
        self.look()

    def send_away(self) -> None:
        self.step = len(STEPS)

    # --------------------------------------------------------------------------------------- drawing

    def build(self, page: Page) -> None:
        step = self.current
        if step is None:
            super().build(page)
            return
        whole, scale = page.surface, page.scale
        high = self._tall(page, step)
        above = Rect(0, 0, whole.get_width(), whole.get_height() - high)
        page.surface = whole.subsurface(above)
        page.scale = Scale(scale.size, scale.text)
        page.scale.size = above.size
        draw_table(page, self)
        page.surface, page.scale = whole, scale
        self._point(page, step)
        self._coach(page, Rect(0, above.height, above.width, high), step)

    def _sides(self, page: Page) -> int:
        return page.width("Send away", theme.BODY, True) + page.u(34)

    def _tall(self, page: Page, step: Step) -> int:
        width = page.rect.width - self._sides(page) - page.u(60)
        lines = min(3, len(page.lines(step.text(self), width)))
        least = 2 * (page.line(theme.BODY) + page.u(10)) + page.u(6)
        return max(page.line(theme.STRONG) + lines * page.line() + page.u(2), least) + page.u(18)

    def _point(self, page: Page, step: Step) -> None:
        """Outlines what the step is about: all that can be pressed, or the first that begins so."""
        found = [c for c in page.controls if c.shown and any(c.id.startswith(point) for point in step.points)]
        for control in found[:12]:
            page.outline(control.rect.inflate(page.u(4), page.u(4)), theme.WARN, 7, 2)

    def _coach(self, page: Page, rect: Rect, step: Step) -> None:
        page.fill(rect, GROUND)
        page.fill(Rect(rect.x, rect.y, rect.width, page.u(2)), theme.WARN)
        inner = inset(rect, page.u(16), page.u(9))
        side, inner = from_right(inner, self._sides(page), page.u(16))
        each = (side.height - page.u(6)) // 2
        first = self.step == 0
        label = "Go on" if first else "Skip"
        upper = Rect(side.x, side.y, side.width, each)
        button(page, "coach.next", upper, label, self.go_on, kind="go" if first else "plain", size=theme.BODY,
               tip="To the next step")  # fmt: skip
        button(page, "coach.away", Rect(side.x, side.bottom - each, side.width, each), "Send away", self.send_away,
               size=theme.BODY, tip="Play on without the coach")  # fmt: skip
        head = Rect(inner.x, inner.y, inner.width, page.line(theme.STRONG))
        title = f"{self.step + 1} of {len(STEPS)} · {step.title}"
        page.text(head, title, theme.STRONG, theme.WARN, bold=True)
        page.words(Rect(inner.x, head.bottom + page.u(2), inner.width, inner.height), step.text(self), most=3)
