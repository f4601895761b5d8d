"""The table, the games worth opening, and replays that end as the store says."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

import tournament
from game import Record
from game.errors import UnknownName
from game.records.replay import game_of
from tests.tournament.conftest import HERE
from tournament import analysis
from tournament.cli.tables import show_arms, show_table
from tournament.design.plan import Plan
from tournament.errors import StoreError
from tournament.report.standings import table, telling_games
from tournament.runner.replay import replay
from tournament.runner.run import run


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tournament.Tournament:
    return run(HERE / "plan.yaml", tmp_path_factory.mktemp("market"), backend="local")


def test_the_table_holds_every_player_of_every_seat_best_first(found: tournament.Tournament) -> None:
    entries = table(found)
    assert [(entry.seat, entry.standing.place) for entry in entries] == [
        *(("north", k) for k in (1, 2, 3)), *(("south", k) for k in (1, 2, 3, 4)), *(("west", k) for k in (1, 2)),
    ]  # fmt: skip
    for entry in entries:
        standing, wins = entry.standing, entry.wins
        assert standing.payoff.low < standing.payoff.value < standing.payoff.high
        assert 0 <= wins.low < wins.high <= 1
        assert wins.low <= wins.value <= wins.high
        assert standing.place_best <= standing.place <= standing.place_worst


def test_the_tables_means_are_those_of_the_seats(found: tournament.Tournament) -> None:
    seats = found.seats
    for entry in table(found):
        mine = seats.filter((seats["seat"] == entry.seat) & (seats["player"] == entry.player))
        assert entry.standing.payoff.n == mine.height
        assert entry.standing.payoff.value == pytest.approx(mine["score"].mean())
        assert entry.wins.value == pytest.approx(mine["win"].mean())


def test_the_printed_table_fits_80_columns_and_says_what_it_is(found: tournament.Tournament) -> None:
    out = io.StringIO()
    show_table(Console(file=out, width=80), found, table(found))
    text = out.getvalue()
    assert all(len(line) <= 80 for line in text.splitlines() if not line.startswith("Fair:"))
    assert "How to read it" in text
    assert "evidence about the model, not about the world" in " ".join(text.split())
    assert "south_hoarder?zeal=40" in text
    assert "…" not in text


def test_no_name_and_no_end_of_a_range_is_lost_at_80_columns(market: Plan, tmp_path: Path) -> None:
    hoarder = str(HERE / "players" / "south_hoarder.yaml")
    players = [{"player": hoarder, "knobs": {"zeal": list(range(0, 90, 3))}}]
    arms = {"a_very_long_name_of_an_arm_that_goes_on_and_on": {"without": ["hoard"]}}
    wide = market.changed(seats={**market.plain()["seats"], "south": players}, games=60, blocks=2, arms=arms)
    found = run(wide, tmp_path / "wide", backend="local")
    out = io.StringIO()
    terminal = Console(file=out, width=80)
    show_table(terminal, found, table(found))
    show_arms(terminal, found)
    text = out.getvalue()
    assert "…" not in text and all(len(line) <= 80 for line in text.splitlines() if not line.startswith("Fair:"))
    together = "".join(text.split())
    for entry in table(found):
        assert entry.player in together
    assert "a_very_long_name" in together


def test_the_most_surprising_game_was_won_by_whom_one_would_least_have_expected(found: tournament.Tournament) -> None:
    entries = table(found)
    typical, surprising = telling_games(found, entries)
    assert typical.id != surprising.id
    row = found.row(surprising.id)
    nobody = (found.games["win"].list.sum() == 0).mean()
    shares = {(entry.seat, entry.player): entry.wins.value for entry in entries}
    least = min(share for share in shares.values() if share > 0)
    if sum(row["win"]) == 0:
        assert nobody <= least
        assert "nobody won" in surprising.why
    else:
        place = row["win"].index(max(row["win"]))
        assert shares[found.seat_names[place], row["profile"][place]] == least <= (nobody or 1)
        assert f"won as {found.seat_names[place]}" in surprising.why


def test_every_game_replays_to_its_scores(found: tournament.Tournament) -> None:
    for game in found.games["id"].gather_every(10):
        played = replay(found, game)
        assert played.game.over
        assert [played.game.scores()[seat] for seat in found.seat_names] == played.row["scores"]
        assert list(played.players.values()) == played.row["profile"]


def test_a_replayed_game_is_a_record_that_needs_no_tournament(found: tournament.Tournament, tmp_path: Path) -> None:
    played = replay(found, found.games["id"][0])
    played.record.save(tmp_path / "game.yaml")
    read = game_of(Record.load(tmp_path / "game.yaml"))
    assert read.state_hash == played.game.state_hash
    assert read.scores() == played.game.scores()


def test_a_game_is_found_by_the_beginning_of_its_id(found: tournament.Tournament) -> None:
    game = found.games["id"][7]
    assert found.row(game[:8])["id"] == game
    assert found.row(game.upper())["id"] == game


def test_ids_that_name_no_game_or_several_are_refused(found: tournament.Tournament) -> None:
    with pytest.raises(UnknownName, match="unknown game 'zz'"):
        found.row("zz")
    with pytest.raises(StoreError, match="games begin with 0"):
        found.row("0")


def test_a_replay_that_ends_otherwise_is_told(found: tournament.Tournament, monkeypatch: pytest.MonkeyPatch) -> None:
    game = found.games["id"][0]
    row = found.row(game)
    monkeypatch.setattr(tournament.Tournament, "row", lambda *_: {**row, "scores": [1, 2, 3]})
    with pytest.raises(StoreError, match=r"was played to \[1, 2, 3\]"):
        replay(found, game)


def test_who_was_in_no_line_up_is_named(market: Plan, tmp_path: Path) -> None:
    found = run(market.changed(games=20), tmp_path / "few", backend="local")
    everybody = {player.name for players in found.field.seats.values() for player in players}
    out = io.StringIO()
    show_table(Console(file=out, width=200), found, table(found))
    met = {line.player for line in table(found)}
    assert met < everybody
    for name in everybody - met:
        assert name in out.getvalue().split("nobody met")[1].split("bring them in")[0]


def test_an_id_is_cut_to_the_shortest_beginning_that_no_other_game_has(found: tournament.Tournament) -> None:
    ids = found.ids.to_list()
    for game in ids[:20]:
        short = found.short(game)
        assert len(short) >= 8 and game.startswith(short)
        assert [other for other in ids if other.startswith(short)] == [game]
        assert found.row(short)["id"] == game


def test_a_run_is_cited_by_what_makes_it_again(found: tournament.Tournament, tmp_path: Path) -> None:
    again = run(HERE / "plan.yaml", tmp_path / "again", backend="local")
    other = run(HERE / "plan.yaml", tmp_path / "other", games=found.ids.len() * 2, backend="local")
    assert again.citation == found.citation != other.citation
    for part in (found.plan.plan, str(found.plan.seed), found.manifest["rules"]["sha256"][:16], f"{found.ids.len():,}"):
        assert part in found.citation


def test_a_run_and_its_payoffs_show_themselves_in_a_notebook(found: tournament.Tournament) -> None:
    shown = found._repr_html_()
    assert shown.count("<table") == 1
    assert all(f"&quot;{seat}&quot;" in shown or seat in shown for seat in found.seat_names)
    assert "<table" in analysis.table_of(found).game()._repr_html_()
