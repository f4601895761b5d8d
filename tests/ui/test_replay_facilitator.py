"""A facilitator's acts in a replay: they replay, are told as fits the viewer, and bookmarks lie on the lane."""

from __future__ import annotations

from game import Game, Record
from game.narrative.viewers import EVERYTHING, PUBLIC, node_title
from game.paper.account import account
from game.records.replay import game_of
from game.ui.replay.replay_model import Replay
from game.ui.replay.scrubber import signs
from rules.model.rulebook import Rulebook


def record(book: Rulebook) -> Record:
    """A game with an adjusted secret track, an adjusted public one, news of one's own, a note and a bookmark."""
    game = Game(book, "rivals_2025", 4)
    for _ in range(3):
        game.play(game.choose("random"))
    layout = game.engine.layout
    secret = next(t for t in book.tracks.values() if t.visibility == "owner" and t.scope == ("seat",) and not t.drawn)
    _, index = next(iter(layout.cells(secret.name)))
    level = next(t for t in book.tracks.values() if t.visibility == "public" and not t.scope)
    game.act("adjust", {"track": secret.name, "at": list(index), "to": secret.low + 1, "reason": "a spy was found"})
    game.act("adjust", {"track": level.name, "to": level.low + 1, "reason": "agreed at the table"})
    game.play(game.choose("random"))
    found = Record.of(game)
    found.act("note", {"text": "Ann looks lost"})
    found.act("bookmark", {"text": "come back to this"})
    return found


def test_adjustments_replay_and_each_pair_of_eyes_reads_what_it_may(book: Rulebook) -> None:
    replay = Replay(record(book))
    assert not replay.read_only and replay.last == len(replay.ids)
    line = replay.record.main_line()
    hidden, open_ = (node for node in line if node.facilitator == "adjust")
    game = replay.positions.game(hidden.parent)
    assert "a spy was found" in node_title(game, hidden, EVERYTHING)
    for viewer in (PUBLIC, *game.seats):
        assert "spy" not in node_title(game, hidden, viewer)
        assert "agreed at the table" in node_title(game, open_, viewer)


def test_a_bookmark_lies_on_the_lane_and_its_words_are_the_facilitators(book: Rulebook) -> None:
    replay = Replay(record(book))
    flags = [sign for sign in signs(replay) if sign.glyph == "⚑"]
    assert [(flag.at, flag.words) for flag in flags] == [(len(replay.ids), "Bookmark: come back to this")]
    replay.viewer = PUBLIC
    assert [sign.words for sign in signs(replay) if sign.glyph == "⚑"] == ["Bookmark"]


def test_notes_and_bookmarks_are_told_at_the_end_and_not_before(book: Rulebook) -> None:
    found = record(book)
    assert not [d for d in account(found).decisions if "lost" in d.note]
    game = game_of(found)
    while not game.over:
        game.play(game.choose("random"))
        found.append(game.acts[-1])
    notes = [d.note for d in account(found).decisions]
    assert "Ann looks lost" in notes and "come back to this" in notes


def test_what_was_noted_on_a_line_that_was_taken_back_is_told_too(book: Rulebook) -> None:
    found = record(book)
    game = game_of(found)
    game.play(game.choose("random"))
    left = found.append(game.acts[-1])
    found.act("bookmark", {"text": "on the line that was left"})
    found.act("bookmark", {"text": ""})
    found.rewind(left.parent)
    game = game_of(found)
    while not game.over:
        game.play(game.choose("random"))
        found.append(game.acts[-1])
    told = account(found).decisions
    notes = [each.note for each in told]
    assert "on the line that was left" in notes and "to be discussed" in notes and "Ann looks lost" in notes
    assert [each.round for each in told] == sorted(each.round for each in told)


def test_a_swap_is_told_in_words(book: Rulebook) -> None:
    found = record(book)
    found.act("swap", {"chair": "washington", "player": "greedy", "before": "human"})
    swap = next(node for node in found.nodes.values() if node.facilitator == "swap")
    title = node_title(game_of(found), swap, PUBLIC)
    assert title == "Swap: Washington is played by Greedy from now on"
