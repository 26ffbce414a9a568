"""Letters about money: how each is worded, registered with the postman."""

from payments.mails import bank_payouts, disputes, programmes, returns, sales  # noqa: F401  # each registers its letters
