"""`caudal prepaid`: months paid ahead from the command line."""

import getpass
from typing import Any

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option, pesos
from caudal.kernel.wording import month_name

by_option = click.option("--by", default=getpass.getuser, help="Quién lo hace.")


@click.group()
def prepaid() -> None:
    """Meses por adelantado: cuánto costarían, los pagados, terminarlos y su política."""


@prepaid.command()
@click.argument("account_number", metavar="CUENTA")
@click.argument("months", metavar="MESES", type=int, default=12)
@json_option
def quote(account_number: str, months: int, as_json: bool) -> None:
    """Cotiza MESES por adelantado de una CUENTA, con la campaña vigente."""
    from dataclasses import asdict

    from caudal.quotes import queries
    from caudal.registry import queries as registry

    account = registry.account_by_number(number=account_number)
    found = queries.months_ahead(account=account, months=months, on=clock.today())
    told = asdict(found) | {"months_cents": found.months_cents, "total_cents": found.total_cents}
    emit(told, as_json=as_json, text=_quote)


@prepaid.command("list")
@click.argument("account_number", metavar="CUENTA")
@json_option
def list_months(account_number: str, as_json: bool) -> None:
    """Muestra los meses que una CUENTA ha pagado por adelantado."""
    from caudal.campaigns import queries
    from caudal.registry import queries as registry

    account = registry.account_by_number(number=account_number)
    found = [
        {
            "period": int(row.month.period), "quoted_cents": row.month.quoted_cents, "ppm": row.month.ppm,
            "reduction_cents": row.month.reduction_cents, "paid_cents": row.month.paid_cents,
            "campaign": row.month.campaign.code if row.month.campaign else "", "book": row.month.book.code,
            "document": row.month.credit.document,
            "state": row.month.end.kind if row.is_ended else "billed" if row.is_billed else "waiting",
        }
        for row in queries.prepaid_rows(account_id=account.pk)
    ]  # fmt: skip
    emit(found, as_json=as_json, text=lambda rows: "\n".join(map(_month, rows)) or "No ha pagado meses.")


@prepaid.command()
@click.argument("account_number", metavar="CUENTA")
@click.option("--reason", required=True, help="Por qué no se usarán.")
@by_option
@json_option
def end(account_number: str, reason: str, by: str, as_json: bool) -> None:
    """Termina los meses por usar de una CUENTA: su dinero es del usuario, como diga la política."""
    from dataclasses import asdict

    from caudal.campaigns import commands
    from caudal.registry import queries as registry

    ended = commands.end_prepaid_months(
        account=registry.account_by_number(number=account_number), reason=reason, on=clock.today(), at=clock.now(),
        by=by,
    )  # fmt: skip
    emit(asdict(ended), as_json=as_json, text=_ended)


@prepaid.command("end-closed")
@by_option
@json_option
def end_closed(by: str, as_json: bool) -> None:
    """Termina los meses por usar de las cuentas dadas de baja."""
    from dataclasses import asdict

    from caudal.campaigns import commands

    ended = commands.end_prepaid_of_closed(on=clock.today(), at=clock.now(), by=by)
    emit(
        {number: asdict(each) for number, each in ended.items()},
        as_json=as_json,
        text=lambda told: (
            "\n".join(f"{number}: {_ended(each)}" for number, each in told.items())
            or "Ninguna cuenta dada de baja tiene meses por usar."
        ),
    )


@prepaid.command()
@click.option("--from", "effective_from", type=click.DateTime(["%Y-%m-%d"]), help="Desde qué día rige.")
@click.option("--article", default="", help="Fundamento.")
@click.option(
    "--on-tariff-change", type=click.Choice(["honor", "settle"]), default="honor",
    help="honor: se respeta el precio pagado; settle: se ajusta la diferencia.",
)  # fmt: skip
@click.option(
    "--on-closing", type=click.Choice(["refund", "settle"]), default="refund",
    help="refund: queda a favor; settle: paga lo que deba y el resto queda a favor.",
)  # fmt: skip
@by_option
@json_option
def policy(
    effective_from: Any, article: str, on_tariff_change: str, on_closing: str, by: str, as_json: bool
) -> None:
    """Muestra la política de pago anticipado, o decide la que rige --from un día."""
    from caudal.campaigns import commands, queries

    if effective_from is not None:
        commands.set_prepayment_policy(
            effective_from=effective_from.date(), article=article, on_tariff_change=on_tariff_change,
            on_closing=on_closing, at=clock.now(), by=by,
        )  # fmt: skip
    found = [
        {
            "from": each.effective_from.isoformat(), "article": each.article,
            "on_tariff_change": each.on_tariff_change, "on_closing": each.on_closing, "by": each.set_by,
        }
        for each in queries.prepayment_policies()
    ]  # fmt: skip
    emit(found, as_json=as_json, text=lambda rows: "\n".join(map(_policy, rows)) or _NO_POLICY)


_NO_POLICY = "Sin política: si cambia la tarifa se debe la diferencia, y lo que no se use queda a favor."


def _quote(told: dict[str, Any]) -> str:
    rows = [
        f"{month_name(line['period']):<16} {pesos(line['full_cents']):>12}"
        f" − {pesos(line['benefit_cents'] + line['reduction_cents']):>11}"
        f" = {pesos(line['full_cents'] - line['benefit_cents'] - line['reduction_cents']):>12}"
        for line in told["lines"]
    ]
    rule = told["campaign_name"] or told["benefit_name"] or "precio completo"
    return "\n".join(
        (
            *rows,
            f"{rule}, libro {told['book']}",
            f"Debe antes {pesos(told['owed_cents'])}; en total {pesos(told['total_cents'])}.",
        )
    )


_STATES = {
    "waiting": "por usar", "billed": "facturado", "refunded": "devuelto", "settled": "ajustado",
    "canceled": "comprobante cancelado",
}  # fmt: skip


def _month(row: dict[str, Any]) -> str:
    return (
        f"{month_name(row['period']):<16} {pesos(row['quoted_cents']):>12} − {pesos(row['reduction_cents']):>11}"
        f" = {pesos(row['paid_cents']):>12}  {row['document']}  {_STATES[row['state']]}"
    )


def _ended(told: dict[str, Any]) -> str:
    n = len(told["periods"])
    return (
        f"{n} {'mes terminado' if n == 1 else 'meses terminados'}: {pesos(told['cents'])},"
        f" de los que {pesos(told['applied_cents'])} pagaron lo que se debía."
    )


def _policy(row: dict[str, Any]) -> str:
    price = "se respeta el precio" if row["on_tariff_change"] == "honor" else "se ajusta la diferencia"
    closing = "queda a favor" if row["on_closing"] == "refund" else "paga lo que deba"
    return f"desde {row['from']}: si cambia la tarifa {price}; en una baja {closing} ({row['article']})"


COMMANDS = [prepaid]
