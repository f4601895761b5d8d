"""The hand: families as tabs, a card a move that can be played, a line with the reason for each that cannot.

A picked card lifts and its slip slides out beside it; the others make room.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from pygame import Rect

from game import theme
from game.prose.lexicon import titled
from game.rulebook.icons import icon_name, shade, track_icon
from game.table.choosing import Choosing
from game.table.offers import Option
from game.ui.board.preview import draw_slip
from game.ui.board.table_view import DIGITS, TableView
from game.ui.toolkit.layout import from_right, from_top
from game.ui.toolkit.motion import ease_out
from game.ui.toolkit.page import Control, Page
from game.ui.toolkit.scroll import Scroll, stack

NARROWEST, WIDEST = 116, 150
"""Widths of a card, in logical units."""
LIFTED, SLIP, RISE = 172, 258, 64
"""Width of the picked card and of its slip, and how far both rise over the map."""
ASIDE = 168
"""Width of what cannot be played now."""
ARROW = 30
"""Width of the arrows beside cards that do not all fit."""
COINS = 3
"""A price of no more than this is drawn as coins."""


@dataclass(frozen=True, slots=True)
class HandPlaces:
    """Where the hand's parts are; ``lifted`` and ``slip`` are missing while no card is picked."""

    tabs: Rect
    cards: Rect
    aside: Rect | None
    lifted: Rect | None
    slip: Rect | None

    @property
    def over(self) -> list[Rect]:
        """What lies over the map."""
        return [rect for rect in (self.lifted, self.slip) if rect is not None]


def hand_places(page: Page, rect: Rect, table: TableView) -> HandPlaces:
    """Return where everything is in the hand's rectangle, and over it."""
    gap, choosing = page.u(6), table.choosing
    lifted = slip = None
    rest = rect
    if choosing is not None and choosing.option is not None:
        narrow = page.room[0] < 1000
        wide = page.u(150 if narrow else LIFTED)
        top = rect.y - page.u(RISE)
        lifted = Rect(rect.x, top - page.u(12), wide, rect.bottom - top)
        slip_wide = min(page.u(SLIP + (30 if page.room[0] > 1200 else 0)), rect.width - wide)
        slip = Rect(lifted.right - page.u(6), top, slip_wide, rect.bottom - top)
        rest = Rect(slip.right + gap, rect.y, max(0, rect.right - slip.right - gap), rect.height)
    tabs, body = _under_tabs(page, rest)
    aside, body = _aside(page, body, choosing)
    return HandPlaces(tabs, body, aside, lifted, slip)


def _under_tabs(page: Page, rect: Rect) -> tuple[Rect, Rect]:
    """Return where the families' tabs are, and what is left below them."""
    return from_top(rect, page.target + page.u(3), page.u(7))


def picked_at(page: Page, rect: Rect) -> tuple[int, int]:
    """Return the middle of the picked card: where a played card comes from."""
    return rect.x + page.u(LIFTED) // 2, rect.centery - page.u(RISE) // 2


def _aside(page: Page, body: Rect, choosing: Choosing | None) -> tuple[Rect | None, Rect]:
    """Return where what cannot be played stands, if there is room for that, and what is left for the cards."""
    closed = choosing is not None and any(not option.open for option in choosing.rows)
    if closed and body.width > page.u(ASIDE + NARROWEST + 3 * ARROW):  # a card whole, arrows, gaps
        return from_right(body, page.u(ASIDE), page.u(6))
    return None, body


