"""From the answers under all settings to one verdict, by a logic declared here in full.

Under a setting the claim is **met** when every prediction is, **refuted** when any prediction is, else **open**.
Settings are plausible (as calibrated, one knob at an end of its range, all knobs drawn together) or *off*: a knob at 0,
which asks whether the claim was put in by hand.

- **holds**: met under every plausible setting, and with every knob off.
- **built in**: met under every plausible setting, and refuted with a knob off.
- **depends**: met under some plausible settings and refuted under others; the knobs that turn it are named.
- **fails**: refuted as calibrated and met under no plausible setting.
- **undecided**: anything else; some intervals still straddle their limit, and what would settle them is told.

Draws that are open hold nothing up, since each rests on the games of one point only: they can refute, not delay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tournament.claims.effects import Answer, Effect
from tournament.claims.experiment import CALIBRATED, Setting

Verdict = Literal["holds", "built in", "depends", "fails", "undecided"]


@dataclass(frozen=True)
class Judgement:
    """A claim's verdict and what it rests on.

    Attributes:
        verdict: holds, built in, depends, fails or undecided.
        answers: what is true under each setting.
        knobs: the knobs under which the answer is another than as calibrated, surely.
        factor: how many times the games would settle every open setting; nothing if none is open, or none would.
        close: settings so near their limit that no sensible number of games would settle them.
        idle: knobs that move no effect at any value tried: what they stand for cannot act, or hardly.
    """

    verdict: Verdict
    answers: Mapping[Setting, Answer]
    knobs: tuple[str, ...]
    factor: float | None
    close: tuple[Setting, ...]
    idle: tuple[str, ...] = ()

    def where(self, answer: Answer, *, draws: bool = False) -> list[Setting]:
        """Return the settings with an answer, as calibrated first: those of single knobs, or the draws."""
        return [
            setting for setting, found in self.answers.items() if found == answer and (setting.kind == "draw") == draws
        ]

    @property
    def draws(self) -> int:
        """In how many settings all knobs were drawn together."""
        return sum(setting.kind == "draw" for setting in self.answers)


def judge(effects: Sequence[Effect], predictions: int) -> Judgement:
    """Return the verdict on a claim.

    Args:
        effects: all its predictions under all settings; those beyond the predictions are no part of it.
        predictions: how many predictions it has.
    """
    mine = [effect for effect in effects if effect.number < predictions]
    answers = {setting: _together(mine, setting) for setting in dict.fromkeys(effect.setting for effect in mine)}
    usual = answers[CALIBRATED]
    off = {answer for setting, answer in answers.items() if setting.kind == "off"}
    drawn = {answer for setting, answer in answers.items() if setting.kind == "draw"} - {"open"}
    alone = {answer for setting, answer in answers.items() if setting.kind not in ("off", "draw")}
    verdict: Verdict = "undecided"
    if alone == {"met"} and "refuted" not in drawn:
        verdict = "built in" if "refuted" in off else "undecided" if "open" in off else "holds"
    elif {"met", "refuted"} <= alone | drawn:
        verdict = "depends"
    elif usual == "refuted":
        verdict = "fails"
    unsettled = [e for e in mine if e.setting.kind != "draw" and answers[e.setting] == "open" and e.answer == "open"]
    factors = [effect.factor for effect in unsettled if effect.factor is not None]
    close = dict.fromkeys(effect.setting for effect in unsettled if effect.factor is None)
    most = max(factors, default=None)
    return Judgement(verdict, answers, _turning(answers, verdict), most, tuple(close), _idle(effects))


def _idle(effects: Sequence[Effect]) -> tuple[str, ...]:
    """Return the knobs under all of whose settings every effect and its range are those as calibrated, to the bit."""
    usual = {effect.number: repr(effect.estimate) for effect in effects if effect.setting == CALIBRATED}
    moved: dict[str, bool] = {}
    for effect in effects:
        if knob := effect.setting.knob:
            moved[knob] = moved.get(knob, False) or repr(effect.estimate) != usual[effect.number]
    return tuple(knob for knob, does in moved.items() if not does)


def _turning(answers: Mapping[Setting, Answer], verdict: Verdict) -> tuple[str, ...]:
    """Return the knobs whose settings turn the answer, in their order."""
    usual = answers[CALIBRATED]
    single = {setting: answer for setting, answer in answers.items() if setting.knob}
    turned = [setting.knob for setting, answer in single.items() if {answer, usual} == {"met", "refuted"}]
    if verdict == "depends" and usual == "open":
        turned = [setting.knob for setting, answer in single.items() if answer != "open"]
    return tuple(dict.fromkeys(turned))


def _together(effects: Sequence[Effect], setting: Setting) -> Answer:
    found = {effect.answer for effect in effects if effect.setting == setting}
    return "refuted" if "refuted" in found else "open" if "open" in found else "met"
