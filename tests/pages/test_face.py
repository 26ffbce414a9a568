"""How the site looks from outside of it: beside a link elsewhere, around a browser's tab, on a home screen."""

import re
from html import unescape
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageChops

from marketplace.core.config import ROOT
from marketplace.pages.face import THEME_COLOURS
from tests.search.searching import make_bookable
from tools import pictures

STYLES = (ROOT / "static" / "officehours.css").read_text()


@pytest.fixture
def grace(session):
    found = make_bookable(session, slug="grace", headline="Data pipelines that people trust & understand")
    session.commit()
    return found


def told(html):
    """What the head says by name, property or kind of link; of what comes twice, the last."""
    tags = re.findall(r"<(?:meta|link)\b[^>]*>", html.partition("</head>")[0])
    given = [dict(re.findall(r'([\w:-]+)="([^"]*)"', tag)) for tag in tags]
    names = (each.get("name") or each.get("property") or each.get("rel", "") for each in given)
    values = (unescape(each.get("content") or each.get("href", "")) for each in given)
    return dict(zip(names, values, strict=True))


@pytest.mark.parametrize(
    ("path", "title", "address"),
    [
        ("/", "Find a mentor – Office Hours", "/"),
        ("/search", "Find a mentor – Office Hours", "/search"),
        ("/search?q=python", "Mentors for python – Office Hours", None),
        ("/how-we-rank", "How we rank – Office Hours", "/how-we-rank"),
        ("/mentors/grace?zone=Asia/Tokyo", "Grace Example, mentor – Office Hours", "/mentors/grace"),
    ],
)
def test_a_link_says_what_it_leads_to(client, grace, settings, path, title, address):
    head = told(client.get(path).text)

    assert head["og:title"] == title
    assert head["og:description"] == head["description"]
    assert 20 <= len(head["description"]) <= 200
    assert head.get("og:url") == (settings.public_url + address if address else None)
    assert head["og:site_name"] == "Office Hours"
    assert head["twitter:card"] == "summary_large_image"


def test_a_mentors_link_says_their_headline(client, grace):
    head = told(client.get("/mentors/grace").text)

    assert head["og:description"] == grace.headline
    assert head["og:type"] == "profile"


def test_the_card_is_where_and_what_the_page_says(client, settings, grace):
    head = told(client.get("/").text)
    address = head["og:image"]
    assert address.startswith(settings.public_url)

    card = client.get(address.removeprefix(settings.public_url))

    assert card.status_code == 200
    size = (int(head["og:image:width"]), int(head["og:image:height"]))
    assert Image.open(BytesIO(card.data)).size == size == (1200, 630)
    assert head["og:image:alt"]


@pytest.mark.parametrize("path", ["/", "/search", "/mentors/grace", "/sign-in", "/nowhere"])
def test_every_address_in_the_head_answers(client, settings, grace, path):
    html = client.get(path).text.partition("</head>")[0]
    found = [unescape(each) for each in re.findall(r'(?:href|src|content)="((?:/|http)[^"]+)"', html)]
    assert len(found) >= 8

    for address in found:
        answer = client.get(address.removeprefix(settings.public_url))
        assert answer.status_code == 200, address


def test_the_site_can_be_put_on_a_home_screen(client):
    address = told(client.get("/").text)["manifest"]

    answer = client.get(address)

    assert answer.mimetype == "application/manifest+json"
    assert "manifest-src 'self'" in answer.headers["Content-Security-Policy"]
    manifest = answer.get_json()
    assert manifest["name"] == "Office Hours"
    assert client.get(manifest["start_url"]).status_code == 200
    for icon in manifest["icons"]:
        picture = Image.open(BytesIO(client.get(icon["src"]).data))
        assert icon["sizes"] == f"{picture.width}x{picture.height}"
        assert icon["type"] == Image.MIME[str(picture.format)]
    assert {"any", "maskable"} == {icon["purpose"] for icon in manifest["icons"]}
    assert {urlsplit(icon["src"]).query[:2] for icon in manifest["icons"]} == {"v="}


def test_the_browsers_bars_have_the_colour_of_the_paper(client):
    paper = re.search(r"--paper: light-dark\((#\w+), (#\w+)\)", STYLES)
    assert paper is not None

    html = client.get("/").text

    assert (THEME_COLOURS["light"], THEME_COLOURS["dark"]) == paper.groups()
    for scheme, colour in THEME_COLOURS.items():
        assert f'<meta name="theme-color" content="{colour}" media="(prefers-color-scheme: {scheme})">' in html


def test_whoever_asks_for_the_oldest_address_of_an_icon_gets_it(client):
    answer = client.get("/favicon.ico")

    assert (answer.status_code, answer.mimetype) == (200, "image/x-icon")


@pytest.mark.parametrize("name", pictures.PICTURES)
def test_the_pictures_are_those_that_the_tool_draws(name):
    kept = Image.open(BytesIO((ROOT / "static" / name).read_bytes())).convert("RGBA")

    drawn = Image.open(BytesIO(pictures.written(name))).convert("RGBA")

    assert kept.size == drawn.size
    assert ImageChops.difference(kept, drawn).getbbox(alpha_only=False) is None
