"""Migrations go up and down, and agree with the models."""

import re

import pytest
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from booking.domain.states import CANCELLED, IN_CALENDARS, OCCUPYING, BookingStatus
from booking.models.busy import BusyCalendar
from booking.services import busy_calendars
from booking.services.busy_addresses import opened
from booking.services.busy_calendars import KnownCalendar
from marketplace.core.db import db
from marketplace.mentors.services.profile import save_story
from tests.conftest import SECRET_KEY, TUESDAY
from tests.factories import make_mentor, make_user


def test_migrations_agree_with_the_models(app: Flask) -> None:
    check()  # exits when a model has something that no migration makes


def test_migrations_go_all_the_way_down_and_up_again(app: Flask) -> None:
    downgrade(revision="base")

    left = [name for name in inspect(db.engine).get_table_names() if name != "alembic_version"]
    assert left == []
    upgrade()
    with db.engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() is not None
    check()


def test_addresses_of_busy_calendars_are_sealed_where_they_are_and_can_be_read_when_one_goes_back(
    app: Flask, session: Session
) -> None:
    address, ada = "https://Calendar.example:8443/secret-7f3a.ics?a=b", make_user(session, "Ada Example")
    first = busy_calendars.add(session, ada.id, address, secret_key=SECRET_KEY, now=TUESDAY)
    other = busy_calendars.add(session, ada.id, f"{address}c", secret_key="another SECRET_KEY", now=TUESDAY)
    first_id, other_id, ada_id = first.id, other.id, ada.id
    session.commit()

    downgrade(revision="0055")
    with db.engine.connect() as connection:
        before = connection.execute(text("SELECT id, address FROM busy_calendar")).all()
    upgrade()

    row = session.get_one(BusyCalendar, first_id, populate_existing=True)
    assert before == [(first_id, address)], f"{other_id} cannot be read by anybody"
    assert opened(row.sealed_address, secret_key=SECRET_KEY, user_id=ada_id) == address
    assert row.host == "calendar.example"
    with pytest.raises(KnownCalendar):
        busy_calendars.add(session, ada_id, address, secret_key=SECRET_KEY, now=TUESDAY)


def test_words_of_changes_leave_the_log_and_come_back_when_one_goes_back(app: Flask, session: Session) -> None:
    grace = make_mentor(session, "Grace Example", slug="grace")
    save_story(session, grace.id, "Another story.", now=TUESDAY)
    session.commit()
    entries = text("SELECT subject, detail FROM audit_entry")

    downgrade(revision="0056")
    with db.engine.begin() as connection:
        before = connection.execute(entries).all()
        connection.execute(
            text(
                "INSERT INTO audit_entry (at, what, about_id, subject, reason, detail)"
                f" SELECT now(), 'mentors:approved', {grace.id}, 'grace', '', '{{}}'"
            )
        )
    upgrade()

    with db.engine.connect() as connection:
        after = connection.execute(entries).all()
        changes = connection.execute(text("SELECT mentor_id, before, after FROM profile_change")).all()
        guard = text("SELECT tgenabled FROM pg_trigger WHERE tgname = 'audit_is_append_only'")
        assert connection.execute(guard).scalar_one() == "O"
    words = ({"story": "I began as a **mathematician**."}, {"story": "Another story."})
    assert before == [("", {"section": "story", "before": words[0], "after": words[1]})]
    assert after == [("", {"section": "story", "fields": ["story"]}), ("", {})]
    assert changes == [(grace.id, *words)]


@pytest.mark.parametrize(
    ("function", "statuses"),
    [("keep_occupancy", OCCUPYING), ("raise_calendar_revisions", IN_CALENDARS | CANCELLED)],
)
def test_the_triggers_know_the_same_states_as_the_rules(
    app: Flask, function: str, statuses: frozenset[BookingStatus]
) -> None:
    with db.engine.connect() as connection:
        source = connection.execute(
            text("SELECT prosrc FROM pg_proc WHERE proname = :name"), {"name": function}
        ).scalar_one()

    named = re.findall(r"status IN \(([^)]*)\)", source)
    assert named
    assert all(set(re.findall(r"'(\w+)'", found)) == set(statuses) for found in named)
