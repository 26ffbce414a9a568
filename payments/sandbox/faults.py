"""What goes wrong on request, for one key at a time and in memory: late or lost webhooks, 500s, requests that hang."""

import threading
from collections import defaultdict
from enum import StrEnum

_LONGEST_STALL_SECONDS = 30.0


class WebhookMode(StrEnum):
    DELIVER = "deliver"
    HOLD = "hold"  # kept until a flush, or until the mode is deliver again
    DROP = "drop"  # counted as delivered and never sent: a proxy on the way said 200


class Fault(StrEnum):
    STALL = "stall"  # the request hangs before it does anything
    FAIL_BEFORE = "500_before"  # nothing is done, and the 500 is stored under the idempotency key
    FAIL_AFTER = "500_after_commit"  # all is done, and yet the answer and what is stored is a 500


class Faults:
    """Armed faults and the webhook mode, by key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: dict[tuple[str, Fault], list[str]] = defaultdict(list)
        self._modes: dict[str, WebhookMode] = {}
        self._stalled: dict[str, list[threading.Event]] = defaultdict(list)

    def webhook_mode(self, account: str) -> WebhookMode:
        with self._lock:
            return self._modes.get(account, WebhookMode.DELIVER)

    def set_webhook_mode(self, account: str, mode: WebhookMode) -> None:
        with self._lock:
            self._modes[account] = mode

    def arm(self, account: str, fault: Fault, path: str, times: int = 1) -> None:
        """The next `times` POSTs whose path begins with `path` meet the fault."""
        with self._lock:
            self._armed[account, fault].extend([path] * times)

    def strikes(self, account: str, fault: Fault, path: str) -> bool:
        """Whether this request meets the fault; uses it up."""
        with self._lock:
            armed = self._armed[account, fault]
            hit = next((prefix for prefix in armed if path.startswith(prefix)), None)
            if hit is not None:
                armed.remove(hit)
            return hit is not None

    def stall(self, account: str, path: str) -> None:
        """Hangs until released, if armed; half a minute at most."""
        if not self.strikes(account, Fault.STALL, path):
            return
        released = threading.Event()
        with self._lock:
            self._stalled[account].append(released)
        released.wait(_LONGEST_STALL_SECONDS)

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
