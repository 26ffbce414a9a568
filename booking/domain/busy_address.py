"""The addresses of busy calendars that are taken at all. Where a name leads is looked at when it is read."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

LONGEST_ADDRESS = 2000


class NoAddress(ValueError):
    """This cannot be the address of a calendar; `why` is a key of the sentences of the form."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def address_of(typed: str, *, loopback: bool = False) -> str:
    """What apps hand out (`webcal://…`), as what is asked (`https://…`). `loopback` allows http and any port, for
    calendars on this machine. Raises NoAddress."""
    if len(typed) > LONGEST_ADDRESS:
        raise NoAddress("long")
    try:
        parts = urlsplit(typed.strip())
        port = parts.port
    except ValueError:
        raise NoAddress("unclear") from None
    scheme = {"webcal": "https", "webcals": "https"}.get(parts.scheme, parts.scheme)
    if scheme != "https" and not (loopback and scheme == "http"):
        raise NoAddress("scheme" if scheme else "unclear")
    if not parts.hostname or any(letter.isspace() for letter in typed.strip()):
        raise NoAddress("unclear")
    if parts.username is not None or parts.password is not None:
        raise NoAddress("password")
    if port not in (None, 443) and not loopback:
        raise NoAddress("port")
    return urlunsplit((scheme, parts.netloc, parts.path or "/", parts.query, ""))


def host_of(address: str) -> str:
    """All of it that is ever shown or written down elsewhere."""
    return urlsplit(address).hostname or ""
