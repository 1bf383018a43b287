"""The arms of an experiment: what each trains, where, and how far it is.

An arm is a codec on a grid from a seed; its training lies in
``OUT/<codec>-<grid>/seed-<k>``, as ``t4s train`` leaves it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from t4s_lib.training.recipe import Recipe, load_recipe, override, to_dict

State = Literal["missing", "begun", "done"]

FREE = (
    "name", "title", "source", "differs", "per_device_batch", "eval", "log_every",
    "save_every",
)  # fmt: skip
"""Keys in which a training that is there may differ from what is asked: how it is
called, looked after and cut in parts, which changes little of what it learns."""


@dataclass(frozen=True)
class Arm:
    """One training of an experiment.

    Attributes:
        recipe: What it trains; codec, grid and seed are the arm's.
        out: The experiment's folder.
        processes: How many share the work.
    """

    recipe: Recipe
    out: Path
    processes: int = 1

    @property
    def folder(self) -> Path:
        """Where the training lies."""
        recipe = self.recipe
        return self.out / f"{recipe.codec}-{recipe.grid}" / f"seed-{recipe.seed}"

    def __str__(self) -> str:
        recipe = self.recipe
        return f"{recipe.codec} on {recipe.grid} x {recipe.grid}, seed {recipe.seed}"

    @property
    def state(self) -> State:
        """Whether the training is there."""
        if (self.folder / "done.json").is_file():
            return "done"
        return "begun" if (self.folder / "recipe.yaml").is_file() else "missing"

    @cached_property
    def found(self) -> Recipe:
        """The recipe that the folder's training was begun with.

        Raises:
            ValueError: If it is no recipe.
        """
        return load_recipe(self.folder / "recipe.yaml")

    @property
    def differs(self) -> dict[str, Any]:
        """Where a training that is there is not as asked, in keys of little weight."""
        names = ("name", "title", "source", "differs")
        told = [key for key in FREE if key not in names]
        there, asked = (
            flat({key: to_dict(recipe)[key] for key in told})
            for recipe in (self.found, self.recipe)
        )
        return {
            k: there.get(k) for k in {**asked, **there} if there.get(k) != asked.get(k)
        }

    def check(self) -> None:
        """See that a training which is there is the one that is asked for.

        Raises:
            ValueError: If it differs in what matters; one line.
        """
        if self.state == "missing":
            return
        there, asked = to_dict(self.found), to_dict(self.recipe)
        for key in (key for key in asked if key not in FREE):
            if there[key] != asked[key]:
                raise ValueError(
                    f"{self.folder} was trained with {key} {there[key]!r}, expected "
                    f"{asked[key]!r}; ask for that, or give another --out"
                )
        shared = processes_of(self.folder)
        if shared is not None and shared != self.processes:
            raise ValueError(
                f"{self.folder} was trained by {shared} processes, expected "
                f"{self.processes}; ask for that, or give another --out"
            )


def arms_of(
    base: Recipe,
    codecs: Sequence[str],
    grids: Sequence[int],
    seeds: Sequence[int],
    out: Path,
    processes: int = 1,
) -> list[Arm]:
    """Every codec on every grid from every seed.

    The seeds are the outer loop: an experiment that is cut off has compared all
    codecs on the first ones.

    Raises:
        ValueError: If a codec is unknown or a number makes no sense.
    """
    return [
        Arm(override(base, changes(codec, grid, seed)), out, processes)
        for seed in seeds
        for grid in grids
        for codec in codecs
    ]


def changes(codec: str, grid: int, seed: int) -> list[str]:
    """An arm's own part of a recipe."""
    return [f"codec={codec}", f"grid={grid}", f"seed={seed}"]


def flat(values: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Nested keys joined by dots.

    Examples:
        >>> flat({"lora": {"r": 4}, "lr": 0.1})
        {'lora.r': 4, 'lr': 0.1}
    """
    found: dict[str, Any] = {}
    for key, value in values.items():
        inner = isinstance(value, Mapping)
        found |= flat(value, f"{before}{key}.") if inner else {before + key: value}
    return found


def processes_of(folder: Path) -> int | None:
    """How many processes made a training's last checkpoint; None if none says so."""
    states = [path.parent for path in (folder / "checkpoints").glob("*/rng_state*.pth")]
    if not states:
        return None
    last = max(states, key=lambda path: path.stat().st_mtime)
    return len(list(last.glob("rng_state*.pth")))


def shared_recipe(arm: Arm) -> dict[str, Any]:
    """What an arm's recipe has in common with the other arms'."""
    own = ("codec", "grid", "seed")
    return {key: value for key, value in to_dict(arm.recipe).items() if key not in own}
