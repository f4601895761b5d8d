"""Players in Python files of one's own: found by reading the file, played in a process of their own, never run here."""

from __future__ import annotations

import ast
import hashlib
import io
import os
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path

from ai_players.external.process import BotPlayer
from game.errors import UsageError

MAX_BYTES = 1 << 20
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")


@dataclass(frozen=True)
class Bot:
    """A player written in Python; calling it makes one for a game.

    Attributes:
        name: what results call it.
        file: name of its file, for messages.
        player: name of its class.
        source: the whole text of its file.
        seats: the seats that it plays; every one when empty.
        encoding: how the file holds the text, as Python finds it: by a byte order mark or a coding line, else UTF-8.
    """

    name: str
    file: str
    player: str
    source: str
    seats: tuple[str, ...] = ()
    encoding: str = "utf-8"

    @property
    def data(self) -> bytes:
        """The file, to be kept and read again."""
        return self.source.encode(self.encoding)

    @property
    def sha256(self) -> str:
        """Hash of what it does."""
        return hashlib.sha256(f"{self.player}\n{self.source}".encode()).hexdigest()

    def __call__(self) -> BotPlayer:
        """A player for one game, in a process of its own; its faults are raised as ``BotFault``."""
        return BotPlayer(self.source, self.file, self.player)


def read_bots(path: str | Path) -> tuple[Bot, ...]:
    """The players of a file: its classes with a method ``choose``, in the file's order. Nothing of it is run.

    A player is called by its class, or by ``name = "…"`` in it; ``seats = ["china"]`` says which seats it plays.

    Raises:
        UsageError: the file cannot be read, has a syntax error or no player, or two players of one name.
    """
    path = Path(path)
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            raise UsageError(f"{path} is larger than {MAX_BYTES:,} bytes", "a file of players is one short module")
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        source = raw.decode(encoding)
        module = ast.parse(source)
    except OSError as error:
        raise UsageError(f"cannot read the players in {path}: {error.strerror}", "give the path of a file") from error
    except SyntaxError as error:
        where = f"{path}:{error.lineno}" if error.lineno else f"{path}"  # what is wrong with a coding line has no line
        raise UsageError(f"{where}: {error.msg}", "the players in it cannot be read") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is no Python file: {error}") from error
    file = path.name if is_text(path.name) else os.fsencode(path.name).decode("latin-1")
    classes = {node.name: node for node in module.body if isinstance(node, ast.ClassDef)}
    found: dict[str, Bot] = {}
    for node in classes.values():
        if node.name.startswith("_") or not _chooses(node, classes, 0):
            continue
        name, seats = _text(node, "name") or node.name, _texts(node, "seats")
        if not NAME.fullmatch(name):
            raise UsageError(f"{path}:{node.lineno}: '{name}' is no name for a player", "use letters, digits, '_', '-'")
        if name in found:
            raise UsageError(f"{path}:{node.lineno}: a second player called '{name}'", "give it another name")
        found[name] = Bot(name, file, node.name, source, seats, encoding)
    if not found:
        raise UsageError(
            f"{path} has no player", "write a class with a method 'choose(self, view, legal, rng)' at its top level"
        )
    return tuple(found.values())


def is_text(path: str) -> bool:
    """Return whether a path is text: files of old systems may be called what is no UTF-8."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _chooses(node: ast.ClassDef, classes: dict[str, ast.ClassDef], depth: int) -> bool:
    """Whether a class, or one of the file's classes that it is built on, has a method ``choose``."""
    if any(isinstance(part, ast.FunctionDef) and part.name == "choose" for part in node.body):
        return True
    bases = [base.id for base in node.bases if isinstance(base, ast.Name) and base.id in classes]
    return depth < 10 and any(_chooses(classes[base], classes, depth + 1) for base in bases)


def _given(node: ast.ClassDef, attribute: str) -> ast.expr | None:
    for part in node.body:
        if isinstance(part, ast.Assign) and any(isinstance(t, ast.Name) and t.id == attribute for t in part.targets):
            return part.value
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name) and part.target.id == attribute:
            return part.value
    return None


def _text(node: ast.ClassDef, attribute: str) -> str:
    value = _given(node, attribute)
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def _texts(node: ast.ClassDef, attribute: str) -> tuple[str, ...]:
    value = _given(node, attribute)
    items = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
    return tuple(item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str))
