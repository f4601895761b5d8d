"""Judges a move against the rules, in the rulebook's order, and says why not in a sentence for the player."""

from __future__ import annotations

from game.core.position import Position
from game.engine import kernel as k
from game.engine.action_programs import FREE_MOVES_A_TURN, round_limit
from game.engine.layout import interpreter_of
from game.moves import Move, Verdict
from rules.model import terms as m
from rules.model.faults import did_you_mean
from rules.model.interpreter import Interpreter
from rules.model.rulebook import Choice, Sentence
from rules.model.rulebook import Move as Rule

LEGAL = Verdict(True)


def judge(position: Position, move: Move, seat: str | None) -> Verdict:
    """The verdict on a move of the acting seat. What it reads, the acting seat may see: the front end saw to that."""
    if position.over:
        return Verdict(False, "over", "", "the game is over")
    acting = position.seat
    assert acting is not None
    if seat is not None and seat != acting:
        return Verdict(False, "turn", "", f"it is {_title(position, acting)}'s turn")
    if move.name == "pass":
        if move.args:
            return Verdict(False, "choice", "", "passing has no choices")
        if not position.scenario.turns.passing:
            return Verdict(False, "pass", "", "nobody passes in this scenario")
        return LEGAL
    in_play = [x.name for x in position.engine.layout.moves]
    if move.name not in in_play:
        return _unknown(position, move, in_play)
    number = in_play.index(move.name)
    rule = position.engine.layout.moves[number]
    layout = position.engine.layout
    me = layout.seats.index(acting)
    interpreter = interpreter_of(layout, position.memory)
    if not interpreter.number(rule.seats, {"me": me}):
        return _no("seat", rule.where, f"{_title(position, acting)} cannot play this: it is for {rule.seats_text}")
    wrong = _choices(position, rule, move, me, interpreter)
    if wrong is not None:
        return wrong
    names = position.numbers(acting, move.arguments)
    for track, cost in rule.cost:
        need = interpreter.number(cost, names)
        have = interpreter.number(m.Read(track, (m.Local("me", m.SEAT),)), names)
        if need > have:
            title = position.book.tracks[track].title.lower()
            where = m.Where(rule.where.file, rule.where.line, f"{rule.where.path}.cost.{track}")
            return _no("cost", where, f"needs {need} {title}, you have {have}")
    limit = _limits(position, rule, me * len(in_play) + number)
    if limit is not None:
        return limit
    for requirement in rule.requires:
        if not interpreter.number(requirement.rule, names):
            return _no("requires", requirement.where, position.sentence(requirement.sentence, acting, **move.arguments))
    return LEGAL


def _no(code: str, where: m.Where, sentence: str) -> Verdict:
    return Verdict(False, code, f"{where.path} ({where})", sentence)


def _title(position: Position, seat: str) -> str:
    return position.scenario.seats[position.seats.index(seat)].title


def _unknown(position: Position, move: Move, in_play: list[str]) -> Verdict:
    """A name that is no move, or none of this scenario."""
    if move.name in position.book.moves:
        where = position.book.moves[move.name].where
        return _no("unknown", where, f"the scenario {position.scenario.name} leaves this move out")
    hint = did_you_mean(move.name, in_play)
    return Verdict(False, "unknown", "", f"there is no move '{move.name}'{'; ' if hint else ''}{hint}")


def _choices(position: Position, rule: Rule, move: Move, me: int, interpreter: Interpreter) -> Verdict | None:
    """What is wrong with the choices, if anything."""
    given = move.arguments
    wanted = [choice.name for choice in rule.choices]
    if list(given) != wanted:
        asked = ", ".join(wanted) if wanted else "nothing"
        return _no("choice", rule.where, f"the move asks for {asked}; given: {', '.join(given) or 'nothing'}")
    names = {"me": me}
    for choice in rule.choices:
        value = given[choice.name]
        domain = position.engine.values(choice)
        if value not in domain or isinstance(value, bool):
            choices = f"{choice.low} to {choice.high}" if choice.set is None else ", ".join(map(str, domain))
            near = did_you_mean(str(value), map(str, domain)) if choice.set is not None else ""
            hint = near or f"choose from {choices}"
            return _no("choice", choice.where, f"'{value}' is no {choice.name} of this move; {hint}")
        names[choice.name] = domain.index(value) if choice.set is not None else int(value)
        if choice.cond is not None and not interpreter.number(choice.cond, names):
            return _no(
                "choice",
                choice.where,
                f"{position.sentence(_shown(choice), None, **given)} is not among your {choice.domain}",
            )
    return None


def _shown(choice: Choice) -> Sentence:
    """The chosen element by its title."""
    return Sentence((m.Local(choice.name, m.Type("elem", choice.set) if choice.set else m.INT),), "")


def _limits(position: Position, rule: Rule, counter: int) -> Verdict | None:
    """What limits say: a round, a game, free moves a turn."""
    data = position.engine.compiled.tables.data
    this_round = int(position.memory[k.ROW + data[k.M_USED_ROUND] + counter])
    this_game = int(position.memory[k.ROW + data[k.M_USED_GAME] + counter])
    most = round_limit(rule, position.scenario.turns)
    if most and this_round >= most:
        return _no("limit", rule.where, f"already played {_times(this_round)} this round")
    if rule.limit_game and this_game >= rule.limit_game:
        return _no("limit", rule.where, f"already played {_times(this_game)} this game")
    if rule.takes == 0 and int(position.memory[k.ROW + k.H_FREE]) >= FREE_MOVES_A_TURN:
        return _no("free", rule.where, f"no more than {FREE_MOVES_A_TURN} free moves a turn")
    return None


def _times(n: int) -> str:
    return {1: "once", 2: "twice"}.get(n, f"{n} times")
