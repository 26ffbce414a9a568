"""Which language a page speaks: that of the account, else the one chosen in the footer, else the browser's."""

import pytest
from sqlalchemy import text

from marketplace.accounts.models import User
from tests.factories import make_user
from tests.pages.reading import words
from tests.web import sign_in, submit


def spoken_by(answer):
    return answer.headers["Content-Language"]


def choose(client, code, **fields):
    return submit(client, "/language", page="/sign-in", language=code, **fields)


@pytest.mark.parametrize(
    ("asked", "speaks"),
    [
        pytest.param("", "en", id="nothing"),
        pytest.param("de", "de", id="German"),
        pytest.param("de-AT,de;q=0.9,en;q=0.8", "de", id="of Austria"),
        pytest.param("fr,nl;q=0.5,en;q=0.1", "nl", id="the best that we have"),
        pytest.param("en-GB,de;q=0.9", "en", id="English first"),
        pytest.param("nl;q=0.2,de-CH;q=0.7,en;q=0.5", "de", id="by weight"),
        pytest.param("de;q=0,nl", "nl", id="anything but German"),
        pytest.param("*", "en", id="any"),
        pytest.param("xx", "en", id="one that nobody speaks"),
        pytest.param(",;q=\N{SNOWMAN};;;q=9e999".encode().decode("latin-1"), "en", id="nonsense"),
    ],
)
def test_a_visitor_reads_what_their_browser_asks_for(client, asked, speaks):
    answer = client.get("/", headers={"Accept-Language": asked} if asked else {})

    assert spoken_by(answer) == speaks
    assert f'<html lang="{speaks}" dir="ltr">' in answer.text
    assert {"Accept-Language", "Cookie"} <= set(answer.vary)


def test_the_footer_changes_it_and_leads_back(client):
    answer = choose(client, "nl", next="/sign-in?next=/sessions")

    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/sessions")
    assert spoken_by(client.get("/", headers={"Accept-Language": "de"})) == "nl"
    assert '<button type="submit" name="language" value="nl" lang="nl" aria-current="true">Nederlands</button>' in (
        client.get("/").text
    )


def test_the_form_leads_back_to_the_page_that_it_stands_on(client):
    page = client.get("/?page=2&zone=Asia/Tokyo")

    assert '<input type="hidden" name="next" value="/?page=2&amp;zone=Asia/Tokyo">' in page.text


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1"])
def test_it_never_leads_off_the_site(client, target):
    assert choose(client, "de", next=target).location == "/"


@pytest.mark.parametrize("code", ["", "fr", "DE", "../de", "de\0", "x" * 10_000, "\N{RIGHT-TO-LEFT OVERRIDE}de"])
def test_a_language_that_there_is_not_is_refused(client, code):
    answer = choose(client, code)

    assert answer.status_code == 422
    assert "This site does not speak that language." in words(answer)
    assert client.get_cookie("language") is None


def test_the_choice_is_kept_in_the_account_and_calendars_are_told(client, session):
    ada = make_user(session)
    session.commit()
    sign_in(client, ada)

    submit(client, "/language", page="/account", language="de")

    session.expire_all()
    assert session.get_one(User, ada.id).locale == "de"
    jobs = session.execute(text("SELECT task_name, args FROM procrastinate_jobs WHERE task_name LIKE 'booking:show%'"))
    assert [tuple(job) for job in jobs] == [("booking:show_changes", {"user_id": ada.id})]


def test_the_account_counts_more_than_cookie_and_browser(client, session):
    ada = make_user(session, locale="de")
    session.commit()
    choose(client, "nl")

    sign_in(client, ada)

    assert spoken_by(client.get("/", headers={"Accept-Language": "en"})) == "de"


def test_an_account_whose_language_was_given_up_reads_what_the_browser_asks_for(client, session):
    ada = make_user(session, locale="tlh")
    session.commit()

    sign_in(client, ada)

    assert spoken_by(client.get("/", headers={"Accept-Language": "nl"})) == "nl"


def test_choosing_the_same_again_tells_nobody(client, session):
    ada = make_user(session, locale="de")
    session.commit()
    sign_in(client, ada)

    submit(client, "/language", page="/account", language="de")

    assert session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE 'booking:show%'")) == 0


def test_a_page_for_calendar_apps_has_no_form_that_could_not_be_sent(client):
    answer = client.get("/calendar/" + "a" * 32 + ".ics", headers={"Accept-Language": "de"})

    assert answer.status_code == 404
    assert "/language" not in answer.text
    assert spoken_by(answer) == "de"
