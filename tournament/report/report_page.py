"""The report as one HTML page with its styles and drawings inside; needs no network and no script to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from game.narrative.shapes import corners
from game.prose.lexicon import clean, titled
from game.prose.numbers import counted
from game.templates import render
from tournament.design.profiles import FEW_WORLDS
from tournament.report import commands, tables, words
from tournament.report.findings import Findings
from tournament.report.sections import sections
from tournament.runner.referee import FAULTS

CLOSING = {"failures": "What went wrong?", "again": "Do it again", "tables": "Tables"}
"""The sections that every report ends with."""


@dataclass(frozen=True)
class NamedGame:
    """A game worth opening, in words: of what kind it is, what it shows, the commands that open it and its twin."""

    kind: str
    says: str
    command: str
    other: str


@dataclass(frozen=True)
class NamedGames:
    """The games that show a finding, under what they are about."""

    heading: str
    games: tuple[NamedGame, ...]


def html(found: Findings, frames: Mapping[str, pl.DataFrame]) -> str:
    """Return the page.

    Args:
        found: what it tells.
        frames: its tables (``Findings.frames``).
    """
    plan, manifest, folder = found.tournament.plan, found.tournament.manifest, _home(found)
    parts, book = sections(found), found.titles.book
    scenario = found.titles.scenario(found.tournament.field.arms[0].scenario)
    versions = [f"{name} {version}" for name, version in manifest["versions"].items() if version not in UNKNOWN]
    return render(
        "report/page.html",
        mark=found.titles.mark,
        corners=corners,
        title=titled(plan.plan, plan.title),
        question=clean(plan.question),
        facts=f"{words.evidence(found)} · {scenario}",
        answers=words.answers(found),
        luck=words.luck(found),
        warnings=_warnings(found),
        seats=words.summaries(found),
        dots=words.DOTS,
        strip=_strip(found),
        caution=words.CAUTION,
        sections=parts,
        closing=CLOSING,
        games_of={
            **{part.key: _games(found, part.findings) for part in parts},
            "failures": _games(found, [key for key in found.examples if key.startswith("fault ")]),
        },
        failures=[clean(text) for text in _failures(found) if text],
        run_again=commands.run_again(folder),
        report_again=commands.report_again(folder, found.payoff),
        citation=found.tournament.citation,
        rulebook=manifest["rules"],
        seed=plan.seed,
        versions=", ".join(versions),
        tables=tables.tables(found, frames),
        footer=f"{clean(book.title or book.name)} · written by chokepoint from {folder} · {words.CAUTION}",
    )


UNKNOWN = ("", "not installed")


def _home(found: Findings) -> Path:
    """Return the results folder as its commands name it: from the root, so that they work wherever they are pasted."""
    return found.tournament.folder.resolve()


def _warnings(found: Findings) -> list[str]:
    tournament, made = found.tournament, []
    missing = tournament.field.games - found.stored
    if missing > 0:
        state = "A run is at work in this folder" if tournament.store.busy() else "The run is not finished"
        made.append(
            f"{state}: {counted(missing, 'game')} of {tournament.field.games:,} are missing. "
            "What follows is about those that are there."
        )
    audit = tournament.audit
    if audit["disagree"]:
        made.append(f"The audit found games that cannot be repeated: {', '.join(audit['disagree'])}. See below.")
    for name, why in tournament.stopped.items():
        made.append(f"{found.titles.player('', name)} was stopped: {why}. Its other games were not played.")
    if not found.analysis.table.payoff("win").any():
        made.append("Every game ended in a crisis, so nobody won any. Points are those at the crisis.")
    if words.worlds(found) < FEW_WORLDS:
        made.append(
            f"All games were played in {counted(words.worlds(found), 'world')}: too few to tell luck from skill. "
            "More worlds (blocks) would make this firmer than more line-ups."
        )
    return made


def _strip(found: Findings) -> dict[str, str]:
    """Return what stands under the answers, by its heading; lines are paragraphs."""
    return {
        "What best means": words.best_means(found),
        **({"Would a seat leave the line-up?": words.nobody_leaves(found)} if found.around else {}),
        "Does one strategy always pay?": words.dominance(found),
        "Against whom": words.against(found),
        "Under which rules": words.rules(found),
    }


def _games(found: Findings, findings: Sequence[str]) -> list[NamedGames]:
    folder = _home(found)
    return [
        NamedGames(
            commands.heading(found, finding),
            tuple(
                NamedGame(
                    commands.KINDS.get(example.kind, ""),
                    commands.told(found, finding, example),
                    commands.open_game(folder, example.id),
                    commands.open_game(folder, example.other) if example.other else "",
                )
                for example in found.examples[finding]
            ),
        )
        for finding in findings
    ]


def _failures(found: Findings) -> list[str]:
    tournament = found.tournament
    said: list[str] = []
    faults = tournament.faults
    if found.tournament.field.bots:
        if faults.height:
            policy = tournament.plan.faults.policy
            what = "any legal move was played for it" + (", and it could not win" if policy == "forfeit" else "")
            said.append(f"After a player's first fault in a game {what}. Those games count in everything above.")
            for row in faults.iter_rows(named=True):
                fault = FAULTS.get(row["status"], row["status"])
                says = f"{found.titles.player('', row['player'])} {fault} in {counted(row['games'], 'game')}"
                said.append(f"{says}: “{row['says']}”." if row["says"] else f"{says}.")
            said.append(_clean(found))
        else:
            said.append("No player of one's own failed.")
    said.append(_audit(tournament.audit))
    missing = tournament.field.games - found.stored
    said.append(
        f"{counted(missing, 'game')} of the plan are missing." if missing > 0 else "No game of the plan is missing."
    )
    aside = sorted((tournament.folder / "damaged").glob("*")) if (tournament.folder / "damaged").is_dir() else []
    if aside:
        said.append(
            f"{counted(len(aside), 'file')} of results had been damaged and is set aside in the folder 'damaged'; the "
            "games were played again."
        )
    said += [f"Not worked out: {note}." if ": " in note else f"{note}." for note in found.notes]
    return said


def _clean(found: Findings) -> str:
    """Return whether the answer is the same without the games in which a player failed."""
    if not found.clean:
        return "A player failed in every game, so nothing is left without those."
    parts = []
    for seat in found.seats:
        best = found.standing(seat)[0].player
        clean = next((s for s in found.clean[found.payoff] if s.seat == seat), None)
        if clean is not None and clean.player != best:
            parts.append(f"{found.titles.player(seat, clean.player)} leads as {found.titles.seat(seat)}")
    if not parts:
        return "Without those games the same strategies lead in every seat."
    return f"Without those games {'; '.join(parts)}."


def _audit(audit: Mapping[str, Any]) -> str:
    if not audit["games"]:
        return "Audit: no game was played again."
    played, verb = counted(audit["games"], "game"), "was" if audit["games"] == 1 else "were"
    how = f"{played} of {audit['of']:,}, chosen by lot, {verb} played again in another way, without the compiled kernel"
    if not audit["disagree"]:
        text = f"Audit: {how}. Every score, ending, move count and measure came out the same."
    else:
        text = f"Audit: {how}. These came out otherwise: {', '.join(audit['disagree'])}."
    for name, why in audit["players"].items():
        text += f" {name} {why}."
    return text
