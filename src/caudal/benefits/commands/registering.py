"""Giving a benefit at the window, and renewing it: the law's conditions first, then the document, then the dates."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from caudal.benefits import photos, policy, queries
from caudal.benefits.models import Beneficiary, BenefitEvidence, BenefitLoss, BenefitPolicy, LivedInVisit
from caudal.kernel import audit, idempotency
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import pesos
from caudal.ledger import queries as ledger
from caudal.registry import commands as registry
from caudal.registry import queries as accounts
from caudal.registry.commands import benefits as rights
from caudal.registry.models import Account, Benefit, Person
from caudal.tariffs import queries as tariffs

# what the open history of the account says; the document itself stands apart
_SEEN = "documento verificado en ventanilla"


class CannotRegisterBenefit(Refusal): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The document somebody puts on the counter. `kind` empty is the usual one of the category."""

    folio: str
    kind: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    photo: bytes = b""


def register_benefit(
    *,
    account: Account,
    category: str,
    shown: Shown,
    lives_there: bool,
    on: date,
    at: datetime,
    by: str,
    key: UUID,
) -> Benefit:
    """Give the holder of an account a benefit from a day on, until its document has to be renewed.

    Bills already issued stay as they are. The same key registers once.

    :raises CannotRegisterBenefit: for a condition of the law that is not met, or a document that does not prove it
    :raises NotAPicture: if the photo cannot be kept
    :raises CannotGrantBenefit: if the account has no service that day or holds that category
    :raises NoBenefitPolicy: if nobody decided what the category asks for
    :raises NoBookInForce: if no published book covers the day
    """

    def run() -> dict[str, Any]:
        return {"benefit": _registered(account, category, shown, lives_there, on, at, by).pk}

    body = {"account": account.number, "category": category, "kind": shown.kind, "folio": shown.folio}
    reply = idempotency.once(key=key, act="benefits.register_benefit", body=body, at=at, run=run)
    return queries.benefit_by_id(pk=reply["benefit"])


def _registered(
    account: Account, category: str, shown: Shown, lives_there: bool, on: date, at: datetime, by: str
) -> Benefit:
    rules = queries.policy_of(category=category, on=on)
    person = _require_conditions(account, category, rules, lives_there, on)
    seen = _sound(shown, rules, account, person, on)
    benefit = registry.grant_benefit(
        account=account, category=category, on=on, until=seen.counts_until, evidence=_SEEN, by=by, at=at
    )
    Beneficiary.objects.create(benefit=benefit, person=person, policy=rules, at=at, by=by)
    _keep(seen, benefit, shown, lives_there, at, by)
    _require_one_property_now(rules)
    audit.record(
        act="register_benefit", by=by, at=at, object_kind="benefit", object_id=benefit.pk,
        after={"account": account.number, "category": category, "on": str(on), "until": str(seen.counts_until)},
    )  # fmt: skip
    return benefit


def renew_benefit(
    *, benefit: Benefit, shown: Shown, lives_there: bool, on: date, at: datetime, by: str, key: UUID
) -> Benefit:
    """Let a benefit go on with a document seen today. One that came from another system gets its first document.

    :raises CannotRegisterBenefit: if it ended, the account passed to somebody else, or a condition is not met
    :raises NotAPicture: if the photo cannot be kept
    """

    def run() -> dict[str, Any]:
        return {"benefit": _renewed(benefit, shown, lives_there, on, at, by).pk}

    body = {"benefit": benefit.pk, "kind": shown.kind, "folio": shown.folio, "on": str(on)}
    reply = idempotency.once(key=key, act="benefits.renew_benefit", body=body, at=at, run=run)
    return queries.benefit_by_id(pk=reply["benefit"])


def _renewed(benefit: Benefit, shown: Shown, lives_there: bool, on: date, at: datetime, by: str) -> Benefit:
    account = benefit.account
    held: Benefit | None = (
        Benefit.objects.select_for_update(no_key=True).filter(pk=benefit.pk).in_effect(on=on).first()
    )
    if held is None or BenefitLoss.objects.filter(benefit=benefit).exists():
        raise CannotRegisterBenefit(
            "Este beneficio ya terminó.", "Regístrelo de nuevo en la cuenta, con su documento.", field="folio"
        )
    rules = queries.policy_of(category=held.category, on=on)
    person = _require_conditions(account, held.category, rules, lives_there, on)
    given_to = queries.person_of(benefit=held)
    if given_to is not None and given_to.pk != person.pk:
        raise CannotRegisterBenefit(
            f"El beneficio es de {given_to.full_name} y la cuenta ya es de {person.full_name}.",
            "Dé de baja este beneficio y registre el del titular actual.", field="folio",
        )  # fmt: skip
    seen = _sound(shown, rules, account, person, on)
    rights.renew_benefit(benefit=held, on=on, until=seen.counts_until, reason=_SEEN, by=by, at=at)
    if not Beneficiary.objects.filter(benefit=held).exists():
        Beneficiary.objects.create(benefit=held, person=person, policy=rules, at=at, by=by)
    _keep(seen, held, shown, lives_there, at, by)
    _require_one_property_now(rules)
    return held


