"""Somebody at a page, with a mouse or with a keyboard alone: the same walk is walked by both.

Everything is looked for by what it is called in the reader's language, and counted, so that a path cannot grow longer
without anybody seeing it.
"""

from dataclasses import dataclass

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.keyboard import skip_to
from tests.browser.words import ENGLISH, Words


@dataclass
class Hands:
    """With a mouse. `presses` are links and buttons, `inputs` are fields, `signs` what was typed into them."""

    page: Page
    words: Words = ENGLISH
    presses: int = 0
    inputs: int = 0
    signs: int = 0

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def press(self, sentence: str, **values: object) -> None:
        """The link or button of that name, which is there once."""
        name = self.words(sentence, **values)
        link = self.main.get_by_role("link", name=name, exact=True)
        self.press_on(link.or_(self.main.get_by_role("button", name=name, exact=True)))

    def press_in_menu(self, sentence: str) -> None:
        menu = self.page.get_by_role("navigation", name=self.words("Main"), exact=True)
        self.press_on(menu.get_by_role("link", name=self.words(sentence)))

    def press_on(self, what: Locator) -> None:
        self.presses += 1
        self._press(what)

    def fill(self, label: str, text: str) -> None:
        self.fill_in(self.labelled(label), text)

    def fill_in(self, field: Locator, text: str) -> None:
        self.inputs += 1
        self.signs += len(text)
        self._type(field, text)

    def choose(self, label: str, option: str) -> None:
        self.inputs += 1
        field = self.labelled(label)
        self._choose(field, option)
        expect(field.locator("option:checked")).to_have_text(option)

    def tick(self, label: str) -> None:
        self.inputs += 1
        box = self.labelled(label)
        self._tick(box)
        expect(box).to_be_checked()

    def attach(self, label: str, file: FilePayload) -> None:
        self.inputs += 1
        with self.page.expect_file_chooser() as asked:
            self._press(self.labelled(label))
        asked.value.set_files(file)

    def labelled(self, label: str, **values: object) -> Locator:
        return self.main.get_by_label(self.words(label, **values), exact=True)

    def reads(self, sentence: str, **values: object) -> None:
        """As the heading of the page."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.words(sentence, **values))

    def _press(self, what: Locator) -> None:
        what.click()

    def _type(self, field: Locator, text: str) -> None:
        field.fill(text)

    def _choose(self, field: Locator, option: str) -> None:
        field.select_option(label=option)

    def _tick(self, box: Locator) -> None:
        box.check()


class Keyboard(Hands):
    """Tab, Enter, Space and typing, and nothing else."""

    def _press(self, what: Locator) -> None:
        skip_to(self.page, what)
        self.page.keyboard.press("Enter")

    def _type(self, field: Locator, text: str) -> None:
        skip_to(self.page, field)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)

    def _choose(self, field: Locator, option: str) -> None:
        skip_to(self.page, field)
        self.page.keyboard.type(option)

    def _tick(self, box: Locator) -> None:
        skip_to(self.page, box)
        self.page.keyboard.press("Space")
