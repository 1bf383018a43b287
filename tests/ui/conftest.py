"""A real JupyterLab of this environment, and a real browser without a window."""

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from tests.ui.server import PATIENCE, Lab, end_kernels, running_lab
from tests.ui.window import NotebookPage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
KERNEL = {"kernelspec": {"name": "python3", "display_name": "x", "language": "python"}}
# What anywidget throws when a busy machine takes it two seconds to start; the widget
# is shown all the same, and that its keys then work is tested.
LATE = "[anywidget] Failed to initialize model."
Opener = Callable[[Any, str], AbstractContextManager[NotebookPage]]
CellOpener = Callable[[Sequence[str]], NotebookPage]


@pytest.fixture(scope="session")
def browser_path() -> str:
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    paths = [path for name in BROWSERS if (path := shutil.which(name))]
    if not paths:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)} is on the path")
    return paths[0]


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory, browser_path: str) -> Iterator[Lab]:
    """One JupyterLab for all tests."""
    if not (Path(sys.prefix) / "share/jupyter/lab/static").is_dir():
        pytest.skip("JupyterLab is not installed in this environment")
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("lab")
    with running_lab(home, folder) as found:
        yield found


@pytest.fixture(scope="session")
def browser(browser_path: str) -> Iterator["Browser"]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        options: Any = {"executable_path": browser_path, "args": ["--no-sandbox"]}
        opened = playwright.chromium.launch(**options)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def context(browser: "Browser") -> Iterator["BrowserContext"]:
    """Windows of a test file; an uncaught error in any script fails at the end."""
    errors: list[str] = []
    size: Any = {"width": 1280, "height": 1000}
    made = browser.new_context(viewport=size, has_touch=True)
    made.set_default_timeout(PATIENCE * 1000)
    made.on("weberror", lambda error: errors.append(str(error.error)))
    yield made
    made.close()
    assert [error for error in errors if LATE not in error] == []


@pytest.fixture(scope="module")
def show_notebook(context: "BrowserContext", lab: Lab) -> Opener:
    """Opens a notebook under a name in a window, and ends its kernel behind it."""

    @contextmanager
    def opened(notebook: Any, name: str) -> Iterator[NotebookPage]:
        page = context.new_page()
        try:
            yield NotebookPage(page, lab, notebook, name)
        finally:
            page.close()
            end_kernels(lab)

    return opened


@pytest.fixture(scope="module")
def open_notebook(show_notebook: Opener) -> Iterator[CellOpener]:
    """Writes cells to a notebook and opens it."""
    with ExitStack() as stack:

        def opened(cells: Sequence[str]) -> NotebookPage:
            made = [nbformat.v4.new_code_cell(source) for source in cells]
            whole = nbformat.v4.new_notebook(cells=made, metadata=KERNEL)
            return stack.enter_context(show_notebook(whole, "cells"))

        yield opened
