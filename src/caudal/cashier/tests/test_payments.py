"""At the window: money in, one receipt with its folio, for one account or several, in one tender or mixed."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.town import counter

from caudal.cashier import commands as cashier
from caudal.cashier import queries
from caudal.cashier.commands import AccountPart, TenderPart
from caudal.cashier.models import Payment, Receipt, Tender, TillSession
from caudal.kernel.idempotency import KeyWasUsedForAnotherRequest
from caudal.kernel.models import AuditEntry, Folio, IdempotencyKey
from caudal.ledger import queries as debts
from caudal.ledger.models import Credit, JournalLine
from caudal.ledger.tests.builders import moment
from caudal.registry.models import Account
from caudal.tariffs.queries import NoBookInForce

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]
MARCH_5 = date(2019, 3, 5)
KEY = UUID("5f0d3c2e-0000-4000-8000-000000000001")


def take(
    paid: Mapping[Account, int], *tenders: TenderPart, session: TillSession | None = None, **words: Any
) -> dict[str, Any]:
    """What Verónica takes on 5 March at eleven; in cash, unless the story says how."""
    total = sum(paid.values())
    return cashier.take_payment(
        **{
            "session": session or counter.session(MARCH_5),
            "parts": [AccountPart(account, cents) for account, cents in paid.items()],
            "tenders": tenders or [TenderPart("cash", total)],
            "at": moment(MARCH_5, hour=11),
            "by": "veronica",
            "key": uuid4(),
            **words,
        }
    )


def funds() -> dict[str, int]:
    """Where money is, by account of the chart."""
    lines = JournalLine.objects.filter(ledger_account_id__in=("1111", "1112-01"))
    sums: dict[str, int] = {}
    for account, cents in lines.values_list("ledger_account_id", "amount_cents"):
        sums[account] = sums.get(account, 0) + cents
    return sums


def test_the_receipt_says_what_was_paid_by_period_and_concept(chuy: Account) -> None:
    """$150.00 on 5 March, of a $200 note: 2 % of $120.00 = $2.40 of surcharge, $120.00, and $27.60 in favor."""
    receipt = take({chuy: 15_000}, TenderPart("cash", 15_000, given_cents=20_000))

    posted = Receipt.objects.get()
    assert receipt == {
        "receipt_folio": "A-000001",
        "verification": posted.verification,
        "total_cents": 15_000,
        "change_cents": 5_000,
        "tenders": [{"kind": "cash", "amount_cents": 15_000, "given_cents": 20_000, "reference": ""}],
        "business_on": "2019-03-05",
        "paid_at": "2019-03-05T11:00:00-06:00",
        "received_by": "veronica",
        "session": posted.session_id,
        "channel": "window",
        "payments": [
            {
                "account": "010117",
                "amount_cents": 15_000,
                "allocations": [
                    share(1, "Agua potable", 10_000),
                    share(3, "Saneamiento", 2_000),
                    share(20, "Recargos", 240, document="surcharge"),
                ],
                "surcharge_cents": 240,
                "unallocated_cents": 2_760,
                "balance_cents": -2_760,
            }
        ],
    }
    payment = Payment.objects.get()
    assert (posted.folio, payment.credit.document, payment.credit.amount_cents) == (
        "A-000001",
        "A-000001",
        15_000,
    )
    assert AuditEntry.objects.filter(act="cashier.take_payment", object_id="A-000001", by="veronica").exists()


def share(concept_id: int, concept: str, cents: int, *, document: str = "bill") -> dict[str, Any]:
    return {
        "period": 201901,
        "document": document,
        "concept_id": concept_id,
        "concept": concept,
        "amount_cents": cents,
    }


def test_one_receipt_pays_several_accounts(chuy: Account, espiga: Account) -> None:
    """$122.40 settle Chuy (120.00 + 2 %); $100.00 of the tortillería's $306.00 leave $206.00."""
    receipt = take({espiga: 10_000, chuy: 12_240})

    paid = {each["account"]: each for each in receipt["payments"]}
    assert (receipt["total_cents"], receipt["change_cents"]) == (22_240, 0)
    assert [each["account"] for each in receipt["payments"]] == ["010405", "010117"]  # as they were asked
    assert (paid["010117"]["balance_cents"], paid["010117"]["surcharge_cents"]) == (0, 240)
    assert (paid["010405"]["balance_cents"], paid["010405"]["surcharge_cents"]) == (20_600, 600)
    assert debts.balance(account_id=chuy.id) == 0 and debts.balance(account_id=espiga.id) == 20_600
    assert Receipt.objects.count() == 1 and Payment.objects.count() == 2
    credits = Credit.objects.order_by("account__number").values_list("account__number", "amount_cents")
    assert list(credits) == [("010117", 12_240), ("010405", 10_000)]
    assert funds() == {"1111": 22_240}


