"""Claims played from end to end on a rulebook whose truth is known, and the shipped ones on the standard rulebook."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from game.errors import ChokepointError, UsageError
from rules import load_rulebook
from tests.claims.conftest import CLAIM, changed
from tests.cli.command import ROOT, chokepoint
from tests.tournament.conftest import fingerprint
from tournament.claims.claims_page import EFFECTS, PAGE, VERDICT_TABLE, write_report
from tournament.claims.effects import Effect
from tournament.claims.experiment import CALIBRATED, Setting, settings
from tournament.claims.read import check_claim, load_claims
from tournament.claims.run import Trial, run_claims, try_claim
from tournament.claims.words import pays as pays_words
from tournament.claims.words import reason, survives
from tournament.storage.store import Store

HERE = Path(__file__).parent
TO_STORM = [("title: a gift", "title: a storm"), ("event: gift,", "event: storm,")]


def answers(result) -> dict[str, str]:
    return {f"{s.knob} {s.kind}".strip(): answer for s, answer in result.judgement.answers.items() if s.kind != "draw"}


def test_a_claim_that_is_true_by_decree_is_built_in_by_the_knob_that_decrees_it(tried):
    found = tried()
    assert answers(found) == {
        "calibrated": "met", "decree off": "refuted", "decree doubled": "met",
        "noise off": "met", "noise doubled": "met",
    }  # fmt: skip
    assert (found.judgement.verdict, found.judgement.knobs) == ("built in", ("decree",))
    values = {e.setting.kind: e.estimate for e in found.effects if e.setting.knob in ("", "decree")}
    assert [values[kind].value for kind in ("off", "calibrated", "doubled")] == [0, -6, -12]
    assert all(each.low == each.high == each.value for each in values.values())
    assert reason(found) == "It holds whatever is plausible is assumed, but it is built in: it fails with “Decree” off."
    # The weather is the same for twins, so how much of it there is cannot act; that is told.
    assert found.judgement.idle == ("noise",)
    assert survives(found).endswith(" No effect moves with “Noise”.")


def test_a_claim_that_turns_within_what_is_plausible_depends(tried, tmp_path):
    text = (HERE / "stall.yaml").read_text(encoding="utf-8")
    for knob, ends in (("[0, 400]", "[10, 300]"), ("[0, 150]", "[50, 150]")):
        text = text.replace(f"range: {knob}, meaning", f"range: {knob}, plausible: {ends}, meaning")
    (tmp_path / "stall.yaml").write_text(text, encoding="utf-8")
    found = tried(book=load_rulebook(tmp_path / "stall.yaml"))
    assert answers(found) == {
        "calibrated": "met", "decree off": "refuted", "decree low": "refuted", "decree high": "met",
        "noise off": "met", "noise low": "met", "noise high": "met",
    }  # fmt: skip
    assert (found.judgement.verdict, found.judgement.knobs, found.judgement.draws) == ("depends", ("decree",), 8)
    drawn = [effect for effect in found.effects if effect.setting.kind == "draw"]
    # The gift lowers the price by 6 times the decree of each draw, whose values are spread over the whole range.
    values = sorted(dict(effect.setting.values)["decree"] for effect in drawn)
    assert all(36 * place <= value - 10 <= 37 * (place + 1) for place, value in enumerate(values))
    assert all(e.estimate.value == pytest.approx(-6 * dict(e.setting.values)["decree"] / 100, abs=1) for e in drawn)
    assert "Of 8 draws of all of them together from their plausible ranges it is true in" in survives(found)


def test_games_are_doubled_until_the_verdict_is_decided_and_ranges_widen_for_every_look(stall, tmp_path):
    def run(name: str, *changes: tuple[str, str], most: int):
        loaded = changed(*changes)
        return try_claim(
            Trial(loaded, check_claim(loaded, stall), "stall", tmp_path / name, 36, 1, most), lambda *_: None
        )

    decided, open_ = (
        run("a", most=144),
        run("b", ("event: gift,", "event: breeze,"), ("less_than: -1", "less_than: 0"), most=144),
    )
    assert (decided.judgement.verdict, decided.asked) == ("built in", 36)
    assert open_.asked == 144
    assert decided.level == open_.level == pytest.approx(1 - 0.05 / 3)
    wide = next(effect for effect in open_.effects if effect.setting == CALIBRATED).estimate
    plain = run("b", ("event: gift,", "event: breeze,"), ("less_than: -1", "less_than: 0"), most=0)
    assert plain.asked == 144  # the folder keeps what was played
    narrow = next(effect for effect in plain.effects if effect.setting == CALIBRATED).estimate
    assert narrow.value == wide.value and narrow.high - narrow.low < wide.high - wide.low


def test_whether_it_pays_is_told_beside_the_verdict(tried):
    asked = 'outcome: "score:north", unit: coins, contrast: {gift: 1, none: -1}, more_than: 0, because: Any gain.'
    found = tried(("fails_if", f"pays: {{says: Gifts pay the seller., {asked}}}\nfails_if"))
    assert found.judgement.verdict == "built in"
    assert pays_words(found).startswith("Gifts pay the seller. No: 0.0 [")


def test_a_claim_that_no_named_knob_carries_holds(tried):
    found = tried(*TO_STORM, ("less_than: -1", "more_than: 1"))
    assert set(answers(found).values()) == {"met"}
    assert found.judgement.verdict == "holds"
    assert survives(found).startswith("It survives all 5 settings tried: as calibrated, “Decree” off and doubled")


def test_a_claim_that_is_false_whatever_is_assumed_fails(tried):
    found = tried(*TO_STORM)
    assert found.judgement.verdict == "fails"
    assert "holds under no plausible setting tried. What does not come true: “The price falls”." in reason(found)


def test_a_claim_that_the_games_cannot_tell_is_undecided_and_says_so(tried):
    found = tried(("event: gift,", "event: breeze,"), ("less_than: -1", "less_than: 0"))
    assert found.judgement.verdict == "undecided"
    assert found.judgement.answers[CALIBRATED] == "open"
    assert "games in each arm would settle it" in reason(found) or "no sensible number of games" in reason(found)


def test_an_effect_smaller_than_what_counts_is_none(tried):
    assert tried(("less_than: -1", "less_than: -7")).judgement.answers[CALIBRATED] == "refuted"


def test_outcomes_can_be_measures_of_the_claim_scores_and_wins_at_any_time(tried):
    def value(*changes):
        return next(e.estimate.value for e in tried(*changes).effects if e.setting == CALIBRATED)

    assert value(("outcome: last_price", "outcome: twice")) == -12
    for number, outcome in enumerate(("score:north", "win:south"), 902):
        assert value(("outcome: last_price", f'outcome: "{outcome}"'), ("claim: 901", f"claim: {number}")) == 0


def test_by_round_an_effect_begins_with_its_cause(tried, tmp_path):
    def at(when):
        found = tried(("    unit: coins", f"    unit: coins\n    when: {when}"), ("claim: 901", f"claim: 9{when}"))
        return next(e.estimate.value for e in found.effects if e.setting == CALIBRATED)

    assert at(2) == at(4) == -6  # the gift comes in the second round
    assert at(1) == -6  # measured once the second round's news is there


def test_the_same_seed_gives_the_same_games_and_numbers_and_another_seed_others(stall, tmp_path):
    def run(name: str, seed: int):
        loaded = changed(*TO_STORM)
        trial = Trial(loaded, check_claim(loaded, stall), "stall", tmp_path / name, 36, seed)
        found = try_claim(trial, lambda done, total: None)
        return fingerprint(found.folder), [asdict(effect) for effect in found.effects]

    assert run("a", 1) == run("b", 1)
    assert run("a2", 2)[0] != run("a", 1)[0]


def test_a_folder_keeps_its_games_and_takes_more_of_them(stall, tmp_path):
    reports: list[tuple[int, int]] = []

    def run(games: int):
        reports.clear()
        trial = Trial(changed(), check_claim(changed(), stall), "stall", tmp_path, games, 1)
        return try_claim(trial, lambda done, total: reports.append((done, total)))

    first = run(36)
    again = run(36)
    assert reports == [] and again.effects == first.effects  # nothing was left to play
    more = run(100)
    assert more.per_arm > first.per_arm
    with pytest.raises(ChokepointError, match="another plan"):
        trial = Trial(changed(), check_claim(changed(), stall), "stall", tmp_path, 100, 2)
        try_claim(trial, lambda done, total: None)


def test_several_claims_in_processes_come_to_what_one_after_another_does(stall, tmp_path):
    claims = [changed(), changed(("claim: 901", "claim: 902"), *TO_STORM)]
    apart = run_claims(claims, stall, tmp_path / "apart", 36, workers=2)
    here = run_claims(claims, stall, tmp_path / "here", 36, workers=1)
    assert [each.effects for each in apart] == [each.effects for each in here]
    assert fingerprint(apart[0].folder) == fingerprint(here[0].folder)
    (tmp_path / "apart" / "claim-902" / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ChokepointError, match=r"claim 902: .*older version"):
        run_claims(claims, stall, tmp_path / "apart", 36, workers=2)


def test_a_doubled_knob_stays_within_its_range_and_a_knob_at_nothing_has_no_settings(stall):
    book = load_rulebook(HERE / "stall.yaml", {"knob.decree": 0})
    claim = changed().claim
    assert settings(claim, book) == [
        CALIBRATED,
        Setting("off", (("noise", 0),)),
        Setting("doubled", (("noise", 150),), capped=True),
    ]


def test_too_few_games_are_refused(tried):
    with pytest.raises(UsageError, match="3 games are too few"):
        tried(games=3)


def test_the_report_is_one_page_with_a_figure_a_claim_and_the_tables_say_the_same(tried, stall, tmp_path):
    found = [tried(), tried(("claim: 901", "claim: 902"), ("made up.", "<b>made up</b>."), *TO_STORM)]
    page = write_report(found, tmp_path, "chokepoint claims", stall).read_text(encoding="utf-8")
    assert (tmp_path / PAGE).is_file() and page.count("<figure") == page.count("</svg>") == 2  # a prediction each
    assert "Of 2 claims, 1 is built in and 1 fails" in page
    assert "&lt;b&gt;made up" in page and "<b>made up" not in page
    assert not [
        word for word in ("http://", "https://", "<script", "src=") if word in page.replace("http://www.w3.org", "")
    ]
    effects = (tmp_path / EFFECTS).read_text(encoding="utf-8").splitlines()
    assert len(effects) == 1 + sum(len(each.effects) for each in found)
    verdicts = (tmp_path / VERDICT_TABLE).read_text(encoding="utf-8").splitlines()
    assert len(verdicts) == 3 and verdicts[1].startswith("901,Gifts are cheap,A gift lowers the price.,built in,")
    assert page == write_report(found, tmp_path, "chokepoint claims", stall).read_text(encoding="utf-8")


# ------------------------------------------------------------------------------------------ the command


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The command, run on the stall."""
    folder = tmp_path_factory.mktemp("claims")
    (folder / "mine.yaml").write_text(CLAIM, encoding="utf-8")
    rules = ("--rules", HERE / "stall.yaml", "--games", "36")
    return folder, chokepoint("claims", folder / "mine.yaml", *rules, "--out", folder / "out"), rules


