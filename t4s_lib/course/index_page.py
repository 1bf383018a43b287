"""The one page to start from: what this is, and every lesson with its time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np

from t4s_lib.course.freshness import lib_version
from t4s_lib.course.page_parts import INDEX, ROW, STYLE
from t4s_lib.course.results import LessonResult, replace_text

TITLE = "Text4Seg, the course that runs"

_INLINE = re.compile(
    r"`(?P<code>[^`]+)`|\*\*(?P<strong>.+?)\*\*|\*(?P<em>[^*\s][^*]*)\*"
    r"|\[(?P<link>[^\]]+)\]\([^)]*\)"
)
_HOUSE = """
...##...
..####..
.######.
########
.######.
.##..##.
.##..##.
"""


def write_index(target: Path, lessons: Sequence[LessonResult], profile: str) -> None:
    """Write the page to start from: what this is, and every lesson with its time."""
    picture, text, caption = _example()
    page = INDEX.format(
        title=escape(TITLE),
        style=STYLE,
        picture=picture,
        text=escape(text),
        caption=escape(caption),
        rows="\n".join(_row(lesson) for lesson in lessons),
        profile=escape(profile),
        version=escape(lib_version()),
    )
    replace_text(target, page)


def inline(markdown: str) -> str:
    """Inline Markdown as HTML: code, strong, emphasis; of a link, its text.

    Examples:
        >>> inline("Write `a<b` *once*.")
        'Write <code>a&lt;b</code> <em>once</em>.'
    """
    parts, end = [], 0
    for match in _INLINE.finditer(markdown):
        tag, text = match.lastgroup or "", match[match.lastgroup or 0]
        text = escape(text, quote=False)
        parts.append(escape(markdown[end : match.start()], quote=False))
        parts.append(text if tag == "link" else f"<{tag}>{text}</{tag}>")
        end = match.end()
    return "".join([*parts, escape(markdown[end:], quote=False)])


def _row(lesson: LessonResult) -> str:
    title = inline(lesson.title or lesson.name)
    tag = f'a href="{escape(lesson.page)}"' if lesson.page else "span"
    faults = (f'<span class="fault">{escape(f)}</span>' for f in lesson.faults)
    return ROW.format(
        number=escape(lesson.number),
        title=f'<{tag} class="title">{title}</{tag.split()[0]}>',
        summary=inline(lesson.summary),
        fault="".join(faults),
        time=_time(lesson.minutes),
    )


def _time(minutes: float | None) -> str:
    if minutes is None:
        return "not run"
    return f"{minutes * 60:.0f} s" if minutes < 1 else f"{minutes:.1f} min"


def _example() -> tuple[str, str, str]:
    from t4s_lib.codecs import codec
    from t4s_lib.grid import mask_to_grid

    rows = _HOUSE.split()
    mask = np.array([[cell == "#" for cell in row] for row in rows])
    grid = mask_to_grid(mask, (len(rows), len(rows[0])), "house")
    text = codec("row-rle").encode(grid)
    lines = "\n".join(line.strip() for line in text.splitlines())
    caption = f"A house in {mask.size} cells, and the text that is its mask."
    return _drawing(rows), lines, caption


def _drawing(rows: Sequence[str]) -> str:
    cells = [
        f'<rect class="{"on" if cell == "#" else "off"}" x="{x * 10}" y="{y * 10}" '
        'width="9" height="9" rx="1.5"/>'
        for y, row in enumerate(rows)
        for x, cell in enumerate(row)
    ]
    size = f"{len(rows[0]) * 10 - 1} {len(rows) * 10 - 1}"
    label = "A grid of cells in which the marked ones form a house."
    head = f'<svg viewBox="0 0 {size}" role="img" aria-label="{label}">'
    return head + "".join(cells) + "</svg>"
