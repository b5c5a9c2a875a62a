"""What anyone may ask of the whole: is everything right, what does an account owe, what does the journal say."""

import sys
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from caudal.kernel import clock
from caudal.kernel.cli import emit, json_option, pesos
from caudal.reports import activity_cli, indicator_cli, listing_cli

# rooms in the order in which their findings explain the next ones
ROOMS_WITH_CHECKS = (
    "kernel",
    "registry",
    "metering",
    "tariffs",
    "ledger",
    "campaigns",
    "benefits",
    "billing",
    "fees",
    "fieldwork",
    "cases",
    "cashier",
    "dunning",
    "disconnections",
    "accounting",
    "reports",
)


@click.command()
@json_option
def check(as_json: bool) -> None:
    """Vuelve a derivar todo (saldos, contabilidad, folios) y nombra lo primero que no cuadra."""
    from caudal.reports import checking

    found = [asdict(result) for result in checking.run(rooms=ROOMS_WITH_CHECKS)]
    emit(found, as_json=as_json, text=_check_text)
    if any(result["findings"] for result in found):
        sys.exit(1)


def _check_text(found: list[dict[str, Any]]) -> str:
    lines = []
    for result in found:
        mark = "✗" if result["findings"] else "✓"
        lines.append(f"{mark} {result['question']}  ({result['milliseconds']} ms)")
        lines += [f"    {finding}" for finding in result["findings"]]
    wrong = [result for result in found if result["findings"]]
    lines.append(f"Lo primero que no cuadra: {wrong[0]['findings'][0]}" if wrong else "Todo cuadra.")
    return "\n".join(lines)


@click.group()
def ledger() -> None:
    """Adeudos y contabilidad."""


@ledger.command()
@click.argument("account_number", metavar="CUENTA")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="A qué fecha (hoy, si no se dice).")
@json_option
def statement(account_number: str, on: datetime | None, as_json: bool) -> None:
    """Estado de cuenta de una CUENTA, con recargos a la fecha."""
    from caudal.ledger import queries
    from caudal.registry import queries as registry
    from caudal.tariffs import queries as tariffs

    day = on.date() if on else clock.today()
    account = registry.account_by_number(number=account_number)
    found = queries.statement(
        account_id=account.id, on=day, terms=tariffs.terms(book=tariffs.book_in_force(on=day))
    )
    totals = {"total_cents": found.total_cents, "overdue_cents": found.overdue_cents}
    emit(
        {"account": account.number, **asdict(found), **totals, "next_due_on": found.next_due_on},
        as_json=as_json,
        text=_statement_text,
    )


def _statement_text(found: dict[str, Any]) -> str:
    lines = [f"Cuenta {found['account']} al {found['on']:%d/%m/%Y}"]
    for period in found["periods"]:
        month = period["period"]
        name = f"{month // 100}-{month % 100:02d}" if month else "Servicios"
        lines.append(f"{name}  vence {period['due_on']:%d/%m/%Y}")
        lines += [
            f"  {item['concept']:<34} cargo {pesos(item['charged_cents']):>12}"
            f"  pagado {pesos(item['paid_cents']):>12}  debe {pesos(item['open_cents']):>12}"
            for item in period["items"]
        ]
        if period["surcharge_cents"]:
            months = period["surcharge_months"]
            name = f"Recargos de {months} {'mes' if months == 1 else 'meses'}, a la fecha"
            lines.append(f"  {name:<70} debe {pesos(period['surcharge_cents']):>12}")
    lines.append(f"Total {pesos(found['total_cents'])}, vencido {pesos(found['overdue_cents'])}")
    if found["credit_balance_cents"]:
        lines.append(f"A favor {pesos(found['credit_balance_cents'])}")
    return "\n".join(lines)


@ledger.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Desde este día.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Hasta este día, sin incluirlo.")
@click.option("--kind", default="", help="Principio del tipo: billing, credit, opening…")
@click.option("--limit", default=50, help="Cuántas pólizas, de la más nueva a la más antigua.")
@json_option
def journal(since: datetime | None, until: datetime | None, kind: str, limit: int, as_json: bool) -> None:
    """Pólizas con sus renglones."""
    from caudal.ledger import queries

    found = queries.journal_entries(
        since=since.date() if since else None,
        until=until.date() if until else None,
        kind=kind,
        limit=limit,
    )
    emit(found, as_json=as_json, text=_journal_text)


def _journal_text(entries: list[dict[str, Any]]) -> str:
    lines = []
    for entry in entries:
        lines.append(f"{entry['on']:%d/%m/%Y}  {entry['kind']}  {entry['document']}  {entry['description']}")
        for line in entry["lines"]:
            cents = line["amount_cents"]
            debit, credit = (pesos(cents), "") if cents > 0 else ("", pesos(-cents))
            name = f"{line['account']} {line['account_name']}"
            lines.append(f"    {name:<56} {line['concept'] or '':<22} {debit:>16} {credit:>16}")
    return "\n".join(lines) or "No hay pólizas en ese lapso."


@click.group()
def report() -> None:
    """Listados e informes: los renglones que hay detrás de cada cifra."""


for _command in (*activity_cli.COMMANDS, *listing_cli.COMMANDS):
    report.add_command(_command)

COMMANDS = [check, ledger, report, indicator_cli.indicator]
