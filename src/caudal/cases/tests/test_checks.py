"""The check of reports is silent after a full story, and speaks when something was written past every command."""

import pytest
from django.db import connection
from tests.town.cast import Town

from caudal.cases import commands
from caudal.cases.checks import CHECKS
from caudal.cases.models import CaseEntry
from caudal.cases.tests.desk import NINE, later, leak

pytestmark = pytest.mark.django_db


def found() -> dict[str, list[str]]:
    return {check.name: check.find() for check in CHECKS}


def test_a_full_story_is_sound(april: Town) -> None:
    first, second = leak(), leak()
    commands.merge_cases(case=second, into=first, at=later(hours=1), by="marta")
    claim = leak(type="missing_payment", account=april.chuy)
    commands.resolve_case(case=claim, text="Se encontró.", decision="upheld", at=later(hours=2), by="marta")
    leak(type="high_consumption", account=april.chuy)
    assert found() == {"cases": [], "claims": [], "merges": []}


def test_what_was_written_past_the_commands_is_named(april: Town) -> None:
    claim = leak(type="missing_payment", account=april.chuy)
    CaseEntry.objects.create(case=claim, kind="resolved", text="Sin decidir", at=NINE, by="x")
    bare, other = leak(), leak()
    CaseEntry.objects.create(case=bare, kind="merged", other=other, at=NINE, by="x")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET folio = 'REP-000077' WHERE folio = %s", [other.folio])
    assert found() == {
        "cases": ["REP-000003: falta el folio o el reporte.", "REP-000077: falta el folio o el reporte."],
        "claims": ["REP-000001 terminó y su importe sigue reclamado."],
        "merges": ["REP-000002 se unió a otro que no lo sabe."],
    }
