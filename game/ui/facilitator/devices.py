"""Teams on their own devices: the way in, who has come, who plays where; as a tab, and as the lobby before a game."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import pygame
from pygame import Rect

from game import theme
from game.prose.numbers import counted
from game.table.hosting import Invitation, Serving
from game.table.library import player_words
from game.table.rights import BOARD, FACILITATOR
from game.ui.screens.seats import seat_row_height
from game.ui.toolkit.layout import centred, columns, from_bottom, from_right, from_top, inset
from game.ui.toolkit.page import Key, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Scroll, stack
from game.ui.toolkit.widgets import button, heading

if TYPE_CHECKING:
    from game.ui.play.play_screen import PlayScreen


class DevicesTab:
    """The address that everybody may read at the left, the seats and what is for one team's eyes at the right."""

    def __init__(self, play: PlayScreen, serving: Serving) -> None:
        """Of a game that is served to devices."""
        self.app, self.play, self.serving, self.sitting = play.app, play, serving, play.sitting
        self.scroll = Scroll()

    def build(self, page: Page, rect: Rect) -> None:
        left, right = columns(rect, (38, 62), page.u(18))
        self._way_in(page, left)
        door, seats = from_bottom(right, page.line(theme.STRONG) + page.line(theme.SMALL) + page.u(14), page.u(10))
        inner = heading(page, seats, "Teams", "codes are for the team alone: look who sees the screen")
        names = self.sitting.game.seats
        connected = self.serving.connected()
        high = [seat_row_height(page)] * len(names)
        stack(page, inner, self.scroll, high,
              lambda n, place: self._seat(page, place, names[n], connected.get(names[n], 0)), page.u(6))  # fmt: skip
        self._door(page, door)

    def _way_in(self, page: Page, rect: Rect) -> None:
        found = self.serving.invitation()
        inner = heading(page, rect, "Join from any browser")
        url = found.url.removeprefix("http://").removesuffix("/")
        size = next((s for s in (theme.TITLE, theme.HEAD, theme.BODY) if page.width(url, s, True) <= inner.width),
                    theme.SMALL)  # fmt: skip
        line, inner = from_top(inner, page.line(size), page.u(6))
        page.text(line, url, size, bold=True)
        how = "Same Wi-Fi, no app and no account: open this address or scan the code, then type your team's code."
        tall = page.tall(how, inner.width)
        line, inner = from_top(inner, tall, page.u(8))
        page.words(line, how, theme.BODY, theme.SOFT)
        check = (
            "Other devices reach this computer." if self.serving.reached
            else f"No other device has opened {url}/check yet: try that first. A hotspot of this computer helps nearly"
            " always."
        )  # fmt: skip
        foot, inner = from_bottom(inner, page.tall(check, inner.width, theme.SMALL), page.u(8))
        page.words(foot, check, theme.SMALL, theme.BETTER if self.serving.reached else theme.SOFT)
        draw_qr(page, inner, found.qr)

    def _seat(self, page: Page, rect: Rect, seat: str, connected: int) -> None:
        sitting, owner = self.sitting, self.play.turns.owner
        chair, mark, title = sitting.chairs[seat], sitting.board.marks[seat], sitting.board.seat_title(seat)
        page.fill(rect, theme.RAISED, 6, theme.EDGE)
        name, where, code = columns(inset(rect, page.u(10), page.u(4)), (46, 27, 27), page.u(8))
        page.shape(mark, (name.x + page.u(9), name.centery), 16)
        text = Rect(name.x + page.u(24), name.y, name.width - page.u(24), name.height)
        line, small = page.line(theme.STRONG), page.line(theme.SMALL)
        top = Rect(text.x, text.y + (text.height - line - small) // 2, text.width, line)
        said = f"{title}, {chair.team}" if chair.team else title
        page.text(top, said, theme.STRONG, theme.readable(mark.colour, theme.RAISED), bold=True)
        here = seat in owner.here
        state, tone = self._state(seat, connected)
        page.text(Rect(text.x, top.bottom, text.width, small), state, theme.SMALL, tone)
        button(page, f"devices.where.{seat}", where, "Play at this screen" if not here else "Play on devices",
               partial(self._move_to, seat, not here), size=theme.BODY, enabled=chair.human and owner.mode == "live",
               reason="a bot plays it" if not chair.human else "plans are made on devices")  # fmt: skip
        button(page, f"devices.code.{seat}", code, "Link and code", partial(self.invite, seat, title), size=theme.BODY,
               enabled=chair.human, reason="a bot plays it")  # fmt: skip

    def _state(self, seat: str, connected: int) -> tuple[str, theme.Colour]:
        """Return who has come to a seat, in words."""
        chair = self.sitting.chairs[seat]
        if not chair.human:
            return player_words(self.sitting.game.book, chair.player, self.app.library.players)[0], theme.SOFT
        if seat in self.play.turns.owner.here:
            return "at this screen" + (f", {counted(connected, 'device')} reading" if connected else ""), theme.TEXT
        return (f"{counted(connected, 'device')} connected", theme.BETTER) if connected else ("nobody yet", theme.WARN)

    def _door(self, page: Page, rect: Rect) -> None:
        board, own, door = columns(rect, (1, 1, 1), page.u(8))
        button(page, "devices.board", board, "Board", partial(self.invite, BOARD, "The board"),
               hotkey="for a projector or tablet", size=theme.BODY)  # fmt: skip
        button(page, "devices.own", own, "Facilitator's page", partial(self.invite, FACILITATOR, "Your own page"),
               hotkey="for your eyes: it sees all", size=theme.BODY)  # fmt: skip
        opened = self.serving.door_open
        button(page, "devices.door", door, "Close the door" if opened else "Open the door",
               partial(self._set_door, not opened), hotkey="who is in stays in" if opened else "nobody new comes in",
               size=theme.BODY)  # fmt: skip

    # --------------------------------------------------------------------------------------- doings

    def invite(self, place: str, title: str) -> None:
        """Show the way to a place."""
        rotate = None if place in (BOARD, FACILITATOR) else partial(self._rotate, place)
        self.app.push(InvitationSheet(self.app, title, partial(self.serving.invitation, place), rotate))

    def _move_to(self, seat: str, here: bool) -> None:
        self._order("seat_at", seat=seat, here=here)

    def _set_door(self, opened: bool) -> None:
        self._order("door", open=opened)

    def _rotate(self, place: str) -> None:
        self._order("rotate", place=place)

    def _order(self, name: str, **details: object) -> None:
        receipt = self.play.turns.order(name, **details)
        if not receipt.ok:
            self.app.tell(receipt.sentence)
        self.app.redraw()


class LobbyScreen(Screen):
    """Before the first turn: teams come in, nobody's time runs."""

    name = "lobby"
    lets_through = False
    keeps_time = False

    def __init__(self, app: Window, play: PlayScreen) -> None:
        """Over a game that is served to devices."""
        super().__init__(app)
        assert play.serving is not None
        self.play, self.tab = play, DevicesTab(play, play.serving)

    def build(self, page: Page) -> None:
        body = inset(page.rect, page.u(16), page.u(12))
        head, body = from_top(body, page.line(theme.TITLE), page.u(8))
        page.text(head, f"{self.play.sitting.title}: the door is open", theme.TITLE, bold=True)
        foot, body = from_bottom(body, page.u(54), page.u(10))
        page.panel(body)
        self.tab.build(page, inset(body, page.u(16), page.u(12)))
        missing = self.missing()
        go, rest = from_right(foot, page.u(320), page.u(12))
        button(page, "lobby.go", go, "Begin", self.back, kind="go", hotkey="Enter")
        said = (
            f"Not here yet: {', '.join(missing)}. Teams can also come in later." if missing else "All teams are here."
        )
        page.words(rest, said, theme.BODY, theme.SOFT)

    def tick(self, now: float) -> None:
        """Make way once the game has been begun elsewhere, on the facilitator's page."""
        if self.play.turns.owner.started:
            self.app.pop()

    def missing(self) -> list[str]:
        """Return the teams that are awaited on devices and have not come."""
        sitting, connected = self.play.sitting, self.tab.serving.connected()
        away = [s for s in sitting.humans if s not in self.play.turns.owner.here and not connected.get(s)]
        return [sitting.board.seat_title(seat) for seat in away]

    def back(self) -> None:
        """Begin."""
        self.play.turns.order("resume")
        self.app.pop()

    def key(self, key: Key) -> bool:
        if key.code in (pygame.K_RETURN, pygame.K_KP_ENTER):
            self.back()
            return True
        return False

    def first_focus(self) -> str | None:
        return "lobby.go"


class InvitationSheet(Screen):
    """One place's link as a QR code and in letters; the code to say aloud."""

    name = "invitation"
    over = True

    def __init__(
        self, app: Window, title: str, invitation: Callable[[], Invitation], rotate: Callable[[], None] | None
    ) -> None:
        """``rotate`` makes another link and sends everybody away who came by this one."""
        super().__init__(app)
        self.title, self.invitation, self.rotate = title, invitation, rotate

    def build(self, page: Page) -> None:
        found = self.invitation()
        box = centred(page.rect, page.u(620), min(page.u(620), page.rect.height - page.u(24)))
        page.fill(box, theme.PANEL, 10, theme.SOFT)
        body = inset(box, page.u(22), page.u(18))
        head, body = from_top(body, page.line(theme.HEAD), page.u(8))
        page.text(head, self.title, theme.HEAD, bold=True)
        foot, body = from_bottom(body, page.u(50), page.u(10))
        close, other = from_right(foot, page.u(180), page.u(10))
        button(page, "invitation.close", close, "Close", self.app.pop, hotkey="Esc", kind="go")
        if self.rotate is not None:
            button(page, "invitation.rotate", other, "New link", self.rotate, hotkey="sends its devices away",
                   kind="danger", size=theme.BODY)  # fmt: skip
        link, body = from_bottom(body, page.tall(found.url, body.width, theme.SMALL), page.u(8))
        page.words(link, found.url, theme.SMALL, theme.SOFT)
        if found.code and self.rotate is not None:
            line, body = from_bottom(body, page.line(theme.TITLE), page.u(6))
            page.text(line, f"Code: {found.code}", theme.TITLE, bold=True, align="centre")
        draw_qr(page, body, found.qr)

    def first_focus(self) -> str | None:
        return "invitation.close"


def draw_qr(page: Page, rect: Rect, rows: tuple[str, ...]) -> None:
    """Draw a QR code as large as whole pixels allow: dark on white, whatever the theme."""
    each = max(1, min(rect.width, rect.height) // len(rows))
    whole = centred(rect, each * len(rows), each * len(rows))
    page.fill(whole, theme.WHITE)
    for y, row in enumerate(rows):
        x = 0
        while (x := row.find("1", x)) >= 0:
            end = row.find("0", x)
            end = len(row) if end < 0 else end
            page.fill(Rect(whole.x + x * each, whole.y + y * each, (end - x) * each, each), (0, 0, 0))
            x = end
