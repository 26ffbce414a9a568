"""Protected days as a page."""

import re
from datetime import date, timedelta

import pytest

from booking.domain.recurrence import DaysOff
from tests.booking.bookings import TEN, make_booking
from tests.desk.conftest import written
from tests.desk.hours_steps import HOURS, all_hidden, day, press
from tests.factories import make_offering, make_user
from tests.pages.reading import words
from tests.web import csrf

PROTECTED, HOLIDAYS = f"{HOURS}/protected", f"{HOURS}/holidays"
CHRISTMAS = date(2026, 12, 25)
HOUR = timedelta(hours=1)


def protect(client, action="save", **fields):
    return press(client, action, fields, path=PROTECTED)


def test_weekdays_and_dates_are_protected_and_shown(hers, session, grace):
    answer = protect(hers, weekdays=["3"], listed="2026-12-24, 25.12.2026\n2027-02-01")

    assert answer.status_code == 303
    dates = {date(2026, 12, 24), CHRISTMAS, date(2027, 2, 1)}
    assert written(session, grace).days_off == DaysOff(frozenset({3}), frozenset(dates))
    page = hers.get(PROTECTED)
    assert "Your protected days are saved." in words(page)
    assert "Thu 24 Dec 2026 until Fri 25 Dec 2026" in words(page)
    assert "Mon 1 Feb 2027 all day" in words(page)
    assert re.search(r'<input checked[^>]* value="3">', page.text)


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        pytest.param("2026-12-25 tomorrow", "“tomorrow” is not a date.", id="no date"),
        pytest.param("2026-11-30", "Mon 30 Nov 2026 is past.", id="past"),
        pytest.param("2029-12-25", "That is more than two years ahead.", id="far"),
    ],
)
def test_what_is_wrong_is_said_beside_the_list_and_all_that_was_typed_stays(hers, session, grace, listed, said):
    answer = protect(hers, weekdays=["5"], listed=listed)

    assert answer.status_code == 422
    assert said in words(answer)
    assert 'id="listed-error"' in answer.text
    assert listed in answer.text
    assert written(session, grace).days_off == DaysOff()


def test_a_session_that_is_booked_is_listed_before_anything_is_saved(hers, session, grace):
    make_booking(session, make_offering(session, grace), make_user(session), TEN)
    session.commit()

    asked = protect(hers, weekdays=["2"])

    assert asked.status_code == 200
    assert "1 booked session would lie outside" in words(asked)
    assert written(session, grace).days_off == DaysOff()
    assert hers.post(PROTECTED, data={**all_hidden(asked), "action": "save"}).status_code == 303
    assert written(session, grace).days_off.weekdays == {2}


def test_back_from_there_what_was_typed_is_there_again(hers, session, grace):
    make_booking(session, make_offering(session, grace), make_user(session), TEN)
    session.commit()
    asked = protect(hers, weekdays=["2"], listed="2026-12-25")

    back = hers.post(PROTECTED, data={**all_hidden(asked), "action": "edit"})

    assert "2026-12-25" in back.text
    assert written(session, grace).days_off == DaysOff()


def test_another_tab_that_has_saved_meanwhile_is_told_of_and_nothing_typed_is_lost(hers, session, grace):
    seen = {"csrf_token": csrf(hers, PROTECTED), "instead_of": "", "action": "save"}
    protect(hers, weekdays=["3"])

    answer = hers.post(PROTECTED, data={**seen, "weekdays": ["5"]})

    assert answer.status_code == 409
    assert "were changed meanwhile" in words(answer)
    assert written(session, grace).days_off.weekdays == {3}
    again = hers.post(PROTECTED, data={**all_hidden(answer), "weekdays": ["3", "5"], "action": "save"})
    assert again.status_code == 303


def test_dates_are_given_up_by_a_button(hers, session, grace):
    protect(hers, listed="2026-12-24, 2026-12-25, 2027-02-01")

    span = {"csrf_token": csrf(hers, PROTECTED), "first": "2026-12-24", "last": "2026-12-25"}
    answer = hers.post(f"{PROTECTED}/give-up", data=span)

    assert answer.status_code == 303
    assert written(session, grace).days_off.dates == {date(2027, 2, 1)}
    assert "2 dates are protected no more." in words(hers.get(PROTECTED))
    assert hers.post(f"{PROTECTED}/give-up", data=span).status_code == 404
    assert hers.post(f"{PROTECTED}/give-up", data={**span, "first": "x"}).status_code == 404


