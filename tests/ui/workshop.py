"""A workshop by posted events: two people and two bots, a facilitator with every tool, up to where the laptop dies.

``python -m tests.ui.workshop HOME`` plays the first part in a process of its own and waits to be killed.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from game.records.replay import game_of

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")

import pygame

from game import Game, Record
from game.records.verify import verify
from game.table import saved_games
from game.table.library import Library
from game.ui.run import open_window
from rules import load_rulebook
from tests.ui.hands import Clock, Hands

SCENARIO, SEED = "rivals_2025", "4711"
PEOPLE = {"washington": "Team Potomac", "valley": "Équipe Größenwahn"}
PIN, SEAT_PIN = "2468", "11"
OBJECTIVES = "Find out what a gift costs its giver"
OWN, OWN_TEXT = "A strike shuts the ports", "Nothing is unloaded for weeks."
REASON = "The summit of last week, agreed at the table"


@dataclass
class Workshop:
    """The window, and the hash of the game after everything that was done to it."""

    hands: Hands
    home: Path
    hashes: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    @property
    def game(self) -> Game:
        """The game on the table."""
        return self.hands.play.sitting.game

    @property
    def path(self) -> Path:
        """The autosave."""
        (path,) = saved_games.autosaves(self.home)
        return path

    def step(self, what: str, *, changes: bool | None = True) -> None:
        """Something has been done: the file must replay to the very state that the window is in.

        ``changes``: whether the game must have changed, ``None`` when bots may have played meanwhile.
        """
        state = self.game.state_hash
        if changes is None:
            pass
        elif changes:
            assert state not in self.hashes[-1:], f"{what} has changed nothing"
        else:
            assert state == self.hashes[-1], f"{what} has changed the game"
        record = Record.load(self.path)
        assert not record.faults, what
        assert game_of(record).state_hash == state, what
        self.hashes.append(state)
        self.done.append(what)

    # ------------------------------------------------------------------------------------- the table

    def set_up(self) -> None:
        """From the start screen to the first handover."""
        hands = self.hands
        hands.click("start.new")
        hands.click(f"setup.scenario.{SCENARIO}")
        hands.click("setup.seed")
        for _ in range(10):
            hands.press(pygame.K_BACKSPACE)
        hands.type(SEED)
        hands.click("setup.preset.none")
        for seat, team in PEOPLE.items():
            hands.click(f"setup.player.{seat}")
            hands.click("picker.0")
            hands.click(f"setup.team.{seat}")
            hands.type(team)
        hands.click("setup.pin.washington")
        hands.type(SEAT_PIN)
        hands.click("setup.timer")
        hands.press(pygame.K_RIGHT)
        hands.click("setup.pin")
        hands.type(PIN)
        hands.click("setup.objectives")
        hands.type(OBJECTIVES)
        hands.click("setup.start")
        hands.settle()

    def sit_down(self) -> str:
        """Lets bots play and takes the handover with its PIN; gives the seat, or ``ending``."""
        self.hands.pin = SEAT_PIN
        return self.hands.until_somebody_moves()

    def play_one(self, nth: int = 0) -> None:
        """Plays one move of whoever sits there."""
        hands = self.hands
        choosing = hands.play.table.choosing
        assert choosing is not None
        open_ = [option for option in choosing.options if option.open]
        option = open_[nth % len(open_)]
        hands.click(f"family.{option.family}")
        hands.click(f"move.{option.name}")
        while hands.play.table.choosing is not None and hands.play.table.choosing.choice is not None:
            hands.click(next(f"pick.{pick.value}" for pick in hands.play.table.choosing.picks if pick.open))
        hands.press(pygame.K_RETURN)
        self.step(f"{choosing.seat} played {option.name}")

    def play_to_round(self, round_: int) -> None:
        """Everybody plays until a round begins, and whoever is first to move in it sits down."""
        for nth in range(100):
            if self.sit_down() == "ending" or self.game.round >= round_:
                return
            self.play_one(nth)

    # ------------------------------------------------------------------------------- the facilitator

    def facilitator(self) -> None:
        """F10 and the PIN."""
        self.hands.press(pygame.K_F10)
        assert self.hands.app.top.name == "pin"
        self.hands.give_pin(PIN)
        assert self.hands.app.top.name == "facilitator"

    def back(self) -> None:
        """To the table."""
        self.hands.press(pygame.K_ESCAPE)

    def tab(self, n: int) -> None:
        """Another tab of the facilitator's screen."""
        self.hands.click(f"facilitator.tab.{n}")

    def inject(self, card: str) -> None:
        """A card of the deck."""
        self.tab(0)
        self.hands.click(f"news.card.{card}")
        self.hands.click("news.now")
        self.step(f"injected {card}")

    def own_news(self, track: str, by: str, *, later: bool) -> None:
        """News with one effect, now or in the next round."""
        hands = self.hands
        self.tab(0)
        hands.click("news.own")
        hands.click("news.title")
        hands.type(OWN)
        hands.click("news.text")
        hands.type(OWN_TEXT)
        hands.click("news.add")
        hands.pick(track)
        hands.click("news.by.0")
        hands.type(by)
        hands.click("news.plan" if later else "news.now")
        self.step("planned news" if later else "brought news", changes=not later)

    def adjust(self, track: str, to: str) -> None:
        """A track of the world, with a reason."""
        hands = self.hands
        self.tab(2)
        hands.click("adjust.track")
        hands.pick(track)
        hands.click("adjust.to")
        for _ in range(5):
            hands.press(pygame.K_BACKSPACE)
        hands.type(to)
        assert not hands.control("adjust.do").enabled, "no reason has been given"
        hands.click("adjust.reason")
        hands.type(REASON)
        hands.click("adjust.do")
        self.step("adjusted a track")

    def note(self, text: str, *, bookmark: bool = False) -> None:
        """A note or a bookmark."""
        self.tab(3)
        self.hands.click("notes.text")
        self.hands.type(text)
        self.hands.click("notes.bookmark" if bookmark else "notes.note")
        self.step("noted something", changes=False)

    def rewind(self, to: int, luck: str) -> None:
        """To a node of the line being played."""
        self.tab(1)
        self.hands.click("control.rewind")
        self.hands.click(f"rewind.to.{to}")
        self.hands.click(f"sheet.{luck}")
        assert self.hands.app.top.name == "facilitator"


