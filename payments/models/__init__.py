"""The tables of money, and of what was sold for it."""

from payments.models import (  # noqa: F401  # whoever imports one knows all tables
    bank_payouts,
    disputes,
    exchanges,
    fees,
    ledger,
    payouts,
    polls,
    programmes,
    returns,
    sales,
)
