"""What a mentor reads of what they have earned; nobody else reads it (rule yours_only)."""

import csv
from io import StringIO

import pytest

from marketplace.accounts.models import User
from tests.factories import make_mentor
from tests.jobs import run_jobs
from tests.pages.reading import words
from tests.payments.conftest import ada, alan, bought, hour, sold, till
from tests.payments.test_returns import both, empty_balance, give, olga, returning
from tests.payments.test_transfers import earned, pay_out, paying
from tests.queries import count_queries
from tests.web import sign_in

__all__ = ["ada", "alan", "both", "bought", "earned", "give", "hour", "olga", "paying", "returning", "sold", "till"]

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


def test_what_went_back_and_what_was_kept_is_shown_line_by_line(
    app, settings, client, session, both, give, paying, stripe_side, grace
):
    first, second = both
    paying().pay(first.booking.id)
    empty_balance(session, stripe_side, first)
    give(first, 2300)
    run_jobs(app, settings)
    owing = words(client.get(PAGE))

    paying().pay(second.booking.id)

    page = words(client.get(PAGE))
    assert "You owe €20.00" in owing
    assert "You owe" not in page
    assert "Earned €120.00 On its way to you €0.00 Sent to your account at Stripe €120.00" in page
    assert "Kept for what you owed €20.00 Sent, and taken back since €20.00" in page
    assert "€20.00 of it was taken back" in page
    assert [(row["taken_back"], row["kept_for_owed"], row["transferred"]) for row in rows(client)] == [
        ("0.00", "20.00", "50.00"),
        ("20.00", "0.00", "70.00"),
    ]
