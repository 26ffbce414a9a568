"""What every page knows: who looks at it, what time it is, the menu, and how sums and times are written."""

from __future__ import annotations

from flask import Flask, session, url_for
from flask.sessions import NullSession
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from booking.domain.session_clock import session_clock
from booking.words.bookings import free_again_words
from marketplace.accounts.current import visitor
from marketplace.accounts.onward import page_of_this_request
from marketplace.core import formats, names
from marketplace.core.audit import WHAT
from marketplace.core.clock import utcnow
from marketplace.core.config import Settings
from marketplace.core.http import settings
from marketplace.core.language import LANGUAGES, said, spoken
from marketplace.core.links import linked
from marketplace.core.markdown import rendered
from marketplace.mentors.words import POINTS, SECTIONS, STATES, WAYS, initials
from marketplace.offerings.words import offer_length
from marketplace.pages import face
from marketplace.pages.menu import menu
from marketplace.pages.words import CANCELLED_BY, state_words
from payments.domain.withdrawal import EU, VERSION
from payments.forms.checkout import written_price
from payments.words.bank_payouts import payout_words, what_happened, why_words
from payments.words.disputes import reason_words, status_words
from payments.words.fees import fee_words
from payments.words.sales import payment_words, source_words

FILTERS = {
    "money": formats.money,
    "rate": formats.rate,
    "local": formats.local,
    "local_with_zone": formats.local_with_zone,
    "local_span": formats.local_span,
    "ago": formats.ago,
    "dated": formats.dated,
    "dated_day": formats.dated_day,
    "day": formats.day,
    "long_day": formats.long_day,
    "full_date": formats.full_date,
    "weekday": formats.weekday,
    "clock_time": formats.clock_time,
    "zone_place": formats.zone_place,
    "instant": formats.instant,
    "length_words": formats.length,
    "offer_length": offer_length,
    "month_name": formats.month_name,
    "counted": formats.counted,
    "countdown": formats.countdown,
    "session_clock": lambda booking, now: session_clock(booking.starts_at, booking.ends_at, now),
    "state_words": state_words,
    "cancelled_by_words": lambda status: CANCELLED_BY[status],
    "payment_words": payment_words,
    "dispute_status": status_words,
    "dispute_reason": reason_words,
    "payout_words": payout_words,
    "payout_happened": what_happened,
    "payout_why": why_words,
    "fee_words": fee_words,
    "free_again": free_again_words,
    "price_seen": written_price,
    "source_words": source_words,
    "linked": linked,
    "markdown": rendered,
    "initials": initials,
    "way_words": lambda way: WAYS.get(way, way),
    "mentor_state_words": lambda status: STATES[status],
    "point_words": lambda point: POINTS[point],
    "section_words": lambda section: SECTIONS.get(section, section),
    "deed_words": lambda what: WHAT.get(what, what),
    "said": said,
    "spoken": spoken,
    "language_name": names.language_name,
    "country_name": names.country_name,
}


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(FILTERS)
    app.context_processor(page_context)


def page_context() -> dict[str, object]:
    try:
        person = visitor()
        entries = menu(person)
    except SQLAlchemyError:  # the page that says so must come out even when the database is away
        person, entries = None, menu(None)
    return {
        "site_name": settings().site_name,
        "tax": settings().tax,
        "takes_codes": settings().promotion_codes,
        "withdrawal_version": VERSION if settings().withdrawal == EU else "",
        "now": utcnow(),
        "visitor": person,
        "menu": entries,
        "here": page_of_this_request(),
        "legal": legal(settings()),
        "social_card": face.social_card(),
        "theme_colours": face.THEME_COLOURS,
        # Pages for calendar apps have no session, so no form of theirs could be sent.
        "languages": {} if isinstance(session, NullSession) else LANGUAGES,
    }


def legal(site: Settings) -> list[tuple[str, str]]:
    """What the site's owner has to say by law, on pages of their own: label and address."""
    named = [(_("Terms"), site.terms_url), (_("Privacy"), site.privacy_url), (_("Imprint"), site.imprint_url)]
    if site.withdrawal == EU:
        named.append((_("Right to withdraw"), url_for("payments.withdrawal", version=VERSION)))
    return [(label, url) for label, url in named if url]
