"""Open a report: its folio, its clock, its pictures, its claim, and the text that says it was received."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import localdate

from caudal.cases import claims, policy, telling
from caudal.cases.models import Case, CaseEntry, CasePhoto, CaseType
from caudal.cases.photos import Drawn, redrawn
from caudal.kernel import audit, folios, idempotency
from caudal.kernel.places import is_in_mexico, spot_of
from caudal.kernel.refusals import Refusal
from caudal.messaging import queries as messaging
from caudal.registry import queries as registry
from caudal.registry.models import Account, ServicePoint

MOST_PHOTOS = 4


class CannotOpenCase(Refusal): ...


@transaction.atomic
def open_case(  # noqa: PLR0913 - a report says a lot, and each thing by its name
    *,
    type: CaseType | str,
    channel: str,
    description: str,
    at: datetime,
    by: str,
    account: Account | None = None,
    service_point: ServicePoint | None = None,
    place: tuple[int, int] | None = None,
    address: str = "",
    neighborhood: str = "",
    reporter_phone: str = "",
    photos: Sequence[bytes] = (),
    claimed_periods: Sequence[int] = (),
    origin_kind: str = "",
    origin_folio: str = "",
    key: UUID | None = None,
) -> Case:
    """Write down what somebody reports, with its folio and its clock. The same key, or origin, opens it once.

    Of an account, the point, the address and the coordinates are taken from the registry when not said. What
    reclaims an amount locks the periods said, or all that is open if none is, until it is resolved.

    :param type: the kind of report, or its code
    :param place: latitude and longitude, in millionths of a degree
    :param photos: pictures as they were sent
    :param origin_kind: what it was born of, when nobody reported it ("stop" and its code): one case for each
    :raises CannotOpenCase: without a description, or without the place or the account that its kind asks for
    :raises NotAPicture: if one of the photos is none
    """
    if origin_kind and (
        born := Case.objects.filter(origin_kind=origin_kind, origin_folio=origin_folio).first()
    ):
        return born
    kind = _kind(type)
    drawn = [redrawn(content) for content in _few(photos)]
    case = Case(
        type=kind, channel=channel, account=account, service_point=service_point or _point_of(account),
        address=address.strip()[:200], neighborhood=neighborhood.strip()[:80], description=description.strip()[:1000],
        reporter_phone=messaging.phone_digits(text=reporter_phone), origin_kind=origin_kind, origin_folio=origin_folio,
        opened_at=at, opened_by=by, priority=kind.priority, due_at=at + timedelta(hours=kind.service_hours),
    )  # fmt: skip
    _fill_place(case, place)
    _require_sound(case, reporter_phone, claimed_periods, localdate(at))

    def run() -> dict[str, str]:
        return {"folio": _written(case, drawn, claimed_periods, at, by).folio}

    if key is None:
        run()
        return case
    body = {
        "type": kind.code,
        "description": case.description,
        "address": case.address,
        "phone": case.reporter_phone,
    }
    reply = idempotency.once(key=key, act="cases.open_case", body=body, at=at, run=run)
    return Case.objects.select_related("type", "account").get(folio=reply["folio"])


def _written(
    case: Case, drawn: Sequence[Drawn], claimed_periods: Sequence[int], at: datetime, by: str
) -> Case:
    # the series is locked until the transaction ends
    case.folio = policy.case_folio(folios.take(series=policy.SERIES))
    case.save(force_insert=True)
    CaseEntry.objects.create(case=case, kind=CaseEntry.Kind.OPENED, at=at, by=by)
    for picture in {each.sha256: each for each in drawn}.values():
        name = uuid4()
        CasePhoto.objects.create(
            id=name, case=case, file=ContentFile(picture.content, name=f"{name.hex}.jpg"), sha256=picture.sha256,
            width=picture.width, height=picture.height, size_bytes=len(picture.content), at=at, by=by,
        )  # fmt: skip
    if case.type.is_billing_claim:
        claims.lock(case=case, periods=claimed_periods, at=at, by=by)
    audit.record(
        act="open_case", by=by, at=at, object_kind="case", object_id=case.folio,
        after={"type": case.type.code, "channel": case.channel, "account": case.account.number if case.account else ""},
    )  # fmt: skip
    telling.tell(case=case, text=telling.received(case=case), at=at, by=by)
    return case


def _kind(type: CaseType | str) -> CaseType:
    found = type if isinstance(type, CaseType) else CaseType.objects.filter(code=type, is_active=True).first()
    if found is None:
        raise CannotOpenCase("Falta de qué es el reporte.", "Elija uno de la lista.", field="type")
    return found


def _few(sent: Sequence[bytes]) -> Sequence[bytes]:
    if len(sent) > MOST_PHOTOS:
        raise CannotOpenCase(
            f"Son más de {MOST_PHOTOS} fotos.", "Elija las que mejor se vean.", field="photo"
        )
    return sent


def _point_of(account: Account | None) -> ServicePoint | None:
    if account is None or not account.agreements.exists():
        return None
    return registry.service_point_of(account=account)


def _fill_place(case: Case, place: tuple[int, int] | None) -> None:
    point = case.service_point
    if point:
        premise = point.premise
        case.address = case.address or premise.address
        case.neighborhood = case.neighborhood or (premise.neighborhood.name if premise.neighborhood else "")
        if place is None and point.latitude_e6 is not None and point.longitude_e6 is not None:
            place = (point.latitude_e6, point.longitude_e6)
    if place:
        case.latitude_e6, case.longitude_e6 = place


def _require_sound(case: Case, phone: str, claimed_periods: Sequence[int], on: date) -> None:
    if case.channel not in Case.Channel.values:
        raise CannotOpenCase("Falta por dónde llegó.", "Elija uno de la lista.", field="channel")
    if not case.description:
        raise CannotOpenCase("Falta qué pasa.", "Escríbalo en pocas palabras.", field="description")
    if phone.strip() and not case.reporter_phone:
        raise CannotOpenCase(
            "El teléfono debe tener 10 dígitos.", "Escríbalo con lada, como 392 123 4567.", field="phone"
        )
    if case.type.asks_account and case.account is None:
        raise CannotOpenCase("Falta la cuenta.", "Escriba el número que viene en el recibo.", field="account")
    if case.type.asks_place and not case.address and case.latitude_e6 is None:
        raise CannotOpenCase("Falta el lugar.", "Escriba calle, número y una referencia.", field="address")
    spot = spot_of(case)
    if spot and not is_in_mexico(spot):
        raise CannotOpenCase(
            "El lugar marcado está fuera de México.", "Escriba el domicilio.", field="address"
        )
    latest = on.year * 100 + on.month
    if any(
        not 0 <= period <= latest or (period and not 1 <= period % 100 <= 12) for period in claimed_periods
    ):
        raise CannotOpenCase(
            "Ese periodo todavía no existe.", "Elija uno de los que se deben.", field="claimed_periods"
        )
