"""Rows for the pages of dunning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from caudal.access import queries as people
from caudal.dunning import queries
from caudal.dunning.models import Notice, NoticeBatch, ServiceOfNotice
from caudal.dunning.policy import BUCKET_NAMES, State
from caudal.dunning.queries import AgeingRow, Portfolio, SegmentFilter, Standing
from caudal.kernel.models import Job
from caudal.kernel.wording import degrees, in_reading_case, pesos, short_date, thousands
from caudal.registry.models import TariffClass
from caudal.tariffs.queries import ppm_text

PILLS: Final = {
    State.CANCELED: ("", "ban"),
    State.SETTLED: ("good", "circle-check"),
    State.SERVED: ("watch", "bell"),
    State.APPOINTED: ("watch", "calendar"),
    State.PENDING: ("", "clock"),
}
SHORT_BUCKETS: Final = ("0–30", "31–60", "61–90", "91–180", "181–365", ">365")


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of the portfolio and the list it opens (centavos)."""

    cents: int
    query: str


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """One line of the ageing, each figure with its list."""

    name: str
    cells: tuple[Cell, ...]
    total: Cell
    n_accounts: int
    expected_cents: int


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as lists show it."""

    folio: str
    account: str
    holder: str
    place: str
    stage: str
    batch: str
    issued_on: date
    total_cents: int
    expected_cents: int
    state: str
    pill: str
    icon: str
    note: str


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch as lists show it, with how far its notices are (centavos)."""

    folio: str
    name: str
    stage: str
    prepared_on: date
    prepared_by: str
    issued_on: date | None
    issued_by: str
    state: str
    pill: str
    icon: str
    n_notices: int
    n_served: int
    n_settled: int
    n_canceled: int
    total_cents: int
    recovered_cents: int

    @property
    def served_percent(self) -> int:
        return self.n_served * 100 // self.n_notices if self.n_notices else 0


@dataclass(frozen=True, slots=True)
class Printing:
    """How far the printing of a batch is."""

    is_live: bool
    percent: int
    done: int
    total: int
    message: str


def portfolio_rows(*, found: Portfolio, by: str, asked: dict[str, str]) -> list[PortfolioRow]:
    """The lines of the ageing; each figure leads to the accounts that make it."""
    return [_portfolio_row(each, {**asked, by: each.key or queries.UNKNOWN}) for each in found.rows]


def portfolio_total(*, found: Portfolio, asked: dict[str, str]) -> PortfolioRow:
    """The foot of the ageing."""
    row = AgeingRow("", "Total", found.n_accounts, found.cents, found.total_cents, found.expected_cents)
    return _portfolio_row(row, asked)


def use_name(use: str) -> str:
    """`habitacional` for its code; what has none, as it comes."""
    return {str(each): str(name) for each, name in TariffClass.Use.choices}.get(use, use or queries.UNKNOWN)


def rates(*, rates_ppm: Sequence[int]) -> list[tuple[str, str]]:
    """What share of each age of debt is expected back, in words."""
    return [(name, ppm_text(rate)) for name, rate in zip(BUCKET_NAMES, rates_ppm, strict=True)]


def notice_rows(*, notices: Sequence[Notice]) -> list[NoticeRow]:
    """Notices with how far each is; three statements, however many they are."""
    told = queries.standings(notices=notices)
    return [_notice_row(each, told[each.pk]) for each in notices]


def batch_rows(*, batches: Sequence[NoticeBatch], on: date) -> list[BatchRow]:
    """Batches with how far their notices are."""
    notices = list(Notice.objects.filter(batch__in=batches).select_related("cancellation"))
    told = queries.standings(notices=notices)
    recovered = queries.recovered_by_batch(on=on)
    names = people.names_of(
        usernames={*(each.prepared_by for each in batches), *(each.issued_by for each in batches)}
    )
    of_batch: dict[int, list[Notice]] = {}
    for notice in notices:
        of_batch.setdefault(notice.batch_id, []).append(notice)
    return [
        _batch_row(each, of_batch.get(each.pk, []), told, recovered[each.pk].within_90_cents if each.pk in recovered else 0,
                   names)
        for each in batches
    ]  # fmt: skip


def printing(*, job: Job | None) -> Printing | None:
    """How far a batch's print files are; nothing if nobody asked for them."""
    if job is None:
        return None
    is_live = job.state in (Job.State.WAITING, Job.State.RUNNING, Job.State.CANCELING)
    return Printing(
        is_live, job.done * 100 // job.total if job.total else 0, job.done, job.total, job.message
    )


