"""The window's screens of a table that devices are at too, without a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from game.table.hosting import Invitation
from game.table.sitting import Sitting
from game.table.table import Table
from game.ui.facilitator.devices import LobbyScreen
from game.ui.facilitator.facilitator_screen import FacilitatorScreen
from game.ui.play.play_screen import PlayScreen
from game.ui.screens.opening import show
from game.ui.screens.setup import SetupScreen
from game.ui.toolkit.app import App
from game.web.hub import qr_rows


class Served:
    """A table that says it is served."""

    door_open, reached = True, False

    def __init__(self, table: Table) -> None:
        self.table = table

    def invitation(self, place: str = "") -> Invitation:
        url = "http://192.168.178.123:8025" + (f"/1/{place}#wB0xq9zV3nUe5pTcL7aYkQ" if place else "")
        return Invitation(url, tuple(qr_rows(url)), "k7mwq2" if place else "")

    def connected(self) -> Mapping[str, int]:
        return {self.table.sitting.game.seats[0]: 3}

    def close(self) -> None:
        self.table.close()


def device_scenes(long: Sitting) -> Iterator[tuple[str, Callable[[App], None]]]:
    """The set-up for devices, the lobby, a link, the facilitator's tab; with the longest names."""

    def served(then: Callable[[PlayScreen], None]) -> Callable[[App], None]:
        def go(app: App) -> None:
            table = Table(long, clock=app.clock)
            table.here.add(long.game.seats[1])
            show(app, long, Served(table), taken_up=True)
            app.frame()
            play = next(screen for screen in app.screens if isinstance(screen, PlayScreen))
            app.drop_above(play)
            then(play)

        return go

    def setup(app: App) -> None:
        app.serve = lambda open_table, room: Served(open_table())
        screen = SetupScreen(app, scenario="summit_2025")
        screen._teams(1)
        app.push(screen)

    def lobby(play: PlayScreen) -> None:
        play.app.push(LobbyScreen(play.app, play))

    def invited(play: PlayScreen) -> None:
        lobby(play)
        seat = play.sitting.game.seats[0]
        LobbyScreen(play.app, play).tab.invite(seat, play.sitting.board.seat_title(seat))

    def tab(play: PlayScreen) -> None:
        screen = FacilitatorScreen(play.app, play)
        screen.tab = 5
        play.app.push(screen)

    yield "setup-devices", setup
    yield "lobby", served(lobby)
    yield "invitation", served(invited)
    yield "facilitator-devices", served(tab)
