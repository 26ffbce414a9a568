"""What a mentee gets back for cancelling, by how long before the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from booking.domain.intervals import as_utc

ALL_BP = 10_000
HALF_BP = 5_000


@dataclass(frozen=True, slots=True)
class CancellationPolicy:
    """All back until `notice` before the start, `late_refund_bp` until the start, nothing afterwards."""

    name: str
    notice: timedelta
    late_refund_bp: int = HALF_BP

    @classmethod
    def named(cls, name: str) -> CancellationPolicy:
        """The preset `flexible`, `standard` or `firm`; ValueError for any other name."""
        if name not in PRESETS:
            raise ValueError(f"There is no cancellation policy called {name!r}.")
        return PRESETS[name]

    def free_until(self, starts_at: datetime) -> datetime:
        """The last instant (UTC) at which cancelling or moving is free."""
        return as_utc(starts_at) - self.notice

    def refund_bp(self, *, starts_at: datetime, cancelled_at: datetime) -> int:
        """Basis points of what was paid that go back. Exactly at the limit is free; exactly at the start is nothing."""
        cancelled = as_utc(cancelled_at)
        if cancelled <= self.free_until(starts_at):
            return ALL_BP
        return self.late_refund_bp if cancelled < as_utc(starts_at) else 0


FLEXIBLE = CancellationPolicy("flexible", timedelta(hours=12))
STANDARD = CancellationPolicy("standard", timedelta(hours=24))
FIRM = CancellationPolicy("firm", timedelta(hours=48))
PRESETS: Mapping[str, CancellationPolicy] = MappingProxyType({p.name: p for p in (FLEXIBLE, STANDARD, FIRM)})
