"""Where an installation lives, and the settings its server gets."""

import os
from pathlib import Path

import pytest

from caudal.kernel.server import binaries, configuration, places, processes
from caudal.kernel.server.diagnosis import WrongVersion, explain, is_passing
from caudal.kernel.server.sql import create_database, identifier, literal


def test_the_home_is_the_configured_one_or_var_of_the_checkout(tmp_path):
    assert places.home({"CAUDAL_HOME": str(tmp_path / "datos")}) == tmp_path / "datos"
    assert places.home({}) == places.CHECKOUT / "var"


def test_an_installed_caudal_without_checkout_uses_the_systems_place(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "CHECKOUT", tmp_path)
    monkeypatch.setattr(places.sys, "platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert places.home({"HOME": "/home/lupita"}) == Path("/home/lupita/.local/share/caudal")
    assert places.home({"HOME": "/home/lupita", "XDG_DATA_HOME": "/datos"}) == Path("/datos/caudal")

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert places.home({}) == Path("/var/lib/caudal")


def test_the_socket_path_fits_however_deep_the_home_is(tmp_path, monkeypatch):
    deep = tmp_path / ("organismo-operador-de-agua-potable-" * 5)
    monkeypatch.setattr(places.tempfile, "gettempdir", lambda: str(deep))

    place = places.proposed(deep)

    assert len(os.fsencode(place.host)) + len("/.s.PGSQL.5432.lock") <= places.SOCKET_BYTES_MAX
    assert place.host != places.proposed(deep / "otra").host


def test_a_damaged_record_is_as_good_as_none(tmp_path):
    places.record(tmp_path).write_text("{")

    assert places.remembered(tmp_path) == places.proposed(tmp_path)


def test_what_was_answered_as_saved_is_on_the_disk(tmp_path):
    place = places.Place(tmp_path / "Doña Lupita's", "/tmp/s", 5432)

    lines = configuration.text(place, is_throwaway=False).splitlines()

    assert {"fsync = 'on'", "full_page_writes = 'on'", "synchronous_commit = 'on'"} <= set(lines)
    assert {
        "listen_addresses = ''",
        "unix_socket_directories = '\"/tmp/s\"'",
        "max_connections = '100'",
    } <= set(lines)
    assert lines[0] == f"include '{tmp_path}/Doña Lupita''s/data/postgresql.conf'"


def test_strings_and_names_are_quoted_for_sql():
    assert literal("O'Higgins\\") == "'O''Higgins\\'"
    assert identifier('a"b') == '"a""b"'
    with pytest.raises(ValueError, match="NUL"):
        literal("a\0b")


def test_a_database_name_that_needs_quotes_is_refused():
    with pytest.raises(Exception, match="«Caudal; DROP» no sirve como nombre") as refusal:
        create_database("Caudal; DROP", owner="caudal_owner")
    assert "caudal_2019" in str(refusal.value)


@pytest.mark.parametrize(
    ("output", "what", "remedy"),
    [
        (
            'FATAL:  could not write to file "pg_wal/xlogtemp.9": No space left on device',
            "disco",
            "Libere espacio",
        ),
        (
            'FATAL:  password authentication failed for user "caudal_web"',
            "usuario o la clave",
            "DATABASE_URL",
        ),
        (
            "FATAL:  la autentificación password falló para el usuario «x»",
            "usuario o la clave",
            "DATABASE_URL",
        ),
        ('FATAL:  database "caudal" does not exist', "no existe", "caudal db prepare"),
        (
            'could not translate host name "db" to address: Name or service not known',
            "No se encuentra",
            "la red",
        ),
        ('connection to server at "db", port 5432 failed: Connection refused', "apagada", "caudal db start"),
        (
            'connection to server on socket "/x/.s.PGSQL.5432" failed: No such file or directory',
            "apagada",
            "Enciéndala",
        ),
        ("connection to server failed: timeout expired", "no contesta", "cortafuegos"),
        ("FATAL:  sorry, too many clients already", "más conexiones", "max_connections"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.5"', "no admite conexiones", "pg_hba.conf"),
        ("ERROR:  permission denied to create database", "permiso para crear", "CREATEDB"),
        ("PANIC:  could not locate a valid checkpoint record at 0/1", "dañados", "último respaldo"),
    ],
)
def test_what_postgresql_complains_about_is_told_in_spanish_with_a_remedy(output, what, remedy):
    problem = explain(output, doing="No arrancó")

    assert what in problem.what
    assert remedy in problem.remedy


def test_an_unknown_complaint_is_shown_as_it_came():
    problem = explain(
        "psql: warning\npsql: error: FATAL: moon is full\nbye", doing="La base de datos no arrancó"
    )

    assert (
        problem.what == "La base de datos no arrancó y PostgreSQL contestó: psql: error: FATAL: moon is full."
    )


def test_only_what_passes_by_itself_is_waited_for():
    assert is_passing('FATAL:  lock file "postmaster.pid" already exists')
    assert is_passing("FATAL:  the database system is starting up")
    assert not is_passing("FATAL:  No space left on device")


def _fake_debian(folder, *majors):
    for major in majors:
        place = folder / str(major) / "bin"
        place.mkdir(parents=True)
        for name in ("postgres", "initdb"):
            (place / name).touch()
    return folder


def test_without_our_own_programs_debians_newest_serve(tmp_path, monkeypatch):
    monkeypatch.setattr(binaries, "_wheel", lambda: None)
    debian = _fake_debian(tmp_path, 9, 15, 17)

    assert binaries.choose(data_major=None, debian=debian).major == 17
    assert binaries.choose(data_major=15, debian=debian).folder == debian / "15" / "bin"


def test_a_postgresql_older_than_15_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(binaries, "_wheel", lambda: None)

    with pytest.raises(WrongVersion, match="no tiene PostgreSQL 15 o más nuevo. Instale el paquete"):
        binaries.choose(data_major=None, debian=_fake_debian(tmp_path, 13, 14))


def test_data_of_a_version_that_is_not_here_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(binaries, "_wheel", lambda: None)

    with pytest.raises(WrongVersion, match="Los datos son de PostgreSQL 16 y aquí hay versión 17, 15"):
        binaries.choose(data_major=16, debian=_fake_debian(tmp_path, 15, 17))


@pytest.mark.parametrize("content", ["", "abc\n", "-5\n", "0\n", "999999999\n"])
def test_a_pid_file_that_says_nothing_true_is_no_server(tmp_path, content):
    (tmp_path / "postmaster.pid").write_text(content)

    assert processes.postmaster_pid(tmp_path) is None


def test_a_pid_that_another_program_took_over_is_no_server(tmp_path):
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n")

    assert processes.postmaster_pid(tmp_path) is None
