"""A stretch of the day on which hours are drawn. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MinuteRange = tuple[int, int]
DAY_MINUTES = 24 * 60

_HOUR = 60
_MOST_LABELS = 7


@dataclass(frozen=True, slots=True)
class Axis:
    """From one whole hour to another, in minutes of the day. Places are given as SVG wants them: `12.5%`."""

    opens: int = 0
    closes: int = DAY_MINUTES

    @classmethod
    def around(cls, ranges: Iterable[MinuteRange]) -> Axis:
        """Long enough for all of them; the whole day for none."""
        found = list(ranges)
        if not found:
            return cls()
        first, last = min(start for start, _ in found), max(end for _, end in found)
        return cls(first // _HOUR * _HOUR, -(-last // _HOUR) * _HOUR)

    def at(self, minute: int) -> str:
        return _percent(minute - self.opens, self.closes - self.opens)

    def width(self, start: int, end: int) -> str:
        return _percent(end - start, self.closes - self.opens)

    @property
    def hours(self) -> range:
        """The whole hours between its ends, as minutes."""
        return range(self.opens + _HOUR, self.closes, _HOUR)

    @property
    def labels(self) -> range:
        """The hours that are named, both ends among them where the steps allow."""
        count = (self.closes - self.opens) // _HOUR
        steps = next(step for step in (1, 2, 3, 4, 6) if count / step < _MOST_LABELS)
        return range(self.opens, self.closes + 1, steps * _HOUR)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.3f}".rstrip("0").rstrip(".") + "%"
