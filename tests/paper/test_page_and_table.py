"""The debrief's page and table: self-contained, whole, without secrets before the end and without names if asked."""

from __future__ import annotations

import csv
import functools
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from game import Game, Record
from game.cli.app import run
from game.narrative.sight import board_of
from game.paper import view_page
from game.paper.account import account
from game.paper.debrief_page import PLAIN, html
from game.paper.drawing import Curve, LineChart
from game.paper.redaction import without_names
from game.paper.table import COLUMNS, csv_text
from game.records.replay import game_of
from game.records.seat_view import export_view
from rules import load_rulebook

BOOK = load_rulebook("standard")
VOID = {"meta", "line", "rect", "circle", "polygon", "polyline", "use", "img", "br"}


@functools.cache
def text(moves: int, seed: int = 4, scenario: str = "summit_2025") -> str:
    """A game of some moves in which secret moves are played whenever they can be; -1 to its end."""
    game = Game(BOOK, scenario, seed)
    count = 0
    while not game.over and count != moves:
        secret = [move for move in game.legal() if move.name != "pass" and BOOK.moves[move.name].secret]
        game.play(secret[count % len(secret)] if secret and count % 2 == 0 else game.choose("random"))
        count += 1
    return Record.of(game).text()


def record(moves: int = -1) -> Record:
    found = Record.parse(text(moves))
    seats = found.header["setup"]["seats"]
    for n, seat in enumerate(seats):
        seats[seat] = {"team": f"Team Ygg{n}", "player": "human"}
    found.header["authors"] = ["Zenobia Quill"]
    found.header["takeaways"] = [{"text": "Zenobia Quill sees to it with team ygg0", "owner": "Quentin Moor"}]
    found.remark(found.main_line()[0].id, note="Quentin Moor of Team Ygg1 was not so sure")
    return found


