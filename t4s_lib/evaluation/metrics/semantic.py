"""Mean IoU over classes, in two protocols that differ by points.

    mIoU         the field's: K classes (20, 59, 150); pixels that are void or of no
                 class in the truth are left out; classes that occur neither in the
                 truth nor in a prediction are left out of the mean
    mIoU_parity  the authors' script: K + 1 classes, 0 ("others") among them, counted
                 as right wherever the truth is 0; a class that never occurs counts 0;
                 a prediction on a void pixel adds to its class's union

The second is mostly higher for few classes, as the free class is nearly perfect.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np

from t4s_lib.evaluation.metrics.class_counts import ClassCounts, IdMap
from t4s_lib.evaluation.metrics.reductions import Scores, reading_scores


def semantic_scores(counts: Iterable[ClassCounts], classes: int) -> Scores:
    """Every figure of a run over label maps; None where nothing counts.

    ``mIoU`` and ``mIoU_parity`` as in the table above; ``classes_seen``, how many
    classes ``mIoU`` is the mean of; ``pixel_accuracy``, of the pixels with a class;
    ``grid_ceiling``, the mIoU of the true grids, and ``norm``, the share of it that
    was reached; ``parse_exact``, ``repaired``, ``parse_failed`` and ``n``.

    Args:
        counts: One for each picture; read once, one at a time.
        classes: How many classes there are, without 0.

    Raises:
        ValueError: If there are no counts.

    Examples:
        >>> from t4s_lib.evaluation.metrics.class_counts import count_classes
        >>> one = count_classes([[1, 1, 0, 255]], [[1, 2, 2, 2]], classes=2)
        >>> found = semantic_scores([one], classes=2)
        >>> found["mIoU"], found["mIoU_parity"], found["pixel_accuracy"]
        (0.25, 0.5, 0.5)
    """
    sums = np.zeros((3, 3, classes + 1), dtype=np.int64)
    seen: Counter[str] = Counter()
    for item in counts:
        _add(sums, item)
        seen.update(_seen(item))
    if not seen["n"]:
        raise ValueError("there are no counts to score, expected one for each picture")
    miou = _mean(_occurring(sums[0]))
    top = _mean(_occurring(sums[2])) if seen["ceiling"] == seen["n"] else None
    found: Scores = {
        "n": seen["n"],
        "mIoU": miou,
        "mIoU_parity": _mean([value or 0.0 for value in _ious(sums[1])]),
        "classes_seen": len(_occurring(sums[0])),
        "pixel_accuracy": _accuracy(sums[0]),
        "grid_ceiling": top,
        "norm": miou / top if miou is not None and top else None,
    }
    return found | reading_scores(seen)


def class_ious(counts: Iterable[ClassCounts], classes: int) -> list[float | None]:
    """The IoU of each class from 1 to K, in the field's protocol.

    Returns:
        One value for each class, in order; None where the class never occurs.

    Examples:
        >>> from t4s_lib.evaluation.metrics.class_counts import count_classes
        >>> class_ious([count_classes([[1, 1]], [[1, 2]], classes=3)], classes=3)
        [0.5, 0.0, None]
    """
    sums = np.zeros((3, 3, classes + 1), dtype=np.int64)
    for item in counts:
        _add(sums, item)
    return _ious(sums[0])[1:]


def _add(sums: IdMap, item: ClassCounts) -> None:
    for layer, triples in enumerate((item.standard, item.parity, item.ceiling or {})):
        for k, values in triples.items():
            if k >= sums.shape[2]:
                raise ValueError(
                    f"class {k} is counted, expected at most {sums.shape[2] - 1}"
                )
            sums[layer, :, k] += values


def _seen(item: ClassCounts) -> Iterator[str]:
    yield "n"
    if item.ceiling is not None:
        yield "ceiling"
    if item.status is not None:
        yield from ("read", item.status)


def _ious(sums: IdMap) -> list[float | None]:
    both, guess, true = sums
    unions = (guess + true - both).tolist()
    return [i / u if u else None for i, u in zip(both.tolist(), unions, strict=True)]


def _occurring(sums: IdMap) -> list[float]:
    """The IoU of the classes from 1 on that occur."""
    return [value for value in _ious(sums)[1:] if value is not None]


def _accuracy(sums: IdMap) -> float | None:
    right, _, true = sums.sum(axis=1).tolist()
    return right / true if true else None


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
