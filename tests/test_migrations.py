"""Migrations go up and down, and agree with the models."""

import re

import pytest
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect, text

from booking.domain.states import CANCELLED, IN_CALENDARS, OCCUPYING, BookingStatus
from marketplace.core.db import db


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
