"""What models made of each codec: the records that ``t4s codecs learn`` writes.

``results.json``, and ``codecs_tiny.json`` beside this file, hold one object:

    format      the number of this layout, 1
    toy         true where the numbers are made up, to try figures with
    made        date, command, training (the command of each arm), commit (null
                outside a checkout), changed (whether files differed from it), versions
                (by package), machine (cpu, cores, system), threads (of the exams, each
                number that occurred)
    recipe      what every model was trained by, all of it but codec, grid and seed,
                which are an arm's own
    scenes      what every model was examined on: benchmark, n, digest (of the names
                and the masks), no_target (how many mean nothing)
    grids       by side: intersections, unions (pixels, a number a scene, of the true
                grid drawn back: the ceiling) and full_tokens (mean tokens of the true
                masks in ``full``, whether or not a model learned that)
    arms        a trained model each:
      codec, grid, seed
      intersections, unions    pixels, a number a scene, in the scenes' order
      cIoU, norm               for readers; they follow from the numbers above
      unreadable               share of answers in which nothing could be read
      no_target_accuracy       share of empty masks where nothing is meant, or null
      true_tokens              mean tokens of the true masks' texts, by the model's
                               tokenizer
      written_tokens           mean tokens of the masks' texts that it wrote
      seconds_per_answer       processor time of generation, over the answers
      training                 steps, samples, seconds (by the recipe's clock, the
                               evaluations on the way among them), tokens (read and
                               learned, or null), processes (or null), differs (keys
                               of little weight in which it was not by the recipe
                               above), and curve: minutes, cIoU and norm at each
                               evaluation

All shares are fractions from 0 to 1. A mask's text stands between the tags of an
answer; the sentence around it is the same for every codec, and not counted. An answer
in which nothing can be read is an empty mask, which is right where nothing is meant.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from t4s_lib.experiments.results import (
    ArmResult,
    Evaluated,
    Overlaps,
    Record,
    Results,
    Training,
)

FORMAT = 1
SHIPPED = Path(__file__).with_name("codecs_tiny.json")
"""The results that come with the library."""

_NUMBERS = re.compile(r"\[\n[^\[\]{}\"]*\n\s*\]")


def load_results(path: str | Path | None = None) -> Results:
    """Read the results of an experiment.

    Args:
        path: A ``results.json``; those that come with the library for None.

    Raises:
        ValueError: If it is not there, or is none. One line.
    """
    file = SHIPPED if path is None else Path(path)
    if not file.is_file():
        raise ValueError(f"{file} is not there, expected results of t4s codecs learn")
    try:
        return from_record(json.loads(file.read_text(encoding="utf-8")))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{file} lacks {error}, expected results") from None
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from None


def from_record(record: Record) -> Results:
    """Results from the object that a file holds.

    Raises:
        ValueError: If it is of another layout, or has not a number for each scene.
    """
    if record.get("format") != FORMAT:
        found = record.get("format")
        raise ValueError(f"format is {found!r}, expected {FORMAT}")
    grids = record["grids"]
    results = Results(
        tuple(arm_from(arm) for arm in record["arms"]),
        {int(side): overlaps_from(grid) for side, grid in grids.items()},
        {int(side): float(grid["full_tokens"]) for side, grid in grids.items()},
        record["scenes"],
        record["recipe"],
        record["made"],
        bool(record["toy"]),
    )
    _check(results)
    return results


def to_record(results: Results) -> dict[str, Any]:
    """Results as the object that a file holds."""
    return {
        "format": FORMAT,
        "toy": results.toy,
        "made": dict(results.made),
        "recipe": dict(results.recipe),
        "scenes": dict(results.scenes),
        "grids": {
            str(side): {**asdict(top), "full_tokens": results.full_tokens[side]}
            for side, top in results.ceilings.items()
        },
        "arms": [
            {**arm_record(arm), "cIoU": arm.overlaps.ciou, "norm": results.norm(arm)}
            for arm in results.arms
        ],
    }


def arm_record(arm: ArmResult) -> dict[str, Any]:
    """A model's figures as plain values."""
    values = asdict(arm)
    pixels, training = values.pop("overlaps"), values.pop("training")
    points = [{"cIoU": p.pop("ciou"), **p} for p in training.pop("curve")]
    return {**values, **pixels, "training": {**training, "curve": points}}


def arm_from(record: Record) -> ArmResult:
    """A model's figures from plain values."""
    training = dict(record["training"])
    curve = tuple(
        Evaluated(p["minutes"], p["cIoU"], p["norm"]) for p in training.pop("curve")
    )
    inner: dict[str, Any] = {
        "overlaps": overlaps_from(record),
        "training": Training(**training, curve=curve),
    }
    plain = [f.name for f in fields(ArmResult) if f.name not in inner]
    return ArmResult(**{name: record[name] for name in plain}, **inner)


def dumps(record: Record) -> str:
    """JSON with a line a value, but lists of numbers on one line."""
    text = json.dumps(record, indent=1, ensure_ascii=False)
    return _NUMBERS.sub(lambda found: " ".join(found[0].split()), text) + "\n"


def overlaps_from(record: Record) -> Overlaps:
    """Intersections and unions from plain values."""
    return Overlaps(tuple(record["intersections"]), tuple(record["unions"]))


def _check(results: Results) -> None:
    n = int(results.scenes["n"])
    if not results.arms:
        raise ValueError("arms are none, expected at least one model")
    rows: Sequence[tuple[str, Overlaps]] = [
        *((f"{a.codec} seed {a.seed}", a.overlaps) for a in results.arms),
        *((f"the ceiling of {side}", top) for side, top in results.ceilings.items()),
    ]
    for name, found in rows:
        for numbers in (found.intersections, found.unions):
            if len(numbers) != n:
                raise ValueError(f"{name} has {len(numbers)} numbers, expected {n}")
    for arm in results.arms:
        if arm.grid not in results.ceilings:
            raise ValueError(f"grids lack {arm.grid}, expected every model's")
