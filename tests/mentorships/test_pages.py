"""What the two people of a mentorship see of it."""

import pytest

from booking.domain.states import BookingStatus
from tests.factories import make_mentor, make_offering
from tests.mentorships.conftest import NEXT_TUESDAY, WEEK
from tests.pages.reading import words
from tests.pages.sales import make_sale
from tests.queries import count_queries
from tests.web import sign_in, submit


def at(pair):
    return f"/mentorships/{pair.public_id}"


def queries_of(client, url):
    with count_queries() as statements:
        assert client.get(url).status_code == 200
    return statements


def test_each_of_the_two_finds_it_in_their_list(app, pair, ada, graces_account):
    adas, graces = app.test_client(), app.test_client()
    sign_in(adas, ada)
    sign_in(graces, graces_account)

    assert "Tue 8 Dec, 10:30 Grace Example Your mentor · next session under way" in words(adas.get("/mentorships"))
    assert "Ada Example You are the mentor · next session under way" in words(graces.get("/mentorships"))


def test_who_has_none_is_shown_how_one_begins(client, session, ada):
    session.commit()
    sign_in(client, ada)

    assert "A mentorship begins by itself with the first session" in words(client.get("/mentorships"))


def test_its_page_has_the_sessions_with_the_newest_first(client, pair, ada):
    sign_in(client, ada)

    page = words(client.get(at(pair)))

    assert "Mentorship with Grace Example 2 sessions took place. Next: Tue 8 Dec, 10:30" in page
    assert page.index("Session 3: Single session 8 Dec 2026") < page.index("Session 2: Single session 24 Nov 2026")


@pytest.mark.parametrize("url", ["/sessions", "/sessions/s3"])
def test_it_is_found_from_the_sessions(client, pair, ada, url):
    sign_in(client, ada)

    page = client.get(url).text

    assert f'href="{at(pair)}"' in page or 'href="/mentorships"' in page


def test_pausing_is_told_to_both(app, pair, ada, graces_account):
    adas, graces = app.test_client(), app.test_client()
    sign_in(adas, ada)
    sign_in(graces, graces_account)

    answer = submit(adas, f"{at(pair)}/paused", page=at(pair))

    assert answer.status_code == 303
    assert "resting Mentorship with Grace Example" in words(adas.get(at(pair)))
    assert "You let it rest." in words(adas.get(at(pair)))
    assert "Ada Example let it rest." in words(graces.get(at(pair)))


def test_what_is_not_a_decision_is_no_address(client, pair, ada):
    sign_in(client, ada)

    assert submit(client, f"{at(pair)}/forgotten", page=at(pair)).status_code == 404


def test_the_pages_take_as_many_queries_for_many_sessions_and_pairs_as_for_one(client, session, offering, ada, pair):
    sign_in(client, ada)
    few = [len(queries_of(client, url)) for url in ("/mentorships", at(pair))]
    for weeks in range(4, 30):
        make_sale(session, offering, ada, NEXT_TUESDAY - weeks * WEEK, status=BookingStatus.COMPLETED)
    for number in range(5):
        other = make_offering(session, make_mentor(session, f"Edsger Example {number}"))
        make_sale(session, other, ada, NEXT_TUESDAY + (number + 1) * WEEK)
    session.commit()

    many = [len(queries_of(client, url)) for url in ("/mentorships", at(pair))]

    assert many == few
    assert max(many) < 15
