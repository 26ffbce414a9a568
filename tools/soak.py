"""Plays many more random histories than the tests do: `python -m tools.soak --real 2000 --pure 50000 --from-seed 0`.

Stops at the first history that breaks a promise, with its seed; start again there with `--from-seed`.
"""

import argparse
import os
import subprocess
import sys


def main() -> int:
    given = _given()
    chosen = {
        "HISTORIES_FROM": str(given.from_seed),
        "HISTORIES_REAL": str(given.real),
        "HISTORIES_PURE": str(given.pure),
        "HISTORIES_LENGTH": str(given.length),
    }
    last = given.from_seed + max(given.real, given.pure) - 1
    print(f"Seeds {given.from_seed} to {last} at most: {given.real} real and {given.pure} pure histories.", flush=True)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "tests/histories",
        "-n",
        str(given.jobs),
        "--exitfirst",
        "-v",
        "--no-header",
    ]
    return subprocess.run(command, env={**os.environ, **chosen}, check=False).returncode


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.soak", description=__doc__)
    parser.add_argument("--real", type=int, default=2000, help="histories on the database and the stand-in (2000)")
    parser.add_argument("--pure", type=int, default=50_000, help="histories of the model (50000)")
    parser.add_argument("--from-seed", type=int, default=0, help="the first seed (0)")
    parser.add_argument("--length", type=int, default=40, help="moves of a real history (40)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (2)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
