"""The pages of the course in a real browser, from a disk, without a server."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from t4s_lib.course.figures import contrast
from t4s_lib.course.stored import stored_course

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

ROOT = Path(__file__).parents[2]
LESSON = "02-row-wise-rle.html"
PHONE = {"width": 390, "height": 800}
WIDE = {"width": 1280, "height": 1000}

pytestmark = [pytest.mark.ui, pytest.mark.xdist_group("ui")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("site")
    stored_course(ROOT / "notebooks", out)
    return out.as_uri()


@pytest.fixture
def sheet(context: "BrowserContext", site: str) -> Iterator["Page"]:
    """The page to start from, in the light, in a wide window."""
    page = context.new_page()
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light", media="screen")
    page.goto(f"{site}/index.html")
    page.evaluate("localStorage.clear()")
    page.reload()
    yield page
    page.close()


def hexadecimal(colour: str) -> str:
    red, green, blue = map(int, re.findall(r"\d+", colour)[:3])
    return f"#{red:02x}{green:02x}{blue:02x}"


def colours(page: "Page") -> tuple[str, str]:
    """Ink and paper of the page, as drawn."""
    script = "s => getComputedStyle(document.body)[s]"
    ink, paper = (page.evaluate(script, name) for name in ("color", "backgroundColor"))
    return hexadecimal(ink), hexadecimal(paper)


def test_the_theme_follows_the_reader_and_then_the_button(sheet: "Page") -> None:
    light = colours(sheet)
    sheet.emulate_media(color_scheme="dark")
    dark = colours(sheet)
    assert light != dark
    assert min(contrast(*light), contrast(*dark)) >= 7
    assert contrast(light[1], "white") < 1.5 < contrast(dark[1], "white")
    button = sheet.get_by_role("button", name="Light theme")
    button.focus()
    sheet.keyboard.press("Enter")
    assert colours(sheet) == light
    sheet.get_by_role("link", name="Row-wise RLE").click()
    sheet.wait_for_url("**/02-row-wise-rle.html")
    assert colours(sheet) == light, "the choice is kept from page to page"


def test_the_search_is_reached_by_a_key_and_leads_to_the_place(sheet: "Page") -> None:
    from playwright.sync_api import expect

    sheet.keyboard.press("/")
    sheet.keyboard.type("escape LABELS")
    first = sheet.locator("#found li a").first
    expect(first).to_contain_text("Labels are data")
    expect(sheet.locator("#found mark").nth(1)).to_be_visible()
    sheet.keyboard.press("Enter")
    sheet.wait_for_url("**/02-row-wise-rle.html#*")
    heading = sheet.get_by_role("heading", name="Labels are data").element_handle()
    sheet.wait_for_function(
        "heading => heading.getBoundingClientRect().top < 300", arg=heading
    )


def test_the_search_says_that_it_found_nothing_and_escape_closes_it(
    sheet: "Page",
) -> None:
    sheet.keyboard.press("/")
    sheet.keyboard.type("zzzz <b>")
    sheet.get_by_text("Nothing found.").wait_for()
    sheet.keyboard.press("Escape")
    sheet.locator("#found").wait_for(state="hidden")


def test_a_phone_shows_every_page_without_moving_it_sideways(
    sheet: "Page", site: str
) -> None:
    sheet.set_viewport_size(PHONE)  # type: ignore[arg-type]
    for path in sorted((Path(site.removeprefix("file://"))).glob("*.html")):
        sheet.goto(path.as_uri())
        script = "document.documentElement.scrollWidth - innerWidth"
        assert sheet.evaluate(script) <= 0, path.name


def test_in_the_dark_figures_keep_a_ground_that_they_can_be_read_on(
    sheet: "Page", site: str
) -> None:
    sheet.emulate_media(color_scheme="dark")
    sheet.goto(f"{site}/{LESSON}")
    figures = sheet.locator(".output img")
    assert figures.count() >= 3
    for k in range(figures.count()):
        ground = figures.nth(k).evaluate("i => getComputedStyle(i).backgroundColor")
        assert hexadecimal(ground) == "#ffffff"


def test_a_print_leaves_the_bar_out_and_unfolds_the_answers(
    sheet: "Page", site: str
) -> None:
    sheet.goto(f"{site}/{LESSON}")
    assert sheet.locator("details[open]").count() == 0
    sheet.emulate_media(media="print", color_scheme="dark")
    sheet.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert sheet.locator(".bar").is_hidden()
    assert contrast(colours(sheet)[0], "white") > 10
    folded = sheet.locator("details:not([open])").count()
    assert folded == 0
    assert sheet.get_by_text("Four: sky 2, brown dog 1").is_visible()
    sheet.evaluate("dispatchEvent(new Event('afterprint'))")
    assert sheet.locator("details[open]").count() == 0


def test_the_keyboard_reaches_text_first(sheet: "Page") -> None:
    sheet.keyboard.press("Tab")
    assert sheet.evaluate("document.activeElement.textContent") == "Skip to the text"
    sheet.keyboard.press("Enter")
    sheet.wait_for_url("**#text")


def test_pictures_of_the_pages_are_kept(sheet: "Page", site: str) -> None:
    folder = ROOT / "build" / "ui"
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        sheet.emulate_media(color_scheme=scheme)
        sheet.goto(f"{site}/index.html")
        sheet.screenshot(path=folder / f"pages-{scheme}.png")
        assert (folder / f"pages-{scheme}.png").stat().st_size > 10_000
