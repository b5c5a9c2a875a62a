"""The pictures: from zero, in proportion, told in words, and nothing that somebody typed runs in them."""

import random
import re

import pytest

from caudal.reports import charts, town_plan
from caudal.reports.charts import Mark, Pile
from caudal.reports.town_plan import Bubble

HEIGHT = charts.BASE - charts.TOP


def mark(label: str, value: int | None, **more: object) -> Mark:
    return Mark(label, value, f"{value} pesos", **more)  # type: ignore[arg-type]


def numbers(picture: str, name: str, shape: str = "rect") -> list[float]:
    return [float(each) for each in re.findall(rf'<{shape}[^>]* {name}="([\d.]+)"', picture)]


def test_columns_stand_on_zero_in_proportion() -> None:
    picture = charts.columns(
        marks=[mark("ene", 50), mark("feb", 100), mark("mar", 0), mark("abr", None)], title="Cobrado"
    )
    assert numbers(picture, "height") == [HEIGHT / 2, HEIGHT, 0]  # a month without data has no column
    assert [y + tall for y, tall in zip(numbers(picture, "y"), numbers(picture, "height"), strict=True)] == [
        charts.BASE
    ] * 3
    assert 'aria-label="Cobrado: ene 50 pesos; feb 100 pesos; mar 0 pesos; abr None pesos"' in picture


def test_a_target_above_every_column_is_still_in_the_picture() -> None:
    picture = charts.columns(marks=[mark("ene", 50)], title="Cobro", target=100)
    assert numbers(picture, "height") == [HEIGHT / 2]
    assert f'class="target" x1="0" y1="{float(charts.TOP)}"' in picture


def test_many_columns_carry_the_largest_value_and_the_last() -> None:
    marks = [mark(str(day), 100 if day == 7 else day % 5 + 1, short=f"${day}") for day in range(1, 32)]
    picture = charts.columns(marks=marks, title="Cobrado", width=charts.WIDE)
    assert re.findall(r'class="value[^"]*"[^>]*>([^<]+)<', picture) == ["$7", "$31"]
    assert "31 valores, el mayor 7, 100 pesos. Las cifras están en la tabla" in picture


def test_nothing_to_show_is_no_picture() -> None:
    for draw in (charts.columns, charts.rows, charts.stacked, charts.waterfall):
        assert draw(marks=[], title="Nada") == ""
    assert (
        charts.columns(marks=[mark("ene", 0)], title="Nada")
        == charts.stacked(marks=[mark("a", 0)], title="Nada")
        == ""
    )
    assert town_plan.bubbles(places=[], title="Nada") == ""


def test_what_somebody_typed_stays_text() -> None:
    evil = Mark('<script>alert("x")</script>', 5, '"><b>5</b>', href='/listados/?a="><script>', is_now=True)
    for picture in (
        charts.columns(marks=[evil], title="<b>t</b>"), charts.rows(marks=[evil], title="<b>t</b>"),
        charts.stacked(marks=[evil], title="<b>t</b>"), charts.waterfall(marks=[evil], title="<b>t</b>"),
        town_plan.bubbles(places=[Bubble(evil, -102_500_000, 20_280_000)], title="<b>t</b>"),
    ):  # fmt: skip
        assert "<script" not in picture and "<b>" not in picture
        assert "&lt;script&gt;" in picture and "&lt;b&gt;t&lt;/b&gt;" in picture


def test_each_bar_opens_its_list_for_a_pointer_only() -> None:
    picture = charts.rows(
        marks=[mark("Agua", 5, href="/listados/collected/?concept=water&x=1")], title="Concepto"
    )
    assert '<a href="/listados/collected/?concept=water&amp;x=1" tabindex="-1"><rect' in picture
    assert "<title>Agua: 5 pesos</title></rect></a>" in picture


@pytest.mark.parametrize("seed", [11, 404, 2019])
def test_random_pictures_keep_their_proportions_and_their_weight(seed: int) -> None:
    chance = random.Random(seed)
    values = [chance.randrange(1, 50_000_000) for _ in range(chance.randrange(2, 40))]
    marks = [
        mark(f"{place} dic", value, href=f"/listados/receipts/?desde={place}")
        for place, value in enumerate(values)
    ]
    columns = charts.columns(marks=marks, title="Cobrado", width=charts.WIDE)
    for value, tall in zip(values, numbers(columns, "height"), strict=True):
        assert abs(tall - HEIGHT * value / max(values)) <= 0.05, f"seed {seed}"
    wide = numbers(charts.stacked(marks=marks, title="Edad"), "width")
    for value, share in zip(values, wide, strict=True):
        expected = max(charts.WIDE * value / sum(values) - 1.5, 0.8)
        assert abs(share - expected) <= 0.06, f"seed {seed}"
    assert len(columns.encode()) <= 15_000, f"seed {seed}"


