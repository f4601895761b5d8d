"""Whatever the rules, a record or a team's name say is shown on every page, and never becomes part of the page."""

from __future__ import annotations

import functools
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import jinja2
import pytest

from game import Game, Record
from game.paper import briefs, debrief_page
from game.prose.visible import STEERING
from game.rulebook import book as printed
from game.templates import render
from rules import load_rulebook, rulebook_from
from rules.model.rulebook import Rulebook
from tests.paper.test_page_and_table import Checker

HOSTILE = "</title></style><evil a=\"b\" c='d'>&lt; --> \x1b]0;owned\x07\x9b2J\u202e "
TEXTS = {
    "title", "about", "text", "summary", "purpose", "why", "source", "counter", "disputed", "note", "contrary", "wants",
    "tools", "meaning", "unit",
}  # fmt: skip
"""Keys of rule files under which a person reads what stands there."""


def _spoilt(value: Any, *path: str) -> Any:
    if isinstance(value, dict):
        return {key: _spoilt(inner, *path, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_spoilt(inner, *path) for inner in value]
    read = path[-1] in TEXTS or path[0] == "families" or path[-2:-1] == ("elements",)
    return HOSTILE + value if isinstance(value, str) and read else value


@functools.cache
def hostile() -> Rulebook:
    return rulebook_from(_spoilt(dict(load_rulebook("standard").source)))


def _record() -> Record:
    game = Game(hostile(), "duel_2025", 4)
    while not game.over:
        game.play(game.choose("random"))
    record = Record.of(game, {seat: {"team": f"{HOSTILE}{seat}", "player": "human"} for seat in game.seats})
    record.header["title"] = f"{HOSTILE}game"
    record.header["takeaways"] = [{"text": f"{HOSTILE}lesson", "owner": f"{HOSTILE}owner"}]
    record.remark(record.main_line()[0].id, note=f"{HOSTILE}note", mark="!?")
    return record


def _brief() -> str:
    return "".join(briefs.briefs(Game(hostile(), "summit_2025", 1), {"washington": f"{HOSTILE}team"}).values())


PAGES: dict[str, Callable[[], str]] = {
    "rulebook": lambda: printed.html(hostile()),
    "briefs": _brief,
    "debrief": lambda: debrief_page.html(_record()),
}


class Tags(HTMLParser):
    """All names of elements, and all that is text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        assert not {name for name, _ in attrs} & {"a", "c"}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("page", list(PAGES))
def test_text_is_shown_and_never_part_of_the_page(page: str) -> None:
    made = PAGES[page]()
    found = Tags(made)
    assert "evil" not in found.names
    assert found.text.count(HOSTILE.split("&")[0]) > 20, "the text itself is to be read"
    assert STEERING.findall(made) == []
    assert "\\u202e" in found.text
    checker = Checker()
    checker.feed(made)
    assert checker.open == [] and checker.loads == []


def test_a_value_that_a_template_names_and_nobody_gives_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        render("briefs/page.html", title="a brief of nobody")
