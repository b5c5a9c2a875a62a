"""Print files of a run: route order, sizes, what is kept and what a refusal leaves."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from caudal.documents import print_files
from caudal.documents.layouts import BillSheet
from caudal.documents.print_files import CannotWritePrintFiles, PrintFile
from caudal.documents.tests import paper
from caudal.documents.tests.sheets import crowded, rancho
from caudal.documents.typesetting import CannotPrintBill

# Sectors of route 01 and how many bills each has.
WALK = {"001": 4, "002": 3, "003": 9, "004": 2}


def walk(**changes: object) -> Iterator[BillSheet]:
    """Eighteen bills of four routes, in the order in which Julián delivers them."""
    for sector, bills in WALK.items():
        for place in range(1, bills + 1):
            number = f"{sector}{place:03d}"
            yield rancho(
                account_number=number, route=f"01-{sector}", walk_sequence=place, folio=number, **changes
            )


def write(directory: Path, sheets: Iterator[BillSheet] | list[BillSheet], **options: int) -> list[PrintFile]:
    return print_files.write_print_files(
        sheets=sheets, directory=directory, run="2019-01 E1", **{"pages_per_file": 8, "workers": 1, **options}
    )


def test_files_keep_whole_routes_and_are_named_by_run_and_route(tmp_path: Path) -> None:
    """Of at most 8: 001 and 002 together are 7; 003 has 9 and must be cut; its last one goes with 004."""
    files = write(tmp_path, walk())
    assert [(file.name, file.pages) for file in files] == [
        ("recibos-2019-01-E1-001-ruta-01-001-a-01-002.pdf", 7),
        ("recibos-2019-01-E1-002-ruta-01-003-a-01-003.pdf", 8),
        ("recibos-2019-01-E1-003-ruta-01-003-a-01-004.pdf", 3),
    ]
    assert sum(file.total_cents for file in files) == 18 * 153_75
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "lista-2019-01-E1.json",
        *(file.name for file in files),
    ]


def test_pages_follow_the_walk_from_file_to_file(tmp_path: Path) -> None:
    files = write(tmp_path, walk())
    printed = [
        paper.words((tmp_path / file.name).read_bytes(), page).split("Folio ")[1][:6]
        for file in files
        for page in range(file.pages)
    ]
    assert printed == [
        f"{sector}{place:03d}" for sector, bills in WALK.items() for place in range(1, bills + 1)
    ]


def test_a_second_run_keeps_every_file(tmp_path: Path) -> None:
    first = write(tmp_path, walk())
    stamps = {file.name: (tmp_path / file.name).stat().st_mtime_ns for file in first}
    second = write(tmp_path, walk())
    assert all(file.was_kept for file in second)
    assert [file.pdf_hash for file in second] == [file.pdf_hash for file in first]
    assert {file.name: (tmp_path / file.name).stat().st_mtime_ns for file in second} == stamps


def test_a_changed_bill_or_a_damaged_file_is_printed_again_and_alone(tmp_path: Path) -> None:
    first = write(tmp_path, walk())
    damaged = tmp_path / first[0].name
    damaged.write_bytes(damaged.read_bytes()[:-100])
    sheets = list(walk())
    sheets[-1] = rancho(
        account_number="004002",
        route="01-004",
        walk_sequence=2,
        folio="004002",
        message="Corregido",
    )
    second = write(tmp_path, sheets)
    assert [file.was_kept for file in second] == [False, True, False]
    assert second[0].pdf_hash == first[0].pdf_hash
    assert "Corregido" in paper.words((tmp_path / second[2].name).read_bytes(), 2)


def test_a_canceled_run_leaves_whole_files_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    def cancel(file: PrintFile) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        print_files.write_print_files(
            sheets=walk(), directory=tmp_path, run="2019-01 E1", pages_per_file=8, workers=1, on_file=cancel
        )
    assert len(list(tmp_path.glob("*.pdf"))) == 1
    assert [file.was_kept for file in write(tmp_path, walk())] == [True, False, False]


def test_another_cut_of_the_same_run_leaves_no_bill_in_two_files(tmp_path: Path) -> None:
    write(tmp_path, walk())
    files = write(tmp_path, walk(), pages_per_file=18)
    assert [file.name for file in files] == [path.name for path in tmp_path.glob("*.pdf")]
    listed = json.loads((tmp_path / "lista-2019-01-E1.json").read_text())["files"]
    assert [row["name"] for row in listed] == [files[0].name]


def test_two_processes_write_what_one_writes(tmp_path: Path) -> None:
    told: list[str] = []
    two = print_files.write_print_files(
        sheets=walk(),
        directory=tmp_path / "two",
        run="2019-01 E1",
        pages_per_file=8,
        workers=2,
        on_file=lambda file: told.append(file.name),
    )
    one = write(tmp_path / "one", walk())
    assert two == one
    assert told == [file.name for file in one]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_bill_that_does_not_fit_stops_the_run_by_its_account(tmp_path: Path, workers: int) -> None:
    sheets = [*walk(), replace(crowded(60), route="09")]
    with pytest.raises(CannotPrintBill, match="010818") as refusal:
        write(tmp_path, sheets, workers=workers)
    assert refusal.value.value == "010818"
    assert not list(tmp_path.glob(".*partial"))
    assert [file.was_kept for file in write(tmp_path, walk())][:2] == [True, True]


def test_sheets_out_of_their_route_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    sheets = list(walk())
    sheets[0], sheets[1] = sheets[1], sheets[0]
    with pytest.raises(CannotWritePrintFiles, match="001001"):
        write(tmp_path, sheets)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("pages", [0, 1001])
def test_a_file_has_from_one_to_a_thousand_pages(tmp_path: Path, pages: int) -> None:
    with pytest.raises(CannotWritePrintFiles, match="1,000"):
        write(tmp_path, walk(), pages_per_file=pages)
    assert not list(tmp_path.iterdir())


def test_a_run_without_bills_writes_an_empty_list(tmp_path: Path) -> None:
    assert write(tmp_path, []) == []
    assert json.loads((tmp_path / "lista-2019-01-E1.json").read_text())["files"] == []
