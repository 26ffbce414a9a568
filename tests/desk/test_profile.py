"""A profile is written part by part, with any browser and by anybody's hand."""

import re

import pytest

from marketplace.accounts.models import User
from marketplace.mentors.models import Mentor
from marketplace.mentors.queries import own_profile
from tests.factories import make_mentor
from tests.pages.reading import words
from tests.queries import count_queries
from tests.web import sign_in, submit

BASICS = {
    "headline": "Helps with networks.",
    "city": "Cork",
    "country": "IE",
    "zone": "Europe/Dublin",
    "languages-0": "en",
    "languages-1": "ga",
    "languages-2": "",
    "meeting_url": "https://meet.example.org/radia",
}
BIDI, NUL, ESCAPE = "\u202egnihton", "a\0b", "a\x1b[31mb"


def kept(session, user) -> Mentor:
    session.expire_all()
    mentor = own_profile(session, user.id)
    session.commit()
    return mentor


def topic_rows(*rows):
    names = ("name", "reach", "last_practised")
    return {
        f"topics-{number}-{name}": value
        for number, row in enumerate(rows)
        for name, value in zip(names, row, strict=True)
    }


def step_rows(*rows):
    return {
        f"steps-{number}-{name}": value
        for number, row in enumerate(rows)
        for name, value in zip(("year", "what"), row, strict=True)
    }


def test_who_begins_finds_the_language_they_read_and_the_country_of_their_zone(client, session, radia):
    radia.locale = "de"
    session.commit()

    page = client.get("/desk/profile/basics").text

    chosen = re.findall(r'<option selected value="([^"]+)"', page)
    assert chosen == ["IE", "Europe/Dublin", "de"]


@pytest.mark.parametrize(
    ("status", "leads_to"), [("draft", "/desk"), ("changes_wanted", "/desk"), ("approved", "/desk/profile")]
)
def test_who_may_send_it_in_is_led_to_where_that_is_done(client, session, status, leads_to):
    grace = make_mentor(session, status=status)
    session.commit()
    sign_in(client, session.get_one(User, grace.id))

    assert submit(client, "/desk/profile/story", story="Another.").location == leads_to


def test_each_part_is_saved_by_itself_and_leads_to_the_next_that_is_missing(client, session, radia):
    ways = {"ways": "asks", "how_i_work": "I ask.", "can_give": "An ear\n- A plan\n\nAn ear"}

    answers = [
        submit(client, "/desk/profile/basics", **BASICS),
        submit(client, "/desk/profile/story", story="It began **so**."),
        submit(client, "/desk/profile/ways", **ways),
        submit(client, "/desk/profile/topics", **topic_rows(("Networks", "depth", "2025"))),
    ]

    assert [answer.headers["Location"] for answer in answers] == [
        "/desk/profile/story",
        "/desk/profile/ways",
        "/desk/profile/topics",
        "/desk",
    ]
    mentor = kept(session, radia)
    assert (mentor.languages, mentor.country, mentor.meeting_url) == (["en", "ga"], "IE", BASICS["meeting_url"])
    assert (mentor.story, mentor.ways, mentor.can_give) == ("It began **so**.", ["asks"], ["An ear", "A plan"])
    assert [(topic.name, topic.last_practised) for topic in mentor.topics] == [("Networks", 2025)]


def test_the_whole_profile_reads_as_mentees_will_see_it(client, session, radia):
    submit(client, "/desk/profile/basics", **BASICS)
    submit(client, "/desk/profile/story", story="# Long ago\n\n<b>bold</b> [talk](https://example.org)")
    submit(client, "/desk/profile/journey", **step_rows(("2001", "Began"), ("", "")))

    page = client.get("/desk/profile")

    assert "Cork, Ireland · Europe/Dublin · English, Irish" in words(page)
    assert "<h3>Long ago</h3>" in page.text
    assert "&lt;b&gt;bold&lt;/b&gt;" in page.text
    assert 'rel="nofollow noopener"' in page.text
    assert "2001 Began" in words(page)


