"""PostgreSQL for this installation: the embedded server, or the one an operator points at.

Owns: the server's folder under CAUDAL_HOME, its socket, its roles and their passwords. Verbs: `ensure_running`,
`ensure_database`, `Cluster.stop`. Invariants: durable settings always on; the server never runs as root; nothing
starts while settings are only being imported.
"""

import os
from collections.abc import Mapping
from typing import Any

from caudal.kernel.server import places
from caudal.kernel.server.cluster import Cluster
from caudal.kernel.server.connections import DATABASE, Connection, configured
from caudal.kernel.server.external import create_database, verify
from caudal.kernel.server.places import home

__all__ = [
    "Cluster",
    "Connection",
    "connection",
    "django_databases",
    "ensure_database",
    "ensure_running",
    "home",
]


def connection(*, role: str = "app", environ: Mapping[str, str] = os.environ) -> Connection:
    """The login of `app` (everything), `owner` (migrations) or `superuser` at this installation's database.

    Starts nothing and refuses nothing: before the first start of the embedded server the password is empty.
    """
    return configured(environ, role=role) or Cluster(home(environ)).connection(
        role=role, database=environ.get("CAUDAL_DATABASE") or DATABASE
    )


def django_databases(*, environ: Mapping[str, str] = os.environ) -> dict[str, dict[str, Any]]:
    """Django's DATABASES: `default` enters as the application, `owner` as the owner, for migrations only.

    CAUDAL_TEST_DB names the test database; both entries share it.
    """
    test_name = environ.get("CAUDAL_TEST_DB")
    default = connection(role="app", environ=environ).django()
    owner = connection(role="owner", environ=environ).django() | {"CONN_MAX_AGE": 0}
    default["TEST"] = {"NAME": test_name} if test_name else {}
    owner["TEST"] = {"MIRROR": "default"}
    return {"default": default, "owner": owner}


def ensure_running(*, environ: Mapping[str, str] = os.environ) -> None:
    """Make the database answer: start the embedded server if it is not running, or verify the configured one.

    :raises Refusal: it cannot be started or reached, or is older than PostgreSQL 15; says what to do
    """
    found = configured(environ, role="app")
    if found is not None:
        verify(found)
    else:
        Cluster(places.home(environ)).ensure_running()


def ensure_database(*, name: str, environ: Mapping[str, str] = os.environ) -> None:
    """Create the database `name`, owned by the owner role, unless it exists.

    :raises Refusal: the owner role may not create databases
    """
    owner = connection(role="owner", environ=environ)
    create_database(owner=owner.at("postgres"), name=name)
