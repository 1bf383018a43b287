"""One sample a sentence: what RefCOCO and gRefCOCO have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from t4s_lib.sources.base import BoolMask, Sample
from t4s_lib.sources.benchmark import Benchmark
from t4s_lib.sources.coco_instances import Instances, Record, image_opener
from t4s_lib.sources.refer_layout import expression_of


@dataclass(frozen=True)
class SentenceReader(ABC):
    """Makes the sample of one sentence.

    Attributes:
        rows: A ref and one of its sentences, for each sample.
        instances: The masks.
        folders: Where pictures may be.
        benchmark: Begins each sample's source.
        text: Which form of a sentence is its expression.
    """

    rows: Sequence[tuple[Record, Record]]
    instances: Instances
    folders: tuple[Path, ...]
    benchmark: Benchmark
    text: str

    def __call__(self, index: int) -> Sample:
        """The sample of a row."""
        ref, sentence = self.rows[index]
        image = self.instances.images[ref["image_id"]]
        expression = expression_of(sentence, self.text)
        return Sample(
            image_opener(image, self.folders),
            expression,
            partial(self.mask, ref, image),
            (expression,),
            f"{self.benchmark}#{self.number(ref, sentence)}",
            {
                "ref_id": ref["ref_id"],
                "image_id": ref["image_id"],
                "sent_id": sentence["sent_id"],
                "image_file": image["file_name"],
                "image_folders": self.folders,
                "height": image["height"],
                "width": image["width"],
                **self.meant(ref),
            },
        )

    @abstractmethod
    def mask(self, ref: Record, image: Record) -> BoolMask:
        """What is meant, bool ``(height, width)``."""

    @abstractmethod
    def number(self, ref: Record, sentence: Record) -> str:
        """What tells a sentence from all others of the benchmark."""

    @abstractmethod
    def meant(self, ref: Record) -> dict[str, Any]:
        """What ``extra`` says of the targets."""
