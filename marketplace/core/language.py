"""In which language a page or a letter speaks: English first, and what has a catalogue under `translations/`.

Catalogues are read from the .po files that people write, at the first sentence in a language (30 ms for 1,500 of them):
nothing has to be compiled, so nothing can be forgotten, out of date or different on another machine.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache, cached_property
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app
from flask_babel import Babel, Domain, force_locale, get_locale, gettext, ngettext
from sqlalchemy.orm import Session

from marketplace.core.config import ROOT
from marketplace.core.errors import DomainError
from marketplace.core.money import Money
from marketplace.core.sentences import Sentence

LANGUAGES = {"en": "English", "de": "Deutsch", "nl": "Nederlands"}
"""Each by its own name. English is what stands in the sources and has no catalogue."""
DEFAULT = "en"
FOLDER = ROOT / "translations"


@cache
def catalogue_of(code: str, folder: Path = FOLDER) -> Path:
    return folder / code / "LC_MESSAGES" / "messages.po"


@cache
def loaded(catalogue: Path) -> NullTranslations:
    """What a catalogue says; without one, every sentence stays English. Fuzzy entries count as missing."""
    if not catalogue.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with catalogue.open("rb") as written:
        write_mo(compiled, read_po(written))
    compiled.seek(0)
    return Translations(compiled)


@cache
def _spoken_in(code: str, folder: str) -> NullTranslations:
    """By text alone: paths are slow to make and to compare, and a page looks up a hundred sentences."""
    return loaded(catalogue_of(code, Path(folder)))


class Catalogues(Domain):
    """Where Flask-Babel looks a sentence up."""

    def get_translations(self) -> NullTranslations:
        (folder,) = self.translation_directories
        return _spoken_in(current(), folder)


class Languages(Babel):
    @cached_property
    def domain_instance(self) -> Catalogues:
        return Catalogues()  # type: ignore[no-untyped-call]


Reader = Callable[[Session, int], str]
"""Which of LANGUAGES the person with that id reads."""


def init_app(app: Flask, chosen: Callable[[], str], reader: Reader) -> None:
    """`chosen` says which of LANGUAGES a request speaks, `reader` that of whoever a letter goes to."""
    app.extensions["reader_language"] = reader
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(FOLDER))
    Languages(app, default_locale=DEFAULT, locale_selector=chosen)  # type: ignore[no-untyped-call]
    app.context_processor(lambda: {"language": current(), "direction": direction()})


def current() -> str:
    """The code of the language being spoken; English outside of requests and letters."""
    return str(get_locale() or DEFAULT)


def direction() -> str:
    """`ltr` or `rtl`."""
    return str(Locale.parse(current()).text_direction)


def speaking(code: str) -> AbstractContextManager[None]:
    """Whatever is said inside is said in that language; English if we do not speak it. Needs an application context."""
    return force_locale(code if code in LANGUAGES else DEFAULT)


def speaking_to(session: Session, user_id: int) -> AbstractContextManager[None]:
    """The same, in the language that this person reads."""
    reader: Reader = current_app.extensions["reader_language"]
    return speaking(reader(session, user_id))


def spoken(error: DomainError) -> str:
    """The refusal's sentence in the language being spoken."""
    return said(Sentence(error.sentence, error.values))


def said(sentence: Sentence) -> str:
    """A sentence in the language being spoken."""
    values = {name: _written(value) for name, value in sentence.values.items()}
    if sentence.plural:
        return ngettext(sentence.text, sentence.plural, **values)
    return gettext(sentence.text, **values)


def _written(value: object) -> object:
    if isinstance(value, Sentence):
        return said(value)
    return value.format(current()) if isinstance(value, Money) else value
