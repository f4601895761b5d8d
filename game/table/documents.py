"""What the devices of one audience are shown, as plain data: sentences, numbers and names, nothing to be worked out.

A device is sent one document when it joins and then what has changed in it. Nothing is ``None``: in the changes that
means "gone" (RFC 7386).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from game import theme
from game.core.game import Game
from game.moves import PASS, Move, Value
from game.narrative.aims import aims_of
from game.narrative.chronicle import ChronicleLine
from game.narrative.ledger import Causes, Words
from game.narrative.sight import Sight
from game.prose.lexicon import plain, spaced, titled
from game.prose.numbers import month, number, signed
from game.rulebook.icons import colour, icon_name
from game.table.forecast import forecast, set_off
from game.table.offers import Option, Pick
from game.table.plans import Plan, cell_key
from game.table.sitting import Sitting

TOLD = 4
"""Changes told of each line of the log."""


def static(sitting: Sitting, seat: str | None) -> dict[str, Any]:
    """Return what never changes in a game: titles, and where each track belongs."""
    book, board, scenario = sitting.game.book, sitting.board, sitting.game.scenario
    layout = sitting.game.engine.layout
    seen = layout.seen[seat] if seat is not None else {}
    tracks = {
        track.name: {"title": track.title, "good": track.good, "low": track.low, "high": track.high,
                     "scope": list(track.scope), "secret": track.visibility != "public"}
        for track in book.tracks.values()
        if track.name in layout.places and (track.visibility == "public" or seen.get(track.name))
    }  # fmt: skip
    sets = {name: dict(found.elements) for name, found in book.sets.items()}
    sides = layout.elements(board.sides) if board.sides is not None else ()
    return {
        "title": sitting.title, "scenario": scenario.name, "rounds": scenario.rounds, "actions": scenario.turns.actions,
        "passing": scenario.turns.passing, "tracks": tracks, "sets": sets,
        "world": list(board.told_aloud), "of_seat": list(board.of_seat), "places": board.places or "",
        "sides": board.sides or "", "shares": board.shares or "", "purse": list(board.purse),
        "side_marks": {side: _mark(board.side_mark(side)) for side in sides},
        "families": {
            family: {"title": titled(family, title), "icon": icon_name(book, family), "colour": colour(book, family)}
            for family, title in book.families.items()
        },
        "aims": aims(sitting, seat) if seat is not None else [],
    }  # fmt: skip


def _mark(mark: theme.Mark) -> dict[str, str]:
    return {
        "shape": mark.shape, "colour": theme.as_hex(mark.colour), "paper": theme.as_hex(mark.paper),
        "hatch": mark.hatch,
    }  # fmt: skip


def aims(sitting: Sitting, seat: str) -> list[list[str]]:
    """Return what a seat wants, as pairs of a heading and a text. For its own eyes: secret agendas are among them."""
    game, board = sitting.game, sitting.board
    found: list[list[str]] = []
    for role in board.roles_of(seat):
        rule = game.book.roles[role]
        found += [[rule.title, rule.about]]
        found += [[head, text] for head, text in (("Wants", rule.wants), ("Tools", rule.tools)) if text]
    asked = aims_of(game, board, sitting.offers.said, seat, sitting.sight(seat).values)
    rules = {aim.title: f"{aim.rule[:1].upper()}{aim.rule[1:]}." for aim in asked}
    ambitions = [a.title for a in game.book.goals.ambitions if a.role in board.roles_of(seat)]
    found += [[f"Aim: {title}", rules.get(title, "It turns on a secret.")] for title in ambitions]
    found += [[f"Secret agenda: {agenda.title}", agenda.text] for agenda in game.agendas(seat)]
    return [[head, plain(text)] for head, text in found]


def head(sitting: Sitting) -> dict[str, Any]:
    """Return round, date, card of the round and end."""
    game = sitting.game
    event = game.book.events.get(game.news or "")
    ending = game.book.endings.get(game.ending or "")
    return {
        "round": game.round, "date": month(game.date), "over": game.over,
        "news": [event.title, plain(event.text)] if event is not None else [],
        "ending": titled(game.ending or "", ending.title if ending is not None else ""),
        "scores": dict(game.scores()) if game.over else {},
    }  # fmt: skip


def seats(sitting: Sitting, turn_order: Sequence[str]) -> dict[str, Any]:
    """Return who sits where, in this round's order of turns."""
    board = sitting.board
    return {
        seat: {
            "title": board.seat_title(seat), "team": sitting.chairs[seat].team, "player": sitting.chairs[seat].player,
            "human": sitting.chairs[seat].human, "order": turn_order.index(seat), "turn": seat == sitting.seat,
            **_mark(board.marks[seat]),
        }
        for seat in sitting.game.seats
    }  # fmt: skip


