"""The oracle: the true grid as a whole answer, so that all but the model is measured.

Its text goes through the same parser and refiners as a model's.
"""

from __future__ import annotations

from t4s_lib.codecs import codec as find_codec
from t4s_lib.evaluation.items import Item
from t4s_lib.prompts import fold


def oracle_answer(item: Item) -> str:
    """What a model says that makes no mistake, sentence and tags included."""
    text = find_codec(item.plan.codec).encode(item.true_grid)
    sample = item.sample
    return fold(text, sample.expression, kind=item.kind, seed=sample.source)
