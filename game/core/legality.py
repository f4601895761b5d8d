"""Judges a move against the rules, in the rulebook's order, and says why not in a sentence for the player."""

from __future__ import annotations

from typing import TYPE_CHECKING

from game.engine import kernel as k
from game.engine.action_programs import FREE_MOVES_A_TURN, round_limit
from game.engine.interpreter import Evaluator
from game.moves import Move, Verdict
from rules.model import rulebook as m
from rules.model.faults import did_you_mean

if TYPE_CHECKING:
    from game.core.game import Game

LEGAL = Verdict(True)


def judge(game: Game, move: Move, seat: str | None) -> Verdict:
    """The verdict on a move of the acting seat. What it reads, the acting seat may see: the front end saw to that."""
    if game.over:
        return Verdict(False, "over", "", "the game is over")
    acting = game.seat
    assert acting is not None
    if seat is not None and seat != acting:
        return Verdict(False, "turn", "", f"it is {_title(game, acting)}'s turn")
    if move.name == "pass":
        if move.args:
            return Verdict(False, "choice", "", "passing has no choices")
        if not game.scenario.turns.passing:
            return Verdict(False, "pass", "", "nobody passes in this scenario")
        return LEGAL
    in_play = [x.name for x in game.engine.layout.moves]
    if move.name not in in_play:
        return _unknown(game, move, in_play)
    number = in_play.index(move.name)
    rule = game.engine.layout.moves[number]
    layout = game.engine.layout
    me = layout.seats.index(acting)
    evaluator = Evaluator(layout, game.memory)
    if not evaluator.value(rule.seats, {"me": me}):
        return _no("seat", rule.where, f"{_title(game, acting)} cannot play this: it is for {rule.seats_text}")
    wrong = _choices(game, rule, move, me, evaluator)
    if wrong is not None:
        return wrong
    names = game.numbers(acting, move.arguments)
    for track, cost in rule.cost:
        need = evaluator.value(cost, names)
        have = evaluator.value(m.Read(track, (m.Local("me", m.SEAT),)), names)
        if need > have:
            title = game.book.tracks[track].title.lower()
            where = m.Where(rule.where.file, rule.where.line, f"{rule.where.path}.cost.{track}")
            return _no("cost", where, f"needs {need} {title}, you have {have}")
    limit = _limits(game, rule, me * len(in_play) + number)
    if limit is not None:
        return limit
    for requirement in rule.requires:
        if not evaluator.value(requirement.rule, names):
            return _no("requires", requirement.where, game.sentence(requirement.sentence, acting, **move.arguments))
    return LEGAL


def _no(code: str, where: m.Where, sentence: str) -> Verdict:
    return Verdict(False, code, f"{where.path} ({where})", sentence)


def _title(game: Game, seat: str) -> str:
    return game.scenario.seats[game.seats.index(seat)].title


def _unknown(game: Game, move: Move, in_play: list[str]) -> Verdict:
    """A name that is no move, or none of this scenario."""
    if move.name in game.book.moves:
        return _no(
            "unknown", game.book.moves[move.name].where, f"the scenario {game.scenario.name} leaves this move out"
        )
    hint = did_you_mean(move.name, in_play)
    return Verdict(False, "unknown", "", f"there is no move '{move.name}'{'; ' if hint else ''}{hint}")


def _choices(game: Game, rule: m.Move, move: Move, me: int, evaluator: Evaluator) -> Verdict | None:
    """What is wrong with the choices, if anything."""
    given = move.arguments
    wanted = [choice.name for choice in rule.choices]
    if list(given) != wanted:
        asked = ", ".join(wanted) if wanted else "nothing"
        return _no("choice", rule.where, f"the move asks for {asked}; given: {', '.join(given) or 'nothing'}")
    names = {"me": me}
    for choice in rule.choices:
        value = given[choice.name]
        domain = game.engine.values(choice)
        if value not in domain or isinstance(value, bool):
            choices = f"{choice.low} to {choice.high}" if choice.set is None else ", ".join(map(str, domain))
            near = did_you_mean(str(value), map(str, domain)) if choice.set is not None else ""
            hint = near or f"choose from {choices}"
            return _no("choice", choice.where, f"'{value}' is no {choice.name} of this move; {hint}")
        names[choice.name] = domain.index(value) if choice.set is not None else int(value)
        if choice.cond is not None and not evaluator.value(choice.cond, names):
            return _no(
                "choice",
                choice.where,
                f"{game.sentence(_shown(choice), None, **given)} is not among your {choice.domain}",
            )
    return None


def _shown(choice: m.Choice) -> m.Sentence:
    """The chosen element by its title."""
    return m.Sentence((m.Local(choice.name, m.Type("elem", choice.set) if choice.set else m.INT),), "")


def _limits(game: Game, rule: m.Move, counter: int) -> Verdict | None:
    """What limits say: a round, a game, free moves a turn."""
    data = game.engine.compiled.tables.data
    this_round = int(game.memory[k.ROW + data[k.M_USED_ROUND] + counter])
    this_game = int(game.memory[k.ROW + data[k.M_USED_GAME] + counter])
    most = round_limit(rule, game.scenario.turns)
    if most and this_round >= most:
        return _no("limit", rule.where, f"already played {_times(this_round)} this round")
    if rule.limit_game and this_game >= rule.limit_game:
        return _no("limit", rule.where, f"already played {_times(this_game)} this game")
    if rule.takes == 0 and int(game.memory[k.ROW + k.H_FREE]) >= FREE_MOVES_A_TURN:
        return _no("free", rule.where, f"no more than {FREE_MOVES_A_TURN} free moves a turn")
    return None


def _times(n: int) -> str:
    return {1: "once", 2: "twice"}.get(n, f"{n} times")
