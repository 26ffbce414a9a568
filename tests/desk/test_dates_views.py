"""Single dates and time off as pages."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from booking.models.days import TimeOff
from tests.booking.bookings import TEN, make_booking
from tests.desk.conftest import written
from tests.desk.hours_steps import HOURS, all_hidden, day, press, typed_in
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.reading import words
from tests.web import csrf

DATES, TIME_OFF = f"{HOURS}/dates", f"{HOURS}/time-off"
TUESDAY = date(2026, 12, 1)
THE_EIGHTH = date(2026, 12, 8)
HOUR = timedelta(hours=1)


def december(number, hour=0):
    return datetime(2026, 12, number, hour)  # noqa: DTZ001  wall clock


@pytest.fixture
def booking(session, grace):
    """Ada's, on Tuesday the 8th at 14:00."""
    made = make_booking(session, make_offering(session, grace), make_user(session), TEN + 4 * HOUR)
    session.commit()
    return made


class TestDates:
    def test_a_span_is_closed_on_the_days_of_the_site(self, hers, session, grace):
        answer = press(hers, "save", {"first": "2026-12-24", "last": "2026-12-29", "kind": "closed"}, path=DATES)

        assert answer.status_code == 303
        assert sorted(written(session, grace).overrides) == [date(2026, 12, each) for each in (24, 25, 28, 29)]
        assert "Saved for 4 dates. " in words(hers.get(DATES))

    def test_only_some_weekdays_of_a_span_get_other_hours(self, hers, session, grace):
        fields = {"first": "2026-12-07", "last": "2026-12-20", "weekdays": ["1", "5"], "kind": "other"}

        answer = press(hers, "save", {**fields, **day(0, "10-12", "-", "13-15")}, path=DATES)

        assert answer.status_code == 303
        hours = ((600, 720), (780, 900))
        days = [date(2026, 12, each) for each in (7, 11, 14, 18)]
        assert written(session, grace).overrides == dict.fromkeys(days, hours)

    def test_a_list_and_a_span_go_together(self, hers, session, grace):
        fields = {"first": "2026-12-07", "listed": "2026-12-24\n31.12.2026", "kind": "closed"}

        press(hers, "save", fields, path=DATES)

        assert sorted(written(session, grace).overrides) == [date(2026, 12, each) for each in (7, 24, 31)]

    def test_dates_can_have_their_weekly_hours_again(self, hers, session, grace):
        press(hers, "save", {"listed": "2026-12-24 2026-12-25", "kind": "closed"}, path=DATES)

        press(hers, "save", {"listed": "2026-12-24", "kind": "usual"}, path=DATES)

        assert written(session, grace).overrides == {date(2026, 12, 25): ()}

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({}, "First date: Say which dates: a first one, a span, or a list below."),
            ({"last": "2026-12-24"}, "First date: Write a date such as 2026-12-24."),
            ({"first": "soon"}, "First date: Write a date such as 2026-12-24."),
            ({"first": "2026-12-24", "last": "2026-12-23"}, "Last date: This comes before the first date."),
            ({"first": "2026-11-30"}, "First date: Mon 30 Nov 2026 is past."),
            ({"first": "2026-12-24", "last": "9999-12-31"}, "Last date: That is more than two years ahead."),
            ({"first": "2029-12-24"}, "First date: That is more than two years ahead."),
            (
                {"first": "2026-12-05", "last": "2026-12-06"},
                "Last date: None of these dates falls on a day that you chose and this site takes sessions on.",
            ),
            ({"first": "2026-12-24", "last": "2028-12-01"}, "at most 400 go at once."),
            ({"listed": "2026-12-24, tomorrow"}, "Single dates: “tomorrow” is not a date. Write dates such as"),
            ({"listed": "2026-12-24 2026-11-30"}, "Single dates: Mon 30 Nov 2026 is past."),
            ({"listed": "2026-12-24 " * 2000}, "Single dates: That is too long for a list of dates."),
            ({"first": "2026-12-24", "kind": "other"}, "Write the hours of these dates, or choose “Closed”."),
            ({"first": "2026-12-24", "kind": "maybe"}, "What is different: Not a valid choice."),
            ({"first": "2026-12-24", "kind": "other", **day(0, "7-12")}, "from: Outside the hours of this site,"),
            ({"first": "2026-12-24", "kind": "other", **day(0, "9-")}, "until: Say when it ends."),
            (
                {"listed": "2026-12-12", "kind": "other", **day(0, "9-12")},
                "Single dates: Sat 12 Dec 2026 is a Saturday: this site takes no sessions then.",
            ),
            ({"first": "2026-12-24", "weekdays": ["8", "x"]}, "Only on: "),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field(self, hers, session, grace, fields, sentence):
        answer = press(hers, "save", {"kind": "closed", **fields}, path=DATES)

        assert answer.status_code == 422
        assert sentence in words(answer)
        assert typed_in(answer) == {name: text for name, text in fields.items() if name.startswith(("opens", "closes"))}
        assert written(session, grace).overrides == {}

    def test_today_can_still_be_closed(self, hers, session, grace):
        press(hers, "save", {"first": str(TUESDAY), "kind": "closed"}, path=DATES)

        assert written(session, grace).overrides == {TUESDAY: ()}

    def test_intervals_are_added_and_removed_as_in_the_week(self, hers):
        typed = {"listed": "whenever", "kind": "other", **day(0, "9-noon")}

        added = press(hers, "add:0", typed, path=DATES)
        removed = press(hers, "remove:0:0", typed, path=DATES)

        assert typed_in(added) == {**day(0, "9-noon"), "opens-0-1": "", "closes-0-1": ""}
        assert typed_in(removed) == {}
        assert "whenever</textarea>" in added.text
        assert "Write a time such as 09:00." in words(added)
        assert "is not a date" not in words(added)

    def test_a_line_of_the_list_is_removed_whole_and_no_other(self, hers, session, grace):
        press(hers, "save", {"first": "2026-12-21", "last": "2026-12-29", "kind": "closed"}, path=DATES)
        press(hers, "save", {"first": "2026-12-30", "kind": "other", **day(0, "9-12")}, path=DATES)
        listed = words(hers.get(DATES))

        answer = press(hers, "", {"first": "2026-12-21", "last": "2026-12-29"}, path=f"{DATES}/remove", page=DATES)

        assert "Mon 21 Dec 2026 – Tue 29 Dec 2026 closed 7 dates" in listed
        assert "Wed 30 Dec 2026 09:00–12:00" in listed
        assert answer.status_code == 303
        assert written(session, grace).overrides == {date(2026, 12, 30): ((540, 720),)}
        assert "7 dates have their weekly hours again." in words(hers.get(DATES))

    @pytest.mark.parametrize("fields", [{}, {"first": "2026-12-21", "last": "x"}, {"first": "2026-12-01", "last": "2"}])
    def test_a_line_that_is_not_there_is_not_found(self, hers, fields):
        assert press(hers, "", fields, path=f"{DATES}/remove", page=DATES).status_code == 404

    @pytest.mark.usefixtures("booking")
    def test_what_is_booked_on_a_date_is_shown_before_it_is_closed(self, hers, session, grace):
        asked = press(hers, "save", {"first": "2026-12-08", "kind": "closed", **day(0, "-")}, path=DATES)
        saved = hers.post(DATES, data={**all_hidden(asked), "action": "save"})

        assert "1 booked session would lie outside" in words(asked)
        assert saved.status_code == 303
        assert written(session, grace).overrides == {THE_EIGHTH: ()}

    def test_so_it_is_when_a_line_is_removed(self, hers, session, grace):
        press(hers, "save", {"first": "2026-12-08", "kind": "other", **day(0, "8-18")}, path=DATES)
        make_booking(session, make_offering(session, grace), make_user(session), TEN - 2 * HOUR)
        session.commit()
        line, path = {"first": "2026-12-08", "last": "2026-12-08"}, f"{DATES}/remove"

        asked = press(hers, "", line, path=path, page=DATES)
        left = written(session, grace).overrides
        saved = hers.post(path, data={**all_hidden(asked), "action": "save"})

        assert "Leave it as it was" in words(asked)
        assert left == {THE_EIGHTH: ((480, 1080),)}
        assert saved.status_code == 303
        assert written(session, grace).overrides == {}


