"""The window's loop: events to controls, time to screens, a frame when something has changed."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pygame
from pygame import Rect

from game import theme
from game.table.hosting import Serve
from game.table.library import Library
from game.table.settings import Settings, home
from game.theme import Scale
from game.ui.toolkit import display, focus
from game.ui.toolkit.motion import HOVER, Motions, system_asks
from game.ui.toolkit.overlay import draw_notice, draw_tip
from game.ui.toolkit.page import Control, Key, Page
from game.ui.toolkit.screen import Screen
from game.ui.toolkit.second import SecondWindow, screens
from game.ui.toolkit.sound import Sounds
from game.ui.toolkit.text import Fonts

ROUTES: dict[str, Callable[..., Screen]] = {}
"""What makes a screen, by the name that ``go`` opens it with; filled by ``game.ui.run``, which knows all screens."""

FRAMES = 60
NOTICE_SECONDS, TIP_SECONDS = 6.0, 0.35
NEAR = 240
"""Width in logical units of what a tooltip keeps clear of, around the mouse."""

REPEATING = frozenset({
    pygame.K_LEFT, pygame.K_RIGHT, pygame.K_UP, pygame.K_DOWN, pygame.K_TAB, pygame.K_BACKSPACE, pygame.K_DELETE,
    pygame.K_PAGEUP, pygame.K_PAGEDOWN,
})  # fmt: skip
"""Keys that go on while they are held. All others act once: what is held by mistake must not press what comes next."""
_MODIFIERS = frozenset({
    pygame.K_LSHIFT, pygame.K_RSHIFT, pygame.K_LCTRL, pygame.K_RCTRL, pygame.K_LALT, pygame.K_RALT, pygame.K_LMETA,
    pygame.K_RMETA, pygame.K_MODE, pygame.K_CAPSLOCK, pygame.K_NUMLOCKCLEAR,
})  # fmt: skip
_PAD = "0123456789"
_PAD_MOVES = {
    pygame.K_KP1: pygame.K_END, pygame.K_KP2: pygame.K_DOWN, pygame.K_KP3: pygame.K_PAGEDOWN,
    pygame.K_KP4: pygame.K_LEFT, pygame.K_KP6: pygame.K_RIGHT, pygame.K_KP7: pygame.K_HOME, pygame.K_KP8: pygame.K_UP,
    pygame.K_KP9: pygame.K_PAGEUP, pygame.K_KP_PERIOD: pygame.K_DELETE,
}  # fmt: skip
_ARROWS = {pygame.K_LEFT: "left", pygame.K_RIGHT: "right", pygame.K_UP: "up", pygame.K_DOWN: "down"}


class App:
    """A stack of screens in a window.

    ``frame`` does everything of one frame, so that tests drive it by posting events; ``run`` calls it until the end.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        size: tuple[int, int] | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        audit: bool = False,
        library: Library | None = None,
        serve: Serve | None = None,
    ) -> None:
        """Opens the window.

        Args:
            folder: Where settings and autosaves are kept.
            size: The window's size in pixels; the usual one if left out.
            clock: Seconds that never go back.
            wall: The time of day, in seconds since 1970.
            audit: Also note every text on every frame, for tests.
            library: The rulebook to play; the standard one if left out.
            serve: Lets devices come to a table; without it all teams play at the screen.

        Raises:
            NoDisplay: There is no screen.
        """
        self.folder, trouble = (folder, "") if folder else home()
        self.library = library or Library()
        self.serve = serve
        self.guard: AbstractContextManager[object] = nullcontext()
        self.settings = Settings.read(self.folder)
        self.clock, self.wall, self.audit = clock, wall, audit
        display.start()
        self.window = display.open_window(size, full_screen=self.settings.full_screen)
        self.canvas = display.canvas_for(self.window)
        self.fonts = Fonts()
        self.screens: list[Screen] = []
        self.running = True
        self.focus: str | None = None
        self.notice, self._notice_until = "", 0.0
        self.page = Page(self.canvas, self.fonts, self.scale)
        self._dirty, self._drawn = True, False
        self._pointer: tuple[int, int] | None = None
        self._rested, self._tipped = 0.0, False
        self._by_key = False
        self._pressed: str | None = None
        self._holding: Control | None = None
        # Where each held key went down, and those whose letter was a hotkey: neither acts on what came up meanwhile.
        self._held: dict[int, Screen] = {}
        self._deaf: set[int] = set()
        self._latest = 0
        self._composing = ""
        self.sounds = Sounds()
        system_asks()  # asked now, so that no frame waits for the answer
        self.motions = Motions(clock, lambda: self.moving)
        self._under: str | None = None
        self._ringed: str | None = None
        self._clicked: str | None = None
        self._shade: pygame.Surface | None = None
        self.second: SecondWindow | None = None
        self._aside: Screen | None = None
        self._now = clock()
        if trouble:
            self.tell(trouble)

    # --------------------------------------------------------------------------------------- screens

    @property
    def top(self) -> Screen:
        return self.screens[-1]

    def make(self, route: str, /, *args: Any, **more: Any) -> Screen:
        return ROUTES[route](self, *args, **more)

    def go(self, route: str, /, *args: Any, **more: Any) -> None:
        self.push(self.make(route, *args, **more))

    def push(self, screen: Screen) -> None:
        self.screens.append(screen)
        self._arrived()

    def pop(self) -> None:
        """Closes the screen on top; the last one stays."""
        if len(self.screens) > 1:
            self.screens.pop()
            self._arrived()

    def replace(self, screen: Screen) -> None:
        if self.screens:
            self.screens.pop()
        self.push(screen)

    def drop_above(self, screen: Screen) -> None:
        """Closes what lies over a screen, without a word to the screens between."""
        at = self.screens.index(screen)
        if at < len(self.screens) - 1:
            del self.screens[at + 1 :]
            self.focus = self._pressed = None
            self._release()
            self.redraw()

    def reset(self, *screens: Screen) -> None:
        """Closes every screen and opens these, the last one on top."""
        for screen in self.screens:
            if screen not in screens:
                screen.close()
        self.screens[:] = screens
        self.show_aside(None)
        self._arrived()

    def cue(self, name: str) -> None:
        """Play a sound, if the reader has asked for sounds."""
        if self.settings.sound:
            self.sounds.play(name)

    def show_aside(self, screen: Screen | None) -> bool:
        """Show a screen in a window of its own on the second screen, or close that; return whether it is open."""
        if self.second is not None:
            self.second.close()
            self.second = self._aside = None
        if screen is not None and screens() > 1:
            try:
                self.second, self._aside = SecondWindow(), screen
            except (pygame.error, ImportError) as error:
                self.tell(f"No window can be opened on the second screen ({error}).")
        self.redraw()
        return self.second is not None

    def _arrived(self) -> None:
        self.focus = self.top.first_focus()
        self._release()
        self._pressed = None
        self.top.opened()
        self.redraw()

    def redraw(self) -> None:
        """Something has changed: draw a new frame."""
        self._dirty = True

    def tell(self, sentence: str) -> None:
        self.notice, self._notice_until = sentence, self.clock() + NOTICE_SECONDS
        self.redraw()

    def quit(self) -> None:
        self.running = False

    # ------------------------------------------------------------------------------------------ loop

    def run(self) -> None:
        """Runs until somebody quits; the window is closed on the way out, whatever happens."""
        pace = pygame.time.Clock()
        try:
            while self.running:
                self.frame()
                pace.tick(FRAMES)
        finally:
            self.close()

    def close(self) -> None:
        for screen in self.screens:
            screen.close()
        self.show_aside(None)
        self.sounds.close()
        display.stop()

    def frame(self) -> list[Control]:
        """One frame: events, time, and a picture if something has changed; gives the controls within reach."""
        with self.guard:
            self._go_on()
        if self._drawn:
            self._drawn = False
            display.show(self.window, self.canvas)
        return self.controls

    def _go_on(self) -> None:
        """Take the events, let time go by, and draw what has changed."""
        self._now = self.clock()
        for event in pygame.event.get():
            self.handle(event)
        self.top.tick(self._now)
        for screen in self.screens[:-1]:
            screen.below(self._now)
        if self._aside is not None:
            self._aside.tick(self._now)
        if self.motions.tick():
            self.redraw()
        if self.notice and self._now >= self._notice_until:
            self.notice = ""
            self.redraw()
        tipped = self._now - self._rested >= TIP_SECONDS
        if tipped != self._tipped:
            self._tipped = tipped
            self.redraw()
        if self._dirty:
            self.draw()

    def draw(self) -> None:
        self._dirty, self._drawn = False, True
        if self.focus != self._clicked:
            self._clicked = None
        ringed = self._keyboard
        if ringed != self._ringed:
            self._ringed = ringed
            self.motions.begin("focus", HOVER)
        self.page = page = Page(
            self.canvas, self.fonts, self.scale, ringed, self._pointer, self._pressed, self.audit,
            composing=self._composing, motions=self.motions,
        )  # fmt: skip
        first = max((n for n, screen in enumerate(self.screens) if not screen.over), default=0)
        self.canvas.fill(theme.NIGHT)
        for number, screen in enumerate(self.screens[first:], first):
            page.layer = number
            if number > first:
                if self._shade is None or self._shade.get_size() != self.canvas.get_size():
                    self._shade = pygame.Surface(self.canvas.get_size(), pygame.SRCALPHA)
                    self._shade.fill((*theme.NIGHT, 190))
                self.canvas.blit(self._shade, (0, 0))
            screen.build(page)
        reach = {control.id for control in self.controls}
        if self.focus is not None and self.focus not in reach:
            self.focus = page.focus = self._clicked = None
        if page.caret is not None:  # where the input method opens its list
            pygame.key.set_text_input_rect(page.caret)
        if self.second is not None and self._aside is not None:
            aside = self.second.fit()
            aside.fill(theme.NIGHT)
            self._aside.build(Page(aside, self.fonts, Scale(aside.get_size())))
            self.second.show()
        if self._tipped:
            draw_tip(page, self._told())
        if self.notice:
            draw_notice(page, self.notice)

    @property
    def moving(self) -> bool:
        """Whether anything may travel or count: neither the reader nor the system has asked for less motion."""
        return self.settings.motion and not system_asks()

    @property
    def scale(self) -> Scale:
        return Scale(self.canvas.get_size(), self.settings.text / 100)

    @property
    def controls(self) -> list[Control]:
        """The controls of the top screen, in the order of Tab."""
        layer = len(self.screens) - 1
        return [control for control in self.page.controls if control.layer == layer]

    def _told(self) -> tuple[Rect, str] | None:
        """The tooltip to show: of what is pointed at, else of the control that the keyboard has reached."""
        layer = len(self.screens) - 1
        tips = [(rect, text) for rect, text, of in self.page.tips if of == layer]
        if self._by_key:
            place = next((c.rect for c in self.controls if c.id == self.focus and c.shown), None)
            found = [tip for tip in tips if place is not None and place.contains(tip[0])]
        else:
            found = [tip for tip in tips if self._pointer is not None and tip[0].collidepoint(self._pointer)]
        if not found or self._by_key or self._pointer is None:
            return found[-1] if found else None
        rect, text = found[-1]
        near = Rect(0, 0, self.scale.u(NEAR), rect.height)  # of something wide: told where it is pointed at
        near.midtop = self._pointer[0], rect.y
        return near.clip(rect), text

    # ---------------------------------------------------------------------------------------- events

    def handle(self, event: pygame.event.Event) -> None:
        """Takes one event. Only what the event itself says counts, so that posted events are as good as real ones."""
        if self._dirty:
            self.draw()
        if self.second is not None and self.second.owns(event):
            if event.type == pygame.WINDOWCLOSE:
                self.show_aside(None)
            if event.type not in (pygame.KEYDOWN, pygame.KEYUP):
                return
        if event.type == pygame.QUIT:
            self.quit()
        elif event.type == pygame.VIDEORESIZE:
            self.resize(event.size)
        elif event.type in (pygame.WINDOWEXPOSED, pygame.WINDOWFOCUSGAINED):
            self.redraw()
        elif event.type == pygame.MOUSEMOTION:
            self._move(self._placed(event.pos))
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self._down(self._placed(event.pos))
        elif event.type == pygame.MOUSEBUTTONUP and event.button == 1:
            self._up(self._placed(event.pos))
        elif event.type == pygame.MOUSEWHEEL:
            self._wheel(event.y)
        elif event.type == pygame.KEYDOWN:
            self._key_down(event)
        elif event.type == pygame.KEYUP:
            self._held.pop(event.key, None)
            self._deaf.discard(event.key)
            self.top.released(_key_of(event))
        elif event.type == pygame.TEXTEDITING:
            self._composing = event.text
            self.redraw()
        elif event.type == pygame.WINDOWFOCUSLOST:
            self._held.clear()
            self._deaf.clear()
            self._composing = ""
            self._release()
        elif event.type == pygame.TEXTINPUT:
            self._typed(event.text)
        elif event.type == pygame.DROPFILE:
            self.top.dropped(Path(event.file))

    def resize(self, size: tuple[int, int]) -> None:
        """The window has another size: lay out again for it."""
        if self.window.get_size() != tuple(size):
            self.window = pygame.display.get_surface() or display.open_window(size)
        if self.window.get_size() != tuple(size):
            self.window = display.open_window(size)
        self.canvas = display.canvas_for(self.window)
        self.redraw()

    def full_screen(self) -> None:
        self.settings.full_screen = not self.settings.full_screen
        self.window = display.open_window(full_screen=self.settings.full_screen)
        self.canvas = display.canvas_for(self.window)
        self.keep_settings()
        self.redraw()

    def keep_settings(self) -> None:
        if trouble := self.settings.write():
            self.tell(trouble)

    def _placed(self, place: tuple[int, int]) -> tuple[int, int]:
        """A place in the window as a place on the canvas."""
        wide, high = self.window.get_size()
        if self.canvas is self.window or not wide or not high:
            return place
        return place[0] * self.canvas.get_width() // wide, place[1] * self.canvas.get_height() // high

    def _at(self, place: tuple[int, int]) -> Control | None:
        found = [c for c in self.controls if c.shown and c.rect.collidepoint(place)]
        return found[-1] if found else None

    def _move(self, place: tuple[int, int]) -> None:
        self._pointer, self._rested, self._by_key = place, self._now, False
        control = self._at(place)
        under = control.id if control is not None else None
        if under != self._under:
            self._under = under
            self.motions.begin("hover", HOVER)
        self.redraw()

    def _down(self, place: tuple[int, int]) -> None:
        self.motions.end()
        self._move(place)
        control = self._at(place)
        if control is None:
            self.focus = None
            layer = len(self.screens) - 1
            areas = [a for a in self.page.areas if a.layer == layer and a.click and a.rect.collidepoint(place)]
            if areas and areas[-1].click is not None:
                areas[-1].click(place)
            return
        self.focus = self._pressed = self._clicked = control.id
        if control.hold is not None:
            self._holding = control
            control.hold(True)

    def _up(self, place: tuple[int, int]) -> None:
        pressed, self._pressed = self._pressed, None
        self._rested = math.inf  # what comes up under a mouse at rest is not pointed at: no tooltip until it moves
        self._release()
        control = self._at(place)
        self.redraw()
        if control is not None and control.id == pressed:
            self._press(control)

    def _press(self, control: Control) -> None:
        if not control.enabled:
            if control.reason:
                self.tell(control.reason[:1].upper() + control.reason[1:])
        elif control.press is not None:
            self.redraw()
            control.press()

    @property
    def _keyboard(self) -> str | None:
        """The control that keys go to. A button that was clicked has had its press: it leaves Enter to the default."""
        clicked = next((c for c in self.page.controls if c.id == self._clicked), None)
        typed = clicked is not None and (clicked.keys is not None or clicked.type is not None)
        return None if self.focus == self._clicked and not typed else self.focus

    def _release(self) -> None:
        holding, self._holding = self._holding, None
        if holding is not None and holding.hold is not None:
            holding.hold(False)

    def _wheel(self, amount: int) -> None:
        layer = len(self.screens) - 1
        if self._pointer is None:
            return
        place = self._pointer
        areas = [a for a in self.page.areas if a.layer == layer and a.wheel and a.rect.collidepoint(place)]
        if areas and areas[-1].wheel is not None:
            areas[-1].wheel(amount)
            self.redraw()

    def _key_down(self, event: pygame.event.Event) -> None:
        if self._composing:  # the key belongs to the input method
            return
        key = _key_of(event)
        if event.key in self._held:
            if self._held[event.key] is self.top and key.code in REPEATING:
                self._key(key, event.key)
            return
        self.motions.end()
        if event.key not in _MODIFIERS:
            self._held[event.key], self._latest = self.top, event.key
        self._key(key, event.key)

    def _key(self, key: Key, pressed: int) -> None:
        self._rested = math.inf  # whoever types does not point: no tooltip until the mouse moves or Tab goes on
        self.redraw()
        control = next((c for c in self.controls if c.id == self._keyboard), None)
        if control is not None and control.keys is not None and control.keys(key):
            return
        if key.code == pygame.K_F11:
            self.full_screen()
        elif key.code in (pygame.K_RETURN, pygame.K_KP_ENTER) and control is not None:
            self._press(control)
        elif key.code == pygame.K_TAB:
            self._focus(focus.onward(self.controls, self.focus, -1 if key.shift else 1))
        elif self.top.key(key):
            self._deaf.add(pressed)
        elif self.top.lets_through and any(screen.under(key) for screen in reversed(self.screens[:-1])):
            return
        elif key.code in (pygame.K_RETURN, pygame.K_KP_ENTER) and control is None:
            default = next((c for c in self.controls if c.id == self.top.first_focus()), None)
            if default is not None:
                self._press(default)
        elif key.code in _ARROWS:
            self._focus(focus.towards(self.controls, self.focus, _ARROWS[key.code]))
        elif key.code == pygame.K_SPACE and control is not None and control.type is None:
            self._deaf.add(pressed)
            self._press(control)
        elif key.code == pygame.K_ESCAPE:
            self.top.back()

    def _focus(self, identity: str | None) -> None:
        self.focus, self._by_key, self._rested, self._clicked = identity, True, self._now, None
        control = next((c for c in self.controls if c.id == identity), None)
        if control is not None and control.reveal is not None:
            control.reveal()

    def _typed(self, text: str) -> None:
        self._composing = ""
        # The letter of a hotkey is not also typed into what it opened, however long it is held.
        deaf = self._latest in self._deaf or self._held.get(self._latest, self.top) is not self.top
        control = next((c for c in self.controls if c.id == self.focus), None)
        if control is not None and control.type is not None and not deaf:
            control.type(text)
            self.redraw()


