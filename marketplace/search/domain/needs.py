"""What somebody looks for, cut into needs: phrases between commas, or single words where there is no comma. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

MOST_NEEDS = 8
LONGEST_TEXT = 200
_BETWEEN_PHRASES = re.compile(r"[,;\n]")


@dataclass(frozen=True, slots=True)
class Needs:
    """As they were typed, each once; `left_out` if there was more than is looked for."""

    said: tuple[str, ...]
    left_out: bool = False


def cleaned(typed: str) -> str:
    """Without what cannot be seen: control characters, halves of characters, marks that turn the direction."""
    kept = (each if unicodedata.category(each)[0] != "C" or each == "\n" else " " for each in typed)
    return "".join(kept).strip()


def needs_in(typed: str, topics: Iterable[str] = ()) -> Needs:
    """The topics first, then what was typed."""
    text = cleaned(typed)
    cut = _BETWEEN_PHRASES.split(text[:LONGEST_TEXT])
    phrases = cut if len(cut) > 1 else cut[0].split()
    wanted = [" ".join(cleaned(topic)[:LONGEST_TEXT].split()) for topic in topics]
    wanted += [" ".join(phrase.split()) for phrase in phrases]
    apart: dict[str, str] = {}
    for need in wanted:
        if any(each.isalnum() for each in need):
            apart.setdefault(need.casefold(), need)
    said = tuple(apart.values())
    return Needs(said[:MOST_NEEDS], left_out=len(said) > MOST_NEEDS or len(text) > LONGEST_TEXT)


def typed_again(needs: Iterable[str]) -> str:
    """What to type for exactly these needs."""
    said = list(needs)
    if not any(" " in need for need in said):
        return " ".join(said)
    return f"{said[0]}," if len(said) == 1 else ", ".join(said)
