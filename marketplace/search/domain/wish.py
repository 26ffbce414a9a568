"""What a mentee asks of a mentor. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from marketplace.core.money import Money


class Filter(StrEnum):
    """Each can be dropped by itself; in the order in which people read them."""

    WORDS = "words"
    LANGUAGE = "language"
    PRICE = "price"
    FORM = "form"
    HOURS = "hours"
    SOON = "soon"


@dataclass(frozen=True, slots=True)
class Need:
    """`said` is what was typed. `terms` are the words that a page must say, as the database reads them; one with a `*`
    at its end is the beginning of a word. `names` are all the words that it could be, were it a name; `is_name` if it
    can be nothing else, since a text says such words all the time. `language` is the code of the one that it names."""

    said: str
    terms: tuple[str, ...]
    names: tuple[str, ...] = ()
    is_name: bool = False
    language: str | None = None
    is_corrected: bool = False
    is_known: bool = True

    @property
    def read_as(self) -> str:
        return " ".join(self.terms).replace("*", "…")


@dataclass(frozen=True, slots=True)
class Wish:
    """`most` is all that the mentee would pay for a session, the site's fee included. `in_hours`: within the reader's
    working day. `within_days`: from now. `by_time`: the next free time comes first, whatever else fits."""

    needs: tuple[Need, ...] = ()
    language: str | None = None
    most: Money | None = None
    form: str | None = None
    in_hours: bool = False
    within_days: int | None = None
    by_time: bool = False

    def filters(self) -> list[Filter]:
        asked = {
            Filter.WORDS: bool(self.needs),
            Filter.LANGUAGE: self.language is not None,
            Filter.PRICE: self.most is not None,
            Filter.FORM: self.form is not None,
            Filter.HOURS: self.in_hours,
            Filter.SOON: self.within_days is not None,
        }
        return [each for each, is_asked in asked.items() if is_asked]

    @property
    def by_page(self) -> Wish:
        """What the page of a mentor can say about it, and no clock has to."""
        return replace(self, in_hours=False, within_days=None, by_time=False)

    def without(self, dropped: Filter) -> Wish:
        match dropped:
            case Filter.WORDS:
                return replace(self, needs=())
            case Filter.LANGUAGE:
                return replace(self, language=None)
            case Filter.PRICE:
                return replace(self, most=None)
            case Filter.FORM:
                return replace(self, form=None)
            case Filter.HOURS:
                return replace(self, in_hours=False)
            case Filter.SOON:
                return replace(self, within_days=None)
