"""Scores equal torchmetrics, an independent and well-kept library.

Its whole-number counts are compared to 1e-9; its quotients are of single precision.
"""

from __future__ import annotations

import numpy as np
import pytest

from t4s_lib.evaluation.metrics import (
    count,
    count_classes,
    scores,
    semantic_scores,
)

torch = pytest.importorskip("torch")
classification = pytest.importorskip("torchmetrics.classification")
segmentation = pytest.importorskip("torchmetrics.segmentation")


def test_figures_of_samples() -> None:
    rng = np.random.default_rng(5)
    truth, drawn = (rng.random((2, 60, 12, 17)) > 0.6).astype(np.int64)
    truth[:15], drawn[10:20] = 0, 0
    found = scores(count(t, d) for t, d in zip(truth, drawn, strict=True))
    true, guess = torch.tensor(truth), torch.tensor(drawn)

    counted = classification.BinaryStatScores(multidim_average="samplewise")(
        guess, true
    )
    tp, fp, _, fn = counted.double().numpy().T[:4]
    union = tp + fp + fn
    each = np.where(union > 0, tp / np.maximum(union, 1), 1)
    assert found["cIoU"] == pytest.approx(tp.sum() / union.sum(), abs=1e-9)
    assert found["gIoU"] == pytest.approx(each.mean(), abs=1e-9)
    jaccard = classification.BinaryJaccardIndex()(guess, true).item()
    assert found["cIoU"] == pytest.approx(jaccard, abs=1e-6)

    has, got = true.flatten(1).any(1).int(), guess.flatten(1).any(1).int()
    hits, extra, rest, missed, _ = classification.BinaryStatScores()(got, has).tolist()
    assert found["t_acc"] == pytest.approx(hits / (hits + missed), abs=1e-9)
    assert found["n_acc"] == pytest.approx(rest / (rest + extra), abs=1e-9)

    mean = segmentation.MeanIoU(2, include_background=False, input_format="index")
    shown = np.flatnonzero(union)
    for k in shown:
        mean.update(guess[k : k + 1], true[k : k + 1])
    assert each[shown].mean() == pytest.approx(mean.compute().item(), abs=1e-6)


@pytest.mark.parametrize("classes", [20, 59, 150])
def test_the_mean_over_classes(classes: int) -> None:
    rng = np.random.default_rng(classes)
    truth = rng.integers(0, classes + 1, (4, 40, 40))
    drawn = np.where(rng.random(truth.shape) < 0.6, truth, 0)
    drawn = np.where(drawn == 0, rng.integers(1, classes + 1, truth.shape), drawn)
    truth[rng.random(truth.shape) < 0.1] = 0
    metric = classification.MulticlassJaccardIndex(classes, ignore_index=-1)
    metric.update(torch.tensor(drawn - 1), torch.tensor(truth - 1))
    counts = [count_classes(t, d, classes) for t, d in zip(truth, drawn, strict=True)]
    found = semantic_scores(counts, classes)["mIoU"]
    assert found == pytest.approx(metric.compute().item(), abs=1e-6)  # float32
    matrix = metric.confmat.numpy().astype(np.float64)
    both = np.diag(matrix)
    expected = (both / (matrix.sum(0) + matrix.sum(1) - both)).mean()
    assert found == pytest.approx(expected, abs=1e-9)
