"""A plan as a page of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from t4s_lib.training.budget import Budget, gib, setting_for
from t4s_lib.training.gpus import GPUS, ROOM, UTILIZATION

if TYPE_CHECKING:
    from t4s_lib.training.plan import Plan, Source

_LEFT, _WIDTH = 10, 88
_SMALL = 2 * 2**30  # bytes that any machine has
_MANY = 8  # GPUs of the second column of hours


def page(plan: Plan) -> str:
    """The plan, line by line: what it takes, and where each number is from."""
    return "\n".join(line.rstrip() for line in _lines(plan))


def _lines(plan: Plan) -> Iterator[str]:
    recipe = plan.recipe
    yield f"{recipe.name}: {recipe.title}"
    yield from _item("from", recipe.source)
    yield from _item("model", _model(plan))
    yield from _item("trained", _trained(plan))
    yield from _item("data", _data(plan))
    for source in plan.sources:
        yield from _source(source)
    yield from _item("steps", _steps(plan))
    yield from _item("tokens", _tokens(plan))
    yield from _memory(plan)
    for number, words in enumerate(recipe.differs):
        yield from _item("differs" if not number else "", words)


def _item(name: str, words: str) -> Iterator[str]:
    """A name at the left, and words beside it, broken to the page's width."""
    pieces = wrap(words, _WIDTH - _LEFT, break_on_hyphens=False) or [""]
    for k, piece in enumerate(pieces):
        yield f"{name if not k else '':<{_LEFT}}{piece}"


def _model(plan: Plan) -> str:
    name = plan.recipe.model
    if plan.shape is None:
        return f"{name}: not on this machine, so no memory and no hours below"
    first = f", starting from {plan.recipe.init}" if plan.recipe.init else ""
    return f"{name}, {_count(plan.shape.parameters)} parameters{first}"


def _trained(plan: Plan) -> str:
    lora, budget = plan.recipe.lora, plan.budget
    what = f"LoRA r {lora.r} on {lora.targets}" if lora else "every weight"
    return f"{what}: {_count(budget.trained)} parameters" if budget else what


def _data(plan: Plan) -> str:
    if plan.epoch is None:
        return "no end: samples are made as needed"
    share = plan.recipe.held_back
    kept = f", {share:.0%} held back for validation" if share else ""
    return f"{plan.epoch:,} samples an epoch{kept}"


def _source(source: Source) -> Iterator[str]:
    name, spec = source.spec.benchmark, source.spec
    unit = "refs" if spec.per == "ref" else "samples"
    if source.pass_size is None:
        yield f"{'':<{_LEFT}}{name}, {source.note}"
        return
    size = f"{spec.passes} x {source.pass_size:,} {unit}"
    yield f"{'':<{_LEFT}}{name:<23}{size:<23}{source.trust}:"
    for piece in wrap(source.note, _WIDTH - _LEFT - 2, break_on_hyphens=False):
        yield f"{'':<{_LEFT + 2}}{piece}"


def _steps(plan: Plan) -> str:
    recipe = plan.recipe
    if plan.steps is None:
        return f"as many as {recipe.minutes:g} minutes give, at batch {recipe.batch}"
    each = recipe.per_device_batch
    epochs = f" = {recipe.epochs:g} epochs" if recipe.epochs else ""
    shares = f" = {recipe.batch // each} x {each} on a device" * (recipe.batch > each)
    return f"{plan.steps:,}{epochs} at batch {recipe.batch}{shares}"


def _tokens(plan: Plan) -> str:
    where = sorted({source.text.source for source in plan.sources})
    seen = f"{plan.visual} of the picture, " if plan.shape else ""
    total = f"; {_count(plan.samples * plan.tokens)} in all" if plan.samples else ""
    parts = f"{seen}{plan.text:.0f} of text"
    return f"{plan.tokens:,.0f} a sample: {parts}{total}; text: {'; '.join(where)}"


def _memory(plan: Plan) -> Iterator[str]:
    budget = plan.budget
    if budget is None:
        return
    parts = [f"{name} {gib(size)}" for name, size in budget.memory.parts().items()]
    total = gib(budget.memory.total)
    yield from _item("memory", f"{total} on each device: {', '.join(parts)}")
    if budget.memory.total < _SMALL:
        yield from _item("hours", "any GPU has room for it, and so has a laptop")
        return
    rows = [("GPU", "hours on 1", f"on {_MANY}", "fits"), *_gpus(budget, plan.flops)]
    for k, row in enumerate(rows):
        yield f"{'hours' if not k else '':<{_LEFT}}{_columns(row)}"
    yield from _item(
        "",
        f"Assumed: {UTILIZATION:.0%} of a GPU's peak rate, {ROOM:.0%} of its memory; "
        "evaluations and unpacking 4-bit weights not counted. Not measured on a GPU.",
    )


def _gpus(budget: Budget, flops: float | None) -> Iterator[tuple[str, ...]]:
    for gpu in GPUS:
        setting = setting_for(budget, gpu)
        fits = "no" if setting is None else f"with {setting}" if setting else "yes"
        counts = (1, _MANY) if setting is not None and flops is not None else ()
        hours = [f"{gpu.hours(flops or 0, n):,.0f}" for n in counts] or ["-", "-"]
        yield (gpu.name, *hours, fits)


def _columns(row: Sequence[str]) -> str:
    return f"{row[0]:<16}{row[1]:>10}{row[2]:>8}   {row[3]}"


def _count(number: float) -> str:
    """A large number in words.

    Examples:
        >>> _count(7_063_427_072), _count(159_907_840), _count(464_000), _count(90)
        ('7.06 billion', '160 million', '464 thousand', '90')
    """
    for size, word in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if number >= size:
            value = number / size
            return f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f} {word}"
    return f"{number:.0f}"
