"""What is sealed opens with its key, for its purpose and for its owner, and in no other way."""

import pytest

from marketplace.core.sealing import NONCE_BYTES, DoesNotOpen, fingerprint, seal, unseal

SECRET = "https://calendar.example/sécret-7f3a/basic.ics"
KEY, PURPOSE, ADA = "k" * 32, "a calendar", 7


def test_what_is_sealed_opens_for_its_owner_and_looks_another_way_each_time():
    first, second = (seal(SECRET, secret_key=KEY, purpose=PURPOSE, owner=ADA) for _ in range(2))

    assert first != second
    assert [b"calendar" in each for each in (first, second)] == [False, False]
    assert {unseal(each, secret_key=KEY, purpose=PURPOSE, owner=ADA) for each in (first, second)} == {SECRET}


@pytest.mark.parametrize(
    "otherwise",
    [
        pytest.param({"secret_key": "l" * 32}, id="another SECRET_KEY"),
        pytest.param({"purpose": "a letter"}, id="another purpose"),
        pytest.param({"owner": 8}, id="another owner"),
        pytest.param({"change": lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1])}, id="a bit of it changed"),
        pytest.param({"change": lambda sealed: sealed[:NONCE_BYTES]}, id="cut off"),
        pytest.param({"change": lambda _sealed: b""}, id="nothing"),
    ],
)
def test_in_no_other_way(otherwise):
    change = otherwise.get("change", lambda sealed: sealed)
    how = {"secret_key": KEY, "purpose": PURPOSE, "owner": ADA} | {k: v for k, v in otherwise.items() if k != "change"}
    sealed = change(seal(SECRET, secret_key=KEY, purpose=PURPOSE, owner=ADA))

    with pytest.raises(DoesNotOpen):
        unseal(sealed, **how)


def test_the_same_is_known_again_and_only_with_the_key():
    known = fingerprint(SECRET, secret_key=KEY, purpose=PURPOSE)

    assert known == fingerprint(SECRET, secret_key=KEY, purpose=PURPOSE)
    assert known != fingerprint(SECRET, secret_key="l" * 32, purpose=PURPOSE)
    assert known != fingerprint(f"{SECRET}?", secret_key=KEY, purpose=PURPOSE)
