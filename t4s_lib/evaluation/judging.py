"""From an answer to a line of ``predictions.jsonl``: read, draw, count."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from t4s_lib.answers import Reading, read_answer
from t4s_lib.codecs.report import ParseReport
from t4s_lib.evaluation.drawing import Drawer, IdMap
from t4s_lib.evaluation.items import Item, class_map, packed
from t4s_lib.evaluation.journal import Record
from t4s_lib.evaluation.plan import PLAIN, Plan
from t4s_lib.evaluation.rle import encode_mask
from t4s_lib.evaluation.writers import Written

_FAULTS = 12  # of one answer that are written down


class Judge:
    """Reads answers, draws them in each way, and counts.

    Args:
        plan: The run.

    Raises:
        ValueError: If a refiner is not known, or cannot be had.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._ways = {name: Drawer(name) for name in plan.ways}

    @property
    def looks(self) -> bool:
        """Whether any refiner looks at the pictures."""
        return any(way.looks for way in self._ways.values())

    def __call__(self, item: Item, written: Written) -> Record:
        """The line of an item.

        It holds ``position``, ``source``, ``expression``, ``question``, ``answer``,
        ``text``, ``report``, ``forwards``, ``image``, ``counts`` by refiner, and
        ``masks``, run-length coded, of refiners whose masks cannot be drawn again
        from the text alone.
        """
        plan = self._plan
        read = read_answer(written.answer, plan.grid, plan.codec)
        counts, masks = {}, {}
        for name, way in self._ways.items():
            drawn = way.full(read.grid, item.sample, item.size, written.soft)
            # What a refiner that looks makes of the true grid is a run of the oracle's.
            top = None if way.looks else way.bare(item.true_grid, item.size)
            found = item.count(drawn, read.grid.labels, top, read.report.status)
            counts[name] = packed(found)
            if way.looks or (written.soft is not None and name != PLAIN):
                masks[name] = _coded(item, drawn, read)
        return {
            "position": item.position,
            "source": item.sample.source,
            "expression": item.sample.expression,
            "question": item.question,
            "answer": written.answer,
            "text": read.text,
            "report": _told(read.report),
            "forwards": written.forwards,
            "image": item.image_name,
            "counts": counts,
            **({"masks": masks} if masks else {}),
        }


def bad_line(position: int, source: str, error: Exception) -> Record:
    """The line of a sample that could not be evaluated."""
    told = " ".join(str(error).split()) or type(error).__name__
    return {"position": position, "source": source, "error": told}


def _coded(item: Item, drawn: IdMap, read: Reading) -> Any:
    """One mask; a mask by class where there are classes."""
    if item.classes is None:
        return encode_mask(drawn > 0)
    classes = class_map(drawn, read.grid.labels, item.classes)
    there: NDArray[Any] = np.unique(classes[classes > 0])
    return {str(k): encode_mask(classes == k) for k in there.tolist()}


def _told(report: ParseReport) -> dict[str, Any]:
    """The report with the first few faults, and how many there are."""
    told = report.as_dict()
    n = len(report.faults)
    return {**told, "faults": told["faults"][:_FAULTS], "n_faults": n}
