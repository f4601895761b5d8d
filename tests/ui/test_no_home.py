"""A user without a home folder: the window opens, games are kept for a while, and the window says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from game.table import saved_games, settings
from game.table.library import Library
from game.ui import run
from rules.model.rulebook import Rulebook
from tests.ui.hands import Clock
from tests.ui.stage.stage import sitting


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """As ``Path.home`` does where HOME is not set and the system does not know the user."""

    def none(*_: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("HOME", "XDG_DATA_HOME", "CHOKEPOINT_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", classmethod(none))
    monkeypatch.setattr(Path, "expanduser", none)


@pytest.mark.usefixtures("nobody")
def test_the_window_opens_and_says_where_nothing_lasts(book: Rulebook) -> None:
    app = run.open_window(None, size=(1280, 800), clock=Clock(), library=Library(book))
    try:
        assert app.notice.startswith("There is no home folder: settings and autosaved games lie in ")
        assert str(app.folder) in app.notice and "CHOKEPOINT_HOME" in app.notice
        assert app.settings.write() == ""
        table = sitting(book, "duel_2025", (0,), 1)
        path = saved_games.new_path(app.folder, "duel_2025", 1)
        table.save_to(path)
        assert table.trouble == "" and path.is_file()
        table.close()
    finally:
        app.close()


@pytest.mark.usefixtures("nobody")
def test_a_path_that_begins_with_a_home_that_is_none_is_a_path() -> None:
    assert settings.typed_path("~/game.yaml") == Path("~/game.yaml")


def test_a_path_in_the_home_of_a_user_who_is_none_is_a_path() -> None:
    assert settings.typed_path("~no such user/game.yaml") == Path("~no such user/game.yaml")


def test_a_path_in_ones_own_home_is_found() -> None:
    assert settings.typed_path("~/game.yaml") == Path.home() / "game.yaml"
