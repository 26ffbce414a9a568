"""Stripe's paths that the stand-in knows."""

from payments.sandbox import (
    accounts,
    checkout,
    checkout_params,
    discounts,
    disputes,
    endpoints,
    events,
    fraud_warnings,
    money,
    payouts,
    refunds,
    tax,
    thin_events,
    transfers,
)
from payments.sandbox.api import Route
from payments.sandbox.listing import EXPAND
from payments.sandbox.params import Group

_READ = Group(EXPAND)
_SESSION = f"{checkout.URL}/<session>"
_ENDPOINT = "/v1/webhook_endpoints/<webhook_endpoint>"

ROUTES = [
    Route("POST", checkout.URL, checkout_params.CREATE_SESSION, checkout.create_session),
    Route("GET", checkout.URL, checkout_params.LIST_SESSIONS, checkout.list_sessions),
    Route("GET", _SESSION, _READ, checkout.retrieve_session),
    Route("POST", f"{_SESSION}/expire", _READ, checkout.expire_session),
    Route("GET", f"{_SESSION}/line_items", checkout_params.LIST_LINES, checkout.list_line_items),
    Route("GET", "/v1/payment_intents/<intent>", _READ, money.retrieve_intent),
    Route("GET", "/v1/charges/<charge>", _READ, money.retrieve_charge),
    Route("POST", "/v1/refunds", refunds.CREATE_REFUND, refunds.create_refund),
    Route("GET", "/v1/refunds", refunds.LIST_REFUNDS, refunds.list_refunds),
    Route("GET", "/v1/refunds/<refund>", _READ, refunds.retrieve_refund),
    Route("POST", "/v1/coupons", discounts.CREATE_COUPON, discounts.create_coupon),
    Route("GET", "/v1/coupons/<coupon>", _READ, discounts.retrieve_coupon),
    Route("POST", "/v1/promotion_codes", discounts.CREATE_CODE, discounts.create_code),
    Route("GET", "/v1/promotion_codes", discounts.LIST_CODES, discounts.list_codes),
    Route("GET", "/v1/promotion_codes/<promotion_code>", _READ, discounts.retrieve_code),
    Route("GET", "/v1/balance_transactions", money.LIST_TRANSACTIONS, money.list_transactions),
    Route("GET", "/v1/balance_transactions/<transaction>", _READ, money.retrieve_transaction),
    Route("GET", "/v1/balance", _READ, money.retrieve_balance),
    Route("POST", transfers.URL, transfers.CREATE_TRANSFER, transfers.create_transfer),
    Route("GET", transfers.URL, transfers.LIST_TRANSFERS, transfers.list_transfers),
    Route("GET", f"{transfers.URL}/<transfer>", _READ, transfers.retrieve_transfer),
    Route("POST", f"{transfers.URL}/<transfer>/reversals", transfers.CREATE_REVERSAL, transfers.create_reversal),
    Route("GET", f"{transfers.URL}/<transfer>/reversals", transfers.LIST_REVERSALS, transfers.list_reversals),
    Route("GET", disputes.URL, disputes.LIST_DISPUTES, disputes.list_disputes),
    Route("GET", f"{disputes.URL}/<dispute>", _READ, disputes.retrieve_dispute),
    Route("POST", f"{disputes.URL}/<dispute>", disputes.UPDATE_DISPUTE, disputes.update_dispute),
    Route("POST", f"{disputes.URL}/<dispute>/close", _READ, disputes.close_dispute),
    Route("GET", fraud_warnings.URL, fraud_warnings.LIST_WARNINGS, fraud_warnings.list_warnings),
    Route("GET", f"{fraud_warnings.URL}/<warning>", _READ, fraud_warnings.retrieve_warning),
    Route("GET", payouts.URL, payouts.LIST_PAYOUTS, payouts.list_payouts),
    Route("GET", f"{payouts.URL}/<payout>", _READ, payouts.retrieve_payout),
    Route("GET", tax.URL, tax.LIST_REGISTRATIONS, tax.list_registrations),
    Route("GET", "/v1/events", events.LIST_EVENTS, events.list_events),
    Route("GET", "/v1/events/<event>", _READ, events.retrieve_event),
    Route("POST", "/v1/webhook_endpoints", endpoints.CREATE_ENDPOINT, endpoints.create_endpoint),
    Route("GET", "/v1/webhook_endpoints", endpoints.LIST_ENDPOINTS, endpoints.list_endpoints),
    Route("GET", _ENDPOINT, _READ, endpoints.retrieve_endpoint),
    Route("DELETE", _ENDPOINT, endpoints.DELETE_ENDPOINT, endpoints.delete_endpoint),
    Route("POST", accounts.ACCOUNTS, accounts.CREATE_ACCOUNT, accounts.create_account),
    Route("GET", accounts.ACCOUNTS, accounts.LIST_ACCOUNTS, accounts.list_accounts),
    Route("GET", f"{accounts.ACCOUNTS}/<account>", accounts.READ_ACCOUNT, accounts.retrieve_account),
    Route("POST", accounts.LINKS, accounts.CREATE_LINK, accounts.create_link),
    Route("GET", f"{thin_events.EVENTS}/<event>", thin_events.READ_EVENT, thin_events.retrieve_event),
    Route("POST", thin_events.DESTINATIONS, thin_events.CREATE_DESTINATION, thin_events.create_destination),
    Route("GET", thin_events.DESTINATIONS, thin_events.LIST_DESTINATIONS, thin_events.list_destinations),
]
