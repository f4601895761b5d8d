"""Seen as a seat a replay shows nothing that the seat could not know, whatever world is behind it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from game import Game
from game.narrative.viewers import EVERYTHING, PUBLIC
from game.records.record import Record
from game.ui.replay.compare import charts_of
from game.ui.replay.replay_model import Replay
from game.ui.replay.replay_screen import ReplayScreen
from game.ui.toolkit.app import App
from game.ui.toolkit.charts import Curve
from rules.model.rulebook import Rulebook
from tests.ui.hands import Hands
from tests.ui.stage.stage import open_app

Open = Callable[..., Hands]


def played(book: Rulebook, seed: int, moves: int) -> Record:
    """A game of six seats in which secret moves are played whenever they can be."""
    game = Game(book, "summit_2025", seed)
    for n in range(moves):
        secret = [move for move in game.legal() if move.name != "pass" and book.moves[move.name].secret]
        game.play(secret[n % len(secret)] if secret and n % 2 == 0 else game.choose("random"))
    return Record.of(game)


def picture(app: App) -> bytes:
    app.redraw()
    app.frame()
    return pygame.image.tobytes(app.canvas, "RGB")


def texts(app: App) -> str:
    app.redraw()
    app.frame()
    controls = [f"{c.label} {c.tip} {c.reason}" for c in app.page.controls]
    tips = [text for _, text, _ in app.page.tips]
    return "\n".join([*(seen.text for seen in app.page.texts), *controls, *tips])


@pytest.mark.parametrize("viewer", ["washington", "swing_states", PUBLIC])
def test_the_picture_is_the_same_in_every_world_that_these_eyes_cannot_tell_apart(
    tmp_path: Path, book: Rulebook, viewer: str
) -> None:
    record = played(book, 4, 24)
    pictures = []
    for salt in (None, 5, 99):
        app, _ = open_app(tmp_path, (1280, 800), 100, book)
        replay = Replay(record, viewer=viewer)
        if salt is not None:
            for node in [0, *(each.id for each in record.main_line())]:
                seat = viewer if viewer != PUBLIC else replay.positions.game(node).seats[0]
                twin = replay.positions.game(node).with_hidden(seat, salt)
                replay.positions.keep(node, twin)
        screen = ReplayScreen(app, replay)
        app.push(screen)
        shown = []
        for at in (3, 12, 24):
            screen.go(at)
            for tab in range(3):
                screen.table.tab = tab
                shown.append(picture(app))
        pictures.append(shown)
    if viewer == PUBLIC:  # the twin of one seat keeps that seat's secrets, which the public may not see either
        assert pictures[0] == pictures[1] == pictures[2]
    assert pictures[0] == pictures[1] == pictures[2]


def test_secret_moves_of_others_and_what_is_said_of_them_are_not_shown(tmp_path: Path, book: Rulebook) -> None:
    record = played(book, 4, 24)
    secrets = [node for node in record.main_line() if node.do and node.do != "pass" and book.moves[node.do].secret]
    assert secrets, "the game must hold secret moves to be worth looking at"
    for node in secrets:
        record.remark(node.id, note=f"Note on {node.id} by the instructor", mark="!?")
    app, _ = open_app(tmp_path, (1920, 1080), 100, book)
    replay = Replay(record)
    screen = ReplayScreen(app, replay)
    app.push(screen)
    whole = Replay(record)
    for node in secrets:
        title = whole.positions.game(node.parent).describe(_move(node), node.seat)
        for viewer in (*(seat for seat in whole.game.seats if seat != node.seat), PUBLIC):
            screen.look_as(viewer)
            screen.to_node(node.id)
            seen = texts(app)
            assert f"Note on {node.id} " not in seen
            assert title not in seen.replace("\n", " ") or _also_played_openly(record, book, node, title, whole)
            controls = {c.id: c for c in app.controls}
            assert not controls["replay.note"].enabled
        screen.look_as(EVERYTHING)
        screen.to_node(node.id)
        assert title in texts(app) and f"Note on {node.id} " in texts(app)


def _move(node):  # type: ignore[no-untyped-def]
    from game.moves import Move

    return Move(str(node.do), tuple(node.args.items()))


def _also_played_openly(record: Record, book: Rulebook, node, title: str, whole: Replay) -> bool:  # type: ignore[no-untyped-def]
    """Whether somebody who looks did the same: then the words may stand there for its own move."""
    return any(
        other.id != node.id and other.do == node.do and other.seat != node.seat
        for other in record.main_line()
        if other.do
    )


def test_points_that_hold_secrets_are_not_played_on_with_a_seats_eyes(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    replay = Replay(played(book, 2, 10), viewer="washington")
    screen = ReplayScreen(hands.app, replay)
    hands.app.push(screen)
    controls = {control.id: control for control in hands.frame()}
    assert not controls["replay.ahead"].enabled and "secrets" in controls["replay.ahead"].reason
    hands.press(pygame.K_w)
    assert hands.app.top is screen


def test_only_the_seat_whose_turn_it_is_can_try_a_move_with_its_eyes(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    replay = Replay(played(book, 2, 10))
    screen = ReplayScreen(hands.app, replay)
    hands.app.push(screen)
    seat = replay.game.seat
    for viewer in replay.game.seats:
        screen.look_as(viewer)
        assert (replay.why_not() == "") == (viewer == seat)


def test_two_lines_are_compared_with_the_secret_tracks_that_the_eyes_in_use_may_see_marked(book: Rulebook) -> None:
    replay = Replay(played(book, 4, 24))
    replay.go(2)
    other = str(replay.record.nodes[replay.ids[2]].do)
    replay.try_move(next(move for move in replay.game.legal() if move.name != other))
    replay.play_on(lambda game: game.choose("random"))
    both = replay.lines
    ends = [replay.positions.game(line.last) for line in both]
    titles = {track.name: f"{track.title} (secret)" for track in book.tracks.values() if track.visibility == "owner"}

    def charts(viewer: str) -> dict[str, list[Curve]]:
        replay.viewer = viewer
        return {title: curves for title, curves in charts_of(replay, *both)[0] if title.endswith("(secret)")}

    whole = charts(EVERYTHING)
    assert whole and charts(PUBLIC) == {}
    for name, title in titles.items():
        for n, curve in enumerate(whole.get(title, [])):
            end, seat = ends[n // len(ends[0].seats)], ends[0].seats[n % len(ends[0].seats)]
            assert curve.values[-1] == end.value(name, seat) and len(curve.values) == end.round + 1
            assert curve.dashed == (n >= len(ends[0].seats))
    for number, seat in enumerate(ends[0].seats):
        for title, curves in charts(seat).items():
            assert curves == [whole[title][number], whole[title][number + len(ends[0].seats)]], "its own and no other's"
