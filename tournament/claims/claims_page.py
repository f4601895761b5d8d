"""The report on the claims as one self-contained page, and the same numbers as tables of comma-separated values."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from game.prose.lexicon import titled
from game.prose.numbers import counted, hundredths, joined, rounded
from game.records.files import write_atomic
from game.rulebook.entries import ORIGINS
from game.rulebook.trust import trust_in, trust_table
from game.templates import render
from rules.model.rulebook import Rulebook
from tournament.analysis.tidy import Row
from tournament.claims.effects import Effect
from tournament.claims.experiment import CALIBRATED
from tournament.claims.figures import panels
from tournament.claims.run import Result
from tournament.claims.strength import Adapted, Strength
from tournament.claims.words import (
    MEANING,
    PLAYERS,
    READINGS,
    STRENGTHS,
    VERDICTS,
    adapted_words,
    beside,
    effect_words,
    pays,
    played_words,
    setting_words,
    strength_words,
    survives,
    usual,
    verdict_class,
    verdict_title,
    why,
)
from tournament.report.figures.style import INK, LESS, MET, MORE, SOFT
from tournament.report.tables import table_file

PAGE, EFFECTS, VERDICT_TABLE = "claims.html", "effects.csv", "verdicts.csv"
SIDES = {"for": "Speaks for it", "against": "Speaks against it", "open": "Cuts both ways"}
ANSWERS = {"met": "came true", "refuted": "did not come true", "open": "not decided"}
COLOURS = {
    "holds": MET,
    "built": INK,
    "depends": MORE,
    "fails": LESS,
    "undecided": SOFT,
}
MARKS = {"met": "●", "refuted": "✖", "open": "◆"}


def write_report(results: Sequence[Result], out: Path, command: str, book: Rulebook) -> Path:
    """Write the page and the tables into a folder and returns the page's path.

    Args:
        results: the claims' results.
        out: the folder.
        command: the command that gives them again.
        book: the rulebook.
    """
    write_atomic(out / EFFECTS, table_file(effects_table(results)))
    write_atomic(out / VERDICT_TABLE, table_file(verdicts_table(results)))
    write_atomic(out / PAGE, page(results, command, book).encode())
    return out / PAGE


def effects_table(results: Sequence[Result]) -> pl.DataFrame:
    """Return one row a prediction and setting of doctrines' games, and one a prediction and kind of effect of each
    stronger play, as its ``estimand`` says.
    """
    rows = []
    for result in results:
        for effect in result.effects:
            row = effect.row(result.claim, result.titles.get(effect.setting.knob, ""))
            rows.append({**row, "strength": str(Strength.SCRIPTS)})
        for strong in result.stronger:
            rows += [row for adapted in strong.effects for row in _adapted_rows(result, strong.strength, adapted)]
    return pl.DataFrame(rows, infer_schema_length=None)


def _adapted_rows(result: Result, strength: Strength, adapted: Adapted) -> list[Row]:
    """Return a prediction's effects at a strength of play as rows like those of doctrines' games, as calibrated."""
    rows = []
    kinds = ((adapted.total, adapted.answer), (adapted.direct, adapted.standing), (adapted.adaptation, None))
    for spread, said in kinds:
        if spread is not None:
            effect = Effect(adapted.number, CALIBRATED, spread.estimate, None, said or "open", None)
            rows.append({**effect.row(result.claim, ""), "answer": said or "", "strength": str(strength)})
    return rows


def verdicts_table(results: Sequence[Result]) -> pl.DataFrame:
    """Return one row a claim."""
    rows = [
        {
            "claim": result.claim.claim, "title": result.claim.title, "sentence": result.claim.sentence,
            "verdict": result.judged.verdict if result.judged else "", "why": why(result),
            "depends_on": " ".join(result.judged.knobs) if result.judged else "",
            "survives": survives(result) if result.judged else "", "pays": pays(result) if result.judged else "",
            **{strong.strength: strong.reading for strong in result.stronger}, "caveat": result.claim.caveat,
            "games": result.games, "games_an_arm": result.per_arm, "played": " ".join(result.played),
        }
        for result in results
    ]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def page(results: Sequence[Result], command: str, book: Rulebook) -> str:
    """Return the report: a line a claim with its verdict, each of which opens; last, where that was ever measured, how
    far the model can be trusted.
    """
    games = sum(result.games for result in results)
    scripts = any(result.judged for result in results)
    tried = (
        "one thing changed, and every assumption that it could rest on tried over what is plausible, and switched off."
    )
    return render(
        "claims/page.html",
        colours=COLOURS,
        headline=_headline(results),
        summary=(
            f"{games:,} games of {book.title}, version {book.version} ({book.sha256[:8]}), played by"
            f" {played_words(results)}. Each claim is an experiment: the same players in the same worlds,"
            f" {tried if scripts else 'under the rules as calibrated, one thing changed.'}"
        ),
        scripts=scripts,
        adapted=any(strong.equilibria for result in results for strong in result.stronger),
        results=results,
        verdicts=VERDICTS,
        meaning=MEANING,
        sides=SIDES,
        answers=ANSWERS,
        marks=MARKS,
        panels=panels,
        why=why,
        verdict_class=verdict_class,
        verdict_title=verdict_title,
        survives=survives,
        usual=usual,
        pays=pays,
        strengths=STRENGTHS,
        beside=beside,
        strength_words=lambda strong, result: strength_words(strong, result, _seat_title(result, book)),
        seat_title=lambda result, seat: _seat_title(result, book)(seat),
        titled=titled,
        counted=counted,
        adapted_words=adapted_words,
        hundredths=hundredths,
        origins=ORIGINS,
        level_words=_level_words,
        effect_words=effect_words,
        setting_words=setting_words,
        described=_described,
        capital=_capital,
        rounded=rounded,
        game_command=lambda folder: shlex.join(["chokepoint", "tournament", "game", str(folder), "ID"]),
        trust=trust_in(book),
        trust_table=trust_table,
        tables=(EFFECTS, VERDICT_TABLE),
        command=command,
    )


def _seat_title(result: Result, book: Rulebook) -> Callable[[str], str]:
    """Return what gives the title of a seat of the claim's scenario."""
    titles = {seat.name: titled(seat.name, seat.title) for seat in book.scenarios[result.claim.scenario].seats}
    return lambda seat: titles.get(seat, titled(seat))