class Checker(HTMLParser):
    """Whether every element is closed in its turn, and what is loaded from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [f"{tag} {name}={value}" for name, value in attrs if name in ("src", "srcset", "data")]
        self.loads += [f"{tag} {v}" for n, v in attrs if n == "href" and tag != "a" and not str(v).startswith("#")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open and self.open[-1] == tag, (tag, self.open[-3:])
            self.open.pop()


def test_the_page_is_well_formed_and_loads_nothing_from_elsewhere() -> None:
    page = html(record())
    checker = Checker()
    checker.feed(page)
    assert checker.open == [] and checker.loads == []
    assert (
        "url(" not in page.replace("url(data:font/woff;base64,", "") and "@import" not in page and "<script" not in page
    )


def test_the_page_tells_all_five_chapters_and_every_decision() -> None:
    found = account(record())
    page = html(record())
    for chapter in ("What happened", "Why", "What if", "The real world", "Takeaways"):
        assert f"<h2>{chapter}</h2>" in page
    assert page.count("<li") >= len(found.decisions)
    for place in found.results:
        for title, _, __ in place.agendas:
            assert title in page
    assert all(card.note in page.replace("&#x27;", "'") for card in found.cards)


def test_the_page_says_in_what_the_results_of_the_world_are_counted() -> None:
    page = html(record())
    results = page[page.index('<ul class="measures">') :].partition("</ul>")[0]
    assert results.count("<small>") == sum(bool(measure.about) for measure in BOOK.measures.values()) > 20
    assert "Months of progress as before 2025 between the best American and the best Chinese model." in results


def test_titles_from_a_file_are_shown_and_never_run() -> None:
    found = record()
    found.header["title"] = "<script>alert(1)</script> & co"
    page = html(found)
    assert "<script" not in page and "&lt;script&gt;" in page


@pytest.mark.parametrize("moves", [10, 18])
def test_before_the_end_no_secret_is_on_paper(moves: int) -> None:
    found = record(moves)
    assert not game_of(found).over
    page, table = html(found), csv_text(found)
    secret = [node for node in found.main_line() if node.do and node.do != "pass" and BOOK.moves[node.do].secret]
    assert secret
    titles = {re.sub(r"\W+", " ", BOOK.moves[str(node.do)].title.source.split("{")[0]) for node in secret}
    moves_told = [d.title for d in account(found).decisions]
    assert not [title for title in moves_told if any(title.startswith(s.strip()) for s in titles if len(s) > 3)]
    agendas = {agenda.title for found_ in BOOK.agendas.values() for agenda in found_}
    assert not [title for title in agendas if f"<b>{title}</b>" in page]
    hidden = {t.title for t in BOOK.tracks.values() if t.visibility != "public" and t.drawn is None}
    rows = list(csv.DictReader(io.StringIO(table)))
    assert not {row["track"] for row in rows} & hidden


def test_without_names_nothing_names_anybody() -> None:
    for paper in (html(record(), names=False), csv_text(record(), names=False), nameless_text()):
        for name in ("Ygg", "ygg", "Zenobia", "Quill", "Quentin", "Moor"):
            assert name not in paper, name


def nameless_text() -> str:
    found = record()
    return without_names(found, board_of(game_of(found))).text()


def test_a_record_without_names_replays_as_before() -> None:
    copy = Record.parse(nameless_text())
    assert game_of(copy).state_hash == game_of(record()).state_hash
    assert [node.check for node in copy.main_line()] == [node.check for node in record().main_line()]


def test_the_original_keeps_its_names_when_a_copy_loses_them() -> None:
    found = record()
    before = found.text()
    without_names(found, board_of(game_of(found)))
    assert found.text() == before


def test_the_table_has_the_round_on_every_row_and_its_changes_add_up() -> None:
    found = record()
    rows = list(csv.DictReader(io.StringIO(csv_text(found))))
    assert list(rows[0]) == list(COLUMNS)
    rounds = [int(row["round"]) for row in rows]
    assert rounds == sorted(rounds) and rounds[-1] == game_of(found).round
    changes = [row for row in rows if row["track"]]
    assert all(int(row["after"]) - int(row["before"]) == int(row["change"]) for row in changes)
    last: dict[tuple[str, str], int] = {}
    for row in changes:
        key = (row["track"], row["of"])
        assert last.get(key, int(row["before"])) == int(row["before"]), row
        last[key] = int(row["after"])
    game, board = game_of(found), board_of(game_of(found))
    track = BOOK.tracks[board.of_seat[0]]
    for seat in game.seats:
        key = (track.title, board.seat_title(seat))
        if key in last:
            assert last[key] == game.value(track.name, seat)


def test_comments_stand_with_their_moves_in_the_table() -> None:
    rows = list(csv.DictReader(io.StringIO(csv_text(record()))))
    noted = [row for row in rows if row["note"]]
    assert len(noted) == 1 and noted[0]["kind"] == "move"


def test_what_was_said_is_not_taken_for_a_formula(tmp_path: Path) -> None:
    found = record()
    found.remark(found.main_line()[0].id, note="\r=1+1", mark="=2+2")
    found.save(tmp_path / "game.yaml")
    assert run(["save", "table", str(tmp_path / "game.yaml"), "--out", str(tmp_path / "game.csv")]) == 0
    data = (tmp_path / "game.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfround,kind,")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [(row["mark"], row["note"]) for row in rows if row["note"]] == [("'=2+2", "'\n=1+1")]
    assert {len(row) for row in rows} == {len(COLUMNS)}


def test_a_record_that_does_not_replay_is_told_as_far_as_it_does() -> None:
    found = record()
    node = found.main_line()[20]
    broken = Record.parse(found.text().replace(node.check, "0" * 16))
    told = account(broken)
    assert not told.over
    assert len([d for d in told.decisions if d.kind == "move"]) == 20


def test_what_a_seat_saw_is_told_as_a_page_and_as_a_table() -> None:
    game = Game(BOOK, "first_game", 3)
    while not game.over:
        game.play(game.choose("greedy"))
    seen = export_view(Record.of(game, title="<b>Mine</b>"), "china")
    page = view_page.html(Record.parse(seen.text()))
    assert "What china saw" in page and "Round 4" in page and "&lt;b&gt;Mine" in page
    rows = view_page.csv_text(seen).splitlines()
    assert rows[0].startswith("round,kind,seat,what") and len(rows) > 50


def test_a_charts_scale_has_room_for_its_longest_number() -> None:
    short, long = (LineChart("Price", [Curve("", PLAIN, values)]) for values in ((0, 77), (949, 100000)))
    assert short.left < long.left and long.left >= 7 * len("100000")
