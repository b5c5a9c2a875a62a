"""At the window: who gets the benefit, until when, and everything that stands in the way, with its way out."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from PIL import Image
from tests.town import counter
from tests.town.cast import Town, moment

from caudal.benefits import commands as benefits
from caudal.benefits import photos, queries
from caudal.benefits.models import Beneficiary, BenefitEvidence, LivedInVisit
from caudal.benefits.tests.conftest import home
from caudal.benefits.tests.window import TODAY, lose, picture, register, renew, written
from caudal.ledger import catalog
from caudal.ledger import commands as ledger
from caudal.ledger.models import DocumentKind
from caudal.registry import commands as registry
from caudal.registry.models import Account, Benefit

pytestmark = pytest.mark.django_db


def owe(account: Account, cents: int, *, due_on: date) -> None:
    """A bill for water, as if a run had issued it."""
    ledger.post_charges(
        account=account, lines=[ledger.ChargeLine(catalog.WATER, cents)], document_kind=DocumentKind.BILL,
        due_on=due_on, on=date(2018, 12, 29), at=moment(date(2018, 12, 29)), by="laura", period=201812,
    )  # fmt: skip


def refused(account: Account, *words: str, field: str, **said: Any) -> benefits.CannotRegisterBenefit:
    """The registration is refused beside its field, in these words, and nothing happened."""
    before = written()
    with pytest.raises(benefits.CannotRegisterBenefit) as told, transaction.atomic():
        register(account, **said)
    assert told.value.field == field
    for each in words:
        assert each in str(told.value)
    assert written() == before
    return told.value


def test_a_pensioner_gets_a_year_from_today(chayo: Account) -> None:
    """Seen on 31 January 2019: it holds to 30 January 2020, and is renewed then."""
    held = register(chayo)
    assert (held.effective_from, held.effective_to) == (TODAY, date(2020, 1, 31))
    assert held.beneficiary.person.full_name == "Rosario Villaseñor Ochoa"
    seen = BenefitEvidence.objects.get()
    # of 80-4471-2930 only the end is kept; the usual document of the category is the IMSS card
    assert (seen.kind, seen.folio_last4) == ("credencial de pensionado del IMSS", "2930")
    assert (seen.verified_by, seen.verified_on, seen.photo) == ("veronica", TODAY, "")
    assert LivedInVisit.objects.get().how == "declared"


def test_a_document_that_ends_sooner_ends_the_benefit(chayo: Account) -> None:
    """The card says 15 June 2019: it counts that day too, and not the next."""
    held = register(chayo, shown={"expires_on": date(2019, 6, 15)})
    assert held.effective_to == date(2019, 6, 16)


def test_the_open_history_of_the_account_does_not_tell_the_document(chayo: Account) -> None:
    register(chayo, "disabled", shown={"kind": "certificado médico oficial de discapacidad"})
    assert Benefit.objects.get(account=chayo).evidence == "documento verificado en ventanilla"


def test_two_enters_register_once(chayo: Account) -> None:
    first = register(chayo, key=UUID(int=5))
    assert register(chayo, key=UUID(int=5)).pk == first.pk
    assert BenefitEvidence.objects.count() == 1


def test_the_same_category_twice_is_refused(chayo: Account) -> None:
    register(chayo)
    before = written()
    with pytest.raises(registry.CannotGrantBenefit, match="ya tiene ese beneficio"), transaction.atomic():
        register(chayo)
    assert written() == before


def test_a_widow_who_is_a_pensioner_may_hold_both(chayo: Account) -> None:
    """Both are hers on one property; the bill takes only the largest."""
    register(chayo)
    register(chayo, "widowed", folio="118")
    assert Benefit.objects.filter(account=chayo).count() == 2


def test_a_second_property_is_refused_naming_the_first(priced: Town, chayo: Account) -> None:
    """Her daughter's house is in her name too: same CURP, written as another person of the registry."""
    second = home(priced, "010951", "ROSARIO VILLASENOR", "Zaragoza 52", curp="HEGG560427MVZRRL04")
    register(chayo)
    told = refused(second, "ya tiene el beneficio", "cuenta 010950", "un solo predio", field="category")
    assert told.remedy == "Si ahora vive aquí, dé de baja el de la cuenta 010950 y regístrelo en esta."
    lose(Benefit.objects.get(account=chayo), on=TODAY, kind="other_property", reason="Se cambió de casa")
    # it counted for the day it began; from the next one it is free for the other house
    assert register(second, on=date(2019, 2, 1)).account == second