@pytest.mark.parametrize(
    ("tender", "account"),
    [("cash", "1111"), ("card", "1112-01"), ("check", "1112-01"), ("transfer", "1112-01")],
)
def test_cash_goes_to_the_drawer_and_everything_else_to_the_bank(
    chuy: Account, tender: str, account: str
) -> None:
    take({chuy: 5_000}, TenderPart(tender, 5_000, reference="" if tender == "cash" else "00123456"))
    assert funds() == {account: 5_000}


def test_a_receipt_is_paid_in_several_ways_for_several_accounts(chuy: Account, espiga: Account) -> None:
    """$400.00 for two accounts: $150.00 in cash of a $200 note, $200.00 by card, $50.00 by check."""
    receipt = take(
        {chuy: 12_240, espiga: 27_760},
        TenderPart("cash", 15_000, given_cents=20_000),
        TenderPart("card", 20_000, reference="774411"),
        TenderPart("check", 5_000, reference="0093"),
    )

    assert receipt["change_cents"] == 5_000
    assert dict(Tender.objects.values_list("kind", "amount_cents")) == {
        "cash": 15_000,
        "card": 20_000,
        "check": 5_000,
    }
    assert funds() == {"1111": 15_000, "1112-01": 25_000}
    session = TillSession.objects.get()
    assert queries.expected(session=session) == {
        "cash": 50_000 + 15_000,  # the float, and what is kept
        "card": 20_000,
        "check": 5_000,
    }


def test_the_same_key_takes_the_money_once_and_gives_the_same_receipt(chuy: Account) -> None:
    """A double click, and a resend an hour later."""
    first = take({chuy: 5_000}, key=KEY)
    again = take({chuy: 5_000}, key=KEY, at=moment(MARCH_5, hour=12))

    assert json.dumps(again) == json.dumps(first)
    assert Payment.objects.count() == 1 and Folio.objects.filter(series="A").count() == 1


def test_a_resend_after_the_closing_tells_the_truth(chuy: Account) -> None:
    """The reply was lost and the drawer was closed meanwhile: the receipt is there, and is shown."""
    session = counter.session(MARCH_5)
    first = take({chuy: 5_000}, session=session, key=KEY)
    counter.close(session)

    assert take({chuy: 5_000}, session=session, key=KEY) == first
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("change", ["amount", "account", "tender", "given", "session"])
def test_the_same_key_with_another_request_is_refused(chuy: Account, espiga: Account, change: str) -> None:
    take({chuy: 5_000}, key=KEY)
    again: dict[str, Any] = {
        "amount": ({chuy: 6_000},),
        "account": ({espiga: 5_000},),
        "tender": ({chuy: 5_000}, TenderPart("card", 5_000, reference="1")),
        "given": ({chuy: 5_000}, TenderPart("cash", 5_000, given_cents=10_000)),
        "session": ({chuy: 5_000},),
    }
    words = {"session": counter.session(MARCH_5, by="laura", code="2", series="B")}

    with pytest.raises(KeyWasUsedForAnotherRequest, match="ya se hizo con otros datos"):
        take(*again[change], key=KEY, **(words if change == "session" else {}))

    assert Payment.objects.get().amount_cents == 5_000


