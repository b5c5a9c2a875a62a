"""Pages of the journal: entries as somebody looks for them, one whole, and all as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from caudal.access import gates, policy
from caudal.access import queries as people
from caudal.accounting import entries, files, pages
from caudal.accounting.forms import JournalForm
from caudal.kernel import clock
from caudal.ledger.models import JournalEntry


@gates.requires(policy.READ_ACCOUNTING)
def journal(request: HttpRequest) -> HttpResponse:
    """Entries, newest first; the month, if nobody says which."""
    form, asked = _asked(request)
    number = request.GET.get("pagina", "1")
    page = int(number) if number.isascii() and number.isdigit() and 0 < len(number) < 7 else 1
    query = request.GET.copy()
    query.pop("pagina", None)
    shown = {"form": form, "found": entries.find(asked=asked, page=max(page, 1)), "query": query.urlencode()}
    return render(request, "accounting/journal.html", shown)


@gates.requires(policy.READ_ACCOUNTING)
def journal_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The same entries with their lines, whole."""
    _, asked = _asked(request)
    rows = entries.file_rows(asked=asked) if kind in ("xlsx", "csv") else []
    debit, credit = (sum(row[place] or 0 for row in rows) for place in (9, 10))
    return files.answer(
        kind=kind, name=f"polizas-{asked.since}-{asked.last}", title="Pólizas", columns=entries.COLUMNS, rows=rows,
        filters=asked.filters, totals=(*(None,) * 5, "Total", "", "", "", debit, credit, ""),
    )  # fmt: skip


@gates.requires(policy.READ_ACCOUNTING)
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry with its lines."""
    found = get_object_or_404(JournalEntry, pk=pk)
    names = people.names_of(usernames={found.recorded_by})
    lines = entries.lines_of(entry=found)
    page = {
        "entry": found,
        "kind_words": pages.kind_words(found.kind),
        "lines": [(line, -line.amount_cents) for line in lines],
        "by": names.get(found.recorded_by, found.recorded_by),
        "total_cents": sum(line.amount_cents for line in lines if line.amount_cents > 0),
    }
    return render(request, "accounting/entry.html", page)


def _asked(request: HttpRequest) -> tuple[JournalForm, entries.Asked]:
    today = clock.today()
    first = today.replace(day=1)
    form = JournalForm(
        request.GET if request.GET else None,
        kinds=pages.KINDS,
        initial={"since": f"{first:%d/%m/%Y}", "until": f"{today:%d/%m/%Y}"},
    )
    typed = form.cleaned_data if form.is_bound and form.is_valid() else {}
    last = typed.get("until") or today
    since = typed.get("since") or min(first, last.replace(day=1))
    return form, entries.Asked(
        since=min(since, last), last=last, text=typed.get("text", "").strip(), account=typed.get("account", ""),
        kind=typed.get("kind", ""),
    )  # fmt: skip
