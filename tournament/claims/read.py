"""Reads claims and checks every name in them against a rulebook: faults with file, line and nearest right name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from game.errors import UsageError
from rules.checking.builder import check as check_rules
from rules.model.faults import Faults, RuleErrors, did_you_mean
from rules.model.rulebook import Rulebook
from rules.source.loader import CLAIMS
from rules.source.repair import read_shape
from rules.source.yaml import Document, marks_of
from tournament.claims.shapes import ArmPart, Claim, PredictionPart
from tournament.design.refusals import refusals

REPLIES = "best_replies"
OF_REPLIES = (REPLIES, f"{REPLIES}_gain")
"""The outcomes of predictions about best replies: how often they play the moves, and what always gains over never."""

OF_SEATS = ("score", "win")
"""Outcomes of one seat, written ``score:SEAT``: what every game stores of each seat."""

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Loaded:
    """A claim with the document that it was read from, which knows its lines."""

    claim: Claim
    document: Document
    file: str


def read_claim(text: str, file: str) -> Loaded:
    """Read one claim's file; names in it are not yet held against a rulebook.

    Raises:
        RuleErrors: with every fault of its shape.
    """
    claim, document = read_shape(Claim, text, file, "a claim", "claim: NUMBER")
    return Loaded(claim, document, file)


def shipped() -> dict[int, Path]:
    """Return the files of the shipped claims by number, in that order."""
    found = {int(path.name.partition("_")[0]): path for path in CLAIMS.glob("[0-9]*_*.yaml")}
    return dict(sorted(found.items()))


def load_claims(wanted: Sequence[str] = ()) -> list[Loaded]:
    """Read claims: by number, or from a file of one's own; all shipped ones when none is named.

    Raises:
        UsageError: no such claim, one that is named twice, or a file that cannot be read.
        RuleErrors: faults in a file.
    """
    known = shipped()
    paths: dict[str, Path] = {}
    for word in wanted or [str(number) for number in known]:
        is_file = word.endswith((".yaml", ".yml"))
        if not is_file and (not word.isdecimal() or int(word) not in known):
            there = f"claims have the numbers {min(known)} to {max(known)}"
            raise UsageError(f"unknown claim '{word}'", f"{there}; one of your own is a file, NAME.yaml")
        key = word if is_file else str(int(word))
        if key in paths:
            raise UsageError(f"claim {word} is named twice", "name it once")
        paths[key] = Path(word) if is_file else known[int(word)]
    loaded = []
    for path in paths.values():
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"cannot read the claim {path}: {error}", "give the number or the file of one") from error
        loaded.append(read_claim(text, path.name if path.parent == CLAIMS else str(path)))
    numbers = [each.claim.claim for each in loaded]
    if twice := [number for number in numbers if numbers.count(number) > 1]:
        raise UsageError(f"two of the claims are number {twice[0]}", "give yours another number in 'claim:'")
    return loaded


def check_claim(loaded: Loaded, book: Rulebook) -> Rulebook:
    """Hold a claim against a rulebook and return the rulebook with the claim's measures in it.

    Raises:
        RuleErrors: with every fault.
    """
    return _Check(loaded, book).run()


class _Check:
    """The check of one claim."""

    def __init__(self, loaded: Loaded, book: Rulebook) -> None:
        self.claim, self.document, self.book = loaded.claim, loaded.document, book
        self.faults = Faults()

    def run(self) -> Rulebook:
        claim, book = self.claim, self.book
        self.known(("scenario",), "scenario", claim.scenario, book.scenarios)
        self.faults.stop()
        scenario = book.scenarios[claim.scenario]
        self.seats = [seat.name for seat in scenario.seats]
        for seat in claim.seats:
            self.known(("seats", seat), "seat", seat, self.seats)
        self.arms()
        self.knobs()
        for place, prediction in enumerate(claim.predicts):
            self.prediction(("predicts", place), prediction)
        if claim.pays is not None:
            self.prediction(("pays",), claim.pays)
        self.replies()
        measured = self.measures()
        self.faults.stop()
        assert measured is not None
        return measured

    def fault(self, place: Place, message: str, hint: str = "") -> None:
        self.faults.add(self.document.where(place), message, hint)

    def known(self, place: Place, kind: str, name: str, choices: Iterable[str]) -> bool:
        """Return whether a name exists; if not, that is a fault."""
        options = list(choices)
        if name in options:
            return True
        near = did_you_mean(name, options)
        self.fault(place, f"unknown {kind} '{name}'", near or f"choose from {', '.join(options[:16])}")
        return False

    # ------------------------------------------------------------------------------------------ arms

    def arms(self) -> None:
        claim = self.claim
        plain = [name for name, arm in claim.arms.items() if not arm.changes]
        if len(plain) != 1:
            said = "no arm is" if not plain else f"{' and '.join(plain)} are"
            self.fault(("arms",), f"{said} without changes", "leave exactly one; write what all share above the arms")
        self.changes((), ArmPart(title="all", overrides=claim.overrides, without=claim.without, inject=claim.inject))
        for name, arm in claim.arms.items():
            self.changes(("arms", name), arm)

    def changes(self, place: Place, arm: ArmPart) -> None:
        """Return the overrides, left-out moves and news of an arm, or of all."""
        self.overrides((*place, "overrides"), arm.overrides, self.claim.overrides if place else {})
        scenario = self.book.scenarios[self.claim.scenario]
        inside = {name for move in scenario.moves for name in (move, self.book.moves[move].family)}
        inside |= set(self.book.events)
        for number, name in enumerate(arm.without):
            self.known((*place, "without", number), "move, family or event", name, inside)
        for number, card in enumerate(arm.inject):
            spot = (*place, "inject", number)
            self.known((*spot, "event"), "event", card.event, self.book.events)
            if card.round > scenario.rounds:
                self.fault((*spot, "round"), f"{self.claim.scenario} has only {scenario.rounds} rounds")

    def overrides(self, place: Place, changes: Mapping[str, Any], around: Mapping[str, Any]) -> None:
        """Check changed values: the paths must exist and the rules must allow the values together."""
        for path, fault in refusals(self.book, changes, around):
            itself = fault.where.path in (path, re.sub(r"^knob\.(\w+)$", r"knobs.\1.value", path))
            message = fault.message if itself else f"{fault.where.path}: {fault.message}"
            self.fault((*place, path) if path else place, message, fault.hint)

    def knobs(self) -> None:
        changed = {
            _knob(path): place
            for place, paths in [("all arms", self.claim.overrides)]
            + [(f"the arm {name}", arm.overrides) for name, arm in self.claim.arms.items()]
            for path in paths
        }
        scenario = self.book.scenarios[self.claim.scenario]
        for number, name in enumerate(self.claim.knobs):
            place: Place = ("knobs", number)
            if not self.known(place, "knob", name, self.book.knobs):
                continue
            if name in changed:
                self.fault(place, f"knob.{name} is set by {changed[name]}", "name knobs that the arms leave alone")
            if name in scenario.knobs:
                self.fault(place, f"the scenario {scenario.name} sets knob.{name} itself", "name another")
            if self.claim.knobs.index(name) != number:
                self.fault(place, f"'{name}' is named twice")

    # ----------------------------------------------------------------------------------- predictions

    def prediction(self, place: Place, found: PredictionPart) -> None:
        self.outcome((*place, "outcome"), found.outcome)
        for arm in found.contrast:
            self.known((*place, "contrast", arm), "arm", arm, self.claim.arms)
        if sum(found.contrast.values()) or not any(found.contrast.values()):
            self.fault((*place, "contrast"), "the weights of a contrast add up to 0", "such as {with: 1, without: -1}")
        if (found.more_than is None) == (found.less_than is None):
            self.fault(place, "a prediction has 'more_than' or 'less_than'", "give one of them")
        rounds = self.book.scenarios[self.claim.scenario].rounds
        if isinstance(found.when, int) and found.when > rounds:
            self.fault((*place, "when"), f"{self.claim.scenario} has only {rounds} rounds")
        if found.outcome.startswith("win:") and found.when != "end":
            self.fault((*place, "when"), "who wins is known at the end only", "leave 'when' out")
        if found.outcome in OF_REPLIES and (found.when != "end" or found.kind != "difference"):
            self.fault(place, f"{found.outcome} is one number a game", "leave 'when' and 'kind' out")

    def outcome(self, place: Place, name: str) -> None:
        kind, colon, seat = name.partition(":")
        if colon and self.known(place, "outcome", kind, OF_SEATS):
            self.known(place, "seat", seat, self.seats)
        elif not colon and name in OF_REPLIES:
            if self.claim.best_replies is None:
                self.fault(place, "the claim has no section 'best_replies'", "add one that names a seat and moves")
        elif not colon:
            self.known(place, "outcome", name, [*self.claim.measures, *self.book.measures])

    def replies(self) -> None:
        replies = self.claim.best_replies
        if replies is None:
            return
        self.known((REPLIES, "seat"), "seat", replies.seat, self.seats)
        inside = self.book.scenarios[self.claim.scenario].moves
        for number, move in enumerate(replies.moves):
            self.known((REPLIES, "moves", number), "move", move, inside)
        if replies.seat in self.claim.seats:
            self.fault(("seats", replies.seat), f"{replies.seat} is free to play every doctrine", "leave it out here")
        if any(prediction.outcome not in OF_REPLIES for prediction in self.claim.predicts):
            self.fault(("predicts",), f"with '{REPLIES}' every outcome is one of {', '.join(OF_REPLIES)}")

    # -------------------------------------------------------------------------------------- measures

    def measures(self) -> Rulebook | None:
        """Return the rulebook with the claim's measures, each taken every round where a prediction asks for it."""
        each_round = {prediction.outcome for prediction in self.claim.measured if prediction.when != "end"}
        written: dict[str, Any] = {name: _long(value) for name, value in self.book.source.get("measures", {}).items()}
        source = dict(self.book.source)
        marks = marks_of(source, "rules")
        for name, measure in self.claim.measures.items():
            if name in written:
                self.fault(("measures", name), f"the rulebook has a measure '{name}' already", "use it, or rename this")
            written[name] = {"title": measure.title, "value": measure.value, "about": measure.about}
        for name in each_round & set(written):
            written[name] = {**written[name], "each_round": True}
        source["measures"] = written
        marks.inner["measures"] = marks_of(written, "rules")
        for name in self.claim.measures:
            marks.inner["measures"].inner[name] = self.document.mark.find(("measures", name))
        try:
            return check_rules(Document(source, marks), Faults())
        except RuleErrors as errors:
            for fault in errors.faults:
                self.faults.add(fault.where, fault.message, fault.hint)
            return None


def _knob(path: str) -> str:
    """Return the knob that a path of the rules sets, or the path itself."""
    found = re.fullmatch(r"knob\.(\w+)|knobs\.(\w+)\.value", path)
    return next(name for name in found.groups() if name) if found else path


def _long(value: Any) -> dict[str, Any]:
    """Return a measure in its long form."""
    return dict(value) if isinstance(value, Mapping) else {"value": value}
