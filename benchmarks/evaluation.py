"""An evaluation of RefCOCO's size: how long, and whether memory stays flat.

The data are synthetic and written in REFER's layout, with as many pictures, refs and
sentences as RefCOCO's validation split: polygons on pictures of 480 x 640. The oracle
answers, so what is timed is everything but a model.
"""

from __future__ import annotations

import json
import math
import pickle
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

PICTURES, REFS, SENTENCES = 1500, 3811, 10_834
HEIGHT, WIDTH = 480, 640
_WORDS = ("left man in red", "woman", "the second zebra from the right", "dark sofa")


def measure_evaluation(processes: int = 2) -> dict[str, Any]:
    """Seconds of the run, and its memory from the first thousand samples on."""
    with tempfile.TemporaryDirectory() as folder:
        write_refer(Path(folder))
        return {"samples": SENTENCES, **_timed(Path(folder), processes)}


def write_refer(root: Path, seed: int = 0) -> None:
    """Write ``refcoco/refs(unc).p`` and ``instances.json`` of the size of its val."""
    rng = random.Random(seed)
    shared = {"height": HEIGHT, "width": WIDTH}
    images = [
        {"id": k, "file_name": f"COCO_train2014_{k:012}.jpg", **shared}
        for k in range(PICTURES)
    ]
    annotations = [_annotation(rng, k, k % PICTURES) for k in range(REFS)]
    ends = [k * SENTENCES // REFS for k in range(REFS + 1)]
    refs = [_ref(k, range(ends[k], ends[k + 1])) for k in range(REFS)]
    categories = [{"id": 1, "name": "person"}]
    content = {"images": images, "annotations": annotations, "categories": categories}
    (root / "refcoco").mkdir(parents=True)
    (root / "refcoco/instances.json").write_text(json.dumps(content))
    (root / "refcoco/refs(unc).p").write_bytes(pickle.dumps(refs, protocol=2))


def _annotation(rng: random.Random, number: int, image: int) -> dict[str, Any]:
    """A blob of 24 to 60 corners, somewhere."""
    radius = math.exp(rng.uniform(math.log(20), math.log(200)))
    x, y = rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT)
    corners = rng.randrange(24, 61)
    points: list[float] = []
    for k in range(corners):
        far, angle = radius * rng.uniform(0.6, 1.0), 2 * math.pi * k / corners
        points.append(round(min(max(x + far * math.cos(angle), 0), WIDTH), 2))
        points.append(round(min(max(y + far * math.sin(angle), 0), HEIGHT), 2))
    left, top = min(points[::2]), min(points[1::2])
    box = [left, top, max(points[::2]) - left, max(points[1::2]) - top]
    return {
        "id": number,
        "image_id": image,
        "category_id": 1,
        "segmentation": [points],
        "bbox": box,
        "iscrowd": 0,
    }


def _ref(number: int, sentences: range) -> dict[str, Any]:
    texts = [(k, _WORDS[k % len(_WORDS)]) for k in sentences]
    return {
        "ref_id": number,
        "ann_id": number,
        "image_id": number % PICTURES,
        "category_id": 1,
        "split": "val",
        "sent_ids": list(sentences),
        "sentences": [
            {"sent_id": k, "sent": text, "raw": text, "tokens": text.split()}
            for k, text in texts
        ],
    }


def _timed(root: Path, processes: int) -> dict[str, Any]:
    out = root / "run"
    command = [sys.executable, "-m", "t4s_lib", "evaluate", "--model", "oracle"]
    command += ["--benchmark", "refcoco:unc:val", "--data", str(root)]
    command += ["--processes", str(processes), "--out", str(out)]
    start = time.monotonic()
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as run:
        memory = _watched(run, out / "predictions.jsonl")
    if run.returncode:
        raise RuntimeError(f"t4s evaluate ended with {run.returncode}")
    seconds = time.monotonic() - start
    found: dict[str, Any] = {"seconds": round(seconds, 1), "processes": processes}
    if memory:
        early, late = memory[len(memory) // 10], memory[-1]
        found |= {"memory_mb": round(late), "memory_growth": round(late / early, 3)}
    return found


def _watched(run: subprocess.Popen[bytes], lines: Path) -> list[float]:
    """Memory of the first process, in MB, while it writes lines; empty off Linux."""
    status = Path(f"/proc/{run.pid}/status")
    found: list[float] = []
    size = 0
    while run.poll() is None:
        time.sleep(0.2)
        now = lines.stat().st_size if lines.is_file() else 0
        if now > size and status.is_file():
            rows = status.read_text().splitlines()
            rss = [row.split()[1] for row in rows if row.startswith("VmRSS")]
            found += [int(kb) / 1024 for kb in rss]
        size = now
    return found


if __name__ == "__main__":
    print(json.dumps(measure_evaluation(), indent=2))
