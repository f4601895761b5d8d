"""The report on the claims as one self-contained page, and the same numbers as tables of comma-separated values."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from game.records.files import write_atomic
from game.rulebook.html import asset, document, esc
from tournament.claims.effects import Effect
from tournament.claims.figures import panels
from tournament.claims.run import Result
from tournament.claims.shapes import EvidencePart
from tournament.claims.words import (
    MEANING,
    VERDICTS,
    effect_words,
    listed,
    number,
    reason,
    setting_words,
    survives,
    usual,
)

PAGE, EFFECTS, VERDICT_TABLE = "claims.html", "effects.csv", "verdicts.csv"
SIDES = {"for": "Speaks for it", "against": "Speaks against it", "open": "Cuts both ways"}
ANSWERS = {"met": "came true", "refuted": "did not come true", "open": "not decided"}
MARKS = {"met": "●", "refuted": "✖", "open": "◆"}


def write_report(results: Sequence[Result], out: Path, command: str, rules: str) -> Path:
    """Writes the page and the tables into a folder and returns the page's path.

    Args:
        results: the claims' results.
        out: the folder.
        command: the command that gives them again.
        rules: title and version of the rulebook.
    """
    write_atomic(out / EFFECTS, effects_table(results).write_csv().encode())
    write_atomic(out / VERDICT_TABLE, verdicts_table(results).write_csv().encode())
    write_atomic(out / PAGE, page(results, command, rules).encode())
    return out / PAGE


def effects_table(results: Sequence[Result]) -> pl.DataFrame:
    """One row a prediction and setting."""
    rows = [
        effect.row(result.claim, result.titles.get(effect.setting.knob, ""))
        for result in results
        for effect in result.effects
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def verdicts_table(results: Sequence[Result]) -> pl.DataFrame:
    """One row a claim."""
    rows = [
        {
            "claim": result.claim.claim, "title": result.claim.title, "sentence": result.claim.sentence,
            "verdict": result.judgement.verdict, "why": reason(result), "depends_on": " ".join(result.judgement.knobs),
            "survives": survives(result), "caveat": result.claim.caveat, "games": result.games,
            "games_an_arm": result.per_arm,
        }
        for result in results
    ]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def page(results: Sequence[Result], command: str, rules: str) -> str:
    """The whole page."""
    games = sum(result.games for result in results)
    counts = {verdict: [r for r in results if r.judgement.verdict == verdict] for verdict in VERDICTS}
    return document(
        "claims",
        "Claims, tested",
        asset("claims", "claims.css"),
        headline=esc(_headline(results)),
        summary=esc(
            f"{games:,} games of {rules}. Each claim is an experiment: the same players in the same worlds, one thing"
            " changed, and every assumption that it could rest on tried at nothing, as calibrated, and doubled."
        ),
        tiles="".join(_tile(verdict, len(found)) for verdict, found in counts.items()) if len(results) > 1 else "",
        verdicts=f"<ol>{''.join(_line(result) for result in results)}</ol>",
        how=HOW,
        claims="\n".join(_claim(result) for result in results),
        footer=f"<p>The same numbers as tables: {EFFECTS}, {VERDICT_TABLE}. Again: <code>{esc(command)}</code></p>",
    )


def _headline(results: Sequence[Result]) -> str:
    """The verdicts counted, in a sentence."""
    if len(results) == 1:
        verdict = results[0].judgement.verdict
        return f"Claim {results[0].claim.claim} {ALONE.get(verdict, verdict)}"
    parts = []
    for verdict, word in (
        ("holds", "hold whatever is assumed"),
        ("depends", "depend on an assumption"),
        ("fails", "fail"),
        ("undecided", "are not decided yet"),
    ):
        count = sum(result.judgement.verdict == verdict for result in results)
        if count:
            parts.append(f"{count} {_singular(word) if count == 1 else word}")
    return f"Of {len(results)} claims, {listed(parts)}"


ALONE = {"depends": "depends on an assumption", "undecided": "is not decided yet"}


def _singular(words: str) -> str:
    first, _, rest = words.partition(" ")
    return " ".join(part for part in ({"are": "is"}.get(first, f"{first}s"), rest) if part)


def _tile(verdict: str, count: int) -> str:
    return (
        f'<div class="tile {verdict}"><b>{count}</b><strong>{VERDICTS[verdict]}</strong>'
        f"<span>{esc(MEANING[verdict])}</span></div>"
    )


def _badge(result: Result) -> str:
    return f'<span class="badge {result.judgement.verdict}">{VERDICTS[result.judgement.verdict]}</span>'


def _line(result: Result) -> str:
    claim = result.claim
    return (
        f'<li><a href="#claim-{claim.claim}"><span class="n">{claim.claim}</span><span>{esc(claim.sentence)}</span>'
        f'<span>{_badge(result)}</span><span class="why">{esc(reason(result))}</span></a></li>'
    )


HOW = """\
<p><b>The verdict</b> is about the model: a claim that holds here holds in a game whose every rule can be read, not in
the world. What is known about the world stands beside it.</p>
<p><b>The figure</b> shows, for each prediction, how much the change made a difference: the mark is the average, the
line the range in which the true average most likely lies (19 times in 20). The dashed line is the least that counts;
the prediction says that the effect lies in the tinted part.
<span class="mark met">● came true</span> &nbsp; <span class="mark refuted">✖ did not come true</span> &nbsp;
<span class="mark open">◆ not decided</span></p>
<p><b>Assumptions</b> are numbers of the rules that somebody had to choose. A claim that is true only because one of
them has the value it has is said to depend on it: then argue about that number.</p>"""


def _claim(result: Result) -> str:
    claim = result.claim
    return f"""\
