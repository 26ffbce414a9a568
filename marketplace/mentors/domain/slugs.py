"""Addresses of mentors' pages, made from their names. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import count

LONGEST = 60
NAMELESS = "mentor"


def slug_of(name: str) -> str:
    """`lucia-sample` for “Lúcia Sample”; `mentor` for a name that has no Latin letter."""
    spelled = "".join(_SPELLED.get(each, each) for each in name.casefold())
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST].strip("-") or NAMELESS


def candidates(name: str) -> Iterator[str]:
    """One after the other until one is free: `ada-example`, `ada-example-2`, …"""
    slug = slug_of(name)
    yield slug
    for number in count(2):
        yield f"{slug}-{number}"


_SPELLED = {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "’": "", "'": ""}
"""Letters that do not fall apart into a plain one and a mark."""
