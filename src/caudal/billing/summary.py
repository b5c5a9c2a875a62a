"""What a run adds up to: amounts by concept and class, m³, what is held and why, who changed most."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Sum

from caudal.billing.models import BillingRun, HeldBill, UnbilledAccount
from caudal.billing.posting import BIGGEST_CHANGES
from caudal.ledger.models import Concept
from caudal.registry.models import Account, TariffClass


def of_run(*, run: BillingRun, more: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    """The summary of a run's chunks, and of the totals of held bills that were let in (`more`)."""
    parts = [*run.chunks.order_by("number").values_list("totals", flat=True), *more]
    held = {
        reason: {"bills": n, "total_cents": cents}
        for reason, n, cents in HeldBill.objects.filter(run=run, issued_at__isnull=True)
        .values_list("reason")
        .annotate(n=Count("id"), cents=Sum("total_cents"))
        .order_by("reason")
    }
    unbilled = (
        UnbilledAccount.objects.filter(run=run).values_list("cause").annotate(n=Count("id")).order_by("cause")
    )
    total, previous = (sum(part[name] for part in parts) for name in ("total_cents", "previous_total_cents"))
    return {
        "bills": sum(part["bills"] for part in parts),
        "consumption_m3": sum(part["consumption_m3"] for part in parts),
        "total_cents": total,
        "previous_total_cents": previous,
        "change_cents": total - previous,
        "concepts": _concepts(parts),
        "classes": _classes(parts),
        "held": held,
        "held_bills": sum(each["bills"] for each in held.values()),
        "unbilled": dict(unbilled),
        "unbilled_accounts": sum(n for _, n in unbilled),
        "biggest_changes": _changes(parts),
    }


def lines_of(*, summary_parts: Iterable[dict[str, Any]]) -> dict[tuple[int, int], list[int]]:
    """(concept, concept reduced) → lines, net amount and VAT (centavos), of the totals of some chunks."""
    sums: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for part in summary_parts:
        for concept, reduces, _, n, amount, vat in part["lines"]:
            for place, value in enumerate((n, amount, vat)):
                sums[concept, reduces][place] += value
    return dict(sums)


def _concepts(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By concept, with its amounts by class inside."""
    names = dict(Concept.objects.values_list("id", "name"))
    codes = dict(Concept.objects.values_list("id", "code"))
    classes = dict(TariffClass.objects.values_list("id", "code"))
    by_class: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for part in parts:
        for concept, reduces, class_id, _, amount, vat in part["lines"]:
            by_class[concept, reduces][classes[class_id]] += amount + vat
    return [
        {
            "concept": codes[concept],
            "name": names[concept],
            "reduces": codes.get(reduces, ""),
            "lines": n,
            "amount_cents": amount,
            "vat_cents": vat,
            "total_cents": amount + vat,
            "by_class": dict(sorted(by_class[concept, reduces].items())),
        }
        for (concept, reduces), (n, amount, vat) in sorted(lines_of(summary_parts=parts).items())
    ]


def _classes(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = {pk: (code, name) for pk, code, name in TariffClass.objects.values_list("id", "code", "name")}
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for part in parts:
        for class_id, *values in part["classes"]:
            sums[class_id] = [old + new for old, new in zip(sums[class_id], values, strict=True)]
    rows = [
        {"class": names[pk][0], "name": names[pk][1], "bills": n, "consumption_m3": m3, "total_cents": cents}
        for pk, (n, m3, cents) in sums.items()
    ]
    return sorted(rows, key=lambda row: str(row["class"]))


def _changes(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The accounts whose bill moved most since the period before."""
    every = [change for part in parts for change in part["changes"]]
    most = sorted(every, key=lambda change: (-abs(change[2] - change[1]), change[0]))[:BIGGEST_CHANGES]
    numbers = dict(
        Account.objects.filter(id__in=[account for account, *_ in most]).values_list("id", "number")
    )
    return [
        {
            "account": numbers[account],
            "previous_cents": before,
            "total_cents": after,
            "change_cents": after - before,
        }
        for account, before, after in most
    ]
