"""What is to be said to people before anybody knows in which language. Pure, so that rules can give their reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """English, with `%(name)s` for each value; a value may be a Sentence, or Money, which each language writes its way.

    `plural` is the form for other numbers than one, which then is in `values` as `num`. `core.language.said` says it to
    the reader; `str()` of it is the English one.
    """

    text: str
    values: Mapping[str, object]
    plural: str = ""

    def __str__(self) -> str:
        text = self.plural if self.plural and self.values["num"] != 1 else self.text
        return text % self.values if self.values else text


def sentence(text: str, **values: object) -> Sentence:
    return Sentence(text, values)


def plural(one: str, many: str, number: int) -> Sentence:
    """`%(num)s session` and `%(num)s sessions`, whichever the number asks for."""
    return Sentence(one, {"num": number}, many)