def segment_words(*, within: SegmentFilter) -> list[tuple[str, str]]:
    """Whom a batch is for, in words."""
    return [
        ("Adeudo", _span(pesos(within.least_cents), pesos(within.most_cents), within.least_cents, within.most_cents)),
        ("Antigüedad", _span(f"{within.least_age_days} días", f"{within.most_age_days} días", within.least_age_days,
                             within.most_age_days)),
        ("Uso", ", ".join(map(use_name, within.uses)) or "todos"),
        ("Localidad", ", ".join(within.localities) or "todas"),
        ("Ruta", ", ".join(within.routes) or "todas"),
        ("Cuántas", f"{thousands(within.most_accounts)} cuando más" if within.most_accounts else "todas"),
    ]  # fmt: skip


def visit_rows(*, visits: Sequence[ServiceOfNotice]) -> list[dict[str, Any]]:
    """What happened at the door, the last visit first."""
    names = people.names_of(usernames={each.by for each in visits})
    return [
        {
            "outcome": each.get_outcome_display().capitalize(), "at": each.served_at, "receiver": each.receiver,
            "by": names.get(each.by, each.by), "notes": each.notes, "pk": each.pk if each.evidence else 0,
            "place": f"{degrees(each.latitude_e6)}, {degrees(each.longitude_e6)}"
            if each.latitude_e6 is not None and each.longitude_e6 is not None
            else "",
            "accuracy_m": each.accuracy_m, "appointment_on": each.appointment_on, "effects_on": each.effects_on,
            "term_ends_on": each.term_ends_on, "from_phone": each.event_id is not None,
        }
        for each in reversed(visits)
    ]  # fmt: skip


def _span(first: str, last: str, least: int, most: int) -> str:
    if least and most:
        return f"de {first} a {last}"
    if least:
        return f"desde {first}"
    return f"hasta {last}" if most else "cualquiera"


def _portfolio_row(row: AgeingRow, asked: dict[str, str]) -> PortfolioRow:
    named = {"use": "uso", "locality": "localidad", "route": "ruta"}
    query = {named[name]: value for name, value in asked.items() if value}
    cells = tuple(Cell(cents, urlencode({**query, "edad": place})) for place, cents in enumerate(row.cents))
    return PortfolioRow(
        row.name, cells, Cell(row.total_cents, urlencode(query)), row.n_accounts, row.expected_cents
    )


def _notice_row(notice: Notice, told: Standing) -> NoticeRow:
    pill, icon = PILLS[told.state]
    return NoticeRow(
        folio=notice.folio, account=notice.account.number, holder=notice.holder_name,
        place=f"{in_reading_case(notice.address)} · ruta {notice.route}, {notice.walk_sequence}",
        stage=notice.stage.get_code_display().capitalize(), batch=notice.batch.folio, issued_on=notice.issued_on,
        total_cents=notice.total_cents, expected_cents=notice.expected_cents, state=told.state.value, pill=pill,
        icon=icon, note=_note(told),
    )  # fmt: skip


def _note(told: Standing) -> str:
    if told.state == State.SERVED and told.served and told.served.term_ends_on:
        return f"plazo al {short_date(told.served.term_ends_on)}"
    if told.state == State.APPOINTED and told.appointment_on:
        return f"para el {short_date(told.appointment_on)}"
    return ""


def _batch_row(
    batch: NoticeBatch, notices: Sequence[Notice], told: dict[int, Standing], recovered: int, names: dict[str, str]
) -> BatchRow:  # fmt: skip
    states = [told[each.pk] for each in notices]
    if batch.discarded_at:
        state, pill, icon = "descartado", "", "trash"
    elif batch.issued_on:
        state, pill, icon = "emitido", "good", "circle-check"
    else:
        state, pill, icon = "por emitir", "watch", "clock"
    return BatchRow(
        folio=batch.folio, name=batch.name, stage=batch.stage.get_code_display().capitalize(),
        prepared_on=batch.prepared_on, prepared_by=names.get(batch.prepared_by, batch.prepared_by),
        issued_on=batch.issued_on, issued_by=names.get(batch.issued_by, batch.issued_by), state=state, pill=pill,
        icon=icon, n_notices=len(notices), n_served=sum(each.served is not None for each in states),
        n_settled=sum(each.state == State.SETTLED for each in states),
        n_canceled=sum(each.state == State.CANCELED for each in states),
        total_cents=sum(each.total_cents for each in notices), recovered_cents=recovered,
    )  # fmt: skip
