"""What becomes of a session and what that means in money, as sentences for its people and for an operator."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from booking.domain.outcomes import Decision, Facts, Outcome, Side, by_silence
from booking.domain.states import BookingStatus
from booking.words.outcomes import became_words
from marketplace.core import formats
from marketplace.core.money import Money
from payments.domain.settle import Dues

DECISIONS = {
    Decision.TOOK_PLACE: lazy_gettext("It took place"),
    Decision.MENTEE_MISSING: lazy_gettext("The mentee did not come"),
    Decision.MENTOR_MISSING: lazy_gettext("The mentor did not come"),
    Decision.BOTH_MISSING: lazy_gettext("Neither of the two came"),
    Decision.ALL_BACK: lazy_gettext("It took place, and all goes back"),
}


def sums_words(dues: Dues, side: Side, name: str) -> str:
    """For the one on that side; `name` is the other one. Empty where nothing was paid."""
    if not dues.gross:
        return ""
    if side is Side.MENTEE:
        if not dues.paid:
            return _("You paid nothing for it, so nothing goes back.")
        if dues.back:
            return _("You get all back: %(sum)s.", sum=formats.money(dues.back))
        return _("Nothing of the %(sum)s that you paid goes back.", sum=formats.money(dues.paid))
    if dues.back:
        return _("%(name)s gets %(sum)s back, and you earn nothing.", name=name, sum=formats.money(dues.back))
    if not dues.share:
        return _("You earn nothing for it.")
    return _("You earn %(sum)s, and nothing goes back.", sum=formats.money(dues.share))


def sums_for_operator(dues: Dues, mentee: str, mentor: str) -> str:
    if dues.back:
        return _("%(name)s gets %(sum)s back.", name=mentee, sum=formats.money(dues.back))
    if not dues.share:
        return _("Nothing was paid for it.")
    if dues.fee.minor < 0:
        return _(
            "Nothing goes back, %(name)s earns %(share)s, and the site gives %(sum)s of its own for the discount.",
            name=mentor,
            share=formats.money(dues.share),
            sum=formats.money(Money(-dues.fee.minor, dues.fee.currency)),
        )
    return _(
        "Nothing goes back, %(name)s earns %(share)s, and the site %(fee)s.",
        name=mentor,
        share=formats.money(dues.share),
        fee=formats.money(dues.fee),
    )


def follows_words(dues: Dues | None, side: Side, name: str) -> list[str]:
    """The same, as lines of a letter or a page; none before it is known what it becomes."""
    return [words] if dues is not None and (words := sums_words(dues, side, name)) else []


def stands_words(facts: Facts, outcome: Outcome, side: Side, name: str, when: str) -> str:
    """What it comes to as things are; `when` is when silence ends it, as both read it."""
    if outcome.is_final:
        return became_words(outcome.status, side, name)
    if outcome.waits_for_operator:
        return _("The site looks at what each of you says, and decides. Both of you get a letter then.")
    becomes = by_silence(facts)
    if becomes is None:
        return _("The site decides, once both of you have said something, or at %(when)s at the latest.", when=when)
    if becomes is BookingStatus.COMPLETED:
        return _("If nobody says otherwise before %(when)s, it counts as having taken place.", when=when)
    return _(
        "Who says nothing accepts. If nothing else is said before %(when)s, this stands: %(becomes)s",
        when=when,
        becomes=became_words(becomes, side, name),
    )


def in_both_zones(at: datetime, zone: object, other_zone: object) -> str:
    first = formats.local_with_zone(at, str(zone))
    return first if str(zone) == str(other_zone) else f"{first}, {formats.local_with_zone(at, str(other_zone))}"
