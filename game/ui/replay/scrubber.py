"""The foot of a replay: a lane with round ticks, news and bookmarks, and the buttons that step and play."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pygame import Rect

from game import theme
from game.prose.lexicon import titled
from game.ui.replay.replay_model import BOOKMARK, Replay
from game.ui.toolkit.layout import from_left, from_right
from game.ui.toolkit.page import Page
from game.ui.toolkit.widgets import button, stepper

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0)
SPEED_WORDS = ("½×", "1×", "2×", "4×", "8×")
STEP_SECONDS = 1.6
"""How long a move stays at speed 1×."""


@dataclass(frozen=True, slots=True)
class LaneMark:
    """Something on the lane: where, which glyph, and in words."""

    at: int
    glyph: str
    words: str


def signs(replay: Replay) -> list[LaneMark]:
    """News, bookmarks and comments of the line in view, as its viewer may read them."""
    found: list[LaneMark] = []
    book = replay.game.book
    for round_, at in enumerate(replay.starts(), 1):
        game = replay.positions.game(replay.ids[at - 1] if at else 0)
        event = book.events.get(game.news or "")
        if event is not None and game.round == round_:
            found.append(LaneMark(at, "▼", f"Round {round_}, news: {titled(event.name, event.title)}"))
    for at, identity in enumerate(replay.ids[: replay.last], 1):
        node = replay.record.nodes[identity]
        if node.facilitator == "inject":
            event = book.events.get(str(node.more.get("event", "")))
            title = titled(event.name, event.title) if event is not None else str(node.more.get("title", ""))
            found.append(LaneMark(at, "▼", f"News: {title}"))
        if (node.note or node.mark) and not replay.hidden(node):
            found.append(LaneMark(at, "✎", " ".join(filter(None, (node.mark, node.note)))))
    for at, identity in enumerate([0, *replay.ids[: replay.last]]):
        for node in replay.record.children(identity):
            if node.facilitator == BOOKMARK:
                text = "" if replay.hidden(node) else str(node.more.get("text") or "")
                found.append(LaneMark(at, "⚑", f"Bookmark: {text}" if text else "Bookmark"))
    return found


def scrubber_tall(page: Page) -> int:
    return page.line(theme.STRONG) + page.line(theme.SMALL) + page.u(26)


def draw_scrubber(
    page: Page,
    rect: Rect,
    replay: Replay,
    found: list[LaneMark],
    *,
    playing: bool,
    speed: int,
    play: Callable[[], None],
    change_speed: Callable[[int], None],
    go: Callable[[int], None],
    by_round: Callable[[int], None],
) -> None:
    """Buttons at the left, speed at the right, the lane between."""
    page.fill(rect, theme.PANEL)
    page.fill(Rect(rect.x, rect.y, rect.width, 1), theme.EDGE)
    inner = rect.inflate(-page.u(20), -page.u(12))
    high = min(inner.height, page.line(theme.STRONG) + page.u(16))
    row = Rect(inner.x, inner.y + (inner.height - high) // 2, inner.width, high)
    wide = page.u(40)
    at, last = replay.at, replay.last
    begin, end = "this is the start", replay.stuck or "this is the end of the line"
    for name, glyph, press, good, why, tip in (
        ("first", "◀◀", lambda: by_round(-1), at > 0, begin, "Back to where a round began (Ctrl+←)"),
        ("back", "◀", lambda: go(at - 1), at > 0, begin, "One move back (←)"),
        ("play", "❚❚" if playing else "▶", play, at < last or playing, end, "Play, or pause (Space)"),
        ("on", "▶", lambda: go(at + 1), at < last, end, "One move on (→)"),
        ("last", "▶▶", lambda: by_round(1), at < last, end, "On to the next round (Ctrl+→)"),
    ):
        place, row = from_left(row, wide + (page.u(14) if name == "play" else 0), page.u(5))
        label = glyph if name != "on" and name != "back" else {"on": "›", "back": "‹"}[name]
        button(page, f"replay.{name}", place, label, press, enabled=good, reason=why, tip=tip)
    side, row = from_right(row, page.width(SPEED_WORDS[speed], theme.BODY, True) + page.u(66), page.u(14))
    stepper(page, "replay.speed", side, "Speed", SPEED_WORDS, speed, change_speed)
    _lane(page, Rect(row.x + page.u(16), inner.y, row.width - page.u(22), inner.height), replay, found, go)


def _lane(page: Page, rect: Rect, replay: Replay, found: list[LaneMark], go: Callable[[int], None]) -> None:
    count = max(1, len(replay.ids))
    line = page.line(theme.SMALL)
    bar = Rect(rect.x, rect.y + line + page.u(3), rect.width, page.u(8))

    def x_of(at: int) -> int:
        return int(bar.x + round(bar.width * at / count))

    page.fill(bar, theme.BAR, 4)
    page.fill(Rect(bar.x, bar.y, x_of(replay.at) - bar.x, bar.height), theme.SOFT, 4)
    if replay.last < len(replay.ids):
        page.fill(Rect(x_of(replay.last), bar.y, bar.right - x_of(replay.last), bar.height), theme.FAMILIES[0], 4)
    right = rect.x - page.u(4)
    for number, at in enumerate(replay.starts(), 1):
        x = x_of(at)
        page.fill(Rect(x, bar.y - page.u(3), max(1, page.u(1.5)), bar.height + page.u(6)), theme.TEXT)
        text = f"R{number}"
        width = page.width(text, theme.SMALL)
        left = min(x, rect.right - width)
        if left > right:
            page.text(Rect(left, bar.bottom + page.u(3), width, line), text, theme.SMALL, theme.SOFT)
            right = left + width + page.u(6)
    edge = rect.x - page.u(20)
    for sign in sorted(found, key=lambda sign: sign.at):
        width = page.width(sign.glyph, theme.SMALL)
        x = min(max(rect.x, x_of(sign.at) - width // 2), rect.right - width)
        place = Rect(x, rect.y, width, line)
        page.tip(place.inflate(page.u(4), page.u(4)), sign.words)
        if x < edge:
            continue
        edge = x + width + page.u(1)
        page.text(place, sign.glyph, theme.SMALL, theme.WARN if sign.glyph == "▼" else theme.TEXT)
    knob = x_of(replay.at)
    page.fill(Rect(knob - page.u(5), bar.y - page.u(4), page.u(10), bar.height + page.u(8)), theme.NOW, 5)
    area = Rect(bar.x, bar.y - page.u(6), bar.width, bar.height + page.u(12))
    page.area(area, click=lambda place: go(round((place[0] - bar.x) * count / max(1, bar.width))))
