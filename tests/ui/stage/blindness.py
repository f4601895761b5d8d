"""A picture as people with colour-blindness see it (Machado, Oliveira and Fernandes 2009, severity 1)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pygame

KINDS = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def seen_with(surface: Any, kind: str) -> Any:
    """The surface as seen with a kind of colour-blindness."""
    raw = pygame.image.tobytes(surface, "RGB")
    pixels = np.frombuffer(raw, dtype=np.uint8).reshape(surface.get_height(), surface.get_width(), 3) / 255.0
    linear = np.where(pixels <= 0.04045, pixels / 12.92, ((pixels + 0.055) / 1.055) ** 2.4)
    changed = np.clip(linear @ np.array(KINDS[kind]).T, 0, 1)
    back = np.where(changed <= 0.0031308, changed * 12.92, 1.055 * changed ** (1 / 2.4) - 0.055)
    data = (back * 255).round().astype(np.uint8).tobytes()
    return pygame.image.frombytes(data, surface.get_size(), "RGB")
