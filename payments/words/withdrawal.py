"""What the right to withdraw means for one sale, as sentences with dates, for pages and letters."""

from datetime import datetime, tzinfo

from flask_babel import gettext as _

from booking.domain.policy import CancellationPolicy
from booking.words.bookings import policy_words
from marketplace.core import formats
from payments.models.sales import Purchase


def sale_policy_words(purchase: Purchase, starts_at: datetime, zone: tzinfo, now: datetime) -> str:
    """What cancelling gives back: by the policy, or by the right to withdraw for as long as that gives more."""
    until = purchase.withdrawal_until
    free_until = CancellationPolicy.named(purchase.policy).free_until(starts_at)
    if until is None or until <= free_until or not now <= min(until, starts_at):
        return policy_words(purchase.policy, starts_at, zone, now)
    if until >= starts_at:
        all_back = _("By your right to withdraw you can cancel until it begins, and get all back.")
    else:
        all_back = _(
            "By your right to withdraw you can cancel until %(when)s and get all back; half after that.",
            when=formats.local(until, zone),
        )
    if now > free_until:
        return str(all_back)
    moving = _("It can be moved until %(when)s.", when=formats.local(free_until, zone))
    return f"{all_back} {moving}"


def withdrawal_lines(purchase: Purchase, zone: tzinfo) -> list[str]:
    """For the letter that confirms the sale, to keep; none of a sale without that right."""
    until = purchase.withdrawal_until
    if until is None:
        return []
    lines = [
        _(
            "You may withdraw from this purchase until %(when)s without giving a reason: cancel the session on its "
            "page, or write to us. All that you paid for sessions that have not begun goes back the way you paid.",
            when=formats.local(until, zone),
        )
    ]
    if purchase.early_asked_at is not None:
        lines.append(
            _("You have asked that the session may take place before that, and know that the right ends once it has.")
        )
    return lines
