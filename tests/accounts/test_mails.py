"""The letters about accounts, as a mail server gets them from the worker."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.core.config import Settings
from marketplace.core.jobs import TASKS
from marketplace.core.mail import LEASE, MailRow
from tests.factories import PASSWORD, make_user
from tests.jobs import failed_jobs, run_jobs, sweep, waiting_jobs
from tests.mailbox import links, part
from tests.smtp import MailServer
from tests.web import submit

ADA = {"name": "<b>Ada</b> https://evil.example", "email": "ada@example.org", "password": PASSWORD, "next": "/m/grace"}


@pytest.fixture
def settings(settings: Settings, smtp: MailServer) -> Settings:
    return replace(settings, smtp_url=smtp.url, public_url="https://hours.example.org", site_name="Hours & Co")


def row(session: Session) -> MailRow:
    session.rollback()
    return session.scalars(select(MailRow).execution_options(populate_existing=True)).one()


def test_the_verification_letter(client, app, settings, smtp, session, clock):
    submit(client, "/sign-up", **ADA)

    run_jobs(app, settings)

    [letter] = smtp.messages
    assert smtp.recipients == [["ada@example.org"]]
    assert letter["To"] == "ada@example.org"
    assert letter["From"] == "Office Hours <office-hours@localhost>"
    assert letter["Subject"] == "Confirm your address for Hours & Co"
    assert letter["Message-ID"] == f"<mail-{row(session).id:08d}@hours.example.org>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert abs(letter["Date"].datetime - clock.now()) < timedelta(minutes=1)
    assert letter.get_content_type() == "multipart/alternative"
    assert [each.get_content_type() for each in letter.iter_parts()] == ["text/plain", "text/html"]
    assert row(session).status == "sent"


def test_both_parts_lead_to_the_same_page(client, app, settings, smtp):
    submit(client, "/sign-up", **ADA)
    run_jobs(app, settings)
    [letter] = smtp.messages

    [path] = links(letter, settings)

    assert path.startswith("/verify/")
    assert f'href="https://hours.example.org{path}"' in part(letter, "html")
    assert "ada@example.org" in client.get(path).text


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_stranger_cannot_put_words_into_our_letters(client, app, settings, smtp, session, kind):
    make_user(session, email="alan@example.org")
    session.commit()
    for email in ("ada@example.org", "alan@example.org"):
        submit(client, "/sign-up", **{**ADA, "email": email})

    run_jobs(app, settings)

    assert len(smtp.messages) == 2
    for letter in smtp.messages:
        assert "evil" not in part(letter, kind)
        assert ("Hours &amp; Co" if kind == "html" else "Hours & Co") in part(letter, kind)


@pytest.mark.parametrize(
    ("confirmed", "link"),
    [pytest.param(True, "/sign-in?next=", id="confirmed"), pytest.param(False, "/reset/", id="not yet confirmed")],
)
def test_who_has_an_account_is_reminded_of_it(client, app, settings, smtp, session, clock, confirmed, link):
    make_user(session, email="ada@example.org", verified_at=clock.now() if confirmed else None)
    session.commit()
    submit(client, "/sign-up", **ADA)

    run_jobs(app, settings)

    [letter] = smtp.messages
    assert letter["Subject"] == "You already have an account at Hours & Co"
    path, *others = links(letter, settings)
    assert path.startswith(link)
    assert others == ["/forgotten"] * confirmed
    assert client.get(path).status_code == 200


def test_an_address_beyond_ascii_is_reached(client, app, settings, smtp):
    submit(client, "/sign-up", **{**ADA, "email": "ada@m\u00fcnchen.example"})

    run_jobs(app, settings)

    assert smtp.recipients == [["ada@xn--mnchen-3ya.example"]]


def test_a_mail_server_without_room_is_asked_again_later(client, app, settings, smtp, session, clock):
    smtp.refusing = True
    submit(client, "/sign-up", **ADA)
    run_jobs(app, settings, failing=True)
    assert [name for name, _ in failed_jobs(app)] == ["core:send_mail"]
    assert row(session).status == "waiting"
    smtp.refusing = False

    sweep(app, "core:sweep_mail")
    assert waiting_jobs(app) == []
    clock.advance(LEASE + timedelta(seconds=1))
    sweep(app, "core:sweep_mail", "core:sweep_mail")

    assert [name for name, _ in waiting_jobs(app)] == ["core:send_mail"]
    run_jobs(app, settings, failing=True)
    assert len(smtp.messages) == 1
    assert (row(session).status, row(session).attempts) == ("sent", 2)


def test_a_job_that_runs_twice_sends_once(client, app, settings, smtp, session):
    submit(client, "/sign-up", **ADA)
    run_jobs(app, settings)

    with app.app_context():
        TASKS["core:send_mail"](mail_id=row(session).id)

    assert len(smtp.messages) == 1
