"""Addresses in what people write become links, and nothing else does."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.links import linked

PIECES = st.sampled_from(
    ["https://example.org/a?b=1&c", "<b>", '"', "'", "&amp;", ").", "javascript:alert(1)", "\n", "x "]
)


def hrefs(text: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'href="([^"]*)"', linked(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("See https://example.org/a.", ["https://example.org/a"], id="the full stop ends the sentence"),
        pytest.param("(https://example.org/a)", ["https://example.org/a"], id="the bracket is not its own"),
        pytest.param("https://example.org/a_(b)", ["https://example.org/a_(b)"], id="this one is"),
        pytest.param("http://a.example http://b.example", ["http://a.example", "http://b.example"], id="two"),
        pytest.param("javascript:alert(1) data:text/html,x //example.org", [], id="no other scheme"),
        pytest.param('https://example.org/"onclick="x', ["https://example.org/"], id="no way out of the attribute"),
    ],
)
def test_only_web_addresses_become_links(text: str, expected: list[str]) -> None:
    assert hrefs(text) == expected


@given(st.lists(PIECES | st.text(max_size=5), max_size=8).map("".join))
def test_what_is_read_is_what_was_written_and_nothing_but_links_is_a_tag(text: str) -> None:
    made = str(linked(text))

    without_links = re.sub(r'<a href="[^"<>]*" rel="nofollow noopener noreferrer">|</a>', "", made)
    assert "<" not in without_links
    assert unescape(without_links) == text
