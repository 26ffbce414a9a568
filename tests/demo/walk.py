"""A person with a browser, over HTTP: follows links, fills in forms, and waits for what the worker does."""

import re
import time
from collections.abc import Callable
from html import unescape
from urllib.parse import urljoin

import requests

from tests.web import inputs

PATIENCE_SECONDS = 60
_LINK = re.compile(r'<a\b[^>]*\bhref="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_FORM = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*>.*?</form>', re.DOTALL)
_ACTION = re.compile(r'\baction="([^"]*)"')


class Walker:
    """`page` is the last one that was answered."""

    def __init__(self, home: str) -> None:
        self._home, self._browser = home, requests.Session()
        self.page = requests.Response()

    def go(self, path: str) -> str:
        self.page = self._browser.get(urljoin(self._home, path), timeout=30)
        self.page.raise_for_status()
        return self.page.text

    def follow(self, words: str) -> str:
        """The first link whose text or address contains the words."""
        found = [href for href, inside in _LINK.findall(self.page.text) if words in inside or words in unescape(href)]
        assert found, f"no link “{words}” on {self.page.url}"
        return self.go(urljoin(self.page.url, unescape(found[0])))

    def send(self, words: str, **fields: str) -> str:
        """The first form that contains the words, as it came but for the given fields."""
        forms = [form for form in _FORM.findall(self.page.text) if words in form]
        assert forms, f"no form “{words}” on {self.page.url}"
        action = _ACTION.search(forms[0].partition(">")[0])
        address = urljoin(self.page.url, unescape(action.group(1)) if action else "")
        self.page = self._browser.post(address, data={**inputs(forms[0]), **fields}, timeout=30)
        self.page.raise_for_status()
        return self.page.text

    def reload_until(self, path: str, said: Callable[[str], bool]) -> str:
        """What the page says once it is so; the worker needs a moment."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while not said(page := self.go(path)):
            assert time.monotonic() < give_up_at, f"{path} still says:\n{page}"
            time.sleep(0.5)
        return page
