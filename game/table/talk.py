"""What seats say and promise each other: messages, and deals of one to four terms, which bind nobody.

Private to whom it concerns, and to the facilitator, who sees all. Kept beside the journal; what was agreed on stands in
the record too, for the debrief.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from game.core.game import Game
from game.errors import UsageError
from game.narrative.chronicle import ChronicleLine
from game.narrative.ledger import Cell, Words
from game.prose.numbers import number
from game.table.commands import Command, Receipt
from game.table.course import Course, unreadable
from game.table.plans import AT_LEAST, AT_MOST, cell_key
from game.table.sitting import Sitting

ALL = "all"
"""To whom somebody speaks who speaks to everybody."""
TEXT, TERM_TEXT, TERMS, KEPT = 2_000, 200, 4, 500
"""Longest message and free term, most terms of a deal, messages that are kept."""
DOES, DOES_NOT, TRACK, FREE = "does", "does_not", "track", "text"
OPEN, HELD, BROKEN = "open", "kept", "broken"
OFFERED, AGREED, DECLINED, WITHDRAWN, LAPSED = "offered", "agreed", "declined", "withdrawn", "lapsed"


@dataclass(frozen=True, slots=True)
class Term:
    """What a seat promises until a round's end: a move, no such move, a public track that stands so, or free text."""

    by: str
    kind: str
    until: int
    move: str = ""
    cell: str = ""
    compare: str = ""
    value: int = 0
    text: str = ""

    def plain(self) -> dict[str, Any]:
        """Return it as the record has it: what says nothing is left out."""
        return {key: value for key, value in asdict(self).items() if value not in ("", 0) or key == "value"}


@dataclass(frozen=True, slots=True)
class Deal:
    """An offer and what became of it. ``rev`` counts its changes, ``since`` the public lines when it was agreed."""

    id: int
    rev: int
    maker: str
    taker: str
    terms: tuple[Term, ...]
    state: str = OFFERED
    since: int = 0

    def state_in(self, round_: int) -> str:
        """Return its state in a round: an offer lapses when the first of its terms has ended unanswered."""
        ended = any(term.until < round_ for term in self.terms)
        return LAPSED if self.state == OFFERED and ended else self.state


@dataclass(frozen=True, slots=True)
class Said:
    """A message; ``maker`` is empty for the facilitator."""

    id: int
    maker: str
    to: str
    text: str
    round: int


