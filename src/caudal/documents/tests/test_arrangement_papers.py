"""The papers of an agreement: they add up to the centavo, say what is conditional, and are read back from the PDF."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from pypdfium2 import PdfDocument

from caudal.documents import arrangement_papers
from caudal.documents.arrangement_papers import ContractSheet, DebtText, InstallmentText
from caudal.documents.layouts import SheetDoesNotAddUp
from caudal.documents.tests.paper import words
from caudal.documents.tests.sheets import SIBAPAS

LONG = "Sucesión testamentaria de María de la Concepción Guadalupe Villaseñor Hernández de los Santos y Mora"


def chuy(**changes: Any) -> ContractSheet:
    """Chuy owes $1,000.00 of water and $80.00 of surcharges; 75 % of them, $60.00, is forgiven: $1,020.00.

    $300.00 today, and $720.00 in six of $120.00.
    """
    facts: dict[str, Any] = {
        "issuer": SIBAPAS, "folio": "CON-000001", "account_number": "010117", "holder_name": "Jesús Ramírez Ochoa",
        "service_address": "Hidalgo 117, Centro", "usage": "Habitacional genérica", "signed_on": date(2019, 4, 10),
        "signer_name": "Jesús Ramírez Ochoa", "signer_as": "titular", "attended_by": "Marta Orozco Vega",
        "locality": "La Barca",
        "debts": (
            DebtText(period="noviembre 2018", concept="Agua", owed_cents=500_00),
            DebtText(period="noviembre 2018", concept="Recargos", owed_cents=50_00, waived_cents=37_50),
            DebtText(period="diciembre 2018", concept="Agua", owed_cents=500_00),
            DebtText(period="diciembre 2018", concept="Recargos", owed_cents=30_00, waived_cents=22_50),
        ),
        "installments": (
            InstallmentText(number=0, due_on=date(2019, 4, 10), principal_cents=300_00),
            *(
                InstallmentText(number=number, due_on=date(2019, 4 + number, 10), principal_cents=120_00)
                for number in range(1, 7)
            ),
        ),
        "waiver_name": "Abril: 75 % de recargos", "waiver_source": "acuerdo de cabildo 114/2019",
        "article": "Art. 61 del reglamento",
        "on_default": ("Con 2 parcialidades vencidas sin pagar el convenio termina.",),
    }  # fmt: skip
    return ContractSheet(**{**facts, **changes})


def all_words(pdf: bytes) -> str:
    return " ".join(words(pdf, page) for page in range(len(PdfDocument(pdf))))


def test_a_table_that_does_not_add_up_is_not_printed() -> None:
    short = (InstallmentText(number=1, due_on=date(2019, 5, 10), principal_cents=1_019_99),)
    with pytest.raises(SheetDoesNotAddUp, match="CON-000001"):
        chuy(installments=short)


def test_the_contract_says_what_is_owed_forgiven_and_when_it_is_paid() -> None:
    """$1,080.00 − $60.00 = $1,020.00 = $300.00 + 6 × $120.00."""
    told = all_words(arrangement_papers.contract_pdf(sheet=chuy()))
    for sentence in (
        "Convenio de pago", "CON-000001", "010 117", "Jesús Ramírez Ochoa, titular de la cuenta de agua 010 117",
        "noviembre 2018 Agua $500.00 $500.00 Recargos $50.00 −$37.50 $12.50",
        "Total $1,080.00 −$60.00 $1,020.00", "mil veinte pesos 00/100 M.N.",
        "Condonación de $60.00, con condición. Abril: 75 % de recargos, acuerdo de cabildo 114/2019.",
        "si se incumple, se vuelve a deber.", "Pago inicial 10 abr 2019 $300.00", "6 10 oct 2019 $120.00",
        "Quien firma paga hoy $300.00 y 6 parcialidades en sus fechas.",
        "Con 2 parcialidades vencidas sin pagar el convenio termina.", "Los recibos de cada mes",
        "Por el organismo", "como se dice. Fundamento: Art. 61 del reglamento.",
    ):  # fmt: skip
        assert sentence in told, sentence
    assert "prórroga" not in told and "Autorizó" not in told


def test_without_a_waiver_nothing_speaks_of_one() -> None:
    debts = (DebtText(period="noviembre 2018", concept="Agua", owed_cents=120_00),)
    one = (InstallmentText(number=1, due_on=date(2019, 5, 10), principal_cents=120_00),)
    told = all_words(
        arrangement_papers.contract_pdf(sheet=chuy(debts=debts, installments=one, approved_by="Héctor Salas"))
    )
    assert "ondon" not in told and "Quien firma paga 1 parcialidad en su fecha." in told
    assert "Héctor Salas Autorizó las condiciones" in told


def test_what_was_in_favor_is_taken_off_in_sight() -> None:
    """$1,080.00 − $60.00 forgiven − $20.00 in favor = $1,000.00."""
    one = (InstallmentText(number=1, due_on=date(2019, 5, 10), principal_cents=1_000_00),)
    told = all_words(arrangement_papers.contract_pdf(sheet=chuy(favor_cents=20_00, installments=one)))
    assert "Total $1,080.00 −$60.00 $1,020.00 Saldo a favor que se aplica −$20.00" in told
    assert "Se conviene pagar $1,000.00 Se conviene pagar: mil pesos 00/100 M.N." in told


def test_running_surcharges_are_a_column_of_the_table() -> None:
    """$1,020.00 in one payment a month later, 1 % of it: $10.20 more."""
    one = (
        InstallmentText(number=1, due_on=date(2019, 5, 10), principal_cents=1_020_00, deferral_cents=10_20),
    )
    told = all_words(arrangement_papers.contract_pdf(sheet=chuy(installments=one)))
    assert "Recargo por prórroga" in told and "1 10 may 2019 $1,020.00 $10.20 $1,030.20" in told
    assert "Total $1,020.00 $10.20 $1,030.20" in told


def test_no_clause_is_printed_over_another() -> None:
    """The last line of what happens on default is above the clause that follows: 9.6 pt of type and some air."""
    page = PdfDocument(arrangement_papers.contract_pdf(sheet=chuy()))[0].get_textpage()
    text = page.get_text_range()
    above, below = text.index("convenio termina."), text.index("Los pagarés")
    gap = page.get_charbox(above)[1] - page.get_charbox(below)[3]
    assert gap > 4, gap


def test_each_installment_that_waits_has_its_note() -> None:
    """Six notes of $120.00, three a page; what is paid today has none."""
    pdf = arrangement_papers.promissory_notes_pdf(sheet=chuy())
    told = all_words(pdf)
    assert len(PdfDocument(pdf)) == 2 and told.count("prometo incondicionalmente pagar") == 6
    assert "Pagaré 1 de 6 Bueno por $120.00" in told and "Pagaré 6 de 6" in told and "$300.00" not in told
    assert "$120.00 (ciento veinte pesos 00/100 M.N.) el día 10 de mayo de 2019, en La Barca" in told
    assert (
        f"a la orden de {SIBAPAS.long_name}" in told and "Suscrito en La Barca, a 10 de abril de 2019" in told
    )


@pytest.mark.parametrize("make", [arrangement_papers.contract_pdf, arrangement_papers.promissory_notes_pdf])
def test_the_papers_are_tagged_in_spanish_and_the_same_twice(make: Any) -> None:
    pdf = make(sheet=chuy())
    root = PdfReader(BytesIO(pdf)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "es-MX" and pdf == make(sheet=chuy())


def test_the_longest_debt_takes_pages_and_the_longest_names_keep_to_their_note() -> None:
    """Five years of two concepts: 120 rows, $1.00 each, in 24 payments of $5.00."""
    debts = tuple(
        DebtText(period=f"mes {month}", concept=concept, owed_cents=1_00)
        for month in range(60)
        for concept in ("Agua", "Recargos")
    )
    parts = tuple(
        InstallmentText(number=number, due_on=date(2019, 5, number), principal_cents=5_00)
        for number in range(1, 25)
    )
    sheet = chuy(debts=debts, installments=parts, holder_name=LONG, signer_name=LONG, service_address=LONG)
    contract = arrangement_papers.contract_pdf(sheet=sheet)
    assert 3 <= len(PdfDocument(contract)) <= 5 and "mes 59" in all_words(contract)
    assert len(PdfDocument(arrangement_papers.promissory_notes_pdf(sheet=sheet))) == 8
