"""What cancelling means in money, as sentences for letters and pages."""

from flask_babel import gettext as _

from marketplace.core import formats
from payments.domain.settle import Dues
from payments.domain.states import RefundStatus
from payments.models.sales import Refund


def back_words(dues: Dues) -> str:
    """For the mentee, on the day of it."""
    if not dues.paid:
        return _("You paid nothing for it, so nothing goes back.")
    if not dues.back:
        return _("Nothing of what you paid goes back.")
    if dues.back == dues.paid:
        return _(
            "All that you paid goes back to the card or account that you paid with: %(sum)s. Banks take 5 to 10 days.",
            sum=formats.money(dues.back),
        )
    return _(
        "%(sum)s of %(paid)s goes back to the card or account that you paid with. Banks take 5 to 10 days.",
        sum=formats.money(dues.back),
        paid=formats.money(dues.paid),
    )


def stays_bought_words() -> str:
    """For the mentee, of a session of a programme that is not used up."""
    return _("The session stays yours: book it at another time, whenever you like, or have its money back.")


def still_bought_words() -> str:
    """For the mentor, of the same."""
    return _("The session stays bought, and can be booked at another time.")


def refund_words(dues: Dues, refund: Refund | None) -> str:
    """For the mentee, at any time after: what became of it since."""
    if refund is None or (refund.status in {RefundStatus.OWED, RefundStatus.SENT} and refund.by_hand_at is None):
        return back_words(dues)
    amount = formats.money(refund.amount)
    if refund.by_hand_at is not None:
        return _("%(sum)s has been paid to you in another way: %(how)s", sum=amount, how=refund.by_hand_how)
    if refund.status == RefundStatus.FAILED:
        return _("Your bank sent %(sum)s back to us. We pay it to you in another way, and write to you.", sum=amount)
    return _(
        "%(sum)s has been sent back to the card or account that you paid with. Banks take 5 to 10 days to show it.",
        sum=amount,
    )


def earned_words(dues: Dues) -> str:
    """For the mentor."""
    if not dues.share and not dues.paid:
        return _("You earn nothing for it.")
    if not dues.share:
        return _("The mentee gets all back, so you earn nothing for it.")
    return _("You earn %(sum)s for it, since it was cancelled late.", sum=formats.money(dues.share))
