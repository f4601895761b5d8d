"""A claim's file is checked like a rulebook: every fault with file, line, place and the nearest right name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from game.errors import UsageError
from rules import RuleErrors, load_rulebook
from tests.claims.conftest import CLAIM, changed
from tournament.claims.read import check_claim, load_claims, read_claim, shipped


def line_of(text: str) -> int:
    return next(n for n, line in enumerate(CLAIM.splitlines(), 1) if text in line)


def test_a_sound_claim_gives_the_rulebook_with_its_measures(stall):
    book = check_claim(changed(), stall)
    assert [*book.measures] == ["last_price", "rest", "twice"]
    assert not any(measure.each_round for measure in book.measures.values())


def test_a_measure_that_is_asked_for_by_round_is_taken_each_round(stall):
    book = check_claim(changed(("    unit: coins", "    unit: coins\n    when: mean")), stall)
    assert [name for name, measure in book.measures.items() if measure.each_round] == ["last_price"]


BAD = [
    ("title: Gifts are cheap", "titel: Gifts are cheap", "titel: unknown key 'titel'; did you mean 'title'?"),
    ("caveat: It is made up.", "", "missing key 'caveat'"),
    ("claim: 901", "claim: one", "claim: expected a whole number, not 'one'"),
    ("grade: U", "grade: E", "grade: expected A, B, C or U, not 'E'"),
    ("    because: One coin", "    becuase: One coin", "becuase: unknown key 'becuase'; did you mean 'because'?"),
    ("scenario: fair", "scenario: fiar", "scenario: unknown scenario 'fiar'; did you mean 'fair'?"),
    ("north: [random", "nort: [random", "seats.nort: unknown seat 'nort'; did you mean 'north'?"),
    ("event: gift,", "event: gifd,", "inject.0.event: unknown event 'gifd'; did you mean 'gift'?"),
    ("round: 2}", "round: 9}", "inject.0.round: fair has only 4 rounds"),
    ("outcome: last_price", "outcome: last_prize", "unknown outcome 'last_prize'; did you mean 'last_price'?"),
    ("outcome: last_price", "outcome: score:west", "outcome: unknown seat 'west'"),
    ("contrast: {gift: 1,", "contrast: {gitf: 1,", "contrast.gitf: unknown arm 'gitf'; did you mean 'gift'?"),
    ("none: -1}", "none: -2}", "contrast: the weights of a contrast add up to 0"),
    ("less_than: -1", "less_than: -1\n    more_than: 1", "a prediction has 'more_than' or 'less_than'; give one"),
    ("less_than: -1", "less_than: -1\n    when: 7", "predicts.0.when: fair has only 4 rounds"),
    ("knobs: [decree,", "knobs: [decre,", "knobs.0: unknown knob 'decre'; did you mean 'decree'?"),
    ("knobs: [decree, noise]", "knobs: [noise, noise]", "knobs.1: 'noise' is named twice"),
    ("value: 2 * price", "value: 2 * prize", "measures.twice.value: unknown name 'prize'; did you mean 'price'?"),
    ("  twice:", "  rest:", "measures.rest: the rulebook has a measure 'rest' already"),
    ("none: {title: no gift}", "none: {title: no gift, without: [haggel]}", "unknown move, family or event 'haggel'"),
    ("none: {title: no gift}", "none: {title: no gift, without: [haggle]}", "arms: no arm is without changes"),
    (
        "arms:",
        "overrides: {knob.decre: 0}\narms:",
        "overrides.knob.decre: no 'decree'".replace("decree", "decre") + " in 'knobs'; did you mean 'decree'?",
    ),
    ("arms:", "overrides: {knob.decree: 900}\narms:", "overrides.knob.decree: 900 is outside the range 0..400"),
    (
        "arms:",
        "overrides: {tracks.price.range: [0, 2]}\narms:",
        "overrides.tracks.price.range: tracks.price.start: 100 is outside the range 0..2",
    ),
    ("arms:", "overrides: {knob.decree: 50}\narms:", "knobs.0: knob.decree is set by all arms"),
]


@pytest.mark.parametrize(("old", "new", "said"), BAD, ids=[f"{new.strip()[:34]}" for _, new, _ in BAD])
def test_a_fault_is_told_with_its_line_and_the_nearest_right_name(stall, old, new, said):
    with pytest.raises(RuleErrors) as error:
        check_claim(changed((old, new)), stall)
    text = str(error.value)
    assert said in text
    line = re.match(r"claim\.yaml:(\d+): ", text)
    assert line is not None, text
    near = "knobs: [decree" if said.startswith("knobs.0: knob.") else old
    assert int(line[1]) in range(line_of(near) - 5, line_of(near) + 3) or not new


def test_every_fault_is_told_at_once(stall):
    with pytest.raises(RuleErrors) as error:
        check_claim(changed(("event: gift,", "event: gitf,"), ("knobs: [decree,", "knobs: [decre,")), stall)
    assert len(error.value.faults) == 2


def test_best_replies_need_a_section_that_names_seat_and_moves(stall):
    with pytest.raises(RuleErrors, match="has no section 'best_replies'"):
        check_claim(changed(("outcome: last_price", "outcome: best_replies")), stall)
    with pytest.raises(RuleErrors, match=r"best_replies.moves.0: unknown move 'hagle'; did you mean 'haggle'"):
        section = "best_replies: {seat: north, moves: [hagle]}\nknobs:"
        check_claim(changed(("outcome: last_price", "outcome: best_replies"), ("knobs:", section)), stall)


def test_a_file_that_is_no_mapping_is_refused():
    with pytest.raises(RuleErrors, match="a claim is a mapping"):
        read_claim("- 1", "list.yaml")


def test_claims_are_named_by_number_or_by_file(tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text(CLAIM, encoding="utf-8")
    assert [each.claim.claim for each in load_claims(["3", str(mine)])] == [3, 901]
    with pytest.raises(
        UsageError, match="unknown claim '77'; claims have the numbers 1 to 11; one of your own is a file"
    ):
        load_claims(["77"])
    with pytest.raises(UsageError, match="named twice"):
        load_claims(["3", "03"])
    with pytest.raises(UsageError, match="cannot read the claim"):
        load_claims([str(tmp_path / "nothing.yaml")])


def test_the_eleven_claims_fit_the_standard_rulebook():
    book = load_rulebook("standard")
    claims = load_claims()
    assert [each.claim.claim for each in claims] == list(shipped()) == list(range(1, 12))
    for each in claims:
        check_claim(each, book)
        turned = {*each.claim.knobs, *(path.removeprefix("knob.") for path in each.claim.overrides)}
        rests_on = {name for name, knob in book.knobs.items() if each.claim.claim in knob.claims}
        assert turned & rests_on, f"claim {each.claim.claim} turns no assumption that the rulebook says it rests on"


def test_the_claim_in_the_docs_is_the_example_and_fits_the_standard_rulebook():
    docs = Path(__file__).parents[2] / "docs"
    example = (docs / "examples" / "talent_claim.yaml").read_text(encoding="utf-8")
    assert example in (docs / "claims.md").read_text(encoding="utf-8")
    (loaded,) = load_claims([str(docs / "examples" / "talent_claim.yaml")])
    assert check_claim(loaded, load_rulebook("standard"))
