"""Who at a table of many devices may do what, and when: one table, from which refusals and their tests follow."""

from __future__ import annotations

from dataclasses import dataclass

FACILITATOR, SEAT, READER, OBSERVER, BOARD = "facilitator", "seat", "reader", "observer", "board"
ROLES = (FACILITATOR, SEAT, READER, OBSERVER, BOARD)
"""A seat's devices play for it; its readers help to plan and may not decide; its observers look on; the board is what
a projector shows."""

LOBBY, TURNS, PLAN, RESOLVE, OVER = "lobby", "turns", "plan", "resolve", "over"
PHASES = (LOBBY, TURNS, PLAN, RESOLVE, OVER)
"""The teams come in and the game has not begun; turn by turn; all seats plan at once; the plans are played in the order
of turns; the game is over."""

ROLE_TITLES = {
    FACILITATOR: "the facilitator", SEAT: "a seat", READER: "a seat's reader", OBSERVER: "an observer",
    BOARD: "the board",
}  # fmt: skip
PHASE_TITLES = {
    LOBBY: "before the facilitator has begun the game",
    TURNS: "while seats take turns", PLAN: "while the seats plan", RESOLVE: "while plans are played",
    OVER: "once the game is over",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Right:
    """Which roles may give a command, in which phases; ``about`` ends the sentence "may not …"."""

    roles: frozenset[str]
    phases: frozenset[str]
    about: str


def _right(about: str, roles: tuple[str, ...], *phases: str) -> Right:
    return Right(frozenset(roles), frozenset(phases or PHASES), about)


_HOST = (FACILITATOR,)

RIGHTS = {
    "ask": _right("ask for previews", (SEAT, READER), TURNS, PLAN, RESOLVE),
    "play": _right("play a move", (SEAT,), TURNS, RESOLVE),
    "undo": _right("take a move back", (SEAT,), TURNS),
    "plan": _right("change the plan", (SEAT, READER), TURNS, PLAN),
    "seal": _right("seal the plan", (SEAT,), PLAN),
    "unseal": _right("open the plan again", (SEAT,), PLAN),
    "say": _right("write messages", (FACILITATOR, SEAT, READER)),
    "offer": _right("offer a deal", (SEAT,), TURNS, PLAN, RESOLVE),
    "answer": _right("answer an offer", (SEAT,), TURNS, PLAN, RESOLVE),
    "talk": _right("open or close the seats' messages", _HOST),
    "pause": _right("stop the clock", _HOST, TURNS, PLAN, RESOLVE),
    "resume": _right("let the clock go on", _HOST, LOBBY, TURNS, PLAN, RESOLVE),
    "extend": _right("give more time", _HOST, LOBBY, TURNS, PLAN, RESOLVE),
    "timer": _right("set the minutes of a turn", _HOST, LOBBY, TURNS, PLAN, RESOLVE),
    "deadline": _right("say when the debrief starts", _HOST),
    "rewind": _right("take the game back", _HOST),
    "end_turn": _right("end a turn for a seat", _HOST, TURNS, PLAN, RESOLVE),
    "help": _right("let a bot take a turn", _HOST, TURNS, RESOLVE),
    "news": _right("bring news", _HOST, LOBBY, TURNS, PLAN, RESOLVE),
    "cancel": _right("call news off", _HOST, LOBBY, TURNS, PLAN, RESOLVE),
    "adjust": _right("adjust a track", _HOST, LOBBY, TURNS, PLAN, RESOLVE),
    "note": _right("take notes", _HOST),
    "rename": _right("name a team", _HOST),
    "give": _right("give a seat to another player", _HOST),
    "seat_at": _right("say where a team plays", _HOST),
    "rotate": _right("change a link", _HOST),
    "door": _right("open or close the door", _HOST),
    "role": _right("change what a device may do", _HOST),
    "drop": _right("send a device away", _HOST),
}
"""Every command by name; whoever is not named in it is refused with a sentence, and nothing is written down."""


def refusal(command: str, role: str, phase: str) -> tuple[str, str]:
    """Return the code and the sentence with which a command is refused; two empty texts when it is allowed."""
    right = RIGHTS.get(command)
    if right is None:
        return "unknown", f"There is no command '{command:.40}'."
    if role not in right.roles:
        return "role", f"{ROLE_TITLES[role][:1].upper()}{ROLE_TITLES[role][1:]} may not {right.about}."
    if phase not in right.phases:
        return "phase", f"Nobody may {right.about} {PHASE_TITLES[phase]}."
    return "", ""
