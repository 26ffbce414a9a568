"""No page says a word that no catalogue can change: each is read in a language where every sentence is bracketed."""

import re
from dataclasses import replace
from html import unescape

import pytest
from sqlalchemy import select, text

from marketplace.accounts.models import User
from marketplace.core.config import ROOT, Settings
from marketplace.core.language import speaking
from marketplace.core.mail import WRITERS, MailRow
from marketplace.demo.people import SIGN_INS
from marketplace.mentors.words import initials
from tests import wrapping
from tests.access.expected import EXPECTED, ROLES
from tests.access.scene import Scene
from tests.web import csrf

PARTS = sorted(path for kind in ("html", "txt") for path in (ROOT / "templates").rglob(f"*.{kind}"))
_CODE = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_NOT_READ = re.compile(r"\{% block \w*attributes %\}.*?\{% endblock %\}|<style>.*?</style>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>", re.DOTALL)
_ADDRESS = re.compile(r"https?://\S+")
_READ_ALOUD = re.compile(rf'\b(?:{"|".join(wrapping.READ_ALOUD - {"content"})})="([^"]*)"')


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, demo=True)


@pytest.fixture
def scene(app, session, settings, stripe_side, tmp_path, monkeypatch):
    folder = tmp_path / "translations"
    wrapping.write_wrapped(folder)
    monkeypatch.setattr(app.extensions["babel"], "translation_directories", [str(folder)])
    session.execute(text(f"ALTER TABLE users ALTER COLUMN locale SET DEFAULT '{wrapping.CODE}'"))
    return Scene(app, session, settings, stripe_side)


def known_words(scene, session):
    """What may stand on a page in any language."""
    settings = scene.app.extensions["settings"]
    people = [*session.scalars(select(User.name)), *(person.name for person in SIGN_INS)]
    known = {*wrapping.known_words(session), settings.meeting_url, *people, *map(initials, people)}
    session.commit()  # an idle transaction would not live as long as the walk
    return known


def roles(statuses):
    """One role for each kind of answer that has a page."""
    first: dict[int, str] = {}
    for role, status in zip(ROLES, statuses, strict=True):
        if status // 100 != 3:
            first.setdefault(status, role)
    return first.values()


def page(scene, client, endpoint, method):
    with scene.app.test_request_context():
        path = scene.app.url_for(endpoint, **scene.values(endpoint))
    fields = {} if method == "GET" else {**scene.form(endpoint), "csrf_token": csrf(client, "/demo")}
    return client.open(path, method=method, data=fields, headers={"Accept-Language": wrapping.CODE})


def test_every_page_can_be_said_in_another_language(scene, session):
    known = known_words(scene, session)
    demo = {("demo.index", "GET"): (200,) * 6, ("demo.mails", "GET"): (200,) * 6}
    asked = [(each, role) for each, statuses in {**EXPECTED, **demo}.items() for role in roles(statuses)]
    clients = {role: scene.client(role) for role in ROLES}
    found, pages = {}, 0

    for (endpoint, method), role in asked:
        with page(scene, clients[role], endpoint, method) as answer:
            if answer.mimetype == "text/html":
                pages += 1
                found[f"{method} {endpoint} as {role}"] = wrapping.unsaid(answer.text, known)

    assert pages > 60
    assert {where: words for where, words in found.items() if words} == {}


def test_every_letter_can_be_said_in_another_language(scene, session):
    known = known_words(scene, session)
    rows = session.scalars(select(MailRow)).all()
    with speaking(wrapping.CODE):
        letters = {row.fact: letter for row in rows if (letter := WRITERS[row.fact](session, row))}

    assert letters
    for letter in letters.values():
        assert wrapping.unsaid(letter.html, known) == []
        assert wrapping.unsaid_lines(_ADDRESS.sub("", letter.text), known) == []
        assert wrapping.unsaid_lines(letter.subject, known) == []


@pytest.mark.parametrize("part", PARTS, ids=lambda part: str(part.relative_to(ROOT / "templates")))
def test_no_template_has_words_of_its_own(part):
    source = _CODE.sub(" ", _NOT_READ.sub("", part.read_text()))
    words = [*_READ_ALOUD.findall(source), *unescape(_TAG.sub("\n", source)).splitlines()]

    assert [line for each in words for line in wrapping.unsaid_lines(each, wrapping.NAMES)] == []


@pytest.mark.parametrize(
    ("html", "found"),
    [
        pytest.param("<p>⟦Hello <b>Ada</b>⟧</p>", [], id="said, with a tag in it"),
        pytest.param("<p>⟦Hello ⟦you⟧⟧ 12 × 3</p>", [], id="said in what is said"),
        pytest.param("<p>⟦Hello⟧ and more</p>", ["and more"], id="a rest"),
        pytest.param('<a aria-label="Next">⟦Hello⟧</a>', ["Next"], id="read aloud"),
        pytest.param("<p>Ada Example</p>", [], id="a name"),
        pytest.param("<p>Ada Examples</p>", ["Ada Examples"], id="more than a name"),
        pytest.param("<p>open</p>", ["open"], id="a state"),
    ],
)
def test_the_reader_sees_what_is_not_said(html, found):
    assert wrapping.unsaid(html, ["Ada Example"]) == found
