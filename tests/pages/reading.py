"""Reads a page as a person does."""

import re
from html import unescape

from werkzeug.test import TestResponse

_WITHIN_WORDS = re.compile(r"</?(?:strong|small|a|abbr|span)\b[^>]*>")
_BETWEEN_WORDS = re.compile(r"<[^>]*>")


def words(answer: TestResponse) -> str:
    """What the page says, without tags and with single spaces."""
    text = _BETWEEN_WORDS.sub(" ", _WITHIN_WORDS.sub("", answer.text))
    return " ".join(unescape(text).split())
