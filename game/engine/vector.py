"""Environments in the kernel: what a seat sees as numbers, what it is paid, and many games stepped at once.

These functions belong to the kernel: plain Python over flat sequences of numbers, compiled together with it where numba
is there. One seat of every game learns, players of the kernel hold the others. Games are rows laid one after another;
so are their observations, masks and players.
"""

from __future__ import annotations

from typing import Any

from game.engine.kernel import (
    H_CRISIS,
    H_DELIVERIES,
    H_OVER,
    H_ROUND,
    H_SEAT,
    M_ACTIONS,
    M_OFFERS,
    M_PASSING,
    M_RING,
    M_RING_DEPTH,
    M_RING_SLOTS,
    M_SEATS,
    M_SIZE,
    MASK32,
    ROW,
    advance,
    begin,
    copy,
    decide,
    mix,
    next_turn,
    offers,
    play,
    redraw_hidden,
    score,
)

# ---- what a seat sees (made by game.core.observation): these, then the tables whose beginnings they give
(
    S_NUMBERS, S_CELLS, S_ORDERS, S_ORDERED, S_CELLS_AT, S_SLOTS_AT, S_ORDERS_AT, S_RING_AT, S_LOW_AT,
    S_HIGH_AT, SIGHT, *_,
) = range(99)  # fmt: skip

PAY_WIN, PAY_SCORE, PAY_MARGIN = range(3)
NEXT_STEP, SAME_STEP = range(2)  # when a game that is over makes room for the next
ILLEGAL_REWARD = -1.0

# ---- how games are stepped
O_SEAT, O_PAYOFF, O_BY_ROUND, O_AUTORESET, O_PROFILES, OPTIONS, *_ = range(99)

# ---- the state of a game besides its row: its seed and how many have been played before it; whether it is over
G_SEED, G_GAMES, G_OVER, GAME, *_ = range(99)

# ---- what comes of a step besides observations, one number a game in tables of their own
E_REWARD, E_PAID, E_WIN, E_MARGIN, EARNINGS, *_ = range(99)

SALT_PROFILE = 108


def look(t: Any, mem: Any, sight: Any, scale: Any, fixed: Any, out: Any, at: int) -> None:
    """Write what a seat sees into ``out`` from ``at``, each number within its bounds and divided by its scale;
    ``fixed`` are the numbers that never change, divided already.
    """
    copy(out, at, fixed, 0, sight[S_NUMBERS])
    low = sight[S_LOW_AT]
    high = sight[S_HIGH_AT]
    out[at] = mem[ROW + H_ROUND] / scale[0]
    if mem[ROW + H_OVER] == 0:
        turn = 1 + t.data[M_SEATS] + mem[ROW + H_SEAT]
        out[at + turn] = 1 / scale[turn]
    for k in range(sight[S_CELLS]):
        cell = sight[sight[S_CELLS_AT] + k]
        value = mem[ROW + sight[sight[S_SLOTS_AT] + k]]
        out[at + cell] = min(max(value, sight[low + cell]), sight[high + cell]) / scale[cell]
    depth = t.data[M_RING_DEPTH]
    for wait in range(1, depth):
        ring = ROW + t.data[M_RING] + ((mem[ROW + H_DELIVERIES] + wait) % depth) * t.data[M_RING_SLOTS]
        for k in range(sight[S_ORDERS]):
            cell = sight[sight[S_ORDERS_AT] + k] + (wait - 1) * sight[S_ORDERED]
            value = mem[ring + sight[sight[S_RING_AT] + k]]
            out[at + cell] = min(max(value, sight[low + cell]), sight[high + cell]) / scale[cell]


def show_mask(t: Any, mem: Any, count: int, mask: Any, at: int) -> None:
    """Set in ``mask``, all 0 from ``at`` on, which actions are legal, of ``count`` that have just been listed."""
    for n in range(count):
        mask[at + mem[t.data[M_OFFERS] + 1 + 2 * n]] = 1
    if count > 0 and t.data[M_PASSING] != 0:
        mask[at] = 1


def payoff(t: Any, mem: Any, log: Any, seat: int, kind: int) -> float:
    """What the game is worth to a seat if it ended as it stands: its share of the win, its points, or its lead."""
    mine = score(t, mem, log, seat)
    best = -(1 << 40)
    level = 1
    for other in range(t.data[M_SEATS]):
        if other != seat:
            points = score(t, mem, log, other)
            best = max(best, points)
            if points == mine:
                level += 1
    if kind == PAY_SCORE:
        return float(mine)
    if kind == PAY_MARGIN:
        return float(mine - best) if t.data[M_SEATS] > 1 else float(mine)
    return 1.0 / level if mine >= best and mem[ROW + H_CRISIS] == 0 else 0.0


def imagined_payoff(t: Any, mem: Any, log: Any, seat: int, kind: int) -> float:
    """The payoff at the end, or before it as the seat may imagine it: worked out in a world drawn from what it sees, so
    that a reward tells nothing that the observation does not.
    """
    if mem[ROW + H_OVER] != 0:
        return payoff(t, mem, log, seat, kind)
    size = t.data[M_SIZE]
    kept = ROW + 2 * size
    copy(mem, kept, mem, ROW, size)
    redraw_hidden(t, mem, seat, 0)
    value = payoff(t, mem, log, seat, kind)
    copy(mem, ROW, mem, kept, size)
    return value


