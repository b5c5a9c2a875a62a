"""Whatever happens, in whatever order: charged = extinguished + open, paid = extinguished + in favor."""

from collections import defaultdict
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caudal.ledger import catalog, checks, queries
from caudal.ledger import commands as ledger
from caudal.ledger.commands import ChargeLine
from caudal.ledger.models import CreditBalance, DocumentKind
from caudal.ledger.tests.builders import account, bill, moment, pay, terms
from caudal.registry.models import Account
from caudal.rules.periods import Period

pytestmark = pytest.mark.django_db
FIRST = Period(201810)

cents = st.integers(1, 60_000)
steps = st.one_of(
    st.tuples(st.just("bill"), st.integers(0, 1), st.integers(0, 5), cents, cents),
    st.tuples(st.just("pay"), st.integers(0, 1), st.integers(0, 400), cents, st.booleans()),
    st.tuples(st.just("reverse"), st.integers(0, 9)),
    st.tuples(st.just("cancel"), st.integers(0, 9)),
    st.tuples(st.just("apply"), st.integers(0, 400)),
)


class Street:
    """Two neighbors, and what they should owe if every verb did what it says."""

    def __init__(self) -> None:
        self.neighbors = [account("010117"), account("010293")]
        self.owed: dict[int, int] = defaultdict(int)
        self.surcharged: dict[int, int] = defaultdict(int)
        self.documents: list[tuple[Account, ledger.PostedDocument]] = []
        self.payments: list[ledger.PostedCredit] = []
        self.n_documents = 0

    def bill(self, who: int, month: int, water: int, treatment: int) -> None:
        """A month of water with its VAT, half of it reduced by a benefit, and treatment."""
        period = FIRST.shift(month)
        posted = bill(
            self.neighbors[who],
            ChargeLine(catalog.WATER, water, vat_cents=water * 16 // 100),
            ChargeLine(
                catalog.BENEFIT, -(water // 2), vat_cents=-(water // 2 * 16 // 100), reduces_id=catalog.WATER
            ),
            ChargeLine(catalog.WASTEWATER_TREATMENT, treatment),
            period=period,
            due_on=period.last_day,
        )
        self.owed[posted.account_id] += posted.total_cents
        self.documents.append((self.neighbors[who], posted))

    def pay(self, who: int, days: int, amount: int, by_rank: bool) -> None:
        posted = pay(
            self.neighbors[who],
            amount,
            on=date(2018, 11, 15) + timedelta(days=days),
            receipt=self.document("A"),
            terms=terms(oldest_first=not by_rank),
        )
        self.owed[posted.credit.account_id] += posted.surcharge_cents - amount
        self.surcharged[posted.credit.account_id] += posted.surcharge_cents
        self.payments.append(posted)

    def reverse(self, which: int) -> None:
        if not self.payments:
            return
        posted = self.payments.pop(which % len(self.payments))
        on = posted.credit.on
        ledger.reverse_credit(
            credit=posted.credit,
            on=on,
            at=moment(on),
            by="salas",
            document=self.document("C"),
            reason="Error",
        )
        self.owed[posted.credit.account_id] += posted.credit.amount_cents

    def cancel(self, which: int) -> None:
        if not self.documents:
            return
        holder, posted = self.documents.pop(which % len(self.documents))
        canceled = ledger.cancel_document_charges(
            account=holder,
            period=posted.period,
            document_kind=DocumentKind.BILL,
            sequence=posted.sequence,
            on=date(2019, 12, 31),
            at=moment(date(2019, 12, 31)),
            by="laura",
            reason="Lectura equivocada",
        )
        assert canceled.canceled_cents == posted.total_cents
        self.owed[holder.id] -= posted.total_cents

    def apply(self, days: int) -> None:
        on = date(2018, 11, 15) + timedelta(days=days)
        ledger.apply_credit_balance(
            account_ids=None, on=on, at=moment(on), by="laura", document=self.document("R"), terms=terms()
        )
        for holder in self.neighbors:
            charged = sum(
                each.amount_cents
                for each in queries.movements(account_id=holder.id)
                if each.kind == "surcharge"
            )
            self.owed[holder.id] += charged - self.surcharged[holder.id]
            self.surcharged[holder.id] = charged

    def must_agree(self) -> None:
        for holder in self.neighbors:
            items = queries.open_items(account_id=holder.id)
            credit = CreditBalance.objects.filter(account_id=holder.id).first()
            in_favor = credit.unallocated_cents if credit else 0
            assert sum(item.open_cents for item in items) - in_favor == self.owed[holder.id]
            assert queries.balance(account_id=holder.id) == self.owed[holder.id]
            assert all(0 <= item.paid_cents < item.charged_cents for item in items)
        assert [finding for check in checks.CHECKS for finding in check.find()] == []

    def document(self, series: str) -> str:
        self.n_documents += 1
        return f"{series}-{self.n_documents:06d}"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=3, max_size=14))
def test_whatever_happens_every_centavo_is_somewhere(story: list[tuple]) -> None:
    """Bills, late payments, reversals, cancellations and applications, in any order and on any day."""
    with transaction.atomic():
        street = Street()
        for verb, *words in story:
            getattr(street, verb)(*words)
        street.must_agree()
        transaction.set_rollback(True)
