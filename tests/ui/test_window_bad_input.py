"""Hammering, odd names, odd sizes, damaged files, failing bots: the game goes on and the screen says what happened."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event

import pygame
import pytest

from game import Game, Move
from game.records import lessons
from game.records.verify import verify
from game.table import saved_games
from game.table.bots import SeatBot, answered
from game.table.coach import script_for
from game.table.sitting import Chair, Setup, Sitting
from game.ui.lessons.shelf import ShelfScreen
from game.ui.replay.replay_model import Replay
from game.ui.screens.load import LoadScreen
from game.ui.screens.opening import show
from game.ui.toolkit.text import characters, tidy
from game.ui.toolkit.widgets import Entry
from rules import load_rulebook
from rules.model.rulebook import Rulebook
from tests.ui.hands import Hands
from tests.ui.stage.checks import faults, raw
from tests.ui.stage.stage import at_the_table, sitting

Open = Callable[..., Hands]

NAMES = "TAB RETURN SPACE ESCAPE LEFT RIGHT UP DOWN HOME END BACKSPACE DELETE PAGEUP PAGEDOWN F1 F5 F9 F10"
LETTERS = "z l f a 1 2 5 9 0"
KEYS = [getattr(pygame, f"K_{name}") for name in f"{NAMES} {LETTERS}".split()]


def anything(hands: Hands, rng: random.Random) -> None:
    """Clicks, turns the wheel, types and presses keys: up to three things, mostly where there is something."""
    app = hands.app
    for _ in range(rng.randrange(4)):
        wide, high = app.canvas.get_size()
        controls = [c for c in app.controls if c.shown and c.id not in ("start.quit",)]
        place = (
            rng.choice(controls).rect.center
            if controls and rng.random() < 0.7
            else (rng.randrange(wide), rng.randrange(high))
        )
        kind = rng.randrange(6)
        if kind < 3:
            for event in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
                pygame.event.post(pygame.event.Event(event, pos=place, button=rng.choice((1, 1, 1, 3))))
        elif kind == 3:
            pygame.event.post(pygame.event.Event(pygame.MOUSEMOTION, pos=place, rel=(1, 1), buttons=(0, 0, 0)))
            pygame.event.post(pygame.event.Event(pygame.MOUSEWHEEL, y=rng.randint(-3, 3), x=0, flipped=False))
        elif kind == 4:
            pygame.event.post(pygame.event.Event(pygame.TEXTINPUT, text=rng.choice("aé北🎲\u202e\n 7")))
        else:
            mod = rng.choice((0, 0, 0, pygame.KMOD_CTRL, pygame.KMOD_SHIFT))
            for event in (pygame.KEYDOWN, pygame.KEYUP):
                pygame.event.post(pygame.event.Event(event, key=rng.choice(KEYS), mod=mod))
    hands.frame(0.05)
    app.running = True


@pytest.mark.parametrize("seed", [1, 2])
def test_a_thousand_frames_of_random_clicks_and_keys_do_no_harm(open_window: Open, book: Rulebook, seed: int) -> None:
    hands, rng = open_window(size=(1024, 640) if seed == 2 else (1280, 800)), random.Random(seed)
    at_the_table(hands.app, sitting(book, "rivals_2025", (0, 2), 0, seed))
    for n in range(1000):
        anything(hands, rng)
        if n % 100 == 0:
            assert [fault for fault in faults(hands.app) if "no glyph" not in fault] == []


@pytest.mark.parametrize("where", ["first_game", "replay", "debrief", "lesson"])
def test_random_clicks_and_keys_do_no_harm_elsewhere(
    open_window: Open, book: Rulebook, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # what is saved under a typed name
    hands, rng = open_window(), random.Random(3)
    if where == "first_game":
        show(hands.app, Sitting.begin(script_for(book).setup(book, {}), None))
    elif where == "lesson":
        hands.app.go("lesson", lessons.load(lessons.names()[0]))
    else:
        hands.app.go(where, Replay(sitting(book, "duel_2025", (0, 1), 99).record, None))
    for n in range(100):
        anything(hands, rng)
        if n % 20 == 0:
            assert [fault for fault in faults(hands.app) if "no glyph" not in fault] == []


def test_a_files_name_is_no_raw_id_wherever_its_line_ends(open_window: Open) -> None:
    app = open_window().app
    seen = app.page.texts[0]
    for first, second in (("/home/me/games/first_game", "7.yaml."), (r"in C:\Users\me\first_game", "7.yaml.")):
        app.page.texts[:] = [replace(seen, text=f"Saved after every move {first}"), replace(seen, text=second)]
        assert raw(app) == []
    app.page.texts[:] = [replace(seen, text="Saved after every move in first_game")]
    assert raw(app) == ["raw id 'first_game'"]


def test_a_record_of_the_hammered_game_replays(open_window: Open, book: Rulebook, tmp_path: Path) -> None:
    hands = open_window()
    table = sitting(book, "duel_2025", (0,), 0, 5, path=tmp_path / "games" / "hammered.yaml")
    at_the_table(hands.app, table)
    rng = random.Random(3)
    for _ in range(150):
        controls = [
            c
            for c in hands.app.controls
            if c.shown and c.id.startswith(("move.", "pick.", "map.", "confirm", "end", "sheet", "undo", "interlude"))
        ]
        if controls:
            hands.click_at(rng.choice(controls).rect.center)
        hands.frame(0.7)
    again = Sitting.resume(saved_games.Record.load(tmp_path / "games" / "hammered.yaml"), None)
    assert again.game.state_hash == table.game.state_hash
    assert len(again.game.acts) == len(table.game.acts)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_hammered_facilitators_screen_leaves_a_file_that_replays(
    open_window: Open, book: Rulebook, tmp_path: Path, seed: int
) -> None:
    hands = open_window()
    app, rng = hands.app, random.Random(seed)
    path = tmp_path / "games" / "hammered.yaml"
    table = sitting(book, "duel_2025", (0, 1), 1, seed, path=path)
    at_the_table(app, table)
    done: set[str] = set()
    for _ in range(200):
        if app.top.name in ("play", "handover", "projector") and rng.random() < 0.5:
            hands.press(pygame.K_F10)
        controls = [c for c in app.controls if c.shown and c.id not in ("sheet.leave", "handover.leave", "menu")]
        wanted = [c for c in controls if c.enabled and c.id.endswith((".now", ".plan", ".do", ".bookmark", ".rewind"))]
        if controls:
            control = rng.choice(wanted if wanted and rng.random() < 0.3 else controls)
            done.add(control.id.split(".")[0])
            hands.click_at(control.rect.center)
        if rng.random() < 0.5:
            hands.type(rng.choice(["7", "-3", "12", "a reason", "15:30", "北"]))
        hands.frame(rng.choice((0.0, 0.8, 30.0)))
    assert len({"news", "control", "adjust", "notes", "room", "seats", "rewind"} & done) >= 5, done
    report = verify(path)
    assert report.ok, str(report)
    again = Sitting.resume(saved_games.Record.load(path), None)
    assert again.game.state_hash == table.game.state_hash
    assert again.facilitation.planned() == table.facilitation.planned()
    assert {seat: chair.player for seat, chair in again.chairs.items()} == {
        seat: chair.player for seat, chair in table.chairs.items()
    }


@pytest.mark.parametrize(
    "name", ["", "   ", "x" * 500, "北京团队", "فريق", "a\nb\tc\x00d\u202ee", "🎲🎲", "Ωμέγα" * 30]
)
def test_any_team_name_is_taken_and_drawn_without_harm(open_window: Open, name: str) -> None:
    hands = open_window()
    hands.click("start.new")
    field = next(c.id for c in hands.frame() if c.id.startswith("setup.team."))
    hands.click(field)
    pygame.event.post(pygame.event.Event(pygame.TEXTINPUT, text=name))
    hands.frame()
    kept = [c for c in faults(hands.app) if "no glyph" not in c]
    assert kept == []
    hands.click("setup.start")
    hands.settle()
    hands.until_somebody_moves()
    team = next(iter(hands.play.sitting.chairs.values())).team
    assert team == tidy("".join(" " if c.isspace() else c for c in name if c.isprintable() or c.isspace()), 40)
    assert [f for f in faults(hands.app) if "no glyph" not in f] == []


def test_a_character_that_no_font_has_is_told_at_the_field(open_window: Open) -> None:
    hands = open_window()
    if not hands.app.fonts.lacks("北"):
        pytest.skip("this computer has a font for it")
    hands.click("start.new")
    field = next(c.id for c in hands.frame() if c.id.startswith("setup.team."))
    hands.click(field)
    hands.type("北京")
    assert "北" in hands.control(field).tip


@pytest.mark.parametrize("size", [(320, 240), (800, 600), (1024, 640), (1023, 2000), (2560, 600)])
def test_a_window_of_any_size_works_with_the_mouse(open_window: Open, book: Rulebook, size: tuple[int, int]) -> None:
    hands = open_window(size=size)
    app = hands.app
    assert app.canvas.get_width() >= 1024 and app.canvas.get_height() >= 640
    assert faults(app) == []
    button = hands.control("start.settings").rect
    x, y = button.center
    place = (x * size[0] // app.canvas.get_width(), y * size[1] // app.canvas.get_height())
    hands.click_at(place)
    assert app.top.name == "settings"
    assert faults(app) == []


def test_resizing_lays_out_again(open_window: Open, book: Rulebook) -> None:
    hands = open_window()
    at_the_table(hands.app, sitting(book, "rivals_2025", (0,), 1))
    before = hands.control("confirm").rect
    pygame.event.post(pygame.event.Event(pygame.VIDEORESIZE, size=(1600, 1000), w=1600, h=1000))
    after = hands.control("confirm").rect
    assert hands.app.canvas.get_size() == (1600, 1000)
    assert after.width > before.width and faults(hands.app) == []


def test_files_that_cannot_be_played_say_so_and_nothing_is_lost(
    open_window: Open, tmp_path: Path, book: Rulebook
) -> None:
    good = tmp_path / "good.yaml"
    sitting(book, "rivals_2025", (0,), 1, path=good).close()
    text = good.read_text(encoding="utf-8")
    bad = {
        "empty": b"", "binary": bytes(range(256)) * 10, "other": b"format: {name: chess}\n",
        "newer": text.replace("reader: 1", "reader: 99", 1).encode(), "cut": text[: len(text) // 3].encode(),
    }  # fmt: skip
    hands = open_window(folder=tmp_path / "home")
    for name, data in bad.items():
        path = tmp_path / f"{name}.yaml"
        path.write_bytes(data)
        hands.click("start.load")
        hands.click("load.file")
        hands.type(str(path))
        hands.press(pygame.K_RETURN)
        hands.settle()
        assert hands.app.top.name == "sheet", name
        assert len(hands.app.top.pieces[0].text) > 10  # type: ignore[attr-defined]
        assert path.read_bytes() == data
        hands.press(pygame.K_ESCAPE)
        hands.press(pygame.K_ESCAPE)
    hands.click("start.load")
    hands.click("load.file")
    hands.type(str(tmp_path / "not there.yaml"))
    hands.click("load.open")
    hands.settle()
    assert hands.app.top.name == "sheet"


def test_files_that_are_still_being_read_are_listed_by_a_name_in_words(
    open_window: Open, tmp_path: Path, book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting(book, "rivals_2025", (0,), 0, path=tmp_path / "games" / "2026-11-30 20.15.00 rivals_2025 7.yaml").close()
    read, real = Event(), saved_games.describe
    monkeypatch.setattr(saved_games, "describe", lambda path: real(path) if read.wait(20) else None)
    hands = open_window(folder=tmp_path)
    for shelf in (LoadScreen(hands.app), ShelfScreen(hands.app)):
        hands.app.push(shelf)
        hands.frame()
        assert any(t.text.startswith("2026-11-30 20.15.00 rivals 2025") for t in hands.app.page.texts)
        assert faults(hands.app) == []
    read.set()
    hands.settle()


def test_a_torn_or_damaged_line_recovers_what_is_whole_and_says_what_is_lost(
    open_window: Open, tmp_path: Path, book: Rulebook
) -> None:
    path = tmp_path / "damaged.yaml"
    table = sitting(book, "rivals_2025", (0, 1), 1, path=path)
    table.close()
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    moves = [n for n, line in enumerate(lines) if line.lstrip().startswith("- {")]
    lines[moves[-2]] = "- {id: 7, seat: was\n"
    path.write_text("".join(lines), encoding="utf-8")
    data = path.read_bytes()
    hands = open_window(folder=tmp_path / "home")
    pygame.event.post(pygame.event.Event(pygame.DROPFILE, file=str(path)))
    hands.frame()
    hands.settle()
    assert "damaged" in hands.app.notice and "could not be read" in hands.app.notice
    assert path.read_bytes() == data
    assert 0 < len(hands.play.sitting.game.acts) < len(table.game.acts)
    assert hands.play.sitting.journal is not None and hands.play.sitting.journal.path != path


class Failing(SeatBot):
    def __init__(self, how: str) -> None:
        self.name, self.seat, self.how = "somebody's bot", "washington", how

    def choose(self, game: Game) -> Move:
        if self.how == "raises":
            raise ZeroDivisionError("oh")
        return Move("no_such_move") if self.how == "illegal" else None  # type: ignore[return-value]


@pytest.mark.parametrize("how", ["raises", "illegal", "nothing"])
def test_a_bot_that_fails_is_told_and_the_game_goes_on(book: Rulebook, how: str) -> None:
    game = Game(book, "rivals_2025", 3)
    answer = answered(Failing(how), game, game.state_hash)
    assert "somebody's bot" in answer.trouble and game.check(answer.move)


def test_a_player_of_an_unknown_name_is_replaced_and_told(book: Rulebook) -> None:
    chairs = {seat.name: Chair("no_such_doctrine") for seat in book.scenarios["duel_2025"].seats}
    table = Sitting.begin(Setup(book, "duel_2025", 1, chairs), None)
    assert table.game.check(table.bot(str(table.seat)).choose(table.game))
    assert "no_such_doctrine" in table.trouble


def test_a_full_disk_is_told_and_the_game_goes_on(open_window: Open, book: Rulebook, tmp_path: Path) -> None:
    table = sitting(book, "rivals_2025", (0,), 0, path=tmp_path / "a.yaml")
    hands = open_window()
    at_the_table(hands.app, table)
    assert table.journal is not None
    (tmp_path / "a.yaml").write_text("somebody else's", encoding="utf-8")
    before = table.game.state_hash
    option = next(option for option in hands.play.table.choosing.options if option.open)  # type: ignore[union-attr]
    table.play(option.legal[0])
    assert table.game.state_hash != before and "not saved" in table.trouble


def test_typing_keeps_to_the_limit_and_to_what_belongs() -> None:
    entry = Entry(limit=5, digits=True)
    entry.type("12ab३45678")
    assert entry.text == "12456"
    assert tidy("  a\u0000 b\n c  ", 10) == "a b c"


def test_the_table_of_a_font_that_is_none_is_empty() -> None:
    assert characters(b"") == frozenset() == characters(b"\x00\x01" * 400)


@pytest.mark.parametrize("name", ["kuhn_poker", "nim", "pig", "repeated_pd"])
def test_a_rulebook_without_a_map_is_played_to_its_end(open_window: Open, name: str) -> None:
    rules = load_rulebook(f"tests/oracles/{name}.yaml")
    hands = open_window(rules=rules)
    hands.click("start.new")
    hands.click("setup.preset.one")
    hands.click("setup.start")
    hands.settle()
    for _ in range(200):
        if hands.until_somebody_moves() == "ending":
            break
        assert faults(hands.app) == []
        choosing = hands.play.table.choosing
        assert choosing is not None
        option = next((option for option in choosing.options if option.open), None)
        if option is None:
            hands.click("end")
            if hands.app.top.name == "sheet":
                hands.press(pygame.K_SPACE)
            continue
        hands.play.table.pick(option)
        while hands.play.table.choosing is not None and hands.play.table.choosing.choice is not None:
            hands.click(next(f"pick.{pick.value}" for pick in hands.play.table.choosing.picks if pick.open))
        hands.press(pygame.K_RETURN)
    assert hands.app.top.name == "ending" and faults(hands.app) == []
