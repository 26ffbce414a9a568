"""What a mentor reads of what they have earned; nobody else reads it (rule yours_only)."""

import csv
from io import StringIO

import pytest

from marketplace.accounts.models import User
from tests.factories import make_mentor
from tests.pages.reading import words
from tests.payments.conftest import ada, bought, hour, sold, till
from tests.payments.test_transfers import earned, pay_out
from tests.queries import count_queries
from tests.web import sign_in

__all__ = ["ada", "bought", "earned", "hour", "sold", "till"]

PAGE, FILE = "/desk/earnings", "/desk/earnings/lines.csv"


@pytest.fixture
def grace(client, session, hour):
    user = session.get_one(User, hour.mentor_id)
    sign_in(client, user)
    return user


def rows(client):
    return list(csv.DictReader(StringIO(client.get(FILE).text)))


def test_what_is_booked_is_still_to_come(client, sold, grace):
    page = words(client.get(PAGE))

    assert "Still to come from what is booked: €70.00." in page
    assert "Nothing is earned yet." in page
    assert rows(client) == []


def test_what_took_place_is_on_its_way_and_then_sent(app, settings, client, session, earned, grace, clock):
    page = words(client.get(PAGE))
    assert "Earned €70.00 On its way to you €70.00 Sent to your account at Stripe €0.00" in page
    assert "Still to come" not in page

    pay_out(app, settings, clock)

    assert "Earned €70.00 On its way to you €0.00 Sent to your account at Stripe €70.00" in words(client.get(PAGE))
    [row] = rows(client)
    assert (row["mentee_paid"], row["earned"], row["currency"]) == ("80.50", "70.00", "EUR")
    assert row["transfer"].startswith("tr_")


def test_what_is_left_of_an_hour_follows_the_minutes_that_are_asked_for(client, earned, grace):
    assert "For each real hour €46.67" in words(client.get(PAGE))
    assert "For each real hour €35.00" in words(client.get(f"{PAGE}?around=60"))


@pytest.mark.parametrize("around", ["-1", "a while", "99999999999999999999", ""])
def test_minutes_that_make_no_sense_are_as_if_nothing_was_asked(client, earned, grace, around):
    answer = client.get(f"{PAGE}?around={around}")

    assert answer.status_code == 200
    assert "For each real hour €46.67" in words(answer)


def test_a_name_is_no_formula_in_a_spreadsheet(client, session, earned, grace, ada):
    session.get_one(User, ada.id).name = "=1+1"
    session.commit()

    [row] = rows(client)

    assert row["mentee"] == "'=1+1"


def test_another_mentor_reads_nothing_of_it(app, client, session, earned, grace):

    other = make_mentor(session, "Edsger Example")
    session.commit()
    theirs = app.test_client()
    sign_in(theirs, session.get_one(User, other.id))

    assert "Nothing is earned yet." in words(theirs.get(PAGE))
    assert rows(theirs) == []


def test_the_page_costs_as_many_queries_for_many_sessions_as_for_one(app, settings, client, session, earned, grace):
    client.get(PAGE)
    with count_queries() as asked:
        client.get(PAGE)

    assert len(asked) <= 10, "\n".join(asked)
