"""The two tags around a mask's text, and what to do when they are not there."""

from __future__ import annotations

import re
from typing import NamedTuple

from t4s_lib.codecs.labels import BLANKS
from t4s_lib.codecs.report import Fault

OPEN = "<seg>"
CLOSE = "</seg>"

_TAG = re.compile("</?seg>", re.IGNORECASE)


class Tagged(NamedTuple):
    """A text cut at its tags.

    Attributes:
        before: What stands before the mask.
        body: The mask's text.
        after: What stands behind it.
        is_tagged: Whether there was any tag.
        faults: Tags missing or too many.
    """

    before: str
    body: str
    after: str
    is_tagged: bool
    faults: tuple[Fault, ...]

    @property
    def may_be_cut(self) -> bool:
        """Whether the text may have been cut off: no closing tag, no last newline."""
        is_closed = self.is_tagged and Fault("missing_close_tag") not in self.faults
        return not is_closed and not self.body.endswith("\n")


def cut(text: str) -> Tagged:
    r"""Find the mask in a text: from the first ``<seg>`` to the next ``</seg>``.

    Without tags the whole text is the mask.

    Examples:
        >>> cut("Sure:\n<seg>others *2\n</seg>")[:3]
        ('Sure:\n', 'others *2\n', '')
        >>> cut("others *2\n</seg>").faults
        (Fault(kind='missing_open_tag', row=None, column=None, found=''),)
    """
    tags = list(_TAG.finditer(text))
    if not tags:
        return Tagged("", text, "", False, ())
    opens = [tag for tag in tags if not _closes(tag)]
    start = opens[0] if opens else None
    begin = start.end() if start else 0
    end = next((tag for tag in tags if _closes(tag) and tag.start() >= begin), None)
    faults = []
    if start is None:
        faults.append(Fault("missing_open_tag"))
    if end is None:
        faults.append(Fault("missing_close_tag"))
    surplus = len(tags) - (start is not None) - (end is not None)
    faults += [Fault("extra_tag", found=f"{surplus} more")] * (surplus > 0)
    before = text[: start.start()] if start else ""
    body, after = (
        (text[begin : end.start()], text[end.end() :]) if end else (text[begin:], "")
    )
    return Tagged(before, _TAG.sub("", body), after, True, tuple(faults))


def prose(tagged: Tagged) -> list[Fault]:
    """Faults for words that stand outside the tags."""
    outside = (tagged.before, _TAG.sub("", tagged.after))
    return [Fault("prose", found=p.strip(BLANKS)) for p in outside if p.strip(BLANKS)]


def _closes(tag: re.Match[str]) -> bool:
    return tag[0].startswith("</")
