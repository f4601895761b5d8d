"""The report says what the numbers say, names games that are there, and is a page that needs nothing else."""

from __future__ import annotations

import html
import re
import shlex
from html.parser import HTMLParser

import numpy as np
import polars as pl
import pytest

from game import theme
from game.cli.app import run
from tests.pages import without_fonts
from tests.report.conftest import PLANS
from tournament.analysis.answers import of_players
from tournament.analysis.means import difference
from tournament.analysis.robustness import Overturn
from tournament.report import commands, words
from tournament.report.standings import table
from tournament.report.write import Written, write_report
from tournament.runner.replay import replay

VOID = {"meta", "br", "path", "use", "rect", "line", "image", "link", "hr", "input"}


class Page(HTMLParser):
    """Reads a page strictly: every tag closed by its own, in order; remembers attributes and text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.codes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "code":
            self.codes.append("")
        if tag not in VOID or (tag in ("path", "use", "rect", "line", "image")):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "code":
            self.codes[-1] += data
        if "style" not in self.open:
            self.text.append(data)


def page_of(report: Written) -> Page:
    page = Page()
    page.feed(report.page.read_text(encoding="utf-8"))
    page.close()
    return page


@pytest.fixture(params=PLANS)
def report(request: pytest.FixtureRequest, written: dict[str, Written]) -> Written:
    return written[request.param]


def test_the_page_is_whole_and_asks_for_nothing_from_elsewhere(report: Written) -> None:
    page = page_of(report)
    assert page.open == []
    source = without_fonts(report.page.read_text(encoding="utf-8"))
    for tag, attributes in page.tags:
        assert tag not in ("script", "img", "link", "iframe", "object", "embed", "image")
        for name in ("src", "href", "data", "srcset", "xlink:href"):
            assert (attributes.get(name) or "#").startswith("#"), (tag, attributes)
    assert not re.findall(r"(?:https?:)?//[a-z]", source)
    assert "@import" not in source
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", source))


def test_every_reference_inside_the_page_has_its_target_once(report: Written) -> None:
    page = page_of(report)
    known = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(known) == len(set(known))
    source = report.page.read_text(encoding="utf-8")
    assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', source)) <= set(known)


def test_every_drawing_says_in_words_what_it_shows(report: Written) -> None:
    drawings = [found for tag, found in page_of(report).tags if tag == "svg" and found.get("aria-hidden") != "true"]
    assert len(drawings) >= 6
    assert all(len(attributes.get("aria-label") or "") > 20 for attributes in drawings)


def test_a_run_says_how_to_cite_it(report: Written) -> None:
    tournament = report.findings.tournament
    assert tournament.citation in html.unescape(report.page.read_text(encoding="utf-8"))
    assert tournament.manifest["rules"]["sha256"][:16] in tournament.citation
    assert tournament.store.digest() in tournament.citation


def test_a_seat_has_the_colour_and_shape_of_the_window(report: Written) -> None:
    source, titles = report.page.read_text(encoding="utf-8"), report.findings.titles
    for seat in report.findings.seats:
        assert f'style="--s: {theme.as_hex(titles.mark(seat).paper)}"' in source


@pytest.mark.parametrize("report", [name for name in PLANS if name != "around"], indirect=True)
def test_the_best_player_named_is_the_one_with_the_highest_mean(report: Written) -> None:
    found = report.findings
    base = found.tournament.field.arms[0]
    games = found.tournament.games.filter((pl.col("arm") == base.name) & (pl.col("scenario") == base.scenario))
    scores = games["scores"].to_list()
    page = "".join(page_of(report).text)
    for place, seat in enumerate(found.seats):
        by_player: dict[str, list[int]] = {}
        for profile, score in zip(games["profile"].to_list(), scores, strict=True):
            by_player.setdefault(profile[place], []).append(score[place])
        means = {name: float(np.mean(points)) for name, points in by_player.items()}
        summary = next(v for v in words.summaries(found) if v.seat == seat)
        best = next(name for name in means if found.titles.player(seat, name) == summary.best)
        assert means[best] == max(means.values()), "of several with the same mean any may be first"
        assert f"On average {means[best]:,.1f} points" in summary.said[0]
        assert summary.best in page and summary.said[0] in page
        stored = pl.read_csv(report.page.parent / "standings_points.csv").filter(pl.col("seat") == seat)
        assert stored.sort("place")["player"][0] == best
        assert stored.sort("place")["payoff_value"][0] == pytest.approx(means[best])


def test_arms_with_a_point_of_the_sweep_are_called_in_words_everywhere(written: dict[str, Written]) -> None:
    found = written["sweep"].findings
    headings = [commands.heading(found, finding) for finding in found.examples if finding.startswith("rules ")]
    assert any(text.startswith("Rules “truce”, Spillover of open work at 0: ") for text in headings)
    assert not [text for text in headings if "knob." in text or "=" in text]


def test_how_sure_a_verdict_is_follows_from_the_tables(written: dict[str, Written]) -> None:
    seen = set()
    for name in PLANS:
        found = written[name].findings
        leads = pl.read_csv(written[name].page.parent / "leads.csv")
        points = pl.read_csv(written[name].page.parent / "standings_points.csv").filter(pl.col("place") == 1)
        enough = len(set(found.analysis.table.block.tolist())) >= 5
        for summary in words.summaries(found):
            row = points.row(by_predicate=pl.col("seat") == summary.seat, named=True)
            sure = (leads.filter(pl.col("seat") == summary.seat)["difference_low"] > 0).all()
            least, most, wanted = {
                "clear": (0.95, 1, sure and enough),
                "likely": (0.8, 1, enough),
                "slight": (0.5, 1, True),
                "open": (0, 0.5, True),
            }[summary.level]
            assert least <= row["best"] <= most and wanted, (name, summary)
            seen.add(summary.level)
    assert seen >= {"clear", "likely", "slight"}


def test_the_answer_to_the_plans_question_leads_the_report_and_is_what_the_games_say(
    written: dict[str, Written],
) -> None:
    found = written["levers"].findings
    assert len(found.answers) == 5 * 2
    for answer in found.answers:
        family = next(name for name, weight in answer.contrast.items() if weight < 0).removeprefix("no_")
        worth = next(w for w in found.levers if (w.lever, w.seat, w.player) == (family, answer.seat, None))
        assert answer.number.value == pytest.approx(worth.worth.value)
        assert answer.number.low == pytest.approx(worth.worth.low)
    told = words.answers(found)
    assert any(each.startswith("China, what sanctions are worth: ") for each in told)
    text = "".join(page_of(written["levers"]).text)
    assert text.index(found.tournament.plan.question) < text.index(told[0]) < text.index(words.summaries(found)[0].best)
    assert pl.read_csv(written["levers"].page.parent / "answers.csv").height == 10


def test_players_of_a_seat_are_contrasted_where_all_of_them_met_the_same(written: dict[str, Written]) -> None:
    table = written["full"].findings.analysis.table
    contrast = {"contain_and_race": 1.0, "open_america": -0.5, "sell_the_best": -0.5}
    found = of_players(table, "united_states", contrast)
    means = {
        name: table.payoff("points")[table.profile[:, 0] == k, 0].mean() for k, name in enumerate(table.players[0])
    }
    assert found.number.value == pytest.approx(sum(weight * means[name] for name, weight in contrast.items()))
    two = of_players(table, "united_states", {"contain_and_race": 1, "open_america": -1}).number
    assert two.row() | {"estimand": ""} == difference(table, 0, 0, 1).difference.row() | {"estimand": ""}


def test_every_game_that_is_named_is_stored_and_can_be_played_again(report: Written) -> None:
    found = report.findings
    named = {e.id for examples in found.examples.values() for e in examples}
    named |= {e.other for examples in found.examples.values() for e in examples if e.other}
    shown = {code.split()[-1] for code in page_of(report).codes if code.startswith("chokepoint tournament game")}
    assert named == shown and named
    for game in sorted(named):
        found.tournament.row(game)
    if not found.tournament.faults.height:
        assert replay(found.tournament, min(named)).row["id"].startswith(min(named))


def test_the_numbers_of_a_named_pair_of_games_are_those_of_the_store(report: Written) -> None:
    found = report.findings
    for seat in found.seats:
        for example in found.examples.get(f"best {seat}", []):
            lead, place = found.leads[seat][0], found.seats.index(seat)
            mine, other = found.tournament.row(example.id), found.tournament.row(example.other)
            assert mine["block"] == other["block"]
            assert (mine["profile"][place], other["profile"][place]) == (lead.player, lead.other)
            rest = [
                (a, b) for k, (a, b) in enumerate(zip(mine["profile"], other["profile"], strict=True)) if k != place
            ]
            assert all(a == b for a, b in rest)
            assert example.value == mine["scores"][place] - other["scores"][place]


def test_the_page_says_once_that_it_is_about_the_model_how_to_repeat_it_and_what_was_audited(report: Written) -> None:
    page = page_of(report)
    text = "".join(page.text)
    assert words.CAUTION in text
    again = [code for code in page.codes if code.startswith("chokepoint tournament run")]
    assert len(again) == 1 and str(report.findings.tournament.folder / "plan.yaml") in again[0]
    assert "Audit: " in text and "came out the same" in text


def test_the_command_that_repeats_the_run_gives_the_same_bytes(written: dict[str, Written], capfd) -> None:
    for name in ("full", "faults"):
        report = written[name]
        command = next(code for code in page_of(report).codes if code.startswith("chokepoint tournament run"))
        run([*shlex.split(command)[1:], "--no-ray"])
        capfd.readouterr()
        folder = report.findings.tournament.folder
        again = folder.with_name(f"{folder.name}-again")
        for part in ("games", "seats"):
            first, second = (sorted((place / part).glob("*.parquet")) for place in (folder, again))
            assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_titles_come_from_the_rules_and_the_doctrines(written: dict[str, Written]) -> None:
    text = "".join(page_of(written["sampled"]).text)
    book = written["sampled"].findings.titles.book
    assert book.scenarios["rivals_2025"].title in text and book.title in text
    assert "open_labs" not in "".join(text.split("Tables")[0]).replace(str(written["sampled"].page.parent), "")


def test_what_would_overturn_a_verdict_is_in_the_tables(written: dict[str, Written]) -> None:
    found, told = written["sampled"].findings, 0
    for summary in words.summaries(found):
        changed = [o for o in found.analysis.overturns if o.seat == summary.seat]
        gone = [c for c in found.analysis.left_out if c.seat == summary.seat and c.changed]
        if not changed and not gone:
            assert "Nothing that was tried" in summary.threats[0]
            continue
        names = [*(o.then for o in changed), *(c.best for c in gone)]
        titles = {found.titles.player(summary.seat, name) for name in names}
        assert all(any(title in threat for title in titles) for threat in summary.threats)
        told += len(summary.threats)
    assert told >= 2


def test_levers_come_from_the_arms_paired_by_world(written: dict[str, Written]) -> None:
    report = written["levers"]
    levers = pl.read_csv(report.page.parent / "levers.csv").filter(pl.col("player").is_null())
    families = set(report.findings.titles.book.families)
    assert set(levers["lever"]) == families
    games = report.findings.tournament.games
    whole = games.filter(pl.col("arm") == "base").with_columns(key=pl.col("profile").list.join(" "))
    less = games.filter(pl.col("arm") == "no_sanctions").with_columns(key=pl.col("profile").list.join(" "))
    both = whole.join(less, on=["key", "block"], suffix="_less")
    assert both.height == whole.height
    for place, seat in enumerate(report.findings.seats):
        change = (both["scores"].list.get(place) - both["scores_less"].list.get(place)).mean()
        row = levers.row(by_predicate=(pl.col("lever") == "sanctions") & (pl.col("seat") == seat), named=True)
        assert row["worth_value"] == pytest.approx(change)
    assert report.findings.titles.lever("sanctions") in "".join(page_of(report).text)


def test_a_sweep_gives_a_tornado_and_says_where_the_answer_holds(written: dict[str, Written]) -> None:
    report = written["sweep"]
    bars = pl.read_csv(report.page.parent / "tornado.csv")
    assert set(bars["knob"]) == {"knob.spillover", "knob.follow"}
    games = report.findings.tournament.games
    mean = {
        arm: games.filter(pl.col("arm") == arm)["scores"].list.get(0).mean()
        for arm in ("base", "knob.follow=7", "knob.follow=28")
    }
    low, high = sorted(mean[arm] - mean["base"] for arm in mean if arm != "base")
    row = bars.row(by_predicate=(pl.col("knob") == "knob.follow") & (pl.col("seat") == "united_states"), named=True)
    assert row["width"] == pytest.approx(max(high, 0.0) - min(low, 0.0))
    text = "".join(page_of(report).text)
    assert "Where the answer holds" in text and "Which assumptions matter" in text
    assert report.findings.titles.knob("knob.follow") in text
    assert set(report.findings.arms.others) == {"truce", "truce, knob.spillover=0", "truce, knob.spillover=400",
                                                "truce, knob.follow=7", "truce, knob.follow=28"}  # fmt: skip


def test_deviations_compare_a_seat_s_players_where_nobody_else_moves(written: dict[str, Written]) -> None:
    found = written["around"].findings
    games, around = found.tournament.games, list(found.around.values())
    for place, seat in enumerate(found.seats):
        means: dict[str, list[int]] = {}
        for profile, scores in zip(games["profile"].to_list(), games["scores"].to_list(), strict=True):
            if all(k == place or name == around[k] for k, name in enumerate(profile)):
                means.setdefault(profile[place], []).append(scores[place])
        for standing in found.standing(seat):
            assert standing.payoff.value == pytest.approx(float(np.mean(means[standing.player])))
    assert words.nobody_leaves(found) in "".join(page_of(written["around"]).text)


def test_players_that_fail_are_named_and_the_results_told_without_their_games(written: dict[str, Written]) -> None:
    report = written["faults"]
    text = "".join(page_of(report).text)
    games = report.findings.tournament.faults.row(by_predicate=pl.col("player") == "raises", named=True)["games"]
    assert f"Raises stopped with an error in {games:,} games: “" in text
    assert "Without those games" in text
    clean = pl.read_csv(report.page.parent / "standings_points_without_faults.csv")
    seats = report.findings.tournament.seats
    failed = set(seats.filter(pl.col("status") != "ok")["id"])
    left = seats.filter(~pl.col("id").is_in(list(failed)) & (pl.col("seat") == "south"))
    for row in clean.filter(pl.col("seat") == "south").iter_rows(named=True):
        mine = left.filter(pl.col("player") == row["player"])
        assert (row["payoff_n"], row["payoff_value"]) == (mine.height, pytest.approx(mine["score"].mean()))
    assert "raises" not in set(clean["player"])


@pytest.mark.parametrize("name", ["sampled", "full", "levers", "around", "faults"])
def test_the_run_and_its_report_tell_the_same_numbers(written: dict[str, Written], name: str) -> None:
    found = written[name].findings
    entries = table(found.tournament)
    assert repr([entry.standing for entry in entries]) == repr(found.analysis.standings["points"])  # nan is not nan
    for entry in entries:
        wins = next(s for s in found.standing(entry.seat, "win") if s.player == entry.player)
        assert repr(entry.wins) == repr(wins.payoff)


@pytest.mark.parametrize(
    ("share", "says"),
    [(0.254, "only a little more common than now (25% of its seat)"), (0.4, "40% of its seat or more (now 25%)")],
)
def test_how_common_an_opponent_would_have_to_be_is_not_told_as_a_change_of_nothing(
    written: dict[str, Written], share: float, says: str
) -> None:
    found = written["full"].findings
    change = Overturn("china", "southern_road", "united_states", "open_america", share, 0.25, "chase_and_strike")
    assert says in words._overturned(found, change)


@pytest.mark.parametrize("name", ["full", "levers", "sweep", "around", "faults"])
def test_every_report_can_be_written_again_in_its_place(written: dict[str, Written], name: str) -> None:
    first = written[name]
    again = write_report(first.findings.tournament)
    assert (again.page, again.tables) == (first.page, first.tables)


def test_a_pair_of_games_shows_the_widest_dominance_and_a_game_the_likeliest_line_up(
    written: dict[str, Written],
) -> None:
    found = written["full"].findings
    shown = [seat for seat in found.seats if f"dominates {seat}" in found.examples]
    sure = {c.seat for c in found.analysis.dominance if c.answer == "dominates"}
    assert set(shown) == sure
    for seat in shown:
        for example in found.examples[f"dominates {seat}"]:
            place = found.seats.index(seat)
            pair = [found.tournament.row(game)["profile"][place] for game in (example.id, example.other)]
            assert any([c.player, c.other] == pair and c.answer == "dominates" for c in found.analysis.dominance)
    # A line-up is the likeliest where more than one is left once dominance has struck out: the rules decide whether.
    ranked = found.analysis.alpha_rank
    several = any(len(players) > 1 for players in (ranked.players if ranked else ()))
    assert ("longrun" in found.examples) == several
    if several:
        marginals = pl.read_csv(written["full"].page.parent / "alpha_rank.csv").filter(pl.col("chosen"))
        likeliest = found.tournament.row(found.examples["longrun"][0].id)["profile"]
        for seat, name in zip(found.seats, likeliest, strict=True):
            place = (pl.col("seat") == seat) & (pl.col("player") == name)
            assert marginals.row(by_predicate=place, named=True)["mass"] > 0.05
