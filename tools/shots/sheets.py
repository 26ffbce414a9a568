"""Photographs side by side, each with what it shows above it."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page

GAP, LABEL = 24, 34
WIDE_SHOWN_AS = 800
"""Pages of 1280 px stand on a sheet at this width."""
BACKGROUND, INK = "#777777", "#ffffff"
VIEWS = ((360, "light"), (360, "dark"), (1280, "light"), (1280, "dark"))
HIGH = 800
DRAWN_MS = 400
"""Framed pages are drawn by a process of their own, and a little later."""


@dataclass(frozen=True, slots=True)
class Photograph:
    label: str
    image: Image.Image


def photographs(page: Page, state: str) -> list[Photograph]:
    """The whole page at both widths in both schemes; leaves it wide and light."""
    taken = [Photograph(f"{state} · {width} px, {scheme}", _taken(page, width, scheme)) for width, scheme in VIEWS]
    set_view(page, 1280, "light")
    return taken


def set_view(page: Page, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": HIGH})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")


def _taken(page: Page, width: int, scheme: str) -> Image.Image:
    set_view(page, width, scheme)
    image = whole(page)
    if width <= WIDE_SHOWN_AS:
        return image
    return image.resize((WIDE_SHOWN_AS, image.height * WIDE_SHOWN_AS // width), Image.Resampling.LANCZOS)


def whole(page: Page) -> Image.Image:
    """On a screen that is as high as the page: a screenshot of what is not on the screen leaves out framed pages."""
    page.wait_for_load_state()
    size = page.viewport_size or {"width": 1280, "height": HIGH}
    page.set_viewport_size({"width": size["width"], "height": page.evaluate("document.documentElement.scrollHeight")})
    if len(page.frames) > 1:
        page.wait_for_timeout(DRAWN_MS)
    return Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")


def write_sheet(rows: list[list[Photograph]], file: Path) -> None:
    """A row for each state."""
    heights = [max(each.image.height for each in row) + LABEL + GAP for row in rows]
    width = max(sum(each.image.width + GAP for each in row) for row in rows) + GAP
    sheet = Image.new("RGB", (width, sum(heights) + GAP), BACKGROUND)
    font, draw = ImageFont.load_default(size=18), ImageDraw.Draw(sheet)
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        left = GAP
        for each in row:
            draw.text((left, top), each.label, fill=INK, font=font)
            sheet.paste(each.image, (left, top + LABEL))
            left += each.image.width + GAP
        top += height
    sheet.save(file)
