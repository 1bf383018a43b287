"""Is a codec of your own sound? Grids to try it on, and the first one that fails.

    round_trip("turned-spans", trial_grids(samples))

A codec must give back every grid as it was, and read any text without raising: a model
writes what it likes. The first grid that does not come back is drawn beside what came
back in its place.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from t4s_lib.codecs import codec as find_codec
from t4s_lib.codecs.report import ParseReport
from t4s_lib.course import draw
from t4s_lib.course.figures import img, new_figure
from t4s_lib.descriptor import OTHERS, DescriptorGrid
from t4s_lib.grid import mask_to_grid
from t4s_lib.sources import Sample

_SHOWN = 400  # characters of a text that are worth showing


@dataclass(frozen=True)
class RoundTrip:
    """How a codec fared; shows itself in a notebook.

    Attributes:
        codec: Its name.
        tried: How many grids it was given.
        problem: What is wrong, in a sentence; empty where nothing is.
        grid: The first grid that failed.
        text: What was written of it, or the text that could not be read.
        back: What was read in its place.
    """

    codec: str
    tried: int
    problem: str = ""
    grid: DescriptorGrid | None = None
    text: str = ""
    back: DescriptorGrid | None = None

    @property
    def ok(self) -> bool:
        """Whether every grid came back, and no text raised."""
        return not self.problem

    def __repr__(self) -> str:
        if self.ok:
            return (
                f"{self.codec}: all {self.tried} grids came back as they were, and no "
                "damaged text raised"
            )
        text = self.text if len(self.text) <= _SHOWN else self.text[:_SHOWN] + "…"
        return f"{self.codec}: {self.problem}\n{text}".rstrip()

    def _repr_html_(self) -> str:
        head, _, text = repr(self).partition("\n")
        mark, colour = ("✓", "#009E73") if self.ok else ("✗", "#D55E00")
        words = f"<p><b>{mark} {html.escape(head)}</b></p>"
        lines = f"<pre>{html.escape(text)}</pre>" if text else ""
        drawn = ""
        if self.grid is not None and self.back is not None:
            drawn = img(render_round_trip(self.grid, self.back), self.problem)
        return (
            f'<div style="border-left:4px solid {colour};padding:2px 12px">'
            f"{words}{lines}{drawn}</div>"
        )


def round_trip(name: str, grids: Iterable[DescriptorGrid]) -> RoundTrip:
    """Write each grid with a codec, read it back, and read damaged texts too.

    Args:
        name: A registered codec.
        grids: What to try, simplest first; see ``trial_grids``.

    Returns:
        The first thing that is wrong, or that nothing is.

    Raises:
        ValueError: For an unknown codec.
    """
    find_codec(name)
    tried = 0
    for grid in grids:
        found = _tried(name, grid, tried)
        if found is not None:
            return found
        tried += 1
    return RoundTrip(name, tried)


def trial_grids(samples: Sequence[Sample] = (), side: int = 16) -> list[DescriptorGrid]:
    """Grids that are hard on a codec: small and odd ones first, then those of samples.

    Args:
        samples: Whose masks are added, each with its expression as label.
        side: The side of their grids.
    """
    table = (OTHERS, "dog")
    shapes = [DescriptorGrid(ids, table) for ids in _shapes()]
    several = DescriptorGrid([[0, 1, 2, 2], [0, 1, 1, 2], [2, 0, 0, 1]], _TWO)
    odd = [DescriptorGrid([[0, 1], [1, 1]], (OTHERS, word)) for word in _ODD_WORDS]
    scenes = [mask_to_grid(s.mask, side, s.expression) for s in samples]
    return [*shapes, several, *odd, *scenes]


def render_round_trip(grid: DescriptorGrid, back: DescriptorGrid) -> Figure:
    """Draw a grid, what came back, and where they differ."""
    same_shape = grid.shape == back.shape
    fig, axes = new_figure(7.6, 2.9, cols=3 if same_shape else 2)
    draw.cells(axes[0], grid, f"target: {_told(grid)}")
    draw.cells(axes[1], back, f"came back: {_told(back)}")
    if same_shape:
        one, two = np.array(grid.cells()), np.array(back.cells())
        draw.difference(axes[2], np.zeros(grid.shape, int), (one != two).astype(int))
    return fig


_TWO = (OTHERS, "black dog", "dog")
_ODD_WORDS = (OTHERS, 'the sign "a|b" *new*', "turned 2+3", "the x2", "犬", "a=b", "-")


def _shapes() -> Iterator[np.ndarray]:
    """Cells of one target: 0 and 1, from a single cell to noise."""
    yield np.array([[0]])
    yield np.array([[1]])
    yield np.array([[0, 1, 1], [0, 0, 1]])
    yield np.zeros((4, 6), int)
    yield np.ones((4, 6), int)
    yield np.pad(np.pad(np.zeros((2, 2), int), 1, constant_values=1), 1)
    yield np.indices((9, 3))[0] % 2
    yield np.indices((5, 7)).sum(axis=0) % 2
    yield np.tri(6, 9, dtype=int)
    yield np.eye(7, dtype=int)[:, ::-1]
    yield (np.random.default_rng(7).random((12, 12)) < 0.4).astype(int)


def _tried(name: str, grid: DescriptorGrid, before: int) -> RoundTrip | None:
    """What is wrong with one grid; None where nothing is."""
    text = ""
    try:
        text = find_codec(name).encode(grid)
        back, report = _read(name, text, grid)
    except Exception as error:  # noqa: BLE001 - learners' code raises anything; shown
        where = "reading this text" if text else "writing a grid"
        return RoundTrip(name, before, f"{where} {_raised(error)}", grid, text)
    if back != grid:
        what = f"grid {before + 1} did not come back as it was; {_verdict(report)}"
        return RoundTrip(name, before, what, grid, text, back)
    if report.status != "exact":
        what = f"grid {before + 1} came back, but its own text is {_verdict(report)}"
        return RoundTrip(name, before, what, grid, text, back)
    return _damaged(name, text, grid, before)


def _damaged(
    name: str, text: str, grid: DescriptorGrid, before: int
) -> RoundTrip | None:
    for broken in _damages(text):
        try:
            _read(name, broken, grid)
        except Exception as error:  # noqa: BLE001 - as above
            what = f"reading a damaged text {_raised(error)}"
            return RoundTrip(name, before, what, grid, broken)
    return None


def _damages(text: str) -> Iterator[str]:
    """Cut off, a part missing, numbers wrong, or no mask at all."""
    yield from ("", "?", "I see no such thing.", text * 2)
    for part in (2, 3, 5):
        at = len(text) // part
        yield text[:at]
        yield text[at:]
        yield text[:at] + text[at + 1 :]
    for digit in ("0", "9", "", "99999999999"):
        yield text.replace("1", digit).replace("2", digit)


def _read(
    name: str, text: str, grid: DescriptorGrid
) -> tuple[DescriptorGrid, ParseReport]:
    labels = list(grid.labels[1:]) or None
    return find_codec(name).decode(text, grid.shape, labels=labels)


def _verdict(report: ParseReport) -> str:
    """The report's first line, without its list of faults."""
    return str(report).partition("\n")[0].rstrip(":")


def _raised(error: Exception) -> str:
    return f"raised {type(error).__name__}: {error}"


def _told(grid: DescriptorGrid) -> str:
    rows, cols = grid.shape
    return f"{int(grid.foreground.sum())} of {rows * cols} cells"
