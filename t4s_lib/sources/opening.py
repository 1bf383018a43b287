"""One door to every benchmark: ``open_benchmark("refcocog:umd:val", root)``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType

from t4s_lib.sources.ade20k import ade20k
from t4s_lib.sources.benchmark import Benchmark, parse_benchmark
from t4s_lib.sources.coco_panoptic import coco_panoptic
from t4s_lib.sources.coco_samples import coco_instances
from t4s_lib.sources.coco_stuff import cocostuff
from t4s_lib.sources.errors import DataError
from t4s_lib.sources.grefer_samples import grefer
from t4s_lib.sources.instruct import instruct
from t4s_lib.sources.lazy import LazySamples
from t4s_lib.sources.pascal import pascal
from t4s_lib.sources.places import data_root
from t4s_lib.sources.reasonseg import reasonseg
from t4s_lib.sources.refer_samples import DATASETS, refer
from t4s_lib.sources.scene_variants import scene_series

SampleSet = LazySamples
"""What a benchmark is: samples, made on demand."""

SCENES = 1000
"""How many synthetic scenes a benchmark has, unless it is asked for another number."""

_Opener = Callable[[Path, Benchmark], LazySamples]

_SPLITS: Mapping[str, str] = MappingProxyType(
    {
        "scenes:synthetic": "train val heldout heldout-pairs pairs",
        "scenes:reasoning": "train val heldout heldout-pairs pairs",
        "scenes:instances": "train val heldout heldout-pairs pairs",
        "refcoco:unc": "train val testA testB",
        "refcoco:google": "train val test",
        "refcoco+:unc": "train val testA testB",
        "refcocog:umd": "train val test",
        "refcocog:google": "train val",
        "refclef:unc": "train val testA testB testC",
        "refclef:berkeley": "train val test",
        "grefcoco:unc": "train val testA testB",
        "ade20k:150": "train val",
        "context:59": "train val",
        "voc:20": "train val trainval",
        "reasonseg:all": "train val test",
        "reasonseg:short": "train val test",
        "reasonseg:long": "train val test",
        "coco:instances": "train val",
        "coco:panoptic": "train val",
        "cocostuff:2017": "train val",
        "llava:mix665k": "train",
    }
)

BENCHMARKS: tuple[str, ...] = tuple(
    f"{name}:{split}" for name, splits in _SPLITS.items() for split in splits.split()
)
"""The names of all benchmarks; of RefCLEF's test splits the data may have others."""


def _coco(root: Path, name: Benchmark) -> LazySamples:
    read = coco_instances if name.variant == "instances" else coco_panoptic
    return read(root, name.split)


_OPENERS: dict[str, _Opener] = {
    **dict.fromkeys(DATASETS, lambda root, name: refer(root, *name)),
    "grefcoco": lambda root, name: grefer(root, name.variant, name.split),
    "ade20k": lambda root, name: ade20k(root, name.split),
    "context": lambda root, name: pascal(root, "context", name.split),
    "voc": lambda root, name: pascal(root, "voc", name.split),
    "reasonseg": lambda root, name: reasonseg(root, name.variant, name.split),
    "coco": _coco,
    "cocostuff": lambda root, name: cocostuff(root, name.split),
    "llava": lambda root, name: instruct(root),
}


def open_benchmark(
    name: str, root: str | Path | None = None, *, n: int | None = None
) -> SampleSet:
    """The samples of a benchmark by its name; nothing is decoded yet.

    Args:
        name: ``dataset:variant:split``, one of ``BENCHMARKS``.
        root: The folder with the real data sets, see ``data/README.md``; synthetic
            scenes need none.
        n: Take the first ``n`` samples only.

    Returns:
        The samples, at least one. The same name and data give the same samples in
        the same order.

    Raises:
        DataError: If the name is unknown (with the nearest ones), or the benchmark
            empty or not in its form; as ``MissingFileError`` if it is not there.

    Examples:
        >>> open_benchmark("scenes:synthetic:heldout")[0].source
        'scenes:synthetic:heldout#0'
        >>> open_benchmark("refcocg:umd:val", ".")
        Traceback (most recent call last):
        ...
        t4s_lib.sources.errors.DataError: unknown benchmark 'refcocg:umd:val': nearest
        are refcocog:umd:val, ...
    """
    wanted = known_benchmark(name)
    if wanted.dataset == "scenes":
        split = {"pairs": "heldout-pairs"}.get(wanted.split, wanted.split)
        return scene_series(wanted.variant, SCENES if n is None else n, split)
    found = _OPENERS[wanted.dataset](data_root(root, name), wanted)
    if not len(found):
        raise DataError(f"{name} has no samples, expected at least one")
    return found[:n]


def known_benchmark(name: str) -> Benchmark:
    """A benchmark's name taken apart, if something reads it.

    The splits of the REFER data sets are not checked: the data say which there are.

    Raises:
        DataError: If nothing does; names the nearest ones.
    """
    parts = parse_benchmark(name)
    if str(parts) not in BENCHMARKS and parts.dataset not in (*DATASETS, "grefcoco"):
        raise DataError(f"unknown benchmark {name!r}: nearest are {nearest(name)}")
    return parts


def nearest(name: str, n: int = 3) -> str:
    """The names of benchmarks most like a name, joined by commas.

    Examples:
        >>> nearest("ade:150:val", 1)
        'ade20k:150:val'
    """
    return ", ".join(get_close_matches(name, BENCHMARKS, n=n, cutoff=0))
