"""Accounts v2 of those who are paid, and the links that lead them to the page where Stripe gets to know them."""

from payments.sandbox import thin_events
from payments.sandbox.account_objects import ALL, BANK, INCLUDABLE, PAPERS, READY, account, link, ready, shown
from payments.sandbox.call import Call, Origin
from payments.sandbox.errors import ApiError, missing
from payments.sandbox.params import Flag, Group, Metadata, Several, Text, Whole, words
from payments.sandbox.session_objects import public
from payments.sandbox.store import Body, Tx

ACCOUNTS, LINKS = "/v2/core/accounts", "/v2/core/account_links"
_INCLUDE = Several(Text(one_of=INCLUDABLE))
_REQUESTED = Group({"requested": Flag()}, words("requested"))
_RECIPIENT = Group({"capabilities": Group({"stripe_balance": Group({"stripe_transfers": _REQUESTED})})})
_RESPONSIBILITIES = Group(
    {
        "fees_collector": Text(one_of=words("application application_custom application_express stripe")),
        "losses_collector": Text(one_of=words("application stripe")),
    },
    words("fees_collector losses_collector"),
)
CREATE_ACCOUNT = Group(
    {
        "configuration": Group({"recipient": _RECIPIENT}, words("recipient")),
        "contact_email": Text(is_email=True),
        "dashboard": Text(one_of=words("express full none")),
        "defaults": Group({"responsibilities": _RESPONSIBILITIES}),
        "display_name": Text(),
        "identity": Group({"country": Text(limit=2), "entity_type": Text(one_of=words("individual company"))}),
        "include": _INCLUDE,
        "metadata": Metadata(),
    },
    words("configuration"),
)
READ_ACCOUNT = Group({"include": _INCLUDE})
LIST_ACCOUNTS = Group({"limit": Whole(least=1, most=100), "page": Text()})
_ONBOARDING = Group(
    {"refresh_url": Text(is_url=True), "return_url": Text(is_url=True)},
    words("refresh_url"),
)
_USE_CASE = Group({"type": Text(one_of=words("account_onboarding")), "account_onboarding": _ONBOARDING}, words("type"))
CREATE_LINK = Group({"account": Text(), "use_case": _USE_CASE}, words("account use_case"))

GIVEN = {
    "everything": ([], "active"),
    "all_but_the_bank": ([BANK], "restricted"),
    "papers_are_read": ([], "pending"),
    "papers_are_wanted": ([PAPERS], "restricted"),
    "nothing": (list(ALL), "restricted"),
    "rejected": ([], "rejected"),
}
"""What somebody leaves the page with, or what Stripe comes to think of them later: what is missing, and the
capability."""


def create_account(call: Call) -> Body:
    made = call.tx.add(call.account, account(call.params, call.now))
    thin_events.record(call.tx, call.origin, "v2.core.account.created", made)
    return shown(made, call.params.get("include", []))


def retrieve_account(call: Call, account: str) -> Body:
    return shown(_found(call, account), call.params.get("include", []))


def list_accounts(call: Call) -> Body:
    """The newest first; `page` of `next_page_url` is the id that the page before ended with."""
    limit, after = call.params.get("limit", 20), call.params.get("page")
    where = []
    if after is not None:
        position = call.tx.position(call.account, "v2.core.account", after)
        if position is None:
            raise missing("page", after, "page")
        where = [("seq < ?", (position,))]
    rows = call.tx.page(call.account, "v2.core.account", where, limit=limit + 1)
    more = f"{ACCOUNTS}?limit={limit}&page={rows[limit - 1]['id']}" if len(rows) > limit else None
    return {"data": [shown(row, []) for row in rows[:limit]], "next_page_url": more, "previous_page_url": None}


def create_link(call: Call) -> Body:
    if "account_onboarding" not in call.params["use_case"]:
        raise ApiError("Missing required param: use_case[account_onboarding].", param="use_case[account_onboarding]")
    _found(call, call.params["account"])
    made = link(call.params, call.now, call.base_url)
    call.tx.add(call.account, made)
    return {field: value for field, value in public(made).items() if field != "id"}


def _found(call: Call, account_id: str) -> Body:
    return account_with(call.tx, call.account, account_id, call.now)


def account_with(tx: Tx, key: str, account_id: str, now: int) -> Body:
    """Raises 404, also for another key's."""
    body = tx.find(key, "v2.core.account", account_id)
    if body is None and account_id.startswith(READY) and tx.row(account_id) is None:
        return ready(account_id, now)
    if body is None:
        raise missing("account", account_id, "id")
    return body


def give(tx: Tx, origin: Origin, body: Body, given: str) -> Body:
    """What is known of somebody changes, and with it whether they can be paid; each is told."""
    before = (body["_missing"], body["_status"])
    if tx.row(body["id"]) is None:
        tx.add(origin.account, body)
    body["_missing"], body["_status"] = GIVEN[given]
    tx.save(body)
    if before[0] != body["_missing"]:
        thin_events.record(tx, origin, "v2.core.account[requirements].updated", body)
    if before[1] != body["_status"]:
        about = {"updated_capability": "stripe_balance.stripe_transfers"}
        thin_events.record(
            tx, origin, "v2.core.account[configuration.recipient].capability_status_updated", body, about
        )
    return body
