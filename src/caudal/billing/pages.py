"""Rows for the billing pages: a run, its progress, its totals, its held bills."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, Sum
from django.db.models.functions import Greatest
from django.urls import reverse

from caudal.access import policy as permissions
from caudal.access import queries as clerks
from caudal.billing import queries
from caudal.billing.delivery_pages import delivery
from caudal.billing.models import BillingRun, HeldBill, UnbilledAccount
from caudal.kernel.models import Job
from caudal.kernel.wording import in_reading_case, month_name, pesos, short_date, thousands
from caudal.metering import queries as metering
from caudal.metering.pages import consumption_bars
from caudal.registry import queries as registry
from caudal.registry.models import Account
from caudal.rules.periods import Period

State = BillingRun.State
LOOKS: Final = {
    State.DRAFT: ("watch", "clock"),
    State.COMPUTED: ("watch", "eye"),
    State.REVIEWED: ("", "check"),
    State.ISSUED: ("good", "circle-check"),
    State.DISCARDED: ("", "ban"),
}
STEP_WORDS: Final = {
    State.DRAFT: "Se abrió",
    State.COMPUTED: "Se calculó",
    State.REVIEWED: "Se revisó",
    State.ISSUED: "Se emitió",
    State.DISCARDED: "Se descartó",
}
JOB_TITLES: Final = {
    "billing.compute": "Cálculo de los recibos",
    "billing.issue": "Emisión de los recibos",
    "billing.print": "Archivos para imprimir",
}
LIVE: Final = (Job.State.WAITING, Job.State.RUNNING, Job.State.CANCELING)
STOPPED: Final = (Job.State.FAILED, Job.State.CANCELED)
ACT_OF_JOB: Final = {
    "billing.compute": permissions.RUN_BILLING,
    "billing.issue": permissions.ISSUE_BILLING,
    "billing.print": permissions.READ_BILLING,
}
RELEASED: Final = HeldBill.Decision.RELEASED
BARS: Final = 13


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as the list and its page head show it (centavos, m³)."""

    id: int
    period: int
    cycle: str
    book: str
    state: str
    state_words: str
    kind: str
    icon: str
    issued_on: Any
    due_on: Any
    n_bills: int
    consumption_m3: int
    total_cents: int
    n_held: int
    seal: str


def run_row(*, run: BillingRun) -> RunRow:
    """A run in words and figures; zero while it is not computed."""
    kind, icon = LOOKS[State(run.state)]
    pending = HeldBill.objects.filter(run=run, issued_at__isnull=True).exclude(decision=RELEASED).count()
    return RunRow(
        id=run.pk,
        period=run.period,
        cycle=run.cycle.code,
        book=run.book.code,
        state=run.state,
        state_words=run.get_state_display(),
        kind=kind,
        icon=icon,
        issued_on=run.issued_on,
        due_on=run.due_on,
        n_bills=run.summary.get("bills", 0),
        consumption_m3=run.summary.get("consumption_m3", 0),
        total_cents=run.summary.get("total_cents", 0),
        n_held=pending,
        seal=run.seal,
    )


@dataclass(frozen=True, slots=True)
class JobRow:
    """A long job as its panel shows it: percent, rate, time left, errors."""

    title: str
    percent: int
    phase: str
    done: int
    total: int
    rate: int
    eta: str
    errors: int
    message: str
    tone: str
    is_live: bool
    may_cancel: bool
    may_resume: bool
    requested_by: str
    requested_at: datetime


def latest_job(*, run: BillingRun) -> Job | None:
    """The newest job of a run."""
    return Job.objects.filter(kind__startswith="billing.", args__run_id=run.pk).order_by("-pk").first()


def may_touch(*, job: Job, acts: frozenset[str]) -> bool:
    """Whether someone may stop a job or have it go on: only who could have asked for it."""
    return ACT_OF_JOB[job.kind] in acts


