"""Expressions and statements in words, and cards for the terminal."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from game.errors import UnknownName
from game.prose.lexicon import is_plural, plain
from game.prose.statements import Line, Sentences
from game.rulebook.terminal import show
from rules import load_rulebook, rulebook_from
from rules.model.rulebook import Rulebook
from rules.model.terms import Expr, Let


@cache
def small() -> Rulebook:
    return load_rulebook(Path(__file__).parent / "small.yaml")


def words(book: Rulebook, expression: Expr) -> str:
    return plain(Sentences(book).expr(expression))


def checked(text: str) -> Expr:
    """A text as an expression of the small rulebook, as it stands in the effects of a move."""
    source = dict(small().source)
    source["moves"] = {**source["moves"], "hide": {**source["moves"]["hide"], "effects": [{"let": f"found = {text}"}]}}
    (let,) = rulebook_from(source).moves["hide"].effects
    assert isinstance(let, Let)
    return let.value


def plain_lines(lines: Iterable[Line], indent: int = 0) -> list[str]:
    """Lines as plain text, what hangs under one indented by two."""
    found = []
    for line in lines:
        found.append(" " * indent + plain(line.text))
        found += plain_lines(line.inner, indent + 2)
    return found


EXPRESSIONS = {
    "me.coin - 2": "your Coin − 2",
    "grip[me, guild]": "your Grip towards Guild",
    "reach[red, north]": "Reach of Red in The North",
    "(coin[me] + 1) * 3 // 4": "(your Coin + 1) × 3 ÷ 4",
    "coin[me] * (3 // 4)": "your Coin × (3 ÷ 4)",
    "heat - (coin[me] - 1)": "Heat − (your Coin − 1)",
    "worth[north] + coin[me]": "Worth in The North + your Coin",
    "toll[red, north]": "Toll of Red in The North",
    "heat % 2": "the remainder of Heat ÷ 2",
    "heat % 2 == 1": "Heat is odd",
    "heat % 2 != 1": "Heat is even",
    "0 == (heat + 1) % 2": "(Heat + 1) is even",
    "heat % 3 == 1": "(the remainder of Heat ÷ 3) is 1",
    "coin[me] * knob.spill": "your Coin × Spill [2.5]",
    "max(0, heat - 40)": "Heat − 40, at least 0",
    "min(4, heat)": "Heat, at most 4",
    "max(0, min(3, heat))": "Heat, kept within 0 to 3",
    "clamp(heat, -5, 95)": "Heat, kept within −5 to 95",
    "2 * max(0, heat)": "2 × (Heat, at least 0)",
    "max(heat, coin[me])": "the larger of Heat and your Coin",
    "abs(heat - 3)": "the size of (Heat − 3) without its sign",
    "toward(heat, 30, 2)": "Heat moved half-way to 30",
    "toward(heat, 30, 4)": "Heat moved a quarter of the way to 30",
    "toward(heat, 30, 8)": "Heat moved an eighth of the way to 30",
    "toward(heat, 30, 21)": "Heat moved one 21st of the way to 30",
    "heat >= 40 and coin[me] < 3": "Heat is at least 40 and your Coin is below 3",
    "plants[me] > 2": "your Chip plants are above 2",
    "(heat > 4 or heat < 2) and lead > 0": "(Heat is above 4 or Heat is below 2) and lead is above 0",
    "not heat > 4": "Heat is at most 4",
    "0 < heat <= 5": "Heat is above 0 and Heat is at most 5",
    "crown == none": "nobody plays Crown",
    "owner[red] != none": "Red has an owner",
    "trait(me, labs)": "you play Guild",
    "3 if heat > 5 else 1": "3 if Heat is above 5, otherwise 1",
    "3 if heat > 5 else 2 if heat > 3 else 1": "3 if Heat is above 5, 2 if Heat is above 3, otherwise 1",
    "sum(reach[red, r] for r in regions)": "the sum over regions of Reach of Red in that region",
    "sum(coin[s] for s in seats if coin[s] > 2)": (
        "the sum, over seats where that seat’s Coin is above 2, of that seat’s Coin"
    ),
    "count(coin[s] > 2 for s in others)": "the number of others where that seat’s Coin is above 2",
    "any(coin[s] > 2 for s in seats)": "for at least one seat, that seat’s Coin is above 2",
    "best(coin[s] for s in seats)": "the seat with the highest Coin",
    "sum(sum(grip[s, t] for t in seats) for s in seats)": (
        "the sum over seats of (the sum over every seat t of that seat’s Grip towards seat t)"
    ),
    "wealth(crown) + crown.wealth": "wealth of Crown + wealth of Crown",
    "mine": "your mine",
    "wealth(me) - lead": "your wealth − lead",
    "sum(wealth(s) for s in others if wealth(s) > 2)": (
        "the sum, over others where that seat’s wealth is above 2, of that seat’s wealth"
    ),
    "any(s == crown and coin[s] > 2 for s in others)": (
        "for at least one other, that seat is Crown and that seat’s Coin is above 2"
    ),
    "heat > 1 and (coin[me] > 2 and coin[me] < 9)": (
        "Heat is above 1 and (your Coin is above 2 and your Coin is below 9)"
    ),
    "rounds - round": "the number of rounds − the round's number",
}


@pytest.mark.parametrize(("text", "said"), EXPRESSIONS.items())
def test_expression_in_words(text: str, said: str) -> None:
    assert words(small(), checked(text)) == said


@pytest.mark.parametrize(
    ("title", "many"),
    [
        ("Chips bought openly", True),
        ("Chips gained so far", True),
        ("Best released weights", True),
        ("Chip plants under construction", True),
        ("Export controls imposed", True),
        ("Tension raised so far", False),
        ("Refusing foreign chips", False),
        ("Cohesion of the allies", False),
        ("Price of the stack's best model", False),
    ],
)
def test_a_title_is_one_thing_or_many_by_its_noun(title: str, many: bool) -> None:
    assert is_plural(title) is many


def test_effects_of_a_move_in_words_and_what_the_rules_add_to_it() -> None:
    said = Sentences(small())
    assert plain_lines(said.effects(small().moves["squeeze"])) == [
        "Your Grip towards the target +1",
        "The target’s Coin −1",
        "Draw n from 1 to 6, each equally likely.",
        "Let strong be whether n is at least 5.",
        "If strong:",
        "  Heat goes up by n",
        "  Otherwise:",
        "    Heat −2",
        "With a chance of 30 per cent:",
        "  Your Coin −1",
        "In 2 rounds:",
        "  Your Chip plants go up by 2 × Spill [2.5]",
    ]
    (answer,) = said.answers(small().moves["squeeze"])
    assert (answer.title, answer.why) == ("Anger", small().reactions["anger"].why)
    assert plain_lines(answer.lines) == ["If Heat is above 50:", "  Your Coin −2"]


def test_cost_in_words() -> None:
    costs = [plain(Sentences(small()).cost(small().moves[move])) for move in ("squeeze", "hide")]
    assert costs == ["2 Coin", "free"]


def test_world_rules_in_words() -> None:
    assert plain_lines(Sentences(small()).body(small().world_turn[0].rules[0])) == [
        "Everything ordered for now arrives.",
        "For every region where Reach of Red in that region is above 2:",
        "  Reach of Red in that region moves half-way to 10",
        "Heat rises to 5 if lower",
    ]


def test_card_of_a_move_for_the_terminal() -> None:
    card = show(small(), "squeeze")
    assert card.splitlines()[0] == "Squeeze target in region  (move, Acts)"
    for line in ("Cost:      2 Coin", "Limit:     once a round", "Why:       Because.", "Written in small.yaml:"):
        assert line in card
    assert "Secret: the others see only that you acted." in show(small(), "hide")


def test_every_name_of_the_standard_rulebook_can_be_shown(standard: Rulebook) -> None:
    names = [
        *standard.moves, *standard.families, *standard.tracks, *standard.events, *standard.knobs, *standard.roles,
        *standard.scenarios, *standard.endings, *standard.groups, *standard.maps, *standard.measures,
        *standard.reactions, *(step.name for step in standard.world_turn),
        *(rule.name for step in standard.world_turn for rule in step.rules),
        *(agenda.name for drawn in standard.agendas.values() for agenda in drawn),
    ]  # fmt: skip
    for name in names:
        card = show(standard, name)
        assert card and "\ue000" not in card and "==" not in card and "None" not in card


def test_unknown_name_gives_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean 'squeeze'"):
        show(small(), "sqeeze")


def expressions(value: object) -> Iterator[Expr]:
    """Every outermost checked expression inside a value of the model."""
    if isinstance(value, tuple | list):
        for item in value:
            yield from expressions(item)
    elif isinstance(value, Expr):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from expressions(getattr(value, field.name))


def test_every_checked_expression_has_words(standard: Rulebook) -> None:
    found = list(expressions([list(standard.moves.values()), list(standard.events.values()), standard.goals]))
    assert len(found) > 300
    for expression in found:
        said = words(standard, expression)
        assert said and not any(sign in said for sign in ("==", "//", "knob.", "me."))
