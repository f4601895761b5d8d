"""The one door of a table: exactly once, never stale, on disk before it is told."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from game.records.record import Record
from game.table.choosing import Choosing
from game.table.forecast import forecast
from game.table.rights import LOBBY, TURNS
from game.table.showing import Audience
from tests.web.tables import BOOK, Clock, again, host_order, new_table, order, play, settle


def first(table: object) -> str:
    return str(next(move for move in table.sitting.game.legal() if move.name != "pass"))  # type: ignore[attr-defined]


def test_a_move_is_on_disk_when_its_receipt_is_handed_out(tmp_path: Path) -> None:
    table = new_table(path=tmp_path / "game.yaml")
    receipt = play(table, first(table))
    assert receipt.ok
    kept = Record.load(tmp_path / "game.yaml")
    assert kept.head == receipt.data["at"] == table.at


def test_the_same_command_again_is_the_same_command(tmp_path: Path) -> None:
    table = new_table(path=tmp_path / "game.yaml")
    move, at, seat = first(table), table.at, table.sitting.seat
    receipts = [order(table, "play", seat, _id="one", move=move, at=at) for _ in range(5)]
    assert [receipt.ok for receipt in receipts] == [True] * 5
    assert len({receipt.data["at"] for receipt in receipts}) == len(table.sitting.record.nodes) == 1


def test_a_retry_after_a_restart_is_the_same_command(tmp_path: Path) -> None:
    path = tmp_path / "game.yaml"
    table = new_table(path=path)
    move, at, seat = first(table), table.at, table.sitting.seat
    done = order(table, "play", seat, _id="one", move=move, at=at)
    other = again(path)  # the first was killed: nothing was closed
    assert order(other, "play", seat, _id="one", move=move, at=at).data == done.data
    assert len(other.sitting.record.nodes) == 1
    assert other.epoch == table.epoch + 1


def test_two_devices_of_a_team_that_press_at_once_play_one_move() -> None:
    table = new_table()
    move, at, seat = first(table), table.at, table.sitting.seat
    both = [order(table, "play", seat, _by=device, move=move, at=at) for device in ("d1", "d2")]
    assert [receipt.ok for receipt in both] == [True, True]
    assert len(table.sitting.record.nodes) == 1


def test_a_move_meant_for_another_position_is_refused_loudly() -> None:
    table = new_table()
    moves, at, seat = [str(move) for move in table.sitting.game.legal()], table.at, table.sitting.seat
    assert play(table, moves[1]).ok
    receipt = order(table, "play", seat, move=moves[2], at=at)
    assert (receipt.ok, receipt.code) == (False, "stale")
    assert len(table.sitting.record.nodes) == 1


@pytest.mark.parametrize("runs", [40, pytest.param(1000, marks=pytest.mark.slow)])
def test_commands_sent_again_and_again_with_restarts_between_make_one_node_and_one_answer(
    tmp_path: Path, runs: int
) -> None:
    """Each command is sent one to five times; between any two sendings the host may have been killed."""
    path = tmp_path / "game.yaml"
    table = new_table(path=path)
    rng = random.Random(1)
    for run in range(runs):
        if table.sitting.game.over:
            path = tmp_path / f"game{run}.yaml"
            table = new_table(seed=run, path=path)
        seat, at, nodes = table.sitting.seat, table.at, len(table.sitting.record.nodes)
        move = str(rng.choice(list(table.sitting.game.legal())))
        answers = []
        for _ in range(rng.randint(1, 5)):
            answers.append(order(table, "play", seat, _id=f"run{run}", move=move, at=at))
            if rng.random() < 0.15:
                table = again(path)
        assert all(answer.ok for answer in answers)
        assert len({str(answer.data) for answer in answers}) == 1
        assert len(table.sitting.record.nodes) == nodes + 1


def test_illegal_moves_are_refused_with_the_rulebook_s_sentence_and_nothing_is_written() -> None:
    table = new_table()
    game, seat = table.sitting.game, table.sitting.seat
    bad = next(move for move in game.actions if not game.check(move))
    receipt = play(table, bad)
    assert (receipt.ok, receipt.code, receipt.sentence) == (False, "illegal", game.check(bad).sentence)
    assert not table.sitting.record.nodes
    assert order(table, "play", seat, move="conquer", at=table.at).code == "usage"
    assert order(table, "play", seat, move=7, at=table.at).code == "usage"


def test_a_preview_says_what_the_window_says() -> None:
    table = new_table("rivals_2025")
    game, seat = table.sitting.game, table.sitting.seat or ""
    options = {option.name: option for option in table.sitting.offers.options(game, seat)}
    for name, option in options.items():
        receipt = order(table, "ask", seat, move=name, chosen=dict(option.legal[0].args) if option.legal else {})
        if option.reason:
            assert receipt.data["reason"] == option.reason
            continue
        rows = forecast(game, table.sitting.board, option.legal[0], seat)
        assert receipt.data["move"] == str(option.legal[0])
        assert [(row["title"], row["after"]) for row in receipt.data["rows"]] == [
            (row.title, row.after) for row in rows
        ]


@pytest.mark.parametrize("scenario", ["duel_2025", "rivals_2025", "summit_2025"])
def test_the_window_s_model_and_the_server_say_the_same_sentences(scenario: str) -> None:
    """Title, price, effects, why not, every choice with its reasons, and every row of the preview, for every move."""
    table = new_table(scenario)
    sitting, seat = table.sitting, table.sitting.seat or ""
    shown = table.document(Audience(seat))["options"]
    for option in Choosing(sitting, seat).options:
        told = shown[option.name]
        assert (told["title"], told["cost"], told["reason"], tuple(told["effects"])) == (
            option.title, option.cost, option.reason, option.effects
        )  # fmt: skip
        if not option.open:
            assert order(table, "ask", seat, move=option.name, chosen={}).data["reason"] == option.reason
            continue
        window = Choosing(sitting, seat)
        window.pick(option)
        asked = order(table, "ask", seat, move=option.name, chosen={}).data
        while window.choice is not None:
            assert [(pick["title"], pick["reason"]) for pick in asked["picks"]] == [
                (pick.title, pick.reason) for pick in window.picks
            ]
            value = next(pick.value for pick in window.picks if pick.open)
            window.choose(value)
            chosen = {**asked["chosen"], asked["key"]: value}
            asked = order(table, "ask", seat, move=option.name, chosen=chosen).data
        assert asked["move"] == str(window.move)
        assert [(row["title"], row["before"], row["after"], row["ordered"]) for row in asked["rows"]] == [
            (row.title, row.before, row.after, row.ordered) for row in window.forecast
        ]
        assert [title for title, _ in asked["sets_off"]] == [rule.title for rule in window.reactions]


def test_a_choice_is_made_one_after_the_other() -> None:
    table = new_table("rivals_2025")
    seat = table.sitting.seat
    asked = order(table, "ask", seat, move="gift_chips").data
    if asked.get("reason"):
        asked = order(table, "ask", seat, move="tighten_controls").data
    assert asked.get("picks") or asked.get("move")
    for pick in asked.get("picks", ()):
        if not pick["reason"]:
            then = order(
                table, "ask", seat, move=asked["name"], chosen={**asked["chosen"], asked["key"]: pick["value"]}
            ).data
            assert then.get("picks") or then.get("move")


def test_the_clock_ends_a_turn_that_nobody_ends() -> None:
    clock = Clock()
    table = new_table(minutes=1, clock=clock)
    settle(table, clock, lambda: table.sitting.seat == "china")
    assert 60 < clock.now < 90
    assert next(iter(table.sitting.record.nodes.values())).by == "time ran out"


def test_a_team_s_time_begins_when_it_has_come_or_the_facilitator_lets_it_run() -> None:
    clock, come = Clock(), set[str]()
    table = new_table(minutes=1, clock=clock)
    table.has_come = come.__contains__

    def after(seconds: int) -> float:
        for _ in range(seconds):
            clock.now += 1
            table.tick()
        return table.turn_clock.remaining

    assert after(500) == 60
    assert table.waiting_for() == "It is the turn of United States. Time runs once somebody has come to United States."
    come.add("united_states")
    assert after(30) == 30
    assert play(table, "pass").ok
    assert after(500) == 60, "nobody has come to China"
    assert host_order(table, "pause").ok
    assert host_order(table, "resume").ok
    assert after(30) == 30


def test_a_lobby_is_a_lobby_after_a_restart_and_the_first_turn_has_its_whole_time(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "game.yaml"
    table = new_table(minutes=1, path=path, clock=clock)
    table.open_lobby()
    other = again(path, clock)
    clock.now += 500
    other.tick()
    assert other.phase == LOBBY
    assert host_order(other, "resume").ok
    assert (other.phase, other.turn_clock.remaining) == (TURNS, 60)


def test_a_stopped_clock_stays_stopped_after_a_restart(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "game.yaml"
    table = new_table(minutes=1, path=path, clock=clock)
    assert host_order(table, "pause").ok
    other = again(path, clock)
    for _ in range(500):
        clock.now += 1
        other.tick()
    assert other.sitting.seat == "united_states"
    assert "stopped" in other.waiting_for()


def test_the_last_move_is_taken_back_and_the_epoch_rises() -> None:
    table = new_table()
    play(table, first(table))
    epoch = table.epoch
    assert host_order(table, "rewind", at=table.at).ok
    assert (table.at, table.epoch) == (0, epoch + 1)
    assert host_order(table, "rewind", at=table.at).sentence == "The game stands at its beginning."


def test_a_seat_changes_hands_in_mid_game() -> None:
    clock = Clock()
    table = new_table(clock=clock)
    assert host_order(table, "give", seat="united_states", player="greedy").ok
    settle(table, clock, lambda: table.sitting.seat == "china")
    assert not host_order(table, "give", seat="china", player="nobody_knows").ok
    assert host_order(table, "give", seat="united_states", player="human").ok


def test_a_team_s_name_is_text_and_nothing_else() -> None:
    table = new_table()
    assert host_order(table, "rename", seat="china", team="<b>Potomac</b>").ok
    assert table.document(Audience())["seats"]["china"]["team"] == "<b>Potomac</b>"
    assert host_order(table, "rename", seat="china", team="x" * 41).code == "usage"
    assert host_order(table, "rename", seat="mars", team="x").code == "usage"


def test_a_seat_is_told_what_each_of_its_ambitions_asks_for() -> None:
    table = new_table("summit_2025")
    for seat in table.sitting.game.seats:
        aims = {head.removeprefix("Aim: "): text for head, text in table.static(Audience(seat))["aims"]}
        roles = table.sitting.board.roles_of(seat)
        wanted = [each.title for each in BOOK.goals.ambitions if each.role in roles]
        assert wanted
        assert all(len(aims[title]) > 10 and "secret" not in aims[title] for title in wanted)


def test_documents_hold_no_none_for_that_means_gone() -> None:
    table = new_table("summit_2025", bots={seat.name: "greedy" for seat in BOOK.scenarios["summit_2025"].seats[1:]})

    def check(value: object, path: str) -> None:
        assert value is not None, path
        for key, each in value.items() if isinstance(value, dict) else ():
            check(each, f"{path}.{key}")

    for seat in (None, *table.sitting.game.seats):
        check(table.document(Audience(seat)), str(seat))
        check(table.static(Audience(seat)), str(seat))
