"""The week as a page: typed, changed by buttons, saved; and the boundaries."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.models.bookings import Booking
from marketplace.accounts.models import User
from marketplace.app import create_app
from marketplace.core.db import db
from tests.booking.bookings import TEN, make_booking
from tests.desk.conftest import written
from tests.desk.hours_steps import HOURS, all_hidden, day, hidden, press, typed_in
from tests.factories import hours as spans
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.reading import words
from tests.queries import count_queries
from tests.web import Browser, csrf, sign_in

NINE_TO_FIVE = dict.fromkeys(range(1, 6), ((540, 1020),))
FIVE_DAYS = {name: text for weekday in range(1, 6) for name, text in day(weekday, "09:00-17:00").items()}
HOUR = timedelta(hours=1)


def with_days(**days):
    """The five days as they are, but for those given: `with_days(d1=("9-12",))`."""
    kept = {name: text for name, text in FIVE_DAYS.items() if f"d{name.split('-')[1]}" not in days}
    for key, typed in days.items():
        kept |= day(int(key[1:]), *typed)
    return kept


def test_a_mentor_finds_the_hours_that_are_stored(hers):
    page = hers.get(HOURS)

    assert typed_in(page) == FIVE_DAYS
    assert "Times in Europe/Amsterdam" in words(page).replace("times in", "Times in")
    assert "The site’s hours: Mon–Fri 08:00–18:00." in words(page)
    assert "40 hours a week" in words(page)


def test_hours_are_saved_as_they_were_meant(hers, session, grace):
    answer = press(hers, "save", with_days(d1=("9-12.30", "1330-5 pm"), d3=(), d5=("-", "8-0900")))

    assert answer.status_code == 303
    assert "Your hours are saved." in words(hers.get(HOURS))
    assert written(session, grace).weekly == {
        1: ((540, 750), (810, 1020)),
        2: ((540, 1020),),
        4: ((540, 1020),),
        5: ((480, 540),),
    }


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ("17-9", "closes-1-0", "It ends before it begins: this has to be later than 17:00."),
        ("noon-17", "opens-1-0", "Write a time such as 09:00."),
        ("9-", "closes-1-0", "Say when it ends."),
        ("-17", "opens-1-0", "Say when it begins."),
        ("7-12", "opens-1-0", "Outside the hours of this site, 08:00–18:00."),
        ("9-18:30", "closes-1-0", "Outside the hours of this site, 08:00–18:00."),
    ],
)
def test_what_is_wrong_is_said_beside_its_interval_and_all_that_was_typed_stays(
    hers, session, grace, typed, field, sentence
):
    sent = with_days(d1=(typed,), d2=("13-14", "9-12"))

    answer = press(hers, "save", sent)

    assert answer.status_code == 422
    assert typed_in(answer) == sent
    assert f'id="{field}-error" data-fresh>{sentence}</div>' in answer.text
    assert f'<a href="#{field}">Monday, ' in answer.text
    assert written(session, grace).weekly == NINE_TO_FIVE


def test_intervals_that_overlap_name_each_other(hers):
    answer = press(hers, "save", with_days(d2=("9-12", "11:30-15")))

    assert answer.status_code == 422
    assert "Tuesday, from: It overlaps 09:00–12:00." in words(answer)


def test_the_sites_hours_cannot_be_widened_nor_its_days(hers, session, grace):
    answer = press(hers, "save", with_days(d6=("9-12",)))

    assert answer.status_code == 422
    assert "Saturday, from: This site takes no sessions on this day." in words(answer)
    assert written(session, grace).weekly == NINE_TO_FIVE


def test_adding_removing_and_copying_save_nothing_and_keep_what_was_typed(hers, session, grace):
    typed = with_days(d1=("9.30-noon", "13-17"), d2=("soon-",))

    added = press(hers, "add:1", typed)
    removed = press(hers, "remove:1:0", typed)
    copied = press(hers, "copy:1", {**typed, "to-1": ["2", "4"]})

    assert {answer.status_code for answer in (added, removed, copied)} == {200}
    assert typed_in(added) == {**typed, "opens-1-2": "", "closes-1-2": ""}
    assert typed_in(removed) == with_days(d1=("13-17",), d2=("soon-",))
    assert typed_in(copied) == with_days(**dict.fromkeys(("d1", "d2", "d4"), ("9.30-noon", "13-17")))
    assert "Copied to Tuesday and Thursday. It counts once you save." in words(copied)
    assert written(session, grace).weekly == NINE_TO_FIVE


@pytest.mark.parametrize(
    ("action", "focus"),
    [
        pytest.param("add:1", 'id="opens-1-1"', id="on the new interval"),
        pytest.param("remove:1:0", 'id="add-1"', id="where one could be added again"),
        pytest.param("copy:1", 'id="copy-1"', id="on the day that was copied"),
    ],
)
def test_after_a_button_the_keyboard_goes_on_where_it_was(hers, action, focus):
    page = press(hers, action, FIVE_DAYS).text

    focused = [tag for tag in page.split("<") if " autofocus" in tag.split(">")[0]]
    assert len(focused) == 1
    assert focus in focused[0]


def test_copying_to_no_day_says_how(hers):
    assert "Tick the days that should be like this one." in words(press(hers, "copy:1", FIVE_DAYS))


def test_what_is_half_typed_is_not_wrong_until_it_is_saved(hers):
    page = words(press(hers, "add:2", with_days(d1=("9-",), d3=("9-8",))))

    assert "Say when it ends." not in page
    assert "It ends before it begins" in page


@pytest.mark.parametrize("action", ["", "drop:1", "add", "add:9", "add:1:2", "remove:1:99", "copy:x", "save:1", "²"])
def test_a_button_that_is_not_there_changes_nothing(hers, session, grace, action):
    answer = press(hers, action, FIVE_DAYS)

    assert answer.status_code == 200
    assert typed_in(answer) == FIVE_DAYS
    assert written(session, grace).weekly == NINE_TO_FIVE


def test_enter_in_a_field_saves(hers):
    form = hers.get(HOURS).text.partition('<form method="post" action="/desk/hours"')[2]

    assert 'value="save"' in form[form.index("<button") :].split(">")[0]


def test_a_mentor_without_hours_is_told_what_that_means_and_can_begin(client, session):
    mentor = make_mentor(session, weekly={}, status="draft")
    session.commit()
    sign_in(client, session.get_one(User, mentor.id))

    empty = client.get(HOURS)
    begun = press(client, "usual", {})
    saved = press(client, "save", typed_in(begun))

    assert "You have no hours yet, so nobody can book you." in words(empty)
    assert typed_in(begun)["closes-1-0"] == "12:30"
    assert saved.status_code == 303
    assert written(session, mentor).weekly == dict.fromkeys(range(1, 6), ((540, 750), (810, 1020)))


def test_hours_that_the_site_has_left_behind_are_named_and_can_be_cut(session, settings):
    mentor = make_mentor(session, weekly={1: spans("07:00-12:00", "16:00-20:00"), 6: spans("09:00-12:00")})
    session.commit()
    user = session.get_one(User, mentor.id)
    app = create_app(replace(settings, envelope_opens=9 * 60, envelope_closes=17 * 60))
    app.test_client_class = Browser
    client = app.test_client()
    with app.app_context():
        sign_in(client, user)
        page = client.get(HOURS)
        kept = press(client, "save", typed_in(page))
        cut = press(client, "cut", typed_in(page))
        saved = press(client, "save", typed_in(cut))
        db.session.remove()
        db.engine.dispose()

    beyond = "Mon 07:00–09:00, 17:00–20:00; Sat 09:00–12:00"
    assert page.status_code == 200
    assert f"Nobody can book these hours of yours, which lie outside: {beyond}." in words(page)
    assert kept.status_code == 422
    assert typed_in(cut) == day(1, "09:00-12:00", "16:00-17:00")
    assert saved.status_code == 303
    assert written(session, mentor).weekly == {1: ((540, 720), (960, 1020))}


@pytest.mark.usefixtures("booking")
class TestASessionThatWouldLieOutside:
    @pytest.fixture
    def booking(self, session, grace):
        """Ada's, on Tuesday the 8th at 14:00."""
        offering = make_offering(session, grace, title="A long talk")
        booking = make_booking(session, offering, make_user(session), TEN + 4 * HOUR)
        session.commit()
        return booking

    def test_is_shown_before_anything_is_saved(self, hers, session, grace, booking):
        page = press(hers, "save", with_days(d2=("9-12",)))

        assert page.status_code == 200
        assert "1 booked session would lie outside" in words(page)
        assert "Tue 8 Dec, 14:00–15:00 Ada Example A long talk" in words(page)
        assert f'href="/sessions/{booking.public_id}"' in page.text
        assert written(session, grace).weekly == NINE_TO_FIVE

    def test_stays_as_it_is_when_the_mentor_saves_all_the_same(self, hers, session, grace):
        asked = press(hers, "save", with_days(d2=("9-12",)))

        answer = hers.post(HOURS, data={**all_hidden(asked), "action": "save"})

        assert answer.status_code == 303
        assert "Your hours are saved. 1 booked session stays as it is." in words(hers.get(HOURS))
        assert written(session, grace).weekly[2] == ((540, 720),)
        assert session.scalars(select(Booking.local_start)).one().hour == 14

    def test_leads_back_to_what_was_typed(self, hers, session, grace):
        sent = with_days(d2=("9-12", "17-1730"))
        asked = press(hers, "save", sent)

        answer = hers.post(HOURS, data={**all_hidden(asked), "action": "edit"})

        assert answer.status_code == 200
        assert typed_in(answer) == sent
        assert written(session, grace).weekly == NINE_TO_FIVE

    def test_that_was_booked_meanwhile_is_shown_too(self, hers, session, grace):
        asked = press(hers, "save", with_days(d2=("9-12",)))
        make_booking(session, make_offering(session, grace), make_user(session, "Alan Example"), TEN + 6 * HOUR)
        session.commit()

        again = hers.post(HOURS, data={**all_hidden(asked), "action": "save"})

        assert "2 booked sessions would lie outside" in words(again)
        assert len(hidden(again, "told")) == 2
        assert written(session, grace).weekly == NINE_TO_FIVE


