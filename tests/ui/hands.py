"""Works a window as a person does: by events that are posted, to controls that are on the screen."""

from __future__ import annotations

import time
from collections.abc import Callable

import pygame

from game.ui.play.play_screen import PlayScreen
from game.ui.screens.busy import Busy
from game.ui.screens.handover import HandoverScreen
from game.ui.screens.start import StartScreen
from game.ui.toolkit.app import App
from game.ui.toolkit.page import Control


class Clock:
    """Time that goes by when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Hands:
    """A mouse, a keyboard and a clock."""

    def __init__(self, app: App, clock: Clock) -> None:
        self.app, self.clock = app, clock
        self.pin = ""

    # ------------------------------------------------------------------------------------ the basics

    def frame(self, seconds: float = 0.0) -> list[Control]:
        """Lets time go by and the window draw."""
        self.clock.now += seconds
        return self.app.frame()

    def control(self, identity: str) -> Control:
        """A control that is on the screen now."""
        found = {c.id: c for c in self.frame()}
        assert identity in found, f"no {identity} among {sorted(found)} on {self.app.top.name}"
        return found[identity]

    def ids(self) -> list[str]:
        """What can be pressed now."""
        return [c.id for c in self.frame()]

    def click(self, identity: str) -> None:
        """Clicks a control; scrolls to it by the keyboard's focus if it lies outside its list."""
        control = self.control(identity)
        if not control.shown:
            self.tab_to(identity)
            control = self.control(identity)
        assert control.shown, f"{identity} cannot be seen"
        self.click_at(control.rect.center)

    def click_at(self, place: tuple[int, int]) -> None:
        """Clicks a place."""
        pygame.event.post(pygame.event.Event(pygame.MOUSEMOTION, pos=place, rel=(0, 0), buttons=(0, 0, 0)))
        for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
            pygame.event.post(pygame.event.Event(kind, pos=place, button=1))
        self.frame()

    def press(self, code: int, mod: int = 0) -> None:
        """Presses and lets go of a key."""
        for kind in (pygame.KEYDOWN, pygame.KEYUP):
            pygame.event.post(pygame.event.Event(kind, key=code, mod=mod))
        self.frame()

    def type(self, text: str) -> None:
        """Types into what has the focus."""
        for char in text:
            pygame.event.post(pygame.event.Event(pygame.TEXTINPUT, text=char))
        self.frame()

    def tab_to(self, identity: str) -> None:
        """Goes on with Tab until a control has the focus."""
        for _ in range(len(self.frame()) + 1):
            self.press(pygame.K_TAB)
            if self.app.focus == identity:
                return
        raise AssertionError(f"Tab never reaches {identity}")

    def wait(self, until: Callable[[], bool], seconds: float = 120.0) -> None:
        """Draws frames until something holds. Threads work in real time, and no time goes by for the window while a
        bot thinks: on a busy machine it would be taken for one that hangs.
        """
        end = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < end, f"still waiting on {self.app.top.name}"
            thinking = any(s.turns.thinker.working for s in self.app.screens if isinstance(s, PlayScreen))
            self.frame(0.0 if thinking else 0.05)
            time.sleep(0.002)

    # ---------------------------------------------------------------------------------- whole deeds

    def settle(self) -> None:
        """Waits until files are read and the table is set."""
        start = self.app.screens[0]
        self.wait(lambda: not isinstance(self.app.top, Busy) and not (isinstance(start, StartScreen) and start.looking))

    @property
    def play(self) -> PlayScreen:
        """The play screen, wherever it lies."""
        found = [screen for screen in self.app.screens if isinstance(screen, PlayScreen)]
        assert found, [screen.name for screen in self.app.screens]
        return found[-1]

    def take_over(self) -> None:
        """Holds the handover until the table is in view."""
        assert isinstance(self.app.top, HandoverScreen)
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_SPACE, mod=0))
        self.frame()
        self.frame(1.0)
        pygame.event.post(pygame.event.Event(pygame.KEYUP, key=pygame.K_SPACE, mod=0))
        self.frame()

    def give_pin(self, pin: str = "") -> None:
        """Types a PIN, ``pin`` if none is given, and Enter."""
        self.type(pin or self.pin)
        self.press(pygame.K_RETURN)

    def pick(self, title: str) -> None:
        """Picks the line of an open list that has a title."""
        self.click(next(c.id for c in self.frame() if c.id.startswith("picker.") and c.label.split(". ")[0] == title))

    def until_somebody_moves(self) -> str:
        """Lets bots play, takes handovers, closes sheets; gives what the table waits for: a seat, or the end."""

        def waiting() -> bool:
            top = self.app.top
            if isinstance(top, HandoverScreen):
                self.take_over()
            elif top.name == "pin":
                self.give_pin()
            elif top.name in ("sheet", "world-turn", "interlude"):
                self.press(pygame.K_ESCAPE)
            return top.name == "ending" or (isinstance(self.app.top, PlayScreen) and self.app.top.turns.acting)

        self.wait(waiting)
        return "ending" if self.app.top.name == "ending" else str(self.play.table.viewer)
