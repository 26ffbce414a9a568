import pytest

from payments.domain.payouts import Standing, Transfers, Want, standing, wants_of

NEVER = {Transfers.REJECTED, Transfers.UNSUPPORTED, Transfers.CLOSED, Transfers.GONE}


@pytest.mark.parametrize(
    ("transfers", "wants", "stands"),
    [
        (None, False, Standing.NOT_BEGUN),
        (Transfers.ACTIVE, False, Standing.READY),
        pytest.param(Transfers.ACTIVE, True, Standing.READY, id="what is wanted for later does not matter yet"),
        (Transfers.RESTRICTED, True, Standing.WANTED),
        pytest.param(
            Transfers.RESTRICTED, False, Standing.WANTED, id="restricted without a word: look at Stripe's page"
        ),
        (Transfers.PENDING, False, Standing.CHECKING),
        (Transfers.PENDING, True, Standing.WANTED),
        *((each, False, Standing.REFUSED) for each in sorted(NEVER)),
    ],
)
def test_how_somebody_stands_is_what_they_can_do_now(transfers, wants, stands):
    assert standing(transfers, is_made=True, wants=wants) is stands


def test_an_account_that_stripe_has_not_made_yet_is_being_made():
    assert standing(Transfers.UNKNOWN, is_made=False, wants=False) is Standing.MAKING


@pytest.mark.parametrize("transfers", Transfers)
def test_only_the_active_are_ready(transfers):
    ready = standing(transfers, is_made=True, wants=False) is Standing.READY

    assert ready is (transfers is Transfers.ACTIVE)


@pytest.mark.parametrize(
    ("description", "want"),
    [
        ("identity.individual.given_name", Want.IDENTITY),
        ("identity.individual.address", Want.IDENTITY),
        ("identity.individual.documents.primary_verification", Want.PAPERS),
        ("configuration.recipient.default_outbound_destination", Want.BANK),
        ("identity.attestations.terms_of_service.account", Want.TERMS),
        ("something.that.stripe.adds.next.year", Want.OTHER),
    ],
)
def test_what_stripe_wants_has_a_plain_word(description, want):
    assert wants_of([description]) == [want]


def test_what_is_wanted_is_said_once_and_in_the_order_of_stripes_page():
    wanted = ["a.bank", "identity.individual.surname", "identity.individual.given_name"]

    assert wants_of(wanted) == [Want.IDENTITY, Want.BANK]
