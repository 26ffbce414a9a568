"""How a session was, over the pages: what follows is read in sums and dates, and each of the two is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.domain.outcomes import WINDOW, Decision, Said, Side
from booking.domain.states import BookingStatus
from booking.models.bookings import Booking
from booking.models.claims import BookingClaim
from marketplace.accounts.models import User
from marketplace.core.language import speaking
from marketplace.core.mail import WRITERS, MailRow
from tests.factories import make_user
from tests.jobs import run_jobs, sweep
from tests.pages.reading import words
from tests.payments.conftest import TEN
from tests.payments.test_outcomes import decides, says
from tests.web import inputs, sign_in, sign_out

END = TEN + timedelta(hours=1)
CLOSES = END + WINDOW
BOTH_ZONES = "Thu 10 Dec, 11:00 (Europe/Stockholm), Thu 10 Dec, 11:00 (Europe/Amsterdam)"


@pytest.fixture
def page(sold):
    return f"/sessions/{sold.booking.public_id}"


@pytest.fixture
def url(page):
    return f"{page}/how-it-was"


@pytest.fixture
def grace(session, sold):
    return session.get(User, sold.booking.mentor_id)


@pytest.fixture
def over(clock, sold):
    clock.set(END + timedelta(hours=1))
    return sold


def press(client, url, **fields):
    token = inputs(client.get(url).text)["csrf_token"]
    return client.post(url, data={"csrf_token": token, **fields})


def claims(session):
    session.rollback()
    return [
        (each.side, each.said, each.words) for each in session.scalars(select(BookingClaim).order_by(BookingClaim.id))
    ]


def letters(session, fact):
    session.rollback()
    rows = session.scalars(select(MailRow).where(MailRow.fact == fact).order_by(MailRow.id)).all()
    found = {}
    for row in rows:
        with speaking(session.get(User, row.user_id).locale):
            found[row.user_id] = WRITERS[fact](session, row)
    session.rollback()
    return found


def test_ten_minutes_after_the_start_there_is_something_to_say_and_not_before(client, ada, page, url, clock):
    sign_in(client, ada)
    clock.set(TEN + timedelta(minutes=9))
    early = client.get(page), client.get(url).status_code
    clock.set(TEN + timedelta(minutes=10))

    assert "How was it?" not in words(early[0])
    assert early[1] == 404
    assert "Grace Example did not come. You get all back: €80.50." in words(client.get(url))
    assert "There was a problem" not in words(client.get(url))


def test_the_page_says_what_each_answer_means_and_until_when(client, ada, grace, url, over):
    sign_in(client, ada)
    adas = words(client.get(url))
    sign_out(client)
    sign_in(client, grace)
    graces = words(client.get(url))

    assert f"If nobody says otherwise before {BOTH_ZONES}, it counts as having taken place." in adas
    assert "Nothing of the €80.50 that you paid goes back." in adas
    assert "I did not come. Nothing of the €80.50 that you paid goes back." in adas
    assert "There was a problem. The site hears Grace Example too, and decides." in adas
    assert "Ada Example did not come. You earn €70.00, and nothing goes back." in graces
    assert "I did not come. Ada Example gets €80.50 back, and you earn nothing." in graces


def test_what_one_says_the_other_reads_with_what_silence_means(client, session, ada, grace, page, url, over):
    sign_in(client, ada)
    answer = press(client, url, said="other_missing", words="I waited <half> an hour.")
    adas = words(client.get(page))
    sign_out(client)
    sign_in(client, grace)
    graces, week, desk = (client.get(path) for path in (page, "/week?week=2026-W50", "/desk"))

    assert (answer.status_code, answer.location) == (303, page)
    assert claims(session) == [("mentee", "other_missing", "I waited <half> an hour.")]
    stands = f"Who says nothing accepts. If nothing else is said before {BOTH_ZONES}, this stands:"
    assert f"{stands} Grace Example did not come. You get all back: €80.50." in adas
    assert "Ada Example says that you did not come." in words(graces)
    assert "I waited &lt;half&gt; an hour." in graces.text
    stands = stands.replace("Stockholm", "x").replace("Amsterdam", "Stockholm").replace("x", "Amsterdam")
    assert f"{stands} You did not come. Ada Example gets €80.50 back, and you earn nothing." in words(graces)
    for each in (week, desk):
        assert "Your answer is waited for Ada Example says that you did not come. Single session" in words(each)


def test_while_it_is_asked_how_it_was_the_page_does_not_say_that_it_took_place(
    client, app, settings, session, ada, page, url, over
):
    sweep(app, "payments:sweep")
    run_jobs(app, settings)
    sign_in(client, ada)
    assert "This session took place." in words(client.get(page))

    press(client, url, said=Said.OTHER_MISSING)

    session.rollback()
    assert session.get_one(Booking, over.booking.id).state is BookingStatus.COMPLETED
    assert "This session is over." in words(client.get(page))
    assert "took place" not in words(client.get(page)).partition("How was it?")[0]


def test_the_one_who_has_spoken_is_asked_for_no_answer(client, ada, url, over):
    sign_in(client, ada)
    press(client, url, said="other_missing")

    assert "Your answer is waited for" not in words(client.get("/sessions"))


def test_the_letter_says_the_sum_the_date_and_what_was_said(session, till, grace, over):
    says(till, over, Side.MENTEE, Said.OTHER_MISSING, "I waited.")

    told = letters(session, "booking:claimed")
    assert set(told) == {grace.id}
    assert told[grace.id].subject.startswith("Ada Example says that you did not come. Single session, Tue 8 Dec, 10:00")
    for part in ("I waited.", "€80.50", "Thu 10 Dec, 11:00 (Europe/Amsterdam)", "/how-it-was"):
        assert part in told[grace.id].text


def test_a_mentor_is_not_woken_by_it(session, till, over, clock):
    """Tuesday at nine in the evening: Wednesday at nine, in Amsterdam."""
    clock.set(TEN + timedelta(hours=11))
    says(till, over, Side.MENTEE, Said.OTHER_MISSING)

    [row] = session.scalars(select(MailRow).where(MailRow.fact == "booking:claimed")).all()
    assert row.due_at == TEN + timedelta(hours=23)


def test_who_admits_it_ends_it_and_both_are_told_the_sum_once(client, session, till, ada, grace, url, over):
    says(till, over, Side.MENTEE, Said.OTHER_MISSING)
    sign_in(client, grace)
    press(client, url, said="was_missing", words="I am sorry.")
    page = words(client.get(url))

    told = letters(session, "booking:outcome")
    assert "You did not come. Ada Example gets €80.50 back, and you earn nothing." in page
    assert 'name="said"' not in client.get(url).text
    assert set(told) == {ada.id, grace.id}
    assert "You get all back: €80.50." in told[ada.id].text
    assert "Ada Example gets €80.50 back, and you earn nothing." in told[grace.id].text


def test_the_session_and_the_receipt_say_what_became_of_it(client, app, settings, till, ada, page, over, clock):
    says(till, over, Side.MENTEE, Said.OTHER_MISSING)
    clock.set(CLOSES)
    sweep(app, "payments:sweep")
    run_jobs(app, settings)
    sign_in(client, ada)

    assert "Grace Example did not come. €80.50 has been sent back" in words(client.get(page))
    receipt = words(client.get(f"{page}/receipt"))
    assert "What became of it The mentor did not come." in receipt
    assert "€80.50" in receipt.split("Given back")[1]


def test_what_took_place_is_settled_without_a_letter(client, app, settings, session, ada, page, sold, clock):
    clock.set(CLOSES)
    sweep(app, "payments:sweep")
    run_jobs(app, settings)
    sign_in(client, ada)

    assert letters(session, "booking:outcome") == {}
    assert "It took place. Nothing of the €80.50 that you paid goes back." in words(client.get(page))


def test_who_contradicts_reads_that_the_site_decides_and_then_why(client, session, till, ada, page, url, over):
    says(till, over, Side.MENTOR, Said.OTHER_MISSING)
    sign_in(client, ada)
    press(client, url, said="took_place", words="We spoke for an hour.")
    waiting = words(client.get(page))
    decides(session, till, over, Decision.ALL_BACK)

    assert "The site looks at what each of you says, and decides. Both of you get a letter then." in waiting
    decided = words(client.get(page))
    assert "It took place. All that you paid goes back to the card or account that you paid with: €80.50." in decided
    assert "The site has decided this, and says why: As the mails say." in decided


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        pytest.param({}, "Choose how it was.", id="nothing chosen"),
        pytest.param({"said": "took_place"}, "Choose how it was.", id="what cannot be said"),
        pytest.param({"said": "problem"}, "Write what was wrong", id="a problem without words"),
        pytest.param({"said": "problem", "words": "x" * 1001}, "1000", id="too many words"),
    ],
)
def test_what_is_not_right_yet_is_said_beside_it_and_nothing_is_kept(client, session, ada, url, over, fields, why):
    sign_in(client, ada)

    answer = press(client, url, **fields)

    assert answer.status_code == 422
    assert claims(session) == []
    assert why in words(answer)


def test_what_is_settled_meanwhile_is_told_and_not_changed(client, session, till, ada, url, over, clock):
    sign_in(client, ada)
    token = inputs(client.get(url).text)["csrf_token"]
    clock.set(CLOSES)
    till().bring_forward(over.booking.id)

    answer = client.post(url, data={"csrf_token": token, "said": "other_missing"})

    assert answer.status_code == 422
    assert claims(session) == []
    assert session.scalars(select(Booking.status)).one() == BookingStatus.COMPLETED


def test_nobody_else_finds_it(client, session, url, over):
    stranger = make_user(session, "Barbara Example")
    session.commit()
    sign_in(client, stranger)

    assert (client.get(url).status_code, press_as_stranger(client, url)) == (404, 404)


def press_as_stranger(client, url):
    token = inputs(client.get("/account").text)["csrf_token"]
    return client.post(url, data={"csrf_token": token, "said": "other_missing"}).status_code


def test_what_was_cancelled_has_nothing_to_be_said_of(client, till, ada, url, sold, clock):
    clock.set(TEN - timedelta(hours=1))
    sign_in(client, ada)
    cancel = url.replace("how-it-was", "cancel")
    client.post(cancel, data=inputs(client.get(cancel).text))
    clock.set(END)

    assert client.get(url).status_code == 404
