"""The account of a game: what happened, why, what else was tried, what the real world says, what is taken home.

The debrief's screen and its page are both drawn from this. Of a game that is not over it holds only what everybody may
know; at the end the secrets are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from game.core.game import Game
from game.narrative.assumptions import assumptions
from game.narrative.board import Board
from game.narrative.chronicle import Chronicle
from game.narrative.history import History, Series
from game.narrative.sight import board_of
from game.narrative.viewers import EVERYTHING, PUBLIC, hides, node_title
from game.paper.redaction import Redaction
from game.prose.lexicon import spaced, titled
from game.prose.numbers import counted, hundredths, joined, month
from game.records.node import Node
from game.records.positions import Positions
from game.records.record import Record
from game.records.tree import Variation, lines, parting
from game.table.coach import TRIED
from rules.model.rulebook import Rulebook
from rules.model.terms import Knob
from rules.model.visit import every, expressions, statements

TAKEAWAYS, CHALLENGED = "takeaways", "challenged"
"""Keys of a record's header: what is taken home (``text``, ``owner``), and assumptions that were challenged, by name,
each with why."""
TRACKS = 8
"""How many tracks are drawn."""
TURNING = 6
"""How many turning points are shown."""


@dataclass(frozen=True, slots=True)
class SeatResult:
    """A seat's result. ``agendas`` are (title, text, points), shown at the end only; ``aims`` (title, met)."""

    seat: str
    title: str
    team: str
    player: str
    score: int | None
    won: bool
    parts: tuple[tuple[str, int], ...]
    aims: tuple[tuple[str, bool], ...]
    agendas: tuple[tuple[str, str, int], ...]

    @property
    def played_by(self) -> str:
        """The player, unless a person plays."""
        return "" if self.player == "human" else spaced(self.player)


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that was done: a move, a card, or a facilitator's act, with what was said about it."""

    round: int
    kind: str
    seat: str | None
    title: str
    mark: str
    note: str
    node: int


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """A turning point: when, what, and who or what brought it about (seat or none, title, by how much)."""

    round: int
    title: str
    before: int
    after: int
    good: str
    causes: tuple[tuple[str | None, str, int], ...]


@dataclass(frozen=True, slots=True)
class OtherLine:
    """A line that is not the played game: its name and kind, where it parts, and points then and there."""

    name: str
    kind: str
    parts: str
    moves: int
    upto: int
    points: tuple[tuple[str, int, int], ...]
    note: str


@dataclass(frozen=True, slots=True)
class NewsCard:
    """A news card that came, with what is known of it in the real world."""

    round: int
    title: str
    text: str
    note: str
    contrary: str
    source: str
    grade: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """An assumption that this game rested on: in how many moves, whether the world turn reads it, its value, and why it
    was challenged, if it was.
    """

    name: str
    title: str
    meaning: str
    value: str
    source: str
    used: int
    world: bool
    challenged: str

    @property
    def used_words(self) -> str:
        """Where it played a part."""
        parts = [f"in {counted(self.used, 'move')}"] if self.used else []
        return " and ".join([*parts, *(["in every world turn"] if self.world else [])]) or "in no move"


@dataclass(frozen=True)
class Account:
    """What is worth discussing about a game; see the class of each part.

    ``adoption`` holds each place's (side, share at the start, share now), ``lead`` the rounds in which the lead in
    score so far changed hands with who led then, ``tried`` what a coach has tried at the end (title, lines),
    ``takeaways`` texts with their owners.
    """

    title: str
    subtitle: str
    verdict: str
    over: bool
    round: int
    results: tuple[SeatResult, ...]
    points: Series | None
    series: tuple[Series, ...]
    adoption: tuple[tuple[str, tuple[tuple[str, int, int], ...]], ...]
    decisions: tuple[Decision, ...]
    lead: tuple[tuple[int, str], ...]
    turning: tuple[TurningPoint, ...]
    tried: tuple[tuple[str, tuple[str, ...]], ...]
    others: tuple[OtherLine, ...]
    cards: tuple[NewsCard, ...]
    assumptions: tuple[Assumption, ...]
    measures: tuple[tuple[str, int, str], ...]
    takeaways: tuple[tuple[str, str], ...]
    objectives: str
    rules: str
    board: Board

    @property
    def commented(self) -> tuple[Decision, ...]:
        """The decisions that somebody remarked on."""
        return tuple(each for each in self.decisions if each.mark or each.note)


