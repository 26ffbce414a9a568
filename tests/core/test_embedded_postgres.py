"""The embedded PostgreSQL: started once, found again, healed after a crash, stopped alone."""

import os
import shutil
import signal
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import psycopg
import pytest
from sqlalchemy import create_engine, text

from marketplace.core.embedded_postgres import Cluster, start

StartIn = Callable[[str], Cluster]


@pytest.fixture
def start_in(tmp_path: Path) -> Iterator[StartIn]:
    """Starts a cluster by the name of its folder; all are stopped and removed afterwards."""
    started: dict[Path, Cluster] = {}

    def start_named(name: str) -> Cluster:
        cluster = start(tmp_path / name, durable=False)
        started[cluster.data] = cluster
        return cluster

    yield start_named
    for data, cluster in started.items():
        cluster.stop()
        shutil.rmtree(data)
        shutil.rmtree(cluster.socket, ignore_errors=True)


def pid_of(cluster: Cluster) -> int:
    return int((cluster.data / "cluster" / "postmaster.pid").read_text().splitlines()[0])


def ask(cluster: Cluster, question: str) -> str:
    with psycopg.connect(cluster.dsn()) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return str(row[0])


def test_the_first_start_makes_a_cluster_that_sqlalchemy_reaches(start_in):
    cluster = start_in("pg with a space")

    engine = create_engine(cluster.url())
    with engine.connect() as connection:
        encoding, zone, listens, connections = (
            connection.execute(text(f"SHOW {name}")).scalar_one()
            for name in ("server_encoding", "timezone", "listen_addresses", "max_connections")
        )
    engine.dispose()
    assert cluster.started_here
    assert (encoding, zone, listens, connections) == ("UTF8", "UTC", "", "200")


def test_the_extensions_that_the_rules_need_are_there(start_in):
    cluster = start_in("pg")

    with psycopg.connect(cluster.dsn()) as connection:
        connection.execute("CREATE EXTENSION btree_gist")
        connection.execute("CREATE EXTENSION pg_trgm")

    assert ask(cluster, "SELECT similarity('mentor', 'mentors') > 0.5") == "True"


def test_letters_beyond_ascii_are_compared_without_regard_to_case(start_in):
    cluster = start_in("pg")

    assert ask(cluster, "SELECT 'ÉLODIE' ILIKE 'élodie'") == "True"


def test_a_second_start_finds_the_first_at_once(start_in):
    first = start_in("pg")
    began = monotonic()

    second = start_in("pg")

    assert monotonic() - began < 1
    assert not second.started_here
    assert (second.socket, pid_of(second)) == (first.socket, pid_of(first))


def test_of_starts_at_the_same_moment_one_starts_it(start_in):
    with ThreadPoolExecutor(4) as pool:
        clusters = list(pool.map(start_in, ["pg"] * 4))

    assert [cluster.started_here for cluster in clusters].count(True) == 1


def test_it_starts_again_with_its_data_after_its_postmaster_was_killed(start_in):
    crashed = start_in("pg")
    crashed.create_database("kept")
    pid = pid_of(crashed)
    os.kill(pid, signal.SIGKILL)

    cluster = start_in("pg")

    assert cluster.started_here
    assert pid_of(cluster) != pid
    assert ask(cluster, "SELECT count(*) FROM pg_database WHERE datname = 'kept'") == "1"


def test_a_pid_file_whose_number_is_now_another_program_does_not_stop_a_start(start_in):
    cluster, neighbour = start_in("pg"), start_in("neighbour")
    left_behind = (cluster.data / "cluster" / "postmaster.pid").read_text().splitlines()[1:]
    cluster.stop()
    cluster.socket.mkdir(mode=0o700)
    for lock_file in (cluster.data / "cluster" / "postmaster.pid", cluster.socket / ".s.PGSQL.5432.lock"):
        lock_file.write_text("\n".join([str(pid_of(neighbour)), *left_behind]))

    again = start_in("pg")

    assert again.started_here
    assert pid_of(again) != pid_of(neighbour)


@pytest.mark.slow
def test_stop_ends_only_its_own(start_in):
    one, other = start_in("one"), start_in("other")

    one.stop()

    assert ask(other, "SELECT 'alive'") == "alive"
    with pytest.raises(psycopg.OperationalError):
        ask(one, "SELECT 'alive'")


def test_stop_spares_a_stranger_whose_number_stands_in_the_pid_file(start_in):
    cluster = start_in("pg")
    cluster.stop()
    (cluster.data / "cluster" / "postmaster.pid").write_text(f"{os.getpid()}\n")

    cluster.stop()  # would interrupt this test if it believed the file


def test_the_terminals_ctrl_c_does_not_reach_it(start_in):
    cluster = start_in("pg")

    assert os.getsid(pid_of(cluster)) != os.getsid(0)


def test_nobody_else_can_open_its_socket_or_its_files(start_in):
    cluster = start_in("pg")

    for folder in (cluster.socket, cluster.data / "cluster"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(os.fsencode(cluster.socket / ".s.PGSQL.5432")) < 103


def test_a_socket_folder_that_others_can_open_is_refused(start_in):
    cluster = start_in("pg")
    cluster.stop()
    cluster.socket.mkdir(mode=0o755)

    with pytest.raises(RuntimeError, match=r"only .* can open"):
        start_in("pg")

    cluster.socket.rmdir()


def test_a_start_that_fails_says_why_in_postgresqls_words(start_in):
    cluster = start_in("pg")
    cluster.stop()
    with (cluster.data / "cluster" / "postgresql.conf").open("a") as configuration:
        configuration.write("\nnonsense = yes\n")

    with pytest.raises(RuntimeError, match=r"did not start(?s:.*)unrecognized configuration parameter \"nonsense\""):
        start_in("pg")


def test_a_database_is_made_from_a_template(start_in):
    cluster = start_in("pg")
    cluster.create_database("pattern")
    with psycopg.connect(cluster.dsn("pattern")) as connection:
        connection.execute("CREATE TABLE mark (word text)")

    cluster.create_database("copy", template="pattern")

    with psycopg.connect(cluster.dsn("copy")) as connection:
        assert connection.execute("SELECT count(*) FROM mark").fetchone() == (0,)
