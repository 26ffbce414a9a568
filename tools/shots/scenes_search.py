"""Looking for a mentor, and in which order they come."""

from collections.abc import Iterator

from tools.shots.cast import Cast
from tools.shots.scene import Scene


def searching(cast: Cast) -> Iterator[Scene]:
    """A visitor with needs, a mistake in one of them, and then too many wishes."""
    page, url = cast.visitor(), cast.stage.url
    page.goto(f"{url}/search")
    yield Scene("search", "everybody", page)
    page.get_by_text("Filters", exact=True).click()
    yield Scene("search", "the filters", page)
    page.get_by_label("What do you need?").fill("pyhton, leading a team, hiring")
    page.get_by_label("Free", exact=True).select_option("14")
    page.get_by_label("Only times in my working day").check()
    page.get_by_role("button", name="Show mentors").click()
    yield Scene("search", "needs, and a word that was read as another", page)
    page.goto(f"{url}/search?price=abc&opens=25:00")
    yield Scene("search", "what cannot be read", page)
    page.goto(f"{url}/search?sort=time&hours=y&opens=10:00&closes=15:00&days=1&days=3")
    yield Scene("search", "the next free time in hours of one's own first", page)
    page.goto(f"{url}/search?q=barbara")
    yield Scene("search-nobody", "of that name, and on a break", page)
    page.goto(f"{url}/search?q=python&language=sw&within=14")
    yield Scene("search-nobody", "one thing less would help", page)
    page.goto(f"{url}/search?page=9")
    yield Scene("search-nobody", "beyond the last page", page)
    page.goto(f"{url}/how-we-rank")
    yield Scene("how-we-rank", "as it is used", page)