CASH = TenderPart("cash", 5_000)
WRONG = [
    ({"parts": []}, "No hay ninguna cuenta que cobrar", "account"),
    ({"cents": 0}, "mayor que cero", "amount"),
    ({"cents": -100}, "mayor que cero", "amount"),
    ({"cents": 1_000_000_001}, "demasiado grande", "amount"),
    ({"cents": 2**70}, "demasiado grande", "amount"),
    ({"tenders": []}, "no suma lo que se cobra", "tender"),
    ({"tenders": [TenderPart("gold", 5_000)]}, "forma de pago no existe", "tender"),
    ({"tenders": [TenderPart("cash", 2_500), TenderPart("cash", 2_500)]}, "viene dos veces", "tender"),
    ({"tenders": [TenderPart("cash", 4_999)]}, "no suma lo que se cobra", "tender"),
    (
        {"tenders": [TenderPart("cash", 6_000), TenderPart("card", -1_000, reference="1")]},
        "no suma lo que se cobra",
        "tender",
    ),
    (
        {"tenders": [CASH, TenderPart("card", 0, reference="1")]},
        "no suma lo que se cobra",
        "tender",
    ),
    ({"tenders": [TenderPart("cash", 5_000, given_cents=4_000)]}, "no alcanza", "given"),
    ({"tenders": [TenderPart("cash", 5_000, given_cents=-1)]}, "no alcanza", "given"),
    ({"tenders": [TenderPart("cash", 5_000, given_cents=2**70)]}, "demasiado", "given"),
    ({"tenders": [TenderPart("card", 5_000)]}, "Falta la referencia", "reference"),
    ({"tenders": [TenderPart("transfer", 5_000, reference="  ")]}, "Falta la referencia", "reference"),
    ({"tenders": [TenderPart("check", 5_000, reference="9" * 41)]}, "referencia", "reference"),
    ({"tenders": [TenderPart("card", 5_000, given_cents=6_000, reference="1")]}, "efectivo", "given"),
    ({"by": "laura"}, "El turno es de veronica", "session"),
    ({"at": moment(MARCH_5 + timedelta(days=1), hour=0)}, "El turno es del 05/03/2019", "session"),
    ({"at": moment(MARCH_5 - timedelta(days=1), hour=23)}, "El turno es del 05/03/2019", "session"),
]


@pytest.mark.parametrize(("words", "says", "field"), WRONG, ids=[says for _, says, _ in WRONG])
def test_what_cannot_be_taken_is_refused_beside_its_field(
    chuy: Account, words: dict[str, Any], says: str, field: str
) -> None:
    counter.session(MARCH_5)
    before, folios = debts.balance(account_id=chuy.id), Folio.objects.count()
    asked = dict(words)
    cents = asked.pop("cents", 5_000)

    with pytest.raises(cashier.CannotTakePayment, match=says) as refused:
        take({chuy: cents}, **asked)

    assert refused.value.field == field
    nothing_happened(chuy, before, folios)


def nothing_happened(account: Account, balance: int, folios: int) -> None:
    assert not Payment.objects.exists() and not Receipt.objects.exists() and not Tender.objects.exists()
    assert not Credit.objects.exists() and not IdempotencyKey.objects.exists()
    assert (debts.balance(account_id=account.id), Folio.objects.count()) == (balance, folios)


def test_an_account_comes_once_in_a_receipt(chuy: Account) -> None:
    session = counter.session(MARCH_5)
    before, folios = debts.balance(account_id=chuy.id), Folio.objects.count()

    with pytest.raises(cashier.CannotTakePayment, match="viene dos veces") as refused:
        take({}, CASH, session=session, parts=[AccountPart(chuy, 2_500), AccountPart(chuy, 2_500)])

    assert refused.value.field == "account"
    nothing_happened(chuy, before, folios)