def test_one_that_came_from_the_old_system_counts_as_the_first(priced: Town) -> None:
    """Doña Lupita holds hers since 2018 without a document here; a second house of hers is refused."""
    holder = priced.lupita.holders.get().person
    second = registry.open_account(
        number="010952", holder=holder,
        place=registry.Place(
            address="Morelos 295", locality=priced.la_barca, route=priced.routes["01-001"], walk_sequence=95
        ),
        tariff_class=priced.classes["HAB-GEN"], is_metered=False, opened_on=date(2018, 1, 2), by="laura",
        at=priced.at,
    )  # fmt: skip
    refused(second, "cuenta 010293", field="category")


def test_the_same_card_on_two_houses_of_a_namesake_is_refused(priced: Town, chayo: Account) -> None:
    second = home(priced, "010951", "Rosario Villaseñor Ochoa", "Zaragoza 52")
    register(chayo)
    refused(second, "Ese mismo documento", "cuenta 010950", field="folio")
    assert register(second, folio="9999").account == second  # a real namesake, with a card of her own


def test_the_database_refuses_what_two_windows_gave_at_once(priced: Town, chayo: Account) -> None:
    """As if both had read before either wrote: the second to finish is stopped by the database."""
    holder = chayo.holders.get().person
    second = home(priced, "010951", "Otra Persona", "Zaragoza 52")
    registry.change_holder(
        account=second, holder=holder, on=date(2018, 6, 1), reason="Compró", by="laura", at=priced.at
    )
    register(chayo)
    with pytest.raises(IntegrityError, match="another property"), transaction.atomic():
        registry.grant_benefit(
            account=second, category="senior", on=TODAY, evidence="x", by="veronica", at=moment(TODAY)
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not Benefit.objects.filter(account=second).exists()


def test_a_utility_may_allow_more_than_one_property(priced: Town, chayo: Account) -> None:
    """Data, not code: from 2019 this council asks only for the card."""
    benefits.decide_policy(
        category="pensioner", on=date(2019, 1, 1), article="Art. 50 reformado", evidence_kinds=["tarjeta azul"],
        months_valid=24, one_property=False, must_be_up_to_date=False, must_live_there=False, at=moment(TODAY),
        by="salas",
    )  # fmt: skip
    second = home(priced, "010951", "Rosario V. O.", "Zaragoza 52", curp="HEGG560427MVZRRL04")
    owe(second, 5_000, due_on=date(2019, 1, 13))
    register(chayo)
    held = register(second, lives_there=False)
    assert held.effective_to == date(2021, 1, 31)
    assert set(BenefitEvidence.objects.values_list("kind", flat=True)) == {"tarjeta azul"}


def test_a_shop_is_not_a_home(priced: Town) -> None:
    refused(priced.espiga, "solo para uso habitacional", "Art. 50, fracción I", field="category")


def test_a_company_does_not_grow_old(priced: Town) -> None:
    house = home(priced, "010953", "Inmobiliaria del Lerma S.A. de C.V.", "Zaragoza 60", kind="legal")
    refused(house, "no es una persona física", field="category")


def test_an_overdue_account_is_told_how_much(chayo: Account) -> None:
    """$50.00 due on 13 January, and one month of surcharge at 1.47 %: 5000 × 0.0147 = 73.5 → $0.74."""
    owe(chayo, 5_000, due_on=date(2019, 1, 13))
    told = refused(chayo, "ya vencidos", "cóbrelos", field="category")
    owed = counter_owed(chayo)
    assert f"${owed // 100}.{owed % 100:02d}" in told.what
    counter.pay(chayo, owed, on=TODAY)
    assert register(chayo).account == chayo


def counter_owed(account: Account) -> int:
    from caudal.ledger import queries
    from caudal.tariffs import queries as tariffs

    return queries.statement(account_id=account.pk, on=TODAY, terms=tariffs.terms_on(on=TODAY)).overdue_cents


def test_what_is_not_due_yet_does_not_matter(chayo: Account) -> None:
    owe(chayo, 5_000, due_on=date(2019, 2, 10))
    assert register(chayo).account == chayo


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"shown": {"expires_on": date(2019, 1, 30)}}, "expires_on", "El documento venció el 30/01/2019."),
        ({"shown": {"expires_on": TODAY}}, "expires_on", "venció"),
        ({"shown": {"issued_on": date(2019, 2, 1)}}, "issued_on", "en el futuro"),
        ({"shown": {"kind": "credencial del INAPAM"}}, "kind", "resolución de pensión o jubilación"),
        ({"folio": " - "}, "folio", "últimos 4"),
        ({"lives_there": False}, "lives_there", "solo para el predio en que vive"),
    ],
)
def test_a_document_that_does_not_prove_it(
    chayo: Account, said: dict[str, Any], field: str, words: str
) -> None:
    refused(chayo, words, field=field, **said)


