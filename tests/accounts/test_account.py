"""The account page, and the zone in which a person reads times."""

import pytest
from flask import Flask

from marketplace.accounts.models import User
from marketplace.accounts.zones import viewer_zone, zone_choices
from tests.factories import make_user
from tests.jobs import waiting_jobs
from tests.web import csrf, inputs, sign_in, submit


@pytest.fixture
def ada(session) -> User:
    user = make_user(session, zone="Europe/Stockholm")
    session.commit()
    return user


@pytest.fixture
def app(app: Flask) -> Flask:
    """With a page that says in which zone it shows times."""
    app.add_url_rule("/zone-of-viewer", "zone_of_viewer", lambda: viewer_zone().key)
    return app


def test_a_visitor_has_no_account_page(client):
    answer = client.get("/account")

    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/account")


def test_name_and_zone_can_be_changed(client, session, ada):
    sign_in(client, ada)

    answer = submit(client, "/account", name="  Ada   Lovelace ", zone="Asia/Tokyo")

    session.refresh(ada)
    assert answer.status_code == 303
    assert (ada.name, ada.zone) == ("Ada Lovelace", "Asia/Tokyo")
    assert "Saved." in client.get("/account").text


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"name": ""}, id="no name"),
        pytest.param({"zone": "Mars/Olympus"}, id="a zone that is none"),
        pytest.param({"zone": ""}, id="no zone"),
    ],
)
def test_what_cannot_be_changes_nothing(client, session, ada, wrong):
    sign_in(client, ada)

    answer = submit(client, "/account", **{"name": "Ada Lovelace", "zone": "Asia/Tokyo", **wrong})

    session.refresh(ada)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert (ada.name, ada.zone) == ("Ada Example", "Europe/Stockholm")
    assert ada.email in answer.text


@pytest.mark.parametrize("field", ["email", "is_operator", "verified_at", "password_hash"])
def test_nothing_else_can_be_changed_there(client, session, ada, field):
    before = getattr(ada, field)
    sign_in(client, ada)

    submit(client, "/account", name="Ada Example", zone="Asia/Tokyo", **{field: "true"})

    session.refresh(ada)
    assert getattr(ada, field) == before


def test_an_unusual_zone_stays_what_it_is(client, session):
    user = make_user(session, zone="US/Pacific")
    session.commit()
    sign_in(client, user)

    answer = submit(client, "/account", name="Ada", zone="US/Pacific")

    session.refresh(user)
    assert (answer.status_code, user.zone) == (303, "US/Pacific")


@pytest.mark.parametrize(
    ("query", "signed_in", "cookie", "zone"),
    [
        pytest.param("Asia/Tokyo", True, "Europe/Paris", "Asia/Tokyo", id="what the address asks for"),
        pytest.param(None, True, "Europe/Paris", "Europe/Stockholm", id="else the account's"),
        pytest.param(None, False, "Europe/Paris", "Europe/Paris", id="else the cookie's"),
        pytest.param(None, False, None, "Europe/Amsterdam", id="else the site's"),
        pytest.param("Nowhere", True, None, "Europe/Stockholm", id="not what is no zone"),
        pytest.param("../../etc/passwd", False, "/etc/localtime", "Europe/Amsterdam", id="nor a file"),
        pytest.param("a\x00b", False, "a", "Europe/Amsterdam", id="nor nonsense"),
    ],
)
def test_in_which_zone_times_are_shown(client, ada, query, signed_in, cookie, zone):
    if signed_in:
        sign_in(client, ada)
    if cookie:
        client.set_cookie("zone", cookie)

    shown = client.get("/zone-of-viewer", query_string={"zone": query} if query else {})

    assert shown.text == zone


def test_a_visitor_chooses_a_zone(client):
    answer = client.post("/zone", data={"csrf_token": csrf(client, "/sign-in"), "zone": "Asia/Tokyo", "next": "/a?b=c"})

    assert (answer.status_code, answer.location) == (303, "/a?b=c")
    assert client.get("/zone-of-viewer").text == "Asia/Tokyo"
    assert "HttpOnly" in answer.headers["Set-Cookie"]


def test_a_signed_in_person_chooses_it_for_their_account(client, session, ada):
    sign_in(client, ada)

    answer = submit(client, "/zone", page="/account", zone="Asia/Tokyo", next="/")

    session.refresh(ada)
    assert (answer.status_code, ada.zone) == (303, "Asia/Tokyo")
    assert "zone=" not in answer.headers.get("Set-Cookie", "")


def test_the_chosen_zone_is_not_overruled_by_the_address_one_came_from(client):
    answer = submit(
        client, "/zone", page="/sign-in", zone="Asia/Tokyo", next="/m/grace?zone=Europe%2FParis&day=2026-12-08"
    )

    assert answer.location == "/m/grace?day=2026-12-08"


@pytest.mark.parametrize("evil", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_choosing_a_zone_leads_nobody_off_the_site(client, evil):
    assert submit(client, "/zone", page="/sign-in", zone="Asia/Tokyo", next=evil).location == "/"


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "localtime", "Factory", "../etc/passwd", "a\x00b"])
def test_what_is_no_zone_is_refused(client, zone):
    answer = submit(client, "/zone", page="/sign-in", zone=zone)

    assert answer.status_code == 422
    assert "zone=" not in answer.headers.get("Set-Cookie", "")


