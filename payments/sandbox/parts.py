"""What one running stand-in consists of."""

from dataclasses import dataclass, field
from pathlib import Path

from payments.sandbox.clock import Clock
from payments.sandbox.faults import Faults
from payments.sandbox.idempotency import InFlight
from payments.sandbox.store import Store


@dataclass(frozen=True, slots=True)
class Parts:
    store: Store
    clock: Clock
    faults: Faults = field(default_factory=Faults)
    in_flight: InFlight = field(default_factory=InFlight)


def open_parts(state: Path, clock_file: Path | None = None) -> Parts:
    return Parts(store=Store(state), clock=Clock(clock_file))
