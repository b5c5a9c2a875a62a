"""Addresses of databases: what an operator writes in DATABASE_URL, and what becomes of it."""

import pytest

from caudal.kernel import server
from caudal.kernel.server.connections import BadDatabaseAddress, configured, parse


def test_a_plain_address_is_read_part_by_part():
    found = parse("postgresql://caudal_web:s3creta@db.labarca.example:6432/caudal?sslmode=require")

    assert (found.user, found.password) == ("caudal_web", "s3creta")
    assert (found.host, found.port, found.database) == ("db.labarca.example", "6432", "caudal")
    assert found.options == (("sslmode", "require"),)


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("postgresql://u@/caudal?host=/run/postgresql", "/run/postgresql", "5432"),
        ("postgresql://u@/caudal?host=/var/mi%20caudal/s&port=5433", "/var/mi caudal/s", "5433"),
        ("postgresql://u@%2Frun%2Fpostgresql/caudal", "/run/postgresql", "5432"),
        ("postgres://u@db/caudal", "db", "5432"),
        ("postgresql://u@/caudal", "localhost", "5432"),
        ("postgresql://u@[2001:db8::1]:5433/caudal", "2001:db8::1", "5433"),
        ("postgresql://u@uno:5432,dos:5433/caudal?target_session_attrs=read-write", "uno,dos", "5432,5433"),
    ],
)
def test_a_server_is_a_host_several_hosts_or_a_socket_folder(url, host, port):
    found = parse(url)

    assert (found.host, found.port) == (host, port)
    assert parse(found.url()) == found


def test_a_password_may_hold_any_character():
    found = parse("postgresql://do%C3%B1a%40lupita:a%3Ab%2Fc%3F%23%25@db/caudal")

    assert (found.user, found.password) == ("doña@lupita", "a:b/c?#%")
    assert parse(found.url()) == found


def test_a_shown_address_keeps_its_password_to_itself():
    found = parse("postgresql://caudal_web:s3creta@db/caudal")

    assert found.url(with_password=False) == "postgresql://caudal_web@db:5432/caudal"
    assert "s3creta" not in repr(found)


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("mysql://u:p@db/caudal", "no es de PostgreSQL"),
        ("sqlite:///caudal.db", "no es de PostgreSQL"),
        ("caudal", "no es de PostgreSQL"),
        ("postgresql://u:p@db/", "no dice el nombre de la base de datos"),
        ("postgresql://u:p@db/una/otra", "no dice el nombre de la base de datos"),
        ("postgresql://db/caudal", "no dice con qué usuario entrar"),
        ("postgresql://u:p@db:puerto/caudal", "tiene un puerto que no es un número"),
        ("postgresql://u:p@db:70000/caudal", "tiene un puerto que no es un número"),
        ("postgresql://u:p@[db/caudal", "no se entiende"),
        ("postgresql://u:p@db/caudal?sslmode", "no se entiende"),
    ],
)
def test_an_address_that_is_wrong_is_refused_with_an_example(url, what):
    with pytest.raises(BadDatabaseAddress) as refusal:
        parse(url)

    assert str(refusal.value).startswith("La dirección en DATABASE_URL " + what)
    assert "postgresql://usuario:clave@servidor:5432/caudal" in str(refusal.value)


def test_the_owner_has_an_address_of_its_own_or_the_common_one():
    web, owner = "postgresql://caudal_web:a@db/caudal", "postgresql://caudal_owner:b@db/caudal"

    assert configured({"DATABASE_URL": web, "DATABASE_OWNER_URL": owner}, role="owner") == parse(owner)
    assert configured({"DATABASE_URL": web}, role="owner") == parse(web)
    assert configured({"DATABASE_URL": ""}, role="app") is None


def test_a_wrong_owner_address_is_named_as_such():
    with pytest.raises(BadDatabaseAddress, match="La dirección en DATABASE_OWNER_URL no es de PostgreSQL"):
        configured({"DATABASE_URL": "postgresql://u@db/c", "DATABASE_OWNER_URL": "x://u@db/c"}, role="owner")


def test_the_demo_names_another_database_on_the_same_server():
    environ = {"DATABASE_URL": "postgresql://caudal_web:a@db/caudal", "CAUDAL_DATABASE": "caudal_demo"}

    databases = server.django_databases(environ=environ)

    assert databases["default"]["NAME"] == databases["owner"]["NAME"] == "caudal_demo"
    assert databases["default"]["HOST"] == "db"


def test_django_enters_as_the_application_and_migrates_as_the_owner():
    environ = {
        "DATABASE_URL": "postgresql://caudal_web:a@db:6432/caudal?sslmode=require",
        "DATABASE_OWNER_URL": "postgresql://caudal_owner:b@db:5432/caudal",
        "CAUDAL_TEST_DB": "test_lupita",
    }

    databases = server.django_databases(environ=environ)

    assert databases["default"]["USER"] == "caudal_web"
    assert databases["default"]["OPTIONS"]["sslmode"] == "require"
    assert databases["default"]["CONN_HEALTH_CHECKS"] is True
    assert databases["default"]["TEST"] == {"NAME": "test_lupita"}
    assert (databases["owner"]["USER"], databases["owner"]["PORT"]) == ("caudal_owner", "5432")
    assert databases["owner"]["TEST"] == {"MIRROR": "default"}


def test_reading_the_settings_starts_nothing_and_writes_nothing(tmp_path):
    databases = server.django_databases(environ={"CAUDAL_HOME": str(tmp_path / "var")})

    assert databases["default"]["USER"] == "caudal_web"
    assert databases["default"]["PASSWORD"] == ""
    assert not (tmp_path / "var").exists()


def test_psql_gets_the_password_through_the_environment():
    words = parse("postgresql://u:p@db/caudal?sslmode=verify-full&connect_timeout=3").libpq()

    assert words == {
        "PGUSER": "u",
        "PGPASSWORD": "p",
        "PGDATABASE": "caudal",
        "PGHOST": "db",
        "PGPORT": "5432",
        "PGCONNECT_TIMEOUT": "3",
        "PGAPPNAME": "caudal",
        "PGSSLMODE": "verify-full",
    }
