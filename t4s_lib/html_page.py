"""The one frame of every HTML page that this project writes, and its colours.

Every page is self-contained or refers to files beside it; none asks a server for
anything. Colours follow the reader's theme, and a page may override it by setting
``color-scheme`` on its root.
"""

from __future__ import annotations

from html import escape

THEME: dict[str, tuple[str, str]] = {
    "paper": ("#fbfaf7", "#14171b"),
    "card": ("#ffffff", "#1b2026"),
    "cell": ("#efece4", "#262c33"),
    "line": ("#dcd9d1", "#39414a"),
    "ink": ("#1d2228", "#e6e8ea"),
    "soft": ("#5a636e", "#a4adb7"),
    "link": ("#00598c", "#7cc4f5"),
    "mark": ("#d55e00", "#e69f00"),
    "good": ("#00785a", "#2fc79a"),
    "warn": ("#a84300", "#f0a35e"),
}
"""Each colour of the pages in light and in dark; text on paper, card or cell keeps
a contrast of 4.5 (``ink``, ``soft``, ``link``, ``good``, ``warn``)."""


def theme_css() -> str:
    """The colours as CSS variables that follow the theme.

    Examples:
        >>> "--ink: light-dark(#1d2228, #e6e8ea);" in theme_css()
        True
    """
    lines = (f"  --{name}: light-dark({a}, {b});" for name, (a, b) in THEME.items())
    return "\n".join([":root {", "  color-scheme: light dark;", *lines, "}"])


def html_page(title: str, body: str, *, style: str = "", head: str = "") -> str:
    """A whole page around a body.

    Args:
        title: Plain text, for the browser's tab.
        body: HTML, what stands in ``<body>``.
        style: CSS to stand in the page.
        head: More HTML for ``<head>``, such as links to files beside the page.

    Returns:
        The page; it ends in a newline.

    Examples:
        >>> print(html_page("A & B", "<p>Text.</p>"))
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>A &amp; B</title>
        </head>
        <body>
        <p>Text.</p>
        </body>
        </html>
        <BLANKLINE>
    """
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>",
        *([f"<style>\n{style.strip()}\n</style>"] if style else []),
        *([head] if head else []),
        "</head>",
        f"<body>\n{body}\n</body>",
        "</html>",
        "",
    ]
    return "\n".join(parts)
