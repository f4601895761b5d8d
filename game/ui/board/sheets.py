"""What opens over a board: a seat's aims, what is new to it, what caused a change, a place, the whole log."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pygame
from pygame import Rect

from game import theme
from game.narrative.chronicle import ChronicleLine
from game.narrative.ledger import Causes, Shift, Words
from game.prose.lexicon import source_label, titled
from game.prose.numbers import number, signed
from game.table.offers import Option, delay_words
from game.ui.board.log import WHO, draw_log
from game.ui.board.table_view import TableView
from game.ui.board.tracks import draw_tracks
from game.ui.screens.sheet import Choice, Sheet
from game.ui.toolkit.layout import from_right, from_top, inset
from game.ui.toolkit.page import Key, Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Piece, Scroll, move, running_text
from game.ui.toolkit.widgets import button, tabs

WORLD_TOLD, SECRETS_TOLD = 5, 3
"""Changes told of the world turn; those that come of what the seat did unseen."""


def aims_sheet(app: Window, table: TableView) -> Sheet:
    """Return what the viewer's seat wants, its aims and its secret agenda."""
    assert table.viewer is not None
    return Sheet(app, f"The aims of {table.sitting.board.seat_title(table.viewer)}", aims_pieces(table, table.viewer))


def aims_pieces(table: TableView, seat: str) -> list[Piece]:
    """A seat's roles, aims and secret agendas. For its own eyes."""
    game, board = table.sitting.game, table.sitting.board
    pieces: list[Piece] = []
    for role in board.roles_of(seat):
        found = game.book.roles[role]
        pieces.append(Piece(found.title, theme.STRONG, theme.TEXT, True, gap=10))
        pieces += [Piece(text, gap=2) for text in (found.about,) if text]
        pieces += [Piece(f"Wants: {found.wants}", theme.BODY, theme.SOFT, gap=2)] if found.wants else []
        pieces += [Piece(f"Tools: {found.tools}", theme.BODY, theme.SOFT, gap=2)] if found.tools else []
    pieces += aim_pieces(table, seat)
    for agenda in game.agendas(seat):
        pieces.append(Piece(f"Secret agenda: {agenda.title}", theme.BODY, theme.TEXT, True, gap=10))
        pieces.append(Piece(agenda.text, gap=2))
    if game.book.goals.about:
        pieces.append(Piece(f"Score: {game.book.goals.about}", theme.SMALL, theme.SOFT, gap=10))
    return pieces


def aim_pieces(table: TableView, seat: str) -> list[Piece]:
    """Return a seat's aims: what each asks for, how far it is, whether it is met now."""
    aims = table.aims(seat)
    pieces = [Piece("Aims", theme.BODY, theme.TEXT, True, gap=10)] if aims else []
    for aim in aims:
        colour = theme.BETTER if aim.met else theme.SOFT
        pieces.append(Piece(aim.words, theme.BODY, colour, indent=18, gap=2, bullet="✓" if aim.met else "•"))
    return pieces


def offer_pieces(table: TableView) -> list[Piece]:
    """Return what others have put to the seat that may move now: answers to them take no move and name a seat."""
    choosing, game = table.choosing, table.sitting.game
    pieces: list[Piece] = []
    for option in choosing.options if choosing is not None else ():
        rule = game.book.moves[option.name]
        if choosing is None or not option.free or not any(choice.set == "seat" for choice in rule.choices):
            continue
        for answer in option.legal:
            title = f"Put to you: {game.describe(answer, choosing.seat)}?"
            pieces.append(Piece(title, theme.STRONG, theme.WARN, True, gap=7))
            pieces.append(Piece(f"{option.about} It takes no move.", theme.BODY, theme.SOFT, indent=14, gap=1))
    return pieces


def greeting(table: TableView, seat: str) -> Sheet | None:
    """At a seat's turn: its aims in the first one, later what has happened since its last."""
    sight, board = table.sight, table.sitting.board
    mine = any(line.seat == seat and line.kind == "move" for line in sight.lines)
    done = [Choice("go", "To the table", None, "go", "Enter")]
    lines = [line for line in sight.lines[sight.fresh :] if line.seat != seat]
    first = not mine and sight.round == 1
    pieces = offer_pieces(table) + (aims_pieces(table, seat) if first else [])
    for steps, group in itertools.groupby(lines, key=lambda line: line.kind == "step"):
        if not steps:
            pieces += [piece for line in group for piece in since_pieces(table, line)]
        elif not first:
            pieces += world_pieces(table, list(group))
    if not pieces:
        return None
    title = f"You are {board.seat_title(seat)}" if first else f"Since your last turn, {board.seat_title(seat)}"
    sheet = Sheet(table.app, title, pieces, done, 680)
    sheet.keeps_time = not first  # a whole page to read before the first turn begins
    return sheet


