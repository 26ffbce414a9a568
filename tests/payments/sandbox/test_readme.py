"""Whatever can be asked of the stand-in beyond Stripe's API is in its README."""

import re
from pathlib import Path

import pytest

import payments.sandbox
from payments.sandbox.accounts import GIVEN
from payments.sandbox.app import create_sandbox
from payments.sandbox.disputes import DECISIONS, KINDS
from payments.sandbox.faults import Fault, WebhookMode
from payments.sandbox.outcomes import PRESSES, REFUND_PLANS
from payments.sandbox.parts import open_parts
from payments.sandbox.payouts import OUTCOMES

README = (Path(payments.sandbox.__file__).parent / "README.md").read_text(encoding="utf-8")


def test_every_route_of_its_own_is_in_the_readme(tmp_path):
    parts = open_parts(tmp_path / "state.sqlite")
    rules = {rule.rule for rule in create_sandbox(parts).url_map.iter_rules() if rule.rule.startswith("/_sandbox/")}
    parts.store.close()

    named = {rule.removeprefix("/_sandbox") for rule in rules} - {"/<path:filename>"}

    short = {
        re.sub("(session|refund|account|intent|dispute|payout)_id", "id", rule).replace("int:", "") for rule in named
    }
    assert {rule for rule in short if rule not in README} == set()


@pytest.mark.parametrize("word", sorted({*Fault, *WebhookMode, *REFUND_PLANS, *OUTCOMES, *(PRESSES - {"paid"})}))
def test_every_fault_is_in_the_readme(word):
    assert word in README


@pytest.mark.parametrize("word", sorted(KINDS | DECISIONS))
def test_all_that_a_bank_does_is_in_the_readme(word):
    assert word in README


@pytest.mark.parametrize("given", sorted(GIVEN))
def test_all_that_a_recipient_can_give_is_in_the_readme(given):
    assert given in README
