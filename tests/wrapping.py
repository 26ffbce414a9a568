"""A language in which every sentence that can be translated stands in brackets, and a reader who sees what does not."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import available_timezones

from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from sqlalchemy import text
from sqlalchemy.orm import Session

from booking.public_holidays import holidays_between
from marketplace.core.formats import zone_place
from marketplace.core.language import LANGUAGES, catalogue_of
from payments.domain.ledger import Account
from tools.words import as_file, extracted, updated

CODE = "de"
"""Days, languages and countries read German, so that an English one shows too."""
OPEN, CLOSED = "⟦", "⟧"
NAMES = ("Google Calendar", "Outlook.com", "Google", "Outlook", "Stripe", "UTC", "Office Hours", *LANGUAGES.values())
READ_ALOUD = {"aria-label", "title", "alt", "placeholder", "content"}
ENDS_A_LINE = {"p", "li", "dd", "dt", "h1", "h2", "h3", "option", "td", "th"}
WITHIN_WORDS = {"strong", "em", "wbr"}
_LETTERS = re.compile(r"[^\W\d_]{2,}")


def write_wrapped(folder: Path) -> None:
    catalogue: Catalog = updated(catalogue_of(CODE, folder), CODE, extracted())
    for message in catalogue:
        if isinstance(message.id, str):
            message.string = f"{OPEN}{message.id}{CLOSED}"
        else:
            message.string = tuple(f"{OPEN}{form}{CLOSED}" for form in message.id)
    catalogue_of(CODE, folder).parent.mkdir(parents=True)
    catalogue_of(CODE, folder).write_bytes(as_file(catalogue))


def outside(text: str) -> str:
    """What stands in no brackets; they may stand in one another."""
    depth, kept = 0, []
    for character in text:
        depth += (character == OPEN) - (character == CLOSED)
        kept.append(" " if depth or character == CLOSED else character)
    return "".join(kept)


class Said(HTMLParser):
    """All that a page says to somebody, attributes first; what it says to be English, such as a letter to a bank, is
    for somebody else."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.attributes: list[str] = []
        self.words: list[str] = []
        self._silent = 0
        self._english = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._silent += tag in {"script", "style", "code", "pre"}
        if given.get("lang") == "en" and not self._english:
            self._english = tag
            self._silent += 1
        if tag not in WITHIN_WORDS:
            self.words.append("\n" if tag == "br" else " ")
        if tag != "meta" or given.get("name") == "description":
            self.attributes += [given[name] or "" for name in READ_ALOUD & given.keys()]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style", "code", "pre"}
        if tag == self._english:
            self._english = ""
            self._silent -= 1
        if tag not in WITHIN_WORDS:
            self.words.append("\n" if tag in ENDS_A_LINE else " ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def unsaid(html: str, known: Iterable[str]) -> list[str]:
    """The words of a page that no catalogue can change, but for what is known: names, and what people wrote."""
    page = Said(html)
    return [line for text in ("".join(page.words), *page.attributes) for line in unsaid_lines(text, known)]


def unsaid_lines(text: str, known: Iterable[str]) -> list[str]:
    lines = outside(text)
    for each in sorted(known, key=len, reverse=True):
        if each in lines:  # to look for two thousand expressions in each text would be most of the test
            lines = re.sub(rf"(?<!\w){re.escape(each)}(?!\w)", " ", lines)
    return [" ".join(line.split()) for line in lines.splitlines() if _LETTERS.search(line)]


def known_words(session: Session) -> set[str]:
    """Names of zones, languages, countries, days, holidays and accounts of the books; what the rows hold, but for words
    such as `open` that stand for a state and have to be said."""
    locale = Locale(CODE)
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(700)]
    written = {
        format_date(day, pattern, locale=CODE) for day in days for pattern in ("EEEE", "E", "ccc", "MMMM", "MMM")
    }
    short = set(locale.days["stand-alone"]["short"].values())
    names = {str(name)[:1].upper() + str(name)[1:] for name in locale.languages.values()}
    return {
        *NAMES,
        *available_timezones(),
        *map(zone_place, available_timezones()),
        *written,
        *short,
        *names,
        *map(str, locale.territories.values()),
        *Account,
        *holidays_between("NL", "", date(2026, 1, 1), date(2028, 12, 31), CODE).values(),
        *_rows(session),
    }


def _said_in_json(session: Session) -> set[str]:
    """What people wrote that is kept in papers of a mentorship."""
    path = '$.** ? (@.type() == "string")'
    said = text(
        "SELECT DISTINCT jsonb_path_query(body, CAST(:path AS jsonpath)) #>> '{}' FROM mentorship_paper_version"
    )
    return {row[0] for row in session.execute(said, {"path": path})}


def _rows(session: Session) -> set[str]:
    columns = session.execute(
        text(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'ARRAY')"
            " AND table_name NOT LIKE 'procrastinate%'"
        )
    ).all()
    found: set[str] = set()
    for table, column in columns:
        for value in session.execute(text(f'SELECT DISTINCT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')):
            held = [str(each) for each in (value[0] if isinstance(value[0], list) else value)]
            found |= {each for each in held if column.endswith("id") or not re.fullmatch(r"[a-z_]*", each)}
    found |= _said_in_json(session)
    lines = {line for each in found for line in each.splitlines() if line.strip()}
    return {*lines, *(re.sub(r"[*_]", "", line) for line in lines)}  # as Markdown shows them
