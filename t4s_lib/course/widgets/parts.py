"""Small parts that the widgets share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets

LABELLED: Any = {"style": {"description_width": "initial"}}
"""For every control: its label is shown in full."""

MONO = "t4s-mono"
"""Class of a text area whose letters are all of one width."""

_STYLE = f"""<style>
.jupyter-widgets.{MONO} {{ flex-direction: column; align-items: stretch;
  height: auto; }}
.jupyter-widgets.{MONO} > label {{ text-align: left; }}
.jupyter-widgets.{MONO} > textarea {{ overflow: auto; white-space: pre;
  font: 12px/1.45 var(--jp-code-font-family, monospace); }}
.jupyter-widgets.{MONO} > textarea:disabled {{ opacity: 1;
  color: var(--jp-ui-font-color1, inherit); }}
</style>"""


def style() -> widgets.HTML:
    """The rules that ``MONO`` needs; part of a widget that uses it."""
    return widgets.HTML(_STYLE, layout=widgets.Layout(height="0", margin="0"))


def row(*children: Any) -> widgets.Box:
    """Controls in a row that wraps where the page is narrow."""
    layout = widgets.Layout(
        display="flex", flex_flow="row wrap", align_items="center", width="100%"
    )
    return widgets.Box(children, layout=layout)


def readout(markup: str) -> str:
    """A paragraph that says the state; screen readers hear it when it changes."""
    return f'<p role="status" style="margin:0;line-height:1.5">{markup}</p>'


def table(header: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    """A small table; the cells are HTML already."""
    sides = 'style="text-align:left;padding:0 1em 0 0"'
    head = "".join(f'<th scope="col" {sides}>{name}</th>' for name in header)
    lines = (
        "<tr>" + "".join(f"<td {sides}>{cell}</td>" for cell in line) + "</tr>"
        for line in cells
    )
    return (
        f'<table style="border-collapse:collapse"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table>"
    )
