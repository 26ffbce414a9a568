"""What the address of a series asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from booking.domain.series import Cadence
from booking.domain.zones import Zones
from payments.forms.checkout import parse_start


@dataclass(frozen=True, slots=True)
class AskedSeries:
    """When the first is to begin, and what is chosen instead for one of them, by its number from 1."""

    first: datetime
    instead: Mapping[int, datetime]

    @classmethod
    def read(cls, given: Mapping[str, str], sessions: int) -> AskedSeries | None:
        """What cannot be read is as if it were not there; None without a time to begin."""
        first = parse_start(given.get("start"))
        chosen = {number: parse_start(given.get(f"at{number}")) for number in range(1, sessions + 1)}
        instead = {number: at for number, at in chosen.items() if at is not None}
        return None if first is None else cls(first, instead)

    @classmethod
    def regular(cls, first: datetime) -> AskedSeries:
        return cls(first, {})

    @classmethod
    def exactly(cls, starts: Sequence[datetime], given: Mapping[str, str]) -> AskedSeries:
        """`begins` of an address says by which time it was proposed, since the first may be one that was chosen
        instead."""
        return cls(parse_start(given.get("begins")) or starts[0], dict(enumerate(starts, start=1)))

    def starts(self, zones: Zones, *, sessions: int, every: int) -> list[datetime]:
        cadence = Cadence.beginning(self.first, zones, times=sessions, every=every)
        regular = [self.first, *cadence.starts(zones)[1:]]
        return sorted(self.instead.get(number, at) for number, at in enumerate(regular, start=1))
