r"""What stands before a mask: the paper's answer sentences and the opening tag.

The segmentation mask for 'dog' is shown below:\n<seg>
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from t4s_lib.codecs.labels import escape_tags
from t4s_lib.codecs.tags import OPEN
from t4s_lib.prompts import ANSWERS, join_labels

_SLOT = re.compile(r"\bX\b")


def openings(
    labels: str | Sequence[str], kind: str = "partial", joiner: str = "code"
) -> list[str]:
    r"""All that may stand before a mask, likely ones first.

    Args:
        labels: What was asked for.
        kind: The kind of question, see ``prompts.ask``.
        joiner: How several labels were joined.

    Raises:
        ValueError: For an unknown kind or joiner.

    Examples:
        >>> openings("dog")[0]
        "The segmentation mask for 'dog' is shown below:\n<seg>"
        >>> openings(["zebra", "grass"], "condition")
        ['Sure, the segmentation mask is:\n<seg>']
    """
    if kind not in ANSWERS:
        raise ValueError(f"kind is {kind!r}, expected one of {', '.join(ANSWERS)}")
    wanted = labels if isinstance(labels, str) else join_labels(labels, joiner)
    words = escape_tags(wanted)
    often = Counter(ANSWERS[kind]).most_common()
    return [f"{_SLOT.sub(lambda _: words, told)}\n{OPEN}" for told, _ in often]
