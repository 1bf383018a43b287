"""Uses any widget by keyboard alone, and sees what that changes.

Whatever a widget is made of, Tab must reach each of its controls, and the keys that
such a control answers to must change what is said, what is drawn, or both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from playwright.sync_api import ElementHandle, Locator, Page

SHOWN = ".jp-OutputArea-output:has(.jupyter-widgets)"
CONTROLS = ", ".join(
    (".noUi-handle", "select", "button", "textarea", "input", ".t4s-board")
)
PATIENCE = 60_000  # milliseconds, for a kernel that is busy on a slow machine

_FIND = """(root, css) => [...root.querySelectorAll(css)].filter((one) =>
  one.checkVisibility() && !one.disabled && one.type !== "hidden"
  && one.closest("[disabled]") === null)"""
_NAME = """(one) => {
  const box = one.closest(".widget-inline-hbox, label, .t4s-painter");
  const label = one.getAttribute("aria-label") || one.title || one.innerText
    || (box && box.innerText) || "";
  return `${one.tagName.toLowerCase()} “${label.trim().split("\\n")[0]}”`;
}"""
_STATE = """(root) => {
  const texts = (css, read) => [...root.querySelectorAll(css)].map(read).join("|");
  const painted = (board) => [...board.children]
    .map((cell) => Number(cell.classList.contains("t4s-on"))).join("");
  return {
    said: texts("[role=status]", (one) => one.innerText),
    drawn: texts("img", (one) => one.src) + texts(".t4s-board", painted),
    rest: root.innerText + texts("textarea, input", (one) => one.value)
      + texts(".noUi-handle", (one) => one.getAttribute("aria-valuemax")),
  };
}"""
_KEYS = """(one) => {
  const is = (css) => one.matches(css);
  if (is(".noUi-handle")) {
    const now = one.getAttribute("aria-valuenow");
    return [now === one.getAttribute("aria-valuemax") ? "ArrowLeft" : "ArrowRight"];
  }
  if (is("select")) {
    if (one.options.length < 2) return [];
    return [one.selectedIndex + 1 < one.options.length ? "ArrowDown" : "ArrowUp"];
  }
  if (is("input[type=checkbox]")) return ["Space"];
  if (is(".t4s-board")) return ["ArrowDown", "Space"];
  if (is("textarea, input")) return one.readOnly ? [] : ["End", "x"];
  return ["Enter"];
}"""

_OUT_OF_USE = "one => one.disabled || one.closest('[disabled]') !== null"
_PLAYS = "one => one.classList.contains('mod-active')"
_IS_IDLE = """() => document.querySelector("#jp-main-statusbar").innerText
  .includes("| Idle")"""


class State(NamedTuple):
    """What a widget shows.

    Attributes:
        said: Its readouts.
        drawn: Its pictures, and the cells of a painter.
        rest: All other text, and how far its sliders go.
    """

    said: str
    drawn: str
    rest: str


class Used(NamedTuple):
    """What came of using a widget.

    Attributes:
        unreached: Controls that Tab does not come to.
        silent: Controls that changed nothing; buttons may, so they are left out.
        states: All that was shown on the way.
    """

    unreached: list[str]
    silent: list[str]
    states: list[State]


def use(root: Locator, page: Page) -> Used:
    """Tab through a widget's controls, then press each one's own keys."""
    unreached = [_name(one) for one in _unreached(root, page)]
    silent, states = [], [state(root)]
    for one in _controls(root):
        before = rested(root, page)  # first, since it may move the control
        keys: list[str] = one.evaluate(_KEYS)
        if not keys or one.evaluate(_OUT_OF_USE):
            continue
        for key in keys:
            one.press(key)
        is_button = one.evaluate("one => one.tagName === 'BUTTON'")
        if not _changes(root, page, before, 700 if is_button else PATIENCE):
            silent += [] if is_button else [_name(one)]
        states.append(state(root))
        if is_button and one.evaluate("one => one.closest('.widget-play') !== null"):
            _pause(one, page)
    return Used(unreached, silent, states)


def state(root: Locator) -> State:
    """What a widget shows now."""
    return State(**root.evaluate(_STATE))


def _controls(root: Locator) -> list[ElementHandle]:
    found = root.evaluate_handle(_FIND, CONTROLS)
    places = found.get_properties()
    handles = [places[key].as_element() for key in places if key.isdigit()]
    return [handle for handle in handles if handle is not None]


def _name(one: ElementHandle) -> str:
    return str(one.evaluate(_NAME))


def _unreached(root: Locator, page: Page) -> list[ElementHandle]:
    """The controls that the focus does not come to, from the first one on by Tab."""
    controls = _controls(root)
    missing = list(controls)
    controls[0].focus()
    for _ in range(4 * len(controls)):
        missing = [
            one
            for one in missing
            if not one.evaluate("one => one === document.activeElement")
        ]
        page.keyboard.press("Tab")
    return missing


def _changes(root: Locator, page: Page, before: State, patience: float) -> bool:
    """Whether a widget soon shows something else."""
    waited, step, now = 0.0, 100.0, before
    while waited < patience and now == before:
        page.wait_for_timeout(step)
        waited, now = waited + step, state(root)
    return now != before


def rested(root: Locator, page: Page) -> State:
    """What a widget shows, once what was done to it before has had its effect.

    That is when the kernel has nothing to do and two looks see the same.
    """
    waited, step, before, now = 0.0, 250.0, None, state(root)
    while waited < PATIENCE and (now != before or not page.evaluate(_IS_IDLE)):
        page.wait_for_timeout(step)
        waited, before, now = waited + step, now, state(root)
    return now


def _pause(play: Any, page: Page) -> None:
    """Press a playing button again, so that it stops."""
    if play.evaluate(_PLAYS):
        play.press("Enter")
    page.wait_for_function(f"play => !({_PLAYS})(play)", arg=play, timeout=PATIENCE)
