"""The chain tells what it covers, and reads back what was sealed; how it finds a lie is in the storms."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from tests.town import counter
from tests.town.cast import Town

from caudal.cashier import chain, queries
from caudal.cashier.chain import walk
from caudal.cashier.cli import payments

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town", "books")]
MARCH_5 = date(2019, 3, 5)
Run = Callable[..., Any]


@pytest.fixture
def three(town: Town) -> list[str]:
    """Three payments of a morning, the second canceled."""
    folios = [counter.pay(town.lupita, cents, on=MARCH_5)["receipt_folio"] for cents in (1_000, 2_000, 3_000)]
    counter.cancel(folios[1], on=MARCH_5)
    return folios


def test_nothing_is_whole() -> None:
    report = chain.verify()
    assert report == chain.ChainReport(0, (), ())
    assert report.is_whole and report.first_bad_folio == ""


def test_each_series_has_its_chain(three: list[str]) -> None:
    report = chain.verify()

    assert report.is_whole
    assert [(head.series, head.folio, head.n_receipts) for head in report.heads] == [
        ("A", "A-000003", 3), ("A-CAN", "A-CAN-000001", 1),
    ]  # fmt: skip
    last = queries.receipt_by_folio(folio="A-000003")
    assert report.heads[0].seal == bytes(last.hash).hex()
    assert chain.verify(series="A-CAN").n_receipts == 1


def test_the_first_of_a_series_follows_nothing(three: list[str]) -> None:
    first = queries.receipt_by_folio(folio="A-000001")
    assert bytes(first.previous_hash) == chain.GENESIS == bytes(32)
    [stored, *_] = walk._stored("A")
    assert bytes(first.hash) == chain.seal(previous=chain.GENESIS, body=walk._body_of(stored))


def test_what_a_seal_covers(three: list[str], town: Town) -> None:
    """One line, written out: series, number, day, second, who, how it came, session, file, total, what it
    cancels, code, accounts, tenders."""
    receipt = queries.receipt_by_folio(folio="A-CAN-000001")
    [stored] = walk._stored("A-CAN")
    assert walk._body_of(stored) == (
        f"A-CAN|1|2019-03-05|{int(receipt.paid_at.timestamp())}|veronica|window|{receipt.session_id}||-2000"
        f"|A-000002|{receipt.verification}|{town.lupita.pk}:-2000|cash:-2000:0:"
    )


def test_the_closing_prints_the_head_and_the_next_day_agrees(three: list[str], town: Town) -> None:
    counter.pay(town.chuy, 500, on=date(2019, 3, 6))  # the fifth is closed first
    from caudal.cashier.models import TillClosing

    closing = TillClosing.objects.get()
    third = queries.receipt_by_folio(folio="A-000003")
    assert closing.chain_head == bytes(third.hash).hex()
    assert chain.verify(heads=[chain.printed(folio="A-000003", seal=closing.chain_head.upper())]).is_whole


@pytest.mark.parametrize(
    ("folio", "seal"),
    [("A-000003", "0" * 64), ("A-000002", "head"), ("B-000001", "0" * 64)],
)
def test_a_head_that_is_not_there_is_a_problem(three: list[str], folio: str, seal: str) -> None:
    """A seal nobody made, the true head at another folio, a series that does not exist."""
    head = chain.verify().heads[0].seal if seal == "head" else seal
    report = chain.verify(heads=[chain.printed(folio=folio, seal=head)])
    assert [problem.folio for problem in report.problems] == [folio]


def run(*arguments: str) -> Any:
    return CliRunner().invoke(payments, ["chain", *arguments])


def test_the_terminal_reads_the_chain_aloud(three: list[str]) -> None:
    head = chain.verify().heads[0]

    whole = run("--head", f"{head.folio}={head.seal}")
    assert whole.exit_code == 0
    assert "4 comprobantes vueltos a sellar." in whole.output
    assert whole.output.endswith("La cadena está entera.\n")

    broken = run("--head", f"A-000001={head.seal}")
    assert broken.exit_code == 1
    assert "El primero que no coincide: A-000001." in broken.output


@pytest.mark.parametrize("text", ["A-000001", "A-1=00", "A-000001=xyz", "=" + "0" * 64])
def test_a_head_that_cannot_be_read_is_said(text: str) -> None:
    told = run("--head", text)
    assert told.exit_code == 2
    assert "no se entiende" in told.output
