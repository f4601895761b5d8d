"""The debrief's chapters as running text, from the account of a game."""

from __future__ import annotations

from game import theme
from game.paper.account import Account, Assumption, Decision
from game.prose.lexicon import explained
from game.prose.numbers import counted, number, signed
from game.rulebook.entries import GRADES
from game.simulation.continuations import LABEL
from game.ui.toolkit.scroll import Piece


def head(text: str) -> Piece:
    return Piece(text, theme.STRONG, theme.TEXT, True, gap=14)


def seat_piece(found: Account, seat: str | None, text: str, gap: float = 2, indent: float = 0) -> Piece:
    """Something that a seat did, in its colour and with its shape."""
    if seat is None:
        return Piece(text, theme.BODY, theme.TEXT, gap=gap, indent=indent)
    mark = found.board.marks[seat]
    said = f"{mark.glyph} {found.board.seat_title(seat)}: {text}"
    return Piece(said, theme.BODY, theme.readable(mark.colour, theme.PANEL), gap=gap, indent=indent)


def decision_pieces(found: Account, decision: Decision) -> list[Piece]:
    """A move, card or act with what was said about it."""
    mark = f"  {decision.mark}" if decision.mark else ""
    if decision.kind == "news":
        pieces = [Piece(f"▼ News: {decision.title}", theme.BODY, theme.WARN, gap=3)]
    elif decision.seat is None:
        pieces = [Piece(f"⚑ Facilitator: {decision.title}{mark}", theme.BODY, theme.WARN, gap=3)]
    else:
        pieces = [seat_piece(found, decision.seat, f"{decision.title}{mark}")]
    return [*pieces, *([Piece(decision.note, theme.BODY, theme.TEXT, indent=18, gap=1)] if decision.note else [])]


def rounds_pieces(found: Account) -> list[Piece]:
    """Every decision, card and act, round by round."""
    pieces: list[Piece] = []
    round_ = 0
    for decision in found.decisions:
        if decision.round != round_:
            round_ = decision.round
            pieces.append(head(f"Round {round_}"))
        pieces += decision_pieces(found, decision)
    return pieces or [Piece("Nothing was played.")]


def adoption_pieces(found: Account) -> list[Piece]:
    if not found.adoption:
        return [Piece("This rulebook has no shares to adopt.", theme.BODY, theme.SOFT)]
    track = found.board.book.tracks[found.board.shares or ""]
    pieces = [
        Piece(f"{track.title}{f', {track.unit}' if track.unit else ''}, at the start → now", theme.BODY, theme.SOFT)
    ]
    for place, values in found.adoption:
        pieces.append(Piece(place, theme.BODY, theme.TEXT, True, gap=7))
        for side, before, now in values:
            change = f"{number(before)} → {number(now)} ({signed(now - before)})"
            text = f"{side}: {change if now != before else f'{number(now)}, unchanged'}"
            pieces.append(Piece(text, theme.BODY, theme.SOFT, indent=18, gap=1))
    return pieces


def why_pieces(found: Account) -> list[Piece]:
    """Turning points with their causes, who led, what was remarked on, where points came from."""
    pieces: list[Piece] = []
    if found.lead:
        said = "; ".join(f"{'f' if n else 'F'}rom round {round_} {who}" for n, (round_, who) in enumerate(found.lead))
        pieces += [head("Who led in the score, and since when"), Piece(f"{said}.", gap=2)]
    if found.turning:
        pieces.append(head("Turning points: the largest changes, and what caused them"))
    for turning in found.turning:
        title = f"Round {turning.round} · {turning.title} {number(turning.before)} → {number(turning.after)}"
        better = {"up": 1, "down": -1}.get(turning.good, 0) * (turning.after - turning.before)
        colour = theme.BETTER if better > 0 else theme.WORSE if better < 0 else theme.TEXT
        pieces.append(
            Piece(f"{'▲' if turning.after > turning.before else '▼'} {title}", theme.BODY, colour, True, gap=8)
        )
        for seat, cause, amount in turning.causes:
            text = f"{cause} {signed(amount)}" if seat is not None else f"Rule or news: {cause} {signed(amount)}"
            pieces.append(seat_piece(found, seat, text, 1, 18))
    noted = [decision for decision in found.decisions if decision.mark or decision.note]
    if noted:
        pieces.append(head("Comments"))
        for decision in noted:
            pieces += decision_pieces(found, decision)
    places = [place for place in found.results if place.parts]
    if places:
        pieces.append(head("Where the points came from"))
        for place in places:
            said = ", ".join(f"{title} {number(value)}" for title, value in place.parts)
            pieces.append(seat_piece(found, place.seat, said, 4))
    return pieces or [Piece("Nothing has changed yet.", theme.BODY, theme.SOFT)]


