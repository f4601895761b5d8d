"""A replay without its picture: the record, where in which line we stand, who looks, what was said and tried."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from game.core.game import Game
from game.moves import IllegalMove, Move
from game.narrative.viewers import EVERYTHING, hides, node_title
from game.records.lessons import KEY
from game.records.node import ROOT, Node
from game.records.positions import Positions
from game.records.record import Record
from game.records.tree import PLAYED, Variation, by_what_if, line_with, lines, path

GOOD_MARKS, BAD_MARKS = ("!", "!?"), ("?", "?!")
"""Marks that make a tried move a right answer to a question, and those that make it a wrong one."""
BOOKMARK = "bookmark"
"""A facilitator's act that asks to come back to a position."""


LONGEST_NAME = 40
"""Letters of a lesson's name, which is made from its title."""


def _move_text(node: Node) -> str:
    return str(Move(str(node.do), tuple(node.args.items())))


class Replay:
    """A record to be looked at, on a copy: the one that was handed in stays as it is.

    Attributes:
        record: The copy, with all that is said and tried here.
        file: Where it came from, if it came from a file.
        line: The line in view, and ``ids`` its nodes from the start.
        at: How many of them have been played; 0 is the start.
        viewer: A seat's name, or one of the stand-ins of ``narrative.viewers``.
        edited: Whether something was said or tried that is in no file yet.
    """

    def __init__(self, record: Record, file: Path | None = None, viewer: str = EVERYTHING) -> None:
        """Plays the main line, as far as it replays.

        Raises:
            RecordError: There is nothing to play.
        """
        self.record = record.branch_at(record.head)
        self.record.header = {**record.header}
        self.record.faults, self.record.lost = record.faults, record.lost
        self.file, self.viewer = file, viewer
        self.positions = Positions(self.record)
        self.positions.reach(self.record.head)
        self.lines: list[Variation] = lines(self.record)
        self.line = self.lines[0]
        self.ids = path(self.record, self.line)
        self.at = 0
        self.edited = False
        self.version = 0

    # ------------------------------------------------------------------------------------ where we are

    @property
    def here(self) -> int:
        """Id of the node in view, ``ROOT`` at the start."""
        return self.ids[self.at - 1] if self.at else ROOT

    @property
    def node(self) -> Node | None:
        """The node in view; none at the start."""
        return self.record.nodes[self.here] if self.at else None

    @property
    def game(self) -> Game:
        return self.positions.game(self.here)

    @property
    def over(self) -> bool:
        """Whether the game as it was played has come to its end."""
        return self.positions.game(self.lines[0].last).over

    @property
    def kind(self) -> str:
        """Whether this is the game as it was played, or a line that was taken back or only tried."""
        return PLAYED if self.here == ROOT else line_with(self.lines, self.here).kind

    @property
    def stuck(self) -> str:
        """Why the line in view cannot be played on beyond some point; empty when all of it replays."""
        found = next((self.positions.diverged[each] for each in self.ids if each in self.positions.diverged), None)
        if found is None:
            return ""
        node, game = found.node, self.positions.game(found.node.parent)
        known = node.facilitator is not None or node.do in game.book.moves
        said = node_title(game, node, self.viewer) if known else node.title
        return f"Read-only: move {node.id} ({said}) {found.reason}."

    @property
    def last(self) -> int:
        found = next((n for n, each in enumerate(self.ids) if each in self.positions.diverged), None)
        return len(self.ids) if found is None else found

    @property
    def read_only(self) -> bool:
        """Whether nothing may be tried here: the main line does not replay with this program."""
        return any(each in self.positions.diverged for each in self.lines[0].nodes)

    # ---------------------------------------------------------------------------------------- moving

    def go(self, at: int) -> None:
        at = max(0, min(at, len(self.ids)))
        if at:
            self.positions.reach(self.ids[at - 1])
        self.at = min(at, self.last)
        self.version += 1

    def step(self, by: int) -> None:
        self.go(self.at + by)

    def starts(self) -> list[int]:
        """For each round of the line, how many nodes had been played when it began; as far as it replays."""
        if self.ids:
            self.positions.reach(self.ids[-1])
        found: list[int] = []
        for at in range(self.last + 1):
            game = self.positions.game(self.ids[at - 1] if at else ROOT)
            while len(found) < game.round:
                found.append(at)
        return found

    def by_round(self, by: int) -> None:
        """To where the next or the last round begins; beyond the last, to the end."""
        stops = sorted({*self.starts(), self.last})
        if by > 0:
            self.go(next((at for at in stops if at > self.at), self.last))
        else:
            self.go(next((at for at in reversed(stops) if at < self.at), 0))

    def to_node(self, identity: int) -> None:
        line = line_with(self.lines, identity)
        if line != self.line:
            self.take(line)
        self.go(self.ids.index(identity) + 1 if identity in self.ids else 0)

    def take(self, line: Variation) -> None:
        """Brings another line into view, at the point where it leaves the rest."""
        self.line, self.ids = line, path(self.record, line)
        if self.ids:
            self.positions.reach(self.ids[-1])
        self.go(self.ids.index(line.start) + 1 if line.start in self.ids else 0)

    # ------------------------------------------------------------------------- saying and trying things

    def hidden(self, node: Node) -> bool:
        """Whether the viewer may not read a node."""
        return hides(self.game, node, self.viewer)

    def remark(self, identity: int, *, note: str | None = None, mark: str | None = None) -> None:
        node = self.record.node(identity)
        said = {"note": node.note if note is None else note, "mark": node.mark if mark is None else mark}
        if (said["note"], said["mark"]) != (node.note, node.mark):
            self.record.remark(identity, **said)
            self._answer_with(self.record.node(identity))
            self.edited = True
            self.version += 1

    def _answer_with(self, node: Node) -> None:
        """Let a measured question say to a move what the comment on it says."""
        asked = self.record.nodes.get(node.parent)
        if asked is None or asked.ask is None or node.do is None:
            return
        answers, text = asked.ask.get("answers"), _move_text(node)
        if isinstance(answers, Mapping) and text in answers:
            says = {**answers, text: {**answers[text], "says": node.note}}
            self.record.remark(asked.id, ask={**asked.ask, "answers": says})

    def answers(self) -> tuple[dict[str, str], dict[str, str]]:
        """Which moves a question asked here takes by their marks, and which it refuses, each with its comment.

        Right: the move that was played, unless it is marked as a mistake, and moves tried here that are marked as
        strong or worth a look. Wrong: those marked as a mistake or doubtful.
        """
        right: dict[str, str] = {}
        wrong: dict[str, str] = {}
        for node in self.record.children(self.here):
            if node.do is None:
                continue
            played = node.id in self.lines[0].nodes
            if node.mark in GOOD_MARKS or (played and node.mark not in BAD_MARKS):
                right[_move_text(node)] = node.note
            elif node.mark in BAD_MARKS:
                wrong[_move_text(node)] = node.note
        return right, wrong

    def comments(self) -> dict[str, str]:
        """What was said of the moves that were played or tried from here, by the move's text."""
        children = self.record.children(self.here)
        return {_move_text(node): node.note for node in children if node.do is not None and node.note}

    def why_no_question(self) -> str:
        """Why nothing can be asked here; empty when something can be."""
        if not self.at:
            return "step to a move first: a question stands at a move and is about the next one"
        main = self.lines[0].nodes
        onward = main.index(self.here) + 1 if self.here in main else len(main)
        if onward >= len(main) or self.record.nodes[main[onward]].do is None:
            return "a question is about the next move of the played game, and there is none here"
        return ""

    def why_not_by_hand(self) -> str:
        """Why the marks make no question; empty when they do."""
        return "" if self.answers()[0] else "no answer would be right: mark a move tried here with !"

    def ask(self, ask: Mapping[str, Any] | None, about: Mapping[str, Any] | None = None) -> None:
        """Ask about the next move, or no more; ``about`` is what the header says of the lesson."""
        self.record.remark(self.here, ask=None if ask is None else dict(ask))
        if about is not None:
            self.record.header = {**self.record.header, KEY: dict(about)}
        self.edited = True
        self.version += 1

    def about(self) -> dict[str, str]:
        """What the header says of the lesson, by key: ``title``, ``goal.0``, ``misconception.claim``."""
        known = self.record.header.get(KEY)
        found: dict[str, str] = {}
        for key, value in (known if isinstance(known, Mapping) else {}).items():
            if isinstance(value, Mapping):
                found.update({f"{key}.{part}": str(text) for part, text in value.items()})
            elif isinstance(value, list | tuple):
                found.update({f"{key}.{n}": str(text) for n, text in enumerate(value)})
            else:
                found[key] = str(value)
        return found

    def tell_about(self, texts: Mapping[str, str]) -> None:
        """Write what the header says of the lesson, by the keys of ``about``."""
        known = self.record.header.get(KEY)
        about: dict[str, Any] = dict(known) if isinstance(known, Mapping) else {}
        for key, text in texts.items():
            name, _, part = key.partition(".")
            if name == "goal":
                goal = [*map(str, about.get(name) or ())]
                goal += [""] * (int(part) + 1 - len(goal))
                goal[int(part)] = text
                about[name] = goal
            elif part:
                about[name] = {**(about.get(name) or {}), part: text}
            else:
                about[name] = int(text or 0) if name == "minutes" else text
        words = re.findall(r"[a-z0-9]+", str(about.get("title", "")).lower())
        if words and not about.get("name"):
            about["name"] = "_".join(words)[:LONGEST_NAME]
        self.record.header = {**self.record.header, KEY: about}
        self.edited = True
        self.version += 1

    def why_not(self) -> str:
        """Why nothing may be tried here; empty when a move may be."""
        game = self.game
        if self.read_only:
            return "this record does not replay to its end, so that it can only be read"
        if game.over:
            return "the game is over here"
        if self.viewer not in (EVERYTHING, game.seat):
            return "only the seat whose turn it is, or everything, can try a move here"
        return ""

    def try_move(self, move: Move, name: str = "") -> Node:
        """Plays a move from the position in view, as a line of its own unless it was played or tried here before.

        Raises:
            IllegalMove: The rules do not allow it. Nothing has changed.
        """
        here, game = self.here, self.game.branch()
        seat = game.seat
        verdict = game.check(move)
        if not verdict or seat is None:
            raise IllegalMove(verdict)
        game.play(move)
        first = self.kind == PLAYED
        by = by_what_if(name or f"Line {len(self.lines)}") if first else by_what_if()
        head = self.record.head
        before = set(self.record.nodes)
        self.record.head = here
        node = self.record.append(game.acts[-1])
        self.record.head = head
        if node.id not in before:
            node = self.record.remark(node.id, by=by)
            self.edited = True
        self.positions.keep(node.id, game)
        self.lines = lines(self.record)
        self.to_node(node.id)
        return node

    def play_on(self, choose: Callable[[Game], Move], most: int = 500) -> int:
        """Lets somebody play a line that was tried to its end, from its last node; gives how many moves that were.

        Args:
            choose: Answers with a legal move of the seat whose turn it is.
            most: No more moves than this.
        """
        self.go(self.last)
        count = 0
        while not self.game.over and count < most:
            self.try_move(choose(self.game))
            count += 1
        return count

    def rename(self, line: Variation, name: str) -> None:
        first = line.nodes[0]
        self.record.remark(first, by=by_what_if(name or line.name))
        self.edited = True
        self.lines = lines(self.record)
        self.line = self.lines[self.line.number]
        self.version += 1

    # ----------------------------------------------------------------------------------------- saving

    def suggestion(self) -> Path:
        """A name for the file that keeps what was said and tried: never the one that was opened."""
        base = self.file or Path("game.yaml")
        stem = base.stem.removesuffix(" with comments")
        for number in range(1, 1000):
            found = base.with_name(f"{stem} with comments{'' if number == 1 else f' ({number})'}.yaml")
            if not found.exists():
                return found
        return base.with_name(f"{stem} with comments, another.yaml")

    def save(self, target: Path) -> None:
        """Writes the record with all that was said and tried; raises RecordError when the file must stay as it is."""
        self.record.save(target)
        self.edited = False
