"""What goes wrong on request, for one key at a time and in memory: late or lost webhooks, refusals, requests that hang.

What becomes of the next payments and refunds is kept with the books instead: see `plans`.
"""

import threading
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

_LONGEST_STALL_SECONDS = 30.0


class WebhookMode(StrEnum):
    DELIVER = "deliver"
    REVERSE = "reverse"  # what is waiting at the same moment goes out newest first
    HOLD = "hold"  # kept until a flush, or until the mode is another
    DROP = "drop"  # counted as delivered and never sent: a proxy on the way said 200


@dataclass(frozen=True, slots=True)
class Webhooks:
    """How a key's webhooks go out. `delay_seconds` is by the movable clock and from the event to its first delivery."""

    mode: WebhookMode = WebhookMode.DELIVER
    delay_seconds: int = 0
    repeat: int = 1


class Fault(StrEnum):
    STALL = "stall"  # the request hangs before it does anything
    STALL_AFTER = "stall_after_commit"  # all is done and kept under the idempotency key, and the answer hangs
    CUT_AFTER = "cut_after_commit"  # the same, and the connection breaks instead of hanging
    FAIL_BEFORE = "500_before"  # nothing is done, and the 500 is stored under the idempotency key
    FAIL_AFTER = "500_after_commit"  # all is done, and yet the answer and what is stored is a 500
    LOCK = "lock_timeout"  # 409: nothing is done and nothing stored
    RATE = "rate_limit"  # 429: nothing is done and nothing stored


@dataclass(frozen=True, slots=True)
class Armed:
    """One request that will meet a fault: its path begins with `path`."""

    fault: Fault
    path: str
    method: str


class Faults:
    """Armed faults and the way of webhooks, by key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: dict[str, list[Armed]] = defaultdict(list)
        self._webhooks: dict[str, Webhooks] = {}
        self._stalled: dict[str, list[threading.Event]] = defaultdict(list)

    def webhooks(self, account: str) -> Webhooks:
        with self._lock:
            return self._webhooks.get(account, Webhooks())

    def set_webhooks(self, account: str, webhooks: Webhooks) -> None:
        with self._lock:
            self._webhooks[account] = webhooks

    def arm(self, account: str, armed: Armed, times: int = 1) -> None:
        """The next `times` requests of that method and path meet the fault."""
        with self._lock:
            self._armed[account].extend([armed] * times)

    def armed(self, account: str) -> list[Armed]:
        with self._lock:
            return list(self._armed[account])

    def disarm(self, account: str) -> None:
        with self._lock:
            self._armed[account].clear()

    def strikes(self, account: str, fault: Fault, method: str, path: str) -> bool:
        """Whether this request meets the fault; uses it up."""
        with self._lock:
            armed = self._armed[account]
            fitting = (each for each in armed if (each.fault, each.method) == (fault, method))
            hit = next((each for each in fitting if path.startswith(each.path)), None)
            if hit is not None:
                armed.remove(hit)
            return hit is not None

    def stall(self, account: str, fault: Fault, method: str, path: str) -> None:
        """Hangs until released, if armed; half a minute at most."""
        if not self.strikes(account, fault, method, path):
            return
        released = threading.Event()
        with self._lock:
            self._stalled[account].append(released)
        released.wait(_LONGEST_STALL_SECONDS)
        with self._lock:
            if released in self._stalled[account]:
                self._stalled[account].remove(released)

    def stalled(self, account: str) -> int:
        with self._lock:
            return len(self._stalled[account])

    def release(self, account: str) -> int:
        """Lets every hanging request of the key go on; tells how many there were."""
        with self._lock:
            waiting = self._stalled.pop(account, [])
        for each in waiting:
            each.set()
        return len(waiting)