class Talk:
    """All that was said and offered at a table."""

    def __init__(self, kept: Mapping[str, Any]) -> None:
        """Take up what was kept.

        Raises:
            UsageError: It makes no sense.
        """
        self.open = kept.get("open") is True
        try:
            self.messages = [Said(**data) for data in kept.get("messages", ())]
            self.deals = {
                data["id"]: Deal(**{**data, "terms": tuple(Term(**term) for term in data["terms"])})
                for data in kept.get("deals", ())
            }
        except (TypeError, KeyError) as error:
            raise UsageError(f"messages and deals are kept otherwise ({error})") from None

    def plain(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        deals = [asdict(deal) for deal in self.deals.values()]
        return {"open": self.open, "messages": [asdict(said) for said in self.messages], "deals": deals}

    def say(self, maker: str, to: str, text: str, round_: int) -> None:
        """Add a message."""
        number_ = self.messages[-1].id + 1 if self.messages else 1
        self.messages = [*self.messages, Said(number_, maker, to, text, round_)][-KEPT:]

    def offer(self, maker: str, taker: str, terms: tuple[Term, ...]) -> Deal:
        """Add an offer."""
        deal = Deal(len(self.deals) + 1, 1, maker, taker, terms)
        self.deals[deal.id] = deal
        return deal

    def settle(self, deal: Deal, state: str, since: int) -> None:
        """Agree to an offer, decline or withdraw it."""
        self.deals[deal.id] = replace(deal, rev=deal.rev + 1, state=state, since=since)

    def reopen(self, lines: int) -> None:
        """Make offers again of the deals that were agreed later than so many public lines: the game was taken back."""
        for deal in self.deals.values():
            if deal.state == AGREED and deal.since > lines:
                self.deals[deal.id] = replace(deal, rev=deal.rev + 1, state=OFFERED, since=0)

    # ---------------------------------------------------------------------------------- what is shown

    def document(self, sitting: Sitting, seat: str | None, *, host: bool) -> dict[str, Any]:
        """Return what an audience may read: a seat its own, the facilitator all, the board what is said to all."""
        messages = {
            str(said.id): {"from": said.maker, "to": said.to, "text": said.text, "round": said.round}
            for said in self.messages
            if host or said.to == ALL or (seat is not None and seat in (said.maker, said.to))
        }
        lines = sitting.sight(None).lines
        words = Words(sitting.game.book, sitting.game.scenario)
        deals = {
            str(deal.id): {
                "from": deal.maker, "to": deal.taker, "rev": deal.rev,
                "state": deal.state_in(sitting.game.round),
                "terms": [
                    {"text": term_words(words, sitting.offers.promised, term),
                     "mark": judged(sitting.game, term, lines, deal.since) if deal.state == AGREED else ""}
                    for term in deal.terms
                ],
            }
            for deal in self.deals.values()
            if host or (seat is not None and seat in (deal.maker, deal.taker))
        }  # fmt: skip
        return {"open": self.open, "messages": messages, "deals": deals}


def term_words(words: Words, moves: Mapping[str, str], term: Term) -> str:
    """Return a term as a sentence; ``moves`` are the titles of those that can be promised."""
    who = words.seat(term.by)
    if term.kind == FREE:
        return f"{who}: {term.text}"
    if term.kind == TRACK:
        track, *index = term.cell.split("|")
        held = f"{words.cell((track, tuple(index)))} is {term.compare} {number(term.value)}"
        return f"{who} sees to it that {held} at the end of round {term.until}"
    verb = "plays" if term.kind == DOES else "does not play"
    return f"{who} {verb} “{moves[term.move]}” until the end of round {term.until}"


def judged(game: Game, term: Term, lines: Sequence[ChronicleLine], since: int) -> str:
    """Return whether a term is kept, broken or open, from the lines that everybody read since it was agreed."""
    over = game.round > term.until or game.over
    if term.kind in (DOES, DOES_NOT):
        done = any(
            line.kind == "move" and line.seat == term.by and line.cause.partition(" ")[0] == term.move
            for line in lines[since:]
            if line.round <= term.until
        )
        if term.kind == DOES:
            return HELD if done else BROKEN if over else OPEN
        return BROKEN if done else HELD if over else OPEN
    if term.kind == FREE or not over:
        return OPEN
    track, *index = term.cell.split("|")
    value = _value_after(game, lines, (track, tuple(index)), term.until)
    return HELD if (value >= term.value if term.compare == AT_LEAST else value <= term.value) else BROKEN


def _value_after(game: Game, lines: Sequence[ChronicleLine], cell: Cell, round_: int) -> int:
    """Return a public cell's value as a round left it, read from the changes that were told."""
    for line in lines:
        if line.round > round_:
            for shift in line.shifts:
                if shift.cell == cell:
                    return shift.before
    return game.value(cell[0], *cell[1])


def parse_terms(data: Any, sitting: Sitting, seats: tuple[str, str]) -> tuple[Term, ...]:
    """Return the terms that a device sent.

    Raises:
        UsageError: What is wrong with them.
    """
    if not isinstance(data, list) or not 1 <= len(data) <= TERMS:
        raise UsageError(f"a deal has one to {TERMS} terms")
    return tuple(_term(each, sitting, seats) for each in data)


def _term(data: Any, sitting: Sitting, seats: tuple[str, str]) -> Term:
    if not isinstance(data, dict) or data.get("by") not in seats:
        raise UsageError("each term says which of the two seats promises it")
    by, kind, until = str(data["by"]), data.get("kind"), data.get("until")
    game = sitting.game
    if isinstance(until, bool) or not isinstance(until, int) or not game.round <= until <= game.scenario.rounds:
        raise UsageError(f"a term ends with a round from {game.round} to {game.scenario.rounds}")
    if kind in (DOES, DOES_NOT):
        if str(data.get("move")) not in sitting.offers.promised:
            raise UsageError("a term can only name a move that everybody sees when it is played")
        return Term(by, str(kind), until, move=str(data["move"]))
    if kind == TRACK:
        compare, value = data.get("compare"), data.get("value")
        if str(data.get("cell")) not in [cell_key(cell) for cell in sitting.sight(None).values]:
            raise UsageError("a term can only name a track that everybody sees")
        if compare not in (AT_LEAST, AT_MOST) or isinstance(value, bool) or not isinstance(value, int):
            raise UsageError(f"a track is promised to be '{AT_LEAST}' or '{AT_MOST}' a whole number")
        return Term(by, TRACK, until, cell=str(data["cell"]), compare=str(compare), value=value)
    text = data.get("text")
    if kind != FREE or not isinstance(text, str) or not text.strip() or len(text) > TERM_TEXT:
        raise UsageError(f"a term is a move, a track, or text of at most {TERM_TEXT} characters")
    return Term(by, FREE, until, text=" ".join(text.split()))


class Negotiation:
    """What seats and the facilitator do with a table's talk; all of it is on disk before it is acknowledged.

    Attributes:
        talk: What was said and offered.
        changes: How often that has changed.
    """

    def __init__(self, course: Course) -> None:
        """Take up what the course's room has kept.

        Raises:
            RecordError: It makes no sense.
        """
        self.course, self.sitting = course, course.sitting
        self.changes = 0
        try:
            self.talk = Talk(course.room.part("talk"))
        except UsageError as error:
            raise unreadable(course.room, error) from None
        self.handlers: Mapping[str, Callable[[Command], Receipt]] = {
            "say": self.say, "talk": self.open, "offer": self.offer, "answer": self.answer,
        }  # fmt: skip

    def say(self, command: Command) -> Receipt:
        """Write to a seat, or to all."""
        maker, to = command.seat or "", command.details.get("to")
        if to != ALL and (to not in self.sitting.chairs or to == maker):
            raise UsageError("a message goes to another seat, or to all")
        text = command.details.get("text")
        if not isinstance(text, str) or not text.strip() or len(text) > TEXT:
            raise UsageError(f"a message is text of at most {TEXT:,} characters")
        if maker and not self.talk.open:
            return Receipt(False, "phase", "The facilitator has not opened the seats' messages.")
        self.talk.say(maker, str(to), text.strip(), self.sitting.game.round)
        return self._kept()

    def open(self, command: Command) -> Receipt:
        """Open the seats' messages, or close them."""
        opened = command.details.get("open")
        if not isinstance(opened, bool):
            raise UsageError("'open' must be true or false")
        self.talk.open = opened
        return self._kept()

    def offer(self, command: Command) -> Receipt:
        """Offer a deal to another seat."""
        maker, taker = command.of_seat(), command.named_seat(self.sitting.chairs)
        if taker == maker:
            raise UsageError("a deal is offered to another seat")
        terms = parse_terms(command.details.get("terms"), self.sitting, (maker, taker))
        deal = self.talk.offer(maker, taker, terms)
        return self._kept({"offer": deal.id, "rev": deal.rev})

    def answer(self, command: Command) -> Receipt:
        """Agree to an offer or decline it; whoever made it withdraws it."""
        seat, details = command.of_seat(), command.details
        number_, accept = details.get("offer"), details.get("accept")
        deal = self.talk.deals.get(number_) if isinstance(number_, int) else None
        if deal is None or seat not in (deal.maker, deal.taker):
            raise UsageError("there is no such offer to your seat")
        if not isinstance(accept, bool):
            raise UsageError("'accept' must be true or false")
        state = deal.state_in(self.sitting.game.round)
        if state == LAPSED:
            return Receipt(False, "stale", "This offer has lapsed: the round that it was for is over.")
        if state != OFFERED or details.get("rev") != deal.rev:
            return Receipt(False, "stale", f"This offer is {state} by now.")
        if seat == deal.maker and accept:
            return Receipt(False, "turn", "Your own offer is the other seat's to agree to.")
        state = WITHDRAWN if seat == deal.maker else AGREED if accept else DECLINED
        self.talk.settle(deal, state, len(self.sitting.sight(None).lines))
        if state == AGREED:
            terms = [term.plain() for term in deal.terms]
            self.sitting.say("deal", deal=deal.id, maker=deal.maker, taker=deal.taker, terms=terms)
        return self._kept()

    def reopen(self) -> None:
        """Make offers again of the deals that were agreed after the position that the game was taken back to."""
        self.talk.reopen(len(self.sitting.sight(None).lines))
        self._kept()

    def _kept(self, data: Mapping[str, Any] | None = None) -> Receipt:
        self.course.room.put("talk", self.talk.plain())
        self.changes += 1
        self.course.changed()
        return Receipt(True, data=data or {})
