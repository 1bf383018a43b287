"""Keeps a kernel off the network: whoever asks for it is refused, and heard.

Run as a script inside a lesson's kernel, before its first cell. A lesson must work on
a train; an offline switch of one library says nothing about the others, and a call
that fails inside ``try`` would go unnoticed. So the interpreter's own audit events are
watched: a line on stderr, which ``scan_executed`` finds, and an error.

Sockets that C code opens by itself, as the kernel's own are, make no such event.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable

_LOCAL = ("", "localhost", "::1", "0.0.0.0", platform.node())
_EVENTS: dict[str, Callable[[tuple[object, ...]], object]] = {
    "socket.connect": lambda args: args[1],
    "socket.sendto": lambda args: args[1],
    "socket.getaddrinfo": lambda args: args[0],
    "socket.gethostbyname": lambda args: args[0],
}
_TO_ADDRESSES = ("socket.connect", "socket.sendto")


def refuse(event: str, args: tuple[object, ...]) -> None:
    """An audit hook that lets nothing out but to this machine itself.

    Raises:
        PermissionError: If an address or a name elsewhere is asked for.
    """
    if event not in _EVENTS:
        return
    address = _EVENTS[event](args)
    if event in _TO_ADDRESSES and not isinstance(address, tuple):
        return  # a socket in the file system
    host = address[0] if isinstance(address, tuple) else address
    name = host.decode() if isinstance(host, bytes) else str(host or "")
    if not is_local(name):
        words = f"asked the network for {name}, expected a lesson that needs none"
        print(words, file=sys.stderr)
        raise PermissionError(words)


def is_local(host: str) -> bool:
    """Whether a name or number means this machine.

    Examples:
        >>> is_local("127.0.0.1"), is_local("localhost"), is_local("127.example.org")
        (True, True, False)
    """
    if host.startswith("127."):
        return host.replace(".", "").isdigit()
    return host in _LOCAL


if __name__ == "__main__":
    sys.addaudithook(refuse)
