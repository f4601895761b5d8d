"""The play screen: whose turn it is, what it shows to whom, keys, and the turn from pick to confirm to the next."""

from __future__ import annotations

from collections.abc import Sequence

import pygame

from game.moves import PASS, IllegalMove, Move, Value
from game.narrative.chronicle import Line
from game.narrative.ledger import Shift, Words
from game.narrative.sight import Sight
from game.prose.lexicon import spaced
from game.prose.numbers import number
from game.table.choosing import Choosing
from game.table.forecast import Row
from game.table.offers import Option
from game.table.sitting import Sitting
from game.ui.board.map_painter import MapPainter
from game.ui.play import dialogs
from game.ui.play.actions import DIGITS
from game.ui.play.panels import draw_table
from game.ui.play.turns import Turns
from game.ui.toolkit.page import Key, Page
from game.ui.toolkit.screen import Window
from game.ui.toolkit.scroll import Scroll

SCROLLS = ("moves", "picks", "preview", "news", "plain", "seats", "world", "log")


class PlayScreen(Turns):
    """A sitting on the screen. ``viewer`` is the seat whose eyes it is drawn for, ``None`` everybody's."""

    name = "play"

    def __init__(self, app: Window, sitting: Sitting, *, taken_up: bool = False) -> None:
        """``taken_up``: the game was loaded, so that nobody is at the screen yet."""
        super().__init__(app, sitting)
        alone = sitting.humans[0] if len(sitting.humans) == 1 else None
        self.viewer = None if taken_up else alone
        self.painter = MapPainter()
        self.scrolls = {name: Scroll() for name in SCROLLS}
        self.tab = 0

    # ------------------------------------------------------------------------------- what is seen

    @property
    def sight(self) -> Sight:
        return self.sitting.sight(self.viewer)

    @property
    def choosing(self) -> Choosing | None:
        """The turn in the making, while the viewer may move."""
        if not self.acting or self.viewer is None:
            return None
        if self._choosing is None or self._choosing.seat != self.viewer:
            self._choosing = Choosing(self.sitting, self.viewer)
        return self._choosing

    @property
    def forecast(self) -> list[Row]:
        choosing = self.choosing
        return choosing.forecast if choosing is not None else []

    def world_names(self) -> tuple[str, ...]:
        """The world's tracks: quantities first, then levels and countdowns."""
        board = self.sitting.board
        return tuple(sorted(board.of_world, key=board.is_level))

    def sentence(self) -> str:
        game, seat, choosing = self.sitting.game, self.sitting.seat, self.choosing
        if seat is None:
            return "The game is over."
        if choosing is None:
            return self.waiting_for()
        if choosing.choice is not None:
            return f"Choose the {spaced(choosing.choice.name)}, or Esc to put the move back."
        if choosing.move is not None:
            return "Enter plays the move, Esc puts it back."
        left = game.actions_left
        if not game.scenario.turns.passing:
            return f"Play {left} more move{'s' if left != 1 else ''}."
        return f"Play up to {left} more move{'s' if left != 1 else ''}, then end the turn."

    def waiting_for(self) -> str:
        """What the table waits for when nobody at the screen may move."""
        seat = self.sitting.seat
        if seat is None:
            return "The game is over."
        name = self.sitting.board.seat_title(seat)
        return (
            f"{name} is thinking."
            if not self.sitting.chairs[seat].human or seat == self.helped
            else f"It is the turn of {self.sitting.who(seat)}."
        )

    def change_words(self, shifts: Sequence[Shift]) -> list[str]:
        words = Words(self.sitting.game.book, self.sitting.game.scenario)
        return [
            f"{'▲' if s.amount > 0 else '▼'} {words.cell(s.cell)} {number(s.before)} → {number(s.after)}"
            for s in shifts
        ]

    def build(self, page: Page) -> None:
        draw_table(page, self)

    def turn_to(self, tab: int) -> None:
        self.tab = tab

    # ----------------------------------------------------------------------------------- the map

    def place_picks(self) -> dict[str, str] | None:
        """While a place is to be chosen: each place with why it cannot be, empty when it can."""
        choosing = self.choosing
        if choosing is None or choosing.choice is None or choosing.choice.set != self.sitting.board.places:
            return None
        return {str(pick.value): pick.reason for pick in choosing.picks}

    def chosen_place(self) -> str | None:
        choosing, places = self.choosing, self.sitting.board.places
        if choosing is None or choosing.option is None or places is None:
            return None
        known = self.sitting.board.layout.elements(places)
        return next((str(value) for value in choosing.chosen.values() if value in known), None)

    def press_place(self, place: str) -> None:
        """A place on the map was clicked: chooses it, or opens its sheet."""
        picks = self.place_picks()
        if picks is None:
            self.app.push(dialogs.place_sheet(self, place))
        elif picks.get(place) == "":
            self.choose(place)
        else:
            self.app.tell(picks.get(place) or "That is not among the choices of this move.")

    # --------------------------------------------------------------------------------------- moves

    def pick(self, option: Option) -> None:
        choosing = self.choosing
        if choosing is None:
            return
        if not option.open:
            self.app.tell(option.reason[:1].upper() + option.reason[1:])
            return
        choosing.pick(option)
        self._picked(choosing)

    def choose(self, value: Value) -> None:
        choosing = self.choosing
        if choosing is not None:
            choosing.choose(value)
            self._picked(choosing)

    def _picked(self, choosing: Choosing) -> None:
        for name in ("preview", "picks", "seats", "world"):
            self.scrolls[name].first = 0
        picks = choosing.picks
        first = next((pick for pick in picks if pick.open), None)
        self.app.focus = f"pick.{first.value}" if first is not None else "confirm"
        self.app.redraw()

    def drop(self) -> None:
        choosing = self.choosing
        if choosing is not None and choosing.option is not None:
            self.app.focus = f"move.{choosing.option.name}"
            choosing.clear()
            self.app.redraw()

    def confirm(self) -> None:
        choosing = self.choosing
        if choosing is not None and choosing.move is not None:
            self._play(choosing.move)

    def end_turn(self) -> None:
        """Ends the turn; asks once when moves are left."""
        if not self.acting or not self.sitting.game.scenario.turns.passing:
            return
        if self.app.settings.ask_end_turn and self.sitting.game.actions_left:
            self.app.push(dialogs.end_turn_sheet(self))
        else:
            self.pass_turn()

    def pass_turn(self) -> None:
        if self.acting:
            self._play(PASS)

    def _play(self, move: Move) -> None:
        try:
            self.sitting.play(move, took=self.clock.took())
        except IllegalMove as error:
            self.app.tell(error.verdict.sentence)
            return
        if self._choosing is not None:
            self._choosing.clear()
        self.app.focus = None
        self.after()

    def undo(self) -> None:
        """Takes the last move back, if the rules let it."""
        try:
            if self.acting:
                self.sitting.undo()
                self.after()
        except IllegalMove as error:
            self.app.tell(f"That cannot be undone: {error.verdict.sentence}.")

    def after(self) -> None:
        """Something was played or taken back: tell what went wrong, and see whose turn it is."""
        if self.sitting.trouble:
            self.say(self.sitting.trouble)
            self.sitting.trouble = ""
        self.app.redraw()
        if self.app.top is self:
            self.settle()

    def settle(self) -> None:
        """Opens what must come before the next decision: the round's end, the game's end, the handover."""
        sitting, game = self.sitting, self.sitting.game
        turn = (game.round, sitting.seat)
        if turn != self._turn:
            self._turn = turn
            self.fresh_clock()
            self.scrolls["moves"].first = 0
        shared = len(sitting.humans) != 1
        if game.over:
            if not self._over_shown:
                self._over_shown = True
                self.viewer = None
                self.results()
            return
        if game.round > self.shown_round:
            self.shown_round = game.round
            if shared:
                self.viewer = None
            if self.app.settings.show_rounds:
                dialogs.open_interlude(self)
                return
        seat = sitting.seat
        if self.helped != seat:
            self.helped = None
        if seat is None or not sitting.chairs[seat].human or seat == self.helped:
            if shared or seat == self.helped:
                self.viewer = None
            return
        if seat != self.viewer:
            self.viewer = None
            dialogs.open_handover(self, seat)
            return
        if self.unsaid:
            self.say(self.unsaid)
            self.unsaid = ""
        if (seat, game.round) not in self.greeted:
            self.greeted.add((seat, game.round))
            sheet = dialogs.greeting(self, seat)
            if sheet is not None:
                self.app.push(sheet)

    def opened(self) -> None:
        """It has come to the top: whose turn is it?"""
        self._ticked = self.app.clock()
        self.settle()

    def close(self) -> None:
        self.thinker.forget()
        self.sitting.close()

    # ---------------------------------------------------------------------------------------- keys

    def under(self, key: Key) -> bool:
        if key.code == pygame.K_F9:
            dialogs.open_projector(self)
        elif key.code == pygame.K_F10:
            dialogs.open_facilitator(self)
        else:
            return False
        return True

    def key(self, key: Key) -> bool:
        if self.under(key):
            return True
        choosing = self.choosing
        if key.code == pygame.K_z and key.ctrl:
            self.undo()
        elif key.ctrl or key.alt:
            return False
        elif key.code == pygame.K_SPACE:
            self.end_turn()
        elif key.code in (pygame.K_RETURN, pygame.K_KP_ENTER):
            if self.sitting.game.over:
                self.results()
            else:
                self.confirm()
        elif key.code == pygame.K_l:
            self.app.push(dialogs.LogScreen(self.app, self))
        elif key.code == pygame.K_F1:
            self.help()
        elif key.code == pygame.K_ESCAPE:
            if choosing is None or choosing.option is None:
                self.menu()
            elif choosing.step_back():
                self.app.focus = None
        elif choosing is not None and key.code < 128 and chr(key.code) in DIGITS:
            self._digit(choosing, DIGITS.index(chr(key.code)))
        elif choosing is not None and self.app.focus is None and key.code in (pygame.K_UP, pygame.K_DOWN):
            self.app.focus = next((f"move.{option.name}" for option in choosing.rows), None)
        elif choosing is not None and key.code in (pygame.K_LEFT, pygame.K_RIGHT) and self._on_moves():
            choosing.turn_to(choosing.family + (1 if key.code == pygame.K_RIGHT else -1))
            self.scrolls["moves"].first = 0
            self.app.focus = None
        else:
            return False
        return True

    def _on_moves(self) -> bool:
        """Whether left and right turn to another family: nothing else has the focus."""
        return self.app.focus is None or self.app.focus.startswith(("move.", "family."))

    def _digit(self, choosing: Choosing, n: int) -> None:
        if choosing.choice is not None:
            picks = choosing.picks
            if n < len(picks):
                if picks[n].open:
                    self.choose(picks[n].value)
                else:
                    self.app.tell(picks[n].reason)
        elif n < len(choosing.rows):
            self.pick(choosing.rows[n])

    # ------------------------------------------------------------------------------------- windows

    def help(self) -> None:
        choosing = self.choosing
        if choosing is not None and choosing.option is not None:
            self.open_rules("move", choosing.option.name)
        else:
            self.open_rules("", "")

    def open_rules(self, kind: str, name: str) -> None:
        dialogs.open_rules(self, kind, name)

    def open_line(self, line: Line) -> None:
        """What caused each change of a line of the log."""
        self.app.push(dialogs.line_sheet(self, line))

    def results(self) -> None:
        dialogs.open_ending(self)

    def menu(self) -> None:
        self.app.push(dialogs.menu_sheet(self))
