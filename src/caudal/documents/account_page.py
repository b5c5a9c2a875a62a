"""An account statement as the words and figures that its pages show."""

from typing import Any

from caudal.documents import figures, payment_codes
from caudal.documents.layouts import AccountMovement, AccountSheet, OpenPeriod


def statement_page(*, sheet: AccountSheet) -> dict[str, Any]:
    """The data of `typst/account.typ`."""
    due_cents = sheet.closing_balance_cents + sheet.surcharges_cents
    service = (sheet.usage, f"ruta {sheet.route_text}" if sheet.route_text else "")
    return {
        "total_label": "Adeudo al día" if due_cents >= 0 else "Saldo a tu favor",
        "total": figures.pesos(due_cents),
        "is_credit": due_cents < 0,
        "on": figures.short_date(sheet.issued_on),
        "account": figures.account_in_groups(sheet.account_number),
        "holder": sheet.holder_name,
        "address": sheet.service_address,
        "service": " · ".join(part for part in service if part),
        "from": f"del {figures.short_date(sheet.from_on)}",
        "to": f"al {figures.short_date(sheet.to_on)}",
        "periods": [_open_period(open_period) for open_period in sheet.open_periods],
        "periods_total": [
            figures.pesos(sum(open_period.principal_cents for open_period in sheet.open_periods)),
            figures.pesos(sheet.surcharges_cents),
            figures.pesos(sum(_period_cents(open_period) for open_period in sheet.open_periods)),
        ],
        "opening": figures.pesos(sheet.opening_balance_cents),
        "movements": [_movement(movement) for movement in sheet.movements],
        "closing": figures.pesos(sheet.closing_balance_cents),
        "note": figures.tied(sheet.note),
        "foot": f"Cuenta {figures.account_in_groups(sheet.account_number)} · {sheet.issuer.name}",
        "qr_svg": payment_codes.qr_svg(sheet.verification) if sheet.verification else "",
        "verification": sheet.verification,
    }


def _open_period(open_period: OpenPeriod) -> tuple[str, ...]:
    return (
        open_period.name,
        figures.short_date(open_period.due_on) if open_period.due_on else "–",
        figures.pesos(open_period.principal_cents),
        figures.pesos(open_period.surcharges_cents),
        figures.pesos(_period_cents(open_period)),
    )


def _period_cents(open_period: OpenPeriod) -> int:
    return open_period.principal_cents + open_period.surcharges_cents


def _movement(movement: AccountMovement) -> tuple[str, ...]:
    return (
        figures.short_date(movement.on),
        movement.concept,
        figures.tied(movement.detail),
        figures.pesos(movement.charge_cents) if movement.charge_cents else "",
        figures.pesos(movement.credit_cents) if movement.credit_cents else "",
        figures.pesos(movement.balance_cents),
    )