def world_pieces(table: TableView, steps: Sequence[ChronicleLine]) -> list[Piece]:
    """Return the largest changes that the steps of a world turn brought, one a track."""
    weigh = table.sitting.chronicle.relevance.of
    shifts = [shift for line in steps for shift in line.shifts]
    largest: dict[str, Shift] = {}
    for shift in sorted(shifts, key=lambda shift: -weigh(shift)):
        if weigh(shift) > 0:
            largest.setdefault(shift.cell[0], shift)
    if not largest:
        return []
    most = list(largest.values())[:WORLD_TOLD]
    told = table.change_words([*most, *(shift for shift in _own_secrets(table, shifts) if shift not in most)])
    return [
        Piece("The world turn", theme.BODY, theme.SOFT, True, gap=7),
        *(Piece(text, indent=14, gap=1) for text in told),
    ]


def _own_secrets(table: TableView, shifts: Sequence[Shift]) -> list[Shift]:
    """Return what has become of something that the viewer's seat alone knew of, such as a purchase that nobody saw."""
    seat, layout = table.viewer, table.sitting.board.layout
    rules = {shift.rule for shift in shifts if not layout.public(shift.cell[0]) and seat in shift.cell[1]}
    return [shift for shift in shifts if shift.rule in rules and seat in shift.cell[1]][:SECRETS_TOLD]


def since_pieces(table: TableView, line: ChronicleLine) -> list[Piece]:
    """A move or card in two or three lines of text."""
    board = table.sitting.board
    if line.seat is not None:
        mark = board.marks[line.seat]
        head = f"{mark.glyph} {board.seat_title(line.seat)}: {line.title}"
        colour = theme.readable(mark.colour, theme.PANEL)
    else:
        head, colour = f"{WHO.get(line.kind, 'End')}: {line.title}", theme.WARN
    told = table.sitting.chronicle.weighty(line.shifts, 3)
    words = [Piece(text, theme.BODY, theme.SOFT, indent=14, gap=1) for text in table.change_words(told)]
    return [Piece(head, theme.BODY, colour, True, gap=7), *words]


def line_sheet(app: Window, table: TableView, line: ChronicleLine) -> Sheet:
    """Every change of a line, by the rule that made it, with the rule's reason."""
    game, board, causes = table.sitting.game, table.sitting.board, table.sitting.chronicle.causes
    words = Words(game.book, game.scenario)
    pieces: list[Piece] = []
    rule = game.book.moves.get(line.cause.partition(" ")[0]) if line.kind == "move" else None
    event = game.book.events.get(line.cause) if line.kind == "event" else None
    if event is not None:
        pieces.append(Piece(event.text))
    if line.text:
        pieces.append(Piece(line.text))
    if rule is not None and rule.why:
        pieces.append(Piece(f"Why: {rule.why}", theme.BODY, theme.SOFT))
    grouped: dict[str, list[str]] = {}
    for shift in line.shifts:
        text = f"{words.cell(shift.cell)}: {number(shift.before)} → {number(shift.after)} ({signed(shift.amount)})"
        grouped.setdefault(shift.rule, []).append(text)
    for name, texts in grouped.items():
        title = {Causes.COST: "Paid", Causes.OWN: "Changed"}.get(name) or causes.title(name)
        pieces.append(Piece(title[:1].upper() + title[1:], theme.BODY, theme.TEXT, True, gap=10))
        if causes.why(name):
            pieces.append(Piece(causes.why(name), theme.SMALL, theme.SOFT))
        pieces += [Piece(text, indent=14) for text in texts]
    if not line.shifts:
        pieces.append(Piece("Nothing that you can see has changed by it.", theme.BODY, theme.SOFT))
    source = rule.source if rule is not None else event.source if event is not None else ""
    if source:
        pieces.append(Piece(f"{source_label(source)}: {source}", theme.SMALL, theme.SOFT, gap=10))
    who = f"{board.seat_title(line.seat)}: " if line.seat is not None else ""
    return Sheet(app, f"Round {line.round} · {who}{line.title}", pieces, width=680)


LATELY, DOABLE = 4, 6
"""Events told of a place, and moves offered there, at most."""


