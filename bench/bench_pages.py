"""Bills on paper: pages per second on two processes, beside a floor of blank Typst pages in the same run.

    .venv/bin/python bench/bench_pages.py [--pages 20000] [--workers 2]

Every page differs in everything that differs in a real town: people, addresses, readings, lines, bars and codes.
Goal: 20,000 pages in 60 s on two cores.
"""

import argparse
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from caudal.documents import figures, print_files
from caudal.documents.layouts import (
    BillLineText,
    BillSheet,
    HistoryBar,
    Issuer,
    MeterText,
    ReadingsText,
    TierText,
)

PERIODS = (*range(201801, 201813), 201901)
GIVEN = ("María Guadalupe", "José Luis", "Ana Rosa", "Juan Manuel", "Esperanza", "Ramón", "Teresita", "Jesús")
FAMILY = (
    "Núñez",
    "Zaragoza",
    "Hernández",
    "Ruiz",
    "Gutiérrez",
    "Mora",
    "Castellanos",
    "Ochoa",
    "Godínez",
    "Íñiguez",
)
STREETS = ("Hidalgo", "Morelos", "Juárez", "Independencia", "Degollado", "Ocampo", "Allende", "Zaragoza")
SIBAPAS = Issuer(
    name="SIBAPAS La Barca",
    long_name="Sistema Barquense de Agua Potable, Alcantarillado y Saneamiento",
    rfc="SBA000101AA1",
    address="Juárez 33, Centro",
    phone="393 935 0000",
    whatsapp="393 100 0000",
)
TIERS = (
    TierText(from_m3=0, to_m3=10, fixed_cents=70_00),
    TierText(from_m3=11, to_m3=20, unit_price_ten_thousandths=7_1000),
    TierText(from_m3=21, to_m3=30, unit_price_ten_thousandths=7_6000),
    TierText(from_m3=31, to_m3=50, unit_price_ten_thousandths=8_2000),
    TierText(from_m3=51, to_m3=70, unit_price_ten_thousandths=9_0000),
    TierText(from_m3=71, to_m3=None, unit_price_ten_thousandths=10_1000),
)


def town(pages: int) -> Iterator[BillSheet]:
    """So many bills in route order: 400 to a route, 8 routes to a sector, a third of them in arrears."""
    chance = random.Random(20190128)
    for number in range(pages):
        m3 = chance.randrange(11, 21)
        water, treatment, network = 70_00 + (m3 - 10) * 7_10, 14_00 + (m3 - 10) * 1_42, 2_10 + (m3 - 10) * 21
        benefit = chance.choice((0, 0, 0, 43_05))
        owed = chance.choice((0, 0, chance.randrange(50_00, 3_000_00)))
        surcharges = owed // 100
        lines = [
            BillLineText(
                concept="Agua",
                amount_cents=water,
                working=f"primeros 10 m³ $70.00 + {m3 - 10} m³ × $7.10 = {figures.pesos(water - 70_00)}",
                article="art. 61 fr. II",
            ),
            BillLineText(
                concept="Saneamiento", amount_cents=treatment, working=f"20 % de {figures.pesos(water)}"
            ),
            BillLineText(
                concept="Infraestructura", amount_cents=network, working=f"3 % de {figures.pesos(water)}"
            ),
            BillLineText(concept="IVA", amount_cents=0, working="agua de uso doméstico, tasa 0 %"),
        ]
        if benefit:
            lines.insert(
                3,
                BillLineText(concept="Descuento 50 % adulto mayor", amount_cents=-benefit, article="art. 64"),
            )
        charges = water + treatment + network - benefit
        dial = chance.randrange(1_000, 90_000)
        yield BillSheet(
            issuer=SIBAPAS,
            account_number=f"{number + 10_000:06d}",
            holder_name=f"{chance.choice(GIVEN)} {chance.choice(FAMILY)} {chance.choice(FAMILY)}",
            service_address=f"{chance.choice(STREETS)} {chance.randrange(1, 900)}, Centro, La Barca",
            route=f"{number // 3200 + 1:02d}-{number // 400 % 8 + 1:03d}",
            walk_sequence=number % 400,
            usage="Habitacional genérica",
            folio=f"2019-01-{number + 10_000:06d}",
            period=201901,
            issued_on=date(2019, 1, 28),
            due_on=date(2019, 2, 15),
            days=31,
            lines=tuple(lines),
            charges_cents=charges,
            previous_balance_cents=owed,
            previous_balance_periods="octubre, noviembre y diciembre de 2018" if owed else "",
            surcharges_cents=surcharges,
            surcharges_working="1 % mensual simple" if surcharges else "",
            total_cents=charges + owed + surcharges,
            verification=f"https://sibapas.example/r/2019-01-{number:06d}/{chance.randrange(36**8):09x}",
            meter=MeterText(number=f"AZ{chance.randrange(10**7):07d}", diameter="½″"),
            readings=ReadingsText(
                previous=dial, previous_on=date(2018, 12, 22), current=dial + m3, current_on=date(2019, 1, 23)
            ),
            consumption_m3=m3,
            daily_liters=m3 * 1000 // 31,
            history=tuple(
                HistoryBar(
                    period=period, consumption_m3=chance.randrange(5, 40), is_estimated=chance.random() < 0.05
                )
                for period in PERIODS
            ),
            comparison=figures.comparison(now_m3=m3, year_ago_m3=chance.randrange(5, 40), last=201901),
            pay_less="si liquidas en enero, te perdonamos 75 % de recargos.",
            pay_in_parts="Ven a la oficina o escribe al WhatsApp: hacemos un convenio.",
            tariff_name="Tarifa habitacional genérica 2019",
            tariff_article="Ley de Ingresos, art. 61",
            tiers=TIERS,
            claim_text="Tienes 15 días hábiles para aclaraciones, sin perder el plazo de pago.",
        )