def job_row(*, job: Job | None, acts: frozenset[str]) -> JobRow | None:
    """The progress of a job. Rates and times left are shown only once they mean something."""
    if job is None:
        return None
    seconds = (
        int((job.advanced_at - job.started_at).total_seconds()) if job.advanced_at and job.started_at else 0
    )
    rate = job.done // seconds if seconds else 0
    left = (job.total - job.done) // rate if rate and job.state == Job.State.RUNNING else 0
    percent = 100 if job.state == Job.State.DONE else job.done * 100 // job.total if job.total else 0
    return JobRow(
        title=f"{JOB_TITLES.get(job.kind, job.kind)}: {Job.State(job.state).label}",
        percent=percent,
        phase=job.phase or Job.State(job.state).label,
        done=job.done,
        total=job.total,
        rate=rate,
        eta=f"{left // 60} min {left % 60} s" if left >= 60 else f"{left} s" if left else "",
        errors=job.errors,
        message=job.message,
        tone="bad" if job.state == Job.State.FAILED else "watch",
        is_live=job.state in LIVE,
        may_cancel=job.state in LIVE and may_touch(job=job, acts=acts),
        may_resume=job.state in STOPPED and may_touch(job=job, acts=acts),
        requested_by=clerks.names_of(usernames={job.requested_by}).get(job.requested_by, job.requested_by),
        requested_at=job.requested_at,
    )


def run_page(*, run: BillingRun, acts: frozenset[str], directory: Path) -> dict[str, Any]:
    """Everything the page of a run shows."""
    job = job_row(job=latest_job(run=run), acts=acts)
    # read after its job: if the job ended meanwhile, the run is seen as the job left it
    run = queries.run_by_id(run_id=run.pk)
    row, summary = run_row(run=run), run.summary
    concepts = [
        {
            "name": f"{each['name']}"
            + (f" · {_reduced(summary, each['reduces'])}" if each["reduces"] else ""),
            "amount_cents": each["amount_cents"],
            "vat_cents": each["vat_cents"],
        }
        for each in summary.get("concepts", ())
    ]
    return {
        "run": row,
        "job": job,
        "actions": _actions(run, acts, is_busy=bool(job and job.is_live)),
        "notes": _notes(row, summary, joining=_joining(run)[0]),
        "concepts": concepts,
        "concept_total": {
            "amount_cents": sum(each["amount_cents"] for each in concepts),
            "vat_cents": sum(each["vat_cents"] for each in concepts),
        },
        "classes": [
            {
                "name": each["name"],
                "n_bills": each["bills"],
                "consumption_m3": each["consumption_m3"],
                "total_cents": each["total_cents"],
            }
            for each in summary.get("classes", ())
        ],
        "completeness": _completeness(run),
        "delivery": delivery(run=run),
        "changes": _changes(summary),
        "steps": _steps(run),
        "print_files": [
            {
                "name": file.name,
                "href": reverse("billing_print_file", args=[run.pk, file.name]),
                "size": f"{file.stat().st_size / 1_048_576:.1f} MB",
            }
            for file in sorted(directory.glob("*.pdf"))
        ]
        if directory.is_dir()
        else [],
    }


def _steps(run: BillingRun) -> list[dict[str, Any]]:
    steps = list(run.steps.order_by("id"))
    names = clerks.names_of(usernames={step.by for step in steps})
    return [
        {
            "at": step.at,
            "by": names.get(step.by, step.by),
            "words": STEP_WORDS[State(step.state)] + (f": {step.reason}" if step.reason else ""),
        }
        for step in steps
    ]


def _reduced(summary: dict[str, Any], code: str) -> str:
    return next((each["name"].lower() for each in summary["concepts"] if each["concept"] == code), code)


def _joining(run: BillingRun) -> tuple[int, int]:
    """How many released bills will join the run when it is issued, and their centavos; none is below zero on paper."""
    released = HeldBill.objects.filter(run=run, decision=RELEASED, issued_at__isnull=True)
    found = released.aggregate(n=Count("id"), cents=Sum(Greatest("total_cents", 0)))
    return found["n"], found["cents"] or 0


