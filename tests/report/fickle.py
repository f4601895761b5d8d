"""A player whose chance comes from elsewhere than its generator."""

import os


class Fickle:
    name = "fickle"
    seats = ("south",)

    def choose(self, view, legal, rng):
        return legal[os.urandom(1)[0] % len(legal)]
