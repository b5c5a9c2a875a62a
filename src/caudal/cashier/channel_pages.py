"""What the pages of the channels show: each channel and its files, a file line by line, what waits."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from caudal.access import queries as access
from caudal.cashier import channel_work
from caudal.cashier.channels import layout, loading
from caudal.cashier.channels.planning import Plan
from caudal.cashier.channels.suggestions import suggestions
from caudal.cashier.models import Identification, PaymentChannel, Receipt, SettlementFile, SettlementLine
from caudal.kernel.models import Job
from caudal.ledger import queries as ledger
from caudal.registry import queries as registry
from caudal.registry.models import Account

MOST_FILES: Final = 60
MOST_LINES: Final = 200
Outcome = Identification.Outcome
LAST: Final = Identification.objects.filter(line=OuterRef("pk")).order_by("-number").values("outcome")[:1]
STATES: Final = {
    "applied": ("good", "circle-check", "aplicado"),
    "waiting": ("watch", "clock", "por identificar"),
    "ended": ("", "rotate", "devuelto"),
}


def waiting_lines(*, channel: str = "", text: str = "") -> QuerySet[SettlementLine]:
    """Movements that wait to be identified, oldest first; `text` looks in reference, authorization and detail."""
    withdrawn = Identification.objects.filter(outcome=Outcome.WITHDRAWN).values("line")
    found = SettlementLine.objects.filter(Q(receipt__isnull=True) | Q(pk__in=withdrawn)).annotate(
        last=Subquery(LAST)
    )
    found = found.filter(Q(last__isnull=True) | Q(last=Outcome.WITHDRAWN))
    if channel:
        found = found.filter(channel_id=channel)
    if text:
        words = Q(reference__icontains=text) | Q(authorization__icontains=text) | Q(detail__icontains=text)
        found = found.filter(words | Q(doubt__icontains=text))
    return found.select_related("channel", "settlement").order_by("paid_on", "id")


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel in the list: its last file, and what of it waits (centavos)."""

    channel: PaymentChannel
    last: SettlementFile | None
    n_files: int
    n_waiting: int
    waiting_cents: int


