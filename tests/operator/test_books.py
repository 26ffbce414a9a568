"""The operator takes the books along, month by month."""

import pytest

from tests.pages.reading import words
from tests.payments.conftest import sold

__all__ = ["sold"]


def test_where_nothing_is_booked_it_says_so(client, olga):
    assert "Nothing is booked yet" in words(client.get("/operator/books"))


def test_each_month_is_a_file_in_two_forms(client, sold, olga):
    page = client.get("/operator/books")

    assert "December 2026" in words(page)
    for form, begins in (("csv", "transaction,booked_at"), ("beancount", 'option "title" "Office Hours"')):
        address = f"/operator/books/2026-12.{form}"
        assert address in page.text
        answer = client.get(address)
        assert answer.text.startswith(begins)
        assert answer.headers["Content-Disposition"] == f"attachment; filename=books-2026-12.{form}"


@pytest.mark.parametrize("month", ["2026-13", "0001-01", "9999-12", "december", "2026-12-01"])
def test_what_is_no_month_is_not_there(client, olga, month):
    assert client.get(f"/operator/books/{month}.csv").status_code == 404
