"""What a recipe says: the data, the LoRA, the evaluation, and how to train.

Frozen, and checked however they are made. ``recipe.py`` reads them from files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from t4s_lib.codecs import codec_names
from t4s_lib.rules import RULES
from t4s_lib.sources.benchmark import parse_benchmark
from t4s_lib.training.typed import Checked

Targets = Literal["language", "language+projector", "all-linear"]
"""Which linear layers get LoRA: the language model's, those between picture and text
too, or every one but the head."""


@dataclass(frozen=True)
class DataSpec(Checked):
    """One source of training samples.

    Attributes:
        benchmark: ``dataset:variant:split``, e.g. ``refcocog:umd:train``.
        count: How many samples a pass takes, the first ones; all for None. Of
            ``scenes``, which have no end, None is as many as the training needs.
        passes: How often the source is gone through for one epoch, each time with
            freshly drawn questions and answers.
        weight: Share in the mix, relative to the other sources.
        kinds: Kinds of expression, for ``scenes``; its own choice for None.
        per: A sample for each ``sentence``, or for each ``ref`` (one object) with
            sentences drawn at random.
        rounds: Questions in one sample; the later ones are on the same picture.
        refs: Take the refs of the ``split``, or all refs of the split's ``images``,
            as the authors do (it matters for ``refclef`` only).
    """

    prefix: ClassVar[str] = "data."

    benchmark: str
    count: int | None = None
    passes: int = 1
    weight: float = 1.0
    kinds: tuple[str, ...] | None = None
    per: Literal["sentence", "ref"] = "sentence"
    rounds: int = 1
    refs: Literal["split", "images"] = "split"

    def check(self) -> None:
        """Raise ``ValueError`` for a name or number that makes no sense."""
        _check_benchmark(self.benchmark, "data.benchmark")
        self.need(self.count is None or self.count > 0, "count", "1 or more")
        self.need(self.passes > 0, "passes", "1 or more")
        self.need(self.weight > 0, "weight", "more than 0")
        self.need(self.kinds != (), "kinds", "at least one kind")
        self.need(self.rounds > 0, "rounds", "1 or more")


@dataclass(frozen=True)
class LoraSpec(Checked):
    """Low-rank adapters: rank, scale and where they sit.

    Attributes:
        r: Rank.
        alpha: The update is scaled by ``alpha / r``.
        dropout: Share of the adapter's inputs dropped while training.
        targets: ``language``: the linear layers of the language model's blocks;
            ``language+projector``: those between picture and text too;
            ``all-linear``: those of the vision tower as well.
    """

    prefix: ClassVar[str] = "lora."

    r: int = 64
    alpha: float = 128
    dropout: float = 0.05
    targets: Targets = "language"

    def check(self) -> None:
        """Raise ``ValueError`` for a number that makes no sense."""
        self.need(self.r > 0, "r", "1 or more")
        self.need(self.alpha > 0, "alpha", "more than 0")
        self.need(0 <= self.dropout < 1, "dropout", "0 up to, but not, 1")


@dataclass(frozen=True)
class EvalSpec(Checked):
    """What is measured while training.

    Attributes:
        benchmark: On which samples.
        n: How many of them, the first ones.
        every_steps: After how many steps again; only at the end if neither is set.
        every_minutes: After how many minutes again.
    """

    prefix: ClassVar[str] = "eval."

    benchmark: str
    n: int = 100
    every_steps: int | None = None
    every_minutes: float | None = None

    def check(self) -> None:
        """Raise ``ValueError`` for a name or number that makes no sense."""
        _check_benchmark(self.benchmark, "eval.benchmark")
        self.need(self.n > 0, "n", "1 or more")
        steps, minutes = self.every_steps, self.every_minutes
        self.need(steps is None or steps > 0, "every_steps", "1 or more")
        self.need(minutes is None or minutes > 0, "every_minutes", "more than 0")
        free = steps is None or minutes is None
        self.need(free, "every_minutes", "nothing beside eval.every_steps")


@dataclass(frozen=True)
class Recipe(Checked):
    """Everything that decides a training run.

    Attributes:
        name: Short, as the file is called.
        title: One line for people.
        source: The paper's table and the authors' script, or where else it is from.
        model: Hub id, folder, ``tiny-base`` or ``tiny``.
        data: Where the samples come from.
        differs: How it differs from the source, a sentence each.
        init: An adapter that is merged into the model before training starts.
        grid: Cells along a side.
        rule: How a cell gets its label, see ``mask_to_grid``.
        codec: The text's format.
        lora: The adapter; None trains every weight.
        lr: Highest learning rate, of AdamW.
        schedule: How the rate falls after the warm-up.
        warmup_ratio: Share of the steps in which the rate rises.
        weight_decay: Of AdamW.
        max_grad_norm: Longer gradients are cut to this length.
        batch: Samples a step, over all devices.
        per_device_batch: Samples a device takes at once.
        epochs: How often the data are gone through (or ``steps``, or ``minutes``).
        steps: How many steps.
        minutes: How long; the rate follows the clock.
        clock: What ``minutes`` counts: ``wall``, time as it passes, or ``cpu``, the
            first process's processor time, of which a busy machine takes nothing.
        max_tokens: Longer samples are left out; None keeps all.
        held_back: Share of the samples kept out of training for validation.
        precision: Of the computation: ``fp32``, ``bf16`` or ``fp16``.
        gradient_checkpointing: Compute activations twice instead of keeping them.
        quantize: Load the model's frozen weights in ``4bit`` or ``8bit``.
        seed: Of everything random.
        eval: What is measured while training; None measures nothing.
        log_every: Steps between two lines of the log.
        save_every: Steps between two checkpoints.
        leak_filter: Leave out pictures that are in a val or test split of the
            RefCOCO family.
    """

    name: str
    title: str
    source: str
    model: str
    data: tuple[DataSpec, ...]
    differs: tuple[str, ...] = ()
    init: str | None = None
    grid: int = 16
    rule: str = "nearest"
    codec: str = "row-rle"
    lora: LoraSpec | None = LoraSpec()
    lr: float = 2e-4
    schedule: Literal["cosine", "linear", "constant"] = "cosine"
    warmup_ratio: float = 0.03
    weight_decay: float = 0.0
    max_grad_norm: float = 1.0
    batch: int = 128
    per_device_batch: int = 4
    epochs: float | None = None
    steps: int | None = None
    minutes: float | None = None
    clock: Literal["wall", "cpu"] = "wall"
    max_tokens: int | None = None
    held_back: float = 0.0
    precision: Literal["fp32", "bf16", "fp16"] = "bf16"
    gradient_checkpointing: bool = False
    quantize: Literal["4bit", "8bit"] | None = None
    seed: int = 0
    eval: EvalSpec | None = None
    log_every: int = 10
    save_every: int = 500
    leak_filter: bool = False

    def check(self) -> None:
        """Raise ``ValueError`` for values that make no sense, alone or together."""
        self.need(len(self.data) > 0, "data", "at least one source")
        self.need(self.grid > 0, "grid", "1 or more")
        rules = [*RULES, *(f"{rule}+keep" for rule in RULES)]
        self.need(self.rule in rules, "rule", f"one of {', '.join(rules)}")
        codecs = codec_names()
        self.need(self.codec in codecs, "codec", f"one of {', '.join(codecs)}")
        for key in ("lr", "max_grad_norm", "batch", "per_device_batch"):
            self.need(getattr(self, key) > 0, key, "more than 0")
        for key in ("log_every", "save_every"):
            self.need(getattr(self, key) > 0, key, "1 or more")
        for key in ("warmup_ratio", "held_back"):
            self.need(0 <= getattr(self, key) < 1, key, "0 up to, but not, 1")
        self.need(self.weight_decay >= 0, "weight_decay", "0 or more")
        splits = self.batch % self.per_device_batch == 0
        expected = f"a multiple of per_device_batch, {self.per_device_batch}"
        self.need(splits, "batch", expected)
        self._check_length()
        full = self.lora is not None or self.quantize is None
        self.need(full, "quantize", "nothing where lora is nothing")

    def _check_length(self) -> None:
        for key in ("epochs", "steps", "minutes", "max_tokens"):
            value = getattr(self, key)
            self.need(value is None or value > 0, key, "more than 0")
        given = [key for key in LENGTHS if getattr(self, key) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise ValueError(
                f"length is set by {found}, expected exactly one of "
                f"{', '.join(LENGTHS)}"
            )
        unbounded = [spec for spec in self.data if is_endless(spec)]
        if self.epochs is not None and unbounded:
            raise ValueError(
                f"epochs is {self.epochs}, expected steps or minutes: "
                f"{unbounded[0].benchmark} has no end; or give its count"
            )


LENGTHS = ("epochs", "steps", "minutes")
"""The ways to say how long a training is; a recipe has exactly one."""


def is_endless(spec: DataSpec) -> bool:
    """Whether a source has no end of its own and is given none."""
    return spec.count is None and spec.benchmark.startswith("scenes:")


def _check_benchmark(name: str, key: str) -> None:
    try:
        parse_benchmark(name)
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from None
