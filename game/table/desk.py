"""The facilitator's desk: time and turns, seats, the game taken back, news, adjusted tracks, notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from game.core.facilitator import REASON, TEXT, TITLE, adjustments
from game.errors import UsageError
from game.moves import Verdict
from game.narrative.ledger import Words
from game.prose.lexicon import titled
from game.table.commands import Command, Receipt
from game.table.course import Course
from game.table.facilitation import news_title
from game.table.library import player_names
from game.table.plans import cell_key
from game.table.rights import PLAN
from game.table.sitting import LONGEST_TIMER
from game.table.talk import Negotiation

NOTE, BOOKMARK = "note", "bookmark"
"""What a remark can be: a note, or something to discuss later."""
TEAM, MINUTES = 40, 60
"""Longest name of a team, and most minutes given at once."""
LUCK = ("same", "new")
"""The dice to come after the game was taken back: those that would have come, or others."""


class Desk:
    """What a facilitator does; every act is a node of the record."""

    def __init__(self, course: Course, negotiation: Negotiation) -> None:
        """Of a table's course and talk."""
        self.course, self.negotiation, self.sitting = course, negotiation, course.sitting
        self.handlers: Mapping[str, Callable[[Command], Receipt]] = {
            "pause": self.pause, "resume": self.resume, "extend": self.extend, "timer": self.timer,
            "deadline": self.deadline, "rewind": self.rewind, "end_turn": self.end_turn, "help": self.help,
            "rename": self.rename, "give": self.give, "seat_at": self.seat_at,
            "news": self.news, "cancel": self.cancel, "adjust": self.adjust, "note": self.note,
        }  # fmt: skip

    # ------------------------------------------------------------------------------------ time and turns

    def pause(self, command: Command) -> Receipt:
        """Stop the clock and the bots."""
        self.course.set_paused(True)
        return Receipt(True)

    def resume(self, command: Command) -> Receipt:
        """Let them go on."""
        self.course.set_paused(False)
        return Receipt(True)

    def extend(self, command: Command) -> Receipt:
        """Give more time, or less."""
        minutes = command.whole("minutes", -MINUTES, MINUTES)
        self.course.turn_clock.extend(minutes)
        self.sitting.say("extend", minutes=minutes)
        return Receipt(True)

    def timer(self, command: Command) -> Receipt:
        """Set how many minutes a turn has from the next one on; from now on where it had none."""
        minutes, clock = command.whole("minutes", 0, LONGEST_TIMER), self.course.turn_clock
        self.sitting.timer = minutes
        self.sitting.remember(timer=minutes)
        if not clock.minutes:
            clock.minutes = minutes
            clock.reset()
        self.course.changed()
        return Receipt(True)

    def deadline(self, command: Command) -> Receipt:
        """Say when the debrief must start."""
        at = command.text("clock", 5)
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", at):
            raise UsageError("a time of day is written like 15:30")
        self.sitting.say("deadline", clock=at)
        return Receipt(True)

    def end_turn(self, command: Command) -> Receipt:
        """End the planning, or a turn for its seat."""
        if (command.details.get("at"), command.details.get("phase")) != (self.course.at, self.course.phase):
            return _stale()
        self.course.end_phase()
        return self._stands()

    def help(self, command: Command) -> Receipt:
        """Let a bot take this turn of a person."""
        course, seat = self.course, self.sitting.seat
        if command.details.get("at") != course.at:
            return _stale()
        if seat is None or course.phase == PLAN or not course.by_person(seat):
            return Receipt(False, "turn", f"No person has a turn that a bot could take. {course.waiting_for()}")
        course.help_out()
        return Receipt(True)

    def rewind(self, command: Command) -> Receipt:
        """Take back what came last (move, news, adjustment), or go to any node, with the same dice to come or not."""
        details, luck = command.details, command.details.get("luck", LUCK[0])
        if details.get("at") != self.course.at:
            return _stale()
        line = self.sitting.record.main_line()
        if not line:
            return Receipt(False, "illegal", "The game stands at its beginning.")
        to = details.get("to", line[-1].parent)
        if not self.course.known(to):
            raise UsageError("the game can only be taken to a position that it has stood in")
        if luck not in LUCK:
            raise UsageError(f"the luck is {' or '.join(LUCK)}")
        self.course.rewind(to, str(luck))
        self.negotiation.reopen()
        return self._stands()

    # --------------------------------------------------------------------------------------------- seats

    def rename(self, command: Command) -> Receipt:
        """Give a team another name."""
        self.sitting.rename(command.named_seat(self.sitting.chairs), command.text("team", TEAM, empty=True))
        return Receipt(True)

    def give(self, command: Command) -> Receipt:
        """Give a seat to a person or a bot."""
        seat, player = command.named_seat(self.sitting.chairs), command.text("player", 100)
        if player not in self.players(seat):
            raise UsageError(f"nothing called '{player}' can play {self.sitting.board.seat_title(seat)}")
        self.course.give(seat, player)
        return Receipt(True)

    def seat_at(self, command: Command) -> Receipt:
        """Let a seat's team play at the host's own screen, or on its devices."""
        seat, here = command.named_seat(self.sitting.chairs), command.details.get("here")
        if not isinstance(here, bool):
            raise UsageError("'here' must be true or false")
        (self.course.here.add if here else self.course.here.discard)(seat)
        self.course.keep()
        return Receipt(True)

    def players(self, seat: str) -> list[str]:
        """Return who can play a seat."""
        game, chair = self.sitting.game, self.sitting.chairs[seat]
        names = player_names(game.book, game.scenario.name, seat, self.sitting.players)
        return names if chair.player in names else [*names, chair.player]

    # ------------------------------------------------------------------------------------ the game itself

    def news(self, command: Command) -> Receipt:
        """Bring a card of the deck or news of one's own, now or in a later round."""
        sitting, details, game = self.sitting, command.details, self.sitting.game
        told: dict[str, Any]
        if "event" in details:
            told = {"event": str(details["event"])}
        else:
            title, text = command.text("title", TITLE), command.text("text", TEXT, empty=True)
            told = {"title": title, "text": text, "changes": details.get("changes", [])}
        round_ = command.whole("round", game.round, game.scenario.rounds) if "round" in details else game.round
        if round_ > game.round:
            if not (verdict := sitting.facilitation.check("inject", told)):
                return _refused(verdict)
            sitting.schedule(round_, told)
            return Receipt(True)
        return self._act(command, "inject", told)

    def cancel(self, command: Command) -> Receipt:
        """Plan news no longer."""
        planned = command.details.get("planned")
        if planned not in [each.id for each in self.sitting.facilitation.planned()]:
            raise UsageError("there are no such news to come")
        self.sitting.cancel(int(str(planned)))
        return Receipt(True)

    def adjust(self, command: Command) -> Receipt:
        """Set a track to another value, with a reason that all who see it read."""
        track, *index = str(command.details.get("cell", "")).split("|")
        to = command.details.get("to")
        if isinstance(to, bool) or not isinstance(to, int):
            raise UsageError("a track is set to a whole number")
        reason = command.text("reason", REASON)
        at = {"at": index} if index else {}
        return self._act(command, "adjust", {"track": track, **at, "to": to, "reason": reason})

    def note(self, command: Command) -> Receipt:
        """Write a note, or a bookmark of what is to be discussed, which needs no words."""
        kind = command.details.get("kind", NOTE)
        if kind not in (NOTE, BOOKMARK):
            raise UsageError("a remark is a note or a bookmark")
        self.sitting.say(str(kind), text=command.text("text", TEXT, empty=kind == BOOKMARK))
        return Receipt(True)

    def _act(self, command: Command, name: str, details: Mapping[str, Any]) -> Receipt:
        if command.details.get("at") != self.course.at:
            return _stale()
        if not (verdict := self.sitting.facilitation.check(name, details)):
            return _refused(verdict)
        self.sitting.act(name, details)
        self.course.went_on()
        return self._stands()

    def _stands(self) -> Receipt:
        return Receipt(True, data={"at": self.course.at})

    # ---------------------------------------------------------------------------------- what is shown

    def choices(self) -> dict[str, Any]:
        """Return what never changes: the deck, and every track that can be adjusted."""
        game = self.sitting.game
        words = Words(game.book, game.scenario)
        return {
            "deck": {event.name: titled(event.name, event.title) for event in game.engine.layout.events},
            "cells": {cell_key(cell): words.cell(cell) for cell in adjustments(game)},
        }

    def document(self) -> dict[str, Any]:
        """Return what has been noted, and what is to come."""
        facilitation, book = self.sitting.facilitation, self.sitting.game.book
        return {
            "notes": {
                str(each.id): {"kind": each.kind, "text": each.text, "round": each.round}
                for each in facilitation.remarks()
            },
            "coming": {
                str(each.id): {"title": news_title(book, each.details), "round": each.round}
                for each in facilitation.planned()
            },
        }


def _refused(verdict: Verdict) -> Receipt:
    return Receipt(False, "illegal", f"{verdict.sentence[:1].upper()}{verdict.sentence[1:]}.")


def _stale() -> Receipt:
    return Receipt(False, "stale", "The game has gone on meanwhile; look again.")
