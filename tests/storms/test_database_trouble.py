"""The database goes away, or its disk fills up, while people work: they read what to do, and nothing is half-saved."""

import pytest
from django.db import OperationalError
from django.test import Client

from caudal.kernel import trouble


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ('connection failed: connection to server on socket "/x/.s.PGSQL.5432" failed: No such file or directory',
         "La base de datos está apagada."),
        ("connection failed: Connection refused", "La base de datos está apagada."),
        ('could not extend file "base/5/16384": No space left on device', "El disco de la base de datos está lleno."),
        ("canceling statement due to lock timeout", "Otra persona está trabajando con los mismos datos."),
        ("FATAL: sorry, too many clients already", "El servidor de la base de datos no acepta más conexiones."),
    ],
)  # fmt: skip
def test_each_trouble_has_its_sentence(told: str, what: str) -> None:
    assert trouble.explain(OperationalError(told)).what == what


def test_a_page_without_database_says_so_and_does_not_ask_it_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Verónica reloads while the server is down: the sign-in page needs the database and cannot have it."""

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("connection failed: Connection refused")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", refuse)
    answer = client.get("/entrar/")
    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "La base de datos está apagada." in page
    assert "Traceback" not in page
