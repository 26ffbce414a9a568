"""Whatever is sent to the editor of offerings: an answer, never a broken page, and nothing kept that is not right."""

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.offerings.models import Offering, OfferingKind
from tests.desk.offerings import HERE, TYPED
from tests.factories import make_mentor
from tests.web import csrf, sign_in

FIELDS = sorted([*TYPED, "act", "kind", "csrf_token_"])
ODD = st.one_of(
    st.text(max_size=300),
    st.sampled_from(["\x00", "\u202e", "😀" * 50, "9" * 400, "-1", "1e9", "NaN", "½", "٣", "' OR 1=1 --", "\r\n" * 20]),
    st.sampled_from(sorted(TYPED.values())),
)


@pytest.fixture
def token(client: FlaskClient, session: Session) -> str:
    mentor = make_mentor(session)
    session.commit()
    sign_in(client, session.get_one(User, mentor.id))
    return csrf(client, "/account")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(list(OfferingKind)),
    sent=st.dictionaries(st.sampled_from(FIELDS), st.lists(ODD, max_size=3), max_size=6),
)
def test_absurd_input_gets_an_answer_and_leaves_only_what_is_right(
    client: FlaskClient, session: Session, token: str, kind: OfferingKind, sent: dict[str, list[str]]
):
    answer = client.post(f"{HERE}/new/{kind}", data={**TYPED, **sent, "csrf_token": token})

    session.rollback()
    for offering in session.scalars(select(Offering)):
        assert 1 <= len(offering.title) <= 80
        assert offering.minutes in range(10, 241, 5)
        assert offering.is_fit_call or 50 <= offering.price_minor <= 99_999_999
        session.delete(offering)
    session.commit()
    assert answer.status_code in {200, 303, 422}


@pytest.mark.parametrize("typed", ["x" * 1_000_000, "\n" * 400_000])
def test_a_megabyte_is_too_large(client: FlaskClient, session: Session, token: str, typed: str):
    answer = client.post(f"{HERE}/new/session", data={**TYPED, "included": typed, "csrf_token": token})

    assert answer.status_code in {413, 422}
    assert session.scalars(select(Offering)).all() == []