def draw_hand(page: Page, rect: Rect, table: TableView, places: HandPlaces) -> None:
    choosing = table.choosing
    if choosing is None:
        page.words(rect, table.waiting(), theme.HEAD, theme.SOFT)
        return
    families = choosing.families
    family = families[choosing.family % len(families)] if families else ""
    if places.tabs.width > page.u(NARROWEST):
        _tabs(page, places.tabs, choosing, families, family)
    open_ = [option for option in choosing.rows if option.open]
    closed = [option for option in choosing.rows if not option.open]
    held = choosing.option if places.lifted is not None else None
    beside = [option for option in open_ if held is None or option.name != held.name]
    rest = _at_rest(page, rect, table, choosing, open_) if held is not None and page.part("lift") < 1.0 else {}
    if places.cards.width >= page.u(NARROWEST):
        if places.aside is None and closed:
            beside += closed
        _cards(page, places.cards, table, choosing, beside, rest)
        if places.aside is not None and closed:
            _not_now(page, places.aside, table, choosing, closed)
    if held is not None and places.lifted is not None and places.slip is not None:
        slip, lifted, left = places.slip, places.lifted, 1 - ease_out(page.part("lift"))
        with page.away(slip, (-left * slip.width, 0), within=slip):
            draw_slip(page, slip, table, choosing)
        start = rest.get(held.name, lifted)
        with page.away(lifted.inflate(page.u(4), page.u(4)), _between(lifted, start, left)):
            _card(page, lifted, table, choosing, held, lifted=True)


def _at_rest(
    page: Page, rect: Rect, table: TableView, choosing: Choosing, options: Sequence[Option]
) -> dict[str, Rect]:
    """Return where the cards in view lie while none is picked: what a lifted card and its neighbours come from."""
    _, body = _under_tabs(page, rect)
    _, body = _aside(page, body, choosing)
    if not options or body.width < page.u(NARROWEST):
        return {}
    fan = _fan(page, body, len(options), table.scrolls["moves"].first)
    return {option.name: place for option, place in zip(options[fan.first :], fan.places, strict=False)}


def _between(here: Rect, start: Rect, left: float) -> tuple[float, float]:
    """Return how far something is from where it goes, with a part of its way left."""
    return (start.x - here.x) * left, (start.y - here.y) * left


def _tabs(page: Page, rect: Rect, choosing: Choosing, families: Sequence[str], active: str) -> None:
    """A tab a family with how many of its moves can be played; families that the seat has not stay, and say so."""
    book = choosing.sitting.game.book
    names = [*families, *(name for name in book.families if name not in families)]
    forms = {form: _tab_widths(page, choosing, names, form) for form in ("full", "count", "icon")}
    form = next((form for form, widths in forms.items() if sum(widths) <= rect.width), "icon")
    widths = forms[form]
    x = rect.x
    line = Rect(rect.x, rect.bottom - page.u(3), rect.width, page.u(3))
    ground = _shade(choosing, active)
    for name, wide in zip(names, widths, strict=True):
        if x + wide > rect.right:
            break
        place = Rect(x, rect.y, wide - page.u(4), rect.height - page.u(3))
        x += wide
        title, note = _tab_words(choosing, name)
        colour = _shade(choosing, name)
        has = name in families
        identity = f"family.{name or families.index(name)}"
        said = f"{title}: {note}"
        page.control(Control(
            identity, place, said, partial(choosing.turn_to, families.index(name)) if has else None, has,
            "" if has else f"{title} are not among this seat's levers", said,
        ))  # fmt: skip
        chosen = has and name == active
        rest = page.warm(place, theme.PANEL, theme.RAISED) if has else theme.PANEL
        page.fill(place, colour if chosen else rest, 6)
        if not chosen:
            page.outline(place, theme.EDGE, 6, 1)
        page.ring(identity, place)
        tone = theme.WHITE if chosen else theme.TEXT if has else theme.SOFT
        icon = Rect(place.x + page.u(9), place.centery - page.u(9), page.u(18), page.u(18))
        if name:
            page.icon(icon_name(book, name), icon, tone)
        at = icon.right + page.u(6) if name else place.x + page.u(10)
        if form == "full":
            used = page.text(Rect(at, place.y, place.right - at, place.height), title, theme.BODY, tone, bold=True)
            at = used.right + page.u(7)
        short = note if form == "full" or not has else note.partition(" of ")[0]
        if (form != "icon" and has) or form == "full":
            page.text(Rect(at, place.y, place.right - at, place.height), short, theme.SMALL, tone, tip=False)
    page.fill(line, ground)


