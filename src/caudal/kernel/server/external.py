"""A PostgreSQL that somebody else runs: is it fit, and how its roles and database are made."""

import secrets
from dataclasses import replace

from caudal.kernel.server import binaries, sql
from caudal.kernel.server.connections import OWNER, WEB, Connection
from caudal.kernel.server.diagnosis import WrongVersion


def verify(found: Connection) -> int:
    """Make sure that the server answers and is recent enough → its version number (180006).

    :raises DatabaseProblem: it does not answer, or refuses the login
    :raises WrongVersion: older than PostgreSQL 15
    """
    number = int(sql.execute("SHOW server_version_num;", at=found, programs=binaries.choose(data_major=None)))
    if number < binaries.OLDEST_MAJOR * 10_000:
        raise WrongVersion(
            f"El servidor es PostgreSQL {number // 10_000}.",
            f"Caudal necesita PostgreSQL {binaries.OLDEST_MAJOR} o más nuevo: actualícelo o use otro servidor.",
        )
    return number


def create_database(*, owner: Connection, name: str) -> None:
    """Create a database that belongs to the owner's login, unless it exists.

    :raises DatabaseProblem: the login may not create databases, or the name is not usable
    """
    sql.execute(
        sql.create_database(name, owner=owner.user), at=owner, programs=binaries.choose(data_major=None)
    )


def prepare(*, superuser: Connection, database: str, renew_passwords: bool = False) -> dict[str, str]:
    """Make the roles and the database of Caudal on a server → the two addresses to configure.

    Repeating it is harmless. Several utilities may share a server, and with it the two logins: those that exist
    keep their passwords (their address comes without one) unless `renew_passwords`.

    :raises DatabaseProblem: the login is no superuser, or the server does not answer
    :raises WrongVersion: older than PostgreSQL 15
    """
    verify(superuser)
    programs = binaries.choose(data_major=None)
    known = sql.execute("SELECT rolname FROM pg_roles;", at=superuser, programs=programs).split("\n")
    new = [role for role in (WEB, OWNER) if renew_passwords or role not in known]
    words = {role: secrets.token_urlsafe(24) for role in new}
    # the one who creates a database for another role must be a member of it, unless a superuser
    member = f"DO $$ BEGIN IF NOT pg_has_role('{OWNER}', 'MEMBER') THEN GRANT {OWNER} TO CURRENT_USER; END IF; END $$;"
    script = sql.ROLES + sql.set_passwords(words) + member + "\n" + sql.create_database(database, owner=OWNER)
    sql.execute(script, at=superuser, programs=programs)

    def address(role: str) -> str:
        return replace(superuser, user=role, password=words.get(role, ""), database=database).url()

    return {"DATABASE_URL": address(WEB), "DATABASE_OWNER_URL": address(OWNER)}
