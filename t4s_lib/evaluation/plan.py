"""What a run is: everything that its predictions depend on, kept in ``run.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from t4s_lib.codecs import codec as find_codec
from t4s_lib.descriptor import Size, grid_size
from t4s_lib.grid import mask_to_grid
from t4s_lib.models.checkpoints import noted_format
from t4s_lib.sources.errors import DataError, listed

PLAN_FILE = "run.json"
ORACLE = "oracle"
"""The model that writes the true grid."""

PLAIN = "nearest"
"""The refiner that is none: every run is scored with it."""

_PROMPTS = "one of the paper's wordings, chosen by the sample's source"


@dataclass(frozen=True)
class Plan:
    """A run on one benchmark.

    Attributes:
        model: ``oracle``, ``tiny``, a folder or a Hub id.
        benchmark: Its name, e.g. ``refcocog:umd:val``.
        codec: The format of the texts.
        grid: Rows and columns of the texts.
        rule: How the true grid is made, see ``mask_to_grid``.
        refiners: What draws the pixels, beside ``nearest``.
        batch: How many samples a model answers at once; as rounding may depend on
            it, it belongs to the run.
        max_new_tokens: Longest answer.
        threads: Of torch on a CPU; likewise.
        load: How the model is loaded: ``dtype``, ``quantize``, ``device``.
        weights: What was loaded; empty for the oracle.
        prompts: How the questions were chosen.
        versions: Of the packages that the answers depend on.
    """

    model: str
    benchmark: str
    codec: str = "row-rle"
    grid: tuple[int, int] = (16, 16)
    rule: str = "nearest"
    refiners: tuple[str, ...] = ("bilinear",)
    batch: int = 16
    max_new_tokens: int = 2048
    threads: int = 1
    load: Mapping[str, Any] = field(default_factory=dict)
    weights: str = ""
    prompts: str = _PROMPTS
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def ways(self) -> tuple[str, ...]:
        """Everything that draws the pixels, ``nearest`` first."""
        return (PLAIN, *self.refiners)

    @property
    def headline(self) -> str:
        """The way whose score is the run's: the first refiner, if there is one."""
        return self.ways[1] if self.refiners else PLAIN

    def as_dict(self) -> dict[str, Any]:
        """The plan as plain values, as they are read back from JSON."""
        read: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return read

    def pinned(self) -> Plan:
        """The same with the versions that are installed here."""
        names = ["t4s-lib", "numpy"]
        if self.model != ORACLE:
            names += ["torch", "transformers", "peft"]
        return replace(self, versions={name: _version(name) for name in names})


def plan_of(
    *,
    model: str,
    benchmark: str,
    codec: str | None = None,
    grid: Size | None = None,
    refiners: Sequence[str] = ("bilinear",),
    **more: Any,
) -> Plan:
    """A plan; codec and grid, where not given, as noted beside the model.

    Args:
        model: ``oracle``, ``tiny``, a folder or a Hub id.
        benchmark: Its name.
        codec: The format of the texts; else as noted, else ``row-rle``.
        grid: Grid side, or ``(rows, cols)``; else as noted, else 16.
        refiners: What draws the pixels; ``nearest`` always does.
        more: Other fields of ``Plan``.

    Raises:
        ValueError: For an unknown codec or rule, or a number out of range.

    Examples:
        >>> plan_of(model="oracle", benchmark="voc:20:val", grid=32).grid
        (32, 32)
    """
    noted = noted_format(model)
    plan = Plan(
        model=model,
        benchmark=benchmark,
        codec=find_codec(codec or noted.get("codec", "row-rle")).name,
        grid=grid_size(grid or noted.get("grid", 16)),
        refiners=tuple(dict.fromkeys(name for name in refiners if name != PLAIN)),
        **more,
    )
    for name in ("batch", "max_new_tokens", "threads"):
        if getattr(plan, name) < 1:
            raise DataError(f"{name} is {getattr(plan, name)}, expected 1 or more")
    mask_to_grid([[True]], 1, rule=plan.rule)  # refuses an unknown rule
    return plan


def read_plan(out: Path) -> Plan | None:
    """The plan of the run in a folder; None if it has none.

    Raises:
        DataError: If ``run.json`` is not one.
    """
    path = out / PLAN_FILE
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        tuples = {key: tuple(found[key]) for key in ("grid", "refiners")}
        return Plan(**{**found, **tuples})
    except (ValueError, TypeError, KeyError) as fault:
        raise DataError(f"{path} is not what t4s evaluate writes: {fault}") from fault


def check_out(out: Path, plan: Plan) -> None:
    """See that a folder is new, or holds a run of the same plan.

    Args:
        out: The folder.
        plan: What is to be run. Its weights are compared if they are known.

    Raises:
        DataError: If it holds anything else; one line that says what.
    """
    if out.exists() and not out.is_dir():
        raise DataError(f"--out is {out}, a file; expected a folder")
    before = read_plan(out)
    if before is None:
        there = _inside(out)
        if there:
            expected = "expected a new folder, or one of an evaluation"
            raise DataError(f"--out is {out}, which holds {listed(there)}; {expected}")
        return
    old, new = before.as_dict(), plan.as_dict()
    for key in old:
        unknown = key == "weights" and not new[key]
        if old[key] != new[key] and not unknown:
            found, ours = _differing(old[key], new[key])
            raise DataError(
                f"predictions in {out} are of another run: {key} is {found}, not "
                f"{ours}; give another --out"
            )


def _differing(old: Any, new: Any) -> tuple[str, str]:
    """Both values; of mappings only what is not the same."""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [k for k in sorted({*old, *new}) if old.get(k) != new.get(k)]
        old, new = ({k: side.get(k) for k in keys} for side in (old, new))
    return repr(old), repr(new)


def _inside(out: Path) -> list[str]:
    if not out.is_dir():
        return []
    return [path.name for path in out.iterdir() if not path.name.startswith(".")]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
