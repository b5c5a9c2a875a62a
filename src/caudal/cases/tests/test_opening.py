"""Somebody reports something: it gets a folio, a clock and an answer in their telephone; or is told what is missing."""

from typing import Any
from uuid import UUID

import pytest
from tests.town.cast import Town

from caudal.cases import commands, keys, queries
from caudal.cases.models import Case, CaseEntry, CasePhoto, CaseType
from caudal.cases.photos import NotAPicture
from caudal.cases.policy import State
from caudal.cases.tests.desk import NINE, PHONE, later, leak, picture, texts
from caudal.fieldwork.events import ConflictFound
from caudal.kernel import events
from caudal.messaging.models import Message

pytestmark = pytest.mark.django_db


def test_a_leak_gets_a_folio_a_clock_and_a_text(april: Town) -> None:
    """A leak in the street is answered in 24 hours: reported Monday at nine, due Tuesday at nine."""
    case = leak()

    assert (case.folio, case.priority, case.due_at) == ("REP-000001", 2, later(hours=24))
    assert queries.standing(case=case, at=NINE).state == State.OPEN
    assert texts(case) == [
        "Recibimos su reporte REP-000001 (fuga en la calle). Lo atendemos a más tardar el 2 abr 2019, 09:00. "
        f"Para seguirlo: folio REP-000001, clave {keys.key_of('REP-000001')}."
    ]
    assert Message.objects.get().phone == "3929351234"


def test_of_an_account_the_registry_says_where_it_is(april: Town) -> None:
    case = leak(type="meter_check", account=april.lupita, place=None, address="", reporter_phone="")

    assert case.service_point == april.point(april.lupita)
    assert case.address == april.point(april.lupita).premise.address
    assert case.neighborhood == "Centro"
    assert Message.objects.count() == 0  # nobody left a telephone: nobody is told


def test_the_telephone_is_read_as_people_write_it(april: Town) -> None:
    assert leak(reporter_phone="+52 1 392-935 12 34").reporter_phone == PHONE


@pytest.mark.parametrize(
    ("said", "field", "what"),
    [
        ({"description": "  "}, "description", "Falta qué pasa."),
        ({"reporter_phone": "93512"}, "phone", "El teléfono debe tener 10 dígitos."),
        ({"place": None, "address": ""}, "address", "Falta el lugar."),
        ({"type": "meter_check"}, "account", "Falta la cuenta."),
        ({"type": "nada"}, "type", "Falta de qué es el reporte."),
        ({"channel": "paloma"}, "channel", "Falta por dónde llegó."),
        # the square of Madrid
        ({"place": (40_416_900, -3_703_500)}, "address", "El lugar marcado está fuera de México."),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    april: Town, said: dict[str, Any], field: str, what: str
) -> None:
    with pytest.raises(commands.CannotOpenCase) as refused:
        leak(**said)

    assert (refused.value.field, refused.value.what) == (field, what)
    assert (Case.objects.count(), Message.objects.count()) == (0, 0)


def test_a_picture_is_drawn_again_small(april: Town) -> None:
    """1600×1200 of noise weighs more than 120 KB at any quality: it is made smaller until it fits."""
    case = leak(photos=[picture()])

    [kept] = case.photos.all()
    assert kept.size_bytes <= 120 * 1024
    assert max(kept.width, kept.height) <= 1024
    assert kept.file.read()[:3] == b"\xff\xd8\xff"


def test_what_is_no_picture_is_refused_and_no_case_is_opened(april: Town) -> None:
    with pytest.raises(NotAPicture, match="no es una foto"):
        leak(photos=[picture(), b"%PDF-1.4 not a picture"])

    assert (Case.objects.count(), CasePhoto.objects.count()) == (0, 0)


def test_five_pictures_are_too_many(april: Town) -> None:
    with pytest.raises(commands.CannotOpenCase, match="más de 4 fotos"):
        leak(photos=[picture((40, 40))] * 5)


def test_the_same_key_reports_once(april: Town) -> None:
    """The button was pressed twice."""
    key = UUID(int=7)
    first, again = leak(key=key), leak(key=key)

    assert first == again
    assert (Case.objects.count(), CaseEntry.objects.count(), Message.objects.count()) == (1, 1, 1)


def test_every_kind_of_report_the_trade_has_is_there(db: None) -> None:
    """facts: 17 kinds of the trade's ticket systems, the conflict of readings, the illegal reconnection."""
    assert CaseType.objects.count() == 19
    assert set(CaseType.objects.filter(is_billing_claim=True).values_list("code", flat=True)) == {
        "high_consumption", "missing_payment",
    }  # fmt: skip


def test_two_conflicts_of_one_stop_open_one_case(april: Town) -> None:
    """Two phones tell two readings of doña Lupita's meter, and one tells it again."""
    from caudal.fieldwork.tests import street

    round = street.plan(april)
    stop = round.stops.order_by("sequence")[0]
    events_told = [_told(stop.code, n) for n in (1, 2)]
    for told in events_told:
        events.announce(ConflictFound(event=told, reason="Dos lecturistas leyeron distinto: 960 y 975."))

    [case] = Case.objects.all()
    assert case.type.code == "reading_conflict"
    assert (case.channel, case.account, case.service_point) == (
        "field",
        april.lupita,
        april.point(april.lupita),
    )
    assert case.description == "Dos lecturistas leyeron distinto: 960 y 975."


def _told(stop: UUID, n: int) -> Any:
    """What a phone told of a stop, as far as a listener looks at it."""
    from caudal.fieldwork.models import FieldEvent

    return FieldEvent(id=UUID(int=n), stop_code=stop, received_at=later(hours=n))
