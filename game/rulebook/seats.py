"""The printed rulebook's cards of roles with their agendas, and of scenarios with their seats."""

from __future__ import annotations

from collections.abc import Mapping

from game.prose.lexicon import plain, ref, sentence, spaced, titled
from game.prose.numbers import counted, hundredths, joined, month, number
from game.prose.statements import Sentences
from game.rulebook.html import Writer, anchor, card, cards, esc, facts, fold, paragraph
from rules.model.rulebook import Move, RoleDef, Rulebook, Scenario, SeatDef

MANY = 4
"""More starting values than this are folded away."""


def cells(said: Sentences, value: object) -> str:
    """A starting value as HTML: a number, or numbers by element, seat or role."""
    if not isinstance(value, Mapping):
        return number(int(str(value)))
    parts = []
    for name, inner in value.items():
        called = esc(plain(name if name == "others" else _called(said, name)))
        text = cells(said, inner)
        parts.append(f"{called} ({text})" if isinstance(inner, Mapping) else f"{called} {text}")
    return ", ".join(parts)


def _called(said: Sentences, name: str) -> str:
    """A seat's, role's or element's title."""
    for scenario in said.book.scenarios.values():
        for seat in scenario.seats:
            if seat.name == name:
                return titled(name, seat.title)
    return said.prose.expr(name)


