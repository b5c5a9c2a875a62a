"""SQL through psql, and the roles that every Caudal database stands on."""

import re
import time
from pathlib import Path

from caudal.kernel.server.accounts import Account, run
from caudal.kernel.server.binaries import Programs
from caudal.kernel.server.connections import GROUP, OWNER, WEB, Connection
from caudal.kernel.server.diagnosis import DatabaseProblem, explain, is_passing

NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")

# Per role and not per server: a billing run and a window have different patience (jobs set their own).
ROLES = f"""
SET client_min_messages = warning;
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{GROUP}') THEN CREATE ROLE {GROUP} NOLOGIN; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') THEN CREATE ROLE {OWNER} LOGIN; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{WEB}') THEN CREATE ROLE {WEB} LOGIN; END IF;
END $$;
ALTER ROLE {OWNER} LOGIN CREATEDB NOCREATEROLE;
ALTER ROLE {OWNER} SET lock_timeout = '60s';
ALTER ROLE {WEB} LOGIN NOCREATEDB NOCREATEROLE INHERIT;
ALTER ROLE {WEB} SET lock_timeout = '5s';
ALTER ROLE {WEB} SET statement_timeout = '30s';
ALTER ROLE {WEB} SET idle_in_transaction_session_timeout = '15s';
GRANT {GROUP} TO {WEB};
"""


def literal(value: str) -> str:
    """A string of SQL (standard_conforming_strings, the default since 9.1)."""
    if "\0" in value:
        raise ValueError("a NUL cannot stand in SQL")
    return "'" + value.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A database or role name, always quoted."""
    if "\0" in name:
        raise ValueError("a NUL cannot stand in SQL")
    return '"' + name.replace('"', '""') + '"'


def set_passwords(passwords: dict[str, str]) -> str:
    """Statements that give each role its password."""
    return "".join(f"ALTER ROLE {identifier(r)} PASSWORD {literal(p)};\n" for r, p in passwords.items())


def create_database(name: str, *, owner: str) -> str:
    """A statement that makes an UTF-8 database unless it exists (CREATE DATABASE has no IF NOT EXISTS).

    :raises DatabaseProblem: a name that would need quotes everywhere it is typed
    """
    if not NAME.fullmatch(name):
        raise DatabaseProblem(
            f"«{name}» no sirve como nombre de base de datos.",
            "Use minúsculas sin acento, números y guion bajo, por ejemplo caudal_2019.",
        )
    statement = (
        f"CREATE DATABASE {identifier(name)} OWNER {identifier(owner)} TEMPLATE template0 ENCODING 'UTF8'"
    )
    return (
        f"SELECT {literal(statement)} "
        f"WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = {literal(name)}) \\gexec\n"
    )


def execute(sql: str, *, at: Connection, programs: Programs, patience_seconds: float = 60) -> str:
    """Run a script and return what it printed (unaligned, one row a line). Waits for a server that is waking up.

    :raises DatabaseProblem: it cannot be reached, or the script failed
    """
    command: list[str | Path] = [
        programs.path("psql"),
        "-X",
        "-q",
        "-A",
        "-t",
        "-w",
        "-v",
        "ON_ERROR_STOP=1",
        "-f",
        "-",
    ]
    deadline = time.monotonic() + patience_seconds
    while True:
        extra = at.libpq() | {"PGCLIENTENCODING": "UTF8"}
        code, output = run(command, account=Account(), extra=extra, stdin=sql)
        if code == 0:
            return output.strip()
        if not is_passing(output) or time.monotonic() > deadline:
            raise explain(output, doing="Se pidió algo a la base de datos")
        time.sleep(0.25)
