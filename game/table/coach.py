"""A coached game: what a coach says at which point of it, and at its end what certain moves were worth.

What is said is data (``assets/coach``). Where the coach stands follows from the game alone, not from what was pressed:
a move taken back brings its step back, and a game that is taken up again goes on where it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

from pydantic import Field

from game.core.game import Game
from game.moves import PASS, Move
from game.narrative.chronicle import Chronicle
from game.narrative.history import History
from game.narrative.score import Amounts, score_difference
from game.prose.lexicon import titled
from game.prose.numbers import joined, number, signed
from game.table.bots import SeatBot
from game.table.sitting import HUMAN, Chair, Setup, Sitting
from rules import RuleErrors
from rules.checking.doctrines import text_reader
from rules.model.faults import Faults
from rules.model.rulebook import Rulebook, Sentence
from rules.source.repair import read_shape
from rules.source.schema_models import Expression, Name, Shape, Text
from rules.source.yaml import Document, KeyPath

FIRST = "first_game"
KEY, TRIED = "coach", "tried"
"""Keys of a record's header: the coach of its game, and what was tried at its end (``title``, ``lines``)."""
MOST_TRIED = 400
"""Acts after which a game that is played again is given up: more than any real one has."""


class NumberShape(Shape):
    """A number to look at."""

    title: Text
    value: Expression


class StepShape(Shape):
    """One step: what is said, and what it waits for.

    Attributes:
        round: The round that it belongs to.
        title, text: What the coach says.
        otherwise: What it says instead if the move of the step before (or ``after``) was not played.
        after: The move that ``otherwise`` is about, if it is not the last one suggested.
        play: A move to play, as text; any other will do.
        look: ``place`` where a place of the map is to be looked at.
        at: What of the table it is about; ``place`` is the one place of the map, ``track`` the one track that is meant.
        see, since: Numbers with their value now and before.
    """

    round: int = Field(ge=1)
    title: Text
    text: Text
    otherwise: Text = ""
    after: Name | Literal[""] = ""
    play: Text = ""
    look: Literal["", "place"] = ""
    at: Literal["", "map", "aims"] = ""
    place: Name | Literal[""] = ""
    track: Name | Literal[""] = ""
    see: list[NumberShape] = Field([])
    since: Literal["move", "round", "start"] = "move"


class StopShape(Shape):
    """A step of a world turn that waits until it was read, and what is said there."""

    round: int = Field(ge=1)
    step: Name
    title: Text
    text: Text


class TrialShape(Shape):
    """Moves that the game is played again without, and what is said of what that shows."""

    title: Text
    without: list[Name] = Field(min_length=1)
    gained: Text
    lost: Text
    unused: Text


class PractisedShape(Shape):
    """A player that the game is played again with in the coached seat, and what is said of it."""

    title: Text
    player: Text
    text: Text


class EndShape(Shape):
    """What is said when the game is over."""

    title: Text
    text: Text
    trials: list[TrialShape]
    practised: PractisedShape
    lesson: Text


class CoachShape(Shape):
    """A file of what a coach says."""

    coach: Name
    scenario: Name
    seat: Name
    seed: int = Field(ge=0)
    players: dict[Name, Text]
    steps: list[StepShape] = Field(min_length=1)
    world: list[StopShape] = Field([])
    end: EndShape


