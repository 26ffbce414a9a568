"""Brings the catalogues up to date with the sources: `python -m tools.words`.

Reads every sentence that is marked for translation (and every refusal, which needs no mark), writes it into each
`translations/<language>/LC_MESSAGES/messages.po`, drops what is said no more, and counts what is to be translated.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

import booking
import marketplace
import payments
from marketplace.core.config import ROOT
from marketplace.core.errors import DomainError
from marketplace.core.language import DEFAULT, LANGUAGES, catalogue_of

TRANSLATED = [code for code in LANGUAGES if code != DEFAULT]
OURS = {
    "_l": (1,),
    "lazy_gettext": (1,),
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
    "sentence": (1,),
    "plural": (1, 2),
    "__init__": (1,),  # of a refusal that takes something else than its sentence
}
"""Which arguments of a function are for people, besides what Babel knows."""
COMMENT = "translators:"
"""Begins a comment above a sentence that is meant for whoever translates it."""


HEAD = """\
# How to write here: docs/words.md. After changing sentences in the sources: make words.
msgid ""
msgstr ""
"Language: {code}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def main() -> int:
    sources = extracted()
    for code in TRANSLATED:
        path = catalogue_of(code)
        catalogue = updated(path, code, sources)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_file(catalogue))
        missing = sum(not is_translated(message) for message in catalogue if message.id)
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} sentences, {missing} to be translated")
    return 0


def extracted() -> Catalog:
    """Every sentence of the sources, with the files it stands in."""
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    found = Catalog(charset="utf-8")
    keywords = {**DEFAULT_KEYWORDS, **OURS, **{kind.__name__: (1,) for kind in refusals()}}
    for name, line, message, comments, context in extract_from_dir(
        str(ROOT), methods, options, keywords=keywords, comment_tags=[COMMENT], strip_comment_tags=True
    ):
        if not (message if isinstance(message, str) else message[0]).strip():
            continue  # an `__init__` of something that is no refusal
        found.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return found


def refusals() -> set[type[DomainError]]:
    """Every DomainError: the first argument of each is a sentence for people."""
    for package in (booking, marketplace, payments):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    return set(_kinds_of(DomainError))


def _kinds_of(error: type[DomainError]) -> Iterator[type[DomainError]]:
    yield error
    for kind in error.__subclasses__():
        yield from _kinds_of(kind)


def updated(path: Path, code: str, sources: Catalog) -> Catalog:
    """The catalogue with exactly the sentences of the sources; a new one is left empty, never guessed."""
    catalogue = Catalog(locale=code)
    if path.is_file():
        with path.open("rb") as written:
            catalogue = read_po(written, locale=code)
    catalogue.update(sources, no_fuzzy_matching=True)
    return catalogue


def as_file(catalogue: Catalog) -> bytes:
    """The same bytes for the same sentences: no date, no line numbers, no name of a tool, one order."""
    file = BytesIO()
    write_po(
        file, catalogue, width=120, omit_header=True, include_lineno=False, sort_by_file=True, ignore_obsolete=True
    )
    head = HEAD.format(code=catalogue.locale_identifier, plurals=catalogue.plural_forms)
    return head.encode() + b"\n" + file.getvalue()


def is_translated(message: Message) -> bool:
    """True if there are words in every plural form."""
    said = [message.string] if isinstance(message.string, str) else message.string or [""]
    return all(said)


if __name__ == "__main__":
    sys.exit(main())