def _tab_words(choosing: Choosing, family: str) -> tuple[str, str]:
    book = choosing.sitting.game.book
    title = titled(family, book.families.get(family, "")) if family else "Moves"
    options = [option for option in choosing.options if option.family == family]
    return title, f"{sum(option.open for option in options)} of {len(options)}" if options else "not yours"


def _tab_widths(page: Page, choosing: Choosing, names: Sequence[str], form: str) -> list[int]:
    found = []
    for name in names:
        title, note = _tab_words(choosing, name)
        wide = page.u(40)
        if form == "full":
            wide += page.width(title, theme.BODY, True) + page.u(7) + page.width(note, theme.SMALL) + page.u(10)
        elif form == "count":
            wide += page.width("00", theme.SMALL) + page.u(10)
        found.append(wide)
    return found


def _shade(choosing: Choosing, family: str) -> theme.Colour:
    return shade(choosing.sitting.game.book, family) or theme.FAMILIES[0]


# ------------------------------------------------------------------------------------------------- cards


@dataclass(frozen=True, slots=True)
class _Fan:
    """Cards side by side: how many fit, the first in view, the width of the arrows, and the places of those in view."""

    fit: int
    first: int
    arrow: int
    places: list[Rect]


def _fan(page: Page, rect: Rect, count: int, first: int) -> _Fan:
    gap = page.u(6)
    fit = max(1, (rect.width + gap) // (page.u(NARROWEST) + gap))
    arrow = page.u(ARROW) if count > fit else 0
    fit = max(1, (rect.width - 2 * arrow + gap) // (page.u(NARROWEST) + gap))
    many = min(fit, count)
    width = min(page.u(WIDEST), (rect.width - 2 * arrow - gap * (many - 1)) // many)
    places = [Rect(rect.x + arrow + n * (width + gap), rect.y, width, rect.height) for n in range(many)]
    return _Fan(fit, max(0, min(first, count - fit)), arrow, places)


def _cards(
    page: Page, rect: Rect, table: TableView, choosing: Choosing, options: Sequence[Option], rest: Mapping[str, Rect]
) -> None:
    """As many cards as fit side by side, from the first in view; the others are reached by Tab, wheel or arrows.

    ``rest`` is where cards that have to make room come from.
    """
    gap, count = page.u(6), len(options)
    if not count:
        held = choosing.option is not None
        said = f"{'No other card' if held else 'Nothing'} of this family can be played now."
        page.words(rect, said, theme.BODY, theme.SOFT)
        return
    scroll = table.scrolls["moves"]
    fan = _fan(page, rect, count, scroll.first)
    if scroll.show is not None:
        at = next((n for n, o in enumerate(options) if o.name == choosing.rows[scroll.show].name), 0)
        _reveal(scroll, at, fan.fit)
        scroll.show = None
        fan = _fan(page, rect, count, scroll.first)
    scroll.first = fan.first
    fit, arrow, width = fan.fit, fan.arrow, fan.places[0].width
    left = 1 - ease_out(page.part("lift")) if rest else 0.0
    for n, option in enumerate(options):
        reveal = partial(_reveal, scroll, n, fit)
        if scroll.first <= n < scroll.first + fit:
            place = fan.places[n - scroll.first]
            shift = (rest[option.name].x - place.x) * left if option.name in rest else 0
            with page.revealing(reveal), page.away(place.inflate(page.u(4), page.u(4)), (shift, 0)):
                _card(page, place, table, choosing, option)
        else:
            with page.hidden(reveal):
                _card(page, Rect(rect.x, rect.y, width, rect.height), table, choosing, option)
    if arrow:
        page.area(rect, wheel=lambda amount: _turn(scroll, -amount))
        last = scroll.first + fit >= count
        used = Rect(rect.x + arrow + fit * (width + gap), rect.y, arrow - gap, rect.height)
        ends = ((Rect(rect.x, rect.y, arrow - gap, rect.height), "hand.back", "◂", -1, scroll.first > 0),
                (used, "hand.on", "▸", 1, not last))  # fmt: skip
        for place, identity, sign, by, more in ends:
            label, press = ("Further cards", "Cards before")[by < 0], partial(_turn, scroll, by)
            page.control(Control(identity, place, label, press, more, "there are no more cards on this side"))
            page.fill(place, page.warm(place, theme.PANEL, theme.HOVER) if more else theme.PANEL, 6)
            page.ring(identity, place)
            if more:
                page.text(place, sign, theme.BODY, align="centre", tip=False)


def _reveal(scroll: Scroll, n: int, fit: int) -> None:
    scroll.first = max(min(scroll.first, n), n - fit + 1)


def _turn(scroll: Scroll, by: int) -> None:
    scroll.first = max(0, scroll.first + by)


def _card(
    page: Page, rect: Rect, table: TableView, choosing: Choosing, option: Option, *, lifted: bool = False
) -> None:
    """A card: band with icon, key and price; title; up to three effects; a faint emblem cut by the edge."""
    identity = f"move.{option.name}"
    rows = [each.name for each in choosing.rows]
    n = rows.index(option.name) if option.name in rows else len(DIGITS)
    digit = DIGITS[n] if n < len(DIGITS) else ""
    effects = "\n".join(option.effects)
    told = f"{option.title}\n{option.about or effects}" if option.open else ""
    press = table.drop if lifted else partial(table.pick, option)
    page.control(Control(identity, rect, f"{option.title} ({option.cost})", press, option.open, option.reason,
                         "" if lifted else told))  # fmt: skip
    if page.muted:
        return
    shade = _shade(choosing, option.family) if option.open else theme.EDGE
    paper = theme.PAPER if option.open else theme.mix(theme.PAPER, theme.PANEL, 0.25)
    warm = not lifted and option.open
    page.fill(rect, page.warm(rect, paper, theme.mix(paper, theme.WHITE, 0.5)) if warm else paper, 9)
    _emblem(page, rect, option, shade, paper)
    band = Rect(rect.x, rect.y, rect.width, page.u(28))
    _band(page, band, choosing, option, digit, shade)
    inner = Rect(rect.x + page.u(9), band.bottom + page.u(6), rect.width - page.u(16), rect.bottom - band.bottom)
    inner.height -= page.u(12)
    size = theme.HEAD if lifted else theme.STRONG
    title = table.sitting.game.describe(choosing.move, choosing.seat) if lifted and choosing.move else option.title
    used = page.words(inner, title, size, theme.PAPER_TEXT, bold=True, most=max(1, inner.height // page.line(size)))
    _effects(page, Rect(inner.x, inner.y + used + page.u(4), inner.width, inner.height - used - page.u(4)), option)
    if lifted:
        page.outline(rect, theme.NOW, 9, 3)
    page.ring(identity, rect, 9)


def _band(page: Page, band: Rect, choosing: Choosing, option: Option, digit: str, shade: theme.Colour) -> None:
    book = choosing.sitting.game.book
    page.fill(band, shade, 9)
    page.fill(Rect(band.x, band.centery, band.width, band.height - band.height // 2), shade)
    x = band.x + page.u(8)
    if option.family:
        side = page.u(17)
        page.icon(icon_name(book, option.family), Rect(x, band.centery - side // 2, side, side), theme.WHITE)
        x += side + page.u(7)
    if digit:
        key = Rect(x, band.y + page.u(5), page.u(18), band.height - page.u(10))
        page.outline(key, theme.WHITE, 4, 1)
        page.text(key, digit, theme.SMALL, theme.WHITE, bold=True, align="centre", tip=False)
        x = key.right + page.u(5)
    end = Rect(x, band.y, band.right - page.u(8) - x, band.height)
    amount = re.fullmatch(r"(\d) \S+", option.cost)
    if amount and int(amount[1]) <= COINS:
        for n in range(int(amount[1])):
            side = page.u(15)
            place = Rect(end.right - (n + 1) * (side + page.u(3)), band.centery - side // 2, side, side)
            page.icon("coin", place, theme.WHITE)
        return
    short = option.cost if page.width(option.cost, theme.SMALL, True) <= end.width else option.cost.partition(" ")[0]
    page.text(end, short, theme.SMALL, theme.WHITE, bold=True, align="right", tip=False)


def _emblem(page: Page, rect: Rect, option: Option, shade: theme.Colour, paper: theme.Colour) -> None:
    """What the card touches, to be seen at arm's length; left out where a card is small."""
    if page.muted or page.room[0] < 1000 or rect.height < page.u(150):
        return
    track = next((line.track for line in option.lines if line.track), "")
    side = page.u(74)
    before = page.surface.get_clip()
    page.surface.set_clip(rect.inflate(-page.u(4), -page.u(4)).clip(before))
    place = Rect(rect.right - round(side * 0.8), rect.bottom - round(side * 0.86), side, side)
    page.icon(track_icon(track) if track else "dot", place, theme.mix(paper, shade, 0.16))
    page.surface.set_clip(before)


def _effects(page: Page, rect: Rect, option: Option) -> None:
    """The card's lines, as many as fit whole; where none does, what it changes in the shortest words."""
    tags = [*(["Secret"] if option.secret else []), *(["Takes no move"] if option.free else [])]
    lines = [*((tag, "eye" if tag == "Secret" else "clock") for tag in tags),
             *((line.text, track_icon(line.track) if line.track else "dot") for line in option.lines)]  # fmt: skip
    side, wide, high = page.u(15), rect.width - page.u(21), page.line(theme.SMALL)
    if all(page.tall(line.text, wide, theme.SMALL) > rect.height for line in option.lines):
        lines += [(text, "dot") for text in option.effects if not text.endswith((" is set", " (if)"))]
    y = rect.y
    for text, icon in lines:
        tall = page.tall(text, wide, theme.SMALL)
        if y + tall > rect.bottom:
            continue
        page.icon(icon, Rect(rect.x, y + (high - side) // 2, side, side), theme.PAPER_SOFT)
        page.words(Rect(rect.x + page.u(21), y, wide, tall), text, theme.SMALL, theme.PAPER_TEXT)
        y += tall + page.u(3)


def _not_now(page: Page, rect: Rect, table: TableView, choosing: Choosing, options: Sequence[Option]) -> None:
    """What cannot be played, each with its reason: no card, a line with a lock."""
    head, rest = from_top(rect, page.line(theme.SMALL), page.u(2))
    page.text(head, "Not now", theme.SMALL, theme.TEXT, bold=True)
    side = page.u(14)

    def tall(width: int) -> list[int]:
        room = width - side - page.u(8)
        return [page.tall(option.title, room, theme.SMALL, True) + page.tall(option.reason, room, theme.SMALL)
                + page.u(4) for option in options]  # fmt: skip

    def draw(n: int, place: Rect) -> None:
        option = options[n]
        identity = f"move.{option.name}"
        press = partial(table.pick, option)
        page.control(Control(identity, place, f"{option.title} ({option.cost})", press, False, option.reason))
        if page.muted:
            return
        page.ring(identity, place)
        page.icon("lock", Rect(place.x + page.u(2), place.y + page.u(3), side, side), theme.SOFT)
        text, _ = from_right(place, place.width - side - page.u(8))
        used = page.words(text, option.title, theme.SMALL, theme.TEXT, bold=True)
        page.words(Rect(text.x, text.y + used, text.width, text.height), option.reason, theme.SMALL, theme.SOFT)

    stack(page, rest, table.scrolls["closed"], tall, draw, page.u(4))
