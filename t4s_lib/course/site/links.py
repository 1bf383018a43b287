"""Links of a built site that lead nowhere, found without a server."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


def broken_links(folder: Path) -> list[str]:
    """Everything that a page of a folder links to or loads and that is not there.

    Addresses with a scheme (``https:``, ``data:``) are not looked at.

    Args:
        folder: Where the pages are.

    Returns:
        One line each, ``PAGE: ADDRESS, REASON``; empty where all lead somewhere.
    """
    pages = {path: _read(path) for path in sorted(folder.glob("*.html"))}
    return [
        f"{path.name}: {address}, {reason}"
        for path, page in pages.items()
        for address in dict.fromkeys(page.links)
        for reason in _faults(path, address, pages)
    ]


class _Page(HTMLParser):
    """The ids of a page, and the addresses it names."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        self.ids |= {given["id"]} if "id" in given else set()
        self.links += [given[key] for key in ("href", "src") if key in given]


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    return page


def _faults(path: Path, address: str, pages: dict[Path, _Page]) -> Iterator[str]:
    found = urlsplit(address)
    if found.scheme or found.netloc:
        return
    target = path.parent / unquote(found.path) if found.path else path
    if not target.exists():
        yield "there is no such file"
        return
    page = pages.get(target)
    if found.fragment and page and unquote(found.fragment) not in page.ids:
        yield f"{target.name} has no such part"
