"""The papers of a counter service: they add up, keep to one page, and say the same twice."""

from datetime import date
from typing import Any

import pytest
from pypdfium2 import PdfDocument

from caudal.documents import counter_papers
from caudal.documents.counter_papers import CertificateSheet, ServiceSheet
from caudal.documents.layouts import SheetDoesNotAddUp
from caudal.documents.tests.paper import words
from caudal.documents.tests.sheets import SIBAPAS

LONG = (
    "Sucesión testamentaria de María de la Concepción Guadalupe Villaseñor Hernández de los Santos y Mora, S.C. "
    * 2
)


def order(**changes: Any) -> ServiceSheet:
    """$180.00 + 16 % = $28.80: $208.80."""
    facts: dict[str, Any] = {
        "issuer": SIBAPAS, "folio": "TRA-000012", "name": "Cambio de propietario", "article": "Art. 45",
        "tariff_name": "Ley 2019", "account_number": "010293", "holder_name": "Guadalupe Núñez",
        "service_address": "Morelos 293", "usage": "Habitacional", "asked_on": date(2019, 1, 31),
        "asked_by": "Verónica Torres", "asked_for": "Ana Ortega", "amount_cents": 180_00, "vat_cents": 28_80,
        "total_cents": 208_80, "open_cents": 208_80, "state": "por pagar",
    }  # fmt: skip
    return ServiceSheet(**{**facts, **changes})


def certificate(**changes: Any) -> CertificateSheet:
    facts: dict[str, Any] = {
        "issuer": SIBAPAS, "folio": "CNA-000003", "code": "7KQ2M9XX4TB1C0DE5FGH",
        "verification": "https://agua.labarca.example/constancias/7KQ2M9XX4TB1C0DE5FGH/", "account_number": "010293",
        "holder_name": "Guadalupe Núñez", "asked_for": "Guadalupe Núñez", "service_address": "Morelos 293",
        "usage": "Habitacional", "cadastral_key": "", "locality": "", "issued_on": date(2019, 1, 31),
        "valid_until": date(2019, 3, 1), "issued_by": "Verónica Torres", "service_folio": "TRA-000013",
    }  # fmt: skip
    return CertificateSheet(**{**facts, **changes})


def test_a_price_that_does_not_add_up_is_not_printed() -> None:
    with pytest.raises(SheetDoesNotAddUp, match="TRA-000012"):
        order(total_cents=208_81)


def test_the_order_says_what_is_owed_until_it_is_paid() -> None:
    owed, paid = (words(counter_papers.service_pdf(sheet=order(open_cents=cents))) for cents in (208_80, 0))
    assert "Por pagar en caja: $208.80." in owed and "Por pagar en caja" not in paid
    assert "Importe $180.00 IVA $28.80 Total $208.80" in owed


def test_facts_without_a_value_leave_no_label() -> None:
    told = words(counter_papers.service_pdf(sheet=order(facts=(("RFC", ""), ("CURP", "NUVG530101")))))
    assert "CURP NUVG530101" in told and "RFC NUV" not in told and "Nota" not in told and "Dónde" not in told


def test_the_longest_names_keep_to_one_page() -> None:
    for pdf in (
        counter_papers.service_pdf(
            sheet=order(
                holder_name=LONG, asked_for=LONG, place=LONG, note=LONG, facts=(("Documentos", LONG),)
            )
        ),
        counter_papers.certificate_pdf(
            sheet=certificate(
                holder_name=LONG, asked_for=LONG + "x", service_address=LONG, locality="La Barca"
            )
        ),
    ):
        assert len(PdfDocument(pdf)) == 1


def test_a_certificate_for_the_holder_does_not_name_them_twice() -> None:
    mine = words(counter_papers.certificate_pdf(sheet=certificate()))
    other = words(counter_papers.certificate_pdf(sheet=certificate(asked_for="Notaría 2")))
    assert "a petición de la persona interesada" in mine and "a petición de Notaría 2" in other
    assert "7KQ2 M9XX 4TB1 C0DE 5FGH" in mine and "comprobante" not in mine and "clave catastral" not in mine


def test_the_same_facts_are_the_same_bytes() -> None:
    assert counter_papers.certificate_pdf(sheet=certificate()) == counter_papers.certificate_pdf(
        sheet=certificate()
    )
