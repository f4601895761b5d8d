"""The rulebook: a search, the list of entries, the card of one, and links on to the entries that it names."""

from __future__ import annotations

from functools import partial

import pygame
from pygame import Rect

from game import theme
from game.prose.lexicon import plain, sentence, source_label
from game.rulebook.entries import KINDS, Entry, entries_of
from game.rulebook.entries import Key as EntryKey
from game.ui.toolkit.layout import from_bottom, from_left, from_top, inset
from game.ui.toolkit.page import Control, Key, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Piece, Scroll, move, running_text, stack
from game.ui.toolkit.widgets import Entry as Field
from game.ui.toolkit.widgets import button, field
from rules.model.rulebook import Rulebook

LABELS = {
    "move": "Move",
    "track": "Track",
    "knob": "Assumption",
    "define": "Formula",
    "group": "Group",
    "role": "Role",
}
MOST_LINKS = 24


class RulebookScreen(Screen):
    """Everything in it comes from the rules themselves."""

    name = "rulebook"

    def __init__(self, app: Window, book: Rulebook, at: tuple[str, str] | None = None) -> None:
        """``at`` is the kind and name of the entry to open."""
        super().__init__(app)
        self.book, self.entries = book, entries_of(book)
        self.query = Field(limit=60)
        self.list, self.card, self.links = Scroll(), Scroll(), Scroll()
        self.past: list[EntryKey] = []
        self.found = self.entries.listed
        self.at = at if at in [key for _, key in self.found] else self.found[0][1]
        self._show_in_list()

    def _show_in_list(self) -> None:
        items = self._items()
        self.list.first = max(0, items.index(self.at) - 3) if self.at in items else 0

    def _items(self) -> list[EntryKey | str]:
        """Keys of entries under their headings."""
        items: list[EntryKey | str] = []
        under = ""
        for heading, key in self.found:
            if heading != under:
                items.append(heading)
            items.append(key)
            under = heading
        return items

    def build(self, page: Page) -> None:
        body = inset(page.rect, page.u(14), page.u(10))
        head, body = from_top(body, max(page.line(theme.HEAD), page.u(34)), page.u(8))
        self._head(page, head)
        left, right = from_left(body, min(page.u(390), round(body.width * 0.4)), page.u(10))
        page.panel(left)
        self._list(page, inset(left, page.u(8), page.u(8)))
        page.panel(right)
        self._card(page, inset(right, page.u(18), page.u(14)), self.entries(*self.at))

    def _head(self, page: Page, rect: Rect) -> None:
        close = Rect(rect.right - page.u(110), rect.y, page.u(110), rect.height)
        button(page, "rules.close", close, "Close", self.app.pop, hotkey="Esc")
        back = Rect(close.x - page.u(118), rect.y, page.u(110), rect.height)
        button(page, "rules.back", back, "Back", self._return, enabled=bool(self.past), reason="nothing before")
        page.text(
            Rect(rect.x, rect.y, back.x - rect.x - page.u(10), rect.height),
            f"Rulebook · {self.book.title}",
            theme.HEAD,
            bold=True,
        )

    def _list(self, page: Page, rect: Rect) -> None:
        top, rect = from_top(rect, page.target, page.u(6))
        field(
            page,
            "rules.search",
            top,
            self.query,
            "Search the rulebook",
            "Search …",
            changed=self._search,
            submit=self._first,
        )
        items = self._items()
        if not items:
            page.words(rect, "Nothing in the rulebook has these words.", theme.BODY, theme.SOFT)
            return
        heights = [
            page.line(theme.SMALL) + page.u(8) if isinstance(item, str) else self._row_height(page, item, rect.width)
            for item in items
        ]
        stack(page, rect, self.list, heights, lambda n, place: self._item(page, place, items[n]), page.u(1))

    def _row_height(self, page: Page, key: EntryKey, width: int) -> int:
        title = self.entries.title(*key)
        lines = min(2, len(page.lines(title, width - page.u(36), theme.BODY, True)))  # bold when it is chosen
        return max(page.target, lines * page.line() + page.u(6))

    def _item(self, page: Page, rect: Rect, item: EntryKey | str) -> None:
        if isinstance(item, str):
            page.text(
                Rect(rect.x + page.u(6), rect.y, rect.width - page.u(6), rect.height),
                item,
                theme.SMALL,
                theme.SOFT,
                bold=True,
            )
            return
        kind, name = item
        title = self.entries.title(kind, name)
        identity = f"entry.{kind}.{name}"
        page.control(Control(identity, rect, f"{title} ({KINDS[kind]})", partial(self.open, kind, name)))
        if page.muted:
            return
        chosen = item == self.at
        if chosen:
            page.fill(rect, theme.HOVER, 5)
        else:
            page.light(rect, 5)
        page.ring(identity, rect, 5)
        box = Rect(rect.x + page.u(14), rect.y + page.u(3), rect.width - page.u(20), rect.height - page.u(6))
        page.words(box, title, theme.BODY, theme.TEXT, bold=chosen, most=2)

    def _card(self, page: Page, rect: Rect, entry: Entry) -> None:
        links = self.entries.links(entry)[:MOST_LINKS]
        if links:
            rect = self._links(page, rect, links)
        kind = f"{entry.label} · {entry.part_of}" if entry.part_of else entry.label
        pieces = [
            Piece(kind, theme.SMALL, theme.SOFT, True),
            Piece(sentence(plain(entry.title)), 22, theme.TEXT, True, gap=2),
        ]
        pieces += [Piece(sentence(plain(text)), theme.STRONG, gap=8) for text in entry.about]
        if entry.outline:
            pieces.append(Piece("Effects", theme.BODY, theme.TEXT, True, gap=12))
            pieces += [
                Piece(plain(text), theme.BODY, theme.TEXT, indent=16 + 18 * depth, gap=2, bullet="–" if depth else "•")
                for depth, text in entry.outline
            ]
        for fact in entry.facts:
            label = source_label(fact.text) if fact.label == "Source" else fact.label
            pieces += [Piece(label, theme.SMALL, theme.SOFT, True, gap=10), Piece(plain(fact.text))]
        running_text(page, rect, self.card, pieces)

    def _links(self, page: Page, rect: Rect, links: list[EntryKey]) -> Rect:
        """Draw buttons to the entries that one names, at its foot; return the room that is left."""
        high = page.target
        gap = page.u(6)
        rows: list[list[tuple[EntryKey, str, int]]] = [[]]
        used = 0
        for link in links:
            label = f"{LABELS.get(link[0], link[0])}: {self.entries.title(*link)}"
            width = min(page.width(label, theme.SMALL, True) + page.u(22), rect.width - page.u(16))
            if rows[-1] and used + width > rect.width - page.u(16):
                rows.append([])
                used = 0
            rows[-1].append((link, label, width))
            used += width + gap
        shown = min(len(rows), 3)
        foot, rest = from_bottom(rect, shown * (high + gap) - gap, page.u(8))

        def draw(n: int, place: Rect) -> None:
            x = place.x
            for link, label, width in rows[n]:
                box = Rect(x, place.y, width, high)
                button(page, f"link.{link[0]}.{link[1]}", box, label, partial(self.open, *link), size=theme.SMALL)
                x += width + gap

        stack(page, foot, self.links, [high] * len(rows), draw, gap)
        heading, rest = from_bottom(rest, page.line(theme.SMALL), page.u(6))
        page.text(heading, "See also", theme.SMALL, theme.SOFT, bold=True)
        return rest

    # --------------------------------------------------------------------------------------- doings

    def open(self, kind: str, name: str) -> None:
        """Opens an entry; the one before is kept for going back."""
        if self.at != (kind, name):
            self.past.append(self.at)
        self.at = (kind, name)
        self.card.first = self.links.first = 0

    def _return(self) -> None:
        if self.past:
            self.at = self.past.pop()
            self.card.first = self.links.first = 0
            self._show_in_list()

    def _search(self) -> None:
        self.found = self.entries.search(self.query.value)
        self.list.first = 0

    def _first(self) -> None:
        if self.found:
            self.open(*self.found[0][1])

    def key(self, key: Key) -> bool:
        """Page keys scroll the card; Ctrl+F goes to the search."""
        step = {pygame.K_PAGEUP: -10, pygame.K_PAGEDOWN: 10}.get(key.code, 0)
        if step:
            move(self.card, step)
        elif key.code == pygame.K_f and key.ctrl:
            self.app.focus = "rules.search"
        elif key.code == pygame.K_BACKSPACE:
            self._return()
        else:
            return False
        return True

    def first_focus(self) -> str | None:
        return "rules.search"
