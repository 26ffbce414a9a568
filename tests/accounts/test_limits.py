"""How often one may try to sign in, sign up, or ask for a letter: whichever of many processes is asked."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
import requests
from flask.testing import FlaskClient

from marketplace.app import create_app
from tests.factories import PASSWORD
from tests.server import served
from tests.web import Browser, csrf, inputs, sign_in, submit
from tools.demo.place import free_port

QUARTER = timedelta(minutes=15)
WRONG = "not the password"
CROWD = 24


def wrong_tries(client: FlaskClient, times: int, *, email: str = "ada@example.org", address: str = "") -> list[int]:
    client.environ_base["REMOTE_ADDR"] = address or "203.0.113.7"
    token = csrf(client, "/sign-in")
    fields = {"csrf_token": token, "email": email, "password": WRONG}
    return [client.post("/sign-in", data=fields).status_code for _ in range(times)]


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org", "not an address"])
def test_after_ten_wrong_passwords_an_address_rests_whether_or_not_it_has_an_account(client, ada, email):
    assert wrong_tries(client, 12, email=email) == [422] * 10 + [429] * 2


def test_who_has_to_wait_is_told_until_when_and_keeps_what_was_typed(client, ada):
    wrong_tries(client, 10)

    answer = submit(client, "/sign-in", email=ada.email, password=PASSWORD, next="/sessions")

    assert answer.status_code == 429
    assert 880 <= int(answer.headers["Retry-After"]) <= 900
    assert re.search(r"tried too often\. Please try again in 15 min\.", answer.text)
    assert (inputs(answer.text)["email"], inputs(answer.text)["next"]) == (ada.email, "/sessions")


def test_not_even_the_right_password_opens_an_account_that_rests(client, ada, clock):
    wrong_tries(client, 10)
    assert submit(client, "/sign-in", email=ada.email, password=PASSWORD).status_code == 429

    clock.advance(QUARTER)

    sign_in(client, ada)


def test_the_address_counts_from_wherever_it_is_tried_and_however_it_is_written(app, client, ada):
    wrong_tries(client, 5)

    assert wrong_tries(app.test_client(), 6, email=" ADA@Example.org", address="198.51.100.9") == [422] * 5 + [429]


def test_signing_in_does_not_count(app, ada):
    for _ in range(12):
        sign_in(app.test_client(), ada)

    assert wrong_tries(app.test_client(), 11) == [422] * 10 + [429]


def test_a_right_password_in_between_does_not_take_back_what_was_wrong(app, client, ada):
    wrong_tries(client, 9)
    sign_in(app.test_client(), ada)

    assert wrong_tries(client, 2) == [422, 429]


def test_one_client_cannot_try_all_the_addresses(app, client, ada):
    found = [wrong_tries(client, 1, email=f"person{number}@example.org")[0] for number in range(52)]

    assert found == [422] * 50 + [429] * 2
    assert wrong_tries(app.test_client(), 1, email="person60@example.org", address="198.51.100.9") == [422]


def test_whoever_is_over_the_limit_locks_nobody_else_out(app, client, ada):
    for number in range(50):
        wrong_tries(client, 1, email=f"person{number}@example.org")

    assert wrong_tries(client, 20) == [429] * 20
    assert wrong_tries(app.test_client(), 1, address="198.51.100.9") == [422]


def test_an_ipv6_client_is_its_network(client, ada):
    found = [
        wrong_tries(client, 1, email=f"person{number}@example.org", address=f"2001:db8:1:2::{number:x}")[0]
        for number in range(51)
    ]

    assert found[-2:] == [422, 429]
    assert wrong_tries(client, 1, email="person60@example.org", address="2001:db8:1:3::1") == [422]


@pytest.mark.parametrize(("proxies", "last"), [(1, 422), (0, 429)], ids=["behind a proxy", "header of a liar"])
def test_behind_a_proxy_the_client_is_who_the_proxy_says(settings, session, ada, proxies, last):
    app = create_app(replace(settings, trusted_proxies=proxies))
    app.test_client_class = Browser
    client = app.test_client()
    found = []
    for number in range(51):
        client.environ_base["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{number}"
        found += wrong_tries(client, 1, email=f"person{number}@example.org", address="127.0.0.1")

    assert found[-1] == last
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def test_where_nobody_knows_who_asks_nobody_is_counted_as_one_with_the_others(client, ada):
    found = [wrong_tries(client, 1, email=f"p{number}@example.org", address="unix:")[0] for number in range(51)]

    assert found[-1] == 422


def test_signing_up_is_limited_for_each_client(client, session):
    client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    person = {"name": "Ada Example", "password": PASSWORD}
    found = [submit(client, "/sign-up", email=f"p{number}@example.org", **person).status_code for number in range(31)]

    assert found == [303] * 30 + [429]


def test_asking_for_another_link_is_limited_for_each_address(client):
    found = [
        submit(client, "/verify/again", page="/sign-up/check-mail", email="ada@example.org").status_code
        for _ in range(6)
    ]

    assert found == [303] * 5 + [429]


@pytest.mark.slow
def test_many_processes_at_once_let_no_more_through_than_one(settings, session, ada):
    port = free_port()
    with served(replace(settings, public_url=f"http://127.0.0.1:{port}"), port=port) as server:
        together = Barrier(CROWD)

        def one(_: int) -> int:
            browser = requests.Session()
            token = inputs(browser.get(f"{server.url}/sign-in", timeout=60).text)["csrf_token"]
            fields = {"csrf_token": token, "email": ada.email, "password": WRONG}
            together.wait()
            return browser.post(f"{server.url}/sign-in", data=fields, timeout=60).status_code

        with ThreadPoolExecutor(CROWD) as pool:
            found = Counter(pool.map(one, range(CROWD)))

    assert found == {422: 10, 429: CROWD - 10}
