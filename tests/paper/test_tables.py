"""Many tables on one page: laid over each other, promises and plans judged, names left out, bad records named."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from game.cli.app import run
from game.paper.tables import Laid, html
from game.table.course import LIVE, SEALED
from game.table.plans import imagined
from tests.web.tables import Clock, new_table, order, settle

US, CHINA = "united_states", "china"


def table(path: Path, seed: int, *, rounds: int = 99, mode: str = SEALED) -> Path:
    """Save a game in which plans are sealed and a deal is agreed on; the first round is everywhere the same."""
    clock = Clock()
    played = new_table(mode=mode, path=path, clock=clock)
    played.sitting.rename(CHINA, "Team Potomac")
    never = sorted(played.sitting.offers.promised)[0]
    terms = [
        {"by": US, "kind": "text", "text": "Team Potomac stays calm", "until": 2},
        {"by": CHINA, "kind": "track", "cell": "tension", "compare": "at least", "value": 0, "until": 1},
        {"by": US, "kind": "does", "move": never, "until": 1},
    ]
    for _ in range(2):
        order(played, "offer", US, seat=CHINA, terms=terms)
    assert order(played, "answer", CHINA, offer=1, rev=1, accept=True).ok
    game = played.sitting.game
    while not game.over and game.round <= rounds:
        round_ = game.round
        for seat in game.seats:
            world, slots = imagined(game, seat), []
            rng = random.Random(0 if round_ == 1 else seed)
            while world.seat == seat and len(slots) < played.slots:
                moves = [move for move in world.legal() if move.name not in ("pass", never)]
                move = rng.choice(moves)
                slots.append({"move": str(move)})
                world.play(move)
            planned = order(played, "plan", seat, slots=slots, rev=played.plan(seat).rev)
            assert order(played, "seal", seat, rev=planned.data["rev"]).ok
        clock.now += 100
        settle(played, clock, lambda round_=round_: game.over or game.round > round_)  # type: ignore[misc]
    played.close()
    return path


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("tables")
    return [table(folder / "north.yaml", 1), table(folder / "south.yaml", 2), table(folder / "late.yaml", 3, rounds=2)]


def test_tables_part_where_something_else_was_played(records: list[Path]) -> None:
    parted = Laid.of(records[:2]).partings()
    assert [(each.table, each.round > 1) for each in parted] == [("south", True)]
    assert parted[0].there != parted[0].here
    assert Laid.of([records[0], records[0]]).partings() == []


def test_promises_of_finished_games_are_judged_and_those_of_others_are_not_told(records: list[Path]) -> None:
    marks = [(each.table, each.mark) for each in Laid.of(records).promises()]
    assert marks == [(name, mark) for name in ("north", "south") for mark in ("open", "kept", "broken")]


def test_plans_are_held_against_what_was_played(records: list[Path]) -> None:
    plans = Laid.of(records[:1]).plans()
    assert {each.seat for each in plans} == {"United States", "China"}
    for each in plans:
        assert each.planned == each.played + each.alternates + each.neither
        assert each.planned > each.played > 0 or each.neither == 0


def test_first_dates_say_round_and_seat_or_never(records: list[Path]) -> None:
    firsts = dict(Laid.of(records).firsts())
    assert {len(each) for each in firsts.values()} == {3}
    told = [each for when in firsts.values() for each in when]
    assert any(each.startswith("round 1, ") for each in told)
    assert "never" in told


def test_names_are_left_out_wherever_they_stand(records: list[Path]) -> None:
    assert "Team Potomac" in html(Laid.of(records))
    page = html(Laid.of(records, names=False))
    assert not [name for name in ("Potomac", "north", "south.yaml", "late.yaml") if name in page]
    assert "Table 2" in page


def test_the_page_says_nothing_secret_of_a_game_that_goes_on(records: list[Path]) -> None:
    page = html(Laid.of(records[2:]))
    assert "Deals are told once the game is over." in page
    assert "Plans are told once the game is over." in page
    assert "stays calm" not in page


def test_the_command_names_bad_records_and_the_rest_goes_on(
    records: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, other, out = tmp_path / "bad.yaml", tmp_path / "other.yaml", tmp_path / "page.html"
    bad.write_text("junk: [")
    rivals = new_table("rivals_2025", path=other)
    rivals.close()
    named = [str(each) for each in (records[0], bad, other, tmp_path / "gone.yaml")]
    assert run(["debrief", *named, "--out", str(out), "--bots", "1", "--no-names"]) == 1
    said = capsys.readouterr().err
    assert "bad.yaml: it is not a saved game" in said
    assert "other.yaml: it is of rivals_2025, the others are of duel_2025" in said
    assert "gone.yaml: it is not there" in said
    page = out.read_text()
    assert "record 2" in page
    assert "bad.yaml" not in page, "no names on the page, and the terminal names all"
    assert "Rounds scored" not in page, "what the rules count for themselves is nobody's to read"
    assert 'class="band"' in page
    assert "<script" not in page


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["none.yaml", "--out", "page.html"], 2, "none.yaml"),
        (["bad.yaml", "--out", "page.html"], 1, "no table is left to tell of"),
        (["bad.yaml", "--out", "page.html", "--bots", "-1"], 2, "--bots cannot be -1"),
        (["bad.yaml", "--out", "bad.yaml"], 2, "bad.yaml"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    arguments: list[str],
    status: int,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.yaml").write_text("junk: [")
    assert run(["debrief", *arguments]) == status
    said = capsys.readouterr().err
    assert sentence in said
    assert "Traceback" not in said


def test_live_games_without_deals_have_no_plans(tmp_path: Path) -> None:
    live = new_table(mode=LIVE, path=tmp_path / "live.yaml")
    while not live.sitting.game.over:
        live.sitting.stand_in("the test")
    live.close()
    page = html(Laid.of([tmp_path / "live.yaml"]))
    assert "No plans were sealed." in page
    assert "No deal was agreed on." in page
