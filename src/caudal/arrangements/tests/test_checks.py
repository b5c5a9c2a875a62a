"""The checks find what was moved behind their back, and nothing else."""

from datetime import date

import pytest
from django.db import connection
from tests.town.cast import Town

from caudal.arrangements import checks
from caudal.arrangements.tests.desk import default, sign
from caudal.kernel import folios
from caudal.ledger import catalog
from caudal.ledger import commands as ledger
from caudal.ledger.models import DocumentKind

pytestmark = pytest.mark.django_db


def found() -> dict[str, list[str]]:
    return {check.name: said for check in checks.CHECKS if (said := check.find())}


def test_nothing_is_found_while_all_agrees(april: Town) -> None:
    default(sign(april.chuy), on=date(2019, 7, 21))
    assert found() == {}


def test_an_installment_of_no_agreement(april: Town) -> None:
    sign(april.chuy)
    ledger.post_charges(
        account=april.chuy, lines=[ledger.ChargeLine(catalog.INSTALLMENT, 1_00)],
        document_kind=DocumentKind.INSTALLMENT, due_on=date(2019, 5, 1), on=date(2019, 4, 21), at=april.at, by="laura",
    )  # fmt: skip
    assert list(found()) == ["installments"] and "no es de ningún convenio" in found()["installments"][0]


def test_a_folio_without_its_agreement(april: Town) -> None:
    folios.take(series="convenio")
    assert found() == {
        "arrangements": ["El folio CON-000001 no tiene su convenio, o el convenio no tomó su folio."]
    }


def test_one_broken_whose_debt_was_not_restored(april: Town) -> None:
    """Its end is written and nothing else is done."""
    signed = sign(april.chuy)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM arrangements_livearrangement")
        cursor.execute(
            'INSERT INTO arrangements_arrangementend (arrangement_id, kind, reason, "on", at, by, paid_cents,'
            " reopened_cents, replayed_cents, in_favor_cents, waiver_taken_back_cents, forgiven_cents,"
            " penalty_cents, standing) VALUES (%s, 'defaulted', 'x', '2019-07-21', now(), 'x', 0, 0, 0, 0, 0, 0, 0, '[]')",
            [signed.pk],
        )
    said = found()["arrangement_ends"]
    assert "CON-000001: CON-000001 debería estar deshecho" in said[0] and len(said) == 1 + 5
