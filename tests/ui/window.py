"""A notebook in a window of JupyterLab."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

from tests.ui.server import PATIENCE, Lab

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PICTURES = Path(__file__).parents[2] / "build" / "ui"
BAD = (
    '[data-mime-type="application/vnd.jupyter.error"]',
    '[data-mime-type="application/vnd.jupyter.stderr"]',
    ':text("Error displaying widget")',
    ".t4s-fault:not(:empty)",
)
OVER = """() => {
  const prompts = document.querySelectorAll(".jp-CodeCell .jp-InputPrompt");
  const failed = document.querySelector(
    '[data-mime-type$="jupyter.error"], [data-mime-type$="jupyter.stderr"]');
  return failed || /\\[\\d+\\]/.test([...prompts].at(-1).innerText);
}"""
# Whether the notebook has kept its height, pictures and widgets for a while.
SETTLED = """() => {
  const shown = document.querySelector(".jp-Notebook");
  const count = shown.querySelectorAll("img, .jupyter-widgets").length;
  const now = `${shown.scrollHeight} ${count}`;
  const last = window.t4sSeen;
  if (!last || last.now !== now) window.t4sSeen = { now, since: performance.now() };
  return performance.now() - window.t4sSeen.since > 700;
}"""
RAN = """([prompt, before]) =>
  /\\[\\d+\\]/.test(prompt.innerText) && prompt.innerText !== before"""


class NotebookPage:
    """A notebook in JupyterLab, as someone at the keyboard sees it."""

    def __init__(self, page: "Page", lab: Lab, notebook: Any, name: str) -> None:
        self.page = page
        self.sources = [c.source for c in notebook.cells if c.cell_type == "code"]
        nbformat.write(notebook, lab.folder / f"{name}.ipynb")
        page.goto(f"{lab.address}/lab/tree/{name}.ipynb?token={lab.token}&reset")
        page.get_by_text(" | Idle").wait_for()  # the kernel, in the status bar
        page.keyboard.press("Control+b")  # the file browser goes, the page widens

    def cell(self, k: int) -> "Locator":
        return self.page.locator(".jp-Notebook .jp-CodeCell").nth(k)

    def run_all(self, minutes: float = 4) -> None:
        """Run all cells; wait until all is shown, or one has complained."""
        self.page.click('.lm-MenuBar-itemLabel:text-is("Run")')
        self.page.click('.lm-Menu-itemLabel:text-is("Run All Cells")')
        self.page.wait_for_function(OVER, timeout=minutes * 60_000, polling=200)
        self.page.wait_for_function(SETTLED, polling=200)

    def numbers(self) -> list[str]:
        """What stands in brackets before each code cell."""
        prompts = self.page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt")
        return [text.strip(" []:") for text in prompts.all_inner_texts()]

    def run(self, k: int) -> "Locator":
        """Run one cell, to its end; returns where it prints."""
        prompt = self.cell(k).locator(".jp-InputPrompt")
        self.cell(k).locator(".cm-content").click()
        arg = [prompt.element_handle(), prompt.inner_text()]
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_function(RAN, arg=arg, timeout=PATIENCE * 1000, polling=100)
        return self.cell(k).locator(".jp-OutputArea-output pre")

    def complaints(self) -> list[str]:
        """Errors, what stands in stderr, and widgets that could not be shown."""
        texts = (self.page.locator(css).all_inner_texts() for css in BAD)
        return [text for found in texts for text in found]

    def picture(self, k: int, name: str) -> None:
        """Save what a cell shows under ``build/ui``."""
        output = self.cell(k).locator(".jp-Cell-outputArea")
        output.screenshot(path=_pictures() / f"{name}.png")

    def view(self, k: int, name: str) -> None:
        """Save the window, scrolled to what a cell shows, under ``build/ui``."""
        output = self.cell(k).locator(".jp-Cell-outputArea")
        output.evaluate("output => output.scrollIntoView({block: 'center'})")
        self.page.screenshot(path=_pictures() / f"{name}.png")


def _pictures() -> Path:
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES
