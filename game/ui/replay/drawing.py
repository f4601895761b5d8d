"""Puts a replay's panels in their places: header, board, tracks, tree, comment, buttons; and the what-if frame."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pygame
from pygame import Rect

from game import theme
from game.narrative.viewers import node_title, viewer_title
from game.prose.numbers import month
from game.records.node import ROOT
from game.records.tree import MARK_WORDS, MARKS, WHAT_IF
from game.ui.board.panels import draw_board, draw_moves
from game.ui.replay import dialogs
from game.ui.replay.saving import open_save
from game.ui.replay.scrubber import draw_scrubber, scrubber_tall
from game.ui.replay.tree import draw_tree
from game.ui.toolkit.layout import columns, from_bottom, from_right, from_top, inset, rows
from game.ui.toolkit.marks import hatched
from game.ui.toolkit.page import Page
from game.ui.toolkit.scroll import Piece, running_text
from game.ui.toolkit.widgets import button, heading, tabs

if TYPE_CHECKING:
    from game.ui.replay.replay_screen import ReplayScreen


def draw_replay(page: Page, screen: ReplayScreen) -> None:
    screen.follow()
    whole = page.rect
    banner = screen.banner()
    if banner:
        whole = _frame(page, whole, banner, WHAT_IF if banner.startswith("WHAT") else "")
    head, body = from_top(whole, max(page.u(52), page.line(theme.HEAD) + page.line(theme.SMALL) + page.u(8)))
    _header(page, head, screen)
    foot, body = from_bottom(body, scrubber_tall(page))
    replay = screen.replay
    draw_scrubber(
        page, foot, replay, screen.signs, playing=screen.playing, speed=screen.speed, play=screen.play,
        change_speed=screen.change_speed, go=screen.go, by_round=screen.by_round,
    )  # fmt: skip
    body = inset(body, page.u(10), page.u(8))
    wide, high = page.room
    right, left = from_right(body, page.u(372 if wide >= 1180 else 320 if wide >= 800 else 276), page.u(8))
    draw_board(page, left, screen.table, "replay.left", roomy=wide >= 1000 and high >= 600)
    if screen.trying:
        _trying(page, right, screen)
    else:
        _side(page, right, screen, high >= 600)


def _frame(page: Page, rect: Rect, banner: str, kind: str) -> Rect:
    """A thick hatched border and a sentence on it: this is not the played game."""
    colour = theme.WHAT_IF if kind else theme.WORSE
    ground = (96, 40, 84) if kind else (104, 70, 0)
    thick = page.u(9)
    high = page.line(theme.STRONG) + page.u(8)
    if not page.muted:
        for strip in (
            Rect(rect.x, rect.y, rect.width, thick), Rect(rect.x, rect.bottom - thick, rect.width, thick),
            Rect(rect.x, rect.y, thick, rect.height), Rect(rect.right - thick, rect.y, thick, rect.height),
        ):  # fmt: skip
            pygame.draw.rect(page.surface, colour, strip)
            hatched(page.surface, strip, "diagonal", colour, max(6, page.u(12)))
    place = Rect(rect.x + thick, rect.y + thick, rect.width - 2 * thick, high)
    page.fill(place, ground)
    page.text(place.inflate(-page.u(16), 0), banner, theme.STRONG, theme.TEXT, bold=True, align="centre")
    return Rect(rect.x + thick, place.bottom, rect.width - 2 * thick, rect.bottom - thick - place.bottom)


def _header(page: Page, rect: Rect, screen: ReplayScreen) -> None:
    """What it is, where we are, who looks, and the menu."""
    page.fill(rect, theme.PANEL)
    page.fill(Rect(rect.x, rect.bottom - 1, rect.width, 1), theme.EDGE)
    inner = inset(rect, page.u(10), page.u(5))
    replay, table = screen.replay, screen.table
    side, inner = from_right(inner, page.u(84), page.u(8))
    button(page, "replay.menu", side, "Menu", screen.menu, hotkey="Esc")
    side, inner = from_right(inner, page.u(84), page.u(8))
    button(page, "replay.save", side, "Save", partial(open_save, screen.app, screen.replay), hotkey="Ctrl+S",
           enabled=replay.edited, reason="no change")  # fmt: skip
    side, inner = from_right(inner, min(page.u(210), inner.width // 3), page.u(12))
    title, about = viewer_title(table.sitting.board, replay.viewer)
    button(page, "replay.viewer", side, title, screen.choose_viewer, hotkey="E: seen by", tip=about)
    game = replay.game
    upper = Rect(inner.x, inner.y, inner.width, round(inner.height * 0.56))
    lower = Rect(inner.x, upper.bottom, inner.width, inner.height - upper.height)
    now = f"Round {game.round} of {game.scenario.rounds} · {month(game.date)}"
    used = page.text(upper, now, theme.STRONG, bold=True, align="right")
    name = replay.record.header.get("title")
    title = f"{name}" if isinstance(name, str) and name else table.sitting.title
    page.text(Rect(upper.x, upper.y, used.x - upper.x - page.u(12), upper.height), title, theme.HEAD, bold=True)
    page.text(lower, _told(screen), theme.SMALL, theme.WARN if replay.stuck else theme.SOFT)


def _told(screen: ReplayScreen) -> str:
    replay, board = screen.replay, screen.table.sitting.board
    if replay.stuck:
        return replay.stuck
    where = f"Step {replay.at} of {len(replay.ids)}"
    game = replay.game
    after = "the game is over" if game.seat is None else f"{board.seat_title(game.seat)} is to move"
    return f"{where}; {after}."


def _side(page: Page, rect: Rect, screen: ReplayScreen, roomy: bool) -> None:
    """Tree, comment, and what can be done from here."""
    high = page.line(theme.STRONG) + page.u(12) if not roomy else page.u(50)
    foot, rect = from_bottom(rect, high, page.u(8))
    _buttons(page, foot, screen)
    if roomy:
        upper, lower = rows(rect, (64, 36), page.u(8))
        page.panel(upper)
        inner = heading(page, inset(upper, page.u(10), page.u(6)), "Lines", "bold: as it was played")
        _tree(page, inner, screen)
        page.panel(lower)
        _comment(page, inset(lower, page.u(10), page.u(6)), screen)
        return
    page.panel(rect)
    inner = inset(rect, page.u(8), page.u(4))
    strip, inner = from_top(inner, page.target, page.u(4))

    def turn(n: int) -> None:
        screen.right = n

    tabs(page, "replay.right", strip, ["Lines", "Comment"], screen.right, turn)
    if screen.right == 0:
        _tree(page, inner, screen)
    else:
        _comment(page, inner, screen)


def _tree(page: Page, rect: Rect, screen: ReplayScreen) -> None:
    board = screen.table.sitting.board
    draw_tree(page, rect, screen.replay, board, screen.rows, screen.scrolls["tree"], screen.to_node)


def _buttons(page: Page, rect: Rect, screen: ReplayScreen) -> None:
    """Another move, what would have happened, two lines compared."""
    replay = screen.replay
    one, two, three = columns(rect, (1, 1, 1), page.u(8))
    why = replay.why_not()
    button(page, "replay.try", one, "Try a move", screen.try_other, hotkey="T: what if", enabled=not why, reason=why,
           kind="go", size=theme.BODY)  # fmt: skip
    why = dialogs.why_no_ahead(screen)
    button(page, "replay.ahead", two, "Look ahead", partial(dialogs.open_ahead, screen), hotkey="W: by bots",
           enabled=not why, reason=why, size=theme.BODY,
           tip="What would have happened from here, played by bots")  # fmt: skip
    many = len(replay.lines) > 1
    button(page, "replay.compare", three, "Compare", partial(dialogs.open_compare, screen), hotkey="K: two lines",
           enabled=many, reason="there is only one line", size=theme.BODY)  # fmt: skip


def _comment(page: Page, rect: Rect, screen: ReplayScreen) -> None:
    """The move in view: what it was, what it changed, its mark and its comment."""
    replay = screen.replay
    node = replay.node
    strip, body = from_bottom(rect, page.target, page.u(6))
    about = screen.note_at()
    reason = "step to a move first" if node is None else "it is another seat's secret"
    edit, marks = from_right(strip, page.width("Comment  C", theme.BODY, True) + page.u(30), page.u(8))
    button(page, "replay.note", edit, "Comment", partial(dialogs.open_note, screen), hotkey="C", size=theme.BODY,
           enabled=about != ROOT, reason=reason)  # fmt: skip
    for mark, place in zip(MARKS, columns(marks, [1] * len(MARKS), page.u(5)), strict=True):
        chosen = node is not None and about != ROOT and node.mark == mark
        button(
            page, f"replay.mark.{mark}", place, mark, partial(dialogs.mark, screen, mark), size=theme.BODY,
            enabled=about != ROOT, reason=reason, tip=f"{mark}: {MARK_WORDS[mark]}", selected=chosen,
        )  # fmt: skip
    running_text(page, body, screen.scrolls["comment"], comment_pieces(screen))


def comment_pieces(screen: ReplayScreen) -> list[Piece]:
    """The move in view in words, as the viewer may read it."""
    replay, table = screen.replay, screen.table
    node = replay.node
    if node is None:
        summary = table.sitting.game.scenario.summary
        return [Piece("The start", theme.STRONG, theme.TEXT, True), Piece(summary, theme.BODY, theme.SOFT, gap=3)]
    board = table.sitting.board
    before = replay.positions.game(node.parent)
    title = node_title(before, node, replay.viewer)
    if node.seat is not None:
        who, colour = board.seat_title(node.seat), theme.readable(board.marks[node.seat].colour, theme.PANEL)
    else:
        who, colour = "Facilitator", theme.WARN
    secret = replay.hidden(node)
    mark = f" {node.mark}" if node.mark and not secret else ""
    pieces = [Piece(who, theme.BODY, colour, True), Piece(f"{title}{mark}", theme.STRONG, theme.TEXT, True, gap=1)]
    if node.by and not secret:
        pieces.append(Piece(f"By: {node.by}", theme.SMALL, theme.SOFT, gap=2))
    if node.note and not secret:
        pieces.append(Piece(node.note, theme.BODY, theme.TEXT, gap=6))
    line = next((x for x in reversed(table.sight.lines) if x.kind == "move" and x.seat == node.seat), None)
    if node.seat is not None and line is not None:
        told = table.change_words(table.sitting.chronicle.weighty(line.shifts, 5))
        pieces += [Piece(text, theme.BODY, theme.SOFT, gap=4 if n == 0 else 1) for n, text in enumerate(told)]
    return pieces


def _trying(page: Page, rect: Rect, screen: ReplayScreen) -> None:
    """The moves of the seat whose turn it is, in place of the tree."""
    table = screen.table
    choosing = table.choosing
    foot, rect = from_bottom(rect, max(page.u(44), page.line(theme.STRONG) + page.u(12)), page.u(8))
    leave, go = columns(foot, (1, 1), page.u(8))
    button(page, "replay.leave", leave, "Back", screen.leave_trying, hotkey="Esc")
    good = choosing is not None and choosing.move is not None
    button(page, "confirm", go, "Try it", table.confirm, hotkey="Enter", kind="go", enabled=good,
           reason="pick a move and make its choices")  # fmt: skip
    seat = table.sitting.seat
    if seat is not None:
        board = table.sitting.board
        head, rect = from_top(rect, page.line(theme.STRONG) + page.u(4), page.u(4))
        colour = theme.readable(board.marks[seat].colour, theme.NIGHT)
        page.text(head, f"{board.marks[seat].glyph} {board.seat_title(seat)} plays instead", theme.STRONG, colour,
                  bold=True)  # fmt: skip
    draw_moves(page, rect, table)
