"""Accounts v2 at the stand-in: their shape is the library's, and on their page somebody gives all, part, or nothing."""

import json
import re
from datetime import timedelta
from typing import Any, get_args, get_type_hints, is_typeddict

import pytest
import requests
import stripe
from stripe.params.v2.core import _account_create_params as accounts
from stripe.params.v2.core import _account_link_create_params as links
from stripe.v2.core import Account, AccountLink, Event, EventDestination

from payments.sandbox.accounts import CREATE_ACCOUNT, CREATE_LINK, GIVEN
from payments.sandbox.params import Group, Text
from tests.payments.sandbox.test_shapes import complaints
from tests.payments.sandbox.tools import client_of, under

PARTS: Any = ["configuration.recipient", "defaults", "identity", "requirements"]
BACK, AGAIN = "https://mentors.example.org/back", "https://mentors.example.org/again"
WANTED: Any = {
    "configuration": {"recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}},
    "contact_email": "grace@example.org",
    "dashboard": "express",
    "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
    "display_name": "Grace Example",
    "identity": {"country": "NL"},
    "metadata": {"mentor": "account-1"},
    "include": PARTS,
}


@pytest.fixture
def account(client):
    return client.v2.core.accounts.create(WANTED)


@pytest.fixture
def read(sandbox, key):
    def get(path: str, **query: str) -> Any:
        headers = {"Authorization": f"Bearer {key}"}
        return requests.get(sandbox.url + path, params=query, headers=headers, timeout=10).json()

    return get


def included(account_id: str) -> tuple[str, dict[str, str]]:
    return f"/v2/core/accounts/{account_id}", {f"include[{n}]": part for n, part in enumerate(PARTS)}


def link_to(client, account_id: str) -> AccountLink:
    onboarding = {"refresh_url": AGAIN, "return_url": BACK}
    use_case: Any = {"type": "account_onboarding", "account_onboarding": onboarding}
    made: AccountLink = client.v2.core.account_links.create({"account": account_id, "use_case": use_case})
    return made


def visit(url: str) -> requests.Response:
    return requests.get(url, allow_redirects=False, timeout=10)


def press(url: str, page: requests.Response, given: str) -> requests.Response:
    [secret] = re.findall(r'name="visit" value="([^"]+)"', page.text)
    return requests.post(url, data={"visit": secret, "given": given}, allow_redirects=False, timeout=10)


def status(client, account_id: str) -> str:
    found = client.v2.core.accounts.retrieve(account_id, {"include": PARTS})
    return str(found.configuration.recipient.capabilities.stripe_balance.stripe_transfers.status)


@pytest.mark.parametrize("given", ["", *GIVEN])
def test_an_account_has_the_shape_that_the_library_knows_in_every_state(read, control, account, given):
    if given:
        control.post(f"/_sandbox/accounts/{account.id}", given=given)
    path, query = included(account.id)

    body = read(path, **query)

    assert complaints(Account, body, "account") == []
    assert set(Account.__annotations__) - {"OBJECT_NAME", "_inner_class_types"} - body.keys() == set()


def test_a_link_has_the_shape_that_the_library_knows(sandbox, key, account):
    use_case = {"type": "account_onboarding", "account_onboarding": {"refresh_url": AGAIN}}

    answer = requests.post(
        f"{sandbox.url}/v2/core/account_links",
        json={"account": account.id, "use_case": use_case},
        headers={"Authorization": f"Bearer {key}"},
        timeout=10,
    )

    assert complaints(AccountLink, answer.json(), "link") == []


def unknown(group: Group, shape: Any, module: Any, path: str = "") -> list[str]:
    """What the stand-in takes and the library's typed parameters do not have; a field with fields is followed."""
    known, found = get_type_hints(shape, vars(module)), []
    for name, kind in group.fields.items():
        inner = [each for each in (known.get(name), *get_args(known.get(name))) if is_typeddict(each)]
        if name not in known:
            found.append(f"{path}{name}")
        elif isinstance(kind, Group) and inner:
            found += unknown(kind, inner[0], module, f"{path}{name}.")
    return found


def test_what_it_takes_is_what_the_library_can_send():
    assert unknown(CREATE_ACCOUNT, accounts.AccountCreateParams, accounts) == []
    assert unknown(CREATE_LINK, links.AccountLinkCreateParams, links) == []
    assert unknown(Group({"colour": Text()}), links.AccountLinkCreateParams, links) == ["colour"]


def test_what_is_not_asked_for_stays_away(client, account):
    found = client.v2.core.accounts.retrieve(account.id)

    assert (found.configuration, found.requirements, found.identity) == (None, None, None)


@pytest.mark.parametrize(
    ("given", "status_after"),
    [
        ("everything", "active"),
        ("all_but_the_bank", "restricted"),
        ("papers_are_read", "pending"),
        ("leave", "restricted"),
    ],
)
def test_whoever_was_on_the_page_is_led_back_whatever_they_gave(client, account, given, status_after):
    link = link_to(client, account.id)

    answer = press(link.url, visit(link.url), given)

    assert (answer.status_code, answer.headers["Location"]) == (303, BACK)
    assert status(client, account.id) == status_after


def test_a_link_is_good_for_one_visit(client, account):
    link = link_to(client, account.id)
    page = visit(link.url)

    again = visit(link.url)

    assert (page.status_code, again.status_code, again.headers["Location"]) == (200, 303, AGAIN)
    assert press(link.url, page, "everything").headers["Location"] == BACK


def test_a_link_is_good_for_five_minutes(client, clock, account):
    link = link_to(client, account.id)
    clock.move(seconds=timedelta(minutes=5).total_seconds() + 1)

    answer = visit(link.url)

    assert (answer.status_code, answer.headers["Location"]) == (303, AGAIN)


def test_nobody_presses_who_was_not_on_the_page(client, account):
    link = link_to(client, account.id)

    answer = requests.post(
        link.url, data={"visit": "guessed", "given": "everything"}, allow_redirects=False, timeout=10
    )

    assert answer.headers["Location"] == AGAIN
    assert status(client, account.id) == "restricted"


def test_a_page_that_never_was_says_so(sandbox):
    assert visit(f"{sandbox.url}/setup/link_of_nobody").status_code == 404


def test_the_capability_can_be_taken_away(client, control, account):
    control.post(f"/_sandbox/accounts/{account.id}", given="everything")
    control.post(f"/_sandbox/accounts/{account.id}", given="papers_are_wanted")

    found = client.v2.core.accounts.retrieve(account.id, {"include": PARTS})

    assert status(client, account.id) == "restricted"
    assert [each.description for each in found.requirements.entries] == [
        "identity.individual.documents.primary_verification"
    ]


def test_the_same_key_makes_one_account(client):
    first, second = (client.v2.core.accounts.create(WANTED, under("once")) for _ in range(2))

    assert first.id == second.id
    assert [each.id for each in client.v2.core.accounts.list()] == [first.id]


def test_the_list_goes_on_from_page_to_page(client):
    made = [client.v2.core.accounts.create(WANTED).id for _ in range(5)]

    found = [each.id for each in client.v2.core.accounts.list({"limit": 2}).auto_paging_iter()]

    assert found == made[::-1]


def test_another_key_does_not_see_it(sandbox, account):
    stranger = client_of(sandbox, "sk_test_stranger")

    with pytest.raises(stripe.InvalidRequestError) as refused:
        stranger.v2.core.accounts.retrieve(account.id)

    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")


def test_a_ready_account_is_there_without_being_made_and_can_lose_what_it_has(client, control):
    assert status(client, "acct_ready_of_this_test") == "active"

    control.post("/_sandbox/accounts/acct_ready_of_this_test", given="rejected")

    assert status(client, "acct_ready_of_this_test") == "rejected"


@pytest.mark.parametrize("wrong", [{"colour": "red"}, {"include": ["everything"]}, {"dashboard": "golden"}])
def test_what_the_library_does_not_know_is_refused(client, wrong):
    with pytest.raises(stripe.InvalidRequestError):
        client.v2.core.accounts.create({**WANTED, **wrong})


def test_a_body_that_is_no_json_is_refused(sandbox, key):
    headers = {"Authorization": f"Bearer {key}"}

    answers = [
        requests.post(f"{sandbox.url}/v2/core/accounts", data=body, headers=headers, timeout=10).status_code
        for body in ("{", "[]", "a=1")
    ]

    assert answers == [400, 400, 400]


@pytest.fixture
def destination(client, inbox) -> EventDestination:
    made: EventDestination = client.v2.core.event_destinations.create(
        {
            "name": "mentors",
            "type": "webhook_endpoint",
            "event_payload": "thin",
            "enabled_events": ["*"],
            "webhook_endpoint": {"url": inbox.url},
            "include": ["webhook_endpoint.signing_secret", "webhook_endpoint.url"],
        }
    )
    return made


def test_a_change_is_told_in_a_thin_event_that_only_names_the_account(client, control, inbox, destination, account):
    control.post(f"/_sandbox/accounts/{account.id}", given="everything")
    told = inbox.wait_for(3)

    secret = destination.webhook_endpoint.signing_secret
    events = [client.parse_event_notification(body, signature, secret) for body, signature in told]

    assert [event.type for event in events] == [
        "v2.core.account.created",
        "v2.core.account[requirements].updated",
        "v2.core.account[configuration.recipient].capability_status_updated",
    ]
    assert {event.related_object.id for event in events} == {account.id}
    assert b"data" not in told[-1][0]
    assert events[-1].fetch_event().data.updated_capability == "stripe_balance.stripe_transfers"
    assert events[-1].fetch_related_object().id == account.id


def test_events_and_destinations_have_the_shapes_that_the_library_knows(read, client, destination, account):
    [listed] = read("/v2/core/event_destinations", **{"include[0]": "webhook_endpoint.url"})["data"]

    assert complaints(EventDestination, listed, "destination") == []


def test_a_thin_event_has_the_shape_that_the_library_knows(read, control, inbox, destination, account):
    control.post(f"/_sandbox/accounts/{account.id}", given="rejected")
    told = [json.loads(body) for body, _ in inbox.wait_for(3)]

    fetched = [read(f"/v2/core/events/{event['id']}") for event in told]

    assert [complaints(Event, _without_what_each_adds(event), "event") for event in (*told, *fetched)] == [[]] * 6


def _without_what_each_adds(event: dict[str, Any]) -> dict[str, Any]:
    """The type of every event names what all have in common."""
    return {name: value for name, value in event.items() if name not in {"data", "related_object"}}


def test_an_endpoint_of_v1_hears_nothing_of_accounts(inbox, endpoint, control, account, make_paid):
    control.post(f"/_sandbox/accounts/{account.id}", given="everything")
    make_paid()

    told = {json.loads(body)["type"] for body, _ in inbox.wait_for(3)}

    assert not any(name.startswith("v2.") for name in told)
