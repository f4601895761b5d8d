"""Sound cues: short, quiet, off until asked for, and no error where there is no sound."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pygame
import pytest

from game.ui.toolkit.sound import CUES, LONGEST, PEAK, RATE, Sounds, wave
from rules.model.rulebook import Rulebook
from tests.ui.hands import Hands
from tests.ui.stage.stage import at_the_table, sitting


@pytest.mark.parametrize("cue", CUES)
def test_a_cue_is_short_and_quiet_and_ends_in_silence(cue: str) -> None:
    samples = wave(cue)
    assert 0 < samples.size < LONGEST * RATE
    assert np.abs(samples).max() <= PEAK + 1e-9 and abs(samples[-1]) < 1e-3


def test_nothing_is_played_until_it_is_asked_for(
    open_window: Callable[..., Hands], book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    played: list[str] = []
    monkeypatch.setattr(Sounds, "play", lambda _, cue: played.append(cue))
    hands = open_window()
    play = at_the_table(hands.app, sitting(book, "first_game", (0,), 0))
    option = next(option for option in play.table.choosing.options if option.open)
    play.table.pick(option)
    assert played == []
    hands.app.settings.sound = True
    play.table.pick(option)
    assert played == ["picked"]


def test_a_computer_without_sound_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise pygame.error("no such audio device")

    monkeypatch.setattr(pygame.mixer, "get_init", lambda: None)
    monkeypatch.setattr(pygame.mixer, "init", none)
    sounds = Sounds()
    for cue in CUES:
        sounds.play(cue)
    sounds.close()
