"""Whatever is sent to the pages about hours: an answer that says what is wrong, never a broken page."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from tests.desk.conftest import written
from tests.desk.hours_steps import HOURS
from tests.web import csrf

NINE_TO_FIVE = dict.fromkeys(range(1, 6), ((540, 1020),))
ABSURD = [
    "",
    "\x00",
    "\u202e9:00",
    "٩:٣٠",
    "🕘",
    "9" * 1000,
    "-1",
    "1e9",
    "NaN",
    "9999-99-99",
    "0001-01-01",
    "9999-12-31",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "24:00",
    "2026-12-24",
]
ACTIONS = [
    "save",
    "add:1",
    "add:0",
    "remove:1:0",
    "remove:0:0",
    "copy:1",
    "cut",
    "usual",
    "look",
    "edit",
    "add:²",
    "copy:٣",
]
texts = st.one_of(st.sampled_from(ABSURD), st.text(max_size=30))
intervals = st.from_regex(r"(opens|closes)-[0-9]-[0-9]{1,3}", fullmatch=True)
pages = {
    "": st.one_of(intervals, st.sampled_from(["to-1", "to-9", "told", "instead_of"])),
    "/dates": st.one_of(intervals, st.sampled_from(["first", "last", "weekdays", "listed", "kind", "told"])),
    "/time-off": st.sampled_from(["first", "first_time", "last", "last_time", "told"]),
    "/boundaries": st.sampled_from(
        ["notice", "horizon", "step", "buffer_before", "buffer_after", "sessions_a_day", "minutes_a_day"]
    ),
    "/dates/remove": st.sampled_from(["first", "last", "told"]),
}
quickly = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("path", pages)
@quickly
@given(data=st.data())
def test_no_input_breaks_a_page(hers, path, data):
    token = csrf(hers, HOURS)
    names = st.one_of(pages[path], st.text(max_size=12))
    sent = data.draw(st.lists(st.tuples(names, texts), max_size=25))
    action = data.draw(st.one_of(st.sampled_from(ACTIONS), texts))

    answer = hers.post(HOURS + path, data=MultiDict([("csrf_token", token), ("action", action), *sent]))

    assert answer.status_code in {200, 303, 404, 409, 422}


@pytest.mark.parametrize("path", ["", "/dates"])
@quickly
@given(
    typed=st.lists(st.tuples(texts, texts), max_size=6),
    action=st.sampled_from(["look", "add:1", "add:0", "edit", "save"]),
)
def test_what_was_typed_stands_there_again(hers, path, typed, action):
    day = 1 if path == "" else 0
    fields: dict[str, str] = {}
    for position, (opens, closes) in enumerate(typed):
        fields |= {f"opens-{day}-{position}": f"x{opens}", f"closes-{day}-{position}": f"x{closes}"}

    answer = hers.post(HOURS + path, data={"csrf_token": csrf(hers, HOURS), "action": action, **fields})

    shown = answer.get_data()
    for name, text in fields.items():
        assert f'name="{name}"'.encode() in shown or answer.status_code == 303
        assert _as_html(text) in shown.decode() or answer.status_code == 303


def test_a_megabyte_is_an_answer_and_not_a_wait(hers, session, grace):
    half = "9" * 500_000
    fields = {
        "csrf_token": csrf(hers, HOURS),
        "action": "save",
        "opens-1-0": half,
        "closes-1-0": "\x00" + half[:400_000],
    }

    answer = hers.post(HOURS, data=fields)

    assert answer.status_code == 422
    assert written(session, grace).weekly == NINE_TO_FIVE


@pytest.mark.parametrize("field", ["mentor_id", "zone", "status", "id"])
def test_nothing_but_hours_can_be_set_here(hers, session, grace, field):
    before = (grace.id, grace.zone, grace.status)

    hers.post(HOURS, data={"csrf_token": csrf(hers, HOURS), "action": "save", "instead_of": "", field: "7"})

    session.refresh(grace)
    assert (grace.id, grace.zone, grace.status) == before


def _as_html(text):
    """As the page writes it into an attribute."""
    escaped = text.strip().replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;")
    return escaped.replace("'", "&#39;").replace('"', "&#34;")
