"""Portraits of people who do not exist: a head and shoulders before a hill, in colours of the name's own."""

from __future__ import annotations

import colorsys
from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageDraw

SIDE = 600


def portrait(name: str) -> bytes:
    """PNG; the same name gives the same picture."""
    seed = sha256(name.encode()).digest()
    hue = seed[0] / 256
    image = Image.new("RGB", (SIDE, SIDE), _colour(0.08 + hue / 3, 0.16, 0.93))
    draw = ImageDraw.Draw(image)
    draw.ellipse((-120, 380, 520, 900), fill=_colour(0.2 + hue / 4, 0.22, 0.72))
    draw.ellipse((140, 400, 460, 760), fill=_colour(hue + 0.5, 0.45, 0.45))
    draw.ellipse((200, 150, 400, 420), fill=_colour(0.07, 0.3 + seed[1] / 1024, 0.95 - seed[2] / 512))
    draw.chord((185, 120 - seed[3] // 12, 415, 380), 180, 360, fill=_colour(seed[4] / 256, 0.35, 0.3))
    return _png(image)


def _colour(hue: float, saturation: float, value: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def _png(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()
