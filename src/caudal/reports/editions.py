"""Editions of the report of activities: frozen, sealed one after another, signed, and never changed again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from django.db import connection, transaction

from caudal.access import pins
from caudal.access import policy as acts
from caudal.access.models import Clerk
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.reports import papers, signing
from caudal.reports.activities import building
from caudal.reports.activities.differing import differences
from caudal.reports.activities.report import ActivityReport, of_json
from caudal.reports.models import ReportEdition, ReportPaper

OBJECT: Final = "report_edition"
_ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(hashtextextended('report editions', 0))"
_FOREVER: Final = "Una edición no se cambia: se sustituye por otra que diga por qué."


class CannotPublishReport(Refusal): ...


@dataclass(frozen=True, slots=True)
class Correction:
    """Which edition is replaced by a new one, and why."""

    replaces: ReportEdition
    reason: str


def publish_report(
    *, since: date, until: date, note: str, pin: str, today: date, at: datetime, by: str,
    correction: Correction | None = None,
) -> ReportEdition:  # fmt: skip
    """Freeze what was done on those days, write its papers, seal it with the edition before and sign it.

    Whoever publishes signs with their PIN; a wrong one is counted, so this must not run inside a transaction.

    :raises CannotPublishReport: if the days are not over, hold no activity or are published already, whoever publishes
        may not, the PIN is wrong, or a correction has no reason, changes nothing or replaces what was replaced
    """
    if until > today:
        raise CannotPublishReport(
            "Esos días todavía no terminan.", "Publique hasta un día que ya pasó.", field="hasta"
        )
    if correction is not None and not correction.reason.strip():
        raise CannotPublishReport(
            "Falta el motivo de la corrección.", "Escriba qué se corrigió.", field="reason"
        )
    _require_publisher(by, pin, at)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_ONE_AT_A_TIME)
        return _publish(since, until, note.strip()[:400], today, at, by, correction)


def _publish(
    since: date, until: date, note: str, today: date, at: datetime, by: str, correction: Correction | None
) -> ReportEdition:
    replaced = _require_place(since, until, correction)
    report = building.whole_report(since=since, until=until, today=today)
    if not any(month.activities for month in report.months):
        raise CannotPublishReport("En esos días no hubo actividades.", "Elija otros días.", field="desde")
    changes = []
    if replaced is not None:
        changes = [each.as_json() for each in differences(before=of_json(replaced.content), after=report)]
        if not changes:
            raise CannotPublishReport(
                f"Nada cambió desde la edición {replaced.number}.",
                "No hace falta corregirla.",
                field="reason",
            )
    last = ReportEdition.objects.order_by("number").last()
    content = report.as_json()
    edition = ReportEdition(
        number=last.number + 1 if last else 1, since=since, until=until, content=content,
        content_sha256=signing.fingerprint(signing.canonical(content)), note=note, replaces=replaced,
        reason=correction.reason.strip()[:400] if correction else "", changes=changes, published_at=at,
        published_by=by, previous_sha256=last.sha256 if last else "",
    )  # fmt: skip
    bodies = papers.of_edition(edition=edition, publisher=_full_name(by))
    edition.sha256 = seal_of(
        edition=edition, papers={form: signing.fingerprint(it) for form, it in bodies.items()}
    )
    edition.signature, edition.public_key = signing.sign(seal=edition.sha256)
    edition.save(force_insert=True)
    ReportPaper.objects.bulk_create(
        ReportPaper(edition=edition, form=form, body=body, sha256=signing.fingerprint(body))
        for form, body in bodies.items()
    )
    audit.record(
        act="reports.publish", by=by, at=at, object_kind=OBJECT, object_id=edition.number, reason=edition.reason,
        after={"since": since.isoformat(), "until": until.isoformat(), "sha256": edition.sha256},
    )  # fmt: skip
    return edition


def seal_of(*, edition: ReportEdition, papers: Mapping[str, str]) -> str:
    """The seal of an edition: everything it says and the fingerprints of its papers, after the seal of the one before."""
    told: dict[str, Any] = {
        "number": edition.number, "since": edition.since.isoformat(), "until": edition.until.isoformat(),
        "content": edition.content_sha256, "note": edition.note,
        "replaces": edition.replaces.number if edition.replaces else None, "reason": edition.reason,
        "changes": edition.changes, "published_at": edition.published_at.astimezone(UTC).isoformat(),
        "published_by": edition.published_by, "papers": dict(papers), "previous": edition.previous_sha256,
    }  # fmt: skip
    return signing.fingerprint(signing.canonical(told))


def _require_publisher(by: str, pin: str, at: datetime) -> None:
    clerk = Clerk.objects.filter(username=by).first()
    if clerk is None or not acts.may(clerk=clerk, act=acts.PUBLISH_REPORTS):
        raise CannotPublishReport(
            "Usted no puede publicar informes.", "Pídalo a la gerencia comercial.", field="pin"
        )
    try:
        pins.check_pin(clerk=clerk, pin=pin, at=at)
    except pins.WrongPin as wrong:
        raise CannotPublishReport(wrong.what, wrong.remedy, field="pin") from None


def _require_place(since: date, until: date, correction: Correction | None) -> ReportEdition | None:
    """The edition that is replaced, as it stands; the days may be published once without saying what they correct."""
    standing = ReportEdition.objects.filter(since=since, until=until, replaced_by=None).first()
    if correction is None:
        if standing is not None:
            raise CannotPublishReport(
                f"Esos días ya están publicados en la edición {standing.number}.",
                f"Si algo cambió, publique una corrección. {_FOREVER}",
                field="desde",
            )
        return None
    replaced = ReportEdition.objects.get(pk=correction.replaces.pk)
    if (replaced.since, replaced.until) != (since, until):
        raise CannotPublishReport(
            f"La edición {replaced.number} es de otros días.", "Corríjala con sus mismos días.", field="desde"
        )
    if standing is None or standing.pk != replaced.pk:
        raise CannotPublishReport(
            f"La edición {replaced.number} ya fue sustituida.", "Corrija la que la sustituyó.", field="reason"
        )
    return replaced


def _full_name(username: str) -> str:
    found = Clerk.objects.filter(username=username).first()
    return found.full_name if found else username


def report_of(*, edition: ReportEdition) -> ActivityReport:
    """The report as it was published."""
    return of_json(edition.content)
