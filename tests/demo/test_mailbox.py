import os
from datetime import UTC, datetime

import pytest

from marketplace.core.mail import Letter, compose
from marketplace.core.postman import deliver

INVITATION = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Fit call é\r\nEND:VCALENDAR\r\n"
SENT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def post(app, settings):
    def keep(number, *, calendar=None, subject="Booked: Fit call", html="<html><head></head><p>Hello</p></html>"):
        letter = Letter(
            to="ada@example.org",
            subject=subject,
            text="See https://office.example.org/sessions/abc\n<script>alert(1)</script>",
            html=html,
            calendar=calendar.encode() if calendar else None,
        )
        message_id = f"<mail-{number:08d}@office.example.org>"
        message = compose(letter, sender="Office Hours <o@example.org>", message_id=message_id, sent_at=SENT)
        deliver(message, settings)
        os.utime(settings.instance / "mail" / f"mail-{number:08d}.eml", (number, number))

    return keep


def test_an_empty_mailbox_says_so(client):
    assert "No mail yet" in client.get("/demo/mails").text


def test_mails_are_listed_with_the_newest_first(client, post):
    post(1, subject="The first")
    post(2, subject="The second, with an é")

    page = client.get("/demo/mails").text

    assert 0 < page.index("The second, with an é") < page.index("The first")
    assert "Tue 1 Dec, 10:00" in page
    assert 'href="/demo/mails/mail-00000002"' in page


def test_a_mail_shows_its_headers_and_its_text_with_links(client, post):
    post(1)

    page = client.get("/demo/mails/mail-00000001").text

    assert "ada@example.org" in page
    assert 'href="https://office.example.org/sessions/abc"' in page
    assert "<script>alert" not in page


def test_a_mail_shows_its_invitation(client, post):
    post(1, calendar=INVITATION)

    assert "SUMMARY:Fit call é" in client.get("/demo/mails/mail-00000001").text


def test_a_mail_without_invitation_shows_none(client, post):
    post(1)

    assert "The invitation" not in client.get("/demo/mails/mail-00000001").text


def test_the_html_part_runs_nothing_and_loads_nothing(client, post):
    post(1, html="<html><head></head><script>alert(1)</script></html>")

    answer = client.get("/demo/mails/mail-00000001/html")

    rules = [rule.strip() for rule in answer.headers["Content-Security-Policy"].split(";")]
    assert "default-src 'none'" in rules
    assert "sandbox allow-top-navigation-by-user-activation" in rules
    assert not any(rule.startswith("script-src") for rule in rules)


def test_the_page_of_a_mail_may_frame_its_html_part_and_nothing_else(client, post):
    post(1)

    answer = client.get("/demo/mails/mail-00000001")

    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "frame-src" not in client.get("/demo/mails").headers["Content-Security-Policy"]


@pytest.mark.parametrize("ending", ["", "/html"])
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("..%2fsecret", id="one folder up"),
        pytest.param("%2e%2e%2fsecret", id="one folder up, all escaped"),
        pytest.param("..", id="the folder above"),
        pytest.param("%2fetc%2fpasswd", id="an absolute path"),
        pytest.param("mail-00000001%00", id="a null byte"),
        pytest.param("mail-00000001%0a", id="a line end"),
        pytest.param("mail-00000009", id="none of that name"),
    ],
)
def test_no_name_leads_out_of_the_mailbox(client, post, settings, name, ending):
    post(1)
    (settings.instance / "secret.eml").write_text("Subject: a secret\n\nnobody may read this")

    answer = client.get(f"/demo/mails/{name}{ending}", follow_redirects=True)

    assert answer.status_code == 404
    assert "nobody may read this" not in answer.text


def test_a_mail_that_is_half_written_breaks_nothing(client, settings):
    (settings.instance / "mail").mkdir()
    (settings.instance / "mail" / "mail-00000001.eml").write_bytes(b"Subject: Half\r\nDate: no da")

    assert "Half" in client.get("/demo/mails").text
    assert client.get("/demo/mails/mail-00000001").status_code == 200
