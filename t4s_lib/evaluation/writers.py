"""Who writes the answers: a model, or the oracle, which knows the truth.

A writer of your own takes a few items at a time and answers each:

    class Mine:
        looks, weights = True, ""
        def __call__(self, items): return [Written(answer) for answer in ...]
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from t4s_lib.evaluation.items import Item
from t4s_lib.evaluation.oracle import oracle_answer
from t4s_lib.evaluation.plan import ORACLE, Plan
from t4s_lib.generation.soft import CODECS

if TYPE_CHECKING:
    from t4s_lib.generation.author import Author
    from t4s_lib.models import Backbone

_ENDS = 1 << 20  # bytes that are looked at, at both ends of a file


class Written(NamedTuple):
    """One answer.

    Attributes:
        answer: Everything that was written.
        forwards: Forward passes that it took.
        soft: Float ``(rows, cols)``, each cell's chance to belong to the target,
            where the model gave them.
    """

    answer: str
    forwards: int = 0
    soft: NDArray[np.floating[Any]] | None = None


class Writer(Protocol):
    """Answers questions about pictures."""

    @property
    def looks(self) -> bool:
        """Whether it looks at the pictures."""

    @property
    def weights(self) -> str:
        """What answers: a digest or a commit; empty where there is nothing."""

    def __call__(self, items: Sequence[Item]) -> list[Written]:
        """Answer each item's question."""


@dataclass(frozen=True)
class OracleWriter:
    """Writes the true grid, as a model would that makes no mistake."""

    looks: bool = False
    weights: str = ""

    def __call__(self, items: Sequence[Item]) -> list[Written]:
        """Write each item's true grid."""
        return [Written(oracle_answer(item)) for item in items]


class ModelWriter:
    """Lets a model answer, greedily, and keeps how sure it was of each cell.

    Args:
        author: The model, and the format it writes.
        weights: What was loaded.
    """

    def __init__(self, author: Author, weights: str = "") -> None:
        self._author = author
        self.looks, self.weights = True, weights
        self._soft = author.codec in CODECS

    def __call__(self, items: Sequence[Item]) -> list[Written]:
        """Answer all items at the same time.

        Answers to a partial question, in a format that allows it, come with ``soft``.
        """
        from t4s_lib.models.conversation import encode_prompts

        images = [item.sample.image for item in items]
        asked = [item.question for item in items]
        prompts = encode_prompts(self._author.backbone, images, asked)
        named = [_expression(item) for item in items]
        answers = self._author.answer(prompts, named, self._soft)
        return [Written(*answer) for answer in answers]


def _expression(item: Item) -> str | None:
    """The only label that the answer should hold, if there is but one."""
    return item.sample.expression if item.kind == "partial" else None


def writer_of(plan: Plan) -> Writer:
    """The writer of a plan, ready to write.

    Raises:
        ValueError: If its model cannot be had; the line says why.
    """
    if plan.model == ORACLE:
        return OracleWriter()
    import torch

    from t4s_lib.generation.author import Author, merged
    from t4s_lib.models import load_backbone

    backbone = merged(load_backbone(plan.model, **plan.load))
    torch.set_num_threads(plan.threads)
    author = Author(backbone, plan.codec, plan.grid, plan.max_new_tokens)
    return ModelWriter(author, _weights(plan.model, backbone))


def _weights(model: str, backbone: Backbone) -> str:
    """A digest of a local model's files; the commit of one from the Hub."""
    from t4s_lib.models.finding import resolve

    base, adapter = resolve(model)
    folders = [Path(part) for part in (base, adapter) if part is not None]
    if all(folder.is_dir() for folder in folders):
        return digest(folders)
    config = backbone.model.config
    commit = getattr(config, "_commit_hash", None) or "unknown commit"
    return f"{base}@{commit}" + (f"+{digest(folders[1:])}" if folders[1:] else "")


def digest(folders: Sequence[Path]) -> str:
    """A digest of the names, sizes, first and last bytes of the files in folders."""
    found = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.glob("*.safetensors")) + sorted(
            folder.glob("*.json")
        ):
            size = path.stat().st_size
            found.update(f"{path.name} {size} ".encode())
            with path.open("rb") as file:
                found.update(file.read(_ENDS))
                file.seek(max(0, size - _ENDS))
                found.update(file.read(_ENDS))
    return found.hexdigest()[:16]
