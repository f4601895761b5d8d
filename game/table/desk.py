"""The facilitator's desk at a table of many devices: news, adjusted tracks, notes; what his page chooses from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from game.core.facilitator import REASON, TEXT, TITLE, adjustments
from game.errors import UsageError
from game.moves import Verdict
from game.narrative.ledger import Words
from game.prose.lexicon import titled
from game.table.commands import Command, Receipt
from game.table.facilitation import news_title
from game.table.plans import cell_key
from game.table.sitting import Sitting

NOTES = ("note", "bookmark")
"""What a remark can be: a note, or something to discuss later."""


class Desk:
    """What a facilitator does to the game itself; every act is a node of the record."""

    def __init__(self, sitting: Sitting, changed: Callable[[], None], went_on: Callable[[], None]) -> None:
        """Of a table that is told when others are shown something else, and when the position is another one."""
        self.sitting, self.changed, self.went_on = sitting, changed, went_on
        self.handlers: Mapping[str, Callable[[Command], Receipt]] = {
            "news": self.news, "adjust": self.adjust, "note": self.note, "cancel": self.cancel,
        }  # fmt: skip

    def news(self, command: Command) -> Receipt:
        """Bring a card of the deck or news of one's own, now or in a later round."""
        sitting, details, game = self.sitting, command.details, self.sitting.game
        told: dict[str, Any]
        if "event" in details:
            told = {"event": str(details["event"])}
        else:
            title, text = (_text(details, key, most) for key, most in (("title", TITLE), ("text", TEXT)))
            told = {"title": title, "text": text, "changes": []}
        round_ = details.get("round", game.round)
        if isinstance(round_, bool) or not isinstance(round_, int) or not game.round <= round_ <= game.scenario.rounds:
            raise UsageError(f"news come in a round from {game.round} to {game.scenario.rounds}")
        if round_ > game.round:
            if not (verdict := sitting.facilitation.check("inject", told)):
                return _refused(verdict)
            sitting.schedule(round_, told)
            self.changed()
            return Receipt(True)
        return self._act(command, "inject", told)

    def adjust(self, command: Command) -> Receipt:
        """Set a track to another value, with a reason that all who see it read."""
        track, *index = str(command.details.get("cell", "")).split("|")
        to = command.details.get("to")
        if isinstance(to, bool) or not isinstance(to, int):
            raise UsageError("a track is set to a whole number")
        reason = _text(command.details, "reason", REASON)
        at = {"at": index} if index else {}
        return self._act(command, "adjust", {"track": track, **at, "to": to, "reason": reason})

    def note(self, command: Command) -> Receipt:
        """Write a note, or a bookmark of what is to be discussed."""
        kind = command.details.get("kind", NOTES[0])
        if kind not in NOTES:
            raise UsageError("a remark is a note or a bookmark")
        self.sitting.say(str(kind), text=_text(command.details, "text", TEXT))
        self.changed()
        return Receipt(True)

    def cancel(self, command: Command) -> Receipt:
        """Plan news no longer."""
        planned = command.details.get("planned")
        if planned not in [each.id for each in self.sitting.facilitation.planned()]:
            raise UsageError("there are no such news to come")
        self.sitting.cancel(int(str(planned)))
        self.changed()
        return Receipt(True)

    def _act(self, command: Command, name: str, details: Mapping[str, Any]) -> Receipt:
        if command.details.get("at") != self.sitting.record.head:
            return Receipt(False, "stale", "The game has gone on meanwhile; look again.")
        if not (verdict := self.sitting.facilitation.check(name, details)):
            return _refused(verdict)
        self.sitting.act(name, details)
        self.went_on()
        return Receipt(True, data={"at": self.sitting.record.head})

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


def _text(details: Mapping[str, Any], key: str, most: int) -> str:
    found = details.get(key)
    if not isinstance(found, str) or not found.strip() or len(found) > most:
        raise UsageError(f"'{key}' must be text of at most {most} characters")
    return " ".join(found.split())
