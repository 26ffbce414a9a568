"""What is photographed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Page

from tools.shots.cast import Cast


@dataclass(frozen=True, slots=True)
class Scene:
    """`sheet` names the page, `state` what is to be seen on it."""

    sheet: str
    state: str
    page: Page


Chapter = Callable[[Cast], Iterator[Scene]]
