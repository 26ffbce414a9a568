"""Photos are kept by whoever has seen them, unless nobody may see them."""

import pytest

from marketplace.accounts.models import User
from tests.factories import make_mentor, make_photo, make_user
from tests.web import sign_in


@pytest.fixture
def grace(session):
    """The digest of her photo."""
    made = make_photo(session, make_mentor(session, slug="grace"))
    session.commit()
    return made.digest


def get(client, digest, size="large", **given):
    return client.get(f"/photos/{digest}-{size}.webp", **given)


@pytest.mark.parametrize(("size", "data"), [("large", b"L"), ("small", b"S")])
def test_a_photo_is_sent_once_and_kept_for_ever(client, grace, size, data):
    answer = get(client, grace, size)

    assert (answer.status_code, answer.data, answer.mimetype) == (200, data, "image/webp")
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_who_asks_again_is_told_that_nothing_has_changed(client, grace):
    etag = get(client, grace).headers["ETag"]

    again = get(client, grace, headers={"If-None-Match": etag})

    assert (again.status_code, again.data) == (304, b"")
    assert get(client, grace, "small", headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("path", ["0" * 32 + "-large.webp", "x-huge.webp", "..%2f-large.webp", "%00-large.webp"])
def test_there_is_no_other_photo(client, grace, path):
    assert client.get(f"/photos/{path}").status_code == 404


@pytest.mark.parametrize("status", ["draft", "submitted", "changes_wanted", "suspended"])
def test_a_photo_that_is_not_public_is_seen_by_the_mentor_and_the_operator_alone(app, session, status):
    mentor = make_mentor(session, status=status)
    digest = make_photo(session, mentor).digest
    people = {
        "the mentor": session.get_one(User, mentor.id),
        "the operator": make_user(session, "Olga Example", is_operator=True),
        "another mentor": session.get_one(User, make_mentor(session, "Edsger Example").id),
        "a visitor": None,
    }
    session.commit()

    answers = {}
    for who, user in people.items():
        client = app.test_client()
        if user:
            sign_in(client, user)
        answers[who] = get(client, digest)

    assert {who: answer.status_code for who, answer in answers.items()} == {
        "the mentor": 200,
        "the operator": 200,
        "another mentor": 404,
        "a visitor": 404,
    }
    assert answers["the mentor"].headers["Cache-Control"] == "private, no-store"