def _notes(row: RunRow, summary: dict[str, Any], *, joining: int) -> dict[str, str]:
    change = summary.get("change_cents", 0)
    before = summary.get("previous_total_cents")
    amount = "sin periodo anterior"
    if before:
        than = f"{'menos' if change < 0 else 'más'} que el periodo anterior"
        amount = f"{pesos(abs(change))} {than}" if change else "igual que el periodo anterior"
    held = "ninguno espera decisión" if not row.n_held else "esperan a una persona"
    return {
        "amount": amount if summary else "aún sin calcular",
        "bills": f"más {_released_words(joining)} al emitir"
        if joining
        else f"se emiten el {short_date(row.issued_on)}, vencen el {short_date(row.due_on)}",
        "consumption": f"{row.consumption_m3 * 1000 // max(row.n_bills, 1):,} litros por recibo"
        if summary
        else "",
        "held": held if summary else "",
    }


def _released_words(n: int) -> str:
    return f"{thousands(n)} {'liberado' if n == 1 else 'liberados'}"


def _actions(run: BillingRun, acts: frozenset[str], *, is_busy: bool) -> list[dict[str, Any]]:
    """The steps this clerk may take now; the one that goes forward is the primary button."""
    state, may = State(run.state), acts.__contains__
    actions: list[dict[str, Any]] = []
    if is_busy:
        return actions

    def post(words: str, icon: str, route: str, style: str = "") -> None:
        actions.append({"words": words, "icon": icon, "post": reverse(route, args=[run.pk]), "style": style})

    if state in (State.DRAFT, State.COMPUTED, State.REVIEWED) and may(permissions.RUN_BILLING):
        actions.append(
            {"words": "Descartar", "icon": "trash", "href": reverse("billing_run_discarding", args=[run.pk])}
        )
    if HeldBill.objects.filter(run=run, issued_at__isnull=True).exists():
        actions.append(
            {"words": "Ver detenidos", "icon": "eye", "href": reverse("billing_held", args=[run.pk])}
        )
    if state == State.DRAFT and may(permissions.RUN_BILLING):
        post("Calcular recibos", "player-play", "billing_run_computation", "primary")
    if state == State.COMPUTED and may(permissions.RUN_BILLING):
        post("Marcar como revisada", "check", "billing_run_review", "primary")
    if state == State.REVIEWED and may(permissions.ISSUE_BILLING):
        n, cents = _joining(run)
        total = pesos(run.summary.get("total_cents", 0) + cents)
        post(
            f"Emitir {thousands(run.summary.get('bills', 0) + n)} recibos por {total}",
            "send",
            "billing_run_issue",
            "primary",
        )
    if state == State.ISSUED and may(permissions.PLAN_FIELDWORK):
        href = reverse("billing_run_delivery", args=[run.pk])
        actions.append({"words": "Repartir recibos", "icon": "map-pin", "href": href})
    if state == State.ISSUED and may(permissions.READ_BILLING):
        post("Preparar impresión", "printer", "billing_run_printing", "primary")
    return actions


def _completeness(run: BillingRun) -> list[dict[str, Any]]:
    if run.state in (State.DRAFT, State.DISCARDED):
        return [{"words": "Aún sin calcular", "n": None, "href": ""}]
    # held while it is asked: issuing moves the very tables that are counted
    with transaction.atomic():
        standing = (
            BillingRun.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
            .select_related("cycle", "book")
            .filter(pk=run.pk)
            .first()
        )
        if standing is None:
            return [{"words": "Se está emitiendo en este momento", "n": None, "href": ""}]
        proof = queries.completeness(run=standing)
    unexplained = len(proof.without_a_word) + len(proof.told_twice) + len(proof.not_active)
    parts = [
        ("con recibo", proof.bills, ""),
        ("detenidas para revisión", proof.held, reverse("billing_held", args=[run.pk])),
        ("sin recibo, con su motivo", proof.unbilled, reverse("billing_run_unbilled", args=[run.pk])),
        ("sin explicación" if unexplained else "sin explicación: ninguna", unexplained, ""),
    ]
    return [
        {"words": "Tomas activas del ciclo", "n": proof.active, "href": ""},
        *({"words": words, "n": n, "href": href, "is_part": True} for words, n, href in parts),
    ]


