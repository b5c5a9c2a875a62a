"""Who holds an account, and who held it before."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from caudal.kernel import audit
from caudal.kernel.refusals import Refusal
from caudal.registry import policy
from caudal.registry.commands.locking import account_locked, may_cut, require_reason
from caudal.registry.models import Account, AccountHolder, Person


class CannotChangeHolder(Refusal): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who is going to hold the account, as told at the counter."""

    full_name: str
    kind: str = Person.Kind.NATURAL
    curp: str = ""
    rfc: str = ""
    phone: str = ""
    email: str = ""


@transaction.atomic
def change_holder(
    *, account: Account, holder: Holder | Person, on: date, reason: str, by: str, at: datetime
) -> AccountHolder:
    """Give the account to another person from a day on; who held it before stays written.

    :raises CannotChangeHolder: if nobody holds it that day, it is already that person, or no reason is given
    """
    require_reason(reason=reason, refusal=CannotChangeHolder)
    account_locked(account=account)
    current = AccountHolder.objects.filter(account=account).in_effect(on=on).select_related("person").first()
    if current is None or not may_cut(row=current, on=on):
        raise CannotChangeHolder(
            f"La cuenta {account.number} no admite un cambio de titular el {on:%d/%m/%Y}.",
            "La fecha debe ser posterior al inicio del titular actual.", field="on",
        )  # fmt: skip
    person = person_of(holder=holder, refusal=CannotChangeHolder)
    if person.pk == current.person_id:
        raise CannotChangeHolder(
            f"{person.full_name} ya es titular de la cuenta {account.number}.",
            "Elija a otra persona.",
            field="holder",
        )
    successor = AccountHolder(
        account=account, person=person, effective_from=on, effective_to=current.effective_to
    )
    AccountHolder.objects.filter(pk=current.pk).update(effective_to=on)
    successor.save(force_insert=True)
    audit.record(
        act="change_holder", by=by, at=at, object_kind="account", object_id=account.number, reason=reason,
        before={"holder": current.person.full_name}, after={"holder": person.full_name, "on": str(on)},
    )  # fmt: skip
    return successor


def person_of(*, holder: Holder | Person, refusal: type[Refusal]) -> Person:
    """The person told: one already in the registry, or a new one.

    :raises Refusal: of the class given, if the name is missing or an identity number is badly written
    """
    if isinstance(holder, Person):
        return holder
    require_sound_holder(holder=holder, refusal=refusal)
    return Person.objects.create(
        kind=holder.kind,
        full_name=" ".join(holder.full_name.split()),
        curp=holder.curp.strip().upper(),
        rfc=holder.rfc.strip().upper(),
        phone=holder.phone.strip(),
        email=holder.email.strip(),
    )


def require_sound_holder(*, holder: Holder, refusal: type[Refusal]) -> None:
    """Whoever is going to hold an account has a name, and identity numbers that are well written.

    :raises Refusal: of the class given, if not
    """
    if not holder.full_name.strip():
        raise refusal(
            "Falta el nombre del titular.", "Escríbalo como está en su identificación.", field="full_name"
        )
    rfc, curp = holder.rfc.strip().upper(), holder.curp.strip().upper()
    if rfc and not policy.is_valid_rfc(rfc=rfc):
        raise refusal(f"El RFC {rfc} no está bien escrito.", "Revíselo contra la constancia.", field="rfc")
    if curp and not policy.is_valid_curp(curp=curp):
        raise refusal(f"La CURP {curp} no está bien escrita.", "Revísela contra la credencial.", field="curp")
