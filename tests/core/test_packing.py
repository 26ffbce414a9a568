"""Pages go over the line packed, and their length tells nothing of the secrets in them."""

import gzip

import pytest


def get(client, accepts):
    return client.get("/sign-in", headers={"Accept-Encoding": accepts} if accepts else {})


@pytest.mark.parametrize("accepts", ["gzip", "gzip, deflate, br, zstd", "br;q=1, gzip;q=0.5", "*"])
def test_a_page_is_packed_for_whoever_can_read_that(client, accepts):
    answer = get(client, accepts)

    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert gzip.decompress(answer.data).startswith(b"<!doctype html>")
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("accepts", ["", "br", "identity", "gzip;q=0"])
def test_others_get_it_as_it_is(client, accepts):
    answer = get(client, accepts)

    assert "Content-Encoding" not in answer.headers
    assert answer.data.startswith(b"<!doctype html>")
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_the_same_page_has_another_length_each_time(client):
    lengths = {len(get(client, "gzip").data) for _ in range(12)}

    assert len(lengths) > 3


def test_refusals_are_packed_too(client):
    answer = client.get("/nowhere", headers={"Accept-Encoding": "gzip"})

    assert answer.status_code == 404
    assert b"There is nothing here" in gzip.decompress(answer.data)


@pytest.mark.parametrize("path", ["/robots.txt", "/healthz"])
def test_what_is_small_or_no_page_stays_as_it_is(client, path):
    assert "Content-Encoding" not in client.get(path, headers={"Accept-Encoding": "gzip"}).headers
