"""Migrations go up and down, and agree with the models."""

from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect

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