class TestTimeOff:
    @pytest.mark.parametrize(
        ("fields", "start", "end"),
        [
            pytest.param({"first": "2026-12-21"}, december(21), december(22), id="a day"),
            pytest.param({"first": "2026-12-21", "last": "2026-12-24"}, december(21), december(25), id="days"),
            pytest.param(
                {"first": "2026-12-21", "first_time": "12", "last": "2026-12-22", "last_time": "930"},
                december(21, 12),
                december(22, 9) + HOUR / 2,
                id="with times",
            ),
            pytest.param({"first": "2026-12-21", "last_time": "0:00"}, december(21), december(22), id="midnight"),
            pytest.param({"first": "2026-12-01", "last_time": "17:00"}, december(1), december(1, 17), id="today"),
        ],
    )
    def test_is_written_as_it_is_meant(self, hers, session, grace, fields, start, end):
        answer = press(hers, "save", fields, path=TIME_OFF)

        assert answer.status_code == 303
        assert written(session, grace).time_off == ((start, end),)

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({}, "First day: Say on which date it begins."),
            ({"first": "Christmas"}, "First day: Write a date such as 2026-12-24."),
            ({"first": "2026-12-24", "last": "later"}, "Last day: Write a date such as 2026-12-24."),
            ({"first": "2026-12-24", "first_time": "dawn"}, "from: Write a time such as 09:00."),
            ({"first": "2026-11-30"}, "First day: Mon 30 Nov 2026 is past."),
            ({"first": "2026-12-24", "last": "2026-12-23"}, "Last day: This comes before the first date."),
            ({"first": "2026-12-24", "first_time": "12", "last_time": "12"}, "until: It ends before it begins."),
            ({"first": "2026-12-01", "last_time": "8:59"}, "until: This is over already."),
            ({"first": "2026-12-24", "last": "2029-01-01"}, "Last day: That is more than two years ahead."),
            ({"first": "9999-12-31"}, "Last day: That is more than two years ahead."),
        ],
    )
    def test_that_makes_no_sense_is_refused_beside_its_field(self, hers, session, grace, fields, sentence):
        answer = press(hers, "save", fields, path=TIME_OFF)

        assert answer.status_code == 422
        assert sentence in words(answer)
        assert written(session, grace).time_off == ()

    def test_is_listed_until_it_is_over_and_removed_at_one_press(self, hers, session, clock):
        press(hers, "save", {"first": "2026-12-02"}, path=TIME_OFF)
        press(hers, "save", {"first": "2026-12-21", "last": "2026-12-24", "last_time": "12"}, path=TIME_OFF)
        before = words(hers.get(TIME_OFF))
        clock.advance(timedelta(days=3))
        later = words(hers.get(TIME_OFF))
        last = session.scalars(select(TimeOff.id).order_by(TimeOff.id.desc())).first()

        answer = press(hers, "", {}, path=f"{TIME_OFF}/{last}/remove", page=TIME_OFF)

        assert "Wed 2 Dec 2026 all day" in before
        assert "Mon 21 Dec 2026 until Thu 24 Dec 2026, 12:00" in later
        assert "Wed 2 Dec 2026" not in later
        assert answer.status_code == 303
        assert "No time off is written down." in words(hers.get(TIME_OFF))

    @pytest.mark.usefixtures("booking")
    def test_shows_what_is_booked_in_it_first(self, hers, session, grace):
        asked = press(hers, "save", {"first": "2026-12-08"}, path=TIME_OFF)
        edited = hers.post(TIME_OFF, data={**all_hidden(asked), "action": "edit"})
        saved = hers.post(TIME_OFF, data={**all_hidden(asked), "action": "save"})

        assert "1 booked session would lie outside" in words(asked)
        assert 'value="2026-12-08"' in edited.text
        assert saved.status_code == 303
        assert written(session, grace).time_off == ((december(8), december(9)),)

    @pytest.mark.parametrize("which", ["edsgers", "999999999999", "9999999999999999999999999", "0"])
    def test_of_another_is_not_there(self, hers, session, which):
        edsger = make_mentor(session, "Edsger Example")
        session.add(TimeOff(mentor_id=edsger.id, span=Range(december(21), december(22))))
        session.commit()
        his = session.scalars(select(TimeOff.id)).one()
        which = his if which == "edsgers" else which

        answer = hers.post(f"{TIME_OFF}/{which}/remove", data={"csrf_token": csrf(hers, TIME_OFF)})

        assert answer.status_code == 404
        assert session.scalars(select(TimeOff.id)).all() == [his]