def turn_order(game: Game) -> list[str]:
    """Return the seats in the order of this round's turns."""
    seats = list(game.seats)
    first = (game.round - 1) % len(seats) if game.scenario.turns.rotate else 0
    return seats[first:] + seats[:first]


def values(sight: Sight) -> dict[str, int]:
    """Return every cell that may be seen."""
    return {cell_key(cell): value for cell, value in sight.values.items()}


class LogTeller:
    """The lines of one audience's log as data; a line that was told before is not put into words again."""

    def __init__(self, sitting: Sitting) -> None:
        self.sitting = sitting
        self.words = Words(sitting.game.book, sitting.game.scenario)
        self._told: list[tuple[ChronicleLine, dict[str, Any]]] = []

    def lines(self, sight: Sight) -> dict[str, Any]:
        """Return the lines by number: as a mapping, so that a longer log is a few more keys."""
        told = self._told
        del told[len(sight.lines) :]
        for number_, line in enumerate(sight.lines):
            if number_ == len(told):
                told.append((line, self._line(line)))
            elif told[number_][0] != line:
                told[number_] = (line, self._line(line))
        return {str(n): data for n, (_, data) in enumerate(told)}

    def _line(self, line: ChronicleLine) -> dict[str, Any]:
        paid = [shift for shift in line.shifts if shift.rule == Causes.COST]
        shifts = [*paid[:1], *self.sitting.chronicle.weighty(line.shifts, TOLD)]
        found: dict[str, Any] = {"round": line.round, "kind": line.kind, "title": plain(line.title)}
        if line.seat is not None:
            found["seat"] = line.seat
        if line.text:
            found["text"] = line.text
        if shifts:
            found["shifts"] = [
                f"{'▲' if s.amount > 0 else '▼'} {self.words.cell(s.cell)} {number(s.before)} → {number(s.after)}"
                for s in shifts
            ]
        return found


def arriving(sitting: Sitting, sight: Sight) -> list[str]:
    """Return what is on its way, in words."""
    words = Words(sitting.game.book, sitting.game.scenario)
    return [
        f"{words.cell((order.track, order.index))} {signed(order.amount)} "
        f"{'next round' if order.deliveries == 1 else f'in {order.deliveries} rounds'}"
        for order in sight.arriving
    ]


def options(found: Sequence[Option]) -> dict[str, Any]:
    """Return every move of a seat with its price, its effects and why not."""
    return {
        option.name: {
            "order": n, "family": option.family, "title": option.title, "cost": option.cost, "about": option.about,
            "effects": list(option.effects), "reason": option.reason, "secret": option.secret, "free": option.free,
        }
        for n, option in enumerate(found)
    }  # fmt: skip


def rows(sitting: Sitting, game: Game, move: Move, seat: str) -> list[dict[str, Any]]:
    """Return what a move would change."""
    return [
        {"title": row.title, "before": row.before, "after": row.after, "good": row.good, "ordered": row.ordered,
         "by": number(abs(row.low - row.was)) if row.low == row.high and not row.ordered else "",
         "up": row.low > row.was}
        for row in forecast(game, sitting.board, move, seat)
    ]  # fmt: skip


def sets_off(sitting: Sitting, game: Game, move: Move, seat: str) -> list[list[str]]:
    """Return what the rulebook adds to a move as things stand, such as a truce that it breaks: titles with reasons."""
    return [[plain(rule.title), plain(rule.why)] for rule in set_off(game, sitting.offers.said, move, seat)]


