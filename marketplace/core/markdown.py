"""What people write with marks (CommonMark), as HTML that can stand on anybody's page.

Two fences: the writer of HTML knows no raw HTML and no images, and what it wrote is cleaned against a list of what may
be there. Headings begin below those of the page and never skip a level.
"""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

TOP_HEADING, LAST_HEADING = 3, 6
"""A page has its own first and second headings."""
_TAGS = {"p", "br", "hr", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre"}
_TAGS |= {f"h{level}" for level in range(TOP_HEADING, LAST_HEADING + 1)}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
_WRITER = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 20}).disable(
    ["image", "html_inline", "html_block", "reference"]
)


@lru_cache(maxsize=256)
def rendered(text: str) -> Markup:
    """The same text gives the same HTML, so the last few hundred are kept."""
    tokens = _WRITER.parse(text)
    _shift_headings(tokens)
    html = _WRITER.renderer.render(tokens, _WRITER.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="nofollow noopener",
        strip_comments=True,
    )
    return Markup(clean)  # noqa: S704 - cleaned in the line above


def _shift_headings(tokens: list[Token]) -> None:
    before, shift = TOP_HEADING - 1, TOP_HEADING - 1
    level = before
    for token in tokens:
        if token.type == "heading_open":
            level = before = min(int(token.tag[1]) + shift, before + 1, LAST_HEADING)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{level}"
