r"""What a parser did: every fault it met, where, and how the reading ended.

Reading model output never raises and never guesses silently. What was mended is
listed as a fault, by row, column and kind:

    kind               what stood there                  what was done
    -----------------  --------------------------------  -----------------------------
    missing_open_tag   ``</seg>`` without ``<seg>``      read from the start
    missing_close_tag  ``<seg>`` without ``</seg>``      read to the end
    extra_tag          a tag too many                    dropped
    prose              words outside the mask            dropped
    row_separator      ``;`` or a typed ``\n``           taken as a new row
    no_row_breaks      all rows on one line              cut where a row is full
    run_separator      ``,`` or a blank for ``|``        taken as a new run
    white_space        blanks or empty lines out of place  dropped
    no_count           a run without a count             dropped
    zero_count         a run of no cells                 dropped
    count_spelling     ``007``                           read as 7
    split_run          neighbours of one label           joined
    unknown_label      a label that was not asked for    taken as ``others``
    label_spelling     an asked label in other letters   taken as the asked one
    label_escape       an escape that escapes nothing    read literally
    row_too_short      counts below the width            last label drawn out
    row_too_long       counts above the width            cut at the width
    missing_rows       fewer rows than the grid          filled with ``others``
    surplus_rows       more rows than the grid           dropped
    cut_off            the text ends in mid-run          the stump dropped
    not_folded         a row written that equals the last  read as shown
    fold_spelling      ``X03`` for ``x3``, or ``x1``     read as so many rows
    no_alias           a label that was not named        taken as the label
    alias_spelling     a letter out of turn, or again    taken as it stands
    no_box             rows without a box                laid over the whole grid
    loose_box          a box wider than what is in it    read as shown
    box_place          a box beyond the grid             cut at the grid's edge
    no_label           rows before any label             dropped
    overlap            cells that are taken already      left as they are
    unreadable         no run, or no cell, to be found   filled with ``others``
    other_spelling     anything else not as we write it  read as shown by the grid

and, with ``mode="parity"`` only, what the authors' decoder does without a word:

    flat_length        counts do not sum to the grid     all later rows shift
    first_label_lost   the text never says ``others``    first label becomes background
    gave_up            anything it does not expect       the whole mask is empty
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

Status = Literal["exact", "repaired", "failed"]

_EXCERPT = 40  # characters of the user's text that a fault quotes


@dataclass(frozen=True)
class Fault:
    """One departure from the format.

    Attributes:
        kind: A kind from the table at the top of this module.
        row: Grid row it happened in, from 0; None where it is in no row.
        column: First grid column it touches, from 0; None where there is none.
        found: What stood there, shortened.

    Examples:
        >>> print(Fault("row_too_short", 3, 12, "others *12"))
        row 3, column 12: row_too_short, found 'others *12'
    """

    kind: str
    row: int | None = None
    column: int | None = None
    found: str = ""

    def __post_init__(self) -> None:
        if len(self.found) > _EXCERPT:
            object.__setattr__(self, "found", self.found[: _EXCERPT - 1] + "…")

    def __str__(self) -> str:
        where = [
            f"{name} {place}"
            for name, place in (("row", self.row), ("column", self.column))
            if place is not None
        ]
        found = f", found {self.found!r}" if self.found else ""
        return (", ".join(where) + ": " if where else "") + self.kind + found


@dataclass(frozen=True)
class ParseReport:
    """How a reading ended.

    Attributes:
        status: ``"exact"``: the text, blanks at its two ends aside, is what
            ``encode`` writes for this grid. ``"repaired"``: it departs from
            that in the ways listed. ``"failed"``: nothing could be read, and
            every cell is ``others``.
        faults: Every departure, in reading order.

    Examples:
        >>> print(ParseReport("exact"))
        exact
        >>> print(ParseReport("repaired", (Fault("missing_rows", 14),)))
        repaired, 1 fault
          row 14: missing_rows
    """

    status: Status
    faults: tuple[Fault, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of fault that occurred."""
        return frozenset(fault.kind for fault in self.faults)

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values, ready for JSON."""
        return {"status": self.status, "faults": [asdict(f) for f in self.faults]}

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        n = len(self.faults)
        yield self.status + (f", {n} fault{'s' * (n > 1)}" if n else "")
        for fault in self.faults:
            yield f"  {fault}"
