"""The status of an account: its statement on screen and on paper, and all that ever happened to it."""

from collections import Counter
from datetime import date
from typing import Any, Final, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from caudal.access import gates, policy
from caudal.access import queries as people
from caudal.access.models import Clerk
from caudal.billing import queries as billing
from caudal.frontdesk import account_page, statement, statement_sheet, street, timeline
from caudal.frontdesk.timeline import TOPIC_NAMES, Event, Topic
from caudal.kernel import clock
from caudal.kernel.refusals import Refusal
from caudal.kernel.wording import in_reading_case
from caudal.ledger import queries as ledger
from caudal.metering import queries as metering
from caudal.registry import queries as registry
from caudal.registry.models import Account

EVENTS_ON_A_PAGE: Final = 50
WINDOWS: Final = {"12": "12 meses", "24": "24 meses", "60": "5 años", "todo": "Todo"}
# a reading a month since before anyone was born
_EVERY_READING: Final = 10_000


@gates.requires(policy.READ_ACCOUNTS)
def account_statement(request: HttpRequest, number: str) -> HttpResponse:
    """The statement on screen: as of a day, with the months asked."""
    today = clock.today()
    window, as_of, trouble = _asked(request, today)
    try:
        account = registry.account_by_number(number=number)
        found = statement.read(account=account, as_of=as_of, today=today, months=_months(window))
    except Refusal as refusal:
        return _refused(request, refusal)
    card = registry.account_card(account=account, on=as_of)
    page = {
        "card": card,
        "groups": account_page.number_groups(number=card.number),
        "holder": in_reading_case(card.holder),
        "statement": found,
        "rows": found.rows[::-1],
        "owed": found.owed,
        "relief": statement.relief(account=account, at=clock.now()) if found.owed else None,
        "windows": WINDOWS,
        "window": window,
        "typed_day": request.GET.get("al", "") if trouble else f"{as_of:%d/%m/%Y}",
        "trouble": trouble,
        "paper": f"{reverse('account_statement_pdf', args=[card.number])}?meses={window}&al={as_of:%d/%m/%Y}",
    }
    return render(request, "frontdesk/statement.html", page, status=422 if trouble else 200)


@gates.requires(policy.READ_ACCOUNTS)
def account_statement_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The account statement as a PDF to carry away."""
    today = clock.today()
    window, as_of, _ = _asked(request, today)
    try:
        account = registry.account_by_number(number=number)
        paper = statement_sheet.as_pdf(account=account, as_of=as_of, at=clock.now(), months=_months(window))
    except Refusal as refusal:
        return _refused(request, refusal)
    answer = HttpResponse(paper, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="estado-de-cuenta-{number}.pdf"'
    return answer


@gates.requires(policy.READ_ACCOUNTS)
def account_history(request: HttpRequest, number: str) -> HttpResponse:
    """All that happened to an account, by topic, a page at a time."""
    try:
        account = registry.account_by_number(number=number)
        card = registry.account_card(account=account, on=clock.today())
    except Refusal as refusal:
        return _refused(request, refusal)
    acts = policy.acts_of(clerk=cast(Clerk, request.user))
    every = timeline.events(sources=_sources(account, card, acts))
    topic = request.GET.get("tipo", "")
    shown = [event for event in every if event.topic == topic] if topic in set(Topic) else every
    pages = Paginator(shown, EVENTS_ON_A_PAGE)
    page = pages.get_page(request.GET.get("pagina", "1"))
    names = people.names_of(usernames={event.by for event in page.object_list})
    return render(
        request,
        "frontdesk/history.html",
        {
            "card": card,
            "groups": account_page.number_groups(number=card.number),
            "holder": in_reading_case(card.holder),
            "tabs": _tabs(every, topic if topic in set(Topic) else ""),
            "topic": topic if topic in set(Topic) else "",
            "page": page,
            "events": [_told(event, names) for event in page.object_list],
            "counted": f"{len(shown):,} {'movimiento' if len(shown) == 1 else 'movimientos'}",
        },
    )


def _sources(account: Account, card: registry.AccountCard, acts: frozenset[str]) -> timeline.Sources:
    bills = list(billing.bills_of(account_id=account.pk))
    movements = ledger.movements(account_id=account.pk)
    points = {each.service_point for each in account.agreements.select_related("service_point")}
    return timeline.Sources(
        account=account,
        bills=bills,
        movements=movements,
        readings=[
            reading
            for point in sorted(points, key=lambda each: each.pk)
            for reading in metering.readings(service_point=point, limit=_EVERY_READING)
        ],
        services=timeline.services_of(account_id=account.pk),
        happenings=registry.history(account=account),
        legacy=list(account.legacy_payments.order_by("-paid_on", "-id")),
        audited=timeline.audited(account=account, movements=movements),
        street=street.events(account=account, bills=bills, acts=acts),
        on=clock.today(),
    )


def _tabs(every: list[Event], topic: str) -> list[dict[str, Any]]:
    counts = Counter(event.topic for event in every)
    tabs = [{"topic": "", "name": "Todo", "n": len(every), "is_current": not topic}]
    return tabs + [
        {"topic": each.value, "name": name, "n": counts[each], "is_current": each == topic}
        for each, name in TOPIC_NAMES.items()
        if counts[each]
    ]


def _told(event: Event, names: dict[str, str]) -> dict[str, Any]:
    who = names.get(event.by, event.by)
    return {
        "on": event.on,
        "words": event.words,
        "note": " · ".join(part for part in (who, event.why) if part),
        "href": event.href,
        "link": event.link,
    }


def _asked(request: HttpRequest, today: date) -> tuple[str, date, str]:
    """The window and the day asked, and what is wrong with the day; today when it is."""
    window = request.GET.get("meses", "12")
    text = request.GET.get("al", "").strip()
    day, trouble = today, ""
    if text:
        try:
            parts = [int(part) for part in text.replace("-", "/").split("/")]
            day = date(parts[2], parts[1], parts[0]) if len(parts) == 3 else date(0, 0, 0)
        except (ValueError, OverflowError):
            trouble = "Escriba la fecha como 31/01/2019."
        if day > today:
            day, trouble = today, "Ese día todavía no llega: elija hoy o uno anterior."
    return (window if window in WINDOWS else "12"), day, trouble


def _months(window: str) -> int | None:
    return None if window == "todo" else int(window)


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return render(request, "kernel/refusal.html", {"refusal": refusal}, status=404)