def place_sheet(app: Window, table: TableView, place: str) -> Sheet:
    """A place: who is used there and why, what has happened, what is on its way, and what can be done there."""
    board, sight = table.sitting.board, table.sight
    places = board.places or ""
    pieces = [*_why_pieces(table, place), *_lately_pieces(table, place)]
    coming = [order for order in sight.arriving if place in order.index]
    words = Words(board.book, board.scenario)
    for order in coming:
        when = "next round" if order.deliveries == 1 else f"in {order.deliveries} rounds"
        text = f"On its way: {words.cell((order.track, order.index))} {signed(order.amount)} {when}"
        pieces.append(Piece(text, theme.BODY, theme.SOFT, gap=5))
    choices = _doable(table, place)
    if choices:
        pieces.append(Piece("What you can do there", theme.STRONG, theme.TEXT, True, gap=12))
        pieces.append(Piece("Takes the card in hand; nothing is played yet.", theme.SMALL, theme.SOFT, gap=1))
    choices.append(Choice("close", "Close", None, "go", "Esc"))
    title = board.element_title(places, place)
    return Sheet(app, title, pieces or [Piece("Nothing is known of it.")], choices, width=680)


def _why_pieces(table: TableView, place: str) -> list[Piece]:
    """Every track that the place is part of: the shares first, then what pulls and hinders."""
    board, sight = table.sitting.board, table.sight
    places = board.places or ""
    tracks = [track for track in board.book.tracks.values() if places in track.scope and track.visibility == "public"]
    first = (board.shares, *board.pulls, *board.bars, *board.stands)
    tracks.sort(key=lambda track: first.index(track.name) if track.name in first else len(first))
    pieces: list[Piece] = []
    for track in tracks:
        texts = []
        for _, index in board.layout.cells(track.name):
            value = sight.values.get((track.name, index))
            if place not in index or value is None or (value == 0 and len(index) > 1):
                continue
            changed = sight.changed.get((track.name, index), 0)
            of = [board.element_title(s, e) for s, e in zip(track.scope, index, strict=True) if s != places]
            note = f" ({signed(changed)})" if changed else ""
            texts.append(f"{' '.join([*of, number(value)])}{note}")
        if texts:
            strong = track.name == board.shares
            pieces.append(Piece(f"{track.title}: {' · '.join(texts)}", theme.BODY, theme.TEXT, strong, gap=4))
            if track.about:
                pieces.append(Piece(track.about, theme.SMALL, theme.SOFT, indent=14, gap=0))
    return pieces


def _lately_pieces(table: TableView, place: str) -> list[Piece]:
    """What changed there last, and who did it."""
    board, words = table.sitting.board, Words(table.sitting.board.book, table.sitting.board.scenario)
    found = []
    for line in reversed(table.sight.lines):
        shifts = [shift for shift in line.shifts if place in shift.cell[1] and shift.amount]
        told = table.sitting.chronicle.weighty(shifts, 1)
        if told and line.kind != "setup":
            who = board.seat_title(line.seat) if line.seat is not None else WHO.get(line.kind, "")
            change = f"{words.cell(told[0].cell)} {number(told[0].before)} → {number(told[0].after)}"
            found.append(f"R{line.round} {who}: {line.title}. {change}")
        if len(found) == LATELY:
            break
    head = [Piece("Why it is so", theme.STRONG, theme.TEXT, True, gap=12)] if found else []
    return [*head, *(Piece(text, theme.BODY, theme.SOFT, indent=14, gap=2, bullet="•") for text in found)]


def _doable(table: TableView, place: str) -> list[Choice]:
    """The moves that whoever sits here can play in a place, each to be taken in hand with its place chosen."""
    choosing = table.choosing
    found: list[Choice] = []
    for option in choosing.options if choosing is not None else ():
        if choosing is None or not any(place in move.arguments.values() for move in option.legal):
            continue

        def take(option: Option = option) -> None:
            table.pick(option)
            picks = table.place_picks()
            if picks is not None and picks.get(place) == "":
                table.choose(place)

        titles = {table.sitting.game.describe(m, choosing.seat) for m in option.legal if place in m.arguments.values()}
        title = titles.pop() if len(titles) == 1 else option.title
        found.append(Choice(f"do.{option.name}", title, take, hotkey=option.cost))
    return found[:DOABLE]


# --------------------------------------------------------------------------------------- the whole log