def test_two_tabs_do_not_save_over_each_other(hers, session, grace):
    token, seen = csrf(hers, HOURS), hidden(hers.get(HOURS), "instead_of")[0]
    press(hers, "save", with_days(d1=("9-12",)))
    sent = with_days(d5=("10-11",))

    late = hers.post(HOURS, data={"csrf_token": token, "instead_of": seen, "action": "save", **sent})

    assert late.status_code == 409
    assert "Stored now: Mon 09:00–12:00; Tue–Fri 09:00–17:00." in words(late)
    assert typed_in(late) == sent
    assert written(session, grace).weekly[1] == ((540, 720),)

    kept = hers.post(HOURS, data={**all_hidden(late), **sent, "action": "save"})

    assert kept.status_code == 303
    assert written(session, grace).weekly == {**NINE_TO_FIVE, 5: ((600, 660),)}


def test_boundaries_are_shown_typed_and_saved_in_human_units(hers, session, grace):
    path = f"{HOURS}/boundaries"
    fields = {
        "notice": "2 days",
        "horizon": "90",
        "step": "30",
        "buffer_before": "0",
        "buffer_after": "15",
        "sessions_a_day": "3",
        "sessions_a_week": "9",
        "minutes_a_day": "4:30",
    }

    answer = press(hers, "save", fields, path=path)

    limits = written(session, grace).boundaries
    assert answer.status_code == 303
    assert (limits.notice, limits.horizon, limits.step) == (timedelta(days=2), timedelta(days=90), HOUR / 2)
    assert (limits.buffer_before, limits.buffer_after) == (timedelta(0), timedelta(minutes=15))
    assert (limits.sessions_a_day, limits.sessions_a_week, limits.minutes_a_day) == (3, 9, 270)
    assert 'value="4 h 30 min"' in hers.get(path).text


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("notice", "59 min", "Notice must be at least 60 minutes."),
        ("notice", "soon", "Write a length such as 90 min, 24 h or 2 days."),
        ("horizon", "1", "Bookings must open further ahead than the notice."),
        ("horizon", "401", "Bookings open 400 days ahead at most."),
        ("horizon", "-3", "Write a whole number."),
        ("step", "7", "Not a valid choice."),
        ("buffer_after", "5 h", "A buffer can be at most 4 hours."),
        ("sessions_a_day", "0", "Allow at least one session a day."),
        ("sessions_a_week", "99999999999999999999", "Write a whole number."),
        ("minutes_a_day", "25 h", "Allow between 1 and 1440 minutes a day."),
    ],
)
def test_boundaries_that_make_no_sense_are_refused_beside_their_field(hers, session, grace, field, typed, sentence):
    path = f"{HOURS}/boundaries"
    usual = {"notice": "24 h", "horizon": "60", "step": "15", "buffer_before": "10 min", "buffer_after": "10 min"}
    caps = {"sessions_a_day": "5", "sessions_a_week": "20", "minutes_a_day": "5 h"}

    answer = press(hers, "save", {**usual, **caps, field: typed}, path=path)

    assert answer.status_code == 422
    assert f'id="{field}-error">{sentence}</div>' in answer.text
    assert written(session, grace).boundaries.notice == timedelta(hours=24)


