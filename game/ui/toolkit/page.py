"""One frame while it is drawn: screens put text, panels and controls on it, and it keeps a list of them for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pygame
from pygame import Rect

from game import theme
from game.theme import Colour, Mark, Scale
from game.ui.toolkit.marks import hatched, icon_picture, shape_picture
from game.ui.toolkit.motion import Motions, ease_out
from game.ui.toolkit.text import BOLD, HEAVY, REGULAR, SERIF, Fonts

TARGET = 34
"""Height in logical units that a mouse hits without care."""


def face_of(size: float, bold: bool, serif: bool = False) -> str:
    """Return the face of a text: bold is a weight heavier where letters are large."""
    return SERIF if serif else REGULAR if not bold else HEAVY if size >= theme.BUTTON else BOLD


@dataclass(frozen=True, slots=True)
class Key:
    """A key that went down."""

    code: int
    ctrl: bool = False
    shift: bool = False
    alt: bool = False


@dataclass(slots=True)
class Control:
    """Something that can be pressed or typed into.

    Attributes:
        id: Unique on the frame and the same from frame to frame.
        press: What a click or Enter does.
        keys: Takes keys while the control has the focus; answers whether it used one.
        type: Takes typed text while the control has the focus.
        hold: Told of mouse button or key going down (true) and up (false), for controls that are held.
        reason: Why it is disabled.
        reveal: Scrolls it into view; set for what lies in a list. ``shown`` is false while it lies outside.
    """

    id: str
    rect: Rect
    label: str
    press: Callable[[], None] | None = None
    enabled: bool = True
    reason: str = ""
    tip: str = ""
    layer: int = 0
    shown: bool = True
    reveal: Callable[[], None] | None = None
    keys: Callable[[Key], bool] | None = None
    type: Callable[[str], None] | None = None
    hold: Callable[[bool], None] | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A text as it was drawn, for tests. ``whole`` is the full text where it was shortened (a tooltip has it)."""

    text: str
    rect: Rect
    size: int
    colour: Colour
    grounds: tuple[Colour, ...]
    layer: int
    whole: str = ""


@dataclass(slots=True)
class Area:
    """A part of the page that answers to clicks, the mouse wheel, or to being pointed at, without being a control."""

    rect: Rect
    layer: int
    click: Callable[[tuple[int, int]], None] | None = None
    wheel: Callable[[int], None] | None = None


