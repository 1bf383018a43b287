"""A real JupyterLab of this environment, and a real browser without a window."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60.0  # seconds, for a server or page that starts on a slow machine
SETTINGS = {
    # Keep cells in the page that are scrolled out of sight.
    "notebook-extension/tracker": '{"windowingMode": "none"}',
    # Do not ask whether to fetch news.
    "apputils-extension/notification": '{"fetchNews": "false"}',
}
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: its folder, address and token."""

    folder: Path
    address: str
    token: str


class NotebookPage:
    """A notebook in JupyterLab, as someone at the keyboard sees it."""

    def __init__(self, page: "Page", lab: Lab, cells: Sequence[str]) -> None:
        self.page = page
        made = [nbformat.v4.new_code_cell(source) for source in cells]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        whole = nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": kernel})
        nbformat.write(whole, lab.folder / "ui.ipynb")
        page.goto(f"{lab.address}/lab/tree/ui.ipynb?token={lab.token}&reset")
        page.get_by_text(" | Idle").wait_for()  # the kernel, in the status bar
        page.keyboard.press("Control+b")  # the file browser goes, the page widens

    def cell(self, k: int) -> "Locator":
        return self.page.locator(".jp-Notebook .jp-CodeCell").nth(k)

    def run_all(self) -> None:
        self.page.click('.lm-MenuBar-itemLabel:text-is("Run")')
        self.page.click('.lm-Menu-itemLabel:text-is("Run All Cells")')
        self._wait_for_number(-1)

    def run(self, k: int) -> str:
        """Run one cell; returns what it printed."""
        self.cell(k).locator(".cm-content").click()
        before = self._prompt(k).inner_text()
        self.page.keyboard.press("Control+Enter")
        self._wait_for_number(k, before)
        return self.cell(k).locator(".jp-OutputArea-output pre").inner_text()

    def complaints(self) -> list[str]:
        """What stands in stderr, and widgets that could not be shown."""
        stderr = '[data-mime-type="application/vnd.jupyter.stderr"]'
        bad = [stderr, ':text("Error displaying widget")', ".t4s-fault:not(:empty)"]
        return [
            text for css in bad for text in self.page.locator(css).all_inner_texts()
        ]

    def picture(self, k: int, name: str) -> None:
        """Save what a cell shows under ``build/ui``."""
        folder = ROOT / "build" / "ui"
        folder.mkdir(parents=True, exist_ok=True)
        output = self.cell(k).locator(".jp-Cell-outputArea")
        output.screenshot(path=folder / f"{name}.png")

    def _prompt(self, k: int) -> "Locator":
        return self.cell(k).locator(".jp-InputPrompt")

    def _wait_for_number(self, k: int, before: str = "") -> None:
        from playwright.sync_api import expect

        expect(self._prompt(k)).to_have_text(re.compile(r"\[\d+\]:"), timeout=60_000)
        if before:
            expect(self._prompt(k)).not_to_have_text(before)


@pytest.fixture(scope="session")
def browser_path() -> str:
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    paths = [path for name in BROWSERS if (path := shutil.which(name))]
    if not paths:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)} is on the path")
    return paths[0]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, browser_path: str) -> Iterator[Lab]:
    if not (Path(sys.prefix) / "share/jupyter/lab/static").is_dir():
        pytest.skip("JupyterLab is not installed in this environment")
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("lab")
    found = Lab(folder, f"http://127.0.0.1:{_free_port()}", "a-token-for-tests")
    log = home / "server.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            _command(found), env=_environment(home), stdout=out, stderr=out, cwd=folder
        )
    try:
        _wait_until_up(found, server, log)
        yield found
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="module")
def page(browser_path: str) -> Iterator["Page"]:
    """An empty page; an uncaught error in any script fails at the end."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=20_000)
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox"]
        )
        context = browser.new_context(
            viewport={"width": 1280, "height": 1000}, has_touch=True
        )
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        browser.close()
    assert errors == []


@pytest.fixture(scope="module")
def open_notebook(page: "Page", lab: Lab) -> Callable[[Sequence[str]], NotebookPage]:
    """Writes cells to a notebook and opens it."""
    return lambda cells: NotebookPage(page, lab, cells)


def _command(lab: Lab) -> list[str]:
    return [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        "--ip=127.0.0.1",
        f"--port={lab.address.rpartition(':')[2]}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={lab.token}",
        f"--ServerApp.root_dir={lab.folder}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]


def _environment(home: Path) -> dict[str, str]:
    """The environment, with every folder that Jupyter writes to moved to ``home``."""
    places = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    for name, value in SETTINGS.items():
        file = home / f"settings/@jupyterlab/{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(value)
    moved = {name: str(home / place) for name, place in places.items()}
    return {**os.environ, **moved, "PYTHONPATH": str(ROOT)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_up(lab: Lab, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{lab.address}/api", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")