def choice(
    sitting: Sitting, game: Game, seat: str, option: Option | None, chosen: Mapping[str, Value]
) -> dict[str, Any]:
    """Return the next choice of a move in the making, or, once all are made, what the move would change.

    Choices that leave no choice are made on the way, as in the window.
    """
    offers = sitting.offers
    if option is None:
        return {"reason": "This seat has no such move."}
    if not option.open:
        return {"reason": option.reason, "title": option.title}
    rule = game.book.moves[option.name]
    made = offers.settled(option, rule, {})
    picks: list[Pick] = []
    while len(made) < len(rule.choices):
        at = rule.choices[len(made)]
        picks = offers.picks(game, option, rule, made)
        if at.name not in chosen:
            break
        pick = next((pick for pick in picks if pick.value == chosen[at.name]), None)
        if pick is None or not pick.open:
            return {"reason": pick.reason if pick else "There is no such choice.", "title": option.title}
        made = offers.settled(option, rule, {**made, at.name: pick.value})
    fitting = tuple(m for m in option.legal if all(m.arguments[k] == v for k, v in made.items()))
    found: dict[str, Any] = {
        "name": option.name, "chosen": made, "family": option.family, "effects": list(option.effects),
        "title": offers.title(game, rule, seat, fitting), "cost": offers.cost(game, rule, seat, fitting),
    }  # fmt: skip
    if len(made) < len(rule.choices):
        at = rule.choices[len(made)]
        told = [{"value": pick.value, "title": pick.title, "reason": pick.reason} for pick in picks]
        return {**found, "choice": spaced(at.name), "key": at.name, "picks": told}
    move = Move(option.name, tuple(made.items()))
    more = {"rows": rows(sitting, game, move, seat), "sets_off": sets_off(sitting, game, move, seat)}
    return {**found, "move": str(move), **more}


def plan(sitting: Sitting, plan_: Plan, game: Game, seat: str) -> dict[str, Any]:
    """Return a seat's plan, each move tried after those before it in a game of what the seat knows."""
    words = Words(sitting.game.book, sitting.game.scenario)
    trial, slots = game.branch(), {}
    for n, slot in enumerate(plan_.slots):
        acting = trial.seat == seat and not trial.over
        verdict = trial.check(slot.move) if acting else None
        told: dict[str, Any] = {
            "move": str(slot.move), "title": described(trial, slot.move, seat),
            "family": _family(trial, slot.move), "cost": _cost(sitting, trial, slot.move, seat),
            "reason": "" if verdict else verdict.sentence if verdict is not None else "The turn is over by then.",
            "rows": rows(sitting, trial, slot.move, seat) if verdict and slot.move != PASS else [],
            "sets_off": sets_off(sitting, trial, slot.move, seat) if verdict and slot.move != PASS else [],
        }  # fmt: skip
        if slot.alternate is not None:
            told["alternate"] = {"move": str(slot.alternate), "title": described(trial, slot.alternate, seat)}
        if slot.only_if is not None:
            told["only_if"] = slot.only_if.words(words)
            told["condition"] = [cell_key(slot.only_if.cell), slot.only_if.compare, slot.only_if.value]
        slots[str(n)] = told
        if verdict:
            trial.play(slot.move)
    left = " · ".join(
        f"{number(trial.value(track, seat))} {sitting.game.book.tracks[track].title.lower()} left"
        for track in sitting.board.purse
    )
    return {"rev": plan_.rev, "round": plan_.round, "sealed": plan_.sealed, "slots": slots, "left": left}


def described(game: Game, move: Move, seat: str) -> str:
    """Return a move as a sentence."""
    return plain(game.describe(move, seat))


def _cost(sitting: Sitting, game: Game, move: Move, seat: str) -> str:
    rule = game.book.moves.get(move.name)
    return sitting.offers.cost(game, rule, seat, (move,)) if rule is not None else ""


def _family(game: Game, move: Move) -> str:
    rule = game.book.moves.get(move.name)
    return rule.family if rule is not None else ""
