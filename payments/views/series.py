"""A series before it is held: all of its times on both clocks, what is in the way of each, and what is free beside it.

Nothing is held or locked by looking: `payments.services.buy` judges all of it again, as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required
from sqlalchemy.orm import Session

from booking.domain.intervals import Interval
from booking.domain.refusals import Rule
from booking.domain.series import REACH, Meeting, can_be_held, series
from booking.domain.states import BookingStatus
from booking.domain.zones import Zones
from booking.queries.bookings import diary, envelope_of, schedule_of
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
from payments.queries import sales as queries
from payments.queries.fees import fee_for
from payments.views.frame import bp, with_mentor


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """`instead_of` is the unpaid purchase whose time is given back for it, if there is one."""

    offering: Offering
    zones: Zones
    meetings: list[Meeting]
    lines: Lines
    cadence: str
    open_until: date
    """On the mentor's calendar: later, nothing can be booked yet."""
    policy: str
    is_early: bool
    instead_of: str

    @property
    def can_be_held(self) -> bool:
        return can_be_held(self.meetings)

    @property
    def can_be_mended(self) -> bool:
        """With the times that stand beside the conflicts."""
        return all(meeting.beside for meeting in self.meetings if meeting.refusal)

    @property
    def is_too_long(self) -> bool:
        return any(meeting.refusal and meeting.refusal.rule is Rule.TOO_FAR for meeting in self.meetings)

    @property
    def first(self) -> datetime:
        return self.meetings[0].start

    @property
    def later(self) -> list[datetime]:
        return [meeting.start for meeting in self.meetings[1:]]

    def end_of(self, start: datetime) -> datetime:
        return start + timedelta(minutes=self.offering.minutes)

    def mentors_zone(self, start: datetime) -> ZoneInfo:
        return self.zones.on(self.zones.day_of(start))


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
    envelope, held = envelope_of(settings), _held(session, mentee.id, now)
    assert offering.cadence_days is not None, "a programme has a cadence"
    zones = schedule_of(session, offering.mentor_id, envelope).zones
    starts = asked.starts(zones, sessions=offering.sessions, every=offering.cadence_days)
    found = diary(
        session,
        mentor_id=offering.mentor_id,
        mentee_id=mentee.id,
        around=Interval(starts[0] - REACH, starts[-1] + REACH),
        envelope=envelope,
        without=[each.id for each in held.bookings] if held else [],
    )
    fee = fee_for(session, mentor_id=offering.mentor_id, mentee_id=mentee.id, settings=settings, now=now)
    lines = total(fee.rows(offering.price, offering.sessions))
    early = settings.withdrawal == EU and is_early(lines.gross, starts[0], now=now, zone=mentee.tz)
    return SeriesPage(
        offering=offering,
        zones=zones,
        meetings=series(found, starts, minutes=offering.minutes, now=now),
        lines=lines,
        cadence=cadence_words(asked.first, zones, offering.cadence_days),
        open_until=zones.day_of(now + found.schedule.boundaries.horizon),
        policy=policy_words(offering.policy, starts[0], zone, now) if lines.gross else "",
        is_early=early,
        instead_of=held.purchase.public_id if held else "",
    )


def _held(session: Session, mentee_id: int, now: datetime) -> queries.Sale | None:
    """What they hold and have not paid yet; paying for this would give it back."""
    sale = queries.unpaid(session, mentee_id)
    if sale is None or sale.booking.state is not BookingStatus.HELD:
        return None
    return sale if sale.booking.held_until is not None and sale.booking.held_until > now else None
