"""Long lists a page at a time: `?page=2`."""

from flask import request

MAX_PAGE = 10_000
"""Beyond it nobody turns pages; it bounds what an OFFSET can cost."""


def page_number() -> int:
    """The page that the address asks for, from 1; the first for anything else."""
    return min(number(request.args.get("page", "")) or 1, MAX_PAGE)


def number(text: str) -> int | None:
    """A whole number from 1 that fits the database's, or None."""
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        return None
    return int(text) or None