def tried_pieces(found: Account) -> list[Piece]:
    """What the coach has tried at the end: the game played again without certain moves."""
    if not found.tried:
        return []
    told = "The game played again, with the same luck and the same players, without certain moves."
    pieces = [Piece(told, theme.BODY, theme.SOFT)]
    for title, lines in found.tried:
        pieces.append(head(title))
        pieces += [Piece(line, gap=2) for line in lines]
    return pieces


def what_if_pieces(found: Account) -> list[Piece]:
    pieces = tried_pieces(found)
    if not found.others:
        return pieces or [
            Piece("Nothing else has been tried yet.", theme.STRONG, theme.TEXT, True),
            Piece("Open the replay, step to a move, and try another one (T). Bots can play it on.", gap=4),
        ]
    pieces.append(Piece(f"What was tried in the replay, not played. {LABEL}.", theme.BODY, theme.WARN, gap=14))
    for other in found.others:
        pieces.append(head(f"{other.name} ({other.kind}, {counted(other.moves, 'move')})"))
        pieces += [Piece(text, gap=2) for text in (other.parts,) if text]
        pieces += [Piece(other.note, theme.BODY, theme.TEXT, indent=18)] if other.note else []
        if not other.points:
            pieces.append(
                Piece("No round of it is over yet, so there are no points to compare.", theme.BODY, theme.SOFT)
            )
        else:
            told = " · ".join(f"{who} {number(here)} ({signed(here - played)})" for who, played, here in other.points)
            pieces.append(
                Piece(
                    f"Points after round {other.upto} (in brackets: against the played game): {told}",
                    theme.BODY,
                    theme.SOFT,
                )
            )
    return pieces


def card_pieces(found: Account) -> list[Piece]:
    """The news cards that came, and what is known of them."""
    told = explained(" ".join(card.source for card in found.cards))
    pieces = [Piece(told, theme.SMALL, theme.SOFT)] if told else []
    for card in found.cards:
        pieces.append(Piece(f"Round {card.round} · {card.title}", theme.STRONG, theme.TEXT, True, gap=12))
        pieces.append(Piece(card.text, theme.BODY, theme.SOFT, gap=2))
        if card.note:
            pieces.append(Piece(f"In the real world: {card.note}", gap=3))
        if card.contrary:
            pieces.append(Piece(f"On the other hand: {card.contrary}", theme.BODY, theme.WARN, gap=2))
        if card.source:
            grade = GRADES.get(card.grade, card.grade)
            pieces.append(Piece(f"{card.source}{f' · {grade}' if grade else ''}", theme.SMALL, theme.SOFT, gap=2))
    return pieces or [Piece("No news card came.", theme.BODY, theme.SOFT)]


def assumption_words(each: Assumption) -> tuple[str, str, str]:
    """An assumption's title, what it says, and why it was challenged."""
    used = each.used_words
    return (
        f"{each.title}: {each.value} (used {used})",
        each.meaning,
        f"Challenged: {each.challenged}" if each.challenged else "",
    )
