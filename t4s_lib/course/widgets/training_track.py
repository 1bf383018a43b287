"""The curves under the training scrubber, drawn once, and a line that says "now"."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from t4s_lib.course.figures import ORANGE
from t4s_lib.course.learning_plots import progress
from t4s_lib.course.widgets.placed import Pixels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from t4s_lib.training.moments import Moment

_RADIUS = 5  # pixels


class Spot(NamedTuple):
    """Where a moment stands in one of the plots, in pixels from the upper left.

    Attributes:
        x: Of its line.
        ends: Where the line begins and ends.
        y: Of its point; None where nothing is known of it.
    """

    x: float
    ends: tuple[float, float]
    y: float | None


class Track(NamedTuple):
    """Loss and share of the ceiling over minutes, and where the looks stand.

    Attributes:
        pixels: uint8 ``(H, W, 3)``, without a line.
        spots: For each look, where it stands in each plot.
    """

    pixels: Pixels
    spots: tuple[tuple[Spot, ...], ...]

    def at(self, k: int) -> Pixels:
        """The curves with a line at look ``k``, and a ring where a curve meets it."""
        image = Image.fromarray(self.pixels)
        pen = ImageDraw.Draw(image)
        for x, ends, y in self.spots[k]:
            pen.line([(x, ends[0]), (x, ends[1])], fill="black", width=2)
            if y is not None:
                box = [x - _RADIUS, y - _RADIUS, x + _RADIUS, y + _RADIUS]
                pen.ellipse(box, fill=ORANGE, outline="black", width=2)
        return np.array(image)


def track(
    moments: Sequence[Moment], looks: Sequence[Moment], blind: float | None = None
) -> Track:
    """Draw the curves of a training that is over.

    Args:
        moments: All of them, in order.
        looks: Those of them that can be chosen.
        blind: The share that one reaches who does not read the question.
    """
    fig, raw = progress(moments, blind), io.BytesIO()
    fig.savefig(raw, format="rgba", facecolor="white")
    wide, high = fig.canvas.get_width_height()
    image = Image.frombytes("RGBA", (wide, high), raw.getvalue()).convert("RGB")
    left, right = fig.axes
    spots = tuple(
        (
            _spot(left, look.seconds / 60, look.loss, high),
            _spot(right, look.seconds / 60, (look.scores or {}).get("norm"), high),
        )
        for look in looks
    )
    return Track(np.array(image), spots)


def _spot(ax: Axes, minutes: float, value: float | None, high: int) -> Spot:
    frame: Any = ax.get_window_extent()
    x, y = ax.transData.transform((minutes, value or ax.get_ylim()[0]))
    ends = (high - float(frame.y1), high - float(frame.y0))
    return Spot(float(x), ends, None if value is None else high - float(y))
