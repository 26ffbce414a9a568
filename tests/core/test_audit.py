"""Who did what stays written."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from marketplace.core.audit import WHAT, AuditEntry, note
from marketplace.core.db import violated
from tests.conftest import TUESDAY


@pytest.fixture
def entry(session):
    made = note(session, "tests:done", now=TUESDAY, actor_id=1, about_id=2, reason="because", detail={"after": 3})
    session.commit()
    return made


def test_an_entry_says_who_did_what_on_whom_when_and_why(session, entry):
    kept = session.scalars(select(AuditEntry)).one()

    assert (kept.actor_id, kept.what, kept.about_id, kept.at, kept.reason) == (1, "tests:done", 2, TUESDAY, "because")
    assert kept.detail == {"after": 3}


def test_there_is_no_entry_for_what_was_rolled_back(session):
    note(session, "tests:undone", now=TUESDAY, actor_id=None)
    session.rollback()

    assert session.scalars(select(AuditEntry)).all() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET reason = 'otherwise'",
        "UPDATE audit_entry SET actor_id = NULL",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "TRUNCATE audit_entry CASCADE",
    ],
)
def test_the_database_changes_and_takes_away_none(session, entry, statement):
    with pytest.raises(IntegrityError) as refused:
        session.execute(text(statement))

    assert violated(refused.value) == "audit_is_append_only"
    session.rollback()
    assert session.scalars(select(AuditEntry.reason)).all() == ["because"]


def test_a_deed_without_a_proper_name_is_refused(session):
    with pytest.raises(IntegrityError):
        note(session, "Something happened", now=TUESDAY, actor_id=None)


def test_every_deed_that_is_registered_could_be_written(session):
    for what in WHAT:
        note(session, what, now=TUESDAY, actor_id=None)

    assert len(WHAT) >= 10
