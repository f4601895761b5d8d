"""The report as one HTML page with its styles and drawings inside; needs no network and no script to be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from game.prose.lexicon import titled
from game.rulebook.html import asset, document, esc
from tournament.design.profiles import FEW_WORLDS
from tournament.report import commands, tables, words
from tournament.report.findings import Findings
from tournament.report.numbers import count
from tournament.report.sections import Figure, Section, sections
from tournament.runner.referee import FAULTS


def html(found: Findings, frames: Mapping[str, pl.DataFrame]) -> str:
    """The page.

    Args:
        found: what it tells.
        frames: its tables (``Findings.frames``).
    """
    plan = found.tournament.plan
    parts = sections(found)
    inner = [_section(found, part) for part in parts]
    contents = [(part.key, part.title) for part in parts]
    for key, title, body in (
        ("failures", "What went wrong?", _failures(found)),
        ("again", "Do it again", _again(found)),
        ("tables", "Tables", f'<div class="tables">{tables.tables(found, frames)}</div>'),
    ):
        inner.append(f'<section id="{key}"><h2>{esc(title)}</h2>\n{body}\n</section>')
        contents.append((key, title))
    title = titled(plan.plan, plan.title)
    return document(
        "report",
        f"{esc(title)}: report",
        asset("report", "report.css"),
        title=esc(title),
        question=f'<p class="question">{esc(plan.question)}</p>' if plan.question else "",
        facts=esc(f"{words.evidence(found)} · {found.titles.scenario(found.tournament.field.arms[0].scenario)}"),
        warnings="".join(f'<p class="warning">{esc(text)}</p>' for text in _warnings(found)),
        seats="\n".join(_seat(summary) for summary in words.summaries(found)),
        strip=_strip(found),
        caution=esc(words.CAUTION),
        contents="\n".join(f'<li><a href="#{key}">{esc(title)}</a></li>' for key, title in contents),
        sections="\n".join(inner),
        footer=_footer(found),
    )


def _warnings(found: Findings) -> list[str]:
    tournament, made = found.tournament, []
    missing = tournament.field.games - found.stored
    if missing > 0:
        made.append(
            f"The run is not finished: {count(missing, 'game')} of {tournament.field.games:,} are missing. "
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
            f"All games were played in {count(words.worlds(found), 'world')}: too few to tell luck from skill. "
            "More worlds (blocks) would make this firmer than more line-ups."
        )
    return made


def _seat(summary: words.SeatSummary) -> str:
    dots = "".join(
        f"<i{' class=' + chr(34) + 'on' + chr(34) if k < words.DOTS[summary.level] else ''}></i>" for k in range(4)
    )
    about = f'<p class="about">{esc(summary.about)}</p>' if summary.about else ""
    said = "".join(f"<p>{esc(sentence)}</p>" for sentence in summary.said)
    threats = "".join(f"<li>{esc(text)}</li>" for text in summary.threats)
    overturn = f'<div class="overturn"><b>What would overturn it</b><ul>{threats}</ul></div>' if threats else ""
    return (
        f'<article class="seat {summary.level}"><h2>{esc(summary.title)}</h2><div class="who">{esc(summary.best)}</div>'
        f'<div class="badge"><span class="dots" aria-hidden="true">{dots}</span>{esc(summary.badge)}</div>'
        f"{about}{said}{overturn}</article>"
    )


def _strip(found: Findings) -> str:
    entries = {
        "What best means": words.best_means(found),
        **({"Would a seat leave the line-up?": words.nobody_leaves(found)} if found.around else {}),
        "Does one strategy always pay?": words.dominance(found),
        "Against whom": words.against(found),
        "Under which rules": words.rules(found),
    }
    made = []
    for label, text in entries.items():
        paragraphs = "".join(f"<p>{esc(line)}</p>" for line in text.splitlines())
        made.append(f"<div><b>{esc(label)}</b>{paragraphs}</div>")
    return "".join(made)


def _section(found: Findings, part: Section) -> str:
    said = "".join(f"<p>{esc(text)}</p>" for text in part.said if text)
    tiles = "".join(f'<div class="tile"><b>{esc(t.value)}</b><span>{esc(t.label)}</span></div>' for t in part.tiles)
    figures = "".join(_figure(figure) for figure in part.figures)
    body = [said, f'<div class="tiles">{tiles}</div>' if tiles else "", figures, _games(found, part.findings)]
    return f'<section id="{part.key}"><h2>{esc(part.title)}</h2>\n{"".join(body)}\n</section>'


def _figure(figure: Figure) -> str:
    """A figure's panels in columns, two or four in pairs; nothing if there is none."""
    if not figure.panels:
        return ""
    title = f"<h3>{esc(figure.title)}</h3>" if figure.title else ""
    panels = "".join(
        f"<figure><figcaption>{esc(panel.title)}</figcaption>{panel.svg}</figure>\n" for panel in figure.panels
    )
    style = "panels pairs" if len(figure.panels) in (2, 4) else "panels"
    return f'{title}<div class="{style}">{panels}</div><p class="how">{esc(figure.how)}</p>'


