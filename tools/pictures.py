"""The icons of the site, and the card that stands beside its links elsewhere: `python -m tools.pictures`, to `static/`.

Drawn without a word, so that they fit a site of any name in any language: the mark, and a week whose mornings and
afternoons can be booked, with one hour taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from marketplace.core.config import ROOT

FOLDER = ROOT / "static"
PAPER, CARD, LINE = "#fbf8f3", "#fffdf9", "#e6dfd3"
LEAF, LEAF_SOFT, AMBER, AMBER_WASH = "#1d5f4c", "#b9d6c8", "#d98a1f", "#fdf0d9"
FINER = 4
"""Everything is drawn so many times larger and made smaller then: Pillow draws no soft edges."""
CARD_SIZE = (1200, 630)
"""What those who show links ask for (ogp.me, and X's and Facebook's pages on sharing)."""
WEEK = (((9, 12), (13, 17)), ((9, 12), (13, 15)), ((10, 12), (13, 17)), ((9, 13),), ((9, 12), (14, 16)))
"""Open hours from Monday to Friday, between FIRST and LAST."""
FIRST, LAST = 8, 18
TAKEN = (1, 13)
"""The hour of the week that somebody has just booked: Tuesday, 13:00."""

Box = tuple[float, float, float, float]


class Sheet:
    """A picture to draw on, in pixels of the finished one."""

    def __init__(self, width: int, height: int, ground: str | None) -> None:
        self.size = (width, height)
        self.is_opaque = ground is not None
        self.image = Image.new("RGBA", (width * FINER, height * FINER), ground or (0, 0, 0, 0))
        self.draw = ImageDraw.Draw(self.image)

    def rounded(self, box: Box, radius: float, fill: str, edge: str | None = None) -> None:
        self.draw.rounded_rectangle(_finer(box), radius * FINER, fill, edge, FINER if edge else 0)

    def mark(self, box: Box) -> None:
        """The same as `static/favicon.svg`: two thirds of an hour, in a ring."""
        side = box[2] - box[0]
        ring, gap = side * 3 / 31, side * 4 / 31
        self.draw.ellipse(_finer(box), AMBER_WASH, LEAF, round(ring * FINER))
        inside = (box[0] + gap, box[1] + gap, box[2] - gap, box[3] - gap)
        self.draw.pieslice(_finer(inside), -90, 148, LEAF)

    def finished(self) -> Image.Image:
        small = self.image.resize(self.size, Image.Resampling.BOX)
        return small.convert("RGB") if self.is_opaque else small


def _finer(box: Box) -> Box:
    return (box[0] * FINER, box[1] * FINER, box[2] * FINER, box[3] * FINER)


def icon(side: int, *, room: float = 0.0, ground: str | None = None) -> Image.Image:
    """`room` is what stays free around the mark, as a part of the side."""
    sheet, free = Sheet(side, side, ground), side * room
    sheet.mark((free, free, side - free, side - free))
    return sheet.finished()


def social_card() -> Image.Image:
    sheet = Sheet(*CARD_SIZE, PAPER)
    sheet.mark((90, 175, 370, 455))
    left, top, width, height, gap = 470, 75, 116, 480, 20
    for number, day in enumerate(WEEK):
        start = left + number * (width + gap)
        sheet.rounded((start, top, start + width, top + height), 14, CARD, LINE)
        for opens, closes in day:
            sheet.rounded(_hours(start, width, top, height, opens, closes), 10, LEAF_SOFT)
        if number == TAKEN[0]:
            sheet.rounded(_hours(start, width, top, height, TAKEN[1], TAKEN[1] + 1), 10, AMBER)
    return sheet.finished()


def _hours(start: float, width: float, top: float, height: float, opens: float, closes: float) -> Box:
    an_hour, inset = height / (LAST - FIRST), 8
    return (
        start + inset,
        top + (opens - FIRST) * an_hour + 2,
        start + width - inset,
        top + (closes - FIRST) * an_hour - 2,
    )


PICTURES: Mapping[str, Callable[[], Image.Image]] = {
    "social-card.png": social_card,
    "icon-192.png": lambda: icon(192, room=0.02),
    "icon-512.png": lambda: icon(512, room=0.02),
    # Android cuts a circle out of this one and promises to leave the middle 80 % of the side (w3.org/TR/appmanifest).
    "icon-maskable.png": lambda: icon(512, room=0.2, ground=PAPER),
    # iOS fills what can be seen through with black.
    "apple-touch-icon.png": lambda: icon(180, room=0.1, ground=PAPER),
    "favicon.ico": lambda: icon(32),
}


def written(name: str) -> bytes:
    """The file of that name; its colours are few, so they are counted and not told for each pixel."""
    image, file = PICTURES[name](), BytesIO()
    if name.endswith(".ico"):
        image.save(file, "ICO", sizes=[image.size])
    else:
        _with_few_colours(image).save(file, "PNG", optimize=True)
    return file.getvalue()


def _with_few_colours(image: Image.Image) -> Image.Image:
    method = Image.Quantize.MEDIANCUT if image.mode == "RGB" else Image.Quantize.FASTOCTREE
    return image.quantize(64, method, dither=Image.Dither.NONE)


def main(folder: Path = FOLDER) -> None:
    for name in PICTURES:
        (folder / name).write_bytes(written(name))
        print(f"{folder / name}: {(folder / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
