"""Looking ahead in the kernel: many games played on from one position, and a tree of a seat's own moves.

These functions belong to the kernel: plain Python over flat sequences of integers, compiled together with it where
numba is there. Every game is played on in a world imagined anew from what the seat sees, with scripted players in all
seats: the searching seat's own and, drawn for each world, one of each other seat's.

``pool`` holds two numbers a seat: its first kernel player and how many it has (they lie one after another).
"""

from __future__ import annotations

from typing import Any

from game.engine.kernel import (
    H_CRISIS,
    H_OVER,
    H_SEAT,
    M_ACTIONS,
    M_EVENTS,
    M_OFFERS,
    M_ORDER,
    M_PASSING,
    M_SEATS,
    M_SIZE,
    ROW,
    X_ACTION_MOVE,
    X_PASSING,
    advance,
    copy,
    decide,
    determinize,
    item,
    mix,
    next_turn,
    offers,
    play,
    score,
    shuffle,
)

UNIT = 10_000  # worth of the best end that there is: the sum of the next three
WIN = 2000  # for the win; the rest tells more of one game than who won, so that fewer games are enough:
LEAD = 5000  # for the lead over the best of the others, from MARGIN points behind to as many ahead
OWN = 3000  # for the seat's own points, from 0 to FULL
MARGIN = 30
FULL = 100

SALT_FIELD = 107

# ---- a node of the tree: how many links it has, then its links; a link: action, prior, visits, worth of all visits,
# ---- the node it leads to, then visits and worth for each of the seat's own players
N_LINKS = 0
L_ACTION, L_PRIOR, L_VISITS, L_TOTAL, L_NODE, L_OWN = 0, 1, 2, 3, 4, 5
RANKS = 4  # of each own player so many favourite actions are told apart
GROW = 3  # a link becomes a node when it has been followed so often
DEEPEST = 40  # decisions of the seat in a line of the tree


def world(t: Any, mem: Any, log: Any, root: Any, seat: int, salt: int) -> None:
    """Lay out the position ``root`` (a row) with what the seat cannot see, the deck and the luck drawn anew."""
    copy(mem, ROW, root, 0, t.data[M_SIZE])
    determinize(t, mem, log, seat, salt)
    shuffle(t, mem, ROW + t.data[M_ORDER], t.data[M_EVENTS])


def draw_field(t: Any, pool: Any, players: Any, salt: int) -> None:
    """Draw a player for every seat."""
    for other in range(t.data[M_SEATS]):
        h = mix(mix(salt, SALT_FIELD), other)
        players[other] = pool[2 * other] + ((h * pool[2 * other + 1]) >> 32)


def go_on(t: Any, mem: Any, log: Any, players: Any, until: int, seen: Any) -> bool:
    """Play on to the next decision of the seat ``until`` (-1: to the end); whether there is one."""
    while True:
        advance(t, mem, log, 0)
        if mem[ROW + H_OVER] != 0:
            return False
        seat = mem[ROW + H_SEAT]
        if seat == until:
            if offers(t, mem, log, seat) > 0:
                return True
            next_turn(mem)
            continue
        action = decide(t, mem, log, seat, players[seat], seen, 0)
        if action < 0:
            next_turn(mem)
        else:
            play(t, mem, log, action)


def worth(t: Any, mem: Any, log: Any, seat: int) -> int:
    """What the end of a game is worth to a seat, 0 to ``UNIT``: its share of the win, how far it is ahead of the best
    of the others, and its points. A game that ended in a crisis has no winner.
    """
    mine = score(t, mem, log, seat)
    best = -(1 << 40)
    level = 1
    for other in range(t.data[M_SEATS]):
        if other != seat:
            points = score(t, mem, log, other)
            best = max(best, points)
            if points == mine:
                level += 1
    if t.data[M_SEATS] == 1:
        best = 0
    lead = min(max(mine - best, -MARGIN), MARGIN)
    value = LEAD * (lead + MARGIN) // (2 * MARGIN) + OWN * min(max(mine, 0), FULL) // FULL
    if mem[ROW + H_CRISIS] == 0 and mine >= best:
        value += WIN // level
    return value


