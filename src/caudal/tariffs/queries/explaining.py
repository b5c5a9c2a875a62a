"""What a line of the bill says about itself, and what a case would cost."""

from collections.abc import Mapping
from typing import Any

from caudal.ledger.models import Concept
from caudal.rules.columns import BillColumns
from caudal.rules.statement import Statement
from caudal.tariffs import quoting, wording
from caudal.tariffs import workings as line_workings
from caudal.tariffs.models import TariffBook
from caudal.tariffs.queries.prices import price_map, rate_book, terms, working_memory


def workings(
    *, book: TariffBook, statement: Statement, columns: BillColumns
) -> tuple[line_workings.LineWorkings, ...]:
    """The arithmetic of every line of a statement: few bodies, and which of them each row uses.

    A case met in an earlier batch gives the very same body: who addresses bodies may remember them by `id`.
    """
    return line_workings.of_lines(
        document=book.document,
        rates=rate_book(book=book),
        statement=statement,
        columns=columns,
        known=working_memory(book=book),
    )


def working_text(*, body: Mapping[str, Any], base_cents: int | None = None) -> str:
    """A stored working in Spanish; `base_cents` (of the charge) lets a percentage name its base."""
    return wording.working_text(body, base_cents=base_cents)


def quote(*, book: TariffBook, case: quoting.Case) -> quoting.Quote:
    """What a case costs under a book: every line with its working.

    :raises quoting.CannotQuote: if the book does not price it
    """
    answer = quotes(book=book, cases=[case])[0]
    if isinstance(answer, quoting.CannotQuote):
        raise answer
    return answer


def quotes(*, book: TariffBook, cases: list[quoting.Case]) -> list[quoting.Quote | quoting.CannotQuote]:
    """Quote many cases in one computation; what cannot be quoted comes back as its refusal."""
    return quoting.quotes(
        document=book.document,
        rates=rate_book(book=book),
        prices=price_map(book=book),
        terms=terms(book=book),
        names=dict(Concept.objects.values_list("code", "name")),
        cases=cases,
    )
