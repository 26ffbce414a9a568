"""The one page that takes a file."""

from io import BytesIO

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from marketplace.mentors.queries import own_profile
from tests.factories import make_user
from tests.pages.reading import words
from tests.web import csrf, sign_in

MB = 1024 * 1024


def photo(kind="JPEG", size=(400, 300), colour="red"):
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, kind)
    return written.getvalue()


def post(client, **fields):
    """Put together in memory: the test client would leave a file open for what is large."""
    boundary, body = encode_multipart(fields)
    return client.post("/desk/profile/photo", data=body, content_type=f"multipart/form-data; boundary={boundary}")


def send(client, file=None, alt="Radia at a desk"):
    sent = {} if file is None else {"photo": FileStorage(BytesIO(file), "me.jpg")}
    return post(client, csrf_token=csrf(client, "/desk/profile/photo"), alt=alt, **sent)


def kept(session, user):
    session.expire_all()
    found = own_profile(session, user.id).photo
    session.commit()
    return found


def test_a_photo_is_shown_with_its_words_and_its_size(client, session, radia):
    answer = send(client, photo())

    assert answer.status_code == 303
    page = client.get("/mentors/radia-example").text
    digest = kept(session, radia).digest
    assert f'src="/photos/{digest}-large.webp" alt="Radia at a desk" width="160" height="160"' in page


def test_without_a_photo_there_are_initials(client, session, radia):
    page = client.get("/mentors/radia-example").text

    assert 'aria-hidden="true">RE</span>' in page
    assert "/photos/" not in page


def test_a_photo_needs_words(client, session, radia):
    answer = send(client, photo(), alt="  ")

    assert answer.status_code == 422
    assert "Describe the photo in a few words" in words(answer)
    assert kept(session, radia) is None


@pytest.mark.parametrize(
    ("file", "told"),
    [(None, "Choose a photo."), (b"", "cannot be read"), (b"words", "cannot be read"), (photo("GIF"), "cannot be")],
    ids=["none", "empty", "words", "gif"],
)
def test_what_is_no_photo_is_told_beside_the_field_and_the_words_are_kept(client, session, radia, file, told):
    answer = send(client, file)

    assert answer.status_code == 422
    assert told in words(answer)
    assert 'value="Radia at a desk"' in answer.text


def test_a_photo_of_several_megabytes_is_welcome(client, session, radia):
    noise = Image.effect_noise((2600, 2000), 120).convert("RGB")
    written = BytesIO()
    noise.save(written, "JPEG", quality=97)
    assert 2 * MB < len(written.getvalue()) < 10 * MB

    assert send(client, written.getvalue()).status_code == 303


@pytest.mark.parametrize("size", [10 * MB + 1, 11 * MB, 25 * MB])
def test_a_file_that_is_too_large_is_refused_kindly(client, session, radia, size):
    answer = send(client, b"\xff" * size)

    assert answer.status_code in {413, 422}
    assert "This file is too large: 10 MB at most." in words(answer)
    assert 'id="photo-error"' in answer.text


def test_no_other_page_takes_more_than_before(client, session, radia):
    token = csrf(client, "/desk/profile/story")

    answer = client.post("/desk/profile/story", data={"csrf_token": token, "story": "x" * (2 * MB)})

    assert answer.status_code == 413
    assert 'id="photo"' not in answer.text


def test_nobody_who_is_not_signed_in_sends_large_files(app):
    answer = post(app.test_client(), photo=FileStorage(BytesIO(b"\xff" * (2 * MB)), "me.jpg"))

    assert answer.status_code == 413


def test_who_is_no_mentor_has_no_place_for_a_photo(app, session):
    ada = make_user(session)
    session.commit()
    client = app.test_client()
    sign_in(client, ada)
    token = csrf(client, "/account")

    small, large = (
        post(client, csrf_token=token, photo=FileStorage(BytesIO(file), "me.jpg"))
        for file in (photo(), b"\xff" * (12 * MB))
    )

    assert (small.status_code, large.status_code) == (404, 413)


def test_words_can_be_bettered_and_the_photo_replaced_and_removed(client, session, radia):
    send(client, photo())
    first = kept(session, radia).digest
    send(client, alt="Radia, laughing")
    assert (kept(session, radia).digest, kept(session, radia).alt) == (first, "Radia, laughing")

    send(client, photo(colour="blue"), alt="Radia")
    second = kept(session, radia).digest
    removed = client.post("/desk/profile/photo/remove", data={"csrf_token": csrf(client, "/account")})

    assert removed.status_code == 303
    assert second != first
    assert kept(session, radia) is None
    assert {client.get(f"/photos/{digest}-large.webp").status_code for digest in (first, second)} == {404}


def test_a_file_in_the_place_of_words_and_words_in_the_place_of_a_file(client, session, radia):
    token = csrf(client, "/account")

    answer = post(client, csrf_token=token, photo="words", alt=FileStorage(BytesIO(photo()), "me.jpg"))

    assert answer.status_code == 422
