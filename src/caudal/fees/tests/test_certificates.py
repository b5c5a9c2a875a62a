"""The certificate of no debt: issued once, true for its day, copied as a copy, checked by anybody."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
import zxingcpp
from django.test import Client
from pypdfium2 import PdfDocument
from tests.town.cast import Town, moment

from caudal.documents.tests.paper import words
from caudal.fees import commands as fees
from caudal.fees import papers, policy, queries
from caudal.fees.models import CertificatePrint, CounterService, NoDebtCertificate
from caudal.fees.tests.counter import TODAY, ask, deliver, owe, pay, written
from caudal.kernel.models import Folio
from caudal.registry import commands as registry

pytestmark = pytest.mark.django_db


def certified(town: Town) -> NoDebtCertificate:
    """Doña Lupita asks, pays $110.20 and gets it."""
    service = ask(town.lupita, "CONSTANCIA", asked_for="Notaría 2")
    pay(service)
    deliver(service)
    return NoDebtCertificate.objects.get(service=service)


def printed(certificate: NoDebtCertificate) -> CertificatePrint:
    return fees.print_certificate(certificate=certificate, at=moment(TODAY, 13), by="marta")


def spoken(client: Client, code: str) -> tuple[int, str]:
    answer = client.get(f"/constancias/{code}/")
    body = re.sub(r"<head>.*?</head>", "", answer.content.decode(), flags=re.DOTALL)
    return answer.status_code, re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def test_it_holds_thirty_days_counting_the_first(priced: Town) -> None:
    """31 January is day 1: day 30 is 1 March, for February 2019 had 28."""
    certificate = certified(priced)
    assert (certificate.folio, certificate.issued_on, certificate.valid_until) == (
        "CNA-000001", TODAY, date(2019, 3, 1),
    )  # fmt: skip
    assert certificate.valid_until - certificate.issued_on == timedelta(days=29)
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{20}", certificate.code)


def test_the_utility_decides_for_how_long(priced: Town) -> None:
    fees.change_rules(certificate_days=90, reason="Acuerdo", by="salas", at=moment(TODAY))
    assert certified(priced).valid_until == TODAY + timedelta(days=89)


def test_a_bill_issued_before_it_is_handed_over_stops_it(priced: Town) -> None:
    service = ask(priced.lupita, "CONSTANCIA")
    pay(service)
    owe(priced.lupita, 84_00, period=201901, due_on=date(2019, 2, 15))
    before = written()
    with pytest.raises(fees.CannotCertify, match=r"la cuenta debe \$84.00 de enero 2019"):
        deliver(service)
    assert written() == before and not NoDebtCertificate.objects.exists()
    assert not Folio.objects.filter(series="constancia").exists()


def test_it_keeps_saying_what_was_true_that_day(priced: Town) -> None:
    """The account changes hands the next day and owes again: the certificate says what it said."""
    certificate = certified(priced)
    registry.change_holder(
        account=priced.lupita, holder=registry.Holder(full_name="Ana Ortega"), on=date(2019, 2, 1), reason="Venta",
        by="marta", at=moment(date(2019, 2, 1)),
    )  # fmt: skip
    owe(priced.lupita, 84_00, period=201901, due_on=date(2019, 2, 15))
    paper = words(papers.certificate_pdf(printed=printed(certificate)))
    assert "a nombre de Guadalupe Núñez Viuda de Ortega" in paper and "Ana Ortega" not in paper
    assert queries.validity(certificate=certificate, on=date(2019, 2, 2)) == "vigente"


def test_the_first_on_paper_is_the_original_and_the_rest_are_copies(priced: Town) -> None:
    certificate = certified(priced)
    told = [words(papers.certificate_pdf(printed=printed(certificate))) for _ in range(3)]
    assert "COPIA" not in told[0] and "COPIA 1" in told[1] and "COPIA 2" in told[2]
    assert NoDebtCertificate.objects.count() == 1
    assert list(CertificatePrint.objects.order_by("copy").values_list("copy", flat=True)) == [0, 1, 2]


def test_the_paper_says_what_a_notary_looks_for(priced: Town) -> None:
    certificate = certified(priced)
    pdf = papers.certificate_pdf(printed=printed(certificate))
    paper = words(pdf)
    for sentence in (
        "Constancia de no adeudo", "CNA-000001", "la cuenta de agua 010 293",
        "con servicio en Morelos 293, Centro, La Barca (Habitacional genérica)",
        "no tiene ningún adeudo con este organismo el día 31 de enero de 2019.", "a petición de Notaría 2",
        "Tiene vigencia hasta el 1 de marzo de 2019", "La Barca, a 31 de enero de 2019.",
        "Trámite TRA-000001 · comprobante de pago A-000001", " ".join(re.findall("....", certificate.code)),
    ):  # fmt: skip
        assert sentence in paper, sentence
    page = PdfDocument(pdf)[0].render(scale=300 / 72, grayscale=True).to_pil()
    assert [code.text for code in zxingcpp.read_barcodes(page)] == [
        f"https://agua.labarca.example/constancias/{certificate.code}/"
    ]


def test_anybody_may_ask_whether_it_holds(
    client: Client, priced: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Valid on its last day, expired on the next. The name is only hinted at: the code may be photographed."""
    certificate = certified(priced)
    monkeypatch.setenv("CAUDAL_NOW", "2019-03-01T23:59")
    status, page = spoken(client, certificate.code)
    assert status == 200 and "Vigente. Es nuestra y vale hasta el 1 mar 2019." in page
    assert "Folio CNA-000001 Cuenta 010293 A nombre de Guadalupe N. V. D. O. Expedida 31 ene 2019" in page
    assert "Núñez" not in page
    monkeypatch.setenv("CAUDAL_NOW", "2019-03-02T00:01")
    assert "Vencida. Es nuestra, pero valió hasta el 1 mar 2019." in spoken(client, certificate.code)[1]


def test_the_code_is_understood_as_people_type_it(client: Client, priced: Town) -> None:
    code = certified(priced).code
    typed = " ".join(re.findall("....", code)).lower().replace("0", "o").replace("1", "l")
    assert spoken(client, typed)[0] == 200


@pytest.mark.parametrize("code", ["7KQ2", "0" * 20, "x" * 500, "%00", "á", "' OR 1=1"])
def test_what_we_did_not_issue_is_unknown(client: Client, priced: Town, code: str) -> None:
    certified(priced)
    status, page = spoken(client, code)
    assert status == 404 and "Desconocida. No expedimos ninguna constancia con ese código." in page
    assert "010293" not in page and "392 935 0000" in page


def test_codes_do_not_repeat() -> None:
    assert len({policy.new_code() for _ in range(1_000)}) == 1_000


def test_a_service_without_a_certificate_has_none_to_print(priced: Town) -> None:
    service = ask(priced.rancho, "PIPA-10000", place="Establo")
    assert not hasattr(CounterService.objects.select_related("certificate").get(pk=service.pk), "certificate")
