"""A failing case, drawn: what was asked, the target, yours, and the difference."""

from __future__ import annotations

import html
from typing import Any

import numpy as np
from numpy.typing import NDArray

from t4s_lib.course import draw
from t4s_lib.course.exercises.model import Raised, View
from t4s_lib.course.figures import img, new_figure
from t4s_lib.descriptor import DescriptorGrid

_WIDEST = 400  # characters of a value that are worth showing


def case_text(view: View, case: tuple[Any, ...], target: Any, mine: Any) -> str:
    """The case as text."""
    asked = f"for     {_short(case)}\n" if case else ""
    return f"{asked}target  {_short(target)}\nyours   {_short(mine)}"


def case_html(view: View, case: tuple[Any, ...], target: Any, mine: Any) -> str:
    """The case as HTML: cells side by side, or text with its first difference."""
    asked = f"<p>For <code>{html.escape(_short(case))}</code>:</p>" if case else ""
    if view == "cells" and _is_grid(target) and _is_grid(mine):
        return _cells(np.asarray(target), np.asarray(mine))
    if isinstance(target, str) and isinstance(mine, str):
        return asked + _texts(target, mine)
    return asked + _values(target, mine)


def first_difference(one: str, two: str) -> int:
    """Position of the first character that differs.

    Examples:
        >>> first_difference("dog *3", "dog * 3")
        5
    """
    pairs = enumerate(zip(one, two, strict=False))
    return next((k for k, (a, b) in pairs if a != b), min(len(one), len(two)))


def _cells(target: NDArray[Any], mine: NDArray[Any]) -> str:
    same_shape = target.shape == mine.shape
    fig, axes = new_figure(7.2, 2.6, cols=3 if same_shape else 2)
    for ax, values, title in zip(
        axes, (target, mine), ("target", "yours"), strict=False
    ):
        shape = f"{values.shape[0]} rows, {values.shape[1]} columns"
        draw.cells(ax, _as_grid(values), f"{title}: {shape}")
    if not same_shape:
        return img(fig, f"The target has shape {target.shape}, yours {mine.shape}.")
    draw.difference(axes[2], target.astype(int), mine.astype(int))
    wrong = int((target != mine).sum())
    return img(fig, f"Target and your grid differ in {wrong} of {target.size} cells.")


def _as_grid(values: NDArray[Any]) -> DescriptorGrid:
    return DescriptorGrid(values.astype(int), ("others", "target"))


def _is_grid(value: Any) -> bool:
    if isinstance(value, Raised):
        return False
    try:
        array = np.asarray(value)
    except ValueError:
        return False
    is_flat = array.ndim == 2 and 0 < array.size <= 4096 and array.dtype.kind in "bui"
    return is_flat and bool(np.isin(array, (0, 1)).all())


def _texts(target: str, mine: str) -> str:
    at = first_difference(target, mine)
    lines = [_visible(target), _visible(mine)]
    column = len(_visible(target[:at]))
    start = max(0, column - 40)
    shown = [("…" if start else "") + line[start : start + 90] for line in lines]
    caret = " " * (column - start + (1 if start else 0)) + "^ first difference"
    body = f"target  {shown[0]}\nyours   {shown[1]}\n        {caret}"
    return f"<pre>{html.escape(body)}</pre>"


def _values(target: Any, mine: Any) -> str:
    body = f"target  {_short(target)}\nyours   {_short(mine)}"
    return f"<pre>{html.escape(body)}</pre>"


def _visible(text: str) -> str:
    return text.replace("\n", "⏎")


def _short(value: Any) -> str:
    if isinstance(value, Raised):
        return f"raised {value}"
    if isinstance(value, tuple):
        return ", ".join(_short(item) for item in value)
    if isinstance(value, np.ndarray):
        what = "mask" if value.dtype == bool else "array"
        if value.size > 64:
            return f"a {what} of {value.shape[0]} x {value.shape[-1]}"
        return str(
            value.astype(int).tolist() if value.dtype == bool else value.tolist()
        )
    text = repr(value)
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
