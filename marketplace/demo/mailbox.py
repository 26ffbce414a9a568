"""The mail that would have gone out: the files that the postman keeps where no mail server is set."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import DateHeader
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path

from marketplace.core.errors import NotFound

NEWEST = 100
SHOWN_HEADERS = ("From", "To", "Subject", "Date", "Message-ID")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands on the outside; `name` is the file's, without its ending."""

    name: str
    subject: str
    to: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenedMail:
    """A part that the mail does not have is None."""

    name: str
    headers: list[tuple[str, str]]
    subject: str
    text: str | None
    html: str | None
    calendar: str | None


def newest(folder: Path) -> list[Envelope]:
    """The last ones written first, whatever the clock said then: it can be moved back."""
    files = [(file.stat().st_mtime_ns, file.stem, file) for file in folder.glob("*.eml")]
    return [_envelope(file) for _, _, file in sorted(files, reverse=True)[:NEWEST]]


def opened(folder: Path, name: str) -> OpenedMail:
    """Raises NotFound, also for a name that is no plain name: it must not lead out of the folder."""
    file = folder / f"{name}.eml"
    if not _NAME.fullmatch(name) or not file.is_file():
        raise NotFound("There is no such mail.")
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    return OpenedMail(
        name=name,
        headers=[(header, str(message[header])) for header in SHOWN_HEADERS if message[header]],
        subject=str(message["Subject"] or ""),
        text=_part(message, "text/plain"),
        html=_part(message, "text/html"),
        calendar=_part(message, "text/calendar"),
    )


def _envelope(file: Path) -> Envelope:
    with file.open("rb") as content:
        message = BytesHeaderParser(policy=policy.default).parse(content)
    date = message["Date"]
    sent_at = date.datetime if isinstance(date, DateHeader) else None
    return Envelope(file.stem, str(message["Subject"] or "(no subject)"), str(message["To"] or ""), sent_at)


def _part(message: EmailMessage, content_type: str) -> str | None:
    found = next((part for part in message.walk() if part.get_content_type() == content_type), None)
    if found is None:
        return None
    content = found.get_payload(decode=True)
    return content.decode(errors="replace") if isinstance(content, bytes) else None
