"""Words: every sentence can be said in another language, and the catalogues say exactly what the sources do."""

import ast
import re
from inspect import getsource, signature
from textwrap import dedent

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from marketplace.core.config import ROOT
from marketplace.core.errors import DomainError
from marketplace.core.language import catalogue_of, loaded
from tools.words import TRANSLATED, as_file, extracted, is_translated, refusals, updated

SOURCES = [path for name in ("marketplace", "booking", "payments") for path in sorted((ROOT / name).rglob("*.py"))]
SOURCES = [path for path in SOURCES if not path.is_relative_to(ROOT / "payments" / "sandbox")]

NEVER = {"escrow", "treuhand", "derdengeld"}
HAND_ON = "super().__init__"
every_language = pytest.mark.parametrize("code", TRANSLATED)


def catalogue(code: str) -> Catalog:
    with catalogue_of(code).open("rb") as written:
        return read_po(written, locale=code)


def messages(code: str) -> list[Message]:
    return [message for message in catalogue(code) if message.id]


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def meant(message: Message) -> str:
    """The English sentence; of two forms the one for many, which names the number too."""
    return message.id if isinstance(message.id, str) else message.id[1]


def numberless(message: Message) -> str:
    return meant(message).replace("%(num)s", "")


def values(form: str) -> list[str]:
    """Where something is put in."""
    return sorted(re.findall(r"%(?:\(\w+\)[sd]|%)", form))


def tags(form: str) -> list[str]:
    return sorted(re.findall(r"<[^>]*>", form))


def edges(form: str) -> tuple[bool, bool, bool]:
    """White space on either side, and a colon that announces what follows."""
    return form[:1].isspace(), form[-1:].isspace(), form.endswith(":")


def calls_in(source: str) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]


def is_literal(call: ast.Call) -> bool:
    """The only positional argument is a sentence, as it stands in the catalogues."""
    return [type(each) for each in call.args] == [ast.Constant]


def takes_a_sentence(kind: type[DomainError]) -> bool:
    return next(iter(signature(kind).parameters)) == "sentence"


def test_every_refusal_is_made_with_a_sentence_that_a_catalogue_can_hold():
    names = {kind.__name__ for kind in refusals() if takes_a_sentence(kind)}
    made = [
        (path.relative_to(ROOT), call)
        for path in SOURCES
        for call in calls_in(path.read_text())
        if isinstance(call.func, ast.Name) and call.func.id in names
    ]

    assert len(made) > 30
    assert [f"{path}:{call.lineno}" for path, call in made if not is_literal(call)] == []


def test_a_refusal_that_takes_something_else_hands_on_a_sentence():
    kinds = [kind for kind in refusals() if not takes_a_sentence(kind)]
    handed_on = {
        kind: [call for call in calls_in(dedent(getsource(kind.__init__))) if ast.unparse(call.func) == HAND_ON]
        for kind in kinds
    }

    assert kinds
    assert [kind for kind, calls in handed_on.items() if [is_literal(call) for call in calls] != [True]] == []


SAYERS = {"_", "_l", "gettext", "lazy_gettext", "ngettext", "lazy_ngettext", "sentence", "plural"}
# It says what others have marked.
PASSES_ON = ROOT / "marketplace" / "core" / "language.py"


def test_whatever_is_said_was_found_in_the_sources():
    """Extraction overlooks what is no literal, stands inside an f-string, or goes by a name that it does not know."""
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in extracted() if message.id}
    said = [
        (f"{path.relative_to(ROOT)}:{call.lineno}", call.args[0] if call.args else None)
        for path in SOURCES
        if path != PASSES_ON
        for call in calls_in(path.read_text())
        if isinstance(call.func, ast.Name) and call.func.id in SAYERS
    ]

    assert len(said) > 300
    assert [at for at, words in said if not isinstance(words, ast.Constant) or words.value not in known] == []


def test_every_name_under_which_sentences_are_said_is_known():
    names = {
        alias.asname or alias.name
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "flask_babel"
        for alias in node.names
        if alias.name.endswith("gettext")
    }

    assert names <= SAYERS


@every_language
def test_each_language_has_a_catalogue_that_can_be_read(code):
    assert catalogue_of(code).is_file()
    assert loaded(catalogue_of(code)).info()["language"] == code


@every_language
def test_catalogues_are_as_the_sources_are(code):
    """`make words` would change nothing: no sentence is missing, none is left over."""
    assert as_file(updated(catalogue_of(code), code, extracted())) == catalogue_of(code).read_bytes()


@every_language
def test_every_sentence_is_translated_and_none_is_a_guess(code):
    assert catalogue(code).obsolete == {}
    assert [message.id for message in messages(code) if message.fuzzy or not is_translated(message)] == []


@every_language
def test_a_translation_has_the_forms_of_its_language(code):
    plurals = catalogue(code).num_plurals

    assert [each.id for each in messages(code) if each.pluralizable and len(forms(each)) != plurals] == []


@every_language
@pytest.mark.parametrize("part", [values, tags, edges], ids=lambda part: part.__name__)
def test_a_translation_keeps(code, part):
    """The form for many is measured; another may leave out the number, which it then says in words."""
    few = [(message, form) for message in messages(code) for form in forms(message)[:-1]]

    assert [message.id for message in messages(code) if part(forms(message)[-1]) != part(meant(message))] == []
    assert [each.id for each, form in few if part(form) not in (part(meant(each)), part(numberless(each)))] == []


@every_language
def test_no_language_calls_waiting_money_what_it_is_not(code):
    said = [form.lower() for message in messages(code) for form in forms(message)]

    assert [form for form in said for word in NEVER if word in form] == []


@pytest.mark.parametrize(
    ("form", "found"),
    [
        pytest.param("%(num)s of 100%% for <b>%(name)s</b>", ["%%", "%(name)s", "%(num)s"], id="each kind"),
        pytest.param("%(num)d", ["%(num)d"], id="a number"),
        pytest.param("nothing", [], id="none"),
    ],
)
def test_values_are_seen(form, found):
    assert values(form) == found
