"""What a person may sign up with: address, password, name, each brought into one form before it is kept or compared."""

import unicodedata

from email_validator import EmailNotValidError, validate_email

from marketplace.core.errors import RuleBroken
from marketplace.core.text import disturbs, one_line

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
LONGEST_NAME = 80


class BadAddress(RuleBroken):
    """Not an address that mail can be sent to."""


class BadPassword(RuleBroken):
    """Too short, too long, or no secret."""


class BadName(RuleBroken):
    """Empty, too long, or with characters that would disturb the pages of others."""


def clean_address(typed: str) -> str:
    """As typed but for its domain, which is written small. Raises BadAddress."""
    try:
        return validate_email(typed.strip(), check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError as wrong:
        raise BadAddress("Enter a mail address such as ada@example.org.") from wrong


def normal_password(typed: str) -> str:
    """The same characters whichever keyboard made them (NFKC, as RFC 8265 asks for). Longer ones fit no account."""
    return unicodedata.normalize("NFKC", typed)[: LONGEST_PASSWORD + 1]


def clean_password(typed: str, *, address: str) -> str:
    """Raises BadPassword. Lengths are counted in characters."""
    password = normal_password(typed)
    if len(password) < SHORTEST_PASSWORD:
        raise BadPassword(
            "Choose at least %(least)s characters; a few words in a row are easy to remember.", least=SHORTEST_PASSWORD
        )
    if len(password) > LONGEST_PASSWORD:
        raise BadPassword("Choose at most %(most)s characters.", most=LONGEST_PASSWORD)
    if password.casefold() == address.casefold():
        raise BadPassword("Choose something other than your mail address.")
    return password


def clean_name(typed: str) -> str:
    """With single spaces. Raises BadName."""
    name = one_line(typed)
    if not name:
        raise BadName("Enter the name that others will see.")
    if len(name) > LONGEST_NAME:
        raise BadName("Use at most %(most)s characters.", most=LONGEST_NAME)
    if disturbs(name):
        raise BadName("Use letters, marks and spaces only.")
    return name
