"""What a lesson says of itself in its first lines, and Markdown on one line."""

from __future__ import annotations

import re
from html import escape

from t4s_lib.course.freshness import Notebook

_NUMBER = re.compile(r"^(?:lesson\s+)?\d\d?\s*[^\w\s]?\s+", re.IGNORECASE)
_NOT_PROSE = re.compile(r"[#!<>|]|\[!\[|[-*+] |\d+\. |```|~~~")
_INLINE = re.compile(
    r"`(?P<code>[^`]+)`|\*\*(?P<strong>.+?)\*\*|\*(?P<em>[^*\s][^*]*)\*"
    r"|\[(?P<link>[^\]]+)\]\([^)]*\)"
)


def describe(nb: Notebook) -> tuple[str, str]:
    r"""Title and summary of a lesson.

    The title is the first heading of level 1, without a leading number. The
    summary is the first paragraph behind it that is prose: not a heading, badge,
    list, quotation, table or HTML.

    Returns:
        Both as inline Markdown on one line; empty where there is none.

    Examples:
        >>> from nbformat.v4 import new_markdown_cell, new_notebook
        >>> cell = new_markdown_cell("# 02 · Runs\n\nOne run.\nTwo runs.")
        >>> describe(new_notebook(cells=[cell]))
        ('Runs', 'One run. Two runs.')
    """
    cells = [cell.source for cell in nb.cells if cell.cell_type == "markdown"]
    blocks = [block.strip() for block in re.split(r"\n\s*\n", "\n\n".join(cells))]
    for position, block in enumerate(blocks):
        if block.startswith("# "):
            title, _, rest = block[2:].partition("\n")
            below = [rest.strip(), *blocks[position + 1 :]]
            prose = next((b for b in below if b and not _NOT_PROSE.match(b)), "")
            return _NUMBER.sub("", title.strip()), " ".join(prose.split())
    return "", ""


def inline(markdown: str) -> str:
    """Inline Markdown as HTML: code, strong, emphasis; of a link, its text.

    Examples:
        >>> inline("Write `a<b` *once*.")
        'Write <code>a&lt;b</code> <em>once</em>.'
    """
    parts, end = [], 0
    for match in _INLINE.finditer(markdown):
        tag, text = match.lastgroup or "", match[match.lastgroup or 0]
        text = escape(text, quote=False)
        parts.append(escape(markdown[end : match.start()], quote=False))
        parts.append(text if tag == "link" else f"<{tag}>{text}</{tag}>")
        end = match.end()
    return "".join([*parts, escape(markdown[end:], quote=False)])


def plain(markdown: str) -> str:
    """Inline Markdown without its marks.

    Examples:
        >>> plain("Row-wise `RLE`")
        'Row-wise RLE'
    """
    return _INLINE.sub(lambda match: match[match.lastgroup or 0], markdown)
