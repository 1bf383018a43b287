"""The texts of a page by heading: what its search finds and its contents list."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from html.parser import HTMLParser

_UNREAD = {"script", "style", "svg"}
_HEADINGS = {"h1", "h2", "h3"}


@dataclass(frozen=True)
class Part:
    """What stands under one heading.

    Attributes:
        page: File name of the page.
        title: The page's title.
        level: 1 to 3; 0 for what stands before the first heading.
        anchor: The heading's id; empty where it has none.
        heading: Its words.
        text: All words below it, those that describe pictures included.
    """

    page: str
    title: str
    level: int
    anchor: str
    heading: str
    text: str

    def as_entry(self) -> dict[str, str]:
        """What the search needs of it."""
        entry = asdict(self)
        entry.pop("level")
        return entry


def parts(body: str, page: str, title: str) -> list[Part]:
    """Cut a page's HTML at its headings.

    Examples:
        >>> found = parts('<h1 id="a">A</h1><p>One.</p><img alt="Two.">', "a.html", "A")
        >>> [(part.heading, part.text) for part in found]
        [('A', 'One. Two.')]
    """
    reader = _Reader()
    reader.feed(body)
    reader.close()
    made = [
        Part(page, title, level, anchor, _line(words), _line(text))
        for level, anchor, words, text in reader.found
    ]
    return [part for part in made if part.heading or part.text]


def _line(words: list[str]) -> str:
    return " ".join(" ".join(words).split())


class _Reader(HTMLParser):
    """Gathers (level, anchor, heading, text) from a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str, list[str], list[str]]] = [(0, "", [], [])]
        self._inside, self._unread, self._anchor_link = "", 0, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._unread += tag in _UNREAD
        self._anchor_link = tag == "a" and given.get("class") == "anchor"
        if tag in _HEADINGS:
            self.found.append((int(tag[1]), given.get("id") or "", [], []))
            self._inside = tag
        if tag == "img":
            self.found[-1][3].append(given.get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in _UNREAD
        self._anchor_link = False
        self._inside = "" if tag == self._inside else self._inside

    def handle_data(self, data: str) -> None:
        if not self._unread and not self._anchor_link:
            _, _, heading, text = self.found[-1]
            (heading if self._inside else text).append(data)
