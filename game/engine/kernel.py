"""The kernel: a bytecode interpreter and the few functions that start, ask, apply, advance and play out a game.

The functions here are plain Python over flat sequences of integers and are the readable reference;
``game.engine.jit`` compiles these same functions. A game is one flat memory:

    [0, ROW)            temporaries of the running program; 0 is ``me``, 1 to 4 the choices
    [ROW, ROW + n)      the row: header, counters, deck, tracks, orders on the way  (the game itself)
    [ROW + n, ROW + 2n) sums of a simultaneous loop (all zero outside it)
    two more rows       scratch for trials;  then where the weights of the doctrine at work lie, the window on them,
    the list of legal actions, constants and map tables, and the weights of every doctrine

Instructions are six integers ``op a b c d e``; operands are addresses in this memory unless said otherwise. Writes
carry in ``c`` the number of the rule they belong to.
Only 32-bit mixing inside 64-bit integers is used for chance: unsigned and float arithmetic differ between
jitted and plain code. Unverified code must never run: see ``game/engine/verifier.py``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

ROW = 1024  # where the row begins: programs have at most this many temporaries

# ---- header of a row (offsets from ROW)
H_ROUND, H_PHASE, H_TURN, H_SEAT, H_USED, H_ACTION, H_FREE, H_END_TURN = 0, 1, 2, 3, 4, 5, 6, 7
H_OVER, H_ENDING, H_CRISIS, H_HALVE, H_SEED_LOW, H_SEED_HIGH, H_SALT, H_ACTOR = 8, 9, 10, 11, 12, 13, 14, 15
H_CAUSE, H_DELIVERIES, H_PLIES, H_NEWS, H_MODE, H_CURSOR = 16, 17, 18, 19, 20, 21
H_SCRIPT = 22  # eight scripted outcomes, then the eight ranges met (previews)
SCRIPT = 8
HEADER = H_SCRIPT + 2 * SCRIPT

NEWS, TURNS, WORLD = 0, 1, 2  # phases
LIVE, SCRIPTED = 0, 1  # modes of chance

# ---- causes in the log: kind * CAUSE_KIND + number
CAUSE_KIND = 1 << 20
C_SETUP, C_MOVE, C_EVENT, C_STEP, C_ENDING, C_HASH = 0, 1, 2, 3, 4, 5
LOG_WIDTH = 7  # round, cause, seat, rule, slot, asked, landed
R_CLAMP, R_ORDER = -1, -2  # rules of the log that no file holds: what a bound took, what was ordered earlier

# ---- scalars at the beginning of Tables.data
(
    M_SEATS, M_MOVES, M_ACTIONS, M_EVENTS, M_STEPS, M_ENDINGS, M_SIZE, M_ROUNDS, M_ACTIONS_A_TURN, M_ROTATE,
    M_PASSING, M_USED_ROUND, M_USED_GAME, M_DRAWN, M_ORDER, M_TRACKS, M_RING, M_RING_SLOTS, M_RING_DEPTH,
    M_SETUP, M_SEAT_KEYS, M_OFFERS, M_MEASURES, M_HIDDEN, M_PARTS, M_PART_BASE, M_SERIES,
    M_OUT_SCORES, M_OUT_LEGAL, M_OUT_DECISIONS, M_OUT_USED, M_OUT_PARTS, M_OUT_MEASURES, M_OUT_BY_ROUND, M_OUT_SERIES,
    M_WEIGHTS, M_END, *_,
) = range(99)  # fmt: skip

# ---- then, for each table in data, where it begins
(
    X_LOW, X_HIGH, X_MOVES, X_SCORE, X_ESTIMATE, X_ACTION_MOVE, X_ACTION_CHOICES, X_EVENT_KEY,
    X_EVENT_ROUND, X_EVENT_WHEN, X_EVENT_EFFECTS, X_STEP_PC, X_ENDING_WHEN, X_ENDING_EFFECTS, X_ENDING_CRISIS,
    X_ENDING_HALVE, X_RING, X_MEASURE_PC, X_HIDDEN_SLOT, X_HIDDEN_SEERS, X_HIDDEN_LOW, X_HIDDEN_HIGH,
    X_HIDDEN_GUESS, X_OFFERS, X_TEMPERATURE, X_PASSING, X_GUMBEL, X_RING_SEERS, X_SECRETS_FROM, X_SECRETS, X_SERIES_PC,
    X_WEIGHTS_FROM, X_NATIVE, DATA_HEADER, *_,
) = range(M_END, 199)  # fmt: skip
EVERYBODY = -1  # in X_RING_SEERS: a public track; else the seats that see a cell, as bits

# ---- a result row begins so; where its other parts begin, the scalars M_OUT_… say (game.engine.results)
R_ENDING, R_ROUNDS, R_PLIES, R_CRISIS = range(4)

# ---- one move (from data[X_MOVES] + move * MOVE_WIDTH)
V_TAKES, V_EFFECTS, V_KEY, V_CHOICES = range(4)
MOVE_WIDTH = 4
CHOICES = 4  # of a move, at most: the numbers an action has in X_ACTION_CHOICES
KEYED = 2  # choices that every move has a number for in a hash: so it was when moves had two at most

# ---- players inside the kernel: the number of a doctrine in a seat, or
P_RANDOM, P_GREEDY = -1, -2

# ---- operations
(
    OP_LT, OP_LE, OP_EQ, OP_NE, OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_MOD, OP_MIN, OP_MAX, OP_AND, OP_OR, OP_NOT, OP_NEG,
    OP_ABS, OP_CLAMP, OP_TOWARD, OP_KNOB, OP_SELECT, OP_MOVE, OP_LOAD1, OP_LOAD2, OP_ADDRESS1, OP_ADDRESS2, OP_JUMP,
    OP_UNLESS, OP_UNLESS_LT, OP_UNLESS_LE, OP_UNLESS_EQ, OP_UNLESS_NE, OP_LOOP, OP_ORDER, OP_MIX, OP_DRAW, OP_CHANCE,
    OP_SET, OP_PLUS, OP_MINUS, OP_SUM_SET, OP_SUM_PLUS, OP_SUM_MINUS, OP_LAND, OP_PENDING, OP_DELIVER, OP_END_TURN,
    OP_RETURN, OP_SET_AT, OP_PLUS_AT, OP_MINUS_AT, OP_LOOKUP, OP_OFFER, *_,
) = range(99)  # fmt: skip

MASK32 = 0xFFFFFFFF
SALT_DECK, SALT_PLAYER, SALT_GUESS, SALT_TRIAL, SALT_ORDERS, SALT_SECRETS = 101, 102, 103, 104, 105, 106


class Tables(NamedTuple):
    """What the kernel reads: ``code`` (instructions) and ``data`` (scalars ``M_…``, where each table ``X_…`` begins,
    then the tables). Two flat tables, since every array handed from function to function costs time. Program counters
    are indices into ``code``, 0 meaning "no program".
    """

    code: Any
    data: Any


def mix(h: int, x: int) -> int:
    """One step of a 32-bit hash of ``x`` into ``h`` (multipliers below 2**31, so int64 never overflows)."""
    h = ((h ^ (x & 0xFFFFFFFF)) + 0x9E3779B9) & 0xFFFFFFFF
    h = ((h ^ (h >> 16)) * 0x7FEB352D) & 0xFFFFFFFF
    h = ((h ^ (h >> 15)) * 0x5BD1E995) & 0xFFFFFFFF
    return h ^ (h >> 14)


def item(t: Any, table: int, index: int) -> int:
    """An entry of one of the tables in ``t.data`` (``table`` is an ``X_…``)."""
    return t.data[t.data[table] + index]


def keyed(t: Any, mem: Any, site: int, loop: int) -> int:
    """32 random bits of a draw site: the same for the same seed, place, round, actor and action, whatever else is."""
    actor = mem[ROW + H_ACTOR]
    h = mix(mix(mem[ROW + H_SEED_LOW], mem[ROW + H_SEED_HIGH]), mem[ROW + H_SALT])
    h = mix(mix(h, site), mem[ROW + H_ROUND])
    if actor >= 0:
        h = mix(mix(h, mem[t.data[M_SEAT_KEYS] + actor]), mem[ROW + H_ACTION])
    return mix(h, loop)


def note(mem: Any, log: Any, rule: int, slot: int, asked: int, landed: int) -> None:
    """Append a change to the log, if there is one and it has room (``log[0]`` counts entries)."""
    at = 1 + log[0] * LOG_WIDTH
    if at + LOG_WIDTH <= len(log):
        log[at] = mem[ROW + H_ROUND]
        log[at + 1] = mem[ROW + H_CAUSE]
        log[at + 2] = mem[ROW + H_ACTOR]
        log[at + 3] = rule
        log[at + 4] = slot
        log[at + 5] = asked
        log[at + 6] = landed
        log[0] += 1


def write(t: Any, mem: Any, log: Any, rule: int, at: int, value: int) -> None:
    """Set the track cell at address ``at`` to ``value`` within its range, and log what was asked and what landed."""
    slot = at - ROW
    old = mem[at]
    new = min(max(value, item(t, X_LOW, slot)), item(t, X_HIGH, slot))
    mem[at] = new
    if len(log) > 1 and (value != old):
        note(mem, log, rule, slot, value - old, new - old)


def copy(to: Any, at: int, source: Any, first: int, count: int) -> None:
    """Copy cells of one table into another, or elsewhere in the same; compiled code does it at once."""
    for k in range(count):
        to[at + k] = source[first + k]


def call_native(function: int, mem: Any) -> int:
    """Call a native program by its address: only compiled code can, which has another function in this one's place."""
    raise AssertionError(function)


