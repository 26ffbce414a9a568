"""Addresses in what people write, as links that can stand on anybody's page; everything else stays plain text."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"]+", re.IGNORECASE)
_NOT_AT_THE_END = ".,;:!?…'’”"
_PAIRS = {")": "(", "]": "["}


def linked(text: str) -> Markup:
    """Only what begins with http:// or https:// becomes a link, and its address is what the reader sees."""
    made, at = Markup(), 0
    for found in _ADDRESS.finditer(text):
        address = _without_the_end(found.group())
        made += escape(text[at : found.start()])
        made += Markup('<a href="{0}" rel="nofollow noopener noreferrer">{0}</a>').format(address)
        at = found.start() + len(address)
    return made + escape(text[at:])


def _without_the_end(address: str) -> str:
    """What ends a sentence or closes a bracket around the address does not belong to it."""
    while address and (address[-1] in _NOT_AT_THE_END or _closes_more_than_it_opens(address)):
        address = address[:-1]
    return address


def _closes_more_than_it_opens(address: str) -> bool:
    opens = _PAIRS.get(address[-1])
    return opens is not None and address.count(address[-1]) > address.count(opens)
