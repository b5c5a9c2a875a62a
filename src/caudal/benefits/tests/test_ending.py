"""How benefits end: by their date, by the account passing on, by a reason; and who looked at what proved them."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from tests.town.cast import Town, moment

from caudal.benefits import commands as benefits
from caudal.benefits import photos, queries
from caudal.benefits.models import BenefitLoss, EvidenceReading
from caudal.benefits.policy import State
from caudal.benefits.tests.conftest import home
from caudal.benefits.tests.window import TODAY, lose, picture, register, renew, written
from caudal.kernel.models import AuditEntry
from caudal.registry import commands as registry
from caudal.registry.models import Account, Benefit

pytestmark = pytest.mark.django_db


def expire(on: date) -> list[BenefitLoss]:
    return benefits.expire_lapsed(on=on, at=moment(on, 1), by="noche")


def test_it_ends_by_its_date_and_the_night_writes_it_down_once(chayo: Account) -> None:
    """Until 30 January 2020: on the 30th nothing is due; on the 31st it ended by itself, and the night says why."""
    held = register(chayo)
    assert expire(date(2020, 1, 30)) == []
    assert queries.held_of(benefit=held, on=date(2020, 1, 31)).state is State.ENDED
    (loss,) = expire(date(2020, 2, 3))
    assert (loss.kind, loss.on, loss.benefit_id) == ("expired", date(2020, 1, 31), held.pk)
    before = written()
    assert expire(date(2020, 2, 4)) == [] and written() == before


def test_a_renewed_one_does_not_expire_on_the_first_date(chayo: Account) -> None:
    renew(register(chayo), on=date(2020, 1, 15))
    assert expire(date(2020, 2, 3)) == []


def test_an_old_one_without_a_document_is_left_alone(priced: Town) -> None:
    """Doña Lupita's came from the old system: nobody verified it, and nobody takes it away at night."""
    assert expire(date(2025, 1, 1)) == []
    assert queries.beneficiaries(on=TODAY)[0].state is State.UNVERIFIED


def test_the_account_passes_on_and_the_benefit_does_not(priced: Town, chayo: Account) -> None:
    """The house is sold on 10 March: the benefit ended that day, though the night came on the 12th."""
    held = register(chayo)
    registry.change_holder(
        account=chayo, holder=registry.Holder(full_name="Ana Ortega"), on=date(2019, 3, 10), reason="Compra",
        by="laura", at=priced.at,
    )  # fmt: skip
    (loss,) = expire(date(2019, 3, 12))
    assert (loss.kind, loss.on) == ("holder_changed", date(2019, 3, 10))
    held.refresh_from_db()
    assert held.effective_to == date(2019, 3, 10)
    assert expire(date(2019, 3, 13)) == []
    # who sold may have it where she lives now
    house = home(priced, "010951", "Rosario V.", "Hidalgo 2", curp="HEGG560427MVZRRL04")
    assert register(house, on=date(2019, 3, 12)).account == house


def test_a_loss_tells_its_reason(chayo: Account) -> None:
    held = register(chayo)
    loss = lose(held, on=date(2019, 5, 2), reason="Acta de defunción  118")
    assert (loss.on, loss.reason) == (date(2019, 5, 2), "Acta de defunción 118")
    held.refresh_from_db()
    assert held.effective_to == date(2019, 5, 2)
    entry = AuditEntry.objects.filter(act="lose_benefit").get()
    assert (entry.by, entry.after["kind"]) == ("marta", "deceased")
    row = queries.of_account(account=chayo, on=date(2019, 5, 2))[0]
    assert queries.beneficiaries(on=date(2019, 5, 1), category="pensioner") == []
    assert (row.state, row.loss) == (State.ENDED, "falleció")


@pytest.mark.parametrize(
    ("kind", "reason", "field"),
    [("deceased", "  ", "reason"), ("", "Murió", "kind"), ("expired", "x", "kind"), ("magic", "x", "kind")],
)
def test_a_loss_without_cause_or_reason_is_refused(
    chayo: Account, kind: str, reason: str, field: str
) -> None:
    held = register(chayo)
    before = written()
    with pytest.raises(benefits.CannotLoseBenefit) as told:
        lose(held, on=date(2019, 5, 2), kind=kind, reason=reason)
    assert told.value.field == field and written() == before


def test_it_is_lost_once(chayo: Account) -> None:
    held = register(chayo)
    lose(held, on=date(2019, 5, 2))
    before = written()
    with pytest.raises(benefits.CannotLoseBenefit, match="ya terminó"):
        lose(held, on=date(2019, 5, 2))
    assert written() == before


