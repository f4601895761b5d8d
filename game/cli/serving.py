"""What the commands that serve browsers share: where they serve, and until when."""

from __future__ import annotations

import time
import webbrowser
from typing import Annotated

import typer

from game.web.serving import Server

PortOption = Annotated[int, typer.Option("--port", metavar="N", help="The port to serve on.")]
BindOption = Annotated[
    str, typer.Option("--bind", metavar="ADDRESS", help="Serve on this address of the machine only.")
]
PublicOption = Annotated[
    bool, typer.Option("--public", help="Let in whoever comes from the internet. There is no encryption.")
]


def until_the_end(server: Server, page: str) -> None:
    """Open a page in this machine's browser, where one is named, and wait until the server ends."""
    if page:
        webbrowser.open(page)
    while server.running:
        time.sleep(0.2)
