"""The play screen: whose turn it is, what it shows to whom, keys, and the turn from pick to confirm to the next."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext

import pygame

from game import theme
from game.moves import PASS, Move
from game.prose.lexicon import spaced
from game.prose.numbers import counted
from game.table.hosting import Serving
from game.table.sitting import RESULT, Sitting
from game.table.table import Table
from game.ui.board.sheets import aims_sheet, greeting
from game.ui.board.side import offers_to
from game.ui.board.table_view import TableView
from game.ui.play.drawing import draw_table
from game.ui.play.turns import TurnKeeper
from game.ui.screens.busy import Busy
from game.ui.screens.handover import HandoverScreen
from game.ui.screens.pin import PinScreen
from game.ui.screens.score_sheet import score_sheet
from game.ui.screens.seats import SeatsScreen
from game.ui.screens.sheet import Choice, Sheet
from game.ui.toolkit.page import Key, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Piece


class PlayScreen(Screen):
    """A sitting on the screen. The seat that its table is seen by is the one that sits in front of it."""

    name = "play"

    def __init__(
        self,
        app: Window,
        sitting: Sitting,
        *,
        taken_up: bool = False,
        serving: Serving | None = None,
    ) -> None:
        """Begin where the sitting stands.

        Args:
            app: The window.
            sitting: The game.
            taken_up: It was loaded, so that nobody is at the screen yet.
            serving: What serves its table, where devices are at it too; otherwise all teams play here.
        """
        super().__init__(app)
        self.sitting, self.serving = sitting, serving
        owner = serving.table if serving is not None else Table(sitting, clock=app.clock)
        if serving is None:
            owner.here.update(sitting.game.seats)
        self.table = TableView(
            app, sitting, mover=lambda: self.table.viewer if self.turns.acting else None, on_move=self._play,
            waiting=lambda: self.turns.waiting_for(),
        )  # fmt: skip
        self.turns = TurnKeeper(
            self, owner, self.table, after=self.after, taken_back=self.taken_back, hosted=serving is not None
        )
        here = [seat for seat in sitting.humans if seat in owner.here]
        self.table.viewer = here[0] if len(here) == 1 and not taken_up else None
        self.shown_round = sitting.game.round
        self.greeted: set[tuple[str, int]] = set()
        self._turn: tuple[int, str | None] = (sitting.game.round, sitting.seat)
        self._over_shown = False

    def build(self, page: Page) -> None:
        draw_table(page, self)

    def sentence(self) -> str:
        """Return what to do now, in one sentence."""
        game, choosing = self.sitting.game, self.table.choosing
        if choosing is None:
            return self.turns.waiting_for()
        if choosing.choice is not None:
            return f"Choose the {spaced(choosing.choice.name)}, or Esc to put the move back."
        if choosing.move is not None:
            return "Enter plays the move, Esc puts it back."
        left = game.actions_left
        if not game.scenario.turns.passing:
            return f"Play {counted(left, 'more move')}."
        return f"Play up to {counted(left, 'more move')}, then end the turn."

    def tick(self, now: float) -> None:
        self.turns.tick(now)
        if self.app.top is self and self.table.watch():
            self.table.offered([move for move, _ in offers_to(self.table)])

    def below(self, now: float) -> None:
        self.turns.below(now)

    # --------------------------------------------------------------------------------------- moves

    def end_turn(self) -> None:
        """End the turn; asks once when moves are left."""
        if not self.turns.acting or not self.sitting.game.scenario.turns.passing:
            return
        if self.app.settings.ask_end_turn and self.sitting.game.actions_left:
            self.app.push(self.end_turn_sheet())
        else:
            self.pass_turn()

    def end_turn_sheet(self) -> Sheet:
        text = f"You have {counted(self.sitting.game.actions_left, 'move')} left. Unused moves are lost."
        return Sheet(
            self.app, "End your turn?", [Piece(text)],
            [Choice("stay", "Go on playing", hotkey="Esc"),
             Choice("end", "End turn", self.pass_turn, "go", "Space", pygame.K_SPACE)], 460,
        )  # fmt: skip

    def pass_turn(self) -> None:
        """End the turn at once."""
        if self.turns.acting:
            self._play(PASS)

    def _play(self, move: Move) -> None:
        receipt = self.turns.move("play", move=str(move))
        if not receipt.ok:
            self.app.tell(receipt.sentence)
            return
        if receipt.sentence:
            self.turns.say(receipt.sentence)
        self.app.cue("played")
        self.table.forget()
        self.app.focus = None
        self.after()

    def undo(self) -> None:
        """Take the last move back, if the rules let it."""
        if not self.turns.acting:
            return
        receipt = self.turns.move("undo")
        if receipt.ok:
            self.after()
        else:
            self.app.tell(f"That cannot be undone: {receipt.sentence}.")

    def after(self) -> None:
        """Tell what went wrong after something was played or taken back, and see whose turn it is."""
        if self.sitting.trouble:
            self.turns.say(self.sitting.trouble)
            self.sitting.trouble = ""
        self.app.redraw()
        if self.app.top is self:
            self.settle()

    def settle(self) -> None:
        """Open what must come before the next decision: the round's end, the game's end, the handover."""
        sitting, game, turns, table = self.sitting, self.sitting.game, self.turns, self.table
        turn = (game.round, sitting.seat)
        if turn != self._turn:
            self._turn = turn
            table.scrolls["moves"].first = 0
        shared = turns.shared
        if game.over:
            if not self._over_shown:
                self._over_shown = True
                self.app.cue("game_over")
                if shared:  # one team alone looks back at its own board
                    table.viewer = None
                self._keep_result()
                self.results()
            return
        if game.round > self.shown_round:
            self.shown_round = game.round
            if shared:
                table.viewer = None
            if self.app.settings.show_rounds:
                if self.app.settings.world_turn != "off" and sitting.board.places is not None:
                    self.app.go("world-turn", sitting, game.round - 1, stops=self.stops(game.round - 1))
                else:
                    self.app.go("interlude", sitting, game.round - 1)
                return
        seat = sitting.seat
        if seat is None or not turns.at_this_screen:
            if shared or seat == turns.helped:
                table.viewer = None
            return
        if seat != table.viewer:
            table.viewer = None
            self._hand_over(seat)
            return
        if turns.unsaid:
            turns.say(turns.unsaid)
            turns.unsaid = ""
        if (seat, game.round) not in self.greeted:
            self.greeted.add((seat, game.round))
            self.app.cue("offer" if offers_to(table) else "your_turn")
            sheet = greeting(table, seat)
            if sheet is not None:
                self.app.push(sheet)

    def stops(self, round_: int) -> Mapping[str, tuple[str, str]]:
        """Return the steps of a round's world turn that wait to be read, each with a title and what is said there."""
        return {}

    def _keep_result(self) -> None:
        """Let the list of saved games know how it ended; a game that was taken back has not."""
        game, board = self.sitting.game, self.sitting.board
        result = {board.seat_title(seat): score for seat, score in game.scores().items()} if game.over else {}
        if self.sitting.kept.get(RESULT, {}) != result:
            self.sitting.remember(**{RESULT: result})

    def opened(self) -> None:
        """See whose turn it is, now that it is on top."""
        self.settle()

    def close(self) -> None:
        if self.serving is not None:
            self.serving.close()
        self.turns.owner.close()

    def taken_back(self) -> None:
        """Take note that the game stands somewhere else than before: nobody is at the screen."""
        round_ = self.sitting.game.round
        self.table.viewer = None
        self.table.forget(family=True)
        self.shown_round, self._over_shown = round_, False
        self._keep_result()
        self.greeted = {(seat, seen) for seat, seen in self.greeted if seen < round_}
        self._turn = (0, None)

    # ---------------------------------------------------------------------------------------- keys

    def under(self, key: Key) -> bool:
        """Take F9 and F10, wherever in the game one is."""
        if key.code == pygame.K_F9:
            self.open_projector()
        elif key.code == pygame.K_F10:
            self.open_facilitator()
        else:
            return False
        return True

    def key(self, key: Key) -> bool:
        if self.under(key):
            return True
        if key.code == pygame.K_z and key.ctrl:
            self.undo()
        elif key.ctrl or key.alt:
            return False
        elif key.code == pygame.K_SPACE:
            self.end_turn()
        elif key.code in (pygame.K_RETURN, pygame.K_KP_ENTER) and self.sitting.game.over:
            self.results()
        elif key.code == pygame.K_l:
            self.app.go("log", self.table)
        elif key.code == pygame.K_F1:
            self.table.help()
        elif self.table.key(key):
            return True
        elif key.code == pygame.K_ESCAPE:
            self.menu()
        else:
            return key.code in (pygame.K_RETURN, pygame.K_KP_ENTER)
        return True

    # ------------------------------------------------------------------------------- what opens over it

    def _hand_over(self, seat: str) -> None:
        """Open the opaque screen between two players."""
        app = self.app

        def sit_down() -> None:
            self.table.viewer = seat
            app.pop()

        def ready() -> None:
            lock = self.turns.lock_of(seat)
            if not lock:
                sit_down()
                return
            app.replace(PinScreen(app, f"The PIN of {title}", lock, sit_down))

        app.notice = ""
        title, team = self.sitting.board.seat_title(seat), self.sitting.chairs[seat].team
        app.push(HandoverScreen(app, title, team, ready, self.leave))

    def open_projector(self) -> None:
        """Show what everybody may see, in large type: on the second screen where there is one, and here otherwise.

        Here, where several people share the screen, nobody sits any more then.
        """
        if self.app.second is not None:
            self.app.show_aside(None)
            return
        if self.app.show_aside(self.app.make("projector", self, alone=True)):
            return
        for_all = self.app.top.name in ("world-turn", "interlude")  # it is for everybody as it is
        if not for_all:
            self._stand_up()
        self.app.go("projector", self, round_page=for_all)

    def open_facilitator(self) -> None:
        """Open the facilitator's screen, behind the PIN if there is one."""
        self._stand_up()
        lock = self.turns.lock_of(None)
        if not lock:
            self.app.go("facilitator", self)
            return

        def enter() -> None:
            self.app.replace(self.app.make("facilitator", self))

        self.app.push(PinScreen(self.app, "The facilitator's PIN", lock, enter))

    def _stand_up(self) -> None:
        """Close what a seat alone may see before everybody looks."""
        if self.turns.shared:
            self.table.viewer = None
            self.app.drop_above(self)

    def open_seats(self) -> None:
        """Open who plays each seat, to be changed by whoever may: with a PIN, only the facilitator."""
        if self.turns.lock_of(None):
            self.open_facilitator()
        else:
            self.app.push(SeatsScreen(self.app, self.sitting, self.turns.give))

    def results(self) -> None:
        self.app.go("ending", self.sitting, self.leave)

    def open_score(self, seat: str) -> None:
        """Open what a seat's score is made of."""
        self.app.push(score_sheet(self.app, self.sitting, seat))

    def leave(self, *routes: str) -> None:
        """Go back to the start screen, or to other screens; everything is on disk."""

        def gone(_: object = None) -> None:
            self.app.guard = nullcontext()
            self.app.reset(*map(self.app.make, routes or ("start",)))

        if self.serving is None:
            gone()
        else:  # beside the window: the server may wait for the table, which is the window's while it draws
            self.app.push(Busy(self.app, "Taking leave of the devices", self.close, gone))

    def menu(self) -> None:
        self.app.push(self.menu_sheet())

    def menu_sheet(self) -> Sheet:
        app, sitting, table = self.app, self.sitting, self.table
        kept = f"Saved after every move in {sitting.journal.path}." if sitting.journal else ""
        pieces = [
            Piece(f"{sitting.game.book.title} · round {sitting.game.round} of {sitting.game.scenario.rounds}"),
            Piece(kept or "This game is not being saved.", theme.SMALL, theme.SOFT, gap=4),
        ]
        choices = [
            Choice("rules", "Rulebook", table.open_rules, hotkey="F1", key=pygame.K_F1),
            Choice("settings", "Settings", lambda: app.go("settings")),
            Choice("aims", "Your aims", lambda: app.push(aims_sheet(app, table)), enabled=table.viewer is not None,
                   reason="nobody sits here now"),
            Choice("facilitator", "Facilitator", self.open_facilitator, hotkey="F10", key=pygame.K_F10),
            Choice("projector", "Projector view", self.open_projector, hotkey="F9", key=pygame.K_F9),
            Choice("seats", "Who plays", self.open_seats),
            Choice("leave", "Leave the game", self.leave, "danger"),
            Choice("back", "Back to the game", None, "go", "Esc"),
        ]  # fmt: skip
        return Sheet(app, sitting.title, pieces, choices, 620)
