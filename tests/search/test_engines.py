"""What search engines are told: one address for each page, and to leave filtered lists alone."""

import re

import pytest

from tests.search.searching import make_bookable


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/search", "/search"),
        ("/", "/"),
        ("/how-we-rank", "/how-we-rank"),
        ("/mentors/grace?zone=Asia/Tokyo", "/mentors/grace"),
    ],
)
def test_pages_name_the_one_address_that_they_are_to_be_found_at(client, session, settings, path, address):
    make_bookable(session, slug="grace")
    session.commit()

    html = client.get(path).text

    assert f'<link rel="canonical" href="{settings.public_url}{address}">' in html
    assert re.search(r'<meta name="description" content="[^"]{20,200}">', html)
    assert "noindex" not in html


@pytest.mark.parametrize("path", ["/search?q=python", "/search?language=en", "/search?page=2", "/search?price=x"])
def test_filtered_lists_are_not_for_search_engines(client, session, path):
    make_bookable(session)
    session.commit()

    html = client.get(path).text

    assert '<meta name="robots" content="noindex">' in html
    assert "canonical" not in html