def test_the_command_says_verdict_effect_settings_and_caveat(told):
    folder, outcome, _ = told
    assert outcome.status == 0, outcome.err
    first, *rest = outcome.out.splitlines()
    assert first == "901  Built in  A gift lowers the price."
    text = "\n".join(rest)
    for words in ("−6.0 [−6.0 to −6.0] coins", "fails with “Decree” off", "It survives 4 of the 5", "It is made up."):
        assert words in text
    assert (folder / "out" / PAGE).is_file()


def test_the_command_gives_data(told):
    folder, _, rules = told
    found = json.loads(chokepoint("claims", folder / "mine.yaml", *rules, "--out", folder / "out", "--json").out)
    (claim,) = found["claims"]
    assert (claim["verdict"], claim["depends_on"]) == ("built in", ["decree"])
    assert claim["settings"]["“Decree” off"] == "refuted"
    assert {effect["setting"] for effect in claim["effects"]} == {"calibrated", "off", "doubled"}


def test_a_doctored_rulebook_turns_the_verdict(told):
    folder, _, rules = told
    words = ("claims", folder / "mine.yaml", *rules, "--set", "knob.decree=0", "--out", folder / "doctored", "--json")
    (claim,) = json.loads(chokepoint(*words).out)["claims"]
    assert claim["verdict"] == "fails"


