"""What the tests of runs share: a plan, a whole run, data written to disk."""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path
from typing import Any

from PIL import Image

from t4s_lib.evaluation.plan import Plan, plan_of
from t4s_lib.evaluation.run import Outcome, evaluate

SCENES = "scenes:synthetic:heldout"
N = 60
KEPT = ("predictions.jsonl", "scores.json")


def plan(**more: Any) -> Plan:
    """The oracle on scenes, in batches of five."""
    known = {"model": "oracle", "benchmark": SCENES, "batch": 5}
    return plan_of(**{**known, **more})


def run(out: Path, **more: Any) -> Outcome:
    found = evaluate(plan(), out, **{"limit": N, **more})
    assert found is not None
    return found


def kept(out: Path) -> dict[str, bytes]:
    """What must not depend on how a run came about."""
    return {name: (out / name).read_bytes() for name in KEPT}


def records(out: Path) -> list[dict[str, Any]]:
    text = (out / "predictions.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def command(out: Path, *more: str, n: int = N) -> list[str]:
    """The same run as a program of its own."""
    start = [sys.executable, "-m", "t4s_lib", "evaluate", "--model", "oracle"]
    size = ["--benchmark", SCENES, "--batch", "5", "--limit", str(n)]
    return [*start, *size, "--out", str(out), *more]


def refcoco(root: Path, n: int, torn: int = 0, pictures: bool = True) -> Path:
    """RefCOCO with ``n`` refs; the last ``torn`` polygons have two points."""
    square = [[2, 2, 12, 2, 12, 10, 2, 10]]
    images = [
        {"id": k, "file_name": f"{k}.jpg", "height": 16, "width": 20} for k in range(n)
    ]
    annotations = [
        {
            "id": k,
            "image_id": k,
            "category_id": 1,
            "segmentation": [[1, 1, 2, 2]] if k >= n - torn else square,
            "bbox": [2, 2, 10, 8],
        }
        for k in range(n)
    ]
    refs = [
        {
            "ref_id": k,
            "ann_id": k,
            "image_id": k,
            "category_id": 1,
            "split": "val",
            "sentences": [{"sent_id": k, "sent": "the cat", "raw": "The cat"}],
        }
        for k in range(n)
    ]
    categories = [{"id": 1, "name": "cat"}]
    folder = root / "refcoco"
    folder.mkdir(parents=True)
    content = {"images": images, "annotations": annotations, "categories": categories}
    (folder / "instances.json").write_text(json.dumps(content))
    (folder / "refs(unc).p").write_bytes(pickle.dumps(refs, protocol=2))
    if pictures:
        (root / "train2014").mkdir()
        for k in range(n):
            Image.new("RGB", (20, 16), (90, 90, 9)).save(root / f"train2014/{k}.jpg")
    return root
