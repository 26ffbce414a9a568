"""A refund's way: it may still fail after it succeeded, and never comes back from that."""

import pytest

from payments.domain.refunds import next_refund_status
from payments.domain.states import RefundStatus as R


@pytest.mark.parametrize(
    ("ours", "theirs", "becomes"),
    [
        (R.OWED, "pending", R.SENT),
        (R.OWED, "succeeded", R.SUCCEEDED),
        (R.SENT, "succeeded", R.SUCCEEDED),
        (R.SENT, "requires_action", R.SENT),
        (R.SUCCEEDED, "pending", R.SUCCEEDED),
        (R.SUCCEEDED, "failed", R.FAILED),
        (R.OWED, "canceled", R.FAILED),
        (R.FAILED, "succeeded", R.FAILED),
    ],
)
def test_next_refund_status(ours: R, theirs: str, becomes: R) -> None:
    assert next_refund_status(ours, theirs) is becomes
