"""The books of a month as files: complete, in balance, and as other people's programs read them (rule 6)."""

import csv
import subprocess
import sys
from collections import defaultdict
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from beancount import loader
from beancount.core.data import Balance, Transaction

from payments.domain.books import as_beancount, as_csv, month_of
from payments.queries.books import books_of, months_booked
from payments.queries.ledger import balances
from tests.payments.test_transfers import earned, pay_out

__all__ = ["earned"]

DECEMBER, NEXT = date(2026, 12, 1), date(2027, 1, 1)


@pytest.fixture
def paid_out(app, settings, session, earned, clock):
    """Paid, held, earned and transferred; what Stripe kept is booked too."""
    pay_out(app, settings, clock)
    session.rollback()
    return earned


def rows(text):
    return list(csv.DictReader(StringIO(text)))


def test_a_month_ends_where_the_next_begins():
    assert month_of(date(2026, 12, 31)) == (DECEMBER, NEXT)
    assert month_of(date(2027, 2, 1)) == (date(2027, 2, 1), date(2027, 3, 1))


def test_every_entry_of_the_month_is_in_it_and_their_sums_are_the_balances(session, paid_out):
    books = books_of(session, DECEMBER)

    assert months_booked(session) == [DECEMBER]
    assert {key: minor for key, minor in books.closing.items() if minor} == {
        key: minor for key, minor in balances(session).items() if minor
    }
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows(as_csv(books)):
        sums[row["transaction"], row["currency"]] += Decimal(row["amount"])
    assert len(sums) >= 4
    assert set(sums.values()) == {0}


def test_what_was_there_before_stands_first_and_goes_on(session, paid_out):
    books = books_of(session, NEXT)

    found = rows(as_csv(books))

    assert {row["kind"] for row in found} == {"opening"}
    assert sum(Decimal(row["amount"]) for row in found) == 0
    assert books.closing == books_of(session, DECEMBER).closing


@pytest.mark.parametrize("month", [DECEMBER, NEXT], ids=["with all that was booked", "with what was there before"])
def test_bean_check_accepts_a_month(session, paid_out, tmp_path, month):
    file = tmp_path / "books.beancount"
    file.write_text(as_beancount(books_of(session, month), 'A "site"'))

    checked = subprocess.run(
        [sys.executable, "-m", "beancount.scripts.check", str(file)], capture_output=True, text=True, check=False
    )

    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    entries, _, options = loader.load_file(str(file))
    assert options["title"] == "A site"
    assert any(isinstance(each, Balance) for each in entries)
    assert any(isinstance(each, Transaction) for each in entries)


def test_bean_check_sees_when_an_entry_is_missing(session, paid_out):
    """The control: the balances at the end say what has to be there."""
    books = books_of(session, DECEMBER)
    whole = as_beancount(books, "A site")
    last = f'transaction: "{books.booked[-1].number}"'
    begins = whole.rindex("\n\n", 0, whole.index(last))
    without = whole[:begins] + whole[whole.index("\n\n", whole.index(last)) :]

    _, errors, _ = loader.load_string(without)

    assert errors


def test_the_command_prints_what_the_page_gives(app, session, paid_out):
    printed = app.test_cli_runner().invoke(args=["books", "2026-12", "--as", "csv"])

    assert printed.exit_code == 0
    assert rows(printed.output) == rows(as_csv(books_of(session, DECEMBER)))
