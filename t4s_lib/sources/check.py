"""Which benchmarks are complete under a folder, and what is missing of the others.

Nothing is decoded: names are read, files are looked for, and both are counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from t4s_lib.sources.base import Sample
from t4s_lib.sources.errors import DataError, MissingFileError
from t4s_lib.sources.opening import known_benchmark, open_benchmark
from t4s_lib.sources.published_counts import BLOBS, PUBLISHED, Published

State = Literal["complete", "present", "incomplete", "absent", "broken"]
COUNTED = ("samples", "refs", "images")
"""What is counted."""

_SHOWN = 3
_NOTHING = Published(None, None, None, "recalled", "no published count")


@dataclass
class Tally:
    """What one benchmark has on disk.

    Attributes:
        samples: Its samples.
        refs: Objects that are referred to; 0 where it has none.
        images: Different pictures.
        lost: Files that its samples need and that are nowhere.
    """

    samples: int = 0
    refs: int = 0
    images: int = 0
    lost: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Finding:
    """What was found of one benchmark.

    Attributes:
        benchmark: Its name.
        state: ``complete``: every file is there and the counts are the published
            ones; ``present``: every file is there, and no counts are published;
            ``incomplete``: files are missing or counts differ; ``absent``: no
            annotations; ``broken``: not in their form.
        tally: What is on disk.
        published: What should be.
        notes: What is wrong beside the counts, a line each.
    """

    benchmark: str
    state: State
    tally: Tally
    published: Published
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """As plain values, ready for JSON."""
        record = asdict(self)
        return record | {"published": self.published._asdict()}


def check(root: str | Path, names: Sequence[str] | None = None) -> Iterator[Finding]:
    """Look at benchmarks one after the other.

    Args:
        root: The folder with the data.
        names: Benchmarks; those with published counts for None.

    Yields:
        A finding each.

    Raises:
        DataError: If a name is unknown; as ``MissingFileError`` if there is no such
            folder.
    """
    if not Path(root).is_dir():
        raise MissingFileError(f"data folder {root} does not exist")
    chosen = list(PUBLISHED if names is None else names)
    for name in chosen:
        known_benchmark(name)
    return (_look(name, Path(root)) for name in chosen)


def _look(name: str, root: Path) -> Finding:
    published = PUBLISHED.get(name, _NOTHING)
    try:
        tally = count(open_benchmark(name, root))
    except MissingFileError as fault:
        return Finding(name, "absent", Tally(), published, (_brief(fault, name, root),))
    except DataError as fault:
        return Finding(name, "broken", Tally(), published, (str(fault),))
    notes = (*missing(tally), *altered(name, root))
    state: State = "complete" if _is_counted(published) else "present"
    if notes or differing(tally, published):
        state = "incomplete"
    return Finding(name, state, tally, published, notes)


def _is_counted(published: Published) -> bool:
    return any(getattr(published, what) is not None for what in COUNTED)


def count(samples: Sequence[Sample]) -> Tally:
    """Count samples, refs and pictures, and look for their files."""
    refs: set[Any] = set()
    seen: dict[str, None] = {}
    tally = Tally(len(samples))
    for sample in samples:
        refs.add(sample.extra.get("ref_id"))
        image = str(sample.extra["image_file"])
        if image not in seen:
            seen[image] = None
            tally.lost += _lost(sample)
    tally.images = len(seen)
    tally.refs = len(refs - {None})
    return tally


def _lost(sample: Sample) -> Iterator[str]:
    """The files of a sample that are not there."""
    extra = sample.extra
    name, folders = extra["image_file"], extra["image_folders"]
    if not any((folder / name).is_file() for folder in folders):
        yield str(name)
    labels = extra.get("label_file")
    if labels is not None and not labels.is_file():
        yield str(labels)


def differing(tally: Tally, published: Published) -> list[str]:
    """Which counts are not the published ones.

    Examples:
        >>> differing(Tally(7, 3, 2), Published(8, 3, None, "read", "a page"))
        ['samples']
    """
    return [
        what
        for what in COUNTED
        if getattr(published, what) not in (None, getattr(tally, what))
    ]


def missing(tally: Tally) -> list[str]:
    """What files are missing, in one line, or none.

    Examples:
        >>> missing(Tally(lost=["a.jpg", "b.jpg", "c.jpg", "d.jpg"]))
        ['4 files are missing: a.jpg, b.jpg, c.jpg and 1 more']
    """
    if not tally.lost:
        return []
    more = len(tally.lost) - _SHOWN
    names = ", ".join(tally.lost[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    are = "files are" if len(tally.lost) > 1 else "file is"
    return [f"{len(tally.lost):,} {are} missing: {names}"]


def altered(name: str, root: Path) -> list[str]:
    """Whether a refs file is another than the papers', in one line, or none."""
    dataset, variant, _ = known_benchmark(name)
    inside = f"{dataset}/refs({variant}).p"
    if inside not in BLOBS:
        return []
    tops = [root, root / "refer", root / "refer_seg"]
    paths = [top / inside for top in tops if (top / inside).is_file()]
    if not paths or blob(paths[0]) == BLOBS[inside]:
        return []
    return [f"{inside} is not the file that the papers used"]


def blob(path: Path) -> str:
    """The hash that ``git hash-object --no-filters`` gives a file."""
    data = path.read_bytes()
    head = b"blob %d\0" % len(data)
    return hashlib.sha1(head + data, usedforsecurity=False).hexdigest()


def _brief(fault: DataError, name: str, root: Path) -> str:
    """An error without the benchmark's name and the list of what is there instead."""
    said = str(fault).removeprefix(f"{name} ")
    for mark in ("; there is ", ": there is ", f": {root} has "):
        said = said.split(mark)[0]
    return said
