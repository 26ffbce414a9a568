"""What people type, brought into one form before it is kept."""

from __future__ import annotations

import re
import unicodedata

_DISTURBING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""Control characters but for the line feed (Cc), halves of characters (Cs), and marks that turn the direction of what
follows: they would disturb the pages and letters of others, or could not be kept at all."""


def one_line(typed: str) -> str:
    """With single spaces and composed characters (NFC)."""
    return unicodedata.normalize("NFC", " ".join(typed.split()))


def paragraphs(typed: str) -> str:
    """Lines as typed, without what stands invisibly at their ends and around the whole."""
    lines = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n")).expandtabs(4).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def disturbs(text: str) -> bool:
    return _DISTURBING.search(text) is not None


def undisturbed(text: str) -> str:
    return _DISTURBING.sub("", text)
