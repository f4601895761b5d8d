"""A claim's result in plain words, the same in the terminal and in the report."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from game.prose.numbers import hundredths, joined, rounded
from tournament.analysis.tidy import Estimate
from tournament.claims.effects import Effect
from tournament.claims.experiment import CALIBRATED, Setting
from tournament.claims.run import Result
from tournament.claims.strength import SEARCH_PLAYER, Adapted, Strength, Strong
from tournament.claims.verdict import Judgement

VERDICTS = {
    "holds": "Holds",
    "built in": "Built in",
    "depends": "Depends",
    "fails": "Fails",
    "undecided": "Undecided",
}
MEANING = {
    "holds": "every prediction came true as calibrated, whatever is plausible is assumed, and with any assumption off",
    "built in": "true whatever is plausible is assumed, and false once the assumption is off that says it outright",
    "depends": "true under some plausible settings of the named assumptions and false under others",
    "fails": "false as calibrated and true under no plausible setting tried",
    "undecided": "too few games to tell; the number that would settle it is given",
}
READINGS = {
    "holds": "it holds",
    "holds only while others stand still": "it holds only while others stand still",
    "depends on which equilibrium": "it depends on which equilibrium is played",
    "fails": "it fails",
    "undecided": "it cannot be told from these games",
}
READING_TITLES = {
    "holds": "Holds",
    "holds only while others stand still": "Holds while others stand still",
    "depends on which equilibrium": "Depends on the equilibrium",
    "fails": "Fails",
    "undecided": "Cannot be told",
}
CLASSES = {
    "holds": "holds",
    "holds only while others stand still": "depends",
    "depends on which equilibrium": "depends",
    "fails": "fails",
    "undecided": "undecided",
}
"""The verdict whose colour a reading has."""

STRENGTHS = {Strength.FOUND: "Among found strategies", Strength.SEARCH: "Among search players"}
PLAYERS = {
    Strength.SCRIPTS: "doctrines",
    Strength.FOUND: "found strategies",
    Strength.SEARCH: "search players",
}


def played_words(results: Sequence[Result]) -> str:
    """Return at which strengths of play some claims were tried."""
    strengths = [each for each in Strength if any(each in result.played for result in results)]
    return joined([PLAYERS[each] for each in strengths])


def verdict_title(result: Result) -> str:
    """Return the verdict in a word or two; where doctrines did not play, the reading at the first strength that did."""
    return VERDICTS[result.judged.verdict] if result.judged else READING_TITLES[result.stronger[0].reading]


def verdict_class(result: Result) -> str:
    """Return the verdict whose colour a claim has."""
    return result.judged.verdict if result.judged else CLASSES[result.stronger[0].reading]


def why(result: Result) -> str:
    """Return what the verdict, or the reading at the first strength, rests on."""
    return reason(result) if result.judged else reading_words(result.stronger[0], result)


def beside(result: Result) -> str:
    """Return what a claim came to at stronger play, beside the verdict of doctrines' games; empty if none played."""
    stronger = result.stronger if result.judged else result.stronger[1:]
    return " ".join(f"{STRENGTHS[each.strength]} {READINGS[each.reading]}." for each in stronger)


def effect_words(effect: Effect) -> str:
    """Return an effect with its range."""
    return range_words(effect.estimate)


def range_words(found: Estimate) -> str:
    """Return a number with its range."""
    if math.isnan(found.low):
        return f"{rounded(found.value)} (too few games for a range)"
    return f"{rounded(found.value)} [{rounded(found.low)} to {rounded(found.high)}]"


def setting_words(setting: Setting, result: Result) -> str:
    """Return a setting in words, such as "“Commoditisation” off"."""
    if setting == CALIBRATED:
        return "as calibrated"
    if setting.kind == "draw":
        return ", ".join(f"“{result.titles[name]}” {hundredths(value)}" for name, value in setting.values)
    return f"“{result.titles[setting.knob]}” {knob_words(setting)}"