def test_choosing_a_zone_needs_the_form(client):
    assert client.post("/zone", data={"zone": "Asia/Tokyo"}).status_code == 400
    assert client.get("/zone").status_code == 405


def test_the_choices_are_places_in_order():
    choices = zone_choices()

    assert list(choices) == sorted(choices)
    assert {"Europe/Stockholm", "America/Argentina/Buenos_Aires", "Pacific/Kiritimati", "UTC"} <= set(choices)
    assert not {"Etc/GMT+3", "GB", "EST5EDT", "Factory", "localtime", "posix/UTC", "SystemV/EST5"} & set(choices)


def test_the_sign_up_page_asks_the_browser_for_its_zone(client):
    page = client.get("/sign-up").text

    assert inputs(page)["zone"] == ""
    assert "data-browser-zone" in page


def fields_of(user: User) -> tuple[object, ...]:
    return (
        user.name,
        user.zone,
        user.locale,
        user.quiet_from,
        user.quiet_until,
        user.calendar_by,
        user.wants_reminders,
        user.wants_check_ins,
    )


def test_everything_that_a_person_wishes_is_kept(client, session, ada):
    sign_in(client, ada)

    submit(
        client,
        "/account",
        name="Ada Lovelace",
        zone="Asia/Tokyo",
        locale="nl",
        quiet_from="22:00",
        quiet_until="07:30",
        calendar_by="feed",
    )

    session.refresh(ada)
    assert fields_of(ada) == ("Ada Lovelace", "Asia/Tokyo", "nl", 1320, 450, "feed", False, False)
    shown = inputs(client.get("/account").text)
    assert (shown["quiet_from"], shown["quiet_until"]) == ("22:00", "07:30")


def test_quiet_hours_can_be_given_up_again(client, session, ada):
    ada.quiet_from, ada.quiet_until = 1320, 450
    session.commit()
    sign_in(client, ada)

    submit(client, "/account", quiet_from="", quiet_until="")

    session.refresh(ada)
    assert (ada.quiet_from, ada.quiet_until) == (None, None)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        pytest.param({"quiet_from": "22:00", "quiet_until": ""}, "quiet_until", "both times", id="one end"),
        pytest.param({"quiet_from": "", "quiet_until": "07:00"}, "quiet_until", "both times", id="the other end"),
        pytest.param({"quiet_from": "07:00", "quiet_until": "07:00"}, "quiet_until", "another time", id="no length"),
        pytest.param({"quiet_from": "25:00", "quiet_until": "07:00"}, "quiet_from", "such as 22:00", id="no time"),
        pytest.param({"quiet_from": "٢٢:٠٠", "quiet_until": "07:00"}, "quiet_from", "such as 22:00", id="other digits"),
        pytest.param({"quiet_from": "9" * 5000, "quiet_until": "7"}, "quiet_from", "such as 22:00", id="a huge number"),
        pytest.param({"quiet_from": "\x00", "quiet_until": "07:00"}, "quiet_from", "such as 22:00", id="a null byte"),
        pytest.param({"locale": "xx"}, "locale", "Not a valid choice", id="no language of ours"),
        pytest.param({"locale": "../en"}, "locale", "Not a valid choice", id="a path"),
        pytest.param({"calendar_by": "pigeon"}, "calendar_by", "Not a valid choice", id="no way of ours"),
        pytest.param({"name": "Ada\u202egro.live"}, "name", "letters, marks and spaces", id="a turned name"),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field(client, session, ada, typed, field, sentence):
    sign_in(client, ada)

    answer = submit(client, "/account", **typed)

    session.refresh(ada)
    assert answer.status_code == 422
    assert sentence in answer.text.partition(f'id="{field}-error"')[2].partition("</div>")[0]
    assert fields_of(ada) == ("Ada Example", "Europe/Stockholm", "en", None, None, "both", True, True)


@pytest.mark.parametrize(
    ("browser", "offered"),
    [
        pytest.param("Asia/Tokyo", True, id="another clock"),
        pytest.param("Europe/Berlin", False, id="another name for the same clock"),
        pytest.param("Africa/Lagos", True, id="the same clock in winter only"),
        pytest.param("Mars/Olympus", False, id="no zone"),
        pytest.param(None, False, id="a browser that says nothing"),
    ],
)
def test_the_browsers_zone_is_offered_where_its_clock_differs(client, ada, browser, offered):
    sign_in(client, ada)
    if browser:
        client.set_cookie("zone", browser)

    page = client.get("/account").text

    assert (f"Your browser is in {browser}." in page) == offered
    assert ('id="use-zone"' in page) == offered


def test_the_offered_zone_is_taken_with_one_press(client, session, ada):
    sign_in(client, ada)
    client.set_cookie("zone", "Asia/Tokyo")
    form = client.get("/account").text.partition('id="use-zone"')[2]

    answer = client.post("/zone", data=inputs(form))

    session.refresh(ada)
    assert (answer.location, ada.zone) == ("/account", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("changed", "touched"), [({"name": "Ada Lovelace"}, True), ({"locale": "de"}, True), ({"zone": "UTC"}, False)]
)
def test_what_shows_in_calendars_is_shown_anew(app, client, ada, changed, touched):
    sign_in(client, ada)

    submit(client, "/account", **changed)

    assert (("booking:show_changes", {"user_id": ada.id}) in waiting_jobs(app)) == touched
