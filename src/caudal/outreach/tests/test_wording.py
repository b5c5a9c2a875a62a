"""A campaign in the words of its poster: from its data alone, whatever the data."""

from datetime import date
from typing import Any

import pytest
from tests.town.cast import moment

from caudal.outreach import wording
from caudal.outreach.tests.winter import campaign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("issued_town")]


@pytest.mark.parametrize(
    ("rule", "figure", "lowers"),
    [
        ({"ppm": 750_000}, "75 %", "menos en tus recargos"),
        ({"ppm": 75_000, "reduces": ["water"]}, "7.5 %", "menos en agua"),
        ({"ppm": 1_000_000, "reduces": ["surcharge", "fine"]}, "100 %", "menos en recargos y multas"),
        ({"ppm": 0, "fixed_cents": 20_000, "reduces": ["water", "sewerage", "inflation_update"]}, "$200",
         "menos en agua, alcantarillado y actualización"),
        ({"ppm": 0, "fixed_cents": 150_050}, "$1,500.50", "menos en tus recargos"),
        ({"on_single_payment": False, "on_prepayment": True, "least_months": 12, "reduces": []}, "15 %",
         "menos al pagar por adelantado"),
    ],
)  # fmt: skip
def test_what_it_lowers_and_by_how_much(rule: dict[str, Any], figure: str, lowers: str) -> None:
    winter = campaign(**rule)
    assert wording.figure(campaign=winter).replace("\N{NO-BREAK SPACE}", " ") == figure
    assert wording.lowers(campaign=winter) == lowers


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2019, 4, 1), date(2019, 4, 30), "Del 1 al 30 de abril de 2019"),
        (date(2019, 1, 1), date(2019, 2, 28), "Del 1 de enero al 28 de febrero de 2019"),
        (date(2019, 12, 15), date(2020, 1, 15), "Del 15 de diciembre de 2019 al 15 de enero de 2020"),
        (date(2019, 12, 24), date(2019, 12, 24), "Solo el 24 de diciembre de 2019"),
    ],
)
def test_its_dates_in_words(first: date, last: date, words: str) -> None:
    assert " ".join(wording.dates(first=first, last=last)) == words


def test_the_last_day_is_the_one_before_the_window_closes() -> None:
    """[1 January 00:00, 1 March 00:00): 28 February is the last."""
    assert wording.sheet_of(campaign=campaign()).dates == ("Del 1 de enero", "al 28 de febrero de 2019")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({}, "Al pagar todo lo que debes en una sola exhibición."),
        ({"on_arrangement": True}, "Al pagar todo lo que debes en una sola exhibición o al firmar un convenio de pago."),
        ({"on_single_payment": False, "on_prepayment": True, "least_months": 12, "requires_up_to_date": True},
         "Al pagar 12 meses por adelantado, si estás al corriente."),
        ({"on_prepayment": True, "least_months": 1},
         "Al pagar todo lo que debes en una sola exhibición o al pagar un mes o más por adelantado."),
    ],
)  # fmt: skip
def test_what_must_be_done(rule: dict[str, Any], words: str) -> None:
    assert wording.condition(campaign=campaign(**rule)) == words


def test_who_may_and_up_to_how_much() -> None:
    narrow = campaign(
        uses=["residential", "industrial"], regime="metered", localities=["LA BARCA", "EL CARMEN"],
        least_balance_cents=50_000, most_balance_cents=500_000, least_age_days=90, most_age_days=365,
        cap_cents=100_000,
    )  # fmt: skip
    assert wording.limits(campaign=narrow) == (
        "Uso habitacional e industrial.", "Solo tomas con medidor.", "En El Carmen y La Barca.",
        "Adeudos de $500.00 a $5,000.00.", "Adeudos con 90 días o más de vencidos.",
        "Adeudos con 365 días o menos de vencidos.", "Hasta $1,000.00 por cuenta.",
    )  # fmt: skip
    assert wording.limits(campaign=campaign(code="OTRA")) == ()


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("de Cabildo 3/2019", "Acuerdo de Cabildo 3/2019"),
        ("Acuerdo de Cabildo 3/2019", "Acuerdo de Cabildo 3/2019"),
    ],
)
def test_the_councils_agreement_is_on_the_poster(said: str, printed: str) -> None:
    assert wording.sheet_of(campaign=campaign(council_agreement=said)).agreement == printed


def test_a_draft_says_that_it_is_one_and_a_withdrawn_campaign_has_no_poster() -> None:
    draft = campaign(code="BORRADOR", published_at=None, published_by="", council_agreement="")
    assert wording.sheet_of(campaign=draft).agreement == "Borrador: todavía no se publica"

    gone = campaign(
        withdrawn_at=moment(date(2019, 1, 20)), withdrawn_by="salas", withdrawal_reason="Lo pidió el consejo"
    )
    with pytest.raises(wording.CannotAnnounceCampaign, match="se retiró"):
        wording.sheet_of(campaign=gone)


def test_the_poster_has_the_utility_at_its_head() -> None:
    sheet = wording.sheet_of(campaign=campaign())
    assert (sheet.issuer.name, sheet.where, sheet.on) == ("SIBAPAS", "Morelos 100, Centro", date(2019, 1, 1))
