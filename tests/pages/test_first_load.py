"""What a visitor's first look costs them: page, styles, script, icons and photos, as they go over the line."""

from html.parser import HTMLParser
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageFilter

from marketplace.mentors.models import MentorPhoto
from marketplace.mentors.pictures import picture_of
from tests.search.searching import make_bookable

MOST_BYTES = 60_000
FULL_PAGE = 20
"""Mentors on a page of the search."""
STORY = "I have moved teams from nightly jobs to streams, and one of them back. Both were right at the time.\n\n" * 6


class Loads(HTMLParser):
    """What a browser fetches for a page at once. Photos that wait until somebody scrolls to them are not among it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and given.get("rel") in {"stylesheet", "icon", "manifest"}:
            self.addresses.append(given["href"] or "")
        elif tag in {"img", "script"} and given.get("loading") != "lazy":
            self.addresses.append(given["src"] or "")


def photo(number: int) -> bytes:
    """As full of detail as one from a camera, and never twice the same: noise, coarse and fine."""
    side = 600
    image = Image.new("RGB", (side, side), (90 + number * 5, 120, 150))
    for cells, strength in ((6, 70), (24, 35), (96, 18), (300, 8)):
        noise = Image.effect_noise((cells, cells), strength).resize((side, side), Image.Resampling.BICUBIC)
        image = ImageChops.add(image, noise.convert("RGB"), 1, -128)
    written = BytesIO()
    image.filter(ImageFilter.GaussianBlur(0.6)).save(written, "JPEG", quality=90)
    return written.getvalue()


@pytest.fixture
def many_mentors(session):
    """Everybody with a photo, five topics and something to read."""
    for number in range(FULL_PAGE + 1):
        topics = (f"Streaming {number}", "Hiring", "Writing", "Choosing what to leave out")
        mentor = make_bookable(session, f"Grace Example {number}", *topics, slug=f"grace-{number}", story=STORY)
        picture = picture_of(photo(number))
        digest = picture.digest(mentor.id)
        session.add(
            MentorPhoto(
                mentor_id=mentor.id, digest=digest, alt="Grace, laughing", large=picture.large, small=picture.small
            )
        )
    session.commit()


@pytest.mark.parametrize(
    "path", ["/", "/search", "/mentors/grace-1", "/mentors/grace-1?start=2026-12-08T12:00Z"], ids=lambda path: path
)
def test_the_first_load_of_a_page_stays_under_60_kilobytes(client, many_mentors, path):
    headers = {"Accept-Encoding": "gzip"}

    page = client.get(path, headers=headers)

    html = client.get(path).text
    addresses = Loads(html).addresses
    parts = {address: len(client.get(address, headers=headers).data) for address in dict.fromkeys(addresses)}
    # Whoever is not in the site's own zone has the page made again in theirs.
    pages = len(page.data) * (2 if "data-zone-guess" in html else 1)
    assert page.status_code == 200
    assert any("/photos/" in address for address in addresses)
    assert pages + sum(parts.values()) <= MOST_BYTES, {"the page": pages} | parts


def test_only_photos_far_below_wait_until_somebody_scrolls(client, many_mentors):
    html = client.get("/search").text

    assert html.count('class="face face-small" src=') == FULL_PAGE
    assert html.count('loading="lazy"') == FULL_PAGE - 6
