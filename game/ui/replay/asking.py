"""A question about the next move: what is asked, a hint, and which answers are taken."""

from __future__ import annotations

from game import theme
from game.moves import Move
from game.table.bots import Bot, answered
from game.ui.replay.ahead import usual_names
from game.ui.replay.replay_model import Replay
from game.ui.toolkit.layout import centred, columns, from_bottom, from_top, inset
from game.ui.toolkit.page import Page
from game.ui.toolkit.screen import Screen, Window
from game.ui.toolkit.scroll import Piece, Scroll, running_text
from game.ui.toolkit.widgets import Entry, button, field

PROMPT, HINT = 300, 200


class AskScreen(Screen):
    """Two fields, and the answers as they follow from the marks of the moves that were tried here."""

    name = "ask"
    over = True

    def __init__(self, app: Window, replay: Replay) -> None:
        super().__init__(app)
        self.replay = replay
        node = replay.node
        known = node.ask if node is not None and node.ask is not None else {}
        self.known = bool(known)
        self.prompt, self.hint = Entry(limit=PROMPT), Entry(limit=HINT)
        self.prompt.put(str(known.get("prompt") or ""))
        self.hint.put(str(known.get("hint") or ""))
        self.scroll = Scroll()

    def build(self, page: Page) -> None:
        line = page.line() + page.u(14)
        pieces = self._pieces()
        width = min(page.u(680), page.rect.width - page.u(40))
        text = sum(page.tall(piece.text, width - page.u(70)) for piece in pieces) + page.u(16)
        high = page.line(theme.HEAD) + 2 * (page.line(theme.SMALL) + line) + text + page.u(48) + page.u(96)
        box = centred(page.rect, width, min(high, page.rect.height - page.u(16)))
        page.fill(box, theme.PANEL, 10, theme.SOFT)
        body = inset(box, page.u(22), page.u(18))
        head, body = from_top(body, page.line(theme.HEAD), page.u(8))
        page.text(head, "Ask about the next move", theme.HEAD, bold=True)
        for name, label, hint, entry in (
            ("prompt", "The question", "What would you play here, and why?", self.prompt),
            ("hint", "A hint (if any)", "something to look at", self.hint),
        ):
            place, body = from_top(body, page.line(theme.SMALL), page.u(2))
            page.text(place, label, theme.SMALL, theme.SOFT)
            place, body = from_top(body, line, page.u(8))
            field(page, f"ask.{name}", place, entry, label, hint, submit=self._finish)
        foot, body = from_bottom(body, page.u(48), page.u(8))
        running_text(page, body, self.scroll, pieces)
        cancel, go = columns(foot, (1, 1), page.u(10))
        button(page, "ask.cancel", cancel, "Cancel", self.app.pop, hotkey="Esc")
        label = "Ask" if self.prompt.value or not self.known else "Ask no more"
        button(page, "ask.done", go, label, self._finish, hotkey="Enter", kind="go",
               enabled=bool(self.prompt.value) or self.known, reason="write the question first")  # fmt: skip

    def _pieces(self) -> list[Piece]:
        game = self.replay.game
        right, wrong = self.replay.answers()
        told = [game.describe(Move.parse(text), game.seat) for text in right]
        pieces = [Piece(f"Right: {', '.join(told)}", theme.BODY, theme.GOOD)]
        for text, note in wrong.items():
            said = game.describe(Move.parse(text), game.seat)
            pieces.append(Piece(f"Wrong: {said}{f'. {note}' if note else ''}", theme.BODY, theme.BAD, gap=2))
        text = "Try other moves here and mark them (! right, ? wrong, with a comment) to take or to answer more."
        return [*pieces, Piece(text, theme.SMALL, theme.SOFT, gap=4)]

    def _finish(self) -> None:
        if not (self.prompt.value or self.known):
            return
        game = self.replay.game
        seat = str(game.seat)
        name = usual_names(self.replay)[seat]
        answer = answered(Bot(name, game.book, seat, game.seed), game, game.state_hash)
        strong = {} if answer.trouble else {"player": name, "move": str(answer.move)}
        self.app.pop()
        self.replay.ask(self.prompt.value, self.hint.value, strong)

    def first_focus(self) -> str | None:
        return "ask.prompt"
