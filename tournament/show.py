"""The table of a tournament in the terminal, in words that need no statistics."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tournament.results import Tournament
from tournament.table import Line


def show_table(terminal: Console, tournament: Tournament, lines: list[Line]) -> None:
    """Prints who did well in which seat, how to read it and what it is evidence of."""
    field, layout = tournament.field, tournament.field.layout
    title = field.book.scenarios[field.plan.scenario].title
    terminal.print()
    terminal.print(Text.assemble((title, "bold"), f": {layout.games:,} games, {_shape(tournament)}"), soft_wrap=True)
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name, justify in (("seat", "left"), ("player", "left"), ("games", "right"), ("mean score", "right")):
        shown.add_column(name, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for name, justify in (("95% range", "left"), ("wins", "right"), ("95% range", "left"), ("place", "left")):
        shown.add_column(name, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    seat = ""
    for line in lines:
        if line.seat != seat and seat:
            shown.add_row()
        shown.add_row(*_cells(line, first=line.seat != seat))
        seat = line.seat
    terminal.print(shown)
    terminal.print()
    terminal.print(Text(READ, style="dim"))
    terminal.print(Text(CAUTION, style="dim"))
    terminal.print()


READ = (
    "How to read it: the mean score of a player in its seat, over all opponents and worlds played. Were everything"
    " drawn anew, the mean would lie within the 95% range 19 times in 20; players whose ranges overlap much cannot be"
    " told apart, and place shows which places in the seat are still open."
)
CAUTION = "Good means good against these opponents under these rules: evidence about the model, not about the world."


def _shape(tournament: Tournament) -> str:
    """How many line-ups and worlds, and whether those are all."""
    layout = tournament.field.layout
    kind = "a balanced sample of line-ups" if layout.sampled else "every line-up"
    worlds = f"the same {layout.blocks:,} worlds" if layout.blocks > 1 else "one world"
    return f"{kind} ({layout.profiles.count:,}), each in {worlds}"


def _cells(line: Line, first: bool) -> list[Text]:
    style = "bold" if line.place == 1 else ""
    place = f"{line.place_best}" if line.place_best == line.place_worst else f"{line.place_best}–{line.place_worst}"
    return [
        Text(line.seat if first else "", "bold"),
        Text(line.player, style),
        Text(f"{line.games:,}"),
        Text(f"{line.score:.1f}", style),
        Text(_range(line.score_low, line.score_high, 1, 1), "dim"),
        Text(f"{line.win:.1%}", style),
        Text(_range(line.win_low, line.win_high, 100, 1, "%"), "dim"),
        Text(place, style),
    ]


def _range(low: float | None, high: float | None, factor: float, digits: int, unit: str = "") -> str:
    if low is None or high is None:
        return "too few"
    return f"{low * factor:.{digits}f} – {high * factor:.{digits}f}{unit}"
