"""What an address asks of search, and the addresses that ask a little less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from booking.domain.readings import write_clock
from booking.hours import in_words
from marketplace.accounts.zones import known_zone
from marketplace.core import formats, language
from marketplace.core.names import language_name
from marketplace.offerings.words import kind_words
from marketplace.search import queries
from marketplace.search.domain.needs import Needs, needs_in, typed_again
from marketplace.search.domain.wish import Filter, Wish
from marketplace.search.domain.working_day import USUAL, Hours, WorkingDay
from marketplace.search.forms import SearchForm
from marketplace.search.reader import Reader
from marketplace.search.reading import read_needs
from marketplace.search.words import BY_TIME, WITHIN

CARRIES = {
    Filter.WORDS: ("q", "topic"),
    Filter.LANGUAGE: ("language",),
    Filter.PRICE: ("price", "currency"),
    Filter.FORM: ("form",),
    Filter.HOURS: ("hours",),
    Filter.SOON: ("within",),
}
"""Which fields of the address each filter stands in."""


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that was asked for, and the address without it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Asking:
    """`given` is the address as far as it could be read."""

    form: SearchForm
    needs: Needs
    topics: tuple[str, ...]
    wish: Wish
    reader: Reader
    given: dict[str, Any]

    def url(self, **changes: Any) -> str:
        return url_for("search.results", **{**self.given, **changes})

    def url_without(self, dropped: Filter) -> str:
        return self.url(**dict.fromkeys(CARRIES[dropped]))

    def label(self, asked: Filter) -> str:
        """What was asked for, as short as it can be said."""
        wish, day = self.wish, self.reader.day
        match asked:
            case Filter.WORDS:
                return ", ".join(need.said for need in wish.needs)
            case Filter.LANGUAGE:
                return language_name(wish.language or "")
            case Filter.PRICE:
                assert wish.most is not None  # the filter is only asked then
                return str(_("up to %(price)s", price=wish.most.format(language.current())))
            case Filter.FORM:
                return str(kind_words(wish.form or "").listed)
            case Filter.HOURS:
                return str(_("%(hours)s in %(place)s", hours=_clock(day), place=formats.zone_place(day.zone)))
            case Filter.SOON:
                return str(WITHIN[wish.within_days or 0])

    @property
    def chips(self) -> list[Chip]:
        needs = [Chip(need.said, self._url_without_need(need.said)) for need in self.wish.needs]
        filters = [each for each in self.wish.filters() if each is not Filter.WORDS]
        return needs + [Chip(self.label(each), self.url_without(each)) for each in filters]

    def _url_without_need(self, said: str) -> str:
        topics = [topic for topic in self.topics if topic != said]
        typed = [need for need in self.needs.said if need not in (said, *self.topics)]
        return self.url(q=typed_again(typed) or None, topic=topics or None)


def asked(
    session: Session,
    given: MultiDict[str, str],
    *,
    user_id: int | None,
    zone: ZoneInfo,
    usual: Hours,
    now: datetime,
) -> Asking:
    """`usual` are the reader's working hours, if the address names no other."""
    choices = queries.choices(session)
    form = SearchForm(given, choices, usual)
    form.validate()
    needs = needs_in(form.q.data, given.getlist("topic"))
    topics = tuple(each for each in needs_in("", given.getlist("topic")).said if each in needs.said)
    understood = read_needs(session, needs.said, codes_by_name(tuple(choices["language"]), language.current()))
    wish = form.wish(understood)
    reader = Reader(user_id, WorkingDay(zone, form.working_hours), now)
    asking = Asking(form, needs, topics, wish, reader, {})
    return replace(asking, given=_as_read(asking, known_zone(given.get("zone"))))


def _as_read(asking: Asking, zone: str | None) -> dict[str, Any]:
    form, wish, hours = asking.form, asking.wish, asking.reader.day.hours
    typed = typed_again(need for need in asking.needs.said if need not in asking.topics)
    chosen = [str(day) for day in sorted(hours.weekdays)]
    told = {"opens": write_clock(hours.opens), "closes": write_clock(hours.closes), "days": chosen}
    priced = {"price": form.price.data, "currency": form.currency.data} if wish.most else {}
    read = {
        "q": typed,
        "topic": list(asking.topics),
        "language": wish.language,
        **priced,
        "form": wish.form,
        "hours": "y" if wish.in_hours else None,
        **(told if hours != form.usual else {}),
        "within": str(wish.within_days) if wish.within_days else None,
        "sort": BY_TIME if wish.by_time else None,
        "zone": zone,
    }
    return {name: value for name, value in read.items() if value}


def _clock(day: WorkingDay) -> str:
    """With the days, where they are others than most people's."""
    if day.hours.weekdays == USUAL.weekdays:
        return f"{write_clock(day.hours.opens)}–{write_clock(day.hours.closes)}"
    return in_words(day.weekly)


@cache
def codes_by_name(codes: Sequence[str], reader: str) -> dict[str, str]:
    """Each language by what it is called in English, by the reader, and by itself; in small letters."""
    found: dict[str, str] = {}
    for code in codes:
        for locale in ("en", reader, code):
            try:
                name = Locale.parse(locale).languages.get(code)
            except (UnknownLocaleError, ValueError):
                continue
            if name:
                found[name.casefold()] = code
    return found