def rollouts(
    t: Any, mem: Any, log: Any, root: Any, seat: int, pool: Any, jobs: Any, players: Any, seen: Any, out: Any
) -> None:
    """Play games on to their end: a job is a world's salt, the seat's first action and its player from then on."""
    for job in range(len(out)):
        salt = jobs[3 * job]
        world(t, mem, log, root, seat, salt)
        draw_field(t, pool, players, salt)
        players[seat] = jobs[3 * job + 2]
        play(t, mem, log, jobs[3 * job + 1])
        go_on(t, mem, log, players, -1, seen)
        out[job] = worth(t, mem, log, seat)


def weigh(t: Any, mem: Any, log: Any, seat: int, pool: Any, weights: Any) -> None:
    """Give every legal action of the acting seat a weight: more for the favourites of its own players, one for the best
    choice of each move by its first player's lights, so that no kind of move is overlooked.
    """
    at = t.data[M_OFFERS]
    for k in range(t.data[M_ACTIONS]):
        weights[k] = 0
    for n in range(pool[2 * seat + 1]):
        player = pool[2 * seat] + n
        count = offers(t, mem, log, t.data[M_SEATS] + player if player >= 0 else seat)
        if n == 0:
            kind = -1
            top = -1
            for k in range(count):
                move = item(t, X_ACTION_MOVE, mem[at + 1 + 2 * k])
                if move != kind:
                    if top >= 0:
                        weights[mem[at + 1 + 2 * top]] += 1
                    kind = move
                    top = k
                elif mem[at + 2 + 2 * k] > mem[at + 2 + 2 * top]:
                    top = k
            if top >= 0:
                weights[mem[at + 1 + 2 * top]] += 1
        if player < 0:
            for k in range(count):
                weights[mem[at + 1 + 2 * k]] += 1
            continue
        passing = item(t, X_PASSING, player)
        used_pass = t.data[M_PASSING] == 0
        for rank in range(RANKS):
            top = -1
            for k in range(count):
                if mem[at + 1 + 2 * k] >= 0 and (top < 0 or mem[at + 2 + 2 * k] > mem[at + 2 + 2 * top]):
                    top = k
            if not used_pass and (top < 0 or passing > mem[at + 2 + 2 * top]):
                weights[0] += 32 >> (2 * rank)
                used_pass = True
            elif top >= 0:
                weights[mem[at + 1 + 2 * top]] += max(32 >> (2 * rank), 1)
                mem[at + 1 + 2 * top] = -1


def sprout(t: Any, tree: Any, node: int, weights: Any, links: int, own: int) -> None:
    """Make a node's links: the weightiest actions, each with its share of their weights in thousandths."""
    at = node * (1 + links * (L_OWN + 2 * own))
    whole = 0
    made = 0
    while made < links:
        best = -1
        for action in range(t.data[M_ACTIONS]):
            if weights[action] > 0 and (best < 0 or weights[action] > weights[best]):
                best = action
        if best < 0:
            break
        link = at + 1 + made * (L_OWN + 2 * own)
        tree[link + L_ACTION] = best
        tree[link + L_PRIOR] = weights[best]
        whole += weights[best]
        weights[best] = 0
        made += 1
    for k in range(made):
        link = at + 1 + k * (L_OWN + 2 * own)
        tree[link + L_PRIOR] = 1000 * tree[link + L_PRIOR] // whole
    tree[at + N_LINKS] = made


