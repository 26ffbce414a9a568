import time

import pytest

from payments.sandbox.clock import Clock


@pytest.mark.parametrize(
    ("text", "ahead"),
    [
        pytest.param(None, 0, id="no file"),
        pytest.param("", 0, id="an empty file"),
        pytest.param("3600.5\n", 3600.5, id="an hour and half a second"),
        pytest.param("-60", -60, id="a minute ago"),
    ],
)
def test_the_file_says_how_far_the_clock_is_ahead(tmp_path, text, ahead):
    clock = Clock(tmp_path / "offset")
    if text is not None:
        (tmp_path / "offset").write_text(text)

    assert clock.now() - time.time() == pytest.approx(ahead, abs=0.5)


def test_the_file_is_read_at_every_look(tmp_path):
    clock = Clock(tmp_path / "offset")
    before = clock.now()

    (tmp_path / "offset").write_text("7200")

    assert clock.now() - before == pytest.approx(7200, abs=0.5)
