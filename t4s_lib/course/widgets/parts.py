"""Small parts that the widgets share."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets

from t4s_lib.sources import Sample

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
.t4s-read-only textarea {{ display: block; box-sizing: border-box; width: 100%;
  margin-top: 2px; resize: vertical; overflow: auto; white-space: pre;
  font: 12px/1.45 var(--jp-code-font-family, monospace);
  color: var(--jp-ui-font-color1, inherit);
  background: var(--jp-layout-color1, transparent);
  border: 1px solid var(--jp-border-color1, #bdbdbd); }}
.t4s-read-only textarea:focus {{ outline: 2px solid var(--jp-brand-color1, #0072b2); }}
</style>"""


def style() -> widgets.HTML:
    """The rules of ``MONO`` and ``read_only``; part of a widget that uses them."""
    return widgets.HTML(_STYLE, layout=widgets.Layout(height="0", margin="0"))


class KeysStay(anywidget.AnyWidget):  # type: ignore[misc]
    """Shows nothing; sees to it that JupyterLab takes no key pressed in a widget."""

    _esm = Path(__file__).with_name("keys_stay.js")


def framed(*children: Any) -> widgets.VBox:
    """A widget from its parts, one below the other, that keeps its keys to itself."""
    return widgets.VBox([*children, KeysStay()])


def row(*children: Any) -> widgets.Box:
    """Controls in a row that wraps where the page is narrow."""
    layout = widgets.Layout(
        display="flex", flex_flow="row wrap", align_items="center", width="100%"
    )
    return widgets.Box(children, layout=layout)


def expressions(samples: Sequence[Sample]) -> widgets.Dropdown:
    """Chooses a sample by its expression; the value is its place in ``samples``."""
    names = [f"{k + 1}. {sample.expression}" for k, sample in enumerate(samples)]
    return widgets.Dropdown(
        options=[(name, k) for k, name in enumerate(names)],
        value=0,
        description="Expression",
        **LABELLED,
    )


def readout(markup: str) -> str:
    """A paragraph that says the state; screen readers hear it when it changes."""
    return f'<p role="status" style="margin:0;line-height:1.5">{markup}</p>'


def read_only(name: str, text: str, rows: int) -> str:
    """A text that can be reached by Tab, read and copied, but not changed.

    A disabled control would be skipped by Tab.

    Args:
        name: What stands above it.
        text: The text.
        rows: How many lines are seen at once.
    """
    return (
        '<label class="t4s-read-only" style="display:block;line-height:1.5">'
        f"{html.escape(name)} (read only)"
        f'<textarea readonly spellcheck="false" rows="{rows}">{html.escape(text)}'
        "</textarea></label>"
    )


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
