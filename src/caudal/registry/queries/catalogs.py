"""Find one thing of the padrón by the code or number that people use for it."""

from typing import TypeVar

from django.db.models import Model

from caudal.kernel.refusals import Refusal
from caudal.registry.models import Account, BillingCycle, Locality, Route, ServicePoint, TariffClass


class AccountNotFound(Refusal): ...


class NotInCatalog(Refusal): ...


def account_by_number(*, number: str) -> Account:
    """The account with this number; leading zeros may be left out.

    :raises AccountNotFound: if no account has it
    """
    written = number.strip()
    found = Account.objects.filter(number=written).first()
    if found is None and written.isdigit():
        # zeros in front are tried one by one, each by the index of the number
        bare = str(int(written))
        candidates = Account.objects.filter(number__in=[bare.zfill(width) for width in range(len(bare), 13)])[
            :2
        ]
        found = candidates[0] if len(candidates) == 1 else None
    if found is None:
        raise AccountNotFound(
            f"No hay ninguna cuenta con el número {written}.",
            "Revíselo o búsquela por nombre, domicilio o teléfono.",
            field="number",
        )
    return found


def service_point_of(*, account: Account) -> ServicePoint:
    """The service point of an account's newest agreement, in effect or not, with its route and cycle."""
    agreement = (
        account.agreements.select_related("service_point__route__cycle", "service_point__premise")
        .order_by("-effective_from")
        .first()
    )
    if agreement is None:
        raise AccountNotFound(f"La cuenta {account.number} nunca ha tenido servicio.", "Ábrale un contrato.")
    point: ServicePoint = agreement.service_point
    return point


def cycle_by_code(*, code: str) -> BillingCycle:
    """:raises NotInCatalog: naming the cycles there are"""
    return _by_code(BillingCycle, code, what="el ciclo")


def route_by_code(*, code: str) -> Route:
    """:raises NotInCatalog: naming the routes there are"""
    return _by_code(Route, code, what="la ruta")


def locality_by_code(*, code: str) -> Locality:
    """:raises NotInCatalog: naming the localities there are"""
    return _by_code(Locality, code, what="la localidad")


def tariff_class_by_code(*, code: str) -> TariffClass:
    """:raises NotInCatalog: naming the classes there are"""
    return _by_code(TariffClass, code, what="la tarifa")


M = TypeVar("M", bound=Model)


def _by_code(model: type[M], code: str, *, what: str) -> M:
    found = model._default_manager.filter(code=code.strip()).first()
    if found is None:
        known = list(model._default_manager.order_by("code").values_list("code", flat=True)[:30])
        raise NotInCatalog(
            f"No existe {what} «{code}».",
            f"Están: {', '.join(known)}." if known else "Todavía no hay ninguna.",
        )
    return found
