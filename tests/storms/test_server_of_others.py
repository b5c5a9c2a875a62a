"""A PostgreSQL that somebody else runs: prepared once by its administrator, then only used."""

import json
import os
import subprocess
import sys

import psycopg
import pytest
from tests.storms.server_rooms import office

from caudal.kernel import server
from caudal.kernel.server import Cluster, external
from caudal.kernel.server.connections import parse
from caudal.kernel.server.diagnosis import DatabaseProblem, WrongVersion

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def state_server():
    """The server of the state's data center: to Caudal, just an address."""
    with office("Guadalajara") as home:
        cluster = Cluster(home, is_throwaway=True)
        cluster.ensure_running()
        yield cluster


@pytest.fixture(scope="module")
def superuser(state_server):
    return state_server.connection(role="superuser", database="postgres")


@pytest.fixture(scope="module")
def prepared(superuser):
    return external.prepare(superuser=superuser, database="agua_de_jamay", renew_passwords=True)


def test_the_two_addresses_that_prepare_prints_work(prepared):
    with (
        psycopg.connect(prepared["DATABASE_URL"]) as web,
        psycopg.connect(prepared["DATABASE_OWNER_URL"]) as owner,
    ):
        assert web.execute("SELECT current_user, current_database()").fetchone() == (
            "caudal_web",
            "agua_de_jamay",
        )
        assert owner.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'agua_de_jamay'").fetchone() == ("caudal_owner",)  # fmt: skip
    server.ensure_running(environ=prepared)


def test_another_utility_on_the_same_server_leaves_the_first_in_peace(superuser, prepared):
    with psycopg.connect(prepared["DATABASE_OWNER_URL"]) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 1 AS one")

    words = external.prepare(superuser=superuser, database="agua_de_ocotlan")

    assert parse(words["DATABASE_URL"]).password == ""
    ocotlan = psycopg.connect(prepared["DATABASE_OWNER_URL"], dbname="agua_de_ocotlan")
    assert ocotlan.execute("SELECT to_regclass('kept')").fetchone() == (None,)
    with psycopg.connect(prepared["DATABASE_OWNER_URL"]) as owner:
        assert owner.execute("SELECT one FROM kept").fetchone() == (1,)


def test_renewed_passwords_close_the_door_to_the_old_ones(superuser, prepared):
    again = external.prepare(superuser=superuser, database="agua_de_jamay", renew_passwords=True)

    with pytest.raises(DatabaseProblem, match="no aceptó el usuario o la clave. Revise DATABASE_URL"):
        server.ensure_running(environ=prepared)
    server.ensure_running(environ=again)
    prepared.update(again)


def test_only_a_superuser_prepares(superuser, prepared):
    with pytest.raises(DatabaseProblem, match="no tiene permiso"):
        external.prepare(superuser=parse(prepared["DATABASE_OWNER_URL"]), database="otra")

    with psycopg.connect(superuser.url()) as session:
        assert session.execute("SELECT count(*) FROM pg_database WHERE datname = 'otra'").fetchone() == (0,)


def test_a_database_that_is_not_there_is_named(prepared):
    environ = {"DATABASE_URL": prepared["DATABASE_URL"], "CAUDAL_DATABASE": "agua_de_nadie"}

    with pytest.raises(
        DatabaseProblem, match="La base de datos no existe en ese servidor. Créela con `caudal db"
    ):
        server.ensure_running(environ=environ)


def test_the_demo_gets_a_database_of_its_own_on_that_server(prepared, tmp_path):
    environment = dict(os.environ, PYTHONPATH="src", CAUDAL_HOME=str(tmp_path), CAUDAL_DATABASE="caudal_demo")
    command = [sys.executable, "-m", "caudal.kernel.server", "start", "--create"]

    for _ in range(2):
        subprocess.run(command, env=environment | prepared, check=True, stdout=subprocess.DEVNULL)

    with psycopg.connect(prepared["DATABASE_URL"], dbname="caudal_demo") as web:
        assert web.execute("SELECT current_database()").fetchone() == ("caudal_demo",)


def test_a_server_that_is_off_is_named():
    with pytest.raises(DatabaseProblem, match="La base de datos está apagada. Enciéndala"):
        server.ensure_running(environ={"DATABASE_URL": "postgresql://caudal_web:x@127.0.0.1:9/caudal"})


def test_an_old_server_is_refused(prepared, monkeypatch):
    monkeypatch.setattr(external.sql, "execute", lambda *_, **__: "140012")

    with pytest.raises(
        WrongVersion, match="El servidor es PostgreSQL 14. Caudal necesita PostgreSQL 15 o más nuevo"
    ):
        server.ensure_running(environ=prepared)


def test_the_command_prepares_and_then_leaves_that_server_alone(superuser, state_server, tmp_path):
    environment = dict(os.environ, PYTHONPATH="src", CAUDAL_HOME=str(tmp_path / "var"))
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "caudal.kernel.server"]
    prepare = [*command, "prepare", "--superuser-url", superuser.url(), "--database", "agua_de_yahualica"]
    prepare += ["--renew-passwords", "--json"]

    words = json.loads(subprocess.run(prepare, env=environment, capture_output=True, check=True).stdout)
    started = subprocess.run(
        [*command, "start"], env=environment | words, capture_output=True, text=True, check=True
    )
    stopped = subprocess.run(
        [*command, "stop"], env=environment | words, capture_output=True, text=True, check=False
    )

    assert parse(words["DATABASE_URL"]).password not in started.stdout
    assert started.stdout.startswith("La base de datos configurada contesta: postgresql://caudal_web@")
    assert (stopped.returncode, "no es de Caudal" in stopped.stdout) == (2, True)
    assert state_server.status().is_running
    assert not (tmp_path / "var").exists()


def test_a_refusal_reaches_the_terminal_as_a_sentence(tmp_path):
    environment = dict(os.environ, PYTHONPATH="src", DATABASE_URL="mysql://lupita@db/caudal")

    told = subprocess.run(
        [sys.executable, "-m", "caudal.kernel.server", "status"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 2
    assert told.stderr == (
        "La dirección en DATABASE_URL no es de PostgreSQL, la única base de datos con la que trabaja Caudal. "
        "Escríbala así: postgresql://usuario:clave@servidor:5432/caudal.\n"
    )
