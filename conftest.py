"""The test database is made and migrated by the owner role; every test then enters as the application.

So a test that passes has passed with the privileges the product runs with.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test.utils import setup_databases, teardown_databases

from caudal.kernel import server

pytest_plugins = ["tests.town.fixtures", "tests.journeys.fixtures"]


def _enter_as(alias: str) -> None:
    """Let the default connection sign in with the login of another alias."""
    connections["default"].close()
    for word in ("USER", "PASSWORD"):
        connections["default"].settings_dict[word] = connections[alias].settings_dict[word]


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    server.ensure_running()
    config = request.config
    keep = config.getvalue("reuse_db") and not config.getvalue("create_db")
    application = dict(connections["default"].settings_dict)
    suffix = getattr(config, "workerinput", {}).get("workerid", "")
    if suffix:
        for alias in ("default", "owner"):
            settings = connections[alias].settings_dict
            name = settings["TEST"].get("NAME") or f"test_{settings['NAME']}"
            settings["TEST"]["NAME"] = f"{name}_{suffix}"
    with django_db_blocker.unblock():
        _enter_as("owner")
        made = setup_databases(verbosity=0, interactive=False, keepdb=keep, aliases=["default"])
        connections["owner"].settings_dict["NAME"] = connections["default"].settings_dict["NAME"]
        connections["default"].close()
        connections["default"].settings_dict.update(
            USER=application["USER"], PASSWORD=application["PASSWORD"]
        )
    yield
    with django_db_blocker.unblock():
        connections["owner"].close()
        _enter_as("owner")
        if not keep:
            teardown_databases(made, verbosity=0)
