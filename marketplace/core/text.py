"""What people type, brought into one form before it is kept."""

from __future__ import annotations

import unicodedata

_CONTROLS = {"Cc", "Cs"}
_DIRECTIONS = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}


def one_line(typed: str) -> str:
    """With single spaces and composed characters (NFC)."""
    return unicodedata.normalize("NFC", " ".join(typed.split()))


def paragraphs(typed: str) -> str:
    """Lines as typed, without what stands invisibly at their ends and around the whole."""
    lines = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n")).expandtabs(4).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def disturbs(text: str) -> bool:
    """True if it has control characters, halves of characters, or marks that turn the direction of what follows: they
    would disturb the pages and letters of others, or could not be kept at all."""
    return any(
        (unicodedata.category(each) in _CONTROLS and each != "\n") or unicodedata.bidirectional(each) in _DIRECTIONS
        for each in text
    )
