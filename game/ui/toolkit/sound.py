"""Sound cues: short, quiet, off until asked for. Each says again what can be seen; without a device there are none."""

from __future__ import annotations

import contextlib
from functools import cache

import numpy as np
import numpy.typing as npt
import pygame

RATE = 44100
"""Samples a second."""
PEAK = 10 ** (-18 / 20)
"""The loudest that a cue gets: 18 dB below full."""
LONGEST = 0.6
"""Seconds of the longest cue."""

Wave = npt.NDArray[np.float64]


def _time(seconds: float) -> Wave:
    return np.arange(round(seconds * RATE)) / RATE


def _tone(pitch: float, seconds: float, decay: float, overtone: float = 0.3) -> Wave:
    """A struck tone: a sine and its octave that die away."""
    t = _time(seconds)
    found: Wave = (np.sin(2 * np.pi * pitch * t) + overtone * np.sin(4 * np.pi * pitch * t)) * np.exp(-t / decay)
    return found


def _rustle(seconds: float, smooth: int) -> Wave:
    """Paper: noise, smoothed over some samples, that swells and dies away."""
    t = _time(seconds)
    noise = np.random.default_rng(7).normal(size=t.size + smooth)
    dull = np.convolve(noise, np.ones(smooth) / smooth, mode="valid")[: t.size]
    found: Wave = dull * np.sin(np.pi * t / seconds) ** 2
    return found


def _row(pitches: tuple[float, ...], each: float, decay: float) -> Wave:
    return np.concatenate([_tone(pitch, each, decay) for pitch in pitches])


def _together(pitches: tuple[float, ...], seconds: float, decay: float) -> Wave:
    found: Wave = np.sum([_tone(pitch, seconds, decay) for pitch in pitches], axis=0)
    return found


_MADE = {
    "picked": lambda: _rustle(0.09, 4),
    "played": lambda: _tone(190, 0.16, 0.03) + 0.6 * _tone(430, 0.16, 0.02),
    "why_not": lambda: _tone(120, 0.16, 0.035),
    "offer": lambda: _row((659, 880), 0.16, 0.09),
    "your_turn": lambda: _row((523, 659, 784), 0.16, 0.09),
    "one_minute": lambda: _tone(1047, 0.58, 0.16, 0.5),
    "step": lambda: _tone(1900, 0.03, 0.006),
    "round_over": lambda: _rustle(0.34, 9),
    "game_over": lambda: _together((262, 330, 392, 523), 0.58, 0.2),
}
CUES = tuple(_MADE)


@cache
def wave(cue: str) -> Wave:
    """Return a cue's samples, −1 to 1, beginning and ending in silence."""
    found: Wave = _MADE[cue]()
    edge = min(200, found.size // 4)
    found[-edge:] *= np.linspace(1, 0, edge)
    found *= PEAK / np.abs(found).max()
    return found


class Sounds:
    """Plays cues. The device is opened with the first one; where there is none, nothing is ever played."""

    def __init__(self) -> None:
        self._cues: dict[str, pygame.mixer.Sound] = {}
        self._silent = False

    def play(self, cue: str) -> None:
        if self._silent:
            return
        try:
            if not pygame.mixer.get_init():
                pygame.mixer.init(RATE, -16, 1, 512)
            if cue not in self._cues:
                channels = pygame.mixer.get_init()[2]
                samples = (wave(cue) * 32767).astype("<i2")
                self._cues[cue] = pygame.mixer.Sound(buffer=np.repeat(samples, channels).tobytes())
            self._cues[cue].play()
        except (pygame.error, ImportError, NotImplementedError, OSError):
            self._silent = True

    def close(self) -> None:
        """Let go of the device."""
        self._cues.clear()
        with contextlib.suppress(pygame.error, ImportError, NotImplementedError):
            pygame.mixer.quit()
