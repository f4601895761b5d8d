"""A claim's result in plain words, the same in the terminal and in the report."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tournament.claims.effects import Effect
from tournament.claims.experiment import CALIBRATED, Setting
from tournament.claims.run import Result

MINUS = "−"
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


def number(value: float) -> str:
    """A number as people read it: few digits, a real minus."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    text = f"{value:.{digits}f}"
    if digits == 2 and text.endswith("0"):
        text = text[:-1]
    return text.replace("-", "" if float(text) == 0 else MINUS)


def effect_words(effect: Effect) -> str:
    """An effect with its interval."""
    found = effect.estimate
    if math.isnan(found.low):
        return f"{number(found.value)} (too few games for a range)"
    return f"{number(found.value)} [{number(found.low)} to {number(found.high)}]"


def setting_words(setting: Setting, result: Result) -> str:
    """A setting in words, such as "Commoditisation at 0"."""
    if setting == CALIBRATED:
        return "as calibrated"
    title = result.titles[setting.knob]
    return f"{title} {times_words(setting)}"


def times_words(setting: Setting) -> str:
    """What is done to a setting's knob."""
    if setting.times == 0:
        return "at 0" if not setting.capped else "at its least"
    return "doubled" if not setting.capped else "at its most"


def listed(parts: Sequence[str], word: str = "and") -> str:
    """A list in a sentence."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def usual(result: Result) -> list[Effect]:
    """The claim's predictions as calibrated, in their order."""
    return [effect for effect in result.effects if effect.setting == CALIBRATED]


def survives(result: Result) -> str:
    """Which settings the claim survives, and which not, in a sentence or two."""
    judged = result.judgement
    met = [setting_words(s, result) for s in judged.where("met")]
    refuted = [setting_words(s, result) for s in judged.where("refuted")]
    open_ = [setting_words(s, result) for s in judged.where("open")]
    total = len(judged.answers)
    if len(met) == total:
        return f"It survives all {total} settings."
    parts = [f"It survives {listed(met)}." if met else f"It survives none of the {total} settings."]
    if met and refuted:
        parts.append(f"It does not survive {listed(refuted)}.")
    if open_:
        parts.append(f"Open: {listed(open_)}.")
    return " ".join(parts)


def reason(result: Result) -> str:
    """Why the verdict is what it is, in a sentence or two."""
    judged = result.judgement
    answer = judged.answers[CALIBRATED]
    knobs = listed([result.titles[name] for name in judged.knobs])
    if judged.verdict == "holds":
        return "It holds as calibrated, and whatever value the named assumptions take."
    if judged.verdict == "depends":
        if answer == "met":
            where = listed([setting_words(s, result) for s in judged.where("refuted")], "or")
            return f"It holds as calibrated because the rules assume so: it depends on {knobs}, and fails with {where}."
        if answer == "refuted":
            where = listed([setting_words(s, result) for s in judged.where("met")], "or")
            return f"It fails as calibrated, but depends on {knobs}: it holds with {where}. {_failing(result)}"
        met = listed([setting_words(s, result) for s in judged.where("met")], "or")
        refuted = listed([setting_words(s, result) for s in judged.where("refuted")], "or")
        return f"It depends on {knobs}: it holds with {met}, and fails with {refuted}. As calibrated it is too close to tell."
    if judged.verdict == "fails":
        return f"It fails as calibrated, and holds under no setting tried. {_failing(result)}"
    return f"{_open(result)} {more(result)}"


def _failing(result: Result) -> str:
    """Which predictions fail as calibrated."""
    failing = [effect for effect in usual(result) if effect.answer == "refuted"]
    said = [result.claim.predicts[effect.number].says.rstrip(".") for effect in failing]
    return f"What does not come true: {'; '.join(said)}." if said else ""


def _open(result: Result) -> str:
    answer = result.judgement.answers[CALIBRATED]
    if answer == "met":
        open_ = listed([setting_words(s, result) for s in result.judgement.where("open")])
        return f"It holds as calibrated, but is not decided with {open_}."
    said = [result.claim.predicts[e.number].says.rstrip(".") for e in usual(result) if e.answer == "open"]
    return f"Not decided as calibrated: {'; '.join(said)}."


def more(result: Result) -> str:
    """How many games would settle what is open."""
    judged = result.judgement
    if judged.factor is None:
        return "Some effects lie so near their limit that no sensible number of games would tell."
    wanted = judged.factor * result.per_arm
    rounded = math.ceil(wanted / 100) * 100
    said = f"About {rounded:,} games in each arm would settle it; these were {result.per_arm:,}."
    return said + (" A few effects lie too near their limit even so." if judged.close else "")


def compared(result: Result) -> str:
    """What was compared with what."""
    arms = [arm.title for arm in result.claim.arms.values()]
    return f"{listed(arms, 'against') if len(arms) == 2 else listed(arms, 'and')}"
