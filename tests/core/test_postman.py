"""The connection to a mail server."""

import smtplib
from collections.abc import Iterator

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from marketplace.core import postman
from tests.smtp import MailServer, OnAnyPort


class PromisesEncryption(MailServer):
    """Says that it knows STARTTLS, and has no certificate."""

    async def handle_EHLO(  # noqa: N802
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,
        envelope: Envelope,  # noqa: ARG002
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        greeting, *known = responses
        return [greeting, "250-STARTTLS", *known]


@pytest.fixture
def encrypting() -> Iterator[str]:
    controller = OnAnyPort(PromisesEncryption(), hostname="127.0.0.1", port=0)
    controller.start()
    yield f"127.0.0.1:{controller.port}"
    controller.stop()


def test_a_server_takes_our_connection(smtp):
    with postman.connect(smtp.url) as server:
        assert server.noop()[0] == 250


def test_nobody_signs_in_in_clear_text_where_the_server_can_encrypt(encrypting):
    with pytest.raises(smtplib.SMTPResponseException, match="TLS not available"):
        postman.connect(f"smtp://olga:secret@{encrypting}")
