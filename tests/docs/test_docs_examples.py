"""The examples of the docs: what the pages show is what the files say, and they play."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

import ai_players
from game import Game, Move, play_games
from rules import load_rulebook, parse_doctrine
from rules.model.rulebook import Rulebook
from tests.docs.blocks import ROOT, blocks
from tournament import load_plan, run
from tournament.design.field import enter

EXAMPLES = ROOT / "docs" / "examples"


@pytest.fixture(scope="module")
def cables() -> Rulebook:
    return load_rulebook(EXAMPLES / "cables")


def within(part: Any, whole: Any) -> bool:
    """Whether everything that a page shows stands in the file; an ellipsis stands for any text."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and within(part[key], whole[key]) for key in part)
    return part == whole or part == "…"


def test_modding_page_shows_what_the_overlay_says() -> None:
    file = yaml.safe_load((EXAMPLES / "cables" / "cables.yaml").read_text(encoding="utf-8"))
    shown = [yaml.safe_load(block) for block in blocks(ROOT / "docs" / "modding.md", "yaml")]
    assert len(shown) == 5
    for block in shown:
        assert within(block, file), block


def test_overlay_keeps_the_standard_game_and_adds_to_it(cables: Rulebook) -> None:
    standard = load_rulebook("standard")
    assert set(cables.moves) == {*standard.moves, "lay_cable"}
    assert set(cables.scenarios) == {*standard.scenarios, "cable_race"}
    assert cables.moves["lay_cable"].family == "soft_power"


def test_new_move_does_what_its_page_says(cables: Rulebook) -> None:
    game = Game(cables, "cable_race", seed=3)
    lay = Move.of("lay_cable", region="africa")
    standing, reach = game.value("standing", "united_states"), game.value("reach", "american", "africa")
    cables_there = game.value("cables", "american", "africa")
    game.play(lay)
    assert game.value("standing", "united_states") == standing + 2
    assert game.value("cables", "american", "africa") == cables_there
    while game.round < 3:
        game.play("pass")
    assert game.value("cables", "american", "africa") == cables_there + 1
    assert game.value("reach", "american", "africa") > reach


def test_refusal_of_the_new_move_has_the_numbers_of_the_moment(cables: Rulebook) -> None:
    game = Game(cables, "cable_race", seed=3)
    verdict = game.check(Move.of("lay_cable", region="north_america"))
    assert not verdict
    tense = load_rulebook(EXAMPLES / "cables", {"scenarios.cable_race.start.tension": 90})
    verdict = Game(tense, "cable_race", seed=3).check(Move.of("lay_cable", region="africa"))
    assert verdict.sentence == "no ship sails at a tension of 90"


def test_new_scenario_plays_to_its_end_at_random(cables: Rulebook) -> None:
    rng = random.Random(5)
    for seed in range(5):
        game = Game(cables, "cable_race", seed=seed)
        while not game.over:
            game.play(rng.choice(list(game.legal())))
        assert game.ending == "final" or game.ending in cables.endings


def test_example_doctrine_is_the_one_shown_and_lays_cables(cables: Rulebook) -> None:
    text = (EXAMPLES / "cable_layer.yaml").read_text(encoding="utf-8")
    assert text == blocks(ROOT / "docs" / "players.md", "yaml")[0]
    doctrine = parse_doctrine(text, "cable_layer.yaml", cables)
    players = {"united_states": doctrine, "china": "greedy", "south": ai_players.load("models_of_our_own", cables)}
    results = play_games(cables, "cable_race", players, range(10), jit=False)
    assert results.used[:, 0, results.moves.index("lay_cable")].sum() >= 10


def test_example_plan_is_the_one_shown_and_is_sound() -> None:
    text = (EXAMPLES / "open_or_closed.yaml").read_text(encoding="utf-8")
    assert text == blocks(ROOT / "docs" / "tournaments.md", "yaml")[0]
    plan = load_plan(EXAMPLES / "open_or_closed.yaml")
    assert plan.one == "open_labs" and plan.games == 1200


def test_tournaments_page_shows_a_plan_with_arms_that_can_be_played() -> None:
    text = (EXAMPLES / "what_sanctions_do.yaml").read_text(encoding="utf-8")
    assert text == blocks(ROOT / "docs" / "tournaments.md", "yaml")[1]
    field = enter(load_plan(EXAMPLES / "what_sanctions_do.yaml"))
    assert len(field.arms) == 9


def test_players_page_shows_a_file_of_players_that_plays_a_tournament(tmp_path: Path) -> None:
    text = (EXAMPLES / "patient.py").read_text(encoding="utf-8")
    (shown,) = [block for block in blocks(ROOT / "docs" / "players.md", "python") if "class Patient" in block]
    assert text.endswith(shown)
    seats = {"united_states": ["random"], "china": ["patient"]}
    found = run("duel_full", tmp_path, games=2, seats=seats, bots=[str(EXAMPLES / "patient.py")], backend="local")
    assert found.seats["player"].unique().sort().to_list() == ["patient", "random"]
    assert set(found.seats["status"]) == {"ok"}


def test_language_page_names_every_function_statement_and_section() -> None:
    from rules.language.symbols import FUNCTIONS
    from rules.source.loader import SECTIONS

    page = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    for word in (*FUNCTIONS, *SECTIONS, "let", "draw", "chance", "each", "deliver", "end turn", "extends"):
        assert word in page


def test_language_page_knows_every_key_of_every_shape() -> None:
    from rules.source import schema_models as shapes

    page = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    for name in ("TrackShape", "KnobShape", "MoveShape", "ReactionShape", "EventShape", "StepShape", "AgendaShape",
                 "GoalsShape", "EndingShape", "ScenarioShape", "TurnsShape", "LimitShape", "SeatsShape"):  # fmt: skip
        for field, info in getattr(shapes, name).model_fields.items():
            assert (info.alias or field) in page, f"{name}.{field}"