def test_a_preview_shows_and_saves_nothing(client, session, radia):
    answer = submit(client, "/desk/profile/story", story="It *would* be so.", action="preview")

    assert answer.status_code == 200
    assert "<em>would</em>" in answer.text
    assert "This is not saved yet." in words(answer)
    assert "It *would* be so.</textarea>" in answer.text
    assert kept(session, radia).story == ""


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("headline", "", "Write one line that says whom you help"),
        ("headline", "x" * 121, "Use at most 120 characters; these are 121."),
        ("headline", "x" * 100_000, "Use at most 120 characters"),
        ("headline", NUL, "characters that cannot be shown"),
        ("headline", BIDI, "characters that cannot be shown"),
        ("city", "", "Enter the place where you work."),
        ("city", ESCAPE, "characters that cannot be shown"),
        ("country", "", "Choose a country."),
        ("country", " ", "Choose a country."),
        ("country", "EU", "Not a valid choice."),
        ("country", "Ireland", "Not a valid choice."),
        ("zone", "Mars/Olympus", "Not a valid choice."),
        ("zone", "../../etc/passwd", "Not a valid choice."),
        ("languages-0", "xx", "Not a valid choice."),
        ("meeting_url", "http://meet.example.org", "Enter an address that begins with https://"),
        ("meeting_url", "javascript:alert(1)", "Enter an address that begins with https://"),
        ("meeting_url", "https://", "Enter an address that begins with https://"),
        ("meeting_url", "https://[", "Enter an address that begins with https://"),
        ("meeting_url", "https://meet.example.org:port/", "Enter an address that begins with https://"),
        ("meeting_url", "https://meet.example.org/ a", "Enter an address that begins with https://"),
        ("meeting_url", 'https://meet.example.org/"><b>', "Enter an address that begins with https://"),
        ("meeting_url", "https://meet.example.org/" + "a" * 500, "Enter an address that begins with https://"),
        ("meeting_url", NUL, "Enter an address that begins with https://"),
    ],
)
def test_what_makes_no_sense_is_told_beside_the_field_and_kept(client, session, radia, field, typed, told):
    answer = submit(client, "/desk/profile/basics", **{**BASICS, field: typed})

    assert answer.status_code == 422
    assert told in words(answer)
    assert 'class="invalid-feedback' in answer.text
    assert 'value="Cork"' in answer.text or field == "city"
    assert kept(session, radia).headline == ""


def test_a_mentor_speaks_at_least_one_language_and_each_once(client, session, radia):
    none = submit(client, "/desk/profile/basics", **{**BASICS, "languages-0": "", "languages-1": ""})
    twice = submit(client, "/desk/profile/basics", **{**BASICS, "languages-2": "en"})

    assert "Choose at least one language in which you mentor." in words(none)
    assert twice.status_code == 303
    assert kept(session, radia).languages == ["en", "ga"]


@pytest.mark.parametrize("typed", ["", " \n ", "x" * 6001, NUL, BIDI])
def test_a_story_has_words_that_can_be_shown_and_an_end(client, session, radia, typed):
    answer = submit(client, "/desk/profile/story", story=typed)

    assert answer.status_code == 422
    assert kept(session, radia).story == ""


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"ways": "flies"}, "is not a valid choice"),
        ({"how_i_work": ""}, "Say what a session with you is like."),
        ({"can_give": "\n".join(f"gift {number}" for number in range(13))}, "Write at most 12 lines."),
        ({"can_give": "x" * 121}, "Use at most 120 characters a line."),
        ({"can_give": NUL}, "characters that cannot be shown"),
    ],
)
def test_ways_of_working_are_judged_too(client, session, radia, typed, told):
    answer = submit(client, "/desk/profile/ways", **{"how_i_work": "I ask.", **typed})

    assert answer.status_code == 422
    assert told in words(answer).replace("are not valid choices", "is not a valid choice")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("", "depth", "")], "Enter at least one topic."),
        ([("A", "depth", "x")], "Not a valid integer value."),
        ([("A", "depth", "1949")], "Enter a year from 1950 to 2026."),
        ([("A", "depth", "2027")], "Enter a year from 1950 to 2026."),
        ([("A", "depth", "9" * 5000)], "Not a valid integer value."),
        ([("A", "shallow", "2020")], "Not a valid choice."),
        ([("", "depth", "2020")], "Enter the topic, or remove this row."),
        ([("A", "depth", ""), ("a", "breadth", "")], "This topic stands here twice."),
        ([("x" * 41, "depth", "")], "Use at most 40 characters"),
        ([(NUL, "depth", "")], "characters that cannot be shown"),
    ],
)
def test_a_topic_that_makes_no_sense_is_told_in_its_row(client, session, radia, rows, told):
    answer = submit(client, "/desk/profile/topics", **topic_rows(*rows))

    assert answer.status_code == 422
    assert told in words(answer)
    assert kept(session, radia).topics == []


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("", "Began")], "Enter a year."),
        ([("2001", "")], "Say what happened, or remove this row."),
        ([("2027", "Will begin")], "Enter a year from 1950 to 2026."),
        ([("2001", "x" * 201)], "Use at most 200 characters"),
    ],
)
def test_so_is_a_step_of_a_journey(client, session, radia, rows, told):
    answer = submit(client, "/desk/profile/journey", **step_rows(*rows))

    assert answer.status_code == 422
    assert told in words(answer)


