"""The options that say where games are played, shared by the commands that may use Ray."""

from __future__ import annotations

from typing import Annotated

import typer

from game.errors import UsageError
from tournament.runner.run import Backend

RayOption = Annotated[bool, typer.Option("--ray", help="Play on Ray; when neither is given, once it pays.")]
NoRayOption = Annotated[bool, typer.Option("--no-ray", help="Play in this process.")]


def chosen_backend(*, ray: bool, no_ray: bool, address: str | None = None) -> Backend:
    """Where the options say that games are to be played.

    Raises:
        UsageError: they contradict each other.
    """
    for name, given in (("--ray", ray), ("--address", address is not None)):
        if given and no_ray:
            raise UsageError(f"{name} and --no-ray contradict each other", "give one of them")
    return "ray" if ray else "local" if no_ray else "auto"