@pytest.mark.parametrize("state", ["balancing", "balanced"])
def test_a_session_that_is_being_closed_takes_no_payment(chuy: Account, state: str) -> None:
    """The page was open since before; what was seen when it was opened does not count."""
    session = counter.session(MARCH_5)
    seen = TillSession.objects.get(pk=session.pk)
    if state == "balancing":
        cashier.begin_balancing(session=session, at=moment(MARCH_5), by="veronica")
    else:
        counter.close(session)

    with pytest.raises(cashier.CannotTakePayment, match="ya no recibe pagos") as refused:
        take({chuy: 5_000}, session=seen)

    assert refused.value.field == "session" and seen.state == "open"
    assert not Payment.objects.exists()


def test_without_a_tariff_book_no_surcharge_is_guessed(chuy: Account) -> None:
    on = date(2017, 3, 5)
    session = cashier.open_session(
        till=counter.till(), cashier="veronica", pieces=counter.FLOAT, at=moment(on)
    )
    with pytest.raises(NoBookInForce):
        take({chuy: 5_000}, session=session, at=moment(on))
    assert not Payment.objects.exists()


def test_folios_have_no_gap_where_a_payment_was_refused(chuy: Account) -> None:
    take({chuy: 1_000})
    for _ in range(3):
        with pytest.raises(cashier.CannotTakePayment):
            take({chuy: 0})
    take({chuy: 1_000})

    assert counter.receipts() == [1, 2]


def test_a_receipt_for_several_accounts_is_whole_or_is_not(
    chuy: Account, espiga: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What breaks at the very end breaks for both: nothing of it stays, and the folio is taken by the next."""
    counter.session(MARCH_5)

    def breaks(**_: Any) -> None:
        raise ConnectionAbortedError

    with monkeypatch.context() as broken, pytest.raises(ConnectionAbortedError):
        broken.setattr("caudal.kernel.audit.record", breaks)
        take({chuy: 5_000, espiga: 5_000}, key=KEY)
    assert not Payment.objects.exists() and not IdempotencyKey.objects.exists()

    assert take({chuy: 5_000, espiga: 5_000}, key=KEY)["receipt_folio"] == "A-000001"


def test_each_till_counts_its_own_receipts(chuy: Account) -> None:
    take({chuy: 1_000})
    other = counter.session(MARCH_5, by="laura", code="2", series="B")

    assert take({chuy: 1_000}, session=other, by="laura")["receipt_folio"] == "B-000001"
    assert take({chuy: 1_000})["receipt_folio"] == "A-000002"
    seals = dict(Receipt.objects.values_list("series", "previous_hash").filter(number=1))
    assert {series: bytes(seal) for series, seal in seals.items()} == {"A": bytes(32), "B": bytes(32)}


def test_payments_are_listed_by_account_and_day(chuy: Account, espiga: Account) -> None:
    take({chuy: 1_000, espiga: 3_000})
    counter.pay(chuy, 2_000, on=date(2019, 3, 6))

    assert [p.amount_cents for p in queries.payments(account_id=chuy.id)] == [2_000, 1_000]
    assert sorted(p.amount_cents for p in queries.payments(business_on=MARCH_5)) == [1_000, 3_000]


@pytest.mark.parametrize("typed", ["A-000001", "a-000001", "A 000001", "a1", " A-1 "])
def test_a_folio_is_found_as_people_type_it(chuy: Account, typed: str) -> None:
    take({chuy: 1_000})
    assert queries.receipt_by_folio(folio=typed).folio == "A-000001"


@pytest.mark.parametrize("folio", ["", "A", "A-", "-1", "A-x", "Z-000001", "A-" + "9" * 30, "1", "A-٣"])
def test_a_folio_that_is_none_finds_nothing(folio: str) -> None:
    with pytest.raises(queries.UnknownReceipt, match="No existe el comprobante") as refused:
        queries.receipt_by_folio(folio=folio)
    assert refused.value.field == "folio"