def blank_pages(first: int, pages: int) -> int:
    """The floor: pages with nothing but a number, from the same compiler with the same fonts."""
    from caudal.documents import typesetting

    source = f'#set page("us-letter")\n#set text(font: "Inter")\n#for n in range({first}, {first + pages}) [#n #pagebreak(weak: true)]'
    pdf = typesetting._compiler().compile(input=source.encode(), format="pdf", pdf_tags=False)
    return len(pdf)


def time_blank_pages(pages: int, workers: int) -> float:
    started = time.perf_counter()
    with ProcessPoolExecutor(workers, get_context("spawn"), print_files._use_one_thread) as pool:
        size = print_files.PAGES_PER_FILE
        list(pool.map(blank_pages, range(0, pages, size), [size] * -(-pages // size)))
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ready_at: list[float] = []
        started = time.perf_counter()
        files = print_files.write_print_files(
            sheets=town(asked.pages),
            directory=Path(folder),
            run="bench",
            workers=asked.workers,
            on_file=lambda file: ready_at.append(time.perf_counter() - started),
        )
        elapsed = time.perf_counter() - started
        size = sum((Path(folder) / file.name).stat().st_size for file in files)
        again = time.perf_counter()
        print_files.write_print_files(
            sheets=town(asked.pages), directory=Path(folder), run="bench", workers=asked.workers
        )
        kept = time.perf_counter() - again
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    blank = time_blank_pages(asked.pages, asked.workers)
    print(
        f"{asked.pages:,} pages in {len(files)} files: {elapsed:.1f} s, {asked.pages / elapsed:,.0f} pages/s on {asked.workers} processes"
    )
    print(
        f"first file after {ready_at[0]:.1f} s; {size / asked.pages / 1000:.1f} kB a page; worker peak {used.ru_maxrss // 1024} MB"
    )
    print(
        f"CPU of the workers, both passes: {(used.ru_utime + used.ru_stime) / asked.pages * 1000:.2f} ms a page"
    )
    print(f"second run, every file kept: {kept:.1f} s")
    print(f"floor, blank pages: {blank:.1f} s; ratio {elapsed / blank:.1f}")
    print(
        f"goal of 20,000 in 60 s: {'met' if elapsed / asked.pages <= 60 / 20_000 else 'missed'} at {elapsed / asked.pages * 20_000:.1f} s"
    )


if __name__ == "__main__":
    main()
