"""How the site looks from outside of it: on a phone's home screen, around a browser's tab, beside a link elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from marketplace.core.http import canonical

THEME_COLOURS = {"light": "#fbf8f3", "dark": "#181612"}
"""The paper of both themes, as static/officehours.css has it."""


@dataclass(frozen=True, slots=True)
class SocialCard:
    """A picture that others show beside a link to a page; its size is that of the file."""

    url: str
    width: int = 1200
    height: int = 630


def social_card() -> SocialCard:
    return SocialCard(canonical("static", filename="social-card.png"))


def manifest(site_name: str) -> dict[str, object]:
    """For browsers that put the site among a device's apps (w3.org/TR/appmanifest). It keeps the browser's buttons for
    back and reload, which the pages need as much there as here."""
    return {
        "name": site_name,
        "short_name": site_name,
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": THEME_COLOURS["light"],
        "theme_color": THEME_COLOURS["light"],
        "icons": [
            _icon("icon-192.png", 192, "any"),
            _icon("icon-512.png", 512, "any"),
            _icon("icon-maskable.png", 512, "maskable"),
        ],
    }


def _icon(filename: str, side: int, purpose: str) -> dict[str, str]:
    address = url_for("static", filename=filename)
    return {"src": address, "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
