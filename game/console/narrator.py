"""Tells a game in the terminal while it is played: rounds, news, moves with their effects, the world turn, the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from game import theme
from game.core.game import Act, Game
from game.engine import kernel as k
from game.engine.log import LogEntry
from game.moves import Move
from game.narrative.board import Board
from game.narrative.chronicle import Chronicle
from game.narrative.history import History
from game.narrative.ledger import Causes, Cell, Ledger, Relevance, Shift, Words
from game.prose.expressions import constant
from game.prose.numbers import agreed, counted, month
from rules.model.rulebook import Event, Rulebook, Scenario, TrackDef
from rules.model.terms import Assign, Element, In, Read, Role
from rules.model.visit import every, statements

MOVE_CHANGES, EVENT_CHANGES, WORLD_CHANGES, TABLE_ROWS = 3, 4, 5, 6
TRIFLE = 0.015
"""How many changes are shown of a move, a news card and a world turn, how many tracks the table of seats has,
and the weight up to which a track counts as unmoved."""


class Narrator:
    """Prints one game. Every rule's reason is given the first time the rule is heard of, and only then."""

    def __init__(self, console: Console, game: Game, players: Mapping[str, str]) -> None:
        """Open the books; the game must be in its first position, where only the first news has come."""
        self.console, self.game, self.players = console, game, players
        self._words = Words(game.book, game.scenario)
        self._causes = Causes(game.book)
        self._relevance = Relevance(game.book)
        self._ahead = [entry for entry in game.log if entry.kind == "event"]
        self._ledger = Ledger(game, self._causes, self._ahead)
        self._explained: set[str] = set()
        self._board, self._chronicle = Board.of(game.engine.layout), Chronicle(game)
        self._marks = self._board.marks
        self._last = dict(self._ledger.values)
        self._turn: str | None = None
        self._told: set[str] = set()

    # ------------------------------------------------------------------------------- the parts of a game

    def opening(self) -> None:
        """Who plays what, and the first round's news; ``print_title`` comes before."""
        scenario, book = self.game.scenario, self.game.book
        table = Table.grid(padding=(0, 2))
        for seat in scenario.seats:
            roles = ", ".join(book.roles[role].title for role in seat.roles)
            table.add_row(self._seat(seat.name), Text(self.players.get(seat.name, ""), "bold"), Text(roles, "dim"))
        self.console.print(table)
        self.console.print(Text(f"seed {self.game.seed}", style="dim"))
        self._round(self._ledger.enter(self._ahead))

    def act(self, act: Act) -> None:
        """Play what was done in a game, by a seat or by its facilitator, and tell it."""
        if act.seat is not None:
            self.play(act.move)
            return
        entries = self.game.act(act.move.name, act.details)
        self._fresh_news()
        shifts = self._ledger.enter(entries)
        if "event" in act.details:
            self._news(str(act.details["event"]), shifts, "injected")
            return
        head = {"inject": ("News  ", act.details.get("title")), "adjust": ("Facilitator  ", act.details.get("reason"))}
        label, said = head.get(act.move.name, ("Facilitator  ", "New luck from here on"))
        self.console.print(Text.assemble((label, f"bold {theme.TERMINAL['turns']}"), (str(said), "bold")))
        self._indented(Text(str(act.details.get("text", ""))), 6)
        self._changes(shifts, EVENT_CHANGES, 6)

    def play(self, move: Move) -> None:
        """Play a move and tell everything up to the next decision."""
        game, seat = self.game, self.game.seat
        assert seat is not None
        if seat != self._turn:
            self.console.print(Text.assemble("\n", self._seat(seat)))
            self._turn = seat
        sentence, orders = game.describe(move, seat), self._orders(move)
        before = game.round
        entries = game.play(move)
        parts: dict[str, list[LogEntry]] = {"move": [], "step": [], "event": [], "ending": []}
        for entry in entries:
            parts[entry.kind].append(entry)
        self._move(move, sentence, self._ledger.enter(parts["move"]), orders)
        if parts["step"] or game.round != before or game.over:
            self._world(self._ledger.enter(parts["step"]))
            self._ledger.enter(parts["ending"])
            self._standings()
            self._turn = None
        if not game.over and game.round != before:
            self._round(self._ledger.enter(parts["event"]))

    def ending(self) -> None:
        """How it ended: points by part, who won, the world's results, ambitions and secret agendas."""
        game, book = self.game, self.game.book
        if not game.over:
            self.console.rule(
                Text(f"Not finished: round {game.round}, {self._words.seat(str(game.seat))} to move", style="bold")
            )
        else:
            self.console.rule(Text("The end", style="bold"), style="bold")
            if game.ending == "final":
                self.console.print(f"The last of {game.scenario.rounds} rounds is over.")
            else:
                found = book.endings[str(game.ending)]
                self.console.print(
                    Text.assemble(
                        (found.title, f"bold {theme.TERMINAL['worse']}" if found.crisis else "bold"), f". {found.text}"
                    )
                )
            names = [self._words.seat(seat) for seat in game.winners]
            self.console.print(Text(self._verdict(names), style="bold"))
        self.console.print(self._final_table())
        self._results()
        self._aims()

    # ---------------------------------------------------------------------------------------- a round

    def _round(self, shifts: Sequence[Shift]) -> None:
        """A round's header and the cards that came with it."""
        game = self.game
        title = f"Round {game.round} of {game.scenario.rounds} · {month(game.date)}"
        self.console.print()
        self.console.rule(Text(title, style="bold"), align="left", style="bold")
        self._last = dict(self._ledger.values)
        for name in self._fresh_news():
            self._news(name, [shift for shift in shifts if shift.cause == name])

    def _fresh_news(self) -> list[str]:
        """Return the cards that have come since this was last asked, in the order of the rulebook."""
        layout = self.game.engine.layout
        drawn = {event.name for i, event in enumerate(layout.events) if self.game.memory[k.ROW + layout.drawn + i]}
        fresh = [event.name for event in layout.events if event.name in drawn - self._told]
        self._told |= drawn
        return fresh

    def _news(self, name: str, shifts: Sequence[Shift], how: str = "") -> None:
        event = self.game.book.events[name]
        label = {"C": " · reported", "U": " · reported, unverified"}.get(event.grade.upper(), "")
        note = (
            f"  [{how or 'source grade ' + event.grade if event.grade else how}{label}]" if event.grade or how else ""
        )
        self.console.print(
            Text.assemble(("News  ", f"bold {theme.TERMINAL['turns']}"), (event.title, "bold"), (note, "dim"))
        )
        self._indented(Text(event.text), 6)
        self._changes(shifts, EVENT_CHANGES, 6)
        for later in self._later(event):
            self._indented(Text(later, style="dim"), 6)

    def _move(self, move: Move, sentence: str, shifts: Sequence[Shift], orders: Sequence[str]) -> None:
        rule = self.game.book.moves.get(move.name)
        tracks = self.game.book.tracks
        paid = [
            f"{-shift.amount} {tracks[shift.cell[0]].title.lower()}" for shift in shifts if shift.rule == Causes.COST
        ]
        notes = [*(["secret"] if rule is not None and rule.secret else []), *paid]
        self._indented(Text.assemble(("▸ ", "bold"), (sentence, "bold"), f" ({', '.join(notes)})" if notes else ""), 2)
        self._changes([shift for shift in shifts if shift.rule != Causes.COST], MOVE_CHANGES, 4)
        for order in orders:
            self._indented(Text(order, style="dim"), 4)
        if rule is not None:
            self._because(f"move {move.name}", rule.why, 4)

    def _orders(self, move: Move) -> list[str]:
        """Return what a move orders for later rounds, foretold before it is played.

        What is taken off on arrival (a plant is no longer under construction) is left out.
        """
        rule = self.game.book.moves.get(move.name)
        if rule is None or not any(isinstance(statement, In) for statement in statements(rule.effects)):
            return []
        found: dict[Cell, list[str]] = {}
        for change in self.game.preview(move):
            low, high = change.low - change.before, change.high - change.before
            if change.arrives and high > 0:
                amount = f"{low:+d}" if low == high else f"{low:+d} to {high:+d}"
                found.setdefault((change.track, change.index), []).append(f"{amount} {_in_rounds(change.arrives)}")
        return [f"ordered: {self._words.cell(cell)} {', '.join(amounts)}" for cell, amounts in found.items()]

    def _later(self, event: Event) -> list[str]:
        """Return what a card brings in later rounds, as far as it is a number at a place that the card names.

        What is taken off on arrival by as much as something else gains is left out, as it is of moves.
        """
        found = []
        for order in (statement for statement in event.effects if isinstance(statement, In)):
            changes = [statement for statement in order.body if isinstance(statement, Assign)]
            gains = [change.value for change in changes if change.op == "+="]
            for change in changes:
                cell, amount = self._named_cell(change), constant(change.value)
                taken = change.op == "-="
                if cell is None or amount is None or change.op == "=" or (taken and change.value in gains):
                    continue
                signed = -amount if taken else amount
                found.append(f"later: {self._words.cell(cell)} {signed:+d} {_in_rounds(order.delay)}")
        return found

    def _named_cell(self, change: Assign) -> Cell | None:
        """Return the cell that a card changes where it names it; ``None`` for a role that nobody plays, or a loop's."""
        index = []
        for part in change.index:
            name = part.name if isinstance(part, Element) else self._player_of(part) if isinstance(part, Role) else None
            if name is None:
                return None
            index.append(name)
        return change.track, tuple(index)

    def _player_of(self, role: Role) -> str | None:
        return next((seat.name for seat in self.game.scenario.seats if role.name in seat.roles), None)

    def _world(self, shifts: Sequence[Shift]) -> None:
        """The largest changes of the world turn under the steps that made them."""
        if not shifts:
            return
        weighty = [shift for shift in shifts if self._relevance.of(shift) > 0]
        arrivals = [shift for shift in weighty if shift.rule != Causes.ORDER or shift.amount > 0]
        final = self._decisive(arrivals)
        shown = final + self._relevance.pick((shift for shift in arrivals if shift not in final), WORLD_CHANGES)
        self.console.print(Text("\nWorld turn", style="bold"))
        for step in self.game.book.world_turn:
            of_step = [shift for shift in shown if shift.cause == step.name]
            if not of_step:
                continue
            self._indented(Text(step.title or step.name, style="bold"), 2)
            for shift in of_step:
                self._indented(self._line(shift), 4)
                self._because(f"rule {shift.rule}", self._causes.why(shift.rule), 6)
        rest = len({shift.cell for shift in shifts}) - len({shift.cell for shift in shown})
        if rest > 0:
            self._indented(Text(f"and {rest} smaller changes" if shown else f"{rest} small changes", style="dim"), 2)

    def _decisive(self, shifts: Iterable[Shift]) -> list[Shift]:
        """Return the changes that an ending before the last round came of; none while the game goes on."""
        ending = self.game.book.endings.get(str(self.game.ending))
        if ending is None:
            return []
        asked = {node.track for node in every(ending.when) if isinstance(node, Read)}
        return [shift for shift in shifts if shift.cell[0] in asked]

    # ------------------------------------------------------------------------------------ the pieces

    def _changes(self, shifts: Sequence[Shift], limit: int, indent: int) -> None:
        """The main changes of a move or card, one line for a track, with its cause when that is not the move itself."""
        alike: dict[tuple[str, str, bool], list[Shift]] = {}
        for shift in sorted(shifts, key=lambda shift: -self._relevance.of(shift)):
            alike.setdefault((shift.rule, shift.cell[0], shift.amount > 0), []).append(shift)
        ranked = [replace(same[0], others=len(same) - 1) for same in alike.values()]
        shown = [shift for shift in ranked if self._relevance.of(shift) > 0][:limit]
        for shift in shown:
            self._indented(self._line(shift), indent)
            self._because(f"rule {shift.rule}", self._causes.why(shift.rule), indent + 2)
        rest = sum(1 + shift.others for shift in ranked[len(shown) :])
        if rest and shown:
            self._indented(Text(f"and {counted(rest, 'smaller change')}", style="dim"), indent)

    def _line(self, shift: Shift) -> Text:
        """``▲ Compute, Valley 60 → 72 (+12) · building``, coloured by whether that is good for who has it."""
        track = self.game.book.tracks[shift.cell[0]]
        title = self._causes.title(shift.rule)
        others = f" and {shift.others} more like it" if shift.others else ""
        return Text.assemble(
            self._arrow(track, shift.amount), f" {self._words.cell(shift.cell)} ",
            (f"{shift.before} → {shift.after}", "bold"), f" ({shift.amount:+d})", others,
            (f" · {title}" if title else "", "dim"),
        )  # fmt: skip

    @staticmethod
    def _arrow(track: TrackDef, amount: int) -> tuple[str, str]:
        good = {"up": amount > 0, "down": amount < 0}.get(track.good)
        style = "" if good is None else theme.TERMINAL["better" if good else "worse"]
        return ("▲" if amount > 0 else "▼"), style

    def _because(self, key: str, why: str, indent: int) -> None:
        if why and key not in self._explained:
            self._explained.add(key)
            self._indented(Text(f"Why: {why}", style="dim italic"), indent)

    def _seat(self, seat: str) -> Text:
        mark = self._marks[seat]
        return Text(f"{mark.glyph} {self._words.seat(seat)}", style=f"bold {theme.on_any(mark.colour, mark.paper)}")

    def _indented(self, text: Text, indent: int) -> None:
        """Print text at an indent; what does not fit goes on below, a little further in."""
        for number, line in enumerate(text.wrap(self.console, max(self.console.width - indent - 2, 20))):
            line.rstrip()
            self.console.print(Text(" " * (indent + 2 * (number > 0))) + line)

    # ------------------------------------------------------------------------------------- the tables

    def _standings(self) -> None:
        """The seats side by side: the score so far, and the public tracks that moved most in this round."""
        seats, values = self.game.seats, self._ledger.values
        public = [track for track in self.game.book.tracks.values() if track.visibility == "public"]

        def moved(track: TrackDef) -> float:
            cells = [(track.name, (seat,)) for seat in seats] if track.scope else [(track.name, ())]
            return max(self._relevance.weigh(track.name, values[cell] - self._last[cell]) for cell in cells)

        def most(tracks: list[TrackDef]) -> list[TrackDef]:
            ranked = sorted((track for track in tracks if moved(track) > TRIFLE), key=moved, reverse=True)
            return sorted(ranked[:TABLE_ROWS], key=tracks.index)

        table = self._seat_table()
        scores = self._scores()
        if scores:
            table.add_row("Score so far", *(Text(str(scores[seat]), "bold") for seat in seats))
        for track in most([track for track in public if track.scope == ("seat",)]):
            table.add_row(track.title, *(self._cell(track, (track.name, (seat,))) for seat in seats))
        if table.row_count:
            self.console.print()
            self.console.print(table)
        world = most([track for track in public if not track.scope])
        if world:
            cells = [Text.assemble(f"{track.title} ", self._cell(track, (track.name, ()))) for track in world]
            self._indented(Text(" · ").join(cells), 1)

    def _scores(self) -> dict[str, int]:
        """The number that decides the game, secret agendas left out, after the last round that is over."""
        game = self.game
        return History(game, self._board, self._chronicle).scores(game.round if game.over else game.round - 1)

    def _seat_table(self) -> Table:
        """Return an empty table of the seats; no word of it is broken in eighty columns, however many sit there."""
        seats = [self._seat(seat) for seat in self.game.seats]
        tight = len(seats) > 4
        table = Table(
            box=None, padding=(0, 1), pad_edge=False, show_edge=False, header_style="", collapse_padding=tight
        )
        titles = " ".join(track.title for track in self.game.book.tracks.values())
        table.add_column(overflow="fold", min_width=_longest(titles))
        word = _longest(" ".join(seat.plain for seat in seats))
        for seat in seats:
            table.add_column(seat, justify="right", width=word if tight else None)
        return table

    def _cell(self, track: TrackDef, cell: Cell) -> Text:
        """Return a value with what it changed by in this round."""
        value = self._ledger.values[cell]
        change = value - self._last[cell]
        if not change:
            return Text(str(value) if value else "·", style="" if value else "dim")
        arrow, style = self._arrow(track, change)
        return Text.assemble(f"{value} ", (f"{arrow}{abs(change)}", style))

    def _final_table(self) -> Table:
        """Points by part and the final score; the winners' columns are starred."""
        game = self.game
        table = self._seat_table()
        parts = {seat: game.parts(seat) for seat in game.seats}
        if game.book.goals.parts is not None:
            titles = game.book.sets[game.book.tracks[game.book.goals.parts].scope[1]].elements
            for part, title in titles.items():
                if any(part in parts[seat] for seat in game.seats):
                    table.add_row(title, *(str(parts[seat].get(part, "·")) for seat in game.seats))
            table.add_row(
                Text("Points gathered"), *(str(sum(parts[seat].values())) for seat in game.seats), end_section=True
            )
        scores = game.scores()
        label = "Final score" if game.over else "Score if it ended now"
        table.add_row(
            Text(label, "bold"), *(Text(f"{'★ ' if s in game.winners else ''}{scores[s]}", "bold") for s in game.seats)
        )
        return table

    @staticmethod
    def _verdict(winners: Sequence[str]) -> str:
        if not winners:
            return "Nobody wins."
        return f"Winner: {winners[0]}." if len(winners) == 1 else f"{' and '.join(winners)} share the win."

    def _results(self) -> None:
        """The rulebook's measures: what became of the blocs and of the world."""
        measures = self.game.measures()
        if not measures:
            return
        self.console.print(Text("\nWhat became of the world", style="bold"))
        table = Table.grid(padding=(0, 2))
        table.add_column(max_width=self.console.width * 2 // 5)
        for name, value in measures.items():
            measure = self.game.book.measures[name]
            table.add_row(measure.title or name, Text(str(value), "bold", justify="right"), Text(measure.about, "dim"))
        self.console.print(Padding(table, (0, 0, 0, 2), expand=False))

    def _aims(self) -> None:
        """Each seat's public ambitions, met or not, and its secret agendas with the points they brought."""
        game = self.game
        if not game.book.goals.ambitions and not any(game.agendas(seat) for seat in game.seats):
            return
        self.console.print(Text("\nAims", style="bold"))
        final, without = game.scores(), self._scores() if game.over else {}
        for seat in game.scenario.seats:
            brought = 0
            self._indented(self._seat(seat.name), 2)
            for ambition in game.book.goals.ambitions:
                if ambition.role in seat.roles:
                    met = bool(game.evaluate(ambition.rule, seat.name))
                    mark = ("✓ ", theme.TERMINAL["better"]) if met else ("✗ ", theme.TERMINAL["worse"])
                    self._indented(Text.assemble(mark, ambition.title, ("  met" if met else "  not met", "dim")), 4)
            for agenda in game.agendas(seat.name):
                points = game.evaluate(agenda.points, seat.name)
                brought += points
                worth = agreed(f"{points:+d} points")
                self._indented(
                    Text.assemble("Secret agenda: ", (agenda.title, "bold"), f" ({worth}). {agenda.text}"), 4
                )
            counted_as = final[seat.name] - without[seat.name] if without else brought
            if counted_as != brought:  # a seat with two roles has two, and the rules may count each for less
                self._indented(Text(f"Counted in the final score: {counted_as:+d}.", style="dim"), 4)


def _longest(text: str) -> int:
    return max(map(len, text.split()), default=0)


def _in_rounds(rounds: int) -> str:
    return "next round" if rounds == 1 else f"in {rounds} rounds"


def print_title(console: Console, book: Rulebook, scenario: Scenario) -> None:
    """What game it is; apart from the narrator, since a game takes longer to set up than to announce."""
    console.print(Text.assemble((book.title, "bold"), f" · {scenario.title} ({scenario.name})"))
    if scenario.summary:
        console.print(Text(scenario.summary, style="dim"))
