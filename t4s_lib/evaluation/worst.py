"""The predictions that are farthest from the truth, and how they look."""

from __future__ import annotations

import base64
import colorsys
import heapq
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from t4s_lib.answers import read_answer
from t4s_lib.evaluation.drawing import Drawer
from t4s_lib.evaluation.items import Item, class_map, unpacked
from t4s_lib.evaluation.journal import Record, read_records
from t4s_lib.evaluation.metrics import ClassCounts
from t4s_lib.evaluation.plan import Plan
from t4s_lib.sources.base import Sample
from t4s_lib.sources.coco_masks import segmentation_mask

_SIDE = 288  # pixels of a picture in the report
_PAPER = (214, 210, 200)  # where the photograph is not at hand


class Seen(NamedTuple):
    """A prediction as a report shows it.

    Attributes:
        record: Its line.
        iou: How much is right, from 0 to 1.
        pictures: The picture, the target and the prediction, as ``data:`` addresses.
    """

    record: Record
    iou: float
    pictures: tuple[str, str, str]


def worst(out: Path, way: str, n: int = 12) -> list[tuple[float, Record]]:
    """The lines with the lowest IoU; of equal ones those with the most pixels wrong.

    Args:
        out: The folder of the run.
        way: Which way of drawing is looked at.
        n: How many.
    """
    good = (record for record in read_records(out) if "error" not in record)
    return heapq.nsmallest(
        n,
        ((_share_right(record, way)[0], record) for record in good),
        key=lambda pair: (*_share_right(pair[1], way), pair[1]["position"]),
    )


def seen(
    found: tuple[float, Record], samples: Sequence[Sample], plan: Plan, way: str
) -> Seen:
    """A line with its pictures; without the photograph masks are drawn on paper."""
    iou, record = found
    item = Item(record["position"], samples[record["position"]], plan)
    photo = _photo(item)
    truth = np.asarray(item.truth).astype(np.int64)
    drawn = drawn_again(record, item, way)
    pictures = (photo, _laid_over(photo, truth), _laid_over(photo, drawn))
    one, two, three = (_as_data(picture) for picture in pictures)
    return Seen(record, iou, (one, two, three))


def drawn_again(record: Mapping[str, Any], item: Item, way: str) -> NDArray[np.int64]:
    """The predicted mask, int ``(H, W)``; a map of classes where there are some.

    From the run lengths that a line holds, else from its text.
    """
    height, width = item.size
    coded = record.get("masks", {}).get(way)
    if coded is None:
        read = read_answer(record["answer"], item.plan.grid, item.plan.codec)
        ids = Drawer(way).bare(read.grid, item.size)
        if item.classes is not None:
            ids = class_map(ids, read.grid.labels, item.classes)
        return np.asarray(ids, np.int64)
    layers = {"1": coded} if item.classes is None else coded
    found = np.zeros((height, width), np.int64)
    for number, layer in layers.items():
        found[segmentation_mask(layer, height, width)] = int(number)
    return found


def _share_right(record: Record, way: str) -> tuple[float, int]:
    """IoU, and the wrong pixels with a minus."""
    counts = unpacked(record, way)
    if isinstance(counts, ClassCounts):
        sums = np.array([*counts.standard.values()]).reshape(-1, 3).sum(axis=0)
        both, guess, true = (int(value) for value in sums)
        union = guess + true - both
        return (both / union if union else 1.0), both - union
    return counts.iou, counts.tp - counts.union


def _photo(item: Item) -> Image.Image:
    height, width = item.size
    try:
        found = item.sample.image.convert("RGB")
    except (ValueError, OSError):  # masks without their photographs
        found = Image.new("RGB", (width, height), _PAPER)
    return found.resize((width, height)) if found.size != (width, height) else found


def _laid_over(photo: Image.Image, ids: NDArray[np.int64]) -> Image.Image:
    """What is outside dimmed; classes in colours of their own."""
    pixels = np.asarray(photo, dtype=np.float32)
    colours = np.array([_colour(k) for k in range(256)], dtype=np.float32)
    many = ids.max() > 1
    inside = 0.45 * pixels + 0.55 * colours[ids % 256] if many else pixels
    if not many:
        inside = 0.6 * pixels + 0.4 * np.array((0, 158, 115), np.float32)
    shown = np.where((ids > 0)[..., None], inside, 0.3 * pixels)
    return Image.fromarray(shown.astype(np.uint8))


def _colour(number: int) -> tuple[float, float, float]:
    red, green, blue = colorsys.hsv_to_rgb(number * 0.618 % 1, 0.75, 0.95)
    return 255 * red, 255 * green, 255 * blue


def _as_data(picture: Image.Image) -> str:
    small = picture.copy()
    small.thumbnail((_SIDE, _SIDE))
    if max(picture.size) < _SIDE // 2:
        times = _SIDE // max(picture.size)
        size = (picture.width * times, picture.height * times)
        small = picture.resize(size, Image.Resampling.NEAREST)
    file = io.BytesIO()
    small.save(file, "JPEG", quality=82)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()
