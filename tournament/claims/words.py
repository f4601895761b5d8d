"""A claim's result in plain words, the same in the terminal and in the report."""

from __future__ import annotations

import math
from collections.abc import Sequence

from game.prose.numbers import joined, rounded
from tournament.claims.effects import Effect
from tournament.claims.experiment import CALIBRATED, Setting
from tournament.claims.run import Result

VERDICTS = {
    "holds": "Holds",
    "depends": "Depends",
    "fails": "Fails",
    "undecided": "Undecided",
}
MEANING = {
    "holds": "every prediction came true as calibrated and with each named assumption at nothing and doubled",
    "depends": "it is true under some settings of the named assumptions and false under others",
    "fails": "it is false as calibrated and true under none of the settings tried",
    "undecided": "too few games to tell; the number that would settle it is given",
}


def effect_words(effect: Effect) -> str:
    found = effect.estimate
    if math.isnan(found.low):
        return f"{rounded(found.value)} (too few games for a range)"
    return f"{rounded(found.value)} [{rounded(found.low)} to {rounded(found.high)}]"


def setting_words(setting: Setting, result: Result) -> str:
    """Return a setting in words, such as "“Commoditisation” at 0"."""
    if setting == CALIBRATED:
        return "as calibrated"
    return f"“{result.titles[setting.knob]}” {times_words(setting)}"


def settings_words(settings: Sequence[Setting], result: Result, word: str = "and") -> str:
    """Return several settings in words, those of one knob together."""
    knobs: dict[str, list[str]] = {}
    for setting in settings:
        knobs.setdefault(setting.knob, []).append(times_words(setting))
    parts = [
        f"“{result.titles[knob]}” {joined(times, word)}" if knob else "as calibrated" for knob, times in knobs.items()
    ]
    return joined(parts, word)


def times_words(setting: Setting) -> str:
    """Return what is done to a setting's knob."""
    if setting.times == 0:
        return "at 0" if not setting.capped else "at its least"
    return "doubled" if not setting.capped else "at its most"


def usual(result: Result) -> list[Effect]:
    """Return the claim's predictions as calibrated, in their order."""
    return [effect for effect in result.effects if effect.setting == CALIBRATED]


def survives(result: Result, *, short: bool = False) -> str:
    """Return which settings the claim survives, and which not; ``short`` only counts those that it survives."""
    judged = result.judgement
    met, refuted, open_ = (judged.where(answer) for answer in ("met", "refuted", "open"))
    total = len(judged.answers)
    if len(met) == total:
        return f"It survives all {total} settings tried: {settings_words(met, result)}."
    parts = [f"It survives {len(met) or 'none'} of the {total} settings tried"]
    parts[0] += f": {settings_words(met, result)}." if met and not short else "."
    if refuted and met:
        parts.append(f"It does not survive {settings_words(refuted, result, 'or')}.")
    if open_:
        parts.append(f"Still open: {settings_words(open_, result)}.")
    return " ".join(parts)


def reason(result: Result) -> str:
    """Return why the verdict is what it is, in a sentence or two."""
    judged = result.judgement
    answer = judged.answers[CALIBRATED]
    met, refuted = (settings_words(judged.where(found), result, "or") for found in ("met", "refuted"))
    if judged.verdict == "holds":
        return "It holds as calibrated, and whatever value the named assumptions take."
    if judged.verdict == "depends":
        if answer == "met":
            return f"It holds as calibrated, but only because of what is assumed: it fails with {refuted}."
        if answer == "refuted":
            return f"It fails as calibrated, but with other assumptions it holds: with {met}. {_failing(result)}"
        return f"As calibrated it is too close to tell. It holds with {met}, and fails with {refuted}."
    if judged.verdict == "fails":
        return f"It fails as calibrated, and holds under no setting tried. {_failing(result)}"
    return f"{_open(result)} {more(result)}"


def _failing(result: Result) -> str:
    failing = [effect for effect in usual(result) if effect.answer == "refuted"]
    return f"What does not come true: {_quoted(result, failing)}." if failing else ""


def _quoted(result: Result, effects: Sequence[Effect]) -> str:
    said = [result.claim.predicts[effect.number].says.rstrip(".") for effect in effects]
    return joined([f"“{each}”" for each in said])


def _open(result: Result) -> str:
    answer = result.judgement.answers[CALIBRATED]
    if answer == "met":
        where = settings_words(result.judgement.where("open"), result, "or")
        return f"It holds as calibrated, but is not decided with {where}."
    return f"Not decided as calibrated: {_quoted(result, [e for e in usual(result) if e.answer == 'open'])}."


def more(result: Result) -> str:
    """Return how many games would settle what is open."""
    judged = result.judgement
    if judged.factor is None:
        return "Some effects lie so near their limit that no sensible number of games would tell."
    wanted = math.ceil(judged.factor * result.asked / 100) * 100
    said = f"About {wanted:,} games in each arm would settle it; these were {result.asked:,}."
    return said + (" A few effects lie too near their limit even so." if judged.close else "")
