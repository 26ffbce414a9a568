"""A photo as it came becomes two square pictures of our own making.

Nothing of the file is kept but what can be seen: it is decoded and written anew, so that what was hidden in it (where
it was taken, other formats, scripts) is gone. How many pixels it has is read from its head, and refused before it is
decoded.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from threading import Lock

from PIL import Image, ImageOps

from marketplace.core.errors import RuleBroken

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
FEWEST_PIXELS_A_SIDE = 200
LARGE, SMALL = 384, 128
"""Pixels of a side; pages show them at about half of that, for screens with small pixels."""
QUALITY = 75
"""Of WebP's 100: a face on a card is 3 kB then, and nobody sees a difference at twice the pixels."""
FORMATS = ("JPEG", "PNG", "WEBP")
_A_LITTLE_ABOVE_THE_MIDDLE = (0.5, 0.4)
"""Where the square is cut from a photo that is higher than wide: faces are rarely at the bottom."""
# A decoded photo may take 200 MB, so a process decodes one at a time.
_ONE_AT_A_TIME = Lock()
# What Pillow raises for files that are broken, cut off, or made to do harm.
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, TypeError, IndexError, KeyError, struct.error, zlib.error)
_TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class BadPhoto(RuleBroken):
    """Not a photo that can be used: another format, broken, too small or too large."""


@dataclass(frozen=True, slots=True)
class Picture:
    """WebP, square."""

    large: bytes
    small: bytes

    def digest(self, owner_id: int) -> str:
        """Names the picture; two people with the same one have different names for it."""
        return sha256(f"{owner_id}:".encode() + self.large).hexdigest()[:32]


def picture_of(file: bytes) -> Picture:
    """Turned as the camera was held, and cut to a square. Raises BadPhoto."""
    if len(file) > MOST_BYTES:
        raise BadPhoto("This file is too large: %(most)s MB at most.", most=MOST_BYTES // 1024**2)
    with _ONE_AT_A_TIME:
        try:
            return _drawn_anew(file)
        except _TOO_LARGE as bomb:
            raise _too_many_pixels() from bomb
        except _BROKEN as broken:
            raise BadPhoto("This file cannot be read as a photo. Choose a JPEG, PNG or WebP file.") from broken


def _drawn_anew(file: bytes) -> Picture:
    with Image.open(BytesIO(file), formats=FORMATS) as found:
        if found.width * found.height > MOST_PIXELS:
            raise _too_many_pixels()
        if min(found.size) < FEWEST_PIXELS_A_SIDE:
            fewest = FEWEST_PIXELS_A_SIDE
            raise BadPhoto("This photo is too small: %(fewest)s pixels on each side at least.", fewest=fewest)
        found.draft("RGB", (2 * LARGE, 2 * LARGE))  # of a JPEG, no more than needed is decoded
        ImageOps.exif_transpose(found, in_place=True)
        square = ImageOps.fit(found, (LARGE, LARGE), Image.Resampling.LANCZOS, centering=_A_LITTLE_ABOVE_THE_MIDDLE)
        plain = _on_white(square)
        return Picture(_webp(plain), _webp(plain.resize((SMALL, SMALL), Image.Resampling.LANCZOS)))


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    see_through = image.convert("RGBA")
    paper = Image.new("RGBA", see_through.size, "white")
    return Image.alpha_composite(paper, see_through).convert("RGB")


def _webp(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "WEBP", quality=QUALITY, method=4)
    return written.getvalue()


def _too_many_pixels() -> BadPhoto:
    return BadPhoto("This photo has too many pixels: %(most)s million at most.", most=MOST_PIXELS // 10**6)
