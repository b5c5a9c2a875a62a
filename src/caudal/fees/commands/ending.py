"""The end of a service: delivered once it is paid, or canceled before."""

from datetime import date, datetime

from django.db import transaction

from caudal.fees import policy
from caudal.fees.commands.certificates import issue_certificate
from caudal.fees.models import CounterService, CounterServiceEnd
from caudal.fees.queries import open_cents, owed, rules
from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import pesos
from caudal.ledger import commands as ledger
from caudal.ledger.models import Allocation, Credit, DocumentKind
from caudal.registry import commands as registry
from caudal.registry import queries as accounts


class CannotDeliverService(Refusal): ...


class CannotCancelService(Refusal): ...


@transaction.atomic
def deliver_service(
    *, service: CounterService, on: date, at: datetime, by: str, note: str = ""
) -> CounterServiceEnd:
    """Deliver a paid service. A change of holder changes the holder, a reconnection lets the service flow again,
    a certificate is issued: the act and its proof are one.

    :raises CannotDeliverService: if it ended before, is not paid, is a change of holder that the same person asked
        for, or debt forbids it
    :raises CannotChangeHolder: if the registry does not admit the change that day
    :raises CannotCertify: if the account owes anything
    """
    ledger.lock_accounts(account_ids=[service.account_id])
    _require_live(service, CannotDeliverService)
    if left := open_cents(service=service):
        raise CannotDeliverService(
            f"Faltan por pagar {pesos(left)} de este trámite.",
            "Cóbrelos en la ventanilla y vuelva a entregar.",
        )
    if service.concept.code == policy.HOLDER_CHANGE:
        _change_holder(service, on, at, by)
    elif service.concept.code == policy.RECONNECTION:
        _restore(service, on, at, by)
    elif service.concept.code == policy.CERTIFICATE:
        issue_certificate(service=service, on=on, at=at, by=by)
    return _ended(service, CounterServiceEnd.Kind.DELIVERED, note, on, at, by)


@transaction.atomic
def cancel_service(
    *, service: CounterService, reason: str, on: date, at: datetime, by: str
) -> CounterServiceEnd:
    """Cancel a service nobody has paid: its charge is extinguished, both papers stay.

    What money in favor had paid of it goes back to the account's favor.

    :raises CannotCancelService: without a reason, if it ended before, or a payment reached it
    """
    if not reason.strip():
        raise CannotCancelService("Falta el motivo.", "Escriba por qué se cancela.", field="reason")
    ledger.lock_accounts(account_ids=[service.account_id])
    _require_live(service, CannotCancelService)
    if receipt := _payment_after(service):
        raise CannotCancelService(
            f"Ya se pagó con el comprobante {receipt}.",
            "Cancele primero ese comprobante, o entregue el trámite.",
        )
    if service.charge_sequence:
        ledger.cancel_document_charges(
            account=service.account, period=0, document_kind=DocumentKind.FEE,
            sequence=service.charge_sequence, on=on, at=at, by=by, reason=f"{service.folio}: {reason.strip()}",
        )  # fmt: skip
    return _ended(service, CounterServiceEnd.Kind.CANCELED, reason, on, at, by)


def _payment_after(service: CounterService) -> str:
    """The receipt that paid any of it since it was asked for; money in favor from before is not such a one."""
    mine = Allocation.objects.filter(
        account_id=service.account_id, period=0, document_kind=DocumentKind.FEE,
        sequence=service.charge_sequence, credit__kind=Credit.Kind.PAYMENT, credit__reverses=None,
        credit__recorded_at__gt=service.asked_at,
    )  # fmt: skip
    standing = mine.exclude(credit_id__in=Credit.objects.filter(reverses__isnull=False).values("reverses_id"))
    found = standing.select_related("credit").first()
    return found.credit.document if found else ""


def _require_live(service: CounterService, refusal: type[Refusal]) -> None:
    end = CounterServiceEnd.objects.filter(pk=service.pk).first()
    if end:
        raise refusal(
            f"El trámite {service.folio} ya está {end.get_kind_display()} desde el {end.on:%d/%m/%Y}.",
            "Si hace falta otra vez, pida un trámite nuevo.",
        )


def _change_holder(service: CounterService, on: date, at: datetime, by: str) -> None:
    mine = rules()
    if mine.holder_change_takes_two and by == service.asked_by:
        raise CannotDeliverService(
            "El cambio de titular lo entrega otra persona.",
            "Pida a alguien más que revise los documentos y lo entregue.",
        )
    debt = owed(account_id=service.account_id, on=on)
    if debt and not mine.holder_change_admits_debt:
        raise CannotDeliverService(
            f"No se puede cambiar el titular: la cuenta debe {debt.words}.",
            "Cobre primero el adeudo del titular anterior.",
        )
    told = dict(service.new_holder)
    documents = told.pop("documents", "")
    registry.change_holder(
        account=service.account, holder=registry.Holder(**told), on=on,
        reason=f"{service.folio}: {documents}"[:200], by=by, at=at,
    )  # fmt: skip


def _restore(service: CounterService, on: date, at: datetime, by: str) -> None:
    """Write that the service flows again, if the registry says it does not."""
    card = accounts.account_card(account=service.account, on=on)
    if card.interruption:
        registry.restore_service(account=service.account, on=on, by=by, at=at, reason=service.folio)


def _ended(
    service: CounterService, kind: str, note: str, on: date, at: datetime, by: str
) -> CounterServiceEnd:
    end = CounterServiceEnd(service=service, kind=kind, note=note.strip()[:200], on=on, at=at, by=by)
    end.save(force_insert=True)
    audit.record(
        act=f"{'deliver' if kind == CounterServiceEnd.Kind.DELIVERED else 'cancel'}_service", by=by, at=at,
        object_kind="account", object_id=service.account.number, reason=end.note,
        after={"folio": service.folio, "name": service.name},
    )  # fmt: skip
    return end