def _games(found: Findings, findings: tuple[str, ...]) -> str:
    """The games that show findings, a column a finding."""
    folder, columns = found.tournament.folder, []
    for finding in findings:
        items = []
        for example in found.examples[finding]:
            kind = commands.KINDS.get(example.kind, "")
            twin = f"<br>against <code>{esc(commands.open_game(folder, example.other))}</code>" if example.other else ""
            items.append(
                f'<li><span class="kindof">{esc(kind)}</span> {esc(commands.told(found, finding, example))}<br>'
                f"<code>{esc(commands.open_game(folder, example.id))}</code>{twin}</li>"
            )
        columns.append(f"<div><h4>{esc(commands.heading(found, finding))}</h4><ul>{''.join(items)}</ul></div>")
    return (
        f'<div class="games"><h3>Open a game</h3><div class="columns">{"".join(columns)}</div></div>' if columns else ""
    )


def _failures(found: Findings) -> str:
    tournament = found.tournament
    said = []
    faults = tournament.faults
    if found.tournament.field.bots:
        if faults.height:
            policy = tournament.plan.faults.policy
            what = "any legal move was played for it" + (", and it could not win" if policy == "forfeit" else "")
            said.append(f"After a player's first fault in a game {what}. Those games count in everything above.")
            for row in faults.iter_rows(named=True):
                fault = FAULTS.get(row["status"], row["status"])
                says = f"{found.titles.player('', row['player'])} {fault} in {count(row['games'], 'game')}"
                said.append(f"{says}: “{row['says']}”." if row["says"] else f"{says}.")
            said.append(_clean(found))
        else:
            said.append("No player of one's own failed.")
    said.append(_audit(tournament.audit))
    missing = tournament.field.games - found.stored
    said.append(
        f"{count(missing, 'game')} of the plan are missing." if missing > 0 else "No game of the plan is missing."
    )
    aside = sorted((tournament.folder / "damaged").glob("*")) if (tournament.folder / "damaged").is_dir() else []
    if aside:
        said.append(
            f"{count(len(aside), 'file')} of results had been damaged and is set aside in the folder 'damaged'; the "
            "games were played again."
        )
    said += [f"Not worked out: {note}." if ": " in note else f"{note}." for note in found.notes]
    items = "".join(f"<li>{esc(text)}</li>" for text in said if text)
    return f'<ul class="plainlist">{items}</ul>' + _games(
        found, tuple(k for k in found.examples if k.startswith("fault "))
    )


def _clean(found: Findings) -> str:
    """Whether the answer is the same without the games in which a player failed."""
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
    played, verb = count(audit["games"], "game"), "was" if audit["games"] == 1 else "were"
    how = f"{played} of {audit['of']:,}, chosen by lot, {verb} played again in another way, without the compiled kernel"
    if not audit["disagree"]:
        text = f"Audit: {how}. Every score, ending, move count and measure came out the same."
    else:
        text = f"Audit: {how}. These came out otherwise: {', '.join(audit['disagree'])}."
    for name, why in audit["players"].items():
        text += f" {name} {why}."
    return text


def _again(found: Findings) -> str:
    folder, manifest = found.tournament.folder, found.tournament.manifest
    versions = ", ".join(
        f"{name} {version}" for name, version in manifest["versions"].items() if version not in ("", "not installed")
    )
    return (
        "<p>The whole run, game for game and bit for bit:</p>"
        f"<p><code>{esc(commands.run_again(folder))}</code></p>"
        f"<p>This report: <code>{esc(commands.report_again(folder, found.payoff))}</code></p>"
        f'<p class="how">Rulebook {esc(manifest["rules"]["name"])}, version {manifest["rules"]["version"]}, '
        f"{esc(manifest['rules']['sha256'])}. Seed {found.tournament.plan.seed}. {esc(versions)}. The folder holds the "
        "plan, the rulebook and the players as they were; the numbers of this page are in the CSV files beside it.</p>"
    )


def _footer(found: Findings) -> str:
    book = found.titles.book
    return esc(f"{book.title or book.name} · written by chokepoint from {found.tournament.folder} · {words.CAUTION}")
