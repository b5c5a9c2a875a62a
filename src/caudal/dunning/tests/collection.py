"""What a story of collection says again and again: owe, prepare, issue, knock at the door."""

from datetime import date, timedelta
from typing import Any

from tests.town.cast import moment

from caudal.dunning import commands
from caudal.dunning.models import Notice, NoticeBatch, ServiceOfNotice
from caudal.dunning.queries import SegmentFilter
from caudal.ledger import catalog
from caudal.ledger import commands as ledger
from caudal.ledger import queries as debts
from caudal.ledger.models import Charge, DocumentKind
from caudal.registry.models import Account
from caudal.tariffs import queries as tariffs

TODAY = date(2019, 2, 11)  # a Monday
DUE = date(2018, 11, 13)  # ninety days before: 0 months of grace, four months or fractions late


def owe(account: Account, cents: int, *, period: int = 201810, due_on: date = DUE, sewerage: int = 0) -> None:
    """A bill for water, and perhaps sewerage, as if a run had issued it."""
    lines = [ledger.ChargeLine(catalog.WATER, cents)]
    if sewerage:
        lines.append(ledger.ChargeLine(catalog.SEWERAGE, sewerage))
    on = due_on - timedelta(days=15)
    ledger.post_charges(
        account=account, lines=lines, document_kind=DocumentKind.BILL, due_on=due_on, on=on, at=moment(on), by="laura",
        period=period,
    )  # fmt: skip


def prepare(stage: str = "demand", *, on: date = TODAY, name: str = "Febrero", **within: Any) -> NoticeBatch:
    """Laura prepares a batch at 9:00."""
    return commands.prepare_batch(
        name=name, stage=stage, within=SegmentFilter(**within), on=on, at=moment(on, 9), by="laura"
    )


def issue(stage: str = "demand", *, on: date = TODAY, **within: Any) -> list[Notice]:
    """And Salas issues it at 10:00; its notices in route order."""
    batch = prepare(stage, on=on, **within)
    commands.issue_batch(batch=batch, on=on, at=moment(on, 10), by="salas")
    return list(Notice.objects.filter(batch=batch).select_related("stage", "account").order_by("number"))


def serve(
    notice: Notice, outcome: str = "delivered", *, on: date = TODAY, hour: int = 12, **told: Any
) -> ServiceOfNotice:
    """Julián tells at the desk what happened at noon."""
    at = moment(on, hour)
    visit = commands.Visit(outcome=outcome, served_at=at, **told)
    return commands.record_service(notice=notice, visit=visit, at=at + timedelta(hours=3), by="julian")


def costs(account: Account) -> list[int]:
    """Every cost of enforcement charged to an account (centavos)."""
    return list(
        Charge.objects.filter(account_id=account.pk, concept_id=catalog.ENFORCEMENT_COST)
        .order_by("sequence").values_list("amount_cents", flat=True)
    )  # fmt: skip


def overdue(account: Account, *, on: date = TODAY) -> int:
    """What the ledger says is past due (centavos)."""
    return debts.statement(account_id=account.pk, on=on, terms=tariffs.terms_on(on=on)).overdue_cents
