"""A new game on one page: scenario, who plays which seat, seed, timer, the facilitator's PIN, learning objectives."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import partial
from typing import Any

import pygame
from pygame import Rect

from ai_players import usual_players
from game import theme
from game.core.game import Game
from game.engine.layout import Layout
from game.narrative.board import Board
from game.paper import briefs as paper
from game.prose.numbers import joined
from game.table.course import LIVE, MIXED, MODE_KEY, SEALED
from game.table.hosting import THERE
from game.table.library import player_names, player_words
from game.table.pins import LONGEST, kept_pin
from game.table.sitting import HUMAN, Chair, Setup
from game.ui.board.map_painter import Field, MapPainter
from game.ui.board.map_pieces import fields_of
from game.ui.screens.busy import Busy
from game.ui.screens.opening import begin
from game.ui.screens.picker import Picker
from game.ui.toolkit.layout import columns, from_bottom, from_left, from_right, from_top, inset
from game.ui.toolkit.page import Control, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Scroll, stack
from game.ui.toolkit.widgets import Entry, button, field, heading, stepper
from rules.model.rulebook import Scenario

TIMERS = (0, 3, 5, 8)
USUAL = "rivals_2025"
TEAM, OBJECTIVES = 40, 200
"""Longest name of a team, longest text of the objectives."""
PLAYERS = {
    THERE: ("A team, on its devices", "Joins by a link or a QR code, from its own phones and laptops."),
    HUMAN: ("A team, at this screen", "Takes its turns here."),
}
"""Who plays a seat that people play, where teams have devices."""
TEAMS = ("at this screen", "on their devices")
WAYS = {LIVE: "turn by turn", SEALED: "sealed plans", MIXED: "sealed, last action live"}


class SetupScreen(Screen):
    """Remembers who plays what for each scenario while it is open."""

    name = "setup"

    def __init__(
        self,
        app: Window,
        *,
        scenario: str | None = None,
        players: Mapping[str, str] | None = None,
        seed: int | None = None,
    ) -> None:
        """What is given is filled in."""
        super().__init__(app)
        self.book = app.library.book
        self.scenarios = list(self.book.scenarios.values())
        names = [found.name for found in self.scenarios]
        usual = USUAL if USUAL in names else names[0]
        self.at = names.index(scenario if scenario in names else usual)
        self.seed = Entry(limit=18, digits=True)
        self.seed.put(str(seed if seed is not None else random.SystemRandom().randrange(1_000_000)))
        self.timer = 0
        self.pin = Entry(limit=8, digits=True, secret=True)
        self.objectives = Entry(limit=OBJECTIVES)
        self.devices = False
        self.way = 0
        self.here: set[tuple[str, str]] = set()
        """Seats of each scenario whose teams play at this screen although teams have devices."""
        self.chairs: dict[str, dict[str, Chair]] = {}
        self.teams: dict[tuple[str, str], Entry] = {}
        self.pins: dict[tuple[str, str], Entry] = {}
        self.boards: dict[str, Board] = {}
        self.painter = MapPainter()
        self.list, self.seats = Scroll(), Scroll()
        for seat, player in (players or {}).items():
            if seat in self._chairs():
                self._chairs()[seat].player = player

    @property
    def scenario(self) -> Scenario:
        return self.scenarios[self.at]

    def _chairs(self) -> dict[str, Chair]:
        """Who plays what in the scenario in view: at first one person, and bots."""
        name = self.scenario.name
        if name not in self.chairs:
            bots = usual_players(self.book, name, int(self.seed.value or 0))
            seats = [seat.name for seat in self.scenario.seats]
            self.chairs[name] = {
                seat: Chair(HUMAN if n == 0 or self.devices else bots[seat]) for n, seat in enumerate(seats)
            }
            for seat in seats:
                self.teams[name, seat] = Entry(limit=TEAM)
                self.pins[name, seat] = Entry(limit=LONGEST, digits=True, secret=True)
        return self.chairs[name]

    def _board(self) -> Board:
        name = self.scenario.name
        if name not in self.boards:
            self.boards[name] = Board.of(Layout(self.book, self.scenario))
        return self.boards[name]

    # -------------------------------------------------------------------------------------- drawing

    def build(self, page: Page) -> None:
        body = inset(page.rect, page.u(16), page.u(12))
        head, body = from_top(body, page.line(theme.TITLE), page.u(8))
        page.text(head, "New game", theme.TITLE, bold=True)
        foot, body = from_bottom(body, page.u(54), page.u(10))
        self._buttons(page, foot)
        left, right = from_left(body, min(page.u(400), round(body.width * 0.36)), page.u(10))
        page.panel(left)
        self._scenarios(page, inset(left, page.u(10), page.u(8)))
        page.panel(right)
        self._seats(page, inset(right, page.u(14), page.u(10)))

    def _scenarios(self, page: Page, rect: Rect) -> None:
        picture = 0
        board = self._board()
        if board.places is not None:
            picture = round(rect.width * 0.48)
        inner = heading(page, rect, "Scenario")

        def tall(width: int) -> list[int]:
            return [self._scenario_tall(page, s, width) for s in self.scenarios]

        whole = sum(tall(inner.width)) + page.u(6) * len(self.scenarios)
        if picture and inner.height - whole >= picture + page.u(10):
            place, inner = from_bottom(inner, picture, page.u(10))
            page.picture(self.painter.picture(place.size, self._fields(board)), place.topleft)
        stack(page, inner, self.list, tall, lambda n, place: self._scenario(page, place, n), page.u(6))

    @staticmethod
    def _fields(board: Board) -> dict[str, Field]:
        """The map as a game begins."""
        starts = board.layout.starts()
        cells = board.layout.cells(board.shares) if board.shares is not None else ()
        return fields_of(board, {(board.shares or "", index): starts.get(at, 0) for at, index in cells})

    def _length(self, scenario: Scenario) -> str:
        minutes = f" · {scenario.minutes} minutes" if scenario.minutes else ""
        return f"{len(scenario.seats)} seats · {scenario.rounds} rounds{minutes}"

    def _scenario_tall(self, page: Page, scenario: Scenario, width: int) -> int:
        inner = width - page.u(24)
        title = page.tall(scenario.title, inner, theme.STRONG, True)
        return title + page.line(theme.SMALL) + page.tall(scenario.purpose, inner, theme.SMALL) + page.u(12)

    def _scenario(self, page: Page, rect: Rect, n: int) -> None:
        scenario, chosen = self.scenarios[n], n == self.at
        identity = f"setup.scenario.{scenario.name}"
        page.control(Control(identity, rect, f"{scenario.title}: {self._length(scenario)}", partial(self._choose, n)))
        ground = theme.HOVER if chosen else page.warm(rect, theme.RAISED, theme.HOVER)
        page.fill(rect, ground, 6, theme.NOW if chosen else theme.EDGE, 2 if chosen else 1)
        page.ring(identity, rect)
        inner = inset(rect, page.u(12), page.u(6))
        y = inner.y + page.words(inner, scenario.title, theme.STRONG, bold=True)
        page.text(
            Rect(inner.x, y, inner.width, page.line(theme.SMALL)), self._length(scenario), theme.SMALL, theme.TEXT
        )
        y += page.line(theme.SMALL)
        page.words(Rect(inner.x, y, inner.width, inner.height), scenario.purpose, theme.SMALL, theme.SOFT)

    def _choose(self, n: int) -> None:
        self.at = n
        self.seats.first = 0

    def _seats(self, page: Page, rect: Rect) -> None:
        options, rect = from_bottom(rect, self._options_tall(page), page.u(10))
        y = page.words(rect, self.scenario.summary, theme.BODY, theme.SOFT)
        _, rect = from_top(rect, y, page.u(6))
        strip, rect = from_top(rect, page.target, page.u(6))
        label = page.width("Seats", theme.STRONG, True) + page.u(16)
        page.text(Rect(strip.x, strip.y, label, strip.height), "Seats", theme.STRONG, bold=True)
        names = (("one", "One person"), ("all", "All people"), ("none", "All bots"))
        _, strip = from_left(strip, label)
        for (name, title), place in zip(names, columns(strip, [1, 1, 1], page.u(6)), strict=True):
            button(page, f"setup.preset.{name}", place, title, partial(self._preset, name), size=theme.BODY)
        chairs = list(self._chairs().items())
        least = max(page.line(theme.STRONG) + page.line(theme.SMALL) + page.u(10), page.u(44))
        high = max(least, min(page.u(62), rect.height // len(chairs) - page.u(6)))
        stack(
            page,
            rect,
            self.seats,
            [high] * len(chairs),
            lambda n, place: self._seat(page, place, n, *chairs[n]),
            page.u(6),
        )
        self._options(page, options)

    def _seat(self, page: Page, rect: Rect, n: int, seat: str, chair: Chair) -> None:
        board = self._board()
        mark = board.marks[seat]
        page.fill(rect, theme.RAISED, 6, theme.EDGE)
        name, player, team, pin = columns(inset(rect, page.u(10), page.u(4)), (37, 29, 21, 13), page.u(8))
        team = team if self._player(seat) == HUMAN else team.union(pin)
        page.shape(mark, (name.x + page.u(9), name.centery), 16)
        text = Rect(name.x + page.u(24), name.y, name.width - page.u(24), name.height)
        both = page.line(theme.STRONG) + page.line(theme.SMALL)
        upper = Rect(text.x, text.y + (text.height - both) // 2, text.width, page.line(theme.STRONG))
        page.text(upper, board.seat_title(seat), theme.STRONG, theme.readable(mark.colour, theme.RAISED), bold=True)
        roles = joined([self.book.roles[role].title for role in board.roles_of(seat)])
        page.text(Rect(text.x, upper.bottom, text.width, page.line(theme.SMALL)), roles, theme.SMALL, theme.SOFT)
        title, about = self._player_words(self._player(seat))
        button(
            page,
            f"setup.player.{seat}",
            player,
            title,
            partial(self._pick, seat),
            size=theme.BODY,
            tip=about,
            kind="on" if chair.human else "plain",
        )
        field(
            page,
            f"setup.team.{seat}",
            team,
            self.teams[self.scenario.name, seat],
            f"Team of {board.seat_title(seat)}",
            "Team",
        )
        if self._player(seat) == HUMAN:
            label = f"PIN of {board.seat_title(seat)}, asked at the handover"
            field(page, f"setup.pin.{seat}", pin, self.pins[self.scenario.name, seat], label, "PIN")

    def _options_tall(self, page: Page) -> int:
        return 2 * (page.line(theme.SMALL) + page.u(2) + page.target) + page.u(8)

    def _options(self, page: Page, rect: Rect) -> None:
        first, second = Rect(rect.x, rect.y, rect.width, (rect.height - page.u(8)) // 2), None
        second = Rect(rect.x, first.bottom + page.u(8), rect.width, first.height)
        seed, timer, pin = columns(first, (34, 33, 33), page.u(10))
        place = self._labelled(page, seed, "Seed")
        again, place = from_right(place, page.u(64), page.u(6))
        field(page, "setup.seed", place, self.seed, "Seed: the same seed brings the same luck", "a number")
        button(page, "setup.reseed", again, "New", self._reseed, size=theme.BODY, tip="Draw another seed")
        place = self._labelled(page, timer, *self._time_words())
        words = ["no timer", *(f"{minutes} minutes" for minutes in TIMERS[1:])]
        stepper(page, "setup.timer", place, "Timer", words, self.timer, self._timer)
        place = self._labelled(page, pin, "Facilitator's PIN (if any)")
        field(page, "setup.pin", place, self.pin, "Facilitator's PIN", "digits")
        if self.app.serve is not None:
            parts = (34, 33, 33) if self.devices else (67, 33)
            second, *rest = columns(second, parts, page.u(10))
            place = self._labelled(page, rest[-1], "Teams play")
            stepper(page, "setup.teams", place, "Teams play", TEAMS, int(self.devices), self._teams)
            if self.devices:
                place = self._labelled(page, rest[0], "On their devices they play")
                stepper(page, "setup.way", place, "They play", list(WAYS.values()), self.way, self._ways)
        kept = "" if self.devices else " (kept with the game)"
        place = self._labelled(page, second, f"Learning objectives{kept}")
        field(
            page,
            "setup.objectives",
            place,
            self.objectives,
            "Learning objectives",
            "What should the players take home?",
        )

    def _time_words(self) -> tuple[str, theme.Colour]:
        """Return what the timer's label says: how long the game may take if every turn takes all its time."""
        people = sum(chair.human for chair in self._chairs().values())
        whole = TIMERS[self.timer] * self.scenario.rounds * people
        if not whole:
            return "Minutes a turn", theme.SOFT
        late = 0 < self.scenario.minutes < whole
        return f"Minutes a turn · {whole} in all at most", theme.WARN if late else theme.SOFT

    def _labelled(self, page: Page, rect: Rect, label: str, colour: theme.Colour = theme.SOFT) -> Rect:
        line = page.line(theme.SMALL)
        page.text(Rect(rect.x, rect.y, rect.width, line), label, theme.SMALL, colour)
        return Rect(rect.x, rect.y + line + page.u(2), rect.width, rect.height - line - page.u(2))

    def _buttons(self, page: Page, rect: Rect) -> None:
        back, rest = from_left(rect, page.u(150), page.u(10))
        button(page, "setup.back", back, "Back", self.app.pop, hotkey="Esc")
        briefs, rest = from_left(rest, page.u(190), page.u(10))
        button(
            page, "setup.briefs", briefs, "Print briefs", self.briefs, hotkey="a page a seat",
            enabled=bool(self.seed.value), reason="give a seed first",
            tip="Goals, moves and start of every seat to print; secret agendas sealed on a page of their own",
        )  # fmt: skip
        go, _ = from_right(rest, page.u(320), page.u(10))
        why = self._why_not()
        button(page, "setup.start", go, "Open the door" if self.devices else "Start the game", self.start, kind="go",
               hotkey="F5", enabled=not why, reason=why)  # fmt: skip

    def _why_not(self) -> str:
        """Return why the game cannot start as it is set up; empty when it can."""
        if not self.seed.value:
            return "give a seed first"
        if self.devices and self.way and any(self._player(seat) == HUMAN for seat in self._chairs()):
            return "plans are made on devices: let every team play there"
        return ""

    # --------------------------------------------------------------------------------------- doings

    def _timer(self, chosen: int) -> None:
        self.timer = chosen

    def _teams(self, chosen: int) -> None:
        """Let teams come with devices: then all seats are theirs at first."""
        self.devices = bool(chosen)
        self.here.clear()
        if self.devices:
            self._preset("all")

    def _ways(self, chosen: int) -> None:
        self.way = chosen

    def _player(self, seat: str) -> str:
        """Return who plays a seat, a team on its devices told from one at this screen."""
        player = self._chairs()[seat].player
        there = self.devices and player == HUMAN and (self.scenario.name, seat) not in self.here
        return THERE if there else player

    def _player_words(self, name: str) -> tuple[str, str]:
        if self.devices and name in PLAYERS:
            return PLAYERS[name]
        return player_words(self.book, name, self.app.library.players)

    def _reseed(self) -> None:
        self.seed.put(str(random.SystemRandom().randrange(1_000_000)))

    def _preset(self, name: str) -> None:
        chairs = self._chairs()
        bots = usual_players(self.book, self.scenario.name, int(self.seed.value or 0))
        for n, (seat, chair) in enumerate(chairs.items()):
            chair.player = HUMAN if name == "all" or (name == "one" and n == 0) else bots[seat]

    def _pick(self, seat: str) -> None:
        own = self.app.library.players
        names = player_names(self.book, self.scenario.name, seat, own)
        if self.devices:
            names.insert(0, THERE)
        chair, now, key = self._chairs()[seat], self._player(seat), (self.scenario.name, seat)
        if now not in names:
            names.append(now)

        def done(n: int) -> None:
            (self.here.add if names[n] == HUMAN else self.here.discard)(key)
            chair.player = HUMAN if names[n] == THERE else names[n]

        title = f"Who plays {self._board().seat_title(seat)}?"
        items = [self._player_words(name) for name in names]
        self.app.push(Picker(self.app, title, items, names.index(now), done))

    def start(self) -> None:
        chairs = {
            seat: Chair(chair.player, self.teams[self.scenario.name, seat].value)
            for seat, chair in self._chairs().items()
        }
        kept: dict[str, Any] = {"pin": kept_pin(self.pin.value)} if self.pin.value else {}
        pins = {
            seat: kept_pin(self.pins[self.scenario.name, seat].value)
            for seat, chair in chairs.items()
            if self._player(seat) == HUMAN and self.pins[self.scenario.name, seat].value
        }
        if pins:
            kept["pins"] = pins
        more: dict[str, Any] = {"objectives": self.objectives.value} if self.objectives.value else {}
        here = None
        if self.devices:
            more[MODE_KEY] = list(WAYS)[self.way]
            here = [seat for seat in chairs if self._player(seat) == HUMAN]
        plan = Setup(
            self.book,
            self.scenario.name,
            int(self.seed.value or 0),
            chairs,
            TIMERS[self.timer],
            self.app.library.overrides,
            more,
            kept,
        )
        begin(self.app, plan, here)

    def briefs(self) -> None:
        """Writes a brief a seat for the game as it is set up: the same seed draws the same secret agendas."""
        name, seed = self.scenario.name, int(self.seed.value or 0)
        teams = {seat: self.teams[name, seat].value for seat in self._chairs()}
        folder = self.app.folder / "briefs" / f"{name} {seed}"

        def work() -> int:
            return len(paper.write(paper.briefs(Game(self.book, name, seed), teams), folder))

        self.app.push(
            Busy(self.app, "Writing the briefs", work, lambda count: self.app.tell(f"{count} briefs are in {folder}."),
                 "The briefs cannot be written")
        )  # fmt: skip

    def key(self, key: Any) -> bool:
        if key.code == pygame.K_F5 and not self._why_not():
            self.start()
            return True
        return False

    def first_focus(self) -> str | None:
        return f"setup.scenario.{self.scenario.name}"