def _changes(summary: dict[str, Any]) -> list[dict[str, Any]]:
    changes = [each for each in summary.get("biggest_changes", ()) if each["change_cents"]][:10]
    holders = _holders([each["account"] for each in changes])
    return [
        {
            "number": each["account"],
            "holder": holders.get(each["account"], ""),
            "before_cents": each["previous_cents"],
            "now_cents": each["total_cents"],
            "difference_cents": each["change_cents"],
        }
        for each in changes
    ]


def _holders(numbers: list[str]) -> dict[str, str]:
    found = Account.objects.filter(number__in=numbers, holders__effective_to__isnull=True)
    names = found.values_list("number", "holders__person__full_name")
    return {number: in_reading_case(name) for number, name in names}


def unbilled_rows(*, run: BillingRun) -> list[dict[str, Any]]:
    """Each active service without a bill, and why."""
    rows = list(
        UnbilledAccount.objects.filter(run=run).select_related("account").order_by("cause", "account__number")
    )
    holders = _holders([row.account.number for row in rows])
    return [
        {
            "number": row.account.number,
            "holder": holders.get(row.account.number, ""),
            "cause": row.get_cause_display(),
            "detail": row.detail,
        }
        for row in rows
    ]


def held_page(*, run: BillingRun, number: str) -> dict[str, Any]:
    """The held bills of a run, and one of them in full: the asked one, else the first without decision."""
    every = list(
        HeldBill.objects.filter(run=run, issued_at__isnull=True)
        .select_related("account")
        .order_by("reason", "account__number")
    )
    holders = _holders([each.account.number for each in every])
    pending = [each for each in every if not each.decision]
    first = next(iter(pending or every), None)
    chosen = next((each for each in every if each.account.number == number), first)
    later = [each for each in pending if chosen and each.pk != chosen.pk]
    counts = (
        HeldBill.objects.filter(run=run, issued_at__isnull=True, decision="")
        .values("reason")
        .annotate(n=Count("id"))
        .order_by("reason")
    )
    return {
        "run": run_row(run=run),
        "rows": [
            {
                "number": each.account.number,
                "holder": holders.get(each.account.number, ""),
                "reason": each.get_reason_display(),
                "decision": each.get_decision_display() if each.decision else "",
                "total_cents": each.total_cents,
                "consumption_m3": each.consumption_m3,
            }
            for each in every
        ],
        "held": _held_card(run, chosen, holders, every) if chosen else None,
        "pending": len(pending),
        "next_number": later[0].account.number if later else "",
        "counts": [{"words": HeldBill.Reason(each["reason"]).label, "n": each["n"]} for each in counts],
    }


def _held_card(
    run: BillingRun, held: HeldBill, holders: dict[str, str], every: list[HeldBill]
) -> dict[str, Any]:
    card = registry.account_card(account=held.account, on=run.issued_on)
    history = (
        metering.recent_consumption(
            service_point_id=card.service_point_id, until=int(run.period), months=BARS
        )
        if card.service_point_id
        else []
    )
    now = next((each for each in history if each.period == run.period), None)
    return {
        "number": held.account.number,
        "holder": holders.get(held.account.number) or in_reading_case(card.holder),
        "tariff_class": card.tariff_class,
        "route": f"{card.route}-{card.walk_sequence:04d}",
        "address": in_reading_case(card.place),
        "reason": held.get_reason_display(),
        "is_reread": held.decision == HeldBill.Decision.REREAD,
        "consumption_m3": held.consumption_m3,
        "mean": f"{held.mean_m3:,} m³" if held.mean_m3 >= 0 else "sin historia",
        "total_cents": held.total_cents,
        "amount_note": f"recibo de {month_name(run.period)}",
        "reading": f"{now.previous_reading:,} → {now.current_reading:,}"
        if now and now.current_reading >= 0
        else "—",
        "reading_note": f"{now.basis_text}, {short_date(now.current_on)}, {now.days} días"
        if now
        else "cuota fija",
        "doubts": "; ".join(each for each in now.doubt_texts if each != held.get_reason_display())
        if now
        else "",
        "chart": consumption_bars(history=history, last=Period(run.period)),
        "place": f"Caso {every.index(held) + 1} de {len(every)}",
    }