def channel_rows() -> list[ChannelRow]:
    """Every channel, those in use first."""
    waiting: dict[str, Any] = {
        row["channel_id"]: row
        for row in waiting_lines()
        .order_by()
        .values("channel_id")
        .annotate(n=Count("pk"), cents=Sum("amount_cents"))
    }
    counts = dict(SettlementFile.objects.values_list("channel_id").annotate(n=Count("pk")))
    newest = {
        file.channel_id: file
        for file in SettlementFile.objects.order_by("channel_id", "-pk").distinct("channel_id")
    }
    return [
        ChannelRow(
            channel, newest.get(channel.pk), counts.get(channel.pk, 0),
            waiting.get(channel.pk, {}).get("n", 0), waiting.get(channel.pk, {}).get("cents", 0),
        )
        for channel in PaymentChannel.objects.order_by("closed_on", "name")
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file, and what of it is applied and waits (centavos)."""

    file: SettlementFile
    loaded_by: str
    applied_cents: int
    waiting_cents: int
    n_waiting: int

    @property
    def ended_cents(self) -> int:
        """What is neither applied nor waits: given back, by us or by the channel."""
        total: int = self.file.total_cents
        return total - self.applied_cents - self.waiting_cents


def file_rows(*, channel: PaymentChannel) -> list[FileRow]:
    """The newest files of a channel."""
    return _file_rows(SettlementFile.objects.filter(channel=channel).order_by("-pk")[:MOST_FILES])


def file_row(*, file: SettlementFile) -> FileRow:
    """One file."""
    return _file_rows(SettlementFile.objects.filter(pk=file.pk))[0]


def _file_rows(files: QuerySet[SettlementFile]) -> list[FileRow]:
    found = list(files)
    applied = dict(
        Receipt.objects.filter(settlement__in=found)
        .values_list("settlement_id")
        .annotate(cents=Sum("total_cents"))
    )
    waiting: dict[int, Any] = {
        row["settlement_id"]: row
        for row in waiting_lines()
        .filter(settlement__in=found)
        .order_by()
        .values("settlement_id")
        .annotate(n=Count("pk"), cents=Sum("amount_cents"))
    }
    names = access.names_of(usernames={file.loaded_by for file in found})
    return [
        FileRow(
            file, names.get(file.loaded_by, file.loaded_by), applied.get(file.pk, 0),
            waiting.get(file.pk, {}).get("cents", 0), waiting.get(file.pk, {}).get("n", 0),
        )
        for file in found
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of a file: what it says and what it is now."""

    line: SettlementLine
    folio: str
    account: str
    state: str
    kind: str
    icon: str
    words: str


def line_rows(*, file: SettlementFile, text: str = "") -> list[LineRow]:
    """Lines of a file, first those that wait; the first two hundred of what was asked for."""
    asked = file.lines.annotate(last=Subquery(LAST))
    if text:
        words = Q(reference__icontains=text) | Q(authorization__icontains=text)
        asked = asked.filter(words | Q(receipt__payments__account__number__icontains=text))
    lines = list(asked.order_by("-doubt", "row")[:MOST_LINES])
    states = loading.states_of(line_ids=[line.pk for line in lines])
    receipts = Receipt.objects.prefetch_related("payments__account").in_bulk(
        [state.receipt_id for state in states.values() if state.receipt_id]
    )
    rows = []
    for line in lines:
        state = states[line.pk]
        receipt = receipts.get(state.receipt_id or 0)
        kind, icon, said = STATES[state.state]
        if line.amount_cents < 0 and state.state == "applied":
            said = "canceló un pago"
        account = receipt.payments.all()[0].account.number if receipt and state.state != "waiting" else ""
        rows.append(
            LineRow(
                line, receipt.folio if account and receipt else "", account, state.state, kind, icon, said
            )
        )
    return rows


def rehearsal_page(*, channel: PaymentChannel, plan: Plan, name: str) -> dict[str, Any]:
    """What loading a file would do, in figures and with the first lines that would wait."""
    return {
        "channel": channel, "plan": plan, "name": name, "findings": plan.findings[:50],
        "n_findings": len(plan.findings), "waiting": plan.waiting[:50],
        "ended": plan.ended[:50], "is_long": plan.n_new > channel_work.MOST_AT_ONCE,
        "total_cents": plan.new_cents + plan.known_cents,
    }  # fmt: skip


def line_page(*, line: SettlementLine, on: date) -> dict[str, Any]:
    """A movement that nobody recognized: what it says, what was decided, whose it may be."""
    state = loading.state_of(line_id=line.pk)
    decisions = list(line.identifications.select_related("account", "receipt").order_by("number"))
    names = access.names_of(usernames={each.by for each in decisions} | {line.settlement.loaded_by})
    kind, icon, words = STATES[state.state]
    found: dict[str, Any] = {
        "line": line, "state": state.state, "kind": kind, "icon": icon, "state_words": words,
        "decisions": [(each, names.get(each.by, each.by)) for each in decisions],
        "loaded_by": names.get(line.settlement.loaded_by, line.settlement.loaded_by),
        "suggestions": [], "originals": [],
    }  # fmt: skip
    if state.state == "waiting" and line.amount_cents > 0:
        described = layout.from_document(document=line.channel.layout)
        found["suggestions"] = [
            (each, _holder(each.number, on))
            for each in suggestions(
                layout=described, reference=line.reference, amount_cents=line.amount_cents
            )
        ]
    elif state.state == "waiting":
        found["originals"] = originals(line=line)
    return found


def originals(*, line: SettlementLine) -> list[SettlementLine]:
    """Payments that a reversal may take back: of its channel, for its amount, still standing; alike first."""
    alike = SettlementLine.objects.filter(channel=line.channel, amount_cents=-line.amount_cents).order_by(
        "-pk"
    )[:100]
    states = loading.states_of(line_ids=[each.pk for each in alike])
    standing = [each for each in alike if states[each.pk].state != "ended"]
    return sorted(standing, key=lambda each: each.reference != line.reference)[:8]


def owed_cents(*, account: Account) -> int:
    """What an account owes (centavos); below zero, it has in favor."""
    return ledger.balance(account_id=account.pk)


def job_row(*, job: Job) -> dict[str, Any]:
    """The progress of a loading."""
    percent = 100 if job.state == Job.State.DONE else job.done * 100 // job.total if job.total else 0
    return {
        "job": job, "percent": percent, "is_live": job.state in (Job.State.WAITING, Job.State.RUNNING, Job.State.CANCELING),
        "words": Job.State(job.state).label, "settlement": (job.result or {}).get("settlement"),
    }  # fmt: skip


def _holder(number: str, on: date) -> str:
    account = registry.account_by_number(number=number)
    card = registry.account_card(account=account, on=on)
    return " · ".join(filter(None, (card.holder, card.address)))
