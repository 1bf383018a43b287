r"""A model's whole answer, read: sentence aside, tags aside, text to grid.

answer   The segmentation mask for 'dog' is shown below:\n<seg>dog *2\n ...</seg>
text     dog *2\n ...
"""

from __future__ import annotations

from typing import NamedTuple

from t4s_lib.codecs import codec as find_codec
from t4s_lib.codecs.report import ParseReport
from t4s_lib.descriptor import DescriptorGrid, Size
from t4s_lib.prompts import unfold


class Reading(NamedTuple):
    """What an answer says.

    Attributes:
        text: The mask's text; the whole answer where it has no tags.
        grid: The cells it names.
        report: What had to be mended, missing tags included.
    """

    text: str
    grid: DescriptorGrid
    report: ParseReport


def read_answer(answer: str, size: Size = 16, codec: str = "row-rle") -> Reading:
    r"""Read what a model answered; never raises for its text.

    Every label but ``others`` counts, as in the authors' evaluation.

    Args:
        answer: The whole answer.
        size: Grid side, or ``(rows, cols)``.
        codec: The format asked for.

    Raises:
        ValueError: For a bad size or an unknown codec.

    Examples:
        >>> read_answer("Here it is:\n<seg>dog *2\n others *2\n</seg>", 2).report.status
        'exact'
        >>> print(read_answer("<seg>dog *2\n others *2\n", 2).report)
        repaired, 1 fault
          missing_close_tag
        >>> print(read_answer("There is no dog.", 2).report.status)
        failed
    """
    parts = unfold(answer)
    grid, inner = find_codec(codec).decode(parts.text, size)
    faults = (*parts.faults, *inner.faults)
    status = "repaired" if faults and inner.status == "exact" else inner.status
    return Reading(parts.text, grid, ParseReport(status, faults))
