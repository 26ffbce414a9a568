"""What holds the stand-in against Stripe's OpenAPI document sees what is wrong, and needs each of its exceptions."""

from typing import Any

import pytest

from tests.payments.sandbox.spec import DIFFERENCES, spec
from tests.payments.sandbox.states import DEEP, get, make, warned_and_disputed

__all__ = ["get", "make"]


def test_the_judge_sees_what_is_wrong(make, get):
    right = get(f"/v1/checkout/sessions/{make['paid']()}?{DEEP}")
    lines: Any = right["line_items"]

    assert spec().wrong_object(right) == []
    assert spec().wrong_object(right | {"colour": "red"})
    assert spec().wrong_object(right | {"return_url": None})
    assert spec().wrong_object(right | {"status": "finished"})
    assert spec().wrong_object({name: value for name, value in right.items() if name != "payment_status"})
    assert spec().wrong_object(right | {"line_items": lines | {"data": [lines["data"][0] | {"amount_tax": "0"}]}})
    assert spec().wrong_object(right | {"payment_intent": right["payment_intent"] | {"status": "paid"}})


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        pytest.param("payment_intent=pi_1&amount=50&metadata[a]=b&expand[0]=charge", 0, id="all right"),
        pytest.param("payment_intent=pi_1&amount=fifty", 1, id="no number"),
        pytest.param("payment_intent=pi_1&colour=red", 1, id="unknown"),
        pytest.param("payment_intent=pi_1&metadata[a][b]=c", 1, id="nested too deep"),
        pytest.param("reason=because", 1, id="no choice"),
    ],
)
def test_the_judge_reads_forms(form, wrong):
    assert bool(spec().wrong_request("POST", "/v1/refunds", "", form)) == bool(wrong)


def test_the_judge_reads_queries_and_knows_every_address():
    assert spec().wrong_request("GET", "/v1/refunds", "limit=9&created[gte]=5&expand[0]=data.charge", "") == []
    assert spec().wrong_request("GET", "/v1/refunds", "limit=all", "") != []
    with pytest.raises(LookupError):
        spec().wrong_request("GET", "/v1/nowhere", "", "")


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda each: f"{each.at[1]} {each.at[-2]} {each.adds}")
def test_every_difference_between_the_two_versions_is_needed(client, make_paid, control, get, difference):
    dispute = get(f"/v1/disputes/{warned_and_disputed(client, make_paid, control)}")
    body = get(f"/v1/checkout/sessions/{make_paid(locale='hi-IN').id}?{DEEP}")
    form = "locale=hi-IN&excluded_payment_method_types[0]=paypay&excluded_payment_method_types[1]=sequra"
    judge = spec(without=difference)

    found = judge.wrong_object(dispute) + judge.wrong_object(body)
    found += judge.wrong_request("POST", "/v1/checkout/sessions", "", form)

    assert any(difference.adds in line for line in found)
