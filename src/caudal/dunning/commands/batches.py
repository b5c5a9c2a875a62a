"""Preparing a batch for a segment, issuing it with its folios, discarding it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction

from caudal.dunning import detailing, policy
from caudal.dunning.models import Notice, NoticeBatch, NoticeDebt
from caudal.dunning.queries import ladders, segments
from caudal.dunning.queries.segments import SegmentFilter
from caudal.kernel import audit, folios
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger

_AT_ONCE: Final = 2_000


class CannotPrepareBatch(Refusal): ...


class CannotIssueBatch(Refusal): ...


class CannotDiscardBatch(Refusal): ...


@transaction.atomic
def prepare_batch(
    *, name: str, stage: str, within: SegmentFilter, on: date, at: datetime, by: str
) -> NoticeBatch:
    """Prepare the notices of a stage for a segment; who is in it is asked again when it is issued.

    :param stage: the code of a stage of the ladder of the day
    :raises CannotPrepareBatch: without a name, or if nobody would get a notice today
    :raises NoLadder: before the first ladder
    :raises UnknownStage: if the ladder of the day has no such stage
    """
    if not name.strip():
        raise CannotPrepareBatch("Falta el nombre del lote.", "Escriba cómo reconocerlo.", field="name")
    asked = ladders.stage(code=stage, on=on)
    told = segments.segment(stage=asked, within=within, on=on)
    if not told.candidates:
        spared = f" {len(told.spared)} quedaron fuera." if told.spared else ""
        raise CannotPrepareBatch(
            f"Nadie recibiría esta notificación hoy.{spared}", "Cambie el segmento o la etapa.", field="stage"
        )
    batch = NoticeBatch.objects.create(
        name=" ".join(name.split())[:80], stage=asked, segment=within.as_dict(), prepared_on=on, prepared_at=at,
        prepared_by=by, number=folios.take(series=policy.BATCH_SERIES),
    )  # fmt: skip
    audit.record(
        act="prepare_notices", by=by, at=at, object_kind="notice_batch", object_id=batch.folio,
        after={"stage": stage, "segment": batch.segment, "accounts": len(told.candidates)},
    )  # fmt: skip
    return batch


@transaction.atomic
def issue_batch(*, batch: NoticeBatch, on: date, at: datetime, by: str) -> NoticeBatch:
    """Issue a prepared batch: who is in its segment today, with what each owes today, with consecutive folios.

    Accounts are locked while their debts are read: what a notice says is what the ledger says at that moment.

    :raises CannotIssueBatch: if it was issued or discarded, or nobody is left in its segment
    """
    held = _prepared(batch, CannotIssueBatch)
    within = SegmentFilter.read(held.segment)
    first = segments.segment(stage=held.stage, within=within, on=on)
    ids = [each.account_id for each in first.candidates]
    ledger.lock_accounts(account_ids=ids)
    told = segments.segment(stage=held.stage, within=within, on=on, account_ids=ids) if ids else first
    if not told.candidates:
        raise CannotIssueBatch(
            f"Ya nadie recibiría las notificaciones de {held.folio}.", "Descarte el lote.", field="batch"
        )
    drafts = detailing.drafts(batch=held, candidates=told.candidates, on=on)
    held.issued_on, held.issued_at, held.issued_by = on, at, by
    held.spared = first.spared_by_reason
    held.save(update_fields=["issued_on", "issued_at", "issued_by", "spared"])
    _write(drafts)
    audit.record(
        act="issue_notices", by=by, at=at, object_kind="notice_batch", object_id=held.folio,
        after={"notices": len(drafts), "total_cents": sum(each.notice.total_cents for each in drafts),
               "spared": held.spared},
    )  # fmt: skip
    return held


@transaction.atomic
def discard_batch(*, batch: NoticeBatch, reason: str, at: datetime, by: str) -> NoticeBatch:
    """Discard a batch that was not issued.

    :raises CannotDiscardBatch: without a reason, or if it was issued or discarded before
    """
    if not reason.strip():
        raise CannotDiscardBatch("Falta el motivo.", "Escriba por qué se descarta.", field="reason")
    held = _prepared(batch, CannotDiscardBatch)
    held.discarded_at, held.discarded_by, held.discarded_reason = at, by, reason.strip()[:200]
    held.save(update_fields=["discarded_at", "discarded_by", "discarded_reason"])
    audit.record(
        act="discard_notices", by=by, at=at, object_kind="notice_batch", object_id=held.folio,
        reason=held.discarded_reason,
    )  # fmt: skip
    return held


def _write(drafts: Sequence[detailing.Draft]) -> None:
    # the series is locked until the transaction ends: it is asked last
    first = folios.take_run(series=policy.NOTICE_SERIES, n=len(drafts))
    for number, draft in enumerate(drafts, start=first):
        draft.notice.number = number
    written = Notice.objects.bulk_create((each.notice for each in drafts), batch_size=_AT_ONCE)
    debts: list[NoticeDebt] = []
    for notice, draft in zip(written, drafts, strict=True):
        for debt in draft.debts:
            debt.notice = notice
        debts += draft.debts
    NoticeDebt.objects.bulk_create(debts, batch_size=_AT_ONCE)


def _prepared(batch: NoticeBatch, refusal: type[Refusal]) -> NoticeBatch:
    held: NoticeBatch = (
        NoticeBatch.objects.select_for_update(of=("self",)).select_related("stage__ladder").get(pk=batch.pk)
    )
    if held.issued_on:
        raise refusal(
            f"El lote {held.folio} ya se emitió el {held.issued_on:%d/%m/%Y}.",
            "Abra sus notificaciones; si una no procede, cancélela.", field="batch",
        )  # fmt: skip
    if held.discarded_at:
        raise refusal(f"El lote {held.folio} está descartado.", "Prepare otro.", field="batch")
    return held