def test_a_lower_cap_asks_before_it_is_saved(hers, session, grace):
    offering = make_offering(session, grace)
    for hour in (0, 2):
        make_booking(session, offering, make_user(session), TEN + hour * HOUR)
    session.commit()
    path = f"{HOURS}/boundaries"
    page = hers.get(path).text
    usual = {"notice": "24 h", "horizon": "60", "step": "15", "buffer_before": "10 min", "buffer_after": "10 min"}
    caps = {"sessions_a_day": "1", "sessions_a_week": "20", "minutes_a_day": "5 h"}

    asked = press(hers, "save", {**usual, **caps}, path=path)
    saved = hers.post(path, data={**all_hidden(asked), "action": "save"})

    assert "They keep mentoring from taking over your days." in page
    assert "2 booked sessions would be over your limits" in words(asked)
    assert saved.status_code == 303
    assert written(session, grace).boundaries.sessions_a_day == 1


@pytest.mark.parametrize("path", ["", "/dates", "/time-off", "/boundaries", "/preview"])
class TestEveryPage:
    def test_is_the_mentors_alone(self, client, session, path):
        ada = make_user(session)
        session.commit()
        sign_in(client, ada)

        assert client.get(HOURS + path).status_code == 404

    def test_can_be_looked_at_and_not_changed_while_suspended(self, client, session, path):
        mentor = make_mentor(session, status="suspended", suspended_from="approved", reason="Reported.")
        session.commit()
        sign_in(client, session.get_one(User, mentor.id))

        page = client.get(HOURS + path)

        assert page.status_code == 200
        assert "Your page is suspended. You can look at your hours, and not change them." in words(page)
        assert path == "/preview" or '<fieldset class="plain" disabled>' in page.text

    def test_asks_as_little_of_the_database_however_much_is_written(self, hers, session, grace, path):
        with count_queries() as few:
            hers.get(HOURS + path)
        offering = make_offering(session, grace)
        for hour in range(6):
            make_booking(session, offering, make_user(session), TEN + hour * HOUR)
        session.commit()
        with count_queries() as many:
            hers.get(HOURS + path)

        assert len(few) == len(many) <= 14


def test_a_suspended_mentors_hours_stay_whatever_is_sent(client, session):
    mentor = make_mentor(session, status="suspended", suspended_from="approved", reason="Reported.")
    session.commit()
    sign_in(client, session.get_one(User, mentor.id))

    answer = press(client, "save", day(1, "9-10"))

    assert answer.status_code == 403
    assert "Your page is suspended, so your hours stay as they are." in words(answer)
    assert written(session, mentor).weekly == NINE_TO_FIVE
