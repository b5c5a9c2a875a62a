"""Looking at a document that is sensitive: only with a reason, and it stays written who looked."""

from datetime import datetime, timedelta

from django.db import transaction

from caudal.benefits import photos, policy
from caudal.benefits.models import BenefitEvidence, EvidenceReading
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.registry.models import Benefit


class CannotReadEvidence(Refusal): ...


@transaction.atomic
def read_evidence(*, benefit: Benefit, reason: str, at: datetime, by: str) -> list[EvidenceReading]:
    """Look at the documents of a benefit, newest first: one line of the access log for each.

    :raises CannotReadEvidence: if no reason is told, or no document was ever seen
    """
    if not reason.strip():
        raise CannotReadEvidence(
            "Falta para qué lo consulta.", "Escríbalo: cada consulta queda registrada.", field="reason"
        )
    seen = list(BenefitEvidence.objects.filter(benefit=benefit).order_by("-id"))
    if not seen:
        raise CannotReadEvidence(
            "No se ha verificado ningún documento.",
            "Renueve el beneficio con el que presente.",
            field="reason",
        )
    audit.record(
        act="read_evidence", by=by, at=at, object_kind="benefit", object_id=benefit.pk, reason=reason.strip()
    )
    return [
        EvidenceReading.objects.create(evidence=each, reason=" ".join(reason.split()), at=at, by=by)
        for each in seen
    ]


def open_photo(*, reading: EvidenceReading | None, at: datetime, by: str) -> bytes:
    """The picture of a document, for who said what for in the last minutes.

    :raises CannotReadEvidence: if that reading is of somebody else, or was long ago
    :raises PictureIsGone: if there is no picture
    """
    until = timedelta(seconds=policy.LOOK_SECONDS)
    if reading is None or reading.by != by or not reading.at <= at <= reading.at + until:
        raise CannotReadEvidence(
            "Esta consulta ya terminó.", "Vuelva al beneficio y diga otra vez para qué lo consulta."
        )
    return photos.read(reading.evidence.photo)


def note_export(*, name: str, n: int, at: datetime, by: str) -> None:
    """Write down that a list of beneficiaries left the building in a file: who took it, and of how many."""
    audit.record(
        act="export_beneficiaries", by=by, at=at, object_kind="listing", object_id=name, after={"rows": n}
    )
