"""Verbs of accounting: say that a month is right, close it, tell a concept to the government in another way."""

from datetime import date, datetime

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from caudal.accounting import closing, reconciling
from caudal.accounting.models import ConceptClassification, MonthReview
from caudal.accounting.reconciling import Finding
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import month_name
from caudal.ledger import commands as ledger
from caudal.ledger import queries as ledger_queries
from caudal.ledger.models import Concept, MonthClose
from caudal.rules.periods import Period

Refused = ledger.CannotCloseMonth


class CannotReviewMonth(Refusal):
    """What the month lacks is in `missing`, all of it."""

    missing: tuple[Finding, ...] = ()


class CannotClassify(Refusal): ...


@transaction.atomic
def review_month(*, month: Period, at: datetime, by: str, note: str = "") -> MonthReview:
    """Say that everything of a month agrees and its figures are those; somebody else closes it with them.

    :raises CannotReviewMonth: with all that is missing, or if it is closed
    """
    _require_open(month)
    _require_nothing_missing(month, timezone.localdate(at), is_whole=True)
    digest = ledger_queries.month_figures(month=month).digest
    review = MonthReview.objects.create(month=month, digest=digest, note=note.strip()[:200], by=by, at=at)
    audit.record(
        act="accounting.review_month", by=by, at=at, object_kind="month", object_id=int(month),
        after={"digest": digest}, reason=note.strip(),
    )  # fmt: skip
    return review


@transaction.atomic
def close_month(*, month: Period, at: datetime, by: str) -> MonthClose:
    """Close a month for ever, with the figures that another person reviewed. What comes later is of the next one.

    :raises CannotReviewMonth: with all that is missing
    :raises CannotCloseMonth: if nobody else reviewed it, its figures moved since, or it is closed
    :raises StillBusy: if somebody writes in that month and takes too long
    """
    _require_open(month)
    review = closing.last_review(month=month)
    if review is None:
        raise Refused(
            f"Nadie ha revisado {month_name(month)}.",
            "Pida a quien lleva la contabilidad que lo revise antes.",
        )
    today = timezone.localdate(at)
    # asked first without holding anybody, and again when nobody writes in it any more
    _require_nothing_missing(month, today, is_whole=True)
    ledger.hold_month(month=month)
    _require_nothing_missing(month, today, is_whole=False)
    close = ledger.close_month(month=month, digest=review.digest, reviewed_by=review.by, closed_by=by, at=at)
    audit.record(
        act="accounting.close_month", by=by, at=at, object_kind="month", object_id=int(month),
        after={"seal": close.seal, "entries": close.n_entries, "debit_cents": close.debit_cents,
               "reviewed_by": review.by},
    )  # fmt: skip
    return close


@transaction.atomic
def classify_concept(
    *,
    concept: Concept,
    classifier: str,
    name: str,
    effective_from: date,
    reason: str,
    proposed_by: str,
    approved_by: str,
    at: datetime,
) -> ConceptClassification:
    """Tell the revenue of a concept in another line of the CRI from a day on; what is closed is not told again.

    :raises CannotClassify: without a line, a name or a reason, if one person says both, the day is in a closed
        month, or that day already has one
    """
    code, said = classifier.strip(), " ".join(name.split())
    for value, what, remedy, field in (
        (code, "Falta el rubro del CRI.", "Escríbalo como en el clasificador: 43, 45, 73…", "classifier"),
        (said, "Falta el nombre del rubro.", "Escríbalo como en la Ley de Ingresos.", "name"),
        (reason.strip(), "Falta el motivo.", "Diga de dónde viene el cambio.", "reason"),
    ):
        if not value:
            raise CannotClassify(what, remedy, field=field)
    if proposed_by == approved_by:
        raise CannotClassify("Nadie aprueba lo que propone.", "Pídalo a otra persona.", field="approved_by")
    closed = ledger_queries.closed_through()
    if closed is not None and effective_from <= closed.last_day:
        raise CannotClassify(
            f"{month_name(closed).capitalize()} ya está cerrado.",
            "Elija un día de un mes abierto.",
            field="effective_from",
        )
    try:
        with transaction.atomic():
            written = ConceptClassification.objects.create(
                concept=concept, classifier=code, name=said, effective_from=effective_from, at=at,
                reason=reason.strip()[:200], proposed_by=proposed_by, approved_by=approved_by,
            )  # fmt: skip
    except IntegrityError:
        raise CannotClassify(
            "Ese concepto ya tiene rubro desde ese día.", "Elija otro día.", field="effective_from"
        ) from None
    audit.record(
        act="accounting.classify_concept", by=approved_by, at=at, object_kind="concept", object_id=concept.code,
        after={"classifier": code, "from": effective_from.isoformat(), "proposed_by": proposed_by},
        reason=reason.strip(),
    )  # fmt: skip
    return written


def _require_open(month: Period) -> None:
    if ledger_queries.month_close(month=month):
        raise Refused(
            f"{month_name(month).capitalize()} ya está cerrado.",
            "Lo que falte se corrige en el mes siguiente.",
        )


def _require_nothing_missing(month: Period, today: date, *, is_whole: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '120s'")
    days = reconciling.month(month=month)
    found = list(closing.missing(month=month, days=days, today=today))
    if is_whole:
        found += closing.disagreements()
    if found:
        refusal = CannotReviewMonth(
            f"A {month_name(month)} le falta: {found[0].what}"
            + (f" Y {len(found) - 1} más." if len(found) > 1 else ""),
            "Resuelva lo que dice la lista y vuelva a intentarlo.",
        )
        refusal.missing = tuple(found)
        raise refusal
