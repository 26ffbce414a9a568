"""The database: our declarative base, the session, and what its refusals are called."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from flask_sqlalchemy import SQLAlchemy
from psycopg.errors import DeadlockDetected
from sqlalchemy import BigInteger, DateTime, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, registry

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
Json = dict[str, object]
Result = TypeVar("Result")


class Base(DeclarativeBase):
    # On the registry and not on the class: pallets-eco/flask-sqlalchemy#1361.
    registry = registry(
        metadata=MetaData(naming_convention=_NAMES),
        type_annotation_map={datetime: DateTime(timezone=True), str: Text(), int: BigInteger(), Json: JSONB()},
    )


# Rows stay readable after a commit: a view commits before it calls Stripe or renders, and must not open a new
# transaction by looking at what it has just written.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


def violated(error: IntegrityError) -> str:
    """The name of the constraint that refused the row."""
    diagnostics = getattr(error.orig, "diag", None)
    return str(getattr(diagnostics, "constraint_name", "") or "")


def retry_deadlock(session: Session, act: Callable[[], Result], otherwise: Callable[[Exception], Exception]) -> Result:
    """Do it once more after a deadlock (40P01), then raise `otherwise`. `act` must be a whole transaction's work."""
    try:
        return act()
    except OperationalError as first:
        _only_deadlocks(session, first)
    try:
        return act()
    except OperationalError as second:
        _only_deadlocks(session, second)
        raise otherwise(second) from second


def _only_deadlocks(session: Session, error: DBAPIError) -> None:
    session.rollback()
    if not isinstance(error.orig, DeadlockDetected):
        raise error


def assert_no_transaction(what: str) -> None:
    """Rule `no_remote_call_in_a_transaction`: commit, call, commit. Breaking it is a bug, so it raises for good."""
    if db.session().in_transaction():
        raise RuntimeError(f"{what} was called with a database transaction open")
