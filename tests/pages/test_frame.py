"""What holds for every page: valid enough to read, nothing inline, colours that can be read, words when it fails."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from booking.domain.states import BookingStatus
from marketplace.accounts.models import User
from marketplace.core.config import ROOT
from tests.conftest import TUESDAY
from tests.factories import make_mentor, make_offering, make_user
from tests.pages.reading import words
from tests.pages.sales import make_sale
from tests.pages.styles import unstyled
from tests.web import sign_in

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
START = datetime(2026, 12, 8, 9, 30, tzinfo=UTC)
STYLES = (ROOT / "static" / "officehours.css").read_text()


class Page(HTMLParser):
    """Notes what is wrong with a page."""

    def __init__(self, html):
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str | None] = []
        self.fors: list[str | None] = []
        self.wrong: list[str] = []
        self.headings: list[int] = []
        self.feed(html)
        self.close()
        self.wrong += [f"<{tag}> is never closed" for tag in self.open]
        self.wrong += [f"id {each} twice" for each in set(self.ids) if self.ids.count(each) > 1]
        self.wrong += [f"label for {each}, which is not there" for each in self.fors if each not in self.ids]

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "label":
            self.fors.append(given.get("for"))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.wrong += [f"inline {name} on <{tag}>" for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.wrong.append(f"inline <{tag}>")
        if tag == "form" and given.get("method", "get").lower() == "post":
            self.wrong += [] if given.get("action", "/").startswith("/") else ["a form that leads away"]

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing")


@pytest.fixture
def site(session):
    """Something of everything; returns who can look at it."""
    grace = make_mentor(session, slug="grace")
    make_offering(session, grace, kind="fit_call")
    offering = make_offering(session, grace)
    make_mentor(session, "Edsger Example", slug="edsger", status="paused")
    ada, olga = make_user(session), make_user(session, "Olga Example", is_operator=True)
    make_sale(session, offering, ada, START, public_id="adas")
    until = TUESDAY + timedelta(minutes=29)
    make_sale(session, offering, ada, START + timedelta(days=1), status=BookingStatus.HELD, held_until=until)
    session.commit()
    return {"a visitor": None, "Ada": ada, "Grace": session.get(User, grace.id), "Olga": olga}


PAGES = [
    ("a visitor", "/"),
    ("a visitor", "/?page=9"),
    ("a visitor", "/mentors/grace"),
    ("a visitor", "/mentors/grace?start=2026-12-08T12:00Z&zone=Asia/Kathmandu"),
    ("a visitor", "/mentors/grace?start=2026-12-08T09:30Z"),
    ("a visitor", "/mentors/edsger"),
    ("a visitor", "/nowhere"),
    ("Ada", "/mentors/grace?start=2026-12-08T12:00Z"),
    ("Ada", "/sessions"),
    ("Ada", "/sessions/adas"),
    ("Ada", "/calendar/busy"),
    ("Grace", "/week?week=2026-W50"),
    ("Grace", "/sessions/adas"),
    ("Grace", "/desk/hours"),
    ("Grace", "/desk/hours/dates"),
    ("Grace", "/desk/hours/time-off"),
    ("Grace", "/desk/hours/protected"),
    ("Grace", "/desk/hours/holidays"),
    ("Grace", "/desk/hours/travel"),
    ("Grace", "/desk/hours/boundaries"),
    ("Grace", "/desk/hours/preview?zone=Asia/Kathmandu"),
    ("Grace", "/desk/hours/load"),
    ("Olga", "/operator/bookings"),
    ("Olga", "/mentors/grace?start=2026-12-08T12:00Z"),
]


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_pages_are_whole_and_nothing_is_inline(client, site, who, path):
    if site[who]:
        sign_in(client, site[who])

    html = client.get(path).text

    page = Page(html)
    assert page.wrong == []
    assert unstyled(html) == set()
    assert html.startswith("<!doctype html>")
    assert '<html lang="en" dir="ltr">' in html
    assert page.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))


@pytest.mark.parametrize(
    ("who", "menu"),
    [
        ("a visitor", "Find a mentor Become a mentor Sign in Sign up"),
        ("Ada", "Find a mentor My sessions Mentorships Become a mentor Calendar Account Sign out"),
        ("Grace", "Find a mentor My sessions Mentorships My desk My week Calendar Account Sign out"),
        ("Olga", "Find a mentor My sessions Calendar Account Mentors Overview Sign out"),
    ],
)
def test_the_menu_is_that_of_the_reader(client, site, who, menu):
    if site[who]:
        sign_in(client, site[who])

    assert f"Menu {menu} " in words(client.get("/"))


def test_what_the_law_asks_for_stands_at_the_foot(app, client, settings):
    assert 'aria-label="Legal"' not in client.get("/").text
    app.extensions["settings"] = replace(
        settings, privacy_url="https://example.org/privacy", imprint_url="https://e.org"
    )

    foot = client.get("/").text.split("<footer")[1]

    assert '<a href="https://example.org/privacy">Privacy</a>' in foot
    assert '<a href="https://e.org">Imprint</a>' in foot
    assert "Terms" not in foot


def test_what_is_not_there_says_so_kindly(client, site):
    answer = client.get("/mentors/nobody")

    assert answer.status_code == 404
    assert "There is nothing here There is no mentor at this address. Find a mentor" in words(answer)


def test_a_broken_page_still_comes_out(app, client, site, monkeypatch):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "pages.home", lambda: 1 / 0)

    answer = client.get("/")

    assert answer.status_code == 500
    assert "Something broke on our side" in words(answer)


def tokens():
    pairs = re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", STYLES)
    return {name: {"light": light, "dark": dark} for name, light, dark in pairs}


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """WCAG 2.2, success criterion 1.4.3."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT = [
    *[
        (text, ground)
        for text in ("ink", "ink-soft", "leaf", "leaf-strong")
        for ground in ("paper", "card", "leaf-wash")
    ],
    *[(text, f"{text}-wash") for text in ("amber", "rose")],
    *[(text, ground) for text in ("amber", "rose") for ground in ("paper", "card")],
    ("paper", "leaf"),
    ("paper", "leaf-strong"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_words_can_be_read_in_both_themes(theme, text, ground):
    colours = tokens()

    assert contrast(colours[text][theme], colours[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), [("edge", "paper"), ("edge", "card"), ("leaf", "paper"), ("leaf", "card")])
def test_edges_of_fields_and_the_focus_can_be_seen(theme, line, ground):
    """1.4.11 asks for 3:1."""
    colours = tokens()

    assert contrast(colours[line][theme], colours[ground][theme]) >= 3
