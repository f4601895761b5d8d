"""The debrief of a game as one self-contained HTML page with SVG charts: to hand out, to print, to read on a phone."""

from __future__ import annotations

from html import escape

from game import theme
from game.narrative.history import Series
from game.paper.account import account
from game.paper.parts import Account, Decision, Other, Place, used_words
from game.paper.svg import Curve, badge, hex_of, line_chart, stacked_bar
from game.prose.numbers import counted, number, signed
from game.prose.sources import explained
from game.records.record import Record
from game.rulebook.cards import GRADES
from game.rulebook.html import asset, document
from game.simulation.continuations import LABEL

PARTS = (
    theme.BLUE, theme.VERMILLION, theme.GREEN, theme.PURPLE, theme.ORANGE, theme.SKY, (90, 100, 115), (160, 160, 160)
)  # fmt: skip
"""Colours of the parts of a score on paper."""
EMPTY = '<div class="lines"></div>'
NEWS, MARKED = "▼", {"!": "good", "!?": "good", "?": "bad", "?!": "bad"}


def html(record: Record, *, names: bool = True) -> str:
    """The page of a record.

    Args:
        record: The game; of one that is not over only what everybody may know is told.
        names: Whether teams, players and owners are named.

    Raises:
        RecordError: There is nothing to play.
    """
    return _Page(account(record, names=names)).html()


