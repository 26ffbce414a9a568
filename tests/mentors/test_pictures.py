"""A photo as it came becomes two square pictures of our own making."""

import random
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from marketplace.mentors.pictures import LARGE, MOST_BYTES, SMALL, BadPhoto, picture_of

RED, BLUE = (200, 30, 30), (30, 30, 200)


def photo(kind="JPEG", mode="RGB", size=(400, 300), colour=RED, **given):
    written = BytesIO()
    Image.new("RGB", size, colour).convert(mode).save(written, kind, **given)
    return written.getvalue()


def halves(kind="JPEG", **given):
    """Red above blue, upright."""
    image = Image.new("RGB", (300, 400), RED)
    image.paste(BLUE, (0, 200, 300, 400))
    written = BytesIO()
    image.save(written, kind, **given)
    return written.getvalue()


def opened(data):
    return Image.open(BytesIO(data))


def is_near(colour, wanted):
    return all(abs(one - other) < 30 for one, other in zip(colour, wanted, strict=True))


@pytest.mark.parametrize(
    ("kind", "mode", "given"),
    [
        ("JPEG", "RGB", {}),
        ("JPEG", "L", {}),
        ("JPEG", "CMYK", {}),
        ("JPEG", "RGB", {"progressive": True}),
        ("PNG", "RGB", {}),
        ("PNG", "RGBA", {}),
        ("PNG", "P", {}),
        ("PNG", "LA", {}),
        ("WEBP", "RGB", {}),
        ("WEBP", "RGBA", {"lossless": True}),
    ],
)
def test_every_photo_becomes_two_squares(kind, mode, given):
    picture = picture_of(photo(kind, mode, **given))

    assert [(opened(each).format, opened(each).size, opened(each).mode) for each in (picture.large, picture.small)] == [
        ("WEBP", (LARGE, LARGE), "RGB"),
        ("WEBP", (SMALL, SMALL), "RGB"),
    ]


def test_what_is_transparent_becomes_white():
    written = BytesIO()
    Image.new("RGBA", (300, 300), (200, 30, 30, 0)).save(written, "PNG")

    assert is_near(opened(picture_of(written.getvalue()).large).getpixel((100, 100)), (255, 255, 255))


@pytest.mark.parametrize(
    ("orientation", "top", "bottom"),
    [(1, RED, BLUE), (3, BLUE, RED), (4, BLUE, RED)],
)
def test_a_photo_stands_as_the_camera_was_held(orientation, top, bottom):
    exif = Image.Exif()
    exif[0x0112] = orientation

    large = opened(picture_of(halves(exif=exif)).large)

    assert is_near(large.getpixel((LARGE // 2, 20)), top)
    assert is_near(large.getpixel((LARGE // 2, LARGE - 20)), bottom)


def test_nothing_that_the_camera_noted_is_left():
    exif = Image.Exif()
    exif[0x010F] = "A camera that tells"
    exif.get_ifd(0x8825)[1] = "N"
    file = photo(exif=exif, comment=b"a comment that tells", icc_profile=b"a profile that tells" * 10)
    assert b"that tells" in file

    picture = picture_of(file)

    assert b"that tells" not in picture.large + picture.small
    assert dict(opened(picture.large).getexif()) == {}


def test_of_an_animation_the_first_picture_is_kept():
    written = BytesIO()
    first, second = Image.new("RGB", (300, 300), RED), Image.new("RGB", (300, 300), BLUE)
    first.save(written, "WEBP", save_all=True, append_images=[second])

    large = opened(picture_of(written.getvalue()).large)

    assert getattr(large, "n_frames", 1) == 1
    assert is_near(large.getpixel((5, 5)), RED)


def head_of_a_png(width, height):
    """All that a file has to have for its size to be known, and nothing of the picture."""
    parts = (b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0), b"IDAT" + zlib.compress(b"nothing"))
    chunks = (struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    ("file", "told"),
    [
        pytest.param(b"", "cannot be read", id="nothing"),
        pytest.param(b"not a photo at all", "cannot be read", id="words"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "cannot be read", id="svg"),
        pytest.param(photo("GIF", "P"), "cannot be read", id="gif"),
        pytest.param(photo("BMP"), "cannot be read", id="bmp"),
        pytest.param(photo("TIFF"), "cannot be read", id="tiff"),
        pytest.param(photo()[:500], "cannot be read", id="cut off"),
        pytest.param(photo(size=(199, 500)), "too small", id="a side of 199"),
        pytest.param(head_of_a_png(7072, 7072), "too many pixels", id="over 50 million"),
        pytest.param(head_of_a_png(12_000, 12_000), "too many pixels", id="a bomb that is warned of"),
        pytest.param(head_of_a_png(60_000, 60_000), "too many pixels", id="a bomb that is refused"),
        pytest.param(b"\xff" * (MOST_BYTES + 1), "too large: 10 MB", id="over 10 MB"),
    ],
)
def test_what_is_no_photo_is_refused_with_a_reason(file, told):
    with pytest.raises(BadPhoto, match=told):
        picture_of(file)


def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda *_: pytest.fail("decoded"))
    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", lambda *_: pytest.fail("decoded"), raising=False)

    with pytest.raises(BadPhoto, match="too many pixels"):
        picture_of(head_of_a_png(8000, 8000))


def test_files_that_were_tampered_with_are_photos_or_refused():
    dice = random.Random(7)
    seeds = [photo(), photo(progressive=True), photo("PNG", "P"), photo("WEBP"), halves("PNG")]
    for number in range(400):
        file = bytearray(seeds[number % len(seeds)])
        for _ in range(dice.choice([1, 4, 30])):
            file[dice.randrange(min(len(file), dice.choice([60, 600, 10**9])))] = dice.randrange(256)
        try:
            picture_of(bytes(file))
        except BadPhoto:
            continue
