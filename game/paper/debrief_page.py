"""The debrief of a game as one self-contained HTML page: to hand out, to print, to read on a phone."""

from __future__ import annotations

from game import theme
from game.narrative.history import Series
from game.narrative.shapes import corners
from game.paper.account import Account, account
from game.paper.drawing import Curve, LineChart, stacked
from game.prose.citations import footnotes
from game.prose.lexicon import explained
from game.records.record import Record
from game.rulebook.entries import GRADES
from game.simulation.continuations import LABEL
from game.templates import render

CHAPTERS = {
    "happened": "What happened", "why": "Why", "what-if": "What if", "world": "The real world",
    "takeaways": "Takeaways",
}  # fmt: skip
PLAIN = theme.Mark(theme.PAPER_SOFT, "circle", "solid", theme.PAPER_SOFT)
"""The line of a track that nobody in particular has."""
WIDTH = 420
"""Of a bar of points."""
TONES = {"!": "good", "!?": "good", "?": "bad", "?!": "bad"}
"""How a mark of a comment is coloured."""


def html(record: Record, *, names: bool = True) -> str:
    """Return the page of a record.

    Args:
        record: The game; of one that is not over only what everybody may know is shown.
        names: Whether teams, players and owners are named.

    Raises:
        RecordError: There is nothing to play.
    """
    found = account(record, names=names)
    board = found.board
    scoring = [result for result in found.results if result.parts]
    titles = dict.fromkeys(title for result in scoring for title, _ in result.parts)
    most = max((sum(max(0, value) for _, value in result.parts) for result in scoring), default=0)
    sources = [*(card.source for card in found.cards), *(each.source for each in found.assumptions)]
    return render(
        "debrief/page.html", account=found, board=board, marks=board.marks,
        side_marks=list(board.side_marks.values()), shares=board.book.tracks.get(board.shares or ""),
        charts=[_chart(found, series) for series in (found.points, *found.series) if series is not None],
        bars=[(result, stacked(result.parts, most, WIDTH)) for result in scoring], width=WIDTH,
        colours={title: _part_colour(n) for n, title in enumerate(titles)},
        chapters=CHAPTERS, tones=TONES, grades=GRADES, caution=LABEL, facts=explained(" ".join(sources)),
        footnotes=footnotes(sources),
        corners=corners,
    )  # fmt: skip


def _part_colour(number: int) -> str:
    """Return the colour of a part of a score, dark enough for paper."""
    return theme.as_hex(theme.readable(theme.PARTS[number % len(theme.PARTS)], theme.PAPER, 3.0))


def _chart(found: Account, series: Series) -> LineChart:
    board = found.board
    scope = board.book.tracks[series.track].scope if series.track else ("seat",)
    if not scope:
        return LineChart(series.title, [Curve("", PLAIN, values) for _, values in series.lines], first=series.first)
    curves = [
        Curve(board.element_title(scope[0], element), board.mark_of(scope[0], element), values)
        for element, values in series.lines
    ]
    return LineChart(series.title, curves, first=series.first)
