"""What no page may do while it is tested: say something on the console, break, or ask for what is not there."""

from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Page, Request, Response


@dataclass
class Watch:
    """Violations of the content security policy come as console messages."""

    complaints: list[str] = field(default_factory=list)
    refusals: set[int] = field(default_factory=set)
    """Statuses that a page itself, not a part of it, is meant to have in this test."""

    def follow(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", self._answered)
        page.on("requestfailed", self._failed)

    def _said(self, message: ConsoleMessage) -> None:
        meant = any(f"the server responded with a status of {status} " in message.text for status in self.refusals)
        # Who clicks or types before the page is whole keeps their focus: a remark of the browser, not a fault.
        if not meant and not message.text.startswith("Autofocus processing was blocked"):
            self.complaints.append(f"console: {message.text} ({message.location})")

    def _answered(self, response: Response) -> None:
        if response.status < 400 or (response.request.is_navigation_request() and response.status in self.refusals):
            return
        self.complaints.append(f"{response.status}: {response.url}")

    def _failed(self, request: Request) -> None:
        # A page that is left or loaded again while it loads is cut short by the browser itself.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.failure}: {request.url}")