def root_of(n: int) -> int:
    """The whole part of a square root."""
    if n < 2:
        return n
    x = n
    while True:
        y = (x + n // x) // 2
        if y >= x:
            return x
        x = y


def choose_link(tree: Any, node: int, links: int, own: int, legal: Any, stamp: int, bold: int) -> int:
    """The link to follow from a node: a high mean, or a high prior and few visits (PUCT); -1 if none is legal now.

    Legal is what has ``stamp`` in ``legal``; with stamp 0 all are.
    """
    width = L_OWN + 2 * own
    at = node * (1 + links * width) + 1
    visits = 1
    total = 0
    for k in range(tree[at - 1 + N_LINKS]):
        visits += tree[at + k * width + L_VISITS]
        total += tree[at + k * width + L_TOTAL]
    mean = total // (visits - 1) if visits > 1 else UNIT // 2
    spread = root_of(visits)
    best = -1
    best_value = 0
    for k in range(tree[at - 1 + N_LINKS]):
        link = at + k * width
        if stamp != 0 and legal[tree[link + L_ACTION]] != stamp:
            continue
        n = tree[link + L_VISITS]
        value = tree[link + L_TOTAL] // n if n > 0 else mean - UNIT // 20
        value += bold * tree[link + L_PRIOR] * spread // (1000 * (1 + n))
        if best < 0 or value > best_value:
            best = link
            best_value = value
    return best


def choose_own(tree: Any, link: int, above: int, own: int, bold: int) -> int:
    """Which of the seat's own players goes on from a link: the best so far, here or, when little is known, above."""
    at = link if tree[link + L_VISITS] >= 2 * own else above
    if at < 0:
        at = link
    visits = 1
    total = 0
    for k in range(own):
        visits += tree[at + L_OWN + 2 * k]
        total += tree[at + L_OWN + 2 * k + 1]
    mean = total // (visits - 1) if visits > 1 else UNIT // 2
    spread = root_of(visits)
    best = 0
    best_value = -1
    for k in range(own):
        n = tree[at + L_OWN + 2 * k]
        value = tree[at + L_OWN + 2 * k + 1] // n if n > 0 else mean
        value += bold * spread // (own * (1 + n))
        if value > best_value:
            best = k
            best_value = value
    return best


def mark_legal(t: Any, mem: Any, legal: Any, stamp: int) -> None:
    """Note which actions are listed as offers just now."""
    at = t.data[M_OFFERS]
    for n in range(mem[at]):
        legal[mem[at + 1 + 2 * n]] = stamp
    if t.data[M_PASSING] != 0:
        legal[0] = stamp


def grow_tree(
    t: Any,
    mem: Any,
    log: Any,
    root: Any,
    seat: int,
    pool: Any,
    salt: int,
    games: int,
    links: int,
    bold: int,
    tree: Any,
    legal: Any,
    weights: Any,
    players: Any,
    path: Any,
    seen: Any,
) -> int:
    """Grow a tree of the seat's own decisions by ``games`` games; returns how many nodes it has.

    The first node must be there, with at least one link (``weigh`` and ``sprout``); ``legal`` is all zero. The tree is
    open: a node stands for the seat's own moves so far, whatever chance, the hidden and the others did. The
    n-th game through each link of the root is played in the same world, so that links are compared by like luck.
    """
    own = pool[2 * seat + 1]
    width = L_OWN + 2 * own
    size = 1 + links * width
    room = len(tree) // size
    nodes = 1
    for game in range(games):
        link = choose_link(tree, 0, links, own, legal, 0, bold)
        luck = mix(salt, tree[link + L_VISITS])
        world(t, mem, log, root, seat, luck)
        draw_field(t, pool, players, luck)
        depth = 0
        above = -1
        while True:
            path[depth] = link
            depth += 1
            play(t, mem, log, tree[link + L_ACTION])
            if depth == DEEPEST or not go_on(t, mem, log, players, seat, seen):
                break
            if tree[link + L_NODE] == 0:
                if tree[link + L_VISITS] < GROW or nodes == room:
                    break
                weigh(t, mem, log, seat, pool, weights)
                sprout(t, tree, nodes, weights, links, own)
                tree[link + L_NODE] = nodes
                nodes += 1
                offers(t, mem, log, seat)
            mark_legal(t, mem, legal, game + 1)
            following = choose_link(tree, tree[link + L_NODE], links, own, legal, game + 1, bold)
            if following < 0:
                break
            above = link
            link = following
        mine = choose_own(tree, link, above, own, bold)
        players[seat] = pool[2 * seat] + mine
        if mem[ROW + H_OVER] == 0:
            go_on(t, mem, log, players, -1, seen)
        value = worth(t, mem, log, seat)
        for k in range(depth):
            at = path[k]
            tree[at + L_VISITS] += 1
            tree[at + L_TOTAL] += value
            tree[at + L_OWN + 2 * mine] += 1
            tree[at + L_OWN + 2 * mine + 1] += value
    return nodes


FUNCTIONS = (
    world, draw_field, go_on, worth, rollouts, weigh, sprout, root_of, choose_link, choose_own, mark_legal, grow_tree,
)  # fmt: skip
"""In an order in which each needs only earlier ones."""
