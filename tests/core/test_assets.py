"""What pages load is kept for ever, by an address that changes with it, and is the same for everybody."""

import gzip
import re

import pytest

from marketplace.core import assets, trimming
from tests.factories import make_user
from tests.web import sign_in

IMMUTABLE = "public, max-age=31536000, immutable"
PACKED = {"Accept-Encoding": "gzip, br"}


def addresses(client):
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/sign-in").text)


def test_every_address_of_a_page_carries_a_fingerprint_and_is_kept_for_ever(client):
    found = addresses(client)

    assert {each.partition("?")[0] for each in found} >= {"/static/bootstrap.css", "/static/officehours.css"}
    for address in found:
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, IMMUTABLE), address


@pytest.mark.parametrize("asked", ["", "?v=", "?v=0123456789ab"])
def test_another_fingerprint_gets_what_is_here_and_no_promise(client, asked):
    answer = client.get(f"/static/officehours.css{asked}")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
    assert answer.data == assets.assets()["officehours.css"].plain


def test_the_fingerprint_changes_with_what_is_sent(client):
    found = assets.assets()

    assert len({each.version for each in found.values()}) == len(found)


@pytest.mark.parametrize("name", ["officehours.css", "officehours.js", "bootstrap.css", "favicon.svg"])
def test_text_is_packed_for_whoever_can_read_that(client, name):
    plain = client.get(f"/static/{name}")

    answer = client.get(f"/static/{name}", headers=PACKED)

    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == plain.data
    assert answer.headers["ETag"] != plain.headers["ETag"]
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_pictures_are_not_packed_twice(client):
    assert "Content-Encoding" not in client.get("/static/social-card.png", headers=PACKED).headers


def test_who_has_it_is_told_so(client):
    tag = client.get("/static/officehours.css", headers=PACKED).headers["ETag"]

    again = client.get("/static/officehours.css", headers=PACKED | {"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")


def test_nothing_of_the_reader_can_be_kept_with_it(client, session):
    ada = make_user(session)
    session.commit()
    sign_in(client, ada)

    for address in (*addresses(client), "/favicon.ico"):
        headers = client.get(address).headers
        assert "Set-Cookie" not in headers, address
        assert "Cookie" not in headers.get("Vary", ""), address


@pytest.mark.parametrize("path", ["/static/nothing.css", "/static/../wsgi.py", "/static/%2e%2e/wsgi.py", "/static/"])
def test_nothing_else_is_sent(client, path):
    assert client.get(path).status_code == 404


def test_a_stylesheet_is_read_again_while_somebody_works_on_it(app, client, monkeypatch):
    before = assets.assets()
    client.get("/static/officehours.css")
    assert assets.assets() is before

    monkeypatch.setattr(app, "debug", True)
    client.get("/static/officehours.css")

    assert assets.assets() is not before


RULES = (
    ".a{x:1}.b{x:2}.a .b,.a>p{x:3}p:not(.b){x:4}@media (x){.b{x:5}}@media (x){.a:is(p,q),.b{x:6}}@keyframes k{0%{x:7}}"
)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ({"a", "b"}, RULES),
        ({"a"}, ".a{x:1}.a>p{x:3}p:not(.b){x:4}@media (x){.a:is(p,q){x:6}}@keyframes k{0%{x:7}}"),
        (set(), "p:not(.b){x:4}@keyframes k{0%{x:7}}"),
    ],
)
def test_a_rule_stays_if_every_class_that_it_names_is_on_some_page(words, left):
    assert trimming.trimmed(RULES, words) == left


def test_what_is_left_of_bootstrap_is_whole():
    left = trimming.bootstrap()

    assert left.count("{") == left.count("}")
    assert ".form-control.is-invalid" in left
    assert ".accordion" not in left
