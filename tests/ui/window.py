"""A notebook in a window of JupyterLab."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

from tests.ui.server import Lab

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
        """Run all cells; wait until the last is done, or one has complained."""
        self.page.click('.lm-MenuBar-itemLabel:text-is("Run")')
        self.page.click('.lm-Menu-itemLabel:text-is("Run All Cells")')
        self.page.wait_for_function(OVER, timeout=minutes * 60_000, polling=200)

    def numbers(self) -> list[str]:
        """What stands in brackets before each code cell."""
        prompts = self.page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt")
        return [text.strip(" []:") for text in prompts.all_inner_texts()]

    def run(self, k: int) -> str:
        """Run one cell; returns what it printed."""
        self.cell(k).locator(".cm-content").click()
        before = self._prompt(k).inner_text()
        self.page.keyboard.press("Control+Enter")
        self._wait_for_number(k, before)
        return self.cell(k).locator(".jp-OutputArea-output pre").inner_text()

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

    def _prompt(self, k: int) -> "Locator":
        return self.cell(k).locator(".jp-InputPrompt")

    def _wait_for_number(self, k: int, before: str = "") -> None:
        from playwright.sync_api import expect

        expect(self._prompt(k)).to_have_text(re.compile(r"\[\d+\]:"), timeout=60_000)
        if before:
            expect(self._prompt(k)).not_to_have_text(before)


def _pictures() -> Path:
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES
