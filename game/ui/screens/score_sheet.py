"""What a seat's score is made of, on a sheet: what it counts, what moved it in the last round, the points by part."""

from __future__ import annotations

from game import theme
from game.narrative.history import History, par_of
from game.narrative.score import LATER, SOONER, part_titles, score_change
from game.prose.numbers import counted, number, signed
from game.table.sitting import Sitting
from game.ui.screens.sheet import Sheet
from game.ui.toolkit.screen import Window
from game.ui.toolkit.scroll import Piece

AIMS = (
    "Aims say what the roles of a seat are after. They bring no points of their own: coming near to them brings the"
    " points that count here."
)

WHY = {
    LATER: ": strong play gathers more, the later it is",
    SOONER: ": strong play gathers most of it early",
}


def score_sheet(app: Window, sitting: Sitting, seat: str, round_: int | None = None) -> Sheet:
    """Return what a seat's score is made of after a round, the last one that is over if none is named."""
    game, title = sitting.game, sitting.board.seat_title(seat)
    about = [Piece(game.book.goals.about)] if game.book.goals.about else []
    upto = round_ if round_ is not None else game.round if game.over else game.round - 1
    if upto < 1:
        return Sheet(
            app, f"{title}: no score yet", [*about, Piece("The end of the first round brings it.", gap=8)], (), 680
        )
    history = History(game, sitting.board, sitting.chronicle)
    change, level = score_change(history, seat, upto), par_of(game.book.goals.score)
    pieces = [*about, _head(f"After round {upto}: {number(change.after)}")]
    par = f" That would be {level}." if change.par is not None else ""
    pieces += [Piece(f"{change.gathered}.{par}", gap=3)] if change.gathered else []
    now, before = (history.points(round_).get(seat, {}) for round_ in (upto, upto - 1))
    if change.before is not None:
        pieces.append(_head(f"In round {upto}: {number(change.before)} → {number(change.after)}"))
        points = {title: (now.get(part, 0) - before.get(part, 0)) for part, title in part_titles(game.book).items()}
        for part, amount in change.parts:
            brought = f", {counted(points[part], 'point')} in this round" if part in points else WHY.get(part, "")
            pieces.append(_row(f"{signed(amount)}  {part}{brought}", amount))
        pieces.append(_row(f"{signed(change.amount)}  together", change.amount))
    if any(now.values()):
        found = [f"{title} {number(now[part])}" for part, title in part_titles(game.book).items() if now.get(part)]
        pieces.append(_head("Points so far, part by part"))
        pieces.append(Piece(f"{', '.join(found)}.", gap=2))
    if game.book.goals.ambitions:
        pieces.append(Piece(AIMS, theme.SMALL, theme.SOFT, gap=10))
    return Sheet(app, f"{title}: what the score is made of", pieces, (), 680)


def _head(text: str) -> Piece:
    return Piece(text, theme.STRONG, theme.TEXT, True, gap=12)


def _row(said: str, amount: int) -> Piece:
    tone = theme.BETTER if amount > 0 else theme.WORSE if amount < 0 else theme.TEXT
    return Piece(said, theme.BODY, tone, indent=18, gap=2)
