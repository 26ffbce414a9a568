"""Numbers over time as lines. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

HEIGHT, WIDTH = 150, 320
LEFT, RIGHT, TOP, BOTTOM = 30, 10, 12, 12
"""What is left free around the lines, in the chart's own units."""

Readings = Sequence[tuple[datetime, int]]


@dataclass(frozen=True, slots=True)
class Series:
    """`path` as SVG wants it; `points` has the place of each reading, in their order."""

    number: int
    name: str
    path: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class LineChart:
    """`rules` are the heights of lines across it, with what they stand for."""

    width: int
    height: int
    left: int
    rules: tuple[tuple[float, str], ...]
    series: tuple[Series, ...]
    first: datetime
    last: datetime


def lines(readings: Mapping[str, Readings], *, lowest: int, highest: int, rules: Sequence[int]) -> LineChart | None:
    """All on one scale, from the first to the last reading of any of them; None where nothing was read."""
    all_at = [at for each in readings.values() for at, _ in each]
    if not all_at:
        return None
    first, last = min(all_at), max(all_at)

    def place(at: datetime, value: int) -> tuple[float, float]:
        share = (at - first) / (last - first) if last > first else 0.5
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1), _height(value, lowest, highest)

    drawn = [(name, tuple(place(*each) for each in sorted(of_name))) for name, of_name in readings.items() if of_name]
    return LineChart(
        WIDTH,
        HEIGHT,
        LEFT,
        tuple((_height(value, lowest, highest), str(value).replace("-", "−")) for value in rules),
        tuple(Series(number, name, _path(points), points) for number, (name, points) in enumerate(drawn, start=1)),
        first,
        last,
    )


def _height(value: int, lowest: int, highest: int) -> float:
    return round(TOP + (highest - value) / (highest - lowest) * (HEIGHT - TOP - BOTTOM), 1)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)
