"""The quote on paper: what is told of a debt, set in type."""

from datetime import date
from typing import Any

from caudal.access import queries as access
from caudal.documents import figures, issuers, typesetting
from caudal.kernel.wording import in_reading_case, month_name
from caudal.quotes.models import PaymentQuote
from caudal.registry import queries as registry


def quote_pdf(*, quote: PaymentQuote) -> bytes:
    """The quote as it was issued, whatever happened afterwards."""
    card = registry.account_card(account=quote.account, on=quote.on)
    page = {
        "folio": quote.folio,
        "account": figures.account_in_groups(quote.account.number),
        "holder": in_reading_case(card.holder),
        "address": in_reading_case(card.place),
        "service": card.tariff_class_name,
        "total": figures.pesos(quote.total_cents),
        "on": figures.short_date(quote.on),
        "owed": figures.pesos(quote.total_cents + quote.body.get("relief_cents", 0)),
        "relief": [quote.body["relief"], figures.pesos(-quote.body["relief_cents"])]
        if quote.body.get("relief_cents")
        else [],
        "expires": figures.short_date(quote.expires_on),
        "periods": [_period(each) for each in quote.body["periods"]],
        "ways": [_way(each) for each in quote.body["ways"]],
        "by": access.names_of(usernames={quote.issued_by}).get(quote.issued_by, quote.issued_by),
    }
    return typesetting.paper(
        template="quote.typ",
        title=f"Cotización {quote.folio}",
        issuer=issuers.issuer(),
        on=quote.on,
        page=page,
    )


def _period(period: dict[str, Any]) -> list[str]:
    name = month_name(period["period"]) if period["period"] else "otros cargos"
    cents = period["debt_cents"] + period["surcharge_cents"]
    return [
        name, figures.pesos(period["debt_cents"]), figures.pesos(period["surcharge_cents"]), figures.pesos(cents)
    ]  # fmt: skip


def _way(way: dict[str, Any]) -> dict[str, Any]:
    later = [each for each in way["installments"] if each["number"]]
    return {
        "title": f"En {way['count']} {'pago mensual' if way['count'] == 1 else 'pagos mensuales'}",
        "down": figures.pesos(way["down_payment_cents"]) if way["down_payment_cents"] else "",
        "rows": [
            [
                str(each["number"]),
                figures.short_date(date.fromisoformat(each["due_on"])),
                figures.pesos(each["amount_cents"]),
            ]
            for each in later
        ],
    }