def account(record: Record, *, names: bool = True, positions: Positions | None = None) -> Account:
    """Return the account of a record's main line, as far as it replays.

    Args:
        record: The record.
        names: Whether teams, players and owners are named; if not, they are left out and replaced in every text.
        positions: Its positions, if somebody has them already.

    Raises:
        RecordError: There is nothing to play.
    """
    return _Builder(record, names, positions or Positions(record)).account()


class _Builder:
    """Puts an account together."""

    def __init__(self, record: Record, names: bool, positions: Positions) -> None:
        self.record, self.positions = record, positions
        self.game: Game = positions.game(record.head)
        self.board = board_of(self.game)
        self.redaction = Redaction(record, self.board, names)
        self.chronicle = Chronicle(self.game)
        self.history = History(self.game, self.board, self.chronicle)
        self.upto = self.game.round
        self.over = self.game.over

    def account(self) -> Account:
        game = self.game
        title = self.record.header.get("title")
        title = self.redaction.text(title) if isinstance(title, str) and title else titled(game.scenario.title)
        date = self.record.header.get("date")
        parts = [titled(game.scenario.title), f"{self.upto} of {game.scenario.rounds} rounds", str(date or "")]
        return Account(
            title, " · ".join(filter(None, parts)), self._verdict(), self.over, self.upto, self._results(),
            self._points(), tuple(self.history.liveliest(self.upto, TRACKS)), self._adoption(), self._decisions(),
            self._lead(), self._turning(), self._tried(), self._others(), self._cards(), self._assumptions(),
            self._measures(), self._takeaways(), self.redaction.text(str(self.record.header.get("objectives") or "")),
            f"{game.book.title}, version {game.book.version} ({game.book.sha256[:12]})", self.board,
        )  # fmt: skip

    def _verdict(self) -> str:
        game = self.game
        if not self.over:
            return f"The game stands in round {self.upto} of {game.scenario.rounds}."
        if game.ending == "final":
            why = f"The last of {game.scenario.rounds} rounds is over."
        else:
            found = game.book.endings[str(game.ending)]
            why = f"{found.title}, in round {game.round}. {found.text}"
        won = [self.board.seat_title(seat) for seat in game.winners]
        if not won:
            return f"Nobody wins. {why}"
        return f"Winner: {won[0]}. {why}" if len(won) == 1 else f"{joined(won)} share the win. {why}"

    def _results(self) -> tuple[SeatResult, ...]:
        game = self.game
        scores = game.scores() if self.over else {}
        track = game.book.goals.parts
        titles = game.book.sets[game.book.tracks[track].scope[1]].elements if track is not None else {}
        public = self.history.points(self.upto)
        found = []
        for seat in game.seats:
            parts = game.parts(seat) if self.over else {k: v for k, v in public.get(seat, {}).items() if v}
            roles = self.board.roles_of(seat)
            aims = [a for a in game.book.goals.ambitions if a.role in roles] if self.over else []
            agendas = game.agendas(seat) if self.over else []
            found.append(SeatResult(
                seat, self.board.seat_title(seat), self.redaction.team(seat), self.redaction.player(seat),
                scores.get(seat), seat in game.winners,
                tuple((titles.get(part, part), value) for part, value in parts.items()),
                tuple((a.title, bool(game.evaluate(a.rule, seat))) for a in aims),
                tuple((a.title, a.text, game.evaluate(a.points, seat)) for a in agendas),
            ))  # fmt: skip
        return tuple(sorted(found, key=lambda result: -(result.score or 0)))

    def _points(self) -> Series | None:
        """Return the number that decides the game, round by round, secret agendas left out."""
        rounds = [self.history.scores(round_) for round_ in range(1, _finished(self.game) + 1)]
        if not rounds:
            return None
        curves = tuple((seat, tuple(scores[seat] for scores in rounds)) for seat in self.game.seats)
        return Series("", "Score so far, secret agendas left out", curves, first=1)

    def _adoption(self) -> tuple[tuple[str, tuple[tuple[str, int, int], ...]], ...]:
        """Return each place's shares: side, at the start, now."""
        board, history = self.board, self.history
        if board.shares is None or board.places is None or board.sides is None:
            return ()
        found = []
        for place in board.layout.elements(board.places):
            cells = [(side, (board.shares, (side, place))) for side in board.layout.elements(board.sides)]
            values = [(board.element_title(board.sides, side), history.after[0][c], history.after[self.upto][c])
                      for side, c in cells]  # fmt: skip
            found.append((board.element_title(board.places, place), tuple(values)))
        return tuple(found)

    # ------------------------------------------------------------------------------ what was done

    def _line(self) -> list[Node]:
        return [node for node in self.record.main_line() if self.positions.reach(node.id) == node.id]

    def _decisions(self) -> tuple[Decision, ...]:
        found: list[Decision] = []
        news = 0
        for node in [*self._line(), None]:
            before = self.positions.game(node.parent) if node is not None else self.game
            if before.round != news:
                news = before.round
                event = self.game.book.events.get(before.news or "")
                if event is not None:
                    found.append(Decision(news, "news", None, titled(event.name, event.title), "", "", 0))
            if node is not None:
                found.append(self._decision(before, node))
                found += self._remarks(node.id)
        # What was noted on a line that was taken back is not lost: it stands at the end of its round.
        line = {node.id for node in self._line()}
        for left in {node.parent for node in self.record.nodes.values()} - line:
            found += self._remarks(left)
        return tuple(sorted(found, key=lambda decision: decision.round))

    def _remarks(self, identity: int) -> list[Decision]:
        """Return what the facilitator kept for later at a position, to be shown at the end."""
        if not self.over:
            return []
        kept = [
            node
            for node in self.record.children(identity)
            if node.facilitator == "bookmark" or (node.facilitator == "note" and node.more.get("text"))
        ]
        found = []
        for node in kept:
            text = self.redaction.text(str(node.more.get("text") or "to be discussed"))
            round_ = self.positions.game(identity).round
            found.append(Decision(round_, "act", None, titled(str(node.facilitator)), "", text, node.id))
        return found

    def _decision(self, before: Game, node: Node) -> Decision:
        viewer = EVERYTHING if self.over else PUBLIC
        hidden = hides(before, node, viewer)
        note = "" if hidden else self.redaction.text(node.note)
        kind = "move" if node.facilitator is None else "act"
        title = node_title(before, node, viewer)
        title = self.redaction.text(title) if kind == "act" else title
        return Decision(before.round, kind, node.seat, title, "" if hidden else node.mark, note, node.id)

    def _lead(self) -> tuple[tuple[int, str], ...]:
        """Return when the lead in the running score changed hands: round, and who led then."""
        points = self._points()
        if points is None:
            return ()
        found: list[tuple[int, str]] = []
        for n in range(len(points.lines[0][1])):
            ranked = sorted(points.lines, key=lambda pair: -pair[1][n])
            leader = self.board.seat_title(ranked[0][0])
            if len(ranked) > 1 and ranked[0][1][n] == ranked[1][1][n]:
                continue
            if not found or found[-1][1] != leader:
                found.append((points.first + n, leader))
        return tuple(found)

    def _turning(self) -> tuple[TurningPoint, ...]:
        """Return the weightiest changes of the rounds, with who or what caused them."""
        ranked = []
        for round_ in range(1, self.upto + 1):
            for big in self.history.largest(round_, 2):
                causes = tuple((cause.seat, cause.title, cause.amount) for cause in big.causes)
                ranked.append((big.weight, TurningPoint(round_, big.title, big.before, big.after, big.good, causes)))
        best = sorted(ranked, key=lambda pair: -pair[0])[:TURNING]
        return tuple(sorted((turning for _, turning in best), key=lambda turning: turning.round))

    def _tried(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return what a coach has tried at the end of its game, as it stands in the record."""
        found = self.record.header.get(TRIED) if self.over else None
        return tuple(
            (str(each.get("title") or ""), tuple(map(str, each.get("lines") or ())))
            for each in (found if isinstance(found, list) else [])
            if isinstance(each, dict) and isinstance(each.get("lines"), list)
        )

    def _others(self) -> tuple[OtherLine, ...]:
        """Return the other lines; of a game that is not over only those that hold no secret."""
        found = lines(self.record)
        return tuple(self._other(found[0], line) for line in found[1:] if self._may_show(line))

    def _may_show(self, line: Variation) -> bool:
        nodes = [self.record.nodes[each] for each in line.nodes]
        return self.over or not any(hides(self.game, node, PUBLIC) for node in nodes)

    def _other(self, main: Variation, line: Variation) -> OtherLine:
        end = self.positions.game(line.last)
        where = parting(self.record, main, line)
        parts = " · ".join(
            f"{label}: {self._act(node)}" for label, node in (("Played", where.first), ("here", where.second)) if node
        )
        history = History(end, self.board, Chronicle(end))
        upto = min(_finished(end), _finished(self.game))
        here, there = history.scores(upto), self.history.scores(upto)
        points = tuple((self.board.seat_title(seat), there[seat], here[seat]) for seat in here)
        first = self.record.nodes[line.nodes[0]]
        name = self.redaction.text(line.name)
        return OtherLine(name, line.kind, parts, len(line.nodes), upto, points, self.redaction.text(first.note))

    def _act(self, node: Node) -> str:
        game = self.positions.game(node.parent)
        who = self.board.seat_title(node.seat) if node.seat is not None else "the facilitator"
        return f"{who}, {node_title(game, node, EVERYTHING if self.over else PUBLIC)}"

    # --------------------------------------------------------------------------- the real world, home

    def _cards(self) -> tuple[NewsCard, ...]:
        found: list[tuple[int, str]] = []
        for entry in self.game.log:
            if entry.kind == "event" and (entry.round, entry.cause) not in [(c[0], c[1]) for c in found]:
                found.append((entry.round, entry.cause))
        for decision in self._line():
            if decision.facilitator == "inject":
                key = (self.positions.game(decision.parent).round, str(decision.more.get("event")))
                found += [key] if key not in found else []
        cards = []
        for round_, name in found:
            event = self.game.book.events.get(name)
            if event is not None:
                title = titled(name, event.title)
                when = f" ({month(event.date)})" if event.date else ""
                cards.append(
                    NewsCard(round_, title + when, event.text, event.note, event.contrary, event.source, event.grade)
                )
        return tuple(cards)

    def _assumptions(self) -> tuple[Assumption, ...]:
        """Return what the played moves rested on, most used first; secret moves count only at the end."""
        book = self.game.book
        used: Counter[str] = Counter()
        for node in self._line():
            rule = book.moves.get(str(node.do))
            if rule is not None and (self.over or not rule.secret):
                used.update(knob.name for knob in assumptions(book, rule))
        challenged = self.record.header.get(CHALLENGED)
        challenged = challenged if isinstance(challenged, Mapping) else {}
        world = _read_by_the_world(book)
        names = list(dict.fromkeys([
            *(name for name in challenged if name in book.knobs), *(name for name, _ in used.most_common()),
            *(name for name in book.knobs if name in world),
        ]))  # fmt: skip
        found = []
        for name in names:
            knob = book.knobs[name]
            value = self.game.scenario.knobs.get(name, knob.value)
            why = self.redaction.text(str(challenged.get(name) or ""))
            found.append(Assumption(name, knob.title, knob.meaning, hundredths(value), knob.source, used[name],
                                    name in world, why))  # fmt: skip
        return tuple(found)

    def _measures(self) -> tuple[tuple[str, int, str], ...]:
        """Return titles, values and what they are counted in."""
        if not self.over:
            return ()
        known = self.game.book.measures
        found = self.game.measures().items()
        return tuple((known[name].title or titled(name), value, known[name].about) for name, value in found)

    def _takeaways(self) -> tuple[tuple[str, str], ...]:
        return tuple(
            (self.redaction.text(text), self.redaction.owner(owner)) for text, owner in takeaways_of(self.record)
        )


def _finished(game: Game) -> int:
    """Return the last round that is over."""
    return game.round if game.over else game.round - 1


def _read_by_the_world(book: Rulebook) -> set[str]:
    """Return the assumptions that rules of the world turn read."""
    rules = (rule for step in book.world_turn for rule in step.rules)
    read = (part for rule in rules for each in statements(rule.body) for part in expressions(each))
    return {found.name for part in read for found in every(part) if isinstance(found, Knob)}


def takeaways_of(record: Record) -> list[tuple[str, str]]:
    """Return what is taken home: texts with their owners, as they stand in the record."""
    found = record.header.get(TAKEAWAYS)
    entries = found if isinstance(found, list) else []
    return [
        (str(entry.get("text") or ""), str(entry.get("owner") or "")) for entry in entries if isinstance(entry, dict)
    ]