def test_a_journey_may_be_emptied_again(client, session, radia):
    submit(client, "/desk/profile/journey", **step_rows(("2001", "Began")))

    assert submit(client, "/desk/profile/journey", **step_rows(("", ""))).status_code == 303
    assert kept(session, radia).steps == []


@pytest.mark.parametrize(
    ("action", "names"),
    [
        ("add", ["A", "B", ""]),
        ("up-1", ["B", "A"]),
        ("down-0", ["B", "A"]),
        ("up-0", ["A", "B"]),
        ("down-1", ["A", "B"]),
        ("remove-0", ["B"]),
        ("remove-7", ["A", "B"]),
        ("up-999", ["A", "B"]),
    ],
)
def test_rows_are_added_moved_and_removed_without_being_saved_or_judged(client, session, radia, action, names):
    rows = topic_rows(("A", "depth", "not a year"), ("B", "breadth", "2020"))

    answer = submit(client, "/desk/profile/topics", action=action, **rows)

    assert answer.status_code == 200
    assert [answer.text.count(f'id="topics-{number}-name"') for number in range(4)] == [
        int(number < len(names)) for number in range(4)
    ]
    for number, name in enumerate(names):
        assert f'id="topics-{number}-name" name="topics-{number}-name" type="text" value="{name}"' in answer.text
    assert "not a year" in answer.text or action == "remove-0"
    assert kept(session, radia).topics == []


def test_the_last_row_that_is_removed_leaves_an_empty_one(client, session, radia):
    answer = submit(client, "/desk/profile/topics", action="remove-0", **topic_rows(("A", "depth", "")))

    assert 'id="topics-0-name" name="topics-0-name" type="text" value=""' in answer.text


def test_there_is_an_end_of_adding(client, session, radia):
    rows = topic_rows(*((f"Topic {number}", "depth", "") for number in range(12)))

    answer = submit(client, "/desk/profile/topics", action="add", **rows)

    assert 'id="topics-12-name"' not in answer.text
    assert "Add a topic" not in words(answer)


@pytest.mark.parametrize("button", ["add-", "up", "up--1", "up-²", "remove-9999999999999", "drop table", "save\0"])
def test_a_button_that_we_did_not_make_saves_or_does_nothing(client, session, radia, button):
    answer = submit(client, "/desk/profile/topics", action=button, **topic_rows(("A", "depth", "")))

    assert answer.status_code in {200, 303}


def test_rows_with_numbers_that_we_did_not_give_are_none(client, session, radia):
    odd = {
        "topics-²-name": "X",
        "topics-99999999999999999999-name": "Y",
        "topics--1-name": "Z",
        "topics-٣-name": "W",
        "topics": "V",
        "topics-5-name": "Kept",
    }

    answer = submit(client, "/desk/profile/topics", **odd)

    assert answer.status_code == 303
    assert [topic.name for topic in kept(session, radia).topics] == ["Kept"]


def test_enter_saves_and_moves_no_row(client, session, radia):
    page = client.get("/desk/profile/topics").text
    form = page[page.index('id="part"') :]

    first = form[form.index("<button") :].split(">")[0]

    assert 'value="save"' in first


def test_what_a_form_does_not_have_cannot_be_set(client, session, radia):
    more = {"status": "approved", "slug": "mine", "id": "1", "approved_at": "2020-01-01", "suspended_from": ""}

    submit(client, "/desk/profile/basics", **BASICS, **more)

    mentor = kept(session, radia)
    assert (mentor.status, mentor.slug, mentor.approved_at) == ("draft", "radia-example", None)


def test_who_is_approved_changes_the_page_at_once(client, session):
    grace = make_mentor(session, slug="grace")
    user = session.get_one(User, grace.id)
    session.commit()
    sign_in(client, user)

    submit(client, "/desk/profile/story", story="Quite another story.")

    assert "Quite another story." in words(client.get("/mentors/grace"))
    assert kept(session, user).seen_revision < kept(session, user).revision


def test_a_page_takes_few_queries_however_much_there_is_on_it(client, session, radia):
    submit(client, "/desk/profile/topics", **topic_rows(("A", "depth", "")))
    few = queries_of(client)
    submit(client, "/desk/profile/topics", **topic_rows(*((f"T{number}", "depth", "") for number in range(12))))
    submit(client, "/desk/profile/journey", **step_rows(*(("2001", f"Step {number}") for number in range(20))))

    assert len(few) <= 6, "\n\n".join(few)
    assert len(queries_of(client)) == len(few)


def queries_of(client):
    with count_queries() as statements:
        assert client.get("/desk/profile").status_code == 200
    return statements
