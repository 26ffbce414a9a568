"""Which word was meant by one that nobody uses. Pure."""

from __future__ import annotations

from collections.abc import Iterable

LEAST_BEGINNING = 3
"""Letters from which a word counts as the beginning of another."""


def mistakes_forgiven(word: str) -> int:
    """None in short words, where every change makes another word."""
    if len(word) < 4:
        return 0
    return 1 if len(word) < 8 else 2


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The one with the fewest mistakes, of those that are forgiven; the first in the alphabet among equals."""
    distances = sorted((distance(word, candidate), candidate) for candidate in candidates)
    return next((found for off, found in distances if off <= mistakes_forgiven(word)), None)


def distance(one: str, other: str) -> int:
    """How many letters are missing, too many, wrong, or swapped with their neighbour."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
