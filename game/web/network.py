"""The addresses of this machine, which of them a guest would use, and which are the whole internet's."""

from __future__ import annotations

import contextlib
import ipaddress
import socket

from game.errors import ChokepointError, UsageError

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"
DEFAULT_PORT = 8025

_TOWARDS = ("192.168.255.254", "10.255.255.254", "172.31.255.254", "203.0.113.1")
"""Asked of the routing table which address would be used; nothing is sent."""


def is_public(address: str) -> bool:
    """Return whether an address is one of the internet's."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global


def addresses() -> list[str]:
    """Return the IPv4 addresses of this machine but the loopback, the likely one first."""
    found: list[str] = []
    for towards in _TOWARDS:
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((towards, 9))
            found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):
        found += [str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    kept = [each for each in dict.fromkeys(found) if not each.startswith("127.") and each != EVERYWHERE]
    return sorted(kept, key=lambda each: (is_public(each), not each.startswith("192.168.")))


def is_own(address: str) -> bool:
    """Return whether an address is this machine's own."""
    return address.startswith("127.") or address in addresses()


def listen(bind: str, port: int, public: bool) -> socket.socket:
    """Return a socket that listens.

    Raises:
        UsageError: The address is none, or one of the internet's and ``public`` was not said.
        ChokepointError: The port is in use, or the address is not this machine's.
    """
    if not 0 <= port <= 65535:
        raise UsageError(f"--port cannot be {port}", "give a number from 1024 to 65535")
    try:
        address = str(ipaddress.IPv4Address(bind))
    except ValueError:
        raise UsageError(f"--bind {bind} is no IPv4 address", f"leave it out, or give one such as {LOOPBACK}") from None
    if is_public(address) and not public:
        raise UsageError(
            f"{address} is a public address: anybody on the internet could knock",
            "bind an address of the local network; if you mean it, add --public",
        )
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise ChokepointError(
            f"nobody can be hosted at {address}, port {port}: {error.strerror or error}",
            "give another --port, or end the program that uses it",
        ) from None
    return listener