class _Page:
    """Puts the chapters together."""

    def __init__(self, found: Account) -> None:
        self.account, self.board = found, found.board

    def html(self) -> str:
        found = self.account
        chapters = [
            ("happened", "What happened", self._happened()),
            ("why", "Why", self._why()),
            ("what-if", "What if", self._what_if()),
            ("world", "The real world", self._world()),
            ("takeaways", "Takeaways", self._takeaways()),
        ]
        contents = "".join(f'<li><a href="#{name}">{escape(title)}</a></li>' for name, title, _ in chapters)
        body = "".join(
            f'<section id="{name}"><h2>{escape(title)}</h2>{text}</section>' for name, title, text in chapters
        )
        return document(
            "debrief", f"{escape(found.title)}: debrief", asset("debrief", "debrief.css"),
            title=escape(found.title), subtitle=escape(found.subtitle), verdict=escape(found.verdict),
            objectives=_labelled("To be learnt:", found.objectives, "objectives"),
            results=self._results(), contents=contents, chapters=body,
            rules=escape(found.rules),
        )  # fmt: skip

    def _seat(self, seat: str | None) -> str:
        if seat is None:
            return ""
        return f"{badge(self.board.marks[seat])}<b>{escape(self.board.seat_title(seat))}</b>"

    # ------------------------------------------------------------------------------------------ result

    def _results(self) -> str:
        rows = []
        for place in self.account.places:
            who = " · ".join(
                filter(None, (place.team, "" if place.player == "human" else place.player.replace("_", " ")))
            )
            score = f"{'★ ' if place.won else ''}{number(place.score)}" if place.score is not None else ""
            rows.append(
                f'<tr><th>{self._seat(place.seat)}<span class="who">{escape(who)}</span></th>'
                f'<td class="score">{score}</td><td class="aims">{self._aims(place)}</td></tr>'
            )
        head = "<tr><th>Seat</th><th>Score</th><th>Aims</th></tr>" if self.account.over else ""
        return f'<table class="results">{head}{"".join(rows)}</table>'

    def _aims(self, place: Place) -> str:
        parts = [
            f'<span class="{"met" if met else "unmet"}">{"✓" if met else "✗"} {escape(title)}</span>'
            for title, met in place.aims
        ]
        parts += [
            f'<span class="agenda">Secret agenda: <b>{escape(title)}</b> ({signed(points)}). {escape(text)}</span>'
            for title, text, points in place.agendas
        ]
        return "".join(parts)

    # ----------------------------------------------------------------------------------- what happened

    def _curves(self, series: Series) -> list[Curve]:
        scope = self.board.book.tracks[series.track].scope if series.track else ("seat",)
        of = scope[0] if scope else ""
        return [
            Curve(
                self.board.element_title(of, element) if of else "",
                self.board.mark_of(of, element) if of else theme.Mark((70, 80, 95), "circle", "solid"), values,
            )
            for element, values in series.lines
        ]  # fmt: skip

    def _happened(self) -> str:
        found = self.account
        charts = [
            line_chart(s.title, self._curves(s)) for s in ([found.points] if found.points else []) + list(found.series)
        ]
        text = f'<div class="charts">{"".join(charts)}</div>' if self.account.round else ""
        text += self._adoption()
        rounds: dict[int, list[Decision]] = {}
        for decision in found.decisions:
            rounds.setdefault(decision.round, []).append(decision)
        text += "<h3>Round by round</h3>"
        for number_, decisions in rounds.items():
            items = "".join(self._decision(decision) for decision in decisions)
            text += f'<div class="round"><h4>Round {number_}</h4><ol>{items}</ol></div>'
        if found.measures:
            rows = "".join(f"<li>{escape(title)} <b>{number(value)}</b></li>" for title, value in found.measures)
            text += f'<h3>What became of the world</h3><ul class="measures">{rows}</ul>'
        return text

    def _adoption(self) -> str:
        found = self.account.adoption
        if not found:
            return ""
        sides = [title for title, _, __ in found[0][1]]
        marks = list(self.board.side_marks.values())
        head = "".join(f"<th>{badge(mark)}{escape(title)}</th>" for mark, title in zip(marks, sides, strict=True))
        rows = ""
        for place, values in found:
            cells = "".join(
                f"<td>{number(before)} → <b>{number(now)}</b>"
                f" <span class='{_sign(now - before)}'>{_arrow(now - before)}</span></td>"
                if now != before
                else f"<td><b>{number(now)}</b>, unchanged</td>"
                for _, before, now in values
            )
            rows += f"<tr><th>{escape(place)}</th>{cells}</tr>"
        shares = self.board.book.tracks[self.board.shares or ""]
        unit = f", {shares.unit}" if shares.unit else ""
        return (
            f"<h3>Adoption</h3><p>{escape(shares.title)}{escape(unit)}, at the start and now.</p>"
            f'<div class="scroll"><table><tr><th></th>{head}</tr>{rows}</table></div>'
        )

    def _decision(self, decision: Decision) -> str:
        mark = f' <b class="mark {MARKED.get(decision.mark, "")}">{escape(decision.mark)}</b>' if decision.mark else ""
        note = f'<p class="note">{escape(decision.note)}</p>' if decision.note else ""
        if decision.kind == "news":
            return f'<li class="news"><span>{NEWS} News:</span> {escape(decision.title)}</li>'
        who = self._seat(decision.seat) or "<b>Facilitator</b>"
        return f"<li>{who} <span>{escape(decision.title)}</span>{mark}{note}</li>"

    # --------------------------------------------------------------------------------------------- why

    def _why(self) -> str:
        found = self.account
        text = ""
        if found.lead:
            said = "; ".join(f"from round {round_} {escape(who)}" for round_, who in found.lead)
            text += f"<p><b>Who led in points:</b> {said}.</p>"
        if found.turning:
            text += "<h3>Turning points</h3><p>The largest changes, and who or what brought each about.</p>"
            text += '<div class="turnings">'
            for turning in found.turning:
                causes = "".join(
                    f"<li>{self._seat(seat) if seat else 'Rule or news:'} {escape(title)} <b>{signed(amount)}</b></li>"
                    for seat, title, amount in turning.causes
                )
                better = {"up": 1, "down": -1}.get(turning.good, 0) * (turning.after - turning.before)
                text += (
                    f'<article class="{_sign(better)}"><header>Round {turning.round}</header>'
                    f"<h4>{escape(turning.title)}"
                    f" <span>{number(turning.before)} → {number(turning.after)}</span></h4><ul>{causes}</ul></article>"
                )
            text += "</div>"
        noted = [d for d in found.decisions if d.mark or d.note]
        if noted:
            text += f"<h3>Comments</h3><ol class='plain'>{''.join(self._decision(d) for d in noted)}</ol>"
        return text + self._parts()

    def _parts(self) -> str:
        places = [place for place in self.account.places if place.parts]
        if not places:
            return ""
        titles = list(dict.fromkeys(title for place in places for title, _ in place.parts))
        colours = {title: hex_of(PARTS[n % len(PARTS)]) for n, title in enumerate(titles)}
        most = max(sum(max(0, value) for _, value in place.parts) for place in places)
        rows = ""
        for place in places:
            bar = stacked_bar([(title, value, colours[title]) for title, value in place.parts], most)
            said = ", ".join(f"{escape(title)} {number(value)}" for title, value in place.parts)
            rows += f'<div class="parts">{self._seat(place.seat)}{bar}<p>{said}</p></div>'
        key = "".join(f'<span><i style="background:{colours[title]}"></i>{escape(title)}</span>' for title in titles)
        return f'<h3>Where the points came from</h3><div class="key">{key}</div>{rows}'

    # --------------------------------------------------------------------------------------- the rest

    def _what_if(self) -> str:
        others = self.account.others
        if not others:
            return "<p>No other line was tried.</p>"
        told = "".join(self._other(other) for other in others)
        return f"<p>Lines that are not the played game. {LABEL}.</p>{told}"

    def _other(self, other: Other) -> str:
        rows = "".join(
            f"<tr><th>{escape(who)}</th><td>{number(played)}</td><td>{number(here)}</td>"
            f"<td>{signed(here - played)}</td></tr>"
            for who, played, here in other.points
        )
        table = (
            f"<table><tr><th>Points after round {other.upto}</th><th>played</th><th>here</th><th></th></tr>"
            f"{rows}</table>"
            if rows
            else ""
        )
        note = f'<p class="note">{escape(other.note)}</p>' if other.note else ""
        return (
            f'<article class="other"><h4>{escape(other.name)}'
            f" <span>{escape(other.kind)}, {counted(other.moves, 'move')}"
            f"</span></h4><p>{escape(other.parts)}</p>{note}{table}</article>"
        )

    def _world(self) -> str:
        text = ""
        cards = self.account.cards
        if cards:
            text += "<h3>News cards and what is known of them</h3><div class='cards'>"
            for card in cards:
                grade = GRADES.get(card.grade, card.grade)
                text += (
                    f"<article><header>Round {card.round}</header><h4>{escape(card.title)}</h4>"
                    f"<p>{escape(card.text)}</p>"
                    + (f"<p><b>In the real world:</b> {escape(card.note)}</p>" if card.note else "")
                    + (
                        f'<p class="contrary"><b>On the other hand:</b> {escape(card.contrary)}</p>'
                        if card.contrary
                        else ""
                    )
                    + (
                        f'<p class="source">{escape(card.source)}{f" · {escape(grade)}" if grade else ""}</p>'
                        if card.source
                        else ""
                    )
                    + "</article>"
                )
            text += "</div>"
        assumed = self.account.assumptions
        if assumed:
            text += "<h3>Assumptions that the game rested on</h3><p>Each is a number that can be changed.</p>"
            text += '<div class="cards">'
            for each in assumed:
                challenged = _labelled("Challenged:", each.challenged, "contrary")
                text += (
                    f'<article class="assumption"><h4>{escape(each.title)} <span>{escape(each.value)} ·'
                    f" {used_words(each)}</span></h4><p>{escape(each.meaning)}</p>{challenged}"
                    + (f'<p class="source">{escape(each.source)}</p>' if each.source else "")
                    + "</article>"
                )
            text += "</div>"
        told = explained(" ".join([*(card.source for card in cards), *(each.source for each in assumed)]))
        note = f'<p class="source">{escape(told)}</p>' if told else ""
        return note + text if text else "<p>This rulebook names no sources.</p>"

    def _takeaways(self) -> str:
        found = self.account.takeaways
        if not found:
            return f"<p>None was written down.</p>{EMPTY * 3}"
        items = "".join(
            f"<li>{escape(text)}{f' <span>{escape(owner)}</span>' if owner else ''}</li>" for text, owner in found
        )
        return f'<ol class="takeaways">{items}</ol>'


def _labelled(label: str, text: str, style: str) -> str:
    """A paragraph with a label, none where there is no text."""
    return f'<p class="{style}"><b>{label}</b> {escape(text)}</p>' if text else ""


def _sign(amount: int) -> str:
    return "up" if amount > 0 else "down" if amount < 0 else "same"


def _arrow(amount: int) -> str:
    return f"▲{amount}" if amount > 0 else f"▼{-amount}" if amount < 0 else ""
