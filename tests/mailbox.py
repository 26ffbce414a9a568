"""What was sent, where no mail server is set: the files that the outbox leaves under the instance folder."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from marketplace.core.config import Settings


def letters_kept(settings: Settings) -> list[EmailMessage]:
    """Oldest first."""
    files = sorted((settings.instance / "mail").glob("*.eml"))
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def part(message: EmailMessage, kind: str) -> str:
    """The text of the `plain` or the `html` part."""
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def links(message: EmailMessage, settings: Settings) -> list[str]:
    """The paths of the links to our pages in the text part, but for the one to the first page."""
    found = re.findall(rf"{re.escape(settings.public_url)}(/\S+)", part(message, "plain"))
    return [str(path) for path in found]