def _require_conditions(
    account: Account, category: str, rules: BenefitPolicy, lives_there: bool, on: date
) -> Person:
    """What the law asks of the account and of its holder; the holder's row is held until the work is done."""
    card = accounts.account_card(account=account, on=on)
    right = queries.right_of(category=category, on=on)
    if right is None:
        raise CannotRegisterBenefit(
            "El libro de tarifas vigente no reduce nada por esa categoría.",
            "Elija otra, o agréguela al libro del año.", field="category",
        )  # fmt: skip
    if card.use and not right.reaches(use=card.use):
        raise CannotRegisterBenefit(
            f"La cuenta es de tarifa {card.tariff_class_name.lower()}, y el beneficio es solo para uso "
            f"{right.uses_in_words} ({right.article}).",
            "Si la casa es habitacional, corrija primero su tarifa en el padrón.", field="category",
        )  # fmt: skip
    person = queries.holder_of(account=account, on=on)
    if person is None or person.kind != Person.Kind.NATURAL:
        raise CannotRegisterBenefit(
            f"El titular de la cuenta {account.number} no es una persona física.",
            "El beneficio es personal: cambie primero el titular, con el trámite de cambio de propietario.",
            field="category",
        )
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if rules.one_property:
        _require_one_property(person, account, on)
    if rules.must_live_there and not lives_there:
        raise CannotRegisterBenefit(
            "El beneficio es solo para el predio en que vive.",
            "Confírmelo con la persona y marque la casilla; si vive en otro predio, regístrelo allá.",
            field="lives_there",
        )
    if rules.must_be_up_to_date:
        _require_up_to_date(account, on)
    return person


def _require_one_property(person: Person, account: Account, on: date) -> None:
    other = queries.elsewhere(person=person, account=account, on=on)
    if other is not None:
        raise CannotRegisterBenefit(
            f"{person.full_name} ya tiene el beneficio de {other.get_category_display()} en la cuenta "
            f"{other.account.number}, y es en un solo predio.",
            f"Si ahora vive aquí, dé de baja el de la cuenta {other.account.number} y regístrelo en esta.",
            field="category",
        )


def _require_up_to_date(account: Account, on: date) -> None:
    owed = ledger.statement(account_id=account.pk, on=on, terms=tariffs.terms_on(on=on))
    if owed.overdue_cents > 0:
        raise CannotRegisterBenefit(
            f"La cuenta {account.number} debe {pesos(owed.overdue_cents)} ya vencidos.",
            "El beneficio exige estar al corriente: cóbrelos o firme un convenio, y regístrelo enseguida.",
            field="category",
        )


def _sound(shown: Shown, rules: BenefitPolicy, account: Account, person: Person, on: date) -> BenefitEvidence:
    """The row of a document that proves the benefit on a day, not written yet."""
    kind = shown.kind or rules.evidence_kinds[0]
    folio_last4 = policy.kept_of_folio(shown.folio)
    if kind not in rules.evidence_kinds:
        raise CannotRegisterBenefit(
            f"Ese documento no acredita a {rules.get_category_display()}.",
            f"Se acepta: {'; '.join(rules.evidence_kinds)}.", field="kind",
        )  # fmt: skip
    if not folio_last4:
        raise CannotRegisterBenefit(
            "Falta el folio del documento.", "Escriba sus últimos 4 números o letras.", field="folio"
        )
    if shown.expires_on is not None and shown.expires_on <= on:
        raise CannotRegisterBenefit(
            f"El documento venció el {shown.expires_on:%d/%m/%Y}.",
            "Pida uno vigente; mientras, se acepta cualquiera de los otros de la lista.", field="expires_on",
        )  # fmt: skip
    if shown.issued_on is not None and shown.issued_on > on:
        raise CannotRegisterBenefit(
            "El documento estaría expedido en el futuro.", "Revise la fecha.", field="issued_on"
        )
    if rules.one_property:
        other = queries.same_card(kind=kind, folio_last4=folio_last4, person=person, account=account, on=on)
        if other is not None:
            raise CannotRegisterBenefit(
                f"Ese mismo documento ya acredita el beneficio de la cuenta {other.benefit.account.number}.",
                "Revise de quién es; el beneficio es en un solo predio.", field="folio",
            )  # fmt: skip
    return BenefitEvidence(
        kind=kind, folio_last4=folio_last4, issued_on=shown.issued_on, expires_on=shown.expires_on, verified_on=on,
        counts_until=policy.counts_until(on=on, months_valid=rules.months_valid, expires_on=shown.expires_on),
    )  # fmt: skip


def _keep(
    seen: BenefitEvidence, benefit: Benefit, shown: Shown, lives_there: bool, at: datetime, by: str
) -> None:
    drawn = photos.redrawn(shown.photo) if shown.photo else b""
    seen.benefit, seen.at, seen.verified_by = benefit, at, by
    # the file goes last: a refusal before it leaves nothing on the disk
    seen.photo = photos.keep(drawn) if drawn else ""
    seen.save(force_insert=True)
    LivedInVisit.objects.create(
        benefit=benefit,
        on=seen.verified_on,
        lives_there=lives_there,
        how=LivedInVisit.How.DECLARED,
        at=at,
        by=by,
    )


def _require_one_property_now(rules: BenefitPolicy) -> None:
    """Let the database say now, and not when the work is done, that another window gave it elsewhere."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS benefits_one_property IMMEDIATE")
            cursor.execute("SET CONSTRAINTS benefits_one_property DEFERRED")
    except IntegrityError as problem:
        raise CannotRegisterBenefit(
            "Otra ventanilla acaba de darle un beneficio en otro predio.",
            f"Es en un solo predio ({rules.article}): vea sus beneficios antes de seguir.", field="category",
        ) from problem  # fmt: skip