def _headline(results: Sequence[Result]) -> str:
    if results[0].judged is None:
        return _first_readings(results)
    if len(results) == 1:
        verdict = results[0].judgement.verdict
        return f"Claim {results[0].claim.claim} {ALONE.get(verdict, verdict)}"
    parts = []
    for verdict, word in (
        ("holds", "hold whatever is assumed"),
        ("built in", "are built in"),
        ("depends", "depend on an assumption"),
        ("fails", "fail"),
        ("undecided", "are not decided yet"),
    ):
        count = sum(result.judgement.verdict == verdict for result in results)
        if count:
            parts.append(f"{count} {_singular(word) if count == 1 else word}")
    return f"Of {len(results)} claims, {joined(parts)}"


def _first_readings(results: Sequence[Result]) -> str:
    """Return what the claims come to at the first strength of play, where doctrines did not play."""
    readings = [result.stronger[0].reading for result in results]
    among = f"among {PLAYERS[results[0].stronger[0].strength]}"
    if len(results) == 1:
        return f"Claim {results[0].claim.claim} {among}: {READINGS[readings[0]]}"
    counts = {
        words.removeprefix("it "): sum(each == reading for each in readings) for reading, words in READINGS.items()
    }
    parts = [f"{count} {words if count == 1 else _plural(words)}" for words, count in counts.items() if count]
    return f"Of {len(results)} claims {among}, {joined(parts)}"


def _level_words(result: Result) -> str:
    wrong = round(1 / (1 - result.level))
    return f"{wrong - 1} times in {wrong}"


ALONE = {"built in": "is built in", "depends": "depends on an assumption", "undecided": "is not decided yet"}


def _singular(words: str) -> str:
    first, _, rest = words.partition(" ")
    return " ".join(part for part in ({"are": "is"}.get(first, f"{first}s"), rest) if part)


def _plural(words: str) -> str:
    first, _, rest = words.partition(" ")
    return " ".join(part for part in (first if first == "cannot" else first.removesuffix("s"), rest) if part)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _described(result: Result) -> str:
    """Return the figure in words, for those who cannot see it."""
    parts = [
        f"{result.claim.measured[e.number].says} {effect_words(e)} as calibrated, {ANSWERS[e.answer]}"
        for e in usual(result)
    ]
    return f"Effects with ranges. {'; '.join(parts)}. {survives(result)}"