def settings_words(settings: Sequence[Setting], result: Result, word: str = "and") -> str:
    """Return several settings in words, those of one knob together."""
    knobs: dict[str, list[str]] = {}
    for setting in settings:
        knobs.setdefault(setting.knob, []).append(knob_words(setting) if setting.knob else "")
    parts = [
        f"“{result.titles[knob]}” {joined(times, word)}" if knob else "as calibrated" for knob, times in knobs.items()
    ]
    return joined(parts, word)


def knob_words(setting: Setting) -> str:
    """Return what is done to a setting's one knob."""
    if setting.kind == "off":
        return "off"
    if setting.kind == "doubled":
        return "at its most" if setting.capped else "doubled"
    return f"at {hundredths(setting.values[0][1])}"


def usual(result: Result) -> list[Effect]:
    """Return the claim's predictions, and last whether it pays, as calibrated."""
    return [effect for effect in result.effects if effect.setting == CALIBRATED]


def pays(result: Result) -> str:
    """Return whether it pays whoever would have to do it; empty if the claim does not ask."""
    if result.claim.pays is None:
        return ""
    effect = usual(result)[-1]
    said = {"met": "Yes", "refuted": "No", "open": "These games do not tell"}[effect.answer]
    return f"{result.claim.pays.says} {said}: {effect_words(effect)} {result.claim.pays.unit}."


def survives(result: Result, *, short: bool = False) -> str:
    """Return which settings the claim survives, and which not; ``short`` only counts those that it survives."""
    judged = result.judgement
    met, refuted, open_ = (judged.where(answer) for answer in ("met", "refuted", "open"))
    total = len(met) + len(refuted) + len(open_)
    if len(met) == total:
        parts = [f"It survives all {total} settings tried: {settings_words(met, result)}."]
    else:
        parts = [f"It survives {len(met) or 'none'} of the {total} settings tried"]
        parts[0] += f": {settings_words(met, result)}." if met and not short else "."
        if refuted and met:
            parts.append(f"It does not survive {settings_words(refuted, result, 'or')}.")
        if open_:
            parts.append(f"Still open: {settings_words(open_, result)}.")
    return " ".join(part for part in (*parts, _drawn(judged), _idle(result)) if part)


def _idle(result: Result) -> str:
    """Return which assumptions move nothing; empty if all of them move something."""
    names = [f"“{result.titles[name]}”" for name in result.judgement.idle]
    return f"No effect moves with {joined(names, 'or')}." if names else ""


def _drawn(judged: Judgement) -> str:
    """Return what became of the claim where all assumptions were drawn together; empty if none were."""
    if not judged.draws:
        return ""
    met, refuted, open_ = (len(judged.where(answer, draws=True)) for answer in ("met", "refuted", "open"))
    counts = ((met, "true"), (refuted, "false"), (open_, "not decided"))
    said = joined([f"{word} in {count}" for count, word in counts if count])
    return f"Of {judged.draws} draws of all of them together from their plausible ranges it is {said}."


def reason(result: Result) -> str:
    """Return why the verdict is what it is, in a sentence or two."""
    judged = result.judgement
    answer = judged.answers[CALIBRATED]
    together = "the named assumptions drawn together"
    met, refuted = (_single(judged, found, result) or together for found in ("met", "refuted"))
    if judged.verdict == "holds":
        return "It holds as calibrated, and whatever value the named assumptions take."
    if judged.verdict == "built in":
        off = settings_words(judged.where("refuted"), result, "or")
        return f"It holds whatever is plausible is assumed, but it is built in: it fails with {off}."
    if judged.verdict == "depends":
        if answer == "met":
            return f"It holds as calibrated, but only because of what is assumed: it fails with {refuted}."
        if answer == "refuted":
            return f"It fails as calibrated, but with other assumptions it holds: with {met}. {_failing(result)}"
        return f"As calibrated it is too close to tell. It holds with {met}, and fails with {refuted}."
    if judged.verdict == "fails":
        return f"It fails as calibrated, and holds under no plausible setting tried. {_failing(result)}"
    return f"{_open(result)} {more(result)}"


def _single(judged: Judgement, answer: str, result: Result) -> str:
    """Return the settings of single knobs with an answer that are plausible, in words."""
    settings = [setting for setting, found in judged.answers.items() if found == answer and setting.knob]
    return settings_words([setting for setting in settings if setting.kind != "off"], result, "or")


