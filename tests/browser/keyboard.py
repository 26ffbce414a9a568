"""A page without a mouse: Tab, Enter, Space and typing; each stop must show where the focus is."""

from playwright.sync_api import Locator, Page

MOST_STOPS = 120
"""A page on which the wanted stop does not come by then cannot be used by keyboard."""
STOP = """(wanted) => {
  const stop = document.activeElement;
  const drawn = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const box = stop.getBoundingClientRect();
  window.walked = true;
  return {
    any: stop !== document.body,
    isWanted: stop === wanted,
    what: stop.outerHTML.slice(0, 200),
    marked: drawn(getComputedStyle(stop)) || drawn(getComputedStyle(stop, "::after")),
    inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""
AT_THE_TOP = """(wanted) => {
  const fresh = window.walked !== true && document.activeElement === document.body;
  return fresh && wanted.closest("main") !== null && document.querySelector("a.skip") !== null;
}"""
"""Of a page on which nothing has been pressed yet, with a link past the menu."""
LOST = "window.walked === true && document.activeElement === document.body"
"""On a page that has been walked, after what a press has changed in it."""


def tab_to(page: Page, wanted: Locator) -> None:
    """Presses Tab until it is reached; every stop on the way must be marked and in view, and none is lost."""
    wanted.wait_for()
    page.wait_for_load_state()  # before it has its styles, nobody sees it
    assert not page.evaluate(LOST), f"the focus is lost on the way to {wanted}"
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = wanted.evaluate(STOP)
        if not stop["any"]:
            continue  # past the last stop, where a browser with a frame would be in its own buttons
        assert stop["marked"], f"not marked: {stop['what']}"
        assert stop["inView"], f"out of view: {stop['what']}"
        if stop["isWanted"]:
            return
    raise AssertionError(f"Tab does not reach {wanted}")


def skip_to(page: Page, wanted: Locator) -> None:
    """The same for somebody who knows the link at the top of each page."""
    wanted.wait_for()
    if wanted.evaluate(AT_THE_TOP):
        tab_to(page, page.locator("a.skip"))
        page.keyboard.press("Enter")
    tab_to(page, wanted)


def press(page: Page, role: str, name: str) -> None:
    tab_to(page, page.get_by_role(role, name=name, exact=False).first)  # type: ignore[arg-type]  # one of ARIA's
    page.keyboard.press("Enter")


def fill(page: Page, label: str, text: str) -> None:
    tab_to(page, page.get_by_label(label))
    page.keyboard.type(text)
