"""The news tab: cards of the deck and news of one's own, with their preview, now or in a later round."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from pygame import Rect

from game import theme
from game.core.facilitator import CHANGES, TEXT, TITLE
from game.engine import kernel as k
from game.narrative.ledger import Cell
from game.prose.lexicon import source_label
from game.prose.numbers import counted
from game.table.facilitation import Planned, news_title
from game.ui.facilitator.cells import (
    Block,
    ask_before_the_end,
    cell_details,
    cell_title,
    form,
    labelled,
    number_field,
    pick_cell,
    preview_pieces,
    text_blocks,
    value_words,
    whole_number,
)  # fmt: skip
from game.ui.screens.sheet import Choice, Sheet
from game.ui.toolkit.layout import columns, from_bottom, from_left, from_right, inset
from game.ui.toolkit.page import Control, Page
from game.ui.toolkit.scroll import Piece, Scroll, stack
from game.ui.toolkit.widgets import Entry, button, heading, stepper
from game.ui.toolkit.widgets import field as text_field
from rules.model.rulebook import Event

if TYPE_CHECKING:
    from game.ui.facilitator.facilitator_screen import FacilitatorScreen


CHANGE = "What everybody would see change"


@dataclass(slots=True)
class TrackChange:
    """An effect of news of one's own: a cell and by how much."""

    cell: Cell
    by: Entry = field(default_factory=lambda: Entry(limit=5))


