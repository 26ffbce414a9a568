"""A machine without settings: a kept secret, and a server that ends with the last process that uses it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from marketplace.core.config import ROOT
from marketplace.core.embedded_postgres import start

pytestmark = pytest.mark.slow

USE = """
import sys
from pathlib import Path
from marketplace.core.config import Settings
from marketplace.core.development import completed
print(completed(Settings(instance=Path(sys.argv[1]))).secret_key, flush=True)
sys.stdin.read()
"""


def a_process(instance: Path) -> subprocess.Popen[str]:
    """It has its settings once it has printed its secret, and ends when its input is closed."""
    command = [sys.executable, "-c", USE, str(instance)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True, env=dict(os.environ))


def test_the_last_process_ends_the_server_and_all_have_the_same_secret(tmp_path: Path) -> None:
    first, second = a_process(tmp_path), a_process(tmp_path)
    assert first.stdout is not None
    assert second.stdout is not None
    keys = {first.stdout.readline(), second.stdout.readline()}

    first.communicate()
    still_there = start(tmp_path / "pg")
    second.communicate()
    after = start(tmp_path / "pg")
    after.stop()

    assert len(keys) == 1
    assert (still_there.started_here, after.started_here) == (False, True)
