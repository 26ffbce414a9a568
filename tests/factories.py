"""Sample people and what they own. Ada and Alan are mentees, Grace and Edsger mentors, Olga the operator."""

from datetime import UTC, datetime
from itertools import count
from uuid import uuid4

from argon2 import PasswordHasher
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from booking.models.bookings import BoundaryRow, WorkingHours
from marketplace.accounts.models import User
from marketplace.core.clock import utcnow
from marketplace.mentors.models import Mentor, MentorPhoto, MentorTopic
from marketplace.offerings.models import Offering
from payments.models.payouts import PayoutAccount

PASSWORD = "correct horse battery staple"
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
_numbers = count(1)


def make_user(session: Session, name: str = "Ada Example", *, zone: str = "Europe/Stockholm", **given: object) -> User:
    handle = f"{name.split(maxsplit=1)[0].lower()}{next(_numbers)}"
    fields: dict[str, object] = {
        "email": f"{handle}@example.org",
        "password_hash": _HASH,
        "verified_at": LONG_AGO,
        "calendar_changed_at": LONG_AGO,
        "created_at": LONG_AGO,
    }
    user = User(name=name, zone=zone, **{**fields, **given})
    session.add(user)
    session.flush()
    return user


def minute(at: str) -> int:
    hours, minutes = at.split(":")
    return int(hours) * 60 + int(minutes)


def hours(*spans: str) -> list[Range[int]]:
    """`hours("09:00-12:00", "13:00-17:00")`"""
    return [Range(*(minute(at) for at in span.split("-"))) for span in spans]


def make_mentor(
    session: Session,
    name: str = "Grace Example",
    *,
    zone: str = "Europe/Amsterdam",
    weekly: dict[int, list[Range[int]]] | None = None,
    boundaries: dict[str, int] | None = None,
    can_be_paid: bool = True,
    **given: object,
) -> Mentor:
    """Approved, known to Stripe, bookable Monday to Friday from 9 to 17 unless told otherwise."""
    user = make_user(session, name, zone=zone)
    fields: dict[str, object] = {
        "slug": f"{name.split(maxsplit=1)[0].lower()}-{user.id}",
        "status": "approved",
        "headline": "Helps engineers grow from senior to staff.",
        "how_i_work": "We start from what you want to be able to do.",
        "story": "I began as a **mathematician**.",
        "city": "Utrecht",
        "country": "NL",
        "languages": ["en"],
    }
    mentor = Mentor(id=user.id, zone=zone, **{**fields, **_decided(str(given.get("status", "approved"))), **given})
    session.add(mentor)
    session.flush()
    session.add(
        MentorTopic(mentor_id=mentor.id, position=0, name="Data engineering", reach="depth", last_practised=2026)
    )
    for weekday, minutes in (
        weekly if weekly is not None else dict.fromkeys(range(1, 6), hours("09:00-17:00"))
    ).items():
        session.add(WorkingHours(mentor_id=mentor.id, weekday=weekday, minutes=minutes))
    session.add(BoundaryRow(mentor_id=mentor.id, **(boundaries or {})))
    if can_be_paid:
        make_payout_account(session, mentor)
    session.flush()
    return mentor


def make_payout_account(session: Session, mentor: Mentor, **given: object) -> PayoutAccount:
    """One that the stand-in knows without having made it, and that is ready to be paid."""
    fields: dict[str, object] = {
        "stripe_account_id": f"acct_ready{uuid4().hex[:16]}",
        "transfers": "active",
        "created_at": LONG_AGO,
        "looked_at": utcnow(),
    }
    account = PayoutAccount(mentor_id=mentor.id, **{**fields, **given})
    session.add(account)
    session.flush()
    session.refresh(mentor, ["can_be_paid"])
    return account


def _decided(status: str) -> dict[str, object]:
    """What the database asks of a mentor in that state."""
    decided: dict[str, object] = {} if status == "draft" else {"submitted_at": LONG_AGO}
    if status in {"approved", "paused", "suspended"}:
        decided["approved_at"] = LONG_AGO
    if status in {"changes_wanted", "suspended"}:
        decided["reason"] = "Tell more about yourself."
    return {**decided, "suspended_from": "approved" if status == "suspended" else None}


def make_offering(session: Session, mentor: Mentor, *, kind: str = "session", **given: object) -> Offering:
    """A single session of 60 minutes at 70 euros, or the free fit call of 20 minutes."""
    free = kind == "fit_call"
    fields: dict[str, object] = {
        "title": "Fit call" if free else "Single session",
        "summary": "20 minutes, to see whether we fit" if free else "60 minutes, all included",
        "minutes": 20 if free else 60,
        "price_minor": 0 if free else 7000,
        "currency": "EUR",
    }
    offering = Offering(mentor_id=mentor.id, kind=kind, **{**fields, **given})
    session.add(offering)
    session.flush()
    return offering


def make_photo(session: Session, mentor: Mentor) -> MentorPhoto:
    """Bytes that no program can show, for whoever only looks for them."""
    photo = MentorPhoto(mentor_id=mentor.id, digest=f"{mentor.id:032x}", alt="Grace laughing", large=b"L", small=b"S")
    session.add(photo)
    session.flush()
    return photo


def make_programme(session: Session, mentor: Mentor, **given: object) -> Offering:
    """Six sessions of an hour, two weeks apart, at 480 euros together."""
    fields: dict[str, object] = {
        "title": "From senior to staff",
        "summary": "Three months, one step at a time",
        "sessions": 6,
        "cadence_days": 14,
        "milestones": "You know what staff means here\nYou lead one thing across teams",
        "pre_work": "Write down what you did this month",
        "price_minor": 48000,
    }
    return make_offering(session, mentor, kind="programme", **{**fields, **given})
