"""The printed rulebook's chapters on the game in one page, the round step by step, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from game.prose.lexicon import sentence, titled
from game.prose.numbers import counted
from game.prose.sources import explained, names_facts
from game.prose.statements import Sentences
from game.rulebook.html import Writer, anchor, colour, esc, icon, icon_name, paragraph
from rules.model.rulebook import Ending, Rule, Rulebook, Scenario, Step

_TURNS = (
    "Seats take their turns one after another; nothing interrupts a turn. Pay the cost, carry out the effects from "
    "top to bottom, then see whether the game has ended. A seat that can do nothing is skipped."
)
_ENDINGS = (
    "<p>Looked at after the news, after every action and after the world turn. The first that holds ends the game.</p>"
)


class Chapters:
    """Chapters of one rulebook as HTML."""

    def __init__(self, book: Rulebook, writer: Writer, said: Sentences) -> None:
        """Chapters that are written by ``writer`` in the words of ``said``."""
        self.book, self.writer, self.said = book, writer, said

    # ------------------------------------------------------------------------------------- overview

    def overview(self) -> str:
        """The game in one page, and how to read the rest."""
        book = self.book
        families = "".join(self.family_line(name) for name in book.families)
        scenarios = "".join(self.scenario_line(found) for found in book.scenarios.values())
        parts = [
            paragraph(book.goals.about, "lead"),
            self.round_outline(),
            f'<h3>What a seat can do</h3><ul class="round">{families}</ul>' if families else "",
            f"<h3>Which game to play</h3><ul>{scenarios}</ul>",
            legend(book),
        ]
        return "\n".join(parts)

    def family_line(self, name: str) -> str:
        """A family of moves with its icon and size."""
        book = self.book
        size = counted(sum(move.family == name for move in book.moves.values()), "move")
        link = f'<a class="k" href="#{anchor("family", name)}">{esc(titled(name, book.families[name]))}</a>'
        return f'<li class="f{colour(book, name)}"><b>{icon(icon_name(book, name))} {link}</b> {size}</li>'

    def round_outline(self) -> str:
        """The parts of a round in a row."""
        book = self.book
        parts = [
            ("News", self.news_line() if book.events else ""),
            ("Turns", "Each seat in order plays its actions."),
            ("World turn", f"{sentence(counted(len(book.world_turn), 'step'))}, in order." if book.world_turn else ""),
            ("The end?", "Was it the last round, or has an ending come?"),
        ]
        items = [f"<li><b>{name}</b>{text}</li>" for name, text in parts if text]
        return f'<h3>A round</h3><ol class="round">{"".join(items)}</ol>'

    def news_line(self) -> str:
        """How many cards a round brings."""
        dated = any(scenario.dated for scenario in self.book.scenarios.values())
        return "The cards dated for the round take effect, or one from the deck." if dated else "One card takes effect."

    def scenario_line(self, found: Scenario) -> str:
        """A scenario in one line."""
        link = f'<a href="#{anchor("scenario", found.name)}">{esc(titled(found.name, found.title))}</a>'
        size = f"{counted(len(found.seats), 'seat')}, {counted(found.rounds, 'round')}"
        time = f", about {found.minutes} minutes" if found.minutes else ""
        return f"<li>{link}: {size}{time}. {esc(found.purpose)}</li>"

    # ---------------------------------------------------------------------------------------- round

    def round(self) -> str:
        """The set-up and the world turn, step by step, each rule with its reason."""
        book, parts = self.book, []
        if book.setup:
            written = book.source.get("setup") or []
            rules = [self.rule(rule, entry) for rule, entry in zip(book.setup, written, strict=True)]
            parts.append(f"<h3>Before the first round</h3>{''.join(rules)}")
        parts.append(f"<h3>Turns</h3><p>{_TURNS}{self.free_moves()}</p>")
        written = book.source.get("world_turn") or []
        steps = [self.step(step, entry) for step, entry in zip(book.world_turn, written, strict=True)]
        if steps:
            parts.append(f'<h3>The world turn</h3><ol class="steps">{"".join(steps)}</ol>')
        return "\n".join(parts)

    def free_moves(self) -> str:
        """What is said of moves that take no action, where there are some."""
        free = any(not move.takes for move in self.book.moves.values())
        return " A move that takes no action may be played besides, at most 20 times a turn." if free else ""

    def step(self, step: Step, entry: Mapping[str, Any]) -> str:
        """One step of the world turn with its rules."""
        self.writer.user(anchor("step", step.name), titled(step.name, step.title))
        rules = "".join(self.rule(rule, inner) for rule, inner in zip(step.rules, entry["rules"], strict=True))
        self.writer.nobody()
        title = f"<h3>{esc(titled(step.name, step.title))}</h3>"
        return f'<li class="step" id="{anchor("step", step.name)}">{title}{paragraph(step.about)}{rules}</li>'

    def rule(self, rule: Rule, entry: Mapping[str, Any]) -> str:
        """One rule with its reason and source."""
        lines = self.writer.lines(self.said.lines(entry["do"], {}))
        why, source = paragraph(rule.why, "why"), paragraph(rule.source, "small", "Source:")
        return f'<div class="rule"><h4>{esc(titled(rule.name, rule.title))}</h4>{why}{lines}{source}</div>'

    # -------------------------------------------------------------------------------------- winning

    def winning(self) -> str:
        """The score, and the endings."""
        self.writer.user("winning", "How to win")
        goals = self.book.source.get("goals") or {}
        score = self.writer.html(sentence(self.said.prose.expr(goals["score"])))
        parts = [
            paragraph(self.book.goals.about, "lead"),
            f'<div class="box"><h3>Your final score</h3><p>{score}.</p></div>',
            "<p>The highest score wins. Seats that tie for it share the win.</p>",
        ]
        if self.book.agendas:
            parts.append("<p>Secret agendas score at the end only, and are shown then.</p>")
        ends = "".join(self.ending(found) for found in self.book.endings.values())
        self.writer.nobody()
        if ends:
            parts.append(f"<h3>Endings before the last round</h3>{_ENDINGS}{ends}")
        return "\n".join(parts)

    def ending(self, found: Ending) -> str:
        """One early ending."""
        entry = self.said.entry("endings", found.name)
        when = self.writer.html(self.said.prose.expr(entry["when"]))
        lines = self.writer.lines(self.said.lines(entry.get("effects") or [], {}))
        winner = "A crisis: nobody wins." if found.crisis else "The highest score wins."
        points = " Every score is halved, rounded down." if found.halve else ""
        return (
            f'<div class="rule" id="{anchor("ending", found.name)}"><h4>{esc(titled(found.name, found.title))}</h4>'
            f"{paragraph(found.text)}<p><b>Comes when</b> {when}.</p>{lines}<p>{winner}{points}</p>"
            f"{paragraph(found.source, 'small', 'Source:')}</div>"
        )


def legend(book: Rulebook) -> str:
    """How to read the rules' words and signs."""
    items = [
        "<b>You</b> are the seat that plays the move, or whose score is counted.",
        "<b>÷</b> rounds down. Sums go by the usual order: brackets, then × and ÷, then + and −.",
        "A track stops at the ends of its range; what goes beyond is lost.",
        "<b>For every …</b> happens to all at once: each reads the board as it was before.",
    ]
    if book.knobs:
        items.append(
            "A number in <b>[brackets]</b> is an assumption's value in this rulebook. An assumption, or a product with "
            "one, is rounded to the nearest whole number, halves up."
        )
    if any("'in'" in str(part) for part in book.source.values()):
        items.append("<b>In 2 rounds</b>: at the second delivery from now. Who gets how much is settled now.")
    if book.roles:
        items.append("A role that nobody plays counts as nobody: its tracks read 0 and nothing is written to them.")
    if names_facts(str(book.source)):
        items.append(f"<b>Source</b>: {esc(explained(str(book.source)))}")
    return (
        f'<div class="box"><h3>How to read the rules</h3><ul>{"".join(f"<li>{item}</li>" for item in items)}</ul></div>'
    )
