"""What else reaches the counter on paper: a CLABE, the barcode of a shop, a service asked for, a certificate."""

from datetime import date
from typing import Any

import pytest
from tests.journeys.story import TODAY
from tests.town.cast import moment

from caudal.cashier import commands as cashier
from caudal.cashier.channels import examples, layout
from caudal.cashier.models import PaymentChannel
from caudal.documents.payment_codes import LENGTH
from caudal.fees.models import CounterService, NoDebtCertificate
from caudal.frontdesk import papers, queries
from caudal.registry.models import Account, Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]
DUE = date(2019, 2, 15)


def channel(example: str, **reference: Any) -> PaymentChannel:
    """A channel like an example, perhaps with other references."""
    document = {**layout.from_toml(text=examples.text(name=example)).document}
    if reference:
        document["reference"] = reference
    return cashier.open_channel(
        code=example, name=f"Banco {example}", series=f"B{PaymentChannel.objects.count()}", layout=document,
        at=moment(TODAY), by="salas",
    )  # fmt: skip


def reference(made: PaymentChannel, number: str = "010293") -> str:
    kind = layout.from_document(document=made.layout).reference
    return kind.make(account_number=number, amount_cents=14_509, due_on=DUE)


def found(text: str) -> list[tuple[str, str]]:
    return [(row.number, row.why) for row in queries.search(text=text)]


class TestChannels:
    @pytest.mark.parametrize(
        ("example", "kind"),
        [
            ("spei", {}),
            ("oxxo", {}),
            ("bbva-cie", {}),
            ("plain", {"kind": "gs1_slip"}),
            ("plain", {"kind": "checked", "account_digits": 14}),
        ],
    )
    def test_a_reference_leads_to_its_account_and_says_of_which_bank(
        self, example: str, kind: dict[str, Any]
    ) -> None:
        text = reference(channel(example, **kind))
        assert found(text) == [("010293", f"referencia de Banco {example}")]
        assert queries.resolve(text=text) == "010293"

    def test_a_clabe_is_read_as_people_write_it(self) -> None:
        """Bank, town, account, digit: 646 180 …; and Don Chuy's is another."""
        spei = channel("spei")
        lupita, chuy = reference(spei), reference(spei, "010117")
        assert len(lupita) == 18 and lupita.startswith("6461801234")
        for written in (
            f"{lupita[:3]} {lupita[3:6]} {lupita[6:17]} {lupita[17]}",
            f" {lupita}\N{NO-BREAK SPACE}",
        ):
            assert queries.resolve(text=written) == "010293"
        assert queries.resolve(text=chuy) == "010117"

    def test_a_slip_is_read_from_its_reader_and_as_it_is_printed(self) -> None:
        """A search box turns what separates the values into blanks."""
        slip = reference(channel("plain", kind="gs1_slip"))
        parts = slip.split("\x1d")
        assert parts[0].startswith("8020") and parts[1:] == ["39020000014509", "90MXN"]
        printed = f"(8020){parts[0][4:]}(3902){parts[1][4:]}(90)MXN"
        for read in (slip, f"]C1{slip}", " ".join(parts), printed, printed.replace("(3", " (3")):
            assert queries.resolve(text=read) == "010293", read

    def test_one_wrong_digit_names_nobody(self) -> None:
        clabe = reference(channel("spei"))
        for place in range(10, 18):
            wrong = clabe[:place] + str((int(clabe[place]) + 1) % 10) + clabe[place + 1 :]
            assert queries.resolve(text=wrong) is None
            assert ("010293", "referencia de Banco spei") not in found(wrong)

    def test_a_reference_of_no_account_finds_nothing(self) -> None:
        assert found(reference(channel("spei"), "099999")) == []

    def test_a_retired_channel_is_still_on_papers(self) -> None:
        spei = channel("spei")
        cashier.close_channel(channel=spei, at=moment(TODAY), by="salas")
        assert queries.resolve(text=reference(spei)) == "010293"

    def test_a_short_reference_is_offered_beside_what_else_it_may_be(self) -> None:
        """Nine digits with one that agrees: here it is also Don Chuy's telephone, and a person chooses."""
        short = reference(channel("plain", kind="checked", account_digits=8))
        Person.objects.filter(full_name__startswith="Jesús").update(phone=short)
        assert len(short) == 9
        assert found(short) == [("010293", "referencia de Banco plain"), ("010117", f"teléfono {short}")]
        assert queries.resolve(text=short) is None

    def test_the_bare_number_of_an_account_is_no_reference_of_a_bank(self) -> None:
        channel("plain")
        assert found("010293") == [("010293", "")]

    def test_what_has_letters_asks_no_channel(self, django_assert_num_queries: Any) -> None:
        channel("spei")
        with django_assert_num_queries(0):
            assert papers._of_channels("morelos 293 colonia centro") == {}
            assert papers._of_channels("293") == {}

    def test_two_channels_that_read_the_same_digits_name_the_account_once(self) -> None:
        """Fourteen digits for the account, or six zeros and eight: fifteen digits either way."""
        wide = channel("plain", kind="checked", account_digits=14)
        channel("oxxo", kind="checked", prefix="000000", account_digits=8)
        text = reference(wide)
        assert papers.accounts_of(text=text).keys() == {Account.objects.get(number="010293").pk}
        assert queries.resolve(text=text) == "010293"

    def test_a_stub_that_was_misread_is_not_told_beside_one_that_is_sound(self) -> None:
        """26 digits of a shop are the shape of our own stub too: its check digit tells which."""
        shop = channel("oxxo", kind="shop_barcode", prefix="12", account_digits=10)
        text = reference(shop)
        assert len(text) == LENGTH
        assert found(text) == [("010293", "referencia de Banco oxxo")]
        assert queries.resolve(text=text) == "010293"


