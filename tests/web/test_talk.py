"""Messages and deals: read by whom they concern, binding nobody, marked kept or broken by what everybody saw."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from game.records.record import Record
from game.records.verify import verify
from game.table.showing import Audience
from game.table.table import Table
from tests.web.tables import again, host_order, new_table, order, play

US, CHINA = "united_states", "china"


def talk(table: Table, seat: str | None, *, host: bool = False) -> Any:
    return table.document(Audience(seat, host))["talk"]


def agreed(table: Table, *terms: dict[str, Any]) -> None:
    offered = order(table, "offer", US, seat=CHINA, terms=list(terms))
    assert offered.ok, offered.sentence
    assert order(table, "answer", CHINA, offer=offered.data["offer"], rev=1, accept=True).ok


def marks(table: Table) -> list[str]:
    return [term["mark"] for deal in talk(table, US)["deals"].values() for term in deal["terms"]]


def pass_round(table: Table) -> None:
    round_ = table.sitting.game.round
    while table.sitting.game.round == round_ and not table.sitting.game.over:
        assert play(table, "pass").ok


def test_messages_wait_until_the_facilitator_opens_them_and_he_reads_all() -> None:
    table = new_table("rivals_2025")
    refused = order(table, "say", "beijing", to="valley", text="Shall we?")
    assert refused.sentence == "The facilitator has not opened the seats' messages."
    assert host_order(table, "talk", open=True).ok
    assert order(table, "say", "beijing", to="valley", text="Shall we?").ok
    read = {
        seat: [said["text"] for said in talk(table, seat)["messages"].values()]
        for seat in ("beijing", "valley", "washington")
    }
    assert read == {"beijing": ["Shall we?"], "valley": ["Shall we?"], "washington": []}
    assert not talk(table, None)["messages"]
    assert len(talk(table, None, host=True)["messages"]) == 1
    assert host_order(table, "say", to="all", text="Five minutes.").ok
    assert len(talk(table, None)["messages"]) == 1


def test_a_deal_is_read_by_its_two_seats_alone() -> None:
    table = new_table("rivals_2025")
    terms = [{"by": "beijing", "kind": "text", "until": 2, "text": "We stay calm"}]
    assert order(table, "offer", "beijing", seat="valley", terms=terms).ok
    assert [bool(talk(table, seat)["deals"]) for seat in ("beijing", "valley", "washington", None)] == [
        True,
        True,
        False,
        False,
    ]
    assert talk(table, None, host=True)["deals"]


def test_a_promised_move_is_kept_once_played_and_broken_once_the_round_is_over() -> None:
    table = new_table()
    move = next(move for move in table.sitting.game.legal() if move.name != "pass")
    never = next(name for name in table.static(Audience(US))["moves"] if name != move.name)
    agreed(
        table, {"by": US, "kind": "does", "move": move.name, "until": 1},
        {"by": US, "kind": "does", "move": never, "until": 1},
        {"by": CHINA, "kind": "does_not", "move": never, "until": 1},
        {"by": US, "kind": "text", "text": "Calm", "until": 1},
    )  # fmt: skip
    assert marks(table) == ["open"] * 4
    assert play(table, move).ok
    assert marks(table) == ["kept", "open", "open", "open"]
    pass_round(table)
    assert marks(table) == ["kept", "broken", "kept", "open"]


def test_a_move_that_was_promised_not_to_be_played_breaks_the_deal() -> None:
    table = new_table()
    move = next(move for move in table.sitting.game.legal() if move.name != "pass")
    agreed(table, {"by": US, "kind": "does_not", "move": move.name, "until": 2})
    assert play(table, move).ok
    assert marks(table) == ["broken"]


def test_a_promised_track_is_judged_by_how_its_round_left_it() -> None:
    table = new_table()
    track = {"by": US, "kind": "track", "cell": "tension", "until": 1}
    agreed(table, {**track, "compare": "at least", "value": 0}, {**track, "compare": "at most", "value": 0})
    assert marks(table) == ["open", "open"]
    pass_round(table)
    assert marks(table) == ["kept", "broken"]
    pass_round(table)
    assert marks(table) == ["kept", "broken"]


def test_an_offer_lapses_with_the_round_that_it_was_for() -> None:
    table = new_table()
    terms = [{"by": US, "kind": "text", "until": until, "text": "Calm"} for until in (1, 3)]
    assert order(table, "offer", US, seat=CHINA, terms=terms).ok
    pass_round(table)
    assert [deal["state"] for deal in talk(table, CHINA)["deals"].values()] == ["lapsed"]
    refused = order(table, "answer", CHINA, offer=1, rev=1, accept=True)
    assert refused.sentence == "This offer has lapsed: the round that it was for is over."
    assert host_order(table, "rewind", at=table.at).ok
    assert order(table, "answer", CHINA, offer=1, rev=1, accept=True).ok, "in its round it is an offer again"


def test_an_offer_is_answered_once_and_withdrawn_by_its_maker() -> None:
    table = new_table()
    terms = [{"by": US, "kind": "text", "until": 2, "text": "Calm"}]
    for _ in range(2):
        order(table, "offer", US, seat=CHINA, terms=terms)
    assert order(table, "answer", US, offer=1, rev=1, accept=True).code == "turn"
    assert order(table, "answer", CHINA, offer=1, rev=1, accept=False).ok
    assert order(table, "answer", CHINA, offer=1, rev=1, accept=True).sentence == "This offer is declined by now."
    assert order(table, "answer", US, offer=2, rev=1, accept=False).ok
    assert [deal["state"] for deal in talk(table, US)["deals"].values()] == ["declined", "withdrawn"]
    assert order(table, "answer", CHINA, offer=9, rev=1, accept=True).code == "usage"


def test_what_was_said_and_offered_outlives_the_host_and_is_not_said_twice(tmp_path: Path) -> None:
    path = tmp_path / "game.yaml"
    table = new_table(path=path)
    host_order(table, "talk", open=True)
    order(table, "say", US, _id="once", to=CHINA, text="Hello")
    agreed(table, {"by": US, "kind": "text", "until": 2, "text": "Calm"})
    other = again(path)
    assert talk(other, US) == talk(table, US)
    assert order(other, "say", US, _id="once", to=CHINA, text="Hello").ok
    assert len(other.talk.messages) == 1
    assert "Hello" not in path.read_text()


@pytest.mark.parametrize(
    "terms",
    [
        [], "peace", [{"by": "mars"}], [{"by": US, "kind": "text", "text": "x", "until": 99}],
        [{"by": US, "kind": "does", "move": "conquer", "until": 2}],
        [{"by": US, "kind": "text", "text": "x" * 201, "until": 2}],
        [{"by": US, "until": 2, "kind": "track", "cell": "agenda_us_state|united_states", "compare": "at most",
          "value": 1}],
        [{"by": US, "kind": "text", "text": "x", "until": 2}] * 5,
    ],
)  # fmt: skip
def test_a_deal_without_shape_is_refused_with_a_sentence(terms: object) -> None:
    table = new_table()
    receipt = order(table, "offer", US, seat=CHINA, terms=terms)
    assert (receipt.ok, receipt.code, receipt.sentence[-1]) == (False, "usage", ".")
    assert not table.talk.deals


def test_what_was_agreed_stands_in_the_record_and_what_was_only_offered_does_not(tmp_path: Path) -> None:
    path = tmp_path / "game.yaml"
    table = new_table(path=path)
    order(table, "offer", US, seat=CHINA, terms=[{"by": US, "kind": "text", "until": 2, "text": "Only offered"}])
    order(table, "offer", US, seat=CHINA, terms=[{"by": US, "kind": "text", "until": 2, "text": "Calm"}])
    assert order(table, "answer", CHINA, offer=2, rev=1, accept=True).ok
    kept = [node for node in Record.load(path).nodes.values() if node.facilitator == "deal"]
    assert [(node.more["maker"], node.more["taker"], node.more["terms"][0]["text"]) for node in kept] == [
        (US, CHINA, "Calm")
    ]
    assert "Only offered" not in path.read_text()
    assert verify(path).ok


def test_a_deal_agreed_after_the_position_that_the_game_is_taken_back_to_is_an_offer_again() -> None:
    table = new_table()
    agreed(table, {"by": US, "kind": "text", "until": 2, "text": "Before"})
    assert play(table, "pass").ok
    agreed_later = order(
        table, "offer", US, seat=CHINA, terms=[{"by": US, "kind": "text", "until": 2, "text": "After"}]
    )
    assert order(table, "answer", CHINA, offer=agreed_later.data["offer"], rev=1, accept=True).ok
    assert host_order(table, "rewind", at=table.at).ok
    assert [deal["state"] for deal in talk(table, US)["deals"].values()] == ["agreed", "offered"]
    assert order(table, "answer", CHINA, offer=2, rev=3, accept=True).ok
