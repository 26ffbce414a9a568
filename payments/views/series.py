"""A series before it is held and paid for: all of its times on both clocks, what is in the way of each, and what is
free beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required
from sqlalchemy.orm import Session

from booking.domain.states import BookingStatus
from booking.queries.bookings import envelope_of
from booking.services.hold import SeriesNotFree
from booking.words.bookings import cadence_words, policy_words
from marketplace.accounts.current import signed_in
from marketplace.accounts.models import User
from marketplace.accounts.zones import viewer_zone, zone_choices
from marketplace.core.clock import utcnow
from marketplace.core.config import Settings
from marketplace.core.db import db
from marketplace.core.errors import NotFound
from marketplace.core.http import settings as settings_of_site
from marketplace.core.language import spoken
from marketplace.core.paging import number
from marketplace.mentors.models import Mentor
from marketplace.mentors.queries import mentor_by_slug
from marketplace.offerings.models import Offering
from payments.domain.fees import Lines, total
from payments.domain.withdrawal import EU, is_early
from payments.forms.series import AskedSeries
from payments.offers.series import Pair, Proposed, propose
from payments.queries import sales as queries
from payments.queries.fees import fee_for
from payments.views.frame import bp, with_mentor


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """`instead_of` is the unpaid purchase whose time is given back for it, if there is one."""

    offering: Offering
    proposed: Proposed
    lines: Lines
    begins: datetime
    """When the first would be if nothing were chosen instead."""
    cadence: str
    policy: str
    is_early: bool
    instead_of: str


@bp.get("/mentors/<slug>/series")
@login_required
def propose_series(slug: str) -> ResponseReturnValue:
    """What can be read of the address counts; without a time to begin one is chosen first."""
    mentor = mentor_by_slug(db.session(), slug, viewer_id=signed_in().id)
    offering = programme_on_offer(db.session(), mentor, number(request.args.get("offering", "")))
    asked = AskedSeries.read(request.args, offering.sessions)
    if asked is None:
        return redirect(url_for("pages.mentor", slug=slug, offering=offering.id), code=303)
    return series_proposed(mentor, offering, asked)


def series_proposed(
    mentor: Mentor,
    offering: Offering,
    asked: AskedSeries,
    *,
    agenda: str = "",
    refusal: SeriesNotFree | None = None,
) -> str:
    """All times of the series as they stand now, in front of whoever is signed in."""
    zone, settings = viewer_zone(), settings_of_site()
    page = series_page(db.session(), offering, signed_in(), asked, zone=zone, settings=settings, now=utcnow())
    shown = {"page": page, "agenda": agenda, "told": spoken(refusal) if refusal else "", "zones": zone_choices()}
    return render_template("payments/series.html", **shown, **with_mentor(mentor))


def programme_on_offer(session: Session, mentor: Mentor, offering_id: int | None) -> Offering:
    """Raises NotFound."""
    offering = session.get(Offering, offering_id) if offering_id is not None else None
    if offering is None or not (offering.mentor_id == mentor.id and offering.is_programme and offering.active):
        raise NotFound("This mentor does not offer that.")
    return offering


def series_page(
    session: Session,
    offering: Offering,
    mentee: User,
    asked: AskedSeries,
    *,
    zone: ZoneInfo,
    settings: Settings,
    now: datetime,
) -> SeriesPage:
    held, every = _held(session, mentee.id, now), offering.cadence_days
    assert every is not None, "a programme has a cadence"
    proposed = propose(
        session,
        Pair(offering.mentor_id, mentee.id),
        lambda schedule: asked.starts(schedule.zones, sessions=offering.sessions, every=every),
        minutes=offering.minutes,
        now=now,
        envelope=envelope_of(settings),
        without=[each.id for each in held.bookings] if held else [],
    )
    fee = fee_for(session, mentor_id=offering.mentor_id, mentee_id=mentee.id, settings=settings, now=now)
    lines = total(fee.rows(offering.price, offering.sessions))
    return SeriesPage(
        offering=offering,
        proposed=proposed,
        lines=lines,
        begins=asked.first,
        cadence=cadence_words(asked.first, proposed.zones, every),
        policy=policy_words(offering.policy, proposed.first, zone, now) if lines.gross else "",
        is_early=settings.withdrawal == EU and is_early(lines.gross, proposed.first, now=now, zone=mentee.tz),
        instead_of=held.purchase.public_id if held else "",
    )


def _held(session: Session, mentee_id: int, now: datetime) -> queries.Sale | None:
    """What they hold and have not paid yet; paying for this would give it back."""
    sale = queries.unpaid(session, mentee_id)
    if sale is None or sale.booking.state is not BookingStatus.HELD:
        return None
    return sale if sale.booking.held_until is not None and sale.booking.held_until > now else None