def run(t: Any, mem: Any, log: Any, pc: int) -> int:
    """Run the program at ``pc`` to its return and return its value: natively where there is a native program and no
    log to keep, else in the interpreter.
    """
    function = item(t, X_NATIVE, pc // 6)
    if function != 0 and len(log) <= 1:
        return call_native(function, mem)
    return interpret(t, mem, log, pc)


def interpret(t: Any, mem: Any, log: Any, pc: int) -> int:
    """Run the program at ``pc`` an instruction at a time."""
    code = t.code
    size = t.data[M_SIZE]
    while True:
        op = code[pc]
        a = code[pc + 1]
        b = code[pc + 2]
        c = code[pc + 3]
        pc += 6
        if op == OP_LOAD1:  # a = row b at element c
            i = mem[c]
            mem[a] = mem[b + i] if i >= 0 else 0
        elif op == OP_ADD:
            mem[a] = mem[b] + mem[c]
        elif op == OP_SUB:
            mem[a] = mem[b] - mem[c]
        elif op == OP_MUL:
            mem[a] = mem[b] * mem[c]
        elif op == OP_DIV:
            mem[a] = mem[b] // mem[c]
        elif op == OP_UNLESS:
            if mem[a] == 0:
                pc = b
        elif op == OP_UNLESS_LT:
            if mem[a] >= mem[b]:
                pc = c
        elif op == OP_UNLESS_LE:
            if mem[a] > mem[b]:
                pc = c
        elif op == OP_UNLESS_EQ:
            if mem[a] != mem[b]:
                pc = c
        elif op == OP_UNLESS_NE:
            if mem[a] == mem[b]:
                pc = c
        elif op == OP_OFFER:  # a legal action: number a + mem[c] * e + mem[d], its value at b
            at = t.data[M_OFFERS]
            n = mem[at]
            if n < t.data[M_ACTIONS]:
                mem[at + 1 + 2 * n] = a + mem[c] * code[pc - 1] + mem[code[pc - 2]]
                mem[at + 2 + 2 * n] = mem[b]
                mem[at] = n + 1
        elif op == OP_LOOP:  # next value of loop variable a; back to c until it reaches b (literals)
            mem[a] += 1
            if mem[a] < b:
                pc = c
        elif op == OP_JUMP:
            pc = a
        elif op == OP_RETURN:
            return mem[a]
        elif op == OP_KNOB:
            mem[a] = (mem[b] * mem[c] + 50) // 100
        elif op == OP_LT:
            mem[a] = 1 if mem[b] < mem[c] else 0
        elif op == OP_LE:
            mem[a] = 1 if mem[b] <= mem[c] else 0
        elif op == OP_EQ:
            mem[a] = 1 if mem[b] == mem[c] else 0
        elif op == OP_NE:
            mem[a] = 1 if mem[b] != mem[c] else 0
        elif op == OP_MIN:
            mem[a] = min(mem[b], mem[c])
        elif op == OP_MAX:
            mem[a] = max(mem[b], mem[c])
        elif op == OP_CLAMP:
            mem[a] = min(max(mem[b], mem[c]), mem[code[pc - 2]])
        elif op == OP_SELECT:  # a = c if b else d
            mem[a] = mem[c] if mem[b] != 0 else mem[code[pc - 2]]
        elif op == OP_LOAD2:  # a = row b at elements c, d with stride e
            i = mem[c]
            j = mem[code[pc - 2]]
            mem[a] = mem[b + i * code[pc - 1] + j] if i >= 0 and j >= 0 else 0
        elif op == OP_AND:
            mem[a] = 1 if mem[b] != 0 and mem[c] != 0 else 0
        elif op == OP_OR:
            mem[a] = 1 if mem[b] != 0 or mem[c] != 0 else 0
        elif op == OP_NOT:
            mem[a] = 1 if mem[b] == 0 else 0
        elif op == OP_NEG:
            mem[a] = -mem[b]
        elif op == OP_ABS:
            mem[a] = abs(mem[b])
        elif op == OP_MOD:
            mem[a] = mem[b] % mem[c]
        elif op == OP_TOWARD:  # a = b moved one d-th of the way to c, rounded away from zero
            gap = mem[c] - mem[b]
            n = mem[code[pc - 2]]
            mem[a] = mem[b] + ((gap + n - 1) // n if gap > 0 else -((n - 1 - gap) // n))
        elif op == OP_MOVE:
            mem[a] = mem[b]
        elif op == OP_LOOKUP:  # a = constant table b at element c; the cell before the table answers for none
            mem[a] = mem[b + mem[c]]
        elif op == OP_ADDRESS1:  # a = address of row b at element c, or -1
            i = mem[c]
            mem[a] = b + i if i >= 0 else -1
        elif op == OP_ADDRESS2:
            i = mem[c]
            j = mem[code[pc - 2]]
            mem[a] = b + i * code[pc - 1] + j if i >= 0 and j >= 0 else -1
        elif op == OP_PLUS:  # a: address of a cell, known when compiled
            write(t, mem, log, int(c), int(a), mem[a] + mem[b])
        elif op == OP_MINUS:
            write(t, mem, log, int(c), int(a), mem[a] - mem[b])
        elif op == OP_SET:
            write(t, mem, log, int(c), int(a), mem[b])
        elif op == OP_PLUS_AT:  # a: where the address of the cell is held
            at = mem[a]
            if at >= 0:
                write(t, mem, log, int(c), at, mem[at] + mem[b])
        elif op == OP_MINUS_AT:
            at = mem[a]
            if at >= 0:
                write(t, mem, log, int(c), at, mem[at] - mem[b])
        elif op == OP_SET_AT:
            at = mem[a]
            if at >= 0:
                write(t, mem, log, int(c), at, mem[b])
        elif OP_SUM_SET <= op <= OP_SUM_MINUS:
            at = mem[a]
            if at >= 0:
                if op == OP_SUM_PLUS:
                    by = mem[b]
                elif op == OP_SUM_MINUS:
                    by = -mem[b]
                else:
                    by = mem[b] - mem[at] - mem[at + size]
                mem[at + size] += by
                if len(log) > 1 and by != 0:
                    note(mem, log, int(c), at - ROW, by, by)
        elif op == OP_LAND:  # end of a simultaneous loop: cells a .. a + b - 1
            for at in range(int(a), int(a + b)):
                by = mem[at + size]
                if by != 0:
                    mem[at + size] = 0
                    slot = at - ROW
                    value = mem[at] + by
                    new = min(max(value, item(t, X_LOW, slot)), item(t, X_HIGH, slot))
                    mem[at] = new
                    if len(log) > 1 and new != value:
                        note(mem, log, R_CLAMP, slot, new - value, new - value)
        elif op == OP_PENDING:  # a: address of the cell (-1: nobody), b amount, c delay, d first cell, e its place
            at = mem[a]
            if at >= 0:
                turn = (mem[ROW + H_DELIVERIES] + c) % t.data[M_RING_DEPTH]
                mem[ROW + t.data[M_RING] + turn * t.data[M_RING_SLOTS] + code[pc - 1] + at - code[pc - 2]] += mem[b]
        elif op == OP_DELIVER:
            mem[ROW + H_DELIVERIES] += 1
            slots = t.data[M_RING_SLOTS]
            start = ROW + t.data[M_RING] + (mem[ROW + H_DELIVERIES] % t.data[M_RING_DEPTH]) * slots
            for k in range(slots):
                by = mem[start + k]
                if by != 0:
                    mem[start + k] = 0
                    at = ROW + item(t, X_RING, k)
                    write(t, mem, log, R_ORDER, at, mem[at] + by)
        elif op == OP_ORDER:  # a = the seat that is b-th in this round's turn order
            turn = mem[b]
            if t.data[M_ROTATE] != 0:
                turn += max(mem[ROW + H_ROUND] - 1, 0)
            mem[a] = turn % t.data[M_SEATS]
        elif op == OP_MIX:
            mem[a] = mix(mem[b], mem[c])
        elif op == OP_DRAW:  # a drawn from b..c, site d, loop key e
            span = mem[c] - mem[b] + 1
            if mem[ROW + H_MODE] == SCRIPTED and mem[ROW + H_CURSOR] < SCRIPT:
                at = ROW + H_SCRIPT + mem[ROW + H_CURSOR]
                mem[at + SCRIPT] = span
                mem[ROW + H_CURSOR] += 1
                mem[a] = mem[b] + min(mem[at], span - 1)
            else:
                mem[a] = mem[b] + ((keyed(t, mem, mem[code[pc - 2]], mem[code[pc - 1]]) * span) >> 32)
        elif op == OP_CHANCE:  # a = 1 with b per cent, site c, loop key d
            chance = min(max(mem[b], 0), 100)
            if mem[ROW + H_MODE] == SCRIPTED and mem[ROW + H_CURSOR] < SCRIPT:
                at = ROW + H_SCRIPT + mem[ROW + H_CURSOR]
                mem[at + SCRIPT] = 2 if 0 < chance < 100 else 1
                mem[ROW + H_CURSOR] += 1
                mem[a] = 1 if (mem[at] == 0 and chance > 0) else 0
            else:
                mem[a] = 1 if ((keyed(t, mem, mem[c], mem[code[pc - 2]]) * 100) >> 32) < chance else 0
        else:  # OP_END_TURN
            mem[ROW + H_END_TURN] = 1


def begin(t: Any, mem: Any, log: Any, seed_low: int, seed_high: int) -> None:
    """Start a game on a fresh memory: set-up rules, the deck's order. Then ``advance``."""
    mem[ROW + H_SEED_LOW] = seed_low
    mem[ROW + H_SEED_HIGH] = seed_high
    mem[ROW + H_ACTOR] = -1
    mem[ROW + H_NEWS] = -1
    mem[ROW + H_CAUSE] = C_SETUP * CAUSE_KIND
    shuffle(t, mem, ROW + t.data[M_ORDER], t.data[M_EVENTS])
    mem[0] = -1
    run(t, mem, log, t.data[M_SETUP])


def shuffle(t: Any, mem: Any, start: int, n: int) -> None:
    """Order the cards by a hash of the seed and each card's name (insertion sort; ties by place in the book)."""
    h = mix(mix(mix(mem[ROW + H_SEED_LOW], mem[ROW + H_SEED_HIGH]), mem[ROW + H_SALT]), SALT_DECK)
    for k in range(n):
        key = mix(h, item(t, X_EVENT_KEY, k))
        at = k
        while at > 0 and mix(h, item(t, X_EVENT_KEY, mem[start + at - 1])) > key:
            mem[start + at] = mem[start + at - 1]
            at -= 1
        mem[start + at] = k


def offers(t: Any, mem: Any, log: Any, number: int) -> int:
    """Run an offering program: every legal action with its value is then listed at M_OFFERS; returns how many.

    The first programs, one a seat, only list; then comes one for each doctrine in a seat, which also scores.
    """
    mem[t.data[M_OFFERS]] = 0
    program = item(t, X_OFFERS, number)
    player = number - t.data[M_SEATS]
    if player >= 0:
        window = t.data[M_WEIGHTS]
        first = item(t, X_WEIGHTS_FROM, player)
        mem[window - 1] = first
        if item(t, X_NATIVE, program // 6) == 0 or len(log) > 1:
            for k in range(item(t, X_WEIGHTS_FROM, player + 1) - first):
                mem[window + k] = mem[first + k]
    run(t, mem, log, program)
    return mem[t.data[M_OFFERS]]


def legal(t: Any, mem: Any, log: Any, seat: int, out: Any) -> int:
    """Set ``out`` (one cell an action, all zero) to 1 for what is legal and return how many moves are.

    Passing (action 0) is legal whenever the scenario allows it and something else is.
    """
    count = offers(t, mem, log, seat)
    for n in range(count):
        out[mem[t.data[M_OFFERS] + 1 + 2 * n]] = 1
    if count > 0 and t.data[M_PASSING] != 0:
        out[0] = 1
    return count


def check_endings(t: Any, mem: Any, log: Any, actor: int) -> bool:
    """Whether an ending's condition holds (first listed wins); if so its effects run and the game is over."""
    for k in range(t.data[M_ENDINGS]):
        mem[0] = actor
        if run(t, mem, log, item(t, X_ENDING_WHEN, k)) != 0:
            mem[ROW + H_CAUSE] = C_ENDING * CAUSE_KIND + k
            mem[0] = actor
            run(t, mem, log, item(t, X_ENDING_EFFECTS, k))
            mem[ROW + H_OVER] = 1
            mem[ROW + H_ENDING] = k + 1
            mem[ROW + H_CRISIS] = item(t, X_ENDING_CRISIS, k)
            mem[ROW + H_HALVE] = item(t, X_ENDING_HALVE, k)
            return True
    return False


def next_turn(mem: Any) -> None:
    """The acting seat's turn is over."""
    mem[ROW + H_TURN] += 1
    mem[ROW + H_USED] = 0
    mem[ROW + H_ACTION] = 0
    mem[ROW + H_FREE] = 0
    mem[ROW + H_END_TURN] = 0


def apply_event(t: Any, mem: Any, log: Any, event: int) -> None:
    """Play a news card."""
    mem[ROW + t.data[M_DRAWN] + event] = 1
    mem[ROW + H_NEWS] = event
    mem[ROW + H_CAUSE] = C_EVENT * CAUSE_KIND + event
    mem[ROW + H_ACTOR] = -1
    mem[0] = -1
    run(t, mem, log, item(t, X_EVENT_EFFECTS, event))


def news(t: Any, mem: Any, log: Any) -> None:
    """The round's cards: every dated one whose condition holds, else the first of the deck whose condition holds."""
    mem[ROW + H_NEWS] = -1
    found = False
    for event in range(t.data[M_EVENTS]):
        if item(t, X_EVENT_ROUND, event) == mem[ROW + H_ROUND]:
            mem[0] = -1
            if item(t, X_EVENT_WHEN, event) == 0 or run(t, mem, log, item(t, X_EVENT_WHEN, event)) != 0:
                apply_event(t, mem, log, event)
                found = True
    if found:
        return
    for k in range(t.data[M_EVENTS]):
        event = mem[ROW + t.data[M_ORDER] + k]
        if item(t, X_EVENT_ROUND, event) == 0 and mem[ROW + t.data[M_DRAWN] + event] == 0:
            mem[0] = -1
            if item(t, X_EVENT_WHEN, event) == 0 or run(t, mem, log, item(t, X_EVENT_WHEN, event)) != 0:
                apply_event(t, mem, log, event)
                return


def row_hash(t: Any, mem: Any, h: int) -> int:
    """A 32-bit Fowler-Noll-Vo hash of the whole row, started from ``h``."""
    for k in range(t.data[M_SIZE]):
        h = ((h ^ (mem[ROW + k] & 0xFFFFFFFF)) * 16777619) & 0xFFFFFFFF
    return h


def world_turn(t: Any, mem: Any, log: Any) -> None:
    """Every step of the world turn in order; with a log, each ends with an entry that holds the row's hash."""
    mem[ROW + H_ACTOR] = -1
    for step in range(t.data[M_STEPS]):
        mem[ROW + H_CAUSE] = C_STEP * CAUSE_KIND + step
        mem[0] = -1
        run(t, mem, log, item(t, X_STEP_PC, step))
        mem[ROW + H_CAUSE] = C_HASH * CAUSE_KIND + step  # without a log too: rows are the same with and without
        if len(log) > 1:
            note(mem, log, R_CLAMP, 0, row_hash(t, mem, 1), row_hash(t, mem, 2))


def advance(t: Any, mem: Any, log: Any, ask: int) -> None:
    """Go on to the next decision, or to the end of the game.

    With ``ask`` 1 seats that have no legal move are skipped here; with 0 the caller finds out and calls ``next_turn``.
    """
    seats = t.data[M_SEATS]
    while mem[ROW + H_OVER] == 0:
        if mem[ROW + H_PHASE] == NEWS:
            mem[ROW + H_ROUND] += 1
            for k in range(seats * t.data[M_MOVES]):
                mem[ROW + t.data[M_USED_ROUND] + k] = 0
            mem[ROW + H_PHASE] = TURNS
            mem[ROW + H_TURN] = -1
            next_turn(mem)
            news(t, mem, log)
            check_endings(t, mem, log, -1)
        elif mem[ROW + H_PHASE] == TURNS:
            turn = mem[ROW + H_TURN]
            if turn >= seats:
                mem[ROW + H_PHASE] = WORLD
                continue
            if mem[ROW + H_USED] >= t.data[M_ACTIONS_A_TURN] or mem[ROW + H_END_TURN] != 0:
                next_turn(mem)
                continue
            if t.data[M_ROTATE] != 0:
                turn += mem[ROW + H_ROUND] - 1
            mem[ROW + H_SEAT] = turn % seats
            mem[ROW + H_ACTOR] = turn % seats
            if ask == 0 or offers(t, mem, log, turn % seats) > 0:
                return
            next_turn(mem)
        else:
            world_turn(t, mem, log)
            if check_endings(t, mem, log, -1):
                return
            if mem[ROW + H_ROUND] >= t.data[M_ROUNDS]:
                mem[ROW + H_OVER] = 1
            mem[ROW + H_PHASE] = NEWS


def effects(t: Any, mem: Any, log: Any, action: int) -> None:
    """Pay for and carry out a legal action (not passing) of the acting seat, with what reacts to it; nothing else."""
    v = t.data[X_MOVES] + item(t, X_ACTION_MOVE, action) * MOVE_WIDTH
    mem[ROW + H_CAUSE] = C_MOVE * CAUSE_KIND + action
    mem[0] = mem[ROW + H_SEAT]
    for n in range(CHOICES):
        mem[1 + n] = item(t, X_ACTION_CHOICES, CHOICES * action + n)
    run(t, mem, log, t.data[v + V_EFFECTS])


def play(t: Any, mem: Any, log: Any, action: int) -> None:
    """Play a legal action of the acting seat; the caller then calls ``advance``."""
    seat = mem[ROW + H_SEAT]
    mem[ROW + H_PLIES] += 1
    if action == 0:
        next_turn(mem)
        return
    move = item(t, X_ACTION_MOVE, action)
    counter = seat * t.data[M_MOVES] + move
    mem[ROW + t.data[M_USED_ROUND] + counter] += 1
    mem[ROW + t.data[M_USED_GAME] + counter] += 1
    effects(t, mem, log, action)
    takes = t.data[t.data[X_MOVES] + move * MOVE_WIDTH + V_TAKES]
    if not check_endings(t, mem, log, seat):
        mem[ROW + H_USED] += takes
        mem[ROW + H_ACTION] += 1
        if takes == 0:
            mem[ROW + H_FREE] += 1


def score(t: Any, mem: Any, log: Any, seat: int) -> int:
    """The seat's points if the game ended now (halved, rounded down, by a crisis that says so)."""
    mem[0] = seat
    points = run(t, mem, log, item(t, X_SCORE, seat))
    return points // 2 if mem[ROW + H_HALVE] != 0 else points


def sees(seers: int, seat: int) -> bool:
    """Whether a seat is among those that see a cell (bits); a number below 0 is no seat and sees what is public."""
    return seat >= 0 and (seers >> seat) & 1 == 1


def redraw(t: Any, mem: Any, seat: int, salt: int) -> None:
    """Draw anew what a seat cannot know besides cells: what is ordered for cells that it does not see (nothing, or up
    to an eighth of the cell's range), and which secret moves the others have made; how many, it knows.
    """
    slots = t.data[M_RING_SLOTS]
    depth = t.data[M_RING_DEPTH]
    landed = mem[ROW + H_DELIVERIES] % depth
    for k in range(slots):
        seers = item(t, X_RING_SEERS, k)
        if seers != EVERYBODY and not sees(seers, seat):
            cell = item(t, X_RING, k)
            most = (item(t, X_HIGH, cell) - item(t, X_LOW, cell)) // 8 + 1
            for turn in range(depth):
                if turn != landed:
                    h = mix(mix(mix(salt, SALT_ORDERS), k), turn)
                    mem[ROW + t.data[M_RING] + turn * slots + k] = (h & 1) * (((h >> 1) * (most + 1)) >> 31)
    for other in range(t.data[M_SEATS]):
        first = item(t, X_SECRETS_FROM, other)
        count = item(t, X_SECRETS_FROM, other + 1) - first
        if other == seat or count == 0:
            continue
        lately = 0
        earlier = 0
        at = ROW + other * t.data[M_MOVES]
        for k in range(first, first + count):
            move = item(t, X_SECRETS, k)
            lately += mem[at + t.data[M_USED_ROUND] + move]
            earlier += mem[at + t.data[M_USED_GAME] + move] - mem[at + t.data[M_USED_ROUND] + move]
            mem[at + t.data[M_USED_ROUND] + move] = 0
            mem[at + t.data[M_USED_GAME] + move] = 0
        for n in range(lately + earlier):
            h = mix(mix(mix(salt, SALT_SECRETS), other), n)
            pick = (h * count) >> 32
            if n < lately:  # in one round different ones, as far as they go
                for _ in range(count):
                    if mem[at + t.data[M_USED_ROUND] + item(t, X_SECRETS, first + pick)] == 0:
                        break
                    pick = (pick + 1) % count
                mem[at + t.data[M_USED_ROUND] + item(t, X_SECRETS, first + pick)] += 1
            mem[at + t.data[M_USED_GAME] + item(t, X_SECRETS, first + pick)] += 1


def imagine(t: Any, mem: Any, log: Any, seat: int, salt: int) -> None:
    """Overwrite all that the seat cannot see: cells with a guess made from what it can (see ``guess``), orders and the
    others' secret moves as ``redraw`` does.
    """
    redraw(t, mem, seat, salt)
    for k in range(t.data[M_HIDDEN]):
        if not sees(item(t, X_HIDDEN_SEERS, k), seat):
            at = ROW + item(t, X_HIDDEN_SLOT, k)
            low = item(t, X_HIDDEN_LOW, k)
            high = item(t, X_HIDDEN_HIGH, k)
            if item(t, X_HIDDEN_GUESS, k) != 0:
                value = run(t, mem, log, item(t, X_HIDDEN_GUESS, k))
            else:
                value = low + ((mix(mix(salt, SALT_GUESS), k) * (high - low + 1)) >> 32)
            mem[at] = min(max(value, low), high)


def redraw_hidden(t: Any, mem: Any, seat: int, salt: int) -> None:
    """Draw anew, over the whole range, all that the seat cannot see, the luck and the deck too.

    ``determinize`` guesses as a good player does; this asks whether anything hidden shows at all.
    """
    for k in range(t.data[M_HIDDEN]):
        if not sees(item(t, X_HIDDEN_SEERS, k), seat):
            at = item(t, X_HIDDEN_SLOT, k)
            low = item(t, X_HIDDEN_LOW, k)
            wide = item(t, X_HIDDEN_HIGH, k) - low + 1
            mem[ROW + at] = low + ((mix(mix(salt, 3), at) * wide) >> 32)
    mem[ROW + H_SEED_LOW] = mix(salt, 1)
    mem[ROW + H_SEED_HIGH] = mix(salt, 2) >> 1
    redraw(t, mem, seat, salt)
    shuffle(t, mem, ROW + t.data[M_ORDER], t.data[M_EVENTS])


def determinize(t: Any, mem: Any, log: Any, seat: int, salt: int) -> None:
    """Make the row a world that the seat takes for possible: the unseen imagined, other luck, the same deck."""
    imagine(t, mem, log, seat, salt)
    mem[ROW + H_SALT] = SALT_TRIAL
    mem[ROW + H_SEED_LOW] = salt
    mem[ROW + H_SEED_HIGH] = 0


def trial(t: Any, mem: Any, log: Any, seat: int, action: int) -> int:
    """What the seat's estimate would be after an action, from the row as it stands; the row is put back."""
    size = t.data[M_SIZE]
    keep = ROW + 3 * size
    copy(mem, keep, mem, ROW, size)
    if action != 0:
        effects(t, mem, log, action)
    mem[0] = seat
    value = run(t, mem, log, item(t, X_ESTIMATE, seat))
    copy(mem, ROW, mem, keep, size)
    return value


def decide(t: Any, mem: Any, log: Any, seat: int, player: int, seen: Any, at: int) -> int:
    """The action that a kernel player chooses, or -1 when nothing is legal; ``seen[at]`` counts legal actions.

    A doctrine takes the legal action it values most; equal ones are decided by a hash keyed to the position, as is
    every choice of the random player. The greedy player tries each action on a row imagined from what it sees.
    """
    count = offers(t, mem, log, t.data[M_SEATS] + player if player >= 0 else seat)
    if count == 0:
        return -1
    passing = t.data[M_PASSING]
    seen[at] += count + passing
    passed = item(t, X_PASSING, player) if player >= 0 else 0
    if player == P_GREEDY:
        passed = try_out(t, mem, log, seat, count)
    elif player >= 0 and item(t, X_TEMPERATURE, player) != 0:
        passed = heat(t, mem, seat, player, count)
    first = t.data[M_OFFERS] + 1
    best = 0 if passing != 0 else mem[first]
    best_value = passed if passing != 0 else mem[first + 1]
    equals = 0 if passing != 0 else -1  # the first offer is then met again
    for n in range(count):
        value = mem[first + 1 + 2 * n]
        if value > best_value:
            best = mem[first + 2 * n]
            best_value = value
            equals = 0
        elif value == best_value:
            equals += 1
    return best if equals == 0 else untie(t, mem, seat, count, passed, best_value)


def untie(t: Any, mem: Any, seat: int, count: int, passed: int, value: int) -> int:
    """Of the actions listed with this value, and passing if it has it, the one with the highest hash."""
    h = keyed(t, mem, SALT_PLAYER, seat)
    first = t.data[M_OFFERS] + 1
    best = -1
    best_hash = -1
    if t.data[M_PASSING] != 0 and passed == value:
        best = 0
        best_hash = action_hash(t, h, 0)
    for n in range(count):
        if mem[first + 1 + 2 * n] == value:
            rival = action_hash(t, h, mem[first + 2 * n])
            if rival > best_hash:
                best = mem[first + 2 * n]
                best_hash = rival
    return best


def try_out(t: Any, mem: Any, log: Any, seat: int, count: int) -> int:
    """Value every action listed by trying it on a row imagined from what the seat sees; returns passing's value."""
    size = t.data[M_SIZE]
    kept = ROW + 2 * size
    h = keyed(t, mem, SALT_PLAYER, seat)
    copy(mem, kept, mem, ROW, size)
    imagine(t, mem, log, seat, mix(h, 1))
    mem[ROW + H_SALT] = SALT_TRIAL
    mem[ROW + H_SEED_LOW] = h
    for n in range(count):
        action = mem[t.data[M_OFFERS] + 1 + 2 * n]
        mem[t.data[M_OFFERS] + 2 + 2 * n] = trial(t, mem, log, seat, action)
    passed = trial(t, mem, log, seat, 0)
    copy(mem, ROW, mem, kept, size)
    return passed


def heat(t: Any, mem: Any, seat: int, player: int, count: int) -> int:
    """Add a doctrine's temperature times a Gumbel value to every value listed (in thousandths); returns passing's."""
    h = keyed(t, mem, SALT_PLAYER, seat)
    temperature = item(t, X_TEMPERATURE, player)
    first = t.data[M_OFFERS] + 1
    for n in range(count):
        luck = item(t, X_GUMBEL, action_hash(t, h, mem[first + 2 * n]) & 1023)
        mem[first + 1 + 2 * n] = mem[first + 1 + 2 * n] * 1000 + temperature * luck
    return item(t, X_PASSING, player) * 1000 + temperature * item(t, X_GUMBEL, action_hash(t, h, 0) & 1023)


def action_hash(t: Any, h: int, action: int) -> int:
    """A number by which equal actions are ordered, keyed by the move and its choices."""
    if action == 0:
        return mix(h, 0)
    move = item(t, X_ACTION_MOVE, action) * MOVE_WIDTH
    h = mix(h, item(t, X_MOVES, move + V_KEY))
    for n in range(max(item(t, X_MOVES, move + V_CHOICES), KEYED)):
        h = mix(h, item(t, X_ACTION_CHOICES, CHOICES * action + n))
    return h


def playout(t: Any, mem: Any, log: Any, players: Any, first: int, out: Any, at: int) -> None:
    """Play to the end with kernel players (``players[first + seat]``); write a result row into ``out`` from ``at``."""
    seats = t.data[M_SEATS]
    moves = t.data[M_MOVES]
    parts = t.data[M_PARTS]
    series = t.data[M_SERIES]
    legal_at = at + t.data[M_OUT_LEGAL]
    decisions_at = at + t.data[M_OUT_DECISIONS]
    used_at = at + t.data[M_OUT_USED]
    part_at = at + t.data[M_OUT_PARTS]
    measure_at = at + t.data[M_OUT_MEASURES]
    round_at = at + t.data[M_OUT_BY_ROUND]
    series_at = at + t.data[M_OUT_SERIES]
    seen = mem[ROW + H_ROUND]
    while True:
        advance(t, mem, log, 0)
        if mem[ROW + H_ROUND] != seen or mem[ROW + H_OVER] != 0:
            if seen > 0:
                for seat in range(seats):
                    out[round_at + (seen - 1) * seats + seat] = score(t, mem, log, seat)
                for k in range(series):
                    mem[0] = -1
                    out[series_at + (seen - 1) * series + k] = run(t, mem, log, item(t, X_SERIES_PC, k))
            seen = mem[ROW + H_ROUND]
            if mem[ROW + H_OVER] != 0:
                break
        seat = mem[ROW + H_SEAT]
        action = decide(t, mem, log, seat, players[first + seat], out, legal_at + seat)
        if action < 0:
            next_turn(mem)
            continue
        out[decisions_at + seat] += 1
        out[used_at + seat * (moves + 1) + (item(t, X_ACTION_MOVE, action) if action > 0 else moves)] += 1
        play(t, mem, log, action)
    for seat in range(seats):
        final = score(t, mem, log, seat)
        out[at + t.data[M_OUT_SCORES] + seat] = final
        out[round_at + (mem[ROW + H_ROUND] - 1) * seats + seat] = final
        for k in range(parts):
            out[part_at + seat * parts + k] = mem[ROW + t.data[M_PART_BASE] + seat * parts + k]
    for k in range(t.data[M_MEASURES]):
        mem[0] = -1
        out[measure_at + k] = run(t, mem, log, item(t, X_MEASURE_PC, k))
    for k in range(series):
        mem[0] = -1
        out[series_at + (mem[ROW + H_ROUND] - 1) * series + k] = run(t, mem, log, item(t, X_SERIES_PC, k))
    out[at + R_ENDING] = mem[ROW + H_ENDING]
    out[at + R_ROUNDS] = mem[ROW + H_ROUND]
    out[at + R_PLIES] = mem[ROW + H_PLIES]
    out[at + R_CRISIS] = mem[ROW + H_CRISIS]


def play_many(
    t: Any, blank: Any, mem: Any, log: Any, seeds: Any, players: Any, first: int, end: int, out: Any, width: int
) -> None:
    """Play the games from ``first`` to before ``end`` one after another: ``seeds`` holds two halves a game, ``players``
    one number a seat a game.
    """
    seats = t.data[M_SEATS]
    size = t.data[M_SIZE]
    for game in range(first, end):
        copy(mem, ROW, blank, ROW, size)  # nothing else outlives a game
        begin(t, mem, log, seeds[2 * game], seeds[2 * game + 1])
        playout(t, mem, log, players, game * seats, out, game * width)


FUNCTIONS = (
    mix, item, keyed, note, write, copy, call_native, interpret, run, shuffle, begin, offers, legal, check_endings,
    next_turn, apply_event, news, row_hash, world_turn, advance, effects, play, score, sees, redraw, redraw_hidden,
    imagine, determinize, trial, action_hash, untie, try_out, heat, decide, playout, play_many,
)  # fmt: skip
"""In an order in which each needs only earlier ones."""
