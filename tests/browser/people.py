"""Mentors and mentees of one test: nobody else's bookings are in their way."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from tests.factories import make_mentor, make_offering, make_user

DAY, ON_THE_DAY = "Tuesday 8 December", "Tue 8 Dec"
NOON = datetime(2026, 12, 8, 10, 0, tzinfo=UTC)
"""When a session begins: 12:00 in Helsinki, 11:00 in Amsterdam, 10:00 in Lisbon."""


@dataclass(frozen=True, slots=True)
class Mentor:
    name: str
    email: str
    path: str


def mentor_in_helsinki(rows: Session) -> Mentor:
    """Committed; sells one hour at 70 euros, 80.50 with the fee, and works Monday to Friday from 9 to 17."""
    name = f"Hedy {_word()}"
    made = make_mentor(rows, name, zone="Europe/Helsinki", slug=f"hedy-{_word()}", city="Helsinki")
    make_offering(rows, made)
    found = Mentor(name, rows.get_one(User, made.id).email, f"/mentors/{made.slug}")
    rows.commit()
    return found


def mentee(rows: Session, zone: str = "Europe/Lisbon", name: str = "Mary Example", locale: str = "en") -> str:
    """The address of a new one, committed."""
    email = f"mary-{_word()}@example.org"
    make_user(rows, name, zone=zone, email=email, locale=locale)
    rows.commit()
    return email


def operator_in_lisbon(rows: Session) -> str:
    """The address of a new one, committed."""
    email = f"olga-{_word()}@example.org"
    make_user(rows, "Olga Example", zone="Europe/Lisbon", email=email, is_operator=True)
    rows.commit()
    return email


def _word() -> str:
    return uuid4().hex[:8]
