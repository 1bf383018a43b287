"""The tables of ``docs/scaling.md``, from the recipes' own arithmetic.

    python -m t4s_lib.training.scaling                          to read them
    python -m t4s_lib.training.scaling --write docs/scaling.md
    python -m t4s_lib.training.scaling --price "H100 80 GB=2.10" --gpus 16

Tokens, operations and memory come from ``plan``; samples from published counts, so
that the tables are the same on a machine with the data and on one without. What was
measured stands in a file that ``scaling_measured`` writes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from t4s_lib.training.budget import Budget, setting_for
from t4s_lib.training.gpus import GIB, GPUS, UTILIZATION, Gpu
from t4s_lib.training.plan import Plan, plan
from t4s_lib.training.recipe import load_recipe
from t4s_lib.training.scaling_measured import measured_table
from t4s_lib.training.scaling_memory import WAYS, shared_memory, smallest_for
from t4s_lib.training.scaling_prices import DATED, Price, prices

RECIPES = (
    "res-deepseek-vl-1.3b",
    "res-deepseek-vl-7b",
    "res-qwen-vl-7b",
    "res-internvl2-8b",
    "res-llava-1.5-7b",
    "res-llava-1.5-13b",
    "gres-deepseek-vl-1.3b",
    "gres-deepseek-vl-7b",
    "gres-qwen-vl-7b",
    "gres-internvl2-8b",
    "gres-llava-1.5-7b",
    "gres-llava-1.5-13b",
    "vqa-llava-1.5-7b",
    "ovs-llava-1.5-7b",
)
"""Every training of the paper's tables 1 to 5."""

_SHARED = ("res-qwen-vl-7b", "res-llava-1.5-7b", "res-llava-1.5-13b")
_EXA = 1e18
Rows = Iterator[Sequence[str]]


def tables(
    count: int, costs: Mapping[str, Price], measured: Path | None
) -> dict[str, str]:
    """Every table by its name.

    Args:
        count: GPUs that share a training.
        costs: GPU to price.
        measured: What ``scaling_measured`` wrote; None leaves that table out.
    """
    plans = [plan(load_recipe(name)) for name in RECIPES]
    found = {
        "runs": _table(_runs(plans)),
        "hours": _table(_hours(plans, count)),
        "cost": _table(_costs(plans, costs)),
        "prices": _table(_prices(costs)),
        "memory": _table(_memory(plans, count)),
    }
    if measured is not None:
        found["measured"] = measured_table(measured)
    return found


def filled(text: str, parts: Mapping[str, str]) -> str:
    r"""A page with its tables put between their markers.

    Args:
        text: With ``<!-- table NAME -->`` and ``<!-- end NAME -->`` lines.
        parts: Name to table.

    Raises:
        ValueError: If the page has no place for one of them.

    Examples:
        >>> print(filled("<!-- table a -->\\nold\\n<!-- end a -->", {"a": "new"}))
        <!-- table a -->
        new
        <!-- end a -->
    """
    for name, table in parts.items():
        first, last = f"<!-- table {name} -->", f"<!-- end {name} -->"
        if first not in text or last not in text:
            raise ValueError(f"page has no {first} ... {last}, expected a place for it")
        before, _, rest = text.partition(first)
        _, _, after = rest.partition(last)
        text = f"{before}{first}\n{table}\n{last}{after}"
    return text


def _runs(plans: Sequence[Plan]) -> Rows:
    yield ("recipe", "steps", "samples", "tokens a sample", "tokens", "EFLOP", "GiB")
    for one in plans:
        assert one.samples
        assert one.steps
        assert one.flops
        assert one.budget
        yield (
            one.recipe.name,
            f"{one.steps:,}",
            f"{one.samples / 1e6:.2f} M",
            f"{one.tokens:,.0f}",
            f"{one.samples * one.tokens / 1e9:.2f} G",
            f"{one.flops / _EXA:,.1f}",
            f"{one.budget.memory.total / GIB:.1f}",
        )


def _hours(plans: Sequence[Plan], count: int) -> Rows:
    yield ("recipe", *(f"{count} x {gpu.name}" for gpu in GPUS))
    for one in plans:
        yield (one.recipe.name, *(_time(one, gpu, count) for gpu in GPUS))


def _costs(plans: Sequence[Plan], costs: Mapping[str, Price]) -> Rows:
    yield ("recipe", *(gpu.name for gpu in GPUS))
    for one in plans:
        yield (one.recipe.name, *(_cost(one, gpu, costs) for gpu in GPUS))


def _prices(costs: Mapping[str, Price]) -> Rows:
    yield ("GPU", "peak, TFLOP/s", "$ an hour", "from")
    for gpu in GPUS:
        price = costs[gpu.name]
        yield (gpu.name, f"{gpu.tflops:g}", f"{price.dollars:.2f}", price.source)


def _memory(plans: Sequence[Plan], count: int) -> Rows:
    yield ("recipe", "trained", *(f"{way}, GiB" for way in WAYS), "least GPU, fsdp")
    for one in plans:
        if one.recipe.name not in _SHARED or one.budget is None:
            continue
        for what, budget in _both(one.budget):
            each = [shared_memory(budget, way, count).total / GIB for way in WAYS]
            least = smallest_for(budget, "fsdp", count)
            sizes = (f"{size:.1f}" for size in each)
            yield (one.recipe.name, what, *sizes, least.name if least else "none")


def _both(budget: Budget) -> Iterator[tuple[str, Budget]]:
    """The recipe's LoRA, and the same with every weight trained."""
    from dataclasses import replace

    yield f"LoRA r {budget.r}", budget
    yield "every weight", replace(budget, r=None)


def _time(one: Plan, gpu: Gpu, count: int) -> str:
    setting = None if one.budget is None else setting_for(one.budget, gpu)
    if setting is None or one.flops is None:
        return "-"
    return f"{gpu.hours(one.flops, count):,.0f}{'*' if setting else ''}"


def _cost(one: Plan, gpu: Gpu, costs: Mapping[str, Price]) -> str:
    setting = None if one.budget is None else setting_for(one.budget, gpu)
    if setting is None or one.flops is None:
        return "-"
    dollars = gpu.hours(one.flops) * costs[gpu.name].dollars
    return f"{dollars:,.0f}{'*' if setting else ''}"


def _table(rows: Rows) -> str:
    """Rows as Markdown, the first one the head."""
    head, *rest = rows
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rest]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m t4s_lib.training.scaling")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="fill its tables")
    parser.add_argument("--measured", type=Path, metavar="JSON", help="scaling.json")
    parser.add_argument("--gpus", type=int, default=8, metavar="N")
    parser.add_argument(
        "--price", action="append", default=[], metavar="GPU=DOLLARS", help="repeatable"
    )
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Write the tables into a page, or print them."""
    chosen = _arguments(words)
    beside = chosen.write and chosen.write.with_suffix(".json")
    try:
        parts = tables(chosen.gpus, prices(chosen.price), chosen.measured or beside)
        if chosen.write is None:
            print("\n\n".join(f"{name}\n{table}" for name, table in parts.items()))
            print(f"\nprices of {DATED}; {UTILIZATION:.0%} of the peak rate, assumed")
        else:
            page = chosen.write.read_text(encoding="utf-8")
            chosen.write.write_text(filled(page, parts), encoding="utf-8")
    except (OSError, ValueError) as error:
        print(f"t4s: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
