"""The page to start from: what this is, every lesson, and how far you are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from t4s_lib.course.freshness import lib_version
from t4s_lib.course.results import LessonResult
from t4s_lib.course.site.frame import NAME
from t4s_lib.course.site.markdown import inline

_HOUSE = """
...##...
..####..
.######.
########
.######.
.##..##.
.##..##.
"""

_MAIN = """<main id="text">
<h1>{title}</h1>
<p>A picture and an expression go in; a language model writes a text; the text is
the mask. There is no mask decoder: segmentation becomes text generation.</p>
<p>A mask is cut into a grid of 16 by 16, each cell gets a label, and equal labels in a
row are written as one run. The lessons take that apart, step by step, and you write
the steps yourself. Everything runs on a laptop without a GPU and without a
download.</p>
<figure class="picture">
{picture}
<pre tabindex="0">{text}</pre>
<figcaption>{caption}</figcaption>
</figure>
<h2 id="lessons">Lessons</h2>
{progress}
<ol class="lessons">
{rows}
</ol>
<h2 id="yourself">Do it yourself</h2>
<p>These pages show the lessons as they were executed. Sliders, drawing and checks
come alive in JupyterLab:</p>
<pre class="run" tabindex="0"><code>jupyter lab notebooks</code></pre>
<p>What you pass is kept; <code>t4s course --stored</code> makes these pages anew, with
your progress, in seconds.</p>
<footer>
<p>Time is what the computer took to execute the lesson, not what you take to read
it. {made}</p>
</footer>
</main>"""

_ROW = """<li><span class="number">{number}</span>
<div>{title}{summary}{faults}</div>
<div class="facts">{facts}</div></li>"""


@dataclass(frozen=True)
class Row:
    """A lesson as the page to start from shows it.

    Attributes:
        lesson: How it went.
        exercises: How many exercises it has.
        passed: How many of them the reader has passed.
    """

    lesson: LessonResult
    exercises: int = 0
    passed: int = 0


def index_main(rows: Sequence[Row], profile: str, is_stored: bool = False) -> str:
    """The page's ``<main>``.

    Args:
        rows: The lessons, in order.
        profile: What they were executed in.
        is_stored: Whether they are shown as they are stored.
    """
    picture, text, caption = _example()
    return _MAIN.format(
        title=escape(NAME),
        picture=picture,
        text=escape(text),
        caption=escape(caption),
        progress=_progress(rows),
        rows="\n".join(map(_row, rows)),
        made=_made(profile, is_stored),
    )


def _made(profile: str, is_stored: bool) -> str:
    command = "--stored" if is_stored else f"--profile {profile}"
    return (
        f"Executed in profile <code>{escape(profile)}</code> with t4s-lib "
        f"{escape(lib_version())}; made by <code>t4s course {escape(command)}</code>."
    )


def _progress(rows: Sequence[Row]) -> str:
    """How far the reader is in the whole course; nothing before the first pass."""
    passed, whole = sum(r.passed for r in rows), sum(r.exercises for r in rows)
    if not passed:
        return ""
    bar = f'<progress aria-label="Exercises passed" value="{passed}" max="{whole}">'
    return f"<p>You have passed {passed} of {whole} exercises.</p>\n{bar}</progress>"


def _row(row: Row) -> str:
    lesson = row.lesson
    faults = (f'<span class="fault">{escape(f)}</span>' for f in lesson.faults)
    return _ROW.format(
        number=escape(lesson.number),
        title=_title(lesson),
        summary=inline(lesson.summary),
        faults="".join(faults),
        facts=f"{_exercises(row)}<span>{_time(lesson)}</span>",
    )


def _title(lesson: LessonResult) -> str:
    words = inline(lesson.title or lesson.name)
    if lesson.page is None:
        return f'<span class="title">{words}</span>'
    return f'<a class="title" href="{escape(lesson.page)}">{words}</a>'


def _exercises(row: Row) -> str:
    if not row.exercises:
        return ""
    if row.passed:
        mark = "✓ " if row.passed == row.exercises else ""
        words = f"{mark}{row.passed} of {row.exercises} passed"
        return f'<span class="passed">{words}</span>'
    word = "exercise" if row.exercises == 1 else "exercises"
    return f"<span>{row.exercises} {word}</span>"


def _time(lesson: LessonResult) -> str:
    minutes = lesson.minutes
    if minutes is None:
        return "not run" if lesson.page is None else "as stored"
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
