"""The standard rulebook's promises: enough content, every rule with a reason and a source, every scenario playable."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from itertools import pairwise

import pytest

from game import Game, play_games
from rules import load_rulebook, rulebook_from
from rules.model.rulebook import Rulebook

FAMILIES = ("sanctions", "chip_supply", "open_releases", "soft_power", "manufacturing")
ROLES = ("us_state", "us_labs", "cn_state", "cn_labs", "allies", "swing")
SCENARIOS = {
    "first_game": (2, 4),
    "duel_2025": (2, 8),
    "controls_2022": (3, 8),
    "rivals_2025": (4, 8),
    "summit_2025": (6, 6),
}


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook("standard")


def rules_of(book: Rulebook) -> Iterator[tuple[str, str, str]]:
    """Name, reason and source of every move, reaction and world rule."""
    for name, move in book.moves.items():
        yield f"move {name}", move.why, move.source
    for name, rule in book.reactions.items():
        yield f"reaction {name}", rule.why, rule.source
    for step in book.world_turn:
        for rule in step.rules:
            yield f"{step.name}.{rule.name}", rule.why, rule.source


def sourced(source: str) -> bool:
    return source.startswith(("facts,", "designer's assumption"))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_has_at_least_seven_moves(book: Rulebook, family: str) -> None:
    assert sum(move.family == family for move in book.moves.values()) >= 7


@pytest.mark.parametrize("role", ROLES)
def test_a_role_has_at_least_four_agendas_and_three_ambitions(book: Rulebook, role: str) -> None:
    assert len(book.agendas[role]) >= 4
    assert sum(ambition.role == role for ambition in book.goals.ambitions) == 3


def test_there_are_at_least_forty_events(book: Rulebook) -> None:
    assert len(book.events) >= 40


def test_every_rule_gives_a_reason(book: Rulebook) -> None:
    assert [name for name, why, _ in rules_of(book) if not why] == []


def test_every_rule_names_its_source(book: Rulebook) -> None:
    assert [name for name, _, source in rules_of(book) if not sourced(source)] == []


def test_every_start_value_and_knob_names_its_source(book: Rulebook) -> None:
    tracks = [track for track in book.tracks.values() if track.drawn is None]
    assert [item.name for item in (*tracks, *book.knobs.values()) if not sourced(item.source)] == []


def test_every_number_of_the_world_says_where_it_comes_from(book: Rulebook) -> None:
    tracks = [track for track in book.tracks.values() if track.drawn is None]
    rules = [*book.reactions.values(), *(rule for step in book.world_turn for rule in step.rules)]
    cards = (*book.moves.values(), *book.events.values(), *book.endings.values())
    assert [found.name for found in (*tracks, *book.knobs.values(), *rules, *cards) if not found.origin] == []


def test_only_the_score_is_made_for_play(book: Rulebook) -> None:
    """What is set for play goes where it cannot bend the world."""
    steps = [(step.name, rule) for step in book.world_turn for rule in step.rules]
    assert {name for name, rule in steps if rule.origin == "play"} == {"score"}
    assert [knob.name for knob in book.knobs.values() if knob.origin == "play"] == []


def test_a_world_rule_that_touches_what_is_made_for_play_says_what_of_it_is(book: Rulebook) -> None:
    """Capital, product lines, bids: they reach into the world, so the rules that let them do say so."""
    made = {track.name for track in book.tracks.values() if track.origin == "play"}
    score_only = {"points", "scored", "raised", "built", "penalty", "par", "head_start", "spread", "rising"}
    silent = []
    for step in book.source["world_turn"]:
        for rule in step["rules"]:
            touched = set(re.findall(r"[a-z_]+", json.dumps(rule["do"]))) & (made - score_only)
            if touched and rule["origin"] != "play" and not rule.get("for_play"):
                silent.append((rule["rule"], touched))
    assert silent == []


def test_every_assumption_has_a_plausible_range_within_what_can_be_set(book: Rulebook) -> None:
    for knob in book.knobs.values():
        assert knob.plausible is not None, knob.name
        assert knob.low <= knob.plausible[0] <= knob.value <= knob.plausible[1] <= knob.high, knob.name
        assert knob.plausible[0] < knob.plausible[1], knob.name


def test_every_move_says_what_answers_it(book: Rulebook) -> None:
    assert [name for name, move in book.moves.items() if not move.counter] == []


def test_every_event_has_source_grade_and_note(book: Rulebook) -> None:
    bad = [e.name for e in book.events.values() if not sourced(e.source) or e.grade not in "ABCU" or not e.note]
    assert bad == []


def test_weakly_sourced_events_say_reported(book: Rulebook) -> None:
    weak = [event for event in book.events.values() if event.grade in "CU"]
    said = [e for e in weak if "report" in f"{e.text} {e.note}".lower()]
    assert [e.name for e in weak if e not in said] == []


def test_a_number_in_the_text_of_an_event_is_that_of_its_effect(book: Rulebook) -> None:
    words = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    wrong = []
    for name, event in book.source["events"].items():
        effects = {int(found) for found in re.findall(r"\d+", json.dumps(event["effects"]))}
        said = {words.index(word) + 2 for word in re.findall(r"[a-z]+", event["text"].lower()) if word in words}
        wrong += [(name, event["text"])] if said - effects else []
    assert wrong == []


def test_a_move_promises_the_changes_that_it_makes(book: Rulebook) -> None:
    """Every signed number of the text stands in the effects; what is offered happens when it is accepted."""
    later = {"sell_for_fee": "take_licence", "offer_truce": "accept_truce", "offer_accord": "accept_accord"}
    moves = book.source["moves"]
    wrong = []
    for name, move in moves.items():
        done = json.dumps([move["effects"], moves[later[name]]["effects"] if name in later else []])
        effects = set(re.findall(r"\d+", done))
        wrong += [(name, n) for n in re.findall(r"[+−](\d+)", move["about"]) if n not in effects]
    assert wrong == []


def test_giving_the_best_model_away_costs_its_author_sales_and_part_of_its_lead(book: Rulebook) -> None:
    kept, given = Game(book, "duel_2025", 3), Game(book, "duel_2025", 3)
    for game in (kept, given):
        while game.seat != "united_states":
            game.play("pass")
    before = given.value("model", "cn_labs")
    given.play("release_weights")
    assert 1 <= given.value("model", "cn_labs") - before <= 2
    for game in (kept, given):
        while game.round == 1:
            game.play("pass")
    assert given.value("own_price", "american") < kept.value("own_price", "american")


def test_every_knob_is_used_and_covers_nothing_to_double(book: Rulebook) -> None:
    rules = json.dumps({key: value for key, value in book.source.items() if key != "knobs"}, default=str)
    assert [name for name in book.knobs if f"knob.{name}" not in rules] == []
    assert [k.name for k in book.knobs.values() if k.low > 0 or k.high < 2 * k.value or not k.meaning] == []


def test_knobs_cover_every_claim(book: Rulebook) -> None:
    assert {claim for knob in book.knobs.values() for claim in knob.claims} >= set(range(1, 12))


def test_no_rule_names_a_seat(book: Rulebook) -> None:
    seats = {seat.name for scenario in book.scenarios.values() for seat in scenario.seats}
    declared = {*book.roles, *book.tracks, *book.maps, *book.groups, *book.defines, *book.sets}
    assert seats & declared == set()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_has_its_seats_and_rounds(book: Rulebook, scenario: str) -> None:
    seats, rounds = SCENARIOS[scenario]
    assert (len(book.scenarios[scenario].seats), book.scenarios[scenario].rounds) == (seats, rounds)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_random_games_end(book: Rulebook, scenario: str) -> None:
    seats = [seat.name for seat in book.scenarios[scenario].seats]
    results = play_games(book, scenario, dict.fromkeys(seats, "random"), range(20), jit=False)
    assert set(Counter(results.end)) <= {"final", "rupture"}
    assert results.scores.min() > -200 and results.scores.max() < 400


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_weights_of_all_rounds_add_up_to_what_a_score_rests_on(scenario: str) -> None:
    """The first round counts once everywhere, the last most, and the sum is what unfinished games are scaled to."""
    measured = deepcopy(load_rulebook("standard").source)
    measured["measures"]["total"] = {"title": "Total", "value": "weight_total", "about": "Weights of all rounds."}
    measured["scenarios"][scenario]["knobs"] = {"brink": 12000}
    calm = rulebook_from(measured)
    game = Game(calm, scenario, 3)
    total = game.measures()["total"]
    counted = [0]
    while not game.over:
        before = game.round
        game.play(game.choose("random"))
        if game.round != before or game.over:
            counted.append(game.value("scored"))
    weights = [after - before for before, after in pairwise(counted)]
    assert len(weights) == game.scenario.rounds
    assert (weights[0], sum(weights)) == (1, total)
    assert weights[-1] >= 2 * weights[-2]
    assert weights == sorted(weights)
