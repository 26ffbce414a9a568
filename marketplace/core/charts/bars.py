"""Bars of a small chart. The table beside it says the same in figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT, WIDTH, GAP = 120, 28, 8


@dataclass(frozen=True, slots=True)
class Bar:
    """In the chart's own units; y counts from the top."""

    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Chart:
    width: int
    height: int
    bars: tuple[Bar, ...]


def bars(values: Sequence[int], *, most: int = 24) -> Chart:
    """Of the last `most` values, as high as their share of the highest; none of them negative."""
    shown = values[-most:]
    highest = max([*shown, 1])
    heights = [HEIGHT * value // highest for value in shown]
    found = tuple(Bar(number * (WIDTH + GAP), HEIGHT - height, height) for number, height in enumerate(heights))
    return Chart(max(len(shown) * (WIDTH + GAP) - GAP, WIDTH), HEIGHT, found)
