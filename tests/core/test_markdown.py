"""What people write with marks stands on other people's pages."""

import re
import time
from html.parser import HTMLParser

import pytest

from marketplace.core.markdown import rendered

ALLOWED = {"p", "br", "hr", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre", "h3", "h4", "h5", "h6"}


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes = set(), set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_paragraphs_lists_and_marks_are_what_they_look_like():
    html = rendered("I **build** *timetables*.\nOn time.\n\n- one\n- two\n\n> said\n\n`code`")

    assert "<strong>build</strong> <em>timetables</em>.<br>\nOn time." in html
    assert "<li>one</li>" in html
    assert "<blockquote>" in html
    assert "<code>code</code>" in html


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# a\n## b\n# c", ["h3", "h4", "h3"]),
        ("### deep at once", ["h3"]),
        ("# a\n\n###### b", ["h3", "h4"]),
        ("# a\n## b\n### c\n#### d\n##### e", ["h3", "h4", "h5", "h6", "h6"]),
        ("title\n=====", ["h3"]),
    ],
)
def test_headings_begin_below_the_pages_own_and_skip_no_level(text, levels):
    assert re.findall(r"<(h\d)>", rendered(text)) == levels


def test_links_lead_away_without_a_recommendation():
    html = rendered("[talk](https://example.org/talk) <https://example.org> <ada@example.org>")

    assert html.count('rel="nofollow noopener"') == 3
    assert 'href="mailto:ada@example.org"' in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src="https://example.org/x" onerror="alert(1)">',
        "![pixel](https://example.org/pixel.png)",
        "![pixel][p]\n\n[p]: https://example.org/pixel.png",
        "[press](javascript:alert(1))",
        "[press](JaVaScRiPt:alert(1))",
        "[press](&#106;avascript:alert(1))",
        "[press](data:text/html;base64,PHNjcmlwdD4=)",
        '[press](https://example.org "x\\" onmouseover=alert(1)")',
        "<a href='https://example.org' style='position:fixed'>x</a>",
        "<iframe src=//example.org></iframe>",
        "<svg><script>alert(1)</script></svg>",
        "<style>*{display:none}</style>",
        "```html\n<form action=//example.org>\n```",
        "\\<script>alert(1)\\</script>",
        "<!-- --><script>alert(1)</script>",
    ],
)
def test_nothing_but_plain_marks_comes_out(text):
    found = Tags(rendered(text))

    assert found.tags <= ALLOWED
    assert found.attributes <= {"href", "rel", "start", "title"}
    assert not re.search(r'href="(?!https?:|mailto:)', rendered(text))


@pytest.mark.parametrize(
    "text",
    [">" * 6000, "[" * 6000, "*_" * 3000, "[a](" * 1500, "**a " * 1500, "- " * 3000, "\n>" * 3000, "<a " * 2000],
    ids=["quotes", "brackets", "stars", "links", "bold", "lists", "lines", "tags"],
)
def test_a_text_made_to_take_long_does_not(text):
    began = time.process_time()

    rendered(text)

    assert time.process_time() - began < 3
