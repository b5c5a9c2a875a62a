"""The facts of each notice on paper, and the print file of a batch in route order."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from django.conf import settings

from caudal.access import queries as people
from caudal.documents import notice_papers
from caudal.documents.issuers import issuer
from caudal.documents.layouts import Issuer
from caudal.documents.notice_papers import NoticeDebtText, NoticeSheet
from caudal.dunning import policy
from caudal.dunning.models import DunningStage, Notice, NoticeBatch, NoticeDebt
from caudal.dunning.policy import BusinessCalendar
from caudal.dunning.queries import calendar
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import pesos
from caudal.tariffs import queries as tariffs

# what is read and set in type at once: the first pages come soon and the memory stays small
AT_ONCE: Final = 1_000


class CannotPrintBatch(Refusal):
    """The batch is not issued, or everything in it was canceled: there is nothing to take to a door."""


def notice_pdf(*, notice: Notice) -> bytes:
    """One notice as a tagged PDF."""
    return notice_papers.notices_pdf(sheets=list(sheets(notices=[notice])))


def sheets(*, notices: Sequence[Notice]) -> Iterator[NoticeSheet]:
    """Notices as sheets, in the order given; two statements, however many they are."""
    debts: dict[int, list[NoticeDebt]] = {}
    rows = NoticeDebt.objects.filter(notice_id__in=[each.pk for each in notices]).order_by("due_on", "period")
    for debt in rows:
        debts.setdefault(debt.notice_id, []).append(debt)
    names = people.names_of(usernames={each.batch.issued_by for each in notices})
    head, days = issuer(), calendar()
    for notice in notices:
        signer = names.get(notice.batch.issued_by, notice.batch.issued_by)
        yield _sheet(notice, debts.get(notice.pk, []), head, days, signer)


def print_batch(*, batch: NoticeBatch, on_pages: Callable[[int], None] | None = None) -> list[Path]:
    """The notices of a batch that stand, in route order: one PDF, and more only past a thousand pages each.

    :param on_pages: told of each file's pages; what it raises stops the work and leaves only whole files
    :raises CannotPrintBatch: if there is nothing to print
    """
    waiting = list(
        Notice.objects.filter(batch=batch, cancellation=None)
        .select_related("stage", "batch", "account")
        .order_by("route", "walk_sequence", "number")
    )
    if not waiting:
        raise CannotPrintBatch(
            f"El lote {batch.folio} no tiene notificaciones que imprimir.", "Emítalo primero.", field="batch"
        )
    directory = print_directory(batch=batch)
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for place, start in enumerate(range(0, len(waiting), AT_ONCE), start=1):
        part = waiting[start : start + AT_ONCE]
        name = f"{batch.folio}-{place:02d}-ruta-{part[0].route}-a-{part[-1].route}.pdf"
        _write(
            directory / name, notice_papers.notices_pdf(sheets=list(sheets(notices=part)), accessible=False)
        )
        written.append(directory / name)
        if on_pages:
            on_pages(len(part))
    for stale in set(directory.glob("*.pdf")) - set(written):
        stale.unlink()
    return written


def print_files(*, batch: NoticeBatch) -> list[Path]:
    """What was printed of a batch, in order."""
    return sorted(print_directory(batch=batch).glob("*.pdf"))


def print_directory(*, batch: NoticeBatch) -> Path:
    """Where the print files of a batch are kept."""
    return Path(settings.MEDIA_ROOT) / "notificaciones" / batch.folio


def _sheet(
    notice: Notice, debts: Sequence[NoticeDebt], head: Issuer, days: BusinessCalendar, signer: str
) -> NoticeSheet:
    stage = notice.stage
    told = policy.dates(served_on=notice.issued_on, term_days=stage.term_days, calendar=days)
    return NoticeSheet(
        issuer=head, folio=notice.folio, title=stage.get_code_display().capitalize(),
        account_number=notice.account.number, holder_name=notice.holder_name,
        service_address=f"{notice.address}, {notice.locality}", usage=notice.usage, route=notice.route,
        walk_sequence=notice.walk_sequence, issued_on=notice.issued_on, text=stage.text, debts=tuple(
            NoticeDebtText(
                period=int(each.period), due_on=each.due_on, water_cents=each.water_cents,
                sewerage_cents=each.sewerage_cents, other_cents=each.other_cents,
                surcharge_cents=each.surcharge_cents, cost_cents=each.cost_cents,
            )
            for each in debts
        ),
        total_cents=notice.total_cents, term_days=stage.term_days, term_ends_on=told.term_ends_on,
        legal_basis=stage.legal_basis, warning=stage.warning, cost_text=cost_text(stage=stage),
        is_demand=stage.needs_personal_service, signed_by=signer, locality=notice.locality,
    )  # fmt: skip


def cost_text(*, stage: DunningStage) -> str:
    """What serving a notice adds to the debt, in a sentence; nothing if it adds nothing."""
    if stage.cost_kind == DunningStage.Cost.FIXED:
        return f"Los gastos de esta diligencia son de {pesos(stage.cost_floor_cents)}."
    if stage.cost_kind == DunningStage.Cost.SHARE:
        return (
            f"Los gastos de esta diligencia son el {tariffs.ppm_text(stage.cost_ppm)} del adeudo, no menos de "
            f"{pesos(stage.cost_floor_cents)} ni más de {pesos(stage.cost_ceiling_cents)}; se cargan al notificarla."
        )
    return ""


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a reader never sees half a file."""
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(content)
    partial.replace(path)
