"""Where a programme was sold, its steps are offered as the first plan, and its end is in reach of the mentorship."""

import pytest
from sqlalchemy import select

from marketplace.mentorships.models.pairs import Mentorship
from tests.factories import make_mentor, make_programme
from tests.pages.reading import words
from tests.payments.programmes import buy_programme
from tests.web import inputs, sign_in


@pytest.fixture
def pair(session, till, ada, stripe_side):
    offering = make_programme(session, make_mentor(session))
    session.commit()
    buy_programme(session, till(), ada, offering, stripe_side.pay)
    return session.scalars(select(Mentorship)).one()


def test_the_first_plan_begins_with_the_steps_that_were_sold(client, session, ada, pair):
    sign_in(client, ada)
    address = f"/mentorships/{pair.public_id}/plan/edit"

    page = client.get(address)
    fields = inputs(page.text)
    answer = client.post(address, data=fields)

    steps = [value for name, value in fields.items() if name.endswith("-words")]
    assert steps[:2] == ["You know what staff means here", "You lead one thing across teams"]
    assert answer.status_code == 303
    assert "You lead one thing across teams" in client.get(f"/mentorships/{pair.public_id}/plan").text


def test_its_page_says_what_is_still_to_be_booked_and_leads_to_the_end_with_its_sums(client, session, ada, pair):
    sign_in(client, ada)

    page = client.get(f"/mentorships/{pair.public_id}")

    assert "5 sessions of “From senior to staff” are still to be booked." in words(page)
    links = {part.split('"')[0] for part in page.text.split('href="')[1:]}
    ends = [link for link in links if link.endswith("/end")]
    assert len(ends) == 2, "of the programme, and of the mentorship with it"
    assert all("€" in words(client.get(end)) for end in ends)
