"""Who did what, for the operator."""

from functools import partial

import pytest

from marketplace.core.audit import note
from tests.conftest import TUESDAY
from tests.factories import make_user
from tests.pages.reading import words
from tests.queries import count_queries
from tests.web import sign_in


@pytest.fixture
def olga(client, session):
    user = make_user(session, "Olga Example", is_operator=True, email="olga@example.org")
    session.commit()
    sign_in(client, user)
    return user


@pytest.fixture
def people(session, olga):
    ada, grace = make_user(session, "Ada Example"), make_user(session, "Grace Example", email="grace@example.org")
    did = partial(note, session, now=TUESDAY)
    did("mentors:approved", actor_id=olga.id, about_id=grace.id, subject="grace")
    reason: str = "A <complaint>."
    after = {"after": "suspended"}
    did("mentors:suspended", actor_id=olga.id, about_id=grace.id, subject="grace", reason=reason, detail=after)
    did("mentors:paused", actor_id=ada.id, about_id=ada.id, subject="ada")
    did("mentors:paused", actor_id=None, about_id=99_999, subject="gone")
    session.commit()
    return ada, grace


def test_the_newest_deed_comes_first_with_everything_that_is_known(client, people):
    page = client.get("/operator/audit")

    said = words(page)
    assert said.index("mentor paused ada") < said.index("mentor suspended grace") < said.index("mentor approved grace")
    assert "Olga Example mentor suspended grace Grace Example A <complaint>." in said
    assert "<complaint>" not in page.text
    assert "the site mentor paused gone account 99999" in said


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("what=mentors:approved", ["approved grace"]),
        ("what=mentors:paused", ["paused gone", "paused ada"]),
        ("what=nonsense", ["paused gone", "paused ada", "suspended grace", "approved grace"]),
        ("who=grace@example.org", ["suspended grace", "approved grace"]),
        ("who=GRACE@example.org", ["suspended grace", "approved grace"]),
        ("who=olga@example.org&what=mentors:suspended", ["suspended grace"]),
        ("who=nobody@example.org", []),
        ("who=%00", ["paused gone", "paused ada", "suspended grace", "approved grace"]),
        ("page=2", []),
        ("page=-1&who=%25&what[]=x", []),
    ],
)
def test_it_can_be_narrowed_down(client, people, query, shown):
    answer = client.get(f"/operator/audit?{query}")

    assert answer.status_code == 200
    table = words(answer).partition("Why, and what exactly")[2]
    found = [deed for deed in ("paused gone", "paused ada", "suspended grace", "approved grace") if deed in table]
    assert found == shown


def test_it_takes_few_queries_however_much_was_done(client, session, people):
    few = queries_of(client)
    for number in range(60):
        note(session, "mentors:paused", now=TUESDAY, actor_id=None, subject=f"no{number}")
    session.commit()

    assert len(few) <= 6, "\n\n".join(few)
    assert len(queries_of(client)) == len(few)
    assert "Next page" in words(client.get("/operator/audit"))


def queries_of(client):
    with count_queries() as statements:
        assert client.get("/operator/audit").status_code == 200
    return statements
