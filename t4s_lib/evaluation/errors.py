"""What stops an evaluation though its input was fine: one line for a person."""

from __future__ import annotations


class EvaluationError(RuntimeError):
    """A run that did not come to its end, or whose samples are too often bad."""
