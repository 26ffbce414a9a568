"""What happens by itself as the movable clock goes on."""

from payments.sandbox.books import book_overdue
from payments.sandbox.checkout import expire_overdue
from payments.sandbox.parts import Parts
from payments.sandbox.payouts import arrive_overdue


def catch_up(parts: Parts) -> None:
    """Ends sessions whose time is over, books what was to come by now, and has payouts arrive."""
    now = parts.clock.now()
    expire_overdue(parts.store, now)
    book_overdue(parts.store, now)
    arrive_overdue(parts.store, now)