class LogScreen(Screen):
    """The whole log on a page of its own."""

    name = "log"
    over = True

    def __init__(self, app: Window, table: TableView) -> None:
        super().__init__(app)
        self.table, self.scroll = table, Scroll()

    def build(self, page: Page) -> None:
        box = page.rect.inflate(-page.u(80), -page.u(60))
        page.fill(box, theme.PANEL, 10, theme.SOFT)
        inner = inset(box, page.u(18), page.u(14))
        head, inner = from_top(inner, page.target, page.u(8))
        close = Rect(head.right - page.u(120), head.y, page.u(120), head.height)
        button(page, "log.close", close, "Close", self.back, hotkey="Esc")
        title = f"Log · {titled(self.table.sitting.title)}"
        page.text(Rect(head.x, head.y, close.x - head.x - page.u(10), head.height), title, theme.HEAD, bold=True)
        draw_log(page, inner, self.table, self.scroll)

    def key(self, key: Key) -> bool:
        """L closes it again; page keys scroll."""
        step = {pygame.K_PAGEUP: -8, pygame.K_PAGEDOWN: 8}.get(key.code, 0)
        if key.code == pygame.K_l:
            self.back()
        elif step:
            move(self.scroll, step)
        else:
            return False
        return True


def news_pieces(table: TableView) -> list[Piece]:
    """Return the round's news, what is on its way, and the viewer's aims."""
    game = table.sitting.game
    pieces = offer_pieces(table)
    event = game.book.events.get(game.news or "")
    if event is not None:
        pieces.append(Piece(f"News: {event.title}", theme.STRONG, theme.WARN, True))
        pieces.append(Piece(event.text, gap=3))
        line = next((x for x in reversed(table.sight.lines) if x.kind == "event" and x.cause == event.name), None)
        if line is not None and line.shifts:
            pieces += [
                Piece(text, theme.SMALL, theme.SOFT, bullet="", gap=2) for text in table.change_words(line.shifts[:6])
            ]
    elif table.choosing is not None:
        pieces.append(Piece("Pick a move", theme.STRONG, theme.TEXT, True))
        pieces.append(Piece("Its effects are shown here before you play it.", theme.BODY, theme.SOFT, gap=3))
    else:
        pieces.append(Piece("No news this round.", theme.BODY, theme.SOFT))
    pieces += coming_pieces(table)
    if table.viewer is not None:
        pieces += aim_pieces(table, table.viewer)
    return pieces


def coming_pieces(table: TableView) -> list[Piece]:
    """The viewer's orders on their way, soonest first; everybody's where nobody in particular looks."""
    words = Words(table.sitting.game.book, table.sitting.game.scenario)
    mine = {table.viewer, table.sitting.board.side_of_seat.get(table.viewer or "")}
    orders = [o for o in table.sight.arriving if o.amount > 0 and (table.viewer is None or mine & set(o.index))]
    if not orders:
        return []
    texts = [f"{words.cell((o.track, o.index))} {signed(o.amount)} {delay_words(o.deliveries)}" for o in orders]
    return [
        Piece("On its way", theme.BODY, theme.TEXT, True, gap=10),
        *(Piece(t, theme.BODY, theme.SOFT, gap=1) for t in texts),
    ]


# ------------------------------------------------------------------------------------------- all tracks


class TracksScreen(Screen):
    """Every track that the viewer may see, on a page of its own."""

    name = "tracks"
    over = True

    def __init__(self, app: Window, table: TableView) -> None:
        super().__init__(app)
        self.table, self.tab = table, 0
        self.scrolls = (Scroll(), Scroll())

    def build(self, page: Page) -> None:
        box = page.rect.inflate(-page.u(60), -page.u(40))
        page.fill(box, theme.PANEL, 10, theme.EDGE)
        inner = inset(box, page.u(18), page.u(12))
        head, inner = from_top(inner, page.target, page.u(6))
        close, head = from_right(head, page.u(120), page.u(10))
        button(page, "tracks.close", close, "Close", self.app.pop, hotkey="Esc", kind="go", size=theme.BODY)
        tabs(page, "tracks.tab", head, ("Seats", "World and stacks", "News and aims"), self.tab, self._turn_to)
        board = self.table.sitting.board
        if self.tab == len(self.scrolls):
            running_text(page, inner, self.table.scrolls["news"], news_pieces(self.table))
            return
        names = (board.of_seat, (*self.table.world_names(), *board.of_side))[self.tab]
        draw_tracks(page, inner, self.table, names, self.scrolls[self.tab], "all")

    def _turn_to(self, tab: int) -> None:
        self.tab = tab

    def key(self, key: Key) -> bool:
        """T closes it again; the page keys scroll."""
        step = {pygame.K_PAGEUP: -8, pygame.K_PAGEDOWN: 8}.get(key.code, 0)
        if key.code == pygame.K_t:
            self.back()
        elif step:
            move((*self.scrolls, self.table.scrolls["news"])[self.tab], step)
        else:
            return False
        return True