def test_a_photo_is_drawn_again_and_says_nothing_of_the_camera(chayo: Account, media: Path) -> None:
    """3000 × 2000 with the place where it was taken → 1280 × 853, and no EXIF."""
    exif = Image.Exif()
    exif[0x010F] = "Cámara de Verónica"
    register(chayo, shown={"photo": picture(3000, 2000, exif=exif)})
    kept = list((media / "beneficios").iterdir())
    assert [each.name for each in kept] == [BenefitEvidence.objects.get().photo]
    with Image.open(kept[0]) as drawn:
        assert (drawn.format, drawn.size, dict(drawn.getexif())) == ("JPEG", (1280, 853), {})


@pytest.mark.parametrize(
    "sent", [b"hello", b"<svg/>", b"\xff\xd8\xff", picture(8000, 5001, kind="PNG"), b"0" * 10_000_001]
)
def test_what_is_no_photo_is_refused_and_not_kept(chayo: Account, media: Path, sent: bytes) -> None:
    before = written()
    with pytest.raises(photos.NotAPicture), transaction.atomic():
        register(chayo, shown={"photo": sent})
    assert written() == before and not (media / "beneficios").exists()


def test_a_renewal_goes_on_from_the_day_it_is_seen(chayo: Account) -> None:
    """Given on 31 January 2019, renewed on 10 December: to 9 December 2020, with two documents seen."""
    held = renew(register(chayo), on=date(2019, 12, 10))
    assert held.effective_to == date(2020, 12, 10)
    assert [each.folio_last4 for each in queries.evidence_of(benefit=held)] == ["4471", "2930"]
    assert Benefit.objects.filter(account=chayo).count() == 1


def test_one_of_the_old_system_gets_its_first_document_by_a_renewal(priced: Town) -> None:
    held = Benefit.objects.get(account=priced.lupita)
    assert held.effective_to is None and not Beneficiary.objects.exists()
    renewed = renew(held, on=TODAY)
    assert renewed.effective_to == date(2020, 1, 31)
    assert Beneficiary.objects.get().person == priced.lupita.holders.get().person


def test_a_benefit_that_ran_out_is_registered_again(chayo: Account) -> None:
    held = register(chayo)
    before = written()
    with pytest.raises(benefits.CannotRegisterBenefit, match="ya terminó"), transaction.atomic():
        renew(held, on=date(2020, 1, 31))
    assert written() == before


def test_a_new_holder_does_not_inherit_it(priced: Town, chayo: Account) -> None:
    held = register(chayo)
    registry.change_holder(
        account=chayo, holder=registry.Holder(full_name="Ana Ortega"), on=date(2019, 3, 1), reason="Compra",
        by="laura", at=priced.at,
    )  # fmt: skip
    with pytest.raises(benefits.CannotRegisterBenefit, match="la cuenta ya es de Ana Ortega"):
        renew(held, on=date(2019, 3, 2))
