"""Alembic's entry: the application's own engine and models. Run by `flask db …`."""

from alembic import context

import payments.models  # noqa: F401  # with what these import: every table of the application
from marketplace.core import audit, mail  # noqa: F401
from marketplace.core.db import Base, db


def is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    """The tables of the job queue come with procrastinate's own schema."""
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


def run(connection: object) -> None:
    context.configure(
        connection=connection, target_metadata=Base.metadata, include_object=is_ours, compare_server_default=True
    )
    with context.begin_transaction():
        context.run_migrations()


with db.engine.connect() as connection:
    run(connection)
    connection.commit()
