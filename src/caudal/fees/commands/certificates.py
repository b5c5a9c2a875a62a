"""The certificate of no debt: issued once with the facts of its day, on paper as an original and then as copies."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from caudal.fees import policy
from caudal.fees.models import CertificatePrint, CounterService, NoDebtCertificate
from caudal.fees.queries import owed, rules
from caudal.kernel import audit, folios
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import in_reading_case
from caudal.ledger import commands as ledger
from caudal.registry import queries as accounts


class CannotCertify(Refusal): ...


@transaction.atomic
def issue_certificate(*, service: CounterService, on: date, at: datetime, by: str) -> NoDebtCertificate:
    """Write that an account owes nothing today. Part of delivering its service.

    :raises CannotCertify: if it owes anything
    """
    if debt := owed(account_id=service.account_id, on=on):
        raise CannotCertify(
            f"No se puede hacer la constancia: la cuenta debe {debt.words}.",
            "Cobre primero el adeudo en la ventanilla.",
        )
    card = accounts.account_card(account=service.account, on=on)
    return NoDebtCertificate.objects.create(
        service=service,
        code=policy.new_code(),
        issued_on=on,
        issued_at=at,
        issued_by=by,
        # the day it is issued counts as the first
        valid_until=on + timedelta(days=rules().certificate_days - 1),
        facts={
            "account": card.number,
            "holder": in_reading_case(card.holder),
            "asked_for": in_reading_case(service.asked_for),
            "address": in_reading_case(card.place),
            "usage": card.tariff_class_name,
            "is_active": card.is_active,
            "cadastral_key": card.cadastral_key,
        },
        number=folios.take(series=policy.CERTIFICATE_SERIES),
    )


@transaction.atomic
def print_certificate(*, certificate: NoDebtCertificate, at: datetime, by: str) -> CertificatePrint:
    """Put the certificate on paper: the first time it is the original, then it says which copy it is."""
    # two people do not both hand out an original: the account is held
    ledger.lock_accounts(account_ids=[certificate.service.account_id])
    last = certificate.prints.aggregate(last=Max("copy"))["last"]
    printed = CertificatePrint.objects.create(
        certificate=certificate, copy=0 if last is None else last + 1, at=at, by=by
    )
    audit.record(
        act="print_certificate", by=by, at=at, object_kind="certificate", object_id=certificate.folio,
        after={"copy": printed.copy},
    )  # fmt: skip
    return printed
