"""Asking for a service: its price of the day becomes a charge of the account, and its order takes a folio."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from caudal.campaigns import queries as campaigns
from caudal.fees import policy
from caudal.fees.models import CounterService
from caudal.fees.queries import owed, rules, services_of
from caudal.kernel import audit, folios, idempotency
from caudal.kernel.refusals import Refusal
from caudal.ledger import commands as ledger
from caudal.ledger.models import Concept, CreditBalance, DocumentKind
from caudal.registry import commands as registry
from caudal.registry import queries as accounts
from caudal.registry.models import Account
from caudal.tariffs import queries as tariffs


class CannotAskService(Refusal): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHolder:
    """Who the account passes to, and the papers that say so."""

    full_name: str
    rfc: str = ""
    curp: str = ""
    phone: str = ""
    documents: str = ""


def ask_service(
    *,
    account: Account,
    code: str,
    on: date,
    at: datetime,
    by: str,
    key: UUID,
    asked_for: str = "",
    place: str = "",
    note: str = "",
    new_holder: NewHolder | None = None,
) -> CounterService:
    """Ask for a service of the tariff book: charged today, due today, with its folio. The same key asks once.

    Money the account has in favor pays its debts first, this one too; the rest is paid at the window.

    :param code: of the book's [[fees]]
    :param asked_for: who it is for; the holder, if nothing is said
    :raises CannotAskService: for what is missing, what is under way already, or what debt forbids
    :raises UnknownFee: if the book does not price it for this account
    :raises NoBookInForce: if no published book covers the day
    """
    request = {
        "account": account.number, "code": code, "asked_for": asked_for, "place": place, "note": note,
        "new_holder": asdict(new_holder) if new_holder else None,
    }  # fmt: skip

    def run() -> dict[str, Any]:
        service = _asked(account, code, request, on, at, by)
        return {"service": service.pk}

    reply = idempotency.once(key=key, act="fees.ask_service", body=request, at=at, run=run)
    return CounterService.objects.select_related("account", "concept").get(pk=reply["service"])


def _asked(
    account: Account, code: str, request: dict[str, Any], on: date, at: datetime, by: str
) -> CounterService:
    ledger.lock_accounts(account_ids=[account.pk])
    card = accounts.account_card(account=account, on=on)
    book = tariffs.book_in_force(on=on)
    fee = tariffs.fee(book=book, code=code, use=card.use, is_metered=card.is_metered)
    concept = Concept.objects.get(code=fee.concept)
    _require_one_at_a_time(account, concept)
    holder = _sound_details(fee.concept, request)
    _require_no_debt(account, concept, on)
    sequence = _charge(account, concept, fee, on, at, by) if fee.total_cents else 0
    service = CounterService.objects.create(
        account=account, concept=concept, code=fee.code, name=fee.name, article=fee.article, book=book.code,
        amount_cents=fee.amount_cents, vat_cents=fee.vat_cents, charge_sequence=sequence,
        asked_for=" ".join(request["asked_for"].split()) or card.holder, place=request["place"].strip(),
        note=request["note"].strip(), new_holder=holder, asked_on=on, asked_at=at, asked_by=by,
        # the series is locked until the transaction ends: it is asked last
        number=folios.take(series=policy.SERVICE_SERIES),
    )  # fmt: skip
    audit.record(
        act="ask_service", by=by, at=at, object_kind="account", object_id=account.number,
        after={"folio": service.folio, "name": service.name, "total_cents": service.total_cents},
    )  # fmt: skip
    return service


def _charge(account: Account, concept: Concept, fee: tariffs.Fee, on: date, at: datetime, by: str) -> int:
    posted = ledger.post_charges(
        account=account,
        lines=[
            ledger.ChargeLine(
                concept.pk, fee.amount_cents, vat_cents=fee.vat_cents, base_cents=fee.amount_cents
            )
        ],
        document_kind=DocumentKind.FEE,
        due_on=on,
        on=on,
        at=at,
        by=by,
        reason=fee.name,
    )
    if CreditBalance.objects.filter(account_id=account.pk, unallocated_cents__gt=0).exists():
        ledger.apply_credit_balance(
            account_ids=[account.pk], on=on, at=at, by=by, document=f"fee:{account.number}/{posted.sequence}",
            terms=tariffs.terms(book=tariffs.book_in_force(on=on)),
            reserved_cents=campaigns.prepaid_reserved(account_ids=[account.pk]),
        )  # fmt: skip
    return posted.sequence


def _require_one_at_a_time(account: Account, concept: Concept) -> None:
    if concept.code not in policy.ONE_AT_A_TIME:
        return
    live = services_of(account_id=account.pk).filter(concept=concept, end=None).first()
    if live:
        raise CannotAskService(
            f"Ya está en curso: {live.name.lower()}, folio {live.folio}.",
            "Siga ese trámite, o cancélelo si fue un error.",
            field="code",
        )


def _sound_details(concept: str, request: dict[str, Any]) -> dict[str, Any]:
    """The new holder of a change of holder; whatever else a kind of service cannot do without."""
    if concept == policy.TANKER and not request["place"].strip():
        raise CannotAskService(
            "Falta a dónde se lleva la pipa.", "Escriba calle, número y una referencia.", field="place"
        )
    if concept != policy.HOLDER_CHANGE:
        return {}
    holder = request["new_holder"] or {}
    if not holder.get("documents", "").strip():
        raise CannotAskService(
            "Faltan los documentos que acreditan el cambio.",
            "Anote cuáles se presentaron: escritura, sentencia, contrato…", field="documents",
        )  # fmt: skip
    registry.require_sound_holder(
        holder=registry.Holder(**{name: holder[name] for name in ("full_name", "rfc", "curp", "phone")}),
        refusal=CannotAskService,
    )
    return {name: " ".join(str(text).split()) for name, text in holder.items()}


def _require_no_debt(account: Account, concept: Concept, on: date) -> None:
    is_certificate = concept.code == policy.CERTIFICATE
    is_change = concept.code == policy.HOLDER_CHANGE and not rules().holder_change_admits_debt
    if not (is_certificate or is_change):
        return
    if debt := owed(account_id=account.pk, on=on):
        what = "No se puede hacer la constancia" if is_certificate else "No se puede cambiar el titular"
        raise CannotAskService(
            f"{what}: la cuenta debe {debt.words}.", "Cobre primero el adeudo en la ventanilla.", field="code"
        )
