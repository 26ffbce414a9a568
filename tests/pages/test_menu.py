"""The menu leads people back to where they were."""

import pytest

from tests.factories import make_mentor


@pytest.mark.parametrize(
    ("page", "back"),
    [
        pytest.param("/", "", id="the first page, where everybody ends up anyway"),
        pytest.param("/search?q=python", "?next=/search?q%3Dpython", id="a search"),
        pytest.param("/mentors/grace?zone=Asia/Tokyo", "?next=/mentors/grace?zone%3DAsia/Tokyo", id="a mentor"),
        pytest.param("/sign-in?next=/sessions", "?next=/sessions", id="on the way already"),
        pytest.param("/sign-in?next=https://example.org", "", id="not off this site"),
        pytest.param("/nowhere", "", id="a page that is not there"),
    ],
)
def test_who_signs_in_or_up_comes_back_to_the_page_they_were_on(client, session, page, back):
    make_mentor(session, slug="grace")
    session.commit()

    html = client.get(page).text

    assert f'<li><a href="/sign-in{back}"' in html
    assert f'<li><a href="/sign-up{back}"' in html