class Seats:
    """Cards of one rulebook's roles and scenarios as HTML."""

    def __init__(self, book: Rulebook, writer: Writer, said: Sentences) -> None:
        """Cards that are written by ``writer`` in the words of ``said``."""
        self.book, self.writer, self.said = book, writer, said

    # ----------------------------------------------------------------------------------------- roles

    def roles(self) -> str:
        """A card for each role."""
        return cards(self.role(found) for found in self.book.roles.values())

    def role(self, found: RoleDef) -> str:
        """What a role is, wants and can do; what it hopes for in public, and its secret agendas."""
        seats = [titled(seat.name, seat.title) for seat in self.all_seats() if found.name in seat.roles]
        own = [move for move in self.book.moves.values() if self.is_own(found, move)]
        known = facts({
            "Wants": esc(found.wants),
            "Sharpest tools": esc(found.tools),
            "Kind": esc(", ".join(spaced(trait) for trait in found.traits)),
            "Played by": esc(", ".join(dict.fromkeys(seats))),
        })  # fmt: skip
        moves = ", ".join(self.reference(move) for move in own)
        self.writer.user(anchor("role", found.name), titled(found.name, found.title))
        ambitions, agendas = self.ambitions(found.name), self.agendas(found.name)
        self.writer.nobody()
        return card(
            "role", found.name, f"<h4>{esc(titled(found.name, found.title))}</h4>",
            paragraph(found.about), known, ambitions,
            fold(f"{counted(len(own), 'move')} not open to all", moves, "screen"),
            fold("Secret agendas: each game draws one", agendas),
        )  # fmt: skip

    def all_seats(self) -> list[SeatDef]:
        """The seats of all scenarios."""
        return [seat for scenario in self.book.scenarios.values() for seat in scenario.seats]

    def is_own(self, role: RoleDef, move: Move) -> bool:
        """Whether a move names this role, or a trait of it."""
        seats = self.said.entry("moves", move.name).get("seats", "all")
        if not isinstance(seats, Mapping):
            return False
        return role.name in (seats.get("role"), *(seats.get("roles") or [])) or seats.get("trait") in role.traits

    def reference(self, move: Move) -> str:
        """A link to a move by its title."""
        return self.writer.html(ref("move", move.name, plain(self.said.title(move.name))))

    def ambitions(self, role: str) -> str:
        """What a role hopes for in public."""
        written = (self.book.source.get("goals") or {}).get("ambitions") or []
        items = [
            f"<li><b>{esc(entry['title'])}</b>: {self.writer.html(self.said.prose.expr(entry['rule']))}.</li>"
            for entry in written
            if entry["role"] == role
        ]
        label = '<span class="label">Ambitions: shown at the end, worth no points</span>'
        return f"{label}<ul>{''.join(items)}</ul>" if items else ""

    def agendas(self, role: str) -> str:
        """A role's secret agendas, each with how it scores."""
        parts = []
        for entry in (self.book.source.get("agendas") or {}).get(role) or []:
            title, text = esc(titled(entry["agenda"], entry.get("title"))), esc(entry.get("text"))
            points = self.writer.html(self.said.prose.expr(entry["points"]))
            parts.append(f'<p><b>{title}.</b> {text} <span class="small">Points: {points}.</span></p>')
        return "".join(parts)

    # ------------------------------------------------------------------------------------- scenarios

    def scenarios(self) -> str:
        """A card for each scenario."""
        return cards(self.scenario(found) for found in self.book.scenarios.values())

    def scenario(self, found: Scenario) -> str:
        """One scenario: seats, length, turns, and what is different in it."""
        length = counted(found.rounds, "round")
        if self.has_dates(found):
            length += f" of {counted(found.months, 'month')}"
        known = facts({
            "For": esc(found.purpose),
            "Length": length + (f", about {found.minutes} minutes" if found.minutes else ""),
            "Time": f"{month(found.begins)} to {month(last_month(found))}" if self.has_dates(found) else "",
            "Turns": esc(sentence("; ".join(turns(found)))),
            "News": self.news(found),
            "Agendas": ("drawn, secret" if found.agendas else "none") if self.book.agendas else "",
            "Starts": self.starts(found) if len(found.start) <= MANY else "",
            "Assumptions": self.assumptions(found),
        })  # fmt: skip
        seats = "".join(f"<li>{self.seat(seat)}</li>" for seat in found.seats)
        absent = ", ".join(self.reference(move) for name, move in self.book.moves.items() if name not in found.moves)
        return card(
            "scenario", found.name, f"<h4>{esc(titled(found.name, found.title))}</h4>",
            paragraph(found.summary), known, f'<span class="label">Seats in order</span><ol>{seats}</ol>',
            fold(f"{len(found.start)} tracks start otherwise", self.starts(found) if len(found.start) > MANY else ""),
            fold(f"{len(found.moves)} of {len(self.book.moves)} moves are in play", absent and f"Left out: {absent}."),
        )  # fmt: skip

    def has_dates(self, found: Scenario) -> bool:
        """Whether the rulebook places a scenario in time at all."""
        return "calendar" in self.book.source or "begins" in self.said.entry("scenarios", found.name)

    def seat(self, seat: SeatDef) -> str:
        """A seat and the roles it plays."""
        roles = self.writer.html(joined([self.said.words.role(role) for role in seat.roles]))
        return f"<b>{esc(titled(seat.name, seat.title))}</b>: {roles}"

    def news(self, found: Scenario) -> str:
        """Where a scenario's news comes from."""
        if not self.book.events:
            return ""
        dated = f"{len(found.dated)} dated cards, each in its round" if found.dated else ""
        deck = f"one card a round from a shuffled deck of {len(found.deck)}" if found.deck else ""
        return sentence("; otherwise ".join(filter(None, (dated, deck)))) or "None"

    def starts(self, found: Scenario) -> str:
        """Where a scenario starts otherwise than the tracks say."""
        tracks = self.said.words.track
        return "<br>".join(f"{self.writer.html(tracks(name))} {cells(self.said, v)}" for name, v in found.start.items())

    def assumptions(self, found: Scenario) -> str:
        """The assumptions that a scenario sets."""
        items = []
        for name, value in found.knobs.items():
            title = titled(name, self.book.knobs[name].title)
            items.append(f"{self.writer.html(ref('knob', name, title))} {hundredths(value)}")
        return "; ".join(items)


def turns(found: Scenario) -> list[str]:
    """The shape of a scenario's turns."""
    shape = found.turns
    items = [
        f"{counted(shape.actions, 'action')} a turn",
        "the seat that begins changes each round" if shape.rotate else "always in this order",
        "a turn may be passed" if shape.passing else "no passing",
        "" if shape.repeat else "no move twice in a round by one seat",
    ]
    return [item for item in items if item]


def last_month(found: Scenario) -> tuple[int, int]:
    """The month with which a scenario's last round closes."""
    months = found.begins[0] * 12 + found.begins[1] - 1 + found.months * found.rounds - 1
    return months // 12, months % 12 + 1