<section class="claim {result.judgement.verdict}" id="claim-{claim.claim}">
<div class="top"><h2><span class="n">{claim.claim}</span>{esc(claim.title)}</h2>{_badge(result)}</div>
<p class="sentence">“{esc(claim.sentence)}”</p>
<p class="verdict">{esc(reason(result))}</p>
<div class="two">
<div>
<h3>What was compared</h3>
<ul class="arms">{"".join(f"<li>{esc(_capital(arm.title))}.</li>" for arm in claim.arms.values())}</ul>
<p>{result.per_arm:,} games each, with the same players in the same worlds.</p>
<h3>In the model</h3>
<ul>{"".join(_prediction(result, effect) for effect in usual(result))}</ul>
<p>{esc(survives(result, short=True))}</p>
</div>
<div>
<h3>What would falsify it</h3>
<p>{esc(claim.fails_if)}</p>
<h3>In the world</h3>
<ul>{"".join(_evidence(each) for each in claim.evidence)}</ul>
<p class="caveat"><b>Caveat.</b> {esc(claim.caveat)}</p>
</div>
</div>
<figure role="img" aria-label="{esc(_described(result))}">
<div class="panels">{"".join(f"<div>{panel}</div>" for panel in panels(result))}</div>
<figcaption>Each prediction as calibrated, and with each named assumption at 0 and doubled.</figcaption>
</figure>
<details><summary>All numbers, and how to get them again</summary>
{_numbers(result)}
<p>Games are in <code>{esc(result.folder.name)}</code>. Open any of them:
<code>{esc(shlex.join(["chokepoint", "tournament", "game", str(result.folder), "ID"]))}</code></p>
</details>
</section>"""


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _prediction(result: Result, effect: Effect) -> str:
    prediction = result.claim.predicts[effect.number]
    return (
        f'<li><span class="mark {effect.answer}">{MARKS[effect.answer]}</span> {esc(prediction.says)}'
        f' <span class="effect">{esc(effect_words(effect))} {esc(prediction.unit)}:'
        f" {ANSWERS[effect.answer]}.</span></li>"
    )


def _evidence(found: EvidencePart) -> str:
    reported = "Reported: " if found.grade in ("C", "U") else ""
    return (
        f'<li><span class="side">{SIDES[found.side]}.</span> {reported}{esc(found.text)}'
        f' <span class="grade">{esc(found.source)} · grade {found.grade}</span></li>'
    )


def _described(result: Result) -> str:
    """The figure in words, for those who cannot see it."""
    parts = [
        f"{result.claim.predicts[e.number].says} {effect_words(e)} as calibrated, {ANSWERS[e.answer]}"
        for e in usual(result)
    ]
    return f"Effects with ranges. {'; '.join(parts)}. {survives(result)}"


def _numbers(result: Result) -> str:
    rows = []
    for place, prediction in enumerate(result.claim.predicts):
        limit = f"{'more' if prediction.upward else 'less'} than {number(prediction.limit)}"
        because = f"{prediction.because} Must be {limit} {prediction.unit}."
        rows.append(f'<tr><th colspan="4">{esc(prediction.says)} {esc(because)}</th></tr>')
        rows += [
            f"<tr><td>{esc(_capital(setting_words(effect.setting, result)))}</td>"
            f'<td class="num">{number(effect.estimate.value)}</td>'
            f'<td class="num">{number(effect.estimate.low)} to {number(effect.estimate.high)}</td>'
            f"<td>{ANSWERS[effect.answer]}</td></tr>"
            for effect in result.effects
            if effect.number == place
        ]
    head = '<tr><th>Setting</th><th class="num">Effect</th><th class="num">95% range</th><th>Prediction</th></tr>'
    return f'<div class="wide"><table>{head}{"".join(rows)}</table></div>'