@dataclass(frozen=True, slots=True)
class Number:
    """A number that the coach points out, before and now."""

    title: str
    before: int
    now: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What certain moves were worth.

    Attributes:
        title: What was tried.
        played, without: Final scores by seat as played, and without these moves; nothing if none was played.
        parts: What they brought the coached seat's score, by part: together the whole difference.
        result: Both results in a sentence, and what made the difference; empty where nothing was left out.
        words: What is said of it.
    """

    title: str
    played: Mapping[str, int]
    without: Mapping[str, int]
    parts: Amounts
    result: str
    words: str


@dataclass(frozen=True, slots=True)
class Script:
    """What a coach says, read and checked against a rulebook; ``said`` and ``seen`` belong to the steps by number."""

    shape: CoachShape
    said: tuple[tuple[Sentence, Sentence], ...]
    seen: tuple[tuple[Sentence, ...], ...]

    def setup(self, book: Rulebook, overrides: Mapping[str, Any] | None = None) -> Setup:
        """Return the game that the coach was written for; ``overrides`` are those that the book was read with."""
        shape = self.shape
        seats = [seat.name for seat in book.scenarios[shape.scenario].seats]
        chairs = {seat: Chair(HUMAN if seat == shape.seat else shape.players.get(seat, "greedy")) for seat in seats}
        return Setup(book, shape.scenario, shape.seed, chairs, overrides=overrides or {}, more={KEY: shape.coach})


def script_for(book: Rulebook, name: str = FIRST) -> Script:
    """Return what a coach says.

    Raises:
        RuleErrors: It speaks of things that the rulebook does not have.
    """
    path = files("assets").joinpath("coach", f"{name}.yaml")
    shape, document = read_shape(CoachShape, path.read_text(encoding="utf-8"), path.name, "a coach", "coach: NAME")
    faults = Faults()
    _check(shape, document, book, faults)
    faults.stop()
    read = text_reader(book, document, faults)
    said = tuple(
        (read(step.text, ("steps", n, "text")), read(step.otherwise, ("steps", n, "otherwise")))
        for n, step in enumerate(shape.steps)
    )
    seen = tuple(
        tuple(read(f"{{{number.value}}}", ("steps", n, "see", at)) for at, number in enumerate(step.see))
        for n, step in enumerate(shape.steps)
    )
    faults.stop()
    return Script(shape, said, seen)


def _check(shape: CoachShape, document: Document, book: Rulebook, faults: Faults) -> None:
    """Note what the script names and the rulebook lacks."""

    def known(path: KeyPath, kind: str, name: str, names: Mapping[str, object]) -> None:
        if name not in names:
            faults.unknown(document.where(path), kind, name, names)

    known(("scenario",), "scenario", shape.scenario, book.scenarios)
    if shape.scenario not in book.scenarios:
        return
    scenario = book.scenarios[shape.scenario]
    seats = {seat.name: seat for seat in scenario.seats}
    moves = {name: book.moves[name] for name in scenario.moves}
    known(("seat",), "seat", shape.seat, seats)
    for seat in shape.players:
        known(("players", seat), "seat", seat, seats)
    places = {element: of for of, found in book.sets.items() for element in found.elements}
    for n, step in enumerate(shape.steps):
        for key, text in (("play", step.play), ("after", step.after)):
            if text:
                known(("steps", n, key), "move", Move.parse(text).name, moves)
        if step.place:
            known(("steps", n, "place"), "element", step.place, places)
        if step.track:
            known(("steps", n, "track"), "track", step.track, book.tracks)
    for n, stop in enumerate(shape.world):
        known(("world", n, "step"), "step", stop.step, {step.name: step for step in book.world_turn})
    for n, trial in enumerate(shape.end.trials):
        for name in trial.without:
            known(("end", "trials", n, "without"), "move", name, moves)


class Coach:
    """A coach beside a sitting."""

    def __init__(self, script: Script, sitting: Sitting) -> None:
        """Stand where the game stands."""
        self.script, self.sitting, self.seat = script, sitting, script.shape.seat
        self.steps = script.shape.steps
        self._tried: tuple[str, list[Trial]] | None = None  # with the position that it was tried at
        self.gone: set[int] = set()
        """Steps that were read, looked at or skipped."""

    @classmethod
    def of(cls, sitting: Sitting) -> Coach | None:
        """Return the coach of a sitting; none if it has none, or one whose words do not fit its rules."""
        if sitting.record.header.get(KEY) != FIRST or sitting.humans == []:
            return None
        try:
            return cls(script_for(sitting.game.book), sitting)
        except RuleErrors:
            return None

    # ------------------------------------------------------------------------------------ where it stands

    @property
    def at(self) -> int | None:
        """The number of the step in hand; none where nothing more is to be said in this round.

        Steps of a round go by what the seat has played in it: with each move one that asks for a move is done, and what
        was said before it is past, read or not.
        """
        game = self.sitting.game
        acts = zip(game.acts, game.rounds_of_acts, strict=True)
        if game.over or any(act.seat == self.seat and act.move == PASS and at == game.round for act, at in acts):
            return None
        own = len(self._own(game.round))
        found: int | None = None
        for n, step in enumerate(self.steps):
            if step.round != game.round or n in self.gone:
                continue
            if step.play and own:
                own, found = own - 1, None
            elif found is None:
                found = n
        return found

    @property
    def step(self) -> StepShape | None:
        """The step in hand."""
        at = self.at
        return None if at is None else self.steps[at]

    @property
    def place(self) -> tuple[int, int]:
        """Which of the steps of this round is in hand, from one, and how many there are."""
        numbers = [n for n, step in enumerate(self.steps) if step.round == self.sitting.game.round]
        at = self.at
        return (numbers.index(at) + 1 if at is not None else len(numbers)), len(numbers)

    def go_on(self) -> None:
        """Leave the step in hand behind."""
        at = self.at
        if at is not None:
            self.gone.add(at)

    @property
    def before(self) -> list[int]:
        """The numbers of the steps of this round that can be gone back to: what was read or skipped since a move."""
        at, game = self.at, self.sitting.game
        numbers = [n for n, step in enumerate(self.steps) if step.round == game.round and (at is None or n < at)]
        own = len(self._own(game.round))
        played = [n for n in numbers if self.steps[n].play and n not in self.gone][:own]
        return [n for n in numbers if n in self.gone and n > max(played, default=-1)]

    def go_back(self) -> None:
        """Return to the step before."""
        if self.before:
            self.gone.discard(self.before[-1])

    def looked(self, what: str) -> None:
        """Take note that something was looked at."""
        step = self.step
        if step is not None and step.look == what:
            self.go_on()

    # ---------------------------------------------------------------------------------------- what it says

    @property
    def suggestion(self) -> Move | None:
        """The move that the step in hand would play, where it is legal now."""
        step, game = self.step, self.sitting.game
        if step is None or not step.play or game.seat != self.seat:
            return None
        move = Move.parse(step.play)
        return move if game.check(move) else None

    @property
    def text(self) -> str:
        """What the coach says now."""
        at = self.at
        if at is None:
            return ""
        step, game = self.steps[at], self.sitting.game
        text, otherwise = self.script.said[at]
        about = step.after or self._suggested_before(at)
        went_another_way = step.otherwise and about not in {move.name for move in self._own(None)}
        said = game.sentence(otherwise if went_another_way else text, self.seat)
        said = said.replace("[others]", self._others_played())
        if not step.play:
            return said
        move = Move.parse(step.play)
        family = game.book.moves[move.name].family
        title = titled(family, game.book.families.get(family, ""))
        return said.replace("[move]", game.describe(move, self.seat)).replace("[family]", title)

    def _others_played(self) -> str:
        """Return what the others have played in this round, as far as the seat may know."""
        lines = self.sitting.sight(self.seat).lines
        here = [line for line in lines if line.kind == "move" and line.round == self.sitting.game.round]
        return joined([f"“{line.title}”" for line in here if line.seat != self.seat]) or "nothing"

    def _suggested_before(self, at: int) -> str:
        """Return the name of the last move suggested before a step."""
        return next((Move.parse(step.play).name for step in reversed(self.steps[:at]) if step.play), "")

    @property
    def numbers(self) -> list[Number]:
        """The numbers that the step in hand points out."""
        at = self.at
        if at is None or not self.steps[at].see:
            return []
        game = self.sitting.game
        before = self._before(self.steps[at].since)
        return [
            Number(shape.title, int(before.sentence(value, self.seat)), int(game.sentence(value, self.seat)))
            for shape, value in zip(self.steps[at].see, self.script.seen[at], strict=True)
        ]

    def _before(self, since: str) -> Game:
        """Return the game as it stood before the seat's last move, the round before this one, or all of it."""
        game = self.sitting.game
        rounds = game.rounds_of_acts
        first = 0
        if since == "round":
            first = next((n for n, round_ in enumerate(rounds) if round_ >= game.round - 1), 0)
        elif since == "move":
            own = [n for n, act in enumerate(game.acts) if act.seat == self.seat and act.move != PASS]
            first = own[-1] if own else len(rounds)
        found = game.branch()
        found.rewind(len(rounds) - first)
        return found

    def _own(self, round_: int | None) -> list[Move]:
        """Return the seat's moves in a round, or in all, passes left out."""
        game = self.sitting.game
        return [
            act.move
            for act, each in zip(game.acts, game.rounds_of_acts, strict=True)
            if act.seat == self.seat and act.move != PASS and round_ in (None, each)
        ]

    def stops(self, round_: int) -> dict[str, tuple[str, str]]:
        """Return the steps of a round's world turn that wait to be read, by name, with a title and what is said."""
        return {stop.step: (stop.title, stop.text) for stop in self.script.shape.world if stop.round == round_}

    # ------------------------------------------------------------------------------------------- the end

    def all_tried(self) -> list[Trial]:
        """Return the trials, and at last the game of a practised player; worked out once for the game as it ended."""
        if self._tried is None or not self.has_tried:
            self._tried = self.sitting.game.state_hash, [*self.trials(), self.practised()]
        return self._tried[1]

    @property
    def has_tried(self) -> bool:
        """Whether ``all_tried`` answers at once: a game that was taken back and played on has not been tried."""
        return self._tried is not None and self._tried[0] == self.sitting.game.state_hash

    def trials(self) -> list[Trial]:
        """Play the game again without certain moves, with the same luck and the same opponents."""
        game, played = self.sitting.game, self.sitting.game.scores()
        found = []
        for shape in self.script.shape.end.trials:
            if not any(move.name in shape.without for move in self._own(None)):
                found.append(Trial(shape.title, played, {}, (), "", shape.unused))
                continue
            again = self._again(without=shape.without)
            without = again.scores()
            words = shape.gained if played[self.seat] > without[self.seat] else shape.lost
            parts = score_difference(self._history(game), self._history(again), self.seat)
            found.append(Trial(shape.title, played, without, parts, self._result(played, without, parts), words))
        return found

    def practised(self) -> Trial:
        """Play the game again with a practised player in the coached seat."""
        shape, played = self.script.shape.end.practised, self.sitting.game.scores()
        again = self._again(player=SeatBot(shape.player, self.sitting.game.book, self.seat, self.sitting.game.seed))
        scores, board = again.scores(), self.sitting.board
        told = joined([f"{board.seat_title(each)} {number(scores[each])}" for each in again.seats])
        moves = [act.move for act in again.acts if act.seat == self.seat and act.move != PASS]
        titles = Counter(again.describe(move, self.seat) for move in moves)
        named = joined([title if n == 1 else f"{title} ({n} times)" for title, n in titles.items()])
        return Trial(shape.title, played, scores, (), f"{shape.text}: {told}.", f"It played {named}.")

    def keep(self) -> None:
        """Write what the trials have shown into the record, for its debrief."""
        told = [
            {"title": trial.title, "lines": [*filter(None, (trial.result, trial.words))]} for trial in self.all_tried()
        ]
        if self.sitting.record.header.get(TRIED) != told:
            self.sitting.keep_in_header(TRIED, told)

    def _history(self, game: Game) -> History:
        return History(game, self.sitting.board, Chronicle(game))

    def _result(self, played: Mapping[str, int], without: Mapping[str, int], parts: Amounts) -> str:
        board = self.sitting.board
        seats = (self.seat, *(other for other in played if other != self.seat))
        told = joined([f"{board.seat_title(each)} {_instead(without[each], played[each])}" for each in seats])
        worth = f"{board.seat_title(self.seat)} {signed(played[self.seat] - without[self.seat])}"
        by = joined([f"{title[:1].lower()}{title[1:]} {signed(amount)}" for title, amount in parts])
        return f"{told}. These moves brought {worth}{f': {by}' if by else ''}."

    def _again(self, *, without: Collection[str] = (), player: SeatBot | None = None) -> Game:
        """Return the game, played to its end without the seat's moves of some names, or by another player."""
        sitting, real = self.sitting, self.sitting.game
        game = Game(real.book, real.scenario.name, real.seed)
        ahead: dict[int, list[Move]] = {}
        for act, round_ in zip(real.acts, real.rounds_of_acts, strict=True):
            if act.seat == self.seat and act.move.name not in without:
                ahead.setdefault(round_, []).append(act.move)
        for _ in range(MOST_TRIED):
            if game.over:
                break
            if game.seat == self.seat and player is not None:
                game.play(player.choose(game))
            elif game.seat == self.seat:
                moves = ahead.get(game.round, [])
                move = moves.pop(0) if moves else PASS
                game.play(move if game.check(move) else PASS)
            else:
                game.play(sitting.bot(str(game.seat)).choose(game))
        return game


def _instead(without: int, played: int) -> str:
    return f"{number(played)} either way" if without == played else f"{number(without)} instead of {number(played)}"
