"""What a person asks of a listing: between which days, and with which values."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.http import QueryDict

from caudal.kernel.typed import TYPED_DATE, Typed
from caudal.reports import telling
from caudal.reports.listing import Column, Kind, Listing
from caudal.reports.reading import Asked

SINCE: Final = "desde"
LAST: Final = "hasta"
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2999
Choices = Mapping[str, list[tuple[str, str]]]


class DaysForm(Typed):
    """From which day to which, both inside; without them, this month until today."""

    desde = forms.DateField(
        label="Desde", required=False, input_formats=TYPED_DATE,
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "La fecha no se entiende. Escríbala como 31/01/2019."},
    )  # fmt: skip
    hasta = forms.DateField(
        label="Hasta", required=False, input_formats=TYPED_DATE,
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "La fecha no se entiende. Escríbala como 31/01/2019."},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A span that goes forward, in years that a calendar has."""
        found = super().clean() or {}
        since, last = found.get(SINCE), found.get(LAST)
        for name, day in ((SINCE, since), (LAST, last)):
            if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
                self.add_error(name, "Ese año no es de aquí. Escriba la fecha como 31/01/2019.")
        if since and last and last < since:
            self.add_error(LAST, "Termina antes de empezar. Escriba un día igual o posterior a «Desde».")
        return found


def asked_of(*, source: Listing, sent: QueryDict, today: date) -> tuple[Asked, DaysForm]:
    """What was asked, and the form of its days with what was wrong; what is wrong is this month until today."""
    where = tuple((each.name, str(sent[each.name])) for each in source.columns if sent.get(each.name))
    typed = {name: sent.get(name, "") for name in (SINCE, LAST)}
    usual = {SINCE: f"{today.replace(day=1):%d/%m/%Y}", LAST: f"{today:%d/%m/%Y}"}
    if not source.day:
        return Asked(source, None, today + timedelta(days=1), where), DaysForm({})
    form = DaysForm({name: _as_typed(text) or usual[name] for name, text in typed.items()})
    since, last = today.replace(day=1), today
    if form.is_valid():
        since, last = form.cleaned_data[SINCE], form.cleaned_data[LAST]
    return Asked(source, since, last + timedelta(days=1), where), form


def narrowing(*, asked: Asked, choices: Choices) -> forms.Form:
    """A select for each column that narrows, with the values that there are; what has too many is typed."""
    form = Typed({name: str(value) for name, value in asked.where})
    chosen = dict(asked.where)
    for each in asked.source.filters:
        form.fields[each.name] = _field(each, choices.get(each.name), str(chosen.get(each.name, "")))
    return form


def _field(column: Column, offered: list[tuple[str, str]] | None, chosen: str) -> forms.Field:
    if offered is None:
        return forms.CharField(label=column.title, required=False)
    if column.kind == Kind.PERIOD:
        offered = [
            (code, telling.cell(int(code), column=column)) for code, _ in sorted(offered, reverse=True)
        ]
    if chosen and chosen not in dict(offered):
        offered = [*offered, (chosen, column.said(chosen))]
    return forms.ChoiceField(label=column.title, required=False, choices=[("", "Todos"), *offered])


def _as_typed(text: str) -> str:
    """`2019-01-31` → `31/01/2019`: an address carries the one, people write the other."""
    try:
        return f"{date.fromisoformat(text):%d/%m/%Y}"
    except ValueError:
        return text.strip()
