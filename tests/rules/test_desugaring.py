"""What the front end writes out: reactions, secret aims, seats, choices, scenarios, defaults."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules import load_rulebook, rulebook_from
from rules.model.rulebook import Rulebook, Turns
from rules.model.terms import (
    INT,
    SEAT,
    Aggregate,
    Assign,
    Binary,
    Compare,
    Const,
    Draw,
    HasTrait,
    If,
    IfElse,
    Local,
    MapRead,
    Named,
    Nothing,
    Read,
    Role,
    Type,
)
from rules.model.visit import every, expressions, statements, written_out

BASE = Path(__file__).parent / "bad" / "base"
ME = Local("me", SEAT)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook(BASE)


def test_a_reaction_is_woven_into_the_moves_that_it_follows(book: Rulebook):
    woven = book.moves["tighten"].effects[-1]
    assert isinstance(woven, If) and woven.where.path == "reactions.alarm"
    assert woven.cond == Compare(">", Read("tension", ()), Const(50))
    assert all(each.where.path != "reactions.alarm" for each in book.moves["sell"].effects)
    assert book.reactions["alarm"].body == (woven,)


def test_a_reaction_may_use_what_all_its_moves_choose():
    both = {"moves.tighten.family": "sanctions", "reactions.alarm.do": ["points[target] -= 1"]}
    woven = load_rulebook(BASE, both).moves["tighten"].effects[-1]
    assert isinstance(woven, If)
    assert isinstance(woven.then[0], Assign) and woven.then[0].index == (Local("target", SEAT),)


def test_local_names_of_a_reaction_are_kept_apart_from_the_moves():
    let = [{"let": "gain = 2"}, "me.points += gain"]
    book = load_rulebook(BASE, {"moves.tighten.effects": let, "reactions.alarm.do": let})
    woven = book.moves["tighten"].effects[-1]
    assert isinstance(woven, If)
    assert [book.moves["tighten"].effects[0].name, woven.then[0].name] == ["gain", "gain.2"]  # type: ignore[union-attr]


def test_loops_of_a_define_have_new_names_wherever_it_is_used_in_one_rule():
    source = load_rulebook(BASE).source
    defines = {**source["defines"], "all_warmth": "sum(r.warmth for r in regions)", "twice": "2 * all_warmth"}
    book = rulebook_from(
        {**source, "defines": defines},
        {
            "moves.tighten.effects": ["me.points += all_warmth + twice", "me.points += all_warmth"],
            "moves.sell.effects": ["me.points += all_warmth"],
            "reactions.alarm.do": ["me.points += all_warmth + twice"],
        },
    )
    for move in book.moves.values():
        exprs = [expr for each in statements(move.effects) for expr in expressions(each)]
        names = [part.var for expr in exprs for part in every(expr) if isinstance(part, Aggregate)]
        assert len(names) == len(set(names)), move.name


def test_a_define_keeps_its_name_and_values_and_means_its_formula():
    source = load_rulebook(BASE).source
    formulas = {**source["defines"], "warmest(seat s)": "max(r.warmth for r in regions) + points[s]"}
    book = rulebook_from(
        {**source, "defines": formulas, "groups": {**source["groups"], "warm": "r in regions if r.warmth > 3"}},
        {
            "moves.tighten.requires": [{"rule": "warmest(target) > 5", "else": "too cold"}],
            "moves.sell.effects": ["me.points += count(r for r in warm if r.warmth < 9)"],
        },
    )
    rule = book.moves["tighten"].requires[0].rule
    assert isinstance(rule, Compare) and isinstance(rule.left, Named)
    assert (rule.left.name, rule.left.args) == ("warmest", (Local("target", SEAT),))
    assert rule.left == rule.left.value and hash(rule.left) == hash(rule.left.value)
    assert [type(part) for part in every(rule)][:2] == [Compare, Binary]
    assert not isinstance(written_out(rule).left, Named)  # type: ignore[union-attr]
    assert written_out(rule) == rule

    gain = book.moves["sell"].effects[0]
    assert isinstance(gain, Assign) and isinstance(gain.value, Aggregate) and isinstance(gain.value.cond, Binary)
    group = gain.value.cond.left
    assert isinstance(group, Named) and (group.name, group.args) == ("warm", (Local("r", Type("elem", "region")),))
    assert group == Compare(">", Read("warmth", group.args), Const(3))


def test_defines_and_groups_are_typed(book: Rulebook):
    pull = book.defines["pull"]
    assert pull.params == (("k", Type("elem", "stack")), ("r", Type("elem", "region")))
    params = tuple(Local(name, kind) for name, kind in pull.params)
    assert pull.value == Binary("+", Const(10), Read("reach", params), INT)
    assert (pull.uses_me, pull.secret, pull.text) == (False, False, "10 + reach[k, r]")
    rivals = book.groups["rivals"]
    assert (rivals.var, rivals.domain, rivals.set, rivals.uses_me) == ("s", "seats", "seat", True)
    bloc = Type("elem", "bloc")
    assert rivals.cond == Compare("!=", MapRead("bloc", Local("s", SEAT), bloc), MapRead("bloc", ME, bloc))


def test_a_rulebook_hashes_by_its_data(book: Rulebook):
    assert hash(book) == hash(load_rulebook(BASE)) != hash(load_rulebook(BASE, {"knob.spillover": 100}))
    assert len({book, load_rulebook(BASE)}) == 1


def test_secret_aims_are_a_track_a_dealing_rule_and_points(book: Rulebook):
    track = book.tracks["agenda_us_state"]
    assert (track.scope, track.low, track.high, track.visibility) == (("seat",), 0, 1, "owner")
    assert track.drawn == ("us_state", 1)
    (deal,) = book.agenda_setup
    (seated,) = deal.body
    assert isinstance(seated, If)
    assert seated.cond == Compare("!=", Role("us_state"), Nothing())
    draw, assign = seated.then
    assert isinstance(draw, Draw) and (draw.low, draw.high) == (Const(1), Const(1))
    assert isinstance(assign, Assign)
    assert (assign.track, assign.index, assign.value) == ("agenda_us_state", (Role("us_state"),), Local("n", INT))
    held = Compare("==", Read("agenda_us_state", (ME,)), Const(1))
    points = book.agendas["us_state"][0].points
    assert book.goals.score == Binary("+", Read("points", (ME,)), IfElse(held, points, Const(0), INT), INT)
    assert "agenda_points" not in book.defines
    assert list(book.aims) == ["us_state.1", "agenda_points"]


def test_without_aims_their_points_are_nothing():
    book = load_rulebook(BASE, {"agendas": {}})
    assert book.agenda_setup == () and book.agendas == {}
    assert book.goals.score == Binary("+", Read("points", (ME,)), Const(0), INT)


@pytest.mark.parametrize(
    ("seats", "cond", "text"),
    [
        ("all", Compare("==", ME, ME), "every seat"),
        ({"trait": "state"}, HasTrait(ME, "state"), "seats with the trait state"),
        ({"role": "us_labs"}, Compare("==", ME, Role("us_labs")), "us_labs"),
        (
            {"roles": ["us_labs", "cn_state"]},
            Binary("or", Compare("==", ME, Role("us_labs")), Compare("==", ME, Role("cn_state")), Type("bool")),
            "us_labs, cn_state",
        ),
    ],
)
def test_who_may_play(seats: object, cond: object, text: str):
    move = load_rulebook(BASE, {"moves.tighten.seats": seats}).moves["tighten"]
    assert (move.seats, move.seats_text) == (cond, text)


def test_choices(book: Rulebook):
    (target,) = book.moves["tighten"].choices
    bloc = Type("elem", "bloc")
    assert (target.name, target.set, target.domain) == ("target", "seat", "rivals")
    assert target.cond == Compare("!=", MapRead("bloc", Local("target", SEAT), bloc), MapRead("bloc", ME, bloc))
    region, amount = book.moves["sell"].choices
    assert (region.set, region.cond) == ("region", None)
    assert (amount.set, amount.low, amount.high) == (None, 1, 5)


def test_titles_and_refusals_have_values_in_them(book: Rulebook):
    move = book.moves["tighten"]
    assert move.title.parts == ("Tighten controls on ", Local("target", SEAT))
    assert move.requires[0].sentence.parts[1:] == (Local("target", SEAT), " are already at their tightest")
    assert move.title.source == "Tighten controls on {target}"
    assert str(move.requires[0].where) == "rules.yaml:46"


def test_titles_are_made_from_names(book: Rulebook):
    assert book.tracks["tension"].title == "Tension"
    assert book.sets["bloc"].elements == {"us": "Us", "china": "China"}
    assert (book.sets["bloc"].plural, book.sets["region"].plural) == ("blocs", "regions")


SCENARIO = {
    "title": "Three",
    "for": "workshops",
    "minutes": 90,
    "rounds": 4,
    "begins": "2025-01",
    "turns": {"repeat": False},
    "seats": {"a": {"roles": ["us_state", "us_labs"]}, "b": {"title": "B", "roles": ["cn_state"]}},
    "start": {"capital": {"a": 9, "cn_state": 3}, "tension": 50},
    "knobs": {"spillover": 100},
    "moves": {"without": ["trade"]},
    "events": {"only": ["thaw", "frost"]},
    "dated": True,
    "agendas": False,
}


def with_scenario(**changes: object) -> Rulebook:
    source = dict(load_rulebook(BASE).source)
    source["scenarios"] = {**source["scenarios"], "three": {**SCENARIO, **changes}}
    source["events"] = {**source["events"], "frost": {"date": "2025-08"}, "flood": {"date": "2026-12"}}
    source |= {"calendar": {"begins": "2024-07", "months": 6}, "turns": {"actions": 3, "rotate": False}}
    return rulebook_from(source)


def test_a_scenario_with_everything_given():
    scenario = with_scenario().scenarios["three"]
    assert (scenario.title, scenario.purpose, scenario.minutes, scenario.rounds) == ("Three", "workshops", 90, 4)
    assert (scenario.begins, scenario.months) == ((2025, 1), 6)
    assert scenario.turns == Turns(actions=3, rotate=False, passing=True, repeat=False)
    assert [(seat.name, seat.title, seat.roles) for seat in scenario.seats] == [
        ("a", "A", ("us_state", "us_labs")),
        ("b", "B", ("cn_state",)),
    ]
    assert scenario.start == {"capital": {"a": 9, "cn_state": 3}, "tension": 50}
    assert scenario.knobs == {"spillover": 100}
    assert scenario.moves == ("tighten",)
    assert scenario.agendas is False


def test_dated_cards_have_their_round_and_the_others_a_deck():
    scenario = with_scenario().scenarios["three"]
    assert (scenario.deck, scenario.dated) == (("thaw",), {"frost": 2})
    every = with_scenario(events="all").scenarios["three"]
    assert (every.deck, every.dated) == (("thaw",), {"frost": 2, "flood": 4})
    assert with_scenario(events="all", rounds=3).scenarios["three"].dated == {"frost": 2}
    undated = with_scenario(events="all", dated=False).scenarios["three"]
    assert (undated.deck, undated.dated) == (("thaw", "frost", "flood"), {})


def test_a_scenario_takes_what_it_does_not_give_from_the_book():
    scenario = load_rulebook(BASE).scenarios["two"]
    assert (scenario.begins, scenario.months, scenario.turns) == ((2025, 1), 6, Turns())
    assert scenario.moves == ("tighten", "sell", "hoard")
    assert (scenario.deck, scenario.agendas) == (("thaw",), True)


@pytest.mark.parametrize(
    ("ending", "crisis", "halve"),
    [
        ({}, False, False),
        ({"crisis": True}, True, True),
        ({"crisis": True, "points": "keep"}, True, False),
        ({"points": "halve"}, False, True),
    ],
)
def test_a_crisis_halves_unless_told_to_keep(ending: dict[str, object], crisis: bool, halve: bool):
    found = load_rulebook(BASE, {"endings.rupture": {"when": "tension >= 100", **ending}}).endings["rupture"]
    assert (found.crisis, found.halve) == (crisis, halve)


def test_the_estimate_is_the_score_unless_given(book: Rulebook):
    assert book.goals.estimate == book.goals.score
    source = {**book.source, "goals": {**book.source["goals"], "estimate": "me.points"}}
    assert rulebook_from(source).goals.estimate == Read("points", (ME,))


def test_a_guess_is_uniform_unless_given(book: Rulebook):
    assert book.tracks["stockpile"].guess is None
    assert load_rulebook(BASE, {"tracks.stockpile": {**STOCK, "guess": "uniform"}}).tracks["stockpile"].guess is None
    assert load_rulebook(BASE, {"tracks.stockpile": {**STOCK, "guess": 4}}).tracks["stockpile"].guess == Const(4)


STOCK = {"scope": "seat", "range": [0, 20], "visibility": "owner"}
