"""What the database itself keeps of the books: they balance, and what is booked stays (rule books_balance)."""

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.core.db import violated
from payments.models.ledger import LedgerEntry, LedgerTransaction
from payments.queries import sales as queries
from payments.queries.ledger import balances
from tests.conftest import TUESDAY
from tests.payments.test_till import payment_of

Leg = tuple[str, int, str]
"""Account, minor units and currency of an entry."""


def make_transaction(session: Session, sale: queries.Sale, key: str = "by hand") -> int:
    row = {"kind": "payment_received", "business_key": key, "payment_id": payment_of(sale).id, "booked_at": TUESDAY}
    number: int = session.execute(insert(LedgerTransaction).values(row).returning(LedgerTransaction.id)).scalar_one()
    return number


def add_entries(session: Session, transaction_id: int, *legs: Leg, first: int = 1) -> None:
    for position, (account, amount, currency) in enumerate(legs, start=first):
        row = {"transaction_id": transaction_id, "position": position, "account": account}
        session.execute(insert(LedgerEntry).values(row | {"amount_minor": amount, "currency": currency}))


BALANCED: tuple[Leg, Leg] = (("stripe_clearing", 8050, "EUR"), ("mentee_prepaid", -8050, "EUR"))


@pytest.fixture
def booked(session: Session, bought: queries.Sale) -> int:
    """A transaction that stands in the books."""
    number = make_transaction(session, bought)
    add_entries(session, number, *BALANCED)
    session.commit()
    return number


def test_a_transaction_that_balances_is_taken(session: Session, booked: int) -> None:
    assert dict(balances(session)) == {("stripe_clearing", "EUR"): 8050, ("mentee_prepaid", "EUR"): -8050}


@pytest.mark.parametrize(
    "legs",
    [
        pytest.param((), id="no entries"),
        pytest.param(BALANCED[:1], id="one entry"),
        pytest.param((BALANCED[0], ("mentee_prepaid", -8049, "EUR")), id="a cent short"),
        pytest.param((BALANCED[0], ("mentee_prepaid", -8050, "USD")), id="two currencies against each other"),
    ],
)
def test_what_does_not_balance_is_not_committed(session: Session, bought: queries.Sale, legs: tuple[Leg, ...]) -> None:
    add_entries(session, make_transaction(session, bought), *legs)

    with pytest.raises(IntegrityError) as refused:
        session.commit()

    assert violated(refused.value) == "books_balance"


def test_two_currencies_are_taken_if_each_balances(session: Session, bought: queries.Sale) -> None:
    legs: tuple[Leg, ...] = (*BALANCED, ("stripe_clearing", 5, "USD"), ("stripe_fees", -5, "USD"))
    add_entries(session, make_transaction(session, bought), *legs)

    session.commit()

    assert balances(session)["stripe_fees", "USD"] == -5


@pytest.mark.parametrize("table", ["ledger_transaction", "ledger_entry"])
@pytest.mark.parametrize(
    "attack",
    [
        pytest.param("UPDATE {table} SET {column} = {column} + 1", id="changed"),
        pytest.param("DELETE FROM {table}", id="deleted"),
        pytest.param("TRUNCATE {table} CASCADE", id="emptied"),
    ],
)
def test_what_is_booked_stays(session: Session, booked: int, table: str, attack: str) -> None:
    column = "created_xid" if table == "ledger_transaction" else "amount_minor"

    with pytest.raises(IntegrityError) as refused:
        session.execute(text(attack.format(table=table, column=column)))

    assert violated(refused.value) == "ledger_is_append_only"


def test_nothing_is_added_to_what_is_booked_even_if_it_balances(session: Session, booked: int) -> None:
    with pytest.raises(IntegrityError) as refused:
        add_entries(session, booked, *BALANCED, first=3)

    assert violated(refused.value) == "ledger_is_append_only"


def test_the_database_itself_notes_when_a_transaction_was_made(session: Session, bought: queries.Sale) -> None:
    """Else a later transaction's number could be foretold, and entries kept back for it."""
    number = make_transaction(session, bought)
    noted = session.scalar(select(LedgerTransaction.created_xid).where(LedgerTransaction.id == number))
    session.rollback()
    row = {"kind": "payment_received", "business_key": "foretold", "payment_id": payment_of(bought).id}
    statement = insert(LedgerTransaction).values(row | {"booked_at": TUESDAY, "created_xid": (noted or 0) + 100})

    assert session.scalar(statement.returning(LedgerTransaction.created_xid)) == session.scalar(
        text("SELECT pg_current_xact_id()::text::bigint")
    )


def test_looking_at_the_sum_early_does_not_open_the_books_again(session: Session, bought: queries.Sale) -> None:
    number = make_transaction(session, bought)
    add_entries(session, number, *BALANCED)
    session.execute(text("SET CONSTRAINTS books_balance IMMEDIATE"))

    with pytest.raises(IntegrityError) as refused:
        add_entries(session, number, ("stripe_fees", 1, "EUR"), first=3)

    assert violated(refused.value) == "books_balance"
