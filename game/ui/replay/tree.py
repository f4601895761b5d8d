"""The tree of lines beside the board: a row a move, the game as played in bold, other lines where they leave it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from pygame import Rect

from game import theme
from game.narrative.board import Board
from game.narrative.viewers import node_title
from game.prose.numbers import counted
from game.records.node import ROOT, Node
from game.records.tree import PLAYED, Variation, line_with
from game.ui.replay.replay_model import Replay
from game.ui.toolkit.page import Control, Page
from game.ui.toolkit.scroll import Scroll, stack

FORK, TAKEN, NOTE, FLAG, ASKS = "↳", "↺", "✎", "⚑", "☞"


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A row of the tree: a round's heading, a node, or the head of a line that leaves here."""

    kind: str
    depth: int
    text: str
    identity: int = ROOT
    node: Node | None = None
    line: Variation | None = None
    good: bool = True


def tree_rows(replay: Replay) -> list[TreeRow]:
    """All rows, as the viewer may read them. Lines that are not in view are folded to their heads."""
    open_lines = _opened(replay)
    found: list[TreeRow] = []

    def leaving(at: int, depth: int) -> None:
        for node in replay.record.children(at):
            if node.rewinds_to is not None:
                found.append(TreeRow("node", depth, _title(replay, node), node.id, node))
        for line in replay.lines[1:]:
            if line.start == at:
                found.append(TreeRow("line", depth + 1, line.name, line.nodes[0], line=line))
                if line.number in open_lines:
                    walk(line, depth + 1)

    def walk(line: Variation, depth: int) -> None:
        round_ = 0
        for identity in line.nodes:
            node = replay.record.nodes[identity]
            good = identity not in replay.positions.diverged and replay.positions.reach(identity) == identity
            game = replay.positions.game(node.parent)
            if depth == 0 and game.round != round_ and good:
                round_ = game.round
                found.append(TreeRow("round", 0, f"Round {round_}"))
            found.append(TreeRow("node", depth, _title(replay, node), identity, node, line, good))
            leaving(identity, depth)

    leaving(ROOT, 0)
    walk(replay.lines[0], 0)
    return found


def _opened(replay: Replay) -> set[int]:
    """The line in view, and those that it comes from."""
    found = {0, replay.line.number}
    line = replay.line
    while line.number:
        line = line_with(replay.lines, line.start)
        found.add(line.number)
    return found


def _title(replay: Replay, node: Node) -> str:
    return node_title(replay.positions.game(node.parent), node, replay.viewer)


def draw_tree(
    page: Page, rect: Rect, replay: Replay, board: Board, rows: list[TreeRow], scroll: Scroll, go: Callable[[int], None]
) -> None:
    """The rows as a list; a click goes to a move."""
    if not rows:
        page.words(rect, "No move has been played.", theme.BODY, theme.SOFT)
        return
    high = page.target

    def draw(n: int, place: Rect) -> None:
        row = rows[n]
        if row.kind == "round":
            page.text(place, row.text, theme.SMALL, theme.SOFT, bold=True)
        elif row.kind == "line":
            _line(page, place, replay, row, go)
        else:
            _node(page, place, replay, board, row, go)

    stack(page, rect, scroll, [high] * len(rows), draw, page.u(1))


def _indent(page: Page, rect: Rect, depth: int) -> Rect:
    by = min(page.u(14) * depth, rect.width // 3)
    if depth:
        page.fill(Rect(rect.x + by - page.u(7), rect.y, page.u(2), rect.height), theme.WHAT_IF)
    return Rect(rect.x + by, rect.y, rect.width - by, rect.height)


def _line(page: Page, rect: Rect, replay: Replay, row: TreeRow, go: Callable[[int], None]) -> None:
    assert row.line is not None
    identity = f"tree.line.{row.line.number}"
    moves = counted(len(row.line.nodes), "move")
    said = f"{row.text}, {row.line.kind}, {moves}"
    page.control(Control(identity, rect, said, partial(go, row.identity), tip=said))
    if page.muted:
        return
    inner = _indent(page, rect, row.depth)
    ground = page.warm(rect, theme.RAISED, theme.HOVER)
    page.fill(inner, ground, 4)
    page.ring(identity, rect, 4)
    glyph = TAKEN if row.line.kind != "what if" else FORK
    note = page.text(Rect(inner.x, inner.y, inner.width - page.u(6), inner.height), moves, theme.SMALL, theme.SOFT,
                     align="right")  # fmt: skip
    colour = theme.readable(theme.WHAT_IF, ground)
    page.text(Rect(inner.x + page.u(5), inner.y, page.u(16), inner.height), glyph, theme.BODY, colour)
    text = Rect(inner.x + page.u(22), inner.y, note.x - inner.x - page.u(29), inner.height)
    page.text(text, row.text, theme.BODY, colour, tip=False)


def _node(page: Page, rect: Rect, replay: Replay, board: Board, row: TreeRow, go: Callable[[int], None]) -> None:
    node = row.node
    assert node is not None
    identity = f"tree.{row.identity}"
    secret = replay.hidden(node)
    who = board.seat_title(node.seat) if node.seat is not None else "Facilitator"
    noted = bool(node.note) and not secret
    said = f"{who}: {row.text}{f' {node.mark}' if node.mark and not secret else ''}"
    tip = f"{said}\n{node.note}" if noted else said
    reason = "" if row.good else "this move does not replay with this program"
    page.control(Control(identity, rect, said, partial(go, row.identity), row.good, reason, tip))
    if page.muted:
        return
    here = row.identity == replay.here
    inner = _indent(page, rect, row.depth)
    ground = theme.HOVER if here else page.warm(rect, theme.PANEL, theme.HOVER)
    if ground != theme.PANEL:
        page.fill(inner, ground, 4, theme.NOW if here else None)
    page.ring(identity, rect, 4)
    x = inner.x + page.u(4)
    if node.seat is not None:
        page.shape(board.marks[node.seat], (x + page.u(6), inner.centery), 11)
    else:
        glyph = TAKEN if node.facilitator == "rewind" else FLAG
        page.text(Rect(x, inner.y, page.u(16), inner.height), glyph, theme.BODY, theme.WARN)
    x += page.u(17)
    right = inner.right - page.u(4)
    for text, shown in ((ASKS, node.ask is not None), (NOTE, noted), (node.mark, bool(node.mark) and not secret)):
        if shown:
            width = page.width(text, theme.BODY, True) + page.u(6)
            page.text(Rect(right - width, inner.y, width, inner.height), text, theme.BODY, theme.TEXT, bold=True,
                      align="right")  # fmt: skip
            right -= width
    main = row.line is not None and row.line.kind == PLAYED
    colour = theme.SOFT if not row.good else theme.TEXT if main or here else theme.SOFT
    page.text(Rect(x, inner.y, max(1, right - x), inner.height), row.text, theme.BODY, colour, bold=main, tip=False)
