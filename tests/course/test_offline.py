"""A lesson's kernel is kept off the network, and left alone otherwise."""

from typing import Any

import pytest

from t4s_lib.course.offline import refuse


@pytest.mark.parametrize(
    ("event", "args"),
    [
        ("socket.connect", (None, ("example.org", 443))),
        ("socket.connect", (None, ("2001:db8::1", 443, 0, 0))),
        ("socket.sendto", (None, ("192.0.2.1", 53))),
        ("socket.getaddrinfo", ("127.example.org", 443, 0, 0, 0)),
        ("socket.getaddrinfo", (b"example.org", None, 0, 0, 0)),
        ("socket.gethostbyname", ("example.org",)),
    ],
)
def test_what_is_elsewhere_is_refused_and_heard(
    event: str, args: tuple[Any, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(PermissionError, match="asked the network for"):
        refuse(event, args)
    assert "asked the network for" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("event", "args"),
    [
        ("socket.connect", (None, ("127.0.0.1", 8888))),
        ("socket.connect", (None, "/tmp/a-socket")),
        ("socket.connect", (None, b"\0abstract")),
        ("socket.getaddrinfo", ("localhost", 0, 0, 0, 0)),
        ("socket.getaddrinfo", (None, 0, 0, 0, 0)),
        ("open", ("example.org", "r", 0)),
    ],
)
def test_this_machine_and_everything_else_is_let_through(
    event: str, args: tuple[Any, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    refuse(event, args)
    assert capsys.readouterr().err == ""
