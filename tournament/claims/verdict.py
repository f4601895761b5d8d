"""From the answers under all settings to one verdict, by a logic declared here in full.

- Under a setting the claim is **met** when every prediction is, **refuted** when any prediction is, else **open**.
- **holds**: met as calibrated and under every other setting.
- **depends**: met under some settings and refuted under others; the knobs that turn it are named.
- **fails**: refuted as calibrated and met nowhere.
- **undecided**: anything else; some intervals still straddle their limit, and what would settle them is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tournament.claims.effects import Answer, Effect
from tournament.claims.experiment import CALIBRATED, Setting

Verdict = Literal["holds", "depends", "fails", "undecided"]


@dataclass(frozen=True)
class Judgement:
    """A claim's verdict and what it rests on.

    Attributes:
        verdict: holds, depends, fails or undecided.
        answers: what is true under each setting.
        knobs: the knobs under which the answer is another than as calibrated, surely.
        factor: how many times the games would settle every open setting; nothing if none is open, or none would.
        close: settings so near their limit that no sensible number of games would settle them.
    """

    verdict: Verdict
    answers: Mapping[Setting, Answer]
    knobs: tuple[str, ...]
    factor: float | None
    close: tuple[Setting, ...]

    def where(self, answer: Answer) -> list[Setting]:
        """Return the settings with an answer, as calibrated first."""
        return [setting for setting, found in self.answers.items() if found == answer]


def judge(effects: Sequence[Effect]) -> Judgement:
    """Return the verdict on a claim from the effects of all its predictions under all settings."""
    answers = {setting: _together(effects, setting) for setting in dict.fromkeys(e.setting for e in effects)}
    found = set(answers.values())
    usual = answers[CALIBRATED]
    verdict: Verdict = "undecided"
    if found == {"met"}:
        verdict = "holds"
    elif {"met", "refuted"} <= found:
        verdict = "depends"
    elif usual == "refuted":
        verdict = "fails"
    turned = {setting.knob for setting, answer in answers.items() if {answer, usual} == {"met", "refuted"}}
    if verdict == "depends" and usual == "open":
        turned = {setting.knob for setting, answer in answers.items() if setting.knob and answer != "open"}
    unsettled = [e for e in effects if answers[e.setting] == "open" and e.answer == "open"]
    factors = [e.factor for e in unsettled if e.factor is not None]
    close = dict.fromkeys(e.setting for e in unsettled if e.factor is None)
    order = [setting.knob for setting in answers if setting.knob in turned]
    return Judgement(verdict, answers, tuple(dict.fromkeys(order)), max(factors, default=None), tuple(close))


def _together(effects: Sequence[Effect], setting: Setting) -> Answer:
    found = {effect.answer for effect in effects if effect.setting == setting}
    return "refuted" if "refuted" in found else "open" if "open" in found else "met"
