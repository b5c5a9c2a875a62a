"""Where a database is and who enters it: one value, written as an address, as Django settings or for psql."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from caudal.kernel.refusals import Refusal

OWNER = "caudal_owner"
WEB = "caudal_web"
GROUP = "caudal_app"
SUPERUSER = "postgres"
DATABASE = "caudal"
EXAMPLE = "postgresql://usuario:clave@servidor:5432/caudal"


class BadDatabaseAddress(Refusal):
    """DATABASE_URL cannot be understood."""


@dataclass(frozen=True, slots=True)
class Connection:
    """One login at one database. `host` may be a socket folder, or several hosts separated by commas."""

    user: str
    password: str = field(repr=False)
    database: str
    host: str
    port: str
    options: tuple[tuple[str, str], ...] = ()

    def url(self, *, with_password: bool = True) -> str:
        """The address as DATABASE_URL takes it; socket folders travel in the query."""
        login = quote(self.user, safe="")
        if with_password and self.password:
            login += ":" + quote(self.password, safe="")
        path = "/" + quote(self.database, safe="")
        options = dict(self.options)
        if self.host.startswith("/"):
            place = ""
            options = {"host": self.host, "port": self.port} | options
        else:
            place = ",".join(_places(self.host, self.port))
        query = "?" + urlencode(options, quote_via=quote) if options else ""
        return f"postgresql://{login}@{place}{path}{query}"

    def django(self) -> dict[str, Any]:
        """One entry of Django's DATABASES. A lost server is noticed before a page begins, not in the middle."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": self.database,
            "USER": self.user,
            "PASSWORD": self.password,
            "HOST": self.host,
            "PORT": self.port,
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"connect_timeout": 10, "application_name": "caudal"} | dict(self.options),
        }

    def libpq(self) -> dict[str, str]:
        """Environment for psql and its kin: a password on a command line is read by every user."""
        words = {
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
            "PGDATABASE": self.database,
            "PGHOST": self.host,
            "PGPORT": self.port,
            "PGCONNECT_TIMEOUT": "10",
            "PGAPPNAME": "caudal",
        }
        renamed = {"connect_timeout": "PGCONNECT_TIMEOUT", "application_name": "PGAPPNAME"}
        for name, value in self.options:
            words[renamed.get(name, "PG" + name.upper().replace("_", ""))] = value
        return {name: value for name, value in words.items() if value}

    def at(self, database: str) -> "Connection":
        """The same login at another database."""
        return replace(self, database=database)


def parse(url: str, *, variable: str = "DATABASE_URL") -> Connection:
    """Read an address like `postgresql://user:password@host:5432/caudal?sslmode=require`.

    Sockets: `postgresql://user@/caudal?host=/run/postgresql`. Several hosts: `h1:5432,h2:5432`.

    :raises BadDatabaseAddress: another scheme, no database, no user, a port that is no number
    """

    def refuse(what: str) -> BadDatabaseAddress:
        return BadDatabaseAddress(f"La dirección en {variable} {what}.", f"Escríbala así: {EXAMPLE}.")

    try:
        parts = urlsplit(url.strip())
        query = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError as problem:
        raise refuse("no se entiende") from problem
    if parts.scheme not in ("postgres", "postgresql"):
        raise refuse("no es de PostgreSQL, la única base de datos con la que trabaja Caudal")
    login, _, place = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    user = query.pop("user", "") or unquote(user)
    password = query.pop("password", "") or unquote(password)
    database = query.pop("dbname", "") or unquote(parts.path.lstrip("/"))
    if not user:
        raise refuse("no dice con qué usuario entrar")
    if not database or "/" in database:
        raise refuse("no dice el nombre de la base de datos")
    hosts, ports = _split_places(unquote(place))
    host = query.pop("host", "") or hosts or "localhost"
    port = query.pop("port", "") or ports
    if not all(part.isascii() and part.isdigit() and 0 < int(part) < 65536 for part in port.split(",")):
        raise refuse("tiene un puerto que no es un número entre 1 y 65535")
    return Connection(user, password, database, host, port, tuple(query.items()))


def _split_places(place: str) -> tuple[str, str]:
    """`a:1,b` → hosts `a,b`, ports `1,5432`; an IPv6 address stands in brackets."""
    hosts, ports = [], []
    for each in place.split(","):
        host, colon, port = each.rpartition(":")
        if not colon or each.endswith("]"):
            host, port = each, ""
        hosts.append(host.strip("[]"))
        ports.append(port or "5432")
    return ",".join(hosts), ",".join(ports)


def _places(hosts: str, ports: str) -> list[str]:
    names = hosts.split(",")
    numbers = ports.split(",")
    if len(numbers) == 1:
        numbers *= len(names)
    return [f"[{n}]:{p}" if ":" in n else f"{n}:{p}" for n, p in zip(names, numbers, strict=True)]


def configured(environ: Mapping[str, str], *, role: str) -> Connection | None:
    """The connection an operator configured for `app` or `owner`; None where the embedded server serves.

    CAUDAL_DATABASE names another database on the same server (the demo never touches the real one).

    :raises BadDatabaseAddress: see `parse`
    """
    variable = "DATABASE_URL"
    if not environ.get(variable):
        return None
    if role != "app" and environ.get("DATABASE_OWNER_URL"):
        variable = "DATABASE_OWNER_URL"
    found = parse(environ[variable], variable=variable)
    return found.at(environ["CAUDAL_DATABASE"]) if environ.get("CAUDAL_DATABASE") else found
