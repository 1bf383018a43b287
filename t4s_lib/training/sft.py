"""trl's trainer with three changes: endless rows, a clock, whole checkpoints."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import Dataset
from transformers import Trainer
from trl import SFTConfig, SFTTrainer

from t4s_lib.training import checkpoints
from t4s_lib.training.clock import Clock, rate
from t4s_lib.training.levels import Levelled, Rows
from t4s_lib.training.rows import Row, RowSet
from t4s_lib.training.sharding import allow_sharding, name_layers

if TYPE_CHECKING:
    from t4s_lib.training.specs import Recipe

ENDLESS = 10**7
"""Steps of a training that the clock ends: more than it will ever take."""

KEEP = 2
"""How many checkpoints are kept."""


@dataclass(frozen=True)
class Setting:
    """What the trainer is given beside trl's own arguments.

    Attributes:
        recipe: What is trained.
        rows: What it is trained on.
        clock: The time.
        folder: Where checkpoints go.
    """

    recipe: Recipe
    rows: RowSet
    clock: Clock
    folder: Path


class FirstRows(Dataset):  # type: ignore[misc]
    """The first ``n`` of endless rows, as PyTorch wants them."""

    def __init__(self, rows: Rows, n: int) -> None:
        self._rows = rows
        self._n = n

    def __len__(self) -> int:
        return self._n

    def __getitem__(self, index: int) -> Row:
        return self._rows[index]


class MaskTrainer(SFTTrainer):  # type: ignore[misc]
    """``trl.SFTTrainer`` on rows whose order is a function of seed and step.

    Args:
        setting: What is ours.
        more: For ``SFTTrainer``.
    """

    def __init__(self, setting: Setting, **more: Any) -> None:
        self._ours = setting
        self._beside: Path | None = None
        self.lr_scheduler: Any = None
        # trl wants a datasets.Dataset and looks at its first row; an index of all
        # rows would be a table of millions of numbers, so it gets a short one.
        super().__init__(train_dataset=setting.rows.dataset(1), **more)
        n = self.args.max_steps * setting.recipe.batch
        self.train_dataset = FirstRows(_ordered(setting), n)

    def create_accelerator_and_postprocess(self) -> None:
        """Let the configuration of ``accelerate launch`` count without a GPU too."""
        allow_sharding()
        super().create_accelerator_and_postprocess()

    def _wrap_model(self, model: Any, *args: Any, **more: Any) -> Any:
        name_layers(self.accelerator, model)
        return super()._wrap_model(model, *args, **more)

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> Any:
        """The recipe's schedule: over the steps or, where minutes count, the clock."""
        recipe, clock = self._ours.recipe, self._ours.clock
        if recipe.minutes is None:
            return super().create_scheduler(num_training_steps, optimizer)
        if self.lr_scheduler is None:

            def factor(_: int) -> float:
                return rate(recipe.schedule, clock.fraction, recipe.warmup_ratio)

            self.lr_scheduler = LambdaLR(optimizer or self.optimizer, factor)
            self._created_lr_scheduler = True
        return self.lr_scheduler

    def create_model_card(self, *args: Any, **more: Any) -> None:
        """Write none: ``recipe.yaml`` says what was trained, on what."""

    def _send_telemetry(self) -> None:
        """Tell nobody."""

    def _get_output_dir(self, trial: Any = None) -> str:
        return str(self._beside or super()._get_output_dir(trial))

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        """Write beside, list the files, rename; see ``checkpoints``."""
        root, step = self._ours.folder, int(self.state.global_step)
        self._beside = root / checkpoints.BESIDE
        self._on_main(lambda: shutil.rmtree(root / checkpoints.BESIDE, True))
        Trainer._save_checkpoint(self, model, trial)
        made = self._beside / f"checkpoint-{step}"
        self._beside = None
        self._on_main(lambda: self._finish(made, root, step))

    def _finish(self, made: Path, root: Path, step: int) -> None:
        checkpoints.seal(made, step, self._ours.clock.seconds)
        checkpoints.place(made, root)
        made.parent.rmdir()
        checkpoints.prune(root, KEEP)

    def _on_main(self, act: Callable[[], Any]) -> None:
        """Let the first process act while all others wait."""
        self.accelerator.wait_for_everyone()
        if self.accelerator.is_main_process:
            act()
        self.accelerator.wait_for_everyone()


def _ordered(setting: Setting) -> Rows:
    """The rows, in batches of about one length where making rows costs little.

    To sort rows they must be made, on every process. That is cheap for synthetic
    scenes, and too much for photographs.
    """
    recipe = setting.recipe
    if all(spec.benchmark.startswith("scenes:") for spec in recipe.data):
        return Levelled(setting.rows, recipe.batch)
    return setting.rows


def arguments(recipe: Recipe, folder: Path, steps: int | None, world: int) -> Any:
    """The recipe as trl's configuration.

    Args:
        recipe: What is trained.
        folder: Where checkpoints go.
        steps: How many; None where the clock ends it.
        world: Number of processes.

    Raises:
        ValueError: If a step's samples cannot be shared out evenly.
    """
    import torch

    per_device, accumulate = share_out(recipe.batch, recipe.per_device_batch, world)
    on_gpu = torch.cuda.is_available()
    return SFTConfig(
        output_dir=str(folder),
        max_steps=steps or ENDLESS,
        per_device_train_batch_size=per_device,
        gradient_accumulation_steps=accumulate,
        learning_rate=recipe.lr,
        lr_scheduler_type=_SCHEDULES[recipe.schedule],
        warmup_steps=recipe.warmup_ratio,
        weight_decay=recipe.weight_decay,
        max_grad_norm=recipe.max_grad_norm,
        optim="adamw_torch_fused" if on_gpu else "adamw_torch",
        bf16=recipe.precision == "bf16",
        fp16=recipe.precision == "fp16",
        gradient_checkpointing=recipe.gradient_checkpointing,
        seed=recipe.seed,
        train_sampling_strategy="sequential",
        remove_unused_columns=False,
        max_length=None,
        logging_steps=recipe.log_every,
        save_strategy="steps",
        save_steps=recipe.save_every,
        report_to=[],
        disable_tqdm=True,
        use_cpu=not on_gpu,
        dataloader_pin_memory=on_gpu,
        ddp_timeout=24 * 3600,
    )


def share_out(batch: int, per_device: int, world: int) -> tuple[int, int]:
    """Samples a device takes at once, and how often, for one step.

    Raises:
        ValueError: If the batch is no multiple of the number of processes.

    Examples:
        >>> share_out(128, 4, 8), share_out(16, 16, 2), share_out(12, 4, 2)
        ((4, 4), (8, 1), (3, 2))
    """
    if batch % world:
        raise ValueError(f"batch is {batch}, expected a multiple of {world} processes")
    each = batch // world
    at_once = max(k for k in range(1, min(per_device, each) + 1) if each % k == 0)
    return at_once, each // at_once


_SCHEDULES = {
    "linear": "linear",
    "cosine": "cosine",
    "constant": "constant_with_warmup",
}