class TestServices:
    """The ranch asked for a tanker this morning: TRA-000001."""

    @pytest.mark.parametrize("text", ["TRA-000001", "tra 1", "TRA000001", " tra-1 "])
    def test_a_service_leads_to_its_account(self, text: str) -> None:
        service = CounterService.objects.get()
        assert found(text) == [("020031", f"trámite TRA-000001, {service.name.lower()}")]
        assert queries.resolve(text=text) == "020031"

    @pytest.mark.parametrize(
        "text", ["TRA-000009", "tra", "tra-", "CNA-000001", "TRA-" + "9" * 18, "TRA-" + "9" * 19]
    )
    def test_a_folio_that_was_never_given_finds_nothing(self, text: str) -> None:
        assert found(text) == [] and queries.resolve(text=text) is None

    @pytest.fixture
    def certificate(self) -> NoDebtCertificate:
        return NoDebtCertificate.objects.create(
            service=CounterService.objects.get(), number=3, code="8KDW6NPX2TQ4ZB7MRVE1", issued_on=TODAY,
            issued_at=moment(TODAY), issued_by="marta", valid_until=DUE, facts={},
        )  # fmt: skip

    @pytest.mark.parametrize(
        "text",
        [
            "CNA-000003", "cna 3", "8KDW6NPX2TQ4ZB7MRVE1", "8kdw 6npx 2tq4 zb7m rvel",
            "https://agua.labarca.example/constancias/8KDW6NPX2TQ4ZB7MRVE1/",
        ],
    )  # fmt: skip
    def test_a_certificate_by_its_folio_its_code_or_its_square(
        self, certificate: NoDebtCertificate, text: str
    ) -> None:
        assert found(text) == [("020031", "constancia CNA-000003")]
        assert queries.resolve(text=text) == "020031"

    @pytest.mark.parametrize("text", ["CNA-000004", "8KDW6NPX2TQ4ZB7MRVE2", "cna-0", "/constancias/"])
    def test_a_certificate_that_was_not_issued_finds_nothing(
        self, certificate: NoDebtCertificate, text: str
    ) -> None:
        assert found(text) == [] and queries.resolve(text=text) is None
