"""The facilitator's news and notes: now, scheduled, kept from the room's eyes, and in any words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from game import Record
from game.records.verify import verify
from game.table.sitting import Sitting
from game.ui.replay.replay_model import Replay
from game.ui.replay.scrubber import signs
from rules.model.rulebook import Rulebook
from tests.ui.facilitating import facilitate
from tests.ui.hands import Hands
from tests.ui.stage.checks import faults
from tests.ui.stage.stage import at_the_table, sitting

Open = Callable[..., Hands]


def test_scheduled_news_come_in_their_round_unless_cancelled_and_again_after_a_rewind(book: Rulebook) -> None:
    table = sitting(book, "rivals_2025", (), 0)
    hand = table.facilitation
    table.schedule(2, {"title": "First"})
    cancelled = table.schedule(2, {"title": "Never"})
    table.schedule(3, {"title": "Second"})
    table.cancel(cancelled.id)
    start = table.record.head

    def news() -> list[str]:
        return [entry.cause for entry in table.game.log if entry.kind == "inject"]

    while table.game.round < 2:
        table.play(table.game.choose("greedy"))
    assert news() == ["First"] and [planned.round for planned in hand.planned()] == [3]
    table.rewind(start)
    assert news() == [] and len(hand.planned()) == 2
    while table.game.round < 3:
        table.play(table.game.choose("greedy"))
    assert news() == ["First", "Second"] and hand.planned() == []
    again = Sitting.resume(Record.parse(table.record.text()), None)
    assert again.facilitation.planned() == [] and again.game.state_hash == table.game.state_hash


def test_news_due_at_a_crash_come_when_the_game_is_taken_up(book: Rulebook) -> None:
    table = sitting(book, "rivals_2025", (), 0)
    table.schedule(2, {"title": "Due"})
    while table.game.round < 2:
        table.play(table.game.choose("greedy"))
    lines = table.record.text().splitlines(keepends=True)
    crashed = "".join(line for line in lines if "planned" not in line and not line.startswith("head:"))
    again = Sitting.resume(Record.parse(crashed), None)
    assert again.game.state_hash == table.game.state_hash


def test_whoever_sits_there_is_told_what_the_facilitator_has_brought(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0,), 0)
    at_the_table(hands.app, table)
    facilitate(hands, 0)
    hands.click("news.own")
    hands.click("news.title")
    hands.type("A storm at sea")
    hands.click("news.now")
    hands.press(pygame.K_ESCAPE)
    assert hands.app.top.name == "sheet"
    assert any("A storm at sea" in seen.text for seen in hands.app.page.texts)
    hands.press(pygame.K_RETURN)
    assert hands.play.turns.acting


def test_a_card_that_has_come_is_brought_again_only_when_asked_twice(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0,), 0)
    at_the_table(hands.app, table)
    facilitate(hands, 0)
    card = next(name for name in hands.ids() if name.startswith("news.card."))
    hands.click(card)
    hands.click("news.now")
    brought = table.game.state_hash
    hands.click("news.now")
    assert hands.app.top.name == "sheet" and table.game.state_hash == brought
    hands.press(pygame.K_ESCAPE)
    assert table.game.state_hash == brought
    hands.click("news.now")
    hands.click("sheet.again")
    assert table.game.state_hash != brought


def test_the_room_shows_every_teams_secret_agenda_only_when_secrets_are_shown(
    open_window: Open, book: Rulebook
) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0,), 0)
    at_the_table(hands.app, table)
    facilitate(hands, 4)
    agendas = {agenda.title for seat in table.game.seats for agenda in table.game.agendas(seat)}

    def told() -> set[str]:
        hands.frame()
        return {title for title in agendas if any(title in seen.text for seen in hands.app.page.texts)}

    assert agendas and not told()
    hands.click("facilitator.secrets")
    assert told()


@pytest.mark.parametrize("text", ["x" * 900, "北京 فريق", "a\nb\x00c", "🎲" * 50])
def test_any_words_are_taken_in_notes_and_news_and_survive_the_file(
    open_window: Open, book: Rulebook, tmp_path: Path, text: str
) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0,), 0, path=tmp_path / "a.yaml")
    at_the_table(hands.app, table)
    facilitate(hands, 3)
    hands.click("notes.text")
    pygame.event.post(pygame.event.Event(pygame.TEXTINPUT, text=text))
    hands.click("notes.bookmark")
    hands.click("facilitator.tab.0")
    hands.click("news.own")
    hands.click("news.title")
    pygame.event.post(pygame.event.Event(pygame.TEXTINPUT, text=text))
    hands.click("news.now")
    assert [fault for fault in faults(hands.app) if "no glyph" not in fault] == []
    assert table.trouble == "" and len(table.facilitation.remarks()[0].text) > 2
    report = verify(tmp_path / "a.yaml")
    assert report.ok, str(report)
    again = Sitting.resume(Record.load(tmp_path / "a.yaml"), None)
    assert again.facilitation.remarks() == table.facilitation.remarks()
    assert again.game.state_hash == table.game.state_hash


def test_acts_that_make_no_sense_in_a_file_do_no_harm(book: Rulebook, open_window: Open) -> None:
    record = sitting(book, "duel_2025", (0,), 1).record
    for name, details in (
        ("schedule", {"round": "x", "title": 4}), ("schedule", {"round": 2, "changes": 7}), ("schedule", {}),
        ("note", {"text": 5}), ("bookmark", {}), ("swap", {"chair": 3}), ("deadline", {"clock": [1]}),
        ("deadline", {}), ("extend", {"minutes": "x"}), ("cancel", {"of": [2]}), ("pause", {}),
    ):  # fmt: skip
        record.act(name, details)
    table = Sitting.resume(Record.parse(record.text()), None)
    hands = open_window()
    at_the_table(hands.app, table)
    for tab in range(5):
        facilitate(hands, tab)
        assert faults(hands.app) == []
        hands.press(pygame.K_F10)
        hands.until_somebody_moves()


def test_the_replay_marks_bookmarks_and_news_where_they_were(book: Rulebook) -> None:
    table = sitting(book, "rivals_2025", (), 1)
    here = len(table.record.main_line())
    table.say("bookmark", text="discuss")
    table.act("inject", {"title": "A strike shuts the ports"})
    table.play(table.game.choose("greedy"))
    found = [(sign.at, sign.glyph, sign.words) for sign in signs(Replay(table.record))]
    assert (here, "⚑", "Bookmark: discuss") in found
    assert (here + 1, "▼", "News: A strike shuts the ports") in found


def test_what_is_planned_and_noted_stands_on_the_screen_only_while_secrets_are_shown(
    open_window: Open, book: Rulebook
) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0,), 0)
    at_the_table(hands.app, table)
    hand = table.facilitation
    planned = table.schedule(3, {"title": "A wreck in the strait"})
    table.schedule(4, {"title": "Floods in the foundries"})
    table.say("note", text="They never ask about prices")
    table.say("bookmark", text="Why the release")
    facilitate(hands, 0)
    private = ("A wreck in the strait", "Floods", "They never ask", "Why the release")

    def said() -> str:
        hands.app.redraw()
        controls = hands.frame()
        page = hands.app.page
        told = [
            *(t.text + t.whole for t in page.texts),
            *(c.label for c in controls),
            *(tip for _, tip, _ in page.tips),
        ]
        return " ".join(told)

    for tab in range(5):
        hands.click(f"facilitator.tab.{tab}")
        assert not [words for words in private if words in said()], tab
        assert f"news.cancel.{planned.id}" not in hands.ids()
        assert faults(hands.app) == []
    hands.click("facilitator.tab.0")
    assert "2 pieces of news" in said()
    hands.click("facilitator.tab.3")
    assert "1 note and 1 bookmark" in said()
    hands.click("facilitator.secrets")
    assert all(words in said() for words in private[2:])
    hands.click("facilitator.tab.0")
    assert all(words in said() for words in private[:2])
    hands.click(f"news.cancel.{planned.id}")
    assert [each.round for each in hand.planned()] == [4]


def test_news_are_scheduled_without_their_title_in_the_notice(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    table = sitting(book, "rivals_2025", (0,), 0)
    at_the_table(hands.app, table)
    facilitate(hands, 0)
    card = next(c for c in hands.frame() if c.id.startswith("news.card.") and "not come" in c.label)
    hands.click(card.id)
    hands.click("news.plan")
    title = book.events[card.id.removeprefix("news.card.")].title
    assert len(table.facilitation.planned()) == 1
    assert hands.app.notice and title not in hands.app.notice