def test_the_pages_of_hours_say_what_is_protected(hers, session, grace):
    protect(hers, weekdays=["3"], listed="2026-12-25")
    fields = {"listed": "2026-12-25, 2026-12-28", "kind": "other", **day(0, "9-12")}
    assert press(hers, "save", fields, path=f"{HOURS}/dates").status_code == 303

    assert "Wednesday protected: nobody can book it" in words(hers.get(HOURS))
    assert "1 of them is a day off: nobody can book it." in words(hers.get(f"{HOURS}/dates"))


def test_a_mentors_page_and_a_look_from_elsewhere_have_no_time_on_a_protected_day(hers, grace):
    protect(hers, weekdays=["3"], listed="2026-12-03")

    seen = words(hers.get(f"{HOURS}/preview?zone=Europe/Amsterdam"))
    page = words(hers.get(f"/mentors/{grace.slug}"))

    assert "Wed 9 Dec nothing free" in seen
    assert "Thu 3 Dec nothing free" in seen
    assert "Mon, Tue 09:00–17:00; Thu, Fri 09:00–17:00" in page
    assert "protected" not in page.lower()


class TestHolidays:
    def test_the_country_of_the_profile_is_there_to_begin_with_and_nothing_is_kept_yet(self, hers, session, grace):
        grace.country = "NL"
        session.commit()

        page = hers.get(HOLIDAYS)

        assert '<option selected value="NL">Netherlands</option>' in page.text
        assert "Fri 25 Dec 2026: Christmas Day" in words(page)
        assert "You keep no holidays: each is as its weekday." in words(page)
        assert written(session, grace).days_off == DaysOff()

    def test_another_country_shows_its_regions_and_days_before_anything_is_saved(self, hers, session, grace):
        page = press(hers, "look", {"country": "DE", "region": "BE"}, path=HOLIDAYS)

        assert page.status_code == 200
        assert '<option selected value="BE">Berlin</option>' in page.text
        assert "Mon 8 Mar 2027: International Women's Day" in words(page)
        assert "Sat 26 Dec 2026" not in words(page)  # the site is closed then
        assert written(session, grace).days_off == DaysOff()

    def test_all_are_kept_but_those_that_are_ticked(self, hers, session, grace):
        fields = {"country": "NL", "region": "", "worked": ["2026-12-25"]}

        assert press(hers, "save", fields, path=HOLIDAYS).status_code == 303

        found = written(session, grace).days_off.dates
        assert CHRISTMAS not in found
        assert {date(2026, 12, 26), date(2027, 1, 1)} <= found
        page = hers.get(HOLIDAYS)
        assert "Your holidays are saved. " in words(page)
        assert "The holidays of Netherlands. You work on 1 of them." in words(page)
        assert re.search(r'<input checked[^>]* value="2026-12-25">', page.text)

    def test_a_region_of_another_country_and_ticks_that_are_no_holidays_do_nothing(self, hers, session, grace):
        fields = {"country": "NL", "region": "BE", "worked": ["2026-12-08", "x", "2026-12-25"]}

        assert press(hers, "save", fields, path=HOLIDAYS).status_code == 303

        assert not {CHRISTMAS, date(2026, 12, 8)} & written(session, grace).days_off.dates

    def test_a_country_that_is_none_is_said_beside_it(self, hers):
        answer = press(hers, "save", {"country": "Mars"}, path=HOLIDAYS)

        assert answer.status_code == 422
        assert "Choose a country of the list, or none." in words(answer)
        assert 'id="country-error"' in answer.text

    def test_none_opens_all_of_them_again(self, hers, session, grace):
        press(hers, "save", {"country": "NL"}, path=HOLIDAYS)

        press(hers, "save", {"country": ""}, path=HOLIDAYS)

        assert written(session, grace).days_off == DaysOff()

    def test_names_come_in_the_mentors_language_and_the_mentor_page_names_none(self, hers, grace):
        press(hers, "save", {"country": "NL"}, path=HOLIDAYS)
        hers.post("/language", data={"csrf_token": csrf(hers, HOLIDAYS), "language": "nl", "next": HOLIDAYS})

        assert "vr 25 dec 2026: Eerste Kerstdag" in words(hers.get(HOLIDAYS))
        assert "kerst" not in words(hers.get(f"/mentors/{grace.slug}")).lower()