def test_a_waterfall_goes_down_from_the_whole_to_what_is_left() -> None:
    # 100 owed − 25 reduced = 75 paid
    marks = [mark("Debían", 100, is_now=True), mark("Se redujo", -25), mark("Pagaron", 75, is_now=True)]
    picture = charts.waterfall(marks=marks, title="Campañas")
    assert numbers(picture, "height") == [HEIGHT, HEIGHT / 4, HEIGHT * 3 / 4]
    assert numbers(picture, "y") == [charts.TOP, charts.TOP, charts.TOP + HEIGHT / 4]


def test_a_plan_of_the_town_puts_north_above_and_areas_in_proportion() -> None:
    north = Bubble(mark("Centro", 400), -102_550_000, 20_290_000)
    south = Bubble(mark("La Moreña", 100), -102_560_000, 20_270_000)
    picture = town_plan.bubbles(places=[south, north], title="Adeudo")
    first, second = numbers(picture, "cy", "circle")
    radius = numbers(picture, "r", "circle")
    # a fourth of the debt, a half of the radius that the largest adds
    assert first < second and radius == [5 + 22, 5 + 11]
    assert re.findall(r'class="label over"[^>]*>([^<]+)', picture) == ["Centro", "La Moreña"]


def test_names_that_would_run_into_each_other_are_not_both_written() -> None:
    """Three places on one spot: one name below, one above, and the third is left to the tiles."""
    same = [
        Bubble(mark(name, 100), -102_550_000, 20_290_000) for name in ("Centro", "Infonavit", "San Carlos")
    ]
    picture = town_plan.bubbles(places=same, title="Adeudo")
    assert re.findall(r'class="label over"[^>]*>([^<]+)', picture) == ["Centro", "Infonavit"]
    # nothing hides a name
    assert picture.rindex("<circle") < picture.index("<text")


def test_a_pile_is_its_parts_one_on_another_with_the_oldest_on_the_axis() -> None:
    """Of $100.00 owed in January 60 are not due and 40 are old; in February 20 and 30; in March nothing."""
    names = ("Por vencer", "Más de 5 años")
    piles = [
        Pile(
            mark(label, sum(parts), href=f"/adeudos/{label}"), parts, tuple(f"{each} pesos" for each in parts)
        )
        for label, parts in (("ene", (60, 40)), ("feb", (20, 30)), ("mar", (0, 0)))
    ]
    picture = charts.piles(piles=piles, names=names, title="Adeudo")
    shapes = re.findall(r'class="age-(\d)" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', picture)
    assert [(int(age), float(y), float(tall)) for age, y, tall in shapes] == [
        (1, charts.BASE - 56.0, 56.0), (0, charts.BASE - 140.0, 84.0),
        (1, charts.BASE - 42.0, 42.0), (0, charts.BASE - 70.0, 28.0),
    ]  # fmt: skip
    assert re.findall(r'<a href="([^"]+)" tabindex="-1"><title>([^<]+)</title>', picture)[:2] == [
        ("/adeudos/ene", "ene: 100 pesos\nPor vencer: 60 pesos\nMás de 5 años: 40 pesos"),
        ("/adeudos/feb", "feb: 50 pesos\nPor vencer: 20 pesos\nMás de 5 años: 30 pesos"),
    ]
    assert 'aria-label="Adeudo: ene 100 pesos; feb 50 pesos; mar 0 pesos"' in picture
    assert charts.piles(piles=piles[2:], names=names, title="Nada") == ""


def test_shares_are_drawn_against_the_whole() -> None:
    picture = charts.columns(marks=[mark("inicial", 500_000)], title="En pie", whole=1_000_000)
    assert numbers(picture, "height") == [HEIGHT / 2]


@pytest.mark.parametrize(
    ("cents", "said"),
    [(0, "$0"), (84_500, "$845"), (999_999, "$9,999"), (1_245_000, "$12 mil"), (123_456_789, "$1.23 M"), (-105_100, "−$1,051"),
     (99_999_999, "$1.00 M"), (99_949_999, "$999 mil"), (1_250_000_000, "$12.50 M")],
)  # fmt: skip
def test_amounts_said_in_short(cents: int, said: str) -> None:
    assert charts.short_pesos(cents) == said
