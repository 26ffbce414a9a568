"""Until when a mentee may move a session, by the policy that was frozen with its sale.

The limit is that of cancelling for all of the money, so moving gives nobody what they could not have had: whoever moves
could have had all back at that moment. It follows the new start; and where the new start is nearer than the limit, it
has passed, and the page says so before anybody presses.
"""

from datetime import datetime

from booking.domain.policy import CancellationPolicy


def free_to_move_until(policy: CancellationPolicy, starts_at: datetime, *, costs: bool) -> datetime:
    """UTC. What cost nothing can be moved as long as it can be cancelled: cancelling it and booking another is free."""
    return policy.free_until(starts_at) if costs else starts_at


def may_move(policy: CancellationPolicy, starts_at: datetime, *, costs: bool, now: datetime) -> bool:
    """Exactly at the limit is still free; once it begins it is too late."""
    return now < starts_at and now <= free_to_move_until(policy, starts_at, costs=costs)
