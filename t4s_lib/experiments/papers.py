"""The held-out scenes that every model of an experiment is asked about."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from t4s_lib.sources import Sample, scenes

SPLIT = "heldout"


@dataclass(frozen=True)
class Paper:
    """Scenes and expressions, the same ones for every model.

    Attributes:
        samples: Each with its picture made.
    """

    samples: tuple[Sample, ...]

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What it is, for the record; the digest tells other scenes apart."""
        return {
            "benchmark": f"scenes:synthetic:{SPLIT}",
            "n": len(self.samples),
            "digest": self._digest(),
            "no_target": sum(not sample.mask.any() for sample in self.samples),
        }

    def _digest(self) -> str:
        made = hashlib.sha256()
        for sample in self.samples:
            made.update(f"{sample.source}\n{sample.expression}\n".encode())
            made.update(sample.image.tobytes())
            made.update(sample.mask.tobytes())
        return made.hexdigest()[:16]


def paper(n: int) -> Paper:
    """The first scenes of the held-out split.

    Raises:
        ValueError: If ``n`` is not 1 or more.
    """
    if n < 1:
        raise ValueError(f"n is {n}, expected 1 or more scenes")
    return Paper(tuple(scenes(n, SPLIT)))
