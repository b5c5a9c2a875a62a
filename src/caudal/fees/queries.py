"""Questions about counter services: their prices, how far each is, what a certificate says. Nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from caudal.fees import policy
from caudal.fees.models import CounterService, CounterServiceRules, NoDebtCertificate
from caudal.fees.policy import State, Validity
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import month_name, pesos
from caudal.ledger import queries as ledger
from caudal.ledger.models import Allocation, DocumentKind
from caudal.registry import queries as accounts
from caudal.registry.models import Account
from caudal.tariffs import queries as tariffs

_PERIODS_NAMED = 3


class UnknownService(Refusal):
    """No counter service has that folio."""


class UnknownCertificate(Refusal):
    """No certificate has that code."""


@dataclass(frozen=True, slots=True)
class Debt:
    """What an account owes on a day with its surcharges (centavos), and the periods it is of."""

    total_cents: int
    periods: tuple[int, ...]

    @property
    def words(self) -> str:
        """`$146.17 de noviembre 2018 y diciembre 2018`."""
        names = [month_name(period) if period else "otros cargos" for period in self.periods]
        if len(names) > _PERIODS_NAMED:
            names = [*names[:_PERIODS_NAMED], f"{len(names) - _PERIODS_NAMED} periodos más"]
        told = " y ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
        return f"{pesos(self.total_cents)} de {told}"


def rules() -> CounterServiceRules:
    """What the utility decided; the usual while it decided nothing."""
    return CounterServiceRules.objects.filter(pk=1).first() or CounterServiceRules()


def prices(*, account: Account, on: date) -> list[tariffs.Fee]:
    """The services that the book of a day prices for an account's use and regime.

    :raises NoBookInForce: if no published book covers the day
    """
    card = accounts.account_card(account=account, on=on)
    book = tariffs.book_in_force(on=on)
    return tariffs.fees(book=book, use=card.use, is_metered=card.is_metered)


def owed(*, account_id: int, on: date) -> Debt | None:
    """Whatever an account owes on a day, due or not yet; None if nothing."""
    terms = tariffs.terms(book=tariffs.book_in_force(on=on))
    found = ledger.statement(account_id=account_id, on=on, terms=terms)
    if found.total_cents <= 0:
        return None
    return Debt(found.total_cents, tuple(int(each.period) for each in found.periods if each.total_cents))


def services() -> QuerySet[CounterService]:
    """Every service, the newest first, with its account, concept, end and certificate."""
    return CounterService.objects.select_related("account", "concept", "end", "certificate").order_by(
        "-number"
    )


def services_of(*, account_id: int) -> QuerySet[CounterService]:
    """The services asked for on an account, the newest first."""
    return services().filter(account_id=account_id)


def services_of_day(*, on: date) -> QuerySet[CounterService]:
    """What was asked for or ended on a day."""
    return services().filter(Q(asked_on=on) | Q(end__on=on))


def service_by_folio(*, folio: str) -> CounterService:
    """The service of a folio such as `TRA-000012`; `tra 12` and `12` are understood.

    :raises UnknownService: if there is none
    """
    number = policy.service_number(folio)
    found = services().filter(number=number).first() if number is not None else None
    if found is None:
        raise UnknownService(
            f"No hay un trámite con el folio {folio.strip()}.",
            "Revíselo, o búsquelo en su cuenta.",
            field="folio",
        )
    return found


def open_cents(*, service: CounterService) -> int:
    """What is left to pay of a service's charge (centavos)."""
    return open_cents_of(services=[service])[service.pk]


def open_cents_of(*, services: Sequence[CounterService]) -> dict[int, int]:
    """What is left to pay of each of some services' charges (centavos), by id; one statement for them all."""
    paid = {
        (account, sequence): cents
        for account, sequence, cents in Allocation.objects.filter(
            account_id__in={each.account_id for each in services}, period=0, document_kind=DocumentKind.FEE
        )
        .values_list("account_id", "sequence")
        .annotate(cents=Sum("amount_cents"))
    }
    return {
        each.pk: each.total_cents - paid.get((each.account_id, each.charge_sequence), 0)
        if each.charge_sequence
        else 0
        for each in services
    }


def states_of(*, services: Sequence[CounterService]) -> dict[int, State]:
    """How far each of some services is, by id."""
    left = open_cents_of(services=services)
    return {
        each.pk: policy.state(end=each.end.kind if hasattr(each, "end") else None, open_cents=left[each.pk])
        for each in services
    }


def certificate_by_code(*, code: str) -> NoDebtCertificate:
    """The certificate whose paper carries this code.

    :raises UnknownCertificate: if there is none
    """
    found = NoDebtCertificate.objects.select_related("service").filter(code=policy.read_code(code)).first()
    if found is None:
        raise UnknownCertificate(
            "No expedimos ninguna constancia con ese código.",
            "Compare letra por letra con el papel; si coincide, no es nuestro.", field="code",
        )  # fmt: skip
    return found


def certificate_by_folio(*, folio: str) -> NoDebtCertificate:
    """The certificate of a folio such as `CNA-000003`; `cna 3` is understood.

    :raises UnknownCertificate: if there is none
    """
    number = policy.certificate_number(folio)
    found = (
        NoDebtCertificate.objects.select_related("service").filter(number=number).first() if number else None
    )
    if found is None:
        raise UnknownCertificate(
            f"No hay una constancia con el folio {folio.strip()}.",
            "Revíselo, o búsquela en su cuenta.",
            field="folio",
        )
    return found


def validity(*, certificate: NoDebtCertificate, on: date) -> Validity:
    """Whether a certificate still holds on a day."""
    return Validity.VALID if on <= certificate.valid_until else Validity.EXPIRED
