"""Puts the panels of the play screen in their places: map or plain tracks, tracks and log, moves, preview, buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pygame import Rect

from game import theme
from game.prose.lexicon import spaced
from game.ui.board.log import draw_log
from game.ui.board.map_view import draw_map
from game.ui.board.tracks import draw_tracks
from game.ui.play.actions import draw_actions
from game.ui.play.arrangement import Arrangement, arrange
from game.ui.play.header import draw_header
from game.ui.play.preview import draw_preview
from game.ui.toolkit.layout import columns, from_top, inset
from game.ui.toolkit.page import Page
from game.ui.toolkit.widgets import button, heading, tabs

if TYPE_CHECKING:
    from game.ui.play.play_screen import PlayScreen


def draw_table(page: Page, play: PlayScreen) -> None:
    choosing = play.choosing
    picked = choosing is not None and choosing.option is not None
    place = arrange(page, picked=picked)
    draw_header(page, place.header, play)
    if play.sitting.board.places is not None:
        draw_map(page, place.map, play)
    else:
        _plain(page, place.map, play)
    _below(page, place, play)
    if place.preview is not None:
        draw_actions(page, place.actions, play)
        draw_preview(page, place.preview, play)
    elif picked:
        draw_preview(page, place.actions, play)
    else:
        draw_actions(page, place.actions, play)
    _buttons(page, place.buttons, play)


def _plain(page: Page, rect: Rect, play: PlayScreen) -> None:
    """In place of the map where the rulebook has no regions: every track that may be seen."""
    page.panel(rect)
    game = play.sitting.game
    inner = heading(page, inset(rect, page.u(10), page.u(6)), play.sitting.title, game.book.title)
    names = tuple(track.name for track in game.book.tracks.values() if len(track.scope) < 2)
    draw_tracks(page, inner, play, names, play.scrolls["plain"], "plain")


def _below(page: Page, place: Arrangement, play: PlayScreen) -> None:
    """Tracks of seats and of the world behind tabs; the log beside them or as a third tab."""
    board = play.sitting.board
    names = ["Seats", "World", "Log"] if place.log is None else ["Seats", "World"]
    shown = names[min(play.tab, len(names) - 1)]
    page.panel(place.tracks)
    inner = inset(place.tracks, page.u(8), page.u(4))
    strip, inner = from_top(inner, page.line(theme.BODY) + page.u(8), page.u(4))
    wide = sum(page.width(name, theme.BODY, True) + page.u(34) for name in names)
    at = names.index(shown)
    tabs(page, "below", Rect(strip.x, strip.y, min(strip.width, wide), strip.height), names, at, play.turn_to)
    note = "changes since your last turn" if play.viewer else "changes since the round began"
    if strip.width - wide > page.width(note, theme.SMALL):
        rest = Rect(strip.x + wide, strip.y, strip.width - wide, strip.height)
        page.text(rest, note, theme.SMALL, theme.SOFT, align="right")
    if shown == "Seats":
        draw_tracks(page, inner, play, board.of_seat, play.scrolls["seats"], "seats")
    elif shown == "World":
        draw_tracks(page, inner, play, (*play.world_names(), *board.of_side), play.scrolls["world"], "tracks")
    else:
        draw_log(page, inner, play, play.scrolls["log"])
    if place.log is not None:
        page.panel(place.log)
        inner = heading(page, inset(place.log, page.u(8), page.u(4)), "Log", "L: the whole log")
        draw_log(page, inner, play, play.scrolls["log"])


def _buttons(page: Page, rect: Rect, play: PlayScreen) -> None:
    """Undo, confirm, end the turn; each says why it cannot be pressed."""
    undo, confirm, end = columns(rect, (1, 1.1, 1.1), page.u(8))
    game, choosing = play.sitting.game, play.choosing
    verdict = game.can_undo()
    why = verdict.sentence if play.acting else play.waiting_for()
    button(page, "undo", undo, "Undo", play.undo, hotkey="Ctrl+Z", enabled=play.acting and bool(verdict), reason=why)
    move = choosing.move if choosing is not None else None
    if choosing is None:
        why = play.waiting_for()
    elif choosing.option is None:
        why = "pick a move first"
    else:
        why = f"choose the {spaced(choosing.choice.name)}" if choosing.choice is not None else "it cannot be played"
    last = game.actions_left == 1 and move is not None and game.book.moves[move.name].takes > 0
    hotkey = "Enter · ends the turn" if last else "Enter"
    good = move is not None
    button(page, "confirm", confirm, "Confirm", play.confirm, hotkey=hotkey, kind="main", enabled=good, reason=why)
    if game.over:
        button(page, "end", end, "Results", play.results, hotkey="Enter", kind="go")
        return
    left = game.actions_left
    why = f"nobody passes here: play {left} more" if play.acting else play.waiting_for()
    note = f"Space · {left} unused" if play.acting and left else "Space"
    good = play.acting and game.scenario.turns.passing
    button(page, "end", end, "End turn", play.end_turn, hotkey=note, kind="go", enabled=good, reason=why)