class NewsTab:
    """``chosen`` is a card's name, or nothing for news of one's own."""

    def __init__(self, screen: FacilitatorScreen) -> None:
        self.screen, self.sitting = screen, screen.sitting
        self.chosen = ""
        self.title, self.text = Entry(limit=TITLE), Entry(limit=TEXT)
        self.changes: list[TrackChange] = []
        self.later = 0
        self.list, self.detail, self.plan = Scroll(), Scroll(), Scroll()
        self._told: tuple[object, list[Piece]] | None = None

    # -------------------------------------------------------------------------------------- drawing

    def build(self, page: Page, rect: Rect) -> None:
        left, right = columns(rect, (40, 60), page.u(14))
        planned = self.sitting.facilitation.planned()
        if planned:
            left = self._scheduled(page, left, planned)
        inner = heading(page, left, "What the facilitator can bring")
        names = ["", *(event.name for event in self.sitting.game.engine.layout.events)]
        high = page.line(theme.BODY) + page.line(theme.SMALL) + page.u(8)
        stack(page, inner, self.list, [high] * len(names), lambda n, place: self._row(page, place, names[n]), page.u(4))
        self._right(page, right)

    def _scheduled(self, page: Page, rect: Rect, planned: list[Planned]) -> Rect:
        """What is planned, at the foot of the list; how much alone, unless secrets are shown. Gives what is left."""
        each, line = page.target, page.line(theme.SMALL) + page.u(6)
        if not self.screen.secrets:
            said = f"{counted(len(planned), 'piece')} of news scheduled. Show secrets to read or cancel."
            foot, rest = from_bottom(rect, line + page.tall(said, rect.width), page.u(8))
            page.words(heading(page, foot, "Scheduled"), said, theme.BODY, theme.SOFT)
            return rest
        shown = min(len(planned), 3)
        foot, rest = from_bottom(rect, line + shown * (each + page.u(4)), page.u(8))
        inner = heading(page, foot, "Scheduled")
        stack(page, inner, self.plan, [each] * len(planned), lambda n, p: self._planned(page, p, planned[n]), page.u(4))
        return rest

    def _row(self, page: Page, rect: Rect, name: str) -> None:
        event = self.sitting.game.book.events.get(name)
        title = event.title if event is not None else "News of your own"
        note = self._state(event) if event is not None else "title, text and effects as you write them"
        identity = f"news.card.{name}" if name else "news.own"
        page.control(Control(identity, rect, f"{title}, {note}", partial(self._choose, name)))
        chosen = name == self.chosen
        ground = theme.HOVER if chosen else page.warm(rect, theme.RAISED, theme.HOVER)
        page.fill(rect, ground, 6, theme.NOW if chosen else theme.EDGE, 2 if chosen else 1)
        page.ring(identity, rect)
        inner = inset(rect, page.u(10), page.u(4))
        page.text(Rect(inner.x, inner.y, inner.width, page.line(theme.BODY)), title, theme.BODY, bold=True)
        under = Rect(inner.x, inner.y + page.line(theme.BODY), inner.width, page.line(theme.SMALL))
        page.text(under, note, theme.SMALL, theme.TEXT if chosen else theme.SOFT)

    def _state(self, event: Event) -> str:
        """Whether a card has come already. When it would come by itself is the deck's secret."""
        return "has come already" if self._came(event.name) else "has not come yet"

    def _came(self, name: str) -> bool:
        layout = self.sitting.game.engine.layout
        number = next((n for n, each in enumerate(layout.events) if each.name == name), None)
        return number is not None and bool(self.sitting.game.memory[k.ROW + layout.drawn + number])

    def _planned(self, page: Page, rect: Rect, planned: Planned) -> None:
        cancel, text = from_right(rect, page.u(96), page.u(8))
        title = news_title(self.sitting.game.book, planned.details)
        page.text(text, f"Round {planned.round}: {title}", theme.BODY)
        button(page, f"news.cancel.{planned.id}", cancel, "Cancel", partial(self._cancel, planned), size=theme.BODY)

    def _right(self, page: Page, rect: Rect) -> None:
        foot, body = from_bottom(rect, page.u(52), page.u(10))
        event = self.sitting.game.book.events.get(self.chosen)
        if event is not None:
            blocks = text_blocks(page, body.width, self._card(event))
        else:
            blocks = self._own(page)
            head = Piece(CHANGE, theme.BODY, theme.SOFT, True, gap=8)
            blocks += text_blocks(page, body.width, [head, *self._preview()])
        form(page, body, self.detail, blocks)
        self._buttons(page, foot)

    def _card(self, event: Event) -> list[Piece]:
        pieces = [Piece(event.title, theme.HEAD, theme.TEXT, True), Piece(event.text)]
        if event.note:
            pieces.append(Piece(event.note, theme.SMALL, theme.SOFT))
        pieces.append(Piece(CHANGE, theme.BODY, theme.SOFT, True, gap=8))
        pieces += self._preview()
        if event.source:
            grade = f" (grade {event.grade})" if event.grade else ""
            pieces.append(Piece(f"{source_label(event.source)}: {event.source}{grade}", theme.SMALL, theme.SOFT, gap=8))
        return pieces

    def _own(self, page: Page) -> list[Block]:
        def title(place: Rect) -> None:
            text_field(page, "news.title", place, self.title, "Title of the news", "A wreck blocks the canal")

        def text(place: Rect) -> None:
            text_field(page, "news.text", place, self.text, "What the news say", "One or two sentences, read aloud")

        blocks = [labelled(page, "Title", title), labelled(page, "Text (if any)", text)]
        blocks += [
            labelled(page, self._change_label(c), partial(self._change, page, n, c)) for n, c in enumerate(self.changes)
        ]

        def add(place: Rect) -> None:
            good = len(self.changes) < CHANGES
            one, _ = from_left(place, min(place.width, page.u(220)))
            button(page, "news.add", one, "Add an effect", self._add, size=theme.BODY, enabled=good,
                   reason=f"news has at most {CHANGES} effects")  # fmt: skip

        return [*blocks, Block(page.target, add)]

    def _change_label(self, change: TrackChange) -> str:
        return f"{cell_title(self.sitting, change.cell)}, now {value_words(self.screen, change.cell)}: changes by"

    def _change(self, page: Page, n: int, change: TrackChange, rect: Rect) -> None:
        remove, rest = from_right(rect, page.u(96), page.u(8))
        number_field(page, f"news.by.{n}", rest, change.by, self._change_label(change), "+5 or −5")
        button(page, f"news.remove.{n}", remove, "Remove", partial(self._remove, n), size=theme.BODY)

    def _buttons(self, page: Page, rect: Rect) -> None:
        now, when, plan = columns(rect, (34, 32, 34), page.u(8))
        details, game = self.details(), self.sitting.game
        verdict = self.sitting.facilitation.check("inject", details)
        again = self._came(self.chosen)
        button(
            page,
            "news.now",
            now,
            "Bring it again" if again else "Bring it now",
            self._again if again else self._now,
            kind="plain" if again else "go",
            enabled=bool(verdict),
            reason=verdict.sentence,
        )
        rounds = list(range(game.round + 1, game.scenario.rounds + 1))
        if rounds:
            words = [f"Round {each}" for each in rounds]
            stepper(page, "news.round", when, "Later", words, min(self.later, len(rounds) - 1), self._later)
        reason = verdict.sentence if not verdict else "this is the last round"
        good = bool(verdict) and bool(rounds)
        button(page, "news.plan", plan, "Schedule it", partial(self._plan, rounds), enabled=good, reason=reason)

    def _preview(self) -> list[Piece]:
        """Worked out once for each position and each change of what is typed."""
        details = self.details()
        key = (self.sitting.version, repr(details), self.screen.secrets)
        if self._told is None or self._told[0] != key:
            self._told = (key, preview_pieces(self.screen, "inject", details))
        return self._told[1]

    # --------------------------------------------------------------------------------------- doings

    def details(self) -> dict[str, Any]:
        if self.chosen:
            return {"event": self.chosen}
        changes = [{**cell_details(c.cell), "by": whole_number(c.by) or 0} for c in self.changes]
        return {"title": self.title.value, "text": self.text.value, "changes": changes}

    def _choose(self, name: str) -> None:
        self.chosen, self.detail.first = name, 0

    def _later(self, chosen: int) -> None:
        self.later = chosen

    def _add(self) -> None:
        def done(cell: Cell) -> None:
            self.changes.append(TrackChange(cell))
            self.screen.app.focus = f"news.by.{len(self.changes) - 1}"

        pick_cell(self.screen.app, self.sitting, done)

    def _remove(self, n: int) -> None:
        del self.changes[n]

    def _again(self) -> None:
        """Ask first: a second press on what has just been brought would do it all once more."""
        title = news_title(self.sitting.game.book, self.details())
        said = f"{title} has come already. All that it changes would change once more."
        choices = [Choice("stay", "Cancel", hotkey="Esc"), Choice("again", "Bring it again", self._now)]
        self.screen.app.push(Sheet(self.screen.app, "Once more?", [Piece(said)], choices, 560))

    def _now(self) -> None:
        ask_before_the_end(self.screen, "inject", self.details(), self._bring)

    def _bring(self) -> None:
        title = news_title(self.sitting.game.book, self.details())
        if self.screen.order("news", **self.details()):
            self._clear()
            self.screen.did(f"Brought: {title}.")

    def _plan(self, rounds: list[int]) -> None:
        round_ = rounds[min(self.later, len(rounds) - 1)]
        title = news_title(self.sitting.game.book, self.details())
        if not self.screen.order("news", round=round_, **self.details()):
            return
        self._clear()
        if self.screen.secrets:
            self.screen.did(f"{title} will come in round {round_}.")
        else:
            self._choose("")
            self.screen.did("Scheduled. Nothing on this screen says what or when.")

    def _cancel(self, planned: Planned) -> None:
        if self.screen.order("cancel", planned=planned.id):
            self.screen.did(f"{news_title(self.sitting.game.book, planned.details)} will not come.")

    def _clear(self) -> None:
        if not self.chosen:
            self.title.put("")
            self.text.put("")
            self.changes.clear()
