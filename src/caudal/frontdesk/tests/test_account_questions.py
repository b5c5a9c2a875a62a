"""The account page reads each thing once, however many parts of it need it."""

import re
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]


def test_the_card_and_the_timeline_share_what_was_read_of_the_registry(
    enter_as: Callable[[str], Client],
) -> None:
    client = enter_as("veronica")
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/cuentas/010293/").content.decode()

    told = Counter(
        found[1]
        for each in asked.captured_queries
        if (found := re.search(r'FROM "(registry_\w+)"', each["sql"]))
    )
    tables = ("accountholder", "serviceagreement", "serviceinterruption", "benefit")
    assert {each: told[f"registry_{each}"] for each in tables} == dict.fromkeys(tables, 1)
    assert "Beneficio: adulto mayor" in page and "Guadalupe Núñez Viuda de Ortega" in page
