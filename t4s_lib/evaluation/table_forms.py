"""A table as Markdown or HTML."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Table:
    """A table before it is drawn.

    Attributes:
        caption: What is measured.
        head: Names of the columns.
        rows: Cells, as many as names; ``-`` where there is no figure.
        ours: Which row is ours.
        notes: What one has to know to compare, one line each.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    ours: int
    notes: tuple[str, ...]


def _markdown(table: Table) -> str:
    rules = ["---", "---", *["---:"] * (len(table.head) - 3), "---"]
    lines = [_line(table.head), "|" + "|".join(rules) + "|"]
    for k, row in enumerate(table.rows):
        cells = [cell.replace("|", "\\|") for cell in row]
        own = [f"**{cell}**" if cell else "" for cell in cells]
        lines.append(_line(own if k == table.ours else cells))
    title = f"**{table.caption}**, in percent"
    return "\n\n".join([title, "\n".join(lines), "  \n".join(table.notes)]) + "\n"


def _line(cells: Collection[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _html(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.head)
    rows = "\n".join(
        _html_row(row, own=k == table.ours) for k, row in enumerate(table.rows)
    )
    notes = "".join(f"<li>{escape(note)}</li>" for note in table.notes)
    return (
        f'<table class="beside">\n<caption>{escape(table.caption)}, in percent'
        f"</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n"
        f'</table>\n<ul class="beside-notes">{notes}</ul>\n'
    )


def _html_row(row: tuple[str, ...], own: bool) -> str:
    name, *cells = (escape(cell) for cell in row)
    body = "".join(f"<td>{cell}</td>" for cell in cells)
    mark = ' class="ours"' if own else ""
    return f'<tr{mark}><th scope="row">{name}</th>{body}</tr>'


FORMS: dict[str, Callable[[Table], str]] = {"markdown": _markdown, "html": _html}
"""The ways of drawing a table, by name."""
