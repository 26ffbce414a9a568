"""What the two people of a mentorship see of it."""

import re

import pytest

from booking.domain.states import BookingStatus
from tests.factories import make_mentor, make_offering, make_user
from tests.mentorships.conftest import NEXT_TUESDAY, WEEK
from tests.pages.reading import words
from tests.pages.sales import make_sale
from tests.queries import count_queries
from tests.web import inputs, sign_in, submit


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

    assert "Your mentors Tue 8 Dec, 10:30 Grace Example next session under way" in words(adas.get("/mentorships"))
    assert "Whom you mentor Tue 8 Dec, 10:30 next session Ada Example" in words(graces.get("/mentorships"))


def test_a_mentor_sees_at_a_glance_who_thrives_and_what_is_due(app, session, pair, offering, ada, graces_account):
    adas, graces = app.test_client(), app.test_client()
    sign_in(adas, ada)
    sign_in(graces, graces_account)
    submit(adas, f"{at(pair)}/check-in", progress="8", words="The page exists.")

    page = words(graces.get("/mentorships"))

    assert "Ada Example weeks: 8 The page exists. A check-in to read · Write down how you work together" in page
    assert "under way thrives" in page
    assert "thrives" not in words(adas.get("/mentorships"))
    few = len(queries_of(graces, "/mentorships"))
    for number in range(6):
        alan = make_user(session, f"Alan Example {number}")
        make_sale(session, offering, alan, NEXT_TUESDAY + (number + 1) * WEEK)
    session.commit()
    assert len(queries_of(graces, "/mentorships")) == few


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


def sent(client, url, **fields):
    """The form of that page, sent to the page itself."""
    return client.post(url, data={**inputs(client.get(url).text), **fields})


def test_goal_plan_and_agreement_are_written_and_agreed_on_their_pages(app, pair, ada, graces_account):
    adas, graces = app.test_client(), app.test_client()
    sign_in(adas, ada)
    sign_in(graces, graces_account)
    new = adas.get(f"{at(pair)}/goals/new").text
    (goal,) = re.findall(r'action="([^"]+/goals/[^"]+/edit)"', new)
    page = goal.removesuffix("/edit")
    fields = {"csrf_token": inputs(new)["csrf_token"], "base": "0"}

    answers = [adas.post(goal, data={**fields, "sentence": "I lead the redesign.", "by": "2027-03-30"}) for _ in "12"]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "waits for Grace Example" in words(adas.get(page))
    (press,) = re.findall(r'action="([^"]+/agree/[^"]+)"', graces.get(page).text)
    assert submit(graces, press, page=page).status_code == 303
    assert "You both agree" in words(adas.get(page))
    assert words(adas.get(at(pair))).count("I lead the redesign.") == 1
    assert sent(graces, f"{at(pair)}/agreement/edit", cadence="Every second Tuesday").status_code == 303
    assert "Grace Example has written this. Do you agree?" in words(adas.get(f"{at(pair)}/agreement"))


def test_a_course_correction_shows_what_changed_and_why(client, pair, ada):
    sign_in(client, ada)
    url = f"{at(pair)}/plan/edit"
    assert sent(client, url, **{"steps-0-words": "One page", "steps-0-due": "2027-01-12"}).status_code == 303
    without_why = sent(client, url, **{"steps-0-words": "A sponsor first"})
    corrected = sent(client, url, **{"steps-0-words": "A sponsor first", "why": "The team has changed."})

    assert (without_why.status_code, corrected.status_code) == (422, 303)
    assert "Say why the course changes" in words(without_why)
    for page in (f"{at(pair)}/plan", at(pair)):
        shown = client.get(page)
        assert "The team has changed." in words(shown)
        assert re.search(r"<del[^>]*>One page.*</del>.*<ins[^>]*>A sponsor first", shown.text)


def test_who_is_overtaken_finds_both_texts_and_goes_on_from_there(app, pair, ada, graces_account):
    adas, graces = app.test_client(), app.test_client()
    sign_in(adas, ada)
    sign_in(graces, graces_account)
    url = f"{at(pair)}/agreement/edit"
    before = inputs(adas.get(url).text)
    assert sent(graces, url, cadence="Every second Tuesday").status_code == 303

    overtaken = adas.post(url, data={**before, "cadence": "Weekly"})

    assert overtaken.status_code == 409
    assert "Grace Example’s version: How often we meet Every second Tuesday" in words(overtaken)
    assert inputs(overtaken.text)["cadence"] == "Weekly"
    again = adas.post(url, data={**inputs(overtaken.text), "cadence": "Every Tuesday"})
    assert again.status_code == 303
    assert "Every Tuesday" in words(graces.get(f"{at(pair)}/agreement"))


def test_a_step_is_reached_by_what_shows_it_once_however_often_it_is_sent(client, pair, ada):
    sign_in(client, ada)
    url = f"{at(pair)}/plan"
    assert sent(client, f"{url}/edit", **{"steps-0-words": "One page"}).status_code == 303
    fields = {**inputs(client.get(url).text), "words": "Here it is.", "link": "https://example.org/page"}

    answers = [client.post(f"{url}/evidence", data=fields).status_code for _ in "12"]

    assert answers == [303, 303]
    assert words(client.get(url)).count("Here it is.") == 1
    assert "A step is reached" in words(client.get(at(pair)))
    wrong = client.post(f"{url}/evidence", data={**fields, "link": "javascript:alert(1)"})
    assert wrong.status_code == 422


def test_confidence_is_drawn_and_stands_in_a_table(client, pair, ada, clock):
    sign_in(client, ada)
    new = client.get(f"{at(pair)}/goals/new").text
    (goal,) = re.findall(r'action="([^"]+/goals/[^"]+/edit)"', new)
    client.post(goal, data={"csrf_token": inputs(new)["csrf_token"], "base": "0", "sentence": "I lead."})
    page = goal.removesuffix("/edit")

    for confidence in ("3", "6"):
        assert submit(client, f"{page}/score", page=page, confidence=confidence, attainment="-1").status_code == 303
        clock.advance(WEEK)

    shown = client.get(page)
    assert "8 Dec 2026 Ada Example 6 −1" in words(shown)
    assert 'aria-label="Confidence, 0 to 10, as a line; the table beneath has the numbers."' in shown.text
    assert submit(client, f"{page}/score", page=page, confidence="11").status_code == 422
    assert submit(client, f"{page}/score", page=page).status_code == 422