def reading_words(strong: Strong, result: Result) -> str:
    """Return what a claim came to at a strength of play, and what it failed at or was not decided by."""
    said = f"{READINGS[strong.reading][:1].upper()}{READINGS[strong.reading][1:]}."
    about = {"fails": ("refuted", "What does not come true"), "undecided": ("open", "Not decided")}
    answer, words = about.get(strong.reading, ("", ""))
    named = [e for e in strong.effects if e.number < len(result.claim.predicts) and e.answer == answer]
    return f"{said} {words}: {_quoted(result, named)}." if named else said


def strength_words(strong: Strong, result: Result, seat_title: Callable[[str], str] = str) -> str:
    """Return what a claim came to at a strength of play, and who played, in a few sentences.

    Args:
        strong: what it came to.
        result: the claim's result.
        seat_title: what a seat is called; its name when left out.
    """
    counts = joined([f"{len(players)} as {seat_title(seat)}" for seat, players in strong.players.items()])
    who = {Strength.FOUND: f"strategies that were found ({counts})", Strength.SEARCH: f"{SEARCH_PLAYER} in every seat"}[
        strong.strength
    ]
    said = f"Played by {who}, {strong.games:,} games: {READINGS[strong.reading]}."
    several = {result.claim.arms[arm].title: count for arm, count in strong.equilibria.items() if count > 1}
    if several:
        said += f" Equilibria: {joined([f'{count} with “{title}”' for title, count in several.items()])}."
    if strong.dropped:
        said += f" {dropped_words(strong, seat_title)}"
    if strong.left_out:
        said += f" It has no value there for {joined([f'prediction {number + 1}' for number in strong.left_out])}."
    return said


def dropped_words(strong: Strong, seat_title: Callable[[str], str] = str) -> str:
    """Return which found strategies did not play, and how often they play where they were found."""
    parts = []
    for seat in strong.players:
        gone = sorted((each for each in strong.dropped if each.seat == seat), key=lambda each: -each.share)
        if gone:
            names = joined([f"{each.player} ({100 * each.share:.3g}%)" for each in gone])
            parts.append(f"as {seat_title(seat)} {names}")
    return (
        f"Too many line-ups, so those that play least in their discovery's mixture did not play: {joined(parts)}. An"
        " equilibrium might use them."
    )


def adapted_words(effect: Adapted) -> str:
    """Return the effects of a prediction under stronger play."""
    total = range_words(effect.total.estimate)
    if effect.direct is None or effect.adaptation is None:
        return total
    still, adapting = range_words(effect.direct.estimate), range_words(effect.adaptation.estimate)
    return f"{total}; while others stand still {still}, by adapting {adapting}"


def _failing(result: Result) -> str:
    failing = [effect for effect in _predicted(result) if effect.answer == "refuted"]
    return f"What does not come true: {_quoted(result, failing)}." if failing else ""


def _predicted(result: Result) -> list[Effect]:
    return [effect for effect in usual(result) if effect.number < len(result.claim.predicts)]


def _quoted(result: Result, effects: Sequence[Effect | Adapted]) -> str:
    said = [result.claim.predicts[effect.number].says.rstrip(".") for effect in effects]
    return joined([f"“{each}”" for each in said])


def _open(result: Result) -> str:
    answer = result.judgement.answers[CALIBRATED]
    if answer == "met":
        where = settings_words(result.judgement.where("open"), result, "or")
        return f"It holds as calibrated, but is not decided with {where}."
    return f"Not decided as calibrated: {_quoted(result, [e for e in _predicted(result) if e.answer == 'open'])}."


def more(result: Result) -> str:
    """Return how many games would settle what is open."""
    judged = result.judgement
    if judged.factor is None:
        return "Some effects lie so near their limit that no sensible number of games would tell."
    wanted = math.ceil(judged.factor * result.asked / 100) * 100
    said = f"About {wanted:,} games in each arm would settle it; these were {result.asked:,}."
    return said + (" A few effects lie too near their limit even so." if judged.close else "")