@dataclass(slots=True)
class Page:
    """One frame. All rectangles are in pixels; ``u`` turns logical units into them.

    ``composing`` is what an input method has not committed yet; ``caret`` is where it goes on; ``written`` is where
    words stand.
    """

    surface: pygame.Surface
    fonts: Fonts
    scale: Scale
    focus: str | None = None
    pointer: tuple[int, int] | None = None
    pressed: str | None = None
    audit: bool = False
    composing: str = ""
    caret: Rect | None = None
    layer: int = 0
    muted: bool = False
    motions: Motions | None = None
    controls: list[Control] = field(default_factory=list)
    texts: list[Seen] = field(default_factory=list)
    written: list[Rect] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    tips: list[tuple[Rect, str, int]] = field(default_factory=list)
    _reveal: Callable[[], None] | None = None

    @property
    def rect(self) -> Rect:
        return self.surface.get_rect()

    def u(self, units: float) -> int:
        return self.scale.u(units)

    @property
    def room(self) -> tuple[float, float]:
        return self.scale.room

    @property
    def target(self) -> int:
        """The height of what is pressed at least; what is on it fits."""
        return max(self.u(TARGET), self.line() + self.u(6))

    # ------------------------------------------------------------------------------------- measuring

    def line(self, size: float = theme.BODY) -> int:
        return self.fonts.height(self.scale.font(size))

    def width(self, text: str, size: float = theme.BODY, bold: bool = False, serif: bool = False) -> int:
        return self.fonts.width(text, self.scale.font(size), face_of(size, bold, serif))

    def lines(
        self, text: str, width: int, size: float = theme.BODY, bold: bool = False, serif: bool = False
    ) -> tuple[str, ...]:
        return self.fonts.wrap(text, self.scale.font(size), face_of(size, bold, serif), max(width, 1))

    def tall(self, text: str, width: int, size: float = theme.BODY, bold: bool = False, serif: bool = False) -> int:
        return len(self.lines(text, width, size, bold, serif)) * self.line(size) if text else 0

    # --------------------------------------------------------------------------------------- shapes

    def fill(self, rect: Rect, colour: Colour, radius: float = 0, edge: Colour | None = None, width: float = 1) -> None:
        """A rectangle, with an outline if ``edge`` is given."""
        if self.muted:
            return
        corner = self.u(radius)
        pygame.draw.rect(self.surface, colour, rect, border_radius=corner)
        if edge is not None:
            pygame.draw.rect(self.surface, edge, rect, self.u(width), border_radius=corner)

    def outline(self, rect: Rect, colour: Colour, radius: float = 6, width: float = 2) -> None:
        """An outline alone."""
        if not self.muted:
            pygame.draw.rect(self.surface, colour, rect, self.u(width), border_radius=self.u(radius))

    def panel(self, rect: Rect, colour: Colour = theme.PANEL, edge: Colour = theme.EDGE, radius: float = 8) -> None:
        self.fill(rect, colour, radius, edge)

    def bar(self, rect: Rect, mark: Mark, part: float, empty: Colour | None = theme.BAR) -> Rect:
        """A bar filled to a part, in a mark's colour and hatch; gives the filled rectangle."""
        filled = Rect(rect.x, rect.y, round(rect.width * max(0.0, min(1.0, part))), rect.height)
        if self.muted:
            return filled
        if empty is not None:
            pygame.draw.rect(self.surface, empty, rect)
        pygame.draw.rect(self.surface, mark.colour, filled)
        hatched(self.surface, filled, mark.hatch, mark.colour, max(4, self.u(6)))
        return filled

    def shape(self, mark: Mark, centre: tuple[int, int], size: float, colour: Colour | None = None) -> None:
        if self.muted:
            return
        pixels = self.u(size)
        picture = shape_picture(mark.shape, pixels, colour or mark.colour)
        self.surface.blit(picture, (centre[0] - pixels // 2, centre[1] - pixels // 2))

    def icon(self, name: str, rect: Rect, colour: Colour) -> None:
        if not self.muted:
            self.surface.blit(icon_picture(name, min(rect.width, rect.height), colour), rect.topleft)

    def picture(self, surface: pygame.Surface, place: tuple[int, int]) -> None:
        if not self.muted:
            self.surface.blit(surface, place)

    # --------------------------------------------------------------------------------------- motion

    def part(self, motion: str) -> float:
        """How far a motion is, 0 to 1; 1 where nothing moves."""
        return self.motions.part(motion) if self.motions is not None else 1.0

    def warm(self, rect: Rect, rest: Colour, pointed: Colour) -> Colour:
        """A ground that turns to another colour while it is pointed at."""
        return theme.mix(rest, pointed, ease_out(self.part("hover"))) if self.pointed(rect) else rest

    def light(self, rect: Rect, radius: float = 4, pointed: Colour = theme.RAISED) -> None:
        """Light up a rectangle that is pointed at, from the colour that it lies on."""
        if self.pointed(rect):
            inside = rect.clip(self.rect)
            at = self.surface.get_at((inside.x, inside.centery))
            self.fill(rect, self.warm(rect, (at.r, at.g, at.b), pointed), radius)

    @contextmanager
    def away(self, rect: Rect, by: tuple[float, float], within: Rect | None = None) -> Iterator[None]:
        """Shows what is drawn inside at some distance from where it is: a picture on its way.

        Its controls and texts are listed where they will be, so that a click on the way finds what it was meant for.

        Args:
            rect: What is drawn lies in it.
            by: The distance.
            within: Nothing is shown outside of this.
        """
        shift, area = (round(by[0]), round(by[1])), rect.clip(self.rect)
        if self.muted or shift == (0, 0) or not area.width or not area.height:
            yield
            return
        ground = self.surface.subsurface(area).copy()
        yield
        moved = self.surface.subsurface(area).copy()
        self.surface.blit(ground, area)
        before = self.surface.get_clip()
        self.surface.set_clip(before.clip(within) if within is not None else before)
        self.surface.blit(moved, area.move(shift))
        self.surface.set_clip(before)

    # ----------------------------------------------------------------------------------------- text

    def text(
        self,
        rect: Rect,
        text: str,
        size: float = theme.BODY,
        colour: Colour = theme.TEXT,
        *,
        bold: bool = False,
        serif: bool = False,
        align: str = "left",
        middle: bool = True,
        tip: bool = True,
    ) -> Rect:
        """One line of text in a rectangle; gives where it is.

        What does not fit is shortened with an ellipsis and the whole text becomes a tooltip. ``tip=False`` for what
        is told in full by the control that the text is on.
        """
        pixels, face = self.scale.font(size), face_of(size, bold, serif)
        shown = self.fonts.shortened(text, pixels, face, rect.width)
        width, height = self.fonts.width(shown, pixels, face), self.fonts.height(pixels)
        x = {"left": rect.x, "right": rect.right - width, "centre": rect.x + (rect.width - width) // 2}[align]
        y = rect.y + (rect.height - height) // 2 if middle else rect.y
        if shown != text and tip:
            self.tip(rect, text)
        return self._put(shown, (x, y), pixels, face, colour, text if shown != text else "")

    def words(
        self,
        rect: Rect,
        text: str,
        size: float = theme.BODY,
        colour: Colour = theme.TEXT,
        *,
        bold: bool = False,
        serif: bool = False,
        align: str = "left",
        most: int = 0,
    ) -> int:
        """Text wrapped in a column from its top; gives the height used.

        With ``most`` lines what is left over is shortened in the last line, and the whole text becomes a tooltip.
        """
        pixels, face = self.scale.font(size), face_of(size, bold, serif)
        lines = list(self.lines(text, rect.width, size, bold, serif)) if text else []
        whole = ""
        if most and len(lines) > most:
            rest = " ".join(lines[most - 1 :])
            lines = [*lines[: most - 1], self.fonts.shortened(rest, pixels, face, rect.width)]
            whole = text
            self.tip(Rect(rect.x, rect.y, rect.width, most * self.line(size)), text)
        height = self.fonts.height(pixels)
        for number, line in enumerate(lines):
            width = self.fonts.width(line, pixels, face)
            x = {"left": 0, "right": rect.width - width, "centre": (rect.width - width) // 2}[align]
            if line:
                place = (rect.x + x, rect.y + number * height)
                self._put(line, place, pixels, face, colour, whole if number == len(lines) - 1 else "")
        return len(lines) * height

    def _put(self, text: str, place: tuple[int, int], pixels: int, face: str, colour: Colour, whole: str = "") -> Rect:
        width, height = self.fonts.width(text, pixels, face), self.fonts.height(pixels)
        rect = Rect(place[0], place[1], width, height)
        if self.muted or not text:
            return rect
        self.written.append(rect)
        if self.audit:
            self.texts.append(Seen(text, rect, pixels, colour, self._grounds(rect), self.layer, whole))
        self.surface.blit(self.fonts.picture(text, pixels, face, colour), place)
        return rect

    def _grounds(self, rect: Rect) -> tuple[Colour, ...]:
        """The colours that a text is about to be drawn on."""
        inside = rect.clip(self.rect)
        if not inside.width or not inside.height:
            return ()
        across = range(inside.left, inside.right, max(1, inside.width // 8))
        colours = (self.surface.get_at((x, y)) for x in across for y in (inside.top + 2, inside.centery))
        return tuple(sorted({(at.r, at.g, at.b) for at in colours}))

    # ------------------------------------------------------------------------------------- controls

    def control(self, control: Control) -> Control:
        """Puts a control on the page; what it looks like is up to the caller. Its tooltip tells why it is disabled."""
        control.layer = self.layer
        if self.muted:
            control.shown = False
        if self._reveal is not None and control.reveal is None:
            control.reveal = self._reveal
        self.controls.append(control)
        told = control.tip if control.enabled else "\n".join(filter(None, (control.reason, control.tip)))
        if told and control.shown:
            self.tip(control.rect, told)
        return control

    def focused(self, identity: str) -> bool:
        return self.focus == identity

    def pointed(self, rect: Rect) -> bool:
        return self.pointer is not None and not self.muted and bool(rect.collidepoint(self.pointer))

    def ring(self, identity: str, rect: Rect, radius: float = 6) -> None:
        """The focus ring, when the control has the focus."""
        if self.focused(identity) and not self.muted:
            tone = theme.mix(theme.NIGHT, theme.NOW, ease_out(self.part("focus")))
            self.outline(rect.inflate(self.u(4), self.u(4)), theme.NIGHT, radius + 2, 3)
            self.outline(rect.inflate(self.u(4), self.u(4)), tone, radius + 2, 2)

    def tip(self, rect: Rect, text: str) -> None:
        """A tooltip for a rectangle, shown when it is pointed at or when the control there has the focus."""
        if not self.muted:
            self.tips.append((Rect(rect), text, self.layer))

    def area(
        self,
        rect: Rect,
        click: Callable[[tuple[int, int]], None] | None = None,
        wheel: Callable[[int], None] | None = None,
    ) -> None:
        """A rectangle that answers to clicks or the wheel."""
        if not self.muted:
            self.areas.append(Area(Rect(rect), self.layer, click, wheel))

    @contextmanager
    def hidden(self, reveal: Callable[[], None]) -> Iterator[None]:
        """Draws nothing inside, but lists the controls: they can get the focus and are then scrolled into view."""
        before, self.muted, self._reveal = self.muted, True, reveal
        yield
        self.muted, self._reveal = before, None

    @contextmanager
    def revealing(self, reveal: Callable[[], None]) -> Iterator[None]:
        """Controls inside lie in a list that can scroll to them."""
        self._reveal = reveal
        yield
        self._reveal = None
