"""The project's own town: the same seed gives the same files, its sums agree, and every planted defect is found."""

from collections import Counter
from pathlib import Path

import pytest

from caudal.intake import town
from caudal.intake.rehearsal import Rehearsal
from caudal.intake.town import dirt, prices
from caudal.intake.town.generation import NEXT_READINGS
from caudal.intake.town.truth import Truth
from tests.scenarios.old_system import RoundPrices, rehearsed

FILES = (
    "PADRON.TXT",
    "LECTURAS.CSV",
    "ADEUDOS.CSV",
    "PAGOS16.CSV",
    "PAGOS17.CSV",
    "PAGOS18.CSV",
    "LEEME.TXT",
    NEXT_READINGS,
)
# what each planted defect is called by the rehearsal, where the two words differ
FOUND_AS = {
    "short_year": "date_format", "missing_route": "missing_value", "missing_name": "missing_value",
    "missing_address": "missing_value", "missing_class": "missing_value", "unknown_class": "unknown_code",
    "unknown_service": "unknown_code", "unknown_status": "unknown_code", "unknown_discount": "unknown_code",
    "orphan_debt": "unknown_account", "orphan_reading": "unknown_account", "orphan_payment": "unknown_account",
    "unknown_concept": "unknown_code", "unknown_observation": "unknown_code", "unknown_tender": "unknown_code",
    "repeated_account": "repeated_row", "contradictory_account": "contradictory_row", "repeated_debt": "repeated_row",
    "repeated_reading": "repeated_row", "repeated_folio": "repeated_row", "impossible_paid_on": "impossible_date",
}  # fmt: skip


def make(
    directory: Path, *, n_accounts: int = 60, seed: int = 7, spoil: dict[str, int] | None = None
) -> Truth:
    return town.generate(
        directory=directory, n_accounts=n_accounts, seed=seed, spoil=spoil, prices=RoundPrices()
    )


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_town(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("same", 7), ("other", 8)):
        make(tmp_path / name, seed=seed)
    for file in FILES:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "same" / file).read_bytes()
    assert (tmp_path / "one" / "PADRON.TXT").read_bytes() != (tmp_path / "other" / "PADRON.TXT").read_bytes()


def test_a_town_without_dirt_agrees_with_itself_to_the_centavo(tmp_path: Path) -> None:
    truth = make(tmp_path, spoil={})
    rehearsal = rehearsed(tmp_path)

    told = {each.code for each in rehearsal.findings}
    assert told <= {"canceled_payment", "negative_balance", "unread_at_cutoff"}
    assert len(rehearsal.accounts) == 60
    assert {name: tally.rows for name, tally in rehearsal.tallies.items() if name != "payments"} == {
        "accounts": 60, "readings": truth.rows["LECTURAS.CSV"], "debts": truth.rows["ADEUDOS.CSV"],
    }  # fmt: skip
    assert rehearsal.tallies["debts"].cents == sum(truth.debt_cents.values())
    assert rehearsal.tallies["accounts"].cents == truth.balance_cents
    # money in favor makes the only difference between balances and debts
    in_favor = sum(row.credit_cents for row in rehearsal.accounts)
    assert truth.balance_cents == sum(truth.debt_cents.values()) - in_favor


def test_the_cast_lives_there_and_is_never_spoiled(tmp_path: Path) -> None:
    truth = make(tmp_path)
    people = {row.number: row for row in rehearsed(tmp_path).accounts}

    lupita = people["010293"]
    assert (lupita.name, lupita.discount, lupita.curp) == (
        "GUADALUPE NUÑEZ VIUDA DE ORTEGA",
        "pensioner",
        "NUXG480612MJCXRD09",
    )
    assert {"010117", "010405", "010512", "010620", "010733", "010818", "020031"} <= set(people)
    assert not {each.account for each in truth.spoiled} & {"010293", "010117", "010405"}


def test_don_chuy_owes_fourteen_months_with_their_surcharges(tmp_path: Path) -> None:
    make(tmp_path, spoil={})
    owed = [row for row in rehearsed(tmp_path).debts if row.account == "010117"]

    assert len({row.period for row in owed}) == 14
    november_2017 = {row.concept: row.cents for row in owed if row.period == 201711}
    # flat at a round $100.00: 20 %, 3 %, and 1 % a month of the water for the 14 months from November to December
    assert november_2017 == {
        "water": 10_000, "wastewater_treatment": 2_000, "infrastructure_charge": 300, "surcharge": 1_400,
    }  # fmt: skip


def test_billed_m3_add_up_to_what_the_dial_moved(tmp_path: Path) -> None:
    make(tmp_path, spoil={})
    rehearsal = rehearsed(tmp_path)
    assert rehearsal.of("consumption_differs") == [] and rehearsal.of("reading_goes_back") == []
    assert len({row.period for row in rehearsal.readings}) == 36


@pytest.mark.parametrize("kind", sorted(dirt.KINDS))
def test_each_planted_defect_is_found_at_its_place(tmp_path: Path, kind: str) -> None:
    truth = make(tmp_path, spoil={kind: 2})
    rehearsal = rehearsed(tmp_path)

    planted = truth.of("balance_differs" if kind == "one_centavo" else kind)
    assert planted
    for each in planted:
        assert _is_found(rehearsal, each.kind, each.file, each.row), f"{kind} in {each.file}, row {each.row}"
    assert all(tally.is_whole for tally in rehearsal.tallies.values())


def _is_found(rehearsal: Rehearsal, kind: str, file: str, row: int) -> bool:
    if kind == "thousands_comma":  # a way of writing, not a defect: it must be understood
        return not any((each.file, each.row) == (file, row) for each in rehearsal.findings)
    code = FOUND_AS.get(kind, kind)
    return any((each.code, each.file, each.row) == (code, file, row) for each in rehearsal.findings)


def test_a_big_town_has_every_kind_of_dirt_and_a_kind_that_is_not_known_is_refused(tmp_path: Path) -> None:
    assert set(dirt.usual(2400)) <= set(dirt.KINDS)
    assert all(n >= 1 for n in dirt.usual(60).values())
    with pytest.raises(KeyError, match="no such defect: ghosts"):
        make(tmp_path, spoil={"ghosts": 1})


@pytest.mark.django_db
def test_the_shipped_books_price_every_class_metered_or_not(tmp_path: Path) -> None:
    cases = [
        prices.Case(year, 5, tariff_class, is_metered, True, "1/2", "LA BARCA", 27 if is_metered else 0)
        for year in (2016, 2017, 2018)
        for tariff_class in (
            "HAB-MIN",
            "HAB-GEN",
            "HAB-ALTA",
            "MIX-RUR",
            "MIX-COM",
            "COM-SEC",
            "COM-ALT",
            "HOT",
            "IND",
            "PUB",
        )
        for is_metered in (True, False)
    ]
    amounts = prices.DemoBooks().of(cases)
    # 2018, HAB-GEN, 27 m³: 67.31 + 10 × 6.83 + 7 × 7.31 = 186.78; 20 % 37.36 (37.356); 3 % 5.60 (5.6034)
    case = prices.Case(2018, 5, "HAB-GEN", True, True, "1/2", "LA BARCA", 27)
    assert amounts[case] == prices.Amounts(18_678, 3_736, 560)
    assert Counter(each.water > 0 for each in amounts.values()) == {True: 60}