def test_the_renewal_list_is_of_those_that_end_soon(priced: Town, chayo: Account) -> None:
    """Hers ends on 31 January 2020: sixty days before, on 2 December, it enters the list; old ones have no date."""
    register(chayo)
    assert queries.renewals(on=date(2019, 12, 1)) == []
    (row,) = queries.renewals(on=date(2019, 12, 2))
    assert (row.account, row.last_day, row.state) == ("010950", date(2020, 1, 30), State.ENDING)
    assert len(queries.renewals(on=date(2019, 12, 1), days=61)) == 1


def test_the_registry_is_asked_by_category_place_and_state(priced: Town, chayo: Account) -> None:
    register(chayo, "widowed")

    def asked(**words: object) -> list[str]:
        return [row.account for row in queries.beneficiaries(on=TODAY, **words)]  # type: ignore[arg-type]

    assert asked() == ["010293", "010950"]
    assert asked(category="widowed") == ["010950"]
    assert asked(locality="LA BARCA") == ["010293", "010950"] and asked(locality="EL CARMEN") == []
    assert asked(state=State.LIVE) == ["010950"] and asked(state=State.UNVERIFIED) == ["010293"]
    lose(Benefit.objects.get(account=chayo), on=TODAY)
    assert queries.beneficiaries(on=date(2019, 2, 1), state=State.ENDED)[0].account == "010950"


def test_a_visit_that_finds_nobody_says_what_was_seen(chayo: Account) -> None:
    held = register(chayo)
    before = written()

    def visit(on: date, note: str) -> object:
        return benefits.note_visit(
            benefit=held, lives_there=False, note=note, on=on, today=TODAY, at=moment(TODAY), by="marta"
        )

    with pytest.raises(benefits.CannotNoteVisit, match="qué se encontró"):
        visit(TODAY, " ")
    with pytest.raises(benefits.CannotNoteVisit, match="futuro"):
        visit(TODAY + timedelta(days=1), "Casa sola")
    assert written() == before
    visit(TODAY, "Casa sola; la vecina dice que vive en Guadalajara")
    held.refresh_from_db()
    assert held.effective_to == date(2020, 1, 31)  # a person decides the loss


def test_every_look_at_a_document_is_written(chayo: Account, media: Path) -> None:
    """Marta looks to compare a folio: one line for each document, and ten minutes for its picture."""
    held = register(chayo, shown={"photo": picture()})
    at = moment(TODAY, 11)
    (reading,) = benefits.read_evidence(benefit=held, reason="Cotejar el folio", at=at, by="marta")
    assert EvidenceReading.objects.values_list("by", "reason").get() == ("marta", "Cotejar el folio")
    drawn = benefits.open_photo(reading=reading, at=at + timedelta(minutes=10), by="marta")
    assert drawn.startswith(b"\xff\xd8\xff")
    for by, later in (("salas", 1), ("marta", 601)):
        with pytest.raises(benefits.CannotReadEvidence, match="ya terminó"):
            benefits.open_photo(reading=reading, at=at + timedelta(seconds=later), by=by)
    next((media / "beneficios").iterdir()).unlink()
    with pytest.raises(photos.PictureIsGone):
        benefits.open_photo(reading=reading, at=at, by="marta")


def test_a_look_without_a_reason_is_refused(priced: Town, chayo: Account) -> None:
    held = register(chayo)
    before = written()
    with pytest.raises(benefits.CannotReadEvidence, match="para qué"):
        benefits.read_evidence(benefit=held, reason=" ", at=moment(TODAY), by="marta")
    with pytest.raises(benefits.CannotReadEvidence, match="ningún documento"):
        benefits.read_evidence(
            benefit=Benefit.objects.get(account=priced.lupita), reason="Ver", at=moment(TODAY), by="marta"
        )
    assert written() == before


@pytest.mark.parametrize("change", ["update", "delete"])
def test_what_was_seen_is_never_changed(chayo: Account, change: str) -> None:
    register(chayo)
    seen = queries.evidence_of(benefit=Benefit.objects.get(account=chayo)).all()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        seen.update(folio_last4="0000") if change == "update" else seen.delete()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"on": date(2000, 1, 1)}, "decisión de ese día"),
        ({"evidence_kinds": [" "]}, "documentos"),
        ({"months_valid": 0}, "meses"),
        ({"category": "rich"}, "rich"),
    ],
)
def test_a_decision_that_does_not_stand(db: None, said: dict[str, object], words: str) -> None:
    asked = {
        "category": "senior", "on": date(2019, 6, 1), "article": "Art. 50", "evidence_kinds": ["INAPAM"],
        "months_valid": 12, "one_property": True, "must_be_up_to_date": True, "must_live_there": True,
    } | said  # fmt: skip
    before = written()
    with pytest.raises(benefits.CannotDecidePolicy, match=words):
        benefits.decide_policy(**asked, at=moment(TODAY), by="salas")  # type: ignore[arg-type]
    assert written() == before