def test_bad_calls_are_refused_in_a_sentence(told, tmp_path):
    folder, _, rules = told
    chokepoint("claims", "77").refuses(2, "unknown claim '77'")
    chokepoint("claims", "1", "--games", "3", "--out", tmp_path / "a").refuses(2, "3 games are too few")
    chokepoint("claims", "1", "--out", folder / "mine.yaml").refuses(2, "is a file, not a folder")
    chokepoint("claims", "1", "--set", "knob.spilover=1").refuses(2, "did you mean 'spillover'")
    bad = tmp_path / "bad.yaml"
    bad.write_text(CLAIM.replace("knobs: [decree,", "knobs: [decre,"), encoding="utf-8")
    chokepoint("claims", bad, *rules).refuses(1, f"{bad}:19: knobs.0: unknown knob 'decre'; did you mean 'decree'?")


# ---------------------------------------------------------------------------------- the eleven claims


@pytest.mark.slow
@pytest.mark.parametrize("number", range(1, 12))
def test_every_claim_changes_play_and_its_first_knob_changes_its_effect(number, tmp_path):
    book = load_rulebook("standard")
    (loaded,) = load_claims([str(number)])
    measured = check_claim(loaded, book)
    # Every setting is a rulebook of its own to compile, so one knob has to do.
    one = replace(loaded, claim=loaded.claim.model_copy(update={"knobs": loaded.claim.knobs[:1]}))
    trial = Trial(one, measured, "standard", tmp_path, 16, 1)
    found = try_claim(trial, lambda done, total: None)

    def of(setting: Setting) -> list[Effect]:
        return [effect for effect in found.effects if effect.setting == setting]

    usual = np.array([effect.estimate.value for effect in of(CALIBRATED)])
    assert np.abs(usual).max() > 0  # what is toggled changes play
    changes = [np.abs(np.array([e.estimate.value for e in of(s)]) - usual) for s in found.judgement.answers]
    assert (np.array(changes) > 0.05 * np.abs(usual)).any()


def test_interrupting_ends_the_processes_and_the_same_command_plays_the_rest(told, tmp_path):
    folder, _, _ = told
    second = folder / "second.yaml"
    second.write_text(CLAIM.replace("claim: 901", "claim: 902"), encoding="utf-8")
    words = ["claims", folder / "mine.yaml", second, "--rules", HERE / "stall.yaml", "--out", tmp_path / "out"]
    command = [sys.executable, "-m", "game", *map(str, words), "--games", "400000"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not list(tmp_path.glob("out/claim-90*/games/shard-*")):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (130, "")
    assert err.count("\n") == 1 and "stopped" in err and str(tmp_path / "out") in err
    for each in (901, 902):  # nobody plays on: the folders can be locked
        with Store(tmp_path / "out" / f"claim-{each}").locked():
            pass