def first_part(workshop: Workshop) -> None:
    """Set-up, three rounds with everything that a facilitator does, and the fourth begun."""
    hands = workshop.hands
    workshop.set_up()
    assert workshop.sit_down() == "washington"
    workshop.hashes.append(workshop.game.state_hash)
    workshop.play_one(1)

    workshop.facilitator()
    card = next(c.id for c in hands.frame() if c.id.startswith("news.card.") and "not come" in c.label)
    workshop.inject(card.removeprefix("news.card."))
    workshop.adjust("Tension", "47")
    workshop.own_news("Tension", "5", later=True)
    workshop.note("They never looked at prices")
    workshop.back()
    if hands.app.top.name == "sheet":  # what has come is told to whoever sits there
        hands.press(pygame.K_RETURN)

    workshop.play_to_round(2)
    hands.press(pygame.K_F9)
    assert hands.app.top.name == "projector" and hands.play.table.viewer is None
    hands.press(pygame.K_F9)
    assert hands.app.top.name == "handover"
    workshop.play_to_round(3)
    for nth in range(2):
        workshop.play_one(nth)
        workshop.sit_down()

    workshop.facilitator()
    line = hands.play.sitting.record.main_line()
    goal = line[-4].parent
    workshop.rewind(goal, "new")
    workshop.step("rewound with new luck")
    workshop.note("Discuss the slip", bookmark=True)
    workshop.tab(4)
    hands.click("room.clock")
    hands.type("15:30")
    hands.press(pygame.K_RETURN)
    workshop.step("said when the debrief starts", changes=False)
    workshop.back()
    workshop.play_to_round(4)
    workshop.step("the fourth round", changes=None)


def opened(home: Path) -> Workshop:
    """A window on a folder of its own."""
    clock = Clock()
    app = open_window(home, size=(1280, 800), clock=clock, library=Library(load_rulebook("standard")))
    app.settings.pace = "fast"
    hands = Hands(app, clock)
    hands.frame()
    return Workshop(hands, home)


def main() -> None:
    """Plays the first part, says so, and waits."""
    workshop = opened(Path(sys.argv[1]))
    first_part(workshop)
    assert verify(workshop.path).ok
    print("\n".join(workshop.hashes), flush=True)
    print("ready", flush=True)
    time.sleep(600)


if __name__ == "__main__":
    main()
