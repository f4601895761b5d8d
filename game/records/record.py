"""A saved game: a tree of positions with the rulebook inside, the one file for games, lessons and bug reports.

A record is pure data and knows nothing of legal moves: ``game.records.replay`` plays it,
``game.records.journal`` writes it as it grows.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from game.core.game import Act, Game
from game.errors import RecordError, UnknownName
from game.records import format as saved
from game.records import migrations
from game.records.files import is_there, read_bounded, write_atomic
from game.records.format import RecordFault
from game.records.node import KNOWN, MAX_ID, ROOT, Node
from game.records.receipts import RECEIPT, assignment_of, receipt
from rules.model.rulebook import SEMANTICS, Rulebook


class Record:
    """The header and the tree of a saved game; the main line runs from the root to ``head``.

    Attributes:
        header: Everything but the tree, as plain data in file order, unknown keys included.
        nodes: The tree in the order in which it grew, by id.
        faults: What was wrong with the file that this was read from.
        lost: How many lines of that file had to be left out.
        file: Its name, for messages.
    """

    def __init__(self, header: Mapping[str, Any], file: str = "the record") -> None:
        self.header: dict[str, Any] = dict(header)
        self.nodes: dict[int, Node] = {}
        self.faults: list[RecordFault] = []
        self.lost = 0
        self.file = file
        self._head = ROOT
        self._last = ROOT
        self._children: dict[int, list[int]] = {ROOT: []}

    @classmethod
    def new(
        cls,
        book: Rulebook,
        scenario: str,
        seed: int,
        seats: Mapping[str, Mapping[str, str]] | None = None,
        overrides: Mapping[str, Any] | None = None,
        **about: Any,
    ) -> Record:
        """Return the record of a game that begins.

        Args:
            book: The rulebook in play, with any overrides already in it.
            scenario: Its name.
            seed: The game's seed.
            seats: For each seat who plays it (``team``, ``player``); all seats of the scenario if left out.
            overrides: The ``--set`` values that are already part of ``book``, for the reader's information.
            **about: ``title``, ``authors``, ``date``, ``notes``, or any other key of the header.
        """
        names = [seat.name for seat in book.scenarios[scenario].seats]
        setup = {
            "scenario": scenario,
            "seats": {name: dict((seats or {}).get(name, {})) for name in names},
            "seed": int(seed),
            "overrides": dict(overrides or {}),
        }
        rules = {"name": book.name, "version": book.version, "sha256": book.sha256, "embedded": book.source}
        return cls({"format": migrations.new_format(), "semantics": SEMANTICS, **about, "rules": rules, "setup": setup})

    @classmethod
    def of(cls, game: Game, seats: Mapping[str, Mapping[str, str]] | None = None, **about: Any) -> Record:
        """Return the record of what was done in a game, from its start to where it stands.

        Args:
            game: The game.
            seats: Who plays each seat, as for ``new``.
            **about: Keys of the header, as for ``new``.
        """
        record = cls.new(game.book, game.scenario.name, game.seed, seats, **about)
        for act in game.acts:
            record.append(act)
        return record

    # -------------------------------------------------------------------------------------- the header

    @property
    def kind(self) -> str:
        """``game``, or ``view`` for what one seat saw of a game."""
        return str(self.header.get("kind", "game"))

    @property
    def scenario(self) -> str:
        """The scenario's name."""
        return str(self.header["setup"]["scenario"])

    @property
    def seed(self) -> int:
        """The game's seed."""
        return int(self.header["setup"]["seed"])

    @property
    def seats(self) -> Mapping[str, Mapping[str, Any]]:
        """Who plays each seat, by seat name; what a damaged or foreign file says otherwise is left out."""
        seats = self.header["setup"].get("seats")
        known = seats.items() if isinstance(seats, Mapping) else ()
        return {name: who for name, who in known if isinstance(who, Mapping)}

    @property
    def rules(self) -> Mapping[str, Any]:
        """Name, version, sha256 and the embedded data of the rulebook."""
        rules: Mapping[str, Any] = self.header["rules"]
        return rules

    @property
    def damaged(self) -> bool:
        """Whether the file has lost more than the end of its last line."""
        return any(not fault.torn for fault in self.faults)

    # ---------------------------------------------------------------------------------------- the tree

    @property
    def head(self) -> int:
        """The node at which the game stands; set it to go to another one, ``0`` being the start."""
        return self._head

    @head.setter
    def head(self, identity: int) -> None:
        if identity == ROOT:
            self._head = ROOT
            return
        self._head = self.node(identity).leaves_at

    def node(self, identity: int) -> Node:
        """Return the node of an id.

        Raises:
            UnknownName: There is none.
        """
        try:
            return self.nodes[identity]
        except KeyError:
            raise UnknownName("move", str(identity), map(str, self.nodes), self.file) from None

    def children(self, identity: int) -> list[Node]:
        """Return what was played or tried from a position, in the order in which it was."""
        return [self.nodes[child] for child in self._children.get(identity, ())]

    def line_to(self, identity: int) -> list[Node]:
        """Return the nodes from the root to a node, both ends included."""
        line = []
        while identity != ROOT:
            line.append(self.node(identity))
            identity = line[-1].parent
        return line[::-1]

    def main_line(self) -> list[Node]:
        """Return the game as it stands: the nodes from the root to the head."""
        return self.line_to(self.head)

    def branch_at(self, identity: int) -> Record:
        """Return a record with the same tree and another head; growing it leaves this one alone."""
        other = Record(self.header, self.file)
        other.nodes = dict(self.nodes)
        other._last = self._last
        other._children = {parent: list(children) for parent, children in self._children.items()}
        other.head = identity
        return other

    def main_line_alone(self) -> Record:
        """Return a record of the game as it stands, without what was tried, taken back or only said beside it."""
        other = Record(dict(self.header), self.file)
        for node in self.main_line():
            other._attach(node)
        other.head = self.head
        return other

    def append(self, act: Act, took: int = 0, command: str = "", **remarks: Any) -> Node:
        """Write down at the head what was done in a game, and move the head on.

        Args:
            act: A move or a facilitator's act, the last of ``Game.acts`` as a rule.
            took: Seconds that the seat took for it, 0 if nobody counted.
            command: What a device called the command that asked for it, so that a retry is known after a restart.
            **remarks: ``note``, ``mark``, ``ask``, ``by``.
        """
        world = tuple(value for _, value in act.steps)
        if act.seat is None:
            return self.act(act.move.name, act.details, act.state_hash, world, **remarks)
        more: dict[str, Any] = {key: value for key, value in (("took", took), ("command", command)) if value}
        return self.add(act.move.name, act.move.arguments, act.seat, act.state_hash, world, more, **remarks)

    def add(
        self,
        do: str,
        args: Mapping[str, str | int],
        seat: str,
        check: str = "",
        world: tuple[str, ...] = (),
        more: Mapping[str, Any] | None = None,
        **remarks: Any,
    ) -> Node:
        """Play a move at the head, and move the head on.

        A move that was played from here before, with the same outcome, is found again instead of doubled.

        Args:
            do: The move's name.
            args: Its choices.
            seat: Who moves.
            check: Hash of the state after it.
            world: Hashes after each step of the world turn that it set off.
            more: Further keys of the node, such as ``took``, the seconds that the seat thought.
            **remarks: ``note``, ``mark``, ``ask``, ``by``.
        """
        node = Node(
            self._free(), self.head, seat, do, dict(args), check=check, world=tuple(world), more=dict(more or {})
        )
        return self._grow(node, remarks)

    def act(
        self,
        name: str,
        details: Mapping[str, Any],
        check: str = "",
        world: tuple[str, ...] = (),
        **remarks: Any,
    ) -> Node:
        """Log a facilitator's act (``inject``, ``{event: NAME}`` …) at the head, and move the head on.

        An act that leaves the position as it is (``game.records.node.ASIDE``) hangs on the head, which stays.
        """
        node = Node(self._free(), self.head, facilitator=name, check=check, world=tuple(world), more=dict(details))
        return self._grow(node, remarks)

    def rewind(self, identity: int, note: str = "", luck: str = "same") -> Node:
        """Log that the facilitator took the game to a node; what came after it stays as a branch.

        With ``luck`` ``new`` the game goes on there with an act of that name.
        """
        to = ROOT if identity == ROOT else self.node(identity).leaves_at
        return self._grow(
            Node(self._free(), self.head, facilitator="rewind", more={"to": to, "luck": luck}), {"note": note}
        )

    def remark(self, identity: int, **remarks: Any) -> Node:
        """Change what is said about a node: ``note``, ``mark``, ``ask``, ``by``."""
        node = self.node(identity).with_remarks(**remarks)
        saved.check_node(node)
        self.nodes[identity] = node
        return node

    def _free(self) -> int:
        if self._last < MAX_ID:
            return self._last + 1
        return next(number for number in itertools.count(1) if number not in self.nodes)

    def _grow(self, node: Node, remarks: Mapping[str, Any]) -> Node:
        """Attach a node to the head unless it is there already. What would not be read back is refused here, so that
        the tree never has anything that its file cannot hold.
        """
        if clash := KNOWN & set(node.more):
            raise RecordError(f"an act cannot have a detail called {', '.join(sorted(clash))}")
        if not node.aside:
            for known in self.children(self.head):
                if known.same_act(node) and (known.check, known.world) == (node.check, node.world):
                    node = self.remark(known.id, **remarks) if any(remarks.values()) else known
                    self.head = node.id
                    return node
        node = node.with_remarks(**remarks)
        if assignment_of(self.header):
            last = next(reversed(self.nodes.values()), None)
            before = "" if last is None else str(last.more.get(RECEIPT, ""))
            node = replace(node, more={**node.more, RECEIPT: receipt(self.header, node, before)})
        saved.check_node(node)
        saved.check_count(len(self.nodes) + 1)
        self._attach(node)
        self.head = node.id
        return node

    def _attach(self, node: Node) -> None:
        self.nodes[node.id] = node
        self._last = max(self._last, node.id)
        self._children.setdefault(node.parent, []).append(node.id)

    # ---------------------------------------------------------------------------------------- the file

    def text(self) -> str:
        """Return the record as the text of a file; reading and writing it again gives the same text."""
        return saved.write(self.header, self.nodes.values(), self.head)

    @classmethod
    def parse(cls, text: str | bytes, file: str = "the record") -> Record:
        """Return the record in a text, as far as it is whole; ``faults`` and ``lost`` say what is not.

        Raises:
            RecordError: Not a saved game, one from a newer program, or one whose header is beyond recovery.
        """
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        content = saved.parse(data, file)
        record = cls(content.header, file)
        for node in content.nodes.values():
            record._attach(node)
        record.head = content.head
        record.faults, record.lost = content.faults, content.lost
        return record

    @classmethod
    def load(cls, path: str | Path) -> Record:
        """Read a saved game or a journal; see ``parse``."""
        return cls.parse(read_bounded(Path(path), saved.MAX_BYTES), str(path))

    def save(self, path: str | Path, replace: bool = False) -> None:
        """Write the record, entirely or not at all.

        Args:
            path: The file. An earlier state of the same game is replaced.
            replace: Also replace another game or any other file. A damaged saved game is never replaced.

        Raises:
            RecordError: The file may not be replaced or cannot be written; it is untouched.
        """
        target, data = Path(path), self.text().encode()
        self.check_may_replace(target, replace)
        write_atomic(target, data)

    def check_may_replace(self, path: Path, replace: bool = False) -> None:
        """Refuse to write over a damaged saved game and, unless ``replace``, over anything but this game's past.

        Raises:
            RecordError: The file at ``path`` must stay as it is.
        """
        if not is_there(path):
            return
        data = read_bounded(path, saved.MAX_BYTES)
        hint = "save under another name"
        try:
            there = Record.parse(data, str(path))
        except RecordError as error:
            if migrations.NAME.encode() in data[:2000]:
                raise RecordError(f"{error.message}; a damaged saved game is never overwritten", hint) from None
            if replace:
                return
            raise RecordError(f"{path} is there already and is not a saved game", hint) from None
        if there.damaged:
            raise RecordError(f"{path}, {there.faults[0]}; a damaged saved game is never overwritten", hint)
        if not replace and not self.grew_from(there):
            raise RecordError(f"{path} is there already and holds another game, or moves that this one lacks", hint)

    def grew_from(self, other: Record) -> bool:
        """Return whether this is the same game as ``other`` and has all that was played there; never for views."""
        if self.kind == "view" or _identity(self) != _identity(other) or not other.nodes.keys() <= self.nodes.keys():
            return False
        pairs = ((self.nodes[identity], theirs) for identity, theirs in other.nodes.items())
        return all(mine.parent == theirs.parent and mine.same_act(theirs) for mine, theirs in pairs)


def _identity(record: Record) -> tuple[Any, ...]:
    setup, rules = record.header["setup"], record.header["rules"]
    return (
        record.kind, rules.get("name"), rules.get("sha256"), rules.get("version"),
        setup["scenario"], setup.get("seed"), setup.get("overrides") or {},
    )  # fmt: skip