def go_to_learner(
    t: Any, mem: Any, log: Any, options: Any, players: Any, first: int, seen: Any, earned: Any, at: int
) -> int:
    """Play the others to the learner's next decision, and pay it on the way; returns how many actions it has, or 0 at
    the end.
    """
    seat = options[O_SEAT]
    while True:
        before = mem[ROW + H_ROUND]
        advance(t, mem, log, 0)
        over = mem[ROW + H_OVER]
        if over != 0 or (options[O_BY_ROUND] != 0 and mem[ROW + H_ROUND] != before):
            now = imagined_payoff(t, mem, log, seat, options[O_PAYOFF])
            earned[at + E_REWARD] += now - earned[at + E_PAID]
            earned[at + E_PAID] = now
        if over != 0:
            earned[at + E_WIN] = payoff(t, mem, log, seat, PAY_WIN)
            earned[at + E_MARGIN] = payoff(t, mem, log, seat, PAY_MARGIN)
            return 0
        acting = mem[ROW + H_SEAT]
        if acting == seat:
            count = offers(t, mem, log, seat)
            if count > 0:
                return count
            next_turn(mem)
            continue
        action = decide(t, mem, log, acting, players[first + acting], seen, 0)
        if action < 0:
            next_turn(mem)
        else:
            play(t, mem, log, action)


def start_game(
    t: Any, blank: Any, mem: Any, log: Any, options: Any, pool: Any, players: Any, game: int, state: Any, seen: Any,
    earned: Any,
) -> int:  # fmt: skip
    """Begin a game's next game and play to the learner's first decision; returns how many actions it has.

    The first is the game of its seed; the seeds of the next, and who plays the others, follow from that one.
    """
    seats = t.data[M_SEATS]
    seed = state[game * GAME + G_SEED]
    low = seed & MASK32
    high = seed >> 32
    number = state[game * GAME + G_GAMES]
    h = mix(mix(mix(low, high), SALT_PROFILE), number)
    if number > 0:
        low = mix(h, 1)
        high = mix(h, 2) >> 1
    profile = (mix(h, 3) * options[O_PROFILES]) >> 32
    for seat in range(seats):
        players[game * seats + seat] = pool[profile * seats + seat]
    copy(mem, ROW, blank, ROW, t.data[M_SIZE])
    begin(t, mem, log, low, high)
    state[game * GAME + G_GAMES] = number + 1
    state[game * GAME + G_OVER] = 0
    at = game * EARNINGS
    earned[at + E_PAID] = 0.0
    count = go_to_learner(t, mem, log, options, players, game * seats, seen, earned, at)
    earned[at + E_REWARD] = 0.0
    return count


def reset_games(
    t: Any, blank: Any, mem: Any, log: Any, options: Any, pool: Any, players: Any, rows: Any, state: Any, chosen: Any,
    seen: Any, earned: Any, sight: Any, scale: Any, fixed: Any, out: Any, mask: Any,
) -> None:  # fmt: skip
    """Begin the games whose cell in ``chosen`` is not 0, and look at them."""
    size = t.data[M_SIZE]
    for game in range(len(chosen)):
        if chosen[game] != 0:
            count = start_game(t, blank, mem, log, options, pool, players, game, state, seen, earned)
            look(t, mem, sight, scale, fixed, out, game * sight[S_NUMBERS])
            show_mask(t, mem, count, mask, game * t.data[M_ACTIONS])
            copy(rows, game * size, mem, ROW, size)


def step_games(
    t: Any, blank: Any, mem: Any, log: Any, options: Any, pool: Any, players: Any, rows: Any, state: Any, actions: Any,
    allowed: Any, seen: Any, earned: Any, sight: Any, scale: Any, fixed: Any, out: Any, mask: Any, done: Any, last: Any,
    first: int, end: int,
) -> None:  # fmt: skip
    """Play the learner's action in the games from ``first`` to before ``end``, then the others, and look again.

    ``allowed`` says whose action is legal. An illegal one ends its game with ``ILLEGAL_REWARD``; ``done`` is then 2
    instead of 1. With ``SAME_STEP`` the next game begins at once and what was seen last goes to ``last``; with
    ``NEXT_STEP`` the next step only begins it.
    """
    size = t.data[M_SIZE]
    all_actions = t.data[M_ACTIONS]
    numbers = sight[S_NUMBERS]
    for game in range(first, end):
        at = game * EARNINGS
        done[game] = 0
        earned[at + E_REWARD] = 0.0
        if state[game * GAME + G_OVER] != 0:
            count = start_game(t, blank, mem, log, options, pool, players, game, state, seen, earned)
        else:
            copy(mem, ROW, rows, game * size, size)
            if allowed[game] == 0:
                count = 0
                done[game] = 2
                earned[at + E_REWARD] = ILLEGAL_REWARD
                earned[at + E_WIN] = 0.0
                earned[at + E_MARGIN] = payoff(t, mem, log, options[O_SEAT], PAY_MARGIN)
            else:
                play(t, mem, log, actions[game])
                count = go_to_learner(t, mem, log, options, players, game * t.data[M_SEATS], seen, earned, at)
                if count == 0:
                    done[game] = 1
            if done[game] != 0:
                state[game * GAME + G_OVER] = 1
                if options[O_AUTORESET] == SAME_STEP:
                    look(t, mem, sight, scale, fixed, last, game * numbers)
                    reward = earned[at + E_REWARD]
                    win = earned[at + E_WIN]
                    margin = earned[at + E_MARGIN]
                    count = start_game(t, blank, mem, log, options, pool, players, game, state, seen, earned)
                    earned[at + E_REWARD] = reward
                    earned[at + E_WIN] = win
                    earned[at + E_MARGIN] = margin
        look(t, mem, sight, scale, fixed, out, game * numbers)
        show_mask(t, mem, count, mask, game * all_actions)
        copy(rows, game * size, mem, ROW, size)


FUNCTIONS = (
    look, show_mask, payoff, imagined_payoff, go_to_learner, start_game, reset_games, step_games,
)  # fmt: skip
"""In an order in which each needs only earlier ones."""