def _key_of(event: pygame.event.Event) -> Key:
    """Return what a key means: by its letter where its layout has Latin ones, else by its place."""
    mod = getattr(event, "mod", 0)
    # AltGr types a character. Windows reports it as the left Ctrl and the right Alt, which must not press Ctrl+2.
    third = bool(mod & (pygame.KMOD_RALT | pygame.KMOD_MODE))
    ctrl = bool(mod & (pygame.KMOD_CTRL | pygame.KMOD_META)) and not third
    code, scan = event.key, getattr(event, "scancode", 0)
    if pygame.K_KP1 <= code <= pygame.K_KP0 or code == pygame.K_KP_PERIOD:
        digit = getattr(event, "unicode", "") or (_PAD[(code - pygame.K_KP1 + 1) % 10] if mod & pygame.KMOD_NUM else "")
        code = ord(digit) if digit in _PAD and digit else _PAD_MOVES.get(code, code)
    elif 127 < code < 1 << 30 and pygame.KSCAN_A <= scan <= pygame.KSCAN_Z:
        code = pygame.K_a + scan - pygame.KSCAN_A
    elif pygame.KSCAN_1 <= scan <= pygame.KSCAN_0 and not third:  # some layouts have digits with Shift only
        code = ord(_PAD[(scan - pygame.KSCAN_1 + 1) % 10])
    return Key(code, ctrl, bool(mod & pygame.KMOD_SHIFT), third or bool(mod & pygame.KMOD_ALT))
